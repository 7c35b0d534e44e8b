/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function a fact, in a table. Each counts over the fall's networks and pairs, picks its
 * reading, and says what that rests on (cause_evidence.h). What `count` is of `of`, and which time
 * is which, stands with the function.
 */
#include "measure/cause_evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

/* Units that fall within so long of each other fall together … */
#define TOGETHER	(60 * UTC_SECOND)
/* … and so close to each other they are one step of a sequence. */
#define STEP		(15 * UTC_SECOND)

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
	return fall->common_as &&
	       fall_path_has(scene->question.table, vantage, path, fall->common_as);
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

/*
 * Units (origin ASes where there are three or more, else networks) in the largest cluster, of all;
 * when they went dark.
 */
static int take_order(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int64_t *times = calloc(fall->network_count ? fall->network_count : 1, sizeof(*times));
	uint32_t count = 0, origins;
	int code = times ? 0 : err_memory(err);

	for (uint32_t i = 0; i < fall->network_count && code == 0; i++) {
		code = evidence_as_add(fact, fall->networks[i].origin, err);
		if (code == 0)
			code = evidence_network_add(fact, fall->networks[i].network, err);
		if (code == 0)
			code = evidence_change_add(scene, fact,
						   first_loss(fall, &fall->networks[i]), err);
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
		fact->reading = count < 2			   ? "one"
				: fact->count * 10 >= fact->of * 9 ? "together"
								   : "scattered";
		if (count >= 3 && largest_cluster(times, count, STEP) * 2 <= count &&
		    fact->last - fact->first > TOGETHER) {
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
	int code = times ? evidence_network_add(fact, network->network, err) : err_memory(err);

	for (uint32_t i = 0; i < network->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[network->first_pair + i];

		if (pair->lost_at == UTC_NEVER)
			continue;
		times[count++] = pair->lost_at;
		code = evidence_change_add(scene, fact, pair->lost, err);
	}
	if (code == 0) {
		if (count < network->pair_count)
			evidence_none_of_fall(scene, fact,
					      "loss of this network at the other vantage points");
		times_tell(times, count, fact);
		fact->count = count;
		fact->of = network->pair_count;
		fact->reading = count == 0   ? "none"
				: count == 1 ? "one"
				: largest_cluster(times, count, TOGETHER) * 10 >= count * 9
					? "together"
					: "spread";
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
		code = evidence_change_add(scene, fact, pair->first_tried, err);
	}
	if (code == 0 && fact->count < fall->lost)
		evidence_none_of_fall(scene, fact,
				      "other path for these routes before they were lost");
	for (uint32_t i = 0; i < fall->pair_count && fact->count == 0 && code == 0; i++)
		code = evidence_change_add(scene, fact, fall->pairs[i].lost, err);
	fact->of = fall->lost;
	fact->reading = fact->count == 0 ? "none" : around ? "around" : "within";
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
	code = evidence_lost_add(scene, fact, err);
	if (fall->lost == 0)
		evidence_none_of_fall(scene, fact, "loss of a route");
	if (code == 0 && fall->common_link.inner) {
		fact->reading = "link";
		code = evidence_as_add(fact, fall->common_link.outer, err);
		return code ? code : evidence_as_add(fact, fall->common_link.inner, err);
	}
	if (fall->common_as || fall->common_origin) {
		fact->reading = fall->common_as ? "as" : "origin";
		code = code ? code
			    : evidence_as_add(fact,
					      fall->common_as ? fall->common_as
							      : fall->common_origin,
					      err);
	}
	return code;
}

/*
 * Of a network that did not fall: where its route at the fall's deepest ended, and whether it
 * crossed what the lost ones shared.
 */
static uint32_t other_route(const struct cause_scene *scene, uint32_t network, bool *ret_crosses,
			    uint32_t *ret_change)
{
	const struct roster *roster = table_roster(scene->question.table);

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t path = fall_route(&scene->question, network, vantage, scene->fall.until,
					   ret_change);

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
		return evidence_lost_add(scene, fact, err);
	}
	code = evidence_tally_add(fact, &behind->left, err);
	if (behind->others == 0)
		evidence_none(scene, fact, "route through it to a network of another origin",
			      behind->before, behind->before);
	else if (behind->kept)
		evidence_none(scene, fact, "message by which more routes to them left it",
			      behind->before, behind->after);
	else if (behind->left.count == 0)
		evidence_none(scene, fact,
			      "message about them: what was lost came of sessions or RIBs",
			      behind->before, behind->after);
	if (code)
		return code;
	fact->reading = behind->others == 0		  ? "none"
			: fact->count * 5 <= fact->of	  ? "gone"
			: fact->count * 5 >= fact->of * 4 ? "kept"
							  : "mixed";
	return evidence_as_add(fact, fall->common_as, err);
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
	fact->count = behind->held_before > behind->held_after + own
			      ? behind->held_before - behind->held_after - own
			      : 0;
	fact->reading = fact->count * 5 >= fact->of ? "much" : "little";
	if (behind->withdrawn.count == 0)
		evidence_none(scene, fact, "withdrawal of anything else that was held",
			      behind->before, behind->after);
	return evidence_tally_add(fact, &behind->withdrawn, err);
}

static bool dark_at(const struct subject *subject, int64_t time)
{
	for (uint32_t i = 0; subject && i < subject->machine.count; i++) {
		const struct outage *outage = &subject->machine.outages[i];

		if (outage->start.at <= time &&
		    (outage->end.at == UTC_NEVER || outage->end.at > time))
			return true;
	}
	return false;
}

/* Networks of the fallen ones' origins that stayed, of all of theirs. */
static int take_same_origin(const struct cause_scene *scene, struct cause_fact *fact,
			    struct err *err)
{
	const struct fall_question *question = &scene->question;
	const struct fall *fall = &scene->fall;
	uint32_t same_way = 0;
	int code = 0;

	for (uint32_t i = 0; i < fall->network_count && code == 0; i++)
		code = evidence_as_add(fact, fall->networks[i].origin, err);
	for (uint32_t i = 0; i < question->networks && code == 0; i++) {
		const struct subject *subject = signals_find(question->signals, SUBJECT_NETWORK, i,
							     question->family);
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
		code = evidence_network_add(fact, i, err);
		if (code == 0)
			code = evidence_change_add(scene, fact, change, err);
	}
	for (uint32_t i = 0; i < fall->network_count && fact->count == 0 && code == 0; i++)
		code = evidence_change_add(scene, fact, first_loss(fall, &fall->networks[i]), err);
	if (fact->count)
		evidence_none_of_fall(scene, fact, "darkness of these networks");
	else
		evidence_none(scene, fact, "route to another network of the same origin then",
			      scene->data_from, fall->until);
	fact->of = fact->count + fall->network_count;
	fact->reading = fact->count == 0	      ? "all-fell"
			: same_way * 2 >= fact->count ? "kept-same-way"
						      : "kept-other-way";
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
		same_way += fall->common_as || fall->common_link.inner
				    ? crosses_common(scene, pair->vantage, pair->kept)
				    : pair->kept == pair->base;
		code = evidence_as_add(fact, roster->vantages[pair->vantage].peer.asn, err);
		if (code == 0)
			code = evidence_change_add(scene, fact, pair->kept_change, err);
	}
	for (uint32_t i = 0; i < fall->pair_count && fact->count == 0 && code == 0; i++)
		code = evidence_change_add(scene, fact, fall->pairs[i].lost, err);
	if (fact->count || fall->pair_count == 0)
		evidence_none_of_fall(scene, fact, "later change of these routes");
	fact->of = fall->pair_count;
	fact->reading = fact->count == 0	      ? "none"
			: same_way * 2 >= fact->count ? "same-way"
						      : "other-way";
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
		if (!now ||
		    now == table_path_origin(scene->question.table, pair->vantage, pair->base))
			continue;
		fact->count++;
		code = evidence_as_add(fact, now, err);
		if (code == 0)
			code = evidence_change_add(scene, fact,
						   pair->lost != UINT32_MAX ? pair->lost
									    : pair->kept_change,
						   err);
	}
	if (fact->count == 0)
		evidence_none_of_fall(scene, fact, "route of another origin");
	fact->of = fall->pair_count;
	fact->reading = fact->count * 4 >= fact->of && fact->count ? "changed"
			: fact->count				   ? "some"
								   : "same";
	return code;
}

