/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 6396: Multi-Threaded Routing Toolkit (MRT) Routing Information Export Format. */
#include "base/utc.h"
#include "wire/testing.h"

/*
 * PEER_INDEX_TABLE: view "lab"; peers 192.0.2.1 AS 3356, 2001:db8::1 AS 131279, and 192.0.2.3
 * AS 65001 in two bytes
 */
#define HEX_INDEX \
	"c00002fe 0003 6c6162 0003" \
	"02 0a000001 c0000201 00000d1c" \
	"03 0a000002 20010db8000000000000000000000001 000200cf" \
	"00 0a000003 c0000203 fde9"

static struct capture capture;

static void capture_index(void)
{
	struct bytes bytes = record_of(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);

	capture_record(&capture, &bytes, NULL);
	assert_non_null(capture.index);
}

static void decode(unsigned type, unsigned subtype, const char *body)
{
	struct bytes bytes = record_of(type, subtype, body);

	capture_record(&capture, &bytes, capture.index);
}

static void test_4_3_1_peer_index_table(void **state)
{
	(void)state;
	capture_index();
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_RIB_BEGIN);
	assert_int_equal(capture.index->collector_id, 0xc00002fe);
	assert_string_equal(capture.index->view, "lab");
	assert_int_equal(capture.index->count, 3);
	assert_addr(&capture.index->peers[0].addr, "192.0.2.1");
	assert_int_equal(capture.index->peers[0].asn, 3356);
	assert_int_equal(capture.index->peers[0].bgp_id, 0x0a000001);
	assert_addr(&capture.index->peers[1].addr, "2001:db8::1");
	assert_int_equal(capture.index->peers[1].asn, 131279);
	assert_addr(&capture.index->peers[2].addr, "192.0.2.3");
	assert_int_equal(capture.index->peers[2].asn, 65001);
	capture_free(&capture);
}

/* A table cut short keeps the peers that are whole, and takes no memory for others. */
static void test_4_3_1_short(void **state)
{
	struct bytes bytes = record_of(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);

	(void)state;
	bytes.len -= 1;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.index->count, 2);
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
	assert_int_equal(capture.fault[0].lost, 10);
	capture_free(&capture);

	decode(MRT_TABLE_DUMP_V2, 1, "c00002fe 0000 ffff 02 0a000001 c0000201 00000d1c");
	assert_int_equal(capture.index->count, 1);
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
	capture_free(&capture);

	decode(MRT_TABLE_DUMP_V2, 1, "c00002fe 0009 6c6162");
	assert_null(capture.index);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
}

static void test_4_3_2_rib_ipv4_unicast(void **state)
{
	struct addr addr;

	(void)state;
	capture_index();
	decode(MRT_TABLE_DUMP_V2, 2, "00000000" HEX_NETWORK "0002"
	       "0000 54998f2c 001c" HEX_MANDATORY
	       "0002 54998f2d 001c" HEX_MANDATORY);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(capture.event[i].kind, EVENT_RIB_ENTRY);
		assert_prefix(&capture.event[i], "175.45.177.0/24");
		assert_int_equal(capture.event[i].originated,
				 (0x54998f2c + (int64_t)i) * UTC_SECOND);
		assert_int_equal(capture.event[i].time, TEST_TIME * UTC_SECOND);
		assert_event_path(&capture.event[i], "3356 4837 131279");
		assert_false(capture.event[i].has_path_id);
		assert_true(attrs_next_hop(capture.event[i].attrs, false, &addr, NULL));
		assert_addr(&addr, "192.0.2.1");
	}
	assert_int_equal(capture.event[0].peer_index, 0);
	assert_int_equal(capture.event[0].peer->asn, 3356);
	assert_int_equal(capture.event[1].peer_index, 2);
	assert_int_equal(capture.event[1].peer->asn, 65001);
	capture_free(&capture);
}

/* Section 4.3.4: MP_REACH_NLRI holds the next hop only; some collectors write it in full. */
static void test_4_3_4_mp_reach(void **state)
{
	static const struct {
		const char *len, *reach;
	} cases[] = {
		{ "0029", "800e11 10 20010db8000000000000000000000001" },
		{ "0032", "800e1a 000201 10 20010db8000000000000000000000001 00 20 20010db8" },
	};

	(void)state;
	capture_index();
	for (unsigned i = 0; i < 2; i++) {
		char body[512];
		struct addr addr, local;

		snprintf(body, sizeof(body),
			 "00000000 20 20010db8 0001 0001 54998f2c %s" HEX_ORIGIN HEX_PATH "%s",
			 cases[i].len, cases[i].reach);
		decode(MRT_TABLE_DUMP_V2, 4, body);
		assert_int_equal(capture.faults, 0);
		assert_int_equal(capture.events, 1);
		assert_prefix(&capture.event[0], "2001:db8::/32");
		assert_int_equal(capture.attrs[0].faults, 0);
		assert_true(attrs_next_hop(capture.event[0].attrs, true, &addr, &local));
		assert_addr(&addr, "2001:db8::1");
		assert_int_equal(local.family, FAMILY_NONE);
	}
	capture_free(&capture);
}

