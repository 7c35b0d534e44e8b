/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of a source, and fields of a line.
 *
 * place_lines_open(), place_lines_next() until it says 0, place_lines_close(). Memory is one
 * buffer, whatever the length of a line. One thread at a time.
 */
#ifndef CONSTAT_PLACE_LINES_H
#define CONSTAT_PLACE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define PLACE_LINE_MAX (64 * 1024)	/* bytes, without the end of line */

struct source;

struct place_lines {
	struct source *source;
	const char *name;	/* borrowed, for messages */
	char *buffer;
	size_t at, end;
	uint64_t number;	/* of the line given last, from 1 */
	bool ended;		/* nothing more in the source */
};

/* Takes the descriptor, whatever it returns. `lines` is filled in only on success. */
int place_lines_open(struct place_lines *lines, int fd, const char *name, struct err *err);
void place_lines_close(struct place_lines *lines);

/*
 * 1: a line, without CR and LF at its end, valid until the next call; its ptr is NULL where it was
 * longer than PLACE_LINE_MAX, and passed over. 0: the end. Negative: an error; a damaged compressed
 * stream is one, since half a table gives wrong answers.
 */
int place_lines_next(struct place_lines *lines, struct view *ret_line, struct err *err);

/*
 * In place of lines: the bytes that come next, as many as are at hand, valid until the next call,
 * and passed over. At the end len is 0. As the first call after opening it gives the start of the
 * file, and place_lines_back() puts it back.
 */
int place_lines_bytes(struct place_lines *lines, struct view *ret_bytes, struct err *err);
void place_lines_back(struct place_lines *lines, struct view bytes);

/*
 * After the end, or whatever was read: the SHA-256 of the file as it is stored, all of it, and its
 * size. False: it could not be read.
 */
bool place_lines_sha256(struct place_lines *lines, uint8_t ret_digest[32], uint64_t *ret_size);

/*
 * Moves what stands before the first separator (or all) from *rest into *ret_field, as
 * view_split(); blanks around it are dropped, and the quotes of a quoted field (RFC 4180), inside
 * which separators do not count.
 */
bool place_field_next(struct view *rest, char separator, struct view *ret_field);
/* An AS number: "131279", "2.207" (RFC 5396 asdot), either with "AS" before it. */
bool place_field_asn(struct view field, uint32_t *ret_asn);

#endif
