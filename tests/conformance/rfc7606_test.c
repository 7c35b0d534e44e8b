/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 7606: Revised Error Handling for BGP UPDATE Messages, a message for each clause. */
#include "wire/testing.h"

static struct capture capture;

/* An UPDATE that announces 175.45.177.0/24 with these attributes and withdraws 10.0.0.0/8. */
static void announce(const char *attributes)
{
	struct bytes bytes = update_record("080a", attributes, HEX_NETWORK);

	capture_record(&capture, &bytes, NULL);
}

static void assert_good(void)
{
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
	assert_int_equal(capture.event[1].kind, EVENT_ANNOUNCE);
	assert_int_equal(capture.event[1].verdict, VERDICT_NONE);
}

static void assert_withdrawn(enum fault_kind kind, unsigned code)
{
	assert_int_equal(capture.faults, 1);
	assert_fault(&capture, 0, kind, VERDICT_TREAT_AS_WITHDRAW);
	assert_int_equal(capture.fault[0].value, code);
	assert_int_equal(capture.events, 2);
	/* The plain withdrawal is what it is. */
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
	assert_int_equal(capture.event[0].verdict, VERDICT_NONE);
	assert_int_equal(capture.event[1].kind, EVENT_WITHDRAW);
	assert_int_equal(capture.event[1].verdict, VERDICT_TREAT_AS_WITHDRAW);
	assert_prefix(&capture.event[1], "175.45.177.0/24");
}

static void assert_discarded(enum fault_kind kind, unsigned code, unsigned size)
{
	assert_int_equal(capture.faults, 1);
	assert_fault(&capture, 0, kind, VERDICT_ATTRIBUTE_DISCARD);
	assert_int_equal(capture.fault[0].value, code);
	assert_int_equal(capture.fault[0].lost, size);
	assert_int_equal(capture.events, 2);
	assert_int_equal(capture.event[1].kind, EVENT_ANNOUNCE);
	assert_int_equal(capture.event[1].verdict, VERDICT_ATTRIBUTE_DISCARD);
	assert_null(capture.attrs[1].known[code].bytes);
}

static void assert_reset(enum fault_kind kind)
{
	assert_int_equal(capture.events, 0);
	assert_int_equal(capture.faults, 1);
	assert_fault(&capture, 0, kind, VERDICT_SESSION_RESET);
	assert_true(capture.fault[0].lost > 0);
}

/* Section 3 (c): Optional or Transitive in conflict; Partial and Extended Length do not matter. */
static void test_3_c_flags(void **state)
{
	(void)state;
	announce("c0010100" HEX_PATH HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_FLAGS, ATTR_ORIGIN);
	announce("00010100" HEX_PATH HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_FLAGS, ATTR_ORIGIN);
	announce(HEX_MANDATORY "c00404 00000001");
	assert_withdrawn(FAULT_ATTR_FLAGS, ATTR_MED);
	announce(HEX_MANDATORY "800804 0d1c0064");
	assert_withdrawn(FAULT_ATTR_FLAGS, ATTR_COMMUNITIES);
	announce(HEX_MANDATORY "f008 0004 0d1c0064");
	assert_good();
}

/* Section 3 (f): AGGREGATOR and ATOMIC_AGGREGATE are discarded instead. */
static void test_3_f_flags_of_aggregation(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c00600");
	assert_discarded(FAULT_ATTR_FLAGS, ATTR_ATOMIC_AGGREGATE, 3);
	announce(HEX_MANDATORY "400708 00000d1c c0000201");
	assert_discarded(FAULT_ATTR_FLAGS, ATTR_AGGREGATOR, 11);
}

static void test_3_d_missing(void **state)
{
	(void)state;
	announce(HEX_PATH HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_MISSING, ATTR_ORIGIN);
	announce(HEX_ORIGIN HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_MISSING, ATTR_AS_PATH);
	announce(HEX_ORIGIN HEX_PATH);
	assert_withdrawn(FAULT_ATTR_MISSING, ATTR_NEXT_HOP);
}

static void test_3_d_nothing_is_mandatory_without_nlri(void **state)
{
	struct bytes bytes = update_record("080a", "800404 00000001", "");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	/* All attributes gone: each is missing. */
	announce("");
	assert_int_equal(capture.faults, 3);
	assert_int_equal(capture.event[1].kind, EVENT_WITHDRAW);
}

/* Section 3 (g): the first counts; but two MP_REACH_NLRI or MP_UNREACH_NLRI reset the session. */
static void test_3_g_twice(void **state)
{
	uint8_t origin;

	(void)state;
	announce(HEX_MANDATORY "40010102");
	assert_int_equal(capture.faults, 1);
	assert_fault(&capture, 0, FAULT_ATTR_TWICE, VERDICT_ATTRIBUTE_DISCARD);
	assert_int_equal(capture.fault[0].lost, 4);
	assert_int_equal(capture.event[1].kind, EVENT_ANNOUNCE);
	assert_true(attrs_origin(&capture.attrs[1], &origin));
	assert_int_equal(origin, 0);
	announce(HEX_MANDATORY "800f03 000201 800f03 000201");
	assert_reset(FAULT_ATTR_TWICE);
	announce(HEX_MANDATORY "800e09 000101 04 c0000201 00 800e09 000101 04 c0000201 00");
	assert_reset(FAULT_ATTR_TWICE);
}

