/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive of a proof: POSIX ustar (IEEE 1003.1, pax), in the one form that docs/proof.md gives
 * to the byte, so that equal contents are equal archives.
 *
 * Writing: tar_add() for each member in rising order of name, then tar_end(). Reading is strict: a
 * header that tar_add() would not have written is refused with what is wrong about it: another type
 * than a plain file, a name that leads elsewhere, members out of order or twice, padding that is
 * not zero, bytes behind the end.
 */
#ifndef CONSTAT_PROOF_TAR_H
#define CONSTAT_PROOF_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define TAR_BLOCK	512u
#define TAR_NAME_MAX	99u
#define TAR_MEMBERS_MAX	100000u

struct tar_member {
	char name[TAR_NAME_MAX + 1];
	const uint8_t *bytes;		/* borrowed from the archive */
	size_t len;
};

void tar_add(struct buf *out, const char *name, const void *bytes, size_t len);
void tar_end(struct buf *out);

/* The members, in order, the caller's to free(). ERR_FORMAT says what is wrong. */
int tar_read(const uint8_t *bytes, size_t len, struct tar_member **ret_members, uint32_t *ret_count,
	     struct err *err);

#endif
