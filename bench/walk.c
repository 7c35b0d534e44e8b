/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor for raw recordings: read the file and step from MRT header to MRT header, nothing else. Prints the records. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK ((size_t)1 << 20)

int main(int argc, char **argv)
{
	uint8_t *block = malloc(2 * BLOCK);
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	uint64_t records = 0;
	size_t skip = 0, have = 0;
	ssize_t got;

	if (fd < 0 || !block) {
		fputs("usage: walk FILE\n", stderr);
		return 2;
	}
	while ((got = read(fd, block + have, BLOCK)) > 0) {
		size_t at = skip, len = have + (size_t)got;

		while (at + 12 <= len) {
			uint32_t body = (uint32_t)block[at + 8] << 24 | (uint32_t)block[at + 9] << 16 |
					(uint32_t)block[at + 10] << 8 | block[at + 11];

			records++;
			at += 12 + (size_t)body;
		}
		/* A header cut by the block's end moves to the front; else the next block begins inside a body. */
		have = at < len ? len - at : 0;
		memmove(block, block + len - have, have);
		skip = at > len ? at - len : 0;
	}
	printf("%llu\n", (unsigned long long)records);
	free(block);
	return 0;
}
