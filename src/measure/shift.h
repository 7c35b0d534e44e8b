/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shifts: when, in the paths to a subject's networks, one AS took the place of another.
 *
 * Two paths of one network, as one vantage point had them one after the other, end alike: the
 * same ASes from some AS on to the origin. That AS is where the shift is, and the ASes before it
 * are what was replaced and what replaced it. Shifts of the same (where, from, to), with less than
 * burst-gap between one and the next, are one, with its networks and peer ASes. A route withdrawn
 * and not announced again within burst-gap is lost, one that comes where none was is gained.
 *
 * Only messages count. A session that is lost and comes back, a RIB and an audit say what is, not
 * when it came about.
 *
 * Order of calls: shifts_new; the sink of shifts_sink() to a replay; shifts_finish; then read.
 */
#ifndef CONSTAT_MEASURE_SHIFT_H
#define CONSTAT_MEASURE_SHIFT_H

#include "base/arena.h"
#include "measure/history.h"
#include "measure/upstreams.h"

enum shift_kind { SHIFT_REPLACED, SHIFT_LOST, SHIFT_GAINED };

/* The part of the way that changed, the nearest to the origin. */
enum shift_role {
	SHIFT_ORIGIN,		/* another AS originates the network */
	SHIFT_UPSTREAM,		/* the AS before the origin */
	SHIFT_GATEWAY,		/* the last foreign AS before the country, with the same upstream */
	SHIFT_FARTHER,		/* none of these */
};

struct shift {
	int64_t first, last;
	enum shift_kind kind;
	enum shift_role role;
	uint32_t at;		/* the AS whose way in changed; 0: the origin itself */
	uint32_t from, to;	/* the AS before it; 0: none */
	uint32_t routes;	/* changes: of one network, at one vantage point */
	uint32_t networks;
	uint32_t peers;		/* peer ASes, the first SHIFT_PEERS of them in order of number: */
	uint32_t *peer_asns;
	struct prefix network;	/* of the first change */
	/* the ASes from `at` on to the origin, as far as all changes had them */
	const char *behind;
	const char *before, *after;	/* paths of the first change, folded; "" */
};

#define SHIFT_PEERS	20u
#define SHIFTS_MAX	1000u	/* kept: those of most routes */

struct shifts;

int shifts_new(const struct routes_view *view, const struct as_countries *countries,
	       const struct upstreams_question *question,
	       const struct measure_parameters *parameters, int64_t from,
	       struct shifts **ret_shifts, struct err *err);
void shifts_free(struct shifts *shifts);	/* takes NULL */
struct history_sink shifts_sink(struct shifts *shifts);
/* The replay is over; `end` is when. */
int shifts_finish(struct shifts *shifts, int64_t end, struct err *err);

/* In order of time. */
uint32_t shifts_count(const struct shifts *shifts);
const struct shift *shifts_at(const struct shifts *shifts, uint32_t i);
/* Beside those kept. */
uint32_t shifts_left_out(const struct shifts *shifts);
/*
 * The ASes that every path crossed that any vantage point had since `from`, nearest first; and how
 * many distinct paths those were.
 */
uint32_t shifts_constant(const struct shifts *shifts, const uint32_t **ret_asns,
			 uint32_t *ret_paths);

#endif
