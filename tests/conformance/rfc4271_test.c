/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 4271: A Border Gateway Protocol 4, as far as a recorded message shows it. */
#include "wire/testing.h"

static struct capture capture;

/* Section 4.1: the marker is all ones (6.1: Connection Not Synchronized). */
static void test_4_1_marker(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY, HEX_NETWORK);

	(void)state;
	bytes.at[12 + 20] = 0xfe;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_int_equal(capture.faults, 1);
	assert_fault(&capture, 0, FAULT_BGP_MARKER, VERDICT_SESSION_RESET);
	assert_int_equal(capture.fault[0].at, 32);
	assert_int_equal(capture.fault[0].lost, bytes.len - 32);
}

/* Section 6.1: a length under 19, or under the least of its type, is Bad Message Length. */
static void test_6_1_length(void **state)
{
	static const struct {
		unsigned type;
		const char *content;
		bool good;
	} cases[] = {
		{ BGP_OPEN, "04 0d1c 00b4 c0000201 00", true },
		{ BGP_OPEN, "04 0d1c 00b4 c0000201", false },
		{ BGP_UPDATE, "0000 00", false },
		{ BGP_NOTIFICATION, "0602", true },
		{ BGP_NOTIFICATION, "06", false },
		{ BGP_KEEPALIVE, "", true },
		{ BGP_KEEPALIVE, "00", false },
		{ BGP_ROUTE_REFRESH, "0001 00 01", true },
		{ BGP_ROUTE_REFRESH, "0001 00", false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes bytes =
			message_record(4, HEX_SESSION_AS4, cases[i].type, cases[i].content);

		capture_record(&capture, &bytes, NULL);
		assert_int_equal(capture.events, cases[i].good);
		assert_int_equal(capture.faults, !cases[i].good);
		if (cases[i].good) {
			assert_int_equal(capture.event[0].kind, EVENT_MESSAGE);
			assert_int_equal(capture.event[0].message, cases[i].type);
		} else {
			assert_fault(&capture, 0, FAULT_BGP_LENGTH, VERDICT_SESSION_RESET);
		}
	}
}

static void test_6_1_length_under_19(void **state)
{
	struct bytes bytes = message_record(4, HEX_SESSION_AS4, BGP_KEEPALIVE, "");

	(void)state;
	bytes.at[32 + 17] = 18;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_BGP_LENGTH, VERDICT_SESSION_RESET);
	assert_int_equal(capture.fault[0].value, 18);
}

static void test_6_1_type(void **state)
{
	struct bytes bytes = message_record(4, HEX_SESSION_AS4, 6, "00000000");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_BGP_TYPE, VERDICT_SESSION_RESET);
	assert_int_equal(capture.fault[0].value, 6);
}

/* Section 4.3: withdrawn routes, then attributes, then NLRI. */
static void test_4_3_update(void **state)
{
	struct bytes bytes =
		update_record("08 0a  00", HEX_MANDATORY "800404 00000064 400504 000000c8",
			      HEX_NETWORK "20 c0000263");
	uint32_t value;
	uint8_t origin;
	struct addr addr, local;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 4);
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
	assert_prefix(&capture.event[0], "10.0.0.0/8");
	assert_int_equal(capture.event[0].attributes.len, 0);
	assert_int_equal(capture.event[0].attrs->count, 0);
	assert_int_equal(capture.event[1].kind, EVENT_WITHDRAW);
	assert_prefix(&capture.event[1], "0.0.0.0/0");
	for (unsigned i = 2; i < 4; i++) {
		const struct event *event = &capture.event[i];

		assert_int_equal(event->kind, EVENT_ANNOUNCE);
		assert_int_equal(event->verdict, VERDICT_NONE);
		assert_false(event->from_mp);
		assert_int_equal(event->afi, 1);
		assert_int_equal(event->safi, 1);
		assert_int_equal(event->peer->asn, 3356);
		assert_addr(&event->peer->addr, "192.0.2.1");
		assert_event_path(event, "3356 4837 131279");
		assert_true(attrs_origin(event->attrs, &origin));
		assert_int_equal(origin, 0);
		assert_true(attrs_u32(event->attrs, ATTR_MED, &value));
		assert_int_equal(value, 100);
		assert_true(attrs_u32(event->attrs, ATTR_LOCAL_PREF, &value));
		assert_int_equal(value, 200);
		assert_true(attrs_next_hop(event->attrs, false, &addr, &local));
		assert_addr(&addr, "192.0.2.1");
		assert_int_equal(local.family, FAMILY_NONE);
	}
	assert_prefix(&capture.event[2], "175.45.177.0/24");
	assert_prefix(&capture.event[3], "192.0.2.99/32");
}

