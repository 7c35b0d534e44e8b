/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of the web into the cache (archive/cache.h), many at a time, in one thread.
 *
 *	fetch_new; fetch_add for each; fetch_step until fetch_busy says no; fetch_free
 *
 * More may be added at any time. Files are begun in the order of their numbers. What is in the
 * cache and cannot change any more is not asked for; what can is asked for with its validators. A
 * part is gone on with by a range request. Whole is what has the length that the server said and,
 * where asked, decodes to its end. An address that begins with "/" is a file of this machine, used
 * where it is.
 */
#ifndef CONSTAT_ARCHIVE_FETCH_H
#define CONSTAT_ARCHIVE_FETCH_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "archive/cache.h"
#include "base/err.h"

struct fetch;

struct fetch_options {
	const char *cache;	/* folder */
	const char *agent;	/* "constat/0.1.0" */
	bool offline;		/* ask nobody */
	unsigned parallel;	/* transfers at a time; 0: 8 */
	unsigned per_host;	/* of one host; 0: 4 */
	/* first pause before another try, doubled each time; 0: half a second */
	int64_t retry;
};

struct fetch_wish {
	const char *url;
	/* what is at the address changed no more from then on; UTC_NEVER: not known */
	int64_t settled;
	bool check;		/* must decode to the end */
	bool packed;		/* and be compressed */
};

enum fetch_state {
	FETCH_WAITING,
	FETCH_ACTIVE,
	FETCH_CHECKING,
	/* Final. */
	FETCH_WHOLE,
	FETCH_MISSING,		/* the server says that there is none; offline: not in the cache */
	FETCH_FAILED,
};

struct fetch_file {
	enum fetch_state state;
	const char *url;
	const char *path;	/* WHOLE: to open */
	const char *why;	/* MISSING, FAILED: in words */
	bool came;		/* bytes were transferred for it */
	struct cache_note note;	/* WHOLE */
};

struct fetch_totals {
	uint32_t files, final, came;
	uint64_t bytes;		/* received */
};

int fetch_new(const struct fetch_options *options, struct fetch **ret_fetch, struct err *err);
void fetch_free(struct fetch *fetch);	/* takes NULL; parts stay, to be gone on with */
int fetch_add(struct fetch *fetch, const struct fetch_wish *wish, uint32_t *ret_number,
	      struct err *err);
/*
 * Goes on, and waits up to `timeout_ms` for something to do, in it or at `polls`. An error is one
 * that nothing more can be had for: a host that cannot be reached, a disk that is full.
 */
int fetch_step(struct fetch *fetch, const struct pollfd *polls, unsigned count, int timeout_ms,
	       struct err *err);
bool fetch_busy(const struct fetch *fetch);
/* Valid until the next fetch_add(). */
const struct fetch_file *fetch_file(const struct fetch *fetch, uint32_t number);
struct fetch_totals fetch_totals(const struct fetch *fetch);
/* Whether the file would be taken out of the cache without a word to anybody. */
bool fetch_cached(const struct fetch *fetch, const struct fetch_wish *wish);

#endif
