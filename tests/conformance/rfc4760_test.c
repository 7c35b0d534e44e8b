/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 4760 (multiprotocol), RFC 2545 and 8950 (its next hops), RFC 4724 (End-of-RIB). */
#include "wire/testing.h"

/* MP_REACH_NLRI of IPv6 unicast: next hop 2001:db8::1, 2001:db8::/32 and ::/0 */
#define HEX_REACH	"800e1b 000201 10 20010db8000000000000000000000001 00 20 20010db8 00"

static struct capture capture;

/* RFC 4760 section 3 */
static void test_4760_3_mp_reach(void **state)
{
	struct bytes bytes = update_record("", HEX_ORIGIN HEX_PATH HEX_REACH, "");
	struct addr addr, local;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	assert_prefix(&capture.event[0], "2001:db8::/32");
	assert_prefix(&capture.event[1], "::/0");
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(capture.event[i].kind, EVENT_ANNOUNCE);
		assert_true(capture.event[i].from_mp);
		assert_int_equal(capture.event[i].afi, 2);
		assert_int_equal(capture.event[i].safi, 1);
		assert_true(attrs_next_hop(capture.event[i].attrs, true, &addr, &local));
		assert_addr(&addr, "2001:db8::1");
		assert_int_equal(local.family, FAMILY_NONE);
		assert_false(attrs_next_hop(capture.event[i].attrs, false, &addr, &local));
	}
}

/* RFC 4760 section 4 */
static void test_4760_4_mp_unreach(void **state)
{
	struct bytes bytes = update_record("", "800f08 000201 20 20010db8", "");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
	assert_true(capture.event[0].from_mp);
	assert_prefix(&capture.event[0], "2001:db8::/32");
	assert_int_equal(capture.event[0].attributes.len, 0);
}

/* All four lists at once: what goes comes before what comes. */
static void test_order_of_lists(void **state)
{
	struct bytes bytes = update_record(
		"080a", HEX_REACH "800f07 000201 18 20010d" HEX_MANDATORY, HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 5);
	assert_prefix(&capture.event[0], "10.0.0.0/8");
	assert_int_equal(capture.event[1].kind, EVENT_WITHDRAW);
	assert_prefix(&capture.event[1], "2001:d00::/24");
	assert_int_equal(capture.event[2].kind, EVENT_ANNOUNCE);
	assert_prefix(&capture.event[2], "175.45.177.0/24");
	assert_false(capture.event[2].from_mp);
	assert_prefix(&capture.event[3], "2001:db8::/32");
	assert_true(capture.event[3].from_mp);
}

/* RFC 2545 section 3: a global and a link-local address. */
static void test_2545_3_link_local(void **state)
{
	struct bytes bytes = update_record(
		"",
		HEX_ORIGIN HEX_PATH
		"800e2a 000201 20 20010db8000000000000000000000001"
		"fe800000000000000000000000000002 00"
		"20 20010db8",
		"");
	struct addr addr, local;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_true(attrs_next_hop(capture.event[0].attrs, true, &addr, &local));
	assert_addr(&addr, "2001:db8::1");
	assert_addr(&local, "fe80::2");
	assert_true(attrs_next_hop(capture.event[0].attrs, true, &addr, NULL));
}

/* RFC 8950 section 3: IPv4 routes by an IPv6 next hop. */
static void test_8950_3_ipv4_over_ipv6(void **state)
{
	struct bytes bytes = update_record("", HEX_ORIGIN HEX_PATH
		"800e19 000101 10 20010db8000000000000000000000001 00" HEX_NETWORK, "");
	struct addr addr;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	assert_true(capture.event[0].from_mp);
	assert_int_equal(capture.event[0].afi, 1);
	assert_true(attrs_next_hop(capture.event[0].attrs, true, &addr, NULL));
	assert_addr(&addr, "2001:db8::1");
}

/* Families that are not decoded are passed over by name. */
static void test_other_families(void **state)
{
	struct bytes bytes =
		update_record("",
			      HEX_MANDATORY "800e11 000180 0c 0000000000000000c0000201 00"
					    "800f07 001946 01020304",
			      HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 3);
	assert_int_equal(capture.event[0].kind, EVENT_OTHER_FAMILY);
	assert_string_equal(afi_safi_name(capture.event[0].afi, capture.event[0].safi),
			    "L2VPN EVPN");
	assert_int_equal(capture.event[0].bytes, 7);
	assert_int_equal(capture.event[1].kind, EVENT_ANNOUNCE);
	assert_int_equal(capture.event[2].kind, EVENT_OTHER_FAMILY);
	assert_string_equal(afi_safi_name(capture.event[2].afi, capture.event[2].safi),
			    "IPv4 VPN unicast");
	assert_int_equal(capture.event[2].bytes, 17);
	assert_non_null(capture.event[2].peer);
}

/* RFC 4724 section 2 */
static void test_4724_2_end_of_rib(void **state)
{
	static const struct {
		const char *attributes;
		unsigned afi, safi;
		bool mp;
	} cases[] = {
		{ "", 1, 1, false },
		{ "800f03 000201", 2, 1, true },
		{ "900f0003 000101", 1, 1, true },
		{ "800f03 001946", 25, 70, true },
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct bytes bytes = update_record("", cases[i].attributes, "");

		capture_record(&capture, &bytes, NULL);
		assert_int_equal(capture.faults, 0);
		assert_int_equal(capture.events, 1);
		assert_int_equal(capture.event[0].kind, EVENT_END_OF_RIB);
		assert_int_equal(capture.event[0].afi, cases[i].afi);
		assert_int_equal(capture.event[0].safi, cases[i].safi);
		assert_int_equal(capture.event[0].from_mp, cases[i].mp);
		assert_int_equal(capture.event[0].peer->asn, 3356);
	}
}

/* An empty MP_UNREACH_NLRI beside something else is no End-of-RIB. */
static void test_4724_2_no_end_of_rib(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY "800f03 000201", HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_ANNOUNCE);
	bytes = update_record("", HEX_ORIGIN "800f03 000201", "");
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	bytes = update_record("080a", "", "");
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_4760_3_mp_reach),
		cmocka_unit_test(test_4760_4_mp_unreach),
		cmocka_unit_test(test_order_of_lists),
		cmocka_unit_test(test_2545_3_link_local),
		cmocka_unit_test(test_8950_3_ipv4_over_ipv6),
		cmocka_unit_test(test_other_families),
		cmocka_unit_test(test_4724_2_end_of_rib),
		cmocka_unit_test(test_4724_2_no_end_of_rib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
