/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clocks of a country, out of the system's tzdata: to tell whether something began on the hour
 * there.
 *
 * Keeper only, before the reader is forked and before any thread: the C library's own rules are
 * asked, by way of TZ.
 */
#ifndef CONSTAT_CMD_CLOCKS_H
#define CONSTAT_CMD_CLOCKS_H

#include "measure/cause.h"
#include "place/place.h"

struct clocks {
	struct cause_clock *at;
	uint32_t count, room;
};

/* None where tzdata is not installed, or knows no zone of the country. */
int clocks_of(country_t country, struct clocks *ret_clocks, struct err *err);
void clocks_free(struct clocks *clocks);

#endif
