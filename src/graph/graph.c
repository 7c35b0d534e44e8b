/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inference after Gao: in each path the AS with most neighbours is the top; links before it lead
 * up, links behind it lead down, each a vote. Links at the top that no path shows elsewhere,
 * between ASes whose numbers of neighbours are alike, are between peers: of the two links at a
 * path's top only the one to the larger neighbour can be.
 *
 * Paths can be forged behind their origin: a link is believed when a path shows it as the last one,
 * to the origin itself, or when paths to two origins show it. In May 2014 one path to a Swedish
 * network claimed a link of North Korea's AS to a second provider, and nothing else did.
 *
 * Neighbours then stand in one array, each AS's providers first, then peers, then customers, so
 * that going up, across and down are three ranges. Reaching is a word of bits per AS, passed on
 * until nothing changes: relations inferred may form circles, and nothing here minds.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

/* Peers have at most so many times each other's neighbours (Gao's R). */
#define PEER_RATIO 60u
#define PATH_END UINT32_MAX

struct link {
	uint32_t a, b;			/* places of ASes, a below b */
	uint32_t up, down;		/* votes: b is a's provider, customer */
	bool not_peers;
	bool believed;
	uint32_t origin;		/* of the first path that showed it */
	enum graph_relation stated;	/* GRAPH_NO_LINK: inferred */
	enum graph_relation relation;	/* what b is to a */
};

struct as {
	uint32_t asn;
	uint32_t degree;
	uint32_t first, peers, customers, end;	/* in neighbours */
};

struct graph {
	struct map by_asn, by_pair;
	struct as *ases;
	uint32_t as_count, as_room;
	struct link *links;
	uint32_t link_count, link_room;
	uint32_t *steps;		/* paths, each closed by PATH_END */
	uint32_t step_count, step_room;
	uint32_t *neighbours;
};

int graph_new(struct graph **ret_graph, struct err *err)
{
	struct graph *graph = calloc(1, sizeof(*graph));

	if (!graph)
		return err_memory(err);
	*ret_graph = graph;
	return 0;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	map_free(&graph->by_asn);
	map_free(&graph->by_pair);
	free(graph->ases);
	free(graph->links);
	free(graph->steps);
	free(graph->neighbours);
	free(graph);
}

static int as_find(struct graph *graph, uint32_t asn, uint32_t *ret_as, struct err *err)
{
	uint32_t as = map_get(&graph->by_asn, asn);
	int code;

	if (as == MAP_NONE) {
		code = VEC_GROW(graph->ases, graph->as_count, graph->as_room, err);
		if (code)
			return code;
		as = graph->as_count;
		if (map_put(&graph->by_asn, asn, as))
			return err_memory(err);
		graph->ases[graph->as_count++] = (struct as){ .asn = asn };
	}
	*ret_as = as;
	return 0;
}

static uint64_t pair_key(uint32_t x, uint32_t y)
{
	return x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
}

static struct link *link_get(const struct graph *graph, uint32_t x, uint32_t y)
{
	uint32_t number = map_get(&graph->by_pair, pair_key(x, y));

	return number == MAP_NONE ? NULL : &graph->links[number];
}

static int link_find(struct graph *graph, uint32_t x, uint32_t y, struct link **ret_link,
		     struct err *err)
{
	struct link *link = link_get(graph, x, y);
	int code;

	if (!link) {
		code = VEC_GROW(graph->links, graph->link_count, graph->link_room, err);
		if (code == 0 && map_put(&graph->by_pair, pair_key(x, y), graph->link_count))
			code = err_memory(err);
		if (code)
			return code;
		link = &graph->links[graph->link_count++];
		*link = (struct link){
			.a = x < y ? x : y, .b = x < y ? y : x, .origin = GRAPH_NONE,
		};
		graph->ases[x].degree++;
		graph->ases[y].degree++;
	}
	*ret_link = link;
	return 0;
}

static int step_add(struct graph *graph, uint32_t step, struct err *err)
{
	int code = VEC_GROW(graph->steps, graph->step_count, graph->step_room, err);

	if (code == 0)
		graph->steps[graph->step_count++] = step;
	return code;
}

int graph_path(struct graph *graph, const uint32_t *asns, uint32_t count, struct err *err)
{
	uint32_t last = 0, origin = count ? asns[count - 1] : 0;
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct link *link = NULL;
		uint32_t as = 0;

		code = as_find(graph, asns[i], &as, err);
		if (code == 0 && i > 0 && as != last)
			code = link_find(graph, last, as, &link, err);
		if (code == 0 && link) {
			link->believed |= i + 1 == count ||
					  (link->origin != GRAPH_NONE && link->origin != origin);
			link->origin = origin;
		}
		if (code == 0)
			code = step_add(graph, as, err);
		last = as;
	}
	return code ? code : step_add(graph, PATH_END, err);
}

