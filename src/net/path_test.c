/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/path.h"

#define SEQUENCE(count) AS_SEQUENCE, count
#define SET(count) AS_SET, count
#define CONFED(count) AS_CONFED_SEQUENCE, count
#define CONFED_SET(count) AS_CONFED_SET, count

/* Segments as numbers, {type, count, ASNs …}, to wire form. */
static struct as_path make(uint8_t *to, uint8_t asn_size, const uint32_t *numbers, size_t count)
{
	struct as_path path = { .bytes = to, .asn_size = asn_size };

	for (size_t i = 0; i < count; ) {
		uint32_t left = numbers[i + 1];

		*to++ = (uint8_t)numbers[i++];
		*to++ = (uint8_t)numbers[i++];
		for (; left; left--, i++)
			for (int byte = asn_size - 1; byte >= 0; byte--)
				*to++ = (uint8_t)(numbers[i] >> 8 * byte);
	}
	path.len = (uint32_t)(to - path.bytes);
	return path;
}

#define PATH(...) (const uint32_t[]){ __VA_ARGS__ }, \
	sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t)

#define NO_AS (-1)

struct row {
	const uint32_t *numbers;
	size_t count;
	const char *text;	/* what bgpdump -m prints */
	int64_t origin;
};

static const struct row rows[] = {
	{ NULL, 0, "", NO_AS },
	{ PATH(SEQUENCE(1), 4837), "4837", 4837 },
	{ PATH(SEQUENCE(3), 3356, 4837, 23456), "3356 4837 23456", 23456 },
	{ PATH(SEQUENCE(2), 1, 2, SET(2), 3, 4), "1 2 {3,4}", NO_AS },
	{ PATH(SEQUENCE(1), 1, SET(1), 3, SEQUENCE(1), 5), "1 {3} 5", 5 },
	{ PATH(SEQUENCE(2), 1, 2, SEQUENCE(2), 3, 4), "1 2 3 4", 4 },
	{ PATH(SET(2), 1, 2), "{1,2}", NO_AS },
	{ PATH(SET(1), 1, SET(1), 2), "{1} {2}", NO_AS },
	{ PATH(CONFED(2), 65001, 65002, SEQUENCE(1), 3), "(65001 65002) 3", 3 },
	{ PATH(CONFED(1), 65001, CONFED_SET(2), 65003, 65004, SEQUENCE(1), 3, SET(1), 4),
	  "(65001) [65003,65004] 3 {4}", NO_AS },
	{ PATH(CONFED(1), 65001), "(65001)", NO_AS },
	{ PATH(CONFED_SET(1), 65001), "[65001]", NO_AS },
	{ PATH(SEQUENCE(1), 1, CONFED(1), 65001), "1 (65001)", 1 },
	/* Without numbers: malformed (RFC 7606 section 7.2), printed all the same. */
	{ PATH(SEQUENCE(0)), "", NO_AS },
	{ PATH(SEQUENCE(1), 1, SEQUENCE(0)), "1 ", 1 },
	{ PATH(SEQUENCE(1), 1, SEQUENCE(0), SEQUENCE(1), 2), "1 2", 2 },
	{ PATH(SEQUENCE(1), 1, SET(0), SEQUENCE(1), 2), "1 {}2", 2 },
	{ PATH(SET(0), SEQUENCE(1), 2, SET(0)), "{}2 {}", 2 },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void check_text(const struct as_path *path, const char *expected)
{
	struct buf buf = { 0 };

	as_path_format(&buf, path);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, expected);
	buf_free(&buf);
}

static void check_row(const struct row *row, uint8_t asn_size)
{
	uint32_t origin = 77;
	struct as_path path;
	uint8_t bytes[200];

	path = make(bytes, asn_size, row->numbers, row->count);
	check_text(&path, row->text);
	assert_int_equal(as_path_origin(&path, &origin), row->origin != NO_AS);
	assert_int_equal(origin, row->origin == NO_AS ? 77 : row->origin);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		check_row(&rows[i], 2);
		check_row(&rows[i], 4);
	}
}

