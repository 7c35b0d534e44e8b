/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, times and counts of things, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utc.h"
#include "show/words.h"

#define NBSP "\u00a0"
#define NARROW "\u202f"
/* 2014-12-22T16:15:02Z */
#define TIME (1419264902 * UTC_SECOND)

struct tongues {
	struct words en, fr;
};

static struct tongues tongues(void)
{
	return (struct tongues){ { .language = language_find(VIEW("en")) }, { .language = language_find(VIEW("fr")) } };
}

static void tongues_free(struct tongues *both)
{
	assert_false(both->en.failed || both->fr.failed);
	arena_free(&both->en.arena);
	arena_free(&both->fr.arena);
}

static void numbers(void **state)
{
	struct tongues both = tongues();

	(void)state;
	assert_string_equal(words_number(&both.en, 0), "0");
	assert_string_equal(words_number(&both.en, 999), "999");
	assert_string_equal(words_number(&both.en, 154012), "154,012");
	assert_string_equal(words_number(&both.fr, 1154012), "1" NARROW "154" NARROW "012");
	assert_string_equal(words_number(&both.en, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(words_share(&both.en, 310450), "31.04" NBSP "%");	/* half to even */
	assert_string_equal(words_share(&both.fr, 310550), "31,06" NBSP "%");
	assert_string_equal(words_percent(&both.en, 315000), "32" NBSP "%");
	assert_string_equal(words_bytes(&both.en, 0), "0" NBSP "bytes");
	assert_string_equal(words_bytes(&both.en, 999), "999" NBSP "bytes");
	assert_string_equal(words_bytes(&both.en, 4389781), "4.3" NBSP "MB");
	assert_string_equal(words_bytes(&both.fr, 4389781), "4,3" NBSP "Mo");
	assert_string_equal(words_bytes(&both.en, UINT64_MAX), "18.4" NBSP "EB");
	assert_string_equal(words_count(&both.en, 1749, "%s network", "%s networks"), "1,749 networks");
	assert_string_equal(words_count(&both.fr, 0, "%s network", "%s networks"), "0 réseau");
	assert_string_equal(words_count(&both.fr, 2, "recording", "recordings"), "enregistrements");
	tongues_free(&both);
}

static void times(void **state)
{
	struct tongues both = tongues();
	struct finding_bound bound = { TIME, TIME - 2 * UTC_SECOND, TIME + 33 * UTC_SECOND };

	(void)state;
	assert_string_equal(words_time(&both.fr, TIME), "2014-12-22 16:15:02");
	assert_string_equal(words_time(&both.en, TIME + 250000), "2014-12-22 16:15:02.250000");
	assert_string_equal(words_time(&both.en, UTC_NEVER), "");
	assert_string_equal(words_moment(&both.en, UTC_NEVER), "");
	assert_string_equal(words_clock(&both.en, TIME), "16:15:02");
	assert_string_equal(words_moment(&both.en, TIME), "22 December 2014 at 16:15:02");
	assert_string_equal(words_moment(&both.fr, TIME), "22 décembre 2014 à 16:15:02");
	assert_string_equal(words_date(&both.fr, TIME - 21 * UTC_DAY), "1er décembre 2014");
	assert_string_equal(words_date(&both.en, TIME - 21 * UTC_DAY), "1 December 2014");
	assert_string_equal(words_day(&both.fr, TIME + 31 * UTC_DAY), "22 janv.");
	assert_string_equal(words_duration(&both.en, 9 * UTC_HOUR + 31 * UTC_MINUTE), "9" NBSP "h" NBSP "31" NBSP "min");
	assert_string_equal(words_duration(&both.fr, 2 * UTC_DAY), "2" NBSP "j");
	assert_string_equal(words_duration(&both.fr, 250000), "0,250" NBSP "s");
	assert_string_equal(words_margin(&both.en, &bound), "−2" NBSP "s +33" NBSP "s");
	bound.earliest = bound.latest = TIME;
	assert_string_equal(words_margin(&both.en, &bound), "");
	assert_string_equal(words_span(&both.en, TIME, TIME + UTC_HOUR), "from 16:15:02 to 17:15:02 UTC on 22 December 2014");
	assert_string_equal(words_span(&both.fr, TIME, TIME + UTC_HOUR), "de 16:15:02 à 17:15:02 UTC le 22 décembre 2014");
	assert_string_equal(words_span(&both.fr, TIME, TIME + UTC_DAY),
			    "du 22 décembre 2014 à 16:15:02 au 23 décembre 2014 à 16:15:02 UTC");
	tongues_free(&both);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
