/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index is a row of buckets of one cache line, 16 entries each. The hash's upper half picks
 * the bucket, by multiplication and not by mask, so that the number of buckets can be any. An
 * entry holds the number of a key in as many low bits as the largest number needs, and above it
 * as many bits of the hash as are left: with millions of keys nine or ten, so that the key
 * itself, a cache miss away, is hardly ever looked at in vain.
 *
 * Entries of a bucket are filled from the left and never removed; a full bucket goes on in the
 * next. Searching therefore ends at the first free entry. At 0.9 full few buckets overflow.
 *
 * Numbers given back are linked through their keys, which are none any more: KEY_FREE and the next
 * number. The index is then filled anew, where it stands.
 *
 * Keys stand in chunks that never move. RIBs list their networks in order: as long as all keys ever
 * numbered rise, one larger than the last is known to be new, and the index can wait.
 */
#include "table/keys.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/vec.h"
#include "table/huge.h"

#define BUCKETS_FIRST	64u
#define BUCKETS_MANY	(1u << 17)	/* 8 MiB: up to here the index grows in larger steps */
_Static_assert(KEYS_BUCKET == 16, "look() has four times four");
#define AHEAD		16u	/* keys on their way while the index is made anew */

typedef uint32_t four __attribute__((vector_size(16)));

static inline uint32_t *bucket_at(const struct keys *keys, uint32_t bucket)
{
	return keys->entries + (size_t)bucket * KEYS_BUCKET;
}

/* A bit for each entry of the bucket that is `wanted` where `mask` has bits. */
static inline uint32_t look(const uint32_t *bucket, uint32_t mask, uint32_t wanted)
{
	const four *entries = (const four *)(const void *)bucket;
	const four at = { mask, mask, mask, mask }, with = { wanted, wanted, wanted, wanted };
	const four found[] = {
		(four)((entries[0] & at) == with), (four)((entries[1] & at) == with),
		(four)((entries[2] & at) == with), (four)((entries[3] & at) == with),
	};
#ifdef __SSE2__
	const __m128i first = _mm_packs_epi32((__m128i)found[0], (__m128i)found[1]);
	const __m128i second = _mm_packs_epi32((__m128i)found[2], (__m128i)found[3]);

	return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(first, second));
#else
	const four bits = { 1, 2, 4, 8 };
	const four all = (found[0] & bits) | (found[1] & bits << 4) | (found[2] & bits << 8) |
			 (found[3] & bits << 12);

	return all[0] | all[1] | all[2] | all[3];
#endif
}

/* Those that may be the key's; a free entry, of number 0, may be among them. */
static inline uint32_t look_for(const struct keys *keys, const uint32_t *bucket, uint64_t hash)
{
	const uint32_t mask = ~keys->number_mask;

	return look(bucket, mask, (uint32_t)hash & mask);
}

static inline uint32_t look_free(const uint32_t *bucket)
{
	return look(bucket, UINT32_MAX, 0);
}

/* The number of `key`, or 0 with the free entry where it belongs in *ret_free. */
static inline uint32_t search(const struct keys *keys, uint64_t key, uint64_t hash,
			      uint32_t **ret_free)
{
	uint32_t bucket = keys_bucket(keys, hash);

	for (;;) {
		uint32_t *entries = bucket_at(keys, bucket), free_ones;

		for (uint32_t may = look_for(keys, entries, hash); may; may &= may - 1) {
			uint32_t number = entries[__builtin_ctz(may)] & keys->number_mask;

			if (number && keys_at(keys, number) == key)
				return number;
		}
		free_ones = look_free(entries);
		if (free_ones) {
			*ret_free = entries + __builtin_ctz(free_ones);
			return 0;
		}
		if (++bucket == keys->buckets)
			bucket = 0;
	}
}

uint32_t keys_guess(const struct keys *keys, uint64_t hash)
{
	const uint32_t *entries;
	uint32_t may;

	if (!keys->entries)
		return 0;
	entries = bucket_at(keys, keys_bucket(keys, hash));
	may = look_for(keys, entries, hash);
	return may ? entries[__builtin_ctz(may)] & keys->number_mask : 0;
}

