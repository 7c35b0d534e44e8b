/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of RFC 1997, 4360, 8092 (communities), 4456 (reflection), 7311 (AIGP), 9234 (OTC). */
#include "wire/testing.h"

static struct capture capture;

static void announce(const char *attributes)
{
	char all[512];
	struct bytes bytes;

	snprintf(all, sizeof(all), HEX_MANDATORY "%s", attributes);
	bytes = update_record("", all, HEX_NETWORK);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
}

static void assert_verdict(enum event_kind kind, enum fault_verdict verdict)
{
	assert_int_equal(capture.event[0].kind, kind);
	assert_int_equal(capture.event[0].verdict, verdict);
	assert_int_equal(capture.faults, verdict != VERDICT_NONE);
}

static void test_1997_communities(void **state)
{
	(void)state;
	announce("c00808 0d1c0064 ffff029a");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	assert_int_equal(attrs_community_count(&capture.attrs[0]), 2);
	assert_int_equal(attrs_community(&capture.attrs[0], 0), 0x0d1c0064);
	assert_int_equal(attrs_community(&capture.attrs[0], 1), COMMUNITY_BLACKHOLE);
	announce("");
	assert_int_equal(attrs_community_count(&capture.attrs[0]), 0);
}

static void test_4360_extended_communities(void **state)
{
	(void)state;
	announce("c01010 0002fde800000064 0003fde800000065");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	assert_int_equal(capture.attrs[0].known[ATTR_EXT_COMMUNITIES].len, 16);
	announce("c0100c 0002fde800000064 0003fde8");
	assert_verdict(EVENT_WITHDRAW, VERDICT_TREAT_AS_WITHDRAW);
}

/* RFC 8092 section 6 */
static void test_8092_6_large_communities(void **state)
{
	(void)state;
	announce("c0200c 00000d1c 00000001 00000002");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	assert_int_equal(capture.attrs[0].known[ATTR_LARGE_COMMUNITIES].len, 12);
	announce("c02008 00000d1c 00000001");
	assert_verdict(EVENT_WITHDRAW, VERDICT_TREAT_AS_WITHDRAW);
	announce("c02000");
	assert_verdict(EVENT_WITHDRAW, VERDICT_TREAT_AS_WITHDRAW);
}

/* RFC 4456 section 8 */
static void test_4456_8_reflection(void **state)
{
	uint32_t id;

	(void)state;
	announce("800904 c0000201 800a08 c0000202 c0000203");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	assert_true(attrs_u32(&capture.attrs[0], ATTR_ORIGINATOR_ID, &id));
	assert_int_equal(id, 0xc0000201);
	assert_int_equal(capture.attrs[0].known[ATTR_CLUSTER_LIST].len, 8);
}

/* RFC 7311 section 3.2: a malformed AIGP is discarded. */
static void test_7311_aigp(void **state)
{
	(void)state;
	announce("801a0b 01 000b 0000000000000064");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	announce("801a0b 01 000c 0000000000000064");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_ATTRIBUTE_DISCARD);
	announce("801a03 02 0002");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_ATTRIBUTE_DISCARD);
	assert_null(capture.attrs[0].known[ATTR_AIGP].bytes);
}

/* RFC 9234 section 5 */
static void test_9234_5_only_to_customer(void **state)
{
	uint32_t asn;

	(void)state;
	announce("c02304 000200cf");
	assert_verdict(EVENT_ANNOUNCE, VERDICT_NONE);
	assert_true(attrs_u32(&capture.attrs[0], ATTR_ONLY_TO_CUSTOMER, &asn));
	assert_int_equal(asn, 131279);
	announce("c02302 00cf");
	assert_verdict(EVENT_WITHDRAW, VERDICT_TREAT_AS_WITHDRAW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_1997_communities),
		cmocka_unit_test(test_4360_extended_communities),
		cmocka_unit_test(test_8092_6_large_communities),
		cmocka_unit_test(test_4456_8_reflection),
		cmocka_unit_test(test_7311_aigp),
		cmocka_unit_test(test_9234_5_only_to_customer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
