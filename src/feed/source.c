/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a source works: stored bytes are read into one buffer, hashed there, and shown to the
 * codec, which writes into the caller's memory; nothing is copied between. Plain content
 * does without the buffer, save for the first bytes, which told that it is plain.
 *
 * A source goes through phases: at the START the codec is chosen; within a MEMBER the codec steps;
 * BETWEEN members padding is passed over and the next one sought at its place. Damage is noted as
 * `due` and told by the next call that has no bytes to give before it; in that call the next
 * place to go on is looked for, so that source_can_go_on() knows.
 */
#include "feed/source.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/codec.h"

#define BUFFER_DEFAULT	((size_t)256 << 10)
#define BUFFER_MIN	((size_t)4 << 10)
/* Small files of repeated messages may well expand beyond any sensible ratio, and do no harm. */
#define EXPANSION_FREE	(UINT64_C(64) << 20)
#define STOP_POLL_MS	200
#define NO_FAULT	FAULT_KIND_COUNT

enum phase {
	PHASE_START,
	PHASE_PLAIN,
	PHASE_MEMBER,
	PHASE_BETWEEN,
	PHASE_ENDED,
};

struct source {
	int fd;
	char *name;
	struct source_options options;
	bool regular;

	uint8_t *buffer;
	size_t buffer_room;
	size_t at, end;		/* what of the buffer is not taken yet */
	bool file_ended;
	uint64_t stored;
	EVP_MD_CTX *hash;

