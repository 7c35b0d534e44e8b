/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a signer can say that is not so, in each member and of each input: signed properly, and refused with the place
 * and the words for it.
 */
#define _GNU_SOURCE	/* memmem */
#include "proof/test_scene.h"

/* For once, this place has another value; then it is found out, and set right again. */
#define LIE(place, value, why)				\
	do {						\
		__typeof__(place) kept_ = (place);	\
							\
		(place) = (value);			\
		assert_lie_found(scene, why);		\
		(place) = kept_;			\
	} while (0)

static void records(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct excerpt_record *first = &scene->proof.excerpt.records.records[0];
	const struct finding_input *input = &scene->proof.finding.provenance.inputs[first->input - 1];
	static const char beyond[] = "records.json: record 1 is beyond the end of route-views.x/rib-3";

	(void)state;
	LIE(first->input, 0, "records.json: record 1 is of an input that there is not");
	LIE(first->input, scene->proof.finding.provenance.input_count + 1,
	    "records.json: record 1 is of an input that there is not");
	LIE(first->number, input->records + 1, beyond);
	LIE(first->offset, input->bytes + 1, beyond);
	LIE(first->offset, input->bytes, beyond);
	LIE(first->length, (uint32_t)(input->bytes - first->offset) + 1, beyond);
	scene_free(scene);
}

static void networks(void **state)
{
	struct scene *scene = scene_of(kp, 1), *country = scene;
	struct excerpt_timeline *timeline = &scene->proof.excerpt.timeline;

	(void)state;
	assert_int_equal(timeline->network_count, 3);
	LIE(timeline->networks[0].network, "nowhere", "timeline.json: \"nowhere\" is no network");
	LIE(timeline->networks[0].network, "1.2.3.4/32", "timeline.json: \"1.2.3.4/32\" is no network");
	LIE(timeline->networks[1].network, timeline->networks[0].network, "timeline.json: networks out of order");
	LIE(timeline->networks[1].network, "11.0.0.0/24", "timeline.json: networks out of order");
	LIE(timeline->networks[1].network, "10.0.0.0/24", "timeline.json: \"10.0.0.0/24\" is no network");
	scene = scene_of((struct question){ .prefix = { FAMILY_IPV4, 16, { 20, 0 } } }, 1);
	timeline = &scene->proof.excerpt.timeline;
	LIE(timeline->networks[0].network, "11.0.0.0/24", "timeline.json: 11.0.0.0/24 is not of the place");
	scene_free(scene);
	scene_free(country);
}

/* Who was a full feed, and when: the roster must say what the timeline does, of nobody more and of nobody less. */
static void rosters(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct finding *finding = &scene->proof.finding;
	struct finding_vantage *vantage = &finding->roster[0], *last = &finding->roster[finding->roster_count - 1];
	static const char first[] = "roster: when 10.0.0.6, AS64506 at route-views.x, was a full feed is not what the timeline says";
	static const char end[] = "roster: when 10.0.0.5, AS64505 at rrc90, was a full feed is not what the timeline says";

	(void)state;
	assert_true(vantage->full_ipv4_count > 0 && vantage->full_ipv6_count > 0);
	LIE(vantage->full_ipv4[0].from, vantage->full_ipv4[0].from + 1, first);
	LIE(vantage->full_ipv4[0].until, vantage->full_ipv4[0].until + 1, first);
	LIE(vantage->full_ipv4[0].began, "whim", first);
	LIE(vantage->full_ipv4[0].ended, "whim", first);
	LIE(vantage->full_ipv6[0].from, vantage->full_ipv6[0].from + 1, first);
	LIE(vantage->full_ipv4_count, vantage->full_ipv4_count - 1, first);
	LIE(vantage->full_ipv6_count, 0, first);
	LIE(last->full_ipv4_count, 0, end);
	/* Somebody else, or nobody: it is said of who is missing. */
	LIE(vantage->peer_as, 1, "roster: when 10.0.0.6, AS1 at route-views.x, was");
	LIE(vantage->peer, "10.0.0.66", "roster: when 10.0.0.66, AS64506 at route-views.x, was");
	LIE(vantage->collector, "rrc99", "roster: when 10.0.0.6, AS64506 at rrc99, was");
	LIE(finding->roster_count, finding->roster_count - 1, end);
	scene_free(scene);
}

