/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A count over time, kept small: who holds a network, what a vantage point holds. Zero-initialised
 * is empty, and stands for 0 all the time.
 *
 * Only what a count is at the end of an instant is kept: a withdrawal and an announcement in the
 * same second of a classic MRT file leave nothing behind. Points stand at multiples of a step that
 * doubles whenever there are too many, each with the lowest and the last value of its step; points
 * that change nothing are left out.
 */
#ifndef CONSTAT_MEASURE_TRACE_H
#define CONSTAT_MEASURE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define TRACE_POINTS_MAX 256u

struct trace_point {
	int64_t time;			/* a multiple of the step */
	uint32_t last, lowest;
};

struct trace {
	struct trace_point *points;
	uint32_t count, room;
	int64_t step;			/* 1 s at first; 0 while empty */
	/* the instant in hand */
	bool waiting;
	int64_t time;
	uint32_t value;
};

/* The value from `time` on. Times never go back; of one time the last value counts. */
int trace_set(struct trace *trace, int64_t time, uint32_t value, struct err *err);
/* Ends the instant in hand; then read. */
int trace_end(struct trace *trace, struct err *err);
void trace_free(struct trace *trace);

#endif
