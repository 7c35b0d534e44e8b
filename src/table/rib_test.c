/* SPDX-License-Identifier: BSD-2-Clause */
#include "table/test_world.h"

static void test_whole_rib_makes_live(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib_begin(world, 0, 3);
	world_entry(world, 0, 1, world_network(1), "64001 3356 4837 131279");
	world_entry(world, 0, 2, world_network(1), "64002 131279");
	world_entry(world, 0, 2, world_prefix("10.0.0.0/8"), "64002 1");
	world_entry(world, 0, 2, world_prefix("2a00:1450::/32"), "64002 15169");
	assert_int_equal(world->change_count, 3);
	assert_int_equal(world->changes[0].why, CHANGE_RIB);
	assert_int_equal(world->changes[0].before, PATH_NONE);
	assert_int_equal(world->vantage_count, 0);
	world_rib_end(world, 0, true);
	assert_int_equal(world->vantage_count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(world->vantages[i].live);
		assert_false(world->vantages[i].again);
		assert_int_equal(world->vantages[i].why, ROSTER_RIB);
		assert_int_equal(world_second(world->vantages[i].since), 0);
	}
	assert_string_equal(world_path(world, 1, world_network(1)), "64001 3356 4837 131279");
	assert_int_equal(world_roster(world, 2)->table4, 1);
	assert_int_equal(world_roster(world, 2)->table6, 1);
	assert_int_equal(world_roster(world, 2)->rib_entries, 3);
	/* The third is in the index only. */
	assert_true(world_roster(world, 3)->in_rib);
	assert_false(world_roster(world, 3)->live);
	assert_int_equal(table_passed_over(world->table, FAMILY_IPV4), 1);
	assert_int_equal(table_network_held(world->table, 0), 2);
	assert_int_equal(table_size(world->table).routes, 3);
	world_free(world);
}

static void test_rib_that_is_not_whole(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_announce(world, 0, 1, world_network(9), "64001 9");
	world_rib_begin(world, 60, 1);
	world_entry(world, 60, 1, world_network(1), "64001 3356");
	world_rib_end(world, 60, false);
	assert_false(world_roster(world, 1)->live);
	assert_int_equal(world->vantage_count, 0);
	/* What it has is known; what it does not have may stand beyond the cut. */
	assert_string_equal(world_path(world, 1, world_network(1)), "64001 3356");
	assert_string_equal(world_path(world, 1, world_network(9)), "64001 9");
	world_free(world);
}

static void test_table_dump_names_peers_as_it_goes(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib_begin(world, 0, 0);
	for (unsigned k = 1; k <= 3; k++)
		world_entry(world, 0, k, world_network(1), "3356 4837");
	world_rib_end(world, 0, true);
	assert_int_equal(world->vantage_count, 3);
	assert_true(world_roster(world, 3)->live);
	assert_true(world_roster(world, 3)->in_rib);
	world_free(world);
}

/*
 * What was known before gives way to the RIB, unless an update touched it at the RIB's time or
 * later.
 */
static void test_fill_over_known_routes(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_announce(world, 0, 1, world_network(1), "64001 1");
	world_announce(world, 0, 1, world_network(2), "64001 2");
	world_announce(world, 0, 1, world_network(3), "64001 3");
	world_announce(world, 70, 1, world_network(4), "64001 4");
	world_announce(world, 70, 1, world_network(5), "64001 5");
	world_withdraw(world, 70, 1, world_network(6));
	world_forget_log(world);
	/* Its records carry 60, the clock stands at 70. */
	world_rib_begin(world, 60, 1);
	world_entry(world, 60, 1, world_network(1), "64001 1");
	world_entry(world, 60, 1, world_network(2), "64001 77");
	world_entry(world, 60, 1, world_network(4), "64001 77");
	world_entry(world, 60, 1, world_network(6), "64001 77");
	world_rib_end(world, 60, true);
	assert_string_equal(world_path(world, 1, world_network(1)), "64001 1");
	assert_string_equal(world_path(world, 1, world_network(2)), "64001 77");
	assert_string_equal(world_path(world, 1, world_network(3)), "-");
	assert_string_equal(world_path(world, 1, world_network(4)), "64001 4");
	assert_string_equal(world_path(world, 1, world_network(5)), "64001 5");
	assert_string_equal(world_path(world, 1, world_network(6)), "-");
	assert_int_equal(world->change_count, 2);
	assert_int_equal(world_second(world_last(world)->since), 60);
	assert_int_equal(world_second(world_last(world)->noticed), 70);
	assert_int_equal(world_roster(world, 1)->table4, 4);
	world_free(world);
}

