/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chain, one record at a time: feed gives runs of records in time order, wire makes events of
 * them, table tells what changed, measure takes note. What happens at one instant may be spread
 * over inputs; nothing here looks at where a file begins or ends but the roster's need to know
 * that a RIB was whole.
 */
#include "inquiry/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/map.h"
#include "base/vec.h"
#include "inquiry/recorder.h"

/* A collector's silence is a gap when it is this long and this many times its longest so far. */
#define GAP_MIN		(5 * UTC_MINUTE)
#define GAP_FACTOR	4
#define GAP_RECORDS	100

bool run_place_has(const struct run *run, const struct prefix *network)
{
	const struct question *question = run->question;

	if (run->inquiry->members)
		return prefix_set_has(&run->members, network);
	if (question->country != COUNTRY_UNKNOWN)
		return place_of_network(run->place, network, NULL) == question->country;
	if (question->prefix.family != FAMILY_NONE)
		return prefix_contains(&question->prefix, network);
	return question->networks && prefix_list_has(question->networks, network);
}

struct upstreams_question run_subject(const struct run *run)
{
	const struct question *question = run->question;

	return (struct upstreams_question){
		.country = question->country, .asn = question->asn,
		.within = question->prefix.family == FAMILY_NONE ? NULL : &question->prefix,
		.list = question->networks,
	};
}

/* What the table must keep of a network for this question. */
static unsigned need_of(const struct run *run, const struct prefix *network)
{
	switch (run->question->kind) {
	case QUESTION_CENSUS:
		return TABLE_ORIGIN;
	case QUESTION_UPSTREAMS:
		if (run->history && (run->question->asn || run_place_has(run, network)))
			return TABLE_PATH | TABLE_TELL;
		return TABLE_PATH;
	case QUESTION_FRONTIER:
	case QUESTION_CUT:
		return TABLE_PATH;
	case QUESTION_OUTAGES:
		return TABLE_ORIGIN | TABLE_TELL;
	case QUESTION_INFO:
		return TABLE_PRESENCE;
	case QUESTION_REPORT:
		break;
	}
	if ((run->question->asn && !run->inquiry->members) || run_place_has(run, network))
		return TABLE_PATH | TABLE_TELL;
	/* For an AS the table must compare the same, be its networks known beforehand or not. */
	if (run->question->asn)
		return TABLE_PATH;
	/* The countries of ASes that no registry knows come from all that they originate. */
	return run->question->country != COUNTRY_UNKNOWN ? TABLE_ORIGIN : TABLE_PRESENCE;
}

static unsigned on_need(void *context, const struct prefix *network)
{
	struct run *run = context;
	unsigned need = need_of(run, network);

	if (run->recorder && need & TABLE_TELL)
		recorder_network(run->recorder, network);
	return need;
}

/*
 * The signals' number of a network that counts for the question; MAP_NONE for one that does not
 * (yet).
 */
static int network_track(struct run *run, const struct table_change *change, uint32_t origin,
			 uint32_t *ret_number)
{
	uint32_t number = map_get(&run->network_of, change->network);
	struct prefix prefix;
	country_t country = COUNTRY_UNKNOWN;
	int code;

	if (number != MAP_NONE || (run->question->asn && origin != run->question->asn)) {
		*ret_number = number;
		return 0;
	}
	prefix = table_network(run->table, change->network);
	if (run->question->kind == QUESTION_OUTAGES)
		country = place_of_network(run->place, &prefix, NULL);
	code = signals_add_network(run->signals, &prefix, country, &number, run->err);
	if (code == 0)
		code = VEC_GROW(run->networks, run->network_count, run->network_room, run->err);
	if (code == 0 && map_put(&run->network_of, change->network, number) != 0)
		code = err_memory(run->err);
	if (code == 0) {
		run->networks[run->network_count++] = (struct run_network){
			.network = change->network,
		};
		*ret_number = number;
	}
	return code;
}

/* For an AS its routes count, and what comes in their place. */
static int history_note(struct run *run, const struct table_change *change, uint32_t origin)
{
	if (!run->history)
		return 0;
	if (run->question->asn && origin != run->question->asn &&
	    history_find(run->history, change->network) == MAP_NONE)
		return 0;
	return history_change(run->history, change, run->err);
}

