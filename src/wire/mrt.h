/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MRT (RFC 6396, RFC 8050): framing of records and decoding of one record into events.
 *
 * Pure: no allocation that outlives a call but the peer index, no I/O, no global state. Order of
 * calls: mrt_frame() finds where a record ends, mrt_record_parse() reads its header,
 * mrt_record_decode() gives its events. A sequence of records of one input goes through
 * wire/stream.h, which keeps the peer index and tells where RIBs begin and end.
 */
#ifndef CONSTAT_WIRE_MRT_H
#define CONSTAT_WIRE_MRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/event.h"
#include "wire/fault.h"

#define MRT_HEADER_SIZE		12u
/* default limit: the largest seen in life is under 1 MiB */
#define MRT_RECORD_MAX		(16u << 20)

enum mrt_type {
	MRT_BGP = 5,		/* deprecated: "BGP" of archives before 2001 */
	MRT_OSPF_V2 = 11,
	MRT_TABLE_DUMP = 12,
	MRT_TABLE_DUMP_V2 = 13,
	MRT_BGP4MP = 16,
	MRT_BGP4MP_ET = 17,
};

enum mrt_frame {
	MRT_FRAME_WHOLE,	/* *ret_len bytes make a record */
	/* plausible so far; more bytes are needed (*ret_len: how many in all, 0 unknown) */
	MRT_FRAME_MORE,
	MRT_FRAME_BAD,		/* no MRT header stands here */
	/* a plausible header with a length over the limit (*ret_len: how many bytes in all) */
	MRT_FRAME_LARGE,
};

enum mrt_frame mrt_frame(const uint8_t *bytes, size_t len, uint32_t record_max, uint32_t *ret_len);

/*
 * The offset of the next place in bytes[from, len) where records plausibly go on: a known type and
 * subtype, a length up to `record_max`, a time within a day of `near` (UTC_NEVER: any) and, as far
 * as the bytes reach, another such header behind it. `len` when there is none. `*ret_certain` is
 * false when more bytes could change the answer: it is then the first place that can still become
 * one, and everything before it is ruled out.
 */
size_t mrt_resync(const uint8_t *bytes, size_t len, size_t from, int64_t near, uint32_t record_max,
		  bool *ret_certain);

struct mrt_record {
	struct record_ref ref;
	int64_t time;			/* of the header; ET's microseconds included */
	uint16_t type;
	uint16_t subtype;
	bool extended;			/* ET: time is exact to the microsecond */
	const uint8_t *bytes;		/* the whole record, header first */
	uint32_t len;
	/* offset of the body, behind header and ET's microseconds */
	uint32_t body;
};

/*
 * `bytes` is a whole frame. False where an ET record is too short for its microseconds (body is
 * then empty).
 */
bool mrt_record_parse(const uint8_t *bytes, uint32_t len, const struct record_ref *ref,
		      struct mrt_record *ret_record);
/* Only the time, for ordering; bytes has at least a header (16 bytes for ET). */
int64_t mrt_time(const uint8_t *bytes, size_t len);
/* "TABLE_DUMP_V2", "RIB_IPV4_UNICAST", …; NULL when nobody registered it. */
const char *mrt_type_name(uint16_t type);
const char *mrt_subtype_name(uint16_t type, uint16_t subtype);

/* The peers of a TABLE_DUMP_V2 RIB. Shared read-only between threads; counted references. */
struct peer_index {
	uint32_t references;
	uint32_t collector_id;		/* BGP identifier */
	char view[256];
	uint32_t count;
	struct peer peers[];
};

struct peer_index *peer_index_ref(struct peer_index *index);
void peer_index_unref(struct peer_index *index);	/* takes NULL */

/* Working memory of one decoding thread: merged AS paths, scanned attributes. */
struct wire_scratch;
int wire_scratch_new(struct wire_scratch **ret_scratch, struct err *err);
void wire_scratch_free(struct wire_scratch *scratch);

/*
 * Every event of the record, in the record's order, to sink->event, and its faults to sink->fault.
 * `index` is the peer index in force (NULL: none yet). A PEER_INDEX_TABLE gives an EVENT_RIB_BEGIN
 * whose `index` the sink keeps with peer_index_ref(). RIB_END is not known here: wire/stream.h.
 * Returns what the sink returned when that was not 0, else 0 or ERR_MEMORY.
 */
int mrt_record_decode(const struct mrt_record *record, const struct peer_index *index,
		      struct wire_scratch *scratch, const struct wire_sink *sink);

/*
 * How many EVENT_ANNOUNCE, EVENT_WITHDRAW, EVENT_RIB_ENTRY and EVENT_STATE mrt_record_decode()
 * would give, without making them, where no filter needs their content. Records of which that
 * cannot be told by walking lengths are decoded.
 */
int mrt_record_count(const struct mrt_record *record, const struct peer_index *index,
		     struct wire_scratch *scratch, uint64_t *ret_count);

#endif
