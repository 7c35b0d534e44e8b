/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The play of BGP messages.
 *
 * Each AS is one router. It keeps what each neighbour last said (`heard`, by its own edge), chooses the best,
 * and tells a neighbour (`spoken`, by its own edge) when what it has to say there is no longer what it said last.
 * Announcements wait for the MRAI: after the last one about these networks; and, where the timer of a session runs all
 * the time because a full table keeps it busy, for its next end. Withdrawals go at once, but from the few ASes that
 * rate-limit them too (RFC 4271 section 9.2.1.1 means both; most implementations delay only announcements). A
 * neighbour hears it after the link's propagation and its own processing time, in order (TCP). Sessions to collectors are
 * edges like others, behind those of the world.
 *
 * Nothing is set up for a group: what an edge carries is taken from the steady state until something writes there.
 * So an action costs what it changes, and most change next to nothing.
 *
 * Links count how often they are down, since events overlap. Each end notices for itself; an epoch, raised whenever
 * the link changes, tells messages and notices of an earlier life.
 *
 * Leaves (world.h) are played only as origins. When a group goes dark for most vantage points it is played a second
 * time with all ASes counted: a leaf has a route while any neighbour has one to give it.
 */
#include "sim/dynamics.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/queue.h"
#include "sim/random.h"
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
	uint16_t *stuck;		/* by vantage point */
	uint32_t stuck_any;
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
	dyn->spoken = calloc((size_t)world->edge_count + plan->vantage_count + 1, sizeof(*dyn->spoken));
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

/* Counting all ASes. */

static void count_world(struct dynamics *dyn, int change)
{
	struct result *result = dyn->result;
	bool dark;

	dyn->have += (uint32_t)change;
	dark = 2 * (uint64_t)dyn->have < dyn->world->as_count;
	if (dark == dyn->world_dark)
		return;
	dyn->world_dark = dark;
	if (VEC_GROW(result->world, result->world_count, result->world_room, dyn->err) == 0)
		result->world[result->world_count++] = (struct result_world){ dyn->now, dark };
}

static void count_leaf(struct dynamics *dyn, uint32_t as, bool gained)
{
	struct leaf *leaf = &dyn->leaves[as];

	if (leaf->stamp != dyn->routes->stamp)
		*leaf = (struct leaf){ .stamp = dyn->routes->stamp };
	leaf->sources += gained ? 1 : (uint32_t)-1;
	if (gained ? leaf->sources == 1 : leaf->sources == 0)
		count_world(dyn, gained ? 1 : -1);
}

static struct line *line_of(struct dynamics *dyn, uint32_t link)
{
	struct line *line = &dyn->lines[link];

	if (line->stamp != dyn->routes->stamp)
		*line = (struct line){ .stamp = dyn->routes->stamp };
	return line;
}

static void count_leaves(struct dynamics *dyn, uint32_t first, uint32_t end, bool gained)
{
	for (uint32_t e = first; e < end; e++)
		if (line_of(dyn, dyn->world->edges[e].link)->downs == 0)
			count_leaf(dyn, dyn->world->edges[e].to, gained);
}

/* An active AS's choice went from one class to another. */
static void count_change(struct dynamics *dyn, uint32_t as, uint8_t from, uint8_t to)
{
	const struct world_as *of = &dyn->world->ases[as];
	bool had = from != CLASS_NONE, has = to != CLASS_NONE;

	if (!of->active) {
		if (had != has)
			count_leaf(dyn, as, has);
		return;
	}
	if (had != has)
		count_world(dyn, has ? 1 : -1);
	if (dyn->group->contained)
		return;
	if (had != has)
		count_leaves(dyn, of->customers_active, of->end, has);
	if (route_goes_up(from) != route_goes_up(to))
		count_leaves(dyn, of->peers_active, of->customers, route_goes_up(to));
}

static void count_start(struct dynamics *dyn)
{
	struct routes *routes = dyn->routes;

	dyn->have = 0;
	dyn->world_dark = true;
	dyn->now = dyn->plan->from;
	for (uint32_t i = 0; i < routes->settled.count; i++) {
		uint32_t as = routes->settled.items[i];

		count_change(dyn, as, CLASS_NONE, routes->nodes[as].class);
	}
	dyn->result->world_count = 0;
}

/* What an AS has to say. */

static bool leaks(const struct dynamics *dyn, uint32_t as, const struct node *node, uint32_t to)
{
	for (uint32_t i = 0; i < dyn->leak_count; i++) {
		const struct leak *leak = &dyn->plan->leaks[dyn->leaks[i]];

		if (leak->as == as && (leak->to == WORLD_NONE || leak->to == to) &&
		    (leak->from == WORLD_NONE || leak->from == dyn->world->edges[node->edge].to))
			return true;
	}
	return false;
}

