/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One group from the first to the last of its actions: the messages that BGP speakers exchange, and
 * what of them reaches the collectors.
 *
 * dynamics_play() may be called for group after group; each result stands on its own and does not
 * depend on which groups the same dynamics played before.
 */
#ifndef CONSTAT_SIM_DYNAMICS_H
#define CONSTAT_SIM_DYNAMICS_H

#include <stdint.h>

#include "base/err.h"
#include "sim/plan.h"

/* A path of a result: an AS, so many times, before another. 0 is none. */
struct result_path {
	uint32_t as, parent;
	uint16_t times;
};

/* A vantage point's session says something new. */
struct result_message {
	int64_t sent, received;
	uint32_t vantage;
	uint32_t path;		/* 0: withdrawn */
};

/* Half of all ASes lost the route, or have it again. */
struct result_world {
	int64_t time;
	bool dark;
};

struct result {
	struct result_path *paths;
	uint32_t path_count, path_room;
	uint32_t *steady;		/* by vantage point; 0: no route */
	struct result_message *messages;	/* in the order of `sent` */
	uint32_t message_count, message_room;
	struct result_world *world;
	uint32_t world_count, world_room;
	uint64_t played;		/* messages between ASes */
	/* what touched the group, by time: the dynamics' own, until the next play */
	const struct action *actions;
	uint32_t action_count;
};

struct dynamics;

/* Whether a vantage point's session carries the group at all. */
bool dynamics_feeds(const struct plan *plan, uint32_t vantage, uint32_t group);

int dynamics_new(const struct plan *plan, struct dynamics **ret_dynamics, struct err *err);
void dynamics_free(struct dynamics *dynamics);

/*
 * Fills in `result`, zero-initialised, or filled in before for the same plan: its arrays are used
 * again.
 */
int dynamics_play(struct dynamics *dynamics, uint32_t group, struct result *result,
		  struct err *err);
void result_free(struct result *result);

#endif
