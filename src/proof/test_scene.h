/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the tests of this folder: a proof of the night of inquiry/test_world.h with all that it was made of, and what
 * verify does with one. For *_test.c only.
 */
#ifndef CONSTAT_PROOF_TEST_SCENE_H
#define CONSTAT_PROOF_TEST_SCENE_H

#include "inquiry/test_world.h"
#include "place/testing.h"
#include "proof/check.h"

static const char registry[] =
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n"
	"apnic|KP|ipv6|2400:5800::|32|20091221|allocated\n"
	"arin|US|ipv4|20.0.0.0|131072|20000101|allocated\n"
	"apnic|KP|asn|131279|1|20091221|allocated\n";

struct scene {
	struct world *world;
	struct files *files;
	struct place *place;
	struct signing_key *key;
	struct proof proof;
	struct buf bytes;		/* the bundle */
};

static inline int place_get(void *context, const struct place **ret_place, struct err *err)
{
	(void)err;
	*ret_place = context;
	return 0;
}

static inline void fine(int code, const struct err *err)
{
	if (code)
		fail_msg("%s", err->text);
}

static inline struct buf bundle_of(const struct proof *proof, const struct signing_key *key)
{
	struct arena arena = { 0 };
	struct tar_member *members;
	struct err err = { 0 };
	struct buf out = { 0 };
	uint32_t count;

	fine(proof_members(proof, &arena, &members, &count, &err), &err);
	fine(bundle_make(BUNDLE_PROOF, members, count, key, &out, &err), &err);
	arena_free(&arena);
	return out;
}

/* Of these files (takes both), opened this way. */
static inline struct scene *scene_with(struct question question, unsigned threads, struct world *world, struct files *files,
				       struct feed_opener opener, const int64_t *ends)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct inquiry inquiry = {
		.question = &question, .feed = { .threads = threads, .hash = true }, .place = place_get,
		.program = "constat test", .inputs = files->inputs, .input_count = files->count, .opener = opener,
		.input_ends = ends,
	};
	struct err err = { 0 };

	assert_non_null(scene);
	scene->world = world;
	scene->files = files;
	scene->place = testing_loaded(registry);
	question.kind = QUESTION_REPORT;
	question.from = question.at = UTC_NEVER;
	if (!question.until)
		question.until = UTC_NEVER;
	question.parameters = measure_parameters_default;
	question.parameters.full_feed_ipv4 = 200;
	question.parameters.full_feed_ipv6 = 80;
	inquiry.place_context = scene->place;
	fine(excerpt_record(&inquiry, &scene->proof.excerpt, &scene->proof.finding, &err), &err);
	fine(signing_key_make("test.example/1", &scene->key, &err), &err);
	scene->bytes = bundle_of(&scene->proof, scene->key);
	return scene;
}

static inline struct scene *scene_of(struct question question, unsigned threads)
{
	struct world *world = world_night();
	struct files *files = world_files(world, 0);

	return scene_with(question, threads, world, files, (struct feed_opener){ files, files_open, NULL }, NULL);
}

static const struct question kp = { .country = COUNTRY('K', 'P') };

static inline void scene_free(struct scene *scene)
{
	proof_free(&scene->proof);
	buf_free(&scene->bytes);
	signing_key_free(scene->key);
	place_free(scene->place);
	files_free(scene->files);
	world_free(scene->world);
	free(scene);
}

/* As verify does it with one trusted key. */
static inline int verify(const struct buf *bytes, const struct note_key *trusted, struct err *err)
{
	struct bundle bundle;
	struct proof proof;
	uint32_t signatures = 0;
	int code = bundle_open((const uint8_t *)bytes->data, bytes->len, &bundle, err);

	if (code)
		return code;
	for (uint32_t i = 0; i < bundle.note.count; i++) {
		bool holds = false;

		if (note_key_is(trusted, &bundle.note.signatures[i]))
			fine(note_verify(&bundle.note, &bundle.note.signatures[i], trusted, &holds, err), err);
		signatures += holds;
	}
	if (signatures == 0)
		code = err_set(err, ERR_FORMAT, "no signature by a trusted key");
	if (code == 0)
		code = proof_load(&bundle, &proof, err);
	if (code == 0) {
		code = proof_replay(&proof, err);
		proof_free(&proof);
	}
	bundle_free(&bundle);
	return code;
}

static inline void assert_rejected(const struct scene *scene, const struct buf *bytes, const char *why)
{
	struct err err = { 0 };

	if (verify(bytes, signing_key_public(scene->key), &err) == 0)
		fail_msg("taken, instead of: %s", why);
	if (!strstr(err.text, why))
		fail_msg("\"%s\" is not \"%s\"", err.text, why);
}

/* The signer says otherwise than the records do: signed properly, and found out by the replay. */
static inline void assert_lie_found(struct scene *scene, const char *why)
{
	struct buf bytes = bundle_of(&scene->proof, scene->key);

	assert_rejected(scene, &bytes, why);
	buf_free(&bytes);
}

#endif
