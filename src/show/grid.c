/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells are kept until all are known, then every column is padded to its widest; blanks at the end
 * of a line are cut.
 */
#include "show/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

void grid_column(struct grid *grid, const char *title, bool right)
{
	if (grid->columns == GRID_COLUMNS)
		return;
	grid->titles[grid->columns] = title;
	grid->right[grid->columns++] = right;
}

void grid_cell(struct grid *grid, const char *text)
{
	const char *copy = arena_strndup(&grid->arena, text ? text : "", text ? strlen(text) : 0);

	if (!copy || VEC_GROW(grid->cells, grid->count, grid->room, NULL) != 0) {
		grid->failed = true;
		return;
	}
	grid->cells[grid->count++] = copy;
}

static void grid_take(struct grid *grid, struct buf *buf)
{
	buf_char(buf, '\0');
	grid_cell(grid, buf->failed ? "" : buf->data);
	grid->failed |= buf->failed;
	buf_free(buf);
}

void grid_clipped(struct grid *grid, const char *text, unsigned width)
{
	struct buf buf = { 0 };
	unsigned column = 0;

	if (show_width(text) <= width) {
		grid_cell(grid, text);
		return;
	}
	for (; *text; text++) {
		column += ((unsigned char)*text & 0xc0) != 0x80;
		if (column == width)
			break;
		buf_char(&buf, *text);
	}
	while (buf.len && buf.data[buf.len - 1] == ' ')
		buf.len--;
	buf_str(&buf, "…");
	grid_take(grid, &buf);
}

void grid_printf(struct grid *grid, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	grid_cell(grid, text);
}

void grid_number(struct grid *grid, uint64_t value)
{
	struct buf buf = { 0 };

	show_number(&buf, value);
	grid_take(grid, &buf);
}

void grid_share(struct grid *grid, uint32_t ppm)
{
	struct buf buf = { 0 };

	show_share(&buf, ppm);
	grid_take(grid, &buf);
}

void grid_time(struct grid *grid, int64_t time)
{
	struct buf buf = { 0 };

	show_time(&buf, time);
	grid_take(grid, &buf);
}

void grid_until(struct grid *grid, int64_t time, int64_t since)
{
	struct buf buf = { 0 };

	show_until(&buf, time, since);
	grid_take(grid, &buf);
}

void grid_duration(struct grid *grid, int64_t duration)
{
	struct buf buf = { 0 };

	utc_format_duration(&buf, duration);
	grid_take(grid, &buf);
}

unsigned show_width(const char *text)
{
	unsigned width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void pad(struct buf *out, unsigned count)
{
	while (count--)
		buf_char(out, ' ');
}

/* A column is shown when it has a width. */
static void print_row(const struct grid *grid, const char *const *cells, const unsigned *widths,
		      unsigned indent, struct buf *out)
{
	const size_t start = out->len;

	pad(out, indent);
	for (unsigned i = 0; i < grid->columns; i++) {
		unsigned width = show_width(cells[i]),
			 room = widths[i] > width ? widths[i] - width : 0;

		if (widths[i] == 0)
			continue;
		if (grid->right[i])
			pad(out, room);
		buf_str(out, cells[i]);
		if (!grid->right[i])
			pad(out, room);
		pad(out, 2);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

/* As wide as its widest cell, title included; 0 where all cells are empty. */
static unsigned column_width(const struct grid *grid, unsigned column)
{
	unsigned widest = 0, title = show_width(grid->titles[column]);

	for (uint32_t i = column; i < grid->count; i += grid->columns) {
		unsigned width = show_width(grid->cells[i]);

		if (width > widest)
			widest = width;
	}
	if (widest == 0 && grid->count)
		return 0;
	return widest > title ? widest : title;
}

void grid_print(struct grid *grid, unsigned indent, bool colour, struct buf *out)
{
	unsigned widths[GRID_COLUMNS];

	for (unsigned i = 0; i < grid->columns; i++)
		widths[i] = column_width(grid, i);
	if (colour)
		buf_str(out, "\033[1m");
	print_row(grid, grid->titles, widths, indent, out);
	if (colour)
		buf_str(out, "\033[0m");
	for (uint32_t i = 0; i + grid->columns <= grid->count; i += grid->columns)
		print_row(grid, grid->cells + i, widths, indent, out);
	out->failed |= grid->failed;
	arena_free(&grid->arena);
	free(grid->cells);
	*grid = (struct grid){ 0 };
}

void show_number(struct buf *out, uint64_t value)
{
	char digits[20];
	char *end = buf_digits(digits, value);

	for (char *at = digits; at < end; at++) {
		buf_char(out, *at);
		if ((end - at) % 3 == 1 && at + 1 < end)
			buf_char(out, ',');
	}
}

void show_share(struct buf *out, uint32_t ppm)
{
	/* Rounded half to even, to a hundredth of a per cent. */
	uint32_t hundredths = ppm / 100, rest = ppm % 100;

	hundredths += rest > 50 || (rest == 50 && (hundredths & 1));
	buf_printf(out, "%u.%02u %%", hundredths / 100, hundredths % 100);
}

void show_time(struct buf *out, int64_t time)
{
	size_t from = out->len;

	if (time == UTC_NEVER)
		return;
	utc_format(out, time);
	/* For people: a blank in place of "T", no "Z": the heading says UTC. */
	for (size_t i = from; i < out->len; i++) {
		if (out->data[i] == 'T')
			out->data[i] = ' ';
	}
	if (out->len > from && out->data[out->len - 1] == 'Z')
		out->len--;
}

void show_until(struct buf *out, int64_t time, int64_t since)
{
	int64_t days = time / UTC_DAY - since / UTC_DAY;
	size_t from = out->len, date = strlen("2014-12-23 ");

	show_time(out, time);
	if (out->failed || out->len < from + date)
		return;
	memmove(out->data + from, out->data + from + date, out->len - from - date);
	out->len -= date;
	if (days)
		buf_printf(out, " +%lld d", (long long)days);
}

void show_plain(struct buf *out, const char *text)
{
	for (; *text; text++) {
		bool c1 = (uint8_t)text[0] == 0xc2 && (uint8_t)text[1] >= 0x80 &&
			  (uint8_t)text[1] < 0xa0;

		if (c1)
			text++;
		buf_char(out, c1 || (uint8_t)*text < 0x20 || *text == 0x7f ? ' ' : *text);
	}
}

void show_count(struct buf *out, uint64_t count, const char *one, const char *many)
{
	show_number(out, count);
	buf_char(out, ' ');
	buf_str(out, count == 1 ? one : many);
}
