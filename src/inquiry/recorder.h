/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills in an excerpt while a run goes on (run.c tells it everything), and gives it back to a run
 * in place of inputs. Private to inquiry/. excerpt.h says what is in one.
 */
#ifndef CONSTAT_INQUIRY_RECORDER_H
#define CONSTAT_INQUIRY_RECORDER_H

#include "inquiry/excerpt.h"
#include "inquiry/run.h"

struct recorder;

int recorder_new(struct excerpt *excerpt, struct recorder **ret_recorder, struct err *err);
void recorder_free(struct recorder *recorder);	/* takes NULL */

/* A network that belongs to the place, when it first appears; out of memory shows later. */
void recorder_network(struct recorder *recorder, const struct prefix *network);
/* Around table_event(). What is due before the event is decided in the first. */
int recorder_event_begin(struct run *run, const struct event *event);
int recorder_event_end(struct run *run, const struct event *event);
/* Within: a change of a network of the place. */
int recorder_change(struct run *run, const struct table_change *change);
/* What settles of a vantage point, and why. */
int recorder_settled(struct run *run, const struct settled_vantage *settled, enum roster_why why);
/* All events of the record were given. */
int recorder_record(struct run *run, const struct mrt_record *record);
int recorder_missing(struct run *run, uint32_t input);
/* The run is over: the excerpt is complete. */
int recorder_finish(struct run *run);

/* In place of what feed gives. */
int replay_feed(struct run *run);

#endif
