/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is live: what sessions, silence and refills say of each vantage point. The rules, with
 * their parameters, stand in docs/table.md.
 */
#ifndef CONSTAT_TABLE_LIVENESS_H
#define CONSTAT_TABLE_LIVENESS_H

#include "table/state.h"

/* Time passes up to `time`: sweeps at every whole minute on the way that could decide something. */
int liveness_advance(struct table *table, int64_t time, struct err *err);
/* What is due as of the clock, and the end of all live intervals. */
int liveness_end(struct table *table, struct err *err);

/* A BGP message came from it, of which `event` is a part. */
void liveness_heard(struct table *table, uint32_t vantage, const struct event *event);
/* It announced `network`; `before` is what it held until then. */
int liveness_announced(struct table *table, uint32_t vantage, uint32_t network, uint32_t before,
		       struct err *err);
int liveness_state(struct table *table, uint32_t vantage, const struct event *event);
int liveness_message(struct table *table, uint32_t vantage, const struct event *event);
int liveness_end_of_rib(struct table *table, uint32_t vantage, const struct event *event,
			struct err *err);
/* Bytes of the collector's recording are lost. */
int liveness_damage(struct table *table, uint32_t collector);

/* Becomes live, or is live already and only tells its size anew. */
int liveness_live(struct table *table, uint32_t vantage, enum roster_why why, int64_t since,
		  struct err *err);
/*
 * Becomes blind; `clear`: its routes are forgotten. `told`: the record that says so; NULL: that
 * nothing more came does.
 */
int liveness_blind(struct table *table, uint32_t vantage, enum roster_why why, int64_t since,
		   bool clear, const struct record_ref *told);

#endif
