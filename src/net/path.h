/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AS paths and AS numbers.
 *
 * A struct as_path borrows the AS_PATH attribute's value off the wire (RFC 4271 section 4.3, or
 * RFC 6793 with four bytes an AS): segments of type, count, numbers. The decoder has checked the
 * framing once (wire/attr.h); as_path_next() can rely on it.
 */
#ifndef CONSTAT_NET_PATH_H
#define CONSTAT_NET_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

#define ASN_TRANS	23456u		/* RFC 6793 */

enum as_segment_type {
	AS_SET = 1,
	AS_SEQUENCE = 2,
	AS_CONFED_SEQUENCE = 3,		/* RFC 5065 */
	AS_CONFED_SET = 4,
};

struct as_path {
	const uint8_t *bytes;
	uint32_t len;
	uint8_t asn_size;	/* 2 or 4 */
};

struct as_segment {
	enum as_segment_type type;
	uint8_t count;
	uint8_t asn_size;
	const uint8_t *asns;
};

/* Walks the segments: start with *position = 0; false at the end. */
bool as_path_next(const struct as_path *path, uint32_t *position, struct as_segment *ret_segment);

static inline uint32_t as_segment_at(const struct as_segment *segment, unsigned i)
{
	const uint8_t *at = segment->asns + (size_t)i * segment->asn_size;

	return segment->asn_size == 2
		? (uint32_t)at[0] << 8 | at[1]
		: (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool as_path_origin_of_many(const struct as_path *path, uint32_t *ret_asn);
/* The last AS of the last AS_SEQUENCE; false when the path is empty or ends in a set. */
static inline bool as_path_origin(const struct as_path *path, uint32_t *ret_asn)
{
	struct as_segment segment;

	if (path->len < 4 || path->bytes[0] != AS_SEQUENCE ||
	    path->len != 2 + path->bytes[1] * (uint32_t)path->asn_size)
		return as_path_origin_of_many(path, ret_asn);
	/* A sequence and nothing else. */
	segment = (struct as_segment){
		.asn_size = path->asn_size, .asns = path->bytes + path->len - path->asn_size,
	};
	*ret_asn = as_segment_at(&segment, 0);
	return true;
}
bool as_path_has(const struct as_path *path, uint32_t asn);	/* in any segment */
/*
 * "3356 1239 {4837,131279} (65001 65002) [65003,65004]": sets in braces, confederations in () and
 * [].
 */
void as_path_format(struct buf *buf, const struct as_path *path);

/* "4837", "AS4837", "as4837", "1.10" (RFC 5396 asdot) */
bool asn_parse(struct view text, uint32_t *ret_asn);

#endif
