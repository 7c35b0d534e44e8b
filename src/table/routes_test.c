/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/routes.h"

static uint32_t set(struct route_pool *pool, struct route_table *table, uint32_t network,
		    uint32_t path)
{
	uint32_t before = 99;

	assert_int_equal(routes_set(pool, table, network, path, &before), 0);
	return before;
}

static void test_set_and_get(void **state)
{
	struct route_pool pool = { 0 };
	struct route_table one = { 0 }, two = { 0 };

	(void)state;
	assert_int_equal(routes_get(&pool, &one, 5), 0);
	assert_int_equal(set(&pool, &one, 5, 0), 0);
	assert_int_equal(pool.next, 0);
	assert_int_equal(set(&pool, &one, 5, 7), 0);
	assert_int_equal(set(&pool, &one, 5, 8), 7);
	assert_int_equal(set(&pool, &two, 5, 9), 0);
	assert_int_equal(set(&pool, &one, 1000000, 3), 0);
	assert_int_equal(routes_get(&pool, &one, 5), 8);
	assert_int_equal(routes_get(&pool, &two, 5), 9);
	assert_int_equal(routes_get(&pool, &one, 6), 0);
	assert_int_equal(routes_get(&pool, &one, 1000000), 3);
	assert_int_equal(routes_get(&pool, &two, 1000000), 0);
	routes_clear(&pool, &one);
	routes_clear(&pool, &two);
	route_pool_free(&pool);
}

static void test_pages_come_back(void **state)
{
	struct route_pool pool = { 0 };
	struct route_table table = { 0 }, other = { 0 };

	(void)state;
	set(&pool, &table, 64, 1);
	set(&pool, &table, 70, 2);
	set(&pool, &table, 640, 3);
	assert_int_equal(pool.next, 2);
	set(&pool, &table, 64, 0);
	set(&pool, &table, 70, 0);
	/* Page 0 is free again and must come back with nothing in it. */
	set(&pool, &other, 3, 4);
	assert_int_equal(pool.next, 2);
	for (uint32_t network = 0; network < 64; network++)
		assert_int_equal(routes_get(&pool, &other, network), network == 3 ? 4 : 0);
	assert_int_equal(routes_get(&pool, &table, 64), 0);
	assert_int_equal(routes_get(&pool, &table, 640), 3);
	routes_clear(&pool, &other);
	routes_clear(&pool, &table);
	for (uint32_t i = 0; i < 2; i++)
		set(&pool, &table, i * 64 + 9, 5);
	assert_int_equal(pool.next, 2);
	for (uint32_t network = 0; network < 128; network++)
		assert_int_equal(routes_get(&pool, &table, network), network % 64 == 9 ? 5 : 0);
	routes_clear(&pool, &table);
	route_pool_free(&pool);
}

static void test_next(void **state)
{
	static const uint32_t held[] = { 0, 63, 64, 100, 4095, 262143, 262144 };
	struct route_pool pool = { 0 };
	struct route_table table = { 0 };
	uint32_t network = 0;

	(void)state;
	assert_int_equal(routes_next(&pool, &table, 0), UINT32_MAX);
	for (unsigned i = 0; i < sizeof(held) / sizeof(*held); i++)
		set(&pool, &table, held[i], i + 1);
	for (unsigned i = 0; i < sizeof(held) / sizeof(*held); i++) {
		network = routes_next(&pool, &table, network);
		assert_int_equal(network, held[i]);
		network++;
	}
	assert_int_equal(routes_next(&pool, &table, network), UINT32_MAX);
	routes_clear(&pool, &table);
	route_pool_free(&pool);
}

/* 300,000 pages are 37 chunks: numbers must carry across them. */
static void test_many_pages(void **state)
{
	struct route_pool pool = { 0 };
	struct route_table table = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 300000; i++)
		set(&pool, &table, i * 64 + i % 64, i + 1);
	for (uint32_t i = 0; i < 300000; i++)
		assert_int_equal(routes_get(&pool, &table, i * 64 + i % 64), i + 1);
	assert_int_equal(pool.next, 300000);
	for (uint32_t i = 0; i < 300000; i++)
		set(&pool, &table, i * 64 + i % 64, 0);
	for (uint32_t i = 0; i < 300000; i++)
		set(&pool, &table, i * 64, 1);
	assert_int_equal(pool.next, 300000);
	routes_clear(&pool, &table);
	route_pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_get),
		cmocka_unit_test(test_pages_come_back),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_many_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
