/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The roster: every vantage point, when it was live and when it carried a full feed, and what was
 * heard from it. Part of every finding; sorted by collector, peer address and peer AS when shown.
 *
 * Vantage points are numbered as they first appeared. `until` is UTC_NEVER while an interval is
 * open.
 */
#ifndef CONSTAT_TABLE_ROSTER_H
#define CONSTAT_TABLE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/utc.h"
#include "net/peer.h"
#include "wire/fault.h"

/* Why a vantage point became live or blind. */
enum roster_why {
	ROSTER_RIB,			/* live: a whole RIB gave its table */
	ROSTER_END_OF_RIB,		/* live: refilled, End-of-RIB received */
	ROSTER_QUIET,			/* live: refilled, nothing new for refill_quiet */
	ROSTER_SESSION_DOWN,		/* blind: a state change said so */
	/* blind: came up without having been seen going down; refilling */
	ROSTER_SESSION_UP,
	ROSTER_SILENCE,			/* blind: silent beyond its own usual gap */
	ROSTER_COLLECTOR_SILENCE,	/* blind: the whole collector was */
	ROSTER_ANNOUNCED_AGAIN,		/* blind: most of its table was announced again */
	ROSTER_DAMAGE,			/* blind: bytes of the recording are lost */
	ROSTER_NOT_IN_RIB,		/* blind: named by a RIB's index, without entries */
	/* blind since the last agreement: a RIB contradicts too much of what updates made */
	ROSTER_DRIFT,
	ROSTER_END_OF_DATA,		/* the recording ends */
	ROSTER_WHY_COUNT,
};

/* "rib", "session-down": stable, for JSON */
const char *roster_why_name(enum roster_why why);
const char *roster_why_text(enum roster_why why);	/* for people */

struct roster_interval {
	int64_t from, until;
	enum roster_why began, ended;
	/*
	 * Of live ones: the record by which the end was told, or the last one heard before; number
	 * 0: none.
	 */
	int64_t told_at;
	struct record_ref told;
};

struct roster_intervals {
	struct roster_interval *at;
	uint32_t count, room;
};

struct roster_vantage {
	const char *collector;		/* the roster's */
	struct peer peer;
	bool live;
	bool full4, full6;		/* now, of the family */
	struct roster_intervals live_intervals;
	struct roster_intervals full4_intervals, full6_intervals;

	uint32_t held4, held6;		/* networks held now */
	uint32_t table4, table6;	/* at the last RIB or refill complete */
	int64_t first_heard, last_heard;
	int64_t longest_gap;
	bool in_rib;			/* named by a RIB's index or entries */
	/* held a route at some time: only such sessions count as lost */
	bool held_ever;
	uint64_t messages;		/* records with a BGP message from it */
	uint64_t announcements, withdrawals;	/* networks or not, IPv4 and IPv6 unicast */
	uint64_t spurious;		/* withdrawals of routes not known to be held */
	uint64_t unchanged;		/* announcements of the path already held */
	uint64_t rib_entries;
	uint64_t states;		/* state changes */
	/* Established left, or lost by inference, after it had held a route */
	uint64_t session_losses;
	uint64_t drift;			/* routes that RIBs set right */
	uint64_t faults;
};

struct roster {
	struct roster_vantage *vantages;
	uint32_t count, room;
	uint32_t most;			/* vantage points that there may be; 0: no limit */
	struct arena arena;		/* collector names */
	struct map index;		/* hash of (collector, peer) to number */
};

/* The number of (collector, peer), added when new; UINT32_MAX when out of memory, or full. */
uint32_t roster_vantage(struct roster *roster, const char *collector, const struct peer *peer);
bool roster_is_full(const struct roster *roster);
int roster_begin(struct roster_intervals *intervals, int64_t at, enum roster_why why);
/* Ends the open interval (one that would begin at or after `at` vanishes). */
void roster_end(struct roster_intervals *intervals, int64_t at, enum roster_why why);
bool roster_covers(const struct roster_intervals *intervals, int64_t at);
/* Vantage numbers in order of collector, address, AS, into order[count]. */
void roster_sort(const struct roster *roster, uint32_t *order);
void roster_free(struct roster *roster);

#endif
