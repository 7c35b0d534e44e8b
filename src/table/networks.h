/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks, numbered from 0 as they appeared, and what is kept of each: what the question needs
 * of it, and how many vantage points hold a route to it. Prefixes that are no networks are only
 * counted.
 */
#ifndef CONSTAT_TABLE_NETWORKS_H
#define CONSTAT_TABLE_NETWORKS_H

#include <stdint.h>

#include "base/map.h"
#include "net/prefix.h"
#include "table/keys.h"
#include "table/table.h"

#define NETWORK_NEED_BITS	3u	/* enum table_need */

struct networks {
	struct keys keys;		/* prefix_to_key(); number − 1 is the network */
	uint32_t *held_need;		/* held << NETWORK_NEED_BITS | need */
	uint32_t room;
	uint32_t last;			/* the key asked for last: RIBs ask in the same order */
	struct map passed_over;		/* prefixes that are no networks */
	uint64_t passed_over4, passed_over6;
};

/*
 * The number of `prefix`, which is a network; new ones are asked of `sink->need`. MAP_NONE when
 * out of memory.
 */
uint32_t networks_number(struct networks *networks, const struct prefix *prefix,
			 const struct table_sink *sink);
uint32_t networks_find(const struct networks *networks, const struct prefix *prefix);
/*
 * The network of that key, which is likely to be `guess` (MAP_NONE: nobody knows); MAP_NONE where
 * it is new, or while RIBs in order go without an index.
 */
uint32_t networks_known(const struct networks *networks, uint64_t key, uint32_t guess);
int networks_pass_over(struct networks *networks, const struct prefix *prefix);
size_t networks_bytes(const struct networks *networks);
void networks_free(struct networks *networks);

static inline uint32_t networks_count(const struct networks *networks)
{
	return networks->keys.count ? networks->keys.count - 1 : 0;
}

static inline struct prefix networks_prefix(const struct networks *networks, uint32_t network)
{
	return prefix_from_key(keys_at(&networks->keys, network + 1));
}

/* FAMILY_IPV6 in bit 63 of the key. */
static inline enum family networks_family(const struct networks *networks, uint32_t network)
{
	return keys_at(&networks->keys, network + 1) >> 63 ? FAMILY_IPV6 : FAMILY_IPV4;
}

static inline unsigned networks_need(const struct networks *networks, uint32_t network)
{
	return networks->held_need[network] & ((1u << NETWORK_NEED_BITS) - 1);
}

static inline uint32_t networks_held(const struct networks *networks, uint32_t network)
{
	return networks->held_need[network] >> NETWORK_NEED_BITS;
}

/*
 * The network which the key of that hash is likely to have, and asks for what is kept of it;
 * MAP_NONE: none. keys_fetch() was called before.
 */
static inline uint32_t networks_guess(const struct networks *networks, uint64_t hash)
{
	uint32_t number = keys_fetch_key(&networks->keys, hash);

	if (number == 0)
		return MAP_NONE;
	fetch(&networks->held_need[number - 1]);
	return number - 1;
}

static inline void networks_hold(struct networks *networks, uint32_t network, int more)
{
	networks->held_need[network] += (uint32_t)more << NETWORK_NEED_BITS;
}

#endif
