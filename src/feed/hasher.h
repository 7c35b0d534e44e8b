/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 on a thread of its own, so that hashing costs no time where inflating is what everybody
 * waits for. Private to feed/.
 *
 * Bytes are borrowed: hasher_give() returns a ticket, and the bytes must stay until hasher_wait()
 * of it has returned. One thread gives.
 */
#ifndef CONSTAT_FEED_HASHER_H
#define CONSTAT_FEED_HASHER_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct hasher;

/* Goes on with `context`, which the caller keeps and leaves alone until hasher_free(). */
int hasher_new(EVP_MD_CTX *context, struct hasher **ret_hasher, struct err *err);
uint64_t hasher_give(struct hasher *hasher, const void *bytes, size_t len);
void hasher_wait(struct hasher *hasher, uint64_t ticket);
/* After all that was given is hashed; false where OpenSSL failed. Takes NULL (true). */
bool hasher_free(struct hasher *hasher);

#endif