/* Section 3 (h): of several errors the strongest approach counts. */
static void test_3_h_strongest(void **state)
{
	(void)state;
	announce(HEX_ORIGIN HEX_PATH HEX_NEXT_HOP "400601 00 800403 000001");
	assert_int_equal(capture.faults, 2);
	assert_int_equal(capture.event[1].kind, EVENT_WITHDRAW);
	announce(HEX_ORIGIN HEX_PATH HEX_NEXT_HOP "400601 00 800f02 0002");
	assert_int_equal(capture.events, 0);
	assert_int_equal(capture.faults, 2);
	/* The discarded attribute's bytes are lost with the message, once. */
	assert_int_equal(capture.fault[0].lost, 0);
	assert_true(capture.fault[1].lost > 0);
}

/* Section 4: an attribute that runs past the end, or a rest too short for a header. */
static void test_4_attribute_length(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c00808 0d1c0064");
	assert_withdrawn(FAULT_ATTR_SHORT, ATTR_COMMUNITIES);
	assert_int_equal(capture.fault[0].lost, 7);
	announce(HEX_MANDATORY "c008");
	assert_withdrawn(FAULT_ATTR_SHORT, ATTR_COMMUNITIES);
	announce(HEX_MANDATORY "d00800");
	assert_withdrawn(FAULT_ATTR_SHORT, ATTR_COMMUNITIES);
	announce(HEX_MANDATORY "c0");
	assert_withdrawn(FAULT_ATTR_SHORT, 0);
}

/* Section 5.3: a prefix longer than its family allows, or cut off, in any of the four lists. */
static void test_5_3_nlri(void **state)
{
	static const struct {
		const char *withdrawn, *attributes, *nlri;
	} cases[] = {
		{ "", HEX_MANDATORY, "21 c000020100" },
		{ "", HEX_MANDATORY, HEX_NETWORK "18 c000" },
		{ "21 c000020100", HEX_MANDATORY, HEX_NETWORK },
		{ "18 c000", HEX_MANDATORY, HEX_NETWORK },
		{ "080a", HEX_ORIGIN HEX_PATH "800e19 000201 10 20010db8000000000000000000000001 00"
			" 30 20010d", "" },
		{ "080a", "800f06 000201 81 2001", "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes bytes =
			update_record(cases[i].withdrawn, cases[i].attributes, cases[i].nlri);

		capture_record(&capture, &bytes, NULL);
		assert_reset(FAULT_NLRI);
	}
}

static void test_7_1_origin(void **state)
{
	(void)state;
	announce("40010103" HEX_PATH HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_VALUE, ATTR_ORIGIN);
	announce("4001020000" HEX_PATH HEX_NEXT_HOP);
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_ORIGIN);
	announce("40010102" HEX_PATH HEX_NEXT_HOP);
	assert_good();
}

static void test_7_2_as_path(void **state)
{
	static const char *const paths[] = {
		"400206 0501 00000d1c",		/* segment type */
		"400206 0001 00000d1c",
		"400206 0202 00000d1c",		/* count runs over */
		"400207 0201 00000d1c 02",	/* one byte left */
		"400208 0201 00000d1c 0200",	/* no AS in a segment */
	};

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		char attributes[256];

		snprintf(attributes, sizeof(attributes), HEX_ORIGIN HEX_NEXT_HOP "%s", paths[i]);
		announce(attributes);
		assert_withdrawn(FAULT_AS_PATH, ATTR_AS_PATH);
	}
	announce(HEX_ORIGIN HEX_NEXT_HOP "400200");
	assert_good();
}

static void test_7_3_next_hop(void **state)
{
	(void)state;
	announce(HEX_ORIGIN HEX_PATH "400303 c00002");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_NEXT_HOP);
}

static void test_7_4_med(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "800405 0000000001");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_MED);
}

/* Sections 7.5, 7.9, 7.10: external neighbor, discarded; internal, treated as withdrawal. */
static void test_7_5_7_9_7_10_internal_attributes(void **state)
{
	static const struct {
		const char *hex;
		unsigned code, size;
	} cases[] = {
		{ "400503 000001", ATTR_LOCAL_PREF, 6 },
		{ "800903 c00002", ATTR_ORIGINATOR_ID, 6 },
		{ "800a05 c000020100", ATTR_CLUSTER_LIST, 8 },
		{ "800a00", ATTR_CLUSTER_LIST, 3 },
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		char attributes[256], content[512];
		struct bytes bytes;

		snprintf(attributes, sizeof(attributes), HEX_MANDATORY "%s", cases[i].hex);
		announce(attributes);
		assert_discarded(FAULT_ATTR_LENGTH, cases[i].code, cases[i].size);

		bytes = message_record(
			4, "00000d1c 00000d1c 0000 0001 c0000201 c0000202", BGP_UPDATE,
			update_content(content, sizeof(content), "080a", attributes, HEX_NETWORK));
		capture_record(&capture, &bytes, NULL);
		assert_withdrawn(FAULT_ATTR_LENGTH, cases[i].code);
	}
}

