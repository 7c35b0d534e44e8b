/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/addpath.h"

static uint32_t set(struct addpath *addpath, uint64_t key, uint32_t only, uint32_t path_id,
		    uint32_t path)
{
	uint32_t lowest = 0;

	assert_int_equal(addpath_set(addpath, key, only, path_id, path, &lowest), 0);
	return lowest;
}

static uint32_t drop(struct addpath *addpath, uint64_t key, uint32_t path_id)
{
	uint32_t lowest = 0;

	assert_true(addpath_remove(addpath, key, path_id, &lowest));
	return lowest;
}

static void test_lowest_identifier_first(void **state)
{
	struct addpath addpath = { 0 };
	uint64_t key = addpath_key(3, 9), other = addpath_key(9, 3);
	uint32_t lowest;

	(void)state;
	assert_null(addpath_first(&addpath, key));
	assert_int_equal(set(&addpath, key, 0, 5, 50), 50);
	assert_int_equal(set(&addpath, key, 50, 7, 70), 50);
	assert_int_equal(set(&addpath, key, 50, 2, 20), 20);
	assert_int_equal(set(&addpath, key, 20, 6, 60), 20);
	assert_int_equal(set(&addpath, key, 20, 5, 55), 20);
	assert_null(addpath_first(&addpath, other));
	assert_int_equal(addpath_first(&addpath, key)->path_id, 2);
	assert_false(addpath_remove(&addpath, key, 3, &lowest));
	assert_int_equal(lowest, 20);
	assert_int_equal(drop(&addpath, key, 2), 55);
	assert_int_equal(drop(&addpath, key, 6), 55);
	assert_int_equal(drop(&addpath, key, 5), 70);
	assert_int_equal(drop(&addpath, key, 7), 0);
	assert_null(addpath_first(&addpath, key));
	addpath_free(&addpath);
}

/* What the route table held until the first identifier came is there under 0. */
static void test_the_route_held_before(void **state)
{
	struct addpath addpath = { 0 };
	uint64_t key = addpath_key(1, 1);

	(void)state;
	assert_int_equal(set(&addpath, key, 11, 5, 50), 11);
	assert_int_equal(drop(&addpath, key, 0), 50);
	addpath_free(&addpath);
}

static void test_links_are_used_again(void **state)
{
	struct addpath addpath = { 0 };

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 1000; i++)
			for (uint32_t path_id = 1; path_id <= 4; path_id++)
				set(&addpath, addpath_key(1, i), 0, path_id, i + 1);
		assert_int_equal(addpath.count, 4000);
		for (uint32_t i = 0; i < 1000; i++)
			addpath_forget(&addpath, addpath_key(1, i));
		assert_int_equal(addpath.free_count, 4000);
		assert_int_equal(addpath.lists.count, 0);
	}
	addpath_forget(&addpath, addpath_key(1, 1));
	addpath_free(&addpath);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lowest_identifier_first),
		cmocka_unit_test(test_the_route_held_before),
		cmocka_unit_test(test_links_are_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
