/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scanner cuts the file into pieces; base/ordered.h decodes them on any number of threads and
 * gives them back in order. What a worker leaves is the block's text, its checksum verified by
 * expanding it once for nothing; the owner expands it a second time into the caller's memory, which
 * is cheaper than keeping what may be fifty times as large.
 *
 * In order, each piece has to begin where the one before ended:
 *
 *	stream = "BZh", level; blocks; end mark, checksum of checksums; bits to a whole byte
 *
 * A block that goes on beyond its piece met a false mark and is tried again with the next pieces
 * behind it. Where anything else is wrong the way is lost: that is told once, and the next block
 * that is whole is believed, whatever stands before it; of the stream it was in, the checksum says
 * nothing then.
 */
#include "feed/bzip2_parallel.h"

#include <stdlib.h>
#include <string.h>

#include "base/ordered.h"
#include "feed/bzip2_block.h"
#include "feed/bzip2_old.h"
#include "feed/bzip2_scan.h"
#include "feed/codec.h"

#define SCRATCH		((size_t)32 << 10)
#define JOIN_MAX	8u	/* false marks in one block; one in 100 MB is a chance of 2^-17 */
#define NO_FAULT	FAULT_KIND_COUNT
#define HEADER_BITS	32u
#define CRC_BITS	32u

/*
 * The three letters of a stream's header are also the first second of an MRT record of April 2005,
 * so the mark of a block or of the stream's end has to follow.
 */
static enum codec_begins begins(const uint8_t *bytes, size_t len, bool strict)
{
	enum codec_begins header = codec_magic(bytes, len, "BZh", 3), block, end;

	(void)strict;
	if (header != CODEC_YES || len == 3)
		return header == CODEC_YES ? CODEC_PERHAPS : header;
	if (bytes[3] < '1' || bytes[3] > '9')
		return CODEC_NO;
	block = codec_magic(bytes + 4, len - 4, "\x31\x41\x59\x26\x53\x59", 6);
	end = codec_magic(bytes + 4, len - 4, "\x17\x72\x45\x38\x50\x90", 6);
	return block > end ? block : end;
}

const struct codec codec_bzip2 = {
	.name = "bzip2",
	.begins = begins,
};

/* A piece at work. */
struct job {
	struct job *in_all;	/* the list of all jobs */
	struct job *next;	/* in the list of those idle, or of those taken early */
	struct bzip2_piece piece;
	unsigned level;
	enum bzip2_result result;
	uint8_t *text;
	struct bzip2_text decoded;
	uint8_t *old;		/* expanded bytes of a randomised block; else NULL */
	size_t old_len;
};

struct worker {
	struct bzip2_work *work;
	uint8_t scratch[SCRATCH];
};

struct bzip2 {
	struct stored *stored;
	struct bzip2_scan *scan;
	struct ordered *ordered;
	struct worker **workers;
	unsigned worker_count;
	unsigned level;		/* of the stream being scanned */
	bool scanned;
	struct job *all;
	struct job *idle;
	struct job *early;	/* taken to be joined, and not used up by that */

	struct job *given;	/* what is being expanded to the caller */
	struct bzip2_expansion expansion;

	bool between;		/* a stream's header comes next */
	bool lost;		/* after damage */
	bool crc_known;
	uint32_t crc;		/* of the stream so far */
	uint32_t streams;
	uint64_t taken;
	enum fault_kind due;
	bool can_go_on, ended;
};

static bool text_is_whole(const struct job *job, uint8_t *scratch)
{
	struct bzip2_expansion expansion = { 0 };
	uint32_t crc = 0;
	size_t len;

	while ((len = bzip2_expand(&expansion, job->text, job->decoded.len, scratch, SCRATCH)) > 0)
		crc = bzip2_crc(crc, scratch, len);
	return crc == job->decoded.crc;
}

static void decode(struct job *job, struct worker *worker)
{
	struct bzip2_piece *piece = &job->piece;
	uint64_t mark = piece->at % 8;

	job->result = bzip2_block_decode(worker->work, piece->bytes, piece->len, mark, job->level,
					 job->text, &job->decoded);
	if (job->result == BZIP2_OLD) {
		job->result = bzip2_old_decode(piece, job->level, &job->old, &job->old_len);
		job->decoded.crc = (uint32_t)bzip2_piece_bits(piece, BZIP2_MARK_BITS, CRC_BITS);
		job->decoded.end = mark + piece->bits;
		/* libbz2 does not say whether it was cut: joining will show. */
		if (job->result == BZIP2_DAMAGED)
			job->result = BZIP2_CUT;
	} else if (job->result == BZIP2_WHOLE && job->decoded.end > mark + piece->bits) {
		job->result = BZIP2_CUT;
	} else if (job->result == BZIP2_WHOLE && !text_is_whole(job, worker->scratch)) {
		job->result = BZIP2_DAMAGED;
	}
}

