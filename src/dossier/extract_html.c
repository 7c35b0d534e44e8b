/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html-1. A walk over libxml2's tree without recursion, for pages can be nested as deep as they
 * like. Output is kept in lines: a blank is only owed until something stands behind it, a line's
 * end only until the next line begins, so that neither piles up.
 *
 * The page is given to libxml2 behind a byte order mark, and told nothing else of its encoding:
 * where it converts UTF-8 into UTF-8, version 2.9 reads through NULL when memory runs out. Where it
 * runs out elsewhere it goes on with less of the page, but says so: a text is whole, or there is
 * none.
 */
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <strings.h>

#include "dossier/extract.h"

static const char *const hidden[] = {
	"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "select",
	"textarea", "head",
};

/* Elements within a line; all others begin a line of their own and end it. */
static const char *const inlines[] = {
	"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
	"em", "font", "i", "ins",
	"kbd", "label", "mark", "nobr", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span",
	"strike", "strong",
	"sub", "sup", "time", "tt", "u", "var", "wbr",
};

struct lines {
	struct buf *out;
	bool begun;		/* something stands on this line */
	bool blank;		/* owed before the next character */
	unsigned pre;		/* within so many <pre> */
};

static bool listed(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(name, list[i]) == 0)
			return true;
	return false;
}

#define LISTED(name, list) listed((name), (list), sizeof(list) / sizeof((list)[0]))

static void line_end(struct lines *lines)
{
	if (lines->begun)
		buf_char(lines->out, '\n');
	lines->begun = lines->blank = false;
}

static void characters(struct lines *lines, const char *text)
{
	for (; *text; text++) {
		bool blank = strchr(" \t\n\r\f", *text) != NULL;

		if (lines->pre && blank) {
			if (*text == '\r')
				continue;
			buf_char(lines->out, *text);
			lines->begun = *text != '\n';
			continue;
		}
		if (blank) {
			lines->blank = lines->begun;
			continue;
		}
		if (lines->blank)
			buf_char(lines->out, ' ');
		lines->blank = false;
		lines->begun = true;
		buf_char(lines->out, *text);
	}
}

/* Whether to go on into the node's children. */
static bool enter(struct lines *lines, const xmlNode *node)
{
	const char *name = (const char *)node->name;

	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
		if (node->content)
			characters(lines, (const char *)node->content);
		return false;
	}
	if (node->type == XML_ENTITY_REF_NODE)
		return true;
	if (node->type != XML_ELEMENT_NODE || LISTED(name, hidden))
		return false;
	if (strcasecmp(name, "pre") == 0)
		lines->pre++;
	if (!LISTED(name, inlines))
		line_end(lines);
	return true;
}

static void leave(struct lines *lines, const xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE)
		return;
	if (strcasecmp((const char *)node->name, "pre") == 0 && lines->pre)
		lines->pre--;
	if (!LISTED((const char *)node->name, inlines))
		line_end(lines);
}

static void walk(struct lines *lines, const xmlNode *root)
{
	const xmlNode *node = root;

	while (node) {
		bool inside = enter(lines, node);

		if (inside && node->children) {
			node = node->children;
			continue;
		}
		if (inside)
			leave(lines, node);
		while (node != root && !node->next) {
			node = node->parent;
			leave(lines, node);
		}
		node = node == root ? NULL : node->next;
	}
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
	for (node = node ? node->children : NULL; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE &&
		    strcasecmp((const char *)node->name, name) == 0)
			return node;
	return NULL;
}

static void note_error(void *context, xmlErrorPtr error)
{
	bool *memory_failed = context;

	*memory_failed |= error->code == XML_ERR_NO_MEMORY;
}

static htmlDocPtr page_read(struct view utf8)
{
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	struct buf bytes = { 0 };
	htmlDocPtr page = NULL;

	buf_str(&bytes, "\xef\xbb\xbf");
	buf_add(&bytes, utf8.ptr, utf8.len);
	if (parser && !bytes.failed)
		page = htmlCtxtReadMemory(parser, bytes.data, (int)bytes.len, NULL, NULL,
					  HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
						  HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
						  HTML_PARSE_IGNORE_ENC);
	buf_free(&bytes);
	htmlFreeParserCtxt(parser);
	return page;
}

int extract_html(struct view utf8, struct buf *out, struct err *err)
{
	struct lines lines = { .out = out };
	bool memory_failed = false;
	const xmlNode *root, *title;
	htmlDocPtr page;

	if (utf8.len == 0)
		return 0;
	xmlSetStructuredErrorFunc(&memory_failed, note_error);
	page = page_read(utf8);
	root = page ? xmlDocGetRootElement(page) : NULL;
	title = child(child(root, "head"), "title");
	if (title && title->children)
		walk(&lines, title);
	line_end(&lines);
	if (root)
		walk(&lines, root);
	line_end(&lines);
	xmlFreeDoc(page);
	xmlSetStructuredErrorFunc(NULL, NULL);
	return out->failed || memory_failed || !page ? err_memory(err) : 0;
}
