/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for quoting: UTF-8 that is counted in Unicode code points, as the W3C's TextPositionSelector
 * counts (Web Annotation Data Model, section 4.2.5), and the search for a quote in it.
 *
 * What people type and what is printed differ: a quote is found although it has ' for ’, " for “ or
 * «, a blank for a no-break space or a line's end, and no blank where French printing puts one
 * inside « ». What is kept is what stands in the source.
 */
#ifndef CONSTAT_DOSSIER_TEXT_H
#define CONSTAT_DOSSIER_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"

struct text {
	struct view utf8;	/* borrowed */
	uint32_t *points;
	uint32_t *offsets;	/* byte at which each begins; one more for the end */
	uint32_t count;
};

/* No longer text is taken: points are numbered in 32 bits, and a source is a page. */
#define TEXT_MAX ((size_t)64 << 20)

/* ERR_FORMAT "not UTF-8 at byte 12" (over-long forms, surrogates and NUL are not). */
int text_decode(struct view utf8, struct arena *arena, struct text *ret_text, struct err *err);
/* The characters from start to end as bytes. */
struct view text_part(const struct text *text, uint32_t start, uint32_t end);
struct text_place {
	uint32_t start, end;	/* characters; end not included */
};

/*
 * Where `quote` stands in `text`, rising, overlapping ones too; *ret_places is in the arena. An
 * empty quote stands nowhere.
 */
int text_find(const struct text *text, const struct text *quote, struct arena *arena,
	      struct text_place **ret_places, uint32_t *ret_count, struct err *err);
/* What a character is compared as. */
uint32_t text_fold(uint32_t point);

#endif
