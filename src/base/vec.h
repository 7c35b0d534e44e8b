/* SPDX-License-Identifier: BSD-2-Clause */
/* Room in arrays that grow: `items`, `count` and `room` are the caller's own fields. */
#ifndef CONSTAT_BASE_VEC_H
#define CONSTAT_BASE_VEC_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"

/* Makes room for one more item of `size` bytes behind `count`; the array may move. */
static inline int vec_grow(void **items, uint32_t count, uint32_t *room, size_t size,
			   struct err *err)
{
	uint32_t more;
	void *moved;

	if (count < *room)
		return 0;
	if (*room > UINT32_MAX / 2)
		return err_memory(err);
	more = *room ? 2 * *room : 8;
	moved = reallocarray(*items, more, size);
	if (!moved)
		return err_memory(err);
	*items = moved;
	*room = more;
	return 0;
}

#define VEC_GROW(items, count, room, err) \
	vec_grow((void **)&(items), (count), &(room), sizeof(*(items)), (err))

#endif
