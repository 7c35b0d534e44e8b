/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked of a full feed: the day's tables, the year's floor, a number given, hysteresis. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "measure/fullfeed.h"

static int64_t day(int year, int month, int date)
{
	return utc_from_civil(year, month, date);
}

/* A roster of live vantage points with these tables. */
static uint64_t asked_of(const struct measure_parameters *parameters, enum family family, int64_t time,
			 const uint32_t *tables, uint32_t count)
{
	struct roster_vantage vantages[8] = { 0 };
	struct roster roster = { .vantages = vantages, .count = count };

	assert_in_range(count, 0, 8);
	for (uint32_t i = 0; i < count; i++) {
		vantages[i].live = true;
		vantages[i].table4 = family == FAMILY_IPV4 ? tables[i] : 999;
		vantages[i].table6 = family == FAMILY_IPV6 ? tables[i] : 999;
	}
	return full_feed_asked(parameters, &roster, family, time);
}

static void test_years(void **state)
{
	(void)state;
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(1997, 12, 31)), 0);
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(1998, 1, 1)), 50000);
	assert_int_equal(full_feed_year(FAMILY_IPV6, day(1999, 6, 1)), 0);
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(2014, 1, 1)), 470000);
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(2015, 1, 1)), 520000);
	assert_int_equal(full_feed_year(FAMILY_IPV6, day(2015, 1, 1)), 20250);
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(2026, 1, 1)), 970000);
	assert_int_equal(full_feed_year(FAMILY_IPV4, day(2099, 1, 1)), 970000);
	/* never less than a day before, and no leap at the end of the table */
	for (int64_t time = day(1998, 1, 1), four = 0, six = 0; time < day(2027, 1, 1); time += UTC_DAY) {
		int64_t now4 = (int64_t)full_feed_year(FAMILY_IPV4, time);
		int64_t now6 = (int64_t)full_feed_year(FAMILY_IPV6, time);

		assert_true(now4 >= four && now6 >= six);
		assert_true(four == 0 || now4 - four < 500);
		four = now4;
		six = now6;
	}
}

/* The third-largest: one router with more-specifics of its own does not set the measure. */
static void test_third_largest(void **state)
{
	static const uint32_t tables[] = { 100, 900000, 600000, 700000, 590000 };
	const struct measure_parameters *parameters = &measure_parameters_default;

	(void)state;
	assert_int_equal(asked_of(parameters, FAMILY_IPV4, day(2014, 1, 1), tables, 5), 450000);
	/* fewer than three: the largest */
	assert_int_equal(asked_of(parameters, FAMILY_IPV4, day(2014, 1, 1), tables, 2), 675000);
}

/* Seventy routes of IPv6 are not a full feed because nobody has more. */
static void test_floor(void **state)
{
	static const uint32_t tables[] = { 70, 60, 50 };
	const struct measure_parameters *parameters = &measure_parameters_default;

	(void)state;
	assert_int_equal(asked_of(parameters, FAMILY_IPV6, day(2014, 1, 1), tables, 3), 11625);
	assert_int_equal(asked_of(parameters, FAMILY_IPV4, day(2014, 1, 1), tables, 0), 352500);
	/* before the first year known there is no floor, but never nothing is asked */
	assert_int_equal(asked_of(parameters, FAMILY_IPV6, day(1999, 1, 1), tables, 3), 37);
	assert_int_equal(asked_of(parameters, FAMILY_IPV6, day(1999, 1, 1), tables, 0), 1);
}

static void test_blind_do_not_count(void **state)
{
	struct roster_vantage vantages[] = {
		{ .live = false, .table4 = 900000 }, { .live = true, .table4 = 700000 },
		{ .live = false, .table4 = 900000 }, { .live = false, .table4 = 900000 },
	};
	struct roster roster = { .vantages = vantages, .count = 4 };

	(void)state;
	assert_int_equal(full_feed_asked(&measure_parameters_default, &roster, FAMILY_IPV4, day(2014, 1, 1)), 525000);
}

static void test_given(void **state)
{
	static const uint32_t tables[] = { 900000, 900000, 900000 };
	struct measure_parameters parameters = measure_parameters_default;

	(void)state;
	parameters.full_feed_ipv4 = 10;
	assert_int_equal(asked_of(&parameters, FAMILY_IPV4, day(2014, 1, 1), tables, 3), 10);
	assert_int_equal(asked_of(&parameters, FAMILY_IPV6, day(2014, 1, 1), tables, 3), 675000);
	parameters.full_feed_ipv6 = 5;
	assert_int_equal(asked_of(&parameters, FAMILY_IPV6, day(2014, 1, 1), tables, 3), 5);
}

static void test_hysteresis(void **state)
{
	const struct measure_parameters *parameters = &measure_parameters_default;

	(void)state;
	assert_true(full_feed_is(parameters, 1000, 1000, false));
	assert_false(full_feed_is(parameters, 1000, 999, false));
	assert_true(full_feed_is(parameters, 1000, 900, true));
	assert_false(full_feed_is(parameters, 1000, 899, true));
	assert_false(full_feed_is(parameters, 1, 0, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_years),
		cmocka_unit_test(test_third_largest),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_blind_do_not_count),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_hysteresis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