static inline uint32_t entry_of(const struct keys *keys, uint32_t number, uint64_t hash)
{
	return number | ((uint32_t)hash & ~keys->number_mask);
}

static void place(struct keys *keys, uint32_t number, uint64_t hash)
{
	uint32_t bucket = keys_bucket(keys, hash);

	for (;;) {
		uint32_t *entries = bucket_at(keys, bucket), free_ones = look_free(entries);

		if (free_ones) {
			entries[__builtin_ctz(free_ones)] = entry_of(keys, number, hash);
			return;
		}
		if (++bucket == keys->buckets)
			bucket = 0;
	}
}

static size_t index_bytes(uint32_t buckets)
{
	return (size_t)buckets * KEYS_BUCKET * sizeof(uint32_t);
}

static inline bool is_free(const struct keys *keys, uint32_t number)
{
	return keys->freed && keys_at(keys, number) >= KEY_FREE;
}

/* Puts all keys into the index, which is empty. */
static void index_fill(struct keys *keys)
{
	uint64_t hashes[AHEAD];

	for (uint32_t i = 1; i < keys->count + AHEAD; i++) {
		if (i > AHEAD && !is_free(keys, i - AHEAD))
			place(keys, i - AHEAD, hashes[i % AHEAD]);
		if (i < keys->count) {
			hashes[i % AHEAD] = map_hash_u64(keys_at(keys, i));
			keys_fetch(keys, hashes[i % AHEAD]);
		}
	}
	keys->indexed = keys->count;
}

/*
 * Makes the index anew with room for so many; false and as it was when out of memory or of
 * numbers.
 */
static bool index_make(struct keys *keys, uint64_t buckets)
{
	uint64_t limit = buckets * KEYS_BUCKET / 10 * 9;
	uint32_t *entries;

	if (limit > (uint64_t)KEYS_MAX + 1)
		limit = (uint64_t)KEYS_MAX + 1;
	if (limit == keys->limit)
		return false;
	entries = huge_alloc(index_bytes((uint32_t)buckets),
			     index_bytes((uint32_t)buckets) >= HUGE_PAGE);
	if (!entries)
		return false;
	huge_free(keys->entries, index_bytes(keys->buckets));
	keys->entries = entries;
	keys->buckets = (uint32_t)buckets;
	keys->limit = (uint32_t)limit;
	keys->number_mask = UINT32_MAX >> __builtin_clz(keys->limit - 1);
	index_fill(keys);
	return true;
}

/* Full enough for a while, hardly more. */
static uint64_t buckets_fitting(const struct keys *keys)
{
	return (uint64_t)keys->count * 8 / (7 * KEYS_BUCKET) + BUCKETS_FIRST;
}

static bool index_grow(struct keys *keys)
{
	uint64_t buckets = keys->buckets;

	if (!buckets)
		buckets = BUCKETS_FIRST;
	else if (keys->fitted)
		buckets += buckets / 5 + 1;
	else
		buckets *= buckets < BUCKETS_MANY ? 4 : 2;
	return index_make(keys, buckets);
}

void keys_fit(struct keys *keys)
{
	uint64_t buckets = buckets_fitting(keys);

	if (keys->fitted && buckets + buckets / 5 > keys->buckets)
		return;
	if (buckets < keys->buckets)
		index_make(keys, buckets);
	keys->fitted = true;
}

static bool chunk_add(struct keys *keys)
{
	uint64_t *chunk;

	if (VEC_GROW(keys->chunks, keys->chunk_count, keys->chunk_room, NULL) != 0)
		return false;
	/* Of the first only what is used is touched: there are many small tables. */
	chunk = huge_alloc(KEYS_CHUNK * sizeof(*chunk), keys->chunk_count > 0);
	if (!chunk)
		return false;
	keys->chunks[keys->chunk_count++] = chunk;
	if (keys->count == 0)
		keys->count = 1;
	return true;
}

