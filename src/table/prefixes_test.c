/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Updates taken a message at a time make the same table, tell the same changes and count the same
 * as one event after the other.
 */
#include <stdlib.h>

#include "base/map.h"
#include "table/test_world.h"
#include "wire/stream.h"
#include "wire/write.h"

#define NETWORKS	600u
#define PEERS		5u
#define MESSAGES	6000u
#define PER_MESSAGE	40u

/* One of two tables to compare. */
struct side {
	struct table *table;
	struct table_source *source;
	struct buf told;
	uint64_t at_once;		/* prefixes taken many at a time */
};

static uint64_t draw(uint64_t a, uint64_t b)
{
	return map_hash_u64(map_hash_u64(a + 1) ^ (b + 1) * 0x9e3779b97f4a7c15u);
}

/* IPv4 and IPv6; some are no networks. */
static struct prefix prefix_at(uint32_t i)
{
	const uint8_t ipv4[4] = { (uint8_t)(20 + i % 7), (uint8_t)(i >> 8), (uint8_t)i, 0 };
	const uint8_t ipv6[6] = { 0x2a, 0x00, (uint8_t)(i >> 8), (uint8_t)i, 0, 1 };

	if (i % 5 == 4)
		return prefix_from_wire(FAMILY_IPV6, 32 + i % 3 * 8, ipv6);
	return prefix_from_wire(FAMILY_IPV4, i % 11 == 3 ? 25 : 24, ipv4);
}

/* Every need, and some of which changes are told. */
static unsigned on_need(void *context, const struct prefix *network)
{
	uint64_t bits = draw(prefix_to_key(network), 0);

	(void)context;
	return (unsigned)(bits % 3) | (bits >> 8 & 7 ? 0 : TABLE_TELL);
}

static int on_change(void *context, const struct table_change *change)
{
	struct side *side = context;
	struct prefix network = table_network(side->table, change->network);

	buf_printf(&side->told, "%jd %u %u ", (intmax_t)change->time, change->vantage, change->why);
	prefix_format(&side->told, &network);
	buf_char(&side->told, ' ');
	table_path_format(side->table, change->vantage, change->before, &side->told);
	buf_char(&side->told, '>');
	table_path_format(side->table, change->vantage, change->after, &side->told);
	if (change->event)
		buf_printf(&side->told, " %u %u %u", change->event->kind, change->event->verdict,
			   event_attrs(change->event)->count);
	buf_char(&side->told, '\n');
	return 0;
}

static int on_vantage(void *context, const struct vantage_change *change)
{
	struct side *side = context;

	buf_printf(&side->told, "%jd %jd %u %u %u %u\n", (intmax_t)change->noticed,
		   (intmax_t)change->since, change->vantage, change->live, change->cleared,
		   change->why);
	return 0;
}

static int on_event(void *context, const struct event *event)
{
	struct side *side = context;

	return table_event(side->table, side->source, event, NULL);
}

static int on_prefixes(void *context, const struct event *shared, struct update_prefixes *prefixes)
{
	struct side *side = context;
	uint32_t before = prefixes->passed;
	int code = table_prefixes(side->table, side->source, shared, prefixes, NULL);

	side->at_once += prefixes->passed - before;
	return code;
}

static struct write_session session_of(uint32_t peer, bool extended)
{
	struct write_session session = {
		.peer = { .asn = 64000 + peer, .addr = { FAMILY_IPV4, { 10, 0, 0, (uint8_t)peer } } },
		.local_asn = 6447, .local = { FAMILY_IPV4, { 10, 0, 1, 1 } }, .extended = extended,
	};

	return session;
}

static void put_rib(struct buf *buf, int64_t time)
{
	struct peer peers[PEERS];
	uint32_t path[2];

	for (uint32_t peer = 0; peer < PEERS; peer++)
		peers[peer] = session_of(peer, false).peer;
	mrt_write_peer_index(buf, time, 1, "", peers, PEERS);
	for (uint32_t i = 0; i < NETWORKS; i++) {
		struct prefix prefix = prefix_at(i);
		struct write_attrs attrs = { .path = path, .path_len = 2 };
		struct write_rib rib;

		attrs.next_hop.family = prefix.family;
		mrt_write_rib_begin(buf, &rib, time, i, &prefix);
		for (uint32_t peer = 0; peer < PEERS; peer++) {
			path[0] = 64000 + peer;
			path[1] = (uint32_t)(70000 + draw(i, time % 3) % 50);
			if (draw(i, peer) % 16)
				mrt_write_rib_entry(buf, &rib, (uint16_t)peer, time, &attrs);
		}
		mrt_write_rib_end(buf, &rib);
	}
}

/* Several prefixes of one family, announced or withdrawn. */
static void put_update(struct buf *buf, uint32_t number, int64_t time)
{
	uint64_t bits = draw(number, 77);
	uint32_t peer = (uint32_t)(bits % PEERS), count = 0, from = (uint32_t)(bits >> 16) % NETWORKS;
	struct write_session session = session_of(peer, bits >> 60 & 1);
	uint32_t path[3] = { session.peer.asn, 100 + (uint32_t)(bits >> 8) % 4,
			     (uint32_t)(70000 + (bits >> 20) % 50) };
	struct write_attrs attrs = { .path = path, .path_len = 3 };
	struct prefix prefixes[PER_MESSAGE];

	for (uint32_t i = 0; i < 1 + (bits >> 40) % PER_MESSAGE; i++) {
		struct prefix prefix = prefix_at((from + i) % NETWORKS);

		if (count == 0 || prefix.family == prefixes[0].family)
			prefixes[count++] = prefix;
	}
	attrs.next_hop.family = prefixes[0].family;
	if (bits >> 50 & 3)
		assert_true(mrt_write_announce(buf, &session, time, &attrs, prefixes, count));
	else
		mrt_write_withdraw(buf, &session, time, prefixes, count);
}

