/* SPDX-License-Identifier: BSD-2-Clause */
/* Roots against RFC 6962 section 2.1 spelled out: the definition is recursive, the code is not. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
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

/* The last line need not end: it is a leaf as it stands. */
static void last_line(void **state)
{
	uint8_t with[DIGEST_SIZE], without[DIGEST_SIZE];
	uint64_t size;

	(void)state;
	assert_int_equal(merkle_root(VIEW("a\nb\n"), &size, with, NULL), 0);
	assert_int_equal(merkle_root(VIEW("a\nb"), &size, without, NULL), 0);
	assert_int_equal(size, 2);
	assert_true(memcmp(with, without, DIGEST_SIZE) != 0);
}

static void reads_fail(void **state)
{
	uint8_t digest[DIGEST_SIZE] = { 7 };
	uint64_t size = 99;
	struct err err = { 0 };
	int fd = open("/tmp", O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(digest_file(fd, "folder", digest, &size, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "folder: Is a directory");
	close(fd);
	assert_int_equal(digest_file(fd, "closed", digest, &size, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "closed: Bad file descriptor");
	assert_int_equal(size, 99);
	assert_int_equal(digest[0], 7);
}

static int pipe_end;
static volatile sig_atomic_t alarms;

/* The third time somebody writes. */
static void on_alarm(int signal)
{
	(void)signal;
	if (++alarms == 3) {
		(void)!write(pipe_end, "abc", 3);
		close(pipe_end);
	}
}

/* A read that signals interrupt goes on. */
static void interrupted(void **state)
{
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = on_alarm };
	uint8_t got[DIGEST_SIZE], want[DIGEST_SIZE];
	struct err err = { 0 };
	uint64_t size;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pipe_end = ends[1];
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_int_equal(digest_file(ends[0], "pipe", got, &size, &err), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_true(alarms >= 3);
	assert_int_equal(size, 3);
	assert_int_equal(digest_sha256("abc", 3, want, NULL), 0);
	assert_memory_equal(got, want, DIGEST_SIZE);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots), cmocka_unit_test(known), cmocka_unit_test(files),
		cmocka_unit_test(last_line), cmocka_unit_test(reads_fail), cmocka_unit_test(interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
