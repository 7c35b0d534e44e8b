/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The play of a group: its actions and the messages between ASes, in the order of time.
 *
 * Nothing is set up for a group: what an edge carries is taken from the steady state until
 * something writes there. So an action costs what it changes, and most change next to nothing.
 *
 * Links count how often they are down, since events overlap. Each end notices for itself; an epoch,
 * raised whenever the link changes, tells messages and notices of an earlier life.
 *
 * When a group goes dark for most vantage points it is played a second time, the same way, with all
 * ASes counted (count.c).
 */
#include "sim/dynamics.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/dynamics_state.h"
#include "sim/random.h"

int dynamics_new(const struct plan *plan, struct dynamics **ret_dynamics, struct err *err)
{
	const struct world *world = plan->world;
	struct dynamics *dyn = calloc(1, sizeof(*dyn));
	int rc;

	if (!dyn)
		return err_memory(err);
	dyn->plan = plan;
	dyn->world = world;
	rc = routes_new(plan, &dyn->routes, err);
	dyn->spoken = calloc((size_t)world->edge_count + plan->vantage_count + 1,
			     sizeof(*dyn->spoken));
	dyn->heard = calloc((size_t)world->edge_count + 1, sizeof(*dyn->heard));
	dyn->lines = calloc((size_t)world->link_count + 1, sizeof(*dyn->lines));
	dyn->leaves = calloc((size_t)world->as_count + 1, sizeof(*dyn->leaves));
	dyn->stuck = calloc((size_t)plan->vantage_count + 1, sizeof(*dyn->stuck));
	if (rc == 0 && (!dyn->spoken || !dyn->heard || !dyn->lines || !dyn->leaves || !dyn->stuck))
		rc = err_memory(err);
	if (rc != 0) {
		dynamics_free(dyn);
		return rc;
	}
	*ret_dynamics = dyn;
	return 0;
}

void dynamics_free(struct dynamics *dyn)
{
	if (!dyn)
		return;
	routes_free(dyn->routes);
	free(dyn->spoken);
	free(dyn->heard);
	free(dyn->lines);
	free(dyn->leaves);
	free(dyn->stuck);
	free(dyn->leaks);
	free(dyn->queue.items);
	free(dyn->actions);
	free(dyn->numbers);
	free(dyn->local);
	free(dyn);
}

void result_free(struct result *result)
{
	free(result->paths);
	free(result->steady);
	free(result->messages);
	free(result->world);
	*result = (struct result){ 0 };
}
/* Links. */

static int lose(struct dynamics *dyn, uint32_t edge)
{
	uint32_t as = near_end(dyn, edge);
	struct spoken *spoken = router_spoken(dyn, as, edge);

	if (spoken->down)
		return 0;
	spoken->down = true;
	spoken->said = 0;
	spoken->waiting = false;
	spoken->again = INT64_MIN;
	return router_hear(dyn, as, edge, 0);
}

static int establish(struct dynamics *dyn, uint32_t edge)
{
	int rc = lose(dyn, edge);

	if (rc != 0)
		return rc;
	dyn->spoken[edge].down = false;
	return router_speak(dyn, near_end(dyn, edge), edge, false);
}

/* Both ends notice, each in its time; or establish their session, at the same time. */
static int notice(struct dynamics *dyn, const struct action *action, uint32_t link, uint16_t kind)
{
	uint16_t epoch = ++line_of(dyn, link)->epoch;
	int rc = 0;

	for (uint32_t i = 0; i < 2 && rc == 0; i++) {
		uint32_t edge = dyn->world->link_edges[2 * link + i];
		uint64_t bits = random_at(dyn->plan->seed, RANDOM_DETECTION,
					  kind == DUE_UP ? (uint64_t)link << 1
							 : (uint64_t)link << 1 | i,
					  (uint64_t)action->time ^ kind);

		rc = queue_push(&dyn->queue, (struct due){
			.time = dyn->now + random_between(bits, 0, dyn->plan->detection),
			.edge = edge, .epoch = epoch, .kind = kind,
		}, dyn->err);
	}
	return rc;
}
static int change_link(struct dynamics *dyn, const struct action *action, uint32_t link, bool up)
{
	struct line *line = line_of(dyn, link);
	uint32_t edge = dyn->world->link_edges[2 * link];

	if (up ? --line->downs > 0 : line->downs++ > 0)
		return 0;
	if (dyn->counting)
		count_link(dyn, link, up);
	if (!router_is_played(dyn, near_end(dyn, edge)) ||
	    !router_is_played(dyn, dyn->world->edges[edge].to))
		return 0;
	return notice(dyn, action, link, up ? DUE_UP : DUE_LOST);
}

