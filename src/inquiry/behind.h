/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The second reading: what became of networks elsewhere whose paths crossed the AS that all lost
 * paths of an outage crossed, in the same minutes; and how much of everything its vantage points
 * lost.
 *
 * The first reading keeps whole paths of the place's networks only, and does not know yet whose
 * others will matter. Private to inquiry/.
 */
#ifndef CONSTAT_INQUIRY_BEHIND_H
#define CONSTAT_INQUIRY_BEHIND_H

#include "inquiry/run.h"

/* Routes of one outage followed at most; vantage points beyond are left out. */
#define BEHIND_ROUTES_MAX (4u << 20)

struct behind_want {
	const struct fall *fall;
	int64_t before, after;		/* the two moments at which the table is looked at */
	struct cause_behind behind;	/* the answer */
	/* its own */
	struct behind_route *routes;
	uint32_t route_count, route_room;
	/* by vantage point, of `held_count`: where its routes end, and by how many */
	uint32_t *route_ends;
	uint32_t *route_counts;
	struct map fallen;		/* networks */
	uint64_t *held;			/* by vantage point, before */
	uint32_t held_count;
	bool begun, done;
};

/*
 * Fills in `behind` of each, cause_behind_free() frees it. Where inputs can be read only once it
 * stays unknown.
 */
int behind_take(const struct run *run, struct behind_want *wants, uint32_t count, struct err *err);

#endif
