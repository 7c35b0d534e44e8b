/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names are those of IANA's registry "BGP Well-known Communities". They are taken apart as people
 * write them too: "no-export" is NO_EXPORT.
 */
#include "net/community.h"

#include "net/prefix.h"

static const struct {
	uint32_t value;
	const char *name;
} well_known[] = {
	{ 0xffff0000u, "GRACEFUL_SHUTDOWN" },		/* RFC 8326 */
	{ 0xffff0001u, "ACCEPT_OWN" },			/* RFC 7611 */
	{ 0xffff0002u, "ROUTE_FILTER_TRANSLATED_v4" },	/* draft-l3vpn-legacy-rtc */
	{ 0xffff0003u, "ROUTE_FILTER_v4" },
	{ 0xffff0004u, "ROUTE_FILTER_TRANSLATED_v6" },
	{ 0xffff0005u, "ROUTE_FILTER_v6" },
	{ 0xffff0006u, "LLGR_STALE" },			/* RFC 9494 */
	{ 0xffff0007u, "NO_LLGR" },
	{ 0xffff0008u, "accept-own-nexthop" },		/* draft-agrewal-idr-accept-own-nexthop */
	{ 0xffff0009u, "Standby PE" },			/* RFC 9026 */
	{ COMMUNITY_BLACKHOLE, "BLACKHOLE" },		/* RFC 7999 */
	{ 0xffffff01u, "NO_EXPORT" },			/* RFC 1997 */
	{ 0xffffff02u, "NO_ADVERTISE" },
	{ 0xffffff03u, "NO_EXPORT_SUBCONFED" },
	{ 0xffffff04u, "NOPEER" },			/* RFC 3765 */
};

#define WELL_KNOWN (sizeof(well_known) / sizeof(well_known[0]))

static uint32_t load_u16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t load_u32(const uint8_t *at)
{
	return load_u16(at) << 16 | load_u16(at + 2);
}

static char plain(char c)
{
	if (c == '-' || c == ' ')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_name(struct view text, const char *name)
{
	if (text.len != strlen(name))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (plain(text.ptr[i]) != plain(name[i]))
			return false;
	return true;
}

bool community_parse(struct view text, uint32_t *ret_community)
{
	struct view asn, rest = text;
	uint32_t high, low;

	for (size_t i = 0; i < WELL_KNOWN; i++) {
		if (is_name(text, well_known[i].name)) {
			*ret_community = well_known[i].value;
			return true;
		}
	}
	if (!view_split(&rest, ':', &asn) || !view_u32(asn, &high) || !view_u32(rest, &low) ||
	    high > UINT16_MAX || low > UINT16_MAX)
		return false;
	*ret_community = high << 16 | low;
	return true;
}

/* RFC 4360 section 3, RFC 5668: what the type says of the administrator's six bytes. */
enum { TYPE_AS2 = 0x00, TYPE_IPV4 = 0x01, TYPE_AS4 = 0x02 };
/* RFC 4360 sections 4 and 5 */
enum { SUBTYPE_ROUTE_TARGET = 0x02, SUBTYPE_ROUTE_ORIGIN = 0x03 };

void ext_community_format(struct buf *buf, const uint8_t bytes[8])
{
	struct addr addr = { .family = FAMILY_IPV4 };

	if (bytes[0] > TYPE_AS4 ||
	    (bytes[1] != SUBTYPE_ROUTE_TARGET && bytes[1] != SUBTYPE_ROUTE_ORIGIN)) {
		buf_str(buf, "0x");
		buf_hex(buf, bytes, 8);
		return;
	}
	buf_str(buf, bytes[1] == SUBTYPE_ROUTE_TARGET ? "rt:" : "soo:");
	switch (bytes[0]) {
	case TYPE_AS2:
		buf_u64(buf, load_u16(bytes + 2));
		break;
	case TYPE_IPV4:
		memcpy(addr.bytes, bytes + 2, 4);
		addr_format(buf, &addr);
		break;
	case TYPE_AS4:
		buf_u64(buf, load_u32(bytes + 2));
		break;
	}
	buf_char(buf, ':');
	buf_u64(buf, bytes[0] == TYPE_AS2 ? load_u32(bytes + 4) : load_u16(bytes + 6));
}
