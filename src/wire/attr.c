/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Path attributes: one walk, one table.
 *
 * attrs_scan() goes through a span attribute by attribute. The table has a row for each code that
 * has a form of its own: the flags it must bear (RFC 7606 section 3 (c)), the length it must have,
 * a function for what a length cannot say, and what RFC 7606 section 7 (or the attribute's own
 * RFC) asks for when it is malformed. The worst verdict over all attributes counts (section 3 (h)).
 * Codes without a row are kept as they are: whoever asks finds them with attrs_next().
 */
#include "wire/attr.h"

#include "wire/attr_path.h"
#include "wire/load.h"

enum {
	FLAG_OPTIONAL = 0x80,
	FLAG_TRANSITIVE = 0x40,
	FLAG_EXTENDED = 0x10,

	WELL_KNOWN = FLAG_TRANSITIVE,
	OPTIONAL = FLAG_OPTIONAL,
	OPTIONAL_TRANSITIVE = FLAG_OPTIONAL | FLAG_TRANSITIVE,
};

enum length_form {
	LENGTH_ANY,
	LENGTH_EXACT,
	LENGTH_MULTIPLE,	/* but not zero */
};

/* What a check found: FAULT_KIND_COUNT where all is well. */
typedef enum fault_kind check_fn(const struct attr_span *span, const struct attr_value *value);

struct rule {
	uint8_t flags;			/* Optional and Transitive as specified */
	uint8_t form;			/* enum length_form */
	uint8_t size;
	uint8_t malformed;		/* enum fault_verdict of a wrong length or value */
	uint8_t flags_verdict;
	bool internal;			/* across AS borders it is discarded at worst */
	check_fn *check;		/* may be NULL */
};

static check_fn check_origin, check_as_path, check_aggregator, check_as4_path, check_as4_aggregator;
static check_fn check_mp_reach, check_mp_unreach, check_aigp;

#define DISCARD	VERDICT_ATTRIBUTE_DISCARD
#define WITHDRAW VERDICT_TREAT_AS_WITHDRAW
#define RESET VERDICT_SESSION_RESET

