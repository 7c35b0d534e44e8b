/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two processes. The keeper (this one) has opened nothing that strangers wrote; it forks the
 * reader before any thread exists, opens files for it, writes outputs. The reader decodes and
 * measures; it asks for descriptors by number and hands back results and text.
 *
 * The reader is locked in (sandbox.h) before its function runs, which therefore may start threads.
 *
 * The list of files is fixed before the fork: the reader can only ask for what the person named.
 * What the reader says comes over one socket pair; its standard output is the keeper's own only
 * where `stdout_to_reader` says so (millions of lines take the short way).
 *
 * Keeper: guard_run() with a reader function. Reader: guard_open(), guard_give() and
 * guard_progress(), from any thread. If the reader dies by a signal, guard_run() returns ERR_SYSTEM
 * and says so in one line.
 */
#ifndef CONSTAT_GUARD_GUARD_H
#define CONSTAT_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct guard;
struct pollfd;	/* the reader's end */

/* In memory shared by both, written by the reader with relaxed atomics, for the progress line. */
struct guard_progress {
	uint64_t bytes_total;	/* 0: not known */
	uint64_t bytes_read;
	uint64_t events;
	int64_t clock;		/* time the stream has reached, UTC_NEVER at first */
	/* the keeper's: so many of the first files can be opened without waiting */
	uint32_t files_here;
};

#define GUARD_LATER 1
#define GUARD_AS_IS 2

struct guard_plan {
	const char *const *files;	/* what guard_open() may name; "-" is standard input */
	uint32_t file_count;
	bool stdout_to_reader;		/* the reader may write to descriptor 1 itself */
	/* Runs in the reader process; what it returns and its err come back out of guard_run(). */
	int (*reader)(struct guard *guard, void *context, struct err *err);
	void *context;
	/* Runs in the keeper, for each thing given, in order; may be NULL. Not 0 ends the run. */
	int (*taken)(void *context, uint32_t what, const void *bytes, size_t len, struct err *err);
	/*
	 * Where files have yet to come: asked in place of opening files[file]; GUARD_LATER, to be
	 * asked again whenever `wait` returns; GUARD_AS_IS, to have it opened. NULL: all are opened
	 * as they are.
	 */
	int (*open)(void *context, uint32_t file, int *ret_fd, struct err *err);
	/*
	 * With `open`: how many of the first files it would not answer GUARD_LATER for; NULL: all.
	 * Kept in guard_progress.
	 */
	uint32_t (*here)(void *context);
	/*
	 * With `open`: in place of poll(), to get on with whatever brings the files. An error stops
	 * the reader.
	 */
	int (*wait)(void *context, const struct pollfd *polls, unsigned count, int timeout_ms,
		    struct err *err);
	/* Runs in the keeper some times a second while the reader works; may be NULL. */
	void (*progress)(void *context, const struct guard_progress *progress);
};

/*
 * Forks, serves, waits. Returns what the reader returned, or the keeper's own error. Kills the
 * reader when interrupted (guard_interrupt).
 */
int guard_run(const struct guard_plan *plan, struct err *err);
/* Async-signal-safe: makes guard_run() stop the reader and return ERR_CANCELLED. */
void guard_interrupt(void);

/*
 * Reader: a descriptor open for reading on files[file], the reader's to close. A directory is an
 * error. Errors are the keeper's, with the file named.
 */
int guard_open(struct guard *guard, uint32_t file, int *ret_fd, struct err *err);
/* Reader: whether guard_open() would answer at once. */
bool guard_here(const struct guard *guard, uint32_t file);
/* Reader: hands bytes to the keeper's taken(), of any size. `what` is the caller's own number. */
int guard_give(struct guard *guard, uint32_t what, const void *bytes, size_t len, struct err *err);
struct guard_progress *guard_progress(struct guard *guard);

#endif
