/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts and hypotheses in sentences, as a finding carries them; and the forms they are made of, for other languages. */
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
/* The sentence of a fact's reading, with words in braces for its numbers (cause_words.c names them). */
const char *cause_fact_form(const char *fact, const char *reading);
/* The fact's sentence, its numbers put in; NULL when out of memory. */
const char *cause_fact_text(struct finding *finding, const struct finding_fact *fact);

#endif
