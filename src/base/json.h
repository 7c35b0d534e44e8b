/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jansson's json_loadb(), for texts of strangers, with running out of memory told from what is
 * wrong in the text: Jansson 2.14 drops a byte of a string when its buffer cannot grow, and goes
 * on, which may lead it behind the string's end. Every text is read through here. Any thread.
 */
#ifndef CONSTAT_BASE_JSON_H
#define CONSTAT_BASE_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

/* *ret_tree is the caller's to json_decref(). ERR_FORMAT gives line, column and reason. */
int json_read(const char *text, size_t len, json_t **ret_tree, struct err *err);
/* For what json_dumps() gave, in place of free(); takes NULL. */
void json_text_free(char *text);

#endif
