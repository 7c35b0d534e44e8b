/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/utc.h"

static void check_format(int64_t time, const char *expected)
{
	struct buf buf = { 0 };

	utc_format(&buf, time);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, expected);
	buf_free(&buf);
}

static void check_parse(const char *text, int64_t expected)
{
	int64_t time = -7;

	if (!utc_parse(view_of(text), &time))
		fail_msg("not understood: %s", text);
	if (time != expected)
		fail_msg("%s: %lld", text, (long long)time);
}

static void check_refused(const char *text)
{
	int64_t time = -7;

	if (utc_parse(view_of(text), &time))
		fail_msg("understood as %lld: %s", (long long)time, text);
	assert_true(time == -7);
}

/* Every day of 800 years, against the C library. */
static void test_civil(void **state)
{
	(void)state;
	for (int64_t day = -180000; day < 120000; day++) {
		time_t seconds = (time_t)(day * 86400);
		struct tm tm;
		int year, month, month_day;

		gmtime_r(&seconds, &tm);
		utc_to_civil(day * UTC_DAY + UTC_DAY - 1, &year, &month, &month_day);
		assert_int_equal(year, tm.tm_year + 1900);
		assert_int_equal(month, tm.tm_mon + 1);
		assert_int_equal(month_day, tm.tm_mday);
		assert_true(utc_from_civil(year, month, month_day) == day * UTC_DAY);
		assert_true(utc_midnight(day * UTC_DAY) == day * UTC_DAY);
		assert_true(utc_midnight(day * UTC_DAY + UTC_DAY - 1) == day * UTC_DAY);
	}
}

static void test_format(void **state)
{
	(void)state;
	check_format(0, "1970-01-01T00:00:00Z");
	check_format(1419349260 * UTC_SECOND, "2014-12-23T15:41:00Z");
	check_format(1419349260 * UTC_SECOND + 500, "2014-12-23T15:41:00.000500Z");
	check_format(-1, "1969-12-31T23:59:59.999999Z");
	check_format(utc_from_civil(2000, 2, 29), "2000-02-29T00:00:00Z");
	check_format(utc_from_civil(12, 3, 4), "0012-03-04T00:00:00Z");
	check_format(utc_from_civil(-1, 3, 4), "-0001-03-04T00:00:00Z");
	check_format(utc_from_civil(12345, 3, 4), "12345-03-04T00:00:00Z");
	check_format(INT64_MAX, "294247-01-10T04:00:54.775807Z");
	check_format(INT64_MIN + 1, "-290308-12-21T19:59:05.224193Z");
	check_format(UTC_NEVER, "never");
}

static void test_parse(void **state)
{
	const int64_t day = utc_from_civil(2014, 12, 23);
	const int64_t time = day + 15 * UTC_HOUR + 41 * UTC_MINUTE;

	(void)state;
	check_parse("2014-12-23", day);
	check_parse("2014-12-23Z", day);
	check_parse("2014-12-23T15:41", time);
	check_parse("2014-12-23 15:41", time);
	check_parse("2014-12-23t15:41z", time);
	check_parse("2014-12-23T15:41:00Z", time);
	check_parse("2014-12-23T15:41:07", time + 7 * UTC_SECOND);
	check_parse("2014-12-23T15:41:07.5", time + 7 * UTC_SECOND + 500000);
	check_parse("2014-12-23T15:41:07.123456Z", time + 7 * UTC_SECOND + 123456);
	check_parse("2014-12-23T15:41:07.1234569", time + 7 * UTC_SECOND + 123456);
	check_parse("2014-12-24T00:41:00+09:00", time);
	check_parse("2014-12-23T10:41-05:00", time);
	check_parse("2014-12-23T15:41:60Z", time + UTC_MINUTE);
	check_parse("2012-02-29", utc_from_civil(2012, 2, 29));
	check_parse("2000-02-29", utc_from_civil(2000, 2, 29));
	check_parse("1419349260", time);
	check_parse("1419349260.25", time + 250000);
	check_parse("0", 0);
	check_parse("9223372036854.775807", INT64_MAX);
}

