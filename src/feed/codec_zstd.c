/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Zstandard (RFC 8878), a frame at a time. Frames whose window is beyond the library's default
 * limit (128 MiB) count as damaged: no archive has them, and memory is not handed out on the
 * word of a file.
 *
 * When the library finds damage it does not say what it took and gave in that call before. So it is
 * shown a block at most, and nothing new while it has bytes to give: then a call that fails has
 * given nothing. It asks for a block together with the header of the next; that is held back.
 */
#include "feed/codec.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

static enum codec_begins zstd_begins(const uint8_t *bytes, size_t len, bool strict)
{
	(void)strict;
	return codec_magic(bytes, len, "\x28\xb5\x2f\xfd", 4);
}

#define BLOCK_HEADER	3u	/* bytes; RFC 8878 section 3.1.1.2 */

struct zstd {
	ZSTD_DStream *stream;
	size_t wanted;	/* bytes it asks for */
	bool giving;	/* it may have more to give of what it took */
};

static void *zstd_open(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (zstd)
		zstd->stream = ZSTD_createDStream();
	if (zstd && !zstd->stream) {
		free(zstd);
		return NULL;
	}
	return zstd;
}

static bool zstd_reset(void *state)
{
	struct zstd *zstd = state;

	zstd->wanted = ZSTD_initDStream(zstd->stream);
	zstd->giving = false;
	return !ZSTD_isError(zstd->wanted);
}

static enum codec_status decompress(struct zstd *zstd, struct codec_io *io)
{
	size_t len = zstd->wanted > BLOCK_HEADER ? zstd->wanted - BLOCK_HEADER : 1;
	ZSTD_inBuffer in = { io->in, 0, 0 };
	ZSTD_outBuffer out = { io->out, io->out_room, 0 };
	size_t result;

	if (!zstd->giving)
		in.size = len < io->in_len ? len : io->in_len;
	result = ZSTD_decompressStream(zstd->stream, &out, &in);

	if (ZSTD_isError(result)) {
		io->in += in.size;
		io->in_len -= in.size;
		return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation ? CODEC_MEMORY
										 : CODEC_DAMAGED;
	}
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_room -= out.pos;
	zstd->wanted = result;
	zstd->giving = out.pos == out.size;
	return result == 0 ? CODEC_MEMBER_END : CODEC_GOES_ON;
}

static enum codec_status zstd_step(void *state, struct codec_io *io)
{
	struct zstd *zstd = state;
	size_t room = io->out_room;
	enum codec_status status;

	if (zstd->giving) {
		status = decompress(zstd, io);
		if (status != CODEC_GOES_ON || io->out_room < room)
			return status;
	}
	return decompress(zstd, io);
}

static void zstd_close(void *state)
{
	struct zstd *zstd = state;

	ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.begins = zstd_begins,
	.open = zstd_open,
	.reset = zstd_reset,
	.step = zstd_step,
	.close = zstd_close,
};
