/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record is kept when it holds an event of one of the place's networks, a state change or a peer
 * index table. Events of the place's networks are counted; a decision is noted with the number of
 * those before it. What falls due by the time alone is decided before an event
 * (recorder_event_begin() lets the table's clock go ahead), what the event itself brings about
 * comes behind it: the event is counted when its change is told, or, where it changes nothing, when
 * the table is done with it.
 */
#include "inquiry/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

struct recorder {
	struct excerpt *excerpt;
	struct prefix_set networks;
	struct prefix last;		/* prefix of the event before */
	bool last_is_network;
	uint64_t events;
	/* the event in hand */
	bool counted, took;
	/* the record in hand */
	bool kept;
	struct buf takes;
	/* lists that grow; the excerpt takes a copy */
	struct excerpt_vantage *vantages;
	uint32_t vantage_count, vantage_room;
	uint32_t *vantage_of;		/* the table's number to place in `vantages` + 1 */
	uint32_t vantage_of_room;
	struct excerpt_step *steps;
	uint32_t step_count, step_room;
	struct excerpt_missing *missing;
	uint32_t missing_count, missing_room;
	struct excerpt_record *records;
	uint32_t record_count, record_room;
	bool failed;			/* out of memory where nobody could be told */
};

int recorder_new(struct excerpt *excerpt, struct recorder **ret_recorder, struct err *err)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		return err_memory(err);
	recorder->excerpt = excerpt;
	*ret_recorder = recorder;
	return 0;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	prefix_set_free(&recorder->networks);
	buf_free(&recorder->takes);
	free(recorder->vantages);
	free(recorder->vantage_of);
	free(recorder->steps);
	free(recorder->missing);
	free(recorder->records);
	free(recorder);
}

void recorder_network(struct recorder *recorder, const struct prefix *network)
{
	recorder->failed |= prefix_set_add(&recorder->networks, network, NULL) != 0;
	recorder->last.family = FAMILY_NONE;
}

int recorder_event_begin(struct run *run, const struct event *event)
{
	run->recorder->counted = run->recorder->took = false;
	/* As table_event() does it: entries of a RIB do not stop what waits to be looked up. */
	if (event->kind == EVENT_RIB_ENTRY && event->time <= table_now(run->table))
		return 0;
	return table_clock(run->table, event->time, run->err);
}

static bool is_of_place(struct recorder *recorder, const struct prefix *prefix)
{
	if (recorder->last.family == FAMILY_NONE || !prefix_equal(&recorder->last, prefix)) {
		recorder->last = *prefix;
		recorder->last_is_network = prefix_set_has(&recorder->networks, prefix);
	}
	return recorder->last_is_network;
}

int recorder_event_end(struct run *run, const struct event *event)
{
	struct recorder *recorder = run->recorder;

	switch (event->kind) {
	case EVENT_STATE:
		recorder->kept = true;
		break;
	case EVENT_ANNOUNCE:
	case EVENT_WITHDRAW:
	case EVENT_RIB_ENTRY:
		if (!is_of_place(recorder, &event->prefix))
			break;
		recorder->kept = true;
		recorder->events += !recorder->counted;
		if (event->kind == EVENT_RIB_ENTRY)
			buf_char(&recorder->takes, recorder->took ? '1' : '0');
		break;
	default:
		break;
	}
	return recorder->failed ? err_memory(run->err) : 0;
}

/* The place of the vantage point in the timeline's list. */
static int vantage_place(struct run *run, uint32_t vantage, uint32_t *ret_place)
{
	struct recorder *recorder = run->recorder;
	const struct roster_vantage *from = &table_roster(run->table)->vantages[vantage];
	struct arena *arena = &recorder->excerpt->arena;
	struct buf peer = { 0 };
	int code = 0;

	if (vantage >= recorder->vantage_of_room) {
		uint32_t room = vantage + vantage / 2 + 64;
		uint32_t *moved = reallocarray(recorder->vantage_of, room, sizeof(*moved));

		if (!moved)
			return err_memory(run->err);
		memset(moved + recorder->vantage_of_room, 0,
		       (room - recorder->vantage_of_room) * sizeof(*moved));
		recorder->vantage_of = moved;
		recorder->vantage_of_room = room;
	}
	if (recorder->vantage_of[vantage] == 0) {
		code = VEC_GROW(recorder->vantages, recorder->vantage_count, recorder->vantage_room,
				run->err);
		if (code)
			return code;
		addr_format(&peer, &from->peer.addr);
		recorder->vantages[recorder->vantage_count] = (struct excerpt_vantage){
			arena_strndup(arena, from->collector, strlen(from->collector)),
			peer.failed ? NULL : arena_strndup(arena, peer.data, peer.len), from->peer.asn };
		buf_free(&peer);
		if (!recorder->vantages[recorder->vantage_count].collector ||
		    !recorder->vantages[recorder->vantage_count].peer)
			return err_memory(run->err);
		recorder->vantage_of[vantage] = ++recorder->vantage_count;
	}
	*ret_place = recorder->vantage_of[vantage] - 1;
	return 0;
}

