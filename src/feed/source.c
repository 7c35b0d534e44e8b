/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a source works: stored.c shows the stored bytes in pieces, the codec takes them and writes
 * into the caller's memory; nothing is copied between.
 *
 * A source goes through phases: at the START the codec is chosen; within a MEMBER the codec steps;
 * BETWEEN members padding is passed over and the next one sought at its place. Damage is noted as
 * `due` and told by the next call that has no bytes to give before it; in that call the next place
 * to go on is looked for, so that source_can_go_on() knows. BZIP2 goes by blocks, not by members,
 * and does all that for itself.
 */
#include "feed/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/bzip2_parallel.h"
#include "feed/codec.h"
#include "feed/stored.h"

/* Small files of repeated messages may well expand beyond any sensible ratio, and do no harm. */
#define EXPANSION_FREE	(UINT64_C(64) << 20)
#define NO_FAULT	FAULT_KIND_COUNT

enum phase {
	PHASE_START,
	PHASE_PLAIN,
	PHASE_MEMBER,
	PHASE_BETWEEN,
	PHASE_BZIP2,
	PHASE_ENDED,
};

struct source {
	struct stored stored;
	enum phase phase;
	const struct codec *codec;	/* NULL: plain */
	void *state;
	struct bzip2 *bzip2;
	uint32_t members;
	uint64_t member_at;		/* stored byte where the last one begins */
	uint64_t given;
	uint64_t expansion_max;
	unsigned threads;
	enum fault_kind due;
	bool can_go_on;
};

static const struct codec *const codecs[] = { &codec_gzip, &codec_bzip2, &codec_zstd, &codec_xz };

#define CODEC_COUNT (sizeof(codecs) / sizeof(codecs[0]))

enum codec_begins codec_magic(const uint8_t *bytes, size_t len, const char *magic, size_t size)
{
	if (memcmp(bytes, magic, len < size ? len : size) != 0)
		return CODEC_NO;
	return len < size ? CODEC_PERHAPS : CODEC_YES;
}

int source_new(int fd, const char *name, const struct source_options *options,
	       struct source **ret_source, struct err *err)
{
	struct source *source = calloc(1, sizeof(*source));
	int result;

	if (!source) {
		close(fd);
		return err_memory(err);
	}
	result = stored_open(&source->stored, fd, name, options, err);
	if (result != 0) {
		free(source);
		return result;
	}
	source->expansion_max = options->expansion_max;
	source->threads = options->threads;
	source->due = NO_FAULT;
	*ret_source = source;
	return 0;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	if (source->state)
		source->codec->close(source->state);
	bzip2_free(source->bzip2);
	stored_close(&source->stored);
	free(source);
}

static size_t in_sight(const struct source *source)
{
	return stored_len(&source->stored);
}

static enum codec_begins begins_here(const struct source *source, const struct codec *codec,
				     bool strict)
{
	size_t len = in_sight(source);

	return codec->begins(source->stored.at, len < CODEC_BEGIN_MAX ? len : CODEC_BEGIN_MAX,
			     strict);
}

static uint64_t taken(const struct source *source)
{
	return source->stored.count - in_sight(source);
}

static int begin_member(struct source *source, struct err *err)
{
	if (!source->state)
		source->state = source->codec->open();
	if (!source->state || !source->codec->reset(source->state))
		return err_memory(err);
	source->members++;
	source->member_at = taken(source);
	source->phase = PHASE_MEMBER;
	return 0;
}

/*
 * A file shorter than the mark of its format is taken for that format when two bytes of the mark
 * are there: a cut of nearly everything is still a cut.
 */
static int begin(struct source *source, struct err *err)
{
	int result = stored_fill(&source->stored, CODEC_BEGIN_MAX, err);
	enum codec_begins begins;

	if (result != 0)
		return result;
	for (size_t i = 0; i < CODEC_COUNT && !source->codec; i++) {
		begins = begins_here(source, codecs[i], false);
		if (begins == CODEC_YES || (begins == CODEC_PERHAPS && in_sight(source) >= 2))
			source->codec = codecs[i];
	}
	if (source->codec == &codec_bzip2) {
		source->phase = PHASE_BZIP2;
		return bzip2_new(&source->stored, source->threads, &source->bzip2, err);
	}
	if (source->codec)
		return begin_member(source, err);
	source->phase = PHASE_PLAIN;
	return 0;
}

static int read_plain(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		      struct err *err)
{
	struct stored *stored = &source->stored;
	size_t len = in_sight(source);
	int result;

	if (len > 0) {
		if (len > room)
			len = room;
		memcpy(bytes, stored->at, len);
		stored->at += len;
	} else {
		result = stored_read(stored, bytes, room, &len, err);
		if (result != 0)
			return result;
		if (len == 0)
			source->phase = PHASE_ENDED;
	}
	*ret_len = len;
	return 0;
}

static void expansion_judge(struct source *source)
{
	uint64_t packed = source->bzip2 ? bzip2_taken(source->bzip2) : taken(source);
	uint64_t max = source->expansion_max;

	if (max && source->given > EXPANSION_FREE && source->given / max > packed)
		source->due = FAULT_EXPANSION;
}

static int read_bzip2(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		      enum fault_kind *ret_fault, struct err *err)
{
	int result = bzip2_read(source->bzip2, bytes, room, ret_len, ret_fault, err);

	if (result != 0)
		return result;
	source->given += *ret_len;
	source->can_go_on = bzip2_can_go_on(source->bzip2);
	if (*ret_len > 0)
		expansion_judge(source);
	else if (*ret_fault == NO_FAULT || !source->can_go_on)
		source->phase = PHASE_ENDED;
	return 0;
}

