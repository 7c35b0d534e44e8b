/* SPDX-License-Identifier: BSD-2-Clause */
/* Visibility, settling and signals together, from messages to outages with bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/signal.h"

#define T0 (1400000000 * UTC_SECOND)
#define S(seconds) (T0 + (seconds) * UTC_SECOND)

struct world {
	struct signals *signals;
	uint32_t networks;
};

static struct world world_make(unsigned vantages)
{
	struct world world = { 0 };
	struct signals_plan plan = { .place = true, .networks = true };

	assert_int_equal(signals_new(&measure_parameters_default, &plan, &world.signals, NULL), 0);
	for (unsigned i = 0; i < vantages; i++)
		assert_int_equal(signals_add_vantage(world.signals, i, 100 + i, NULL), 0);
	return world;
}

static void add_network(struct world *world, const char *text)
{
	struct prefix prefix;
	uint32_t number;

	assert_true(prefix_parse(view_of(text), &prefix));
	assert_int_equal(signals_add_network(world->signals, &prefix, 0, &number, NULL), 0);
	assert_int_equal(number, world->networks);
	world->networks++;
}

static void hold(struct world *world, int64_t time, uint32_t vantage, uint32_t network, bool held)
{
	struct visibility_hold message = {
		.time = time, .evidence = time, .network = network, .vantage = vantage, .origin = 7, .held = held,
		.exact = false,
	};

	assert_int_equal(signals_hold(world->signals, &message, NULL), 0);
}

static void full(struct world *world, int64_t time, uint32_t vantage, bool on)
{
	struct settled_vantage change = {
		.time = time, .noticed = time, .vantage = vantage, .kind = on ? SETTLED_FULL : SETTLED_NOT_FULL,
		.family = FAMILY_IPV4,
	};

	assert_int_equal(signals_vantage(world->signals, &change, NULL), 0);
}

/* All vantage points hold all networks, live and full at T0. */
static void begin(struct world *world, unsigned vantages)
{
	for (unsigned i = 0; i < vantages; i++) {
		for (uint32_t n = 0; n < world->networks; n++)
			hold(world, T0, i, n, true);
	}
	for (unsigned i = 0; i < vantages; i++)
		full(world, T0, i, true);
}

static const struct subject *finish(struct world *world, int64_t time)
{
	assert_int_equal(signals_finish(world->signals, time, NULL), 0);
	return signals_find(world->signals, SUBJECT_PLACE, 0, FAMILY_IPV4);
}

/* Ten peer ASes; the route goes from one after the other, a second apart: half are gone with the sixth. */
static void test_crossing_and_burst(void **state)
{
	struct world world = world_make(10);
	const struct outage *outage;
	const struct subject *place;

	(void)state;
	add_network(&world, "175.45.176.0/24");
	add_network(&world, "175.45.177.0/24");
	begin(&world, 10);
	for (unsigned i = 0; i < 10; i++) {
		hold(&world, S(1000 + i), i, 0, false);
		hold(&world, S(1000 + i), i, 1, false);
	}
	for (unsigned i = 0; i < 10; i++) {
		hold(&world, S(3000 + 2 * i), i, 0, true);
		hold(&world, S(3000 + 2 * i), i, 1, true);
	}
	place = finish(&world, S(5000));
	assert_int_equal(place->first_networks, 2);
	assert_int_equal(place->machine.count, 1);
	outage = &place->machine.outages[0];
	assert_int_equal(outage->level, OUTAGE_TOTAL);
	/* five of ten is the threshold: still seen; four are not */
	assert_int_equal(outage->start.at, S(1005));
	assert_int_equal(outage->start.earliest, S(999));
	assert_int_equal(outage->start.latest, S(1010));
	assert_int_equal(outage->end.at, S(3008));
	assert_int_equal(outage->end.earliest, S(2999));
	assert_int_equal(outage->end.latest, S(3019));
	assert_int_equal(outage->peers, 10);
	signals_free(world.signals);
}

