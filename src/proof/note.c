/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64 is read strictly: what is decoded must encode to the same letters, so that no bit of a
 * line is free.
 */
#include "proof/note.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "proof/merkle.h"
#include "proof/openssl.h"

#define ALGORITHM_ED25519	1u
/* U+2014 and a blank: how a signature's line begins. */
#define DASH			"\xe2\x80\x94 "
#define BASE64_MAX		1024u

bool note_name_is_good(struct view name)
{
	if (name.len == 0 || name.len > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == '+')
			return false;
	}
	return true;
}

static void base64_put(struct buf *buf, const uint8_t *bytes, size_t len)
{
	unsigned char text[2 * BASE64_MAX];
	int written = EVP_EncodeBlock(text, bytes, (int)len);

	buf_add(buf, text, (size_t)written);
}

/* How many bytes; 0 for what is no base64 in its one form. */
static size_t base64_take(struct view text, uint8_t bytes[BASE64_MAX])
{
	unsigned char again[2 * BASE64_MAX];
	int len;

	if (text.len == 0 || text.len % 4 || text.len > BASE64_MAX)
		return 0;
	len = EVP_DecodeBlock(bytes, (const unsigned char *)text.ptr, (int)text.len);
	if (len < 3)
		return 0;
	len -= (text.ptr[text.len - 1] == '=') + (text.ptr[text.len - 2] == '=');
	if ((size_t)EVP_EncodeBlock(again, bytes, len) != text.len ||
	    memcmp(again, text.ptr, text.len) != 0)
		return 0;
	return (size_t)len;
}

int note_key_make(const char *name, const uint8_t bytes[ED25519_KEY_SIZE], struct note_key *ret_key,
		  struct err *err)
{
	struct note_key key = { .name = "" };
	uint8_t hashed[NOTE_NAME_MAX + 2 + ED25519_KEY_SIZE], digest[DIGEST_SIZE];
	size_t len = strlen(name);
	int code;

	if (!note_name_is_good(view_of(name)))
		return err_set(err, ERR_USAGE,
			       "\"%.60s\" is no name for a key: 1 to %u letters of ASCII without "
			       "blanks or \"+\"",
			       name, NOTE_NAME_MAX);
	memcpy(key.name, name, len);
	memcpy(key.bytes, bytes, ED25519_KEY_SIZE);
	memcpy(hashed, name, len);
	hashed[len] = '\n';
	hashed[len + 1] = ALGORITHM_ED25519;
	memcpy(hashed + len + 2, bytes, ED25519_KEY_SIZE);
	code = digest_sha256(hashed, len + 2 + ED25519_KEY_SIZE, digest, err);
	if (code)
		return code;
	memcpy(key.id, digest, sizeof(key.id));
	*ret_key = key;
	return 0;
}

int note_key_parse(struct view line, struct note_key *ret_key, struct err *err)
{
	struct view rest = view_trim(line), name, id;
	uint8_t bytes[BASE64_MAX];
	char text[NOTE_NAME_MAX + 1] = "";
	char hex[9];
	struct note_key key;
	int code;

	if (!view_split(&rest, '+', &name) || !view_split(&rest, '+', &id) ||
	    !note_name_is_good(name) || base64_take(rest, bytes) != 1 + ED25519_KEY_SIZE ||
	    bytes[0] != ALGORITHM_ED25519)
		return err_set(err, ERR_FORMAT,
			       "no public key of the form name+hash+base64 with Ed25519");
	memcpy(text, name.ptr, name.len);
	code = note_key_make(text, bytes + 1, &key, err);
	if (code)
		return code;
	snprintf(hex, sizeof(hex), "%02x%02x%02x%02x", key.id[0], key.id[1], key.id[2], key.id[3]);
	if (!view_equal(id, view_of(hex)))
		return err_set(err, ERR_FORMAT,
			       "a public key whose hash is not that of its name and bytes");
	*ret_key = key;
	return 0;
}

void note_key_name(struct buf *buf, const char *name, const uint8_t id[4])
{
	buf_str(buf, name);
	buf_char(buf, '+');
	buf_hex(buf, id, 4);
}

void note_key_format(struct buf *buf, const struct note_key *key)
{
	uint8_t bytes[1 + ED25519_KEY_SIZE] = { ALGORITHM_ED25519 };

	memcpy(bytes + 1, key->bytes, ED25519_KEY_SIZE);
	note_key_name(buf, key->name, key->id);
	buf_char(buf, '+');
	base64_put(buf, bytes, sizeof(bytes));
}

