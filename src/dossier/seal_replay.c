/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The replay: bytes and rows into a dossier in memory, whose tables refuse what no dossier holds;
 * then each thing that follows from others is worked out again by what worked it out in the first
 * place, and compared.
 *
 * Findings may be large, so they are taken one after the other, each with the verdicts that rest on
 * it and the facts that are of it. Both lists are brought into the order of findings first: the
 * time it takes is no product of two numbers that a stranger chose.
 */
#include "dossier/seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "dossier/claim.h"
#include "dossier/matrix.h"
#include "dossier/seal_parts.h"
#include "dossier/snapshot.h"
#include "dossier/stix_names.h"
#include "dossier/verdicts.h"
#include "proof/parts.h"

#define FIELD(type, name, kind) { #name, kind, offsetof(struct type, name), 0, NULL }
#define FIELDS(fields) fields, sizeof(fields) / sizeof((fields)[0])
#define T seal_finding
static const struct field finding_fields[] = {
	FIELD(T, finding, FIELD_U32), FIELD(T, question, FIELD_TEXT), FIELD(T, label, FIELD_TEXT),
	FIELD(T, sha256, FIELD_TEXT), FIELD(T, proof, FIELD_BOOL), FIELD(T, verdicts, FIELD_U32),
};
static const struct schema seal_finding_schema = {
	"finding", sizeof(struct T), FIELDS(finding_fields),
};
#undef T
#define T seal_report
static const struct field report_fields[] = {
	FIELD(T, title, FIELD_TEXT), FIELD(T, sources, FIELD_U32), FIELD(T, claims, FIELD_U32),
	FIELD(T, links, FIELD_U32), FIELD(T, assertions, FIELD_U32), FIELD(T, confirmed, FIELD_U32),
	FIELD(T, contradicted, FIELD_U32), FIELD(T, insufficient, FIELD_U32),
	FIELD(T, not_measurable, FIELD_U32),
	{ "findings", FIELD_LIST, offsetof(struct T, findings), offsetof(struct T, finding_count),
	  &seal_finding_schema },
	FIELD(T, hypotheses, FIELD_U32), FIELD(T, items, FIELD_U32), FIELD(T, ratings, FIELD_U32),
	FIELD(T, foreign, FIELD_U32), FIELD(T, leading, FIELD_TEXT),
};
const struct schema seal_report_schema = {
	"dossier", sizeof(struct T), FIELDS(report_fields),
};
#undef T

struct replay {
	const struct bundle *bundle;
	struct dossier *dossier;
	struct arena *arena;		/* the report's */
	struct seal_report report;
	struct arena scratch;
	/* In the order of the findings that they are of. */
	struct dossier_verdict *verdicts;
	uint32_t verdict_count, verdict_at;
	struct dossier_evidence *items;
	uint32_t item_count, item_at;
	struct err *err;
};

/* Two rows that should be the same. */
static int compare(struct replay *replay, const struct dossier_type *type, uint32_t id,
		   const void *again, const void *said)
{
	struct buf where = { .cap = 300 };
	int code = 0;

	if (proof_difference(type->schema, "", again, said, &where))
		code = err_set(replay->err, ERR_FORMAT, "%s %u: %.*s", type->table, id,
			       (int)where.len, where.data ? where.data : "");
	buf_free(&where);
	return code;
}

static bool is_content(const struct tar_member *member)
{
	return strncmp(member->name, CONTENT_FOLDER, strlen(CONTENT_FOLDER)) == 0;
}

static int contents_take(struct replay *replay)
{
	char sha256[65];
	int code = dossier_begin(replay->dossier, replay->err);

	for (uint32_t i = 0; i < replay->bundle->count && code == 0; i++) {
		const struct tar_member *member = &replay->bundle->members[i];

		if (!is_content(member))
			continue;
		code = dossier_keep(replay->dossier, member->bytes, member->len, sha256,
				    replay->err);
		if (code == 0 && strcmp(sha256, member->name + strlen(CONTENT_FOLDER)) != 0)
			code = err_set(replay->err, ERR_FORMAT, "%s: its SHA-256 is %s",
				       member->name, sha256);
	}
	if (code == 0)
		return dossier_commit(replay->dossier, replay->err);
	dossier_rollback(replay->dossier);
	return code;
}

/* Rows that name bytes which are not there have been refused; here, bytes that no row names. */
static int contents_check(struct replay *replay)
{
	const char **names;
	uint32_t count = 0, at = 0;
	int code = seal_contents(replay->dossier, &replay->scratch, &names, &count, replay->err);

	for (uint32_t i = 0; i < replay->bundle->count && code == 0; i++) {
		const struct tar_member *member = &replay->bundle->members[i];

		if (!is_content(member))
			continue;
		while (at < count && strcmp(names[at], member->name + strlen(CONTENT_FOLDER)) < 0)
			at++;
		if (at == count || strcmp(names[at], member->name + strlen(CONTENT_FOLDER)) != 0)
			code = err_set(replay->err, ERR_FORMAT, "%s: no row is of it",
				       member->name);
	}
	return code;
}

