/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target as an ordinary test, with any compiler: everything in the corpus, then damaged
 * copies of it, the same ones on every machine.
 *
 *	TARGET-replay [-r ROUNDS] PATH…
 *
 * Each file (of each folder, in order of names) is decompressed and given whole once; then ROUNDS
 * copies of its first 64 KiB, each damaged in some places: bytes changed, runs taken out, doubled
 * or set to a limit, the end cut off. Inputs are allocated to their exact size so that
 * AddressSanitizer sees the first byte read beyond. A path that is not there is passed over.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/view.h"
#include "feed/source.h"
#include "sim/random.h"

#define DAMAGED_SIZE	((size_t)64 << 10)
#define PLACES_MAX	8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t inputs;
static uint32_t rounds = 50;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void give(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		fail("replay", "out of memory");
	if (size)
		memcpy(exact, bytes, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	inputs++;
}

/* One damage to bytes[0…size), which has room for twice as many; the new size. */
static size_t damage(uint8_t *bytes, size_t size, struct random *random)
{
	static const uint8_t limits[] = { 0, 1, 0x7f, 0x80, 0xff };
	size_t at = random_next(random) % size;
	size_t run = 1 + random_next(random) % (size - at < 64 ? size - at : 64);

	switch (random_next(random) % 6) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << random_next(random) % 8);
		return size;
	case 1:
		bytes[at] = (uint8_t)random_next(random);
		return size;
	case 2:
		memset(bytes + at, limits[random_next(random) % sizeof(limits)], run < 4 ? run : 4);
		return size;
	case 3:
		memmove(bytes + at, bytes + at + run, size - at - run);
		return size - run;
	case 4:
		memmove(bytes + at + run, bytes + at, size - at);
		return size + run;
	default:
		return at;
	}
}

static void give_damaged(const uint8_t *bytes, size_t size)
{
	uint8_t *copy;

	if (size > DAMAGED_SIZE)
		size = DAMAGED_SIZE;
	copy = malloc(2 * size + PLACES_MAX * 64 + 1);
	if (!copy)
		fail("replay", "out of memory");
	for (uint32_t round = 0; size && round < rounds; round++) {
		struct random random = { round };
		size_t len = size;

		memcpy(copy, bytes, size);
		for (uint64_t left = 1 + random_next(&random) % PLACES_MAX; left && len; left--)
			len = damage(copy, len, &random);
		give(copy, len);
	}
	free(copy);
}

static void give_file(const char *path)
{
	struct source_options options = { .expansion_max = 0 };
	struct source *source;
	struct buf bytes = { .len = 0 };
	struct err err;
	size_t got = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || source_new(fd, path, &options, &source, &err))
		fail(path, "cannot be read");
	while (got) {
		enum fault_kind fault;

		if (!buf_reserve(&bytes, 65536))
			fail(path, "out of memory");
		if (source_read(source, bytes.data + bytes.len, 65536, &got, &fault, &err))
			fail(path, err.text);
		bytes.len += got;
	}
	source_free(source);
	give((uint8_t *)bytes.data, bytes.len);
	give_damaged((uint8_t *)bytes.data, bytes.len);
	buf_free(&bytes);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void give_path(const char *path)
{
	struct dirent **entries;
	struct stat st;
	int count;

	if (stat(path, &st))
		return;
	if (!S_ISDIR(st.st_mode)) {
		give_file(path);
		return;
	}
	count = scandir(path, &entries, is_visible, alphasort);
	if (count < 0)
		fail(path, "cannot be listed");
	for (int i = 0; i < count; i++) {
		char name[4096];

		if (snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name) >=
		    (int)sizeof(name))
			fail(path, "name too long");
		give_path(name);
		free(entries[i]);
	}
	free(entries);
}

static void give_shared(const char *path)
{
	const char *shared = getenv("CONSTAT_SHARED_DATA");
	char name[4096];

	if (snprintf(name, sizeof(name), "%s/%s", shared ? shared : "../shared/data", path) >=
	    (int)sizeof(name))
		fail(path, "name too long");
	give_path(name);
}

int main(int argc, char **argv)
{
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "-r") == 0) {
		if (!view_u32(view_of(argv[2]), &rounds))
			fail("-r", "not a number");
		first = 3;
	}
	give(NULL, 0);
	for (int i = first; i < argc; i++)
		if (strncmp(argv[i], "shared:", 7) == 0)
			give_shared(argv[i] + 7);
		else
			give_path(argv[i]);
	printf("%" PRIu64 " inputs\n", inputs);
	return 0;
}
