/* SPDX-License-Identifier: BSD-2-Clause */
/* Which records have a gist, and that it says what the record says. */
#include "wire/gist.h"

#include "wire/stream.h"
#include "wire/testing.h"

#define ROOM 8u

struct taken {
	uint8_t *exact;			/* the record, in memory that ends with it */
	struct mrt_record record;
	struct wire_scratch *scratch;
	struct gist gist;
	uint64_t keys[ROOM];
	uint32_t count;
};

static void take(struct taken *taken, const struct bytes *bytes, uint32_t len, gist_care_fn *care,
		 const void *context)
{
	const struct record_ref ref = { 2, 7, 100 };

	taken->exact = malloc(len);
	assert_non_null(taken->exact);
	memcpy(taken->exact, bytes->at, len);
	assert_int_equal(wire_scratch_new(&taken->scratch, NULL), 0);
	mrt_record_parse(taken->exact, len, &ref, &taken->record);
	taken->count = gist_take(&taken->record, taken->scratch, care, context, taken->keys, ROOM,
				 &taken->gist);
	assert_int_equal(taken->gist.len, len);
}

static void drop(struct taken *taken)
{
	free(taken->exact);
	wire_scratch_free(taken->scratch);
}

static bool is_plain(const struct bytes *bytes)
{
	struct taken taken;

	take(&taken, bytes, bytes->len, NULL, NULL);
	drop(&taken);
	assert_true(taken.gist.plain || taken.count == 0);
	return taken.gist.plain;
}

static void assert_same_event(const struct event *a, const struct event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_true(a->time == b->time && a->ref.number == b->ref.number && a->ref.offset == b->ref.offset);
	assert_int_equal(a->peer->asn, b->peer->asn);
	assert_int_equal(a->peer->bgp_id, b->peer->bgp_id);
	assert_int_equal(a->peer->addr.family, b->peer->addr.family);
	assert_memory_equal(a->peer->addr.bytes, b->peer->addr.bytes, sizeof(a->peer->addr.bytes));
	assert_int_equal(a->peer_index, b->peer_index);
	assert_true(prefix_equal(&a->prefix, &b->prefix));
	assert_true(a->has_path_id == b->has_path_id && a->from_mp == b->from_mp && a->local == b->local);
	assert_true(a->afi == b->afi && a->safi == b->safi && a->verdict == b->verdict);
	assert_memory_equal(&a->attributes, &b->attributes, sizeof(a->attributes));
	assert_int_equal(a->attrs->count, b->attrs->count);
	assert_int_equal(a->attrs->faults, b->attrs->faults);
	for (unsigned i = 0; i < ATTR_KNOWN_MAX; i++)
		assert_ptr_equal(a->attrs->known[i].bytes, b->attrs->known[i].bytes);
}

/* The gist's events are the record's, `events` in number; `networks` have a key. */
static void assert_gist(const struct bytes *bytes, unsigned events, unsigned networks)
{
	static struct capture decoded, given;
	const struct wire_sink by_decoding = { .context = &decoded, .event = capture_event, .fault = capture_fault };
	const struct wire_sink by_gist = { .context = &given, .event = capture_event, .fault = capture_fault };
	struct taken taken;

	decoded = given = (struct capture){ .events = 0 };
	take(&taken, bytes, bytes->len, NULL, NULL);
	assert_true(taken.gist.plain);
	assert_int_equal(mrt_record_decode(&taken.record, NULL, taken.scratch, &by_decoding), 0);
	assert_int_equal(gist_give(&taken.gist, taken.keys, &taken.record, taken.scratch, &by_gist), 0);
	assert_int_equal(decoded.events, events);
	assert_int_equal(given.events, events);
	assert_int_equal(taken.count, events);
	for (unsigned i = 0; i < events; i++) {
		assert_same_event(&given.event[i], &decoded.event[i]);
		if (taken.keys[i])
			assert_true(taken.keys[i] == prefix_to_key(&given.event[i].prefix));
		networks -= taken.keys[i] != 0;
	}
	assert_int_equal(networks, 0);
	drop(&taken);
}

#define HEX_REACH	"800e1a 0002 01 10 20010db8000000000000000000000001 00 202a001450"
#define HEX_UNREACH	"800f0b 0002 01 202a001450 102a00"

