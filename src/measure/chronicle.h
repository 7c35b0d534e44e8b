/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chronicle: every change of a route to a network of the place, in order, with the record that
 * said it. What the facts about an outage's cause are told from.
 *
 * chronicle_note() and chronicle_clear() as things are heard, times not falling; chronicle_ready()
 * once; then the questions. Networks are the signals' numbers, vantage points and paths the table's.
 * A chronicle holds CHRONICLE_MAX changes and no more: of what came later it knows nothing, and
 * chronicle_until() says since when. One thread.
 */
#ifndef CONSTAT_MEASURE_CHRONICLE_H
#define CONSTAT_MEASURE_CHRONICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "table/table.h"

#define CHRONICLE_MAX	(8u << 20)

struct chronicle;

struct chronicle_change {
	int64_t time;
	struct record_ref ref;
	uint32_t network, vantage;
	uint32_t before, after;		/* the table's paths; PATH_NONE: no route */
	bool heard;			/* an update said it, and `ref` is its record */
	bool withdrawal;
	bool exact;			/* its time is to the microsecond */
};

int chronicle_new(struct chronicle **ret_chronicle, struct err *err);
void chronicle_free(struct chronicle *chronicle);
int chronicle_note(struct chronicle *chronicle, const struct chronicle_change *change, struct err *err);
/* All routes of the vantage point were forgotten from `time` on. */
int chronicle_clear(struct chronicle *chronicle, uint32_t vantage, int64_t time, struct err *err);
int chronicle_ready(struct chronicle *chronicle, struct err *err);
/* UTC_NEVER: it holds all. */
int64_t chronicle_until(const struct chronicle *chronicle);

uint32_t chronicle_count(const struct chronicle *chronicle);
const struct chronicle_change *chronicle_at(const struct chronicle *chronicle, uint32_t i);
/* Changes of one network, in order: numbers for chronicle_at(). */
const uint32_t *chronicle_of(const struct chronicle *chronicle, uint32_t network, uint32_t *ret_count);
/* Were the vantage point's routes forgotten in (from, until]? */
bool chronicle_cleared(const struct chronicle *chronicle, uint32_t vantage, int64_t from, int64_t until);

#endif
