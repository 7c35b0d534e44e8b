/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instability: a row for each network, a mark for each stretch of many updates, the higher the more
 * of them. Where there are more networks than fit, those with the most updates in such stretches.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/figure.h"

#define PITCH 240
#define TOP 60
#define LEFT 2200
#define RIGHT 8800
#define LANES_MAX 40u

/* Instabilities of one network. */
struct lane {
	const char *network;
	uint32_t stretches;
	uint64_t updates;
	uint64_t most;			/* of one stretch */
};

struct lanes {
	struct lane *at;
	uint32_t count;
	uint32_t *picks;
	uint32_t shown;
	uint64_t most;
};

static uint64_t updates_of(const struct finding_instability *found)
{
	return (uint64_t)found->announcements + found->withdrawals;
}

static int compare_lanes(const void *a, const void *b)
{
	return strcmp(((const struct lane *)a)->network, ((const struct lane *)b)->network);
}

static uint64_t weigh_lane(const void *context, uint32_t i)
{
	return ((const struct lane *)context)[i].updates;
}

/* Sorted by network; false when out of memory. */
static bool lanes_take(const struct finding_report *report, struct lanes *lanes)
{
	uint32_t kept = 0;

	*lanes = (struct lanes){
		.at = calloc(report->instability_count ? report->instability_count : 1,
			     sizeof(*lanes->at)),
	};
	if (!lanes->at)
		return false;
	for (uint32_t i = 0; i < report->instability_count; i++) {
		uint64_t updates = updates_of(&report->instabilities[i]);

		lanes->at[i] = (struct lane){
			report->instabilities[i].network, 1, updates, updates,
		};
		lanes->most = updates > lanes->most ? updates : lanes->most;
	}
	qsort(lanes->at, report->instability_count, sizeof(*lanes->at), compare_lanes);
	for (uint32_t i = 0; i < report->instability_count; i++) {
		if (kept && strcmp(lanes->at[kept - 1].network, lanes->at[i].network) == 0) {
			lanes->at[kept - 1].stretches++;
			lanes->at[kept - 1].updates += lanes->at[i].updates;
		} else {
			lanes->at[kept++] = lanes->at[i];
		}
	}
	lanes->count = kept;
	lanes->shown = kept < LANES_MAX ? kept : LANES_MAX;
	lanes->picks = pick_heaviest(lanes->count, lanes->shown, weigh_lane, lanes->at);
	return lanes->picks != NULL;
}

static void lanes_free(struct lanes *lanes)
{
	free(lanes->picks);
	free(lanes->at);
}

static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->report->instability_count > 0 && page->until > page->from;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return words_text(&page->words, N_("Instability of each network"));
}

static uint32_t rows_shown(const struct page *page)
{
	struct lanes lanes;

	page->out->failed |= !lanes_take(page->report, &lanes);
	lanes_free(&lanes);
	return lanes.shown;
}

static const char *about(struct page *page, const struct figure *figure)
{
	struct words *words = &page->words;
	struct lanes lanes;
	const char *text;

	(void)figure;
	page->out->failed |= !lanes_take(page->report, &lanes);
	text = words_say(words,
			 "%s of %s. A mark is a stretch of many updates close together, the higher "
			 "the more of them, up to %s; the number to the right is how many updates "
			 "there were in all stretches.",
			 words_count(words, page->report->instability_count,
				     "%s stretch of instability", "%s stretches of instability"),
			 words_count(words, lanes.count, "%s network", "%s networks"),
			 words_number(words, lanes.most));
	if (lanes.shown < lanes.count)
		text = words_say(words, "%s Shown are the %s networks with the most updates.", text,
				 words_number(words, lanes.shown));
	lanes_free(&lanes);
	return text;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)rows_shown(page) * PITCH + 420) / 10;
}

static void lane_draw(struct page *page, const struct axis *axis, const struct lanes *lanes,
		      const struct lane *lane, int y)
{
	const struct finding_report *report = page->report;
	uint64_t most = lanes->most ? lanes->most : 1;
	int ground = y + PITCH - 50;

	svg_text(page->out, "label", LEFT - 100, ground - 30, "end", lane->network);
	svg_line(page->out, "rule", axis->left, ground, axis->right, ground);
	for (uint32_t i = 0; i < report->instability_count; i++) {
		const struct finding_instability *found = &report->instabilities[i];
		int x, width, height;

		if (strcmp(found->network, lane->network) != 0)
			continue;
		x = axis_at(axis, found->first);
		width = axis_at(axis, found->last) - x;
		height = 30 + (int)((uint64_t)(PITCH - 100) * updates_of(found) / most);
		svg_rect(page->out, "unstable", x, ground - height, width < 20 ? 20 : width,
			 height);
	}
	svg_text(page->out, "tick", RIGHT + 100, ground - 30, "start",
		 words_number(&page->words, lane->updates));
}

static void draw(struct page *page, const struct figure *figure)
{
	struct axis axis = { page->from, page->until, LEFT, RIGHT };
	struct lanes lanes;

	(void)figure;
	if (lanes_take(page->report, &lanes)) {
		axis_draw(page, &axis, TOP, TOP + (int)lanes.shown * PITCH);
		for (uint32_t i = 0; i < lanes.shown; i++)
			lane_draw(page, &axis, &lanes, &lanes.at[lanes.picks[i]],
				  TOP + (int)i * PITCH);
	} else {
		page->out->failed = true;
	}
	lanes_free(&lanes);
}

static uint64_t weigh_instability(const void *context, uint32_t i)
{
	return updates_of(&((const struct finding_report *)context)->instabilities[i]);
}

/* The ASes that all its announcements crossed, nearest to the observers first. */
static const char *always_crossed(struct page *page, const struct finding_instability *found)
{
	const char *text = "";

	for (uint32_t i = 0; i < found->transit_count; i++) {
		if (found->transits[i].announcements == found->announcements)
			text = words_join(&page->words, "%s%sAS%u", text, *text ? " " : "",
					  found->transits[i].asn);
	}
	return text;
}

static void table(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t count = report->instability_count, shown = count < TABLE_ROWS ? count : TABLE_ROWS;
	uint32_t *picks = pick_heaviest(count, shown, weigh_instability, report);
	struct html_table rows;

	html_table_open(&rows, page->out, title(page, figure));
	html_column(&rows, words_text(words, N_("network")), HTML_CODE);
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("announcements")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("withdrawals")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("peer ASes")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("in every path")), HTML_CODE);
	for (uint32_t i = 0; picks && i < shown; i++) {
		const struct finding_instability *found = &report->instabilities[picks[i]];

		html_cell(&rows, found->network);
		html_cell(&rows, words_time(words, found->first));
		html_cell(&rows, words_time(words, found->last));
		html_cell(&rows, words_number(words, found->announcements));
		html_cell(&rows, words_number(words, found->withdrawals));
		html_cell(&rows, words_number(words, found->peer_ases));
		html_cell(&rows, always_crossed(page, found));
	}
	html_table_close(&rows);
	page_cut(page, shown, count);
	page->out->failed |= !picks;
	free(picks);
}

const struct figure figure_instability = {
	"instability", NULL, applies, title, about, height, draw, table,
};
