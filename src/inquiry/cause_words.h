/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts and hypotheses in sentences, as a finding carries them; and the forms they are made of, for
 * other languages.
 */
#ifndef CONSTAT_INQUIRY_CAUSE_WORDS_H
#define CONSTAT_INQUIRY_CAUSE_WORDS_H

#include "inquiry/finding.h"
#include "measure/cause.h"

struct hypothesis_words {
	const char *text;
	const char *decided_by;		/* other data that would tell */
};

const struct hypothesis_words *cause_hypothesis_words(enum hypothesis hypothesis);
/* What routing never tells. */
extern const char cause_beyond[];
/*
 * The sentence of a fact's reading, with words in braces for its numbers (cause_words.c names
 * them).
 */
const char *cause_fact_form(const char *fact, const char *reading);

/* How numbers and times are said, and in what language. */
struct cause_voice {
	void *context;
	bool (*is_one)(uint64_t number);		/* takes the singular */
	void (*number)(void *context, uint64_t number, struct buf *out);
	void (*time)(void *context, int64_t time, struct buf *out);	/* UTC_NEVER: nothing */
	void (*duration)(void *context, int64_t duration, struct buf *out);
	/* " and 12 more", behind a list */
	void (*more)(void *context, uint64_t number, struct buf *out);
	const char *(*text)(void *context, const char *text);	/* in the language */
};

/* The fact's sentence. */
void cause_fact_say(const struct cause_voice *voice, const struct finding_fact *fact,
		    struct buf *out);
/* The same as a finding carries it; NULL when out of memory. */
const char *cause_fact_text(struct finding *finding, const struct finding_fact *fact);

#endif
