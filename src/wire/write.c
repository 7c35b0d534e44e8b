/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How records are put together.
 *
 * Every length field stands before what it counts. So each is written as zero, its place
 * remembered as an offset (the buffer may move while it grows), and filled in when the end is
 * known. A buffer that ran out of memory drops what is added; the patching checks its bounds, so
 * that nothing here needs to ask before the end.
 *
 * UPDATEs are packed the way routers pack them: as many prefixes as fit into BGP_MESSAGE_MAX with
 * one set of attributes, then the next message.
 */
#include "wire/write.h"

#include "base/utc.h"
#include "wire/mrt.h"

enum {
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	SAFI_UNICAST = 1,

	/* RFC 6396 section 4.3 */
	SUBTYPE_PEER_INDEX_TABLE = 1,
	SUBTYPE_RIB_IPV4_UNICAST = 2,
	SUBTYPE_RIB_IPV6_UNICAST = 4,
	/* RFC 6396 section 4.4 */
	SUBTYPE_MESSAGE_AS4 = 4,
	SUBTYPE_STATE_CHANGE_AS4 = 5,

	/* RFC 4271 section 4.3 */
	FLAG_OPTIONAL = 0x80,
	FLAG_TRANSITIVE = 0x40,
	FLAG_EXTENDED = 0x10,

	BGP_HEADER_SIZE = 19,
	SEGMENT_MAX = 255,
};

static void put_u8(struct buf *buf, uint8_t value)
{
	buf_char(buf, (char)value);
}

static void put_u16(struct buf *buf, uint16_t value)
{
	value = __builtin_bswap16(value);
	buf_add(buf, &value, sizeof(value));
}

static void put_u32(struct buf *buf, uint32_t value)
{
	value = __builtin_bswap32(value);
	buf_add(buf, &value, sizeof(value));
}

static void patch_u16(struct buf *buf, size_t at, size_t value)
{
	uint16_t wire = __builtin_bswap16((uint16_t)value);

	if (!buf->failed && at + sizeof(wire) <= buf->len)
		memcpy(buf->data + at, &wire, sizeof(wire));
}

static void patch_u32(struct buf *buf, size_t at, size_t value)
{
	uint32_t wire = __builtin_bswap32((uint32_t)value);

	if (!buf->failed && at + sizeof(wire) <= buf->len)
		memcpy(buf->data + at, &wire, sizeof(wire));
}

static int64_t whole_seconds(int64_t time)
{
	return time / UTC_SECOND - (time % UTC_SECOND < 0);
}

/* RFC 6396 sections 2 and 3; returns where the record begins. */
static size_t record_begin(struct buf *buf, int64_t time, bool extended, uint16_t type,
			   uint16_t subtype)
{
	size_t start = buf->len;
	int64_t seconds = whole_seconds(time);

	put_u32(buf, (uint32_t)seconds);
	put_u16(buf, type);
	put_u16(buf, subtype);
	put_u32(buf, 0);
	if (extended)
		put_u32(buf, (uint32_t)(time - seconds * UTC_SECOND));
	return start;
}

static void record_end(struct buf *buf, size_t start)
{
	patch_u32(buf, start + 8, buf->len - start - MRT_HEADER_SIZE);
}

static unsigned addr_size(uint8_t family)
{
	return family == FAMILY_IPV6 ? 16 : 4;
}

static void put_addr(struct buf *buf, const struct addr *addr)
{
	buf_add(buf, addr->bytes, addr_size(addr->family));
}

static size_t nlri_size(const struct prefix *prefix)
{
	return 1 + (size_t)(prefix->len + 7) / 8;
}

static void put_nlri(struct buf *buf, const struct prefix *prefix)
{
	put_u8(buf, prefix->len);
	buf_add(buf, prefix->bytes, (size_t)(prefix->len + 7) / 8);
}

/*
 * Attribute header; RFC 4271 section 4.3 (a): the extended length only where one byte is too small.
 */
