/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scenario's events do: when each happens, which links, ASes and networks it is about, what
 * it does to collectors.
 *
 * Events about networks are not turned into actions here: a network's fate is the list of them that
 * it meets, and script_groups.c makes groups of networks that share one.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/random.h"
#include "sim/script_build.h"

static int add_occurrence(struct build *build, int64_t start, int64_t end)
{
	int rc = VEC_GROW(build->occurrences, build->occurrence_count, build->occurrence_room,
			  build->err);

	if (rc == 0)
		build->occurrences[build->occurrence_count++] = (struct occurrence){ start, end };
	return rc;
}

static int64_t jittered(uint64_t bits, int64_t value, uint32_t jitter)
{
	int64_t most = (int64_t)((unsigned __int128)value * jitter / 1000000);

	return value + random_between(bits, -most, most);
}

/* Every so often, each time for a while; never two at once. */
static int repeat(struct build *build, uint32_t number, const struct scenario_event *event,
		  int64_t until)
{
	int64_t free_from = event->at;
	uint64_t k = 0;

	for (int64_t at = event->at; at < until; at += event->every, k += 2) {
		uint64_t first = random_at(build->plan->seed, RANDOM_SCRIPT, number, k);
		uint64_t second = random_at(build->plan->seed, RANDOM_SCRIPT, number, k + 1);
		int64_t start = k ? at + jittered(first, event->every, event->jitter) - event->every
				  : at;
		int64_t end;
		int rc;

		if (start < free_from)
			start = free_from;
		end = start + jittered(second, event->lasting, event->jitter);
		if (end > until)
			end = until;
		if (end <= start)
			continue;
		rc = add_occurrence(build, start, end);
		if (rc != 0)
			return rc;
		free_from = end + UTC_SECOND;
	}
	return 0;
}

static int plan_times(struct build *build)
{
	const struct scenario *scenario = build->scenario;

	build->times = calloc((size_t)scenario->event_count + 1, sizeof(*build->times));
	if (!build->times)
		return err_memory(build->err);
	for (uint32_t i = 0; i < scenario->event_count; i++) {
		const struct scenario_event *event = &scenario->events[i];
		int64_t until = event->until == UTC_NEVER ? scenario->until : event->until;
		int rc;

		build->times[i].first = build->occurrence_count;
		if (event->every != UTC_NEVER)
			rc = repeat(build, i, event, until);
		else
			rc = add_occurrence(build, event->at, event->lasting != UTC_NEVER
					    ? event->at + event->lasting : until);
		if (rc != 0)
			return rc;
		build->times[i].count = build->occurrence_count - build->times[i].first;
	}
	return 0;
}

static int add_action(struct build *build, int64_t time, enum action_kind kind, uint32_t what,
		      uint32_t event)
{
	struct plan *plan = build->plan;
	int rc = VEC_GROW(plan->actions, plan->action_count, build->action_room, build->err);

	if (rc == 0)
		plan->actions[plan->action_count++] = (struct action){ time, kind, what, event };
	return rc;
}

/* `kind` and the one that ends it. */
static int add_pair(struct build *build, int64_t start, int64_t end, enum action_kind kind,
		    uint32_t what, uint32_t event)
{
	int rc = add_action(build, start, kind, what, event);

	return rc == 0 && end < build->plan->until ? add_action(build, end, kind + 1, what, event)
						   : rc;
}

static int add_trouble(struct build *build, const struct trouble *trouble)
{
	struct plan *plan = build->plan;
	int rc = VEC_GROW(plan->troubles, plan->trouble_count, build->trouble_room, build->err);

	if (rc == 0)
		plan->troubles[plan->trouble_count++] = *trouble;
	return rc;
}

