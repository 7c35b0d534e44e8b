/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function a fact, in a table. Each counts over the fall's networks and pairs, or looks at what
 * was measured besides, picks its reading, and says what that rests on. What `count` is of `of`, and which time is
 * which, stands with the function.
 */
#define _GNU_SOURCE	/* qsort_r */
#include "measure/cause.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

/* Units that fall within so long of each other fall together … */
#define TOGETHER	(60 * UTC_SECOND)
/* … and so close to each other they are one step of a sequence. */
#define STEP		(15 * UTC_SECOND)
#define UNREST_BEFORE	UTC_HOUR
#define UNREST_KNOWN	(15 * UTC_MINUTE)
#define REPEATED_WITHIN	(3 * UTC_HOUR)
#define REPEATED_SHORT	(30 * UTC_MINUTE)
#define DAILY_WITHIN	(10 * UTC_MINUTE)
/* With more outages a day, some are at the same time of day by chance. */
#define DAILY_MOST	4
#define CLOCK_BEFORE	(5 * UTC_SECOND)
#define CLOCK_AFTER	UTC_MINUTE
/* Routes of which both the path and the loss are named: so many of the first and of the last. */
#define PAIRS_HALF	(CAUSE_EVENTS_HALF / 2)
#define NO_ROUTE	"route to these networks, shortly before, at a vantage point that was live"

static int as_add(struct cause_fact *fact, uint32_t asn, struct err *err)
{
	int code;

	for (uint32_t i = 0; i < fact->as_count; i++)
		if (fact->ases[i] == asn)
			return 0;
	code = VEC_GROW(fact->ases, fact->as_count, fact->as_room, err);
	if (code == 0)
		fact->ases[fact->as_count++] = asn;
	return code;
}

static int network_add(struct cause_fact *fact, uint32_t network, struct err *err)
{
	int code = VEC_GROW(fact->networks, fact->network_count, fact->network_room, err);

	if (code == 0)
		fact->networks[fact->network_count++] = network;
	return code;
}

static int change_add(const struct cause_scene *scene, struct cause_fact *fact, uint32_t number, struct err *err)
{
	struct route_change change;
	int code;

	if (number == UINT32_MAX)
		return 0;
	change = history_at(scene->question.history, number);
	/* What a RIB does not have is in none of its records. */
	if (change.ref.number == 0 || (!change.heard && change.after == PATH_NONE)) {
		fact->unsaid++;
		return 0;
	}
	code = VEC_GROW(fact->changes, fact->change_count, fact->change_room, err);
	if (code == 0)
		fact->changes[fact->change_count++] = number;
	return code;
}

static int event_add(struct cause_fact *fact, const struct cause_event *event, struct err *err)
{
	int code = VEC_GROW(fact->events, fact->event_count, fact->event_room, err);

	if (code == 0)
		fact->events[fact->event_count++] = *event;
	return code;
}

static int tally_add(struct cause_fact *fact, const struct cause_tally *tally, struct err *err)
{
	uint32_t early = tally->count < CAUSE_EVENTS_HALF ? tally->count : CAUSE_EVENTS_HALF;
	uint32_t late = tally->count - early < CAUSE_EVENTS_HALF ? tally->count - early : CAUSE_EVENTS_HALF;
	int code = 0;

	for (uint32_t i = 0; i < early && code == 0; i++)
		code = event_add(fact, &tally->first[i], err);
	for (uint32_t i = tally->count - late; i < tally->count && code == 0; i++)
		code = event_add(fact, &tally->last[i % CAUSE_EVENTS_HALF], err);
	fact->events_left_out += tally->count - early - late;
	return code;
}

/* There was none of it from `from` to `until`, as far as the recordings go; they may not go there at all. */
static void none_of(const struct cause_scene *scene, struct cause_fact *fact, const char *what, int64_t from, int64_t until)
{
	fact->absent = what;
	if (until >= scene->data_from && from < scene->data_from)
		from = scene->data_from;
	if (from <= scene->question.end && until > scene->question.end)
		until = scene->question.end;
	fact->searched_from = from;
	fact->searched_until = until < from ? from : until;
}

/* The time in which routes of the fall were looked at. */
static void none_of_fall(const struct cause_scene *scene, struct cause_fact *fact, const char *what)
{
	const struct fall *fall = &scene->fall;
	int64_t from = scene->question.outage->start.earliest;

	for (uint32_t i = 0; i < fall->network_count; i++)
		if (fall->networks[i].base_at < from)
			from = fall->networks[i].base_at;
	none_of(scene, fact, what, from, fall->until + scene->question.parameters->cause_tail);
}

/* The record that betrayed the end of an interval. */
static int told_add(struct cause_fact *fact, uint32_t vantage, const struct roster_interval *interval, struct err *err)
{
	static const enum cause_event_kind kinds[ROSTER_WHY_COUNT] = {
		[ROSTER_SESSION_DOWN] = CAUSE_SESSION_DOWN, [ROSTER_SESSION_UP] = CAUSE_SESSION_UP,
		[ROSTER_SILENCE] = CAUSE_LAST_HEARD, [ROSTER_COLLECTOR_SILENCE] = CAUSE_LAST_HEARD,
		[ROSTER_ANNOUNCED_AGAIN] = CAUSE_ANNOUNCED_AGAIN, [ROSTER_DAMAGE] = CAUSE_LAST_HEARD,
		[ROSTER_NOT_IN_RIB] = CAUSE_LAST_HEARD, [ROSTER_DRIFT] = CAUSE_LAST_HEARD,
	};
	const struct cause_event event = {
		.time = interval->told_at, .ref = interval->told, .kind = kinds[interval->ended], .vantage = vantage,
	};

	if (interval->told.number == 0) {
		fact->unsaid++;
		return 0;
	}
	return event_add(fact, &event, err);
}

