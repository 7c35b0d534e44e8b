/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened in the world: outages ranked by what was lost, storms of withdrawals by peer AS. */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static void outage_end(struct grid *grid, const struct finding_outage *outage)
{
	if (strcmp(outage->ended, "open") == 0)
		grid_cell(grid, "not in the data");
	else if (strcmp(outage->ended, "step") == 0)
		grid_cell(grid, "became the baseline");
	else
		grid_time(grid, outage->end.at);
}

static void bound_cell(struct grid *grid, const struct finding_bound *bound)
{
	int64_t before = bound->at - bound->earliest, after = bound->latest - bound->at;

	if (bound->at == UTC_NEVER)
		grid_cell(grid, "");
	else
		grid_printf(grid, "−%lld +%lld s", (long long)((before + UTC_SECOND - 1) / UTC_SECOND),
			    (long long)((after + UTC_SECOND - 1) / UTC_SECOND));
}

void show_outage_grid(const struct finding_outage *outages, uint32_t count, const struct show_style *style,
		      struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, count);

	grid_column(&grid, "place", false);
	grid_column(&grid, "", false);
	grid_column(&grid, "level", false);
	grid_column(&grid, "from", false);
	grid_column(&grid, "bounds", false);
	grid_column(&grid, "until", false);
	grid_column(&grid, "bounds", false);
	grid_column(&grid, "lasted", true);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "space left", true);
	grid_column(&grid, "peer ASes", true);
	grid_column(&grid, "episode", true);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_outage *outage = &outages[i];

		grid_cell(&grid, outage->place);
		grid_cell(&grid, strcmp(outage->family, "IPv6") == 0 ? "IPv6" : "");
		grid_cell(&grid, outage->level);
		grid_time(&grid, outage->start.at);
		bound_cell(&grid, &outage->start);
		outage_end(&grid, outage);
		bound_cell(&grid, &outage->end);
		grid_duration(&grid, outage->duration);
		grid_printf(&grid, "%u → %u", outage->networks_before, outage->networks_lowest);
		if (outage->baseline)
			grid_printf(&grid, "%llu of %llu", (unsigned long long)outage->lowest,
				    (unsigned long long)outage->baseline);
		else
			grid_cell(&grid, "");
		grid_number(&grid, outage->peers_lowest);
		grid_number(&grid, outage->episode);
	}
	grid_print(&grid, 2, style->colour, out);
}

static void peer_grid(const struct finding_storm_peer *peers, uint32_t count, const struct show_style *style,
		      struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, count);

	grid_column(&grid, "peer AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "withdrawals", true);
	grid_column(&grid, "of them spurious", true);
	grid_column(&grid, "announcements", true);
	for (uint32_t i = 0; i < shown; i++) {
		grid_printf(&grid, "AS%u", peers[i].asn);
		grid_cell(&grid, peers[i].name);
		grid_number(&grid, peers[i].withdrawals);
		grid_number(&grid, peers[i].spurious);
		grid_number(&grid, peers[i].announcements);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "peer ASes");
}

static void storm_list(const struct finding_outages *outages, const struct show_style *style, struct buf *out)
{
	for (uint32_t i = 0; i < outages->storm_count; i++) {
		const struct finding_storm *storm = &outages->storms[i];

		show_title(style, out, "Storm of withdrawals");
		buf_str(out, "  ");
		show_time(out, storm->from);
		buf_str(out, " to ");
		show_time(out, storm->until);
		buf_str(out, ": ");
		show_number(out, storm->withdrawals);
		buf_str(out, " withdrawals, ");
		show_number(out, storm->spurious);
		buf_str(out, " of them spurious, ");
		show_number(out, storm->announcements);
		buf_str(out, " announcements\n");
		peer_grid(storm->peers, storm->peer_count, style, out);
	}
}

void show_outages(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_outages *outages = finding->result.outages;
	bool measured = false;

	for (uint32_t i = 0; i < finding->result.coverage.family_count; i++)
		measured |= finding->result.coverage.families[i].measurable;
	show_title(style, out, "Outages, by address space × duration");
	if (outages->outage_count) {
		show_outage_grid(outages->outages, outages->outage_count, style, out);
		show_cut(style, out, outages->outage_count, "outages");
	} else {
		buf_str(out, measured ? "  none\n" : "  none claimed: visibility was not measurable (see below)\n");
	}
	storm_list(outages, style, out);
	if (outages->peer_count) {
		show_title(style, out, "Heard from, over the whole recording");
		peer_grid(outages->peers, outages->peer_count, style, out);
	}
}
