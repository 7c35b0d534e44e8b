/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles of members that say nothing: what is held of archive, manifest, tree and note before anybody looks at what
 * the members say. Everything that can be wrong, with the words for it and the member that they name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proof/bundle.h"

#define MEMBERS 4

static struct tar_member member(const char *name, const char *text)
{
	struct tar_member member = { .bytes = (const uint8_t *)text, .len = strlen(text) };

	strcpy(member.name, name);
	return member;
}

static struct view view_of_buf(const struct buf *buf)
{
	return (struct view){ buf->data, buf->len };
}

static struct view view_of_member(const struct tar_member *member)
{
	return (struct view){ (const char *)member->bytes, member->len };
}

struct scene {
	struct tar_member members[MEMBERS];	/* what bundle_make(BUNDLE_PROOF, ) is given */
	struct signing_key *key, *other;
	struct buf bytes;
	struct bundle bundle;
};

static int scene_set(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->members[0] = member("excerpt/000001.mrt", "records");
	scene->members[1] = member(MEMBER_FINDING, "{}");
	scene->members[2] = member(MEMBER_RECORDS, "[]");
	scene->members[3] = member(MEMBER_TIMELINE, "");
	assert_int_equal(signing_key_make("test.example/1", &scene->key, NULL), 0);
	assert_int_equal(signing_key_make("test.example/2", &scene->other, NULL), 0);
	assert_int_equal(bundle_make(BUNDLE_PROOF, scene->members, MEMBERS, scene->key, &scene->bytes, NULL), 0);
	assert_int_equal(bundle_open((const uint8_t *)scene->bytes.data, scene->bytes.len, &scene->bundle, NULL), 0);
	*state = scene;
	return 0;
}

static int scene_clear(void **state)
{
	struct scene *scene = *state;

	bundle_free(&scene->bundle);
	buf_free(&scene->bytes);
	signing_key_free(scene->key);
	signing_key_free(scene->other);
	free(scene);
	return 0;
}

/* Its own size: what is read beyond is found by the sanitizers. */
static int open_exact(struct view bytes, struct bundle *ret_bundle, struct err *err)
{
	uint8_t *exact = malloc(bytes.len);
	int code;

	assert_non_null(exact);
	memcpy(exact, bytes.ptr, bytes.len);
	code = bundle_open(exact, bytes.len, ret_bundle, err);
	free(exact);
	return code;
}

static void assert_refused(struct buf *bytes, enum err_code code, const char *why)
{
	struct bundle bundle = { .count = 99 };
	struct err err = { 0 };

	assert_int_equal(open_exact(view_of_buf(bytes), &bundle, &err), code);
	assert_string_equal(err.text, why);
	assert_int_equal(bundle.count, 99);
	buf_free(bytes);
}

/* The bundle with this in a member's place; NULL: without it. */
static struct buf with(const struct scene *scene, const char *name, const struct view *contents)
{
	struct buf out = { 0 };

	for (uint32_t i = 0; i < scene->bundle.count; i++) {
		const struct tar_member *own = &scene->bundle.members[i];

		if (strcmp(own->name, name) != 0)
			tar_add(&out, own->name, own->bytes, own->len);
		else if (contents)
			tar_add(&out, name, contents->ptr, contents->len);
	}
	tar_end(&out);
	return out;
}

/* Between others, where its name belongs. */
static struct buf with_more(const struct scene *scene, const char *name)
{
	struct buf out = { 0 };
	bool put = false;

	for (uint32_t i = 0; i < scene->bundle.count; i++) {
		const struct tar_member *own = &scene->bundle.members[i];

		if (!put && strcmp(own->name, name) > 0) {
			tar_add(&out, name, "x", 1);
			put = true;
		}
		tar_add(&out, own->name, own->bytes, own->len);
	}
	if (!put)
		tar_add(&out, name, "x", 1);
	tar_end(&out);
	return out;
}

static void reads_back(void **state)
{
	struct scene *scene = *state;
	const struct bundle *bundle = &scene->bundle;
	bool holds = false;

	assert_int_equal(bundle->count, MEMBERS + 2);
	assert_string_equal(bundle->members[0].name, "checkpoint");
	for (uint32_t i = 0; i < MEMBERS; i++) {
		const struct tar_member *own = bundle_member(bundle, scene->members[i].name);

		assert_non_null(own);
		assert_true(view_equal(view_of_member(own), view_of_member(&scene->members[i])));
	}
	assert_null(bundle_member(bundle, "nothing"));
	assert_null(bundle->timestamp);
	assert_int_equal(bundle->note.count, 1);
	assert_int_equal(note_verify(&bundle->note, &bundle->note.signatures[0], signing_key_public(scene->key), &holds, NULL),
			 0);
	assert_true(holds);
}

