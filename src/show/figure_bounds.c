/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How exactly starts and ends are known: over hours, seconds do not show. So each start and end has
 * a row of its own here, drawn in seconds around the moment at which visibility crossed the
 * threshold.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "show/figure.h"

#define PITCH 200
#define TOP 500
#define LEFT 2350
#define MIDDLE_GAP 500
#define RIGHT 9440
#define OUTAGES_MAX 12u

static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->report->outage_count > 0;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return words_text(&page->words, N_("How exactly starts and ends are known"));
}

static uint32_t rows_shown(const struct page *page)
{
	return page->report->outage_count < OUTAGES_MAX ? page->report->outage_count : OUTAGES_MAX;
}

static const char *about(struct page *page, const struct figure *figure)
{
	struct words *words = &page->words;
	const char *text = words_text(words, N_("The dot is the moment at which visibility crossed "
						"the threshold; the bar goes from the first to the "
						"last message of the burst in which it did."));

	(void)figure;
	if (page->report->outage_count > OUTAGES_MAX)
		text = words_say(words, "%s Shown are the %s largest of %s.", text,
				 words_number(words, OUTAGES_MAX),
				 words_count(words, page->report->outage_count, "%s outage",
					     "%s outages"));
	return text;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)rows_shown(page) * PITCH + 420) / 10;
}

static uint64_t weigh_outage(const void *context, uint32_t i)
{
	return ((const struct finding_report *)context)->outages[i].lost;
}

static void reach(const struct finding_bound *bound, int64_t *before, int64_t *after)
{
	if (bound->at == UTC_NEVER)
		return;
	if (bound->at - bound->earliest > *before)
		*before = bound->at - bound->earliest;
	if (bound->latest - bound->at > *after)
		*after = bound->latest - bound->at;
}

/* A panel's rules: 0 and round durations on both sides of it. */
static void panel_draw(struct page *page, const struct axis *axis, const char *heading, int bottom)
{
	int64_t step = UTC_SECOND;

	while ((axis->until - axis->from) / step > 6)
		step *= (axis->until - axis->from) / step > 60 ? 10 : 2;
	svg_text(page->out, "tick strong", axis_at(axis, 0), 150, "middle", heading);
	for (int64_t at = axis->from / step * step; at <= axis->until; at += step) {
		int x = axis_at(axis, at);

		svg_line(page->out, at == 0 ? "rule day" : "rule", x, TOP - 150, x, bottom);
		svg_text(page->out, "tick", x, TOP - 200, "middle",
			 at == 0 ? "0"
				 : words_join(&page->words, "%s%s", at < 0 ? "−" : "+",
					      words_duration(&page->words, at < 0 ? -at : at)));
	}
}

static void bound_draw(struct page *page, const struct axis *axis,
		       const struct finding_bound *bound, int y)
{
	int left, right, middle = axis_at(axis, 0);

	if (bound->at == UTC_NEVER) {
		svg_text(page->out, "tick", middle, y + 40, "middle",
			 words_text(&page->words, N_("open")));
		return;
	}
	left = axis_at(axis, bound->earliest - bound->at);
	right = axis_at(axis, bound->latest - bound->at);
	svg_line(page->out, "bar", left, y, right, y);
	svg_line(page->out, "bar", left, y - 45, left, y + 45);
	svg_line(page->out, "bar", right, y - 45, right, y + 45);
	svg_rect(page->out, "dot", middle - 35, y - 35, 70, 70);
}

static void draw(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	uint32_t shown = rows_shown(page);
	uint32_t *picks = pick_heaviest(report->outage_count, shown, weigh_outage, report);
	struct axis starts = { 0, UTC_SECOND, LEFT, (LEFT + RIGHT - MIDDLE_GAP) / 2 };
	struct axis ends = { 0, UTC_SECOND, (LEFT + RIGHT + MIDDLE_GAP) / 2, RIGHT };
	int bottom = TOP + (int)shown * PITCH - 50;
	int64_t before = 0, after = UTC_SECOND;

	(void)figure;
	page->out->failed |= !picks;
	for (uint32_t i = 0; picks && i < shown; i++) {
		reach(&report->outages[picks[i]].start, &before, &after);
		reach(&report->outages[picks[i]].end, &before, &after);
	}
	starts.from = ends.from = -before;
	starts.until = ends.until = after;
	panel_draw(page, &starts, words_text(&page->words, N_("start")), bottom);
	panel_draw(page, &ends, words_text(&page->words, N_("end")), bottom);
	for (uint32_t i = 0; picks && i < shown; i++) {
		const struct finding_outage *outage = &report->outages[picks[i]];
		int y = TOP + (int)i * PITCH + 20;

		svg_text(page->out, "label", 1650, y + 40, "end",
			 words_time(&page->words, outage->start.at));
		bound_draw(page, &starts, &outage->start, y);
		bound_draw(page, &ends, &outage->end, y);
	}
	free(picks);
}

static void table(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t count = report->outage_count, shown = count < TABLE_ROWS ? count : TABLE_ROWS;
	struct html_table rows;

	html_table_open(&rows, page->out, title(page, figure));
	html_column(&rows, words_text(words, N_("start")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("earliest")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("latest")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("end")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("earliest")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("latest")), HTML_TEXT);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_outage *outage = &report->outages[i];

		html_cell(&rows, words_time(words, outage->start.at));
		html_cell(&rows, words_time(words, outage->start.earliest));
		html_cell(&rows, words_time(words, outage->start.latest));
		html_cell(&rows, outage->end.at == UTC_NEVER ? words_text(words, N_("open"))
							     : words_time(words, outage->end.at));
		html_cell(&rows, words_time(words, outage->end.earliest));
		html_cell(&rows, words_time(words, outage->end.latest));
	}
	html_table_close(&rows);
	page_cut(page, shown, count);
}

const struct figure figure_bounds = { "bounds", NULL, applies, title, about, height, draw, table };
