/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report's tables: outages and episodes, networks when the recordings end, instabilities with
 * their paths, stuck routes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/page_parts.h"

/* More instabilities than so many are only in their figure's table, without their paths. */
#define INSTABILITIES_WHOLE 4u
/* Longer lists are folded behind their heaviest rows. */
#define ROWS_OPEN 12u

static uint64_t weigh_outage(const void *context, uint32_t i)
{
	return ((const struct finding_report *)context)->outages[i].lost;
}

static void outage_row(struct page *page, struct html_table *rows,
		       const struct finding_outage *outage)
{
	struct words *words = &page->words;
	bool six = strcmp(outage->family, "IPv6") == 0;

	html_cell(rows, words_time(words, outage->start.at));
	html_cell(rows, words_margin(words, &outage->start));
	html_cell(rows, outage->end.at == UTC_NEVER ? words_text(words, N_("open"))
						    : words_time(words, outage->end.at));
	html_cell(rows, words_margin(words, &outage->end));
	html_cell(rows, words_duration(words, outage->duration));
	html_cell(rows, page_level(page, outage->level));
	html_cell(rows, words_join(words, "%s → %s", words_number(words, outage->networks_before),
				   words_number(words, outage->networks_lowest)));
	html_cell(rows, words_join(words, six ? "%s /48" : "%s /24",
				   words_number(words, outage->baseline > outage->lowest
							       ? outage->baseline - outage->lowest
							       : 0)));
	html_cell(rows, words_number(words, outage->peers));
}

static void episodes(struct page *page)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	struct html_table rows;
	uint32_t joined = 0;

	for (uint32_t i = 0; i < report->episode_count; i++)
		joined += report->episodes[i].outages > 1;
	if (joined == 0)
		return;
	html_table_open(&rows, page->out,
			words_text(words, N_("Outages close to each other, as one episode")));
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("span")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("in outages")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("outages")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("worst level")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("family")), HTML_TEXT);
	for (uint32_t i = 0; i < report->episode_count; i++) {
		const struct finding_episode *episode = &report->episodes[i];

		if (episode->outages < 2)
			continue;
		html_cell(&rows, words_time(words, episode->from));
		html_cell(&rows, episode->until == UTC_NEVER ? words_text(words, N_("open"))
							     : words_time(words, episode->until));
		html_cell(&rows, words_duration(words, episode->span));
		html_cell(&rows, words_duration(words, episode->dark));
		html_cell(&rows, words_number(words, episode->outages));
		html_cell(&rows, page_level(page, episode->level));
		html_cell(&rows, episode->family);
	}
	html_table_close(&rows);
}

/* The `shown` that weigh most, in order of time. */
static void outage_table(struct page *page, uint32_t shown)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t *picks = pick_heaviest(report->outage_count, shown, weigh_outage, report);
	struct html_table rows;

	page->out->failed |= !picks;
	html_table_open(&rows, page->out,
			shown < report->outage_count
				? words_say(words, "The %s largest of %s outages",
					    words_number(words, shown),
					    words_number(words, report->outage_count))
				: words_text(words, N_("Outages")));
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("bounds")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("bounds")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("lasted")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("level")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("networks")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("blocks lost")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("seen by peer ASes")), HTML_NUMBER);
	for (uint32_t i = 0; picks && i < shown; i++)
		outage_row(page, &rows, &report->outages[picks[i]]);
	html_table_close(&rows);
	free(picks);
}

/* The largest; all behind them, folded. */
void page_outages(struct page *page)
{
	uint32_t count = page->report->outage_count,
		 shown = count < TABLE_ROWS ? count : TABLE_ROWS;

	if (count == 0)
		return;
	outage_table(page, count < ROWS_OPEN ? count : ROWS_OPEN);
	if (count > ROWS_OPEN) {
		page_fold(page, words_text(&page->words, N_("All outages")));
		outage_table(page, shown);
		page_cut(page, shown, count);
		page_fold_end(page);
	}
	episodes(page);
}

static const char *origins(struct page *page, const struct finding_network *network)
{
	const char *text = "";

	for (uint32_t i = 0; i < network->origin_count; i++)
		text = words_join(&page->words, "%s%sAS%u", text, i ? " " : "",
				  network->origins[i]);
	return network->foreign_origin ? words_say(&page->words, "%s (of elsewhere)", text) : text;
}

static const char *state(struct page *page, const char *name)
{
	static const char *const states[] = { N_("seen"), N_("dark"), N_("not measurable") };

	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(states[i], name) == 0)
			return words_text(&page->words, states[i]);
	}
	return name;
}

/* `measured`: visibility of some network was, which some columns are for. */
static void network_row(struct page *page, struct html_table *rows,
			const struct finding_network *network, bool measured)
{
	struct words *words = &page->words;
	bool known = strcmp(network->state, "not measurable") != 0;

	html_cell(rows, network->network);
	html_cell(rows, state(page, network->state));
	if (measured)
		html_cell(rows, known ? words_share(words, network->visibility) : "");
	html_cell(rows, words_number(words, network->peers_holding));
	html_cell(rows, origins(page, network));
	html_cell(rows, words_number(words, network->announcements));
	html_cell(rows, words_number(words, network->withdrawals));
	if (measured) {
		html_cell(rows, words_number(words, network->outages));
		html_cell(rows, network->dark ? words_duration(words, network->dark) : "");
	}
}

