/* SPDX-License-Identifier: BSD-2-Clause */
/* What each file and each vantage point holds. */
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

/* A line that was put together in `line`, which it empties. */
static void input_line(const struct show_style *style, struct buf *out, struct buf *line)
{
	buf_char(line, '\0');
	out->failed |= line->failed;
	if (!line->failed)
		show_wrapped(style, out, 4, line->data);
	buf_free(line);
}

static void input_faults(const struct finding_input *input, const struct show_style *style,
			 struct buf *out)
{
	struct buf line = { 0 };

	for (uint32_t i = 0; i < input->fault_count; i++) {
		const struct finding_fault *fault = &input->faults[i];

		buf_printf(&line, "fault %s, ", fault->kind);
		show_count(&line, fault->count, "time: ", "times, first: ");
		buf_str(&line, fault->text);
		input_line(style, out, &line);
	}
}

static void input_bytes(const struct finding_input *input, struct buf *line)
{
	/* The question ended before the input did: how it is stored was not looked at. */
	if (!*input->compression) {
		buf_printf(line, "collector %s, ", input->collector);
		if (input->records)
			show_count(line, input->bytes, "byte of MRT, not read to the end",
				   "bytes of MRT, not read to the end");
		else
			buf_str(line, "not read: the question ends before it");
		return;
	}
	buf_printf(line, "collector %s, %s, ", input->collector,
		   strcmp(input->compression, "none") == 0 ? "not compressed" : input->compression);
	show_count(line, input->bytes_stored, "byte stored, ", "bytes stored, ");
	show_count(line, input->bytes, "byte of MRT", "bytes of MRT");
	if (input->bytes_lost) {
		buf_str(line, ", ");
		show_number(line, input->bytes_lost);
		buf_str(line, " of them lost");
	}
	if (!input->whole)
		buf_str(line, ", not read to the end");
}

static void input_one(const struct finding_input *input, const struct show_style *style,
		      struct buf *out)
{
	struct buf line = { 0 };

	show_title(style, out, input->name);
	if (*input->error) {
		buf_printf(out, "    not read: %s\n", input->error);
		return;
	}
	input_bytes(input, &line);
	input_line(style, out, &line);
	if (input->records) {
		buf_str(out, "    ");
		show_count(out, input->records, "record from ", "records from ");
		show_time(out, input->first);
		buf_str(out, " to ");
		show_time(out, input->last);
		buf_char(out, '\n');
	}
	for (uint32_t i = 0; i < input->type_count; i++) {
		buf_printf(out, "    %s %s: ", input->types[i].type, input->types[i].subtype);
		show_number(out, input->types[i].records);
		buf_char(out, '\n');
	}
	input_faults(input, style, out);
	if (*input->sha256)
		buf_printf(out, "    SHA-256 %s\n", input->sha256);
}

static const char *feed_state(const struct finding_vantage *vantage)
{
	bool four = vantage->full_ipv4_count, six = vantage->full_ipv6_count;

	return four && six ? "both" : four ? "IPv4" : six ? "IPv6" : "";
}

/* A column in which nobody has anything disappears. */
static void count_cell(struct grid *grid, uint64_t count)
{
	if (count)
		grid_number(grid, count);
	else
		grid_cell(grid, "");
}

void show_info(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	struct grid grid = { 0 };

	for (uint32_t i = 0; i < finding->provenance.input_count; i++)
		input_one(&finding->provenance.inputs[i], style, out);
	if (finding->roster_count == 0)
		return;
	show_title(style, out, "Vantage points");
	grid_column(&grid, "collector", false);
	grid_column(&grid, "peer", false);
	grid_column(&grid, "peer AS", false);
	grid_column(&grid, "IPv4", true);
	grid_column(&grid, "IPv6", true);
	grid_column(&grid, "full", false);
	grid_column(&grid, "", false);
	grid_column(&grid, "announced", true);
	grid_column(&grid, "withdrawn", true);
	grid_column(&grid, "states", true);
	grid_column(&grid, "lost", true);
	for (uint32_t i = 0; i < show_rows(style, finding->roster_count); i++) {
		const struct finding_vantage *vantage = &finding->roster[i];
		const struct finding_interval *last =
			vantage->live_count ? &vantage->live[vantage->live_count - 1] : NULL;
		bool live = last &&
			    (last->until == UTC_NEVER || strcmp(last->ended, "end-of-data") == 0);

		grid_cell(&grid, vantage->collector);
		grid_cell(&grid, vantage->peer);
		grid_printf(&grid, "AS%u", vantage->peer_as);
		count_cell(&grid, vantage->held_ipv4);
		count_cell(&grid, vantage->held_ipv6);
		grid_cell(&grid, feed_state(vantage));
		grid_cell(&grid, live ? "" : "blind");
		count_cell(&grid, vantage->announcements);
		count_cell(&grid, vantage->withdrawals);
		count_cell(&grid, vantage->states);
		count_cell(&grid, vantage->sessions_lost);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, finding->roster_count, "vantage points");
}
