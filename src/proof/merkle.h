/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256, and the root of a Merkle tree over lines (RFC 6962 section 2.1). Pure. */
#ifndef CONSTAT_PROOF_MERKLE_H
#define CONSTAT_PROOF_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define DIGEST_SIZE 32u

/* ERR_MEMORY where OpenSSL has none. */
int digest_sha256(const void *bytes, size_t len, uint8_t ret_digest[DIGEST_SIZE], struct err *err);

/* Of all that the descriptor still gives; its name is for messages. */
int digest_file(int fd, const char *name, uint8_t ret_digest[DIGEST_SIZE], uint64_t *ret_size,
		struct err *err);

/*
 * The tree whose leaves are the text's lines, each with its "\n"; *ret_size is how many there are.
 * The text ends in "\n" or is empty.
 */
int merkle_root(struct view text, uint64_t *ret_size, uint8_t ret_root[DIGEST_SIZE],
		struct err *err);

#endif
