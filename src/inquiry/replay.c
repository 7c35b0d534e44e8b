/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run out of an excerpt: records come in the order written down, steps of the timeline in between
 * them, and everything above goes on as if inputs were read. Of a record only what concerns the
 * place's networks is looked at.
 *
 * Nothing is believed that can be checked here: each record is what it is said to be, stands where
 * records of its input may stand, comes in the order that feed gives, and holds something that the
 * result rests on; each step is used; a route that is set right is one that a RIB's entry has.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/recorder.h"
#include "table/given.h"

struct player {
	struct run *run;
	const struct excerpt *excerpt;
	struct prefix_set networks;
	struct prefix last;
	bool last_is_network;
	uint64_t events;		/* of the place's networks so far */
	uint32_t step;			/* the next one */
	uint32_t *vantages;		/* the table's number of each in the timeline */
	/* entries of RIBs that did not fill a table: what an audit may set right */
	struct given_route *routes;
	uint32_t route_count, route_room;
	struct map route_of;		/* (vantage point, network) to place in routes */
	size_t *at;			/* by input: bytes of the excerpt used so far */
	const struct excerpt_record *record;
	/* of the record in hand: entries of the place's networks so far */
	uint32_t entries;
	bool used;
};

static uint64_t route_key(uint32_t vantage, uint32_t network)
{
	return (uint64_t)vantage << 32 | network;
}

static bool is_of_place(struct player *player, const struct prefix *prefix)
{
	if (player->last.family == FAMILY_NONE || !prefix_equal(&player->last, prefix)) {
		player->last = *prefix;
		player->last_is_network = prefix_set_has(&player->networks, prefix);
	}
	return player->last_is_network;
}

static enum roster_why why_of(const char *name)
{
	unsigned why = 0;

	while (why < ROSTER_WHY_COUNT && strcmp(roster_why_name((enum roster_why)why), name) != 0)
		why++;
	return (enum roster_why)why;
}

static int step_bad(struct player *player, const char *what)
{
	return err_set(player->run->err, ERR_FORMAT, "timeline, step %u: %s", player->step + 1,
		       what);
}

/* "set" and "dropped". */
static int step_route(struct player *player, const struct excerpt_step *step)
{
	struct run *run = player->run;
	bool set = strcmp(step->what, "set") == 0;
	enum change_why why = strcmp(step->why, "audit") == 0 ? CHANGE_AUDIT
		: strcmp(step->why, "purge") == 0 ? CHANGE_PURGE : CHANGE_RIB;
	struct given_route route = { .vantage = player->vantages[step->vantage] };
	struct prefix prefix;
	uint32_t place;

	if (!prefix_parse(view_of(step->network), &prefix) ||
	    !prefix_set_has(&player->networks, &prefix))
		return step_bad(player, "a network that is not the place's");
	route.network = table_network_find(run->table, &prefix);
	if (route.network == MAP_NONE)
		return step_bad(player, "a network that no record before has");
	if (set) {
		place = map_get(&player->route_of, route_key(route.vantage, route.network));
		if (place == MAP_NONE || why != CHANGE_AUDIT)
			return step_bad(player, "a route that no RIB's entry before has");
		route = player->routes[place];
	}
	return table_given_change(run->table, &route, why, step->time, run->err);
}

static int step_settled(struct player *player, const struct excerpt_step *step)
{
	struct run *run = player->run;
	struct settled_vantage settled = {
		.time = step->time, .noticed = step->noticed,
		.vantage = player->vantages[step->vantage],
		.family = strcmp(step->family, "IPv6") == 0 ? FAMILY_IPV6 : FAMILY_IPV4,
	};
	struct roster_vantage *vantage = &table_roster_edit(run->table)->vantages[settled.vantage];
	bool *full = settled.family == FAMILY_IPV6 ? &vantage->full6 : &vantage->full4;
	struct roster_intervals *intervals = settled.family == FAMILY_IPV6
						     ? &vantage->full6_intervals
						     : &vantage->full4_intervals;
	enum roster_why why = why_of(step->why);

	if (why == ROSTER_WHY_COUNT)
		return step_bad(player, "a reason that nobody has");
	if (strcmp(step->what, "full") == 0) {
		settled.kind = SETTLED_FULL;
		/* Who carries a full feed holds routes, be they of the place or not. */
		*full = vantage->held_ever = true;
		if (roster_begin(intervals, step->time, why) != 0)
			return err_memory(run->err);
	} else if (strcmp(step->what, "not-full") == 0) {
		settled.kind = SETTLED_NOT_FULL;
		if (*full)
			roster_end(intervals, step->time, why);
		*full = false;
	} else if (strcmp(step->what, "cleared") == 0) {
		settled.kind = SETTLED_CLEARED;
		run_full_end(vantage, step->time, why);
		table_given_forget(run->table, settled.vantage);
	} else {
		return step_bad(player, "of a kind that is not known");
	}
	return run_settle(run, &settled, why);
}

