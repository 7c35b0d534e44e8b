/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of parameters: nothing stated twice, nothing different in two places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "measure/parameters.h"

static const struct parameter *find(const char *name)
{
	for (size_t i = 0; i < measure_parameter_count; i++) {
		if (strcmp(measure_parameter_table[i].name, name) == 0)
			return &measure_parameter_table[i];
	}
	fail_msg("no parameter %s", name);
	return NULL;
}

static int64_t preset(const char *name)
{
	return parameter_get(&measure_parameters_default, find(name));
}

/* DESIGN section 4, by hand. */
static void test_defaults(void **state)
{
	(void)state;
	assert_int_equal(preset("threshold"), 500000);
	assert_int_equal(preset("full-feed-share"), 750000);
	assert_int_equal(preset("min-peers"), 3);
	assert_int_equal(preset("min-coverage"), 500000);
	assert_int_equal(preset("partial"), 990000);
	assert_int_equal(preset("major"), 500000);
	assert_int_equal(preset("baseline-window"), 24 * UTC_HOUR);
	assert_int_equal(preset("step-after"), 7 * UTC_DAY);
	assert_int_equal(preset("episode-gap"), 15 * UTC_MINUTE);
	assert_int_equal(preset("stuck-after"), 90 * UTC_MINUTE);
	assert_int_equal(preset("drift-max"), 10000);
}

/* The table states its defaults as well. */
static void test_table_defaults(void **state)
{
	const struct table_parameters theirs = table_parameters_default(), *ours = &measure_parameters_default.table;

	(void)state;
	assert_int_equal(ours->refill_quiet, theirs.refill_quiet);
	assert_int_equal(ours->again_share, theirs.again_share);
	assert_int_equal(ours->again_window, theirs.again_window);
	assert_int_equal(ours->silence_min, theirs.silence_min);
	assert_int_equal(ours->silence_factor, theirs.silence_factor);
	assert_int_equal(ours->silence_max, theirs.silence_max);
	assert_int_equal(ours->silence_messages, theirs.silence_messages);
	assert_int_equal(ours->audit_window, theirs.audit_window);
	assert_int_equal(ours->drift_max, theirs.drift_max);
}

/* Every byte of the structure belongs to one parameter, padding aside. */
static void test_all_named_once(void **state)
{
	unsigned char used[sizeof(struct measure_parameters)] = { 0 };
	unsigned unused = 0;

	(void)state;
	for (size_t i = 0; i < measure_parameter_count; i++) {
		const struct parameter *row = &measure_parameter_table[i];

		assert_true(row->size == 4 || row->size == 8);
		assert_true(row->offset + row->size <= sizeof(used));
		for (size_t k = 0; k < row->size; k++)
			assert_int_equal(used[row->offset + k]++, 0);
		assert_true(row->unit != PARAMETER_TIME || row->size == 8);
		assert_ptr_equal(find(row->name), row);
	}
	/* A field without a name would leave more than padding does. */
	for (size_t i = 0; i < sizeof(used); i++) {
		unused = used[i] ? 0 : unused + 1;
		assert_in_range(unused, 0, 4);
	}
}

static void test_get_and_set(void **state)
{
	struct measure_parameters parameters = measure_parameters_default;

	(void)state;
	for (size_t i = 0; i < measure_parameter_count; i++)
		parameter_set(&parameters, &measure_parameter_table[i], 1000 + (int64_t)i);
	for (size_t i = 0; i < measure_parameter_count; i++)
		assert_int_equal(parameter_get(&parameters, &measure_parameter_table[i]), 1000 + (int64_t)i);
	parameter_set(&parameters, find("full-feed"), (int64_t)1 << 40);
	assert_true(parameters.full_feed_ipv4 == (uint64_t)1 << 40);
	parameter_set(&parameters, find("threshold"), UINT32_MAX);
	assert_int_equal(parameter_get(&parameters, find("threshold")), UINT32_MAX);
}

static void test_ppm(void **state)
{
	(void)state;
	assert_int_equal(ppm_of(1, 0), 0);
	assert_int_equal(ppm_of(0, 7), 0);
	assert_int_equal(ppm_of(7, 7), PPM);
	assert_int_equal(ppm_of(1, 3), 333333);
	assert_int_equal(ppm_of(2, 3), 666667);
	/* halves go to the even neighbour */
	assert_int_equal(ppm_of(1, 2000000), 0);
	assert_int_equal(ppm_of(3, 2000000), 2);
	assert_int_equal(ppm_of(5, 2000000), 2);
	assert_int_equal(ppm_of(UINT64_MAX / 2, UINT64_MAX), 500000);
	assert_int_equal(ppm_of(UINT64_MAX, UINT64_MAX), PPM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_table_defaults),
		cmocka_unit_test(test_all_named_once),
		cmocka_unit_test(test_get_and_set),
		cmocka_unit_test(test_ppm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