static void test_session_lost_while_the_rib_is_read(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib_begin(world, 0, 2);
	world_entry(world, 0, 1, world_network(1), "64001 1");
	world_entry(world, 0, 2, world_network(1), "64002 1");
	world_state(world, 0, 1, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	world_entry(world, 0, 1, world_network(2), "64001 1");
	world_rib_end(world, 0, true);
	assert_false(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->held4, 0);
	assert_true(world_roster(world, 2)->live);
	world_free(world);
}

/* A session that came up just before the RIB: the RIB has what was sent until then. */
static void test_rib_of_a_table_half_sent(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_state(world, 0, 1, BGP_STATE_IDLE, BGP_STATE_ESTABLISHED);
	world_rib_begin(world, 10, 1);
	world_entry(world, 10, 1, world_network(1), "64001 1");
	world_rib_end(world, 10, true);
	assert_false(world_roster(world, 1)->live);
	world_announce(world, 20, 1, world_network(2), "64001 1");
	world_clock(world, 120);
	assert_true(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->table4, 2);
	/* And one that is older than what it has refilled since. */
	world_rib_begin(world, 15, 1);
	world_entry(world, 15, 1, world_network(1), "64001 9");
	world_rib_end(world, 15, true);
	world_clock(world, 3600);
	assert_int_equal(world_roster(world, 1)->drift, 0);
	assert_int_equal(world_roster(world, 1)->held4, 2);
	world_free(world);
}

/* What an inferred refill has not announced again, but a RIB shows, is there. */
static void test_rib_in_an_inferred_refill(void **state)
{
	struct world *world = world_new();
	char path[64];

	(void)state;
	world_rib(world, 0, 1, 200);
	for (uint32_t i = 0; i < 150; i++) {
		snprintf(path, sizeof(path), "64001 3356 %u", 9000 + i);
		world_announce(world, 100, 1, world_network(i), path);
	}
	assert_false(world_roster(world, 1)->live);
	world_rib_begin(world, 120, 1);
	for (uint32_t i = 0; i < 180; i++)
		world_entry(world, 120, 1, world_network(i), "64001 3356");
	world_rib_end(world, 120, true);
	assert_false(world_roster(world, 1)->live);
	world_clock(world, 300);
	assert_true(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->held4, 180);
	world_free(world);
}

static void test_not_in_rib(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	world_announce(world, 1000, 1, world_network(1), "64001 1");
	world_forget_log(world);
	world_rib_begin(world, 3600, 2);
	for (uint32_t i = 0; i < 50; i++)
		world_entry(world, 3600, 2, world_network(i), "64002 3356");
	world_rib_end(world, 3600, true);
	assert_int_equal(world->vantage_count, 2);
	assert_false(world->vantages[0].live);
	assert_true(world->vantages[0].cleared);
	assert_int_equal(world->vantages[0].why, ROSTER_NOT_IN_RIB);
	assert_int_equal(world_second(world->vantages[0].since), 3600);
	assert_int_equal(world_roster(world, 1)->held4, 0);
	assert_true(world->vantages[1].again);
	world_free(world);
}

/* A RIB of IPv6 alone says nothing of IPv4. */
static void test_families_of_their_own(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	world_forget_log(world);
	world_rib_begin(world, 10, 2);
	world_entry(world, 10, 1, world_prefix("2a00:1450::/32"), "64001 15169");
	world_rib_end(world, 10, true);
	world_clock(world, 3600);
	assert_true(world_roster(world, 1)->live);
	assert_true(world_roster(world, 2)->live);
	assert_int_equal(world_roster(world, 1)->held4, 50);
	/* Nor does it contradict what was never told of IPv6: it fills. */
	assert_int_equal(world_roster(world, 1)->held6, 1);
	assert_int_equal(world_roster(world, 1)->table6, 1);
	assert_int_equal(world_roster(world, 1)->drift, 0);
	assert_int_equal(world->changes[0].why, CHANGE_RIB);
	/* From then on it is held against it. */
	world_rib_begin(world, 7200, 2);
	world_entry(world, 7200, 1, world_prefix("2a00:1450::/32"), "64001 174");
	world_rib_end(world, 7200, true);
	world_clock(world, 9000);
	assert_int_equal(world_roster(world, 1)->drift, 1);
	world_free(world);
}

/* Two inputs of one collector, record by record in turns. */
static void test_two_ribs_at_once(void **state)
{
	struct world *world = world_new();
	struct table_source *first = world->source, *second;
	struct err err;

	(void)state;
	assert_int_equal(table_source_new(world->table, "rrc00", &second, &err), 0);
	for (unsigned i = 0; i < 2; i++) {
		world->source = i ? second : first;
		world_rib_begin(world, 0, 1);
	}
	for (unsigned i = 0; i < 100; i++) {
		struct prefix ipv6 = world_prefix("2a00:1450::/32");

		ipv6.bytes[3] = (uint8_t)i;
		world->source = i % 2 ? second : first;
		world_entry(world, 0, 1, i % 2 ? ipv6 : world_network(i), "64001 3356");
	}
	for (unsigned i = 0; i < 2; i++) {
		world->source = i ? second : first;
		world_rib_end(world, 0, true);
	}
	assert_int_equal(table_roster(world->table)->count, 1);
	assert_int_equal(world_roster(world, 1)->held4, 50);
	assert_int_equal(world_roster(world, 1)->held6, 50);
	assert_int_equal(world_roster(world, 1)->drift, 0);
	assert_int_equal(world->vantage_count, 2);
	assert_true(world->vantages[1].again);
	world_free(world);
}

static void test_agreement(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 300);
	world_forget_log(world);
	world_rib(world, 3600, 1, 300);
	world_clock(world, 7200);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world->vantage_count, 1);
	assert_true(world_last(world)->again);
	assert_int_equal(world_roster(world, 1)->drift, 0);
	assert_int_equal(world_roster(world, 1)->live_intervals.count, 1);
	world_free(world);
}

