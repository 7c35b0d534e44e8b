/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom: gateways, upstreams, every path, and networks whose paths and registrations
 * disagree.
 */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static void transit_grid(const struct finding_upstreams *upstreams, const char *role,
			 const char *title, const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t count = 0, shown;

	for (uint32_t i = 0; i < upstreams->transit_count; i++)
		count += strcmp(upstreams->transits[i].role, role) == 0;
	if (count == 0)
		return;
	show_title(style, out, title);
	grid_column(&grid, "AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "country", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "peer ASes", true);
	shown = show_rows(style, count);
	for (uint32_t i = 0; i < upstreams->transit_count && shown; i++) {
		const struct finding_transit *transit = &upstreams->transits[i];

		if (strcmp(transit->role, role) != 0)
			continue;
		shown--;
		grid_printf(&grid, "AS%u", transit->asn);
		grid_clipped(&grid, transit->name, 32);
		grid_printf(&grid, "%s%s", transit->country,
			    transit->country_inferred ? " (inferred)" : "");
		grid_printf(&grid, "%u of %u", transit->networks, upstreams->networks);
		grid_share(&grid, transit->share);
		grid_printf(&grid, "%u of %u", transit->peers, upstreams->peers);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "ASes");
}

static void edge_grid(const struct finding_upstreams *upstreams, const struct show_style *style,
		      struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t count = 0, shown;

	for (uint32_t i = 0; i < upstreams->transit_count; i++)
		count += strcmp(upstreams->transits[i].role, "edge") == 0;
	if (count == 0)
		return;
	show_title(style, out, "Edges (the links over which paths enter the country)");
	grid_column(&grid, "from", false);
	grid_column(&grid, "to", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "peer ASes", true);
	shown = show_rows(style, count);
	for (uint32_t i = 0; i < upstreams->transit_count && shown; i++) {
		const struct finding_transit *edge = &upstreams->transits[i];

		if (strcmp(edge->role, "edge") != 0)
			continue;
		shown--;
		grid_printf(&grid, "AS%u", edge->asn);
		grid_printf(&grid, "AS%u", edge->to);
		grid_printf(&grid, "%u of %u", edge->networks, upstreams->networks);
		grid_share(&grid, edge->share);
		grid_printf(&grid, "%u of %u", edge->peers, upstreams->peers);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "edges");
}

static void path_grid(const struct finding_upstreams *upstreams, const struct show_style *style,
		      struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, upstreams->path_count);

	show_title(style, out, "Paths (prepending folded)");
	grid_column(&grid, "networks", true);
	grid_column(&grid, "peer ASes", true);
	grid_column(&grid, "path", false);
	for (uint32_t i = 0; i < shown; i++) {
		grid_number(&grid, upstreams->paths[i].networks);
		grid_number(&grid, upstreams->paths[i].peers);
		grid_cell(&grid, upstreams->paths[i].path);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, upstreams->path_count, "paths");
	if (upstreams->paths_left_out)
		buf_printf(out, "  %u more routes had other paths, which are not in the finding\n",
			   upstreams->paths_left_out);
}

static void flagged_grid(const struct finding_upstreams *upstreams, const char *flag,
			 const char *title, uint32_t total, const struct show_style *style,
			 struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, total), printed = 0;

	if (total == 0)
		return;
	show_title(style, out, title);
	grid_column(&grid, "network", false);
	grid_column(&grid, "registered", false);
	grid_column(&grid, "origin", false);
	grid_column(&grid, "of", false);
	grid_column(&grid, "peer ASes", true);
	grid_column(&grid, "path", false);
	for (uint32_t i = 0; i < upstreams->flagged_count && printed < shown; i++) {
		const struct finding_flagged *network = &upstreams->flagged[i];

		if (strcmp(network->flag, flag) != 0)
			continue;
		printed++;
		grid_cell(&grid, network->network);
		grid_cell(&grid, network->country);
		grid_printf(&grid, "AS%u", network->origin);
		grid_cell(&grid, network->origin_country);
		grid_number(&grid, network->peers);
		grid_cell(&grid, network->path);
	}
	grid_print(&grid, 2, style->colour, out);
	if (printed < total) {
		buf_str(out, "  … and ");
		show_number(out, total - printed);
		buf_printf(out, " more networks%s\n", shown < total ? " (--rows 0 shows all)" : "");
	}
}

void show_upstreams(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_upstreams *upstreams = finding->result.upstreams;

	show_count(out, upstreams->networks, "network in the table of ",
		   "networks in the table of ");
	show_time(out, upstreams->at);
	buf_str(out, ", seen from ");
	show_count(out, upstreams->peers, "peer AS\n", "peer ASes\n");
	if (finding->result.connection)
		show_connection(finding, style, out);
	if (upstreams->networks == 0)
		return;
	transit_grid(upstreams, "gateway", "Gateways (the last foreign AS before the country)",
		     style, out);
	transit_grid(upstreams, "upstream", "Upstreams (the AS before the origin)", style, out);
	edge_grid(upstreams, style, out);
	show_hegemony(finding, style, out);
	path_grid(upstreams, style, out);
	flagged_grid(upstreams, "foreign-origin",
		     "Flagged, counted: registered here, originated by an AS of elsewhere",
		     upstreams->foreign_origin, style, out);
	flagged_grid(upstreams, "foreign-registered",
		     "Flagged, not counted: registered elsewhere, but through an AS of here "
		     "(transit, or a forged path)",
		     upstreams->foreign_registered, style, out);
}
