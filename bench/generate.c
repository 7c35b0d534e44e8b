/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A deterministic generator of recordings as large as wanted, shaped like real ones:
 *
 *	generate rib --networks N --peers 20 [--ipv6 N] > rib
 *	generate updates --messages N --networks N --peers 20 [--start T] [--seconds S] > updates
 *
 * What is drawn below, and how often, was set after real recordings: bench/shape counts the same
 * things in both, bench/RESULTS.md has them side by side.
 *
 * Networks: in order of address, no bogons, lengths as in the tables of the 2020s; three in five
 * that are no /24 have more specifics inside. They come in runs of one origin AS (2.5 on average),
 * and within those in runs that share a path; an origin has several runs, a few origins have
 * thousands. Paths: an origin has one to three providers, popular ones more often. A chain of up
 * to two of them leads to one of 16 large networks. A third of the vantage points are large
 * networks themselves, the others reach them through two to four transits of their own. Half of
 * the vantage points hand on communities: their own, and those that the ASes along the path put
 * there; two in five give a MED. A route is as old as its last change, which is a time of the
 * origin's (many vantage points within a minute), of the vantage point's own, or of one of its
 * sessions' resets. IPv6 goes through MP_REACH_NLRI.
 *
 * Updates: seven of eight messages concern one network in 32, as in life few networks make most of
 * the noise; three of ten messages carry several networks of one origin that are routed alike.
 *
 * Everything follows from hashes of (peer, network), so a RIB and updates of the same size agree:
 * updates announce what the RIB holds, with other paths of the same origins, and withdraw some.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/utc.h"
#include "base/view.h"
#include "wire/write.h"

#define PATH_MAX_LEN	24
#define COMMUNITY_MAX	24
#define LARGE_MAX	6
#define FLUSH_AT	((size_t)4 << 20)
#define TOPS		16u
#define MESSAGE_MAX	100u	/* networks */
#define REGION		8192u	/* networks */
#define GROUP		64u	/* networks; no run reaches over its end */

struct plan {
	uint64_t networks, ipv6, messages;
	uint32_t peers;
	int64_t start;
	uint64_t seconds;
};

/* What networks beside each other share: their origin, and where the run of one path began. */
struct spot {
	uint64_t path_run;
	uint32_t origin;
};

struct route {
	uint32_t path[PATH_MAX_LEN];
	uint32_t communities[COMMUNITY_MAX];
	struct large_community large[LARGE_MAX];
	struct write_attrs attrs;
};

static uint64_t draw(uint64_t a, uint64_t b, uint64_t what)
{
	return map_hash_u64(map_hash_u64(a * 0x9e3779b97f4a7c15u + what) ^ b);
}

/* 0 … n − 1 */
static uint32_t pick(uint64_t bits, uint32_t n)
{
	return (uint32_t)((unsigned __int128)bits * n >> 64);
}

/* Networks per mille of each length from /13 on, the rest are /24. */
static unsigned network_length(uint64_t bits)
{
	static const uint16_t per_mille[] = { 1, 1, 2, 14, 9, 15, 26, 45, 55, 112, 101 };
	uint32_t drawn = pick(bits, 1000), sum = 0;

	for (unsigned i = 0; i < 11; i++) {
		sum += per_mille[i];
		if (drawn < sum)
			return i + 13;
	}
	return 24;
}

struct walk {
	uint64_t block;		/* next free /24 */
	uint64_t number;
	uint64_t opened;	/* first block of the last network with more specifics */
	unsigned opened_len;
};

static struct prefix prefix_of_block(uint64_t block, unsigned len)
{
	uint8_t bytes[4] = { (uint8_t)(block >> 16), (uint8_t)(block >> 8), (uint8_t)block, 0 };

	return prefix_from_wire(FAMILY_IPV4, len, bytes);
}

/*
 * The next network in order of address. What is opened for more specifics is not stepped over: the
 * next ones lie inside, longer where they begin with it.
 */
static struct prefix network_next(struct walk *walk, uint64_t total)
{
	uint64_t last = (uint64_t)223 << 16, left = total - walk->number;
	struct prefix prefix;

