/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table tells all that is to be said of a kind of fault: its stable name, the clause that the
 * bytes break, and the words around the offending number. Kinds whose number says nothing to a
 * person have no tail, and the number is left out.
 */
#include "wire/fault.h"

#include "wire/attr.h"

struct fault_row {
	const char *name;
	const char *clause;
	const char *words;	/* before the number, or all of it */
	const char *tail;	/* behind the number; NULL: there is no number */
	bool attribute;		/* the number is an attribute code */
};

static const struct fault_row rows[FAULT_KIND_COUNT] = {
	[FAULT_COMPRESSION] = { "compression", "",
		"the compressed stream is damaged", NULL, false },
	[FAULT_CUT] = { "cut", "", "the input ends in the middle", NULL, false },
	[FAULT_FRAMING] = { "framing", "RFC 6396 section 2",
		"no MRT header stands here", NULL, false },
	[FAULT_RECORD_SIZE] = { "record-size", "RFC 6396 section 2",
		"a record of ", " bytes is over the limit", false },
	[FAULT_EXPANSION] = { "expansion", "", "decompresses to more than the limit", NULL, false },
	[FAULT_MRT_TYPE] = { "mrt-type", "RFC 6396 section 4",
		"a record of type and subtype ", " is not decoded", false },
	[FAULT_MRT_SHORT] = { "mrt-short", "RFC 6396 section 4",
		"the record ends before its fields do", NULL, false },
	[FAULT_MRT_TRAILING] = { "mrt-trailing", "RFC 6396 section 4",
		"", " bytes stand behind the last field", false },
	[FAULT_ET_LENGTH] = { "et-length", "RFC 6396 section 3",
		"the record's length leaves its microseconds out", NULL, false },
	[FAULT_ADD_PATH] = { "add-path", "RFC 8050 section 3",
		"prefixes have path identifiers, though the subtype says none", NULL, false },
	[FAULT_PEER_INDEX] = { "peer-index", "RFC 6396 section 4.3.4",
		"peer ", " is not in the index table", false },
	[FAULT_RIB_PREFIX] = { "rib-prefix", "RFC 6396 section 4.3.2",
		"a prefix of ", " bits is longer than its family allows", false },
	[FAULT_RIB_SEQUENCE] = { "rib-sequence", "RFC 6396 section 4.3.2",
		"the sequence does not go on: number ", " was due", false },
	[FAULT_AFI] = { "afi", "RFC 6396 section 4.4.2",
		"address family ", " has no addresses that can be read", false },
	[FAULT_BGP_MARKER] = { "bgp-marker", "RFC 4271 section 6.1",
		"the BGP message's marker is not all ones", NULL, false },
	[FAULT_BGP_LENGTH] = { "bgp-length", "RFC 4271 section 6.1",
		"a BGP message length of ", " does not fit", false },
	[FAULT_BGP_TYPE] = { "bgp-type", "RFC 4271 section 6.1",
		"nobody registered BGP message type ", "", false },
	[FAULT_UPDATE_SHORT] = { "update-short", "RFC 4271 section 6.3",
		"a length of ", " runs past the end of the UPDATE", false },
	[FAULT_NLRI] = { "nlri", "RFC 7606 section 5.3",
		"a prefix of ", " bits is cut off or too long", false },
	[FAULT_STATE] = { "state", "RFC 6396 section 4.4.1",
		"there is no session state ", "", false },
	[FAULT_ATTR_SHORT] = { "attribute-short", "RFC 7606 section 4",
		"attribute ", " runs past the end", true },
	[FAULT_ATTR_FLAGS] = { "attribute-flags", "RFC 7606 section 3 (c)",
		"attribute ", " has flags that are not its own", true },
	[FAULT_ATTR_LENGTH] = { "attribute-length", "RFC 7606 section 7",
		"attribute ", " has a length that cannot be", true },
	[FAULT_ATTR_TWICE] = { "attribute-twice", "RFC 7606 section 3 (g)",
		"attribute ", " stands there more than once", true },
	[FAULT_ATTR_MISSING] = { "attribute-missing", "RFC 7606 section 3 (d)",
		"attribute ", " is mandatory and missing", true },
	[FAULT_ATTR_VALUE] = { "attribute-value", "RFC 7606 section 7",
		"attribute ", " has a value that cannot be", true },
	[FAULT_AS_PATH] = { "as-path", "RFC 7606 section 7.2",
		"attribute ", " has a segment that cannot be", true },
	[FAULT_AS_ZERO] = { "as-zero", "RFC 7607 section 2", "attribute ", " holds AS 0", true },
	[FAULT_MP_NEXT_HOP] = { "mp-next-hop", "RFC 7606 section 7.11",
		"a next hop of ", " bytes does not fit its family", false },
};

