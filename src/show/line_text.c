/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bgpdump -m's lines, written down from what it prints:
 *
 *	format|time|A or B|peer|AS|prefix[|path id]|path|origin|next hop|local pref|MED|
 *		communities|AG or NAG|aggregator|
 *	format|time|W|peer|AS|prefix[|path id]
 *	format|time|STATE|peer|AS|old|new
 *
 * An announcement that RFC 7606 takes for a withdrawal is an A line all the same: bgpdump knows no
 * verdicts. Where an attribute is absent bgpdump prints a stand-in, and so does this: INCOMPLETE,
 * 255.255.255.255, 0 and 0. Records of type 5 have no field for communities where there are none.
 * All else that is odd in bgpdump's lines, and where constat departs from them, stands in
 * docs/bgpdump.md.
 *
 * Events for which bgpdump has no line are written in the same manner: format|time|KIND|peer|AS|…
 */
#include "base/utc.h"
#include "show/line_style.h"

/*
 * "_AP" tells of one field more, so it stands for prefixes with path identifiers, whatever the
 * subtype promises.
 */
static char *text_format(char *at, const struct event *event)
{
	const struct mrt_record *record = event->record;

	switch (record->type) {
	case MRT_BGP:
		return PUT_LITERAL(at, "BGP");
	case MRT_TABLE_DUMP:
		return PUT_LITERAL(at, "TABLE_DUMP");
	case MRT_TABLE_DUMP_V2:
		return line_text(at, event->has_path_id ? "TABLE_DUMP2_AP" : "TABLE_DUMP2");
	default:
		at = line_text(at, record->extended ? "BGP4MP_ET" : "BGP4MP");
		at = line_text(at, event->local ? "_LOCAL" : "");
		return line_text(at, event->has_path_id ? "_AP" : "");
	}
}

/* "format|time|" */
static char *text_head(char *at, const struct event *event)
{
	uint64_t micros = (uint64_t)event->time;

	at = text_format(at, event);
	*at++ = '|';
	at = put_u64(at, micros / UTC_SECOND);
	if (event->record->extended) {
		*at++ = '.';
		at = put_group(at, (uint32_t)(micros % UTC_SECOND / 1000));
		at = put_group(at, (uint32_t)(micros % 1000));
	}
	*at++ = '|';
	return at;
}

/* "peer|AS|" */
static char *text_peer(char *at, const struct peer *peer)
{
	if (!peer)
		return PUT_LITERAL(at, "||");
	at = put_addr(at, peer->addr.family, peer->addr.bytes, PUT_IPV6_SHORTEST);
	*at++ = '|';
	at = put_u32(at, peer->asn);
	*at++ = '|';
	return at;
}

static char *text_community(char *at, uint32_t community)
{
	switch (community) {
	/* The three of RFC 1997; bgpdump names no later ones. */
	case 0xffffff01u:
		return PUT_LITERAL(at, "no-export");
	case 0xffffff02u:
		return PUT_LITERAL(at, "no-advertise");
	case 0xffffff03u:
		return PUT_LITERAL(at, "local-AS");
	}
	at = put_u32(at, community >> 16);
	*at++ = ':';
	return put_u32(at, community & 0xffff);
}

static char *text_communities(char *at, const struct attrs *attrs)
{
	unsigned count = attrs_community_count(attrs);

	for (unsigned i = 0; i < count; i++) {
		at = text_community(at, attrs_community(attrs, i));
		*at++ = ' ';
	}
	return count ? at - 1 : at;
}

static char *text_aggregator(char *at, const struct attrs *attrs)
{
	struct addr addr;
	uint32_t asn;

	if (!attrs_aggregator(attrs, &asn, &addr))
		return at;
	at = put_u32(at, asn);
	*at++ = ' ';
	return put_ipv4(at, addr.bytes);
}

static char *text_u32(char *at, const struct attrs *attrs, enum attr_code code)
{
	uint32_t value = 0;

	attrs_u32(attrs, code, &value);
	return put_u32(at, value);
}

static char *text_next_hop(char *at, const struct event *event, const struct attrs *attrs)
{
	struct addr addr;

	if (!line_next_hop(event, attrs, &addr, NULL))
		return PUT_LITERAL(at, "255.255.255.255");
	return put_addr(at, addr.family, addr.bytes, PUT_IPV6_SHORTEST);
}

/*
 * bgpdump's line says what stood in the message, whatever RFC 7606 makes of it: attributes that it
 * discards (an AGGREGATOR of AS 0), or for which it takes the message as a withdrawal. So nothing
 * is judged here: the accessors ask for the lengths that they read, and of two attributes of a kind
 * the first counts.
 */
static void text_attrs(const struct attr_span *span, struct attrs *ret_attrs)
{
	struct attr_value value;
	uint32_t position = 0;
	uint8_t code;

	ret_attrs->span = *span;
	ret_attrs->remembered = 0;	/* it was not scanned */
	for (unsigned i = 0; i <= ATTR_AS4_AGGREGATOR; i++)
		ret_attrs->known[i].bytes = NULL;
	while (attrs_next(span, &position, &code, &value)) {
		if (code > ATTR_AS4_AGGREGATOR || ret_attrs->known[code].bytes)
			continue;
		/*
		 * Field by field: whole, it would be loaded wider than it was just stored, which
		 * stalls.
		 */
		ret_attrs->known[code].bytes = value.bytes;
		ret_attrs->known[code].len = value.len;
	}
}

