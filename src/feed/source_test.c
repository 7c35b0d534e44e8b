/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sys/stat.h>

#include "feed/source.h"
#include "feed/test_support.h"

struct outcome {
	struct bytes bytes;
	unsigned faults;
	enum fault_kind first, last;
	uint32_t members;
	uint64_t stored;
	const char *compression;
	bool hashed;
	uint8_t sha256[32];
};

static struct outcome read_fd(int fd, const struct source_options *options, size_t room)
{
	struct outcome outcome = { .first = FAULT_KIND_COUNT, .last = FAULT_KIND_COUNT };
	struct source *source;
	enum fault_kind fault;
	size_t len;

	assert_int_equal(source_new(fd, "test", options, &source, NULL), 0);
	for (;;) {
		assert_int_equal(source_read(source, bytes_reserve(&outcome.bytes, room), room,
					     &len, &fault, NULL),
				 0);
		assert_true(len <= room);
		outcome.bytes.len += len;
		if (fault != FAULT_KIND_COUNT) {
			assert_int_equal(len, 0);
			outcome.last = fault;
			if (outcome.faults++ == 0)
				outcome.first = fault;
			if (!source_can_go_on(source))
				break;
		} else if (len == 0) {
			break;
		}
	}
	/* The end stays the end. */
	assert_int_equal(
		source_read(source, bytes_reserve(&outcome.bytes, room), room, &len, &fault, NULL),
		0);
	assert_int_equal(len, 0);
	assert_int_equal(fault, FAULT_KIND_COUNT);
	outcome.compression = source_compression(source);
	outcome.members = source_members(source);
	outcome.hashed = source_sha256(source, outcome.sha256);
	outcome.stored = source_stored(source);
	source_free(source);
	return outcome;
}

static struct outcome read_bytes(const struct bytes *stored, size_t room)
{
	return read_fd(file_with(stored), &(struct source_options){ .buffer = 4096 }, room);
}

/* What `stored` gives, whatever the room and the buffer. */
static void expect(const struct bytes *stored, const struct bytes *plain, const char *compression,
		   uint32_t members, unsigned faults, enum fault_kind fault)
{
	static const size_t rooms[] = { 1, 7, 100, 4096, 1 << 20 };
	static const size_t buffers[] = { 1, 5000, 1 << 20 };

	for (unsigned i = 0; i < 5; i++) {
		for (unsigned k = 0; k < 3; k++) {
			struct source_options options = { .buffer = buffers[k] };
			struct outcome outcome = read_fd(file_with(stored), &options, rooms[i]);

			assert_true(bytes_equal(&outcome.bytes, plain));
			assert_int_equal(outcome.faults, faults);
			assert_int_equal(outcome.last, fault);
			assert_int_equal(outcome.members, members);
			assert_string_equal(outcome.compression, compression);
			bytes_free(&outcome.bytes);
		}
	}
}

struct format {
	const char *name;
	struct bytes (*pack)(const struct bytes *plain);
};

static struct bytes bzip2_pack(const struct bytes *plain)
{
	return bzip2_of(plain, 9);
}