static int about_take(struct replay *replay)
{
	struct dossier_about about;
	uint32_t count = 0;
	int code = dossier_count(replay->dossier, &dossier_about_type, &count, replay->err);

	if (code == 0 && count == 0)
		return err_set(replay->err, ERR_FORMAT,
			       MEMBER_DOSSIER ": nothing on the dossier itself");
	if (code == 0)
		code = dossier_get(replay->dossier, &dossier_about_type, 1, replay->arena, &about,
				   replay->err);
	if (code == 0)
		replay->report.title = about.title;
	return code;
}

/* Hashes, sizes and quotes have been looked at; here, that each text is that of its bytes. */
static int sources_replay(struct replay *replay)
{
	struct dossier_source *sources;
	uint32_t count = 0;
	int code = dossier_list(replay->dossier, &dossier_source_type, NULL, 0, &replay->scratch,
				&sources, &count, replay->err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct arena arena = { 0 };
		struct view bytes, text;

		code = dossier_bytes(replay->dossier, sources[i].sha256, &arena, &bytes.ptr,
				     &bytes.len, replay->err);
		if (code == 0)
			code = dossier_bytes(replay->dossier, sources[i].text_sha256, &arena,
					     &text.ptr, &text.len, replay->err);
		if (code == 0)
			code = source_derive(&sources[i], bytes, text, replay->err);
		arena_free(&arena);
	}
	replay->report.sources = count;
	return code;
}

static int claims_replay(struct replay *replay)
{
	struct dossier_claim *claims;
	uint32_t count = 0;
	int code = dossier_list(replay->dossier, &dossier_claim_type, NULL, 0, &replay->scratch,
				&claims, &count, replay->err);

	for (uint32_t i = 0; i < count && code == 0; i++)
		if (!claim_kind_valid(claims[i].kind))
			code = err_set(replay->err, ERR_FORMAT,
				       "claim %u: its kind is no lower-case word", claims[i].id);
	replay->report.claims = count;
	return code;
}

/* In the one form in which a dossier keeps them. */
static int assertions_replay(struct replay *replay)
{
	struct dossier_assertion *rows;
	uint32_t count = 0;
	int code = dossier_list(replay->dossier, &dossier_assertion_type, NULL, 0, &replay->scratch,
				&rows, &count, replay->err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct assertion assertion;
		struct buf text = { 0 };

		code = assertion_parse(view_of(rows[i].text), &replay->scratch, &assertion, NULL,
				       replay->err);
		if (code) {
			err_prefix(replay->err, "assertion %u", rows[i].id);
			return ERR_FORMAT;
		}
		assertion_format(&assertion, &text);
		if (text.failed)
			code = err_memory(replay->err);
		else if (!view_equal(view_of(rows[i].text), (struct view){ text.data, text.len }))
			code = err_set(replay->err, ERR_FORMAT,
				       "assertion %u: not in its canonical form, %.*s", rows[i].id,
				       (int)text.len, text.data);
		buf_free(&text);
	}
	replay->report.assertions = count;
	return code;
}

static void verdict_tally(struct seal_report *report, enum verdict verdict)
{
	uint32_t *const counts[] = {
		[VERDICT_CONFIRMED] = &report->confirmed,
		[VERDICT_CONTRADICTED] = &report->contradicted,
		[VERDICT_INSUFFICIENT] = &report->insufficient,
		[VERDICT_NOT_MEASURABLE] = &report->not_measurable,
	};

	++*counts[verdict];
}

/* `finding` NULL: it rests on none. */
static int verdict_replay(struct replay *replay, const struct dossier_verdict *said,
			  const struct finding *finding)
{
	struct dossier_verdict again = *said;
	struct dossier_assertion row;
	struct dossier_claim claim;
	struct assertion assertion;
	struct judgement judgement;
	struct arena *arena = &replay->scratch;
	int code = dossier_get(replay->dossier, &dossier_assertion_type, said->assertion, arena,
			       &row, replay->err);

	if (code == 0)
		code = dossier_get(replay->dossier, &dossier_claim_type, row.claim, arena, &claim,
				   replay->err);
	if (code == 0)
		code = assertion_parse(view_of(row.text), arena, &assertion, NULL, replay->err);
	if (code == 0)
		code = judge(&assertion, claim.said, &finding, finding != NULL, arena, &judgement,
			     replay->err);
	if (code)
		return code;
	if (finding && judgement.finding != 0)
		return err_set(replay->err, ERR_FORMAT,
			       "verdict %u: finding %u says nothing of what is asserted", said->id,
			       said->finding);
	again.verdict = verdict_name(judgement.verdict);
	again.claimed = judgement.claimed;
	again.measured = judgement.measured;
	again.why = judgement.why;
	again.nearest = judgement.nearest;
	again.away = judgement.away;
	again.when = judgement.when;
	verdict_tally(&replay->report, judgement.verdict);
	return compare(replay, &dossier_verdict_type, said->id, &again, said);
}

