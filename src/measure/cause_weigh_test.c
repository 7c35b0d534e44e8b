/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "measure/cause.h"

/* Each fact has readings, each reading one row; each hypothesis has something for it and something against it. */
static void table(void **state)
{
	unsigned readings[FACT_COUNT] = { 0 };
	int most[HYPOTHESIS_COUNT] = { 0 }, least[HYPOTHESIS_COUNT] = { 0 };

	(void)state;
	for (uint32_t i = 0; i < cause_weight_count(); i++) {
		const struct cause_weight *row = cause_weight_at(i);

		assert_ptr_equal(cause_weight_of(row->fact, row->reading), row);
		readings[row->fact]++;
		for (unsigned k = 0; k < HYPOTHESIS_COUNT; k++) {
			most[k] = row->weights[k] > most[k] ? row->weights[k] : most[k];
			least[k] = row->weights[k] < least[k] ? row->weights[k] : least[k];
		}
	}
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		assert_true(readings[i] >= 2);
		assert_true(strlen(fact_name((enum fact)i)) > 2);
		assert_null(cause_weight_of((enum fact)i, "not-known"));
	}
	for (unsigned i = 0; i < HYPOTHESIS_COUNT; i++) {
		assert_true(most[i] > 0);
		assert_true(least[i] < 0);
	}
}

/* What is not known speaks for nothing. */
static void nothing_known(void **state)
{
	struct cause_fact facts[FACT_COUNT];
	struct cause_support supports[HYPOTHESIS_COUNT];

	(void)state;
	for (unsigned i = 0; i < FACT_COUNT; i++)
		facts[i] = (struct cause_fact){ .fact = (enum fact)i, .reading = "not-known" };
	cause_weigh(facts, supports);
	for (unsigned i = 0; i < HYPOTHESIS_COUNT; i++) {
		assert_int_equal(supports[i].support, 0);
		assert_int_equal(supports[i].hypothesis, i);
	}
}

static void sums(void **state)
{
	struct cause_fact facts[FACT_COUNT];
	struct cause_support supports[HYPOTHESIS_COUNT];

	(void)state;
	for (unsigned i = 0; i < FACT_COUNT; i++)
		facts[i] = (struct cause_fact){ .fact = (enum fact)i, .reading = "not-known" };
	facts[FACT_ORIGIN].reading = "changed";
	facts[FACT_SPECIFICS].reading = "other-origin";
	cause_weigh(facts, supports);
	assert_int_equal(supports[0].hypothesis, HYPOTHESIS_HIJACK);
	assert_int_equal(supports[0].support, cause_weight_of(FACT_ORIGIN, "changed")->weights[HYPOTHESIS_HIJACK] +
						      cause_weight_of(FACT_SPECIFICS, "other-origin")->weights[HYPOTHESIS_HIJACK]);
	for (unsigned i = 1; i < HYPOTHESIS_COUNT; i++)
		assert_true(supports[i].support <= supports[i - 1].support);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(nothing_known),
		cmocka_unit_test(sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
