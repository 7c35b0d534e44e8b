/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All records of a RIB carry the time at which its dump began, while dumping takes minutes:
 * what stands in the last record may be newer than the time it carries. A RIB and the updates
 * around it therefore contradict each other where nothing is wrong, and an audit must wait
 * until the updates of those minutes are heard.
 *
 * An audit belongs to one RIB: the contradictions in the order in which they were found, an
 * index by (vantage point, network) from which updates strike them out, and the vantage points
 * compared. When it is due, what is left is set right. A vantage point with too much of it was
 * not what it seemed: it is blind since it last agreed, and live anew from now on.
 *
 * Which routes updates touched, and when, is remembered while a RIB is read or an audit waits: a
 * RIB loses against newer updates. Before that, a RIB to come can only carry the second that the
 * clock shows, so that older touches are forgotten: they would cost more than all else in a day
 * of updates. What is set right was true until its last touch that is known, else until the vantage
 * point last agreed with a RIB. In quiet times touches are not even looked up: they are noted down
 * in a row, and put into the map when a RIB begins.
 */
#include "table/audit.h"

#include <stdlib.h>

#include "base/vec.h"
#include "table/liveness.h"

#define NOTED_MAX 65536u	/* touches, 512 KiB */

struct contradiction {
	uint32_t vantage, network;
	uint32_t path_id, path;
};

struct compared {
	uint32_t vantage;
	uint32_t entries, losses;
	uint32_t wrong;
	bool whole;
	bool drifted;
};

struct audit {
	struct audit *next;
	int64_t time;
	bool closed;
	uint8_t families;
	struct contradiction *items;
	uint32_t item_count, item_room;
	struct map index;		/* addpath_key() to place in items */
	struct compared *compared;
	uint32_t compared_count, compared_room;
};

static uint32_t second_of(int64_t time)
{
	int64_t second = time / UTC_SECOND;

	return second < 0 ? 0 : second >= MAP_NONE ? MAP_NONE - 1 : (uint32_t)second;
}

/* A RIB is being read, or an audit waits. */
static bool is_pending(const struct table *table)
{
	if (table->audits)
		return true;
	for (const struct table_source *source = table->sources; source; source = source->next)
		if (source->rib.open)
			return true;
	return false;
}

/* What was noted down goes into the map. */
static int look_up_noted(struct touches *touches)
{
	for (; touches->noted_count; touches->noted_count--)
		if (map_put(&touches->seconds, touches->noted[touches->noted_count - 1],
			    second_of(touches->since)) != 0)
			return ERR_MEMORY;
	return 0;
}

int audit_expect(struct table *table)
{
	table->touches.clock = UTC_NEVER;
	return look_up_noted(&table->touches);
}

/* Room to note more; where there is none, or too much, all goes into the map. */
static int noted_grow(struct touches *touches)
{
	if (touches->noted_count < touches->noted_room)
		return 0;
	if (touches->noted_room >= NOTED_MAX)
		return look_up_noted(touches);
	return VEC_GROW(touches->noted, touches->noted_count, touches->noted_room, NULL);
}

int audit_touch_any(struct table *table, uint32_t vantage, uint32_t network)
{
	struct touches *touches = &table->touches;
	uint64_t key = addpath_key(vantage, network);

	for (struct audit *audit = table->audits; audit; audit = audit->next)
		if (audit->index.count)
			map_remove(&audit->index, key);
	if (is_pending(table))
		return map_put(&touches->seconds, key, second_of(table->clock));
	if (table->clock / UTC_SECOND != touches->since / UTC_SECOND) {
		map_empty(&touches->seconds);
		touches->noted_count = 0;
		touches->since = table->clock;
	}
	touches->clock = table->clock;
	if (noted_grow(touches) != 0)
		return ERR_MEMORY;
	touches->noted[touches->noted_count++] = key;
	return 0;
}

