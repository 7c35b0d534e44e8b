/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times as sources give them: 2014, 2014-12, 2014-12-23, 2014-12-23T15:41Z are a year, a month, a
 * day, a minute. A span is from the first microsecond to the one behind the last: its width is the
 * precision. Both UTC_NEVER: not known.
 */
#ifndef CONSTAT_DOSSIER_SPAN_H
#define CONSTAT_DOSSIER_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/utc.h"
#include "base/view.h"

struct dossier_span {
	int64_t from, until;
};

#define DOSSIER_SPAN_NONE ((struct dossier_span){ UTC_NEVER, UTC_NEVER })

/*
 * As above, or any time that utc_parse() takes (a second), or A..B from the first of A to the last
 * of B.
 */
bool span_parse(struct view text, struct dossier_span *ret_span);
/* The shortest text that span_parse() reads as this; "" where it is not known. */
void span_format(struct buf *buf, struct dossier_span span);
bool span_known(struct dossier_span span);

#endif
