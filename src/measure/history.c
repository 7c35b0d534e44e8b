/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two lists. Routes come in order of time, so they are only appended; a record that says several
 * things is kept once, with its time, beside them. What happens to vantage points may be noticed
 * late and takes effect earlier (settle.h has the same rule): those few are sorted when a replay
 * begins, and each remembers how many routes were heard before it.
 *
 * A replay holds one row of paths per vantage point that ever held one of the networks. Questions
 * about single routes go through an index of all changes by network, then vantage point, dealt out
 * twice: first by the one, then by the other.
 */
#include "measure/history.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define VANTAGE_BITS	28u	/* TABLE_VANTAGES_MAX is far less */
#define FLAG_HEARD	(1u << VANTAGE_BITS)
#define FLAG_LIVE	(2u << VANTAGE_BITS)
#define FLAG_WITHDRAWAL	(4u << VANTAGE_BITS)
#define FLAG_FIRST	(8u << VANTAGE_BITS)
#define VANTAGE_MASK	(FLAG_HEARD - 1)

/* Who said so, and when. */
struct said {
	int64_t time;
	struct record_ref ref;
};

struct route_entry {
	uint32_t said;		/* place in said */
	uint32_t network;
	uint32_t path;
	uint32_t vantage;	/* and flags */
};

struct vantage_entry {
	struct settled_vantage what;
	uint32_t after;		/* routes heard before it; UINT32_MAX: behind all of its instant */
	uint32_t place;		/* as it came */
};

struct history {
	const struct table *table;
	struct route_entry *routes;
	uint32_t route_count, route_room;
	struct said *said;
	uint32_t said_count, said_room;
	struct vantage_entry *vantages;
	uint32_t vantage_count, vantage_room;
	uint32_t *networks;		/* the table's numbers */
	uint32_t network_count, network_room;
	struct map number_of;
	int64_t end;
	uint32_t *first;		/* by network, of `index`; one more of them */
	uint32_t *index;		/* changes by network, vantage point, time */
};

struct replay {
	const struct history *history;
	struct vantage_entry *vantages;	/* in order of time */
	uint32_t next_route, next_vantage;
	struct routes_view view;
	uint32_t **rows;
	bool *full4, *full6;
	bool changed;
};

int history_new(const struct table *table, struct history **ret_history, struct err *err)
{
	struct history *history = calloc(1, sizeof(*history));

	if (!history)
		return err_memory(err);
	history->table = table;
	history->end = INT64_MAX;
	*ret_history = history;
	return 0;
}

void history_free(struct history *history)
{
	if (!history)
		return;
	map_free(&history->number_of);
	free(history->routes);
	free(history->said);
	free(history->first);
	free(history->index);
	free(history->vantages);
	free(history->networks);
	free(history);
}

static int network_find(struct history *history, uint32_t network, uint32_t *ret_number,
			struct err *err)
{
	uint32_t number = map_get(&history->number_of, network);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(history->networks, history->network_count, history->network_room,
				err);
		if (code)
			return code;
		number = history->network_count;
		if (map_put(&history->number_of, network, number) != 0)
			return err_memory(err);
		history->networks[history->network_count++] = network;
	}
	*ret_number = number;
	return 0;
}

/* Is it the record of the change before? */
static int said_find(struct history *history, const struct table_change *change, struct err *err)
{
	const struct said *last = history->said_count ? &history->said[history->said_count - 1]
						      : NULL;
	int code;

	if (last && last->time == change->time && last->ref.input == change->ref.input &&
	    last->ref.number == change->ref.number)
		return 0;
	code = VEC_GROW(history->said, history->said_count, history->said_room, err);
	if (code == 0)
		history->said[history->said_count++] = (struct said){ change->time, change->ref };
	return code;
}

static uint32_t flags_of(const struct history *history, const struct table_change *change)
{
	const struct roster_vantage *vantage =
		&table_roster(history->table)->vantages[change->vantage];

	return (change->why == CHANGE_UPDATE ? FLAG_HEARD : 0) | (vantage->live ? FLAG_LIVE : 0) |
	       (change->withdrawal ? FLAG_WITHDRAWAL : 0) |
	       (change->why == CHANGE_RIB && change->before == PATH_NONE &&
				vantage->live_intervals.count == 0
			? FLAG_FIRST
			: 0);
}

int history_change(struct history *history, const struct table_change *change, struct err *err)
{
	uint32_t number = 0;
	int code;

	if (change->before == change->after || history->end != INT64_MAX)
		return 0;
	if (history->route_count == HISTORY_CHANGES_MAX) {
		history->end = change->time;
		return 0;
	}
	code = network_find(history, change->network, &number, err);
	if (code == 0)
		code = VEC_GROW(history->routes, history->route_count, history->route_room, err);
	if (code == 0)
		code = said_find(history, change, err);
	if (code)
		return code;
	history->routes[history->route_count++] = (struct route_entry){
		history->said_count - 1, number, change->after, change->vantage | flags_of(history, change) };
	return 0;
}

