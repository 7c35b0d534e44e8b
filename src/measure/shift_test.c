/* SPDX-License-Identifier: BSD-2-Clause */
/* Histories of a few routes, gone through again: who had what when, and which AS took whose place. */
#include "measure/shift.h"
#include "place/testing.h"
#include "table/test_world.h"

static const char places[] =
	"2|apnic|20141222|10|19830101|20141222|+1000\n"
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|assigned\n"
	"apnic|KP|asn|131279|1|20091221|assigned\n"
	"apnic|KP|asn|131300|1|20091221|assigned\n"
	"apnic|CN|asn|4837|1|20091221|assigned\n"
	"apnic|RU|asn|20485|1|20091221|assigned\n"
	"apnic|US|asn|701|1|20091221|assigned\n"
	"apnic|US|asn|2914|1|20091221|assigned\n"
	"apnic|US|asn|1299|1|20091221|assigned\n"
	"apnic|DE|asn|64001|40|20091221|assigned\n";

static const char kp[] = "175.45.176.0/24", kp2[] = "175.45.177.0/24";

struct scene {
	struct world *world;
	struct place *place;
	struct as_countries *countries;
	struct measure_parameters parameters;
	struct upstreams_question question;
	struct history *history;
	uint32_t changes, vantages;	/* of the world's log, noted so far */
	struct replay *replay;
	struct shifts *shifts;
};

/* Peers 1 to 3 hold both networks, by 701 4837 131279. */
static void scene_begin(struct scene *scene)
{
	*scene = (struct scene){
		.world = world_new(), .place = testing_loaded(places), .parameters = measure_parameters_default };
	assert_true(country_parse(view_of("KP"), &scene->question.country));
	assert_int_equal(as_countries_new(scene->place, &scene->countries, NULL), 0);
	as_countries_ready(scene->countries);
	assert_int_equal(history_new(scene->world->table, &scene->history, NULL), 0);
	world_rib_begin(scene->world, 0, 3);
	for (unsigned k = 1; k <= 3; k++) {
		char path[64];

		snprintf(path, sizeof(path), "%u 701 4837 131279", 64000 + k);
		world_entry(scene->world, 0, k, world_prefix(kp), path);
		world_entry(scene->world, 0, k, world_prefix(kp2), path);
	}
	world_rib_end(scene->world, 0, true);
}

/* Notes what the world's table told since. */
static void note(struct scene *scene)
{
	struct world *world = scene->world;

	for (; scene->vantages < world->vantage_count; scene->vantages++) {
		const struct vantage_change *change = &world->vantages[scene->vantages];
		struct settled_vantage settled = {
			.time = change->since, .noticed = change->noticed, .vantage = change->vantage,
			.kind = SETTLED_CLEARED };

		if (change->cleared)
			assert_int_equal(history_vantage(scene->history, &settled, NULL), 0);
	}
	for (; scene->changes < world->change_count; scene->changes++) {
		const struct table_change *change = &world->changes[scene->changes];

		assert_int_equal(history_change(scene->history, change, NULL), 0);
	}
}

static void announce(struct scene *scene, int64_t second, unsigned k, const char *network, const char *ways)
{
	char path[128];

	snprintf(path, sizeof(path), "%u %s", 64000 + k, ways);
	world_announce(scene->world, second, k, world_prefix(network), path);
	note(scene);
}

static void withdraw(struct scene *scene, int64_t second, unsigned k, const char *network)
{
	world_withdraw(scene->world, second, k, world_prefix(network));
	note(scene);
}

/* Shifts from second 1 on, up to `end`. */
static void scene_play(struct scene *scene, int64_t end)
{
	struct history_sink sink;

	note(scene);
	assert_int_equal(replay_new(scene->history, &scene->replay, NULL), 0);
	assert_int_equal(shifts_new(replay_view(scene->replay), scene->countries, &scene->question,
				    &scene->parameters, world_time(1), &scene->shifts, NULL), 0);
	sink = shifts_sink(scene->shifts);
	assert_int_equal(replay_until(scene->replay, world_time(end), &sink, NULL), 0);
	assert_int_equal(shifts_finish(scene->shifts, world_time(end), NULL), 0);
}

static void scene_free(struct scene *scene)
{
	shifts_free(scene->shifts);
	replay_free(scene->replay);
	history_free(scene->history);
	as_countries_free(scene->countries);
	place_free(scene->place);
	world_free(scene->world);
}

