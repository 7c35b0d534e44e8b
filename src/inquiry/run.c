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
	    (!run->no_blackhole && shared->kind == EVENT_ANNOUNCE && run_is_blackhole(run, shared)))
		return 0;
	code = table_prefixes(run->table, run->inputs[run->current_input].source, shared, prefixes,
			      run->err);
	run->events += prefixes->passed - before;
	return code;
}

void run_fault_note(struct run_input *input, const struct fault *fault)
{
	struct fault_tally *tally = &input->faults[fault->kind];

	if (tally->count++ == 0)
		tally->first = *fault;
	tally->lost += fault->lost;
}

static void on_fault(void *context, const struct fault *fault)
{
	struct run *run = context;

	run_fault_note(&run->inputs[run->current_input], fault);
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

struct wire_sink run_sink(struct run *run)
{
	return (struct wire_sink){ run, on_event, on_entries, on_fault, on_prefixes };
}

int run_record(struct run *run, struct run_input *input, const struct run_record *from)
{
	const struct wire_sink sink = run_sink(run);
	const struct mrt_record *record = &from->mrt;
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
	run->no_blackhole = from->gist != NULL;
	if (code == 0)
		code = from->gist ? wire_stream_gist(input->stream, record, from->gist, from->keys,
						     run->scratch, &sink)
				  : wire_stream_record(input->stream, record, run->scratch, &sink);
	code = wire_stream_err(code, run->err);
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
