/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/view.h"

static const struct view nothing = { NULL, 0 };

static void test_compare(void **state)
{
	(void)state;
	assert_true(view_equal(VIEW("abc"), view_of("abc")));
	assert_false(view_equal(VIEW("abc"), VIEW("abd")));
	assert_false(view_equal(VIEW("abc"), VIEW("ab")));
	assert_false(view_equal(VIEW("abc"), VIEW("ABC")));
	assert_true(view_equal(nothing, VIEW("")));
	assert_true(view_equal_nocase(VIEW("RIPEncc|Z"), VIEW("ripeNCC|z")));
	assert_false(view_equal_nocase(VIEW("a@"), VIEW("a`")));	/* differ in the same bit */
	assert_false(view_equal_nocase(VIEW("["), VIEW("{")));
	assert_false(view_equal_nocase(VIEW("abc"), VIEW("ab")));
	assert_true(view_equal_nocase(nothing, nothing));
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(view_starts(VIEW("rrc06.updates"), VIEW("rrc")));
	assert_false(view_starts(VIEW("rr"), VIEW("rrc")));
	assert_true(view_starts(VIEW("rr"), nothing));
	assert_true(view_ends(VIEW("rib.bz2"), VIEW(".bz2")));
	assert_false(view_ends(VIEW("bz2"), VIEW(".bz2")));
	assert_false(view_ends(VIEW("rib.bz2"), VIEW(".gz2")));
	assert_true(view_ends(nothing, nothing));
}

static void test_trim(void **state)
{
	(void)state;
	assert_true(view_equal(view_trim(VIEW(" \t a b\r\n")), VIEW("a b")));
	assert_true(view_equal(view_trim(VIEW("a")), VIEW("a")));
	assert_int_equal(view_trim(VIEW(" \t\r\n")).len, 0);
	assert_int_equal(view_trim(nothing).len, 0);
}

static void check_split(const char *text, const char *const *fields, size_t count)
{
	struct view rest = view_of(text), field;

	for (size_t i = 0; i < count; i++) {
		assert_true(view_split(&rest, '|', &field));
		assert_true(view_equal(field, view_of(fields[i])));
	}
	field = VIEW("untouched");
	assert_false(view_split(&rest, '|', &field));
	assert_true(view_equal(field, VIEW("untouched")));
}

static void test_split(void **state)
{
	(void)state;
	check_split("apnic|KP|asn", (const char *[]){ "apnic", "KP", "asn" }, 3);
	check_split("a||b|", (const char *[]){ "a", "", "b", "" }, 4);
	check_split("|", (const char *[]){ "", "" }, 2);
	check_split("a", (const char *[]){ "a" }, 1);
	check_split("", (const char *[]){ "" }, 1);
}

static void test_numbers(void **state)
{
	uint32_t small = 1;
	uint64_t large = 1;

	(void)state;
	assert_true(view_u32(VIEW("4294967295"), &small));
	assert_int_equal(small, UINT32_MAX);
	assert_true(view_u32(VIEW("000000000000000000000042"), &small));
	assert_int_equal(small, 42);
	assert_false(view_u32(VIEW("4294967296"), &small));
	assert_false(view_u32(VIEW(""), &small));
	assert_false(view_u32(nothing, &small));
	assert_false(view_u32(VIEW("-1"), &small));
	assert_false(view_u32(VIEW("+1"), &small));
	assert_false(view_u32(VIEW(" 1"), &small));
	assert_false(view_u32(VIEW("1 "), &small));
	assert_false(view_u32(VIEW("1\xb2"), &small));
	assert_int_equal(small, 42);
	assert_true(view_u64(VIEW("18446744073709551615"), &large));
	assert_true(large == UINT64_MAX);
	assert_false(view_u64(VIEW(""), &large));
	assert_false(view_u64(VIEW("18446744073709551616"), &large));
	assert_false(view_u64(VIEW("99999999999999999999"), &large));
	assert_true(large == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
