/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AS paths: their form, and their putting together from AS_PATH and AS4_PATH.
 *
 * A speaker that knows only two bytes an AS writes AS_TRANS into AS_PATH where an AS does not
 * fit, and passes the true tail on in AS4_PATH. RFC 6793 section 4.2.3: take as many ASes from
 * the front of AS_PATH as it is longer than AS4_PATH, and append AS4_PATH. Length is counted as
 * when routes are compared: a set counts one (RFC 4271 section 9.1.2.2), a confederation's
 * segments nothing (RFC 5065 section 5.3).
 *
 * attr_span_path() is the hot path: once for each RIB entry. With four bytes an AS it needs no
 * merging and stops at AS_PATH, which nearly always stands second: that case is in the header.
 */
#include "wire/attr_path.h"

#include "wire/attr.h"
#include "wire/load.h"

enum path_form attr_path_form(const uint8_t *bytes, uint32_t len, unsigned asn_size)
{
	const uint8_t *at = bytes, *end = bytes + len;
	bool zero = false;

	while (at < end) {
		const uint8_t *stop;

		if (end - at < 2 || at[0] - 1u > 3 || !at[1])
			return PATH_MALFORMED;
		stop = at + 2 + at[1] * asn_size;
		if (stop > end)
			return PATH_MALFORMED;
		for (at += 2; at < stop; at += asn_size)
			zero |= asn_size == 2 ? !(at[0] | at[1]) : !load_be32(at);
	}
	return zero ? PATH_HAS_ZERO : PATH_GOOD;
}

static bool is_confederation(unsigned type)
{
	return type == AS_CONFED_SEQUENCE || type == AS_CONFED_SET;
}

/* How many ASes the path counts for, and whether confederation segments are among them. */
static uint32_t path_count(const uint8_t *at, uint32_t len, unsigned asn_size, bool *ret_confed)
{
	const uint8_t *end = at + len;
	uint32_t count = 0;

	*ret_confed = false;
	for (; at < end; at += 2 + at[1] * asn_size) {
		if (is_confederation(at[0]))
			*ret_confed = true;
		else
			count += at[0] == AS_SET ? 1 : at[1];
	}
	return count;
}

/* A path being written, four bytes an AS. */
struct merge {
	uint8_t *out;
	uint32_t len;
	uint8_t *last;		/* the segment written last, or NULL */
};

static void merge_segment(struct merge *merge, unsigned type, unsigned count, const uint8_t *asns,
			  unsigned asn_size)
{
	uint8_t *out;

	/* Two sequences in a row are one, as long as its count fits a byte. */
	if (merge->last && type == AS_SEQUENCE && merge->last[0] == AS_SEQUENCE &&
	    merge->last[1] + count <= 255) {
		merge->last[1] = (uint8_t)(merge->last[1] + count);
	} else {
		merge->last = merge->out + merge->len;
		merge->last[0] = (uint8_t)type;
		merge->last[1] = (uint8_t)count;
		merge->len += 2;
	}
	out = merge->out + merge->len;
	merge->len += 4 * count;
	if (asn_size == 4) {
		memcpy(out, asns, 4 * (size_t)count);
		return;
	}
	for (; count; count--, out += 4, asns += 2) {
		out[0] = out[1] = 0;
		out[2] = asns[0];
		out[3] = asns[1];
	}
}

/*
 * The front of AS_PATH, until `lead` ASes are written. A confederation's segment goes along where
 * it leads the path or follows what was written.
 */
static void merge_front(struct merge *merge, const struct attr_value *path, uint32_t lead)
{
	const uint8_t *at = path->bytes, *end = at + path->len;

	for (; at < end; at += 2 + at[1] * 2u) {
		unsigned count = at[1];

		if (!is_confederation(at[0])) {
			if (!lead)
				return;
			if (at[0] == AS_SEQUENCE && count > lead)
				count = lead;
			lead -= at[0] == AS_SET ? 1 : count;
		}
		merge_segment(merge, at[0], count, at + 2, 2);
		if (count < at[1])
			return;
	}
}

static void merge_tail(struct merge *merge, const struct attr_value *path)
{
	const uint8_t *at = path->bytes, *end = at + path->len;

	/* RFC 6793 section 6: a confederation's segments in AS4_PATH are left out. */
	for (; at < end; at += 2 + at[1] * 4u)
		if (!is_confederation(at[0]))
			merge_segment(merge, at[0], at[1], at + 2, 4);
}

static bool as4_path_usable(const struct attr_value *as4_path)
{
	return as4_path->bytes && as4_path->len >= 6 &&
		attr_path_form(as4_path->bytes, as4_path->len, 4) != PATH_MALFORMED;
}

