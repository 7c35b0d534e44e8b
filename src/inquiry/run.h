/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run of the chain, shared by run_feed.c, which takes records out of the feed, run.c, which moves
 * their events through the chain, and the fill_*.c files, which put what was measured into the
 * finding. Private to inquiry/.
 */
#ifndef CONSTAT_INQUIRY_RUN_H
#define CONSTAT_INQUIRY_RUN_H

#include "inquiry/excerpt.h"
#include "inquiry/inquiry.h"
#include "measure/as_country.h"
#include "measure/cause.h"
#include "measure/history.h"
#include "measure/hours.h"
#include "measure/signal.h"
#include "measure/stability.h"
#include "measure/storm.h"
#include "measure/upstreams.h"
#include "table/table.h"
#include "wire/stream.h"

/* Faults of one kind in one input: how many, and the first. */
struct fault_tally {
	uint64_t count, lost;
	struct fault first;
};

struct type_tally {
	uint16_t type, subtype;
	uint64_t records;
};

/* Records of an input in a whole minute; a minute that comes again has another entry. */
struct run_minute {
	int64_t from;
	uint64_t records;
};

struct run_input {
	struct wire_stream *stream;
	struct table_source *source;
	int64_t rib_last;		/* of its RIBs' entries */
	/* what was taken of it, where the question's end left the rest unread */
	bool ended;
	uint64_t records, bytes;
	int64_t first, last;
	uint32_t collector;		/* place in run.collectors */
	struct fault_tally faults[FAULT_KIND_COUNT];
	struct type_tally *types;
	uint32_t type_count, type_room;
	struct run_minute *minutes;	/* REPORT */
	uint32_t minute_count, minute_room;
};

struct run_collector {
	const char *name;
	int64_t last_heard;		/* of its updates */
	int64_t longest_gap;
	uint64_t records;
};

struct run_gap {
	uint32_t collector;
	int64_t from, until;
	const char *why;
};

/* What was heard of a tracked network. */
struct run_network {
	uint32_t network;		/* the table's number */
	uint32_t announcements, withdrawals, spurious;
	uint32_t *heard_from;		/* peer ASes */
	uint32_t heard_count, heard_room;
};

/* Prefixes of the place announced with a BLACKHOLE community that are told of at most. */
#define BLACKHOLES_MAX 10000u

struct recorder;

struct run {
	const struct inquiry *inquiry;
	const struct question *question;
	const struct place *place;	/* NULL until run_place() was called */
	struct feed *feed;
	struct wire_scratch *scratch;
	struct table *table;
	struct run_input *inputs;
	struct run_collector *collectors;
	uint32_t collector_count;
	struct run_gap *gaps;
	uint32_t gap_count, gap_room;

	struct signals *signals;	/* OUTAGES and REPORT */
	struct stability *stability;	/* REPORT */
	struct storms *storms;		/* OUTAGES */
	struct hours *hours;		/* REPORT */
	struct cause_blackhole *blackholes;	/* of the place, as they came */
	uint32_t blackhole_count, blackhole_room;
	bool blackholes_left_out;	/* there were more */
	struct history *history;	/* REPORT, and UPSTREAMS over time */
	struct run_network *networks;	/* by the signals' number */
	uint32_t network_count, network_room;
	struct map network_of;		/* the table's number → the signals' */
	uint32_t vantage_count;		/* those the signals know of */
	int64_t *live_since;		/* by vantage point, of the last change */
	uint32_t live_room;
	/* tables were completed: full feeds are to be decided anew */
	bool full_stale;
	int64_t full_time;
	bool rib;
	bool rib_cut;			/* a RIB was not whole */
	/* the event in hand withdrew a route not known to be held */
	bool spurious;
	bool no_blackhole;		/* none in the record in hand: its gist tells */
	bool stop;			/* the clock passed the question's end */
	int64_t first_heard, last_heard;
	/* what is open lasts to here: the question's end, or the data's */
	int64_t end;
	uint64_t events;
	uint32_t current_input;
	uint8_t *path_scratch;
	struct path_hop *hops;
	uint32_t hop_room;
	struct recorder *recorder;	/* NULL: nobody wants an excerpt */
	/* the place's networks, where somebody says which these are */
	struct prefix_set members;
	struct err *err;		/* of the call in progress, for callbacks without one */
};

/* A record to come. */
struct run_record {
	struct mrt_record mrt;
	const struct gist *gist;	/* plain, or NULL */
	const uint64_t *keys;		/* the gist's */
};