/* A manifest may be the last member. */
static void manifest_last(void **state)
{
	struct scene *scene = *state;
	struct tar_member early = member("d", "x");
	struct buf out = { 0 };
	struct tar_member *members;
	uint32_t count;

	assert_int_equal(bundle_make(BUNDLE_PROOF, &early, 1, scene->key, &out, NULL), 0);
	assert_int_equal(tar_read((const uint8_t *)out.data, out.len, &members, &count, NULL), 0);
	assert_int_equal(count, 3);
	assert_string_equal(members[1].name, "d");
	free(members);
	buf_free(&out);
}

static void missing(void **state)
{
	static const char *const names[] = {
		MEMBER_CHECKPOINT, MEMBER_FINDING, MEMBER_MANIFEST, MEMBER_RECORDS, MEMBER_TIMELINE,
	};
	struct scene *scene = *state;
	struct buf bytes;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char why[64] = "";

		strcat(strcat(why, names[i]), ": missing");
		bytes = with(scene, names[i], NULL);
		assert_refused(&bytes, ERR_FORMAT, why);
	}
	bytes = with(scene, "excerpt/000001.mrt", NULL);
	assert_refused(&bytes, ERR_FORMAT, "finding.json: not in its place in the manifest");
}

static void too_much(void **state)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{ "a", "a: no member that a proof has" },
		{ "excerpt", "excerpt: no member that a proof has" },
		{ "excerpt/000002.txt", "excerpt/000002.txt: no member that a proof has" },
		{ "excerpt/00002.mrt", "excerpt/00002.mrt: no member that a proof has" },
		{ "excerpt/00000x.mrt", "excerpt/00000x.mrt: no member that a proof has" },
		{ "excerpt/0000002.mrt", "excerpt/0000002.mrt: no member that a proof has" },
		{ "excerpt/000002.mrt", "excerpt/000002.mrt: not in its place in the manifest" },
		{ "excerpt/000000.mrt", "excerpt/000000.mrt: not in its place in the manifest" },
		{ "zebra", "zebra: no member that a proof has" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf bytes = with_more(scene, rows[i].name);

		assert_refused(&bytes, ERR_FORMAT, rows[i].why);
	}
}

/* One edit of the manifest: from `at` on, so many bytes give way to others. */
static void manifests(void **state)
{
	static const char line[] = "0000000000000000000000000000000000000000000000000000000000000000  zebra\n";
	static const struct {
		int at;			/* from the end where negative */
		unsigned gone;
		const char *instead, *why;
	} rows[] = {
		{ 0, 1, "X", "excerpt/000001.mrt: its SHA-256 is not the one in the manifest" },
		{ 64, 1, "", "excerpt/000001.mrt: not in its place in the manifest" },
		{ 66, 1, "E", "excerpt/000001.mrt: not in its place in the manifest" },
		{ 0, 85, "", "excerpt/000001.mrt: not in its place in the manifest" },
		{ -1, 1, "", "manifest: its last line does not end" },
		{ -80, 80, "", "timeline.json: not in its place in the manifest" },
		{ -79, 79, "", "timeline.json: not in its place in the manifest" },
		{ 0, 0, "\n", "excerpt/000001.mrt: not in its place in the manifest" },
		{ -80, 0, line, "timeline.json: not in its place in the manifest" },
		{ 1000, 0, line, "manifest: lists what is not there" },
		{ 1000, 0, "\n", "manifest: lists what is not there" },
		{ 0, 1000, "", "excerpt/000001.mrt: not in its place in the manifest" },
	};
	struct scene *scene = *state;
	const struct tar_member *own = scene->bundle.manifest;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t at = rows[i].at < 0 ? own->len - (size_t)-rows[i].at : (size_t)rows[i].at;
		struct buf manifest = { 0 }, bytes;
		struct view view;

		at = at < own->len ? at : own->len;
		buf_add(&manifest, own->bytes, at);
		buf_str(&manifest, rows[i].instead);
		if (at + rows[i].gone < own->len)
			buf_add(&manifest, own->bytes + at + rows[i].gone, own->len - at - rows[i].gone);
		view = view_of_buf(&manifest);
		bytes = with(scene, MEMBER_MANIFEST, &view);
		assert_refused(&bytes, ERR_FORMAT, rows[i].why);
		buf_free(&manifest);
	}
}

