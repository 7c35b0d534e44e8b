/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: a dossier in memory on the night of inquiry/test_world.h, and its members. */
#ifndef CONSTAT_DOSSIER_TEST_SEAL_H
#define CONSTAT_DOSSIER_TEST_SEAL_H

#include "dossier/claim.h"
#include "dossier/matrix.h"
#include "dossier/rows.h"
#include "dossier/seal.h"
#include "dossier/verdicts.h"
#include "proof/test_scene.h"

#define NOW (1419379200 * UTC_SECOND)

static const char article[] =
	"North Korea went dark for an hour, a company said. “It was us”, said nobody.\n"
	"A third sentence, which is quoted by nobody.\n";
static const char page[] = "<html><body><p>The power failed.</p></body></html>";

static inline void source(struct dossier *dossier, const char *name, const char *bytes, const char *text,
		   const char *extractor, const char *media)
{
	struct dossier_source row = {
		.name = name, .url = "", .title = "", .publisher = "Gazette", .agency = "", .language = "en",
		.reliability = "", .media = media, .charset = "UTF-8", .extractor = extractor,
		.published = DOSSIER_SPAN_NONE, .retrieved = DOSSIER_SPAN_NONE,
	};
	struct err err = { 0 };
	bool fresh;

	fine(source_add(dossier, &row, view_of(bytes), view_of(text), &fresh, &err), &err);
}

static inline void claim(struct dossier *dossier, const char *name, uint32_t start, uint32_t end)
{
	struct dossier_claim row = {
		.start = start, .end = end, .kind = "statement", .about = "KP", .reading = "",
		.said = { NOW, NOW + UTC_DAY }, .said_basis = "read",
	};
	struct arena arena = { 0 };
	struct dossier_source opened;
	struct quoting quoting;
	struct err err = { 0 };
	bool fresh;

	fine(source_resolve(dossier, name, &arena, &opened, &err), &err);
	fine(quoting_open(dossier, &opened, &arena, &quoting, &err), &err);
	fine(claim_chain_parse(view_of("a company (via EXA)"), &arena, &row, &err), &err);
	fine(claim_add(dossier, &quoting, &row, NULL, &fresh, &err), &err);
	arena_free(&arena);
}

/* As dossier check does it with one finding, or none (0). */
static inline void check(struct dossier *dossier, const struct scene *scene, uint32_t assertion, uint32_t finding)
{
	const struct finding *findings[] = { &scene->proof.finding };
	struct asserted *asserted;
	struct judgement judgement;
	struct arena arena = { 0 };
	uint32_t count, id;
	struct err err = { 0 };
	bool fresh;

	fine(assertions_load(dossier, 0, &arena, &asserted, &count, &err), &err);
	fine(judge(&asserted[assertion - 1].assertion, asserted[assertion - 1].claim.said, findings,
		   finding != 0, &arena, &judgement, &err), &err);
	fine(verdict_keep(dossier, assertion, finding, &judgement, &id, &fresh, &err), &err);
	arena_free(&arena);
}

static inline void rate(struct dossier *dossier, const char *hypothesis, const char *item, const char *rating)
{
	struct dossier_evidence evidence;
	struct arena arena = { 0 };
	struct err err = { 0 };

	fine(evidence_parse(dossier, item, &arena, &evidence, &err), &err);
	fine(rating_set(dossier, hypothesis, &evidence, rating, NULL, "high", NULL, &err), &err);
	arena_free(&arena);
}

/* Every table has rows. Verdict 1 rests on the finding, 2 on its proof, 3 and 4 on nothing. */
static inline struct dossier *filled(const struct scene *scene)
{
	static const struct { uint32_t claim; const char *text; } assertions[] = {
		{ 1, "outage KP from 2014-12-23T02:00Z ±2h" }, { 1, "networks US = 5" },
		{ 2, "cause KP \"sabotage\"" },
	};
	struct dossier_link link = { .claim = 2, .kind = "responds", .target = 1 };
	struct dossier_about about = { .title = "A night", .program = "constat test" };
	struct dossier_foreign foreign = { .stix_id = "indicator--1", .modified = "", .json = "{\"id\":\"indicator--1\"}" };
	struct dossier_hypothesis power = { .name = "power", .text = "The power failed." };
	struct dossier_hypothesis cut = { .name = "cut", .text = "Somebody cut it." };
	struct dossier *dossier;
	struct err err = { 0 };
	uint32_t id;
	bool fresh;

	fine(dossier_in_memory("night", NOW, &dossier, &err), &err);
	fine(dossier_add(dossier, &dossier_about_type, &about, NULL, &err), &err);
	source(dossier, "evening.txt", article, article, "plain-text-1", "text/plain");
	source(dossier, "page.html", page, "The power failed.\n", "html-1", "text/html");
	claim(dossier, "evening.txt", 0, 33);
	claim(dossier, "evening.txt", 52, 61);
	claim(dossier, "page.html", 0, 17);
	fine(dossier_add(dossier, &dossier_link_type, &link, NULL, &err), &err);
	for (size_t i = 0; i < sizeof(assertions) / sizeof(assertions[0]); i++)
		fine(assertion_add(dossier, assertions[i].claim, view_of(assertions[i].text), &id, &fresh,
				   NULL, &err), &err);
	fine(finding_keep(dossier, &scene->proof.finding, VIEW(""), "", &id, &err), &err);
	fine(finding_keep(dossier, &scene->proof.finding,
			  (struct view){ scene->bytes.data, scene->bytes.len }, "night", &id, &err), &err);
	check(dossier, scene, 1, 1);
	check(dossier, scene, 1, 2);
	check(dossier, scene, 2, 0);
	check(dossier, scene, 3, 0);
	fine(dossier_add(dossier, &dossier_hypothesis_type, &power, NULL, &err), &err);
	fine(dossier_add(dossier, &dossier_hypothesis_type, &cut, NULL, &err), &err);
	rate(dossier, "power", "claim:3", "CC");
	rate(dossier, "cut", "claim:3", "I");
	rate(dossier, "power", "verdict:1", "C");
	rate(dossier, "power", "fact:1:1:survival", "N");
	fine(dossier_add(dossier, &dossier_foreign_type, &foreign, NULL, &err), &err);
	return dossier;
}

struct sealed {
	struct arena arena;
	struct bundle bundle;
};

static inline void seal(struct dossier *dossier, struct sealed *sealed)
{
	struct err err = { 0 };

	*sealed = (struct sealed){ .bundle = { .kind = BUNDLE_DOSSIER } };
	fine(seal_members(dossier, &sealed->arena, &sealed->bundle.members, &sealed->bundle.count, &err), &err);
}

static inline struct tar_member *member(struct sealed *sealed, const char *name)
{
	for (uint32_t i = 0; i < sealed->bundle.count; i++)
		if (strcmp(sealed->bundle.members[i].name, name) == 0)
			return &sealed->bundle.members[i];
	fail_msg("no member %s", name);
	return NULL;
}

static inline int parcel_take(void *context, enum stix_parcel what, const struct buf *parcel, struct err *err)
{
	struct stix_counts counts = { 0, 0, 0 };

	return stix_take(context, true, what, (struct view){ parcel->data ? parcel->data : "", parcel->len },
			 &counts, err);
}

#endif
