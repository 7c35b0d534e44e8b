/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A feed under test: inputs made up on the spot, and what comes of them, checked on the way for all
 * that feed.h promises of any stream. For *_test.c only.
 */
#ifndef CONSTAT_FEED_TEST_WORLD_H
#define CONSTAT_FEED_TEST_WORLD_H

#include <dirent.h>
#include <errno.h>
#include <pthread.h>

#include "base/utc.h"
#include "feed/feed.h"
#include "feed/test_support.h"

#define INPUTS_MAX	400u
#define MISSING		(-1)

/* Inputs, and what became of them. */
struct world {
	struct feed_input inputs[INPUTS_MAX];
	char names[INPUTS_MAX][48];
	int fds[INPUTS_MAX];	/* of the content; or MISSING */
	bool pipe[INPUTS_MAX];	/* the descriptor itself is handed over */
	uint32_t count;
	unsigned open_max;	/* descriptors open at once, beyond those of the contents */
};

struct stream {
	struct bytes records;
	uint32_t *inputs;	/* whose the records are, one by one */
	uint64_t count;
	unsigned faults;
	struct fault fault;	/* the last */
	struct feed_report reports[INPUTS_MAX];
	unsigned ended;
};

static inline unsigned open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static inline int open_input(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	struct world *world = context;
	unsigned open = open_descriptors() - world->count;

	if (open > world->open_max)
		world->open_max = open;
	if (world->fds[input] == MISSING)
		return err_system(err, ENOENT, "%s", world->inputs[input].name);
	*ret_fd = world->pipe[input] ? world->fds[input] : open_again(world->fds[input]);
	return 0;
}

static inline uint32_t add_fd(struct world *world, const char *name, const char *collector, int fd)
{
	uint32_t i = world->count++;

	assert_true(i < INPUTS_MAX);
	snprintf(world->names[i], sizeof(world->names[i]), "%s", name);
	world->inputs[i] = (struct feed_input){ .name = world->names[i], .collector = collector };
	world->fds[i] = fd;
	return i;
}

static inline uint32_t add_input(struct world *world, const char *name, const char *collector,
			  const struct bytes *bytes)
{
	return add_fd(world, name, collector, file_with(bytes));
}

static inline void world_free(struct world *world)
{
	for (uint32_t i = 0; i < world->count; i++)
		if (world->fds[i] >= 0 && !world->pipe[i])
			close(world->fds[i]);
	free(world);
}

static inline struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	return world;
}

static inline void stream_free(struct stream *stream)
{
	bytes_free(&stream->records);
	free(stream->inputs);
	free(stream);
}

static inline uint32_t record_len(const uint8_t *header)
{
	uint32_t len;

	memcpy(&len, header + 8, sizeof(len));
	return 12 + __builtin_bswap32(len);
}

/* Takes the item's records, and sees that they are what it says they are. */
static inline void take_records(struct stream *stream, const struct feed_item *item,
				uint64_t *number, uint64_t *offset, int64_t *time)
{
	uint32_t records = 0;

	assert_int_equal(item->number, *number + 1);
	assert_true(item->offset >= *offset);
	assert_true(item->time >= *time);
	assert_true(item->len > 0);
	for (size_t at = 0; at < item->len; at += record_len(item->bytes + at)) {
		if (stream->count % 1024 == 0) {
			stream->inputs = reallocarray(stream->inputs, stream->count + 1024,
						      sizeof(uint32_t));
			assert_non_null(stream->inputs);
		}
		stream->inputs[stream->count++] = item->input;
		records++;
	}
	assert_int_equal(records, item->records);
	bytes_add(&stream->records, item->bytes, item->len);
	*number += records;
	*offset = item->offset + item->len;
	*time = item->time;
}

static inline void check_report(const struct feed_report *report, uint64_t number)
{
	assert_int_equal(report->records, number);
	assert_true(report->bytes >= report->bytes_lost);
	assert_int_equal(report->whole, report->error.code == ERR_OK && report->faults == 0);
	assert_true(number == 0 || report->first_time <= report->last_time);
	assert_true(number > 0 || report->first_time == UTC_NEVER);
}

static inline struct stream *run(struct world *world, unsigned threads, size_t read_ahead)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct feed_opener opener = { .context = world, .open = open_input };
	uint64_t read = 0, stored = 0, numbers[INPUTS_MAX] = { 0 }, offsets[INPUTS_MAX] = { 0 };
	uint64_t lens[INPUTS_MAX] = { 0 };
	struct feed_options options = {
		.threads = threads, .read_ahead = read_ahead, .hash = true, .bytes_read = &read,
	};
	int64_t time = INT64_MIN;
	struct feed_item item;
	struct feed *feed;

	assert_non_null(stream);
	assert_int_equal(feed_new(world->inputs, world->count, &opener, &options, &feed, NULL), 0);
	for (;;) {
		assert_int_equal(feed_next(feed, &item, NULL), 0);
		if (item.kind == FEED_DONE)
			break;
		if (item.kind == FEED_RECORDS) {
			take_records(stream, &item, &numbers[item.input], &offsets[item.input],
				     &time);
			lens[item.input] += item.len;
			feed_release(feed, &item);
		} else if (item.kind == FEED_FAULT) {
			assert_int_equal(item.fault.ref.input, item.input);
			stream->fault = item.fault;
			stream->faults++;
		} else {
			stream->reports[item.input] = *feed_report(feed, item.input);
			check_report(&stream->reports[item.input], numbers[item.input]);
			assert_int_equal(stream->reports[item.input].bytes,
					 lens[item.input] + stream->reports[item.input].bytes_lost);
			stored += stream->reports[item.input].bytes_stored;
			stream->ended++;
		}
	}
	assert_int_equal(stream->ended, world->count);
	assert_int_equal(stored, read);
	feed_free(feed);
	return stream;
}

#endif
