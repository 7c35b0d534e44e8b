/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many of all ASes have a route, while a group is played: leaves are not played, but each has a
 * route while any neighbour has one to give it. They follow their neighbours at once.
 */
#include "base/vec.h"
#include "sim/dynamics_state.h"

static void count_world(struct dynamics *dyn, int change)
{
	struct result *result = dyn->result;
	bool dark;

	dyn->have += (uint32_t)change;
	dark = 2 * (uint64_t)dyn->have < dyn->world->as_count;
	if (dark == dyn->world_dark)
		return;
	dyn->world_dark = dark;
	if (VEC_GROW(result->world, result->world_count, result->world_room, dyn->err) == 0)
		result->world[result->world_count++] = (struct result_world){ dyn->now, dark };
}

static void count_leaf(struct dynamics *dyn, uint32_t as, bool gained)
{
	struct leaf *leaf = &dyn->leaves[as];

	if (leaf->stamp != dyn->routes->stamp)
		*leaf = (struct leaf){ .stamp = dyn->routes->stamp };
	leaf->sources += gained ? 1 : (uint32_t)-1;
	if (gained ? leaf->sources == 1 : leaf->sources == 0)
		count_world(dyn, gained ? 1 : -1);
}

static void count_leaves(struct dynamics *dyn, uint32_t first, uint32_t end, bool gained)
{
	for (uint32_t e = first; e < end; e++)
		if (line_of(dyn, dyn->world->edges[e].link)->downs == 0)
			count_leaf(dyn, dyn->world->edges[e].to, gained);
}

void count_change(struct dynamics *dyn, uint32_t as, uint8_t from, uint8_t to)
{
	const struct world_as *of = &dyn->world->ases[as];
	bool had = from != CLASS_NONE, has = to != CLASS_NONE;

	if (!of->active) {
		if (had != has)
			count_leaf(dyn, as, has);
		return;
	}
	if (had != has)
		count_world(dyn, has ? 1 : -1);
	if (dyn->group->contained)
		return;
	if (had != has)
		count_leaves(dyn, of->customers_active, of->end, has);
	if (route_goes_up(from) != route_goes_up(to))
		count_leaves(dyn, of->peers_active, of->customers, route_goes_up(to));
}

void count_start(struct dynamics *dyn)
{
	struct routes *routes = dyn->routes;

	dyn->have = 0;
	dyn->world_dark = true;
	dyn->now = dyn->plan->from;
	for (uint32_t i = 0; i < routes->settled.count; i++) {
		uint32_t as = routes->settled.items[i];

		count_change(dyn, as, CLASS_NONE, routes->nodes[as].class);
	}
	dyn->result->world_count = 0;
}
void count_link(struct dynamics *dyn, uint32_t link, bool up)
{
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t edge = dyn->world->link_edges[2 * link + i];
		uint32_t as = near_end(dyn, edge), to = dyn->world->edges[edge].to;
		const struct node *node;

		if (!dyn->world->ases[as].active || dyn->world->ases[to].active ||
		    dyn->group->contained)
			continue;
		node = routes_node(dyn->routes, as);
		if (edge >= dyn->world->ases[as].customers ? node->class != CLASS_NONE
							   : route_goes_up(node->class))
			count_leaf(dyn, to, up);
	}
}
