/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One JSON object a line (docs/dump.md has the fields): what an event holds, decoded where it is
 * known how, in hexadecimal where it is not. A field is left out where the recording says nothing.
 *
 * The order of fields is the order of the pieces: time and kind, collector, peer, prefix, the tail
 * of path attributes (remembered as text, as for the other formats), then where in the input all
 * this stands.
 */
#include "base/utc.h"
#include "show/line_style.h"

/*
 * No field is longer than its attribute's bytes times this; and what is said whatever the
 * attributes.
 */
#define JSON_PER_BYTE	32
#define JSON_FIXED	1024

static void json_quote(struct buf *text, const char *name)
{
	buf_json(text, name, strlen(name));
}

/* Up to the kind's opening quote. */
static char *json_head(char *at, const struct event *event)
{
	struct buf text = { .data = at, .room = LINE_HEAD_MAX, .cap = LINE_HEAD_MAX };

	buf_str(&text, "{\"time\":\"");
	utc_format(&text, event->time);
	buf_str(&text, "\",\"kind\":\"");
	return at + text.len;
}

static char *json_addr(char *at, const struct addr *addr)
{
	*at++ = '"';
	at = put_addr(at, addr->family, addr->bytes, PUT_IPV6_RFC5952);
	*at++ = '"';
	return at;
}

static char *json_peer(char *at, const struct peer *peer)
{
	uint32_t id;

	if (!peer)
		return at;
	at = PUT_LITERAL(at, ",\"peer\":");
	at = json_addr(at, &peer->addr);
	at = PUT_LITERAL(at, ",\"peer_as\":");
	at = put_u32(at, peer->asn);
	if (!peer->bgp_id)
		return at;
	id = __builtin_bswap32(peer->bgp_id);
	at = PUT_LITERAL(at, ",\"peer_bgp_id\":\"");
	at = put_ipv4(at, (const uint8_t *)&id);
	*at++ = '"';
	return at;
}

static char *json_asns(char *at, const struct as_segment *segment)
{
	for (unsigned i = 0; i < segment->count; i++) {
		if (i)
			*at++ = ',';
		at = put_u32(at, as_segment_at(segment, i));
	}
	return at;
}

/* [3356,[4837,131279],{"confed_sequence":[65001,65002]}] */
static char *json_path(char *at, const struct as_path *path)
{
	struct as_segment segment;
	uint32_t position = 0;
	bool first = true;

	at = PUT_LITERAL(at, ",\"path\":[");
	while (as_path_next(path, &position, &segment)) {
		/* Malformed (RFC 7606 section 7.2), and nothing to be seen of it. */
		if (!segment.count)
			continue;
		if (!first)
			*at++ = ',';
		first = false;
		switch (segment.type) {
		case AS_SEQUENCE:
			at = json_asns(at, &segment);
			continue;
		case AS_SET:
			*at++ = '[';
			break;
		case AS_CONFED_SEQUENCE:
			at = PUT_LITERAL(at, "{\"confed_sequence\":[");
			break;
		case AS_CONFED_SET:
			at = PUT_LITERAL(at, "{\"confed_set\":[");
			break;
		}
		at = json_asns(at, &segment);
		*at++ = ']';
		if (segment.type != AS_SET)
			*at++ = '}';
	}
	*at++ = ']';
	return at;
}

static char *json_u32(char *at, const char *name, const struct attrs *attrs, enum attr_code code)
{
	uint32_t value;

	if (!attrs_u32(attrs, code, &value))
		return at;
	at = line_text(at, name);
	return put_u32(at, value);
}

static char *json_aggregator(char *at, const struct attrs *attrs)
{
	struct addr addr;
	uint32_t asn;

	if (attrs->known[ATTR_ATOMIC_AGGREGATE].bytes)
		at = PUT_LITERAL(at, ",\"atomic_aggregate\":true");
	if (!attrs_aggregator(attrs, &asn, &addr))
		return at;
	at = PUT_LITERAL(at, ",\"aggregator_as\":");
	at = put_u32(at, asn);
	at = PUT_LITERAL(at, ",\"aggregator\":");
	return json_addr(at, &addr);
}

