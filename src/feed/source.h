/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte source: a descriptor whose content is decompressed on the way, whatever it is. Blocking,
 * without threads of its own; feed.c runs one per open input, place/ reads registry files with it.
 *
 * The format is told by the first bytes: gzip (1f 8b), bzip2 ("BZh"), zstd, xz, else plain. Several members
 * one after the other are one source; zero bytes behind the last gzip member are padding, anything else there is a fault.
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
	uint64_t expansion_max;		/* 0: none */
	uint64_t *bytes_read;		/* progress; may be NULL */
};

/* Takes the descriptor, whatever it returns. ERR_SYSTEM for a directory or a read error; `name` for messages. */
int source_new(int fd, const char *name, const struct source_options *options,
	       struct source **ret_source, struct err *err);
void source_free(struct source *source);

/*
 * Up to `room` decompressed bytes. *ret_len 0 is the end. Damage ends the source after all that is whole was given:
 * then *ret_fault has a kind (CUT, COMPRESSION, EXPANSION), else FAULT_KIND_COUNT. bzip2 goes on at the next
 * block that is whole: the fault is given once in its place with *ret_len 0, and reading may be continued
 * (source_can_go_on()).
 */
int source_read(struct source *source, void *bytes, size_t room, size_t *ret_len,
		enum fault_kind *ret_fault, struct err *err);
bool source_can_go_on(const struct source *source);

const char *source_compression(const struct source *source);
uint64_t source_stored(const struct source *source);	/* bytes of the file so far */
uint32_t source_members(const struct source *source);
/* After the end, or after damage: reads what is left of the file for the hash. False when not hashing. */
bool source_sha256(struct source *source, uint8_t ret_digest[32]);

#endif
