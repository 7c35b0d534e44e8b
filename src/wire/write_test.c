/* SPDX-License-Identifier: BSD-2-Clause */
/* Records against the bytes that the RFCs draw, and against what the decoder makes of them. */
#include "wire/write.h"
#include "wire/testing.h"

#include "base/utc.h"
#include "wire/stream.h"

static struct write_session session_at(const char *peer, const char *local)
{
	struct write_session session = { .peer.asn = 3356, .local_asn = 12654 };

	assert_true(addr_parse(view_of(peer), &session.peer.addr));
	assert_true(addr_parse(view_of(local), &session.local));
	return session;
}

static struct write_session session4(void)
{
	return session_at("192.0.2.1", "192.0.2.2");
}

static struct write_session session6(void)
{
	return session_at("2001:db8::1", "2001:db8::2");
}

static const uint32_t path[] = { 3356, 4837, 131279 };

static struct write_attrs attrs_with(const char *next_hop)
{
	struct write_attrs attrs = { .path = path, .path_len = 3 };

	assert_true(addr_parse(view_of(next_hop), &attrs.next_hop));
	return attrs;
}

static struct prefix prefix_of(const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(text), &prefix));
	return prefix;
}

static const int64_t at = TEST_TIME * UTC_SECOND;

static void assert_bytes(struct buf *buf, const struct bytes *expected)
{
	assert_false(buf->failed);
	assert_int_equal(buf->len, expected->len);
	assert_memory_equal(buf->data, expected->at, expected->len);
	buf_free(buf);
}

