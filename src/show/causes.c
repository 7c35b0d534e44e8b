/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why: for the largest outages all facts and hypotheses, for the others a line each. With records,
 * the events below the facts that rest on them.
 */
#include <stdlib.h>
#include <string.h>

#include "inquiry/cause_words.h"
#include "show/finding.h"
#include "show/grid.h"

/* Outages whose causes are told in full. */
#define WHOLE 2u

static const struct finding_outage *outage_of(const struct finding_report *report,
					      const struct finding_cause *cause)
{
	return &report->outages[cause->outage - 1];
}

static void record_line(const struct finding *finding, uint32_t number, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_event *event = number && number <= report->event_count
						    ? &report->events[number - 1]
						    : NULL;

	if (!event)
		return;
	buf_str(out, "      ");
	show_time(out, event->time);
	buf_printf(out, "  %s  %s AS%u  %s%s%s%s%s\n", event->collector, event->peer,
		   event->peer_as, event->kind, *event->network ? " " : "", event->network,
		   *event->path ? "  " : "", event->path);
	if (number <= finding->provenance.event_count) {
		const struct finding_reference *reference = &finding->provenance.events[number - 1];

		if (reference->input == 0 || reference->input > finding->provenance.input_count)
			return;
		buf_printf(out, "        %s, record %llu at byte %llu\n",
			   finding->provenance.inputs[reference->input - 1].name,
			   (unsigned long long)reference->record,
			   (unsigned long long)reference->offset);
	}
}

/* ": A to B, C": names for the places in "1-4 9". */
static void searched_inputs(const struct finding *finding, const struct finding_searched *searched,
			    struct buf *out)
{
	const struct finding_provenance *provenance = &finding->provenance;
	struct view rest = view_of(searched->inputs), range, number;
	bool first = true;

	while (*searched->inputs && view_split(&rest, ' ', &range)) {
		bool from = true;

		while (view_split(&range, '-', &number)) {
			uint32_t input;

			if (!view_u32(number, &input) || input == 0 ||
			    input > provenance->input_count)
				return;
			buf_printf(out, "%s%s",
				   !from   ? " to "
				   : first ? ": "
					   : ", ",
				   provenance->inputs[input - 1].name);
			from = false;
		}
		first = false;
	}
}

/* What was searched for what a fact says was not there. */
static void absence_lines(const struct finding *finding, const struct finding_fact *fact,
			  struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	const struct finding_search *search;

	if (!*fact->absent)
		return;
	if (fact->searched == 0 || fact->searched > report->search_count) {
		buf_printf(out, "      not measured: %s\n", fact->absent);
		return;
	}
	search = &report->searches[fact->searched - 1];
	buf_printf(out, "      no %s: searched ", fact->absent);
	show_time(out, search->from);
	buf_str(out, " to ");
	show_until(out, search->until, search->from);
	buf_str(out, ", ");
	show_count(out, search->changes, "change of the place's routes",
		   "changes of the place's routes");
	buf_char(out, '\n');
	if (fact->searched <= finding->provenance.search_count) {
		const struct finding_searched *searched =
			&finding->provenance.searches[fact->searched - 1];

		buf_str(out, "        in ");
		show_count(out, searched->records, "record of those minutes",
			   "records of those minutes");
		searched_inputs(finding, searched, out);
		buf_char(out, '\n');
	}
}

static bool one_in_english(uint64_t number)
{
	return number == 1;
}

static void say_number(void *context, uint64_t number, struct buf *out)
{
	(void)context;
	show_number(out, number);
}

/* Without its date on the outage's own day, which the title has. */
static void say_time(void *context, int64_t time, struct buf *out)
{
	const struct finding_cause *cause = context;
	struct buf text = { 0 };
	size_t date = 0;

	if (time == UTC_NEVER)
		return;
	show_time(&text, time);
	if (time / UTC_DAY == cause->start / UTC_DAY)
		date = sizeof("2014-12-22");
	if (!text.failed)
		buf_add(out, text.data + date, text.len - date);
	out->failed |= text.failed;
	buf_free(&text);
}

