/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the feed gives, item by item: runs of records go through judge.h to the chain, some at a
 * time, so that the memory which they will touch is on its way; faults, ends and files that are
 * missing are told to who must know.
 */
#include "base/fetch.h"
#include "base/vec.h"
#include "inquiry/judge.h"
#include "inquiry/recorder.h"
#include "inquiry/run.h"

#define BATCH	16u	/* records of which it is known beforehand what they are about */
#define FETCH	1024u	/* bytes of the run on their way before they are looked at */

struct batch {
	uint32_t count;
	struct run_record records[BATCH];
	struct table_ahead ahead;
};

/* Over the records of an item. */
struct walk {
	const uint8_t *at, *end;
	struct record_ref ref;
	const struct gist *gist;	/* NULL: none were taken */
	const uint64_t *keys;
};

static struct walk walk_of(const struct judged *judged)
{
	const struct feed_item *item = &judged->item;

	return (struct walk){
		.at = item->bytes, .end = item->bytes + item->len,
		.ref = { item->input, item->number, item->offset },
		.gist = judged->gists, .keys = judged->keys,
	};
}

/* The next record, and what it will touch. */
static int batch_add(const struct run *run, const struct run_input *input, struct walk *walk,
		     struct batch *batch)
{
	struct run_record *record = &batch->records[batch->count++];
	const struct gist *gist = walk->gist;
	const size_t left = (size_t)(walk->end - walk->at);
	uint32_t len = gist ? gist->len : 0;

	if (!gist && mrt_frame(walk->at, left, UINT32_MAX, &len) != MRT_FRAME_WHOLE)
		return err_set(run->err, ERR_FORMAT, "internal: a run of records that is none");
	mrt_record_parse(walk->at, len, &walk->ref, &record->mrt);
	for (size_t i = FETCH; i < FETCH + len && i < left; i += 64)
		fetch(walk->at + i);
	record->gist = gist && gist->plain ? gist : NULL;
	record->keys = walk->keys;
	if (record->gist) {
		uint32_t count = (uint32_t)gist->withdrawn.count + gist->announced.count;
		struct peer peer;

		gist_peer(gist, &record->mrt, &peer);
		table_ahead_note(run->table, input->source, &peer, count, &batch->ahead);
		walk->keys += count;
	}
	if (gist)
		walk->gist++;
	walk->at += len;
	walk->ref.number++;
	walk->ref.offset += len;
	return 0;
}

/* The next records; none at the item's end. */
static int batch_next(const struct run *run, const struct run_input *input, struct walk *walk,
		      struct batch *ret_batch)
{
	int code = 0;

	ret_batch->count = 0;
	ret_batch->ahead.count = 0;
	ret_batch->ahead.keys = walk->keys;
	while (code == 0 && walk->at < walk->end && ret_batch->count < BATCH)
		code = batch_add(run, input, walk, ret_batch);
	return code;
}

/* While one batch is taken, the memory that the next one will touch is on its way. */
static int records_take(struct run *run, const struct judged *judged)
{
	struct run_input *input = &run->inputs[judged->item.input];
	struct walk walk = walk_of(judged);
	struct batch batches[2];
	unsigned turn = 0;
	int code = batch_next(run, input, &walk, &batches[turn]);

	while (code == 0 && !run->stop && batches[turn].count) {
		struct batch *batch = &batches[turn];

		turn = !turn;
		table_ahead_fetch(run->table, &batch->ahead);
		code = batch_next(run, input, &walk, &batches[turn]);
		for (uint32_t i = 0; i < batch->count && code == 0 && !run->stop; i++) {
			const struct mrt_record *record = &batch->records[i].mrt;

			code = run_record(run, input, &batch->records[i]);
			input->bytes = record->ref.offset + (run->stop ? 0 : record->len);
		}
	}
	table_ahead_end(run->table);
	return code;
}

static int fault_take(struct run *run, const struct feed_item *item)
{
	struct run_input *input = &run->inputs[item->input];

	run_fault_note(input, &item->fault);
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
		input->collector, inquiry->inputs[number].starts, inquiry->input_ends[number],
		"missing",
	};
	if (run->recorder)
		code = recorder_missing(run, number);
	return code ? code : table_damage(run->table, input->source, run->err);
}

static int input_end(struct run *run, uint32_t number)
{
	const struct wire_sink sink = run_sink(run);
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

static int item_take(struct run *run, const struct judged *judged)
{
	const struct feed_item *item = &judged->item;
	int code = 0;

	run->current_input = item->input;
	switch (item->kind) {
	case FEED_RECORDS:
		code = run_input_begin(run, item->input);
		if (code == 0)
			code = records_take(run, judged);
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
		break;	/* never put */
	}
	/* A fault may come before anything that tells the time. */
	if (code == 0 && run->signals && table_now(run->table) != UTC_NEVER)
		code = signals_clock(run->signals,
				     table_now(run->table) -
					     table_horizon(&run->question->parameters.table),
				     run->err);
	progress_note(run);
	return code;
}

/* As many as are at hand, or the next one; *ret_done: the feed has no more. */
static int items_put(struct run *run, struct judge *judge, bool *ret_done)
{
	bool late = false;
	int code = 0;

	while (!*ret_done && !judge_full(judge)) {
		struct feed_item item;

		if (run->inquiry->cancelled && *run->inquiry->cancelled)
			return err_set(run->err, ERR_CANCELLED, "interrupted");
		code = judge_empty(judge) ? feed_next(run->feed, &item, run->err)
					  : feed_poll(run->feed, &item, &late, run->err);
		if (code || late)
			return code;
		if (item.kind == FEED_DONE)
			*ret_done = true;
		else
			judge_put(judge, &item);
	}
	return 0;
}

static int items_take(struct run *run, struct judge *judge)
{
	const struct judged *judged;
	bool done = false;
	int code = 0;

	while (code == 0 && !run->stop) {
		code = items_put(run, judge, &done);
		judged = code == 0 ? judge_take(judge) : NULL;
		if (!judged)
			break;
		code = item_take(run, judged);
	}
	return code;
}

static bool on_care(const void *context, const struct event *shared)
{
	return run_is_blackhole(context, shared);
}

int run_feed(struct run *run)
{
	const struct judge_plan plan = {
		.feed = run->feed, .threads = run->inquiry->feed.threads, .care = on_care,
		.context = run,
	};
	struct judge *judge = NULL;
	int code = judge_new(&plan, &judge, run->err);

	if (code == 0)
		code = items_take(run, judge);
	judge_free(judge);
	for (uint32_t i = 0; i < run->inquiry->input_count && code == 0; i++) {
		run->current_input = i;
		/* A RIB in which the question's end falls is not whole. */
		if (run->inputs[i].stream)
			wire_stream_damage(run->inputs[i].stream);
		code = input_end(run, i);
	}
	return code;
}