/* Section 4.3: "the value of trailing bits is irrelevant". */
static void test_4_3_trailing_bits(void **state)
{
	struct bytes bytes = update_record("0d 0bff", HEX_MANDATORY, "01 ff");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_prefix(&capture.event[0], "11.248.0.0/13");
	assert_prefix(&capture.event[1], "128.0.0.0/1");
}

/* Section 6.3: Withdrawn Routes Length or Total Attribute Length beyond the message. */
static void test_6_3_lengths(void **state)
{
	static const char *const contents[] = { "0001 0000", "0000 0001", "ffff 0000",
						"0000 ffff 00" };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct bytes bytes = message_record(4, HEX_SESSION_AS4, BGP_UPDATE, contents[i]);

		capture_record(&capture, &bytes, NULL);
		assert_int_equal(capture.events, 0);
		assert_int_equal(capture.faults, 1);
		assert_fault(&capture, 0, FAULT_UPDATE_SHORT, VERDICT_SESSION_RESET);
		assert_int_equal(capture.fault[0].lost, hex_len(contents[i]));
	}
}

/* Section 6.3: a well-known attribute that is not recognized. */
static void test_6_3_unrecognized_well_known(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY "40c800", HEX_NETWORK);

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_ATTR_FLAGS, VERDICT_SESSION_RESET);
	assert_int_equal(capture.fault[0].value, 200);
}

/* Section 5: unrecognized optional attributes are kept as they are. */
static void test_5_unknown_optional(void **state)
{
	struct bytes bytes = update_record("",
					   HEX_MANDATORY "e063 03 616263"
							 "d0c8 0001 64",
					   HEX_NETWORK);
	struct attr_value value;
	uint32_t position = 0;
	uint8_t code;
	unsigned count = 0;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].attrs->count, 5);
	while (attrs_next(&capture.event[0].attributes, &position, &code, &value)) {
		if (code == 99) {
			assert_int_equal(value.flags, 0xe0);
			assert_int_equal(value.len, 3);
			assert_memory_equal(value.bytes, "abc", 3);
		}
		count++;
	}
	assert_int_equal(count, 5);
	assert_true(attrs_find(&capture.event[0].attributes, 200, &value));
	assert_int_equal(value.bytes[0], 0x64);
	assert_false(attrs_find(&capture.event[0].attributes, 201, &value));
}

/* Section 5.1.6, 5.1.7 */
static void test_5_1_aggregation(void **state)
{
	struct bytes bytes =
		update_record("", HEX_MANDATORY "400600 c00708 000200cf c0000204", HEX_NETWORK);
	struct addr addr;
	uint32_t asn;

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_non_null(capture.attrs[0].known[ATTR_ATOMIC_AGGREGATE].bytes);
	assert_true(attrs_aggregator(&capture.attrs[0], &asn, &addr));
	assert_int_equal(asn, 131279);
	assert_addr(&addr, "192.0.2.4");
}

/* A message that the recorder kept less of than was sent: what is whole is given. */
static void test_recorders_cut(void **state)
{
	struct bytes bytes = update_record("", HEX_MANDATORY, HEX_NETWORK HEX_NETWORK);

	(void)state;
	bytes.len -= 2;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_ANNOUNCE);
	assert_int_equal(capture.faults, 2);
	assert_fault(&capture, 0, FAULT_BGP_LENGTH, VERDICT_NONE);
	assert_fault(&capture, 1, FAULT_NLRI, VERDICT_NONE);
	assert_int_equal(capture.fault[1].lost, 2);
	/* Cut within the attributes, nothing is left to say. */
	bytes.len -= 20;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 1, FAULT_UPDATE_SHORT, VERDICT_SESSION_RESET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_4_1_marker),
		cmocka_unit_test(test_6_1_length),
		cmocka_unit_test(test_6_1_length_under_19),
		cmocka_unit_test(test_6_1_type),
		cmocka_unit_test(test_4_3_update),
		cmocka_unit_test(test_4_3_trailing_bits),
		cmocka_unit_test(test_6_3_lengths),
		cmocka_unit_test(test_6_3_unrecognized_well_known),
		cmocka_unit_test(test_5_unknown_optional),
		cmocka_unit_test(test_5_1_aggregation),
		cmocka_unit_test(test_recorders_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
