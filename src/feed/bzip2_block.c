/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a block is decoded, and why this is faster than the usual way.
 *
 * Symbols are decoded fifty at a time, as long as one Huffman table holds, by looking ten bits up,
 * into a small array; only then are they worked through. The first loop has no branch that cannot
 * be foretold. Of the move-to-front list the first eight bytes live in a register, where most moves
 * happen.
 *
 * What comes out is kept as runs (byte, how many), for the Burrows-Wheeler transform makes runs of
 * nearly everything. When all are known, so is where in sorted order each byte value starts, and a
 * run fills a stretch of `links` in one go: link[p] names the byte at place p of the sorted text
 * and the place of the byte behind it.
 *
 * Following the links from the origin gives the text. Each step waits for memory, so it is not done
 * from one end to the other: WALKERS of them start at evenly spread places at the same time, each
 * writing until it comes to a place where another one started. Then the pieces are put together in
 * order.
 */
#include "feed/bzip2_block.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_MAX	258u
#define TABLES_MAX	6u
#define CODE_MAX	20u		/* bits */
#define LOOKUP_BITS	10u
#define GROUP		50u		/* symbols that share a table */
#define SELECTORS_MAX	18002u		/* more are read and never needed */
#define SYMBOL_INVALID	511u
#define RUN_SHIFT_MAX	21u

#define WALKERS		8u
#define STARTS_MAX	64u
#define STARTS_FROM	8192u		/* shorter texts are walked through in one */
#define PIECE		4096u
#define PIECES_MAX	(BZIP2_TEXT_MAX / PIECE + 1 + STARTS_MAX)
#define NO_PIECE	UINT16_MAX
#define LINK_START	(UINT32_C(1) << 31)

struct table {
	uint16_t lookup[1u << LOOKUP_BITS];	/* symbol << 5 | bits; 0: longer */
	uint32_t limit[CODE_MAX + 1];		/* the largest code of that many bits, and 1 */
	uint32_t first[CODE_MAX + 1];		/* the smallest */
	uint16_t index[CODE_MAX + 1];		/* its place in `symbols` */
	uint16_t symbols[SYMBOLS_MAX];
	unsigned longest;
};

/* What one walk between two starts wrote: a list of pieces, all but the last of them full. */
struct walk {
	uint32_t start;
	uint32_t len;
	uint32_t behind;	/* place where it ended, which is another's start */
	uint16_t first_piece, last_piece;
};

struct bzip2_work {
	struct table tables[TABLES_MAX];
	uint8_t selectors[SELECTORS_MAX];
	unsigned table_count, selector_count, symbol_count;
	uint8_t used[256 + 16];
	uint32_t counts[256];
	uint32_t *runs;		/* length << 8 | byte */
	uint32_t run_count;
	uint32_t *links;	/* place << 8 | byte; one more, to itself, for walkers at rest */
	struct walk walks[STARTS_MAX];
	unsigned walk_count;
	uint16_t piece_next[PIECES_MAX];
	uint8_t (*pieces)[PIECE];
	uint16_t piece_count;
};

struct bits {
	const uint8_t *next;
	uint64_t window;	/* the next bits, uppermost first */
	unsigned count;		/* how many of them count */
	const uint8_t *bytes;
	uint64_t len;		/* in bits */
};

struct bzip2_work *bzip2_work_new(void)
{
	struct bzip2_work *work = calloc(1, sizeof(*work));

	if (!work)
		return NULL;
	work->runs = malloc(SELECTORS_MAX * GROUP * sizeof(*work->runs));
	work->links = malloc((BZIP2_TEXT_MAX + 1) * sizeof(*work->links));
	work->pieces = malloc((PIECES_MAX + 1) * sizeof(*work->pieces));
	if (!work->runs || !work->links || !work->pieces) {
		bzip2_work_free(work);
		return NULL;
	}
	return work;
}

void bzip2_work_free(struct bzip2_work *work)
{
	if (!work)
		return;
	free(work->runs);
	free(work->links);
	free(work->pieces);
	free(work);
}

static uint64_t load_be64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return __builtin_bswap64(value);
}

