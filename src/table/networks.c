/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A network is its key of 64 bits (net/prefix.h) in table/keys.h, and 32 bits beside it: 12
 * bytes and its share of the index. RIBs list networks in order, so that neighbours in a RIB
 * have neighbouring numbers.
 *
 * Prefixes that are no networks (host routes, default routes, bogons) are remembered by a hash
 * of 64 bits only so that each is counted once.
 */
#include "table/networks.h"

#include <stdlib.h>

#include "base/err.h"

static int grow(struct networks *networks, uint32_t count)
{
	uint64_t room = (uint64_t)networks->room + networks->room / 16 + 512;
	uint32_t *moved;

	if (count <= networks->room)
		return 0;
	moved = reallocarray(networks->held_need, room, sizeof(*moved));
	if (!moved)
		return ERR_MEMORY;
	networks->held_need = moved;
	networks->room = (uint32_t)room;
	return 0;
}

uint32_t networks_number(struct networks *networks, const struct prefix *prefix,
			 const struct table_sink *sink)
{
	uint32_t before = networks->keys.count, number = networks->last + 1;
	uint64_t key = prefix_to_key(prefix);

	if (number < before && keys_at(&networks->keys, number) == key) {
		networks->last = number;
		return number - 1;
	}
	if (grow(networks, networks_count(networks) + 1) != 0)
		return MAP_NONE;
	number = keys_number_rising(&networks->keys, key);
	if (number == 0)
		return MAP_NONE;
	networks->last = number;
	if (networks->keys.count != before)
		networks->held_need[number - 1] =
			sink->need ? sink->need(sink->context, prefix) : TABLE_PATH;
	return number - 1;
}

uint32_t networks_find(const struct networks *networks, const struct prefix *prefix)
{
	uint32_t number =
		prefix_is_network(prefix) ? keys_find(&networks->keys, prefix_to_key(prefix)) : 0;

	return number ? number - 1 : MAP_NONE;
}

uint32_t networks_known(const struct networks *networks, uint64_t key, uint32_t guess)
{
	uint32_t number;

	if (guess != MAP_NONE && keys_at(&networks->keys, guess + 1) == key)
		return guess;
	number = keys_indexed(&networks->keys) ? keys_find(&networks->keys, key) : 0;
	return number ? number - 1 : MAP_NONE;
}

int networks_pass_over(struct networks *networks, const struct prefix *prefix)
{
	uint64_t hash = map_hash_bytes(prefix->bytes, sizeof(prefix->bytes));

	hash = map_hash_u64(hash + ((uint64_t)prefix->family << 8 | prefix->len));
	if (map_get(&networks->passed_over, hash) != MAP_NONE)
		return 0;
	if (map_put(&networks->passed_over, hash, 0) != 0)
		return ERR_MEMORY;
	if (prefix->family == FAMILY_IPV6)
		networks->passed_over6++;
	else
		networks->passed_over4++;
	return 0;
}

size_t networks_bytes(const struct networks *networks)
{
	return keys_bytes(&networks->keys) + networks->room * sizeof(*networks->held_need) +
	       map_bytes(&networks->passed_over);
}

void networks_free(struct networks *networks)
{
	keys_free(&networks->keys);
	free(networks->held_need);
	map_free(&networks->passed_over);
	*networks = (struct networks){ 0 };
}
