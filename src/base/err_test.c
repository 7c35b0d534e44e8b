/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void test_set(void **state)
{
	struct err err = { .system = 7 };

	(void)state;
	assert_int_equal(err_set(&err, ERR_USAGE, "%s: %d", "--at", 5), ERR_USAGE);
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(err.system, 0);
	assert_string_equal(err.text, "--at: 5");
	assert_int_equal(err_memory(&err), ERR_MEMORY);
	assert_string_equal(err.text, "out of memory");
}

static void test_system(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_system(&err, ENOENT, "%s", "a.gz"), ERR_SYSTEM);
	assert_int_equal(err.system, ENOENT);
	assert_string_equal(err.text, "a.gz: No such file or directory");
	assert_int_equal(err_system(&err, 99999, "x"), ERR_SYSTEM);
	assert_string_equal(err.text, "x: Unknown error 99999");
}

static void test_prefix(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_system(&err, EACCES, "open");
	assert_int_equal(err_prefix(&err, "input %d", 3), ERR_SYSTEM);
	assert_string_equal(err.text, "input 3: open: Permission denied");
	assert_int_equal(err.system, EACCES);
}

static void test_null(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_LIMIT, "x"), ERR_LIMIT);
	assert_int_equal(err_system(NULL, EIO, "x"), ERR_SYSTEM);
	assert_int_equal(err_memory(NULL), ERR_MEMORY);
	assert_int_equal(err_prefix(NULL, "x"), ERR_OK);
}

static void test_one_line(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_set(&err, ERR_FORMAT, "a\nb\033[2Jc\x7f é");
	assert_string_equal(err.text, "a?b?[2Jc? é");
}

static void test_cut(void **state)
{
	char long_name[2000];
	struct err err = { 0 };

	(void)state;
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	err_system(&err, EIO, "%s", long_name);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_prefix(&err, "%s", long_name);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_set(&err, ERR_FORMAT, "short");
	err_prefix(&err, "%.490s", long_name);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_string_equal(err.text + 490, ": sho");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_system),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
