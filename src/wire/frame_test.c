/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/utc.h"
#include "wire/testing.h"

#define HEX_STATE	HEX_SESSION_AS4 "0001 0002"

static void put_bytes(struct bytes *bytes, const struct bytes *more)
{
	assert_true(bytes->len + more->len <= sizeof(bytes->at));
	memcpy(bytes->at + bytes->len, more->at, more->len);
	bytes->len += more->len;
}

static void test_frame_whole(void **state)
{
	struct bytes bytes = record_of(MRT_BGP4MP, 5, HEX_STATE);
	uint32_t len = 99;

	(void)state;
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
	assert_int_equal(len, bytes.len);
	/* What follows does not matter. */
	assert_int_equal(mrt_frame(bytes.at, bytes.len + 100, MRT_RECORD_MAX, &len),
			 MRT_FRAME_WHOLE);
	assert_int_equal(len, bytes.len);
}

static void test_frame_more(void **state)
{
	struct bytes bytes = record_of(MRT_BGP4MP, 5, HEX_STATE);
	uint32_t len;

	(void)state;
	for (uint32_t part = 0; part < bytes.len; part++) {
		len = 99;
		assert_int_equal(mrt_frame(bytes.at, part, MRT_RECORD_MAX, &len), MRT_FRAME_MORE);
		assert_int_equal(len, part < MRT_HEADER_SIZE ? 0 : bytes.len);
	}
}

static void test_frame_bad(void **state)
{
	static const char text[] = "A text file, and no recording at all.";
	static const uint8_t zeros[64];
	uint32_t len = 99;

	(void)state;
	assert_int_equal(mrt_frame((const uint8_t *)text, sizeof(text), MRT_RECORD_MAX, &len),
			 MRT_FRAME_BAD);
	assert_int_equal(mrt_frame((const uint8_t *)text, 8, MRT_RECORD_MAX, &len), MRT_FRAME_BAD);
	assert_int_equal(mrt_frame(zeros, sizeof(zeros), MRT_RECORD_MAX, &len), MRT_FRAME_BAD);
	assert_int_equal(len, 99);
}

static void test_frame_large(void **state)
{
	struct bytes bytes = record_of(MRT_BGP4MP, 5, HEX_STATE);
	uint32_t len;

	(void)state;
	assert_int_equal(mrt_frame(bytes.at, bytes.len, bytes.len, &len), MRT_FRAME_WHOLE);
	assert_int_equal(mrt_frame(bytes.at, bytes.len, bytes.len - 1, &len), MRT_FRAME_LARGE);
	assert_int_equal(len, bytes.len);
	memset(bytes.at + 8, 0xff, 4);
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_LARGE);
	assert_int_equal(len, UINT32_MAX);
	assert_int_equal(mrt_frame(bytes.at, bytes.len, UINT32_MAX, &len), MRT_FRAME_MORE);
}

/* A subtype of the future is framed; its record is then told to be unknown. */
static void test_frame_unknown_subtype(void **state)
{
	struct bytes bytes = record_of(MRT_TABLE_DUMP_V2, 13, "00");
	uint32_t len;

	(void)state;
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
	bytes = record_of(MRT_TABLE_DUMP_V2, 32, "00");
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_BAD);
	bytes = record_of(64, 1, "00");
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_BAD);
}

static void test_parse_time(void **state)
{
	const struct record_ref ref = { 1, 2, 3 };
	struct bytes bytes = record_of(MRT_BGP4MP, 5, HEX_STATE);
	struct mrt_record record;

	(void)state;
	assert_true(mrt_record_parse(bytes.at, bytes.len, &ref, &record));
	assert_int_equal(record.time, TEST_TIME * UTC_SECOND);
	assert_int_equal(record.body, 12);
	assert_false(record.extended);
	assert_int_equal(record.ref.offset, 3);

	bytes = record_of(MRT_BGP4MP_ET, 5, "000f423f" HEX_STATE);
	assert_true(mrt_record_parse(bytes.at, bytes.len, &ref, &record));
	assert_int_equal(record.time, TEST_TIME * UTC_SECOND + 999999);
	assert_int_equal(record.body, 16);
	assert_true(record.extended);
	assert_int_equal(mrt_time(bytes.at, 16), record.time);
}

static void test_parse_short_et(void **state)
{
	const struct record_ref ref = { 1, 2, 3 };
	struct bytes bytes = record_of(MRT_BGP4MP_ET, 5, "000f42");
	struct capture *capture = calloc(1, sizeof(*capture));
	struct mrt_record record;

	(void)state;
	assert_non_null(capture);
	assert_false(mrt_record_parse(bytes.at, bytes.len, &ref, &record));
	assert_int_equal(record.body, record.len);
	capture_record(capture, &bytes, NULL);
	assert_int_equal(capture->events, 0);
	assert_int_equal(capture->faults, 1);
	assert_fault(capture, 0, FAULT_MRT_SHORT, VERDICT_NONE);
	assert_int_equal(capture->fault[0].lost, 3);
	free(capture);
}

