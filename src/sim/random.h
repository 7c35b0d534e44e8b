/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Randomness that is a function: what is drawn depends on the seed, on what it is drawn for and
 * on nothing else, so that neither threads nor the order of work can change a simulated world.
 *
 * random_at() mixes its four numbers as splitmix64 does; struct random is a sequence started from
 * one of them. No floating point: shares are parts per million.
 */
#ifndef CONSTAT_SIM_RANDOM_H
#define CONSTAT_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* What a draw is for: the first number behind the seed. */
enum random_use {
	RANDOM_COUNTRY = 1,
	RANDOM_LINKS,
	RANDOM_NETWORKS,
	RANDOM_POLICY,
	RANDOM_RANK,		/* which of equally good neighbours an AS prefers */
	RANDOM_AS,		/* an AS's own properties: MRAI, processing */
	RANDOM_PICK,		/* which ASes have vantage points */
	RANDOM_SESSION,		/* a vantage point's own properties */
	RANDOM_FEED,		/* what a partial feed carries */
	RANDOM_PROPAGATION,
	RANDOM_PROCESSING,
	RANDOM_INTERVAL,	/* jitter of the MRAI */
	RANDOM_DETECTION,
	RANDOM_NOISE,
	RANDOM_SCRIPT,
	RANDOM_CHATTER,
	RANDOM_DUPLICATE,
	RANDOM_ORIGINATED,
};

static inline uint64_t random_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static inline uint64_t random_at(uint64_t seed, enum random_use use, uint64_t a, uint64_t b)
{
	return random_mix(random_mix(random_mix(seed ^ (uint64_t)use << 56) ^ a) ^ b);
}

/* `bits` scaled to 0 … n − 1; 0 for n = 0. */
static inline uint64_t random_scale(uint64_t bits, uint64_t n)
{
	return (uint64_t)((unsigned __int128)bits * n >> 64);
}

/* From `low` to `high`, both included. */
static inline int64_t random_between(uint64_t bits, int64_t low, int64_t high)
{
	return high <= low ? low : low + (int64_t)random_scale(bits, (uint64_t)(high - low) + 1);
}

static inline bool random_chance(uint64_t bits, uint32_t ppm)
{
	return random_scale(bits, 1000000) < ppm;
}

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t drawn = random_mix(random->state);

	random->state += 0x9e3779b97f4a7c15u;
	return drawn;
}

static inline uint32_t random_below(struct random *random, uint32_t n)
{
	return (uint32_t)random_scale(random_next(random), n);
}

#endif
