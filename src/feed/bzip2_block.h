/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One block of bzip2: compressed bits in, bytes out. Private to feed/.
 *
 * Blocks depend on nothing before them, so any number of them can be worked on at once, each with a
 * struct bzip2_work of its own. The text of a block (after the inverse transform, before its runs
 * are expanded) has at most 900,000 bytes; what it expands to may be 50 times as much, and is given
 * in pieces by bzip2_expand().
 */
#ifndef CONSTAT_FEED_BZIP2_BLOCK_H
#define CONSTAT_FEED_BZIP2_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BZIP2_MARK_BITS		48u
#define BZIP2_MARK_BLOCK	UINT64_C(0x314159265359)
#define BZIP2_MARK_END		UINT64_C(0x177245385090)
#define BZIP2_LEVEL_SIZE	100000u		/* bytes of text per level */
#define BZIP2_TEXT_MAX		(9 * BZIP2_LEVEL_SIZE)
/*
 * Bytes that must be readable behind the compressed bytes, and behind the text; their content does
 * not matter.
 */
#define BZIP2_SLACK		512u

struct bzip2_work;

enum bzip2_result {
	BZIP2_WHOLE,
	BZIP2_CUT,	/* the bits end before the block does */
	BZIP2_DAMAGED,
	BZIP2_OLD,	/* randomised: bzip2_old.c decodes it */
	BZIP2_NO_MEMORY,
};

struct bzip2_work *bzip2_work_new(void);	/* NULL: out of memory */
void bzip2_work_free(struct bzip2_work *work);	/* takes NULL */

struct bzip2_text {
	size_t len;
	uint32_t crc;		/* that the block states, of what the text expands to */
	uint64_t end;		/* bit behind the block */
};

/*
 * Decodes the block whose mark is at bit `at` of bytes[0, len); `text` has room for BZIP2_TEXT_MAX
 * + BZIP2_SLACK bytes. Damage shows here, or in the checksum of what the text expands to.
 */
enum bzip2_result bzip2_block_decode(struct bzip2_work *work, const uint8_t *bytes, size_t len,
				     uint64_t at, unsigned level, uint8_t *text,
				     struct bzip2_text *ret_text);

/* Where the expansion of a text stands. Start with all zero. */
struct bzip2_expansion {
	size_t at;		/* in the text */
	uint32_t run_left;	/* bytes of a run still to be given */
	uint8_t run_byte;
};

/* Up to `room` bytes of what the text expands to; fewer only at its end. */
size_t bzip2_expand(struct bzip2_expansion *expansion, const uint8_t *text, size_t len,
		    uint8_t *out, size_t room);

/* CRC-32 as bzip2 computes it (most significant bit first). Starts with `crc` 0. */
uint32_t bzip2_crc(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
