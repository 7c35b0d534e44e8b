/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First which networks: all that were dark at some time in the outage, cut down to those dark at
 * its deepest. Then for each of them one walk over its part of the history, which gives every
 * vantage point's route at the base time and what became of it.
 */
#include "measure/fall.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utc.h"
#include "base/vec.h"
#include "measure/upstreams.h"

#define HOPS_MAX 256u

bool fall_path_has(const struct table *table, uint32_t vantage, uint32_t path, uint32_t asn)
{
	struct path_hop hops[HOPS_MAX];
	uint32_t count = table_path_hops(table, vantage, path, hops, HOPS_MAX);

	for (uint32_t i = 0; i < count && i < HOPS_MAX; i++)
		if (hops[i].asn == asn)
			return true;
	return false;
}

bool fall_path_has_link(const struct table *table, uint32_t vantage, uint32_t path,
			const struct fall_link *link)
{
	struct path_hop hops[HOPS_MAX];
	uint32_t count = table_path_hops(table, vantage, path, hops, HOPS_MAX);

	for (uint32_t i = 1; i < count && i < HOPS_MAX; i++)
		if (hops[i - 1].asn == link->outer && hops[i].asn == link->inner)
			return true;
	return false;
}

static bool counts(const struct fall_question *question, uint32_t vantage, uint32_t path)
{
	return path != PATH_NONE && (!question->asn || table_path_origin(question->table, vantage,
									 path) == question->asn);
}

/* The changes of one network at one vantage point. */
static const uint32_t *changes_of(const struct fall_question *question, uint32_t network,
				  uint32_t vantage, uint32_t *ret_count)
{
	return history_of(question->history,
			  history_find(question->history, question->table_numbers[network]),
			  vantage, ret_count);
}

uint32_t fall_route(const struct fall_question *question, uint32_t network, uint32_t vantage,
		    int64_t time, uint32_t *ret_change)
{
	uint32_t count, at = 0;
	const uint32_t *changes = changes_of(question, network, vantage, &count);
	struct route_change change;

	*ret_change = UINT32_MAX;
	while (at < count && history_at(question->history, changes[at]).time <= time)
		at++;
	/* the last one up to then; else the first, where that is a first RIB's */
	at -= at > 0;
	if (count == 0)
		return PATH_NONE;
	change = history_at(question->history, changes[at]);
	if (change.time > time && !change.first)
		return PATH_NONE;
	if (history_cleared(question->history, vantage, change.time < time ? change.time : time,
			    change.time < time ? time : change.time))
		return PATH_NONE;
	if (change.after != PATH_NONE)
		*ret_change = changes[at];
	return change.after;
}

/* Networks that were dark at some time in the outage. */
static int networks_gather(const struct fall_question *question, struct fall *fall, struct err *err)
{
	const struct outage *outage = question->outage;
	int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : question->end;
	int code = 0;

	for (uint32_t i = 0; i < question->networks && code == 0; i++) {
		const struct subject *subject = signals_find(question->signals, SUBJECT_NETWORK, i,
							     question->family);
		const struct outage_machine *machine = subject ? &subject->machine : NULL;

		for (uint32_t k = 0; machine && k < machine->count && code == 0; k++) {
			const struct outage *own = &machine->outages[k];
			int64_t base = own->start.at - question->parameters->cause_lead;

			if (own->start.at >= until ||
			    (own->end.at != UTC_NEVER && own->end.at <= outage->start.at))
				continue;
			if (k && machine->outages[k - 1].end.at != UTC_NEVER &&
			    base < machine->outages[k - 1].end.latest)
				base = machine->outages[k - 1].end.latest;
			code = VEC_GROW(fall->networks, fall->network_count, fall->network_room,
					err);
			if (code == 0)
				fall->networks[fall->network_count++] = (struct fall_network){
					.network = i,
					.prefix = visibility_network(signals_visibility(question->signals), i)->prefix,
					.dark_at = own->start.at,
					.dark_earliest = own->start.earliest,
					.base_at = base < own->start.earliest ? base :
						own->start.earliest - 1,
					.back_at = own->end.at, .back_earliest = own->end.earliest };
		}
	}
	return code;
}

static int compare_networks(const void *a, const void *b)
{
	const struct fall_network *left = a, *right = b;

	if (left->dark_at != right->dark_at)
		return left->dark_at < right->dark_at ? -1 : 1;
	return prefix_compare(&left->prefix, &right->prefix);
}

static uint64_t blocks_dark_at(const struct fall *fall, int64_t time)
{
	uint64_t blocks = 0;

	for (uint32_t i = 0; i < fall->network_count && fall->networks[i].dark_at <= time; i++) {
		const struct fall_network *network = &fall->networks[i];

		if (network->back_at == UTC_NEVER || network->back_at > time)
			blocks += prefix_blocks(&network->prefix);
	}
	return blocks;
}

/*
 * Keeps those dark when most was. The darkness of a network begins when more is dark than before,
 * so only those moments matter.
 */
