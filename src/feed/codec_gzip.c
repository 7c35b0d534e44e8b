/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gzip (RFC 1952), by ISA-L where the build has it, else by zlib.
 *
 * ISA-L inflates straight into the caller's memory, apart from the first 64 KiB of each call,
 * which pass through a buffer of its own. When it meets damage, what that buffer still holds was
 * decoded before the damage, and is handed out first: how much is given must not depend on the
 * room that the caller happened to offer. It may also say then that it took a byte or two more
 * than there were, having loaded them ahead; stored.h leaves room for that.
 */
#include "feed/codec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef CONSTAT_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#define METHOD_DEFLATE	8u
#define FLAGS_RESERVED	0xe0u

/* RFC 1952 section 2.3.1: extra flags 2 and 4 are deflate's; systems 0 to 13, 255 unknown. */
static bool header_likely(const uint8_t *bytes)
{
	uint8_t extra_flags = bytes[8], system = bytes[9];

	return !(bytes[3] & FLAGS_RESERVED) &&
	       (extra_flags == 0 || extra_flags == 2 || extra_flags == 4) &&
	       (system <= 13 || system == 255);
}

static enum codec_begins gzip_begins(const uint8_t *bytes, size_t len, bool strict)
{
	static const char magic[] = { 0x1f, (char)0x8b, METHOD_DEFLATE };
	enum codec_begins begins = codec_magic(bytes, len, magic, sizeof(magic));

	if (begins != CODEC_YES || !strict)
		return begins;
	if (len < 10)
		return CODEC_PERHAPS;
	return header_likely(bytes) ? CODEC_YES : CODEC_NO;
}

static unsigned at_most_uint(size_t len)
{
	return len < UINT_MAX / 2 ? (unsigned)len : UINT_MAX / 2;
}

#ifdef CONSTAT_HAVE_ISAL

struct gzip {
	struct inflate_state inflate;
	bool damaged;	/* what is left in inflate.tmp_out_buffer is to be given yet */
};

static void *gzip_open(void)
{
	return malloc(sizeof(struct gzip));
}

static bool gzip_reset(void *state)
{
	struct gzip *gzip = state;

	/*
	 * Codes that the stream never defined are looked up where nothing was written: let that be
	 * the same each time.
	 */
	memset(gzip, 0, sizeof(*gzip));
	isal_inflate_init(&gzip->inflate);
	gzip->inflate.crc_flag = ISAL_GZIP;
	return true;
}

static enum codec_status drain(struct gzip *gzip, struct codec_io *io)
{
	struct inflate_state *inflate = &gzip->inflate;
	size_t len = (size_t)(inflate->tmp_out_valid - inflate->tmp_out_processed);

	if (len > io->out_room)
		len = io->out_room;
	memcpy(io->out, inflate->tmp_out_buffer + inflate->tmp_out_processed, len);
	inflate->tmp_out_processed += (int32_t)len;
	io->out += len;
	io->out_room -= len;
	return inflate->tmp_out_processed < inflate->tmp_out_valid ? CODEC_GOES_ON : CODEC_DAMAGED;
}

static enum codec_status gzip_step(void *state, struct codec_io *io)
{
	struct gzip *gzip = state;
	struct inflate_state *inflate = &gzip->inflate;
	unsigned in_len = at_most_uint(io->in_len), out_room = at_most_uint(io->out_room), left;
	int result;

	if (gzip->damaged)
		return drain(gzip, io);
	inflate->next_in = (uint8_t *)io->in;
	inflate->avail_in = in_len;
	inflate->next_out = io->out;
	inflate->avail_out = out_room;
	result = isal_inflate(inflate);
	left = inflate->avail_in <= in_len ? inflate->avail_in : 0;
	io->in += in_len - left;
	io->in_len -= in_len - left;
	io->out += out_room - inflate->avail_out;
	io->out_room -= out_room - inflate->avail_out;
	if (result < 0 || result == ISAL_NEED_DICT) {
		gzip->damaged = true;
		return drain(gzip, io);
	}
	return inflate->block_state == ISAL_BLOCK_FINISH ? CODEC_MEMBER_END : CODEC_GOES_ON;
}

static void gzip_close(void *state)
{
	free(state);
}

#else

#define WINDOW_BITS_GZIP (15 + 16)

static void *gzip_open(void)
{
	z_stream *stream = calloc(1, sizeof(*stream));

	if (stream && inflateInit2(stream, WINDOW_BITS_GZIP) != Z_OK) {
		free(stream);
		return NULL;
	}
	return stream;
}

static bool gzip_reset(void *state)
{
	return inflateReset(state) == Z_OK;
}

static enum codec_status gzip_step(void *state, struct codec_io *io)
{
	z_stream *stream = state;
	unsigned in_len = at_most_uint(io->in_len), out_room = at_most_uint(io->out_room);
	int result;

	stream->next_in = (Bytef *)io->in;
	stream->avail_in = in_len;
	stream->next_out = io->out;
	stream->avail_out = out_room;
	result = inflate(stream, Z_NO_FLUSH);
	io->in += in_len - stream->avail_in;
	io->in_len -= in_len - stream->avail_in;
	io->out += out_room - stream->avail_out;
	io->out_room -= out_room - stream->avail_out;
	switch (result) {
	case Z_OK:
	case Z_BUF_ERROR:
		return CODEC_GOES_ON;
	case Z_STREAM_END:
		return CODEC_MEMBER_END;
	case Z_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

#endif

const struct codec codec_gzip = {
	.name = "gzip",
	.padding = 1,
	.begins = gzip_begins,
	.open = gzip_open,
	.reset = gzip_reset,
	.step = gzip_step,
	.close = gzip_close,
};