static void questions(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct finding *finding = &scene->proof.finding;

	(void)state;
	LIE(finding->method, FINDING_METHOD + 1, "it cannot be replayed here");
	LIE(finding->question.kind, "outages", "question: of a kind (outages) that is not asked again");
	LIE(finding->question.subject_kind, "planet", "question: no country, AS or prefix (KP)");
	LIE(finding->question.subject, "Atlantis", "question: no country, AS or prefix (Atlantis)");
	LIE(finding->result.report, NULL, "replay: result.report: recomputed there, said not there");
	scene_free(scene);
}

/* One member in another's place, or one more; its archive and manifest are right. */
static void assert_member_refused(const struct scene *scene, const char *name, const void *bytes, size_t len, const char *why)
{
	struct arena arena = { 0 };
	struct tar_member *members, own[32];
	struct buf out = { 0 };
	struct err err = { 0 };
	uint32_t count, at = 0;

	fine(proof_members(&scene->proof, &arena, &members, &count, &err), &err);
	assert_true(count < 31);
	while (at < count && strcmp(members[at].name, name) < 0)
		at++;
	memcpy(own, members, at * sizeof(*own));
	own[at] = (struct tar_member){ .bytes = bytes, .len = len };
	strcpy(own[at].name, name);
	if (at < count && strcmp(members[at].name, name) == 0) {
		memcpy(own + at + 1, members + at + 1, (count - at - 1) * sizeof(*own));
	} else {
		memcpy(own + at + 1, members + at, (count - at) * sizeof(*own));
		count++;
	}
	fine(bundle_make(BUNDLE_PROOF, own, count, scene->key, &out, &err), &err);
	assert_rejected(scene, &out, why);
	buf_free(&out);
	arena_free(&arena);
}

/* JSON that says the same in another form: blanks, keys in another order. */
static void forms(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct buf json = { 0 };
	char *clock, *input;

	(void)state;
	assert_int_equal(finding_encode(&scene->proof.finding, true, &json, NULL), 0);
	assert_member_refused(scene, MEMBER_FINDING, json.data, json.len, "finding.json: no canonical JSON (RFC 8785)");
	json.len /= 2;
	assert_member_refused(scene, MEMBER_FINDING, json.data, json.len, "finding.json: ");
	buf_free(&json);
	assert_int_equal(finding_encode_part(&excerpt_timeline_schema, &scene->proof.excerpt.timeline, &json, NULL), 0);
	buf_char(&json, '\n');
	assert_member_refused(scene, MEMBER_TIMELINE, json.data, json.len, "timeline.json: no canonical JSON (RFC 8785)");
	buf_free(&json);
	/* Of one length, `"input":N,` before `"clock":"…",`. */
	assert_int_equal(finding_encode_part(&excerpt_records_schema, &scene->proof.excerpt.records, &json, NULL), 0);
	clock = memmem(json.data, json.len, "\"clock\":", 8);
	input = memmem(json.data, json.len, "\"input\":", 8);
	assert_true(clock && input > clock && input - clock < 64);
	{
		char kept[64];
		size_t len = (size_t)(input - clock), more = (size_t)((char *)memchr(input, ',', 20) + 1 - input);

		memcpy(kept, clock, len);
		memmove(clock, input, more);
		memcpy(clock + more, kept, len);
	}
	assert_member_refused(scene, MEMBER_RECORDS, json.data, json.len, "records.json: no canonical JSON (RFC 8785)");
	buf_free(&json);
	scene_free(scene);
}

static void excerpts(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct buf *bytes = &scene->proof.excerpt.bytes[0];
	const size_t len = bytes->len;

	(void)state;
	assert_member_refused(scene, "excerpt/000000.mrt", "x", 1, "excerpt/000000.mrt: of no input, or empty");
	assert_member_refused(scene, "excerpt/000099.mrt", "x", 1, "excerpt/000099.mrt: of no input, or empty");
	assert_member_refused(scene, "excerpt/000001.mrt", "", 0, "excerpt/000001.mrt: of no input, or empty");
	/* Records cut short, and some that nobody lists. */
	assert_member_refused(scene, "excerpt/000001.mrt", bytes->data, len - 1, "replay: ");
	buf_str(bytes, "more");
	assert_member_refused(scene, "excerpt/000001.mrt", bytes->data, bytes->len, "replay: ");
	bytes->len = len;
	scene_free(scene);
}

