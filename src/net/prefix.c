/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses are compared and cut as two 64-bit numbers; IPv4 stands in the upper half of the
 * first, its other bits zero, so that both families go the same way.
 *
 * Text is written without printf() and without inet_ntop(): a table of the 256 decimal bytes for
 * IPv4; for IPv6 the zero words as a mask of eight bits, whose longest run is what "::" stands for.
 */
#include "net/prefix.h"

#include <arpa/inet.h>
#include <endian.h>

struct bits {
	uint64_t high, low;
};

static uint64_t load_u64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, 8);
	return be64toh(value);
}

static uint32_t load_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return be32toh(value);
}

static uint32_t load_u16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static struct bits load_bits(const uint8_t bytes[16])
{
	return (struct bits){ load_u64(bytes), load_u64(bytes + 8) };
}

/* The bits of a mask of `len`, 0 to 128. */
static struct bits mask_bits(unsigned len)
{
	return (struct bits){
		len == 0 ? 0 : UINT64_MAX << (len >= 64 ? 0 : 64 - len),
		len <= 64 ? 0 : UINT64_MAX << (128 - len),
	};
}

static void store_u64(uint8_t *at, uint64_t value)
{
	value = htobe64(value);
	memcpy(at, &value, 8);
}

/*
 * The first `count` bytes, 1 to 8, as the upper ones of a number, by loads that overlap. Of fewer
 * than three some come twice, the second time below the first `count`: the caller masks them.
 */
static uint64_t load_some(const uint8_t *at, unsigned count)
{
	if (count >= 4)
		return (uint64_t)load_u32(at) << 32 |
		       (uint64_t)load_u32(at + count - 4) << 8 * (8 - count);
	return (uint64_t)at[0] << 56 | (uint64_t)at[count / 2] << 48 |
	       (uint64_t)at[count - 1] << 40;
}

struct prefix prefix_from_wire(enum family family, unsigned len, const uint8_t *bytes)
{
	struct prefix prefix = { .family = (uint8_t)family, .len = (uint8_t)len };
	struct bits mask = mask_bits(len);
	unsigned count = (len + 7) / 8;

	if (count == 0)
		return prefix;
	if (count <= 8) {
		store_u64(prefix.bytes, load_some(bytes, count) & mask.high);
	} else {
		memcpy(prefix.bytes, bytes, 8);
		store_u64(prefix.bytes + 8, load_some(bytes + 8, count - 8) & mask.low);
	}
	return prefix;
}