/* An AS that is down takes its sessions to collectors with it. */
static int as_down(struct build *build, uint32_t as, int64_t start, int64_t end, uint32_t event)
{
	const struct touch *sessions = &build->plan->vantages_of[as];
	int rc = add_pair(build, start, end, ACTION_AS_DOWN, as, event);

	for (uint32_t i = 0; i < sessions->count && rc == 0; i++) {
		uint32_t vantage = build->plan->vantages_by_as[sessions->first + i];

		rc = add_trouble(build, &(struct trouble){
			.kind = TROUBLE_SESSION, .at = start, .until = end, .vantage = vantage,
			.event = event,
			.collector = build->plan->vantages[vantage].collector,
		});
	}
	return rc;
}

static int link_down(struct build *build, uint32_t number, const struct scenario_event *event)
{
	const struct touch *times = &build->times[number];
	uint32_t a, b, edge;
	int rc = script_as(build, event->link.values[0], event->line, &a);

	if (rc == 0)
		rc = script_as(build, event->link.values[1], event->line, &b);
	if (rc != 0)
		return rc;
	edge = world_edge_find(build->world, a, b);
	if (edge == WORLD_NONE)
		return script_complain(build, event->line, "AS%u and AS%u are not linked",
				       event->link.values[0], event->link.values[1]);
	for (uint32_t i = 0; i < times->count && rc == 0; i++) {
		const struct occurrence *when = &build->occurrences[times->first + i];

		rc = add_pair(build, when->start, when->end, ACTION_LINK_DOWN,
			      build->world->edges[edge].link, number);
	}
	return rc;
}

static int ases_down(struct build *build, uint32_t number, const struct scenario_event *event)
{
	const struct touch *times = &build->times[number];
	int rc = 0;

	for (uint32_t j = 0; j < event->ases.count && rc == 0; j++) {
		uint32_t as;

		rc = script_as(build, event->ases.values[j], event->line, &as);
		for (uint32_t i = 0; i < times->count && rc == 0; i++) {
			const struct occurrence *when = &build->occurrences[times->first + i];

			rc = as_down(build, as, when->start, when->end, number);
		}
	}
	return rc;
}

static bool listed(const struct yaml_numbers *numbers, uint32_t asn)
{
	for (uint32_t i = 0; i < numbers->count; i++)
		if (numbers->values[i] == asn)
			return true;
	return false;
}

static int drop_customers(struct build *build, uint32_t number, const struct scenario_event *event)
{
	const struct touch *times = &build->times[number];
	const struct world_as *of;
	uint32_t as, dropped = 0;
	int rc = script_as(build, event->ases.values[0], event->line, &as);

	if (rc != 0)
		return rc;
	of = &build->world->ases[as];
	for (uint32_t e = of->customers; e < of->end; e++) {
		const struct world_edge *edge = &build->world->edges[e];

		if (event->customers.count &&
		    !listed(&event->customers, build->world->ases[edge->to].asn))
			continue;
		dropped++;
		for (uint32_t i = 0; i < times->count && rc == 0; i++) {
			const struct occurrence *when = &build->occurrences[times->first + i];

			rc = add_pair(build, when->start, when->end, ACTION_LINK_DOWN, edge->link,
				      number);
		}
	}
	if (rc == 0 && (dropped == 0 || dropped < event->customers.count))
		return script_complain(build, event->line, "AS%u has no such customers",
				       event->ases.values[0]);
	return rc;
}

/* The ASes of a country: those that the event names first, in that order, the others as drawn. */
static int order_of_fall(struct build *build, uint32_t number, const struct scenario_event *event,
			 uint32_t *order, uint32_t *ret_count)
{
	const struct world *world = build->world;
	uint32_t count = 0, named;
	int rc = 0;

	for (uint32_t i = 0; i < event->ases.count && rc == 0; i++)
		rc = script_as(build, event->ases.values[i], event->line, &order[count++]);
	if (rc != 0)
		return rc;
	named = count;
	for (uint32_t as = 0; as < world->as_count; as++)
		if (world->ases[as].country == event->country &&
		    !listed(&event->ases, world->ases[as].asn))
			order[count++] = as;
	for (uint32_t i = count; i > named + 1; i--) {
		uint64_t bits = random_at(build->plan->seed, RANDOM_SCRIPT, number,
					  UINT64_C(1) << 40 | i);
		uint32_t with = named + (uint32_t)random_scale(bits, i - named),
			 swap = order[i - 1];

		order[i - 1] = order[with];
		order[with] = swap;
	}
	*ret_count = count;
	return count ? 0 : script_complain(build, event->line, "no AS of that country is there");
}

