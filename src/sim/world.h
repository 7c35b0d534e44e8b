/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulated world: ASes, the links between them, and the networks they originate.
 *
 * First a draft, to which topology sources add ASes, links and networks in any order (draft_*);
 * then world_build() makes of it a graph that does not change any more. ASes are numbered in the
 * order of their AS numbers. Everything belongs to the world; after world_activate() all threads
 * may read it.
 */
#ifndef CONSTAT_SIM_WORLD_H
#define CONSTAT_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "net/prefix.h"
#include "place/place.h"

#define WORLD_NONE UINT32_MAX

/* What the neighbour at the far end of an edge is to the near one. */
enum relation {
	RELATION_PROVIDER,
	RELATION_PEER,
	RELATION_CUSTOMER,
};

/* The registries' service regions; propagation follows them. */
enum region {
	REGION_NORTH_AMERICA,
	REGION_EUROPE,
	REGION_ASIA,
	REGION_LATIN_AMERICA,
	REGION_AFRICA,
	REGION_COUNT,
};

struct draft_as {
	uint32_t asn;
	/* COUNTRY_UNKNOWN: inferred from the place of its networks, else stays so */
	country_t country;
	const char *name;	/* the draft's arena's; may be NULL */
	int64_t mrai;		/* UTC_NEVER: drawn */
};

struct draft_link {
	uint32_t a, b;		/* AS numbers */
	bool peers;		/* else a is the provider of b */
	const char *where;	/* "line 12" of a scenario, for messages; may be NULL */
};

struct draft_network {
	struct prefix prefix;
	uint32_t asn;
};

struct draft {
	struct arena arena;
	struct map by_asn;	/* asn to place in ases */
	struct draft_as *ases;
	uint32_t as_count, as_room;
	struct draft_link *links;
	uint32_t link_count, link_room;
	struct draft_network *networks;
	uint32_t network_count, network_room;
};

/* The AS, added where it is new; NULL when out of memory. Valid until the next call. */
struct draft_as *draft_as(struct draft *draft, uint32_t asn, struct err *err);
struct draft_as *draft_find(struct draft *draft, uint32_t asn);
/* Adds both ASes where they are new. */
int draft_link(struct draft *draft, uint32_t a, uint32_t b, bool peers, const char *where,
	       struct err *err);
int draft_network(struct draft *draft, const struct prefix *prefix, uint32_t asn, struct err *err);
void draft_free(struct draft *draft);

struct world_as {
	uint32_t asn;
	country_t country;
	uint8_t region;
	bool active;		/* carries routes for others, or feeds a collector; else a leaf */
	const char *name;	/* NULL: none */
	int64_t mrai;		/* UTC_NEVER: drawn */
	/*
	 * Edges: providers from `first`, peers from `peers`, customers from `customers`, to `end`;
	 * of peers and customers the active ones first.
	 */
	uint32_t first, peers, peers_active, customers, customers_active, end;
};

struct world_edge {
	uint32_t to;		/* index of an AS */
	uint32_t back;		/* the same link seen from there */
	uint32_t link;
	/* among equally good neighbours the lowest is preferred, then the lower AS number */
	uint32_t rank;
};

struct world_network {
	struct prefix prefix;
	uint32_t origin;	/* index of an AS */
	country_t country;	/* by the registry written beside the recordings */
	/* no other network of the world contains it: an entry of that registry */
	bool top;
};

struct world {
	struct arena arena;
	struct world_as *ases;
	uint32_t as_count;
	struct world_edge *edges;
	uint32_t edge_count;
	/* two for each link: the edge from provider (or lower peer), the edge back */
	uint32_t *link_edges;
	uint32_t link_count;
	struct world_network *networks;	/* by prefix, then origin */
	uint32_t network_count;
};

/*
 * ERR_USAGE where the draft makes no sense: an AS that is its own indirect provider, two relations
 * on one link.
 */
int world_build(const struct draft *draft, const struct place *place, struct world **ret_world,
		struct err *err);
void world_free(struct world *world);
/*
 * Marks ASes with customers, and those of these flags (by AS), active, and puts active neighbours
 * first.
 */
void world_activate(struct world *world, const bool *flags);

/* WORLD_NONE: no such AS */
uint32_t world_find(const struct world *world, uint32_t asn);
/* WORLD_NONE: not linked */
uint32_t world_edge_find(const struct world *world, uint32_t from, uint32_t to);
enum relation world_relation(const struct world *world, uint32_t from, uint32_t edge);

/*
 * The customer cone: `as`, its customers, theirs, and so on. Sets mark[i] of each to `stamp`, lists
 * them from cone[*count] on (room for all ASes) and adds to *count; those marked already are left
 * out.
 */
void world_cone(const struct world *world, uint32_t as, uint32_t *mark, uint32_t stamp,
		uint32_t *cone, uint32_t *count);

enum region region_of_country(country_t country);
/* Whether of two edges of one AS, equally good otherwise, the first is preferred. */
static inline bool world_prefers(const struct world *world, uint32_t a, uint32_t b)
{
	const struct world_edge *x = &world->edges[a], *y = &world->edges[b];

	return x->rank != y->rank ? x->rank < y->rank : x->to < y->to;
}

/* Microseconds from one AS to another without any queue. */
int64_t world_distance(const struct world *world, uint64_t seed, uint32_t a, uint32_t b);

#endif
