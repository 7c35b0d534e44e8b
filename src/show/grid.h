/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grid of text: columns as wide as their widest cell, numbers to the right.
 *
 * grid_column for each column, then grid_cell row by row; grid_print at the end. Texts are copied.
 * A column in which no row has anything is left out. Out of memory shows as the output buffer's
 * failure.
 */
#ifndef CONSTAT_SHOW_GRID_H
#define CONSTAT_SHOW_GRID_H

#include "base/arena.h"
#include "base/buf.h"

#define GRID_COLUMNS 16

struct grid {
	struct arena arena;
	const char *titles[GRID_COLUMNS];
	bool right[GRID_COLUMNS];
	unsigned columns;
	const char **cells;
	uint32_t count, room;
	bool failed;
};

void grid_column(struct grid *grid, const char *title, bool right);
void grid_cell(struct grid *grid, const char *text);
/* "…" where it was longer */
void grid_clipped(struct grid *grid, const char *text, unsigned width);
void grid_printf(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
void grid_number(struct grid *grid, uint64_t value);		/* 154,012 */
void grid_share(struct grid *grid, uint32_t ppm);		/* 31.04 % */
/* 2014-12-23 15:41:00; "" for UTC_NEVER */
void grid_time(struct grid *grid, int64_t time);
void grid_until(struct grid *grid, int64_t time, int64_t since);
void grid_duration(struct grid *grid, int64_t duration);
/* `indent` blanks before each line; titles in bold where `colour`. Frees the grid. */
void grid_print(struct grid *grid, unsigned indent, bool colour, struct buf *out);

/* The same forms outside a grid. */
void show_number(struct buf *out, uint64_t value);
void show_share(struct buf *out, uint32_t ppm);
void show_time(struct buf *out, int64_t time);
/* The time of day, and how many days after `since` where it is another day: "01:46:00 +1 d". */
void show_until(struct buf *out, int64_t time, int64_t since);
/* "1 network", "1,749 networks" */
void show_count(struct buf *out, uint64_t count, const char *one, const char *many);
/* `text` on one line, without control characters, which could steer a terminal. */
void show_plain(struct buf *out, const char *text);
/* Columns that the text takes on a terminal: characters of UTF-8. */
unsigned show_width(const char *text);

#endif
