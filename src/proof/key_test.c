/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys on disk: there and back with and without a passphrase, and everything that such a file can have wrong. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "proof/key.h"

struct folder {
	char path[32], key[40];
};

static int folder_make(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	assert_non_null(folder);
	strcpy(folder->path, "/tmp/constat-key-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	snprintf(folder->key, sizeof(folder->key), "%s/key", folder->path);
	*state = folder;
	return 0;
}

static int folder_remove(void **state)
{
	struct folder *folder = *state;

	unlink(folder->key);
	assert_int_equal(rmdir(folder->path), 0);
	free(folder);
	return 0;
}

static struct signing_key *key_made(const char *name)
{
	struct signing_key *key = NULL;
	struct err err = { 0 };

	if (signing_key_make(name, &key, &err))
		fail_msg("%s", err.text);
	return key;
}

/* The error's words begin with the file's name. */
static void assert_refused(const struct folder *folder, const char *passphrase, enum err_code code, const char *why)
{
	struct signing_key *key = NULL;
	struct err err = { 0 };
	size_t len = strlen(folder->key);

	assert_int_equal(signing_key_read(folder->key, passphrase, &key, &err), code);
	assert_null(key);
	assert_memory_equal(err.text, folder->key, len);
	assert_string_equal(err.text + len, why);
}

static void put(const struct folder *folder, const void *bytes, size_t len)
{
	FILE *file = fopen(folder->key, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_int_equal(fclose(file), 0);
}

static void signs(const struct signing_key *key)
{
	struct buf bytes = { 0 };
	struct note note;
	bool holds = false;

	buf_str(&bytes, "a text\n\n");
	assert_int_equal(signing_key_sign(key, VIEW("a text\n"), &bytes, NULL), 0);
	assert_int_equal(note_parse((struct view){ bytes.data, bytes.len }, &note, NULL), 0);
	assert_int_equal(note_verify(&note, &note.signatures[0], signing_key_public(key), &holds, NULL), 0);
	assert_true(holds);
	buf_free(&bytes);
}

static void there_and_back(void **state)
{
	static const char *const passphrases[] = { NULL, "open sesame" };
	const struct folder *folder = *state;

	for (unsigned i = 0; i < 2; i++) {
		struct signing_key *key = key_made("test.example/1"), *again = NULL;
		struct err err = { 0 };
		struct stat st;

		assert_int_equal(signing_key_write(key, folder->key, passphrases[i], &err), 0);
		assert_int_equal(signing_key_write(key, folder->key, passphrases[i], &err), ERR_SYSTEM);
		assert_int_equal(stat(folder->key, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		if (signing_key_read(folder->key, passphrases[i] ? passphrases[i] : "not asked for", &again, &err))
			fail_msg("%s", err.text);
		assert_memory_equal(signing_key_public(key), signing_key_public(again), sizeof(struct note_key));
		signs(again);
		signing_key_free(again);
		signing_key_free(key);
		if (passphrases[i])
			assert_refused(folder, "open barley", ERR_FORMAT,
				       ": no private key could be read (a wrong passphrase?)");
		unlink(folder->key);
	}
	signing_key_free(NULL);
}

/* Whoever else may read or write it: it is nobody's alone. */
static void modes(void **state)
{
	static const mode_t bad[] = { 0640, 0604, 0610, 0620, 0601, 0602, 0777 };
	const struct folder *folder = *state;
	struct signing_key *key = key_made("test.example/1");

	assert_int_equal(signing_key_write(key, folder->key, NULL, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(chmod(folder->key, bad[i]), 0);
		assert_refused(folder, NULL, ERR_USAGE, ": others may read this key (chmod 600 it)");
	}
	signing_key_free(key);
	unlink(folder->key);
}

static void files_refused(void **state)
{
	const struct folder *folder = *state;

	assert_refused(folder, NULL, ERR_SYSTEM, ": No such file or directory");
	assert_int_equal(mkdir(folder->key, 0700), 0);
	assert_refused(folder, NULL, ERR_FORMAT, ": no plain file");
	assert_int_equal(rmdir(folder->key), 0);
	put(folder, "", 0);
	assert_refused(folder, NULL, ERR_FORMAT, ": empty");
	unlink(folder->key);
}

/* What cannot be written is not there afterwards. */
static void writes_fail(void **state)
{
	const struct folder *folder = *state;
	struct signing_key *key = key_made("test.example/1");
	struct rlimit whole, little;
	struct err err = { 0 };
	char nowhere[64];

	snprintf(nowhere, sizeof(nowhere), "%s/nowhere/key", folder->path);
	assert_int_equal(signing_key_write(key, nowhere, NULL, &err), ERR_SYSTEM);
	assert_non_null(strstr(err.text, "nowhere"));
	/* No room: half a key is no key. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	signal(SIGXFSZ, SIG_IGN);
	little = (struct rlimit){ 20, whole.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_int_equal(signing_key_write(key, folder->key, NULL, &err), ERR_SYSTEM);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_non_null(strstr(err.text, ": File too large"));
	assert_int_equal(access(folder->key, F_OK), -1);
	/* Nothing is ever written over, a device neither. */
	assert_int_equal(signing_key_write(key, "/dev/full", NULL, &err), ERR_SYSTEM);
	signing_key_free(key);
}

/* A file of the right mode whose contents are not a key of constat's. */
static void contents_refused(void **state)
{
	static const char no_key[] = ": no key of constat's: its first line is not \"Name: …\"";
	static const char no_pem[] = ": no private key could be read (a wrong passphrase?)";
	static const struct {
		const char *bytes, *why;
	} rows[] = {
		{ "Name: test.example/1", no_key },		/* the line does not end */
		{ "\n", no_key },
		{ "Name: \n", no_key },
		{ "Nome: test.example/1\n", no_key },
		{ "-----BEGIN PRIVATE KEY-----\n", no_key },
		{ "Name: test.example/1\n", no_pem },
		{ "Name: test.example/1\nnothing more\n", no_pem },
		{ "Name: test.example/1\n-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n", no_pem },
	};
	const struct folder *folder = *state;
	char line[6 + NOTE_NAME_MAX + 3];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(folder, rows[i].bytes, strlen(rows[i].bytes));
		assert_refused(folder, "", ERR_FORMAT, rows[i].why);
	}
	/* A name as long as names may be, and one letter more. */
	memset(line, 'n', sizeof(line));
	memcpy(line, "Name: ", 6);
	line[6 + NOTE_NAME_MAX] = '\n';
	put(folder, line, 6 + NOTE_NAME_MAX + 1);
	assert_refused(folder, "", ERR_FORMAT, no_pem);
	line[6 + NOTE_NAME_MAX] = 'n';
	line[6 + NOTE_NAME_MAX + 1] = '\n';
	put(folder, line, 6 + NOTE_NAME_MAX + 2);
	assert_refused(folder, "", ERR_FORMAT, no_key);
	unlink(folder->key);
}

/* A private key that OpenSSL reads, under this name. */
static void put_key(const struct folder *folder, const char *name, const char *type)
{
	EVP_PKEY *pair = strcmp(type, "EC") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256") : EVP_PKEY_Q_keygen(NULL, NULL, type);
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long len;

	assert_non_null(pair);
	BIO_printf(bio, "Name: %s\n", name);
	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL), 1);
	len = BIO_get_mem_data(bio, &bytes);
	put(folder, bytes, (size_t)len);
	BIO_free(bio);
	EVP_PKEY_free(pair);
}

static void other_keys(void **state)
{
	const struct folder *folder = *state;
	struct signing_key *key = NULL;

	put_key(folder, "test.example/1", "EC");
	assert_refused(folder, NULL, ERR_FORMAT, ": no Ed25519 key");
	put_key(folder, "test.example/1", "ED448");
	assert_refused(folder, NULL, ERR_FORMAT, ": no Ed25519 key");
	put_key(folder, "two words", "ED25519");
	assert_refused(folder, NULL, ERR_USAGE,
		       ": \"two words\" is no name for a key: 1 to 120 letters of ASCII without blanks or \"+\"");
	put_key(folder, "test.example/1", "ED25519");
	assert_int_equal(signing_key_read(folder->key, NULL, &key, NULL), 0);
	assert_string_equal(signing_key_public(key)->name, "test.example/1");
	signs(key);
	signing_key_free(key);
	unlink(folder->key);
}

static void names(void **state)
{
	static const char *const bad[] = { "", "a b", "a+b", "a\tb", "a\x1b[1m", "a\x7f", "n\xc3\xa9" };
	char long_name[NOTE_NAME_MAX + 2];
	struct signing_key *key = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(signing_key_make(bad[i], &key, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "is no name for a key"));
	}
	memset(long_name, 'n', sizeof(long_name));
	long_name[NOTE_NAME_MAX + 1] = '\0';
	assert_int_equal(signing_key_make(long_name, &key, &err), ERR_USAGE);
	assert_null(key);
	signing_key_free(key_made(long_name + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(modes), cmocka_unit_test(files_refused),
		cmocka_unit_test(writes_fail), cmocka_unit_test(contents_refused), cmocka_unit_test(other_keys),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
