/* SPDX-License-Identifier: BSD-2-Clause */
/* Outages of places whose networks nest, worked out by hand. */
#include "sim/truth.h"
#include "sim/testing.h"

/* 20.0.0.0/16 holds 20.0.0.0/17 and 20.0.4.0/22; 20.1.0.0/24 stands alone: 257 blocks. */
static struct world_network networks[] = {
	{ .prefix = { FAMILY_IPV4, 16, { 20, 0 } } },
	{ .prefix = { FAMILY_IPV4, 17, { 20, 0 } } },
	{ .prefix = { FAMILY_IPV4, 22, { 20, 0, 4 } } },
	{ .prefix = { FAMILY_IPV4, 24, { 20, 1 } } },
};
static uint32_t group_of[] = { 0, 1, 2, 3 };
static const uint32_t order[] = { 0, 1, 2, 3 };

static struct dark darks[8];
static struct touch of[4];
static struct place_outages outages;

/* From minute to minute, each network's in order of networks; −1: open. */
struct span { uint32_t network; int from, until; };

static void place(const struct span *spans, uint32_t count)
{
	static struct plan plan = { .networks = networks, .group_of = group_of };
	struct play played = { .plan = &plan, .darks = darks, .dark_count = count };
	struct err err;

	memset(of, 0, sizeof(of));
	free(outages.items);
	for (uint32_t i = 0; i < count; i++) {
		darks[i] = (struct dark){
			.group = spans[i].network, .event = i, .cause_at = spans[i].from * UTC_MINUTE - UTC_SECOND,
			.vp_dark_at = spans[i].from * UTC_MINUTE,
			.vp_back_at = spans[i].until < 0 ? UTC_NEVER : spans[i].until * UTC_MINUTE,
		};
		if (of[spans[i].network].count++ == 0)
			of[spans[i].network].first = i;
	}
	assert_int_equal(truth_place(&played, of, order, 4, &outages, &err), 0);
	assert_int_equal(outages.blocks, 257);
}

static void assert_outage(uint32_t i, int from, int until, uint64_t lowest, uint32_t dark)
{
	assert_true(i < outages.count);
	assert_int_equal(outages.items[i].from, from * UTC_MINUTE);
	assert_int_equal(outages.items[i].until, until < 0 ? UTC_NEVER : until * UTC_MINUTE);
	assert_int_equal(outages.items[i].lowest, lowest);
	assert_int_equal(outages.items[i].networks, dark);
}

/* What lies within a network that is seen changes nothing; nor does one block of 257. */
static void test_covered(void **state)
{
	(void)state;
	place((const struct span[]){ { 1, 10, 20 }, { 2, 12, 30 }, { 3, 40, 50 } }, 3);
	assert_int_equal(outages.count, 0);
}

static void test_major(void **state)
{
	(void)state;
	/* Without the /16 the /17 is left, 128 of 257 and the /24. */
	place((const struct span[]){ { 0, 10, 20 } }, 1);
	assert_int_equal(outages.count, 1);
	assert_outage(0, 10, 20, 129, 1);
	assert_int_equal(outages.items[0].major_from, UTC_NEVER);
	assert_int_equal(outages.items[0].cause_at, 10 * UTC_MINUTE - UTC_SECOND);
	/* Without the /17 too it is major; the /22 in it still stands. */
	place((const struct span[]){ { 0, 10, 20 }, { 1, 12, 25 } }, 2);
	assert_int_equal(outages.count, 1);
	assert_outage(0, 10, 20, 5, 2);
	assert_int_equal(outages.items[0].major_from, 12 * UTC_MINUTE);
	assert_int_equal(outages.items[0].major_until, 20 * UTC_MINUTE);
	assert_int_equal(outages.items[0].total_from, UTC_NEVER);
}

static void test_total(void **state)
{
	(void)state;
	place((const struct span[]){ { 0, 10, 20 }, { 0, 60, -1 }, { 1, 10, 30 }, { 2, 15, 20 }, { 3, 16, 18 } }, 5);
	assert_int_equal(outages.count, 2);
	assert_outage(0, 10, 20, 0, 4);
	assert_int_equal(outages.items[0].major_from, 10 * UTC_MINUTE);
	assert_int_equal(outages.items[0].total_from, 16 * UTC_MINUTE);
	assert_int_equal(outages.items[0].total_until, 18 * UTC_MINUTE);
	assert_outage(1, 60, -1, 129, 1);
	assert_int_equal(outages.items[1].event, 1);
}

static void test_nothing(void **state)
{
	(void)state;
	place(NULL, 0);
	assert_int_equal(outages.count, 0);
	free(outages.items);
	outages.items = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_covered),
		cmocka_unit_test(test_major),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("sim/truth_place", tests, NULL, NULL);
}