static uint32_t wanted(struct dynamics *dyn, uint32_t as, uint32_t edge)
{
	struct node *node = routes_node(dyn->routes, as);
	uint32_t to = dyn->world->edges[edge].to;

	if (node->class == CLASS_OWN)
		return routes_own_export(dyn->routes, as, to);
	if (node->class == CLASS_NONE || dyn->group->contained || node->edge == edge)
		return 0;
	if (!route_goes_up(node->class) && edge < dyn->world->ases[as].customers &&
	    !(dyn->leak_count && leaks(dyn, as, node, to)))
		return 0;
	return node->export;
}

/* The same in the steady state, when nothing leaks. */
static uint32_t wanted_before(struct dynamics *dyn, uint32_t as, uint32_t edge)
{
	struct node *node = routes_node(dyn->routes, as);

	if (node->class_before == CLASS_OWN)
		return routes_own_export(dyn->routes, as, dyn->world->edges[edge].to);
	if (node->class_before == CLASS_NONE || dyn->group->contained || node->edge_before == edge)
		return 0;
	if (!route_goes_up(node->class_before) && edge < dyn->world->ases[as].customers)
		return 0;
	return node->export_before;
}

bool dynamics_feeds(const struct plan *plan, uint32_t vantage, uint32_t group)
{
	const struct vantage *at = &plan->vantages[vantage];

	if (plan->groups[group].family == FAMILY_IPV6 ? !at->ipv6 : !at->ipv4)
		return false;
	return at->feed != FEED_SHARE ||
	       random_chance(random_at(plan->seed, RANDOM_FEED, vantage, group), at->share);
}

static bool feeds(const struct dynamics *dyn, const struct vantage *vantage)
{
	return dynamics_feeds(dyn->plan, (uint32_t)(vantage - dyn->plan->vantages), dyn->group_number);
}

/* What a session to a collector has to say. */
static uint32_t wanted_there(struct dynamics *dyn, const struct vantage *vantage, bool before)
{
	struct node *node = routes_node(dyn->routes, vantage->as);
	uint8_t class = before ? node->class_before : node->class;

	if (class == CLASS_NONE || !feeds(dyn, vantage))
		return 0;
	if (class == CLASS_OWN)
		return routes_path(dyn->routes, vantage->as, 0, 1);
	if (vantage->feed == FEED_CUSTOMERS && !route_goes_up(class))
		return 0;
	return dyn->group->contained && class != CLASS_CUSTOMER ? 0
		: before ? node->export_before : node->export;
}

static struct spoken *spoken_of(struct dynamics *dyn, uint32_t as, uint32_t edge)
{
	struct spoken *spoken = &dyn->spoken[edge];

	if (spoken->stamp != dyn->routes->stamp)
		*spoken = (struct spoken){
			.stamp = dyn->routes->stamp, .said = wanted_before(dyn, as, edge),
			.again = INT64_MIN, .arrival = INT64_MIN,
		};
	return spoken;
}

static struct spoken *spoken_there(struct dynamics *dyn, uint32_t number)
{
	struct spoken *spoken = &dyn->spoken[dyn->world->edge_count + number];

	if (spoken->stamp != dyn->routes->stamp)
		*spoken = (struct spoken){
			.stamp = dyn->routes->stamp,
			.said = wanted_there(dyn, &dyn->plan->vantages[number], true),
			.again = INT64_MIN, .arrival = INT64_MIN,
		};
	return spoken;
}

static uint32_t heard_over(struct dynamics *dyn, uint32_t edge)
{
	const struct heard *heard = &dyn->heard[edge];
	const struct world_edge *over = &dyn->world->edges[edge];

	return heard->stamp == dyn->routes->stamp ? heard->path : wanted_before(dyn, over->to, over->back);
}

/* Speaking. */

static uint64_t salt(const struct dynamics *dyn, uint32_t sent)
{
	return (uint64_t)dyn->group_number << 24 ^ sent;
}

/* RFC 4271 section 9.2.1.1: the interval is shortened by up to a quarter, at random. */
static int64_t interval(struct dynamics *dyn, uint32_t edge, int64_t mrai, uint32_t sent)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_INTERVAL, (uint64_t)edge << 1, salt(dyn, sent));

	return random_between(bits, mrai - mrai / 4, mrai);
}

