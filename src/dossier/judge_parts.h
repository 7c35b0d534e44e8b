/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to dossier/: what the judges of the forms share. */
#ifndef CONSTAT_DOSSIER_JUDGE_PARTS_H
#define CONSTAT_DOSSIER_JUDGE_PARTS_H

#include "dossier/judge.h"

/* A judgement under way, on one finding. Texts fail together, as buffers do. */
struct judging {
	const struct assertion *assertion;
	/* that it is about: its own, else when it was said; unknown: any */
	struct dossier_span time;
	const struct finding *finding;
	enum verdict verdict;
	struct buf measured, why, nearest;
	int64_t away;
	struct dossier_span when;
	bool throughout;		/* it knows every moment of the time, not one */
	/* what was measured can be held against what is claimed … */
	bool compared;
	bool agrees;			/* … and agrees */
};

/* false: the finding has nothing on it. */
typedef bool judge_function(struct judging *judging);
judge_function judge_outage, judge_networks, judge_upstreams, judge_unstable, judge_reachable;

/* How a thing stands to what is claimed of it. */
enum holds { HOLDS_NOT, HOLDS_PERHAPS, HOLDS };

/* `at` decides when it is inside; outside it is only outside if all from `least` to `most` are. */
enum holds judge_within(int64_t at, int64_t least, int64_t most, int64_t from, int64_t until);
/* First and last time heard. */
struct dossier_span judge_data(const struct finding *finding);
/* Whether visibility (IPv4) could be measured in all of it. */
bool judge_covered(const struct finding *finding, struct dossier_span span);
bool judge_overlap(struct dossier_span a, struct dossier_span b);
/* The time between the two, 0 where they touch. */
int64_t judge_distance(struct dossier_span a, struct dossier_span b);
/*
 * Insufficient data, because the data are of another time: fills `nearest`, `away` and `why` out of
 * what was measured.
 */
void judge_elsewhere(struct judging *judging);
/* "2014-12-23 15:41:01" */
void judge_put_time(struct buf *out, int64_t time);

#endif