static int changes_between(const struct cause_scene *scene, struct cause_fact *fact, int64_t from, int64_t until, struct err *err)
{
	const struct fall_question *question = &scene->question;
	uint32_t first, count = history_span(question->history, from, until, &first);
	int code = 0;

	for (uint32_t i = first; i < first + count && code == 0; i++) {
		struct route_change change = history_at(question->history, i);
		struct prefix prefix = table_network(question->table, change.network);

		if (prefix.family == question->family)
			code = change_add(scene, fact, i, err);
	}
	return code;
}

/* What was said at the instant when an outage began or ended, or in its burst. */
static int bound_add(const struct cause_scene *scene, struct cause_fact *fact, const struct bound *bound, struct err *err)
{
	const struct roster *roster = table_roster(scene->question.table);
	uint32_t before = fact->change_count + fact->event_count;
	int code;

	if (bound->at == UTC_NEVER)
		return 0;
	code = changes_between(scene, fact, bound->at, bound->at, err);
	if (code == 0 && fact->change_count == before)
		code = changes_between(scene, fact, bound->earliest, bound->latest, err);
	/* who listens has changed, not what is heard */
	for (uint32_t i = 0; i < roster->count && code == 0 && fact->change_count + fact->event_count == before; i++) {
		const struct roster_intervals *live = &roster->vantages[i].live_intervals;

		for (uint32_t k = 0; k < live->count && code == 0; k++)
			if (live->at[k].until == bound->at && live->at[k].ended != ROSTER_END_OF_DATA)
				code = told_add(fact, i, &live->at[k], err);
	}
	if (code == 0 && fact->change_count + fact->event_count == before)
		none_of(scene, fact, "change of the place's routes at that instant: it was met when measuring began again",
			bound->earliest, bound->latest);
	return code;
}

static int compare_times(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

/* Sorts them, and puts the first, the median and the last into the fact. */
static void times_tell(int64_t *times, uint32_t count, struct cause_fact *fact)
{
	if (count == 0)
		return;
	qsort(times, count, sizeof(*times), compare_times);
	fact->first = times[0];
	fact->median = times[(count - 1) / 2];
	fact->last = times[count - 1];
}

/* The most that lie within `span` of each other; sorted. */
static uint32_t largest_cluster(const int64_t *times, uint32_t count, int64_t span)
{
	uint32_t most = 0;

	for (uint32_t from = 0, until = 0; from < count; from++) {
		while (until < count && times[until] - times[from] <= span)
			until++;
		if (until - from > most)
			most = until - from;
	}
	return most;
}

/* Does the path cross what all lost paths shared, down to the origin's own link? */
static bool crosses_common(const struct cause_scene *scene, uint32_t vantage, uint32_t path)
{
	const struct fall *fall = &scene->fall;

	if (fall->common_link.inner)
		return fall_path_has_link(scene->question.table, vantage, path, &fall->common_link);
	return fall->common_as && fall_path_has(scene->question.table, vantage, path, fall->common_as);
}

/* The change that took the first of the network's lost routes away. */
static uint32_t first_loss(const struct fall *fall, const struct fall_network *network)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t i = 0; i < network->pair_count; i++) {
		const struct fall_pair *pair = &fall->pairs[network->first_pair + i];

		if (pair->lost != UINT32_MAX && pair->lost < best)
			best = pair->lost;
	}
	return best;
}

/* Units (origin ASes where there are three or more, else networks) in the largest cluster, of all; when they went dark. */
static int take_order(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int64_t *times = calloc(fall->network_count ? fall->network_count : 1, sizeof(*times));
	uint32_t count = 0, origins;
	int code = times ? 0 : err_memory(err);

	for (uint32_t i = 0; i < fall->network_count && code == 0; i++) {
		code = as_add(fact, fall->networks[i].origin, err);
		if (code == 0)
			code = network_add(fact, fall->networks[i].network, err);
		if (code == 0)
			code = change_add(scene, fact, first_loss(fall, &fall->networks[i]), err);
	}
	origins = fact->as_count;
	/* networks are in order of time: an origin's first one is the first met */
	for (uint32_t i = 0, met = 0; i < fall->network_count && code == 0; i++) {
		if (origins >= 3 && (met == origins || fall->networks[i].origin != fact->ases[met]))
			continue;
		times[count++] = fall->networks[i].dark_at;
		met++;
	}
	if (code == 0) {
		times_tell(times, count, fact);
		fact->of = count;
		fact->count = largest_cluster(times, count, TOGETHER);
		fact->note = origins >= 3 ? "origin ASes" : "networks";
		fact->reading = count < 2 ? "one" : fact->count * 10 >= fact->of * 9 ? "together" : "scattered";
		if (count >= 3 && largest_cluster(times, count, STEP) * 2 <= count && fact->last - fact->first > TOGETHER) {
			fact->reading = "sequence";
			fact->count = largest_cluster(times, count, STEP);
		}
	}
	free(times);
	return code;
}

