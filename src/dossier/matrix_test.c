/* SPDX-License-Identifier: BSD-2-Clause */
/* Scores, weights and diagnosticity by hand; and two papers that print one agency's story are one voice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dossier/claim.h"
#include "dossier/matrix.h"

#define NOW (1419379200 * UTC_SECOND)

static char path[64];

static void must(int code, const struct err *err)
{
	if (code)
		fail_msg("%s", err->text);
}

/* Three articles with a claim each: two carry AFP, one Reuters. Claims 1 to 3. */
static struct dossier *filled(const char *second_agency)
{
	static const char *const names[] = { "a.txt", "b.txt", "c.txt" };
	const char *agencies[] = { "AFP", second_agency, "Reuters" };
	struct dossier *dossier;
	struct err err = { 0 };

	snprintf(path, sizeof(path), "/tmp/constat-matrix-%ld", (long)getpid());
	unlink(path);
	must(dossier_create(path, "", NOW, &dossier, &err), &err);
	for (size_t i = 0; i < 3; i++) {
		struct dossier_source source = {
			.name = names[i], .url = "", .title = "", .publisher = "", .agency = agencies[i], .language = "",
			.reliability = i == 2 ? "E" : "", .media = "text/plain", .charset = "UTF-8", .extractor = "plain-text-1",
			.published = DOSSIER_SPAN_NONE, .retrieved = DOSSIER_SPAN_NONE,
		};
		struct dossier_claim claim = { .end = 5, .kind = "fact", .said = DOSSIER_SPAN_NONE };
		struct arena arena = { 0 };
		struct quoting quoting;
		bool fresh;

		must(source_add(dossier, &source, view_of(names[i]), view_of(names[i]), &fresh, &err), &err);
		must(source_resolve(dossier, names[i], &arena, &source, &err), &err);
		must(quoting_open(dossier, &source, &arena, &quoting, &err), &err);
		must(claim_add(dossier, &quoting, &claim, NULL, &fresh, &err), &err);
		arena_free(&arena);
	}
	for (size_t i = 0; i < 2; i++) {
		struct dossier_hypothesis row = { .name = i ? "cable" : "attack", .text = "" };

		must(dossier_add(dossier, &dossier_hypothesis_type, &row, NULL, &err), &err);
	}
	return dossier;
}

static void rate(struct dossier *dossier, const char *hypothesis, const char *item, const char *rating, const char *relevance)
{
	struct dossier_evidence evidence;
	struct arena arena = { 0 };
	struct err err = { 0 };

	must(evidence_parse(dossier, item, &arena, &evidence, &err), &err);
	must(rating_set(dossier, hypothesis, &evidence, rating, NULL, relevance, NULL, &err), &err);
	arena_free(&arena);
}

static void done(struct dossier *dossier)
{
	dossier_close(dossier);
	assert_int_equal(unlink(path), 0);
}

static void scores(void **state)
{
	struct dossier *dossier = filled("AFP");
	struct arena arena = { 0 };
	struct matrix matrix;
	struct err err = { 0 };

	(void)state;
	rate(dossier, "attack", "claim:1", "II", "high");
	rate(dossier, "cable", "claim:1", "CC", NULL);
	rate(dossier, "attack", "claim:3", "C", NULL);
	rate(dossier, "cable", "claim:3", "C", NULL);
	rate(dossier, "cable", "claim:2", "I", "low");
	must(matrix_make(dossier, &arena, &matrix, &err), &err);
	assert_int_equal(matrix.item_count, 3);
	/* Medium credibility, high relevance: √2. An E source is of low credibility. */
	assert_int_equal(matrix.items[0].weight, 1414);
	assert_int_equal(matrix.items[0].diagnosticity, 4);
	assert_string_equal(matrix.items[1].credibility, "low");
	assert_int_equal(matrix.items[1].weight, 707);
	assert_int_equal(matrix.items[1].diagnosticity, 0);
	assert_int_equal(matrix.items[2].weight, 707);
	/* Rows come by their score. */
	assert_string_equal(matrix.rows[0].name, "cable");
	assert_int_equal(matrix.rows[0].score, 707);
	assert_int_equal(matrix.rows[0].against, 1);
	assert_int_equal(matrix.rows[0].for_, 2);
	assert_true(matrix.rows[0].leads);
	assert_int_equal(matrix.rows[1].score, 2828);
	assert_int_equal(matrix.rows[1].unrated, 1);
	assert_false(matrix.rows[1].leads);
	assert_string_equal(matrix.leading, "cable");
	assert_true(matrix.items[0].flips);
	assert_string_equal(matrix.items[0].without, "attack");
	/* Rated again, the last word holds. */
	rate(dossier, "attack", "claim:1", "N", NULL);
	must(matrix_make(dossier, &arena, &matrix, &err), &err);
	assert_int_equal(matrix.item_count, 3);
	assert_string_equal(matrix.leading, "attack");
	assert_int_equal(matrix.items[0].weight, 1414);
	arena_free(&arena);
	done(dossier);
}

static void one_agency_is_one_voice(void **state)
{
	(void)state;
	for (unsigned same = 0; same < 2; same++) {
		struct dossier *dossier = filled(same ? "afp" : "Reuters");
		struct arena arena = { 0 };
		struct matrix matrix;
		struct err err = { 0 };

		rate(dossier, "attack", "claim:1", "I", NULL);
		rate(dossier, "attack", "claim:2", "I", NULL);
		rate(dossier, "cable", "claim:3", "I", NULL);
		must(matrix_make(dossier, &arena, &matrix, &err), &err);
		assert_string_equal(matrix.leading, "cable");
		/* No single item decides; both articles together do where they are one agency's. */
		for (uint32_t i = 0; i < 3; i++)
			assert_false(matrix.items[i].flips);
		assert_int_equal(matrix.origin_count, 2);
		assert_int_equal(matrix.origins[0].items, same ? 2 : 1);
		assert_int_equal(matrix.origins[0].flips, same);
		assert_string_equal(matrix.origins[0].without, same ? "attack" : "");
		assert_false(matrix.origins[1].flips);
		arena_free(&arena);
		done(dossier);
	}
}

static void what_is_no_item(void **state)
{
	static const char *const cases[] = { "", "claim", "claim:9", "verdict:1", "fact:1", "fact:1:1:x", "rumour:1", "claim:x" };
	struct dossier *dossier = filled("AFP");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dossier_evidence evidence;
		struct arena arena = { 0 };
		struct err err = { 0 };

		assert_int_equal(evidence_parse(dossier, cases[i], &arena, &evidence, &err), ERR_USAGE);
		assert_int_not_equal(err.text[0], '\0');
		arena_free(&arena);
	}
	done(dossier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores),
		cmocka_unit_test(one_agency_is_one_voice),
		cmocka_unit_test(what_is_no_item),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
