/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each form has its judge, which holds it against one finding; of several findings the one that decides is taken,
 * else the nearest in time. What no recording of routing can decide has its reason here, and what it would take.
 */
#include "dossier/judge.h"

#include <string.h>

#include "dossier/judge_parts.h"

static const char *const verdict_names[] = { "confirmed", "contradicted", "insufficient data", "not measurable" };

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

static const struct form {
	judge_function *judge;
	/* Where there is no judge: why, and what it would take. */
	const char *why, *needed;
} forms[ASSERTION_FORMS] = {
	[ASSERTION_OUTAGE] = { judge_outage, NULL, NULL },
	[ASSERTION_NETWORKS] = { judge_networks, NULL, NULL },
	[ASSERTION_UPSTREAMS] = { judge_upstreams, NULL, NULL },
	[ASSERTION_UNSTABLE] = { judge_unstable, NULL, NULL },
	[ASSERTION_REACHABLE] = { judge_reachable, NULL, NULL },
	[ASSERTION_CAUSE] = { NULL, "routing shows which networks vanished, when and in what order, not why",
			      "measurements of traffic, or the records of the operators on the way" },
	[ASSERTION_AUTHOR] = { NULL, "routing shows reachability, not who acted, and never a motive",
			       "evidence from the machines and the people involved" },
	[ASSERTION_SERVICE] = { NULL, "routing shows whether a network is announced, not whether what stands behind it works",
				"probes of the service itself at that time, or its operator's records" },
};

enum holds judge_within(int64_t at, int64_t least, int64_t most, int64_t from, int64_t until)
{
	if (at >= from && at < until)
		return HOLDS;
	return most < from || least >= until ? HOLDS_NOT : HOLDS_PERHAPS;
}

struct dossier_span judge_data(const struct finding *finding)
{
	const struct finding_coverage *coverage = &finding->result.coverage;

	if (coverage->from == UTC_NEVER || coverage->until == UTC_NEVER)
		return DOSSIER_SPAN_NONE;
	return (struct dossier_span){ coverage->from, coverage->until + 1 };
}

bool judge_overlap(struct dossier_span a, struct dossier_span b)
{
	return span_known(a) && span_known(b) && a.from < b.until && b.from < a.until;
}

int64_t judge_distance(struct dossier_span a, struct dossier_span b)
{
	if (!span_known(a) || !span_known(b) || judge_overlap(a, b))
		return 0;
	return a.from >= b.until ? a.from - b.until : b.from - a.until;
}

bool judge_covered(const struct finding *finding, struct dossier_span span)
{
	const struct finding_coverage *coverage = &finding->result.coverage;
	struct dossier_span data = judge_data(finding);
	bool measurable = false;

	if (!span_known(data) || span.from < data.from || span.until > data.until)
		return false;
	for (uint32_t i = 0; i < coverage->step_count; i++) {
		const struct finding_coverage_step *step = &coverage->steps[i];

		if (strcmp(step->family, "IPv4") != 0)
			continue;
		if (step->time >= span.until)
			break;
		if (step->time > span.from && (!measurable || !step->measurable))
			return false;
		measurable = step->measurable;
	}
	return measurable;
}

void judge_put_time(struct buf *out, int64_t time)
{
	struct buf text = { 0 };

	utc_format(&text, time);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != 'Z')
			buf_char(out, text.data[i] == 'T' ? ' ' : text.data[i]);
	out->failed |= text.failed;
	buf_free(&text);
}

void judge_elsewhere(struct judging *judging)
{
	struct dossier_span data = judge_data(judging->finding);

	judging->verdict = VERDICT_INSUFFICIENT;
	judging->away = judge_distance(judging->time, data);
	buf_add(&judging->nearest, judging->measured.data, judging->measured.len);
	if (judging->compared)
		buf_str(&judging->nearest, judging->agrees ? ", which agrees" : ", which does not agree");
	judging->measured.len = 0;
	judging->why.len = 0;
	buf_str(&judging->why, "the recordings are of ");
	judge_put_time(&judging->why, data.from);
	buf_str(&judging->why, " to ");
	judge_put_time(&judging->why, data.until - 1);
	if (judging->away) {
		buf_str(&judging->why, ", ");
		utc_format_duration(&judging->why, judging->away);
		buf_str(&judging->why, data.from >= judging->time.until ? " after" : " before");
		buf_str(&judging->why, " what the claim is about");
	}
}

/* What is said in the present tense is of the time of saying; an outage is talked about afterwards. */
static struct dossier_span time_of(const struct assertion *assertion, struct dossier_span said)
{
	bool present = assertion->form == ASSERTION_NETWORKS || assertion->form == ASSERTION_UPSTREAMS;

	return span_known(assertion->at) || !present ? assertion->at : said;
}

