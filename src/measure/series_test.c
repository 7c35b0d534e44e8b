/* SPDX-License-Identifier: BSD-2-Clause */
/* The signal over time: however long, few points, and none of its lows lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/series.h"

#define T0 (1400000000 * UTC_SECOND)

static void add(struct series *series, int64_t time, uint64_t blocks, bool measurable)
{
	struct series_value value = { .measurable = measurable, .blocks = blocks, .networks = (uint32_t)blocks / 2 };

	assert_int_equal(series_add(series, time, &value, NULL), 0);
}

/* Values of one second: the last one, and the lowest. */
static void test_one_second(void **state)
{
	struct series series = { 0 };

	(void)state;
	add(&series, T0, 10, true);
	add(&series, T0 + 300000, 4, true);
	add(&series, T0 + 999999, 8, true);
	add(&series, T0 + UTC_SECOND, 9, true);
	assert_int_equal(series.count, 2);
	assert_int_equal(series.step, UTC_SECOND);
	assert_int_equal(series.points[0].time, T0);
	assert_int_equal(series.points[0].lowest_blocks, 4);
	assert_int_equal(series.points[0].lowest_networks, 2);
	assert_int_equal(series.points[0].last.blocks, 8);
	assert_int_equal(series.points[1].lowest_blocks, 9);
	series_free(&series);
	assert_null(series.points);
}

/* What was not measured is no low. */
static void test_not_measured(void **state)
{
	struct series series = { 0 };

	(void)state;
	add(&series, T0, 0, false);
	add(&series, T0 + 1, 7, true);
	add(&series, T0 + 2, 0, false);
	assert_int_equal(series.count, 1);
	assert_int_equal(series.points[0].lowest_blocks, 7);
	assert_false(series.points[0].last.measurable);
	/* and a later measured one counts again */
	add(&series, T0 + 3, 5, true);
	assert_true(series.points[0].last.measurable);
	assert_int_equal(series.points[0].lowest_blocks, 5);
	add(&series, T0 + 4, 0, false);
	add(&series, T0 + 5, 9, true);
	assert_int_equal(series.points[0].lowest_blocks, 5);
	assert_int_equal(series.points[0].last.blocks, 9);
	series_free(&series);
}

/* A month by the second: the step doubles, the one low second stays. */
static void test_coarser(void **state)
{
	struct series series = { 0 };
	uint32_t lows = 0;

	(void)state;
	for (int64_t i = 0; i < 100000; i++)
		add(&series, T0 + i * UTC_SECOND, i == 31415 ? 1 : 100, true);
	assert_in_range(series.count, SERIES_POINTS_MAX / 2 - 1, SERIES_POINTS_MAX);
	assert_int_equal(series.step, 64 * UTC_SECOND);
	for (uint32_t i = 0; i < series.count; i++) {
		const struct series_point *point = &series.points[i];

		assert_int_equal(point->time % series.step, 0);
		assert_true(i == 0 || point->time > series.points[i - 1].time);
		assert_int_equal(point->last.blocks, 100);
		lows += point->lowest_blocks == 1;
		if (point->lowest_blocks == 1)
			assert_in_range(T0 + 31415 * UTC_SECOND, point->time, point->time + series.step - 1);
	}
	assert_int_equal(lows, 1);
	series_free(&series);
}

/* A gap of years costs nothing. */
static void test_gaps(void **state)
{
	struct series series = { 0 };

	(void)state;
	for (int64_t i = 0; i < 20; i++)
		add(&series, T0 + i * 365 * UTC_DAY, 3, true);
	assert_int_equal(series.count, 20);
	assert_int_equal(series.step, UTC_SECOND);
	series_free(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_second),
		cmocka_unit_test(test_not_measured),
		cmocka_unit_test(test_coarser),
		cmocka_unit_test(test_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
