/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A compression format, as source.c drives it: one row of functions each. Private to feed/.
 *
 * source.c finds where a member (gzip's word; a stream of bzip2 and xz, a frame of zstd) begins,
 * calls reset, then step until the member ends or is damaged. A codec neither reads nor buffers: it
 * moves on in the bytes it is shown.
 */
#ifndef CONSTAT_FEED_CODEC_H
#define CONSTAT_FEED_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum codec_begins {
	CODEC_NO,
	CODEC_PERHAPS,	/* as far as the bytes reach */
	CODEC_YES,
};

enum codec_status {
	CODEC_GOES_ON,
	CODEC_MEMBER_END,
	CODEC_DAMAGED,
	CODEC_MEMORY,
};

/* Bytes not taken yet, and room not filled yet: step() moves both on. */
struct codec_io {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_room;
};

#define CODEC_BEGIN_MAX	16u	/* begins() looks at no more bytes than this */

struct codec {
	const char *name;
	/*
	 * Bytes of zero allowed between and behind members come in multiples of this; 0: none are.
	 */
	unsigned padding;
	/* `strict`: in search of a member behind damage, where chance must not look like one. */
	enum codec_begins (*begins)(const uint8_t *bytes, size_t len, bool strict);
	/* All NULL for bzip2, which does not go member by member: bzip2_parallel.h. */
	void *(*open)(void);		/* NULL: out of memory */
	bool (*reset)(void *state);	/* before every member; false: out of memory */
	enum codec_status (*step)(void *state, struct codec_io *io);
	void (*close)(void *state);
};

extern const struct codec codec_gzip;
extern const struct codec codec_bzip2;
extern const struct codec codec_zstd;
extern const struct codec codec_xz;

/* Whether `bytes` and the first `size` bytes of `magic` agree, as far as both reach. */
enum codec_begins codec_magic(const uint8_t *bytes, size_t len, const char *magic, size_t size);

#endif