/* Those that rest on this finding, or on none, which come first. */
static int verdicts_replay(struct replay *replay, uint32_t id, const struct finding *finding,
			   uint32_t *ret_count)
{
	uint32_t count = 0;
	int code = 0;

	while (code == 0 && replay->verdict_at < replay->verdict_count &&
	       replay->verdicts[replay->verdict_at].finding == id) {
		code = verdict_replay(replay, &replay->verdicts[replay->verdict_at++], finding);
		count++;
	}
	*ret_count = count;
	return code;
}

static bool has_fact(const struct finding *finding, const char *text)
{
	const struct finding_report *report = finding->result.report;

	for (uint32_t i = 0; report && i < report->cause_count; i++)
		for (uint32_t k = 0; k < report->causes[i].fact_count; k++)
			if (strcmp(report->causes[i].facts[k].text, text) == 0)
				return true;
	return false;
}

/* Items that are facts of this finding; others have none to be held against, and come first. */
static int facts_replay(struct replay *replay, uint32_t id, const struct finding *finding)
{
	for (; replay->item_at < replay->item_count; replay->item_at++) {
		const struct dossier_evidence *item = &replay->items[replay->item_at];

		if (item->finding > id)
			break;
		if (item->finding == id && !has_fact(finding, item->fact))
			return err_set(replay->err, ERR_FORMAT,
				       "evidence %u: finding %u has no such fact", item->id, id);
	}
	return 0;
}

static int finding_replay(struct replay *replay, const struct dossier_finding *said,
			  struct seal_finding *into)
{
	struct dossier_finding again = *said;
	struct finding finding;
	struct view bytes;
	int code = dossier_bytes(replay->dossier, said->sha256, &replay->scratch, &bytes.ptr,
				 &bytes.len, replay->err);

	if (code == 0)
		code = finding_unpack(said->form, bytes, &finding, replay->err);
	if (code)
		return err_prefix(replay->err, "finding %u", said->id);
	code = finding_describe(&finding, &replay->scratch, &again, replay->err);
	if (code == 0)
		code = compare(replay, &dossier_finding_type, said->id, &again, said);
	if (code == 0)
		code = verdicts_replay(replay, said->id, &finding, &into->verdicts);
	if (code == 0)
		code = facts_replay(replay, said->id, &finding);
	finding_free(&finding);
	into->finding = said->id;
	into->question = said->question;
	into->label = said->label;
	into->sha256 = said->sha256;
	into->proof = strcmp(said->form, "proof") == 0;
	return code;
}

static int by_finding(uint32_t a, uint32_t b, uint32_t a_id, uint32_t b_id)
{
	return a != b ? (a > b) - (a < b) : (a_id > b_id) - (a_id < b_id);
}

static int verdicts_by_finding(const void *a, const void *b)
{
	const struct dossier_verdict *left = a, *right = b;

	return by_finding(left->finding, right->finding, left->id, right->id);
}

static int items_by_finding(const void *a, const void *b)
{
	const struct dossier_evidence *left = a, *right = b;

	return by_finding(left->finding, right->finding, left->id, right->id);
}

static int findings_load(struct replay *replay, struct arena *arena,
			 struct dossier_finding **ret_rows)
{
	int code = dossier_list(replay->dossier, &dossier_verdict_type, NULL, 0, arena,
				&replay->verdicts, &replay->verdict_count, replay->err);

	if (code == 0)
		code = dossier_list(replay->dossier, &dossier_evidence_type, NULL, 0, arena,
				    &replay->items, &replay->item_count, replay->err);
	if (code == 0)
		code = dossier_list(replay->dossier, &dossier_finding_type, NULL, 0, replay->arena,
				    ret_rows, &replay->report.finding_count, replay->err);
	if (code)
		return code;
	if (replay->verdict_count)
		qsort(replay->verdicts, replay->verdict_count, sizeof(*replay->verdicts),
		      verdicts_by_finding);
	if (replay->item_count)
		qsort(replay->items, replay->item_count, sizeof(*replay->items), items_by_finding);
	replay->report.items = replay->item_count;
	return 0;
}

