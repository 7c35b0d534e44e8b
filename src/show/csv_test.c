/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of a finding as CSV: quoting, columns, names that lead nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "show/finding.h"

/* 2014-12-23T15:41:00Z */
#define T0 (1419349260 * UTC_SECOND)

static void assert_csv(const struct finding *finding, const char *list, const char *want)
{
	struct buf out = { 0 };
	struct err err = { 0 };

	if (show_csv(finding, list, &out, &err) != 0)
		fail_msg("%s", err.text);
	buf_char(&out, '\0');
	assert_string_equal(out.data, want);
	buf_free(&out);
}

static void assert_refused(const struct finding *finding, const char *list, const char *why)
{
	struct buf out = { 0 };
	struct err err = { 0 };

	assert_int_equal(show_csv(finding, list, &out, &err), ERR_USAGE);
	assert_string_equal(err.text, why);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* RFC 4180 section 2, with the line feeds of Unix. */
static void quoting(void **state)
{
	struct finding_limit limits[] = {
		{ "plain", "nothing special" }, { "comma", "one, two" }, { "quote", "a \"quoted\" word" },
		{ "lines", "one\ntwo\r" }, { "none", NULL }, { "", "" },
	};
	struct finding finding = { .question.kind = "report", .result = { .limits = limits, .limit_count = 6 } };

	(void)state;
	assert_csv(&finding, "result.limits",
		   "code,text\nplain,nothing special\ncomma,\"one, two\"\nquote,\"a \"\"quoted\"\" word\"\n"
		   "lines,\"one\ntwo\r\"\nnone,\n,\n");
}

/* Objects become columns, lists of numbers a field, other lists nothing. */
static void columns(void **state)
{
	uint32_t origins[] = { 131279, 4837 };
	struct finding_network networks[] = {
		{ .network = "175.45.176.0/24", .family = "IPv4", .country = "KP", .country_share = 1000000,
		  .origins = origins, .origin_count = 2, .foreign_origin = true, .state = "seen",
		  .visibility = 500000, .peers_holding = 3, .outages = 2, .dark = -1, .announcements = 9,
		  .heard_from = 4 },
		{ .network = "2001:db8::/32", .family = "IPv6", .country = "--", .state = "dark" },
	};
	struct finding_outage outages[] = {
		{ .place_kind = "country", .place = "KP", .name = "North Korea", .family = "IPv4", .level = "total",
		  .start = { T0, T0 - UTC_SECOND, T0 + 250000 }, .end = { UTC_NEVER, UTC_NEVER, UTC_NEVER },
		  .ended = "open", .duration = 60 * UTC_SECOND, .baseline = 4, .lost = UINT64_MAX,
		  .phases = (struct finding_phase[]){ { "total", { 0, 0, 0 } } }, .phase_count = 1 },
	};
	struct finding_report report = { .networks = networks, .network_count = 2,
					 .outages = outages, .outage_count = 1 };
	struct finding finding = { .question.kind = "report", .result.report = &report };

	(void)state;
	assert_csv(&finding, NULL,
		   "network,family,country,country_share,origins,foreign_origin,state,visibility,peers_holding,"
		   "outages,dark,announcements,withdrawals,spurious,heard_from,level_step\n"
		   "175.45.176.0/24,IPv4,KP,1000000,131279 4837,true,seen,500000,3,2,-1,9,0,0,4,0\n"
		   "2001:db8::/32,IPv6,--,0,,false,dark,0,0,0,0,0,0,0,0,0\n");
	assert_csv(&finding, "result.report.outages",
		   "place_kind,place,name,family,level,start.at,start.earliest,start.latest,end.at,end.earliest,"
		   "end.latest,ended,duration,baseline,lowest,networks_before,networks_lowest,peers,peers_lowest,"
		   "unmeasured,lost,episode\n"
		   "country,KP,North Korea,IPv4,total,2014-12-23T15:41:00Z,2014-12-23T15:40:59Z,"
		   "2014-12-23T15:41:00.250000Z,,,,open,60000000,4,0,0,0,0,0,0,18446744073709551615,0\n");
	assert_csv(&finding, "result.report.outages.phases", "level,start.at,start.earliest,start.latest\n"
		   "total,1970-01-01T00:00:00Z,1970-01-01T00:00:00Z,1970-01-01T00:00:00Z\n");
	assert_csv(&finding, "result.report.stuck", "network,collector,peer,peer_as,dark_since\n");
}

static void names(void **state)
{
	struct finding finding = { .question.kind = "census" };

	(void)state;
	assert_refused(&finding, NULL, "a finding of census has no result.census.rows");
	assert_refused(&finding, "result.report.networks", "a finding of census has no result.report.networks");
	assert_refused(&finding, "networks", "no list of a finding is called networks");
	assert_refused(&finding, "", "no list of a finding is called ");
	assert_refused(&finding, "result.coverage", "no list of a finding is called result.coverage");
	assert_refused(&finding, "method", "no list of a finding is called method");
	/* a list within the items of a list, which are none */
	assert_csv(&finding, "roster.live", "from,until,began,ended\n");
	assert_refused(&finding, "result.report.causes.facts", "a finding of census has no result.report.causes.facts");
	assert_csv(&finding, "gaps", "collector,from,until,why\n");
}

/* The lists that are printed without asking are there. */
static void main_lists(void **state)
{
	static const char *const kinds[] = { "census", "upstreams", "outages", "report", "info" };
	struct finding_census census = { 0 };
	struct finding_upstreams upstreams = { 0 };
	struct finding_outages outages = { 0 };
	struct finding_report report = { 0 };
	struct finding finding = { .result = { .census = &census, .upstreams = &upstreams, .outages = &outages,
					       .report = &report } };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buf out = { 0 };

		finding.question.kind = kinds[i];
		assert_int_equal(show_csv(&finding, NULL, &out, NULL), 0);
		assert_true(out.len > 20);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoting),
		cmocka_unit_test(columns),
		cmocka_unit_test(names),
		cmocka_unit_test(main_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
