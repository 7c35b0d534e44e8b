/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An AS path is a few segments, nearly always a single AS_SEQUENCE of three to six numbers; it is
 * walked where it stands, never unpacked. Segments of confederations (RFC 5065) stand before what
 * the confederation received from outside and are nobody's business there: they are neither first
 * AS nor origin. Segments without numbers, which RFC 7606 section 7.2 calls malformed, are passed
 * over where the question allows it.
 */
#include "net/path.h"

#define ASN_DIGITS	10u	/* 4294967295 */
#define SLACK		20u	/* what buf_digits() asks for, brackets and a blank */

bool as_path_next(const struct as_path *path, uint32_t *position, struct as_segment *ret_segment)
{
	uint32_t left = path->len - *position;
	const uint8_t *at;
	uint32_t size;

	if (left < 2)
		return false;
	at = path->bytes + *position;
	size = 2 + (uint32_t)at[1] * path->asn_size;
	if (size > left)
		return false;
	*position += size;
	*ret_segment = (struct as_segment){
		.type = at[0], .count = at[1], .asn_size = path->asn_size, .asns = at + 2,
	};
	return true;
}

bool as_path_origin_of_many(const struct as_path *path, uint32_t *ret_asn)
{
	struct as_segment segment, last = { .count = 0 };
	uint32_t position = 0;
	bool in_set = false;

	while (as_path_next(path, &position, &segment)) {
		if (segment.count == 0 || segment.type == AS_CONFED_SEQUENCE)
			continue;
		in_set = segment.type != AS_SEQUENCE;
		last = segment;
	}
	if (last.count == 0 || in_set)
		return false;
	*ret_asn = as_segment_at(&last, last.count - 1u);
	return true;
}

bool as_path_has(const struct as_path *path, uint32_t asn)
{
	struct as_segment segment;
	uint32_t position = 0;

	while (as_path_next(path, &position, &segment))
		for (unsigned i = 0; i < segment.count; i++)
			if (as_segment_at(&segment, i) == asn)
				return true;
	return false;
}

static const struct marks {
	char open, close, between;
} marks[] = {
	[AS_SET] = { '{', '}', ',' },
	[AS_SEQUENCE] = { 0, 0, ' ' },
	[AS_CONFED_SEQUENCE] = { '(', ')', ' ' },
	[AS_CONFED_SET] = { '[', ']', ',' },
};

static char *put_segment(char *at, const struct as_segment *segment, const struct marks *mark)
{
	if (mark->open)
		*at++ = mark->open;
	for (unsigned i = 0; i < segment->count; i++) {
		if (i)
			*at++ = mark->between;
		at = buf_digits(at, as_segment_at(segment, i));
	}
	if (mark->close)
		*at++ = mark->close;
	return at;
}

/*
 * As `bgpdump -m` does it, also where a segment has no numbers: the blank between two segments is
 * written when the first of them has any. A type that nobody registered prints as a sequence.
 */
void as_path_format(struct buf *buf, const struct as_path *path)
{
	struct as_segment segment;
	uint32_t position = 0;
	bool blank = false;

	while (as_path_next(path, &position, &segment)) {
		bool known = segment.type >= AS_SET && segment.type <= AS_CONFED_SET;
		char *at;

		if (!buf_reserve(buf, (ASN_DIGITS + 1) * segment.count + SLACK))
			return;
		at = buf->data + buf->len;
		if (blank)
			*at++ = ' ';
		at = put_segment(at, &segment, &marks[known ? segment.type : AS_SEQUENCE]);
		buf->len = (size_t)(at - buf->data);
		blank = segment.count != 0;
	}
}

bool asn_parse(struct view text, uint32_t *ret_asn)
{
	struct view high;
	uint32_t upper, lower;

	if (text.len > 2 && (text.ptr[0] | 0x20) == 'a' && (text.ptr[1] | 0x20) == 's') {
		text.ptr += 2;
		text.len -= 2;
	}
	if (view_u32(text, ret_asn))
		return true;
	if (!view_split(&text, '.', &high) || !view_u32(high, &upper) || !view_u32(text, &lower) ||
	    upper > UINT16_MAX || lower > UINT16_MAX)
		return false;
	*ret_asn = upper << 16 | lower;
	return true;
}
