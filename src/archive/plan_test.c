/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, index pages, and the files of a period at its edges. */
#include "archive/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utc.h"

static const struct era era = {
	.collector = "rrc99", .folder = "rrc99", .from = 0, .until = UTC_NEVER,
	.ribs = 8 * UTC_HOUR, .updates = 5 * UTC_MINUTE,
};

static int64_t at(const char *text)
{
	int64_t time;

	assert_true(utc_parse(view_of(text), &time));
	return time;
}

static void add(struct plan_list *list, const char *name)
{
	char page[200];
	struct err err;

	snprintf(page, sizeof(page), "<a href=\"%s\">", name);
	assert_int_equal(plan_index(view_of(page), list, &err), 0);
}

/* The files picked, as "b0000 u0000 -0005": RIBs, updates, missing ones. */
static void pick(struct plan_list *list, const char *from, const char *until, const char *expected)
{
	struct plan_list files = { 0 };
	char text[2000] = "";
	struct err err;

	assert_int_equal(plan_pick(LAYOUT_RIS, &era, 1, (struct plan_period){ at(from), at(until) }, at("2020-01-01"), list,
				   &files, &err), 0);
	for (uint32_t i = 0; i < files.count; i++) {
		const struct plan_entry *entry = &files.entries[i];
		int64_t minute = entry->time % UTC_DAY / UTC_MINUTE;

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%c%02d%02d", i ? " " : "",
			 entry->missing ? '-' : entry->rib ? 'b' : 'u', (int)(minute / 60), (int)(minute % 60));
	}
	free(files.entries);
	assert_string_equal(text, expected);
}

static void test_names(void **state)
{
	struct plan_entry entry;

	(void)state;
	assert_true(plan_name(VIEW("rib.20141222.0000.bz2"), &entry));
	assert_true(entry.rib);
	assert_int_equal(entry.time, at("2014-12-22"));
	assert_true(plan_name(VIEW("updates.20011026.2337.gz"), &entry));
	assert_false(entry.rib);
	assert_int_equal(entry.time, at("2001-10-26T23:37"));
	assert_true(plan_name(VIEW("bview.20141222.2359"), &entry));
	assert_false(plan_name(VIEW("updates.20141222.2400.gz"), &entry));
	assert_false(plan_name(VIEW("updates.20141322.0000.gz"), &entry));
	assert_false(plan_name(VIEW("updates.20141222.0000.gz.md5"), &entry));
	assert_false(plan_name(VIEW("view.20141222.0000.gz"), &entry));
	assert_false(plan_name(VIEW("updates.2014122.0000.gz"), &entry));
}

static void test_index_page(void **state)
{
	static const char page[] =
		"<td><a href=\"updates.20141222.0000.gz\">updates.20141222.0000.gz</a></td>"
		"<td align=\"right\">2014-12-22 00:05  </td><td align=\"right\">4.5M</td>\n"
		"<a href='./rrc00/updates.20141222.0005.gz'>u</a>  22-Dec-2014 00:10   812345\n"
		"<a href=\"?C=N;O=D\">Name</a> <a href=\"updates.20141222.0010.gz\">u</a>\n"
		"<a href=\"updates.20141222.0015.gz\n";
	struct plan_list list = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(plan_index(view_of(page), &list, &err), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.entries[0].size, 4718592);
	assert_int_equal(list.entries[1].size, 812345);
	assert_string_equal(list.entries[1].name, "updates.20141222.0005.gz");
	assert_int_equal(list.entries[2].size, 0);
	free(list.entries);
}

static void day(struct plan_list *list, const char *date)
{
	char name[64];

	for (int minute = 0; minute < 60; minute += 5) {
		snprintf(name, sizeof(name), "updates.%s.00%02d.gz", date, minute);
		add(list, name);
	}
	snprintf(name, sizeof(name), "bview.%s.0000.gz", date);
	add(list, name);
}