static void networks_choose(struct fall *fall)
{
	uint64_t most = 0;
	uint32_t kept = 0, step = fall->network_count / 2048 + 1;

	for (uint32_t i = 0; i < fall->network_count; i += step) {
		uint64_t blocks = blocks_dark_at(fall, fall->networks[i].dark_at);

		if (blocks > most) {
			most = blocks;
			fall->until = fall->networks[i].dark_at;
		}
	}
	for (uint32_t i = 0; i < fall->network_count; i++) {
		const struct fall_network network = fall->networks[i];

		if (network.dark_at <= fall->until &&
		    (network.back_at == UTC_NEVER || network.back_at > fall->until))
			fall->networks[kept++] = network;
	}
	fall->network_count = kept;
}

/* What became of a route between the base time and the end of its network's fall. */
static void pair_follow(const struct fall_question *question, const struct fall_network *network,
			int64_t until, struct fall_pair *pair)
{
	uint32_t count, now = pair->base, now_change = pair->base_change;
	const uint32_t *changes = changes_of(question, network->network, pair->vantage, &count);

	for (uint32_t i = 0; i < count; i++) {
		const struct route_change change = history_at(question->history, changes[i]);
		bool held;

		if (change.time <= network->base_at)
			continue;
		held = counts(question, change.vantage, change.after);
		if (change.time > until) {
			if (held && pair->lost_at != UTC_NEVER && pair->back_at == UTC_NEVER) {
				pair->back_at = change.time;
				pair->back = changes[i];
			}
			continue;
		}
		if (held && change.after != now && change.after != pair->base) {
			if (pair->tried++ == 0)
				pair->first_tried = changes[i];
		}
		if (!held && counts(question, change.vantage, now)) {
			pair->lost_at = change.time;
			pair->lost = changes[i];
			pair->taken_by = change.after == PATH_NONE ? 0
				: table_path_origin(question->table, change.vantage, change.after);
		}
		if (held)
			pair->lost_at = UTC_NEVER;
		now = change.after;
		now_change = changes[i];
	}
	if (pair->lost_at == UTC_NEVER) {
		pair->kept = now;
		pair->kept_change = now_change;
		pair->lost = UINT32_MAX;
	}
}

static int pairs_take(const struct fall_question *question, const uint32_t *order,
		      struct fall *fall, uint32_t number, struct err *err)
{
	const struct roster *roster = table_roster(question->table);
	struct fall_network *network = &fall->networks[number];
	int64_t until = network->dark_at + question->parameters->cause_tail;
	int code = 0;

	/* the first messages of its return are not of its fall */
	if (network->back_at != UTC_NEVER && until >= network->back_earliest)
		until = network->back_earliest > network->dark_at ? network->back_earliest - 1
								  : network->dark_at;
	network->first_pair = fall->pair_count;
	for (uint32_t i = 0; i < roster->count && code == 0; i++) {
		uint32_t vantage = order[i];
		const struct roster_intervals *live = &roster->vantages[vantage].live_intervals;
		struct fall_pair pair = {
			.network = number, .vantage = vantage, .lost_at = UTC_NEVER,
			.back_at = UTC_NEVER, .kept = PATH_NONE,
			.lost = UINT32_MAX, .back = UINT32_MAX, .first_tried = UINT32_MAX,
			.kept_change = UINT32_MAX,
		};

		if (!roster_covers(live, network->base_at))
			continue;
		pair.base = fall_route(question, network->network, vantage, network->base_at,
				       &pair.base_change);
		if (!counts(question, vantage, pair.base))
			continue;
		pair_follow(question, network, until, &pair);
		/*
		 * A session lost says nothing about the route, also when it is back before the end.
		 */
		if (pair.lost_at == UTC_NEVER &&
		    (!roster_covers(live, until) ||
		     history_cleared(question->history, vantage,
				     history_at(question->history, pair.kept_change).time, until)))
			continue;
		code = VEC_GROW(fall->pairs, fall->pair_count, fall->pair_room, err);
		if (code == 0)
			fall->pairs[fall->pair_count++] = pair;
		fall->lost += pair.lost_at != UTC_NEVER;
		fall->survived += pair.lost_at == UTC_NEVER;
	}
	network->pair_count = fall->pair_count - network->first_pair;
	return code;
}

/* The origin that most of its pairs had. */
static void origin_take(const struct fall_question *question, const struct fall *fall,
			struct fall_network *network)
{
	uint32_t best = 0;

	for (uint32_t i = 0; i < network->pair_count; i++) {
		const struct fall_pair *pair = &fall->pairs[network->first_pair + i];
		uint32_t origin = table_path_origin(question->table, pair->vantage, pair->base),
			 same = 0;

		for (uint32_t k = 0; k < network->pair_count; k++) {
			const struct fall_pair *other = &fall->pairs[network->first_pair + k];

			same += table_path_origin(question->table, other->vantage, other->base) ==
				origin;
		}
		if (same > best) {
			best = same;
			network->origin = origin;
		}
	}
}