static int country_down(struct build *build, uint32_t number, const struct scenario_event *event)
{
	uint32_t *order = calloc((size_t)build->world->as_count + event->ases.count + 1,
				 sizeof(*order));
	const struct touch *times = &build->times[number];
	uint32_t count = 0;
	int rc;

	if (!order)
		return err_memory(build->err);
	rc = order_of_fall(build, number, event, order, &count);
	for (uint32_t i = 0; i < times->count && rc == 0; i++) {
		const struct occurrence *when = &build->occurrences[times->first + i];
		int64_t start = when->start, end = when->end;

		for (uint32_t j = 0; j < count && rc == 0; j++) {
			uint64_t bits = random_at(build->plan->seed, RANDOM_SCRIPT, number,
						  UINT64_C(2) << 40 | (uint64_t)i << 20 | j);

			if (start < build->plan->until && start < end)
				rc = as_down(build, order[j], start, end, number);
			start += random_between(bits, event->apart.low, event->apart.high);
			if (end < build->plan->until)
				end += random_between(random_mix(bits), event->apart.low,
						      event->apart.high) /
				       4;
		}
	}
	free(order);
	return rc;
}

/* Networks and their fates. */

static int meet(struct build *build, uint32_t network, uint32_t event)
{
	struct draft_group *group = &build->networks[network];
	uint64_t key = (uint64_t)group->fate << 32 | event;
	uint32_t fate = map_get(&build->fate_map, key);
	int rc;

	if (fate != MAP_NONE) {
		group->fate = fate;
		return 0;
	}
	rc = VEC_GROW(build->fates, build->fate_count, build->fate_room, build->err);
	if (rc != 0)
		return rc;
	build->fates[build->fate_count] = (struct fate){ group->fate, event };
	if (map_put(&build->fate_map, key, build->fate_count) != 0)
		return err_memory(build->err);
	group->fate = build->fate_count++;
	return 0;
}

static bool has_prefix(const struct yaml_prefixes *prefixes, const struct prefix *prefix)
{
	for (uint32_t i = 0; i < prefixes->count; i++)
		if (prefix_equal(&prefixes->values[i], prefix))
			return true;
	return false;
}

static bool selects(const struct build *build, const struct scenario_event *event,
		    const struct draft_group *group)
{
	const struct world_as *origin = &build->world->ases[group->network.origin];

	if (group->brought)
		return false;
	if (!event->networks.count && !event->origins.count && !event->country)
		return true;
	return (event->country && group->network.country == event->country) ||
	       listed(&event->origins, origin->asn) ||
	       has_prefix(&event->networks, &group->network.prefix);
}

/* Networks that an event selects, or a share of them. */
static int meet_selected(struct build *build, uint32_t number, const struct scenario_event *event)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < build->network_count; i++) {
		uint64_t bits = random_at(build->plan->seed, RANDOM_SCRIPT, number,
					  UINT64_C(3) << 40 | i);
		int rc;

		if (!selects(build, event, &build->networks[i]))
			continue;
		count++;
		if (event->what != WHAT_STUCK && event->what != WHAT_RPKI_INVALID &&
		    event->share != UINT32_MAX && !random_chance(bits, event->share))
			continue;
		rc = meet(build, i, number);
		if (rc != 0)
			return rc;
	}
	if (count == 0 || (event->networks.count && !event->origins.count && !event->country &&
			   count < event->networks.count))
		return script_complain(build, event->line,
				       "not all of the networks are announced by anybody");
	return 0;
}

