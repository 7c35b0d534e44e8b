/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xz, by liblzma, a stream at a time. Streams that ask for more memory than `xz -9` takes, with
 * room to spare, count as damaged. Padding between streams comes in fours (.xz file format,
 * section 2.2).
 *
 * How far the library gets into damage depends on the room it is offered, so that is always the
 * same, in a buffer of its own; beside what decoding xz takes the copy is nothing.
 */
#include "feed/codec.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX	(UINT64_C(192) << 20)
#define ROOM		((size_t)64 << 10)

static enum codec_begins xz_begins(const uint8_t *bytes, size_t len, bool strict)
{
	(void)strict;
	return codec_magic(bytes, len, "\xfd" "7zXZ\0", 6);
}

struct xz {
	lzma_stream stream;
	uint8_t out[ROOM];
	size_t at, end;			/* of it, not given yet */
	enum codec_status status;	/* after that */
};

static void *xz_open(void)
{
	struct xz *xz = malloc(sizeof(*xz));

	if (xz)
		xz->stream = (lzma_stream)LZMA_STREAM_INIT;
	return xz;
}

static bool xz_reset(void *state)
{
	struct xz *xz = state;

	xz->at = xz->end = 0;
	xz->status = CODEC_GOES_ON;
	return lzma_stream_decoder(&xz->stream, MEMORY_MAX, 0) == LZMA_OK;
}

static void decode(struct xz *xz, struct codec_io *io)
{
	lzma_ret result;

	xz->stream.next_in = io->in;
	xz->stream.avail_in = io->in_len;
	xz->stream.next_out = xz->out;
	xz->stream.avail_out = ROOM;
	result = lzma_code(&xz->stream, LZMA_RUN);
	io->in = xz->stream.next_in;
	io->in_len = xz->stream.avail_in;
	xz->at = 0;
	xz->end = ROOM - xz->stream.avail_out;
	if (result == LZMA_OK || result == LZMA_BUF_ERROR)
		xz->status = CODEC_GOES_ON;
	else if (result == LZMA_STREAM_END)
		xz->status = CODEC_MEMBER_END;
	else
		xz->status = result == LZMA_MEM_ERROR ? CODEC_MEMORY : CODEC_DAMAGED;
}

static enum codec_status xz_step(void *state, struct codec_io *io)
{
	struct xz *xz = state;
	size_t len;

	if (xz->at == xz->end && xz->status == CODEC_GOES_ON)
		decode(xz, io);
	len = xz->end - xz->at < io->out_room ? xz->end - xz->at : io->out_room;
	memcpy(io->out, xz->out + xz->at, len);
	xz->at += len;
	io->out += len;
	io->out_room -= len;
	return xz->at < xz->end ? CODEC_GOES_ON : xz->status;
}

static void xz_close(void *state)
{
	struct xz *xz = state;

	lzma_end(&xz->stream);
	free(xz);
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
