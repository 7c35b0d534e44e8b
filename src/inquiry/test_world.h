/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the tests of this folder: a small world with two collectors, in which known things happen at
 * known times, recorded by wire/write.h and cut into files as a test likes.
 *
 * rrc90 hears peers 1 to 5 and keeps whole seconds (BGP4MP); route-views.x hears peers 6 to 8 and
 * keeps microseconds (BGP4MP_ET). Peer k is 10.0.0.k in AS 64500 + k, and carries everything: 300
 * networks of the US (20.0.0.0/24 on, by AS 400 on), 120 of Sweden in IPv6, and North Korea's,
 * which are 175.45.176.0/24, 175.45.177.0/24 and 2400:5800::/32, all by way of AS 4837.
 *
 * Times are microseconds behind midnight of 2014-12-23, the first RIBs'. What happens is put down
 * in any order (world_happen), then written in order of time (world_write).
 */
#ifndef CONSTAT_INQUIRY_TEST_WORLD_H
#define CONSTAT_INQUIRY_TEST_WORLD_H

#include "feed/test_support.h"
#include "inquiry/inquiry.h"
#include "wire/write.h"

#define WORLD_START	(1419292800 * UTC_SECOND)
#define AT(hours, minutes, seconds) \
	(WORLD_START + (hours) * UTC_HOUR + (minutes) * UTC_MINUTE + (int64_t)((seconds) * UTC_SECOND))

#define WORLD_PEERS	8u
#define WORLD_US	300u
#define WORLD_SE	120u
#define WORLD_KP	3u
#define WORLD_NETWORKS	(WORLD_US + WORLD_SE + WORLD_KP)
/* North Korea's, by number. */
#define KP_176		(WORLD_US + WORLD_SE)
#define KP_177		(KP_176 + 1)
#define KP_IPV6		(KP_176 + 2)
#define NETWORK_NONE	UINT32_MAX

/* Who has what there, as a registry's file; a test may put more lines behind it. */
#define WORLD_REGISTRY \
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n" \
	"apnic|KP|ipv6|2400:5800::|32|20091221|allocated\n" \
	"arin|US|ipv4|20.0.0.0|131072|20000101|allocated\n" \
	"apnic|KP|asn|131279|1|20091221|allocated\n"

enum deed { DEED_ANNOUNCE, DEED_WITHDRAW, DEED_STATE, DEED_END_OF_RIB, DEED_RIB };

struct happening {
	int64_t time;
	uint32_t order;
	enum deed deed;
	unsigned peer;			/* of a RIB: the collector's first */
	uint32_t network;		/* of an End-of-RIB: NETWORK_NONE for IPv4 */
	unsigned path;			/* which of a network's paths */
	enum bgp_state from, to;
	unsigned lacks_peer;		/* of a RIB: this peer's route to `network` is left out */
};

/* Records of one time. */
struct world_piece {
	int64_t time;
	bool rib;
	size_t from, until;
};

struct world_collector {
	const char *name;
	struct buf bytes;
	struct world_piece *pieces;
	uint32_t count;
};

struct world {
	struct happening *happenings;
	uint32_t count, room;
	/* what peers hold while records are written: a path + 1, 0 for none */
	uint8_t held[WORLD_PEERS + 1][WORLD_NETWORKS];
	struct world_collector collectors[2];
};

static inline struct prefix world_network(uint32_t i)
{
	struct prefix prefix = { .family = FAMILY_IPV4, .len = 24, .bytes = { 20, (uint8_t)(i >> 8), (uint8_t)i } };

	if (i == KP_IPV6)
		return (struct prefix){ FAMILY_IPV6, 32, { 0x24, 0x00, 0x58, 0x00 } };
	if (i >= KP_176)
		return (struct prefix){ FAMILY_IPV4, 24, { 175, 45, (uint8_t)(176 + i - KP_176) } };
	if (i >= WORLD_US)
		return (struct prefix){ FAMILY_IPV6, 32, { 0x2a, 0x00, 0x10, (uint8_t)(i - WORLD_US) } };
	return prefix;
}

static inline struct peer world_peer(unsigned k)
{
	return (struct peer){ .addr = { .family = FAMILY_IPV4, .bytes = { 10, 0, 0, (uint8_t)k } }, .asn = 64500 + k,
			      .bgp_id = k };
}

static inline unsigned world_collector_of(unsigned peer)
{
	return peer > 5;
}

