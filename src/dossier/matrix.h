/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Analysis of Competing Hypotheses (R. J. Heuer, Psychology of Intelligence Analysis, chapter 8):
 * items of evidence against hypotheses. What counts is what speaks against a hypothesis, not what
 * agrees with it, for most evidence agrees with several. docs/dossier.md says how scores and
 * weights are made.
 *
 * Scores are in thousandths. The matrix is plain data in the arena given.
 */
#ifndef CONSTAT_DOSSIER_MATRIX_H
#define CONSTAT_DOSSIER_MATRIX_H

#include "dossier/dossier.h"

/* It is scored as often as it has items: beyond these that would not end. */
#define MATRIX_ITEMS_MAX 4096u
#define MATRIX_CELLS_MAX 262144u

struct matrix_item {
	uint32_t evidence;
	const char *label;		/* "claim 12", "verdict 3", "fact 7" */
	const char *text;		/* the quote, the verdict, the fact */
	const char *origin;		/* where it comes from: items of one origin fall together */
	/* "high", "medium", "low"; credibility as given, or by the scales */
	const char *credibility, *relevance;
	uint32_t weight;		/* thousandths */
	/* 0 (says the same of every hypothesis) to 4; of those it is rated for */
	uint32_t diagnosticity;
	bool flips;			/* without it other hypotheses lead */
	const char *without;		/* those, where it flips */
};

struct matrix_cell {
	const char *item;		/* its label */
	const char *rating;		/* "" : not rated */
};

struct matrix_row {
	uint32_t hypothesis;
	const char *name, *text;
	uint32_t score;			/* inconsistency, weighted, thousandths */
	uint32_t against, for_;		/* items that speak against it, that agree with it */
	uint32_t unrated;
	bool leads;			/* none has a lower score */
	struct matrix_cell *cells;	/* in the order of items */
	uint32_t cell_count;
};

struct matrix_origin {
	const char *origin;
	uint32_t items;
	bool flips;
	const char *without;
};

struct matrix {
	struct matrix_row *rows;	/* least inconsistent first */
	uint32_t row_count;
	struct matrix_item *items;	/* as added */
	uint32_t item_count;
	struct matrix_origin *origins;
	uint32_t origin_count;
	const char *leading;		/* names of the rows that lead */
};

extern const struct schema matrix_schema, matrix_row_schema, matrix_item_schema,
	matrix_origin_schema;

int matrix_make(struct dossier *dossier, struct arena *arena, struct matrix *ret_matrix,
		struct err *err);

/*
 * What an item is called on the command line: "claim:12", "verdict:3", "fact:FINDING:OUTAGE:CODE"
 * (one that a report's causes have). Texts of *ret_evidence are in the arena; it is not written.
 */
int evidence_parse(struct dossier *dossier, const char *text, struct arena *arena,
		   struct dossier_evidence *ret_evidence, struct err *err);
/* Rates an item for a hypothesis, adding the item where it is new. Weights that are NULL stay. */
int rating_set(struct dossier *dossier, const char *hypothesis, struct dossier_evidence *evidence,
	       const char *rating, const char *note, const char *relevance, const char *credibility,
	       struct err *err);
/* By its name or number. */
int hypothesis_resolve(struct dossier *dossier, const char *text, struct arena *arena,
		       struct dossier_hypothesis *ret_hypothesis, struct err *err);

#endif
