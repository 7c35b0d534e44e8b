/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame of figures: what surrounds each, the time axis, rows of columns, legends.
 *
 * Colours are classes; show/figure.css says what they look like by day, by night and on paper. A
 * figure in a file of its own carries that style sheet, one in a page uses the page's.
 */
#include "show/figure.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/catalogues.h"

bool is_family(const char *family, const char *of)
{
	return strcmp(family, of) == 0;
}

/*
 * Hatching is a pattern, which each file needs once; ids are the figure's, for several share a
 * page.
 */
static void patterns(const struct figure *figure, struct buf *out)
{
	buf_printf(out,
		   "<defs><pattern id=\"%s-hatch\" width=\"6\" height=\"6\" "
		   "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
		   "class=\"hatch-ground\" width=\"6\" height=\"6\"/><line class=\"hatch-line\" "
		   "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>\n",
		   figure->name);
}

void figure_draw(struct page *page, const struct figure *figure)
{
	struct buf *out = page->out;
	int height = figure->height(page, figure);

	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"figure f-%s\" viewBox=\"0 0 "
		   "%d %d\" role=\"img\" aria-labelledby=\"%s-title %s-about\" lang=\"%s\"",
		   figure->name, FIGURE_WIDTH, height, figure->name, figure->name,
		   page->words.language->code);
	if (page->alone)
		buf_printf(out, " width=\"%d\" height=\"%d\"", FIGURE_WIDTH, height);
	buf_printf(out, ">\n<title id=\"%s-title\">", figure->name);
	html_escape(out, figure->title(page, figure));
	buf_printf(out, "</title>\n<desc id=\"%s-about\">", figure->name);
	html_escape(out, figure->about(page, figure));
	buf_str(out, "</desc>\n");
	if (page->alone) {
		buf_printf(out, "<style>\n%s</style>\n", style_figure);
		svg_rect(out, "paper", 0, 0, FIGURE_WIDTH * 10, height * 10);
	}
	patterns(figure, out);
	figure->draw(page, figure);
	buf_str(out, "</svg>\n");
}

int axis_at(const struct axis *axis, int64_t time)
{
	int64_t span = axis->until - axis->from;

	if (time <= axis->from || span <= 0)
		return axis->left;
	if (time >= axis->until)
		return axis->right;
	return axis->left +
	       (int)((__int128)(axis->right - axis->left) * (time - axis->from) / span);
}

static const int64_t tick_steps[] = {
	UTC_SECOND, 2 * UTC_SECOND, 5 * UTC_SECOND, 10 * UTC_SECOND, 30 * UTC_SECOND, UTC_MINUTE,
	2 * UTC_MINUTE, 5 * UTC_MINUTE, 10 * UTC_MINUTE, 30 * UTC_MINUTE, UTC_HOUR, 2 * UTC_HOUR,
	3 * UTC_HOUR, 6 * UTC_HOUR, 12 * UTC_HOUR, UTC_DAY, 2 * UTC_DAY, 7 * UTC_DAY, 14 * UTC_DAY,
	30 * UTC_DAY, 90 * UTC_DAY, 365 * UTC_DAY,
};

#define TICKS_MOST 9

static int64_t tick_step(int64_t span)
{
	size_t last = sizeof(tick_steps) / sizeof(tick_steps[0]) - 1;

	for (size_t i = 0; i < last; i++) {
		if (span / tick_steps[i] < TICKS_MOST)
			return tick_steps[i];
	}
	return span / tick_steps[last] < TICKS_MOST
		       ? tick_steps[last]
		       : span / TICKS_MOST / UTC_DAY * UTC_DAY + UTC_DAY;
}

/* "16:00", with seconds where the rules stand that close. */
static const char *tick_clock(struct page *page, int64_t time, int64_t step)
{
	const char *clock = words_clock(&page->words, time);

	if (step < UTC_MINUTE || strlen(clock) < 5)
		return clock;
	return arena_strndup(&page->words.arena, clock, 5);
}

void axis_draw(struct page *page, const struct axis *axis, int top, int bottom)
{
	int64_t step = tick_step(axis->until - axis->from);
	int64_t first = axis->from - ((axis->from % step) + step) % step, day = UTC_NEVER;
	int last_year = INT_MIN;

	for (int64_t time = first < axis->from ? first + step : first; time <= axis->until;
	     time += step) {
		int x = axis_at(axis, time);
		const char *label = step < UTC_DAY ? tick_clock(page, time, step)
						   : words_day(&page->words, time);
		bool new_day = step < UTC_DAY && (day == UTC_NEVER || time / UTC_DAY != day);
		int year, month, day_of_month;

		utc_to_civil(time, &year, &month, &day_of_month);
		svg_line(page->out, time % UTC_DAY == 0 && step < UTC_DAY ? "rule day" : "rule", x,
			 top, x, bottom);
		svg_text(page->out, "tick", x, bottom + 150, "middle", label ? label : "");
		if (new_day)
			svg_text(page->out, "tick strong", x, bottom + 300, "middle",
				 words_date(&page->words, time));
		else if (step >= UTC_DAY && year != last_year)
			svg_text(page->out, "tick strong", x, bottom + 300, "middle",
				 words_join(&page->words, "%d", year));
		day = time / UTC_DAY;
		last_year = year;
	}
	svg_line(page->out, "axis", axis->left, bottom, axis->right, bottom);
}

