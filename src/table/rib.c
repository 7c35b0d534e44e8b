/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A RIB in progress belongs to its input. The peers of its index become vantage points once; an
 * entry then finds its vantage point by two array reads, its network in the one of the entry
 * before (entries of one record share it), and its path in table/paths.c.
 *
 * The first entry of a vantage point decides what the RIB is to it: if blind, its table
 * (RIB_FILL), if live, an audit. Either way what was held before and does not appear is absent,
 * if the RIB is whole and has that family at all: IPv4 and IPv6 may come in files of their own.
 * Which networks appeared is marked only where some were held.
 *
 * A vantage point that becomes blind while a RIB of its time is read is left alone for the rest
 * of it.
 */
#include "table/rib.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "table/audit.h"
#include "table/liveness.h"
#include "table/sweep.h"
#include "wire/mrt.h"

#define AHEAD	1024u	/* bytes of a record that are on their way from another core's cache */

void rib_drop(struct table *table, struct rib *rib)
{
	for (uint32_t i = 0; i < rib->count; i++) {
		roster_of(table, rib->vantages[i].vantage)->rib_entries += rib->vantages[i].entries;
		marks_free(&rib->vantages[i].seen);
	}
	free(rib->by_index);
	free(rib->by_vantage);
	free(rib->vantages);
	*rib = (struct rib){ 0 };
}

/* The vantage point's place in rib->vantages; MAP_NONE: state_no_vantage(). */
static uint32_t place_of(struct table *table, struct rib *rib, uint32_t vantage)
{
	uint32_t place;

	if (vantage >= rib->by_vantage_count) {
		uint32_t count = vantage + vantage / 2 + 64;
		uint32_t *moved = reallocarray(rib->by_vantage, count, sizeof(*moved));

		if (!moved)
			return MAP_NONE;
		memset(moved + rib->by_vantage_count, 0xff,
		       (count - rib->by_vantage_count) * sizeof(*moved));
		rib->by_vantage = moved;
		rib->by_vantage_count = count;
	}
	place = rib->by_vantage[vantage];
	if (place != MAP_NONE)
		return place;
	if (VEC_GROW(rib->vantages, rib->count, rib->room, NULL) != 0)
		return MAP_NONE;
	rib->vantages[rib->count] = (struct rib_vantage){
		.vantage = vantage, .losses = table->vantages[vantage].losses,
		.own = roster_of(table, vantage)->peer.asn,
	};
	roster_of(table, vantage)->in_rib = true;
	return rib->by_vantage[vantage] = rib->count++;
}

static uint32_t place_of_peer(struct table *table, struct table_source *source,
			      const struct peer *peer)
{
	uint32_t vantage = state_vantage(table, source->collector, peer);

	return vantage == MAP_NONE ? MAP_NONE : place_of(table, &source->rib, vantage);
}

int rib_begin(struct table *table, struct table_source *source, const struct event *event,
	      struct err *err)
{
	const struct peer_index *index = event->index;
	struct rib *rib = &source->rib;

	if (rib->audit)
		audit_close(rib->audit, rib->families);
	rib_drop(table, rib);
	if (audit_expect(table) != 0)
		return err_memory(err);
	rib->open = true;
	rib->time = event->time;
	rib->losses = table->losses;
	rib->network = MAP_NONE;
	if (!index || index->count == 0)
		return 0;
	rib->by_index = reallocarray(NULL, index->count, sizeof(*rib->by_index));
	if (!rib->by_index)
		return err_memory(err);
	for (; rib->index_count < index->count; rib->index_count++) {
		uint32_t place = place_of_peer(table, source, &index->peers[rib->index_count]);

		if (place == MAP_NONE)
			return state_no_vantage(table, err);
		rib->by_index[rib->index_count] = place;
	}
	return 0;
}

static int tell_rib(struct table *table, const struct event *event, const struct rib_vantage *of,
		    uint32_t network, uint32_t before, uint32_t after)
{
	struct table_change change = {
		.time = table->clock,
		.evidence = table->clock,
		.ref = event->ref,
		.network = network,
		.vantage = of->vantage,
		.before = before,
		.after = after,
		.why = CHANGE_RIB,
		.event = event->kind == EVENT_RIB_ENTRY ? event : NULL,
	};

	return state_tell(table, &change);
}