/* Vantage points that lost the first network that fell, of those that had it; when they did. */
static int take_spread(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	const struct fall_network *network = &fall->networks[0];
	int64_t *times = calloc(network->pair_count ? network->pair_count : 1, sizeof(*times));
	uint32_t count = 0;
	int code = times ? network_add(fact, network->network, err) : err_memory(err);

	for (uint32_t i = 0; i < network->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[network->first_pair + i];

		if (pair->lost_at == UTC_NEVER)
			continue;
		times[count++] = pair->lost_at;
		code = change_add(scene, fact, pair->lost, err);
	}
	if (code == 0) {
		if (count < network->pair_count)
			none_of_fall(scene, fact, "loss of this network at the other vantage points");
		times_tell(times, count, fact);
		fact->count = count;
		fact->of = network->pair_count;
		fact->reading = count == 0 ? "none" : count == 1 ? "one"
			: largest_cluster(times, count, TOGETHER) * 10 >= count * 9 ? "together" : "spread";
	}
	free(times);
	return code;
}

/* Lost routes in whose place other paths came first, of all lost. */
static int take_hunting(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	bool around = false;
	int code = 0;

	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];
		struct route_change change;

		if (pair->lost_at == UTC_NEVER || pair->tried == 0)
			continue;
		fact->count++;
		change = history_at(scene->question.history, pair->first_tried);
		around |= (fall->common_link.inner || fall->common_as) &&
			  !crosses_common(scene, change.vantage, change.after);
		if (fact->first == UTC_NEVER || change.time < fact->first)
			fact->first = change.time;
		if (fact->last == UTC_NEVER || change.time > fact->last)
			fact->last = change.time;
		code = change_add(scene, fact, pair->first_tried, err);
	}
	if (code == 0 && fact->count < fall->lost)
		none_of_fall(scene, fact, "other path for these routes before they were lost");
	for (uint32_t i = 0; i < fall->pair_count && fact->count == 0 && code == 0; i++)
		code = change_add(scene, fact, fall->pairs[i].lost, err);
	fact->of = fall->lost;
	fact->reading = fact->count == 0 ? "none" : around ? "around" : "within";
	return code;
}

/* By loss. */
static int compare_pairs(const void *a, const void *b, void *context)
{
	const struct fall *fall = context;
	uint32_t left = fall->pairs[*(const uint32_t *)a].lost, right = fall->pairs[*(const uint32_t *)b].lost;

	return left < right ? -1 : left > right;
}

/* Of the first and the last routes lost, what gave the path and what took it. */
static int lost_add(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	uint32_t *order = calloc(fall->lost + 1u, sizeof(*order)), count = 0;
	int code = order ? 0 : err_memory(err);

	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++)
		if (fall->pairs[i].lost != UINT32_MAX)
			order[count++] = i;
	if (code == 0 && count)
		qsort_r(order, count, sizeof(*order), compare_pairs, (void *)(uintptr_t)fall);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[order[i]];

		if (i >= PAIRS_HALF && i + PAIRS_HALF < count) {
			fact->events_left_out += 2;
			continue;
		}
		code = change_add(scene, fact, pair->base_change, err);
		if (code == 0)
			code = change_add(scene, fact, pair->lost, err);
	}
	free(order);
	return code;
}

/* Lost routes, of all looked at; ases: the link from outside to inside, or the AS. */
static int take_common(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int code;

	fact->count = fall->lost;
	fact->of = fall->pair_count;
	fact->reading = "nothing";
	code = lost_add(scene, fact, err);
	if (fall->lost == 0)
		none_of_fall(scene, fact, "loss of a route");
	if (code == 0 && fall->common_link.inner) {
		fact->reading = "link";
		code = as_add(fact, fall->common_link.outer, err);
		return code ? code : as_add(fact, fall->common_link.inner, err);
	}
	if (fall->common_as || fall->common_origin) {
		fact->reading = fall->common_as ? "as" : "origin";
		code = code ? code : as_add(fact, fall->common_as ? fall->common_as : fall->common_origin, err);
	}
	return code;
}

/* Of a network that did not fall: where its route at the fall's deepest ended, and whether it crossed what the lost ones shared. */
static uint32_t other_route(const struct cause_scene *scene, uint32_t network, bool *ret_crosses, uint32_t *ret_change)
{
	const struct roster *roster = table_roster(scene->question.table);

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t path = fall_route(&scene->question, network, vantage, scene->fall.until, ret_change);

		if (path == PATH_NONE)
			continue;
		*ret_crosses = crosses_common(scene, vantage, path);
		return table_path_origin(scene->question.table, vantage, path);
	}
	return 0;
}

