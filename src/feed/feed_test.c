/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of the stream, whatever the inputs' order, packing and number of threads. */
#include <glob.h>

#include "feed/test_world.h"

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
				max,
				mrt_time(bytes->data, 16),
				recordings[i].collector,
				recordings[i].name,
				bytes->data[5] == MRT_TABLE_DUMP_V2,
				(uint32_t)(total - first),
				bytes->data + at,
				record_len(bytes->data + at),
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

		add_input(world, recording->name, recording->collector,
			  order[i] % 4 ? &packed : &recording->bytes);
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
			{ "d", "rrc01", { 0 } }, { "0e", "rrc06", { 0 } }, { "f", "x", { 0 } },
			{ "0g", "rrc06", { 0 } },
		};
		const unsigned count = sizeof(recordings) / sizeof(recordings[0]);
		struct bytes expected;

		for (unsigned i = 0; i < count; i++)
			recordings[i].bytes =
				make_jumpy(&random, 1000000000 + i / 2 * (round % 3) * 40,
					   100 + test_random(&random) % 2000, i % 4 == 0);
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

/*
 * One recording, cut into files at any record, also within a second, and beside it another
 * collector's.
 */
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

/*
 * Two hours of one collector in files of five minutes: in any order, and in one piece, compressed
 * or not.
 */
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
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_collectors),
		cmocka_unit_test(test_real_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