static void check(const struct scene *scene, uint32_t i, enum shift_kind kind, enum shift_role role, uint32_t at,
		  uint32_t from, uint32_t to)
{
	const struct shift *shift = shifts_at(scene->shifts, i);

	assert_int_equal(shift->kind, kind);
	assert_int_equal(shift->role, role);
	assert_int_equal(shift->at, at);
	assert_int_equal(shift->from, from);
	assert_int_equal(shift->to, to);
}

/* Two networks at two vantage points within a minute are one shift; prepending is none; and what all paths cross is told. */
static void takes_changes_together(void **state)
{
	struct scene scene;
	const struct shift *shift;
	const uint32_t *constant;
	uint32_t paths;

	(void)state;
	scene_begin(&scene);
	announce(&scene, 100, 1, kp, "2914 4837 131279");
	announce(&scene, 105, 1, kp2, "2914 4837 131279");
	announce(&scene, 150, 2, kp, "2914 4837 131279");
	announce(&scene, 160, 2, kp, "2914 4837 4837 131279");
	announce(&scene, 300, 3, kp, "2914 4837 131279");
	scene_play(&scene, 400);
	assert_int_equal(shifts_count(scene.shifts), 2);
	check(&scene, 0, SHIFT_REPLACED, SHIFT_FARTHER, 4837, 701, 2914);
	shift = shifts_at(scene.shifts, 0);
	assert_int_equal(shift->first, world_time(100));
	assert_int_equal(shift->last, world_time(150));
	assert_int_equal(shift->routes, 3);
	assert_int_equal(shift->networks, 2);
	assert_int_equal(shift->peers, 2);
	assert_int_equal(shift->peer_asns[1], 64002);
	assert_string_equal(shift->behind, "4837 131279");
	assert_string_equal(shift->before, "64001 701 4837 131279");
	assert_string_equal(shift->after, "64001 2914 4837 131279");
	assert_int_equal(shifts_at(scene.shifts, 1)->first, world_time(300));
	assert_int_equal(shifts_constant(scene.shifts, &constant, &paths), 2);
	assert_int_equal(constant[0], 4837);
	assert_int_equal(constant[1], 131279);
	assert_int_equal(paths, 7);
	scene_free(&scene);
}

/* What changed nearest to the place gives the shift its role. */
static void tells_which_part(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	announce(&scene, 100, 1, kp, "701 20485 131279");
	announce(&scene, 200, 1, kp, "701 20485 131300 131279");
	announce(&scene, 300, 1, kp, "701 4837 131300 131279");
	announce(&scene, 400, 1, kp, "4837 131300 131279");
	announce(&scene, 500, 1, kp, "4837 131300 131301");
	scene_play(&scene, 600);
	assert_int_equal(shifts_count(scene.shifts), 5);
	check(&scene, 0, SHIFT_REPLACED, SHIFT_UPSTREAM, 131279, 4837, 20485);
	check(&scene, 1, SHIFT_REPLACED, SHIFT_UPSTREAM, 131279, 20485, 131300);
	check(&scene, 2, SHIFT_REPLACED, SHIFT_GATEWAY, 131300, 20485, 4837);
	check(&scene, 3, SHIFT_REPLACED, SHIFT_FARTHER, 4837, 701, 64001);
	check(&scene, 4, SHIFT_REPLACED, SHIFT_ORIGIN, 0, 131279, 131301);
	scene_free(&scene);
}

/* A minute makes a loss of a withdrawal; before that it is a change, or nothing. */
static void waits_for_what_follows(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	withdraw(&scene, 100, 1, kp);
	announce(&scene, 103, 1, kp, "701 4837 131279");
	withdraw(&scene, 200, 1, kp);
	announce(&scene, 203, 1, kp, "2914 4837 131279");
	withdraw(&scene, 300, 1, kp);
	withdraw(&scene, 302, 2, kp);
	announce(&scene, 400, 1, kp, "2914 4837 131300 131279");
	withdraw(&scene, 500, 1, kp);
	scene_play(&scene, 560);
	assert_int_equal(shifts_count(scene.shifts), 3);
	check(&scene, 0, SHIFT_REPLACED, SHIFT_FARTHER, 4837, 701, 2914);
	assert_int_equal(shifts_at(scene.shifts, 0)->first, world_time(203));
	check(&scene, 1, SHIFT_LOST, SHIFT_UPSTREAM, 131279, 4837, 0);
	assert_int_equal(shifts_at(scene.shifts, 1)->first, world_time(300));
	assert_int_equal(shifts_at(scene.shifts, 1)->last, world_time(302));
	assert_int_equal(shifts_at(scene.shifts, 1)->peers, 2);
	assert_string_equal(shifts_at(scene.shifts, 1)->after, "");
	check(&scene, 2, SHIFT_GAINED, SHIFT_GATEWAY, 131300, 0, 4837);
	scene_free(&scene);
}