static int fill(struct table *table, struct rib_vantage *of, uint32_t network,
		const struct event *event, struct err *err)
{
	uint32_t path = state_path(table, of->vantage, networks_need(&table->networks, network),
				   event);
	struct held held;

	if (path == PATH_NONE)
		return err_memory(err);
	if (event->has_path_id || table->vantages[of->vantage].has_addpath) {
		if (state_hold_event(table, of->vantage, network, event, path, &held) != 0)
			return err_memory(err);
	} else {
		held.after = path;
		if (state_hold(table, of->vantage, network, path, &held.before) != 0)
			return err_memory(err);
	}
	return held.before == held.after
		       ? 0
		       : tell_rib(table, event, of, network, held.before, held.after);
}

/* The path held under the lowest identifier, and that identifier. */
static uint32_t lowest(const struct table *table, uint32_t vantage, uint32_t network,
		       uint32_t *ret_path_id)
{
	const struct vantage *of = &table->vantages[vantage];
	const struct addpath_route *first = of->has_addpath
		? addpath_first(&table->addpath, addpath_key(vantage, network)) : NULL;

	*ret_path_id = first ? first->path_id : 0;
	return routes_get(&table->pool, &of->routes, network);
}

static int compare(struct table *table, struct rib *rib, struct rib_vantage *of, uint32_t network,
		   const struct event *event, struct err *err)
{
	uint32_t path = state_path(table, of->vantage, networks_need(&table->networks, network),
				   event);
	uint32_t path_id = event->has_path_id ? event->path_id : 0, held_id;
	uint32_t held = lowest(table, of->vantage, network, &held_id);

	if (path == PATH_NONE)
		return err_memory(err);
	/* Of several paths only the lowest is in question. */
	if (held == path || (held != PATH_NONE && path_id > held_id))
		return 0;
	if (audit_contradict(table, &rib->audit, rib->time, of->vantage, network, path_id, path) !=
	    0)
		return err_memory(err);
	return 0;
}

static void first_entry(struct table *table, struct rib *rib, struct rib_vantage *of)
{
	struct vantage *vantage = &table->vantages[of->vantage];
	struct collector *collector = &table->collectors[vantage->collector];

	if (!roster_of(table, of->vantage)->live)
		of->mode = RIB_FILL;
	else
		of->mode = vantage->live_since > rib->time ? RIB_OLD : RIB_AUDIT;
	of->sees = held_by(table, of->vantage) > 0;
	of->plain = of->mode == RIB_FILL && !of->sees;
	if (vantage->rib_time < rib->time)
		vantage->rib_time = rib->time;
	if (collector->rib_time < rib->time)
		collector->rib_time = rib->time;
}

/* A vantage point that became blind since the RIB began is left alone. */
static inline bool spoiled(const struct table *table, const struct rib *rib,
			   const struct rib_vantage *of)
{
	return rib->losses != table->losses && of->losses != table->vantages[of->vantage].losses;
}

/* The entry's network goes to rib->network, MAP_NONE: it is none. */
static int find_network(struct table *table, struct rib *rib, const struct event *event)
{
	int code = 0;

	rib->network = state_network(table, &event->prefix, &code);
	rib->prefix = event->prefix;
	rib->need = rib->network == MAP_NONE ? 0 : networks_need(&table->networks, rib->network);
	rib->families |= (uint8_t)(1u << event->prefix.family);
	return code;
}

/*
 * Of a live one, too, the RIB fills the family of which nothing was known: IPv4 and IPv6 may
 * come in files of their own.
 */
static bool audits(const struct table *table, const struct rib_vantage *of, enum family family)
{
	return of->mode == RIB_AUDIT && table->vantages[of->vantage].known >> family & 1;
}

/* The origin of the path among the attributes, as a path; PATH_NONE when out of memory. */
static inline uint32_t origin_path(struct table *table, unsigned need, const struct attr_span *span)
{
	struct as_path path;

	return need & TABLE_ORIGIN && attr_span_path(span, table->scratch, &path)
		       ? paths_intern_origin(&table->paths, &path) : PATH_EMPTY;
}

