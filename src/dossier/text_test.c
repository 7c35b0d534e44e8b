/* SPDX-License-Identifier: BSD-2-Clause */
/* Characters are counted, not bytes; what is typed finds what is printed; what is no UTF-8 is told by its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier/text.h"

static void expect(const char *in, const char *quote, uint32_t count, uint32_t start, uint32_t end)
{
	struct arena arena = { 0 };
	struct text text, wanted;
	struct text_place *places;
	uint32_t found;

	assert_int_equal(text_decode(view_of(in), &arena, &text, NULL), 0);
	assert_int_equal(text_decode(view_of(quote), &arena, &wanted, NULL), 0);
	assert_int_equal(text_find(&text, &wanted, &arena, &places, &found, NULL), 0);
	if (found != count)
		fail_msg("\"%s\" is in \"%s\" %u times, not %u", quote, in, found, count);
	if (count) {
		assert_int_equal(places[count - 1].start, start);
		assert_int_equal(places[count - 1].end, end);
	}
	arena_free(&arena);
}

static void quotes_are_found(void **state)
{
	(void)state;
	expect("la Corée du Nord", "Corée", 1, 3, 8);
	expect("l\u2019Internet s\u2019est coup\u00e9", "l'Internet s'est", 1, 0, 16);
	expect("contre 150\u00a0000 aux", "150 000", 1, 7, 14);
	expect("\u201cnous avons\u201d", "\"nous avons\"", 1, 0, 12);
	expect("dit \u00ab\u00a0vol\u00a0\u00bb hier", "\"vol\"", 1, 4, 11);
	expect("dit \u00ab\u00a0vol\u00a0\u00bb hier", "\u00ab vol \u00bb", 1, 4, 11);
	expect("dit \u00ab vol\u202f\u00bb hier", "vol\" hier", 1, 6, 16);
	expect("aaa", "aa", 2, 1, 3);
	expect("aaa", "", 0, 0, 0);
	expect("", "a", 0, 0, 0);
	expect("four\nlines", "four lines", 1, 0, 10);
	expect("vol", "v ol", 0, 0, 0);
	/* Blanks matter anywhere else. */
	expect("a b", "ab", 0, 0, 0);
}

static void bad_utf8_is_refused(void **state)
{
	static const struct { const char *bytes; size_t len; const char *place; } cases[] = {
		{ "a\xff", 2, "not UTF-8 at byte 1" },
		{ "\xc0\x80", 2, "not UTF-8 at byte 0" },
		{ "ab\0c", 4, "not UTF-8 at byte 2" },
		{ "\xed\xa0\x80", 3, "not UTF-8 at byte 0" },
		{ "\xe2\x82", 2, "not UTF-8 at byte 0" },
		{ "\xf4\x90\x80\x80", 4, "not UTF-8 at byte 0" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text;
		struct err err;

		assert_int_equal(text_decode((struct view){ cases[i].bytes, cases[i].len }, &arena, &text, &err), ERR_FORMAT);
		assert_string_equal(err.text, cases[i].place);
	}
	arena_free(&arena);
}

static void parts_are_bytes(void **state)
{
	struct arena arena = { 0 };
	struct text text;
	struct view part;

	(void)state;
	assert_int_equal(text_decode(view_of("€é😀x"), &arena, &text, NULL), 0);
	assert_int_equal(text.count, 4);
	part = text_part(&text, 1, 3);
	assert_true(view_equal(part, view_of("é😀")));
	assert_int_equal(text_part(&text, 4, 4).len, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_are_found),
		cmocka_unit_test(bad_utf8_is_refused),
		cmocka_unit_test(parts_are_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