static const struct rule rules[256] = {
	/* RFC 7606 sections 7.1 to 7.4 */
	[ATTR_ORIGIN] = { WELL_KNOWN, LENGTH_EXACT, 1, WITHDRAW, WITHDRAW, false, check_origin },
	[ATTR_AS_PATH] = { WELL_KNOWN, LENGTH_ANY, 0, WITHDRAW, WITHDRAW, false, check_as_path },
	[ATTR_NEXT_HOP] = { WELL_KNOWN, LENGTH_EXACT, 4, WITHDRAW, WITHDRAW, false, NULL },
	[ATTR_MED] = { OPTIONAL, LENGTH_EXACT, 4, WITHDRAW, WITHDRAW, false, NULL },
	/* section 7.5 */
	[ATTR_LOCAL_PREF] = { WELL_KNOWN, LENGTH_EXACT, 4, WITHDRAW, WITHDRAW, true, NULL },
	/* sections 7.6, 7.7, 3 (f) */
	[ATTR_ATOMIC_AGGREGATE] = { WELL_KNOWN, LENGTH_EXACT, 0, DISCARD, DISCARD, false, NULL },
	[ATTR_AGGREGATOR] = { OPTIONAL_TRANSITIVE, LENGTH_ANY, 0, DISCARD, DISCARD, false,
			      check_aggregator },
	/* sections 7.8 to 7.10 */
	[ATTR_COMMUNITIES] = { OPTIONAL_TRANSITIVE, LENGTH_MULTIPLE, 4, WITHDRAW, WITHDRAW, false,
			       NULL },
	[ATTR_ORIGINATOR_ID] = { OPTIONAL, LENGTH_EXACT, 4, WITHDRAW, WITHDRAW, true, NULL },
	[ATTR_CLUSTER_LIST] = { OPTIONAL, LENGTH_MULTIPLE, 4, WITHDRAW, WITHDRAW, true, NULL },
	/* sections 7.11, 7.12, 5.3 */
	[ATTR_MP_REACH] = { OPTIONAL, LENGTH_ANY, 0, RESET, WITHDRAW, false, check_mp_reach },
	[ATTR_MP_UNREACH] = { OPTIONAL, LENGTH_ANY, 0, RESET, WITHDRAW, false, check_mp_unreach },
	/* section 7.14 */
	[ATTR_EXT_COMMUNITIES] = { OPTIONAL_TRANSITIVE, LENGTH_MULTIPLE, 8, WITHDRAW, WITHDRAW,
				   false, NULL },
	/* RFC 6793 section 6 */
	[ATTR_AS4_PATH] = { OPTIONAL_TRANSITIVE, LENGTH_ANY, 0, DISCARD, DISCARD, false,
			    check_as4_path },
	[ATTR_AS4_AGGREGATOR] = { OPTIONAL_TRANSITIVE, LENGTH_EXACT, 8, DISCARD, DISCARD, false,
				  check_as4_aggregator },
	/* RFC 7606 section 7.15 */
	[ATTR_IPV6_EXT_COMMUNITIES] = { OPTIONAL_TRANSITIVE, LENGTH_MULTIPLE, 20, WITHDRAW,
					WITHDRAW, false, NULL },
	/* RFC 7311 section 3 */
	[ATTR_AIGP] = { OPTIONAL, LENGTH_ANY, 0, DISCARD, DISCARD, false, check_aigp },
	/* RFC 8092 section 6 */
	[ATTR_LARGE_COMMUNITIES] = { OPTIONAL_TRANSITIVE, LENGTH_MULTIPLE, 12, WITHDRAW, WITHDRAW,
				     false, NULL },
	/* RFC 9234 section 5 */
	[ATTR_ONLY_TO_CUSTOMER] = { OPTIONAL_TRANSITIVE, LENGTH_EXACT, 4, WITHDRAW, WITHDRAW, false,
				    NULL },
};

#undef DISCARD
#undef WITHDRAW
#undef RESET

/* IANA "BGP Path Attributes" */
static const char *const names[256] = {
	[1] = "ORIGIN",
	[2] = "AS_PATH",
	[3] = "NEXT_HOP",
	[4] = "MULTI_EXIT_DISC",
	[5] = "LOCAL_PREF",
	[6] = "ATOMIC_AGGREGATE",
	[7] = "AGGREGATOR",
	[8] = "COMMUNITIES",
	[9] = "ORIGINATOR_ID",
	[10] = "CLUSTER_LIST",
	[11] = "DPA",
	[12] = "ADVERTISER",
	[13] = "RCID_PATH",
	[14] = "MP_REACH_NLRI",
	[15] = "MP_UNREACH_NLRI",
	[16] = "EXTENDED_COMMUNITIES",
	[17] = "AS4_PATH",
	[18] = "AS4_AGGREGATOR",
	[19] = "SSA",
	[20] = "CONNECTOR",
	[21] = "AS_PATHLIMIT",
	[22] = "PMSI_TUNNEL",
	[23] = "TUNNEL_ENCAPSULATION",
	[24] = "TRAFFIC_ENGINEERING",
	[25] = "IPV6_EXTENDED_COMMUNITIES",
	[26] = "AIGP",
	[27] = "PE_DISTINGUISHER_LABELS",
	[28] = "ENTROPY_LABEL",
	[29] = "BGP_LS",
	[32] = "LARGE_COMMUNITIES",
	[33] = "BGPSEC_PATH",
	[34] = "COMMUNITY_CONTAINER",
	[35] = "ONLY_TO_CUSTOMER",
	[36] = "D_PATH",
	[37] = "SFP",
	[38] = "BFD_DISCRIMINATOR",
	[39] = "ROUTER_CAPABILITIES",
	[40] = "PREFIX_SID",
	[128] = "ATTR_SET",
};

