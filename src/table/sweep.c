/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths have no count of who holds them: it would have to be kept for every route that changes.
 * Instead all that is held is marked when the tree has twice the nodes that were in use after
 * the sweep before, and what is not marked is given out again under the same numbers. A sweep
 * takes about as long as reading a RIB of the same size, and happens after as many new nodes as
 * the table has: the memory of a watch that runs for months is bounded by twice what it needs.
 *
 * Needed is what a route table holds, what stands beside it (several paths of one network, audits
 * that wait), and what the sink was told, which may keep the numbers of what it was told.
 */
#include "table/sweep.h"

#include "table/audit.h"

#define NODES_MORE	65536u	/* tables smaller than this are not worth a sweep */

static int mark_routes(const struct table *table, struct marks *live)
{
	for (uint32_t i = 0; i < table->vantage_count; i++) {
		const struct route_table *routes = &table->vantages[i].routes;
		uint32_t network = 0;

		for (; (network = routes_next(&table->pool, routes, network)) != UINT32_MAX;
		     network++)
			if (paths_mark(&table->paths, live,
				       routes_get(&table->pool, routes, network)) != 0)
				return ERR_MEMORY;
	}
	return 0;
}

static int mark_told(const struct table *table, struct marks *live)
{
	for (uint32_t node = 0; node >> 6 < table->told.count; node++)
		if (marks_has(&table->told, node) &&
		    paths_mark(&table->paths, live, node << 1) != 0)
			return ERR_MEMORY;
	return 0;
}

static int mark_several(const struct table *table, struct marks *live)
{
	for (uint32_t i = 0; i < table->addpath.count; i++)
		if (paths_mark(&table->paths, live, table->addpath.routes[i].path) != 0)
			return ERR_MEMORY;
	return 0;
}

static void next_at(struct table *table)
{
	uint64_t at = 2 * (uint64_t)paths_nodes(&table->paths) + NODES_MORE;

	table->sweep_at = at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
}

void sweep_paths(struct table *table)
{
	struct marks live = { 0 };

	/* Out of memory nothing is forgotten. */
	if (mark_routes(table, &live) == 0 && mark_told(table, &live) == 0 &&
	    mark_several(table, &live) == 0 && audit_mark(table, &live) == 0)
		paths_sweep(&table->paths, &live);
	marks_free(&live);
	next_at(table);
}

void sweep_after_first(struct table *table)
{
	if (table->rib_seen)
		return;
	table->rib_seen = true;
	next_at(table);
}
