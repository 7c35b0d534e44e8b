/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as an assertion. What is taken has a canonical form, which is taken too and is its own; what is refused is
 * refused at a place inside the text or at its end.
 */
#define _GNU_SOURCE
#include <string.h>

#include "dossier/assertion.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { (const char *)data, size };
	struct assertion_mistake mistake = { 0, 0 };
	struct buf once = { 0 }, twice = { 0 };
	struct assertion assertion;
	struct arena arena = { 0 };
	struct err err = { 0 };

	if (assertion_parse(text, &arena, &assertion, &mistake, &err)) {
		must(err.text[0] != '\0');
		must(mistake.at <= size);
	} else {
		assertion_format(&assertion, &once);
		must(assertion_parse((struct view){ once.data, once.len }, &arena, &assertion, NULL, &err) == 0);
		assertion_format(&assertion, &twice);
		must(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	}
	buf_free(&once);
	buf_free(&twice);
	arena_free(&arena);
	return 0;
}
