/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Updates of networks, counted by hour and network, and by minute for all of them together: how
 * busy an hour was, against the median of the others. Everything that was heard counts, from
 * whomever.
 *
 * hours_note() as updates are heard, times not falling for a network; then read. One thread.
 */
#ifndef CONSTAT_MEASURE_HOURS_H
#define CONSTAT_MEASURE_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct hour {
	int64_t from;			/* its beginning */
	uint32_t announcements, withdrawals;
};

struct hours;

/* A stretch of time that does not count for a baseline. */
struct hours_except {
	int64_t from, until;		/* until INT64_MAX: to the end */
};

int hours_new(struct hours **ret_hours, struct err *err);
void hours_free(struct hours *hours);
int hours_note(struct hours *hours, uint32_t network, int64_t time, bool withdrawal,
	       struct err *err);

/* Hours of a network in which anything was heard, in order; NULL and 0 where nothing ever was. */
const struct hour *hours_of(const struct hours *hours, uint32_t network, uint32_t *ret_count);
/*
 * All networks together, from minute to minute, `from` and `until` not split; into *ret_hour, whose
 * `from` is taken over.
 */
void hours_span(const struct hours *hours, int64_t from, int64_t until, struct hour *ret_hour);
/*
 * The median of a network's updates over the hours that [from, until) touches, silent ones too, but
 * those that an exception touches. UINT32_MAX for the network: of all together.
 */
int hours_baseline(const struct hours *hours, uint32_t network, int64_t from, int64_t until,
		   const struct hours_except *except, uint32_t except_count, uint32_t *ret_median,
		   struct err *err);

#endif
