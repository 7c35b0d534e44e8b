/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys and notes: somebody else's hold here, and what is refused, with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proof/note.h"

#define DASH "\xe2\x80\x94 "

/* The key of the note package's documentation (golang.org/x/mod/sumdb/note), and a note signed with it. */
#define GO_KEY	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_NOTE "If you think cryptography is the answer to your problem,\n" \
		"then you don't know what your problem is.\n" \
		"\n" \
		DASH "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static struct note_key go_key(void)
{
	struct note_key key;

	assert_int_equal(note_key_parse(VIEW(GO_KEY "\n"), &key, NULL), 0);
	return key;
}

static bool holds(const struct note *note, const struct note_key *key)
{
	bool holds = false;

	assert_int_equal(note_verify(note, &note->signatures[0], key, &holds, NULL), 0);
	return holds;
}

/* Somebody else's signature holds here. */
static void others(void **state)
{
	struct note_key key = go_key();
	struct buf text = { 0 };
	struct note note;

	(void)state;
	assert_string_equal(key.name, "PeterNeumann");
	assert_int_equal(note_parse(VIEW(GO_NOTE), &note, NULL), 0);
	assert_int_equal(note.count, 1);
	assert_true(note_key_is(&key, &note.signatures[0]));
	assert_true(holds(&note, &key));
	note.text.len--;
	assert_false(holds(&note, &key));
	note_key_format(&text, &key);
	buf_char(&text, '\0');
	assert_string_equal(text.data, GO_KEY);
	buf_free(&text);
}

static void keys_refused(void **state)
{
	static const char form[] = "no public key of the form name+hash+base64 with Ed25519";
	static const char hash[] = "a public key whose hash is not that of its name and bytes";
	static const struct {
		const char *line, *why;
	} rows[] = {
		{ "", form }, { "name", form }, { "name+c74f20a3", form },
		{ "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", form },
		{ "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", hash },
		{ "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", hash },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX", hash },
		/* An algorithm that is not Ed25519. */
		{ "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", form },
		{ "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", hash },
		{ "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", form },
		/* A letter, a block, and a padding too few or too many. */
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", form },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy", form },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA", form },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T=", form },
		{ "PeterNeumann+c74f20a3+", form },
	};
	struct buf long_line = { 0 };
	struct note_key key;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(note_key_parse(view_of(rows[i].line), &key, &err), ERR_FORMAT);
		assert_string_equal(err.text, rows[i].why);
	}
	/* Base64 in its one form, and of any length: no more of it is read than there is room for. */
	buf_str(&long_line, "PeterNeumann+c74f20a3+");
	for (unsigned i = 0; i < 1000; i++)
		buf_str(&long_line, "AAAA");
	assert_int_equal(note_key_parse((struct view){ long_line.data, long_line.len }, &key, &err), ERR_FORMAT);
	assert_string_equal(err.text, form);
	buf_free(&long_line);
}

static void notes_refused(void **state)
{
	static const char split[] = "no signed note: no empty line before signatures";
	static const char line[] = "a line behind the text that is no signature";
	static const char name[] = "a signature without a proper name";
	static const char base64[] = "a signature that is no base64";
	static const struct {
		const char *note, *why;
	} rows[] = {
		{ "", split }, { "text", split }, { "text\n", split }, { "\n", split },
		{ "text\n\n" DASH "name AAAAAAA=", split },
		{ "text\n\nname AAAAAAA=\n", line },
		{ "text\n\n-- name AAAAAAA=\n", line },
		{ "text\n\n" DASH "name\n", base64 }, { "text\n\n" DASH "na+me AAAAAAA=\n", name },
		{ "text\n\n" DASH " AAAAAAA=\n", name },
		{ "text\n\n" DASH "name AAAAAA\n", base64 }, { "text\n\n" DASH "name \n", base64 },
		{ "text\n\n" DASH "name AAAAAAB=\n", base64 }, { "text\n\n" DASH "name AAAAAAA= \n", base64 },
		{ "text\n\n" DASH "name AAAA=AA=\n", base64 }, { "text\n\n" DASH "name AAA*AAA=\n", base64 },
		/* A key's id and nothing behind it. */
		{ "text\n\n" DASH "name AAAAAA==\n", base64 },
		{ "te\rxt\n\n" DASH "name AAAAAAA=\n", "a control character" },
		{ "text\n\n" DASH "name AAAAAAA=\n\n" DASH "name\tAAAAAAA=\n", "a control character" },
	};
	struct note note;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (note_parse(view_of(rows[i].note), &note, &err) == 0)
			fail_msg("taken: %s", rows[i].note);
		assert_string_equal(err.text, rows[i].why);
	}
}

/* Every single bit of the note, flipped: it does not parse, is of another key, or does not hold. */
static void bits(void **state)
{
	struct note_key key = go_key();
	char bytes[] = GO_NOTE;

	(void)state;
	for (size_t bit = 0; bit < 8 * (sizeof(bytes) - 1); bit++) {
		struct note note;

		bytes[bit / 8] ^= (char)(1 << bit % 8);
		if (note_parse((struct view){ bytes, sizeof(bytes) - 1 }, &note, NULL) == 0) {
			assert_int_equal(note.count, 1);
			assert_false(note_key_is(&key, &note.signatures[0]) && holds(&note, &key));
		}
		bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
}

/* One signature too many, however good the others are. */
static void too_many(void **state)
{
	struct buf bytes = { 0 };
	struct err err = { 0 };
	struct note note;

	(void)state;
	buf_str(&bytes, "text\n\n");
	for (unsigned i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_str(&bytes, DASH "name AAAAAAA=\n");
	assert_int_equal(note_parse((struct view){ bytes.data, bytes.len }, &note, &err), 0);
	assert_int_equal(note.count, NOTE_SIGNATURES_MAX);
	buf_str(&bytes, DASH "name AAAAAAA=\n");
	assert_int_equal(note_parse((struct view){ bytes.data, bytes.len }, &note, &err), ERR_LIMIT);
	assert_string_equal(err.text, "more than 64 signatures");
	buf_free(&bytes);
}

/* Of another kind, and so of another length: passed over, never taken for one that holds. */
static void other_kinds(void **state)
{
	struct note_key key = go_key();
	struct note note;

	(void)state;
	assert_int_equal(note_parse(VIEW("text\n\n" DASH "PeterNeumann x08go2Fi\n" DASH "b AAAAAAA=\n"), &note, NULL), 0);
	assert_int_equal(note.count, 2);
	assert_true(note_key_is(&key, &note.signatures[0]));
	assert_false(note.signatures[0].ed25519);
	assert_false(holds(&note, &key));
	assert_false(note_key_is(&key, &note.signatures[1]));
	/* A text and no signature at all is a note of nobody's. */
	assert_int_equal(note_parse(VIEW("text\n\n"), &note, NULL), 0);
	assert_int_equal(note.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others), cmocka_unit_test(keys_refused), cmocka_unit_test(notes_refused),
		cmocka_unit_test(bits), cmocka_unit_test(too_many), cmocka_unit_test(other_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