/* Nothing but to hold it: none to compare with, nobody to tell. */
static int hold(struct table *table, struct rib *rib, struct rib_vantage *of,
		const struct event *event, struct err *err)
{
	uint32_t path, before;
	int code;

	if (rib->need & TABLE_PATH) {
		code = intake_add(table, of->vantage, of->own, rib->network, event);
	} else {
		path = origin_path(table, rib->need, &event->attributes);
		code = path == PATH_NONE
			       ? ERR_MEMORY
			       : state_hold(table, of->vantage, rib->network, path, &before);
	}
	return code == 0 ? 0 : err_memory(err);
}

/* An entry that may meet something: a route held before, an update, a listener, other paths. */
static int hold_with_care(struct table *table, struct rib *rib, struct rib_vantage *of,
			  const struct event *event, struct err *err)
{
	struct vantage *vantage = &table->vantages[of->vantage];
	bool fills = !audits(table, of, event->prefix.family), new;

	if (spoiled(table, rib, of) || of->mode == RIB_OLD)
		return 0;
	if (of->sees && marks_set(&of->seen, rib->network, &new) != 0)
		return err_memory(err);
	/* What an inferred refill would purge is there after all. */
	if (vantage->again && marks_set(&vantage->burst.marks, rib->network, &new) != 0)
		return err_memory(err);
	if (audit_touched(table, of->vantage, rib->network, rib->time))
		return 0;
	if (fills && !event->has_path_id && !(rib->need & TABLE_TELL) && !vantage->has_addpath)
		return hold(table, rib, of, event, err);
	if (intake_settle(table) != 0)
		return err_memory(err);
	return fills ? fill(table, of, rib->network, event, err)
		     : compare(table, rib, of, rib->network, event, err);
}

static int place_of_entry(struct table *table, struct table_source *source,
			  const struct event *event, uint32_t *ret_place, struct err *err)
{
	int code = source->rib.open ? 0 : rib_begin(table, source, event, err);

	if (code)
		return code;
	*ret_place = place_of_peer(table, source, event->peer);
	return *ret_place == MAP_NONE ? state_no_vantage(table, err) : 0;
}

int rib_entry(struct table *table, struct table_source *source, const struct event *event,
	      struct err *err)
{
	struct rib *rib = &source->rib;
	struct rib_vantage *of;
	uint32_t place;

	if (event->peer_index < rib->index_count) {
		place = rib->by_index[event->peer_index];
	} else {
		int code = event->peer ? place_of_entry(table, source, event, &place, err) : 0;

		if (code || !event->peer)
			return code;
	}
	of = &rib->vantages[place];
	if (of->entries++ == 0)
		first_entry(table, rib, of);
	if (!state_same_prefix(&event->prefix, &rib->prefix) &&
	    find_network(table, rib, event) != 0)
		return err_memory(err);
	if (rib->network == MAP_NONE)
		return 0;
	if (!of->plain || event->has_path_id || rib->need & TABLE_TELL ||
	    rib->losses != table->losses || table->touches.seconds.count ||
	    table->vantages[of->vantage].has_addpath)
		return hold_with_care(table, rib, of, event, err);
	return hold(table, rib, of, event, err);
}

/* Entries of one network that go to vantage points which held nothing, by their origins. */
static int hold_run(struct table *table, struct rib *rib, const struct event *shared,
		    struct rib_entries *entries, uint32_t *more)
{
	const bool six = shared->prefix.family == FAMILY_IPV6;
	struct attr_span span = shared->attributes;
	struct rib_entry entry;
	uint32_t path, before;

	while (rib_entries_peek(entries, &entry)) {
		struct rib_vantage *of = &rib->vantages[rib->by_index[entry.peer_index]];
		struct roster_vantage *roster = roster_of(table, of->vantage);

		if (!of->plain)
			return 0;
		fetch(entry.attributes + AHEAD);
		span.bytes = entry.attributes;
		span.len = entry.len;
		path = origin_path(table, rib->need, &span);
		if (path == PATH_NONE ||
		    routes_set_common(&table->pool, &table->vantages[of->vantage].routes,
				      rib->network, path, &before) != 0)
			return ERR_MEMORY;
		if (before == PATH_NONE) {
			*(six ? &roster->held6 : &roster->held4) += 1;
			roster->held_ever = true;
			++*more;
		}
		of->entries++;
		rib_entries_pass(entries, &entry);
	}
	return 0;
}

int rib_entries(struct table *table, struct table_source *source, const struct event *shared,
		struct rib_entries *entries, struct err *err)
{
	struct rib *rib = &source->rib;
	uint32_t more = 0;
	int code;

