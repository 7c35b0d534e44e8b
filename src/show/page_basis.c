/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the finding rests on: from where it was seen, what could not be measured, how it was
 * measured, and out of what files.
 *
 * A limit's sentence in the finding is English; here it is said again by its code, out of the same
 * numbers.
 */
#include <string.h>

#include "base/utc.h"
#include "measure/parameters.h"
#include "show/page_parts.h"

/* A longer list of inputs is folded. */
#define INPUTS_OPEN 12u

static void put_families(struct page *page)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Who was listening")));
	html_column(&rows, words_text(words, N_("family")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("live vantage points at the end")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("peer ASes with a full feed, at the end")),
		    HTML_NUMBER);
	html_column(&rows, words_text(words, N_("at most")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("networks that make a full feed")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("visibility measured for")), HTML_NUMBER);
	for (uint32_t i = 0; i < coverage->family_count; i++) {
		const struct finding_coverage_family *family = &coverage->families[i];

		html_cell(&rows, family->family);
		html_cell(&rows, words_number(words, family->live));
		html_cell(&rows, words_number(words, family->full_feed_peers));
		html_cell(&rows, words_number(words, family->full_feed_peers_most));
		html_cell(&rows, words_number(words, family->full_feed_asked));
		html_cell(&rows, family->measured ? words_duration(words, family->measured)
						  : words_text(words, N_("not measurable")));
	}
	html_table_close(&rows);
}

static void put_sessions(struct page *page)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	struct words *words = &page->words;

	html_element(page->out, "p", NULL,
		     words_say(words, "%s of %s that held routes, at %s; %s.",
			       words_count(words, coverage->vantage_points, "%s vantage point",
					   "%s vantage points"),
			       words_count(words, coverage->peer_ases, "%s peer AS",
					   "%s peer ASes"),
			       words_count(words, coverage->collectors, "%s collector",
					   "%s collectors"),
			       words_text(words, coverage->rib
							 ? N_("with a RIB among the recordings")
							 : N_("no RIB among the recordings"))));
	html_element(page->out, "p", NULL,
		     words_say(words,
			       "%s, %s; %s of the withdrawals were of routes not known to be held, "
			       "and count for nothing.",
			       words_count(words, coverage->announcements, "%s announcement",
					   "%s announcements"),
			       words_count(words, coverage->withdrawals, "%s withdrawal",
					   "%s withdrawals"),
			       words_number(words, coverage->spurious)));
	if (coverage->sessions_lost || coverage->silences)
		html_element(page->out, "p", NULL,
			     words_say(words,
				       "%s (%s inferred), and vantage points fell silent %s. From "
				       "then on they were blind, and counted on neither side until "
				       "their table was known again.",
				       words_count(words, coverage->sessions_lost,
						   "%s session that fed routes was lost",
						   "%s sessions that fed routes were lost"),
				       words_number(words, coverage->sessions_lost_inferred),
				       words_count(words, coverage->silences, "%s time",
						   "%s times")));
	else
		html_element(page->out, "p", NULL,
			     words_text(words, N_("No session that fed routes went down.")));
}

static void put_gaps(struct page *page)
{
	const struct finding *finding = page->finding;
	uint32_t shown = finding->gap_count < TABLE_ROWS ? finding->gap_count : TABLE_ROWS;
	struct words *words = &page->words;
	struct html_table rows;

	if (finding->gap_count == 0)
		return;
	html_table_open(&rows, page->out,
			words_text(words, N_("Gaps: when whole collectors were not heard")));
	html_column(&rows, words_text(words, N_("collector")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("until")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("why")), HTML_TEXT);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_gap *gap = &finding->gaps[i];

		html_cell(&rows, gap->collector);
		html_cell(&rows, words_time(words, gap->from));
		html_cell(&rows, words_time(words, gap->until));
		html_cell(&rows, strcmp(gap->why, "missing") == 0
					 ? words_text(words, N_("no file in the archive"))
					 : words_text(words, N_("silent")));
	}
	html_table_close(&rows);
	page_cut(page, shown, finding->gap_count);
}

/* Limits of one family begin with its name. */
static const struct finding_coverage_family *limit_family(const struct page *page,
							  const struct finding_limit *limit)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;

	for (uint32_t i = 0; i < coverage->family_count; i++) {
		if (strncmp(limit->text, coverage->families[i].family,
			    strlen(coverage->families[i].family)) == 0)
			return &coverage->families[i];
	}
	return NULL;
}

static const char *no_table(struct page *page, const struct finding_coverage_family *family)
{
	return words_say(&page->words,
			 "%s: there is no RIB among the recordings and no session that sent its "
			 "whole table, so visibility could not be measured. What is known is known "
			 "per vantage point and network, from the first announcement on.",
			 family->family);
}

static const char *no_full_feed(struct page *page, const struct finding_coverage_family *family)
{
	return words_say(&page->words,
			 "%s: no vantage point carries a full feed (%s), so visibility could not "
			 "be measured.",
			 family->family,
			 words_count(&page->words, family->full_feed_asked, "%s network is asked",
				     "%s networks are asked"));
}

