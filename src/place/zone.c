/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From spans to runs, by a sweep over the space from its first number to its last. The spans that
 * cover the place of the sweep are in a heap; its top is the one that is believed:
 *
 *   1. of registry statistics of different dates, the newer file's;
 *   2. else the smaller span, which is the more specific assignment;
 *   3. else the one that was read later.
 *
 * A span whose end is passed leaves the heap when it comes to the top. Where the heap is empty
 * nobody says anything: a run of unknown. Neighbours of the same country become one run.
 *
 *   spans     |------------- US -------------|          |---- FR ----|
 *                   |--- KP ---|        |-------- DE -------|
 *   runs  ?   |  US |    KP    |   US   |      DE       |? …
 *
 * IPv6 is kept in blocks of /48, the smallest network. Range tables cut finer, down to hosts; a
 * block that is cut gets the country of most of its addresses, here, once and for all.
 *
 * A question is a binary search for the first block, and nearly always one look at where the
 * run ends. Only a network that several runs share is counted out.
 */
#include "place/zone.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "place/country.h"

#define NEAR_RUNS	8u	/* further away, halving is faster */
#define INDEX_BITS	16u
#define INDEX_SLOTS	(1u << INDEX_BITS)
#define INDEX_RUNS	4096u	/* fewer need no index */

/* Bits of a number in each space, and the bits below its blocks. */
static const struct {
	unsigned bits, shift;
} spaces[PLACE_SPACES] = {
	[PLACE_IPV4] = { 32, 0 },
	[PLACE_IPV6] = { 128, 80 },
	[PLACE_ASN] = { 32, 0 },
};

/*
 * Spans as they are kept: there are a million of them, and what they fill has to be got from the
 * system first.
 */
struct span32 {
	uint32_t low, last, order;
	uint16_t day;
	country_t country;
};

struct span128 {
	uint64_t low_high, low_low, last_high, last_low;
	uint32_t order;
	uint16_t day;
	country_t country;
};

/* Votes for countries, weighted. Only `count` items are ever set: emptying it costs nothing. */
struct tally {
	struct {
		u128 weight;
		country_t country;
	} items[PLACE_COUNTRY_MAX + 1];
	size_t count;
};

struct sweep {
	struct place_span *heap;	/* the believed one first */
	uint32_t heap_count, heap_room;
	enum place_space space;
	unsigned shift;
	const struct place_spans *spans;
	uint32_t left;		/* spans that begin at `next` or later */
	struct place_span next;
	struct place_zone zone;
	size_t room;
	struct tally block;	/* the cut block at which the sweep stands */
};

static int add32(struct place_spans *spans, u128 low, u128 last, country_t country,
		 struct err *err)
{
	struct span32 *items;
	int rc = vec_grow(&spans->items, spans->count, &spans->room, sizeof(*items), err);

	if (rc < 0)
		return rc;
	items = spans->items;
	items[spans->count] = (struct span32){
		.low = (uint32_t)low,
		.last = (uint32_t)last,
		.order = spans->count,
		.country = country,
	};
	spans->count++;
	return 0;
}

static int add128(struct place_spans *spans, u128 low, u128 last, country_t country,
		  struct err *err)
{
	struct span128 *items;
	int rc = vec_grow(&spans->items, spans->count, &spans->room, sizeof(*items), err);

	if (rc < 0)
		return rc;
	items = spans->items;
	items[spans->count] = (struct span128){
		.low_high = (uint64_t)(low >> 64),
		.low_low = (uint64_t)low,
		.last_high = (uint64_t)(last >> 64),
		.last_low = (uint64_t)last,
		.order = spans->count,
		.country = country,
	};
	spans->count++;
	return 0;
}

int place_intake_add(struct place_intake *intake, enum place_space space, u128 low, u128 last,
		     country_t country, struct err *err)
{
	struct place_spans *spans = &intake->spaces[space];

	if (spans->count == PLACE_SPANS_MAX)
		return err_set(err, ERR_LIMIT, "more than %u ranges", PLACE_SPANS_MAX);
	if (space == PLACE_IPV6)
		return add128(spans, low, last, country, err);
	return add32(spans, low, last, country, err);
}

void place_intake_date(struct place_intake *intake, enum place_space space, uint32_t from,
		       uint16_t day)
{
	struct place_spans *spans = &intake->spaces[space];

	for (uint32_t i = from; i < spans->count; i++) {
		if (space == PLACE_IPV6)
			((struct span128 *)spans->items)[i].day = day;
		else
			((struct span32 *)spans->items)[i].day = day;
	}
}

