/* SPDX-License-Identifier: BSD-2-Clause */
/* AS relationships as CAIDA publishes them: "provider|customer|-1", "peer|peer|0", "#" comments. */
#ifndef CONSTAT_GRAPH_RELATIONS_H
#define CONSTAT_GRAPH_RELATIONS_H

#include "graph/graph.h"

struct relation_line {
	uint32_t a, b;
	enum graph_relation relation;	/* what b is to a */
};

struct relations {
	struct relation_line *lines;
	uint32_t count, room;
	uint64_t bad_lines;
	uint64_t bytes;		/* of the file as stored */
	bool hashed;		/* `sha256` is of these bytes */
	uint8_t sha256[32];
};

/*
 * Plain or compressed. Takes the descriptor, whatever it returns. A file with no relation in it is
 * ERR_FORMAT.
 */
int relations_load(int fd, const char *name, struct relations *ret_relations, struct err *err);
void relations_free(struct relations *relations);
int relations_state(const struct relations *relations, struct graph *graph, struct err *err);

#endif
