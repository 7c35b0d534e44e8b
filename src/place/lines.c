/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One buffer of four times the longest line: lines are handed out where they stand; when no whole
 * line is left, the rest moves to the front and the source fills up behind it. So every byte is
 * copied once, and a line of ten gigabytes passes through the same 256 KiB.
 */
#include "place/lines.h"

#include <stdlib.h>

#include "feed/source.h"
#include "wire/fault.h"

#define BUFFER_SIZE (4 * PLACE_LINE_MAX)

static int damaged(const struct place_lines *lines, enum fault_kind fault, struct err *err)
{
	if (fault == FAULT_EXPANSION)
		return err_set(err, ERR_LIMIT, "%s: too large when decompressed", lines->name);
	return err_set(err, ERR_FORMAT, "%s: the compressed file is %s behind byte %llu",
		       lines->name, fault == FAULT_CUT ? "cut off" : "damaged",
		       (unsigned long long)source_stored(lines->source));
}

/* Adds to what is in the buffer; `ended` when there is no more. */
static int fill(struct place_lines *lines, struct err *err)
{
	enum fault_kind fault = FAULT_KIND_COUNT;
	size_t got = 0;
	int rc;

	memmove(lines->buffer, lines->buffer + lines->at, lines->end - lines->at);
	lines->end -= lines->at;
	lines->at = 0;
	rc = source_read(lines->source, lines->buffer + lines->end, BUFFER_SIZE - lines->end, &got,
			 &fault, err);
	if (rc < 0)
		return rc;
	lines->end += got;
	if (got == 0 && fault != FAULT_KIND_COUNT)
		return damaged(lines, fault, err);
	lines->ended = got == 0;
	return 0;
}

int place_lines_open(struct place_lines *lines, int fd, const char *name, struct err *err)
{
	const struct source_options options = { .hash = true };
	struct place_lines opened = { .name = name };
	int rc;

	rc = source_new(fd, name, &options, &opened.source, err);
	if (rc < 0)
		return rc;
	opened.buffer = malloc(BUFFER_SIZE);
	rc = opened.buffer ? fill(&opened, err) : err_memory(err);
	if (rc < 0) {
		place_lines_close(&opened);
		return rc;
	}
	/* The byte order mark with which some programs begin UTF-8. */
	if (opened.end >= 3 && memcmp(opened.buffer, "\xef\xbb\xbf", 3) == 0)
		opened.at = 3;
	*lines = opened;
	return 0;
}

void place_lines_close(struct place_lines *lines)
{
	source_free(lines->source);
	free(lines->buffer);
	lines->source = NULL;
	lines->buffer = NULL;
}

bool place_lines_sha256(struct place_lines *lines, uint8_t ret_digest[32], uint64_t *ret_size)
{
	if (!source_sha256(lines->source, ret_digest))
		return false;
	*ret_size = source_stored(lines->source);
	return true;
}

/* Passes over the rest of a line that is too long. */
static int skip_line(struct place_lines *lines, struct err *err)
{
	while (!lines->ended) {
		const char *from = lines->buffer + lines->at;
		const char *newline = memchr(from, '\n', lines->end - lines->at);
		int rc;

		if (newline) {
			lines->at += (size_t)(newline - from) + 1;
			return 0;
		}
		lines->at = lines->end;
		rc = fill(lines, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static struct view usual_line(const char *from, size_t len)
{
	if (len > PLACE_LINE_MAX)
		return (struct view){ NULL, 0 };
	while (len && from[len - 1] == '\r')
		len--;
	return (struct view){ from, len };
}

int place_lines_next(struct place_lines *lines, struct view *ret_line, struct err *err)
{
	size_t seen = 0;	/* bytes of this line that hold no newline */

	for (;;) {
		const char *from = lines->buffer + lines->at;
		size_t left = lines->end - lines->at;
		const char *newline = memchr(from + seen, '\n', left - seen);
		int rc;

		if (newline || (lines->ended && left)) {
			size_t len = newline ? (size_t)(newline - from) : left;

			lines->at += len + (newline != NULL);
			lines->number++;
			*ret_line = usual_line(from, len);
			return 1;
		}
		if (lines->ended)
			return 0;
		seen = left;
		if (left > PLACE_LINE_MAX) {
			rc = skip_line(lines, err);
			if (rc < 0)
				return rc;
			lines->number++;
			*ret_line = (struct view){ NULL, 0 };
			return 1;
		}
		rc = fill(lines, err);
		if (rc < 0)
			return rc;
	}
}

int place_lines_bytes(struct place_lines *lines, struct view *ret_bytes, struct err *err)
{
	while (lines->at == lines->end && !lines->ended) {
		int rc = fill(lines, err);

		if (rc < 0)
			return rc;
	}
	*ret_bytes = (struct view){ lines->buffer + lines->at, lines->end - lines->at };
	lines->at = lines->end;
	return 0;
}

void place_lines_back(struct place_lines *lines, struct view bytes)
{
	lines->at -= bytes.len;
}

bool place_field_next(struct view *rest, char separator, struct view *ret_field)
{
	const char *at = rest->ptr, *end, *close;
	size_t left = rest->len;

	if (!at)
		return false;
	while (left && (*at == ' ' || (*at == '\t' && separator != '\t'))) {
		at++;
		left--;
	}
	if (!left || *at != '"') {
		bool any = view_split(rest, separator, ret_field);

		*ret_field = view_trim(*ret_field);
		return any;
	}
	end = at + left;
	close = at + 1;
	while (close < end && (*close != '"' || (close + 1 < end && close[1] == '"')))
		close += *close == '"' ? 2 : 1;
	*ret_field = (struct view){ at + 1, (size_t)(close - at - 1) };
	/* What stands between the closing quote and the separator is dropped. */
	at = memchr(close, separator, (size_t)(end - close));
	*rest = at ? (struct view){ at + 1, (size_t)(end - at - 1) } : (struct view){ NULL, 0 };
	return true;
}

bool place_field_asn(struct view field, uint32_t *ret_asn)
{
	struct view high;
	uint32_t value, low;

	if (field.len > 2 && view_equal_nocase((struct view){ field.ptr, 2 }, VIEW("AS")))
		field = (struct view){ field.ptr + 2, field.len - 2 };
	if (view_u32(field, &value)) {
		*ret_asn = value;
		return true;
	}
	if (!view_split(&field, '.', &high) || !view_u32(high, &value) || !view_u32(field, &low) ||
	    value > UINT16_MAX || low > UINT16_MAX)
		return false;
	*ret_asn = value << 16 | low;
	return true;
}