static enum graph_relation other_way(enum graph_relation relation)
{
	return relation == GRAPH_PROVIDER   ? GRAPH_CUSTOMER
	       : relation == GRAPH_CUSTOMER ? GRAPH_PROVIDER
					    : relation;
}

int graph_state(struct graph *graph, uint32_t a, uint32_t b, enum graph_relation relation,
		struct err *err)
{
	uint32_t x = 0, y = 0;
	struct link *link = NULL;
	int code = a == b ? 0 : as_find(graph, a, &x, err);

	if (a == b)
		return 0;
	if (code == 0)
		code = as_find(graph, b, &y, err);
	if (code == 0)
		code = link_find(graph, x, y, &link, err);
	if (code == 0)
		link->stated = x < y ? relation : other_way(relation);
	return code;
}

static void vote(const struct graph *graph, uint32_t customer, uint32_t provider)
{
	struct link *link = link_get(graph, customer, provider);

	if (!link)
		return;
	if (link->a == customer)
		link->up++;
	else
		link->down++;
}

static void not_peers(const struct graph *graph, uint32_t x, uint32_t y)
{
	struct link *link = link_get(graph, x, y);

	if (link)
		link->not_peers = true;
}

static void path_vote(const struct graph *graph, const uint32_t *path, uint32_t count)
{
	uint32_t top = 0;
	bool before;

	for (uint32_t i = 1; i < count; i++) {
		if (graph->ases[path[i]].degree > graph->ases[path[top]].degree)
			top = i;
	}
	for (uint32_t i = 0; i + 1 < count; i++) {
		if (i < top)
			vote(graph, path[i], path[i + 1]);
		else
			vote(graph, path[i + 1], path[i]);
		if (i + 1 != top && i != top)
			not_peers(graph, path[i], path[i + 1]);
	}
	if (top == 0 || top + 1 >= count)
		return;
	before = graph->ases[path[top - 1]].degree > graph->ases[path[top + 1]].degree;
	if (before)
		not_peers(graph, path[top], path[top + 1]);
	else
		not_peers(graph, path[top - 1], path[top]);
}

static void link_decide(const struct graph *graph, struct link *link)
{
	uint64_t a = graph->ases[link->a].degree, b = graph->ases[link->b].degree;

	if (link->stated != GRAPH_NO_LINK)
		link->relation = link->stated;
	else if (!link->believed)
		link->relation = GRAPH_NO_LINK;
	else if (!link->not_peers && a <= PEER_RATIO * b && b <= PEER_RATIO * a)
		link->relation = GRAPH_PEER;
	else if (link->up != link->down)
		link->relation = link->up > link->down ? GRAPH_PROVIDER : GRAPH_CUSTOMER;
	else
		link->relation = b >= a ? GRAPH_PROVIDER : GRAPH_CUSTOMER;
}

/* Three passes over the links fill each AS's ranges in their order. */
static int neighbours_make(struct graph *graph, struct err *err)
{
	static const enum graph_relation order[] = { GRAPH_PROVIDER, GRAPH_PEER, GRAPH_CUSTOMER };
	uint32_t at = 0;

	graph->neighbours = calloc(graph->link_count ? 2 * (size_t)graph->link_count : 1,
				   sizeof(*graph->neighbours));
	if (!graph->neighbours)
		return err_memory(err);
	for (uint32_t i = 0; i < graph->as_count; i++) {
		struct as *as = &graph->ases[i];

		as->first = as->end = at;
		at += as->degree;
	}
	for (unsigned pass = 0; pass < 3; pass++) {
		for (uint32_t i = 0; i < graph->link_count; i++) {
			const struct link *link = &graph->links[i];

			if (link->relation == order[pass])
				graph->neighbours[graph->ases[link->a].end++] = link->b;
			if (other_way(link->relation) == order[pass])
				graph->neighbours[graph->ases[link->b].end++] = link->a;
		}
		for (uint32_t i = 0; i < graph->as_count && pass < 2; i++) {
			if (pass == 0)
				graph->ases[i].peers = graph->ases[i].end;
			else
				graph->ases[i].customers = graph->ases[i].end;
		}
	}
	return 0;
}

int graph_ready(struct graph *graph, struct err *err)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < graph->step_count; i++) {
		if (graph->steps[i] != PATH_END)
			continue;
		path_vote(graph, graph->steps + first, i - first);
		first = i + 1;
	}
	for (uint32_t i = 0; i < graph->link_count; i++)
		link_decide(graph, &graph->links[i]);
	free(graph->steps);
	graph->steps = NULL;
	graph->step_count = graph->step_room = 0;
	return neighbours_make(graph, err);
}

uint32_t graph_as_count(const struct graph *graph)
{
	return graph->as_count;
}

uint32_t graph_link_count(const struct graph *graph)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < graph->link_count; i++)
		count += graph->links[i].relation != GRAPH_NO_LINK;
	return count;
}

uint32_t graph_find(const struct graph *graph, uint32_t asn)
{
	uint32_t as = map_get(&graph->by_asn, asn);

	return as == MAP_NONE ? GRAPH_NONE : as;
}

