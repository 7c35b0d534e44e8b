/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands on top: the place, the finding in one sentence, how exactly its start and end are
 * known, and a few numbers.
 *
 * Sentences are whole in the source, one for each case, so that a translator can turn them around.
 */
#include <string.h>

#include "base/utc.h"
#include "show/finding.h"
#include "show/page_parts.h"

/* What could be seen of the place in the outage: the middle of the sentence. */
static const char *what_was_seen(struct page *page, const struct finding_outage *outage)
{
	struct words *words = &page->words;
	uint64_t baseline = outage->baseline ? outage->baseline : 1;
	uint64_t share = outage->lowest * 1000000 / baseline;

	if (outage->lowest == 0)
		return words_text(words, N_("none of its networks could be seen in the Internet’s "
					    "routing"));
	return words_say(words,
			 "only %s of its usual address space could be seen in the Internet’s "
			 "routing",
			 words_share(words, (uint32_t)share));
}

static const char *how_it_ranks(struct page *page)
{
	struct words *words = &page->words;

	if (page->report->outage_count == 1)
		return words_text(words, N_("no other outage was found."));
	return words_say(words, "it is the largest of %s outages found.",
			 words_number(words, page->report->outage_count));
}

static bool same_day(int64_t a, int64_t b)
{
	return a / UTC_DAY == b / UTC_DAY;
}

static const char *sentence_outage(struct page *page, const struct finding_outage *outage)
{
	struct words *words = &page->words;
	const char *seen = what_was_seen(page, outage),
		   *start = words_moment(words, outage->start.at);
	const char *lasted = words_duration(words, outage->duration), *rank = how_it_ranks(page);

	if (strcmp(outage->ended, "over") == 0)
		/*
		 * TRANSLATORS: how long, "from … to … UTC", "none of its networks could be seen …",
		 * "it is the largest …"
		 */
		return words_say(words, "For %s, %s, %s; %s", lasted,
				 words_span(words, outage->start.at, outage->end.at), seen, rank);
	if (strcmp(outage->ended, "open") == 0)
		return words_say(words,
				 "From %s UTC on, %s, and this was not over when the recordings "
				 "ended, %s later; %s",
				 start, seen, lasted, rank);
	return words_say(words, "From %s UTC on, %s, which after %s became the new baseline; %s",
			 start, seen, lasted, rank);
}

static const char *sentence(struct page *page)
{
	const struct finding_report *report = page->report;
	const struct finding_outage *worst = show_worst_outage(report);
	struct words *words = &page->words;

	if (worst)
		return sentence_outage(page, worst);
	if (report->networks_known == 0)
		return words_text(words, N_("No network of it was seen in these recordings."));
	if (report->signal_count)
		return words_text(words, N_("No outage was found."));
	if (report->instability_count == 0)
		return words_say(words,
				 "Visibility could not be measured, so no outage is claimed; %s.",
				 words_count(words, report->networks_known,
					     "%s network was heard of",
					     "%s networks were heard of"));
	return words_say(words,
			 "Visibility could not be measured, so no outage is claimed; %s, with %s.",
			 words_count(words, report->networks_known, "%s network was heard of",
				     "%s networks were heard of"),
			 words_count(words, report->instability_count, "%s stretch of instability",
				     "%s stretches of instability"));
}

static const char *between(struct page *page, const struct finding_bound *bound)
{
	struct words *words = &page->words;

	if (same_day(bound->earliest, bound->latest))
		/* TRANSLATORS: two times of day, date */
		return words_say(words, "between %s and %s on %s",
				 words_clock(words, bound->earliest),
				 words_clock(words, bound->latest),
				 words_date(words, bound->latest));
	/* TRANSLATORS: two dates with times */
	return words_say(words, "between %s and %s", words_moment(words, bound->earliest),
			 words_moment(words, bound->latest));
}

