/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who saw what: every vantage point that ever held one of the place's networks as a row, and those
 * with a full feed that never did. Colour is the share of the networks held; hatched while blind,
 * with a thin bar for what is known to be held all the same, which counts for nothing. Rows of full
 * feeds are high, others low.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/figure.h"

#define PITCH 170
#define BAR_FULL 120
#define BAR_PART 70
#define TOP 60
#define LEFT 2900
#define RIGHT 9440
#define VANTAGES_MAX 100u

/* A row: a vantage point of the roster, and what it held (NULL: never anything). */
struct seat {
	const struct finding_vantage *vantage;
	const struct finding_view *view;
	bool full;
};

static bool same_seat(const struct finding_vantage *vantage, const struct finding_view *view)
{
	return vantage->peer_as == view->peer_as && strcmp(vantage->peer, view->peer) == 0 &&
	       strcmp(vantage->collector, view->collector) == 0;
}

static bool has_family(const struct finding_report *report, const char *family)
{
	for (uint32_t i = 0; i < report->network_count; i++) {
		if (is_family(report->networks[i].family, family))
			return true;
	}
	return false;
}

/* A full feed of a family that the place has. */
static bool is_full(const struct page *page, const struct finding_vantage *vantage)
{
	return (vantage->full_ipv4_count && has_family(page->report, "IPv4")) ||
	       (vantage->full_ipv6_count && has_family(page->report, "IPv6"));
}

/* In the roster's order, which is the views' too; into seats (NULL: counts only). */
static uint32_t seats_fill(const struct page *page, struct seat *seats)
{
	const struct finding *finding = page->finding;
	uint32_t count = 0, next = 0;

	for (uint32_t i = 0; i < finding->roster_count; i++) {
		const struct finding_vantage *vantage = &finding->roster[i];
		const struct finding_view *view = NULL;
		bool full = is_full(page, vantage);

		if (next < page->report->view_count &&
		    same_seat(vantage, &page->report->views[next]))
			view = &page->report->views[next++];
		if (!view && !full)
			continue;
		if (seats)
			seats[count] = (struct seat){ vantage, view, full };
		count++;
	}
	return count;
}

static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->report->network_count > 0 && page->until > page->from &&
	       seats_fill(page, NULL) > 0;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return words_text(&page->words, N_("What each vantage point held over time"));
}

static uint32_t rows_shown(const struct page *page)
{
	uint32_t count = seats_fill(page, NULL);

	return count < VANTAGES_MAX ? count : VANTAGES_MAX;
}

static const char *about(struct page *page, const struct figure *figure)
{
	struct words *words = &page->words;
	uint32_t count = seats_fill(page, NULL);
	const char *text =
		words_say(words,
			  "A row is a vantage point: the AS that feeds a collector, and the "
			  "collector. The stronger the colour, the more of the %s it held; an "
			  "orange rule: none. Hatched: it was blind, and counted on neither side; "
			  "a thin bar there is what it was last known to hold. High rows carried a "
			  "full feed. %s of %s ever held one of the networks.",
			  words_count(words, page->report->networks_known, "%s network",
				      "%s networks"),
			  words_number(words, page->report->view_count +
						      (uint64_t)page->report->views_left_out),
			  words_count(words, page->finding->roster_count, "%s vantage point",
				      "%s vantage points"));

	(void)figure;
	if (count > VANTAGES_MAX)
		text = words_say(words, "%s Shown are %s of %s: those with a full feed first.",
				 text, words_number(words, VANTAGES_MAX),
				 words_number(words, count));
	if (page->report->views_left_out)
		text = words_say(words,
				 "%s For want of room the finding does not say when %s held what.",
				 text,
				 words_count(words, page->report->views_left_out,
					     "%s vantage point", "%s vantage points"));
	return text;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)rows_shown(page) * PITCH + 860) / 10;
}

static enum row_state state_at(const struct page *page, bool live, uint32_t held)
{
	if (live)
		return row_share(held, page->report->networks_known);
	return held ? ROW_BLIND_HOLDING : ROW_BLIND;
}

static void seat_row(const struct page *page, const struct seat *seat, struct row *row)
{
	const struct finding_vantage *vantage = seat->vantage;
	const struct finding_level *levels = seat->view ? seat->view->levels : NULL;
	uint32_t level_count = seat->view ? seat->view->level_count : 0, next_level = 0,
		 next_live = 0, held = 0;
	int64_t time = page->finding->result.coverage.from;
	bool live = false;

	while (time < page->until) {
		int64_t until = page->until;

		for (; next_live < 2 * vantage->live_count; next_live++) {
			const struct finding_interval *interval = &vantage->live[next_live / 2];
			int64_t flip = next_live % 2 ? interval->until : interval->from;

			if (flip == UTC_NEVER || flip > time)
				break;
			live = next_live % 2 == 0;
		}
		for (; next_level < level_count && levels[next_level].time <= time; next_level++) {
			held = levels[next_level].last;
			if (live && levels[next_level].lowest < held)
				row_paint(row, levels[next_level].time,
					  levels[next_level].time + seat->view->level_step,
					  state_at(page, true, levels[next_level].lowest));
		}
		if (next_live < 2 * vantage->live_count) {
			const struct finding_interval *interval = &vantage->live[next_live / 2];
			int64_t flip = next_live % 2 ? interval->until : interval->from;

			if (flip != UTC_NEVER && flip < until)
				until = flip;
		}
		if (next_level < level_count && levels[next_level].time < until)
			until = levels[next_level].time;
		row_paint(row, time, until, state_at(page, live, held));
		time = until;
	}
}