/*
 * At least 56 bits count afterwards. Bits above `count` in the window are right already: the same
 * are put over them.
 */
static inline void refill(struct bits *bits)
{
	bits->window |= load_be64(bits->next) >> bits->count;
	bits->next += (63 - bits->count) >> 3;
	bits->count |= 56;
}

static inline void drop(struct bits *bits, unsigned n)
{
	bits->window <<= n;
	bits->count -= n;
}

static uint64_t position(const struct bits *bits)
{
	return (uint64_t)(bits->next - bits->bytes) * 8 - bits->count;
}

static bool past_end(const struct bits *bits)
{
	return position(bits) > bits->len;
}

/*
 * n from 1 to 32. Past the end the bits are whatever stands there; once well past, zero, and it
 * moves no further.
 */
static uint32_t take(struct bits *bits, unsigned n)
{
	uint32_t value;

	if (past_end(bits))
		return 0;
	refill(bits);
	value = (uint32_t)(bits->window >> (64 - n));
	drop(bits, n);
	return value;
}

static void bits_start(struct bits *bits, const uint8_t *bytes, size_t len, uint64_t at)
{
	*bits = (struct bits){ .next = bytes + at / 8, .bytes = bytes, .len = (uint64_t)len * 8 };
	refill(bits);
	drop(bits, at % 8);
}

/* Codes are dealt out by length, then by symbol; the lookup is filled in the order of codes. */
static void table_build(struct table *table, const uint8_t *lengths, unsigned count)
{
	unsigned dealt = 0, entry = 0, symbol, bits, end;
	uint32_t code = 0;

	table->longest = 0;
	for (bits = 1; bits <= CODE_MAX; bits++) {
		table->first[bits] = code;
		table->index[bits] = (uint16_t)dealt;
		for (symbol = 0; symbol < count; symbol++)
			if (lengths[symbol] == bits)
				table->symbols[dealt++] = (uint16_t)symbol;
		code += dealt - table->index[bits];
		table->limit[bits] = code;
		if (dealt > table->index[bits])
			table->longest = bits;
		end = bits > LOOKUP_BITS ? entry : code << (LOOKUP_BITS - bits);
		if (end > 1u << LOOKUP_BITS)
			end = 1u << LOOKUP_BITS;
		for (; entry < end; entry++) {
			symbol = table->symbols[table->index[bits] +
						(entry >> (LOOKUP_BITS - bits)) -
						table->first[bits]];
			table->lookup[entry] = (uint16_t)(symbol << 5 | bits);
		}
		code <<= 1;
	}
	memset(table->lookup + entry, 0, sizeof(table->lookup) - entry * sizeof(table->lookup[0]));
}

static bool read_used(struct bzip2_work *work, struct bits *bits, unsigned *ret_count)
{
	uint32_t rows = take(bits, 16), row;
	unsigned count = 0;

	memset(work->used, 0, sizeof(work->used));
	for (unsigned i = 0; i < 16; i++) {
		if (!(rows >> (15 - i) & 1))
			continue;
		row = take(bits, 16);
		for (unsigned k = 0; k < 16; k++)
			if (row >> (15 - k) & 1)
				work->used[count++] = (uint8_t)(i * 16 + k);
	}
	*ret_count = count;
	return count > 0;
}

static bool read_selectors(struct bzip2_work *work, struct bits *bits)
{
	uint8_t order[TABLES_MAX] = { 0, 1, 2, 3, 4, 5 }, chosen;
	unsigned count;

	work->table_count = take(bits, 3);
	count = take(bits, 15);
	if (work->table_count < 2 || work->table_count > TABLES_MAX || count == 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		unsigned place = 0;

		while (take(bits, 1))
			if (++place >= work->table_count)
				return false;
		chosen = order[place];
		memmove(order + 1, order, place);
		order[0] = chosen;
		if (i < SELECTORS_MAX)
			work->selectors[i] = chosen;
	}
	work->selector_count = count < SELECTORS_MAX ? count : SELECTORS_MAX;
	return true;
}

