/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims, measurements and verdicts on one line of time. A claim is where it was said, a
 * measurement where what was measured was, each as a span; a verdict stands behind the measurement
 * it rests on.
 */
#ifndef CONSTAT_DOSSIER_TIMELINE_H
#define CONSTAT_DOSSIER_TIMELINE_H

#include "dossier/verdicts.h"

struct timeline_entry {
	struct dossier_span when;
	const char *what;		/* "claim", "measurement", "verdict" */
	uint32_t claim;			/* claims and verdicts */
	uint32_t verdict;		/* verdicts; of a measurement the first that rests on it */
	const char *text;		/* the quote; what was measured; the verdict */
	const char *detail;		/* the claim's kind; the finding's label; what is claimed */
	const char *speaker;		/* of a claim, as a chain; else "" */
	/* a measurement and the verdicts on it have the same; claims 0 */
	uint32_t group;
};

extern const struct schema timeline_schema;

/*
 * In order of time: by beginning, then end. With a known `period` only what touches it;
 * *ret_left_out counts the others, and claims of which nobody knows when they were said.
 */
int timeline_make(struct dossier *dossier, struct dossier_span period, struct arena *arena,
		  struct timeline_entry **ret_entries, uint32_t *ret_count, uint32_t *ret_left_out,
		  struct err *err);
/* From the first beginning to the last end; none without entries. */
struct dossier_span timeline_period(const struct timeline_entry *entries, uint32_t count);

#endif