/* All that was decided before the next event. */
static int steps_take(struct player *player)
{
	const struct excerpt_timeline *timeline = &player->excerpt->timeline;
	struct run *run = player->run;
	int code = 0;

	for (; code == 0 && player->step < timeline->step_count; player->step++) {
		const struct excerpt_step *step = &timeline->steps[player->step];

		if (step->after > player->events)
			break;
		if (step->vantage >= timeline->vantage_count)
			return step_bad(player, "a vantage point that is not in the list");
		if (step->after < player->events || step->noticed < table_now(run->table) ||
		    step->time > step->noticed)
			return step_bad(player, "out of order");
		code = table_clock(run->table, step->noticed, run->err);
		if (code == 0)
			code = *step->network ? step_route(player, step)
					      : step_settled(player, step);
	}
	return code;
}

/* Does this entry of the record in hand fill a table? */
static bool entry_takes(const struct player *player)
{
	const char *takes = player->record->takes;

	return strcmp(takes, "*") == 0 ||
	       (player->entries < strlen(takes) && takes[player->entries] == '1');
}

static int entry_remember(struct player *player, const struct given_route *route)
{
	uint64_t key = route_key(route->vantage, route->network);
	uint32_t place = map_get(&player->route_of, key);
	int code;

	if (place != MAP_NONE) {
		player->routes[place] = *route;
		return 0;
	}
	code = VEC_GROW(player->routes, player->route_count, player->route_room, player->run->err);
	if (code == 0 && map_put(&player->route_of, key, player->route_count) != 0)
		code = err_memory(player->run->err);
	if (code == 0)
		player->routes[player->route_count++] = *route;
	return code;
}

static int entry_take(struct player *player, const struct event *event)
{
	struct run *run = player->run;
	const struct table_source *source = run->inputs[run->current_input].source;
	bool takes = entry_takes(player);
	struct given_route route;
	int code;

	player->entries++;
	if (!event->peer)
		return 0;
	code = table_clock(run->table, event->time, run->err);
	if (code == 0)
		code = table_given_entry(run->table, source, event, takes, &route, run->err);
	return code || takes ? code : entry_remember(player, &route);
}

static int on_event(void *context, const struct event *event)
{
	struct player *player = context;
	struct run *run = player->run;
	int code;

	switch (event->kind) {
	case EVENT_STATE:
	case EVENT_RIB_BEGIN:
		player->used = true;
		return 0;
	case EVENT_ANNOUNCE:
	case EVENT_WITHDRAW:
	case EVENT_RIB_ENTRY:
		break;
	default:
		return 0;
	}
	if (!is_of_place(player, &event->prefix))
		return 0;
	player->used = true;
	code = steps_take(player);
	player->events++;
	if (code)
		return code;
	if (event->kind == EVENT_RIB_ENTRY)
		return entry_take(player, event);
	return table_event(run->table, run->inputs[run->current_input].source, event, run->err);
}

static int record_bad(const struct player *player, const char *what)
{
	return err_set(player->run->err, ERR_FORMAT, "record %llu of input %u: %s",
		       (unsigned long long)player->record->number, player->record->input, what);
}

/* Is it at a place where it can have been? */
static int record_check(const struct player *player, const struct excerpt_record *before,
			const struct mrt_record *record)
{
	const struct run *run = player->run;
	const struct excerpt_record *own = player->record;
	const struct run_input *input = &run->inputs[run->current_input];

	if (record->time > own->clock)
		return record_bad(player, "later than the time that orders it");
	if (own->number <= input->records || own->number == 0 || own->offset < input->bytes)
		return record_bad(player, "not behind the one before it");
	if (before && (own->clock < before->clock ||
		       (own->clock == before->clock &&
			strcmp(run->inquiry->inputs[own->input - 1].collector,
			       run->inquiry->inputs[before->input - 1].collector) < 0)))
		return record_bad(player, "out of the order of time");
	return 0;
}

