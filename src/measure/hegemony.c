/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Peer AS by peer AS: the weights of the subject's networks are first summed by path, then each
 * distinct path is taken apart once and its sum given to every AS it crosses. What comes of it, a
 * list of (AS, share as one peer AS sees it), is sorted, and each AS's stretch of it is its row;
 * peer ASes that see nothing through it are the zeros before that stretch.
 */
#include "measure/hegemony.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define HOPS_ROOM	1024u
/* Weights in these parts of a unit, so that an AS set can share one. */
#define WEIGHT_PARTS	65536u
/* Shares in thousandths of a part per million: what is rounded is below the last digit shown. */
#define SHARE_PARTS	(PPM * 1000ull)

struct item {
	uint64_t key;		/* prefix_to_key */
	uint32_t at;		/* in the view */
	uint64_t weight;
	bool counted;		/* in the view's totals */
};

struct path_weight {
	uint32_t vantage, path;
	uint64_t weight;
};

struct crossing {
	uint32_t asn;
	uint64_t share;		/* in SHARE_PARTS */
};

struct work {
	const struct table *table;
	const struct routes_view *routes;
	const struct upstreams_question *question;
	enum hegemony_weight by;
	const struct measure_parameters *parameters;
	enum family family;
	struct hegemony_view *view;
	struct hegemony *into;
	struct item *items;
	uint32_t item_count;
	struct map viewpoints;		/* peer ASes that counted */
	struct path_weight *paths;
	uint32_t path_count, path_room;
	struct crossing *crossings;
	uint32_t crossing_count, crossing_room;
	struct path_hop hops[HOPS_ROOM];
};

static int compare_items(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

/*
 * Each block belongs to the most specific network around it: in the order of address, the shorter
 * first, what a network has of its own is what the networks directly inside it leave.
 */
static void weights_by_space(struct item *items, uint32_t count)
{
	uint32_t open[129];
	uint32_t depth = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct prefix prefix = prefix_from_key(items[i].key);

		items[i].weight = prefix_blocks(&prefix);
		while (depth > 0) {
			struct prefix outer = prefix_from_key(items[open[depth - 1]].key);

			if (prefix_contains(&outer, &prefix))
				break;
			depth--;
		}
		if (depth > 0)
			items[open[depth - 1]].weight -= items[i].weight;
		open[depth++] = i;
	}
}

static bool is_held(const struct work *work, uint32_t at)
{
	if (!work->routes->rows)
		return table_network_held(work->table, work->routes->networks[at]);
	for (uint32_t vantage = 0; vantage < work->routes->row_count; vantage++) {
		if (routes_view_get(work->routes, vantage, at) != PATH_NONE)
			return true;
	}
	return false;
}

static int items_collect(struct work *work, struct err *err)
{
	uint32_t count = work->routes->network_count;

	work->items = calloc(count ? count : 1, sizeof(*work->items));
	if (!work->items)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		struct prefix prefix = table_network(work->table, work->routes->networks[i]);

		if (prefix.family == work->family && is_held(work, i))
			work->items[work->item_count++] = (struct item){
				.key = prefix_to_key(&prefix), .at = i, .weight = 1
			};
	}
	qsort(work->items, work->item_count, sizeof(*work->items), compare_items);
	if (work->by == WEIGHT_SPACE)
		weights_by_space(work->items, work->item_count);
	return 0;
}

/* The path by which the peer AS holds the network: its first vantage point's that has one. */
static uint32_t route_of(const struct work *work, const uint32_t *vantages, uint32_t count,
			 uint32_t at, uint32_t *ret_vantage)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t path = routes_view_get(work->routes, vantages[i], at);

		if (path == PATH_NONE)
			continue;
		if (work->question->asn &&
		    table_path_origin(work->table, vantages[i], path) != work->question->asn)
			continue;
		*ret_vantage = vantages[i];
		return path;
	}
	return PATH_NONE;
}

/* The weights of one peer AS's paths; *ret_whole is what it reaches at all. */
static int paths_weigh(struct work *work, const uint32_t *vantages, uint32_t count,
		       uint64_t *ret_whole, struct err *err)
{
	struct map seen = { 0 };
	int code = 0;

	work->path_count = 0;
	*ret_whole = 0;
	for (uint32_t i = 0; i < work->item_count && code == 0; i++) {
		struct item *item = &work->items[i];
		uint32_t vantage = 0, number;
		uint32_t path = route_of(work, vantages, count, item->at, &vantage);
		uint64_t key = (uint64_t)vantage << 32 | path;

		if (path == PATH_NONE)
			continue;
		if (!item->counted) {
			item->counted = true;
			work->view->networks++;
			work->view->weight += item->weight;
		}
		*ret_whole += item->weight;
		number = map_get(&seen, key);
		if (number == MAP_NONE) {
			code = VEC_GROW(work->paths, work->path_count, work->path_room, err);
			if (code)
				break;
			number = work->path_count++;
			work->paths[number] = (struct path_weight){ vantage, path, 0 };
			code = map_put(&seen, key, number) ? err_memory(err) : 0;
		}
		work->paths[number].weight += item->weight;
	}
	map_free(&seen);
	return code;
}

