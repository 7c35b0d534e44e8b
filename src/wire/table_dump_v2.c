/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TABLE_DUMP_V2's RIB records (RFC 6396 sections 4.3.2 to 4.3.4, RFC 8050 section 4): a prefix,
 * then an entry for each peer that has a route to it (or, with ADD-PATH, for each route).
 *
 * This is the hot path of the whole program: a RIB is 20 million entries. The walk loads each
 * entry's head once and touches its attributes not at all. What a record holds beyond its last
 * whole entry is a fault; the entries before it are given.
 *
 * RIB_GENERIC_ADDPATH has two forms. RFC 8050 section 4.2 leaves entries as they are and puts
 * the path identifier before the prefix; the collectors that write it (GoBGP, OpenBGPD) put it into
 * each entry, as in the other ADD-PATH subtypes. The form taken is the one that fits the record to
 * its end.
 */
#include "base/utc.h"
#include "wire/decode.h"

/* Peer index, originated time, attribute length; with ADD-PATH an identifier before the last. */
enum { ENTRY_HEAD = RIB_ENTRY_HEAD, ENTRY_HEAD_ADD_PATH = 12 };

/* The entries of one record. */
struct entries {
	const uint8_t *at;
	const uint8_t *end;
	unsigned count;
	bool add_path;
};

/* A record's prefix and where its entries begin. */
struct rib {
	struct prefix prefix;
	struct entries entries;
	bool has_path_id;	/* before the prefix */
	uint32_t path_id;
};

enum rib_form { RIB_GOOD, RIB_SHORT, RIB_PREFIX };

/* From the prefix length on. `*ret_bits` holds the length in any case. */
static enum rib_form parse_prefix(struct cursor *cur, uint16_t afi, struct rib *rib,
				  unsigned *ret_bits)
{
	enum family family = afi == AFI_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
	unsigned bits = cursor_u8(cur);
	const uint8_t *bytes;

	*ret_bits = bits;
	if (!cur->failed && bits > family_bits((uint8_t)family))
		return RIB_PREFIX;
	bytes = cursor_bytes(cur, (bits + 7) / 8);
	rib->entries.count = cursor_u16(cur);
	if (cur->failed)
		return RIB_SHORT;
	rib->prefix = prefix_from_wire(family, bits, bytes);
	rib->entries.at = cur->at;
	rib->entries.end = cur->end;
	return RIB_GOOD;
}

static inline int give_entries(struct decode *decode, const struct entries *entries,
			       const unsigned head)
{
	struct event *event = &decode->scratch->event;
	bool *scanned = &decode->scratch->attrs_scanned;
	const struct peer_index *index = decode->index;
	const unsigned peers = index ? index->count : 0;
	const uint8_t *at = entries->at, *end = entries->end;

	for (unsigned i = 0; i < entries->count; i++) {
		size_t left = (size_t)(end - at), size;
		unsigned peer, len;
		int r;

		if (left < head) {
			fault_short(decode, at);
			return 0;
		}
		peer = load_be16(at);
		len = load_be16(at + head - 2);
		size = head + len;
		if (left < size) {
			fault_short(decode, at);
			return 0;
		}
		if (peer >= peers) {
			wire_fault(decode, FAULT_PEER_INDEX, VERDICT_NONE, offset_of(decode, at),
				   size, peer);
			at += size;
			continue;
		}
		event->peer = &index->peers[peer];
		event->peer_index = peer;
		event->originated = load_be32(at + 2) * UTC_SECOND;
		if (head == ENTRY_HEAD_ADD_PATH)
			event->path_id = load_be32(at + 6);
		event->attributes.bytes = at + head;
		event->attributes.len = len;
		event->attributes.at = offset_of(decode, at + head);
		*scanned = false;
		r = emit(decode);
		if (r)
			return r;
		at += size;
	}
	if (at < end)
		fault_trailing(decode, at);
	return 0;
}

/* What the sink does not take in one go comes as events. */
static int give_plain(struct decode *decode, const struct entries *entries)
{
	struct rib_entries run = {
		.at = entries->at, .end = entries->end, .left = entries->count,
		.peers = decode->index ? decode->index->count : 0,
	};
	struct entries rest = *entries;

	if (decode->sink->entries) {
		int r = decode->sink->entries(decode->sink->context, &decode->scratch->event, &run);

		if (r)
			return r;
		rest.at = run.at;
		rest.count = run.left;
	}
	return give_entries(decode, &rest, ENTRY_HEAD);
}

static int give_rib(struct decode *decode, const struct rib *rib, uint16_t afi)
{
	struct event *event = event_begin(decode);

	event->kind = EVENT_RIB_ENTRY;
	event->prefix = rib->prefix;
	event->from_mp = afi == AFI_IPV6;
	event->afi = afi;
	event->safi = SAFI_UNICAST;
	event->has_path_id = rib->has_path_id || rib->entries.add_path;
	event->path_id = rib->path_id;
	event_set_attributes(decode->scratch, &(struct attr_span){ .asn_size = 4, .rib = true });
	return rib->entries.add_path ? give_entries(decode, &rib->entries, ENTRY_HEAD_ADD_PATH)
				     : give_plain(decode, &rib->entries);
}

