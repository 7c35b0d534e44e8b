/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows there and back, the same thing twice, and what is refused when the file is not what it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dossier/claim.h"
#include "dossier/rows.h"

#define NOW (1419379200 * UTC_SECOND)
#define WORDS "Les quatre réseaux de connexion nord-coréens, qui passent tous par le géant chinois"

static char path[64];

static int path_make(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/constat-dossier-%ld", (long)getpid());
	unlink(path);
	return 0;
}

static int path_remove(void **state)
{
	(void)state;
	return unlink(path);
}

static void must(int code, const struct err *err)
{
	if (code)
		fail_msg("%s", err->text);
}

/* A dossier with one source and one claim in it. */
static struct dossier *filled(uint32_t *ret_claim)
{
	struct dossier_source source = {
		.name = "a.txt", .url = "", .title = "", .publisher = "", .agency = "AFP", .language = "fr", .reliability = "",
		.media = "text/plain", .charset = "UTF-8", .extractor = "plain-text-1",
		.published = DOSSIER_SPAN_NONE, .retrieved = { 0, UTC_DAY },
	};
	struct dossier_claim claim = { .start = 11, .end = 18, .kind = "measurement", .said = DOSSIER_SPAN_NONE };
	struct arena arena = { 0 };
	struct view quote = view_of("réseaux");
	struct dossier *dossier;
	struct quoting quoting;
	struct err err = { 0 };
	bool fresh;

	must(dossier_create(path, "a title", NOW, &dossier, &err), &err);
	must(dossier_begin(dossier, &err), &err);
	must(source_add(dossier, &source, view_of(WORDS), view_of(WORDS), &fresh, &err), &err);
	assert_true(fresh);
	must(source_resolve(dossier, "a.txt", &arena, &source, &err), &err);
	must(quoting_open(dossier, &source, &arena, &quoting, &err), &err);
	must(claim_chain_parse(view_of("Dyn Research → AFP"), &arena, &claim, &err), &err);
	must(claim_add(dossier, &quoting, &claim, &quote, &fresh, &err), &err);
	assert_true(fresh);
	must(dossier_commit(dossier, &err), &err);
	*ret_claim = claim.id;
	arena_free(&arena);
	return dossier;
}

