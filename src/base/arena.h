/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arena: memory for what lives exactly as long as a record, a file or a query.
 *
 * Zero-initialise, allocate, then reset to use the memory again or free to give it back. Nothing is
 * freed one by one. Allocations are aligned to 16 bytes; NULL means out of memory. One thread at a
 * time.
 */
#ifndef CONSTAT_BASE_ARENA_H
#define CONSTAT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;	/* newest first */
	size_t held;			/* bytes in all chunks */
	bool failed;			/* memory was lacking, until arena_reset() or _free() */
};

void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t size);
void *arena_memdup(struct arena *arena, const void *bytes, size_t size);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
/* Everything allocated becomes invalid; the largest chunk is kept for use again. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
