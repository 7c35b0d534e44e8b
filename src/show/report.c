/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report on one place, from the headline down to single networks. Where a list is too long to
 * be shown, what weighs most is picked, and shown in the list's own order.
 */
#include <stdlib.h>
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

/* More instabilities than so many are shown as a grid, without their paths. */
#define INSTABILITIES_WHOLE 3u

struct pick {
	uint64_t weight, second;
	uint32_t index;
};

static int compare_weight(const void *a, const void *b)
{
	const struct pick *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	if (left->second != right->second)
		return left->second > right->second ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static int compare_index(const void *a, const void *b)
{
	const struct pick *left = a, *right = b;

	return left->index < right->index ? -1 : left->index > right->index;
}

/* The `shown` heaviest of them to the front, in their own order. */
static void picks_choose(struct pick *picks, uint32_t count, uint32_t shown)
{
	if (shown == count)
		return;
	qsort(picks, count, sizeof(*picks), compare_weight);
	qsort(picks, shown, sizeof(*picks), compare_index);
}

static void cut_line(struct buf *out, uint32_t left, const char *one, const char *many)
{
	if (left == 0)
		return;
	buf_str(out, "  … and ");
	show_count(out, left, one, many);
	buf_str(out, " (--rows 0 shows all)\n");
}

static bool is_six(const char *family)
{
	return strcmp(family, "IPv6") == 0;
}

const struct finding_outage *show_worst_outage(const struct finding_report *report)
{
	const struct finding_outage *worst = NULL;

	for (uint32_t i = 0; i < report->outage_count; i++) {
		if (!worst || report->outages[i].lost > worst->lost)
			worst = &report->outages[i];
	}
	return worst;
}

static void headline_outages(const struct finding_report *report, struct buf *line)
{
	const struct finding_outage *worst = show_worst_outage(report);

	if (!worst) {
		buf_str(line, "No outage.");
		return;
	}
	if (report->outage_count > 1) {
		show_number(line, report->outage_count);
		buf_printf(line, " outages. The largest: %s, from ", worst->level);
	} else {
		buf_printf(line, "One outage: %s, from ", worst->level);
	}
	show_bound(line, &worst->start);
	if (strcmp(worst->ended, "over") == 0) {
		buf_str(line, " to ");
		show_bound(line, &worst->end);
		buf_str(line, ", ");
		utc_format_duration(line, worst->duration);
		buf_char(line, '.');
	} else if (strcmp(worst->ended, "open") == 0) {
		buf_str(line, " on, not over when the recordings end, ");
		utc_format_duration(line, worst->duration);
		buf_str(line, " later.");
	} else {
		buf_str(line, " on, which became the baseline.");
	}
}

static bool has_signal(const struct finding_report *report, const char *family)
{
	for (uint32_t i = 0; i < report->signal_count; i++) {
		if (strcmp(report->signals[i].family, family) == 0)
			return true;
	}
	return false;
}

/* What the headline's outages do not speak of: a family or a time that was not measured. */
static void headline_measured(const struct finding *finding, struct buf *line)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_coverage *coverage = &finding->result.coverage;
	int64_t span = coverage->until - coverage->from;

	for (uint32_t i = 0; i < coverage->family_count; i++) {
		const struct finding_coverage_family *family = &coverage->families[i];
		bool concerned = false;

		for (uint32_t k = 0; k < report->network_count && !concerned; k++)
			concerned = strcmp(report->networks[k].family, family->family) == 0;
		if (!concerned)
			continue;
		if (!has_signal(report, family->family)) {
			buf_printf(line, " Visibility of %s was not measurable.", family->family);
		} else if (family->measured < span / 10 * 9) {
			buf_printf(line, " Visibility of %s was measurable for ", family->family);
			utc_format_duration(line, family->measured);
			buf_str(line, " of ");
			utc_format_duration(line, span);
			buf_char(line, '.');
		}
	}
}