const char *attr_name(uint8_t code)
{
	return names[code];
}

static enum fault_kind check_origin(const struct attr_span *span, const struct attr_value *value)
{
	(void)span;
	return value->bytes[0] > 2 ? FAULT_ATTR_VALUE : FAULT_KIND_COUNT;
}

static enum fault_kind check_path(const struct attr_value *value, unsigned asn_size)
{
	switch (attr_path_form(value->bytes, value->len, asn_size)) {
	case PATH_GOOD:
		break;
	case PATH_MALFORMED:
		return FAULT_AS_PATH;
	case PATH_HAS_ZERO:
		return FAULT_AS_ZERO;
	}
	return FAULT_KIND_COUNT;
}

static enum fault_kind check_as_path(const struct attr_span *span, const struct attr_value *value)
{
	return check_path(value, span->asn_size);
}

/* RFC 7606 section 7.7: six bytes, or eight where both sides know four-byte ASes. */
static enum fault_kind check_aggregator(const struct attr_span *span,
					const struct attr_value *value)
{
	uint32_t asn;
	struct cursor cur = cursor_make(value->bytes, value->len);

	if (value->len != span->asn_size + 4u)
		return FAULT_ATTR_LENGTH;
	asn = span->asn_size == 4 ? cursor_u32(&cur) : cursor_u16(&cur);
	return asn ? FAULT_KIND_COUNT : FAULT_AS_ZERO;
}

static enum fault_kind check_as4_path(const struct attr_span *span, const struct attr_value *value)
{
	(void)span;
	/* RFC 6793 section 6: shorter than one segment of one AS. */
	return value->len < 6 ? FAULT_ATTR_LENGTH : check_path(value, 4);
}

static enum fault_kind check_as4_aggregator(const struct attr_span *span,
					    const struct attr_value *value)
{
	struct cursor cur = cursor_make(value->bytes, value->len);

	(void)span;
	return cursor_u32(&cur) ? FAULT_KIND_COUNT : FAULT_AS_ZERO;
}

static enum fault_kind check_aigp(const struct attr_span *span, const struct attr_value *value)
{
	struct cursor cur = cursor_make(value->bytes, value->len);

	(void)span;
	while (cursor_left(&cur)) {
		unsigned type = cursor_u8(&cur);
		unsigned len = cursor_u16(&cur);

		/* The length counts type and length too; the AIGP TLV (1) has eleven bytes. */
		if (len < 3 || (type == 1 && len != 11) || !cursor_skip(&cur, len - 3))
			return FAULT_ATTR_VALUE;
	}
	return FAULT_KIND_COUNT;
}

/*
 * Next hops of unicast routes: an IPv6 address, perhaps with a link-local one behind it (RFC 2545
 * section 3), or, for IPv4 routes only, an IPv4 address (RFC 8950 section 3).
 */
static bool next_hop_fits(uint16_t afi, uint8_t safi, unsigned len)
{
	if ((afi != 1 && afi != 2) || safi != 1)
		return true;
	return len == 16 || len == 32 || (len == 4 && afi == 1);
}

static bool parse_mp_reach(const struct attr_span *span, const struct attr_value *value,
			   struct mp_reach *ret_reach)
{
	struct cursor cur = cursor_make(value->bytes, value->len);
	struct mp_reach reach = { 0 };

	/* No AFI begins with a byte other than zero that also counts the rest. */
	reach.abbreviated = span->rib && value->len && value->bytes[0] == value->len - 1u;
	if (!reach.abbreviated) {
		reach.afi = cursor_u16(&cur);
		reach.safi = cursor_u8(&cur);
	}
	reach.next_hop.len = cursor_u8(&cur);
	reach.next_hop.flags = value->flags;
	reach.next_hop.bytes = cursor_bytes(&cur, reach.next_hop.len);
	if (!reach.abbreviated)
		cursor_u8(&cur); /* reserved: once a count of SNPAs (RFC 4760 section 3) */
	if (cur.failed)
		return false;
	reach.nlri_at = (uint32_t)(cur.at - value->bytes);
	reach.nlri = cur;
	*ret_reach = reach;
	return true;
}

