/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stability of a place: how it was around its outages, hour by hour where nothing is wrong, and
 * which ASes took turns.
 */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

static const struct finding_spell *spell_of(const struct finding_report *report, uint32_t outage,
					    const char *when)
{
	for (uint32_t i = 0; i < report->spell_count; i++)
		if (report->spells[i].outage == outage && strcmp(report->spells[i].when, when) == 0)
			return &report->spells[i];
	return NULL;
}

static void spell_cells(struct grid *grid, const struct finding_spell *spell)
{
	if (!spell) {
		grid_cell(grid, "");
		grid_cell(grid, "");
		return;
	}
	grid_number(grid, spell->hourly);
	grid_number(grid, spell->transitions);
}

static void spells(const struct finding_report *report, const struct show_style *style,
		   struct buf *out)
{
	static const char *const whens[] = { "before", "during", "after" };
	uint32_t shown = show_rows(style, report->outage_count);
	struct grid grid = { 0 };

	if (report->spell_count == 0)
		return;
	show_title(style, out,
		   "Updates an hour, and networks that went dark or came back, around each outage");
	grid_column(&grid, "outage", false);
	grid_column(&grid, "", false);
	for (unsigned k = 0; k < 3; k++) {
		grid_column(&grid, whens[k], true);
		grid_column(&grid, "changed", true);
	}
	grid_column(&grid, "usual", true);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_outage *outage = &report->outages[i];
		const struct finding_spell *during = spell_of(report, i + 1, "during");

		grid_time(&grid, outage->start.at);
		grid_cell(&grid, strcmp(outage->family, "IPv6") == 0 ? "IPv6" : "");
		for (unsigned k = 0; k < 3; k++)
			spell_cells(&grid, spell_of(report, i + 1, whens[k]));
		grid_number(&grid, during ? during->baseline : 0);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, report->outage_count, "outages");
}

static void turns(const struct finding_unrest *unrest, const struct show_style *style,
		  struct buf *out)
{
	uint32_t shown = show_rows(style, unrest->alternate_count);
	struct grid grid = { 0 };

	grid_column(&grid, "", false);
	grid_column(&grid, "before", false);
	grid_column(&grid, "times", true);
	grid_column(&grid, "from", false);
	grid_column(&grid, "until", false);
	grid_column(&grid, "name", false);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_alternate *alternate = &unrest->alternates[i];

		grid_printf(&grid, "AS%u", alternate->asn);
		grid_printf(&grid, "AS%u", alternate->behind);
		grid_number(&grid, alternate->announcements);
		grid_until(&grid, alternate->first, unrest->start.at);
		grid_until(&grid, alternate->last, unrest->start.at);
		grid_clipped(&grid, alternate->name, 24);
	}
	grid_print(&grid, 4, style->colour, out);
	show_cut(style, out, unrest->alternate_count, "ASes");
}

static void unrest_one(const struct finding_report *report, const struct finding_unrest *unrest,
		       const struct show_style *style, struct buf *out)
{
	buf_str(out, "  from ");
	show_bound(out, &unrest->start);
	buf_str(out, " to ");
	show_bound(out, &unrest->end);
	if (unrest->outage) {
		buf_printf(out, ", %s the outage of ", unrest->when);
		show_time(out, report->outages[unrest->outage - 1].start.at);
	}
	buf_str(out, ":\n    ");
	show_count(out, unrest->network_count, "network, ", "networks, ");
	show_count(out, (uint64_t)unrest->announcements + unrest->withdrawals, "update by ",
		   "updates by ");
	show_count(out, unrest->vantage_points, "vantage point of ", "vantage points of ");
	show_count(out, unrest->peer_ases, "peer AS", "peer ASes");
	for (uint32_t i = 0; i < unrest->stable_count; i++)
		buf_printf(out, "%sAS%u", i ? " " : "; in every path ", unrest->stable[i]);
	buf_char(out, '\n');
	if (unrest->alternate_count > 1) {
		buf_str(out, "    took turns:\n");
		turns(unrest, style, out);
	}
}

void show_stability(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	uint32_t shown = show_rows(style, report->unrest_count);

	spells(report, style, out);
	if (report->unrest_count == 0)
		return;
	show_title(style, out, "Episodes of instability");
	for (uint32_t i = 0; i < shown; i++)
		unrest_one(report, &report->unrest[i], style, out);
	show_cut(style, out, report->unrest_count, "episodes");
}
