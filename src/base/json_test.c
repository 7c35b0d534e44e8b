/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(says_where_it_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