enum row_state row_share(uint64_t part, uint64_t whole)
{
	if (part == 0)
		return ROW_NONE;
	if (part * 100 >= whole * 95)
		return ROW_FULL;
	return part * 4 < whole	      ? ROW_1
	       : part * 2 < whole     ? ROW_2
	       : part * 4 < whole * 3 ? ROW_3
				      : ROW_4;
}

void row_begin(struct row *row, const struct axis *axis)
{
	row->axis = axis;
	memset(row->columns, ROW_EMPTY, sizeof(row->columns));
}

void row_paint(struct row *row, int64_t from, int64_t until, enum row_state state)
{
	int first, last;

	if (until <= row->axis->from || from > row->axis->until || until < from)
		return;
	first = axis_at(row->axis, from) / 10;
	last = (axis_at(row->axis, until) + 9) / 10;
	if (last * 10 > row->axis->right)
		last = row->axis->right / 10;
	if (first >= last)
		first = last - 1;
	for (int i = first < 0 ? 0 : first; i < last && i < FIGURE_WIDTH; i++) {
		if (state < row->columns[i])
			row->columns[i] = (uint8_t)state;
	}
}

static const char *const row_classes[ROW_STATES] = {
	"gap", "v1", "v2", "v3", "v4", "v5", "held", "blind", NULL,
};

/* Runs of the state as one path, `height` high. */
static void row_path(const struct row *row, enum row_state state, const char *class_name, int y,
		     int height, struct buf *out)
{
	bool open = false;

	for (int i = 0; i < FIGURE_WIDTH; i++) {
		int start = i;

		if (row->columns[i] != state)
			continue;
		while (i + 1 < FIGURE_WIDTH && row->columns[i + 1] == state)
			i++;
		if (!open)
			buf_printf(out, "<path class=\"%s\" d=\"", class_name);
		open = true;
		buf_printf(out, "M%d ", start);
		svg_number(out, y);
		buf_printf(out, "h%dv", i + 1 - start);
		svg_number(out, height);
		buf_printf(out, "h-%dz", i + 1 - start);
	}
	if (open)
		buf_str(out, "\"/>\n");
}

void row_draw(const struct row *row, int y, int height, struct buf *out)
{
	row_path(row, ROW_BLIND, row_classes[ROW_BLIND], y, height, out);
	row_path(row, ROW_BLIND_HOLDING, row_classes[ROW_BLIND], y, height, out);
	row_path(row, ROW_BLIND_HOLDING, row_classes[ROW_BLIND_HOLDING], y + height / 2 - 15, 30,
		 out);
	row_path(row, ROW_NONE, "gap-ground", y, height, out);
	row_path(row, ROW_NONE, row_classes[ROW_NONE], y + height - 25, 25, out);
	for (int state = ROW_1; state <= ROW_FULL; state++)
		row_path(row, (enum row_state)state, row_classes[state], y, height, out);
}

void legend_add(struct legend *legend, const char *class_name, const char *text)
{
	int width = 0;

	/* About seven units a character: there is no asking how wide text will be. */
	for (const char *at = text; *at; at++)
		width += ((unsigned char)*at & 0xc0) != 0x80 ? 66 : 0;
	if (legend->x + 180 + width > FIGURE_WIDTH * 10 - 100) {
		legend->x = 100;
		legend->y += 180;
	}
	if (strcmp(class_name, "gap") == 0) {
		svg_rect(legend->page->out, "gap-ground", legend->x, legend->y - 95, 140, 100);
		svg_rect(legend->page->out, "gap", legend->x, legend->y - 20, 140, 25);
	} else if (strcmp(class_name, "held") == 0) {
		svg_rect(legend->page->out, "blind", legend->x, legend->y - 95, 140, 100);
		svg_rect(legend->page->out, "held", legend->x, legend->y - 60, 140, 30);
	} else if (strncmp(class_name, "line ", 5) == 0) {
		svg_line(legend->page->out, class_name + 5, legend->x, legend->y - 40,
			 legend->x + 140, legend->y - 40);
	} else {
		svg_rect(legend->page->out, class_name, legend->x, legend->y - 95, 140, 100);
	}
	svg_text(legend->page->out, "key", legend->x + 190, legend->y, "start", text);
	legend->x += 190 + width + 200;
}

struct picked {
	uint64_t weight;
	uint32_t index;
};

static int compare_weights(const void *a, const void *b)
{
	const struct picked *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static int compare_indexes(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

uint32_t *pick_heaviest(uint32_t count, uint32_t shown,
			uint64_t (*weight)(const void *context, uint32_t i), const void *context)
{
	struct picked *all = calloc(count ? count : 1, sizeof(*all));
	uint32_t *picks = calloc(shown ? shown : 1, sizeof(*picks));

	if (!all || !picks) {
		free(all);
		free(picks);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct picked){ weight(context, i), i };
	if (count)
		qsort(all, count, sizeof(*all), compare_weights);
	for (uint32_t i = 0; i < shown; i++)
		picks[i] = all[i].index;
	if (shown)
		qsort(picks, shown, sizeof(*picks), compare_indexes);
	free(all);
	return picks;
}