bool judge_question(const struct assertion *assertion, struct dossier_span said, struct question *ret_question)
{
	static const enum question_kind kinds[ASSERTION_FORMS] = {
		[ASSERTION_OUTAGE] = QUESTION_REPORT, [ASSERTION_NETWORKS] = QUESTION_CENSUS,
		[ASSERTION_UPSTREAMS] = QUESTION_UPSTREAMS, [ASSERTION_UNSTABLE] = QUESTION_REPORT,
		[ASSERTION_REACHABLE] = QUESTION_REPORT,
	};
	struct dossier_span time = time_of(assertion, said);
	enum question_kind kind = kinds[assertion->form];

	if (!forms[assertion->form].judge)
		return false;
	/* A census is of countries; other places are counted by their reports. */
	if (kind == QUESTION_CENSUS && assertion->place.country == COUNTRY_UNKNOWN)
		kind = QUESTION_REPORT;
	ret_question->kind = kind;
	ret_question->from = ret_question->until = ret_question->at = UTC_NEVER;
	if (kind != QUESTION_CENSUS) {
		ret_question->country = assertion->place.country;
		ret_question->asn = assertion->place.asn;
		ret_question->prefix = assertion->place.prefix;
	}
	if (kind != QUESTION_REPORT && span_known(time))
		ret_question->at = time.until - 1;
	return true;
}

static bool about_place(const struct finding *finding, const struct assertion *assertion)
{
	struct buf place = { 0 };
	bool same;

	if (finding->result.census)
		return assertion->place.country != COUNTRY_UNKNOWN;
	assertion_place_format(&assertion->place, &place);
	same = !place.failed && view_equal(view_of(finding->question.subject), (struct view){ place.data, place.len });
	buf_free(&place);
	return same;
}

static void judging_free(struct judging *judging)
{
	buf_free(&judging->measured);
	buf_free(&judging->why);
	buf_free(&judging->nearest);
}

/* Whether `a` says more than `b`. */
static bool better(const struct judging *a, const struct judging *b)
{
	bool a_decides = a->verdict <= VERDICT_CONTRADICTED, b_decides = b->verdict <= VERDICT_CONTRADICTED;

	if (a_decides != b_decides)
		return a_decides;
	if (a_decides && a->throughout != b->throughout)
		return a->throughout;
	return !a_decides && a->away < b->away;
}

static const char *text_take(struct arena *arena, const struct buf *buf)
{
	return buf->failed ? NULL : arena_strndup(arena, buf->data ? buf->data : "", buf->len);
}

static void claimed_put(const struct assertion *assertion, struct buf *out)
{
	if (assertion->has_lasting) {
		assertion_range_say(&assertion->lasting, true, out);
	} else if (assertion->form == ASSERTION_NETWORKS) {
		assertion_range_say(&assertion->networks, false, out);
	} else if (assertion->form == ASSERTION_UPSTREAMS) {
		buf_str(out, assertion->only ? "only " : "");
		for (uint32_t i = 0; i < assertion->asn_count; i++)
			buf_printf(out, "%sAS%u", i ? ", " : "", assertion->asns[i]);
	} else if (span_known(assertion->from.span)) {
		buf_str(out, "from ");
		span_format(out, assertion->from.span);
		if (assertion->from.tolerance) {
			buf_str(out, " ± ");
			utc_format_duration(out, assertion->from.tolerance);
		}
	} else if (*assertion->words) {
		buf_printf(out, "\"%s\"", assertion->words);
	} else {
		buf_str(out, assertion_form_name(assertion->form));
	}
}

static int judgement_make(const struct assertion *assertion, const struct judging *best, uint32_t finding,
			  struct arena *arena, struct judgement *ret_judgement, struct err *err)
{
	struct judgement judgement = {
		.verdict = best->verdict, .away = best->away, .when = best->when, .finding = finding,
		.measured = text_take(arena, &best->measured), .why = text_take(arena, &best->why),
		.nearest = text_take(arena, &best->nearest),
	};
	struct buf claimed = { 0 };

	claimed_put(assertion, &claimed);
	judgement.claimed = text_take(arena, &claimed);
	buf_free(&claimed);
	if (!judgement.claimed || !judgement.measured || !judgement.why || !judgement.nearest)
		return err_memory(err);
	*ret_judgement = judgement;
	return 0;
}

int judge(const struct assertion *assertion, struct dossier_span said, const struct finding *const *findings,
	  uint32_t finding_count, struct arena *arena, struct judgement *ret_judgement, struct err *err)
{
	const struct form *form = &forms[assertion->form];
	struct judging best = { .verdict = VERDICT_INSUFFICIENT, .away = INT64_MAX, .when = DOSSIER_SPAN_NONE };
	uint32_t chosen = UINT32_MAX;
	int code;

	for (uint32_t i = 0; i < finding_count && form->judge; i++) {
		struct judging judging = {
			.assertion = assertion, .time = time_of(assertion, said),
			.finding = findings[i], .when = DOSSIER_SPAN_NONE,
		};

		if (about_place(findings[i], assertion) && form->judge(&judging) &&
		    (chosen == UINT32_MAX || better(&judging, &best))) {
			judging_free(&best);
			best = judging;
			chosen = i;
		} else {
			judging_free(&judging);
		}
	}
	if (!form->judge) {
		best.verdict = VERDICT_NOT_MEASURABLE;
		buf_printf(&best.why, "%s; it would take %s", form->why, form->needed);
	} else if (chosen == UINT32_MAX) {
		buf_str(&best.why, "nothing was measured that this could be held against");
	}
	if (chosen == UINT32_MAX)
		best.away = 0;
	code = judgement_make(assertion, &best, chosen, arena, ret_judgement, err);
	judging_free(&best);
	return code;
}
