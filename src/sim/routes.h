/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routes of one group: what every AS that matters holds, as steady state and while it changes.
 *
 * A struct routes is one thread's working memory, used for one group after the other. Nothing in it
 * is cleared in between: everything carries the stamp of the group it was written for, so a group
 * costs what it touches.
 *
 * routes_begin(), then routes_settle() gives the steady state (propagate.c); dynamics.c plays
 * messages from there.
 */
#ifndef CONSTAT_SIM_ROUTES_H
#define CONSTAT_SIM_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "sim/plan.h"

/* Better first. */
enum route_class {
	CLASS_OWN,
	CLASS_CUSTOMER,
	CLASS_PEER,
	CLASS_PROVIDER,
	CLASS_NONE,
};

/*
 * A path: an AS, so many times, before another path. 0 is no path, or the end of one. Equal paths
 * have equal numbers.
 */
struct path_node {
	uint32_t as;
	uint32_t parent;
	uint16_t length;	/* ASes, prepending counted */
	uint16_t times;
};

struct node {
	uint32_t stamp;
	uint32_t path;		/* as received from the neighbour */
	/* this AS before it: what the neighbours hear; origins' see routes_own_export() */
	uint32_t export;
	uint32_t edge;		/* to that neighbour; WORLD_NONE for an own route */
	uint8_t class;		/* enum route_class */
	uint8_t class_before;	/* in the steady state, and so on below */
	uint16_t length;
	uint32_t path_before, edge_before;
	uint32_t export_before;
	uint32_t leaf_edge[GROUP_ORIGINS];	/* to an origin that is a leaf; WORLD_NONE */
};

struct level {
	uint32_t *items;
	uint32_t count, room;
};

/* Longer paths than any real one: prepending is bounded by the scenario. */
#define ROUTES_LEVELS 512

struct routes {
	const struct plan *plan;
	const struct world *world;
	const struct group *group;
	uint32_t stamp;
	struct node *nodes;
	struct path_node *paths;
	uint32_t path_count, path_room;
	struct map path_map;		/* of paths made since the steady state */
	uint32_t *path_next;		/* the next path with the same hash */
	struct level levels[ROUTES_LEVELS];
	uint32_t levels_used;
	struct level settled;		/* ASes with a route in the steady state */
	struct err *err;		/* of what failed, ERR_OK at first */
};

int routes_new(const struct plan *plan, struct routes **ret_routes, struct err *err);
void routes_free(struct routes *routes);

int routes_settle(struct routes *routes, const struct group *group, struct err *err);

/* The node, with no route where this group has not touched it yet. */
struct node *routes_node(struct routes *routes, uint32_t as);
/* The number of `times` × as before parent; 0 when out of memory. */
uint32_t routes_path(struct routes *routes, uint32_t as, uint32_t parent, uint16_t times);
bool routes_path_has(const struct routes *routes, uint32_t path, uint32_t as);
/* What an origin of the group says to a neighbour; 0: nothing. */
uint32_t routes_own_export(struct routes *routes, uint32_t origin, uint32_t neighbour);

static inline bool route_goes_up(uint8_t class)
{
	return class <= CLASS_CUSTOMER;
}

/* The class of a route learned over an edge of that relation. */
static inline uint8_t class_of(enum relation relation)
{
	return relation == RELATION_CUSTOMER ? CLASS_CUSTOMER
	       : relation == RELATION_PEER   ? CLASS_PEER
					     : CLASS_PROVIDER;
}

#endif
