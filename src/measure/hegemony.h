/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AS hegemony: how much of the way to a subject's networks leads through each AS (Fontugne, Shah
 * and Aben, "The (thin) bridges of AS connectivity", PAM 2018).
 *
 * For one peer AS j, B_j(v) is the share of the subject's networks, by weight, whose path crosses
 * v. With the B_j(v) of n peer ASes in rising order and t = floor(trim × n),
 *
 *	H(v) = (B_(t+1)(v) + … + B_(n-t)(v)) / (n - 2t)
 *
 * so that an AS near a few peer ASes, and one that a few avoid, does not count for it. The peer AS
 * v itself says nothing about v and is not among its n. The origin is not crossed. Prepending
 * counts once; members of an AS set share evenly.
 *
 * IPv4 and IPv6 apart: their blocks do not add up.
 */
#ifndef CONSTAT_MEASURE_HEGEMONY_H
#define CONSTAT_MEASURE_HEGEMONY_H

#include "measure/parameters.h"
#include "measure/upstreams.h"

enum hegemony_weight {
	WEIGHT_SPACE,		/* /24 (IPv6: /48) blocks, each by its most specific network */
	WEIGHT_NETWORKS,
};

struct hegemony_row {
	enum family family;
	uint32_t asn;
	uint32_t peers;		/* peer ASes with a path across it */
	uint32_t share;		/* ppm: plain mean of B over all n */
	uint32_t hegemony;	/* ppm: the trimmed mean; 0 where not measurable */
};

struct hegemony_view {
	uint32_t networks;	/* of the subject, held by any peer AS that counts */
	uint64_t weight;
	uint32_t peers;		/* n: peer ASes that count, and hold any of them */
	uint32_t trimmed;	/* t */
	/* live full feeds count; else, there being none, whoever holds a route */
	bool full_feeds;
	bool measurable;
};

struct hegemony {
	struct hegemony_view views[2];	/* IPv4, IPv6 */
	struct hegemony_row *rows;	/* by family, hegemony falling, share falling, AS */
	uint32_t count, room;
};

int hegemony_take(const struct survey *survey, const struct upstreams_question *question,
		  enum hegemony_weight weight, const struct measure_parameters *parameters,
		  struct hegemony *ret_hegemony, struct err *err);
/* Of these routes, to the view's networks, which are the subject's. */
int hegemony_of(const struct routes_view *view, const struct upstreams_question *question,
		enum hegemony_weight weight, const struct measure_parameters *parameters,
		struct hegemony *ret_hegemony, struct err *err);
void hegemony_free(struct hegemony *hegemony);

#endif
