/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How things are measured: every parameter with its name, default and unit (DESIGN: docs/measure.md).
 *
 * One table (parameters.c) names them all; the command line, the finding's JSON and the manual
 * read it, so that none can be used without being stated. Shares are parts per million, times microseconds.
 */
#ifndef CONSTAT_MEASURE_PARAMETERS_H
#define CONSTAT_MEASURE_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

#define PPM 1000000u

/* Parts per million, rounded half to even; 0 of nothing. */
static inline uint32_t ppm_of(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return 0;
	unsigned __int128 scaled = (unsigned __int128)part * PPM;
	uint64_t share = (uint64_t)(scaled / whole);
	unsigned __int128 twice = 2 * (scaled - (unsigned __int128)share * whole);

	return (uint32_t)(share + (twice > whole || (twice == whole && (share & 1))));
}

struct measure_parameters {
	/* visibility */
	uint32_t threshold;		/* seen at or above */
	uint32_t full_feed_share;	/* of the third-largest table */
	uint32_t full_feed_hysteresis;	/* a full feed stays one down to this share of what is asked */
	uint64_t full_feed_ipv4;	/* networks; 0: the floor of the year */
	uint64_t full_feed_ipv6;
	uint32_t min_peers;		/* peer ASes below which absence is not stated */
	uint32_t min_coverage;		/* share of the usual number of peer ASes, likewise */
	int64_t stuck_after;		/* routes held so long after the network went dark are stuck */
	/* outages */
	uint32_t partial, major;	/* below these shares of the baseline */
	int64_t baseline_window;
	int64_t step_after;		/* a level that holds so long is the new baseline */
	int64_t episode_gap;
	int64_t burst_gap;		/* messages closer than this belong to one burst */
	/* instability and storms */
	int64_t instability_gap;
	uint32_t instability_updates;
	uint32_t storm_factor;		/* a minute with so many times the median's withdrawals … */
	uint32_t storm_withdrawals;	/* … and at least so many */
	struct table_parameters table;
};

struct measure_parameters measure_parameters_default(void);

enum parameter_unit { PARAMETER_PPM, PARAMETER_COUNT, PARAMETER_TIME };

struct parameter {
	const char *name;	/* the option, without dashes before it */
	enum parameter_unit unit;
	size_t offset;		/* in struct measure_parameters */
	size_t size;		/* 4 or 8 bytes */
	const char *help;
};

extern const struct parameter measure_parameter_table[];
extern const size_t measure_parameter_count;

int64_t parameter_get(const struct measure_parameters *parameters, const struct parameter *row);
void parameter_set(struct measure_parameters *parameters, const struct parameter *row, int64_t value);

#endif
