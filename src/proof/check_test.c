/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proofs of the night of inquiry/test_world.h, and everything that can be done to one: by who has no key, and by a
 * signer who lies.
 */
#include "proof/parts.h"
#include "proof/test_scene.h"

static void holds(void **state)
{
	static const struct question questions[] = {
		{ .country = COUNTRY('K', 'P') }, { .asn = 131279 },
		{ .prefix = { FAMILY_IPV4, 16, { 20, 0 } } },
	};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct scene *scene = scene_of(questions[i], 2);
		struct proof_inputs inputs = { .opener = { scene->files, files_open, NULL }, .feed = { .threads = 1 } };
		struct err err = { 0 };

		fine(verify(&scene->bytes, signing_key_public(scene->key), &err), &err);
		fine(proof_recompute(&scene->proof, &inputs, &err), &err);
		inputs.place = place_get;
		inputs.place_context = scene->place;
		fine(proof_recompute(&scene->proof, &inputs, &err), &err);
		scene_free(scene);
	}
}

/* Tables and updates in one file, and the first of these of the place: found by the fuzzer, there was no proof of it. */
static void one_file(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct files *files = calloc(1, sizeof(*files));
	struct feed_opener opener = { files, files_open, NULL };
	struct proof_inputs inputs = { .opener = opener, .feed = { .threads = 1 } };
	struct scene *scene;
	struct err err = { 0 };

	(void)state;
	assert_true(world && files);
	world_ribs(world, AT(0, 0, 0), 0, NETWORK_NONE);
	for (unsigned peer = 1; peer <= WORLD_PEERS; peer++) {
		world_withdraw(world, AT(1, 0, peer), peer, KP_176);
		world_announce(world, AT(2, 0, peer), peer, KP_176, 0);
	}
	world_write(world);
	for (unsigned c = 0; c < 2; c++) {
		const struct world_collector *collector = &world->collectors[c];

		bytes_add(files_add(files, collector->name, "all"), collector->bytes.data, collector->bytes.len);
	}
	scene = scene_with(kp, 1, world, files, opener, NULL);
	assert_int_equal(scene->proof.finding.provenance.input_count, 2);
	fine(verify(&scene->bytes, signing_key_public(scene->key), &err), &err);
	fine(proof_recompute(&scene->proof, &inputs, &err), &err);
	scene_free(scene);
}

/* Two runs, any number of threads: the same bytes. */
static void same_bytes(void **state)
{
	struct scene *scene = scene_of(kp, 1);

	(void)state;
	for (unsigned threads = 1; threads <= 3; threads++) {
		struct scene *other = scene_of(kp, threads);
		struct buf again = bundle_of(&other->proof, scene->key);

		assert_int_equal(again.len, scene->bytes.len);
		assert_memory_equal(again.data, scene->bytes.data, again.len);
		buf_free(&again);
		scene_free(other);
	}
	scene_free(scene);
}

static void bits(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	uint64_t random = TEST_SEED;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		size_t bit = test_random(&random) % (8 * scene->bytes.len);
		struct err err = { 0 };

		scene->bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		if (verify(&scene->bytes, signing_key_public(scene->key), &err) == 0)
			fail_msg("bit %zu: taken", bit);
		assert_true(err.text[0] != '\0');
		scene->bytes.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	scene_free(scene);
}

/* One byte of each member. */
static void bytes_of_members(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct bundle bundle;

	(void)state;
	assert_int_equal(bundle_open((const uint8_t *)scene->bytes.data, scene->bytes.len, &bundle, NULL), 0);
	assert_true(bundle.count >= 8);
	for (uint32_t i = 0; i < bundle.count; i++) {
		size_t at = (size_t)(bundle.members[i].bytes - (const uint8_t *)scene->bytes.data) + bundle.members[i].len / 2;
		const char *name = bundle.members[i].name;

		scene->bytes.data[at] ^= 1;
		/* A signature does not hold, or is no base64 any more; the manifest is believed in the first place. */
		assert_rejected(scene, &scene->bytes, strcmp(name, "checkpoint") == 0 ? "signature"
							: strcmp(name, "manifest") == 0 ? ": " : name);
		scene->bytes.data[at] ^= 1;
	}
	bundle_free(&bundle);
	scene_free(scene);
}

