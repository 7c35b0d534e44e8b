/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The delay between what is heard and what is measured.
 *
 * That a vantage point went blind may be noticed late (table/table.h: `since` before `noticed`).
 * Holds therefore wait until nothing can change their instant any more, and come out in order of
 * time together with the comings and goings of full feeds. Within an instant, what was noticed at
 * once keeps its place among the holds (a session that comes up sends its table in the same
 * second); what was noticed late comes behind them.
 *
 * Order of calls: settle_hold and settle_vantage as things are heard, settle_release with the
 * clock less the horizon now and then, and with UTC_END at the end.
 */
#ifndef CONSTAT_MEASURE_SETTLE_H
#define CONSTAT_MEASURE_SETTLE_H

#include "measure/visibility.h"

#define UTC_END INT64_MAX

enum settled_kind {
	SETTLED_FULL,		/* a live full feed of the family from now on */
	SETTLED_NOT_FULL,	/* no longer */
	SETTLED_CLEARED,	/* neither family, and all its routes are forgotten */
};

struct settled_vantage {
	int64_t time;		/* when it took effect */
	int64_t noticed;
	uint32_t vantage;
	enum settled_kind kind;
	enum family family;	/* FULL and NOT_FULL */
};

struct settle_sink {
	void *context;
	int (*hold)(void *context, const struct visibility_hold *hold, struct err *err);
	int (*vantage)(void *context, const struct settled_vantage *change, struct err *err);
};

struct settle;

int settle_new(const struct settle_sink *sink, struct settle **ret_settle, struct err *err);
void settle_free(struct settle *settle);

/* Times never go back. */
int settle_hold(struct settle *settle, const struct visibility_hold *hold, struct err *err);
/* In any order, but never before what settle_release() has let out. */
int settle_vantage(struct settle *settle, const struct settled_vantage *change, struct err *err);
/* Lets out all that happened before `until`. */
int settle_release(struct settle *settle, int64_t until, struct err *err);

#endif
