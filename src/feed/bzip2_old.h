/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks that bzip2_block.c leaves to libbz2: randomised ones, as bzip2 wrote before 1998 where
 * sorting took too long. Private to feed/.
 */
#ifndef CONSTAT_FEED_BZIP2_OLD_H
#define CONSTAT_FEED_BZIP2_OLD_H

#include <stddef.h>
#include <stdint.h>

#include "feed/bzip2_block.h"
#include "feed/bzip2_scan.h"

/*
 * The piece as one whole block. *ret_bytes, returned owned, are its expanded bytes; BZIP2_WHOLE, or
 * BZIP2_DAMAGED.
 */
enum bzip2_result bzip2_old_decode(const struct bzip2_piece *piece, unsigned level,
				   uint8_t **ret_bytes, size_t *ret_len);

#endif
