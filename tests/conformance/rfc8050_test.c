/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 8050 and RFC 7911: ADD-PATH in messages and in RIBs. */
#include "wire/testing.h"

#define HEX_INDEX "c00002fe 0000 0001 02 0a000001 c0000201 00000d1c"

static struct capture capture;

static void decode_rib(unsigned subtype, const char *body)
{
	struct bytes index = record_of(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	struct bytes bytes = record_of(MRT_TABLE_DUMP_V2, subtype, body);

	capture_record(&capture, &index, NULL);
	capture_record(&capture, &bytes, capture.index);
	capture_free(&capture);
}

/* Section 4.1: the identifier stands in the entry. */
static void test_8050_4_1_rib(void **state)
{
	(void)state;
	decode_rib(8, "00000000" HEX_NETWORK "0002 0000 54998f2c 00000007 0004" HEX_ORIGIN
		   "0000 54998f2c ffffffff 0004" HEX_ORIGIN);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_prefix(&capture.event[i], "175.45.177.0/24");
		assert_true(capture.event[i].has_path_id);
		assert_int_equal(capture.attrs[i].count, 1);
	}
	assert_int_equal(capture.event[0].path_id, 7);
	assert_int_equal(capture.event[1].path_id, UINT32_MAX);
	decode_rib(10, "00000000 20 20010db8 0001 0000 54998f2c 00000009 0004" HEX_ORIGIN);
	assert_prefix(&capture.event[0], "2001:db8::/32");
	assert_int_equal(capture.event[0].path_id, 9);
	decode_rib(9, "00000000" HEX_NETWORK "0000");
	assert_int_equal(capture.event[0].kind, EVENT_OTHER_FAMILY);
	assert_int_equal(capture.event[0].safi, 2);
}

/* Section 4.2: it stands before the prefix; GoBGP and OpenBGPD put it into the entry. */
static void test_8050_4_2_rib_generic(void **state)
{
	(void)state;
	decode_rib(12,
		   "00000000 0001 01 00000007" HEX_NETWORK "0001 0000 54998f2c 0004" HEX_ORIGIN);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	assert_true(capture.event[0].has_path_id);
	assert_int_equal(capture.event[0].path_id, 7);
	assert_int_equal(capture.attrs[0].count, 1);
	decode_rib(12,
		   "00000000 0001 01" HEX_NETWORK "0001 0000 54998f2c 00000008 0004" HEX_ORIGIN);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	assert_int_equal(capture.event[0].path_id, 8);
	assert_int_equal(capture.attrs[0].count, 1);
}

/* Section 3; RFC 7911 section 3: four bytes before each prefix of each list. */
static void test_8050_3_messages(void **state)
{
	static const struct {
		unsigned subtype;
		const char *session, *path;
		bool local;
	} cases[] = {
		{ 8, HEX_SESSION_AS2, "400206 0202 0d1c 12e5", false },
		{ 9, HEX_SESSION_AS4, "40020a 0202 00000d1c 000012e5", false },
		{ 10, HEX_SESSION_AS2, "400206 0202 0d1c 12e5", true },
		{ 11, HEX_SESSION_AS4, "40020a 0202 00000d1c 000012e5", true },
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		char attributes[512], content[1024];
		struct bytes bytes;

		snprintf(attributes, sizeof(attributes), HEX_ORIGIN HEX_NEXT_HOP "%s"
			 "800f0c 000201 00000002 20 20010db8", cases[i].path);
		update_content(content, sizeof(content), "00000001 080a", attributes,
			       "00000003" HEX_NETWORK "80000004" HEX_NETWORK);
		bytes = message_record(cases[i].subtype, cases[i].session, BGP_UPDATE, content);
		capture_record(&capture, &bytes, NULL);
		assert_int_equal(capture.faults, 0);
		assert_int_equal(capture.events, 4);
		for (unsigned k = 0; k < 3; k++) {
			assert_true(capture.event[k].has_path_id);
			assert_int_equal(capture.event[k].path_id, k + 1);
			assert_int_equal(capture.event[k].local, cases[i].local);
		}
		assert_prefix(&capture.event[0], "10.0.0.0/8");
		assert_prefix(&capture.event[1], "2001:db8::/32");
		assert_prefix(&capture.event[2], "175.45.177.0/24");
		assert_int_equal(capture.event[3].path_id, 0x80000004);
		assert_event_path(&capture.event[2], "3356 4837");
	}
}

/* Section 3: a session with ADD-PATH under a plain subtype, as early BIRD wrote it. */
static void test_8050_3_hidden_add_path(void **state)
{
	struct bytes bytes = update_record("00000001 080a", HEX_MANDATORY, "00000002" HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 2);
	assert_int_equal(capture.faults, 2);
	assert_fault(&capture, 0, FAULT_ADD_PATH, VERDICT_NONE);
	assert_prefix(&capture.event[0], "10.0.0.0/8");
	assert_true(capture.event[0].has_path_id);
	assert_int_equal(capture.event[1].path_id, 2);
	assert_prefix(&capture.event[1], "175.45.177.0/24");
}

/* A default route is a default route, and two are what they are where identifiers do not fit. */
static void test_8050_3_default_route(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY, "00 0101 00");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 3);
	assert_false(capture.event[0].has_path_id);
	bytes = update_record("", HEX_MANDATORY, "00" HEX_NETWORK);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	assert_prefix(&capture.event[0], "0.0.0.0/0");
	assert_false(capture.event[0].has_path_id);
	/* It may even look like an identifier: 00080a10, then 11.0.0.0/8. */
	bytes = update_record("", HEX_MANDATORY, "00 080a 10080b");
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 3);
	assert_prefix(&capture.event[2], "8.11.0.0/16");
}

/* RFC 7911: an identifier without its prefix */
static void test_7911_3_cut(void **state)
{
	char content[512];
	struct bytes bytes;

	(void)state;
	update_content(content, sizeof(content), "", HEX_MANDATORY,
		       "00000003" HEX_NETWORK "000000");
	bytes = message_record(9, HEX_SESSION_AS4, BGP_UPDATE, content);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_NLRI, VERDICT_SESSION_RESET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_8050_4_1_rib),
		cmocka_unit_test(test_8050_4_2_rib_generic),
		cmocka_unit_test(test_8050_3_messages),
		cmocka_unit_test(test_8050_3_hidden_add_path),
		cmocka_unit_test(test_8050_3_default_route),
		cmocka_unit_test(test_7911_3_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
