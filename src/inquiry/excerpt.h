/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a finding on one place rests on, small enough to be handed on: the records that carry its
 * networks, and what was decided from all the others, which nobody can carry about.
 *
 * The records are copied whole, in the order in which they were taken, an MRT file an input. With
 * them go the peer index tables of all RIBs and all state changes. The timeline says who became or
 * ceased to be a full feed, whose routes were forgotten, and which routes of the place were changed
 * by something else than an update or a RIB's entry (an audit, a purge, a RIB that does not have
 * them). Each step says behind how many events of the place's networks it comes, so that question,
 * timeline and records give the same result again.
 *
 * inquiry_run() fills one in (struct inquiry, `record`) or takes one in place of its inputs
 * (`replay`). Texts are the arena's. Inputs are counted from 1.
 */
#ifndef CONSTAT_INQUIRY_EXCERPT_H
#define CONSTAT_INQUIRY_EXCERPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "inquiry/inquiry.h"
#include "net/prefix.h"

struct excerpt_network {
	const char *network;
};

struct excerpt_vantage {
	const char *collector, *peer;
	uint32_t peer_as;
};

struct excerpt_step {
	uint64_t after;			/* events of the place's networks before it */
	const char *what;		/* "full", "not-full", "cleared", "set", "dropped" */
	/* as in the roster; for "set" and "dropped": "audit", "purge", "rib" */
	const char *why;
	const char *family;		/* full, not-full; else "" */
	const char *network;		/* set, dropped; else "" */
	uint32_t vantage;		/* place in `vantages`, from 0 */
	/* when it took effect; set, dropped: the last evidence of what was before */
	int64_t time;
	int64_t noticed;		/* what the clock showed */
};

/* An input that an archive did not have. */
struct excerpt_missing {
	uint32_t input;
	int64_t from, until;
};

struct excerpt_timeline {
	int64_t begin;			/* the first time heard */
	int64_t end;			/* to where open intervals last */
	struct excerpt_network *networks;	/* of the place: all that were met, sorted */
	uint32_t network_count;
	struct excerpt_vantage *vantages;
	uint32_t vantage_count;
	struct excerpt_step *steps;
	uint32_t step_count;
	struct excerpt_missing *missing;
	uint32_t missing_count;
};

struct excerpt_record {
	uint32_t input;
	uint32_t length;
	uint64_t number, offset;	/* in the decompressed input */
	/* the largest time so far within the input: what orders records */
	int64_t clock;
	/* of a RIB's entries that filled a table: "" none, "*" all, else a 0 or 1 each */
	const char *takes;
};

struct excerpt_records {
	struct excerpt_record *records;	/* in the order of the run */
	uint32_t record_count;
};

struct excerpt {
	struct arena arena;
	struct excerpt_timeline timeline;
	struct excerpt_records records;
	struct buf *bytes;		/* an MRT file an input; owned */
	uint32_t input_count;
};

extern const struct schema excerpt_timeline_schema, excerpt_records_schema;

/*
 * inquiry_run() of a report, with what it rests on. Inputs are read once; for an AS twice, since
 * which networks are its own shows only on the way. ERR_USAGE for questions that no excerpt can
 * answer.
 */
int excerpt_record(const struct inquiry *inquiry, struct excerpt *ret_excerpt,
		   struct finding *ret_finding, struct err *err);

int excerpt_init(struct excerpt *excerpt, uint32_t input_count, struct err *err);
void excerpt_free(struct excerpt *excerpt);

/* Prefixes by number, from 0 as they were added. Zero-initialised is empty. */
struct prefix_set {
	struct prefix *prefixes;
	uint32_t count, room;
	struct map index;		/* hash to number */
};

int prefix_set_add(struct prefix_set *set, const struct prefix *prefix, struct err *err);
bool prefix_set_has(const struct prefix_set *set, const struct prefix *prefix);
void prefix_set_free(struct prefix_set *set);
/* The timeline's networks; ERR_FORMAT for what is none. */
int prefix_set_take(struct prefix_set *set, const struct excerpt_timeline *timeline,
		    struct err *err);

#endif
