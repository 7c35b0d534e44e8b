/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a report's stability. Private to inquiry/. */
#ifndef CONSTAT_INQUIRY_FILL_STABILITY_H
#define CONSTAT_INQUIRY_FILL_STABILITY_H

#include "inquiry/fill_outages.h"

/* Outages of a network that begin, and that are over, in [from, until). */
uint32_t stability_transitions(const struct outage_machine *machine, int64_t from, int64_t until);
/* Episodes of instability, beside the outages. */
int fill_unrest(const struct run *run, struct finding *finding, struct err *err);

#endif
