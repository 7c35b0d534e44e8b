/* SPDX-License-Identifier: BSD-2-Clause */
/* A memo may forget; what it finds is what was kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memo.h"

static struct memo *new_memo(uint32_t slots, uint32_t slot_size)
{
	struct memo *memo = NULL;

	assert_int_equal(memo_new(slots, slot_size, &memo, NULL), 0);
	return memo;
}

static void finds_what_was_kept(void **state)
{
	struct memo *memo = new_memo(8, 64);
	const char *value;
	size_t len = 77;

	(void)state;
	assert_null(memo_find(memo, "key", 3, 0, &len));
	assert_int_equal(len, 77);
	memo_keep(memo, "a value", 7);
	value = memo_find(memo, "key", 3, 0, &len);
	assert_non_null(value);
	assert_int_equal(len, 7);
	assert_memory_equal(value, "a value", 7);
	assert_null(memo_find(memo, "key", 3, 1, &len));	/* another flavour */
	assert_null(memo_find(memo, "keys", 4, 0, &len));
	assert_null(memo_find(memo, "ke", 2, 0, &len));
	memo_free(memo);
}

static void keeps_empty_keys_and_values(void **state)
{
	struct memo *memo = new_memo(8, 64);
	size_t len = 1;

	(void)state;
	assert_null(memo_find(memo, NULL, 0, 0, &len));
	memo_keep(memo, NULL, 0);
	assert_non_null(memo_find(memo, NULL, 0, 0, &len));
	assert_int_equal(len, 0);
	memo_free(memo);
}

static void passes_over_what_is_too_long(void **state)
{
	struct memo *memo = new_memo(1, 64);
	static const char text[64];
	size_t len;

	(void)state;
	assert_null(memo_find(memo, text, 40, 0, &len));
	memo_keep(memo, text, 8);	/* 16 + 40 + 8: just fits */
	assert_non_null(memo_find(memo, text, 40, 0, &len));
	assert_null(memo_find(memo, text, 41, 0, &len));
	memo_keep(memo, text, 8);
	assert_null(memo_find(memo, text, 41, 0, &len));
	assert_non_null(memo_find(memo, text, 40, 0, &len));
	memo_free(memo);
}

/* With fewer slots than keys every find must still be right. */
static void never_finds_another_keys_value(void **state)
{
	struct memo *memo = new_memo(16, 64);
	uint64_t random = 1;
	unsigned found = 0;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		uint32_t key[5] = { (uint32_t)((random = random * 6364136223846793005u + 1) >> 58), 1, 2, 3, 4 };
		uint32_t value = key[0] ^ 0x5555;
		size_t len;
		const char *kept = memo_find(memo, key, sizeof(key), 0, &len);

		if (kept) {
			assert_int_equal(len, sizeof(value));
			assert_memory_equal(kept, &value, sizeof(value));
			found++;
		} else {
			memo_keep(memo, &value, sizeof(value));
		}
	}
	assert_in_range(found, 100, 3999);
	memo_free(memo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_kept),
		cmocka_unit_test(keeps_empty_keys_and_values),
		cmocka_unit_test(passes_over_what_is_too_long),
		cmocka_unit_test(never_finds_another_keys_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