/* The first change of a network; UINT32_MAX: none. */
static uint32_t first_change(const struct cause_scene *scene, uint32_t network)
{
	uint32_t count, first = UINT32_MAX;
	const uint32_t *changes = evidence_changes_of(scene, network, &count);

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

/*
 * New networks inside those that fell, of all new ones of the place about then; ases: their
 * origins.
 */
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
		    change.time > fall->until + question->parameters->cause_tail ||
		    !is_new(scene, i, change.time))
			continue;
		fact->of++;
		for (uint32_t k = 0; k < fall->network_count && code == 0; k++) {
			const struct prefix *around =
				&visibility_network(visibility, fall->networks[k].network)->prefix;
			uint32_t origin = table_path_origin(question->table, change.vantage,
							    change.after);

			if (around->len >= prefix->len || !prefix_contains(around, prefix))
				continue;
			fact->count++;
			other |= origin != fall->networks[k].origin;
			code = evidence_as_add(fact, origin, err);
			if (code == 0)
				code = evidence_network_add(fact, i, err);
			if (code == 0)
				code = evidence_change_add(scene, fact, number, err);
			break;
		}
	}
	if (fact->count == 0)
		evidence_none(scene, fact, "new network inside those that fell", from,
			      fall->until + question->parameters->cause_tail);
	fact->reading = fact->count == 0 ? "none" : other ? "other-origin" : "same-origin";
	return code;
}

