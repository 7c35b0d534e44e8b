/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbered 64-bit keys: each distinct key gets the next number, from 1, and keeps it.
 *
 * Networks and the nodes of the tree of paths are both such keys. 8 bytes a key, and an index
 * of 4 bytes an entry; see keys.c. Numbers go up to KEYS_MAX. The index is 0.45 to 0.9 full
 * while much is added; after keys_fit() 0.75 to 0.9.
 *
 * Numbers may be given back (keys_sweep); later keys get them again. Keys below KEY_FREE only,
 * then.
 *
 * Who looks for many keys calls keys_fetch() for each of them first, then keys_fetch_key(): the
 * cache misses then overlap.
 */
#ifndef CONSTAT_TABLE_KEYS_H
#define CONSTAT_TABLE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fetch.h"
#include "base/map.h"

#define KEYS_MAX	0x3fffffffu
#define KEY_FREE	((uint64_t)1 << 63)
#define KEYS_BUCKET	16u		/* entries in a cache line */
#define KEYS_CHUNK_BITS	18u
#define KEYS_CHUNK	(1u << KEYS_CHUNK_BITS)	/* keys in a chunk of 2 MiB */

struct keys {
	uint64_t **chunks;		/* of keys; the first of all is unused */
	uint32_t chunk_count, chunk_room;
	uint32_t count;			/* the unused one included; 0 while empty */
	uint32_t indexed;		/* keys up to here are in the index */
	bool unsorted;			/* some key is smaller than the one before it */
	uint32_t buckets;
	uint32_t limit;			/* grow the index when count reaches it */
	uint32_t number_mask;		/* an entry's low bits; above is a piece of the hash */
	bool fitted;			/* grow by a fifth, no longer by doubling */
	uint32_t free;			/* a number given back, whose key tells the next; 0: none */
	uint32_t freed;			/* how many there are */
	uint32_t *entries;		/* buckets × KEYS_BUCKET */
};

/* Adds where `key` is new; 0 when out of memory or of numbers. `hash` is map_hash_u64(key). */
uint32_t keys_number_hashed(struct keys *keys, uint64_t key, uint64_t hash);
/*
 * The same, much faster as long as each new key is larger than all before: the index is not
 * touched until somebody asks for an older one. A struct keys is used by one of the two only.
 */
uint32_t keys_number_rising(struct keys *keys, uint64_t key);
/* 0: not there. */
uint32_t keys_find(const struct keys *keys, uint64_t key);
/* The first that may be the key with that hash, whose entry keys_fetch() asked for; 0: none. */
uint32_t keys_guess(const struct keys *keys, uint64_t hash);
/*
 * Most of what will come has come: gives back what the index has too much. Out of memory it
 * stays as it is.
 */
void keys_fit(struct keys *keys);
/*
 * Gives back all numbers from 2 on that have no bit in `live`, a word for 64 of them as far as
 * `words` reach. Cannot fail.
 */
void keys_sweep(struct keys *keys, const uint64_t *live, uint32_t words);
size_t keys_bytes(const struct keys *keys);
void keys_free(struct keys *keys);

/* Every key is in the index: keys_find() is one look. */
static inline bool keys_indexed(const struct keys *keys)
{
	return keys->indexed == keys->count;
}

static inline uint32_t keys_number(struct keys *keys, uint64_t key)
{
	return keys_number_hashed(keys, key, map_hash_u64(key));
}

static inline uint64_t keys_at(const struct keys *keys, uint32_t number)
{
	return keys->chunks[number >> KEYS_CHUNK_BITS][number & (KEYS_CHUNK - 1)];
}

static inline uint32_t keys_bucket(const struct keys *keys, uint64_t hash)
{
	return (uint32_t)((hash >> 32) * keys->buckets >> 32);
}

/* Asks for the index entry of the key with that hash. */
static inline void keys_fetch(const struct keys *keys, uint64_t hash)
{
	if (keys->entries)
		fetch(keys->entries + (size_t)keys_bucket(keys, hash) * KEYS_BUCKET);
}

/* Asks for the key that may be the one, whose entry keys_fetch() asked for. */
static inline uint32_t keys_fetch_key(const struct keys *keys, uint64_t hash)
{
	uint32_t number = keys_guess(keys, hash);

	if (number)
		fetch(&keys->chunks[number >> KEYS_CHUNK_BITS][number & (KEYS_CHUNK - 1)]);
	return number;
}

/* For counting memory. */
static inline size_t map_bytes(const struct map *map)
{
	return map->slots ? (map->mask + 1) * sizeof(*map->slots) : 0;
}

#endif
