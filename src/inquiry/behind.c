/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same chain as run.c's, feed to table and no further: all paths are kept, nothing is told.
 * When the clock passes a wanted moment, the table as it stands is gone through: before, to note
 * the routes that cross the AS; after, to see what became of them. In between, and only then,
 * messages about them are noted. Reading stops behind the last moment.
 *
 * A moment is in the order of records, not of settled time: that a session was lost may not be
 * noticed yet. Vantage points blind at either moment are left out.
 */
#include "inquiry/behind.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

#define HOPS_MAX	256u

struct behind_route {
	uint32_t vantage, network;
};

struct reading {
	const struct run *run;
	struct feed *feed;
	struct wire_scratch *scratch;
	struct table *table;
	struct wire_stream **streams;
	struct table_source **sources;
	struct behind_want *wants;
	uint32_t want_count;
	uint32_t active;		/* wants between their moments */
	/* by path: 0 not looked at, 1 no, 2 yes; of the want in hand */
	uint8_t *crosses;
	uint32_t crosses_room;
	uint32_t current;
	bool stop;
	struct err *err;
};

static unsigned on_need(void *context, const struct prefix *network)
{
	(void)context;
	(void)network;
	return TABLE_PATH;
}

static int on_change(void *context, const struct table_change *change)
{
	(void)context;
	(void)change;
	return 0;
}

static int on_vantage(void *context, const struct vantage_change *change)
{
	(void)context;
	(void)change;
	return 0;
}

/* The fall's own ASes: their other networks are no others. */
static bool is_origin(const struct fall *fall, uint32_t asn)
{
	for (uint32_t i = 0; i < fall->network_count; i++)
		if (fall->networks[i].origin == asn)
			return true;
	return false;
}

static bool path_crosses(const struct reading *reading, const struct fall *fall, uint32_t vantage,
			 uint32_t path)
{
	struct path_hop hops[HOPS_MAX];
	uint32_t count = table_path_hops(reading->table, vantage, path, hops, HOPS_MAX);
	bool crosses = false;

	if (count > HOPS_MAX)
		count = HOPS_MAX;
	/* all paths of a vantage point cross its own AS */
	for (uint32_t i = 1; i < count; i++)
		crosses |= hops[i].asn == fall->common_as;
	/* its own networks are not behind it */
	return crosses && hops[count - 1].asn != fall->common_as &&
	       !is_origin(fall, hops[count - 1].asn);
}

static int crosses_get(struct reading *reading, const struct fall *fall, uint32_t vantage,
		       uint32_t path, bool *ret_crosses)
{
	if (path >= reading->crosses_room) {
		uint32_t room = path < (1u << 20) ? 1u << 20 : path + path / 2;
		uint8_t *more = realloc(reading->crosses, room);

		if (!more)
			return err_memory(reading->err);
		memset(more + reading->crosses_room, 0, room - reading->crosses_room);
		reading->crosses = more;
		reading->crosses_room = room;
	}
	/*
	 * A path number says whether the own AS was left out, not which: that decides nothing
	 * behind the first hop.
	 */
	if (reading->crosses[path] == 0)
		reading->crosses[path] = path_crosses(reading, fall, vantage, path) ? 2 : 1;
	*ret_crosses = reading->crosses[path] == 2;
	return 0;
}

static bool is_fallen(const struct map *fallen, uint32_t network)
{
	return map_get(fallen, network) != MAP_NONE;
}

/*
 * Is it one of the routes that crossed? Those of a vantage point stand together, networks rising.
 */
static bool is_followed(const struct behind_want *want, uint32_t vantage, uint32_t network)
{
	uint32_t low, high, end;

	if (vantage >= want->held_count || !want->routes)
		return false;
	high = end = want->route_ends[vantage];
	low = end - want->route_counts[vantage];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (want->routes[middle].network < network)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && want->routes[low].network == network;
}

