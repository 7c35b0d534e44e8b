/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An event goes first to the clock (liveness.c decides what is due before it), then to the
 * function of its kind. A RIB entry goes to rib.c. An update changes the route, is told, and is
 * then held against the rules of liveness.c, which may find that it means more: a lost
 * session's table coming again.
 */
#include "table/table.h"

#include <stdlib.h>

#include "base/vec.h"
#include "table/audit.h"
#include "table/liveness.h"
#include "table/rib.h"
#include "table/state.h"
#include "table/sweep.h"
#include "wire/mrt.h"

#define NODES_FIRST	(4u << 20)	/* 50 MB: before a RIB has told how many there are */

struct table_parameters table_parameters_default(void)
{
	return (struct table_parameters){
		.refill_quiet = 60 * UTC_SECOND,
		.again_share = 500000,
		.again_window = 5 * UTC_MINUTE,
		.silence_min = 5 * UTC_MINUTE,
		.silence_factor = 4,
		.silence_max = 30 * UTC_MINUTE,
		.silence_messages = 100,
		.audit_window = 10 * UTC_MINUTE,
		.drift_max = 10000,
	};
}

/* Silence, or a burst after it, or an audit; and up to a minute until the sweep that notices. */
int64_t table_horizon(const struct table_parameters *parameters)
{
	int64_t silence = parameters->silence_max + parameters->again_window;
	int64_t longest = silence > parameters->audit_window ? silence : parameters->audit_window;

	return longest + UTC_MINUTE;
}

int table_new(const struct table_parameters *parameters, const struct table_sink *sink,
	      struct table **ret_table, struct err *err)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return err_memory(err);
	table->parameters = *parameters;
	table->sink = *sink;
	table->horizon = table_horizon(parameters);
	table->clock = UTC_NEVER;
	table->next_sweep = INT64_MAX;
	table->roster.most = TABLE_VANTAGES_MAX;
	table->last_network = MAP_NONE;
	table->sweep_at = NODES_FIRST;
	table->scratch = malloc(ATTR_PATH_SCRATCH);
	table->intake = calloc(1, sizeof(*table->intake));
	if (!table->scratch || !table->intake || paths_init(&table->paths) != 0) {
		table_free(table);
		return err_memory(err);
	}
	*ret_table = table;
	return 0;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	while (table->sources) {
		struct table_source *next = table->sources->next;

		rib_drop(table, &table->sources->rib);
		free(table->sources);
		table->sources = next;
	}
	for (uint32_t i = 0; i < table->vantage_count; i++) {
		routes_drop(&table->vantages[i].routes);
		marks_free(&table->vantages[i].burst.marks);
	}
	audit_free_all(table);
	paths_free(&table->paths);
	networks_free(&table->networks);
	addpath_free(&table->addpath);
	marks_free(&table->told);
	route_pool_free(&table->pool);
	roster_free(&table->roster);
	arena_free(&table->arena);
	free(table->vantages);
	free(table->collectors);
	free(table->scratch);
	free(table->intake);
	free(table);
}

static int collector_number(struct table *table, const char *name, uint32_t *ret_number)
{
	for (uint32_t i = 0; i < table->collector_count; i++) {
		if (strcmp(table->collectors[i].name, name) == 0) {
			*ret_number = i;
			return 0;
		}
	}
	name = arena_strndup(&table->arena, name, strlen(name));
	if (!name ||
	    VEC_GROW(table->collectors, table->collector_count, table->collector_room, NULL) != 0)
		return ERR_MEMORY;
	table->collectors[table->collector_count] = (struct collector){
		.name = name, .pulse.last_heard = UTC_NEVER, .rib_time = UTC_NEVER,
	};
	for (unsigned i = 0; i < COLLECTOR_PEERS; i++)
		table->collectors[table->collector_count].peers[i].vantage = MAP_NONE;
	*ret_number = table->collector_count++;
	return 0;
}

int table_source_new(struct table *table, const char *collector, struct table_source **ret_source,
		     struct err *err)
{
	struct table_source *source = calloc(1, sizeof(*source)), **last = &table->sources;

	if (!source || collector_number(table, collector, &source->collector) != 0) {
		free(source);
		return err_memory(err);
	}
	while (*last)
		last = &(*last)->next;
	*last = source;
	*ret_source = source;
	return 0;
}