static int spans_join(struct place_spans *spans, enum place_space space, struct place_spans *from,
		      struct err *err)
{
	size_t size = space == PLACE_IPV6 ? sizeof(struct span128) : sizeof(struct span32);
	uint32_t before = spans->count, count = before + from->count;
	void *items;

	if (before == 0 || from->count == 0) {
		struct place_spans whole = before ? *spans : *from;

		*from = before ? *from : *spans;
		*spans = whole;
		return 0;
	}
	if (count > PLACE_SPANS_MAX)
		return err_set(err, ERR_LIMIT, "more than %u ranges", PLACE_SPANS_MAX);
	items = reallocarray(spans->items, count, size);
	if (!items)
		return err_memory(err);
	memcpy((char *)items + before * size, from->items, from->count * size);
	*spans = (struct place_spans){ items, count, count };
	for (uint32_t i = before; i < count; i++) {
		if (space == PLACE_IPV6)
			((struct span128 *)items)[i].order = i;
		else
			((struct span32 *)items)[i].order = i;
	}
	return 0;
}

int place_intake_join(struct place_intake *intake, struct place_intake *from, struct err *err)
{
	int code = 0;

	for (unsigned i = 0; i < PLACE_SPACES && code == 0; i++)
		code = spans_join(&intake->spaces[i], i, &from->spaces[i], err);
	place_intake_free(from);
	return code;
}

static struct place_span span_at(enum place_space space, const struct place_spans *spans,
				 uint32_t i)
{
	if (space == PLACE_IPV6) {
		const struct span128 *wide = (const struct span128 *)spans->items + i;

		return (struct place_span){
			(u128)wide->low_high << 64 | wide->low_low,
			(u128)wide->last_high << 64 | wide->last_low,
			wide->order, wide->day, wide->country,
		};
	} else {
		const struct span32 *narrow = (const struct span32 *)spans->items + i;

		return (struct place_span){
			narrow->low, narrow->last, narrow->order, narrow->day, narrow->country,
		};
	}
}

void place_intake_free(struct place_intake *intake)
{
	for (unsigned i = 0; i < PLACE_SPACES; i++)
		free(intake->spaces[i].items);
	*intake = (struct place_intake){ 0 };
}

static void tally_add(struct tally *tally, country_t country, u128 weight)
{
	size_t i = 0;

	while (i < tally->count && tally->items[i].country != country)
		i++;
	if (i == tally->count) {
		tally->items[i].country = country;
		tally->items[i].weight = 0;
		tally->count++;
	}
	tally->items[i].weight += weight;
}

static country_t tally_winner(const struct tally *tally, u128 *ret_weight)
{
	country_t country = COUNTRY_UNKNOWN;
	u128 most = 0;

	for (size_t i = 0; i < tally->count; i++) {
		u128 weight = tally->items[i].weight;

		if (weight > most)
			country = tally->items[i].country;
		else if (weight == most)
			country = COUNTRY_UNKNOWN;
		if (weight > most)
			most = weight;
	}
	*ret_weight = most;
	return country;
}

/* Whether a is believed where both say something. */
static bool before(const struct place_span *a, const struct place_span *b)
{
	u128 size_a = a->last - a->low, size_b = b->last - b->low;

	if (a->day != b->day)
		return a->day > b->day;
	if (size_a != size_b)
		return size_a < size_b;
	return a->order > b->order;
}

static int heap_push(struct sweep *sweep, const struct place_span *span, struct err *err)
{
	uint32_t i = sweep->heap_count;
	int rc = VEC_GROW(sweep->heap, i, sweep->heap_room, err);

	if (rc < 0)
		return rc;
	sweep->heap_count++;
	while (i > 0 && before(span, &sweep->heap[(i - 1) / 2])) {
		sweep->heap[i] = sweep->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	sweep->heap[i] = *span;
	return 0;
}

static void heap_pop(struct sweep *sweep)
{
	struct place_span last = sweep->heap[--sweep->heap_count];
	uint32_t i = 0;

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= sweep->heap_count)
			break;
		if (child + 1 < sweep->heap_count &&
		    before(&sweep->heap[child + 1], &sweep->heap[child]))
			child++;
		if (!before(&sweep->heap[child], &last))
			break;
		sweep->heap[i] = sweep->heap[child];
		i = child;
	}
	sweep->heap[i] = last;
}

static int zone_grow(struct sweep *sweep, struct err *err)
{
	size_t room = sweep->room ? 2 * sweep->room : 64;
	uint64_t *starts = reallocarray(sweep->zone.starts, room, sizeof(*starts));
	country_t *countries;

	if (!starts)
		return err_memory(err);
	sweep->zone.starts = starts;
	countries = reallocarray(sweep->zone.countries, room, sizeof(*countries));
	if (!countries)
		return err_memory(err);
	sweep->zone.countries = countries;
	sweep->room = room;
	return 0;
}

