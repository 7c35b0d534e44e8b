/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts that look beyond the routes of one fall: at the hours and days around it, the clock, the
 * observers, ROAs and BLACKHOLE routes.
 */
#include "measure/cause_evidence.h"

#include "base/utc.h"

#define UNREST_BEFORE	UTC_HOUR
#define UNREST_KNOWN	(15 * UTC_MINUTE)
#define REPEATED_WITHIN	(3 * UTC_HOUR)
#define REPEATED_SHORT	(30 * UTC_MINUTE)
#define DAILY_WITHIN	(10 * UTC_MINUTE)
/* With more outages a day, some are at the same time of day by chance. */
#define DAILY_MOST	4
#define CLOCK_BEFORE	(5 * UTC_SECOND)
#define CLOCK_AFTER	UTC_MINUTE

/* Does the fall's own unrest begin in this run, or was there as much before? */
static bool unstable_before(const struct cause_scene *scene, const struct instability *found,
			    int64_t before)
{
	uint32_t count, changes_before = 0;
	const uint32_t *changes;

	if (found->first >= before || found->last < before - UNREST_BEFORE)
		return false;
	if (found->last < before)
		return true;
	changes = evidence_changes_of(scene, found->network, &count);
	for (uint32_t i = 0; i < count; i++) {
		struct route_change change = history_at(scene->question.history, changes[i]);

		changes_before += !change.first && change.time >= before - UNREST_BEFORE &&
				  change.time < before;
	}
	return changes_before >= scene->question.parameters->instability_updates;
}

/* Changes of the network in that hour. */
static int unrest_add(const struct cause_scene *scene, struct cause_fact *fact, uint32_t network,
		      int64_t before, struct err *err)
{
	uint32_t count;
	const uint32_t *changes = evidence_changes_of(scene, network, &count);
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct route_change change = history_at(scene->question.history, changes[i]);

		if (change.heard && change.time >= before - UNREST_BEFORE && change.time < before)
			code = evidence_change_add(scene, fact, changes[i], err);
	}
	return code;
}

/* Networks that were unstable in the hour before, of those that fell. */
int cause_take_unrest(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct fall *fall = &scene->fall;
	int64_t before = scene->question.outage->start.earliest -
			 scene->question.parameters->cause_lead;
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
		code = evidence_network_add(fact, found->network, err);
		if (code == 0)
			code = unrest_add(scene, fact, found->network, before, err);
	}
	if (fact->count == 0)
		evidence_none(scene, fact, "instability of these networks", before - UNREST_BEFORE,
			      before);
	else if (fact->change_count == 0)
		evidence_none(scene, fact,
			      "change of these routes: what they were was announced again and "
			      "again",
			      before - UNREST_BEFORE, before);
	fact->reading = fact->count				   ? "unstable"
			: before - scene->data_from < UNREST_KNOWN ? "not-known"
								   : "quiet";
	return code;
}

static bool is_lasting(const struct outage *outage)
{
	return outage->end.at == UTC_NEVER || outage->end.at - outage->start.at > REPEATED_SHORT;
}

/* Outages of the place within three hours, this one too, of all in the recordings. */
int cause_take_repeated(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage_machine *machine = &scene->place->machine;
	int64_t here = scene->question.outage->start.at;
	bool lasting = is_lasting(scene->question.outage);
	uint32_t brief = 0;
	int code = 0;

	fact->of = machine->count;
	for (uint32_t i = 0; i < machine->count && code == 0; i++) {
		const struct outage *outage = &machine->outages[i];

		if (outage->start.at < here - REPEATED_WITHIN ||
		    outage->start.at > here + REPEATED_WITHIN)
			continue;
		fact->count++;
		brief += !is_lasting(outage);
		if (fact->first == UTC_NEVER)
			fact->first = outage->start.at;
		fact->last = outage->start.at;
		code = evidence_bound_add(scene, fact, &outage->start, err);
		if (code == 0)
			code = evidence_bound_add(scene, fact, &outage->end, err);
	}
	if (fact->count < 2)
		evidence_none(scene, fact, "other outage of the place", here - REPEATED_WITHIN,
			      here + REPEATED_WITHIN);
	fact->reading = fact->count < 2				     ? "once"
			: fact->count < 3 || brief * 2 < fact->count ? "again"
			: lasting				     ? "among-brief"
								     : "flapping";
	return code;
}

