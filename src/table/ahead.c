/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An update touches five places far apart: the bucket of the index that has its network, the
 * network's key, what is kept of the network, and what its vantage point holds of it and has
 * announced of late. With a million networks hardly any of them is in a cache. The first is asked
 * for at once for some tens of updates to come; the others depend on what stands there, and are
 * asked for in a second round.
 */
#include "table/state.h"

void table_ahead_note(const struct table *table, const struct table_source *source,
		      const struct peer *peer, uint32_t count, struct table_ahead *ahead)
{
	const struct collector *collector = &table->collectors[source->collector];
	const uint32_t vantage = collector->peers[state_peer_place(peer)].vantage;

	for (; count && ahead->count < TABLE_AHEAD; count--) {
		keys_fetch(&table->networks.keys, map_hash_u64(ahead->keys[ahead->count]));
		ahead->of[ahead->count++].vantage = vantage;
	}
}

void table_ahead_fetch(struct table *table, struct table_ahead *ahead)
{
	for (uint32_t i = 0; i < ahead->count; i++) {
		uint32_t network =
			networks_guess(&table->networks, map_hash_u64(ahead->keys[i]));
		const struct vantage *of;

		ahead->of[i].network = network;
		if (network == MAP_NONE || ahead->of[i].vantage == MAP_NONE)
			continue;
		of = &table->vantages[ahead->of[i].vantage];
		routes_fetch_common(&table->pool, &of->routes, network);
		marks_fetch(&of->burst.marks, network);
	}
	table->ahead = ahead;
}

void table_ahead_end(struct table *table)
{
	table->ahead = NULL;
}