static void test_events(void **state)
{
	struct bytes record = update_record("18af2db0 00 20c0a80001", HEX_MANDATORY, HEX_NETWORK "090800");

	(void)state;
	assert_gist(&record, 5, 3);
	record = update_record_as2("18af2db0", "", "");
	assert_gist(&record, 1, 1);
	record = update_record("", HEX_ORIGIN HEX_PATH HEX_REACH, "");
	assert_gist(&record, 1, 1);
	record = update_record("", HEX_UNREACH, "");
	assert_gist(&record, 2, 2);
	/* One list announced, another withdrawn. */
	record = update_record("18af2db0", HEX_ORIGIN HEX_PATH HEX_REACH, "");
	assert_gist(&record, 2, 2);
	/* Attributes for nothing. */
	record = update_record("", HEX_MANDATORY, "");
	assert_gist(&record, 0, 0);
}

static void test_ipv6_session(void **state)
{
	static const char session[] =
		"00000d1c 0000316e 0000 0002 20010db8000000000000000000000001 20010db8000000000000000000000002";
	char content[400];
	struct bytes record;

	(void)state;
	update_content(content, sizeof(content), "18af2db0", "", "");
	record = message_record(4, session, BGP_UPDATE, content);
	assert_gist(&record, 1, 1);
}

/* What is faulty, is no UPDATE of prefixes, or would not fit. */
static void test_not_plain(void **state)
{
	struct bytes records[] = {
		message_record(4, HEX_SESSION_AS4, BGP_KEEPALIVE, ""),
		/* with path identifiers; the collector's own; End-of-RIB */
		message_record(9, HEX_SESSION_AS4, BGP_UPDATE, "0000 0000 00000001" HEX_NETWORK),
		message_record(7, HEX_SESSION_AS4, BGP_UPDATE, "0004 18af2db0 0000"),
		update_record("", "", ""),
		update_record("", "800f03 0002 01", ""),
		/* no attributes: RFC 7606 makes a withdrawal of it; a prefix too long */
		update_record("", "", HEX_NETWORK),
		update_record("21c0a8000100", "", ""),
		/* path identifiers under the plain subtype: two default routes */
		update_record("00000001 18af2db0 00000001 18af2db1", "", ""),
		/* two lists withdrawn; nine prefixes; VPN routes */
		update_record("18af2db0", HEX_UNREACH, ""),
		update_record("0801 0802 0803 0804 0805 0806 0807 0808 0809", "", ""),
		update_record("", "800f0b 0002 80 202a001450 102a00", ""),
		/* old Zebra's: the marker begins where interface and address family stand */
		record_of(MRT_BGP4MP, 1, "0d1c 316e " HEX_MARKER "001b 02 0004 18af2db0 0000"),
		record_of(MRT_BGP4MP, 5, HEX_SESSION_AS4 "0006 0001"),
		record_of(MRT_TABLE_DUMP_V2, 2, "00000000 18af2db0 0000"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		if (is_plain(&records[i]))
			fail_msg("record %zu has a gist", i);
}

static bool cares(const void *context, const struct event *shared)
{
	assert_int_equal(shared->kind, EVENT_ANNOUNCE);
	assert_int_equal(shared->peer->asn, 3356);
	return *(const bool *)context;
}

static void test_care(void **state)
{
	struct bytes record = update_record("", HEX_MANDATORY, HEX_NETWORK);
	struct taken taken;

	(void)state;
	for (int i = 0; i < 2; i++) {
		bool care = i;

		take(&taken, &record, record.len, cares, &care);
		assert_int_equal(taken.gist.plain, !care);
		drop(&taken);
	}
}

/* Cut anywhere, or with any byte wrong, what has a gist gives what the record gives. */
static void test_broken(void **state)
{
	struct bytes record = update_record("18af2db0", HEX_MANDATORY, HEX_NETWORK HEX_NETWORK);
	struct taken taken;

	(void)state;
	for (uint32_t len = MRT_HEADER_SIZE; len < record.len; len++) {
		take(&taken, &record, len, NULL, NULL);
		assert_false(taken.gist.plain);
		drop(&taken);
	}
	for (uint32_t i = MRT_HEADER_SIZE; i < record.len; i++) {
		struct bytes broken = record;

		broken.at[i] ^= 0xff;
		take(&taken, &broken, broken.len, NULL, NULL);
		drop(&taken);
		if (taken.gist.plain)
			assert_gist(&broken, taken.count, taken.count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events), cmocka_unit_test(test_ipv6_session),
		cmocka_unit_test(test_not_plain), cmocka_unit_test(test_care),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