static uint64_t weigh_network(const void *context, uint32_t i)
{
	const struct finding_network *network =
		&((const struct finding_report *)context)->networks[i];

	return ((uint64_t)network->dark / UTC_SECOND << 24) + network->announcements +
	       network->withdrawals;
}

/* The `shown` most eventful, in order of address. */
static void network_table(struct page *page, uint32_t shown)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t count = report->network_count;
	uint32_t *picks = pick_heaviest(count, shown, weigh_network, report);
	bool measured = report->signal_count > 0;
	struct html_table rows;

	page->out->failed |= !picks;
	html_table_open(&rows, page->out,
			shown < count
				? words_say(words,
					    "The %s most eventful of %s networks, when the "
					    "recordings end",
					    words_number(words, shown), words_number(words, count))
				: words_text(words, N_("Networks when the recordings end")));
	html_column(&rows, words_text(words, N_("network")), HTML_CODE);
	html_column(&rows, words_text(words, N_("state")), HTML_TEXT);
	if (measured)
		html_column(&rows, words_text(words, N_("visibility")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("held by peer ASes")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("origin")), HTML_CODE);
	html_column(&rows, words_text(words, N_("announcements")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("withdrawals")), HTML_NUMBER);
	if (measured) {
		html_column(&rows, words_text(words, N_("outages")), HTML_NUMBER);
		html_column(&rows, words_text(words, N_("dark for")), HTML_NUMBER);
	}
	for (uint32_t i = 0; picks && i < shown; i++)
		network_row(page, &rows, &report->networks[picks[i]], measured);
	html_table_close(&rows);
	free(picks);
}

void page_networks(struct page *page)
{
	uint32_t count = page->report->network_count,
		 shown = count < TABLE_ROWS ? count : TABLE_ROWS;

	if (page->report->signal_count == 0)
		html_element(page->out, "p", NULL,
			     words_text(&page->words,
					N_("Visibility could not be measured, so there is no "
					   "telling when a network was seen or dark; below stands "
					   "what was heard of each.")));
	network_table(page, count < ROWS_OPEN ? count : ROWS_OPEN);
	if (count > ROWS_OPEN) {
		page_fold(page, words_text(&page->words, N_("All networks")));
		network_table(page, shown);
		page_cut(page, shown, count);
		page_fold_end(page);
	}
}

static void instability_whole(struct page *page, const struct finding_instability *found)
{
	struct words *words = &page->words;
	uint32_t shown = found->path_count < TABLE_ROWS ? found->path_count : TABLE_ROWS;
	struct html_table rows;

	/* TRANSLATORS: network, "from … to … UTC" */
	html_element(page->out, "h3", NULL, words_say(words, "%s, %s", found->network,
		     words_span(words, found->first, found->last)));
	html_element(page->out, "p", NULL,
		     words_say(words, "%s and %s by %s of %s.",
			       words_count(words, found->announcements, "%s announcement",
					   "%s announcements"),
			       words_count(words, found->withdrawals, "%s withdrawal",
					   "%s withdrawals"),
			       words_count(words, found->vantage_points, "%s vantage point",
					   "%s vantage points"),
			       words_count(words, found->peer_ases, "%s peer AS", "%s peer ASes")));
	if (found->returned_at_once)
		html_element(page->out, "p", NULL,
			     words_count(words, found->returned_at_once,
					 "%s withdrawal was followed by an announcement within its "
					 "second.",
					 "%s withdrawals were followed by an announcement within "
					 "their second."));
	html_table_open(&rows, page->out, words_text(words, N_("Paths, as they came")));
	html_column(&rows, words_text(words, N_("first heard")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("announcements")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("path")), HTML_CODE);
	for (uint32_t i = 0; i < shown; i++) {
		html_cell(&rows, words_time(words, found->paths[i].first));
		html_cell(&rows, words_number(words, found->paths[i].announcements));
		html_cell(&rows, found->paths[i].path);
	}
	html_table_close(&rows);
	page_cut(page, shown, found->path_count);
}

void page_instabilities(struct page *page)
{
	if (page->report->instability_count > INSTABILITIES_WHOLE)
		return;
	for (uint32_t i = 0; i < page->report->instability_count; i++)
		instability_whole(page, &page->report->instabilities[i]);
}

void page_stuck(struct page *page)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	uint32_t count = report->stuck_count, shown = count < TABLE_ROWS ? count : TABLE_ROWS;
	struct html_table rows;

	html_element(page->out, "p", "lead",
		     words_text(words, N_("Some vantage points hold on to a route for hours after "
					  "everybody else has dropped it. These are why visibility "
					  "is never required to be zero.")));
	html_table_open(&rows, page->out,
			words_text(words, N_("Still held long after the network went dark")));
	html_column(&rows, words_text(words, N_("network")), HTML_CODE);
	html_column(&rows, words_text(words, N_("dark since")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("collector")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("peer")), HTML_CODE);
	html_column(&rows, words_text(words, N_("peer AS")), HTML_CODE);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_stuck *route = &report->stuck[i];

		html_cell(&rows, route->network);
		html_cell(&rows, words_time(words, route->dark_since));
		html_cell(&rows, route->collector);
		html_cell(&rows, route->peer);
		html_cell(&rows, words_join(words, "AS%u", route->peer_as));
	}
	html_table_close(&rows);
	page_cut(page, shown, count);
}
