/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * String view: borrowed characters with a length, not terminated. For taking text apart without
 * copying: options, registry files, file names.
 */
#ifndef CONSTAT_BASE_VIEW_H
#define CONSTAT_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
	const char *ptr;
	size_t len;
};

#define VIEW(literal) ((struct view){ "" literal, sizeof(literal) - 1 })
/* For printf's "%.*s". */
#define VIEW_ARGS(view) (int)(view).len, (view).ptr

static inline struct view view_of(const char *text)
{
	return (struct view){ text, strlen(text) };
}

bool view_equal(struct view a, struct view b);
bool view_equal_nocase(struct view a, struct view b);	/* ASCII */
bool view_starts(struct view text, struct view start);
bool view_ends(struct view text, struct view end);
/* blanks, tabs, CR, LF at both ends */
struct view view_trim(struct view text);
/*
 * Moves what stands before the first `separator` (or all) from *rest into *ret_field; false when
 * *rest was used up.
 */
bool view_split(struct view *rest, char separator, struct view *ret_field);
/* Decimal digits only, whole view, no sign; false when empty, foreign or too large. */
bool view_u32(struct view text, uint32_t *ret_value);
bool view_u64(struct view text, uint64_t *ret_value);

#endif
