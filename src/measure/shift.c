/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every change becomes an item (what, where, from, to), and items of the same key a group, as long
 * as they follow each other closely. A withdrawal waits in a queue: an announcement within
 * burst-gap makes a replacement of it (or nothing, when the old path comes back), time makes a
 * loss of it.
 *
 * Groups over are ranked by how many routes they moved, and only the first SHIFTS_MAX are kept:
 * memory is bounded by what happens within minutes, not by how long it goes on. Texts are only
 * made of those.
 */
#include "measure/shift.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

#define HOPS_ROOM	256u
#define SWEEP_MIN	4096u

struct way {
	struct path_hop hops[HOPS_ROOM];
	uint32_t count, own;
};

struct group {
	struct shift what;
	uint32_t network, vantage, before, after;	/* of the first change */
	uint32_t *behind;
	uint32_t behind_count;
	uint32_t *peers;				/* rising */
	uint32_t peer_room;
	struct map networks;
};

struct withdrawn {
	int64_t time;
	uint32_t vantage, network, path, number;
};

struct shifts {
	struct arena arena;
	const struct routes_view *view;
	const struct as_countries *countries;
	const struct upstreams_question *question;
	int64_t gap, from;
	struct group *open;
	uint32_t open_count, open_room, sweep_at;
	struct map open_by_key;
	struct group *over;
	uint32_t over_count, over_room;
	uint32_t left_out;
	struct withdrawn *queue;
	uint32_t queue_head, queue_count, queue_room;
	uint32_t withdrawals;		/* numbers them */
	struct map waiting;		/* (vantage point, network) → its number in the queue */
	/* (vantage point, network) → the path it had; until it has one again */
	struct map gone;
	struct map paths;		/* (own AS, path) seen since `from` */
	uint32_t path_count;
	uint32_t *constant;
	uint32_t constant_count;
	bool begun;			/* the routes at `from` were noted */
	struct way before, after;
};

int shifts_new(const struct routes_view *view, const struct as_countries *countries,
	       const struct upstreams_question *question,
	       const struct measure_parameters *parameters, int64_t from,
	       struct shifts **ret_shifts, struct err *err)
{
	struct shifts *shifts = calloc(1, sizeof(*shifts));

	if (!shifts)
		return err_memory(err);
	shifts->view = view;
	shifts->countries = countries;
	shifts->question = question;
	shifts->gap = parameters->burst_gap;
	shifts->from = from;
	shifts->sweep_at = SWEEP_MIN;
	*ret_shifts = shifts;
	return 0;
}

static void group_free(struct group *group)
{
	map_free(&group->networks);
	free(group->behind);
	free(group->peers);
}

void shifts_free(struct shifts *shifts)
{
	if (!shifts)
		return;
	for (uint32_t i = 0; i < shifts->open_count; i++)
		group_free(&shifts->open[i]);
	for (uint32_t i = 0; i < shifts->over_count; i++)
		group_free(&shifts->over[i]);
	free(shifts->open);
	free(shifts->over);
	free(shifts->queue);
	free(shifts->constant);
	map_free(&shifts->open_by_key);
	map_free(&shifts->waiting);
	map_free(&shifts->gone);
	map_free(&shifts->paths);
	arena_free(&shifts->arena);
	free(shifts);
}

static uint64_t key_of(uint32_t vantage, uint32_t network)
{
	return (uint64_t)vantage << 32 | network;
}

static void way_read(const struct shifts *shifts, uint32_t vantage, uint32_t path, struct way *way)
{
	way->count = path == PATH_NONE ? 0
				       : upstreams_hops(shifts->view->table, vantage, path,
							way->hops, HOPS_ROOM, &way->own);
}

/* Which of the ASes known to be in every path are in this one too. */
static int path_note(struct shifts *shifts, uint32_t vantage, uint32_t path, struct err *err)
{
	uint32_t own = table_roster(shifts->view->table)->vantages[vantage].peer.asn, kept = 0;
	uint64_t key = (uint64_t)own << 32 | path;
	struct way *way = &shifts->after;

	if (map_get(&shifts->paths, key) != MAP_NONE)
		return 0;
	if (map_put(&shifts->paths, key, 1) != 0)
		return err_memory(err);
	way_read(shifts, vantage, path, way);
	if (shifts->path_count++ == 0) {
		shifts->constant = calloc(way->count ? way->count : 1, sizeof(*shifts->constant));
		if (!shifts->constant)
			return err_memory(err);
		for (uint32_t i = 0; i < way->count; i++)
			shifts->constant[shifts->constant_count++] = way->hops[i].asn;
		return 0;
	}
	for (uint32_t i = 0; i < shifts->constant_count; i++) {
		for (uint32_t k = 0; k < way->count; k++) {
			if (way->hops[k].asn != shifts->constant[i])
				continue;
			shifts->constant[kept++] = shifts->constant[i];
			break;
		}
	}
	shifts->constant_count = kept;
	return 0;
}

