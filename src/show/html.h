/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTML and SVG as text. What is written is well-formed XML too. Everything that comes out of a
 * finding goes through html_escape(): names of ASes, files and collectors are whatever somebody
 * wrote.
 */
#ifndef CONSTAT_SHOW_HTML_H
#define CONSTAT_SHOW_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * For text and for attributes in quotes. What XML forbids (control characters, bytes that are not
 * UTF-8) and what turns the direction of the text around it become U+FFFD.
 */
void html_escape(struct buf *out, const char *text);

/* <element class="…">text</element>; `class_name` NULL: none. Escapes `text`. */
void html_element(struct buf *out, const char *element, const char *class_name, const char *text);

/* How a column's cells are set. */
enum html_cells {
	HTML_TEXT, HTML_NUMBER, HTML_CODE,
	HTML_PROSE,			/* may be broken into lines */
	HTML_NARROW,			/* … anywhere: names of files */
};

struct html_column {
	const char *title;		/* translated already */
	enum html_cells cells;
};

#define HTML_COLUMNS 16

/*
 * A table: html_table_open, html_column for each column, html_cell for each cell row by row,
 * html_table_close. The first cell of a row is its heading.
 */
struct html_table {
	struct buf *out;
	struct html_column columns[HTML_COLUMNS];
	unsigned count, at;
};

void html_table_open(struct html_table *table, struct buf *out, const char *caption);
void html_column(struct html_table *table, const char *title, enum html_cells cells);
void html_cell(struct html_table *table, const char *text);
/* Of another language than the page's, as BCP 47 has it; "": not known. */
void html_cell_in(struct html_table *table, const char *language, const char *text);
void html_table_close(struct html_table *table);

/* SVG: lengths are in tenths of a unit. */
void svg_number(struct buf *out, int tenths);
void svg_rect(struct buf *out, const char *class_name, int x, int y, int width, int height);
void svg_line(struct buf *out, const char *class_name, int x1, int y1, int x2, int y2);
/* `anchor`: "start", "middle", "end". Escapes `text`. */
void svg_text(struct buf *out, const char *class_name, int x, int y, const char *anchor,
	      const char *text);

#endif
