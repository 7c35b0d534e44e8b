/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Outages of one signal: a maximal interval in which it stays below its baseline.
 *
 * Fed with the signal's value whenever it changes (and when it becomes measurable or stops being
 * so), in order of time. Bounds {at, earliest, latest} come from the messages around a crossing;
 * `latest` grows while their burst goes on, which is the caller's to follow (measure/signal.c).
 */
#ifndef CONSTAT_MEASURE_OUTAGE_H
#define CONSTAT_MEASURE_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/baseline.h"
#include "measure/parameters.h"

struct bound {
	int64_t at, earliest, latest;	/* at == UTC_NEVER: it did not happen in the data */
};

enum outage_level { OUTAGE_NONE, OUTAGE_PARTIAL, OUTAGE_MAJOR, OUTAGE_TOTAL };

const char *outage_level_name(enum outage_level level);

enum outage_end {
	OUTAGE_OPEN,		/* not over when the data ends */
	OUTAGE_OVER,		/* the signal came back */
	OUTAGE_STEP,		/* the level held for so long that it became the baseline */
};

/* A stretch of an outage at one level. */
struct outage_phase {
	enum outage_level level;
	struct bound start;
	/* of the outage, before this phase */
	uint64_t lost_before;
	int64_t unmeasured_before;
};

struct outage {
	struct bound start, end;
	enum outage_end how_ended;
	enum outage_level level;	/* the worst */
	uint64_t baseline, lowest;	/* blocks */
	uint32_t networks_before, networks_lowest;
	uint32_t peers;			/* peer ASes with a live full feed at the start */
	uint32_t peers_lowest;
	int64_t unmeasured;		/* of it, time in which visibility was not measurable */
	uint64_t lost;			/* blocks × seconds lost, up to its end or the data's */
	struct outage_phase *phases;	/* in order */
	uint32_t phase_count, phase_room;
};

/* What the signal is from now on. */
struct outage_value {
	int64_t time;
	bool measurable;
	uint64_t blocks;
	uint32_t networks;
	uint32_t peers;
	struct bound bound;		/* around this change, should it be a crossing */
};

struct outage_machine {
	struct baseline baseline;
	struct outage *outages;
	uint32_t count, room;
	struct outage_value last;
	enum outage_level level;
	bool started;			/* measurable at some time */
	int64_t blind_since;		/* UTC_NEVER while measurable */
};

/* *ret_crossed: which bound of the latest outage was set by this value. */
enum outage_crossed { CROSSED_NOT, CROSSED_START, CROSSED_PHASE, CROSSED_END };

int outage_feed(struct outage_machine *machine, const struct measure_parameters *parameters,
		const struct outage_value *value, enum outage_crossed *ret_crossed,
		struct err *err);
/* The data ends at `time`. */
int outage_finish(struct outage_machine *machine, const struct measure_parameters *parameters,
		  int64_t time, struct err *err);
void outage_machine_free(struct outage_machine *machine);

#endif
