/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stored bytes are gathered in a window that begins a little before the piece at hand. A mark at
 * any of eight shifts covers its third and fourth byte fully, so one look into a bitmap of byte
 * pairs tells nearly always that no mark begins here; the few other places are compared in full.
 */
#include "feed/bzip2_scan.h"

#include <stdlib.h>
#include <string.h>

#define MARK_BYTES	7u	/* that a mark reaches into, at most */
#define HEADER_BYTES	4u	/* "BZh" and the level */
#define ALLOC_STEP	((size_t)256 << 10)

struct bzip2_scan {
	struct stored *stored;
	uint8_t pairs[65536 / 8];

	uint8_t *window;
	size_t len, room;
	uint64_t base;		/* of the window in the file, bytes */
	size_t next;		/* where the next mark may begin */

	bool found;		/* the mark of the piece at hand */
	bool block;
	uint64_t mark;		/* bit in the file */
	unsigned level;
	bool cropped;
	bool ended;
};

static void add_pairs(struct bzip2_scan *scan, uint64_t mark)
{
	for (unsigned shift = 0; shift < 8; shift++) {
		/*
		 * The mark begins at bit `shift` of the first byte; bytes three and four are bits
		 * 16 to 31 of it.
		 */
		unsigned pair = (unsigned)(mark >> (BZIP2_MARK_BITS - 32 + shift)) & 0xffff;

		scan->pairs[pair / 8] |= (uint8_t)(1u << pair % 8);
	}
}

int bzip2_scan_new(struct stored *stored, struct bzip2_scan **ret_scan, struct err *err)
{
	struct bzip2_scan *scan = calloc(1, sizeof(*scan));

	if (!scan)
		return err_memory(err);
	scan->stored = stored;
	add_pairs(scan, BZIP2_MARK_BLOCK);
	add_pairs(scan, BZIP2_MARK_END);
	*ret_scan = scan;
	return 0;
}

void bzip2_scan_free(struct bzip2_scan *scan)
{
	if (!scan)
		return;
	free(scan->window);
	free(scan);
}

static int make_room(uint8_t **bytes, size_t *room, size_t want, struct err *err)
{
	uint8_t *moved;

	want += BZIP2_SLACK;
	if (want <= *room)
		return 0;
	want = (want / ALLOC_STEP + 1) * ALLOC_STEP;
	moved = realloc(*bytes, want);
	if (!moved)
		return err_memory(err);
	*bytes = moved;
	*room = want;
	return 0;
}

static uint64_t load_be64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return __builtin_bswap64(value);
}

/* A mark that begins in the window's byte `at`, wholly in sight. */
static bool mark_in(const struct bzip2_scan *scan, size_t at, uint64_t *ret_bit, bool *ret_block)
{
	uint64_t bits = load_be64(scan->window + at), mark, bit;

	for (unsigned shift = 0; shift < 8; shift++) {
		mark = bits << shift >> (64 - BZIP2_MARK_BITS);
		bit = (uint64_t)at * 8 + shift;
		if ((mark == BZIP2_MARK_BLOCK || mark == BZIP2_MARK_END) &&
		    bit + BZIP2_MARK_BITS <= (uint64_t)scan->len * 8) {
			*ret_bit = scan->base * 8 + bit;
			*ret_block = mark == BZIP2_MARK_BLOCK;
			return true;
		}
	}
	return false;
}

static bool all_in_sight(const struct bzip2_scan *scan)
{
	return scan->stored->file_ended && stored_len(scan->stored) == 0;
}

static bool find_mark(struct bzip2_scan *scan, uint64_t *ret_bit, bool *ret_block)
{
	const uint8_t *window = scan->window;
	size_t end = scan->len, at;

	/* Where more is to come, a mark that may go on beyond the window is left for then. */
	if (!all_in_sight(scan))
		end = scan->len < MARK_BYTES ? 0 : scan->len - MARK_BYTES + 1;
	for (at = scan->next; at < end; at++) {
		unsigned pair = (unsigned)window[at + 2] << 8 | window[at + 3];

		if (scan->pairs[pair / 8] >> pair % 8 & 1 &&
		    mark_in(scan, at, ret_bit, ret_block)) {
			scan->next = at + 1;
			return true;
		}
	}
	scan->next = at;
	return false;
}

static unsigned header_before(const struct bzip2_scan *scan, uint64_t bit)
{
	size_t at = (size_t)(bit / 8 - scan->base);
	const uint8_t *header = scan->window + at - HEADER_BYTES;

	if (bit % 8 != 0 || at < HEADER_BYTES || memcmp(header, "BZh", 3) != 0 || header[3] < '1' ||
	    header[3] > '9')
		return 0;
	return header[3] - (unsigned)'0';
}