/* Most messages are dealt with quickly, a few late: the square of a uniform draw. Slow routers take eight times as long. */
static int64_t processing(struct dynamics *dyn, uint32_t edge, uint32_t sent, bool slow)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_PROCESSING, edge, salt(dyn, sent));
	uint64_t low = bits & UINT32_MAX, squared = low * low >> 32;
	int64_t time = dyn->plan->processing_low +
		(int64_t)(squared * (uint64_t)(dyn->plan->processing_high - dyn->plan->processing_low) >> 32);

	return slow ? 8 * time : time;
}

/* How long an announcement waits for a timer that runs all the time; 0 where none does. */
static int64_t busy_for(struct dynamics *dyn, uint32_t edge, int64_t mrai, uint32_t sent)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_INTERVAL, (uint64_t)edge << 1 | 1, salt(dyn, sent));

	return random_chance(bits, dyn->plan->busy) ? random_between(random_mix(bits), 0, mrai) : 0;
}

static int send_message(struct dynamics *dyn, uint32_t as, uint32_t edge, struct spoken *spoken, uint32_t path)
{
	const struct world_edge *over = &dyn->world->edges[edge];
	int64_t arrival = dyn->now + world_distance(dyn->world, dyn->plan->seed, as, over->to) +
			  processing(dyn, edge, spoken->sent, dyn->plan->traits[over->to].slow);

	spoken->said = path;
	spoken->waiting = false;
	if (path)
		spoken->again = dyn->now + interval(dyn, edge, dyn->plan->traits[as].mrai, spoken->sent);
	spoken->arrival = arrival > spoken->arrival ? arrival : spoken->arrival + 1;
	spoken->sent++;
	return queue_push(&dyn->queue, (struct due){
		.time = spoken->arrival, .edge = edge, .path = path, .kind = DUE_MESSAGE,
		.epoch = line_of(dyn, over->link)->epoch,
	}, dyn->err);
}

static int send_there(struct dynamics *dyn, uint32_t number, struct spoken *spoken, uint32_t path)
{
	const struct vantage *vantage = &dyn->plan->vantages[number];
	struct result *result = dyn->result;
	uint32_t edge = dyn->world->edge_count + number;
	int64_t way = random_between(random_at(dyn->plan->seed, RANDOM_SESSION, number, 1), 2000, 150000);
	int64_t arrival = dyn->now + way + processing(dyn, edge, spoken->sent, false) / 8;
	int rc = VEC_GROW(result->messages, result->message_count, result->message_room, dyn->err);

	if (rc != 0)
		return rc;
	spoken->said = path;
	spoken->waiting = false;
	if (path)
		spoken->again = dyn->now + interval(dyn, edge, vantage->mrai, spoken->sent);
	spoken->arrival = arrival > spoken->arrival ? arrival : spoken->arrival + 1;
	spoken->sent++;
	result->messages[result->message_count++] = (struct result_message){
		dyn->now, spoken->arrival, number, path,
	};
	return 0;
}

static int wait(struct dynamics *dyn, uint32_t edge, struct spoken *spoken, int64_t until)
{
	spoken->waiting = true;
	if (spoken->queued)
		return 0;
	spoken->queued = true;
	return queue_push(&dyn->queue, (struct due){ .time = until, .edge = edge, .kind = DUE_INTERVAL }, dyn->err);
}

/* Until when a message has to wait; `now` where it need not. */
static int64_t may_speak(struct dynamics *dyn, uint32_t edge, const struct spoken *spoken, int64_t mrai)
{
	return dyn->now < spoken->again ? spoken->again : dyn->now + busy_for(dyn, edge, mrai, spoken->sent);
}

/* Says over an edge what is to be said there, if anything is, and if it may be said yet. */
static int speak(struct dynamics *dyn, uint32_t as, uint32_t edge, bool waited)
{
	struct spoken *spoken = spoken_of(dyn, as, edge);
	const struct traits *traits = &dyn->plan->traits[as];
	uint32_t path;
	int64_t when;

	if (spoken->down)
		return 0;
	path = wanted(dyn, as, edge);
	if (path == spoken->said) {
		spoken->waiting = false;
		return 0;
	}
	if ((path || traits->withdrawals_wait) && !waited) {
		when = spoken->queued ? INT64_MAX : may_speak(dyn, edge, spoken, traits->mrai);
		if (when > dyn->now)
			return wait(dyn, edge, spoken, when);
	}
	return send_message(dyn, as, edge, spoken, path);
}

