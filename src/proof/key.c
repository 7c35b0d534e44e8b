/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PEM readers pass over what stands before "-----BEGIN": the name stands there, since PKCS#8 has no
 * place for one.
 */
#include "proof/key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "proof/openssl.h"

#define NAME_WORD	"Name: "
#define KEY_FILE_MAX	16384

struct signing_key {
	struct note_key public_key;
	EVP_PKEY *pair;
};

void signing_key_free(struct signing_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pair);
	free(key);
}

/* Takes the pair. */
static int key_of(const char *name, EVP_PKEY *pair, struct signing_key **ret_key, struct err *err)
{
	struct signing_key *key = calloc(1, sizeof(*key));
	uint8_t bytes[ED25519_KEY_SIZE];
	size_t len = sizeof(bytes);
	int code = key ? 0 : err_memory(err);

	if (code == 0 && EVP_PKEY_get_id(pair) != EVP_PKEY_ED25519)
		code = err_set(err, ERR_FORMAT, "no Ed25519 key");
	if (code == 0 && EVP_PKEY_get_raw_public_key(pair, bytes, &len) != 1)
		code = err_memory(err);
	if (code == 0)
		code = note_key_make(name, bytes, &key->public_key, err);
	if (code) {
		free(key);
		EVP_PKEY_free(pair);
		return code;
	}
	key->pair = pair;
	*ret_key = key;
	return 0;
}

int signing_key_make(const char *name, struct signing_key **ret_key, struct err *err)
{
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	return pair ? key_of(name, pair, ret_key, err) : err_memory(err);
}

static int key_pem(const struct signing_key *key, const char *passphrase, BIO *bio, struct err *err)
{
	const EVP_CIPHER *cipher = passphrase ? EVP_aes_256_cbc() : NULL;
	int len = passphrase ? (int)strlen(passphrase) : 0;

	if (BIO_printf(bio, NAME_WORD "%s\n", key->public_key.name) < 0 ||
	    PEM_write_bio_PKCS8PrivateKey(bio, key->pair, cipher, passphrase, len, NULL, NULL) != 1)
		return err_set(err, ERR_SYSTEM, "the key could not be written as PEM");
	return 0;
}

int signing_key_write(const struct signing_key *key, const char *path, const char *passphrase,
		      struct err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *bytes = NULL;
	int code = bio ? key_pem(key, passphrase, bio, err) : err_memory(err);
	long len = code == 0 ? BIO_get_mem_data(bio, &bytes) : 0;
	struct file *file = NULL;

	if (code == 0)
		code = file_create_private(path, &file, err);
	if (code == 0) {
		code = file_write(file, bytes, (size_t)len, err);
		if (code == 0)
			code = file_commit(file, err);
		else
			file_abandon(file);
	}
	BIO_free(bio);
	return code;
}

/* The whole small file, in memory that BIO_free() wipes. */
static int file_take(const char *path, BIO **ret_bio, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), code = 0;
	BIO *bio = BIO_new(BIO_s_secmem());
	char bytes[KEY_FILE_MAX];
	struct stat st;
	ssize_t len = -1;

	if (fd < 0 || fstat(fd, &st) != 0)
		code = err_system(err, errno, "%s", path);
	else if (!S_ISREG(st.st_mode))
		code = err_set(err, ERR_FORMAT, "%s: no plain file", path);
	else if (st.st_mode & 077)
		code = err_set(err, ERR_USAGE, "%s: others may read this key (chmod 600 it)", path);
	else if ((len = file_read_full(fd, bytes, sizeof(bytes))) < 0)
		code = err_system(err, errno, "%s", path);
	else if (len == 0)
		code = err_set(err, ERR_FORMAT, "%s: empty", path);
	if (code == 0 && (!bio || BIO_write(bio, bytes, (int)len) != (int)len))
		code = err_memory(err);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	if (fd >= 0)
		close(fd);
	if (code)
		BIO_free(bio);
	else
		*ret_bio = bio;
	return code;
}

int signing_key_read(const char *path, const char *passphrase, struct signing_key **ret_key,
		     struct err *err)
{
	char name[NOTE_NAME_MAX + 1] = "";
	const char *bytes = NULL, *end;
	BIO *bio = NULL;
	EVP_PKEY *pair;
	int code = file_take(path, &bio, err);
	long len;

	if (code)
		return code;
	len = BIO_get_mem_data(bio, (char **)&bytes);
	end = memchr(bytes, '\n', (size_t)len);
	if (!end || (size_t)(end - bytes) <= strlen(NAME_WORD) ||
	    (size_t)(end - bytes) > strlen(NAME_WORD) + NOTE_NAME_MAX ||
	    strncmp(bytes, NAME_WORD, strlen(NAME_WORD)) != 0) {
		BIO_free(bio);
		return err_set(err, ERR_FORMAT,
			       "%s: no key of constat's: its first line is not \"" NAME_WORD "…\"",
			       path);
	}
	memcpy(name, bytes + strlen(NAME_WORD), (size_t)(end - bytes) - strlen(NAME_WORD));
	ERR_clear_error();
	pair = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t)passphrase);
	BIO_free(bio);
	if (!pair)
		return openssl_ran_out()
			       ? err_memory(err)
			       : err_set(err, ERR_FORMAT,
					 "%s: no private key could be read (a wrong passphrase?)",
					 path);
	code = key_of(name, pair, ret_key, err);
	return code ? err_prefix(err, "%s", path) : 0;
}

const struct note_key *signing_key_public(const struct signing_key *key)
{
	return &key->public_key;
}

int signing_key_sign(const struct signing_key *key, struct view text, struct buf *out,
		     struct err *err)
{
	uint8_t signature[ED25519_SIGNATURE_SIZE];
	size_t len = sizeof(signature);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
		    EVP_DigestSign(context, signature, &len, (const unsigned char *)text.ptr,
				   text.len) == 1;

	EVP_MD_CTX_free(context);
	if (!done)
		return err_set(err, ERR_SYSTEM, "signing failed");
	note_signature_format(out, &key->public_key, signature);
	return out->failed ? err_memory(err) : 0;
}
