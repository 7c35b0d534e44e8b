/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bzip2, by libbz2, a stream at a time.
 *
 * The three letters of its header are also the first second of an MRT record of April 2005, so
 * the mark of a block or of the stream's end has to follow.
 */
#include "feed/codec.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct bzip2 {
	bz_stream stream;
	bool running;
};

static enum codec_begins bzip2_begins(const uint8_t *bytes, size_t len, bool strict)
{
	enum codec_begins begins = codec_magic(bytes, len, "BZh", 3), block, end;

	(void)strict;
	if (begins != CODEC_YES || len == 3)
		return begins == CODEC_YES ? CODEC_PERHAPS : begins;
	if (bytes[3] < '1' || bytes[3] > '9')
		return CODEC_NO;
	block = codec_magic(bytes + 4, len - 4, "\x31\x41\x59\x26\x53\x59", 6);
	end = codec_magic(bytes + 4, len - 4, "\x17\x72\x45\x38\x50\x90", 6);
	return block > end ? block : end;
}

static void *bzip2_open(void)
{
	return calloc(1, sizeof(struct bzip2));
}

static bool bzip2_reset(void *state)
{
	struct bzip2 *bzip2 = state;

	if (bzip2->running)
		BZ2_bzDecompressEnd(&bzip2->stream);
	memset(&bzip2->stream, 0, sizeof(bzip2->stream));
	bzip2->running = BZ2_bzDecompressInit(&bzip2->stream, 0, 0) == BZ_OK;
	return bzip2->running;
}

static unsigned at_most_uint(size_t len)
{
	return len < UINT_MAX / 2 ? (unsigned)len : UINT_MAX / 2;
}

static enum codec_status bzip2_step(void *state, struct codec_io *io)
{
	bz_stream *stream = &((struct bzip2 *)state)->stream;
	unsigned in_len = at_most_uint(io->in_len), out_room = at_most_uint(io->out_room);
	int result;

	stream->next_in = (char *)io->in;
	stream->avail_in = in_len;
	stream->next_out = (char *)io->out;
	stream->avail_out = out_room;
	result = BZ2_bzDecompress(stream);
	io->in += in_len - stream->avail_in;
	io->in_len -= in_len - stream->avail_in;
	io->out += out_room - stream->avail_out;
	io->out_room -= out_room - stream->avail_out;
	switch (result) {
	case BZ_OK:
		return CODEC_GOES_ON;
	case BZ_STREAM_END:
		return CODEC_MEMBER_END;
	case BZ_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void bzip2_close(void *state)
{
	struct bzip2 *bzip2 = state;

	if (bzip2->running)
		BZ2_bzDecompressEnd(&bzip2->stream);
	free(bzip2);
}

const struct codec codec_bzip2 = {
	.name = "bzip2",
	.begins = bzip2_begins,
	.open = bzip2_open,
	.reset = bzip2_reset,
	.step = bzip2_step,
	.close = bzip2_close,
};
