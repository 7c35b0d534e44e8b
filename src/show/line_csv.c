/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV (RFC 4180, with LF alone at the end of a line): one row an event, the same columns for every
 * kind, empty where an event has nothing to say. Lists are separated by blanks within their column.
 *
 * The columns from `path` to `verdict` come from path attributes and make the tail; an event
 * without attributes has as many commas in their place. Only paths with sets and the names of files
 * and collectors can need quotes.
 */
#include "base/utc.h"
#include "show/line_style.h"

/*
 * No attribute's text is longer than its bytes times this; and what stands there whatever the
 * attributes.
 */
#define CSV_PER_BYTE	16
#define CSV_FIXED	512

static const char header[] =
	"time,kind,collector,peer,peer_as,prefix,path_id,"
	"path,origin_as,origin,next_hop,next_hop_local,med,local_pref,"
	"atomic_aggregate,aggregator_as,aggregator,"
	"communities,large_communities,extended_communities,"
	"originator_id,cluster_list,only_to_customer,attributes,verdict,"
	"originated,old_state,new_state,message,family,local,file,record,offset\n";

/* A comma for each column of the tail. */
static const char empty_tail[] = ",,,,,,," ",,," ",,," ",,,,,";

static void csv_quote(struct buf *text, const char *name)
{
	if (!strpbrk(name, ",\"\r\n")) {
		buf_str(text, name);
		return;
	}
	buf_char(text, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_char(text, '"');
		buf_char(text, *name);
	}
	buf_char(text, '"');
}

static char *csv_head(char *at, const struct event *event)
{
	struct buf text = { .data = at, .room = LINE_HEAD_MAX, .cap = LINE_HEAD_MAX };

	utc_format(&text, event->time);
	buf_char(&text, ',');
	return at + text.len;
}

static char *csv_addr(char *at, const struct addr *addr)
{
	return put_addr(at, addr->family, addr->bytes, PUT_IPV6_RFC5952);
}

/* "peer,AS," */
static char *csv_peer(char *at, const struct peer *peer)
{
	if (!peer)
		return PUT_LITERAL(at, ",,");
	at = csv_addr(at, &peer->addr);
	*at++ = ',';
	at = put_u32(at, peer->asn);
	*at++ = ',';
	return at;
}

static char *csv_u32(char *at, const struct attrs *attrs, enum attr_code code)
{
	uint32_t value;

	if (attrs_u32(attrs, code, &value))
		at = put_u32(at, value);
	*at++ = ',';
	return at;
}

/* Members of a set are separated by commas, so the field is quoted then. */
static char *csv_path(char *at, const struct as_path *path)
{
	char *start = at, *end = put_path(at + 1, path);

	if (memchr(start + 1, ',', (size_t)(end - start - 1))) {
		*start = '"';
		*end++ = '"';
		return end;
	}
	memmove(start, start + 1, (size_t)(end - start - 1));
	return end - 1;
}

/* "path,origin AS,origin,next hop,its link-local," */
static char *csv_route(char *at, struct line_writer *writer, const struct event *event)
{
	const struct attrs *attrs = event_attrs(event);
	struct addr addr, local = { 0 };
	struct as_path path;
	uint32_t asn;
	uint8_t origin;
	bool has_path = attrs_path(attrs, writer->scratch, &path);

	if (has_path)
		at = csv_path(at, &path);
	*at++ = ',';
	if (has_path && as_path_origin(&path, &asn))
		at = put_u32(at, asn);
	*at++ = ',';
	if (attrs_origin(attrs, &origin))
		at = line_text(at, line_origin_name(origin));
	*at++ = ',';
	if (line_next_hop(event, attrs, &addr, &local))
		at = csv_addr(at, &addr);
	*at++ = ',';
	if (local.family != FAMILY_NONE)
		at = csv_addr(at, &local);
	*at++ = ',';
	return at;
}

/* "true or nothing,AS,address," */
static char *csv_aggregator(char *at, const struct attrs *attrs)
{
	struct addr addr;
	uint32_t asn;

	if (attrs->known[ATTR_ATOMIC_AGGREGATE].bytes)
		at = PUT_LITERAL(at, "true");
	*at++ = ',';
	if (!attrs_aggregator(attrs, &asn, &addr))
		return PUT_LITERAL(at, ",,");
	at = put_u32(at, asn);
	*at++ = ',';
	at = csv_addr(at, &addr);
	*at++ = ',';
	return at;
}

/* One member of a list attribute. */
typedef char *csv_member_fn(char *at, const uint8_t *bytes);

static char *csv_community(char *at, const uint8_t *bytes)
{
	at = put_u32(at, (uint32_t)bytes[0] << 8 | bytes[1]);
	*at++ = ':';
	return put_u32(at, (uint32_t)bytes[2] << 8 | bytes[3]);
}

static char *csv_large_community(char *at, const uint8_t *bytes)
{
	struct cursor cur = cursor_make(bytes, 12);

	at = put_u32(at, cursor_u32(&cur));
	*at++ = ':';
	at = put_u32(at, cursor_u32(&cur));
	*at++ = ':';
	return put_u32(at, cursor_u32(&cur));
}

static char *csv_list(char *at, const struct attrs *attrs, enum attr_code code, unsigned size,
		      csv_member_fn *member)
{
	const struct attr_value *value = &attrs->known[code];

	if (value->bytes) {
		for (unsigned i = 0; i + size <= value->len; i += size) {
			if (i)
				*at++ = ' ';
			at = member(at, value->bytes + i);
		}
	}
	*at++ = ',';
	return at;
}

