/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routes to a subject's networks over time: every change is noted as the table tells it, and
 * can be gone through again from the beginning, as often as one likes, with the routes at each
 * instant in hand. What is only known at the end (the countries of ASes, when outages began and
 * ended) can so be used for all of the time.
 *
 * Order of calls: history_new; history_change and history_vantage as things are heard; then
 * replays. The table must outlive both: it has the paths.
 *
 * A change takes 16 bytes. After HISTORY_CHANGES_MAX nothing more is noted, and history_end() says
 * from when on. One thread.
 */
#ifndef CONSTAT_MEASURE_HISTORY_H
#define CONSTAT_MEASURE_HISTORY_H

#include "measure/routes_view.h"
#include "measure/settle.h"

#define HISTORY_CHANGES_MAX (32u << 20)

struct history;

int history_new(const struct table *table, struct history **ret_history, struct err *err);
void history_free(struct history *history);	/* takes NULL */

/* A change of a network of the subject's. `live`: the vantage point is, so that what it did not hold it did not have. */
int history_change(struct history *history, const struct table_change *change, bool live, struct err *err);
int history_vantage(struct history *history, const struct settled_vantage *change, struct err *err);

/* Was a change of the network noted? By the table's number. */
bool history_knows(const struct history *history, uint32_t network);
uint32_t history_network_count(const struct history *history);
/* Everything before it was noted; INT64_MAX: everything. */
int64_t history_end(const struct history *history);

/* A route of one network as one vantage point had it before and has it now; PATH_NONE: none. */
struct history_step {
	int64_t time;
	uint32_t network;		/* place in the view's networks */
	uint32_t vantage;
	uint32_t before, after;
	bool heard;			/* in a message then; else set right or filled in from a RIB */
	bool live;
};

struct history_sink {
	void *context;
	int (*step)(void *context, const struct history_step *step, struct err *err);
	/* All routes of the vantage point are forgotten: its session was lost. */
	int (*cleared)(void *context, uint32_t vantage, struct err *err);
};

struct replay;

int replay_new(const struct history *history, struct replay **ret_replay, struct err *err);
void replay_free(struct replay *replay);	/* takes NULL */
/* Goes on to behind everything that happened at or before `time`; `sink` may be NULL. */
int replay_until(struct replay *replay, int64_t time, const struct history_sink *sink, struct err *err);
/* The routes now. The replay's; the same view stays right as the replay goes on. */
const struct routes_view *replay_view(const struct replay *replay);
/* Something changed since this was asked last. */
bool replay_changed(struct replay *replay);

#endif