/* Outages that began at this time on other days, of the whole days recorded. */
int cause_take_daily(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage_machine *machine = &scene->place->machine;
	int64_t here = scene->question.outage->start.at;
	int code = evidence_bound_add(scene, fact, &scene->question.outage->start, err);

	fact->of = (uint64_t)((scene->question.end - scene->data_from) / UTC_DAY);
	for (uint32_t i = 0; i < machine->count && code == 0; i++) {
		int64_t apart = machine->outages[i].start.at - here;
		int64_t days = (apart + (apart < 0 ? -UTC_DAY / 2 : UTC_DAY / 2)) / UTC_DAY;
		int64_t off = apart - days * UTC_DAY;

		if (days == 0 || off < -DAILY_WITHIN || off > DAILY_WITHIN)
			continue;
		fact->count++;
		code = evidence_bound_add(scene, fact, &machine->outages[i].start, err);
	}
	if (fact->of < 2)
		evidence_none(scene, fact, "second day of recordings", scene->data_from,
			      scene->question.end);
	else if (fact->count == 0)
		evidence_none(scene, fact, "outage at this time of another day", scene->data_from,
			      scene->question.end);
	fact->reading = fact->of < 2						      ? "not-known"
			: fact->count >= 2 && machine->count <= DAILY_MOST * fact->of ? "daily"
										      : "no";
	return code;
}

/* Networks invalid for the origin they had, of those that fell; networks: those. */
int cause_take_rpki(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
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
		enum rpki state = vrps_state(scene->vrps, &fall->networks[i].prefix,
					     fall->networks[i].origin);

		valid += state == RPKI_VALID;
		/* what the origin is known from */
		for (uint32_t k = 0; k < fall->networks[i].pair_count && code == 0; k++) {
			const struct fall_pair *pair =
				&fall->pairs[fall->networks[i].first_pair + k];

			if (table_path_origin(scene->question.table, pair->vantage, pair->base) !=
			    fall->networks[i].origin)
				continue;
			code = evidence_change_add(scene, fact, pair->base_change, err);
			break;
		}
		if (state != RPKI_INVALID || code)
			continue;
		fact->count++;
		code = evidence_network_add(fact, fall->networks[i].network, err);
	}
	if (fact->change_count == 0)
		evidence_none_of_fall(scene, fact, "route of these networks");
	fact->reading = fact->count == fact->of ? "invalid"
			: fact->count		? "some-invalid"
			: valid			? "valid"
						: "not-found";
	return code;
}

/*
 * Prefixes announced with a BLACKHOLE community from an hour before to the outage's end, of those
 * in all the recordings.
 */
int cause_take_blackhole(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
{
	const struct outage *outage = scene->question.outage;
	int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : scene->question.end;
	int code = 0;

	fact->of = scene->blackhole_count;
	for (uint32_t i = 0; i < scene->blackhole_count && code == 0; i++) {
		const struct cause_blackhole *hole = &scene->blackholes[i];
		const struct cause_event ends[] = {
			{ .time = hole->first, .ref = hole->first_ref, .vantage = hole->first_vantage, .prefix = hole->prefix },
			{ .time = hole->last, .ref = hole->last_ref, .vantage = hole->last_vantage,
				.prefix = hole->prefix },
		};

		if (hole->prefix.family != scene->question.family ||
		    hole->last < outage->start.at - UTC_HOUR || hole->first > until)
			continue;
		fact->count++;
		if (fact->first == UTC_NEVER || hole->first < fact->first)
			fact->first = hole->first;
		if (hole->last > fact->last)
			fact->last = hole->last;
		code = evidence_event_add(fact, &ends[0], err);
		if (code == 0 && hole->announcements > 1)
			code = evidence_event_add(fact, &ends[1], err);
	}
	if (fact->count == 0)
		evidence_none(scene, fact,
			      "announcement of the place's addresses with a BLACKHOLE community",
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
int cause_take_clock(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
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
		if (fact->note[0] == '\0' ||
		    (hour && fact->reading[0] == 'h' && fact->reading[1] == 'a')) {
			fact->note = clock->name;
			fact->reading = hour ? "hour" : "half-hour";
		}
	}
	return evidence_bound_add(scene, fact, &scene->question.outage->start, err);
}

/* Vantage points whose session was lost about then, of those live before. */
int cause_take_sessions(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
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

			if (interval->ended == ROSTER_END_OF_DATA || interval->until < from ||
			    interval->until > until)
				continue;
			fact->count++;
			code = evidence_as_add(fact, roster->vantages[i].peer.asn, err);
			if (code == 0)
				code = evidence_told_add(fact, i, interval, err);
			break;
		}
	}
	if (fact->count < fact->of || fact->count == 0)
		evidence_none(scene, fact, "loss of any other session", from, until);
	fact->reading = fact->count * 5 >= fact->of && fact->count ? "lost" : "kept";
	return code;
}
