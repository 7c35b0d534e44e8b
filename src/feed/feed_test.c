/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <glob.h>
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

static unsigned open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int open_input(void *context, uint32_t input, int *ret_fd, struct err *err)
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

static uint32_t add_fd(struct world *world, const char *name, const char *collector, int fd)
{
	uint32_t i = world->count++;

	assert_true(i < INPUTS_MAX);
	snprintf(world->names[i], sizeof(world->names[i]), "%s", name);
	world->inputs[i] = (struct feed_input){ .name = world->names[i], .collector = collector };
	world->fds[i] = fd;
	return i;
}

static uint32_t add_input(struct world *world, const char *name, const char *collector,
			  const struct bytes *bytes)
{
	return add_fd(world, name, collector, file_with(bytes));
}

static void world_free(struct world *world)
{
	for (uint32_t i = 0; i < world->count; i++)
		if (world->fds[i] >= 0 && !world->pipe[i])
			close(world->fds[i]);
	free(world);
}

static struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	return world;
}

static void stream_free(struct stream *stream)
{
	bytes_free(&stream->records);
	free(stream->inputs);
	free(stream);
}

static uint32_t record_len(const uint8_t *header)
{
	uint32_t len;

	memcpy(&len, header + 8, sizeof(len));
	return 12 + __builtin_bswap32(len);
}

