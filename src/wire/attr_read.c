/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single values out of scanned attributes. Each accessor asks for the length that it reads: the
 * scan remembers an attribute also where it is malformed, unless the verdict was to discard it.
 */
#include "wire/attr.h"

static const struct attr_value *known(const struct attrs *attrs, enum attr_code code, unsigned len)
{
	const struct attr_value *value = &attrs->known[code];

	return value->bytes && value->len == len ? value : NULL;
}

bool attrs_origin(const struct attrs *attrs, uint8_t *ret_origin)
{
	const struct attr_value *value = known(attrs, ATTR_ORIGIN, 1);

	if (!value)
		return false;
	*ret_origin = value->bytes[0];
	return true;
}

bool attrs_u32(const struct attrs *attrs, enum attr_code code, uint32_t *ret_value)
{
	const struct attr_value *value = known(attrs, code, 4);
	struct cursor cur;

	if (!value)
		return false;
	cur = cursor_make(value->bytes, 4);
	*ret_value = cursor_u32(&cur);
	return true;
}

static void addr_set(struct addr *addr, enum family family, const uint8_t *bytes)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = (uint8_t)family;
	memcpy(addr->bytes, bytes, family_bits(addr->family) / 8);
}

static bool next_hop_set(const uint8_t *bytes, unsigned len, struct addr *ret_next_hop,
			 struct addr *ret_local)
{
	if (len != 4 && len != 16 && len != 32)
		return false;
	addr_set(ret_next_hop, len == 4 ? FAMILY_IPV4 : FAMILY_IPV6, bytes);
	if (ret_local && len == 32)
		addr_set(ret_local, FAMILY_IPV6, bytes + 16);
	else if (ret_local)
		*ret_local = (struct addr){ .family = FAMILY_NONE };
	return true;
}

static bool mp_next_hop(const struct attrs *attrs, struct addr *ret_next_hop,
			struct addr *ret_local)
{
	struct mp_reach reach;

	return attrs_mp_reach(attrs, &reach) &&
		next_hop_set(reach.next_hop.bytes, reach.next_hop.len, ret_next_hop, ret_local);
}

bool attrs_next_hop(const struct attrs *attrs, bool from_mp, struct addr *ret_next_hop,
		    struct addr *ret_local)
{
	const struct attr_value *value;

	/* A RIB entry has one route only: whatever next hop there is, is its own. */
	if ((from_mp || attrs->span.rib) && mp_next_hop(attrs, ret_next_hop, ret_local))
		return true;
	value = known(attrs, ATTR_NEXT_HOP, 4);
	if (value && (!from_mp || attrs->span.rib))
		return next_hop_set(value->bytes, 4, ret_next_hop, ret_local);
	if (!attrs->span.next_hop)
		return false;
	return next_hop_set(attrs->span.next_hop, attrs->span.next_hop_len, ret_next_hop,
			    ret_local);
}

bool attrs_aggregator(const struct attrs *attrs, uint32_t *ret_asn, struct addr *ret_addr)
{
	const struct attr_value *value = &attrs->known[ATTR_AGGREGATOR];
	const struct attr_value *as4 = known(attrs, ATTR_AS4_AGGREGATOR, 8);
	struct cursor cur;
	uint32_t asn;

	/* Some collectors write RIB entries with the wrong size of AS: the length tells. */
	if (!value->bytes || (value->len != 6 && value->len != 8))
		return false;
	cur = cursor_make(value->bytes, value->len);
	asn = value->len == 8 ? cursor_u32(&cur) : cursor_u16(&cur);
	/* RFC 6793 section 4.2.3 */
	if (value->len == 6 && attrs->span.asn_size == 2 && asn == ASN_TRANS && as4) {
		cur = cursor_make(as4->bytes, as4->len);
		asn = cursor_u32(&cur);
	}
	*ret_asn = asn;
	addr_set(ret_addr, FAMILY_IPV4, cur.at);
	return true;
}

unsigned attrs_community_count(const struct attrs *attrs)
{
	const struct attr_value *value = &attrs->known[ATTR_COMMUNITIES];

	return value->bytes ? value->len / 4u : 0;
}

uint32_t attrs_community(const struct attrs *attrs, unsigned i)
{
	struct cursor cur = cursor_make(attrs->known[ATTR_COMMUNITIES].bytes + 4 * (size_t)i, 4);

	return cursor_u32(&cur);
}