/* Others' networks that stayed behind it, of all that were there; ases: it. */
static int take_others(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct cause_behind *behind = &scene->behind;
	const struct fall *fall = &scene->fall;

	int code;

	if (!behind->known) {
		fact->absent = behind->unknown;
		return 0;
	}
	fact->count = behind->kept;
	fact->of = behind->others;
	if (!fall->common_as) {
		fact->reading = "nothing-shared";
		return lost_add(scene, fact, err);
	}
	code = tally_add(fact, &behind->left, err);
	if (behind->others == 0)
		none_of(scene, fact, "route through it to a network of another origin", behind->before, behind->before);
	else if (behind->kept)
		none_of(scene, fact, "message by which more routes to them left it", behind->before, behind->after);
	else if (behind->left.count == 0)
		none_of(scene, fact, "message about them: what was lost came of sessions or RIBs", behind->before, behind->after);
	if (code)
		return code;
	fact->reading = behind->others == 0 ? "none"
		: fact->count * 5 <= fact->of ? "gone" : fact->count * 5 >= fact->of * 4 ? "kept" : "mixed";
	return as_add(fact, fall->common_as, err);
}

/* Routes to everything that the vantage points had less of afterwards, of all. */
static int take_elsewhere(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct cause_behind *behind = &scene->behind;
	uint64_t own = scene->fall.lost;

	if (!behind->known || behind->held_before == 0) {
		fact->absent = behind->known ? "no vantage point held anything" : behind->unknown;
		return 0;
	}
	fact->of = behind->held_before;
	fact->count = behind->held_before > behind->held_after + own ? behind->held_before - behind->held_after - own : 0;
	fact->reading = fact->count * 5 >= fact->of ? "much" : "little";
	if (behind->withdrawn.count == 0)
		none_of(scene, fact, "withdrawal of anything else that was held", behind->before, behind->after);
	return tally_add(fact, &behind->withdrawn, err);
}

static bool dark_at(const struct subject *subject, int64_t time)
{
	for (uint32_t i = 0; subject && i < subject->machine.count; i++) {
		const struct outage *outage = &subject->machine.outages[i];

		if (outage->start.at <= time && (outage->end.at == UTC_NEVER || outage->end.at > time))
			return true;
	}
	return false;
}

/* Networks of the fallen ones' origins that stayed, of all of theirs. */
static int take_same_origin(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall_question *question = &scene->question;
	const struct fall *fall = &scene->fall;
	uint32_t same_way = 0;
	int code = 0;

	for (uint32_t i = 0; i < fall->network_count && code == 0; i++)
		code = as_add(fact, fall->networks[i].origin, err);
	for (uint32_t i = 0; i < question->networks && code == 0; i++) {
		const struct subject *subject = signals_find(question->signals, SUBJECT_NETWORK, i, question->family);
		bool crosses = false, theirs = false;
		uint32_t origin, change;

		if (!subject || dark_at(subject, fall->until))
			continue;
		origin = other_route(scene, i, &crosses, &change);
		for (uint32_t k = 0; k < fact->as_count && origin; k++)
			theirs |= fact->ases[k] == origin;
		if (!theirs)
			continue;
		fact->count++;
		same_way += crosses;
		code = network_add(fact, i, err);
		if (code == 0)
			code = change_add(scene, fact, change, err);
	}
	for (uint32_t i = 0; i < fall->network_count && fact->count == 0 && code == 0; i++)
		code = change_add(scene, fact, first_loss(fall, &fall->networks[i]), err);
	if (fact->count)
		none_of_fall(scene, fact, "darkness of these networks");
	else
		none_of(scene, fact, "route to another network of the same origin then", scene->data_from, fall->until);
	fact->of = fact->count + fall->network_count;
	fact->reading = fact->count == 0 ? "all-fell" : same_way * 2 >= fact->count ? "kept-same-way" : "kept-other-way";
	return code;
}

/* Routes kept through the fall, of all looked at; ases: the peer ASes that kept them. */
static int take_survival(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct roster *roster = table_roster(scene->question.table);
	const struct fall *fall = &scene->fall;
	uint32_t same_way = 0;
	int code = 0;

	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];

		if (pair->lost_at != UTC_NEVER)
			continue;
		fact->count++;
		same_way += fall->common_as || fall->common_link.inner ? crosses_common(scene, pair->vantage, pair->kept)
								       : pair->kept == pair->base;
		code = as_add(fact, roster->vantages[pair->vantage].peer.asn, err);
		if (code == 0)
			code = change_add(scene, fact, pair->kept_change, err);
	}
	for (uint32_t i = 0; i < fall->pair_count && fact->count == 0 && code == 0; i++)
		code = change_add(scene, fact, fall->pairs[i].lost, err);
	if (fact->count || fall->pair_count == 0)
		none_of_fall(scene, fact, "later change of these routes");
	fact->of = fall->pair_count;
	fact->reading = fact->count == 0 ? "none" : same_way * 2 >= fact->count ? "same-way" : "other-way";
	return code;
}

static const uint32_t *network_changes(const struct cause_scene *scene, uint32_t network, uint32_t *ret_count)
{
	const struct fall_question *question = &scene->question;

	return history_of_network(question->history, history_find(question->history, question->table_numbers[network]),
				  ret_count);
}

/* Does the fall's own unrest begin in this run, or was there as much before? */
static bool unstable_before(const struct cause_scene *scene, const struct instability *found, int64_t before)
{
	uint32_t count, changes_before = 0;
	const uint32_t *changes;

	if (found->first >= before || found->last < before - UNREST_BEFORE)
		return false;
	if (found->last < before)
		return true;
	changes = network_changes(scene, found->network, &count);
	for (uint32_t i = 0; i < count; i++) {
		struct route_change change = history_at(scene->question.history, changes[i]);

		changes_before += !change.first && change.time >= before - UNREST_BEFORE && change.time < before;
	}
	return changes_before >= scene->question.parameters->instability_updates;
}