/* In a sentence or two, what there is to say. */
static void headline(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	struct buf line = { 0 };

	if (report->networks_known == 0) {
		buf_str(&line, "No network of it was seen in these recordings.");
	} else if (report->signal_count == 0) {
		buf_str(&line, "Visibility was not measurable: no outage is claimed. ");
		show_count(&line, report->networks_known, "network of it was heard of.",
			   "networks of it were heard of.");
	} else {
		headline_outages(report, &line);
		headline_measured(finding, &line);
	}
	buf_char(&line, '\0');
	buf_str(out, style->colour ? "\033[1m" : "");
	if (!line.failed)
		show_wrapped(style, out, 0, line.data);
	buf_str(out, style->colour ? "\033[0m" : "");
	out->failed |= line.failed;
	buf_free(&line);
}

static void signals(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_coverage *coverage = &finding->result.coverage;
	int64_t from = finding->question.from;

	if (from < coverage->from || from >= coverage->until)
		from = coverage->from;
	for (uint32_t i = 0; i < report->signal_count; i++) {
		const struct finding_signal *signal = &report->signals[i];

		show_title(style, out,
			   is_six(signal->family) ? "Address space seen, IPv6 (/48 blocks)"
						  : "Address space seen, IPv4 (/24 blocks)");
		show_plot(signal, from, coverage->until, style, out);
		buf_str(out, "  at first ");
		show_count(out, signal->first_blocks, "block in ", "blocks in ");
		show_count(out, signal->first_networks, "network of ", "networks of ");
		show_count(out, signal->first_origins, "origin AS; baseline ",
			   "origin ASes; baseline ");
		show_count(out, signal->baseline, "block\n", "blocks\n");
	}
}

/* Outages of one family (NULL: of both) in order of time. */
static void outages_of(const struct finding_outage *outages, uint32_t count, const char *family,
		       const char *title, unsigned columns, const struct show_style *style,
		       struct buf *out)
{
	struct pick *picks = calloc(count ? count : 1, sizeof(*picks));
	const struct finding_outage **rows = calloc(count ? count : 1, sizeof(*rows));
	uint32_t found = 0, shown;

	for (uint32_t i = 0; picks && i < count; i++) {
		if (!family || strcmp(outages[i].family, family) == 0)
			picks[found++] = (struct pick){
				outages[i].lost, (uint64_t)outages[i].duration, i,
			};
	}
	shown = show_rows(style, found);
	if (found && picks && rows) {
		picks_choose(picks, found, shown);
		for (uint32_t i = 0; i < shown; i++)
			rows[i] = &outages[picks[i].index];
		show_title(style, out, title);
		show_outage_grid(rows, shown, columns, style, out);
		cut_line(out, found - shown, "smaller one", "smaller ones");
	}
	out->failed |= !picks || !rows;
	free(picks);
	free(rows);
}

/* Outages that belong together; what was alone is no news. */
static void episodes(const struct finding_report *report, const struct show_style *style,
		     struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t joined = 0, shown = 0;

	for (uint32_t i = 0; i < report->episode_count; i++)
		joined += report->episodes[i].outages > 1;
	if (joined == 0)
		return;
	show_title(style, out, "Outages close to each other, as one episode");
	grid_column(&grid, "from", false);
	grid_column(&grid, "until", false);
	grid_column(&grid, "span", true);
	grid_column(&grid, "dark", true);
	grid_column(&grid, "outages", true);
	grid_column(&grid, "worst", false);
	grid_column(&grid, "", false);
	for (uint32_t i = 0; i < report->episode_count && shown < show_rows(style, joined); i++) {
		const struct finding_episode *episode = &report->episodes[i];

		if (episode->outages < 2)
			continue;
		shown++;
		grid_time(&grid, episode->from);
		if (episode->until == UTC_NEVER)
			grid_cell(&grid, "open");
		else
			grid_until(&grid, episode->until, episode->from);
		grid_duration(&grid, episode->span);
		grid_duration(&grid, episode->dark);
		grid_number(&grid, episode->outages);
		grid_cell(&grid, episode->level);
		grid_cell(&grid, is_six(episode->family) ? "IPv6" : "");
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, joined, "episodes");
}