static bool read_tables(struct bzip2_work *work, struct bits *bits)
{
	uint8_t lengths[SYMBOLS_MAX];
	unsigned length;

	for (unsigned t = 0; t < work->table_count; t++) {
		length = take(bits, 5);
		for (unsigned i = 0; i < work->symbol_count; i++) {
			for (;;) {
				if (length < 1 || length > CODE_MAX)
					return false;
				if (!take(bits, 1))
					break;
				length += take(bits, 1) ? -1u : 1u;
			}
			lengths[i] = (uint8_t)length;
		}
		table_build(&work->tables[t], lengths, work->symbol_count);
	}
	return true;
}

static unsigned decode_long(const struct table *table, struct bits *bits)
{
	for (unsigned n = LOOKUP_BITS + 1; n <= table->longest; n++) {
		uint32_t code = (uint32_t)(bits->window >> (64 - n));

		if (code < table->limit[n]) {
			drop(bits, n);
			return table->symbols[table->index[n] + code - table->first[n]];
		}
	}
	return SYMBOL_INVALID;
}

static inline unsigned decode(const struct table *table, struct bits *bits)
{
	unsigned entry = table->lookup[bits->window >> (64 - LOOKUP_BITS)];

	if (__builtin_expect(entry == 0, 0))
		return decode_long(table, bits);
	drop(bits, entry & 31);
	return entry >> 5;
}

/*
 * A whole group, though the block may end within it: then what follows is made of bits of no
 * concern to it.
 */
static void decode_group(const struct table *table, struct bits *bits, uint16_t *symbols)
{
	struct bits here = *bits;

	for (unsigned i = 0; i < GROUP; i += 2) {
		refill(&here);
		symbols[i] = (uint16_t)decode(table, &here);
		symbols[i + 1] = (uint16_t)decode(table, &here);
	}
	*bits = here;
}

/* To just behind the group's symbol number `last`. */
static void redecode(const struct table *table, struct bits *bits, unsigned last)
{
	for (unsigned i = 0; i <= last; i++) {
		refill(bits);
		(void)decode(table, bits);
	}
}

/* The move-to-front list and the runs it turns into. */
struct unmover {
	uint64_t front;		/* the first eight, the foremost in the lowest byte */
	uint8_t rest[256];
	uint32_t run;
	unsigned run_shift;
	uint32_t total;
};

static void unmover_start(struct unmover *unmover, const uint8_t *used)
{
	*unmover = (struct unmover){ 0 };
	memcpy(&unmover->front, used, 8);
	memcpy(unmover->rest, used + 8, 248);
}

static inline uint8_t move_to_front(struct unmover *unmover, unsigned place)
{
	uint64_t front = unmover->front, above;
	uint8_t byte;

	if (place < 8) {
		above = ~UINT64_C(0) << (8 * place);
		byte = (uint8_t)(front >> (8 * place));
		unmover->front = (front & above << 8) | (front & ~above) << 8 | byte;
		return byte;
	}
	byte = unmover->rest[place - 8];
	memmove(unmover->rest + 1, unmover->rest, place - 8);
	unmover->rest[0] = (uint8_t)(front >> 56);
	unmover->front = front << 8 | byte;
	return byte;
}

static inline void add_run(struct bzip2_work *work, struct unmover *unmover, uint32_t len,
			   uint8_t byte)
{
	work->runs[work->run_count++] = len << 8 | byte;
	work->counts[byte] += len;
	unmover->total += len;
}

enum group_end {
	GROUP_GOES_ON,
	GROUP_LAST,	/* the block's end is in it */
	GROUP_INVALID,
};

static enum group_end work_group(struct bzip2_work *work, struct unmover *unmover,
				 const uint16_t *symbols, unsigned *ret_last)
{
	unsigned end = work->symbol_count - 1;

	for (unsigned i = 0; i < GROUP; i++) {
		unsigned symbol = symbols[i];

		*ret_last = i;
		if (symbol <= 1) {
			if (unmover->run_shift > RUN_SHIFT_MAX)
				return GROUP_INVALID;
			unmover->run += (symbol + 1) << unmover->run_shift++;
			continue;
		}
		if (unmover->run > 0) {
			if (unmover->run > BZIP2_TEXT_MAX)
				return GROUP_INVALID;
			add_run(work, unmover, unmover->run, (uint8_t)unmover->front);
			unmover->run = unmover->run_shift = 0;
		}
		if (symbol >= end)
			return symbol == end ? GROUP_LAST : GROUP_INVALID;
		add_run(work, unmover, 1, move_to_front(unmover, symbol - 1));
	}
	return GROUP_GOES_ON;
}

