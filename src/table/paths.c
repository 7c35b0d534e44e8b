/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths are a tree that branches from the vantage point towards the origins: a node is a hop and the node
 * of the hop before it, so that all paths that begin alike share their beginning, and the origin stands
 * in the node that a path number names. The vantage point's own AS is left out where it stands first, so
 * that vantage points share what lies behind their common neighbours. Measured on real tables (docs/table.md),
 * this way round a distinct path costs 0.7 to 1.05 nodes; grown from the origin it would be up to 3.
 *
 * A hop is 32 bits: an AS number below 2^31 that stands once in a sequence is itself; all else (an AS
 * prepended, a larger number, a member of a set or confederation) is 2^31 + a place in a list of odd
 * hops. A node is therefore a key of 64 bits, and table/keys.h does the rest.
 *
 * In front stands a cache from the AS numbers as they stand on the wire to the node: direct-mapped, one
 * cache line an entry, which holds the numbers themselves, compared before it is believed.
 */
#include "table/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"

#define ROOT		1u
#define ODD		0x80000000u
#define FRONT_BITS	14
#define FRONT_ASNS	14u
#define HOPS_ON_STACK	128u

struct path_front {
	uint32_t node;		/* 0: free */
	uint32_t count;
	uint32_t asns[FRONT_ASNS];	/* as on the wire, four bytes each, big-endian */
};

int paths_init(struct paths *paths)
{
	*paths = (struct paths){ 0 };
	paths->front = aligned_alloc(64, sizeof(*paths->front) << FRONT_BITS);
	if (!paths->front)
		return ERR_MEMORY;
	memset(paths->front, 0, sizeof(*paths->front) << FRONT_BITS);
	return keys_number(&paths->nodes, 0) == ROOT ? 0 : ERR_MEMORY;
}

void paths_free(struct paths *paths)
{
	keys_free(&paths->nodes);
	map_free(&paths->odd_index);
	free(paths->odd);
	free(paths->front);
	*paths = (struct paths){ 0 };
}

/* The hop's 32 bits; 0 with *ok false when out of memory. */
static uint32_t odd_code(struct paths *paths, const struct path_odd *odd, bool *ok)
{
	uint64_t key = odd->asn | (uint64_t)odd->times << 32 | (uint64_t)odd->segment << 48 |
		       (uint64_t)odd->joined << 56;
	uint32_t at = map_get(&paths->odd_index, key);

	if (at != MAP_NONE)
		return ODD | at;
	at = paths->odd_count;
	if (at >= ODD || VEC_GROW(paths->odd, paths->odd_count, paths->odd_room, NULL) != 0 ||
	    map_put(&paths->odd_index, key, at) != 0) {
		*ok = false;
		return 0;
	}
	paths->odd[paths->odd_count++] = *odd;
	return ODD | at;
}

static inline uint32_t hop_code(struct paths *paths, const struct path_odd *hop, bool *ok)
{
	if (hop->segment == AS_SEQUENCE && hop->times == 1 && hop->asn < ODD)
		return hop->asn;
	return odd_code(paths, hop, ok);
}

/* The node behind `parent`, 0 staying 0. */
static inline uint32_t node_behind(struct paths *paths, uint32_t parent, const struct path_odd *hop)
{
	bool ok = parent != 0;
	uint32_t code = hop_code(paths, hop, &ok);

	return ok ? keys_number(&paths->nodes, (uint64_t)parent << 32 | code) : 0;
}

static uint32_t sequence_node(struct paths *paths, uint32_t node, const uint32_t *asns, uint32_t count)
{
	for (uint32_t i = 0; i < count;) {
		struct path_odd hop = { .asn = __builtin_bswap32(asns[i]), .segment = AS_SEQUENCE };
		uint32_t from = i;

		do
			i++;
		while (i < count && asns[i] == asns[from]);
		hop.times = (uint16_t)(i - from);
		node = node_behind(paths, node, &hop);
	}
	return node;
}

