/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function a fact, in a table. Each counts over the fall's networks and pairs, or looks at what
 * was measured besides, and picks its reading. What `count` is of `of`, and which time is which, stands
 * with the function.
 */
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
/* Records that a fact names at most: so many of the first and of the last. */
#define CHANGES_HALF	16u

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
	int code;

	if (number == UINT32_MAX || !chronicle_at(scene->question.chronicle, number)->heard)
		return 0;
	code = VEC_GROW(fact->changes, fact->change_count, fact->change_room, err);
	if (code == 0)
		fact->changes[fact->change_count++] = number;
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
		const struct chronicle_change *change;

		if (pair->lost_at == UTC_NEVER || pair->tried == 0)
			continue;
		fact->count++;
		change = chronicle_at(scene->question.chronicle, pair->first_tried);
		around |= (fall->common_link.inner || fall->common_as) &&
			  !crosses_common(scene, change->vantage, change->after);
		if (fact->first == UTC_NEVER || change->time < fact->first)
			fact->first = change->time;
		if (fact->last == UTC_NEVER || change->time > fact->last)
			fact->last = change->time;
		code = change_add(scene, fact, pair->first_tried, err);
	}
	fact->of = fall->lost;
	fact->reading = fact->count == 0 ? "none" : around ? "around" : "within";
	return code;
}

/* Lost routes, of all looked at; ases: the link from outside to inside, or the AS. */
static int take_common(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int code = 0;

	fact->count = fall->lost;
	fact->of = fall->pair_count;
	fact->reading = "nothing";
	for (uint32_t i = 0; i < fall->pair_count && code == 0; i++)
		code = change_add(scene, fact, fall->pairs[i].lost, err);
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
static uint32_t other_route(const struct cause_scene *scene, uint32_t network, bool *ret_crosses)
{
	const struct roster *roster = table_roster(scene->question.table);

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t path = fall_route(&scene->question, network, vantage, scene->fall.until);

		if (path == PATH_NONE || path == FALL_UNKNOWN)
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

	if (!behind->known)
		return 0;
	fact->count = behind->kept;
	fact->of = behind->others;
	if (!fall->common_as) {
		fact->reading = "nothing-shared";
		return 0;
	}
	fact->reading = behind->others == 0 ? "none"
		: fact->count * 5 <= fact->of ? "gone" : fact->count * 5 >= fact->of * 4 ? "kept" : "mixed";
	return as_add(fact, fall->common_as, err);
}

/* Routes to everything that the vantage points had less of afterwards, of all. */
static int take_elsewhere(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct cause_behind *behind = &scene->behind;
	uint64_t own = scene->fall.lost;

	(void)err;
	if (!behind->known || behind->held_before == 0)
		return 0;
	fact->of = behind->held_before;
	fact->count = behind->held_before > behind->held_after + own ? behind->held_before - behind->held_after - own : 0;
	fact->reading = fact->count * 5 >= fact->of ? "much" : "little";
	return 0;
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
		uint32_t origin;

		if (!subject || dark_at(subject, fall->until))
			continue;
		origin = other_route(scene, i, &crosses);
		for (uint32_t k = 0; k < fact->as_count && origin; k++)
			theirs |= fact->ases[k] == origin;
		if (!theirs)
			continue;
		fact->count++;
		same_way += crosses;
		code = network_add(fact, i, err);
	}
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
	}
	fact->of = fall->pair_count;
	fact->reading = fact->count == 0 ? "none" : same_way * 2 >= fact->count ? "same-way" : "other-way";
	return code;
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
	changes = chronicle_of(scene->question.chronicle, found->network, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct chronicle_change *change = chronicle_at(scene->question.chronicle, changes[i]);

		changes_before += change->time >= before - UNREST_BEFORE && change->time < before;
	}
	return changes_before >= scene->question.parameters->instability_updates;
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
	}
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

	(void)err;
	fact->of = machine->count;
	for (uint32_t i = 0; i < machine->count; i++) {
		const struct outage *outage = &machine->outages[i];

		if (outage->start.at < here - REPEATED_WITHIN || outage->start.at > here + REPEATED_WITHIN)
			continue;
		fact->count++;
		brief += !is_lasting(outage);
		if (fact->first == UTC_NEVER)
			fact->first = outage->start.at;
		fact->last = outage->start.at;
	}
	fact->reading = fact->count < 2 ? "once" : fact->count < 3 || brief * 2 < fact->count ? "again"
		: lasting ? "among-brief" : "flapping";
	return 0;
}