static bool is_subject(const struct shifts *shifts, uint32_t vantage, uint32_t path)
{
	return !shifts->question->asn || (path != PATH_NONE &&
		table_path_origin(shifts->view->table, vantage, path) == shifts->question->asn);
}

/*
 * The routes as they are when the time asked about begins. `step` is in the view already: what it
 * replaced was there too.
 */
static int begin(struct shifts *shifts, const struct history_step *step, struct err *err)
{
	const struct routes_view *view = shifts->view;
	int code = 0;

	shifts->begun = true;
	if (step && step->before != PATH_NONE && is_subject(shifts, step->vantage, step->before))
		code = path_note(shifts, step->vantage, step->before, err);
	for (uint32_t vantage = 0; vantage < view->row_count; vantage++) {
		for (uint32_t at = 0; at < view->network_count && view->rows[vantage] && code == 0;
		     at++) {
			uint32_t path = routes_view_get(view, vantage, at);

			if (path != PATH_NONE && is_subject(shifts, vantage, path))
				code = path_note(shifts, vantage, path, err);
		}
	}
	return code;
}

static int compare_rank(const void *a, const void *b)
{
	const struct shift *left = &((const struct group *)a)->what,
			   *right = &((const struct group *)b)->what;

	if (left->routes != right->routes)
		return left->routes > right->routes ? -1 : 1;
	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->role != right->role)
		return left->role < right->role ? -1 : 1;
	if (left->at != right->at)
		return left->at < right->at ? -1 : 1;
	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return left->to < right->to ? -1 : left->to > right->to;
}

static void over_cut(struct shifts *shifts)
{
	if (shifts->over_count)
		qsort(shifts->over, shifts->over_count, sizeof(*shifts->over), compare_rank);
	while (shifts->over_count > SHIFTS_MAX) {
		group_free(&shifts->over[--shifts->over_count]);
		shifts->left_out++;
	}
}

/* The group takes no more. */
static int group_end(struct shifts *shifts, struct group *group, struct err *err)
{
	int code = VEC_GROW(shifts->over, shifts->over_count, shifts->over_room, err);

	if (code)
		return code;
	map_free(&group->networks);
	shifts->over[shifts->over_count++] = *group;
	*group = (struct group){ .peers = NULL };
	if (shifts->over_count == 2 * SHIFTS_MAX)
		over_cut(shifts);
	return 0;
}

static bool group_is(const struct group *group, const struct shift *what)
{
	return group->what.kind == what->kind && group->what.role == what->role &&
	       group->what.at == what->at && group->what.from == what->from &&
	       group->what.to == what->to;
}

static uint64_t group_key(const struct shift *what)
{
	const uint32_t parts[] = { what->kind, what->role, what->at, what->from, what->to };

	return map_hash_bytes(parts, sizeof(parts));
}

/*
 * Ends the groups that nothing can be added to any more: a loss is told burst-gap after it
 * happened.
 */
static int sweep(struct shifts *shifts, int64_t now, struct err *err)
{
	uint32_t kept = 0;
	int code = 0;

	map_free(&shifts->open_by_key);
	for (uint32_t i = 0; i < shifts->open_count && code == 0; i++) {
		struct group *group = &shifts->open[i];
		uint64_t key = group_key(&group->what);

		if (now - group->what.last > 2 * shifts->gap) {
			code = group_end(shifts, group, err);
			continue;
		}
		while (map_get(&shifts->open_by_key, key) != MAP_NONE)
			key++;
		if (map_put(&shifts->open_by_key, key, kept) != 0)
			code = err_memory(err);
		if (kept != i) {
			shifts->open[kept] = *group;
			*group = (struct group){ .peers = NULL };
		}
		kept++;
	}
	if (code)
		return code;
	shifts->open_count = kept;
	shifts->sweep_at = 2 * kept > SWEEP_MIN ? 2 * kept : SWEEP_MIN;
	return 0;
}

