/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Input faults: what was wrong with bytes that nobody vouches for. A fault is data, not an error:
 * it is counted and kept, and reading goes on behind the record whose length frames it.
 *
 * fault.c holds the one table of kinds: name, clause, words. `lost` says how many bytes of the
 * input (decompressed) were not decoded because of it, so that over a whole input
 * bytes in = bytes decoded + bytes reported.
 */
#ifndef CONSTAT_WIRE_FAULT_H
#define CONSTAT_WIRE_FAULT_H

#include <stdint.h>

#include "base/buf.h"

/*
 * Where something stands: which input, its how-manieth record (from 1), at which byte of the
 * decompressed input.
 */
struct record_ref {
	uint32_t input;
	uint64_t number;
	uint64_t offset;
};

/* What RFC 7606 section 2 asks of a receiver. */
enum fault_verdict {
	VERDICT_NONE,			/* nothing but a note */
	VERDICT_ATTRIBUTE_DISCARD,
	VERDICT_TREAT_AS_WITHDRAW,
	VERDICT_SESSION_RESET,		/* the message cannot be used; here: it is passed over */
};

/* Kinds are added freely by wire and feed; the list lives in fault.c with this order. */
enum fault_kind {
	/* bytes and framing (feed) */
	FAULT_COMPRESSION,		/* the compressed stream is damaged */
	FAULT_CUT,			/* the input ends inside a record or a compressed stream */
	/* no plausible MRT header: bytes passed over up to the next */
	FAULT_FRAMING,
	FAULT_RECORD_SIZE,		/* a record longer than the limit */
	FAULT_EXPANSION,		/* decompressed size beyond the limit */
	/* MRT */
	FAULT_MRT_TYPE,			/* a type or subtype that nobody registered */
	FAULT_MRT_SHORT,		/* a record that ends before its fields do */
	FAULT_MRT_TRAILING,		/* bytes behind the last field */
	FAULT_ET_LENGTH,		/* an ET record whose length leaves its microseconds out */
	FAULT_ADD_PATH,			/* path identifiers in a record whose subtype says none */
	/* an entry's peer is not in the index table, or there is none */
	FAULT_PEER_INDEX,
	FAULT_RIB_PREFIX,		/* a prefix longer than its family allows */
	FAULT_RIB_SEQUENCE,		/* records missing from, or repeated in, a RIB */
	FAULT_AFI,			/* an address family that has no addresses we know */
	/* BGP messages */
	FAULT_BGP_MARKER,
	FAULT_BGP_LENGTH,
	FAULT_BGP_TYPE,
	FAULT_UPDATE_SHORT,		/* withdrawn or attribute length beyond the message */
	FAULT_NLRI,			/* prefix length over 32/128, or a prefix cut off */
	FAULT_STATE,			/* a state outside RFC 6396's 0 to 7 */
	/* path attributes */
	FAULT_ATTR_SHORT,		/* header or value beyond the attributes' end */
	FAULT_ATTR_FLAGS,
	FAULT_ATTR_LENGTH,
	FAULT_ATTR_TWICE,
	FAULT_ATTR_MISSING,		/* a mandatory one */
	FAULT_ATTR_VALUE,
	FAULT_AS_PATH,			/* segment type, zero or overrunning count */
	FAULT_AS_ZERO,			/* RFC 7607 */
	FAULT_MP_NEXT_HOP,
	FAULT_KIND_COUNT,
};

struct fault {
	enum fault_kind kind;
	enum fault_verdict verdict;
	struct record_ref ref;
	uint32_t at;		/* byte within the record, 0 its header's first */
	uint64_t lost;		/* bytes not decoded */
	/*
	 * the offending number, its meaning by kind: type << 16 | subtype, length, attribute code
	 */
	uint32_t value;
};

/* "attribute-flags": stable, for JSON and filters */
const char *fault_name(enum fault_kind kind);
/* "RFC 7606 section 3 (c)"; "" where no RFC speaks */
const char *fault_clause(enum fault_kind kind);
const char *fault_verdict_name(enum fault_verdict verdict);
/*
 * One line for people, without input name: "record 17 at byte 2048+63: attribute 17 runs past the
 * end (RFC 7606 section 4)".
 */
void fault_format(struct buf *buf, const struct fault *fault);

#endif
