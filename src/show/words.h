/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Phrases in the reader's language: numbers, times, counts of things, sentences. Plain text, in an
 * arena; whoever puts it into HTML or SVG escapes it there.
 *
 * Out of memory shows as `failed`; what is returned can be printed all the same.
 */
#ifndef CONSTAT_SHOW_WORDS_H
#define CONSTAT_SHOW_WORDS_H

#include "base/arena.h"
#include "inquiry/finding.h"
#include "show/language.h"

struct words {
	const struct language *language;
	struct arena arena;
	bool failed;
};

/* A translated format. Arguments may be taken in another order: "%2$s". */
const char *words_say(struct words *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, as it stands: for what is alike in all languages. */
const char *words_join(struct words *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The translation itself; "" stays "". */
const char *words_text(struct words *words, const char *text);
/* `form` with its "%s", where it has one, replaced: for forms out of tables, translated already. */
const char *words_fill(struct words *words, const char *form, const char *what);
/* "1 network", "1,749 networks": each form has one "%s" for the number, or leaves it out. */
const char *words_count(struct words *words, uint64_t count, const char *one, const char *many);
const char *words_number(struct words *words, uint64_t value);
const char *words_share(struct words *words, uint32_t ppm);	/* 31.04 % */
const char *words_percent(struct words *words, uint32_t ppm);	/* 31 %, for labels */
const char *words_duration(struct words *words, int64_t duration);	/* 9 h 31 min */
const char *words_bytes(struct words *words, uint64_t bytes);	/* 4.4 MB */
/* For tables: 2014-12-22 16:15:02, in any language; "" for UTC_NEVER. */
const char *words_time(struct words *words, int64_t time);
const char *words_clock(struct words *words, int64_t time);	/* 16:15:02 */
/* For sentences: 22 December 2014 at 16:15:02 */
const char *words_moment(struct words *words, int64_t time);
const char *words_date(struct words *words, int64_t time);	/* 22 December 2014 */
const char *words_day(struct words *words, int64_t time);	/* 22 Dec */
/* "from 16:15:00 to 16:15:05 UTC on 22 December 2014", or with both dates. */
const char *words_span(struct words *words, int64_t from, int64_t until);
/* −2 s, +3 s: how far the bounds are from `at`; "" where there are none. */
const char *words_margin(struct words *words, const struct finding_bound *bound);

#endif
