/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Collectors and their vantage points. Addresses are made up of the ranges for documentation (RFC
 * 5737, 3849), which no real session ever uses.
 */
#define _GNU_SOURCE	/* qsort_r() */
#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/random.h"
#include "sim/script_build.h"

static struct addr address4(uint32_t collector, uint32_t number)
{
	static const uint8_t ranges[3][3] = { { 192, 0, 2 }, { 198, 51, 100 }, { 203, 0, 113 } };
	const uint8_t *range = ranges[(collector + number / 250) % 3];

	return (struct addr){ FAMILY_IPV4,
			      { range[0], range[1], range[2], (uint8_t)(number % 250 + 1) } };
}

static struct addr address6(uint32_t collector, uint32_t number)
{
	return (struct addr){ FAMILY_IPV6, {
		0x20, 0x01, 0x0d, 0xb8, 0, (uint8_t)collector, 0, 0, 0, 0, 0, 0, 0, 0,
		(uint8_t)(number >> 8), (uint8_t)number,
	} };
}

static int add_session(struct build *build, uint32_t collector, const struct scenario_vantage *from,
		       uint32_t as)
{
	struct plan *plan = build->plan;
	struct collector *at = &plan->collectors[collector];
	struct vantage *vantage;
	uint32_t number = at->vantage_count + 1;
	int rc = VEC_GROW(plan->vantages, plan->vantage_count, build->vantage_room, build->err);

	if (rc != 0)
		return rc;
	if (number >= 750)
		return script_complain(build, from->line,
				       "a collector has at most 750 vantage points");
	vantage = &plan->vantages[plan->vantage_count++];
	at->vantage_count++;
	*vantage = (struct vantage){
		.collector = collector, .as = as, .feed = from->feed, .share = from->share,
		.ipv4 = from->ipv4,
		.ipv6 = from->ipv6, .mrai = from->mrai, .peer_as = WORLD_NONE,
		.peer = { .asn = build->world->ases[as].asn },
	};
	vantage->peer.addr = from->address.family ? from->address
		: from->ipv4 ? address4(collector, number) : address6(collector, number);
	vantage->peer.bgp_id = UINT32_C(0xc0000200) + number;
	return 0;
}

static bool has_session(const struct plan *plan, uint32_t collector, uint32_t as)
{
	for (uint32_t i = 0; i < plan->vantage_count; i++)
		if (plan->vantages[i].collector == collector && plan->vantages[i].as == as)
			return true;
	return false;
}

/* ASes with customers, no two at one collector. */
static int pick(struct build *build, uint32_t collector, const struct scenario_vantage *from)
{
	const struct world *world = build->world;
	uint32_t *candidates = calloc((size_t)world->as_count + 1, sizeof(*candidates)), count = 0;
	int rc = 0;

	if (!candidates)
		return err_memory(build->err);
	for (uint32_t as = 0; as < world->as_count; as++)
		if (world->ases[as].customers < world->ases[as].end &&
		    !has_session(build->plan, collector, as) &&
		    (!from->outside || world->ases[as].country != from->outside))
			candidates[count++] = as;
	if (count < from->pick)
		rc = script_complain(build, from->line,
				     "pick: only %u ASes with customers are there", count);
	for (uint32_t i = 0; i < from->pick && rc == 0; i++) {
		uint64_t bits = random_at(build->plan->seed, RANDOM_PICK, collector,
					  (uint64_t)from->line << 32 | i);
		uint32_t at = (uint32_t)random_scale(bits, count);
		uint32_t as = candidates[at];

		candidates[at] = candidates[--count];
		for (uint32_t j = 0; j < from->sessions && rc == 0; j++)
			rc = add_session(build, collector, from, as);
	}
	free(candidates);
	return rc;
}

static int add_vantages(struct build *build, uint32_t collector,
			const struct scenario_vantage *from)
{
	uint32_t as;
	int rc;

	if (from->pick)
		return pick(build, collector, from);
	rc = script_as(build, from->asn, from->line, &as);
	for (uint32_t i = 0; i < from->sessions && rc == 0; i++)
		rc = add_session(build, collector, from, as);
	return rc;
}

static int compare_by_as(const void *a, const void *b, void *context)
{
	const struct plan *plan = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint32_t as_x = plan->vantages[x].as, as_y = plan->vantages[y].as;

	return as_x != as_y ? (as_x > as_y) - (as_x < as_y) : (x > y) - (x < y);
}

/* Who stands where, and how many peer ASes with a full feed there are. */
static int index_vantages(struct build *build)
{
	struct plan *plan = build->plan;
	uint32_t last = WORLD_NONE, peers = 0;
	bool four = false, six = false;

	plan->vantages_by_as = calloc((size_t)plan->vantage_count + 1,
				      sizeof(*plan->vantages_by_as));
	plan->vantages_of = calloc((size_t)build->world->as_count + 1, sizeof(*plan->vantages_of));
	if (!plan->vantages_by_as || !plan->vantages_of)
		return err_memory(build->err);
	for (uint32_t i = 0; i < plan->vantage_count; i++)
		plan->vantages_by_as[i] = i;
	qsort_r(plan->vantages_by_as, plan->vantage_count, sizeof(*plan->vantages_by_as),
		compare_by_as, plan);
	for (uint32_t i = 0; i < plan->vantage_count; i++) {
		struct vantage *vantage = &plan->vantages[plan->vantages_by_as[i]];
		struct touch *of = &plan->vantages_of[vantage->as];

		if (of->count++ == 0)
			of->first = i;
		if (vantage->feed != FEED_FULL)
			continue;
		if (vantage->as != last) {
			last = vantage->as;
			peers++;
			four = six = false;
		}
		plan->peer_ases4 += vantage->ipv4 && !four;
		plan->peer_ases6 += vantage->ipv6 && !six;
		four |= vantage->ipv4;
		six |= vantage->ipv6;
		vantage->peer_as = peers - 1;
	}
	plan->peer_ases = peers;
	return 0;
}

/* Beside those with customers: who feeds a collector, and who will leak. */
static int activate(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	bool *flags = calloc((size_t)build->world->as_count + 1, sizeof(*flags));

	if (!flags)
		return err_memory(build->err);
	for (uint32_t i = 0; i < build->plan->vantage_count; i++)
		flags[build->plan->vantages[i].as] = true;
	for (uint32_t i = 0; i < scenario->event_count; i++) {
		const struct scenario_event *event = &scenario->events[i];
		uint32_t as = event->what == WHAT_LEAK
				      ? world_find(build->world, event->ases.values[0])
				      : WORLD_NONE;

		if (as != WORLD_NONE)
			flags[as] = true;
	}
	world_activate(build->world, flags);
	free(flags);
	return 0;
}

int script_vantages(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct plan *plan = build->plan;
	int rc = 0;

	plan->collectors = calloc((size_t)scenario->collector_count + 1, sizeof(*plan->collectors));
	if (!plan->collectors)
		return err_memory(build->err);
	for (uint32_t i = 0; i < scenario->collector_count && rc == 0; i++) {
		const struct scenario_collector *from = &scenario->collectors[i];
		struct collector *collector = &plan->collectors[plan->collector_count++];

		*collector = from->is;
		collector->local4 = address4(i, 0);
		collector->local4.bytes[3] = 254;
		collector->local6 = address6(i, 0xffff);
		collector->first_vantage = plan->vantage_count;
		for (uint32_t j = 0; j < from->vantage_count && rc == 0; j++)
			rc = add_vantages(build, i, &from->vantages[j]);
	}
	if (rc == 0)
		rc = index_vantages(build);
	return rc == 0 ? activate(build) : rc;
}
