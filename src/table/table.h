/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routing state: what every vantage point holds, network by network, and since when each
 * vantage point can be believed.
 *
 * Events go in (table_event), in the order of feed; out come changes of routes and of vantage
 * points, through the sink, in the same order. Networks, vantage points and paths are small numbers
 * from 0 (paths: from 1, PATH_NONE is "no route"). A path's number means that path as long as
 * somebody holds it, and for good once the sink was told of it. Only networks (prefix_is_network)
 * are held.
 *
 * A vantage point is live when its table is known (a whole RIB, or a refill after a session came
 * up), else blind. Routes of a blind one are kept as far as known, "per vantage point and network",
 * but say nothing by their absence. What makes it blind may be noticed late (silence, a table
 * announced again): the change then carries `since` before `noticed`, never by more than
 * table_horizon(). Who only looks at times before clock − horizon sees nothing change any more.
 *
 * One thread at a time. No policy here: what is a full feed, an outage or a place is measure's.
 */
#ifndef CONSTAT_TABLE_TABLE_H
#define CONSTAT_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/peer.h"
#include "table/roster.h"
#include "wire/event.h"

struct table;
struct table_source;

#define PATH_NONE 0u
/*
 * More are an error: 25 times the full feeds that this is built for. The roster's `most` sets
 * another limit.
 */
#define TABLE_VANTAGES_MAX 20000u

/* Parameters, each an option of the same name with dashes. */
struct table_parameters {
	/* 60 s: a refill is complete when nothing new came for so long */
	int64_t refill_quiet;
	/* 500,000 ppm of the table announced again betrays a lost session … */
	uint32_t again_share;
	int64_t again_window;		/* 5 min … when it came within this time */
	/* 5 min: shorter silence is never taken for a lost session */
	int64_t silence_min;
	uint32_t silence_factor;	/* 4 × the longest gap so far is silence */
	/* 30 min: a session whose usual gap asks for more cannot be told silent */
	int64_t silence_max;
	/* 100 messages must have been heard to know what is usual */
	uint32_t silence_messages;
	/* 10 min: an update so long after a RIB's time still wins over it */
	int64_t audit_window;
	/* 10,000 ppm of a table contradicted by a RIB: not live since the last agreement */
	uint32_t drift_max;
};

struct table_parameters table_parameters_default(void);
/* The longest that `since` can lie before `noticed`. */
int64_t table_horizon(const struct table_parameters *parameters);

/* What the question needs of a network: asked once, when it first appears. */
enum table_need {
	TABLE_PRESENCE = 0,	/* held or not: paths all look alike (any number but PATH_NONE) */
	TABLE_ORIGIN = 1,	/* only the origin AS of each route (table_path_origin) */
	TABLE_PATH = 2,		/* whole paths */
	TABLE_TELL = 4,		/* may be added: changes of it go to the sink */
};

enum change_why {
	/*
	 * an announcement or withdrawal; before == after: announced again, or a spurious withdrawal
	 */
	CHANGE_UPDATE,
	CHANGE_RIB,		/* a RIB filled a blind vantage point */
	/* a RIB set a live one right (drift): true since some instant in [evidence, time] */
	CHANGE_AUDIT,
	/* not announced again in a refill: taken to be gone since the session was lost */
	CHANGE_PURGE,
};

struct table_change {
	int64_t time;
	int64_t evidence;	/* AUDIT: when the old value was last confirmed; else = time */
	struct record_ref ref;
	uint32_t network;
	uint32_t vantage;
	uint32_t before, after;	/* paths */
	enum change_why why;
	bool withdrawal;	/* UPDATE: which of the two it was */
	const struct event *event;	/* UPDATE and RIB: the event, borrowed; else NULL */
};

struct vantage_change {
	uint32_t vantage;
	bool live;			/* now live; else now blind */
	bool cleared;			/* all its routes are forgotten from `since` on */
	enum roster_why why;
	int64_t since;
	int64_t noticed;
	/* was live already and stays so: a RIB or refill only tells its size anew */
	bool again;
};

struct table_sink {
	void *context;
	/* Networks with TABLE_TELL only. Not 0 stops table_event(), which returns it. */
	int (*change)(void *context, const struct table_change *change);
	int (*vantage)(void *context, const struct vantage_change *change);
	/* May be NULL: TABLE_PATH for all. */
	unsigned (*need)(void *context, const struct prefix *network);
};

int table_new(const struct table_parameters *parameters, const struct table_sink *sink,
	      struct table **ret_table, struct err *err);