static int read_member(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		       struct err *err)
{
	struct codec_io io;
	enum codec_status status;
	size_t took;
	bool first = taken(source) == source->member_at;
	int result;

	/* ISA-L loses what a gzip header says of its fields where that is cut in two. */
	result = stored_fill(&source->stored, first ? STORED_WANT_MAX : 1, err);
	if (result != 0)
		return result;
	io = (struct codec_io){ source->stored.at, in_sight(source), bytes, room };
	status = source->codec->step(source->state, &io);
	took = in_sight(source) - io.in_len;
	*ret_len = room - io.out_room;
	source->stored.at += took;
	source->given += *ret_len;
	switch (status) {
	case CODEC_MEMORY:
		return err_memory(err);
	case CODEC_MEMBER_END:
		source->phase = PHASE_BETWEEN;
		break;
	case CODEC_DAMAGED:
		source->due = FAULT_COMPRESSION;
		break;
	case CODEC_GOES_ON:
		/*
		 * A codec that neither takes nor gives has come to the end of its bytes, or is
		 * stuck.
		 */
		if (took == 0 && *ret_len == 0)
			source->due = in_sight(source) == 0 ? FAULT_CUT : FAULT_COMPRESSION;
		break;
	}
	if (source->due == NO_FAULT)
		expansion_judge(source);
	return 0;
}

static int pass_padding(struct source *source, struct err *err)
{
	struct stored *stored = &source->stored;
	unsigned padding = source->codec->padding;
	int result;

	do {
		result = stored_fill(stored, CODEC_BEGIN_MAX, err);
		if (result != 0 || padding == 0)
			return result;
		while (in_sight(source) >= padding && memcmp(stored->at, "\0\0\0\0", padding) == 0)
			stored->at += padding;
	} while (in_sight(source) < CODEC_BEGIN_MAX && !stored->file_ended);
	return 0;
}

static int pass_between(struct source *source, struct err *err)
{
	int result = pass_padding(source, err);

	if (result != 0)
		return result;
	if (in_sight(source) == 0) {
		source->phase = PHASE_ENDED;
		return 0;
	}
	switch (begins_here(source, source->codec, false)) {
	case CODEC_YES:
		return begin_member(source, err);
	case CODEC_PERHAPS:
		source->due = FAULT_CUT;
		return 0;
	default:
		source->due = FAULT_COMPRESSION;
		return 0;
	}
}

/* Moves to the next place where a member begins; ends the source where there is none. */
static int seek_member(struct source *source, struct err *err)
{
	int result;

	/* Not the one that is damaged again, should its codec have taken nothing of it. */
	if (source->members > 0 && taken(source) == source->member_at && in_sight(source) > 0)
		source->stored.at++;
	for (;;) {
		result = stored_fill(&source->stored, CODEC_BEGIN_MAX, err);
		if (result != 0)
			return result;
		if (in_sight(source) == 0) {
			source->phase = PHASE_ENDED;
			return 0;
		}
		do {
			if (begins_here(source, source->codec, true) == CODEC_YES) {
				source->can_go_on = true;
				return begin_member(source, err);
			}
			source->stored.at++;
		} while (in_sight(source) >= CODEC_BEGIN_MAX);
	}
}

static int tell_fault(struct source *source, enum fault_kind *ret_fault, struct err *err)
{
	enum fault_kind fault = source->due;
	int result = 0;

	source->due = NO_FAULT;
	source->can_go_on = false;
	if (fault == FAULT_COMPRESSION)
		result = seek_member(source, err);
	else
		source->phase = PHASE_ENDED;
	if (result == 0)
		*ret_fault = fault;
	return result;
}

int source_read(struct source *source, void *bytes, size_t room, size_t *ret_len,
		enum fault_kind *ret_fault, struct err *err)
{
	enum fault_kind fault = NO_FAULT;
	size_t len = 0;
	int result = 0;

	while (result == 0 && len == 0 && fault == NO_FAULT && source->phase != PHASE_ENDED) {
		if (source->due != NO_FAULT)
			result = tell_fault(source, &fault, err);
		else if (source->phase == PHASE_START)
			result = begin(source, err);
		else if (source->phase == PHASE_PLAIN)
			result = read_plain(source, bytes, room, &len, err);
		else if (source->phase == PHASE_MEMBER)
			result = read_member(source, bytes, room, &len, err);
		else if (source->phase == PHASE_BZIP2)
			result = read_bzip2(source, bytes, room, &len, &fault, err);
		else
			result = pass_between(source, err);
	}
	if (result != 0)
		return result;
	*ret_len = len;
	*ret_fault = fault;
	return 0;
}

bool source_can_go_on(const struct source *source)
{
	return source->can_go_on;
}

bool source_regular(const struct source *source)
{
	return source->stored.regular;
}

const char *source_compression(const struct source *source)
{
	return source->codec ? source->codec->name : "none";
}

uint64_t source_stored(const struct source *source)
{
	return source->stored.count;
}

uint32_t source_members(const struct source *source)
{
	return source->bzip2 ? bzip2_streams(source->bzip2) : source->members;
}

bool source_sha256(struct source *source, uint8_t ret_digest[32])
{
	return stored_sha256(&source->stored, ret_digest);
}