static char *json_communities(char *at, const struct attrs *attrs)
{
	unsigned count = attrs_community_count(attrs);

	if (!attrs->known[ATTR_COMMUNITIES].bytes)
		return at;
	at = PUT_LITERAL(at, ",\"communities\":[");
	for (unsigned i = 0; i < count; i++) {
		uint32_t community = attrs_community(attrs, i);

		if (i)
			*at++ = ',';
		*at++ = '"';
		at = put_u32(at, community >> 16);
		*at++ = ':';
		at = put_u32(at, community & 0xffff);
		*at++ = '"';
	}
	*at++ = ']';
	return at;
}

static char *json_large_communities(char *at, const struct attrs *attrs)
{
	const struct attr_value *value = &attrs->known[ATTR_LARGE_COMMUNITIES];
	struct cursor cur;

	if (!value->bytes)
		return at;
	at = PUT_LITERAL(at, ",\"large_communities\":[");
	cur = cursor_make(value->bytes, value->len);
	while (cursor_left(&cur) >= 12) {
		*at++ = '"';
		at = put_u32(at, cursor_u32(&cur));
		*at++ = ':';
		at = put_u32(at, cursor_u32(&cur));
		*at++ = ':';
		at = put_u32(at, cursor_u32(&cur));
		at = PUT_LITERAL(at, "\",");
	}
	at -= at[-1] == ',';
	*at++ = ']';
	return at;
}

static char *json_ext_communities(char *at, const struct attrs *attrs)
{
	const struct attr_value *value = &attrs->known[ATTR_EXT_COMMUNITIES];

	if (!value->bytes)
		return at;
	at = PUT_LITERAL(at, ",\"extended_communities\":[");
	for (unsigned i = 0; i + 8 <= value->len; i += 8) {
		*at++ = '"';
		at = line_ext_community(at, value->bytes + i);
		at = PUT_LITERAL(at, "\",");
	}
	at -= at[-1] == ',';
	*at++ = ']';
	return at;
}

static char *json_cluster_list(char *at, const struct attrs *attrs)
{
	const struct attr_value *originator = &attrs->known[ATTR_ORIGINATOR_ID];
	const struct attr_value *clusters = &attrs->known[ATTR_CLUSTER_LIST];

	if (originator->bytes && originator->len == 4) {
		at = PUT_LITERAL(at, ",\"originator_id\":\"");
		at = put_ipv4(at, originator->bytes);
		*at++ = '"';
	}
	if (!clusters->bytes)
		return at;
	at = PUT_LITERAL(at, ",\"cluster_list\":[");
	for (unsigned i = 0; i + 4 <= clusters->len; i += 4) {
		*at++ = '"';
		at = put_ipv4(at, clusters->bytes + i);
		at = PUT_LITERAL(at, "\",");
	}
	at -= at[-1] == ',';
	*at++ = ']';
	return at;
}

static char *json_attribute(char *at, uint8_t code, const struct attr_value *value)
{
	const char *name = attr_name(code);

	at = PUT_LITERAL(at, "{\"code\":");
	at = put_u32(at, code);
	if (name) {
		at = PUT_LITERAL(at, ",\"name\":\"");
		at = line_text(at, name);
		*at++ = '"';
	}
	at = PUT_LITERAL(at, ",\"flags\":");
	at = put_u32(at, value->flags);
	at = PUT_LITERAL(at, ",\"value\":\"");
	at = put_hex(at, value->bytes, value->len);
	return PUT_LITERAL(at, "\"}");
}

