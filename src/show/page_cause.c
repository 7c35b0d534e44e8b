/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts and hypotheses: for each outage what routing shows of its cause, fact by fact, and the
 * hypotheses with what speaks for and against each. The gravest outages in full, all of them as a
 * table.
 *
 * The finding says all this in English sentences. Here they are said again from what they were made
 * of: the form of a fact's sentence by its name and reading (inquiry/cause_words.h), translated,
 * with the fact's own numbers put in.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "inquiry/cause_words.h"
#include "show/page_parts.h"

/* So many outages are told in full. */
#define CAUSES_WHOLE 3u

static const struct { const char *fact, *label; } labels[] = {
	{ "network-order", N_("order of the networks") },
	{ "vantage-spread", N_("spread over the vantage points") },
	{ "path-hunting", N_("other paths tried") },
	{ "common-path", N_("what the paths shared") },
	{ "others-behind", N_("the upstream’s other customers") },
	{ "same-origin", N_("other networks of the origin") },
	{ "survival", N_("routes that survived") },
	{ "unrest-before", N_("unrest before") },
	{ "repeated", N_("repetition") },
	{ "daily", N_("time of day") },
	{ "origin-change", N_("origins") },
	{ "more-specifics", N_("more specific networks") },
	{ "rpki", N_("validity in the RPKI") },
	{ "blackhole", N_("blackhole communities") },
	{ "clock", N_("round clock times") },
	{ "sessions", N_("the observers’ sessions") },
	{ "elsewhere", N_("everything else at the observers") },
	{ "return", N_("the return") },
};

static const char *fact_label(struct page *page, const char *fact)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (strcmp(labels[i].fact, fact) == 0)
			return words_text(&page->words, labels[i].label);
	}
	return fact;
}

/* A fact's sentence on the page: its words, and the outage's day, which goes without saying. */
struct speech {
	struct page *page;
	int64_t start;
};

static void say_number(void *context, uint64_t number, struct buf *out)
{
	struct speech *speech = context;

	buf_str(out, words_number(&speech->page->words, number));
}

static void say_time(void *context, int64_t time, struct buf *out)
{
	struct speech *speech = context;
	struct words *words = &speech->page->words;

	buf_str(out, time != UTC_NEVER && time / UTC_DAY == speech->start / UTC_DAY
			     ? words_clock(words, time)
			     : words_time(words, time));
}

static void say_duration(void *context, int64_t duration, struct buf *out)
{
	struct speech *speech = context;

	buf_str(out, words_duration(&speech->page->words, duration));
}

static void say_more(void *context, uint64_t number, struct buf *out)
{
	struct speech *speech = context;

	buf_str(out, words_say(&speech->page->words, " and %s more",
			       words_number(&speech->page->words, number)));
}

static const char *say_text(void *context, const char *text)
{
	struct speech *speech = context;

	return words_text(&speech->page->words, text);
}

static const char *fact_sentence(struct page *page, const struct finding_cause *cause,
				 const struct finding_fact *fact)
{
	struct speech speech = { page, cause->start };
	const struct cause_voice voice = {
		.context = &speech, .is_one = page->words.language->is_one, .number = say_number,
		.time = say_time,
		.duration = say_duration, .more = say_more, .text = say_text,
	};
	struct buf text = { 0 };
	const char *said;

	cause_fact_say(&voice, fact, &text);
	buf_char(&text, '\0');
	page->out->failed |= text.failed;
	said = text.failed ? "" : words_join(&page->words, "%s", text.data);
	buf_free(&text);
	return said;
}

static void put_facts(struct page *page, const struct finding_cause *cause)
{
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Facts")));
	html_column(&rows, words_text(words, N_("fact")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("what was found")), HTML_PROSE);
	for (uint32_t i = 0; i < cause->fact_count; i++) {
		html_cell(&rows, fact_label(page, cause->facts[i].fact));
		html_cell(&rows, fact_sentence(page, cause, &cause->facts[i]));
	}
	html_table_close(&rows);
}

/* "order of the networks −4" for all facts on one side. */
static const char *side(struct page *page, const struct finding_hypothesis *hypothesis,
			const char *name)
{
	const char *text = "";

	for (uint32_t i = 0; i < hypothesis->weighing_count; i++) {
		const struct finding_weighing *weighing = &hypothesis->weighings[i];

		if (strcmp(weighing->side, name) == 0)
			text = words_join(&page->words, "%s%s%s %s%lld", text, *text ? ", " : "",
					  fact_label(page, weighing->fact),
					  weighing->weight < 0 ? "−" : "+",
					  (long long)(weighing->weight < 0 ? -weighing->weight
									   : weighing->weight));
	}
	return text;
}

