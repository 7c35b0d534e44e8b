/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generated topologies.
 *
 * ASes come in four roles, made in this order, and an AS buys only from those made before it: no
 * circles. Each pool that a buyer chooses from (the tier 1, a region's regional ASes, a country's
 * national ones) lists an AS once and once more for every customer it has won, so that a uniform
 * draw from the list is preferential attachment, and degrees come out as heavy-tailed as they are
 * in life. Peering is drawn apart: the tier 1 is a clique, regional ASes mesh, national ones meet
 * at exchanges, and a few content networks peer with a good part of the rest.
 *
 * How many networks an AS has follows Zipf's law over ranks drawn at random; an AS has one block of
 * addresses and announces it, with more-specifics for the rest of its networks.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "sim/lands.h"
#include "sim/random.h"
#include "sim/topology.h"

static const char *const role_names[ROLE_COUNT] = { "stub", "national", "regional", "tier1" };

struct pool {
	uint32_t *items;	/* places in maker.ases */
	uint32_t count, room;
};

struct maker_as {
	uint32_t asn;
	uint32_t land;
	uint8_t region;
	bool networks;		/* takes a share of those generated … */
	uint32_t network_count;	/* … or, not 0, so many */
};

struct maker {
	struct draft *draft;
	const struct topology_plan *plan;
	struct random random;
	struct err *err;
	struct maker_as *ases;
	uint32_t count;
	uint32_t next_asn;
	/*
	 * Countries: `land_total` of them, their codes and regions, how many ASes so far sell in
	 * each.
	 */
	struct land *lands;
	uint32_t land_total, weight_total;
	struct pool tier1, regional[REGION_COUNT], *national;
	uint32_t first[ROLE_COUNT + 1];	/* of maker.ases, by the order of making: tier 1 first */
	struct map linked;		/* pairs of places in maker.ases */
};

/* The order of making. */
static const enum role making[ROLE_COUNT] = { ROLE_TIER1, ROLE_REGIONAL, ROLE_NATIONAL, ROLE_STUB };

static int pool_add(struct pool *pool, uint32_t item, struct err *err)
{
	int rc = VEC_GROW(pool->items, pool->count, pool->room, err);

	if (rc == 0)
		pool->items[pool->count++] = item;
	return rc;
}

static uint32_t land_find(const struct maker *maker, country_t country)
{
	for (uint32_t i = 0; i < maker->land_total; i++)
		if (country == COUNTRY(maker->lands[i].code[0], maker->lands[i].code[1]))
			return i;
	return WORLD_NONE;
}

/* The largest countries, and those of named ASes. */
static int choose_lands(struct maker *maker)
{
	uint32_t wanted = maker->plan->countries;

	if (wanted > land_count)
		wanted = land_count;
	maker->lands = calloc((size_t)wanted + maker->plan->named_count + 1, sizeof(*maker->lands));
	if (!maker->lands)
		return err_memory(maker->err);
	for (uint32_t i = 0; i < wanted; i++) {
		maker->lands[maker->land_total++] = lands[i];
		maker->weight_total += lands[i].ases;
	}
	for (uint32_t i = 0; i < maker->plan->named_count; i++) {
		const struct draft_as *as = draft_find(maker->draft, maker->plan->named[i].asn);

		if (as->country == COUNTRY_UNKNOWN || land_find(maker, as->country) != WORLD_NONE)
			continue;
		/* Named only: no generated AS settles there, so it weighs nothing. */
		maker->lands[maker->land_total++] = (struct land){
			.code = { (char)(as->country >> 8), (char)as->country },
			.region = (uint8_t)region_of_country(as->country),
		};
	}
	maker->national = calloc((size_t)maker->land_total + 1, sizeof(*maker->national));
	return maker->national ? 0 : err_memory(maker->err);
}

