/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every network as a row, its visibility as colour over time. Where there are more than fit, those
 * that were dark the longest, then those most heard of, in order of address.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/figure.h"

#define PITCH 170
#define BAR 120
#define TOP 60
#define LEFT 2200
#define RIGHT 9440

/* Rows of hatching alone would say nothing. */
static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->report->network_count > 0 && page->report->signal_count > 0 &&
	       page->until > page->from;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return words_text(&page->words, N_("Visibility of each network over time"));
}

static uint32_t rows_shown(const struct page *page)
{
	return page->report->network_count < FIGURE_ROWS ? page->report->network_count
							 : FIGURE_ROWS;
}

static uint32_t count_state(const struct page *page, const char *state)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < page->report->network_count; i++)
		count += strcmp(page->report->networks[i].state, state) == 0;
	return count;
}

static const char *about(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	const char *text;

	(void)figure;
	text = words_say(words,
			 "A row is a network; the stronger its colour, the more of the peer ASes "
			 "with a full feed held a route to it. An orange rule: none did. Hatched: "
			 "not measurable. When the recordings end: %s, %s, %s.",
			 words_count(words, count_state(page, "seen"), "%s network seen",
				     "%s networks seen"),
			 words_count(words, count_state(page, "dark"), "%s network dark",
				     "%s networks dark"),
			 words_count(words, count_state(page, "not measurable"),
				     "%s network not measurable", "%s networks not measurable"));
	if (report->network_count > FIGURE_ROWS)
		text = words_say(words,
				 "%s Shown are %s of %s networks: those dark the longest, then "
				 "those most heard of.",
				 text, words_number(words, FIGURE_ROWS),
				 words_number(words, report->network_count));
	return text;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)rows_shown(page) * PITCH + 860) / 10;
}

/* Paints what held the network against who could have. */
static void network_row(const struct page *page, const struct finding_network *network,
			struct row *row)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	const struct finding_coverage_step *step = NULL;
	uint32_t next_step = 0, next_level = 0, held = 0;
	int64_t time = page->from < coverage->from ? page->from : coverage->from;

	while (time < page->until) {
		int64_t until = page->until;

		for (; next_step < coverage->step_count && coverage->steps[next_step].time <= time;
		     next_step++) {
			if (is_family(coverage->steps[next_step].family, network->family))
				step = &coverage->steps[next_step];
		}
		for (;
		     next_level < network->level_count && network->levels[next_level].time <= time;
		     next_level++) {
			const struct finding_level *level = &network->levels[next_level];

			held = level->last;
			if (step && step->measurable && level->lowest < level->last)
				row_paint(row, level->time, level->time + network->level_step,
					  row_share(level->lowest, step->peers));
		}
		if (next_step < coverage->step_count && coverage->steps[next_step].time < until)
			until = coverage->steps[next_step].time;
		if (next_level < network->level_count && network->levels[next_level].time < until)
			until = network->levels[next_level].time;
		row_paint(row, time, until,
			  step && step->measurable ? row_share(held, step->peers) : ROW_BLIND);
		time = until;
	}
}

static uint64_t weigh_network(const void *context, uint32_t i)
{
	const struct finding_network *network =
		&((const struct finding_report *)context)->networks[i];

	return ((uint64_t)network->dark / UTC_SECOND << 24) + network->announcements +
	       network->withdrawals;
}

static void draw(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	struct axis axis = { page->from, page->until, LEFT, RIGHT };
	uint32_t shown = rows_shown(page);
	uint32_t *picks = pick_heaviest(report->network_count, shown, weigh_network, report);
	int bottom = TOP + (int)shown * PITCH;
	struct legend legend = { page, 100, bottom + 660 };

	(void)figure;
	page->out->failed |= !picks;
	axis_draw(page, &axis, TOP - 20, bottom);
	for (uint32_t i = 0; picks && i < shown; i++) {
		const struct finding_network *network = &report->networks[picks[i]];
		int y = TOP + (int)i * PITCH;
		struct row row;

		row_begin(&row, &axis);
		network_row(page, network, &row);
		svg_text(page->out, "label", LEFT - 100, y + BAR - 25, "end", network->network);
		row_draw(&row, y, BAR, page->out);
	}
	free(picks);
	legend_add(&legend, "gap", words_text(&page->words, N_("none")));
	legend_add(&legend, "v1", words_text(&page->words, N_("under 25 %")));
	legend_add(&legend, "v2", words_text(&page->words, N_("under 50 %")));
	legend_add(&legend, "v3", words_text(&page->words, N_("under 75 %")));
	legend_add(&legend, "v4", words_text(&page->words, N_("under 95 %")));
	legend_add(&legend, "v5", words_text(&page->words, N_("95 % and more")));
	legend_add(&legend, "blind", words_text(&page->words, N_("not measurable")));
}

static uint64_t weigh_outage(const void *context, uint32_t i)
{
	return ((const struct finding_report *)context)->network_outages[i].lost;
}

/* When each was dark, which is what the colours come down to. */
static void table(struct page *page, const struct figure *figure)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t count = report->network_outage_count,
		 shown = count < TABLE_ROWS ? count : TABLE_ROWS;
	uint32_t *picks = pick_heaviest(count, shown, weigh_outage, report);
	struct html_table rows;

	(void)figure;
	html_table_open(&rows, page->out, words_text(words, N_("When each network was dark")));
	html_column(&rows, words_text(words, N_("network")), HTML_CODE);
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("bounds")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("bounds")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("lasted")), HTML_NUMBER);
	for (uint32_t i = 0; picks && i < shown; i++) {
		const struct finding_outage *outage = &report->network_outages[picks[i]];

		html_cell(&rows, outage->place);
		html_cell(&rows, words_time(words, outage->start.at));
		html_cell(&rows, words_margin(words, &outage->start));
		html_cell(&rows, outage->end.at == UTC_NEVER ? words_text(words, N_("open"))
							     : words_time(words, outage->end.at));
		html_cell(&rows, words_margin(words, &outage->end));
		html_cell(&rows, words_duration(words, outage->duration));
	}
	html_table_close(&rows);
	page_cut(page, shown, count);
	page->out->failed |= !picks;
	free(picks);
}

const struct figure figure_networks = {
	"networks", NULL, applies, title, about, height, draw, table,
};
