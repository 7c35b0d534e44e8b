/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a reader works: its thread fills a block, walks the records in it while they are in the
 * cache, and queues them as one item; the record that straddles the block's end is copied to the
 * front of the next block. A record larger than a block gets a block of its own size. Items of one
 * block share it: it goes back to the pool when the last reference is dropped.
 *
 * A pipe may fall silent at any time, so what it gave is queued at once, and filling goes on in
 * the same block behind it; a file's blocks are filled first.
 *
 * One lock guards the pool and all queues. It is taken once or twice a block, a MiB apart.
 */
#include "feed/reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "feed/framer.h"
#include "feed/source.h"
#include "feed/thread.h"

#define BLOCK_MAX	((size_t)1 << 20)	/* larger ones leave the second-level cache */
#define BLOCK_MIN	((size_t)64 << 10)
#define BLOCKS_IN_CAP	16u
#define HELD_MAX	8u			/* blocks that a reader may be ahead */
#define QUEUE_LEN	32u

struct block {
	struct block *next;	/* in the pool's list */
	size_t room;
	uint32_t references;
	uint32_t queued;	/* items not taken yet */
	bool filling;
	_Alignas(64) uint8_t bytes[];
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t queued;	/* for who takes items */
	size_t block_size;
	size_t cap;
	uint32_t readers;
	uint32_t working;	/* those that have not queued their end */
	struct block *idle;	/* blocks of block_size */
	size_t idle_count;
};

struct reader {
	struct pool *pool;
	struct source *source;
	bool *stop;
	bool by_piece;		/* a pipe: queue what there is */
	pthread_t thread;
	struct framer framer;
	struct feed_report report;

	/* Guarded by the pool's lock. */
	pthread_cond_t room;
	struct reader_item queue[QUEUE_LEN];
	uint32_t queue_at, queue_len;
	size_t held;
	bool finished;

	/* The thread's own: the block being filled, bytes [start, end) of it not framed yet. */
	struct block *block;
	size_t start, end;
};

int pool_new(size_t read_ahead, struct pool **ret_pool, struct err *err)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	size_t size = read_ahead / BLOCKS_IN_CAP;

	if (!pool)
		return err_memory(err);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->queued, NULL);
	pool->cap = read_ahead;
	pool->block_size = size > BLOCK_MAX ? BLOCK_MAX : size < BLOCK_MIN ? BLOCK_MIN : size;
	*ret_pool = pool;
	return 0;
}