static void say_duration(void *context, int64_t duration, struct buf *out)
{
	(void)context;
	utc_format_duration(out, duration);
}

static void say_more(void *context, uint64_t number, struct buf *out)
{
	(void)context;
	buf_str(out, " and ");
	show_number(out, number);
	buf_str(out, " more");
}

static const char *say_text(void *context, const char *text)
{
	(void)context;
	return text;
}

static void fact_line(const struct finding_cause *cause, const struct finding_fact *fact,
		      const struct show_style *style, struct buf *out)
{
	const struct cause_voice voice = {
		.context = (void *)(uintptr_t)cause, .is_one = one_in_english, .number = say_number,
		.time = say_time,
		.duration = say_duration, .more = say_more, .text = say_text,
	};
	struct buf text = { 0 };

	/* One sentence that says so serves all facts. */
	if (strcmp(cause_fact_form(fact->fact, fact->reading), cause_fact_form("", "")) == 0)
		buf_printf(&text, "%s: ", fact->fact);
	cause_fact_say(&voice, fact, &text);
	buf_char(&text, '\0');
	if (!text.failed)
		show_wrapped(style, out, 2, text.data);
	out->failed |= text.failed;
	buf_free(&text);
}

static void facts(const struct finding *finding, const struct finding_cause *cause,
		  const struct show_style *style, struct buf *out)
{
	for (uint32_t i = 0; i < cause->fact_count; i++) {
		const struct finding_fact *fact = &cause->facts[i];

		fact_line(cause, fact, style, out);
		for (uint32_t k = 0; style->records && k < fact->record_count; k++)
			record_line(finding, fact->records[k], out);
		if (style->records && fact->records_left_out) {
			buf_printf(out, "      these are the first and the last %u of ",
				   fact->record_count / 2);
			show_count(out, fact->record_count + fact->records_left_out, "event",
				   "events");
			buf_char(out, '\n');
		}
		if (style->records)
			absence_lines(finding, fact, out);
	}
}

static void sides_cell(struct grid *grid, const struct finding_hypothesis *hypothesis,
		       const char *side)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < hypothesis->weighing_count; i++) {
		const struct finding_weighing *weighing = &hypothesis->weighings[i];

		if (strcmp(weighing->side, side) == 0)
			buf_printf(&text, "%s%s %+lld", text.len ? ", " : "", weighing->fact,
				   (long long)weighing->weight);
	}
	buf_char(&text, '\0');
	grid_cell(grid, text.failed ? "" : text.data);
	grid->failed |= text.failed;
	buf_free(&text);
}

static void hypotheses(const struct finding_cause *cause, const struct show_style *style,
		       struct buf *out)
{
	struct grid grid = { 0 };

	grid_column(&grid, "hypothesis", false);
	grid_column(&grid, "support", true);
	grid_column(&grid, "for", false);
	grid_column(&grid, "against", false);
	for (uint32_t i = 0; i < cause->hypothesis_count; i++) {
		const struct finding_hypothesis *hypothesis = &cause->hypotheses[i];

		grid_cell(&grid, hypothesis->hypothesis);
		grid_printf(&grid, "%lld", (long long)hypothesis->support);
		sides_cell(&grid, hypothesis, "for");
		sides_cell(&grid, hypothesis, "against");
	}
	grid_print(&grid, 2, style->colour, out);
}

