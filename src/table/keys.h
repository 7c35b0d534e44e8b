/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbered 64-bit keys: each distinct key gets the next number, from 1, and keeps it.
 *
 * Networks and the nodes of the tree of paths are both such keys. 8 bytes a key, and an index of 4 bytes
 * an entry kept between 0.64 and 0.85 full; see keys.c. Numbers go up to KEYS_MAX.
 */
#ifndef CONSTAT_TABLE_KEYS_H
#define CONSTAT_TABLE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#define KEYS_MAX	0x7fffffffu
#define KEYS_BUCKET	16u		/* entries in a cache line */

struct keys {
	uint64_t *at;			/* at[0] is unused */
	uint32_t count;			/* of at, the unused one included; 0 while empty */
	uint32_t room;
	uint32_t *entries;		/* buckets × KEYS_BUCKET */
	uint32_t buckets;
	uint32_t limit;			/* grow the index when count reaches it */
	uint32_t number_mask;		/* low bits of an entry; those above hold a piece of the hash */
};

/* Adds where `key` is new; 0 when out of memory or of numbers. */
uint32_t keys_number(struct keys *keys, uint64_t key);
/* 0: not there. */
uint32_t keys_find(const struct keys *keys, uint64_t key);
size_t keys_bytes(const struct keys *keys);
void keys_free(struct keys *keys);

#endif
