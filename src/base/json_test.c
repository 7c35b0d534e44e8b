/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/testing_memory.h"

static void reads(void **state)
{
	const char text[] = "{\"a\": [1, \"two\"]}";
	struct err err;
	json_t *tree;

	(void)state;
	assert_int_equal(json_read(text, strlen(text), &tree, &err), 0);
	assert_int_equal(json_array_size(json_object_get(tree, "a")), 2);
	json_decref(tree);
}

static void says_where_it_is_wrong(void **state)
{
	static const char *const wrong[] = { "", "{", "{\"a\": 1, \"a\": 2}", "[1] 2", "[\"\xff\"]" };
	struct err err;
	json_t *tree = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(json_read(wrong[i], strlen(wrong[i]), &tree, &err), ERR_FORMAT);
		assert_memory_equal(err.text, "line ", 5);
		assert_null(tree);
	}
}

#ifndef CONSTAT_SANITIZED

/* Strings of each length, so that their last quote is once the byte for which the buffer should have grown. */
static void says_when_memory_ran_out(void **state)
{
	char text[300];
	struct err err;
	json_t *tree;

	(void)state;
	for (size_t len = 4; len < sizeof(text); len++) {
		int code = ERR_MEMORY;

		memset(text, 'a', len);
		text[1] = text[len - 2] = '"';
		text[0] = '[';
		text[len - 1] = ']';
		for (long number = 1; code; number++) {
			testing_memory_refuse(number);
			code = json_read(text, len, &tree, &err);
			testing_memory_stop();
			assert_true(code == 0 || code == ERR_MEMORY);
		}
		assert_int_equal(json_string_length(json_array_get(tree, 0)), len - 4);
		json_decref(tree);
	}
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(says_where_it_is_wrong),
#ifndef CONSTAT_SANITIZED
		cmocka_unit_test(says_when_memory_ran_out),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