static void checkpoints(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "checkpoint: no signed note: no empty line before signatures" },
		{ "constat.proof/1\n4\n", "checkpoint: no signed note: no empty line before signatures" },
		{ "constat.proof/1\n\n-- name AAAA\n", "checkpoint: a line behind the text that is no signature" },
		{ "\n\n", "checkpoint: \"\" is of nothing that this constat knows" },
		{ "constat.proof/2\n4\n\n", "checkpoint: \"constat.proof/2\" is of nothing that this constat knows" },
		{ "a line that is far longer than what of a checkpoint is shown, to whoever reads it\n\n", "checkpoint: \"a line that is "
			"far longer than what of a checkpoint is shown\" is of nothing that this constat knows" },
		{ "constat.dossier/1\n4\n\n", "dossier.json: missing" },
		{ "constat.proof/1\n4\n\n\xe2\x80\x94 name AAAAAAA=\n", "checkpoint: it is of other contents: the root that it states "
			"is not that of this manifest" },
	};
	struct scene *scene = *state;
	const struct tar_member *own = scene->bundle.checkpoint;
	struct view view;
	struct buf bytes, other = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		view = view_of(rows[i].text);
		bytes = with(scene, MEMBER_CHECKPOINT, &view);
		assert_refused(&bytes, ERR_FORMAT, rows[i].why);
	}
	/* The number of leaves, the root: each letter is a part of what is held. */
	for (size_t at = strlen("constat.proof/1\n"); at < scene->bundle.note.text.len; at++) {
		if (own->bytes[at] == '\n')
			continue;
		buf_add(&other, own->bytes, own->len);
		other.data[at] ^= 1;
		view = view_of_buf(&other);
		bytes = with(scene, MEMBER_CHECKPOINT, &view);
		assert_refused(&bytes, ERR_FORMAT, rows[sizeof(rows) / sizeof(rows[0]) - 1].why);
		buf_free(&other);
	}
}

/* Another signature, a timestamp: what was signed stays, byte for byte, and so do the other members. */
static void joined(void **state)
{
	struct scene *scene = *state;
	struct buf checkpoint = { 0 }, rest = { 0 }, out = { 0 }, again = { 0 };
	const struct view stamp = VIEW("an answer");
	struct bundle bundle;
	struct err err = { 0 };

	buf_add(&checkpoint, scene->bundle.checkpoint->bytes, scene->bundle.checkpoint->len);
	assert_int_equal(bundle_sign(scene->other, &checkpoint, &err), 0);
	bundle_rest(&scene->bundle, &rest);
	assert_int_equal(bundle_join(view_of_buf(&checkpoint), view_of_buf(&rest), &stamp, &out, &err), 0);
	assert_int_equal(bundle_open((const uint8_t *)out.data, out.len, &bundle, &err), 0);
	assert_int_equal(bundle.count, scene->bundle.count + 1);
	assert_true(view_equal(view_of_member(bundle.timestamp), stamp));
	assert_true(view_equal(bundle.note.text, scene->bundle.note.text));
	assert_int_equal(bundle.note.count, 2);
	for (unsigned i = 0; i < 2; i++) {
		const struct note_key *key = signing_key_public(i ? scene->other : scene->key);
		bool holds = false;

		assert_true(note_key_is(key, &bundle.note.signatures[i]));
		assert_int_equal(note_verify(&bundle.note, &bundle.note.signatures[i], key, &holds, &err), 0);
		assert_true(holds);
	}
	/* Taken off again it is what it was. */
	buf_free(&rest);
	bundle_rest(&bundle, &rest);
	assert_int_equal(bundle_join(view_of_member(scene->bundle.checkpoint), view_of_buf(&rest), NULL, &again, &err), 0);
	assert_true(view_equal(view_of_buf(&again), view_of_buf(&scene->bytes)));
	bundle_free(&bundle);
	buf_free(&checkpoint);
	buf_free(&rest);
	buf_free(&out);
	buf_free(&again);
}

static void sign_refused(void **state)
{
	struct scene *scene = *state;
	struct buf checkpoint = { 0 };
	struct err err = { 0 };
	size_t len;

	assert_int_equal(bundle_sign(scene->key, &checkpoint, &err), ERR_FORMAT);
	assert_string_equal(err.text, "checkpoint: no signed note");
	buf_str(&checkpoint, "a line\n");
	assert_int_equal(bundle_sign(scene->key, &checkpoint, &err), ERR_FORMAT);
	buf_free(&checkpoint);
	buf_add(&checkpoint, scene->bundle.checkpoint->bytes, scene->bundle.checkpoint->len);
	len = checkpoint.len;
	assert_int_equal(bundle_sign(scene->key, &checkpoint, &err), ERR_USAGE);
	assert_string_equal(err.text, "test.example/1 has signed it already");
	assert_int_equal(checkpoint.len, len);
	buf_free(&checkpoint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back), cmocka_unit_test(manifest_last), cmocka_unit_test(missing),
		cmocka_unit_test(too_much), cmocka_unit_test(manifests), cmocka_unit_test(checkpoints),
		cmocka_unit_test(joined), cmocka_unit_test(sign_refused),
	};

	return cmocka_run_group_tests(tests, scene_set, scene_clear);
}
