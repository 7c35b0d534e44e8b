/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists in one array of links, found by (vantage point, network). Most sessions never come
 * here: as long as only identifier 0 was seen, the route table alone says everything.
 */
#include "table/addpath.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/vec.h"
#include "table/keys.h"
#include "table/table.h"

static uint32_t take(struct addpath *addpath)
{
	uint32_t at;

	if (addpath->free_count) {
		at = addpath->first_free;
		addpath->first_free = addpath->routes[at].next;
		addpath->free_count--;
		return at;
	}
	if (VEC_GROW(addpath->routes, addpath->count, addpath->room, NULL) != 0)
		return MAP_NONE;
	return addpath->count++;
}

static void give(struct addpath *addpath, uint32_t at)
{
	addpath->routes[at].path = PATH_NONE;
	addpath->routes[at].next = addpath->first_free;
	addpath->first_free = at;
	addpath->free_count++;
}

const struct addpath_route *addpath_first(const struct addpath *addpath, uint64_t key)
{
	uint32_t at = map_get(&addpath->lists, key);

	return at == MAP_NONE ? NULL : &addpath->routes[at];
}

static int insert(struct addpath *addpath, uint64_t key, uint32_t path_id, uint32_t path)
{
	uint32_t head = map_get(&addpath->lists, key), before = MAP_NONE, at = head, added;

	while (at != MAP_NONE && addpath->routes[at].path_id < path_id) {
		before = at;
		at = addpath->routes[at].next;
	}
	if (at != MAP_NONE && addpath->routes[at].path_id == path_id) {
		addpath->routes[at].path = path;
		return 0;
	}
	added = take(addpath);
	if (added == MAP_NONE)
		return ERR_MEMORY;
	addpath->routes[added] = (struct addpath_route){ path_id, path, at };
	if (before != MAP_NONE) {
		addpath->routes[before].next = added;
	} else if (map_put(&addpath->lists, key, added) != 0) {
		give(addpath, added);
		return ERR_MEMORY;
	}
	return 0;
}

int addpath_set(struct addpath *addpath, uint64_t key, uint32_t only, uint32_t path_id,
		uint32_t path, uint32_t *ret_lowest)
{
	const struct addpath_route *first = addpath_first(addpath, key);

	if (!first && only && insert(addpath, key, 0, only) != 0)
		return ERR_MEMORY;
	if (insert(addpath, key, path_id, path) != 0)
		return ERR_MEMORY;
	*ret_lowest = addpath_first(addpath, key)->path;
	return 0;
}

bool addpath_remove(struct addpath *addpath, uint64_t key, uint32_t path_id, uint32_t *ret_lowest)
{
	uint32_t before = MAP_NONE, at = map_get(&addpath->lists, key), next;

	*ret_lowest = addpath->routes[at].path;
	while (at != MAP_NONE && addpath->routes[at].path_id != path_id) {
		before = at;
		at = addpath->routes[at].next;
	}
	if (at == MAP_NONE)
		return false;
	next = addpath->routes[at].next;
	if (before != MAP_NONE)
		addpath->routes[before].next = next;
	else if (next == MAP_NONE)
		map_remove(&addpath->lists, key);
	else
		map_put(&addpath->lists, key, next);	/* replaces: cannot fail */
	if (before == MAP_NONE)
		*ret_lowest = next == MAP_NONE ? 0 : addpath->routes[next].path;
	give(addpath, at);
	return true;
}

void addpath_forget(struct addpath *addpath, uint64_t key)
{
	uint32_t at = map_get(&addpath->lists, key);

	if (at == MAP_NONE)
		return;
	map_remove(&addpath->lists, key);
	while (at != MAP_NONE) {
		uint32_t next = addpath->routes[at].next;

		give(addpath, at);
		at = next;
	}
}

size_t addpath_bytes(const struct addpath *addpath)
{
	return addpath->room * sizeof(*addpath->routes) +
	       map_bytes(&addpath->lists);
}

void addpath_free(struct addpath *addpath)
{
	map_free(&addpath->lists);
	free(addpath->routes);
	*addpath = (struct addpath){ 0 };
}
