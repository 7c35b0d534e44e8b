/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the tests of this folder: a table fed with events made by hand, and a log of all that it
 * tells.
 *
 * Peers are small numbers: peer k is 10.0.0.k in AS 64000 + k. Times are seconds behind the
 * start of the world, 2014-12-23 15:00 UTC, a whole minute. An AS path is text, "64001 3356
 * 4837": one sequence.
 */
#ifndef CONSTAT_TABLE_TEST_WORLD_H
#define CONSTAT_TABLE_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "table/table.h"
#include "wire/mrt.h"

#define WORLD_START	(1419346800 * UTC_SECOND)
#define WORLD_LOG	4096u

struct world {
	struct table *table;
	struct table_source *source;
	unsigned need;
	uint64_t record;		/* of the event last made */
	struct table_change changes[WORLD_LOG];
	uint32_t change_count;
	struct vantage_change vantages[WORLD_LOG];
	uint32_t vantage_count;
};

static inline int64_t world_time(int64_t second)
{
	return WORLD_START + second * UTC_SECOND;
}

static inline int64_t world_second(int64_t time)
{
	return (time - WORLD_START) / UTC_SECOND;
}

static inline int world_on_change(void *context, const struct table_change *change)
{
	struct world *world = context;

	assert_int_equal(change->time, table_now(world->table));
	if (world->change_count < WORLD_LOG)
		world->changes[world->change_count] = *change;
	world->change_count++;
	return 0;
}

static inline int world_on_vantage(void *context, const struct vantage_change *change)
{
	struct world *world = context;

	assert_int_equal(change->noticed, table_now(world->table));
	assert_true(change->since <= change->noticed);
	if (world->vantage_count < WORLD_LOG)
		world->vantages[world->vantage_count] = *change;
	world->vantage_count++;
	return 0;
}

static inline unsigned world_need(void *context, const struct prefix *network)
{
	(void)network;
	return ((struct world *)context)->need;
}

static inline struct world *world_new_with(const struct table_parameters *parameters, unsigned need)
{
	struct world *world = calloc(1, sizeof(*world));
	struct table_sink sink = { world, world_on_change, world_on_vantage, world_need };
	struct err err;

	assert_non_null(world);
	world->need = need;
	assert_int_equal(table_new(parameters, &sink, &world->table, &err), 0);
	assert_int_equal(table_source_new(world->table, "rrc00", &world->source, &err), 0);
	return world;
}

static inline struct world *world_new(void)
{
	struct table_parameters parameters = table_parameters_default();

	return world_new_with(&parameters, TABLE_PATH | TABLE_TELL);
}

static inline void world_free(struct world *world)
{
	table_free(world->table);
	free(world);
}

static inline void world_forget_log(struct world *world)
{
	world->change_count = 0;
	world->vantage_count = 0;
}

static inline struct peer world_peer(unsigned k)
{
	return (struct peer){
		.addr = { .family = FAMILY_IPV4,
			  .bytes = { 10, 0, (uint8_t)(k >> 8), (uint8_t)k } },
		.asn = 64000 + k,
	};
}

static inline struct prefix world_prefix(const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(text), &prefix));
	return prefix;
}

