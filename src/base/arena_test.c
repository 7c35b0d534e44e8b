/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

/* Every byte of every block keeps its own value: blocks do not overlap. */
static void test_blocks_are_apart(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 4096, 5000, 70000, 3, 2000000, 8 };
	unsigned char *blocks[600];
	size_t lens[600];
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < 600; i++) {
		lens[i] = sizes[i % 12] / (i >= 12 && sizes[i % 12] > 100000 ? 1000 : 1);
		blocks[i] = arena_alloc(&arena, lens[i]);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		memset(blocks[i], (int)(i & 255), lens[i]);
	}
	for (size_t i = 0; i < 600; i++)
		for (size_t k = 0; k < lens[i]; k++)
			assert_int_equal(blocks[i][k], i & 255);
	arena_free(&arena);
	assert_null(arena.chunks);
	assert_int_equal(arena.held, 0);
}

static void test_copies(void **state)
{
	struct arena arena = { 0 };
	unsigned char *zero;
	char *text;

	(void)state;
	memset(arena_alloc(&arena, 64), 0xff, 64);
	arena_reset(&arena);
	zero = arena_zalloc(&arena, 64);
	for (int i = 0; i < 64; i++)
		assert_int_equal(zero[i], 0);
	text = arena_strndup(&arena, "network", 3);
	assert_string_equal(text, "net");
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
	assert_memory_equal(arena_memdup(&arena, "abc", 3), "abc", 3);
	assert_non_null(arena_memdup(&arena, NULL, 0));
	arena_free(&arena);
}

static void test_reset_keeps_largest(void **state)
{
	struct arena arena = { 0 };
	void *first;
	size_t held;

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_non_null(arena_alloc(&arena, 1000));
	assert_non_null(arena_alloc(&arena, 3000000));
	arena_reset(&arena);
	held = arena.held;
	assert_in_range(held, 3000000, 3000016);
	first = arena_alloc(&arena, 10);
	assert_int_equal((uintptr_t)first % 16, 0);
	for (int i = 0; i < 1000; i++) {
		arena_reset(&arena);
		assert_ptr_equal(arena_alloc(&arena, 10), first);
	}
	assert_int_equal(arena.held, held);
	arena_free(&arena);
	arena_reset(&arena);
	assert_non_null(arena_alloc(&arena, 1));
	arena_free(&arena);
}

static void test_absurd_sizes(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 16));
	assert_null(arena_alloc(&arena, (size_t)PTRDIFF_MAX));
	assert_null(arena_strndup(&arena, "", SIZE_MAX));
	assert_int_equal(arena.held, 0);
	arena_free(&arena);
}

/* What does not fit a usual chunk must not waste what is left of the newest. */
static void test_large_goes_behind(void **state)
{
	struct arena arena = { 0 };
	char *first = arena_alloc(&arena, 16);

	(void)state;
	assert_non_null(arena_alloc(&arena, 1 << 20));
	assert_ptr_equal(arena_alloc(&arena, 16), first + 16);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_apart),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_reset_keeps_largest),
		cmocka_unit_test(test_absurd_sizes),
		cmocka_unit_test(test_large_goes_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
