/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the marks in a bzip2 file and cuts it into pieces, each from one mark to the next. Private
 * to feed/.
 *
 * A mark may be false: the same 48 bits within a block. Who decodes finds that the block goes on.
 */
#ifndef CONSTAT_FEED_BZIP2_SCAN_H
#define CONSTAT_FEED_BZIP2_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "feed/bzip2_block.h"
#include "feed/stored.h"

/* No block is longer: 900,000 symbols of 20 bits, selectors and tables, and some more. */
#define BZIP2_STORED_MAX	((size_t)3 << 20)

struct bzip2_scan;

struct bzip2_piece {
	uint8_t *bytes;		/* from the byte the mark begins in; BZIP2_SLACK more can be read */
	size_t len, room;
	uint64_t at;		/* bit of the mark in the file */
	uint64_t bits;		/* up to the next mark, or the file's end */
	bool block;		/* of a block; else of the stream's end */
	bool last;		/* no mark follows */
	bool cropped;		/* longer than any block: the rest is left away */
	unsigned level;		/* of the stream's header right before the mark; else 0 */
};

int bzip2_scan_new(struct stored *stored, struct bzip2_scan **ret_scan, struct err *err);
void bzip2_scan_free(struct bzip2_scan *scan);	/* takes NULL */
/* Fills the piece, whose memory is used again. *ret_more is false when there is none any more. */
int bzip2_scan_next(struct bzip2_scan *scan, struct bzip2_piece *piece, bool *ret_more,
		    struct err *err);

/* Appends `more`, which follows it in the file. */
int bzip2_piece_join(struct bzip2_piece *piece, const struct bzip2_piece *more, struct err *err);
/* Up to 64 bits of the piece, from bit `at` counted from its mark. */
uint64_t bzip2_piece_bits(const struct bzip2_piece *piece, uint64_t at, unsigned count);

#endif