/* How exactly the sentence's times are known. */
static void put_bounds(struct page *page)
{
	const struct finding_outage *worst = show_worst_outage(page->report);
	struct words *words = &page->words;
	const char *text;

	if (!worst)
		return;
	if (worst->end.at == UTC_NEVER)
		text = words_say(words, "The start lies %s.", between(page, &worst->start));
	else
		text = words_say(words, "The start lies %s, the end %s.",
				 between(page, &worst->start), between(page, &worst->end));
	html_element(page->out, "p", "bounds", text);
}

static bool concerned(const struct finding_report *report, const char *family)
{
	for (uint32_t i = 0; i < report->network_count; i++) {
		if (strcmp(report->networks[i].family, family) == 0)
			return true;
	}
	return false;
}

/* What the sentence does not speak of: a family or a time that was not measured. */
static void put_measured(struct page *page)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	int64_t span = coverage->until - coverage->from;
	struct words *words = &page->words;

	for (uint32_t i = 0; i < coverage->family_count && page->report->signal_count; i++) {
		const struct finding_coverage_family *family = &coverage->families[i];

		if (!concerned(page->report, family->family))
			continue;
		if (family->measured == 0)
			html_element(page->out, "p", "bounds", words_say(words,
				"Visibility of %s could not be measured.", family->family));
		else if (family->measured < span / 10 * 9)
			html_element(page->out, "p", "bounds",
				     words_say(words,
					       "Visibility of %s could be measured for %s of %s.",
					       family->family,
					       words_duration(words, family->measured),
					       words_duration(words, span)));
	}
}

static void put_fact(struct page *page, const char *name, const char *value)
{
	buf_str(page->out, "<div>");
	html_element(page->out, "dt", NULL, name);
	html_element(page->out, "dd", NULL, value);
	buf_str(page->out, "</div>\n");
}

/* The name in singular or plural, without the number: that stands above it. */
static void put_count(struct page *page, uint64_t count, const char *name)
{
	put_fact(page, name, words_number(&page->words, count));
}

static int64_t time_dark(const struct finding_report *report)
{
	int64_t dark = 0;

	for (uint32_t i = 0; i < report->outage_count; i++)
		dark += report->outages[i].duration;
	return dark;
}

static void put_numbers(struct page *page)
{
	const struct finding_report *report = page->report;
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	struct words *words = &page->words;

	buf_str(page->out, "<dl class=\"numbers\">\n");
	put_count(page, report->networks_known,
		  words_count(words, report->networks_known, "network known", "networks known"));
	if (report->signal_count) {
		put_count(page, report->outage_count,
			  words_count(words, report->outage_count, "outage", "outages"));
		if (report->outage_count > 1)
			put_fact(page, words_text(words, N_("time in outages")),
				 words_duration(words, time_dark(report)));
	}
	if (report->instability_count)
		put_count(page, report->instability_count,
			  words_count(words, report->instability_count, "stretch of instability",
				      "stretches of instability"));
	put_count(page, coverage->peer_ases,
		  words_count(words, coverage->peer_ases, "observing AS", "observing ASes"));
	put_count(page, page->finding->provenance.input_count,
		  words_count(words, page->finding->provenance.input_count, "recording",
			      "recordings"));
	buf_str(page->out, "</dl>\n");
}

void page_headline(struct page *page)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	struct words *words = &page->words;
	struct buf *out = page->out;

	buf_str(out, "<header>\n");
	html_element(out, "p", "kicker", words_text(words, N_("constat: a finding of fact")));
	buf_str(out, "<h1>");
	html_escape(out, page_place_name(page));
	if (*page_place_code(page)) {
		buf_str(out, " ");
		html_element(out, "span", "code", page_place_code(page));
	}
	buf_str(out, "</h1>\n");
	html_element(out, "p", "sentence", sentence(page));
	put_bounds(page);
	put_measured(page);
	if (coverage->from != UTC_NEVER)
		html_element(out, "p", "period", words_say(words, "Recordings %s.",
			     words_span(words, coverage->from, coverage->until)));
	put_numbers(page);
	buf_str(out, "</header>\n");
}
