/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys: Ed25519, on disk as PKCS#8 PEM (RFC 5958, RFC 7468), which `openssl` reads, with
 * the key's name in a line before it. Mode 0600; a file that others may read is refused. With a
 * passphrase the PEM is encrypted.
 *
 * The keeper's alone: a private key never comes near the process that reads what strangers wrote.
 */
#ifndef CONSTAT_PROOF_KEY_H
#define CONSTAT_PROOF_KEY_H

#include "proof/note.h"

struct signing_key;

int signing_key_make(const char *name, struct signing_key **ret_key, struct err *err);
/* `passphrase` NULL: not encrypted. A file that is there is never replaced. */
int signing_key_write(const struct signing_key *key, const char *path, const char *passphrase,
		      struct err *err);
/* `passphrase` NULL: an encrypted one is asked for on the terminal. */
int signing_key_read(const char *path, const char *passphrase, struct signing_key **ret_key,
		     struct err *err);
void signing_key_free(struct signing_key *key);	/* takes NULL */

const struct note_key *signing_key_public(const struct signing_key *key);
/* Adds the signature's line over `text` (RFC 8032: the same text gives the same line). */
int signing_key_sign(const struct signing_key *key, struct view text, struct buf *out,
		     struct err *err);

#endif
