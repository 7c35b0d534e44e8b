/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steady state of a group, after L. Gao and J. Rexford, "Stable Internet Routing Without Global
 * Coordination" (2001).
 *
 *	up	routes of customers climb from the origin, level by level of path length;
 *	across	whoever has such a route tells its peers, who keep it to themselves and their
 *		customers;
 *	down	every route descends to customers, shortest first.
 *
 * An AS prefers what an earlier pass gave it; within a pass the shorter path, then the neighbour
 * that ranks first with it (world.h). Since no AS takes a route later than one it would prefer,
 * each is settled once. Only active ASes take part (world.h); a leaf appears only as origin.
 *
 * Paths are a tree: each AS's path points to the path of the neighbour it came from. The tree of
 * the steady state needs no lookup; paths made later are found by hash, so that equal paths stay
 * equal numbers.
 */
#include <stdlib.h>

#include "base/vec.h"
#include "sim/routes.h"

int routes_new(const struct plan *plan, struct routes **ret_routes, struct err *err)
{
	struct routes *routes = calloc(1, sizeof(*routes));

	if (!routes)
		return err_memory(err);
	routes->plan = plan;
	routes->world = plan->world;
	routes->nodes = calloc((size_t)plan->world->as_count + 1, sizeof(*routes->nodes));
	if (!routes->nodes) {
		routes_free(routes);
		return err_memory(err);
	}
	*ret_routes = routes;
	return 0;
}

void routes_free(struct routes *routes)
{
	if (!routes)
		return;
	for (uint32_t i = 0; i < ROUTES_LEVELS; i++)
		free(routes->levels[i].items);
	free(routes->settled.items);
	free(routes->nodes);
	free(routes->paths);
	free(routes->path_next);
	map_free(&routes->path_map);
	free(routes);
}

struct node *routes_node(struct routes *routes, uint32_t as)
{
	struct node *node = &routes->nodes[as];

	if (node->stamp == routes->stamp)
		return node;
	*node = (struct node){
		.stamp = routes->stamp, .edge = WORLD_NONE, .edge_before = WORLD_NONE,
		.class = CLASS_NONE, .class_before = CLASS_NONE,
		.leaf_edge = { WORLD_NONE, WORLD_NONE, WORLD_NONE, WORLD_NONE },
	};
	return node;
}

static int fail(struct routes *routes)
{
	return routes->err->code == ERR_OK ? err_memory(routes->err) : (int)routes->err->code;
}

/* Room for one path more, in both arrays. */
static int grow_paths(struct routes *routes)
{
	uint32_t room = routes->path_room;
	uint32_t *next;
	int rc = VEC_GROW(routes->paths, routes->path_count, room, routes->err);

	if (rc != 0 || room == routes->path_room)
		return rc;
	next = reallocarray(routes->path_next, room, sizeof(*next));
	if (!next)
		return err_memory(routes->err);
	routes->path_next = next;
	routes->path_room = room;
	return 0;
}

static uint32_t new_path(struct routes *routes, uint32_t as, uint32_t parent, uint16_t times)
{
	if (grow_paths(routes) != 0)
		return 0;
	routes->paths[routes->path_count] = (struct path_node){
		.as = as, .parent = parent, .times = times,
		.length = (uint16_t)((parent ? routes->paths[parent].length : 0) + times),
	};
	return routes->path_count++;
}

uint32_t routes_path(struct routes *routes, uint32_t as, uint32_t parent, uint16_t times)
{
	const struct node *node = routes_node(routes, as);
	uint64_t key = map_hash_u64((uint64_t)as << 32 | parent) ^ times;
	uint32_t head, path;

	if (node->export_before && node->path_before == parent && times == 1)
		return node->export_before;
	head = map_get(&routes->path_map, key);
	for (path = head; path != MAP_NONE; path = routes->path_next[path]) {
		const struct path_node *at = &routes->paths[path];

		if (at->as == as && at->parent == parent && at->times == times)
			return path;
	}
	path = new_path(routes, as, parent, times);
	if (path == 0)
		return 0;
	routes->path_next[path] = head;
	if (map_put(&routes->path_map, key, path) != 0) {
		fail(routes);
		return 0;
	}
	return path;
}

