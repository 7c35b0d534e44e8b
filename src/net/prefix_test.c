/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <cmocka.h>

#include "net/prefix.h"

static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static struct prefix make(const char *text)
{
	struct prefix prefix = { 0 };

	if (!prefix_parse(view_of(text), &prefix))
		fail_msg("not understood: %s", text);
	return prefix;
}

static struct addr make_addr(const char *text)
{
	struct addr addr = { 0 };

	if (!addr_parse(view_of(text), &addr))
		fail_msg("not understood: %s", text);
	return addr;
}

/* Formatted as inet_ntop() has it, and understood again. */
static void check_addr(const struct addr *addr)
{
	struct buf buf = { 0 };
	char expected[INET6_ADDRSTRLEN];
	struct addr back;

	assert_non_null(inet_ntop(addr->family == FAMILY_IPV6 ? AF_INET6 : AF_INET, addr->bytes,
				  expected, sizeof(expected)));
	addr_format(&buf, addr);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, expected);
	assert_true(addr_parse(view_of(buf.data), &back));
	assert_int_equal(addr_compare(addr, &back), 0);
	buf_free(&buf);
}

static void test_ipv4_text(void **state)
{
	struct addr addr = { .family = FAMILY_IPV4 };

	(void)state;
	for (unsigned place = 0; place < 4; place++)
		for (unsigned byte = 0; byte < 256; byte++) {
			memset(addr.bytes, 100, 4);
			addr.bytes[place] = (uint8_t)byte;
			check_addr(&addr);
		}
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t random = (uint32_t)next_random();

		memcpy(addr.bytes, &random, 4);
		check_addr(&addr);
	}
}

/* Every pattern of zero words, words of one to four digits between: all runs, ties, v4 forms. */
static void test_ipv6_text_all_patterns(void **state)
{
	static const uint16_t words[] = { 1, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000, 0xffff };

	(void)state;
	for (unsigned zeros = 0; zeros < 256; zeros++)
		for (unsigned turn = 0; turn < 8; turn++) {
			struct addr addr = { .family = FAMILY_IPV6 };

			for (unsigned i = 0; i < 8; i++) {
				uint16_t word = zeros >> i & 1 ? 0 : words[(i + turn) % 8];

				addr.bytes[2 * i] = (uint8_t)(word >> 8);
				addr.bytes[2 * i + 1] = (uint8_t)word;
			}
			check_addr(&addr);
		}
}

static void test_ipv6_text_random(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		struct addr addr = { .family = FAMILY_IPV6 };
		uint64_t keep = next_random(), random[2] = { next_random(), next_random() };

		memcpy(addr.bytes, random, 16);
		for (unsigned byte = 0; byte < 16; byte++)
			if (keep >> byte & 1)
				addr.bytes[byte] = 0;
		check_addr(&addr);
	}
}

static void test_ipv6_text_by_name(void **state)
{
	static const char *const texts[] = {
		"::", "::1", "1::", "::ffff:1.2.3.4", "::1.2.3.4", "::ffff:0.0.0.0", "::1.2.0.0",
		"::2", "::ffff", "::fffe:102:304", "2001:db8::1:0:0:1", "2001:0:0:1::1", "fe80::1",
		"1:0:2:0:3:0:4:0", "1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:0",
		"1:2:3:4:5:6::", "0:1::", "::1:0:0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct addr addr = make_addr(texts[i]);

		check_addr(&addr);
	}
}

