/* SPDX-License-Identifier: BSD-2-Clause */
/* What a cut would cost: per country, network by network; or the worst cuts for one country. */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static void country_grid(const struct finding_cut *cut, const struct show_style *style,
			 struct buf *out)
{
	uint32_t shown = show_rows(style, cut->country_count);
	struct grid grid = { 0 };

	if (cut->country_count == 0)
		return;
	show_title(style, out, "Countries");
	grid_column(&grid, "country", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "lost", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "partly", true);
	grid_column(&grid, "one provider left", true);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_cut_country *country = &cut->countries[i];

		grid_cell(&grid, country->country);
		grid_cell(&grid, country->name);
		grid_number(&grid, country->networks);
		grid_number(&grid, country->lost);
		grid_share(&grid, country->lost_share);
		grid_number(&grid, country->partly);
		grid_number(&grid, country->one_provider);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, cut->country_count, "countries");
}

static void network_grid(const struct finding_cut *cut, const struct show_style *style,
			 struct buf *out)
{
	uint32_t shown = show_rows(style, cut->affected_count);
	struct grid grid = { 0 };

	if (cut->affected_count == 0)
		return;
	show_title(style, out, "Networks");
	grid_column(&grid, "network", false);
	grid_column(&grid, "country", false);
	grid_column(&grid, "origin", false);
	grid_column(&grid, "fate", false);
	grid_column(&grid, "kept by", true);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_cut_network *network = &cut->affected[i];

		grid_cell(&grid, network->network);
		grid_cell(&grid, network->country);
		grid_printf(&grid, "AS%u", network->origin);
		grid_cell(&grid, network->fate);
		grid_printf(&grid, "%u of %u", network->kept, network->peers);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, cut->affected_count, "networks");
	if (cut->affected_left_out) {
		buf_str(out, "  ");
		show_number(out, cut->affected_left_out);
		buf_str(out, " networks beyond those listed\n");
	}
}

static void worst_grid(const struct finding_cut *cut, const struct show_style *style,
		       struct buf *out)
{
	struct grid grid = { 0 };

	show_title(style, out, "The cuts that cost most");
	if (cut->worst_count == 0) {
		buf_str(out, "  none of the ASes on the way here costs it a network or a provider "
			     "by itself\n");
		return;
	}
	grid_column(&grid, "AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "country", false);
	grid_column(&grid, "lost", true);
	grid_column(&grid, "share", true);
	grid_column(&grid, "partly", true);
	grid_column(&grid, "one provider left", true);
	for (uint32_t i = 0; i < cut->worst_count; i++) {
		const struct finding_cut_harm *harm = &cut->worst[i];

		grid_printf(&grid, "AS%u", harm->asn);
		grid_cell(&grid, harm->name);
		grid_cell(&grid, harm->country);
		grid_printf(&grid, "%u of %u", harm->lost, cut->networks);
		grid_share(&grid, harm->lost_share);
		grid_number(&grid, harm->partly);
		grid_number(&grid, harm->one_provider);
	}
	grid_print(&grid, 2, style->colour, out);
}

void show_cut_made(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_cut *cut = finding->result.cut;

	buf_str(out, "In the table of ");
	show_time(out, cut->at);
	buf_printf(out, ", seen from %u peer AS%s: ", cut->peers, cut->peers == 1 ? "" : "es");
	show_number(out, cut->ases);
	buf_str(out, " ASes, ");
	show_number(out, cut->links);
	buf_printf(out, " links, relationships %s\n", cut->relations);
	if (strcmp(finding->question.subject_kind, "country") == 0) {
		worst_grid(cut, style, out);
		return;
	}
	for (uint32_t i = 0; i < finding->result.limit_count; i++) {
		if (strcmp(finding->result.limits[i].code, "not-in-paths") == 0)
			buf_printf(out, "%s.\n", finding->result.limits[i].text);
	}
	if (strcmp(cut->link, "no link") == 0)
		buf_str(out, "No path shows this link, and no file states it.\n");
	else if (*cut->link)
		buf_printf(out, "The second AS is taken for the first one's %s.\n", cut->link);
	buf_str(out, "Lost: ");
	show_number(out, cut->lost);
	buf_str(out, " of ");
	show_number(out, cut->networks);
	buf_printf(out, " network%s%s%s; lost by some peer ASes: ", cut->networks == 1 ? "" : "s",
		   *finding->question.within ? " of " : "", finding->question.within);
	show_number(out, cut->partly);
	buf_str(out, "; left with one provider: ");
	show_number(out, cut->one_provider);
	buf_char(out, '\n');
	country_grid(cut, style, out);
	network_grid(cut, style, out);
}