/*
 * The window begins with the piece at hand, or where the next mark may be; a header before it stays
 * in sight.
 */
static void forget(struct bzip2_scan *scan)
{
	size_t keep =
		scan->found && !scan->cropped ? (size_t)(scan->mark / 8 - scan->base) : scan->next;

	if (keep <= HEADER_BYTES)
		return;
	keep -= HEADER_BYTES;
	memmove(scan->window, scan->window + keep, scan->len - keep);
	scan->len -= keep;
	scan->next -= keep;
	scan->base += keep;
}

static int read_more(struct bzip2_scan *scan, struct err *err)
{
	struct stored *stored = scan->stored;
	int result = stored_fill(stored, 1, err);
	size_t len = stored_len(stored);

	if (result == 0)
		result = make_room(&scan->window, &scan->room, scan->len + len, err);
	if (result != 0)
		return result;
	memcpy(scan->window + scan->len, stored->at, len);
	scan->len += len;
	memset(scan->window + scan->len, 0, BZIP2_SLACK);
	stored->at += len;
	return 0;
}

/* Copies what the window has of the piece at hand, up to bit `end`. */
static int copy_piece(const struct bzip2_scan *scan, struct bzip2_piece *piece, uint64_t end,
		      struct err *err)
{
	size_t from = (size_t)(scan->mark / 8 - scan->base);
	size_t len = (size_t)((end + 7) / 8 - scan->mark / 8);
	int result = make_room(&piece->bytes, &piece->room, len, err);

	if (result != 0)
		return result;
	memcpy(piece->bytes, scan->window + from, len);
	memset(piece->bytes + len, 0, BZIP2_SLACK);
	piece->len = len;
	piece->at = scan->mark;
	piece->bits = end - scan->mark;
	piece->block = scan->block;
	piece->level = scan->level;
	return 0;
}

static int crop(struct bzip2_scan *scan, struct bzip2_piece *piece, struct err *err)
{
	int result = copy_piece(scan, piece, scan->mark + (uint64_t)BZIP2_STORED_MAX * 8, err);

	scan->cropped = result == 0;
	return result;
}

int bzip2_scan_next(struct bzip2_scan *scan, struct bzip2_piece *piece, bool *ret_more,
		    struct err *err)
{
	uint64_t bit = 0;
	bool block = false, marked = false;
	int result = 0;

	while (!scan->ended) {
		marked = find_mark(scan, &bit, &block);
		if (marked && scan->found)
			break;
		if (marked) {
			scan->found = true;
			scan->mark = bit;
			scan->block = block;
			scan->level = header_before(scan, bit);
			continue;
		}
		if (all_in_sight(scan))
			break;
		if (scan->found && !scan->cropped &&
		    scan->len - (scan->mark / 8 - scan->base) > BZIP2_STORED_MAX)
			result = crop(scan, piece, err);
		if (result == 0) {
			forget(scan);
			result = read_more(scan, err);
		}
		if (result != 0)
			return result;
	}
	scan->ended = !marked;
	*ret_more = scan->found;
	if (!scan->found)
		return 0;
	if (!scan->cropped)
		result = copy_piece(scan, piece, marked ? bit : (scan->base + scan->len) * 8, err);
	if (result != 0)
		return result;
	piece->last = !marked;
	piece->cropped = scan->cropped;
	scan->found = marked;
	scan->cropped = false;
	if (marked) {
		scan->mark = bit;
		scan->block = block;
		scan->level = header_before(scan, bit);
	}
	return 0;
}

int bzip2_piece_join(struct bzip2_piece *piece, const struct bzip2_piece *more, struct err *err)
{
	/* Both have the byte in which `more` begins, unless it begins with a whole one. */
	size_t shared = more->at % 8 != 0;
	int result = make_room(&piece->bytes, &piece->room, piece->len + more->len - shared, err);

	if (result != 0)
		return result;
	memcpy(piece->bytes + piece->len, more->bytes + shared, more->len - shared + BZIP2_SLACK);
	piece->len += more->len - shared;
	piece->bits += more->bits;
	piece->last = more->last;
	piece->cropped = more->cropped;
	return 0;
}

uint64_t bzip2_piece_bits(const struct bzip2_piece *piece, uint64_t at, unsigned count)
{
	uint64_t bits = 0;

	at += piece->at % 8;
	for (unsigned i = 0; i < count; i++, at++)
		bits = bits << 1 | (piece->bytes[at / 8] >> (7 - at % 8) & 1);
	return bits;
}