/*
 * Networks back before the recordings end, of those that fell; when they were; networks: as they
 * came back.
 */
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
		if (fall->networks[i].back_at < fall->networks[first].back_at ||
		    fall->networks[first].back_at == UTC_NEVER)
			first = i;
	}
	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++) {
		const struct fall_pair *pair = &fall->pairs[i];

		if (pair->back == UINT32_MAX)
			continue;
		routes++;
		same += crosses_common(scene, pair->vantage,
				       history_at(scene->question.history, pair->back).after);
		code = evidence_change_add(scene, fact, pair->back, err);
	}
	if (code == 0) {
		times_tell(times, (uint32_t)fact->count, fact);
		fact->of = fall->network_count;
		fact->reading = fact->count * 2 < fact->of || fact->count == 0 ? "not-yet"
			: !fall->common_as && !fall->common_link.inner ? "back"
			: same * 2 >= routes ? "same-way" : "other-way";
	}
	if (code == 0 && fact->count)
		code = evidence_network_add(fact, fall->networks[first].network, err);
	if (code == 0 && fact->count < fall->network_count)
		evidence_none(scene, fact, "return of these networks, or of more of them",
			      fall->until, scene->question.end);
	free(times);
	return code;
}

static const struct {
	const char *name;
	cause_take_fn *take;
	bool routes;			/* is about routes of the fall */
} facts[FACT_COUNT] = {
	[FACT_ORDER] = { "network-order", take_order, false },
	[FACT_SPREAD] = { "vantage-spread", take_spread, true },
	[FACT_HUNTING] = { "path-hunting", take_hunting, true },
	[FACT_COMMON] = { "common-path", take_common, true },
	[FACT_OTHERS] = { "others-behind", take_others, false },
	[FACT_SAME_ORIGIN] = { "same-origin", take_same_origin, true },
	[FACT_SURVIVAL] = { "survival", take_survival, true },
	[FACT_UNREST] = { "unrest-before", cause_take_unrest, false },
	[FACT_REPEATED] = { "repeated", cause_take_repeated, false },
	[FACT_DAILY] = { "daily", cause_take_daily, false },
	[FACT_ORIGIN] = { "origin-change", take_origin, true },
	[FACT_SPECIFICS] = { "more-specifics", take_specifics, false },
	[FACT_RPKI] = { "rpki", cause_take_rpki, false },
	[FACT_BLACKHOLE] = { "blackhole", cause_take_blackhole, false },
	[FACT_CLOCK] = { "clock", cause_take_clock, false },
	[FACT_SESSIONS] = { "sessions", cause_take_sessions, false },
	[FACT_ELSEWHERE] = { "elsewhere", take_elsewhere, false },
	[FACT_RETURN] = { "return", take_return, false },
};

const char *fact_name(enum fact fact)
{
	return facts[fact].name;
}

int cause_facts(const struct cause_scene *scene, struct cause_fact ret_facts[FACT_COUNT],
		struct err *err)
{
	int code = 0;

	for (unsigned i = 0; i < FACT_COUNT; i++)
		ret_facts[i] = (struct cause_fact){
			.fact = (enum fact)i, .reading = "not-known", .note = "",
			.first = UTC_NEVER, .median = UTC_NEVER, .last = UTC_NEVER,
			.searched_from = UTC_NEVER, .searched_until = UTC_NEVER,
		};
	for (unsigned i = 0; i < FACT_COUNT && code == 0; i++) {
		/*
		 * Without a network that went dark in it nothing can be told: what fell is not in
		 * the recordings.
		 */
		if (scene->fall.network_count == 0)
			evidence_none(scene, &ret_facts[i], "network that went dark by itself",
				      scene->question.outage->start.earliest,
				      scene->question.outage->start.latest);
		else if (facts[i].routes && scene->fall.pair_count == 0)
			evidence_none_of_fall(scene, &ret_facts[i], EVIDENCE_NO_ROUTE);
		else
			code = facts[i].take(scene, &ret_facts[i], err);
		if (code == 0)
			code = evidence_settle(scene, &ret_facts[i], err);
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
		freed[i] = (struct cause_fact){
			.fact = (enum fact)i, .reading = "not-known", .note = "",
		};
	}
}
