/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form against findings made by hand: what confirms, what contradicts, and what is too little to tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/judge.h"

static int64_t at(const char *text)
{
	int64_t time;

	assert_true(utc_parse(view_of(text), &time));
	return time;
}

/* Two days of measurements: an outage of 31 minutes on the 23rd, one still open at the end. */
static struct finding_outage outages[2];
static struct finding_coverage_step steps[3];
static struct finding_coverage_family families[1];
static struct finding_instability bursts[1];
static struct finding_point points[4];
static struct finding_signal signals[1];
static struct finding_report report;

static struct finding a_report(void)
{
	struct finding finding = { .question = { .kind = "report", .subject = "KP" } };
	struct finding_coverage *coverage = &finding.result.coverage;

	outages[0] = (struct finding_outage){
		.family = "IPv4", .level = "total", .ended = "over", .duration = 31 * UTC_MINUTE,
		.start = { at("2014-12-23T15:41:01"), at("2014-12-23T15:40:59"), at("2014-12-23T15:41:05") },
		.end = { at("2014-12-23T16:12:01"), at("2014-12-23T16:11:59"), at("2014-12-23T16:12:25") },
	};
	outages[1] = (struct finding_outage){
		.family = "IPv4", .level = "partial", .ended = "open", .duration = 2 * UTC_HOUR,
		.start = { at("2014-12-23T22:00"), at("2014-12-23T22:00"), at("2014-12-23T22:00") },
		.end = { UTC_NEVER, UTC_NEVER, UTC_NEVER },
	};
	bursts[0] = (struct finding_instability){ .first = at("2014-12-23T10:00"), .last = at("2014-12-23T10:09") };
	points[0] = (struct finding_point){ .time = at("2014-12-22"), .measurable = true, .networks = 4 };
	points[1] = (struct finding_point){ .time = at("2014-12-23T15:41:01"), .measurable = true, .networks = 0 };
	points[2] = (struct finding_point){ .time = at("2014-12-23T16:12:01"), .measurable = true, .networks = 4 };
	points[3] = (struct finding_point){ .time = at("2014-12-23T22:00"), .measurable = true, .networks = 3 };
	signals[0] = (struct finding_signal){ .family = "IPv4", .points = points, .point_count = 4 };
	report = (struct finding_report){
		.outages = outages, .outage_count = 2, .instabilities = bursts, .instability_count = 1, .signals = signals,
		.signal_count = 1,
	};
	steps[0] = (struct finding_coverage_step){ .time = at("2014-12-22"), .family = "IPv4", .measurable = true };
	steps[1] = (struct finding_coverage_step){ .time = at("2014-12-22T03:00"), .family = "IPv4", .measurable = false };
	steps[2] = (struct finding_coverage_step){ .time = at("2014-12-22T04:00"), .family = "IPv4", .measurable = true };
	families[0] = (struct finding_coverage_family){ .family = "IPv4", .full_feed_peers = 36 };
	coverage->from = at("2014-12-22");
	coverage->until = at("2014-12-23T23:59:59.999999");
	coverage->steps = steps;
	coverage->step_count = 3;
	coverage->families = families;
	coverage->family_count = 1;
	finding.result.report = &report;
	return finding;
}

static void expect_said(const struct finding *finding, const char *text, const char *said, enum verdict verdict,
			const char *part)
{
	struct dossier_span span = DOSSIER_SPAN_NONE;
	struct arena arena = { 0 };
	struct judgement judgement;
	struct assertion assertion;
	struct err err = { 0 };

	if (assertion_parse(view_of(text), &arena, &assertion, NULL, &err))
		fail_msg("\"%s\": %s", text, err.text);
	if (said)
		assert_true(span_parse(view_of(said), &span));
	assert_int_equal(judge(&assertion, span, &finding, finding ? 1 : 0, &arena, &judgement, &err), 0);
	if (judgement.verdict != verdict)
		fail_msg("\"%s\": %s: %s", text, verdict_name(judgement.verdict), judgement.why);
	if (part && !strstr(judgement.measured, part) && !strstr(judgement.why, part) && !strstr(judgement.nearest, part))
		fail_msg("\"%s\": %s | %s | %s", text, judgement.measured, judgement.why, judgement.nearest);
	arena_free(&arena);
}