static void test_refuse(void **state)
{
	static const char *const texts[] = {
		"", " ", "now", "-1", "2014-12", "2014-12-", "2014-1-1", "2014-13-01",
		"2014-00-01", "2014-12-00", "2014-12-32", "2014-11-31", "2014-02-29", "1900-02-29",
		"2014-12-23T", "2014-12-23T15", "2014-12-23T15:4", "2014-12-23T24:00",
		"2014-12-23T15:60", "2014-12-23T15:41:61", "2014-12-23T15:41:00.",
		"2014-12-23T15:41:00ZZ", "2014-12-23T15:41+9", "2014-12-23T15:41+0900",
		"2014-12-23T15:41+24:00", "2014-12-23x", "2014-12-23 ", "1419349260.",
		"1419349260Z",
		"9223372036854.775808", "9223372036855", "99999999999999999999",
		"0x10", "1e9", "1419349260.5s",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_refused(texts[i]);
}

/* What is printed is understood, at any time of a four-digit year. */
static void test_round_trip(void **state)
{
	const int64_t first = utc_from_civil(0, 1, 1), span = utc_from_civil(10000, 1, 1) - first;
	uint64_t random = 88172645463325252u;
	struct buf buf = { 0 };

	(void)state;
	for (unsigned i = 0; i < 50000; i++) {
		int64_t time, back = 0;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		time = first + (int64_t)(random % (uint64_t)span);
		if (i % 2)
			time -= time % UTC_SECOND;
		buf.len = 0;
		utc_format(&buf, time);
		assert_true(utc_parse((struct view){ buf.data, buf.len }, &back));
		assert_true(back == time);
	}
	buf_free(&buf);
}

static void check_duration(const char *text, int64_t expected)
{
	int64_t duration = -7;

	if (!utc_parse_duration(view_of(text), &duration))
		fail_msg("not understood: %s", text);
	if (duration != expected)
		fail_msg("%s: %lld", text, (long long)duration);
}

static void test_parse_duration(void **state)
{
	static const char *const refused[] = {
		"", "s", "1x", "1h30", "30m1h", "1m1m", "-1s", "1.5h", " 1s", "1s ", "1h 30m",
		"9223372036855", "106751992d", "106751991d5h", "99999999999999999999s",
	};
	int64_t duration = -7;

	(void)state;
	check_duration("90", 90 * UTC_SECOND);
	check_duration("90s", 90 * UTC_SECOND);
	check_duration("5m", 5 * UTC_MINUTE);
	check_duration("2h", 2 * UTC_HOUR);
	check_duration("1h30m", 90 * UTC_MINUTE);
	check_duration("7d", 7 * UTC_DAY);
	check_duration("1d2h3m4s", UTC_DAY + 2 * UTC_HOUR + 3 * UTC_MINUTE + 4 * UTC_SECOND);
	check_duration("0", 0);
	check_duration("106751991d4h", 106751991 * UTC_DAY + 4 * UTC_HOUR);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (utc_parse_duration(view_of(refused[i]), &duration))
			fail_msg("understood: %s", refused[i]);
	assert_true(duration == -7);
}

static void check_duration_format(int64_t duration, const char *expected)
{
	struct buf buf = { 0 };

	utc_format_duration(&buf, duration);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, expected);
	buf_free(&buf);
}

static void test_format_duration(void **state)
{
	(void)state;
	check_duration_format(0, "0 s");
	check_duration_format(120, "0.000120 s");
	check_duration_format(250000, "0.250 s");
	check_duration_format(51 * UTC_SECOND, "51 s");
	check_duration_format(51 * UTC_SECOND + 20400, "51.020 s");
	check_duration_format(60 * UTC_SECOND - 1, "1 min");
	check_duration_format(90 * UTC_SECOND, "1 min 30 s");
	check_duration_format(31 * UTC_MINUTE, "31 min");
	check_duration_format(UTC_HOUR - 500000, "1 h");
	check_duration_format(UTC_HOUR - 500001, "59 min 59 s");
	check_duration_format(9 * UTC_HOUR + 31 * UTC_MINUTE, "9 h 31 min");
	check_duration_format(9 * UTC_HOUR + 31 * UTC_MINUTE + 30 * UTC_SECOND, "9 h 32 min");
	check_duration_format(UTC_DAY - 1, "1 d");
	check_duration_format(2 * UTC_DAY + 3 * UTC_HOUR, "2 d 3 h");
	check_duration_format(400 * UTC_DAY, "400 d");
	check_duration_format(-90 * UTC_SECOND, "-1 min 30 s");
	check_duration_format(INT64_MIN, "-106751991 d 4 h");
}

static void test_now(void **state)
{
	(void)state;
	assert_true(utc_now() / UTC_SECOND - (int64_t)time(NULL) <= 1);
	assert_true((int64_t)time(NULL) - utc_now() / UTC_SECOND <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_civil),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_parse_duration),
		cmocka_unit_test(test_format_duration),
		cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