/* Its number, for the caller to put into the index; 0 when out of memory or of numbers. */
static inline uint32_t append(struct keys *keys, uint64_t key)
{
	uint32_t number = keys->free;

	if (number) {
		keys->free = (uint32_t)keys_at(keys, number);
		keys->freed--;
		keys->chunks[number >> KEYS_CHUNK_BITS][number & (KEYS_CHUNK - 1)] = key;
		return number;
	}
	if (keys->count >> KEYS_CHUNK_BITS == keys->chunk_count && !chunk_add(keys))
		return 0;
	if (keys->count > KEYS_MAX)
		return 0;
	number = keys->count++;
	keys->chunks[number >> KEYS_CHUNK_BITS][number & (KEYS_CHUNK - 1)] = key;
	return number;
}

uint32_t keys_number_hashed(struct keys *keys, uint64_t key, uint64_t hash)
{
	uint32_t *entry = NULL, number;

	if (keys->count >= keys->limit && !keys->free && !index_grow(keys))
		return 0;
	number = search(keys, key, hash, &entry);
	if (number)
		return number;
	number = append(keys, key);
	if (number == 0)
		return 0;
	*entry = entry_of(keys, number, hash);
	keys->indexed = keys->count;
	return number;
}

/* Brings those into the index that came while it was not needed. */
static bool catch_up(struct keys *keys)
{
	if (keys->indexed == keys->count)
		return true;
	if (keys->count >= keys->limit)
		return index_make(keys, buckets_fitting(keys) * (keys->fitted ? 8 : 12) / 8);
	for (; keys->indexed < keys->count; keys->indexed++)
		if (keys->indexed > 0)
			place(keys, keys->indexed, map_hash_u64(keys_at(keys, keys->indexed)));
	return true;
}

uint32_t keys_number_rising(struct keys *keys, uint64_t key)
{
	uint32_t before = keys->count, number;

	if (!keys->unsorted && (before <= 1 || key > keys_at(keys, before - 1)))
		return append(keys, key);
	if (!catch_up(keys))
		return 0;
	number = keys_number_hashed(keys, key, map_hash_u64(key));
	if (keys->count != before)
		keys->unsorted = true;
	return number;
}

void keys_sweep(struct keys *keys, const uint64_t *live, uint32_t words)
{
	if (keys->count == 0 || !keys->entries)
		return;
	/* From the end, so that the lowest numbers are given out first. */
	keys->free = keys->freed = 0;
	for (uint32_t i = keys->count - 1; i >= 2; i--) {
		if (i >> 6 < words && live[i >> 6] >> (i & 63) & 1)
			continue;
		keys->chunks[i >> KEYS_CHUNK_BITS][i & (KEYS_CHUNK - 1)] = KEY_FREE | keys->free;
		keys->free = i;
		keys->freed++;
	}
	memset(keys->entries, 0, index_bytes(keys->buckets));
	index_fill(keys);
}

static uint32_t find_sorted(const struct keys *keys, uint64_t key)
{
	uint32_t low = 1, high = keys->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (keys_at(keys, middle) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < keys->count && keys_at(keys, low) == key ? low : 0;
}

uint32_t keys_find(const struct keys *keys, uint64_t key)
{
	uint32_t *entry;

	if (keys->count <= 1)
		return 0;
	if (keys->indexed < keys->count)
		return find_sorted(keys, key);
	return search(keys, key, map_hash_u64(key), &entry);
}

size_t keys_bytes(const struct keys *keys)
{
	/* Chunks are touched as far as they are filled, the later ones by huge pages. */
	size_t filled = keys->chunk_count > 1 ? keys->chunk_count * HUGE_PAGE
					      : keys->count * sizeof(uint64_t);

	return filled + keys->chunk_room * sizeof(*keys->chunks) + index_bytes(keys->buckets);
}

void keys_free(struct keys *keys)
{
	for (uint32_t i = 0; i < keys->chunk_count; i++)
		huge_free(keys->chunks[i], KEYS_CHUNK * sizeof(uint64_t));
	free(keys->chunks);
	huge_free(keys->entries, index_bytes(keys->buckets));
	*keys = (struct keys){ 0 };
}