/* What a message did to one route. */
struct effect {
	const struct event *event;
	uint32_t vantage, network, before, after;
};

static int tally(const struct reading *reading, struct cause_tally *into,
		 const struct effect *effect)
{
	struct cause_event event = {
		.time = effect->event->time, .ref = effect->event->ref, .vantage = effect->vantage,
		.kind = effect->after == PATH_NONE ? CAUSE_WITHDRAW : CAUSE_ANNOUNCE,
		.prefix = table_network(reading->table, effect->network),
	};
	struct buf path = { 0 };

	/* As text at once: the number is this table's, and may come to mean another path. */
	if (effect->after != PATH_NONE) {
		table_path_format(reading->table, effect->vantage, effect->after, &path);
		buf_char(&path, '\0');
		event.text = path.failed ? NULL : path.data;
		if (path.failed)
			return err_memory(reading->err);
	}
	cause_tally_add(into, &event);
	return 0;
}

static int effect_note(const struct reading *reading, struct behind_want *want,
		       const struct effect *effect)
{
	int code = 0;

	if (effect->before == effect->after || is_fallen(&want->fallen, effect->network))
		return 0;
	if (effect->after == PATH_NONE && effect->vantage < want->held_count &&
	    want->held[effect->vantage])
		code = tally(reading, &want->behind.withdrawn, effect);
	if (code || !is_followed(want, effect->vantage, effect->network))
		return code;
	if (path_crosses(reading, want->fall, effect->vantage, effect->before) &&
	    (effect->after == PATH_NONE ||
	     !path_crosses(reading, want->fall, effect->vantage, effect->after)))
		code = tally(reading, &want->behind.left, effect);
	return code;
}

/* An update within somebody's two minutes. */
static int update_watch(struct reading *reading, const struct event *event)
{
	const char *collector = feed_collector(reading->feed, reading->current);
	struct effect effect = {
		.event = event,
		.vantage = roster_vantage(table_roster_edit(reading->table), collector,
			event->peer),
		.network = table_network_find(reading->table, &event->prefix),
	};
	int code;

	if (effect.vantage == UINT32_MAX || effect.network == MAP_NONE)
		return table_event(reading->table, reading->sources[reading->current], event,
				   reading->err);
	effect.before = table_route(reading->table, effect.vantage, effect.network);
	code = table_event(reading->table, reading->sources[reading->current], event, reading->err);
	effect.after = table_route(reading->table, effect.vantage, effect.network);
	for (uint32_t i = 0; i < reading->want_count && code == 0; i++)
		if (reading->wants[i].begun && !reading->wants[i].done)
			code = effect_note(reading, &reading->wants[i], &effect);
	return code;
}

static int on_event(void *context, const struct event *event)
{
	struct reading *reading = context;
	bool update = event->kind == EVENT_ANNOUNCE || event->kind == EVENT_WITHDRAW;

	if (reading->active && update && !event->local)
		return update_watch(reading, event);
	return table_event(reading->table, reading->sources[reading->current], event, reading->err);
}

/* The table's numbers of the fall's networks. */
static int fallen_collect(const struct reading *reading, const struct fall *fall,
			  struct map *fallen)
{
	for (uint32_t i = 0; i < fall->network_count; i++) {
		uint32_t number = table_network_find(reading->table, &fall->networks[i].prefix);

		if (number != MAP_NONE && map_put(fallen, number, 1) != 0)
			return err_memory(reading->err);
	}
	return 0;
}

static uint64_t held_by(const struct roster *roster, uint32_t vantage)
{
	return (uint64_t)roster->vantages[vantage].held4 + roster->vantages[vantage].held6;
}

