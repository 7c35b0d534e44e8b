/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A made-up Internet of the shape of the real one, for tests and measurements of size and
 * speed: 13 networks an origin AS on average, half of the origins sending part of their
 * networks another way, a fifth prepending, vantage points with three transits each out of
 * sixteen large networks, paths of three to seven hops. About 16 % of all routes have a path of
 * their own, and half of the routes of a vantage point repeat the path before, as in RIBs of
 * 2014 (docs/table.md). A path is a function of (vantage point, network) alone.
 */
#ifndef CONSTAT_TABLE_TEST_INTERNET_H
#define CONSTAT_TABLE_TEST_INTERNET_H

#include <stdint.h>

#include "base/map.h"

#define INTERNET_HOPS_MAX	16u

static inline uint64_t internet_draw(uint64_t a, uint64_t b)
{
	return map_hash_u64(map_hash_u64(a + 1) ^ (b + 1) * 0x9e3779b97f4a7c15u);
}

/*
 * Runs of networks, 1 to 25 long, belong to one origin; a tenth of the networks stands
 * elsewhere.
 */
static inline uint32_t internet_origin(uint32_t network)
{
	uint32_t block = network / 26, split;

	if (internet_draw(network, 5) % 10 == 0)
		block = (uint32_t)(internet_draw(network, 6) % (block + 1));
	split = 1 + (uint32_t)(internet_draw(block, 77) % 25);
	return 2 * block + (network % 26 >= split);
}

static inline uint32_t internet_own(uint32_t vantage)
{
	return 64000 + vantage;
}

/*
 * One of `count`, few of them nearly always, as providers are: half of all draws fall on the
 * first 64th.
 */
static inline uint32_t internet_popular(uint64_t draw, uint32_t count)
{
	uint64_t share = draw & 0xffff, cube = (share * share >> 16) * share >> 16;

	return (uint32_t)((cube * cube >> 16) * count >> 16);
}

/* The ASes of the path, nearest first, into asns[INTERNET_HOPS_MAX]; returns how many. */
static inline uint32_t internet_path(uint32_t vantage, uint32_t network, uint32_t *asns)
{
	uint32_t origin = internet_origin(network), count = 0;
	/* Some networks of an origin go another way. */
	uint64_t way = internet_draw(origin, 1) % 2 ? internet_draw(network, 2) % 8 / 6 : 0;
	uint64_t of_origin = internet_draw(origin, 10 + way);
	uint64_t seen = internet_draw(of_origin, vantage);
	uint32_t transit = (uint32_t)(internet_draw(vantage, 3 + seen % 3) % 16);
	uint32_t upstream = 4000 + internet_popular(of_origin >> 8, 3000);

	/* Each vantage point tells apart a few networks more. */
	if (internet_draw(internet_draw(network, vantage), 9) % 16 == 0)
		transit = (transit + 1) % 16;
	asns[count++] = internet_own(vantage);
	asns[count++] = 100 + transit;
	if (seen >> 20 & 1)
		asns[count++] = 1000 + (uint32_t)(internet_draw(upstream, transit) % 200);
	asns[count++] = upstream;
	if (of_origin % 3 == 0)
		asns[count++] = 10000 + (uint32_t)(of_origin >> 24) % 8000;
	for (uint32_t times = of_origin % 5 ? 1 : 2 + of_origin % 3; times; times--)
		asns[count++] = 200000 + origin;
	return count;
}

#endif