static int change_as(struct dynamics *dyn, const struct action *action, bool up)
{
	const struct world_as *of = &dyn->world->ases[action->what];
	int rc = 0;

	for (uint32_t e = of->first; e < of->end && rc == 0; e++)
		rc = change_link(dyn, action, dyn->world->edges[e].link, up);
	return rc;
}

static int change_origin(struct dynamics *dyn, const struct action *action)
{
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++) {
		if (dyn->group->origins[i] != action->what)
			continue;
		dyn->off[i] += action->kind == ACTION_WITHDRAW ? 1 : (uint32_t)-1;
		return router_choose(dyn, action->what);
	}
	return 0;
}

static int change_leak(struct dynamics *dyn, const struct action *action)
{
	if (action->kind == ACTION_LEAK) {
		int rc = VEC_GROW(dyn->leaks, dyn->leak_count, dyn->leak_room, dyn->err);

		if (rc != 0)
			return rc;
		dyn->leaks[dyn->leak_count++] = action->what;
	} else {
		uint32_t kept = 0;

		for (uint32_t i = 0; i < dyn->leak_count; i++)
			if (dyn->leaks[i] != action->what)
				dyn->leaks[kept++] = dyn->leaks[i];
		dyn->leak_count = kept;
	}
	return router_speak_all(dyn, dyn->plan->leaks[action->what].as, true);
}

static int change_stuck(struct dynamics *dyn, const struct action *action)
{
	const bool *which = dyn->plan->stuck[action->what].vantages;
	int rc = 0;

	for (uint32_t i = 0; i < dyn->plan->vantage_count && rc == 0; i++) {
		if (!which[i])
			continue;
		if (action->kind == ACTION_STUCK)
			dyn->stuck[i]++;
		else if (--dyn->stuck[i] == 0)
			rc = router_speak_there(dyn, i, false);
	}
	return rc;
}

/* Who validates looks at what it has anew (RFC 6811 section 4). */
static int change_validity(struct dynamics *dyn, const struct action *action)
{
	int rc = 0;

	dyn->invalid = action->what + 1;
	for (uint32_t as = 0; as < dyn->world->as_count && rc == 0; as++) {
		bool drops = router_drops(dyn, as);

		if (!drops || !router_is_played(dyn, as))
			continue;
		if (action->kind == ACTION_VALID)
			dyn->invalid = 0;
		rc = router_choose(dyn, as);
		dyn->invalid = action->what + 1;
	}
	if (action->kind == ACTION_VALID)
		dyn->invalid = 0;
	return rc;
}

static int act(struct dynamics *dyn, const struct action *action)
{
	switch (action->kind) {
	case ACTION_LINK_DOWN:
	case ACTION_LINK_UP:
		return change_link(dyn, action, action->what, action->kind == ACTION_LINK_UP);
	case ACTION_AS_DOWN:
	case ACTION_AS_UP:
		return change_as(dyn, action, action->kind == ACTION_AS_UP);
	case ACTION_WITHDRAW:
	case ACTION_ANNOUNCE:
		return change_origin(dyn, action);
	case ACTION_LEAK:
	case ACTION_LEAK_END:
		return change_leak(dyn, action);
	case ACTION_STUCK:
	case ACTION_STUCK_END:
		return change_stuck(dyn, action);
	case ACTION_INVALID:
	case ACTION_VALID:
		return change_validity(dyn, action);
	}
	return 0;
}

static int interval_over(struct dynamics *dyn, uint32_t edge)
{
	uint32_t edges = dyn->world->edge_count;
	struct spoken *spoken = &dyn->spoken[edge];

	spoken->queued = false;
	if (!spoken->waiting)
		return 0;
	return edge < edges ? router_speak(dyn, near_end(dyn, edge), edge, true)
			    : router_speak_there(dyn, edge - edges, true);
}

