/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inquiry: question + inputs + parameters → finding. The one place that runs the whole chain
 * (feed, wire, table, measure), for commands, proofs, dossiers, tests and live watch alike.
 */
#ifndef CONSTAT_INQUIRY_INQUIRY_H
#define CONSTAT_INQUIRY_INQUIRY_H

#include "feed/feed.h"
#include "graph/relations.h"
#include "inquiry/finding.h"
#include "measure/cause.h"
#include "measure/hegemony.h"
#include "measure/parameters.h"
#include "net/prefix_list.h"
#include "place/place.h"
#include "place/vrps.h"

enum question_kind {
	QUESTION_CENSUS,
	QUESTION_UPSTREAMS,
	QUESTION_FRONTIER,
	QUESTION_CUT,
	QUESTION_OUTAGES,
	QUESTION_REPORT,
	QUESTION_INFO,
};

struct question {
	enum question_kind kind;
	/* The subject: at most one of these; none is the world. */
	country_t country;
	uint32_t asn;
	/* a 0: the worst for the country, which is then the subject */
	struct graph_cut cut;
	country_t within;		/* cut: only this country's networks */
	struct prefix prefix;		/* family NONE: not by prefix */
	/* report, upstreams: these and what is inside them; NULL: not by a list */
	const struct prefix_list *networks;
	int64_t from, until;		/* UTC_NEVER: all that the recordings hold */
	/* census, upstreams, frontier: the table's time; UTC_NEVER: at the end */
	int64_t at;
	enum hegemony_weight weight;	/* upstreams */
	/* Report: communities that mean BLACKHOLE, beside RFC 7999's; borrowed. */
	const uint32_t *blackholes;
	uint32_t blackhole_count;
	bool over_time;			/* upstreams: from `from` to the end, not only at the end */
	int64_t step;			/* then, between samples; 0: chosen */
	struct measure_parameters parameters;
};

struct excerpt;
struct excerpt_timeline;

struct inquiry {
	const struct question *question;
	const struct feed_input *inputs;
	uint32_t input_count;
	/*
	 * Beside inputs, or NULL: the end of the time that an input covers. One that cannot be
	 * opened is then its collector's gap.
	 */
	const int64_t *input_ends;
	struct feed_opener opener;
	/*
	 * Some input can be read only once (standard input, a pipe): what a second reading would
	 * tell stays not known.
	 */
	bool once;
	struct feed_options feed;
	uint32_t vantage_max;		/* 0: TABLE_VANTAGES_MAX */
	/*
	 * Who is where, ready; asked for when it is needed, which may be at the end. NULL only for
	 * QUESTION_INFO.
	 */
	int (*place)(void *context, const struct place **ret_place, struct err *err);
	void *place_context;
	/* Stated AS relationships for a cut, and the name of their file; NULL: inferred. */
	const struct relations *relations;
	const char *relations_name;
	/* Report: validated ROA payloads of about then, and the name of their file; NULL: none. */
	const struct vrps *vrps;
	const char *vrps_name;
	/* Report: clocks of the place beside UTC, for outages on the hour. */
	const struct cause_clock *clocks;
	uint32_t clock_count;
	const char *program;
	/* Progress, updated atomically; any may be NULL. */
	uint64_t *events;
	int64_t *clock;
	/* Set to 1 by somebody else: stop with ERR_CANCELLED. May be NULL. */
	const volatile int *cancelled;
	/*
	 * QUESTION_REPORT only. What the finding rests on, put here when not NULL: the caller's to
	 * free.
	 */
	struct excerpt *record;
	/* In place of asking `place` and the origins: the networks that belong to the place. */
	const struct excerpt_timeline *members;
	/*
	 * In place of opening inputs, which then only have names and collectors: the run is made of
	 * this.
	 */
	const struct excerpt *replay;
};

/*
 * ERR_FORMAT when no input could be read at all: the finding is then there all the same, with the
 * reasons in its provenance.
 */
int inquiry_run(const struct inquiry *inquiry, struct finding *ret_finding, struct err *err);

const char *question_kind_name(enum question_kind kind);
/*
 * A report's question out of a finding that somebody handed over; ERR_FORMAT for what cannot be
 * asked.
 */
int question_from_finding(const struct finding_question *from, struct question *ret_question,
			  struct err *err);

#endif