/*
 * From the path on, with the line's end. No attribute's text is longer than 3 bytes for each of its
 * own.
 */
static void text_tail(struct line_writer *writer, const struct event *event)
{
	struct attrs known, *attrs = &known;
	struct buf *tail = &writer->tail;
	struct as_path path;
	uint8_t origin = 2;
	bool type_5 = event->record->type == MRT_BGP;
	char *at;

	if (!buf_reserve(tail, 3 * (size_t)event->attributes.len + 256))
		return;
	text_attrs(&event->attributes, attrs);
	at = tail->data;
	if (attr_span_path(&event->attributes, writer->scratch, &path))
		at = put_path(at, &path);
	else if (attrs->known[ATTR_AS_PATH].bytes)
		at = PUT_LITERAL(at, "! Error !");
	*at++ = '|';
	attrs_origin(attrs, &origin);
	at = line_text(at, line_origin_name(origin));
	*at++ = '|';
	at = text_next_hop(at, event, attrs);
	*at++ = '|';
	at = text_u32(at, attrs, ATTR_LOCAL_PREF);
	*at++ = '|';
	at = text_u32(at, attrs, ATTR_MED);
	*at++ = '|';
	if (!type_5 || attrs->known[ATTR_COMMUNITIES].bytes) {
		at = text_communities(at, attrs);
		*at++ = '|';
	}
	at = line_text(at, attrs->known[ATTR_ATOMIC_AGGREGATE].bytes ? "AG|" : "NAG|");
	at = text_aggregator(at, attrs);
	at = PUT_LITERAL(at, "|\n");
	tail->len = (size_t)(at - tail->data);
}

static void text_route(struct line_writer *writer, struct buf *out, const struct event *event)
{
	const struct line_head *head = line_head_of(writer, event);
	const struct line_peer *peer = line_peer_of(writer, event);
	const struct line_prefix *prefix = line_prefix_of(writer, event);
	bool has_tail = line_event_has_tail(event);
	const char *tail = NULL;
	size_t tail_len = 0;
	char *at;

	if (has_tail)
		tail = line_tail_of(writer, event, &tail_len);
	if (!buf_reserve(out, LINE_HEAD_MAX + LINE_PEER_MAX + LINE_PREFIX_MAX + 32 + tail_len))
		return;
	at = out->data + out->len;
	at = LINE_PIECE(at, *head);
	*at++ = event->kind == EVENT_RIB_ENTRY ? 'B' : has_tail ? 'A' : 'W';
	*at++ = '|';
	at = LINE_PIECE(at, *peer);
	at = LINE_PIECE(at, *prefix);
	if (event->has_path_id) {
		*at++ = '|';
		at = put_u32(at, event->path_id);
	}
	*at++ = has_tail ? '|' : '\n';
	if (has_tail)
		at = put_bytes(at, tail, tail_len);
	out->len = (size_t)(at - out->data);
}

/* What stands behind "peer|AS|" in a line that is not a route's. */
static void text_other(struct buf *out, const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATE:
		buf_u64(out, event->state_old);
		buf_char(out, '|');
		buf_u64(out, event->state_new);
		break;
	case EVENT_MESSAGE:
		buf_str(out, line_message_name(event->message));
		break;
	case EVENT_END_OF_RIB:
		line_family(out, event->afi, event->safi);
		break;
	case EVENT_OTHER_FAMILY:
		line_family(out, event->afi, event->safi);
		buf_char(out, '|');
		buf_u64(out, event->bytes);
		break;
	case EVENT_RIB_BEGIN:
		buf_u64(out, event->index ? event->index->count : 0);
		break;
	default:
		buf_str(out, event->whole ? "whole" : "cut");
		break;
	}
}

static void text_event(struct line_writer *writer, struct buf *out, const struct event *event)
{
	static const char *const words[EVENT_KIND_COUNT] = {
		[EVENT_RIB_BEGIN] = "RIB_BEGIN|",
		[EVENT_RIB_END] = "RIB_END|",
		[EVENT_END_OF_RIB] = "EOR|",
		[EVENT_STATE] = "STATE|",
		[EVENT_MESSAGE] = "MESSAGE|",
		[EVENT_OTHER_FAMILY] = "OTHER|",
	};
	const struct line_head *head;
	const struct line_peer *peer;

	if (!words[event->kind]) {
		text_route(writer, out, event);
		return;
	}
	head = line_head_of(writer, event);
	peer = line_peer_of(writer, event);
	buf_add(out, head->text, head->len);
	buf_str(out, words[event->kind]);
	buf_add(out, peer->text, peer->len);
	text_other(out, event);
	buf_char(out, '\n');
}

const struct line_style line_text_style = {
	.slot = 384,
	.head = text_head,
	.peer = text_peer,
	.ipv6 = PUT_IPV6_SHORTEST,
	.tail = text_tail,
	.event = text_event,
};
