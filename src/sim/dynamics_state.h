/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The working memory of a play, shared by dynamics.c (what happens to links and origins, and when),
 * router.c (what ASes say and choose) and count.c (how many ASes have a route). For these files
 * only.
 */
#ifndef CONSTAT_SIM_DYNAMICS_STATE_H
#define CONSTAT_SIM_DYNAMICS_STATE_H

#include "sim/dynamics.h"
#include "sim/queue.h"
#include "sim/routes.h"

struct spoken {
	uint32_t stamp;
	uint32_t said;
	uint32_t sent;		/* messages so far: for the jitter of the next */
	bool waiting;		/* for the MRAI */
	bool queued;		/* a DUE_INTERVAL is in the queue */
	bool down;		/* this end has no session */
	int64_t again;		/* when the MRAI is over */
	int64_t arrival;	/* of the last message */
};

struct heard {
	uint32_t stamp;
	uint32_t path;
};

struct line {			/* a link */
	uint32_t stamp;
	uint16_t downs;
	uint16_t epoch;
};

struct leaf {
	uint32_t stamp;
	uint32_t sources;	/* neighbours with a route for it; its own counts as one */
};

struct dynamics {
	const struct plan *plan;
	const struct world *world;
	struct routes *routes;
	uint32_t group_number;
	const struct group *group;
	struct spoken *spoken;	/* by edge, then by vantage point */
	struct heard *heard;	/* by edge */
	struct line *lines;
	struct queue queue;
	int64_t now;
	uint32_t off[GROUP_ORIGINS];	/* reasons not to announce */
	uint32_t *leaks;		/* numbers of those active */
	uint32_t leak_count, leak_room;
	/* place in plan.invalid of what makes the group's routes invalid now, + 1 */
	uint32_t invalid;
	uint16_t *stuck;		/* by vantage point */
	struct action *actions;
	uint32_t action_count, action_room;
	uint32_t *numbers;		/* of actions that touch the group */
	uint32_t number_count, number_room;
	struct result *result;
	bool counting;
	struct leaf *leaves;
	uint32_t have;			/* ASes with a route */
	bool world_dark;
	uint32_t *local;		/* paths of the result, by paths of routes */
	uint32_t local_room;
	struct err *err;
};

static inline struct line *line_of(struct dynamics *dyn, uint32_t link)
{
	struct line *line = &dyn->lines[link];

	if (line->stamp != dyn->routes->stamp)
		*line = (struct line){ .stamp = dyn->routes->stamp };
	return line;
}

/* The AS whose edge it is. */
static inline uint32_t near_end(const struct dynamics *dyn, uint32_t edge)
{
	return dyn->world->edges[dyn->world->edges[edge].back].to;
}

/* router.c */

/* Does the AS drop the group's routes as invalid now? */
bool router_drops(const struct dynamics *dyn, uint32_t as);

struct spoken *router_spoken(struct dynamics *dyn, uint32_t as, uint32_t edge);
/*
 * Says over an edge what is to be said there, if anything is, and if it may be said yet: after its
 * MRAI it may.
 */
int router_speak(struct dynamics *dyn, uint32_t as, uint32_t edge, bool waited);
/* The same on a vantage point's session. */
int router_speak_there(struct dynamics *dyn, uint32_t vantage, bool waited);
/* To customers and collectors, and where `up` to providers and peers. */
int router_speak_all(struct dynamics *dyn, uint32_t as, bool up);
/* Over its edge the AS heard a path, or (0) that there is none. */
int router_hear(struct dynamics *dyn, uint32_t as, uint32_t edge, uint32_t path);
int router_choose(struct dynamics *dyn, uint32_t as);
/* What a vantage point's session has to say in the steady state. */
uint32_t router_steady(struct dynamics *dyn, uint32_t vantage);
/* Whether the AS's side of its links is played: leaves are only as origins. */
bool router_is_played(const struct dynamics *dyn, uint32_t as);

/* count.c */

/* From the steady state. */
void count_start(struct dynamics *dyn);
/* An AS's choice went from one class to another. */
void count_change(struct dynamics *dyn, uint32_t as, uint8_t from, uint8_t to);
/* A link came or went: to a leaf it matters only here. */
void count_link(struct dynamics *dyn, uint32_t link, bool up);

#endif