static const char *support(struct page *page, int64_t value)
{
	return words_join(&page->words, "%s%lld", value < 0 ? "−" : "",
			  (long long)(value < 0 ? -value : value));
}

static void put_hypotheses(struct page *page, const struct finding_cause *cause)
{
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Hypotheses")));
	html_column(&rows, words_text(words, N_("hypothesis")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("support")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("for it")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("against it")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("what would decide")), HTML_PROSE);
	for (uint32_t i = 0; i < cause->hypothesis_count; i++) {
		const struct finding_hypothesis *hypothesis = &cause->hypotheses[i];

		html_cell(&rows, words_text(words, hypothesis->text));
		html_cell(&rows, support(page, hypothesis->support));
		html_cell(&rows, side(page, hypothesis, "for"));
		html_cell(&rows, side(page, hypothesis, "against"));
		html_cell(&rows, words_text(words, hypothesis->decided_by));
	}
	html_table_close(&rows);
}

/* What stands before the colon: the hypothesis in few words. */
static const char *short_name(struct page *page, const struct finding_cause *cause,
			      const char *name)
{
	for (uint32_t i = 0; i < cause->hypothesis_count; i++) {
		const char *text = words_text(&page->words, cause->hypotheses[i].text);
		size_t len = strcspn(text, ":");

		if (strcmp(cause->hypotheses[i].hypothesis, name) != 0)
			continue;
		/* French has a no-break space there. */
		while (len &&
		       (text[len - 1] == ' ' || text[len - 1] == '\xa0' || text[len - 1] == '\xc2'))
			len--;
		return words_join(&page->words, "%.*s", (int)len, text);
	}
	return name;
}

static const char *ties(struct page *page, const struct finding_cause *cause)
{
	const char *text = "";

	for (uint32_t i = 0; i < cause->tie_count; i++)
		text = words_join(&page->words, "%s%s%s", text, i ? ", " : "",
				  short_name(page, cause, cause->ties[i].other));
	return text;
}

static const char *verdict(struct page *page, const struct finding_cause *cause)
{
	struct words *words = &page->words;

	if (!*cause->supported)
		return words_text(words, N_("Routing supports none of the hypotheses."));
	if (cause->tie_count)
		return words_say(words,
				 /* TRANSLATORS: a hypothesis; one or more others */
				 "Most supported by routing: %s; but routing does not tell it "
				 "apart here from: %s.",
				 short_name(page, cause, cause->supported), ties(page, cause));
	return words_say(words, "Most supported by routing: %s.",
			 short_name(page, cause, cause->supported));
}

static void put_whole(struct page *page, const struct finding_cause *cause)
{
	struct words *words = &page->words;

	html_element(page->out, "h3", NULL,
		     words_say(words, "The outage of %s UTC (%s)",
			       words_moment(words, cause->start), cause->family));
	html_element(page->out, "p", NULL, verdict(page, cause));
	put_facts(page, cause);
	put_hypotheses(page, cause);
}

static uint64_t weigh_cause(const void *context, uint32_t i)
{
	const struct finding_report *report = context;
	uint32_t outage = report->causes[i].outage;

	return outage && outage <= report->outage_count ? report->outages[outage - 1].lost : 0;
}

static void put_all(struct page *page)
{
	const struct finding_report *report = page->report;
	struct words *words = &page->words;
	struct html_table rows;

	page_fold(page, words_text(words, N_("What routing supports most, outage by outage")));
	html_table_open(&rows, page->out,
			words_text(words, N_("What routing supports most, outage by outage")));
	html_column(&rows, words_text(words, N_("outage")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("family")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("hypothesis")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("support")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("not told apart from")), HTML_PROSE);
	for (uint32_t i = 0; i < report->cause_count; i++) {
		const struct finding_cause *cause = &report->causes[i];

		html_cell(&rows, words_time(words, cause->start));
		html_cell(&rows, cause->family);
		html_cell(&rows, *cause->supported ? short_name(page, cause, cause->supported)
						   : words_text(words, N_("none of them")));
		html_cell(&rows, cause->hypothesis_count
					 ? support(page, cause->hypotheses[0].support)
					 : "");
		html_cell(&rows, ties(page, cause));
	}
	html_table_close(&rows);
	page_fold_end(page);
}

void page_causes(struct page *page)
{
	const struct finding_report *report = page->report;
	uint32_t count = report->cause_count, whole = count < CAUSES_WHOLE ? count : CAUSES_WHOLE;
	uint32_t *picks = pick_heaviest(count, whole, weigh_cause, report);

	page->out->failed |= !picks;
	html_element(page->out, "p", "lead", words_text(&page->words, report->causes[0].beyond));
	for (uint32_t i = 0; picks && i < whole; i++)
		put_whole(page, &report->causes[picks[i]]);
	if (count > whole)
		put_all(page);
	free(picks);
}
