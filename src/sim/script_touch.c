/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which groups an action on a link or an AS can matter to: the rule of docs/simulate.md.
 *
 * Over a link from provider to customer go, upwards, routes that originate in the customer's cone,
 * and downwards everything, but only to that cone. Over a link between peers goes each one's cone
 * to the other's. Nothing outside those cones chooses otherwise because of it; so what matters is
 * whether a vantage point stands in the cone that receives.
 */
#include <stdlib.h>

#include "base/vec.h"
#include "sim/script_build.h"

struct marks {
	bool *sees;		/* by AS: a vantage point in its cone */
	uint32_t *mark;		/* for world_cone() */
	uint32_t stamp;
	uint32_t *cone;
	uint32_t *queue;
	/* (AS, action) pairs found so far. */
	struct pair { uint32_t as, action; } *pairs;
	uint32_t pair_count, pair_room;
};

/* The ASes above a vantage point have it in their cones. */
static void mark_sight(const struct build *build, struct marks *marks)
{
	const struct world *world = build->world;
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < build->plan->vantage_count; i++) {
		uint32_t as = build->plan->vantages[i].as;

		if (!marks->sees[as])
			marks->queue[tail++] = as;
		marks->sees[as] = true;
	}
	while (head < tail) {
		const struct world_as *of = &world->ases[marks->queue[head++]];

		for (uint32_t e = of->first; e < of->peers; e++) {
			uint32_t to = world->edges[e].to;

			if (!marks->sees[to])
				marks->queue[tail++] = to;
			marks->sees[to] = true;
		}
	}
}

static int add_touch(struct build *build, uint32_t action)
{
	int rc = VEC_GROW(build->plan->touch, build->touch_count, build->touch_room, build->err);

	if (rc == 0)
		build->plan->touch[build->touch_count++] = action;
	return rc;
}

/* The cones into marks->cone, or false: it matters to all. */
static bool touches(const struct build *build, struct marks *marks, const struct action *action,
		    uint32_t *ret_count)
{
	const struct world *world = build->world;
	uint32_t near, far, edge;

	*ret_count = 0;
	marks->stamp++;
	if (action->kind == ACTION_AS_DOWN || action->kind == ACTION_AS_UP) {
		if (marks->sees[action->what])
			return false;
		world_cone(world, action->what, marks->mark, marks->stamp, marks->cone, ret_count);
		return true;
	}
	edge = world->link_edges[2 * action->what];
	far = world->edges[edge].to;
	near = world->edges[world->edges[edge].back].to;
	if (world_relation(world, near, edge) == RELATION_CUSTOMER) {
		if (marks->sees[far])
			return false;
		world_cone(world, far, marks->mark, marks->stamp, marks->cone, ret_count);
		return true;
	}
	if (marks->sees[near])
		world_cone(world, far, marks->mark, marks->stamp, marks->cone, ret_count);
	if (marks->sees[far])
		world_cone(world, near, marks->mark, marks->stamp, marks->cone, ret_count);
	return true;
}

static int find_pairs(struct build *build, struct marks *marks)
{
	struct plan *plan = build->plan;
	uint32_t count;
	int rc = 0;

	plan->touch_all.first = build->touch_count;
	for (uint32_t i = 0; i < plan->action_count && rc == 0; i++) {
		if (!touches(build, marks, &plan->actions[i], &count)) {
			rc = add_touch(build, i);
			continue;
		}
		for (uint32_t j = 0; j < count && rc == 0; j++) {
			rc = VEC_GROW(marks->pairs, marks->pair_count, marks->pair_room,
				      build->err);
			if (rc == 0)
				marks->pairs[marks->pair_count++] = (struct pair){
					marks->cone[j], i,
				};
		}
	}
	plan->touch_all.count = build->touch_count - plan->touch_all.first;
	return rc;
}

/* The pairs by AS; those of one AS stay in the order of actions. */
static int file_pairs(struct build *build, const struct marks *marks)
{
	struct plan *plan = build->plan;
	uint32_t at = build->touch_count;
	int rc = 0;

	for (uint32_t i = 0; i < marks->pair_count; i++)
		plan->touch_as[marks->pairs[i].as].count++;
	for (uint32_t as = 0; as < build->world->as_count; as++) {
		plan->touch_as[as].first = at;
		at += plan->touch_as[as].count;
		plan->touch_as[as].count = 0;
	}
	for (uint32_t i = 0; i < marks->pair_count && rc == 0; i++)
		rc = add_touch(build, 0);
	for (uint32_t i = 0; i < marks->pair_count && rc == 0; i++) {
		struct touch *touch = &plan->touch_as[marks->pairs[i].as];

		plan->touch[touch->first + touch->count++] = marks->pairs[i].action;
	}
	return rc;
}

static int touch_everything(struct build *build)
{
	struct plan *plan = build->plan;
	int rc = 0;

	plan->touch_everything = (struct touch){ build->touch_count, plan->action_count };
	for (uint32_t i = 0; i < plan->action_count && rc == 0; i++)
		rc = add_touch(build, i);
	return rc;
}

int script_touch(struct build *build)
{
	size_t count = (size_t)build->world->as_count + 1;
	struct marks marks = {
		.sees = calloc(count, sizeof(bool)),
		.mark = calloc(count, sizeof(uint32_t)),
		.cone = calloc(count, sizeof(uint32_t)),
		.queue = calloc(count, sizeof(uint32_t)),
	};
	int rc = 0;

	build->plan->touch_as = calloc(count, sizeof(*build->plan->touch_as));
	if (!marks.sees || !marks.mark || !marks.cone || !marks.queue || !build->plan->touch_as)
		rc = err_memory(build->err);
	if (rc == 0) {
		mark_sight(build, &marks);
		rc = find_pairs(build, &marks);
	}
	if (rc == 0)
		rc = file_pairs(build, &marks);
	if (rc == 0)
		rc = touch_everything(build);
	free(marks.sees);
	free(marks.mark);
	free(marks.cone);
	free(marks.queue);
	free(marks.pairs);
	return rc;
}