/* The i-th of many networks: 20.0.0.0/24 and on. */
static inline struct prefix world_network(uint32_t i)
{
	return (struct prefix){
		.family = FAMILY_IPV4, .len = 24,
		.bytes = { (uint8_t)(20 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i },
	};
}

/* AS_PATH alone, four bytes an AS, into bytes[1100]; NULL path: none. */
static inline struct attr_span world_attributes(const char *path, uint8_t *bytes)
{
	uint32_t count = 0;
	const char *at = path;

	if (!path)
		return (struct attr_span){ .bytes = bytes, .asn_size = 4 };
	while (*at) {
		char *end;
		unsigned long asn = strtoul(at, &end, 10);

		assert_true(end > at && count < 255);
		for (unsigned i = 0; i < 4; i++)
			bytes[6 + 4 * count + i] = (uint8_t)(asn >> (24 - 8 * i));
		count++;
		at = end + strspn(end, " ");
	}
	bytes[0] = 0x50;
	bytes[1] = ATTR_AS_PATH;
	bytes[2] = (uint8_t)((2 + 4 * count) >> 8);
	bytes[3] = (uint8_t)(2 + 4 * count);
	bytes[4] = AS_SEQUENCE;
	bytes[5] = (uint8_t)count;
	return (struct attr_span){
		.bytes = bytes, .len = count ? 6 + 4 * count : 4, .asn_size = 4,
	};
}

/* Sends the event as it is, but for peer k (0: none) and time; each is a record of its own. */
static inline int world_send(struct world *world, int64_t second, unsigned k, struct event *event)
{
	struct peer peer = world_peer(k);
	struct err err;

	event->time = world_time(second);
	event->ref.number = ++world->record;
	event->peer = k ? &peer : NULL;
	if (event->kind != EVENT_RIB_ENTRY)
		event->peer_index = UINT32_MAX;
	return table_event(world->table, world->source, event, &err);
}

static inline void world_announce_id(struct world *world, int64_t second, unsigned k,
				     struct prefix prefix, int64_t path_id, const char *path)
{
	uint8_t bytes[1100];
	struct event event = {
		.kind = EVENT_ANNOUNCE,
		.prefix = prefix,
		.attributes = world_attributes(path, bytes),
		.has_path_id = path_id >= 0,
		.path_id = path_id >= 0 ? (uint32_t)path_id : 0,
	};

	assert_int_equal(world_send(world, second, k, &event), 0);
}

static inline void world_announce(struct world *world, int64_t second, unsigned k,
				  struct prefix prefix, const char *path)
{
	world_announce_id(world, second, k, prefix, -1, path);
}

static inline void world_withdraw_id(struct world *world, int64_t second, unsigned k,
				     struct prefix prefix, int64_t path_id)
{
	struct event event = {
		.kind = EVENT_WITHDRAW, .prefix = prefix,
		.has_path_id = path_id >= 0, .path_id = path_id >= 0 ? (uint32_t)path_id : 0,
	};

	assert_int_equal(world_send(world, second, k, &event), 0);
}

static inline void world_withdraw(struct world *world, int64_t second, unsigned k,
				  struct prefix prefix)
{
	world_withdraw_id(world, second, k, prefix, -1);
}

static inline void world_state(struct world *world, int64_t second, unsigned k, uint16_t old,
			       uint16_t new)
{
	struct event event = { .kind = EVENT_STATE, .state_old = old, .state_new = new };

	assert_int_equal(world_send(world, second, k, &event), 0);
}

static inline void world_message(struct world *world, int64_t second, unsigned k,
				 enum bgp_message message)
{
	struct event event = { .kind = EVENT_MESSAGE, .message = (uint8_t)message };

	assert_int_equal(world_send(world, second, k, &event), 0);
}

static inline void world_end_of_rib(struct world *world, int64_t second, unsigned k, uint16_t afi)
{
	struct event event = { .kind = EVENT_END_OF_RIB, .afi = afi, .safi = 1 };

	assert_int_equal(world_send(world, second, k, &event), 0);
}

/* A RIB whose index names peers 1 to `peers`; 0: a TABLE_DUMP, without index. */
static inline void world_rib_begin(struct world *world, int64_t second, unsigned peers)
{
	struct event event = { .kind = EVENT_RIB_BEGIN };

	if (peers) {
		event.index = calloc(1, sizeof(*event.index) + peers * sizeof(struct peer));
		assert_non_null(event.index);
		event.index->count = peers;
		for (unsigned k = 1; k <= peers; k++)
			event.index->peers[k - 1] = world_peer(k);
	}
	assert_int_equal(world_send(world, second, 0, &event), 0);
	free(event.index);
}

static inline void world_entry_id(struct world *world, int64_t second, unsigned k,
				  struct prefix prefix, int64_t path_id, const char *path)
{
	uint8_t bytes[1100];
	struct event event = {
		.kind = EVENT_RIB_ENTRY,
		.prefix = prefix,
		.attributes = world_attributes(path, bytes),
		.peer_index = k - 1,
		.has_path_id = path_id >= 0,
		.path_id = path_id >= 0 ? (uint32_t)path_id : 0,
	};

	assert_int_equal(world_send(world, second, k, &event), 0);
}

static inline void world_entry(struct world *world, int64_t second, unsigned k,
			       struct prefix prefix, const char *path)
{
	world_entry_id(world, second, k, prefix, -1, path);
}

static inline void world_rib_end(struct world *world, int64_t second, bool whole)
{
	struct event event = { .kind = EVENT_RIB_END, .whole = whole };

	assert_int_equal(world_send(world, second, 0, &event), 0);
}

/*
 * A whole RIB in which each of peers 1 to `peers` has networks 0 to count - 1, by path "<own>
 * 3356 <9000 + network>".
 */
static inline void world_rib(struct world *world, int64_t second, unsigned peers, uint32_t count)
{
	char path[64];

	world_rib_begin(world, second, peers);
	for (uint32_t i = 0; i < count; i++) {
		for (unsigned k = 1; k <= peers; k++) {
			snprintf(path, sizeof(path), "%u 3356 %u", 64000 + k, 9000 + i);
			world_entry(world, second, k, world_network(i), path);
		}
	}
	world_rib_end(world, second, true);
}

static inline void world_clock(struct world *world, int64_t second)
{
	struct err err;

	assert_int_equal(table_clock(world->table, world_time(second), &err), 0);
}

/* The number of vantage point k of rrc00. */
static inline uint32_t world_vantage(struct world *world, unsigned k)
{
	const struct roster *roster = table_roster(world->table);
	struct peer peer = world_peer(k);

	for (uint32_t i = 0; i < roster->count; i++)
		if (peer_compare(&roster->vantages[i].peer, &peer) == 0)
			return i;
	fail_msg("no vantage point %u", k);
	return 0;
}

static inline const struct roster_vantage *world_roster(struct world *world, unsigned k)
{
	return &table_roster(world->table)->vantages[world_vantage(world, k)];
}

/* The path that vantage point k holds, as text; "-" for none. Valid until the next call. */
static inline const char *world_path(struct world *world, unsigned k, struct prefix prefix)
{
	static char text[512];
	uint32_t network = table_network_find(world->table, &prefix),
		 vantage = world_vantage(world, k);
	uint32_t path =
		network == MAP_NONE ? PATH_NONE : table_route(world->table, vantage, network);
	struct buf buf = { 0 };

	if (path == PATH_NONE)
		return "-";
	table_path_format(world->table, vantage, path, &buf);
	snprintf(text, sizeof(text), "%.*s", (int)buf.len, buf.len ? buf.data : "");
	buf_free(&buf);
	return text;
}

/* The change of vantage points told last. */
static inline const struct vantage_change *world_last(struct world *world)
{
	assert_int_not_equal(world->vantage_count, 0);
	return &world->vantages[world->vantage_count - 1];
}

#endif
