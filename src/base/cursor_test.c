/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

static void test_big_endian(void **state)
{
	struct cursor cur = cursor_make(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u8(&cur), 0x01);
	assert_int_equal(cursor_u16(&cur), 0x0203);
	assert_int_equal(cursor_u32(&cur), 0x04050607);
	assert_int_equal(cursor_left(&cur), 9);
	assert_false(cur.failed);
}

static void test_past_the_end(void **state)
{
	struct cursor cur = cursor_make(bytes, 3);

	(void)state;
	assert_int_equal(cursor_u32(&cur), 0);
	assert_true(cur.failed);
	assert_int_equal(cursor_left(&cur), 0);
	assert_int_equal(cursor_u8(&cur), 0);
	assert_null(cursor_bytes(&cur, 1));

	cur = cursor_make(bytes, 3);
	assert_false(cursor_skip(&cur, SIZE_MAX));
	assert_true(cur.failed);
}

static void test_exactly_the_end(void **state)
{
	struct cursor cur = cursor_make(bytes, 4);

	(void)state;
	assert_ptr_equal(cursor_bytes(&cur, 4), bytes);
	assert_false(cur.failed);
	assert_non_null(cursor_bytes(&cur, 0));
	assert_false(cur.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_big_endian),
		cmocka_unit_test(test_past_the_end),
		cmocka_unit_test(test_exactly_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
