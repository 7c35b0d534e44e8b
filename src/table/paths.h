/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interned AS paths: equal paths have equal numbers, kept until a sweep finds that nobody needs
 * them.
 *
 * A path number is a node of a tree × 2, + 1 where the vantage point's own AS stood first and
 * was left out; or PATH_ORIGIN + an AS, of which alone that path consists. See paths.c for the
 * tree.
 */
#ifndef CONSTAT_TABLE_PATHS_H
#define CONSTAT_TABLE_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "net/path.h"
#include "table/keys.h"
#include "table/marks.h"
#include "table/table.h"

/* A hop that is not just one AS in a sequence. */
struct path_odd {
	uint32_t asn;
	uint16_t times;		/* prepended so often, in a sequence; else 1 */
	uint8_t segment;	/* enum as_segment_type */
	bool joined;		/* in the segment of the hop before it; in sequences never */
};

struct path_front;
struct path_start;

struct paths {
	struct keys nodes;
	struct path_odd *odd;
	uint32_t odd_count, odd_room;
	uint32_t odd_free;		/* one given back, + 1, whose asn tells the next; 0: none */
	struct map odd_index;
	struct path_front *front;
	unsigned front_bits;
	struct path_start *starts;
};

#define PATH_ORIGIN	0x80000000u

/* The path of no hops, and what all routes look like where only presence is asked for. */
#define PATH_EMPTY	2u

/*
 * A path being looked up together with others: the AS numbers of a short sequence, without the
 * own AS.
 */
#define PATH_JOB_ASNS	14u
struct path_job {
	uint32_t count;
	uint32_t path;			/* PATH_NONE: not found yet */
	uint32_t asns[PATH_JOB_ASNS];	/* big-endian, as on the wire */
	uint64_t hash;
	bool stripped;
};

#define PATH_JOBS	256u

int paths_init(struct paths *paths);
void paths_free(struct paths *paths);
/* `own` is the vantage point's AS. Both return PATH_NONE when out of memory or of numbers. */
uint32_t paths_intern(struct paths *paths, const struct as_path *path, uint32_t own);
uint32_t paths_origin_node(struct paths *paths, uint32_t asn);
/*
 * The same for many at once, several times as fast: paths_job() takes the path in (its bytes
 * are free again), paths_finish() puts the numbers into up to PATH_JOBS of them. False: this
 * path is none for a job. Bytes may be read, not used, up to `end`, which lies behind the path.
 */
bool paths_job(struct paths *paths, const struct as_path *path, const uint8_t *end, uint32_t own,
	       struct path_job *ret_job);
int paths_finish(struct paths *paths, struct path_job *const *jobs, uint32_t count);

/* The path that is nothing but the origin of this one: it needs no place in the tree. */
static inline uint32_t paths_intern_origin(struct paths *paths, const struct as_path *path)
{
	uint32_t asn;

	if (!as_path_origin(path, &asn))
		return PATH_EMPTY;
	return asn < PATH_ORIGIN ? PATH_ORIGIN | asn : paths_origin_node(paths, asn);
}

/*
 * Forgets all nodes and odd hops but those of marked paths. Numbers of what is left stay as they
 * are; the others' come to mean other paths. paths_mark() returns ERR_MEMORY.
 */
int paths_mark(const struct paths *paths, struct marks *nodes, uint32_t path);
void paths_sweep(struct paths *paths, const struct marks *nodes);
/* Nodes that are some path's. */
static inline uint32_t paths_nodes(const struct paths *paths)
{
	return paths->nodes.count - paths->nodes.freed;
}

uint32_t paths_hops(const struct paths *paths, uint32_t path, uint32_t own, struct path_hop *hops,
		    uint32_t room);
uint32_t paths_origin(const struct paths *paths, uint32_t path, uint32_t own);
void paths_format(const struct paths *paths, uint32_t path, uint32_t own, struct buf *buf);
size_t paths_bytes(const struct paths *paths);

#endif
