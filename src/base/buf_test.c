/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void check(struct buf *buf, const char *expected)
{
	assert_false(buf->failed);
	assert_int_equal(buf->len, strlen(expected));
	assert_memory_equal(buf->data, expected, buf->len);
	buf_free(buf);
}

static void test_append(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_add(&buf, NULL, 0);
	buf_str(&buf, "a");
	buf_char(&buf, 'b');
	buf_add(&buf, "cde", 2);
	buf_printf(&buf, "|%d|%s", 5, "x");
	buf_hex(&buf, "\x00\xffz", 3);
	check(&buf, "abcd|5|x00ff7a");
	buf_hex(&buf, NULL, 0);
	buf_printf(&buf, "%s", "");
	check(&buf, "");
}

static void test_grows(void **state)
{
	struct buf buf = { 0 };
	char line[600];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (unsigned i = 0; i < 100000; i++)
		buf_char(&buf, (char)i);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(buf.data[i], (char)i);
	buf_free(&buf);
	buf_printf(&buf, "%s", line);
	buf_printf(&buf, "%s", line);
	assert_int_equal(buf.len, 2 * strlen(line));
	assert_int_equal(strspn(buf.data, "x"), buf.len);
	buf_free(&buf);
}

/* Text that just fits the room: snprintf() needs a byte more than is counted. */
static void test_printf_at_the_edge(void **state)
{
	(void)state;
	for (size_t fill = 240; fill < 260; fill++) {
		struct buf buf = { 0 };

		for (size_t i = 0; i < fill; i++)
			buf_char(&buf, '.');
		buf_printf(&buf, "%s", "12345");
		assert_int_equal(buf.len, fill + 5);
		assert_memory_equal(buf.data + fill, "12345", 5);
		buf_free(&buf);
	}
}

static void test_cap(void **state)
{
	struct buf buf = { .cap = 1000 };

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		buf_char(&buf, 'x');
	assert_false(buf.failed);
	assert_int_equal(buf.len, 1000);
	buf_char(&buf, 'y');
	assert_true(buf.failed);
	assert_int_equal(buf.len, 1000);
	buf_free(&buf);

	/* Once it failed, even what would fit is dropped. */
	buf_str(&buf, "abc");
	assert_false(buf_reserve(&buf, 2000));
	assert_true(buf.failed);
	buf_char(&buf, 'd');
	buf_str(&buf, "e");
	buf_u64(&buf, 5);
	buf_i64(&buf, -5);
	buf_hex(&buf, "x", 1);
	buf_json(&buf, "x", 1);
	buf_printf(&buf, "%d", 1);
	assert_int_equal(buf.len, 3);
	buf_free(&buf);
	assert_false(buf.failed);
	assert_false(buf_reserve(&buf, SIZE_MAX));
	buf_free(&buf);
	buf.cap = 0;
	buf_char(&buf, 'x');
	assert_false(buf_reserve(&buf, SIZE_MAX));
	assert_true(buf.failed);
	buf_free(&buf);
}

static void check_u64(uint64_t value)
{
	char expected[32], got[32];
	char *end = buf_digits(got, value);

	snprintf(expected, sizeof(expected), "%" PRIu64, value);
	*end = '\0';
	assert_string_equal(got, expected);
}

static void test_digits(void **state)
{
	uint64_t power = 1, random = 88172645463325252u;

	(void)state;
	for (uint64_t i = 0; i < 100000; i++)
		check_u64(i);
	for (unsigned i = 0; i < 20; i++, power *= 10) {
		check_u64(power - 1);
		check_u64(power);
		check_u64(power + 1);
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		check_u64((uint64_t)1 << bit);
		check_u64(((uint64_t)1 << bit) - 1);
	}
	check_u64(UINT64_MAX);
	for (unsigned i = 0; i < 200000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		check_u64(random >> i % 64);
	}
}

static void test_signed(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_i64(&buf, 0);
	buf_i64(&buf, -1);
	buf_i64(&buf, INT64_MAX);
	buf_i64(&buf, INT64_MIN);
	check(&buf, "0-19223372036854775807-9223372036854775808");
}

static void check_json(const char *text, size_t len, const char *expected)
{
	struct buf buf = { 0 };

	buf_json(&buf, text, len);
	check(&buf, expected);
}

static void test_csv(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_csv(&buf, "");
	buf_csv(&buf, "a,b\n");
	buf_csv(&buf, "\"said\" it");
	check(&buf, "\"\"\"a,b\n\"\"\"\"said\"\" it\"");
}

#define JSON(literal, expected) check_json(literal, sizeof(literal) - 1, expected)
#define BAD "\xef\xbf\xbd"

static void test_json(void **state)
{
	(void)state;
	JSON("", "\"\"");
	check_json(NULL, 0, "\"\"");
	JSON("plain", "\"plain\"");
	JSON("a\"b\\c", "\"a\\\"b\\\\c\"");
	JSON("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	JSON("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\x7f\"");
	JSON("Corée é \xf0\x9f\x87\xb0", "\"Corée é \xf0\x9f\x87\xb0\"");
}

/* Unicode 15 section 3.9: one U+FFFD for each maximal part of an ill-formed sequence. */
static void test_json_not_utf8(void **state)
{
	(void)state;
	JSON("\xff", "\"" BAD "\"");
	JSON("a\xe9z", "\"a" BAD "z\"");			/* Latin-1 */
	JSON("\xc3", "\"" BAD "\"");
	JSON("\xe2\x82", "\"" BAD "\"");
	JSON("\xe2\x82z", "\"" BAD "z\"");
	JSON("\xf0\x9f\x87", "\"" BAD "\"");
	JSON("\xc0\xaf", "\"" BAD BAD "\"");			/* longer than needed */
	JSON("\xe0\x80\x80", "\"" BAD BAD BAD "\"");
	JSON("\xed\xa0\x80", "\"" BAD BAD BAD "\"");		/* a surrogate */
	JSON("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\"");	/* beyond U+10FFFF */
	JSON("\xf5\x80", "\"" BAD BAD "\"");
	JSON("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
	     "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"");
	JSON("\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80", "\"\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_printf_at_the_edge),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