static int on_change(void *context, const struct table_change *change)
{
	struct run *run = context;
	uint32_t origin = table_path_origin(run->table, change->vantage, change->after);
	uint32_t number = MAP_NONE;
	struct visibility_hold hold = {
		.time = change->time,
		.evidence = change->evidence,
		.vantage = change->vantage,
		.origin = origin,
		.held = change->after != PATH_NONE,
		.exact = change->why == CHANGE_UPDATE && change->event &&
			change->event->record->extended,
	};
	int code = run_vantage_add(run, change->vantage);

	run->spurious = change->withdrawal && change->before == PATH_NONE;
	if (code == 0 && run->recorder)
		code = recorder_change(run, change);
	if (code == 0)
		code = history_note(run, change, origin);
	if (code || !run->signals)
		return code;
	if (code == 0)
		code = network_track(run, change, origin, &number);
	if (code || number == MAP_NONE)
		return code;
	if (run->question->asn)
		hold.held = hold.held && origin == run->question->asn;
	hold.network = number;
	if (change->before == PATH_NONE || change->after == PATH_NONE ||
	    table_path_origin(run->table, change->vantage, change->before) != origin)
		code = signals_hold(run->signals, &hold, run->err);
	if (code == 0 && change->why == CHANGE_UPDATE)
		code = run_update(run, change, number);
	return code;
}

static int on_event(void *context, const struct event *event)
{
	struct run *run = context;
	bool withdrawal = event->kind == EVENT_WITHDRAW;
	int code;

	run->events++;
	run->rib_cut |= event->kind == EVENT_RIB_END && !event->whole;
	if (event->kind == EVENT_RIB_ENTRY) {
		run->rib = true;
		if (event->time > run->inputs[run->current_input].rib_last)
			run->inputs[run->current_input].rib_last = event->time;
	}
	run->spurious = false;
	code = run->recorder ? recorder_event_begin(run, event) : 0;
	if (code == 0)
		code = table_event(run->table, run->inputs[run->current_input].source, event,
				   run->err);
	/* Where a file goes on behind its RIB, what comes next is no longer of the RIB's time. */
	if (code == 0 && event->kind == EVENT_RIB_END)
		code = run_full_decide(run);
	if (code == 0 && run->recorder)
		code = recorder_event_end(run, event);
	if (code == 0 && run->storms && (withdrawal || event->kind == EVENT_ANNOUNCE))
		code = storms_note(run->storms, event->time, event->peer->asn, withdrawal,
				   run->spurious, run->err);
	if (code == 0 && event->kind == EVENT_ANNOUNCE)
		code = run_blackhole(run, event);
	return code;
}

/* Entries of a RIB, as many as the table takes in one go. */
static int on_entries(void *context, const struct event *shared, struct rib_entries *entries)
{
	struct run *run = context;
	struct run_input *input = &run->inputs[run->current_input];
	uint32_t before = entries->left;
	int code = table_entries(run->table, input->source, shared, entries, run->err);

	if (entries->left == before)
		return code;
	run->events += before - entries->left;
	run->rib = true;
	if (shared->time > input->rib_last)
		input->rib_last = shared->time;
	return code;
}

/* Prefixes of an update of which nobody but the table wants to know. */
static int on_prefixes(void *context, const struct event *shared, struct update_prefixes *prefixes)
{
	struct run *run = context;
	uint32_t before = prefixes->passed;
	int code;

	if (run->recorder || run->storms ||
	    (shared->kind == EVENT_ANNOUNCE && run_is_blackhole(run, shared)))
		return 0;
	code = table_prefixes(run->table, run->inputs[run->current_input].source, shared, prefixes,
			      run->err);
	run->events += prefixes->passed - before;
	return code;
}

static void fault_note(struct run_input *input, const struct fault *fault)
{
	struct fault_tally *tally = &input->faults[fault->kind];

	if (tally->count++ == 0)
		tally->first = *fault;
	tally->lost += fault->lost;
}

static void on_fault(void *context, const struct fault *fault)
{
	struct run *run = context;

	fault_note(&run->inputs[run->current_input], fault);
}

