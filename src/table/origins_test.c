/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks of which no more than the origin is kept: whatever comes, in whatever way, the table
 * holds what a plain array holds. And what is told of vantage points is the same, however little
 * is kept of networks.
 */
#include "table/test_world.h"

#define PEERS		6u
#define NETWORKS	500u
#define RECORD		4096u

static uint64_t seed = 20141222;

static uint32_t draw(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

/* Most often the network's own, now and then one of three others. */
static uint32_t draw_origin(uint32_t network)
{
	return draw(5) ? 100 + network % 50 : 7000 + draw(3);
}

/* Spread over several leaves and pages. */
static struct prefix network_at(uint32_t i)
{
	return world_network(i < NETWORKS / 2 ? i : i * 50);
}

struct model {
	uint32_t origins[PEERS][NETWORKS];	/* 0: not held */
};

static void compare(struct world *world, const struct model *model)
{
	uint64_t routes = 0;

	for (uint32_t i = 0; i < NETWORKS; i++) {
		struct prefix prefix = network_at(i);
		uint32_t network = table_network_find(world->table, &prefix), held = 0, common;

		if (network == MAP_NONE)
			continue;
		common = table_network_common(world->table, network);
		for (unsigned k = 0; k < PEERS; k++) {
			uint32_t vantage = world_vantage(world, k + 1);
			uint32_t path = table_route(world->table, vantage, network);
			uint32_t origin = model->origins[k][i];

			assert_int_equal(path != PATH_NONE, origin != 0);
			assert_int_equal(table_path_origin(world->table, vantage, path), origin);
			assert_true(common == PATH_NONE || path == PATH_NONE || common == path);
			held += origin != 0;
		}
		assert_int_equal(table_network_held(world->table, network), held);
		routes += held;
	}
	assert_int_equal(table_size(world->table).routes, routes);
}

static void path_text(unsigned k, uint32_t origin, char *text, size_t room)
{
	snprintf(text, room, "%u 1299 %u", 64001 + k, origin);
}

static void update(struct world *world, struct model *model, int64_t second)
{
	unsigned k = draw(PEERS);
	uint32_t i = draw(NETWORKS);
	char text[64];

	model->origins[k][i] = draw(3) ? draw_origin(i) : 0;
	path_text(k, model->origins[k][i], text, sizeof(text));
	if (model->origins[k][i])
		world_announce(world, second, k + 1, network_at(i), text);
	else
		world_withdraw(world, second, k + 1, network_at(i));
}

static void test_updates(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_ORIGIN);
	struct model model = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 40000; i++) {
		update(world, &model, i / 1000);
		if (i % 5000 == 4999)
			compare(world, &model);
	}
	/* A session lost takes its routes with it. */
	world_state(world, 100, 3, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	memset(model.origins[2], 0, sizeof(model.origins[2]));
	compare(world, &model);
	for (uint32_t i = 0; i < 10000; i++)
		update(world, &model, 101);
	compare(world, &model);
	world_free(world);
}

/* When nobody holds a network any more, what was common is forgotten. */
static void test_common_anew(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_ORIGIN);
	struct prefix prefix = world_network(1);
	uint32_t network;

	(void)state;
	world_announce(world, 0, 1, prefix, "64001 5");
	world_announce(world, 0, 2, prefix, "64002 6");
	network = table_network_find(world->table, &prefix);
	assert_int_equal(table_network_common(world->table, network), PATH_NONE);
	world_withdraw(world, 1, 2, prefix);
	world_withdraw(world, 1, 1, prefix);
	assert_int_equal(table_network_common(world->table, network), PATH_NONE);
	world_announce(world, 2, 2, prefix, "64002 7");
	world_announce(world, 2, 1, prefix, "64001 7");
	assert_int_equal(table_path_origin(world->table, 0, table_network_common(world->table, network)), 7);
	world_free(world);
}

/* An entry as it stands on the wire (RFC 6396 section 4.3.4). */
static uint32_t put_entry(uint8_t *at, unsigned peer, const struct attr_span *span)
{
	const uint8_t head[RIB_ENTRY_HEAD] = {
		(uint8_t)(peer >> 8), (uint8_t)peer, 0, 0, 0, 0, (uint8_t)(span->len >> 8), (uint8_t)span->len,
	};

	memcpy(at, head, sizeof(head));
	memcpy(at + sizeof(head), span->bytes, span->len);
	return RIB_ENTRY_HEAD + span->len;
}

/* Entries of one record, those that the table leaves sent one by one. How many it took. */
static uint32_t send_record(struct world *world, const struct model *model, uint32_t i)
{
	uint8_t record[RECORD], bytes[1200];
	struct event shared = {
		.kind = EVENT_RIB_ENTRY, .time = world_time(0), .prefix = network_at(i),
		.attributes = { .asn_size = 4, .rib = true },
	};
	struct rib_entries entries = { .at = record, .peers = PEERS };
	unsigned held[PEERS];
	uint32_t len = 0, count = 0;
	char text[64];
	struct err err;

	for (unsigned k = 0; k < PEERS; k++) {
		struct attr_span span;

		if (!model->origins[k][i])
			continue;
		path_text(k, model->origins[k][i], text, sizeof(text));
		span = world_attributes(text, bytes);
		len += put_entry(record + len, k, &span);
		held[count++] = k;
	}
	entries.end = record + len;
	entries.left = count;
	assert_int_equal(table_entries(world->table, world->source, &shared, &entries, &err), 0);
	for (uint32_t at = count - entries.left; at < count; at++) {
		path_text(held[at], model->origins[held[at]][i], text, sizeof(text));
		world_entry(world, 0, held[at] + 1, network_at(i), text);
	}
	return count - entries.left;
}