static void test_edges(void **state)
{
	struct plan_list list = { 0 };

	(void)state;
	day(&list, "20141222");
	pick(&list, "2014-12-22", "2014-12-22T00:10", "b0000 u0000 u0005");
	day(&list, "20141222");
	pick(&list, "2014-12-22T00:07", "2014-12-22T00:10:00.000001", "b0000 u0000 u0005 u0010");
	/* Born inside: its first RIB comes late. */
	day(&list, "20141222");
	list.entries[12].time += 10 * UTC_MINUTE;
	pick(&list, "2014-12-22T00:05", "2014-12-22T00:20", "u0005 b0010 u0010 u0015");
	/* A RIB of long ago is none. */
	day(&list, "20141220");
	day(&list, "20141222");
	pick(&list, "2014-12-22", "2014-12-22T00:05", "b0000 u0000");
	pick(&list, "2014-12-22", "2014-12-22T00:05", "-0000");
}

static void test_gaps(void **state)
{
	struct plan_list list = { 0 };

	(void)state;
	add(&list, "bview.20141222.0000.gz");
	add(&list, "updates.20141222.0000.gz");
	add(&list, "updates.20141222.0015.gz");
	add(&list, "bview.20141222.0018.gz");
	add(&list, "updates.20141222.0020.gz");
	/* The RIB after the gap comes too; a file that begins two minutes late is no gap. */
	pick(&list, "2014-12-22", "2014-12-22T00:25", "b0000 u0000 -0005 u0015 b0018 u0020");
	add(&list, "updates.20141222.0000.gz");
	add(&list, "updates.20141222.0007.gz");
	add(&list, "updates.20141222.0012.gz");
	pick(&list, "2014-12-22", "2014-12-22T00:15", "u0000 u0007 u0012");
	/* One of irregular names is missing: the next one is less than an interval late. */
	add(&list, "updates.20141222.0000.gz");
	add(&list, "updates.20141222.0009.gz");
	pick(&list, "2014-12-22", "2014-12-22T00:14", "u0000 -0005 u0009");
	add(&list, "updates.20141222.0000.gz");
	pick(&list, "2014-12-22", "2014-12-22T00:15", "u0000 -0005");
}

static void test_computed(void **state)
{
	struct plan_list list = { 0 };
	struct err err;
	struct era early = era;

	(void)state;
	early.updates = 15 * UTC_MINUTE;
	early.until = at("2003-07-23");
	assert_int_equal(plan_compute(LAYOUT_RIS, &early, false, at("2003-07-22T23:31"), at("2003-07-23T01:00"), &list, &err), 0);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.entries[0].name, "updates.20030722.2345.gz");
	list.count = 0;
	assert_int_equal(plan_compute(LAYOUT_ROUTEVIEWS, &era, true, at("2014-12-31T23:00"), at("2015-01-01T08:00"), &list,
				      &err), 0);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.entries[0].name, "rib.20150101.0000.bz2");
	free(list.entries);
}

static void test_folders(void **state)
{
	const struct archive old = { "a", "https://h", LAYOUT_ROUTEVIEWS };
	struct era route_views2 = era;
	struct buf text = { 0 };

	(void)state;
	route_views2.folder = "bgpdata";
	plan_folders(&old, &route_views2, at("2014-12-01"), &text);
	buf_char(&text, '\0');
	assert_string_equal(text.data, "https://h/bgpdata/2014.12/RIBS/\nhttps://h/bgpdata/2014.12/UPDATES/\n");
	buf_free(&text);
	assert_int_equal(plan_month_next(at("2014-12-01")), at("2015-01-01"));
	assert_int_equal(plan_month_next(at("2015-01-01")), at("2015-02-01"));
	assert_int_equal(plan_month_first(at("2015-01-31T23:59")), at("2015-01-01"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_index_page), cmocka_unit_test(test_edges),
		cmocka_unit_test(test_gaps), cmocka_unit_test(test_computed), cmocka_unit_test(test_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