/* The ASes that all its announcements crossed, nearest to the observers first. */
static void always_crossed(const struct finding_instability *found, struct buf *out)
{
	const char *before = "";

	for (uint32_t i = 0; i < found->transit_count; i++) {
		if (found->transits[i].announcements != found->announcements)
			continue;
		buf_printf(out, "%sAS%u", before, found->transits[i].asn);
		before = " ";
	}
}

static void instability_whole(const struct finding_instability *found,
			      const struct show_style *style, struct buf *out)
{
	struct buf always = { 0 };
	uint32_t shown = show_rows(style, found->path_count);

	buf_printf(out, "  %s from ", found->network);
	show_time(out, found->first);
	buf_str(out, " to ");
	show_until(out, found->last, found->first);
	buf_str(out, ":\n    ");
	show_count(out, found->announcements, "announcement and ", "announcements and ");
	show_count(out, found->withdrawals, "withdrawal by ", "withdrawals by ");
	show_count(out, found->vantage_points, "vantage point of ", "vantage points of ");
	show_count(out, found->peer_ases, "peer AS\n", "peer ASes\n");
	if (found->returned_at_once) {
		buf_str(out, "    ");
		show_count(out, found->returned_at_once,
			   "withdrawal was announced again within its second\n",
			   "withdrawals were announced again within their second\n");
	}
	always_crossed(found, &always);
	if (always.len)
		buf_printf(out, "    in every path: %.*s\n", (int)always.len, always.data);
	for (uint32_t i = 0; i < shown; i++) {
		buf_str(out, "    ");
		show_until(out, found->paths[i].first, found->first);
		buf_printf(out, "  %3u×  %s\n", found->paths[i].announcements,
			   found->paths[i].path);
	}
	if (shown < found->path_count)
		buf_printf(out, "    … and %u more paths\n", found->path_count - shown);
	out->failed |= always.failed;
	buf_free(&always);
}

static void instability_row(struct grid *grid, const struct finding_instability *found)
{
	struct buf always = { 0 };

	always_crossed(found, &always);
	buf_char(&always, '\0');
	grid_cell(grid, found->network);
	grid_time(grid, found->first);
	grid_until(grid, found->last, found->first);
	grid_number(grid, found->announcements);
	grid_number(grid, found->withdrawals);
	grid_number(grid, found->peer_ases);
	grid_clipped(grid, always.failed ? "" : always.data, 20);
	grid->failed |= always.failed;
	buf_free(&always);
}

static void instability_grid(const struct finding_report *report, const struct show_style *style,
			     struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t count = report->instability_count, shown = show_rows(style, count);
	struct pick *picks = calloc(count, sizeof(*picks));

	out->failed |= !picks;
	if (!picks)
		return;
	for (uint32_t i = 0; i < count; i++)
		picks[i] = (struct pick){
			report->instabilities[i].announcements +
				(uint64_t)report->instabilities[i].withdrawals,
			report->instabilities[i].peer_ases, i,
		};
	picks_choose(picks, count, shown);
	grid_column(&grid, "network", false);
	grid_column(&grid, "from", false);
	grid_column(&grid, "until", false);
	grid_column(&grid, "announced", true);
	grid_column(&grid, "withdrawn", true);
	grid_column(&grid, "peers", true);
	grid_column(&grid, "in every path", false);
	for (uint32_t i = 0; i < shown; i++)
		instability_row(&grid, &report->instabilities[picks[i].index]);
	grid_print(&grid, 2, style->colour, out);
	cut_line(out, count - shown, "with fewer updates", "with fewer updates");
	free(picks);
}

static void instabilities(const struct finding_report *report, const struct show_style *style,
			  struct buf *out)
{
	if (report->instability_count == 0)
		return;
	show_title(style, out, "Instability");
	if (report->instability_count > INSTABILITIES_WHOLE) {
		instability_grid(report, style, out);
		return;
	}
	for (uint32_t i = 0; i < report->instability_count; i++)
		instability_whole(&report->instabilities[i], style, out);
}

static void origins_cell(struct grid *grid, const struct finding_network *network)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < network->origin_count; i++)
		buf_printf(&text, "%sAS%u", i ? " " : "", network->origins[i]);
	if (network->foreign_origin)
		buf_str(&text, " (of elsewhere)");
	buf_char(&text, '\0');
	grid_cell(grid, text.failed ? "" : text.data);
	grid->failed |= text.failed;
	buf_free(&text);
}

