/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bzip2 file, all its streams, decompressed by blocks. Private to feed/; source.c drives it.
 *
 * Every block begins with a mark of 48 bits, at any bit; so blocks are found without being decoded,
 * and decoded at the same time, and after damage there is a place to go on at. What is given is the
 * same for any number of threads.
 */
#ifndef CONSTAT_FEED_BZIP2_PARALLEL_H
#define CONSTAT_FEED_BZIP2_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "feed/stored.h"
#include "wire/fault.h"

struct bzip2;

/*
 * `stored`, which is borrowed and shows the file's first stream, is the engine's to read from then
 * on.
 */
int bzip2_new(struct stored *stored, unsigned threads, struct bzip2 **ret_bzip2, struct err *err);
void bzip2_free(struct bzip2 *bzip2);	/* takes NULL */

/* As source_read(). A block is given when it is known to be whole, never in part. */
int bzip2_read(struct bzip2 *bzip2, void *bytes, size_t room, size_t *ret_len,
	       enum fault_kind *ret_fault, struct err *err);
bool bzip2_can_go_on(const struct bzip2 *bzip2);
uint32_t bzip2_streams(const struct bzip2 *bzip2);
/* Stored bytes that what was given so far took, however far ahead the file is being read. */
uint64_t bzip2_taken(const struct bzip2 *bzip2);

#endif
