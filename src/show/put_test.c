/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text by tables against the C library's, over all small values and a fixed sample of large ones.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "show/put.h"

/* What was put, as a string. */
static const char *text(char *start, char *end)
{
	*end = '\0';
	return start;
}

static uint64_t next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return (*state ^ *state >> 29) * 0xbf58476d1ce4e5b9u;
}

static void check_number(uint32_t value)
{
	char got[16 + PUT_SLACK], want[16];

	snprintf(want, sizeof(want), "%" PRIu32, value);
	assert_string_equal(text(got, put_u32(got, value)), want);
}

static void numbers(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (uint32_t value = 0; value < 120000; value++)
		check_number(value);
	for (uint32_t unit = 1; unit <= 1000000000; unit *= 10) {
		check_number(unit - 1);
		check_number(unit);
		if (unit == 1000000000)
			break;
	}
	for (unsigned i = 0; i < 100000; i++)
		check_number((uint32_t)(next(&random) >> 32));
	check_number(UINT32_MAX);
}

static void large_numbers(void **state)
{
	char got[24 + PUT_SLACK];

	(void)state;
	assert_string_equal(text(got, put_u64(got, 0)), "0");
	assert_string_equal(text(got, put_u64(got, UINT32_MAX)), "4294967295");
	assert_string_equal(text(got, put_u64(got, (uint64_t)UINT32_MAX + 1)), "4294967296");
	assert_string_equal(text(got, put_u64(got, 10000000000000000000u)), "10000000000000000000");
	assert_string_equal(text(got, put_u64(got, UINT64_MAX)), "18446744073709551615");
}

static void groups(void **state)
{
	char got[8 + PUT_SLACK];

	(void)state;
	assert_string_equal(text(got, put_group(got, 7)), "007");
	assert_string_equal(text(got, put_group(got, 70)), "070");
	assert_string_equal(text(got, put_group(got, 700)), "700");
	assert_string_equal(text(got, put_group_first(got, 0)), "0");
	assert_string_equal(text(got, put_group_first(got, 999)), "999");
}

static void ipv4(void **state)
{
	char got[16 + PUT_SLACK], want[16];

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		const uint8_t bytes[4] = { (uint8_t)i, (uint8_t)(255 - i), 0, (uint8_t)i };

		inet_ntop(AF_INET, bytes, want, sizeof(want));
		assert_string_equal(text(got, put_ipv4(got, bytes)), want);
	}
}

/* Addresses with many zero groups, so that every place and length of a run occurs. */
static void ipv6_as_the_library(void **state)
{
	char got[PUT_ADDR_MAX + 1 + PUT_SLACK], want[INET6_ADDRSTRLEN];
	uint64_t random = 2;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint64_t zeros = next(&random) >> 32, digits = next(&random);
		uint8_t bytes[16] = { 0 };

		for (unsigned j = 0; j < 16; j++)
			if (zeros >> j / 2 & 1)
				bytes[j] = zeros >> (8 + j) & 1 ? (uint8_t)(digits >> 4 * j) : 0;
		inet_ntop(AF_INET6, bytes, want, sizeof(want));
		assert_string_equal(text(got, put_ipv6(got, bytes, PUT_IPV6_RFC5952)), want);
	}
}

static void ipv6_mixed(void **state)
{
	static const char *const addresses[] = {
		"::ffff:192.0.2.1", "::192.0.2.1", "::1", "::", "::ffff:0:1", "1::ffff:c000:201", "::5",
	};
	char got[PUT_ADDR_MAX + 1 + PUT_SLACK], want[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		assert_int_equal(inet_pton(AF_INET6, addresses[i], bytes), 1);
		inet_ntop(AF_INET6, bytes, want, sizeof(want));
		assert_string_equal(text(got, put_ipv6(got, bytes, PUT_IPV6_RFC5952)), want);
	}
}

static void ipv6_shortest(void **state)
{
	static const char *const pairs[][2] = {
		{ "2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1" },
		{ "2001:7f8:30:0:2:1:0:8447", "2001:7f8:30::2:1:0:8447" },
		{ "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7::" },
		{ "0:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "::5", "::0.0.0.5" },
		{ "::1", "::1" },
		{ "::", "::" },
		{ "fe80::", "fe80::" },
	};
	char got[PUT_ADDR_MAX + 1 + PUT_SLACK];
	uint8_t bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(inet_pton(AF_INET6, pairs[i][0], bytes), 1);
		assert_string_equal(text(got, put_ipv6(got, bytes, PUT_IPV6_SHORTEST)), pairs[i][1]);
	}
}

static void prefixes(void **state)
{
	const struct prefix ipv4_prefix = { FAMILY_IPV4, 24, { 175, 45, 177 } };
	const struct prefix ipv6_prefix = { FAMILY_IPV6, 128, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };
	char got[PUT_PREFIX_MAX + 1 + PUT_SLACK];

	(void)state;
	assert_string_equal(text(got, put_prefix(got, &ipv4_prefix, PUT_IPV6_RFC5952)), "175.45.177.0/24");
	assert_string_equal(text(got, put_prefix(got, &ipv6_prefix, PUT_IPV6_RFC5952)), "2001:db8::1/128");
}

static void hex(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xa9, 0xff };
	char got[16 + PUT_SLACK];

	(void)state;
	assert_string_equal(text(got, put_hex(got, bytes, sizeof(bytes))), "000fa9ff");
	assert_string_equal(text(got, put_hex(got, bytes, 0)), "");
}

static void paths(void **state)
{
	static const uint8_t two[] = { 2, 2, 0x0d, 0x1c, 0x12, 0xe5, 1, 2, 0, 1, 0, 2 };
	static const uint8_t four[] = { 3, 1, 0, 0, 0xfd, 0xe9, 4, 2, 0, 0, 0, 1, 0, 0, 0, 2,
					2, 1, 0xff, 0xff, 0xff, 0xff };
	struct as_path path = { two, sizeof(two), 2 };
	char got[128 + PUT_SLACK];

	(void)state;
	assert_string_equal(text(got, put_path(got, &path)), "3356 4837 {1,2}");
	path = (struct as_path){ four, sizeof(four), 4 };
	assert_string_equal(text(got, put_path(got, &path)), "(65001) [1,2] 4294967295");
	path.len = 0;
	assert_string_equal(text(got, put_path(got, &path)), "");
}

/* The same text as the vocabulary's own function, which filters match against. */
static void paths_as_the_vocabulary(void **state)
{
	uint8_t bytes[64];
	uint64_t random = 3;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct as_path path = { bytes, 0, i & 1 ? 2 : 4 };
		struct buf want = { 0 };
		char got[512];

		for (unsigned segments = i % 3 + 1; segments; segments--) {
			uint8_t count = (uint8_t)(next(&random) >> 32 & 3) + 1;

			bytes[path.len++] = (uint8_t)(next(&random) >> 32 & 3) + 1;
			bytes[path.len++] = count;
			for (unsigned j = 0; j < count * path.asn_size; j++)
				bytes[path.len++] = (uint8_t)(next(&random) >> 32);
		}
		as_path_format(&want, &path);
		buf_char(&want, '\0');
		assert_string_equal(text(got, put_path(got, &path)), want.data);
		buf_free(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(large_numbers),
		cmocka_unit_test(groups),
		cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6_as_the_library),
		cmocka_unit_test(ipv6_mixed),
		cmocka_unit_test(ipv6_shortest),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(hex),
		cmocka_unit_test(paths),
		cmocka_unit_test(paths_as_the_vocabulary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
