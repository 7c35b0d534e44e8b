/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE	/* explicit_bzero */
#include "cmd/signing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1023u

const struct option_row signing_rows[] = {
	{
		.name = "key", .letter = 'k', .argument = "FILE", .set = option_set_text,
		.help = "the private key to sign with (constat key new)",
		.field = offsetof(struct signing_settings, key),
	}, {
		.name = "passphrase-file", .argument = "FILE", .set = option_set_text,
		.help = "its passphrase is the first line of this file (default: asked for, where "
			"there is one)",
		.field = offsetof(struct signing_settings, passphrase_file),
	},
	{ .name = NULL }
};

int signing_check(const struct signing_settings *settings, struct err *err)
{
	if (!settings->key)
		return err_set(err, ERR_USAGE,
			       "no key to sign with: --key FILE (constat key new makes one)");
	if (access(settings->key, R_OK) != 0)
		return err_system(err, errno, "%s", settings->key);
	return 0;
}

/* Up to the end of a line, so that a terminal or a pipe need not end. */
static ssize_t line_read(int fd, char *line, size_t room)
{
	size_t len = 0;

	while (len < room && !memchr(line, '\n', len)) {
		ssize_t got = read(fd, line + len, room - len);

		if (got == 0)
			break;
		if (got > 0)
			len += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)len;
}

int signing_passphrase(const char *path, char **ret_passphrase, struct err *err)
{
	char *line = NULL;
	ssize_t len;
	int fd;

	if (!path) {
		*ret_passphrase = NULL;
		return 0;
	}
	line = calloc(1, PASSPHRASE_MAX + 1);
	if (!line)
		return err_memory(err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : line_read(fd, line, PASSPHRASE_MAX);
	if (fd >= 0)
		close(fd);
	if (len < 0 || line[0] == '\n' || len == 0) {
		free(line);
		return len < 0 ? err_system(err, errno, "%s", path)
			       : err_set(err, ERR_FORMAT, "%s: no passphrase in it", path);
	}
	line[strcspn(line, "\n")] = '\0';
	*ret_passphrase = line;
	return 0;
}

int signing_take(const struct signing_settings *settings, struct signing_key **ret_key,
		 struct err *err)
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
