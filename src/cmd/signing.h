/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the commands that sign share: the key's options, and taking the key when the reader is gone.
 */
#ifndef CONSTAT_CMD_SIGNING_H
#define CONSTAT_CMD_SIGNING_H

#include "cmd/cmd.h"
#include "proof/key.h"

struct signing_settings {
	const char *key;
	const char *passphrase_file;
};

extern const struct option_row signing_rows[];

/* Before work is done in vain: is there a key, and may it be read? */
int signing_check(const struct signing_settings *settings, struct err *err);
/* Never before the reader is forked, which would have it in its memory. */
int signing_take(const struct signing_settings *settings, struct signing_key **ret_key,
		 struct err *err);
/* The first line of a file, the caller's to free(); NULL for a path that is NULL. */
int signing_passphrase(const char *path, char **ret_passphrase, struct err *err);

#endif