static void whole(const struct finding *finding, const struct finding_cause *cause,
		  const struct show_style *style, struct buf *out)
{
	struct buf line = { 0 };

	buf_str(&line, "Why: the outage of ");
	show_time(&line, cause->start);
	if (strcmp(cause->family, "IPv6") == 0)
		buf_str(&line, " of IPv6");
	buf_char(&line, '\0');
	if (!line.failed)
		show_title(style, out, line.data);
	out->failed |= line.failed;
	buf_free(&line);
	facts(finding, cause, style, out);
	hypotheses(cause, style, out);
	show_wrapped(style, out, 2, cause->text);
	for (uint32_t i = 0; i < cause->tie_count; i++)
		show_wrapped(style, out, 2, cause->ties[i].text);
	if (*cause->supported) {
		line = (struct buf){ 0 };
		buf_printf(&line, "What would decide: %s.", cause->hypotheses[0].decided_by);
		buf_char(&line, '\0');
		if (!line.failed)
			show_wrapped(style, out, 2, line.data);
		out->failed |= line.failed;
		buf_free(&line);
	}
}

static int compare_lost(const void *a, const void *b)
{
	const struct finding_outage *const *left = a, *const *right = b;

	if ((*left)->lost != (*right)->lost)
		return (*left)->lost > (*right)->lost ? -1 : 1;
	return *left < *right ? -1 : *left > *right;
}

/* What is lost at least by outages told in full. */
static uint64_t whole_from(const struct finding_report *report, uint32_t wanted)
{
	const struct finding_outage **order = calloc(report->cause_count,
						     sizeof(const struct finding_outage *));
	uint64_t lost = 0;

	for (uint32_t i = 0; order && i < report->cause_count; i++)
		order[i] = outage_of(report, &report->causes[i]);
	if (order && wanted < report->cause_count) {
		qsort(order, report->cause_count, sizeof(const struct finding_outage *),
		      compare_lost);
		lost = order[wanted - 1]->lost;
	}
	free(order);
	return lost;
}

static void grid_of_all(const struct finding_report *report, const struct show_style *style,
			struct buf *out)
{
	struct grid grid = { 0 };
	uint32_t shown = show_rows(style, report->cause_count);

	show_title(style, out, "Why: what routing supports most, outage by outage");
	grid_column(&grid, "outage", false);
	grid_column(&grid, "", false);
	grid_column(&grid, "level", false);
	grid_column(&grid, "most supported", false);
	grid_column(&grid, "support", true);
	grid_column(&grid, "not told apart from", false);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_cause *cause = &report->causes[i];
		struct buf ties = { 0 };

		for (uint32_t k = 0; k < cause->tie_count; k++)
			buf_printf(&ties, "%s%s", k ? ", " : "", cause->ties[k].other);
		buf_char(&ties, '\0');
		grid_time(&grid, cause->start);
		grid_cell(&grid, strcmp(cause->family, "IPv6") == 0 ? "IPv6" : "");
		grid_cell(&grid, outage_of(report, cause)->level);
		grid_cell(&grid, *cause->supported ? cause->supported : "none");
		grid_printf(&grid, "%lld", (long long)cause->hypotheses[0].support);
		grid_cell(&grid, ties.failed ? "" : ties.data);
		grid.failed |= ties.failed;
		buf_free(&ties);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, report->cause_count, "outages");
}

void show_causes(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_report *report = finding->result.report;
	uint32_t wanted = style->rows ? WHOLE : report->cause_count;
	uint64_t least;

	if (report->cause_count == 0)
		return;
	/* What made the finding reads bytes nobody vouches for. */
	for (uint32_t i = 0; i < report->cause_count; i++)
		if (report->causes[i].outage == 0 ||
		    report->causes[i].outage > report->outage_count ||
		    report->causes[i].hypothesis_count == 0)
			return;
	if (report->cause_count > wanted)
		grid_of_all(report, style, out);
	least = whole_from(report, wanted);
	for (uint32_t i = 0; i < report->cause_count && wanted; i++) {
		if (outage_of(report, &report->causes[i])->lost < least)
			continue;
		whole(finding, &report->causes[i], style, out);
		wanted--;
	}
	buf_char(out, '\n');
	show_wrapped(style, out, 2, report->causes[0].beyond);
}
