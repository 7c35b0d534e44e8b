/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who holds what: vantage point × network → path number, in pages that exist only where
 * something is held.
 *
 * A struct route_table belongs to one vantage point and takes its pages from a struct
 * route_pool shared by all. Setting PATH_NONE gives a page back when it held nothing else.
 */
#ifndef CONSTAT_TABLE_ROUTES_H
#define CONSTAT_TABLE_ROUTES_H

#include <stddef.h>
#include <stdint.h>

#define ROUTE_PAGE_BITS		6u
#define ROUTE_PAGE		(1u << ROUTE_PAGE_BITS)		/* networks a page */
#define ROUTE_CHUNK_BITS	13u
#define ROUTE_CHUNK		(1u << ROUTE_CHUNK_BITS)	/* pages a chunk: 2 MiB */

struct route_chunk {
	uint32_t (*paths)[ROUTE_PAGE];
	uint8_t *used;			/* routes in each page */
};

struct route_pool {
	struct route_chunk *chunks;
	uint32_t chunk_count, chunk_room;
	uint32_t next;			/* pages from here on were never used */
	uint32_t free;			/* the page given back last, + 1; it begins with the next */
};

struct route_table {
	uint32_t *pages;		/* page number + 1, 0: nothing held there */
	uint32_t count;
};

static inline uint32_t *route_page(const struct route_pool *pool, uint32_t page)
{
	return pool->chunks[page >> ROUTE_CHUNK_BITS].paths[page & (ROUTE_CHUNK - 1)];
}

static inline uint32_t routes_get(const struct route_pool *pool, const struct route_table *table,
				  uint32_t network)
{
	uint32_t at = network >> ROUTE_PAGE_BITS;

	if (at >= table->count || table->pages[at] == 0)
		return 0;
	return route_page(pool, table->pages[at] - 1)[network & (ROUTE_PAGE - 1)];
}

/* Asks for where the route stands, if it has a place yet. */
static inline void routes_fetch(const struct route_pool *pool, const struct route_table *table,
				uint32_t network)
{
	uint32_t at = network >> ROUTE_PAGE_BITS;

	if (at < table->count && table->pages[at])
		__builtin_prefetch(route_page(pool, table->pages[at] - 1) +
				   (network & (ROUTE_PAGE - 1)), 1);
}

/* routes_set() where the page does not exist yet, or may go. */
int routes_set_page(struct route_pool *pool, struct route_table *table, uint32_t network,
		    uint32_t path, uint32_t *ret_before);

/* What was held before goes to *ret_before. ERR_MEMORY changes nothing. */
static inline int routes_set(struct route_pool *pool, struct route_table *table, uint32_t network,
			     uint32_t path, uint32_t *ret_before)
{
	uint32_t at = network >> ROUTE_PAGE_BITS, page, *slot;

	if (path == 0 || at >= table->count || table->pages[at] == 0)
		return routes_set_page(pool, table, network, path, ret_before);
	page = table->pages[at] - 1;
	slot = &route_page(pool, page)[network & (ROUTE_PAGE - 1)];
	pool->chunks[page >> ROUTE_CHUNK_BITS].used[page & (ROUTE_CHUNK - 1)] += *slot == 0;
	*ret_before = *slot;
	*slot = path;
	return 0;
}

/* The first network from `network` on to which a route is held, UINT32_MAX: none. */
uint32_t routes_next(const struct route_pool *pool, const struct route_table *table,
		     uint32_t network);
/* Gives back all pages. */
void routes_clear(struct route_pool *pool, struct route_table *table);
size_t route_pool_bytes(const struct route_pool *pool);
void route_pool_free(struct route_pool *pool);

#endif