/* Networks that only the event brings: more specific ones, or a blackhole's. */
static int bring(struct build *build, uint32_t number, const struct scenario_event *event,
		 uint32_t as, const struct prefix *prefix)
{
	struct draft_group *group;
	int rc;

	for (uint32_t i = 0; i < build->network_count; i++) {
		if (!prefix_equal(&build->networks[i].network.prefix, prefix))
			continue;
		if (event->what == WHAT_HIJACK && !build->networks[i].brought &&
		    build->networks[i].network.origin != as)
			return meet(build, i, number);
		/* The same once more. */
		if (build->networks[i].brought && build->networks[i].network.origin == as &&
		    build->networks[i].blackhole == (event->what == WHAT_BLACKHOLE))
			return meet(build, i, number);
		return script_complain(build, event->line,
				       "one of the networks is announced in another way already");
	}
	rc = VEC_GROW(build->networks, build->network_count, build->network_room, build->err);
	if (rc != 0)
		return rc;
	group = &build->networks[build->network_count++];
	*group = (struct draft_group){
		.network = { .prefix = *prefix, .origin = as }, .policy = WORLD_NONE,
		.brought = true,
		.blackhole = event->what == WHAT_BLACKHOLE,
		.contained = event->what == WHAT_BLACKHOLE && event->contained,
	};
	for (uint32_t i = 0; i < build->world->network_count; i++)
		if (build->world->networks[i].top &&
		    prefix_contains(&build->world->networks[i].prefix, prefix))
			group->network.country = build->world->networks[i].country;
	return meet(build, build->network_count - 1, number);
}

static int announce_falsely(struct build *build, uint32_t number,
			    const struct scenario_event *event)
{
	uint32_t as;
	int rc = script_as(build, event->ases.values[0], event->line, &as);

	for (uint32_t i = 0; i < event->networks.count && rc == 0; i++) {
		const struct prefix *prefix = &event->networks.values[i];

		if (event->what == WHAT_HIJACK && !prefix_is_network(prefix))
			return script_complain(build, event->line,
					       "networks: expected IPv4 /8 to /24 or IPv6 /16 to "
					       "/48");
		rc = bring(build, number, event, as, prefix);
	}
	return rc;
}

static int leak(struct build *build, uint32_t number, const struct scenario_event *event)
{
	struct plan *plan = build->plan;
	struct leak *made = &plan->leaks[plan->leak_count];
	int rc;

	*made = (struct leak){ .from = WORLD_NONE, .to = WORLD_NONE };
	build->event_thing[number] = plan->leak_count++;
	rc = script_as(build, event->ases.values[0], event->line, &made->as);
	if (rc == 0 && event->leak_from)
		rc = script_as(build, event->leak_from, event->line, &made->from);
	if (rc == 0 && event->leak_to)
		rc = script_as(build, event->leak_to, event->line, &made->to);
	if (rc == 0 && made->to != WORLD_NONE &&
	    world_edge_find(build->world, made->as, made->to) == WORLD_NONE)
		return script_complain(build, event->line, "to: AS%u and AS%u are not linked",
				       event->ases.values[0], event->leak_to);
	return rc == 0 ? meet_selected(build, number, event) : rc;
}

static int invalidate(struct build *build, uint32_t number, const struct scenario_event *event)
{
	struct plan *plan = build->plan;

	build->event_thing[number] = plan->invalid_count;
	plan->invalid[plan->invalid_count++] = (struct invalid){ event->share, number };
	return meet_selected(build, number, event);
}

/* Collectors. */

static int collector_of(const struct build *build, const struct scenario_event *event,
			uint32_t *ret_collector)
{
	for (uint32_t i = 0; i < build->plan->collector_count; i++)
		if (strcmp(build->plan->collectors[i].name, event->collector) == 0) {
			*ret_collector = i;
			return 0;
		}
	return script_complain(build, event->line, "there is no collector %s", event->collector);
}

