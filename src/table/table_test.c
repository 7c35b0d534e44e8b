/* SPDX-License-Identifier: BSD-2-Clause */
#include "table/test_internet.h"
#include "table/test_world.h"

static void test_announce_and_withdraw(void **state)
{
	struct world *world = world_new();
	const struct table_change *change = world->changes;
	struct prefix prefix = world_prefix("175.45.176.0/24");

	(void)state;
	world_announce(world, 1, 1, prefix, "64001 3356 1239 4837 131279");
	world_announce(world, 2, 1, prefix, "64001 3356 1239 4837 131279");
	world_announce(world, 3, 1, prefix, "64001 174 4837 131279");
	world_announce(world, 4, 2, prefix, "64002 4837 131279");
	world_withdraw(world, 5, 1, prefix);
	assert_int_equal(world->change_count, 5);
	assert_int_equal(change[0].before, PATH_NONE);
	assert_int_equal(change[0].why, CHANGE_UPDATE);
	assert_int_equal(change[0].ref.number, 1);
	assert_int_equal(world_second(change[0].time), 1);
	assert_int_equal(change[1].before, change[0].after);
	assert_int_equal(change[1].after, change[0].after);
	assert_int_equal(change[2].before, change[0].after);
	assert_int_not_equal(change[2].after, change[0].after);
	assert_int_equal(change[4].before, change[2].after);
	assert_int_equal(change[4].after, PATH_NONE);
	assert_true(change[4].withdrawal);
	assert_int_equal(table_path_origin(world->table, 0, change[2].after), 131279);
	assert_string_equal(world_path(world, 2, prefix), "64002 4837 131279");
	assert_string_equal(world_path(world, 1, prefix), "-");
	assert_int_equal(world_roster(world, 1)->announcements, 3);
	assert_int_equal(world_roster(world, 1)->unchanged, 1);
	assert_int_equal(world_roster(world, 1)->withdrawals, 1);
	assert_int_equal(world_roster(world, 1)->spurious, 0);
	assert_int_equal(table_network_count(world->table), 1);
	assert_int_equal(table_network_held(world->table, 0), 1);
	assert_int_equal(table_now(world->table), world_time(5));
	world_free(world);
}

static void test_spurious_withdrawal(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_withdraw(world, 1, 1, world_network(1));
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world->changes[0].before, PATH_NONE);
	assert_int_equal(world->changes[0].after, PATH_NONE);
	assert_true(world->changes[0].withdrawal);
	assert_int_equal(world_roster(world, 1)->spurious, 1);
	assert_false(world_roster(world, 1)->held_ever);
	world_free(world);
}

static void test_no_networks(void **state)
{
	static const char *const prefixes[] = { "0.0.0.0/0", "10.1.0.0/16", "8.8.8.8/32",
						"8.8.8.8/32", "::/0" };
	struct world *world = world_new();

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		world_announce(world, 1, 1, world_prefix(prefixes[i]), "64001 1");
	assert_int_equal(world->change_count, 0);
	assert_int_equal(table_network_count(world->table), 0);
	assert_int_equal(table_passed_over(world->table, FAMILY_IPV4), 3);
	assert_int_equal(table_passed_over(world->table, FAMILY_IPV6), 1);
	assert_int_equal(world_roster(world, 1)->announcements, 5);
	assert_int_equal(
		table_network_find(world->table, &(struct prefix){ FAMILY_IPV4, 0, { 0 } }),
		MAP_NONE);
	world_free(world);
}

/* Networks with small and large numbers alternate: the one remembered must not stick. */
static void test_networks_find(void **state)
{
	struct world *world = world_new();
	struct prefix ipv6 = world_prefix("2a00:1450::/32");

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		world_announce(world, 1, 1, world_network(i % 2 ? i : 5000 - i), "64001 1");
	world_announce(world, 1, 1, ipv6, "64001 1");
	for (uint32_t i = 0; i <= 1000; i++) {
		struct prefix prefix = i == 1000 ? ipv6 : world_network(i % 2 ? i : 5000 - i), back;

		assert_int_equal(table_network_find(world->table, &prefix), i);
		back = table_network(world->table, i);
		assert_true(prefix_equal(&back, &prefix));
	}
	world_free(world);
}

static void test_needs(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_ORIGIN | TABLE_TELL);

	(void)state;
	world_announce(world, 1, 1, world_network(1), "64001 3356 9");
	world_announce(world, 2, 1, world_network(1), "64001 174 9");
	assert_string_equal(world_path(world, 1, world_network(1)), "9");
	assert_int_equal(world->changes[1].before, world->changes[1].after);
	assert_int_equal(table_path_origin(world->table, 0, world->changes[1].after), 9);
	world->need = TABLE_PRESENCE | TABLE_TELL;
	world_announce(world, 3, 1, world_network(2), "64001 3356 9");
	assert_int_not_equal(world->changes[2].after, PATH_NONE);
	/* Asked once: the first network keeps what was said of it. */
	world->need = 0;
	world_announce(world, 4, 1, world_network(1), "64001 3356 10");
	assert_int_equal(world->change_count, 4);
	world_announce(world, 5, 1, world_network(3), "64001 3356 10");
	assert_int_equal(world->change_count, 4);
	assert_int_equal(table_network_held(world->table, 2), 1);
	world_free(world);
}