static int step_add(struct run *run, uint32_t vantage, struct excerpt_step *step)
{
	struct recorder *recorder = run->recorder;
	int code = vantage_place(run, vantage, &step->vantage);

	if (code == 0)
		code = VEC_GROW(recorder->steps, recorder->step_count, recorder->step_room,
				run->err);
	if (code)
		return code;
	step->after = recorder->events;
	recorder->steps[recorder->step_count++] = *step;
	return 0;
}

int recorder_change(struct run *run, const struct table_change *change)
{
	static const char *const whys[] = {
		[CHANGE_UPDATE] = "", [CHANGE_RIB] = "rib", [CHANGE_AUDIT] = "audit",
		[CHANGE_PURGE] = "purge",
	};
	struct recorder *recorder = run->recorder;
	struct prefix network = table_network(run->table, change->network);
	struct buf text = { 0 };
	struct excerpt_step step = {
		.what = change->after == PATH_NONE ? "dropped" : "set", .why = whys[change->why],
		.family = "",
		.time = change->evidence, .noticed = change->time,
	};

	if (change->event) {
		recorder->events++;
		recorder->counted = true;
		recorder->took = change->why == CHANGE_RIB;
		return 0;
	}
	prefix_format(&text, &network);
	step.network = text.failed ? NULL
				   : arena_strndup(&recorder->excerpt->arena, text.data, text.len);
	buf_free(&text);
	return step.network ? step_add(run, change->vantage, &step) : err_memory(run->err);
}

int recorder_settled(struct run *run, const struct settled_vantage *settled, enum roster_why why)
{
	static const char *const whats[] = {
		[SETTLED_FULL] = "full", [SETTLED_NOT_FULL] = "not-full",
		[SETTLED_CLEARED] = "cleared",
	};
	struct excerpt_step step = {
		.what = whats[settled->kind], .why = roster_why_name(why), .network = "",
		.family = settled->kind == SETTLED_CLEARED ? "" : family_name(settled->family),
		.time = settled->time, .noticed = settled->noticed,
	};

	return step_add(run, settled->vantage, &step);
}

/* Which of a RIB record's entries filled a table, in as few letters as will do. */
static const char *takes_text(struct recorder *recorder)
{
	const struct buf *takes = &recorder->takes;

	if (takes->failed)
		return NULL;
	if (takes->len == 0 || !memchr(takes->data, '1', takes->len))
		return "";
	if (!memchr(takes->data, '0', takes->len))
		return "*";
	return arena_strndup(&recorder->excerpt->arena, takes->data, takes->len);
}

int recorder_record(struct run *run, const struct mrt_record *record)
{
	struct recorder *recorder = run->recorder;
	struct buf *bytes = &recorder->excerpt->bytes[run->current_input];
	int code;

	if (!recorder->kept && !(record->type == MRT_TABLE_DUMP_V2 && record->subtype == 1))
		return 0;
	code = VEC_GROW(recorder->records, recorder->record_count, recorder->record_room, run->err);
	if (code)
		return code;
	recorder->records[recorder->record_count] = (struct excerpt_record){
		.input = run->current_input + 1, .length = record->len,
		.number = record->ref.number,
		.offset = record->ref.offset, .clock = run->inputs[run->current_input].last,
		.takes = takes_text(recorder),
	};
	buf_add(bytes, record->bytes, record->len);
	if (!recorder->records[recorder->record_count++].takes || bytes->failed)
		return err_memory(run->err);
	recorder->kept = false;
	recorder->takes.len = 0;
	return 0;
}

int recorder_missing(struct run *run, uint32_t input)
{
	struct recorder *recorder = run->recorder;
	int code = VEC_GROW(recorder->missing, recorder->missing_count, recorder->missing_room,
			    run->err);

	if (code == 0)
		recorder->missing[recorder->missing_count++] = (struct excerpt_missing){
			input + 1, run->inquiry->inputs[input].starts, run->inquiry->input_ends[input] };
	return code;
}