/* Changes of the network in that hour. */
static int unrest_add(const struct cause_scene *scene, struct cause_fact *fact, uint32_t network, int64_t before, struct err *err)
{
	uint32_t count;
	const uint32_t *changes = network_changes(scene, network, &count);
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct route_change change = history_at(scene->question.history, changes[i]);

		if (change.heard && change.time >= before - UNREST_BEFORE && change.time < before)
			code = change_add(scene, fact, changes[i], err);
	}
	return code;
}

/* Networks that were unstable in the hour before, of those that fell. */
static int take_unrest(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int64_t before = scene->question.outage->start.earliest - scene->question.parameters->cause_lead;
	int code = 0;

	fact->of = fall->network_count;
	for (uint32_t i = 0; i < stability_count(scene->stability) && code == 0; i++) {
		const struct instability *found = stability_at(scene->stability, i);
		bool of_it = false;

		for (uint32_t k = 0; k < fact->network_count && !of_it; k++)
			of_it = fact->networks[k] == found->network;
		if (of_it || !unstable_before(scene, found, before))
			continue;
		for (uint32_t k = 0; k < fall->network_count && !of_it; k++)
			of_it = fall->networks[k].network == found->network;
		if (!of_it)
			continue;
		fact->count++;
		if (fact->first == UTC_NEVER || found->first < fact->first)
			fact->first = found->first;
		if (found->last > fact->last)
			fact->last = found->last < before ? found->last : before;
		code = network_add(fact, found->network, err);
		if (code == 0)
			code = unrest_add(scene, fact, found->network, before, err);
	}
	if (fact->count == 0)
		none_of(scene, fact, "instability of these networks", before - UNREST_BEFORE, before);
	else if (fact->change_count == 0)
		none_of(scene, fact, "change of these routes: what they were was announced again and again",
			before - UNREST_BEFORE, before);
	fact->reading = fact->count ? "unstable" : before - scene->data_from < UNREST_KNOWN ? "not-known" : "quiet";
	return code;
}

static bool is_lasting(const struct outage *outage)
{
	return outage->end.at == UTC_NEVER || outage->end.at - outage->start.at > REPEATED_SHORT;
}

/* Outages of the place within three hours, this one too, of all in the recordings. */
static int take_repeated(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage_machine *machine = &scene->place->machine;
	int64_t here = scene->question.outage->start.at;
	bool lasting = is_lasting(scene->question.outage);
	uint32_t brief = 0;
	int code = 0;

	fact->of = machine->count;
	for (uint32_t i = 0; i < machine->count && code == 0; i++) {
		const struct outage *outage = &machine->outages[i];

		if (outage->start.at < here - REPEATED_WITHIN || outage->start.at > here + REPEATED_WITHIN)
			continue;
		fact->count++;
		brief += !is_lasting(outage);
		if (fact->first == UTC_NEVER)
			fact->first = outage->start.at;
		fact->last = outage->start.at;
		code = bound_add(scene, fact, &outage->start, err);
		if (code == 0)
			code = bound_add(scene, fact, &outage->end, err);
	}
	if (fact->count < 2)
		none_of(scene, fact, "other outage of the place", here - REPEATED_WITHIN, here + REPEATED_WITHIN);
	fact->reading = fact->count < 2 ? "once" : fact->count < 3 || brief * 2 < fact->count ? "again"
		: lasting ? "among-brief" : "flapping";
	return code;
}

/* Outages that began at this time on other days, of the whole days recorded. */
static int take_daily(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage_machine *machine = &scene->place->machine;
	int64_t here = scene->question.outage->start.at;
	int code = bound_add(scene, fact, &scene->question.outage->start, err);

	fact->of = (uint64_t)((scene->question.end - scene->data_from) / UTC_DAY);
	for (uint32_t i = 0; i < machine->count && code == 0; i++) {
		int64_t apart = machine->outages[i].start.at - here;
		int64_t days = (apart + (apart < 0 ? -UTC_DAY / 2 : UTC_DAY / 2)) / UTC_DAY;
		int64_t off = apart - days * UTC_DAY;

		if (days == 0 || off < -DAILY_WITHIN || off > DAILY_WITHIN)
			continue;
		fact->count++;
		code = bound_add(scene, fact, &machine->outages[i].start, err);
	}
	if (fact->of < 2)
		none_of(scene, fact, "second day of recordings", scene->data_from, scene->question.end);
	else if (fact->count == 0)
		none_of(scene, fact, "outage at this time of another day", scene->data_from, scene->question.end);
	fact->reading = fact->of < 2 ? "not-known" : fact->count >= 2 && machine->count <= DAILY_MOST * fact->of ? "daily" : "no";
	return code;
}

/* Routes that another origin's took the place of, of all looked at; ases: those origins. */
static int take_origin(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int code = 0;

	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];
		uint32_t now = pair->taken_by;

		if (!now && pair->kept != PATH_NONE)
			now = table_path_origin(scene->question.table, pair->vantage, pair->kept);
		if (!now || now == table_path_origin(scene->question.table, pair->vantage, pair->base))
			continue;
		fact->count++;
		code = as_add(fact, now, err);
		if (code == 0)
			code = change_add(scene, fact, pair->lost != UINT32_MAX ? pair->lost : pair->kept_change, err);
	}
	if (fact->count == 0)
		none_of_fall(scene, fact, "route of another origin");
	fact->of = fall->pair_count;
	fact->reading = fact->count * 4 >= fact->of && fact->count ? "changed" : fact->count ? "some" : "same";
	return code;
}

