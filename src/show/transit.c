/* SPDX-License-Identifier: BSD-2-Clause */
/* AS hegemony of a place, and the frontiers of countries. */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static void hegemony_grid(const struct finding *finding, const struct finding_hegemony_view *view,
			  const struct show_style *style, struct buf *out)
{
	const struct finding_upstreams *upstreams = finding->result.upstreams;
	struct grid grid = { 0 };
	uint32_t count = 0, shown;

	for (uint32_t i = 0; i < upstreams->hegemony_count; i++)
		count += strcmp(upstreams->hegemony[i].family, view->family) == 0;
	shown = show_rows(style, count);
	grid_column(&grid, "AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "country", false);
	grid_column(&grid, "side", false);
	grid_column(&grid, "hegemony", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "peer ASes", true);
	for (uint32_t i = 0; i < upstreams->hegemony_count && shown; i++) {
		const struct finding_hegemony *row = &upstreams->hegemony[i];

		if (strcmp(row->family, view->family) != 0)
			continue;
		shown--;
		grid_printf(&grid, "AS%u", row->asn);
		grid_cell(&grid, row->name);
		grid_printf(&grid, "%s%s", row->country,
			    row->country_inferred ? " (inferred)" : "");
		grid_cell(&grid, row->side);
		if (view->measurable)
			grid_share(&grid, row->hegemony);
		else
			grid_cell(&grid, "not measurable");
		grid_share(&grid, row->share);
		grid_printf(&grid, "%u of %u", row->peers, view->peers);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "ASes");
}

void show_hegemony(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_upstreams *upstreams = finding->result.upstreams;
	const char *by = strcmp(finding->question.weight, "space") == 0 ? "address space"
									: "networks";

	for (uint32_t i = 0; i < upstreams->view_count; i++) {
		const struct finding_hegemony_view *view = &upstreams->views[i];

		show_title(style, out, "AS hegemony (ASes that the ways here cross)");
		buf_printf(out, "  %s by %s, from %u peer AS%s %s", view->family, by, view->peers,
			   view->peers == 1 ? "" : "es",
			   view->full_feeds ? "with a full feed"
					    : "that hold routes, none with a full feed");
		if (view->measurable)
			buf_printf(out, ", %u left out at each end\n", view->trimmed);
		else
			buf_str(out, ": not measurable from so few, plain shares only\n");
		hegemony_grid(finding, view, style, out);
	}
}

static void ases_text(const uint32_t *ases, uint32_t count, uint32_t all, struct grid *grid)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < count; i++)
		buf_printf(&text, "%sAS%u", i ? " " : "", ases[i]);
	if (count == 0 && all)
		buf_printf(&text, "%u ASes", all);
	if (text.failed)
		grid->failed = true;
	else
		grid_printf(grid, "%.*s", (int)text.len, text.data ? text.data : "");
	buf_free(&text);
}

void show_frontier(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_frontier *frontier = finding->result.frontier;
	uint32_t shown = show_rows(style, frontier->row_count);
	struct grid grid = { 0 };

	buf_str(out, "ASes with a foreign neighbour in the table of ");
	show_time(out, frontier->at);
	buf_printf(out, ", seen from %u peer AS%s; each count is a lower bound\n", frontier->peers,
		   frontier->peers == 1 ? "" : "es");
	show_title(style, out,
		   "Countries by risk (Renesys 2012: the fewer ASes at the frontier, the greater)");
	grid_column(&grid, "class", false);
	grid_column(&grid, "countries", true);
	for (uint32_t i = 0; i < frontier->class_count; i++) {
		grid_cell(&grid, frontier->classes[i].risk);
		grid_number(&grid, frontier->classes[i].countries);
	}
	grid_print(&grid, 2, style->colour, out);
	grid = (struct grid){ 0 };
	show_title(style, out, "Frontiers");
	grid_column(&grid, "country", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "class", false);
	grid_column(&grid, "frontier", true);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "ASes", false);
	grid_column(&grid, "foreign neighbours", false);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_frontier_row *row = &frontier->rows[i];

		grid_cell(&grid, row->country);
		grid_cell(&grid, row->name);
		grid_cell(&grid, row->risk);
		grid_number(&grid, row->domestic);
		grid_number(&grid, row->networks);
		ases_text(row->domestic_ases, row->domestic_as_count, row->domestic, &grid);
		if (row->sole_foreign && *row->sole_foreign_name)
			grid_printf(&grid, "AS%u %s", row->sole_foreign, row->sole_foreign_name);
		else
			ases_text(row->foreign_ases, row->foreign_as_count, row->foreign, &grid);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, frontier->row_count, "countries");
}
