/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several routes of one vantage point to one network (ADD-PATH, RFC 7911): beside the route
 * table, which holds the route of the lowest path identifier, for the few that send more than
 * identifier 0.
 */
#ifndef CONSTAT_TABLE_ADDPATH_H
#define CONSTAT_TABLE_ADDPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct addpath_route {
	uint32_t path_id, path;
	uint32_t next;			/* MAP_NONE: last */
};

/*
 * A list, lowest identifier first, for each (vantage point, network) that ever had an
 * identifier other than 0.
 */
struct addpath {
	struct map lists;
	struct addpath_route *routes;
	uint32_t count, room;
	uint32_t free_count, first_free;
};

static inline uint64_t addpath_key(uint32_t vantage, uint32_t network)
{
	return (uint64_t)vantage << 32 | network;
}

/* The first route of the list, NULL where there is none. */
const struct addpath_route *addpath_first(const struct addpath *addpath, uint64_t key);
/*
 * Holds `path` under `path_id`. Where there is no list, `only` (PATH_NONE: nothing) is what the
 * route table holds, under identifier 0. *ret_lowest is what it must hold now.
 */
int addpath_set(struct addpath *addpath, uint64_t key, uint32_t only, uint32_t path_id,
		uint32_t path, uint32_t *ret_lowest);
/* False when nothing was held under `path_id`; the list must be there. */
bool addpath_remove(struct addpath *addpath, uint64_t key, uint32_t path_id, uint32_t *ret_lowest);
/* Drops the list, if there is one. */
void addpath_forget(struct addpath *addpath, uint64_t key);
size_t addpath_bytes(const struct addpath *addpath);
void addpath_free(struct addpath *addpath);

#endif
