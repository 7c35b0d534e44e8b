/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How framing works: as long as headers follow each other, all that is whole in the window is one
 * step. Where no header stands, the framer has lost its way: it looks for the next place where
 * records plausibly go on (wire's mrt_resync), passing over bytes as soon as they are known to be
 * no such place, and tells one fault for the whole stretch.
 *
 * A place near the window's end may look right only because its second header is not in sight; then
 * more bytes are asked for, up to SIGHT_MAX, so that windows of any size give the same answer.
 *
 * The time of neighbouring records is not asked of a place: two headers in a row do not happen by
 * chance (about 2^-60 each), while a damaged time, or two recordings put together, would make every
 * later record look wrong.
 */
#include "feed/framer.h"

#include <string.h>

#include "base/utc.h"

/* Longest header: RFC 6396 section 3, with the microseconds of an extended record. */
#define HEADER_MAX	(MRT_HEADER_SIZE + 4u)

void framer_init(struct framer *framer, uint32_t input, uint32_t record_max)
{
	*framer = (struct framer){
		.input = input,
		.record_max = record_max,
		.first_time = UTC_NEVER,
		.time = UTC_NEVER,
	};
}

static void lose_way(struct framer *framer, enum fault_kind kind, uint32_t value, size_t from)
{
	if (!framer->lost_way)
		framer->fault = (struct fault){
			.kind = kind,
			.ref = { framer->input, framer->records + 1, framer->offset },
			.value = value,
		};
	framer->lost_way = true;
	framer->from = from;
}

static void pass(struct framer *framer, size_t len, enum framer_kind kind,
		 struct framer_step *step)
{
	framer->offset += len;
	framer->lost += len;
	framer->fault.lost += len;
	framer->from = 0;
	step->kind = kind;
	step->len = len;
	if (kind == FRAMER_FAULT) {
		framer->lost_way = false;
		framer->faults++;
		step->fault = framer->fault;
	}
}

void framer_hole(struct framer *framer, enum fault_kind kind, size_t len)
{
	struct framer_step step;

	lose_way(framer, kind, 0, 0);
	pass(framer, len, FRAMER_PASS, &step);
}

/*
 * How far one must see to be sure of the header at `bytes`: all of its record and the header
 * behind.
 */
static size_t sight(const struct framer *framer, const uint8_t *bytes, size_t len)
{
	uint32_t record = 0;

	(void)mrt_frame(bytes, len, framer->record_max, &record);
	return record > framer->record_max ? 0 : (size_t)record + HEADER_MAX;
}

static void find_way(struct framer *framer, const uint8_t *bytes, size_t len, bool end,
		     struct framer_step *step)
{
	bool certain = true, header;
	size_t at = len, want;

	if (len > framer->from)
		at = mrt_resync(bytes, len, framer->from, UTC_NEVER, framer->record_max, &certain);
	header = len - at >= MRT_HEADER_SIZE;
	want = header ? sight(framer, bytes + at, len - at) : 2 * HEADER_MAX;
	if (header && (certain || end || len - at >= want)) {
		pass(framer, at, FRAMER_FAULT, step);
	} else if (end) {
		pass(framer, len, FRAMER_FAULT, step);
	} else if (at > 0) {
		/*
		 * What is left may be a header's first bytes, or one whose neighbour is not in
		 * sight.
		 */
		pass(framer, at, FRAMER_PASS, step);
	} else {
		step->kind = FRAMER_MORE;
		step->need = want;
	}
}

static uint32_t record_length(const uint8_t *header)
{
	uint32_t length;

	memcpy(&length, header + 8, sizeof(length));
	return __builtin_bswap32(length);
}

/*
 * Passes over the whole record of `record` bytes, and those behind it whose time, type and subtype
 * are the same, which mrt_frame() and mrt_time() would judge alike: one comparison each. RIBs are
 * made of such, and beside decompression this walk is what reading them costs. Not for extended
 * records: their time goes on behind the header.
 */
static size_t pass_alike(const struct framer *framer, const uint8_t *bytes, size_t len,
			 uint32_t record, uint32_t *records)
{
	uint64_t first, next, size = record;
	size_t at = 0;

	memcpy(&first, bytes, sizeof(first));
	do {
		at += size;
		(*records)++;
		if (len - at < MRT_HEADER_SIZE || bytes[5] == MRT_BGP4MP_ET)
			break;
		memcpy(&next, bytes + at, sizeof(next));
		size = (uint64_t)record_length(bytes + at) + MRT_HEADER_SIZE;
	} while (next == first && size <= framer->record_max && size <= len - at);
	return at;
}

/* Steps over all whole records; says what stopped it. */
static enum mrt_frame walk(struct framer *framer, const uint8_t *bytes, size_t len,
			   struct framer_step *step)
{
	enum mrt_frame frame = MRT_FRAME_MORE;
	uint32_t record;
	int64_t time;
	size_t at = 0;

	while (at < len) {
		record = 0;
		frame = mrt_frame(bytes + at, len - at, framer->record_max, &record);
		step->need = record;
		if (frame != MRT_FRAME_WHOLE)
			break;
		time = mrt_time(bytes + at, record);
		if (framer->records == 0 && step->records == 0)
			framer->first_time = time;
		if (time > framer->time)
			framer->time = time;
		if (step->records == 0)
			step->time = framer->time;
		at += pass_alike(framer, bytes + at, len - at, record, &step->records);
	}
	step->time_last = framer->time;
	step->len = at;
	return frame;
}

/*
 * The input ends inside a record; unless records go on behind its header, which then lied about its
 * length.
 */
static void cut(struct framer *framer, const uint8_t *bytes, size_t len, enum fault_kind end)
{
	bool certain;

	if (len - mrt_resync(bytes, len, 1, UTC_NEVER, framer->record_max, &certain) >=
	    MRT_HEADER_SIZE) {
		lose_way(framer, FAULT_FRAMING, 0, 1);
		return;
	}
	lose_way(framer, end == FAULT_KIND_COUNT ? FAULT_CUT : end, 0, len);
	framer->end_told = true;
}

static void frame_next(struct framer *framer, const uint8_t *bytes, size_t len,
		       const enum fault_kind *end, struct framer_step *step)
{
	enum mrt_frame frame = walk(framer, bytes, len, step);

	if (step->records > 0) {
		step->kind = FRAMER_RECORDS;
		step->number = framer->records + 1;
		step->offset = framer->offset;
		framer->records += step->records;
		framer->offset += step->len;
		return;
	}
	if (frame == MRT_FRAME_BAD) {
		lose_way(framer, FAULT_FRAMING, 0, 1);
	} else if (frame == MRT_FRAME_LARGE) {
		lose_way(framer, FAULT_RECORD_SIZE, record_length(bytes), 1);
	} else if (!end) {
		step->kind = FRAMER_MORE;
		if (step->need <= len)
			step->need = len + 1;
		return;
	} else {
		cut(framer, bytes, len, *end);
	}
	find_way(framer, bytes, len, end != NULL, step);
}

void framer_next(struct framer *framer, const uint8_t *bytes, size_t len,
		 const enum fault_kind *end, struct framer_step *ret_step)
{
	*ret_step = (struct framer_step){ .kind = FRAMER_DONE };
	if (framer->lost_way) {
		/* A hole that nothing follows, and the end for the same reason, are one. */
		framer->end_told |= end && framer->fault.kind == *end;
		find_way(framer, bytes, len, end != NULL, ret_step);
	} else if (len > 0) {
		frame_next(framer, bytes, len, end, ret_step);
	} else if (!end) {
		ret_step->kind = FRAMER_MORE;
		ret_step->need = 1;
	} else if (*end != FAULT_KIND_COUNT && !framer->end_told) {
		lose_way(framer, *end, 0, 0);
		framer->end_told = true;
		pass(framer, 0, FRAMER_FAULT, ret_step);
	}
}
