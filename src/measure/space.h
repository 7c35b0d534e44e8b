/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address space: how many distinct blocks (/24 of IPv4, /48 of IPv6) a changing set of networks
 * covers, overlaps once.
 *
 * A binary trie over the networks' bits; each node knows how many blocks of its span are covered,
 * so that adding or removing a network costs its length in steps and the total is always at hand.
 * Zero-initialised is empty. One family per space.
 */
#ifndef CONSTAT_MEASURE_SPACE_H
#define CONSTAT_MEASURE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/prefix.h"

struct space_node;

struct space {
	struct space_node *nodes;
	uint32_t count, room;
	uint32_t spare;		/* first of the nodes given back */
};

/* A network is added once and removed once; the caller keeps count. */
int space_add(struct space *space, const struct prefix *network, struct err *err);
void space_remove(struct space *space, const struct prefix *network);
uint64_t space_blocks(const struct space *space);
void space_free(struct space *space);

#endif