/* A session that goes down takes its routes with it; that is no news of the place, nor is what it announces anew. */
static void leaves_out_sessions(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	announce(&scene, 50, 1, kp, "2914 4837 131279");
	world_state(scene.world, 100, 1, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	note(&scene);
	world_state(scene.world, 200, 1, BGP_STATE_OPEN_CONFIRM, BGP_STATE_ESTABLISHED);
	note(&scene);
	announce(&scene, 201, 1, kp, "1299 4837 131279");
	announce(&scene, 201, 1, kp2, "1299 4837 131279");
	scene_play(&scene, 240);
	assert_int_equal(shifts_count(scene.shifts), 1);
	assert_int_equal(shifts_at(scene.shifts, 0)->first, world_time(50));
	scene_free(&scene);
}

/* For an AS its own routes count, and what comes in their place. */
static void follows_an_as(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene.question = (struct upstreams_question){ .asn = 131279 };
	announce(&scene, 100, 1, kp, "2914 666");
	announce(&scene, 200, 1, kp, "1299 666");
	scene_play(&scene, 300);
	assert_int_equal(shifts_count(scene.shifts), 1);
	check(&scene, 0, SHIFT_REPLACED, SHIFT_ORIGIN, 0, 131279, 666);
	scene_free(&scene);
}

/* A replay stops where it is told, and has there what the vantage points held then. */
static void stops_at_any_time(void **state)
{
	struct scene scene;
	struct upstreams upstreams;

	(void)state;
	scene_begin(&scene);
	announce(&scene, 100, 1, kp, "2914 20485 131279");
	announce(&scene, 100, 2, kp, "2914 20485 131279");
	world_state(scene.world, 200, 3, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	note(&scene);
	assert_int_equal(replay_new(scene.history, &scene.replay, NULL), 0);
	for (int64_t second = 99; second <= 200; second += 101) {
		bool late = second == 200;

		assert_int_equal(replay_until(scene.replay, world_time(second), NULL, NULL), 0);
		assert_true(replay_changed(scene.replay));
		assert_false(replay_changed(scene.replay));
		assert_int_equal(upstreams_shares(replay_view(scene.replay), scene.countries, &scene.question,
						  &upstreams, NULL), 0);
		assert_int_equal(upstreams.networks, 2);
		assert_int_equal(upstreams.peers, late ? 2 : 3);
		assert_int_equal(upstreams.transits[0].role, TRANSIT_UPSTREAM);
		assert_int_equal(upstreams.transits[0].share, late ? PPM / 2 : PPM);
		assert_int_equal(upstreams.path_count, 0);
		upstreams_free(&upstreams);
	}
	assert_int_equal(history_end(scene.history), INT64_MAX);
	scene_free(&scene);
}

/* Of more shifts than are kept, those of most routes stay. */
static void keeps_the_largest(void **state)
{
	struct scene scene;
	bool found = false;

	(void)state;
	scene_begin(&scene);
	for (uint32_t i = 0; i < 3 * SHIFTS_MAX; i++) {
		char ways[64];

		snprintf(ways, sizeof(ways), "%u 4837 131279", 200000 + i);
		announce(&scene, 10 + i, 1, kp, ways);
		if (i == 1499 || i == 1500)
			announce(&scene, 10 + i, 1, kp2, ways);
		scene.world->change_count = scene.changes = 0;
	}
	scene_play(&scene, 4 * SHIFTS_MAX);
	assert_int_equal(shifts_count(scene.shifts), SHIFTS_MAX);
	assert_int_equal(shifts_left_out(scene.shifts), 2 * SHIFTS_MAX + 1);
	for (uint32_t i = 0; i < SHIFTS_MAX; i++)
		found |= shifts_at(scene.shifts, i)->to == 201500;
	assert_true(found);
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_changes_together),
		cmocka_unit_test(tells_which_part),
		cmocka_unit_test(waits_for_what_follows),
		cmocka_unit_test(leaves_out_sessions),
		cmocka_unit_test(follows_an_as),
		cmocka_unit_test(stops_at_any_time),
		cmocka_unit_test(keeps_the_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
