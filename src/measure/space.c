/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trie: node 1 is the root, 0 means none. A network stands at the node that its bits lead to.
 * A node's `blocks` is its whole span where a network stands at it, else the sum of its children,
 * so a change is carried up the path it was made on. Nodes that cover nothing are given back.
 */
#include "measure/space.h"

#include <stdlib.h>

#define ROOT 1u

struct space_node {
	uint32_t child[2];	/* of a spare node: child[0] is the next spare */
	uint64_t blocks : 63;
	uint64_t stands : 1;
};

static unsigned bit_at(const struct prefix *network, unsigned i)
{
	return network->bytes[i / 8] >> (7 - i % 8) & 1;
}

static uint32_t node_new(struct space *space)
{
	uint32_t node = space->spare;

	if (node) {
		space->spare = space->nodes[node].child[0];
	} else {
		if (space->count == space->room) {
			uint32_t room = space->room ? 2 * space->room : 64;
			struct space_node *nodes = realloc(space->nodes, room * sizeof(*nodes));

			if (!nodes)
				return 0;
			space->nodes = nodes;
			space->room = room;
			if (space->count == 0)
				space->count = ROOT;
		}
		node = space->count++;
	}
	space->nodes[node] = (struct space_node){ 0 };
	return node;
}

static uint64_t children_blocks(const struct space *space, uint32_t node)
{
	const uint32_t *child = space->nodes[node].child;

	return (child[0] ? space->nodes[child[0]].blocks : 0) +
	       (child[1] ? space->nodes[child[1]].blocks : 0);
}

/* Carries a change at path[depth] up to the root, cutting off nodes that cover nothing any more. */
static void carry_up(struct space *space, const uint32_t *path, unsigned depth)
{
	while (depth-- > 0) {
		struct space_node *node = &space->nodes[path[depth]];

		for (unsigned side = 0; side < 2; side++) {
			uint32_t child = node->child[side];

			if (child == path[depth + 1] && space->nodes[child].blocks == 0) {
				space->nodes[child].child[0] = space->spare;
				space->spare = child;
				node->child[side] = 0;
			}
		}
		if (!node->stands)
			node->blocks = children_blocks(space, path[depth]);
	}
}

int space_add(struct space *space, const struct prefix *network, struct err *err)
{
	uint32_t path[130];
	unsigned depth;

	if (space->count == 0 && node_new(space) != ROOT)
		return err_memory(err);
	path[0] = ROOT;
	for (depth = 0; depth < network->len; depth++) {
		unsigned side = bit_at(network, depth);
		uint32_t child = space->nodes[path[depth]].child[side];

		if (!child) {
			child = node_new(space);
			if (!child) {
				carry_up(space, path, depth);
				return err_memory(err);
			}
			space->nodes[path[depth]].child[side] = child;
		}
		path[depth + 1] = child;
	}
	space->nodes[path[depth]].stands = 1;
	space->nodes[path[depth]].blocks = prefix_blocks(network);
	carry_up(space, path, depth);
	return 0;
}

void space_remove(struct space *space, const struct prefix *network)
{
	uint32_t path[130];
	unsigned depth;

	if (space->count == 0)
		return;
	path[0] = ROOT;
	for (depth = 0; depth < network->len; depth++) {
		path[depth + 1] = space->nodes[path[depth]].child[bit_at(network, depth)];
		if (!path[depth + 1])
			return;
	}
	space->nodes[path[depth]].stands = 0;
	space->nodes[path[depth]].blocks = children_blocks(space, path[depth]);
	carry_up(space, path, depth);
}

uint64_t space_blocks(const struct space *space)
{
	return space->count ? space->nodes[ROOT].blocks : 0;
}

void space_free(struct space *space)
{
	free(space->nodes);
	*space = (struct space){ 0 };
}