static int64_t parameter(const struct page *page, const char *name)
{
	const struct finding_question *question = &page->finding->question;

	for (uint32_t i = 0; i < question->parameter_count; i++) {
		if (strcmp(question->parameters[i].name, name) == 0)
			return question->parameters[i].value;
	}
	return 0;
}

static const char *too_few_peers(struct page *page, const struct finding_coverage_family *family)
{
	struct words *words = &page->words;

	return words_say(words,
			 "%s: full feeds of %s; %s are needed to state an absence. Insufficient "
			 "data.",
			 family->family,
			 words_count(words, family->full_feed_peers_most, "%s peer AS",
				     "%s peer ASes"),
			 words_number(words, (uint64_t)parameter(page, "min-peers")));
}

static const struct {
	const char *code;
	const char *text;		/* NULL: said by the function, of a family */
	const char *(*say)(struct page *page, const struct finding_coverage_family *family);
} limits[] = {
	{ "no-table", NULL, no_table },
	{ "no-full-feed", NULL, no_full_feed },
	{ "too-few-peers", NULL, too_few_peers },
	{ "no-data", N_("No record could be read: nothing can be measured."), NULL },
	{ "rib-cut",
	  N_("A RIB is not whole: of its vantage points only a part of the table is known."),
	  NULL },
	{ "history-cut",
	  N_("The place’s routes changed too often for all changes to be kept: through whom it was "
	     "connected, and what the causes of its outages show, is told for a part of the time "
	     "only."),
	  NULL },
	{ "causes-cut", N_("Only the first outages are explained: there are too many."), NULL },
	{ "blackholes-cut",
	  N_("Too many prefixes of the place were announced with a BLACKHOLE community for all to "
	     "be counted."),
	  NULL },
	{ "others-cut",
	  N_("Too many routes ran through what all lost paths shared: what others lost is told of "
	     "some vantage points only."),
	  NULL },
	{ "as-country-inferred",
	  N_("Countries of ASes are inferred from where most of the address space they originate "
	     "is: no source given says them."),
	  NULL },
};

/* A code that is not known here is said in the finding's own English. */
static void put_limit(struct page *page, const struct finding_limit *limit)
{
	const struct finding_coverage_family *family = limit_family(page, limit);
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]) && !text; i++) {
		if (strcmp(limits[i].code, limit->code) != 0)
			continue;
		if (limits[i].text)
			text = words_text(&page->words, limits[i].text);
		else if (family)
			text = limits[i].say(page, family);
	}
	if (text) {
		html_element(page->out, "li", NULL, text);
	} else {
		buf_str(page->out, "<li lang=\"en\">");
		html_escape(page->out, limit->text);
		buf_str(page->out, "</li>\n");
	}
}

void page_coverage(struct page *page)
{
	const struct finding_result *result = &page->finding->result;

	if (result->limit_count) {
		html_element(page->out, "h3", NULL,
			     words_text(&page->words, N_("What could not be measured")));
		buf_str(page->out, "<ul class=\"limits\">\n");
		for (uint32_t i = 0; i < result->limit_count; i++)
			put_limit(page, &result->limits[i]);
		buf_str(page->out, "</ul>\n");
	}
	if (result->coverage.from == UTC_NEVER)
		return;
	html_element(page->out, "h3", NULL, words_text(&page->words, N_("Seen from")));
	put_sessions(page);
	put_families(page);
	put_gaps(page);
}

static const char *parameter_value(struct page *page, const struct finding_parameter *parameter)
{
	struct words *words = &page->words;

	if (strcmp(parameter->unit, "ppm") == 0)
		return words_share(words, (uint32_t)parameter->value);
	if (strcmp(parameter->unit, "microseconds") == 0)
		return words_duration(words, parameter->value);
	return words_number(words, (uint64_t)parameter->value);
}

static const char *parameter_help(struct page *page, const char *name)
{
	for (size_t i = 0; i < measure_parameter_count; i++) {
		if (strcmp(measure_parameter_table[i].name, name) == 0)
			return words_text(&page->words, measure_parameter_table[i].help);
	}
	return "";
}

void page_method(struct page *page)
{
	const struct finding_question *question = &page->finding->question;
	struct words *words = &page->words;
	struct html_table rows;

	html_element(page->out, "p", NULL,
		     words_text(words, N_("A network’s visibility is the share of peer ASes with a "
					  "live full feed that hold a route to it. It is seen at "
					  "or above the threshold, dark below. Sessions of one AS "
					  "count once; vantage points that are blind count on "
					  "neither side of the fraction.")));
	html_element(page->out, "p", NULL,
		     words_text(words, N_("The signal is the address space of the place that is "
					  "seen, in distinct blocks. Its baseline is the median of "
					  "the time before, outside outages. An outage is a "
					  "stretch in which the signal stays below its baseline: "
					  "partial, major, or total when nothing is seen.")));
	html_element(page->out, "p", NULL,
		     words_text(words, N_("Each start and end has bounds: the first and the last "
					  "message of the burst in which visibility crossed the "
					  "threshold. Most archives know whole seconds only.")));
	html_table_open(&rows, page->out, words_text(words, N_("Parameters")));
	html_column(&rows, words_text(words, N_("parameter")), HTML_CODE);
	html_column(&rows, words_text(words, N_("value")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("what it is")), HTML_PROSE);
	for (uint32_t i = 0; i < question->parameter_count; i++) {
		html_cell(&rows, question->parameters[i].name);
		html_cell(&rows, parameter_value(page, &question->parameters[i]));
		html_cell(&rows, parameter_help(page, question->parameters[i].name));
	}
	html_table_close(&rows);
}

