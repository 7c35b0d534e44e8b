/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the merge works. Before the first item every input is peeked at, which gives it a place in a
 * heap: the time of its first record, then its rank among all inputs (collector, first time, RIBs
 * first, name). Whoever is at the heap's top goes next: it is opened if it is not, its reader asked
 * for an item if none is at hand, and moved down when that item's time is later than the next
 * one's. An item that belongs before everything else wherever it ends is given whole; only where
 * inputs overlap is it cut, by walking its records, at the first that comes behind the next input.
 *
 * An input that cannot be opened twice (a pipe), and an only one, is opened at once and ranked by
 * its first item.
 *
 * An input whose beginning is foretold waits in the heap at its earliest possible time, before
 * everything else of that time. Once it is at the top it is opened, and its first record gives it
 * its true place.
 *
 * Inputs are opened ahead of their time, in the order in which they will be needed, as long as
 * fewer than `threads` readers are at work and fewer than `threads` wait for their time to come: so
 * the number of open inputs depends on how many overlap, not on how many there are. Beyond that
 * many at work, an input gets no threads besides its reader.
 */
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utc.h"
#include "base/view.h"
#include "feed/peek.h"
#include "feed/reader.h"
#include "feed/source.h"

#define READ_AHEAD_DEFAULT	((size_t)32 << 20)
#define EXPANSION_DEFAULT	2000u
#define PEEK_BUFFER		((size_t)16 << 10)

enum state {
	STATE_CLOSED,	/* its time has not come */
	STATE_OPEN,
	STATE_FAILED,	/* could not be opened: its end is still to be told */
	STATE_ENDED,
};

struct input {
	uint32_t index;
	char *name;
	char *collector;
	enum state state;
	bool ahead;		/* opened before it was needed */
	bool pending;		/* nothing of it was seen yet: `time` is a bound, `peek` a guess */
	int64_t starts;
	struct peek peek;
	uint32_t collector_rank, name_rank;
	int64_t time;		/* its next item's, or no later than that */
	struct reader *reader;
	struct reader_item item;
	bool has_item;
	struct feed_report report;
};

struct feed {
	struct feed_opener opener;
	struct feed_options options;
	struct pool *pool;
	bool stop;
	bool prepared;
	struct input *inputs;
	uint32_t count;

	struct input **heap;	/* inputs not ended, the next one first */
	uint32_t heap_len;
	struct input **by_time;	/* all inputs in the order of their first records */
	uint32_t next_closed;	/* place in by_time: all before are open or ended */
	uint32_t ahead;
};

static int new_input(struct input *input, const struct feed_input *from, struct err *err)
{
	struct view collector = from->collector ? view_of(from->collector)
						: feed_collector_of(view_of(from->name));

	if (collector.len == 0)
		collector = VIEW("unknown");
	input->name = strdup(from->name);
	input->collector = strndup(collector.ptr, collector.len);
	input->starts = from->starts;
	input->report.compression = "none";
	input->report.first_time = input->report.last_time = UTC_NEVER;
	return input->name && input->collector ? 0 : err_memory(err);
}

int feed_new(const struct feed_input *inputs, uint32_t count, const struct feed_opener *opener,
	     const struct feed_options *options, struct feed **ret_feed, struct err *err)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	int result = 0;

	if (!feed)
		return err_memory(err);
	feed->opener = *opener;
	feed->options = *options;
	if (feed->options.threads == 0)
		feed->options.threads = 1;
	if (feed->options.read_ahead == 0)
		feed->options.read_ahead = READ_AHEAD_DEFAULT;
	if (feed->options.record_max == 0)
		feed->options.record_max = MRT_RECORD_MAX;
	if (feed->options.expansion_max == 0)
		feed->options.expansion_max = EXPANSION_DEFAULT;
	feed->inputs = calloc(count + 1u, sizeof(*feed->inputs));
	feed->heap = calloc(count + 1u, sizeof(*feed->heap));
	feed->by_time = calloc(count + 1u, sizeof(*feed->by_time));
	if (!feed->inputs || !feed->heap || !feed->by_time)
		result = err_memory(err);
	for (; result == 0 && feed->count < count; feed->count++) {
		feed->inputs[feed->count].index = feed->count;
		result = new_input(&feed->inputs[feed->count], &inputs[feed->count], err);
	}
	if (result == 0)
		result = pool_new(feed->options.read_ahead, &feed->pool, err);
	if (result != 0) {
		feed_free(feed);
		return result;
	}
	*ret_feed = feed;
	return 0;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	__atomic_store_n(&feed->stop, true, __ATOMIC_RELAXED);
	for (uint32_t i = 0; feed->inputs && i < feed->count; i++) {
		struct input *input = &feed->inputs[i];

		if (input->has_item && input->item.block)
			block_drop(feed->pool, input->item.block);
		reader_free(input->reader);
		free(input->name);
		free(input->collector);
	}
	pool_free(feed->pool);
	free(feed->inputs);
	free(feed->heap);
	free(feed->by_time);
	free(feed);
}

