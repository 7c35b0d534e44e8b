/* SPDX-License-Identifier: BSD-2-Clause */
/* Archives written and read; and everything that a header, a name or an end can have wrong, refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proof/tar.h"

static struct buf archive(void)
{
	static const char block[TAR_BLOCK] = "beta";
	struct buf out = { 0 };

	tar_add(&out, "a", "alpha", 5);
	tar_add(&out, "b/one.txt", "", 0);
	tar_add(&out, "b/two.txt", block, TAR_BLOCK);
	tar_end(&out);
	assert_false(out.failed);
	assert_int_equal(out.len, 7 * TAR_BLOCK);
	return out;
}

/* Once a header was changed on purpose, its sum is made right again. */
static void resum(struct buf *out, size_t at)
{
	unsigned sum = 0;
	char text[8];

	memset(out->data + at + 148, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)out->data[at + i];
	snprintf(text, sizeof(text), "%06o", sum & 0777777);
	memcpy(out->data + at + 148, text, 7);
}

static void assert_refused(struct buf *out, const char *why)
{
	struct tar_member *members;
	struct err err = { 0 };
	uint32_t count;
	/* Its own size: what is read beyond it is found by the sanitizers. */
	uint8_t *exact = malloc(out->len ? out->len : 1);

	assert_non_null(exact);
	memcpy(exact, out->data, out->len);
	assert_int_equal(tar_read(exact, out->len, &members, &count, &err), ERR_FORMAT);
	if (!strstr(err.text, why))
		fail_msg("\"%s\" is not \"%s\"", err.text, why);
	free(exact);
	buf_free(out);
}

static void reads_back(void **state)
{
	struct buf out = archive();
	struct tar_member *members;
	uint32_t count;

	(void)state;
	assert_int_equal(tar_read((const uint8_t *)out.data, out.len, &members, &count, NULL), 0);
	assert_int_equal(count, 3);
	assert_string_equal(members[0].name, "a");
	assert_int_equal(members[0].len, 5);
	assert_memory_equal(members[0].bytes, "alpha", 5);
	assert_int_equal(members[1].len, 0);
	assert_int_equal(members[2].len, TAR_BLOCK);
	free(members);
	buf_free(&out);
}

static void changed(void **state)
{
	static const struct {
		size_t at;
		char to;
		const char *why;
	} rows[] = {
		{ 156, '1', "a link" }, { 156, '2', "a link" }, { 156, '5', "no plain file" }, { 156, '6', "no plain file" },
		{ 156, 'x', "no plain file" }, { 257, 'X', "no ustar header" }, { 100, '1', "not of the one form" },
		{ 109, '1', "not of the one form" }, { 147, '1', "not of the one form" }, { 345, 'p', "not of the one form" },
		{ 500, 'z', "not of the one form" }, { 157, 'l', "not of the one form" }, { 99, 'n', "too long" },
		{ 124, '8', "of the one form" }, { 127, '1', "cut off" }, { 0, '/', "leads elsewhere" },
		{ 0, '.', "leads elsewhere" }, { 0, 'A', "leads elsewhere" }, { 0, '\x1b', "leads elsewhere" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = archive();

		out.data[rows[i].at] = rows[i].to;
		resum(&out, 0);
		assert_refused(&out, rows[i].why);
	}
}

static void names(void **state)
{
	static const char *const bad[] = { "../a", "a/../b", "a/..", "/a", "a//b", "a/", "./a", "a/./b", "a b", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf out = { 0 };

		tar_add(&out, bad[i], "x", 1);
		tar_end(&out);
		assert_refused(&out, "leads elsewhere");
	}
}

static void orders(void **state)
{
	struct buf out = { 0 };

	(void)state;
	tar_add(&out, "a", "x", 1);
	tar_add(&out, "a", "y", 1);
	tar_end(&out);
	assert_refused(&out, "a: there twice");
	tar_add(&out, "b", "x", 1);
	tar_add(&out, "a", "y", 1);
	tar_end(&out);
	assert_refused(&out, "a: out of the order of names");
}

static void ends(void **state)
{
	struct buf whole = archive(), out;

	(void)state;
	for (size_t len = 0; len < whole.len; len += 97) {
		out = archive();
		out.len = len;
		assert_refused(&out, "cut off");
	}
	out = archive();
	buf_char(&out, 0);
	assert_refused(&out, "bytes behind the end");
	out = archive();
	tar_end(&out);
	assert_refused(&out, "bytes behind the end");
	out = archive();
	out.data[out.len - 1] = 1;
	assert_refused(&out, "only half is there");
	out = archive();
	out.data[TAR_BLOCK + 5] = 1;
	assert_refused(&out, "a: padding that is not zero");
	buf_free(&whole);
}

static void too_much(void **state)
{
	struct buf out = { 0 };
	char name[TAR_NAME_MAX + 2] = "";

	(void)state;
	memset(name, 'n', TAR_NAME_MAX + 1);
	tar_add(&out, name, "", 0);
	assert_true(out.failed);
	buf_free(&out);
}

/* Files without contents cost an archive nothing but a header: there may be so many of them, and not one more. */
static void too_many(void **state)
{
	struct buf out = { 0 };
	struct tar_member *members;
	struct err err = { 0 };
	char name[16], where[80];
	uint32_t count;
	size_t end;

	(void)state;
	for (unsigned i = 0; i < TAR_MEMBERS_MAX; i++) {
		snprintf(name, sizeof(name), "%06u", i);
		tar_add(&out, name, "", 0);
	}
	end = out.len;
	tar_end(&out);
	assert_int_equal(tar_read((const uint8_t *)out.data, out.len, &members, &count, &err), 0);
	assert_int_equal(count, TAR_MEMBERS_MAX);
	free(members);
	out.len = end;
	tar_add(&out, "one-more", "", 0);
	tar_end(&out);
	snprintf(where, sizeof(where), "archive, byte %zu: more members than an archive may have", end);
	assert_refused(&out, where);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back), cmocka_unit_test(changed), cmocka_unit_test(names),
		cmocka_unit_test(orders), cmocka_unit_test(ends), cmocka_unit_test(too_much),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
