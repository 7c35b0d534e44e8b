/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The truth of a play, as JSON: what caused what when, which networks were dark for the vantage
 * points and for the world, the outages of countries and ASes that follow, and the trouble that
 * collectors had. docs/truth.md describes it.
 */
#ifndef CONSTAT_SIM_TRUTH_H
#define CONSTAT_SIM_TRUTH_H

#include "base/buf.h"
#include "base/err.h"
#include "sim/play.h"
#include "sim/scenario.h"

/* Appends the whole of truth.json. */
int truth_write(const struct scenario *scenario, const struct play *play, struct buf *buf,
		struct err *err);

/* A stretch in which a place's address space is below 0.99 of what it was at the start. */
struct place_outage {
	int64_t from, until;		/* UTC_NEVER: open at the end */
	int64_t major_from, major_until;	/* below half, within it; UTC_NEVER: never */
	int64_t total_from, total_until;
	uint64_t lowest;		/* blocks */
	uint32_t networks;		/* that were dark in it */
	int64_t cause_at;		/* the first of their causes */
	uint32_t event;			/* that caused most of it: of its first network */
};

struct place_outages {
	struct place_outage *items;
	uint32_t count, room;
	uint64_t blocks;		/* at the start */
};

/*
 * Outages of the networks listed (numbers in plan.networks, in the order of prefixes, one family),
 * by the darks of their groups. `darks` gives for each group the first of its darks and how many.
 */
int truth_place(const struct play *play, const struct touch *darks, const uint32_t *networks,
		uint32_t count, struct place_outages *ret_outages, struct err *err);

#endif
