/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections of the page, each in its file; called by page.c in order; and its frame, for other
 * pages. Private to show/page*.c.
 */
#ifndef CONSTAT_SHOW_PAGE_PARTS_H
#define CONSTAT_SHOW_PAGE_PARTS_H

#include "show/figure.h"

/* A section, for the list of contents too. */
struct page_part {
	const char *id, *heading;	/* the heading is translated when it is put */
	bool (*applies)(const struct page *page);
	void (*put)(struct page *page);
};

/* A page is page_head(), page_body(), what is to stand in its footer, page_foot(), page_end(). */
void page_head(struct page *page, const char *title, const char *program);
/* `skip`: what the link over all that comes before the sections is called. */
void page_body(struct page *page, const char *skip, void (*headline)(struct page *page),
	       const struct page_part *parts_of, size_t count);
void page_foot(struct page *page);
int page_end(struct page *page, struct err *err);	/* frees the words, not the buffer */

/* The figure with its caption and the table behind it; nothing where it does not apply. */
void page_figure(struct page *page, const struct figure *figure);

/* What stands behind `summary` until it is asked for. */
void page_fold(struct page *page, const char *summary);
void page_fold_end(struct page *page);

void page_headline(struct page *page);		/* the sentence, and what else stands on top */
void page_outages(struct page *page);
void page_networks(struct page *page);
void page_instabilities(struct page *page);
void page_stuck(struct page *page);
void page_causes(struct page *page);		/* where there are any */
void page_connection(struct page *page);	/* where the finding has one */
void page_coverage(struct page *page);
void page_method(struct page *page);
void page_inputs(struct page *page);

/* "total" in the reader's language */
const char *page_level(struct page *page, const char *level);
/*
 * "KP North Korea", "AS4837 CHINA169-BACKBONE", "175.45.176.0/22": its name, and what stands beside
 * it ("" where there is nothing).
 */
const char *page_place_name(struct page *page);
const char *page_place_code(struct page *page);

#endif