/* Two sessions of one peer AS count once. */
static void test_peer_ases_count_once(void **state)
{
	struct world world = world_make(4);
	const struct subject *place;

	(void)state;
	for (uint32_t i = 4; i < 12; i++)
		assert_int_equal(signals_add_vantage(world.signals, i, 100, NULL), 0);
	add_network(&world, "10.1.0.0/16");
	begin(&world, 12);
	/* AS100's nine sessions still hold it: one of four peer ASes */
	for (uint32_t i = 1; i < 4; i++)
		hold(&world, S(60), i, 0, false);
	place = finish(&world, S(600));
	assert_int_equal(place->machine.count, 1);
	assert_int_equal(visibility_peers(signals_visibility(world.signals), FAMILY_IPV4), 4);
	assert_int_equal(visibility_ppm(signals_visibility(world.signals), 0), 250000);
	signals_free(world.signals);
}

/* Withdrawn and announced again within one second of a classic file: nothing happened. */
static void test_same_instant_is_no_outage(void **state)
{
	struct world world = world_make(3);

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 3);
	for (uint32_t i = 0; i < 3; i++)
		hold(&world, S(60), i, 0, false);
	for (uint32_t i = 0; i < 3; i++)
		hold(&world, S(60), i, 0, true);
	assert_int_equal(finish(&world, S(600))->machine.count, 0);
	signals_free(world.signals);
}

/* Six of eight vantage points were lost at 100, noticed at 900; what they held since counts on neither side. */
static void test_loss_noticed_late(void **state)
{
	struct world world = world_make(8);
	const struct subject *place;

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 8);
	assert_int_equal(signals_clock(world.signals, S(50), NULL), 0);
	/* Three that are left withdraw at 200: dark among three, still seen by five of eight. */
	for (uint32_t i = 0; i < 3; i++)
		hold(&world, S(200), i, 0, false);
	for (uint32_t i = 4; i < 8; i++)
		full(&world, S(100), i, false);
	place = finish(&world, S(2000));
	assert_int_equal(place->machine.count, 1);
	assert_int_equal(place->machine.outages[0].start.at, S(200));
	assert_int_equal(place->machine.outages[0].peers, 4);
	signals_free(world.signals);
}

/* A session comes up and sends its table in the same second: what was forgotten before does not take it away. */
static void test_refill_within_the_second(void **state)
{
	struct world world = world_make(3);
	struct settled_vantage cleared = { .time = S(100), .noticed = S(100), .kind = SETTLED_CLEARED };

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 3);
	for (uint32_t i = 0; i < 3; i++) {
		cleared.vantage = i;
		assert_int_equal(signals_vantage(world.signals, &cleared, NULL), 0);
	}
	for (uint32_t i = 0; i < 3; i++)
		hold(&world, S(100), i, 0, true);
	for (uint32_t i = 0; i < 3; i++)
		full(&world, S(110), i, true);
	assert_int_equal(finish(&world, S(2000))->machine.count, 0);
	assert_int_equal(visibility_ppm(signals_visibility(world.signals), 0), 1000000);
	signals_free(world.signals);
}

/* A collector that dies takes the coverage below half of what is usual: insufficient data, no outage. */
static void test_coverage_lost_is_no_outage(void **state)
{
	struct world world = world_make(10);
	const struct subject *place;

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 10);
	for (uint32_t i = 0; i < 6; i++)
		full(&world, S(100), i, false);
	for (uint32_t i = 6; i < 10; i++)
		hold(&world, S(200), i, 0, false);
	place = finish(&world, S(2000));
	assert_int_equal(place->machine.count, 0);
	assert_int_equal(place->machine.blind_since, S(100));
	signals_free(world.signals);
}

