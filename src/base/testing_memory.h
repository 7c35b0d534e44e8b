/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests that refuse memory: the C library's allocator with a counter in front, for the whole program. Included by
 * one file of it. Under sanitizers, which have their own, it is not there.
 */
#ifndef CONSTAT_BASE_TESTING_MEMORY_H
#define CONSTAT_BASE_TESTING_MEMORY_H

#ifndef CONSTAT_SANITIZED

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* Counts down; the allocation that makes it 0 fails. Never 0 while it is off. */
static _Atomic long testing_memory_left = -1;
static _Atomic long testing_memory_counted;

/* From now on the allocation of this number, from 1, is refused; 0: none. */
static inline void testing_memory_refuse(long number)
{
	atomic_store(&testing_memory_counted, 0);
	atomic_store(&testing_memory_left, number ? number : -1);
}

/* No more; how many there were. */
static inline long testing_memory_stop(void)
{
	atomic_store(&testing_memory_left, -1);
	return atomic_load(&testing_memory_counted);
}

static inline bool testing_memory_refused(void)
{
	atomic_fetch_add(&testing_memory_counted, 1);
	return atomic_load(&testing_memory_left) > 0 &&
	       atomic_fetch_sub(&testing_memory_left, 1) == 1;
}

void *malloc(size_t size)
{
	return testing_memory_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return testing_memory_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return testing_memory_refused() ? NULL : __libc_realloc(old, size);
}

#endif

#endif
