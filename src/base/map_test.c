/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/map.h"

static void test_empty(void **state)
{
	struct map map = { 0 };

	(void)state;
	assert_int_equal(map_get(&map, 0), MAP_NONE);
	assert_false(map_remove(&map, 0));
	map_free(&map);
}

static void test_any_key(void **state)
{
	static const uint64_t keys[] = { 0, 1, UINT64_MAX, (uint64_t)1 << 63, 16, 32 };
	struct map map = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(map_put(&map, keys[i], i), 0);
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(map_get(&map, keys[i]), i);
	assert_int_equal(map.count, 6);
	assert_int_equal(map_put(&map, 0, 77), 0);
	assert_int_equal(map_get(&map, 0), 77);
	assert_int_equal(map.count, 6);
	assert_int_equal(map_put(&map, 0, MAP_NONE), ERR_USAGE);
	assert_int_equal(map_get(&map, 0), 77);
	map_free(&map);
	assert_int_equal(map_get(&map, 0), MAP_NONE);
}

#define KEYS 3000u

/* Random puts and removals beside a plain array that says what must be there. */
static void check_against_array(uint64_t stride)
{
	static uint32_t expected[KEYS];
	struct map map = { 0 };
	uint64_t random = 88172645463325252u;
	size_t count = 0;

	memset(expected, 0xff, sizeof(expected));
	for (unsigned i = 0; i < 200000; i++) {
		uint32_t place;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		place = (uint32_t)(random >> 32) % KEYS;
		if (random % 2) {
			assert_int_equal(map_put(&map, place * stride, i), 0);
			count += expected[place] == MAP_NONE;
			expected[place] = i;
		} else {
			assert_int_equal(map_remove(&map, place * stride),
					 expected[place] != MAP_NONE);
			count -= expected[place] != MAP_NONE;
			expected[place] = MAP_NONE;
		}
		assert_int_equal(map.count, count);
		/* 3/4 full at most: a search ends at a free slot, and soon. */
		assert_true(map.count <= (map.mask + 1) / 4 * 3);
		if (i % 1000 == 0)
			for (uint32_t k = 0; k < KEYS; k++)
				assert_int_equal(map_get(&map, k * stride), expected[k]);
	}
	map_free(&map);
}

static void test_put_and_remove(void **state)
{
	(void)state;
	check_against_array(1);
	check_against_array((uint64_t)1 << 32);
	check_against_array(0x9e3779b97f4a7c15u);
}

/* The same on every machine: big-endian ones must find these too. */
static void test_hash_bytes_is_fixed(void **state)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {
		{ 0, 0xb0d11a7751e5041bu },
		{ 3, 0xb7c45c31b031ce96u },
		{ 7, 0x3a16a2a8490bbf01u },
		{ 15, 0x6c3212cb93a7a9e0u },
		{ 16, 0xea1f1118fa2daf86u },
		{ 17, 0x5b7f87524e0da820u },
		{ 32, 0xaf16a2de014eaafau },
		{ 41, 0x9fbc8d8a6d06b3fcu },
	};
	uint8_t bytes[64];

	(void)state;
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(map_hash_bytes(bytes, rows[i].len) == rows[i].hash);
	assert_true(map_hash_bytes(NULL, 0) == rows[0].hash);
	/* It depends on bytes and length, not on where they stand. */
	memmove(bytes + 3, bytes, 41);
	assert_true(map_hash_bytes(bytes + 3, 41) == rows[7].hash);
}

/* Each byte counts, trailing zeros and length too: no two of these alike. */
static void test_emptied(void **state)
{
	struct map map = { 0 };

	(void)state;
	map_empty(&map);
	for (unsigned round = 0; round < 20; round++) {
		unsigned count = round % 3 ? 10 : 5000;

		for (uint64_t key = 0; key < count; key++)
			assert_int_equal(map_put(&map, key * 7919, (uint32_t)round), 0);
		assert_int_equal(map.count, count);
		map_empty(&map);
		assert_int_equal(map.count, 0);
		for (uint64_t key = 0; key < count; key++)
			assert_int_equal(map_get(&map, key * 7919), MAP_NONE);
	}
	map_free(&map);
}

static void test_hash_bytes_differs(void **state)
{
	uint8_t bytes[40] = { 0 };
	struct map seen = { 0 };

	(void)state;
	for (unsigned len = 0; len <= sizeof(bytes); len++) {
		assert_int_equal(map_put(&seen, map_hash_bytes(bytes, len), len), 0);
		for (unsigned at = 0; at < len; at++) {
			for (unsigned bit = 0; bit < 8; bit++) {
				bytes[at] = (uint8_t)(1u << bit);
				assert_int_equal(map_get(&seen, map_hash_bytes(bytes, len)),
						 MAP_NONE);
				map_put(&seen, map_hash_bytes(bytes, len), len);
			}
			bytes[at] = 0;
		}
	}
	map_free(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_any_key),
		cmocka_unit_test(test_put_and_remove),
		cmocka_unit_test(test_hash_bytes_is_fixed),
		cmocka_unit_test(test_emptied),
		cmocka_unit_test(test_hash_bytes_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
