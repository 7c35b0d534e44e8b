/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "table/paths.h"

#define OWN 30844u

/* One segment behind the other: type, count, numbers; 0 ends. */
static struct as_path make(uint8_t *bytes, unsigned asn_size, const uint32_t *segments)
{
	uint32_t len = 0;

	while (*segments) {
		uint32_t type = *segments++, count = *segments++;

		bytes[len++] = (uint8_t)type;
		bytes[len++] = (uint8_t)count;
		for (; count; count--, segments++)
			for (unsigned i = asn_size; i-- > 0;)
				bytes[len++] = (uint8_t)(*segments >> 8 * i);
	}
	return (struct as_path){ bytes, len, (uint8_t)asn_size };
}

#define PATH(bytes, ...) make(bytes, 4, (const uint32_t[]){ __VA_ARGS__, 0 })
#define PATH2(bytes, ...) make(bytes, 2, (const uint32_t[]){ __VA_ARGS__, 0 })
#define SEQ(count, ...) AS_SEQUENCE, count, __VA_ARGS__
#define SET(count, ...) AS_SET, count, __VA_ARGS__

static uint32_t intern(struct paths *paths, const struct as_path *path)
{
	uint32_t number = paths_intern(paths, path, OWN);

	assert_int_not_equal(number, PATH_NONE);
	assert_int_equal(paths_intern(paths, path, OWN), number);
	return number;
}

/* What comes out must print and end as the path did that went in. */
static uint32_t round_trip(struct paths *paths, const struct as_path *path)
{
	uint32_t number = intern(paths, path), origin = 0;
	struct buf in = { 0 }, out = { 0 };

	as_path_format(&in, path);
	paths_format(paths, number, OWN, &out);
	buf_char(&in, 0);
	buf_char(&out, 0);
	assert_string_equal(out.data, in.data);
	as_path_origin(path, &origin);
	assert_int_equal(paths_origin(paths, number, OWN), origin);
	buf_free(&in);
	buf_free(&out);
	return number;
}

static int setup(void **state)
{
	struct paths *paths = malloc(sizeof(*paths));

	*state = paths;
	return paths ? paths_init(paths) : -1;
}

static int teardown(void **state)
{
	paths_free(*state);
	free(*state);
	return 0;
}

static void test_sequences(void **state)
{
	struct paths *paths = *state;
	uint8_t bytes[256];
	struct as_path path;
	uint32_t own, absent, prepended;

	path = PATH(bytes, SEQ(4, OWN, 3356, 4837, 131279));
	own = round_trip(paths, &path);
	path = PATH(bytes, SEQ(3, 3356, 4837, 131279));
	absent = round_trip(paths, &path);
	path = PATH(bytes, SEQ(5, OWN, OWN, 3356, 4837, 131279));
	prepended = round_trip(paths, &path);
	/* One node, told apart by the flag that the own AS stood first. */
	assert_int_equal(own >> 1, absent >> 1);
	assert_int_not_equal(own, absent);
	assert_int_not_equal(prepended >> 1, own >> 1);
	path = PATH(bytes, SEQ(1, OWN));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(3, OWN, OWN, OWN));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(1, 131279));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(5, 3356, OWN, 4837, 4837, 4837));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(6, 3356, 4837, 4837, 4837, 131279, 131279));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(2, 4200000000, UINT32_MAX));
	round_trip(paths, &path);
}

static void test_empty(void **state)
{
	struct paths *paths = *state;
	struct as_path path = { NULL, 0, 4 };

	assert_int_equal(round_trip(paths, &path), PATH_EMPTY);
	assert_int_equal(paths_hops(paths, PATH_EMPTY, OWN, NULL, 0), 0);
}

