/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups go to threads in batches; each batch's results are compact, and are merged by the owner in
 * order: paths into one tree, messages into one list, and when a group was dark for most full
 * feeds.
 */
#include "sim/play.h"

#include <stdlib.h>

#include "base/ordered.h"
#include "base/utc.h"
#include "base/vec.h"
#include "sim/dynamics.h"

#define BATCH_GROUPS 64u

struct batch {
	uint32_t first, count;
	struct result results[BATCH_GROUPS];
	struct dark *darks;
	uint32_t dark_count, dark_room;
	struct err err;
	int rc;
};

struct crew {
	const struct plan *plan;
	struct dynamics **dynamics;	/* by worker */
};

/*
 * Which of the actions before `at` made the group dark: one of the script that still lasts, else
 * the latest.
 */
static const struct action *cause_of(const struct result *result, int64_t at)
{
	const struct action *found = NULL;

	for (uint32_t i = 0; i < result->action_count && result->actions[i].time <= at; i++) {
		const struct action *action = &result->actions[i];
		bool over = false;

		if (action->kind != ACTION_LINK_DOWN && action->kind != ACTION_AS_DOWN &&
		    action->kind != ACTION_WITHDRAW)
			continue;
		for (uint32_t j = i + 1; j < result->action_count && result->actions[j].time <= at;
		     j++)
			over |= result->actions[j].kind == action->kind + 1 &&
				result->actions[j].what == action->what &&
				result->actions[j].event == action->event;
		if (!found || !over)
			found = action;
	}
	return found;
}

static int add_dark(struct batch *batch, uint32_t group, const struct result *result, int64_t at)
{
	const struct action *cause = cause_of(result, at);
	int rc = VEC_GROW(batch->darks, batch->dark_count, batch->dark_room, &batch->err);

	if (rc == 0)
		batch->darks[batch->dark_count++] = (struct dark){
			.group = group, .event = cause ? cause->event : PLAN_NOISE,
			.cause_at = cause ? cause->time : UTC_NEVER, .vp_dark_at = at,
			.vp_back_at = UTC_NEVER,
			.world_dark_at = UTC_NEVER, .world_back_at = UTC_NEVER, .lowest = 1000000,
		};
	return rc;
}

/*
 * The world's darkness that belongs to the group's: from its cause until it is back, or the next
 * begins.
 */
static void add_world(struct batch *batch, uint32_t first, const struct result *result)
{
	for (uint32_t i = first; i < batch->dark_count; i++) {
		struct dark *dark = &batch->darks[i];
		int64_t from = dark->cause_at == UTC_NEVER ? dark->vp_dark_at : dark->cause_at;
		int64_t until = i + 1 < batch->dark_count ? batch->darks[i + 1].vp_dark_at
							  : INT64_MAX;

		if (i > first && batch->darks[i - 1].vp_back_at > from)
			from = batch->darks[i - 1].vp_back_at;
		for (uint32_t j = 0; j < result->world_count; j++) {
			const struct result_world *change = &result->world[j];

			if (change->time < from || change->time >= until)
				continue;
			if (change->dark && dark->world_dark_at == UTC_NEVER)
				dark->world_dark_at = change->time;
			if (!change->dark && dark->world_dark_at != UTC_NEVER)
				dark->world_back_at = change->time;
		}
	}
}

/* Peer ASes holding the group, counted over its full feeds of its family. */
struct holding {
	uint16_t *routes;	/* by peer AS */
	bool *holds;		/* by vantage point */
	uint32_t peers, all;
};

static void hold(const struct plan *plan, struct holding *holding, uint32_t vantage, bool holds)
{
	uint32_t peer = plan->vantages[vantage].peer_as;

	if (peer == WORLD_NONE || holding->holds[vantage] == holds)
		return;
	holding->holds[vantage] = holds;
	if (holds)
		holding->peers += holding->routes[peer]++ == 0;
	else
		holding->peers -= --holding->routes[peer] == 0;
}

/*
 * Below half of the peer ASes is dark. Messages of one instant count together: `sent` is when the
 * vantage point's table changed.
 */