static void network_row(struct grid *grid, const struct finding_network *network)
{
	bool measured = strcmp(network->state, "not measurable") != 0;

	grid_cell(grid, network->network);
	grid_cell(grid, network->state);
	if (measured)
		grid_share(grid, network->visibility);
	else
		grid_cell(grid, "");
	if (network->peers_holding)
		grid_number(grid, network->peers_holding);
	else
		grid_cell(grid, "none");
	origins_cell(grid, network);
	grid_number(grid, network->announcements);
	grid_number(grid, network->withdrawals);
	if (network->outages)
		grid_number(grid, network->outages);
	else
		grid_cell(grid, "");
	if (network->dark)
		grid_duration(grid, network->dark);
	else
		grid_cell(grid, "");
}

static void networks_summary(const struct finding_report *report, struct buf *out)
{
	uint32_t seen = 0, dark = 0;

	for (uint32_t i = 0; i < report->network_count; i++) {
		seen += strcmp(report->networks[i].state, "seen") == 0;
		dark += strcmp(report->networks[i].state, "dark") == 0;
	}
	if (report->network_count < 2 || seen + dark == 0)
		return;
	buf_str(out, "  ");
	show_number(out, seen);
	buf_str(out, " seen, ");
	show_number(out, dark);
	buf_str(out, " dark");
	if (seen + dark < report->network_count) {
		buf_str(out, ", ");
		show_number(out, report->network_count - seen - dark);
		buf_str(out, " not measurable");
	}
	buf_char(out, '\n');
}

static void networks(const struct finding_report *report, const struct show_style *style,
		     struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t count = report->network_count, shown = show_rows(style, count);
	struct pick *picks = calloc(count ? count : 1, sizeof(*picks));

	out->failed |= !picks;
	if (!picks || count == 0) {
		free(picks);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		picks[i] = (struct pick){
			(uint64_t)report->networks[i].dark,
			report->networks[i].announcements +
				(uint64_t)report->networks[i].withdrawals, i,
		};
	picks_choose(picks, count, shown);
	show_title(style, out, "Networks when the recordings end");
	networks_summary(report, out);
	grid_column(&grid, "network", false);
	grid_column(&grid, "state", false);
	grid_column(&grid, "visibility", true);
	grid_column(&grid, "held by", true);
	grid_column(&grid, "origin", false);
	grid_column(&grid, "announced", true);
	grid_column(&grid, "withdrawn", true);
	grid_column(&grid, "outages", true);
	grid_column(&grid, "dark for", true);
	for (uint32_t i = 0; i < shown; i++)
		network_row(&grid, &report->networks[picks[i].index]);
	grid_print(&grid, 2, style->colour, out);
	cut_line(out, count - shown, "less eventful network", "less eventful networks");
	free(picks);
}

static void stuck_routes(const struct finding_report *report, const struct show_style *style,
			 struct buf *out)
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
	unsigned columns = SHOW_LEVEL | SHOW_BOUNDS | SHOW_NETWORKS | SHOW_LOST;
	bool six = has_signal(report, "IPv6");

	headline(finding, style, out);
	signals(finding, style, out);
	outages_of(report->outages, report->outage_count, "IPv4",
		   six ? "Outages of IPv4" : "Outages", columns, style, out);
	outages_of(report->outages, report->outage_count, "IPv6", "Outages of IPv6", columns, style,
		   out);
	episodes(report, style, out);
	if (finding->result.connection && report->network_count)
		show_connection_report(finding, style, out);
	show_causes(finding, style, out);
	show_stability(finding, style, out);
	instabilities(report, style, out);
	networks(report, style, out);
	/* A place that is one network has nothing new to say here. */
	if (report->network_count > 1)
		outages_of(report->network_outages, report->network_outage_count, NULL,
			   "Outages network by network", SHOW_PLACE | SHOW_BOUNDS, style, out);
	stuck_routes(report, style, out);
}
