/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths are a tree that branches from the vantage point towards the origins: a node is a hop
 * and the node of the hop before it, so that all paths that begin alike share their beginning,
 * and the origin stands in the node that a path number names. The vantage point's own AS is
 * left out where it stands first, so that vantage points share what lies behind their common
 * neighbours. Measured on real tables (docs/table.md), this way round a distinct path costs 0.7
 * to 1.05 nodes; grown from the origin it would be up to 3.
 *
 * A hop is 32 bits: an AS number below 2^31 that stands once in a sequence is itself; all else
 * (an AS prepended, a larger number, a member of a set or confederation) is 2^31 + a place in a
 * list of odd hops. A node is therefore a key of 64 bits, and table/keys.h does the rest.
 *
 * In front stands a cache from the AS numbers as they stand on the wire to the node:
 * direct-mapped, one cache line an entry, which holds the numbers themselves, compared before
 * it is believed. It answers three of four. The rest walk down the tree, two cache misses a
 * hop; paths_finish() lets many walk side by side, one hop at a time, so that their misses
 * overlap.
 */
#include "table/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "table/huge.h"
#include "table/marks.h"

#define ROOT		1u
#define ODD		0x80000000u
#define FRONT_FIRST	10u	/* bits of its size, at first … */
#define FRONT_BITS	15u	/* … and at most: one huge page */
#define PENDING		0x80000000u
#define STARTS		8192u	/* where paths start: places, a power of two */
#define HOPS_ON_STACK	128u

/*
 * Numbers as in a job. Nearly all paths have up to SHORT_ASNS of them: behind those it does not
 * matter what stands there; what is unused before is zero. In longer ones all that is unused is
 * zero.
 */
struct path_front {
	uint32_t count;
	uint32_t node;			/* or PENDING + the job that will find it; 0: free */
	uint32_t asns[PATH_JOB_ASNS];
};

#define SHORT_ASNS	6u

typedef uint32_t four __attribute__((vector_size(16)));

static int front_make(struct paths *paths, unsigned bits)
{
	struct path_front *front = huge_alloc(sizeof(*front) << bits, bits == FRONT_BITS);

	if (!front)
		return ERR_MEMORY;
	huge_free(paths->front, sizeof(*front) << paths->front_bits);
	paths->front = front;
	paths->front_bits = bits;
	return 0;
}

/*
 * The first two hops of a path are few combinations and asked for again and again: where they
 * lead, by their numbers as on the wire.
 */
struct path_start {
	uint32_t first, second;
	uint32_t node;			/* 0: free */
};

int paths_init(struct paths *paths)
{
	*paths = (struct paths){ 0 };
	paths->starts = calloc(STARTS, sizeof(*paths->starts));
	if (!paths->starts || front_make(paths, FRONT_FIRST) != 0)
		return ERR_MEMORY;
	return keys_number(&paths->nodes, 0) == ROOT ? 0 : ERR_MEMORY;
}

void paths_free(struct paths *paths)
{
	keys_free(&paths->nodes);
	map_free(&paths->odd_index);
	free(paths->odd);
	huge_free(paths->front, sizeof(*paths->front) << paths->front_bits);
	free(paths->starts);
	*paths = (struct paths){ 0 };
}

static uint64_t odd_key(const struct path_odd *odd)
{
	return odd->asn | (uint64_t)odd->times << 32 | (uint64_t)odd->segment << 48 |
	       (uint64_t)odd->joined << 56;
}

/* The hop's 32 bits; 0 with *ok false when out of memory. */
static uint32_t odd_code(struct paths *paths, const struct path_odd *odd, bool *ok)
{
	uint32_t at = map_get(&paths->odd_index, odd_key(odd));

	if (at != MAP_NONE)
		return ODD | at;
	at = paths->odd_free ? paths->odd_free - 1 : paths->odd_count;
	if (at >= ODD || VEC_GROW(paths->odd, paths->odd_count, paths->odd_room, NULL) != 0 ||
	    map_put(&paths->odd_index, odd_key(odd), at) != 0) {
		*ok = false;
		return 0;
	}
	if (paths->odd_free)
		paths->odd_free = paths->odd[at].asn;
	else
		paths->odd_count++;
	paths->odd[at] = *odd;
	return ODD | at;
}

static inline uint32_t hop_code(struct paths *paths, const struct path_odd *hop, bool *ok)
{
	if (hop->segment == AS_SEQUENCE && hop->times == 1 && hop->asn < ODD)
		return hop->asn;
	return odd_code(paths, hop, ok);
}