static void too_large(void **state)
{
	static const char *const names[] = { MEMBER_FINDING, MEMBER_RECORDS, MEMBER_TIMELINE };
	struct scene *scene = scene_of(kp, 1);
	struct bundle bundle;
	struct proof proof;

	(void)state;
	assert_int_equal(bundle_open((const uint8_t *)scene->bytes.data, scene->bytes.len, &bundle, NULL), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct err err = { 0 };
		char why[80];

		for (uint32_t k = 0; k < bundle.count; k++) {
			struct tar_member *member = &bundle.members[k];
			const size_t len = member->len;

			if (strcmp(member->name, names[i]) != 0)
				continue;
			/* Nothing of it is read. */
			member->len = ((size_t)128 << 20) + 1;
			assert_int_equal(proof_load(&bundle, &proof, &err), ERR_LIMIT);
			member->len = len;
		}
		snprintf(why, sizeof(why), "%s: larger than 134217728 bytes", names[i]);
		assert_string_equal(err.text, why);
	}
	bundle_free(&bundle);
	scene_free(scene);
}

/* Recordings of which some cannot be had: from the first or only now. */
struct shelf {
	struct files *files;
	uint32_t gone;			/* this input; UINT32_MAX: none */
	const char *why;
};

static int shelf_open(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	const struct shelf *shelf = context;

	if (input == shelf->gone)
		return err_set(err, ERR_SYSTEM, "%s", shelf->why);
	return files_open(shelf->files, input, ret_fd, err);
}

static void assert_recomputed(const struct scene *scene, struct shelf *shelf, const char *why)
{
	struct proof_inputs inputs = { .opener = { shelf, shelf_open, NULL }, .feed = { .threads = 1 } };

	for (unsigned placed = 0; placed < 2; placed++) {
		struct err err = { 0 };
		int code;

		inputs.place = placed ? place_get : NULL;
		inputs.place_context = placed ? scene->place : NULL;
		code = proof_recompute(&scene->proof, &inputs, &err);
		if (!why) {
			fine(code, &err);
			continue;
		}
		assert_int_equal(code, ERR_FORMAT);
		if (strncmp(err.text, why, strlen(why)) != 0)
			fail_msg("\"%s\" is not \"%s\"", err.text, why);
	}
}

/* An input that could not be read then cannot be read now: that it is so is said otherwise on each machine. */
static void unreadable(void **state)
{
	struct world *world = world_night();
	struct files *files = world_files(world, 2 * UTC_HOUR);
	struct shelf shelf = { files, 2, "gone with the wind" };
	struct scene *scene;

	(void)state;
	scene = scene_with(kp, 1, world, files, (struct feed_opener){ &shelf, shelf_open, NULL }, NULL);
	assert_string_equal(scene->proof.finding.provenance.inputs[2].error, "gone with the wind");
	fine(verify(&scene->bytes, signing_key_public(scene->key), &(struct err){ 0 }), &(struct err){ 0 });
	shelf.why = "not found";
	assert_recomputed(scene, &shelf, NULL);
	/* It could be read, or another could not. */
	shelf.gone = UINT32_MAX;
	assert_recomputed(scene, &shelf, "inputs: ");
	shelf.gone = 1;
	assert_recomputed(scene, &shelf, "inputs: ");
	scene_free(scene);
}

/* What was not read to its end has no hash of constat's own: whoever has the file looks at that. */
static void not_read_whole(void **state)
{
	struct world *world = world_night();
	struct files *files = world_files(world, 2 * UTC_HOUR);
	struct shelf shelf = { files, UINT32_MAX, NULL };
	struct question question = kp;
	struct finding_provenance *provenance;
	struct scene *scene;
	uint32_t without = 0;

	(void)state;
	question.until = AT(1, 50, 0);
	scene = scene_with(question, 1, world, files, (struct feed_opener){ &shelf, shelf_open, NULL }, NULL);
	provenance = &scene->proof.finding.provenance;
	for (uint32_t i = 0; i < provenance->input_count; i++) {
		if (!*provenance->inputs[i].sha256) {
			provenance->inputs[i].sha256 = "of the whole file";
			provenance->inputs[i].bytes_stored = 12345;
			without++;
		}
	}
	assert_true(without > 0);
	assert_recomputed(scene, &shelf, NULL);
	provenance->inputs[0].sha256 = "of another file";
	assert_recomputed(scene, &shelf, "inputs: provenance.inputs[0].sha256: recomputed ");
	scene_free(scene);
}

