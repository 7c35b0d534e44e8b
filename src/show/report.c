/* SPDX-License-Identifier: BSD-2-Clause */
/* The report on one place, from the headline down to single networks. */
#include <stdlib.h>
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static bool is_measured(const struct finding *finding)
{
	for (uint32_t i = 0; i < finding->result.coverage.family_count; i++) {
		if (finding->result.coverage.families[i].measurable)
			return true;
	}
	return false;
}

static const struct finding_outage *worst_outage(const struct finding_report *report)
{
	const struct finding_outage *worst = NULL;

	for (uint32_t i = 0; i < report->outage_count; i++) {
		if (!worst || report->outages[i].lost > worst->lost)
			worst = &report->outages[i];
	}
	return worst;
}

/* One sentence that says it all. */
static void headline(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_outage *worst = worst_outage(report);

	buf_str(out, style->colour ? "\033[1m" : "");
	if (report->networks_known == 0) {
		buf_str(out, "No network of it was seen in these recordings.");
	} else if (!is_measured(finding)) {
		buf_printf(out, "Visibility not measurable; no outage claimed. %u network%s of it heard of.",
			   report->networks_known, report->networks_known == 1 ? "" : "s");
	} else if (!worst) {
		buf_str(out, "No outage.");
	} else {
		buf_printf(out, "%u outage%s; the largest, %s, from ", report->outage_count,
			   report->outage_count == 1 ? "" : "s", worst->level);
		show_bound(out, &worst->start);
		buf_str(out, " for ");
		utc_format_duration(out, worst->duration);
		buf_str(out, strcmp(worst->ended, "open") == 0 ? " and not over when the data ends." : ".");
	}
	buf_str(out, style->colour ? "\033[0m\n" : "\n");
}

static void signals(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_coverage *coverage = &finding->result.coverage;

	for (uint32_t i = 0; i < report->signal_count; i++) {
		const struct finding_signal *signal = &report->signals[i];
		bool six = strcmp(signal->family, "IPv6") == 0;

		show_title(style, out, six ? "Address space seen, IPv6 (/48 blocks)" : "Address space seen, IPv4 (/24 blocks)");
		show_plot(signal, coverage->from, coverage->until, style, out);
		buf_str(out, "  at first ");
		show_number(out, signal->first_blocks);
		buf_str(out, " blocks in ");
		show_number(out, signal->first_networks);
		buf_str(out, " networks of ");
		show_number(out, signal->first_origins);
		buf_str(out, " origin ASes; baseline ");
		show_number(out, signal->baseline);
		buf_str(out, " blocks\n");
	}
}

static int compare_lost(const void *a, const void *b)
{
	const struct finding_outage *const *left = a, *const *right = b;

	if ((*left)->lost != (*right)->lost)
		return (*left)->lost > (*right)->lost ? -1 : 1;
	return *left < *right ? -1 : *left > *right;
}

static int compare_place(const void *a, const void *b)
{
	const struct finding_outage *const *left = a, *const *right = b;

	return *left < *right ? -1 : *left > *right;
}

/* The outages in order of time; where they are too many to show, those that lost most. */
static void largest_outages(const struct finding_outage *outages, uint32_t count, const char *title,
			    const struct show_style *style, struct buf *out)
{
	uint32_t shown = show_rows(style, count);
	const struct finding_outage **order = calloc(count ? count : 1, sizeof(*order));
	struct finding_outage *chosen = calloc(shown ? shown : 1, sizeof(*chosen));

	if (count && order && chosen) {
		for (uint32_t i = 0; i < count; i++)
			order[i] = &outages[i];
		qsort(order, count, sizeof(*order), compare_lost);
		qsort(order, shown, sizeof(*order), compare_place);
		for (uint32_t i = 0; i < shown; i++)
			chosen[i] = *order[i];
		show_title(style, out, title);
		show_outage_grid(chosen, shown, style, out);
		if (shown < count)
			buf_printf(out, "  … and %u smaller ones (--rows 0 shows all)\n", count - shown);
	}
	out->failed |= !order || !chosen;
	free(order);
	free(chosen);
}

static void episodes(const struct finding_report *report, const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };
	bool joined = false;

	for (uint32_t i = 0; i < report->episode_count; i++)
		joined |= report->episodes[i].outages > 1;
	if (!joined)
		return;
	show_title(style, out, "Episodes");
	grid_column(&grid, "episode", true);
	grid_column(&grid, "", false);
	grid_column(&grid, "level", false);
	grid_column(&grid, "from", false);
	grid_column(&grid, "until", false);
	grid_column(&grid, "span", true);
	grid_column(&grid, "dark", true);
	grid_column(&grid, "outages", true);
	for (uint32_t i = 0; i < show_rows(style, report->episode_count); i++) {
		const struct finding_episode *episode = &report->episodes[i];

		grid_number(&grid, episode->number);
		grid_cell(&grid, episode->family);
		grid_cell(&grid, episode->level);
		grid_time(&grid, episode->from);
		if (episode->until == UTC_NEVER)
			grid_cell(&grid, "not in the data");
		else
			grid_time(&grid, episode->until);
		grid_duration(&grid, episode->span);
		grid_duration(&grid, episode->dark);
		grid_number(&grid, episode->outages);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, report->episode_count, "episodes");
}

