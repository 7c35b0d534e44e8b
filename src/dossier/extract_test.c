/* SPDX-License-Identifier: BSD-2-Clause */
/* Text out of bytes: what each extractor keeps, and what the bytes are taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dossier/extract.h"

static void expect(const char *bytes, const struct extract_hints *hints, const char *extractor, const char *charset,
		   const char *text)
{
	struct extracted extracted;
	struct err err;

	if (extract_text(view_of(bytes), hints, &extracted, &err))
		fail_msg("%s", err.text);
	buf_char(&extracted.text, '\0');
	assert_string_equal(extracted.extractor, extractor);
	assert_string_equal(extracted.charset, charset);
	assert_string_equal(extracted.text.data, text);
	buf_free(&extracted.text);
}

static void plain_text_is_kept(void **state)
{
	const struct extract_hints none = { .name = "a.txt" };
	const struct extract_hints latin = { .name = "a.txt", .charset = "ISO-8859-1" };
	const struct extract_hints latin9 = { .name = "a.txt", .media = "text/plain; charset=\"iso-8859-15\"" };

	(void)state;
	expect("  l\u2019a\r\n\tb\u00a0 ", &none, EXTRACT_PLAIN, "UTF-8", "  l\u2019a\r\n\tb\u00a0 ");
	expect("\xef\xbb\xbf" "a", &none, EXTRACT_PLAIN, "UTF-8", "a");
	expect("\xe9\x92\x80", &latin, EXTRACT_PLAIN, "windows-1252", "é’€");
	expect("\xa4\xe9", &latin9, EXTRACT_PLAIN, "iso-8859-15", "€é");
	expect("if a < b", &none, EXTRACT_PLAIN, "UTF-8", "if a < b");
}

static void pages_give_their_words(void **state)
{
	const struct extract_hints none = { .name = "a" };
	const struct extract_hints served = { .name = "a", .media = "text/html; charset=windows-1252" };

	(void)state;
	expect("<!DOCTYPE html><title>A &amp; B</title><style>p{}</style><p>One <b>two</b>\n three<p>four<br>five"
	       "<pre>a\n  b</pre><script>no()</script>caf&eacute;&nbsp;!", &none, EXTRACT_HTML, "UTF-8",
	       "A & B\nOne two three\nfour\nfive\na\n  b\ncafé\u00a0!\n");
	expect("<html><meta charset=iso-8859-1><p>\xe9t\xe9", &none, EXTRACT_HTML, "windows-1252", "été\n");
	expect("<p>\x93vol\x94</p>", &served, EXTRACT_HTML, "windows-1252", "“vol”\n");
	expect("<html><p>\xe9t\xe9", &none, EXTRACT_HTML, "windows-1252", "été\n");
	expect("<html><body><ul><li>a<li>b</ul> <a href=x>c</a>d <i> e </i>f", &none, EXTRACT_HTML, "UTF-8",
	       "a\nb\ncd e f\n");
	expect("<html></html>", &none, EXTRACT_HTML, "UTF-8", "");
	expect("<html><p>unclosed <b>everything <div>x</span>", &none, EXTRACT_HTML, "UTF-8", "unclosed everything\nx\n");
}

static void deep_pages_end(void **state)
{
	const struct extract_hints none = { .name = "a" };
	struct extracted extracted;
	struct buf page = { 0 };

	(void)state;
	buf_str(&page, "<html>");
	for (unsigned i = 0; i < 20000; i++)
		buf_str(&page, "<div>");
	buf_str(&page, "deep");
	assert_int_equal(extract_text((struct view){ page.data, page.len }, &none, &extracted, NULL), 0);
	buf_free(&extracted.text);
	buf_free(&page);
}

static void what_is_no_text_is_refused(void **state)
{
	static const struct { const char *bytes; struct extract_hints hints; const char *text; } cases[] = {
		{ "\xff\xfe", { .name = "a" }, "a: no text in UTF-8 (--charset names another): not UTF-8 at byte 0" },
		{ "x", { .name = "a", .media = "image/png" }, "a: no text can be taken out of image/png" },
		{ "x", { .name = "a", .charset = "koi8-r" },
		  "a: character set koi8-r is not known here (utf-8, windows-1252, iso-8859-15 are)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct extracted extracted;
		struct err err;

		assert_int_equal(extract_text(view_of(cases[i].bytes), &cases[i].hints, &extracted, &err), ERR_FORMAT);
		assert_string_equal(err.text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_is_kept),
		cmocka_unit_test(pages_give_their_words),
		cmocka_unit_test(deep_pages_end),
		cmocka_unit_test(what_is_no_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
