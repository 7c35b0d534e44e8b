/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utc.h"
#include "measure/hours.h"

#define T0	(400000 * UTC_HOUR)
#define AT(hours, minutes) (T0 + (hours) * UTC_HOUR + (minutes) * UTC_MINUTE)

static void counts(void **state)
{
	struct hours *hours;
	const struct hour *list;
	struct hour span;
	uint32_t count;

	(void)state;
	assert_int_equal(hours_new(&hours, NULL), 0);
	assert_int_equal(hours_note(hours, 2, AT(0, 10), false, NULL), 0);
	assert_int_equal(hours_note(hours, 2, AT(0, 59), true, NULL), 0);
	assert_int_equal(hours_note(hours, 0, AT(1, 0), false, NULL), 0);
	assert_int_equal(hours_note(hours, 2, AT(2, 5), false, NULL), 0);
	list = hours_of(hours, 2, &count);
	assert_int_equal(count, 2);
	assert_true(list[0].from == AT(0, 0) && list[1].from == AT(2, 0));
	assert_int_equal(list[0].announcements, 1);
	assert_int_equal(list[0].withdrawals, 1);
	assert_null(hours_of(hours, 1, &count));
	assert_null(hours_of(hours, 7, &count));
	assert_int_equal(count, 0);
	hours_span(hours, AT(0, 59), AT(2, 5), &span);
	assert_int_equal(span.withdrawals, 1);
	assert_int_equal(span.announcements, 1);
	hours_free(hours);
}

/* Silent hours count, hours that an exception touches do not. */
static void baseline(void **state)
{
	static const struct hours_except except[] = { { AT(3, 50), AT(4, 10) } };
	struct hours *hours;
	uint32_t median = 99;

	(void)state;
	assert_int_equal(hours_new(&hours, NULL), 0);
	for (unsigned hour = 0; hour < 5; hour++)
		for (unsigned i = 0; i < 10 * hour; i++)
			assert_int_equal(hours_note(hours, 0, AT(hour, i), false, NULL), 0);
	assert_int_equal(hours_baseline(hours, 0, AT(0, 5), AT(5, 0), NULL, 0, &median, NULL), 0);
	assert_int_equal(median, 20);
	assert_int_equal(hours_baseline(hours, 0, AT(0, 5), AT(5, 0), except, 1, &median, NULL), 0);
	assert_int_equal(median, 10);
	assert_int_equal(hours_baseline(hours, UINT32_MAX, AT(0, 5), AT(5, 0), except, 1, &median, NULL), 0);
	assert_int_equal(median, 10);
	assert_int_equal(hours_baseline(hours, 5, AT(0, 0), AT(5, 0), NULL, 0, &median, NULL), 0);
	assert_int_equal(median, 0);
	assert_int_equal(hours_baseline(hours, 0, AT(0, 0), AT(0, 0), NULL, 0, &median, NULL), 0);
	assert_int_equal(median, 0);
	hours_free(hours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(baseline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