static void test_large_numbers(void **state)
{
	uint8_t bytes[100];
	struct as_path path = make(bytes, 4, PATH(SEQUENCE(3), 131279, UINT32_MAX, 0));

	(void)state;
	check_text(&path, "131279 4294967295 0");
	assert_true(as_path_has(&path, UINT32_MAX));
	assert_true(as_path_has(&path, 131279));
	assert_false(as_path_has(&path, 1312));
	path = make(bytes, 4, PATH(SEQUENCE(1), 1, SET(2), 2, 3, CONFED(1), 4));
	for (uint32_t asn = 1; asn <= 4; asn++)
		assert_true(as_path_has(&path, asn));
	assert_false(as_path_has(&path, 5));
}

/* The longest: 255 numbers a segment, each of ten digits. */
static void test_long(void **state)
{
	static uint8_t bytes[10000];
	static char expected[40000];
	uint32_t numbers[257] = { AS_SET, 255 };
	struct as_path path = { .bytes = bytes, .asn_size = 4 };
	char *to = expected;

	(void)state;
	for (int segment = 0; segment < 5; segment++) {
		to += sprintf(to, segment ? " {" : "{");
		for (uint32_t i = 0; i < 255; i++) {
			numbers[2 + i] = UINT32_MAX - i;
			to += sprintf(to, i ? ",%u" : "%u", UINT32_MAX - i);
		}
		to += sprintf(to, "}");
		path.len += make(bytes + path.len, 4, numbers, 257).len;
	}
	check_text(&path, expected);
}

/* The decoder has checked the framing; should it fail to, nothing beyond the end is read. */
static void test_bad_framing(void **state)
{
	static const uint8_t bytes[] = { AS_SEQUENCE, 1, 0, 7, AS_SEQUENCE, 2, 0, 8, 0 };
	struct as_path path = { .bytes = bytes, .len = sizeof(bytes), .asn_size = 2 };
	struct as_segment segment;
	uint32_t position = 0;

	(void)state;
	assert_true(as_path_next(&path, &position, &segment));
	assert_int_equal(as_segment_at(&segment, 0), 7);
	assert_false(as_path_next(&path, &position, &segment));
	assert_int_equal(position, 4);
	path.len = 5;
	assert_false(as_path_next(&path, &position, &segment));
	check_text(&path, "7");
}

static void test_unknown_type(void **state)
{
	static const uint8_t bytes[] = { 9, 2, 0, 7, 0, 8, 0, 1, 0, 9 };
	const struct as_path path = { .bytes = bytes, .len = sizeof(bytes), .asn_size = 2 };

	(void)state;
	check_text(&path, "7 8 9");
}

static void test_asn_parse(void **state)
{
	static const struct {
		const char *text;
		uint32_t asn;
	} good[] = {
		{ "4837", 4837 }, { "AS4837", 4837 }, { "as4837", 4837 }, { "As0", 0 },
		{ "4294967295", UINT32_MAX }, { "1.10", 65546 }, { "AS2.207", 131279 },
		{ "0.1", 1 }, { "65535.65535", UINT32_MAX },
	};
	static const char *const bad[] = {
		"", "AS", "as", "A1", "ASAS1", "AS 1", " 1", "1 ", "-1", "4294967296", "1.", ".1",
		"1.65536", "65536.1", "1.2.3", "AS-1", "12x",
	};
	uint32_t asn = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (asn_parse(view_of(bad[i]), &asn))
			fail_msg("understood: %s", bad[i]);
	assert_int_equal(asn, 77);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!asn_parse(view_of(good[i].text), &asn))
			fail_msg("not understood: %s", good[i].text);
		assert_int_equal(asn, good[i].asn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_large_numbers),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_bad_framing),
		cmocka_unit_test(test_unknown_type),
		cmocka_unit_test(test_asn_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
