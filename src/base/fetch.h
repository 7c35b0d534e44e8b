/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking for memory before it is needed. */
#ifndef CONSTAT_BASE_FETCH_H
#define CONSTAT_BASE_FETCH_H

/*
 * The cache line at `at` is on its way when this returns; `at` may be anything. The empty statement
 * of assembler keeps compilers from taking a function that does nothing else for one without
 * effect, whose calls can go.
 */
static inline void fetch(const void *at)
{
	__builtin_prefetch(at);
	__asm__ volatile("");
}

#endif