static void put_attr(struct buf *buf, uint8_t flags, uint8_t code, size_t len)
{
	if (len > 255) {
		put_u8(buf, flags | FLAG_EXTENDED);
		put_u8(buf, code);
		put_u16(buf, (uint16_t)len);
	} else {
		put_u8(buf, flags);
		put_u8(buf, code);
		put_u8(buf, (uint8_t)len);
	}
}

static void put_as_path(struct buf *buf, const struct write_attrs *attrs)
{
	uint32_t segments = (attrs->path_len + SEGMENT_MAX - 1) / SEGMENT_MAX;

	put_attr(buf, FLAG_TRANSITIVE, ATTR_AS_PATH,
		 (size_t)segments * 2 + (size_t)attrs->path_len * 4);
	for (uint32_t i = 0; i < attrs->path_len; i++) {
		if (i % SEGMENT_MAX == 0) {
			uint32_t left = attrs->path_len - i;

			put_u8(buf, AS_SEQUENCE);
			put_u8(buf, left < SEGMENT_MAX ? (uint8_t)left : SEGMENT_MAX);
		}
		put_u32(buf, attrs->path[i]);
	}
}

/* All but MP_REACH_NLRI, in the order of their codes (RFC 4271 section 5: should be). */
static void put_common_attrs(struct buf *buf, const struct write_attrs *attrs)
{
	put_attr(buf, FLAG_TRANSITIVE, ATTR_ORIGIN, 1);
	put_u8(buf, attrs->origin);
	put_as_path(buf, attrs);
	if (attrs->next_hop.family == FAMILY_IPV4) {
		put_attr(buf, FLAG_TRANSITIVE, ATTR_NEXT_HOP, 4);
		put_addr(buf, &attrs->next_hop);
	}
	if (attrs->has_med) {
		put_attr(buf, FLAG_OPTIONAL, ATTR_MED, 4);
		put_u32(buf, attrs->med);
	}
	if (attrs->has_aggregator) {
		put_attr(buf, FLAG_OPTIONAL | FLAG_TRANSITIVE, ATTR_AGGREGATOR, 8);
		put_u32(buf, attrs->aggregator);
		put_addr(buf, &attrs->aggregator_addr);
	}
	if (attrs->community_count) {
		put_attr(buf, FLAG_OPTIONAL | FLAG_TRANSITIVE, ATTR_COMMUNITIES,
			 (size_t)attrs->community_count * 4);
		for (uint32_t i = 0; i < attrs->community_count; i++)
			put_u32(buf, attrs->communities[i]);
	}
	if (attrs->large_count) {
		put_attr(buf, FLAG_OPTIONAL | FLAG_TRANSITIVE, ATTR_LARGE_COMMUNITIES,
			 (size_t)attrs->large_count * 12);
		for (uint32_t i = 0; i < attrs->large_count; i++) {
			put_u32(buf, attrs->large[i].global);
			put_u32(buf, attrs->large[i].local1);
			put_u32(buf, attrs->large[i].local2);
		}
	}
}

void mrt_write_peer_index(struct buf *buf, int64_t time, uint32_t collector_id, const char *view,
			  const struct peer *peers, uint16_t count)
{
	size_t start = record_begin(buf, time, false, MRT_TABLE_DUMP_V2, SUBTYPE_PEER_INDEX_TABLE);
	size_t view_len = strnlen(view, 255);

	put_u32(buf, collector_id);
	put_u16(buf, (uint16_t)view_len);
	buf_add(buf, view, view_len);
	put_u16(buf, count);
	for (uint16_t i = 0; i < count; i++) {
		/* RFC 6396 section 4.3.1: bit 0 an IPv6 address, bit 1 four bytes of AS */
		put_u8(buf, 2 | (peers[i].addr.family == FAMILY_IPV6));
		put_u32(buf, peers[i].bgp_id);
		put_addr(buf, &peers[i].addr);
		put_u32(buf, peers[i].asn);
	}
	record_end(buf, start);
}