/*
 * Any path. Hops wait in `last` until the next is known not to repeat them; sequences that follow
 * each other are one (RFC 4271 section 4.3 only splits them for want of room).
 */
static uint32_t general_node(struct paths *paths, const struct as_path *path, uint32_t own, bool *ret_stripped)
{
	struct path_odd last = { 0 };
	struct as_segment segment;
	uint32_t position = 0, node = ROOT;
	bool first = true;

	while (as_path_next(path, &position, &segment)) {
		for (unsigned i = 0; i < segment.count; i++) {
			uint32_t asn = as_segment_at(&segment, i);
			bool sequence = segment.type == AS_SEQUENCE;

			if (first && sequence && asn == own) {
				*ret_stripped = true;
				first = false;
				continue;
			}
			first = false;
			if (sequence && last.times && last.segment == AS_SEQUENCE && last.asn == asn) {
				last.times++;
				continue;
			}
			if (last.times)
				node = node_behind(paths, node, &last);
			last = (struct path_odd){
				.asn = asn, .times = 1, .segment = (uint8_t)segment.type,
				.joined = !sequence && i > 0,
			};
		}
	}
	return last.times ? node_behind(paths, node, &last) : node;
}

/* Any loads: the bytes of a RIB stand where they stand. */
static inline uint32_t load_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline uint64_t asns_hash(const uint8_t *asns, uint32_t count)
{
	uint64_t hash = count;

	for (; count >= 2; count -= 2, asns += 8) {
		uint64_t two;

		memcpy(&two, asns, sizeof(two));
		hash = (hash ^ two) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	if (count)
		hash = (hash ^ load_u32(asns)) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static inline bool asns_equal(const uint32_t *kept, const uint8_t *asns, uint32_t count)
{
	uint32_t differ = 0;

	for (uint32_t i = 0; i < count; i++)
		differ |= kept[i] ^ load_u32(asns + 4 * (size_t)i);
	return differ == 0;
}

/* The node of a short sequence of four-byte numbers. */
static uint32_t front_node(struct paths *paths, const uint8_t *asns, uint32_t count)
{
	uint64_t hash = asns_hash(asns, count);
	struct path_front *front = &paths->front[hash >> (64 - FRONT_BITS)];

	if (front->count == count && asns_equal(front->asns, asns, count))
		return front->node;
	memcpy(front->asns, asns, 4 * (size_t)count);
	front->count = count;
	front->node = sequence_node(paths, ROOT, front->asns, count);
	if (front->node == 0)
		front->count = 0;
	return front->node;
}

uint32_t paths_intern(struct paths *paths, const struct as_path *path, uint32_t own)
{
	const uint8_t *asns = path->bytes + 2;
	bool stripped = false;
	uint32_t count, node;

	if (path->len == 0)
		return PATH_EMPTY;
	count = path->bytes[1];
	if (path->bytes[0] == AS_SEQUENCE && path->asn_size == 4 && count > 0 &&
	    path->len == 2 + 4 * count && count <= FRONT_ASNS + 1) {
		stripped = __builtin_bswap32(load_u32(asns)) == own;
		asns += stripped ? 4 : 0;
		count -= stripped;
		if (count == 0)
			return PATH_EMPTY | 1;
		if (count <= FRONT_ASNS) {
			node = front_node(paths, asns, count);
			return node ? node << 1 | stripped : PATH_NONE;
		}
	}
	stripped = false;
	node = general_node(paths, path, own, &stripped);
	return node ? node << 1 | stripped : PATH_NONE;
}

uint32_t paths_intern_origin(struct paths *paths, const struct as_path *path)
{
	struct path_odd hop = { .times = 1, .segment = AS_SEQUENCE };
	uint32_t node;

	if (!as_path_origin(path, &hop.asn))
		return PATH_EMPTY;
	node = node_behind(paths, ROOT, &hop);
	return node << 1;
}

static inline struct path_odd hop_of(const struct paths *paths, uint32_t node)
{
	uint32_t code = (uint32_t)paths->nodes.at[node];

	if (code & ODD)
		return paths->odd[code & ~ODD];
	return (struct path_odd){ .asn = code, .times = 1, .segment = AS_SEQUENCE };
}

static inline uint32_t parent_of(const struct paths *paths, uint32_t node)
{
	return (uint32_t)(paths->nodes.at[node] >> 32);
}

/* As table_path_hops(), but `joined` is set inside confederation sequences, too. */
static uint32_t all_hops(const struct paths *paths, uint32_t path, uint32_t own, struct path_hop *hops,
			 uint32_t room)
{
	uint32_t count = path & 1, at;

	for (uint32_t node = path >> 1; node > ROOT; node = parent_of(paths, node))
		count += hop_of(paths, node).times;
	at = count;
	for (uint32_t node = path >> 1; node > ROOT; node = parent_of(paths, node)) {
		struct path_odd odd = hop_of(paths, node);

		for (unsigned i = 0; i < odd.times; i++)
			if (--at < room)
				hops[at] = (struct path_hop){ odd.asn, odd.segment, odd.joined };
	}
	if (path & 1 && room)
		hops[0] = (struct path_hop){ own, AS_SEQUENCE, false };
	return count;
}

uint32_t paths_hops(const struct paths *paths, uint32_t path, uint32_t own, struct path_hop *hops, uint32_t room)
{
	uint32_t count = all_hops(paths, path, own, hops, room);

	for (uint32_t i = 0; i < count && i < room; i++)
		if (hops[i].segment == AS_CONFED_SEQUENCE)
			hops[i].joined = false;
	return count;
}

/* As as_path_origin(): a confederation's sequence is passed over, a set has no last AS. */
uint32_t paths_origin(const struct paths *paths, uint32_t path, uint32_t own)
{
	for (uint32_t node = path >> 1; node > ROOT; node = parent_of(paths, node)) {
		struct path_odd hop = hop_of(paths, node);

		if (hop.segment != AS_CONFED_SEQUENCE)
			return hop.segment == AS_SEQUENCE ? hop.asn : 0;
	}
	return path & 1 ? own : 0;
}

static const struct {
	char open, between, close;
} marks[] = {
	[AS_SET] = { '{', ',', '}' },
	[AS_SEQUENCE] = { 0, ' ', 0 },
	[AS_CONFED_SEQUENCE] = { '(', ' ', ')' },
	[AS_CONFED_SET] = { '[', ',', ']' },
};

/* As as_path_format(): a type that nobody registered looks like a sequence. */
static void hops_format(const struct path_hop *hops, uint32_t count, struct buf *buf)
{
	for (uint32_t i = 0; i < count; i++) {
		unsigned type = hops[i].segment;

		if (type < AS_SET || type > AS_CONFED_SET)
			type = AS_SEQUENCE;
		if (i > 0)
			buf_char(buf, hops[i].joined ? marks[type].between : ' ');
		if (marks[type].open && !hops[i].joined)
			buf_char(buf, marks[type].open);
		buf_u64(buf, hops[i].asn);
		if (marks[type].close && (i + 1 == count || !hops[i + 1].joined))
			buf_char(buf, marks[type].close);
	}
}

void paths_format(const struct paths *paths, uint32_t path, uint32_t own, struct buf *buf)
{
	struct path_hop few[HOPS_ON_STACK], *many = NULL;
	uint32_t count = all_hops(paths, path, own, few, HOPS_ON_STACK);

	if (count > HOPS_ON_STACK) {
		many = reallocarray(NULL, count, sizeof(*many));
		if (!many) {
			buf->failed = true;
			return;
		}
		all_hops(paths, path, own, many, count);
	}
	hops_format(many ? many : few, count, buf);
	free(many);
}

size_t paths_bytes(const struct paths *paths)
{
	return keys_bytes(&paths->nodes) + (sizeof(*paths->front) << FRONT_BITS) +
	       paths->odd_room * sizeof(*paths->odd) +
	       (paths->odd_index.slots ? (paths->odd_index.mask + 1) * sizeof(struct map_slot) : 0);
}
