/* SPDX-License-Identifier: BSD-2-Clause */
/* Held against what is known of tzdata's zones; skipped where it is not installed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/utc.h"
#include "cmd/clocks.h"

static int32_t offset_on(const struct cause_clock *clock, int year, int month, int day)
{
	int64_t time = utc_from_civil(year, month, day);
	int32_t offset = 0;

	for (uint32_t i = 0; i < clock->step_count && clock->steps[i].since <= time; i++)
		offset = clock->steps[i].offset;
	return offset;
}

static void need_tzdata(void)
{
	if (access("/usr/share/zoneinfo/zone1970.tab", R_OK) != 0 || access("/usr/share/zoneinfo/Asia/Pyongyang", R_OK) != 0)
		skip();
}

static void pyongyang(void **state)
{
	struct clocks clocks;

	(void)state;
	need_tzdata();
	assert_int_equal(clocks_of(COUNTRY('K', 'P'), &clocks, NULL), 0);
	assert_int_equal(clocks.count, 1);
	assert_string_equal(clocks.at[0].name, "Asia/Pyongyang");
	assert_int_equal(offset_on(&clocks.at[0], 2014, 12, 22), 9 * 3600);
	assert_int_equal(offset_on(&clocks.at[0], 2016, 3, 1), 8 * 3600 + 1800);
	assert_int_equal(offset_on(&clocks.at[0], 2019, 1, 1), 9 * 3600);
	clocks_free(&clocks);
}

static void several(void **state)
{
	const char *tz = getenv("TZ");
	char before[64] = "";
	struct clocks clocks;

	(void)state;
	need_tzdata();
	if (tz)
		strncpy(before, tz, sizeof(before) - 1);
	assert_int_equal(clocks_of(COUNTRY('U', 'S'), &clocks, NULL), 0);
	assert_true(clocks.count > 4);
	assert_string_equal(clocks.at[0].name, "America/New_York");
	assert_int_equal(offset_on(&clocks.at[0], 2022, 1, 15), -5 * 3600);
	assert_int_equal(offset_on(&clocks.at[0], 2022, 7, 15), -4 * 3600);
	assert_int_equal(offset_on(&clocks.at[0], 2030, 7, 15), -4 * 3600);
	clocks_free(&clocks);
	assert_string_equal(getenv("TZ") ? getenv("TZ") : "", before);
}

static void none(void **state)
{
	struct clocks clocks;

	(void)state;
	assert_int_equal(clocks_of(COUNTRY('Z', 'Z'), &clocks, NULL), 0);
	assert_int_equal(clocks.count, 0);
	clocks_free(&clocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pyongyang),
		cmocka_unit_test(several),
		cmocka_unit_test(none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