static int tell_update(struct table *table, const struct event *event, uint32_t vantage,
		       uint32_t network, const struct held *held)
{
	struct table_change change = {
		.time = table->clock,
		.evidence = table->clock,
		.ref = event->ref,
		.network = network,
		.vantage = vantage,
		.before = held->before,
		.after = held->after,
		.why = CHANGE_UPDATE,
		.withdrawal = event->kind == EVENT_WITHDRAW,
		.event = event,
	};

	return held->aside ? 0 : state_tell(table, &change);
}

/* An announcement or a withdrawal of a network; counts what it was. */
static int on_update(struct table *table, uint32_t vantage, const struct event *event,
		     struct err *err)
{
	bool announced = event->kind == EVENT_ANNOUNCE;
	struct roster_vantage *entry = roster_of(table, vantage);
	uint32_t path = PATH_NONE, network;
	struct held held;
	int code = 0;

	liveness_heard(table, vantage, event);
	if (announced)
		entry->announcements++;
	else
		entry->withdrawals++;
	network = state_network(table, &event->prefix, &code);
	if (network == MAP_NONE)
		return code ? err_memory(err) : 0;
	if (announced) {
		path = state_path(table, vantage, networks_need(&table->networks, network), event);
		if (path == PATH_NONE)
			return err_memory(err);
	}
	if (state_hold_event(table, vantage, network, event, path, &held) != 0 ||
	    audit_touch(table, vantage, network) != 0)
		return err_memory(err);
	if (announced && held.before == held.after && !held.aside)
		entry->unchanged++;
	if (!announced && !held.known)
		entry->spurious++;
	code = tell_update(table, event, vantage, network, &held);
	if (code || !announced)
		return code;
	return liveness_announced(table, vantage, network, held.before, err);
}

static int on_end_of_rib(struct table *table, uint32_t vantage, const struct event *event,
			 struct err *err)
{
	liveness_heard(table, vantage, event);
	return liveness_end_of_rib(table, vantage, event, err);
}

static int on_state(struct table *table, uint32_t vantage, const struct event *event,
		    struct err *err)
{
	(void)err;
	return liveness_state(table, vantage, event);
}

static int on_message(struct table *table, uint32_t vantage, const struct event *event,
		      struct err *err)
{
	(void)err;
	liveness_heard(table, vantage, event);
	return liveness_message(table, vantage, event);
}

static int on_other_family(struct table *table, uint32_t vantage, const struct event *event,
			   struct err *err)
{
	(void)err;
	liveness_heard(table, vantage, event);
	return 0;
}

typedef int peer_event_fn(struct table *table, uint32_t vantage, const struct event *event,
			  struct err *err);

static peer_event_fn *const by_kind[EVENT_KIND_COUNT] = {
	[EVENT_ANNOUNCE] = on_update,
	[EVENT_WITHDRAW] = on_update,
	[EVENT_END_OF_RIB] = on_end_of_rib,
	[EVENT_STATE] = on_state,
	[EVENT_MESSAGE] = on_message,
	[EVENT_OTHER_FAMILY] = on_other_family,
};

/* What a session said, not what a RIB says of it. */
static bool from_session(const struct event *event)
{
	/* _LOCAL: what the collector itself sent to the peer. */
	return event->peer && !event->local && event->peer_index == UINT32_MAX &&
	       !(event->record && (event->record->type == MRT_TABLE_DUMP_V2 ||
				   event->record->type == MRT_TABLE_DUMP));
}

static int peer_event(struct table *table, struct table_source *source, const struct event *event,
		      struct err *err)
{
	uint32_t vantage;

	if (!by_kind[event->kind] || !from_session(event))
		return 0;
	vantage = state_vantage(table, source->collector, event->peer);
	if (vantage == MAP_NONE)
		return state_no_vantage(table, err);
	return by_kind[event->kind](table, vantage, event, err);
}

/* Nothing waits, and time has come to `time`. */
static int arrive(struct table *table, int64_t time, struct err *err)
{
	if (intake_settle(table) != 0 || table->failed)
		return err_memory(err);
	return liveness_advance(table, time, err);
}

