/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BGP path attributes (RFC 4271 section 4.3 and those that came later), decoded when asked.
 *
 * attrs_scan() walks a span once, checks each attribute against the table in attr.c (flags,
 * length, form: RFC 7606) and remembers where each stands; the accessors below then read single
 * values. Nothing is copied; only AS paths that must be put together from AS_PATH and AS4_PATH
 * (RFC 6793 section 4.2.3) are written into the scratch space that the caller lends.
 */
#ifndef CONSTAT_WIRE_ATTR_H
#define CONSTAT_WIRE_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "net/community.h"
#include "net/path.h"
#include "net/prefix.h"
#include "wire/fault.h"

enum attr_code {
	ATTR_ORIGIN = 1,
	ATTR_AS_PATH = 2,
	ATTR_NEXT_HOP = 3,
	ATTR_MED = 4,
	ATTR_LOCAL_PREF = 5,
	ATTR_ATOMIC_AGGREGATE = 6,
	ATTR_AGGREGATOR = 7,
	ATTR_COMMUNITIES = 8,
	ATTR_ORIGINATOR_ID = 9,
	ATTR_CLUSTER_LIST = 10,
	ATTR_MP_REACH = 14,
	ATTR_MP_UNREACH = 15,
	ATTR_EXT_COMMUNITIES = 16,
	ATTR_AS4_PATH = 17,
	ATTR_AS4_AGGREGATOR = 18,
	ATTR_IPV6_EXT_COMMUNITIES = 25,
	ATTR_AIGP = 26,
	ATTR_LARGE_COMMUNITIES = 32,
	ATTR_ONLY_TO_CUSTOMER = 35,
	ATTR_SET = 128,
	ATTR_KNOWN_MAX = 40,		/* codes below are remembered by place */
};

/* Attributes as they stand on the wire, and what must be known to read them. */
struct attr_span {
	const uint8_t *bytes;
	uint32_t len;
	uint32_t at;			/* offset of the first byte within the record, for faults */
	uint8_t asn_size;		/* 2 or 4 bytes an AS in AS_PATH and AGGREGATOR */
	/* of a RIB entry: MP_REACH_NLRI may be the short form of RFC 6396 section 4.3.4 */
	bool rib;
	bool withdraw_only;		/* of an UPDATE without NLRI: no attribute is mandatory */
	/* the UPDATE has NLRI outside MP_REACH: NEXT_HOP is mandatory */
	bool classic_nlri;
	/* of a session between two ASes (RFC 7606 sections 7.5, 7.9, 7.10) */
	bool external;
	uint8_t next_hop_len;
	/* stands outside the attributes (BGP4MP's ENTRY); else NULL */
	const uint8_t *next_hop;
};

struct attr_value {
	const uint8_t *bytes;		/* NULL: not present */
	uint16_t len;
	uint8_t flags;
};

/* Zeroed before its first scan. */
struct attrs {
	struct attr_span span;
	struct attr_value known[ATTR_KNOWN_MAX];
	uint64_t remembered;		/* a bit for each of `known` that is present */
	uint32_t count;			/* all attributes, unknown ones too */
	uint32_t faults;		/* notes without a verdict, too */
	enum fault_verdict verdict;	/* the worst over all attributes */
};

typedef void attr_fault_fn(void *context, const struct fault *fault);

/*
 * Fills in ret_attrs; faults go to `fault` (may be NULL) with ref left to the caller to fill: the
 * function sees kind, verdict, at, lost, value. Attributes discarded by verdict are not remembered.
 */
void attrs_scan(const struct attr_span *span, struct attrs *ret_attrs, attr_fault_fn *fault,
		void *context);

/*
 * Finds one attribute without scanning for faults: the hot path. False when absent or framing
 * breaks before it.
 */
bool attrs_find(const struct attr_span *span, uint8_t code, struct attr_value *ret_value);
/* Walks all, unknown ones included: start with *position = 0. */
bool attrs_next(const struct attr_span *span, uint32_t *position, uint8_t *ret_code,
		struct attr_value *ret_value);

/* Room that attrs_path() may need: the longest merged path. */
#define ATTR_PATH_SCRATCH	(2 * 65536)

/*
 * The AS path, merged with AS4_PATH where the session was of two bytes. False when there is none.
 * `scratch` has ATTR_PATH_SCRATCH bytes.
 */
bool attrs_path(const struct attrs *attrs, uint8_t *scratch, struct as_path *ret_path);
bool attr_span_path_anywhere(const struct attr_span *span, uint8_t *scratch,
			     struct as_path *ret_path);
/* The same straight from the span: AS_PATH checked for framing only. */
static inline bool attr_span_path(const struct attr_span *span, uint8_t *scratch,
				  struct as_path *ret_path)
{
	enum { EXTENDED = 0x10, ORIGIN_LEN = 4 };
	const uint8_t *at = span->bytes;
	uint32_t head, len;

	/* What nearly all say: ORIGIN, then AS_PATH, which is one sequence. */
	if (span->asn_size != 4 || span->len < ORIGIN_LEN + 6 || at[0] & EXTENDED ||
	    at[1] != ATTR_ORIGIN || at[2] != 1 || at[ORIGIN_LEN + 1] != ATTR_AS_PATH)
		return attr_span_path_anywhere(span, scratch, ret_path);
	at += ORIGIN_LEN;
	head = at[0] & EXTENDED ? 4 : 3;
	len = at[0] & EXTENDED ? (uint32_t)at[2] << 8 | at[3] : at[2];
	if (len < 2 || len > span->len - ORIGIN_LEN - head || at[head] != AS_SEQUENCE ||
	    len != 2 + 4u * at[head + 1])
		return attr_span_path_anywhere(span, scratch, ret_path);
	*ret_path = (struct as_path){ at + head, len, 4 };
	return true;
}
/* 0 IGP, 1 EGP, 2 INCOMPLETE */
bool attrs_origin(const struct attrs *attrs, uint8_t *ret_origin);
/* MED, LOCAL_PREF, ORIGINATOR_ID, ONLY_TO_CUSTOMER */
bool attrs_u32(const struct attrs *attrs, enum attr_code code, uint32_t *ret_value);
/*
 * `from_mp`: MP_REACH's next hop, else NEXT_HOP. A link-local second address is put in ret_local
 * (family NONE: there is none); may be NULL.
 */
bool attrs_next_hop(const struct attrs *attrs, bool from_mp, struct addr *ret_next_hop,
		    struct addr *ret_local);
/* merged with AS4_AGGREGATOR */
bool attrs_aggregator(const struct attrs *attrs, uint32_t *ret_asn, struct addr *ret_addr);
unsigned attrs_community_count(const struct attrs *attrs);
uint32_t attrs_community(const struct attrs *attrs, unsigned i);

struct mp_reach {
	uint16_t afi;
	uint8_t safi;
	struct attr_value next_hop;
	struct cursor nlri;
	uint32_t nlri_at;		/* offset within the attribute's value */
	bool abbreviated;		/* RFC 6396 section 4.3.4: only the next hop */
};

bool attrs_mp_reach(const struct attrs *attrs, struct mp_reach *ret_reach);
bool attrs_mp_unreach(const struct attrs *attrs, struct mp_reach *ret_unreach);

const char *attr_name(uint8_t code);	/* "AS_PATH"; NULL when nobody registered it */

#endif
