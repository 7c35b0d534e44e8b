/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte source: a descriptor whose content is decompressed on the way, whatever it is. Blocking;
 * feed.c runs one per open input, place/ reads registry files with it.
 *
 * The format is told by the first bytes: gzip (1f 8b 08), bzip2 ("BZh" and a mark), zstd, xz, else
 * plain. Several members one after the other are one source; zero bytes behind the last gzip member
 * are padding (xz: in fours), anything else there is a fault.
 *
 * Order of calls: source_new, source_read until the end, source_sha256 where wanted, source_free.
 * The other questions may be asked at any time. One thread at a time; the options' `stop` alone is
 * for others to set.
 */
#ifndef CONSTAT_FEED_SOURCE_H
#define CONSTAT_FEED_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/fault.h"

struct source;

struct source_options {
	bool hash;			/* SHA-256 over the stored bytes */
	/* Decompressed ÷ compressed, judged from 64 MiB decompressed on; 0: none. */
	uint64_t expansion_max;
	size_t buffer;			/* stored bytes read at once; 0: 256 KiB */
	/* From 2 on it starts threads, to hash and to decode bzip2; what it gives is the same. */
	unsigned threads;
	uint64_t *bytes_read;		/* progress, added to atomically; may be NULL */
	/* Set atomically by another thread: reading soon gives ERR_CANCELLED. May be NULL. */
	const bool *stop;
};

/*
 * Takes the descriptor, whatever it returns. ERR_SYSTEM for a directory or a read error; `name` for
 * messages.
 */
int source_new(int fd, const char *name, const struct source_options *options,
	       struct source **ret_source, struct err *err);
void source_free(struct source *source);	/* takes NULL */

/*
 * Up to `room` decompressed bytes. *ret_len 0 is the end. Damage is told in its place, after all
 * before it was given: then *ret_fault has a kind (CUT, COMPRESSION, EXPANSION) and *ret_len is 0,
 * else it is FAULT_KIND_COUNT. Where something whole follows (the next member; for bzip2 the next
 * block), reading may be continued behind the fault: source_can_go_on().
 */
int source_read(struct source *source, void *bytes, size_t room, size_t *ret_len,
		enum fault_kind *ret_fault, struct err *err);
bool source_can_go_on(const struct source *source);

/* A file, not a pipe or terminal that may keep us waiting. */
bool source_regular(const struct source *source);
/* "gzip", "bzip2", "zstd", "xz"; "none", also before the first source_read(). */
const char *source_compression(const struct source *source);
uint64_t source_stored(const struct source *source);		/* bytes of the file so far */
uint32_t source_members(const struct source *source);
/*
 * After the end, or after damage: reads what is left of the file for the hash. False when not
 * hashing, or that failed.
 */
bool source_sha256(struct source *source, uint8_t ret_digest[32]);

#endif