static enum bzip2_result read_runs(struct bzip2_work *work, struct bits *bits, uint32_t text_max,
				   uint32_t *ret_total)
{
	enum group_end group_end = GROUP_GOES_ON;
	struct unmover unmover;
	uint16_t symbols[GROUP];
	struct bits before;
	unsigned last = 0;

	unmover_start(&unmover, work->used);
	memset(work->counts, 0, sizeof(work->counts));
	work->run_count = 0;
	for (unsigned i = 0; i < work->selector_count && group_end == GROUP_GOES_ON; i++) {
		const struct table *table = &work->tables[work->selectors[i]];

		if (past_end(bits))
			return BZIP2_CUT;
		before = *bits;
		decode_group(table, bits, symbols);
		group_end = work_group(work, &unmover, symbols, &last);
		if (unmover.total > text_max)
			group_end = GROUP_INVALID;
		if (group_end != GROUP_GOES_ON) {
			*bits = before;
			redecode(table, bits, last);
		}
	}
	if (past_end(bits))
		return BZIP2_CUT;
	if (group_end != GROUP_LAST)
		return BZIP2_DAMAGED;
	*ret_total = unmover.total;
	return BZIP2_WHOLE;
}

static void make_links(struct bzip2_work *work, uint32_t total)
{
	uint32_t sum = 0, count, place = 0;

	for (unsigned i = 0; i < 256; i++) {
		count = work->counts[i];
		work->counts[i] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < work->run_count; i++) {
		uint32_t run = work->runs[i], len = run >> 8, link = place << 8 | (run & 0xff);
		uint32_t *to = work->links + work->counts[run & 0xff];

		work->counts[run & 0xff] += len;
		place += len;
		for (uint32_t k = 0; k < len; k++)
			to[k] = link + (k << 8);
	}
	work->links[total] = total << 8;
}

static uint32_t spread(uint32_t total)
{
	return total / (STARTS_MAX - 1) + 1;
}

/* Walk 0 starts at the origin, walk i + 1 at place i × spread. */
static void mark_starts(struct bzip2_work *work, uint32_t total, uint32_t origin)
{
	work->walk_count = 0;
	work->walks[work->walk_count++].start = origin;
	for (uint32_t at = 0; at < total && total >= STARTS_FROM; at += spread(total))
		work->walks[work->walk_count++].start = at;
	for (unsigned i = 0; i < work->walk_count; i++)
		work->links[work->walks[i].start] |= LINK_START;
}

static unsigned walk_from(const struct bzip2_work *work, uint32_t total, uint32_t start)
{
	return start == work->walks[0].start ? 0 : 1 + start / spread(total);
}

/* One of those who walk at the same time. */
struct walker {
	struct walk *walk;	/* NULL: out of work, stands on the link to itself */
	uint8_t *to;
	uint32_t place;
	uint32_t room;		/* in the piece */
};

static void next_piece(struct bzip2_work *work, struct walker *walker)
{
	uint16_t piece = work->piece_count++;

	if (walker->walk->first_piece == NO_PIECE)
		walker->walk->first_piece = piece;
	else
		work->piece_next[walker->walk->last_piece] = piece;
	walker->walk->last_piece = piece;
	walker->to = work->pieces[piece];
	walker->room = PIECE;
}

/* Puts the walker on the next start, its first step done; or to rest when all are taken. */
static void next_walk(struct bzip2_work *work, struct walker *walker, unsigned *next,
		      uint32_t total)
{
	uint32_t link;

	while (*next < work->walk_count && *next > 0 &&
	       work->walks[*next].start == work->walks[0].start)
		(*next)++;
	if (*next >= work->walk_count) {
		*walker = (struct walker){
			.to = work->pieces[PIECES_MAX], .place = total, .room = PIECE,
		};
		return;
	}
	walker->walk = &work->walks[(*next)++];
	walker->walk->len = 0;
	walker->walk->first_piece = NO_PIECE;
	next_piece(work, walker);
	link = work->links[walker->walk->start];
	*walker->to++ = (uint8_t)link;
	walker->room--;
	walker->walk->len = 1;
	walker->place = (link & ~LINK_START) >> 8;
}