/* A RIB entry's next hop is its own wherever it stands, for IPv4 too (RFC 8950). */
static void test_4_3_4_ipv4_over_ipv6(void **state)
{
	struct addr addr;

	(void)state;
	capture_index();
	decode(MRT_TABLE_DUMP_V2, 2, "00000000" HEX_NETWORK "0001 0001 54998f2c 0029"
	       HEX_ORIGIN HEX_PATH "800e11 10 20010db8000000000000000000000001");
	assert_int_equal(capture.events, 1);
	assert_false(capture.event[0].from_mp);
	assert_true(attrs_next_hop(capture.event[0].attrs, false, &addr, NULL));
	assert_addr(&addr, "2001:db8::1");
	capture_free(&capture);
}

static void test_4_3_4_unknown_peer(void **state)
{
	(void)state;
	capture_index();
	decode(MRT_TABLE_DUMP_V2, 2, "00000000" HEX_NETWORK "0002"
	       "0003 54998f2c 0004" HEX_ORIGIN "0001 54998f2c 0004" HEX_ORIGIN);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].peer_index, 1);
	assert_fault(&capture, 0, FAULT_PEER_INDEX, VERDICT_NONE);
	assert_int_equal(capture.fault[0].value, 3);
	assert_int_equal(capture.fault[0].lost, 12);
	capture_free(&capture);
	decode(MRT_TABLE_DUMP_V2, 2, "00000000" HEX_NETWORK "0001 0000 54998f2c 0004" HEX_ORIGIN);
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_PEER_INDEX, VERDICT_NONE);
}

/* What is whole is given, the rest counted: cut at each byte. */
static void test_4_3_2_short(void **state)
{
	struct bytes bytes =
		record_of(MRT_TABLE_DUMP_V2, 2,
			  "00000000" HEX_NETWORK "0002"
			  "0000 54998f2c 0004" HEX_ORIGIN "0001 54998f2c 0004" HEX_ORIGIN);
	const uint32_t first = 12 + 10 + 12, whole = bytes.len;

	(void)state;
	capture_index();
	for (uint32_t len = 12; len < whole; len++) {
		bytes.len = len;
		capture_record(&capture, &bytes, capture.index);
		assert_int_equal(capture.events, len >= first);
		assert_int_equal(capture.faults, 1);
		assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
		if (len >= first)
			assert_int_equal(capture.fault[0].lost, len - first);
		else if (len < first - 12)
			assert_int_equal(capture.fault[0].lost, len - 12);
	}
	bytes.len = whole + 2;
	capture_record(&capture, &bytes, capture.index);
	assert_int_equal(capture.events, 2);
	assert_fault(&capture, 0, FAULT_MRT_TRAILING, VERDICT_NONE);
	assert_int_equal(capture.fault[0].lost, 2);
	capture_free(&capture);
}

static void test_4_3_2_prefix_too_long(void **state)
{
	(void)state;
	capture_index();
	decode(MRT_TABLE_DUMP_V2, 2, "00000000 21 c000020100 0000");
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_RIB_PREFIX, VERDICT_NONE);
	assert_int_equal(capture.fault[0].value, 33);
	decode(MRT_TABLE_DUMP_V2, 4, "00000000 81 20010db800000000000000000000000100 0000");
	assert_fault(&capture, 0, FAULT_RIB_PREFIX, VERDICT_NONE);
	decode(MRT_TABLE_DUMP_V2, 4, "00000000 80 20010db8000000000000000000000001 0000");
	assert_int_equal(capture.faults, 0);
	capture_free(&capture);
}

static void test_4_3_3_rib_generic(void **state)
{
	(void)state;
	capture_index();
	decode(MRT_TABLE_DUMP_V2, 6,
	       "00000000 0001 01" HEX_NETWORK "0001 0000 54998f2c 0004" HEX_ORIGIN);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_RIB_ENTRY);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	decode(MRT_TABLE_DUMP_V2, 6, "00000000 0001 80 70 00000000 00000000 0a000000 0000");
	assert_int_equal(capture.events, 1);
	assert_int_equal(capture.event[0].kind, EVENT_OTHER_FAMILY);
	assert_int_equal(capture.event[0].safi, 128);
	assert_int_equal(capture.event[0].bytes, 12 + 22);
	capture_free(&capture);
}