/* The archive made again of other members. */
static void assert_archive_rejected(const struct scene *scene, const struct tar_member *members, uint32_t count,
				    const char *why)
{
	struct buf out = { 0 };

	for (uint32_t i = 0; i < count; i++)
		tar_add(&out, members[i].name, members[i].bytes, members[i].len);
	tar_end(&out);
	assert_rejected(scene, &out, why);
	buf_free(&out);
}

static void members(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct bundle bundle;
	struct tar_member *own;
	struct tar_member kept;

	(void)state;
	assert_int_equal(bundle_open((const uint8_t *)scene->bytes.data, scene->bytes.len, &bundle, NULL), 0);
	own = calloc(bundle.count + 1, sizeof(*own));
	assert_non_null(own);
	for (uint32_t gone = 0; gone < bundle.count; gone++) {
		for (uint32_t i = 0; i + 1 < bundle.count; i++)
			own[i] = bundle.members[i + (i >= gone)];
		assert_archive_rejected(scene, own, bundle.count - 1, ": ");
	}
	memcpy(own, bundle.members, bundle.count * sizeof(*own));
	/* Contents of two swapped, then their places. */
	kept = own[1];
	own[1].bytes = own[2].bytes;
	own[1].len = own[2].len;
	own[2].bytes = kept.bytes;
	own[2].len = kept.len;
	assert_archive_rejected(scene, own, bundle.count, "excerpt/000001.mrt: its SHA-256 is not the one in the manifest");
	own[1] = bundle.members[2];
	own[2] = bundle.members[1];
	assert_archive_rejected(scene, own, bundle.count, "out of the order of names");
	memcpy(own, bundle.members, bundle.count * sizeof(*own));
	own[bundle.count] = (struct tar_member){ "zebra", (const uint8_t *)"", 0 };
	assert_archive_rejected(scene, own, bundle.count + 1, "zebra: no member that a proof has");
	memmove(own + 2, own + 1, (bundle.count - 1) * sizeof(*own));
	own[1] = (struct tar_member){ "excerpt/000000.mrt", (const uint8_t *)"", 0 };
	assert_archive_rejected(scene, own, bundle.count + 1, "excerpt/000000.mrt: not in its place in the manifest");
	free(own);
	bundle_free(&bundle);
	scene_free(scene);
}

static void strangers(void **state)
{
	struct scene *scene = scene_of(kp, 1), *other = scene_of((struct question){ .asn = 131279 }, 1);
	struct signing_key *stranger;
	struct bundle old;
	struct buf bytes;

	(void)state;
	assert_int_equal(signing_key_make("test.example/1", &stranger, NULL), 0);
	bytes = bundle_of(&scene->proof, stranger);
	assert_rejected(scene, &bytes, "no signature by a trusted key");
	buf_free(&bytes);
	/* A checkpoint that the trusted key did sign, of another proof. */
	bytes = bundle_of(&other->proof, scene->key);
	assert_int_equal(bundle_open((const uint8_t *)bytes.data, bytes.len, &old, NULL), 0);
	assert_int_equal(old.checkpoint->len, 179 - strlen("test.example/2026") + strlen("test.example/1"));
	memcpy(scene->bytes.data + TAR_BLOCK, old.checkpoint->bytes, old.checkpoint->len);
	assert_rejected(scene, &scene->bytes, "checkpoint: it is of other contents");
	bundle_free(&old);
	buf_free(&bytes);
	signing_key_free(stranger);
	scene_free(scene);
	scene_free(other);
}

