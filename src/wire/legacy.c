/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The "BGP" type of MRTd (RFC 6396 appendix B.1): two bytes an AS, IPv4 only, and an UPDATE without
 * its BGP header. RIPE's archives of 1999 and 2000 are made of it.
 */
#include "wire/decode.h"

/* Peer and local end; the cursor then stands at what was sent. */
static struct event *begin_message(struct decode *decode, struct cursor *cur, uint32_t *ret_local)
{
	const uint8_t *body = cur->at;
	uint32_t asn = cursor_u16(cur);
	struct addr addr = read_addr(cur, AFI_IPV4);

	*ret_local = cursor_u16(cur);
	read_addr(cur, AFI_IPV4);
	if (cur->failed) {
		fault_short(decode, body);
		return NULL;
	}
	return event_begin_of(decode, EVENT_MESSAGE, asn, &addr);
}

int legacy_update_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	struct update update;
	struct event *event;
	uint32_t local;

	event = begin_message(decode, &cur, &local);
	if (!event)
		return 0;
	update = (struct update){
		.bytes = cur.at,
		.len = (uint32_t)cursor_left(&cur),
		.asn_size = kind->asn_size,
		.external = event->peer->asn != local,
	};
	return update_decode(decode, &update);
}

int legacy_state_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record);
	const uint8_t *body = cur.at;
	uint32_t asn = cursor_u16(&cur);
	struct addr addr = read_addr(&cur, AFI_IPV4);
	uint16_t state_old = cursor_u16(&cur), state_new = cursor_u16(&cur);
	struct event *event;

	(void)kind;
	if (cur.failed) {
		fault_short(decode, body);
		return 0;
	}
	if (cursor_left(&cur))
		fault_trailing(decode, cur.at);
	event = event_begin_of(decode, EVENT_STATE, asn, &addr);
	event->state_old = state_old;
	event->state_new = state_new;
	return emit(decode);
}

int legacy_message_decode(struct decode *decode, const struct mrt_kind *kind)
{
	static const uint8_t messages[] = {
		[5] = BGP_OPEN, [6] = BGP_NOTIFICATION, [7] = BGP_KEEPALIVE
	};
	struct cursor cur = body_cursor(decode->record);
	struct event *event;
	uint32_t local;

	(void)kind;
	event = begin_message(decode, &cur, &local);
	if (!event)
		return 0;
	event->message = messages[decode->record->subtype];
	return emit(decode);
}
