/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RIBs: they fill blind vantage points, and are held against what live ones hold
 * (table/audit.h).
 */
#ifndef CONSTAT_TABLE_RIB_H
#define CONSTAT_TABLE_RIB_H

#include "table/state.h"

int rib_begin(struct table *table, struct table_source *source, const struct event *event,
	      struct err *err);
int rib_entry(struct table *table, struct table_source *source, const struct event *event,
	      struct err *err);
/* Takes from the front what needs no care. */
int rib_entries(struct table *table, struct table_source *source, const struct event *shared,
		struct rib_entries *entries, struct err *err);
int rib_end(struct table *table, struct table_source *source, const struct event *event,
	    struct err *err);
/* Frees what is kept of a RIB in progress. */
void rib_drop(struct table *table, struct rib *rib);

#endif
