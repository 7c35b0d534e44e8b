/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dossier on the night of inquiry/test_world.h, sealed: it holds, it is the same twice, it comes back; and whatever
 * a signer changes, who makes all hashes, names and signatures anew, is named.
 */
#define _GNU_SOURCE	/* memmem */
#include "dossier/test_seal.h"

static struct scene *scene;

static int setup(void **state)
{
	(void)state;
	scene = scene_of(kp, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scene_free(scene);
	return 0;
}

static void assert_same(const struct sealed *a, const struct sealed *b)
{
	assert_int_equal(a->bundle.count, b->bundle.count);
	for (uint32_t i = 0; i < a->bundle.count; i++) {
		const struct tar_member *left = &a->bundle.members[i], *right = &b->bundle.members[i];

		assert_string_equal(left->name, right->name);
		assert_int_equal(left->len, right->len);
		assert_memory_equal(left->bytes, right->bytes, left->len);
	}
}

static void assert_refused(const struct sealed *sealed, const char *what, const char *why)
{
	struct seal_report report;
	struct arena arena = { 0 };
	struct err err = { 0 };

	if (seal_replay(&sealed->bundle, &arena, &report, NULL, &err) != ERR_FORMAT)
		fail_msg("%s: taken, or not refused as it should be: %s", what, err.text);
	if (!strstr(err.text, why))
		fail_msg("%s: %s", what, err.text);
	arena_free(&arena);
}

static void holds(void **state)
{
	struct dossier *dossier = filled(scene), *again;
	struct sealed sealed, twice;
	struct seal_report report;
	struct arena arena = { 0 };
	struct buf bytes = { 0 };
	struct bundle opened;
	struct err err = { 0 };

	(void)state;
	seal(dossier, &sealed);
	fine(bundle_make(BUNDLE_DOSSIER, sealed.bundle.members, sealed.bundle.count, scene->key, &bytes, &err),
	     &err);
	fine(bundle_open((const uint8_t *)bytes.data, bytes.len, &opened, &err), &err);
	assert_int_equal(opened.kind, BUNDLE_DOSSIER);
	fine(seal_replay(&opened, &arena, &report, &again, &err), &err);
	assert_string_equal(report.title, "A night");
	assert_int_equal(report.sources, 2);
	assert_int_equal(report.claims, 3);
	assert_int_equal(report.links, 1);
	assert_int_equal(report.assertions, 3);
	assert_int_equal(report.confirmed, 2);
	assert_int_equal(report.contradicted, 0);
	assert_int_equal(report.insufficient, 1);
	assert_int_equal(report.not_measurable, 1);
	assert_int_equal(report.finding_count, 2);
	assert_false(report.findings[0].proof);
	assert_true(report.findings[1].proof);
	assert_int_equal(report.findings[1].verdicts, 1);
	assert_string_equal(report.findings[1].label, "night");
	assert_string_equal(report.findings[1].question, "report KP");
	assert_int_equal(report.hypotheses, 2);
	assert_int_equal(report.items, 3);
	assert_int_equal(report.ratings, 4);
	assert_int_equal(report.foreign, 1);
	assert_string_equal(report.leading, "power");
	/* What was replayed is the same dossier. */
	seal(again, &twice);
	assert_same(&sealed, &twice);
	arena_free(&twice.arena);
	arena_free(&sealed.arena);
	arena_free(&arena);
	bundle_free(&opened);
	buf_free(&bytes);
	dossier_close(again);
	dossier_close(dossier);
}

static void comes_back(void **state)
{
	struct dossier_about about = { .title = "", .program = "another" };
	struct dossier *dossier = filled(scene), *other;
	struct sealed sealed, twice;
	struct err err = { 0 };

	(void)state;
	fine(dossier_in_memory("other", NOW + 1, &other, &err), &err);
	fine(dossier_add(other, &dossier_about_type, &about, NULL, &err), &err);
	fine(dossier_begin(other, &err), &err);
	fine(seal_parcels(dossier, parcel_take, other, &err), &err);
	fine(dossier_commit(other, &err), &err);
	seal(dossier, &sealed);
	seal(other, &twice);
	assert_same(&sealed, &twice);
	arena_free(&sealed.arena);
	arena_free(&twice.arena);
	dossier_close(dossier);
	dossier_close(other);
}

/* An empty dossier can be sealed, too. */
static void empty(void **state)
{
	struct dossier_about about = { .title = "", .program = "constat test" };
	struct seal_report report;
	struct arena arena = { 0 };
	struct dossier *dossier;
	struct sealed sealed;
	struct err err = { 0 };

	(void)state;
	fine(dossier_in_memory("empty", NOW, &dossier, &err), &err);
	seal(dossier, &sealed);
	assert_refused(&sealed, "no about", "dossier.json: nothing on the dossier itself");
	arena_free(&sealed.arena);
	fine(dossier_add(dossier, &dossier_about_type, &about, NULL, &err), &err);
	seal(dossier, &sealed);
	assert_int_equal(sealed.bundle.count, 2);
	fine(seal_replay(&sealed.bundle, &arena, &report, NULL, &err), &err);
	assert_string_equal(report.leading, "");
	sealed.bundle.kind = BUNDLE_PROOF;
	assert_refused(&sealed, "a proof", "a proof, no sealed dossier");
	arena_free(&arena);
	arena_free(&sealed.arena);
	dossier_close(dossier);
}

/* Names for all rows once more, as somebody who lies would make them. */
static void name_again(struct dossier *dossier)
{
	struct arena arena = { 0 };
	struct err err = { 0 };

	for (const struct dossier_type *const *type = dossier_types; *type; type++) {
		uint32_t count;
		char *items;

		if (*type == &dossier_speaker_type)
			continue;
		fine(dossier_list(dossier, *type, NULL, 0, &arena, &items, &count, &err), &err);
		for (uint32_t i = 0; i < count; i++) {
			char *item = items + i * (*type)->schema->size, uid[DOSSIER_UID], sql[200];

			fine(dossier_uid_make(dossier, *type, item, uid, &err), &err);
			sqlite3_snprintf(sizeof(sql), sql, "UPDATE \"%s\" SET uid = '%s' WHERE id = %u", (*type)->table,
					 uid, *(uint32_t *)item);
			fine(dossier_sql(dossier, sql, &err), &err);
		}
	}
	arena_free(&arena);
}

/* What a signer may say, and all that hangs on it is made to fit. */
static void lies(void **state)
{
	static const struct { const char *sql, *why; } rows[] = {
		{ "UPDATE claim SET exact = replace(exact, 'dark', 'dork') WHERE id = 1",
		  "dossier.json: claim 1: the quote differs from evening.txt at character 18: it has \"o\", the source \"a\"" },
		{ "UPDATE claim SET prefix = replace(prefix, 'company', 'companx') WHERE id = 2",
		  "claim 2: what stands before the quote differs from evening.txt at character 43" },
		{ "UPDATE claim SET suffix = replace(suffix, 'company', 'companx') WHERE id = 1",
		  "claim 1: what stands behind the quote differs from evening.txt" },
		{ "UPDATE claim SET start = 53 WHERE id = 2", "claim 2: what stands before the quote differs" },
		{ "UPDATE claim SET kind = 'Big lie' WHERE id = 3", "claim 3: its kind is no lower-case word" },
		{ "UPDATE source SET size = 7 WHERE id = 2", "source 2 (page.html): it has " },
		{ "UPDATE source SET characters = 7 WHERE id = 1", "source 1 (evening.txt): it has " },
		{ "UPDATE source SET extractor = 'plain-text-1', media = 'text/plain' WHERE id = 2",
		  "source 2 (page.html): its text is not what plain-text-1 derives from its bytes, from character 0 on" },
		{ "UPDATE source SET extractor = 'html-1' WHERE id = 1", "source 1 (evening.txt): its extractor is plain-text-1, not html-1" },
		{ "UPDATE source SET media = 'text/plain; charset=utf-8' WHERE id = 1", "its media type is text/plain, not " },
		{ "UPDATE source SET charset = 'latin1' WHERE id = 2", "its character set is windows-1252, not latin1" },
		{ "UPDATE source SET charset = 'klingon' WHERE id = 2", "source 2: page.html: character set klingon is not known" },
		{ "UPDATE assertion SET text = 'networks US  = 5' WHERE id = 2", "assertion 2: not in its canonical form, networks US = 5" },
		{ "UPDATE assertion SET text = 'networks US = many' WHERE id = 2", "assertion 2: " },
		{ "UPDATE assertion SET text = 'outage KP from 2014-12-23T03:00Z ±5m' WHERE id = 1", "verdict 1: verdict: recomputed \"contradicted\", said \"confirmed\"" },
		{ "UPDATE verdict SET verdict = 'contradicted' WHERE id = 1", "verdict 1: verdict: recomputed \"confirmed\", said \"contradicted\"" },
		{ "UPDATE verdict SET verdict = 'confirmed' WHERE id = 4", "verdict 4: verdict: recomputed \"not measurable\", said \"confirmed\"" },
		{ "UPDATE verdict SET claimed = 'x' WHERE id = 2", "verdict 2: claimed: recomputed " },
		{ "UPDATE verdict SET measured = 'x' WHERE id = 2", "verdict 2: measured: recomputed " },
		{ "UPDATE verdict SET why = '' WHERE id = 3", "verdict 3: why: recomputed " },
		{ "UPDATE verdict SET nearest = 'x' WHERE id = 3", "verdict 3: nearest: recomputed \"\", said \"x\"" },
		{ "UPDATE verdict SET away = 1 WHERE id = 1", "verdict 1: away: recomputed 0, said 1" },
		{ "UPDATE verdict SET when_from = when_from + 1 WHERE id = 1", "verdict 1: when.from: recomputed " },
		{ "UPDATE verdict SET finding = NULL WHERE id = 1", "verdict 1: " },
		{ "UPDATE verdict SET finding = 1 WHERE id = 3", "verdict 3: finding 1 says nothing of what is asserted" },
		{ "UPDATE verdict SET finding = 2 WHERE id = 4", "verdict 4: finding 2 says nothing of what is asserted" },
		{ "UPDATE finding SET question = 'report US' WHERE id = 1", "finding 1: question: recomputed \"report KP\", said \"report US\"" },
		{ "UPDATE finding SET data_until = data_until + 1 WHERE id = 2", "finding 2: data.until: recomputed " },
		{ "UPDATE finding SET form = 'finding' WHERE id = 2", "finding 2: " },
		{ "UPDATE finding SET form = 'proof' WHERE id = 1", "finding 1: archive, byte 0: " },
		{ "UPDATE finding SET sha256 = (SELECT text_sha256 FROM source WHERE id = 1) WHERE id = 1", "finding 1: finding: " },
		{ "UPDATE foreign_object SET json = '{'", "foreign_object 1: " },
		{ "UPDATE foreign_object SET json = '{ }'", "foreign_object 1: not as it is kept" },
		{ "UPDATE foreign_object SET stix_id = 'x'", "foreign_object 1: its \"id\" is not x" },
		{ "UPDATE foreign_object SET modified = 'x'", "foreign_object 1: its \"modified\" is not x" },
		{ "UPDATE evidence SET fact = 'The king did it.' WHERE finding = 1", "evidence 3: finding 1 has no such fact" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dossier *dossier = filled(scene);
		struct sealed sealed;
		struct err err = { 0 };

		fine(dossier_sql(dossier, rows[i].sql, &err), &err);
		assert_int_equal(sqlite3_changes(dossier->db), 1);
		name_again(dossier);
		seal(dossier, &sealed);
		assert_refused(&sealed, rows[i].sql, rows[i].why);
		arena_free(&sealed.arena);
		dossier_close(dossier);
	}
}

/* Other bytes under a hash made anew: a source's, a text's, a finding's, a proof's. */
static void other_bytes(void **state)
{
	static const struct { const char *from, *to, *update, *why; } rows[] = {
		{ "dark", "dork", "UPDATE source SET sha256 = '%s' WHERE id = 1",
		  "source 1 (evening.txt): its text is not what plain-text-1 derives from its bytes, from character 18 on" },
		{ "dark", "dork", "UPDATE source SET text_sha256 = '%s' WHERE id = 1",
		  "claim 1: the quote differs from evening.txt at character 18" },
		{ "quoted by", "quoted bx", "UPDATE source SET text_sha256 = '%s' WHERE id = 1",
		  "source 1 (evening.txt): its text is not what plain-text-1 derives from its bytes, from character 112 on" },
		{ "\"method\":", "\"method\" :", "UPDATE finding SET sha256 = '%s' WHERE id = 1",
		  "finding 1: no canonical JSON" },
		{ "\"method\":", "\"methud\":", "UPDATE finding SET sha256 = '%s' WHERE id = 2",
		  "finding 2: finding.json: its SHA-256 is not the one in the manifest" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dossier *dossier = filled(scene);
		struct buf bytes = { 0 }, json = { 0 };
		char sha256[65], sql[200];
		struct sealed sealed;
		struct err err = { 0 };
		const char *at;
		size_t len = strlen(rows[i].from);

		fine(finding_encode(&scene->proof.finding, false, &json, &err), &err);
		if (strstr(rows[i].update, "UPDATE source"))
			buf_str(&bytes, article);
		else if (strstr(rows[i].update, "id = 1"))
			buf_add(&bytes, json.data, json.len);
		else
			buf_add(&bytes, scene->bytes.data, scene->bytes.len);
		at = memmem(bytes.data, bytes.len, rows[i].from, len);
		assert_non_null(at);
		buf_free(&json);
		buf_add(&json, bytes.data, (size_t)(at - bytes.data));
		buf_str(&json, rows[i].to);
		buf_add(&json, at + len, bytes.len - (size_t)(at - bytes.data) - len);
		fine(dossier_keep(dossier, json.data, json.len, sha256, &err), &err);
		sqlite3_snprintf(sizeof(sql), sql, rows[i].update, sha256);
		fine(dossier_sql(dossier, sql, &err), &err);
		name_again(dossier);
		seal(dossier, &sealed);
		assert_refused(&sealed, sql, rows[i].why);
		arena_free(&sealed.arena);
		buf_free(&bytes);
		buf_free(&json);
		dossier_close(dossier);
	}
}

/* Another result in finding 1, and in the proof that is finding 2, made by the signer from its members on. */
static void other_results(void **state)
{
	static const char *const why[] = {
		"verdict 1: measured: recomputed ",
		"finding 2: replay: result.report.outages[0].start.at: recomputed ",
	};
	struct finding_outage *outage = &scene->proof.finding.result.report->outages[0];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct dossier *dossier = filled(scene);
		struct buf bytes = { 0 };
		char sha256[65], sql[200];
		struct sealed sealed;
		struct err err = { 0 };

		outage->start.at += UTC_SECOND;
		if (i)
			bytes = bundle_of(&scene->proof, scene->key);
		else
			fine(finding_encode(&scene->proof.finding, false, &bytes, &err), &err);
		outage->start.at -= UTC_SECOND;
		fine(dossier_keep(dossier, bytes.data, bytes.len, sha256, &err), &err);
		sqlite3_snprintf(sizeof(sql), sql, "UPDATE finding SET sha256 = '%s' WHERE id = %u", sha256, i + 1);
		fine(dossier_sql(dossier, sql, &err), &err);
		name_again(dossier);
		seal(dossier, &sealed);
		assert_refused(&sealed, "another result", why[i]);
		arena_free(&sealed.arena);
		buf_free(&bytes);
		dossier_close(dossier);
	}
}

/* A row that says something else under the name it had. */
static void names(void **state)
{
	static const struct { const char *sql, *why; } rows[] = {
		{ "UPDATE claim SET reading = 'It did.' WHERE id = 1", "claim 1: it was changed: its uid is " },
		{ "UPDATE speaker SET name = 'the king' WHERE id = 1", "claim 1: it was changed: its uid is " },
		{ "UPDATE link SET kind = 'denies'", "link 1: it was changed: its uid is " },
		{ "UPDATE hypothesis SET text = '' WHERE id = 2", "hypothesis 2: it was changed: its uid is " },
		{ "UPDATE foreign_object SET json = '{}'", "foreign_object 1: it was changed: its uid is " },
		{ "UPDATE about SET title = 'Another night'", "about 1: it was changed: its uid is " },
		{ "UPDATE source SET url = 'https://example.org/'  WHERE id = 2", "source 2: it was changed: its uid is " },
		{ "UPDATE finding SET label = 'simulated' WHERE id = 2", "finding 2: it was changed: its uid is " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dossier *dossier = filled(scene);
		struct sealed sealed;
		struct err err = { 0 };

		fine(dossier_sql(dossier, rows[i].sql, &err), &err);
		seal(dossier, &sealed);
		assert_refused(&sealed, rows[i].sql, rows[i].why);
		arena_free(&sealed.arena);
		dossier_close(dossier);
	}
}

/* In a member's bytes the first of one text becomes another. */
static void replace(struct sealed *sealed, const char *name, const char *from, const char *to)
{
	struct tar_member *into = member(sealed, name);
	const uint8_t *at = memmem(into->bytes, into->len, from, strlen(from));
	struct buf bytes = { 0 };

	if (!at)
		fail_msg("%s: no %s in %.*s", name, from, (int)into->len, (const char *)into->bytes);
	buf_add(&bytes, into->bytes, (size_t)(at - into->bytes));
	buf_str(&bytes, to);
	buf_add(&bytes, at + strlen(from), into->len - (size_t)(at - into->bytes) - strlen(from));
	into->bytes = arena_memdup(&sealed->arena, bytes.data, bytes.len);
	into->len = bytes.len;
	assert_non_null(into->bytes);
	buf_free(&bytes);
}

/* What no dossier would be written as. */
static void documents(void **state)
{
	static const struct { const char *name, *from, *to, *why; } rows[] = {
		{ "dossier.json", "{", "{ ", "dossier.json: no canonical JSON" },
		{ "dossier.json", "{", "[", "dossier.json: " },
		{ "dossier.json", "\"method\":1", "\"method\":2",
		  "dossier.json: judged by method 2, while this constat judges by method 1" },
		{ "dossier.json", "\"link\":[", "\"leek\":[", "dossier.json: dossier: link: missing" },
		{ "dossier.json", "\"claim\":2,\"id\":1,\"kind\":\"responds\"", "\"claim\":9,\"id\":1,\"kind\":\"responds\"",
		  "link 1: it refers to a row that is not there" },
		{ "dossier.json", "\"id\":2,\"name\":\"cut\"", "\"id\":1,\"name\":\"cut\"", "hypothesis 1: dossier.json: UNIQUE constraint failed" },
		{ "dossier.json", "\"rating\":\"CC\"", "\"rating\":\"XX\"", "rating 1: dossier.json: CHECK constraint failed" },
		{ "dossier.json", "\"chain\":\"a company", "\"chain\":\"A company", "dossier.json: not as a dossier of these rows is written" },
		{ "dossier.json", "\"rating\":\"CC\"", "\"rating\":\"N\"", "matrix.json: rows[0].for: recomputed 1, said 2" },
		{ "dossier.json", "\"stix_id\":\"indicator--1\"", "\"stix_id\":\"indicator--2\"", "foreign_object 1: it was changed: its uid is " },
		{ "dossier.json", "\"relevance\":\"high\"", "\"relevance\":\"low\"", "matrix.json: rows[" },
		{ "matrix.json", "\"leading\":\"power\"", "\"leading\":\"cut\"", "matrix.json: leading: recomputed \"power\", said \"cut\"" },
		{ "matrix.json", "\"score\":0", "\"score\":1", "matrix.json: rows[0].score: recomputed 0, said 1" },
		{ "matrix.json", "}", "} ", "matrix.json: no canonical JSON" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dossier *dossier = filled(scene);
		struct sealed sealed;

		seal(dossier, &sealed);
		replace(&sealed, rows[i].name, rows[i].from, rows[i].to);
		assert_refused(&sealed, rows[i].to, rows[i].why);
		arena_free(&sealed.arena);
		dossier_close(dossier);
	}
}

/* Bytes that are changed, missing, or nobody's. */
static void contents(void **state)
{
	static const char abc[] = CONTENT_FOLDER "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct dossier *dossier = filled(scene);
	struct tar_member members[16] = { { .bytes = (const uint8_t *)"abc", .len = 3 } };
	struct sealed sealed, other;

	(void)state;
	seal(dossier, &sealed);
	assert_in_range(sealed.bundle.count, 1, 15);
	assert_memory_equal(sealed.bundle.members[0].name, CONTENT_FOLDER, strlen(CONTENT_FOLDER));
	sealed.bundle.members[0].len--;
	assert_refused(&sealed, "a byte less", ": its SHA-256 is ");
	sealed.bundle.members[0].len++;
	other = sealed;
	other.bundle.members++;
	other.bundle.count--;
	assert_refused(&other, "not there", ": dossier.json: what it refers to is not there");
	snprintf(members[0].name, sizeof(members[0].name), "%s", abc);
	memcpy(members + 1, sealed.bundle.members, sealed.bundle.count * sizeof(members[0]));
	other.bundle.members = members;
	other.bundle.count = sealed.bundle.count + 1;
	assert_refused(&other, "nobody's", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad: no row is of it");
	arena_free(&sealed.arena);
	dossier_close(dossier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds), cmocka_unit_test(comes_back), cmocka_unit_test(empty),
		cmocka_unit_test(lies), cmocka_unit_test(other_bytes), cmocka_unit_test(other_results),
		cmocka_unit_test(names), cmocka_unit_test(documents), cmocka_unit_test(contents),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