/* A bundle of members with these names, each holding its own name, opened as what its checkpoint says it is. */
static int bundle_of_names(enum bundle_kind kind, const char *const *names, const struct signing_key *key, struct err *err)
{
	struct tar_member members[8] = { { .name = "" } };
	struct bundle bundle = { .count = 0 };
	struct buf bytes = { 0 };
	struct proof proof;
	uint32_t count = 0;
	int code;

	for (; names[count]; count++) {
		snprintf(members[count].name, sizeof(members[count].name), "%s", names[count]);
		members[count].bytes = (const uint8_t *)names[count];
		members[count].len = strlen(names[count]);
	}
	fine(bundle_make(kind, members, count, key, &bytes, err), err);
	code = bundle_open((const uint8_t *)bytes.data, bytes.len, &bundle, err);
	if (code == 0) {
		assert_int_equal(bundle.kind, kind);
		code = proof_load(&bundle, &proof, err);
		bundle_free(&bundle);
	}
	buf_free(&bytes);
	return code;
}

/* What a bundle is of decides what may be in it. */
static void kinds(void **state)
{
#define CONTENT "content/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct {
		enum bundle_kind kind;
		const char *names[6], *why;
	} rows[] = {
		{ BUNDLE_DOSSIER, { CONTENT, "dossier.json", "matrix.json" }, "a sealed dossier, no proof" },
		{ BUNDLE_DOSSIER, { "dossier.json", "matrix.json" }, "a sealed dossier, no proof" },
		{ BUNDLE_DOSSIER, { CONTENT, "dossier.json" }, "matrix.json: missing" },
		{ BUNDLE_DOSSIER, { CONTENT, "matrix.json" }, "dossier.json: missing" },
		{ BUNDLE_DOSSIER, { CONTENT "0", "dossier.json", "matrix.json" }, CONTENT "0: no member that a sealed dossier has" },
		{ BUNDLE_DOSSIER, { "content/0123", "dossier.json", "matrix.json" }, "content/0123: no member that" },
		{ BUNDLE_DOSSIER, { "dossier.json", "finding.json", "matrix.json" }, "finding.json: no member that" },
		{ BUNDLE_PROOF, { "dossier.json", "matrix.json" }, "finding.json: missing" },
		{ BUNDLE_PROOF, { CONTENT, "finding.json", "records.json", "timeline.json" }, CONTENT ": no member that a proof has" },
		{ BUNDLE_PROOF, { "excerpt/00000a.mrt", "finding.json", "records.json", "timeline.json" }, "excerpt/00000a.mrt: no member" },
		{ BUNDLE_PROOF, { "finding.json", "records.json", "timeline.json" }, "finding.json: " },
	};
	struct signing_key *key;

	(void)state;
	assert_int_equal(signing_key_make("test.example/1", &key, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = { 0 };

		assert_int_equal(bundle_of_names(rows[i].kind, rows[i].names, key, &err), ERR_FORMAT);
		if (strncmp(err.text, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("%s, where it should be %s", err.text, rows[i].why);
	}
	signing_key_free(key);
}

/* Of another time's kinds nothing is guessed. */
static void unknown_kind(void **state)
{
	struct scene *scene = scene_of(kp, 1);

	(void)state;
	scene->bytes.data[TAR_BLOCK + strlen("constat.proof/")] = '2';
	assert_rejected(scene, &scene->bytes, "checkpoint: \"constat.proof/2\" is of nothing that this constat knows");
	scene_free(scene);
}

static void sizes(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct bundle bundle;
	struct err err = { 0 };
	struct buf bytes;

	(void)state;
	for (size_t len = 0; len < scene->bytes.len; len += 1021) {
		bytes = (struct buf){ .data = scene->bytes.data, .len = len };
		assert_rejected(scene, &bytes, "cut off");
	}
	/* Nothing of a bundle that is too large is looked at. */
	assert_int_equal(bundle_open(NULL, BUNDLE_SIZE_MAX + 1, &bundle, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "larger than"));
	scene_free(scene);
}

static void lies(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct finding *finding = &scene->proof.finding;
	struct finding_report *report = finding->result.report;
	struct finding_vantage *vantage = &finding->roster[0];
	struct excerpt_timeline *timeline = &scene->proof.excerpt.timeline;

	(void)state;
	report->outages[0].start.at += UTC_SECOND;
	assert_lie_found(scene, "replay: result.report.outages[0].start.at: recomputed \"2014-12-23T01:00:");
	report->outages[0].start.at -= UTC_SECOND;
	report->outage_count--;
	assert_lie_found(scene, "replay: result.report.outages: recomputed ");
	report->outage_count++;
	report->networks[0].announcements++;
	assert_lie_found(scene, "result.report.networks[0].announcements");
	report->networks[0].announcements--;
	report->instabilities[0].first -= UTC_SECOND;
	assert_lie_found(scene, "result.report.instabilities[0].first");
	report->instabilities[0].first += UTC_SECOND;
	finding->result.coverage.steps[1].peers++;
	assert_lie_found(scene, "result.coverage.steps[1].peers");
	finding->result.coverage.steps[1].peers--;
	finding->question.parameters[0].value = 900000;
	assert_lie_found(scene, "replay: result.");
	finding->question.parameters[0].value = -1;
	assert_lie_found(scene, "question: parameter threshold cannot be -1");
	finding->question.parameters[0].value = 500000;
	finding->question.subject = "US";
	assert_lie_found(scene, "replay: result.report.outages[0].place: recomputed \"US\", said \"KP\"");
	finding->question.subject = "KP";
	assert_true(vantage->full_ipv4_count > 0);
	vantage->full_ipv4[0].from += UTC_SECOND;
	assert_lie_found(scene, "roster: when 10.0.0.");
	vantage->full_ipv4[0].from -= UTC_SECOND;
	finding->method++;
	assert_lie_found(scene, "made by method");
	finding->method--;
	timeline->networks[0].network = "1.1.1.0/24";
	assert_lie_found(scene, ": ");
	scene_free(scene);
}

/* What the signer may say: it is marked as such, and does not come out of the replay. */
static void attested(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct proof_inputs inputs = {
		.opener = { scene->files, files_open, NULL }, .feed = { .threads = 1 }, .place = place_get, .place_context = scene->place,
	};
	struct err err = { 0 };
	struct buf bytes;

	(void)state;
	scene->proof.finding.result.coverage.announcements++;
	scene->proof.finding.result.report->networks[0].country = "US";
	bytes = bundle_of(&scene->proof, scene->key);
	fine(verify(&bytes, signing_key_public(scene->key), &err), &err);
	buf_free(&bytes);
	/* With the recordings it is found out all the same. */
	assert_int_equal(proof_recompute(&scene->proof, &inputs, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "inputs: result.coverage.announcements"));
	scene->proof.finding.result.coverage.announcements--;
	assert_int_equal(proof_recompute(&scene->proof, &inputs, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "inputs: result.report.networks[0].country"));
	scene_free(scene);
}

/* Takes the record out of list and excerpt, as a signer would. */
static void record_drop(struct excerpt *excerpt, uint32_t gone)
{
	struct excerpt_record *list = excerpt->records.records;
	struct buf *bytes = &excerpt->bytes[list[gone].input - 1];
	uint32_t length = list[gone].length;
	size_t at = 0;

	for (uint32_t i = 0; i < gone; i++)
		at += list[i].input == list[gone].input ? list[i].length : 0;
	memmove(bytes->data + at, bytes->data + at + length, bytes->len - at - length);
	bytes->len -= length;
	memmove(list + gone, list + gone + 1, (excerpt->records.record_count - gone - 1) * sizeof(*list));
	excerpt->records.record_count--;
}

/* A withdrawal left out of the excerpt. */
static void records_dropped(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct excerpt *excerpt = &scene->proof.excerpt;
	struct proof_inputs inputs = { .opener = { scene->files, files_open, NULL }, .feed = { .threads = 1 } };
	struct err err = { 0 };
	uint32_t i = 0;

	(void)state;
	while (i < excerpt->records.record_count && excerpt->records.records[i].clock < AT(1, 0, 0))
		i++;
	record_drop(excerpt, i);
	assert_lie_found(scene, ": ");
	assert_int_equal(proof_recompute(&scene->proof, &inputs, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "inputs: records.records: recomputed "));
	scene_free(scene);
}

/* A record said to have stood elsewhere, or changed. */
static void records_changed(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct proof_inputs inputs = { .opener = { scene->files, files_open, NULL }, .feed = { .threads = 1 } };
	struct excerpt *excerpt = &scene->proof.excerpt;
	struct excerpt_record *last = &excerpt->records.records[excerpt->records.record_count - 1];
	struct buf *bytes = &excerpt->bytes[last->input - 1];
	const struct excerpt_record kept = *last;
	struct err err = { 0 };

	(void)state;
	last->offset--;
	assert_int_equal(proof_recompute(&scene->proof, &inputs, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "offset"));
	last->offset = UINT32_MAX;
	assert_lie_found(scene, "is beyond the end of");
	*last = kept;
	/* The time of its header, by 64 seconds. */
	bytes->data[bytes->len - last->length + 3] ^= 0x40;
	assert_int_equal(proof_recompute(&scene->proof, &inputs, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "inputs: the records of "));
	scene_free(scene);
}

/* Members damaged at random and signed properly: whatever they say, it is refused or it holds. */
static void hostile(void **state)
{
	struct scene *scene = scene_of(kp, 1);
	struct arena arena = { 0 };
	struct tar_member *members;
	uint64_t random = TEST_SEED;
	uint32_t count, held = 0;

	(void)state;
	assert_int_equal(proof_members(&scene->proof, &arena, &members, &count, NULL), 0);
	for (unsigned i = 0; i < 600; i++) {
		struct tar_member *member = &members[test_random(&random) % count];
		const uint8_t *whole = member->bytes;
		uint8_t *copy = malloc(member->len);
		struct buf bytes = { 0 };
		struct err err = { 0 };

		assert_non_null(copy);
		memcpy(copy, whole, member->len);
		/* A digit for a digit: JSON stays canonical more often. */
		for (unsigned k = 0; k < 1 + i % 3; k++) {
			uint8_t *at = &copy[test_random(&random) % member->len];

			*at = *at >= '0' && *at <= '9' ? (uint8_t)('0' + test_random(&random) % 10)
						       : (uint8_t)(*at ^ 1 << test_random(&random) % 8);
		}
		member->bytes = copy;
		fine(bundle_make(BUNDLE_PROOF, members, count, scene->key, &bytes, &err), &err);
		if (verify(&bytes, signing_key_public(scene->key), &err) == 0)
			held++;
		else
			assert_true(err.text[0] != '\0' && err.code != ERR_MEMORY);
		member->bytes = whole;
		buf_free(&bytes);
		free(copy);
	}
	/* What is only the signer's word may be anything. */
	assert_in_range(held, 1, 300);
	arena_free(&arena);
	scene_free(scene);
}

/* The table names what there is, and nothing twice. */
static void parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < proof_part_count; i++) {
		if (!finding_field(proof_parts[i].path))
			fail_msg("%s: no such part", proof_parts[i].path);
		assert_true(proof_parts[i].replayed == (proof_parts[i].why == NULL));
		assert_ptr_equal(proof_part_of(proof_parts[i].path), &proof_parts[i]);
	}
	assert_null(proof_part_of("result.report"));
	assert_null(proof_part_of("gaps"));
	assert_string_equal(proof_part_of("result.report.outages.start.at")->path, "result.report.outages");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds), cmocka_unit_test(one_file), cmocka_unit_test(same_bytes), cmocka_unit_test(bits),
		cmocka_unit_test(bytes_of_members), cmocka_unit_test(members), cmocka_unit_test(strangers), cmocka_unit_test(kinds),
		cmocka_unit_test(unknown_kind),
		cmocka_unit_test(sizes), cmocka_unit_test(lies), cmocka_unit_test(attested), cmocka_unit_test(records_dropped),
		cmocka_unit_test(records_changed), cmocka_unit_test(parts), cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
