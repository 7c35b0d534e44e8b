/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include "place/zone.h"

#define KP COUNTRY('K', 'P')
#define US COUNTRY('U', 'S')
#define DE COUNTRY('D', 'E')

static void add(struct place_intake *intake, enum place_space space, u128 low, u128 last,
		country_t country)
{
	assert_int_equal(place_intake_add(intake, space, low, last, country, NULL), 0);
}

static struct place_zone build(struct place_intake *intake, enum place_space space)
{
	struct place_zone zone;

	assert_int_equal(place_zone_build(&zone, space, &intake->spaces[space], NULL), 0);
	place_intake_free(intake);
	return zone;
}

static void empty_is_unknown(void **state)
{
	struct place_intake intake = { 0 };
	struct place_zone zone = { 0 };
	uint32_t share = 7;

	(void)state;
	assert_int_equal(place_zone_at(&zone, 1), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_plurality(&zone, 0, 1, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 0);
	zone = build(&intake, PLACE_IPV6);
	assert_int_equal(zone.count, 1);
	assert_int_equal(place_zone_plurality(&zone, 0, UINT64_C(1) << 48, &share),
			 COUNTRY_UNKNOWN);
	assert_int_equal(share, 1000000);
	place_zone_free(&zone);
}

static void smaller_wins_then_later(void **state)
{
	struct place_intake intake = { 0 };
	struct place_zone zone;

	(void)state;
	add(&intake, PLACE_ASN, 20, 29, KP);
	add(&intake, PLACE_ASN, 10, 99, US);
	add(&intake, PLACE_ASN, 40, 49, US);
	add(&intake, PLACE_ASN, 40, 49, DE);
	add(&intake, PLACE_ASN, 95, 104, DE);
	add(&intake, PLACE_ASN, 60, 69, COUNTRY_UNKNOWN);
	zone = build(&intake, PLACE_ASN);
	assert_int_equal(place_zone_at(&zone, 9), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_at(&zone, 10), US);
	assert_int_equal(place_zone_at(&zone, 19), US);
	assert_int_equal(place_zone_at(&zone, 20), KP);
	assert_int_equal(place_zone_at(&zone, 29), KP);
	assert_int_equal(place_zone_at(&zone, 30), US);
	assert_int_equal(place_zone_at(&zone, 45), DE);
	assert_int_equal(place_zone_at(&zone, 65), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_at(&zone, 94), US);
	assert_int_equal(place_zone_at(&zone, 95), DE);
	assert_int_equal(place_zone_at(&zone, 104), DE);
	assert_int_equal(place_zone_at(&zone, 105), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_at(&zone, UINT32_MAX), COUNTRY_UNKNOWN);
	place_zone_free(&zone);
}

static void newer_statistics_win_first(void **state)
{
	struct place_intake intake = { 0 };
	struct place_zone zone;

	(void)state;
	add(&intake, PLACE_IPV4, 0, 99, DE);
	place_intake_date(&intake, PLACE_IPV4, 0, 16000);
	add(&intake, PLACE_IPV4, 10, 19, US);
	add(&intake, PLACE_IPV4, 90, 109, US);
	place_intake_date(&intake, PLACE_IPV4, 1, 15999);
	zone = build(&intake, PLACE_IPV4);
	assert_int_equal(place_zone_at(&zone, 15), DE);
	assert_int_equal(place_zone_at(&zone, 99), DE);
	assert_int_equal(place_zone_at(&zone, 100), US);
	place_zone_free(&zone);
}

static void whole_space_fits(void **state)
{
	struct place_intake intake = { 0 };
	struct place_zone zone;

	(void)state;
	add(&intake, PLACE_IPV6, 0, ~(u128)0, KP);
	add(&intake, PLACE_IPV6, ~(u128)0, ~(u128)0, US);
	zone = build(&intake, PLACE_IPV6);
	assert_int_equal(zone.count, 1);
	assert_int_equal(place_zone_at(&zone, (UINT64_C(1) << 48) - 1), KP);
	place_zone_free(&zone);
}

static void plurality_ties_and_shares(void **state)
{
	struct place_intake intake = { 0 };
	struct place_zone zone;
	uint32_t share;

	(void)state;
	add(&intake, PLACE_IPV4, 0, 3, KP);
	add(&intake, PLACE_IPV4, 4, 6, US);
	add(&intake, PLACE_IPV4, 8, 9, KP);
	zone = build(&intake, PLACE_IPV4);
	assert_int_equal(place_zone_plurality(&zone, 0, 4, &share), KP);
	assert_int_equal(share, 1000000);
	assert_int_equal(place_zone_plurality(&zone, 0, 6, &share), KP);
	assert_int_equal(share, 666667);
	/* 3 US, 2 KP */
	assert_int_equal(place_zone_plurality(&zone, 2, 7, NULL), US);
	/* 3 US, 3 KP: a tie, although one more is nobody's */
	assert_int_equal(place_zone_plurality(&zone, 3, 10, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 428571);
	/* 2 KP against 6 unregistered */
	assert_int_equal(place_zone_plurality(&zone, 8, 16, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 750000);
	/* the parts of one country count together: 6 of 10 */
	assert_int_equal(place_zone_plurality(&zone, 0, 10, &share), KP);
	assert_int_equal(share, 600000);
	/* 1 of 2,000,000 is half a part per million: to even */
	assert_int_equal(place_zone_plurality(&zone, 9, 2000009, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 1000000);
	assert_int_equal(place_zone_plurality(&zone, 6, 2000006, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 999998);
	place_zone_free(&zone);
}

static void cut_blocks_go_to_the_larger_part(void **state)
{
	const u128 block = (u128)1 << 80, quarter = block / 4;
	struct place_intake intake = { 0 };
	struct place_zone zone;
	uint32_t share;

	(void)state;
	/*
	 * block 0: 1 US, 3 KP; block 1: all US but a host; block 2: half and half; block 3: 1 KP,
	 * rest nobody's
	 */
	add(&intake, PLACE_IPV6, 0, quarter - 1, US);
	add(&intake, PLACE_IPV6, quarter, block - 1, KP);
	add(&intake, PLACE_IPV6, block, 2 * block - 1, US);
	add(&intake, PLACE_IPV6, block + 12345, block + 12345, KP);
	add(&intake, PLACE_IPV6, 2 * block, 2 * block + 2 * quarter - 1, US);
	add(&intake, PLACE_IPV6, 2 * block + 2 * quarter, 3 * block + quarter - 1, KP);
	zone = build(&intake, PLACE_IPV6);
	assert_int_equal(place_zone_at(&zone, 0), KP);
	assert_int_equal(place_zone_at(&zone, 1), US);
	assert_int_equal(place_zone_at(&zone, 2), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_at(&zone, 3), COUNTRY_UNKNOWN);
	assert_int_equal(place_zone_plurality(&zone, 0, 4, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 500000);
	place_zone_free(&zone);
}

/* A fixed sequence, the same on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

#define UNITS	96u	/* of the small space that is counted out */
#define SPANS	24u

struct model {
	struct place_span spans[SPANS];
	unsigned count;
};

/* The rule, as the essay in zone.c states it, for one unit. */
static country_t believed(const struct model *model, unsigned unit)
{
	const struct place_span *best = NULL;

	for (unsigned i = 0; i < model->count; i++) {
		const struct place_span *span = &model->spans[i];
		bool better;

		if (unit < span->low || unit > span->last)
			continue;
		if (!best)
			better = true;
		else if (span->day != best->day)
			better = span->day > best->day;
		else
			better = span->last - span->low <= best->last - best->low;
		if (better)
			best = span;
	}
	return best ? best->country : COUNTRY_UNKNOWN;
}

/* The country with most of the units, 0 for a tie. */
static country_t majority(const country_t units[], unsigned count)
{
	static const country_t all[] = { COUNTRY_UNKNOWN, KP, US, DE };
	unsigned most = 0;
	country_t winner = COUNTRY_UNKNOWN;

	for (unsigned c = 0; c < 4; c++) {
		unsigned votes = 0;

		for (unsigned i = 0; i < count; i++)
			votes += units[i] == all[c];
		if (votes == most)
			winner = COUNTRY_UNKNOWN;
		if (votes > most) {
			most = votes;
			winner = all[c];
		}
	}
	return winner;
}

static struct model random_model(uint32_t *seed)
{
	static const country_t all[] = { COUNTRY_UNKNOWN, KP, US, DE };
	struct model model = { .count = next_random(seed) % (SPANS + 1) };

	for (unsigned i = 0; i < model.count; i++) {
		struct place_span *span = &model.spans[i];

		span->low = next_random(seed) % UNITS;
		span->last = span->low + next_random(seed) % (UNITS - (uint32_t)span->low);
		if (next_random(seed) % 2 && span->last > span->low + 8)
			span->last = span->low + next_random(seed) % 8;
		span->day = (uint16_t)(i < model.count / 2 ? 16000 : 16000 + next_random(seed) % 2);
		span->country = all[next_random(seed) % 4];
	}
	return model;
}

/*
 * Two thousand small worlds against the rule applied to each unit by itself; IPv6 with four units
 * to a block.
 */
static void agrees_with_counting_out(void **state)
{
	uint32_t seed = 20141222;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		enum place_space space = round % 2 ? PLACE_IPV6 : PLACE_IPV4;
		unsigned per_block = space == PLACE_IPV6 ? 4 : 1;
		unsigned shift = space == PLACE_IPV6 ? 78 : 0;
		struct model model = random_model(&seed);
		struct place_intake intake = { 0 };
		struct place_zone zone;
		country_t units[UNITS], blocks[UNITS];

		for (unsigned i = 0; i < model.count; i++) {
			add(&intake, space, model.spans[i].low << shift,
			    ((model.spans[i].last + 1) << shift) - 1, model.spans[i].country);
			place_intake_date(&intake, space, i, model.spans[i].day);
		}
		zone = build(&intake, space);
		for (unsigned i = 0; i < UNITS; i++)
			units[i] = believed(&model, i);
		for (unsigned i = 0; i < UNITS / per_block; i++) {
			blocks[i] = majority(units + i * per_block, per_block);
			if (place_zone_at(&zone, i) != blocks[i])
				fail_msg("round %u, block %u", round, i);
		}
		for (unsigned i = 0; i < 50; i++) {
			size_t near = next_random(&seed) % (UNITS / per_block);
			unsigned low = next_random(&seed) % (UNITS / per_block);
			unsigned count = 1 + next_random(&seed) % (UNITS / per_block - low);

			if (place_zone_plurality(&zone, low, low + count, NULL) !=
			    majority(blocks + low, count))
				fail_msg("round %u, %u blocks from %u", round, count, low);
			if (place_zone_plurality_near(&zone, low, low + count, &near) !=
			    majority(blocks + low, count))
				fail_msg("round %u, %u blocks from %u, near %zu", round, count, low, near);
		}
		place_zone_free(&zone);
	}
}

/* Enough runs that the search goes through an index: in all places alike, or all in one. */
static void many_runs(void **state)
{
	static const struct { enum place_space space; u128 step; uint64_t apart; } dense[] = {
		{ PLACE_IPV4, 200000, 200000 }, { PLACE_IPV4, 3, 3 }, { PLACE_ASN, 70000, 70000 },
		{ PLACE_IPV6, (u128)1 << 100, (u128)1 << 20 },
	};

	(void)state;
	for (size_t d = 0; d < sizeof(dense) / sizeof(dense[0]); d++) {
		struct place_intake intake = { 0 };
		struct place_zone zone;
		size_t run = 0;

		for (unsigned i = 1; i < 10000; i++)
			add(&intake, dense[d].space, i * dense[d].step, (i + 1) * dense[d].step - 1,
			    i % 2 ? KP : US);
		zone = build(&intake, dense[d].space);
		assert_non_null(zone.index);
		for (unsigned i = 0; i < 10002; i++) {
			uint64_t first = i * dense[d].apart, last = first + dense[d].apart - 1;
			country_t country = i % 2 ? KP : US;

			if (i == 0 || i >= 10000)
				country = COUNTRY_UNKNOWN;
			assert_int_equal(place_zone_at(&zone, first), country);
			assert_int_equal(place_zone_at(&zone, last), country);
			run += country != COUNTRY_UNKNOWN;
		}
		assert_int_equal(place_zone_at(&zone, UINT64_MAX), COUNTRY_UNKNOWN);
		assert_int_equal(run, 9999);
		place_zone_free(&zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_unknown),
		cmocka_unit_test(smaller_wins_then_later),
		cmocka_unit_test(newer_statistics_win_first),
		cmocka_unit_test(whole_space_fits),
		cmocka_unit_test(plurality_ties_and_shares),
		cmocka_unit_test(cut_blocks_go_to_the_larger_part),
		cmocka_unit_test(agrees_with_counting_out),
		cmocka_unit_test(many_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