/*
 * 300 networks, of which the RIB of 3600 contradicts six: another path (1, 2), absent (3, 4),
 * unknown (301, 302); updates settle the even ones. Three of 300 are not more than 1 %.
 */
static void audit(struct world *world)
{
	world_rib(world, 0, 1, 300);
	world_announce(world, 1800, 1, world_network(1), "64001 3356 9001");
	world_forget_log(world);
	world_rib_begin(world, 3600, 1);
	for (uint32_t i = 0; i < 303; i++) {
		char path[64];

		if (i == 3 || i == 4 || i == 300)
			continue;
		snprintf(path, sizeof(path), "64001 %u %u", i == 1 || i == 2 ? 174 : 3356,
			 9000 + i);
		world_entry(world, 3600, 1, world_network(i), path);
	}
	world_rib_end(world, 3600, true);
}

static void test_audit_sets_right(void **state)
{
	struct world *world = world_new();
	const struct table_change *change = world->changes;

	(void)state;
	audit(world);
	/* Nothing yet: the updates of the minutes in which it was dumped are still to come. */
	world_announce(world, 3700, 1, world_network(2), "64001 1299 9002");
	world_withdraw(world, 3800, 1, world_network(4));
	world_announce(world, 3900, 1, world_network(302), "64001 1299");
	assert_int_equal(world->change_count, 3);
	world_clock(world, 4200);
	assert_int_equal(world->change_count, 3);
	world_clock(world, 4260);
	assert_int_equal(world->change_count, 6);
	for (unsigned i = 3; i < 6; i++) {
		assert_int_equal(change[i].why, CHANGE_AUDIT);
		assert_int_equal(world_second(change[i].time), 4260);
		assert_null(change[i].event);
	}
	assert_string_equal(world_path(world, 1, world_network(1)), "64001 174 9001");
	assert_int_equal(world_second(change[3].evidence), 1800);
	assert_string_equal(world_path(world, 1, world_network(2)), "64001 1299 9002");
	assert_string_equal(world_path(world, 1, world_network(301)), "64001 3356 9301");
	assert_int_equal(change[4].before, PATH_NONE);
	assert_int_equal(world_second(change[4].evidence), 0);
	assert_string_equal(world_path(world, 1, world_network(3)), "-");
	assert_int_equal(change[5].after, PATH_NONE);
	assert_string_equal(world_path(world, 1, world_network(302)), "64001 1299");
	assert_int_equal(world_roster(world, 1)->drift, 3);
	assert_true(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->live_intervals.count, 1);
	world_free(world);
}

