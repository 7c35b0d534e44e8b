/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame around every answer: what was asked, who was listening, what could not be measured, out
 * of what.
 */
#include "show/finding.h"

#include <string.h>

#include "show/grid.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Longer lines are hard to read, however wide the terminal. */
#define WIDTH_MAX 100u
/* A list of networks may be long. */
#define SUBJECT_WIDTH 60

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

static unsigned word_width(const char *word, size_t len)
{
	unsigned width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)word[i] & 0xc0) != 0x80;
	return width;
}

void show_wrapped(const struct show_style *style, struct buf *out, unsigned indent,
		  const char *text)
{
	unsigned width = style->width ? style->width : 80, column = 0;

	if (width > WIDTH_MAX)
		width = WIDTH_MAX;
	while (*text) {
		size_t len = strcspn(text, " ");
		unsigned room = word_width(text, len);

		if (column && column + 1 + room <= width) {
			buf_char(out, ' ');
			column += 1 + room;
		} else {
			if (column)
				buf_char(out, '\n');
			buf_printf(out, "%*s", (int)(column ? indent + 2 : indent), "");
			column = (column ? indent + 2 : indent) + room;
		}
		buf_add(out, text, len);
		text += len + (text[len] == ' ');
	}
	buf_char(out, '\n');
}

/* A line that was put together in `line`, which it empties. */
static void wrap_line(const struct show_style *style, struct buf *out, struct buf *line)
{
	buf_char(line, '\0');
	out->failed |= line->failed;
	if (!line->failed)
		show_wrapped(style, out, 2, line->data);
	buf_free(line);
}

void show_bound(struct buf *out, const struct finding_bound *bound)
{
	show_time(out, bound->at);
	if (bound->earliest == bound->at && bound->latest == bound->at)
		return;
	buf_str(out, " (");
	if (bound->earliest / UTC_DAY == bound->at / UTC_DAY)
		show_until(out, bound->earliest, bound->at);
	else
		show_time(out, bound->earliest);
	buf_str(out, " to ");
	show_until(out, bound->latest, bound->at);
	buf_char(out, ')');
}

