/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One record to its events: the tables say which decoder takes which type and subtype.
 *
 * Decoders work through a struct decode, whose scratch holds the one event that is handed out again
 * and again: between the entries of a record only what differs is set. Counting does not make
 * events where lengths alone tell how many there would be.
 */
#include "wire/mrt.h"

#include <stdlib.h>

#include "wire/decode.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* MRTd's own, of before RFC 6396 (there in appendix B.1). */
static const struct mrt_kind bgp_kinds[] = {
	[0] = { "NULL", legacy_message_decode, NULL, 12, .asn_size = 2 },
	[1] = { "UPDATE", legacy_update_decode, NULL, 16, .asn_size = 2 },
	[2] = { "PREF_UPDATE", NULL, NULL, 12, .asn_size = 2 },
	[3] = { "STATE_CHANGE", legacy_state_decode, NULL, 10, .asn_size = 2 },
	[4] = { "SYNC", NULL, NULL, 2, .asn_size = 2 },
	[5] = { "OPEN", legacy_message_decode, NULL, 12, .asn_size = 2 },
	[6] = { "NOTIFY", legacy_message_decode, NULL, 12, .asn_size = 2 },
	[7] = { "KEEPALIVE", legacy_message_decode, NULL, 12, .asn_size = 2 },
};

/* Subtypes 3 and 4, of four bytes an AS, were never registered; old archives have them. */
static const struct mrt_kind table_dump_kinds[] = {
	[1] = { "AFI_IPv4", table_dump_decode, table_dump_count, 22, 2, AFI_IPV4, .safi = 1 },
	[2] = { "AFI_IPv6", table_dump_decode, table_dump_count, 46, 2, AFI_IPV6, .safi = 1 },
	[3] = { "AFI_IPv4_AS4", table_dump_decode, table_dump_count, 24, 4, AFI_IPV4, .safi = 1 },
	[4] = { "AFI_IPv6_AS4", table_dump_decode, table_dump_count, 48, 4, AFI_IPV6, .safi = 1 },
};

/* RFC 6396 section 4.3, RFC 6397, RFC 8050 section 4 */
static const struct mrt_kind table_dump_v2_kinds[] = {
	[1] = { "PEER_INDEX_TABLE", peer_index_decode, NULL, 8, .asn_size = 4 },
	[2] = { "RIB_IPV4_UNICAST", rib_decode, rib_count, 7, 4, AFI_IPV4, .safi = 1 },
	[3] = { "RIB_IPV4_MULTICAST", rib_other_decode, NULL, 7, 4, AFI_IPV4, .safi = 2 },
	[4] = { "RIB_IPV6_UNICAST", rib_decode, rib_count, 7, 4, AFI_IPV6, .safi = 1 },
	[5] = { "RIB_IPV6_MULTICAST", rib_other_decode, NULL, 7, 4, AFI_IPV6, .safi = 2 },
	[6] = { "RIB_GENERIC", rib_generic_decode, NULL, 10, .asn_size = 4 },
	[7] = { "GEO_PEER_TABLE", geo_peer_decode, NULL, 16, .asn_size = 4 },
	[8] = { "RIB_IPV4_UNICAST_ADDPATH", rib_decode, rib_count, 7, 4, AFI_IPV4, 1,
		.add_path = true },
	[9] = { "RIB_IPV4_MULTICAST_ADDPATH", rib_other_decode, NULL, 7, 4, AFI_IPV4, 2,
		.add_path = true },
	[10] = { "RIB_IPV6_UNICAST_ADDPATH", rib_decode, rib_count, 7, 4, AFI_IPV6, 1,
		 .add_path = true },
	[11] = { "RIB_IPV6_MULTICAST_ADDPATH", rib_other_decode, NULL, 7, 4, AFI_IPV6, 2,
		 .add_path = true },
	[12] = { "RIB_GENERIC_ADDPATH", rib_generic_decode, NULL, 10, 4, .add_path = true },
};

