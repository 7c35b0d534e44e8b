/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/utc.h"
#include "feed/framer.h"
#include "feed/test_support.h"

#define INPUT	7u
#define FAULTS	64u

struct outcome {
	struct bytes records;	/* all that were given, one after the other */
	struct fault faults[FAULTS];
	unsigned fault_count;
	struct framer framer;
};

static void check_step(const struct framer_step *step, const struct outcome *outcome,
		       uint64_t offset)
{
	if (step->kind == FRAMER_RECORDS) {
		assert_true(step->records > 0);
		assert_int_equal(step->offset, offset);
		assert_int_equal(step->number + step->records - 1, outcome->framer.records);
		assert_true(step->time <= step->time_last);
		assert_int_equal(step->time_last, outcome->framer.time);
	}
	if (step->kind == FRAMER_FAULT) {
		assert_int_equal(step->fault.ref.input, INPUT);
		assert_int_equal(step->fault.ref.number, outcome->framer.records + 1);
		assert_int_equal(step->fault.ref.offset + step->fault.lost, outcome->framer.offset);
	}
}

/* As a reader would, with windows that grow by `more` bytes at a time. */
static struct outcome frame(const struct bytes *bytes, size_t more, uint32_t record_max,
			    enum fault_kind end)
{
	struct outcome outcome = { 0 };
	size_t start = 0, seen = 0;
	struct framer_step step;
	bool all = false;

	framer_init(&outcome.framer, INPUT, record_max);
	for (;;) {
		uint64_t offset = outcome.framer.offset;

		framer_next(&outcome.framer, bytes->data + start, seen - start, all ? &end : NULL,
			    &step);
		if (step.kind == FRAMER_DONE)
			break;
		if (step.kind == FRAMER_MORE) {
			assert_false(all);
			assert_true(step.need > seen - start);
			all = seen == bytes->len;
			seen = bytes->len - seen < more ? bytes->len : seen + more;
			continue;
		}
		assert_true(step.len <= seen - start);
		check_step(&step, &outcome, offset);
		if (step.kind == FRAMER_RECORDS)
			bytes_add(&outcome.records, bytes->data + start, step.len);
		if (step.kind == FRAMER_FAULT) {
			assert_true(outcome.fault_count < FAULTS);
			outcome.faults[outcome.fault_count++] = step.fault;
		}
		start += step.len;
	}
	assert_int_equal(start, bytes->len);
	assert_int_equal(outcome.framer.offset, bytes->len);
	assert_int_equal(outcome.framer.lost + outcome.records.len, bytes->len);
	assert_int_equal(outcome.framer.faults, outcome.fault_count);
	return outcome;
}

/* Frames with windows of many sizes, which must make no difference. */
static struct outcome frame_all_ways(const struct bytes *bytes, uint32_t record_max,
				     enum fault_kind end)
{
	static const size_t steps[] = { 1, 3, 17, 100, 1000 };
	struct outcome outcome = frame(bytes, 1 << 20, record_max, end);

	for (unsigned i = 0; i < 5; i++) {
		struct outcome other = frame(bytes, steps[i], record_max, end);

		assert_true(bytes_equal(&outcome.records, &other.records));
		assert_int_equal(outcome.fault_count, other.fault_count);
		for (unsigned k = 0; k < outcome.fault_count; k++) {
			const struct fault *a = &outcome.faults[k], *b = &other.faults[k];

			assert_int_equal(a->kind, b->kind);
			assert_int_equal(a->lost, b->lost);
			assert_int_equal(a->ref.number, b->ref.number);
			assert_int_equal(a->ref.offset, b->ref.offset);
		}
		bytes_free(&other.records);
	}
	return outcome;
}

static void test_whole(void **state)
{
	struct bytes bytes = make_records(1000, 60);
	struct outcome outcome = frame_all_ways(&bytes, MRT_RECORD_MAX, FAULT_KIND_COUNT);

	(void)state;
	assert_true(bytes_equal(&outcome.records, &bytes));
	assert_int_equal(outcome.fault_count, 0);
	assert_int_equal(outcome.framer.records, 60);
	assert_int_equal(outcome.framer.first_time, 1000 * UTC_SECOND);
	assert_int_equal(outcome.framer.time, 1019 * UTC_SECOND);
	bytes_free(&outcome.records);
	bytes.len = 0;
	outcome = frame_all_ways(&bytes, MRT_RECORD_MAX, FAULT_KIND_COUNT);
	assert_int_equal(outcome.framer.records, 0);
	assert_int_equal(outcome.framer.first_time, UTC_NEVER);
	bytes_free(&bytes);
}

