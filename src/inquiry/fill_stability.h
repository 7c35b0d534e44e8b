/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a report's stability. Private to inquiry/. */
#ifndef CONSTAT_INQUIRY_FILL_STABILITY_H
#define CONSTAT_INQUIRY_FILL_STABILITY_H

#include "inquiry/fill_outages.h"

/* Episodes of instability, beside the outages. */
int fill_unrest(const struct run *run, struct finding *finding, struct err *err);

#endif