static int record_take(struct player *player, const struct excerpt_record *before)
{
	const struct wire_sink sink = { .context = player, .event = on_event };
	const struct excerpt_record *own = player->record;
	struct run *run = player->run;
	struct record_ref ref = { own->input - 1, own->number, own->offset };
	struct run_input *input;
	struct mrt_record record;
	const struct buf *bytes;
	uint32_t len = 0;
	int code;

	if (own->input == 0 || own->input > run->inquiry->input_count ||
	    own->input > player->excerpt->input_count)
		return record_bad(player, "of an input that there is not");
	run->current_input = own->input - 1;
	bytes = &player->excerpt->bytes[run->current_input];
	input = &run->inputs[run->current_input];
	if (own->length > bytes->len - player->at[run->current_input] ||
	    own->length < MRT_HEADER_SIZE)
		return record_bad(player, "is not in the excerpt");
	code = run_input_begin(run, run->current_input);
	if (code)
		return code;
	const uint8_t *at = (const uint8_t *)bytes->data + player->at[run->current_input];

	if (mrt_frame(at, own->length, UINT32_MAX, &len) != MRT_FRAME_WHOLE || len != own->length)
		return record_bad(player, "is not one whole record");
	mrt_record_parse(at, len, &ref, &record);
	code = record_check(player, before, &record);
	player->at[run->current_input] += len;
	input->records = own->number;
	input->bytes = own->offset + own->length;
	player->entries = 0;
	player->used = false;
	if (code == 0)
		code = wire_stream_err(wire_stream_record(input->stream, &record, run->scratch,
							  &sink), run->err);
	if (code == 0 && !player->used)
		code = record_bad(player, "holds nothing that the result rests on");
	if (code == 0 && *own->takes && strcmp(own->takes, "*") != 0 &&
	    strlen(own->takes) != player->entries)
		code = record_bad(player, "has another number of entries");
	return code;
}

static int replay_finish(struct player *player)
{
	struct run *run = player->run;
	int code = steps_take(player);

	if (code == 0 && player->step < player->excerpt->timeline.step_count)
		code = step_bad(player, "behind more events than there are");
	for (uint32_t i = 0; i < player->excerpt->input_count && code == 0; i++) {
		if (player->at[i] != player->excerpt->bytes[i].len)
			code = err_set(run->err, ERR_FORMAT,
				       "input %u: bytes in the excerpt that no record accounts for",
				       i + 1);
	}
	if (code == 0 && table_now(run->table) > player->excerpt->timeline.end)
		code = err_set(run->err, ERR_FORMAT, "timeline: ends before its last event");
	run->first_heard = player->excerpt->timeline.begin;
	run->last_heard = player->excerpt->timeline.end;
	return code;
}

static int vantages_number(struct player *player)
{
	const struct excerpt_timeline *timeline = &player->excerpt->timeline;
	struct run *run = player->run;
	int code = 0;

	for (uint32_t i = 0; i < timeline->vantage_count && code == 0; i++) {
		const struct excerpt_vantage *from = &timeline->vantages[i];
		struct peer peer = { .asn = from->peer_as };
		struct table_source *source;

		if (!addr_parse(view_of(from->peer), &peer.addr))
			return err_set(run->err, ERR_FORMAT,
				       "timeline: vantage point %u has no address", i);
		code = table_source_new(run->table, from->collector, &source, run->err);
		if (code == 0)
			code = table_given_vantage(run->table, source, &peer, &player->vantages[i],
						   run->err);
		if (code == 0)
			code = run_vantage_add(run, player->vantages[i]);
	}
	return code;
}

/* The time that MRT can tell, of which something was heard. */
static int span_check(const struct excerpt_timeline *timeline, struct err *err)
{
	if (timeline->begin < 0 || timeline->end < timeline->begin ||
	    timeline->end > (int64_t)1 << 32 << 20)
		return err_set(err, ERR_FORMAT,
			       "timeline: begins or ends at a time that cannot be");
	return 0;
}

int replay_feed(struct run *run)
{
	const struct excerpt *excerpt = run->inquiry->replay;
	struct player player = { .run = run, .excerpt = excerpt };
	int code;

	player.vantages = calloc(excerpt->timeline.vantage_count + 1u, sizeof(*player.vantages));
	player.at = calloc(excerpt->input_count + 1u, sizeof(*player.at));
	code = player.vantages && player.at ? 0 : err_memory(run->err);
	if (code == 0)
		code = span_check(&excerpt->timeline, run->err);
	if (code == 0)
		code = prefix_set_take(&player.networks, &excerpt->timeline, run->err);
	if (code == 0)
		code = vantages_number(&player);
	for (uint32_t i = 0; i < excerpt->records.record_count && code == 0; i++) {
		player.record = &excerpt->records.records[i];
		code = record_take(&player, i ? player.record - 1 : NULL);
	}
	if (code == 0)
		code = replay_finish(&player);
	prefix_set_free(&player.networks);
	map_free(&player.route_of);
	free(player.routes);
	free(player.vantages);
	free(player.at);
	return code;
}
