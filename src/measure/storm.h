/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms: minutes in which far more was withdrawn than is usual in the recording, by peer AS.
 *
 * A minute belongs to a storm when its withdrawals are at least storm_factor times the median
 * minute's and at least storm_withdrawals; minutes that follow each other are one storm. All
 * prefixes count, networks or not.
 */
#ifndef CONSTAT_MEASURE_STORM_H
#define CONSTAT_MEASURE_STORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "measure/parameters.h"

struct storms;

struct storm_count {
	uint32_t announcements, withdrawals, spurious;
};

struct storm_peer {
	uint32_t asn;
	struct storm_count count;
};

struct storm {
	int64_t from, until;		/* whole minutes; until is not in it */
	struct storm_count count;
	struct storm_peer *peers;	/* by withdrawals falling, then AS */
	uint32_t peer_count, peer_room;
};

int storms_new(const struct measure_parameters *parameters, struct storms **ret_storms,
	       struct err *err);
void storms_free(struct storms *storms);
int storms_note(struct storms *storms, int64_t time, uint32_t peer_asn, bool withdrawal,
		bool spurious, struct err *err);
int storms_finish(struct storms *storms, struct err *err);
uint32_t storms_count(const struct storms *storms);
const struct storm *storms_at(const struct storms *storms, uint32_t i);

#endif
