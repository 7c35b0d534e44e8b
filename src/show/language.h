/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader's language: messages, plurals, and how numbers and dates are written.
 *
 * Messages are gettext's: English in the source is the key, po/<code>.po holds the translation,
 * msgfmt compiles it. The compiled catalogues are part of the program and looked up here, not by
 * libintl: the same finding then gives the same page wherever it is made, with whatever locales
 * installed (a server has none), from a build folder too, and in any thread. docs/page.md says
 * more.
 *
 * What xgettext is to find is written N_("…") in tables, or given to language_text() or a function
 * of show/words.h.
 */
#ifndef CONSTAT_SHOW_LANGUAGE_H
#define CONSTAT_SHOW_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

#define N_(text) text

struct language {
	const char *code;		/* BCP 47, for lang="…" */
	const char *thousands, *decimal;	/* 154,012 and 31.04 */
	const char *first_day;		/* how the first of a month is written */
	bool (*is_one)(uint64_t count);	/* takes the singular */
	const unsigned char *catalogue;	/* a .mo file; NULL: the source's own language */
	const size_t *catalogue_size;
};

/* "fr", "fr_CH.UTF-8", "fr-CA"; "C" and "POSIX" are English. NULL: not spoken here. */
const struct language *language_find(struct view name);
/*
 * The first of LANGUAGE's list, or else LC_ALL, LC_MESSAGES, LANG (each may be NULL) that is
 * spoken; English when none is.
 */
const struct language *language_of_locale(const char *language, const char *lc_all,
					  const char *lc_messages, const char *lang);

/* `text` itself where there is no translation. */
const char *language_text(const struct language *language, const char *text)
	__attribute__((format_arg(2)));
const char *language_plural(const struct language *language, const char *one, const char *many,
			    uint64_t count);

/* The text of a compiled catalogue; NULL where it has none or is not one. For tests too. */
const char *language_look_up(const unsigned char *catalogue, size_t size, const char *text);

#endif
