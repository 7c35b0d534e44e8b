/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of the place's routes are gathered by their numbers, as many as there are, and the first
 * and the last of them become events in the end. What comes from elsewhere (sessions, other
 * networks) is few or a tally already, and becomes events at once.
 */
#define _GNU_SOURCE	/* qsort_r */
#include "measure/cause_evidence.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

/* Routes of which both the path and the loss are named: so many of the first and of the last. */
#define PAIRS_HALF	(CAUSE_EVENTS_HALF / 2)

int evidence_as_add(struct cause_fact *fact, uint32_t asn, struct err *err)
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

int evidence_network_add(struct cause_fact *fact, uint32_t network, struct err *err)
{
	int code = VEC_GROW(fact->networks, fact->network_count, fact->network_room, err);

	if (code == 0)
		fact->networks[fact->network_count++] = network;
	return code;
}

int evidence_change_add(const struct cause_scene *scene, struct cause_fact *fact, uint32_t number,
			struct err *err)
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

int evidence_event_add(struct cause_fact *fact, const struct cause_event *event, struct err *err)
{
	int code = VEC_GROW(fact->events, fact->event_count, fact->event_room, err);

	if (code == 0)
		fact->events[fact->event_count++] = *event;
	return code;
}

int evidence_tally_add(struct cause_fact *fact, const struct cause_tally *tally, struct err *err)
{
	uint32_t early = tally->count < CAUSE_EVENTS_HALF ? tally->count : CAUSE_EVENTS_HALF;
	uint32_t late = tally->count - early < CAUSE_EVENTS_HALF ? tally->count - early
								 : CAUSE_EVENTS_HALF;
	int code = 0;

	for (uint32_t i = 0; i < early && code == 0; i++)
		code = evidence_event_add(fact, &tally->first[i], err);
	for (uint32_t i = tally->count - late; i < tally->count && code == 0; i++)
		code = evidence_event_add(fact, &tally->last[i % CAUSE_EVENTS_HALF], err);
	fact->events_left_out += tally->count - early - late;
	return code;
}

/*
 * There was none of it from `from` to `until`, as far as the recordings go; they may not go there
 * at all.
 */
void evidence_none(const struct cause_scene *scene, struct cause_fact *fact, const char *what,
		   int64_t from, int64_t until)
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
void evidence_none_of_fall(const struct cause_scene *scene, struct cause_fact *fact,
			   const char *what)
{
	const struct fall *fall = &scene->fall;
	int64_t from = scene->question.outage->start.earliest;

	for (uint32_t i = 0; i < fall->network_count; i++)
		if (fall->networks[i].base_at < from)
			from = fall->networks[i].base_at;
	evidence_none(scene, fact, what, from,
		      fall->until + scene->question.parameters->cause_tail);
}

/* The record that betrayed the end of an interval. */
int evidence_told_add(struct cause_fact *fact, uint32_t vantage,
		      const struct roster_interval *interval, struct err *err)
{
	static const enum cause_event_kind kinds[ROSTER_WHY_COUNT] = {
		[ROSTER_SESSION_DOWN] = CAUSE_SESSION_DOWN, [ROSTER_SESSION_UP] = CAUSE_SESSION_UP,
		[ROSTER_SILENCE] = CAUSE_LAST_HEARD, [ROSTER_COLLECTOR_SILENCE] = CAUSE_LAST_HEARD,
		[ROSTER_ANNOUNCED_AGAIN] = CAUSE_ANNOUNCED_AGAIN,
		[ROSTER_DAMAGE] = CAUSE_LAST_HEARD,
		[ROSTER_NOT_IN_RIB] = CAUSE_LAST_HEARD, [ROSTER_DRIFT] = CAUSE_LAST_HEARD,
	};
	const struct cause_event event = {
		.time = interval->told_at, .ref = interval->told, .kind = kinds[interval->ended],
		.vantage = vantage,
	};

	if (interval->told.number == 0) {
		fact->unsaid++;
		return 0;
	}
	return evidence_event_add(fact, &event, err);
}

