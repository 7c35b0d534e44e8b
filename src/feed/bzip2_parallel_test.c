/* SPDX-License-Identifier: BSD-2-Clause */
/* bzip2 by blocks, held against libbz2 on texts that try its corners. */
#include "feed/bzip2_block.h"
#include "feed/source.h"
#include "feed/test_support.h"

struct outcome {
	struct bytes bytes;
	unsigned faults;
	enum fault_kind fault;	/* the last */
	bool went_on;
	uint32_t streams;
};

static struct outcome decompress(const struct bytes *packed, unsigned threads, size_t room)
{
	struct source_options options = { .threads = threads };
	struct outcome outcome = { .fault = FAULT_KIND_COUNT };
	struct source *source;
	enum fault_kind fault;
	size_t len;

	assert_int_equal(source_new(file_with(packed), "test", &options, &source, NULL), 0);
	for (;;) {
		uint8_t *to = bytes_reserve(&outcome.bytes, room);

		assert_int_equal(source_read(source, to, room, &len, &fault, NULL), 0);
		outcome.bytes.len += len;
		if (fault != FAULT_KIND_COUNT) {
			assert_int_equal(len, 0);
			outcome.fault = fault;
			outcome.faults++;
			if (!source_can_go_on(source))
				break;
			outcome.went_on = true;
		} else if (len == 0) {
			break;
		}
	}
	assert_string_equal(source_compression(source), "bzip2");
	outcome.streams = source_members(source);
	source_free(source);
	return outcome;
}

static void expect(const struct bytes *packed, const struct bytes *plain, uint32_t streams)
{
	static const unsigned threads[] = { 1, 2, 8 };
	static const size_t rooms[] = { 1 << 20, 1000003, 4099 };

	for (unsigned i = 0; i < 3; i++) {
		struct outcome outcome = decompress(packed, threads[i], rooms[i]);

		assert_int_equal(outcome.faults, 0);
		assert_true(bytes_equal(&outcome.bytes, plain));
		assert_int_equal(outcome.streams, streams);
		bytes_free(&outcome.bytes);
	}
}

/* Texts that reach into different parts of the format. */
enum kind {
	KIND_RANDOM,	/* all codes about eight bits long */
	KIND_SKEWED,	/* codes from one bit to very long */
	KIND_RUNS,	/* four equal bytes and more, at all lengths */
	KIND_ZEROS,
	KIND_PERIODIC,	/* the links come round before the text's end */
	KIND_WORDS,
	KIND_COUNT,
};

static struct bytes make_text(enum kind kind, size_t len)
{
	struct bytes text = { 0 };
	uint64_t random = TEST_SEED + kind;
	uint8_t *at = bytes_reserve(&text, len + 1024);
	size_t i = 0;

	while (i < len) {
		uint32_t r = test_random(&random);

		switch (kind) {
		case KIND_RANDOM:
			at[i++] = (uint8_t)r;
			break;
		case KIND_SKEWED:
			at[i++] = (uint8_t)(__builtin_ctz(r | 1u << 20) * 7);
			break;
		case KIND_RUNS:
			for (uint32_t k = r % 600 + 1; k > 0 && i < len; k--)
				at[i++] = (uint8_t)(r >> 16 & 3);
			break;
		case KIND_ZEROS:
			at[i++] = 0;
			break;
		case KIND_PERIODIC:
			at[i] = (uint8_t)("abcdefg"[i % 7]);
			i++;
			break;
		default:
			i += (size_t)sprintf((char *)at + i, "%u AS%u ", r % 97, r % 1013);
			break;
		}
	}
	text.len = len;
	return text;
}

static void test_all_kinds(void **state)
{
	static const size_t lengths[] = {
		1, 2, 3, 4, 5, 255, 256, 259, 260, 8191, 8192, 8193, 99981, 100000,
	};

	(void)state;
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			struct bytes text = make_text(kind, lengths[i]),
				     packed = bzip2_of(&text, 1);

			expect(&packed, &text, 1);
			bytes_free(&text);
			bytes_free(&packed);
		}
	}
}

static void test_many_blocks(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		struct bytes text = make_text(kind, 1000000);

		for (int level = 1; level <= 9; level += 8) {
			struct bytes packed = bzip2_of(&text, level);

			expect(&packed, &text, 1);
			bytes_free(&packed);
		}
		bytes_free(&text);
	}
}

static void test_streams(void **state)
{
	struct bytes plain = { 0 }, packed = { 0 };

	(void)state;
	for (unsigned i = 0; i < 9; i++) {
		struct bytes text = make_text(i % KIND_COUNT, i * 50000),
			     stream = bzip2_of(&text, 1 + (int)i);

		bytes_append(&plain, &text);
		bytes_append(&packed, &stream);
		bytes_free(&text);
		bytes_free(&stream);
	}
	expect(&packed, &plain, 9);
	bytes_free(&plain);
	bytes_free(&packed);
}