static char *csv_ipv4(char *at, const uint8_t *bytes)
{
	return put_ipv4(at, bytes);
}

/* Those without a column, "code:flags:value" each, and behind them the verdict. */
static char *csv_other_attributes(char *at, const struct attrs *attrs)
{
	struct attr_value value;
	uint32_t position = 0;
	bool any = false;
	uint8_t code;

	while (attrs_next(&attrs->span, &position, &code, &value)) {
		if (line_attr_shown(attrs, code))
			continue;
		if (any)
			*at++ = ' ';
		any = true;
		at = put_u32(at, code);
		*at++ = ':';
		at = put_u32(at, value.flags);
		*at++ = ':';
		at = put_hex(at, value.bytes, value.len);
	}
	*at++ = ',';
	if (attrs->verdict != VERDICT_NONE)
		at = line_text(at, fault_verdict_name(attrs->verdict));
	*at++ = ',';
	return at;
}

static void csv_tail(struct line_writer *writer, const struct event *event)
{
	const struct attrs *attrs = event_attrs(event);
	struct buf *tail = &writer->tail;
	char *at;

	if (!buf_reserve(tail, CSV_PER_BYTE * (size_t)event->attributes.len + CSV_FIXED))
		return;
	at = csv_route(tail->data, writer, event);
	at = csv_u32(at, attrs, ATTR_MED);
	at = csv_u32(at, attrs, ATTR_LOCAL_PREF);
	at = csv_aggregator(at, attrs);
	at = csv_list(at, attrs, ATTR_COMMUNITIES, 4, csv_community);
	at = csv_list(at, attrs, ATTR_LARGE_COMMUNITIES, 12, csv_large_community);
	at = csv_list(at, attrs, ATTR_EXT_COMMUNITIES, 8, line_ext_community);
	at = csv_list(at, attrs, ATTR_ORIGINATOR_ID, 4, csv_ipv4);
	at = csv_list(at, attrs, ATTR_CLUSTER_LIST, 4, csv_ipv4);
	at = csv_u32(at, attrs, ATTR_ONLY_TO_CUSTOMER);
	at = csv_other_attributes(at, attrs);
	tail->len = (size_t)(at - tail->data);
}

/* "prefix,path id,", or two commas. */
static char *csv_prefix(char *at, struct line_writer *writer, const struct event *event)
{
	if (line_event_has_prefix(event))
		at = LINE_PIECE(at, *line_prefix_of(writer, event));
	*at++ = ',';
	if (event->has_path_id)
		at = put_u32(at, event->path_id);
	*at++ = ',';
	return at;
}

static void csv_state(struct buf *out, uint16_t state)
{
	const char *name = line_state_name(state);

	if (name)
		buf_str(out, name);
	else
		buf_u64(out, state);
}

/* "originated,old state,new state,message,family," */
static void csv_rest(struct buf *out, const struct event *event)
{
	if (event->kind == EVENT_ANNOUNCE || event->kind == EVENT_WITHDRAW) {
		buf_str(out, ",,,,,");
		return;
	}
	if (event->kind == EVENT_RIB_ENTRY)
		utc_format(out, event->originated);
	buf_char(out, ',');
	if (event->kind == EVENT_STATE)
		csv_state(out, event->state_old);
	buf_char(out, ',');
	if (event->kind == EVENT_STATE)
		csv_state(out, event->state_new);
	buf_char(out, ',');
	if (event->kind == EVENT_MESSAGE)
		buf_str(out, line_message_name(event->message));
	buf_char(out, ',');
	if (event->kind == EVENT_END_OF_RIB || event->kind == EVENT_OTHER_FAMILY)
		line_family(out, event->afi, event->safi);
	buf_char(out, ',');
}

static void csv_event(struct line_writer *writer, struct buf *out, const struct event *event)
{
	const struct line_head *head = line_head_of(writer, event);
	const struct line_peer *peer = line_peer_of(writer, event);
	const char *kind = event_kind_name(event->kind), *tail = empty_tail;
	size_t tail_len = sizeof(empty_tail) - 1;
	char *at;

	if (line_event_has_tail(event))
		tail = line_tail_of(writer, event, &tail_len);
	if (!buf_reserve(out, LINE_HEAD_MAX + 2 * LINE_PEER_MAX + writer->collector.len + tail_len))
		return;
	at = out->data + out->len;
	at = LINE_PIECE(at, *head);
	at = line_text(at, kind);
	*at++ = ',';
	at = put_bytes(at, writer->collector.data, writer->collector.len);
	*at++ = ',';
	at = LINE_PIECE(at, *peer);
	at = csv_prefix(at, writer, event);
	at = put_bytes(at, tail, tail_len);
	out->len = (size_t)(at - out->data);
	csv_rest(out, event);

	if (!buf_reserve(out, 64 + writer->file.len))
		return;
	at = out->data + out->len;
	if (event->local)
		at = PUT_LITERAL(at, "true");
	*at++ = ',';
	at = put_bytes(at, writer->file.data, writer->file.len);
	*at++ = ',';
	at = put_u64(at, event->ref.number);
	*at++ = ',';
	at = put_u64(at, event->ref.offset);
	*at++ = '\n';
	out->len = (size_t)(at - out->data);
}

void line_header(enum line_format format, struct buf *out)
{
	if (format == LINE_CSV)
		buf_str(out, header);
}

const struct line_style line_csv_style = {
	.slot = 1024,
	.head = csv_head,
	.peer = csv_peer,
	.ipv6 = PUT_IPV6_RFC5952,
	.tail = csv_tail,
	.event = csv_event,
	.quote = csv_quote,
};
