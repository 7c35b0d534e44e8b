/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From archived bytes to the text that is quoted, by a named extractor. The bytes are strangers':
 * this runs in the reader process.
 *
 * plain-text-1   the bytes as characters, nothing taken away but a byte order mark
 * html-1 what libxml2's HTML parser finds in title and body, without scripts, styles and the like;
 *                runs of ASCII blanks are one blank, none at a line's ends; elements that stand for
 *                themselves begin a line, <br> ends one; <pre> keeps its lines
 *
 * What an extractor gives for some bytes never changes: a better one gets another name.
 */
#ifndef CONSTAT_DOSSIER_EXTRACT_H
#define CONSTAT_DOSSIER_EXTRACT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define EXTRACT_PLAIN	"plain-text-1"
#define EXTRACT_HTML	"html-1"

struct extract_hints {
	/* "text/plain", "text/html", with parameters; NULL: told by the bytes */
	const char *media;
	const char *charset;	/* NULL: told by the bytes */
	const char *name;	/* for its ending and for messages */
};

struct extracted {
	const char *extractor, *media, *charset;	/* constants */
	struct buf text;				/* the caller's to free */
};

/* ERR_FORMAT for what is no text, or in no character set that is known here. */
int extract_text(struct view bytes, const struct extract_hints *hints,
		 struct extracted *ret_extracted, struct err *err);

/* extract_html.c: UTF-8 in, text out. */
int extract_html(struct view utf8, struct buf *out, struct err *err);

#endif
