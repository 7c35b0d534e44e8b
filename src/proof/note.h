/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signed notes, as C2SP has them (c2sp.org/signed-note): a text, an empty line, and a line for each
 * signature. Here with Ed25519 only (RFC 8032); signatures of other kinds are passed over.
 *
 * A public key travels as one line, "name+hash+base64". Its id, the first four bytes of a hash over
 * name and key, tells in a signature line which key it is of.
 */
#ifndef CONSTAT_PROOF_NOTE_H
#define CONSTAT_PROOF_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define NOTE_NAME_MAX		120u
#define NOTE_SIGNATURES_MAX	64u
#define ED25519_KEY_SIZE	32u
#define ED25519_SIGNATURE_SIZE	64u

struct note_key {
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[4];
	uint8_t bytes[ED25519_KEY_SIZE];
};

struct note_signature {
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[4];
	bool ed25519;			/* has the size of one */
	uint8_t bytes[ED25519_SIGNATURE_SIZE];
};

struct note {
	struct view text;		/* what is signed; borrowed */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	uint32_t count;
};

/*
 * Not empty, no "+", no blanks, nothing that steers a terminal; at most NOTE_NAME_MAX bytes of
 * ASCII.
 */
bool note_name_is_good(struct view name);
int note_key_make(const char *name, const uint8_t bytes[ED25519_KEY_SIZE], struct note_key *ret_key,
		  struct err *err);
/* One line; blanks around it are passed over. ERR_FORMAT. */
int note_key_parse(struct view line, struct note_key *ret_key, struct err *err);
void note_key_format(struct buf *buf, const struct note_key *key);
/* "name+hash": how a key is called. */
void note_key_name(struct buf *buf, const char *name, const uint8_t id[4]);
bool note_key_is(const struct note_key *key, const struct note_signature *signature);

int note_parse(struct view bytes, struct note *ret_note, struct err *err);
int note_verify(const struct note *note, const struct note_signature *signature,
		const struct note_key *key, bool *ret_holds, struct err *err);
/* A signature's line, with its "\n". */
void note_signature_format(struct buf *buf, const struct note_key *key,
			   const uint8_t signature[ED25519_SIGNATURE_SIZE]);

#endif
