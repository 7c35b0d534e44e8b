/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html-1. A walk over libxml2's tree without recursion, for pages can be nested as deep as they like. Output
 * is kept in lines: a blank is only owed until something stands behind it, a line's end only until the next line
 * begins, so that neither piles up.
 */
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <strings.h>

#include "dossier/extract.h"

static const char *const hidden[] = {
	"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea", "head",
};

/* Elements within a line; all others begin a line of their own and end it. */
static const char *const inlines[] = {
	"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
	"kbd", "label", "mark", "nobr", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong",
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
		if (node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, name) == 0)
			return node;
	return NULL;
}

int extract_html(struct view utf8, struct buf *out, struct err *err)
{
	struct lines lines = { .out = out };
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	const xmlNode *root, *title;
	htmlDocPtr page;

	if (!parser)
		return err_memory(err);
	page = htmlCtxtReadMemory(parser, utf8.ptr, (int)utf8.len, NULL, "UTF-8",
				  HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	root = page ? xmlDocGetRootElement(page) : NULL;
	title = child(child(root, "head"), "title");
	if (title && title->children)
		walk(&lines, title);
	line_end(&lines);
	if (root)
		walk(&lines, root);
	line_end(&lines);
	xmlFreeDoc(page);
	htmlFreeParserCtxt(parser);
	return out->failed ? err_memory(err) : 0;
}