static inline void world_happen(struct world *world, struct happening what)
{
	if (world->count == world->room) {
		world->room = world->room ? 2 * world->room : 1024;
		world->happenings = realloc(world->happenings, world->room * sizeof(*world->happenings));
		assert_non_null(world->happenings);
	}
	what.order = world->count;
	world->happenings[world->count++] = what;
}

static inline void world_announce(struct world *world, int64_t time, unsigned peer, uint32_t network, unsigned path)
{
	world_happen(world, (struct happening){ .time = time, .deed = DEED_ANNOUNCE, .peer = peer, .network = network,
						.path = path });
}

static inline void world_withdraw(struct world *world, int64_t time, unsigned peer, uint32_t network)
{
	world_happen(world, (struct happening){ .time = time, .deed = DEED_WITHDRAW, .peer = peer,
						.network = network });
}

static inline void world_state(struct world *world, int64_t time, unsigned peer, enum bgp_state from, enum bgp_state to)
{
	world_happen(world, (struct happening){ .time = time, .deed = DEED_STATE, .peer = peer, .from = from, .to = to });
}

/* Of both collectors. */
static inline void world_ribs(struct world *world, int64_t time, unsigned lacks_peer, uint32_t lacks_network)
{
	for (unsigned peer = 1; peer <= 6; peer += 5)
		world_happen(world, (struct happening){ .time = time, .deed = DEED_RIB, .peer = peer,
							.network = lacks_network, .lacks_peer = lacks_peer });
}

/* Everything announced again, then End-of-RIB of both families. */
static inline void world_refill(struct world *world, int64_t time, unsigned peer)
{
	for (uint32_t i = 0; i < WORLD_NETWORKS; i++)
		world_announce(world, time, peer, i, 0);
	world_happen(world, (struct happening){ .time = time, .deed = DEED_END_OF_RIB, .peer = peer,
						.network = NETWORK_NONE });
	world_happen(world, (struct happening){ .time = time, .deed = DEED_END_OF_RIB, .peer = peer,
						.network = KP_IPV6 });
}

/*
 * Every 30 seconds the peer takes another path to some network, or says the same again. Never of North Korea. Peer 1
 * speaks at whole half minutes, each of the others two seconds behind the one before.
 */
static inline void world_chatter(struct world *world, unsigned peer, int64_t from, int64_t until)
{
	unsigned turn = 0;

	for (int64_t time = from; time < until; time += 30 * UTC_SECOND, turn++)
		world_announce(world, time + (peer - 1) * 2 * UTC_SECOND, peer,
			       (turn * 7 + peer) % (WORLD_US + WORLD_SE), (turn + turn / 60) % 2);
}