/* How many lost pairs cross an AS or link, and how far from the origin that is in all. */
struct crossing {
	uint64_t key;
	uint32_t pairs;
	uint64_t distance;
};

struct crossings {
	struct crossing *at;
	uint32_t count, room;
	struct map index;
};

static int crossing_note(struct crossings *crossings, uint64_t key, uint32_t distance,
			 struct err *err)
{
	uint32_t number = map_get(&crossings->index, key);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(crossings->at, crossings->count, crossings->room, err);
		if (code)
			return code;
		number = crossings->count;
		if (map_put(&crossings->index, key, number) != 0)
			return err_memory(err);
		crossings->at[crossings->count++] = (struct crossing){ .key = key };
	}
	crossings->at[number].pairs++;
	crossings->at[number].distance += distance;
	return 0;
}

/* The path's ASes, each once, nearest first. */
static uint32_t path_fold(const struct table *table, uint32_t vantage, uint32_t path,
			  uint32_t asns[HOPS_MAX])
{
	struct path_hop hops[HOPS_MAX];
	uint32_t count = table_path_hops(table, vantage, path, hops, HOPS_MAX);

	return upstreams_hops_ases(hops, count < HOPS_MAX ? count : HOPS_MAX, asns, HOPS_MAX);
}

static bool is_origin(const struct fall *fall, uint32_t asn)
{
	for (uint32_t i = 0; i < fall->network_count; i++)
		if (fall->networks[i].origin == asn)
			return true;
	return false;
}

/* Of those that all pairs cross, the one nearest to the origins. */
static uint64_t crossing_nearest(const struct crossings *crossings, uint32_t all,
				 const struct fall *fall, bool links)
{
	const struct crossing *best = NULL;

	for (uint32_t i = 0; i < crossings->count; i++) {
		const struct crossing *crossing = &crossings->at[i];

		if (crossing->pairs < all || (!links && is_origin(fall, (uint32_t)crossing->key)))
			continue;
		if (!best || crossing->distance < best->distance ||
		    (crossing->distance == best->distance && crossing->key < best->key))
			best = crossing;
	}
	return best ? best->key : 0;
}

static int common_take(const struct fall_question *question, struct fall *fall, struct err *err)
{
	struct crossings ases = { 0 }, links = { 0 };
	uint32_t origin = 0;
	bool one = true;
	uint64_t link;
	int code = 0;

	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];
		uint32_t asns[HOPS_MAX], count;

		if (pair->lost_at == UTC_NEVER)
			continue;
		count = path_fold(question->table, pair->vantage, pair->base, asns);
		if (count && !origin)
			origin = asns[count - 1];
		one &= count && asns[count - 1] == origin;
		for (uint32_t k = 1; k < count && code == 0; k++) {
			code = crossing_note(&ases, asns[k], count - 1 - k, err);
			if (code == 0)
				code = crossing_note(&links, (uint64_t)asns[k - 1] << 32 | asns[k],
						     count - 1 - k, err);
		}
		/* A vantage point's own AS may be the one that fails: it is on its paths, too. */
		if (count > 1 && code == 0)
			code = crossing_note(&ases, asns[0], count - 1, err);
	}
	link = crossing_nearest(&links, fall->lost, fall, true);
	fall->common_as = (uint32_t)crossing_nearest(&ases, fall->lost, fall, false);
	fall->common_origin = one ? origin : 0;
	/* behind several origins' common AS its own link outwards says less than the AS itself */
	if (one && (uint32_t)link == origin)
		fall->common_link = (struct fall_link){ (uint32_t)(link >> 32), (uint32_t)link };
	map_free(&ases.index);
	map_free(&links.index);
	free(ases.at);
	free(links.at);
	return code;
}

int fall_take(const struct fall_question *question, struct fall *ret_fall, struct err *err)
{
	const struct roster *roster = table_roster(question->table);
	int64_t until = history_end(question->history);
	struct fall fall = { .until = question->outage->start.at };
	uint32_t *order = calloc(roster->count ? roster->count : 1, sizeof(*order));
	int code = order ? networks_gather(question, &fall, err) : err_memory(err);

	if (code == 0)
		roster_sort(roster, order);
	if (code == 0 && fall.network_count) {
		qsort(fall.networks, fall.network_count, sizeof(*fall.networks), compare_networks);
		networks_choose(&fall);
	}
	for (uint32_t i = 0; i < fall.network_count && code == 0; i++) {
		code = pairs_take(question, order, &fall, i, err);
		origin_take(question, &fall, &fall.networks[i]);
	}
	if (code == 0)
		code = common_take(question, &fall, err);
	fall.whole = fall.until + question->parameters->cause_tail < until;
	free(order);
	if (code)
		fall_free(&fall);
	else
		*ret_fall = fall;
	return code;
}

void fall_free(struct fall *fall)
{
	free(fall->networks);
	free(fall->pairs);
	*fall = (struct fall){ 0 };
}
