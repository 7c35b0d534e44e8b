/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An update touches five places far apart: the bucket of the index that has its network, the network's key, what is
 * kept of the network, and what its vantage point holds of it and has announced of late. With a million networks hardly
 * any of them is in a cache. The first is asked for at once for some tens of updates to come; the
 * others depend on what stands there, and are asked for in a second round.
 */
#include "table/state.h"

void table_ahead_note(const struct table *table, const struct table_source *source, const struct glance *glance,
		      struct table_ahead *ahead)
{
	const struct collector *collector = &table->collectors[source->collector];
	const uint32_t vantage = collector->peers[state_peer_place(&glance->peer)].vantage;

	for (unsigned i = 0; i < 2; i++) {
		struct update_prefixes list = glance->lists[i];
		uint64_t key;

		while (ahead->count < TABLE_AHEAD && glance_next(&list, &key)) {
			uint64_t hash = map_hash_u64(key);

			keys_fetch(&table->networks.keys, hash);
			ahead->at[ahead->count].hash = hash;
			ahead->at[ahead->count].vantage = vantage;
			ahead->count++;
		}
	}
}

static void fetch_network(const struct table *table, uint32_t network, uint32_t vantage)
{
	networks_fetch(&table->networks, network);
	if (vantage == MAP_NONE)
		return;
	routes_fetch_common(&table->pool, &table->vantages[vantage].routes, network);
	marks_fetch(&table->vantages[vantage].burst.marks, network);
}

void table_ahead_fetch(const struct table *table, const struct table_ahead *ahead)
{
	for (uint32_t i = 0; i < ahead->count; i++) {
		uint32_t number = keys_fetch_key(&table->networks.keys, ahead->at[i].hash);

		if (number)
			fetch_network(table, number - 1, ahead->at[i].vantage);
	}
}
