/* SPDX-License-Identifier: BSD-2-Clause */
/* Storms: which minutes are one, and who sent what in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/storm.h"

/* 2010-08-27 08:40 UTC */
#define T0 (1282898400 * UTC_SECOND)
#define M(minutes) (T0 + (int64_t)(minutes) * UTC_MINUTE)

struct scene {
	struct measure_parameters parameters;
	struct storms *storms;
};

static struct scene *scene_make(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->parameters = measure_parameters_default;
	assert_int_equal(storms_new(&scene->parameters, &scene->storms, NULL), 0);
	return scene;
}

static void scene_free(struct scene *scene)
{
	storms_free(scene->storms);
	free(scene);
}

/* Spread over the minute. */
static void note(struct scene *scene, int64_t minute, uint32_t asn, unsigned count, bool withdrawal, bool spurious)
{
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(storms_note(scene->storms, minute + i % 60 * UTC_SECOND, asn, withdrawal, spurious,
					     NULL), 0);
}

static uint32_t finish(struct scene *scene)
{
	assert_int_equal(storms_finish(scene->storms, NULL), 0);
	return storms_count(scene->storms);
}

static void test_empty(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	assert_int_equal(finish(scene), 0);
	scene_free(scene);
}

/* Minutes that follow each other are one storm, by peer AS; what lies outside is not counted in. */
static void test_storm(void **state)
{
	struct scene *scene = scene_make();
	const struct storm *storm;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		note(scene, M(i), 3356, 100, true, false);
	note(scene, M(3), 3303, 1200, true, true);
	note(scene, M(4), 6830, 1500, true, true);
	note(scene, M(4), 6830, 7, false, false);
	note(scene, M(7), 3303, 2000, true, false);
	assert_int_equal(finish(scene), 2);
	storm = storms_at(scene->storms, 0);
	assert_int_equal(storm->from, M(3));
	assert_int_equal(storm->until, M(5));
	assert_int_equal(storm->count.withdrawals, 2900);
	assert_int_equal(storm->count.spurious, 2700);
	assert_int_equal(storm->count.announcements, 7);
	assert_int_equal(storm->peer_count, 3);
	assert_int_equal(storm->peers[0].asn, 6830);
	assert_int_equal(storm->peers[0].count.withdrawals, 1500);
	assert_int_equal(storm->peers[0].count.announcements, 7);
	assert_int_equal(storm->peers[1].asn, 3303);
	assert_int_equal(storm->peers[1].count.withdrawals, 1200);
	assert_int_equal(storm->peers[2].asn, 3356);
	assert_int_equal(storm->peers[2].count.withdrawals, 200);
	storm = storms_at(scene->storms, 1);
	assert_int_equal(storm->from, M(7));
	assert_int_equal(storm->until, M(8));
	scene_free(scene);
}

/* 1,000 at least, and three times the median minute at least. */
static void test_asked(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		note(scene, M(i), 3356, 10, true, false);
	note(scene, M(5), 3356, 999, true, false);
	assert_int_equal(finish(scene), 0);
	scene_free(scene);

	scene = scene_make();
	for (unsigned i = 0; i < 5; i++)
		note(scene, M(i), 3356, 10, true, false);
	note(scene, M(5), 3356, 1000, true, false);
	assert_int_equal(finish(scene), 1);
	scene_free(scene);

	/* where every minute has 600, 1,799 are usual and 1,800 are not */
	scene = scene_make();
	for (unsigned i = 0; i < 8; i++)
		note(scene, M(i), 3356, i == 5 ? 1799 : i == 7 ? 1800 : 600, true, false);
	assert_int_equal(finish(scene), 1);
	assert_int_equal(storms_at(scene->storms, 0)->from, M(7));
	scene_free(scene);
}

/* Silent minutes count as 0: two loud minutes an hour apart are two storms. */
static void test_silence_counts(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	note(scene, M(0), 3356, 1500, true, false);
	note(scene, M(60), 3356, 1500, true, false);
	assert_int_equal(finish(scene), 2);
	assert_int_equal(storms_at(scene->storms, 1)->from, M(60));
	scene_free(scene);
}

/* The same without the silence: both are the median themselves. */
static void test_constant_noise_is_none(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	note(scene, M(0), 3356, 1500, true, false);
	note(scene, M(1), 3356, 1500, true, false);
	assert_int_equal(finish(scene), 0);
	scene_free(scene);
}

/* However many announcements: a table transfer is no storm of withdrawals. */
static void test_announcements_are_none(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	note(scene, M(0), 3356, 50000, false, false);
	note(scene, M(5), 3356, 10, true, false);
	assert_int_equal(finish(scene), 0);
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_silence_counts),
		cmocka_unit_test(test_constant_noise_is_none),
		cmocka_unit_test(test_announcements_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