/* The input's stream and source are there. */
int run_input_begin(struct run *run, uint32_t number);
/* Where the chain takes events. */
struct wire_sink run_sink(struct run *run);
/* One record through the chain. */
int run_record(struct run *run, struct run_input *input, const struct run_record *record);
/* Counts it. */
void run_fault_note(struct run_input *input, const struct fault *fault);

/* run_feed.c: all that the feed gives, to its end or the question's. */
int run_feed(struct run *run);

/* run_full.c: vantage points up to this number are known to the signals. */
int run_vantage_add(struct run *run, uint32_t vantage);
/* What was learnt of a vantage point, told to all who keep its routes. */
int run_settle(struct run *run, const struct settled_vantage *settled, enum roster_why why);
/* The table's sink for vantage points. */
int run_on_vantage(void *context, const struct vantage_change *change);
/* Ends the full feeds of both families. */
void run_full_end(struct roster_vantage *vantage, int64_t since, enum roster_why why);
/* Who carries a full feed, where tables were completed. */
int run_full_decide(struct run *run);
/* Full feeds last to the end of the data, as live intervals do. */
void run_full_finish(struct run *run);

/*
 * Does the network belong to the question's place? For an AS that is told by the routes, not here.
 */
bool run_place_has(const struct run *run, const struct prefix *network);

/* What the question is about, as measure's upstreams ask it. */
struct upstreams_question run_subject(const struct run *run);

/*
 * What the table holds, surveyed, and the countries of ASes out of it; the caller's to free, also
 * after an error.
 */
int run_survey(const struct run *run, struct survey **ret_survey,
	       struct as_countries **ret_countries, struct err *err);

/* run_cause.c: an update of tracked network `number`; an announcement of anything. */
int run_update(struct run *run, const struct table_change *change, uint32_t number);
int run_blackhole(struct run *run, const struct event *event);
/* Does the announcement ask for traffic to be thrown away, where that is of interest? */
bool run_is_blackhole(const struct run *run, const struct event *event);

/* Each puts its part into the finding; all memory from the finding's arena. */
int fill_question(const struct run *run, struct finding *finding, struct err *err);
int fill_coverage(const struct run *run, struct finding *finding, struct err *err);
int fill_limits(const struct run *run, struct finding *finding, struct err *err);
/* One more, behind fill_limits(); NULL as text is out of memory. */
int fill_limit(struct finding *finding, const char *code, const char *text, struct err *err);
int fill_roster(const struct run *run, struct finding *finding, struct err *err);
int fill_provenance(const struct run *run, struct finding *finding, struct err *err);
int fill_census(const struct run *run, struct finding *finding, struct err *err);
int fill_upstreams(const struct run *run, struct finding *finding, struct err *err);
int fill_cut(const struct run *run, struct finding *finding, struct err *err);
int fill_frontier(const struct run *run, struct finding *finding, struct err *err);
/* The part of upstreams that is AS hegemony. */
int fill_hegemony(const struct run *run, const struct survey *survey,
		  const struct as_countries *countries, const struct upstreams_question *question,
		  struct finding *finding, struct err *err);
/* "domestic", "foreign", "unknown"; "" unless the question is about a country. */
const char *fill_side(const struct upstreams_question *question, country_t country);
/* Through whom, over time; behind the outages of a report. */
int fill_connection(const struct run *run, const struct as_countries *countries,
		    struct finding *finding, struct err *err);
int fill_outages(const struct run *run, struct finding *finding, struct err *err);
/* Who held what over time; `numbers`: the signals' of the report's networks. */
int fill_levels(const struct run *run, const uint32_t *numbers, struct finding *finding,
		struct err *err);
int fill_report(const struct run *run, struct finding *finding, struct err *err);
/* Transitions and updates by hour, and episodes of instability; behind the outages. */
int fill_stability(const struct run *run, struct finding *finding, struct err *err);
/* The report's outages explained; behind fill_provenance(), whose inputs it names. */
int fill_causes(const struct run *run, struct finding *finding, struct err *err);

/* Texts in the finding's arena; NULL when out of memory. */
const char *fill_text(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *fill_prefix(struct finding *finding, const struct prefix *prefix);
const char *fill_addr(struct finding *finding, const struct addr *addr);
const char *fill_country(struct finding *finding, country_t country);
const char *fill_as_name(struct finding *finding, const struct place *place, uint32_t asn);
const char *family_name(enum family family);

#endif
