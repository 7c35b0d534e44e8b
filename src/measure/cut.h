/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What if an AS, or a link between two, stopped carrying.
 *
 * A peer AS keeps a network when its own path does not cross the cut (nothing on it changes), or
 * when the graph has a path without a valley that avoids the cut, from it to the network's origin.
 * Counted are the peer ASes with a live full feed that hold the network now (where none of those
 * does, all that hold it), the cut AS itself left out. Under the threshold of them: lost.
 *
 * Links that no path shows are not in the graph: backup links that nobody prefers now would save
 * networks that are counted as lost.
 */
#ifndef CONSTAT_MEASURE_CUT_H
#define CONSTAT_MEASURE_CUT_H

#include "graph/relations.h"
#include "measure/as_country.h"
#include "measure/parameters.h"

struct cut;		/* the table's graph and peer ASes, for any number of cuts */

/* `relations` may be NULL. The survey and what it is of must outlive it. */
int cut_new(const struct survey *survey, const struct relations *relations,
	    const struct measure_parameters *parameters, struct cut **ret_cut, struct err *err);
void cut_free(struct cut *cut);		/* takes NULL */
const struct graph *cut_graph(const struct cut *cut);
uint32_t cut_peers(const struct cut *cut);	/* peer ASes that hold routes */

enum cut_fate {
	CUT_UNTOUCHED,		/* nobody's path crosses the cut, or all who did have another */
	CUT_LOST,
	CUT_PARTLY,		/* some peer ASes lose it, too few to be lost */
};

struct cut_network {
	uint32_t network;
	uint32_t origin;	/* 0: not told */
	uint32_t peers, kept;	/* peer ASes */
	enum cut_fate fate;
	/* not lost; its origin loses a provider by the cut and keeps only one */
	bool one_provider;
};

struct cut_result {
	struct cut_network *networks;	/* held by anybody but the cut AS, in the table's order */
	uint32_t count, room;
};

/* Of the networks of a country only, or COUNTRY_UNKNOWN: all. */
int cut_make(const struct cut *cut, const struct graph_cut *what, country_t country,
	     struct cut_result *ret_result, struct err *err);
void cut_result_free(struct cut_result *result);

struct cut_harm {
	uint32_t asn;
	uint32_t lost, partly, one_provider;
};

/* As qsort() asks, the worse first: by networks lost, in part lost, left with one provider. */
int cut_harm_order(const struct cut_harm *left, const struct cut_harm *right);

#define CUT_CANDIDATES 200u

/*
 * The ASes whose cut costs a country most networks, the worst first: tried are the CUT_CANDIDATES
 * that stand in the paths to most of its networks, its own origins among them. *ret_networks: how
 * many networks it has.
 */
int cut_worst(const struct cut *cut, country_t country, struct cut_harm *harms, uint32_t room,
	      uint32_t *ret_count, uint32_t *ret_networks, struct err *err);

#endif