static int find_darks(const struct plan *plan, struct batch *batch, uint32_t group,
		      const struct result *result, struct holding *holding)
{
	uint32_t first = batch->dark_count;
	bool is_dark = false;

	if (!plan->groups[group].announced || result->message_count == 0 || holding->all == 0)
		return 0;
	for (uint32_t i = 0; i < plan->vantage_count; i++)
		hold(plan, holding, i, result->steady[i] != 0);
	is_dark = 2 * holding->peers < holding->all;
	for (uint32_t i = 0; i < result->message_count; i++) {
		const struct result_message *message = &result->messages[i];
		struct dark *last = batch->dark_count > first ? &batch->darks[batch->dark_count - 1]
							      : NULL;
		uint32_t share;
		int rc;

		hold(plan, holding, message->vantage, message->path != 0);
		share = (uint32_t)((uint64_t)holding->peers * 1000000 / holding->all);
		if (is_dark && last && share < last->lowest)
			last->lowest = share;
		if (i + 1 < result->message_count && result->messages[i + 1].sent == message->sent)
			continue;
		if ((2 * holding->peers < holding->all) == is_dark)
			continue;
		is_dark = !is_dark;
		if (!is_dark && last) {
			last->vp_back_at = message->sent;
			continue;
		}
		rc = is_dark ? add_dark(batch, group, result, message->sent) : 0;
		if (rc != 0)
			return rc;
		if (is_dark)
			batch->darks[batch->dark_count - 1].lowest = share;
	}
	add_world(batch, first, result);
	return 0;
}

static void work(void *context, void *job, unsigned worker)
{
	const struct crew *crew = context;
	const struct plan *plan = crew->plan;
	struct batch *batch = job;
	struct holding holding = {
		.routes = calloc((size_t)plan->peer_ases + 1, sizeof(*holding.routes)),
		.holds = calloc((size_t)plan->vantage_count + 1, sizeof(*holding.holds)),
	};

	batch->dark_count = 0;
	batch->rc = holding.routes && holding.holds ? 0 : err_memory(&batch->err);
	for (uint32_t i = 0; i < batch->count && batch->rc == 0; i++) {
		uint32_t group = batch->first + i;

		batch->rc = dynamics_play(crew->dynamics[worker], group, &batch->results[i],
					  &batch->err);
		if (batch->rc != 0)
			break;
		memset(holding.routes, 0, plan->peer_ases * sizeof(*holding.routes));
		memset(holding.holds, 0, plan->vantage_count * sizeof(*holding.holds));
		holding.peers = 0;
		holding.all = plan->groups[group].family == FAMILY_IPV6 ? plan->peer_ases6
									: plan->peer_ases4;
		batch->rc = find_darks(plan, batch, group, &batch->results[i], &holding);
	}
	free(holding.routes);
	free(holding.holds);
}

/* Merging. */

static int tree_path(struct play *play, uint32_t asn, uint32_t parent, uint32_t *ret_path,
		     struct err *err)
{
	uint64_t key = (uint64_t)asn << 32 | parent;
	uint32_t path = map_get(&play->path_map, key);
	int rc;

	if (path == MAP_NONE) {
		rc = VEC_GROW(play->paths, play->path_count, play->path_room, err);
		if (rc != 0)
			return rc;
		path = play->path_count++;
		play->paths[path] = (struct tree_path){ asn, parent };
		if (map_put(&play->path_map, key, path) != 0)
			return err_memory(err);
	}
	*ret_path = path;
	return 0;
}

/* Fills in to[] with the tree's number of each of the result's paths, tails first as they stand. */
static int merge_paths(struct play *play, const struct result *result, uint32_t *to,
		       struct err *err)
{
	to[0] = 0;
	for (uint32_t i = 1; i < result->path_count; i++) {
		const struct result_path *path = &result->paths[i];
		uint32_t at = to[path->parent];

		for (uint16_t n = 0; n < path->times; n++) {
			int rc = tree_path(play, play->plan->world->ases[path->as].asn, at, &at,
					   err);

			if (rc != 0)
				return rc;
		}
		to[i] = at;
	}
	return 0;
}

static int merge_result(struct play *play, uint32_t group, const struct result *result,
			uint32_t **to, uint32_t *room, struct err *err)
{
	const struct plan *plan = play->plan;
	uint32_t *steady = &play->steady[(size_t)group * plan->vantage_count];
	int rc = 0;

	while (rc == 0 && *room < result->path_count + 1)
		rc = vec_grow((void **)to, *room, room, sizeof(**to), err);
	if (rc == 0)
		rc = merge_paths(play, result, *to, err);
	for (uint32_t i = 0; i < plan->vantage_count && rc == 0; i++)
		steady[i] = (*to)[result->steady[i]];
	for (uint32_t i = 0; i < result->message_count && rc == 0; i++) {
		const struct result_message *message = &result->messages[i];

		rc = VEC_GROW(play->messages, play->message_count, play->message_room, err);
		if (rc == 0 && message->received < plan->until)
			play->messages[play->message_count++] = (struct played_message){
				message->received, message->vantage, group, (*to)[message->path],
			};
	}
	play->between_ases += result->played;
	return rc;
}

static int merge_batch(struct play *play, struct batch *batch, uint32_t **to, uint32_t *room,
		       struct err *err)
{
	int rc = batch->rc;

