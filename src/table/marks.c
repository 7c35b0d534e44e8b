/* SPDX-License-Identifier: BSD-2-Clause */
/* Words come to be as far as bits are set: the array grows by an eighth. */
#include "table/marks.h"

#include <stdlib.h>
#include <string.h>

int marks_reach(struct marks *marks, uint32_t number)
{
	uint32_t word = number >> 6, count = word + word / 8 + 64;
	uint64_t *words;

	if (word < marks->count)
		return 0;
	words = reallocarray(marks->words, count, sizeof(*words));
	if (!words)
		return ERR_MEMORY;
	memset(words + marks->count, 0, (count - marks->count) * sizeof(*words));
	marks->words = words;
	marks->count = count;
	return 0;
}

bool marks_has(const struct marks *marks, uint32_t number)
{
	return number >> 6 < marks->count && marks->words[number >> 6] >> (number & 63) & 1;
}

void marks_clear(struct marks *marks)
{
	if (marks->count)
		memset(marks->words, 0, marks->count * sizeof(*marks->words));
}

void marks_free(struct marks *marks)
{
	free(marks->words);
	*marks = (struct marks){ 0 };
}
