/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TABLE_DUMP (RFC 6396 section 4.2): a RIB of one record for each prefix and peer, which every
 * record names anew.
 */
#include "base/utc.h"
#include "wire/decode.h"

struct table_dump {
	struct addr addr;
	unsigned len;
	uint32_t originated;
	struct peer peer;
	uint32_t attributes_len;
	const uint8_t *attributes;
	const uint8_t *end;		/* of the attributes */
};

/* False where the record ends before its fields do. */
static bool parse(const struct mrt_record *record, const struct mrt_kind *kind,
		  struct table_dump *ret_dump)
{
	struct cursor cur = body_cursor(record);
	struct table_dump dump = { 0 };

	cursor_skip(&cur, 4);		/* view, sequence: see stream.c */
	dump.addr = read_addr(&cur, kind->afi);
	dump.len = cursor_u8(&cur);
	cursor_skip(&cur, 1);		/* status: unused */
	dump.originated = cursor_u32(&cur);
	dump.peer.addr = read_addr(&cur, kind->afi);
	dump.peer.asn = kind->asn_size == 4 ? cursor_u32(&cur) : cursor_u16(&cur);
	dump.attributes_len = cursor_u16(&cur);
	dump.attributes = cursor_bytes(&cur, dump.attributes_len);
	dump.end = cur.at;
	if (cur.failed)
		return false;
	*ret_dump = dump;
	return true;
}

int table_dump_decode(struct decode *decode, const struct mrt_kind *kind)
{
	const uint8_t *body = decode->record->bytes + decode->record->body;
	struct table_dump dump;
	struct event *event;

	if (!parse(decode->record, kind, &dump)) {
		fault_short(decode, body);
		return 0;
	}
	if (dump.len > family_bits(dump.addr.family)) {
		uint32_t at = decode->record->body + 4 + family_bits(dump.addr.family) / 8;

		wire_fault(decode, FAULT_RIB_PREFIX, VERDICT_NONE, at,
			   decode->record->len - decode->record->body, dump.len);
		return 0;
	}
	if (dump.end < decode->record->bytes + decode->record->len)
		fault_trailing(decode, dump.end);

	event = event_begin(decode);
	event->kind = EVENT_RIB_ENTRY;
	decode->scratch->peer = dump.peer;
	event->peer = &decode->scratch->peer;
	event->prefix = prefix_from_wire((enum family)dump.addr.family, dump.len, dump.addr.bytes);
	event->from_mp = kind->afi == AFI_IPV6;
	event->originated = dump.originated * UTC_SECOND;
	event->afi = kind->afi;
	event->safi = kind->safi;
	event_set_attributes(decode->scratch, &(struct attr_span){
		.bytes = dump.attributes,
		.len = dump.attributes_len,
		.at = offset_of(decode, dump.attributes),
		.asn_size = kind->asn_size,
		.rib = true,
	});
	return emit(decode);
}

uint64_t table_dump_count(const struct mrt_record *record, const struct peer_index *index,
			  const struct mrt_kind *kind)
{
	struct table_dump dump;

	(void)index;
	return parse(record, kind, &dump) && dump.len <= family_bits(dump.addr.family);
}