static void work(void *context, void *pointer, unsigned number)
{
	struct bzip2 *bzip2 = context;
	struct worker *worker = bzip2->workers[number];
	struct job *job = pointer;

	if (!job->piece.block)
		return;
	if (!worker->work)
		worker->work = bzip2_work_new();
	if (!job->text) {
		job->text = malloc(BZIP2_TEXT_MAX + BZIP2_SLACK);
		if (job->text)
			memset(job->text + BZIP2_TEXT_MAX, 0, BZIP2_SLACK);
	}
	if (worker->work && job->text)
		decode(job, worker);
	else
		job->result = BZIP2_NO_MEMORY;
}

static struct job *new_job(struct bzip2 *bzip2)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job) {
		job->in_all = bzip2->all;
		bzip2->all = job;
	}
	return job;
}

static void free_all(struct job *job)
{
	struct job *next;

	for (; job; job = next) {
		next = job->in_all;
		free(job->piece.bytes);
		free(job->text);
		free(job->old);
		free(job);
	}
}

static int new_workers(struct bzip2 *bzip2, unsigned count, struct err *err)
{
	bzip2->workers = calloc(count, sizeof(*bzip2->workers));
	if (!bzip2->workers)
		return err_memory(err);
	for (; bzip2->worker_count < count; bzip2->worker_count++) {
		bzip2->workers[bzip2->worker_count] = calloc(1, sizeof(**bzip2->workers));
		if (!bzip2->workers[bzip2->worker_count])
			return err_memory(err);
	}
	return 0;
}

int bzip2_new(struct stored *stored, unsigned threads, struct bzip2 **ret_bzip2, struct err *err)
{
	struct bzip2 *bzip2 = calloc(1, sizeof(*bzip2));
	struct ordered_plan plan = {
		.threads = threads ? threads : 1,
		.work = work,
		.context = bzip2,
	};
	int result;

	if (!bzip2)
		return err_memory(err);
	plan.bound = plan.threads > 1 ? 2 * plan.threads : 1;
	*bzip2 = (struct bzip2){ .stored = stored, .between = true, .due = NO_FAULT, .level = 9 };
	result = bzip2_scan_new(stored, &bzip2->scan, err);
	if (result == 0)
		result = new_workers(bzip2, plan.threads, err);
	if (result == 0)
		result = ordered_new(&plan, &bzip2->ordered, err);
	if (result != 0) {
		bzip2_free(bzip2);
		return result;
	}
	*ret_bzip2 = bzip2;
	return 0;
}

void bzip2_free(struct bzip2 *bzip2)
{
	if (!bzip2)
		return;
	ordered_free(bzip2->ordered);
	free_all(bzip2->all);
	for (unsigned i = 0; i < bzip2->worker_count; i++) {
		bzip2_work_free(bzip2->workers[i]->work);
		free(bzip2->workers[i]);
	}
	free(bzip2->workers);
	bzip2_scan_free(bzip2->scan);
	free(bzip2);
}

static void set_idle(struct bzip2 *bzip2, struct job *job)
{
	free(job->old);
	job->old = NULL;
	job->next = bzip2->idle;
	bzip2->idle = job;
}

/* Keeps the workers busy: as many pieces on their way as may be. */
static int submit(struct bzip2 *bzip2, struct err *err)
{
	struct job *job;
	bool more;
	int result;

	while (!bzip2->scanned && !ordered_full(bzip2->ordered)) {
		job = bzip2->idle;
		if (job)
			bzip2->idle = job->next;
		else
			job = new_job(bzip2);
		if (!job)
			return err_memory(err);
		result = bzip2_scan_next(bzip2->scan, &job->piece, &more, err);
		if (result != 0 || !more) {
			set_idle(bzip2, job);
			bzip2->scanned = result == 0;
			return result;
		}
		if (job->piece.level)
			bzip2->level = job->piece.level;
		job->level = bzip2->level;
		ordered_submit(bzip2->ordered, job);
	}
	return 0;
}