/* Three records, the first without its first byte. */
static void test_resync(void **state)
{
	struct bytes record = record_of(MRT_BGP4MP, 5, HEX_STATE), bytes = { .len = 0 };
	bool certain;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		put_bytes(&bytes, &record);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 1, UTC_NEVER, MRT_RECORD_MAX, &certain), record.len);
	assert_true(certain);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 1, TEST_TIME * UTC_SECOND, MRT_RECORD_MAX,
			   &certain),
			 record.len);
	/* A day away and a second is too far. */
	assert_int_equal(
		mrt_resync(bytes.at, bytes.len, 1, (TEST_TIME - 86400) * UTC_SECOND, MRT_RECORD_MAX,
			   &certain),
		record.len);
	assert_int_equal(
		mrt_resync(bytes.at, bytes.len, 1, (TEST_TIME - 86401) * UTC_SECOND, MRT_RECORD_MAX,
			   &certain),
		bytes.len - MRT_HEADER_SIZE + 1);
	assert_false(certain);
	assert_int_equal(
		mrt_resync(bytes.at, bytes.len, 1, (TEST_TIME + 86401) * UTC_SECOND, MRT_RECORD_MAX,
			   &certain),
		bytes.len - MRT_HEADER_SIZE + 1);
}

/* What more bytes could still decide is said to be uncertain. */
static void test_resync_uncertain(void **state)
{
	struct bytes record = record_of(MRT_BGP4MP, 5, HEX_STATE), bytes = { .len = 0 };
	bool certain = true;

	(void)state;
	put_hex(&bytes, "0102030405");
	put_bytes(&bytes, &record);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 0, UTC_NEVER, MRT_RECORD_MAX, &certain), 5);
	assert_false(certain);
	/* Half a header */
	assert_int_equal(mrt_resync(bytes.at, 5 + 8, 2, UTC_NEVER, MRT_RECORD_MAX, &certain), 2);
	assert_false(certain);
	/* Nothing left at all */
	assert_int_equal(mrt_resync(bytes.at, bytes.len, bytes.len, UTC_NEVER, MRT_RECORD_MAX, &certain),
			 bytes.len);
	assert_true(certain);
}

/* A header with no other behind it is not one. */
static void test_resync_false_header(void **state)
{
	struct bytes record = record_of(MRT_BGP4MP, 5, HEX_STATE), bytes = { .len = 0 };
	struct bytes lone = record_of(MRT_BGP4MP, 5, HEX_STATE);
	bool certain;

	(void)state;
	put_hex(&bytes, "00");
	put_bytes(&bytes, &lone);
	put_hex(&bytes, "deadbeefdeadbeefdeadbeefdead");
	put_bytes(&bytes, &record);
	put_bytes(&bytes, &record);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 0, UTC_NEVER, MRT_RECORD_MAX, &certain),
			 1 + lone.len + 14);
	assert_true(certain);
}

/* Nobody would wait for a record beyond the limit: its header is passed over, whatever is in sight. */
static void test_resync_too_large(void **state)
{
	struct bytes record = record_of(MRT_BGP4MP, 5, HEX_STATE), bytes = { .len = 0 };
	bool certain;

	(void)state;
	put_hex(&bytes, "00 54998eac 000d 0002 00100000");
	put_bytes(&bytes, &record);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 0, UTC_NEVER, MRT_RECORD_MAX, &certain), 1);
	assert_false(certain);
	assert_int_equal(mrt_resync(bytes.at, bytes.len, 0, UTC_NEVER, 1000, &certain), 13);
}

/* RFC 6396 section 3 counts an ET record's microseconds in its length; old writers did not. */
static void test_old_et_length(void **state)
{
	struct bytes bytes = record_of(MRT_BGP4MP_ET, 5, "0001e240" HEX_STATE);
	struct capture *capture = calloc(1, sizeof(*capture));
	uint32_t len, full = bytes.len;

	(void)state;
	assert_non_null(capture);
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
	assert_int_equal(len, full);
	capture_record(capture, &bytes, NULL);
	assert_int_equal(capture->faults, 0);

	bytes.at[11] = (uint8_t)(bytes.at[11] - 4);
	assert_int_equal(mrt_frame(bytes.at, bytes.len - 4, MRT_RECORD_MAX, &len), MRT_FRAME_MORE);
	assert_int_equal(len, full);
	assert_int_equal(mrt_frame(bytes.at, bytes.len, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
	assert_int_equal(len, full);
	capture_record(capture, &bytes, NULL);
	assert_int_equal(capture->events, 1);
	assert_int_equal(capture->event[0].kind, EVENT_STATE);
	assert_int_equal(capture->faults, 1);
	assert_fault(capture, 0, FAULT_ET_LENGTH, VERDICT_NONE);
	free(capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame_whole),
		cmocka_unit_test(test_frame_more),
		cmocka_unit_test(test_frame_bad),
		cmocka_unit_test(test_frame_large),
		cmocka_unit_test(test_frame_unknown_subtype),
		cmocka_unit_test(test_parse_time),
		cmocka_unit_test(test_parse_short_et),
		cmocka_unit_test(test_resync),
		cmocka_unit_test(test_resync_uncertain),
		cmocka_unit_test(test_resync_false_header),
		cmocka_unit_test(test_resync_too_large),
		cmocka_unit_test(test_old_et_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