static void test_every_cut(void **state)
{
	struct bytes bytes = make_records(1000, 12);
	size_t whole = 0;

	(void)state;
	for (size_t len = 1; len <= bytes.len; len++) {
		struct bytes cut = { bytes.data, len, len };
		struct outcome outcome = frame_all_ways(&cut, MRT_RECORD_MAX, FAULT_KIND_COUNT);

		assert_true(outcome.records.len >= whole);
		whole = outcome.records.len;
		assert_true(whole == 0 || memcmp(outcome.records.data, bytes.data, whole) == 0);
		assert_int_equal(outcome.fault_count, len != whole);
		if (len != whole) {
			assert_int_equal(outcome.faults[0].kind, FAULT_CUT);
			assert_int_equal(outcome.faults[0].lost, len - whole);
			assert_int_equal(outcome.faults[0].ref.offset, whole);
		}
		bytes_free(&outcome.records);
	}
	assert_int_equal(whole, bytes.len);
	bytes_free(&bytes);
}

/* A source's own fault at the end is told once, with what was lost of a record, or nothing. */
static void test_source_fault(void **state)
{
	struct bytes bytes = make_records(1000, 4);
	struct outcome outcome = frame_all_ways(&bytes, MRT_RECORD_MAX, FAULT_COMPRESSION);

	(void)state;
	assert_int_equal(outcome.fault_count, 1);
	assert_int_equal(outcome.faults[0].kind, FAULT_COMPRESSION);
	assert_int_equal(outcome.faults[0].lost, 0);
	bytes_free(&outcome.records);
	bytes.len -= 5;
	outcome = frame_all_ways(&bytes, MRT_RECORD_MAX, FAULT_EXPANSION);
	assert_int_equal(outcome.fault_count, 1);
	assert_int_equal(outcome.faults[0].kind, FAULT_EXPANSION);
	assert_int_not_equal(outcome.faults[0].lost, 0);
	bytes_free(&outcome.records);
	bytes_free(&bytes);
}

/* Text at the front, in the middle and at the end is passed over, one fault each. */
static void test_garbage(void **state)
{
	static const char text[] =
		"This is no record, nor is there anything in it that looks like one. "
		"It is long enough to be longer than a header, or two, or three of them.";
	struct bytes records = make_records(1000, 9), all = { 0 }, twice = { 0 };
	struct outcome outcome;

	(void)state;
	for (size_t len = 1; len < sizeof(text); len += 7) {
		all.len = twice.len = 0;
		bytes_add(&all, text, len);
		bytes_append(&all, &records);
		bytes_add(&all, text, len);
		bytes_append(&all, &records);
		bytes_add(&all, text, len);
		bytes_append(&twice, &records);
		bytes_append(&twice, &records);
		outcome = frame_all_ways(&all, MRT_RECORD_MAX, FAULT_KIND_COUNT);
		assert_true(bytes_equal(&outcome.records, &twice));
		assert_int_equal(outcome.fault_count, 3);
		for (unsigned i = 0; i < 3; i++)
			assert_int_equal(outcome.faults[i].lost, len);
		assert_int_equal(outcome.faults[0].kind, FAULT_FRAMING);
		assert_int_equal(outcome.faults[1].ref.number, 10);
		bytes_free(&outcome.records);
	}
	bytes_free(&records);
	bytes_free(&all);
	bytes_free(&twice);
}

static void test_nothing_but_garbage(void **state)
{
	struct bytes bytes = { 0 };
	struct outcome outcome;

	(void)state;
	for (size_t len = 1; len < 200; len += 3) {
		bytes.len = 0;
		memset(bytes_reserve(&bytes, len), 0, len);
		bytes.len = len;
		outcome = frame_all_ways(&bytes, MRT_RECORD_MAX, FAULT_KIND_COUNT);
		assert_int_equal(outcome.records.len, 0);
		assert_int_equal(outcome.fault_count, 1);
		assert_int_equal(outcome.faults[0].lost, len);
	}
	bytes_free(&bytes);
}

/*
 * A length that lies: beyond the limit, or beyond the input's end. What follows is found in both
 * cases.
 */
static void test_wrong_length(void **state)
{
	struct bytes records = make_records(1000, 9), all = { 0 };
	struct outcome outcome;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		all.len = 0;
		bytes_append(&all, &records);
		add_record(&all, 1004, 100, 5);
		all.data[records.len + 8] = i ? 0 : 0x40;
		all.data[records.len + 9] = 0x10;
		bytes_append(&all, &records);
		outcome = frame_all_ways(&all, MRT_RECORD_MAX, FAULT_KIND_COUNT);
		assert_int_equal(outcome.records.len, 2 * records.len);
		assert_int_equal(outcome.fault_count, 1);
		assert_int_equal(outcome.faults[0].kind, i ? FAULT_FRAMING : FAULT_RECORD_SIZE);
		if (i == 0)
			assert_int_equal(outcome.faults[0].value, 0x40100064);
		assert_int_equal(outcome.faults[0].lost, 112);
		bytes_free(&outcome.records);
	}
	bytes_free(&records);
	bytes_free(&all);
}