/* Whether an event is about this vantage point; a share of them is drawn. */
static bool is_meant(const struct build *build, uint32_t number, const struct scenario_event *event,
		     uint32_t vantage)
{
	const struct vantage *at = &build->plan->vantages[vantage];

	if (event->collector &&
	    strcmp(build->plan->collectors[at->collector].name, event->collector) != 0)
		return false;
	if (event->peers.count && !listed(&event->peers, at->peer.asn))
		return false;
	return event->share == UINT32_MAX ||
	       random_chance(random_at(build->plan->seed, RANDOM_SCRIPT, number,
				       UINT64_C(4) << 40 | vantage),
			     event->share);
}

static int stuck(struct build *build, uint32_t number, const struct scenario_event *event)
{
	struct plan *plan = build->plan;
	struct stuck *made = &plan->stuck[plan->stuck_count];
	uint32_t count = 0;

	build->event_thing[number] = plan->stuck_count++;
	made->vantages = calloc((size_t)plan->vantage_count + 1, sizeof(*made->vantages));
	if (!made->vantages)
		return err_memory(build->err);
	for (uint32_t i = 0; i < plan->vantage_count; i++)
		count += made->vantages[i] = is_meant(build, number, event, i);
	if (count == 0)
		return script_complain(build, event->line, "it is about no vantage point");
	return meet_selected(build, number, event);
}

static int reset_sessions(struct build *build, uint32_t number, const struct scenario_event *event)
{
	const struct touch *times = &build->times[number];
	uint32_t count = 0;

	for (uint32_t vantage = 0; vantage < build->plan->vantage_count; vantage++) {
		if (!is_meant(build, number, event, vantage))
			continue;
		count++;
		for (uint32_t i = 0; i < times->count; i++) {
			const struct occurrence *when = &build->occurrences[times->first + i];
			int rc = add_trouble(build, &(struct trouble){
				.kind = TROUBLE_SESSION, .at = when->start, .until = when->end,
				.vantage = vantage,
				.collector = build->plan->vantages[vantage].collector,
				.silent = event->silent,
				.event = number,
			});

			if (rc != 0)
				return rc;
		}
	}
	return count || event->share != UINT32_MAX ? 0
		: script_complain(build, event->line, "it is about no vantage point");
}

static int trouble_collector(struct build *build, uint32_t number,
			     const struct scenario_event *event)
{
	const struct touch *times = &build->times[number];
	struct trouble trouble = {
		.files = event->files, .by = event->by, .event = number,
		.share = event->share == UINT32_MAX ? 500000 : event->share,
	};
	int rc = collector_of(build, event, &trouble.collector);

	switch (event->what) {
	case WHAT_COLLECTOR_DOWN:
		trouble.kind = TROUBLE_COLLECTOR;
		break;
	case WHAT_FILES_MISSING:
		trouble.kind = TROUBLE_MISSING;
		break;
	case WHAT_FILES_TRUNCATED:
		trouble.kind = TROUBLE_TRUNCATED;
		break;
	case WHAT_CLOCK_SKEW:
		trouble.kind = TROUBLE_SKEW;
		break;
	default:
		trouble.kind = TROUBLE_DUPLICATES;
		break;
	}
	for (uint32_t i = 0; i < times->count && rc == 0; i++) {
		trouble.at = build->occurrences[times->first + i].start;
		trouble.until = build->occurrences[times->first + i].end;
		rc = add_trouble(build, &trouble);
	}
	return rc;
}

static int (*const event_rows[WHAT_COUNT])(struct build *build, uint32_t number,
					   const struct scenario_event *event) = {
	[WHAT_LINK_DOWN] = link_down,
	[WHAT_AS_DOWN] = ases_down,
	[WHAT_WITHDRAW] = meet_selected,
	[WHAT_DROP_CUSTOMERS] = drop_customers,
	[WHAT_COUNTRY_DOWN] = country_down,
	[WHAT_LEAK] = leak,
	[WHAT_HIJACK] = announce_falsely,
	[WHAT_BLACKHOLE] = announce_falsely,
	[WHAT_RPKI_INVALID] = invalidate,
	[WHAT_SESSION_RESET] = reset_sessions,
	[WHAT_COLLECTOR_DOWN] = trouble_collector,
	[WHAT_FILES_MISSING] = trouble_collector,
	[WHAT_FILES_TRUNCATED] = trouble_collector,
	[WHAT_STUCK] = stuck,
	[WHAT_CLOCK_SKEW] = trouble_collector,
	[WHAT_DUPLICATES] = trouble_collector,
};

