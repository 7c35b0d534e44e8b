/* SPDX-License-Identifier: BSD-2-Clause */
/* The delay: what comes out, in what order, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "measure/settle.h"

/* What came out: "h<network>@<time>" and "v<vantage>@<time>". */
struct scene {
	struct settle *settle;
	struct buf log;
	uint32_t stop_at;	/* a hold of this network is refused */
};

static int on_hold(void *context, const struct visibility_hold *hold, struct err *err)
{
	struct scene *scene = context;

	if (scene->stop_at && hold->network == scene->stop_at)
		return err_set(err, ERR_LIMIT, "refused");
	buf_printf(&scene->log, "h%u@%lld ", hold->network, (long long)hold->time);
	return 0;
}

static int on_vantage(void *context, const struct settled_vantage *change, struct err *err)
{
	struct scene *scene = context;

	(void)err;
	buf_printf(&scene->log, "v%u@%lld ", change->vantage, (long long)change->time);
	return 0;
}

static void scene_make(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	assert_int_equal(settle_new(&(struct settle_sink){ scene, on_hold, on_vantage }, &scene->settle, NULL), 0);
}

static void scene_free(struct scene *scene)
{
	settle_free(scene->settle);
	buf_free(&scene->log);
}

static void hold(struct scene *scene, int64_t time, uint32_t network)
{
	assert_int_equal(settle_hold(scene->settle, &(struct visibility_hold){ .time = time, .network = network }, NULL), 0);
}

static void vantage(struct scene *scene, int64_t time, uint32_t number)
{
	assert_int_equal(settle_vantage(scene->settle, &(struct settled_vantage){ .time = time, .vantage = number },
					NULL), 0);
}

static void assert_released(struct scene *scene, int64_t until, const char *want)
{
	assert_int_equal(settle_release(scene->settle, until, NULL), 0);
	buf_char(&scene->log, '\0');
	assert_string_equal(scene->log.data, want);
	scene->log.len = 0;
}

/* Nothing at or after `until`; holds of an instant before the vantage points of the same. */
static void test_release(void **state)
{
	struct scene scene;

	(void)state;
	scene_make(&scene);
	assert_released(&scene, UTC_END, "");
	scene_free(&scene);

	scene_make(&scene);
	hold(&scene, 10, 1);
	vantage(&scene, 20, 7);
	hold(&scene, 20, 2);
	hold(&scene, 20, 3);
	hold(&scene, 30, 4);
	assert_released(&scene, 10, "");
	assert_released(&scene, 20, "h1@10 ");
	assert_released(&scene, 21, "h2@20 h3@20 v7@20 ");
	assert_released(&scene, UTC_END, "h4@30 ");
	assert_released(&scene, UTC_END, "");
	scene_free(&scene);
}

/* Noticed late: it goes in front of what was heard since. Of one instant in the order noticed. */
static void test_noticed_late(void **state)
{
	struct scene scene;

	(void)state;
	scene_make(&scene);
	hold(&scene, 10, 1);
	hold(&scene, 20, 2);
	vantage(&scene, 25, 9);
	vantage(&scene, 15, 7);
	vantage(&scene, 15, 8);
	vantage(&scene, 5, 6);
	assert_released(&scene, UTC_END, "v6@5 h1@10 v7@15 v8@15 h2@20 v9@25 ");
	scene_free(&scene);
}

/* What has been let out cannot be taken back: the change takes effect from then on. */
static void test_too_late(void **state)
{
	struct scene scene;

	(void)state;
	scene_make(&scene);
	hold(&scene, 10, 1);
	assert_released(&scene, 100, "h1@10 ");
	vantage(&scene, 50, 7);
	hold(&scene, 100, 2);
	hold(&scene, 120, 3);
	assert_released(&scene, UTC_END, "h2@100 v7@100 h3@120 ");
	scene_free(&scene);
}

/* The ring grows while it is in use, wherever its head stands. */
static void test_many(void **state)
{
	struct scene scene;
	uint32_t in = 0, out = 0;

	(void)state;
	scene_make(&scene);
	for (unsigned round = 0; round < 40; round++) {
		for (unsigned i = 0; i < 700; i++, in++)
			hold(&scene, in, in + 1);
		assert_int_equal(settle_release(scene.settle, out + 300, NULL), 0);
		out += 300;
	}
	assert_int_equal(settle_release(scene.settle, UTC_END, NULL), 0);
	buf_char(&scene.log, '\0');
	const char *at = scene.log.data;

	for (uint32_t i = 0; i < in; i++) {
		char want[32];
		int len = snprintf(want, sizeof(want), "h%u@%u ", i + 1, i);

		assert_int_equal(strncmp(at, want, (size_t)len), 0);
		at += len;
	}
	assert_int_equal(*at, '\0');
	scene_free(&scene);
}

static void test_refusal_stops(void **state)
{
	struct scene scene;
	struct err err = { 0 };

	(void)state;
	scene_make(&scene);
	scene.stop_at = 2;
	hold(&scene, 10, 1);
	hold(&scene, 20, 2);
	hold(&scene, 30, 3);
	assert_int_equal(settle_release(scene.settle, UTC_END, &err), ERR_LIMIT);
	assert_string_equal(err.text, "refused");
	assert_int_equal(scene.log.len, strlen("h1@10 "));
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_noticed_late),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_refusal_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
