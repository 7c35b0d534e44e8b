/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What facts rest on, while they are taken. Private to cause_facts.c, which has the facts on the
 * routes that fell, and cause_around.c, which has the others.
 *
 * A fact names the changes, sessions and messages that it counted, or says of what there was none
 * and from when to when that was looked for; evidence_settle() then leaves the first and the last
 * of its events.
 */
#ifndef CONSTAT_MEASURE_CAUSE_EVIDENCE_H
#define CONSTAT_MEASURE_CAUSE_EVIDENCE_H

#include "measure/cause.h"

#define EVIDENCE_NO_ROUTE \
	"route to these networks, shortly before, at a vantage point that was live"

int evidence_as_add(struct cause_fact *fact, uint32_t asn, struct err *err);
int evidence_network_add(struct cause_fact *fact, uint32_t network, struct err *err);

/* A change by the history's number; UINT32_MAX is none. */
int evidence_change_add(const struct cause_scene *scene, struct cause_fact *fact, uint32_t number,
			struct err *err);
int evidence_event_add(struct cause_fact *fact, const struct cause_event *event, struct err *err);
int evidence_tally_add(struct cause_fact *fact, const struct cause_tally *tally, struct err *err);
/* The record that betrayed the end of an interval. */
int evidence_told_add(struct cause_fact *fact, uint32_t vantage,
		      const struct roster_interval *interval, struct err *err);
/* What was said at the instant when an outage began or ended, or in its burst. */
int evidence_bound_add(const struct cause_scene *scene, struct cause_fact *fact,
		       const struct bound *bound, struct err *err);
/* Of the first and the last routes lost, what gave the path and what took it. */
int evidence_lost_add(const struct cause_scene *scene, struct cause_fact *fact, struct err *err);
/*
 * There was no `what` from `from` to `until`, as far as the recordings go; they may not go there at
 * all.
 */
void evidence_none(const struct cause_scene *scene, struct cause_fact *fact, const char *what,
		   int64_t from, int64_t until);
/* In the time in which routes of the fall were looked at. */
void evidence_none_of_fall(const struct cause_scene *scene, struct cause_fact *fact,
			   const char *what);
int evidence_settle(const struct cause_scene *scene, struct cause_fact *fact, struct err *err);

/* The history's changes of a network, by the signals' number. */
const uint32_t *evidence_changes_of(const struct cause_scene *scene, uint32_t network,
				    uint32_t *ret_count);

typedef int cause_take_fn(const struct cause_scene *scene, struct cause_fact *fact,
			  struct err *err);

cause_take_fn cause_take_unrest, cause_take_repeated, cause_take_daily, cause_take_rpki,
	cause_take_blackhole, cause_take_clock, cause_take_sessions;

#endif