static int type_note(struct run *run, struct run_input *input, const struct mrt_record *record)
{
	int code;

	for (uint32_t i = 0; i < input->type_count; i++) {
		if (input->types[i].type == record->type &&
		    input->types[i].subtype == record->subtype) {
			input->types[i].records++;
			return 0;
		}
	}
	code = VEC_GROW(input->types, input->type_count, input->type_room, run->err);
	if (code == 0)
		input->types[input->type_count++] = (struct type_tally){
			record->type, record->subtype, 1,
		};
	return code;
}

/* Silence of a whole collector, as far as its updates tell. */
static int gap_note(struct run *run, uint32_t number, const struct mrt_record *record)
{
	struct run_collector *collector = &run->collectors[number];
	int64_t gap = collector->records ? record->time - collector->last_heard : 0;
	int code = 0;

	if (record->type == MRT_TABLE_DUMP || record->type == MRT_TABLE_DUMP_V2)
		return 0;
	if (collector->records++ && gap > 0) {
		if (collector->records > GAP_RECORDS && gap > GAP_MIN &&
		    gap > GAP_FACTOR * collector->longest_gap) {
			code = VEC_GROW(run->gaps, run->gap_count, run->gap_room, run->err);
			if (code == 0)
				run->gaps[run->gap_count++] = (struct run_gap){
					number, collector->last_heard, record->time, "silent"
				};
		} else if (gap > collector->longest_gap) {
			collector->longest_gap = gap;
		}
	}
	if (record->time > collector->last_heard)
		collector->last_heard = record->time;
	return code;
}

/* How many records there were when, for who searches them. */
static int minute_note(struct run *run, struct run_input *input, int64_t time)
{
	struct run_minute *last = input->minute_count ? &input->minutes[input->minute_count - 1]
						      : NULL;
	int code;

	if (last && time >= last->from && time < last->from + UTC_MINUTE) {
		last->records++;
		return 0;
	}
	code = VEC_GROW(input->minutes, input->minute_count, input->minute_room, run->err);
	if (code == 0)
		input->minutes[input->minute_count++] = (struct run_minute){
			time - time % UTC_MINUTE, 1,
		};
	return code;
}

static int64_t question_end(const struct question *question)
{
	return question->at != UTC_NEVER ? question->at : question->until;
}

static int record_take(struct run *run, struct run_input *input, const struct mrt_record *record)
{
	const struct wire_sink sink = { run, on_event, on_entries, on_fault, on_prefixes };
	int64_t end = question_end(run->question);
	int code;

	if (end != UTC_NEVER && record->time > end) {
		run->stop = true;
		return 0;
	}
	if (run->first_heard == UTC_NEVER)
		run->first_heard = record->time;
	if (run->last_heard == UTC_NEVER || record->time > run->last_heard)
		run->last_heard = record->time;
	if (input->records++ == 0)
		input->first = record->time;
	if (record->time > input->last)
		input->last = record->time;
	code = type_note(run, input, record);
	if (code == 0 && run->stability)
		code = minute_note(run, input, record->time);
	if (code == 0)
		code = gap_note(run, input->collector, record);
	if (code == 0)
		code = wire_stream_record(input->stream, record, run->scratch, &sink);
	if (code == 0)
		code = run_full_decide(run);
	if (code == 0 && run->recorder)
		code = recorder_record(run, record);
	return code;
}

int run_input_begin(struct run *run, uint32_t number)
{
	struct run_input *input = &run->inputs[number];
	const char *name = feed_collector(run->feed, number);
	uint32_t i = 0;
	int code;

	if (input->stream)
		return 0;
	while (i < run->collector_count && strcmp(run->collectors[i].name, name) != 0)
		i++;
	if (i == run->collector_count)
		run->collectors[run->collector_count++] =
			(struct run_collector){ .name = name, .last_heard = UTC_NEVER };
	input->collector = i;
	input->rib_last = input->first = input->last = UTC_NEVER;
	code = wire_stream_new(&input->stream, run->err);
	return code ? code : table_source_new(run->table, name, &input->source, run->err);
}

#define BATCH	16u	/* records of which it is known beforehand what they are about */
#define FETCH	1024u	/* bytes of the run on their way before they are looked at */

struct batch {
	uint32_t count;
	struct mrt_record records[BATCH];
	struct table_ahead ahead;
};

