/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is still to happen in the play of a group: a binary heap by time, then by the order in which
 * it was put there.
 */
#ifndef CONSTAT_SIM_QUEUE_H
#define CONSTAT_SIM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/vec.h"

enum due_kind {
	DUE_MESSAGE,	/* arrives over `edge` (as its sender sees it) with `path` */
	DUE_INTERVAL,	/* the MRAI of `edge` is over */
	DUE_LOST,	/* this end of `edge` notices that the link is gone */
	DUE_UP,		/* this end's session is established again */
};

struct due {
	int64_t time;
	uint32_t order;
	uint32_t edge;
	uint32_t path;
	uint16_t epoch;
	uint16_t kind;
};

struct queue {
	struct due *items;
	uint32_t count, room;
	uint32_t order;
};

static inline bool due_before(const struct due *a, const struct due *b)
{
	return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static inline int queue_push(struct queue *queue, struct due due, struct err *err)
{
	uint32_t at = queue->count;
	int rc = VEC_GROW(queue->items, queue->count, queue->room, err);

	if (rc != 0)
		return rc;
	due.order = queue->order++;
	queue->count++;
	while (at > 0 && due_before(&due, &queue->items[(at - 1) / 2])) {
		queue->items[at] = queue->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	queue->items[at] = due;
	return 0;
}

/* The next one, which must be there. */
static inline struct due queue_pop(struct queue *queue)
{
	struct due first = queue->items[0], last = queue->items[--queue->count];
	uint32_t at = 0;

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= queue->count)
			break;
		if (child + 1 < queue->count &&
		    due_before(&queue->items[child + 1], &queue->items[child]))
			child++;
		if (!due_before(&queue->items[child], &last))
			break;
		queue->items[at] = queue->items[child];
		at = child;
	}
	if (queue->count)
		queue->items[at] = last;
	return first;
}

#endif
