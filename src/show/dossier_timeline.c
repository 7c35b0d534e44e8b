/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time goes from left to right in a strip of columns, and from top to bottom: each entry has its
 * span in the strip, from the column its beginning falls in to that of its end, so that what is
 * known to the day is as wide as the day.
 */
#include <string.h>

#include "show/dossier.h"
#include "show/grid.h"

#define STRIP 40

static unsigned column_of(int64_t time, struct dossier_span period)
{
	int64_t at;

	if (time <= period.from)
		return 0;
	if (time >= period.until)
		return STRIP - 1;
	/* In seconds, so that centuries do not overflow. */
	at = (time - period.from) / UTC_SECOND * STRIP /
	     ((period.until - period.from) / UTC_SECOND + 1);
	return (unsigned)at;
}

static void put_strip(struct buf *out, struct dossier_span when, struct dossier_span period,
		      bool measured)
{
	unsigned first = column_of(when.from, period), last = column_of(when.until - 1, period);

	for (unsigned i = 0; i < STRIP; i++) {
		if (i < first || i > last)
			buf_char(out, ' ');
		else if (measured)
			buf_str(out, "█");
		else if (first == last)
			buf_str(out, "│");
		else
			buf_str(out, i == first ? "├" : i == last ? "┤" : "─");
	}
}

static void put_entry(struct grid *grid, const struct timeline_entry *entry,
		      struct dossier_span period, unsigned width)
{
	bool verdict = strcmp(entry->what, "verdict") == 0;
	struct buf strip = { 0 }, when = { 0 }, text = { 0 };

	if (!verdict) {
		put_strip(&strip, entry->when, period, strcmp(entry->what, "measurement") == 0);
		span_format(&when, entry->when);
	}
	if (verdict)
		buf_printf(&text, "  → claim %u (%s): %s", entry->claim, entry->detail,
			   entry->text);
	else if (entry->claim)
		buf_printf(&text, "claim %u, %s, %s: ", entry->claim, entry->detail,
			   *entry->speaker ? entry->speaker : "nobody named");
	else
		buf_printf(&text, "measured%s%s: ", *entry->detail ? ", " : "", entry->detail);
	if (!verdict)
		show_plain(&text, entry->text);
	buf_char(&strip, '\0');
	buf_char(&when, '\0');
	buf_char(&text, '\0');
	grid->failed |= strip.failed || when.failed || text.failed;
	if (!grid->failed) {
		grid_cell(grid, strip.data);
		grid_clipped(grid, when.data, 24);
		grid_clipped(grid, text.data, width);
	}
	buf_free(&strip);
	buf_free(&when);
	buf_free(&text);
}

/* A day where it begins there, else a second. */
static void put_time(struct buf *out, int64_t time)
{
	int64_t unit = time % UTC_DAY == 0 ? UTC_DAY : UTC_SECOND;

	time -= time % unit;
	span_format(out, (struct dossier_span){ time, time + unit });
}

/* Its beginning at the left, its end at the right; ends with a zero. */
static void put_axis(struct buf *out, struct dossier_span period)
{
	struct buf until = { 0 };

	put_time(out, period.from);
	put_time(&until, period.until);
	buf_char(out, ' ');
	for (size_t i = out->len + until.len; i < STRIP; i++)
		buf_char(out, ' ');
	buf_add(out, until.data, until.len);
	buf_char(out, '\0');
	buf_free(&until);
}

int show_timeline(const struct timeline_entry *entries, uint32_t count, uint32_t left_out,
		  struct dossier_span period, const struct show_style *style, struct buf *out,
		  struct err *err)
{
	unsigned width = style->width > STRIP + 70 ? style->width - STRIP - 28 : 42;
	struct grid grid = { 0 };
	struct buf axis = { 0 };

	if (!span_known(period) && count)
		period = timeline_period(entries, count);
	if (count) {
		put_axis(&axis, period);
		grid_column(&grid, axis.failed ? "" : axis.data, false);
		grid_column(&grid, "when", false);
		grid_column(&grid, "what", false);
		for (uint32_t i = 0; i < count; i++)
			put_entry(&grid, &entries[i], period, width);
		grid_print(&grid, 0, style->colour, out);
	}
	if (left_out) {
		show_count(out, left_out, "entry is", "entries are");
		buf_str(out, " of another time, or of none that is known\n");
	}
	out->failed |= axis.failed;
	buf_free(&axis);
	return out->failed ? err_memory(err) : 0;
}