	if (!rib->open || entries->peers > rib->index_count || rib->losses != table->losses ||
	    table->touches.seconds.count || table->addpath.lists.count)
		return 0;
	if (!state_same_prefix(&shared->prefix, &rib->prefix) &&
	    find_network(table, rib, shared) != 0)
		return err_memory(err);
	if (rib->network == MAP_NONE || rib->need & (TABLE_PATH | TABLE_TELL))
		return 0;
	code = hold_run(table, rib, shared, entries, &more);
	table->routes += more;
	networks_hold(&table->networks, rib->network, (int)more);
	return code == 0 ? 0 : err_memory(err);
}

/* What was held before, and the whole RIB does not have. */
static int absent(struct table *table, struct rib *rib, struct rib_vantage *of,
		  const struct event *event, struct err *err)
{
	struct vantage *vantage = &table->vantages[of->vantage];
	uint32_t network = 0;
	int code = 0;

	if (!of->sees)
		return 0;
	for (; code == 0; network++) {
		enum family family;
		uint32_t before;

		network = routes_next(&table->pool, &vantage->routes, network);
		if (network == UINT32_MAX)
			break;
		family = networks_family(&table->networks, network);
		if (!(rib->families >> family & 1))
			continue;
		if (marks_has(&of->seen, network) ||
		    audit_touched(table, of->vantage, network, rib->time))
			continue;
		if (audits(table, of, family)) {
			if (audit_contradict(table, &rib->audit, rib->time, of->vantage, network, 0,
					     PATH_NONE) != 0)
				return err_memory(err);
			continue;
		}
		if (vantage->has_addpath)
			addpath_forget(&table->addpath, addpath_key(of->vantage, network));
		if (state_hold(table, of->vantage, network, PATH_NONE, &before) != 0)
			return err_memory(err);
		code = tell_rib(table, event, of, network, before, PATH_NONE);
	}
	return code;
}

/* Named by the index of a whole RIB, without an entry: its session is down. */
static int not_in_rib(struct table *table, struct rib *rib, struct rib_vantage *of)
{
	const struct roster_vantage *entry = roster_of(table, of->vantage);

	if (!entry->live || table->vantages[of->vantage].live_since > rib->time)
		return 0;
	if (!(rib->families >> FAMILY_IPV4 & 1 && entry->held4) &&
	    !(rib->families >> FAMILY_IPV6 & 1 && entry->held6))
		return 0;
	return liveness_blind(table, of->vantage, ROSTER_NOT_IN_RIB, rib->time, true, NULL);
}

static int vantage_end(struct table *table, struct rib *rib, struct rib_vantage *of,
		       const struct event *event, struct err *err)
{
	struct vantage *vantage = &table->vantages[of->vantage];
	int code = 0;

	if (spoiled(table, rib, of) || of->mode == RIB_OLD)
		return 0;
	if (of->mode == RIB_NOT_SEEN)
		return event->whole ? not_in_rib(table, rib, of) : 0;
	if (vantage->refilling) {
		/* The RIB shows a table half sent; the refill knows when it is complete. */
		vantage->refill_announcements += of->entries;
		return 0;
	}
	if (event->whole)
		code = absent(table, rib, of, event, err);
	if (code == 0 && of->mode == RIB_AUDIT &&
	    audit_compared(table, &rib->audit, rib->time, of->vantage, of->entries, of->losses,
			   event->whole) != 0)
		code = err_memory(err);
	if (event->whole)
		vantage->known |= rib->families;
	if (code == 0 && event->whole)
		code = liveness_live(table, of->vantage, ROSTER_RIB, rib->time, err);
	return code;
}

int rib_end(struct table *table, struct table_source *source, const struct event *event,
	    struct err *err)
{
	struct rib *rib = &source->rib;
	int code = 0;

	if (!rib->open)
		return 0;
	for (uint32_t i = 0; code == 0 && i < rib->count; i++)
		code = vantage_end(table, rib, &rib->vantages[i], event, err);
	if (rib->audit)
		audit_close(rib->audit, rib->families);
	rib_drop(table, rib);
	if (event->whole)
		sweep_after_first(table);
	keys_fit(&table->networks.keys);
	keys_fit(&table->paths.nodes);
	return code;
}
