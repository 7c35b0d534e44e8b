/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For each record: can anything in it be wanted; if so decode it, and write a line for each event
 * that is. Counting all events is done without making them, by walking lengths.
 *
 * Faults are tallied by input and kind. A recording has few kinds of them or none, so a list is
 * searched; the first fault is told by place and not by time, since jobs are worked on in any
 * order.
 */
#include "cmd/dump_work.h"

#include <stdlib.h>

#include "base/vec.h"

struct dump_worker {
	const struct dump_plan *plan;
	/* nothing to ask the filter for the ordinary kinds of event */
	bool plain;
	struct filter_thread *filter;
	struct wire_scratch *scratch;
	struct line_writer *writer;
	uint32_t input;			/* the writer's */
	struct wire_sink sink;
	struct dump_job *job;
};

static int on_event(void *context, const struct event *event);
static void on_fault(void *context, const struct fault *fault);

int dump_worker_new(const struct dump_plan *plan, struct dump_worker **ret_worker, struct err *err)
{
	struct dump_worker *worker = calloc(1, sizeof(*worker));
	int code;

	if (!worker)
		return err_memory(err);
	worker->plan = plan;
	worker->plain = filter_is_plain(plan->filter);
	worker->input = UINT32_MAX;
	worker->sink = (struct wire_sink){
		.context = worker, .event = on_event, .fault = on_fault,
	};
	code = filter_thread_new(plan->filter, &worker->filter, err);
	if (!code)
		code = wire_scratch_new(&worker->scratch, err);
	if (!code && !plan->count)
		code = line_writer_new(plan->format, &worker->writer, err);
	if (code) {
		dump_worker_free(worker);
		return code;
	}
	*ret_worker = worker;
	return 0;
}

void dump_worker_free(struct dump_worker *worker)
{
	if (!worker)
		return;
	line_writer_free(worker->writer);
	wire_scratch_free(worker->scratch);
	filter_thread_free(worker->filter);
	free(worker);
}

static bool fault_before(const struct fault *a, const struct fault *b)
{
	return a->ref.offset < b->ref.offset || (a->ref.offset == b->ref.offset && a->at < b->at);
}

int dump_tallies_add(struct dump_tallies *tallies, const struct dump_tally *more, struct err *err)
{
	int code;

	for (uint32_t i = 0; i < tallies->count; i++) {
		struct dump_tally *tally = &tallies->items[i];

		if (tally->input != more->input || tally->first.kind != more->first.kind)
			continue;
		tally->count += more->count;
		tally->lost += more->lost;
		if (fault_before(&more->first, &tally->first))
			tally->first = more->first;
		return 0;
	}
	code = VEC_GROW(tallies->items, tallies->count, tallies->room, err);
	if (!code)
		tallies->items[tallies->count++] = *more;
	return code;
}

static void on_fault(void *context, const struct fault *fault)
{
	struct dump_worker *worker = context;
	struct dump_tally tally = {
		.input = fault->ref.input, .count = 1, .lost = fault->lost, .first = *fault,
	};

	if (worker->job->err.code == ERR_OK)
		dump_tallies_add(&worker->job->tallies, &tally, &worker->job->err);
}

static inline bool is_plain_kind(enum event_kind kind)
{
	return kind == EVENT_RIB_ENTRY || kind == EVENT_ANNOUNCE || kind == EVENT_WITHDRAW ||
	       kind == EVENT_STATE;
}

static int on_event(void *context, const struct event *event)
{
	struct dump_worker *worker = context;
	struct dump_job *job = worker->job;

	if (worker->plain ? !is_plain_kind(event->kind) : !filter_match(worker->filter, event))
		return 0;
	job->events++;
	if (worker->writer)
		line_write(worker->writer, &job->out, event);
	return 0;
}

static int run_record(struct dump_worker *worker, const struct mrt_record *record,
		      const struct peer_index *index)
{
	uint64_t count = 0;
	int code;

	if (!worker->plain || !worker->plan->count)
		return filter_wants_record(worker->plan->filter, record)
			? mrt_record_decode(record, index, worker->scratch, &worker->sink) : 0;
	code = mrt_record_count(record, index, worker->scratch, &count);
	worker->job->events += count;
	return code;
}

static int run_segment(struct dump_worker *worker, const struct dump_segment *segment)
{
	struct record_ref ref = { segment->input, segment->number, segment->offset };
	const uint8_t *at = segment->bytes, *end = at + segment->len;
	int code = 0;

	if (worker->writer && worker->input != segment->input)
		code = line_writer_input(worker->writer, worker->plan->names[segment->input],
					 worker->plan->collectors[segment->input],
					 &worker->job->err);
	worker->input = segment->input;
	while (!code && at < end) {
		uint32_t len = dump_record_size(at, end);
		struct mrt_record record;

		mrt_record_parse(at, len, &ref, &record);
		code = run_record(worker, &record, segment->index);
		at += len;
		ref.offset += len;
		ref.number++;
	}
	return code;
}

void dump_worker_run(struct dump_worker *worker, struct dump_job *job)
{
	int code = 0;

	worker->job = job;
	for (uint32_t i = 0; !code && i < job->segment_count; i++)
		code = run_segment(worker, &job->segments[i]);
	if (job->err.code == ERR_OK &&
	    (code || job->out.failed || filter_thread_failed(worker->filter)))
		err_memory(&job->err);
}