static void test_4_3_2_multicast(void **state)
{
	(void)state;
	decode(MRT_TABLE_DUMP_V2, 3, "00000000" HEX_NETWORK "0000");
	assert_int_equal(capture.event[0].kind, EVENT_OTHER_FAMILY);
	assert_string_equal(afi_safi_name(capture.event[0].afi, capture.event[0].safi),
			    "IPv4 multicast");
	decode(MRT_TABLE_DUMP_V2, 5, "00000000" HEX_NETWORK "0000");
	assert_string_equal(afi_safi_name(capture.event[0].afi, capture.event[0].safi),
			    "IPv6 multicast");
}

static void test_4_2_table_dump(void **state)
{
	(void)state;
	decode(MRT_TABLE_DUMP, 1, "0000 0007 af2db100 18 01 54998f2c c0000201 0d1c 000d"
	       HEX_ORIGIN "40020602020d1c12e5");
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.event[0].kind, EVENT_RIB_ENTRY);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	assert_addr(&capture.event[0].peer->addr, "192.0.2.1");
	assert_int_equal(capture.event[0].peer->asn, 3356);
	assert_int_equal(capture.event[0].peer_index, UINT32_MAX);
	assert_event_path(&capture.event[0], "3356 4837");
	decode(MRT_TABLE_DUMP, 2, "0000 0007 20010db8000000000000000000000000 20 01 54998f2c"
	       "20010db8000000000000000000000001 0d1c 0004" HEX_ORIGIN);
	assert_prefix(&capture.event[0], "2001:db8::/32");
	assert_addr(&capture.event[0].peer->addr, "2001:db8::1");
	assert_true(capture.event[0].from_mp);
}

static void test_4_2_faults(void **state)
{
	(void)state;
	decode(MRT_TABLE_DUMP, 1, "0000 0007 af2db100 21 01 54998f2c c0000201 0d1c 0000");
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_RIB_PREFIX, VERDICT_NONE);
	decode(MRT_TABLE_DUMP, 1, "0000 0007 af2db100 18 01 54998f2c c0000201 0d1c 0001");
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
	decode(MRT_TABLE_DUMP, 1, "0000 0007 af2db100 18 01 54998f2c c0000201 0d1c 0000 00");
	assert_int_equal(capture.events, 1);
	assert_fault(&capture, 0, FAULT_MRT_TRAILING, VERDICT_NONE);
}

static void test_4_4_1_state_change(void **state)
{
	(void)state;
	decode(MRT_BGP4MP, 0, HEX_SESSION_AS2 "0006 0001");
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.event[0].kind, EVENT_STATE);
	assert_int_equal(capture.event[0].peer->asn, 3356);
	assert_int_equal(capture.event[0].state_old, BGP_STATE_ESTABLISHED);
	assert_int_equal(capture.event[0].state_new, BGP_STATE_IDLE);
	decode(MRT_BGP4MP, 5, "000200cf 0000316e 0000 0002 20010db8000000000000000000000001"
	       "20010db8000000000000000000000002 0005 0006");
	assert_int_equal(capture.event[0].peer->asn, 131279);
	assert_addr(&capture.event[0].peer->addr, "2001:db8::1");
	/* Old Zebra's, without addresses */
	decode(MRT_BGP4MP, 0, "0d1c 316e 0006 0001");
	assert_int_equal(capture.faults, 0);
	assert_addr(&capture.event[0].peer->addr, "0.0.0.0");
	assert_int_equal(capture.event[0].state_old, 6);
}

static void test_4_4_1_faults(void **state)
{
	(void)state;
	decode(MRT_BGP4MP, 0, HEX_SESSION_AS2 "0006 0009");
	assert_int_equal(capture.events, 1);
	assert_fault(&capture, 0, FAULT_STATE, VERDICT_NONE);
	assert_int_equal(capture.fault[0].value, 9);
	decode(MRT_BGP4MP, 0, HEX_SESSION_AS2 "0006 00");
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
	decode(MRT_BGP4MP, 0, "0d1c 316e 0000 0003 c0000201 c0000202 0006 0001");
	assert_fault(&capture, 0, FAULT_AFI, VERDICT_NONE);
	assert_int_equal(capture.fault[0].value, 3);
}

/* Section 4.4.5, 4.4.6: the collector's own messages say nothing of the peer's. */
static void test_4_4_5_local(void **state)
{
	char content[512];
	struct bytes bytes;

	(void)state;
	update_content(content, sizeof(content), "", HEX_MANDATORY, HEX_NETWORK);
	bytes = message_record(7, HEX_SESSION_AS4, BGP_UPDATE, content);
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.events, 1);
	assert_true(capture.event[0].local);
	assert_int_equal(capture.event[0].peer->asn, 3356);
	bytes = message_record(4, HEX_SESSION_AS4, BGP_UPDATE, content);
	capture_record(&capture, &bytes, NULL);
	assert_false(capture.event[0].local);
	bytes = message_record(6, HEX_SESSION_AS2, BGP_KEEPALIVE, "");
	capture_record(&capture, &bytes, NULL);
	assert_true(capture.event[0].local);
}

