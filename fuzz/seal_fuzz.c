/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a sealed dossier whose manifest, root and signatures hold: what a signer may have made of it. An archive is
 * replayed as it is; any other bytes are edits of a sealed dossier that is made here, whose rows are then named
 * again, so that no edit stops at a name.
 *
 * What must hold: a replay ends, and says why where it does not hold; what holds is written the same again, and is
 * taken by another dossier, which holds then.
 */
#define _GNU_SOURCE
#include <string.h>

#include "dossier/claim.h"
#include "dossier/matrix.h"
#include "dossier/rows.h"
#include "dossier/seal.h"
#include "dossier/verdicts.h"
#include "fuzz.h"

#define NOW 1419379200000000

static const char article[] = "It was dark for an hour, a company said. “Not us”, said nobody.\n";

static struct dossier *filled(void)
{
	struct dossier_about about = { .title = "A night", .program = "fuzz" };
	struct dossier_source source = {
		.name = "a.txt", .url = "", .title = "", .publisher = "", .agency = "EXA", .language = "en",
		.reliability = "B", .media = "text/plain", .charset = "UTF-8",
		.extractor = "plain-text-1", .published = DOSSIER_SPAN_NONE,
		.retrieved = DOSSIER_SPAN_NONE,
	};
	struct dossier_claim claim = { .start = 7, .end = 23, .kind = "fact", .said = { NOW, NOW + 1 } };
	struct dossier_hypothesis hypothesis = { .name = "power", .text = "" };
	struct dossier_evidence evidence = { .claim = 1, .fact = "", .credibility = "", .relevance = "low" };
	struct asserted *asserted;
	struct judgement judgement;
	struct dossier *dossier;
	struct quoting quoting;
	struct arena arena = { 0 };
	uint32_t id, count;
	bool fresh;

	must(dossier_in_memory("fuzz", NOW, &dossier, NULL) == 0);
	must(dossier_add(dossier, &dossier_about_type, &about, NULL, NULL) == 0);
	must(source_add(dossier, &source, view_of(article), view_of(article), &fresh, NULL) == 0);
	must(source_resolve(dossier, "1", &arena, &source, NULL) == 0);
	must(quoting_open(dossier, &source, &arena, &quoting, NULL) == 0);
	must(claim_chain_parse(view_of("a company (via EXA)"), &arena, &claim, NULL) == 0);
	must(claim_add(dossier, &quoting, &claim, NULL, &fresh, NULL) == 0);
	must(assertion_add(dossier, 1, VIEW("cause KP \"power\""), &id, &fresh, NULL, NULL) == 0);
	must(assertions_load(dossier, 0, &arena, &asserted, &count, NULL) == 0);
	must(judge(&asserted[0].assertion, claim.said, NULL, 0, &arena, &judgement, NULL) == 0);
	must(verdict_keep(dossier, 1, 0, &judgement, &id, &fresh, NULL) == 0);
	must(dossier_add(dossier, &dossier_hypothesis_type, &hypothesis, NULL, NULL) == 0);
	must(rating_set(dossier, "power", &evidence, "I", "", NULL, NULL, NULL) == 0);
	arena_free(&arena);
	return dossier;
}

/* The uid of one row as what it says makes it. */
static bool row_name(struct dossier *dossier, const struct dossier_type *type, const char *item)
{
	char uid[DOSSIER_UID], sql[200];
	uint32_t id;

	memcpy(&id, item, sizeof(id));
	if (dossier_uid_make(dossier, type, item, uid, NULL) != 0)
		return false;
	sqlite3_snprintf(sizeof(sql), sql, "UPDATE \"%s\" SET uid = '%s' WHERE id = %u", type->table, uid,
			 id);
	return dossier_sql(dossier, sql, NULL) == 0;
}

static bool rows_name(struct dossier *dossier)
{
	struct arena arena = { 0 };
	bool done = true;

	for (const struct dossier_type *const *type = dossier_types; *type && done; type++) {
		uint32_t count = 0;
		char *items;

		if (*type == &dossier_speaker_type)
			continue;
		done = dossier_list(dossier, *type, NULL, 0, &arena, &items, &count, NULL) == 0;
		for (uint32_t i = 0; i < count && done; i++)
			done = row_name(dossier, *type, items + i * (*type)->schema->size);
	}
	arena_free(&arena);
	return done;
}