static inline int world_compare(const void *a, const void *b)
{
	const struct happening *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

struct world_route {
	uint32_t path[5];
	struct write_attrs attrs;
};

static inline void world_attrs(unsigned peer, uint32_t network, unsigned path, struct world_route *ret_route)
{
	static const uint32_t transit[] = { 3356, 701 };
	struct prefix prefix = world_network(network);
	uint32_t count = 0;

	ret_route->path[count++] = 64500 + peer;
	ret_route->path[count++] = transit[path];
	if (network >= KP_176) {
		ret_route->path[count++] = 4837;
		ret_route->path[count++] = 131279;
	} else {
		ret_route->path[count++] = 400 + network % 50;
	}
	ret_route->attrs = (struct write_attrs){
		.path = ret_route->path, .path_len = count,
		.next_hop = { .family = prefix.family, .bytes = { 10, 0, 0, (uint8_t)peer } },
	};
}

static inline void world_write_rib(struct world *world, struct buf *buf, const struct happening *what)
{
	unsigned first = what->peer, count = first == 1 ? 5 : 3;
	struct peer peers[5];

	for (unsigned i = 0; i < count; i++)
		peers[i] = world_peer(first + i);
	mrt_write_peer_index(buf, what->time, 0x0a000000, "", peers, (uint16_t)count);
	for (uint32_t network = 0; network < WORLD_NETWORKS; network++) {
		struct prefix prefix = world_network(network);
		struct write_rib rib;

		/* Dumping takes its time. */
		mrt_write_rib_begin(buf, &rib, what->time + (network >= WORLD_US / 2) * UTC_SECOND, network, &prefix);
		for (unsigned i = 0; i < count; i++) {
			struct world_route route;
			unsigned path = world->held[first + i][network];

			if (!path || (first + i == what->lacks_peer && network == what->network))
				continue;
			world_attrs(first + i, network, path - 1, &route);
			mrt_write_rib_entry(buf, &rib, (uint16_t)i, what->time - UTC_DAY, &route.attrs);
		}
		(void)mrt_write_rib_end(buf, &rib);
	}
}

static inline void world_write_one(struct world *world, struct buf *buf, const struct happening *what)
{
	struct write_session session = {
		.peer = world_peer(what->peer), .local_asn = 12654,
		.local = { .family = FAMILY_IPV4, .bytes = { 10, 0, 0, 250 } },
		.extended = world_collector_of(what->peer) == 1,
	};
	struct world_route route;
	struct prefix prefix;

	switch (what->deed) {
	case DEED_ANNOUNCE:
		prefix = world_network(what->network);
		world_attrs(what->peer, what->network, what->path, &route);
		assert_true(mrt_write_announce(buf, &session, what->time, &route.attrs, &prefix, 1));
		world->held[what->peer][what->network] = (uint8_t)(what->path + 1);
		break;
	case DEED_WITHDRAW:
		prefix = world_network(what->network);
		mrt_write_withdraw(buf, &session, what->time, &prefix, 1);
		world->held[what->peer][what->network] = 0;
		break;
	case DEED_STATE:
		mrt_write_state(buf, &session, what->time, what->from, what->to);
		break;
	case DEED_END_OF_RIB:
		mrt_write_end_of_rib(buf, &session, what->time,
				     what->network == NETWORK_NONE ? FAMILY_IPV4 : FAMILY_IPV6);
		break;
	case DEED_RIB:
		world_write_rib(world, buf, what);
		break;
	}
}

/* Makes the recordings out of what happened. At first everybody holds everything. */
static inline void world_write(struct world *world)
{
	memset(world->held, 1, sizeof(world->held));
	qsort(world->happenings, world->count, sizeof(*world->happenings), world_compare);
	world->collectors[0].name = "rrc90";
	world->collectors[1].name = "route-views.x";
	for (unsigned i = 0; i < 2; i++) {
		world->collectors[i].pieces = calloc(world->count, sizeof(struct world_piece));
		assert_non_null(world->collectors[i].pieces);
	}
	for (uint32_t i = 0; i < world->count; i++) {
		const struct happening *what = &world->happenings[i];
		struct world_collector *collector = &world->collectors[world_collector_of(what->peer)];
		size_t from = collector->bytes.len;

		world_write_one(world, &collector->bytes, what);
		assert_false(collector->bytes.failed);
		collector->pieces[collector->count++] =
			(struct world_piece){ what->time, what->deed == DEED_RIB, from, collector->bytes.len };
	}
}

static inline void world_free(struct world *world)
{
	for (unsigned i = 0; i < 2; i++) {
		buf_free(&world->collectors[i].bytes);
		free(world->collectors[i].pieces);
	}
	free(world->happenings);
	free(world);
}

static inline void world_session_reset(struct world *world, int64_t down, int64_t up, unsigned peer)
{
	world_state(world, down, peer, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	world_state(world, up, peer, BGP_STATE_OPEN_CONFIRM, BGP_STATE_ESTABLISHED);
	world_refill(world, up + 5 * UTC_SECOND, peer);
}

/*
 * A night, from RIB to RIB and half an hour on:
 *
 *	00:00:00  RIBs
 *	01:00:00  North Korea's IPv4 goes: peers 1 to 5 a second apart, then 6 to 8 at 05.25, 06.25, 07.25
 *	01:30:00  it returns: peers 6 to 8 at 00.5, 01.5, 02.5; 1 to 5 from 03 on
 *	01:45:00  175.45.177.0/24 is withdrawn and announced by all, each within one second
 *	02:00:00  sessions of peers 1 to 3 are reset, up and refilled from 02:02:05 on
 *	02:30:00  route-views.x falls silent, to 02:50:00
 *	02:40:00  North Korea's IPv6 goes at peers 1 to 5, one a second, and returns at 02:55:00; nobody hears what
 *	          peers 6 to 8 do
 *	03:00:00  RIBs. Peer 5 has 20.0.0.99/24 no more: its withdrawal is in no recording
 *	03:30:00  the end
 */
static inline struct world *world_night(void)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world_ribs(world, AT(0, 0, 0), 0, NETWORK_NONE);
	for (unsigned peer = 1; peer <= WORLD_PEERS; peer++) {
		for (uint32_t network = KP_176; network <= KP_177; network++) {
			world_withdraw(world, AT(1, 0, peer - (peer > 5 ? 0.75 : 1)), peer, network);
			world_announce(world, AT(1, 30, peer > 5 ? peer - 5.5 : peer + 2), peer, network, 0);
		}
		world_withdraw(world, AT(1, 45, 0.25 * (peer > 5)), peer, KP_177);
		world_announce(world, AT(1, 45, 0.5 * (peer > 5)), peer, KP_177, 1);
		if (peer <= 5) {
			world_withdraw(world, AT(2, 40, peer - 1), peer, KP_IPV6);
			world_announce(world, AT(2, 55, peer - 1), peer, KP_IPV6, 0);
		}
		world_chatter(world, peer, AT(0, 0, 30), peer <= 3 ? AT(2, 0, 0) : peer <= 5 ? AT(3, 30, 0) : AT(2, 30, 0));
		if (peer <= 3 || peer > 5)
			world_chatter(world, peer, peer <= 3 ? AT(2, 3, 0) : AT(2, 50, 0), AT(3, 30, 0));
		if (peer <= 3)
			world_session_reset(world, AT(2, 0, peer), AT(2, 2, peer), peer);
	}
	world_ribs(world, AT(3, 0, 0), 5, 99);
	world_write(world);
	return world;
}

/* Recordings as files: what an inquiry is given. */
struct files {
	struct feed_input inputs[700];
	struct bytes bytes[700];
	char names[700][64];
	uint32_t count;
};

static inline void files_free(struct files *files)
{
	for (uint32_t i = 0; i < files->count; i++)
		bytes_free(&files->bytes[i]);
	free(files);
}

static inline struct bytes *files_add(struct files *files, const char *collector, const char *what)
{
	uint32_t i = files->count++;

	assert_true(i < 700);
	snprintf(files->names[i], sizeof(files->names[i]), "%s/%s-%u", collector, what, i);
	files->inputs[i] = (struct feed_input){ .name = files->names[i], .collector = collector };
	return &files->bytes[i];
}

/*
 * Each RIB is a file of its own; a collector's updates are one (`slice` 0), or cut at multiples of
 * `slice`. Returns owned.
 */
static inline struct files *world_files(const struct world *world, int64_t slice)
{
	struct files *files = calloc(1, sizeof(*files));

	assert_non_null(files);
	for (unsigned c = 0; c < 2; c++) {
		const struct world_collector *collector = &world->collectors[c];
		struct bytes *updates = NULL;
		int64_t cut = 0;

		for (uint32_t i = 0; i < collector->count; i++) {
			const struct world_piece *piece = &collector->pieces[i];
			struct bytes *into;

			if (piece->rib) {
				into = files_add(files, collector->name, "rib");
			} else {
				if (!updates || (slice && piece->time / slice != cut))
					updates = files_add(files, collector->name, "updates");
				cut = slice ? piece->time / slice : 0;
				into = updates;
			}
			bytes_add(into, collector->bytes.data + piece->from, piece->until - piece->from);
		}
	}
	return files;
}

/* The same, compressed: gzip in two members, the others whole; each its turn. */
static inline void files_compress(struct files *files)
{
	for (uint32_t i = 0; i < files->count; i++) {
		struct bytes *plain = &files->bytes[i], packed;
		struct bytes front = { plain->data, plain->len / 3, 0 };
		struct bytes back = { plain->data + front.len, plain->len - front.len, 0 };
		struct bytes rest;

		switch (i % 4) {
		case 0:
			packed = gzip_of(&front);
			rest = gzip_of(&back);
			bytes_append(&packed, &rest);
			bytes_free(&rest);
			break;
		case 1:
			packed = bzip2_of(plain, 1);
			break;
		case 2:
			packed = zstd_of(plain);
			break;
		default:
			packed = xz_of(plain);
		}
		bytes_free(plain);
		*plain = packed;
	}
}

static inline void files_shuffle(struct files *files, uint64_t seed)
{
	uint64_t state = seed;

	for (uint32_t i = files->count; i-- > 1;) {
		uint32_t k = test_random(&state) % (i + 1);
		struct bytes bytes = files->bytes[i];
		struct feed_input input = files->inputs[i];

		files->bytes[i] = files->bytes[k];
		files->inputs[i] = files->inputs[k];
		files->bytes[k] = bytes;
		files->inputs[k] = input;
	}
}

static inline int files_open(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	struct files *files = context;

	(void)err;
	*ret_fd = file_with(&files->bytes[input]);
	return 0;
}

#endif
