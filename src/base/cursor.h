/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte cursor with sticky errors, big-endian.
 *
 * A read past the end gives zero, leaves the cursor at its end and marks it `failed`; the mark
 * stays, so a decoder reads a whole structure and asks once. Bytes are borrowed.
 */
#ifndef CONSTAT_BASE_CURSOR_H
#define CONSTAT_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

static inline struct cursor cursor_make(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	return (struct cursor){ at, at + len, false };
}

static inline size_t cursor_left(const struct cursor *cur)
{
	return (size_t)(cur->end - cur->at);
}

static inline bool cursor_fail(struct cursor *cur)
{
	cur->failed = true;
	cur->at = cur->end;
	return false;
}

static inline bool cursor_has(struct cursor *cur, size_t len)
{
	return cursor_left(cur) >= len || cursor_fail(cur);
}

/* The next `len` bytes, or NULL. */
static inline const uint8_t *cursor_bytes(struct cursor *cur, size_t len)
{
	const uint8_t *at = cur->at;

	if (!cursor_has(cur, len))
		return NULL;
	cur->at += len;
	return at;
}

static inline bool cursor_skip(struct cursor *cur, size_t len)
{
	return cursor_bytes(cur, len) != NULL;
}

static inline uint8_t cursor_u8(struct cursor *cur)
{
	return cursor_has(cur, 1) ? *cur->at++ : 0;
}

static inline uint16_t cursor_u16(struct cursor *cur)
{
	uint16_t value;

	if (!cursor_has(cur, 2))
		return 0;
	memcpy(&value, cur->at, 2);
	cur->at += 2;
	return __builtin_bswap16(value);
}

static inline uint32_t cursor_u32(struct cursor *cur)
{
	uint32_t value;

	if (!cursor_has(cur, 4))
		return 0;
	memcpy(&value, cur->at, 4);
	cur->at += 4;
	return __builtin_bswap32(value);
}

#endif
