/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The graph is made once of every distinct path; a cut then costs one spreading of bits over it for every 64 peer
 * ASes, and a look at each route. Whether a path crosses the cut is remembered by path.
 */
#include "measure/cut.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

#define HOPS_ROOM 1024u
#define GROUP 64u		/* peer ASes that one word of bits takes */

struct viewpoint {
	uint32_t asn;
	uint32_t as;			/* in the graph */
	uint32_t *vantages;
	uint32_t vantage_count, vantage_room;
	bool full4, full6;
};

struct cut {
	const struct survey *survey;
	const struct table *table;
	const struct measure_parameters *parameters;
	struct graph *graph;
	struct viewpoint *viewpoints;
	uint32_t count, room;
	uint32_t *asns;			/* of a path taken apart: HOPS_ROOM */
	struct path_hop *hops;		/* HOPS_ROOM */
};

/* The hops as AS numbers, prepending folded, up to the first set. */
static uint32_t path_read(const struct cut *cut, uint32_t vantage, uint32_t path, uint32_t *asns)
{
	uint32_t count = table_path_hops(cut->table, vantage, path, cut->hops, HOPS_ROOM), kept = 0;

	for (uint32_t i = 0; i < count && i < HOPS_ROOM; i++) {
		if (cut->hops[i].segment != AS_SEQUENCE)
			break;
		if (kept == 0 || asns[kept - 1] != cut->hops[i].asn)
			asns[kept++] = cut->hops[i].asn;
	}
	return kept;
}

static int viewpoint_find(struct cut *cut, uint32_t asn, struct viewpoint **ret_viewpoint, struct err *err)
{
	int code;

	for (uint32_t i = 0; i < cut->count; i++) {
		if (cut->viewpoints[i].asn == asn) {
			*ret_viewpoint = &cut->viewpoints[i];
			return 0;
		}
	}
	code = VEC_GROW(cut->viewpoints, cut->count, cut->room, err);
	if (code)
		return code;
	cut->viewpoints[cut->count] = (struct viewpoint){ .asn = asn, .as = GRAPH_NONE };
	*ret_viewpoint = &cut->viewpoints[cut->count++];
	return 0;
}

static int viewpoints_find(struct cut *cut, struct err *err)
{
	const struct roster *roster = table_roster(cut->table);
	int code = 0;

	for (uint32_t i = 0; i < roster->count && code == 0; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];
		struct viewpoint *viewpoint = NULL;

		if (!vantage->held_ever)
			continue;
		code = viewpoint_find(cut, vantage->peer.asn, &viewpoint, err);
		if (code == 0)
			code = VEC_GROW(viewpoint->vantages, viewpoint->vantage_count, viewpoint->vantage_room, err);
		if (code)
			break;
		viewpoint->vantages[viewpoint->vantage_count++] = i;
		viewpoint->full4 |= vantage->full4;
		viewpoint->full6 |= vantage->full6;
	}
	return code;
}

static int vantage_paths(struct cut *cut, uint32_t vantage, struct err *err)
{
	uint32_t networks = table_network_count(cut->table);
	struct map seen = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < networks && code == 0; i++) {
		uint32_t path = table_route(cut->table, vantage, i);

		if (path == PATH_NONE || map_get(&seen, path) != MAP_NONE)
			continue;
		code = map_put(&seen, path, 1) ? err_memory(err) : 0;
		if (code == 0)
			code = graph_path(cut->graph, cut->asns, path_read(cut, vantage, path, cut->asns), err);
	}
	map_free(&seen);
	return code;
}