static int zone_add(struct sweep *sweep, uint64_t start, country_t country, struct err *err)
{
	struct place_zone *zone = &sweep->zone;

	if (zone->count && zone->countries[zone->count - 1] == country)
		return 0;
	if (zone->count == sweep->room) {
		int rc = zone_grow(sweep, err);

		if (rc < 0)
			return rc;
	}
	zone->starts[zone->count] = start;
	zone->countries[zone->count++] = country;
	return 0;
}

/* A piece of the space, which follows the one before it without a gap, turned into blocks. */
static int sweep_piece(struct sweep *sweep, u128 low, u128 last, country_t country, struct err *err)
{
	u128 mask = ((u128)1 << sweep->shift) - 1;
	u128 tail = last & ~mask;	/* first number of the last block */
	int rc;

	if (low & mask) {
		u128 block_last = low | mask, weight;

		if (last < block_last) {
			tally_add(&sweep->block, country, last - low + 1);
			return 0;
		}
		tally_add(&sweep->block, country, block_last - low + 1);
		rc = zone_add(sweep, (uint64_t)(low >> sweep->shift),
			      tally_winner(&sweep->block, &weight), err);
		if (rc < 0 || last == block_last)
			return rc;
		low = block_last + 1;
	}
	if ((last & mask) == mask)
		return zone_add(sweep, (uint64_t)(low >> sweep->shift), country, err);
	sweep->block.count = 0;
	tally_add(&sweep->block, country, last - tail + 1);
	return low < tail ? zone_add(sweep, (uint64_t)(low >> sweep->shift), country, err) : 0;
}

/* Leaves those spans in the heap that cover `at`, as far as it matters: the top one does. */
static int sweep_to(struct sweep *sweep, u128 at, struct err *err)
{
	while (sweep->heap_count && sweep->heap[0].last < at)
		heap_pop(sweep);
	while (sweep->left && sweep->next.low == at) {
		int rc = heap_push(sweep, &sweep->next, err);

		if (rc < 0)
			return rc;
		if (--sweep->left)
			sweep->next = span_at(sweep->space, sweep->spans,
					      sweep->spans->count - sweep->left);
	}
	return 0;
}

static int sweep_all(struct sweep *sweep, u128 end, struct err *err)
{
	u128 at = 0;

	for (;;) {
		u128 last;
		country_t country = COUNTRY_UNKNOWN;
		int rc = sweep_to(sweep, at, err);

		if (rc < 0)
			return rc;
		last = sweep->left ? sweep->next.low - 1 : end;
		if (sweep->heap_count) {
			country = sweep->heap[0].country;
			if (sweep->heap[0].last < last)
				last = sweep->heap[0].last;
		}
		rc = sweep_piece(sweep, at, last, country, err);
		if (rc < 0 || last == end)
			return rc;
		at = last + 1;
	}
}

static int compare32(const void *a, const void *b)
{
	const struct span32 *left = a, *right = b;

	return (left->low > right->low) - (left->low < right->low);
}

static int compare128(const void *a, const void *b)
{
	const struct span128 *left = a, *right = b;

	if (left->low_high != right->low_high)
		return left->low_high < right->low_high ? -1 : 1;
	return (left->low_low > right->low_low) - (left->low_low < right->low_low);
}

/* Most tables come sorted, and then there is nothing to do. */
static void spans_sort(enum place_space space, struct place_spans *spans)
{
	size_t size = space == PLACE_IPV6 ? sizeof(struct span128) : sizeof(struct span32);
	int (*compare)(const void *, const void *) = space == PLACE_IPV6 ? compare128 : compare32;
	const char *items = spans->items;

	for (uint32_t i = 1; i < spans->count; i++) {
		if (compare(items + (i - 1) * size, items + i * size) > 0) {
			qsort(spans->items, spans->count, size, compare);
			return;
		}
	}
}

/*
 * The run of every number whose first INDEX_BITS are followed by zeros: the runs of all numbers
 * that begin so stand between that and the next. Of a table of the Internet a handful is left.
 */
static int index_build(struct place_zone *zone, unsigned bits, struct err *err)
{
	size_t run = 0;

	if (zone->count < INDEX_RUNS)
		return 0;
	zone->index_shift = bits - INDEX_BITS;
	zone->index = reallocarray(NULL, INDEX_SLOTS + 1, sizeof(*zone->index));
	if (!zone->index)
		return err_memory(err);
	for (uint64_t i = 0; i < INDEX_SLOTS; i++) {
		while (run + 1 < zone->count && zone->starts[run + 1] <= i << zone->index_shift)
			run++;
		zone->index[i] = (uint32_t)run;
	}
	zone->index[INDEX_SLOTS] = (uint32_t)zone->count - 1;
	return 0;
}