static int refuse(void *context, const struct table_change *change)
{
	(void)context;
	(void)change;
	return -42;
}

static unsigned tell_all(void *context, const struct prefix *network)
{
	(void)context;
	(void)network;
	return TABLE_PATH | TABLE_TELL;
}

static void test_the_sink_can_stop(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct table_sink sink = { .change = refuse, .need = tell_all };
	struct world world = { 0 };
	struct event event = { .kind = EVENT_WITHDRAW, .prefix = world_network(1) };
	struct err err;

	(void)state;
	assert_int_equal(table_new(&parameters, &sink, &world.table, &err), 0);
	assert_int_equal(table_source_new(world.table, "rrc00", &world.source, &err), 0);
	assert_int_equal(world_send(&world, 1, 1, &event), -42);
	table_free(world.table);
}

static void test_several_paths(void **state)
{
	struct world *world = world_new();
	struct prefix prefix = world_network(1);

	(void)state;
	world_announce_id(world, 1, 1, prefix, 9, "64001 9");
	world_announce_id(world, 2, 1, prefix, 4, "64001 4");
	assert_int_equal(world->change_count, 2);
	assert_string_equal(world_path(world, 1, prefix), "64001 4");
	/* Beside the lowest: nothing to tell. */
	world_announce_id(world, 3, 1, prefix, 9, "64001 99");
	world_announce_id(world, 3, 1, prefix, 5, "64001 5");
	world_withdraw_id(world, 3, 1, prefix, 9);
	world_withdraw_id(world, 3, 1, prefix, 77);
	assert_int_equal(world->change_count, 2);
	assert_int_equal(world_roster(world, 1)->spurious, 1);
	world_withdraw_id(world, 4, 1, prefix, 4);
	assert_int_equal(world->change_count, 3);
	assert_string_equal(world_path(world, 1, prefix), "64001 5");
	assert_int_equal(world_roster(world, 1)->held4, 1);
	world_withdraw_id(world, 5, 1, prefix, 5);
	assert_int_equal(world->changes[3].after, PATH_NONE);
	assert_int_equal(world_roster(world, 1)->held4, 0);
	/* Identifier 0 alone, and a session that stops using identifiers. */
	world_announce_id(world, 6, 1, prefix, 0, "64001 1");
	world_announce_id(world, 6, 1, prefix, 3, "64001 3");
	assert_string_equal(world_path(world, 1, prefix), "64001 1");
	world_announce(world, 7, 1, prefix, "64001 8");
	world_withdraw(world, 8, 1, prefix);
	assert_string_equal(world_path(world, 1, prefix), "-");
	/* All of them go with the session. */
	world_announce_id(world, 9, 1, prefix, 2, "64001 2");
	world_announce_id(world, 9, 1, prefix, 3, "64001 3");
	world_state(world, 10, 1, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	world_withdraw_id(world, 11, 1, prefix, 3);
	assert_string_equal(world_path(world, 1, prefix), "-");
	assert_int_equal(world_roster(world, 1)->spurious, 2);
	world_announce_id(world, 12, 1, prefix, 7, "64001 7");
	world_announce_id(world, 12, 1, world_network(2), 7, "64001 7");
	world_withdraw_id(world, 13, 1, prefix, 7);
	assert_string_equal(world_path(world, 1, prefix), "-");
	world_free(world);
}

/* An event older than the clock counts as of the clock. */
static void test_time_never_goes_back(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_announce(world, 100, 1, world_network(1), "64001 1");
	world_announce(world, 50, 1, world_network(2), "64001 1");
	assert_int_equal(world_second(world->changes[1].time), 100);
	world_clock(world, 10);
	assert_int_equal(world_second(table_now(world->table)), 100);
	world_free(world);
}

static void test_collectors_are_apart(void **state)
{
	struct world *world = world_new();
	struct table_source *own = world->source, *other, *again;
	struct err err;

	(void)state;
	assert_int_equal(table_source_new(world->table, "rrc01", &other, &err), 0);
	assert_int_equal(table_source_new(world->table, "rrc00", &again, &err), 0);
	world_announce(world, 1, 1, world_network(1), "64001 1");
	world->source = other;
	world_announce(world, 2, 1, world_network(1), "64001 2");
	world->source = again;
	world_withdraw(world, 3, 1, world_network(1));
	world->source = own;
	assert_int_equal(table_roster(world->table)->count, 2);
	assert_int_equal(table_route(world->table, 0, 0), PATH_NONE);
	assert_int_not_equal(table_route(world->table, 1, 0), PATH_NONE);
	assert_int_equal(table_route(world->table, 7, 0), PATH_NONE);
	world_free(world);
}

/* The made-up Internet as RIB entries of 20 vantage points, nothing told. */
static void fill(struct world *world, uint32_t networks)
{
	world_rib_begin(world, 0, 20);
	for (uint32_t i = 0; i < networks; i++) {
		for (unsigned k = 1; k <= 20; k++) {
			uint32_t asns[INTERNET_HOPS_MAX], count = internet_path(k, i, asns);
			char path[256];
			int len = 0;

			for (uint32_t hop = 0; hop < count; hop++)
				len += snprintf(path + len, sizeof(path) - (size_t)len, "%u ",
						asns[hop]);
			world_entry(world, 0, k, world_network(i), path);
		}
	}
}

/* The entries wait for each other before they are looked up: whoever asks must see all of them. */
static void test_nothing_waits_when_asked(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_PATH);

	(void)state;
	world_rib_begin(world, 0, 2);
	world_entry(world, 0, 1, world_network(1), "64001 3356 4837");
	assert_string_equal(world_path(world, 1, world_network(1)), "64001 3356 4837");
	world_entry(world, 0, 2, world_network(1), "64002 3356 4837");
	assert_int_equal(table_network_held(world->table, 0), 2);
	world_entry(world, 0, 1, world_network(2), "64001");
	assert_int_equal(table_roster(world->table)->vantages[0].held4, 2);
	world_entry(world, 0, 2, world_network(2), "64002 3356 4837");
	assert_int_equal(table_size(world->table).routes, 4);
	/* The same network twice in a row: the last word counts. */
	world_entry(world, 0, 2, world_network(3), "64002 1");
	world_entry(world, 0, 2, world_network(3), "64002 2");
	world_withdraw(world, 1, 1, world_network(1));
	assert_string_equal(world_path(world, 2, world_network(3)), "64002 2");
	assert_string_equal(world_path(world, 1, world_network(2)), "64001");
	assert_string_equal(world_path(world, 1, world_network(1)), "-");
	world_free(world);
}

