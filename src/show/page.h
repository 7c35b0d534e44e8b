/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A finding for people who would rather look than read: one HTML page that needs nothing from
 * outside, and its figures as SVG. For reports (question.kind "report"). Nothing is measured here:
 * all is drawn from the finding, so that text, JSON and page say the same. docs/page.md says what
 * was decided, and why.
 */
#ifndef CONSTAT_SHOW_PAGE_H
#define CONSTAT_SHOW_PAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "inquiry/finding.h"
#include "show/language.h"

int show_page(const struct finding *finding, const struct language *language, struct buf *out,
	      struct err *err);

/*
 * The figures, numbered from 0: the stem of a file name, and the figure as a file; out stays empty
 * where there is nothing to draw.
 */
unsigned show_figure_count(void);
const char *show_figure_name(unsigned figure);
int show_figure(const struct finding *finding, const struct language *language, unsigned figure,
		struct buf *out, struct err *err);

#endif