static void put_sources(struct page *page)
{
	const struct finding_provenance *provenance = &page->finding->provenance;
	static const struct { const char *kind, *text; } kinds[] = {
		{ "registry", N_("countries, by registry") },
		{ "geolocation", N_("countries, by geolocation") },
		{ "names", N_("names of ASes") },
		{ "relationships", N_("relationships between ASes") },
	};
	struct words *words = &page->words;
	struct html_table rows;

	if (provenance->source_count == 0)
		return;
	html_table_open(&rows, page->out, words_text(words, N_("Who is where")));
	html_column(&rows, words_text(words, N_("file")), HTML_CODE);
	html_column(&rows, words_text(words, N_("what it says")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("date")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("entries")), HTML_NUMBER);
	html_column(&rows, "SHA-256", HTML_CODE);
	for (uint32_t i = 0; i < provenance->source_count; i++) {
		const struct finding_source *source = &provenance->sources[i];
		const char *kind = source->kind;

		for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			if (strcmp(kinds[k].kind, source->kind) == 0)
				kind = words_text(words, kinds[k].text);
		}
		html_cell(&rows, source->name);
		html_cell(&rows, kind);
		html_cell(&rows, source->date == UTC_NEVER ? words_text(words, N_("unknown date"))
							   : words_date(words, source->date));
		html_cell(&rows, words_number(words, source->entries));
		html_cell(&rows, *source->sha256 ? source->sha256
						 : words_text(words, N_("not worked out")));
	}
	html_table_close(&rows);
}

/*
 * What is wrong with it; faults in the words of the finding, which are English and name the RFC's
 * clause.
 */
static const char *input_state(struct page *page, const struct finding_input *input)
{
	struct words *words = &page->words;
	uint64_t faults = 0;

	for (uint32_t i = 0; i < input->fault_count; i++)
		faults += input->faults[i].count;
	if (*input->error)
		return words_say(words, "not read: %s", input->error);
	if (faults)
		return words_say(words, "%s, the first: %s",
				 words_count(words, faults, "%s fault", "%s faults"),
				 input->faults[0].text);
	return words_text(words, input->whole ? N_("whole") : N_("not read to its end"));
}

static void put_inputs(struct page *page)
{
	const struct finding_provenance *provenance = &page->finding->provenance;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Recordings")));
	html_column(&rows, words_text(words, N_("file")), HTML_CODE);
	html_column(&rows, words_text(words, N_("collector")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("first record")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("last record")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("records")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("stored")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("state")), HTML_TEXT);
	html_column(&rows, "SHA-256", HTML_CODE);
	for (uint32_t i = 0; i < provenance->input_count; i++) {
		const struct finding_input *input = &provenance->inputs[i];

		html_cell(&rows, input->name);
		html_cell(&rows, input->collector);
		html_cell(&rows, words_time(words, input->first));
		html_cell(&rows, words_time(words, input->last));
		html_cell(&rows, words_number(words, input->records));
		html_cell(&rows, words_bytes(words, input->bytes_stored));
		html_cell(&rows, input_state(page, input));
		html_cell(&rows,
			  *input->sha256 ? input->sha256 : words_text(words, N_("not worked out")));
	}
	html_table_close(&rows);
}

void page_inputs(struct page *page)
{
	const struct finding_provenance *provenance = &page->finding->provenance;
	bool folded = provenance->input_count > INPUTS_OPEN;
	struct words *words = &page->words;
	uint64_t records = 0, bytes = 0;

	for (uint32_t i = 0; i < provenance->input_count; i++) {
		records += provenance->inputs[i].records;
		bytes += provenance->inputs[i].bytes_stored;
	}
	html_element(page->out, "p", NULL,
		     words_say(words,
			       "%s of %s, %s. Whoever has the same files, told by their SHA-256, "
			       "can have the same finding worked out again.",
			       words_count(words, provenance->input_count, "%s recording",
					   "%s recordings"),
			       words_bytes(words, bytes),
			       words_count(words, records, "%s record", "%s records")));
	if (folded) {
		buf_str(page->out, "<details class=\"kept\"><summary>");
		html_escape(page->out, words_text(words, N_("All recordings with their hashes")));
		buf_str(page->out, "</summary>\n");
	}
	put_inputs(page);
	if (folded)
		buf_str(page->out, "</details>\n");
	put_sources(page);
}
