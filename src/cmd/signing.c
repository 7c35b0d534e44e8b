/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE	/* explicit_bzero */
#include "cmd/signing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct option_row signing_rows[] = {
	{
		.name = "key", .letter = 'k', .argument = "FILE", .set = option_set_text,
		.help = "the private key to sign with (constat key new)",
		.field = offsetof(struct signing_settings, key),
	}, {
		.name = "passphrase-file", .argument = "FILE", .set = option_set_text,
		.help = "its passphrase is the first line of this file (default: asked for, where there is one)",
		.field = offsetof(struct signing_settings, passphrase_file),
	},
	{ .name = NULL }
};

int signing_check(const struct signing_settings *settings, struct err *err)
{
	if (!settings->key)
		return err_set(err, ERR_USAGE, "no key to sign with: --key FILE (constat key new makes one)");
	if (access(settings->key, R_OK) != 0)
		return err_system(err, errno, "%s", settings->key);
	return 0;
}

int signing_passphrase(const char *path, char **ret_passphrase, struct err *err)
{
	FILE *file = path ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (path && !file)
		return err_system(err, errno, "%s", path);
	if (file) {
		len = getline(&line, &room, file);
		fclose(file);
		if (len <= 0) {
			free(line);
			return err_set(err, ERR_FORMAT, "%s: no passphrase in it", path);
		}
		line[strcspn(line, "\n")] = '\0';
	}
	*ret_passphrase = line;
	return 0;
}

int signing_take(const struct signing_settings *settings, struct signing_key **ret_key, struct err *err)
{
	char *passphrase = NULL;
	int code = signing_passphrase(settings->passphrase_file, &passphrase, err);

	if (code == 0)
		code = signing_key_read(settings->key, passphrase, ret_key, err);
	if (passphrase)
		explicit_bzero(passphrase, strlen(passphrase));
	free(passphrase);
	return code;
}
