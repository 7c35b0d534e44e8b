/* SPDX-License-Identifier: BSD-2-Clause */
/* Grids and the forms of numbers in them, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utc.h"
#include "show/finding.h"
#include "show/grid.h"

static void assert_text(struct buf *out, const char *want)
{
	buf_char(out, '\0');
	assert_false(out->failed);
	assert_string_equal(out->data, want);
	buf_free(out);
}

static void grids(void **state)
{
	struct grid grid = { 0 };
	struct buf out = { 0 };

	(void)state;
	grid_column(&grid, "place", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "name", false);
	grid_cell(&grid, "KP");
	grid_number(&grid, 4);
	grid_cell(&grid, "North Korea");
	grid_cell(&grid, "Côte d’Ivoire");
	grid_number(&grid, 1234567);
	grid_cell(&grid, NULL);
	grid_print(&grid, 2, false, &out);
	assert_text(&out, "  place           networks  name\n"
			  "  KP                     4  North Korea\n"
			  "  Côte d’Ivoire  1,234,567\n");
	assert_null(grid.cells);
}

/* Titles are bold, and bold ends with them. */
static void coloured(void **state)
{
	struct grid grid = { 0 };
	struct buf out = { 0 };

	(void)state;
	grid_column(&grid, "a", true);
	grid_cell(&grid, "1");
	grid_print(&grid, 0, true, &out);
	assert_text(&out, "\033[1ma\n\033[0m1\n");
}

/* A column that nobody has anything in is left out; an empty grid keeps its titles. */
static void empty_columns(void **state)
{
	struct grid grid = { 0 };
	struct buf out = { 0 };

	(void)state;
	grid_column(&grid, "AS", false);
	grid_column(&grid, "name", false);
	grid_column(&grid, "share", true);
	grid_column(&grid, "", false);
	for (unsigned i = 0; i < 2; i++) {
		grid_printf(&grid, "AS%u", 9 + i);
		grid_cell(&grid, "");
		grid_share(&grid, 500000 * (i + 1));
		grid_cell(&grid, "");
	}
	grid_print(&grid, 0, false, &out);
	assert_text(&out, "AS       share\nAS9    50.00 %\nAS10  100.00 %\n");

	out = (struct buf){ 0 };
	grid_column(&grid, "AS", false);
	grid_column(&grid, "name", false);
	grid_print(&grid, 1, false, &out);
	assert_text(&out, " AS  name\n");
}

static void clipped(void **state)
{
	struct grid grid = { 0 };
	struct buf out = { 0 };

	(void)state;
	grid_column(&grid, "x", false);
	grid_clipped(&grid, "조선민주주의", 6);
	grid_clipped(&grid, "조선민주주의인", 6);
	grid_clipped(&grid, "CHINA UNICOM", 7);
	grid_print(&grid, 0, false, &out);
	assert_text(&out, "x\n조선민주주의\n조선민주주…\nCHINA…\n");
}

static void number(uint64_t value, const char *want)
{
	struct buf out = { 0 };

	show_number(&out, value);
	assert_text(&out, want);
}

static void numbers(void **state)
{
	(void)state;
	number(0, "0");
	number(999, "999");
	number(1000, "1,000");
	number(999999, "999,999");
	number(1000000, "1,000,000");
	number(UINT64_MAX, "18,446,744,073,709,551,615");
}

static void share(uint32_t ppm, const char *want)
{
	struct buf out = { 0 };

	show_share(&out, ppm);
	assert_text(&out, want);
}

/* Half to even. */
static void shares(void **state)
{
	(void)state;
	share(0, "0.00 %");
	share(50, "0.00 %");
	share(51, "0.01 %");
	share(150, "0.02 %");
	share(250, "0.02 %");
	share(310412, "31.04 %");
	share(999950, "100.00 %");
	share(1000000, "100.00 %");
}

static void until(int64_t time, int64_t since, const char *want)
{
	struct buf out = { 0 };

	buf_str(&out, "| ");
	show_until(&out, time, since);
	assert_text(&out, want);
}

static void times(void **state)
{
	const int64_t dark = utc_from_civil(2014, 12, 22) + 16 * UTC_HOUR + 15 * UTC_MINUTE;
	struct buf out = { 0 };

	(void)state;
	show_time(&out, dark);
	buf_char(&out, '|');
	show_time(&out, UTC_NEVER);
	assert_text(&out, "2014-12-22 16:15:00|");
	until(dark, dark, "| 16:15:00");
	until(dark + 250000, dark, "| 16:15:00.250000");
	until(dark + 9 * UTC_HOUR + 31 * UTC_MINUTE, dark, "| 01:46:00 +1 d");
	until(dark + 40 * UTC_DAY, dark, "| 16:15:00 +40 d");
}

static void bound(int64_t at, int64_t before, int64_t after, const char *want)
{
	struct finding_bound one = { at, at - before, at + after };
	struct buf out = { 0 };

	show_bound(&out, &one);
	assert_text(&out, want);
}

static void bounds(void **state)
{
	const int64_t at = utc_from_civil(2014, 12, 23) + 15 * UTC_HOUR + 41 * UTC_MINUTE;

	(void)state;
	bound(at, 0, 0, "2014-12-23 15:41:00");
	bound(at, UTC_SECOND, 12 * UTC_SECOND, "2014-12-23 15:41:00 (15:40:59 to 15:41:12)");
	bound(at, 20 * UTC_HOUR, 9 * UTC_HOUR, "2014-12-23 15:41:00 (2014-12-22 19:41:00 to 00:41:00 +1 d)");
}

static void counts(void **state)
{
	struct buf out = { 0 };

	(void)state;
	show_count(&out, 1, "network, ", "networks, ");
	show_count(&out, 0, "AS, ", "ASes, ");
	show_count(&out, 1749, "block", "blocks");
	assert_text(&out, "1 network, 0 ASes, 1,749 blocks");
}

static void wrapped(const char *text, unsigned width, unsigned indent, const char *want)
{
	struct show_style style = { .width = width };
	struct buf out = { 0 };

	show_wrapped(&style, &out, indent, text);
	assert_text(&out, want);
}

static void wrapping(void **state)
{
	(void)state;
	wrapped("a bb ccc", 10, 2, "  a bb ccc\n");
	wrapped("a bb cccc", 10, 2, "  a bb\n    cccc\n");
	wrapped("é é é é", 5, 0, "é é é\n  é\n");
	/* longer than a line: it stays whole */
	wrapped("a 2001:db8:1234:5678::/64 b", 10, 0, "a\n  2001:db8:1234:5678::/64\n  b\n");
	wrapped("", 10, 2, "\n");
	wrapped("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a b",
		1000, 0, "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\n"
		"  b\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grids),
		cmocka_unit_test(coloured),
		cmocka_unit_test(empty_columns),
		cmocka_unit_test(clipped),
		cmocka_unit_test(numbers),
		cmocka_unit_test(shares),
		cmocka_unit_test(times),
		cmocka_unit_test(bounds),
		cmocka_unit_test(counts),
		cmocka_unit_test(wrapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