bool audit_touched_since(const struct table *table, uint32_t vantage, uint32_t network,
			 int64_t since)
{
	uint32_t second = map_get(&table->touches.seconds, addpath_key(vantage, network));

	return second != MAP_NONE && second >= second_of(since);
}

static struct audit *audit_of(struct table *table, struct audit **audit, int64_t time)
{
	struct audit **last = &table->audits;

	if (*audit)
		return *audit;
	*audit = calloc(1, sizeof(**audit));
	if (!*audit)
		return NULL;
	(*audit)->time = time;
	while (*last)
		last = &(*last)->next;
	return *last = *audit;
}

int audit_contradict(struct table *table, struct audit **ret_audit, int64_t time, uint32_t vantage,
		     uint32_t network, uint32_t path_id, uint32_t path)
{
	struct audit *audit = audit_of(table, ret_audit, time);
	struct contradiction item = { vantage, network, path_id, path };
	uint64_t key = addpath_key(vantage, network);
	uint32_t known;

	if (!audit)
		return ERR_MEMORY;
	known = map_get(&audit->index, key);
	if (known != MAP_NONE) {
		/* Several paths of one network: the route table holds the lowest. */
		if (path_id < audit->items[known].path_id)
			audit->items[known] = item;
		return 0;
	}
	if (VEC_GROW(audit->items, audit->item_count, audit->item_room, NULL) != 0 ||
	    map_put(&audit->index, key, audit->item_count) != 0)
		return ERR_MEMORY;
	audit->items[audit->item_count++] = item;
	return 0;
}

int audit_compared(struct table *table, struct audit **ret_audit, int64_t time, uint32_t vantage,
		   uint32_t entries, uint32_t losses, bool whole)
{
	struct audit *audit = audit_of(table, ret_audit, time);

	if (!audit ||
	    VEC_GROW(audit->compared, audit->compared_count, audit->compared_room, NULL) != 0)
		return ERR_MEMORY;
	audit->compared[audit->compared_count++] = (struct compared){
		.vantage = vantage, .entries = entries, .losses = losses, .whole = whole,
	};
	return 0;
}

void audit_close(struct audit *audit, uint8_t families)
{
	audit->closed = true;
	audit->families = families;
}

static void audit_free(struct audit *audit)
{
	free(audit->items);
	map_free(&audit->index);
	free(audit->compared);
	free(audit);
}

/* Still contradicted: not struck out, and the vantage point has not lost its table since. */
static bool stands(struct table *table, const struct audit *audit, uint32_t item,
		   const struct compared *compared)
{
	const struct contradiction *what = &audit->items[item];
	const struct vantage *of = &table->vantages[what->vantage];

	return map_get(&audit->index, addpath_key(what->vantage, what->network)) == item &&
	       of->losses == compared->losses &&
	       routes_get(&table->pool, &of->routes, what->network) != what->path;
}

static int set_right(struct table *table, const struct contradiction *what, struct err *err)
{
	const struct vantage *of = &table->vantages[what->vantage];
	uint64_t key = addpath_key(what->vantage, what->network);
	uint32_t touched = map_get(&table->touches.seconds, key);
	struct event as_event = { .has_path_id = what->path_id != 0, .path_id = what->path_id };
	struct table_change change = {
		.time = table->clock,
		.evidence = touched == MAP_NONE ? of->agreed_at : touched * UTC_SECOND,
		.network = what->network, .vantage = what->vantage, .why = CHANGE_AUDIT,
	};
	struct held held;

	if (state_hold_event(table, what->vantage, what->network, &as_event, what->path, &held))
		return err_memory(err);
	roster_of(table, what->vantage)->drift++;
	change.before = held.before;
	change.after = held.after;
	return state_tell(table, &change);
}

static void judge(struct table *table, struct compared *compared)
{
	uint64_t size = held_by(table, compared->vantage);

	if (compared->entries > size)
		size = compared->entries;
	compared->drifted = (uint64_t)compared->wrong * PPM > size * table->parameters.drift_max;
}

