/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pieces of a line, and where they are kept.
 *
 * Head, prefix and peer are compared with what they were last made from: a few words, against some
 * tens of nanoseconds for making them. Peers have a small table, told by their place in the peer
 * index or by address. Tails are looked for first in the record at hand (an UPDATE with a hundred
 * prefixes has one), then in the memo; the attributes are scanned only when both have nothing.
 */
#include "show/line.h"

#include <stdlib.h>

#include "base/map.h"
#include "show/line_style.h"

static const struct line_style *const styles[] = {
	[LINE_TEXT] = &line_text_style,
	[LINE_JSON] = &line_json_style,
	[LINE_CSV] = &line_csv_style,
};

int line_writer_new(enum line_format format, struct line_writer **ret_writer, struct err *err)
{
	struct line_writer *writer = calloc(1, sizeof(*writer));
	int code;

	if (!writer)
		return err_memory(err);
	writer->style = styles[format];
	code = memo_new(LINE_TAILS, writer->style->slot, &writer->tails, err);
	if (code) {
		free(writer);
		return code;
	}
	*ret_writer = writer;
	return 0;
}

void line_writer_free(struct line_writer *writer)
{
	if (!writer)
		return;
	memo_free(writer->tails);
	buf_free(&writer->collector);
	buf_free(&writer->file);
	buf_free(&writer->tail);
	free(writer);
}

int line_writer_input(struct line_writer *writer, const char *name, const char *collector,
		      struct err *err)
{
	writer->tail_span = NULL;
	if (!writer->style->quote)
		return 0;
	writer->collector.len = 0;
	writer->file.len = 0;
	writer->style->quote(&writer->collector, collector);
	writer->style->quote(&writer->file, name);
	return writer->collector.failed || writer->file.failed ? err_memory(err) : 0;
}

void line_write(struct line_writer *writer, struct buf *out, const struct event *event)
{
	writer->style->event(writer, out, event);
	out->failed |= writer->tail.failed;
}

const struct line_head *line_head_of(struct line_writer *writer, const struct event *event)
{
	struct line_head *head = &writer->head;
	const struct mrt_record *record = event->record;

	if (head->used && head->time == event->time && head->type == record->type &&
	    head->subtype == record->subtype && head->path_id == event->has_path_id)
		return head;
	head->len = (uint8_t)(writer->style->head(head->text, event) - head->text);
	head->time = event->time;
	head->type = record->type;
	head->subtype = record->subtype;
	head->path_id = event->has_path_id;
	head->used = true;
	return head;
}