static void instability(const struct finding_instability *found, const struct show_style *style, struct buf *out)
{
	uint32_t always = 0, shown = found->path_count;

	/* A long list is cut shorter than others: there is one for every instability. */
	if (style->rows && shown > style->rows / 4 + 1)
		shown = style->rows / 4 + 1;

	buf_printf(out, "  %s unstable from ", found->network);
	show_time(out, found->first);
	buf_str(out, " to ");
	show_time(out, found->last);
	buf_printf(out, ": %u announcements and %u withdrawal%s by %u peer AS%s (%u vantage points)\n",
		   found->announcements, found->withdrawals, found->withdrawals == 1 ? "" : "s", found->peer_ases,
		   found->peer_ases == 1 ? "" : "es", found->vantage_points);
	if (found->returned_at_once)
		buf_printf(out, "    %u withdrawal%s announced again within %s second\n", found->returned_at_once,
			   found->returned_at_once == 1 ? "" : "s", found->returned_at_once == 1 ? "its" : "their");
	for (uint32_t i = 0; i < found->transit_count; i++)
		always += found->transits[i].announcements == found->announcements;
	if (always) {
		buf_str(out, "    in every path:");
		for (uint32_t i = 0; i < always; i++)
			buf_printf(out, " AS%u", found->transits[i].asn);
		buf_char(out, '\n');
	}
	for (uint32_t i = 0; i < shown; i++) {
		buf_str(out, "    ");
		show_time(out, found->paths[i].first);
		buf_printf(out, "  %3u×  %s\n", found->paths[i].announcements, found->paths[i].path);
	}
	if (shown < found->path_count)
		buf_printf(out, "    … and %u more paths\n", found->path_count - shown);
}

static void instabilities(const struct finding_report *report, const struct show_style *style, struct buf *out)
{
	uint32_t shown = report->instability_count;

	if (shown == 0)
		return;
	if (style->rows && shown > style->rows / 4 + 1)
		shown = style->rows / 4 + 1;
	show_title(style, out, "Instability");
	for (uint32_t i = 0; i < shown; i++)
		instability(&report->instabilities[i], style, out);
	if (shown < report->instability_count)
		buf_printf(out, "  … and %u more (--rows 0 shows all)\n", report->instability_count - shown);
}

static void network_origins_cell(struct grid *grid, const struct finding_network *network)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < network->origin_count; i++)
		buf_printf(&text, "%sAS%u", i ? " " : "", network->origins[i]);
	if (network->foreign_origin)
		buf_str(&text, " (of elsewhere)");
	buf_char(&text, '\0');
	grid_cell(grid, text.failed ? "" : text.data);
	buf_free(&text);
}

static void networks(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	struct grid grid = { 0 };

	if (report->network_count == 0)
		return;
	show_title(style, out, "Networks at the end");
	grid_column(&grid, "network", false);
	grid_column(&grid, "state", false);
	grid_column(&grid, "visibility", true);
	grid_column(&grid, "held by", true);
	grid_column(&grid, "origin", false);
	grid_column(&grid, "announced", true);
	grid_column(&grid, "withdrawn", true);
	grid_column(&grid, "by peer ASes", true);
	grid_column(&grid, "outages", true);
	grid_column(&grid, "dark for", true);
	for (uint32_t i = 0; i < show_rows(style, report->network_count); i++) {
		const struct finding_network *network = &report->networks[i];

		grid_cell(&grid, network->network);
		grid_cell(&grid, network->state);
		if (strcmp(network->state, "not measurable") == 0)
			grid_cell(&grid, "");
		else
			grid_share(&grid, network->visibility);
		grid_number(&grid, network->peers_holding);
		network_origins_cell(&grid, network);
		grid_number(&grid, network->announcements);
		grid_number(&grid, network->withdrawals);
		grid_number(&grid, network->heard_from);
		grid_number(&grid, network->outages);
		if (network->dark)
			grid_duration(&grid, network->dark);
		else
			grid_cell(&grid, "");
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, report->network_count, "networks");
}

static void stuck_routes(const struct finding_report *report, const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };

	if (report->stuck_count == 0)
		return;
	show_title(style, out, "Stuck routes: still held long after the network went dark");
	grid_column(&grid, "network", false);
	grid_column(&grid, "dark since", false);
	grid_column(&grid, "collector", false);
	grid_column(&grid, "peer", false);
	grid_column(&grid, "peer AS", false);
	for (uint32_t i = 0; i < show_rows(style, report->stuck_count); i++) {
		const struct finding_stuck *route = &report->stuck[i];

		grid_cell(&grid, route->network);
		grid_time(&grid, route->dark_since);
		grid_cell(&grid, route->collector);
		grid_cell(&grid, route->peer);
		grid_printf(&grid, "AS%u", route->peer_as);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, report->stuck_count, "routes");
}

void show_report(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;

	headline(finding, style, out);
	signals(finding, style, out);
	largest_outages(report->outages, report->outage_count, "Outages", style, out);
	episodes(report, style, out);
	instabilities(report, style, out);
	networks(finding, style, out);
	largest_outages(report->network_outages, report->network_outage_count, "Outages network by network", style,
			out);
	stuck_routes(report, style, out);
}