/* The next piece in order, worked; NULL when there is none. */
static int take(struct bzip2 *bzip2, struct job **ret_job, struct err *err)
{
	int result;

	if (bzip2->early) {
		*ret_job = bzip2->early;
		bzip2->early = bzip2->early->next;
		return 0;
	}
	result = submit(bzip2, err);
	if (result == 0)
		*ret_job = ordered_take(bzip2->ordered);
	return result;
}

/* Puts what was taken too early back in its order: `jobs` were taken before bzip2->early. */
static void put_back(struct bzip2 *bzip2, struct job **jobs, unsigned count)
{
	while (count > 0) {
		jobs[--count]->next = bzip2->early;
		bzip2->early = jobs[count];
	}
}

/* The block goes on beyond its piece: tries it with the next ones behind it. */
static int join(struct bzip2 *bzip2, struct job *job, struct err *err)
{
	struct job *joined[JOIN_MAX];
	struct bzip2_piece whole = job->piece, *piece = &job->piece;
	unsigned count = 0;
	int result = 0;

	/* The piece as it was stays at hand for the case that it all was in vain. */
	while (job->result == BZIP2_CUT && !piece->last && !piece->cropped && count < JOIN_MAX &&
	       piece->len <= BZIP2_STORED_MAX) {
		result = take(bzip2, &joined[count], err);
		if (result != 0 || !joined[count])
			break;
		result = bzip2_piece_join(piece, &joined[count++]->piece, err);
		if (result != 0)
			break;
		work(bzip2, job, 0);
	}
	if (job->result == BZIP2_WHOLE) {
		while (count > 0)
			set_idle(bzip2, joined[--count]);
		return result;
	}
	if (job->result == BZIP2_CUT && !whole.last)
		job->result = BZIP2_DAMAGED;
	piece->last = whole.last;
	piece->cropped = whole.cropped;
	piece->bits = whole.bits;
	put_back(bzip2, joined, count);
	return result;
}

static void lose(struct bzip2 *bzip2, const struct bzip2_piece *piece, enum fault_kind kind)
{
	bzip2->due = kind;
	bzip2->can_go_on = !piece->last;
	bzip2->ended = piece->last;
	bzip2->lost = true;
	bzip2->between = false;
}

static void begin_stream(struct bzip2 *bzip2)
{
	bzip2->streams++;
	bzip2->crc = 0;
	bzip2->crc_known = true;
	bzip2->between = false;
	bzip2->lost = false;
}

/*
 * What stands behind bit `at` of the file's last piece is the beginning of what should be there, if
 * anything.
 */
static bool is_cut(const struct bzip2_piece *piece, uint64_t at, uint64_t expected, unsigned count)
{
	uint64_t left = piece->bits - at;

	return left < count &&
	       bzip2_piece_bits(piece, at, (unsigned)left) == expected >> (count - left);
}

static void end_of_block(struct bzip2 *bzip2, const struct job *job)
{
	const struct bzip2_piece *piece = &job->piece;
	uint64_t end = job->decoded.end - piece->at % 8;

	bzip2->crc = (bzip2->crc << 1 | bzip2->crc >> 31) ^ job->decoded.crc;
	if (piece->last)
		lose(bzip2, piece, is_cut(piece, end, BZIP2_MARK_BLOCK, BZIP2_MARK_BITS) ||
				   is_cut(piece, end, BZIP2_MARK_END, BZIP2_MARK_BITS)
					   ? FAULT_CUT : FAULT_COMPRESSION);
	else if (end != piece->bits || piece->cropped)
		lose(bzip2, piece, FAULT_COMPRESSION);
}

/* `at` bits from the piece's mark, where a byte begins. */
static enum codec_begins begins_behind(const struct bzip2_piece *piece, uint64_t at)
{
	size_t from = (size_t)((piece->at % 8 + at) / 8), len = piece->len - from;

	return begins(piece->bytes + from, len < CODEC_BEGIN_MAX ? len : CODEC_BEGIN_MAX, true);
}

/*
 * Behind the stream's end: the file's end, or the next stream's header and right behind that the
 * next piece.
 */