static void test_7_6_atomic_aggregate(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "400601 00");
	assert_discarded(FAULT_ATTR_LENGTH, ATTR_ATOMIC_AGGREGATE, 4);
}

static void test_7_7_aggregator(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c00706 0d1c c0000201");
	assert_discarded(FAULT_ATTR_LENGTH, ATTR_AGGREGATOR, 9);
	announce(HEX_MANDATORY "c00708 00000d1c c0000201");
	assert_good();
}

static void test_7_8_communities(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c00806 0d1c00640d1c");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_COMMUNITIES);
	announce(HEX_MANDATORY "c00800");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_COMMUNITIES);
}

/* Section 7.11: the next hop hides where the NLRI begins. */
static void test_7_11_mp_reach(void **state)
{
	static const char *const attributes[] = {
		HEX_ORIGIN HEX_PATH "800e0f 000201 05 2001000001 00 20 20010db8",
		HEX_ORIGIN HEX_PATH "800e0e 000201 04 c0000201 00 20 20010db8",
		HEX_ORIGIN HEX_PATH "800e0a 000101 05 c000020100 00",
	};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bytes bytes = update_record("080a", attributes[i], "");

		capture_record(&capture, &bytes, NULL);
		assert_reset(FAULT_MP_NEXT_HOP);
	}
	announce(HEX_MANDATORY "800e04 000201 10");
	assert_reset(FAULT_ATTR_LENGTH);
}

static void test_7_12_mp_unreach(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "800f02 0002");
	assert_reset(FAULT_ATTR_LENGTH);
}

static void test_7_14_extended_communities(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c01007 0002 0d1c 000000");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_EXT_COMMUNITIES);
	announce(HEX_MANDATORY "c01008 0002 0d1c 00000064");
	assert_good();
}

static void test_7_15_ipv6_extended_communities(void **state)
{
	(void)state;
	announce(HEX_MANDATORY "c01908 0002 0d1c 00000064");
	assert_withdrawn(FAULT_ATTR_LENGTH, ATTR_IPV6_EXT_COMMUNITIES);
}

/* What a collector kept in its RIB is judged no more: told, but never dropped. */
static void test_rib_entries_are_not_judged(void **state)
{
	struct bytes bytes = record_of(MRT_TABLE_DUMP, 1,
				       "0000 0000 af2db100 18 01 54998f2c c0000201 0d1c"
				       "0015" HEX_ORIGIN "400203 020105"
				       "c00708 00000d1c c0000204");
	struct addr addr;
	uint32_t asn;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_RIB_ENTRY);
	assert_int_equal(capture.attrs[0].verdict, VERDICT_NONE);
	attrs_scan(&capture.event[0].attributes, &capture.attrs[0], capture_fault, &capture);
	assert_int_equal(capture.faults, 2);
	assert_fault(&capture, 0, FAULT_AS_PATH, VERDICT_NONE);
	assert_fault(&capture, 1, FAULT_ATTR_LENGTH, VERDICT_NONE);
	assert_true(attrs_aggregator(&capture.attrs[0], &asn, &addr));
	assert_int_equal(asn, 3356);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_3_c_flags),
		cmocka_unit_test(test_3_f_flags_of_aggregation),
		cmocka_unit_test(test_3_d_missing),
		cmocka_unit_test(test_3_d_nothing_is_mandatory_without_nlri),
		cmocka_unit_test(test_3_g_twice),
		cmocka_unit_test(test_3_h_strongest),
		cmocka_unit_test(test_4_attribute_length),
		cmocka_unit_test(test_5_3_nlri),
		cmocka_unit_test(test_7_1_origin),
		cmocka_unit_test(test_7_2_as_path),
		cmocka_unit_test(test_7_3_next_hop),
		cmocka_unit_test(test_7_4_med),
		cmocka_unit_test(test_7_5_7_9_7_10_internal_attributes),
		cmocka_unit_test(test_7_6_atomic_aggregate),
		cmocka_unit_test(test_7_7_aggregator),
		cmocka_unit_test(test_7_8_communities),
		cmocka_unit_test(test_7_11_mp_reach),
		cmocka_unit_test(test_7_12_mp_unreach),
		cmocka_unit_test(test_7_14_extended_communities),
		cmocka_unit_test(test_7_15_ipv6_extended_communities),
		cmocka_unit_test(test_rib_entries_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
