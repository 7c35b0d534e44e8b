/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routes to a subject's networks over time: every change is noted as the table tells it, with
 * the record that said it. It can be gone through again from the beginning, as often as one likes,
 * with the routes at each instant in hand (replays), or asked about one network at one vantage
 * point. What is only known at the end (the countries of ASes, when outages began and ended) can so
 * be used for all of the time.
 *
 * Order of calls: history_new; history_change and history_vantage as things are heard; then
 * replays, and behind history_ready() questions about single routes. The table must outlive all: it
 * has the paths. Networks have numbers of the history's own here (history_find), changes are
 * numbered in the order of time, vantage points by the table.
 *
 * A change takes 16 bytes, a record or an instant 32. After HISTORY_CHANGES_MAX nothing more is
 * noted, and history_end() says from when on. One thread.
 */
#ifndef CONSTAT_MEASURE_HISTORY_H
#define CONSTAT_MEASURE_HISTORY_H

#include "measure/routes_view.h"
#include "measure/settle.h"

#define HISTORY_CHANGES_MAX (32u << 20)

struct history;

int history_new(const struct table *table, struct history **ret_history, struct err *err);
void history_free(struct history *history);	/* takes NULL */

/* A change of a network of the subject's. */
int history_change(struct history *history, const struct table_change *change, struct err *err);
int history_vantage(struct history *history, const struct settled_vantage *change, struct err *err);

/* The network's number by the table's; MAP_NONE: no change of it was noted. */
uint32_t history_find(const struct history *history, uint32_t network);
uint32_t history_network_count(const struct history *history);
/* Everything before it was noted; INT64_MAX: everything. */
int64_t history_end(const struct history *history);

struct route_change {
	int64_t time;
	/* number 0: no record said it (an audit, or a refill that did not have it) */
	struct record_ref ref;
	uint32_t network, vantage;	/* the table's numbers */
	uint32_t after;			/* the table's path; PATH_NONE: no route */
	bool heard;			/* in a message; else set right or filled in from a RIB */
	bool live;
	bool withdrawal;
	/* by the first RIB of its vantage point: how it was when the recordings began */
	bool first;
};

struct route_change history_at(const struct history *history, uint32_t number);
/* Changes from `from` to `until`, both included: how many, and the first one's number. */
uint32_t history_span(const struct history *history, int64_t from, int64_t until,
		      uint32_t *ret_first);
/* No more changes: makes what follows possible. */
int history_ready(struct history *history, struct err *err);
/*
 * Changes of one network at one vantage point, in order; or of one network, by vantage point, then
 * in order.
 */
const uint32_t *history_of(const struct history *history, uint32_t network, uint32_t vantage,
			   uint32_t *ret_count);
const uint32_t *history_of_network(const struct history *history, uint32_t network,
				   uint32_t *ret_count);
/* Were the vantage point's routes forgotten in (from, until]? */
bool history_cleared(const struct history *history, uint32_t vantage, int64_t from, int64_t until);

/* A route of one network as one vantage point had it before and has it now; PATH_NONE: none. */
struct history_step {
	int64_t time;
	uint32_t network;		/* place in the view's networks */
	uint32_t vantage;
	uint32_t before, after;
	/* in a message then; else set right or filled in from a RIB */
	bool heard;
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
int replay_until(struct replay *replay, int64_t time, const struct history_sink *sink,
		 struct err *err);
/* The routes now. The replay's; the same view stays right as the replay goes on. */
const struct routes_view *replay_view(const struct replay *replay);
/* Something changed since this was asked last. */
bool replay_changed(struct replay *replay);

#endif
