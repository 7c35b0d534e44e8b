/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Zstandard (RFC 8878), a frame at a time. Frames whose window is beyond the library's default
 * limit (128 MiB) count as damaged: no archive has them, and memory is not handed out on the
 * word of a file.
 */
#include "feed/codec.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

static enum codec_begins zstd_begins(const uint8_t *bytes, size_t len, bool strict)
{
	(void)strict;
	return codec_magic(bytes, len, "\x28\xb5\x2f\xfd", 4);
}

static void *zstd_open(void)
{
	return ZSTD_createDStream();
}

static bool zstd_reset(void *state)
{
	return !ZSTD_isError(ZSTD_initDStream(state));
}

static enum codec_status zstd_step(void *state, struct codec_io *io)
{
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_room, 0 };
	size_t result = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_room -= out.pos;
	if (!ZSTD_isError(result))
		return result == 0 ? CODEC_MEMBER_END : CODEC_GOES_ON;
	return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation ? CODEC_MEMORY
									 : CODEC_DAMAGED;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.begins = zstd_begins,
	.open = zstd_open,
	.reset = zstd_reset,
	.step = zstd_step,
	.close = zstd_close,
};
