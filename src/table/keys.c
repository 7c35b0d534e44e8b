/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index is a row of buckets of one cache line, 16 entries each. The hash's upper half picks the
 * bucket, by multiplication and not by mask, so that the number of buckets can be any and the index
 * grows by a third instead of doubling. An entry holds the number of a key in as many low bits as
 * the largest number needs, and above it as many bits of the hash as are left: with millions of keys nine
 * or ten, so that the key itself, a cache miss away, is hardly ever looked at in vain.
 *
 * Entries of a bucket are filled from the left and never removed; a full bucket goes on in the next.
 * Searching therefore ends at the first free entry. At 0.85 full few buckets overflow.
 */
#include "table/keys.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

#define BUCKETS_FIRST	64u
#define ROOM_FIRST	512u
#define AHEAD		16u	/* keys whose buckets are on their way while the index is made anew */

static inline uint32_t bucket_of(uint64_t hash, uint32_t buckets)
{
	return (uint32_t)((hash >> 32) * buckets >> 32);
}

static inline uint32_t *bucket_at(const struct keys *keys, uint32_t bucket)
{
	return keys->entries + (size_t)bucket * KEYS_BUCKET;
}

/* The number of `key`, or 0 with the free entry where it belongs in *ret_free. */
static inline uint32_t search(const struct keys *keys, uint64_t key, uint64_t hash, uint32_t **ret_free)
{
	uint32_t mask = keys->number_mask, piece = (uint32_t)hash & ~mask;
	uint32_t bucket = bucket_of(hash, keys->buckets);

	for (;;) {
		uint32_t *entry = bucket_at(keys, bucket), *end = entry + KEYS_BUCKET;

		for (; entry < end; entry++) {
			if (*entry == 0) {
				*ret_free = entry;
				return 0;
			}
			if ((*entry & ~mask) == piece && keys->at[*entry & mask] == key)
				return *entry & mask;
		}
		if (++bucket == keys->buckets)
			bucket = 0;
	}
}

static void place(struct keys *keys, uint32_t number, uint64_t hash)
{
	uint32_t bucket = bucket_of(hash, keys->buckets);

	for (;;) {
		uint32_t *entry = bucket_at(keys, bucket);

		for (unsigned i = 0; i < KEYS_BUCKET; i++) {
			if (entry[i] == 0) {
				entry[i] = number | ((uint32_t)hash & ~keys->number_mask);
				return;
			}
		}
		if (++bucket == keys->buckets)
			bucket = 0;
	}
}

static bool index_grow(struct keys *keys)
{
	uint64_t buckets = keys->buckets ? keys->buckets + keys->buckets / 3 : BUCKETS_FIRST;
	uint64_t limit = buckets * KEYS_BUCKET / 100 * 85;
	uint32_t *entries;
	uint64_t hashes[AHEAD];

	if (limit > (uint64_t)KEYS_MAX + 1) {
		limit = (uint64_t)KEYS_MAX + 1;
		if (keys->limit == limit)
			return false;
	}
	entries = aligned_alloc(64, buckets * KEYS_BUCKET * sizeof(*entries));
	if (!entries)
		return false;
	memset(entries, 0, buckets * KEYS_BUCKET * sizeof(*entries));
	free(keys->entries);
	keys->entries = entries;
	keys->buckets = (uint32_t)buckets;
	keys->limit = (uint32_t)limit;
	keys->number_mask = UINT32_MAX >> __builtin_clz(keys->limit - 1);
	for (uint32_t i = 1; i < keys->count + AHEAD; i++) {
		if (i > AHEAD)
			place(keys, i - AHEAD, hashes[i % AHEAD]);
		if (i < keys->count) {
			hashes[i % AHEAD] = map_hash_u64(keys->at[i]);
			__builtin_prefetch(bucket_at(keys, bucket_of(hashes[i % AHEAD], keys->buckets)), 1);
		}
	}
	return true;
}

static bool keys_grow(struct keys *keys)
{
	uint64_t room = keys->room ? (uint64_t)keys->room + keys->room / 8 : ROOM_FIRST;
	uint64_t *at;

	if (room > (uint64_t)KEYS_MAX + 1)
		room = (uint64_t)KEYS_MAX + 1;
	at = room > keys->room ? reallocarray(keys->at, room, sizeof(*at)) : NULL;
	if (!at)
		return false;
	keys->at = at;
	keys->room = (uint32_t)room;
	if (keys->count == 0) {
		keys->at[0] = 0;
		keys->count = 1;
	}
	return true;
}

uint32_t keys_number(struct keys *keys, uint64_t key)
{
	uint64_t hash = map_hash_u64(key);
	uint32_t *entry = NULL, number;

	if (keys->count >= keys->limit && !index_grow(keys))
		return 0;
	number = search(keys, key, hash, &entry);
	if (number)
		return number;
	if (keys->count == keys->room && !keys_grow(keys))
		return 0;
	number = keys->count++;
	keys->at[number] = key;
	*entry = number | ((uint32_t)hash & ~keys->number_mask);
	return number;
}

uint32_t keys_find(const struct keys *keys, uint64_t key)
{
	uint32_t *entry;

	return keys->buckets ? search(keys, key, map_hash_u64(key), &entry) : 0;
}

size_t keys_bytes(const struct keys *keys)
{
	return keys->room * sizeof(*keys->at) +
	       (size_t)keys->buckets * KEYS_BUCKET * sizeof(*keys->entries);
}

void keys_free(struct keys *keys)
{
	free(keys->at);
	free(keys->entries);
	*keys = (struct keys){ 0 };
}