/* Without the updates six of 300 are too many. */
static void test_drift(void **state)
{
	struct world *world = world_new();
	const struct roster_intervals *intervals;
	struct table_parameters parameters = table_parameters_default();
	int64_t horizon = table_horizon(&parameters) / UTC_SECOND;

	(void)state;
	audit(world);
	world_forget_log(world);
	world_clock(world, 4260);
	assert_int_equal(world->change_count, 6);
	assert_int_equal(world->vantage_count, 2);
	assert_false(world->vantages[0].live);
	assert_false(world->vantages[0].cleared);
	assert_int_equal(world->vantages[0].why, ROSTER_DRIFT);
	assert_int_equal(world_second(world->vantages[0].since), 4260 - horizon);
	assert_true(world->vantages[1].live);
	assert_int_equal(world_second(world->vantages[1].since), 4260);
	intervals = &world_roster(world, 1)->live_intervals;
	/* The last agreement was its beginning: nothing of the first interval is left. */
	assert_int_equal(intervals->count, 1);
	assert_int_equal(world_second(intervals->at[0].from), 4260);
	assert_int_equal(world_roster(world, 1)->drift, 6);
	world_free(world);
}

static void test_drift_is_back_to_the_last_agreement(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 300);
	world_rib(world, 3600, 1, 300);
	world_clock(world, 5400);
	world_rib(world, 7200, 1, 200);
	world_clock(world, 9000);
	assert_int_equal(world_roster(world, 1)->live_intervals.count, 2);
	assert_int_equal(world_second(world_roster(world, 1)->live_intervals.at[0].until), 3600);
	assert_int_equal(world_roster(world, 1)->live_intervals.at[0].ended, ROSTER_DRIFT);
	assert_int_equal(world_roster(world, 1)->held4, 200);
	world_free(world);
}

static void test_audit_of_a_rib_that_is_not_whole(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 300);
	world_forget_log(world);
	world_rib_begin(world, 3600, 1);
	world_entry(world, 3600, 1, world_network(0), "64001 174");
	world_entry(world, 3600, 1, world_network(1), "64001 3356 9001");
	world_rib_end(world, 3600, false);
	world_clock(world, 7200);
	/* One path is set right; the 298 beyond the cut are not missed. */
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world->vantage_count, 0);
	assert_string_equal(world_path(world, 1, world_network(0)), "64001 174");
	assert_int_equal(world_roster(world, 1)->held4, 300);
	world_free(world);
}