/* A file can be looked into and opened again later; anything else only once. */
static bool can_open_again(int fd)
{
	struct stat st;

	return fstat(fd, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

/* *peek: in, whether only a look is meant; out, whether it is one. */
static int open_source(struct feed *feed, const struct input *input, bool *peek,
		       struct source **ret_source, struct err *err)
{
	const struct feed_options *options = &feed->options;
	struct source_options source_options = {
		.hash = options->hash,
		.expansion_max = options->expansion_max,
		.threads = pool_working(feed->pool) < options->threads ? options->threads : 1,
		.bytes_read = options->bytes_read,
		.stop = &feed->stop,
	};
	int fd, result = feed->opener.open(feed->opener.context, input->index, &fd, err);

	if (result != 0)
		return result;
	*peek = *peek && can_open_again(fd);
	if (*peek)
		source_options = (struct source_options){
			.expansion_max = options->expansion_max,
			.buffer = PEEK_BUFFER,
			.stop = &feed->stop,
		};
	return source_new(fd, input->name, &source_options, ret_source, err);
}

/* What concerns one input only is kept for its report, and is no error of the feed. */
static int input_failed(struct input *input, const struct err *why, struct err *err)
{
	if (why->code == ERR_MEMORY)
		return err_memory(err);
	input->report.error = *why;
	input->state = STATE_FAILED;
	return 0;
}

static int start(struct feed *feed, struct input *input, struct source *source, struct err *err)
{
	int result = reader_start(feed->pool, source, input->index, feed->options.record_max,
				  &feed->stop, &input->reader, err);

	if (result == 0)
		input->state = STATE_OPEN;
	return result;
}

static int open_input(struct feed *feed, struct input *input, struct err *err)
{
	struct source *source;
	struct err why = { 0 };
	bool peek = false;

	if (open_source(feed, input, &peek, &source, &why) != 0)
		return input_failed(input, &why, err);
	return start(feed, input, source, err);
}

static void take_item(struct input *input)
{
	reader_take(input->reader, &input->item);
	input->has_item = true;
	if (input->pending && input->item.kind == FEED_RECORDS) {
		input->peek.time = input->item.time;
		input->peek.rib = peek_is_rib(input->item.bytes);
	}
	input->pending = false;
	if (input->item.time > input->time)
		input->time = input->item.time;
}

/* Opens for good, and waits for what comes first. */
static int open_at_once(struct feed *feed, struct input *input, struct source *source,
			struct err *err)
{
	int result = start(feed, input, source, err);

	if (result != 0)
		return result;
	take_item(input);
	if (input->item.kind == FEED_RECORDS) {
		input->peek.time = input->item.time;
		input->peek.rib = peek_is_rib(input->item.bytes);
	}
	return 0;
}

static int peek_input(struct feed *feed, struct input *input, struct err *err)
{
	bool peek = feed->count > 1;
	struct source *source;
	struct err why = { 0 };
	int result = open_source(feed, input, &peek, &source, &why);

	input->peek.time = input->time = UTC_NEVER;
	if (result == 0 && !peek)
		return open_at_once(feed, input, source, err);
	if (result == 0) {
		result = peek_source(source, feed->options.record_max, &input->peek, &why);
		source_free(source);
	}
	if (result != 0)
		return input_failed(input, &why, err);
	input->time = input->peek.time;
	return 0;
}

static int compare_collector(const void *a, const void *b)
{
	const struct input *x = *(struct input *const *)a, *y = *(struct input *const *)b;

	return strcmp(x->collector, y->collector);
}

static int compare_name(const void *a, const void *b)
{
	const struct input *x = *(struct input *const *)a, *y = *(struct input *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->index < y->index ? -1 : 1;
}

/* Among records of one time: by collector, then as the inputs' first records, then by name. */
static bool ranks_before(const struct input *x, const struct input *y)
{
	if (x->pending != y->pending)
		return x->pending;
	if (x->collector_rank != y->collector_rank)
		return x->collector_rank < y->collector_rank;
	if (x->peek.time != y->peek.time)
		return x->peek.time < y->peek.time;
	if (x->peek.rib != y->peek.rib)
		return x->peek.rib;
	return x->name_rank < y->name_rank;
}

static bool before(const struct input *x, const struct input *y)
{
	return x->time < y->time || (x->time == y->time && ranks_before(x, y));
}

static int compare_time(const void *a, const void *b)
{
	return before(*(struct input *const *)a, *(struct input *const *)b) ? -1 : 1;
}

/* The top has become later: lets it sink. */
static void heap_sink(struct feed *feed)
{
	struct input **heap = feed->heap, *moved = heap[0];
	uint32_t at = 0, child;

	while ((child = 2 * at + 1) < feed->heap_len) {
		if (child + 1 < feed->heap_len && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], moved))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = moved;
}

static void heap_pop(struct feed *feed)
{
	feed->heap[0] = feed->heap[--feed->heap_len];
	if (feed->heap_len > 0)
		heap_sink(feed);
}

/* Who comes next after the top; NULL when nobody does. */
static const struct input *runner_up(const struct feed *feed)
{
	struct input *const *heap = feed->heap;

	if (feed->heap_len < 2)
		return NULL;
	return feed->heap_len > 2 && before(heap[2], heap[1]) ? heap[2] : heap[1];
}

/* Collectors and names as numbers, so that the merge compares no text. */
static void rank_inputs(struct feed *feed)
{
	struct input **order = feed->by_time;
	uint32_t rank = 0;

	qsort(order, feed->count, sizeof(*order), compare_collector);
	for (uint32_t i = 0; i < feed->count; i++) {
		rank += i > 0 && strcmp(order[i]->collector, order[i - 1]->collector) != 0;
		order[i]->collector_rank = rank;
	}
	qsort(order, feed->count, sizeof(*order), compare_name);
	for (uint32_t i = 0; i < feed->count; i++)
		order[i]->name_rank = i;
}

static int prepare(struct feed *feed, struct err *err)
{
	int result = 0;

	for (uint32_t i = 0; i < feed->count; i++) {
		struct input *input = &feed->inputs[i];

		feed->by_time[i] = input;
		if (input->starts) {
			input->pending = true;
			input->peek.time = input->starts;
			input->time = input->starts - FEED_EARLY;
		} else {
			result = peek_input(feed, input, err);
		}
		if (result != 0)
			return result;
	}
	rank_inputs(feed);
	qsort(feed->by_time, feed->count, sizeof(*feed->by_time), compare_time);
	/* A sorted array is a heap. */
	memcpy(feed->heap, feed->by_time, feed->count * sizeof(*feed->heap));
	feed->heap_len = feed->count;
	feed->prepared = true;
	return 0;
}

static int open_ahead(struct feed *feed, struct err *err)
{
	unsigned threads = feed->options.threads;
	struct input *input;
	int result = 0;

	while (result == 0 && feed->next_closed < feed->count && feed->ahead < threads) {
		input = feed->by_time[feed->next_closed];
		if (input->state == STATE_CLOSED) {
			if (pool_working(feed->pool) >= threads ||
			    (feed->opener.here &&
			     !feed->opener.here(feed->opener.context, input->index)))
				break;
			result = open_input(feed, input, err);
			input->ahead = input->state == STATE_OPEN;
			feed->ahead += input->ahead;
		}
		feed->next_closed++;
	}
	return result;
}

/* Gives the first `records` records, `len` bytes, of the input's item. */
static void give(struct input *input, size_t len, uint32_t records, struct feed_item *ret_item)
{
	struct reader_item *item = &input->item;

	*ret_item = (struct feed_item){
		.kind = FEED_RECORDS,
		.input = input->index,
		.number = item->number,
		.offset = item->offset,
		.bytes = item->bytes,
		.len = len,
		.records = records,
		.time = item->time,
		.block = item->block,
	};
	if (len == item->len) {
		input->has_item = false;
		input->time = item->time_last;
		return;
	}
	block_ref(item->block);
	item->bytes += len;
	item->len -= len;
	item->records -= records;
	item->number += records;
	item->offset += len;
}

static bool comes_before(const struct input *input, int64_t time, const struct input *other)
{
	return time < other->time || (time == other->time && ranks_before(input, other));
}

/* Gives the item's records that come before `other`: at least one, for its input is at the top. */
static void give_until(struct input *input, const struct input *other, struct feed_item *ret_item)
{
	const struct reader_item *item = &input->item;
	int64_t time = item->time, at_time;
	uint32_t records = 0, len = 0;
	size_t at = 0;

	/* The reader framed them: all are whole. */
	while (at < item->len) {
		(void)mrt_frame(item->bytes + at, item->len - at, UINT32_MAX, &len);
		at_time = mrt_time(item->bytes + at, len);
		if (at_time > time)
			time = at_time;
		if (records > 0 && !comes_before(input, time, other))
			break;
		at += len;
		records++;
	}
	give(input, at, records, ret_item);
	if (input->has_item)
		input->item.time = input->time = time;
}

static void give_records(struct feed *feed, struct input *input, struct feed_item *ret_item)
{
	const struct input *other = runner_up(feed);

	if (!other || comes_before(input, input->item.time_last, other))
		give(input, input->item.len, input->item.records, ret_item);
	else
		give_until(input, other, ret_item);
	heap_sink(feed);
}

static void give_fault(struct input *input, struct feed_item *ret_item)
{
	const struct fault *fault = &input->item.fault;

	input->has_item = false;
	*ret_item = (struct feed_item){
		.kind = FEED_FAULT,
		.input = input->index,
		.number = fault->ref.number,
		.offset = fault->ref.offset,
		.time = input->item.time,
		.fault = *fault,
	};
}

static int give_end(struct feed *feed, struct input *input, struct feed_item *ret_item,
		    struct err *err)
{
	if (input->reader) {
		input->report = *reader_report(input->reader);
		reader_free(input->reader);
		input->reader = NULL;
		input->has_item = false;
	}
	if (input->report.error.code == ERR_MEMORY)
		return err_memory(err);
	input->state = STATE_ENDED;
	heap_pop(feed);
	*ret_item = (struct feed_item){ .kind = FEED_END, .input = input->index };
	return 0;
}

/*
 * The heap's top has no item at hand: gets it one. Whether it is still the top is seen then. Others
 * are opened first, so that they work while we wait.
 */
static int advance(struct feed *feed, struct input *input, struct err *err)
{
	int result = 0;

	if (input->state == STATE_CLOSED)
		result = open_input(feed, input, err);
	feed->ahead -= input->ahead;
	input->ahead = false;
	if (result == 0)
		result = open_ahead(feed, err);
	if (result == 0 && input->state == STATE_OPEN) {
		take_item(input);
		heap_sink(feed);
	}
	return result;
}

static bool would_wait(const struct input *input)
{
	return input->state != STATE_OPEN || !reader_ready(input->reader);
}

/* `ret_late` NULL: waits. */
static int next(struct feed *feed, struct feed_item *ret_item, bool *ret_late, struct err *err)
{
	struct input *input;
	int result = 0;

	while (result == 0) {
		if (feed->heap_len == 0) {
			*ret_item = (struct feed_item){ .kind = FEED_DONE };
			return 0;
		}
		input = feed->heap[0];
		if (input->state == STATE_FAILED && input->pending) {
			input->pending = false;
			input->time = input->starts;
			heap_sink(feed);
			continue;
		}
		if (input->state == STATE_FAILED)
			return give_end(feed, input, ret_item, err);
		if (!input->has_item) {
			if (ret_late && would_wait(input)) {
				*ret_late = true;
				return 0;
			}
			result = advance(feed, input, err);
			continue;
		}
		if (input->item.kind == FEED_END)
			return give_end(feed, input, ret_item, err);
		if (input->item.kind == FEED_RECORDS)
			give_records(feed, input, ret_item);
		else
			give_fault(input, ret_item);
		return 0;
	}
	return result;
}

int feed_next(struct feed *feed, struct feed_item *ret_item, struct err *err)
{
	int result = feed->prepared ? 0 : prepare(feed, err);

	return result ? result : next(feed, ret_item, NULL, err);
}

int feed_poll(struct feed *feed, struct feed_item *ret_item, bool *ret_late, struct err *err)
{
	*ret_late = !feed->prepared;
	return feed->prepared ? next(feed, ret_item, ret_late, err) : 0;
}

void feed_release(struct feed *feed, struct feed_item *item)
{
	if (item->block)
		block_drop(feed->pool, item->block);
	item->block = NULL;
}

const struct feed_report *feed_report(const struct feed *feed, uint32_t input)
{
	return &feed->inputs[input].report;
}

const char *feed_collector(const struct feed *feed, uint32_t input)
{
	return feed->inputs[input].collector;
}
