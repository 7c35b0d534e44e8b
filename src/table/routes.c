/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any path: a page spans 64 networks with neighbouring numbers, 256 bytes. A vantage point has one
 * word a page, so that one with a few hundred routes among a million networks costs tens of
 * kilobytes and a full feed 4.1 bytes a route. Pages are cut from chunks of two megabytes, as the
 * vantage points ask for them: while a RIB is read, all that its vantage points hold of the same
 * networks stands together. Pages given back are linked through their first words.
 *
 * Origins: whoever holds a network nearly always holds it with the same origin. The first path
 * that somebody holds to a network, and the second that differs, stand once for all; a vantage
 * point then has two bits a network to say that it holds the one or the other, in leaves of 4,096
 * networks. Only who holds a third one needs a page. A full feed costs a quarter of a byte a route,
 * and what an update touches is small enough for the caches. When nobody holds the network any
 * more its two paths are forgotten; until then they stay, even if one of them is held no more.
 */
#include "table/routes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "table/huge.h"

#define CHUNK_BYTES (sizeof(uint32_t) * ROUTE_CHUNK * ROUTE_PAGE)

static uint8_t *page_used(const struct route_pool *pool, uint32_t page)
{
	return &pool->chunks[page >> ROUTE_CHUNK_BITS].used[page & (ROUTE_CHUNK - 1)];
}

static bool chunk_add(struct route_pool *pool)
{
	struct route_chunk chunk;

	if (pool->chunk_count == UINT32_MAX >> ROUTE_CHUNK_BITS ||
	    VEC_GROW(pool->chunks, pool->chunk_count, pool->chunk_room, NULL) != 0)
		return false;
	/* Of the first only what is used is touched: there are many small tables. */
	chunk.paths = huge_alloc(CHUNK_BYTES, pool->chunk_count > 0);
	chunk.used = calloc(ROUTE_CHUNK, 1);
	if (!chunk.paths || !chunk.used) {
		huge_free(chunk.paths, CHUNK_BYTES);
		free(chunk.used);
		return false;
	}
	pool->chunks[pool->chunk_count++] = chunk;
	return true;
}

/* A page of nothing held, its number + 1; 0 when out of memory. */
static uint32_t page_take(struct route_pool *pool)
{
	uint32_t page;

	if (pool->free) {
		page = pool->free - 1;
		pool->free = route_page(pool, page)[0];
		route_page(pool, page)[0] = 0;
		return page + 1;
	}
	if (pool->next == pool->chunk_count << ROUTE_CHUNK_BITS && !chunk_add(pool))
		return 0;
	page = pool->next++;
	/* It will be filled soon, from several places by turns, which no processor foresees. */
	for (unsigned i = 0; i < ROUTE_PAGE; i += 16)
		fetch(route_page(pool, page) + i);
	return page + 1;
}

static void page_give(struct route_pool *pool, uint32_t page)
{
	route_page(pool, page)[0] = pool->free;
	pool->free = page + 1;
}

static int pages_grow(struct route_table *table, uint32_t at)
{
	uint32_t count = at + at / 8 + 64;
	uint32_t *pages = reallocarray(table->pages, count, sizeof(*pages));

	if (!pages)
		return ERR_MEMORY;
	memset(pages + table->count, 0, (count - table->count) * sizeof(*pages));
	table->pages = pages;
	table->count = count;
	return 0;
}

int routes_set_page(struct route_pool *pool, struct route_table *table, uint32_t network,
		    uint32_t path, uint32_t *ret_before)
{
	uint32_t at = network >> ROUTE_PAGE_BITS;
	uint32_t *slot;

	if (at >= table->count || table->pages[at] == 0) {
		if (path == 0) {
			*ret_before = 0;
			return 0;
		}
		if (at >= table->count && pages_grow(table, at) != 0)
			return ERR_MEMORY;
		table->pages[at] = page_take(pool);
		if (table->pages[at] == 0)
			return ERR_MEMORY;
	}
	slot = &route_page(pool, table->pages[at] - 1)[network & (ROUTE_PAGE - 1)];
	*ret_before = *slot;
	if ((*slot != 0) != (path != 0)) {
		uint8_t *used = page_used(pool, table->pages[at] - 1);

		*used = (uint8_t)(*used + (path ? 1 : -1));
		*slot = path;
		if (*used == 0) {
			page_give(pool, table->pages[at] - 1);
			table->pages[at] = 0;
		}
		return 0;
	}
	*slot = path;
	return 0;
}

static int common_grow(struct route_pool *pool, uint32_t network)
{
	uint32_t count = network + network / 16 + 512;
	struct route_common *common = reallocarray(pool->common, count, sizeof(*common));

	if (!common)
		return ERR_MEMORY;
	memset(common + pool->common_count, 0, (count - pool->common_count) * sizeof(*common));
	pool->common = common;
	pool->common_count = count;
	return 0;
}

