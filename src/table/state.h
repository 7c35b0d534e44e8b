/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this folder share: the table itself. Nobody outside includes this.
 *
 * Who does what: table.c takes events apart and changes routes; liveness.c decides who is live;
 * rib.c fills from RIBs, audit.c holds RIBs against what is held. Functions return 0, a
 * negative code with `err` filled in, or what the sink returned.
 */
#ifndef CONSTAT_TABLE_STATE_H
#define CONSTAT_TABLE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "table/addpath.h"
#include "table/intake.h"
#include "table/marks.h"
#include "table/networks.h"
#include "table/paths.h"
#include "table/roster.h"
#include "table/routes.h"
#include "table/table.h"

#define PPM 1000000u
#define FAMILIES_ALL UINT8_MAX

struct audit;

/* Whose messages are counted, and how regularly they come. */
struct pulse {
	uint64_t messages;
	int64_t last_heard;	/* UTC_NEVER: not yet */
	int64_t longest_gap;
};

/* The networks announced since `from`, where that may be a lost session's table coming again. */
struct burst {
	int64_t from;		/* UTC_NEVER: no window is open */
	int64_t before;		/* the last sign of the session before */
	struct record_ref ref;	/* the first announcement's */
	uint32_t held_again;	/* distinct networks that were held */
	struct marks marks;
};

/* What roster_vantage says to everybody, and what only the table needs to know; same numbers. */
struct vantage {
	struct route_table routes;
	uint32_t collector;
	struct record_ref heard;	/* the record heard last: its events are one message */
	int64_t heard_before;		/* last_heard before that record */

	bool down;			/* known to be down */
	bool refilling;
	bool again;			/* an inferred refill: purge what does not come again */
	bool end_of_rib4, end_of_rib6;	/* seen in this refill */
	bool has_addpath;
	uint8_t known;			/* a bit 1 << family for each whose table it has told */
	uint64_t refill_announcements;
	int64_t news_at;		/* when the refill last brought something new */

	int64_t live_since;
	int64_t rib_time;		/* of the last RIB that had entries of it */
	int64_t agreed_at;		/* of the last RIB that agreed, or live since */
	uint32_t losses;		/* how often it became blind or its routes were forgotten */
	struct burst burst;
};

/*
 * Routes that updates touched. What RIBs have to ask for is in the map; the rest, of which most is
 * forgotten before anybody asks, is only noted down. See audit.c.
 */
struct touches {
	struct map seconds;		/* (vantage, network) to the second of its last update */
	int64_t since;			/* older ones are forgotten */
	/* those just noted down are of this time; UTC_NEVER: none may be noted */
	int64_t clock;
	uint64_t *noted;
	uint32_t noted_count, noted_room;
};

#define COLLECTOR_PEERS 256u	/* cache of vantage numbers, direct-mapped */

struct collector {
	const char *name;		/* the table's arena's */
	struct pulse pulse;
	int64_t rib_time;
	uint32_t live;			/* vantage points */
	struct {
		struct peer peer;
		uint32_t vantage;	/* MAP_NONE: free */
	} peers[COLLECTOR_PEERS];
};

enum rib_mode {
	RIB_NOT_SEEN,			/* named by the index, no entry yet */
	RIB_FILL,
	RIB_AUDIT,
	RIB_OLD,			/* its session came up after the RIB's time */
};

/* A vantage point in a RIB. */
struct rib_vantage {
	uint32_t vantage;
	uint32_t entries;
	uint32_t losses;		/* its, when the RIB began: another number spoils it */
	enum rib_mode mode;
	bool sees;			/* `seen` is kept: routes were held before */
	bool plain;			/* RIB_FILL of one that held nothing */
	uint32_t own;			/* its AS */
	struct marks seen;
};

struct rib {
	bool open;
	uint8_t families;		/* a bit 1 << family for each of which it has entries */
	unsigned need;			/* of `network` */
	uint32_t network;		/* of the entry before: entries of one record share it */
	struct prefix prefix;
	int64_t time;			/* of its first record */
	uint32_t losses;		/* the table's when it began */
	uint32_t *by_index;		/* peer index to place in `vantages` */
	uint32_t index_count;
	uint32_t *by_vantage;		/* vantage number to place in `vantages`, MAP_NONE: none */
	uint32_t by_vantage_count;
	struct rib_vantage *vantages;
	uint32_t count, room;
	struct audit *audit;		/* the table's; NULL: nothing to hold against yet */
};

struct table_source {
	struct table_source *next;
	uint32_t collector;
	struct rib rib;
};

struct table {
	struct table_parameters parameters;
	struct table_sink sink;
	int64_t horizon;

	int64_t clock;			/* UTC_NEVER before the first event */
	int64_t next_sweep;		/* the whole minute to look at everybody */

	const struct table_ahead *ahead;	/* of updates being taken; NULL: none */
	struct intake *intake;
	bool failed;			/* out of memory where nobody could be told */