bool note_key_is(const struct note_key *key, const struct note_signature *signature)
{
	return strcmp(key->name, signature->name) == 0 &&
	       memcmp(key->id, signature->id, sizeof(key->id)) == 0;
}

static int signature_parse(struct view line, struct note_signature *ret_signature, struct err *err)
{
	struct note_signature signature = { .name = "" };
	uint8_t bytes[BASE64_MAX];
	struct view name;
	size_t len;

	if (!view_starts(line, VIEW(DASH)))
		return err_set(err, ERR_FORMAT, "a line behind the text that is no signature");
	line.ptr += strlen(DASH);
	line.len -= strlen(DASH);
	(void)view_split(&line, ' ', &name);
	if (!note_name_is_good(name))
		return err_set(err, ERR_FORMAT, "a signature without a proper name");
	len = base64_take(line, bytes);
	if (len < sizeof(signature.id) + 1)
		return err_set(err, ERR_FORMAT, "a signature that is no base64");
	memcpy(signature.name, name.ptr, name.len);
	memcpy(signature.id, bytes, sizeof(signature.id));
	signature.ed25519 = len == sizeof(signature.id) + ED25519_SIGNATURE_SIZE;
	if (signature.ed25519)
		memcpy(signature.bytes, bytes + sizeof(signature.id), ED25519_SIGNATURE_SIZE);
	*ret_signature = signature;
	return 0;
}

/* Where the signatures begin: behind the last empty line. */
static bool text_split(struct view *bytes, struct view *ret_text)
{
	for (size_t i = bytes->len; i >= 2; i--) {
		if (bytes->ptr[i - 1] != '\n' || bytes->ptr[i - 2] != '\n')
			continue;
		*ret_text = (struct view){ bytes->ptr, i - 1 };
		*bytes = (struct view){ bytes->ptr + i, bytes->len - i };
		return true;
	}
	return false;
}

int note_parse(struct view bytes, struct note *ret_note, struct err *err)
{
	struct note note = { .count = 0 };
	struct view line;
	int code;

	for (size_t i = 0; i < bytes.len; i++) {
		if ((unsigned char)bytes.ptr[i] < ' ' && bytes.ptr[i] != '\n')
			return err_set(err, ERR_FORMAT, "a control character");
	}
	if (bytes.len == 0 || bytes.ptr[bytes.len - 1] != '\n' || !text_split(&bytes, &note.text))
		return err_set(err, ERR_FORMAT, "no signed note: no empty line before signatures");
	bytes.len -= bytes.len > 0;
	while (bytes.len && view_split(&bytes, '\n', &line)) {
		if (note.count == NOTE_SIGNATURES_MAX)
			return err_set(err, ERR_LIMIT, "more than %u signatures",
				       NOTE_SIGNATURES_MAX);
		code = signature_parse(line, &note.signatures[note.count], err);
		if (code)
			return code;
		note.count++;
	}
	*ret_note = note;
	return 0;
}

static int verify_once(const struct note *note, const struct note_signature *signature,
		       const struct note_key *key, bool *ret_holds, struct err *err)
{
	EVP_PKEY *public_key =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, ED25519_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	/* What can fail up to here is an allocation. */
	bool ready = public_key && context &&
		     EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1;

	ERR_clear_error();
	*ret_holds = ready && signature->ed25519 &&
		     EVP_DigestVerify(context, signature->bytes, ED25519_SIGNATURE_SIZE,
				      (const unsigned char *)note->text.ptr, note->text.len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public_key);
	return ready && !openssl_ran_out() ? 0 : err_memory(err);
}

int note_verify(const struct note *note, const struct note_signature *signature,
		const struct note_key *key, bool *ret_holds, struct err *err)
{
	bool holds;
	int code = verify_once(note, signature, key, &holds, err);

	/*
	 * OpenSSL does not always tell a bad signature from no memory to look at it: it is asked
	 * again.
	 */
	if (code == 0 && !holds)
		code = verify_once(note, signature, key, &holds, err);
	if (code == 0)
		*ret_holds = holds;
	return code;
}

void note_signature_format(struct buf *buf, const struct note_key *key,
			   const uint8_t signature[ED25519_SIGNATURE_SIZE])
{
	uint8_t bytes[4 + ED25519_SIGNATURE_SIZE];

	memcpy(bytes, key->id, 4);
	memcpy(bytes + 4, signature, ED25519_SIGNATURE_SIZE);
	buf_str(buf, DASH);
	buf_str(buf, key->name);
	buf_char(buf, ' ');
	base64_put(buf, bytes, sizeof(bytes));
	buf_char(buf, '\n');
}
