/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What collectors record of a play: RIB and updates files, laid out as RouteViews and RIS do,
 * through whatever trouble the scenario gives them.
 */
#ifndef CONSTAT_SIM_RECORD_H
#define CONSTAT_SIM_RECORD_H

#include <stdint.h>

#include "base/err.h"
#include "sim/play.h"

struct record_totals {
	uint64_t files, bytes;		/* as stored */
	uint64_t rib_entries, announcements, withdrawals, states;	/* prefixes, not messages */
};

/*
 * Everything of one collector under `folder`. Collectors do not depend on each other: threads may
 * record them at once.
 */
int record_collector(const struct play *play, uint32_t collector, const char *folder,
		     struct record_totals *totals, struct err *err);

#endif