int cut_new(const struct survey *survey, const struct relations *relations,
	    const struct measure_parameters *parameters, struct cut **ret_cut, struct err *err)
{
	struct cut *cut = calloc(1, sizeof(*cut));
	int code;

	if (!cut)
		return err_memory(err);
	cut->survey = survey;
	cut->table = survey_table(survey);
	cut->parameters = parameters;
	cut->asns = calloc(HOPS_ROOM, sizeof(*cut->asns));
	cut->hops = calloc(HOPS_ROOM, sizeof(*cut->hops));
	code = cut->asns && cut->hops ? graph_new(&cut->graph, err) : err_memory(err);
	if (code == 0)
		code = viewpoints_find(cut, err);
	for (uint32_t i = 0; i < table_roster(cut->table)->count && code == 0; i++)
		code = vantage_paths(cut, i, err);
	if (code == 0 && relations)
		code = relations_state(relations, cut->graph, err);
	if (code == 0)
		code = graph_ready(cut->graph, err);
	for (uint32_t i = 0; i < cut->count && code == 0; i++)
		cut->viewpoints[i].as = graph_find(cut->graph, cut->viewpoints[i].asn);
	if (code)
		cut_free(cut);
	else
		*ret_cut = cut;
	return code;
}

void cut_free(struct cut *cut)
{
	if (!cut)
		return;
	for (uint32_t i = 0; i < cut->count; i++)
		free(cut->viewpoints[i].vantages);
	graph_free(cut->graph);
	free(cut->viewpoints);
	free(cut->asns);
	free(cut->hops);
	free(cut);
}

const struct graph *cut_graph(const struct cut *cut)
{
	return cut->graph;
}

uint32_t cut_peers(const struct cut *cut)
{
	return cut->count;
}

static bool path_crosses(const struct cut *cut, const struct graph_cut *what, uint32_t vantage, uint32_t path)
{
	uint32_t count = table_path_hops(cut->table, vantage, path, cut->hops, HOPS_ROOM);

	for (uint32_t i = 0; i < count && i < HOPS_ROOM; i++) {
		uint32_t asn = cut->hops[i].asn, before = i ? cut->hops[i - 1].asn : 0;

		if (what->b == 0 ? asn == what->a
				 : (asn == what->a && before == what->b) || (asn == what->b && before == what->a))
			return true;
	}
	return false;
}

/* One cut under way: bits of all peer ASes for every AS, and which paths cross. */
struct making {
	const struct cut *cut;
	const struct graph_cut *what;
	struct graph_reach *reaches;	/* one for every GROUP */
	uint32_t reach_count;
	struct map crosses;		/* (vantage, path) */
	struct cut_result result;
};

static int making_begin(struct making *making, struct err *err)
{
	const struct cut *cut = making->cut;
	uint32_t groups = (cut->count + GROUP - 1) / GROUP;
	int code = 0;

	making->reaches = calloc(groups ? groups : 1, sizeof(*making->reaches));
	if (!making->reaches)
		return err_memory(err);
	for (uint32_t i = 0; i < groups && code == 0; i++) {
		uint32_t from[GROUP], count = 0;

		for (uint32_t k = i * GROUP; k < cut->count && count < GROUP; k++)
			from[count++] = cut->viewpoints[k].as;
		code = graph_reach_new(cut->graph, &making->reaches[i], err);
		if (code)
			break;
		making->reach_count = i + 1;
		graph_reach(cut->graph, making->what, from, count, &making->reaches[i]);
	}
	return code;
}

static void making_end(struct making *making)
{
	for (uint32_t i = 0; i < making->reach_count; i++)
		graph_reach_free(&making->reaches[i]);
	free(making->reaches);
	map_free(&making->crosses);
}

static int crosses_known(struct making *making, uint32_t vantage, uint32_t path, bool *ret_crosses, struct err *err)
{
	uint64_t key = (uint64_t)vantage << 32 | path;
	uint32_t known = map_get(&making->crosses, key);

	if (known != MAP_NONE) {
		*ret_crosses = known != 0;
		return 0;
	}
	*ret_crosses = path_crosses(making->cut, making->what, vantage, path);
	return map_put(&making->crosses, key, *ret_crosses) ? err_memory(err) : 0;
}