/* Six of ten hold it. Four of them are lost: two of six is under half, but nobody withdrew anything. */
static void test_fewer_counted_is_no_outage(void **state)
{
	struct world world = world_make(10);
	const struct subject *place;

	(void)state;
	add_network(&world, "10.1.0.0/16");
	for (uint32_t i = 0; i < 6; i++)
		hold(&world, T0, i, 0, true);
	for (uint32_t i = 0; i < 10; i++)
		full(&world, T0, i, true);
	for (uint32_t i = 0; i < 4; i++)
		full(&world, S(100), i, false);
	for (uint32_t i = 0; i < 4; i++)
		full(&world, S(500), i, true);
	/* then it is withdrawn by one, which leaves five of ten, and by another */
	hold(&world, S(1000), 0, 0, false);
	hold(&world, S(1010), 1, 0, false);
	place = finish(&world, S(2000));
	assert_int_equal(place->machine.count, 1);
	assert_int_equal(place->machine.outages[0].start.at, S(1010));
	signals_free(world.signals);
}

/* The same, and while the four are lost the two that are left withdraw it. */
static void test_outage_among_fewer(void **state)
{
	struct world world = world_make(10);
	const struct subject *place;

	(void)state;
	add_network(&world, "10.1.0.0/16");
	for (uint32_t i = 0; i < 6; i++)
		hold(&world, T0, i, 0, true);
	for (uint32_t i = 0; i < 10; i++)
		full(&world, T0, i, true);
	for (uint32_t i = 0; i < 4; i++)
		full(&world, S(100), i, false);
	hold(&world, S(200), 4, 0, false);
	hold(&world, S(210), 5, 0, false);
	place = finish(&world, S(2000));
	assert_int_equal(place->machine.count, 1);
	assert_int_equal(place->machine.outages[0].start.at, S(210));
	signals_free(world.signals);
}

/* Feeds that go cannot end an outage either. */
static void test_fewer_counted_ends_nothing(void **state)
{
	struct world world = world_make(10);
	const struct subject *place;

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 10);
	for (uint32_t i = 0; i < 6; i++)
		hold(&world, S(100), i, 0, false);
	for (uint32_t i = 0; i < 4; i++)
		full(&world, S(200), i, false);
	hold(&world, S(300), 4, 0, true);
	place = finish(&world, S(2000));
	assert_int_equal(place->machine.count, 1);
	assert_int_equal(place->machine.outages[0].end.at, S(300));
	signals_free(world.signals);
}

static void test_too_few_peers(void **state)
{
	struct world world = world_make(2);

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 2);
	hold(&world, S(100), 0, 0, false);
	hold(&world, S(100), 1, 0, false);
	assert_int_equal(finish(&world, S(2000))->machine.count, 0);
	assert_false(signals_measured(world.signals, FAMILY_IPV4));
	signals_free(world.signals);
}

/* One of five never hears the withdrawal: dark all the same, and named after 90 minutes. */
static void test_stuck_route(void **state)
{
	struct world world = world_make(5);

	(void)state;
	add_network(&world, "10.1.0.0/16");
	begin(&world, 5);
	for (uint32_t i = 0; i < 4; i++)
		hold(&world, S(100), i, 0, false);
	hold(&world, S(3 * 3600), 0, 0, true);
	hold(&world, S(3 * 3600), 0, 0, false);
	assert_int_equal(finish(&world, S(4 * 3600))->machine.count, 1);
	assert_int_equal(signals_stuck_count(world.signals), 1);
	assert_int_equal(signals_stuck(world.signals, 0)->vantage, 4);
	signals_free(world.signals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crossing_and_burst),
		cmocka_unit_test(test_peer_ases_count_once),
		cmocka_unit_test(test_same_instant_is_no_outage),
		cmocka_unit_test(test_loss_noticed_late),
		cmocka_unit_test(test_coverage_lost_is_no_outage),
		cmocka_unit_test(test_refill_within_the_second),
		cmocka_unit_test(test_fewer_counted_is_no_outage),
		cmocka_unit_test(test_outage_among_fewer),
		cmocka_unit_test(test_fewer_counted_ends_nothing),
		cmocka_unit_test(test_too_few_peers),
		cmocka_unit_test(test_stuck_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
