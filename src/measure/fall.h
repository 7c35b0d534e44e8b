/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fall: how one outage of a place came about, network by network and vantage point by vantage
 * point, and how it ended. What facts are counted from.
 *
 * Networks of a fall are those dark at the moment of the outage at which most address space was. A
 * pair is one of them as one vantage point had it, live, shortly before (cause_lead before the
 * network went dark, or since it was last back): the path then, those that came in between, and
 * when it was lost.
 */
#ifndef CONSTAT_MEASURE_FALL_H
#define CONSTAT_MEASURE_FALL_H

#include "measure/history.h"
#include "measure/signal.h"

struct fall_question {
	const struct measure_parameters *parameters;
	const struct table *table;
	struct signals *signals;
	const struct history *history;	/* ready */
	uint32_t networks;		/* the signals' numbers go up to here */
	const uint32_t *table_numbers;	/* of them, the table's */
	uint32_t asn;			/* routes of other origins do not count; 0: all do */
	const struct outage *outage;
	enum family family;
	int64_t end;			/* of the data */
};

struct fall_network {
	uint32_t network;		/* the signals' number */
	struct prefix prefix;
	uint32_t origin;		/* most of its pairs', before */
	int64_t dark_at, base_at;	/* and when its pairs are looked at */
	int64_t dark_earliest;
	int64_t back_at, back_earliest;	/* UTC_NEVER: not in the data */
	uint32_t first_pair, pair_count;
};

struct fall_pair {
	uint32_t network;		/* place in fall.networks */
	uint32_t vantage;
	uint32_t base;			/* path */
	/* the history's number of what gave it; of others likewise; UINT32_MAX: none */
	uint32_t base_change;
	uint32_t tried;			/* other paths between */
	uint32_t first_tried;
	int64_t lost_at;		/* UTC_NEVER: never, within cause_tail */
	uint32_t lost;
	uint32_t kept;			/* the path where it was not lost; else PATH_NONE */
	uint32_t kept_change;
	uint32_t taken_by;		/* the other origin whose route took its place; else 0 */
	int64_t back_at;		/* UTC_NEVER */
	uint32_t back;
};

struct fall_link {
	uint32_t outer, inner;		/* inner is nearer to the origin */
};

/* ASes or links that all lost pairs' paths crossed, and how near the origins. */
struct fall {
	struct fall_network *networks;	/* by time of darkness, then prefix */
	uint32_t network_count, network_room;
	/* by network, then in the roster's order of vantage points */
	struct fall_pair *pairs;
	uint32_t pair_count, pair_room;
	uint32_t lost, survived;	/* pairs */
	bool whole;			/* the history holds all of it */
	/*
	 * the AS (no origin of these networks) nearest to the origins that all lost paths crossed;
	 * 0: none
	 */
	uint32_t common_as;
	uint32_t common_origin;		/* all lost paths ended there; 0: several did */
	/* the link to that one origin, where all crossed the same */
	struct fall_link common_link;
	int64_t until;			/* the moment at which most was dark */
};

int fall_take(const struct fall_question *question, struct fall *ret_fall, struct err *err);
void fall_free(struct fall *fall);

/* Does the path cross the AS, or the link? The vantage point's own AS counts as crossed. */
bool fall_path_has(const struct table *table, uint32_t vantage, uint32_t path, uint32_t asn);
bool fall_path_has_link(const struct table *table, uint32_t vantage, uint32_t path,
			const struct fall_link *link);
/*
 * What the vantage point held at that time: a path or PATH_NONE; and the history's number of the
 * change that gave it (UINT32_MAX: none did). What its first RIB says counts for the time before
 * it, too.
 */
uint32_t fall_route(const struct fall_question *question, uint32_t network, uint32_t vantage,
		    int64_t time, uint32_t *ret_change);

#endif