/* Nor can it make live whom it finds drifted. */
static void test_drift_in_a_rib_that_is_not_whole(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 300);
	world_rib_begin(world, 3600, 1);
	for (uint32_t i = 0; i < 4; i++)
		world_entry(world, 3600, 1, world_network(i), "64001 174");
	world_rib_end(world, 3600, false);
	world_clock(world, 7200);
	assert_false(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->drift, 4);
	assert_string_equal(world_path(world, 1, world_network(3)), "64001 174");
	world_free(world);
}

static void test_audit_ends_with_the_session(void **state)
{
	struct world *world = world_new();

	(void)state;
	audit(world);
	world_state(world, 3700, 1, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	world_forget_log(world);
	world_clock(world, 7200);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_roster(world, 1)->held4, 0);
	world_free(world);
}

static void test_end_decides_audits(void **state)
{
	struct world *world = world_new();
	struct err err;

	(void)state;
	audit(world);
	world_announce(world, 3700, 1, world_network(2), "64001 1299 9002");
	world_withdraw(world, 3800, 1, world_network(4));
	world_announce(world, 3900, 1, world_network(302), "64001 1299");
	world_forget_log(world);
	assert_int_equal(table_end(world->table, &err), 0);
	assert_int_equal(world->change_count, 3);
	assert_int_equal(world_second(world->changes[0].time), 3900);
	world_free(world);
}

static void test_several_paths(void **state)
{
	struct world *world = world_new();
	struct prefix prefix = world_network(1);

	(void)state;
	world_rib_begin(world, 0, 1);
	world_entry_id(world, 0, 1, prefix, 7, "64001 7");
	world_entry_id(world, 0, 1, prefix, 3, "64001 3");
	world_entry_id(world, 0, 1, prefix, 5, "64001 5");
	world_rib_end(world, 0, true);
	assert_string_equal(world_path(world, 1, prefix), "64001 3");
	assert_int_equal(world_roster(world, 1)->held4, 1);
	world_forget_log(world);
	/* The same RIB again agrees; another path under the lowest identifier does not. */
	world_rib_begin(world, 3600, 1);
	world_entry_id(world, 3600, 1, prefix, 7, "64001 7");
	world_entry_id(world, 3600, 1, prefix, 3, "64001 3");
	world_entry_id(world, 3600, 1, prefix, 5, "64001 5");
	world_rib_end(world, 3600, true);
	world_clock(world, 7200);
	assert_int_equal(world->change_count, 0);
	world_rib_begin(world, 7200, 1);
	world_entry_id(world, 7200, 1, prefix, 7, "64001 7");
	world_entry_id(world, 7200, 1, prefix, 3, "64001 33");
	world_rib_end(world, 7200, true);
	world_clock(world, 9000);
	assert_int_equal(world->change_count, 1);
	assert_string_equal(world_path(world, 1, prefix), "64001 33");
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_rib_makes_live),
		cmocka_unit_test(test_rib_that_is_not_whole),
		cmocka_unit_test(test_table_dump_names_peers_as_it_goes),
		cmocka_unit_test(test_fill_over_known_routes),
		cmocka_unit_test(test_session_lost_while_the_rib_is_read),
		cmocka_unit_test(test_rib_of_a_table_half_sent),
		cmocka_unit_test(test_rib_in_an_inferred_refill),
		cmocka_unit_test(test_not_in_rib),
		cmocka_unit_test(test_families_of_their_own),
		cmocka_unit_test(test_two_ribs_at_once),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_audit_sets_right),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_drift_is_back_to_the_last_agreement),
		cmocka_unit_test(test_audit_of_a_rib_that_is_not_whole),
		cmocka_unit_test(test_drift_in_a_rib_that_is_not_whole),
		cmocka_unit_test(test_audit_ends_with_the_session),
		cmocka_unit_test(test_end_decides_audits),
		cmocka_unit_test(test_several_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
