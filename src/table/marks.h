/* SPDX-License-Identifier: BSD-2-Clause */
/* A bit for each of many numbers. Zero-initialised is none. Private to table/. */
#ifndef CONSTAT_TABLE_MARKS_H
#define CONSTAT_TABLE_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fetch.h"

/* Of networks, a word spans those of one page of routes. */
struct marks {
	uint64_t *words;
	uint32_t count;
};

/* Room for marks up to that of `number`. */
int marks_reach(struct marks *marks, uint32_t number);
bool marks_has(const struct marks *marks, uint32_t number);
void marks_clear(struct marks *marks);
void marks_free(struct marks *marks);

/* Asks for the mark of `number`, if it has a place yet. */
static inline void marks_fetch(const struct marks *marks, uint32_t number)
{
	if (number >> 6 < marks->count)
		fetch(&marks->words[number >> 6]);
}

/* *ret_new: it was not marked yet. ERR_MEMORY marks nothing. */
static inline int marks_set(struct marks *marks, uint32_t number, bool *ret_new)
{
	uint64_t bit = (uint64_t)1 << (number & 63), *word;

	if (number >> 6 >= marks->count && marks_reach(marks, number) != 0)
		return ERR_MEMORY;
	word = &marks->words[number >> 6];
	*ret_new = !(*word & bit);
	*word |= bit;
	return 0;
}

#endif