static void test_record_max(void **state)
{
	struct bytes bytes = { 0 };
	struct outcome outcome;

	(void)state;
	add_record(&bytes, 1000, 88, 1);
	add_record(&bytes, 1000, 89, 2);
	add_record(&bytes, 1000, 88, 3);
	add_record(&bytes, 1000, 88, 4);
	outcome = frame_all_ways(&bytes, 100, FAULT_KIND_COUNT);
	assert_int_equal(outcome.framer.records, 3);
	assert_int_equal(outcome.fault_count, 1);
	assert_int_equal(outcome.faults[0].kind, FAULT_RECORD_SIZE);
	assert_int_equal(outcome.faults[0].lost, 101);
	bytes_free(&outcome.records);
	bytes_free(&bytes);
}

/* Time never goes back in what is told, though it does in the records. */
static void test_time(void **state)
{
	struct bytes bytes = { 0 };
	struct framer framer;
	struct framer_step step;

	(void)state;
	add_record(&bytes, 2000, 20, 1);
	add_record(&bytes, 1500, 20, 2);
	framer_init(&framer, 0, MRT_RECORD_MAX);
	framer_next(&framer, bytes.data, bytes.len, NULL, &step);
	assert_int_equal(step.kind, FRAMER_RECORDS);
	assert_int_equal(step.records, 2);
	assert_int_equal(step.time, 2000 * UTC_SECOND);
	bytes.len = 0;
	add_record(&bytes, 1700, 20, 3);
	add_record(&bytes, 2001, 20, 3);
	framer_next(&framer, bytes.data, bytes.len, NULL, &step);
	assert_int_equal(step.time, 2000 * UTC_SECOND);
	assert_int_equal(step.time_last, 2001 * UTC_SECOND);
	assert_int_equal(framer.first_time, 2000 * UTC_SECOND);
	assert_int_equal(step.number, 3);
	bytes_free(&bytes);
}

/*
 * A hole, as where a block of bzip2 is damaged: what is left of the record before, and of the one
 * behind it, is one fault.
 */
static void test_hole(void **state)
{
	struct bytes bytes = make_records(1000, 9);
	size_t tail = 25, rest = 40;
	struct framer framer;
	struct framer_step step;
	enum fault_kind end = FAULT_KIND_COUNT;
	uint64_t records;

	(void)state;
	framer_init(&framer, INPUT, MRT_RECORD_MAX);
	framer_next(&framer, bytes.data, bytes.len, NULL, &step);
	assert_int_equal(step.len, bytes.len);
	records = framer.records;
	framer_next(&framer, bytes.data, tail, NULL, &step);
	assert_int_equal(step.kind, FRAMER_MORE);
	framer_hole(&framer, FAULT_COMPRESSION, tail);
	/* Two holes without a record between are one. */
	framer_hole(&framer, FAULT_COMPRESSION, 0);
	framer_next(&framer, bytes.data + 100, bytes.len - 100, NULL, &step);
	assert_int_equal(step.kind, FRAMER_FAULT);
	assert_int_equal(step.fault.kind, FAULT_COMPRESSION);
	assert_int_equal(step.fault.ref.number, records + 1);
	assert_int_equal(step.fault.ref.offset, bytes.len);
	rest = step.len;
	assert_int_equal(step.fault.lost, tail + rest);
	framer_next(&framer, bytes.data + 100 + rest, bytes.len - 100 - rest, NULL, &step);
	assert_int_equal(step.kind, FRAMER_RECORDS);
	assert_int_equal(step.len, bytes.len - 100 - rest);
	/* Nothing behind the last one. */
	framer_hole(&framer, FAULT_COMPRESSION, 0);
	end = FAULT_COMPRESSION;
	framer_next(&framer, bytes.data, 0, &end, &step);
	assert_int_equal(step.kind, FRAMER_FAULT);
	framer_next(&framer, bytes.data, 0, &end, &step);
	assert_int_equal(step.kind, FRAMER_DONE);
	assert_int_equal(framer.faults, 2);
	bytes_free(&bytes);
}

/*
 * Bytes changed at random: every window gives the same, and every byte is accounted for (frame()
 * looks after that).
 */
static void test_damage(void **state)
{
	struct bytes bytes = make_records(1000, 25);
	uint64_t random = TEST_SEED;

	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		size_t at = test_random(&random) % bytes.len, len = 1 + test_random(&random) % 30;
		struct bytes damaged = { 0 };
		struct outcome outcome;

		bytes_append(&damaged, &bytes);
		for (size_t k = at; k < at + len && k < damaged.len; k++)
			damaged.data[k] =
				(uint8_t)(test_random(&random) % 3 ? test_random(&random) : 0);
		outcome = frame_all_ways(&damaged, MRT_RECORD_MAX, FAULT_KIND_COUNT);
		/*
		 * Records are at most 192 bytes here; damage takes the one it is in, and may take
		 * the neighbours.
		 */
		assert_true(outcome.framer.records >= 20);
		bytes_free(&outcome.records);
		bytes_free(&damaged);
	}
	bytes_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_source_fault),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_nothing_but_garbage),
		cmocka_unit_test(test_wrong_length),
		cmocka_unit_test(test_record_max),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
