/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text by tables. The two tables are spelt out by macros: a table filled in at the start would
 * have to be guarded against threads at every use, and these fit in the first-level cache.
 *
 * An AS number below 1,000,000 costs one division and two loads; an IPv4 address four loads. All
 * stores are four bytes wide whatever the text's length, hence PUT_SLACK.
 */
#include "show/put.h"

/* Leading zeros of a three-digit group; 000 keeps its last digit. */
#define ZEROS(h, t)		((h) != 0 ? 0 : (t) != 0 ? 1 : 2)
#define GROUP(h, t, o)		{ '0' + (h), '0' + (t), '0' + (o), ZEROS(h, t) }
#define GROUPS_10(h, t)		GROUP(h, t, 0), GROUP(h, t, 1), GROUP(h, t, 2), GROUP(h, t, 3), \
				GROUP(h, t, 4), GROUP(h, t, 5), GROUP(h, t, 6), GROUP(h, t, 7), \
				GROUP(h, t, 8), GROUP(h, t, 9)
#define GROUPS_100(h) \
	GROUPS_10(h, 0), GROUPS_10(h, 1), GROUPS_10(h, 2), GROUPS_10(h, 3), GROUPS_10(h, 4), \
		GROUPS_10(h, 5), GROUPS_10(h, 6), GROUPS_10(h, 7), GROUPS_10(h, 8), \
		GROUPS_10(h, 9)

const char put_groups[1001][4] = {
	GROUPS_100(0), GROUPS_100(1), GROUPS_100(2), GROUPS_100(3), GROUPS_100(4),
	GROUPS_100(5), GROUPS_100(6), GROUPS_100(7), GROUPS_100(8), GROUPS_100(9),
};

#define DIGIT(n, unit)		((char)('0' + (n) / (unit) % 10))
#define OCTET(n) \
	{ \
		{ (n) < 100 ? (n) < 10 ? DIGIT(n, 1) : DIGIT(n, 10) : DIGIT(n, 100), \
		  (n) < 100 ? (n) < 10 ? '.' : DIGIT(n, 1) : DIGIT(n, 10), \
		  (n) < 100 ? '.' : DIGIT(n, 1), '.' }, \
			(n) < 10    ? 2 \
			: (n) < 100 ? 3 \
				    : 4 \
	}
#define OCTETS_8(n)		OCTET(n), OCTET((n) + 1), OCTET((n) + 2), OCTET((n) + 3), \
				OCTET((n) + 4), OCTET((n) + 5), OCTET((n) + 6), OCTET((n) + 7)
#define OCTETS_64(n) \
	OCTETS_8(n), OCTETS_8((n) + 8), OCTETS_8((n) + 16), OCTETS_8((n) + 24), \
		OCTETS_8((n) + 32), OCTETS_8((n) + 40), OCTETS_8((n) + 48), OCTETS_8((n) + 56)

const struct put_octet put_octets[256] = {
	OCTETS_64(0), OCTETS_64(64), OCTETS_64(128), OCTETS_64(192),
};

static const char hex_digits[16] = "0123456789abcdef";

char *put_u64(char *at, uint64_t value)
{
	char digits[20];
	unsigned count = 0;

	if (value <= UINT32_MAX)
		return put_u32(at, (uint32_t)value);
	do
		digits[count++] = (char)('0' + value % 10);
	while (value /= 10);
	while (count)
		*at++ = digits[--count];
	return at;
}

char *put_hex(char *at, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*at++ = hex_digits[bytes[i] >> 4];
		*at++ = hex_digits[bytes[i] & 15];
	}
	return at;
}

static char *put_ipv6_group(char *at, unsigned value)
{
	if (value > 0xfff)
		*at++ = hex_digits[value >> 12];
	if (value > 0xff)
		*at++ = hex_digits[value >> 8 & 15];
	if (value > 0xf)
		*at++ = hex_digits[value >> 4 & 15];
	*at++ = hex_digits[value & 15];
	return at;
}

/* The first of the longest runs of zero groups; its length, at least `shortest`, or 0. */
static unsigned ipv6_zeros(const uint16_t groups[8], unsigned shortest, unsigned *ret_start)
{
	unsigned best = 0, run = 0;

	for (unsigned i = 0; i < 8; i++) {
		run = groups[i] ? 0 : run + 1;
		if (run > best && run >= shortest) {
			best = run;
			*ret_start = i + 1 - run;
		}
	}
	return best;
}

/*
 * ::ffff:192.0.2.1 (RFC 5952 section 5) and the older ::192.0.2.1. Whoever shortens single groups
 * also writes ::0.0.0.5, which inet_ntop() leaves as ::5.
 */
static char *put_ipv6_mixed(char *at, const uint8_t bytes[16], const uint16_t groups[8],
			    enum put_ipv6 style)
{
	if (groups[0] | groups[1] | groups[2] | groups[3] | groups[4])
		return NULL;
	if (groups[5] == 0xffff)
		return put_ipv4(PUT_LITERAL(at, "::ffff:"), bytes + 12);
	if (groups[5])
		return NULL;
	if (groups[6] || (style == PUT_IPV6_SHORTEST && groups[7] > 1))
		return put_ipv4(PUT_LITERAL(at, "::"), bytes + 12);
	return NULL;
}

char *put_ipv6(char *at, const uint8_t bytes[16], enum put_ipv6 style)
{
	uint16_t groups[8];
	unsigned zeros, start = 8;
	char *mixed;

	for (unsigned i = 0; i < 8; i++)
		groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	mixed = put_ipv6_mixed(at, bytes, groups, style);
	if (mixed)
		return mixed;
	zeros = ipv6_zeros(groups, style == PUT_IPV6_SHORTEST ? 1 : 2, &start);
	for (unsigned i = 0; i < 8; ) {
		if (zeros && i == start) {
			at = PUT_LITERAL(at, "::");
			i += zeros;
			continue;
		}
		if (i && i != start + zeros)
			*at++ = ':';
		at = put_ipv6_group(at, groups[i++]);
	}
	return at;
}

/* Opening and closing mark by segment type, and what stands between two numbers. */
static const char segment_marks[5][3] = {
	[AS_SET] = { '{', '}', ',' },
	[AS_SEQUENCE] = { 0, 0, ' ' },
	[AS_CONFED_SEQUENCE] = { '(', ')', ' ' },
	[AS_CONFED_SET] = { '[', ']', ',' },
};

/* At least one. */
static char *put_asns(char *at, const struct as_segment *segment, char between)
{
	for (unsigned i = 0; i < segment->count; i++) {
		at = put_u32(at, as_segment_at(segment, i));
		*at++ = between;
	}
	return at - 1;
}

char *put_path(char *at, const struct as_path *path)
{
	struct as_segment segment;
	uint32_t position = 0;
	const char *start = at;

	while (as_path_next(path, &position, &segment)) {
		const char *marks = segment_marks[segment.type];

		/* Malformed (RFC 7606 section 7.2), and nothing to be seen of it. */
		if (!segment.count)
			continue;
		if (at != start)
			*at++ = ' ';
		if (marks[0])
			*at++ = marks[0];
		at = put_asns(at, &segment, marks[2]);
		if (marks[1])
			*at++ = marks[1];
	}
	return at;
}