static int vantage_note(struct reading *reading, struct behind_want *want, uint32_t vantage)
{
	uint32_t networks = table_network_count(reading->table), from = want->route_count;
	int code = 0;

	for (uint32_t network = 0; network < networks && code == 0; network++) {
		uint32_t path = table_route(reading->table, vantage, network);
		bool crosses = false;

		if (path == PATH_NONE)
			continue;
		code = crosses_get(reading, want->fall, vantage, path, &crosses);
		if (code || !crosses || is_fallen(&want->fallen, network))
			continue;
		code = VEC_GROW(want->routes, want->route_count, want->route_room, reading->err);
		if (code == 0)
			want->routes[want->route_count++] = (struct behind_route){
				vantage, network,
			};
	}
	want->route_ends[vantage] = want->route_count;
	want->route_counts[vantage] = want->route_count - from;
	return code;
}

/* Before: who crosses it. */
static int want_begin(struct reading *reading, struct behind_want *want)
{
	const struct roster *roster = table_roster(reading->table);
	uint32_t *order = calloc(roster->count ? roster->count : 1, sizeof(*order));
	int code;

	want->held = calloc(roster->count ? roster->count : 1, sizeof(*want->held));
	want->route_ends = calloc(roster->count ? roster->count : 1, sizeof(*want->route_ends));
	want->route_counts = calloc(roster->count ? roster->count : 1, sizeof(*want->route_counts));
	code = order && want->held && want->route_ends && want->route_counts
		? fallen_collect(reading, want->fall, &want->fallen) : err_memory(reading->err);
	want->held_count = roster->count;
	want->begun = true;
	reading->active++;
	if (reading->crosses)
		memset(reading->crosses, 0, reading->crosses_room);
	if (code == 0)
		roster_sort(roster, order);
	for (uint32_t i = 0; i < want->held_count && code == 0; i++) {
		if (!roster->vantages[order[i]].live)
			continue;
		want->held[order[i]] = held_by(roster, order[i]);
		if (!want->fall->common_as)
			continue;
		if (want->route_count < BEHIND_ROUTES_MAX)
			code = vantage_note(reading, want, order[i]);
		else
			want->behind.left_out = true;
	}
	free(order);
	return code;
}

struct fates {
	uint32_t kept, moved, lost;
};

/* Events name vantage points by the numbers of the first reading. */
static uint32_t vantage_first(const struct reading *reading, uint32_t vantage)
{
	const struct roster *first = table_roster(reading->run->table);
	const struct roster_vantage *own = &table_roster(reading->table)->vantages[vantage];
	uint32_t i = 0;

	while (i < first->count && (peer_compare(&first->vantages[i].peer, &own->peer) != 0 ||
				    strcmp(first->vantages[i].collector, own->collector) != 0))
		i++;
	return i < first->count ? i : 0;
}

static void tally_translate(const struct reading *reading, struct cause_tally *tally)
{
	for (uint32_t i = 0; i < CAUSE_EVENTS_HALF; i++) {
		if (tally->first[i].ref.number)
			tally->first[i].vantage = vantage_first(reading, tally->first[i].vantage);
		if (tally->last[i].ref.number)
			tally->last[i].vantage = vantage_first(reading, tally->last[i].vantage);
	}
}

/* The first of those that were looked at, by name. */
static int others_name(const struct reading *reading, struct cause_behind *behind,
		       const struct fates *fates, uint32_t networks)
{
	behind->named = calloc(FACT_NETWORKS, sizeof(*behind->named));
	if (!behind->named)
		return err_memory(reading->err);
	for (uint32_t i = 0; i < networks && behind->named_count < FACT_NETWORKS; i++)
		if (fates[i].kept + fates[i].moved + fates[i].lost)
			behind->named[behind->named_count++] = table_network(reading->table, i);
	return 0;
}

static void want_free(struct behind_want *want)
{
	free(want->routes);
	free(want->route_ends);
	free(want->route_counts);
	map_free(&want->fallen);
	want->routes = NULL;
	want->route_ends = want->route_counts = NULL;
}