static void end_of_stream(struct bzip2 *bzip2, const struct bzip2_piece *piece)
{
	uint64_t at = BZIP2_MARK_BITS + CRC_BITS, header;
	bool crc_good;

	if (piece->bits < at) {
		lose(bzip2, piece, piece->last ? FAULT_CUT : FAULT_COMPRESSION);
		return;
	}
	crc_good = !bzip2->crc_known ||
		   bzip2->crc == bzip2_piece_bits(piece, BZIP2_MARK_BITS, CRC_BITS);
	at += -(piece->at + at) % 8;
	header = bzip2_piece_bits(piece, at, HEADER_BITS) - (UINT64_C(0x425a6800) | '0');
	bzip2->between = true;
	if (!crc_good)
		lose(bzip2, piece, FAULT_COMPRESSION);
	else if (piece->last && piece->bits <= at)
		bzip2->ended = true;
	else if (piece->last)
		lose(bzip2, piece,
		     begins_behind(piece, at) == CODEC_PERHAPS ? FAULT_CUT : FAULT_COMPRESSION);
	else if (piece->bits != at + HEADER_BITS || piece->cropped || header < 1 || header > 9)
		lose(bzip2, piece, FAULT_COMPRESSION);
}

/* Takes the next piece and finds what it means: bytes to give, a fault, or nothing. */
static int advance(struct bzip2 *bzip2, struct err *err)
{
	struct job *job = NULL;
	int result = take(bzip2, &job, err);

	if (result != 0)
		return result;
	if (!job) {
		/*
		 * The file was taken for bzip2 by the first bytes of a header; it has no more than
		 * that.
		 */
		if (bzip2->streams == 0)
			bzip2->due = FAULT_CUT;
		bzip2->ended = true;
		return 0;
	}
	if (job->piece.block && job->result == BZIP2_CUT)
		result = join(bzip2, job, err);
	bzip2->taken = (job->piece.at + job->piece.bits) / 8;
	if (job->piece.level && (bzip2->between || bzip2->lost))
		begin_stream(bzip2);
	if (result != 0 || !job->piece.block) {
		if (result == 0 && !bzip2->lost)
			end_of_stream(bzip2, &job->piece);
		set_idle(bzip2, job);
		return result;
	}
	if (job->result == BZIP2_NO_MEMORY) {
		set_idle(bzip2, job);
		return err_memory(err);
	}
	if (job->result != BZIP2_WHOLE) {
		lose(bzip2, &job->piece,
		     job->result == BZIP2_CUT && !job->piece.cropped ? FAULT_CUT
								     : FAULT_COMPRESSION);
		set_idle(bzip2, job);
		return 0;
	}
	if (bzip2->lost)
		bzip2->crc_known = bzip2->lost = false;
	end_of_block(bzip2, job);
	bzip2->given = job;
	bzip2->expansion = (struct bzip2_expansion){ 0 };
	return 0;
}

/* Bytes of the block at hand, into the caller's memory. */
static size_t give(struct bzip2 *bzip2, uint8_t *bytes, size_t room)
{
	struct job *job = bzip2->given;
	size_t len;

	if (job->old) {
		len = job->old_len - bzip2->expansion.at < room ? job->old_len - bzip2->expansion.at
								: room;
		memcpy(bytes, job->old + bzip2->expansion.at, len);
		bzip2->expansion.at += len;
	} else {
		len = bzip2_expand(&bzip2->expansion, job->text, job->decoded.len, bytes, room);
	}
	if (len < room) {
		set_idle(bzip2, job);
		bzip2->given = NULL;
	}
	return len;
}

int bzip2_read(struct bzip2 *bzip2, void *bytes, size_t room, size_t *ret_len,
	       enum fault_kind *ret_fault, struct err *err)
{
	enum fault_kind fault = NO_FAULT;
	size_t len = 0;
	int result = 0;

	while (result == 0 && len == 0 && fault == NO_FAULT) {
		if (bzip2->given) {
			len = give(bzip2, bytes, room);
		} else if (bzip2->due != NO_FAULT) {
			fault = bzip2->due;
			bzip2->due = NO_FAULT;
		} else if (bzip2->ended) {
			break;
		} else {
			result = advance(bzip2, err);
		}
	}
	if (result != 0)
		return result;
	*ret_len = len;
	*ret_fault = fault;
	return 0;
}

bool bzip2_can_go_on(const struct bzip2 *bzip2)
{
	return bzip2->can_go_on;
}

uint32_t bzip2_streams(const struct bzip2 *bzip2)
{
	return bzip2->streams;
}

uint64_t bzip2_taken(const struct bzip2 *bzip2)
{
	return bzip2->taken;
}