/* Says which contradictions stand (the others get vantage MAP_NONE) and who drifted. */
static int weigh(struct table *table, struct audit *audit)
{
	uint32_t *place = calloc(table->vantage_count, sizeof(*place));

	if (!place)
		return ERR_MEMORY;
	for (uint32_t i = 0; i < audit->compared_count; i++)
		place[audit->compared[i].vantage] = i + 1;
	for (uint32_t i = 0; i < audit->item_count; i++) {
		uint32_t at = place[audit->items[i].vantage];

		if (at && stands(table, audit, i, &audit->compared[at - 1]))
			audit->compared[at - 1].wrong++;
		else
			audit->items[i].vantage = MAP_NONE;
	}
	free(place);
	for (uint32_t i = 0; i < audit->compared_count; i++)
		judge(table, &audit->compared[i]);
	return 0;
}

/* What became of a vantage point once its contradictions are set right. */
static int conclude(struct table *table, const struct audit *audit, const struct compared *compared,
		    struct err *err)
{
	struct vantage *of = &table->vantages[compared->vantage];

	if (!compared->whole)
		return 0;
	if (compared->drifted) {
		of->known |= audit->families;
		return liveness_live(table, compared->vantage, ROSTER_RIB, table->clock, err);
	}
	if (of->losses == compared->losses && of->agreed_at < audit->time)
		of->agreed_at = audit->time;
	return 0;
}

static int decide(struct table *table, struct audit *audit, struct err *err)
{
	int code = weigh(table, audit) == 0 ? 0 : err_memory(err);

	for (uint32_t i = 0; code == 0 && i < audit->compared_count; i++) {
		const struct compared *compared = &audit->compared[i];

		if (compared->drifted)
			code = liveness_blind(table, compared->vantage, ROSTER_DRIFT,
					      table->vantages[compared->vantage].agreed_at, false,
					      NULL);
	}
	for (uint32_t i = 0; code == 0 && i < audit->item_count; i++)
		if (audit->items[i].vantage != MAP_NONE)
			code = set_right(table, &audit->items[i], err);
	for (uint32_t i = 0; code == 0 && i < audit->compared_count; i++)
		code = conclude(table, audit, &audit->compared[i], err);
	return code;
}

int audit_decide(struct table *table, bool all, int64_t *ret_due, struct err *err)
{
	struct audit **link = &table->audits;

	while (*link) {
		struct audit *audit = *link;
		int64_t due = audit->time + table->parameters.audit_window;
		int code;

		if (!audit->closed || (!all && due >= table->clock)) {
			if (audit->closed && due < *ret_due)
				*ret_due = due;
			link = &audit->next;
			continue;
		}
		*link = audit->next;
		code = decide(table, audit, err);
		audit_free(audit);
		if (code)
			return code;
		*ret_due = table->clock < *ret_due ? table->clock : *ret_due;
	}
	return 0;
}

int audit_mark(const struct table *table, struct marks *live)
{
	for (const struct audit *audit = table->audits; audit; audit = audit->next)
		for (uint32_t i = 0; i < audit->item_count; i++)
			if (paths_mark(&table->paths, live, audit->items[i].path) != 0)
				return ERR_MEMORY;
	return 0;
}

size_t audit_bytes(const struct table *table)
{
	size_t bytes = map_bytes(&table->touches.seconds) +
		       table->touches.noted_room * sizeof(*table->touches.noted);

	for (const struct audit *audit = table->audits; audit; audit = audit->next) {
		bytes += audit->item_room * sizeof(*audit->items);
		bytes += audit->compared_room * sizeof(*audit->compared);
		bytes += map_bytes(&audit->index);
	}
	return bytes;
}

void audit_free_all(struct table *table)
{
	while (table->audits) {
		struct audit *next = table->audits->next;

		audit_free(table->audits);
		table->audits = next;
	}
	map_free(&table->touches.seconds);
	free(table->touches.noted);
}
