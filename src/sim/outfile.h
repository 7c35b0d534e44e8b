/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One recording file on its way out: raw records in, compressed bytes to a file that appears whole.
 *
 * outfile_open(), append to outfile_buf() and call outfile_flush() now and then, outfile_close().
 * One thread at a time.
 */
#ifndef CONSTAT_SIM_OUTFILE_H
#define CONSTAT_SIM_OUTFILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "sim/plan.h"

struct outfile;

/*
 * Makes the folders on the way. `keep`: parts per million of the compressed file that are kept; all
 * of it is 1,000,000.
 */
int outfile_open(const char *path, enum packing packing, uint32_t keep, struct outfile **ret_file,
		 struct err *err);
struct buf *outfile_buf(struct outfile *file);
/* Compresses what the buffer holds, when that is much. */
int outfile_flush(struct outfile *file, struct err *err);
/* Frees it either way. */
int outfile_close(struct outfile *file, uint64_t *ret_bytes, struct err *err);
void outfile_abandon(struct outfile *file);

/* mkdir -p of all but the last part of a path. */
int outfile_make_folders(const char *path, struct err *err);

#endif
