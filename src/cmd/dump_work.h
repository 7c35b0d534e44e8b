/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one thread of `constat dump` does: records in, lines out. Only for dump.c.
 *
 * A job is some 128 KiB of records, of one input or several that follow each other in time. Jobs
 * are independent of each other: whatever a record needs from those before it (the peer index)
 * comes with its segment, so that the lines are the same whichever thread makes them.
 */
#ifndef CONSTAT_CMD_DUMP_WORK_H
#define CONSTAT_CMD_DUMP_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "feed/feed.h"
#include "inquiry/filter.h"
#include "show/line.h"
#include "wire/mrt.h"

/* Faults of one kind in one input: how many, and the first by place. */
struct dump_tally {
	uint32_t input;
	uint64_t count;
	uint64_t lost;
	struct fault first;
};

struct dump_tallies {
	struct dump_tally *items;
	uint32_t count, room;
};

/* Whole records of one input, in its order. */
struct dump_segment {
	uint32_t input;
	uint64_t number, offset;	/* of the first */
	const uint8_t *bytes;
	size_t len;
	struct peer_index *index;	/* in force; a reference, or NULL */
	/* To be released with this segment; item.block is NULL where a later one needs it still. */
	struct feed_item item;
};

struct dump_job {
	struct dump_segment *segments;
	uint32_t segment_count, segment_room;
	size_t len;			/* of all segments */
	/* Results. */
	struct buf out;
	uint64_t events;
	struct dump_tallies tallies;
	struct err err;
};

struct dump_plan {
	const struct filter *filter;
	enum line_format format;
	bool count;			/* events are counted, not shown */
	/* By input. */
	const char *const *names;
	const char *const *collectors;
};

struct dump_worker;

int dump_worker_new(const struct dump_plan *plan, struct dump_worker **ret_worker, struct err *err);
void dump_worker_free(struct dump_worker *worker);	/* takes NULL */
/* Errors go to job->err. */
void dump_worker_run(struct dump_worker *worker, struct dump_job *job);

/*
 * The size of the first of the whole records in [at, end). An ET record's header alone does not
 * tell (wire/frame.c).
 */
static inline uint32_t dump_record_size(const uint8_t *at, const uint8_t *end)
{
	uint32_t size;

	if (at[5] == MRT_BGP4MP_ET) {
		(void)mrt_frame(at, (size_t)(end - at), UINT32_MAX, &size);
		return size;
	}
	memcpy(&size, at + 8, sizeof(size));
	return MRT_HEADER_SIZE + __builtin_bswap32(size);
}

int dump_tallies_add(struct dump_tallies *tallies, const struct dump_tally *more, struct err *err);

#endif
