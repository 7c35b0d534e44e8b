/* SPDX-License-Identifier: BSD-2-Clause */
/* Every allocation of Jansson's comes by here, and a thread remembers when one failed. */
#include "base/json.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static _Thread_local bool out_of_memory;

static void *allocate(size_t size)
{
	void *block = malloc(size);

	out_of_memory |= !block;
	return block;
}

static void take_over(void)
{
	json_set_alloc_funcs(allocate, free);
}

int json_read(const char *text, size_t len, json_t **ret_tree, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_error_t error;
	json_t *tree;

	pthread_once(&once, take_over);
	out_of_memory = false;
	tree = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (out_of_memory) {
		json_decref(tree);
		return err_memory(err);
	}
	if (!tree)
		return err_set(err, ERR_FORMAT, "line %d, column %d: %s", error.line, error.column,
			       error.text);
	*ret_tree = tree;
	return 0;
}
