/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and notes: there and back, files with and without a passphrase, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proof/key.h"

/* The key of the note package's documentation (golang.org/x/mod/sumdb/note), and a note signed with it. */
#define GO_KEY	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_NOTE "If you think cryptography is the answer to your problem,\n" \
		"then you don't know what your problem is.\n" \
		"\n" \
		"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static struct note_key go_key(void)
{
	struct note_key key;

	assert_int_equal(note_key_parse(VIEW(GO_KEY "\n"), &key, NULL), 0);
	return key;
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
	assert_true(note_verify(&note, &note.signatures[0], &key));
	note.text.len--;
	assert_false(note_verify(&note, &note.signatures[0], &key));
	note_key_format(&text, &key);
	buf_char(&text, '\0');
	assert_string_equal(text.data, GO_KEY);
	buf_free(&text);
}

static void keys_refused(void **state)
{
	static const char *const bad[] = {
		"", "name", "name+c74f20a3", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
		"PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
	};
	struct note_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(note_key_parse(view_of(bad[i]), &key, NULL), ERR_FORMAT);
}

static void notes_refused(void **state)
{
	static const char *const bad[] = {
		"", "text", "text\n", "text\n\n\xe2\x80\x94 name AAAAAAA=", "text\n\nname AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 name\n", "text\n\n\xe2\x80\x94 name AAAAAA\n", "text\n\n\xe2\x80\x94 na+me AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 name AAAAAAB=\n", "te\rxt\n\n\xe2\x80\x94 name AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 name AAAAAAA= \n", "text\n\n\xe2\x80\x94 name AAAA=AA=\n",
	};
	struct note note;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (note_parse(view_of(bad[i]), &note, NULL) == 0)
			fail_msg("taken: %s", bad[i]);
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
			for (uint32_t i = 0; i < note.count; i++)
				assert_false(note_key_is(&key, &note.signatures[i]) &&
					     note_verify(&note, &note.signatures[i], &key));
		}
		bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
}

static void signs(const struct signing_key *key)
{
	struct buf bytes = { 0 };
	struct note note;

	buf_str(&bytes, "a text\n\n");
	assert_int_equal(signing_key_sign(key, VIEW("a text\n"), &bytes, NULL), 0);
	assert_int_equal(note_parse((struct view){ bytes.data, bytes.len }, &note, NULL), 0);
	assert_true(note_verify(&note, &note.signatures[0], signing_key_public(key)));
	buf_free(&bytes);
}

static void files(void **state)
{
	static const char *const passphrases[] = { NULL, "open sesame" };
	char folder[] = "/tmp/constat-key-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	for (unsigned i = 0; i < 2; i++) {
		struct signing_key *key, *again = NULL;
		struct err err = { 0 };
		struct stat st;

		assert_int_equal(signing_key_make("test.example/1", &key, &err), 0);
		assert_int_equal(signing_key_write(key, path, passphrases[i], &err), 0);
		assert_int_equal(signing_key_write(key, path, passphrases[i], &err), ERR_SYSTEM);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		if (signing_key_read(path, passphrases[i] ? passphrases[i] : "not asked for", &again, &err))
			fail_msg("%s", err.text);
		assert_memory_equal(signing_key_public(key), signing_key_public(again), sizeof(struct note_key));
		signs(again);
		signing_key_free(again);
		if (passphrases[i])
			assert_int_equal(signing_key_read(path, "open barley", &again, &err), ERR_FORMAT);
		assert_int_equal(chmod(path, 0640), 0);
		assert_int_equal(signing_key_read(path, passphrases[i], &again, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "others may read this key"));
		signing_key_free(key);
		unlink(path);
	}
	rmdir(folder);
}

static void names(void **state)
{
	struct signing_key *key;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(signing_key_make("", &key, &err), ERR_USAGE);
	assert_int_equal(signing_key_make("a b", &key, &err), ERR_USAGE);
	assert_int_equal(signing_key_make("a+b", &key, &err), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others), cmocka_unit_test(keys_refused), cmocka_unit_test(notes_refused),
		cmocka_unit_test(bits), cmocka_unit_test(files), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