static uint32_t draw_land(struct maker *maker)
{
	uint32_t at = random_below(&maker->random, maker->weight_total);

	for (uint32_t i = 0; i < maker->land_total; i++) {
		if (at < maker->lands[i].ases)
			return i;
		at -= maker->lands[i].ases;
	}
	return 0;
}

/* Where an AS of a role settles; the first of each kind go where one is needed. */
static uint32_t settle(struct maker *maker, enum role role, uint32_t made)
{
	uint32_t land;

	if (role == ROLE_NATIONAL && made < maker->land_total && maker->lands[made].ases)
		return made;
	if (role == ROLE_REGIONAL && made < 2 * REGION_COUNT)
		for (land = 0; land < maker->land_total; land++)
			if (maker->lands[land].region == made % REGION_COUNT &&
			    maker->lands[land].ases)
				return land;
	land = draw_land(maker);
	/* The carriers of the world are where its largest markets are. */
	if (role == ROLE_TIER1 && land > 12)
		land = random_below(&maker->random,
				    maker->land_total < 12 ? maker->land_total : 12);
	return land;
}

static uint32_t new_asn(struct maker *maker)
{
	while (draft_find(maker->draft, maker->next_asn))
		maker->next_asn++;
	return maker->next_asn++;
}

static int add_named(struct maker *maker, const struct topology_named *named)
{
	struct draft_as *as = draft_find(maker->draft, named->asn);
	uint32_t land;

	if (as->country == COUNTRY_UNKNOWN) {
		land = draw_land(maker);
		as->country = COUNTRY(maker->lands[land].code[0], maker->lands[land].code[1]);
	}
	land = land_find(maker, as->country);
	maker->ases[maker->count++] = (struct maker_as){ named->asn, land,
							 maker->lands[land].region, named->networks,
							 named->network_count };
	return 0;
}

static int add_generated(struct maker *maker, enum role role, uint32_t made)
{
	uint32_t land = settle(maker, role, made), asn = new_asn(maker);
	struct draft_as *as = draft_as(maker->draft, asn, maker->err);
	const char *code = maker->lands[land].code;
	char name[64];

	if (!as)
		return ERR_MEMORY;
	as->country = COUNTRY(code[0], code[1]);
	snprintf(name, sizeof(name), "SIM-%s-%u - Simulated %s network %u", code, made,
		 role_names[role], made);
	as->name = arena_strndup(&maker->draft->arena, name, strlen(name));
	if (!as->name)
		return err_memory(maker->err);
	maker->ases[maker->count++] = (struct maker_as){
		asn, land, maker->lands[land].region, true, 0,
	};
	return 0;
}

/* How many ASes of a role there are to be, named ones included. */
static uint32_t role_size(const struct maker *maker, enum role role, uint32_t left)
{
	uint32_t transit = (uint32_t)((uint64_t)maker->plan->ases * maker->plan->transit / 1000000);
	uint32_t regional = transit / 8 > 2 * REGION_COUNT ? transit / 8 : 2 * REGION_COUNT;
	uint32_t want = 0;

	switch (role) {
	case ROLE_TIER1:
		want = maker->plan->tier1;
		break;
	case ROLE_REGIONAL:
		want = regional;
		break;
	case ROLE_NATIONAL:
		want = transit > regional + maker->plan->tier1
			       ? transit - regional - maker->plan->tier1
			       : 0;
		want = want < maker->land_total ? maker->land_total : want;
		break;
	default:
		return left;
	}
	return want < left ? want : left;
}

