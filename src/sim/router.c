/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an AS says and chooses.
 *
 * Each AS is one router. It keeps what each neighbour last said (`heard`, by its own edge), chooses
 * the best, and tells a neighbour (`spoken`, by its own edge) when what it has to say there is no
 * longer what it said last. Announcements wait for the MRAI: after the last one about these
 * networks; and, where the timer of a session runs all the time because a full table keeps it busy,
 * for its next end. Withdrawals go at once, but from the few ASes that rate-limit them too (RFC
 * 4271 section 9.2.1.1 means both; most implementations delay only announcements). A neighbour
 * hears it after the link's propagation and its own processing time, in order (TCP). Sessions to
 * collectors are edges like others, behind those of the world.
 */
#include "base/vec.h"
#include "sim/dynamics_state.h"
#include "sim/random.h"

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
	return dynamics_feeds(dyn->plan, (uint32_t)(vantage - dyn->plan->vantages),
			      dyn->group_number);
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

struct spoken *router_spoken(struct dynamics *dyn, uint32_t as, uint32_t edge)
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

	return heard->stamp == dyn->routes->stamp ? heard->path
						  : wanted_before(dyn, over->to, over->back);
}

/* Speaking. */

static uint64_t salt(const struct dynamics *dyn, uint32_t sent)
{
	return (uint64_t)dyn->group_number << 24 ^ sent;
}

/* RFC 4271 section 9.2.1.1: the interval is shortened by up to a quarter, at random. */
static int64_t interval(struct dynamics *dyn, uint32_t edge, int64_t mrai, uint32_t sent)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_INTERVAL, (uint64_t)edge << 1,
				  salt(dyn, sent));

	return random_between(bits, mrai - mrai / 4, mrai);
}

/*
 * Most messages are dealt with quickly, a few late: the square of a uniform draw. Slow routers take
 * eight times as long.
 */
static int64_t processing(struct dynamics *dyn, uint32_t edge, uint32_t sent, bool slow)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_PROCESSING, edge, salt(dyn, sent));
	uint64_t low = bits & UINT32_MAX, squared = low * low >> 32;
	int64_t time = dyn->plan->processing_low +
		       (int64_t)(squared * (uint64_t)(dyn->plan->processing_high -
						      dyn->plan->processing_low) >>
				 32);

	return slow ? 8 * time : time;
}

/* How long an announcement waits for a timer that runs all the time; 0 where none does. */
static int64_t busy_for(struct dynamics *dyn, uint32_t edge, int64_t mrai, uint32_t sent)
{
	uint64_t bits = random_at(dyn->plan->seed, RANDOM_INTERVAL, (uint64_t)edge << 1 | 1,
				  salt(dyn, sent));

	return random_chance(bits, dyn->plan->busy) ? random_between(random_mix(bits), 0, mrai) : 0;
}

static int send_message(struct dynamics *dyn, uint32_t as, uint32_t edge, struct spoken *spoken,
			uint32_t path)
{
	const struct world_edge *over = &dyn->world->edges[edge];
	int64_t arrival = dyn->now + world_distance(dyn->world, dyn->plan->seed, as, over->to) +
			  processing(dyn, edge, spoken->sent, dyn->plan->traits[over->to].slow);

	spoken->said = path;
	spoken->waiting = false;
	if (path)
		spoken->again = dyn->now +
				interval(dyn, edge, dyn->plan->traits[as].mrai, spoken->sent);
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
	int64_t way = random_between(random_at(dyn->plan->seed, RANDOM_SESSION, number, 1), 2000,
				     150000);
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
	return queue_push(&dyn->queue,
			  (struct due){ .time = until, .edge = edge, .kind = DUE_INTERVAL },
			  dyn->err);
}

/* Until when a message has to wait; `now` where it need not. */
static int64_t may_speak(struct dynamics *dyn, uint32_t edge, const struct spoken *spoken,
			 int64_t mrai)
{
	return dyn->now < spoken->again ? spoken->again
					: dyn->now + busy_for(dyn, edge, mrai, spoken->sent);
}