static const struct format formats[] = {
	{ "gzip", gzip_of }, { "bzip2", bzip2_pack }, { "zstd", zstd_of }, { "xz", xz_of },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static void test_formats(void **state)
{
	struct bytes plain = make_records(1000000000, 700), empty = { 0 };

	(void)state;
	expect(&plain, &plain, "none", 0, 0, FAULT_KIND_COUNT);
	expect(&empty, &empty, "none", 0, 0, FAULT_KIND_COUNT);
	for (size_t i = 0; i < FORMATS; i++) {
		struct bytes packed = formats[i].pack(&plain), nothing = formats[i].pack(&empty);

		expect(&packed, &plain, formats[i].name, 1, 0, FAULT_KIND_COUNT);
		expect(&nothing, &empty, formats[i].name, 1, 0, FAULT_KIND_COUNT);
		bytes_append(&packed, &nothing);
		bytes_append(&packed, &packed);
		bytes_append(&plain, &plain);
		expect(&packed, &plain, formats[i].name, 4, 0, FAULT_KIND_COUNT);
		plain.len /= 2;
		bytes_free(&packed);
		bytes_free(&nothing);
	}
	bytes_free(&plain);
}

static void test_padding(void **state)
{
	static const uint8_t zeros[512];
	struct bytes plain = make_records(1000000000, 30), packed = gzip_of(&plain), twice = { 0 };

	(void)state;
	bytes_append(&twice, &packed);
	bytes_add(&twice, zeros, 3);
	bytes_append(&twice, &packed);
	bytes_add(&twice, zeros, 512);
	bytes_append(&plain, &plain);
	expect(&twice, &plain, "gzip", 2, 0, FAULT_KIND_COUNT);
	/* Between xz streams it comes in fours. */
	twice.len = 0;
	bytes_free(&packed);
	plain.len /= 2;
	packed = xz_of(&plain);
	bytes_append(&twice, &packed);
	bytes_add(&twice, zeros, 8);
	expect(&twice, &plain, "xz", 1, 0, FAULT_KIND_COUNT);
	bytes_add(&twice, zeros, 3);
	expect(&twice, &plain, "xz", 1, 1, FAULT_COMPRESSION);
	bytes_free(&packed);
	bytes_free(&twice);
	bytes_free(&plain);
}

/* A member of stored bytes, so that its size is known, or with all that a header can have. */
static struct bytes gzip_with(const struct bytes *plain, gz_header *header)
{
	struct bytes out = { 0 };
	z_stream stream = { 0 };

	assert_int_equal(deflateInit2(&stream, header ? 6 : 0, Z_DEFLATED, 15 + 16, 8, 0), Z_OK);
	if (header)
		assert_int_equal(deflateSetHeader(&stream, header), Z_OK);
	stream.next_in = plain->data;
	stream.avail_in = (uInt)plain->len;
	stream.next_out = bytes_reserve(&out, plain->len + 1000);
	stream.avail_out = (uInt)out.room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out.len = stream.total_out;
	deflateEnd(&stream);
	return out;
}

/* Extra field, name, comment and checksum, wherever the buffer's end cuts the header. */
static void test_gzip_header(void **state)
{
	gz_header header = {
		.extra = (Bytef *)"BC\2\0\1\2", .extra_len = 6, .name = (Bytef *)"updates.20140530",
		.comment = (Bytef *)"a comment", .hcrc = 1,
	};
	struct bytes plain = make_records(1000000000, 60), part = { plain.data, 0, 0 };

	(void)state;
	for (size_t before = 1; before < 64; before++) {
		struct bytes all, second = gzip_with(&plain, &header);
		struct outcome outcome;

		/* Header, one stored block's own header, checksum and length. */
		part.len = 4096 - before - 10 - 5 - 8;
		all = gzip_with(&part, NULL);
		assert_int_equal(all.len, 4096 - before);
		bytes_append(&all, &second);
		outcome = read_bytes(&all, 1 << 20);
		assert_int_equal(outcome.faults, 0);
		assert_int_equal(outcome.members, 2);
		assert_int_equal(outcome.bytes.len, part.len + plain.len);
		bytes_free(&outcome.bytes);
		bytes_free(&all);
		bytes_free(&second);
	}
	bytes_free(&plain);
}

/* Garbage between members is a fault, and the next member is read. */
static void test_garbage_between(void **state)
{
	struct bytes plain = make_records(1000000000, 50);

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct bytes packed = formats[i].pack(&plain), all = { 0 }, twice = { 0 };

		bytes_append(&all, &packed);
		bytes_add(&all, "no member begins here", 21);
		bytes_append(&all, &packed);
		bytes_append(&twice, &plain);
		bytes_append(&twice, &plain);
		expect(&all, &twice, formats[i].name, 2, 1, FAULT_COMPRESSION);
		bytes_add(&all, "nor here", 8);
		expect(&all, &twice, formats[i].name, 2, 2, FAULT_COMPRESSION);
		bytes_free(&packed);
		bytes_free(&all);
		bytes_free(&twice);
	}
	bytes_free(&plain);
}

