/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The countries of a generated world: about how many ASes each had in the mid-2010s, rounded,
 * largest first. Only proportions matter.
 */
#ifndef CONSTAT_SIM_LANDS_H
#define CONSTAT_SIM_LANDS_H

#include <stdint.h>

#include "sim/world.h"

struct land {
	char code[3];
	uint8_t region;
	uint16_t ases;
};

extern const struct land lands[];
extern const uint32_t land_count;

#endif