static void fault_prefix(struct decode *decode, const uint8_t *prefix, unsigned bits)
{
	wire_fault(decode, FAULT_RIB_PREFIX, VERDICT_NONE, offset_of(decode, prefix),
		   decode->record->len - decode->record->body, bits);
}

int rib_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	struct rib rib = { .entries.add_path = kind->add_path };
	unsigned bits;

	cursor_u32(&cur);		/* sequence: see stream.c */
	switch (parse_prefix(&cur, kind->afi, &rib, &bits)) {
	case RIB_SHORT:
		fault_short(decode, decode->record->bytes + decode->record->body);
		return 0;
	case RIB_PREFIX:
		fault_prefix(decode, decode->record->bytes + decode->record->body + 4, bits);
		return 0;
	case RIB_GOOD:
		break;
	}
	return give_rib(decode, &rib, kind->afi);
}

static inline uint64_t count_entries(const struct entries *entries, unsigned peers,
				     const unsigned head)
{
	const uint8_t *at = entries->at, *end = entries->end;
	uint64_t count = 0;

	for (unsigned i = 0; i < entries->count; i++) {
		size_t left = (size_t)(end - at), size;

		if (left < head)
			break;
		size = head + load_be16(at + head - 2);
		if (left < size)
			break;
		count += load_be16(at) < peers;
		at += size;
	}
	return count;
}

uint64_t rib_count(const struct mrt_record *record, const struct peer_index *index,
		   const struct mrt_kind *kind)
{
	const uint8_t *at = record->bytes + record->body, *end = record->bytes + record->len;
	const unsigned peers = index ? index->count : 0;
	struct entries entries = { .end = end };
	unsigned bits, bytes;

	if (end - at < 7)
		return 0;
	bits = at[4];
	bytes = (bits + 7) / 8;
	if (bits > (kind->afi == AFI_IPV6 ? 128 : 32) || (size_t)(end - at) < 7u + bytes)
		return 0;
	entries.count = load_be16(at + 5 + bytes);
	entries.at = at + 7 + bytes;
	return kind->add_path ? count_entries(&entries, peers, ENTRY_HEAD_ADD_PATH)
			      : count_entries(&entries, peers, ENTRY_HEAD);
}

/* Whether the entries end where the record does. */
static bool entries_fit(const struct entries *entries)
{
	const unsigned head = entries->add_path ? ENTRY_HEAD_ADD_PATH : ENTRY_HEAD;
	const uint8_t *at = entries->at;

	for (unsigned i = 0; i < entries->count; i++) {
		if ((size_t)(entries->end - at) < head)
			return false;
		at += head - 2;
		if ((size_t)(entries->end - at) < 2u + load_be16(at))
			return false;
		at += 2 + load_be16(at);
	}
	return at == entries->end;
}

/* The form of RFC 8050 section 4.2, if that is what stands there. */
static bool parse_strict(struct cursor cur, uint16_t afi, struct rib *ret_rib)
{
	struct rib rib = { .has_path_id = true };
	unsigned bits;

	rib.path_id = cursor_u32(&cur);
	if (parse_prefix(&cur, afi, &rib, &bits) != RIB_GOOD || !entries_fit(&rib.entries))
		return false;
	*ret_rib = rib;
	return true;
}

/* A family that is passed over, the whole record. */
static int give_other(struct decode *decode, uint16_t afi, uint8_t safi)
{
	struct event *event = event_begin(decode);

	event->kind = EVENT_OTHER_FAMILY;
	event->afi = afi;
	event->safi = safi;
	event->bytes = decode->record->len;
	return emit(decode);
}

int rib_other_decode(struct decode *decode, const struct mrt_kind *kind)
{
	return give_other(decode, kind->afi, kind->safi);
}

int rib_generic_decode(struct decode *decode, const struct mrt_kind *kind)
{
	const uint8_t *body = decode->record->bytes + decode->record->body;
	struct cursor cur = body_cursor(decode->record), prefix;
	struct rib rib = { .entries.add_path = kind->add_path }, strict;
	enum rib_form form;
	uint16_t afi;
	uint8_t safi;
	unsigned bits;

	cursor_u32(&cur);
	afi = cursor_u16(&cur);
	safi = cursor_u8(&cur);
	if (cur.failed) {
		fault_short(decode, body);
		return 0;
	}
	if ((afi != AFI_IPV4 && afi != AFI_IPV6) || safi != SAFI_UNICAST)
		return give_other(decode, afi, safi);
	prefix = cur;
	form = parse_prefix(&cur, afi, &rib, &bits);
	if (kind->add_path && (form != RIB_GOOD || !entries_fit(&rib.entries)) &&
	    parse_strict(prefix, afi, &strict))
		return give_rib(decode, &strict, afi);
	if (form == RIB_SHORT)
		fault_short(decode, body);
	else if (form == RIB_PREFIX)
		fault_prefix(decode, prefix.at, bits);
	else
		return give_rib(decode, &rib, afi);
	return 0;
}