	for (;;) {
		uint64_t bits = draw(walk->number, walk->block, 1), size;
		bool short_of_room = last < walk->block + 12 * left;
		unsigned len = network_length(bits);

		if (walk->block == walk->opened && len <= walk->opened_len)
			len = walk->opened_len + 1;
		/* Then nothing is skipped and all is opened, so that as many as asked for fit. */
		while (short_of_room && walk->block % ((uint64_t)1 << (24 - len)) != 0)
			len++;
		size = (uint64_t)1 << (24 - len);
		walk->block = (walk->block + size - 1) / size * size;
		prefix = prefix_of_block(walk->block, len);
		walk->block += size;
		if (!prefix_is_network(&prefix))
			continue;
		if (len < 24 && (short_of_room || pick(draw(bits, 0, 2), 5) < 3)) {
			walk->block -= size;
			walk->opened = walk->block;
			walk->opened_len = len;
		}
		walk->number++;
		return prefix;
	}
}

static struct prefix network_ipv6(uint64_t number)
{
	uint8_t bytes[16] = { 0x24 };
	uint64_t at = number << 4;	/* /44 apart, inside 2400::/6 */

	for (unsigned i = 0; i < 5; i++)
		bytes[1 + i] = (uint8_t)(at >> (8 * (4 - i)));
	return prefix_from_wire(FAMILY_IPV6, 44 + (number % 3 == 0 ? 4 : 0), bytes);
}

/* A number below n, small ones far more often: as origins and providers are sized. */
static uint32_t pick_uneven(uint64_t bits, uint32_t n)
{
	double u = (double)(bits >> 11) / (double)((uint64_t)1 << 53);

	return (uint32_t)(u * u * n);
}

/* Origins and providers, scattered over the AS numbers in use; none is private or reserved. */
static uint32_t asn_of(uint32_t number)
{
	uint32_t asn = 1000 + 4 * number + pick(draw(number, 0, 3), 4);

	return asn < 60000 ? asn : asn + 72000;
}

static uint32_t smaller(uint64_t networks, uint32_t by)
{
	return networks / by < 40 ? 40 : (uint32_t)(networks / by);
}

/* Most origins keep to one part of the address space. */
static uint32_t origin_number(const struct plan *plan, uint64_t run)
{
	uint32_t origins = smaller(plan->networks, 9), region = REGION / 9;
	uint32_t from = pick(draw(run / REGION, 0, 6), origins);

	if (origins <= region || pick(draw(run, 1, 6), 100) < 40)
		return pick_uneven(draw(run, 2, 6), origins);
	return (from + pick_uneven(draw(run, 3, 6), region)) % origins;
}

/* Runs are longer in some parts of the table than in others. */
static struct spot spot_of(const struct plan *plan, uint64_t network)
{
	uint64_t group = network / GROUP;
	uint32_t per_cent = 13 + pick(draw(group, 0, 4), 54), drawn;
	struct spot spot = { .path_run = UINT64_MAX };

	do {
		drawn = network % GROUP == 0 ? 0 : pick(draw(network, 0, 5), 100);
		if (drawn < per_cent + 28 && spot.path_run == UINT64_MAX)
			spot.path_run = network;
	} while (drawn >= per_cent && network-- % GROUP != 0);
	spot.origin = asn_of(origin_number(plan, network));
	return spot;
}

/* Where a route is one of a few: which of the origin's ways out it takes. */
static uint32_t variant_of(const struct spot *spot, uint64_t policy)
{
	uint32_t drawn = pick(draw(spot->origin, spot->path_run, 7), 100);
	uint32_t variant = drawn < 36 ? 0 : drawn < 61 ? 1 : drawn < 81 ? 2 : 3;

	return variant + 4 * (uint32_t)policy;
}