static void expect(const struct finding *finding, const char *text, enum verdict verdict, const char *part)
{
	expect_said(finding, text, NULL, verdict, part);
}

static void of_outages(void **state)
{
	struct finding f = a_report();

	(void)state;
	expect(&f, "outage KP", VERDICT_CONFIRMED, NULL);
	expect(&f, "outage KP from 2014-12-23T15:41Z", VERDICT_CONFIRMED, "15:41:01 (−2 +4 s) to 2014-12-23 16:12:01 (−2 +24 s), 31 min");
	expect(&f, "outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m", VERDICT_CONTRADICTED, "31 min");
	expect(&f, "outage KP from 2014-12-23T15:41Z ±5m lasting 31m ±1m total", VERDICT_CONFIRMED, NULL);
	/* 30 min 54 s to 31 min 26 s. */
	expect(&f, "outage KP on 2014-12-23 lasting 31m10s..40m total", VERDICT_INSUFFICIENT, "too wide");
	expect(&f, "outage KP on 2014-12-23 lasting 31m26s..40m total", VERDICT_INSUFFICIENT, "too wide");
	expect(&f, "outage KP on 2014-12-23 lasting 31m27s..40m total", VERDICT_CONTRADICTED, NULL);
	expect(&f, "outage KP from 2014-12-23T15:41:02Z", VERDICT_INSUFFICIENT, "too wide");
	expect(&f, "outage KP until 2014-12-23T16:12Z major", VERDICT_CONFIRMED, NULL);
	expect(&f, "outage KP until 2014-12-23T17:12Z major", VERDICT_CONTRADICTED, NULL);
	/* The open one has lasted two hours at least. */
	expect(&f, "outage KP from 2014-12-23T22:00Z lasting 1h..", VERDICT_CONFIRMED, "not over");
	expect(&f, "outage KP from 2014-12-23T22:00Z lasting 3h", VERDICT_INSUFFICIENT, NULL);
	expect(&f, "outage KP from 2014-12-23T22:00Z lasting 1h", VERDICT_CONTRADICTED, NULL);
	expect(&f, "outage KP from 2014-12-23T22:00Z total", VERDICT_CONTRADICTED, NULL);
	/* Nothing there, but was it measured? */
	expect(&f, "outage KP on 2014-12-22T12:00Z..2014-12-22T13:00Z", VERDICT_CONTRADICTED, NULL);
	expect(&f, "outage KP on 2014-12-22", VERDICT_INSUFFICIENT, "not measurable in all");
	expect(&f, "outage KP on 2014-12-22T03:30Z", VERDICT_INSUFFICIENT, NULL);
	expect(&f, "outage KP on 2014-12-20", VERDICT_INSUFFICIENT, "1 d after what the claim is about");
	expect(&f, "outage KP on 2015-01-01", VERDICT_INSUFFICIENT, "8 d before");
	/* Of another place nothing was measured. */
	expect(&f, "outage KR", VERDICT_INSUFFICIENT, "nothing was measured");
	expect(NULL, "outage KP", VERDICT_INSUFFICIENT, "nothing was measured");
}

static void of_reports(void **state)
{
	struct finding f = a_report();

	(void)state;
	expect(&f, "unstable KP 2014-12-23", VERDICT_CONFIRMED, "1 burst");
	expect(&f, "unstable KP 2014-12-22T12:00Z..2014-12-22T18:00Z", VERDICT_CONTRADICTED, NULL);
	expect(&f, "unstable KP 2014-12-22", VERDICT_INSUFFICIENT, NULL);
	expect(&f, "reachable KP 2014-12-22T12:00Z..2014-12-22T18:00Z", VERDICT_CONFIRMED, NULL);
	expect(&f, "reachable KP 2014-12-23", VERDICT_CONTRADICTED, "15:41:01");
	/* In part is not unreachable. */
	expect(&f, "reachable KP 2014-12-23T22:00Z..2014-12-23T23:00Z", VERDICT_CONFIRMED, NULL);
	expect(&f, "reachable KP 2014-12-22", VERDICT_INSUFFICIENT, NULL);
	expect(&f, "networks KP = 4 at 2014-12-23", VERDICT_CONFIRMED, "4 networks");
	expect(&f, "networks KP = 4 at 2014-12-23T15:50Z", VERDICT_CONTRADICTED, "0 networks");
	expect(&f, "networks KP >= 5 at 2014-12-23", VERDICT_CONTRADICTED, "36 peer ASes");
	expect(&f, "networks KP <= 3 at 2014-12-23", VERDICT_CONTRADICTED, NULL);
	expect(&f, "networks KP = 3 at 2014-12-23T23:00Z", VERDICT_CONFIRMED, NULL);
}

