/* SPDX-License-Identifier: BSD-2-Clause */
/* The census: the world, then each country, IPv4 and IPv6 apart. */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static void census_row(struct grid *grid, const struct finding_census_row *row)
{
	grid_cell(grid, row->country);
	grid_clipped(grid, row->name, 24);
	grid_number(grid, row->networks);
	grid_share(grid, row->networks_share);
	grid_number(grid, row->blocks);
	grid_share(grid, row->blocks_share);
	grid_number(grid, row->origins);
	if (row->foreign_origin)
		grid_number(grid, row->foreign_origin);
	else
		grid_cell(grid, "");
}

static void census_family(const struct finding_census *census, const char *family,
			  const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t count = 0, shown;

	for (uint32_t i = 0; i < census->row_count; i++)
		count += strcmp(census->rows[i].family, family) == 0;
	if (count == 0)
		return;
	show_title(style, out, family);
	grid_column(&grid, "", false);
	grid_column(&grid, "country", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, strcmp(family, "IPv6") == 0 ? "/48 blocks" : "/24 blocks", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "origin ASes", true);
	grid_column(&grid, "foreign origin", true);
	for (uint32_t i = 0; i < census->world_count; i++) {
		if (strcmp(census->world[i].family, family) == 0)
			census_row(&grid, &census->world[i]);
	}
	shown = show_rows(style, count);
	for (uint32_t i = 0; i < census->row_count && shown; i++) {
		if (strcmp(census->rows[i].family, family) != 0)
			continue;
		census_row(&grid, &census->rows[i]);
		shown--;
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "countries");
}

void show_census(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_census *census = finding->result.census;

	buf_str(out, "Networks of each country in the table of ");
	show_time(out, census->at);
	buf_char(out, '\n');
	census_family(census, "IPv4", style, out);
	census_family(census, "IPv6", style, out);
}