/* The run's next records, from *at on, and what they will touch; none at its end. */
static int batch_next(const struct run *run, const struct run_input *input, const uint8_t **at,
		      const uint8_t *end, struct record_ref *ref, struct batch *ret_batch)
{
	struct batch *batch = ret_batch;
	struct glance glance;
	uint32_t len = 0;

	batch->ahead.count = 0;
	for (batch->count = 0; *at < end && batch->count < BATCH; batch->count++) {
		struct mrt_record *record = &batch->records[batch->count];

		if (mrt_frame(*at, (size_t)(end - *at), UINT32_MAX, &len) != MRT_FRAME_WHOLE)
			return err_set(run->err, ERR_FORMAT,
				       "internal: a run of records that is none");
		mrt_record_parse(*at, len, ref, record);
		for (uint32_t i = 0; i < len && i < FETCH; i += 64)
			fetch(*at + FETCH + i);
		if (glance_at(record, &glance))
			table_ahead_note(run->table, input->source, &glance, &batch->ahead);
		*at += len;
		ref->number++;
		ref->offset += len;
	}
	return 0;
}

/* While one batch is taken, the memory that the next one will touch is on its way. */
static int records_take(struct run *run, const struct feed_item *item)
{
	struct run_input *input = &run->inputs[item->input];
	struct record_ref ref = { item->input, item->number, item->offset };
	const uint8_t *at = item->bytes, *end = at + item->len;
	struct batch batches[2];
	unsigned turn = 0;
	int code = batch_next(run, input, &at, end, &ref, &batches[turn]);

	while (code == 0 && !run->stop && batches[turn].count) {
		const struct batch *batch = &batches[turn];

		turn = !turn;
		table_ahead_fetch(run->table, &batch->ahead);
		code = batch_next(run, input, &at, end, &ref, &batches[turn]);
		for (uint32_t i = 0; i < batch->count && code == 0 && !run->stop; i++) {
			const struct mrt_record *record = &batch->records[i];

			code = record_take(run, input, record);
			input->bytes = record->ref.offset + (run->stop ? 0 : record->len);
		}
	}
	return code;
}

static int fault_take(struct run *run, const struct feed_item *item)
{
	struct run_input *input = &run->inputs[item->input];

	fault_note(input, &item->fault);
	wire_stream_damage(input->stream);
	return table_damage(run->table, input->source, run->err);
}

/*
 * A file that an archive lacks: its collector is blind from then on, like one whose file was cut
 * short.
 */
static int input_missing(struct run *run, uint32_t number)
{
	const struct inquiry *inquiry = run->inquiry;
	struct run_input *input = &run->inputs[number];
	int code;

	if (!inquiry->input_ends || inquiry->input_ends[number] == UTC_NEVER ||
	    feed_report(run->feed, number)->error.code == ERR_OK)
		return 0;
	code = run_input_begin(run, number);
	if (code == 0)
		code = VEC_GROW(run->gaps, run->gap_count, run->gap_room, run->err);
	if (code)
		return code;
	run->gaps[run->gap_count++] = (struct run_gap){
		input->collector, inquiry->inputs[number].starts, inquiry->input_ends[number], "missing" };
	if (run->recorder)
		code = recorder_missing(run, number);
	return code ? code : table_damage(run->table, input->source, run->err);
}

static int input_end(struct run *run, uint32_t number)
{
	const struct wire_sink sink = { run, on_event, on_entries, on_fault, on_prefixes };
	struct run_input *input = &run->inputs[number];
	int code = 0;

	if (input->stream)
		code = wire_stream_end(input->stream, &sink);
	wire_stream_free(input->stream);
	input->stream = NULL;
	return code ? code : run_full_decide(run);
}

static void progress_note(const struct run *run)
{
	if (run->inquiry->events)
		__atomic_store_n(run->inquiry->events, run->events, __ATOMIC_RELAXED);
	if (run->inquiry->clock)
		__atomic_store_n(run->inquiry->clock, run->last_heard, __ATOMIC_RELAXED);
}