/* A RIB given by records and the same given by events make the same table. */
static void test_entries(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct model model = { 0 };

	(void)state;
	for (uint32_t i = 0; i < NETWORKS; i++)
		for (unsigned k = 0; k < PEERS; k++)
			model.origins[k][i] = draw(4) ? draw_origin(i) : 0;
	for (unsigned what = 0; what < 4; what++) {
		static const unsigned needs[] = { TABLE_ORIGIN, TABLE_ORIGIN, TABLE_PATH, TABLE_ORIGIN | TABLE_TELL };
		struct world *world = world_new_with(&parameters, needs[what]);
		uint32_t taken = 0;

		/* Updates are heard meanwhile: all entries need care. */
		if (what == 1) {
			model.origins[1][NETWORKS - 1] = 9;
			world_announce(world, 0, 2, network_at(NETWORKS - 1), "64002 9");
		}
		world_rib_begin(world, 0, PEERS);
		for (uint32_t i = 0; i < NETWORKS; i++)
			taken += send_record(world, &model, i);
		world_rib_end(world, 0, true);
		/* The first record's come one by one: they say what the RIB is to each vantage point. */
		if (what)
			assert_int_equal(taken, 0);
		else
			assert_true(taken > NETWORKS);
		compare(world, &model);
		for (unsigned k = 0; k < PEERS; k++)
			assert_true(world_roster(world, k + 1)->live);
		assert_int_equal(world_roster(world, 1)->rib_entries, world_roster(world, 1)->held4);
		world_free(world);
	}
}

/* A RIB of what peers 1 to PEERS hold by the model, but for a few routes too many and too few. */
static void rib(struct world *world, const struct model *model, int64_t second, uint32_t wrong)
{
	char text[64];

	world_rib_begin(world, second, PEERS);
	for (uint32_t i = 0; i < NETWORKS; i++) {
		for (unsigned k = 0; k < PEERS; k++) {
			uint32_t origin = model->origins[k][i];

			if (wrong && (i + k) % wrong == 0)
				origin = origin ? 0 : 100 + i % 50;
			path_text(k, origin, text, sizeof(text));
			if (origin)
				world_entry(world, second, k + 1, network_at(i), text);
		}
	}
	world_rib_end(world, second, true);
}

/* Some hours with all that can happen to a session. */
static void play(struct world *world)
{
	struct model model = { 0 };
	int64_t second = 0;

	seed = 20141223;
	for (uint32_t i = 0; i < NETWORKS; i++)
		for (unsigned k = 0; k < PEERS; k++)
			model.origins[k][i] = draw(8) ? draw_origin(i) : 0;
	rib(world, &model, 0, 0);
	for (unsigned hour = 0; hour < 6; hour++) {
		for (unsigned i = 0; i < 3000; i++)
			update(world, &model, second += draw(2));
		if (hour == 2) {
			world_state(world, second, 1, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
			world_state(world, second, 2, BGP_STATE_IDLE, BGP_STATE_ESTABLISHED);
			memset(model.origins, 0, 2 * sizeof(model.origins[0]));
		}
		rib(world, &model, second += 100, hour == 3 ? 400 : hour == 4 ? 20 : 0);
		/* One that says again what it said, as if its session had been lost. */
		for (uint32_t i = 0; i < NETWORKS && hour == 1; i++) {
			char text[64];

			path_text(2, model.origins[2][i], text, sizeof(text));
			if (model.origins[2][i])
				world_announce(world, second, 3, network_at(i), text);
		}
	}
	world_clock(world, second + 7200);
}

static void same_intervals(const struct roster_intervals *a, const struct roster_intervals *b)
{
	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		assert_int_equal(a->at[i].from, b->at[i].from);
		assert_int_equal(a->at[i].until, b->at[i].until);
		assert_int_equal(a->at[i].began, b->at[i].began);
		assert_int_equal(a->at[i].ended, b->at[i].ended);
	}
}

static void same_vantage(const struct roster_vantage *a, const struct roster_vantage *b)
{
	same_intervals(&a->live_intervals, &b->live_intervals);
	assert_int_equal(a->live, b->live);
	assert_int_equal(a->held4, b->held4);
	assert_int_equal(a->table4, b->table4);
	assert_int_equal(a->messages, b->messages);
	assert_int_equal(a->withdrawals, b->withdrawals);
	assert_int_equal(a->spurious, b->spurious);
	assert_int_equal(a->rib_entries, b->rib_entries);
	assert_int_equal(a->session_losses, b->session_losses);
	assert_int_equal(a->drift, b->drift);
}

/* docs/table.md, "Outside the question" */
static void test_however_little(void **state)
{
	static const unsigned needs[] = { TABLE_PATH, TABLE_ORIGIN, TABLE_PRESENCE };
	struct table_parameters parameters = table_parameters_default();
	struct world *worlds[3];
	uint32_t intervals = 0, drift = 0;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		worlds[i] = world_new_with(&parameters, needs[i]);
		play(worlds[i]);
	}
	for (unsigned k = 1; k <= PEERS; k++) {
		const struct roster_vantage *all = world_roster(worlds[0], k);

		same_vantage(all, world_roster(worlds[1], k));
		same_vantage(all, world_roster(worlds[2], k));
		intervals += all->live_intervals.count;
		drift += (uint32_t)all->drift;
	}
	/* It did happen. */
	assert_true(intervals > PEERS + 3);
	if (drift < 20)
		fail_msg("%u routes drifted", drift);
	for (unsigned i = 1; i < 3; i++)
		assert_int_equal(worlds[i]->vantage_count, worlds[0]->vantage_count);
	for (unsigned i = 0; i < 3; i++)
		world_free(worlds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_common_anew),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_however_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
