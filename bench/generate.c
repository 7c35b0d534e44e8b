/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A deterministic generator of recordings as large as wanted, shaped like real ones:
 *
 *	generate rib --networks 1000000 --peers 20 [--ipv6 N] > rib
 *	generate updates --messages 2000000 --networks 1000000 --peers 20 [--start T] [--seconds S] > updates
 *
 * Networks: lengths as in the tables of the 2020s, in order of address, no bogons. Each network has
 * an origin AS (about 13 networks an origin, unevenly) and one of a few policies of that origin.
 * Paths: from each (origin, policy) a chain of providers leads up to one of 16 large networks; each
 * peer reaches that through one or two ASes of its own choice. So every full feed has about 15
 * distinct paths for 100 routes, and paths share their ends as real ones do. One origin in twelve
 * prepends. Half of the routes carry communities. IPv6 goes through MP_REACH_NLRI.
 *
 * Updates: seven of eight messages concern one network in 32, as in life few networks make most of the
 * noise; half of the messages carry several networks of one origin.
 *
 * Everything follows from hashes of (peer, network), so a RIB and updates of the same size agree:
 * updates announce what the RIB holds, with other policies, and withdraw some of it.
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
#define COMMUNITY_MAX	12
#define FLUSH_AT	((size_t)4 << 20)
#define TOPS		16u

struct plan {
	uint64_t networks, ipv6, messages;
	uint32_t peers;
	int64_t start;
	uint64_t seconds;
};

struct route {
	uint32_t path[PATH_MAX_LEN];
	uint32_t communities[COMMUNITY_MAX];
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

/* Networks per mille of each length from /8 on. */
static unsigned network_length(uint64_t bits)
{
	static const uint16_t per_mille[] = { 1, 1, 1, 1, 1, 2, 2, 3, 13, 9, 15, 26, 42, 45, 112, 96 };
	uint32_t drawn = pick(bits, 1000), sum = 0;

	for (unsigned i = 0; i < 16; i++) {
		sum += per_mille[i];
		if (drawn < sum && i + 8 >= 13)
			return i + 8;
	}
	return 24;
}

struct walk {
	uint64_t block;		/* next free /24 */
	uint64_t number;
	uint64_t room;		/* blocks left per network still to come, kept in view so that all fit */
};

static struct prefix prefix_of_block(uint64_t block, unsigned len)
{
	uint8_t bytes[4] = { (uint8_t)(block >> 16), (uint8_t)(block >> 8), (uint8_t)block, 0 };

	return prefix_from_wire(FAMILY_IPV4, len, bytes);
}

/* The next network in order of address. Every tenth is a more specific of the one before it. */
static struct prefix network_next(struct walk *walk, uint64_t total)
{
	uint64_t last = (uint64_t)223 << 16, left = total - walk->number;
	struct prefix prefix;

	do {
		unsigned len = network_length(draw(walk->number, walk->block, 1));
		uint64_t size;

		/* Short of room: /24 only, so that as many networks as asked for fit. */
		if (last - walk->block < 12 * left)
			len = 24;
		size = (uint64_t)1 << (24 - len);
		walk->block = (walk->block + size - 1) / size * size;
		prefix = prefix_of_block(walk->block, len);
		walk->block += size;
	} while (!prefix_is_network(&prefix));
	walk->number++;
	return prefix;
}

static struct prefix network_ipv6(uint64_t number)
{
	uint8_t bytes[16] = { 0x24 };
	uint64_t at = number << 4;	/* /44 apart, inside 2400::/6 */

	for (unsigned i = 0; i < 5; i++)
		bytes[1 + i] = (uint8_t)(at >> (8 * (4 - i)));
	return prefix_from_wire(FAMILY_IPV6, 44 + (number % 3 == 0 ? 4 : 0), bytes);
}

/* Networks of one origin lie together, as allocations do; sizes are uneven. */
static uint32_t origin_of(uint64_t network)
{
	uint64_t group = network / 64, inside = network % 64;
	uint32_t origins = 1 + pick(draw(group, 0, 2), 10);

	return 20000 + (uint32_t)(group * 10) % 380000 + pick(draw(group, inside / (1 + inside % 7), 3), origins);
}

static uint32_t chain_up(uint32_t asn, uint64_t policy, unsigned level)
{
	return 1000 + 3000 * level + pick(draw(asn, level == 0 ? policy : 0, 4 + level), level == 0 ? 2500 : 300);
}

static void route_make(const struct plan *plan, uint32_t peer, uint64_t network, uint64_t policy, bool ipv6,
		       struct route *route)
{
	uint32_t origin = origin_of(network);
	uint64_t variant = pick(draw(origin, network, 10 + policy), 3);
	uint32_t top = 100 + pick(draw(origin, variant, 11), TOPS), n = 0;
	uint32_t levels = 1 + pick(draw(origin, 0, 12), 2), chain[4];
	uint32_t prepend = pick(draw(origin, 0, 13), 12) == 0 ? 1 + pick(draw(origin, 1, 13), 4) : 0;
	uint32_t up = origin;