static int item_take(struct run *run, struct feed_item *item)
{
	int code = 0;

	run->current_input = item->input;
	switch (item->kind) {
	case FEED_RECORDS:
		code = run_input_begin(run, item->input);
		if (code == 0)
			code = records_take(run, item);
		feed_release(run->feed, item);
		break;
	case FEED_FAULT:
		code = run_input_begin(run, item->input);
		if (code == 0)
			code = fault_take(run, item);
		break;
	case FEED_END:
		run->inputs[item->input].ended = true;
		code = input_missing(run, item->input);
		if (code == 0)
			code = input_end(run, item->input);
		break;
	case FEED_DONE:
		break;
	}
	/* A fault may come before anything that tells the time. */
	if (code == 0 && run->signals && table_now(run->table) != UTC_NEVER)
		code = signals_clock(run->signals,
				     table_now(run->table) -
					     table_horizon(&run->question->parameters.table),
				     run->err);
	return code;
}

static int run_feed(struct run *run)
{
	struct feed_item item = { .kind = FEED_RECORDS };
	int code = 0;

	while (code == 0 && !run->stop) {
		if (run->inquiry->cancelled && *run->inquiry->cancelled)
			return err_set(run->err, ERR_CANCELLED, "interrupted");
		code = feed_next(run->feed, &item, run->err);
		if (code || item.kind == FEED_DONE)
			break;
		code = item_take(run, &item);
		progress_note(run);
	}
	for (uint32_t i = 0; i < run->inquiry->input_count && code == 0; i++) {
		run->current_input = i;
		/* A RIB in which the question's end falls is not whole. */
		if (run->inputs[i].stream)
			wire_stream_damage(run->inputs[i].stream);
		code = input_end(run, i);
	}
	return code;
}

static int run_finish(struct run *run)
{
	int64_t end = run->last_heard;
	int code;

	if (run->stop && question_end(run->question) != UTC_NEVER)
		end = question_end(run->question);
	run->end = end;
	code = end == UTC_NEVER ? 0 : table_clock(run->table, end, run->err);
	if (code == 0)
		code = table_end(run->table, run->err);
	if (code == 0)
		code = run_full_decide(run);
	if (code == 0)
		run_full_finish(run);
	if (code == 0 && run->signals && end != UTC_NEVER)
		code = signals_finish(run->signals, end, run->err);
	if (code == 0 && run->stability)
		code = stability_finish(run->stability, run->err);
	if (code == 0 && run->storms)
		code = storms_finish(run->storms, run->err);
	return code;
}

static int run_start(struct run *run)
{
	const struct inquiry *inquiry = run->inquiry;
	const struct question *question = run->question;
	const struct table_sink sink = { run, on_change, run_on_vantage, on_need };
	struct signals_plan plan = {
		.place = question->kind == QUESTION_REPORT,
		.networks = question->kind == QUESTION_REPORT,
		.countries = question->kind == QUESTION_OUTAGES,
		.ases = question->kind == QUESTION_OUTAGES,
	};
	int code = table_new(&question->parameters.table, &sink, &run->table, run->err);

	if (code == 0 && inquiry->vantage_max)
		table_roster_edit(run->table)->most = inquiry->vantage_max;
	run->inputs = calloc(inquiry->input_count ? inquiry->input_count : 1, sizeof(*run->inputs));
	run->collectors = calloc(inquiry->input_count ? inquiry->input_count : 1,
				 sizeof(*run->collectors));
	if (code == 0 && (!run->inputs || !run->collectors))
		code = err_memory(run->err);
	run->path_scratch = malloc(ATTR_PATH_SCRATCH);
	if (code == 0 && !run->path_scratch)
		code = err_memory(run->err);
	if (code == 0)
		code = wire_scratch_new(&run->scratch, run->err);
	if (code == 0 && (plan.place || plan.countries))
		code = signals_new(&question->parameters, &plan, &run->signals, run->err);
	if (code == 0 && question->kind == QUESTION_REPORT)
		code = stability_new(&question->parameters, &run->stability, run->err);
	if (code == 0 && question->kind == QUESTION_REPORT)
		code = hours_new(&run->hours, run->err);
	if (code == 0 && (question->kind == QUESTION_REPORT || question->over_time))
		code = history_new(run->table, &run->history, run->err);
	if (code == 0 && question->kind == QUESTION_OUTAGES)
		code = storms_new(&question->parameters, &run->storms, run->err);
	if (code == 0)
		code = feed_new(inquiry->inputs, inquiry->input_count, &inquiry->opener,
				&inquiry->feed, &run->feed, run->err);
	if (code == 0 && inquiry->record)
		code = recorder_new(inquiry->record, &run->recorder, run->err);
	if (code == 0 && inquiry->members)
		code = prefix_set_take(&run->members, inquiry->members, run->err);
	return code;
}