static void test_routes_of_a_large_rib(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_PATH);

	(void)state;
	fill(world, 3000);
	for (uint32_t i = 0; i < 3000; i++) {
		for (unsigned k = 1; k <= 20; k++) {
			uint32_t asns[INTERNET_HOPS_MAX], count = internet_path(k, i, asns);
			struct path_hop hops[INTERNET_HOPS_MAX];
			uint32_t path = table_route(world->table, k - 1, i);

			assert_int_equal(
				table_path_hops(world->table, k - 1, path, hops, INTERNET_HOPS_MAX),
				count);
			for (uint32_t hop = 0; hop < count; hop++)
				assert_int_equal(hops[hop].asn, asns[hop]);
		}
	}
	world_free(world);
}

/*
 * 20 vantage points × 100,000 networks: 7 bytes a route for what grows with them
 * (docs/table.md), and 5 MiB of huge pages begun and caches, which every table has.
 */
static void test_bytes_a_route(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_PATH);
	struct map distinct = { 0 };
	struct table_size size;

	(void)state;
	fill(world, 100000);
	world_rib_end(world, 0, true);
	size = table_size(world->table);
	for (uint32_t i = 0; i < 100000; i++) {
		for (unsigned k = 1; k <= 20; k++) {
			uint32_t asns[INTERNET_HOPS_MAX], count = internet_path(k, i, asns);

			assert_int_equal(
				map_put(&distinct, map_hash_bytes(asns, 4 * (size_t)count), 0), 0);
		}
	}
	print_message("%.3f bytes a route, %.3f of the routes with a path of their own, %.3f nodes "
		      "each\n",
		      (double)size.bytes / (double)size.routes,
		      (double)distinct.count / (double)size.routes,
		      (double)size.nodes / (double)distinct.count);
	assert_int_equal(size.routes, 2000000);
	assert_true(distinct.count >= size.routes * 14 / 100);
	assert_true(size.bytes <= size.routes * 7 + ((size_t)5 << 20));
	map_free(&distinct);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announce_and_withdraw),
		cmocka_unit_test(test_spurious_withdrawal),
		cmocka_unit_test(test_no_networks),
		cmocka_unit_test(test_networks_find),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_the_sink_can_stop),
		cmocka_unit_test(test_several_paths),
		cmocka_unit_test(test_time_never_goes_back),
		cmocka_unit_test(test_collectors_are_apart),
		cmocka_unit_test(test_nothing_waits_when_asked),
		cmocka_unit_test(test_routes_of_a_large_rib),
		cmocka_unit_test(test_bytes_a_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
