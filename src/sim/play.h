/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole simulation short of writing: every group played, by several threads, and the results
 * put together in the order of groups, so that neither their number nor their speed shows.
 */
#ifndef CONSTAT_SIM_PLAY_H
#define CONSTAT_SIM_PLAY_H

#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "sim/plan.h"

/* All paths of the simulation as one tree, each once. 0 is none. */
struct tree_path {
	uint32_t asn;
	uint32_t parent;
};

struct played_message {
	int64_t time;		/* when the collector has it */
	uint32_t vantage;
	uint32_t group;
	uint32_t path;		/* 0: withdrawn */
};

/* A stretch in which most full feeds of the group's family held no route. */
struct dark {
	uint32_t group;
	uint32_t event;			/* of the scenario; PLAN_NOISE: the world's own */
	int64_t cause_at;		/* UTC_NEVER: not known */
	int64_t vp_dark_at, vp_back_at;	/* UTC_NEVER: not in the scenario's time */
	int64_t world_dark_at, world_back_at;
	uint32_t lowest;		/* parts per million of peer ASes, at worst */
};

struct play {
	const struct plan *plan;
	struct tree_path *paths;
	uint32_t path_count, path_room;
	struct map path_map;
	uint32_t *steady;		/* paths, by group, then vantage point */
	struct played_message *messages;	/* by time, then vantage point, then group */
	uint32_t message_count, message_room;
	struct dark *darks;		/* by group, then time */
	uint32_t dark_count, dark_room;
	uint64_t between_ases;		/* messages that ASes exchanged */
	/* networks of the largest table of each family at the start */
	uint64_t table4, table6;
};

/* `progress` is told the groups done so far; may be NULL. */
int play_run(const struct plan *plan, unsigned threads,
	     void (*progress)(void *context, uint32_t done, uint32_t all), void *context,
	     struct play **ret_play, struct err *err);
void play_free(struct play *play);

#endif