bool routes_path_has(const struct routes *routes, uint32_t path, uint32_t as)
{
	for (; path; path = routes->paths[path].parent)
		if (routes->paths[path].as == as)
			return true;
	return false;
}

/* How often `origin` says its own number there. */
static unsigned own_times(const struct routes *routes, uint32_t origin, uint32_t neighbour)
{
	const struct plan *plan = routes->plan;
	const struct policy *policy;

	if (origin != routes->group->origins[0] || routes->group->policy == WORLD_NONE)
		return 1;
	policy = &plan->policies[routes->group->policy];
	for (uint32_t i = 0; i < policy->count; i++)
		if (plan->policy_rows[policy->first + i].neighbour == neighbour)
			return plan->policy_rows[policy->first + i].times;
	return policy->others;
}

uint32_t routes_own_export(struct routes *routes, uint32_t origin, uint32_t neighbour)
{
	unsigned times = own_times(routes, origin, neighbour);

	return times ? routes_path(routes, origin, 0, (uint16_t)times) : 0;
}

static int level_add(struct routes *routes, uint32_t length, uint32_t as)
{
	struct level *level;

	if (length >= ROUTES_LEVELS)
		return err_set(routes->err, ERR_LIMIT, "a path is longer than %d", ROUTES_LEVELS);
	level = &routes->levels[length];
	if (VEC_GROW(level->items, level->count, level->room, routes->err) != 0)
		return ERR_MEMORY;
	level->items[level->count++] = as;
	if (routes->levels_used <= length)
		routes->levels_used = length + 1;
	return 0;
}

static void levels_clear(struct routes *routes)
{
	for (uint32_t i = 0; i < routes->levels_used; i++)
		routes->levels[i].count = 0;
	routes->levels_used = 0;
}

/* A path of so many ASes is offered over an edge; true where the neighbour takes it for now. */
static bool offer(struct routes *routes, uint32_t edge, uint8_t class, uint32_t length)
{
	const struct world_edge *over = &routes->world->edges[edge];
	struct node *node = routes_node(routes, over->to);

	if (node->class < class)
		return false;
	if (node->class == class &&
	    (node->length < length ||
	     (node->length == length && !world_prefers(routes->world, over->back, node->edge))))
		return false;
	node->class = class;
	node->length = (uint16_t)length;
	node->edge = over->back;
	return true;
}

/* The neighbour's choice is final and its path known: so is this one's. */
static int settle(struct routes *routes, uint32_t as)
{
	struct node *node = &routes->nodes[as];
	uint32_t from;

	if (node->export_before)
		return 0;
	if (node->class != CLASS_OWN) {
		from = routes->world->edges[node->edge].to;
		node->path = routes->nodes[from].class == CLASS_OWN
			? routes_own_export(routes, from, as) : routes->nodes[from].export_before;
	}
	node->export_before = new_path(routes, as, node->path, 1);
	node->export = node->export_before;
	node->class_before = node->class;
	node->path_before = node->path;
	node->edge_before = node->edge;
	if (!node->export_before)
		return fail(routes);
	if (VEC_GROW(routes->settled.items, routes->settled.count, routes->settled.room,
		     routes->err) != 0)
		return ERR_MEMORY;
	routes->settled.items[routes->settled.count++] = as;
	return 0;
}

/* What an AS with a settled route says over the edges of one relation. */
static int tell(struct routes *routes, uint32_t as, uint32_t first, uint32_t end, uint8_t class,
		bool levels)
{
	const struct node *node = &routes->nodes[as];
	bool own = node->class == CLASS_OWN;
	uint32_t length = node->length;

	if (routes->group->contained && !own)
		return 0;
	for (uint32_t e = first; e < end; e++) {
		uint32_t to = routes->world->edges[e].to;
		unsigned times = own ? own_times(routes, as, to) : 1;

		if (times == 0 || !routes->world->ases[to].active)
			continue;
		if (!offer(routes, e, class, length + times))
			continue;
		if (levels && level_add(routes, length + times, to) != 0)
			return (int)routes->err->code;
		if (!levels && VEC_GROW(routes->settled.items, routes->settled.count,
					routes->settled.room, routes->err) != 0)
			return ERR_MEMORY;
		if (!levels)
			routes->settled.items[routes->settled.count++] = to;
	}
	return 0;
}

