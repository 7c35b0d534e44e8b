/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cache: a folder in which files stand under their address, HOST/PATH, whole or not at all.
 *
 *	HOST/a/b.gz		the file; it is there only when it was checked
 *	HOST/a/.b.gz.is		what is known of it (struct cache_note), written before it
 *	HOST/a/.b.gz.part	what has come of it so far
 *	HOST/a/.b.gz.from	what that is a part of (struct cache_note), written before it
 *
 * Nothing else is kept: a process that dies at any instant leaves a sound cache. Several may work
 * in one cache: who fetches a file holds a lock on its part.
 */
#ifndef CONSTAT_ARCHIVE_CACHE_H
#define CONSTAT_ARCHIVE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct cache_note {
	uint64_t size;		/* of the whole; UINT64_MAX: not known */
	int64_t fetched;	/* when it was last known to be what the server has; UTC_NEVER */
	char etag[200];		/* "": none */
	char modified[64];	/* Last-Modified as it came; "" */
	char sha256[65];	/* "" */
};

enum cache_name { CACHE_FILE, CACHE_NOTE, CACHE_PART, CACHE_FROM, CACHE_NAMES };

/* $XDG_CACHE_HOME/constat/archive, or ~/.cache/…; owned by the caller. */
int cache_default(char **ret_folder, struct err *err);
/*
 * The four names of an address; each owned by the caller. An address that ends in "/" is an index
 * page.
 */
int cache_paths(const char *folder, const char *url, char *ret_paths[CACHE_NAMES], struct err *err);
/* mkdir -p of all but the last part. */
int cache_make_folders(const char *path, struct err *err);
bool cache_note_read(const char *path, struct cache_note *ret_note);
int cache_note_write(const char *path, const struct cache_note *note, struct err *err);
/* Used now: what is used least is removed first. */
void cache_touch(const char *path);
/*
 * Removes files, those used longest ago first, until all are `cap` bytes or less; none used since
 * `since`.
 */
int cache_shrink(const char *folder, uint64_t cap, int64_t since, struct err *err);

#endif