static bool parse_mp_unreach(const struct attr_value *value, struct mp_reach *ret_unreach)
{
	struct cursor cur = cursor_make(value->bytes, value->len);
	struct mp_reach unreach = { 0 };

	unreach.afi = cursor_u16(&cur);
	unreach.safi = cursor_u8(&cur);
	if (cur.failed)
		return false;
	unreach.nlri_at = 3;
	unreach.nlri = cur;
	*ret_unreach = unreach;
	return true;
}

static enum fault_kind check_mp_reach(const struct attr_span *span, const struct attr_value *value)
{
	struct mp_reach reach;

	if (!parse_mp_reach(span, value, &reach))
		return FAULT_ATTR_LENGTH;
	if (reach.abbreviated)
		return next_hop_fits(1, 1, reach.next_hop.len) ? FAULT_KIND_COUNT
							       : FAULT_MP_NEXT_HOP;
	return next_hop_fits(reach.afi, reach.safi, reach.next_hop.len)
		? FAULT_KIND_COUNT : FAULT_MP_NEXT_HOP;
}

static enum fault_kind check_mp_unreach(const struct attr_span *span,
					const struct attr_value *value)
{
	(void)span;
	return value->len < 3 ? FAULT_ATTR_LENGTH : FAULT_KIND_COUNT;
}

/* One scan on its way. */
struct scan {
	const struct attr_span *span;
	struct attrs *attrs;
	attr_fault_fn *fault;
	void *context;
	uint64_t seen[4];		/* one bit for each code */
};

static void __attribute__((cold, noinline))
scan_fault(struct scan *scan, enum fault_kind kind, enum fault_verdict verdict, uint32_t position,
	   uint64_t lost, uint32_t value)
{
	struct fault fault = {
		.kind = kind,
		.verdict = verdict,
		.at = scan->span->at + position,
		.lost = lost,
		.value = value,
	};

	scan->attrs->faults++;
	if (verdict > scan->attrs->verdict)
		scan->attrs->verdict = verdict;
	if (scan->fault)
		scan->fault(scan->context, &fault);
}

/* The verdict that a fault brings where it stands. */
static enum fault_verdict verdict_in(const struct attr_span *span, enum fault_verdict verdict)
{
	return span->rib ? VERDICT_NONE : verdict;
}

static bool length_fits(const struct rule *rule, unsigned len)
{
	switch ((enum length_form)rule->form) {
	case LENGTH_ANY:
		return true;
	case LENGTH_EXACT:
		return len == rule->size;
	case LENGTH_MULTIPLE:
		return len && len % rule->size == 0;
	}
	return false;
}

/* Holds one attribute against its row: the verdict, NONE where nothing is wrong with it. */
static enum fault_verdict check_attribute(struct scan *scan, uint8_t code,
					  const struct attr_value *value, uint32_t position,
					  uint32_t size)
{
	const struct rule *rule = &rules[code];
	enum fault_kind kind = FAULT_KIND_COUNT;
	enum fault_verdict verdict = rule->malformed;

	if (!rule->flags) {
		/* RFC 4271 section 6.3: a well-known attribute that nobody knows. */
		if (value->flags & FLAG_OPTIONAL || names[code])
			return VERDICT_NONE;
		kind = FAULT_ATTR_FLAGS;
		verdict = VERDICT_SESSION_RESET;
	} else if ((value->flags ^ rule->flags) & (FLAG_OPTIONAL | FLAG_TRANSITIVE)) {
		kind = FAULT_ATTR_FLAGS;
		verdict = rule->flags_verdict;
	} else if (!length_fits(rule, value->len)) {
		kind = FAULT_ATTR_LENGTH;
	} else if (rule->check) {
		kind = rule->check(scan->span, value);
	}
	if (kind == FAULT_KIND_COUNT)
		return VERDICT_NONE;
	if (rule->internal && scan->span->external)
		verdict = VERDICT_ATTRIBUTE_DISCARD;
	if (kind == FAULT_AS_ZERO)
		verdict = VERDICT_NONE;
	verdict = verdict_in(scan->span, verdict);
	scan_fault(scan, kind, verdict, position,
		   verdict == VERDICT_ATTRIBUTE_DISCARD ? size : 0, code);
	return verdict;
}

