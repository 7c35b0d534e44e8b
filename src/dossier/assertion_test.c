/* SPDX-License-Identifier: BSD-2-Clause */
/* The language: each form into its canonical one and back, and mistakes at the word they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/assertion.h"

static void canonical(const char *text, const char *expected)
{
	struct arena arena = { 0 };
	struct assertion assertion;
	struct buf out = { 0 };
	struct err err = { 0 };

	if (assertion_parse(view_of(text), &arena, &assertion, NULL, &err))
		fail_msg("\"%s\": %s", text, err.text);
	assertion_format(&assertion, &out);
	buf_char(&out, '\0');
	assert_string_equal(out.data, expected);
	buf_free(&out);
	arena_free(&arena);
}

static void forms(void **state)
{
	static const char *const cases[][2] = {
		{ "outage KP", "outage KP" },
		{ "outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m total",
		  "outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m total" },
		{ "OUTAGE \"North Korea\" total lasting 9h±59m on 2014-12-22",
		  "outage KP on 2014-12-22 lasting 8h1m..9h59m total" },
		{ "outage AS131279 lasting ..9h", "outage AS131279 lasting ..9h" },
		{ "outage 175.45.176.0/22 lasting 9h..", "outage 175.45.176.0/22 lasting 9h.." },
		{ "outage 2001:db8::/32 until 2014-12-23 +- 90s major", "outage 2001:db8::/32 until 2014-12-23 ±1m30s major" },
		{ "outage KP lasting 30m partial", "outage KP lasting 30m partial" },
		{ "outage KP from 2014-12-24T00:41+09:00", "outage KP from 2014-12-23T15:41Z" },
		{ "networks KP = 4 at 2014-12-23", "networks KP = 4 at 2014-12-23" },
		{ "networks US=150000±10%", "networks US = 135000..165000" },
		{ "networks US = 4 ± 9", "networks US = ..13" },
		{ "networks US = 10 … 20 on 2014", "networks US = 10..20 at 2014" },
		{ "networks US >= 7", "networks US = 7.." },
		{ "networks US ≤ 7", "networks US = ..7" },
		{ "networks US = 0", "networks US = 0" },
		{ "networks US = 0..", "networks US = 0.." },
		{ "upstreams KP only AS4837", "upstreams KP only AS4837" },
		{ "upstreams KP AS4837,as20485 at 2017-10-01", "upstreams KP AS4837, AS20485 at 2017-10-01" },
		{ "unstable KP 2014-12-20..2014-12-22", "unstable KP 2014-12-20..2014-12-22" },
		{ "unstable KP 2014-12-20 .. 2014-12-22T10:00Z", "unstable KP 2014-12-20..2014-12-22T10:00Z" },
		{ "reachable CN 2014-12-22", "reachable CN 2014-12-22" },
		{ "cause KP \"denial of service\" at 2014-12-23", "cause KP \"denial of service\" at 2014-12-23" },
		{ "author KP \"somebody\"", "author KP \"somebody\"" },
		{ "service \"KBS, MBC, YTN\" on 2013-03-20", "service \"KBS, MBC, YTN\" at 2013-03-20" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		canonical(cases[i][0], cases[i][1]);
		canonical(cases[i][1], cases[i][1]);
	}
}

static void values(void **state)
{
	struct arena arena = { 0 };
	struct assertion a;

	(void)state;
	assert_int_equal(assertion_parse(view_of("outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m total"), &arena, &a,
					 NULL, NULL), 0);
	assert_int_equal(a.form, ASSERTION_OUTAGE);
	assert_int_equal(a.place.country, COUNTRY('K', 'P'));
	assert_int_equal(a.from.tolerance, 5 * UTC_MINUTE);
	assert_int_equal(a.from.span.until - a.from.span.from, UTC_MINUTE);
	assert_int_equal(a.lasting.least, UTC_HOUR);
	assert_int_equal(a.lasting.most, 90 * UTC_MINUTE);
	assert_int_equal(a.level, LEVEL_TOTAL);
	assert_false(span_known(a.at));
	arena_free(&arena);
}

static void mistakes(void **state)
{
	static const struct { const char *text; uint32_t at, len; const char *why; } cases[] = {
		{ "", 0, 1, "is missing at the end" },
		{ "outrage KP", 0, 7, "\"outrage\": outage, networks" },
		{ "outage", 6, 1, "is missing at the end" },
		{ "outage Atlantis", 7, 8, "a country (KP)" },
		{ "outage KP lastng 1h", 10, 6, "\"lastng\": on, from" },
		{ "outage KP lasting 1x", 18, 2, "a duration" },
		{ "outage KP lasting 2h..1h", 22, 2, "what is not less" },
		{ "outage KP total major", 16, 5, "nothing that was said before" },
		{ "outage KP from yesterday", 15, 9, "a time" },
		{ "outage KP on 2014-12-23..2014-12-22", 25, 10, "a later time" },
		{ "networks KP 4", 12, 1, "=, >= or <=" },
		{ "networks KP = four", 14, 4, "a number" },
		{ "networks KP = 4 ±200%", 18, 4, "a percentage" },
		{ "networks KP = 4 yesterday", 16, 9, "the end" },
		{ "upstreams KP only 4837x", 18, 5, "an AS" },
		{ "upstreams KP only AS4837,", 25, 1, "an AS such as AS4837 is missing" },
		{ "unstable KP", 11, 1, "a time" },
		{ "cause KP denial", 9, 6, "something in quotation marks" },
		{ "cause KP \"denial", 9, 7, "something in quotation marks" },
		{ "service \"\"", 8, 2, "something in quotation marks" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assertion_mistake mistake = { 0, 0 };
		struct assertion assertion;
		struct err err = { 0 };

		assert_int_equal(assertion_parse(view_of(cases[i].text), &arena, &assertion, &mistake, &err), ERR_USAGE);
		if (!strstr(err.text, cases[i].why) || mistake.at != cases[i].at || mistake.len != cases[i].len)
			fail_msg("\"%s\": %s (%u, %u)", cases[i].text, err.text, mistake.at, mistake.len);
	}
	/* Found by the fuzzer: what stands behind a NUL would be lost. */
	assert_int_equal(assertion_parse((struct view){ "author KP \"a\0b\"", 15 }, &arena, &(struct assertion){ 0 }, NULL, NULL),
			 ERR_USAGE);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(values),
		cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