/* Outages that began at this time on other days, of the whole days recorded. */
static int take_daily(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage_machine *machine = &scene->place->machine;
	int64_t here = scene->question.outage->start.at;

	(void)err;
	fact->of = (uint64_t)((scene->question.end - scene->data_from) / UTC_DAY);
	for (uint32_t i = 0; i < machine->count; i++) {
		int64_t apart = machine->outages[i].start.at - here;
		int64_t days = (apart + (apart < 0 ? -UTC_DAY / 2 : UTC_DAY / 2)) / UTC_DAY;
		int64_t off = apart - days * UTC_DAY;

		if (days != 0 && off >= -DAILY_WITHIN && off <= DAILY_WITHIN)
			fact->count++;
	}
	fact->reading = fact->of < 2 ? "not-known" : fact->count >= 2 && machine->count <= DAILY_MOST * fact->of ? "daily" : "no";
	return 0;
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
			code = change_add(scene, fact, pair->lost, err);
	}
	fact->of = fall->pair_count;
	fact->reading = fact->count * 4 >= fact->of && fact->count ? "changed" : fact->count ? "some" : "same";
	return code;
}

/* Was the network held by nobody before the change? */
static bool is_new(const struct cause_scene *scene, uint32_t network, int64_t since)
{
	const struct roster *roster = table_roster(scene->question.table);

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t path = fall_route(&scene->question, network, vantage, since - 1);

		if (path != PATH_NONE && path != FALL_UNKNOWN)
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
		uint32_t count;
		const uint32_t *changes = chronicle_of(question->chronicle, i, &count);
		const struct chronicle_change *change = count ? chronicle_at(question->chronicle, changes[0]) : NULL;

		if (!change || change->before != PATH_NONE || change->after == PATH_NONE || change->time < from ||
		    change->time > fall->until + question->parameters->cause_tail || !is_new(scene, i, change->time))
			continue;
		fact->of++;
		for (uint32_t k = 0; k < fall->network_count && code == 0; k++) {
			const struct prefix *around = &visibility_network(visibility, fall->networks[k].network)->prefix;
			uint32_t origin = table_path_origin(question->table, change->vantage, change->after);

			if (around->len >= prefix->len || !prefix_contains(around, prefix))
				continue;
			fact->count++;
			other |= origin != fall->networks[k].origin;
			code = as_add(fact, origin, err);
			if (code == 0)
				code = network_add(fact, i, err);
			if (code == 0)
				code = change_add(scene, fact, changes[0], err);
			break;
		}
	}
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
		return 0;
	}
	fact->of = fall->network_count;
	for (uint32_t i = 0; i < fall->network_count && code == 0; i++) {
		enum rpki state = vrps_state(scene->vrps, &fall->networks[i].prefix, fall->networks[i].origin);

		valid += state == RPKI_VALID;
		if (state != RPKI_INVALID)
			continue;
		fact->count++;
		code = network_add(fact, fall->networks[i].network, err);
	}
	fact->reading = fact->count == fact->of ? "invalid" : fact->count ? "some-invalid" : valid ? "valid" : "not-found";
	return code;
}