/*
 * All walkers go `steps` steps, or until one comes to a start; says how many. Unrolled, so that
 * places and links are in registers: each step then waits for memory once, not once for every
 * walker.
 */
static uint32_t walk_together(const uint32_t *links, struct walker *walkers, uint32_t steps)
{
	uint32_t place[WALKERS], link[WALKERS], any, done;
	uint8_t *to[WALKERS];

#pragma GCC unroll 8
	for (unsigned i = 0; i < WALKERS; i++) {
		place[i] = walkers[i].place;
		to[i] = walkers[i].to;
	}
	for (done = 0; done < steps; done++) {
		any = 0;
#pragma GCC unroll 8
		for (unsigned i = 0; i < WALKERS; i++) {
			link[i] = links[place[i]];
			any |= link[i];
		}
		if (any & LINK_START)
			break;
#pragma GCC unroll 8
		for (unsigned i = 0; i < WALKERS; i++) {
			to[i][done] = (uint8_t)link[i];
			place[i] = link[i] >> 8;
		}
	}
#pragma GCC unroll 8
	for (unsigned i = 0; i < WALKERS; i++)
		walkers[i].place = place[i];
	return done;
}

static void walk_all(struct bzip2_work *work, uint32_t total)
{
	struct walker walkers[WALKERS];
	unsigned next = 0, walking = 0;
	uint32_t steps, done;

	work->piece_count = 0;
	for (unsigned i = 0; i < WALKERS; i++) {
		next_walk(work, &walkers[i], &next, total);
		walking += walkers[i].walk != NULL;
	}
	while (walking > 0) {
		steps = PIECE;
		for (unsigned i = 0; i < WALKERS; i++)
			if (walkers[i].room < steps)
				steps = walkers[i].room;
		done = walk_together(work->links, walkers, steps);
		for (unsigned i = 0; i < WALKERS; i++) {
			struct walker *walker = &walkers[i];

			if (!walker->walk)
				continue;
			walker->walk->len += done;
			walker->to += done;
			walker->room -= done;
			if (work->links[walker->place] & LINK_START) {
				walker->walk->behind = walker->place;
				next_walk(work, walker, &next, total);
				walking -= walker->walk == NULL;
			} else if (walker->room == 0) {
				next_piece(work, walker);
			}
		}
	}
}

/*
 * The walks one behind the other; where the text repeats itself, the links come round before its
 * end.
 */
static void put_together(const struct bzip2_work *work, uint32_t total, uint8_t *text)
{
	uint32_t at = 0, left, len;
	unsigned number = 0;

	while (at < total) {
		const struct walk *walk = &work->walks[number];
		uint16_t piece = walk->first_piece;

		left = walk->len < total - at ? walk->len : total - at;
		for (; left > 0; left -= len) {
			len = left < PIECE ? left : PIECE;
			memcpy(text + at, work->pieces[piece], len);
			at += len;
			piece = work->piece_next[piece];
		}
		number = walk_from(work, total, walk->behind);
	}
}

enum bzip2_result bzip2_block_decode(struct bzip2_work *work, const uint8_t *bytes, size_t len,
				     uint64_t at, unsigned level, uint8_t *text,
				     struct bzip2_text *ret_text)
{
	enum bzip2_result result;
	uint32_t crc, origin, total;
	bool randomised, good;
	unsigned used;
	struct bits bits;

	bits_start(&bits, bytes, len, at + BZIP2_MARK_BITS);
	crc = take(&bits, 32);
	randomised = take(&bits, 1);
	origin = take(&bits, 24);
	good = read_used(work, &bits, &used);
	work->symbol_count = used + 2;
	good = good && read_selectors(work, &bits) && read_tables(work, &bits);
	if (past_end(&bits))
		return BZIP2_CUT;
	if (!good)
		return BZIP2_DAMAGED;
	if (randomised)
		return BZIP2_OLD;
	result = read_runs(work, &bits, level * BZIP2_LEVEL_SIZE, &total);
	if (result != BZIP2_WHOLE)
		return result;
	if (origin >= total)
		return BZIP2_DAMAGED;
	make_links(work, total);
	mark_starts(work, total, origin);
	walk_all(work, total);
	put_together(work, total, text);
	*ret_text = (struct bzip2_text){ total, crc, position(&bits) };
	return BZIP2_WHOLE;
}