/* The first change of a network; UINT32_MAX: none. */
static uint32_t first_change(const struct cause_scene *scene, uint32_t network)
{
	uint32_t count, first = UINT32_MAX;
	const uint32_t *changes = network_changes(scene, network, &count);

	for (uint32_t i = 0; i < count; i++)
		first = changes[i] < first ? changes[i] : first;
	return first;
}

/* Was the network held by nobody before the change? */
static bool is_new(const struct cause_scene *scene, uint32_t network, int64_t since)
{
	const struct roster *roster = table_roster(scene->question.table);

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t change;

		if (fall_route(&scene->question, network, vantage, since - 1, &change) != PATH_NONE)
			return false;
	}
	return true;
}

/* New networks inside those that fell, of all new ones of the place about then; ases: their origins. */
static int take_specifics(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall_question *question = &scene->question;
	struct visibility *visibility = signals_visibility(question->signals);
	const struct fall *fall = &scene->fall;
	int64_t from = question->outage->start.earliest - UTC_MINUTE * 10;
	bool other = false;
	int code = 0;

	for (uint32_t i = 0; i < question->networks && code == 0; i++) {
		const struct prefix *prefix = &visibility_network(visibility, i)->prefix;
		uint32_t number = first_change(scene, i);
		struct route_change change;

		if (number == UINT32_MAX)
			continue;
		change = history_at(question->history, number);
		if (change.first || change.after == PATH_NONE || change.time < from ||
		    change.time > fall->until + question->parameters->cause_tail || !is_new(scene, i, change.time))
			continue;
		fact->of++;
		for (uint32_t k = 0; k < fall->network_count && code == 0; k++) {
			const struct prefix *around = &visibility_network(visibility, fall->networks[k].network)->prefix;
			uint32_t origin = table_path_origin(question->table, change.vantage, change.after);

			if (around->len >= prefix->len || !prefix_contains(around, prefix))
				continue;
			fact->count++;
			other |= origin != fall->networks[k].origin;
			code = as_add(fact, origin, err);
			if (code == 0)
				code = network_add(fact, i, err);
			if (code == 0)
				code = change_add(scene, fact, number, err);
			break;
		}
	}
	if (fact->count == 0)
		none_of(scene, fact, "new network inside those that fell", from, fall->until + question->parameters->cause_tail);
	fact->reading = fact->count == 0 ? "none" : other ? "other-origin" : "same-origin";
	return code;
}

/* Networks invalid for the origin they had, of those that fell; networks: those. */
static int take_rpki(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	uint32_t valid = 0;
	int code = 0;

	if (!scene->vrps) {
		fact->reading = "not-given";
		fact->absent = "no file of validated ROA payloads was given";
		return 0;
	}
	fact->of = fall->network_count;
	for (uint32_t i = 0; i < fall->network_count && code == 0; i++) {
		enum rpki state = vrps_state(scene->vrps, &fall->networks[i].prefix, fall->networks[i].origin);

		valid += state == RPKI_VALID;
		/* what the origin is known from */
		for (uint32_t k = 0; k < fall->networks[i].pair_count && code == 0; k++) {
			const struct fall_pair *pair = &fall->pairs[fall->networks[i].first_pair + k];

			if (table_path_origin(scene->question.table, pair->vantage, pair->base) != fall->networks[i].origin)
				continue;
			code = change_add(scene, fact, pair->base_change, err);
			break;
		}
		if (state != RPKI_INVALID || code)
			continue;
		fact->count++;
		code = network_add(fact, fall->networks[i].network, err);
	}
	if (fact->change_count == 0)
		none_of_fall(scene, fact, "route of these networks");
	fact->reading = fact->count == fact->of ? "invalid" : fact->count ? "some-invalid" : valid ? "valid" : "not-found";
	return code;
}

/* Prefixes announced with a BLACKHOLE community from an hour before to the outage's end, of those in all the recordings. */
static int take_blackhole(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage *outage = scene->question.outage;
	int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : scene->question.end;
	int code = 0;

	fact->of = scene->blackhole_count;
	for (uint32_t i = 0; i < scene->blackhole_count && code == 0; i++) {
		const struct cause_blackhole *hole = &scene->blackholes[i];
		const struct cause_event ends[] = {
			{ .time = hole->first, .ref = hole->first_ref, .vantage = hole->first_vantage, .prefix = hole->prefix },
			{ .time = hole->last, .ref = hole->last_ref, .vantage = hole->last_vantage, .prefix = hole->prefix },
		};

		if (hole->prefix.family != scene->question.family || hole->last < outage->start.at - UTC_HOUR ||
		    hole->first > until)
			continue;
		fact->count++;
		if (fact->first == UTC_NEVER || hole->first < fact->first)
			fact->first = hole->first;
		if (hole->last > fact->last)
			fact->last = hole->last;
		code = event_add(fact, &ends[0], err);
		if (code == 0 && hole->announcements > 1)
			code = event_add(fact, &ends[1], err);
	}
	if (fact->count == 0)
		none_of(scene, fact, "announcement of the place's addresses with a BLACKHOLE community",
			outage->start.at - UTC_HOUR, until);
	fact->reading = fact->count ? "announced" : "none";
	return code;
}

