/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario worked out: its world is built, its vantage points chosen, its events turned into
 * actions on links, ASes and groups, and into trouble at collectors.
 */
#ifndef CONSTAT_SIM_SCRIPT_H
#define CONSTAT_SIM_SCRIPT_H

#include "base/err.h"
#include "sim/plan.h"
#include "sim/scenario.h"

/* `folder`: what file names in the scenario are relative to. The scenario must outlive the plan. */
int script_plan(const struct scenario *scenario, const char *folder, uint64_t seed,
		struct plan **ret_plan, struct err *err);
void script_free(struct plan *plan);

#endif
