/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses and prefixes as plain values, and what counts as a network.
 *
 * A struct prefix always has the bits beyond its length zero (RFC 4271 section 4.3: they are
 * irrelevant), so that prefixes compare bytewise. Order: IPv4 before IPv6, then by address, then
 * the shorter first: everything inside a prefix follows it directly.
 */
#ifndef CONSTAT_NET_PREFIX_H
#define CONSTAT_NET_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

enum family { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

struct addr {
	uint8_t family;		/* enum family */
	uint8_t bytes[16];	/* network order; IPv4 in the first four, the rest zero */
};

struct prefix {
	uint8_t family;
	uint8_t len;
	uint8_t bytes[16];
};

static inline unsigned family_bits(uint8_t family)
{
	return family == FAMILY_IPV6 ? 128 : 32;
}

/* From `(len + 7) / 8` bytes off the wire; the caller has checked len <= family_bits(). */
struct prefix prefix_from_wire(enum family family, unsigned len, const uint8_t *bytes);
int prefix_compare(const struct prefix *a, const struct prefix *b);
bool prefix_equal(const struct prefix *a, const struct prefix *b);
/* True also when they are equal. */
bool prefix_contains(const struct prefix *outer, const struct prefix *inner);
/* "175.45.176.0/24", "2001:db8::/32"; an address alone is a host's prefix. Host bits set: false. */
bool prefix_parse(struct view text, struct prefix *ret_prefix);
void prefix_format(struct buf *buf, const struct prefix *prefix);

int addr_compare(const struct addr *a, const struct addr *b);
bool addr_parse(struct view text, struct addr *ret_addr);
/* IPv6 as RFC 5952 (inet_ntop's form). */
void addr_format(struct buf *buf, const struct addr *addr);

/*
 * A network: IPv4 /8 to /24 or IPv6 /16 to /48, outside the bogons (RFC 6890 special purpose,
 * RFC 6598, multicast and reserved; IPv6 outside 2000::/3 and its special blocks).
 */
bool prefix_is_network(const struct prefix *prefix);

/*
 * A network in one number, ordered as prefix_compare() orders: bit 63 set for IPv6, the 48 first
 * bits of the address below it, 62 to 15 (IPv4: 32, then 16 zero bits), the length in the low 6.
 * Only for networks: anything longer than /48 does not fit.
 */
uint64_t prefix_to_key(const struct prefix *network);
/* The same from `(len + 7) / 8` bytes off the wire, len <= family_bits(); 0: no network. */
uint64_t prefix_wire_key(enum family family, unsigned len, const uint8_t *bytes);
struct prefix prefix_from_key(uint64_t key);

/* The key's address: 32 bits, of IPv6 the first 48. */
static inline uint64_t prefix_key_addr(uint64_t key)
{
	return key << 1 >> (key >> 63 ? 16 : 32);
}

static inline unsigned prefix_key_len(uint64_t key)
{
	return key & 0x3f;
}

/* The first of the blocks that the key's network spans, and how many they are: prefix_blocks(). */
static inline uint64_t prefix_key_block(uint64_t key)
{
	return key >> 63 ? prefix_key_addr(key) : prefix_key_addr(key) >> 8;
}

static inline uint64_t prefix_key_blocks(uint64_t key)
{
	return (uint64_t)1 << ((key >> 63 ? 48 : 24) - prefix_key_len(key));
}

/* Distinct /24 (IPv6: /48) blocks that a network spans. */
static inline uint64_t prefix_blocks(const struct prefix *network)
{
	return (uint64_t)1 << ((network->family == FAMILY_IPV6 ? 48 : 24) - network->len);
}

#endif
