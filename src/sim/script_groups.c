/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies, then groups: networks of one origin and family with the same policy and fate; and what
 * each group's fate means as actions.
 */
#define _GNU_SOURCE	/* qsort_r() */
#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/random.h"
#include "sim/script_build.h"

static int add_row(struct build *build, uint32_t neighbour, uint32_t times)
{
	struct plan *plan = build->plan;
	int rc = VEC_GROW(plan->policy_rows, build->row_count, build->row_room, build->err);

	if (rc == 0)
		plan->policy_rows[build->row_count++] = (struct policy_row){
			neighbour, (uint8_t)times,
		};
	return rc;
}

static int add_policy(struct build *build, uint8_t others, uint32_t *ret_policy)
{
	int rc = VEC_GROW(build->plan->policies, build->policy_count, build->policy_room,
			  build->err);

	if (rc != 0)
		return rc;
	build->plan->policies[build->policy_count] = (struct policy){
		.others = others, .first = build->row_count,
	};
	*ret_policy = build->policy_count++;
	return 0;
}

static int scripted_policy(struct build *build, const struct scenario_policy *from,
			   uint32_t *ret_policy)
{
	uint32_t policy, neighbour;
	int rc = add_policy(build, from->only.count == 0, &policy);

	for (uint32_t i = 0; i < from->prepend_count && rc == 0; i++) {
		rc = script_as(build, from->prepend[i].asn, from->line, &neighbour);
		if (rc == 0)
			rc = add_row(build, neighbour, 1 + from->prepend[i].times);
	}
	for (uint32_t i = 0; i < from->only.count && rc == 0; i++) {
		bool listed = false;

		rc = script_as(build, from->only.values[i], from->line, &neighbour);
		for (uint32_t j = 0; j < from->prepend_count; j++)
			listed |= from->prepend[j].asn == from->only.values[i];
		if (rc == 0 && !listed)
			rc = add_row(build, neighbour, 1);
	}
	if (rc != 0)
		return rc;
	build->plan->policies[policy].count = build->row_count -
					      build->plan->policies[policy].first;
	*ret_policy = policy;
	return 0;
}

static int apply_scripted(struct build *build)
{
	const struct scenario *scenario = build->scenario;

	for (uint32_t i = 0; i < scenario->policy_count; i++) {
		const struct scenario_policy *from = &scenario->policies[i];
		uint32_t policy, origin, count = 0;
		int rc = script_as(build, from->asn, from->line, &origin);

		if (rc == 0)
			rc = scripted_policy(build, from, &policy);
		if (rc != 0)
			return rc;
		for (uint32_t n = 0; n < build->network_count; n++) {
			struct draft_group *network = &build->networks[n];
			bool meant = from->networks.count == 0;

			for (uint32_t j = 0; j < from->networks.count; j++)
				meant |= prefix_equal(&from->networks.values[j],
						      &network->network.prefix);
			if (!meant || network->brought || network->network.origin != origin)
				continue;
			network->policy = policy;
			count++;
		}
		if (count == 0)
			return script_complain(build, from->line, "the policy is for no network");
	}
	return 0;
}

/*
 * What an AS with several providers may do: prepend to one of them, or announce one half of its
 * networks to one, the other half to another. *ret_policies are for both halves, WORLD_NONE where
 * it does neither.
 */
static int drawn_policies(struct build *build, uint32_t as, uint32_t ret_policies[2])
{
	const struct world_as *of = &build->world->ases[as];
	uint32_t providers = of->peers - of->first;
	struct random random = { random_at(build->plan->seed, RANDOM_POLICY, of->asn, 0) };
	bool prepends = random_chance(random_next(&random), build->scenario->prepended);
	bool selects = random_chance(random_next(&random), build->scenario->selective);
	uint32_t first = random_below(&random, providers), times = 2 + random_below(&random, 3);
	int rc = 0;

	ret_policies[0] = ret_policies[1] = WORLD_NONE;
	if (providers < 2 || (!prepends && !selects))
		return 0;
	for (uint32_t half = 0; half < 2 && rc == 0; half++) {
		uint32_t edge = of->first + (first + half) % providers;

		rc = add_policy(build, !selects, &ret_policies[half]);
		if (rc == 0)
			rc = add_row(build, build->world->edges[edge].to, selects ? 1 : times);
		if (rc == 0)
			build->plan->policies[ret_policies[half]].count = 1;
		if (!selects) {
			ret_policies[1] = ret_policies[0];
			break;
		}
	}
	return rc;
}

/* Networks stand by prefix; an AS's are found by its number. */
static int apply_drawn(struct build *build)
{
	uint32_t (*by_as)[2] = calloc((size_t)build->world->as_count + 1, sizeof(*by_as));
	int rc = 0;

	if (!by_as)
		return err_memory(build->err);
	for (uint32_t as = 0; as < build->world->as_count && rc == 0; as++)
		rc = drawn_policies(build, as, by_as[as]);
	for (uint32_t n = 0; n < build->network_count && rc == 0; n++) {
		struct draft_group *network = &build->networks[n];
		uint64_t half = random_at(build->plan->seed, RANDOM_POLICY, n, 1) & 1;

		if (network->policy == WORLD_NONE && !network->brought)
			network->policy = by_as[network->network.origin][half];
	}
	free(by_as);
	return rc;
}

