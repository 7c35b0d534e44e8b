/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vantage points carry a full feed, relative to their day (docs/measure.md).
 *
 * Asked: at least full_feed_share of the third-largest table of the family among live vantage
 * points (the largest where there are fewer), and of a floor for that year; or the number given.
 * Who has a full feed keeps it down to full_feed_hysteresis of what is asked.
 */
#ifndef CONSTAT_MEASURE_FULLFEED_H
#define CONSTAT_MEASURE_FULLFEED_H

#include "measure/parameters.h"
#include "table/roster.h"

/* Networks in the whole table of that day, after public counts: 0 before the first year known. */
uint64_t full_feed_year(enum family family, int64_t time);

/* What is asked at `time` of a vantage point, given the roster as it stands. */
uint64_t full_feed_asked(const struct measure_parameters *parameters, const struct roster *roster,
			 enum family family, int64_t time);
bool full_feed_is(const struct measure_parameters *parameters, uint64_t asked, uint64_t networks,
		  bool was);

#endif