static void rows_come_back(void **state)
{
	uint32_t id, count;
	struct dossier *dossier = filled(&id);
	struct dossier_source *sources;
	struct dossier_claim claim;
	struct arena arena = { 0 };
	struct err err = { 0 };

	(void)state;
	dossier_close(dossier);
	must(dossier_open(path, NOW + 1, &dossier, &err), &err);
	must(dossier_verify(dossier, &err), &err);
	must(dossier_get(dossier, &dossier_claim_type, id, &arena, &claim, &err), &err);
	assert_string_equal(claim.exact, "réseaux");
	assert_string_equal(claim.prefix, "Les quatre ");
	assert_string_equal(claim.suffix, " de connexion nord-coréens, qui ");
	assert_string_equal(claim.chain, "Dyn Research → AFP");
	assert_int_equal(claim.speaker_count, 2);
	assert_string_equal(claim.speakers[1].name, "AFP");
	assert_int_equal(claim.said.from, UTC_NEVER);
	assert_int_equal(claim.added, NOW);
	must(dossier_list(dossier, &dossier_source_type, NULL, 0, &arena, &sources, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_int_equal(sources[0].retrieved.until, UTC_DAY);
	assert_int_equal(sources[0].characters, 83);
	sources[0].reliability = "B";
	must(dossier_change(dossier, &dossier_source_type, &sources[0], &err), &err);
	must(dossier_get(dossier, &dossier_source_type, 1, &arena, &sources[0], &err), &err);
	assert_string_equal(sources[0].reliability, "B");
	assert_int_equal(sources[0].changed, NOW + 1);
	assert_int_equal(sources[0].added, NOW);
	assert_int_equal(dossier_get(dossier, &dossier_claim_type, 9, &arena, &claim, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "there is no claim 9"));
	arena_free(&arena);
	dossier_close(dossier);
}

static void the_same_twice_is_once(void **state)
{
	struct dossier_claim claim = { .start = 11, .end = 18, .kind = "measurement", .said = DOSSIER_SPAN_NONE };
	struct dossier_link link = { .claim = 1, .kind = "denies", .target = 2 };
	struct arena arena = { 0 };
	struct dossier_source source;
	struct quoting quoting;
	struct err err = { 0 };
	bool fresh;
	uint32_t id;
	struct dossier *dossier = filled(&id);

	(void)state;
	must(source_resolve(dossier, "1", &arena, &source, &err), &err);
	must(quoting_open(dossier, &source, &arena, &quoting, &err), &err);
	must(claim_chain_parse(view_of("Dyn Research > AFP"), &arena, &claim, &err), &err);
	must(claim_add(dossier, &quoting, &claim, NULL, &fresh, &err), &err);
	assert_false(fresh);
	assert_int_equal(claim.id, id);
	claim.kind = "denial";
	must(claim_add(dossier, &quoting, &claim, NULL, &fresh, &err), &err);
	assert_true(fresh);
	must(dossier_add(dossier, &dossier_link_type, &link, &fresh, &err), &err);
	assert_true(fresh);
	link.id = 0;
	must(dossier_add(dossier, &dossier_link_type, &link, &fresh, &err), &err);
	assert_false(fresh);
	/* What the schema forbids. */
	link.kind = "loves";
	assert_int_equal(dossier_add(dossier, &dossier_link_type, &link, NULL, &err), ERR_FORMAT);
	link.kind = "repeats";
	link.target = 77;
	assert_int_not_equal(dossier_add(dossier, &dossier_link_type, &link, NULL, &err), 0);
	arena_free(&arena);
	dossier_close(dossier);
}

static void what_changed_is_named(void **state)
{
	static const struct { const char *sql, *text; } cases[] = {
		{ "UPDATE claim SET exact = 'résaaux'",
		  "claim 1: the quote differs from a.txt at character 14: it has \"a\", the source \"e\"" },
		{ "UPDATE claim SET prefix = 'Les quatra '",
		  "claim 1: what stands before the quote differs from a.txt at character 9" },
		{ "UPDATE source SET size = 84", "source 1 (a.txt): it has 86 bytes and 83 characters, recorded are 84 and 83" },
		{ "UPDATE source SET characters = 85", "it has 86 bytes and 83 characters, recorded are 86 and 85" },
		{ "UPDATE claim SET start = 12", "claim 1: what stands before the quote differs from a.txt at character 1" },
		{ "UPDATE claim SET \"end\" = 99", "claim 1: its place, characters 11 to 99, is not in a.txt" },
		{ "UPDATE claim SET \"end\" = 19", "claim 1: the quote has 7 characters, its place 8" },
		{ "UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), 'quatre', 'quatra') AS BLOB)",
		  "source 1 (a.txt): its text changed: SHA-256 is " },
		{ "UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), 'quatre', 'quatra') AS BLOB)",
		  "claim 1: what stands before the quote differs from a.txt at character 9: it has \"e\", the source \"a\"" },
		{ "UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), 'chinois', 'chinoix') AS BLOB)",
		  "source 1 (a.txt): its text changed: SHA-256 is " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		uint32_t id;
		struct dossier *dossier = filled(&id);

		must(dossier_sql(dossier, cases[i].sql, &err), &err);
		assert_int_equal(dossier_verify(dossier, &err), ERR_FORMAT);
		if (!strstr(err.text, cases[i].text))
			fail_msg("case %zu: %s", i, err.text);
		dossier_close(dossier);
		unlink(path);
	}
	/* The teardown removes it. */
	dossier_close(filled(&(uint32_t){ 0 }));
}

static void wrong_quotes_are_refused(void **state)
{
	struct dossier_claim claim = { .start = 11, .end = 18, .kind = "measurement", .said = DOSSIER_SPAN_NONE };
	struct view wrong = view_of("réseaus"), longer = view_of("réseaux de");
	struct arena arena = { 0 };
	struct dossier_source source;
	struct quoting quoting;
	struct err err = { 0 };
	bool fresh;
	uint32_t id;
	struct dossier *dossier = filled(&id);

	(void)state;
	must(source_resolve(dossier, "a.txt", &arena, &source, &err), &err);
	must(quoting_open(dossier, &source, &arena, &quoting, &err), &err);
	assert_int_equal(claim_add(dossier, &quoting, &claim, &wrong, &fresh, &err), ERR_FORMAT);
	assert_string_equal(err.text, "the quote differs from a.txt at character 17: it has \"s\", the source \"x\"");
	assert_int_equal(claim_add(dossier, &quoting, &claim, &longer, &fresh, &err), ERR_FORMAT);
	claim.end = 84;
	assert_int_equal(claim_add(dossier, &quoting, &claim, NULL, &fresh, &err), ERR_FORMAT);
	claim.end = 18;
	claim.kind = "Big lie";
	assert_int_equal(claim_add(dossier, &quoting, &claim, NULL, &fresh, &err), ERR_USAGE);
	arena_free(&arena);
	dossier_close(dossier);
}

static void files_that_are_no_dossier(void **state)
{
	struct dossier *dossier;
	struct err err = { 0 };
	uint32_t id;
	FILE *file;

	(void)state;
	assert_int_equal(dossier_open("/nowhere/x", NOW, &dossier, &err), ERR_USAGE);
	dossier_close(filled(&id));
	assert_int_equal(dossier_create(path, "again", NOW, &dossier, &err), ERR_USAGE);
	must(dossier_open(path, NOW, &dossier, &err), &err);
	must(dossier_sql(dossier, "PRAGMA user_version = 999", &err), &err);
	dossier_close(dossier);
	assert_int_equal(dossier_open(path, NOW, &dossier, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "a dossier of a later constat (schema 999"));
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("this is a text of some length, and no database at all, whatever one may hope for it", file);
	fclose(file);
	assert_int_equal(dossier_open(path, NOW, &dossier, &err), ERR_FORMAT);
}

static void chains(void **state)
{
	static const struct { const char *text; uint32_t count; const char *first, *last; } cases[] = {
		{ "", 0, NULL, NULL },
		{ "KP", 1, "KP", "KP" },
		{ "KP foreign ministry (via KCNA, AFP)", 3, "KP foreign ministry", "AFP" },
		{ "former US officials (unnamed), via Washington Post", 2, "former US officials (unnamed)", "Washington Post" },
		{ "article (AFP)", 1, "article (AFP)", "article (AFP)" },
		{ "a → b → c → d", 4, "a", "d" },
		{ "a > b", 2, "a", "b" },
		{ "a (via b) c", 1, "a (via b) c", "a (via b) c" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dossier_claim claim = { 0 };

		assert_int_equal(claim_chain_parse(view_of(cases[i].text), &arena, &claim, NULL), 0);
		assert_int_equal(claim.speaker_count, cases[i].count);
		if (cases[i].count) {
			assert_string_equal(claim.speakers[0].name, cases[i].first);
			assert_string_equal(claim.speakers[cases[i].count - 1].name, cases[i].last);
		}
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_come_back, path_make, path_remove),
		cmocka_unit_test_setup_teardown(the_same_twice_is_once, path_make, path_remove),
		cmocka_unit_test_setup_teardown(what_changed_is_named, path_make, path_remove),
		cmocka_unit_test_setup_teardown(wrong_quotes_are_refused, path_make, path_remove),
		cmocka_unit_test_setup_teardown(files_that_are_no_dossier, path_make, path_remove),
		cmocka_unit_test(chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