static int compare_bytes(const uint8_t a[16], const uint8_t b[16])
{
	struct bits left = load_bits(a), right = load_bits(b);

	if (left.high != right.high)
		return left.high < right.high ? -1 : 1;
	return (left.low > right.low) - (left.low < right.low);
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = compare_bytes(a->bytes, b->bytes);
	return order ? order : (a->len > b->len) - (a->len < b->len);
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool contains(const struct prefix *outer, const uint8_t bytes[16])
{
	struct bits base = load_bits(outer->bytes), there = load_bits(bytes);
	struct bits mask = mask_bits(outer->len);

	return ((base.high ^ there.high) & mask.high) == 0 &&
	       ((base.low ^ there.low) & mask.low) == 0;
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
	return outer->family == inner->family && outer->len <= inner->len &&
	       contains(outer, inner->bytes);
}

bool prefix_parse(struct view text, struct prefix *ret_prefix)
{
	struct view rest = text, host;
	struct prefix prefix;
	struct addr addr;
	uint32_t len;

	if (!view_split(&rest, '/', &host) || !addr_parse(host, &addr))
		return false;
	len = family_bits(addr.family);
	if (rest.ptr && (!view_u32(rest, &len) || len > family_bits(addr.family)))
		return false;
	prefix = prefix_from_wire(addr.family, len, addr.bytes);
	if (memcmp(prefix.bytes, addr.bytes, sizeof(addr.bytes)) != 0)
		return false;
	*ret_prefix = prefix;
	return true;
}

int addr_compare(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return compare_bytes(a->bytes, b->bytes);
}

/* Four decimal bytes; no leading zeros, which some take for octal. */
static bool parse_ipv4(struct view text, uint8_t ret_bytes[4])
{
	struct view part;
	uint32_t value;
	uint8_t bytes[4];

	for (int i = 0; i < 4; i++) {
		if (!view_split(&text, '.', &part) || part.len > 3 || !view_u32(part, &value) ||
		    value > 255 || (part.len > 1 && part.ptr[0] == '0'))
			return false;
		bytes[i] = (uint8_t)value;
	}
	if (text.ptr)
		return false;
	memcpy(ret_bytes, bytes, 4);
	return true;
}

bool addr_parse(struct view text, struct addr *ret_addr)
{
	struct addr addr = { .family = FAMILY_IPV4 };
	char terminated[INET6_ADDRSTRLEN];

	if (parse_ipv4(text, addr.bytes)) {
		*ret_addr = addr;
		return true;
	}
	if (text.len == 0 || text.len >= sizeof(terminated))
		return false;
	memcpy(terminated, text.ptr, text.len);
	terminated[text.len] = '\0';
	if (strlen(terminated) != text.len || inet_pton(AF_INET6, terminated, addr.bytes) != 1)
		return false;
	addr.family = FAMILY_IPV6;
	*ret_addr = addr;
	return true;
}

/* The 256 decimal bytes: up to three digits, and how many they are. */
#define DIGIT(n)	('0' + (n) % 10)
#define ROW(n)		{ \
	{ DIGIT((n) >= 100 ? (n) / 100 : (n) >= 10 ? (n) / 10 : (n)), \
	  DIGIT((n) >= 100 ? (n) / 10 : (n)), DIGIT(n) }, \
	1 + ((n) >= 10) + ((n) >= 100) }
#define ROWS_4(n)	ROW(n), ROW((n) + 1), ROW((n) + 2), ROW((n) + 3)
#define ROWS_16(n)	ROWS_4(n), ROWS_4((n) + 4), ROWS_4((n) + 8), ROWS_4((n) + 12)
#define ROWS_64(n)	ROWS_16(n), ROWS_16((n) + 16), ROWS_16((n) + 32), ROWS_16((n) + 48)

static const struct {
	char digits[3];
	uint8_t count;
} decimal[256] = { ROWS_64(0), ROWS_64(64), ROWS_64(128), ROWS_64(192) };

/* The longest that put_addr() writes, "/128" behind it, and one byte that decimal[] runs over. */
#define TEXT_ROOM	64u

static char *put_ipv4(char *at, const uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++) {
		memcpy(at, &decimal[bytes[i]], 4);
		at += decimal[bytes[i]].count;
		*at++ = '.';
	}
	return at - 1;
}

/* Lower case, without leading zeros (RFC 5952 sections 4.1 and 4.3). */
static char *put_word(char *at, uint32_t word)
{
	static const char digits[16] = "0123456789abcdef";

	if (word > 0xfff)
		*at++ = digits[word >> 12];
	if (word > 0xff)
		*at++ = digits[word >> 8 & 15];
	if (word > 0xf)
		*at++ = digits[word >> 4 & 15];
	*at++ = digits[word & 15];
	return at;
}

/*
 * The longest run of set bits, the first of several (RFC 5952 section 4.2.3): each round keeps the
 * bits that begin a run one longer.
 */
static unsigned longest_run(unsigned mask, unsigned *ret_start)
{
	unsigned len = 0, starts = mask;

	for (unsigned longer = mask; longer; longer &= mask >> len) {
		starts = longer;
		len++;
	}
	*ret_start = starts ? (unsigned)__builtin_ctz(starts) : 0;
	return len;
}

