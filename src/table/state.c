/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing what is held, and the small things that all of table.c, liveness.c, rib.c and
 * audit.c need.
 *
 * A route is a number in the route table; everything counted beside it (routes in all, by
 * vantage point and family, by network) is counted in state_hold() and state_forget(), and
 * nowhere else.
 */
#include "table/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static uint32_t vantage_number(struct table *table, uint32_t collector, const struct peer *peer)
{
	const char *name = table->collectors[collector].name;
	uint32_t number = roster_vantage(&table->roster, name, peer);

	if (number == UINT32_MAX || number < table->vantage_count)
		return number;
	if (VEC_GROW(table->vantages, table->vantage_count, table->vantage_room, NULL) != 0)
		return MAP_NONE;
	table->vantages[table->vantage_count++] = (struct vantage){
		.collector = collector,
		.heard.input = UINT32_MAX,
		.heard_before = UTC_NEVER,
		.live_since = UTC_NEVER,
		.rib_time = UTC_NEVER,
		.agreed_at = UTC_NEVER,
		.burst = { .from = UTC_NEVER, .before = UTC_NEVER },
	};
	return number;
}

static bool same_peer(const struct peer *a, const struct peer *b)
{
	return a->asn == b->asn && a->addr.family == b->addr.family &&
	       memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes)) == 0;
}

uint32_t state_vantage(struct table *table, uint32_t collector, const struct peer *peer)
{
	struct collector *of = &table->collectors[collector];
	unsigned at = state_peer_place(peer);

	if (of->peers[at].vantage == MAP_NONE || !same_peer(&of->peers[at].peer, peer)) {
		uint32_t vantage = vantage_number(table, collector, peer);

		if (vantage == MAP_NONE)
			return MAP_NONE;
		of->peers[at].peer = *peer;
		of->peers[at].vantage = vantage;
	}
	return of->peers[at].vantage;
}

int state_no_vantage(const struct table *table, struct err *err)
{
	if (!roster_is_full(&table->roster))
		return err_memory(err);
	return err_set(err, ERR_LIMIT,
		       "more than %u vantage points, which is the limit (--max-vantage-points)",
		       table->roster.most);
}

uint32_t state_network(struct table *table, const struct prefix *prefix, int *ret_code)
{
	if (state_same_prefix(prefix, &table->last_prefix))
		return table->last_network;
	if (!prefix_is_network(prefix)) {
		if (networks_pass_over(&table->networks, prefix) != 0) {
			*ret_code = ERR_MEMORY;
			return MAP_NONE;
		}
		table->last_network = MAP_NONE;
	} else {
		uint32_t network = networks_number(&table->networks, prefix, &table->sink);

		if (network == MAP_NONE) {
			*ret_code = ERR_MEMORY;
			return MAP_NONE;
		}
		table->last_network = network;
	}
	table->last_prefix = *prefix;
	return table->last_network;
}

uint32_t state_path(struct table *table, uint32_t vantage, unsigned need, const struct event *event)
{
	struct as_path path;

	if (!(need & (TABLE_PATH | TABLE_ORIGIN)))
		return PATH_EMPTY;
	if (!attr_span_path(&event->attributes, table->scratch, &path))
		return PATH_EMPTY;
	return need & TABLE_PATH
		       ? paths_intern(&table->paths, &path, roster_of(table, vantage)->peer.asn)
		       : paths_intern_origin(&table->paths, &path);
}

/*
 * Without an identifier there is one route to a network, whatever was held before (RFC 4271
 * section 3.1); with one, the others stay (RFC 7911 section 3).
 */
int state_hold_event(struct table *table, uint32_t vantage, uint32_t network,
		     const struct event *event, uint32_t path, struct held *ret_held)
{
	struct vantage *of = &table->vantages[vantage];
	uint64_t key = addpath_key(vantage, network);
	uint32_t path_id = event->has_path_id ? event->path_id : 0;
	bool listed = of->has_addpath && addpath_first(&table->addpath, key);
	struct held held = { .before = routes_get(&table->pool, &of->routes, network) };

	held.known = held.before != PATH_NONE;
	held.after = path;
	if (event->has_path_id && path && (listed || path_id != 0)) {
		if (addpath_set(&table->addpath, key, held.before, path_id, path, &held.after) != 0)
			return ERR_MEMORY;
		of->has_addpath = true;
	} else if (event->has_path_id && listed) {
		held.known = addpath_remove(&table->addpath, key, path_id, &held.after);
	} else if (event->has_path_id && path_id != 0) {
		held.known = false;
		held.after = held.before;
	} else if (listed) {
		addpath_forget(&table->addpath, key);
		listed = false;
	}
	held.aside = held.after == held.before && held.before && (listed || path_id != 0);
	if (held.after != held.before &&
	    state_hold(table, vantage, network, held.after, &held.before) != 0)
		return ERR_MEMORY;
	*ret_held = held;
	return 0;
}

void state_forget(struct table *table, uint32_t vantage)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];
	uint32_t network = 0;

	while ((network = routes_next(&table->pool, &of->routes, network)) != UINT32_MAX) {
		state_hold_network(table, network, -1);
		if (of->has_addpath)
			addpath_forget(&table->addpath, addpath_key(vantage, network));
		network++;
	}
	table->routes -= held_by(table, vantage);
	entry->held4 = 0;
	entry->held6 = 0;
	of->has_addpath = false;
	routes_clear(&table->pool, &of->routes);
}

/* Who is told of a path may ask for it as long as the table lives. */
static int told(struct table *table, uint32_t path)
{
	bool new;

	return path & PATH_ORIGIN || path <= PATH_EMPTY ? 0
							: marks_set(&table->told, path >> 1, &new);
}

int state_tell(struct table *table, const struct table_change *change)
{
	if (!table->sink.change || !(networks_need(&table->networks, change->network) & TABLE_TELL))
		return 0;
	if (told(table, change->before) != 0 || told(table, change->after) != 0)
		table->failed = true;
	return table->sink.change(table->sink.context, change);
}