/*
 * The list of bytes used in a block is written as it is, sixteen bits for each sixteen byte values:
 * with the right bytes in a text, a mark stands in every block's header.
 */
static struct bytes make_false_marks(uint64_t mark, size_t len)
{
	uint8_t used[48];
	unsigned count = 0;
	struct bytes text = { 0 };
	uint64_t random = TEST_SEED;
	uint8_t byte;

	for (unsigned i = 0; i < 48; i++)
		if (mark >> (47 - i) & 1)
			used[count++] = (uint8_t)(0x40 + i);
	for (size_t i = 0; i < len; i++) {
		byte = used[i < count ? i : test_random(&random) % count];
		bytes_add(&text, &byte, 1);
	}
	return text;
}

static void test_false_marks(void **state)
{
	struct bytes block = make_false_marks(BZIP2_MARK_BLOCK, 400000);
	struct bytes end = make_false_marks(BZIP2_MARK_END, 400000);
	struct bytes packed = bzip2_of(&block, 1), more = bzip2_of(&end, 2);

	(void)state;
	bytes_append(&packed, &more);
	bytes_append(&block, &end);
	expect(&packed, &block, 2);
	bytes_free(&block);
	bytes_free(&end);
	bytes_free(&packed);
	bytes_free(&more);
}

static uint64_t bits_at(const struct bytes *bytes, uint64_t at, unsigned count)
{
	uint64_t bits = 0;

	for (; count > 0; count--, at++)
		bits = bits << 1 | (bytes->data[at / 8] >> (7 - at % 8) & 1);
	return bits;
}

static void set_bits(struct bytes *bytes, uint64_t at, uint64_t bits, unsigned count)
{
	for (unsigned i = count; i-- > 0; at++) {
		bytes->data[at / 8] &= (uint8_t)~(0x80u >> at % 8);
		bytes->data[at / 8] |= (uint8_t)((bits >> i & 1) << (7 - at % 8));
	}
}

/* Where the next mark of this kind begins, from bit `at` on. */
static uint64_t find_mark(const struct bytes *packed, uint64_t mark, uint64_t at)
{
	while (at + BZIP2_MARK_BITS <= packed->len * 8 &&
	       bits_at(packed, at, BZIP2_MARK_BITS) != mark)
		at++;
	assert_true(at + BZIP2_MARK_BITS <= packed->len * 8);
	return at;
}

/* What libbz2 makes of a stream, up to where it finds fault with it. */
static struct bytes by_libbz2(const struct bytes *packed)
{
	struct bytes out = { 0 };
	bz_stream stream = { 0 };
	int result = BZ_OK;

	assert_int_equal(BZ2_bzDecompressInit(&stream, 0, 0), BZ_OK);
	stream.next_in = (char *)packed->data;
	stream.avail_in = (unsigned)packed->len;
	while (result == BZ_OK) {
		stream.next_out = (char *)bytes_reserve(&out, 65536);
		stream.avail_out = 65536;
		result = BZ2_bzDecompress(&stream);
		out.len += 65536 - stream.avail_out;
	}
	BZ2_bzDecompressEnd(&stream);
	return out;
}

/*
 * Nothing makes randomised blocks any more. One is had by setting the bit in an ordinary block:
 * libbz2 then gives the text with its randomisation taken off, and complains about the checksum;
 * which is set right afterwards.
 */
static void test_randomised(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 90000), packed = bzip2_of(&text, 1), plain;
	uint64_t block = 32, end = find_mark(&packed, BZIP2_MARK_END, 32);
	uint32_t crc;

	(void)state;
	set_bits(&packed, block + BZIP2_MARK_BITS + 32, 1, 1);
	plain = by_libbz2(&packed);
	assert_false(bytes_equal(&plain, &text));
	crc = bzip2_crc(0, plain.data, plain.len);
	set_bits(&packed, block + BZIP2_MARK_BITS, crc, 32);
	set_bits(&packed, end + BZIP2_MARK_BITS, crc, 32);
	expect(&packed, &plain, 1);
	bytes_free(&text);
	bytes_free(&packed);
	bytes_free(&plain);
}

/* Every cut gives the blocks before it, and says that it is one. */
static void test_cuts(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 250000), packed = bzip2_of(&text, 1);

	(void)state;
	for (size_t len = 2; len < packed.len; len += len < 300 || packed.len - len < 30 ? 1 : 97) {
		struct bytes cut = { packed.data, len, len };
		struct outcome outcome = decompress(&cut, 1 + len % 2, 1 << 20);

		assert_int_equal(outcome.faults, 1);
		assert_int_equal(outcome.fault, FAULT_CUT);
		assert_true(outcome.bytes.len < text.len || len > packed.len - 11);
		if (outcome.bytes.len > 0)
			assert_memory_equal(outcome.bytes.data, text.data, outcome.bytes.len);
		bytes_free(&outcome.bytes);
	}
	bytes_free(&text);
	bytes_free(&packed);
}

