/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Visibility: for each tracked network the share of peer ASes with a live full feed that hold a
 * route to it, kept up to date message by message; and the same per origin AS.
 *
 * Fed in settled order (measure/settle.h): holds, and full feeds that come and go. A change that
 * makes a network (or a network as originated by one AS) seen or dark is told through `toggled`.
 * What a vantage point holds is remembered while it is blind, but counts only while it is live
 * with a full feed. Counts are of peer ASes: sessions of one AS count once.
 *
 * A collector's failure is not a network's: who is counted may change, and a network that six of
 * ten peer ASes hold may be held by two of the five that are left. So full feeds that go never make
 * a network seen or dark by themselves; see `shifted`, and docs/measure.md.
 */
#ifndef CONSTAT_MEASURE_VISIBILITY_H
#define CONSTAT_MEASURE_VISIBILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "measure/parameters.h"
#include "net/prefix.h"

struct visibility;

/* Origin of a route whose path is empty or ends in a set. */
#define ORIGIN_UNKNOWN	0u

/*
 * The messages around a crossing, in which visibility fell or rose: `exact` times are to the
 * microsecond, others to the second.
 */
struct visibility_burst {
	int64_t first, last;
	bool first_exact, last_exact;
};

struct visibility_tally {
	uint16_t held;		/* peer ASes with a live full feed that hold a route */
	uint16_t settled;	/* the same when it was decided last */
	bool seen;
	/* it would be otherwise by its share, only because other peer ASes are counted now */
	bool shifted;
};

struct visibility_network {
	struct prefix prefix;
	struct visibility_tally tally;
	struct visibility_burst loss, gain;
	struct visibility_origin *origins;
	uint8_t origin_count;
	uint16_t row_room;
	uint8_t *row;		/* by vantage point: 0 no route, else its place in origins + 1 */
	/* what each held when the network was last seen before full feeds changed; NULL: nothing */
	uint8_t *usual;
	uint32_t label;		/* the caller's own */
};

struct visibility_origin {
	uint32_t asn;
	struct visibility_tally tally;
	uint32_t label;		/* the caller's own */
};

struct visibility_sink {
	void *context;
	/* origin UINT32_MAX: the network itself; else origins[origin]. */
	int (*toggled)(void *context, uint32_t network, uint32_t origin, bool seen,
		       struct err *err);
	/* So many peer ASes with a live full feed hold the network now; may be NULL. */
	int (*held)(void *context, uint32_t network, uint32_t peers, struct err *err);
	/* So many networks does the vantage point hold now, live or blind; may be NULL. */
	int (*holds)(void *context, uint32_t vantage, uint32_t networks, struct err *err);
};

/* One hold: what a vantage point holds from now on. */
struct visibility_hold {
	int64_t time;
	int64_t evidence;	/* when the truth may have changed already (audits); else = time */
	uint32_t network;
	uint32_t vantage;
	uint32_t origin;
	bool held;
	bool exact;
};

int visibility_new(const struct measure_parameters *parameters, const struct visibility_sink *sink,
		   struct visibility **ret_visibility, struct err *err);
void visibility_free(struct visibility *visibility);

/* Numbers from 0, in order. */
int visibility_add_network(struct visibility *visibility, const struct prefix *prefix,
			   uint32_t *ret_network, struct err *err);
struct visibility_network *visibility_network(struct visibility *visibility, uint32_t network);

/* A vantage point before anything else is said of it. */
int visibility_add_vantage(struct visibility *visibility, uint32_t vantage, uint32_t peer_asn,
			   struct err *err);

int visibility_hold(struct visibility *visibility, const struct visibility_hold *hold,
		    struct err *err);
/*
 * Counts are right at once; who is seen or dark is decided by visibility_settle(), once for all
 * that changed at one time.
 */
int visibility_full(struct visibility *visibility, uint32_t vantage, enum family family, bool full,
		    struct err *err);
int visibility_clear(struct visibility *visibility, uint32_t vantage, struct err *err);
int visibility_settle(struct visibility *visibility, struct err *err);

/* Peer ASes with a live full feed of the family. */
uint32_t visibility_peers(const struct visibility *visibility, enum family family);
/* Parts per million; 0 without peers. */
uint32_t visibility_ppm(const struct visibility *visibility, uint32_t network);
bool visibility_is_full(const struct visibility *visibility, uint32_t vantage, enum family family);

#endif