void table_free(struct table *table);

/* An input of one collector. Keeps the state of a RIB in progress. Freed with the table. */
int table_source_new(struct table *table, const char *collector, struct table_source **ret_source,
		     struct err *err);

/* Times must not go back (feed's order); an event older than the clock counts as of the clock. */
int table_event(struct table *table, struct table_source *source, const struct event *event,
		struct err *err);
/*
 * The same for prefixes of an UPDATE: takes those from the front that need no care (struct
 * wire_sink).
 */
int table_prefixes(struct table *table, struct table_source *source, const struct event *shared,
		   struct update_prefixes *prefixes, struct err *err);
/*
 * The same for entries of a RIB record: takes those from the front that need no care (struct
 * wire_sink).
 */
int table_entries(struct table *table, struct table_source *source, const struct event *shared,
		  struct rib_entries *entries, struct err *err);
/*
 * What prefixes to come will touch, so that the memory is on its way by then: first some tens of
 * them noted, then all fetched. From then on table_prefixes() finds in `ahead` what it need not
 * look up, until others are fetched or table_ahead_end(). Changes nothing.
 */
#define TABLE_AHEAD 64u
struct table_ahead {
	const uint64_t *keys;		/* those noted, and behind them those that are not yet */
	uint32_t count;
	struct {
		uint32_t vantage;
		uint32_t network;	/* likely */
	} of[TABLE_AHEAD];
};
/* `count` keys that follow those noted before, of an UPDATE of that peer. */
void table_ahead_note(const struct table *table, const struct table_source *source,
		      const struct peer *peer, uint32_t count, struct table_ahead *ahead);
void table_ahead_fetch(struct table *table, struct table_ahead *ahead);
void table_ahead_end(struct table *table);

/*
 * Bytes of this input were lost at the clock's time: outside a RIB, the collector's vantage points
 * are blind since they were last heard.
 */
int table_damage(struct table *table, struct table_source *source, struct err *err);
/*
 * Lets time pass without an event: silence is noticed, refills and audits complete. table_event()
 * does it by itself.
 */
int table_clock(struct table *table, int64_t time, struct err *err);
/* No more events: what is pending is decided as of the clock. */
int table_end(struct table *table, struct err *err);
int64_t table_now(const struct table *table);

/* Networks, numbered as they appeared; `held` counts vantage points that hold a route to it. */
uint32_t table_network_count(const struct table *table);
struct prefix table_network(const struct table *table, uint32_t network);
/* prefix_to_key() */
uint64_t table_network_key(const struct table *table, uint32_t network);
/* MAP_NONE: never seen */
uint32_t table_network_find(const struct table *table, const struct prefix *prefix);
uint32_t table_network_held(const struct table *table, uint32_t network);

/* The route of a vantage point to a network: a path, or PATH_NONE. */
uint32_t table_route(const struct table *table, uint32_t vantage, uint32_t network);
/*
 * The path that all hold who hold the network; PATH_NONE: nobody does, they may differ, or whole
 * paths are kept of it.
 */
uint32_t table_network_common(const struct table *table, uint32_t network);
/* Prefixes left out because they are no networks: distinct ones, by family. */
uint64_t table_passed_over(const struct table *table, enum family family);
/* Routes held now, distinct paths, bytes of memory in all. */
struct table_size { uint64_t routes, paths, nodes, bytes; };
struct table_size table_size(const struct table *table);

/*
 * Paths. A path number holds the path as received, prepending and all, less the vantage point's own
 * AS where it stands first once (which the functions below put back: hence `vantage`).
 */
struct path_hop {
	uint32_t asn;
	uint8_t segment;	/* enum as_segment_type: members of one set follow each other */
	bool joined;		/* in the same set as the hop before it */
};

/* All hops, nearest first, up to `room`; returns how many there are. */
uint32_t table_path_hops(const struct table *table, uint32_t vantage, uint32_t path,
			 struct path_hop *hops, uint32_t room);
/* The origin AS; 0 when the path is empty or ends in a set. */
uint32_t table_path_origin(const struct table *table, uint32_t vantage, uint32_t path);
/* As as_path_format() would print it. */
void table_path_format(const struct table *table, uint32_t vantage, uint32_t path, struct buf *buf);

/* Ask anew for counts while a RIB is being read: its entries are looked up many at a time. */
const struct roster *table_roster(const struct table *table);
/* measure's decisions on full feeds are kept in the roster too. */
struct roster *table_roster_edit(struct table *table);

#endif