/* Columns that an edit may write to, and values that are worth it. */
static const char *const columns[] = {
	"source SET name", "source SET media", "source SET charset", "source SET extractor",
	"source SET size", "source SET characters", "source SET reliability", "source SET sha256",
	"source SET text_sha256", "source SET published_from", "claim SET start", "claim SET \"end\"",
	"claim SET exact", "claim SET prefix", "claim SET suffix", "claim SET kind", "claim SET said_from",
	"claim SET said_until", "claim SET credibility", "speaker SET name", "assertion SET text",
	"verdict SET verdict", "verdict SET claimed", "verdict SET why", "verdict SET away",
	"verdict SET when_from", "verdict SET finding", "hypothesis SET name", "evidence SET claim",
	"evidence SET verdict", "evidence SET fact", "evidence SET relevance", "rating SET rating",
	"about SET title", "about SET added",
};

static const char *const values[] = {
	"''", "0", "1", "2", "NULL", "-1", "4294967296", "9223372036854775807", "'KP'", "'text/html'",
	"'html-1'", "'windows-1252'", "'iso-8859-15'", "'dark for an hour'", "'It was '", "'confirmed'",
	"'not measurable'", "'networks KP = 4'", "'outage KP'", "'CC'", "'high'", "char(8220)", "x'ff'",
	"(SELECT sha256 FROM content LIMIT 1)", "hex(zeroblob(40))", "char(0, 65)",
};

static void edits_apply(struct dossier *dossier, const uint8_t *data, size_t size)
{
	for (; size >= 2; data += 2, size -= 2) {
		char sql[200];

		sqlite3_snprintf(sizeof(sql), sql, "UPDATE %s = %s",
				 columns[data[0] % (sizeof(columns) / sizeof(columns[0]))],
				 values[data[1] % (sizeof(values) / sizeof(values[0]))]);
		/* The tables refuse much of it. */
		(void)dossier_sql(dossier, sql, NULL);
	}
}

static int parcel_take(void *context, enum stix_parcel what, const struct buf *parcel, struct err *err)
{
	struct stix_counts counts = { 0, 0, 0 };

	return stix_take(context, true, what,
			 (struct view){ parcel->data ? parcel->data : "", parcel->len }, &counts, err);
}

/* Another dossier takes all of it over. */
static void must_move(struct dossier *dossier)
{
	struct dossier_about about = { .title = "", .program = "fuzz" };
	struct dossier *other;

	must(dossier_in_memory("other", NOW, &other, NULL) == 0);
	must(dossier_add(other, &dossier_about_type, &about, NULL, NULL) == 0);
	must(dossier_begin(other, NULL) == 0);
	must(seal_parcels(dossier, parcel_take, other, NULL) == 0);
	must(dossier_commit(other, NULL) == 0);
	must(dossier_verify(other, NULL) == 0);
	dossier_close(other);
}

static void must_be_same(struct dossier *dossier, const struct bundle *bundle)
{
	struct arena arena = { 0 };
	struct tar_member *members;
	uint32_t count;

	must(seal_members(dossier, &arena, &members, &count, NULL) == 0);
	for (uint32_t i = 0; i < count; i++) {
		const struct tar_member *own = bundle_member(bundle, members[i].name);

		must(own && own->len == members[i].len);
		must(memcmp(own->bytes, members[i].bytes, own->len) == 0);
	}
	arena_free(&arena);
}

static void check(const struct bundle *bundle)
{
	struct seal_report report;
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct dossier *dossier;

	if (!bundle_member(bundle, MEMBER_DOSSIER) || !bundle_member(bundle, MEMBER_MATRIX))
		return;
	if (seal_replay(bundle, &arena, &report, &dossier, &err) == 0) {
		must_be_same(dossier, bundle);
		must_move(dossier);
		dossier_close(dossier);
	} else {
		must(err.text[0] != '\0');
	}
	arena_free(&arena);
}

static void check_edits(const uint8_t *data, size_t size)
{
	struct bundle bundle = { .kind = BUNDLE_DOSSIER };
	struct dossier *dossier = filled();
	struct arena arena = { 0 };

	edits_apply(dossier, data, size);
	if (rows_name(dossier) &&
	    seal_members(dossier, &arena, &bundle.members, &bundle.count, NULL) == 0)
		check(&bundle);
	arena_free(&arena);
	dossier_close(dossier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bundle bundle = { .kind = BUNDLE_DOSSIER };

	if (tar_read(data, size, &bundle.members, &bundle.count, NULL) == 0) {
		check(&bundle);
		free(bundle.members);
	} else if (size <= 64) {
		check_edits(data, size);
	}
	return 0;
}