static int happen(struct dynamics *dyn, const struct due *due)
{
	const struct world_edge *over;

	if (due->kind == DUE_INTERVAL)
		return interval_over(dyn, due->edge);
	over = &dyn->world->edges[due->edge];
	if (line_of(dyn, over->link)->epoch != due->epoch)
		return 0;
	switch (due->kind) {
	case DUE_LOST:
		return lose(dyn, due->edge);
	case DUE_UP:
		return establish(dyn, due->edge);
	default:
		/* Said by an end that had not noticed yet. */
		if (line_of(dyn, over->link)->downs)
			return 0;
		dyn->result->played++;
		return router_is_played(dyn, over->to)
			       ? router_hear(dyn, over->to, over->back, due->path)
			       : 0;
	}
}

/* Everything that is due before a time. */
static int run_until(struct dynamics *dyn, int64_t time)
{
	while (dyn->queue.count && dyn->queue.items[0].time < time) {
		struct due due = queue_pop(&dyn->queue);
		int rc;

		dyn->now = due.time;
		rc = happen(dyn, &due);
		if (rc == 0 && dyn->err->code != ERR_OK)
			rc = (int)dyn->err->code;
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* The group's actions. */

static int add_numbers(struct dynamics *dyn, const struct touch *touch)
{
	for (uint32_t i = 0; i < touch->count; i++) {
		int rc = VEC_GROW(dyn->numbers, dyn->number_count, dyn->number_room, dyn->err);

		if (rc != 0)
			return rc;
		dyn->numbers[dyn->number_count++] = dyn->plan->touch[touch->first + i];
	}
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int add_action(struct dynamics *dyn, const struct action *action)
{
	int rc = VEC_GROW(dyn->actions, dyn->action_count, dyn->action_room, dyn->err);

	if (rc == 0)
		dyn->actions[dyn->action_count++] = *action;
	return rc;
}

/*
 * Both lists are in the order of time; an action of the group comes before one on a link at the
 * same instant.
 */
static int collect_actions(struct dynamics *dyn)
{
	const struct plan *plan = dyn->plan;
	const struct group *group = dyn->group;
	uint32_t own = 0, last = UINT32_MAX;
	int rc;

	dyn->number_count = dyn->action_count = 0;
	rc = add_numbers(dyn, group->everything ? &plan->touch_everything : &plan->touch_all);
	for (uint32_t i = 0; i < GROUP_ORIGINS && group->origins[i] != WORLD_NONE && rc == 0; i++)
		rc = add_numbers(dyn, &plan->touch_as[group->origins[i]]);
	if (rc != 0)
		return rc;
	if (dyn->number_count)
		qsort(dyn->numbers, dyn->number_count, sizeof(*dyn->numbers), compare_numbers);
	for (uint32_t i = 0; i < dyn->number_count; i++) {
		const struct action *action = &plan->actions[dyn->numbers[i]];

		if (dyn->numbers[i] == last)
			continue;
		last = dyn->numbers[i];
		while (own < group->own.count &&
		       plan->own_actions[group->own.first + own].time <= action->time) {
			rc = add_action(dyn, &plan->own_actions[group->own.first + own++]);
			if (rc != 0)
				return rc;
		}
		rc = add_action(dyn, action);
		if (rc != 0)
			return rc;
	}
	while (own < group->own.count && rc == 0)
		rc = add_action(dyn, &plan->own_actions[group->own.first + own++]);
	return rc;
}

/* The result. */

/* The result's number of a path, its tail first. */
static uint32_t keep_path(struct dynamics *dyn, uint32_t path)
{
	struct result *result = dyn->result;
	const struct path_node *node = &dyn->routes->paths[path];
	uint32_t parent;

	if (path == 0 || dyn->local[path])
		return path ? dyn->local[path] : 0;
	parent = keep_path(dyn, node->parent);
	if (VEC_GROW(result->paths, result->path_count, result->path_room, dyn->err) != 0)
		return 0;
	result->paths[result->path_count] = (struct result_path){ node->as, parent, node->times };
	return dyn->local[path] = result->path_count++;
}

static int keep_paths(struct dynamics *dyn)
{
	struct result *result = dyn->result;

	if (dyn->local_room < dyn->routes->path_room) {
		uint32_t *moved = reallocarray(dyn->local, dyn->routes->path_room, sizeof(*moved));

		if (!moved)
			return err_memory(dyn->err);
		dyn->local = moved;
		dyn->local_room = dyn->routes->path_room;
	}
	memset(dyn->local, 0, (size_t)dyn->routes->path_count * sizeof(*dyn->local));
	result->path_count = 0;
	if (VEC_GROW(result->paths, result->path_count, result->path_room, dyn->err) != 0)
		return ERR_MEMORY;
	result->paths[result->path_count++] = (struct result_path){ WORLD_NONE, 0, 0 };
	for (uint32_t i = 0; i < dyn->plan->vantage_count; i++)
		result->steady[i] = keep_path(dyn, result->steady[i]);
	for (uint32_t i = 0; i < result->message_count; i++)
		result->messages[i].path = keep_path(dyn, result->messages[i].path);
	return dyn->err->code == ERR_OK ? 0 : (int)dyn->err->code;
}

/* At some time fewer than half of the full feeds had a route that they had at the start. */
static bool goes_dark(const struct dynamics *dyn)
{
	const struct plan *plan = dyn->plan;
	const struct result *result = dyn->result;
	uint32_t all = 0, holding = 0;
	bool *holds = calloc((size_t)plan->vantage_count + 1, sizeof(*holds));
	bool dark = false;

	if (!holds) {
		err_memory(dyn->err);
		return false;
	}
	for (uint32_t i = 0; i < plan->vantage_count; i++) {
		holds[i] = result->steady[i] != 0;
		if (plan->vantages[i].feed != FEED_FULL ||
		    !dynamics_feeds(plan, i, dyn->group_number))
			continue;
		all++;
		holding += holds[i];
	}
	for (uint32_t i = 0; i < result->message_count && dyn->group->announced; i++) {
		const struct result_message *message = &result->messages[i];

		if (plan->vantages[message->vantage].feed != FEED_FULL)
			continue;
		holding += (message->path != 0) - (uint32_t)holds[message->vantage];
		holds[message->vantage] = message->path != 0;
		dark |= 2 * holding < all;
	}
	free(holds);
	return dark;
}

static int play(struct dynamics *dyn)
{
	const struct group *group = dyn->group;
	struct result *result = dyn->result;
	int rc = routes_settle(dyn->routes, group, dyn->err);

	if (rc != 0)
		return rc;
	dyn->queue.count = dyn->queue.order = 0;
	dyn->leak_count = 0;
	dyn->invalid = 0;
	memset(dyn->stuck, 0, dyn->plan->vantage_count * sizeof(*dyn->stuck));
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++)
		dyn->off[i] = i > 0 || !group->announced;
	result->message_count = result->world_count = 0;
	result->played = 0;
	for (uint32_t i = 0; i < dyn->plan->vantage_count; i++)
		result->steady[i] = router_steady(dyn, i);
	if (dyn->counting)
		count_start(dyn);
	for (uint32_t i = 0; i < dyn->action_count && rc == 0; i++) {
		const struct action *action = &dyn->actions[i];

		if (action->time >= dyn->plan->until)
			break;
		rc = run_until(dyn, action->time);
		dyn->now = action->time;
		if (rc == 0)
			rc = act(dyn, action);
	}
	return rc == 0 ? run_until(dyn, dyn->plan->until) : rc;
}

int dynamics_play(struct dynamics *dyn, uint32_t group, struct result *result, struct err *err)
{
	struct err ignored = { 0 };
	int rc;

	dyn->err = err ? err : &ignored;
	dyn->err->code = ERR_OK;
	dyn->group_number = group;
	dyn->group = &dyn->plan->groups[group];
	dyn->result = result;
	dyn->counting = false;
	if (!result->steady) {
		result->steady = calloc((size_t)dyn->plan->vantage_count + 1,
					sizeof(*result->steady));
		if (!result->steady)
			return err_memory(dyn->err);
	}
	rc = collect_actions(dyn);
	if (rc == 0)
		rc = play(dyn);
	if (rc == 0 && result->message_count && goes_dark(dyn)) {
		dyn->counting = true;
		rc = play(dyn);
	}
	result->actions = dyn->actions;
	result->action_count = dyn->action_count;
	return rc == 0 ? keep_paths(dyn) : rc;
}