static uint64_t weigh_seat(const void *context, uint32_t i)
{
	const struct seat *seat = &((const struct seat *)context)[i];

	return (seat->full ? 2u : 0u) + (seat->view ? 1u : 0u);
}

static void seat_draw(struct page *page, const struct axis *axis, const struct seat *seat, int y)
{
	int bar = seat->full ? BAR_FULL : BAR_PART;
	struct row row;

	row_begin(&row, axis);
	seat_row(page, seat, &row);
	svg_text(page->out, "label", LEFT - 100, y + 95, "end",
		 words_join(&page->words, "AS%u · %s", seat->vantage->peer_as,
			    seat->vantage->collector));
	row_draw(&row, y + (BAR_FULL - bar) / 2, bar, page->out);
}

static void draw(struct page *page, const struct figure *figure)
{
	struct axis axis = { page->from, page->until, LEFT, RIGHT };
	uint32_t count = seats_fill(page, NULL), shown = rows_shown(page);
	struct seat *seats = calloc(count ? count : 1, sizeof(*seats));
	uint32_t *picks = NULL;
	int bottom = TOP + (int)shown * PITCH;
	struct legend legend = { page, 100, bottom + 660 };

	(void)figure;
	if (seats) {
		seats_fill(page, seats);
		picks = pick_heaviest(count, shown, weigh_seat, seats);
	}
	page->out->failed |= !picks;
	axis_draw(page, &axis, TOP - 20, bottom);
	for (uint32_t i = 0; picks && i < shown; i++)
		seat_draw(page, &axis, &seats[picks[i]], TOP + (int)i * PITCH);
	free(picks);
	free(seats);
	legend_add(&legend, "v5", words_text(&page->words, N_("all networks")));
	legend_add(&legend, "v3", words_text(&page->words, N_("some")));
	legend_add(&legend, "gap", words_text(&page->words, N_("none")));
	legend_add(&legend, "blind", words_text(&page->words, N_("blind")));
	legend_add(&legend, "held", words_text(&page->words, N_("blind, last known to hold some")));
}

/* Why an interval began or ended, as the roster calls it. */
static const struct { const char *name, *text; } reasons[] = {
	{ "rib", N_("a RIB gave its table") },
	{ "end-of-rib", N_("table sent again, End-of-RIB received") },
	{ "quiet", N_("table sent again, nothing new for a while") },
	{ "session-down", N_("session down") },
	{ "session-up", N_("session came up, table not known yet") },
	{ "silence", N_("silent") },
	{ "collector-silence", N_("collector silent") },
	{ "announced-again", N_("most of its table announced again") },
	{ "damage", N_("recording damaged") },
	{ "not-in-rib", N_("in a RIB's index, without entries") },
	{ "drift", N_("a RIB contradicts too much") },
	{ "end-of-data", N_("end of the recordings") },
};

static const char *reason(struct page *page, const char *name)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (strcmp(reasons[i].name, name) == 0)
			return words_text(&page->words, reasons[i].text);
	}
	return name;
}

static void table_row(struct page *page, struct html_table *rows, const struct seat *seat,
		      uint32_t interval)
{
	const struct finding_vantage *vantage = seat->vantage;
	const struct finding_interval *live = interval < vantage->live_count
						      ? &vantage->live[interval]
						      : NULL;
	struct words *words = &page->words;

	html_cell(rows, words_join(words, "AS%u", vantage->peer_as));
	html_cell(rows, vantage->peer);
	html_cell(rows, vantage->collector);
	html_cell(rows, words_text(words, seat->full ? N_("full feed") : N_("part")));
	html_cell(rows, live ? words_time(words, live->from) : words_text(words, N_("never live")));
	html_cell(rows, live ? reason(page, live->began) : "");
	html_cell(rows, live && live->until != UTC_NEVER ? words_time(words, live->until) : "");
	html_cell(rows, live ? reason(page, live->ended) : "");
}

static void table(struct page *page, const struct figure *figure)
{
	struct words *words = &page->words;
	uint32_t count = seats_fill(page, NULL), shown = 0, all = 0;
	struct seat *seats = calloc(count ? count : 1, sizeof(*seats));
	struct html_table rows;

	(void)figure;
	page->out->failed |= !seats;
	if (!seats)
		return;
	seats_fill(page, seats);
	html_table_open(&rows, page->out,
			words_text(words, N_("When each vantage point was live")));
	html_column(&rows, words_text(words, N_("peer AS")), HTML_CODE);
	html_column(&rows, words_text(words, N_("peer")), HTML_CODE);
	html_column(&rows, words_text(words, N_("collector")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("carries")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("live from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("because")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("because")), HTML_TEXT);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t intervals = seats[i].vantage->live_count ? seats[i].vantage->live_count
								  : 1;

		for (uint32_t k = 0; k < intervals; k++, all++) {
			if (all < TABLE_ROWS)
				table_row(page, &rows, &seats[i], k);
		}
	}
	html_table_close(&rows);
	shown = all < TABLE_ROWS ? all : TABLE_ROWS;
	page_cut(page, shown, all);
	free(seats);
}

const struct figure figure_vantages = {
	"vantage-points", NULL, applies, title, about, height, draw, table,
};
