/* SPDX-License-Identifier: BSD-2-Clause */
/* The baseline and the machine that holds a signal against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/outage.h"

#define T0 (1400000000 * UTC_SECOND / UTC_MINUTE * UTC_MINUTE)

struct scene {
	struct outage_machine machine;
	struct measure_parameters parameters;
};

static enum outage_crossed feed(struct scene *scene, int64_t time, uint64_t blocks, bool measurable)
{
	struct outage_value value = {
		.time = time, .measurable = measurable, .blocks = blocks, .networks = (uint32_t)blocks, .peers = 9,
		.bound = { time, time - UTC_SECOND, time + UTC_SECOND },
	};
	enum outage_crossed crossed;

	assert_int_equal(outage_feed(&scene->machine, &scene->parameters, &value, &crossed, NULL), 0);
	return crossed;
}

static struct scene scene_make(void)
{
	return (struct scene){ .parameters = measure_parameters_default };
}

static void test_levels_and_bounds(void **state)
{
	struct scene scene = scene_make();
	const struct outage *outage;

	(void)state;
	assert_int_equal(feed(&scene, T0, 1000, true), CROSSED_NOT);
	assert_int_equal(feed(&scene, T0 + UTC_HOUR, 990, true), CROSSED_NOT);		/* 0.99 exactly is none */
	assert_int_equal(feed(&scene, T0 + 2 * UTC_HOUR, 989, true), CROSSED_START);
	assert_int_equal(feed(&scene, T0 + 3 * UTC_HOUR, 500, true), CROSSED_NOT);	/* half is not under half */
	assert_int_equal(feed(&scene, T0 + 4 * UTC_HOUR, 499, true), CROSSED_PHASE);
	assert_int_equal(feed(&scene, T0 + 5 * UTC_HOUR, 0, true), CROSSED_PHASE);
	assert_int_equal(feed(&scene, T0 + 6 * UTC_HOUR, 1000, true), CROSSED_END);
	assert_int_equal(scene.machine.count, 1);
	outage = &scene.machine.outages[0];
	assert_int_equal(outage->level, OUTAGE_TOTAL);
	assert_int_equal(outage->start.at, T0 + 2 * UTC_HOUR);
	assert_int_equal(outage->start.earliest, outage->start.at - UTC_SECOND);
	assert_int_equal(outage->end.at, T0 + 6 * UTC_HOUR);
	assert_int_equal(outage->phase_count, 3);
	assert_int_equal(outage->phases[1].level, OUTAGE_MAJOR);
	assert_int_equal(outage->phases[2].start.at, T0 + 5 * UTC_HOUR);
	assert_int_equal(outage->baseline, 1000);
	assert_int_equal(outage->lowest, 0);
	assert_int_equal(outage->lost, (11 + 500 + 501 + 1000) * 3600);
	outage_machine_free(&scene.machine);
}

/* What an outage shows is not what is usual. */
static void test_outage_leaves_baseline(void **state)
{
	struct scene scene = scene_make();

	(void)state;
	feed(&scene, T0, 1000, true);
	assert_int_equal(feed(&scene, T0 + UTC_HOUR, 100, true), CROSSED_START);
	assert_int_equal(feed(&scene, T0 + 40 * UTC_HOUR, 120, true), CROSSED_NOT);
	assert_int_equal(feed(&scene, T0 + 41 * UTC_HOUR, 1000, true), CROSSED_END);
	assert_int_equal(feed(&scene, T0 + 42 * UTC_HOUR, 980, true), CROSSED_START);
	assert_int_equal(scene.machine.outages[1].baseline, 1000);
	outage_machine_free(&scene.machine);
}

static void test_growth_moves_baseline(void **state)
{
	struct scene scene = scene_make();

	(void)state;
	feed(&scene, T0, 1000, true);
	feed(&scene, T0 + UTC_HOUR, 2000, true);
	/* 1,000 for an hour, 2,000 for twenty: the median is 2,000 */
	assert_int_equal(feed(&scene, T0 + 21 * UTC_HOUR, 1900, true), CROSSED_START);
	assert_int_equal(scene.machine.outages[0].baseline, 2000);
	outage_machine_free(&scene.machine);
}

static void test_step_after_seven_days(void **state)
{
	struct scene scene = scene_make();

	(void)state;
	feed(&scene, T0, 1000, true);
	assert_int_equal(feed(&scene, T0 + UTC_HOUR, 800, true), CROSSED_START);
	feed(&scene, T0 + 8 * UTC_DAY, 800, true);
	assert_int_equal(scene.machine.outages[0].how_ended, OUTAGE_STEP);
	assert_int_equal(scene.machine.outages[0].end.at, T0 + UTC_HOUR);
	assert_int_equal(scene.machine.outages[0].lost, 0);
	assert_int_equal(scene.machine.level, OUTAGE_NONE);
	/* 800 is what is usual now */
	assert_int_equal(feed(&scene, T0 + 9 * UTC_DAY, 700, true), CROSSED_START);
	assert_int_equal(scene.machine.outages[1].baseline, 800);
	outage_machine_free(&scene.machine);
}