static bool is_reached(const struct making *making, uint32_t viewpoint, uint32_t origin)
{
	uint32_t as = origin ? graph_find(making->cut->graph, origin) : GRAPH_NONE;

	return as != GRAPH_NONE &&
	       (making->reaches[viewpoint / GROUP].reached[as] >> viewpoint % GROUP & 1);
}

/* What peer AS number `number` holds of the network, and keeps. */
static int viewpoint_ask(struct making *making, uint32_t number, uint32_t network, struct cut_network *into,
			 struct err *err)
{
	const struct viewpoint *viewpoint = &making->cut->viewpoints[number];
	const struct table *table = making->cut->table;

	for (uint32_t i = 0; i < viewpoint->vantage_count; i++) {
		uint32_t vantage = viewpoint->vantages[i], path = table_route(table, vantage, network), origin;
		bool crosses = false;
		int code;

		if (path == PATH_NONE)
			continue;
		code = crosses_known(making, vantage, path, &crosses, err);
		if (code)
			return code;
		origin = table_path_origin(table, vantage, path);
		into->peers++;
		into->kept += !crosses || is_reached(making, number, origin);
		if (into->origin == 0)
			into->origin = origin;
		return 0;
	}
	return 0;
}

/* Its origin had several providers and keeps one. */
static bool keeps_one(const struct making *making, uint32_t origin)
{
	static const struct graph_cut nothing = { 0, 0 };
	const struct graph *graph = making->cut->graph;
	uint32_t as = origin ? graph_find(graph, origin) : GRAPH_NONE;

	return as != GRAPH_NONE && origin != making->what->a &&
	       graph_providers(graph, as, making->what) == 1 && graph_providers(graph, as, &nothing) > 1;
}

static int network_ask(struct making *making, uint32_t network, struct err *err)
{
	const struct cut *cut = making->cut;
	bool six = table_network(cut->table, network).family == FAMILY_IPV6;
	struct cut_network asked = { .network = network };
	int code = 0;

	/* Full feeds first; whoever else holds it speaks only where none of those does. */
	for (unsigned pass = 0; pass < 2 && asked.peers == 0; pass++) {
		for (uint32_t i = 0; i < cut->count && code == 0; i++) {
			const struct viewpoint *viewpoint = &cut->viewpoints[i];

			if ((six ? viewpoint->full6 : viewpoint->full4) != (pass == 0) ||
			    (making->what->b == 0 && viewpoint->asn == making->what->a))
				continue;
			code = viewpoint_ask(making, i, network, &asked, err);
		}
	}
	if (code || asked.peers == 0)
		return code;
	if (ppm_of(asked.kept, asked.peers) < cut->parameters->threshold)
		asked.fate = CUT_LOST;
	else
		asked.fate = asked.kept < asked.peers ? CUT_PARTLY : CUT_UNTOUCHED;
	asked.one_provider = asked.fate != CUT_LOST && keeps_one(making, asked.origin);
	code = VEC_GROW(making->result.networks, making->result.count, making->result.room, err);
	if (code == 0)
		making->result.networks[making->result.count++] = asked;
	return code;
}

int cut_make(const struct cut *cut, const struct graph_cut *what, country_t country,
	     struct cut_result *ret_result, struct err *err)
{
	struct making making = { .cut = cut, .what = what };
	int code = making_begin(&making, err);

	for (uint32_t i = 0; i < table_network_count(cut->table) && code == 0; i++) {
		if (table_network_held(cut->table, i) &&
		    (country == COUNTRY_UNKNOWN || survey_country(cut->survey, i) == country))
			code = network_ask(&making, i, err);
	}
	making_end(&making);
	if (code)
		cut_result_free(&making.result);
	else
		*ret_result = making.result;
	return code;
}

void cut_result_free(struct cut_result *result)
{
	free(result->networks);
	*result = (struct cut_result){ 0 };
}