static int group_find(struct shifts *shifts, const struct shift *what, struct group **ret_group,
		      struct err *err)
{
	uint64_t key = group_key(what);
	uint32_t number = map_get(&shifts->open_by_key, key);
	struct group *group;
	int code = 0;

	while (number != MAP_NONE && !group_is(&shifts->open[number], what))
		number = map_get(&shifts->open_by_key, ++key);
	if (number == MAP_NONE) {
		code = VEC_GROW(shifts->open, shifts->open_count, shifts->open_room, err);
		if (code)
			return code;
		if (map_put(&shifts->open_by_key, key, shifts->open_count) != 0)
			return err_memory(err);
		number = shifts->open_count++;
		shifts->open[number] = (struct group){ .what = *what };
	}
	group = &shifts->open[number];
	if (group->what.routes && what->first - group->what.last > shifts->gap)
		code = group_end(shifts, group, err);
	if (group->what.routes == 0)
		group->what = *what;
	*ret_group = group;
	return code;
}

static int peer_note(struct group *group, uint32_t asn, struct err *err)
{
	uint32_t low = 0, high = group->what.peers;
	int code;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (group->peers[middle] < asn)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < group->what.peers && group->peers[low] == asn)
		return 0;
	code = VEC_GROW(group->peers, group->what.peers, group->peer_room, err);
	if (code)
		return code;
	memmove(&group->peers[low + 1], &group->peers[low],
		(group->what.peers - low) * sizeof(*group->peers));
	group->peers[low] = asn;
	group->what.peers++;
	return 0;
}

/* The ASes from `tail` on, as far as all changes of the group have them. */
static int behind_note(struct group *group, const struct way *way, uint32_t tail, struct err *err)
{
	uint32_t count = way->count - tail, i = 0;

	if (group->what.routes == 0) {
		group->behind = calloc(count ? count : 1, sizeof(*group->behind));
		if (!group->behind)
			return err_memory(err);
		for (; i < count; i++)
			group->behind[i] = way->hops[tail + i].asn;
	} else {
		while (i < count && i < group->behind_count &&
		       group->behind[i] == way->hops[tail + i].asn)
			i++;
	}
	group->behind_count = i;
	return 0;
}

/* One change of one route; `way` from `tail` on is what is behind it. */
static int item_add(struct shifts *shifts, const struct shift *what,
		    const struct history_step *step, const struct way *way, uint32_t tail,
		    struct err *err)
{
	uint32_t asn = table_roster(shifts->view->table)->vantages[step->vantage].peer.asn;
	struct group *group = NULL;
	int code = 0;

	if (what->first < shifts->from)
		return 0;
	if (shifts->open_count >= shifts->sweep_at)
		code = sweep(shifts, what->first, err);
	if (code == 0)
		code = group_find(shifts, what, &group, err);
	if (code == 0)
		code = behind_note(group, way, tail, err);
	if (code == 0)
		code = peer_note(group, asn, err);
	if (code)
		return code;
	if (group->what.routes++ == 0) {
		group->network = step->network;
		group->vantage = step->vantage;
		group->before = step->before;
		group->after = step->after;
	}
	group->what.last = what->first;
	if (map_get(&group->networks, step->network) == MAP_NONE) {
		group->what.networks++;
		if (map_put(&group->networks, step->network, 1) != 0)
			return err_memory(err);
	}
	return 0;
}

struct edge {
	uint32_t from, to;	/* 0: there is none */
};

static struct edge edge_of(const struct shifts *shifts, const struct way *way)
{
	struct edge edge = { 0, 0 };

	if (shifts->question->country == COUNTRY_UNKNOWN ||
	    !upstreams_gateway(shifts->countries, shifts->question->country, way->hops, way->count,
			       way->own, &edge.from, &edge.to))
		return (struct edge){ 0, 0 };
	return edge;
}

/* A whole route comes or goes: told by where it enters the country, else by its upstream. */
static int whole_add(struct shifts *shifts, enum shift_kind kind, const struct history_step *step,
		     const struct way *way, struct err *err)
{
	struct edge edge = edge_of(shifts, way);
	struct shift what = {
		.first = step->time, .last = step->time, .kind = kind, .role = SHIFT_UPSTREAM,
	};
	uint32_t tail = way->count - 1, other;

	if (edge.from) {
		while (tail > 1 &&
		       !(way->hops[tail].asn == edge.to && way->hops[tail - 1].asn == edge.from))
			tail--;
		what.role = tail == way->count - 1 ? SHIFT_UPSTREAM : SHIFT_GATEWAY;
	}
	what.at = way->hops[tail].asn;
	other = tail > 0 ? way->hops[tail - 1].asn : 0;
	if (kind == SHIFT_LOST)
		what.from = other;
	else
		what.to = other;
	return item_add(shifts, &what, step, way, tail, err);
}

