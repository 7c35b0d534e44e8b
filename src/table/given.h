/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table that is told: for the replay of a proof, where who was live, and what a RIB meant to
 * whom, is what somebody attests. Such a table is given announcements and withdrawals only
 * (table_event()), so that nobody in it ever becomes live and it decides nothing by itself; all
 * else comes by the functions below. Changes go to the sink as ever. The table's clock is the
 * caller's to move (table_clock()).
 */
#ifndef CONSTAT_TABLE_GIVEN_H
#define CONSTAT_TABLE_GIVEN_H

#include "table/table.h"

/* A route as a RIB's entry has it. */
struct given_route {
	uint32_t vantage, network;
	uint32_t path;
	uint32_t path_id;		/* 0: none */
};

int table_given_vantage(struct table *table, const struct table_source *source,
			const struct peer *peer, uint32_t *ret_vantage, struct err *err);
/* All routes of the vantage point are gone, without a word to the sink. */
void table_given_forget(struct table *table, uint32_t vantage);
/* Reads a RIB entry of a network, and holds its route when `takes`. */
int table_given_entry(struct table *table, const struct table_source *source,
		      const struct event *event, bool takes, struct given_route *ret_route,
		      struct err *err);
/*
 * What no update said: a route set right, or (path PATH_NONE) dropped; true since some instant in
 * [evidence, the clock].
 */
int table_given_change(struct table *table, const struct given_route *route, enum change_why why,
		       int64_t evidence, struct err *err);

#endif