static int compare_networks(const void *a, const void *b)
{
	const struct draft_group *x = a, *y = b;

	if (x->network.origin != y->network.origin)
		return x->network.origin < y->network.origin ? -1 : 1;
	if (x->network.prefix.family != y->network.prefix.family)
		return x->network.prefix.family < y->network.prefix.family ? -1 : 1;
	if (x->policy != y->policy)
		return x->policy < y->policy ? -1 : 1;
	if (x->fate != y->fate)
		return x->fate < y->fate ? -1 : 1;
	if (x->brought != y->brought)
		return x->brought ? 1 : -1;
	return prefix_compare(&x->network.prefix, &y->network.prefix);
}

static bool same_group(const struct draft_group *x, const struct draft_group *y)
{
	return x->network.origin == y->network.origin &&
	       x->network.prefix.family == y->network.prefix.family && x->policy == y->policy &&
	       x->fate == y->fate && x->brought == y->brought;
}

static int add_own(struct build *build, int64_t time, enum action_kind kind, uint32_t what,
		   uint32_t event)
{
	struct plan *plan = build->plan;
	int rc = VEC_GROW(plan->own_actions, build->own_count, build->own_room, build->err);

	if (rc == 0)
		plan->own_actions[build->own_count++] = (struct action){ time, kind, what, event };
	return rc;
}

/* One event of a group's fate: which action begins it, on what; what ends it. */
static int meet_event(struct build *build, struct group *group, uint32_t number)
{
	const struct scenario_event *event = &build->scenario->events[number];
	const struct touch *times = &build->times[number];
	enum action_kind begin = ACTION_WITHDRAW, end = ACTION_ANNOUNCE;
	uint32_t what = group->origins[0], place = 0;
	int rc = 0;

	if (event->what == WHAT_HIJACK || event->what == WHAT_BLACKHOLE) {
		begin = ACTION_ANNOUNCE;
		end = ACTION_WITHDRAW;
		rc = script_as(build, event->ases.values[0], event->line, &what);
		if (rc != 0)
			return rc;
		while (place < GROUP_ORIGINS && group->origins[place] != WORLD_NONE &&
		       group->origins[place] != what)
			place++;
		if (place == GROUP_ORIGINS)
			return script_complain(build, event->line,
					       "a network can be announced by %d ASes at most",
					       GROUP_ORIGINS);
		group->origins[place] = what;
	} else if (event->what == WHAT_LEAK) {
		begin = ACTION_LEAK;
		end = ACTION_LEAK_END;
		what = build->event_thing[number];
		group->everything = true;
	} else if (event->what == WHAT_RPKI_INVALID) {
		begin = ACTION_INVALID;
		end = ACTION_VALID;
		what = build->event_thing[number];
		group->everything = true;
	} else if (event->what == WHAT_STUCK) {
		begin = ACTION_STUCK;
		end = ACTION_STUCK_END;
		what = build->event_thing[number];
	}
	for (uint32_t i = 0; i < times->count && rc == 0; i++) {
		const struct occurrence *when = &build->occurrences[times->first + i];

		rc = add_own(build, when->start, begin, what, number);
		if (rc == 0 && when->end < build->plan->until)
			rc = add_own(build, when->end, end, what, number);
	}
	return rc;
}

static int compare_actions(const void *a, const void *b)
{
	const struct action *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static int fulfil(struct build *build, struct group *group, uint32_t fate)
{
	int rc = 0;

	group->own.first = build->own_count;
	for (; fate && rc == 0; fate = build->fates[fate].before)
		rc = meet_event(build, group, build->fates[fate].event);
	group->own.count = build->own_count - group->own.first;
	if (rc == 0 && group->own.count)
		qsort(build->plan->own_actions + group->own.first, group->own.count,
		      sizeof(*build->plan->own_actions), compare_actions);
	return rc;
}

static int compare_prefixes(const void *a, const void *b, void *context)
{
	const struct plan *plan = context;

	return prefix_compare(&plan->networks[*(const uint32_t *)a].prefix,
			      &plan->networks[*(const uint32_t *)b].prefix);
}

int script_groups(struct build *build)
{
	struct plan *plan = build->plan;
	uint32_t count = build->network_count;
	int rc = apply_scripted(build);

	if (rc == 0 && (build->scenario->prepended || build->scenario->selective))
		rc = apply_drawn(build);
	if (rc != 0)
		return rc;
	if (count)
		qsort(build->networks, count, sizeof(*build->networks), compare_networks);
	plan->groups = calloc((size_t)count + 1, sizeof(*plan->groups));
	plan->networks = calloc((size_t)count + 1, sizeof(*plan->networks));
	plan->by_prefix = calloc((size_t)count + 1, sizeof(*plan->by_prefix));
	plan->group_of = calloc((size_t)count + 1, sizeof(*plan->group_of));
	if (!plan->groups || !plan->networks || !plan->by_prefix || !plan->group_of)
		return err_memory(build->err);
	plan->network_count = count;
	for (uint32_t i = 0; i < count && rc == 0; i++) {
		const struct draft_group *from = &build->networks[i];
		struct group *group = &plan->groups[plan->group_count];

		plan->networks[i] = from->network;
		plan->by_prefix[i] = i;
		if (i && same_group(from - 1, from)) {
			group[-1].count++;
		} else {
			*group = (struct group){
				.origins = { from->network.origin, WORLD_NONE, WORLD_NONE,
					WORLD_NONE },
				.announced = !from->brought, .contained = from->contained,
				.blackhole = from->blackhole, .family = from->network.prefix.family,
				.policy = from->policy, .first = i, .count = 1,
			};
			plan->group_count++;
			rc = fulfil(build, group, from->fate);
		}
		plan->group_of[i] = plan->group_count - 1;
	}
	qsort_r(plan->by_prefix, count, sizeof(*plan->by_prefix), compare_prefixes, plan);
	return rc;
}