static void run_free(struct run *run)
{
	for (uint32_t i = 0; run->inputs && i < run->inquiry->input_count; i++) {
		wire_stream_free(run->inputs[i].stream);
		free(run->inputs[i].types);
		free(run->inputs[i].minutes);
	}
	for (uint32_t i = 0; i < run->network_count; i++)
		free(run->networks[i].heard_from);
	feed_free(run->feed);
	history_free(run->history);
	table_free(run->table);
	wire_scratch_free(run->scratch);
	signals_free(run->signals);
	stability_free(run->stability);
	storms_free(run->storms);
	hours_free(run->hours);
	free(run->blackholes);
	recorder_free(run->recorder);
	prefix_set_free(&run->members);
	map_free(&run->network_of);
	free(run->inputs);
	free(run->collectors);
	free(run->gaps);
	free(run->networks);
	free(run->live_since);
	free(run->hops);
	free(run->path_scratch);
}

static int run_place(struct run *run)
{
	const struct inquiry *inquiry = run->inquiry;

	return run->place || !inquiry->place
		       ? 0
		       : inquiry->place(inquiry->place_context, &run->place, run->err);
}

int run_survey(const struct run *run, struct survey **ret_survey,
	       struct as_countries **ret_countries, struct err *err)
{
	int code = survey_take(run->table, run->place, run->inquiry->feed.threads, ret_survey, err);

	if (code == 0)
		code = as_countries_new(run->place, ret_countries, err);
	if (code == 0)
		code = as_countries_note_all(*ret_countries, *ret_survey, err);
	if (code == 0)
		as_countries_ready(*ret_countries);
	return code;
}

static int finding_fill(const struct run *run, struct finding *finding, struct err *err)
{
	int code = fill_question(run, finding, err);

	if (code == 0)
		code = fill_coverage(run, finding, err);
	if (code == 0)
		code = fill_limits(run, finding, err);
	if (code == 0)
		code = fill_roster(run, finding, err);
	if (code == 0)
		code = fill_provenance(run, finding, err);
	if (code)
		return code;
	switch (run->question->kind) {
	case QUESTION_CENSUS:
		return fill_census(run, finding, err);
	case QUESTION_UPSTREAMS:
		return fill_upstreams(run, finding, err);
	case QUESTION_FRONTIER:
		return fill_frontier(run, finding, err);
	case QUESTION_CUT:
		return fill_cut(run, finding, err);
	case QUESTION_OUTAGES:
		return fill_outages(run, finding, err);
	case QUESTION_REPORT:
		return fill_report(run, finding, err);
	case QUESTION_INFO:
		break;
	}
	return 0;
}

int inquiry_run(const struct inquiry *inquiry, struct finding *ret_finding, struct err *err)
{
	struct run run = {
		.inquiry = inquiry, .question = inquiry->question, .err = err,
		.first_heard = UTC_NEVER, .last_heard = UTC_NEVER, .end = UTC_NEVER,
	};
	struct finding finding = { .method = FINDING_METHOD };
	int code = run_start(&run);

	/*
	 * Where networks are sorted by place as they come; census and upstreams look at places
	 * last.
	 */
	if (code == 0 && (run.history || run.question->kind == QUESTION_OUTAGES))
		code = run_place(&run);
	if (code == 0)
		code = inquiry->replay ? replay_feed(&run) : run_feed(&run);
	if (code == 0)
		code = run_finish(&run);
	if (code == 0 && run.recorder)
		code = recorder_finish(&run);
	if (code == 0)
		code = run_place(&run);
	if (code == 0)
		code = finding_fill(&run, &finding, err);
	/* A finding says all or is none, whoever left a text out for lack of memory. */
	if (code == 0 && finding.arena.failed)
		code = err_memory(err);
	run_free(&run);
	if (code)
		finding_free(&finding);
	else
		*ret_finding = finding;
	return code;
}