static void of_a_census(void **state)
{
	struct finding_census_row row = { .country = "KP", .family = "IPv4", .networks = 4 };
	struct finding_census census = { .at = at("2014-05-30T22:00:01"), .rows = &row, .row_count = 1 };
	struct finding f = a_report();

	(void)state;
	families[0].full_feed_peers = 1;
	f.question = (struct finding_question){ .kind = "census", .subject = "" };
	f.result.report = NULL;
	f.result.census = &census;
	f.result.coverage.from = at("2014-05-30T22:00");
	f.result.coverage.until = at("2014-05-30T22:00:01");
	expect(&f, "networks KP = 4 at 2014-05-30", VERDICT_CONFIRMED, "a lower bound, seen from 1 peer AS");
	expect(&f, "networks KP = 3 at 2014-05-30", VERDICT_CONTRADICTED, NULL);
	expect(&f, "networks KP = 5 at 2014-05-30", VERDICT_INSUFFICIENT, "fewer than claimed would need 3");
	expect(&f, "networks KP = 4 at 2014-12-23", VERDICT_INSUFFICIENT, "which agrees");
	expect(&f, "networks KP = 4 at 2014-12-23", VERDICT_INSUFFICIENT, "206 d 2 h before what the claim is about");
	expect(&f, "networks KP = 5 at 2014-12-23", VERDICT_INSUFFICIENT, "which does not agree");
	expect_said(&f, "networks KP = 4", "2014-12-23", VERDICT_INSUFFICIENT, "which agrees");
	expect_said(&f, "networks KP = 4", "2014-05", VERDICT_CONFIRMED, NULL);
	expect(&f, "networks KP = 4", VERDICT_CONFIRMED, NULL);
	expect(&f, "networks FR = 4", VERDICT_INSUFFICIENT, "0 networks");
	families[0].full_feed_peers = 3;
	expect(&f, "networks KP = 5 at 2014-05-30", VERDICT_CONTRADICTED, NULL);
}

static void of_upstreams(void **state)
{
	struct finding_transit transits[] = {
		{ .role = "gateway", .asn = 7 }, { .role = "upstream", .asn = 4837 }, { .role = "upstream", .asn = 20485 },
	};
	struct finding_upstreams upstreams = {
		.at = at("2014-05-30T22:00:01"), .networks = 4, .peers = 1, .transits = transits, .transit_count = 2,
	};
	struct finding f = a_report();

	(void)state;
	f.question = (struct finding_question){ .kind = "upstreams", .subject = "KP" };
	f.result.report = NULL;
	f.result.upstreams = &upstreams;
	f.result.coverage.from = at("2014-05-30T22:00");
	f.result.coverage.until = at("2014-05-30T22:00:01");
	expect(&f, "upstreams KP only AS4837", VERDICT_CONFIRMED, "seen from 1 peer AS");
	expect(&f, "upstreams KP only AS4837, AS20485", VERDICT_CONFIRMED, NULL);
	expect(&f, "upstreams KP AS4837, AS20485", VERDICT_INSUFFICIENT, NULL);
	expect(&f, "upstreams KP only AS20485", VERDICT_CONTRADICTED, NULL);
	expect(&f, "upstreams KP only AS4837 at 2014-12-23", VERDICT_INSUFFICIENT, "which agrees");
	upstreams.transit_count = 3;
	expect(&f, "upstreams KP only AS4837", VERDICT_CONTRADICTED, "AS4837, AS20485");
	expect(&f, "upstreams KP AS4837, AS20485", VERDICT_CONFIRMED, NULL);
	upstreams.peers = 3;
	expect(&f, "upstreams KP AS174", VERDICT_CONTRADICTED, NULL);
	upstreams.networks = upstreams.transit_count = 0;
	expect(&f, "upstreams KP only AS4837", VERDICT_INSUFFICIENT, "no network of it");
}