/* A file that the archive does not have is a gap, from when to when it would have told of. */
static void missing(void **state)
{
	struct world *world = world_night();
	struct files *files = world_files(world, 2 * UTC_HOUR);
	struct shelf shelf = { files, 0, "not in the archive" };
	struct excerpt_timeline *timeline;
	struct excerpt_missing lie = { 0 };
	int64_t ends[700];
	struct scene *scene;

	(void)state;
	for (uint32_t i = 0; i < files->count; i++) {
		ends[i] = UTC_NEVER;
		/* The second file of updates of the first collector. */
		if (strcmp(files->names[i], "rrc90/updates-2") == 0)
			shelf.gone = i;
	}
	assert_int_equal(shelf.gone, 2);
	files->inputs[2].starts = AT(2, 0, 0);
	ends[2] = AT(4, 0, 0);
	scene = scene_with(kp, 1, world, files, (struct feed_opener){ &shelf, shelf_open, NULL }, ends);
	timeline = &scene->proof.excerpt.timeline;
	assert_int_equal(timeline->missing_count, 1);
	fine(verify(&scene->bytes, signing_key_public(scene->key), &(struct err){ 0 }), &(struct err){ 0 });
	assert_recomputed(scene, &shelf, NULL);
	timeline->missing[0].until += UTC_SECOND;
	assert_recomputed(scene, &shelf, "inputs: ");
	timeline->missing[0].until -= UTC_SECOND;
	lie = timeline->missing[0];
	timeline->missing[0].input = 0;
	assert_recomputed(scene, &shelf, "timeline.json: an input is missing that there is not");
	timeline->missing[0].input = files->count + 1;
	assert_recomputed(scene, &shelf, "timeline.json: an input is missing that there is not");
	timeline->missing[0] = lie;
	scene_free(scene);
}

/* What the inputs say otherwise than finding, timeline, records and excerpt do. */
static void recomputed(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct shelf shelf = { scene->files, UINT32_MAX, NULL };
	struct excerpt *excerpt = &scene->proof.excerpt;
	struct finding *finding = &scene->proof.finding;

	(void)state;
	finding->roster[0].messages++;
	assert_recomputed(scene, &shelf, "inputs: roster[0].messages: recomputed ");
	finding->roster[0].messages--;
	finding->provenance.inputs[1].bytes++;
	assert_recomputed(scene, &shelf, "inputs: provenance.inputs[1].bytes: recomputed ");
	finding->provenance.inputs[1].bytes--;
	excerpt->timeline.end++;
	assert_recomputed(scene, &shelf, "inputs: timeline.end: recomputed \"");
	excerpt->timeline.end--;
	excerpt->timeline.step_count--;
	assert_recomputed(scene, &shelf, "inputs: timeline.steps: recomputed ");
	excerpt->timeline.step_count++;
	excerpt->records.records[3].takes = "1";
	assert_recomputed(scene, &shelf, "inputs: records.records[3].takes: recomputed \"");
	excerpt->records.records[3].takes = excerpt->records.records[2].takes;
	excerpt->bytes[0].len--;
	assert_recomputed(scene, &shelf, "inputs: ");
	excerpt->bytes[0].len++;
	scene_free(scene);
}

/* An input in which there is nothing of the place has no excerpt. */
static void nothing_of_it(void **state)
{
	struct world *world = world_night();
	struct files *files = world_files(world, 0);
	struct shelf shelf = { files, UINT32_MAX, NULL };
	struct scene *scene;
	struct bundle bundle;
	char name[TAR_NAME_MAX + 1];

	(void)state;
	files_add(files, "rrc90", "updates");
	scene = scene_with(kp, 1, world, files, (struct feed_opener){ &shelf, shelf_open, NULL }, NULL);
	assert_int_equal(bundle_open((const uint8_t *)scene->bytes.data, scene->bytes.len, &bundle, NULL), 0);
	snprintf(name, sizeof(name), EXCERPT_FORMAT, files->count);
	assert_null(bundle_member(&bundle, name));
	snprintf(name, sizeof(name), EXCERPT_FORMAT, files->count - 1);
	assert_non_null(bundle_member(&bundle, name));
	bundle_free(&bundle);
	fine(verify(&scene->bytes, signing_key_public(scene->key), &(struct err){ 0 }), &(struct err){ 0 });
	assert_recomputed(scene, &shelf, NULL);
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records), cmocka_unit_test(networks), cmocka_unit_test(rosters), cmocka_unit_test(questions),
		cmocka_unit_test(forms), cmocka_unit_test(excerpts), cmocka_unit_test(too_large), cmocka_unit_test(unreadable),
		cmocka_unit_test(not_read_whole), cmocka_unit_test(missing), cmocka_unit_test(recomputed),
		cmocka_unit_test(nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
