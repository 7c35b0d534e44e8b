/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes are read into slots, used one after the other. Where they are hashed by a thread of its
 * own, the hasher reads a slot while its bytes are being decompressed, and a slot is filled again
 * when both are done with it. That thread is started with the second slot: most files of updates
 * fit into the first, and are hashed at once.
 *
 * What is left in sight of a slot when more is wanted, a few bytes, is copied to just before the
 * next slot's bytes, so that it is always in one piece.
 */
#include "feed/stored.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/hasher.h"

#define SLOT_DEFAULT	((size_t)256 << 10)
#define SLOT_MIN	((size_t)4 << 10)
#define SLOTS_MAX	4u
#define STOP_POLL_MS	200

struct stored_slots {
	EVP_MD_CTX *hash;	/* NULL: not hashing */
	struct hasher *hasher;	/* NULL: hash at once */
	unsigned count;
	unsigned current;
	size_t size;
	uint8_t *memory[SLOTS_MAX];	/* STORED_WANT_MAX, `size`, STORED_SLACK bytes */
	uint64_t ticket[SLOTS_MAX];
};

static int examine(struct stored *stored, struct err *err)
{
	struct stat st;

	if (fstat(stored->fd, &st) != 0)
		return err_system(err, errno, "%s", stored->name);
	if (S_ISDIR(st.st_mode))
		return err_system(err, EISDIR, "%s", stored->name);
	stored->regular = S_ISREG(st.st_mode);
	if (stored->regular)
		(void)posix_fadvise(stored->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

static int open_slots(struct stored *stored, struct err *err)
{
	const struct source_options *options = &stored->options;
	struct stored_slots *slots = calloc(1, sizeof(*slots));

	stored->slots = slots;
	if (!slots)
		return err_memory(err);
	slots->size = options->buffer ? options->buffer : SLOT_DEFAULT;
	if (slots->size < SLOT_MIN)
		slots->size = SLOT_MIN;
	slots->count = options->hash && options->threads > 1 ? SLOTS_MAX : 1;
	slots->memory[0] = malloc(STORED_WANT_MAX + slots->size + STORED_SLACK);
	if (!slots->memory[0])
		return err_memory(err);
	stored->at = stored->end = slots->memory[0] + STORED_WANT_MAX;
	if (!options->hash)
		return 0;
	slots->hash = EVP_MD_CTX_new();
	if (!slots->hash || !EVP_DigestInit_ex(slots->hash, EVP_sha256(), NULL))
		return err_memory(err);
	return 0;
}

int stored_open(struct stored *stored, int fd, const char *name,
		const struct source_options *options, struct err *err)
{
	int result;

	*stored = (struct stored){ .fd = fd, .options = *options, .name = strdup(name) };
	result = stored->name ? examine(stored, err) : err_memory(err);
	if (result == 0)
		result = open_slots(stored, err);
	if (result != 0)
		stored_close(stored);
	return result;
}

void stored_close(struct stored *stored)
{
	struct stored_slots *slots = stored->slots;

	if (slots) {
		(void)hasher_free(slots->hasher);
		EVP_MD_CTX_free(slots->hash);
		for (unsigned i = 0; i < SLOTS_MAX; i++)
			free(slots->memory[i]);
		free(slots);
	}
	free(stored->name);
	close(stored->fd);
}

static bool stopped(const struct stored *stored)
{
	return stored->options.stop && __atomic_load_n(stored->options.stop, __ATOMIC_RELAXED);
}

/* Returns once read() would not block, so that who waits for a silent pipe can be stopped. */
static int wait_readable(const struct stored *stored, struct err *err)
{
	struct pollfd poll_fd = { .fd = stored->fd, .events = POLLIN };

	for (;;) {
		if (stopped(stored))
			return err_set(err, ERR_CANCELLED, "%s: reading was stopped", stored->name);
		if (stored->regular || !stored->options.stop)
			return 0;
		if (poll(&poll_fd, 1, STOP_POLL_MS) > 0)
			return 0;
	}
}

static int read_counted(struct stored *stored, uint8_t *bytes, size_t room, size_t *ret_len,
			struct err *err)
{
	ssize_t got;
	int result;

	do {
		result = wait_readable(stored, err);
		if (result != 0)
			return result;
		got = read(stored->fd, bytes, room);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		return err_system(err, errno, "%s", stored->name);
	if (got == 0)
		stored->file_ended = true;
	stored->count += (uint64_t)got;
	if (stored->options.bytes_read)
		__atomic_fetch_add(stored->options.bytes_read, (uint64_t)got, __ATOMIC_RELAXED);
	*ret_len = (size_t)got;
	return 0;
}

static int hash_at_once(struct stored *stored, const uint8_t *bytes, size_t len, struct err *err)
{
	if (stored->slots->hash && !EVP_DigestUpdate(stored->slots->hash, bytes, len))
		return err_memory(err);
	return 0;
}

/* The next slot, free to be written: nobody hashes it any more. */
static int next_slot(struct stored *stored, struct err *err)
{
	struct stored_slots *slots = stored->slots;
	unsigned next = (slots->current + 1) % slots->count;
	size_t left = stored_len(stored);
	uint8_t *start;

	if (slots->count > 1 && !slots->hasher &&
	    hasher_new(slots->hash, &slots->hasher, NULL) != 0) {
		/* Where the system gives no more threads, this one hashes. */
		slots->count = 1;
		next = slots->current;
	}
	if (!slots->memory[next])
		slots->memory[next] = malloc(STORED_WANT_MAX + slots->size + STORED_SLACK);
	if (!slots->memory[next])
		return err_memory(err);
	if (slots->hasher)
		hasher_wait(slots->hasher, slots->ticket[next]);
	start = slots->memory[next] + STORED_WANT_MAX;
	memmove(start - left, stored->at, left);
	stored->at = start - left;
	stored->end = start;
	slots->current = next;
	return 0;
}

/* One read into the slots. */
static int read_piece(struct stored *stored, struct err *err)
{
	struct stored_slots *slots = stored->slots;
	uint8_t *start = slots->memory[slots->current] + STORED_WANT_MAX, *to;
	size_t got;
	int result = 0;

	if (stored->end == start + slots->size)
		result = next_slot(stored, err);
	if (result != 0)
		return result;
	start = slots->memory[slots->current] + STORED_WANT_MAX;
	to = start + (stored->end - start);
	result = read_counted(stored, to, (size_t)(start + slots->size - to), &got, err);
	if (result != 0 || got == 0)
		return result;
	stored->end = to + got;
	if (!slots->hasher)
		return hash_at_once(stored, to, got, err);
	slots->ticket[slots->current] = hasher_give(slots->hasher, to, got);
	return 0;
}

int stored_fill(struct stored *stored, size_t want, struct err *err)
{
	int result = 0;

	while (result == 0 && stored_len(stored) < want && !stored->file_ended)
		result = read_piece(stored, err);
	return result;
}

int stored_read(struct stored *stored, void *bytes, size_t room, size_t *ret_len, struct err *err)
{
	size_t len;
	int result;

	if (stored->slots->count == 1) {
		result = read_counted(stored, bytes, room, &len, err);
		if (result == 0)
			result = hash_at_once(stored, bytes, len, err);
	} else {
		/*
		 * The hasher cannot know how long the user's memory stays: through the slots then.
		 */
		result = stored_fill(stored, 1, err);
		len = stored_len(stored) < room ? stored_len(stored) : room;
		memcpy(bytes, stored->at, len);
		stored->at += len;
	}
	if (result == 0)
		*ret_len = len;
	return result;
}

bool stored_sha256(struct stored *stored, uint8_t ret_digest[32])
{
	struct stored_slots *slots = stored->slots;
	uint8_t digest[EVP_MAX_MD_SIZE];
	bool good;

	if (!slots->hash)
		return false;
	while (!stored->file_ended) {
		stored->at = stored->end;
		if (read_piece(stored, NULL) != 0)
			return false;
	}
	good = hasher_free(slots->hasher);
	slots->hasher = NULL;
	slots->count = 1;
	if (!good || !EVP_DigestFinal_ex(slots->hash, digest, NULL))
		return false;
	memcpy(ret_digest, digest, 32);
	return true;
}
