/* SPDX-License-Identifier: BSD-2-Clause */
/* Times as exact as they are written, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier/span.h"

static void spans_there_and_back(void **state)
{
	static const struct { const char *text, *canonical; int64_t width; } cases[] = {
		{ "2014", "2014", 365 * UTC_DAY },
		{ "2016", "2016", 366 * UTC_DAY },
		{ "2014-12", "2014-12", 31 * UTC_DAY },
		{ "2014-02", "2014-02", 28 * UTC_DAY },
		{ "2014-12-23", "2014-12-23", UTC_DAY },
		{ "2014-12-23T15:41", "2014-12-23T15:41Z", UTC_MINUTE },
		{ "2014-12-24T00:41+09:00", "2014-12-23T15:41Z", UTC_MINUTE },
		{ "2014-12-23T15:41:07Z", "2014-12-23T15:41:07Z", UTC_SECOND },
		{ "2014-12-23T15:41:07.25Z", "2014-12-23T15:41:07.250000Z", 1 },
		{ "2014-12-20..2014-12-22", "2014-12-20..2014-12-22", 3 * UTC_DAY },
		{ "2014-11..2014-12", "2014-11-01..2014-12-31", 61 * UTC_DAY },
		{ "2014-12-23 15:41 .. 2014-12-23 15:46", "2014-12-23T15:41Z..2014-12-23T15:46Z", 6 * UTC_MINUTE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dossier_span span, again;
		struct buf buf = { 0 };

		assert_true(span_parse(view_of(cases[i].text), &span));
		assert_int_equal(span.until - span.from, cases[i].width);
		span_format(&buf, span);
		assert_true(span_parse((struct view){ buf.data, buf.len }, &again));
		assert_int_equal(again.from, span.from);
		assert_int_equal(again.until, span.until);
		buf_char(&buf, '\0');
		assert_string_equal(buf.data, cases[i].canonical);
		buf_free(&buf);
	}
}

static void what_is_no_time(void **state)
{
	static const char *const cases[] = {
		"", "..", "2014-13", "2014-12-32", "mardi", "2014-12-23..", "2014-12-23..2014-12-22", "2014-12-23T25:00",
	};
	struct dossier_span span = { 7, 8 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (span_parse(view_of(cases[i]), &span))
			fail_msg("\"%s\" was taken", cases[i]);
		assert_int_equal(span.from, 7);
	}
}

static void nothing_known_is_no_text(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	span_format(&buf, DOSSIER_SPAN_NONE);
	assert_int_equal(buf.len, 0);
	assert_false(span_known(DOSSIER_SPAN_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_there_and_back),
		cmocka_unit_test(what_is_no_time),
		cmocka_unit_test(nothing_known_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