	if (rc != 0) {
		*err = batch->err;
		return rc;
	}
	for (uint32_t i = 0; i < batch->count && rc == 0; i++)
		rc = merge_result(play, batch->first + i, &batch->results[i], to, room, err);
	for (uint32_t i = 0; i < batch->dark_count && rc == 0; i++) {
		rc = VEC_GROW(play->darks, play->dark_count, play->dark_room, err);
		if (rc == 0)
			play->darks[play->dark_count++] = batch->darks[i];
	}
	return rc;
}

struct show {
	void (*progress)(void *context, uint32_t done, uint32_t all);
	void *context;
};

static int run_batches(struct play *play, struct ordered *pool, struct batch *batches,
		       uint32_t batch_count, const struct show *show, struct err *err)
{
	uint32_t groups = play->plan->group_count, next = 0, used = 0, room = 0, done = 0;
	uint32_t *to = NULL;
	int rc = 0;

	while (rc == 0 && done < groups) {
		struct batch *batch = NULL;

		if (next >= groups || used == batch_count) {
			batch = ordered_take(pool);
			rc = merge_batch(play, batch, &to, &room, err);
			done += batch->count;
			if (show->progress)
				show->progress(show->context, done, groups);
		} else {
			batch = &batches[used++];
		}
		if (next >= groups || rc != 0)
			continue;
		batch->first = next;
		batch->count = groups - next < BATCH_GROUPS ? groups - next : BATCH_GROUPS;
		next += batch->count;
		ordered_submit(pool, batch);
	}
	free(to);
	return rc;
}

static void free_batches(struct batch *batches, uint32_t count)
{
	for (uint32_t i = 0; batches && i < count; i++) {
		for (uint32_t j = 0; j < BATCH_GROUPS; j++)
			result_free(&batches[i].results[j]);
		free(batches[i].darks);
	}
	free(batches);
}

static int play_groups(struct play *play, unsigned threads, const struct show *show,
		       struct err *err)
{
	struct crew crew = { play->plan, calloc(threads, sizeof(*crew.dynamics)) };
	uint32_t batch_count = 4 * threads;
	struct batch *batches = calloc(batch_count, sizeof(*batches));
	struct ordered *pool = NULL;
	int rc = crew.dynamics && batches ? 0 : err_memory(err);

	for (unsigned i = 0; i < threads && rc == 0; i++)
		rc = dynamics_new(play->plan, &crew.dynamics[i], err);
	if (rc == 0)
		rc = ordered_new(&(struct ordered_plan){
			.threads = threads, .bound = batch_count, .work = work, .context = &crew,
		}, &pool, err);
	if (rc == 0) {
		rc = run_batches(play, pool, batches, batch_count, show, err);
		ordered_free(pool);
	}
	for (unsigned i = 0; crew.dynamics && i < threads; i++)
		dynamics_free(crew.dynamics[i]);
	free(crew.dynamics);
	free_batches(batches, batch_count);
	return rc;
}

static int compare_messages(const void *a, const void *b)
{
	const struct played_message *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->vantage != y->vantage)
		return x->vantage < y->vantage ? -1 : 1;
	return (x->group > y->group) - (x->group < y->group);
}

static void measure_feeds(struct play *play)
{
	const struct plan *plan = play->plan;

	for (uint32_t v = 0; v < plan->vantage_count; v++) {
		uint64_t four = 0, six = 0;

		if (plan->vantages[v].feed != FEED_FULL)
			continue;
		for (uint32_t g = 0; g < plan->group_count; g++)
			if (play->steady[(size_t)g * plan->vantage_count + v])
				*(plan->groups[g].family == FAMILY_IPV6 ? &six : &four) +=
					plan->groups[g].count;
		play->table4 = four > play->table4 ? four : play->table4;
		play->table6 = six > play->table6 ? six : play->table6;
	}
}

int play_run(const struct plan *plan, unsigned threads,
	     void (*progress)(void *context, uint32_t done, uint32_t all), void *context,
	     struct play **ret_play, struct err *err)
{
	struct play *play = calloc(1, sizeof(*play));
	struct show show = { progress, context };
	int rc;

	if (!play)
		return err_memory(err);
	play->plan = plan;
	play->steady = calloc((size_t)plan->group_count * plan->vantage_count + 1,
			      sizeof(*play->steady));
	rc = play->steady ? VEC_GROW(play->paths, 0, play->path_room, err) : err_memory(err);
	if (rc == 0) {
		play->paths[play->path_count++] = (struct tree_path){ 0, 0 };
		rc = play_groups(play, threads ? threads : 1, &show, err);
	}
	if (rc != 0) {
		play_free(play);
		return rc;
	}
	if (play->message_count)
		qsort(play->messages, play->message_count, sizeof(*play->messages),
		      compare_messages);
	measure_feeds(play);
	*ret_play = play;
	return 0;
}

void play_free(struct play *play)
{
	if (!play)
		return;
	free(play->paths);
	map_free(&play->path_map);
	free(play->steady);
	free(play->messages);
	free(play->darks);
	free(play);
}