	(void)plan;
	for (uint32_t i = 0; i < levels; i++)
		chain[i] = up = chain_up(up, variant, i);
	route->path[n++] = 64000 - 3 * peer;
	/* The peer's own way to the large network: one AS in most cases, none in some. */
	if (pick(draw(peer, top, 14), 4) != 0)
		route->path[n++] = 200 + pick(draw(peer, draw(origin, variant, 15), 16), 6) + 10 * (peer % 8);
	route->path[n++] = top;
	for (uint32_t i = levels; i-- > 0;)
		route->path[n++] = chain[i];
	for (uint32_t i = 0; i <= prepend; i++)
		route->path[n++] = origin;
	route->attrs = (struct write_attrs){ .origin = pick(draw(origin, 0, 17), 20) == 0 ? 2 : 0,
					     .path = route->path, .path_len = n,
					     .communities = route->communities };
	if (pick(draw(origin, variant, 18), 2) == 0) {
		uint32_t count = 1 + pick(draw(origin, variant, 19), COMMUNITY_MAX);

		for (uint32_t i = 0; i < count; i++)
			route->communities[i] = route->path[0] << 16 | (1000 + pick(draw(top, i, 20), 400));
		route->attrs.community_count = count;
	}
	if (pick(draw(peer, 0, 21), 3) == 0) {
		route->attrs.has_med = true;
		route->attrs.med = pick(draw(origin, 0, 22), 200);
	}
	route->attrs.next_hop.family = ipv6 ? FAMILY_IPV6 : FAMILY_IPV4;
	route->attrs.next_hop.bytes[0] = ipv6 ? 0x20 : 192;
	route->attrs.next_hop.bytes[1] = ipv6 ? 0x01 : 0;
	route->attrs.next_hop.bytes[2] = 7;
	route->attrs.next_hop.bytes[3] = (uint8_t)(10 + peer);
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

static void rib_record(const struct plan *plan, struct buf *buf, uint32_t sequence, const struct prefix *prefix,
		       uint64_t network)
{
	bool ipv6 = prefix->family == FAMILY_IPV6;
	struct write_rib rib;

	mrt_write_rib_begin(buf, &rib, plan->start, sequence, prefix);
	for (uint32_t peer = 0; peer < plan->peers; peer++) {
		struct route route;

		route_make(plan, peer, network, 0, ipv6, &route);
		mrt_write_rib_entry(buf, &rib, (uint16_t)peer, plan->start - UTC_DAY, &route.attrs);
	}
	mrt_write_rib_end(buf, &rib);
	flush(buf, FLUSH_AT);
}

static void rib_make(const struct plan *plan)
{
	struct buf buf = { 0 };
	struct walk walk = { .block = 1 << 16 };
	struct peer *peers = calloc(plan->peers, sizeof(*peers));
	uint32_t sequence = 0;

	if (!peers)
		exit(1);
	for (uint32_t i = 0; i < plan->peers; i++)
		peers[i] = peer_make(i);
	mrt_write_peer_index(&buf, plan->start, 0xc0000701, "", peers, (uint16_t)plan->peers);
	for (uint64_t i = 0; i < plan->networks; i++) {
		struct prefix prefix = network_next(&walk, plan->networks);

		rib_record(plan, &buf, sequence++, &prefix, i);
	}
	for (uint64_t i = 0; i < plan->ipv6; i++) {
		struct prefix prefix = network_ipv6(i);

		rib_record(plan, &buf, sequence++, &prefix, plan->networks + i);
	}
	flush(&buf, 0);
	buf_free(&buf);
	free(peers);
}

/* Which network the message is about: mostly one of the restless few. */
static uint64_t network_drawn(const struct plan *plan, uint64_t bits)
{
	uint64_t any = pick(draw(bits, 1, 31), (uint32_t)plan->networks);

	return pick(draw(bits, 2, 31), 8) ? any / 32 * 32 : any;
}

/* How many networks it carries: they follow each other, and stay within the origin's. */
static uint64_t message_networks(const struct plan *plan, uint64_t bits, uint64_t network)
{
	uint64_t count = pick(draw(bits, 3, 31), 2) ? 1 : 1 + pick(draw(bits, 4, 31), 6), i = 1;

	while (i < count && network + i < plan->networks && origin_of(network + i) == origin_of(network))
		i++;
	return i;
}

/* Messages are spread evenly over the seconds; one in eight withdraws. */
static void updates_make(const struct plan *plan)
{
	struct buf buf = { 0 };
	struct walk walk = { .block = 1 << 16 };
	struct prefix *networks = calloc(plan->networks, sizeof(*networks));

	if (!networks)
		exit(1);
	for (uint64_t i = 0; i < plan->networks; i++)
		networks[i] = network_next(&walk, plan->networks);
	for (uint64_t i = 0; i < plan->messages; i++) {
		int64_t time = plan->start + (int64_t)(i * plan->seconds / plan->messages) * UTC_SECOND;
		uint64_t bits = draw(i, (uint64_t)plan->start, 30);
		uint32_t peer = pick(draw(bits, 0, 31), plan->peers);
		uint64_t network = network_drawn(plan, bits), count = message_networks(plan, bits, network);
		struct write_session session = { .peer = peer_make(peer), .local_asn = 6447 };
		struct route route;

		session.local = session.peer.addr;
		session.local.bytes[2] = 0xff;
		/* A withdrawal is followed, when the pair is drawn again, by an announcement. */
		if (bits % 8 == 0) {
			mrt_write_withdraw(&buf, &session, time, &networks[network], count);
		} else {
			route_make(plan, peer, network, bits % 3, false, &route);
			mrt_write_announce(&buf, &session, time, &route.attrs, &networks[network], count);
		}
		flush(&buf, FLUSH_AT);
	}
	flush(&buf, 0);
	buf_free(&buf);
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
