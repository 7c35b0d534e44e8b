/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a BGP4MP message are walked as its decoder walks them, without a word about what is
 * wrong. Attributes are only gone through where no prefixes stand outside them: IPv6 goes through
 * MP_REACH_NLRI and MP_UNREACH_NLRI.
 */
#include "wire/glance.h"

#include "wire/decode.h"

static struct update_prefixes list_of(const struct cursor *cur, enum family family)
{
	return (struct update_prefixes){ cur->at, cur->end, family, 0 };
}

/* What is in MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760 sections 3, 4) of IPv6 unicast. */
static struct update_prefixes list_of_mp(uint8_t code, const struct attr_value *value)
{
	struct cursor cur = cursor_make(value->bytes, value->len);
	bool ours = cursor_u16(&cur) == AFI_IPV6 && cursor_u8(&cur) == SAFI_UNICAST;

	if (code == ATTR_MP_REACH) {
		cursor_skip(&cur, cursor_u8(&cur));
		cursor_skip(&cur, 1);
	}
	if (!ours)
		cursor_fail(&cur);
	return list_of(&cur, FAMILY_IPV6);
}

static void glance_at_attributes(const struct cursor *attributes, struct glance *glance)
{
	const struct attr_span span = {
		.bytes = attributes->at, .len = (uint32_t)cursor_left(attributes),
	};
	struct attr_value value;
	uint32_t position = 0;
	uint8_t code;

	while (attrs_next(&span, &position, &code, &value))
		if (code == ATTR_MP_REACH || code == ATTR_MP_UNREACH)
			glance->lists[code == ATTR_MP_REACH] = list_of_mp(code, &value);
}

bool glance_at(const struct mrt_record *record, struct glance *ret_glance)
{
	enum { TO_TYPE = 18 };		/* marker and length: RFC 4271 section 4.1 */
	const struct mrt_kind *kind = mrt_kind_find(record->type, record->subtype);
	struct cursor cur = body_cursor(record), withdrawn, attributes;
	struct glance *glance = ret_glance;
	uint16_t afi;

	if (!kind || kind->decode != bgp4mp_message_decode || kind->add_path)
		return false;
	glance->peer.asn = kind->asn_size == 4 ? cursor_u32(&cur) : cursor_u16(&cur);
	cursor_skip(&cur, kind->asn_size + 2u);
	afi = cursor_u16(&cur);
	read_addr_to(&cur, afi, &glance->peer.addr);
	skip_addr(&cur, afi);
	cursor_skip(&cur, TO_TYPE);
	if (cursor_u8(&cur) != BGP_UPDATE)
		return false;
	withdrawn = cursor_sub(&cur, cursor_u16(&cur));
	attributes = cursor_sub(&cur, cursor_u16(&cur));
	glance->lists[0] = list_of(&withdrawn, FAMILY_IPV4);
	glance->lists[1] = list_of(&cur, FAMILY_IPV4);
	if (cursor_left(&withdrawn) == 0 && cursor_left(&cur) == 0)
		glance_at_attributes(&attributes, glance);
	return true;
}