static char *put_ipv6(char *at, const uint8_t bytes[16])
{
	unsigned zeros = 0, start, len;

	for (unsigned i = 0; i < 8; i++)
		zeros |= (unsigned)(load_u16(bytes + 2 * i) == 0) << i;
	len = longest_run(zeros, &start);
	if (len < 2)		/* RFC 5952 section 4.2.2 */
		start = 8;
	for (unsigned i = 0; i < 8; ) {
		if (i == start) {
			*at++ = ':';
			if (i + len == 8)
				*at++ = ':';
			i += len;
			continue;
		}
		if (i)
			*at++ = ':';
		/* ::ffff:192.0.2.1 and ::192.0.2.1, as inet_ntop() has them (RFC 5952 section 5) */
		if (i == 6 && start == 0 &&
		    (len == 6 || (len == 5 && load_u16(bytes + 10) == 0xffff)))
			return put_ipv4(at, bytes + 12);
		at = put_word(at, load_u16(bytes + 2 * i));
		i++;
	}
	return at;
}

static char *put_addr(char *at, uint8_t family, const uint8_t bytes[16])
{
	return family == FAMILY_IPV6 ? put_ipv6(at, bytes) : put_ipv4(at, bytes);
}

void addr_format(struct buf *buf, const struct addr *addr)
{
	char *at;

	if (!buf_reserve(buf, TEXT_ROOM))
		return;
	at = put_addr(buf->data + buf->len, addr->family, addr->bytes);
	buf->len = (size_t)(at - buf->data);
}

void prefix_format(struct buf *buf, const struct prefix *prefix)
{
	char *at;

	if (!buf_reserve(buf, TEXT_ROOM))
		return;
	at = put_addr(buf->data + buf->len, prefix->family, prefix->bytes);
	*at++ = '/';
	memcpy(at, &decimal[prefix->len], 4);
	at += decimal[prefix->len].count;
	buf->len = (size_t)(at - buf->data);
}

/*
 * Bogons: the rows of IANA's IPv4 Special-Purpose Address Registry (RFC 6890) that are not globally
 * reachable, then multicast and reserved space. By first byte, since a network is a /8 at least:
 * all of it, none of it, or (SOME) to be looked up in the list.
 */
enum { NONE, SOME, ALL };

static const uint8_t bogon_ipv4_first[256] = {
	[0] = ALL, [10] = ALL, [100] = SOME, [127] = ALL, [169] = SOME, [172] = SOME,
	[192] = SOME, [198] = SOME, [203] = SOME, [224 ... 255] = ALL,
};

struct block {
	uint32_t base;
	uint8_t len;
};

static const struct block bogons_ipv4[] = {
	{ 0x64400000, 10 },	/* 100.64.0.0/10 shared address space, RFC 6598 */
	{ 0xa9fe0000, 16 },	/* 169.254.0.0/16 link local, RFC 3927 */
	{ 0xac100000, 12 },	/* 172.16.0.0/12 private use, RFC 1918 */
	{ 0xc0000000, 24 },	/* 192.0.0.0/24 IETF protocol assignments, RFC 6890 */
	{ 0xc0000200, 24 },	/* 192.0.2.0/24 documentation, RFC 5737 */
	{ 0xc0a80000, 16 },	/* 192.168.0.0/16 private use, RFC 1918 */
	{ 0xc6120000, 15 },	/* 198.18.0.0/15 benchmarking, RFC 2544 */
	{ 0xc6336400, 24 },	/* 198.51.100.0/24 documentation, RFC 5737 */
	{ 0xcb007100, 24 },	/* 203.0.113.0/24 documentation, RFC 5737 */
};

static bool in_block(const struct block *block, uint32_t first, unsigned len)
{
	return len >= block->len && (first ^ block->base) >> (32 - block->len) == 0;
}

static bool is_bogon_ipv4(uint32_t first, unsigned len)
{
	for (size_t i = 0; i < sizeof(bogons_ipv4) / sizeof(bogons_ipv4[0]); i++)
		if (in_block(&bogons_ipv4[i], first, len))
			return true;
	return false;
}

