/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue of PATH_JOBS entries, each with its path's AS numbers copied out of the record. When
 * it is full, or somebody wants to know, all paths are found at once and the routes set in the
 * order in which they came.
 */
#include "table/intake.h"

#include "table/state.h"
#include "wire/mrt.h"

int intake_settle_all(struct table *table)
{
	struct intake *intake = table->intake;
	struct path_job *jobs[PATH_JOBS];
	uint32_t before;

	for (uint32_t i = 0; i < intake->count; i++)
		jobs[i] = &intake->waiting[i].job;
	if (paths_finish(&table->paths, jobs, intake->count) != 0)
		return ERR_MEMORY;
	for (uint32_t i = 0; i < intake->count; i++)
		if (state_hold(table, intake->waiting[i].vantage, intake->waiting[i].network,
			       intake->waiting[i].job.path, &before) != 0)
			return ERR_MEMORY;
	intake->count = 0;
	return 0;
}

/* The job of finding the event's path, or what is known of it already; false when out of memory. */
static inline bool make_job(struct table *table, uint32_t own, const struct event *event,
			    struct path_job *job)
{
	const uint8_t *end;
	struct as_path path;

	if (!attr_span_path(&event->attributes, table->scratch, &path)) {
		job->path = PATH_EMPTY;
		return true;
	}
	/* A path with four bytes an AS was not put together: it stands in the record. */
	end = event->record && event->attributes.asn_size == 4
		? event->record->bytes + event->record->len : path.bytes + path.len;
	if (paths_job(&table->paths, &path, end, own, job))
		return true;
	job->path = paths_intern(&table->paths, &path, own);
	return job->path != PATH_NONE;
}

int intake_add(struct table *table, uint32_t vantage, uint32_t own, uint32_t network,
	       const struct event *event)
{
	struct intake *intake = table->intake;
	uint32_t at = intake->count;

	if (!make_job(table, own, event, &intake->waiting[at].job))
		return ERR_MEMORY;
	intake->waiting[at].vantage = vantage;
	intake->waiting[at].network = network;
	routes_fetch(&table->pool, &table->vantages[vantage].routes, network);
	intake->count = at + 1;
	return at + 1 < PATH_JOBS ? 0 : intake_settle_all(table);
}