/* Attributes that have no field of their own, and those that RFC 7606 discards. */
static char *json_other_attributes(char *at, const struct attrs *attrs)
{
	struct attr_value value;
	uint32_t position = 0;
	bool any = false;
	uint8_t code;

	while (attrs_next(&attrs->span, &position, &code, &value)) {
		if (line_attr_shown(attrs, code))
			continue;
		at = any ? PUT_LITERAL(at, ",") : PUT_LITERAL(at, ",\"attributes\":[");
		any = true;
		at = json_attribute(at, code, &value);
	}
	if (any)
		*at++ = ']';
	return at;
}

static char *json_next_hop(char *at, const struct event *event)
{
	struct addr addr, local = { 0 };

	if (!line_next_hop(event, event_attrs(event), &addr, &local))
		return at;
	at = PUT_LITERAL(at, ",\"next_hop\":");
	at = json_addr(at, &addr);
	if (local.family == FAMILY_NONE)
		return at;
	at = PUT_LITERAL(at, ",\"next_hop_local\":");
	return json_addr(at, &local);
}

static char *json_origin(char *at, const struct attrs *attrs)
{
	uint8_t origin;

	if (!attrs_origin(attrs, &origin))
		return at;
	at = PUT_LITERAL(at, ",\"origin\":\"");
	at = line_text(at, line_origin_name(origin));
	*at++ = '"';
	return at;
}

static void json_tail(struct line_writer *writer, const struct event *event)
{
	const struct attrs *attrs = event_attrs(event);
	struct buf *tail = &writer->tail;
	struct as_path path;
	uint32_t asn;
	char *at;

	if (!buf_reserve(tail, JSON_PER_BYTE * (size_t)event->attributes.len + JSON_FIXED))
		return;
	at = tail->data;
	if (attrs_path(attrs, writer->scratch, &path)) {
		at = json_path(at, &path);
		if (as_path_origin(&path, &asn)) {
			at = PUT_LITERAL(at, ",\"origin_as\":");
			at = put_u32(at, asn);
		}
	}
	at = json_origin(at, attrs);
	at = json_next_hop(at, event);
	at = json_u32(at, ",\"med\":", attrs, ATTR_MED);
	at = json_u32(at, ",\"local_pref\":", attrs, ATTR_LOCAL_PREF);
	at = json_aggregator(at, attrs);
	at = json_communities(at, attrs);
	at = json_large_communities(at, attrs);
	at = json_ext_communities(at, attrs);
	at = json_cluster_list(at, attrs);
	at = json_u32(at, ",\"only_to_customer\":", attrs, ATTR_ONLY_TO_CUSTOMER);
	at = json_other_attributes(at, attrs);
	if (attrs->verdict != VERDICT_NONE) {
		at = PUT_LITERAL(at, ",\"verdict\":\"");
		at = line_text(at, fault_verdict_name(attrs->verdict));
		*at++ = '"';
	}
	tail->len = (size_t)(at - tail->data);
}

static void json_route(struct line_writer *writer, struct buf *out, const struct event *event)
{
	const struct line_prefix *prefix = line_prefix_of(writer, event);
	const char *tail = NULL;
	size_t tail_len = 0;
	char *at;

	if (line_event_has_tail(event))
		tail = line_tail_of(writer, event, &tail_len);
	if (!buf_reserve(out, LINE_PREFIX_MAX + 64 + tail_len))
		return;
	at = out->data + out->len;
	at = PUT_LITERAL(at, ",\"prefix\":\"");
	at = LINE_PIECE(at, *prefix);
	*at++ = '"';
	if (event->has_path_id) {
		at = PUT_LITERAL(at, ",\"path_id\":");
		at = put_u32(at, event->path_id);
	}
	if (tail)
		at = put_bytes(at, tail, tail_len);
	out->len = (size_t)(at - out->data);
	if (event->kind == EVENT_RIB_ENTRY) {
		buf_str(out, ",\"originated\":\"");
		utc_format(out, event->originated);
		buf_char(out, '"');
	}
}

