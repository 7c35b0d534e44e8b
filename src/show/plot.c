/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plot of the signal in the terminal: one column per stretch of time, eight rows of eighths. Each
 * column shows the lowest value of its stretch (an outage of a second must not vanish); "·" where
 * nothing was measurable.
 */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

#define ROWS 8
#define COLUMNS_MAX 400

static const char *const eighths[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

struct column {
	bool known;
	bool measurable;
	uint64_t lowest;
};

/* What each column's stretch saw: the value it began with and the lowest within. */
static void columns_fill(const struct finding_signal *signal, int64_t from, int64_t span,
			 struct column *columns, unsigned width)
{
	uint32_t next = 0;
	struct column last = { 0 };

	for (unsigned i = 0; i < width; i++) {
		int64_t start = from + (int64_t)((__int128)span * i / width);
		int64_t until = from + (int64_t)((__int128)span * (i + 1) / width);
		struct column column = last;

		for (; next < signal->point_count && signal->points[next].time < until; next++) {
			const struct finding_point *point = &signal->points[next];

			/* What was before belongs to the columns before. */
			if (point->time <= start)
				column = (struct column){ 0 };
			if (point->measurable &&
			    (!column.measurable || point->blocks_lowest < column.lowest))
				column.lowest = point->blocks_lowest;
			column.measurable |= point->measurable;
			column.known = true;
			last = (struct column){ true, point->measurable, point->blocks };
		}
		columns[i] = column;
	}
}

static void row_label(struct buf *out, uint64_t top, int row)
{
	struct buf label = { 0 };
	unsigned width;

	if (row == ROWS - 1)
		show_number(&label, top);
	else if (row == 0)
		show_number(&label, 0);
	buf_char(&label, '\0');
	width = label.failed ? 0 : show_width(label.data);
	for (unsigned i = width; i < 11; i++)
		buf_char(out, ' ');
	if (!label.failed)
		buf_str(out, label.data);
	buf_str(out, " ┤");
	out->failed |= label.failed;
	buf_free(&label);
}

static void row_print(const struct column *columns, unsigned width, uint64_t top, int row,
		      struct buf *out)
{
	for (unsigned i = 0; i < width; i++) {
		const struct column *column = &columns[i];
		int level;

		if (!column->known || !column->measurable) {
			buf_str(out, row == 0 ? "·" : " ");
			continue;
		}
		/* Anything above nothing shows at least an eighth. */
		level = (int)((unsigned __int128)column->lowest * ROWS * 8 / top);
		if (level == 0 && column->lowest)
			level = 1;
		level -= row * 8;
		buf_str(out, eighths[level < 0 ? 0 : level > 8 ? 8 : level]);
	}
}

void show_plot(const struct finding_signal *signal, int64_t from, int64_t until,
	       const struct show_style *style, struct buf *out)
{
	struct column columns[COLUMNS_MAX];
	unsigned width = (style->width ? style->width : 80);
	uint64_t top = signal->baseline;

	width = width > 20 ? width - 16 : 8;
	if (width > COLUMNS_MAX)
		width = COLUMNS_MAX;
	for (uint32_t i = 0; i < signal->point_count; i++) {
		if (signal->points[i].measurable && signal->points[i].blocks > top)
			top = signal->points[i].blocks;
	}
	if (top == 0 || until <= from)
		return;
	columns_fill(signal, from, until - from, columns, width);
	for (int row = ROWS - 1; row >= 0; row--) {
		row_label(out, top, row);
		buf_str(out, style->colour ? "\033[36m" : "");
		row_print(columns, width, top, row, out);
		buf_str(out, style->colour ? "\033[0m" : "");
		buf_char(out, '\n');
	}
	buf_str(out, "             ");
	show_time(out, from);
	for (unsigned i = 40; i < width; i++)
		buf_char(out, ' ');
	buf_str(out, "  ");
	show_time(out, until);
	buf_char(out, '\n');
}