static bool same_hop(const struct path_hop *a, const struct path_hop *b)
{
	return a->asn == b->asn && a->segment == b->segment && a->joined == b->joined;
}

/* shifts->before and shifts->after are the two ways. */
static int replaced_add(struct shifts *shifts, const struct history_step *step, struct err *err)
{
	const struct way *before = &shifts->before, *after = &shifts->after;
	struct shift what = { .first = step->time, .last = step->time, .kind = SHIFT_REPLACED };
	uint32_t alike = 0, old, new;

	while (alike < before->count && alike < after->count &&
	       same_hop(&before->hops[before->count - 1 - alike],
			&after->hops[after->count - 1 - alike]))
		alike++;
	if (alike == before->count && alike == after->count)
		return 0;	/* only prepending changed */
	old = before->count - alike;
	new = after->count - alike;
	what.at = alike ? after->hops[new].asn : 0;
	what.from = old ? before->hops[old - 1].asn : 0;
	what.to = new ? after->hops[new - 1].asn : 0;
	if (alike == 0) {
		what.role = SHIFT_ORIGIN;
	} else if (alike == 1) {
		what.role = SHIFT_UPSTREAM;
	} else {
		struct edge left = edge_of(shifts, before), right = edge_of(shifts, after);

		what.role = left.from == right.from && left.to == right.to ? SHIFT_FARTHER
									   : SHIFT_GATEWAY;
	}
	return item_add(shifts, &what, step, after, new, err);
}

/* Withdrawals that no announcement followed become losses. */
static int queue_expire(struct shifts *shifts, int64_t now, struct err *err)
{
	int code = 0;

	while (shifts->queue_head < shifts->queue_count && code == 0) {
		struct withdrawn *entry = &shifts->queue[shifts->queue_head];
		struct history_step step = {
			.time = entry->time, .network = entry->network, .vantage = entry->vantage,
			.before = entry->path, .after = PATH_NONE,
		};
		uint64_t key = key_of(entry->vantage, entry->network);

		if (now - entry->time <= shifts->gap)
			break;
		shifts->queue_head++;
		if (map_get(&shifts->waiting, key) != entry->number)
			continue;
		map_remove(&shifts->waiting, key);
		way_read(shifts, step.vantage, step.before, &shifts->before);
		if (shifts->before.count)
			code = whole_add(shifts, SHIFT_LOST, &step, &shifts->before, err);
	}
	if (shifts->queue_head > 1024 && shifts->queue_head > shifts->queue_count / 2) {
		shifts->queue_count -= shifts->queue_head;
		memmove(shifts->queue, shifts->queue + shifts->queue_head,
			shifts->queue_count * sizeof(*shifts->queue));
		shifts->queue_head = 0;
	}
	return code;
}

static int withdrawal_take(struct shifts *shifts, const struct history_step *step, struct err *err)
{
	uint64_t key = key_of(step->vantage, step->network);
	uint32_t number = shifts->withdrawals;
	int code = VEC_GROW(shifts->queue, shifts->queue_count, shifts->queue_room, err);

	if (code)
		return code;
	shifts->withdrawals = number + 1 == MAP_NONE ? 0 : number + 1;
	shifts->queue[shifts->queue_count++] = (struct withdrawn){
		step->time, step->vantage, step->network, step->before, number };
	if (map_put(&shifts->waiting, key, number) != 0 ||
	    map_put(&shifts->gone, key, step->before) != 0)
		return err_memory(err);
	return 0;
}

/* Where no route was: it comes back, by the same path or another, or is new. */
static int arrival_take(struct shifts *shifts, const struct history_step *step, struct err *err)
{
	uint64_t key = key_of(step->vantage, step->network);
	uint32_t before = map_get(&shifts->gone, key);
	bool at_once = map_remove(&shifts->waiting, key);
	struct history_step whole = *step;

	map_remove(&shifts->gone, key);
	if (!step->heard || (before == MAP_NONE && (at_once || !step->live)))
		return 0;
	way_read(shifts, step->vantage, step->after, &shifts->after);
	if (shifts->after.count == 0)
		return 0;
	if (!at_once)
		return whole_add(shifts, SHIFT_GAINED, step, &shifts->after, err);
	whole.before = before;
	way_read(shifts, step->vantage, before, &shifts->before);
	return replaced_add(shifts, &whole, err);
}