int place_zone_build(struct place_zone *ret_zone, enum place_space space, struct place_spans *spans,
		     struct err *err)
{
	struct sweep *sweep = calloc(1, sizeof(*sweep));
	int rc;

	if (!sweep)
		return err_memory(err);
	spans_sort(space, spans);
	sweep->space = space;
	sweep->shift = spaces[space].shift;
	sweep->spans = spans;
	sweep->left = spans->count;
	if (sweep->left)
		sweep->next = span_at(space, spans, 0);
	rc = sweep_all(sweep, ~(u128)0 >> (128 - spaces[space].bits), err);
	if (rc == 0)
		rc = index_build(&sweep->zone, spaces[space].bits - spaces[space].shift, err);
	if (rc < 0)
		place_zone_free(&sweep->zone);
	else
		*ret_zone = sweep->zone;
	free(sweep->heap);
	free(sweep);
	return rc;
}

void place_zone_free(struct place_zone *zone)
{
	free(zone->starts);
	free(zone->countries);
	free(zone->index);
	*zone = (struct place_zone){ 0 };
}

/*
 * The run that holds `number`. Without branches: what the next comparison says, no processor can
 * guess.
 */
static size_t zone_find(const struct place_zone *zone, uint64_t number)
{
	const uint64_t *from = zone->starts;
	uint64_t slot = number >> zone->index_shift;
	size_t count = zone->count;

	if (zone->index && slot < INDEX_SLOTS) {
		from += zone->index[slot];
		count = zone->index[slot + 1] - zone->index[slot] + 1u;
	}
	while (count > 1) {
		size_t half = count / 2;

		from += from[half] <= number ? half : 0;
		count -= half;
	}
	return (size_t)(from - zone->starts);
}

country_t place_zone_at(const struct place_zone *zone, uint64_t number)
{
	return zone->count ? zone->countries[zone_find(zone, number)] : COUNTRY_UNKNOWN;
}

/* Parts per million, rounded half to even. */
static uint32_t parts(u128 part, uint64_t whole)
{
	u128 quotient = part * 1000000 / whole, twice = part * 1000000 % whole * 2;

	return (uint32_t)(quotient + (twice > whole || (twice == whole && quotient % 2)));
}

static country_t zone_count_out(const struct place_zone *zone, size_t run, uint64_t low,
				uint64_t end, uint32_t *ret_share)
{
	struct tally tally;
	country_t country;
	u128 weight;

	tally.count = 0;
	for (uint64_t at = low; at < end; run++) {
		uint64_t next = run + 1 < zone->count ? zone->starts[run + 1] : end;

		if (next > end)
			next = end;
		tally_add(&tally, zone->countries[run], next - at);
		at = next;
	}
	country = tally_winner(&tally, &weight);
	if (ret_share)
		*ret_share = parts(weight, end - low);
	return country;
}

/* zone_find() where it is likely to be run *near or one of those after it. */
static size_t zone_find_near(const struct place_zone *zone, uint64_t number, size_t *near)
{
	size_t run = *near < zone->count ? *near : 0;

	for (unsigned i = 0; i < NEAR_RUNS && zone->starts[run] <= number; i++, run++)
		if (run + 1 == zone->count || zone->starts[run + 1] > number)
			return *near = run;
	return *near = zone_find(zone, number);
}

static country_t plurality_from(const struct place_zone *zone, size_t run, uint64_t low,
				uint64_t end, uint32_t *ret_share)
{
	if (run + 1 < zone->count && zone->starts[run + 1] < end)
		return zone_count_out(zone, run, low, end, ret_share);
	if (ret_share)
		*ret_share = 1000000;
	return zone->countries[run];
}

country_t place_zone_plurality(const struct place_zone *zone, uint64_t low, uint64_t end,
			       uint32_t *ret_share)
{
	if (zone->count)
		return plurality_from(zone, zone_find(zone, low), low, end, ret_share);
	if (ret_share)
		*ret_share = 0;
	return COUNTRY_UNKNOWN;
}

country_t place_zone_plurality_near(const struct place_zone *zone, uint64_t low, uint64_t end,
				    size_t *near)
{
	return zone->count ? plurality_from(zone, zone_find_near(zone, low, near), low, end, NULL)
			   : COUNTRY_UNKNOWN;
}
