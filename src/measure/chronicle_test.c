/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utc.h"
#include "measure/chronicle.h"

static void note(struct chronicle *chronicle, int64_t time, uint32_t network, uint32_t vantage)
{
	const struct chronicle_change change = { .time = time, .network = network, .vantage = vantage };

	assert_int_equal(chronicle_note(chronicle, &change, NULL), 0);
}

static void by_network(void **state)
{
	struct chronicle *chronicle;
	const uint32_t *changes;
	uint32_t count;

	(void)state;
	assert_int_equal(chronicle_new(&chronicle, NULL), 0);
	note(chronicle, 10, 2, 0);
	note(chronicle, 20, 0, 1);
	note(chronicle, 30, 2, 1);
	assert_int_equal(chronicle_ready(chronicle, NULL), 0);
	assert_int_equal(chronicle_count(chronicle), 3);
	changes = chronicle_of(chronicle, 2, &count);
	assert_int_equal(count, 2);
	assert_int_equal(changes[0], 0);
	assert_int_equal(changes[1], 2);
	chronicle_of(chronicle, 1, &count);
	assert_int_equal(count, 0);
	chronicle_of(chronicle, 9, &count);
	assert_int_equal(count, 0);
	assert_true(chronicle_until(chronicle) == UTC_NEVER);
	chronicle_free(chronicle);
}

static void clearings(void **state)
{
	struct chronicle *chronicle;

	(void)state;
	assert_int_equal(chronicle_new(&chronicle, NULL), 0);
	assert_int_equal(chronicle_clear(chronicle, 3, 100, NULL), 0);
	assert_true(chronicle_cleared(chronicle, 3, 99, 100));
	assert_false(chronicle_cleared(chronicle, 3, 100, 200));
	assert_false(chronicle_cleared(chronicle, 3, 0, 99));
	assert_false(chronicle_cleared(chronicle, 2, 0, 200));
	chronicle_free(chronicle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_network),
		cmocka_unit_test(clearings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
