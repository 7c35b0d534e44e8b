/* SPDX-License-Identifier: BSD-2-Clause */
#include "measure/history.h"
#include "table/test_world.h"

struct scene {
	struct world *world;
	struct history *history;
	uint32_t seen;
};

static struct scene scene_new(void)
{
	struct scene scene = { .world = world_new() };

	assert_int_equal(history_new(scene.world->table, &scene.history, NULL), 0);
	return scene;
}

static void scene_free(struct scene *scene)
{
	history_free(scene->history);
	world_free(scene->world);
}

/* Notes what the world's table told since. */
static void note(struct scene *scene)
{
	for (; scene->seen < scene->world->change_count; scene->seen++)
		assert_int_equal(history_change(scene->history, &scene->world->changes[scene->seen], NULL), 0);
}

static void assert_changes(const struct history *history, const uint32_t *got, uint32_t got_count, uint32_t count,
			   const int64_t *times)
{
	assert_int_equal(got_count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_true(history_at(history, got[i]).time == world_time(times[i]));
}

/* Two networks at two vantage points, their changes mixed. */
static void by_route(void **state)
{
	struct scene scene = scene_new();
	struct prefix one = world_prefix("20.0.0.0/24"), two = world_prefix("20.0.1.0/24");
	uint32_t count, first;
	const uint32_t *changes;
	struct route_change change;

	(void)state;
	world_announce(scene.world, 10, 1, one, "64001 1");
	world_announce(scene.world, 11, 2, two, "64002 1");
	world_announce(scene.world, 12, 2, one, "64002 1");
	world_announce(scene.world, 13, 1, one, "64001 2 1");
	world_withdraw(scene.world, 14, 2, one);
	world_withdraw(scene.world, 15, 1, one);
	note(&scene);
	assert_int_equal(history_ready(scene.history, NULL), 0);
	assert_int_equal(history_network_count(scene.history), 2);

	uint32_t network = history_find(scene.history, table_network_find(scene.world->table, &one));

	changes = history_of(scene.history, network, 0, &count);
	assert_changes(scene.history, changes, count, 3, (const int64_t[]){ 10, 13, 15 });
	change = history_at(scene.history, changes[2]);
	assert_true(change.heard && change.withdrawal && !change.first);
	assert_int_equal(change.after, PATH_NONE);
	assert_int_equal(change.vantage, 0);
	assert_int_equal(change.network, table_network_find(scene.world->table, &one));
	changes = history_of(scene.history, network, 1, &count);
	assert_changes(scene.history, changes, count, 2, (const int64_t[]){ 12, 14 });
	history_of(scene.history, network, 2, &count);
	assert_int_equal(count, 0);
	changes = history_of_network(scene.history, network, &count);
	assert_changes(scene.history, changes, count, 5, (const int64_t[]){ 10, 13, 15, 12, 14 });
	history_of_network(scene.history, MAP_NONE, &count);
	assert_int_equal(count, 0);

	assert_int_equal(history_span(scene.history, world_time(11), world_time(13), &first), 3);
	assert_int_equal(first, 1);
	assert_int_equal(history_span(scene.history, world_time(16), world_time(20), &first), 0);
	assert_int_equal(history_span(scene.history, world_time(20), world_time(16), &first), 0);
	assert_int_equal(history_span(scene.history, INT64_MIN, INT64_MAX, &first), 6);
	scene_free(&scene);
}

static void clearings(void **state)
{
	struct scene scene = scene_new();
	const struct settled_vantage cleared = { .time = 100, .noticed = 120, .vantage = 3, .kind = SETTLED_CLEARED };
	const struct settled_vantage full = { .time = 150, .noticed = 150, .vantage = 3, .kind = SETTLED_FULL };

	(void)state;
	assert_int_equal(history_vantage(scene.history, &cleared, NULL), 0);
	assert_int_equal(history_vantage(scene.history, &full, NULL), 0);
	assert_true(history_cleared(scene.history, 3, 99, 100));
	assert_false(history_cleared(scene.history, 3, 100, 200));
	assert_false(history_cleared(scene.history, 3, 0, 99));
	assert_false(history_cleared(scene.history, 2, 0, 200));
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_route),
		cmocka_unit_test(clearings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
