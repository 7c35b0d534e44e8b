/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libbz2 decodes streams, not blocks: the block is moved to a byte boundary, a stream's header put
 * before and a stream's end behind it. The checksum over a stream of one block is that block's own.
 */
#include "feed/bzip2_old.h"

#include <bzlib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES	4u
#define END_BYTES	11u		/* mark, checksum, and the bits to a whole byte */
#define OUT_STEP	((size_t)1 << 20)

/* The lowest `count` bits of `bits` to bit `at` of bytes that are zero from there on. */
static uint64_t put_bits(uint8_t *bytes, uint64_t at, uint64_t bits, unsigned count)
{
	for (unsigned i = count; i-- > 0; at++)
		bytes[at / 8] |= (uint8_t)((bits >> i & 1) << (7 - at % 8));
	return at;
}

static uint8_t *make_stream(const struct bzip2_piece *piece, unsigned level, size_t *ret_len)
{
	uint8_t *stream = calloc(1, HEADER_BYTES + piece->len + END_BYTES);
	uint64_t at = HEADER_BYTES * 8, done = 0;

	if (!stream)
		return NULL;
	memcpy(stream, "BZh", 3);
	stream[3] = (uint8_t)('0' + level);
	for (; done < piece->bits; done++)
		at = put_bits(stream, at, bzip2_piece_bits(piece, done, 1), 1);
	at = put_bits(stream, at, BZIP2_MARK_END, BZIP2_MARK_BITS);
	at = put_bits(stream, at, bzip2_piece_bits(piece, BZIP2_MARK_BITS, 32), 32);
	*ret_len = (size_t)((at + 7) / 8);
	return stream;
}

static enum bzip2_result decode_stream(bz_stream *bz, uint8_t **out, size_t *len)
{
	size_t room = 0;
	uint8_t *moved;
	int result;

	do {
		if (*len == room) {
			room += OUT_STEP;
			moved = realloc(*out, room);
			if (!moved)
				return BZIP2_NO_MEMORY;
			*out = moved;
		}
		bz->next_out = (char *)*out + *len;
		bz->avail_out = (unsigned)(room - *len);
		result = BZ2_bzDecompress(bz);
		*len = room - bz->avail_out;
	} while (result == BZ_OK && bz->avail_out == 0);
	if (result == BZ_MEM_ERROR)
		return BZIP2_NO_MEMORY;
	return result == BZ_STREAM_END ? BZIP2_WHOLE : BZIP2_DAMAGED;
}

enum bzip2_result bzip2_old_decode(const struct bzip2_piece *piece, unsigned level,
				   uint8_t **ret_bytes, size_t *ret_len)
{
	enum bzip2_result result = BZIP2_NO_MEMORY;
	bz_stream bz = { 0 };
	uint8_t *out = NULL, *stream;
	size_t stream_len, len = 0;

	stream = make_stream(piece, level, &stream_len);
	if (stream && BZ2_bzDecompressInit(&bz, 0, 0) == BZ_OK) {
		bz.next_in = (char *)stream;
		bz.avail_in = (unsigned)stream_len;
		result = decode_stream(&bz, &out, &len);
		BZ2_bzDecompressEnd(&bz);
	}
	free(stream);
	if (result != BZIP2_WHOLE) {
		free(out);
		return result;
	}
	*ret_bytes = out;
	*ret_len = len;
	return result;
}