static int speak_there(struct dynamics *dyn, uint32_t number, bool waited)
{
	const struct vantage *vantage = &dyn->plan->vantages[number];
	struct spoken *spoken = spoken_there(dyn, number);
	uint32_t path = wanted_there(dyn, vantage, false), edge = dyn->world->edge_count + number;

	if (path == spoken->said || (path == 0 && dyn->stuck[number])) {
		spoken->waiting = false;
		return 0;
	}
	if (path && !waited) {
		int64_t when = spoken->queued ? INT64_MAX : may_speak(dyn, edge, spoken, vantage->mrai);

		if (when > dyn->now)
			return wait(dyn, edge, spoken, when);
	}
	return send_there(dyn, number, spoken, path);
}

static int speak_all(struct dynamics *dyn, uint32_t as, bool up)
{
	const struct world_as *of = &dyn->world->ases[as];
	const struct touch *sessions = &dyn->plan->vantages_of[as];
	int rc = 0;

	for (uint32_t e = of->first; up && e < of->peers_active && rc == 0; e++)
		rc = speak(dyn, as, e, false);
	for (uint32_t e = of->customers; e < of->customers_active && rc == 0; e++)
		rc = speak(dyn, as, e, false);
	for (uint32_t i = 0; i < sessions->count && rc == 0; i++)
		rc = speak_there(dyn, dyn->plan->vantages_by_as[sessions->first + i], false);
	return rc;
}

/* Choosing. */

struct choice {
	uint8_t class;
	uint32_t edge, path, length;
};

static void consider(struct dynamics *dyn, uint32_t as, uint32_t edge, struct choice *best)
{
	uint32_t path = heard_over(dyn, edge);
	uint8_t class;
	uint32_t length;

	if (path == 0)
		return;
	class = class_of(world_relation(dyn->world, as, edge));
	length = dyn->routes->paths[path].length;
	if (class > best->class ||
	    (class == best->class &&
	     (length > best->length ||
	      (length == best->length && !world_prefers(dyn->world, edge, best->edge)))))
		return;
	if (!routes_path_has(dyn->routes, path, as))
		*best = (struct choice){ class, edge, path, length };
}

static bool originates(const struct dynamics *dyn, uint32_t as)
{
	for (uint32_t i = 0; i < GROUP_ORIGINS && dyn->group->origins[i] != WORLD_NONE; i++)
		if (dyn->group->origins[i] == as && dyn->off[i] == 0)
			return true;
	return false;
}

static void choose(struct dynamics *dyn, uint32_t as, struct choice *ret_best)
{
	const struct world_as *of = &dyn->world->ases[as];
	struct node *node = routes_node(dyn->routes, as);
	struct choice best = { .class = CLASS_NONE, .edge = WORLD_NONE };

	if (originates(dyn, as)) {
		*ret_best = (struct choice){ .class = CLASS_OWN, .edge = WORLD_NONE };
		return;
	}
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++)
		if (node->leaf_edge[i] != WORLD_NONE)
			consider(dyn, as, node->leaf_edge[i], &best);
	for (uint32_t e = of->customers; e < of->customers_active; e++)
		consider(dyn, as, e, &best);
	for (uint32_t e = of->peers; best.class >= CLASS_PEER && e < of->peers_active; e++)
		consider(dyn, as, e, &best);
	for (uint32_t e = of->first; best.class >= CLASS_PROVIDER && e < of->peers; e++)
		consider(dyn, as, e, &best);
	*ret_best = best;
}

/* Takes a choice for good and tells everybody whom it concerns. */
static int take(struct dynamics *dyn, uint32_t as, const struct choice *choice)
{
	struct node *node = routes_node(dyn->routes, as);
	uint8_t from = node->class;
	bool up;

	if (node->class == choice->class && node->edge == choice->edge && node->path == choice->path)
		return 0;
	up = route_goes_up(from) || route_goes_up(choice->class) || dyn->leak_count;
	node->class = choice->class;
	node->edge = choice->edge;
	node->path = choice->path;
	node->length = (uint16_t)choice->length;
	node->export = choice->class == CLASS_NONE ? 0 : routes_path(dyn->routes, as, choice->path, 1);
	if (dyn->counting)
		count_change(dyn, as, from, node->class);
	return speak_all(dyn, as, up);
}

static int choose_again(struct dynamics *dyn, uint32_t as)
{
	struct choice best;

	choose(dyn, as, &best);
	return take(dyn, as, &best);
}

/* Over its edge the AS heard a path, or that there is none. */
static int hear(struct dynamics *dyn, uint32_t as, uint32_t edge, uint32_t path)
{
	struct node *node = routes_node(dyn->routes, as);
	struct choice best = { node->class, node->edge, node->path, node->length };

	dyn->heard[edge] = (struct heard){ dyn->routes->stamp, path };
	if (node->class == CLASS_OWN)
		return 0;
	if (node->edge == edge)
		return choose_again(dyn, as);
	consider(dyn, as, edge, &best);
	return take(dyn, as, &best);
}

