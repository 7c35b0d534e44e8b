/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two lists. Routes come in order of time, so they are only appended; distinct instants are kept
 * once, beside them. What happens to vantage points may be noticed late and takes effect earlier
 * (settle.h has the same rule): those few are sorted when a replay begins, and each remembers
 * how many routes were heard before it.
 *
 * A replay holds one row of paths per vantage point that ever held one of the networks.
 */
#include "measure/history.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define VANTAGE_BITS	28u
#define FLAG_HEARD	(1u << VANTAGE_BITS)
#define FLAG_LIVE	(2u << VANTAGE_BITS)

struct route_entry {
	uint32_t moment;	/* place in moments */
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
	int64_t *moments;
	uint32_t moment_count, moment_room;
	struct vantage_entry *vantages;
	uint32_t vantage_count, vantage_room;
	uint32_t *networks;		/* the table's numbers */
	uint32_t network_count, network_room;
	struct map number_of;
	int64_t end;
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
	free(history->moments);
	free(history->vantages);
	free(history->networks);
	free(history);
}

static int network_find(struct history *history, uint32_t network, uint32_t *ret_number, struct err *err)
{
	uint32_t number = map_get(&history->number_of, network);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(history->networks, history->network_count, history->network_room, err);
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

int history_change(struct history *history, const struct table_change *change, bool live, struct err *err)
{
	uint32_t flags = (change->why == CHANGE_UPDATE ? FLAG_HEARD : 0) | (live ? FLAG_LIVE : 0);
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
		code = VEC_GROW(history->moments, history->moment_count, history->moment_room, err);
	if (code)
		return code;
	if (history->moment_count == 0 || history->moments[history->moment_count - 1] != change->time)
		history->moments[history->moment_count++] = change->time;
	history->routes[history->route_count++] = (struct route_entry){
		history->moment_count - 1, number, change->after, change->vantage | flags };
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

bool history_knows(const struct history *history, uint32_t network)
{
	return map_get(&history->number_of, network) != MAP_NONE;
}

uint32_t history_network_count(const struct history *history)
{
	return history->network_count;
}

int64_t history_end(const struct history *history)
{
	return history->end;
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
	replay->vantages = calloc(history->vantage_count ? history->vantage_count : 1, sizeof(*replay->vantages));
	replay->rows = calloc(vantages ? vantages : 1, sizeof(*replay->rows));
	replay->full4 = calloc(vantages ? vantages : 1, sizeof(bool));
	replay->full6 = calloc(vantages ? vantages : 1, sizeof(bool));
	replay->view = (struct routes_view){
		.table = history->table, .networks = history->networks, .network_count = history->network_count,
		.rows = replay->rows, .row_count = vantages, .full4 = replay->full4, .full6 = replay->full6,
	};
	replay->changed = true;
	if (!replay->vantages || !replay->rows || !replay->full4 || !replay->full6) {
		replay_free(replay);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < history->vantage_count; i++)
		replay->vantages[i] = history->vantages[i];
	qsort(replay->vantages, history->vantage_count, sizeof(*replay->vantages), compare_vantages);
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

static int route_step(struct replay *replay, const struct route_entry *entry, const struct history_sink *sink,
		      struct err *err)
{
	uint32_t vantage = entry->vantage & (FLAG_HEARD - 1), count = replay->view.network_count;
	struct history_step step = {
		.time = replay->history->moments[entry->moment], .network = entry->network, .vantage = vantage,
		.after = entry->path, .heard = entry->vantage & FLAG_HEARD, .live = entry->vantage & FLAG_LIVE,
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

static int vantage_step(struct replay *replay, const struct settled_vantage *what, const struct history_sink *sink,
			struct err *err)
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

int replay_until(struct replay *replay, int64_t time, const struct history_sink *sink, struct err *err)
{
	const struct history *history = replay->history;
	int code = 0;

	while (code == 0) {
		const struct route_entry *route = replay->next_route < history->route_count
			? &history->routes[replay->next_route] : NULL;
		const struct vantage_entry *vantage = replay->next_vantage < history->vantage_count
			? &replay->vantages[replay->next_vantage] : NULL;
		int64_t route_time = route ? history->moments[route->moment] : INT64_MAX;
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