static void test_addr_refused(void **state)
{
	static const char *const texts[] = {
		"", ".", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3", "1..2.3",
		"256.1.1.1", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.1000", "1.2.3.-4",
		" 1.2.3.4", "1.2.3.4 ", "1.2.3.x", ":", ":::", "1:2:3:4:5:6:7", "12345::", "g::",
		"1::2::3", "::1%eth0", "1:2:3:4:5:6:7:8:9", "[::1]",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
	};
	struct addr addr = { .family = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (addr_parse(view_of(texts[i]), &addr))
			fail_msg("understood: %s", texts[i]);
	assert_false(addr_parse((struct view){ "::1\0::", 6 }, &addr));
	assert_false(addr_parse((struct view){ NULL, 0 }, &addr));
	assert_int_equal(addr.family, 77);
}

static void test_prefix_text(void **state)
{
	static const char *const texts[] = {
		"0.0.0.0/0", "175.45.176.0/24", "255.255.255.255/32", "10.0.0.0/8", "128.0.0.0/1",
		"::/0", "2001:db8::/32", "2001:db8:0:100::/56", "ffff::/127", "::1/128",
		"::ffff:1.2.3.4/128",
	};
	static const char *const refused[] = {
		"", "/", "/8", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/24", "1.2.3.0/24/",
		"1.2.3.0/24/24", "128.0.0.0/0", "10/8", "::1/127", "::/129", "2001:db8::/31x",
		"10.0.0.0/ 8", "10.0.0.0/4294967304",
	};
	struct prefix prefix = { .family = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (prefix_parse(view_of(refused[i]), &prefix))
			fail_msg("understood: %s", refused[i]);
	assert_int_equal(prefix.family, 77);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf buf = { 0 };

		prefix = make(texts[i]);
		prefix_format(&buf, &prefix);
		buf_char(&buf, '\0');
		assert_string_equal(buf.data, texts[i]);
		buf_free(&buf);
	}
	prefix = make("192.0.2.1");
	assert_int_equal(prefix.len, 32);
	prefix = make("2001:db8::1");
	assert_int_equal(prefix.len, 128);
	assert_int_equal(prefix.family, FAMILY_IPV6);
}

/* Bits beyond the length are cleared; bytes beyond it not read: the buffer ends there. */
static void test_from_wire(void **state)
{
	(void)state;
	for (unsigned len = 0; len <= 128; len++) {
		enum family family = len <= 32 ? FAMILY_IPV4 : FAMILY_IPV6;
		uint8_t *bytes = malloc((len + 7) / 8);
		struct prefix prefix;

		assert_true(bytes || len == 0);
		if (len)
			memset(bytes, 0xff, (len + 7) / 8);
		prefix = prefix_from_wire(family, len, bytes);
		assert_int_equal(prefix.family, family);
		assert_int_equal(prefix.len, len);
		for (unsigned bit = 0; bit < 128; bit++)
			assert_int_equal(prefix.bytes[bit / 8] >> (7 - bit % 8) & 1, bit < len);
		free(bytes);
	}
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void test_order(void **state)
{
	static const char *const sorted[] = {
		"0.0.0.0/0", "1.0.0.0/8", "1.0.0.0/16", "1.0.0.0/24", "1.0.1.0/24", "1.1.0.0/16",
		"2.0.0.0/8", "128.0.0.0/8", "255.0.0.0/8", "::/0", "::1/128", "1::/16", "1::1/128",
		"2001:db8::/32", "2001:db8::/48", "2001:db8:0:0:8000::/65", "2001:db8:1::/48",
		"ffff::/16",
	};
	const int count = sizeof(sorted) / sizeof(sorted[0]);

	(void)state;
	for (int i = 0; i < count; i++)
		for (int k = 0; k < count; k++) {
			struct prefix a = make(sorted[i]), b = make(sorted[k]);

			assert_int_equal(sign(prefix_compare(&a, &b)), sign(i - k));
			assert_int_equal(prefix_equal(&a, &b), i == k);
		}
}

/* Against the definition, bit by bit, on prefixes that often share their beginning. */
static void test_contains(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		enum family family = i % 2 ? FAMILY_IPV4 : FAMILY_IPV6;
		uint64_t random = next_random();
		unsigned outer_len = (unsigned)(random % (family_bits(family) + 1));
		unsigned inner_len = (unsigned)(random >> 8) % (family_bits(family) + 1);
		uint8_t bytes[16], other[16];
		struct prefix outer, inner;
		bool same = true;

		memset(bytes, (int)(random >> 16), sizeof(bytes));
		memcpy(other, bytes, sizeof(bytes));
		if (random >> 24 & 1)
			other[(random >> 25) % (family_bits(family) / 8)] ^=
				(uint8_t)(1u << (random >> 32 & 7));
		outer = prefix_from_wire(family, outer_len, bytes);
		inner = prefix_from_wire(family, inner_len, other);
		for (unsigned bit = 0; bit < outer_len; bit++)
			same = same && (outer.bytes[bit / 8] >> (7 - bit % 8) & 1) ==
				       (inner.bytes[bit / 8] >> (7 - bit % 8) & 1);
		assert_int_equal(prefix_contains(&outer, &inner), same && outer_len <= inner_len);
	}
}

static void test_contains_not_across_families(void **state)
{
	struct prefix all4 = make("0.0.0.0/0"), all6 = make("::/0");
	struct addr four = make_addr("0.0.0.0"), six = make_addr("::");

	(void)state;
	assert_false(prefix_contains(&all4, &all6));
	assert_false(prefix_contains(&all6, &all4));
	assert_int_equal(sign(addr_compare(&four, &six)), -1);
	assert_int_equal(sign(addr_compare(&six, &four)), 1);
}

static void test_is_network(void **state)
{
	static const char *const networks[] = {
		"1.0.0.0/8", "1.0.0.0/24", "175.45.176.0/24", "223.255.255.0/24", "8.8.8.0/24",
		/* just beside the bogons, or around them */
		"9.0.0.0/8", "11.0.0.0/24", "100.0.0.0/8", "100.0.0.0/9", "100.128.0.0/10",
		"126.255.255.0/24", "128.0.0.0/16", "169.253.0.0/16", "169.255.0.0/16",
		"169.252.0.0/14", "172.0.0.0/8", "172.0.0.0/12", "172.32.0.0/12", "192.0.0.0/8",
		"192.0.0.0/23", "192.0.1.0/24", "192.0.3.0/24", "192.167.0.0/16", "192.169.0.0/16",
		"198.17.0.0/16", "198.20.0.0/16", "198.16.0.0/12", "198.51.99.0/24",
		"198.51.101.0/24", "203.0.112.0/24", "203.0.114.0/24", "203.0.112.0/23",
		/* special purpose, but globally reachable */
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
		"2000::/16", "2001:200::/23", "2001:200::/32", "2400::/16", "2a00:1450::/48",
		"2001:db7::/32", "2001:db9::/32", "2001:d00::/24", "2003::/19", "3ffe::/16",
		"3fff:1000::/20", "3fff::/16", "2001::/16", "2620:4f:8000::/48",
		"2001:3::/32", "2001:3::/48", "2001:3:ffff::/48", "2001:4:112::/48",
	};
	static const char *const others[] = {
		"0.0.0.0/0", "8.0.0.0/7", "1.0.0.0/25", "1.2.3.4/32", "0.0.0.0/8", "0.1.0.0/24",
		"10.0.0.0/8", "10.255.255.0/24", "100.64.0.0/10", "100.127.255.0/24",
		"100.96.0.0/11", "127.0.0.0/8", "127.0.0.0/24", "169.254.0.0/16", "169.254.7.0/24",
		"172.16.0.0/12", "172.31.255.0/24", "192.0.0.0/24", "192.0.2.0/24",
		"192.168.0.0/16", "192.168.255.0/24", "198.18.0.0/15", "198.19.255.0/24",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/8", "239.1.2.0/24", "240.0.0.0/8",
		"255.255.255.0/24",
		"::/0", "2000::/3", "2000::/15", "2400::/49", "2400::1/128", "1fff::/16",
		"4000::/16", "::/16", "fe80::/16", "fc00::/16", "ff00::/16", "64:ff9b::/48",
		"2001::/23", "2001::/32", "2001:2::/48", "2001:4:113::/48", "2001:4::/32",
		"2001:10::/28", "2001:20::/28", "2001:1ff::/32", "2001:db8::/32",
		"2001:db8:ffff::/48", "2002::/16", "2002:c058:6301::/48", "3fff::/20",
		"3fff:fff::/32",
	};
	struct prefix prefix;

	(void)state;
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		prefix = make(networks[i]);
		if (!prefix_is_network(&prefix))
			fail_msg("should be a network: %s", networks[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		prefix = make(others[i]);
		if (prefix_is_network(&prefix))
			fail_msg("should not be a network: %s", others[i]);
	}
	prefix = (struct prefix){ .family = FAMILY_NONE, .len = 24, .bytes = { 8 } };
	assert_false(prefix_is_network(&prefix));
}

static uint64_t first_bits(const struct prefix *prefix, unsigned bytes)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < bytes; i++)
		bits = bits << 8 | prefix->bytes[i];
	return bits;
}

