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
		      const struct glance *glance, struct table_ahead *ahead)
{
	const struct collector *collector = &table->collectors[source->collector];
	const uint32_t vantage = collector->peers[state_peer_place(&glance->peer)].vantage;

	for (unsigned i = 0; i < 2; i++) {
		struct update_prefixes list = glance->lists[i];
		uint64_t key;

		while (ahead->count < TABLE_AHEAD && glance_next(&list, &key)) {
			uint64_t hash = map_hash_u64(key);

			keys_fetch(&table->networks.keys, hash);
			ahead->at[ahead->count].key = key;
			ahead->at[ahead->count].hash = hash;
			ahead->at[ahead->count].vantage = vantage;
			ahead->count++;
		}
	}
}

void table_ahead_fetch(struct table *table, const struct table_ahead *ahead)
{
	for (uint32_t i = 0; i < ahead->count; i++) {
		uint32_t network = networks_guess(&table->networks, ahead->at[i].key,
						  ahead->at[i].hash);
		const struct vantage *of;

		if (network == MAP_NONE || ahead->at[i].vantage == MAP_NONE)
			continue;
		of = &table->vantages[ahead->at[i].vantage];
		routes_fetch_common(&table->pool, &of->routes, network);
		marks_fetch(&of->burst.marks, network);
	}
}