/* The network of the next prefix, MAP_NONE where it is none that is known. */
static inline uint32_t next_network(const struct table *table,
				    const struct update_prefixes *prefixes)
{
	const struct table_ahead *ahead = table->ahead;
	uint64_t key = update_prefixes_key(prefixes);
	size_t place = SIZE_MAX;

	if (key == 0)
		return MAP_NONE;
	if (ahead && prefixes->keys)
		place = (size_t)(prefixes->keys - ahead->keys);
	return networks_known(&table->networks, key,
			      place < TABLE_AHEAD && place < ahead->count ? ahead->of[place].network
									  : MAP_NONE);
}

/*
 * Networks of which nothing is told, known ones only. Who announces them all in one message says
 * the same of all: the path is looked up once, and so is the vantage point.
 */
static int take_prefixes(struct table *table, uint32_t vantage, const struct event *shared,
			 struct update_prefixes *prefixes, struct err *err)
{
	const bool announced = shared->kind == EVENT_ANNOUNCE;
	struct roster_vantage *entry = roster_of(table, vantage);
	uint32_t paths[TABLE_TELL] = { PATH_NONE };	/* by need, as far as asked for */

	for (; prefixes->at < prefixes->end; update_prefixes_pass(prefixes)) {
		uint32_t network = next_network(table, prefixes), need, before;
		int code = 0;

		if (network == MAP_NONE)
			break;
		need = networks_need(&table->networks, network);
		if (need & TABLE_TELL)
			break;
		if (announced && paths[need] == PATH_NONE)
			paths[need] = state_path(table, vantage, need, shared);
		if ((announced && paths[need] == PATH_NONE) ||
		    state_hold(table, vantage, network, paths[need], &before) != 0 ||
		    audit_touch(table, vantage, network) != 0)
			return err_memory(err);
		if (announced) {
			entry->announcements++;
			entry->unchanged += before == paths[need];
			code = liveness_announced(table, vantage, network, before, err);
		} else {
			entry->withdrawals++;
			entry->spurious += before == PATH_NONE;
		}
		if (code)
			return code;
	}
	return 0;
}

int table_prefixes(struct table *table, struct table_source *source, const struct event *shared,
		   struct update_prefixes *prefixes, struct err *err)
{
	int code = arrive(table, shared->time, err);
	uint32_t vantage;

	if (code || !from_session(shared))
		return code;
	if (sweep_due(table))
		sweep_paths(table);
	vantage = state_vantage(table, source->collector, shared->peer);
	if (vantage == MAP_NONE)
		return state_no_vantage(table, err);
	if (table->vantages[vantage].has_addpath)
		return 0;
	liveness_heard(table, vantage, shared);
	return take_prefixes(table, vantage, shared, prefixes, err);
}

int table_event(struct table *table, struct table_source *source, const struct event *event,
		struct err *err)
{
	if (event->kind != EVENT_RIB_ENTRY || event->time > table->clock) {
		int code = arrive(table, event->time, err);

		if (code)
			return code;
	}
	if (sweep_due(table) && event->kind != EVENT_RIB_ENTRY && event->kind != EVENT_RIB_END)
		sweep_paths(table);
	switch (event->kind) {
	case EVENT_RIB_ENTRY:
		return rib_entry(table, source, event, err);
	case EVENT_RIB_BEGIN:
		return rib_begin(table, source, event, err);
	case EVENT_RIB_END:
		return rib_end(table, source, event, err);
	default:
		return peer_event(table, source, event, err);
	}
}

int table_entries(struct table *table, struct table_source *source, const struct event *shared,
		  struct rib_entries *entries, struct err *err)
{
	return shared->time > table->clock ? 0 : rib_entries(table, source, shared, entries, err);
}

int table_damage(struct table *table, struct table_source *source, struct err *err)
{
	/* Inside a RIB it is the RIB that is not whole. */
	if (source->rib.open)
		return 0;
	return intake_settle(table) == 0 ? liveness_damage(table, source->collector)
					 : err_memory(err);
}

int table_clock(struct table *table, int64_t time, struct err *err)
{
	return arrive(table, time, err);
}

int table_end(struct table *table, struct err *err)
{
	return intake_settle(table) == 0 ? liveness_end(table, err) : err_memory(err);
}

/*
 * For who reads between two events. What waits belongs into the table already, so that to the
 * reader nothing changes; being out of memory is told by the next event.
 */
static void settle(const struct table *table)
{
	struct table *own = (struct table *)(uintptr_t)table;

	if (intake_settle(own) != 0)
		own->failed = true;
}

