/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory runs out at any place: a proof is made, opened, replayed and recomputed, keys are read and timestamps checked, again
 * and again, and each time another allocation is refused, OpenSSL's too. Either it is said that memory ran out, or the answer is
 * the same: never that a signature does not hold, or that a proof is damaged.
 */
#include "base/testing_memory.h"
#include "proof/merkle.h"
#include "proof/test_authority.h"
#include "proof/test_scene.h"
#include "proof/timestamp.h"

#ifndef CONSTAT_SANITIZED

#define STAMPED	((time_t)1419292800)
#define TEXT	VIEW("a text\n")
#define RUNS	300

struct stage {
	struct scene *scene;
	struct authority authority;
	struct buf answer, root;
	char folder[32], key[48];
};

/* What is done; its answer as bytes, to be compared. */
typedef int deed(struct stage *stage, struct buf *out, struct err *err);

static int make(struct stage *stage, struct buf *out, struct err *err)
{
	struct arena arena = { 0 };
	struct tar_member *members;
	uint32_t count;
	int code = proof_members(&stage->scene->proof, &arena, &members, &count, err);

	if (code == 0)
		code = bundle_make(BUNDLE_PROOF, members, count, stage->scene->key, out, err);
	arena_free(&arena);
	return code;
}

/* As verify does it. */
static int verified(struct stage *stage, struct buf *out, struct err *err)
{
	const struct buf *bytes = &stage->scene->bytes;
	struct bundle bundle = { .count = 0 };
	struct proof proof = { 0 };
	bool holds = false;
	int code = bundle_open((const uint8_t *)bytes->data, bytes->len, &bundle, err);

	if (code == 0)
		code = note_verify(&bundle.note, &bundle.note.signatures[0], signing_key_public(stage->scene->key), &holds, err);
	if (code == 0)
		code = proof_load(&bundle, &proof, err);
	if (code == 0)
		code = proof_replay(&proof, err);
	if (code == 0)
		buf_char(out, holds ? 'h' : '-');
	proof_free(&proof);
	bundle_free(&bundle);
	return code;
}

static int recompute(struct stage *stage, struct err *err, bool placed)
{
	struct scene *scene = stage->scene;
	const struct proof_inputs inputs = {
		.opener = { scene->files, files_open, NULL }, .feed = { .threads = 1 },
		.place = placed ? place_get : NULL, .place_context = placed ? scene->place : NULL,
	};

	return proof_recompute(&scene->proof, &inputs, err);
}

static int recomputed(struct stage *stage, struct buf *out, struct err *err)
{
	(void)out;
	return recompute(stage, err, false);
}

static int recomputed_placed(struct stage *stage, struct buf *out, struct err *err)
{
	(void)out;
	return recompute(stage, err, true);
}

static int cosigned(struct stage *stage, struct buf *out, struct err *err)
{
	struct signing_key *key = NULL;
	struct buf checkpoint = { 0 }, rest = { 0 };
	const struct buf *bytes = &stage->scene->bytes;
	struct bundle bundle = { .count = 0 };
	int code = bundle_open((const uint8_t *)bytes->data, bytes->len, &bundle, err);

	if (code == 0)
		code = signing_key_read(stage->key, "open sesame", &key, err);
	if (code == 0) {
		buf_add(&checkpoint, bundle.checkpoint->bytes, bundle.checkpoint->len);
		bundle_rest(&bundle, &rest);
		code = checkpoint.failed || rest.failed ? err_memory(err) : bundle_sign(key, &checkpoint, err);
	}
	if (code == 0)
		code = bundle_join((struct view){ checkpoint.data, checkpoint.len }, (struct view){ rest.data, rest.len }, &TEXT,
				   out, err);
	signing_key_free(key);
	buf_free(&checkpoint);
	buf_free(&rest);
	bundle_free(&bundle);
	return code;
}

/* Another key each time. */
static int key_made(struct stage *stage, struct buf *out, struct err *err)
{
	struct signing_key *key = NULL;
	struct buf line = { 0 };
	struct note_key again;
	char path[64];
	int code = signing_key_make("test.example/1", &key, err);

	(void)out;
	snprintf(path, sizeof(path), "%s/new", stage->folder);
	if (code == 0)
		code = signing_key_write(key, path, "open sesame", err);
	if (code == 0) {
		note_key_format(&line, signing_key_public(key));
		code = line.failed ? err_memory(err) : note_key_parse((struct view){ line.data, line.len }, &again, err);
	}
	buf_free(&line);
	signing_key_free(key);
	unlink(path);
	return code;
}

