/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts over time: what an instant leaves behind, and few points however long it lasts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/trace.h"

#define T0 (1400000000 * UTC_SECOND)

static void set(struct trace *trace, int64_t time, uint32_t value)
{
	assert_int_equal(trace_set(trace, time, value, NULL), 0);
}

static void end(struct trace *trace)
{
	assert_int_equal(trace_end(trace, NULL), 0);
}

/* Gone and back within an instant is nothing; what stays the same is no point. */
static void test_instant(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	set(&trace, T0, 0);
	set(&trace, T0 + UTC_SECOND, 3);
	set(&trace, T0 + 5 * UTC_SECOND, 2);
	set(&trace, T0 + 5 * UTC_SECOND, 3);
	set(&trace, T0 + 7 * UTC_SECOND, 1);
	end(&trace);
	end(&trace);
	assert_int_equal(trace.count, 2);
	assert_true(trace.points[0].time == T0 + UTC_SECOND);
	assert_int_equal(trace.points[0].last, 3);
	assert_true(trace.points[1].time == T0 + 7 * UTC_SECOND);
	assert_int_equal(trace.points[1].last, 1);
	assert_true(trace.step == UTC_SECOND);
	trace_free(&trace);
	assert_null(trace.points);
}

/* Within one step: the last value, and the lowest. */
static void test_one_step(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	set(&trace, T0, 9);
	set(&trace, T0 + 250000, 4);
	set(&trace, T0 + 500000, 6);
	end(&trace);
	assert_int_equal(trace.count, 1);
	assert_int_equal(trace.points[0].last, 6);
	assert_int_equal(trace.points[0].lowest, 4);
	trace_free(&trace);
}

/* Thousands of changes: few points, no low lost, the last value right. */
static void test_many(void **state)
{
	struct trace trace = { 0 };
	uint32_t lowest = UINT32_MAX;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++)
		set(&trace, T0 + i * UTC_MINUTE, i == 5000 ? 7 : 1000 + i % 2);
	end(&trace);
	assert_true(trace.count <= TRACE_POINTS_MAX);
	assert_true(trace.count > TRACE_POINTS_MAX / 4);
	for (uint32_t i = 0; i < trace.count; i++) {
		assert_true(trace.points[i].time % trace.step == 0);
		assert_true(i == 0 || trace.points[i].time > trace.points[i - 1].time);
		if (trace.points[i].lowest < lowest)
			lowest = trace.points[i].lowest;
	}
	assert_int_equal(lowest, 7);
	assert_int_equal(trace.points[trace.count - 1].last, 1001);
	trace_free(&trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instant),
		cmocka_unit_test(test_one_step),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