static int findings_replay(struct replay *replay)
{
	struct seal_report *report = &replay->report;
	struct dossier_finding *rows;
	struct arena arena = { 0 };
	uint32_t resting_on_none;
	int code = findings_load(replay, &arena, &rows);

	if (code == 0) {
		report->findings = arena_zalloc(replay->arena, (report->finding_count + 1) *
								       sizeof(*report->findings));
		code = report->findings ? 0 : err_memory(replay->err);
	}
	if (code == 0)
		code = verdicts_replay(replay, 0, NULL, &resting_on_none);
	for (uint32_t i = 0; i < report->finding_count && code == 0; i++) {
		arena_reset(&replay->scratch);
		code = finding_replay(replay, &rows[i], &report->findings[i]);
	}
	arena_free(&arena);
	return code;
}

static int matrix_replay(struct replay *replay)
{
	const struct tar_member *member = bundle_member(replay->bundle, MEMBER_MATRIX);
	struct matrix again, said;
	struct buf where = { .cap = 300 };
	int code = member_decode(&matrix_schema, member, &replay->scratch, &said, replay->err);

	if (code == 0)
		code = matrix_make(replay->dossier, &replay->scratch, &again, replay->err);
	if (code == 0 && proof_difference(&matrix_schema, "", &again, &said, &where))
		code = err_set(replay->err, ERR_FORMAT, MEMBER_MATRIX ": %.*s", (int)where.len,
			       where.data ? where.data : "");
	buf_free(&where);
	if (code)
		return code;
	replay->report.hypotheses = again.row_count;
	replay->report.leading = arena_strndup(replay->arena, again.leading, strlen(again.leading));
	return replay->report.leading ? 0 : err_memory(replay->err);
}

static int foreign_check(const struct dossier_foreign *row, struct err *err)
{
	const struct { const char *key, *said; } names[] = {
		{ "id", row->stix_id }, { "modified", row->modified },
	};
	json_t *json;
	char *text;
	int code = json_read(row->json, strlen(row->json), &json, err);

	if (code)
		return code;
	text = json_dumps(json, STIX_FOREIGN_FORM);
	if (!text)
		code = err_memory(err);
	else if (strcmp(text, row->json) != 0)
		code = err_set(err, ERR_FORMAT, "not as it is kept");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && code == 0; i++) {
		const char *is = json_string_value(json_object_get(json, names[i].key));

		if (strcmp(is ? is : "", names[i].said) != 0)
			code = err_set(err, ERR_FORMAT, "its \"%s\" is not %.60s", names[i].key,
				       names[i].said);
	}
	json_text_free(text);
	json_decref(json);
	return code;
}

static int foreign_replay(struct replay *replay)
{
	struct dossier_foreign *rows;
	uint32_t count = 0;
	int code = dossier_list(replay->dossier, &dossier_foreign_type, NULL, 0, &replay->scratch,
				&rows, &count, replay->err);

	for (uint32_t i = 0; i < count && code == 0; i++)
		if (foreign_check(&rows[i], replay->err))
			code = err_prefix(replay->err, "foreign_object %u", rows[i].id);
	replay->report.foreign = count;
	return code;
}

static int counts_take(struct replay *replay)
{
	int code = dossier_count(replay->dossier, &dossier_link_type, &replay->report.links,
				 replay->err);

	if (code == 0)
		code = dossier_count(replay->dossier, &dossier_rating_type, &replay->report.ratings,
				     replay->err);
	return code;
}

static int rows_replay(struct replay *replay)
{
	return snapshot_decode(bundle_member(replay->bundle, MEMBER_DOSSIER), replay->dossier,
			       replay->err);
}

static int quotes_replay(struct replay *replay)
{
	return dossier_verify(replay->dossier, replay->err);
}

int seal_replay(const struct bundle *bundle, struct arena *arena, struct seal_report *ret_report,
		struct dossier **ret_dossier, struct err *err)
{
	static int (*const steps[])(struct replay *replay) = {
		contents_take, rows_replay, contents_check, about_take, quotes_replay,
		sources_replay, claims_replay, assertions_replay, findings_replay, matrix_replay,
		foreign_replay, counts_take,
	};
	struct replay replay = { .bundle = bundle, .arena = arena, .err = err };
	int code;

	if (bundle->kind != BUNDLE_DOSSIER)
		return err_set(err, ERR_FORMAT, "a %s, no sealed dossier",
			       bundle_kind_name(bundle->kind));
	code = dossier_in_memory(MEMBER_DOSSIER, 0, &replay.dossier, err);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && code == 0; i++) {
		arena_reset(&replay.scratch);
		code = steps[i](&replay);
	}
	arena_free(&replay.scratch);
	if (code == 0)
		*ret_report = replay.report;
	if (code == 0 && ret_dossier)
		*ret_dossier = replay.dossier;
	else
		dossier_close(replay.dossier);
	return code;
}
