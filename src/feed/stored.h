/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a file as they are stored: read, counted, hashed, shown in pieces. Private to feed/.
 *
 * stored_fill() makes bytes visible from `at` to `end`; the user moves `at` on. Bytes shown stay
 * valid until the next stored_fill(). One thread at a time.
 */
#ifndef CONSTAT_FEED_STORED_H
#define CONSTAT_FEED_STORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "feed/source.h"

#define STORED_WANT_MAX	64u	/* most that stored_fill() can be asked for */

#define STORED_SLACK	64u	/* bytes behind those in sight that may be read, and mean nothing */

struct stored_slots;

struct stored {
	const uint8_t *at, *end;
	bool file_ended;
	bool regular;
	uint64_t count;		/* bytes read so far */
	/* stored.c's own */
	int fd;
	char *name;
	struct source_options options;
	struct stored_slots *slots;
};

static inline size_t stored_len(const struct stored *stored)
{
	return (size_t)(stored->end - stored->at);
}

/* Takes the descriptor, whatever it returns; on failure there is nothing to close. */
int stored_open(struct stored *stored, int fd, const char *name,
		const struct source_options *options, struct err *err);
void stored_close(struct stored *stored);
/* At least `want` bytes in sight, at most STORED_WANT_MAX, unless the file has fewer left. */
int stored_fill(struct stored *stored, size_t want, struct err *err);
/* Bytes straight into the user's memory; only while none are in sight. 0 is the end. */
int stored_read(struct stored *stored, void *bytes, size_t room, size_t *ret_len, struct err *err);
/* Reads what is left. False when not hashing, or that failed. */
bool stored_sha256(struct stored *stored, uint8_t ret_digest[32]);

#endif