static int changes_between(const struct cause_scene *scene, struct cause_fact *fact, int64_t from,
			   int64_t until, struct err *err)
{
	const struct fall_question *question = &scene->question;
	uint32_t first, count = history_span(question->history, from, until, &first);
	int code = 0;

	for (uint32_t i = first; i < first + count && code == 0; i++) {
		struct route_change change = history_at(question->history, i);
		struct prefix prefix = table_network(question->table, change.network);

		if (prefix.family == question->family)
			code = evidence_change_add(scene, fact, i, err);
	}
	return code;
}

/* What was said at the instant when an outage began or ended, or in its burst. */
int evidence_bound_add(const struct cause_scene *scene, struct cause_fact *fact,
		       const struct bound *bound, struct err *err)
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
	for (uint32_t i = 0;
	     i < roster->count && code == 0 && fact->change_count + fact->event_count == before;
	     i++) {
		const struct roster_intervals *live = &roster->vantages[i].live_intervals;

		for (uint32_t k = 0; k < live->count && code == 0; k++)
			if (live->at[k].until == bound->at &&
			    live->at[k].ended != ROSTER_END_OF_DATA)
				code = evidence_told_add(fact, i, &live->at[k], err);
	}
	if (code == 0 && fact->change_count + fact->event_count == before)
		evidence_none(scene, fact,
			      "change of the place's routes at that instant: it was met when "
			      "measuring began again",
			      bound->earliest, bound->latest);
	return code;
}

/* By loss. */
static int compare_pairs(const void *a, const void *b, void *context)
{
	const struct fall *fall = context;
	uint32_t left = fall->pairs[*(const uint32_t *)a].lost,
		 right = fall->pairs[*(const uint32_t *)b].lost;

	return left < right ? -1 : left > right;
}

/* Of the first and the last routes lost, what gave the path and what took it. */
int evidence_lost_add(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
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
		code = evidence_change_add(scene, fact, pair->base_change, err);
		if (code == 0)
			code = evidence_change_add(scene, fact, pair->lost, err);
	}
	free(order);
	return code;
}

const uint32_t *evidence_changes_of(const struct cause_scene *scene, uint32_t network,
				    uint32_t *ret_count)
{
	const struct fall_question *question = &scene->question;

	return history_of_network(question->history,
				  history_find(question->history, question->table_numbers[network]),
				  ret_count);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static enum cause_event_kind kind_of(const struct route_change *change)
{
	return !change->heard	    ? CAUSE_RIB_ENTRY
	       : change->withdrawal ? CAUSE_WITHDRAW
				    : CAUSE_ANNOUNCE;
}

/* The first and the last of the changes it rests on become events. */
int evidence_settle(const struct cause_scene *scene, struct cause_fact *fact, struct err *err)
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
			.time = change.time, .ref = change.ref, .kind = kind_of(&change),
			.vantage = change.vantage,
			.prefix = table_network(scene->question.table, change.network),
			.path = change.withdrawal ? PATH_NONE : change.after,
		};

		if (i >= CAUSE_EVENTS_HALF && i + CAUSE_EVENTS_HALF < count)
			fact->events_left_out++;
		else
			code = evidence_event_add(fact, &event, err);
	}
	fact->change_count = 0;
	if (fact->unsaid == 0 && fact->event_count == 0 && !fact->absent)
		evidence_none_of_fall(scene, fact, EVIDENCE_NO_ROUTE);
	if (fact->unsaid && !fact->absent)
		evidence_none_of_fall(scene, fact,
				      "message for some of these changes: a RIB or a table sent "
				      "anew lacked the routes");
	return code;
}

const char *cause_event_name(enum cause_event_kind kind)
{
	static const char *const names[CAUSE_EVENT_COUNT] = {
		[CAUSE_ANNOUNCE] = "announce", [CAUSE_WITHDRAW] = "withdraw",
		[CAUSE_RIB_ENTRY] = "rib-entry",
		[CAUSE_SESSION_DOWN] = "session-down", [CAUSE_SESSION_UP] = "session-up",
		[CAUSE_ANNOUNCED_AGAIN] = "announced-again", [CAUSE_LAST_HEARD] = "last-heard",
	};

	return names[kind];
}

void cause_tally_add(struct cause_tally *tally, const struct cause_event *event)
{
	struct cause_event *into = tally->count < CAUSE_EVENTS_HALF
					   ? &tally->first[tally->count]
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