static void test_key(void **state)
{
	struct prefix before = { 0 }, prefix = make("1.2.3.0/24");
	uint64_t key_before = 0;

	(void)state;
	assert_true(prefix_to_key(&prefix) == ((uint64_t)0x01020300 << 31 | 24));
	prefix = make("2001:db8:1::/48");
	assert_true(prefix_to_key(&prefix) ==
		    ((uint64_t)1 << 63 | (uint64_t)0x20010db80001 << 15 | 48));
	for (unsigned i = 0; i < 100000; i++) {
		enum family family = i % 2 ? FAMILY_IPV4 : FAMILY_IPV6;
		uint64_t random = next_random(), key;
		unsigned len = (unsigned)(random % (family == FAMILY_IPV4 ? 33 : 49));
		uint8_t bytes[16] = { 0 };
		struct prefix back;

		random = i % 3 ? next_random() : random & 0x0101010101010101u;
		memcpy(bytes, &random, family == FAMILY_IPV4 ? 4 : 8);
		prefix = prefix_from_wire(family, len, bytes);
		key = prefix_to_key(&prefix);
		back = prefix_from_key(key);
		assert_true(prefix_equal(&prefix, &back));
		assert_true(prefix_wire_key(family, len, bytes) ==
			    (prefix_is_network(&prefix) ? key : 0));
		assert_int_equal(prefix_key_len(key), len);
		assert_int_equal(prefix_key_addr(key), first_bits(&prefix, family == FAMILY_IPV4 ? 4 : 6));
		if (family == FAMILY_IPV6 || len <= 24) {
			assert_int_equal(prefix_key_block(key), first_bits(&prefix, family == FAMILY_IPV4 ? 3 : 6));
			assert_true(prefix_key_blocks(key) == prefix_blocks(&prefix));
		}
		if (i)
			assert_int_equal((key > key_before) - (key < key_before),
					 sign(prefix_compare(&prefix, &before)));
		before = prefix;
		key_before = key;
	}
}

