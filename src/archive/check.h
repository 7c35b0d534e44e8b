/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a file that came from elsewhere decodable to its end? Told by a child process, which
 * decompresses it and looks at nothing else, so that the keeper touches no byte of it.
 */
#ifndef CONSTAT_ARCHIVE_CHECK_H
#define CONSTAT_ARCHIVE_CHECK_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct check {
	pid_t child;
	int pipe;	/* readable once the child has its answer, or has died */
};

/* `packed`: a file that is not compressed at all is wrong (a page in place of a recording). */
int check_start(const char *path, bool packed, struct check *ret_check, struct err *err);
/* Waits for the answer: *ret_whole, and the SHA-256 in hexadecimal. */
int check_end(struct check *check, bool *ret_whole, char ret_sha256[65], struct err *err);
void check_stop(struct check *check);

#endif
