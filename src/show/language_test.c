/* SPDX-License-Identifier: BSD-2-Clause */
/* Which language is chosen, what its catalogue says, and catalogues that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "show/catalogues.h"
#include "show/language.h"

static const char *code(const char *name)
{
	const struct language *language = language_find(view_of(name));

	return language ? language->code : "none";
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(code("fr"), "fr");
	assert_string_equal(code("FR"), "fr");
	assert_string_equal(code("fr_CH.UTF-8"), "fr");
	assert_string_equal(code("fr-CA"), "fr");
	assert_string_equal(code("en_GB"), "en");
	assert_string_equal(code("C"), "en");
	assert_string_equal(code("C.UTF-8"), "en");
	assert_string_equal(code("POSIX"), "en");
	assert_string_equal(code("de_DE.UTF-8"), "none");
	assert_string_equal(code("fra"), "none");
	assert_string_equal(code(""), "none");
}

static const char *chosen(const char *language, const char *lc_all, const char *lc_messages, const char *lang)
{
	return language_of_locale(language, lc_all, lc_messages, lang)->code;
}

/* As gettext chooses. */
static void locale(void **state)
{
	(void)state;
	assert_string_equal(chosen(NULL, NULL, NULL, NULL), "en");
	assert_string_equal(chosen(NULL, NULL, NULL, "fr_FR.UTF-8"), "fr");
	assert_string_equal(chosen(NULL, NULL, "en_US.UTF-8", "fr_FR.UTF-8"), "en");
	assert_string_equal(chosen(NULL, "fr_FR", "en_US.UTF-8", "en_US"), "fr");
	assert_string_equal(chosen(NULL, "", "", "fr_FR"), "fr");
	assert_string_equal(chosen("de:fr:en", NULL, NULL, "en_US.UTF-8"), "fr");
	assert_string_equal(chosen("de:it", NULL, NULL, "fr_BE"), "fr");
	assert_string_equal(chosen("fr", "C", NULL, NULL), "en");
	assert_string_equal(chosen("fr", NULL, NULL, NULL), "en");
	assert_string_equal(chosen(NULL, NULL, NULL, "de_DE"), "en");
}

static void texts(void **state)
{
	const struct language *en = language_find(VIEW("en")), *fr = language_find(VIEW("fr"));

	(void)state;
	assert_string_equal(language_text(en, "North Korea"), "North Korea");
	assert_string_equal(language_text(fr, "North Korea"), "Corée du Nord");
	assert_string_equal(language_text(fr, "no such message"), "no such message");
	assert_string_equal(language_text(fr, ""), "");
	assert_string_equal(language_plural(en, "%s network", "%s networks", 0), "%s networks");
	assert_string_equal(language_plural(en, "%s network", "%s networks", 1), "%s network");
	assert_string_equal(language_plural(fr, "%s network", "%s networks", 0), "%s réseau");
	assert_string_equal(language_plural(fr, "%s network", "%s networks", 1), "%s réseau");
	assert_string_equal(language_plural(fr, "%s network", "%s networks", 2), "%s réseaux");
	assert_string_equal(language_plural(fr, "no such", "no such messages", 1), "no such");
	assert_string_equal(language_plural(fr, "no such", "no such messages", 2), "no such messages");
}

/* Cut short or with any byte changed: some answer, and nothing read beyond. */
static void damaged(void **state)
{
	size_t size = catalogue_fr_size;
	unsigned char *copy;

	(void)state;
	assert_non_null(language_look_up(catalogue_fr, size, "North Korea"));
	for (size_t cut = 0; cut < 2000; cut += 7) {
		copy = malloc(cut + 1);
		assert_non_null(copy);
		for (size_t i = 0; i < cut; i++)
			copy[i] = catalogue_fr[i];
		language_look_up(copy, cut, "North Korea");
		free(copy);
	}
	copy = malloc(size);
	assert_non_null(copy);
	for (size_t i = 0; i < size; i++)
		copy[i] = catalogue_fr[i];
	copy[0] ^= 1;
	assert_null(language_look_up(copy, size, "North Korea"));
	copy[0] ^= 1;
	for (size_t at = 4; at < 6000; at++) {
		copy[at] ^= 0xff;
		language_look_up(copy, size, "North Korea");
		copy[at] ^= 0xff;
	}
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(locale),
		cmocka_unit_test(texts),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
