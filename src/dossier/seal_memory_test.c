/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory runs out at any place while a dossier is sealed, replayed, and put into another: SQLite's, libxml2's and OpenSSL's
 * allocations, too. Either it is said that memory ran out, or all comes out the same: never that a quote does not stand
 * in its source, or that a verdict is another.
 */
#define _GNU_SOURCE
#include "base/testing_memory.h"
#include "dossier/test_seal.h"

#ifndef CONSTAT_SANITIZED

#define RUNS 400

struct stage {
	struct scene *scene;
	struct dossier *dossier;
	struct sealed sealed;
};

typedef int deed(struct stage *stage, struct buf *out, struct err *err);

static void members_put(const struct tar_member *members, uint32_t count, struct buf *out)
{
	for (uint32_t i = 0; i < count; i++)
		tar_add(out, members[i].name, members[i].bytes, members[i].len);
}

static int sealed(struct stage *stage, struct buf *out, struct err *err)
{
	struct arena arena = { 0 };
	struct tar_member *members;
	uint32_t count;
	int code = seal_members(stage->dossier, &arena, &members, &count, err);

	if (code == 0)
		members_put(members, count, out);
	arena_free(&arena);
	return code;
}

static int replayed(struct stage *stage, struct buf *out, struct err *err)
{
	struct seal_report report;
	struct arena arena = { 0 };
	int code = seal_replay(&stage->sealed.bundle, &arena, &report, NULL, err);

	if (code == 0)
		code = finding_encode_part(&seal_report_schema, &report, out, err);
	arena_free(&arena);
	return code;
}

static int moved(struct stage *stage, struct buf *out, struct err *err)
{
	struct dossier_about about = { .title = "", .program = "another" };
	struct dossier *other = NULL;
	struct arena arena = { 0 };
	struct tar_member *members;
	uint32_t count;
	int code = dossier_in_memory("other", NOW, &other, err);

	if (code == 0)
		code = dossier_add(other, &dossier_about_type, &about, NULL, err);
	if (code == 0)
		code = dossier_begin(other, err);
	if (code == 0)
		code = seal_parcels(stage->dossier, parcel_take, other, err);
	if (code == 0)
		code = dossier_commit(other, err);
	if (code == 0)
		code = seal_members(other, &arena, &members, &count, err);
	if (code == 0)
		members_put(members, count, out);
	arena_free(&arena);
	dossier_close(other);
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

static void check_deed(struct stage *stage, deed *what)
{
	struct buf want = { 0 };
	struct err err = { 0 };
	unsigned said = 0;
	long all, step;

	/* Twice: libraries keep what they had to look for. */
	fine(attempt(what, stage, 0, &want, &err), &err);
	buf_free(&want);
	fine(attempt(what, stage, 0, &want, &err), &err);
	all = testing_memory_stop();
	step = all / RUNS + 1;
	for (long refuse = 1; refuse <= all; refuse += refuse < RUNS ? 1 : step) {
		struct buf got = { 0 };
		int code;

		err = (struct err){ 0 };
		code = attempt(what, stage, refuse, &got, &err);
		if (code == 0 && (got.len != want.len || memcmp(got.data, want.data, got.len) != 0))
			fail_msg("allocation %ld of %ld refused: another answer", refuse, all);
		if (code && code != ERR_MEMORY && code != ERR_SYSTEM)
			fail_msg("allocation %ld of %ld refused: %s", refuse, all, err.text);
		said += code != 0;
		buf_free(&got);
	}
	assert_true(said > 0);
	buf_free(&want);
}

static void seals(void **state)
{
	check_deed(*state, sealed);
}

static void replays(void **state)
{
	check_deed(*state, replayed);
}

static void moves(void **state)
{
	check_deed(*state, moved);
}

static int stage_set(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	assert_non_null(stage);
	stage->scene = scene_of(kp, 1);
	stage->dossier = filled(stage->scene);
	seal(stage->dossier, &stage->sealed);
	*state = stage;
	return 0;
}

static int stage_clear(void **state)
{
	struct stage *stage = *state;

	arena_free(&stage->sealed.arena);
	dossier_close(stage->dossier);
	scene_free(stage->scene);
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
		cmocka_unit_test(seals), cmocka_unit_test(replays), cmocka_unit_test(moves),
	};

	return cmocka_run_group_tests(tests, stage_set, stage_clear);
#endif
}
