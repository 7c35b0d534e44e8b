/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened in the world: outages ranked by what was lost, storms of withdrawals by peer AS. */
#include <stdlib.h>
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

#define NAME_WIDTH	14u	/* beside other columns */
#define PEER_NAME_WIDTH	40u

static void end_cell(struct grid *grid, const struct finding_outage *outage)
{
	if (strcmp(outage->ended, "over") == 0)
		grid_until(grid, outage->end.at, outage->start.at);
	else
		grid_cell(grid, outage->ended);
}

/* Seconds to the bounds, rounded away from the crossing. */
static void bound_cell(struct grid *grid, const struct finding_bound *bound)
{
	int64_t before = bound->at - bound->earliest, after = bound->latest - bound->at;

	if (bound->at == UTC_NEVER)
		grid_cell(grid, "");
	else
		grid_printf(grid, "−%lld +%lld",
			    (long long)((before + UTC_SECOND - 1) / UTC_SECOND),
			    (long long)((after + UTC_SECOND - 1) / UTC_SECOND));
}

static void outage_titles(struct grid *grid, unsigned columns, bool six)
{
	if (columns & SHOW_PLACE)
		grid_column(grid, "place", false);
	if (columns & SHOW_NAME)
		grid_column(grid, "", false);
	if (columns & SHOW_LEVEL)
		grid_column(grid, "level", false);
	grid_column(grid, "from", false);
	if (columns & SHOW_BOUNDS)
		grid_column(grid, "± s", false);
	grid_column(grid, "until", false);
	if (columns & SHOW_BOUNDS)
		grid_column(grid, "± s", false);
	grid_column(grid, "lasted", true);
	if (columns & SHOW_NETWORKS)
		grid_column(grid, "networks", true);
	if (columns & SHOW_LOST)
		grid_column(grid, six ? "/48 lost" : "/24 lost", true);
}

static void outage_row(struct grid *grid, const struct finding_outage *outage, unsigned columns)
{
	if (columns & SHOW_PLACE)
		grid_cell(grid, outage->place);
	if (columns & SHOW_NAME)
		grid_clipped(grid, outage->name, NAME_WIDTH);
	if (columns & SHOW_LEVEL)
		grid_cell(grid, outage->level);
	grid_time(grid, outage->start.at);
	if (columns & SHOW_BOUNDS)
		bound_cell(grid, &outage->start);
	end_cell(grid, outage);
	if (columns & SHOW_BOUNDS)
		bound_cell(grid, &outage->end);
	grid_duration(grid, outage->duration);
	if (columns & SHOW_NETWORKS)
		grid_printf(grid, "%u → %u", outage->networks_before, outage->networks_lowest);
	if (columns & SHOW_LOST)
		grid_number(grid, outage->baseline > outage->lowest
					  ? outage->baseline - outage->lowest
					  : 0);
}

void show_outage_grid(const struct finding_outage *const *outages, uint32_t count, unsigned columns,
		      const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };
	bool open = false, step = false;

	outage_titles(&grid, columns, count && strcmp(outages[0]->family, "IPv6") == 0);
	for (uint32_t i = 0; i < count; i++) {
		outage_row(&grid, outages[i], columns);
		open |= strcmp(outages[i]->ended, "open") == 0;
		step |= strcmp(outages[i]->ended, "step") == 0;
	}
	grid_print(&grid, 2, style->colour, out);
	if (columns & SHOW_BOUNDS)
		buf_str(out, "  ± s: seconds to the first and the last message of the burst around "
			     "it\n");
	if (open)
		buf_str(out, "  open: not over when the recordings end\n");
	if (step)
		buf_str(out, "  step: the level held for so long that it became the baseline\n");
}

static void peer_grid(const struct finding_storm_peer *peers, uint32_t count,
		      const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, count);

	grid_column(&grid, "peer AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "withdrawals", true);
	grid_column(&grid, "spurious", true);
	grid_column(&grid, "announcements", true);
	for (uint32_t i = 0; i < shown; i++) {
		grid_printf(&grid, "AS%u", peers[i].asn);
		grid_clipped(&grid, peers[i].name, PEER_NAME_WIDTH);
		grid_number(&grid, peers[i].withdrawals);
		grid_number(&grid, peers[i].spurious);
		grid_number(&grid, peers[i].announcements);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "peer ASes");
}

static void storm_list(const struct finding_outages *outages, const struct show_style *style,
		       struct buf *out)
{
	struct show_style few = *style;
	uint32_t shown = show_rows(style, outages->storm_count);

	if (shown == 0)
		return;
	/* Where there are several, the first peers of each. */
	if (shown > 1 && style->rows > 5)
		few.rows = 5;
	show_title(style, out, shown == 1 ? "A storm of withdrawals" : "Storms of withdrawals");
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_storm *storm = &outages->storms[i];

		buf_str(out, i ? "\n  " : "  ");
		show_time(out, storm->from);
		buf_str(out, " to ");
		show_until(out, storm->until, storm->from);
		buf_str(out, ": ");
		show_count(out, storm->withdrawals, "withdrawal, ", "withdrawals, ");
		show_number(out, storm->spurious);
		buf_str(out, " of them spurious, ");
		show_count(out, storm->announcements, "announcement\n", "announcements\n");
		peer_grid(storm->peers, storm->peer_count, &few, out);
	}
	show_cut(style, out, outages->storm_count, "storms");
}

/* Blocks of the two families cannot be compared: each has its own ranking. */
static void outage_family(const struct finding_outages *outages, const char *family,
			  const struct show_style *style, struct buf *out)
{
	const struct finding_outage **rows =
		calloc(outages->outage_count ? outages->outage_count : 1, sizeof(*rows));
	uint32_t count = 0;

	for (uint32_t i = 0; rows && i < outages->outage_count; i++) {
		if (strcmp(outages->outages[i].family, family) == 0)
			rows[count++] = &outages->outages[i];
	}
	if (count) {
		show_title(style, out,
			   strcmp(family, "IPv6") == 0
				   ? "Outages of IPv6, by address space × duration"
				   : "Outages of IPv4, by address space × duration");
		show_outage_grid(rows, show_rows(style, count),
				 SHOW_PLACE | SHOW_NAME | SHOW_LEVEL | SHOW_LOST, style, out);
		show_cut(style, out, count, "outages");
	}
	out->failed |= !rows;
	free(rows);
}

void show_outages(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_outages *outages = finding->result.outages;
	bool measured = false;

	for (uint32_t i = 0; i < finding->result.coverage.family_count; i++)
		measured |= finding->result.coverage.families[i].measurable;
	if (outages->outage_count == 0)
		buf_str(out, measured ? "No outage.\n"
				      : "No outage claimed: visibility was not measurable (see the "
					"limits below).\n");
	outage_family(outages, "IPv4", style, out);
	outage_family(outages, "IPv6", style, out);
	storm_list(outages, style, out);
	if (outages->peer_count) {
		show_title(style, out, "What each peer AS sent, over the whole recording");
		peer_grid(outages->peers, outages->peer_count, style, out);
	}
}
