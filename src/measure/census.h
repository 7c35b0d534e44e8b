/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Census: how many networks, how much address space and how many origin ASes each country has in
 * the table as it stands. Presence needs one vantage point, so counts are lower bounds.
 */
#ifndef CONSTAT_MEASURE_CENSUS_H
#define CONSTAT_MEASURE_CENSUS_H

#include "measure/as_country.h"

struct census_row {
	country_t country;		/* COUNTRY_UNKNOWN is a row of its own */
	enum family family;
	uint32_t networks;
	uint64_t blocks;		/* /24 or /48, overlaps once */
	uint32_t origins;		/* origin ASes */
	/* networks none of whose origin ASes is of this country, where that is known */
	uint32_t foreign_origin;
};

struct census {
	struct census_row *rows;	/* by family, then networks falling, then country */
	uint32_t count;
	struct census_row world[2];	/* IPv4, IPv6; blocks and origins counted once */
};

int census_take(const struct survey *survey, const struct as_countries *countries,
		struct census *ret_census, struct err *err);
void census_free(struct census *census);

#endif
