/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instability: many updates of one network close together, as heard, whoever sent them.
 *
 * A run of updates with gaps of at most instability_gap, at least instability_updates of them.
 * Counted per run: announcements, withdrawals, vantage points and peer ASes, withdrawals announced
 * again within their own second, the paths that took turns, and which ASes every path crossed. A
 * whole table sent anew is no instability: one announcement a network.
 */
#ifndef CONSTAT_MEASURE_STABILITY_H
#define CONSTAT_MEASURE_STABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "measure/parameters.h"

struct stability;

struct stability_update {
	int64_t time;
	uint32_t network;		/* the caller's number */
	uint32_t vantage;
	uint32_t peer_asn;
	bool withdrawal;
	bool spurious;			/* of a route not known to be held */
	bool exact;			/* its time is to the microsecond, not to the second */
	const struct path_hop *hops;	/* of an announcement */
	uint32_t hop_count;
};

struct transit_use {
	uint32_t asn;
	uint32_t announcements;		/* whose path crosses it */
	uint32_t met;			/* its place among those met, nearest first */
};

struct unstable_path {
	uint32_t *asns;			/* folded, nearest first */
	uint32_t count;
	uint32_t announcements;
	int64_t first, last;
};

struct instability {
	uint32_t network;
	int64_t first, last;
	bool first_exact, last_exact;
	uint32_t announcements, withdrawals, spurious;
	/* withdrawals announced again within their second by the same vantage point */
	uint32_t returned_at_once;
	uint32_t *vantages;
	uint32_t vantage_count, vantage_room;
	uint32_t *peer_asns;
	uint32_t peer_count, peer_room;
	struct transit_use *transits;	/* by announcements falling, then as they were met */
	uint32_t transit_count, transit_room;
	struct unstable_path *paths;	/* as they came */
	uint32_t path_count, path_room;
};

int stability_new(const struct measure_parameters *parameters, struct stability **ret_stability,
		  struct err *err);
void stability_free(struct stability *stability);
int stability_update(struct stability *stability, const struct stability_update *update,
		     struct err *err);
/* Ends the runs in progress; then read. Sorted by first instant, then network. */
int stability_finish(struct stability *stability, struct err *err);
uint32_t stability_count(const struct stability *stability);
const struct instability *stability_at(const struct stability *stability, uint32_t i);

#endif
