/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of prefixes as one subject: what is equal to one of them or inside it belongs to it.
 *
 * Zero-initialised is empty. prefix_list_add() any number of times, prefix_list_ready() once, then
 * ask; read-only from there on.
 */
#ifndef CONSTAT_NET_PREFIX_LIST_H
#define CONSTAT_NET_PREFIX_LIST_H

#include "base/err.h"
#include "base/map.h"
#include "net/prefix.h"

struct prefix_list {
	struct prefix *prefixes;	/* in order, each once, when ready */
	uint32_t count, room;
	struct map by_key;
	uint64_t lengths[2];		/* IPv4, IPv6: bit n where one of them has length n */
};

/* ERR_USAGE for one so long that no network is inside it. */
int prefix_list_add(struct prefix_list *list, const struct prefix *prefix, struct err *err);
int prefix_list_ready(struct prefix_list *list, struct err *err);
void prefix_list_free(struct prefix_list *list);
bool prefix_list_has(const struct prefix_list *list, const struct prefix *network);

/* "175.45.176.0/24,175.45.178.0/23": parsed, added and ready; and the other way round. */
int prefix_list_parse(struct view text, struct prefix_list *ret_list, struct err *err);
void prefix_list_format(struct buf *buf, const struct prefix_list *list);

#endif