enum graph_relation graph_relation(const struct graph *graph, uint32_t asn_a, uint32_t asn_b)
{
	uint32_t a = graph_find(graph, asn_a), b = graph_find(graph, asn_b);
	const struct link *link = a == GRAPH_NONE || b == GRAPH_NONE ? NULL : link_get(graph, a, b);

	if (!link)
		return GRAPH_NO_LINK;
	return link->a == a ? link->relation : other_way(link->relation);
}

int graph_reach_new(const struct graph *graph, struct graph_reach *ret_reach, struct err *err)
{
	size_t count = graph->as_count ? graph->as_count : 1;
	struct graph_reach reach = {
		calloc(count, sizeof(*reach.reached)), calloc(count, sizeof(*reach.up)),
		calloc(count, sizeof(*reach.queue)), calloc(count, sizeof(*reach.queued)),
	};

	if (!reach.reached || !reach.up || !reach.queue || !reach.queued) {
		graph_reach_free(&reach);
		return err_memory(err);
	}
	*ret_reach = reach;
	return 0;
}

void graph_reach_free(struct graph_reach *reach)
{
	free(reach->reached);
	free(reach->up);
	free(reach->queue);
	free(reach->queued);
	*reach = (struct graph_reach){ 0 };
}

/* A cut in terms of places. */
struct barrier {
	uint32_t as;			/* GRAPH_NONE: none */
	uint32_t x, y;			/* a link; GRAPH_NONE: none */
};

static struct barrier barrier_of(const struct graph *graph, const struct graph_cut *cut)
{
	struct barrier barrier = { GRAPH_NONE, GRAPH_NONE, GRAPH_NONE };

	if (cut->a && cut->b) {
		barrier.x = graph_find(graph, cut->a);
		barrier.y = graph_find(graph, cut->b);
	} else if (cut->a) {
		barrier.as = graph_find(graph, cut->a);
	}
	return barrier;
}

static bool is_barred(const struct barrier *barrier, uint32_t from, uint32_t to)
{
	return to == barrier->as || from == barrier->as ||
	       (from == barrier->x && to == barrier->y) || (from == barrier->y && to == barrier->x);
}

/*
 * Passes bits on, upwards or downwards, until nothing changes. The queue is a ring: nobody is in it
 * twice.
 */
static void spread(const struct graph *graph, const struct barrier *barrier, bool up,
		   uint64_t *bits, struct graph_reach *reach)
{
	uint32_t head = 0, waiting = 0, room = graph->as_count;

	for (uint32_t i = 0; i < graph->as_count; i++) {
		reach->queued[i] = bits[i] != 0;
		if (bits[i])
			reach->queue[waiting++] = i;
	}
	while (waiting > 0) {
		uint32_t as = reach->queue[head];
		uint32_t from = up ? graph->ases[as].first : graph->ases[as].customers;
		uint32_t until = up ? graph->ases[as].peers : graph->ases[as].end;

		head = head + 1 == room ? 0 : head + 1;
		waiting--;
		reach->queued[as] = 0;
		for (uint32_t i = from; i < until; i++) {
			uint32_t to = graph->neighbours[i];

			if ((bits[as] & ~bits[to]) == 0 || is_barred(barrier, as, to))
				continue;
			bits[to] |= bits[as];
			if (reach->queued[to])
				continue;
			reach->queued[to] = 1;
			reach->queue[(uint32_t)(((uint64_t)head + waiting++) % room)] = to;
		}
	}
}

void graph_reach(const struct graph *graph, const struct graph_cut *cut, const uint32_t *from,
		 uint32_t count, struct graph_reach *reach)
{
	struct barrier barrier = barrier_of(graph, cut);
	size_t size = graph->as_count * sizeof(*reach->up);

	memset(reach->up, 0, size);
	for (uint32_t i = 0; i < count && i < 64; i++) {
		if (from[i] != GRAPH_NONE && from[i] != barrier.as)
			reach->up[from[i]] |= 1ull << i;
	}
	spread(graph, &barrier, true, reach->up, reach);
	memcpy(reach->reached, reach->up, size);
	for (uint32_t as = 0; as < graph->as_count; as++) {
		for (uint32_t i = graph->ases[as].peers; i < graph->ases[as].customers; i++) {
			uint32_t to = graph->neighbours[i];

			if (reach->up[as] && !is_barred(&barrier, as, to))
				reach->reached[to] |= reach->up[as];
		}
	}
	spread(graph, &barrier, false, reach->reached, reach);
}

uint32_t graph_providers(const struct graph *graph, uint32_t as, const struct graph_cut *cut)
{
	struct barrier barrier = barrier_of(graph, cut);
	uint32_t count = 0;

	for (uint32_t i = graph->ases[as].first; i < graph->ases[as].peers; i++)
		count += !is_barred(&barrier, as, graph->neighbours[i]);
	return count;
}
