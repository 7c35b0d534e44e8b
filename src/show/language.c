/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A .mo file, as GNU gettext's manual describes it: a magic number, revision, how many messages,
 * where the table of originals and that of translations are; each row is a length and an offset;
 * originals are sorted, so a binary search finds them. A plural's original is "one\0many", its
 * translation one text per form: both our languages have two forms, and differ in what is one.
 */
#include "show/language.h"

#include <endian.h>
#include <string.h>

#include "show/catalogues.h"

#define MO_MAGIC 0x950412deu

static bool one_english(uint64_t count)
{
	return count == 1;
}

static bool one_french(uint64_t count)
{
	return count < 2;
}

/* English first: who is not understood gets that. Narrow no-break spaces part French thousands. */
static const struct language languages[] = {
	{ "en", ",", ".", "1", one_english, NULL, NULL },
	{ "fr", "\u202f", ",", "1er", one_french, catalogue_fr, &catalogue_fr_size },
};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

const struct language *language_find(struct view name)
{
	struct view code = name;

	for (size_t i = 0; i < name.len; i++) {
		if (strchr("_-.@", name.ptr[i])) {
			code.len = i;
			break;
		}
	}
	if (view_equal(code, VIEW("C")) || view_equal(code, VIEW("POSIX")))
		return &languages[0];
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (view_equal_nocase(code, view_of(languages[i].code)))
			return &languages[i];
	}
	return NULL;
}

const struct language *language_of_locale(const char *language, const char *lc_all,
					  const char *lc_messages, const char *lang)
{
	const char *locale = lc_all && *lc_all		   ? lc_all
			     : lc_messages && *lc_messages ? lc_messages
							   : lang;
	struct view list = view_of(language ? language : ""), name;
	const struct language *found;

	/* As gettext has it: LANGUAGE is not for those who asked for C. */
	if (!locale || !*locale || view_equal(view_of(locale), VIEW("C")) ||
	    view_equal(view_of(locale), VIEW("POSIX")))
		return &languages[0];
	while (view_split(&list, ':', &name)) {
		found = language_find(name);
		if (name.len && found)
			return found;
	}
	found = language_find(view_of(locale));
	return found ? found : &languages[0];
}

static uint32_t word_at(const unsigned char *catalogue, size_t offset)
{
	uint32_t word;

	memcpy(&word, catalogue + offset, sizeof(word));
	return le32toh(word);
}

/* Row `i` of a table; NULL where it lies outside, or is not terminated. */
static const char *row_text(const unsigned char *catalogue, size_t size, uint32_t table, uint32_t i)
{
	uint32_t length = word_at(catalogue, table + 8 * (size_t)i);
	uint32_t offset = word_at(catalogue, table + 8 * (size_t)i + 4);

	if (offset >= size || length >= size - offset || catalogue[offset + length])
		return NULL;
	return (const char *)catalogue + offset;
}

const char *language_look_up(const unsigned char *catalogue, size_t size, const char *text)
{
	uint32_t low = 0, high, originals, translations;

	if (size < 28 || word_at(catalogue, 0) != MO_MAGIC)
		return NULL;
	high = word_at(catalogue, 8);
	originals = word_at(catalogue, 12);
	translations = word_at(catalogue, 16);
	if (high > size / 8 || originals > size - 8 * (size_t)high ||
	    translations > size - 8 * (size_t)high)
		return NULL;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const char *original = row_text(catalogue, size, originals, middle);
		int order = original ? strcmp(text, original) : 0;

		if (!original)
			return NULL;
		if (order == 0)
			return row_text(catalogue, size, translations, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *language_text(const struct language *language, const char *text)
{
	const char *found = NULL;

	/* The empty key holds the catalogue's own heading. */
	if (language->catalogue && *text)
		found = language_look_up(language->catalogue, *language->catalogue_size, text);
	return found && *found ? found : text;
}

const char *language_plural(const struct language *language, const char *one, const char *many,
			    uint64_t count)
{
	bool is_one = language->is_one(count);
	const char *found = NULL;

	/* Keys compare by what stands before their first NUL. */
	if (language->catalogue)
		found = language_look_up(language->catalogue, *language->catalogue_size, one);
	if (!found || !*found)
		return count == 1 ? one : many;
	return is_one ? found : found + strlen(found) + 1;
}
