/* SPDX-License-Identifier: BSD-2-Clause */
/* A bit for each of many numbers. Zero-initialised is none. Private to table/. */
#ifndef CONSTAT_TABLE_MARKS_H
#define CONSTAT_TABLE_MARKS_H

#include <stdbool.h>
#include <stdint.h>

/* Of networks, a word spans those of one page of routes. */
struct marks {
	uint64_t *words;
	uint32_t count;
};

/* *ret_new: it was not marked yet. ERR_MEMORY marks nothing. */
int marks_set(struct marks *marks, uint32_t number, bool *ret_new);
bool marks_has(const struct marks *marks, uint32_t number);
void marks_clear(struct marks *marks);
void marks_free(struct marks *marks);

#endif