static void test_4_4_2_zebra_open(void **state)
{
	struct bytes bytes = message_record(1, "0d1c 316e", BGP_OPEN, "04 0d1c 00b4 c0000201 00");

	(void)state;
	capture_record(&capture, &bytes, NULL);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.event[0].kind, EVENT_MESSAGE);
	assert_int_equal(capture.event[0].message, BGP_OPEN);
}

/* Section 3: types and subtypes that are not decoded are counted. */
static void test_3_unknown(void **state)
{
	(void)state;
	decode(MRT_OSPF_V2, 0, "00000000");
	assert_int_equal(capture.events, 0);
	assert_fault(&capture, 0, FAULT_MRT_TYPE, VERDICT_NONE);
	assert_int_equal(capture.fault[0].lost, 4);
	decode(MRT_TABLE_DUMP_V2, 13, "00000000");
	assert_fault(&capture, 0, FAULT_MRT_TYPE, VERDICT_NONE);
	assert_int_equal(capture.fault[0].value, 13 << 16 | 13);
}

/* Appendix B.2.2: ENTRY, which names its next hop outside the attributes. */
static void test_b_2_2_entry(void **state)
{
	struct addr addr;

	(void)state;
	decode(MRT_BGP4MP, 2,
	       "316e 0d1c 0000 0001 c0000202 c0000201 0000 0001 54998f2c 0001 01 04 c0000209"
	       HEX_NETWORK
	       "000d" HEX_ORIGIN "40020602020d1c12e5");
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.event[0].kind, EVENT_RIB_ENTRY);
	assert_prefix(&capture.event[0], "175.45.177.0/24");
	assert_int_equal(capture.event[0].peer->asn, 3356);
	assert_addr(&capture.event[0].peer->addr, "192.0.2.1");
	assert_event_path(&capture.event[0], "3356 4837");
	assert_true(attrs_next_hop(capture.event[0].attrs, false, &addr, NULL));
	assert_addr(&addr, "192.0.2.9");
}

/* Appendix B.1: the deprecated type 5. */
static void test_b_1_bgp(void **state)
{
	char body[512];

	(void)state;
	strcpy(body, "0d1c c0000201 316e c0000202");
	update_content(body + strlen(body), sizeof(body) - strlen(body), "080a",
		       HEX_ORIGIN "40020602020d1c12e5" HEX_NEXT_HOP, HEX_NETWORK);
	decode(MRT_BGP, 1, body);
	assert_int_equal(capture.faults, 0);
	assert_int_equal(capture.events, 2);
	assert_int_equal(capture.event[0].kind, EVENT_WITHDRAW);
	assert_int_equal(capture.event[1].kind, EVENT_ANNOUNCE);
	assert_int_equal(capture.event[1].peer->asn, 3356);
	assert_addr(&capture.event[1].peer->addr, "192.0.2.1");
	assert_event_path(&capture.event[1], "3356 4837");
	decode(MRT_BGP, 3, "0d1c c0000201 0006 0001");
	assert_int_equal(capture.event[0].kind, EVENT_STATE);
	assert_int_equal(capture.event[0].state_old, 6);
	decode(MRT_BGP, 7, "0d1c c0000201 316e c0000202");
	assert_int_equal(capture.event[0].kind, EVENT_MESSAGE);
	assert_int_equal(capture.event[0].message, BGP_KEEPALIVE);
	decode(MRT_BGP, 3, "0d1c c0000201 0006 00");
	assert_fault(&capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_4_3_1_peer_index_table),
		cmocka_unit_test(test_4_3_1_short),
		cmocka_unit_test(test_4_3_2_rib_ipv4_unicast),
		cmocka_unit_test(test_4_3_4_mp_reach),
		cmocka_unit_test(test_4_3_4_ipv4_over_ipv6),
		cmocka_unit_test(test_4_3_4_unknown_peer),
		cmocka_unit_test(test_4_3_2_short),
		cmocka_unit_test(test_4_3_2_prefix_too_long),
		cmocka_unit_test(test_4_3_3_rib_generic),
		cmocka_unit_test(test_4_3_2_multicast),
		cmocka_unit_test(test_4_2_table_dump),
		cmocka_unit_test(test_4_2_faults),
		cmocka_unit_test(test_4_4_1_state_change),
		cmocka_unit_test(test_4_4_1_faults),
		cmocka_unit_test(test_4_4_5_local),
		cmocka_unit_test(test_4_4_2_zebra_open),
		cmocka_unit_test(test_3_unknown),
		cmocka_unit_test(test_b_2_2_entry),
		cmocka_unit_test(test_b_1_bgp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