/* RFC 7606 section 3 (g): the first counts, but MP_REACH_NLRI and MP_UNREACH_NLRI are one each. */
static void fault_twice(struct scan *scan, uint8_t code, uint32_t position, uint32_t size)
{
	bool mp = code == ATTR_MP_REACH || code == ATTR_MP_UNREACH;

	scan_fault(scan, FAULT_ATTR_TWICE,
		   verdict_in(scan->span, mp ? VERDICT_SESSION_RESET : VERDICT_ATTRIBUTE_DISCARD),
		   position, size, code);
}

static bool was_seen(const struct scan *scan, unsigned code)
{
	return scan->seen[code / 64] >> code % 64 & 1;
}

static void check_mandatory(struct scan *scan)
{
	const struct attr_span *span = scan->span;

	if (span->withdraw_only ||
	    !(span->rib || span->classic_nlri || was_seen(scan, ATTR_MP_REACH)))
		return;
	for (unsigned code = ATTR_ORIGIN; code <= ATTR_NEXT_HOP; code++) {
		if (was_seen(scan, code) || (code == ATTR_NEXT_HOP && !span->classic_nlri))
			continue;
		scan_fault(scan, FAULT_ATTR_MISSING, verdict_in(span, VERDICT_TREAT_AS_WITHDRAW),
			   span->len, 0, code);
	}
}

/* The attribute at *position, which moves behind it. False at the end and where it does not fit. */
static inline bool next_attribute(const struct attr_span *span, uint32_t *position,
				  uint8_t *ret_code, struct attr_value *ret_value)
{
	uint32_t left = span->len - *position, head = 3, len;
	const uint8_t *at;

	if (left < 3)
		return false;
	at = span->bytes + *position;
	if (at[0] & FLAG_EXTENDED) {
		if (left < 4)
			return false;
		len = (uint32_t)at[2] << 8 | at[3];
		head = 4;
	} else {
		len = at[2];
	}
	if (len > left - head)
		return false;
	*ret_code = at[1];
	*ret_value = (struct attr_value){ at + head, (uint16_t)len, at[0] };
	*position += head + len;
	return true;
}

/* Only what was remembered: clearing all of them takes longer than a scan. */
static void forget(struct attrs *attrs)
{
	for (uint64_t left = attrs->remembered; left; left &= left - 1)
		attrs->known[__builtin_ctzll(left)].bytes = NULL;
	attrs->remembered = 0;
	attrs->count = 0;
	attrs->faults = 0;
	attrs->verdict = VERDICT_NONE;
}

/* Field by field: copied whole, it waits for the stores that made it. */
static inline void remember(struct attrs *attrs, uint8_t code, const struct attr_value *value)
{
	attrs->known[code].bytes = value->bytes;
	attrs->known[code].len = value->len;
	attrs->known[code].flags = value->flags;
	attrs->remembered |= (uint64_t)1 << code;
}

_Static_assert(ATTR_KNOWN_MAX <= 64, "a bit for each");