/* The ASes from the origin's provider up, nearest to the origin first. */
static uint32_t chain_make(const struct plan *plan, uint32_t peer, uint32_t origin,
			   uint32_t variant, uint32_t chain[2])
{
	uint32_t drawn = pick(draw(origin, 0, 8), 100), region = pick(draw(peer, 0, 9), 5);
	uint32_t providers = drawn < 18 ? 1 : drawn < 52 ? 2 : 3, mid;
	uint32_t chosen = pick(draw(origin, variant * 8 + region, 10), providers + 1);

	if (pick(draw(origin, 0, 11), 100) < 12)
		return 0;
	/* The first provider is preferred. */
	chosen = chosen == providers ? 0 : chosen;
	chain[0] = asn_of(pick_uneven(draw(origin, chosen, 12), smaller(plan->networks, 150)));
	if (pick(draw(chain[0], 0, 13), 3) != 0)
		return 1;
	mid = pick(draw(region, origin, 14), 2);
	chain[1] = asn_of(pick_uneven(draw(chain[0], mid, 15), smaller(plan->networks, 2000)));
	return chain[1] == chain[0] ? 1 : 2;
}

/* From the vantage point up to the chain's head, which is a customer of two large networks. */
static uint32_t near_make(uint32_t peer, uint32_t head, uint32_t *path)
{
	uint32_t top = 100 + pick(draw(head, pick(draw(peer, head, 16), 2), 17), TOPS), n = 0;
	uint32_t transits, transit;

	path[n++] = 64000 - 3 * peer;
	if (peer % 3 == 0) {
		/* A large network itself: the head may be its customer. */
		if (pick(draw(peer, head, 18), 100) < 55)
			path[n++] = top;
		return n;
	}
	transits = 2 + pick(draw(peer, 0, 20), 3);
	transit = 100 + pick(draw(peer, pick_uneven(draw(peer, head, 19), transits), 21), TOPS);
	path[n++] = transit;
	if (transit != top && pick(draw(transit, head, 22), 100) < 40)
		path[n++] = top;
	return n;
}

