/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hash tables and hashes.
 *
 * struct map takes 64-bit keys to 32-bit values, open addressing, linear probing, grown at 3/4
 * full. Zero-initialised is empty. Keys may be any number; values any but MAP_NONE. Hashes are
 * fixed functions, the same on every machine and run: nothing printed may depend on their order
 * all the same.
 */
#ifndef CONSTAT_BASE_MAP_H
#define CONSTAT_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map {
	struct map_slot *slots;
	size_t mask;	/* slots − 1, a power of two less one; 0 while empty */
	size_t count;
};

struct map_slot {
	uint64_t key;
	uint32_t value;		/* MAP_NONE: free */
};

static inline uint64_t map_hash_u64(uint64_t key)
{
	key ^= key >> 32;
	key *= 0xd6e8feb86659fd93u;
	key ^= key >> 32;
	key *= 0xd6e8feb86659fd93u;
	return key ^ key >> 32;
}

/* Not cryptographic; callers compare what they find. */
uint64_t map_hash_bytes(const void *bytes, size_t len);

/* The value of `key`, or MAP_NONE. */
uint32_t map_get(const struct map *map, uint64_t key);
/* Asks for the memory in which `key` would be found, for who knows the next keys beforehand. */
static inline void map_ahead(const struct map *map, uint64_t key)
{
	if (map->slots)
		__builtin_prefetch(&map->slots[map_hash_u64(key) & map->mask]);
}
/* Adds or replaces; ERR_MEMORY leaves the map as it was. */
int map_put(struct map *map, uint64_t key, uint32_t value);
bool map_remove(struct map *map, uint64_t key);
/* Forgets all entries; keeps the room where as many may come again. */
void map_empty(struct map *map);
void map_free(struct map *map);

#endif
