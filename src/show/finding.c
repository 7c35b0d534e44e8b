/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame around every answer: what was asked, who was listening, what could not be measured, out of what. */
#include "show/finding.h"

#include <string.h>

#include "show/grid.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

void show_title(const struct show_style *style, struct buf *out, const char *title)
{
	buf_char(out, '\n');
	buf_str(out, style->colour ? BOLD : "");
	buf_str(out, title);
	buf_str(out, style->colour ? PLAIN : "");
	buf_char(out, '\n');
}

uint32_t show_rows(const struct show_style *style, uint32_t count)
{
	return style->rows && count > style->rows ? style->rows : count;
}

void show_cut(const struct show_style *style, struct buf *out, uint32_t count, const char *what)
{
	uint32_t shown = show_rows(style, count);

	if (shown == count)
		return;
	buf_str(out, "  … and ");
	show_number(out, count - shown);
	buf_printf(out, " more %s (--rows 0 shows all)\n", what);
}

void show_bound(struct buf *out, const struct finding_bound *bound)
{
	if (bound->at == UTC_NEVER) {
		buf_str(out, "not in the data");
		return;
	}
	show_time(out, bound->at);
	if (bound->earliest == bound->at && bound->latest == bound->at)
		return;
	buf_printf(out, " (−%lld s, +%lld s)",
		   (long long)((bound->at - bound->earliest + UTC_SECOND - 1) / UTC_SECOND),
		   (long long)((bound->latest - bound->at + UTC_SECOND - 1) / UTC_SECOND));
}

void show_head(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_question *question = &finding->question;
	const struct finding_coverage *coverage = &finding->result.coverage;

	buf_str(out, style->colour ? BOLD : "");
	buf_printf(out, "constat %s", question->kind);
	if (*question->subject)
		buf_printf(out, " %s", question->subject);
	buf_str(out, style->colour ? PLAIN : "");
	if (*question->subject_name)
		buf_printf(out, "  %s", question->subject_name);
	buf_char(out, '\n');
	if (coverage->from == UTC_NEVER)
		return;
	buf_str(out, "Recordings from ");
	show_time(out, coverage->from);
	buf_str(out, " to ");
	show_time(out, coverage->until);
	buf_str(out, " (all times UTC)\n");
}

static void coverage_family(const struct finding_coverage_family *family, struct buf *out)
{
	buf_printf(out, "  %s: %u live vantage point%s, full feeds of %u peer AS%s (a full feed: ", family->family,
		   family->live, family->live == 1 ? "" : "s", family->full_feed_peers,
		   family->full_feed_peers == 1 ? "" : "es");
	show_number(out, family->full_feed_asked);
	buf_str(out, " networks)");
	if (family->measured) {
		buf_str(out, "; visibility measured for ");
		utc_format_duration(out, family->measured);
	}
	buf_char(out, '\n');
}

void show_coverage(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_coverage *coverage = &finding->result.coverage;

	if (coverage->from == UTC_NEVER)
		return;
	show_title(style, out, "Seen from");
	buf_printf(out, "  %u collector%s, %u vantage point%s of %u peer AS%s that held routes, %s\n",
		   coverage->collectors, coverage->collectors == 1 ? "" : "s", coverage->vantage_points,
		   coverage->vantage_points == 1 ? "" : "s", coverage->peer_ases,
		   coverage->peer_ases == 1 ? "" : "es", coverage->rib ? "with a RIB" : "no RIB");
	for (uint32_t i = 0; i < coverage->family_count; i++) {
		if (coverage->families[i].live || coverage->rib)
			coverage_family(&coverage->families[i], out);
	}
	if (coverage->announcements + coverage->withdrawals) {
		buf_str(out, "  ");
		show_number(out, coverage->announcements);
		buf_str(out, " announcements, ");
		show_number(out, coverage->withdrawals);
		buf_str(out, " withdrawals, ");
		show_number(out, coverage->spurious);
		buf_str(out, " of them spurious (of routes not known to be held)\n");
	}
	if (coverage->sessions_lost)
		buf_printf(out, "  %u session%s that fed routes lost (%u inferred): those vantage points left both sides "
			   "of the fraction\n", coverage->sessions_lost, coverage->sessions_lost == 1 ? "" : "s",
			   coverage->sessions_lost_inferred);
	else if (coverage->announcements + coverage->withdrawals)
		buf_str(out, "  no feeding session went down\n");
	for (uint32_t i = 0; i < finding->gap_count; i++) {
		buf_printf(out, "  gap: %s silent from ", finding->gaps[i].collector);
		show_time(out, finding->gaps[i].from);
		buf_str(out, " to ");
		show_time(out, finding->gaps[i].until);
		buf_char(out, '\n');
	}
}

void show_limits(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_result *result = &finding->result;

	if (result->limit_count == 0)
		return;
	show_title(style, out, "Limits of this measurement");
	for (uint32_t i = 0; i < result->limit_count; i++)
		buf_printf(out, "  %s\n", result->limits[i].text);
}

static void foot_inputs(const struct finding_provenance *provenance, struct buf *out)
{
	uint64_t records = 0, bytes = 0;
	uint32_t damaged = 0;

	for (uint32_t i = 0; i < provenance->input_count; i++) {
		records += provenance->inputs[i].records;
		bytes += provenance->inputs[i].bytes;
		damaged += !provenance->inputs[i].whole;
	}
	buf_printf(out, "  %u input%s, ", provenance->input_count, provenance->input_count == 1 ? "" : "s");
	show_number(out, records);
	buf_str(out, " records, ");
	show_number(out, bytes);
	buf_str(out, " bytes");
	if (damaged)
		buf_printf(out, ", %u not read whole", damaged);
	buf_char(out, '\n');
}

void show_foot(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_provenance *provenance = &finding->provenance;

	show_title(style, out, "Out of");
	foot_inputs(provenance, out);
	for (uint32_t i = 0; i < provenance->source_count; i++) {
		const struct finding_source *source = &provenance->sources[i];
		bool places = strcmp(source->kind, "names") != 0 && strcmp(source->kind, "relationships") != 0;

		buf_printf(out, "  %s%s%s: %s", places ? "countries" : "AS ", places ? " by " : "", source->kind,
			   source->name);
		if (source->date != UTC_NEVER) {
			buf_str(out, " of ");
			show_time(out, source->date);
		}
		buf_char(out, '\n');
	}
	buf_printf(out, "  %s, method %u\n", provenance->program, finding->method);
}

int show_finding(const struct finding *finding, const struct show_style *style, struct buf *out, struct err *err)
{
	const struct finding_result *result = &finding->result;

	show_head(finding, style, out);
	if (result->census)
		show_census(finding, style, out);
	if (result->upstreams)
		show_upstreams(finding, style, out);
	if (result->frontier)
		show_frontier(finding, style, out);
	if (result->cut)
		show_cut_made(finding, style, out);
	if (result->report)
		show_report(finding, style, out);
	if (result->outages)
		show_outages(finding, style, out);
	if (strcmp(finding->question.kind, "info") == 0)
		show_info(finding, style, out);
	show_coverage(finding, style, out);
	show_limits(finding, style, out);
	show_foot(finding, style, out);
	return out->failed ? err_memory(err) : 0;
}
