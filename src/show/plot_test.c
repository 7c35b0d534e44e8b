/* SPDX-License-Identifier: BSD-2-Clause */
/* The plot of a signal, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "show/finding.h"

/* 2014-12-23T15:00:00Z */
#define T0 (1419346800 * UTC_SECOND)

/* 24 columns leave 8 for the plot; an hour is 7 min 30 s a column. */
static const struct show_style narrow = { .width = 24 };

static struct finding_point point(int64_t second, uint64_t blocks, uint64_t lowest)
{
	return (struct finding_point){ .time = T0 + second * UTC_SECOND, .measurable = true, .blocks = blocks,
				       .blocks_lowest = lowest };
}

static void plot(struct finding_point *points, uint32_t count, uint64_t baseline, struct buf *out)
{
	struct finding_signal signal = { .family = "IPv4", .baseline = baseline, .points = points,
					 .point_count = count };

	show_plot(&signal, T0, T0 + UTC_HOUR, &narrow, out);
	buf_char(out, '\0');
	assert_false(out->failed);
}

#define AXIS "             2014-12-23 15:00:00  2014-12-23 16:00:00\n"

/* Half of it gone from 15:15 on, all of it for a second in the last column: neither may vanish. */
static void heights(void **state)
{
	struct finding_point points[] = { point(0, 16, 16), point(900, 8, 8), point(3400, 8, 0) };
	struct buf out = { 0 };

	(void)state;
	plot(points, 3, 16, &out);
	assert_string_equal(out.data,
			    "         16 ┤██      \n"
			    "            ┤██      \n"
			    "            ┤██      \n"
			    "            ┤██      \n"
			    "            ┤███████ \n"
			    "            ┤███████ \n"
			    "            ┤███████ \n"
			    "          0 ┤███████ \n" AXIS);
	buf_free(&out);
}

/* What is hardly anything is not nothing; eighths of a row count. */
static void eighths(void **state)
{
	struct finding_point points[] = { point(0, 1, 1), point(450, 1000, 1000), point(900, 47, 47),
					  point(1350, 0, 0), point(1800, 1000, 1000) };
	struct buf out = { 0 };

	(void)state;
	plot(points, 5, 1000, &out);
	assert_non_null(strstr(out.data, "          0 ┤▁█▃ ████\n"));
	assert_non_null(strstr(out.data, "      1,000 ┤ █  ████\n"));
	buf_free(&out);
}

/* Before the first point and where nothing was measurable there is a dot, not a height. */
static void not_measurable(void **state)
{
	struct finding_point points[] = { point(900, 5, 5), point(1800, 5, 5), point(2700, 5, 5) };
	struct buf out = { 0 };

	(void)state;
	points[1].measurable = false;
	plot(points, 3, 5, &out);
	assert_non_null(strstr(out.data, "          0 ┤··██··██\n"));
	assert_non_null(strstr(out.data, "          5 ┤  ██  ██\n"));
	buf_free(&out);
}

/* What comes back within a column shows its low; what was measurable for a moment shows what it was. */
static void within_a_column(void **state)
{
	struct finding_point points[] = { point(0, 8, 8), point(460, 0, 0), point(470, 8, 8), point(2000, 8, 8),
					  point(2010, 4, 4), point(2020, 8, 8) };
	struct buf out = { 0 };

	(void)state;
	points[4].measurable = false;
	plot(points, 6, 8, &out);
	assert_non_null(strstr(out.data, "          8 ┤█ ██████\n"));
	buf_free(&out);
}

/* More than the baseline: the top is the most there ever was. */
static void growth(void **state)
{
	struct finding_point points[] = { point(0, 10, 10), point(1800, 40, 40) };
	struct buf out = { 0 };

	(void)state;
	plot(points, 2, 10, &out);
	assert_non_null(strstr(out.data, "         40 ┤    ████\n"));
	assert_non_null(strstr(out.data, "          0 ┤████████\n"));
	buf_free(&out);
}

static void nothing(void **state)
{
	struct finding_signal signal = { .family = "IPv4" };
	struct finding_point points[] = { point(0, 0, 0) };
	struct buf out = { 0 };

	(void)state;
	show_plot(&signal, T0, T0 + UTC_HOUR, &narrow, &out);
	signal.baseline = 4;
	show_plot(&signal, T0, T0, &narrow, &out);
	assert_int_equal(out.len, 0);
	plot(points, 1, 0, &out);
	assert_int_equal(out.len, 1);
	buf_free(&out);
}

static void widths(void **state)
{
	struct finding_point points[] = { point(0, 5, 5) };
	struct finding_signal signal = { .family = "IPv4", .baseline = 5, .points = points, .point_count = 1 };
	static const unsigned widths[] = { 0, 1, 20, 80, 300, 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct show_style style = { .width = widths[i], .colour = true };
		struct buf out = { 0 };

		show_plot(&signal, T0, T0 + UTC_HOUR, &style, &out);
		assert_true(out.len > 100 && !out.failed);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heights),
		cmocka_unit_test(eighths),
		cmocka_unit_test(not_measurable),
		cmocka_unit_test(within_a_column),
		cmocka_unit_test(growth),
		cmocka_unit_test(nothing),
		cmocka_unit_test(widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
