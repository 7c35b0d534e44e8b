/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page out of a WARC file (ISO 28500; WARC/1.0 and 1.1), compressed or not: the payload of a
 * response or resource record, with where and when it was got. The bytes are strangers': this runs
 * in the reader process.
 *
 * What is taken is the payload: of an HTTP response its body, after the transfer's chunks and a
 * gzip encoding of the content are undone, which is what the page's server meant to give.
 */
#ifndef CONSTAT_DOSSIER_WARC_H
#define CONSTAT_DOSSIER_WARC_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct source;

struct warc_page {
	uint32_t number;	/* among the pages of the file, from 1 */
	/* texts; media with its parameters; "" where the record has none */
	struct buf url, date, media;
	struct buf payload;
};

/* Whether a file that begins so may be one: "WARC/1.", or a gzip header. */
bool warc_begins(const char *bytes, size_t len);
/*
 * Calls `page` for each record that holds a page: a response with status 200 or a resource, whose
 * media type is text. The page is valid during the call; a return that is not 0 ends the reading.
 * ERR_FORMAT names the record that is none.
 */
int warc_read(struct source *source, const char *name,
	      int (*page)(void *context, const struct warc_page *page, struct err *err),
	      void *context, struct err *err);
void warc_page_free(struct warc_page *page);

#endif
