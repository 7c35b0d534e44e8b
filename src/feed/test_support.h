/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of feed/ share: bytes that grow, recordings made up on the spot, compression by
 * the formats' own libraries, files that nobody has to remove. Every failure is a failed test.
 * For *_test.c only.
 */
#ifndef CONSTAT_FEED_TEST_SUPPORT_H
#define CONSTAT_FEED_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bzlib.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

struct bytes {
	uint8_t *data;
	size_t len, room;
};

static inline void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

static inline uint8_t *bytes_reserve(struct bytes *bytes, size_t more)
{
	if (!bytes->data || bytes->len + more > bytes->room) {
		bytes->room = 2 * (bytes->len + more) + 64;
		bytes->data = realloc(bytes->data, bytes->room);
		assert_non_null(bytes->data);
	}
	return bytes->data + bytes->len;
}

static inline void bytes_add(struct bytes *bytes, const void *more, size_t len)
{
	if (len > 0)
		memcpy(bytes_reserve(bytes, len), more, len);
	bytes->len += len;
}

/* `more` may be the same. */
static inline void bytes_append(struct bytes *bytes, const struct bytes *more)
{
	bytes_reserve(bytes, more->len);
	bytes_add(bytes, more->data, more->len);
}

static inline void bytes_be32(struct bytes *bytes, uint32_t value)
{
	value = __builtin_bswap32(value);
	bytes_add(bytes, &value, sizeof(value));
}

static inline bool bytes_equal(const struct bytes *a, const struct bytes *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* The same numbers on every run. */
static inline uint32_t test_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}

#define TEST_SEED UINT64_C(88172645463325252)

/* A record of BGP4MP, subtype 1, with a body that looks like no header. */
static inline void add_record(struct bytes *bytes, uint32_t seconds, uint32_t body,
			      uint32_t filling)
{
	uint8_t byte;

	bytes_be32(bytes, seconds);
	bytes_be32(bytes, 16u << 16 | 1);
	bytes_be32(bytes, body);
	for (uint32_t i = 0; i < body; i++) {
		byte = (uint8_t)(0x80 | ((filling * 31 + i * 7) & 0x7f));
		bytes_add(bytes, &byte, 1);
	}
}

/* `count` records of differing lengths, some in the same second. */
static inline struct bytes make_records(uint32_t seconds, unsigned count)
{
	struct bytes bytes = { 0 };

	for (unsigned i = 0; i < count; i++)
		add_record(&bytes, seconds + i / 3, 30 + i * 37 % 150, i);
	return bytes;
}

static inline struct bytes gzip_of(const struct bytes *plain)
{
	struct bytes out = { 0 };
	z_stream stream = { 0 };

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	stream.next_in = plain->data;
	stream.avail_in = (uInt)plain->len;
	stream.next_out = bytes_reserve(&out, deflateBound(&stream, plain->len) + 64);
	stream.avail_out = (uInt)out.room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out.len = stream.total_out;
	deflateEnd(&stream);
	return out;
}

static inline struct bytes bzip2_of(const struct bytes *plain, int level)
{
	struct bytes out = { 0 };
	unsigned len = (unsigned)(plain->len + plain->len / 50 + 1000);
	char empty = 0;

	bytes_reserve(&out, len);
	assert_int_equal(BZ2_bzBuffToBuffCompress((char *)out.data, &len,
						  plain->len ? (char *)plain->data : &empty,
						  (unsigned)plain->len, level, 0, 0), BZ_OK);
	out.len = len;
	return out;
}

static inline struct bytes zstd_of(const struct bytes *plain)
{
	struct bytes out = { 0 };
	size_t bound = ZSTD_compressBound(plain->len);

	out.len = ZSTD_compress(bytes_reserve(&out, bound), bound, plain->data, plain->len, 3);
	assert_false(ZSTD_isError(out.len));
	return out;
}

static inline struct bytes xz_of(const struct bytes *plain)
{
	struct bytes out = { 0 };
	size_t bound = lzma_stream_buffer_bound(plain->len);

	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, plain->data, plain->len,
						 bytes_reserve(&out, bound), &out.len, bound),
			 LZMA_OK);
	return out;
}

/* A descriptor on a file with this content, at its start; the file has no name any more. */
static inline int file_with(const struct bytes *bytes)
{
	char path[] = "/tmp/constat-feed-test-XXXXXX";
	int fd = mkstemp(path);
	size_t done = 0;
	ssize_t wrote;

	assert_true(fd >= 0);
	unlink(path);
	for (; done < bytes->len; done += (size_t)wrote) {
		wrote = write(fd, bytes->data + done, bytes->len - done);
		assert_true(wrote > 0);
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* A second, independent way to read it from the start. */
static inline int open_again(int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(again >= 0);
	return again;
}

#endif