/* Takes the item's records, and sees that they are what it says they are. */
static void take_records(struct stream *stream, const struct feed_item *item, uint64_t *number,
			 uint64_t *offset, int64_t *time)
{
	uint32_t records = 0;

	assert_int_equal(item->number, *number + 1);
	assert_true(item->offset >= *offset);
	assert_true(item->time >= *time);
	assert_true(item->len > 0);
	for (size_t at = 0; at < item->len; at += record_len(item->bytes + at)) {
		if (stream->count % 1024 == 0) {
			stream->inputs = reallocarray(stream->inputs, stream->count + 1024, sizeof(uint32_t));
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

static void check_report(const struct feed_report *report, uint64_t number)
{
	assert_int_equal(report->records, number);
	assert_true(report->bytes >= report->bytes_lost);
	assert_int_equal(report->whole, report->error.code == ERR_OK && report->faults == 0);
	assert_true(number == 0 || report->first_time <= report->last_time);
	assert_true(number > 0 || report->first_time == UTC_NEVER);
}

static struct stream *run(struct world *world, unsigned threads, size_t read_ahead)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct feed_opener opener = { world, open_input };
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
			take_records(stream, &item, &numbers[item.input], &offsets[item.input], &time);
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

static void test_nothing(void **state)
{
	struct world *world = world_new();
	struct stream *stream = run(world, 2, 0);

	(void)state;
	assert_int_equal(stream->count, 0);
	stream_free(stream);
	world_free(world);
	feed_free(NULL);
}

static void test_one(void **state)
{
	struct bytes plain = make_records(1000000000, 5000);

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct world *world = world_new();
		struct bytes packed = i == 0 ? gzip_of(&plain) : i == 1 ? bzip2_of(&plain, 1) :
				      i == 2 ? zstd_of(&plain) : i == 3 ? xz_of(&plain) : plain;
		struct stream *stream;

		add_input(world, "rrc06.updates.gz", NULL, &packed);
		stream = run(world, 1 + i, i % 2 ? 0 : 100000);
		assert_true(bytes_equal(&stream->records, &plain));
		assert_int_equal(stream->count, 5000);
		assert_true(stream->reports[0].whole);
		assert_true(stream->reports[0].hashed);
		assert_int_equal(stream->reports[0].members, i < 4);
		assert_int_equal(stream->reports[0].first_time, 1000000000 * UTC_SECOND);
		assert_int_equal(stream->reports[0].last_time, 1000001666 * UTC_SECOND);
		stream_free(stream);
		world_free(world);
		if (i < 4)
			bytes_free(&packed);
	}
	bytes_free(&plain);
}

/* What the order is, said again: by sorting all records of all inputs. */
struct sorted {
	int64_t time, first;
	const char *collector, *name;
	bool rib;
	uint32_t number;
	const uint8_t *bytes;
	uint32_t len;
};

static int compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order = (x->time > y->time) - (x->time < y->time);

	if (order == 0)
		order = strcmp(x->collector, y->collector);
	if (order == 0)
		order = (x->first > y->first) - (x->first < y->first);
	if (order == 0)
		order = (int)y->rib - (int)x->rib;
	if (order == 0)
		order = strcmp(x->name, y->name);
	return order ? order : (int)x->number - (int)y->number;
}

struct recording {
	const char *name, *collector;
	struct bytes bytes;
};

static struct bytes sort_all(const struct recording *recordings, unsigned count)
{
	struct sorted *all = NULL;
	size_t total = 0;
	struct bytes out = { 0 };

	for (unsigned i = 0; i < count; i++) {
		const struct bytes *bytes = &recordings[i].bytes;
		int64_t time, max = INT64_MIN;
		size_t first = total;

		for (size_t at = 0; at < bytes->len; at += record_len(bytes->data + at)) {
			all = reallocarray(all, total + 1, sizeof(*all));
			assert_non_null(all);
			time = mrt_time(bytes->data + at, 16);
			max = time > max ? time : max;
			all[total] = (struct sorted){
				max, mrt_time(bytes->data, 16), recordings[i].collector,
				recordings[i].name, bytes->data[5] == MRT_TABLE_DUMP_V2,
				(uint32_t)(total - first), bytes->data + at, record_len(bytes->data + at),
			};
			total++;
		}
	}
	qsort(all, total, sizeof(*all), compare);
	for (size_t i = 0; i < total; i++)
		bytes_add(&out, all[i].bytes, all[i].len);
	free(all);
	return out;
}

/* Times that jump about, forwards on the whole. */
static struct bytes make_jumpy(uint64_t *random, uint32_t seconds, unsigned count, bool rib)
{
	struct bytes bytes = { 0 };
	size_t at;

	for (unsigned i = 0; i < count; i++) {
		at = bytes.len;
		add_record(&bytes, seconds, 25 + test_random(random) % 90, test_random(random));
		if (rib) {
			bytes.data[at + 5] = MRT_TABLE_DUMP_V2;
			bytes.data[at + 7] = 2;
		}
		if (test_random(random) % 3 == 0)
			seconds += test_random(random) % 3;
		else if (test_random(random) % 9 == 0)
			seconds -= test_random(random) % 4;
	}
	return bytes;
}

static void add_shuffled(struct world *world, const struct recording *recordings, unsigned count,
			 uint64_t *random)
{
	unsigned order[INPUTS_MAX];

	for (unsigned i = 0; i < count; i++) {
		unsigned k = test_random(random) % (i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (unsigned i = 0; i < count; i++) {
		const struct recording *recording = &recordings[order[i]];
		struct bytes packed = order[i] % 3 ? gzip_of(&recording->bytes)
						   : bzip2_of(&recording->bytes, 1);

		add_input(world, recording->name, recording->collector, order[i] % 4 ? &packed : &recording->bytes);
		bytes_free(&packed);
	}
}

static void test_order(void **state)
{
	static const unsigned threads[] = { 1, 2, 8, 3 };
	static const size_t read_ahead[] = { 0, 1, 300000, 0 };
	uint64_t random = TEST_SEED;

	(void)state;
	for (unsigned round = 0; round < 6; round++) {
		struct recording recordings[] = {
			{ "b", "rrc06", { 0 } }, { "a", "rrc06", { 0 } }, { "c", "rrc01", { 0 } },
			{ "d", "rrc01", { 0 } }, { "e", "rrc06", { 0 } }, { "f", "x", { 0 } },
			{ "g", "rrc06", { 0 } },
		};
		const unsigned count = sizeof(recordings) / sizeof(recordings[0]);
		struct bytes expected;

		for (unsigned i = 0; i < count; i++)
			recordings[i].bytes = make_jumpy(&random, 1000000000 + i / 2 * (round % 3) * 40,
							 100 + test_random(&random) % 2000, i % 4 == 1);
		expected = sort_all(recordings, count);
		for (unsigned i = 0; i < 4; i++) {
			struct world *world = world_new();
			struct stream *stream;

			add_shuffled(world, recordings, count, &random);
			stream = run(world, threads[i], read_ahead[i]);
			assert_true(bytes_equal(&stream->records, &expected));
			stream_free(stream);
			world_free(world);
		}
		for (unsigned i = 0; i < count; i++)
			bytes_free(&recordings[i].bytes);
		bytes_free(&expected);
	}
}

/* One recording, cut into files at any record, also within a second, and beside it another collector's. */
static void test_packing(void **state)
{
	struct bytes whole = make_records(1000000000, 900), other = make_records(1000000010, 700);
	struct world *world = world_new();
	struct stream *expected, *stream;
	uint64_t random = TEST_SEED;

	(void)state;
	add_input(world, "whole", "m", &whole);
	add_input(world, "other", "p", &other);
	expected = run(world, 2, 0);
	world_free(world);
	for (unsigned round = 0; round < 8; round++) {
		unsigned files = 0;
		size_t at = 0, from = 0;

		world = world_new();
		add_input(world, "other", round % 2 ? "p" : "z", &other);
		for (unsigned i = 1; at < whole.len; i++) {
			char name[16];
			struct bytes part;

			at += record_len(whole.data + at);
			if (at < whole.len && test_random(&random) % (20 + 40 * round) != 0)
				continue;
			snprintf(name, sizeof(name), "part %03u", files++);
			part = (struct bytes){ whole.data + from, at - from, 0 };
			add_input(world, name, "m", &part);
			from = at;
		}
		assert_true(files > 1);
		stream = run(world, 1 + round % 3, round % 2 ? 0 : 200000);
		assert_true(bytes_equal(&stream->records, &expected->records));
		stream_free(stream);
		world_free(world);
	}
	stream_free(expected);
	bytes_free(&whole);
	bytes_free(&other);
}

/* Each in its way no recording; what is one is read all the same. */
static void test_trouble(void **state)
{
	struct world *world = world_new();
	struct bytes good = make_records(1000000000, 3000), packed = gzip_of(&good), cut = packed;
	struct bytes zeros = { calloc(1, 300000), 300000, 300000 }, zeros_packed = gzip_of(&zeros);
	struct bytes text = { 0 }, empty = { 0 };
	uint32_t missing, folder, at_empty, at_text, at_zeros, at_cut, at_good;
	struct stream *stream;

	(void)state;
	bytes_add(&text, "Fellow citizens, this is not a routing table.\n", 46);
	cut.len = packed.len / 2;
	at_cut = add_input(world, "cut", "a", &cut);
	missing = add_fd(world, "missing", NULL, MISSING);
	folder = add_fd(world, "folder", NULL, open("/tmp", O_RDONLY));
	at_empty = add_input(world, "empty", NULL, &empty);
	at_text = add_input(world, "text", NULL, &text);
	at_zeros = add_input(world, "zeros", NULL, &zeros_packed);
	at_good = add_input(world, "good", "b", &packed);
	for (unsigned threads = 1; threads <= 8; threads *= 2) {
		stream = run(world, threads, 0);
		assert_int_equal(stream->reports[missing].error.code, ERR_SYSTEM);
		assert_int_equal(stream->reports[missing].error.system, ENOENT);
		assert_non_null(strstr(stream->reports[missing].error.text, "missing"));
		assert_int_equal(stream->reports[folder].error.system, EISDIR);
		assert_non_null(strstr(stream->reports[folder].error.text, "folder"));
		assert_int_equal(stream->reports[at_empty].bytes_stored, 0);
		assert_int_equal(stream->reports[at_empty].records, 0);
		assert_true(stream->reports[at_empty].whole);
		assert_int_equal(stream->reports[at_text].bytes_lost, text.len);
		assert_int_equal(stream->reports[at_text].faults, 1);
		assert_int_equal(stream->reports[at_zeros].bytes_lost, zeros.len);
		assert_int_equal(stream->reports[at_zeros].faults, 1);
		assert_string_equal(stream->reports[at_zeros].compression, "gzip");
		assert_true(stream->reports[at_cut].records > 500);
		assert_false(stream->reports[at_cut].whole);
		assert_int_equal(stream->reports[at_cut].faults, 1);
		assert_int_equal(stream->reports[at_good].records, 3000);
		assert_int_equal(stream->faults, 3);
		/* The cut one's records come before the good one's of the same second; the fault where it was cut. */
		assert_int_equal(stream->fault.kind, FAULT_CUT);
		assert_int_equal(stream->fault.ref.number, stream->reports[at_cut].records + 1);
		stream_free(stream);
	}
	world_free(world);
	bytes_free(&good);
	bytes_free(&packed);
	bytes_free(&zeros);
	bytes_free(&zeros_packed);
	bytes_free(&text);
}

/* At every byte: a beginning of the records. */
static void test_every_cut(void **state)
{
	struct bytes good = make_records(1000000000, 12), packed = gzip_of(&good);

	(void)state;
	for (size_t len = 0; len < packed.len + good.len; len++) {
		struct bytes cut = packed;
		struct world *world = world_new();
		struct stream *stream;

		cut.len = len;
		if (len >= packed.len)
			cut = (struct bytes){ good.data, len - packed.len, 0 };
		add_input(world, "cut", NULL, &cut);
		stream = run(world, 2, 0);
		if (stream->records.len > 0)
			assert_memory_equal(stream->records.data, good.data, stream->records.len);
		stream_free(stream);
		world_free(world);
	}
	bytes_free(&good);
	bytes_free(&packed);
}

/* Records larger than a block, one behind the other, and beside another input. */
static void test_large_records(void **state)
{
	static const uint32_t sizes[] = { 65000, 65536, 300000, 10, 2000000, 70000, 5 };
	struct bytes bytes = { 0 }, other = make_records(1000000000, 2000);
	struct world *world = world_new();
	struct stream *stream;

	(void)state;
	for (unsigned i = 0; i < 7; i++)
		add_record(&bytes, 1000000000 + i, sizes[i], i);
	add_input(world, "large", "a", &bytes);
	stream = run(world, 1, 1);
	assert_true(bytes_equal(&stream->records, &bytes));
	stream_free(stream);
	add_input(world, "other", "b", &other);
	stream = run(world, 2, 1);
	assert_int_equal(stream->reports[0].records, 7);
	assert_int_equal(stream->reports[1].records, 2000);
	stream_free(stream);
	world_free(world);
	bytes_free(&bytes);
	bytes_free(&other);
}

/* Many inputs one after the other: few are open at once. All at the same time: still no deadlock. */
static void test_many(void **state)
{
	struct world *world = world_new();
	struct stream *stream;
	char name[16];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		struct bytes bytes = make_records(1000000000 + i * 300, 800);

		snprintf(name, sizeof(name), "%u", i);
		add_input(world, name, "m", &bytes);
		bytes_free(&bytes);
	}
	stream = run(world, 4, 0);
	assert_int_equal(stream->count, 300 * 800);
	/* Threads that are ahead, the one at work, the test's own few, and the one just being opened. */
	assert_in_range(world->open_max, 1, 20);
	stream_free(stream);
	world_free(world);

	world = world_new();
	for (unsigned i = 0; i < 120; i++) {
		struct bytes bytes = make_records(1000000000 + i % 2, 800);

		snprintf(name, sizeof(name), "%u", i);
		add_input(world, name, "m", &bytes);
		bytes_free(&bytes);
	}
	stream = run(world, 2, 1);
	assert_int_equal(stream->count, 120 * 800);
	stream_free(stream);
	world_free(world);
}

struct writer {
	int fd;
	const struct bytes *bytes;
};

static void *write_pieces(void *context)
{
	struct writer *writer = context;
	size_t len;

	for (size_t at = 0; at < writer->bytes->len; at += len) {
		len = writer->bytes->len - at < 777 ? writer->bytes->len - at : 777;
		if (write(writer->fd, writer->bytes->data + at, len) != (ssize_t)len)
			break;
	}
	close(writer->fd);
	return NULL;
}

/* A pipe can be read once only, and comes in pieces; among files it takes its place in time. */
static void test_pipe(void **state)
{
	struct bytes a = make_records(1000000000, 900), b = make_records(1000000050, 900), expected;
	struct recording recordings[] = { { "a", "m", a }, { "b", "n", b }, { "c", "o", a } };
	struct bytes packed = gzip_of(&b);

	(void)state;
	expected = sort_all(recordings, 3);
	for (unsigned round = 0; round < 2; round++) {
		struct world *world = world_new();
		struct writer writer;
		struct stream *stream;
		pthread_t thread;
		uint32_t input;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		add_input(world, "a", "m", &a);
		input = add_fd(world, "-", "n", ends[0]);
		world->pipe[input] = true;
		add_input(world, "c", "o", &a);
		writer = (struct writer){ ends[1], round ? &b : &packed };
		assert_int_equal(pthread_create(&thread, NULL, write_pieces, &writer), 0);
		stream = run(world, 2, 0);
		pthread_join(thread, NULL);
		assert_true(bytes_equal(&stream->records, &expected));
		stream_free(stream);
		world_free(world);
	}
	bytes_free(&a);
	bytes_free(&b);
	bytes_free(&packed);
	bytes_free(&expected);
}

/* Items kept, all of them, until the stream is done; and given back in an odd order. */
static void test_release_late(void **state)
{
	struct bytes plain = make_records(1000000000, 20000);
	struct world *world = world_new();
	struct feed_opener opener = { world, open_input };
	struct feed_options options = { .threads = 2, .read_ahead = 1 };
	struct feed_item items[2000];
	struct bytes got = { 0 };
	unsigned count = 0;
	struct feed *feed;

	(void)state;
	add_input(world, "plain", NULL, &plain);
	assert_int_equal(feed_new(world->inputs, 1, &opener, &options, &feed, NULL), 0);
	do {
		assert_true(count < 2000);
		assert_int_equal(feed_next(feed, &items[count], NULL), 0);
	} while (items[count++].kind != FEED_DONE);
	for (unsigned i = 0; i < count; i++)
		if (items[i].kind == FEED_RECORDS)
			bytes_add(&got, items[i].bytes, items[i].len);
	assert_true(bytes_equal(&got, &plain));
	for (unsigned i = 0; i < count; i++) {
		unsigned k = i * 7 % count;

		feed_release(feed, &items[count % 7 ? k : i]);
	}
	feed_free(feed);
	world_free(world);
	bytes_free(&plain);
	bytes_free(&got);
}

/* Given up at any time, also while a pipe keeps silent. */
static void test_give_up(void **state)
{
	struct bytes plain = make_records(1000000000, 20000);
	struct feed_options options = { .threads = 2, .read_ahead = 1 };
	struct feed_item item;
	struct feed *feed;
	int ends[2];

	(void)state;
	for (unsigned takes = 0; takes < 12; takes++) {
		struct world *world = world_new();
		struct feed_opener opener = { world, open_input };

		add_input(world, "a", NULL, &plain);
		add_input(world, "b", NULL, &plain);
		assert_int_equal(feed_new(world->inputs, 2, &opener, &options, &feed, NULL), 0);
		for (unsigned i = 0; i < takes; i++) {
			assert_int_equal(feed_next(feed, &item, NULL), 0);
			feed_release(feed, &item);
		}
		feed_free(feed);
		world_free(world);
	}
	{
		struct world *world = world_new();
		struct feed_opener opener = { world, open_input };

		assert_int_equal(pipe(ends), 0);
		world->pipe[add_fd(world, "-", NULL, ends[0])] = true;
		assert_int_equal(write(ends[1], plain.data, 5000), 5000);
		assert_int_equal(feed_new(world->inputs, 1, &opener, &options, &feed, NULL), 0);
		assert_int_equal(feed_next(feed, &item, NULL), 0);
		assert_int_equal(item.kind, FEED_RECORDS);
		feed_release(feed, &item);
		feed_free(feed);
		close(ends[1]);
		world_free(world);
	}
	bytes_free(&plain);
}

/* Damage in the middle of bzip2: the blocks around it are read, with one fault where it is. */
static void test_hole(void **state)
{
	struct bytes plain = make_records(1000000000, 4000), packed;
	struct world *world = world_new();
	struct stream *stream;

	(void)state;
	packed = bzip2_of(&plain, 1);
	packed.data[packed.len / 2] ^= 0x55;
	add_input(world, "damaged", NULL, &packed);
	stream = run(world, 2, 0);
	assert_int_equal(stream->faults, 1);
	assert_int_equal(stream->fault.kind, FAULT_COMPRESSION);
	assert_false(stream->reports[0].whole);
	assert_in_range(stream->records.len, plain.len - 2 * 100000, plain.len - 50000);
	assert_memory_equal(stream->records.data + stream->records.len - 90000,
			    plain.data + plain.len - 90000, 90000);
	stream_free(stream);
	world_free(world);
	bytes_free(&plain);
	bytes_free(&packed);
}

static void test_collectors(void **state)
{
	struct feed_input inputs[] = {
		{ .name = "x/rrc06.updates.gz" }, { .name = "rrc06.updates.gz", .collector = "mine" },
		{ .name = "what.gz" },
	};
	struct feed_options options = { .threads = 1 };
	struct feed_opener opener = { 0 };
	struct feed *feed;

	(void)state;
	assert_int_equal(feed_new(inputs, 3, &opener, &options, &feed, NULL), 0);
	assert_string_equal(feed_collector(feed, 0), "rrc06");
	assert_string_equal(feed_collector(feed, 1), "mine");
	assert_string_equal(feed_collector(feed, 2), "unknown");
	feed_free(feed);
}

static void read_file(const char *path, struct bytes *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(file);
	while ((len = fread(bytes_reserve(bytes, 65536), 1, 65536, file)) > 0)
		bytes->len += len;
	fclose(file);
}

/* Two hours of one collector in files of five minutes: in any order, and in one piece, compressed or not. */
static void test_real_recordings(void **state)
{
	const char *data = getenv("CONSTAT_SHARED_DATA");
	struct bytes all = { 0 };
	struct world *world = world_new(), *one = world_new(), *plain = world_new();
	struct stream *expected, *stream;
	uint64_t random = TEST_SEED;
	char pattern[512];
	glob_t files;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/mrt/2021/*.gz", data ? data : "../shared/data");
	if (glob(pattern, 0, NULL, &files) != 0) {
		world_free(world);
		world_free(one);
		world_free(plain);
		skip();
	}
	for (size_t i = 0; i < files.gl_pathc; i++)
		read_file(files.gl_pathv[i], &all);
	add_input(one, "all", "rrc06", &all);
	expected = run(one, 1, 0);
	assert_int_equal(expected->count, 118491);
	assert_int_equal(expected->reports[0].members, files.gl_pathc);
	add_input(plain, "plain", "rrc06", &expected->records);
	for (size_t i = files.gl_pathc; i-- > 0;) {
		size_t k = test_random(&random) % (i + 1);
		char *path = files.gl_pathv[k];

		files.gl_pathv[k] = files.gl_pathv[i];
		files.gl_pathv[i] = path;
		all.len = 0;
		read_file(path, &all);
		add_input(world, strrchr(path, '/') + 1, NULL, &all);
	}
	for (unsigned threads = 1; threads <= 8; threads = threads * 3 - 1) {
		stream = run(world, threads, 0);
		assert_true(bytes_equal(&stream->records, &expected->records));
		stream_free(stream);
		stream = run(plain, threads, 0);
		assert_true(bytes_equal(&stream->records, &expected->records));
		stream_free(stream);
	}
	stream_free(expected);
	globfree(&files);
	world_free(world);
	world_free(one);
	world_free(plain);
	bytes_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_packing),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_large_records),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_release_late),
		cmocka_unit_test(test_give_up),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_collectors),
		cmocka_unit_test(test_real_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