/*
 * One byte changed anywhere costs its block, or two where it was the mark between them, and one
 * fault.
 */
static void test_damage(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 450000), packed = bzip2_of(&text, 1);
	uint64_t random = TEST_SEED;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		size_t at = 14 + test_random(&random) % (packed.len - 14 - 12);
		uint8_t before = packed.data[at],
			flip = (uint8_t)(1u << (test_random(&random) % 8));
		struct outcome one, many;

		packed.data[at] ^= flip;
		one = decompress(&packed, 1, 1 << 20);
		many = decompress(&packed, 3, 50000);
		packed.data[at] = before;
		assert_true(bytes_equal(&one.bytes, &many.bytes));
		assert_int_equal(one.faults, many.faults);
		assert_true(one.faults == 1 || one.faults == 2);
		assert_true(one.bytes.len >= text.len - 200000);
		assert_true(one.bytes.len < text.len);
		bytes_free(&one.bytes);
		bytes_free(&many.bytes);
	}
	bytes_free(&text);
	bytes_free(&packed);
}

/* In a file of many streams, one that is damaged at its very header loses itself only. */
static void test_damaged_header(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 60000), stream = bzip2_of(&text, 9);
	struct bytes packed = { 0 };
	struct outcome outcome;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		bytes_append(&packed, &stream);
	packed.data[stream.len + 1] ^= 1;
	packed.data[stream.len + 6] ^= 1;
	outcome = decompress(&packed, 2, 1 << 20);
	assert_int_equal(outcome.faults, 1);
	assert_int_equal(outcome.fault, FAULT_COMPRESSION);
	assert_true(outcome.went_on);
	assert_int_equal(outcome.bytes.len, 2 * text.len);
	assert_int_equal(outcome.streams, 2);
	bytes_free(&outcome.bytes);
	bytes_free(&text);
	bytes_free(&stream);
	bytes_free(&packed);
}

static void test_garbage(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 60000), stream = bzip2_of(&text, 9);
	struct bytes packed = { 0 };
	struct bytes garbage = make_text(KIND_RANDOM, 5000000);
	struct outcome outcome;

	(void)state;
	bytes_append(&packed, &stream);
	bytes_append(&packed, &garbage);
	bytes_append(&packed, &stream);
	bytes_add(&packed, "behind", 6);
	outcome = decompress(&packed, 2, 1 << 20);
	assert_int_equal(outcome.faults, 2);
	assert_int_equal(outcome.fault, FAULT_COMPRESSION);
	assert_int_equal(outcome.bytes.len, 2 * text.len);
	assert_int_equal(outcome.streams, 2);
	bytes_free(&outcome.bytes);
	bytes_free(&text);
	bytes_free(&stream);
	bytes_free(&garbage);
	bytes_free(&packed);
}

static void test_wrong_sums(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 60000), packed = bzip2_of(&text, 9);
	struct outcome outcome;

	(void)state;
	/* Of the stream: all is given. */
	packed.data[packed.len - 3] ^= 1;
	outcome = decompress(&packed, 1, 1 << 20);
	assert_int_equal(outcome.faults, 1);
	assert_int_equal(outcome.fault, FAULT_COMPRESSION);
	assert_true(bytes_equal(&outcome.bytes, &text));
	bytes_free(&outcome.bytes);
	/* Of the block: nothing is. */
	packed.data[packed.len - 3] ^= 1;
	packed.data[11] ^= 1;
	outcome = decompress(&packed, 1, 1 << 20);
	assert_int_equal(outcome.faults, 1);
	assert_int_equal(outcome.bytes.len, 0);
	bytes_free(&outcome.bytes);
	bytes_free(&text);
	bytes_free(&packed);
}

/* A block of level 9 in a stream that says 1 is too large for it, as libbz2 finds as well. */
static void test_level(void **state)
{
	struct bytes text = make_text(KIND_WORDS, 300000), packed = bzip2_of(&text, 9);
	struct outcome outcome;

	(void)state;
	packed.data[3] = '1';
	outcome = decompress(&packed, 1, 1 << 20);
	assert_int_equal(outcome.bytes.len, 0);
	assert_int_equal(outcome.faults, 1);
	bytes_free(&outcome.bytes);
	bytes_free(&text);
	bytes_free(&packed);
}

static void test_crc(void **state)
{
	(void)state;
	/* The check value of CRC-32/BZIP2. */
	assert_int_equal(bzip2_crc(0, (const uint8_t *)"123456789", 9), 0xfc891918);
	assert_int_equal(
		bzip2_crc(bzip2_crc(0, (const uint8_t *)"1234", 4), (const uint8_t *)"56789", 5),
		0xfc891918);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc),
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_false_marks),
		cmocka_unit_test(test_randomised),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_damaged_header),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_wrong_sums),
		cmocka_unit_test(test_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
