/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every allocation of Jansson's comes by here. Where there is no memory for one while a text is
 * read, Jansson gets no control back, for it would go on with a string that lacks a byte, and look
 * for the string's end behind it: the way out is longjmp(). The blocks of a text are therefore
 * linked in a ring while it is read, so that they can be freed from outside.
 *
 * A block that belongs to no reading is a ring of its own: any thread may free it.
 */
#include "base/json.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct link {
	struct link *before, *behind;
};

struct block {
	struct link link;
	max_align_t bytes[];
};

struct reading {
	struct link ring;	/* its head, no block's */
	jmp_buf out_of_memory;
};

static _Thread_local struct reading *under_way;

static void *allocate(size_t size)
{
	struct block *block = NULL;
	struct link *link, *ring;

	if (size <= SIZE_MAX - sizeof(*block))
		block = malloc(sizeof(*block) + size);
	if (!block) {
		if (under_way)
			longjmp(under_way->out_of_memory, 1);
		return NULL;
	}
	link = &block->link;
	link->before = link->behind = link;
	if (under_way) {
		ring = &under_way->ring;
		link->before = ring;
		link->behind = ring->behind;
		ring->behind->before = link;
		ring->behind = link;
	}
	return block->bytes;
}

static void release(void *bytes)
{
	struct block *block;

	if (!bytes)
		return;
	block = (struct block *)((char *)bytes - offsetof(struct block, bytes));
	block->link.before->behind = block->link.behind;
	block->link.behind->before = block->link.before;
	free(block);
}

/* Before anything of Jansson's is called: what one free() gives back, the other must have given. */
__attribute__((constructor)) static void take_over(void)
{
	json_set_alloc_funcs(allocate, release);
}

void json_text_free(char *text)
{
	release(text);
}

/* Leaves each block of the ring a ring of its own. */
static void let_go(struct link *ring)
{
	struct link *link = ring->behind, *next;

	for (; link != ring; link = next) {
		next = link->behind;
		link->before = link->behind = link;
	}
}

static void free_all(struct link *ring)
{
	struct link *link = ring->behind, *next;

	for (; link != ring; link = next) {
		next = link->behind;
		free((char *)link - offsetof(struct block, link));
	}
}

int json_read(const char *text, size_t len, json_t **ret_tree, struct err *err)
{
	struct reading reading;
	json_error_t error;
	json_t *tree;

	reading.ring.before = reading.ring.behind = &reading.ring;
	if (setjmp(reading.out_of_memory)) {
		under_way = NULL;
		free_all(&reading.ring);
		return err_memory(err);
	}
	under_way = &reading;
	tree = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	under_way = NULL;
	let_go(&reading.ring);
	if (!tree)
		return err_set(err, ERR_FORMAT, "line %d, column %d: %s", error.line, error.column,
			       error.text);
	*ret_tree = tree;
	return 0;
}