static int compare_prefixes(const void *a, const void *b)
{
	return prefix_compare(a, b);
}

static int networks_finish(struct run *run)
{
	struct recorder *recorder = run->recorder;
	struct arena *arena = &recorder->excerpt->arena;
	struct excerpt_timeline *into = &recorder->excerpt->timeline;
	uint32_t count = recorder->networks.count;

	into->networks = arena_zalloc(arena, (count ? count : 1) * sizeof(*into->networks));
	if (!into->networks)
		return err_memory(run->err);
	if (count)
		qsort(recorder->networks.prefixes, count, sizeof(struct prefix), compare_prefixes);
	for (; into->network_count < count; into->network_count++) {
		struct buf text = { 0 };

		prefix_format(&text, &recorder->networks.prefixes[into->network_count]);
		into->networks[into->network_count].network =
			text.failed ? NULL : arena_strndup(arena, text.data, text.len);
		buf_free(&text);
		if (!into->networks[into->network_count].network)
			return err_memory(run->err);
	}
	return 0;
}

static void *copy(struct arena *arena, const void *items, uint32_t count, size_t size)
{
	return count ? arena_memdup(arena, items, count * size) : arena_zalloc(arena, size);
}

int recorder_finish(struct run *run)
{
	struct recorder *recorder = run->recorder;
	struct excerpt_timeline *into = &recorder->excerpt->timeline;
	struct excerpt_records *records = &recorder->excerpt->records;
	struct arena *arena = &recorder->excerpt->arena;
	int code = networks_finish(run);

	if (code)
		return code;
	into->begin = run->first_heard;
	into->end = run->end;
	into->vantages = copy(arena, recorder->vantages, recorder->vantage_count,
			      sizeof(*into->vantages));
	into->steps = copy(arena, recorder->steps, recorder->step_count, sizeof(*into->steps));
	into->missing = copy(arena, recorder->missing, recorder->missing_count,
			     sizeof(*into->missing));
	records->records = copy(arena, recorder->records, recorder->record_count,
				sizeof(*records->records));
	if (!into->vantages || !into->steps || !into->missing || !records->records)
		return err_memory(run->err);
	into->vantage_count = recorder->vantage_count;
	into->step_count = recorder->step_count;
	into->missing_count = recorder->missing_count;
	records->record_count = recorder->record_count;
	return 0;
}

/* The report's networks as members. */
static int members_take(const struct finding *finding, struct excerpt_timeline *ret_members,
			struct err *err)
{
	const struct finding_report *report = finding->result.report;
	struct excerpt_network *networks = calloc(report->network_count + 1u, sizeof(*networks));

	if (!networks)
		return err_memory(err);
	for (uint32_t i = 0; i < report->network_count; i++)
		networks[i].network = report->networks[i].network;
	*ret_members = (struct excerpt_timeline){
		.networks = networks, .network_count = report->network_count,
	};
	return 0;
}

static int record_with(const struct inquiry *inquiry, const struct excerpt_timeline *members,
		       struct excerpt *ret_excerpt, struct finding *ret_finding, struct err *err)
{
	struct inquiry recorded = *inquiry;
	struct excerpt excerpt;
	int code = excerpt_init(&excerpt, inquiry->input_count, err);

	recorded.record = &excerpt;
	recorded.members = members;
	if (code == 0)
		code = inquiry_run(&recorded, ret_finding, err);
	if (code)
		excerpt_free(&excerpt);
	else
		*ret_excerpt = excerpt;
	return code;
}

int excerpt_record(const struct inquiry *inquiry, struct excerpt *ret_excerpt,
		   struct finding *ret_finding, struct err *err)
{
	struct excerpt_timeline members = { 0 };
	struct inquiry first = *inquiry;
	struct finding finding;
	int code;

	if (inquiry->question->kind != QUESTION_REPORT)
		return err_set(err, ERR_USAGE,
			       "%s: what it says rests on all that was recorded, of which there is "
			       "no excerpt",
			       question_kind_name(inquiry->question->kind));
	if (inquiry->question->asn == 0 || inquiry->members)
		return record_with(inquiry, inquiry->members, ret_excerpt, ret_finding, err);
	/* Only to know its networks: what others did is for the second. */
	first.once = true;
	code = inquiry_run(&first, &finding, err);
	if (code)
		return code;
	code = members_take(&finding, &members, err);
	if (code == 0)
		code = record_with(inquiry, &members, ret_excerpt, ret_finding, err);
	free(members.networks);
	finding_free(&finding);
	return code;
}
