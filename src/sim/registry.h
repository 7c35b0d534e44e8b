/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registry of a simulated world: whose networks and ASes are where, and what they are called.
 */
#ifndef CONSTAT_SIM_REGISTRY_H
#define CONSTAT_SIM_REGISTRY_H

#include "base/buf.h"
#include "sim/plan.h"

/* The registries' extended statistics format, version 2.3, of a registry named "simulated". */
void registry_write_delegated(const struct plan *plan, struct buf *buf);
/* "AS4837  CHINA169-BACKBONE - …" */
void registry_write_names(const struct plan *plan, struct buf *buf);

#endif
