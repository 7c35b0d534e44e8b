/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routes to a subject's networks at one instant: the table's as it stands, or those of a
 * replay (measure/history.h). A plain value; what it points to is its maker's.
 */
#ifndef CONSTAT_MEASURE_ROUTES_VIEW_H
#define CONSTAT_MEASURE_ROUTES_VIEW_H

#include "table/table.h"

struct routes_view {
	const struct table *table;	/* networks, paths, vantage points */
	const uint32_t *networks;	/* the table's numbers */
	uint32_t network_count;
	/* By vantage point, then by place in `networks`: its path. NULL: the table's own routes. */
	uint32_t *const *rows;
	uint32_t row_count;
	/* With rows, by vantage point: a live full feed of IPv4, of IPv6. */
	const bool *full4, *full6;
};

/* The route of a vantage point to the network at place `at`. */
static inline uint32_t routes_view_get(const struct routes_view *view, uint32_t vantage,
				       uint32_t at)
{
	if (!view->rows)
		return table_route(view->table, vantage, view->networks[at]);
	return vantage < view->row_count && view->rows[vantage] ? view->rows[vantage][at]
								: PATH_NONE;
}

static inline bool routes_view_full(const struct routes_view *view, uint32_t vantage,
				    enum family family)
{
	const struct roster_vantage *entry = &table_roster(view->table)->vantages[vantage];

	if (!view->rows)
		return family == FAMILY_IPV6 ? entry->full6 : entry->full4;
	return vantage < view->row_count &&
	       (family == FAMILY_IPV6 ? view->full6 : view->full4)[vantage];
}

#endif
