/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the decoders of wire share among themselves: one decoding on its way, and the table that
 * says which decoder takes which type and subtype.
 */
#ifndef CONSTAT_WIRE_DECODE_H
#define CONSTAT_WIRE_DECODE_H

#include <string.h>

#include "base/cursor.h"
#include "wire/load.h"
#include "wire/mrt.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };
enum { SAFI_UNICAST = 1, SAFI_MULTICAST = 2 };

struct wire_scratch {
	struct event event;		/* the one event, used again and again */
	struct peer peer;		/* of a record that names its own */
	struct attrs attrs;
	bool attrs_scanned;
	struct attrs none;		/* what a withdrawal's attributes are */
	bool none_scanned;		/* always */
	uint64_t faults;		/* given so far */
};

struct decode {
	const struct mrt_record *record;
	const struct peer_index *index;
	struct wire_scratch *scratch;
	const struct wire_sink *sink;
};

struct mrt_kind;
typedef int mrt_decode_fn(struct decode *decode, const struct mrt_kind *kind);
typedef uint64_t mrt_count_fn(const struct mrt_record *record, const struct peer_index *index,
			      const struct mrt_kind *kind);

/* One row for each type and subtype. */
struct mrt_kind {
	const char *name;		/* NULL: nobody registered it */
	mrt_decode_fn *decode;		/* NULL: not decoded, counted as lost */
	mrt_count_fn *count;		/* NULL: counted by decoding */
	uint16_t body_min;		/* shortest body that can be one */
	uint8_t asn_size;
	uint16_t afi;
	uint8_t safi;
	bool add_path;
	bool local;
};

/* NULL where the type or subtype has no row. */
const struct mrt_kind *mrt_kind_find(uint16_t type, uint16_t subtype);

mrt_decode_fn table_dump_decode;
mrt_count_fn table_dump_count;
mrt_decode_fn peer_index_decode;
mrt_decode_fn rib_decode;		/* RIB_IPV4_UNICAST and its like */
mrt_count_fn rib_count;
mrt_decode_fn rib_generic_decode;
mrt_decode_fn rib_other_decode;		/* families that are passed over */
mrt_decode_fn geo_peer_decode;
mrt_decode_fn bgp4mp_state_decode, bgp4mp_message_decode, bgp4mp_entry_decode,
	bgp4mp_snapshot_decode;
mrt_decode_fn legacy_update_decode, legacy_state_decode, legacy_message_decode;

/*
 * The body of an UPDATE, at the fields' beginning. The scratch's event names the peer already.
 * `cut`: the recorder kept less of the message than was sent; what is whole is given.
 */
struct update {
	const uint8_t *bytes;
	uint32_t len;
	uint8_t asn_size;
	bool add_path;
	bool external;
	bool cut;
};

int update_decode(struct decode *decode, const struct update *update);
/* Gives prefixes without path identifiers; the scratch's event has all else. */
int update_prefixes_give(struct decode *decode, struct update_prefixes *prefixes);

void wire_fault(struct decode *decode, enum fault_kind kind, enum fault_verdict verdict,
		uint32_t at, uint64_t lost, uint32_t value);

/* Makes the scratch's event anew for this record: no peer, no prefix, no attributes. */
struct event *event_begin(struct decode *decode);
/* The same for a record that names its own peer. */
struct event *event_begin_of(struct decode *decode, enum event_kind kind, uint32_t asn,
			     const struct addr *addr);

/* Points the event at attributes not scanned yet, or at none. */
static inline void event_set_attributes(struct wire_scratch *scratch, const struct attr_span *span)
{
	scratch->event.attributes = *span;
	scratch->event.attrs = &scratch->attrs;
	scratch->event.attrs_scanned = &scratch->attrs_scanned;
	scratch->attrs_scanned = false;
}

static inline int emit(struct decode *decode)
{
	return decode->sink->event(decode->sink->context, &decode->scratch->event);
}

static inline uint32_t offset_of(const struct decode *decode, const uint8_t *at)
{
	return (uint32_t)(at - decode->record->bytes);
}

static inline struct cursor body_cursor(const struct mrt_record *record)
{
	return cursor_make(record->bytes + record->body, record->len - record->body);
}

/* The record ended before `cur` had all it wanted: what follows `from` is lost. */
void fault_short(struct decode *decode, const uint8_t *from);
/* Something stands behind the last field. */
void fault_trailing(struct decode *decode, const uint8_t *from);

/*
 * An address of the family that an AFI means; the cursor fails where the AFI means none. Stored in
 * the words that it is compared by: what is loaded in other pieces than it was stored in waits.
 */
static inline void read_addr_to(struct cursor *cur, uint16_t afi, struct addr *ret_addr)
{
	uint64_t words[2] = { 0, 0 };
	const uint8_t *bytes;

	ret_addr->family = FAMILY_NONE;
	if (afi == AFI_IPV4) {
		bytes = cursor_bytes(cur, 4);
		ret_addr->family = FAMILY_IPV4;
		if (bytes)
			memcpy(words, bytes, 4);
	} else if (afi == AFI_IPV6) {
		bytes = cursor_bytes(cur, 16);
		ret_addr->family = FAMILY_IPV6;
		if (bytes)
			memcpy(words, bytes, 16);
	} else {
		cursor_fail(cur);
	}
	memcpy(ret_addr->bytes, &words[0], 8);
	memcpy(ret_addr->bytes + 8, &words[1], 8);
}

static inline struct addr read_addr(struct cursor *cur, uint16_t afi)
{
	struct addr addr;

	read_addr_to(cur, afi, &addr);
	return addr;
}

/* Passes over an address of a family that has some. */
static inline void skip_addr(struct cursor *cur, uint16_t afi)
{
	cursor_skip(cur, afi == AFI_IPV6 ? 16 : 4);
}

#endif
