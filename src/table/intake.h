/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RIB entries on their way into the table. An entry that nobody asked to be told of waits until
 * there are enough of them to look up their paths side by side; the rest of the table calls
 * intake_settle() before it reads or changes routes.
 */
#ifndef CONSTAT_TABLE_INTAKE_H
#define CONSTAT_TABLE_INTAKE_H

#include "table/paths.h"

struct event;
struct table;

struct intake {
	uint32_t count;
	struct {
		uint32_t vantage, network;
		struct path_job job;
	} waiting[PATH_JOBS];
};

/*
 * `vantage`, of AS `own`, shall hold the event's path to `network`, of which `need` is asked.
 * The event is not needed any more when this returns.
 */
int intake_add(struct table *table, uint32_t vantage, uint32_t own, uint32_t network,
	       const struct event *event);
int intake_settle_all(struct table *table);

#endif
