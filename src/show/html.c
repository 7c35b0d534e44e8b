/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text is copied a character at a time, each looked at: of one byte, or a whole sequence of UTF-8
 * that is well formed.
 */
#include "show/html.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/*
 * The length of the well-formed UTF-8 sequence at `at` and its character; 0: none (Unicode, table
 * 3-7).
 */
static unsigned sequence(const unsigned char *at, uint32_t *ret_char)
{
	unsigned more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : 1;
	static const uint32_t lowest[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = at[0] & (0x3fu >> more);

	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	for (unsigned i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3f);
	}
	if (c < lowest[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return more + 1;
}

/*
 * Would disturb what stands around it: direction overrides and isolates, noncharacters, C1
 * controls.
 */
static bool is_harmful(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
	       c == 0x2029 || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

static const char *entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f ? REPLACEMENT : NULL;
	}
}

void html_escape(struct buf *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		const char *instead = NULL;
		uint32_t c = 0;
		unsigned len = 1;

		if (*at < 0x80) {
			instead = entity(*at);
		} else {
			len = sequence(at, &c);
			if (len == 0 || is_harmful(c))
				instead = REPLACEMENT;
			len = len ? len : 1;
		}
		if (instead)
			buf_str(out, instead);
		else
			buf_add(out, at, len);
		at += len;
	}
}

void html_element(struct buf *out, const char *element, const char *class_name, const char *text)
{
	buf_printf(out, "<%s", element);
	if (class_name)
		buf_printf(out, " class=\"%s\"", class_name);
	buf_char(out, '>');
	html_escape(out, text);
	buf_printf(out, "</%s>\n", element);
}

void html_table_open(struct html_table *table, struct buf *out, const char *caption)
{
	*table = (struct html_table){ .out = out };
	buf_str(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	html_escape(out, caption);
	buf_str(out, "\"><table>\n<caption>");
	html_escape(out, caption);
	buf_str(out, "</caption>\n<thead><tr>");
}

static const char *const cell_classes[] = {
	[HTML_TEXT] = "", [HTML_NUMBER] = " class=\"n\"", [HTML_CODE] = " class=\"c\"",
	[HTML_PROSE] = " class=\"p\"", [HTML_NARROW] = " class=\"w\"",
};

void html_column(struct html_table *table, const char *title, enum html_cells cells)
{
	if (table->count == HTML_COLUMNS)
		return;
	table->columns[table->count++] = (struct html_column){ title, cells };
	buf_printf(table->out, "<th scope=\"col\"%s>",
		   cells == HTML_NUMBER ? cell_classes[HTML_NUMBER] : "");
	html_escape(table->out, title);
	buf_str(table->out, "</th>");
}

void html_cell(struct html_table *table, const char *text)
{
	html_cell_in(table, "", text);
}

void html_cell_in(struct html_table *table, const char *language, const char *text)
{
	unsigned column = table->at % table->count;
	const char *element = column == 0 ? "th" : "td";

	if (table->at == 0)
		buf_str(table->out, "</tr></thead>\n<tbody>\n");
	else if (column == 0)
		buf_str(table->out, "</tr>\n");
	buf_printf(table->out, "%s%s%s", column == 0 ? "<tr><th scope=\"row\"" : "<td",
		   cell_classes[table->columns[column].cells], *language ? " lang=\"" : "");
	if (*language) {
		html_escape(table->out, language);
		buf_char(table->out, '"');
	}
	buf_char(table->out, '>');
	html_escape(table->out, text);
	buf_printf(table->out, "</%s>", element);
	table->at++;
}

void html_table_close(struct html_table *table)
{
	buf_str(table->out, table->at ? "</tr>\n</tbody>\n</table></div>\n"
				      : "</tr></thead>\n<tbody></tbody></table></div>\n");
}

void svg_number(struct buf *out, int tenths)
{
	unsigned size = tenths < 0 ? 0u - (unsigned)tenths : (unsigned)tenths;

	if (tenths < 0)
		buf_char(out, '-');
	buf_u64(out, size / 10);
	if (size % 10) {
		buf_char(out, '.');
		buf_char(out, (char)('0' + size % 10));
	}
}

static void attribute(struct buf *out, const char *name, int tenths)
{
	buf_printf(out, " %s=\"", name);
	svg_number(out, tenths);
	buf_char(out, '"');
}

void svg_rect(struct buf *out, const char *class_name, int x, int y, int width, int height)
{
	buf_printf(out, "<rect class=\"%s\"", class_name);
	attribute(out, "x", x);
	attribute(out, "y", y);
	attribute(out, "width", width);
	attribute(out, "height", height);
	buf_str(out, "/>\n");
}

void svg_line(struct buf *out, const char *class_name, int x1, int y1, int x2, int y2)
{
	buf_printf(out, "<line class=\"%s\"", class_name);
	attribute(out, "x1", x1);
	attribute(out, "y1", y1);
	attribute(out, "x2", x2);
	attribute(out, "y2", y2);
	buf_str(out, "/>\n");
}

void svg_text(struct buf *out, const char *class_name, int x, int y, const char *anchor,
	      const char *text)
{
	buf_printf(out, "<text class=\"%s\"", class_name);
	attribute(out, "x", x);
	attribute(out, "y", y);
	if (strcmp(anchor, "start") != 0)
		buf_printf(out, " text-anchor=\"%s\"", anchor);
	buf_char(out, '>');
	html_escape(out, text);
	buf_str(out, "</text>\n");
}
