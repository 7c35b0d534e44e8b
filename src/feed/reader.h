/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One open input at work: a thread that reads its source into blocks, frames them and queues what
 * it finds. Private to feed/.
 *
 * Blocks come from one pool. A reader counts as holding a block from the moment it gets it until
 * all that it queued of it was taken; it may hold its share of the cap, and always one block, so
 * that whoever the merge waits for can go on. What was taken is the taker's, until it drops its
 * reference.
 *
 *	pool_new; reader_start … reader_take until FEED_END, reader_free; pool_free
 *
 * reader_* and pool_new/pool_free: one thread. block_drop: any.
 */
#ifndef CONSTAT_FEED_READER_H
#define CONSTAT_FEED_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "feed/feed.h"

struct block;
struct pool;
struct reader;
struct source;

/* What one reader queued: a run of records, a fault, or its end. */
struct reader_item {
	enum feed_kind kind;
	struct block *block;	/* RECORDS: a reference, the taker's */
	const uint8_t *bytes;
	size_t len;
	uint32_t records;
	uint64_t number;
	uint64_t offset;
	int64_t time;		/* largest so far, at the first record; for a fault, before it */
	int64_t time_last;	/* and at the last */
	struct fault fault;
};

int pool_new(size_t read_ahead, struct pool **ret_pool, struct err *err);
void pool_free(struct pool *pool);	/* takes NULL; every block is back by then */
/* Readers that have not come to their end yet. */
uint32_t pool_working(struct pool *pool);
void block_ref(struct block *block);
void block_drop(struct pool *pool, struct block *block);

/* Takes the source, also when it fails. `stop` is what the source's options point at. */
int reader_start(struct pool *pool, struct source *source, uint32_t input, uint32_t record_max,
		 bool *stop, struct reader **ret_reader, struct err *err);
/* reader_take() would not wait. */
bool reader_ready(struct reader *reader);
/* Waits for the next item. */
void reader_take(struct reader *reader, struct reader_item *ret_item);
/* After FEED_END was taken. An error of code ERR_MEMORY is the whole feed's. */
const struct feed_report *reader_report(const struct reader *reader);
/* Stops and joins the thread, drops what was not taken. Takes NULL. */
void reader_free(struct reader *reader);

#endif