void pool_free(struct pool *pool)
{
	struct block *block, *next;

	if (!pool)
		return;
	for (block = pool->idle; block; block = next) {
		next = block->next;
		free(block);
	}
	pthread_cond_destroy(&pool->queued);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

uint32_t pool_working(struct pool *pool)
{
	uint32_t working;

	pthread_mutex_lock(&pool->lock);
	working = pool->working;
	pthread_mutex_unlock(&pool->lock);
	return working;
}

static struct block *block_new(struct pool *pool, size_t room)
{
	struct block *block = NULL;

	pthread_mutex_lock(&pool->lock);
	if (room == pool->block_size && pool->idle) {
		block = pool->idle;
		pool->idle = block->next;
		pool->idle_count--;
	}
	pthread_mutex_unlock(&pool->lock);
	if (!block)
		block = aligned_alloc(64, (sizeof(*block) + room + 63) / 64 * 64);
	if (block)
		*block = (struct block){ .room = room, .references = 1, .filling = true };
	return block;
}

void block_ref(struct block *block)
{
	__atomic_fetch_add(&block->references, 1, __ATOMIC_RELAXED);
}

void block_drop(struct pool *pool, struct block *block)
{
	if (__atomic_sub_fetch(&block->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	pthread_mutex_lock(&pool->lock);
	if (block->room == pool->block_size && (pool->idle_count + 1) * block->room <= pool->cap) {
		block->next = pool->idle;
		pool->idle = block;
		pool->idle_count++;
		block = NULL;
	}
	pthread_mutex_unlock(&pool->lock);
	free(block);
}

static bool stopped(const struct reader *reader)
{
	return __atomic_load_n(reader->stop, __ATOMIC_RELAXED);
}

/* With the lock held. */
static bool may_hold(const struct reader *reader, size_t size)
{
	const struct pool *pool = reader->pool;
	size_t share = pool->cap / pool->readers;

	if (share > HELD_MAX * pool->block_size)
		share = HELD_MAX * pool->block_size;
	return reader->held == 0 || reader->held + size <= share;
}

static void no_longer_held(struct reader *reader, const struct block *block)
{
	if (!block->filling && block->queued == 0)
		reader->held -= block->room;
}

/* The block being filled stays ours to read, but nothing will be added to it. */
static void close_block(struct reader *reader)
{
	pthread_mutex_lock(&reader->pool->lock);
	reader->block->filling = false;
	no_longer_held(reader, reader->block);
	pthread_mutex_unlock(&reader->pool->lock);
}

static int next_block(struct reader *reader, size_t room, struct err *err)
{
	struct pool *pool = reader->pool;
	struct block *old = reader->block, *block;
	size_t tail = reader->end - reader->start;

	if (room < pool->block_size)
		room = pool->block_size;
	if (room <= tail)
		room = 2 * tail;
	if (old)
		close_block(reader);
	pthread_mutex_lock(&pool->lock);
	while (!may_hold(reader, room) && !stopped(reader))
		pthread_cond_wait(&reader->room, &pool->lock);
	reader->held += room;
	pthread_mutex_unlock(&pool->lock);
	block = block_new(pool, room);
	if (!block)
		return err_memory(err);
	if (old) {
		memcpy(block->bytes, old->bytes + reader->start, tail);
		block_drop(pool, old);
	}
	reader->block = block;
	reader->start = 0;
	reader->end = tail;
	return 0;
}

static void queue_item(struct reader *reader, const struct reader_item *item)
{
	struct pool *pool = reader->pool;

	pthread_mutex_lock(&pool->lock);
	while (reader->queue_len == QUEUE_LEN && !stopped(reader))
		pthread_cond_wait(&reader->room, &pool->lock);
	if (reader->queue_len < QUEUE_LEN) {
		reader->queue[(reader->queue_at + reader->queue_len++) % QUEUE_LEN] = *item;
		if (item->block) {
			block_ref(item->block);
			item->block->queued++;
		}
	}
	if (item->kind == FEED_END) {
		reader->finished = true;
		pool->working--;
	}
	pthread_cond_signal(&pool->queued);
	pthread_mutex_unlock(&pool->lock);
}

static void queue_step(struct reader *reader, const struct framer_step *step)
{
	struct reader_item item = {
		.kind = FEED_FAULT,
		.time = reader->framer.time,
		.time_last = reader->framer.time,
		.fault = step->fault,
	};

	if (step->kind == FRAMER_RECORDS)
		item = (struct reader_item){
			.kind = FEED_RECORDS,
			.block = reader->block,
			.bytes = reader->block->bytes + reader->start,
			.len = step->len,
			.records = step->records,
			.number = step->number,
			.offset = step->offset,
			.time = step->time,
			.time_last = step->time_last,
		};
	queue_item(reader, &item);
}

/* Frames what is there; returns how many bytes the framer wants to see, 0 when it is done. */
static size_t frame(struct reader *reader, const enum fault_kind *end)
{
	struct framer_step step;

	while (!stopped(reader)) {
		framer_next(&reader->framer, reader->block->bytes + reader->start,
			    reader->end - reader->start, end, &step);
		if (step.kind == FRAMER_MORE)
			return step.need;
		if (step.kind == FRAMER_DONE)
			return 0;
		if (step.kind != FRAMER_PASS)
			queue_step(reader, &step);
		reader->start += step.len;
	}
	return 0;
}

/*
 * Fills the block, or as much as a pipe gives at once. *ret_fault is FAULT_KIND_COUNT with *ret_end
 * where the source simply ended.
 */
static int read_block(struct reader *reader, bool *ret_end, enum fault_kind *ret_fault,
		      struct err *err)
{
	enum fault_kind fault = FAULT_KIND_COUNT;
	size_t got = 1;
	int result;

	do {
		result = source_read(reader->source, reader->block->bytes + reader->end,
				     reader->block->room - reader->end, &got, &fault, err);
		if (result != 0)
			return result;
		reader->end += got;
	} while (got > 0 && reader->end < reader->block->room && !reader->by_piece);
	*ret_end = got == 0;
	*ret_fault = fault;
	return 0;
}

static int read_all(struct reader *reader, struct err *err)
{
	enum fault_kind fault = FAULT_KIND_COUNT;
	bool end = false;
	size_t need = 1;
	int result = 0;

	reader->by_piece = !source_regular(reader->source);
	while (result == 0 && need > 0 && !stopped(reader)) {
		if (!reader->block || reader->end == reader->block->room)
			result = next_block(reader, need, err);
		if (result == 0)
			result = read_block(reader, &end, &fault, err);
		if (result != 0)
			break;
		if (end && fault != FAULT_KIND_COUNT && source_can_go_on(reader->source)) {
			frame(reader, NULL);
			framer_hole(&reader->framer, fault, reader->end - reader->start);
			reader->start = reader->end;
			continue;
		}
		need = frame(reader, end ? &fault : NULL);
	}
	if (result == ERR_SYSTEM && reader->block) {
		/* A disk that fails in the middle: what was read is whole or lost. */
		fault = FAULT_CUT;
		frame(reader, &fault);
	}
	return result;
}

static void fill_report(struct reader *reader)
{
	struct feed_report *report = &reader->report;
	const struct framer *framer = &reader->framer;

	if (!stopped(reader) && report->error.code == ERR_OK)
		report->hashed = source_sha256(reader->source, report->sha256);
	report->compression = source_compression(reader->source);
	report->bytes_stored = source_stored(reader->source);
	report->bytes = framer->offset;
	report->bytes_lost = framer->lost;
	report->records = framer->records;
	report->faults = framer->faults;
	report->members = source_members(reader->source);
	report->first_time = framer->first_time;
	report->last_time = framer->time;
	report->whole = framer->faults == 0 && report->error.code == ERR_OK;
}

static void *run(void *context)
{
	struct reader *reader = context;
	struct reader_item item = { .kind = FEED_END };

	(void)read_all(reader, &reader->report.error);
	if (reader->block) {
		close_block(reader);
		block_drop(reader->pool, reader->block);
	}
	fill_report(reader);
	item.time = item.time_last = reader->framer.time;
	queue_item(reader, &item);
	return NULL;
}

int reader_start(struct pool *pool, struct source *source, uint32_t input, uint32_t record_max,
		 bool *stop, struct reader **ret_reader, struct err *err)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int result;

	if (!reader) {
		source_free(source);
		return err_memory(err);
	}
	reader->pool = pool;
	reader->source = source;
	reader->stop = stop;
	framer_init(&reader->framer, input, record_max);
	pthread_cond_init(&reader->room, NULL);
	pthread_mutex_lock(&pool->lock);
	pool->readers++;
	pool->working++;
	pthread_mutex_unlock(&pool->lock);
	result = thread_start(&reader->thread, run, reader, err);
	if (result != 0) {
		pthread_mutex_lock(&pool->lock);
		pool->readers--;
		pool->working--;
		pthread_mutex_unlock(&pool->lock);
		pthread_cond_destroy(&reader->room);
		source_free(source);
		free(reader);
		return result;
	}
	*ret_reader = reader;
	return 0;
}

/* With the lock held. */
static void take(struct reader *reader, struct reader_item *ret_item)
{
	*ret_item = reader->queue[reader->queue_at];
	reader->queue_at = (reader->queue_at + 1) % QUEUE_LEN;
	reader->queue_len--;
	if (ret_item->block) {
		ret_item->block->queued--;
		no_longer_held(reader, ret_item->block);
	}
	pthread_cond_signal(&reader->room);
}

bool reader_ready(struct reader *reader)
{
	bool ready;

	pthread_mutex_lock(&reader->pool->lock);
	ready = reader->queue_len > 0;
	pthread_mutex_unlock(&reader->pool->lock);
	return ready;
}

void reader_take(struct reader *reader, struct reader_item *ret_item)
{
	struct pool *pool = reader->pool;

	pthread_mutex_lock(&pool->lock);
	while (reader->queue_len == 0)
		pthread_cond_wait(&pool->queued, &pool->lock);
	take(reader, ret_item);
	pthread_mutex_unlock(&pool->lock);
}

const struct feed_report *reader_report(const struct reader *reader)
{
	return &reader->report;
}

void reader_free(struct reader *reader)
{
	struct reader_item item;
	struct pool *pool;

	if (!reader)
		return;
	pool = reader->pool;
	pthread_mutex_lock(&pool->lock);
	if (!reader->finished)
		__atomic_store_n(reader->stop, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&reader->room);
	pthread_mutex_unlock(&pool->lock);
	pthread_join(reader->thread, NULL);
	while (reader->queue_len > 0) {
		take(reader, &item);
		if (item.block)
			block_drop(pool, item.block);
	}
	pthread_mutex_lock(&pool->lock);
	pool->readers--;
	pthread_mutex_unlock(&pool->lock);
	pthread_cond_destroy(&reader->room);
	source_free(reader->source);
	free(reader);
}