static uint64_t load_le64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/*
 * Copies bytes before the next four that are equal, at most `room`; *ret_run says that four follow.
 * Eight at a time: a byte of `unlike` is zero where it, and the three behind it, are equal.
 */
static size_t copy_plain(const uint8_t *text, size_t len, uint8_t *out, size_t room, bool *ret_run)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t max = len < room ? len : room, at = 0;

	*ret_run = false;
	while (max - at >= 8) {
		uint64_t a = load_le64(text + at), b = load_le64(text + at + 1);
		uint64_t c = load_le64(text + at + 2), d = load_le64(text + at + 3);
		uint64_t unlike = (a ^ b) | (b ^ c) | (c ^ d);
		uint64_t equal = (unlike - ones) & ~unlike & tops;

		memcpy(out + at, &a, 8);
		if (equal) {
			at += (size_t)__builtin_ctzll(equal) / 8;
			break;
		}
		at += 8;
	}
	for (; at < max; at++) {
		if (len - at >= 4 && text[at] == text[at + 1] && text[at] == text[at + 2] &&
		    text[at] == text[at + 3]) {
			*ret_run = true;
			break;
		}
		out[at] = text[at];
	}
	return at;
}

size_t bzip2_expand(struct bzip2_expansion *expansion, const uint8_t *text, size_t len,
		    uint8_t *out, size_t room)
{
	size_t done = 0, part;
	bool run;

	while (done < room) {
		if (expansion->run_left > 0) {
			part = expansion->run_left < room - done ? expansion->run_left
								 : room - done;
			memset(out + done, expansion->run_byte, part);
			expansion->run_left -= (uint32_t)part;
			done += part;
			continue;
		}
		if (expansion->at == len)
			break;
		part = copy_plain(text + expansion->at, len - expansion->at, out + done,
				  room - done, &run);
		expansion->at += part;
		done += part;
		if (run) {
			/*
			 * Four equal bytes are followed by how many more there are; at the text's
			 * end, by nothing.
			 */
			expansion->run_byte = text[expansion->at];
			expansion->at += 4;
			expansion->run_left = 4;
			if (expansion->at < len)
				expansion->run_left += text[expansion->at++];
		}
	}
	return done;
}

static uint32_t crc_table[8][256];

static void crc_prepare(void)
{
	for (unsigned i = 0; i < 256; i++) {
		uint32_t crc = (uint32_t)i << 24;

		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? UINT32_C(0x04c11db7) : 0);
		crc_table[0][i] = crc;
	}
	for (unsigned k = 1; k < 8; k++)
		for (unsigned i = 0; i < 256; i++)
			crc_table[k][i] =
				crc_table[k - 1][i] << 8 ^ crc_table[0][crc_table[k - 1][i] >> 24];
}

uint32_t bzip2_crc(uint32_t crc, const uint8_t *bytes, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const uint32_t (*table)[256] = crc_table;
	uint64_t eight;

	pthread_once(&once, crc_prepare);
	crc = ~crc;
	for (; len >= 8; bytes += 8, len -= 8) {
		eight = load_be64(bytes) ^ (uint64_t)crc << 32;
		crc = table[7][eight >> 56] ^ table[6][eight >> 48 & 0xff] ^
		      table[5][eight >> 40 & 0xff] ^ table[4][eight >> 32 & 0xff] ^
		      table[3][eight >> 24 & 0xff] ^ table[2][eight >> 16 & 0xff] ^
		      table[1][eight >> 8 & 0xff] ^ table[0][eight & 0xff];
	}
	for (; len > 0; bytes++, len--)
		crc = crc << 8 ^ table[0][crc >> 24 ^ *bytes];
	return ~crc;
}
