/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BGP4MP and BGP4MP_ET (RFC 6396 section 4.4, RFC 8050 section 3): what went over a session.
 *
 * Every record names both ends, the peer first, also where the message is the collector's own
 * (_LOCAL). Two shapes of old Zebra are known: state changes without addresses, and OPEN messages
 * that begin where the interface index should stand.
 */
#include "base/utc.h"
#include "wire/decode.h"

enum {
	MARKER_SIZE = 16,
	MESSAGE_HEAD = 19,	/* RFC 4271 section 4.1 */
	ROUTE_REFRESH_OLD = 128,	/* Cisco's, of before RFC 2918 */
	STATE_MAX = 7,
};

struct session {
	uint32_t peer_asn, local_asn;
	uint16_t interface, afi;
};

static inline struct session read_session(struct cursor *cur, const struct mrt_kind *kind)
{
	struct session session;

	session.peer_asn = kind->asn_size == 4 ? cursor_u32(cur) : cursor_u16(cur);
	session.local_asn = kind->asn_size == 4 ? cursor_u32(cur) : cursor_u16(cur);
	session.interface = cursor_u16(cur);
	session.afi = cursor_u16(cur);
	return session;
}

static void fault_afi(struct decode *decode, const uint8_t *at, uint16_t afi)
{
	wire_fault(decode, FAULT_AFI, VERDICT_NONE, offset_of(decode, at),
		   decode->record->len - decode->record->body, afi);
}

static bool afi_has_addresses(uint16_t afi)
{
	return afi == AFI_IPV4 || afi == AFI_IPV6;
}

int bgp4mp_state_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	const uint8_t *body = cur.at;
	struct addr addr = { .family = FAMILY_IPV4 };
	struct event *event;
	struct session session;
	uint16_t state_old, state_new;

	if (kind->asn_size == 2 && cursor_left(&cur) == 8) {
		session = (struct session){ .peer_asn = cursor_u16(&cur) };
		cursor_skip(&cur, 2);
	} else {
		session = read_session(&cur, kind);
		if (!cur.failed && !afi_has_addresses(session.afi)) {
			fault_afi(decode, cur.at - 2, session.afi);
			return 0;
		}
		addr = read_addr(&cur, session.afi);
		read_addr(&cur, session.afi);
	}
	state_old = cursor_u16(&cur);
	state_new = cursor_u16(&cur);
	if (cur.failed) {
		fault_short(decode, body);
		return 0;
	}
	if (state_old > STATE_MAX || state_new > STATE_MAX)
		wire_fault(decode, FAULT_STATE, VERDICT_NONE, offset_of(decode, cur.at - 4), 0,
			   state_old > STATE_MAX ? state_old : state_new);
	if (cursor_left(&cur))
		fault_trailing(decode, cur.at);
	event = event_begin_of(decode, EVENT_STATE, session.peer_asn, &addr);
	event->state_old = state_old;
	event->state_new = state_new;
	return emit(decode);
}

/* The shortest message of each type (RFC 4271 section 6.1, RFC 2918 section 3); 0: no such type. */
static unsigned message_min(unsigned type)
{
	switch (type) {
	case BGP_OPEN: return 29;
	case BGP_UPDATE: return 23;
	case BGP_NOTIFICATION: return 21;
	case BGP_KEEPALIVE: return 19;
	case BGP_ROUTE_REFRESH:
	case ROUTE_REFRESH_OLD: return 23;
	default: return 0;
	}
}

static void fault_message(struct decode *decode, enum fault_kind kind, const uint8_t *message,
			  unsigned at, size_t lost, uint32_t value)
{
	wire_fault(decode, kind, VERDICT_SESSION_RESET, offset_of(decode, message + at), lost,
		   value);
}

/* False where the message cannot be used. `*ret_cut`: less of it was kept than was sent. */
static bool check_message(struct decode *decode, const struct cursor *cur, bool *ret_cut)
{
	static const uint8_t ones[MARKER_SIZE] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	const uint8_t *at = cur->at;
	size_t left = cursor_left(cur);
	unsigned len, min;

	if (left < MESSAGE_HEAD) {
		fault_short(decode, at);
		return false;
	}
	len = load_be16(at + 16);
	min = message_min(at[18]);
	if (memcmp(at, ones, MARKER_SIZE) != 0)
		fault_message(decode, FAULT_BGP_MARKER, at, 0, left, 0);
	else if (len < MESSAGE_HEAD)
		fault_message(decode, FAULT_BGP_LENGTH, at, 16, left, len);
	else if (!min)
		fault_message(decode, FAULT_BGP_TYPE, at, 18, left, at[18]);
	else if (len < min || (at[18] == BGP_KEEPALIVE && len != min))
		fault_message(decode, FAULT_BGP_LENGTH, at, 16, left, len);
	else if (len > left && left < min)
		fault_short(decode, at);
	else {
		*ret_cut = len > left;
		if (*ret_cut)
			wire_fault(decode, FAULT_BGP_LENGTH, VERDICT_NONE,
				   offset_of(decode, at + 16), 0, len);
		else if (len < left)
			fault_trailing(decode, at + len);
		return true;
	}
	return false;
}

