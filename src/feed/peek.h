/* SPDX-License-Identifier: BSD-2-Clause */
/* A look at an input's first record, to know when in the stream it begins. Private to feed/. */
#ifndef CONSTAT_FEED_PEEK_H
#define CONSTAT_FEED_PEEK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct source;

struct peek {
	int64_t time;	/* UTC_NEVER: no record is in it */
	bool rib;	/* the first record is of a RIB */
};

/* Whether the record at `bytes` (a header at least) is of a RIB. */
bool peek_is_rib(const uint8_t *bytes);
/* Reads as much of the source as it takes. */
int peek_source(struct source *source, uint32_t record_max, struct peek *ret_peek, struct err *err);

#endif