/* A path of one AS_SEQUENCE without AS 0: good, as most are. */
static bool is_plain_path(const struct attr_value *value, unsigned asn_size)
{
	const uint8_t *at = value->bytes, *end = at + value->len;
	bool zero = false;

	if (value->len < 2 + asn_size || at[0] != AS_SEQUENCE || value->len != 2 + at[1] * asn_size)
		return false;
	at += 2;
	if (asn_size == 4)
		for (; at < end; at += 4)
			zero |= load_be32(at) == 0;
	else
		for (; at < end; at += 2)
			zero |= load_be16(at) == 0;
	return !zero;
}

/*
 * What nearly all attributes begin with, ORIGIN and then AS_PATH, where nothing is wrong with them:
 * the position behind both, 0 where the walk must look at them one by one.
 */
static uint32_t scan_usual(struct scan *scan)
{
	const struct attr_span *span = scan->span;
	struct attr_value origin, path;
	uint32_t position = 0;
	uint8_t code;

	if (!next_attribute(span, &position, &code, &origin) || code != ATTR_ORIGIN ||
	    (origin.flags ^ WELL_KNOWN) & (FLAG_OPTIONAL | FLAG_TRANSITIVE) || origin.len != 1 ||
	    origin.bytes[0] > 2)
		return 0;
	if (!next_attribute(span, &position, &code, &path) || code != ATTR_AS_PATH ||
	    (path.flags ^ WELL_KNOWN) & (FLAG_OPTIONAL | FLAG_TRANSITIVE) ||
	    !is_plain_path(&path, span->asn_size))
		return 0;
	remember(scan->attrs, ATTR_ORIGIN, &origin);
	remember(scan->attrs, ATTR_AS_PATH, &path);
	scan->attrs->count = 2;
	scan->seen[0] = 1 << ATTR_ORIGIN | 1 << ATTR_AS_PATH;
	return position;
}

void attrs_scan(const struct attr_span *span, struct attrs *ret_attrs, attr_fault_fn *fault,
		void *context)
{
	struct scan scan = { span, ret_attrs, fault, context, { 0 } };
	struct attr_value value;
	uint32_t position, start;
	uint8_t code;

	forget(ret_attrs);
	ret_attrs->span = *span;
	position = scan_usual(&scan);
	for (start = position; next_attribute(span, &position, &code, &value); start = position) {
		uint64_t bit = (uint64_t)1 << code % 64;

		ret_attrs->count++;
		if (scan.seen[code / 64] & bit) {
			fault_twice(&scan, code, start, position - start);
			continue;
		}
		scan.seen[code / 64] |= bit;
		if (check_attribute(&scan, code, &value, start, position - start) !=
		    VERDICT_ATTRIBUTE_DISCARD && code < ATTR_KNOWN_MAX)
			remember(ret_attrs, code, &value);
	}
	if (position < span->len)
		scan_fault(&scan, FAULT_ATTR_SHORT, verdict_in(span, VERDICT_TREAT_AS_WITHDRAW),
			   position, span->len - position,
			   span->len - position > 1 ? span->bytes[position + 1] : 0);
	check_mandatory(&scan);
}

bool attrs_find(const struct attr_span *span, uint8_t code, struct attr_value *ret_value)
{
	struct attr_value value;
	uint32_t position = 0;
	uint8_t found;

	while (next_attribute(span, &position, &found, &value)) {
		if (found == code) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

bool attrs_next(const struct attr_span *span, uint32_t *position, uint8_t *ret_code,
		struct attr_value *ret_value)
{
	return next_attribute(span, position, ret_code, ret_value);
}

bool attrs_mp_reach(const struct attrs *attrs, struct mp_reach *ret_reach)
{
	const struct attr_value *value = &attrs->known[ATTR_MP_REACH];

	return value->bytes && parse_mp_reach(&attrs->span, value, ret_reach);
}

bool attrs_mp_unreach(const struct attrs *attrs, struct mp_reach *ret_unreach)
{
	const struct attr_value *value = &attrs->known[ATTR_MP_UNREACH];

	return value->bytes && parse_mp_unreach(value, ret_unreach);
}
