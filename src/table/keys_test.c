/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/keys.h"

static void test_empty(void **state)
{
	struct keys keys = { 0 };

	(void)state;
	assert_int_equal(keys_find(&keys, 0), 0);
	assert_int_equal(keys_bytes(&keys), 0);
	keys_free(&keys);
}

static void test_numbers_in_order_and_kept(void **state)
{
	struct keys keys = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 300000; i++)
		assert_int_equal(keys_number(&keys, (uint64_t)i * 4096), i + 1);
	for (uint32_t i = 0; i < 300000; i++) {
		assert_int_equal(keys_find(&keys, (uint64_t)i * 4096), i + 1);
		assert_int_equal(keys_find(&keys, (uint64_t)i * 4096 + 1), 0);
		assert_int_equal(keys_at(&keys, i + 1), (uint64_t)i * 4096);
	}
	assert_int_equal(keys_number(&keys, 4096), 2);
	assert_int_equal(keys.count, 300001);
	keys_free(&keys);
}

/* Rising for a while, then any, with searches and rising ones in between. */
static void test_rising(void **state)
{
	struct keys keys = { 0 };
	uint32_t count = 0;

	(void)state;
	assert_int_equal(keys_find(&keys, 7), 0);
	for (uint32_t i = 1; i <= 50000; i++) {
		assert_int_equal(keys_number_rising(&keys, 10 * (uint64_t)i), ++count);
		assert_int_equal(keys_find(&keys, 10 * (uint64_t)i), i);
		assert_int_equal(keys_find(&keys, 10 * (uint64_t)i - 5), 0);
		if (i % 1000 == 0)
			assert_int_equal(keys_number_rising(&keys, 5000), 500);
	}
	assert_false(keys.unsorted);
	assert_int_equal(keys_number_rising(&keys, 15), ++count);
	assert_true(keys.unsorted);
	for (uint32_t i = 50000; i <= 100000; i++) {
		assert_int_equal(keys_number_rising(&keys, 10 * (uint64_t)i + 3), ++count);
		assert_int_equal(keys_number_rising(&keys, 10 * (uint64_t)i + 2), ++count);
	}
	for (uint32_t i = 1; i <= 50000; i++)
		assert_int_equal(keys_number_rising(&keys, 10 * (uint64_t)i), i);
	assert_int_equal(keys_find(&keys, 15), 50001);
	assert_int_equal(keys_find(&keys, 16), 0);
	assert_int_equal(keys.count - 1, count);
	keys_free(&keys);
}

static void test_extreme_keys(void **state)
{
	struct keys keys = { 0 };

	(void)state;
	assert_int_equal(keys_number(&keys, 0), 1);
	assert_int_equal(keys_number(&keys, UINT64_MAX), 2);
	assert_int_equal(keys_number(&keys, 0), 1);
	assert_int_equal(keys_find(&keys, UINT64_MAX), 2);
	keys_free(&keys);
}

/*
 * 8 bytes a key and 4 an entry, the index at least 0.22 full, once fitted 0.74, and a chunk
 * begun.
 */
static void test_bytes_a_key(void **state)
{
	struct keys keys = { 0 };

	(void)state;
	for (uint32_t i = 1; i <= 600000; i++) {
		size_t full = keys.fitted ? 74 : 22;

		assert_int_not_equal(keys_number(&keys, (uint64_t)i << 32 | 7), 0);
		if (i > 20000)
			assert_true(keys_bytes(&keys) <=
				    (size_t)i * 8 + (size_t)i * 400 / full + ((size_t)2 << 20));
		if (i == 300000)
			keys_fit(&keys);
	}
	keys_fit(&keys);
	for (uint32_t i = 1; i <= 600000; i++)
		assert_int_equal(keys_find(&keys, (uint64_t)i << 32 | 7), i);
	keys_free(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_numbers_in_order_and_kept),
		cmocka_unit_test(test_rising),
		cmocka_unit_test(test_extreme_keys),
		cmocka_unit_test(test_bytes_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
