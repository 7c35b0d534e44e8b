/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 6793: BGP Support for Four-Octet Autonomous System (AS) Number Space; RFC 7607: AS 0. */
#include "wire/testing.h"

static struct capture capture;

/* An announcement over a session of two bytes an AS. */
static void announce(const char *attributes)
{
	char all[512];
	struct bytes bytes;

	snprintf(all, sizeof(all), HEX_ORIGIN HEX_NEXT_HOP "%s", attributes);
	bytes = update_record_as2("", all, HEX_NETWORK);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_ANNOUNCE);
}

static void assert_merged(const char *attributes, const char *path)
{
	announce(attributes);
	assert_event_path(&capture.event[0], path);
}

static void test_two_bytes_alone(void **state)
{
	(void)state;
	assert_merged("400206 0202 0d1c 12e5", "3356 4837");
	assert_int_equal(capture.event[0].peer->asn, 3356);
}

/* Section 4.2.3: as many leading ASes of AS_PATH as it is longer. */
static void test_4_2_3_merge(void **state)
{
	(void)state;
	assert_merged("400208 0203 0d1c 12e5 5ba0" "c01106 0201 000200cf", "3356 4837 131279");
	assert_merged("400208 0203 0d1c 12e5 5ba0"
		      "c0110a 0202 000012e5 000200cf",
		      "3356 4837 131279");
	/* Of the same length, AS4_PATH is all. */
	assert_merged("400206 0202 5ba0 5ba0" "c0110a 0202 000200d0 000200cf", "131280 131279");
	/* AS4_PATH may come first. */
	assert_merged("c01106 0201 000200cf" "400206 0202 0d1c 5ba0", "3356 131279");
	assert_int_equal(capture.faults, 0);
}

/* Section 4.2.3: a longer AS4_PATH is ignored. */
static void test_4_2_3_longer_as4_path(void **state)
{
	(void)state;
	assert_merged("400204 0201 5ba0" "c0110a 0202 000012e5 000200cf", "23456");
}

/* A set counts one (RFC 4271 section 9.1.2.2), and is taken whole. */
static void test_4_2_3_sets(void **state)
{
	(void)state;
	assert_merged("40020c 0202 0d1c 5ba0 0102 0001 0002" "c0110c 0201 000200cf 0101 00000001",
		      "3356 131279 {1}");
	assert_merged("40020c 0102 0001 0002 0202 0d1c 5ba0"
		      "c01106 0201 000200cf",
		      "{1,2} 3356 131279");
}

/* Section 4.2.3: a confederation's segment goes along where it leads, and counts nothing. */
static void test_4_2_3_confederations(void **state)
{
	(void)state;
	assert_merged("40020c 0302 fde9 fdea 0202 0d1c 5ba0"
		      "c01106 0201 000200cf",
		      "(65001 65002) 3356 131279");
	assert_merged("400208 0301 fde9 0201 5ba0" "c01106 0201 000200cf", "(65001) 131279");
	/* Section 6: in AS4_PATH it is left out. */
	assert_merged("400206 0202 0d1c 5ba0" "c0110c 0301 0000fde9 0201 000200cf", "3356 131279");
}

/* Section 4.2.3: an AGGREGATOR that does not say AS_TRANS makes both AS4 attributes stale. */
static void test_4_2_3_stale(void **state)
{
	struct addr addr;
	uint32_t asn;

	(void)state;
	assert_merged("400206 0202 0d1c 5ba0" "c00706 0d1c c0000204" "c01106 0201 000200cf"
		      "c01208 000200cf c0000205", "3356 23456");
	assert_true(attrs_aggregator(capture.event[0].attrs, &asn, &addr));
	assert_int_equal(asn, 3356);
	assert_addr(&addr, "192.0.2.4");
	/* Without AS4_AGGREGATOR nothing is stale. */
	assert_merged("400206 0202 0d1c 5ba0"
		      "c00706 0d1c c0000204"
		      "c01106 0201 000200cf",
		      "3356 131279");
}

static void test_4_2_3_aggregator(void **state)
{
	struct addr addr;
	uint32_t asn;

	(void)state;
	assert_merged("400206 0202 0d1c 5ba0" "c00706 5ba0 c0000204" "c01106 0201 000200cf"
		      "c01208 000200cf c0000205", "3356 131279");
	assert_true(attrs_aggregator(capture.event[0].attrs, &asn, &addr));
	assert_int_equal(asn, 131279);
	assert_addr(&addr, "192.0.2.5");
}

