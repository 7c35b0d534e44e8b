/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "table/roster.h"

static struct peer peer(uint8_t last, uint32_t asn)
{
	return (struct peer){ .addr = { .family = FAMILY_IPV4, .bytes = { 10, 0, 0, last } },
			      .asn = asn };
}

static void test_identity(void **state)
{
	struct roster roster = { 0 };
	struct peer one = peer(1, 5), same = peer(1, 5), other_asn = peer(1, 6),
		    other_addr = peer(2, 5);
	struct peer ipv6 = { .addr = { .family = FAMILY_IPV6, .bytes = { 10, 0, 0, 1 } },
			     .asn = 5 };

	(void)state;
	same.bgp_id = 77;
	assert_int_equal(roster_vantage(&roster, "rrc00", &one), 0);
	assert_int_equal(roster_vantage(&roster, "rrc00", &other_asn), 1);
	assert_int_equal(roster_vantage(&roster, "rrc00", &other_addr), 2);
	assert_int_equal(roster_vantage(&roster, "rrc01", &one), 3);
	assert_int_equal(roster_vantage(&roster, "rrc00", &ipv6), 4);
	/* The BGP identifier is no part of it, but kept where it is said. */
	assert_int_equal(roster_vantage(&roster, "rrc00", &same), 0);
	assert_int_equal(roster.vantages[0].peer.bgp_id, 77);
	assert_int_equal(roster.count, 5);
	assert_ptr_equal(roster.vantages[0].collector, roster.vantages[1].collector);
	assert_string_equal(roster.vantages[3].collector, "rrc01");
	assert_true(roster.vantages[3].first_heard == UTC_NEVER);
	roster_free(&roster);
}

static void test_many(void **state)
{
	struct roster roster = { 0 };

	(void)state;
	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 5000; i++) {
			struct peer of = peer((uint8_t)i, 1 + i);

			assert_int_equal(roster_vantage(&roster, i % 2 ? "a" : "b", &of), i);
		}
	roster_free(&roster);
}

static void test_intervals(void **state)
{
	struct roster_intervals intervals = { 0 };
	struct roster roster = { 0 };

	(void)state;
	assert_false(roster_covers(&intervals, 5));
	roster_end(&intervals, 5, ROSTER_DAMAGE);
	assert_int_equal(roster_begin(&intervals, 10, ROSTER_RIB), 0);
	assert_int_equal(roster_begin(&intervals, 12, ROSTER_QUIET), 0);
	assert_int_equal(intervals.count, 1);
	assert_true(roster_covers(&intervals, 10));
	assert_true(roster_covers(&intervals, INT64_MAX));
	assert_false(roster_covers(&intervals, 9));
	roster_end(&intervals, 20, ROSTER_SILENCE);
	roster_end(&intervals, 25, ROSTER_DAMAGE);
	assert_int_equal(intervals.at[0].until, 20);
	assert_int_equal(intervals.at[0].began, ROSTER_RIB);
	assert_int_equal(intervals.at[0].ended, ROSTER_SILENCE);
	assert_true(roster_covers(&intervals, 19));
	assert_false(roster_covers(&intervals, 20));
	/* Noticed late to have been nothing. */
	assert_int_equal(roster_begin(&intervals, 30, ROSTER_RIB), 0);
	roster_end(&intervals, 30, ROSTER_DRIFT);
	assert_int_equal(intervals.count, 1);
	assert_int_equal(roster_begin(&intervals, 40, ROSTER_RIB), 0);
	assert_true(roster_covers(&intervals, 41));
	assert_false(roster_covers(&intervals, 35));
	roster.vantages = NULL;
	roster_free(&roster);
	free(intervals.at);
}

static void test_sorted(void **state)
{
	struct roster roster = { 0 };
	struct peer peers[] = { peer(9, 1), peer(1, 9), peer(1, 2) };
	uint32_t order[6];
	static const uint32_t expected[] = { 5, 4, 3, 2, 1, 0 };

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(roster_vantage(&roster, i < 3 ? "rrc06" : "rrc00", &peers[i % 3]),
				 i);
	roster_sort(&roster, order);
	assert_memory_equal(order, expected, sizeof(order));
	roster_free(&roster);
}

static void test_every_why_has_words(void **state)
{
	(void)state;
	for (unsigned why = 0; why < ROSTER_WHY_COUNT; why++) {
		assert_non_null(roster_why_name(why));
		assert_non_null(roster_why_text(why));
		for (unsigned other = 0; other < why; other++)
			assert_string_not_equal(roster_why_name(why), roster_why_name(other));
	}
	assert_string_equal(roster_why_name(ROSTER_SESSION_DOWN), "session-down");
	assert_string_equal(roster_why_name(ROSTER_WHY_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_every_why_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