static int step_take(void *context, const struct history_step *step, struct err *err)
{
	struct shifts *shifts = context;
	int code = 0;

	if (!shifts->begun && step->time >= shifts->from)
		code = begin(shifts, step, err);
	if (code == 0)
		code = queue_expire(shifts, step->time, err);
	if (code || (!is_subject(shifts, step->vantage, step->before) &&
		     !is_subject(shifts, step->vantage, step->after)))
		return code;
	if (shifts->begun && step->after != PATH_NONE)
		code = path_note(shifts, step->vantage, step->after, err);
	if (code)
		return code;
	if (step->before == PATH_NONE)
		return arrival_take(shifts, step, err);
	if (!step->heard)
		return 0;
	if (step->after == PATH_NONE)
		return withdrawal_take(shifts, step, err);
	way_read(shifts, step->vantage, step->before, &shifts->before);
	way_read(shifts, step->vantage, step->after, &shifts->after);
	return replaced_add(shifts, step, err);
}

/* What was withdrawn before the session was lost stays lost; what it announces anew is no news. */
static int cleared_take(void *context, uint32_t vantage, struct err *err)
{
	struct shifts *shifts = context;

	(void)err;
	for (uint32_t i = 0; i < shifts->view->network_count && shifts->gone.count; i++)
		map_remove(&shifts->gone, key_of(vantage, i));
	return 0;
}

struct history_sink shifts_sink(struct shifts *shifts)
{
	return (struct history_sink){ shifts, step_take, cleared_take };
}

static const char *path_text(struct shifts *shifts, uint32_t vantage, uint32_t path)
{
	struct buf buf = { 0 };
	const char *text;

	way_read(shifts, vantage, path, &shifts->before);
	upstreams_hops_format(shifts->before.hops, shifts->before.count, &buf);
	text = buf.failed ? NULL : arena_strndup(&shifts->arena, buf.len ? buf.data : "", buf.len);
	buf_free(&buf);
	return text;
}

static int texts_make(struct shifts *shifts, struct group *group, struct err *err)
{
	struct shift *what = &group->what;
	struct buf buf = { 0 };

	for (uint32_t i = 0; i < group->behind_count; i++) {
		if (i)
			buf_char(&buf, ' ');
		buf_u64(&buf, group->behind[i]);
	}
	what->behind = buf.failed ? NULL
				  : arena_strndup(&shifts->arena, buf.len ? buf.data : "", buf.len);
	buf_free(&buf);
	what->before = path_text(shifts, group->vantage, group->before);
	what->after = path_text(shifts, group->vantage, group->after);
	what->network = table_network(shifts->view->table, shifts->view->networks[group->network]);
	what->peer_asns = group->peers;
	return what->behind && what->before && what->after ? 0 : err_memory(err);
}

static int compare_time(const void *a, const void *b)
{
	const struct shift *left = &((const struct group *)a)->what,
			   *right = &((const struct group *)b)->what;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	if (left->last != right->last)
		return left->last < right->last ? -1 : 1;
	return compare_rank(a, b);
}

int shifts_finish(struct shifts *shifts, int64_t end, struct err *err)
{
	int code = shifts->begun ? 0 : begin(shifts, NULL, err);

	if (code == 0)
		code = queue_expire(shifts, end, err);
	for (uint32_t i = 0; i < shifts->open_count && code == 0; i++)
		code = group_end(shifts, &shifts->open[i], err);
	if (code)
		return code;
	shifts->open_count = 0;
	over_cut(shifts);
	if (shifts->over_count)
		qsort(shifts->over, shifts->over_count, sizeof(*shifts->over), compare_time);
	for (uint32_t i = 0; i < shifts->over_count && code == 0; i++)
		code = texts_make(shifts, &shifts->over[i], err);
	return code;
}

uint32_t shifts_count(const struct shifts *shifts)
{
	return shifts->over_count;
}

const struct shift *shifts_at(const struct shifts *shifts, uint32_t i)
{
	return &shifts->over[i].what;
}

uint32_t shifts_left_out(const struct shifts *shifts)
{
	return shifts->left_out;
}

uint32_t shifts_constant(const struct shifts *shifts, const uint32_t **ret_asns,
			 uint32_t *ret_paths)
{
	*ret_asns = shifts->constant;
	*ret_paths = shifts->path_count;
	return shifts->constant_count;
}