static void not_measurable(void **state)
{
	struct finding f = a_report();

	(void)state;
	expect(&f, "cause KP \"denial of service\"", VERDICT_NOT_MEASURABLE, "not why");
	expect(&f, "service \"KBS\" at 2013-03-20", VERDICT_NOT_MEASURABLE, "it would take probes");
	expect(NULL, "author KP \"somebody\"", VERDICT_NOT_MEASURABLE, "never a motive");
}

static void the_one_that_decides(void **state)
{
	struct finding near = a_report(), far = a_report();
	const struct finding *findings[] = { &far, &near };
	struct dossier_span none = DOSSIER_SPAN_NONE;
	struct arena arena = { 0 };
	struct judgement judgement;
	struct assertion assertion;

	(void)state;
	far.result.coverage.from = at("2014-05-30");
	far.result.coverage.until = at("2014-05-31");
	assert_int_equal(assertion_parse(view_of("reachable KP 2014-12-22T12:00Z"), &arena, &assertion, NULL, NULL), 0);
	assert_int_equal(judge(&assertion, none, findings, 2, &arena, &judgement, NULL), 0);
	assert_int_equal(judgement.verdict, VERDICT_CONFIRMED);
	assert_int_equal(judgement.finding, 1);
	assert_int_equal(assertion_parse(view_of("reachable KP 2014-12-25"), &arena, &assertion, NULL, NULL), 0);
	assert_int_equal(judge(&assertion, none, findings, 2, &arena, &judgement, NULL), 0);
	assert_int_equal(judgement.verdict, VERDICT_INSUFFICIENT);
	assert_int_equal(judgement.finding, 1);
	assert_int_equal(judgement.away, UTC_DAY);
	arena_free(&arena);
}

/* A census in the middle of an outage, and a report of the whole day. */
static void a_report_knows_more_than_a_census(void **state)
{
	struct finding_census_row row = { .country = "KP", .family = "IPv4", .networks = 0 };
	struct finding_census census = { .at = at("2014-12-23T15:50"), .rows = &row, .row_count = 1 };
	struct finding whole = a_report(), moment = a_report();
	const struct finding *findings[] = { &moment, &whole };
	struct dossier_span none = DOSSIER_SPAN_NONE;
	struct arena arena = { 0 };
	struct judgement judgement;
	struct assertion assertion;

	(void)state;
	moment.question = (struct finding_question){ .kind = "census", .subject = "" };
	moment.result.report = NULL;
	moment.result.census = &census;
	assert_int_equal(assertion_parse(view_of("networks KP = 4 at 2014-12-23"), &arena, &assertion, NULL, NULL), 0);
	for (unsigned order = 0; order < 2; order++) {
		findings[0] = order ? &whole : &moment;
		findings[1] = order ? &moment : &whole;
		assert_int_equal(judge(&assertion, none, findings, 2, &arena, &judgement, NULL), 0);
		assert_int_equal(judgement.verdict, VERDICT_CONFIRMED);
		assert_ptr_equal(findings[judgement.finding], &whole);
	}
	arena_free(&arena);
}

static void questions(void **state)
{
	struct dossier_span said;
	struct arena arena = { 0 };
	struct question question = { 0 };
	struct assertion assertion;

	(void)state;
	assert_true(span_parse(view_of("2014-12-23"), &said));
	assert_int_equal(assertion_parse(view_of("networks KP = 4"), &arena, &assertion, NULL, NULL), 0);
	assert_true(judge_question(&assertion, said, &question));
	assert_int_equal(question.kind, QUESTION_CENSUS);
	assert_int_equal(question.at, at("2014-12-23T23:59:59.999999"));
	assert_int_equal(assertion_parse(view_of("networks AS4837 = 4"), &arena, &assertion, NULL, NULL), 0);
	assert_true(judge_question(&assertion, said, &question));
	assert_int_equal(question.kind, QUESTION_REPORT);
	assert_int_equal(question.asn, 4837);
	assert_int_equal(assertion_parse(view_of("cause KP \"x\""), &arena, &assertion, NULL, NULL), 0);
	assert_false(judge_question(&assertion, said, &question));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_outages),	  cmocka_unit_test(of_reports),
		cmocka_unit_test(of_a_census),	  cmocka_unit_test(of_upstreams),
		cmocka_unit_test(not_measurable), cmocka_unit_test(the_one_that_decides),
		cmocka_unit_test(questions),	  cmocka_unit_test(a_report_knows_more_than_a_census),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