/* After: what became of them, network by network. */
static int want_end(struct reading *reading, struct behind_want *want)
{
	const struct roster *roster = table_roster(reading->table);
	struct cause_behind *behind = &want->behind;
	uint32_t networks = table_network_count(reading->table);
	struct fates *fates = calloc(networks ? networks : 1, sizeof(*fates));
	int code = fates ? 0 : err_memory(reading->err);

	want->done = true;
	reading->active--;
	tally_translate(reading, &behind->left);
	tally_translate(reading, &behind->withdrawn);
	if (reading->crosses)
		memset(reading->crosses, 0, reading->crosses_room);
	for (uint32_t i = 0; i < want->route_count && code == 0; i++) {
		const struct behind_route *route = &want->routes[i];
		uint32_t path = table_route(reading->table, route->vantage, route->network);
		bool crosses = false;

		if (!roster->vantages[route->vantage].live)
			continue;
		if (path != PATH_NONE)
			code = crosses_get(reading, want->fall, route->vantage, path, &crosses);
		fates[route->network].kept += path != PATH_NONE && crosses;
		fates[route->network].moved += path != PATH_NONE && !crosses;
		fates[route->network].lost += path == PATH_NONE;
	}
	for (uint32_t i = 0; i < networks && code == 0; i++) {
		uint32_t all = fates[i].kept + fates[i].moved + fates[i].lost;

		behind->others += all != 0;
		behind->kept += all && 2 * fates[i].kept >= all;
		behind->lost += all && 2 * fates[i].kept < all && 2 * fates[i].lost >= all;
	}
	if (code == 0)
		code = others_name(reading, behind, fates, networks);
	for (uint32_t i = 0; i < want->held_count && code == 0; i++) {
		if (!roster->vantages[i].live || want->held[i] == 0)
			continue;
		behind->held_before += want->held[i];
		behind->held_after += held_by(roster, i);
	}
	behind->known = code == 0;
	behind->before = want->before;
	behind->after = want->after;
	want_free(want);
	free(fates);
	return code;
}

/* The clock is about to become `time`. */
static int moments_pass(struct reading *reading, int64_t time)
{
	bool more = false;
	int code = 0;

	for (uint32_t i = 0; i < reading->want_count && code == 0; i++) {
		struct behind_want *want = &reading->wants[i];

		if (!want->begun && time > want->before)
			code = want_begin(reading, want);
		if (code == 0 && want->begun && !want->done && time > want->after)
			code = want_end(reading, want);
		more |= !want->done;
	}
	reading->stop = !more;
	return code;
}

static int records_take(struct reading *reading, const struct feed_item *item)
{
	const struct wire_sink sink = { .context = reading, .event = on_event };
	struct record_ref ref = { item->input, item->number, item->offset };
	size_t at = 0;
	int code = 0;

	while (at < item->len && code == 0 && !reading->stop) {
		struct mrt_record record;
		uint32_t len = 0;

		if (mrt_frame(item->bytes + at, item->len - at, UINT32_MAX, &len) !=
		    MRT_FRAME_WHOLE)
			return err_set(reading->err, ERR_FORMAT,
				       "internal: a run of records that is none");
		mrt_record_parse(item->bytes + at, len, &ref, &record);
		code = moments_pass(reading, record.time);
		if (code == 0 && !reading->stop)
			code = wire_stream_err(wire_stream_record(reading->streams[item->input],
								  &record, reading->scratch, &sink),
					       reading->err);
		at += len;
		ref.number++;
		ref.offset += len;
	}
	return code;
}

static int input_begin(struct reading *reading, uint32_t input)
{
	int code;

	if (reading->streams[input])
		return 0;
	code = wire_stream_new(&reading->streams[input], reading->err);
	return code ? code
		    : table_source_new(reading->table, feed_collector(reading->feed, input),
				       &reading->sources[input], reading->err);
}

/*
 * What was there at the first reading and is not at the second would make a wrong answer, not a
 * poorer one.
 */