/* Prefixes announced with a BLACKHOLE community from an hour before to the outage's end, of those in all the recordings. */
static int take_blackhole(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage *outage = scene->question.outage;
	int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : scene->question.end;

	(void)err;
	fact->of = scene->blackhole_count;
	for (uint32_t i = 0; i < scene->blackhole_count; i++) {
		const struct cause_blackhole *hole = &scene->blackholes[i];

		if (hole->prefix.family != scene->question.family || hole->last < outage->start.at - UTC_HOUR ||
		    hole->first > until)
			continue;
		fact->count++;
		if (fact->first == UTC_NEVER || hole->first < fact->first)
			fact->first = hole->first;
		if (hole->last > fact->last)
			fact->last = hole->last;
	}
	fact->reading = fact->count ? "announced" : "none";
	return 0;
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

	(void)err;
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
	return 0;
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
			break;
		}
	}
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
				       chronicle_at(scene->question.chronicle, pair->back)->after);
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
	free(times);
	return code;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* The first and the last of what it rests on; how many are left out between them. */
static void changes_trim(struct cause_fact *fact)
{
	uint32_t count = 0;

	if (fact->change_count)
		qsort(fact->changes, fact->change_count, sizeof(*fact->changes), compare_numbers);
	for (uint32_t i = 0; i < fact->change_count; i++)
		if (i == 0 || fact->changes[i] != fact->changes[i - 1])
			fact->changes[count++] = fact->changes[i];
	fact->change_count = count;
	if (count <= 2 * CHANGES_HALF)
		return;
	memmove(fact->changes + CHANGES_HALF, fact->changes + count - CHANGES_HALF, CHANGES_HALF * sizeof(*fact->changes));
	fact->change_count = 2 * CHANGES_HALF;
	fact->changes_left_out = count - fact->change_count;
}

typedef int take_fn(const struct cause_scene *scene, struct cause_fact *fact, struct err *err);

static const struct {
	const char *name;
	take_fn *take;
} facts[FACT_COUNT] = {
	[FACT_ORDER] = { "network-order", take_order },
	[FACT_SPREAD] = { "vantage-spread", take_spread },
	[FACT_HUNTING] = { "path-hunting", take_hunting },
	[FACT_COMMON] = { "common-path", take_common },
	[FACT_OTHERS] = { "others-behind", take_others },
	[FACT_SAME_ORIGIN] = { "same-origin", take_same_origin },
	[FACT_SURVIVAL] = { "survival", take_survival },
	[FACT_UNREST] = { "unrest-before", take_unrest },
	[FACT_REPEATED] = { "repeated", take_repeated },
	[FACT_DAILY] = { "daily", take_daily },
	[FACT_ORIGIN] = { "origin-change", take_origin },
	[FACT_SPECIFICS] = { "more-specifics", take_specifics },
	[FACT_RPKI] = { "rpki", take_rpki },
	[FACT_BLACKHOLE] = { "blackhole", take_blackhole },
	[FACT_CLOCK] = { "clock", take_clock },
	[FACT_SESSIONS] = { "sessions", take_sessions },
	[FACT_ELSEWHERE] = { "elsewhere", take_elsewhere },
	[FACT_RETURN] = { "return", take_return },
};

const char *fact_name(enum fact fact)
{
	return facts[fact].name;
}

int cause_facts(const struct cause_scene *scene, struct cause_fact ret_facts[FACT_COUNT], struct err *err)
{
	int code = 0;

	for (unsigned i = 0; i < FACT_COUNT; i++)
		ret_facts[i] = (struct cause_fact){
			.fact = (enum fact)i, .reading = "not-known", .note = "",
			.first = UTC_NEVER, .median = UTC_NEVER, .last = UTC_NEVER,
		};
	/* Without a network that went dark in it nothing can be told: what fell is not in the recordings. */
	for (unsigned i = 0; i < FACT_COUNT && code == 0 && scene->fall.network_count; i++)
		code = facts[i].take(scene, &ret_facts[i], err);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		changes_trim(&ret_facts[i]);
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
		freed[i] = (struct cause_fact){ .fact = (enum fact)i, .reading = "not-known", .note = "" };
	}
}
