/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The language of assertions: what a claim says, in a form that routing data can decide.
 * docs/assertions.md has its grammar and what each form means.
 *
 *	outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m total
 *	networks US = 150000 ±10% at 2014-12-23
 *
 * Parsed into plain values; texts are in the arena given. assertion_format() writes the canonical
 * form, which is what a dossier keeps: parsing that again gives the same.
 */
#ifndef CONSTAT_DOSSIER_ASSERTION_H
#define CONSTAT_DOSSIER_ASSERTION_H

#include "base/arena.h"
#include "base/err.h"
#include "dossier/span.h"
#include "place/place.h"

enum assertion_form {
	ASSERTION_OUTAGE,
	ASSERTION_NETWORKS,
	ASSERTION_UPSTREAMS,
	ASSERTION_UNSTABLE,
	ASSERTION_REACHABLE,
	/* What routing cannot decide; said all the same, so that a verdict can say why. */
	ASSERTION_CAUSE,
	ASSERTION_AUTHOR,
	ASSERTION_SERVICE,
	ASSERTION_FORMS,
};

enum assertion_level { LEVEL_ANY, LEVEL_PARTIAL, LEVEL_MAJOR, LEVEL_TOTAL };

/* At most one of them. */
struct assertion_place {
	country_t country;
	uint32_t asn;
	struct prefix prefix;		/* family NONE: no prefix */
};

/* A time and how far off it may be. */
struct assertion_time {
	struct dossier_span span;	/* as it is written */
	int64_t tolerance;		/* on either side, µs */
};

/* From least to most, both included; most INT64_MAX: no end. */
struct assertion_range {
	int64_t least, most;
};

#define ASSERTION_ASNS 16

struct assertion {
	enum assertion_form form;
	struct assertion_place place;
	/* on, at, or the period of unstable and reachable; unknown: not said */
	struct dossier_span at;
	struct assertion_time from, until;	/* outage; span unknown: not said */
	bool has_lasting;
	struct assertion_range lasting;		/* µs */
	enum assertion_level level;
	struct assertion_range networks;
	bool only;
	uint32_t asns[ASSERTION_ASNS], asn_count;	/* in the order written */
	const char *words;			/* cause, author, service */
};

/* Where in the text something is wrong: bytes. */
struct assertion_mistake {
	uint32_t at, len;
};

/* ERR_USAGE with the reason; ret_mistake (may be NULL) says which word it is about. */
int assertion_parse(struct view text, struct arena *arena, struct assertion *ret_assertion,
		    struct assertion_mistake *ret_mistake, struct err *err);
void assertion_format(const struct assertion *assertion, struct buf *out);
/* "KP", "AS4837", "175.45.176.0/22" */
void assertion_place_format(const struct assertion_place *place, struct buf *out);
const char *assertion_form_name(enum assertion_form form);
const char *assertion_level_name(enum assertion_level level);
/* "1 h to 1 h 30 min", "9 h or more": for people. */
void assertion_range_say(const struct assertion_range *range, bool durations, struct buf *out);

#endif
