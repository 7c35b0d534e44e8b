/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan: a scenario worked out against its world. What script.c makes; what the dynamics, the
 * recorder and the truth read. Read-only once made, by all threads.
 *
 * Networks with the same origin, policy and fate form a group, and things that happen are actions,
 * on links and ASes (for every group that they can matter to) or on groups.
 */
#ifndef CONSTAT_SIM_PLAN_H
#define CONSTAT_SIM_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/peer.h"
#include "sim/world.h"

/* How an origin announces: to each neighbour so many times its own number; 0: not at all. */
struct policy_row {
	uint32_t neighbour;	/* index of an AS */
	uint8_t times;
};

struct policy {
	uint8_t others;		/* to neighbours not listed */
	uint32_t first, count;	/* of plan.policy_rows */
};

enum action_kind {
	ACTION_LINK_DOWN,	/* what: link */
	ACTION_LINK_UP,
	ACTION_AS_DOWN,		/* what: AS */
	ACTION_AS_UP,
	ACTION_WITHDRAW,	/* what: the AS that stops originating the group */
	ACTION_ANNOUNCE,
	ACTION_LEAK,		/* what: plan.leaks */
	ACTION_LEAK_END,
	ACTION_STUCK,		/* what: plan.stuck */
	ACTION_STUCK_END,
	ACTION_INVALID,		/* what: plan.invalid; the group's routes are invalid in the RPKI */
	ACTION_VALID,
};

struct action {
	int64_t time;
	enum action_kind kind;
	uint32_t what;
	uint32_t event;		/* of the scenario, from 0; PLAN_NOISE for the world's own unrest */
};

#define PLAN_NOISE UINT32_MAX

/* A list of action numbers: first and count in plan.touch. */
struct touch {
	uint32_t first, count;
};

/* A group may have its own origin and some that hijack it. */
#define GROUP_ORIGINS 4

struct group {
	/* the first is the rightful one; WORLD_NONE: no more */
	uint32_t origins[GROUP_ORIGINS];
	bool announced;			/* by the first, from the start */
	bool contained;			/* neighbours keep it to themselves (NO_EXPORT) */
	bool blackhole;			/* carries the community of RFC 7999 */
	/* a leak may send it anywhere: every action matters to it */
	bool everything;
	uint8_t family;
	/* of plan.policies; of the first origin, others announce plainly to all */
	uint32_t policy;
	uint32_t first, count;		/* of plan.networks */
	struct touch own;		/* actions on this group, of plan.own_actions */
};

struct leak {
	uint32_t as;
	/* only what was learned there; WORLD_NONE: from any provider or peer */
	uint32_t from;
	uint32_t to;			/* only to this neighbour; WORLD_NONE: to all */
};

/* Who drops invalid routes: a share of the ASes, drawn. */
struct invalid {
	uint32_t share;			/* parts per million */
	uint32_t event;
};

struct stuck {
	bool *vantages;			/* flags: which never hear of it */
};

enum feed_type {
	FEED_FULL,
	FEED_CUSTOMERS,			/* as to a peer: own routes and its customers' */
	FEED_SHARE,
};

struct vantage {
	uint32_t collector;
	uint32_t as;
	struct peer peer;
	enum feed_type feed;
	uint32_t share;			/* of the groups, parts per million */
	bool ipv4, ipv6;
	int64_t mrai;
	/* place among the peer ASes of full feeds; WORLD_NONE for others */
	uint32_t peer_as;
};

enum layout { LAYOUT_ROUTEVIEWS, LAYOUT_RIS };
enum packing { PACKING_GZIP, PACKING_BZIP2, PACKING_NONE };

struct collector {
	const char *name;
	enum layout layout;
	enum packing packing;
	bool extended;			/* BGP4MP_ET */
	int64_t updates_every, ribs_every, rib_takes, refill;
	int64_t skew;			/* its clock, fast by this much */
	uint32_t local_asn;
	struct addr local4, local6;
	uint32_t first_vantage, vantage_count;
};

/* What goes wrong at collectors. */
enum trouble_kind {
	TROUBLE_SESSION,		/* down from `at` to `until`; vantage */
	TROUBLE_COLLECTOR,		/* dead from `at` to `until` */
	TROUBLE_MISSING,		/* files that begin in [at, until) are not there */
	TROUBLE_TRUNCATED,		/* they end early */
	TROUBLE_SKEW,			/* `by` is added to the clock */
	TROUBLE_DUPLICATES,		/* `share` of the records stand twice */
};

enum files { FILES_ALL, FILES_UPDATES, FILES_RIBS };

struct trouble {
	enum trouble_kind kind;
	int64_t at, until;
	uint32_t collector;
	uint32_t vantage;		/* TROUBLE_SESSION */
	bool silent;			/* TROUBLE_SESSION: no state change is recorded */
	enum files files;
	uint32_t share;			/* TRUNCATED: of the file that is kept; DUPLICATES */
	int64_t by;
	uint32_t event;
};

/* How an AS's router behaves. */
struct traits {
	int64_t mrai;
	bool withdrawals_wait;		/* for the MRAI as well */
	bool slow;
};

struct plan {
	const struct world *world;
	uint64_t seed;
	int64_t from, until;

	struct group *groups;
	uint32_t group_count;
	struct world_network *networks;	/* by group; those that only events bring are here too */
	uint32_t network_count;
	uint32_t *by_prefix;		/* networks in the order of prefixes */
	uint32_t *group_of;		/* of networks */
	struct policy *policies;
	struct policy_row *policy_rows;

	struct action *actions;		/* on links and ASes, by time */
	uint32_t action_count;
	struct action *own_actions;	/* of groups, each group's by time */
	uint32_t *touch;
	struct touch *touch_as;		/* by AS: actions that matter to groups originated there */
	struct touch touch_all;		/* to every group */
	struct touch touch_everything;	/* all actions, for groups marked so */
	struct leak *leaks;
	uint32_t leak_count;
	struct stuck *stuck;
	uint32_t stuck_count;
	struct invalid *invalid;
	uint32_t invalid_count;

	struct vantage *vantages;
	uint32_t vantage_count;
	struct touch *vantages_of;	/* by AS: of vantages_by_as */
	uint32_t *vantages_by_as;
	uint32_t peer_ases;		/* with a full feed, of either family */
	uint32_t peer_ases4, peer_ases6;
	struct collector *collectors;
	uint32_t collector_count;
	struct trouble *troubles;	/* by time */
	uint32_t trouble_count;

	int64_t processing_low, processing_high;
	int64_t detection;
	uint32_t busy;			/* share of announcements that find the timer running */
	struct traits *traits;		/* by AS */
	uint32_t chatter;		/* routes announced again per vantage point and hour */
};

#endif