/*
 * IPv6, by the same measure. 2001::/23 (RFC 2928) belongs to protocols, not to holders: Teredo
 * (2001::/32, RFC 4380), benchmarking and ORCHIDs in it can be nobody's outage. Teredo has been
 * seen announced, but like 6to4 (2002::/16, RFC 3056) it maps IPv4 addresses, so that such a route
 * tells of a relay and not of those addresses. Two services in it are globally reachable by
 * assignment, and stay, as their IPv4 siblings 192.52.193.0/24 and 192.31.196.0/24 do: AMT, AS112.
 */
static bool is_bogon_ipv6(const struct prefix *prefix, uint32_t first)
{
	static const struct block protocols = { 0x20010000, 23 };	/* 2001::/23 */
	static const struct block amt = { 0x20010003, 32 };		/* 2001:3::/32, RFC 7450 */
	static const struct block as112 = { 0x20010004, 32 };	/* 2001:4:112::/48, RFC 7535 */
	static const struct block special[] = {
		{ 0x20010db8, 32 },	/* 2001:db8::/32 documentation, RFC 3849 */
		{ 0x20020000, 16 },	/* 2002::/16 6to4, RFC 3056 */
		{ 0x3fff0000, 20 },	/* 3fff::/20 documentation, RFC 9637 */
	};

	if (in_block(&protocols, first, prefix->len))
		return !in_block(&amt, first, prefix->len) &&
		       !(in_block(&as112, first, prefix->len) && prefix->len == 48 &&
			 load_u16(prefix->bytes + 4) == 0x0112);
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (in_block(&special[i], first, prefix->len))
			return true;
	return false;
}

static bool is_network_ipv4(uint32_t first, unsigned len)
{
	uint8_t bogon = bogon_ipv4_first[first >> 24];

	return len - 8u <= 24 - 8 &&
	       (bogon == NONE || (bogon == SOME && !is_bogon_ipv4(first, len)));
}

bool prefix_is_network(const struct prefix *prefix)
{
	uint32_t first = load_u32(prefix->bytes);
	uint32_t top = first >> 16;

	if (prefix->family == FAMILY_IPV4)
		return is_network_ipv4(first, prefix->len);
	/* 2000::/3, the only global unicast space that has been given out */
	if (prefix->family != FAMILY_IPV6 || prefix->len - 16u > 48 - 16 || first >> 29 != 1)
		return false;
	return (top != 0x2001 && top != 0x2002 && top != 0x3fff) || !is_bogon_ipv6(prefix, first);
}

#define KEY_IPV6	((uint64_t)1 << 63)
#define KEY_LEN		((uint64_t)0x3f)

uint64_t prefix_to_key(const struct prefix *network)
{
	uint64_t family = network->family == FAMILY_IPV6 ? KEY_IPV6 : 0;

	return family | load_u64(network->bytes) >> 16 << 15 | network->len;
}

uint64_t prefix_wire_key(enum family family, unsigned len, const uint8_t *bytes)
{
	struct prefix prefix;
	uint32_t first;

	if (family == FAMILY_IPV4) {
		if (len - 8u > 24 - 8)
			return 0;
		first = (uint32_t)(load_some(bytes, (len + 7) / 8) >> 32);
		first &= UINT32_MAX << (32 - len);
		return is_network_ipv4(first, len) ? (uint64_t)first << 31 | len : 0;
	}
	prefix = prefix_from_wire(family, len, bytes);
	return prefix_is_network(&prefix) ? prefix_to_key(&prefix) : 0;
}

struct prefix prefix_from_key(uint64_t key)
{
	uint64_t bits = htobe64(key >> 15 << 16);
	struct prefix prefix = {
		.family = key & KEY_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4,
		.len = (uint8_t)(key & KEY_LEN),
	};

	memcpy(prefix.bytes, &bits, 8);
	return prefix;
}