void mrt_write_rib_begin(struct buf *buf, struct write_rib *ret_rib, int64_t time,
			 uint32_t sequence, const struct prefix *prefix)
{
	uint16_t subtype = prefix->family == FAMILY_IPV6 ? SUBTYPE_RIB_IPV6_UNICAST
							 : SUBTYPE_RIB_IPV4_UNICAST;

	ret_rib->start = record_begin(buf, time, false, MRT_TABLE_DUMP_V2, subtype);
	put_u32(buf, sequence);
	put_nlri(buf, prefix);
	ret_rib->count_at = buf->len;
	ret_rib->count = 0;
	ret_rib->family = prefix->family;
	put_u16(buf, 0);
}

void mrt_write_rib_entry(struct buf *buf, struct write_rib *rib, uint16_t peer_index,
			 int64_t originated, const struct write_attrs *attrs)
{
	size_t length_at;

	put_u16(buf, peer_index);
	put_u32(buf, (uint32_t)whole_seconds(originated));
	length_at = buf->len;
	put_u16(buf, 0);
	put_common_attrs(buf, attrs);
	if (rib->family == FAMILY_IPV6) {
		/* RFC 6396 section 4.3.4: the next hop alone */
		put_attr(buf, FLAG_OPTIONAL, ATTR_MP_REACH, 17);
		put_u8(buf, 16);
		put_addr(buf, &attrs->next_hop);
	}
	patch_u16(buf, length_at, buf->len - length_at - 2);
	rib->count++;
}

bool mrt_write_rib_end(struct buf *buf, struct write_rib *rib)
{
	if (rib->count == 0) {
		if (!buf->failed)
			buf->len = rib->start;
		return false;
	}
	patch_u16(buf, rib->count_at, rib->count);
	record_end(buf, rib->start);
	return true;
}

/* RFC 6396 section 4.4: what BGP4MP records share. */
static size_t session_begin(struct buf *buf, const struct write_session *session, int64_t time,
			    uint16_t subtype)
{
	size_t start = record_begin(buf, time, session->extended,
				    session->extended ? MRT_BGP4MP_ET : MRT_BGP4MP, subtype);

	put_u32(buf, session->peer.asn);
	put_u32(buf, session->local_asn);
	put_u16(buf, 0);
	put_u16(buf, session->peer.addr.family == FAMILY_IPV6 ? AFI_IPV6 : AFI_IPV4);
	put_addr(buf, &session->peer.addr);
	put_addr(buf, &session->local);
	return start;
}

/* RFC 4271 section 4.1; returns where the message begins. */
static size_t message_begin(struct buf *buf)
{
	static const uint8_t marker[16] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	size_t start = buf->len;

	buf_add(buf, marker, sizeof(marker));
	put_u16(buf, 0);
	put_u8(buf, BGP_UPDATE);
	return start;
}

static void message_end(struct buf *buf, size_t message, size_t record)
{
	patch_u16(buf, message + 16, buf->len - message);
	record_end(buf, record);
}

/* How many prefixes from the first on fit into `room` bytes. */
static size_t prefixes_fitting(const struct prefix *prefixes, size_t count, size_t room,
			       size_t *ret_bytes)
{
	size_t bytes = 0, i = 0;

	while (i < count && bytes + nlri_size(&prefixes[i]) <= room)
		bytes += nlri_size(&prefixes[i++]);
	*ret_bytes = bytes;
	return i;
}