int router_speak(struct dynamics *dyn, uint32_t as, uint32_t edge, bool waited)
{
	struct spoken *spoken = router_spoken(dyn, as, edge);
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

int router_speak_there(struct dynamics *dyn, uint32_t number, bool waited)
{
	const struct vantage *vantage = &dyn->plan->vantages[number];
	struct spoken *spoken = spoken_there(dyn, number);
	uint32_t path = wanted_there(dyn, vantage, false), edge = dyn->world->edge_count + number;

	if (path == spoken->said || (path == 0 && dyn->stuck[number])) {
		spoken->waiting = false;
		return 0;
	}
	if (path && !waited) {
		int64_t when = spoken->queued ? INT64_MAX
					      : may_speak(dyn, edge, spoken, vantage->mrai);

		if (when > dyn->now)
			return wait(dyn, edge, spoken, when);
	}
	return send_there(dyn, number, spoken, path);
}

int router_speak_all(struct dynamics *dyn, uint32_t as, bool up)
{
	const struct world_as *of = &dyn->world->ases[as];
	const struct touch *sessions = &dyn->plan->vantages_of[as];
	int rc = 0;

	for (uint32_t e = of->first; up && e < of->peers_active && rc == 0; e++)
		rc = router_speak(dyn, as, e, false);
	for (uint32_t e = of->customers; e < of->customers_active && rc == 0; e++)
		rc = router_speak(dyn, as, e, false);
	for (uint32_t i = 0; i < sessions->count && rc == 0; i++)
		rc = router_speak_there(dyn, dyn->plan->vantages_by_as[sessions->first + i], false);
	return rc;
}

/* Choosing. */

struct choice {
	uint8_t class;
	uint32_t edge, path, length;
};

bool router_drops(const struct dynamics *dyn, uint32_t as)
{
	const struct invalid *invalid;

	if (!dyn->invalid)
		return false;
	invalid = &dyn->plan->invalid[dyn->invalid - 1];
	return random_chance(random_at(dyn->plan->seed, RANDOM_SCRIPT, invalid->event,
				       UINT64_C(5) << 40 | as),
			     invalid->share);
}

static void consider(struct dynamics *dyn, uint32_t as, uint32_t edge, struct choice *best)
{
	uint32_t path = heard_over(dyn, edge);
	uint8_t class;
	uint32_t length;

	if (path == 0 || router_drops(dyn, as))
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

	if (node->class == choice->class && node->edge == choice->edge &&
	    node->path == choice->path)
		return 0;
	up = route_goes_up(from) || route_goes_up(choice->class) || dyn->leak_count;
	node->class = choice->class;
	node->edge = choice->edge;
	node->path = choice->path;
	node->length = (uint16_t)choice->length;
	node->export = choice->class == CLASS_NONE ? 0
						   : routes_path(dyn->routes, as, choice->path, 1);
	if (dyn->counting)
		count_change(dyn, as, from, node->class);
	return router_speak_all(dyn, as, up);
}

int router_choose(struct dynamics *dyn, uint32_t as)
{
	struct choice best;

	choose(dyn, as, &best);
	return take(dyn, as, &best);
}

int router_hear(struct dynamics *dyn, uint32_t as, uint32_t edge, uint32_t path)
{
	struct node *node = routes_node(dyn->routes, as);
	struct choice best = { node->class, node->edge, node->path, node->length };

	dyn->heard[edge] = (struct heard){ dyn->routes->stamp, path };
	if (node->class == CLASS_OWN)
		return 0;
	if (node->edge == edge)
		return router_choose(dyn, as);
	consider(dyn, as, edge, &best);
	return take(dyn, as, &best);
}

uint32_t router_steady(struct dynamics *dyn, uint32_t vantage)
{
	return wanted_there(dyn, &dyn->plan->vantages[vantage], true);
}

bool router_is_played(const struct dynamics *dyn, uint32_t as)
{
	if (dyn->world->ases[as].active)
		return true;
	for (uint32_t i = 0; i < GROUP_ORIGINS; i++)
		if (dyn->group->origins[i] == as)
			return true;
	return false;
}