static int stamped(struct stage *stage, struct buf *out, struct err *err)
{
	int64_t time = 0;
	int code = timestamp_check((struct view){ stage->answer.data, stage->answer.len }, TEXT,
				   (struct view){ stage->root.data, stage->root.len }, &time, err);

	if (code == 0)
		buf_i64(out, time);
	return code;
}

static int hashed(struct stage *stage, struct buf *out, struct err *err)
{
	uint8_t digest[DIGEST_SIZE];
	uint64_t size;
	int fd = open(stage->key, O_RDONLY), code;

	assert_true(fd >= 0);
	code = digest_file(fd, stage->key, digest, &size, err);
	close(fd);
	if (code == 0)
		buf_add(out, digest, sizeof(digest));
	return code;
}

static int attempt(deed *what, struct stage *stage, long refuse, struct buf *out, struct err *err)
{
	int code;

	testing_memory_refuse(refuse);
	code = what(stage, out, err);
	testing_memory_stop();
	return code ? code : out->failed ? ERR_MEMORY : 0;
}

static void check(struct stage *stage, deed *what)
{
	struct buf want = { 0 };
	struct err err = { 0 };
	long all, step;
	unsigned said = 0;

	/* Twice: OpenSSL keeps what it had to look for. */
	fine(attempt(what, stage, 0, &want, &err), &err);
	buf_free(&want);
	fine(attempt(what, stage, 0, &want, &err), &err);
	all = testing_memory_stop();
	step = all / RUNS + 1;
	for (long refuse = 1; refuse <= all; refuse += refuse < RUNS / 2 ? 1 : step) {
		struct buf got = { 0 };
		int code;

		err = (struct err){ 0 };
		code = attempt(what, stage, refuse, &got, &err);
		if (code == 0 && (got.len != want.len || (got.len && memcmp(got.data, want.data, got.len) != 0)))
			fail_msg("allocation %ld of %ld refused: another answer", refuse, all);
		if (code && code != ERR_MEMORY && code != ERR_SYSTEM)
			fail_msg("allocation %ld of %ld refused: %s", refuse, all, err.text);
		said += code != 0;
		buf_free(&got);
	}
	assert_true(said > 0);
	buf_free(&want);
}

static void makes(void **state)
{
	check(*state, make);
}

static void verifies(void **state)
{
	check(*state, verified);
}

static void recomputes(void **state)
{
	check(*state, recomputed);
	check(*state, recomputed_placed);
}

static void cosigns(void **state)
{
	check(*state, cosigned);
}

static void keys(void **state)
{
	check(*state, key_made);
}

static void timestamps(void **state)
{
	check(*state, stamped);
}

static void hashes(void **state)
{
	check(*state, hashed);
}

static int stage_set(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	struct signing_key *key;
	struct err err = { 0 };

	assert_non_null(stage);
	stage->scene = scene_of(kp, 1);
	stage->authority = authority_make("made-up authority", STAMPED - 86400, STAMPED + 86400);
	stage->answer = authority_answer(&stage->authority, TEXT, STAMPED, true);
	authority_pem(&stage->authority, &stage->root);
	strcpy(stage->folder, "/tmp/constat-memory-XXXXXX");
	assert_non_null(mkdtemp(stage->folder));
	snprintf(stage->key, sizeof(stage->key), "%s/key", stage->folder);
	fine(signing_key_make("test.example/2", &key, &err), &err);
	fine(signing_key_write(key, stage->key, "open sesame", &err), &err);
	signing_key_free(key);
	*state = stage;
	return 0;
}

static int stage_clear(void **state)
{
	struct stage *stage = *state;

	scene_free(stage->scene);
	authority_free(&stage->authority);
	buf_free(&stage->answer);
	buf_free(&stage->root);
	unlink(stage->key);
	assert_int_equal(rmdir(stage->folder), 0);
	free(stage);
	return 0;
}

#endif

int main(void)
{
#ifdef CONSTAT_SANITIZED
	return 0;
#else
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes), cmocka_unit_test(verifies), cmocka_unit_test(recomputes), cmocka_unit_test(cosigns),
		cmocka_unit_test(keys), cmocka_unit_test(timestamps), cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, stage_set, stage_clear);
#endif
}