static void json_state(struct buf *out, const char *field, uint16_t state)
{
	const char *name = line_state_name(state);

	buf_str(out, field);
	if (name)
		buf_str(out, name);
	else
		buf_u64(out, state);
	buf_char(out, '"');
}

static void json_family(struct buf *out, const struct event *event)
{
	buf_str(out, ",\"afi\":");
	buf_u64(out, event->afi);
	buf_str(out, ",\"safi\":");
	buf_u64(out, event->safi);
	buf_str(out, ",\"family\":\"");
	line_family(out, event->afi, event->safi);
	buf_char(out, '"');
}

static void json_index(struct buf *out, const struct peer_index *index)
{
	uint32_t id = __builtin_bswap32(index->collector_id);
	char text[LINE_PEER_MAX];

	buf_str(out, ",\"collector_bgp_id\":\"");
	buf_add(out, text, (size_t)(put_ipv4(text, (const uint8_t *)&id) - text));
	buf_str(out, "\",\"view\":");
	buf_json(out, index->view, strlen(index->view));
	buf_str(out, ",\"peers\":[");
	for (uint32_t i = 0; i < index->count; i++) {
		size_t len = (size_t)(json_peer(text, &index->peers[i]) - text);

		buf_str(out, i ? ",{" : "{");
		buf_add(out, text + 1, len - 1);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void json_kind(struct line_writer *writer, struct buf *out, const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATE:
		json_state(out, ",\"old_state\":\"", event->state_old);
		json_state(out, ",\"new_state\":\"", event->state_new);
		break;
	case EVENT_MESSAGE:
		buf_str(out, ",\"message\":\"");
		buf_str(out, line_message_name(event->message));
		buf_char(out, '"');
		break;
	case EVENT_END_OF_RIB:
		json_family(out, event);
		break;
	case EVENT_OTHER_FAMILY:
		json_family(out, event);
		buf_str(out, ",\"bytes\":");
		buf_u64(out, event->bytes);
		break;
	case EVENT_RIB_BEGIN:
		if (event->index)
			json_index(out, event->index);
		break;
	case EVENT_RIB_END:
		buf_str(out, event->whole ? ",\"whole\":true" : ",\"whole\":false");
		break;
	default:
		json_route(writer, out, event);
		break;
	}
}

static void json_event(struct line_writer *writer, struct buf *out, const struct event *event)
{
	const struct line_head *head = line_head_of(writer, event);
	const struct line_peer *peer = line_peer_of(writer, event);
	const char *kind = event_kind_name(event->kind);
	char *at;

	if (!buf_reserve(out, LINE_HEAD_MAX + LINE_PEER_MAX + 64 + writer->collector.len))
		return;
	at = out->data + out->len;
	at = LINE_PIECE(at, *head);
	at = line_text(at, kind);
	at = PUT_LITERAL(at, "\",\"collector\":");
	at = put_bytes(at, writer->collector.data, writer->collector.len);
	at = LINE_PIECE(at, *peer);
	out->len = (size_t)(at - out->data);
	json_kind(writer, out, event);

	if (!buf_reserve(out, 128 + writer->file.len))
		return;
	at = out->data + out->len;
	if (event->local)
		at = PUT_LITERAL(at, ",\"local\":true");
	at = PUT_LITERAL(at, ",\"file\":");
	at = put_bytes(at, writer->file.data, writer->file.len);
	at = PUT_LITERAL(at, ",\"record\":");
	at = put_u64(at, event->ref.number);
	at = PUT_LITERAL(at, ",\"offset\":");
	at = put_u64(at, event->ref.offset);
	at = PUT_LITERAL(at, "}\n");
	out->len = (size_t)(at - out->data);
}

const struct line_style line_json_style = {
	.slot = 1024,
	.head = json_head,
	.peer = json_peer,
	.ipv6 = PUT_IPV6_RFC5952,
	.tail = json_tail,
	.event = json_event,
	.quote = json_quote,
};