static void test_sets_and_confederations(void **state)
{
	struct paths *paths = *state;
	uint8_t bytes[256];
	struct as_path path;

	path = PATH(bytes, SEQ(2, OWN, 3356), SET(3, 4837, 131279, 131279));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(2, OWN, 3356), SET(1, 4837), SEQ(1, 9));
	round_trip(paths, &path);
	path = PATH(bytes, SET(2, OWN, 3356));
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(1, 1), SET(2, 2, 3), SET(2, 4, 5));
	round_trip(paths, &path);
	path = PATH(bytes, AS_CONFED_SEQUENCE, 2, 65001, 65002, SEQ(2, OWN, 3356), AS_CONFED_SET, 2,
		    7, 8);
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(2, 1, 2), AS_CONFED_SEQUENCE, 1, 65001, AS_CONFED_SEQUENCE, 2, 65001,
		    65002);
	round_trip(paths, &path);
	path = PATH(bytes, AS_CONFED_SEQUENCE, 1, 65001);
	round_trip(paths, &path);
	path = PATH(bytes, SEQ(1, OWN), AS_CONFED_SEQUENCE, 1, 65001);
	assert_int_equal(paths_origin(paths, round_trip(paths, &path), OWN), OWN);
	/* A type that nobody registered. */
	path = PATH(bytes, SEQ(1, 1), 9, 2, 5, 6);
	intern(paths, &path);
}

static void test_set_is_no_sequence(void **state)
{
	struct paths *paths = *state;
	uint8_t bytes[4][256];
	struct as_path path[] = {
		PATH(bytes[0], SEQ(3, 1, 2, 3)),
		PATH(bytes[1], SEQ(1, 1), SET(2, 2, 3)),
		PATH(bytes[2], SEQ(1, 1), SET(1, 2), SET(1, 3)),
		PATH(bytes[3], SEQ(2, 1, 2), SEQ(1, 3)),
	};
	uint32_t number[4];

	for (unsigned i = 0; i < 4; i++)
		number[i] = round_trip(paths, &path[i]);
	assert_int_not_equal(number[0], number[1]);
	assert_int_not_equal(number[1], number[2]);
	/* Where a sequence is split says nothing. */
	assert_int_equal(number[0], number[3]);
}

static void test_hops(void **state)
{
	struct paths *paths = *state;
	struct path_hop hops[8];
	uint8_t bytes[256];
	struct as_path path = PATH(bytes, SEQ(4, OWN, 3356, 3356, 4837), SET(2, 5, 6),
				   AS_CONFED_SEQUENCE, 2, 7, 8);
	uint32_t number = intern(paths, &path);

	assert_int_equal(paths_hops(paths, number, OWN, hops, 8), 8);
	for (unsigned i = 0; i < 8; i++) {
		static const uint32_t asns[] = { OWN, 3356, 3356, 4837, 5, 6, 7, 8 };

		assert_int_equal(hops[i].asn, asns[i]);
		assert_int_equal(hops[i].segment, i < 4   ? AS_SEQUENCE
						  : i < 6 ? AS_SET
							  : AS_CONFED_SEQUENCE);
		assert_int_equal(hops[i].joined, i == 5);
	}
	memset(hops, 0, sizeof(hops));
	assert_int_equal(paths_hops(paths, number, 77, hops, 3), 8);
	assert_int_equal(hops[0].asn, 77);
	assert_int_equal(hops[2].asn, 3356);
	assert_int_equal(hops[3].asn, 0);
	assert_int_equal(paths_hops(paths, number, OWN, NULL, 0), 8);
}

static void test_two_bytes_an_as(void **state)
{
	struct paths *paths = *state;
	uint8_t two[256], four[256];
	struct as_path path2 = PATH2(two, SEQ(4, OWN, 3356, 4837, 4837));
	struct as_path path4 = PATH(four, SEQ(4, OWN, 3356, 4837, 4837));

	assert_int_equal(round_trip(paths, &path2), round_trip(paths, &path4));
}

/* Longer than the front cache's entries, than a segment, than what is formatted on the stack. */
static void test_long(void **state)
{
	struct paths *paths = *state;
	static uint32_t segments[4 * 257 + 1];
	static uint8_t bytes[4 * 1024 + 16];
	struct as_path path;

	for (uint32_t length = 13; length <= 17; length++) {
		segments[0] = AS_SEQUENCE;
		segments[1] = length;
		for (uint32_t i = 0; i < length; i++)
			segments[2 + i] = 100 + i;
		segments[2 + length] = 0;
		path = make(bytes, 4, segments);
		round_trip(paths, &path);
		segments[2] = OWN;
		path = make(bytes, 4, segments);
		round_trip(paths, &path);
	}
	for (uint32_t part = 0; part < 4; part++) {
		segments[257 * part] = AS_SEQUENCE;
		segments[257 * part + 1] = 255;
		for (uint32_t i = 0; i < 255; i++)
			segments[257 * part + 2 + i] = part < 2 ? 9 : 1000 + i;
	}
	segments[4 * 257] = 0;
	path = make(bytes, 4, segments);
	assert_int_equal(paths_hops(paths, round_trip(paths, &path), OWN, NULL, 0), 4 * 255);
}