static bool on_the(int64_t time, int64_t unit)
{
	int64_t past = ((time % unit) + unit) % unit;

	return past <= CLOCK_AFTER || past >= unit - CLOCK_BEFORE;
}

static int64_t clock_time(const struct cause_clock *clock, int64_t time)
{
	int32_t offset = 0;

	for (uint32_t i = 0; i < clock->step_count && clock->steps[i].since <= time; i++)
		offset = clock->steps[i].offset;
	return time + offset * UTC_SECOND;
}

/* Clocks looked at, UTC's too; note: the one that it fits. */
static int take_clock(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	static const struct cause_clock utc = { .name = "UTC" };
	int64_t at = scene->question.outage->start.at;

	fact->reading = "no";
	fact->first = at;
	fact->of = 1 + scene->clock_count;
	for (uint32_t i = 0; i <= scene->clock_count; i++) {
		const struct cause_clock *clock = i ? &scene->clocks[i - 1] : &utc;
		int64_t local = clock_time(clock, at);
		bool hour = on_the(local, UTC_HOUR);

		if (!on_the(local, UTC_HOUR / 2))
			continue;
		fact->count++;
		if (fact->note[0] == '\0' || (hour && fact->reading[0] == 'h' && fact->reading[1] == 'a')) {
			fact->note = clock->name;
			fact->reading = hour ? "hour" : "half-hour";
		}
	}
	return bound_add(scene, fact, &scene->question.outage->start, err);
}

/* Vantage points whose session was lost about then, of those live before. */
static int take_sessions(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct roster *roster = table_roster(scene->question.table);
	const struct outage *outage = scene->question.outage;
	int64_t from = outage->start.earliest - scene->question.parameters->cause_lead;
	int64_t until = scene->fall.until + scene->question.parameters->cause_tail;
	int code = 0;

	for (uint32_t i = 0; i < roster->count && code == 0; i++) {
		const struct roster_intervals *live = &roster->vantages[i].live_intervals;

		if (!roster_covers(live, from))
			continue;
		fact->of++;
		for (uint32_t k = 0; k < live->count && code == 0; k++) {
			const struct roster_interval *interval = &live->at[k];

			if (interval->ended == ROSTER_END_OF_DATA || interval->until < from || interval->until > until)
				continue;
			fact->count++;
			code = as_add(fact, roster->vantages[i].peer.asn, err);
			if (code == 0)
				code = told_add(fact, i, interval, err);
			break;
		}
	}
	if (fact->count < fact->of || fact->count == 0)
		none_of(scene, fact, "loss of any other session", from, until);
	fact->reading = fact->count * 5 >= fact->of && fact->count ? "lost" : "kept";
	return code;
}

/* Networks back before the recordings end, of those that fell; when they were; networks: as they came back. */
static int take_return(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int64_t *times = calloc(fall->network_count ? fall->network_count : 1, sizeof(*times));
	uint32_t same = 0, routes = 0, first = 0;
	int code = times ? 0 : err_memory(err);

	for (uint32_t i = 0; i < fall->network_count && code == 0; i++) {
		if (fall->networks[i].back_at == UTC_NEVER)
			continue;
		times[fact->count++] = fall->networks[i].back_at;
		if (fall->networks[i].back_at < fall->networks[first].back_at || fall->networks[first].back_at == UTC_NEVER)
			first = i;
	}
	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];

		if (pair->back == UINT32_MAX)
			continue;
		routes++;
		same += crosses_common(scene, pair->vantage,
				       history_at(scene->question.history, pair->back).after);
		code = change_add(scene, fact, pair->back, err);
	}
	if (code == 0) {
		times_tell(times, (uint32_t)fact->count, fact);
		fact->of = fall->network_count;
		fact->reading = fact->count * 2 < fact->of || fact->count == 0 ? "not-yet"
			: !fall->common_as && !fall->common_link.inner ? "back"
			: same * 2 >= routes ? "same-way" : "other-way";
	}
	if (code == 0 && fact->count)
		code = network_add(fact, fall->networks[first].network, err);
	if (code == 0 && fact->count < fall->network_count)
		none_of(scene, fact, "return of these networks, or of more of them", fall->until, scene->question.end);
	free(times);
	return code;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static enum cause_event_kind kind_of(const struct route_change *change)
{
	return !change->heard ? CAUSE_RIB_ENTRY : change->withdrawal ? CAUSE_WITHDRAW : CAUSE_ANNOUNCE;
}

/* The first and the last of the changes it rests on become events. */
static int changes_settle(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	uint32_t count = 0;
	int code = 0;

	if (fact->change_count)
		qsort(fact->changes, fact->change_count, sizeof(*fact->changes), compare_numbers);
	for (uint32_t i = 0; i < fact->change_count; i++)
		if (i == 0 || fact->changes[i] != fact->changes[i - 1])
			fact->changes[count++] = fact->changes[i];
	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct route_change change = history_at(scene->question.history, fact->changes[i]);
		struct cause_event event = {
			.time = change.time, .ref = change.ref, .kind = kind_of(&change), .vantage = change.vantage,
			.prefix = table_network(scene->question.table, change.network),
			.path = change.withdrawal ? PATH_NONE : change.after,
		};

		if (i >= CAUSE_EVENTS_HALF && i + CAUSE_EVENTS_HALF < count)
			fact->events_left_out++;
		else
			code = event_add(fact, &event, err);
	}
	fact->change_count = 0;
	if (fact->unsaid == 0 && fact->event_count == 0 && !fact->absent)
		none_of_fall(scene, fact, NO_ROUTE);
	if (fact->unsaid && !fact->absent)
		none_of_fall(scene, fact, "message for some of these changes: a RIB or a table sent anew lacked the routes");
	return code;
}

