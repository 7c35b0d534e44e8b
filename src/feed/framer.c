/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How framing works: as long as headers follow each other, all that is whole in the window is one
 * step. Where no header stands, the framer has lost its way: it looks for the next place where records
 * plausibly go on (wire's mrt_resync), passing over bytes as soon as they are known to be no such
 * place, and tells one fault for the whole stretch.
 *
 * A place near the window's end may look right only because its second header is not in sight; then
 * more bytes are asked for, up to SIGHT_MAX, so that windows of any size give the same answer.
 *
 * The time of neighbouring records is not asked of a place: two headers in a row do not happen by chance (about 2^-60
 * each), while a damaged time, or two recordings put together, would make every later record look wrong.
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

/* How far one must see to be sure of the header at `bytes`: all of its record and the header behind. */
static size_t sight(const struct framer *framer, const uint8_t *bytes, size_t len)
{
	uint32_t record = 0;

	(void)mrt_frame(bytes, len, framer->record_max, &record);
	return record > framer->record_max ? 0 : (size_t)record + HEADER_MAX;
}

static void find_way(struct framer *framer, const uint8_t *bytes, size_t len, bool end,
		     struct framer_step *step)
{
	bool certain = true;
	size_t at = len, keep;

	if (len > framer->from)
		at = mrt_resync(bytes, len, framer->from, UTC_NEVER, &certain);
	if (at < len && (certain || end || len - at >= sight(framer, bytes + at, len - at))) {
		pass(framer, at, FRAMER_FAULT, step);
		return;
	}
	if (end) {
		pass(framer, len, FRAMER_FAULT, step);
		return;
	}
	/* What is left may be a header's first bytes, or a record whose neighbour is not in sight. */
	keep = at < len ? len - at : HEADER_MAX - 1;
	if (len > keep && (at < len || len - keep >= framer->from)) {
		pass(framer, len - keep, FRAMER_PASS, step);
		return;
	}
	step->kind = FRAMER_MORE;
	step->need = at < len ? sight(framer, bytes + at, len - at) : 2 * HEADER_MAX;
}

/* Steps over all whole records; says what stopped it. */
static enum mrt_frame walk(struct framer *framer, const uint8_t *bytes, size_t len,
			   struct framer_step *step, uint32_t *ret_need)
{
	enum mrt_frame frame = MRT_FRAME_MORE;
	uint32_t record = 0;
	int64_t time;
	size_t at = 0;

	step->records = 0;
	while (at < len) {
		record = 0;
		frame = mrt_frame(bytes + at, len - at, framer->record_max, &record);
		if (frame != MRT_FRAME_WHOLE)
			break;
		time = mrt_time(bytes + at, record);
		if (framer->records == 0 && step->records == 0)
			framer->first_time = time;
		if (time > framer->time)
			framer->time = time;
		if (step->records++ == 0)
			step->time = framer->time;
		at += record;
		frame = MRT_FRAME_MORE;
		record = 0;
	}
	step->time_last = framer->time;
	step->len = at;
	*ret_need = record;
	return frame;
}

/* The input ends inside a record; unless records go on behind its header, which then lied about its length. */
static void cut(struct framer *framer, const uint8_t *bytes, size_t len, enum fault_kind end)
{
	bool certain;

	if (len > HEADER_MAX && mrt_resync(bytes, len, 1, UTC_NEVER, &certain) < len) {
		lose_way(framer, FAULT_FRAMING, 0, 1);
		return;
	}
	lose_way(framer, end == FAULT_KIND_COUNT ? FAULT_CUT : end, 0, len);
	framer->end_told = true;
}

static uint32_t record_length(const uint8_t *header)
{
	uint32_t length;

	memcpy(&length, header + 8, sizeof(length));
	return __builtin_bswap32(length);
}

static void frame_next(struct framer *framer, const uint8_t *bytes, size_t len,
		       const enum fault_kind *end, struct framer_step *step)
{
	uint32_t need;
	enum mrt_frame frame = walk(framer, bytes, len, step, &need);

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
		step->need = need > len ? need : len + 1;
		return;
	} else {
		cut(framer, bytes, len, *end);
	}
	find_way(framer, bytes, len, end != NULL, step);
}

void framer_next(struct framer *framer, const uint8_t *bytes, size_t len, const enum fault_kind *end,
		 struct framer_step *ret_step)
{
	*ret_step = (struct framer_step){ .kind = FRAMER_DONE };
	if (framer->lost_way) {
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