/* Section 4.1: between speakers of four bytes AS4_PATH means nothing. */
static void test_4_1_four_bytes(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY "c01106 0201 00000001", HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_event_path(&capture.event[0], "3356 4837 131279");
}

/* Section 6: a malformed AS4_PATH or AS4_AGGREGATOR is discarded, the rest goes on. */
static void test_6_malformed(void **state)
{
	static const char *const attributes[] = {
		"400206 0202 0d1c 5ba0" "c01104 0201 00cf",
		"400206 0202 0d1c 5ba0" "c01106 0202 000200cf",
		"400206 0202 0d1c 5ba0" "c01106 0501 000200cf",
		"400206 0202 0d1c 5ba0" "c01208 0200 000200cf c0" "c01106 0200 000200cf",
	};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		announce(attributes[i]);
		assert_int_equal(capture.event[0].verdict, VERDICT_ATTRIBUTE_DISCARD);
		assert_int_equal(capture.faults, 1);
		assert_int_equal(capture.fault[0].value, ATTR_AS4_PATH);
		assert_event_path(&capture.event[0], "3356 23456");
	}
	announce("400206 0202 0d1c 5ba0" "c00706 5ba0 c0000204" "c01207 000200cf c00002");
	assert_fault(&capture, 0, FAULT_ATTR_LENGTH, VERDICT_ATTRIBUTE_DISCARD);
	assert_int_equal(capture.fault[0].value, ATTR_AS4_AGGREGATOR);
}

/* Two sequences that meet become one, as long as 255 ASes hold it. */
static void test_joined_sequences(void **state)
{
	char attributes[4096] = "500201f8 02fb";
	uint8_t *scratch = malloc(ATTR_PATH_SCRATCH);
	struct as_path path;
	struct as_segment segment;
	struct bytes bytes;
	uint32_t position = 0;

	(void)state;
	assert_non_null(scratch);
	for (unsigned i = 0; i < 251; i++)
		strcat(attributes, "0d1c");
	strcat(attributes, "c01106 0201 000200cf" HEX_ORIGIN HEX_NEXT_HOP);
	bytes = update_record_as2("", attributes, HEX_NETWORK);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_true(attrs_path(capture.event[0].attrs, scratch, &path));
	assert_int_equal(path.asn_size, 4);
	assert_int_equal(path.len, 2 + 4 * 251);
	assert_true(as_path_next(&path, &position, &segment));
	assert_int_equal(segment.count, 251);
	assert_int_equal(as_segment_at(&segment, 0), 3356);
	assert_int_equal(as_segment_at(&segment, 250), 131279);
	assert_false(as_path_next(&path, &position, &segment));
	free(scratch);
}

/* RFC 7607 section 2, noted: the routers that recorded such routes took them. */
static void test_7607_2_as_zero(void **state)
{
	struct addr addr;
	uint32_t asn;

	(void)state;
	announce("400206 0202 0d1c 0000" "c00706 0000 c0000204");
	assert_int_equal(capture.event[0].verdict, VERDICT_NONE);
	assert_event_path(&capture.event[0], "3356 0");
	assert_true(attrs_aggregator(capture.event[0].attrs, &asn, &addr));
	assert_int_equal(asn, 0);
	assert_int_equal(capture.faults, 2);
	assert_fault(&capture, 0, FAULT_AS_ZERO, VERDICT_NONE);
	assert_fault(&capture, 1, FAULT_AS_ZERO, VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_bytes_alone),
		cmocka_unit_test(test_4_2_3_merge),
		cmocka_unit_test(test_4_2_3_longer_as4_path),
		cmocka_unit_test(test_4_2_3_sets),
		cmocka_unit_test(test_4_2_3_confederations),
		cmocka_unit_test(test_4_2_3_stale),
		cmocka_unit_test(test_4_2_3_aggregator),
		cmocka_unit_test(test_4_1_four_bytes),
		cmocka_unit_test(test_6_malformed),
		cmocka_unit_test(test_joined_sequences),
		cmocka_unit_test(test_7607_2_as_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