static uint32_t set_size(const struct path_hop *hops, uint32_t count, uint32_t at)
{
	uint32_t first = at, last = at;

	while (first > 0 && hops[first].joined)
		first--;
	while (last + 1 < count && hops[last + 1].joined)
		last++;
	return last - first + 1;
}

static bool is_earlier(const struct path_hop *hops, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++) {
		if (hops[i].asn == hops[at].asn)
			return true;
	}
	return false;
}

/* Gives the path's weight to what it crosses: not the vantage point's own AS, not the origin. */
static int path_split(struct work *work, const struct path_weight *path, struct map *sum_of,
		      struct err *err)
{
	uint32_t count = table_path_hops(work->table, path->vantage, path->path, work->hops,
					 HOPS_ROOM);
	uint32_t origin = table_path_origin(work->table, path->vantage, path->path);
	uint32_t own = table_roster(work->table)->vantages[path->vantage].peer.asn;
	int code = 0;

	if (count > HOPS_ROOM)
		count = HOPS_ROOM;
	for (uint32_t i = 0; i < count && code == 0; i++) {
		uint32_t asn = work->hops[i].asn, number;
		uint64_t weight = path->weight * WEIGHT_PARTS / set_size(work->hops, count, i);

		if (asn == own || asn == origin || is_earlier(work->hops, i))
			continue;
		number = map_get(sum_of, asn);
		if (number == MAP_NONE) {
			code = VEC_GROW(work->crossings, work->crossing_count, work->crossing_room,
					err);
			if (code)
				break;
			number = work->crossing_count++;
			work->crossings[number] = (struct crossing){ .asn = asn };
			code = map_put(sum_of, asn, number) ? err_memory(err) : 0;
		}
		work->crossings[number].share += weight;
	}
	return code;
}

static int viewpoint_take(struct work *work, uint32_t asn, const uint32_t *vantages, uint32_t count,
			  struct err *err)
{
	uint32_t first = work->crossing_count;
	struct map sum_of = { 0 };
	uint64_t whole = 0;
	int code = paths_weigh(work, vantages, count, &whole, err);

	for (uint32_t i = 0; i < work->path_count && code == 0; i++)
		code = path_split(work, &work->paths[i], &sum_of, err);
	map_free(&sum_of);
	if (code || whole == 0) {
		work->crossing_count = first;
		return code;
	}
	for (uint32_t i = first; i < work->crossing_count; i++) {
		unsigned __int128 part = (unsigned __int128)work->crossings[i].share * SHARE_PARTS;

		work->crossings[i].share = (uint64_t)(part / whole / WEIGHT_PARTS);
	}
	work->view->peers++;
	return map_put(&work->viewpoints, asn, 1) ? err_memory(err) : 0;
}

/* Every peer AS once, with all of its vantage points that count. */
static int viewpoints_take(struct work *work, struct err *err)
{
	const struct roster *roster = table_roster(work->table);
	uint32_t *vantages = calloc(roster->count ? roster->count : 1, sizeof(*vantages));
	bool *done = calloc(roster->count ? roster->count : 1, sizeof(*done));
	int code = vantages && done ? 0 : err_memory(err);

	for (uint32_t i = 0; i < roster->count && !work->view->full_feeds; i++)
		work->view->full_feeds = routes_view_full(work->routes, i, work->family);
	for (uint32_t i = 0; i < roster->count && code == 0; i++) {
		uint32_t asn = roster->vantages[i].peer.asn, count = 0;

		for (uint32_t k = i; k < roster->count && !done[i]; k++) {
			if (roster->vantages[k].peer.asn != asn ||
			    (work->view->full_feeds &&
			     !routes_view_full(work->routes, k, work->family)))
				continue;
			done[k] = true;
			vantages[count++] = k;
		}
		if (count)
			code = viewpoint_take(work, asn, vantages, count, err);
	}
	free(vantages);
	free(done);
	return code;
}