static void head(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_question *question = &finding->question;
	const struct finding_coverage *coverage = &finding->result.coverage;

	buf_str(out, style->colour ? BOLD : "");
	buf_printf(out, "constat %s", question->kind);
	if (*question->subject)
		buf_printf(out, " %.*s%s", SUBJECT_WIDTH, question->subject,
			   strlen(question->subject) > SUBJECT_WIDTH ? "…" : "");
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

static void coverage_family(const struct finding_coverage_family *family, struct buf *line)
{
	buf_printf(line, "%s: ", family->family);
	show_count(line, family->live, "live vantage point", "live vantage points");
	buf_str(line, ", full feeds of ");
	show_count(line, family->full_feed_peers, "peer AS", "peer ASes");
	buf_str(line, " (a full feed: ");
	show_number(line, family->full_feed_asked);
	buf_str(line, " networks)");
	if (family->measured) {
		buf_str(line, "; visibility measured for ");
		utc_format_duration(line, family->measured);
	}
}

static void coverage_sessions(const struct finding_coverage *coverage, struct buf *line)
{
	if (coverage->sessions_lost == 0) {
		buf_str(line, "no feeding session went down");
	} else {
		show_count(line, coverage->sessions_lost, "session that fed routes was lost",
			   "sessions that fed routes were lost");
		if (coverage->sessions_lost_inferred)
			buf_printf(line, " (%u inferred)", coverage->sessions_lost_inferred);
	}
	if (coverage->silences) {
		buf_str(line, "; ");
		show_count(line, coverage->silences, "vantage point fell silent",
			   "times a vantage point fell silent");
	}
	if (coverage->sessions_lost || coverage->silences)
		buf_str(line, ": those vantage points count on neither side until their table is "
			      "known again");
}

static void coverage(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_coverage *coverage = &finding->result.coverage;
	struct buf line = { 0 };
	uint32_t live = 0;

	if (coverage->from == UTC_NEVER)
		return;
	show_title(style, out, "Seen from");
	show_count(&line, coverage->collectors, "collector, ", "collectors, ");
	show_count(&line, coverage->vantage_points, "vantage point of ", "vantage points of ");
	show_count(&line, coverage->peer_ases, "peer AS that held routes, ",
		   "peer ASes that held routes, ");
	buf_str(&line, coverage->rib ? "with a RIB" : "no RIB");
	wrap_line(style, out, &line);
	for (uint32_t i = 0; i < coverage->family_count; i++)
		live += coverage->families[i].live;
	for (uint32_t i = 0; i < coverage->family_count; i++) {
		/*
		 * Nobody carries this family; or nobody is live at all, which a RIB must not hide.
		 */
		if (!coverage->families[i].live && (live || !coverage->rib))
			continue;
		coverage_family(&coverage->families[i], &line);
		wrap_line(style, out, &line);
	}
	if (coverage->announcements + coverage->withdrawals) {
		show_count(&line, coverage->announcements, "announcement, ", "announcements, ");
		show_count(&line, coverage->withdrawals, "withdrawal, ", "withdrawals, ");
		show_number(&line, coverage->spurious);
		buf_str(&line, " of them spurious (of routes not known to be held)");
		wrap_line(style, out, &line);
		coverage_sessions(coverage, &line);
		wrap_line(style, out, &line);
	}
	for (uint32_t i = 0; i < finding->gap_count; i++) {
		buf_printf(&line, "gap: %s %s from ", finding->gaps[i].collector,
			   finding->gaps[i].why);
		show_time(&line, finding->gaps[i].from);
		buf_str(&line, " to ");
		show_time(&line, finding->gaps[i].until);
		wrap_line(style, out, &line);
	}
}

static void limits(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_result *result = &finding->result;

	if (result->limit_count == 0)
		return;
	show_title(style, out, "Limits of this measurement");
	for (uint32_t i = 0; i < result->limit_count; i++)
		show_wrapped(style, out, 2, result->limits[i].text);
}

static void foot_inputs(const struct finding *finding, struct buf *line)
{
	const struct finding_question *question = &finding->question;
	const struct finding_provenance *provenance = &finding->provenance;
	bool ends = question->until != UTC_NEVER || question->at != UTC_NEVER;
	uint64_t records = 0, bytes = 0;
	uint32_t damaged = 0;

	for (uint32_t i = 0; i < provenance->input_count; i++) {
		const struct finding_input *input = &provenance->inputs[i];

		records += input->records;
		bytes += input->bytes;
		/* What lies behind the question's end was not read, and is not damaged. */
		damaged += !input->whole && (!ends || input->fault_count || *input->error);
	}
	show_count(line, provenance->input_count, "input, ", "inputs, ");
	show_count(line, records, "record, ", "records, ");
	show_count(line, bytes, "byte", "bytes");
	if (damaged)
		buf_printf(line, ", %u not read whole", damaged);
}

static void foot_source(const struct finding_source *source, struct buf *line)
{
	if (strcmp(source->kind, "names") == 0)
		buf_printf(line, "AS names: %s", source->name);
	else if (strcmp(source->kind, "relationships") == 0)
		buf_printf(line, "AS relationships: %s", source->name);
	else
		buf_printf(line, "countries by %s: %s", source->kind, source->name);
	if (source->date == UTC_NEVER)
		return;
	buf_str(line, " of ");
	show_time(line, source->date);
	if (source->date % UTC_DAY == 0 && !line->failed)
		line->len -= strlen(" 00:00:00");
}

static void foot(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_provenance *provenance = &finding->provenance;
	struct buf line = { 0 };

	show_title(style, out, "Out of");
	foot_inputs(finding, &line);
	wrap_line(style, out, &line);
	for (uint32_t i = 0; i < provenance->source_count; i++) {
		foot_source(&provenance->sources[i], &line);
		wrap_line(style, out, &line);
	}
	buf_printf(out, "  %s, method %u\n", provenance->program, finding->method);
}

int show_finding(const struct finding *finding, const struct show_style *style, struct buf *out,
		 struct err *err)
{
	const struct finding_result *result = &finding->result;

	head(finding, style, out);
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
	coverage(finding, style, out);
	limits(finding, style, out);
	foot(finding, style, out);
	return out->failed ? err_memory(err) : 0;
}
