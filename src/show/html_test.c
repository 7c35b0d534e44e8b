/* SPDX-License-Identifier: BSD-2-Clause */
/* What somebody wrote stays text, whatever it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "show/html.h"

#define BAD "\xef\xbf\xbd"

static void assert_escaped(const char *text, const char *expected)
{
	struct buf out = { 0 };

	html_escape(&out, text);
	buf_char(&out, '\0');
	assert_false(out.failed);
	assert_string_equal(out.data, expected);
	buf_free(&out);
}

static void escape(void **state)
{
	(void)state;
	assert_escaped("", "");
	assert_escaped("<script>alert('a')</script>", "&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;");
	assert_escaped("\" onload=\"x", "&quot; onload=&quot;x");
	assert_escaped("&amp;", "&amp;amp;");
	assert_escaped("a\tb\nc", "a\tb\nc");
	assert_escaped("a\x01\x1b[31m\x7f", "a" BAD BAD "[31m" BAD);
	assert_escaped("Corée du Nord 朝鮮 \xf0\x9f\x87\xb0", "Corée du Nord 朝鮮 \xf0\x9f\x87\xb0");
}

/* Not UTF-8, or what XML forbids, or what turns the text around it: U+FFFD, and reading goes on at the next byte. */
static void foreign(void **state)
{
	(void)state;
	assert_escaped("\xff<", BAD "&lt;");
	assert_escaped("\xc3<", BAD "&lt;");			/* cut short before a character that matters */
	assert_escaped("\xc3", BAD);				/* and at the end */
	assert_escaped("\xf0\x9f\x87", BAD BAD BAD);
	assert_escaped("\xc0\xbc", BAD BAD);			/* "<" in two bytes */
	assert_escaped("\xe0\x80\xbc", BAD BAD BAD);
	assert_escaped("\xed\xa0\x80", BAD BAD BAD);		/* a surrogate */
	assert_escaped("\xf4\x90\x80\x80", BAD BAD BAD BAD);	/* over U+10FFFF */
	assert_escaped("\xef\xbf\xbf", BAD);			/* U+FFFF */
	assert_escaped("\xc2\x85", BAD);			/* a C1 control */
	assert_escaped("a\xe2\x80\xae" "gpj.exe", "a" BAD "gpj.exe");	/* right-to-left override */
	assert_escaped("\xe2\x81\xa6", BAD);
}

static void table(void **state)
{
	struct buf out = { 0 };
	struct html_table rows;

	(void)state;
	html_table_open(&rows, &out, "a & b");
	html_column(&rows, "network", HTML_CODE);
	html_column(&rows, "count", HTML_NUMBER);
	html_cell(&rows, "<1>");
	html_cell_in(&rows, "fr\"", "2");
	html_cell(&rows, "3");
	html_cell(&rows, "4");
	html_table_close(&rows);
	buf_char(&out, '\0');
	assert_string_equal(out.data,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"a &amp; b\"><table>\n"
		"<caption>a &amp; b</caption>\n<thead><tr><th scope=\"col\">network</th>"
		"<th scope=\"col\" class=\"n\">count</th></tr></thead>\n<tbody>\n"
		"<tr><th scope=\"row\" class=\"c\">&lt;1&gt;</th><td class=\"n\" lang=\"fr&quot;\">2</td></tr>\n"
		"<tr><th scope=\"row\" class=\"c\">3</th><td class=\"n\">4</td></tr>\n</tbody>\n</table></div>\n");
	out.len = 0;
	html_table_open(&rows, &out, "empty");
	html_column(&rows, "nothing", HTML_TEXT);
	html_table_close(&rows);
	buf_char(&out, '\0');
	assert_string_equal(out.data,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"empty\"><table>\n<caption>empty</caption>\n"
		"<thead><tr><th scope=\"col\">nothing</th></tr></thead>\n<tbody></tbody></table></div>\n");
	buf_free(&out);
}

static void lengths(void **state)
{
	struct buf out = { 0 };

	(void)state;
	svg_number(&out, 0);
	buf_char(&out, ' ');
	svg_number(&out, 1205);
	buf_char(&out, ' ');
	svg_number(&out, -7);
	svg_text(&out, "tick", 10, 25, "end", "<&>");
	buf_char(&out, '\0');
	assert_string_equal(out.data, "0 120.5 -0.7<text class=\"tick\" x=\"1\" y=\"2.5\" text-anchor=\"end\">&lt;&amp;&gt;</text>\n");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape),
		cmocka_unit_test(foreign),
		cmocka_unit_test(table),
		cmocka_unit_test(lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
