/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What routing tells of an outage's cause: facts first, each with a reading in one word, then
 * hypotheses, held against the readings by one table of weights (cause_weigh.c; docs/measure.md).
 *
 * A fact that could not be measured has the reading that says so, and speaks for nothing. Routing
 * shows reachability, not motive: no hypothesis names who did it, or why.
 *
 * A fact rests on events, each with its record, or on there being none: then it says of what there
 * was none, and where that was searched. One that was not measured says why.
 *
 * Order: a struct cause_scene filled in; cause_facts(); cause_weigh(). All is borrowed from the
 * scene but the facts' own lists, which cause_facts_free() frees.
 */
#ifndef CONSTAT_MEASURE_CAUSE_H
#define CONSTAT_MEASURE_CAUSE_H

#include "measure/fall.h"
#include "measure/stability.h"
#include "net/peer.h"
#include "place/vrps.h"

enum fact {
	FACT_ORDER,		/* networks one after the other, or at once */
	FACT_SPREAD,		/* vantage points, likewise */
	FACT_HUNTING,		/* other paths tried before the end */
	FACT_COMMON,		/* what all lost paths shared */
	FACT_OTHERS,		/* others' networks behind what all lost paths shared */
	FACT_SAME_ORIGIN,	/* other networks of the same origins */
	FACT_SURVIVAL,		/* vantage points that kept a route */
	FACT_UNREST,		/* instability before */
	FACT_REPEATED,		/* outages of the place close in time */
	FACT_DAILY,		/* at the same time of other days */
	FACT_ORIGIN,		/* another origin took a network's place */
	FACT_SPECIFICS,		/* more specific networks appeared */
	FACT_RPKI,		/* what VRPs make of the networks that fell */
	FACT_BLACKHOLE,		/* BLACKHOLE communities on the place's addresses */
	FACT_CLOCK,		/* on a full or half hour */
	FACT_SESSIONS,		/* sessions to collectors lost about then */
	FACT_ELSEWHERE,		/* what the vantage points lost of everything else */
	FACT_RETURN,		/* what came back, how */
	FACT_COUNT,
};

enum hypothesis {
	HYPOTHESIS_ORIGIN,	/* failure or withdrawal at the origin */
	HYPOTHESIS_UPSTREAM,	/* failure at the upstream */
	HYPOTHESIS_CUSTOMER,	/* disconnection of one customer */
	HYPOTHESIS_SEQUENCE,	/* sequential order from above */
	HYPOTHESIS_FLAPPING,	/* flapping under stress such as attack or power */
	HYPOTHESIS_HIJACK,	/* hijack or leak */
	HYPOTHESIS_RPKI,	/* RPKI invalidation */
	HYPOTHESIS_ARTEFACT,	/* trouble at the observers' end */
	HYPOTHESIS_COUNT,
};

enum cause_event_kind {
	CAUSE_ANNOUNCE,
	CAUSE_WITHDRAW,
	CAUSE_RIB_ENTRY,	/* a RIB has this route */
	CAUSE_SESSION_DOWN,
	CAUSE_SESSION_UP,	/* came up without having been seen going down */
	CAUSE_ANNOUNCED_AGAIN,	/* the first announcement of a table that came again */
	CAUSE_LAST_HEARD,	/* and then nothing any more */
	CAUSE_EVENT_COUNT,
};

const char *cause_event_name(enum cause_event_kind kind);	/* "announce", "session-down", … */

struct cause_event {
	int64_t time;
	struct record_ref ref;
	enum cause_event_kind kind;
	uint32_t vantage;
	struct prefix prefix;		/* FAMILY_NONE: the session's */
	/* the table's, or as text where that is not NULL; PATH_NONE: none */
	uint32_t path;
	const char *text;
};

/* Events of which only the first and the last are named. */
#define CAUSE_EVENTS_HALF 16u

struct cause_tally {
	/* the last ones in turn */
	struct cause_event first[CAUSE_EVENTS_HALF], last[CAUSE_EVENTS_HALF];
	uint32_t count;
};