/* One UPDATE with as many prefixes as fit; returns how many (0: none do, nothing written). */
static size_t announce_some(struct buf *buf, const struct write_session *session, int64_t time,
			    const struct write_attrs *attrs, const struct prefix *prefixes,
			    size_t count)
{
	bool ipv6 = prefixes[0].family == FAMILY_IPV6;
	size_t record = session_begin(buf, session, time, SUBTYPE_MESSAGE_AS4);
	size_t message = message_begin(buf);
	size_t length_at, mp = 0, used, bytes, n;

	put_u16(buf, 0);
	length_at = buf->len;
	put_u16(buf, 0);
	put_common_attrs(buf, attrs);
	if (ipv6)
		mp = 4 + 21;	/* attribute header, AFI, SAFI, next hop and reserved byte */
	used = buf->len - message + mp;
	n = used < BGP_MESSAGE_MAX
		? prefixes_fitting(prefixes, count, BGP_MESSAGE_MAX - used, &bytes) : 0;
	if (n == 0 || buf->failed) {
		if (!buf->failed)
			buf->len = record;
		return 0;
	}
	if (ipv6) {
		put_attr(buf, FLAG_OPTIONAL, ATTR_MP_REACH, 21 + bytes);
		put_u16(buf, AFI_IPV6);
		put_u8(buf, SAFI_UNICAST);
		put_u8(buf, 16);
		put_addr(buf, &attrs->next_hop);
		put_u8(buf, 0);
	} else {
		patch_u16(buf, length_at, buf->len - length_at - 2);
	}
	for (size_t i = 0; i < n; i++)
		put_nlri(buf, &prefixes[i]);
	if (ipv6)
		patch_u16(buf, length_at, buf->len - length_at - 2);
	message_end(buf, message, record);
	return n;
}

bool mrt_write_announce(struct buf *buf, const struct write_session *session, int64_t time,
			const struct write_attrs *attrs, const struct prefix *prefixes,
			size_t count)
{
	size_t start = buf->len;

	while (count && !buf->failed) {
		size_t n = announce_some(buf, session, time, attrs, prefixes, count);

		if (n == 0 && !buf->failed) {
			buf->len = start;
			return false;
		}
		prefixes += n;
		count -= n;
	}
	return true;
}

static size_t withdraw_some(struct buf *buf, const struct write_session *session, int64_t time,
			    const struct prefix *prefixes, size_t count)
{
	bool ipv6 = prefixes[0].family == FAMILY_IPV6;
	/* header, two lengths and, for IPv6, the attribute with AFI and SAFI */
	size_t used = BGP_HEADER_SIZE + 4 + (ipv6 ? 7 : 0);
	size_t bytes, n = prefixes_fitting(prefixes, count, BGP_MESSAGE_MAX - used, &bytes);
	size_t record = session_begin(buf, session, time, SUBTYPE_MESSAGE_AS4);
	size_t message = message_begin(buf);

	if (ipv6) {
		put_u16(buf, 0);
		put_u16(buf, (uint16_t)((bytes + 3 > 255 ? 4 : 3) + 3 + bytes));
		put_attr(buf, FLAG_OPTIONAL, ATTR_MP_UNREACH, 3 + bytes);
		put_u16(buf, AFI_IPV6);
		put_u8(buf, SAFI_UNICAST);
	} else {
		put_u16(buf, (uint16_t)bytes);
	}
	for (size_t i = 0; i < n; i++)
		put_nlri(buf, &prefixes[i]);
	if (!ipv6)
		put_u16(buf, 0);
	message_end(buf, message, record);
	return n;
}

void mrt_write_withdraw(struct buf *buf, const struct write_session *session, int64_t time,
			const struct prefix *prefixes, size_t count)
{
	while (count && !buf->failed) {
		size_t n = withdraw_some(buf, session, time, prefixes, count);

		prefixes += n;
		count -= n;
	}
}

void mrt_write_end_of_rib(struct buf *buf, const struct write_session *session, int64_t time,
			  enum family family)
{
	size_t record = session_begin(buf, session, time, SUBTYPE_MESSAGE_AS4);
	size_t message = message_begin(buf);

	put_u16(buf, 0);
	if (family == FAMILY_IPV6) {
		put_u16(buf, 6);
		put_attr(buf, FLAG_OPTIONAL, ATTR_MP_UNREACH, 3);
		put_u16(buf, AFI_IPV6);
		put_u8(buf, SAFI_UNICAST);
	} else {
		put_u16(buf, 0);
	}
	message_end(buf, message, record);
}

void mrt_write_state(struct buf *buf, const struct write_session *session, int64_t time,
		     enum bgp_state from, enum bgp_state to)
{
	size_t record = session_begin(buf, session, time, SUBTYPE_STATE_CHANGE_AS4);

	put_u16(buf, (uint16_t)from);
	put_u16(buf, (uint16_t)to);
	record_end(buf, record);
}
