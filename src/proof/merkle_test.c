/* SPDX-License-Identifier: BSD-2-Clause */
/* Roots against RFC 6962 section 2.1 spelled out: the definition is recursive, the code is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "proof/merkle.h"

static void hash_of(struct buf *bytes, uint8_t ret_digest[DIGEST_SIZE])
{
	assert_int_equal(digest_sha256(bytes->data, bytes->len, ret_digest, NULL), 0);
	buf_free(bytes);
}

/* MTH(D[n]) as the RFC writes it. */
static void defined(const struct view *leaves, size_t count, uint8_t ret_root[DIGEST_SIZE])
{
	uint8_t left[DIGEST_SIZE], right[DIGEST_SIZE];
	struct buf bytes = { 0 };
	size_t k = 1;

	if (count == 0) {
		assert_int_equal(digest_sha256("", 0, ret_root, NULL), 0);
		return;
	}
	if (count == 1) {
		buf_char(&bytes, 0);
		buf_add(&bytes, leaves->ptr, leaves->len);
		hash_of(&bytes, ret_root);
		return;
	}
	while (2 * k < count)
		k *= 2;
	defined(leaves, k, left);
	defined(leaves + k, count - k, right);
	buf_char(&bytes, 1);
	buf_add(&bytes, left, sizeof(left));
	buf_add(&bytes, right, sizeof(right));
	hash_of(&bytes, ret_root);
}

static void roots(void **state)
{
	(void)state;
	for (size_t count = 0; count < 70; count++) {
		struct buf text = { 0 };
		struct view leaves[70];
		size_t ends[71] = { 0 };
		uint8_t want[DIGEST_SIZE], got[DIGEST_SIZE];
		uint64_t size = 99;

		for (size_t i = 0; i < count; i++) {
			buf_printf(&text, "line %zu\n", i * 37);
			ends[i + 1] = text.len;
		}
		for (size_t i = 0; i < count; i++)
			leaves[i] = (struct view){ text.data + ends[i], ends[i + 1] - ends[i] };
		defined(leaves, count, want);
		assert_int_equal(merkle_root((struct view){ text.data, text.len }, &size, got, NULL), 0);
		assert_int_equal(size, count);
		assert_memory_equal(got, want, DIGEST_SIZE);
		buf_free(&text);
	}
}

/* A tree of one leaf is the hash of a byte 0 and the leaf: by sha256sum. */
static void known(void **state)
{
	static const char want[] = "\xb6\xa5\x67\xb4\x66\x56\x2a\x6a\x95\x4a\xf6\x15\x7b\x89\x8f\x9e"
				   "\x88\x0e\x43\x52\x30\x4a\xdc\x29\x69\x15\x5f\x0e\x4d\xe3\x1c\xf0";
	uint8_t got[DIGEST_SIZE];
	uint64_t size;

	(void)state;
	assert_int_equal(merkle_root(VIEW("a\n"), &size, got, NULL), 0);
	assert_memory_equal(got, want, DIGEST_SIZE);
}

static void files(void **state)
{
	char path[] = "/tmp/constat-digest-XXXXXX";
	int fd = mkstemp(path);
	uint8_t got[DIGEST_SIZE], want[DIGEST_SIZE];
	char bytes[100000];
	uint64_t size;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(write(fd, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(digest_file(fd, "x", got, &size, NULL), 0);
	assert_int_equal(digest_sha256(bytes, sizeof(bytes), want, NULL), 0);
	assert_int_equal(size, sizeof(bytes));
	assert_memory_equal(got, want, DIGEST_SIZE);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots), cmocka_unit_test(known), cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
