/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor comes from the size of the Internet's table at the start of each second year, rounded
 * to what any full feed carried, and interpolated between; behind the last year the last number
 * holds.
 */
#include "measure/fullfeed.h"

struct year_size {
	int year;
	uint64_t ipv4, ipv6;
};

static const struct year_size year_table[] = {
	{ 1998, 50000, 0 },	   { 2000, 70000, 0 },	     { 2002, 100000, 200 },
	{ 2004, 125000, 400 },	   { 2006, 165000, 600 },    { 2008, 235000, 1000 },
	{ 2010, 305000, 2300 },	   { 2012, 385000, 7000 },   { 2014, 470000, 15500 },
	{ 2016, 570000, 25000 },   { 2018, 670000, 44000 },  { 2020, 790000, 76000 },
	{ 2022, 890000, 135000 },  { 2024, 920000, 190000 }, { 2026, 970000, 220000 },
};

#define YEARS (sizeof(year_table) / sizeof(year_table[0]))

static uint64_t year_networks(const struct year_size *row, enum family family)
{
	return family == FAMILY_IPV6 ? row->ipv6 : row->ipv4;
}

uint64_t full_feed_year(enum family family, int64_t time)
{
	for (size_t i = YEARS; i-- > 0;) {
		const struct year_size *row = &year_table[i];
		int64_t begin = utc_from_civil(row->year, 1, 1);
		uint64_t from = year_networks(row, family);

		if (time < begin)
			continue;
		if (i + 1 == YEARS)
			return from;
		int64_t days = (time - begin) / UTC_DAY;
		int64_t span = (utc_from_civil(row[1].year, 1, 1) - begin) / UTC_DAY;

		return from +
		       (year_networks(&row[1], family) - from) * (uint64_t)days / (uint64_t)span;
	}
	return 0;
}

uint64_t full_feed_asked(const struct measure_parameters *parameters, const struct roster *roster,
			 enum family family, int64_t time)
{
	uint64_t given = family == FAMILY_IPV6 ? parameters->full_feed_ipv6
					       : parameters->full_feed_ipv4;
	uint64_t largest[3] = { 0 }, floor, base;

	if (given)
		return given;
	for (uint32_t i = 0; i < roster->count; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];
		uint64_t size = family == FAMILY_IPV6 ? vantage->table6 : vantage->table4;

		if (!vantage->live)
			continue;
		for (unsigned k = 0; k < 3; k++) {
			if (size > largest[k]) {
				uint64_t pushed = largest[k];

				largest[k] = size;
				size = pushed;
			}
		}
	}
	base = largest[2] ? largest[2] : largest[0];
	floor = full_feed_year(family, time);
	if (floor > base)
		base = floor;
	/* Never nothing: an empty table is no full feed. */
	base = base * parameters->full_feed_share / PPM;
	return base ? base : 1;
}

bool full_feed_is(const struct measure_parameters *parameters, uint64_t asked, uint64_t networks,
		  bool was)
{
	if (was)
		asked = asked * parameters->full_feed_hysteresis / PPM;
	return networks >= asked && networks > 0;
}