struct cause_fact {
	enum fact fact;
	const char *reading;		/* one of the fact's words in cause_weigh.c */
	uint64_t count, of;		/* what they count stands with each fact in cause_facts.c */
	int64_t first, median, last;	/* UTC_NEVER where there is none */
	const char *note;		/* a word more, borrowed; "" */
	uint32_t *ases;			/* in the order that matters for the fact */
	uint32_t as_count, as_room;
	uint32_t *networks;		/* the signals' numbers, those that matter most first */
	uint32_t network_count, network_room;
	struct cause_event *events;	/* the first and the last of those it rests on */
	uint32_t event_count, event_room, events_left_out;
	/*
	 * "route of another origin": there was none in this time; NULL: it rests on events alone.
	 * Where the fact was not measured and `searched_from` is UTC_NEVER: why.
	 */
	const char *absent;
	int64_t searched_from, searched_until;
	/* its own, while it is taken */
	uint32_t *changes;		/* the history's numbers */
	uint32_t change_count, change_room;
	uint32_t unsaid;		/* changes that no record said */
};

/* Announcements with a BLACKHOLE community of one prefix of the place. */
struct cause_blackhole {
	struct prefix prefix;
	uint32_t announcements;
	int64_t first, last;
	uint32_t first_vantage, last_vantage;
	struct record_ref first_ref, last_ref;
};

/* Networks of other origins whose paths crossed the fall's common AS. */
struct cause_behind {
	bool known;
	/* networks; neither kept nor lost: they moved to another way */
	uint32_t others, kept, lost;
	/* routes of all live vantage points to everything */
	uint64_t held_before, held_after;
	const char *unknown;		/* where not known: why */
	bool left_out;			/* there were too many routes to follow all */
	int64_t before, after;		/* the two moments */
	/* messages by which a route of those others ceased to cross it */
	struct cause_tally left;
	struct cause_tally withdrawn;	/* withdrawals of anything else that was held */
	struct prefix *named;		/* the first of the others */
	uint32_t named_count;
};

void cause_behind_free(struct cause_behind *behind);
/* takes its text */
void cause_tally_add(struct cause_tally *tally, const struct cause_event *event);
void cause_tally_free(struct cause_tally *tally);

/* A clock on the wall in the place: its offsets from UTC, each valid from `since` on, rising. */
struct cause_clock_step {
	int64_t since;
	int32_t offset;			/* seconds */
};

struct cause_clock {
	const char *name;		/* "Asia/Pyongyang" */
	const struct cause_clock_step *steps;
	uint32_t step_count;
};

struct cause_scene {
	struct fall_question question;
	struct fall fall;
	const struct subject *place;	/* of the outage's family */
	uint32_t outage;		/* its number in place->machine */
	const struct stability *stability;
	struct cause_behind behind;
	const struct vrps *vrps;	/* NULL: none were given */
	const struct cause_blackhole *blackholes;
	uint32_t blackhole_count;
	const struct cause_clock *clocks;	/* beside UTC */
	uint32_t clock_count;
	int64_t data_from;
};

int cause_facts(const struct cause_scene *scene, struct cause_fact ret_facts[FACT_COUNT],
		struct err *err);
void cause_facts_free(struct cause_fact facts[FACT_COUNT]);

const char *fact_name(enum fact fact);			/* "network-order" */
const char *hypothesis_name(enum hypothesis hypothesis);	/* "upstream" */

/* Hypotheses closer than this in support are not told apart. */
#define CAUSE_MARGIN 1

struct cause_weight {
	enum fact fact;
	const char *reading;
	int weights[HYPOTHESIS_COUNT];	/* for (above 0), against (below), indifferent */
};

/* The row of a fact's reading; NULL: no fact has that reading. */
const struct cause_weight *cause_weight_of(enum fact fact, const char *reading);
uint32_t cause_weight_count(void);
const struct cause_weight *cause_weight_at(uint32_t i);

struct cause_support {
	enum hypothesis hypothesis;
	int support;			/* the sum of its weights */
};

/* By support falling, then in the order of the hypotheses. */
void cause_weigh(const struct cause_fact facts[FACT_COUNT],
		 struct cause_support ret_supports[HYPOTHESIS_COUNT]);

#endif
