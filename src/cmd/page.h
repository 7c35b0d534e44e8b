/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options for a finding as a page and as figures: --html, --svg, --lang. page_check() before
 * anything is read, so that a place that cannot be written to is not found out about hours later;
 * page_write() with the finding. The keeper's.
 */
#ifndef CONSTAT_CMD_PAGE_H
#define CONSTAT_CMD_PAGE_H

#include "cmd/cmd.h"
#include "inquiry/finding.h"
#include "show/language.h"

struct page_settings {
	const char *html;		/* a file, "-" for standard output; NULL: none */
	const char *svg;		/* a folder */
	const struct language *language;	/* NULL: the locale's */
};

extern const struct option_row page_rows[];

int page_check(const struct page_settings *settings, const struct cmd_output *output,
	       struct err *err);
/* Files are written whole, or left as they were. */
int page_write(const struct page_settings *settings, const struct finding *finding,
	       struct err *err);
/*
 * For pages of other things: the setter of --lang, the language asked for, and the page to where
 * --html says.
 */
int page_set_language(void *field, const char *value, struct err *err);
const struct language *page_language(const struct page_settings *settings);
int page_put(const struct page_settings *settings, const struct buf *text, struct err *err);
/* The page takes standard output's place. */
bool page_is_output(const struct page_settings *settings);

#endif
