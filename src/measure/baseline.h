/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The baseline of a signal: the median of its samples at whole minutes over the last 24 hours
 * outside outages; at the start, the first value measured.
 *
 * Runs of equal samples are kept as one, so that a quiet signal costs nothing. Zero-initialised
 * is empty. Times never go back.
 */
#ifndef CONSTAT_MEASURE_BASELINE_H
#define CONSTAT_MEASURE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct baseline_run {
	uint64_t value;
	uint32_t minutes;
};

struct baseline {
	struct baseline_run *runs;
	uint32_t first, count, room;
	uint32_t minutes;	/* in all runs */
	int64_t sampled;	/* whole minutes up to this one are sampled */
	uint64_t median;	/* of the runs, when `fresh` */
	bool fresh;
	bool started;
};

/* The signal had `value` from the last call's time to `until`; `window` in microseconds. */
int baseline_hold(struct baseline *baseline, uint64_t value, int64_t until, int64_t window,
		  struct err *err);
/* The same time passes without samples: an outage, or nothing measured. */
void baseline_skip(struct baseline *baseline, int64_t until);
/* The first value, or the level after a step: all before is forgotten. */
int baseline_start(struct baseline *baseline, uint64_t value, int64_t at, struct err *err);
uint64_t baseline_median(struct baseline *baseline);
void baseline_free(struct baseline *baseline);

#endif