int64_t table_now(const struct table *table)
{
	return table->clock;
}

uint32_t table_network_count(const struct table *table)
{
	return networks_count(&table->networks);
}

struct prefix table_network(const struct table *table, uint32_t network)
{
	return networks_prefix(&table->networks, network);
}

uint64_t table_network_key(const struct table *table, uint32_t network)
{
	return keys_at(&table->networks.keys, network + 1);
}

uint32_t table_network_find(const struct table *table, const struct prefix *prefix)
{
	return networks_find(&table->networks, prefix);
}

uint32_t table_network_held(const struct table *table, uint32_t network)
{
	settle(table);
	return networks_held(&table->networks, network);
}

uint32_t table_route(const struct table *table, uint32_t vantage, uint32_t network)
{
	settle(table);
	return vantage < table->vantage_count
		? routes_get(&table->pool, &table->vantages[vantage].routes, network) : PATH_NONE;
}

uint64_t table_passed_over(const struct table *table, enum family family)
{
	return family == FAMILY_IPV6 ? table->networks.passed_over6 : table->networks.passed_over4;
}

/* Distinct paths are not counted as they come: whoever asks pays. */
static uint64_t distinct_paths(const struct table *table)
{
	struct map origins = { 0 };
	struct marks marks = { 0 };
	uint64_t count = 0;

	for (uint32_t i = 0; i < table->vantage_count; i++) {
		const struct route_table *routes = &table->vantages[i].routes;
		uint32_t network = 0;

		for (; (network = routes_next(&table->pool, routes, network)) != UINT32_MAX;
		     network++) {
			uint32_t path = routes_get(&table->pool, routes, network);
			bool new = false;

			if (path & PATH_ORIGIN)
				(void)map_put(&origins, path, 0);
			else if (marks_set(&marks, path, &new) == 0)
				count += new;
		}
	}
	count += origins.count;
	map_free(&origins);
	marks_free(&marks);
	return count;
}

struct table_size table_size(const struct table *table)
{
	struct table_size size;

	settle(table);
	size = (struct table_size){
		.routes = table->routes,
		.paths = distinct_paths(table),
		.nodes = table->paths.nodes.count ? paths_nodes(&table->paths) - 1 : 0,
		.bytes = sizeof(*table) + ATTR_PATH_SCRATCH + sizeof(*table->intake) +
			 paths_bytes(&table->paths) + networks_bytes(&table->networks) +
			 route_pool_bytes(&table->pool) + addpath_bytes(&table->addpath) +
			 audit_bytes(table) + table->told.count * sizeof(uint64_t) +
			 table->collector_room * sizeof(*table->collectors) +
			 table->vantage_room * sizeof(*table->vantages) +
			 table->roster.room * sizeof(*table->roster.vantages) + table->arena.held +
			 table->roster.arena.held,
	};

	for (uint32_t i = 0; i < table->vantage_count; i++) {
		size.bytes += routes_bytes(&table->vantages[i].routes);
		size.bytes += table->vantages[i].burst.marks.count * sizeof(uint64_t);
	}
	return size;
}

uint32_t table_network_common(const struct table *table, uint32_t network)
{
	settle(table);
	return networks_held(&table->networks, network) ? routes_common(&table->pool, network)
							: PATH_NONE;
}

static uint32_t own_asn(const struct table *table, uint32_t vantage)
{
	return vantage < table->roster.count ? table->roster.vantages[vantage].peer.asn : 0;
}

uint32_t table_path_hops(const struct table *table, uint32_t vantage, uint32_t path,
			 struct path_hop *hops, uint32_t room)
{
	return paths_hops(&table->paths, path, own_asn(table, vantage), hops, room);
}

uint32_t table_path_origin(const struct table *table, uint32_t vantage, uint32_t path)
{
	return paths_origin(&table->paths, path, own_asn(table, vantage));
}

void table_path_format(const struct table *table, uint32_t vantage, uint32_t path, struct buf *buf)
{
	paths_format(&table->paths, path, own_asn(table, vantage), buf);
}

const struct roster *table_roster(const struct table *table)
{
	settle(table);
	return &table->roster;
}

struct roster *table_roster_edit(struct table *table)
{
	settle(table);
	return &table->roster;
}
