/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Framing: which bytes of an input are whole records, which are lost. Private to feed/.
 *
 * Pure. The caller shows the bytes that are not done with, as many as it has; framer_next() says
 * what the first of them are, and the caller shows what follows them. What comes out does not
 * depend on how the bytes were cut into windows.
 *
 *	framer_init
 *	framer_next until FRAMER_MORE; then with more bytes, or `end`, or after framer_hole;
 *	and so on until FRAMER_DONE
 */
#ifndef CONSTAT_FEED_FRAMER_H
#define CONSTAT_FEED_FRAMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/fault.h"
#include "wire/mrt.h"

struct framer {
	uint32_t input;
	uint32_t record_max;

	/* Read by the caller for its report. */
	uint64_t records;
	uint64_t offset;	/* of the next byte not done with */
	uint64_t lost;
	uint64_t faults;
	int64_t first_time;	/* of the first record */
	int64_t time;		/* largest so far */

	/* While `lost_way`: the fault being added to, and from where on to look for records. */
	bool lost_way;
	bool end_told;		/* the source's fault became one of ours */
	size_t from;
	struct fault fault;
};

enum framer_kind {
	FRAMER_RECORDS,	/* the next `len` bytes are `records` whole records */
	FRAMER_PASS,	/* the next `len` bytes are lost; the fault is told when all are */
	FRAMER_FAULT,	/* as PASS, and `fault` is complete */
	FRAMER_MORE,	/* show at least `need` bytes, or `end` */
	FRAMER_DONE,
};

struct framer_step {
	enum framer_kind kind;
	size_t len;
	size_t need;
	uint32_t records;
	uint64_t number;	/* RECORDS: of the first, from 1 */
	uint64_t offset;	/* of its first byte */
	int64_t time;		/* largest so far, at the first record */
	int64_t time_last;	/* and at the last */
	struct fault fault;
};

void framer_init(struct framer *framer, uint32_t input, uint32_t record_max);

/*
 * `end`: NULL while more bytes may come; else why none will: the source's fault, or
 * FAULT_KIND_COUNT where it simply ended. The step's `len` bytes are done with.
 */
void framer_next(struct framer *framer, const uint8_t *bytes, size_t len,
		 const enum fault_kind *end, struct framer_step *ret_step);

/*
 * The stream broke after the `len` bytes shown, which hold no whole record, and goes on somewhere
 * behind.
 */
void framer_hole(struct framer *framer, enum fault_kind kind, size_t len);

#endif