	struct paths paths;
	uint32_t sweep_at;		/* nodes; see sweep.c */
	bool rib_seen;
	struct marks told;		/* nodes of paths that the sink was told */
	struct networks networks;
	struct route_pool pool;
	struct addpath addpath;
	uint64_t routes;

	struct roster roster;
	struct vantage *vantages;
	uint32_t vantage_count, vantage_room;
	struct collector *collectors;
	uint32_t collector_count, collector_room;
	struct arena arena;		/* names of collectors */
	uint32_t losses;		/* of all vantage points */
	struct table_source *sources;

	struct prefix last_prefix;	/* entries of one RIB record share it */
	uint32_t last_network;

	struct audit *audits;		/* open ones, oldest first */
	uint8_t *scratch;		/* ATTR_PATH_SCRATCH bytes */
	struct touches touches;
};

static inline struct roster_vantage *roster_of(struct table *table, uint32_t vantage)
{
	return &table->roster.vantages[vantage];
}

static inline uint32_t held_by(struct table *table, uint32_t vantage)
{
	return roster_of(table, vantage)->held4 + roster_of(table, vantage)->held6;
}

static inline bool state_same_prefix(const struct prefix *a, const struct prefix *b)
{
	uint64_t a1, a2, b1, b2;

	memcpy(&a1, a->bytes, 8);
	memcpy(&a2, a->bytes + 8, 8);
	memcpy(&b1, b->bytes, 8);
	memcpy(&b2, b->bytes + 8, 8);
	return ((a1 ^ b1) | (a2 ^ b2) | (uint64_t)(a->len ^ b->len) |
		(uint64_t)(a->family ^ b->family)) == 0;
}

/* Where the collector's cache has the peer, if at all. */
static inline unsigned state_peer_place(const struct peer *peer)
{
	uint64_t half[2];

	memcpy(half, peer->addr.bytes, sizeof(half));
	return (unsigned)(map_hash_u64(half[0] ^ half[1] * 3 ^ peer->asn) % COLLECTOR_PEERS);
}

/*
 * The number of the vantage point; MAP_NONE when out of memory, or when the roster is full:
 * state_no_vantage().
 */
uint32_t state_vantage(struct table *table, uint32_t collector, const struct peer *peer);
/* Says which of the two it was. */
int state_no_vantage(const struct table *table, struct err *err);
/* MAP_NONE with *ret_code 0: no network, passed over. */
uint32_t state_network(struct table *table, const struct prefix *prefix, int *ret_code);
/* What `need` (enum table_need) asks of the event's path; PATH_NONE when out of memory. */
uint32_t state_path(struct table *table, uint32_t vantage, unsigned need,
		    const struct event *event);
/* One more, or one less, holds the network. */
static inline void state_hold_network(struct table *table, uint32_t network, int more)
{
	networks_hold(&table->networks, network, more);
	if (networks_held(&table->networks, network) == 0)
		routes_nobody(&table->pool, network);
}

/*
 * Changes the route itself, whatever the path identifiers: `path` is what the route table holds
 * from now on.
 */
static inline int state_hold(struct table *table, uint32_t vantage, uint32_t network, uint32_t path,
			     uint32_t *ret_before)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct route_table *routes = &table->vantages[vantage].routes;
	bool whole = networks_need(&table->networks, network) & TABLE_PATH;
	uint32_t before;
	int more;

	if ((whole ? routes_set(&table->pool, routes, network, path, &before)
		   : routes_set_common(&table->pool, routes, network, path, &before)) != 0)
		return ERR_MEMORY;
	more = (path != PATH_NONE) - (before != PATH_NONE);
	*ret_before = before;
	if (more == 0)
		return 0;
	if (networks_family(&table->networks, network) == FAMILY_IPV6)
		entry->held6 += (uint32_t)more;
	else
		entry->held4 += (uint32_t)more;
	entry->held_ever = true;
	table->routes += (uint64_t)(int64_t)more;
	state_hold_network(table, network, more);
	return 0;
}

/* What an event did to a route. */
struct held {
	uint32_t before, after;
	bool known;		/* something was held under the event's path identifier */
	bool aside;		/* of several paths, one that is not the lowest: nothing to tell */
};

/* The same by an event's path identifier; for a withdrawal `path` is PATH_NONE. */
int state_hold_event(struct table *table, uint32_t vantage, uint32_t network,
		     const struct event *event, uint32_t path, struct held *ret_held);
/* Drops all of a vantage point's routes without telling. */
void state_forget(struct table *table, uint32_t vantage);
/* Everything that waits is in the table. */
static inline int intake_settle(struct table *table)
{
	return table->intake->count ? intake_settle_all(table) : 0;
}

/* To the sink, where the network asks for it. */
int state_tell(struct table *table, const struct table_change *change);

#endif