/* RFC 6396 section 4.4, RFC 8050 section 3; ENTRY and SNAPSHOT: RFC 6396 appendix B.2 */
static const struct mrt_kind bgp4mp_kinds[] = {
	[0] = { "STATE_CHANGE", bgp4mp_state_decode, NULL, 8, .asn_size = 2 },
	[1] = { "MESSAGE", bgp4mp_message_decode, NULL, 8, .asn_size = 2 },
	[2] = { "ENTRY", bgp4mp_entry_decode, NULL, 8, .asn_size = 2 },
	[3] = { "SNAPSHOT", bgp4mp_snapshot_decode, NULL, 2, .asn_size = 2 },
	[4] = { "MESSAGE_AS4", bgp4mp_message_decode, NULL, 12, .asn_size = 4 },
	[5] = { "STATE_CHANGE_AS4", bgp4mp_state_decode, NULL, 12, .asn_size = 4 },
	[6] = { "MESSAGE_LOCAL", bgp4mp_message_decode, NULL, 8, 2, .local = true },
	[7] = { "MESSAGE_AS4_LOCAL", bgp4mp_message_decode, NULL, 12, 4, .local = true },
	[8] = { "MESSAGE_ADDPATH", bgp4mp_message_decode, NULL, 8, 2, .add_path = true },
	[9] = { "MESSAGE_AS4_ADDPATH", bgp4mp_message_decode, NULL, 12, 4, .add_path = true },
	[10] = { "MESSAGE_LOCAL_ADDPATH", bgp4mp_message_decode, NULL, 8, 2,
		 .add_path = true, .local = true },
	[11] = { "MESSAGE_AS4_LOCAL_ADDPATH", bgp4mp_message_decode, NULL, 12, 4,
		 .add_path = true, .local = true },
};

/* IANA "MRT Types", less those that no archive holds. */
static const struct mrt_type_row {
	uint16_t type;
	uint16_t kind_count;
	const struct mrt_kind *kinds;
	const char *name;
} types[] = {
	{ MRT_TABLE_DUMP_V2, COUNT_OF(table_dump_v2_kinds), table_dump_v2_kinds, "TABLE_DUMP_V2" },
	{ MRT_BGP4MP, COUNT_OF(bgp4mp_kinds), bgp4mp_kinds, "BGP4MP" },
	{ MRT_BGP4MP_ET, COUNT_OF(bgp4mp_kinds), bgp4mp_kinds, "BGP4MP_ET" },
	{ MRT_TABLE_DUMP, COUNT_OF(table_dump_kinds), table_dump_kinds, "TABLE_DUMP" },
	{ MRT_BGP, COUNT_OF(bgp_kinds), bgp_kinds, "BGP" },
	{ MRT_OSPF_V2, 0, NULL, "OSPFv2" },
	{ 32, 0, NULL, "ISIS" },
	{ 33, 0, NULL, "ISIS_ET" },
	{ 48, 0, NULL, "OSPFv3" },
	{ 49, 0, NULL, "OSPFv3_ET" },
};

static const struct mrt_type_row *type_find(uint16_t type)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

const struct mrt_kind *mrt_kind_find(uint16_t type, uint16_t subtype)
{
	const struct mrt_type_row *row = type_find(type);

	return row && subtype < row->kind_count && row->kinds[subtype].name
		? &row->kinds[subtype] : NULL;
}

const char *mrt_type_name(uint16_t type)
{
	const struct mrt_type_row *row = type_find(type);

	return row ? row->name : NULL;
}

const char *mrt_subtype_name(uint16_t type, uint16_t subtype)
{
	const struct mrt_kind *kind = mrt_kind_find(type, subtype);

	return kind ? kind->name : NULL;
}

int wire_scratch_new(struct wire_scratch **ret_scratch, struct err *err)
{
	struct wire_scratch *scratch = calloc(1, sizeof(*scratch));

	if (!scratch)
		return err_memory(err);
	scratch->none_scanned = true;
	*ret_scratch = scratch;
	return 0;
}