int history_vantage(struct history *history, const struct settled_vantage *change, struct err *err)
{
	int code = VEC_GROW(history->vantages, history->vantage_count, history->vantage_room, err);

	if (code)
		return code;
	history->vantages[history->vantage_count] = (struct vantage_entry){
		.what = *change, .place = history->vantage_count,
		.after = change->time == change->noticed ? history->route_count : UINT32_MAX,
	};
	history->vantage_count++;
	return 0;
}

uint32_t history_find(const struct history *history, uint32_t network)
{
	return map_get(&history->number_of, network);
}

uint32_t history_network_count(const struct history *history)
{
	return history->network_count;
}

int64_t history_end(const struct history *history)
{
	return history->end;
}

struct route_change history_at(const struct history *history, uint32_t number)
{
	const struct route_entry *entry = &history->routes[number];
	const struct said *said = &history->said[entry->said];

	return (struct route_change){
		.time = said->time, .ref = said->ref, .network = history->networks[entry->network],
		.vantage = entry->vantage & VANTAGE_MASK,
		.after = entry->path, .heard = entry->vantage & FLAG_HEARD,
		.live = entry->vantage & FLAG_LIVE,
		.withdrawal = entry->vantage & FLAG_WITHDRAWAL,
		.first = entry->vantage & FLAG_FIRST,
	};
}

/* How many changes came before `time`. */
static uint32_t count_before(const struct history *history, int64_t time)
{
	uint32_t low = 0, high = history->route_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (history->said[history->routes[middle].said].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t history_span(const struct history *history, int64_t from, int64_t until,
		      uint32_t *ret_first)
{
	uint32_t first = count_before(history, from);

	*ret_first = first;
	return until < from ? 0
			    : (until == INT64_MAX ? history->route_count
						  : count_before(history, until + 1)) -
				      first;
}

/*
 * Deals `from` (NULL: all changes as they came) out by a key of each, keeping the order within one;
 * counts[key] is where it ends.
 */
static void deal(const struct history *history, bool by_network, const uint32_t *from,
		 uint32_t *counts, uint32_t *into)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < history->route_count; i++)
		counts[by_network ? history->routes[i].network
				  : history->routes[i].vantage & VANTAGE_MASK]++;
	for (uint32_t i = 0; sum < history->route_count; i++) {
		uint32_t count = counts[i];

		counts[i] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < history->route_count; i++) {
		uint32_t number = from ? from[i] : i;
		const struct route_entry *entry = &history->routes[number];

		into[counts[by_network ? entry->network : entry->vantage & VANTAGE_MASK]++] =
			number;
	}
}

int history_ready(struct history *history, struct err *err)
{
	uint32_t vantages = table_roster(history->table)->count;
	uint32_t *by_vantage = calloc((size_t)history->route_count + 1, sizeof(*by_vantage));
	uint32_t *counts = calloc((size_t)vantages + 1, sizeof(*counts));

	history->first = calloc((size_t)history->network_count + 1, sizeof(*history->first));
	history->index = calloc((size_t)history->route_count + 1, sizeof(*history->index));
	if (by_vantage && counts && history->first && history->index) {
		deal(history, false, NULL, counts, by_vantage);
		/* each network's place becomes where it ends: where the next one begins */
		deal(history, true, by_vantage, history->first + 1, history->index);
	}
	free(by_vantage);
	free(counts);
	return by_vantage && counts && history->first && history->index ? 0 : err_memory(err);
}

const uint32_t *history_of_network(const struct history *history, uint32_t network,
				   uint32_t *ret_count)
{
	*ret_count = network < history->network_count
			     ? history->first[network + 1] - history->first[network]
			     : 0;
	return history->index + (*ret_count ? history->first[network] : 0);
}

/* Of changes by vantage point, how many come before one's. */
static uint32_t place_of(const struct history *history, const uint32_t *changes, uint32_t count,
			 uint32_t vantage)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if ((history->routes[changes[middle]].vantage & VANTAGE_MASK) < vantage)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const uint32_t *history_of(const struct history *history, uint32_t network, uint32_t vantage,
			   uint32_t *ret_count)
{
	uint32_t count, from;
	const uint32_t *changes = history_of_network(history, network, &count);

	from = place_of(history, changes, count, vantage);
	*ret_count = place_of(history, changes, count, vantage + 1) - from;
	return changes + from;
}

