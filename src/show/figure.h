/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the page's files share: the page in hand, its figures, and the time axis that they have in
 * common. Private to show/page*.c and show/figure*.c.
 */
#ifndef CONSTAT_SHOW_FIGURE_H
#define CONSTAT_SHOW_FIGURE_H

#include "show/html.h"
#include "show/page.h"
#include "show/words.h"

struct page {
	const struct finding *finding;		/* NULL on a dossier's page */
	const struct dossier_page *dossier;	/* show/page_dossier.h; NULL on a finding's */
	/* never NULL: an empty one where the finding has none */
	const struct finding_report *report;
	struct words words;
	struct buf *out;
	int64_t from, until;		/* what figures show */
	bool alone;			/* a figure in a file of its own */
};

/* A figure; functions get the page. Where `applies` says no it is left out. */
struct figure {
	const char *name;		/* a file's stem, and part of ids */
	const char *family;		/* "IPv4", "IPv6"; NULL: of both */
	bool (*applies)(const struct page *page, const struct figure *figure);
	const char *(*title)(struct page *page, const struct figure *figure);
	/*
	 * What it shows, in sentences: for those who cannot see it, and below it for those who can.
	 */
	const char *(*about)(struct page *page, const struct figure *figure);
	int (*height)(const struct page *page, const struct figure *figure);	/* in units */
	void (*draw)(struct page *page, const struct figure *figure);
	void (*table)(struct page *page, const struct figure *figure);
};

extern const struct figure figure_signal4, figure_signal6, figure_bounds, figure_networks,
	figure_vantages, figure_upstreams, figure_instability, figure_timeline;

#define FIGURE_WIDTH 960
/* Rows that a figure of rows has at most. */
#define FIGURE_ROWS 60u
/* Rows of a table behind a figure. */
#define TABLE_ROWS 250u

/* The figure alone, from <svg> to </svg>. */
void figure_draw(struct page *page, const struct figure *figure);

/* Time from left to right; lengths in tenths of a unit. */
struct axis {
	int64_t from, until;
	int left, right;
};

int axis_at(const struct axis *axis, int64_t time);	/* kept within */
/* Rules from top to bottom at round times, with their labels below. */
void axis_draw(struct page *page, const struct axis *axis, int top, int bottom);

/*
 * A row over time, a column for each unit of width. Each column shows the gravest of what falls
 * into it, so that an outage of a second does not vanish.
 */
enum row_state {
	ROW_NONE,			/* 0: dark, holds nothing */
	ROW_1, ROW_2, ROW_3, ROW_4, ROW_FULL,	/* under 25 %, 50 %, 75 %, 95 %; at least 95 % */
	ROW_BLIND_HOLDING,		/* known to hold something, but counts for nothing */
	ROW_BLIND,			/* not measurable, blind */
	ROW_EMPTY,			/* outside the data */
	ROW_STATES,
};

struct row {
	const struct axis *axis;
	uint8_t columns[FIGURE_WIDTH];
};

enum row_state row_share(uint64_t part, uint64_t whole);
void row_begin(struct row *row, const struct axis *axis);
void row_paint(struct row *row, int64_t from, int64_t until, enum row_state state);
/* At `y`, `height` high. */
void row_draw(const struct row *row, int y, int height, struct buf *out);

/* Swatches with their meaning, in a line. `y` is the text's base line. */
struct legend {
	struct page *page;
	int x, y;
};

void legend_add(struct legend *legend, const char *class_name, const char *text);

/* The family's coverage at a time: step index for walks; see figure_networks.c. */
bool is_family(const char *family, const char *of);

/*
 * The `shown` heaviest of `count`, their indexes rising; NULL when out of memory. The caller frees
 * it.
 */
uint32_t *pick_heaviest(uint32_t count, uint32_t shown,
			uint64_t (*weight)(const void *context, uint32_t i), const void *context);

/* "The first 250 of 1,749 are shown." where a list was cut. */
void page_cut(struct page *page, uint32_t shown, uint32_t count);

#endif
