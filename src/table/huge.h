/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory in whole huge pages, zero, straight from the kernel: what is read at random over tens of
 * megabytes spends most of its time in the TLB otherwise. That they are huge is only asked for.
 */
#ifndef CONSTAT_TABLE_HUGE_H
#define CONSTAT_TABLE_HUGE_H

#include <stdbool.h>
#include <stddef.h>

#define HUGE_PAGE ((size_t)2 << 20)

/*
 * `size` bytes; NULL when out of memory. Not `huge`: pages as usual, of which untouched ones
 * cost nothing.
 */
void *huge_alloc(size_t size, bool huge);
/* NULL is taken; `size` as it was allocated. */
void huge_free(void *area, size_t size);

#endif
