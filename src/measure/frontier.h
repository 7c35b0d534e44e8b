/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frontier of every country: its ASes with a foreign neighbour, in the paths to the country's
 * own networks, and those neighbours.
 *
 * A pair counts where two ASes of known country, one of here and one of elsewhere, stand side by
 * side in a path, up to its last AS of here; the vantage point's own AS is a neighbour like any
 * other. An AS of unknown country is neither. The classes of risk are Renesys's ("Could it happen
 * in your country?", 2012).
 */
#ifndef CONSTAT_MEASURE_FRONTIER_H
#define CONSTAT_MEASURE_FRONTIER_H

#include "measure/as_country.h"

struct frontier_row {
	country_t country;
	uint32_t networks;		/* registered here, held by any vantage point */
	uint32_t *domestic;		/* ASes with a foreign neighbour, rising */
	uint32_t domestic_count;
	uint32_t *foreign;		/* those neighbours, rising */
	uint32_t foreign_count;
};

struct frontier {
	/* by domestic_count rising (0, nothing seen, last), then country */
	struct frontier_row *rows;
	uint32_t count;
	uint32_t *asns;			/* what the rows' lists point into */
};

/* "1-2", "3-9", "10-39", "40+"; "none seen" for 0. */
const char *frontier_class(uint32_t domestic_count);

int frontier_take(const struct survey *survey, const struct as_countries *countries,
		  struct frontier *ret_frontier, struct err *err);
void frontier_free(struct frontier *frontier);

#endif