static bool peer_same(const struct peer *a, const struct peer *b)
{
	return a->asn == b->asn && a->bgp_id == b->bgp_id &&
	       !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

const struct line_peer *line_peer_of(struct line_writer *writer, const struct event *event)
{
	static const struct peer none;
	const struct peer *peer = event->peer ? event->peer : &none;
	struct line_peer *kept;
	uint64_t place = event->peer_index;

	if (event->peer_index == UINT32_MAX) {
		uint64_t words[2];

		memcpy(words, peer->addr.bytes, sizeof(words));
		place = map_hash_u64(words[0] ^ words[1] ^ peer->asn);
	}
	kept = &writer->peers[place & (LINE_PEERS - 1)];
	if (kept->used && peer_same(&kept->peer, peer))
		return kept;
	kept->len = (uint8_t)(writer->style->peer(kept->text, event->peer) - kept->text);
	kept->peer = *peer;
	/* An event without a peer and a peer that is all zeros are not the same. */
	kept->used = event->peer != NULL;
	return kept;
}

const struct line_prefix *line_prefix_of(struct line_writer *writer, const struct event *event)
{
	struct line_prefix *kept = &writer->prefix;
	char *end;

	if (!memcmp(&kept->prefix, &event->prefix, sizeof(kept->prefix)))
		return kept;
	kept->prefix = event->prefix;
	end = put_prefix(kept->text, &event->prefix, writer->style->ipv6);
	kept->len = (uint8_t)(end - kept->text);
	return kept;
}

static uint8_t flavour_of(const struct event *event)
{
	return (event->attributes.asn_size == 4 ? LINE_AS4 : 0) |
	       (event->from_mp ? LINE_MP : 0) |
	       (event->kind == EVENT_RIB_ENTRY ? LINE_RIB : 0) |
	       (event->record->type == MRT_BGP ? LINE_TYPE_5 : 0);
}

static bool tail_is_last(const struct line_writer *writer, const struct event *event,
			 uint8_t flavour)
{
	return writer->tail_span && writer->tail_span == event->attributes.bytes &&
	       writer->tail_ref.number == event->ref.number &&
	       writer->tail_ref.input == event->ref.input && writer->tail_flavour == flavour;
}

const char *line_tail_of(struct line_writer *writer, const struct event *event, size_t *ret_len)
{
	uint8_t flavour = flavour_of(event);

	if (!tail_is_last(writer, event, flavour)) {
		const char *text = memo_find(writer->tails, event->attributes.bytes,
					     event->attributes.len, flavour, &writer->tail_len);

		if (!text) {
			writer->tail.len = 0;
			writer->style->tail(writer, event);
			text = writer->tail.data;
			writer->tail_len = writer->tail.len;
			memo_keep(writer->tails, text, writer->tail_len);
		}
		writer->tail_text = text;
		writer->tail_span = event->attributes.bytes;
		writer->tail_ref = event->ref;
		writer->tail_flavour = flavour;
	}
	*ret_len = writer->tail_len;
	return writer->tail_text;
}

bool line_event_has_prefix(const struct event *event)
{
	return event->kind == EVENT_ANNOUNCE || event->kind == EVENT_WITHDRAW ||
	       event->kind == EVENT_RIB_ENTRY;
}

bool line_event_has_tail(const struct event *event)
{
	return event->kind == EVENT_ANNOUNCE || event->kind == EVENT_RIB_ENTRY ||
	       (event->kind == EVENT_WITHDRAW && event->verdict != VERDICT_NONE &&
		event->attributes.len);
}

bool line_next_hop(const struct event *event, const struct attrs *attrs, struct addr *ret_addr,
		   struct addr *ret_local)
{
	/*
	 * RFC 6396 section 4.3.4: a RIB entry has the next hop of IPv6 in MP_REACH_NLRI, that of
	 * IPv4 in NEXT_HOP.
	 */
	if (event->kind == EVENT_RIB_ENTRY)
		return attrs_next_hop(attrs, true, ret_addr, ret_local) ||
		       attrs_next_hop(attrs, false, ret_addr, ret_local);
	return attrs_next_hop(attrs, event->from_mp, ret_addr, ret_local);
}

char *line_ext_community(char *at, const uint8_t bytes[8])
{
	/* The cap keeps the buffer from ever being moved: this is not memory of its own. */
	struct buf text = {
		.data = at, .room = LINE_EXT_COMMUNITY_MAX, .cap = LINE_EXT_COMMUNITY_MAX,
	};

	ext_community_format(&text, bytes);
	return at + text.len;
}

bool line_attr_shown(const struct attrs *attrs, uint8_t code)
{
	static const bool fields[ATTR_KNOWN_MAX] = {
		[ATTR_ORIGIN] = true, [ATTR_AS_PATH] = true, [ATTR_NEXT_HOP] = true,
		[ATTR_MED] = true, [ATTR_LOCAL_PREF] = true, [ATTR_ATOMIC_AGGREGATE] = true,
		[ATTR_AGGREGATOR] = true, [ATTR_COMMUNITIES] = true, [ATTR_ORIGINATOR_ID] = true,
		[ATTR_CLUSTER_LIST] = true, [ATTR_MP_REACH] = true, [ATTR_MP_UNREACH] = true,
		[ATTR_EXT_COMMUNITIES] = true, [ATTR_AS4_PATH] = true, [ATTR_AS4_AGGREGATOR] = true,
		[ATTR_LARGE_COMMUNITIES] = true, [ATTR_ONLY_TO_CUSTOMER] = true,
	};

	return code < ATTR_KNOWN_MAX && fields[code] && attrs->known[code].bytes;
}

const char *line_origin_name(uint8_t origin)
{
	return origin == 0 ? "IGP" : origin == 1 ? "EGP" : "INCOMPLETE";
}

void line_family(struct buf *out, uint16_t afi, uint8_t safi)
{
	const char *name = afi_safi_name(afi, safi);

	if (name) {
		buf_str(out, name);
		return;
	}
	buf_u64(out, afi);
	buf_char(out, '/');
	buf_u64(out, safi);
}

const char *line_message_name(uint8_t message)
{
	static const char *const names[] = {
		[BGP_OPEN] = "OPEN",
		[BGP_UPDATE] = "UPDATE",
		[BGP_NOTIFICATION] = "NOTIFICATION",
		[BGP_KEEPALIVE] = "KEEPALIVE",
		[BGP_ROUTE_REFRESH] = "ROUTE-REFRESH",
	};

	return message >= BGP_OPEN && message <= BGP_ROUTE_REFRESH ? names[message] : "UNKNOWN";
}

const char *line_state_name(uint16_t state)
{
	static const char *const names[] = {
		[BGP_STATE_IDLE] = "Idle",
		[BGP_STATE_CONNECT] = "Connect",
		[BGP_STATE_ACTIVE] = "Active",
		[BGP_STATE_OPEN_SENT] = "OpenSent",
		[BGP_STATE_OPEN_CONFIRM] = "OpenConfirm",
		[BGP_STATE_ESTABLISHED] = "Established",
	};

	return state >= BGP_STATE_IDLE && state <= BGP_STATE_ESTABLISHED ? names[state] : NULL;
}