/* Links. */

/* Neither a leaf's own side nor what it hears is played, unless it is an origin. */
static bool is_played(const struct dynamics *dyn, uint32_t as)
{
	if (dyn->world->ases[as].active)
		return true;
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++)
		if (dyn->group->origins[i] == as)
			return true;
	return false;
}

static uint32_t near_end(const struct dynamics *dyn, uint32_t edge)
{
	return dyn->world->edges[dyn->world->edges[edge].back].to;
}

static int lose(struct dynamics *dyn, uint32_t edge)
{
	uint32_t as = near_end(dyn, edge);
	struct spoken *spoken = spoken_of(dyn, as, edge);

	if (spoken->down)
		return 0;
	spoken->down = true;
	spoken->said = 0;
	spoken->waiting = false;
	spoken->again = INT64_MIN;
	return hear(dyn, as, edge, 0);
}

static int establish(struct dynamics *dyn, uint32_t edge)
{
	int rc = lose(dyn, edge);

	if (rc != 0)
		return rc;
	dyn->spoken[edge].down = false;
	return speak(dyn, near_end(dyn, edge), edge, false);
}

/* Both ends notice, each in its time; or establish their session, at the same time. */
static int notice(struct dynamics *dyn, const struct action *action, uint32_t link, uint16_t kind)
{
	uint16_t epoch = ++line_of(dyn, link)->epoch;
	int rc = 0;

	for (uint32_t i = 0; i < 2 && rc == 0; i++) {
		uint32_t edge = dyn->world->link_edges[2 * link + i];
		uint64_t bits = random_at(dyn->plan->seed, RANDOM_DETECTION,
					  kind == DUE_UP ? (uint64_t)link << 1 : (uint64_t)link << 1 | i,
					  (uint64_t)action->time ^ kind);

		rc = queue_push(&dyn->queue, (struct due){
			.time = dyn->now + random_between(bits, 0, dyn->plan->detection),
			.edge = edge, .epoch = epoch, .kind = kind,
		}, dyn->err);
	}
	return rc;
}

/* A link to a leaf matters only to the count. */
static void count_link(struct dynamics *dyn, uint32_t link, bool up)
{
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t edge = dyn->world->link_edges[2 * link + i];
		uint32_t as = near_end(dyn, edge), to = dyn->world->edges[edge].to;
		const struct node *node;

		if (!dyn->world->ases[as].active || dyn->world->ases[to].active || dyn->group->contained)
			continue;
		node = routes_node(dyn->routes, as);
		if (edge >= dyn->world->ases[as].customers ? node->class != CLASS_NONE : route_goes_up(node->class))
			count_leaf(dyn, to, up);
	}
}

static int change_link(struct dynamics *dyn, const struct action *action, uint32_t link, bool up)
{
	struct line *line = line_of(dyn, link);
	uint32_t edge = dyn->world->link_edges[2 * link];

	if (up ? --line->downs > 0 : line->downs++ > 0)
		return 0;
	if (dyn->counting)
		count_link(dyn, link, up);
	if (!is_played(dyn, near_end(dyn, edge)) || !is_played(dyn, dyn->world->edges[edge].to))
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
		return choose_again(dyn, action->what);
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
	return speak_all(dyn, dyn->plan->leaks[action->what].as, true);
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
			rc = speak_there(dyn, i, false);
	}
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
	return edge < edges ? speak(dyn, near_end(dyn, edge), edge, true) : speak_there(dyn, edge - edges, true);
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
		return is_played(dyn, over->to) ? hear(dyn, over->to, over->back, due->path) : 0;
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

/* Both lists are in the order of time; an action of the group comes before one on a link at the same instant. */
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
		while (own < group->own.count && plan->own_actions[group->own.first + own].time <= action->time) {
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
		if (plan->vantages[i].feed != FEED_FULL || !feeds(dyn, &plan->vantages[i]))
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
	memset(dyn->stuck, 0, dyn->plan->vantage_count * sizeof(*dyn->stuck));
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++)
		dyn->off[i] = i > 0 || !group->announced;
	result->message_count = result->world_count = 0;
	result->played = 0;
	for (uint32_t i = 0; i < dyn->plan->vantage_count; i++)
		result->steady[i] = wanted_there(dyn, &dyn->plan->vantages[i], true);
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
		result->steady = calloc((size_t)dyn->plan->vantage_count + 1, sizeof(*result->steady));
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
