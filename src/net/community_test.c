/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/community.h"

static void check(struct buf *buf, const char *expected)
{
	buf_char(buf, '\0');
	assert_string_equal(buf->data, expected);
	buf_free(buf);
}

static void check_parse(const char *text, uint32_t expected)
{
	uint32_t community = 1;

	if (!community_parse(view_of(text), &community))
		fail_msg("not understood: %s", text);
	assert_int_equal(community, expected);
}

static void test_parse(void **state)
{
	static const char *const refused[] = {
		"", ":", "1", "1:", ":1", "1:2:3", "65536:1", "1:65536", "1:-1", " 1:2", "no-exp", "xo_export", "no_exporu",
		"NO_EXPORT_", "4294967297:1",
	};
	uint32_t community = 7;

	(void)state;
	check_parse("3356:100", 3356u << 16 | 100);
	check_parse("0:0", 0);
	check_parse("65535:666", COMMUNITY_BLACKHOLE);
	check_parse("65535:65535", UINT32_MAX);
	check_parse("2:1", 2u << 16 | 1);
	check_parse("blackhole", COMMUNITY_BLACKHOLE);
	check_parse("no-export", 0xffffff01);
	check_parse("standby pe", 0xffff0009);
	check_parse("NOPEER", 0xffffff04);
	check_parse("ACCEPT-OWN-NEXTHOP", 0xffff0008);
	check_parse("NO_EXPORT", 0xffffff01);
	check_parse("Graceful-Shutdown", 0xffff0000);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (community_parse(view_of(refused[i]), &community))
			fail_msg("understood: %s", refused[i]);
	assert_int_equal(community, 7);
}

static void check_ext(const char bytes[8], const char *expected)
{
	struct buf buf = { 0 };

	ext_community_format(&buf, (const uint8_t *)bytes);
	check(&buf, expected);
}

static void test_ext(void **state)
{
	(void)state;
	check_ext("\x00\x02\xfc\x00\x00\x00\x00\x01", "rt:64512:1");
	check_ext("\x00\x03\xff\xff\xff\xff\xff\xff", "soo:65535:4294967295");
	check_ext("\x01\x02\xc0\x00\x02\x01\x00\x05", "rt:192.0.2.1:5");
	check_ext("\x02\x02\x00\x03\x00\x00\xff\xff", "rt:196608:65535");
	check_ext("\x02\x03\xff\xff\xff\xff\x00\x00", "soo:4294967295:0");
	check_ext("\x00\x04\xfd\xe8\x00\x00\x00\x01", "0x0004fde800000001");
	check_ext("\x03\x0c\x00\x00\x00\x00\x00\x08", "0x030c000000000008");
	check_ext("\x40\x02\xfc\x00\x00\x00\x00\x01", "0x4002fc0000000001");
	check_ext("\xff\x02\xff\xff\xff\xff\xff\xff", "0xff02ffffffffffff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_ext),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