/* The leaf of the network comes to be. */
static int leaf_add(struct route_table *table, uint32_t network)
{
	uint32_t leaf = network >> ROUTE_LEAF_BITS;

	if (leaf >= table->leaf_count) {
		uint32_t count = leaf + leaf / 8 + 4;
		struct route_bits **leaves = reallocarray(table->leaves, count,
							  sizeof(struct route_bits *));

		if (!leaves)
			return ERR_MEMORY;
		for (uint32_t i = table->leaf_count; i < count; i++)
			leaves[i] = NULL;
		table->leaves = leaves;
		table->leaf_count = count;
	}
	table->leaves[leaf] = calloc(ROUTE_LEAF_PAGES, sizeof(struct route_bits));
	return table->leaves[leaf] ? 0 : ERR_MEMORY;
}

/* Which of the two common paths it is, or becomes; 2: neither. */
static unsigned common_place(struct route_common *common, uint32_t path)
{
	for (unsigned i = 0; i < 2; i++) {
		if (common->paths[i] == 0)
			common->paths[i] = path;
		if (common->paths[i] == path)
			return i;
	}
	return 2;
}

int routes_set_any(struct route_pool *pool, struct route_table *table, uint32_t network,
		   uint32_t path, uint32_t *ret_before)
{
	uint64_t bit = (uint64_t)1 << (network & (ROUTE_PAGE - 1));
	uint32_t before = routes_get(pool, table, network), paged;
	struct route_bits *bits = route_bits(table, network);
	unsigned place;

	if (path && network >= pool->common_count && common_grow(pool, network) != 0)
		return ERR_MEMORY;
	if (path && !bits && leaf_add(table, network) != 0)
		return ERR_MEMORY;
	place = path ? common_place(&pool->common[network], path) : 2;
	if (routes_set_page(pool, table, network, place == 2 ? path : 0, &paged) != 0)
		return ERR_MEMORY;
	bits = route_bits(table, network);
	if (bits) {
		bits->holds[0] &= ~bit;
		bits->holds[1] &= ~bit;
		if (place < 2)
			bits->holds[place] |= bit;
	}
	*ret_before = before;
	return 0;
}

/* A bit for each network of the page to which a route is held. */
static uint64_t page_held(const struct route_pool *pool, const struct route_table *table,
			  uint32_t at)
{
	const struct route_bits *bits = route_bits(table, at << ROUTE_PAGE_BITS);
	uint64_t held = bits ? bits->holds[0] | bits->holds[1] : 0;
	const uint32_t *page;

	if (at >= table->count || table->pages[at] == 0)
		return held;
	page = route_page(pool, table->pages[at] - 1);
	for (uint32_t i = 0; i < ROUTE_PAGE; i++)
		held |= (uint64_t)(page[i] != 0) << i;
	return held;
}

uint32_t routes_next(const struct route_pool *pool, const struct route_table *table,
		     uint32_t network)
{
	uint32_t end = table->leaf_count * ROUTE_LEAF_PAGES;
	uint64_t from = UINT64_MAX << (network & (ROUTE_PAGE - 1));

	if (table->count > end)
		end = table->count;
	for (uint32_t at = network >> ROUTE_PAGE_BITS; at < end; at++, from = UINT64_MAX) {
		uint64_t held = page_held(pool, table, at) & from;

		if (held)
			return at << ROUTE_PAGE_BITS | (uint32_t)__builtin_ctzll(held);
	}
	return UINT32_MAX;
}

void routes_clear(struct route_pool *pool, struct route_table *table)
{
	for (uint32_t at = 0; at < table->count; at++) {
		uint32_t page = table->pages[at];

		if (page == 0)
			continue;
		memset(route_page(pool, page - 1), 0, ROUTE_PAGE * sizeof(uint32_t));
		*page_used(pool, page - 1) = 0;
		page_give(pool, page - 1);
	}
	routes_drop(table);
}

void routes_drop(struct route_table *table)
{
	for (uint32_t i = 0; i < table->leaf_count; i++)
		free(table->leaves[i]);
	free(table->leaves);
	free(table->pages);
	*table = (struct route_table){ 0 };
}

size_t routes_bytes(const struct route_table *table)
{
	size_t bytes = table->count * sizeof(*table->pages) +
		       table->leaf_count * sizeof(*table->leaves);

	for (uint32_t i = 0; i < table->leaf_count; i++)
		bytes += table->leaves[i] ? ROUTE_LEAF_PAGES * sizeof(struct route_bits) : 0;
	return bytes;
}

size_t route_pool_bytes(const struct route_pool *pool)
{
	size_t pages =
		pool->chunk_count > 1 ? (size_t)pool->chunk_count << ROUTE_CHUNK_BITS : pool->next;

	return pages * ROUTE_PAGE * sizeof(uint32_t) + pool->chunk_count * (size_t)ROUTE_CHUNK +
	       pool->chunk_room * sizeof(*pool->chunks) +
	       pool->common_count * sizeof(*pool->common);
}

void route_pool_free(struct route_pool *pool)
{
	for (uint32_t i = 0; i < pool->chunk_count; i++) {
		huge_free(pool->chunks[i].paths, CHUNK_BYTES);
		free(pool->chunks[i].used);
	}
	free(pool->chunks);
	free(pool->common);
	*pool = (struct route_pool){ 0 };
}
