/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom: the upstreams and gateways of a country, an AS or a list of networks, and every
 * path that leads to them, in the table as it stands.
 *
 * Paths are taken as seen by peer ASes (the first of its vantage points that holds a route speaks
 * for a peer AS), prepending folded. Upstream: the AS before the origin. Gateway: the last foreign
 * AS before the path enters the country; an AS of unknown country is never foreign. The vantage
 * point's own AS counts as neither.
 */
#ifndef CONSTAT_MEASURE_UPSTREAMS_H
#define CONSTAT_MEASURE_UPSTREAMS_H

#include "base/arena.h"
#include "measure/as_country.h"
#include "measure/routes_view.h"
#include "net/prefix_list.h"

struct upstreams_question {
	country_t country;		/* COUNTRY_UNKNOWN: by AS or prefix */
	uint32_t asn;			/* 0: not by AS */
	const struct prefix *within;	/* NULL: not by prefix; networks equal to or inside it */
	const struct prefix_list *list;	/* NULL: not by a list */
};

/* An edge is the link over which paths enter the country: the gateway, and the AS behind it. */
enum transit_role { TRANSIT_UPSTREAM, TRANSIT_GATEWAY, TRANSIT_EDGE };

struct transit {
	enum transit_role role;
	uint32_t asn;
	uint32_t to;			/* edges: the first AS inside; else 0 */
	uint32_t networks;		/* of the subject's that some peer AS reaches through it */
	uint32_t peers;			/* peer ASes that do */
	/* ppm: mean over peer ASes of the networks they reach through it */
	uint32_t share;
};

struct upstream_path {
	/* folded, nearest AS first, the vantage point's own included */
	const char *text;
	uint32_t networks, peers;
};

enum network_flag {
	FLAG_FOREIGN_ORIGIN,		/* registered here, originated by an AS of elsewhere */
	/* registered elsewhere, its path crosses an AS of here: forged, or transit */
	FLAG_FOREIGN_REGISTERED,
};

struct flagged_network {
	enum network_flag flag;
	struct prefix prefix;
	country_t country;		/* where it is registered */
	uint32_t origin;
	country_t origin_country;
	const char *path;		/* one, folded */
	uint32_t peers;
};

struct upstreams {
	struct arena arena;		/* texts */
	uint32_t networks;		/* of the subject, held by some vantage point */
	uint32_t peers;			/* peer ASes that hold any of them */
	/* upstreams first, each by networks falling, share falling, AS */
	struct transit *transits;
	uint32_t transit_count, transit_room;
	struct upstream_path *paths;	/* by networks falling, peers falling, text */
	uint32_t path_count, path_room;
	uint32_t paths_left_out;	/* beyond UPSTREAM_PATHS_MAX */
	struct flagged_network *flagged;	/* by flag, then prefix */
	uint32_t flagged_count, flagged_room;
	uint32_t foreign_registered;	/* all of them, listed or not */
	uint32_t foreign_origin;
};

#define UPSTREAM_PATHS_MAX	20000u
#define FLAGGED_MAX		1000u

/* The subject's networks in the table as it stands; *ret_networks is the caller's to free. */
int upstreams_networks(const struct survey *survey, const struct upstreams_question *question,
		       uint32_t **ret_networks, uint32_t *ret_count, struct err *err);

int upstreams_take(const struct survey *survey, const struct as_countries *countries,
		   const struct upstreams_question *question, struct upstreams *ret_upstreams,
		   struct err *err);
/*
 * Of these routes the shares only: no paths, nothing flagged. The view's networks are the
 * subject's.
 */
int upstreams_shares(const struct routes_view *view, const struct as_countries *countries,
		     const struct upstreams_question *question, struct upstreams *ret_upstreams,
		     struct err *err);

/*
 * The hops of a route, prepending folded; *ret_own: 1 where the first is the vantage point's own
 * AS, else 0.
 */
uint32_t upstreams_hops(const struct table *table, uint32_t vantage, uint32_t path,
			struct path_hop *hops, uint32_t room, uint32_t *ret_own);
/* Their ASes, each once (a set or a loop may name one again), nearest first; `room` at most. */
uint32_t upstreams_hops_ases(const struct path_hop *hops, uint32_t count, uint32_t *asns,
			     uint32_t room);
void upstreams_hops_format(const struct path_hop *hops, uint32_t count, struct buf *buf);
/*
 * The last foreign AS before the path enters the country, and the AS behind it; false when it never
 * leaves it, or is never in it.
 */
bool upstreams_gateway(const struct as_countries *countries, country_t country,
		       const struct path_hop *hops, uint32_t count, uint32_t own, uint32_t *ret_asn,
		       uint32_t *ret_inside);
void upstreams_free(struct upstreams *upstreams);

#endif