	enum phase phase;
	const struct codec *codec;	/* NULL: plain */
	void *state;
	uint32_t members;
	uint64_t given;
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

static int open_hash(struct source *source, struct err *err)
{
	source->hash = EVP_MD_CTX_new();
	if (!source->hash || !EVP_DigestInit_ex(source->hash, EVP_sha256(), NULL))
		return err_memory(err);
	return 0;
}

static int examine(struct source *source, struct err *err)
{
	struct stat st;

	if (fstat(source->fd, &st) != 0)
		return err_system(err, errno, "%s", source->name);
	if (S_ISDIR(st.st_mode))
		return err_system(err, EISDIR, "%s", source->name);
	source->regular = S_ISREG(st.st_mode);
	if (source->regular)
		(void)posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
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
	source->fd = fd;
	source->options = *options;
	source->due = NO_FAULT;
	source->buffer_room = options->buffer ? options->buffer : BUFFER_DEFAULT;
	if (source->buffer_room < BUFFER_MIN)
		source->buffer_room = BUFFER_MIN;
	source->name = strdup(name);
	source->buffer = malloc(source->buffer_room);
	if (!source->name || !source->buffer)
		result = err_memory(err);
	else
		result = examine(source, err);
	if (result == 0 && options->hash)
		result = open_hash(source, err);
	if (result != 0) {
		source_free(source);
		return result;
	}
	*ret_source = source;
	return 0;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	if (source->state)
		source->codec->close(source->state);
	EVP_MD_CTX_free(source->hash);
	close(source->fd);
	free(source->buffer);
	free(source->name);
	free(source);
}

static bool stopped(const struct source *source)
{
	return source->options.stop && __atomic_load_n(source->options.stop, __ATOMIC_RELAXED);
}

/* Returns once read() would not block, so that who waits for a silent pipe can be stopped. */
static int wait_readable(const struct source *source, struct err *err)
{
	struct pollfd poll_fd = { .fd = source->fd, .events = POLLIN };

	for (;;) {
		if (stopped(source))
			return err_set(err, ERR_CANCELLED, "%s: reading was stopped", source->name);
		if (source->regular || !source->options.stop)
			return 0;
		if (poll(&poll_fd, 1, STOP_POLL_MS) > 0)
			return 0;
	}
}

/* Stored bytes, counted and hashed. *ret_len 0 is the end of the file. */
static int read_stored(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		       struct err *err)
{
	ssize_t got;
	int result;

	do {
		result = wait_readable(source, err);
		if (result != 0)
			return result;
		got = read(source->fd, bytes, room);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		return err_system(err, errno, "%s", source->name);
	if (got == 0)
		source->file_ended = true;
	if (source->hash && got > 0 && !EVP_DigestUpdate(source->hash, bytes, (size_t)got))
		return err_memory(err);
	source->stored += (uint64_t)got;
	if (source->options.bytes_read)
		__atomic_fetch_add(source->options.bytes_read, (uint64_t)got, __ATOMIC_RELAXED);
	*ret_len = (size_t)got;
	return 0;
}

static size_t buffered(const struct source *source)
{
	return source->end - source->at;
}

/* At least `want` bytes in the buffer, unless the file has fewer. */
static int fill(struct source *source, size_t want, struct err *err)
{
	size_t got;
	int result;

	while (buffered(source) < want && !source->file_ended) {
		memmove(source->buffer, source->buffer + source->at, buffered(source));
		source->end -= source->at;
		source->at = 0;
		result = read_stored(source, source->buffer + source->end,
				     source->buffer_room - source->end, &got, err);
		if (result != 0)
			return result;
		source->end += got;
	}
	return 0;
}

static enum codec_begins begins_here(const struct source *source, const struct codec *codec,
				     bool strict)
{
	size_t len = buffered(source);

	return codec->begins(source->buffer + source->at, len < CODEC_BEGIN_MAX ? len : CODEC_BEGIN_MAX,
			     strict);
}

static int begin_member(struct source *source, struct err *err)
{
	if (!source->state)
		source->state = source->codec->open();
	if (!source->state || !source->codec->reset(source->state))
		return err_memory(err);
	source->members++;
	source->phase = PHASE_MEMBER;
	return 0;
}

/*
 * A file shorter than the mark of its format is taken for that format when two bytes of the mark
 * are there: a cut of nearly everything is still a cut.
 */
static int begin(struct source *source, struct err *err)
{
	int result = fill(source, CODEC_BEGIN_MAX, err);
	enum codec_begins begins;

	if (result != 0)
		return result;
	for (size_t i = 0; i < CODEC_COUNT && !source->codec; i++) {
		begins = begins_here(source, codecs[i], false);
		if (begins == CODEC_YES || (begins == CODEC_PERHAPS && buffered(source) >= 2))
			source->codec = codecs[i];
	}
	if (source->codec)
		return begin_member(source, err);
	source->phase = PHASE_PLAIN;
	return 0;
}

static int read_plain(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		      struct err *err)
{
	size_t len = buffered(source);
	int result;

	if (len > 0) {
		if (len > room)
			len = room;
		memcpy(bytes, source->buffer + source->at, len);
		source->at += len;
	} else {
		result = read_stored(source, bytes, room, &len, err);
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
	uint64_t taken = source->stored - buffered(source), max = source->options.expansion_max;

	if (max && source->given > EXPANSION_FREE && source->given / max > taken)
		source->due = FAULT_EXPANSION;
}

static int read_member(struct source *source, uint8_t *bytes, size_t room, size_t *ret_len,
		       struct err *err)
{
	struct codec_io io;
	enum codec_status status;
	size_t took;
	int result = fill(source, 1, err);

	if (result != 0)
		return result;
	io = (struct codec_io){ source->buffer + source->at, buffered(source), bytes, room };
	status = source->codec->step(source->state, &io);
	took = buffered(source) - io.in_len;
	*ret_len = room - io.out_room;
	source->at += took;
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
		/* A codec that neither takes nor gives has come to the end of its bytes, or is stuck. */
		if (took == 0 && *ret_len == 0)
			source->due = buffered(source) == 0 ? FAULT_CUT : FAULT_COMPRESSION;
		break;
	}
	if (source->due == NO_FAULT)
		expansion_judge(source);
	return 0;
}

static int pass_padding(struct source *source, struct err *err)
{
	unsigned padding = source->codec->padding;
	int result;

	do {
		result = fill(source, CODEC_BEGIN_MAX, err);
		if (result != 0 || padding == 0)
			return result;
		while (buffered(source) >= padding &&
		       memcmp(source->buffer + source->at, "\0\0\0\0", padding) == 0)
			source->at += padding;
	} while (buffered(source) < CODEC_BEGIN_MAX && !source->file_ended);
	return 0;
}

static int pass_between(struct source *source, struct err *err)
{
	int result = pass_padding(source, err);

	if (result != 0)
		return result;
	if (buffered(source) == 0) {
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

	for (;;) {
		result = fill(source, CODEC_BEGIN_MAX, err);
		if (result != 0)
			return result;
		if (buffered(source) == 0) {
			source->phase = PHASE_ENDED;
			return 0;
		}
		while (buffered(source) >= CODEC_BEGIN_MAX || (source->file_ended && buffered(source) > 0)) {
			if (begins_here(source, source->codec, true) == CODEC_YES) {
				source->can_go_on = true;
				return begin_member(source, err);
			}
			source->at++;
		}
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
	return source->regular;
}

const char *source_compression(const struct source *source)
{
	return source->codec ? source->codec->name : "none";
}

uint64_t source_stored(const struct source *source)
{
	return source->stored;
}

uint32_t source_members(const struct source *source)
{
	return source->members;
}

bool source_sha256(struct source *source, uint8_t ret_digest[32])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t len;

	if (!source->hash)
		return false;
	while (!source->file_ended)
		if (read_stored(source, source->buffer, source->buffer_room, &len, NULL) != 0)
			return false;
	source->at = source->end = 0;
	if (!EVP_DigestFinal_ex(source->hash, digest, NULL))
		return false;
	memcpy(ret_digest, digest, 32);
	return true;
}