static void test_origin_only(void **state)
{
	struct paths *paths = *state;
	uint8_t bytes[256];
	struct as_path path = PATH(bytes, SEQ(3, OWN, 3356, 131279));
	uint32_t number = paths_intern_origin(paths, &path);

	assert_int_equal(paths_origin(paths, number, OWN), 131279);
	path = PATH(bytes, SEQ(3, 5, 6, 131279));
	assert_int_equal(paths_intern_origin(paths, &path), number);
	path = PATH(bytes, SEQ(1, OWN));
	assert_int_equal(paths_origin(paths, paths_intern_origin(paths, &path), 5), OWN);
	path = PATH(bytes, SEQ(1, 5), SET(1, 6));
	assert_int_equal(paths_origin(paths, paths_intern_origin(paths, &path), 5), 0);
	path = PATH(bytes, SEQ(1, 4200000000));
	assert_int_equal(paths_origin(paths, paths_intern_origin(paths, &path), 5), 4200000000);
}

/*
 * Many random paths: equal numbers exactly where the paths are equal, whatever the cache in
 * front holds.
 */
static void test_many(void **state)
{
	struct paths *paths = *state;
	enum { COUNT = 60000 };
	static uint32_t numbers[COUNT];
	uint8_t bytes[64];

	for (unsigned round = 0; round < 2; round++) {
		uint32_t seed = 12345;

		for (uint32_t i = 0; i < COUNT; i++) {
			/* Every third is long, and differs behind its sixth number only. */
			uint32_t count = i % 3 ? 4 : 11, segments[16] = { AS_SEQUENCE, count, OWN };
			struct as_path path;
			uint32_t number;
			struct path_hop hops[16];

			for (unsigned k = 3; k < 2 + count; k++) {
				seed = seed * 1664525 + 1013904223;
				segments[k] = 1 + (seed >> 16) % (k == 3 ? 16 : 3000);
				if (count > 4 && k < 10)
					segments[k] = k;
			}
			path = make(bytes, 4, segments);
			number = paths_intern(paths, &path, OWN);
			if (round)
				assert_int_equal(number, numbers[i]);
			numbers[i] = number;
			assert_int_equal(paths_hops(paths, number, OWN, hops, 16), count);
			for (unsigned k = 0; k < count; k++)
				assert_int_equal(hops[k].asn, segments[2 + k]);
		}
	}
}

/* A sequence made of the number, some with prepending. */
static struct as_path numbered(uint8_t *bytes, uint32_t i)
{
	uint32_t segments[8] = { AS_SEQUENCE, 4, OWN, 1 + i % 7, 100 + i, i % 5 ? 200 + i % 11 : 100 + i };

	return make(bytes, 4, segments);
}

static void test_sweep(void **state)
{
	enum { COUNT = 3000 };
	static uint32_t numbers[COUNT];
	struct paths *paths = *state;
	uint32_t nodes = 0;
	uint8_t bytes[64];

	for (unsigned round = 0; round < 10; round++) {
		struct marks live = { 0 };

		for (uint32_t i = 0; i < COUNT; i++) {
			struct as_path path = numbered(bytes, i + (i % 3 ? COUNT * round : 0));
			uint32_t number = round_trip(paths, &path);

			/* A third is kept all the time. */
			if (round && i % 3 == 0)
				assert_int_equal(number, numbers[i]);
			numbers[i] = number;
		}
		if (round == 1)
			nodes = paths->nodes.count;
		if (round > 1)
			assert_int_equal(paths->nodes.count, nodes);
		for (uint32_t i = 0; i < COUNT; i += 3)
			assert_int_equal(paths_mark(paths, &live, numbers[i]), 0);
		paths_sweep(paths, &live);
		marks_free(&live);
	}
	assert_true(paths->odd_count < COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sequences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sets_and_confederations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_is_no_sequence, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hops, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_bytes_an_as, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long, setup, teardown),
		cmocka_unit_test_setup_teardown(test_origin_only, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sweep, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