static int add_ases(struct maker *maker)
{
	const struct topology_plan *plan = maker->plan;

	maker->ases = calloc((size_t)plan->ases + plan->named_count, sizeof(*maker->ases));
	if (!maker->ases)
		return err_memory(maker->err);
	for (int i = 0; i < ROLE_COUNT; i++) {
		uint32_t size = role_size(maker, making[i],
					  plan->ases > maker->count ? plan->ases - maker->count
								    : 0);
		uint32_t made = 0;
		int rc;

		maker->first[i] = maker->count;
		for (uint32_t n = 0; n < plan->named_count; n++)
			if (plan->named[n].role == making[i]) {
				rc = add_named(maker, &plan->named[n]);
				if (rc != 0)
					return rc;
			}
		while (maker->count - maker->first[i] < size) {
			rc = add_generated(maker, making[i], made++);
			if (rc != 0)
				return rc;
		}
	}
	maker->first[ROLE_COUNT] = maker->count;
	return 0;
}

static uint64_t pair_key(uint32_t a, uint32_t b)
{
	return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static bool is_linked(const struct maker *maker, uint32_t a, uint32_t b)
{
	return a == b || map_get(&maker->linked, pair_key(a, b)) != MAP_NONE;
}

/* `a` is the provider, unless they are peers. */
static int add_link(struct maker *maker, uint32_t a, uint32_t b, bool peers)
{
	if (map_put(&maker->linked, pair_key(a, b), 1) != 0)
		return err_memory(maker->err);
	return draft_link(maker->draft, maker->ases[a].asn, maker->ases[b].asn, peers, NULL,
			  maker->err);
}

static int peer(struct maker *maker, uint32_t a, uint32_t b)
{
	return is_linked(maker, a, b) ? 0 : add_link(maker, a, b, true);
}

/* Links that the scenario gives itself, so that nobody gets a second one. */
static int remember_links(struct maker *maker)
{
	struct map at = { 0 };
	int rc = 0;

	for (uint32_t i = 0; i < maker->count && rc == 0; i++)
		rc = map_put(&at, maker->ases[i].asn, i);
	for (uint32_t i = 0; i < maker->draft->link_count && rc == 0; i++) {
		uint32_t a = map_get(&at, maker->draft->links[i].a),
			 b = map_get(&at, maker->draft->links[i].b);

		if (a != MAP_NONE && b != MAP_NONE)
			rc = map_put(&maker->linked, pair_key(a, b), 1);
	}
	map_free(&at);
	return rc == 0 ? 0 : err_memory(maker->err);
}

/* A pool's pick, or WORLD_NONE when it is empty. */
static uint32_t draw(struct maker *maker, const struct pool *pool)
{
	return pool->count ? pool->items[random_below(&maker->random, pool->count)] : WORLD_NONE;
}

/*
 * Where a buyer of a role looks first: thresholds in percent for its country, its region, the tier
 * 1.
 */
static const uint8_t shops[ROLE_COUNT][3] = {
	[ROLE_STUB] = { 72, 92, 100 },
	[ROLE_NATIONAL] = { 25, 80, 100 },
	[ROLE_REGIONAL] = { 0, 20, 100 },
	[ROLE_TIER1] = { 0, 0, 0 },
};

static uint32_t draw_provider(struct maker *maker, enum role role, const struct maker_as *as,
			      struct pool **ret_pool)
{
	uint32_t at = random_below(&maker->random, 100);
	struct pool *order[3] = {
		&maker->national[as->land], &maker->regional[as->region], &maker->tier1,
	};
	uint32_t shop = 0;

	while (shop < 2 && at >= shops[role][shop])
		shop++;
	for (uint32_t i = 0; i < 3; i++) {
		struct pool *pool = order[(shop + i) % 3];
		uint32_t found;

		if (role == ROLE_REGIONAL && pool == order[0])
			continue;
		found = draw(maker, pool);
		if (found != WORLD_NONE) {
			*ret_pool = pool;
			return found;
		}
	}
	return WORLD_NONE;
}

/* One to four providers: 40, 40, 15, 5 in a hundred. */
static int buy(struct maker *maker, enum role role, uint32_t buyer)
{
	uint32_t drawn = random_below(&maker->random, 100);
	uint32_t wanted = 1 + (drawn >= 40) + (drawn >= 80) + (drawn >= 95);

	if (role == ROLE_REGIONAL && wanted < 2)
		wanted = 2;
	for (uint32_t i = 0; i < wanted; i++) {
		struct pool *pool = NULL;
		uint32_t provider = draw_provider(maker, role, &maker->ases[buyer], &pool);
		int rc;

		if (provider == WORLD_NONE || is_linked(maker, provider, buyer))
			continue;
		rc = add_link(maker, provider, buyer, false);
		if (rc == 0)
			rc = pool_add(pool, provider, maker->err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static struct pool *pool_of(struct maker *maker, enum role role, const struct maker_as *as)
{
	switch (role) {
	case ROLE_TIER1:
		return &maker->tier1;
	case ROLE_REGIONAL:
		return &maker->regional[as->region];
	case ROLE_NATIONAL:
		return &maker->national[as->land];
	default:
		return NULL;
	}
}

static bool links_itself(const struct maker *maker, uint32_t asn)
{
	for (uint32_t i = 0; i < maker->plan->named_count; i++)
		if (maker->plan->named[i].asn == asn)
			return !maker->plan->named[i].link;
	return false;
}

/* By role, so that everybody buys from those before; each AS goes on sale only after it bought. */
static int add_transit(struct maker *maker)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		for (uint32_t as = maker->first[i]; as < maker->first[i + 1]; as++) {
			struct pool *pool = pool_of(maker, making[i], &maker->ases[as]);
			int rc = 0;

			if (making[i] != ROLE_TIER1 && !links_itself(maker, maker->ases[as].asn))
				rc = buy(maker, making[i], as);
			if (rc == 0 && pool)
				rc = pool_add(pool, as, maker->err);
			if (rc != 0)
				return rc;
		}
	return 0;
}

static int add_meshes(struct maker *maker)
{
	uint32_t tier1 = maker->first[1], regional = maker->first[2];
	int rc = 0;

	for (uint32_t a = 0; a < tier1; a++)
		for (uint32_t b = a + 1; b < tier1 && rc == 0; b++)
			rc = peer(maker, a, b);
	for (uint32_t a = tier1; a < regional && rc == 0; a++) {
		if (links_itself(maker, maker->ases[a].asn))
			continue;
		for (uint32_t b = a + 1; b < regional && rc == 0; b++) {
			uint32_t percent = maker->ases[a].region == maker->ases[b].region ? 20 : 4;

			if (random_below(&maker->random, 100) < percent &&
			    !links_itself(maker, maker->ases[b].asn))
				rc = peer(maker, a, b);
		}
	}
	return rc;
}

/*
 * An exchange: peers of the own country or region, more of them for a few (a share of 1/2, then
 * 1/4, …).
 */
static int add_exchanges(struct maker *maker)
{
	uint32_t from = maker->first[2], to = maker->first[3];

	for (uint32_t a = from; a < to; a++) {
		uint32_t wanted = 1;

		if (links_itself(maker, maker->ases[a].asn))
			continue;
		while (wanted < 256 && random_below(&maker->random, 2))
			wanted *= 2;
		for (uint32_t i = 0; i < wanted; i++) {
			const struct maker_as *as = &maker->ases[a];
			bool home = random_below(&maker->random, 100) < 40;
			uint32_t b = home ? draw(maker, &maker->national[as->land])
					  : from + random_below(&maker->random, to - from);
			int rc = 0;

			if (b != WORLD_NONE && maker->ases[b].region == as->region &&
			    !links_itself(maker, maker->ases[b].asn))
				rc = peer(maker, a, b);
			if (rc != 0)
				return rc;
		}
	}
	return 0;
}

/* One stub in 500 is a content network and peers with up to half of those who sell. */
static int add_content(struct maker *maker)
{
	uint32_t sellers = maker->first[3], stubs = maker->count - sellers;

	for (uint32_t i = 0; i < stubs / 500; i++) {
		uint32_t content = sellers + random_below(&maker->random, stubs);
		uint32_t wanted = random_below(&maker->random, sellers / 2 + 1);

		if (links_itself(maker, maker->ases[content].asn))
			continue;
		for (uint32_t j = 0; j < wanted; j++) {
			uint32_t with = maker->first[1] +
					random_below(&maker->random, sellers - maker->first[1]);
			int rc = 0;

			if (!links_itself(maker, maker->ases[with].asn))
				rc = peer(maker, content, with);
			if (rc != 0)
				return rc;
		}
	}
	return 0;
}

static int add_peering(struct maker *maker)
{
	int rc = add_meshes(maker);

	if (rc == 0 && maker->first[3] > maker->first[2])
		rc = add_exchanges(maker);
	if (rc == 0 && maker->first[3] > maker->first[1])
		rc = add_content(maker);
	return rc;
}

/* Where the next block of IPv4 addresses comes from, in /24. */
struct space {
	const struct draft *draft;
	uint32_t named;			/* networks of the draft before any was generated */
	uint32_t next;
};

/* First bytes whose whole /8 is ordinary space (RFC 6890, 6598): the rest is left out. */
static bool ordinary(uint32_t byte)
{
	return byte > 0 && byte < 224 && byte != 10 && byte != 100 && byte != 127 && byte != 169 &&
	       byte != 172 && byte != 192 && byte != 198 && byte != 203;
}

static struct prefix block(uint32_t at, unsigned bits)
{
	uint8_t bytes[4] = { (uint8_t)(at >> 16), (uint8_t)(at >> 8), (uint8_t)at, 0 };

	return prefix_from_wire(FAMILY_IPV4, 24 - bits, bytes);
}

static bool is_free(const struct space *space, const struct prefix *prefix)
{
	for (uint32_t i = 0; i < space->named; i++) {
		const struct prefix *named = &space->draft->networks[i].prefix;

		if (prefix_contains(prefix, named) || prefix_contains(named, prefix))
			return false;
	}
	return true;
}

/* 2^bits blocks of /24, aligned. */
static bool take_block(struct space *space, unsigned bits, uint32_t *ret_at)
{
	uint32_t size = 1u << bits, at = (space->next + size - 1) & ~(size - 1);

	for (; at < 224u << 16; at += size) {
		struct prefix prefix = block(at, bits);

		if (!ordinary(at >> 16) || !is_free(space, &prefix))
			continue;
		space->next = at + size;
		*ret_at = at;
		return true;
	}
	return false;
}

/* Sizes of single networks, from /24 to /16, in percent, about as in tables. */
static unsigned single_bits(struct random *random)
{
	static const uint8_t percent[] = { 50, 10, 15, 7, 7, 5, 3, 2, 1 };
	uint32_t at = random_below(random, 100);
	unsigned bits = 0;

	while (at >= percent[bits])
		at -= percent[bits++];
	return bits;
}

static int allocate(struct maker *maker, struct space *space, uint32_t asn, uint32_t count)
{
	unsigned bits = 0;
	uint32_t at;
	int rc;

	if (count == 1)
		bits = single_bits(&maker->random);
	else
		while (1u << bits < 2 * (count - 1))
			bits++;
	bits = bits > 16 ? 16 : bits;
	if (!take_block(space, bits, &at))
		return err_set(maker->err, ERR_USAGE,
			       "topology.generate.networks: so many do not fit into IPv4");
	rc = draft_network(maker->draft, &(struct prefix){ 0 }, asn, maker->err);
	if (rc != 0)
		return rc;
	maker->draft->networks[maker->draft->network_count - 1].prefix = block(at, bits);
	/* More-specifics two /24 apart: some are a /23. */
	for (uint32_t i = 0; i + 1 < count && i < 1u << bits >> 1 && rc == 0; i++) {
		struct prefix prefix = block(at + 2 * i,
					     random_below(&maker->random, 4) == 0 && bits > 1);

		rc = draft_network(maker->draft, &prefix, asn, maker->err);
	}
	return rc;
}

/* Zipf: the AS of rank r gets a share of 1/r, and each at least one. */
static int add_networks(struct maker *maker)
{
	struct space space = { maker->draft, maker->draft->network_count, 1u << 16 };
	uint32_t *order = calloc((size_t)maker->count + 1, sizeof(*order));
	uint32_t count = 0, spare;
	uint64_t harmonic = 0;
	int rc = 0;

	if (!order)
		return err_memory(maker->err);
	for (uint32_t as = 0; as < maker->count; as++)
		if (maker->ases[as].networks)
			order[count++] = as;
	for (uint32_t i = count; i > 1; i--) {
		uint32_t with = random_below(&maker->random, i), swap = order[i - 1];

		order[i - 1] = order[with];
		order[with] = swap;
	}
	for (uint32_t i = 0; i < count; i++)
		harmonic += ((uint64_t)1 << 32) / (i + 8);
	spare = maker->plan->networks > count ? maker->plan->networks - count : 0;
	for (uint32_t i = 0; i < count && rc == 0; i++) {
		uint64_t share = ((uint64_t)1 << 32) / (i + 8);
		uint32_t more = (uint32_t)((unsigned __int128)spare * share / harmonic);
		const struct maker_as *as = &maker->ases[order[i]];

		rc = allocate(maker, &space, as->asn, as->network_count ? as->network_count
							: 1 + (more > 4000 ? 4000 : more));
	}
	free(order);
	return rc;
}

/*
 * Each region's first byte of IPv6, of which ASes get a /32 each, or a /48 of it once more when
 * there are many.
 */
static int add_networks6(struct maker *maker)
{
	static const uint8_t first[REGION_COUNT] = { 0x26, 0x2a, 0x24, 0x28, 0x2c };
	uint32_t next[REGION_COUNT] = { 0 };
	int rc = 0;

	for (uint32_t i = 0; i < maker->plan->networks6 && maker->count && rc == 0; i++) {
		/* Spread over all ASes by a stride that meets each once. */
		const struct maker_as *as =
			&maker->ases[(uint64_t)i * maker->count / maker->plan->networks6];
		uint32_t at = ++next[as->region];
		uint8_t bytes[16] = {
			first[as->region], (uint8_t)(at >> 16), (uint8_t)(at >> 8), (uint8_t)at,
		};
		struct prefix prefix;

		if (!as->networks)
			continue;
		prefix = prefix_from_wire(FAMILY_IPV6, random_below(&maker->random, 3) ? 32 : 48,
					  bytes);
		rc = draft_network(maker->draft, &prefix, as->asn, maker->err);
	}
	return rc;
}

int topology_make(struct draft *draft, const struct topology_plan *plan, struct err *err)
{
	struct maker maker = {
		.draft = draft, .plan = plan, .err = err, .next_asn = TOPOLOGY_FIRST_ASN,
		.random = { random_at(plan->seed, RANDOM_LINKS, 0, 0) },
	};
	int rc = choose_lands(&maker);

	if (rc == 0)
		rc = add_ases(&maker);
	if (rc == 0)
		rc = remember_links(&maker);
	if (rc == 0)
		rc = add_transit(&maker);
	if (rc == 0)
		rc = add_peering(&maker);
	if (rc == 0)
		rc = add_networks(&maker);
	if (rc == 0)
		rc = add_networks6(&maker);
	for (uint32_t i = 0; maker.national && i < maker.land_total; i++)
		free(maker.national[i].items);
	for (uint32_t i = 0; i < REGION_COUNT; i++)
		free(maker.regional[i].items);
	free(maker.tier1.items);
	map_free(&maker.linked);
	free(maker.national);
	free(maker.lands);
	free(maker.ases);
	return rc;
}
