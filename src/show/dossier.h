/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of a dossier for people and for programs. Quotes are shown as they are but for control
 * characters, which could steer a terminal and become blanks.
 */
#ifndef CONSTAT_SHOW_DOSSIER_H
#define CONSTAT_SHOW_DOSSIER_H

#include "dossier/dossier.h"
#include "dossier/matrix.h"
#include "dossier/timeline.h"
#include "dossier/verdicts.h"
#include "show/finding.h"
#include "show/grid.h"
#include "show/language.h"

/* A list of objects, one a line. */
int show_rows_json(const struct schema *schema, const void *items, uint32_t count, struct buf *out,
		   struct err *err);

/* Tables; what they need from other tables is looked up. */
int show_sources(struct dossier *dossier, const struct dossier_source *sources, uint32_t count,
		 const struct show_style *style, struct buf *out, struct err *err);
int show_claims(struct dossier *dossier, const struct dossier_claim *claims, uint32_t count,
		const struct show_style *style, struct buf *out, struct err *err);
/* One of them, with all that hangs on it. */
int show_source(struct dossier *dossier, const struct dossier_source *source,
		const struct show_style *style, struct buf *out, struct err *err);
int show_claim(struct dossier *dossier, const struct dossier_claim *claim,
	       const struct show_style *style, struct buf *out, struct err *err);
/* Each with its quote, and how many of each sort at the end. */
int show_verdicts(const struct verdict_view *views, uint32_t count, const struct show_style *style,
		  struct buf *out, struct err *err);
/* The whole matrix; its rows alone; ratings as CSV, hypotheses in rows. */
int show_matrix(const struct matrix *matrix, const struct show_style *style, struct buf *out,
		struct err *err);
int show_scores(const struct matrix *matrix, const struct show_style *style, struct buf *out,
		struct err *err);
int show_matrix_csv(const struct matrix *matrix, struct buf *out, struct err *err);
/* On one strip of time, from the beginning of the period to its end; unknown: of all entries. */
int show_timeline(const struct timeline_entry *entries, uint32_t count, uint32_t left_out,
		  struct dossier_span period, const struct show_style *style, struct buf *out,
		  struct err *err);
/* All of it as a page (show/page.h), its figure within the period; unknown: of all entries. */
int show_dossier_page(struct dossier *dossier, struct dossier_span period,
		      const struct language *language, struct buf *out, struct err *err);
/* Title, and how much is in it. */
int show_dossier(struct dossier *dossier, const struct show_style *style, struct buf *out,
		 struct err *err);

/* "label      text", wrapped, nothing where the text is empty. */
void show_labelled(struct buf *out, const char *label, const char *text);

#endif
