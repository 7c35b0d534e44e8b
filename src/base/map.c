/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open addressing with linear probing: a key stands in the first free slot from its hash on. An
 * entry is removed by moving back those that come after it in its run of full slots, so that there
 * are no tombstones, and a map that had many entries once is as fast as one that never had.
 */
#include "base/map.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define SLOTS_FIRST 16u
#define SLOTS_KEPT 256u		/* emptied whatever was in them */

/* The slot that holds `key`, or the free one where it belongs. There is always a free one. */
static struct map_slot *find(struct map_slot *slots, size_t mask, uint64_t key)
{
	size_t i = map_hash_u64(key) & mask;

	while (slots[i].value != MAP_NONE && slots[i].key != key)
		i = (i + 1) & mask;
	return &slots[i];
}

uint32_t map_get(const struct map *map, uint64_t key)
{
	return map->slots ? find(map->slots, map->mask, key)->value : MAP_NONE;
}

static int grow(struct map *map)
{
	size_t count = map->slots ? (map->mask + 1) * 2 : SLOTS_FIRST;
	struct map_slot *slots;

	if (count > PTRDIFF_MAX / sizeof(*slots))
		return ERR_MEMORY;
	slots = malloc(count * sizeof(*slots));
	if (!slots)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		slots[i] = (struct map_slot){ .value = MAP_NONE };
	if (map->slots)
		for (size_t i = 0; i <= map->mask; i++)
			if (map->slots[i].value != MAP_NONE)
				*find(slots, count - 1, map->slots[i].key) = map->slots[i];
	free(map->slots);
	map->slots = slots;
	map->mask = count - 1;
	return 0;
}

int map_put(struct map *map, uint64_t key, uint32_t value)
{
	struct map_slot *slot = map->slots ? find(map->slots, map->mask, key) : NULL;

	if (value == MAP_NONE)
		return ERR_USAGE;
	if (slot && slot->value != MAP_NONE) {
		slot->value = value;
		return 0;
	}
	if (!slot || map->count >= (map->mask + 1) / 4 * 3) {
		int r = grow(map);

		if (r < 0)
			return r;
		slot = find(map->slots, map->mask, key);
	}
	*slot = (struct map_slot){ .key = key, .value = value };
	map->count++;
	return 0;
}

bool map_remove(struct map *map, uint64_t key)
{
	size_t hole, i;

	if (!map->slots)
		return false;
	hole = (size_t)(find(map->slots, map->mask, key) - map->slots);
	if (map->slots[hole].value == MAP_NONE)
		return false;
	for (i = (hole + 1) & map->mask; map->slots[i].value != MAP_NONE; i = (i + 1) & map->mask) {
		size_t home = map_hash_u64(map->slots[i].key) & map->mask;

		/* It may move to the hole unless its home lies behind the hole. */
		if (((i - home) & map->mask) >= ((i - hole) & map->mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole].value = MAP_NONE;
	map->count--;
	return true;
}

void map_empty(struct map *map)
{
	if (map->mask + 1 > SLOTS_KEPT && map->mask / 8 > map->count)
		map_free(map);
	for (size_t i = 0; map->count && i <= map->mask; i++)
		map->slots[i].value = MAP_NONE;
	map->count = 0;
}

void map_free(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}

static uint64_t load_u64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, 8);
	return le64toh(value);
}

static uint64_t load_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return le32toh(value);
}

/* The 128-bit product folded: each bit of either factor moves bits all over the result. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/*
 * The last 16 bytes, or all of fewer, are read as two words that overlap rather than byte by byte;
 * the length tells apart what then reads alike. It is mixed in at the beginning, since a bit of it
 * and the same bit of a word would undo each other.
 */
uint64_t map_hash_bytes(const void *bytes, size_t len)
{
	const uint64_t odd1 = 0x9e3779b97f4a7c15u, odd2 = 0xc2b2ae3d27d4eb4fu;
	const uint8_t *at = bytes;
	uint64_t hash = mix(len ^ odd1, odd2), first = 0, last = 0;
	size_t left = len;

	for (; left > 16; left -= 16, at += 16)
		hash = mix(load_u64(at) ^ odd2, load_u64(at + 8) ^ hash);
	if (len >= 16) {
		first = load_u64(at + left - 16);
		last = load_u64(at + left - 8);
	} else if (len >= 8) {
		first = load_u64(at);
		last = load_u64(at + len - 8);
	} else if (len >= 4) {
		first = load_u32(at);
		last = load_u32(at + len - 4);
	} else if (len) {
		first = (uint64_t)at[0] << 16 | (uint64_t)at[len / 2] << 8 | at[len - 1];
	}
	return mix(mix(first ^ odd2, last ^ hash), odd1);
}