static void test_blocks(void **state)
{
	struct prefix prefix = make("175.45.176.0/24");

	(void)state;
	assert_int_equal(prefix_blocks(&prefix), 1);
	prefix = make("1.0.0.0/8");
	assert_int_equal(prefix_blocks(&prefix), 65536);
	prefix = make("2400::/16");
	assert_true(prefix_blocks(&prefix) == (uint64_t)1 << 32);
	prefix = make("2400::/48");
	assert_int_equal(prefix_blocks(&prefix), 1);
}

/* How many bytes of the RIB's next record were read, or 0 at its end. */
static size_t read_record(BZFILE *rib, uint8_t *record, size_t room)
{
	uint32_t len;
	int status;

	if (BZ2_bzRead(&status, rib, record, 12) != 12)
		return 0;
	len = (uint32_t)record[8] << 24 | (uint32_t)record[9] << 16 | (uint32_t)record[10] << 8 |
	      record[11];
	assert_true(len <= room - 12);
	assert_int_equal(BZ2_bzRead(&status, rib, record + 12, (int)len), len);
	return 12 + len;
}

/*
 * Johannesburg's RIB of 30 May 2014, walked without the decoder (a floor above): each record of
 * TABLE_DUMP_V2, RIB_IPV4_UNICAST (RFC 6396 section 4.3.2) is one prefix, sorted.
 */
static void test_networks_of_2014(void **state)
{
	const char *shared = getenv("CONSTAT_SHARED_DATA");
	static uint8_t record[1 << 20];
	unsigned prefixes = 0, networks = 0;
	struct prefix last = { 0 };
	char path[4096];
	BZFILE *rib;

	(void)state;
	snprintf(path, sizeof(path), "%s/mrt/2014/route-views.jinx.rib.20140530.2200.bz2",
		 shared ? shared : "../shared/data");
	rib = BZ2_bzopen(path, "rb");
	if (!rib)
		skip();
	while (read_record(rib, record, sizeof(record))) {
		struct prefix prefix;

		if (record[5] != 13 || record[7] != 2)
			continue;
		assert_in_range(record[16], 0, 32);
		prefix = prefix_from_wire(FAMILY_IPV4, record[16], record + 17);
		assert_true(prefix_compare(&last, &prefix) < 0);
		last = prefix;
		prefixes++;
		networks += prefix_is_network(&prefix);
	}
	BZ2_bzclose(rib);
	assert_int_equal(prefixes, 497323);
	assert_int_equal(networks, 496163);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4_text),
		cmocka_unit_test(test_ipv6_text_all_patterns),
		cmocka_unit_test(test_ipv6_text_random),
		cmocka_unit_test(test_ipv6_text_by_name),
		cmocka_unit_test(test_addr_refused),
		cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_from_wire),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_contains),
		cmocka_unit_test(test_contains_not_across_families),
		cmocka_unit_test(test_is_network),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_networks_of_2014),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