/* Updates around RIBs, sessions that go down and up, and an hour of silence. */
static void put_recording(struct buf *buf)
{
	int64_t time = WORLD_START;

	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct write_session session = session_of(i / 7 % PEERS, false);

		time += (int64_t)(draw(i, 3) % 700000) + (i == MESSAGES / 2 ? UTC_HOUR : 0);
		if (i % 2000 == 100)
			put_rib(buf, time);
		if (i % 900 == 700)
			mrt_write_state(buf, &session, time, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
		if (i % 900 == 701)
			mrt_write_state(buf, &session, time, BGP_STATE_IDLE, BGP_STATE_ESTABLISHED);
		put_update(buf, i, time);
	}
	assert_false(buf->failed);
}

static void side_begin(struct side *side)
{
	const struct table_parameters parameters = table_parameters_default();
	const struct table_sink sink = { side, on_change, on_vantage, on_need };

	assert_int_equal(table_new(&parameters, &sink, &side->table, NULL), 0);
	assert_int_equal(table_source_new(side->table, "rrc00", &side->source, NULL), 0);
}

/* Batches of records, looked at ahead where prefixes are taken at once. */
static void side_read(struct side *side, const struct buf *buf, bool at_once)
{
	const struct wire_sink sink = {
		.context = side, .event = on_event, .prefixes = at_once ? on_prefixes : NULL,
	};
	const uint8_t *bytes = (const uint8_t *)buf->data;
	struct record_ref ref = { 0, 1, 0 };
	struct wire_scratch *scratch;
	struct wire_stream *stream;
	uint64_t keys[PER_MESSAGE];
	struct table_ahead ahead;
	uint32_t gists = 0, len;

	assert_int_equal(wire_scratch_new(&scratch, NULL), 0);
	assert_int_equal(wire_stream_new(&stream, NULL), 0);
	for (; ref.offset < buf->len; ref.offset += len, ref.number++) {
		struct mrt_record record;
		struct gist gist = { .plain = false };
		struct peer peer;

		ahead = (struct table_ahead){ .keys = keys };
		assert_int_equal(mrt_frame(bytes + ref.offset, buf->len - ref.offset, MRT_RECORD_MAX,
					   &len), MRT_FRAME_WHOLE);
		mrt_record_parse(bytes + ref.offset, len, &ref, &record);
		if (at_once)
			gist_take(&record, scratch, NULL, NULL, keys, PER_MESSAGE, &gist);
		gists += gist.plain;
		if (gist.plain) {
			gist_peer(&gist, &record, &peer);
			table_ahead_note(side->table, side->source, &peer,
					 (uint32_t)gist.withdrawn.count + gist.announced.count, &ahead);
		}
		table_ahead_fetch(side->table, &ahead);
		assert_int_equal(gist.plain ? wire_stream_gist(stream, &record, &gist, keys, scratch, &sink)
					    : wire_stream_record(stream, &record, scratch, &sink), 0);
	}
	table_ahead_end(side->table);
	assert_true(!at_once || gists > MESSAGES / 2);
	assert_int_equal(wire_stream_end(stream, &sink), 0);
	assert_int_equal(table_end(side->table, NULL), 0);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
}

static void tell_end(struct side *side)
{
	const struct roster *roster = table_roster(side->table);

	for (uint32_t v = 0; v < roster->count; v++) {
		const struct roster_vantage *of = &roster->vantages[v];

		buf_printf(&side->told, "%u %u %u %ju %ju %ju %ju %ju %ju %ju %ju %jd\n", v, of->held4,
			   of->held6, of->messages, of->announcements, of->withdrawals, of->spurious,
			   of->unchanged, of->rib_entries, of->session_losses, of->drift,
			   of->longest_gap);
		for (uint32_t i = 0; i < table_network_count(side->table); i++) {
			table_path_format(side->table, v, table_route(side->table, v, i), &side->told);
			buf_char(&side->told, ',');
		}
	}
	buf_printf(&side->told, "%ju %ju %ju\n", table_passed_over(side->table, FAMILY_IPV4),
		   table_passed_over(side->table, FAMILY_IPV6), table_size(side->table).routes);
	assert_false(side->told.failed);
}

static void test_same_table(void **state)
{
	struct side sides[2] = { { 0 }, { 0 } };
	struct buf recording = { 0 };

	(void)state;
	put_recording(&recording);
	for (unsigned i = 0; i < 2; i++) {
		side_begin(&sides[i]);
		side_read(&sides[i], &recording, i == 1);
		tell_end(&sides[i]);
	}
	assert_int_equal(sides[0].at_once, 0);
	assert_true(sides[1].at_once > 10 * MESSAGES);
	assert_int_equal(sides[0].told.len, sides[1].told.len);
	assert_memory_equal(sides[0].told.data, sides[1].told.data, sides[0].told.len);
	for (unsigned i = 0; i < 2; i++) {
		table_free(sides[i].table);
		buf_free(&sides[i].told);
	}
	buf_free(&recording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