/* At every byte: what is given is a beginning of the whole, and the cut is told. */
static void test_every_cut(void **state)
{
	struct bytes plain = make_records(1000000000, 40);

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct bytes packed = formats[i].pack(&plain);
		size_t before = 0;

		for (size_t len = 2; len < packed.len; len++) {
			struct bytes cut = { packed.data, len, len };
			struct outcome outcome = read_bytes(&cut, 1000),
				       again = read_bytes(&cut, 1);

			if (outcome.bytes.len > 0)
				assert_memory_equal(outcome.bytes.data, plain.data,
						    outcome.bytes.len);
			assert_true(bytes_equal(&outcome.bytes, &again.bytes));
			assert_true(outcome.bytes.len >= before);
			before = outcome.bytes.len;
			/*
			 * Of zstd two or three bytes of its mark, of xz five, are still no more
			 * than plain bytes.
			 */
			if (outcome.faults != 1 || outcome.last != FAULT_CUT)
				fail_msg("%s cut at %zu: %u faults", formats[i].name, len,
					 outcome.faults);
			bytes_free(&outcome.bytes);
			bytes_free(&again.bytes);
		}
		/* Only the checksum was missing at the last one. */
		if (i == 0)
			assert_int_equal(before, plain.len);
		bytes_free(&packed);
	}
	bytes_free(&plain);
}

/* Bytes changed at random: no harm, and never more than was there. The room makes no difference. */
static void test_damage(void **state)
{
	struct bytes plain = make_records(1000000000, 600);
	uint64_t random = TEST_SEED;

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct bytes packed = formats[i].pack(&plain);

		bytes_append(&packed, &packed);
		for (unsigned k = 0; k < 300; k++) {
			size_t at = test_random(&random) % packed.len;
			uint8_t before = packed.data[at];
			struct outcome one, other;

			packed.data[at] = (uint8_t)test_random(&random);
			one = read_bytes(&packed, 1 << 20);
			other = read_bytes(&packed, 1 + test_random(&random) % 300);
			assert_true(bytes_equal(&one.bytes, &other.bytes));
			assert_int_equal(one.faults, other.faults);
			assert_true(one.bytes.len <= 2 * plain.len + (64 << 20));
			packed.data[at] = before;
			bytes_free(&one.bytes);
			bytes_free(&other.bytes);
		}
		bytes_free(&packed);
	}
	bytes_free(&plain);
}

/* A member that is damaged does not take the next one with it. */
static void test_goes_on(void **state)
{
	struct bytes plain = make_records(1000000000, 600);

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct bytes packed = formats[i].pack(&plain), all = { 0 };
		struct outcome outcome;

		bytes_append(&all, &packed);
		bytes_append(&all, &packed);
		/* Somewhere in the checksums at the end of the first. */
		all.data[packed.len - (i == 3 ? 40 : 3)] ^= 0x10;
		outcome = read_bytes(&all, 5000);
		assert_true(outcome.faults >= 1);
		assert_int_equal(outcome.first, FAULT_COMPRESSION);
		assert_true(outcome.bytes.len >= plain.len);
		assert_memory_equal(outcome.bytes.data + outcome.bytes.len - plain.len, plain.data,
				    plain.len);
		bytes_free(&outcome.bytes);
		bytes_free(&packed);
		bytes_free(&all);
	}
	bytes_free(&plain);
}

static void check_hash(const struct bytes *stored, unsigned threads)
{
	uint64_t read = 0;
	struct source_options options = {
		.hash = true, .threads = threads, .bytes_read = &read, .buffer = 4096};
	struct outcome outcome = read_fd(file_with(stored), &options, 3000);
	uint8_t expected[32];

	assert_true(outcome.hashed);
	EVP_Digest(stored->data, stored->len, expected, NULL, EVP_sha256(), NULL);
	assert_memory_equal(outcome.sha256, expected, 32);
	assert_int_equal(outcome.stored, stored->len);
	assert_int_equal(read, stored->len);
	bytes_free(&outcome.bytes);
}

/*
 * The hash is of the whole file as stored, also where reading it stopped at damage; by one thread
 * or two.
 */
static void test_hash(void **state)
{
	struct bytes plain = make_records(1000000000, 900);

	(void)state;
	for (unsigned threads = 1; threads <= 2; threads++) {
		check_hash(&plain, threads);
		for (size_t i = 0; i < FORMATS; i++) {
			struct bytes packed = formats[i].pack(&plain);

			check_hash(&packed, threads);
			packed.data[packed.len / 2] ^= 0xff;
			check_hash(&packed, threads);
			bytes_add(&packed, plain.data, plain.len);
			check_hash(&packed, threads);
			bytes_free(&packed);
		}
	}
	bytes_free(&plain);
	plain = (struct bytes){ 0 };
	check_hash(&plain, 2);
}

