/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths that nobody holds any more are forgotten from time to time. Private to table/. */
#ifndef CONSTAT_TABLE_SWEEP_H
#define CONSTAT_TABLE_SWEEP_H

#include "table/state.h"

/* A sweep is due: nothing waits in the intake, and no path number is in anybody's hand. */
void sweep_paths(struct table *table);
/* The first whole RIB is in: what it brought is no waste. */
void sweep_after_first(struct table *table);

static inline bool sweep_due(const struct table *table)
{
	return paths_nodes(&table->paths) >= table->sweep_at;
}

#endif
