/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The AS graph: who is whose provider, and who reaches whom without a valley.
 *
 * Links come from paths (graph_path), relations are inferred from them after Gao ("On inferring
 * autonomous system relationships in the Internet", IEEE/ACM Transactions on Networking, 2001), or
 * stated (graph_state, from a CAIDA file), which wins and may add links that no path shows.
 *
 * Order of calls: graph_new, graph_path and graph_state in any order, graph_ready, then ask. One
 * thread at a time; after graph_ready() it is read-only. ASes are small numbers from 0.
 */
#ifndef CONSTAT_GRAPH_GRAPH_H
#define CONSTAT_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct graph;

#define GRAPH_NONE UINT32_MAX

enum graph_relation {
	GRAPH_NO_LINK,
	GRAPH_PROVIDER,		/* the second is the provider of the first */
	GRAPH_CUSTOMER,		/* the second is the customer of the first */
	GRAPH_PEER,
};

int graph_new(struct graph **ret_graph, struct err *err);
void graph_free(struct graph *graph);		/* takes NULL */

/*
 * A path, nearest AS first, without sets, prepending folded. A link that only paths to one origin
 * show, and none as that origin's own, is not believed and left out.
 */
int graph_path(struct graph *graph, const uint32_t *asns, uint32_t count, struct err *err);
/* `relation` is what b is to a. */
int graph_state(struct graph *graph, uint32_t a, uint32_t b, enum graph_relation relation,
		struct err *err);
int graph_ready(struct graph *graph, struct err *err);

uint32_t graph_as_count(const struct graph *graph);
/* Links believed or stated. */
uint32_t graph_link_count(const struct graph *graph);
uint32_t graph_find(const struct graph *graph, uint32_t asn);	/* GRAPH_NONE: not in it */
/* What b is to a. */
enum graph_relation graph_relation(const struct graph *graph, uint32_t asn_a, uint32_t asn_b);

/* What stops carrying: an AS (b is 0), or the link between two. By AS number; a 0: nothing. */
struct graph_cut {
	uint32_t a, b;
};

/*
 * From each of up to 64 ASes, one bit each: which ASes it reaches by a path without a valley (up to
 * providers, over at most one link between peers, down to customers) once the cut is made. *reached
 * has a word for each AS and belongs to the caller's struct graph_reach, which is used again and
 * again.
 */
struct graph_reach {
	uint64_t *reached;
	uint64_t *up;
	uint32_t *queue;
	uint8_t *queued;
};

int graph_reach_new(const struct graph *graph, struct graph_reach *ret_reach, struct err *err);
void graph_reach_free(struct graph_reach *reach);
/* GRAPH_NONE among `from` reaches nothing. */
void graph_reach(const struct graph *graph, const struct graph_cut *cut, const uint32_t *from,
		 uint32_t count, struct graph_reach *reach);

/* The providers of an AS (its number in the graph) that the cut leaves. */
uint32_t graph_providers(const struct graph *graph, uint32_t as, const struct graph_cut *cut);

#endif