/* The world's own unrest: links between ASes that the scenario does not name. */
static int add_noise(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	const struct world *world = build->world;
	int64_t period = scenario->until - scenario->from;
	uint64_t count = (unsigned __int128)scenario->noise * (uint64_t)period / UTC_DAY;

	for (uint64_t i = 0; i < count && world->link_count; i++) {
		struct random random = { random_at(build->plan->seed, RANDOM_NOISE, i, 0) };
		uint32_t link = random_below(&random, world->link_count);
		int64_t start = random_between(random_next(&random), scenario->from,
					       scenario->until - 1);
		int64_t end = start + random_between(random_next(&random),
						     scenario->noise_lasting.low,
						     scenario->noise_lasting.high);
		uint32_t a = world->edges[world->link_edges[2 * link]].to;
		uint32_t b = world->edges[world->link_edges[2 * link + 1]].to;
		bool named = false;
		int rc;

		for (uint32_t j = 0; j < scenario->as_count; j++)
			named |= scenario->ases[j].asn == world->ases[a].asn ||
				 scenario->ases[j].asn == world->ases[b].asn;
		if (named)
			continue;
		rc = add_pair(build, start, end, ACTION_LINK_DOWN, link, PLAN_NOISE);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int compare_actions(const void *a, const void *b)
{
	const struct action *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->what > y->what) - (x->what < y->what);
}

static int compare_troubles(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return (x->vantage > y->vantage) - (x->vantage < y->vantage);
}

static int copy_networks(struct build *build)
{
	const struct world *world = build->world;
	int rc = 0;

	for (uint32_t i = 0; i < world->network_count && rc == 0; i++) {
		rc = VEC_GROW(build->networks, build->network_count, build->network_room,
			      build->err);
		if (rc == 0)
			build->networks[build->network_count++] = (struct draft_group){
				.network = world->networks[i], .policy = WORLD_NONE,
			};
	}
	/* Fate 0 is to meet nothing. */
	return rc == 0 ? VEC_GROW(build->fates, build->fate_count, build->fate_room, build->err)
		       : rc;
}

int script_events(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct plan *plan = build->plan;
	int rc = copy_networks(build);

	if (rc != 0)
		return rc;
	build->fates[build->fate_count++] = (struct fate){ 0, UINT32_MAX };
	build->event_thing = calloc((size_t)scenario->event_count + 1, sizeof(*build->event_thing));
	plan->leaks = calloc((size_t)scenario->event_count + 1, sizeof(*plan->leaks));
	plan->stuck = calloc((size_t)scenario->event_count + 1, sizeof(*plan->stuck));
	plan->invalid = calloc((size_t)scenario->event_count + 1, sizeof(*plan->invalid));
	if (!build->event_thing || !plan->leaks || !plan->stuck || !plan->invalid)
		return err_memory(build->err);
	rc = plan_times(build);
	for (uint32_t i = 0; i < scenario->event_count && rc == 0; i++)
		rc = event_rows[scenario->events[i].what](build, i, &scenario->events[i]);
	if (rc == 0)
		rc = add_noise(build);
	if (rc != 0)
		return rc;
	if (plan->action_count)
		qsort(plan->actions, plan->action_count, sizeof(*plan->actions), compare_actions);
	if (plan->trouble_count)
		qsort(plan->troubles, plan->trouble_count, sizeof(*plan->troubles),
		      compare_troubles);
	return 0;
}
