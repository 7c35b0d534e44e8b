/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a world's ASes, links and networks come from: files about the real Internet, or a
 * generator. Both add to a draft, beside what a scenario names itself.
 */
#ifndef CONSTAT_SIM_TOPOLOGY_H
#define CONSTAT_SIM_TOPOLOGY_H

#include <stdint.h>

#include "sim/world.h"

/* CAIDA's serial-1 form: "provider|customer|-1", "peer|peer|0", "#" comments; compressed or not. */
int topology_load_links(struct draft *draft, const char *path, struct err *err);
/*
 * Origins of networks: "prefix ASN" or "address length ASN", blanks or tabs between, ";" and "#"
 * comments. Where several origins are given ("1_2", "1,2") the first is taken. Prefixes that are no
 * networks are passed over.
 */
int topology_load_origins(struct draft *draft, const char *path, struct err *err);

/* What an AS is in a generated world. */
enum role {
	ROLE_STUB,		/* buys only */
	ROLE_NATIONAL,		/* sells within its country */
	ROLE_REGIONAL,		/* sells to countries of its region */
	ROLE_TIER1,		/* buys from nobody, peers with all of its kind */
	ROLE_COUNT,
};

struct topology_plan {
	uint64_t seed;
	uint32_t ases;		/* in all, those below included */
	/* IPv4 networks of generated and named ASes that do not list theirs */
	uint32_t networks;
	uint32_t networks6;
	uint32_t tier1;
	uint32_t transit;	/* ASes with customers, parts per million */
	uint32_t countries;	/* the largest so many */
	const struct topology_named *named;
	uint32_t named_count;
};

/*
 * ASes of the scenario that the generator links or gives networks to. They are in the draft
 * already.
 */
struct topology_named {
	uint32_t asn;
	enum role role;
	bool link;		/* the generator chooses its neighbours; else it has its own */
	bool networks;		/* it takes its share of the networks … */
	uint32_t network_count;	/* … or, not 0, so many */
};

/*
 * Every country named or generated has an AS that sells. Generated AS numbers begin at
 * TOPOLOGY_FIRST_ASN, which nobody was ever given.
 */
#define TOPOLOGY_FIRST_ASN 410000u
int topology_make(struct draft *draft, const struct topology_plan *plan, struct err *err);

#endif
