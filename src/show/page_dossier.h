/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a dossier's page is drawn from, and what its files share. Private to show/page_dossier*.c
 * and figure_timeline.c.
 */
#ifndef CONSTAT_SHOW_PAGE_DOSSIER_H
#define CONSTAT_SHOW_PAGE_DOSSIER_H

#include "show/dossier.h"
#include "show/page_parts.h"

/* All of it, in one arena. */
struct dossier_page {
	struct dossier_about about;
	struct dossier_source *sources;
	struct dossier_claim *claims;
	struct dossier_finding *findings;
	struct verdict_view *views;
	struct timeline_entry *entries;
	uint32_t source_count, claim_count, finding_count, view_count, entry_count;
	uint32_t left_out;		/* entries of another time, or of none that is known */
	struct matrix matrix;
};

/* "confirmed" and the others in the reader's language; what is none of them as it is. */
const char *page_verdict(struct page *page, const char *verdict);
/* "2014-12-23", as span_parse() reads it; "" where it is not known. */
const char *page_when(struct page *page, struct dossier_span when);
/* "claim 12", "verdict 3", "fact 7" in the reader's language. */
const char *page_item(struct page *page, const char *label);

bool page_has_matrix(const struct page *page);
void page_matrix(struct page *page);

#endif
