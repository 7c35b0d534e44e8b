/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who holds what: vantage point × network → path number.
 *
 * A struct route_table belongs to one vantage point; a struct route_pool is shared by all. A route
 * is set in one of two ways, which for a network must always be the same: routes_set() takes any
 * path; routes_set_common() is for networks of whose routes no more than the origin is kept, so
 * that nearly all vantage points hold the same. See routes.c for what either costs.
 */
#ifndef CONSTAT_TABLE_ROUTES_H
#define CONSTAT_TABLE_ROUTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/fetch.h"

#define ROUTE_PAGE_BITS		6u
#define ROUTE_PAGE		(1u << ROUTE_PAGE_BITS)		/* networks a page */
#define ROUTE_CHUNK_BITS	13u
#define ROUTE_CHUNK		(1u << ROUTE_CHUNK_BITS)	/* pages a chunk: 2 MiB */
#define ROUTE_LEAF_BITS		12u				/* networks a leaf: 1 KiB */
#define ROUTE_LEAF_PAGES	(1u << (ROUTE_LEAF_BITS - ROUTE_PAGE_BITS))

struct route_chunk {
	uint32_t (*paths)[ROUTE_PAGE];
	uint8_t *used;			/* routes in each page */
};

/* The two paths that came first while somebody held the network; 0: none yet. */
struct route_common {
	uint32_t paths[2];
};

struct route_pool {
	struct route_chunk *chunks;
	uint32_t chunk_count, chunk_room;
	uint32_t next;			/* pages from here on were never used */
	uint32_t free;			/* the page given back last, + 1; it begins with the next */
	struct route_common *common;	/* by network */
	uint32_t common_count;
};

/* A bit a network: who holds the first of the common paths, and who the second. */
struct route_bits {
	uint64_t holds[2];
};

struct route_table {
	uint32_t *pages;		/* page number + 1, 0: nothing held there */
	uint32_t count;
	uint32_t leaf_count;
	struct route_bits **leaves;	/* ROUTE_LEAF_PAGES each; NULL: nothing held there */
};

static inline uint32_t *route_page(const struct route_pool *pool, uint32_t page)
{
	return pool->chunks[page >> ROUTE_CHUNK_BITS].paths[page & (ROUTE_CHUNK - 1)];
}

/* NULL: there is no leaf. */
static inline struct route_bits *route_bits(const struct route_table *table, uint32_t network)
{
	uint32_t leaf = network >> ROUTE_LEAF_BITS;

	return leaf < table->leaf_count && table->leaves[leaf]
		? &table->leaves[leaf][network >> ROUTE_PAGE_BITS & (ROUTE_LEAF_PAGES - 1)] : NULL;
}

static inline uint32_t routes_get(const struct route_pool *pool, const struct route_table *table,
				  uint32_t network)
{
	const struct route_bits *bits = route_bits(table, network);
	uint32_t at = network >> ROUTE_PAGE_BITS;

	for (unsigned i = 0; bits && i < 2; i++)
		if (bits->holds[i] >> (network & (ROUTE_PAGE - 1)) & 1)
			return pool->common[network].paths[i];
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
		fetch(route_page(pool, table->pages[at] - 1) +
				   (network & (ROUTE_PAGE - 1)));
}

/* The same for routes_set_common(). */
static inline void routes_fetch_common(const struct route_pool *pool,
				       const struct route_table *table, uint32_t network)
{
	const struct route_bits *bits = route_bits(table, network);

	if (network < pool->common_count)
		fetch(&pool->common[network]);
	if (bits)
		fetch(bits);
}

/* routes_set() where the page does not exist yet, or may go. */
int routes_set_page(struct route_pool *pool, struct route_table *table, uint32_t network,
		    uint32_t path, uint32_t *ret_before);
/* routes_set_common() where it is not just one bit. */
int routes_set_any(struct route_pool *pool, struct route_table *table, uint32_t network,
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

static inline int routes_set_common(struct route_pool *pool, struct route_table *table,
				    uint32_t network, uint32_t path, uint32_t *ret_before)
{
	struct route_bits *bits = route_bits(table, network);
	uint32_t at = network >> ROUTE_PAGE_BITS;
	uint64_t bit = (uint64_t)1 << (network & (ROUTE_PAGE - 1));

	if (!bits || (at < table->count && table->pages[at]) || bits->holds[1] & bit ||
	    network >= pool->common_count || pool->common[network].paths[0] != path || path == 0)
		return routes_set_any(pool, table, network, path, ret_before);
	*ret_before = bits->holds[0] & bit ? path : 0;
	bits->holds[0] |= bit;
	return 0;
}

/* Nobody holds the network any more: the next paths that come may be the common ones. */
static inline void routes_nobody(struct route_pool *pool, uint32_t network)
{
	if (network < pool->common_count)
		pool->common[network] = (struct route_common){ { 0, 0 } };
}

/*
 * The path that all hold who hold this network, 0: not known to be one path, or nobody holds it.
 * Of networks set by routes_set_common() alone.
 */
static inline uint32_t routes_common(const struct route_pool *pool, uint32_t network)
{
	return network < pool->common_count && pool->common[network].paths[1] == 0
		? pool->common[network].paths[0] : 0;
}

/* The first network from `network` on to which a route is held, UINT32_MAX: none. */
uint32_t routes_next(const struct route_pool *pool, const struct route_table *table,
		     uint32_t network);
/* Gives back everything; routes_drop() where the pool goes, too. */
void routes_clear(struct route_pool *pool, struct route_table *table);
void routes_drop(struct route_table *table);
size_t routes_bytes(const struct route_table *table);
size_t route_pool_bytes(const struct route_pool *pool);
void route_pool_free(struct route_pool *pool);

#endif
