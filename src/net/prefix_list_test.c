/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of prefixes: what belongs to one, and how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "net/prefix_list.h"

static bool has(const struct prefix_list *list, const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(text), &prefix));
	return prefix_list_has(list, &prefix);
}

static void holds_what_is_inside(void **state)
{
	struct prefix_list list;

	(void)state;
	assert_int_equal(prefix_list_parse(VIEW("175.45.178.0/23,10.0.0.0/8,175.45.176.0/24,2001:db8::/32,10.0.0.0/8"),
					   &list, NULL), 0);
	assert_int_equal(list.count, 4);
	assert_true(has(&list, "175.45.176.0/24"));
	assert_false(has(&list, "175.45.177.0/24"));
	assert_true(has(&list, "175.45.179.0/24"));
	assert_false(has(&list, "175.45.176.0/22"));
	assert_true(has(&list, "10.255.255.0/24"));
	assert_true(has(&list, "2001:db8:ffff::/48"));
	assert_false(has(&list, "2001:db9::/32"));
	assert_false(has(&list, "32.1.13.0/24"));
	prefix_list_free(&list);
	assert_false(has(&list, "10.0.0.0/8"));
}

static void takes_all_addresses(void **state)
{
	struct prefix_list list;

	(void)state;
	assert_int_equal(prefix_list_parse(VIEW("0.0.0.0/0"), &list, NULL), 0);
	assert_true(has(&list, "175.45.176.0/24"));
	assert_false(has(&list, "2001:db8::/32"));
	prefix_list_free(&list);
}

static void is_written_in_order(void **state)
{
	struct prefix_list list;
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(prefix_list_parse(VIEW("2001:db8::/32,175.45.178.0/23,175.45.176.0/24"), &list, NULL), 0);
	prefix_list_format(&buf, &list);
	assert_int_equal(buf.len, strlen("175.45.176.0/24,175.45.178.0/23,2001:db8::/32"));
	assert_memory_equal(buf.data, "175.45.176.0/24,175.45.178.0/23,2001:db8::/32", buf.len);
	buf_free(&buf);
	prefix_list_free(&list);
}

static void refuses(const char *text, const char *why)
{
	struct prefix_list list = { .count = 7 };
	struct err err = { 0 };

	assert_int_equal(prefix_list_parse(view_of(text), &list, &err), ERR_USAGE);
	assert_int_equal(list.count, 7);
	assert_string_equal(err.text, why);
}

static void refuses_what_is_none(void **state)
{
	(void)state;
	refuses("175.45.176.0/24,", " is no prefix such as 175.45.176.0/22");
	refuses("175.45.176.0/24,KP", "KP is no prefix such as 175.45.176.0/22");
	refuses("175.45.176.0/24,175.45.177.0/25", "175.45.177.0/25 is longer than /24: no network is inside it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_is_inside),
		cmocka_unit_test(takes_all_addresses),
		cmocka_unit_test(is_written_in_order),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
