/* SPDX-License-Identifier: BSD-2-Clause */
/* The built-in catalogue, what a user's file does to it, and who is asked. */
#include "archive/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utc.h"

static int64_t at(const char *text)
{
	int64_t time;

	assert_true(utc_parse(view_of(text), &time));
	return time;
}

static void chosen(const struct catalogue *catalogue, const char *list, const char *from, const char *until,
		   const char *expected)
{
	uint32_t *eras, count;
	char text[2000] = "";
	struct err err;

	assert_int_equal(catalogue_select(catalogue, view_of(list), at(from), at(until), &eras, &count, &err), 0);
	for (uint32_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			 catalogue->eras[eras[i]].collector);
	free(eras);
	assert_string_equal(text, expected);
}

static void test_choice(void **state)
{
	struct catalogue *catalogue;
	uint32_t *eras, count;
	struct err err;

	(void)state;
	assert_int_equal(catalogue_new(&catalogue, &err), 0);
	chosen(catalogue, "auto", "2014-12-20", "2014-12-25",
	       "rrc00 route-views2 rrc01 rrc06 rrc15 route-views.kixp route-views.sydney");
	chosen(catalogue, "auto", "2000-01-01", "2000-01-02", "rrc00");
	chosen(catalogue, "rrc06,rrc00", "2014-12-20", "2014-12-25", "rrc00 rrc06");
	chosen(catalogue, "all", "2000-01-01", "2000-01-02", "rrc00");
	assert_int_equal(catalogue_select(catalogue, VIEW("rrc02"), at("2014-01-01"), at("2014-01-02"), &eras, &count,
					  &err), ERR_USAGE);
	assert_int_equal(catalogue_select(catalogue, VIEW("rrc77"), at("2014-01-01"), at("2014-01-02"), &eras, &count,
					  &err), ERR_USAGE);
	catalogue_free(catalogue);
}

static void test_texts(void **state)
{
	static const char more[] =
		"# a comment\n"
		"archive mine ris file:///srv/mrt/\n"
		"collector mine rrc00 elsewhere 2000-01-01 2001-01-01 8h 15m world Here and there\n"
		"collector mine rrc00 elsewhere 2001-01-01 - 8h 5m world Here and there\n";
	struct catalogue *catalogue;
	struct err err;
	uint32_t count;

	(void)state;
	assert_int_equal(catalogue_new(&catalogue, &err), 0);
	count = catalogue->era_count;
	assert_int_equal(catalogue_read(catalogue, view_of(more), "more", &err), 0);
	assert_int_equal(catalogue->era_count, count);
	assert_string_equal(catalogue->archives[catalogue->eras[count - 1].archive].url, "/srv/mrt");
	assert_string_equal(catalogue->eras[count - 1].place, "Here and there");
	assert_int_equal(catalogue_mirror(catalogue, "mine=https://m.example/x/", &err), 0);
	assert_string_equal(catalogue->archives[catalogue->eras[count - 1].archive].url, "https://m.example/x");
	assert_int_equal(catalogue_mirror(catalogue, "nobody=https://m.example", &err), ERR_USAGE);
	assert_int_equal(catalogue_mirror(catalogue, "mine=ftp://m.example", &err), ERR_USAGE);
	assert_int_equal(catalogue_read(catalogue, VIEW("only\n"), "less", &err), 0);
	assert_int_equal(catalogue->era_count + catalogue->archive_count + catalogue->registry_count, 0);
	catalogue_free(catalogue);
}

static void test_mistakes(void **state)
{
	static const char *const texts[] = {
		"archve a ris https://x\n", "archive a tar https://x\n", "archive a ris\n", "archive a ris gopher://x\n",
		"collector nobody rrc00 x 2000-01-01 - 8h 5m world\n", "collector ris x x yesterday - 8h 5m world\n",
		"collector ris x x 2000-01-01 1999-01-01 8h 5m world\n", "collector ris x x 2000-01-01 - 0s 5m world\n",
		"registry arin ftp://x\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct catalogue *catalogue;
		struct err err;

		assert_int_equal(catalogue_new(&catalogue, &err), 0);
		assert_int_equal(catalogue_read(catalogue, view_of(texts[i]), "text", &err), ERR_FORMAT);
		assert_non_null(strstr(err.text, "text, line 1"));
		catalogue_free(catalogue);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice), cmocka_unit_test(test_texts), cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
