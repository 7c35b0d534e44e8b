/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much memory a process may take: so that running out of it is an error of ours, said in a
 * line, and not the system's choice of whom to kill. One thread, before any fork: children have the
 * same limit each.
 */
#ifndef CONSTAT_GUARD_MEMORY_H
#define CONSTAT_GUARD_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Bytes that can be had now, from the machine and the control groups around us; 0: cannot be told.
 */
uint64_t memory_available(void);

/* Whether this build can hold a limit: not under sanitizers, whose shadows take terabytes. */
bool memory_can_limit(void);
/* Allocations that would take this process above `bytes` fail from now on. */
int memory_limit(uint64_t bytes, struct err *err);

#endif