void wire_scratch_free(struct wire_scratch *scratch)
{
	free(scratch);
}

void __attribute__((cold))
wire_fault(struct decode *decode, enum fault_kind kind, enum fault_verdict verdict, uint32_t at,
	   uint64_t lost, uint32_t value)
{
	struct fault fault = {
		.kind = kind,
		.verdict = verdict,
		.ref = decode->record->ref,
		.at = at,
		.lost = lost,
		.value = value,
	};

	decode->scratch->faults++;
	if (decode->sink->fault)
		decode->sink->fault(decode->sink->context, &fault);
}

void __attribute__((cold)) fault_short(struct decode *decode, const uint8_t *from)
{
	uint32_t at = offset_of(decode, from);

	wire_fault(decode, FAULT_MRT_SHORT, VERDICT_NONE, at, decode->record->len - at, 0);
}

void __attribute__((cold)) fault_trailing(struct decode *decode, const uint8_t *from)
{
	uint32_t at = offset_of(decode, from), left = decode->record->len - at;

	wire_fault(decode, FAULT_MRT_TRAILING, VERDICT_NONE, at, left, left);
}

struct event *event_begin(struct decode *decode)
{
	struct wire_scratch *scratch = decode->scratch;
	struct event *event = &scratch->event;

	*event = (struct event){
		.time = decode->record->time,
		.ref = decode->record->ref,
		.record = decode->record,
		.peer_index = UINT32_MAX,
		.attrs = &scratch->none,
		.attrs_scanned = &scratch->none_scanned,
	};
	return event;
}

struct event *event_begin_of(struct decode *decode, enum event_kind kind, uint32_t asn,
			     const struct addr *addr)
{
	struct event *event = event_begin(decode);

	decode->scratch->peer = (struct peer){ .addr = *addr, .asn = asn };
	event->peer = &decode->scratch->peer;
	event->kind = kind;
	return event;
}

int mrt_record_decode(const struct mrt_record *record, const struct peer_index *index,
		      struct wire_scratch *scratch, const struct wire_sink *sink)
{
	const struct mrt_kind *kind = mrt_kind_find(record->type, record->subtype);
	struct decode decode = { record, index, scratch, sink };

	if (record->body > record->len ||
	    (record->extended && record->len < MRT_HEADER_SIZE + 4)) {
		fault_short(&decode, record->bytes + MRT_HEADER_SIZE);
		return 0;
	}
	if (!kind || !kind->decode) {
		wire_fault(&decode, FAULT_MRT_TYPE, VERDICT_NONE, 4, record->len - record->body,
			   (uint32_t)record->type << 16 | record->subtype);
		return 0;
	}
	if (record->extended && record->len == MRT_HEADER_SIZE + 4 + load_be32(record->bytes + 8))
		wire_fault(&decode, FAULT_ET_LENGTH, VERDICT_NONE, 8, 0, 0);
	return kind->decode(&decode, kind);
}

static int count_event(void *context, const struct event *event)
{
	uint64_t *count = context;

	switch (event->kind) {
	case EVENT_ANNOUNCE:
	case EVENT_WITHDRAW:
	case EVENT_RIB_ENTRY:
	case EVENT_STATE:
		++*count;
		break;
	default:
		break;
	}
	return 0;
}

int mrt_record_count(const struct mrt_record *record, const struct peer_index *index,
		     struct wire_scratch *scratch, uint64_t *ret_count)
{
	const struct mrt_kind *kind = mrt_kind_find(record->type, record->subtype);
	uint64_t count = 0;
	const struct wire_sink sink = { .context = &count, .event = count_event };
	int r;

	if (kind && kind->count) {
		*ret_count = kind->count(record, index, kind);
		return 0;
	}
	r = mrt_record_decode(record, index, scratch, &sink);
	if (r)
		return r;
	*ret_count = count;
	return 0;
}
