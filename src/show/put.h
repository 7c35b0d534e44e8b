/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, addresses and paths as text, straight into memory.
 *
 * For the lines of `constat dump`, of which there are millions a second. Each function writes at
 * `at`, where the caller has made room, and returns the place behind the last character. PUT_SLACK
 * more bytes than the text needs may be written: whole words are stored and cut afterwards.
 */
#ifndef CONSTAT_SHOW_PUT_H
#define CONSTAT_SHOW_PUT_H

#include <stdint.h>
#include <string.h>

#include "net/path.h"
#include "net/prefix.h"

#define PUT_SLACK	4
/* The longest texts, without slack. */
#define PUT_ADDR_MAX	45
#define PUT_PREFIX_MAX	(PUT_ADDR_MAX + 4)

/*
 * Three digits of each number below 1,000, then how many of them are leading zeros; one row more
 * for what is read beyond.
 */
extern const char put_groups[1001][4];
/* Each octet with a full stop behind it, then the length of both. */
struct put_octet {
	char text[4];
	uint8_t len;
};
extern const struct put_octet put_octets[256];

enum put_ipv6 {
	PUT_IPV6_RFC5952,
	PUT_IPV6_SHORTEST,	/* a single zero group too, against RFC 5952 section 4.2.2 */
};

/* The memory behind `len` bytes may be overwritten by up to PUT_SLACK. */
static inline char *put_bytes(char *at, const void *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

#define PUT_LITERAL(at, literal) put_bytes((at), "" literal, sizeof(literal) - 1)

static inline char *put_group(char *at, uint32_t below_1000)
{
	memcpy(at, put_groups[below_1000], 4);
	return at + 3;
}

/* Without leading zeros. */
static inline char *put_group_first(char *at, uint32_t below_1000)
{
	const char *group = put_groups[below_1000];

	memcpy(at, group + group[3], 4);
	return at + 3 - group[3];
}

static inline char *put_u32(char *at, uint32_t value)
{
	uint32_t thousands;

	if (value < 1000)
		return put_group_first(at, value);
	thousands = value / 1000;
	if (thousands < 1000) {
		at = put_group_first(at, thousands);
	} else if (thousands < 1000000) {
		at = put_group_first(at, thousands / 1000);
		at = put_group(at, thousands % 1000);
	} else {
		*at++ = (char)('0' + thousands / 1000000);
		at = put_group(at, thousands / 1000 % 1000);
		at = put_group(at, thousands % 1000);
	}
	return put_group(at, value % 1000);
}

static inline char *put_ipv4(char *at, const uint8_t bytes[4])
{
	for (unsigned i = 0; i < 4; i++) {
		const struct put_octet *octet = &put_octets[bytes[i]];

		memcpy(at, octet->text, 4);
		at += octet->len;
	}
	return at - 1;
}

char *put_u64(char *at, uint64_t value);
char *put_ipv6(char *at, const uint8_t bytes[16], enum put_ipv6 style);
char *put_hex(char *at, const uint8_t *bytes, size_t len);

static inline char *put_addr(char *at, uint8_t family, const uint8_t *bytes, enum put_ipv6 style)
{
	return family == FAMILY_IPV6 ? put_ipv6(at, bytes, style) : put_ipv4(at, bytes);
}

static inline char *put_prefix(char *at, const struct prefix *prefix, enum put_ipv6 style)
{
	at = put_addr(at, prefix->family, prefix->bytes, style);
	*at++ = '/';
	return put_group_first(at, prefix->len);
}

/* As as_path_format(); at most 3 bytes for each of the path's, and PUT_SLACK. */
char *put_path(char *at, const struct as_path *path);

#endif