static const char *const verdict_names[] = {
	[VERDICT_NONE] = "none",
	[VERDICT_ATTRIBUTE_DISCARD] = "attribute-discard",
	[VERDICT_TREAT_AS_WITHDRAW] = "treat-as-withdraw",
	[VERDICT_SESSION_RESET] = "session-reset",
};

/* What the verdict meant here, for people. */
static const char *const verdict_words[] = {
	[VERDICT_NONE] = "",
	[VERDICT_ATTRIBUTE_DISCARD] = "; attribute discarded",
	[VERDICT_TREAT_AS_WITHDRAW] = "; treated as withdrawal",
	[VERDICT_SESSION_RESET] = "; message passed over",
};

const char *fault_name(enum fault_kind kind)
{
	return (unsigned)kind < FAULT_KIND_COUNT ? rows[kind].name : "unknown";
}

const char *fault_clause(enum fault_kind kind)
{
	return (unsigned)kind < FAULT_KIND_COUNT ? rows[kind].clause : "";
}

const char *fault_verdict_name(enum fault_verdict verdict)
{
	return (unsigned)verdict <= VERDICT_SESSION_RESET ? verdict_names[verdict] : "unknown";
}

static void format_value(struct buf *buf, const struct fault_row *row, const struct fault *fault)
{
	const char *name;

	if (fault->kind == FAULT_MRT_TYPE) {	/* both numbers in one: see fault.h */
		buf_u64(buf, fault->value >> 16);
		buf_char(buf, '.');
		buf_u64(buf, fault->value & 0xffff);
		return;
	}
	buf_u64(buf, fault->value);
	name = row->attribute && fault->value < 256 ? attr_name((uint8_t)fault->value) : NULL;
	if (name) {
		buf_str(buf, " (");
		buf_str(buf, name);
		buf_char(buf, ')');
	}
}

void fault_format(struct buf *buf, const struct fault *fault)
{
	const struct fault_row *row;

	if ((unsigned)fault->kind >= FAULT_KIND_COUNT)
		return;
	row = &rows[fault->kind];
	if (fault->ref.number) {
		buf_str(buf, "record ");
		buf_u64(buf, fault->ref.number);
		buf_str(buf, " at ");
	}
	buf_str(buf, "byte ");
	buf_u64(buf, fault->ref.offset);
	if (fault->at) {
		buf_char(buf, '+');
		buf_u64(buf, fault->at);
	}
	buf_str(buf, ": ");
	buf_str(buf, row->words);
	if (row->tail) {
		format_value(buf, row, fault);
		buf_str(buf, row->tail);
	}
	if (*row->clause) {
		buf_str(buf, " (");
		buf_str(buf, row->clause);
		buf_char(buf, ')');
	}
	if ((unsigned)fault->verdict <= VERDICT_SESSION_RESET)
		buf_str(buf, verdict_words[fault->verdict]);
	if (fault->lost) {
		buf_str(buf, "; ");
		buf_u64(buf, fault->lost);
		buf_str(buf, fault->lost == 1 ? " byte lost" : " bytes lost");
	}
}