static int end_check(const struct reading *reading, uint32_t input)
{
	const struct err *now = &feed_report(reading->feed, input)->error;

	if (!now->code || (reading->run->inputs[input].ended &&
			   feed_report(reading->run->feed, input)->error.code))
		return 0;
	return err_set(reading->err, now->code, "%s", now->text);
}

static int item_take(struct reading *reading, struct feed_item *item)
{
	const struct wire_sink sink = { .context = reading, .event = on_event };
	int code = 0;

	reading->current = item->input;
	switch (item->kind) {
	case FEED_RECORDS:
		code = input_begin(reading, item->input);
		if (code == 0)
			code = records_take(reading, item);
		feed_release(reading->feed, item);
		break;
	case FEED_FAULT:
		code = input_begin(reading, item->input);
		if (code == 0) {
			wire_stream_damage(reading->streams[item->input]);
			code = table_damage(reading->table, reading->sources[item->input],
					    reading->err);
		}
		break;
	case FEED_END:
		if (reading->streams[item->input])
			code = wire_stream_end(reading->streams[item->input], &sink);
		wire_stream_free(reading->streams[item->input]);
		reading->streams[item->input] = NULL;
		if (code == 0)
			code = end_check(reading, item->input);
		break;
	case FEED_DONE:
		break;
	}
	return code;
}

static int read_all(struct reading *reading)
{
	const struct inquiry *inquiry = reading->run->inquiry;
	struct feed_item item = { .kind = FEED_RECORDS };
	int code = 0;

	while (code == 0 && !reading->stop) {
		if (inquiry->cancelled && *inquiry->cancelled)
			return err_set(reading->err, ERR_CANCELLED, "interrupted");
		code = feed_next(reading->feed, &item, reading->err);
		if (code || item.kind == FEED_DONE)
			break;
		code = item_take(reading, &item);
	}
	return code ? code : moments_pass(reading, INT64_MAX);
}

static int reading_begin(struct reading *reading)
{
	const struct inquiry *inquiry = reading->run->inquiry;
	const struct table_sink sink = { reading, on_change, on_vantage, on_need };
	struct feed_options options = inquiry->feed;
	int code;

	options.hash = false;
	options.bytes_read = NULL;
	reading->streams = calloc(inquiry->input_count ? inquiry->input_count : 1,
				  sizeof(struct wire_stream *));
	reading->sources = calloc(inquiry->input_count ? inquiry->input_count : 1,
				  sizeof(struct table_source *));
	code = reading->streams && reading->sources ? 0 : err_memory(reading->err);
	if (code == 0)
		code = table_new(&inquiry->question->parameters.table, &sink, &reading->table,
				 reading->err);
	if (code == 0 && inquiry->vantage_max)
		table_roster_edit(reading->table)->most = inquiry->vantage_max;
	if (code == 0)
		code = wire_scratch_new(&reading->scratch, reading->err);
	if (code == 0)
		code = feed_new(inquiry->inputs, inquiry->input_count, &inquiry->opener, &options,
				&reading->feed, reading->err);
	return code;
}

int behind_take(const struct run *run, struct behind_want *wants, uint32_t count, struct err *err)
{
	struct reading reading = { .run = run, .wants = wants, .want_count = count, .err = err };
	int code;

	if (count == 0 || run->inquiry->once || run->inquiry->replay)
		return 0;
	code = reading_begin(&reading);
	if (code == 0)
		code = read_all(&reading);
	for (uint32_t i = 0; reading.streams && i < run->inquiry->input_count; i++)
		wire_stream_free(reading.streams[i]);
	for (uint32_t i = 0; i < count; i++) {
		want_free(&wants[i]);
		free(wants[i].held);
		wants[i].held = NULL;
	}
	feed_free(reading.feed);
	table_free(reading.table);
	wire_scratch_free(reading.scratch);
	free(reading.streams);
	free(reading.sources);
	free(reading.crosses);
	return code;
}