static int compare_crossings(const void *a, const void *b)
{
	const struct crossing *left = a, *right = b;

	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return left->share < right->share ? -1 : left->share > right->share;
}

static uint32_t trim_of(const struct work *work, uint32_t peers)
{
	return (uint32_t)((uint64_t)peers * work->parameters->hegemony_trim / PPM);
}

/* The row of one AS, from its shares in rising order. */
static int row_add(struct work *work, const struct crossing *shares, uint32_t count,
		   struct err *err)
{
	uint32_t peers = work->view->peers, trim, zeros;
	uint64_t all = 0, middle = 0;
	int code = VEC_GROW(work->into->rows, work->into->count, work->into->room, err);

	if (code)
		return code;
	if (map_get(&work->viewpoints, shares[0].asn) != MAP_NONE && peers > 1)
		peers--;
	trim = trim_of(work, peers);
	zeros = peers - count;
	for (uint32_t i = 0; i < count; i++) {
		all += shares[i].share;
		if (zeros + i >= trim && zeros + i < peers - trim)
			middle += shares[i].share;
	}
	work->into->rows[work->into->count++] = (struct hegemony_row){
		.family = work->family, .asn = shares[0].asn, .peers = count,
		.share = ppm_of(all, peers * SHARE_PARTS),
		.hegemony = work->view->measurable ?
			ppm_of(middle, (peers - 2 * trim) * SHARE_PARTS) : 0,
	};
	return 0;
}

static int rows_make(struct work *work, struct err *err)
{
	struct hegemony_view *view = work->view;
	int code = 0;

	view->measurable = view->full_feeds && view->peers >= work->parameters->hegemony_peers &&
			   2 * trim_of(work, view->peers - 1) < view->peers - 1;
	view->trimmed = view->measurable ? trim_of(work, view->peers) : 0;
	if (work->crossing_count)
		qsort(work->crossings, work->crossing_count, sizeof(*work->crossings),
		      compare_crossings);
	for (uint32_t i = 0, end; i < work->crossing_count && code == 0; i = end) {
		for (end = i + 1; end < work->crossing_count &&
		     work->crossings[end].asn == work->crossings[i].asn; end++)
			;
		code = row_add(work, &work->crossings[i], end - i, err);
	}
	return code;
}

static int compare_rows(const void *a, const void *b)
{
	const struct hegemony_row *left = a, *right = b;

	if (left->family != right->family)
		return left->family < right->family ? -1 : 1;
	if (left->hegemony != right->hegemony)
		return left->hegemony > right->hegemony ? -1 : 1;
	if (left->share != right->share)
		return left->share > right->share ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

static void work_free(struct work *work)
{
	map_free(&work->viewpoints);
	free(work->items);
	free(work->paths);
	free(work->crossings);
	free(work);
}

int hegemony_of(const struct routes_view *view, const struct upstreams_question *question,
		enum hegemony_weight weight, const struct measure_parameters *parameters,
		struct hegemony *ret_hegemony, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct hegemony hegemony = { 0 };
	int code = 0;

	for (unsigned i = 0; i < 2 && code == 0; i++) {
		struct work *work = calloc(1, sizeof(*work));

		if (!work) {
			code = err_memory(err);
			break;
		}
		work->table = view->table;
		work->routes = view;
		work->question = question;
		work->by = weight;
		work->parameters = parameters;
		work->family = families[i];
		work->view = &hegemony.views[i];
		work->into = &hegemony;
		code = items_collect(work, err);
		if (code == 0)
			code = viewpoints_take(work, err);
		if (code == 0)
			code = rows_make(work, err);
		work_free(work);
	}
	if (code) {
		hegemony_free(&hegemony);
		return code;
	}
	if (hegemony.count)
		qsort(hegemony.rows, hegemony.count, sizeof(*hegemony.rows), compare_rows);
	*ret_hegemony = hegemony;
	return 0;
}

int hegemony_take(const struct survey *survey, const struct upstreams_question *question,
		  enum hegemony_weight weight, const struct measure_parameters *parameters,
		  struct hegemony *ret_hegemony, struct err *err)
{
	struct routes_view view = { .table = survey_table(survey) };
	uint32_t *networks = NULL;
	int code = upstreams_networks(survey, question, &networks, &view.network_count, err);

	view.networks = networks;
	if (code == 0)
		code = hegemony_of(&view, question, weight, parameters, ret_hegemony, err);
	free(networks);
	return code;
}

void hegemony_free(struct hegemony *hegemony)
{
	free(hegemony->rows);
	*hegemony = (struct hegemony){ 0 };
}