static int climb(struct routes *routes)
{
	const struct world *world = routes->world;
	int rc = 0;

	for (uint32_t length = 1; length < routes->levels_used && rc == 0; length++)
		for (uint32_t i = 0; i < routes->levels[length].count && rc == 0; i++) {
			uint32_t as = routes->levels[length].items[i];
			const struct world_as *of = &world->ases[as];

			if (routes->nodes[as].length != length || routes->nodes[as].export_before)
				continue;
			rc = settle(routes, as);
			if (rc == 0)
				rc = tell(routes, as, of->first, of->peers, CLASS_CUSTOMER, true);
		}
	return rc;
}

/*
 * routes.settled holds whom the climb reached; behind them go those whom a peer told, settled when
 * all peers have spoken.
 */
static int cross(struct routes *routes)
{
	uint32_t climbed = routes->settled.count, told;
	int rc = 0;

	for (uint32_t i = 0; i < climbed && rc == 0; i++) {
		uint32_t as = routes->settled.items[i];
		const struct world_as *of = &routes->world->ases[as];

		rc = tell(routes, as, of->peers, of->peers_active, CLASS_PEER, false);
	}
	told = routes->settled.count;
	routes->settled.count = climbed;
	/* settle() writes behind `climbed` at or before the item being read. */
	for (uint32_t i = climbed; i < told && rc == 0; i++)
		rc = settle(routes, routes->settled.items[i]);
	return rc;
}

static int descend(struct routes *routes)
{
	const struct world *world = routes->world;
	int rc = 0;

	levels_clear(routes);
	for (uint32_t i = 0; i < routes->settled.count && rc == 0; i++) {
		uint32_t as = routes->settled.items[i];

		rc = level_add(routes, routes->nodes[as].length, as);
	}
	for (uint32_t length = 0; length < routes->levels_used && rc == 0; length++)
		for (uint32_t i = 0; i < routes->levels[length].count && rc == 0; i++) {
			uint32_t as = routes->levels[length].items[i];
			const struct world_as *of = &world->ases[as];

			/*
			 * Offered twice at this length (by two neighbours), or at a shorter one
			 * since.
			 */
			if (routes->nodes[as].length != length ||
			    (routes->nodes[as].class == CLASS_PROVIDER &&
			     routes->nodes[as].export_before))
				continue;
			rc = settle(routes, as);
			if (rc == 0)
				rc = tell(routes, as, of->customers, of->customers_active,
					  CLASS_PROVIDER, true);
		}
	return rc;
}

/*
 * Leaves have no slices of their own in their neighbours' rounds: those remember the edge to them.
 */
static void mark_leaf(struct routes *routes, uint32_t place, uint32_t origin)
{
	const struct world_as *of = &routes->world->ases[origin];

	if (of->active)
		return;
	for (uint32_t e = of->first; e < of->end; e++) {
		const struct world_edge *edge = &routes->world->edges[e];

		routes_node(routes, edge->to)->leaf_edge[place] = edge->back;
	}
}

static int start(struct routes *routes, uint32_t origin)
{
	const struct world_as *of = &routes->world->ases[origin];
	struct node *node = routes_node(routes, origin);
	int rc;

	node->class = CLASS_OWN;
	rc = settle(routes, origin);
	return rc == 0 ? tell(routes, origin, of->first, of->peers, CLASS_CUSTOMER, true) : rc;
}

int routes_settle(struct routes *routes, const struct group *group, struct err *err)
{
	int rc = 0;

	routes->err = err;
	routes->group = group;
	routes->settled.count = 0;
	routes->path_count = 1;
	if (routes->path_map.count)
		map_free(&routes->path_map);
	if (routes->stamp++ == UINT32_MAX) {
		memset(routes->nodes, 0,
		       ((size_t)routes->world->as_count + 1) * sizeof(*routes->nodes));
		routes->stamp = 1;
	}
	levels_clear(routes);
	for (uint32_t i = 0; i < GROUP_ORIGINS && group->origins[i] != WORLD_NONE; i++)
		mark_leaf(routes, i, group->origins[i]);
	if (!group->announced)
		return 0;
	rc = start(routes, group->origins[0]);
	if (rc == 0)
		rc = climb(routes);
	if (rc == 0)
		rc = cross(routes);
	return rc == 0 ? descend(routes) : rc;
}
