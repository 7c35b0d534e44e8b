/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of chunks, the newest in front; allocation moves a mark through the newest.
 *
 *	arena.chunks ─▶ [head|used···|free ] ─▶ [head|used······] ─▶ [head|used··] ─▶ NULL
 *
 * Chunks double in size from 4 KiB to 1 MiB, so that a small arena stays small and a large one asks
 * malloc() rarely. What is larger than the next chunk would be gets a chunk of just its size, put
 * behind the newest, whose free end thus stays in use.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT	16u
#define CHUNK_FIRST	((size_t)4 << 10)
#define CHUNK_LARGEST	((size_t)1 << 20)

struct arena_chunk {
	alignas(ALIGNMENT) struct arena_chunk *next;
	size_t size;		/* of bytes */
	size_t used;
	alignas(ALIGNMENT) unsigned char bytes[];
};

static size_t next_chunk_size(const struct arena *arena)
{
	size_t size;

	if (!arena->chunks)
		return CHUNK_FIRST;
	size = arena->chunks->size;
	return size >= CHUNK_LARGEST / 2 ? CHUNK_LARGEST : size * 2;
}

static struct arena_chunk *new_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (size > PTRDIFF_MAX - sizeof(*chunk))
		return NULL;
	chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->size = size;
	chunk->used = 0;
	arena->held += size;
	return chunk;
}

static void *alloc_in_new_chunk(struct arena *arena, size_t size)
{
	size_t usual = next_chunk_size(arena);
	struct arena_chunk *newest = arena->chunks;
	struct arena_chunk *chunk = new_chunk(arena, size > usual ? size : usual);

	if (!chunk) {
		arena->failed = true;
		return NULL;
	}
	chunk->used = size;
	if (newest && size > usual) {
		chunk->next = newest->next;
		newest->next = chunk;
	} else {
		chunk->next = newest;
		arena->chunks = chunk;
	}
	return chunk->bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->chunks;
	void *at;

	if (size > SIZE_MAX - ALIGNMENT)
		return NULL;
	size = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
	if (!chunk || chunk->size - chunk->used < size)
		return alloc_in_new_chunk(arena, size);
	at = chunk->bytes + chunk->used;
	chunk->used += size;
	return at;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	void *at = arena_alloc(arena, size);

	if (at)
		memset(at, 0, size);
	return at;
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t size)
{
	void *at = arena_alloc(arena, size);

	if (at && size)
		memcpy(at, bytes, size);
	return at;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *at = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

	if (!at)
		return NULL;
	if (len)
		memcpy(at, text, len);
	at[len] = '\0';
	return at;
}

void arena_reset(struct arena *arena)
{
	struct arena_chunk *largest = arena->chunks, *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = chunk->next)
		if (chunk->size > largest->size)
			largest = chunk;
	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		if (chunk != largest)
			free(chunk);
	}
	arena->chunks = largest;
	arena->failed = false;
	arena->held = 0;
	if (largest) {
		largest->next = NULL;
		largest->used = 0;
		arena->held = largest->size;
	}
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	arena->chunks = NULL;
	arena->failed = false;
	arena->held = 0;
}