/* Of the scratch's peer. */
static int give_message(struct decode *decode, const struct mrt_kind *kind,
			const struct cursor *cur, const struct session *session)
{
	struct event *event;
	struct update update;
	unsigned type, len;
	bool cut;

	if (!check_message(decode, cur, &cut))
		return 0;
	type = cur->at[18];
	event = event_begin(decode);
	event->peer = &decode->scratch->peer;
	event->kind = EVENT_MESSAGE;
	event->local = kind->local;
	if (type != BGP_UPDATE) {
		event->message = type == ROUTE_REFRESH_OLD ? BGP_ROUTE_REFRESH : (uint8_t)type;
		return emit(decode);
	}
	len = cut ? (unsigned)cursor_left(cur) : load_be16(cur->at + 16);
	update = (struct update){
		.bytes = cur->at + MESSAGE_HEAD,
		.len = len - MESSAGE_HEAD,
		.asn_size = kind->asn_size,
		.add_path = kind->add_path,
		.external = session->peer_asn != session->local_asn,
		.cut = cut,
	};
	return update_decode(decode, &update);
}

int bgp4mp_message_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	const uint8_t *body = cur.at;
	struct session session = read_session(&cur, kind);
	struct peer *peer = &decode->scratch->peer;

	peer->asn = session.peer_asn;
	peer->bgp_id = 0;
	if (!cur.failed && session.interface == 0xffff && session.afi == 0xffff) {
		/* Old Zebra: these were the marker's first four bytes. */
		cur.at -= 4;
		peer->addr = (struct addr){ .family = FAMILY_IPV4 };
		return give_message(decode, kind, &cur, &session);
	}
	if (!cur.failed && !afi_has_addresses(session.afi)) {
		fault_afi(decode, cur.at - 2, session.afi);
		return 0;
	}
	read_addr_to(&cur, session.afi, &peer->addr);
	skip_addr(&cur, session.afi);
	if (cur.failed) {
		fault_short(decode, body);
		return 0;
	}
	return give_message(decode, kind, &cur, &session);
}

/* What an ENTRY tells beyond its session. */
struct entry {
	uint32_t originated;
	uint16_t afi;
	uint8_t safi;
	uint8_t next_hop_len;
	const uint8_t *next_hop;
	unsigned bits;
	const uint8_t *prefix;
	uint32_t attributes_len;
	const uint8_t *attributes;
};

static struct entry read_entry(struct cursor *cur)
{
	struct entry entry = { 0 };

	cursor_skip(cur, 4);			/* view, status */
	entry.originated = cursor_u32(cur);
	entry.afi = cursor_u16(cur);
	entry.safi = cursor_u8(cur);
	entry.next_hop_len = cursor_u8(cur);
	entry.next_hop = cursor_bytes(cur, entry.next_hop_len);
	entry.bits = cursor_u8(cur);
	entry.prefix = cursor_bytes(cur, (entry.bits + 7) / 8);
	entry.attributes_len = cursor_u16(cur);
	entry.attributes = cursor_bytes(cur, entry.attributes_len);
	return entry;
}

static int give_entry(struct decode *decode, const struct mrt_kind *kind, const struct entry *entry,
		      uint32_t asn, const struct addr *addr)
{
	struct event *event = event_begin_of(decode, EVENT_RIB_ENTRY, asn, addr);

	event->afi = entry->afi;
	event->safi = entry->safi;
	if (!afi_has_addresses(entry->afi) || entry->safi != SAFI_UNICAST) {
		event->kind = EVENT_OTHER_FAMILY;
		event->bytes = decode->record->len;
		return emit(decode);
	}
	event->prefix = prefix_from_wire(entry->afi == AFI_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4,
					 entry->bits, entry->prefix);
	event->from_mp = entry->afi == AFI_IPV6;
	event->originated = entry->originated * UTC_SECOND;
	event_set_attributes(decode->scratch, &(struct attr_span){
		.bytes = entry->attributes,
		.len = entry->attributes_len,
		.at = offset_of(decode, entry->attributes),
		.asn_size = kind->asn_size,
		.rib = true,
		.next_hop_len = entry->next_hop_len,
		.next_hop = entry->next_hop,
	});
	return emit(decode);
}

/*
 * ENTRY (RFC 6396 appendix B.2.2): one route of a RIB. The one writer known to be left, OpenBGPD,
 * puts its own end first and the peer's second.
 */
int bgp4mp_entry_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	const uint8_t *body = cur.at;
	struct session session = read_session(&cur, kind);
	struct entry entry;
	struct addr addr;

	if (!cur.failed && !afi_has_addresses(session.afi)) {
		fault_afi(decode, cur.at - 2, session.afi);
		return 0;
	}
	read_addr(&cur, session.afi);
	addr = read_addr(&cur, session.afi);
	entry = read_entry(&cur);
	if (cur.failed) {
		fault_short(decode, body);
		return 0;
	}
	if (afi_has_addresses(entry.afi) && entry.safi == SAFI_UNICAST &&
	    entry.bits > (entry.afi == AFI_IPV6 ? 128u : 32u)) {
		wire_fault(decode, FAULT_RIB_PREFIX, VERDICT_NONE,
			   offset_of(decode, entry.prefix - 1),
			   decode->record->len - decode->record->body, entry.bits);
		return 0;
	}
	if (cursor_left(&cur))
		fault_trailing(decode, cur.at);
	return give_entry(decode, kind, &entry, session.local_asn, &addr);
}

/* SNAPSHOT (RFC 6396 appendix B.2.3): the name of a file that a RIB was written to. */
int bgp4mp_snapshot_decode(struct decode *decode, const struct mrt_kind *kind)
{
	(void)decode;
	(void)kind;
	return 0;
}
