/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The graph is made once of every distinct path; a cut then costs one spreading of bits over it for
 * every 64 peer ASes, and a look at each route. Whether a path crosses the cut is remembered by
 * path.
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

static int viewpoint_find(struct cut *cut, uint32_t asn, struct viewpoint **ret_viewpoint,
			  struct err *err)
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
			code = VEC_GROW(viewpoint->vantages, viewpoint->vantage_count,
					viewpoint->vantage_room, err);
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
			code = graph_path(cut->graph, cut->asns,
					  path_read(cut, vantage, path, cut->asns), err);
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

static bool path_crosses(const struct cut *cut, const struct graph_cut *what, uint32_t vantage,
			 uint32_t path)
{
	uint32_t count = table_path_hops(cut->table, vantage, path, cut->hops, HOPS_ROOM);

	for (uint32_t i = 0; i < count && i < HOPS_ROOM; i++) {
		uint32_t asn = cut->hops[i].asn, before = i ? cut->hops[i - 1].asn : 0;

		if (what->b == 0 ? asn == what->a
				 : (asn == what->a && before == what->b) ||
					   (asn == what->b && before == what->a))
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

static int crosses_known(struct making *making, uint32_t vantage, uint32_t path, bool *ret_crosses,
			 struct err *err)
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
static int viewpoint_ask(struct making *making, uint32_t number, uint32_t network,
			 struct cut_network *into, struct err *err)
{
	const struct viewpoint *viewpoint = &making->cut->viewpoints[number];
	const struct table *table = making->cut->table;

	for (uint32_t i = 0; i < viewpoint->vantage_count; i++) {
		uint32_t vantage = viewpoint->vantages[i],
			 path = table_route(table, vantage, network), origin;
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
	       graph_providers(graph, as, making->what) == 1 &&
	       graph_providers(graph, as, &nothing) > 1;
}

static bool is_full(const struct viewpoint *viewpoint, enum family family)
{
	return family == FAMILY_IPV6 ? viewpoint->full6 : viewpoint->full4;
}

/* As the first peer AS with a full feed has it, else the first of all; 0: not told. */
static uint32_t origin_of(const struct cut *cut, uint32_t network)
{
	enum family family = table_network(cut->table, network).family;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < cut->count; i++) {
			const struct viewpoint *viewpoint = &cut->viewpoints[i];

			for (uint32_t k = 0; k < viewpoint->vantage_count &&
					     is_full(viewpoint, family) == (pass == 0);
			     k++) {
				uint32_t vantage = viewpoint->vantages[k],
					 path = table_route(cut->table, vantage, network);
				uint32_t origin = path == PATH_NONE
							  ? 0
							  : table_path_origin(cut->table, vantage,
									      path);

				if (origin)
					return origin;
			}
		}
	}
	return 0;
}

/* ret_asked->peers is 0 where nobody but the cut AS holds the network. */
static int network_ask(struct making *making, uint32_t network, struct cut_network *ret_asked,
		       struct err *err)
{
	const struct cut *cut = making->cut;
	enum family family = table_network(cut->table, network).family;
	struct cut_network asked = { .network = network };
	int code = 0;

	/* Full feeds first; whoever else holds it speaks only where none of those does. */
	for (unsigned pass = 0; pass < 2 && asked.peers == 0; pass++) {
		for (uint32_t i = 0; i < cut->count && code == 0; i++) {
			const struct viewpoint *viewpoint = &cut->viewpoints[i];

			if (is_full(viewpoint, family) != (pass == 0) ||
			    (making->what->b == 0 && viewpoint->asn == making->what->a))
				continue;
			code = viewpoint_ask(making, i, network, &asked, err);
		}
	}
	if (code)
		return code;
	if (asked.peers && ppm_of(asked.kept, asked.peers) < cut->parameters->threshold)
		asked.fate = CUT_LOST;
	else
		asked.fate = asked.kept < asked.peers ? CUT_PARTLY : CUT_UNTOUCHED;
	asked.origin = origin_of(cut, network);
	asked.one_provider = asked.peers && asked.fate != CUT_LOST &&
			     keeps_one(making, asked.origin);
	*ret_asked = asked;
	return 0;
}

static int network_add(struct making *making, uint32_t network, struct err *err)
{
	struct cut_network asked;
	int code = network_ask(making, network, &asked, err);

	if (code || asked.peers == 0)
		return code;
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
			code = network_add(&making, i, err);
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

/*
 * The worst cuts. A network that nobody reaches through an AS fares alike with it and without; but
 * its origin may lose a provider. So each candidate is asked about the networks behind it only, and
 * the rest is counted by origin.
 */
struct candidate {
	uint32_t asn;
	uint32_t networks;
	uint32_t stamp;		/* the last network counted, + 1 */
	uint32_t *behind;	/* networks with a path through it */
	uint32_t behind_count, behind_room;
};

struct origin {
	uint32_t asn;
	uint32_t networks;
};

/* A network that one peer AS alone holds: nothing is known of it when that is cut. */
struct lonely {
	uint32_t network, holder;
};

struct worst {
	const struct cut *cut;
	country_t country;
	struct map by_asn;		/* of candidates */
	struct candidate *candidates;
	uint32_t candidate_count, candidate_room;
	struct map by_origin;
	struct origin *origins;
	uint32_t origin_count, origin_room;
	struct lonely *lonely;
	uint32_t lonely_count, lonely_room;
	uint32_t networks;
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->networks != right->networks)
		return left->networks > right->networks ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

static int candidate_count(struct worst *worst, uint32_t asn, uint32_t network, struct err *err)
{
	uint32_t number = map_get(&worst->by_asn, asn);
	int code = 0;

	if (number == MAP_NONE) {
		code = VEC_GROW(worst->candidates, worst->candidate_count, worst->candidate_room,
				err);
		number = worst->candidate_count;
		if (code == 0 && map_put(&worst->by_asn, asn, number))
			code = err_memory(err);
		if (code)
			return code;
		worst->candidates[worst->candidate_count++] = (struct candidate){ .asn = asn };
	}
	if (worst->candidates[number].stamp != network + 1) {
		worst->candidates[number].stamp = network + 1;
		worst->candidates[number].networks++;
	}
	return 0;
}

/* For those that are left: which networks stand behind it. */
static int candidate_behind(struct worst *worst, uint32_t asn, uint32_t network, struct err *err)
{
	uint32_t number = map_get(&worst->by_asn, asn);
	struct candidate *candidate;
	int code;

	if (number == MAP_NONE)
		return 0;
	candidate = &worst->candidates[number];
	if (candidate->stamp == network + 1)
		return 0;
	candidate->stamp = network + 1;
	code = VEC_GROW(candidate->behind, candidate->behind_count, candidate->behind_room, err);
	if (code == 0)
		candidate->behind[candidate->behind_count++] = network;
	return code;
}

/* Every AS in the paths to the country's networks, but the vantage point's own, to `take`. */
static int paths_walk(struct worst *worst,
		      int (*take)(struct worst *, uint32_t asn, uint32_t network, struct err *),
		      struct err *err)
{
	const struct cut *cut = worst->cut;
	const struct roster *roster = table_roster(cut->table);
	int code = 0;

	for (uint32_t network = 0; network < table_network_count(cut->table) && code == 0;
	     network++) {
		if (!table_network_held(cut->table, network) ||
		    survey_country(cut->survey, network) != worst->country)
			continue;
		for (uint32_t vantage = 0; vantage < roster->count && code == 0; vantage++) {
			uint32_t path = table_route(cut->table, vantage, network);
			uint32_t count = path == PATH_NONE
						 ? 0
						 : path_read(cut, vantage, path, cut->asns);

			for (uint32_t i = 0; i < count && code == 0; i++) {
				if (cut->asns[i] != roster->vantages[vantage].peer.asn)
					code = take(worst, cut->asns[i], network, err);
			}
		}
	}
	return code;
}

static int origin_count(struct worst *worst, uint32_t network, struct err *err)
{
	uint32_t asn = origin_of(worst->cut, network), number = map_get(&worst->by_origin, asn);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(worst->origins, worst->origin_count, worst->origin_room, err);
		if (code)
			return code;
		number = worst->origin_count;
		if (map_put(&worst->by_origin, asn, number))
			return err_memory(err);
		worst->origins[worst->origin_count++] = (struct origin){ asn, 0 };
	}
	worst->origins[number].networks++;
	return 0;
}

static int lonely_note(struct worst *worst, uint32_t network, struct err *err)
{
	const struct cut *cut = worst->cut;
	uint32_t holders = 0, holder = 0;
	int code;

	for (uint32_t i = 0; i < cut->count && holders < 2; i++) {
		const struct viewpoint *viewpoint = &cut->viewpoints[i];

		for (uint32_t k = 0; k < viewpoint->vantage_count; k++) {
			if (table_route(cut->table, viewpoint->vantages[k], network) == PATH_NONE)
				continue;
			holders++;
			holder = viewpoint->asn;
			break;
		}
	}
	if (holders != 1)
		return 0;
	code = VEC_GROW(worst->lonely, worst->lonely_count, worst->lonely_room, err);
	if (code == 0)
		worst->lonely[worst->lonely_count++] = (struct lonely){ network, holder };
	return code;
}

static int networks_count(struct worst *worst, struct err *err)
{
	const struct cut *cut = worst->cut;
	int code = 0;

	for (uint32_t i = 0; i < table_network_count(cut->table) && code == 0; i++) {
		if (!table_network_held(cut->table, i) ||
		    survey_country(cut->survey, i) != worst->country)
			continue;
		worst->networks++;
		code = origin_count(worst, i, err);
		if (code == 0)
			code = lonely_note(worst, i, err);
	}
	return code;
}

/* The first CUT_CANDIDATES, with the networks behind each. */
static int candidates_choose(struct worst *worst, struct err *err)
{
	if (worst->candidate_count)
		qsort(worst->candidates, worst->candidate_count, sizeof(*worst->candidates),
		      compare_candidates);
	if (worst->candidate_count > CUT_CANDIDATES)
		worst->candidate_count = CUT_CANDIDATES;
	map_free(&worst->by_asn);
	for (uint32_t i = 0; i < worst->candidate_count; i++) {
		worst->candidates[i].stamp = 0;
		if (map_put(&worst->by_asn, worst->candidates[i].asn, i))
			return err_memory(err);
	}
	return paths_walk(worst, candidate_behind, err);
}

int cut_harm_order(const struct cut_harm *left, const struct cut_harm *right)
{
	if (left->lost != right->lost)
		return left->lost > right->lost ? -1 : 1;
	if (left->partly != right->partly)
		return left->partly > right->partly ? -1 : 1;
	if (left->one_provider != right->one_provider)
		return left->one_provider > right->one_provider ? -1 : 1;
	return 0;
}

static int compare_harms(const void *a, const void *b)
{
	const struct cut_harm *left = a, *right = b;
	int order = cut_harm_order(left, right);

	if (order)
		return order;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

static bool is_behind(const struct candidate *candidate, uint32_t network)
{
	uint32_t low = 0, high = candidate->behind_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (candidate->behind[middle] < network)
			low = middle + 1;
		else
			high = middle;
	}
	return low < candidate->behind_count && candidate->behind[low] == network;
}

static int harm_measure(const struct worst *worst, const struct candidate *candidate,
			struct cut_harm *ret_harm, struct err *err)
{
	const struct graph_cut what = { candidate->asn, 0 };
	struct making making = { .cut = worst->cut, .what = &what };
	struct cut_harm harm = { .asn = candidate->asn };
	int code = making_begin(&making, err);

	for (uint32_t i = 0; i < worst->origin_count && code == 0; i++) {
		if (keeps_one(&making, worst->origins[i].asn))
			harm.one_provider += worst->origins[i].networks;
	}
	for (uint32_t i = 0; i < candidate->behind_count && code == 0; i++) {
		struct cut_network asked = { 0 };

		code = network_ask(&making, candidate->behind[i], &asked, err);
		harm.lost += asked.fate == CUT_LOST;
		harm.partly += asked.fate == CUT_PARTLY;
		harm.one_provider -= code == 0 && !asked.one_provider &&
				     keeps_one(&making, asked.origin);
	}
	for (uint32_t i = 0; i < worst->lonely_count && code == 0; i++) {
		const struct lonely *lonely = &worst->lonely[i];

		harm.one_provider -= lonely->holder == candidate->asn &&
				     !is_behind(candidate, lonely->network) &&
				     keeps_one(&making, origin_of(worst->cut, lonely->network));
	}
	making_end(&making);
	if (code == 0)
		*ret_harm = harm;
	return code;
}

static void worst_free(struct worst *worst)
{
	for (uint32_t i = 0; i < worst->candidate_count; i++)
		free(worst->candidates[i].behind);
	map_free(&worst->by_asn);
	map_free(&worst->by_origin);
	free(worst->candidates);
	free(worst->origins);
	free(worst->lonely);
}

int cut_worst(const struct cut *cut, country_t country, struct cut_harm *harms, uint32_t room,
	      uint32_t *ret_count, uint32_t *ret_networks, struct err *err)
{
	struct worst worst = { .cut = cut, .country = country };
	struct cut_harm all[CUT_CANDIDATES];
	uint32_t count = 0;
	int code = networks_count(&worst, err);

	if (code == 0)
		code = paths_walk(&worst, candidate_count, err);
	if (code == 0)
		code = candidates_choose(&worst, err);
	for (; count < worst.candidate_count && code == 0; count++)
		code = harm_measure(&worst, &worst.candidates[count], &all[count], err);
	worst_free(&worst);
	if (code)
		return code;
	if (count)
		qsort(all, count, sizeof(*all), compare_harms);
	/* Those that cost nothing come last, and are none. */
	while (count > 0 &&
	       all[count - 1].lost + all[count - 1].partly + all[count - 1].one_provider == 0)
		count--;
	*ret_count = count < room ? count : room;
	*ret_networks = worst.networks;
	memcpy(harms, all, *ret_count * sizeof(*harms));
	return 0;
}