bool history_cleared(const struct history *history, uint32_t vantage, int64_t from, int64_t until)
{
	for (uint32_t i = 0; i < history->vantage_count; i++) {
		const struct settled_vantage *what = &history->vantages[i].what;

		if (what->kind == SETTLED_CLEARED && what->vantage == vantage &&
		    what->time > from && what->time <= until)
			return true;
	}
	return false;
}

static int compare_vantages(const void *a, const void *b)
{
	const struct vantage_entry *left = a, *right = b;

	if (left->what.time != right->what.time)
		return left->what.time < right->what.time ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

int replay_new(const struct history *history, struct replay **ret_replay, struct err *err)
{
	uint32_t vantages = table_roster(history->table)->count;
	struct replay *replay = calloc(1, sizeof(*replay));

	if (!replay)
		return err_memory(err);
	replay->history = history;
	replay->vantages = calloc(history->vantage_count ? history->vantage_count : 1,
				  sizeof(*replay->vantages));
	replay->rows = calloc(vantages ? vantages : 1, sizeof(*replay->rows));
	replay->full4 = calloc(vantages ? vantages : 1, sizeof(bool));
	replay->full6 = calloc(vantages ? vantages : 1, sizeof(bool));
	replay->view = (struct routes_view){
		.table = history->table, .networks = history->networks,
		.network_count = history->network_count,
		.rows = replay->rows, .row_count = vantages, .full4 = replay->full4,
		.full6 = replay->full6,
	};
	replay->changed = true;
	if (!replay->vantages || !replay->rows || !replay->full4 || !replay->full6) {
		replay_free(replay);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < history->vantage_count; i++)
		replay->vantages[i] = history->vantages[i];
	qsort(replay->vantages, history->vantage_count, sizeof(*replay->vantages),
	      compare_vantages);
	*ret_replay = replay;
	return 0;
}

void replay_free(struct replay *replay)
{
	if (!replay)
		return;
	for (uint32_t i = 0; replay->rows && i < replay->view.row_count; i++)
		free(replay->rows[i]);
	free(replay->rows);
	free(replay->full4);
	free(replay->full6);
	free(replay->vantages);
	free(replay);
}

static int route_step(struct replay *replay, const struct route_entry *entry,
		      const struct history_sink *sink, struct err *err)
{
	uint32_t vantage = entry->vantage & VANTAGE_MASK, count = replay->view.network_count;
	struct history_step step = {
		.time = replay->history->said[entry->said].time, .network = entry->network,
		.vantage = vantage,
		.after = entry->path, .heard = entry->vantage & FLAG_HEARD,
		.live = entry->vantage & FLAG_LIVE,
	};

	if (!replay->rows[vantage])
		replay->rows[vantage] = calloc(count, sizeof(**replay->rows));
	if (!replay->rows[vantage])
		return err_memory(err);
	step.before = replay->rows[vantage][entry->network];
	replay->rows[vantage][entry->network] = entry->path;
	replay->changed = true;
	return sink ? sink->step(sink->context, &step, err) : 0;
}

static int vantage_step(struct replay *replay, const struct settled_vantage *what,
			const struct history_sink *sink, struct err *err)
{
	bool *full = what->family == FAMILY_IPV6 ? replay->full6 : replay->full4;

	replay->changed = true;
	if (what->kind != SETTLED_CLEARED) {
		full[what->vantage] = what->kind == SETTLED_FULL;
		return 0;
	}
	replay->full4[what->vantage] = replay->full6[what->vantage] = false;
	free(replay->rows[what->vantage]);
	replay->rows[what->vantage] = NULL;
	return sink ? sink->cleared(sink->context, what->vantage, err) : 0;
}

int replay_until(struct replay *replay, int64_t time, const struct history_sink *sink,
		 struct err *err)
{
	const struct history *history = replay->history;
	int code = 0;

	while (code == 0) {
		const struct route_entry *route = replay->next_route < history->route_count
			? &history->routes[replay->next_route] : NULL;
		const struct vantage_entry *vantage = replay->next_vantage < history->vantage_count
			? &replay->vantages[replay->next_vantage] : NULL;
		int64_t route_time = route ? history->said[route->said].time : INT64_MAX;
		int64_t vantage_time = vantage ? vantage->what.time : INT64_MAX;
		bool routes_first = !vantage || route_time < vantage_time ||
			(route_time == vantage_time && replay->next_route < vantage->after);

		if (routes_first && route && route_time <= time) {
			replay->next_route++;
			code = route_step(replay, route, sink, err);
		} else if (!routes_first && vantage_time <= time) {
			replay->next_vantage++;
			code = vantage_step(replay, &vantage->what, sink, err);
		} else {
			break;
		}
	}
	return code;
}

const struct routes_view *replay_view(const struct replay *replay)
{
	return &replay->view;
}

bool replay_changed(struct replay *replay)
{
	bool changed = replay->changed;

	replay->changed = false;
	return changed;
}