/* `path` and `as4_path` have been held to be well-formed. */
static void merge_paths(const struct attr_value *path, const struct attr_value *as4_path,
			uint8_t *scratch, struct as_path *ret_path)
{
	struct merge merge = { .out = scratch };
	bool path_confed, as4_confed;
	uint32_t count = path_count(path->bytes, path->len, 2, &path_confed);
	uint32_t count4 = path_count(as4_path->bytes, as4_path->len, 4, &as4_confed);

	if (count < count4 || 2u * path->len + as4_path->len > ATTR_PATH_SCRATCH) {
		*ret_path = (struct as_path){ path->bytes, path->len, 2 };
		return;
	}
	if (count == count4 && !path_confed && !as4_confed) {
		*ret_path = (struct as_path){ as4_path->bytes, as4_path->len, 4 };
		return;
	}
	merge_front(&merge, path, count - count4);
	merge_tail(&merge, as4_path);
	*ret_path = (struct as_path){ scratch, merge.len, 4 };
}

/*
 * RFC 6793 section 4.2.3: where AGGREGATOR and AS4_AGGREGATOR both came, and the former does not
 * say AS_TRANS, then somebody aggregated who did not know of either AS4 attribute, and both are
 * stale.
 */
static bool as4_is_stale(const struct attr_value *aggregator,
			 const struct attr_value *as4_aggregator)
{
	return aggregator->bytes && as4_aggregator->bytes && aggregator->len == 6 &&
		(aggregator->bytes[0] << 8 | aggregator->bytes[1]) != ASN_TRANS;
}

bool attrs_path(const struct attrs *attrs, uint8_t *scratch, struct as_path *ret_path)
{
	const struct attr_value *path = &attrs->known[ATTR_AS_PATH];
	const struct attr_value *as4_path = &attrs->known[ATTR_AS4_PATH];
	unsigned asn_size = attrs->span.asn_size;

	if (!path->bytes || !attr_path_framed(path->bytes, path->len, asn_size))
		return false;
	if (asn_size == 2 && as4_path_usable(as4_path) &&
	    !as4_is_stale(&attrs->known[ATTR_AGGREGATOR], &attrs->known[ATTR_AS4_AGGREGATOR]))
		merge_paths(path, as4_path, scratch, ret_path);
	else
		*ret_path = (struct as_path){ path->bytes, path->len, (uint8_t)asn_size };
	return true;
}

/* The first of each of the four attributes that bear on the path. */
struct path_parts {
	struct attr_value path, as4_path, aggregator, as4_aggregator;
};

static void find_parts(const struct attr_span *span, struct path_parts *ret_parts)
{
	struct attr_value value, *part;
	uint32_t position = 0;
	uint8_t code;

	*ret_parts = (struct path_parts){ 0 };
	while (attrs_next(span, &position, &code, &value)) {
		switch (code) {
		case ATTR_AS_PATH: part = &ret_parts->path; break;
		case ATTR_AS4_PATH: part = &ret_parts->as4_path; break;
		case ATTR_AGGREGATOR: part = &ret_parts->aggregator; break;
		case ATTR_AS4_AGGREGATOR: part = &ret_parts->as4_aggregator; break;
		default: continue;
		}
		if (!part->bytes)
			*part = value;
	}
}

/* With four bytes an AS there is nothing to merge: AS_PATH is all. */
static bool find_wide_path(const struct attr_span *span, struct as_path *ret_path)
{
	const uint8_t *at = span->bytes;
	size_t left = span->len;

	while (left >= 3) {
		const bool extended = at[0] & 0x10;
		const size_t head = 3 + extended;
		size_t len;

		if (left < head)
			return false;
		len = extended ? load_be16(at + 2) : at[2];
		if (left - head < len)
			return false;
		if (at[1] == ATTR_AS_PATH) {
			if (!attr_path_framed(at + head, (uint32_t)len, 4))
				return false;
			*ret_path = (struct as_path){ at + head, (uint32_t)len, 4 };
			return true;
		}
		at += head + len;
		left -= head + len;
	}
	return false;
}

bool attr_span_path_anywhere(const struct attr_span *span, uint8_t *scratch,
			     struct as_path *ret_path)
{
	struct path_parts parts;

	if (span->asn_size == 4)
		return find_wide_path(span, ret_path);
	find_parts(span, &parts);
	if (!parts.path.bytes || !attr_path_framed(parts.path.bytes, parts.path.len, 2))
		return false;
	if (as4_path_usable(&parts.as4_path) &&
	    !as4_is_stale(&parts.aggregator, &parts.as4_aggregator))
		merge_paths(&parts.path, &parts.as4_path, scratch, ret_path);
	else
		*ret_path = (struct as_path){ parts.path.bytes, parts.path.len, 2 };
	return true;
}