/* The node behind `parent`, 0 staying 0. */
static uint32_t node_behind(struct paths *paths, uint32_t parent, const struct path_odd *hop)
{
	bool ok = parent != 0;
	uint32_t code = hop_code(paths, hop, &ok);

	return ok ? keys_number(&paths->nodes, (uint64_t)parent << 32 | code) : 0;
}

/*
 * Any path. Hops wait in `last` until the next is known not to repeat them; sequences that follow
 * each other are one (RFC 4271 section 4.3 only splits them for want of room).
 */
static uint32_t general_node(struct paths *paths, const struct as_path *path, uint32_t own,
			     bool *ret_stripped)
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
			if (sequence && last.times && last.segment == AS_SEQUENCE &&
			    last.asn == asn) {
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

static inline four load_four(const void *at)
{
	four value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline uint64_t load_u64(const uint32_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* The 128-bit product folded. */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xc2b2ae3d27d4eb4fu);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* All places at once, used or zero: no loop whose end nobody can foresee. */
static inline uint64_t job_hash(const struct path_job *job)
{
	const uint32_t *asns = job->asns;
	uint64_t hash =
		mix(load_u64(asns), load_u64(asns + 2)) + 3 * mix(load_u64(asns + 4), job->count);

	if (job->count > SHORT_ASNS)
		hash += 5 * mix(load_u64(asns + 6), load_u64(asns + 8)) +
			7 * mix(load_u64(asns + 10), load_u64(asns + 12));
	return hash;
}

static inline bool front_is(const struct path_front *front, const struct path_job *job)
{
	const uint32_t *a = front->asns, *b = job->asns;
	uint64_t differ = (front->count ^ job->count) | (load_u64(a) ^ load_u64(b)) |
			  (load_u64(a + 2) ^ load_u64(b + 2)) | (load_u64(a + 4) ^ load_u64(b + 4));

	if (job->count > SHORT_ASNS)
		differ |= (load_u64(a + 6) ^ load_u64(b + 6)) |
			  (load_u64(a + 8) ^ load_u64(b + 8)) |
			  (load_u64(a + 10) ^ load_u64(b + 10)) |
			  (load_u64(a + 12) ^ load_u64(b + 12));
	return differ == 0;
}

static inline struct path_front *front_of(const struct paths *paths, uint64_t hash)
{
	return &paths->front[hash >> (64 - paths->front_bits)];
}

/* Copies the numbers. Reads 24 bytes at once where `end` allows it. */
static inline void job_take(struct path_job *job, const uint8_t *asns, uint32_t count,
			    const uint8_t *end)
{
	static const uint32_t keep[2 * SHORT_ASNS] = { -1u, -1u, -1u, -1u, -1u, -1u };

	job->count = count;
	if (count <= SHORT_ASNS && end - asns >= 24) {
		const uint32_t *mask = keep + SHORT_ASNS - count;
		four first = load_four(asns) & load_four(mask);
		uint64_t last, last_mask;

		memcpy(&last, asns + 16, sizeof(last));
		memcpy(&last_mask, mask + 4, sizeof(last_mask));
		last &= last_mask;
		memcpy(job->asns, &first, sizeof(first));
		memcpy(&job->asns[4], &last, sizeof(last));
		return;
	}
	memset(job->asns, 0, sizeof(job->asns));
	memcpy(job->asns, asns, 4 * (size_t)count);
}

/* Numbers of two bytes, made four. */
static void job_widen(struct path_job *job, const uint8_t *asns, uint32_t count)
{
	memset(job->asns, 0, sizeof(job->asns));
	for (uint32_t i = 0; i < count; i++)
		memcpy((uint8_t *)&job->asns[i] + 2, asns + 2 * (size_t)i, 2);
	job->count = count;
}

bool paths_job(struct paths *paths, const struct as_path *path, const uint8_t *end, uint32_t own,
	       struct path_job *ret_job)
{
	struct path_job *job = ret_job;
	const uint8_t *asns;
	uint32_t count;
	bool stripped;

	if (path->len < 4 || path->bytes[0] != AS_SEQUENCE)
		return false;
	asns = path->bytes + 2;
	count = path->bytes[1];
	if (path->len != 2 + path->asn_size * count || count > PATH_JOB_ASNS)
		return false;
	stripped = (path->asn_size == 4 ? __builtin_bswap32(load_u32(asns))
					: (uint32_t)asns[0] << 8 | asns[1]) == own;
	asns += stripped ? path->asn_size : 0;
	count -= stripped;
	if (path->asn_size == 4)
		job_take(job, asns, count, end);
	else
		job_widen(job, asns, count);
	job->stripped = stripped;
	job->path = count ? PATH_NONE : PATH_EMPTY | 1;
	job->hash = job_hash(job);
	fetch(front_of(paths, job->hash));
	return true;
}

/* A job's way down the tree. */
struct walk {
	struct path_job *job;
	uint32_t number;		/* the job's among those of this time */
	uint64_t key, hash;
	uint32_t node;
	uint32_t at;			/* hops done */
};

/* The key of the next hop, all its repetitions folded. */
static inline bool walk_step(struct paths *paths, struct walk *walk)
{
	const uint32_t *asns = walk->job->asns;
	uint32_t from = walk->at, to = from + 1, code;
	bool ok = true;

	while (to < walk->job->count && asns[to] == asns[from])
		to++;
	code = __builtin_bswap32(asns[from]);
	if (to - from > 1 || code >= ODD) {
		struct path_odd odd = {
			.asn = code, .times = (uint16_t)(to - from), .segment = AS_SEQUENCE,
		};

		code = odd_code(paths, &odd, &ok);
	}
	walk->at = to;
	walk->key = (uint64_t)walk->node << 32 | code;
	walk->hash = map_hash_u64(walk->key);
	return ok;
}

static inline struct path_start *start_of(const struct paths *paths, const uint32_t *asns)
{
	return &paths->starts[map_hash_u64((uint64_t)asns[0] << 32 | asns[1]) & (STARTS - 1)];
}

static void walk_begin(const struct paths *paths, struct path_job *job, uint32_t number,
		       struct walk *ret_walk)
{
	const struct path_start *start = start_of(paths, job->asns);

	*ret_walk = (struct walk){ .job = job, .number = number, .node = ROOT };
	/* The third hop must not be the second once more. */
	if (job->count > 2 && start->node && start->first == job->asns[0] &&
	    start->second == job->asns[1] && job->asns[1] != job->asns[2]) {
		ret_walk->node = start->node;
		ret_walk->at = 2;
	}
}

/* Remembers where the first two numbers led. */
static void walk_started(struct paths *paths, const struct walk *walk)
{
	const uint32_t *asns = walk->job->asns;

	if (walk->at == 2)
		*start_of(paths, asns) = (struct path_start){ asns[0], asns[1], walk->node };
}

/* Remembers in front where the walk ended, unless another path took its place meanwhile. */
static void walk_end(struct paths *paths, const struct walk *walk)
{
	struct path_job *job = walk->job;
	struct path_front *front = front_of(paths, job->hash);

	job->path = walk->node << 1 | job->stripped;
	if (front->node == (PENDING | walk->number))
		front->node = walk->node;
}

static int walk_all(struct paths *paths, struct walk *walks, uint32_t count)
{
	while (count) {
		uint32_t left = 0;

		for (uint32_t i = 0; i < count; i++) {
			if (!walk_step(paths, &walks[i]))
				return ERR_MEMORY;
			keys_fetch(&paths->nodes, walks[i].hash);
		}
		for (uint32_t i = 0; i < count; i++)
			keys_fetch_key(&paths->nodes, walks[i].hash);
		for (uint32_t i = 0; i < count; i++) {
			struct walk *walk = &walks[i];

			walk->node = keys_number_hashed(&paths->nodes, walk->key, walk->hash);
			if (walk->node == 0)
				return ERR_MEMORY;
			walk_started(paths, walk);
			if (walk->at == walk->job->count)
				walk_end(paths, walk);
			else
				walks[left++] = *walk;
		}
		count = left;
	}
	return 0;
}

/*
 * The node of the job's path, where the cache has it; PENDING and an earlier job that looks for
 * the same path; or 0, and the place is the job's from now on.
 */
static uint32_t front_ask(struct paths *paths, const struct path_job *job, uint32_t number)
{
	struct path_front *front = front_of(paths, job->hash);

	if (front_is(front, job))
		return front->node;
	front->node = PENDING | number;
	front->count = job->count;
	memcpy(front->asns, job->asns, sizeof(front->asns));
	return 0;
}

static int finish(struct paths *paths, struct path_job *const *jobs, uint32_t count)
{
	struct walk walks[PATH_JOBS];
	uint8_t same[PATH_JOBS];	/* job by job: the earlier one with the same path */
	uint32_t left = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t node;

		same[i] = (uint8_t)i;
		if (jobs[i]->path != PATH_NONE)
			continue;
		node = front_ask(paths, jobs[i], i);
		if (node & PENDING)
			same[i] = (uint8_t)(node & ~PENDING);
		else if (node)
			jobs[i]->path = node << 1 | jobs[i]->stripped;
		else
			walk_begin(paths, jobs[i], i, &walks[left++]);
	}
	if (walk_all(paths, walks, left) != 0)
		return ERR_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		if (same[i] != i)
			jobs[i]->path = (jobs[same[i]]->path & ~1u) | jobs[i]->stripped;
	return 0;
}

int paths_finish(struct paths *paths, struct path_job *const *jobs, uint32_t count)
{
	if (finish(paths, jobs, count) != 0) {
		/* Nobody is coming to the places taken. */
		memset(paths->front, 0, sizeof(*paths->front) << paths->front_bits);
		return ERR_MEMORY;
	}
	/* Failing to grow costs time only. */
	if (paths->front_bits < FRONT_BITS && paths->nodes.count >> paths->front_bits)
		(void)front_make(paths, paths->front_bits + 1);
	return 0;
}

uint32_t paths_intern(struct paths *paths, const struct as_path *path, uint32_t own)
{
	struct path_job job, *jobs = &job;
	bool stripped = false;
	uint32_t node;

	if (path->len == 0)
		return PATH_EMPTY;
	if (paths_job(paths, path, path->bytes + path->len, own, &job))
		return paths_finish(paths, &jobs, 1) == 0 ? job.path : PATH_NONE;
	node = general_node(paths, path, own, &stripped);
	return node ? node << 1 | stripped : PATH_NONE;
}

uint32_t paths_origin_node(struct paths *paths, uint32_t asn)
{
	struct path_odd hop = { .asn = asn, .times = 1, .segment = AS_SEQUENCE };

	return node_behind(paths, ROOT, &hop) << 1;
}

static inline struct path_odd hop_of(const struct paths *paths, uint32_t node)
{
	uint32_t code = (uint32_t)keys_at(&paths->nodes, node);

	if (code & ODD)
		return paths->odd[code & ~ODD];
	return (struct path_odd){ .asn = code, .times = 1, .segment = AS_SEQUENCE };
}

static inline uint32_t parent_of(const struct paths *paths, uint32_t node)
{
	return (uint32_t)(keys_at(&paths->nodes, node) >> 32);
}

int paths_mark(const struct paths *paths, struct marks *nodes, uint32_t path)
{
	bool new = !(path & PATH_ORIGIN);

	for (uint32_t node = path >> 1; new && node > ROOT; node = parent_of(paths, node))
		if (marks_set(nodes, node, &new) != 0)
			return ERR_MEMORY;
	return 0;
}

/* Those that stand in no node: `used` has a bit for each that does. */
static void odd_sweep(struct paths *paths, const struct marks *used)
{
	for (uint32_t i = paths->odd_count; i > 0; i--) {
		struct path_odd *odd = &paths->odd[i - 1];

		if (marks_has(used, i - 1) || odd->times == 0)
			continue;
		map_remove(&paths->odd_index, odd_key(odd));
		*odd = (struct path_odd){ .asn = paths->odd_free };
		paths->odd_free = i;
	}
}

void paths_sweep(struct paths *paths, const struct marks *nodes)
{
	struct marks used = { 0 };
	bool new, whole = true;

	for (uint32_t node = ROOT + 1; node < paths->nodes.count; node++) {
		uint32_t code = (uint32_t)keys_at(&paths->nodes, node);

		if (marks_has(nodes, node) && code & ODD)
			whole &= marks_set(&used, code & ~ODD, &new) == 0;
	}
	/* Without memory to tell which are used, all are kept. */
	if (whole)
		odd_sweep(paths, &used);
	marks_free(&used);
	keys_sweep(&paths->nodes, nodes->words, nodes->count);
	memset(paths->front, 0, sizeof(*paths->front) << paths->front_bits);
	memset(paths->starts, 0, STARTS * sizeof(*paths->starts));
}

/* As table_path_hops(), but `joined` is set inside confederation sequences, too. */
static uint32_t all_hops(const struct paths *paths, uint32_t path, uint32_t own,
			 struct path_hop *hops, uint32_t room)
{
	uint32_t count = path & 1, at;

	if (path & PATH_ORIGIN) {
		if (room)
			hops[0] = (struct path_hop){ path & ~PATH_ORIGIN, AS_SEQUENCE, false };
		return 1;
	}
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

uint32_t paths_hops(const struct paths *paths, uint32_t path, uint32_t own, struct path_hop *hops,
		    uint32_t room)
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
	if (path & PATH_ORIGIN)
		return path & ~PATH_ORIGIN;
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
	return keys_bytes(&paths->nodes) + STARTS * sizeof(*paths->starts) +
	       (sizeof(*paths->front) << paths->front_bits) +
	       paths->odd_room * sizeof(*paths->odd) +
	       map_bytes(&paths->odd_index);
}