/* Up to `most` communities of the AS, as far as its number fits into 16 bits. */
static uint32_t *tags(uint32_t *at, uint32_t asn, uint64_t bits, uint32_t most, uint32_t values)
{
	uint32_t count = pick(bits, most + 1);

	for (uint32_t i = 0; i < count; i++)
		*at++ = asn << 16 | (100 + pick(draw(bits, i, 23), values) * 10);
	return at;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* In rising order, as most routers send them. */
static void communities_make(uint32_t peer, uint32_t origin, uint32_t variant, uint32_t head,
			     struct route *route)
{
	uint32_t *at = route->communities, near = route->path[1], large = 0;
	uint64_t place = draw(near, pick(draw(near, head, 24), 12), 24);

	if (peer % 2 == 0)
		return;
	/* Where the vantage point took the route: always something. */
	*at++ = route->path[0] << 16 | (2000 + pick(draw(peer, near, 25), 12));
	at = tags(at, route->path[0], draw(peer, place, 25), 3, 60);
	if (pick(draw(peer, 0, 26), 5) != 0) {
		at = tags(at, near, draw(near, place, 27), 6, 80);
		if (pick(draw(head, 1, 28), 3) == 0)
			at = tags(at, head, draw(head, 0, 28), 4, 40);
		if (pick(draw(origin, 0, 29), 12) == 0)
			at = tags(at, origin, draw(origin, variant, 29), 4, 12);
		if (pick(draw(origin, head, 30), 10) < 3)
			large = 1 + pick(draw(head, 0, 31), LARGE_MAX);
	}
	route->attrs.communities = route->communities;
	route->attrs.community_count = (uint32_t)(at - route->communities);
	qsort(route->communities, route->attrs.community_count, sizeof(*at), compare_u32);
	for (uint32_t i = 0; i < large; i++) {
		uint32_t value = pick(draw(origin * (i & 1), i, 32), 9);

		route->large[i] = (struct large_community){ head, 1000 + i, value };
	}
	route->attrs.large = route->large;
	route->attrs.large_count = large;
}

/* Some vantage points give all their routes the same, some what the way to the next AS costs. */
static void med_make(uint32_t peer, uint32_t head, struct write_attrs *attrs)
{
	attrs->has_med = peer % 5 == 1 || peer % 5 == 3;
	attrs->med = 10 * (peer % 3);
	if (peer % 5 == 3)
		attrs->med = pick(draw(peer, pick(draw(peer, head, 35), 30), 36), 3000);
}

static void aggregator_make(uint32_t origin, struct write_attrs *attrs)
{
	uint32_t addr = pick(draw(origin, 0, 38), 220u << 24) + (1u << 24);

	attrs->has_aggregator = true;
	attrs->aggregator = origin;
	attrs->aggregator_addr.family = FAMILY_IPV4;
	for (unsigned i = 0; i < 4; i++)
		attrs->aggregator_addr.bytes[i] = (uint8_t)(addr >> (24 - 8 * i));
}

static void route_make(const struct plan *plan, uint32_t peer, const struct spot *spot,
		       uint64_t policy, bool ipv6, struct route *route)
{
	uint32_t origin = spot->origin, variant = variant_of(spot, policy), chain[2], n;
	uint32_t levels = chain_make(plan, peer, origin, variant, chain);
	uint32_t head = levels ? chain[levels - 1] : origin, kind = pick(draw(origin, variant, 33), 1000);
	uint32_t prepend = pick(draw(origin, levels ? chain[0] : 0, 34), 100);

	n = near_make(peer, head, route->path);
	for (uint32_t i = levels; i-- > 0;)
		route->path[n++] = chain[i];
	for (uint32_t i = prepend < 14 ? 1 + prepend % 5 * (prepend % 3) : 0; i-- > 0;)
		route->path[n++] = origin;
	route->path[n++] = origin;
	route->attrs = (struct write_attrs){ .origin = kind < 90 ? 2 : kind < 93 ? 1 : 0,
					     .path = route->path, .path_len = n };
	communities_make(peer, origin, variant, head, route);
	med_make(peer, head, &route->attrs);
	if (pick(draw(origin, variant, 37), 100) < 8)
		aggregator_make(origin, &route->attrs);
	route->attrs.next_hop.family = ipv6 ? FAMILY_IPV6 : FAMILY_IPV4;
	route->attrs.next_hop.bytes[0] = ipv6 ? 0x20 : 192;
	route->attrs.next_hop.bytes[1] = ipv6 ? 0x01 : 0;
	route->attrs.next_hop.bytes[2] = 7;
	route->attrs.next_hop.bytes[3] = (uint8_t)(10 + peer);
}

/* Seconds before the RIB: weeks, sometimes months. */
static uint32_t age(uint64_t bits)
{
	static const uint32_t most[] = { 1, 7, 7, 7, 30, 30, 30, 30, 200, 200 };

	return 60 + pick(draw(bits, 0, 39), most[pick(bits, 10)] * 86400);
}

/* When the route last changed. One in 24 changed by itself, apart from its origin's others. */
static int64_t originated(const struct plan *plan, uint32_t peer, uint64_t network,
			  const struct spot *spot)
{
	bool alone = pick(draw(network, peer, 40), 24) == 0;
	uint64_t at = alone ? draw(network, 0, 41) : draw(spot->origin, variant_of(spot, 0) / 2, 41);
	uint32_t how = pick(draw(at, peer, 42), 100), seconds;

	if (how < 45)
		seconds = age(draw(at, pick(draw(at, peer, 43), 3), 44)) - pick(draw(at, peer, 45), 40);
	else if (how < 63)
		seconds = age(draw(at, peer, 46));
	else
		seconds = age(draw(peer, pick_uneven(draw(at, peer, 47), 60), 48));
	return plan->start - (int64_t)seconds * UTC_SECOND;
}

static struct peer peer_make(uint32_t number)
{
	struct peer peer = { .addr.family = FAMILY_IPV4, .asn = 64000 - 3 * number, .bgp_id = 0xc0000700 + number };

	peer.addr.bytes[0] = 198;
	peer.addr.bytes[1] = 32;
	peer.addr.bytes[2] = (uint8_t)(number >> 8);
	peer.addr.bytes[3] = (uint8_t)number;
	return peer;
}

static void flush(struct buf *buf, size_t at)
{
	size_t done = 0;

	if (buf->failed) {
		fputs("generate: out of memory\n", stderr);
		exit(1);
	}
	if (buf->len < at)
		return;
	while (done < buf->len) {
		ssize_t n = write(STDOUT_FILENO, buf->data + done, buf->len - done);

		if (n < 0) {
			perror("generate");
			exit(1);
		}
		done += (size_t)n;
	}
	buf->len = 0;
}

/* `routes`, one a peer, are those of the network's run. */
static void rib_record(const struct plan *plan, struct buf *buf, const struct prefix *prefix,
		       uint64_t network, const struct spot *spot, const struct route *routes)
{
	struct write_rib rib;

	mrt_write_rib_begin(buf, &rib, plan->start, (uint32_t)network, prefix);
	for (uint32_t peer = 0; peer < plan->peers; peer++)
		mrt_write_rib_entry(buf, &rib, (uint16_t)peer, originated(plan, peer, network, spot),
				    &routes[peer].attrs);
	mrt_write_rib_end(buf, &rib);
	flush(buf, FLUSH_AT);
}

static void rib_make(const struct plan *plan)
{
	struct buf buf = { 0 };
	struct walk walk = { .block = 1 << 16 };
	struct peer *peers = calloc(plan->peers, sizeof(*peers));
	struct route *routes = calloc(plan->peers, sizeof(*routes));
	uint64_t run = UINT64_MAX;

	if (!peers || !routes)
		exit(1);
	for (uint32_t i = 0; i < plan->peers; i++)
		peers[i] = peer_make(i);
	mrt_write_peer_index(&buf, plan->start, 0xc0000701, "", peers, (uint16_t)plan->peers);
	for (uint64_t i = 0; i < plan->networks + plan->ipv6; i++) {
		bool ipv6 = i >= plan->networks;
		struct prefix prefix = ipv6 ? network_ipv6(i - plan->networks)
					    : network_next(&walk, plan->networks);
		struct spot spot = spot_of(plan, i);

		if (spot.path_run != run || i == plan->networks)
			for (uint32_t peer = 0; peer < plan->peers; peer++)
				route_make(plan, peer, &spot, 0, ipv6, &routes[peer]);
		run = spot.path_run;
		rib_record(plan, &buf, &prefix, i, &spot, routes);
	}
	flush(&buf, 0);
	buf_free(&buf);
	free(routes);
	free(peers);
}

/* Which network the message is about: mostly one of the restless few. */
static uint64_t network_drawn(const struct plan *plan, uint64_t bits)
{
	uint64_t any = pick(draw(bits, 1, 51), (uint32_t)plan->networks);

	return pick(draw(bits, 2, 51), 8) ? any / 32 * 32 : any;
}

/* Which networks go into messages together: those of an origin that are routed alike. */
struct packing {
	uint64_t *keys;		/* origin and variant, then the network; sorted */
	uint32_t *place;	/* of each network among the keys */
};

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void packing_make(const struct plan *plan, struct packing *packing)
{
	packing->keys = calloc(plan->networks, sizeof(*packing->keys));
	packing->place = calloc(plan->networks, sizeof(*packing->place));
	if (!packing->keys || !packing->place)
		exit(1);
	for (uint64_t i = 0; i < plan->networks; i++) {
		struct spot spot = spot_of(plan, i);

		packing->keys[i] = ((uint64_t)spot.origin << 2 | variant_of(&spot, 0)) << 32 | i;
	}
	qsort(packing->keys, plan->networks, sizeof(*packing->keys), compare_u64);
	for (uint64_t i = 0; i < plan->networks; i++)
		packing->place[(uint32_t)packing->keys[i]] = (uint32_t)i;
}

/* The networks of a message: seven of ten have one, some a hundred. */
static size_t message_networks(const struct plan *plan, const struct packing *packing, uint64_t bits,
			       uint64_t network, const struct prefix *networks,
			       struct prefix *ret_networks)
{
	static const uint8_t most[] = { 1, 1, 1, 1, 1, 1, 1, 6, 20, MESSAGE_MAX };
	const uint64_t *keys = packing->keys;
	uint64_t at = packing->place[network], kind = keys[at] >> 32;
	size_t count = 1 + pick(draw(bits, 4, 51), most[pick(draw(bits, 3, 51), 10)]), n = 0;

	for (; n < count && at + n < plan->networks && keys[at + n] >> 32 == kind; n++)
		ret_networks[n] = networks[(uint32_t)keys[at + n]];
	return n;
}

/* Messages are spread evenly over the seconds; one in sixteen withdraws. */
static void updates_make(const struct plan *plan)
{
	struct buf buf = { 0 };
	struct walk walk = { .block = 1 << 16 };
	struct prefix *networks = calloc(plan->networks, sizeof(*networks)), some[MESSAGE_MAX];
	struct packing packing;

	if (!networks)
		exit(1);
	for (uint64_t i = 0; i < plan->networks; i++)
		networks[i] = network_next(&walk, plan->networks);
	packing_make(plan, &packing);
	for (uint64_t i = 0; i < plan->messages; i++) {
		int64_t time = plan->start + (int64_t)(i * plan->seconds / plan->messages) * UTC_SECOND;
		uint64_t bits = draw(i, (uint64_t)plan->start, 50);
		uint32_t peer = pick(draw(bits, 0, 51), plan->peers);
		uint64_t network = network_drawn(plan, bits);
		size_t count = message_networks(plan, &packing, bits, network, networks, some);
		struct write_session session = { .peer = peer_make(peer), .local_asn = 6447 };
		struct spot spot = spot_of(plan, network);
		struct route route;

		session.local = session.peer.addr;
		session.local.bytes[2] = 0xff;
		/* A withdrawal is followed, when the pair is drawn again, by an announcement. */
		if (bits % 16 == 0) {
			mrt_write_withdraw(&buf, &session, time, some, count);
		} else {
			route_make(plan, peer, &spot, bits % 3, false, &route);
			mrt_write_announce(&buf, &session, time, &route.attrs, some, count);
		}
		flush(&buf, FLUSH_AT);
	}
	flush(&buf, 0);
	buf_free(&buf);
	free(packing.keys);
	free(packing.place);
	free(networks);
}

static uint64_t number(const char *option, const char *text, uint64_t most)
{
	uint64_t value;

	if (!text || !view_u64(view_of(text), &value) || value > most) {
		fprintf(stderr, "generate: %s takes a number up to %llu\n", option, (unsigned long long)most);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct plan plan = {
		.networks = 1000000, .peers = 20, .messages = 2000000, .seconds = 900,
		.start = utc_from_civil(2024, 1, 1),
	};
	bool rib = argc > 1 && strcmp(argv[1], "rib") == 0;

	if (!rib && (argc < 2 || strcmp(argv[1], "updates") != 0)) {
		fputs("usage: generate rib|updates [--networks N] [--ipv6 N] [--peers N] [--messages N] "
		      "[--start SECONDS] [--seconds N]\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i += 2) {
		const char *option = argv[i], *value = argv[i + 1];

		if (strcmp(option, "--networks") == 0)
			plan.networks = number(option, value, 8000000);
		else if (strcmp(option, "--ipv6") == 0)
			plan.ipv6 = number(option, value, 4000000);
		else if (strcmp(option, "--peers") == 0)
			plan.peers = (uint32_t)number(option, value, 20000);
		else if (strcmp(option, "--messages") == 0)
			plan.messages = number(option, value, 1u << 31);
		else if (strcmp(option, "--start") == 0)
			plan.start = (int64_t)number(option, value, 1u << 31) * UTC_SECOND;
		else if (strcmp(option, "--seconds") == 0)
			plan.seconds = number(option, value, 1u << 31);
		else {
			fprintf(stderr, "generate: unknown option %s\n", option);
			return 2;
		}
	}
	if (rib)
		rib_make(&plan);
	else
		updates_make(&plan);
	return 0;
}
