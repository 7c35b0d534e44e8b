/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A signal over time, kept small: points at multiples of a step that doubles whenever there are
 * too many, each with the lowest and the last value of its step. Zero-initialised is empty.
 */
#ifndef CONSTAT_MEASURE_SERIES_H
#define CONSTAT_MEASURE_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SERIES_POINTS_MAX 2048u

struct series_value {
	bool measurable;
	uint64_t blocks;
	uint32_t networks, origins, peers;
};

struct series_point {
	int64_t time;			/* a multiple of the step */
	bool measured;			/* at some time of the step, which the lowest are of */
	uint64_t lowest_blocks;
	uint32_t lowest_networks;
	struct series_value last;
};

struct series {
	struct series_point *points;
	uint32_t count, room;
	int64_t step;			/* 1 s at first */
};

/* The value from `time` on. Times never go back. */
int series_add(struct series *series, int64_t time, const struct series_value *value,
	       struct err *err);
void series_free(struct series *series);

#endif
