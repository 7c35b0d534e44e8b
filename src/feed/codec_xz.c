/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xz, by liblzma, a stream at a time. Streams that ask for more memory than `xz -9` takes, with
 * room to spare, count as damaged. Padding between streams comes in fours (.xz file format,
 * section 2.2).
 */
#include "feed/codec.h"

#include <lzma.h>
#include <stdlib.h>

#define MEMORY_MAX (UINT64_C(192) << 20)

static enum codec_begins xz_begins(const uint8_t *bytes, size_t len, bool strict)
{
	(void)strict;
	return codec_magic(bytes, len, "\xfd" "7zXZ\0", 6);
}

static void *xz_open(void)
{
	lzma_stream *stream = malloc(sizeof(*stream));

	if (stream)
		*stream = (lzma_stream)LZMA_STREAM_INIT;
	return stream;
}

static bool xz_reset(void *state)
{
	return lzma_stream_decoder(state, MEMORY_MAX, 0) == LZMA_OK;
}

static enum codec_status xz_step(void *state, struct codec_io *io)
{
	lzma_stream *stream = state;
	lzma_ret result;

	stream->next_in = io->in;
	stream->avail_in = io->in_len;
	stream->next_out = io->out;
	stream->avail_out = io->out_room;
	result = lzma_code(stream, LZMA_RUN);
	io->in = stream->next_in;
	io->in_len = stream->avail_in;
	io->out = stream->next_out;
	io->out_room = stream->avail_out;
	switch (result) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return CODEC_GOES_ON;
	case LZMA_STREAM_END:
		return CODEC_MEMBER_END;
	case LZMA_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void xz_close(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = {
	.name = "xz",
	.padding = 4,
	.begins = xz_begins,
	.open = xz_open,
	.reset = xz_reset,
	.step = xz_step,
	.close = xz_close,
};