/* Each record in turn through the decoder; nothing may be wrong with any. */
static unsigned decode(const struct buf *buf, struct capture *captures, unsigned room)
{
	const uint8_t *bytes = (const uint8_t *)buf->data;
	struct peer_index *index = NULL;
	size_t offset = 0;
	unsigned n = 0;

	assert_false(buf->failed);
	while (offset < buf->len) {
		static struct bytes kept[4];	/* what the captured events point into */
		uint32_t len;

		assert_int_equal(mrt_frame(bytes + offset, buf->len - offset, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
		assert_true(n < room && n < 4 && len <= sizeof(kept[n].at));
		memcpy(kept[n].at, bytes + offset, len);
		kept[n].len = len;
		capture_record(&captures[n], &kept[n], index);
		assert_int_equal(captures[n].faults, 0);
		if (captures[n].index)
			index = captures[n].index;
		offset += len;
		n++;
	}
	return n;
}

static void test_announce(void **state)
{
	struct bytes expected = update_record("", HEX_MANDATORY, HEX_NETWORK);
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_attrs attrs = attrs_with("192.0.2.1");
	struct write_session session = session4();
	struct buf buf = { 0 };

	(void)state;
	/* A part of a second is rounded down where the collector knows seconds only. */
	assert_true(mrt_write_announce(&buf, &session, at + 999999, &attrs, &network, 1));
	assert_bytes(&buf, &expected);
}

static void test_withdraw(void **state)
{
	struct bytes expected = update_record(HEX_NETWORK, "", "");
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_session session = session4();
	struct buf buf = { 0 };

	(void)state;
	mrt_write_withdraw(&buf, &session, at, &network, 1);
	assert_bytes(&buf, &expected);
}

static void test_end_of_rib_and_state(void **state)
{
	struct bytes end = update_record("", "", ""), change = record_of(MRT_BGP4MP, 5, HEX_SESSION_AS4 "0006 0001");
	struct write_session session = session4();
	static struct capture capture[1];
	struct buf buf = { 0 };

	(void)state;
	mrt_write_end_of_rib(&buf, &session, at, FAMILY_IPV4);
	assert_bytes(&buf, &end);
	mrt_write_state(&buf, &session, at, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	assert_bytes(&buf, &change);
	session = session6();
	mrt_write_end_of_rib(&buf, &session, at, FAMILY_IPV6);
	assert_int_equal(decode(&buf, capture, 1), 1);
	assert_int_equal(capture[0].events, 1);
	assert_int_equal(capture[0].event[0].kind, EVENT_END_OF_RIB);
	assert_int_equal(capture[0].event[0].afi, 2);
	buf_free(&buf);
}

static void test_extended_time(void **state)
{
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_session session = session4();
	static struct capture capture[1];
	struct buf buf = { 0 };

	(void)state;
	session.extended = true;
	mrt_write_withdraw(&buf, &session, at + 250000, &network, 1);
	assert_int_equal(decode(&buf, capture, 1), 1);
	assert_int_equal(capture[0].event[0].kind, EVENT_WITHDRAW);
	assert_int_equal(mrt_time((const uint8_t *)buf.data, buf.len), at + 250000);
	buf_free(&buf);
}

static void test_ipv6(void **state)
{
	struct prefix networks[] = { prefix_of("2400:1000::/32"), prefix_of("2400:1000:7::/48") };
	struct write_attrs attrs = attrs_with("2001:db8::1");
	struct write_session session = session6();
	static struct capture captures[2];
	struct addr next_hop, local;
	struct as_path read;
	struct buf buf = { 0 };
	static uint8_t scratch[ATTR_PATH_SCRATCH];

	(void)state;
	assert_true(mrt_write_announce(&buf, &session, at, &attrs, networks, 2));
	mrt_write_withdraw(&buf, &session, at, networks, 2);
	assert_int_equal(decode(&buf, captures, 2), 2);
	assert_int_equal(captures[0].events, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(captures[0].event[i].kind, EVENT_ANNOUNCE);
		assert_true(captures[0].event[i].from_mp);
		assert_true(prefix_equal(&captures[0].event[i].prefix, &networks[i]));
		assert_int_equal(captures[1].event[i].kind, EVENT_WITHDRAW);
		assert_true(prefix_equal(&captures[1].event[i].prefix, &networks[i]));
	}
	assert_addr(&captures[0].event[0].peer->addr, "2001:db8::1");
	assert_true(attrs_next_hop(captures[0].event[0].attrs, true, &next_hop, &local));
	assert_addr(&next_hop, "2001:db8::1");
	assert_true(attrs_path(captures[0].event[0].attrs, scratch, &read));
	assert_path(&read, "3356 4837 131279");
	buf_free(&buf);
}

/* MED, communities, and a path of more than one segment's 255 ASes. */
static void test_attributes(void **state)
{
	const uint32_t communities[] = { COMMUNITY_BLACKHOLE, 3356u << 16 | 100 };
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_attrs attrs = attrs_with("192.0.2.1");
	struct write_session session = session4();
	static struct capture capture[1];
	static uint8_t scratch[ATTR_PATH_SCRATCH];
	uint32_t longer[300], med, position = 0, len = 0;
	struct as_segment segment;
	struct as_path read;
	struct buf buf = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		longer[i] = 100000 + i;
	attrs.path = longer;
	attrs.path_len = 300;
	attrs.origin = 2;
	attrs.has_med = true;
	attrs.med = 77;
	attrs.communities = communities;
	attrs.community_count = 2;
	assert_true(mrt_write_announce(&buf, &session, at, &attrs, &network, 1));
	assert_int_equal(decode(&buf, capture, 1), 1);
	assert_true(attrs_u32(capture[0].event[0].attrs, ATTR_MED, &med));
	assert_int_equal(med, 77);
	assert_int_equal(attrs_community_count(capture[0].event[0].attrs), 2);
	assert_int_equal(attrs_community(capture[0].event[0].attrs, 1), 3356u << 16 | 100);
	assert_true(attrs_path(capture[0].event[0].attrs, scratch, &read));
	while (as_path_next(&read, &position, &segment))
		for (unsigned i = 0; i < segment.count; i++)
			assert_int_equal(as_segment_at(&segment, i), longer[len++]);
	assert_int_equal(len, 300);
	buf_free(&buf);
}

/* RFC 4271 section 4.1: no message over 4096 bytes; every prefix arrives once and in order. */
static void split(enum family family)
{
	enum { COUNT = 2500 };
	static struct prefix networks[COUNT];
	bool six = family == FAMILY_IPV6;
	struct write_attrs attrs = attrs_with(six ? "2001:db8::1" : "192.0.2.1");
	struct write_session session = six ? session6() : session4();
	struct buf buf = { 0 };
	uint32_t number = 0, records = 0;

	for (uint32_t i = 0; i < COUNT; i++) {
		uint8_t bytes[16] = { six ? 0x24 : 20, (uint8_t)(i >> 8), (uint8_t)i };

		networks[i] = prefix_from_wire(family, 24, bytes);
	}
	for (int withdraw = 0; withdraw < 2; withdraw++) {
		const uint8_t *data;
		size_t offset = 0;

		if (withdraw)
			mrt_write_withdraw(&buf, &session, at, networks, COUNT);
		else
			assert_true(mrt_write_announce(&buf, &session, at, &attrs, networks, COUNT));
		assert_false(buf.failed);
		data = (const uint8_t *)buf.data;
		for (number = records = 0; offset < buf.len; records++) {
			/* header, AS numbers, interface, family, addresses */
			size_t message = offset + MRT_HEADER_SIZE + 12 + (six ? 32 : 8);
			uint32_t len;

			assert_int_equal(mrt_frame(data + offset, buf.len - offset, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
			assert_true(((unsigned)data[message + 16] << 8 | data[message + 17]) <= BGP_MESSAGE_MAX);
			assert_int_equal(message + ((unsigned)data[message + 16] << 8 | data[message + 17]), offset + len);
			for (size_t i = message; i + 4 <= offset + len && number < COUNT; i++)
				if (data[i] == 24 && memcmp(data + i + 1, networks[number].bytes, 3) == 0) {
					number++;
					i += 3;
				}
			offset += len;
		}
		assert_int_equal(number, COUNT);
		/* 4 bytes a prefix: three messages, not more. */
		assert_int_equal(records, 3);
		buf.len = 0;
	}
	buf_free(&buf);
}

static void test_split(void **state)
{
	(void)state;
	split(FAMILY_IPV4);
	split(FAMILY_IPV6);
}

static void test_too_large(void **state)
{
	static uint32_t longer[1100];
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_attrs attrs = attrs_with("192.0.2.1");
	struct write_session session = session4();
	struct buf buf = { 0 };

	(void)state;
	attrs.path = longer;
	attrs.path_len = 1100;
	buf_str(&buf, "before");
	assert_false(mrt_write_announce(&buf, &session, at, &attrs, &network, 1));
	assert_int_equal(buf.len, 6);
	buf_free(&buf);
}

static void test_optional_attributes(void **state)
{
	static const uint32_t communities[] = { 0x0d1c0064, 0x12e50001 };
	static const struct large_community large[] = { { 131279, 1, 2 }, { 131279, 1, 3 } };
	static const uint8_t large_bytes[] = { 0, 2, 0, 0xcf, 0, 0, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0xcf, 0, 0, 0, 1, 0, 0, 0, 3 };
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_attrs attrs = attrs_with("192.0.2.1");
	struct write_session session = session4();
	static struct capture captures[1];
	const struct attrs *read;
	struct buf buf = { 0 };
	struct addr addr;
	uint32_t value;

	(void)state;
	attrs.has_med = attrs.has_aggregator = true;
	attrs.med = 7;
	attrs.aggregator = 131279;
	assert_true(addr_parse(view_of("192.0.2.9"), &attrs.aggregator_addr));
	attrs.communities = communities;
	attrs.community_count = 2;
	attrs.large = large;
	attrs.large_count = 2;
	assert_true(mrt_write_announce(&buf, &session, at, &attrs, &network, 1));
	assert_int_equal(decode(&buf, captures, 1), 1);
	read = captures[0].event[0].attrs;
	assert_int_equal(read->faults, 0);
	assert_true(attrs_u32(read, ATTR_MED, &value));
	assert_int_equal(value, 7);
	assert_true(attrs_aggregator(read, &value, &addr));
	assert_int_equal(value, 131279);
	assert_addr(&addr, "192.0.2.9");
	assert_int_equal(attrs_community_count(read), 2);
	assert_int_equal(attrs_community(read, 1), communities[1]);
	assert_int_equal(read->known[ATTR_LARGE_COMMUNITIES].len, sizeof(large_bytes));
	assert_memory_equal(read->known[ATTR_LARGE_COMMUNITIES].bytes, large_bytes, sizeof(large_bytes));
	buf_free(&buf);
}

static void test_rib(void **state)
{
	struct peer peers[2] = { session4().peer, session6().peer };
	struct prefix networks[] = { prefix_of("175.45.177.0/24"), prefix_of("2400:1000::/32") };
	static struct capture captures[4];
	struct write_attrs attrs[] = { attrs_with("192.0.2.1"), attrs_with("2001:db8::1") };
	static uint8_t scratch[ATTR_PATH_SCRATCH];
	struct buf buf = { 0 };
	struct write_rib rib;
	struct as_path read;
	struct addr next_hop;

	(void)state;
	peers[0].bgp_id = 0xc0000201;
	mrt_write_peer_index(&buf, at, 0x0a000001, "simulated", peers, 2);
	for (uint16_t i = 0; i < 2; i++) {
		mrt_write_rib_begin(&buf, &rib, at, i, &networks[i]);
		mrt_write_rib_entry(&buf, &rib, i, at - UTC_DAY, &attrs[i]);
		if (i == 0)
			mrt_write_rib_entry(&buf, &rib, 1, at, &attrs[0]);
		assert_true(mrt_write_rib_end(&buf, &rib));
	}
	mrt_write_rib_begin(&buf, &rib, at, 2, &networks[0]);
	assert_false(mrt_write_rib_end(&buf, &rib));
	assert_int_equal(decode(&buf, captures, 4), 3);
	assert_int_equal(captures[0].event[0].kind, EVENT_RIB_BEGIN);
	assert_string_equal(captures[0].index->view, "simulated");
	assert_int_equal(captures[0].index->collector_id, 0x0a000001);
	assert_int_equal(captures[0].index->count, 2);
	assert_int_equal(captures[0].index->peers[0].bgp_id, 0xc0000201);
	assert_int_equal(peer_compare(&captures[0].index->peers[1], &peers[1]), 0);
	assert_int_equal(captures[1].events, 2);
	assert_int_equal(captures[1].event[0].kind, EVENT_RIB_ENTRY);
	assert_int_equal(captures[1].event[0].originated, at - UTC_DAY);
	assert_int_equal(captures[1].event[1].peer_index, 1);
	assert_true(attrs_path(captures[1].event[0].attrs, scratch, &read));
	assert_path(&read, "3356 4837 131279");
	assert_int_equal(captures[2].events, 1);
	assert_true(prefix_equal(&captures[2].event[0].prefix, &networks[1]));
	assert_true(attrs_next_hop(captures[2].event[0].attrs, true, &next_hop, NULL));
	assert_addr(&next_hop, "2001:db8::1");
	capture_free(&captures[0]);
	buf_free(&buf);
}

/* A buffer that may not grow says so and nothing worse happens. */
static void test_edges(void **state)
{
	struct prefix network = prefix_of("175.45.177.0/24");
	struct write_attrs attrs = attrs_with("192.0.2.1");
	struct write_session session = session4();

	(void)state;
	for (size_t cap = 1; cap < 120; cap++) {
		struct buf buf = { .cap = cap };
		struct write_rib rib;

		mrt_write_announce(&buf, &session, at, &attrs, &network, 1);
		mrt_write_withdraw(&buf, &session, at, &network, 1);
		mrt_write_rib_begin(&buf, &rib, at, 0, &network);
		mrt_write_rib_entry(&buf, &rib, 0, at, &attrs);
		mrt_write_rib_end(&buf, &rib);
		assert_true(buf.failed);
		assert_true(buf.len <= cap);
		buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announce),
		cmocka_unit_test(test_withdraw),
		cmocka_unit_test(test_end_of_rib_and_state),
		cmocka_unit_test(test_extended_time),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_optional_attributes),
		cmocka_unit_test(test_rib),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests_name("wire/write", tests, NULL, NULL);
}
