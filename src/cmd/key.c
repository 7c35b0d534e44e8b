/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat key: make keys, show them. Nothing that strangers wrote is read, so there is no reader
 * process.
 */
#define _GNU_SOURCE	/* explicit_bzero */
#include <errno.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/signing.h"

struct key_settings {
	const char *output;
	const char *passphrase_file;
	bool encrypt;
	bool pem;
};

static int print(const struct buf *line, struct err *err)
{
	return line->failed ? err_memory(err)
			    : file_write_all(STDOUT_FILENO, line->data, line->len,
					     "standard output", err);
}

/* Of --passphrase-file, or asked for twice. */
static int passphrase_new(const struct key_settings *settings, char **ret_passphrase,
			  struct err *err)
{
	char *typed;

	if (settings->passphrase_file || !settings->encrypt)
		return signing_passphrase(settings->passphrase_file, ret_passphrase, err);
	typed = calloc(1, 1024);
	if (!typed)
		return err_memory(err);
	if (EVP_read_pw_string_min(typed, 4, 1023, "Passphrase (4 characters at least): ", 1) !=
	    0) {
		free(typed);
		return err_set(err, ERR_USAGE,
			       "no passphrase was given (twice the same, 4 characters at least)");
	}
	*ret_passphrase = typed;
	return 0;
}

static int public_save(const struct note_key *key, const char *path, struct err *err)
{
	struct buf line = { 0 }, name = { 0 };
	int code;

	note_key_format(&line, key);
	buf_char(&line, '\n');
	buf_printf(&name, "%s.pub", path);
	buf_char(&name, '\0');
	code = name.failed ? err_memory(err) : file_save(name.data, &line, err);
	if (code == 0)
		code = print(&line, err);
	buf_free(&line);
	buf_free(&name);
	return code;
}

static int new_run(void *context, const struct option_list *operands)
{
	const struct key_settings *settings = context;
	struct signing_key *key = NULL;
	char *passphrase = NULL;
	struct err err;
	int code;

	if (!settings->output) {
		err_set(&err, ERR_USAGE, "no file to write the key to: --output FILE");
		return cmd_fail(&err);
	}
	code = signing_key_make(operands->values[0], &key, &err);
	if (code == 0)
		code = passphrase_new(settings, &passphrase, &err);
	if (code == 0)
		code = signing_key_write(key, settings->output, passphrase, &err);
	if (code == 0)
		code = public_save(signing_key_public(key), settings->output, &err);
	if (passphrase)
		explicit_bzero(passphrase, strlen(passphrase));
	free(passphrase);
	signing_key_free(key);
	return code ? cmd_fail(&err) : CMD_DONE;
}

/* The public key of a key file, or of one with a public key's line. */
static int key_look(const char *path, const struct key_settings *settings, struct note_key *ret_key,
		    struct err *err)
{
	const struct signing_settings signing = { path, settings->passphrase_file };
	struct signing_key *key = NULL;
	char bytes[1024];
	ssize_t len = file_read_path(path, bytes, sizeof(bytes));
	int code;

	if (len < 0)
		return err_system(err, errno, "%s", path);
	if (len > 0 && note_key_parse((struct view){ bytes, (size_t)len }, ret_key, NULL) == 0)
		return 0;
	code = signing_take(&signing, &key, err);
	if (code == 0)
		*ret_key = *signing_key_public(key);
	signing_key_free(key);
	return code;
}

/* SubjectPublicKeyInfo, which is what openssl reads. */
static int pem_put(const struct note_key *key, struct buf *out, struct err *err)
{
	EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes,
							   ED25519_KEY_SIZE);
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	int code = public_key && bio && PEM_write_bio_PUBKEY(bio, public_key) == 1
			   ? 0
			   : err_memory(err);
	long len = code == 0 ? BIO_get_mem_data(bio, &bytes) : 0;

	buf_add(out, bytes, (size_t)len);
	BIO_free(bio);
	EVP_PKEY_free(public_key);
	return code;
}

static int show_run(void *context, const struct option_list *operands)
{
	const struct key_settings *settings = context;
	struct buf out = { 0 };
	struct note_key key;
	struct err err;
	int code = key_look(operands->values[0], settings, &key, &err);

	if (code == 0 && settings->pem) {
		code = pem_put(&key, &out, &err);
	} else if (code == 0) {
		note_key_format(&out, &key);
		buf_char(&out, '\n');
	}
	if (code == 0)
		code = print(&out, &err);
	buf_free(&out);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_row passphrase_rows[] = {
	{
		.name = "passphrase-file", .argument = "FILE", .set = option_set_text,
		.help = "the passphrase is the first line of this file",
		.field = offsetof(struct key_settings, passphrase_file),
	},
	{ .name = NULL }
};

static const struct option_row new_rows[] = {
	{
		.name = "output", .letter = 'o', .argument = "FILE", .set = option_set_text,
		.help = "where the private key goes (mode 0600); the public one goes to FILE.pub",
		.field = offsetof(struct key_settings, output),
	}, {
		.name = "passphrase", .set = option_set_flag,
		.help = "ask for a passphrase, and encrypt the private key with it",
		.field = offsetof(struct key_settings, encrypt),
	},
	{ .name = NULL }
};

static const struct option_row show_rows[] = {
	{
		.name = "pem", .set = option_set_flag, .help = "as PEM, for openssl",
		.field = offsetof(struct key_settings, pem),
	},
	{ .name = NULL }
};

static const struct option_group new_groups[] = {
	{ "The key", new_rows, 0 },
	{ NULL, passphrase_rows, 0 },
	{ .rows = NULL }
};

static const struct option_group show_groups[] = {
	{ "The key", show_rows, 0 },
	{ NULL, passphrase_rows, 0 },
	{ .rows = NULL }
};

static const struct command command_key_new = {
	.name = "key new", .operands = "NAME", .operands_min = 1, .operands_max = 1,
	.summary = "make a key",
	.about = "An Ed25519 key called NAME, such as measure.example.org/2026. The public key, "
		"one line, is printed: it is what others trust.",
	.groups = new_groups, .settings_size = sizeof(struct key_settings), .run = new_run,
};

static const struct command command_key_show = {
	.name = "key show", .operands = "FILE", .operands_min = 1, .operands_max = 1,
	.summary = "print the public key of a key",
	.about = "Of a private key, or of a file that holds a public one.",
	.groups = show_groups, .settings_size = sizeof(struct key_settings), .run = show_run,
};

static const struct command *const key_commands[] = { &command_key_new, &command_key_show, NULL };

const struct command command_key = {
	.name = "key", .commands = key_commands, .summary = "keys that proofs are signed with",
	.about = "Keys on disk are private to their owner; public keys are one line.",
};