typedef int take_fn(const struct cause_scene *scene, struct cause_fact *fact, struct err *err);

static const struct {
	const char *name;
	take_fn *take;
	bool routes;			/* is about routes of the fall */
} facts[FACT_COUNT] = {
	[FACT_ORDER] = { "network-order", take_order, false },
	[FACT_SPREAD] = { "vantage-spread", take_spread, true },
	[FACT_HUNTING] = { "path-hunting", take_hunting, true },
	[FACT_COMMON] = { "common-path", take_common, true },
	[FACT_OTHERS] = { "others-behind", take_others, false },
	[FACT_SAME_ORIGIN] = { "same-origin", take_same_origin, true },
	[FACT_SURVIVAL] = { "survival", take_survival, true },
	[FACT_UNREST] = { "unrest-before", take_unrest, false },
	[FACT_REPEATED] = { "repeated", take_repeated, false },
	[FACT_DAILY] = { "daily", take_daily, false },
	[FACT_ORIGIN] = { "origin-change", take_origin, true },
	[FACT_SPECIFICS] = { "more-specifics", take_specifics, false },
	[FACT_RPKI] = { "rpki", take_rpki, false },
	[FACT_BLACKHOLE] = { "blackhole", take_blackhole, false },
	[FACT_CLOCK] = { "clock", take_clock, false },
	[FACT_SESSIONS] = { "sessions", take_sessions, false },
	[FACT_ELSEWHERE] = { "elsewhere", take_elsewhere, false },
	[FACT_RETURN] = { "return", take_return, false },
};

const char *fact_name(enum fact fact)
{
	return facts[fact].name;
}

const char *cause_event_name(enum cause_event_kind kind)
{
	static const char *const names[CAUSE_EVENT_COUNT] = {
		[CAUSE_ANNOUNCE] = "announce", [CAUSE_WITHDRAW] = "withdraw", [CAUSE_RIB_ENTRY] = "rib-entry",
		[CAUSE_SESSION_DOWN] = "session-down", [CAUSE_SESSION_UP] = "session-up",
		[CAUSE_ANNOUNCED_AGAIN] = "announced-again", [CAUSE_LAST_HEARD] = "last-heard",
	};

	return names[kind];
}

void cause_tally_add(struct cause_tally *tally, const struct cause_event *event)
{
	struct cause_event *into = tally->count < CAUSE_EVENTS_HALF ? &tally->first[tally->count]
								     : &tally->last[tally->count % CAUSE_EVENTS_HALF];

	free((void *)(uintptr_t)into->text);
	*into = *event;
	tally->count++;
}

void cause_tally_free(struct cause_tally *tally)
{
	for (unsigned i = 0; i < CAUSE_EVENTS_HALF; i++) {
		free((void *)(uintptr_t)tally->first[i].text);
		free((void *)(uintptr_t)tally->last[i].text);
	}
	*tally = (struct cause_tally){ 0 };
}

void cause_behind_free(struct cause_behind *behind)
{
	cause_tally_free(&behind->left);
	cause_tally_free(&behind->withdrawn);
	free(behind->named);
	*behind = (struct cause_behind){ 0 };
}

int cause_facts(const struct cause_scene *scene, struct cause_fact ret_facts[FACT_COUNT], struct err *err)
{
	int code = 0;

	for (unsigned i = 0; i < FACT_COUNT; i++)
		ret_facts[i] = (struct cause_fact){
			.fact = (enum fact)i, .reading = "not-known", .note = "",
			.first = UTC_NEVER, .median = UTC_NEVER, .last = UTC_NEVER,
			.searched_from = UTC_NEVER, .searched_until = UTC_NEVER,
		};
	for (unsigned i = 0; i < FACT_COUNT && code == 0; i++) {
		/* Without a network that went dark in it nothing can be told: what fell is not in the recordings. */
		if (scene->fall.network_count == 0)
			none_of(scene, &ret_facts[i], "network that went dark by itself", scene->question.outage->start.earliest,
				scene->question.outage->start.latest);
		else if (facts[i].routes && scene->fall.pair_count == 0)
			none_of_fall(scene, &ret_facts[i], NO_ROUTE);
		else
			code = facts[i].take(scene, &ret_facts[i], err);
		if (code == 0)
			code = changes_settle(scene, &ret_facts[i], err);
	}
	if (code)
		cause_facts_free(ret_facts);
	return code;
}

void cause_facts_free(struct cause_fact freed[FACT_COUNT])
{
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		free(freed[i].ases);
		free(freed[i].networks);
		free(freed[i].changes);
		free(freed[i].events);
		freed[i] = (struct cause_fact){ .fact = (enum fact)i, .reading = "not-known", .note = "" };
	}
}
