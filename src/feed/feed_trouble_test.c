/* SPDX-License-Identifier: BSD-2-Clause */
/* Inputs that are cut, damaged, missing, too many, too large; and who stops listening. */
#include "feed/test_world.h"

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
		/*
		 * The cut one's records come before the good one's of the same second; the fault
		 * where it was cut.
		 */
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

/*
 * Many inputs one after the other: few are open at once. All at the same time: still no deadlock.
 */
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
	/*
	 * Threads that are ahead, the one at work, the test's own few, and the one just being
	 * opened.
	 */
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

/* Items kept, all of them, until the stream is done; and given back in an odd order. */
static void test_release_late(void **state)
{
	struct bytes plain = make_records(1000000000, 20000);
	struct world *world = world_new();
	struct feed_opener opener = { .context = world, .open = open_input };
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
		struct feed_opener opener = { .context = world, .open = open_input };

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
		struct feed_opener opener = { .context = world, .open = open_input };

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

/* Who polls is not kept waiting by a pipe that is silent, and gets all that comes. */
static void test_poll(void **state)
{
	struct bytes plain = make_records(1000000000, 200);
	const struct feed_options options = { .threads = 1 };
	struct world *world = world_new();
	const struct feed_opener opener = { .context = world, .open = open_input };
	size_t half = plain.len / 2, len = 0;
	struct feed_item item;
	struct feed *feed;
	int ends[2];
	bool late;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	world->pipe[add_fd(world, "-", NULL, ends[0])] = true;
	assert_int_equal(feed_new(world->inputs, 1, &opener, &options, &feed, NULL), 0);
	assert_int_equal(feed_poll(feed, &item, &late, NULL), 0);
	assert_true(late);
	assert_int_equal(write(ends[1], plain.data, half), half);
	assert_int_equal(feed_next(feed, &item, NULL), 0);
	assert_int_equal(item.kind, FEED_RECORDS);
	late = false;
	for (unsigned part = 0; part < 2; part++) {
		do {
			len += late ? 0 : item.len;
			if (!late)
				feed_release(feed, &item);
			assert_int_equal(feed_poll(feed, &item, &late, NULL), 0);
		} while ((late && part == 1) || (!late && item.kind == FEED_RECORDS));
		if (part == 1)
			break;
		assert_true(late && len <= half);
		assert_int_equal(write(ends[1], plain.data + half, plain.len - half), plain.len - half);
		close(ends[1]);
	}
	assert_int_equal(item.kind, FEED_END);
	assert_int_equal(len, plain.len);
	feed_free(feed);
	world_free(world);
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

/* The second of two inputs is still to come: asked for only when all before it was given. */
struct coming {
	struct world *world;
	bool asked;
};

static int open_coming(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	struct coming *coming = context;

	coming->asked |= input == 1;
	return open_input(coming->world, input, ret_fd, err);
}

static bool is_here(void *context, uint32_t input)
{
	(void)context;
	return input == 0;
}

static void test_still_to_come(void **state)
{
	struct bytes first = make_records(1000000000, 3000), second = make_records(1000009000, 30);
	struct coming coming = { .world = world_new() };
	struct feed_opener opener = { &coming, open_coming, is_here };
	struct feed_options options = { .threads = 2, .read_ahead = 1 };
	struct feed_item item;
	struct feed *feed;
	size_t given = 0;

	(void)state;
	add_input(coming.world, "a", NULL, &first);
	add_input(coming.world, "b", NULL, &second);
	coming.world->inputs[0].starts = 1000000000 * UTC_SECOND;
	coming.world->inputs[1].starts = 1000009000 * UTC_SECOND;
	assert_int_equal(feed_new(coming.world->inputs, 2, &opener, &options, &feed, NULL), 0);
	do {
		assert_int_equal(feed_next(feed, &item, NULL), 0);
		if (item.kind != FEED_RECORDS)
			continue;
		given += item.len;
		assert_int_equal(coming.asked, given > first.len);
		feed_release(feed, &item);
	} while (item.kind != FEED_DONE);
	assert_int_equal(given, first.len + second.len);
	feed_free(feed);
	world_free(coming.world);
	bytes_free(&first);
	bytes_free(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_large_records),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_release_late),
		cmocka_unit_test(test_give_up),
		cmocka_unit_test(test_poll),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_still_to_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