struct candidate {
	uint32_t asn;
	uint32_t networks;
	uint32_t stamp;		/* the last network counted, + 1 */
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->networks != right->networks)
		return left->networks > right->networks ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

struct candidates {
	struct map by_asn;
	struct candidate *items;
	uint32_t count, room;
};

static int candidates_add(const struct cut *cut, struct candidates *candidates, uint32_t network, struct err *err)
{
	int code = 0;

	for (uint32_t vantage = 0; vantage < table_roster(cut->table)->count; vantage++) {
		uint32_t path = table_route(cut->table, vantage, network);
		uint32_t count = path == PATH_NONE ? 0 : path_read(cut, vantage, path, cut->asns);

		uint32_t own = table_roster(cut->table)->vantages[vantage].peer.asn;

		for (uint32_t i = 0; i < count; i++) {
			uint32_t number = map_get(&candidates->by_asn, cut->asns[i]);

			if (cut->asns[i] == own)
				continue;

			if (number == MAP_NONE) {
				code = VEC_GROW(candidates->items, candidates->count, candidates->room, err);
				number = candidates->count;
				if (code == 0 && map_put(&candidates->by_asn, cut->asns[i], number))
					code = err_memory(err);
				if (code)
					return code;
				candidates->items[candidates->count++] =
					(struct candidate){ .asn = cut->asns[i] };
			}
			if (candidates->items[number].stamp != network + 1) {
				candidates->items[number].stamp = network + 1;
				candidates->items[number].networks++;
			}
		}
	}
	return 0;
}

static int compare_harms(const void *a, const void *b)
{
	const struct cut_harm *left = a, *right = b;

	if (left->lost != right->lost)
		return left->lost > right->lost ? -1 : 1;
	if (left->partly != right->partly)
		return left->partly > right->partly ? -1 : 1;
	if (left->one_provider != right->one_provider)
		return left->one_provider > right->one_provider ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

static int harm_measure(const struct cut *cut, country_t country, uint32_t asn, struct cut_harm *ret_harm,
			struct err *err)
{
	const struct graph_cut what = { asn, 0 };
	struct cut_result result = { 0 };
	struct cut_harm harm = { .asn = asn };
	int code = cut_make(cut, &what, country, &result, err);

	for (uint32_t i = 0; i < result.count && code == 0; i++) {
		harm.lost += result.networks[i].fate == CUT_LOST;
		harm.partly += result.networks[i].fate == CUT_PARTLY;
		harm.one_provider += result.networks[i].one_provider;
	}
	cut_result_free(&result);
	if (code == 0)
		*ret_harm = harm;
	return code;
}

int cut_worst(const struct cut *cut, country_t country, struct cut_harm *harms, uint32_t room,
	      uint32_t *ret_count, uint32_t *ret_networks, struct err *err)
{
	struct candidates candidates = { 0 };
	struct cut_harm all[CUT_CANDIDATES];
	uint32_t networks = 0, count;
	int code = 0;

	for (uint32_t i = 0; i < table_network_count(cut->table) && code == 0; i++) {
		if (!table_network_held(cut->table, i) || survey_country(cut->survey, i) != country)
			continue;
		networks++;
		code = candidates_add(cut, &candidates, i, err);
	}
	if (code == 0 && candidates.count)
		qsort(candidates.items, candidates.count, sizeof(*candidates.items), compare_candidates);
	count = candidates.count < CUT_CANDIDATES ? candidates.count : CUT_CANDIDATES;
	for (uint32_t i = 0; i < count && code == 0; i++)
		code = harm_measure(cut, country, candidates.items[i].asn, &all[i], err);
	map_free(&candidates.by_asn);
	free(candidates.items);
	if (code)
		return code;
	if (count)
		qsort(all, count, sizeof(*all), compare_harms);
	*ret_count = count < room ? count : room;
	*ret_networks = networks;
	memcpy(harms, all, *ret_count * sizeof(*harms));
	return 0;
}