/* Not the zeros are the fault but what they would grow to; and only from 64 MiB on. */
static void test_expansion(void **state)
{
	struct bytes zeros = { 0 }, packed;
	struct source_options options = { .expansion_max = 500 };
	struct outcome outcome;

	(void)state;
	zeros.len = (size_t)70 << 20;
	zeros.data = calloc(1, zeros.len);
	assert_non_null(zeros.data);
	packed = gzip_of(&zeros);
	outcome = read_fd(file_with(&packed), &options, 1 << 20);
	assert_int_equal(outcome.faults, 1);
	assert_int_equal(outcome.last, FAULT_EXPANSION);
	assert_in_range(outcome.bytes.len, (size_t)64 << 20, (size_t)66 << 20);
	bytes_free(&outcome.bytes);
	bytes_free(&packed);
	packed = bzip2_of(&zeros, 9);
	outcome = read_fd(file_with(&packed), &options, 1 << 20);
	assert_int_equal(outcome.last, FAULT_EXPANSION);
	bytes_free(&outcome.bytes);
	bytes_free(&packed);
	zeros.len = (size_t)60 << 20;
	packed = gzip_of(&zeros);
	outcome = read_fd(file_with(&packed), &options, 1 << 20);
	assert_int_equal(outcome.faults, 0);
	bytes_free(&outcome.bytes);
	bytes_free(&packed);
	bytes_free(&zeros);
}

/* A plain recording whose first record was made on 2005-04-11 begins with the letters of bzip2. */
static void test_not_bzip2(void **state)
{
	struct bytes plain = make_records(0x425a6839, 5);

	(void)state;
	assert_memory_equal(plain.data, "BZh9", 4);
	expect(&plain, &plain, "none", 0, 0, FAULT_KIND_COUNT);
	bytes_free(&plain);
}

static void test_no_file(void **state)
{
	struct source_options options = { 0 };
	struct source *source = NULL;
	struct err err = { 0 };
	int fd = open("/tmp", O_RDONLY);

	(void)state;
	assert_int_equal(source_new(fd, "a folder", &options, &source, &err), ERR_SYSTEM);
	assert_int_equal(err.system, EISDIR);
	assert_non_null(strstr(err.text, "a folder"));
	assert_null(source);
	/* It was closed. */
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	source_free(NULL);
}

struct writer {
	int fd;
	const struct bytes *bytes;
};

static void *write_slowly(void *context)
{
	struct writer *writer = context;

	for (size_t i = 0; i < writer->bytes->len; i++)
		if (write(writer->fd, writer->bytes->data + i, 1) != 1)
			break;
	close(writer->fd);
	return NULL;
}

/* A pipe that gives a byte at a time. */
static void test_pipe(void **state)
{
	struct bytes plain = make_records(1000000000, 20);

	(void)state;
	for (size_t i = 0; i <= FORMATS; i++) {
		struct bytes packed = { 0 };
		struct source_options options = { .hash = true, .threads = 2 };
		struct outcome outcome;
		struct writer writer;
		pthread_t thread;
		int ends[2];

		if (i < FORMATS)
			packed = formats[i].pack(&plain);
		else
			bytes_append(&packed, &plain);
		assert_int_equal(pipe(ends), 0);
		writer = (struct writer){ ends[1], &packed };
		assert_int_equal(pthread_create(&thread, NULL, write_slowly, &writer), 0);
		outcome = read_fd(ends[0], &options, 64);
		pthread_join(thread, NULL);
		assert_true(bytes_equal(&outcome.bytes, &plain));
		bytes_free(&outcome.bytes);
		bytes_free(&packed);
	}
	bytes_free(&plain);
}

static void *stop_soon(void *context)
{
	usleep(20000);
	__atomic_store_n((bool *)context, true, __ATOMIC_RELAXED);
	return NULL;
}

static void test_stop(void **state)
{
	bool stop = false;
	struct source_options options = { .stop = &stop };
	struct source *source;
	enum fault_kind fault;
	pthread_t thread;
	uint8_t byte;
	size_t len;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(source_new(ends[0], "silent", &options, &source, NULL), 0);
	assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stop), 0);
	assert_int_equal(source_read(source, &byte, 1, &len, &fault, NULL), ERR_CANCELLED);
	pthread_join(thread, NULL);
	source_free(source);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_gzip_header),
		cmocka_unit_test(test_garbage_between),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_expansion),
		cmocka_unit_test(test_not_bzip2),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