/* Dark for an hour, then less than before for good: the hour was an outage, what came after is the new level. */
static void test_outage_then_step(void **state)
{
	struct scene scene = scene_make();
	const struct outage *outage;

	(void)state;
	feed(&scene, T0, 1000, true);
	feed(&scene, T0 + UTC_HOUR, 0, true);
	assert_int_equal(feed(&scene, T0 + 2 * UTC_HOUR, 800, true), CROSSED_PHASE);
	feed(&scene, T0 + 5 * UTC_HOUR, 800, false);
	feed(&scene, T0 + 6 * UTC_HOUR, 800, true);
	feed(&scene, T0 + 9 * UTC_DAY, 800, true);
	outage = &scene.machine.outages[0];
	assert_int_equal(scene.machine.count, 1);
	assert_int_equal(outage->how_ended, OUTAGE_STEP);
	assert_int_equal(outage->level, OUTAGE_TOTAL);
	assert_int_equal(outage->end.at, T0 + 2 * UTC_HOUR);
	assert_int_equal(outage->lost, 1000 * 3600);
	assert_int_equal(outage->unmeasured, 0);
	outage_machine_free(&scene.machine);
}

static void test_total_never_becomes_usual(void **state)
{
	struct scene scene = scene_make();

	(void)state;
	feed(&scene, T0, 4, true);
	feed(&scene, T0 + UTC_HOUR, 0, true);
	feed(&scene, T0 + 30 * UTC_DAY, 0, true);
	assert_int_equal(scene.machine.outages[0].how_ended, OUTAGE_OPEN);
	assert_int_equal(scene.machine.level, OUTAGE_TOTAL);
	outage_machine_free(&scene.machine);
}

/* An end met when measuring resumes may have come any time since it stopped; time not measured is told apart. */
static void test_blind_stretch(void **state)
{
	struct scene scene = scene_make();
	const struct outage *outage;

	(void)state;
	feed(&scene, T0, 1000, true);
	feed(&scene, T0 + UTC_HOUR, 0, true);
	feed(&scene, T0 + 2 * UTC_HOUR, 0, false);
	assert_int_equal(feed(&scene, T0 + 4 * UTC_HOUR, 1000, true), CROSSED_END);
	outage = &scene.machine.outages[0];
	assert_int_equal(outage->end.at, T0 + 4 * UTC_HOUR);
	assert_int_equal(outage->end.earliest, T0 + 2 * UTC_HOUR);
	assert_int_equal(outage->unmeasured, 2 * UTC_HOUR);
	assert_int_equal(outage->lost, 1000 * 3600);
	outage_machine_free(&scene.machine);
}

static void test_nothing_before_measurable(void **state)
{
	struct scene scene = scene_make();

	(void)state;
	feed(&scene, T0, 0, false);
	feed(&scene, T0 + UTC_HOUR, 500, false);
	assert_int_equal(feed(&scene, T0 + 2 * UTC_HOUR, 1000, true), CROSSED_NOT);
	assert_int_equal(scene.machine.count, 0);
	outage_machine_free(&scene.machine);
}

static void test_median_window(void **state)
{
	struct baseline baseline = { 0 };

	(void)state;
	assert_int_equal(baseline_start(&baseline, 10, T0, NULL), 0);
	assert_int_equal(baseline_median(&baseline), 10);
	for (int i = 1; i <= 100; i++) {
		assert_int_equal(baseline_hold(&baseline, i % 2 ? 20 : 30, T0 + i * UTC_MINUTE, 11 * UTC_MINUTE, NULL), 0);
	}
	/* the last eleven: six times 30, five times 20 */
	assert_int_equal(baseline.minutes, 11);
	assert_int_equal(baseline_median(&baseline), 30);
	baseline_skip(&baseline, T0 + 500 * UTC_MINUTE);
	assert_int_equal(baseline_hold(&baseline, 20, T0 + 501 * UTC_MINUTE, 11 * UTC_MINUTE, NULL), 0);
	assert_int_equal(baseline_median(&baseline), 20);
	baseline_free(&baseline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_and_bounds),
		cmocka_unit_test(test_outage_leaves_baseline),
		cmocka_unit_test(test_growth_moves_baseline),
		cmocka_unit_test(test_step_after_seven_days),
		cmocka_unit_test(test_outage_then_step),
		cmocka_unit_test(test_total_never_becomes_usual),
		cmocka_unit_test(test_blind_stretch),
		cmocka_unit_test(test_nothing_before_measurable),
		cmocka_unit_test(test_median_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
