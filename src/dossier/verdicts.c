/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verdict keeps what it said and the finding it said it of. Checked again with the same
 * recordings it is the same row; with others it is another beside it, for what was known when is
 * part of the story.
 */
#include "dossier/verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "proof/check.h"

#define T verdict_view
#define FIELD(name, kind) { #name, kind, offsetof(struct T, name), 0, NULL }

static const struct field when_fields[] = {
	{ "from", FIELD_TIME, offsetof(struct dossier_span, from), 0, NULL },
	{ "until", FIELD_TIME, offsetof(struct dossier_span, until), 0, NULL },
};

static const struct schema when_schema = { "when", sizeof(struct dossier_span), when_fields, 2 };

static const struct field view_fields[] = {
	{ "id", FIELD_U32, offsetof(struct T, verdict_id), 0, NULL },
	FIELD(claim, FIELD_U32), FIELD(assertion, FIELD_U32), FIELD(finding, FIELD_U32),
	FIELD(quote, FIELD_TEXT),
	FIELD(asserted, FIELD_TEXT), FIELD(claimed, FIELD_TEXT), FIELD(measured, FIELD_TEXT),
	FIELD(verdict, FIELD_TEXT),
	FIELD(why, FIELD_TEXT), FIELD(nearest, FIELD_TEXT), FIELD(away, FIELD_I64),
	{ "when", FIELD_OBJECT, offsetof(struct T, when), 0, &when_schema },
	FIELD(form, FIELD_TEXT), FIELD(question, FIELD_TEXT), FIELD(label, FIELD_TEXT),
	FIELD(finding_sha256, FIELD_TEXT),
};

const struct schema verdict_view_schema = {
	"verdict_view", sizeof(struct T), view_fields, sizeof(view_fields) / sizeof(view_fields[0]),
};

int assertion_add(struct dossier *dossier, uint32_t claim, struct view text, uint32_t *ret_id,
		  bool *ret_new, struct assertion_mistake *ret_mistake, struct err *err)
{
	struct dossier_assertion row = { .claim = claim };
	struct dossier_claim claim_row;
	struct arena arena = { 0 };
	struct assertion assertion;
	struct buf canonical = { 0 };
	int code = assertion_parse(text, &arena, &assertion, ret_mistake, err);

	if (code == 0)
		code = dossier_get(dossier, &dossier_claim_type, claim, &arena, &claim_row, err);
	if (code == 0) {
		assertion_format(&assertion, &canonical);
		buf_char(&canonical, '\0');
		row.text = canonical.data;
		code = canonical.failed
			       ? err_memory(err)
			       : dossier_add(dossier, &dossier_assertion_type, &row, ret_new, err);
	}
	if (code == 0)
		*ret_id = row.id;
	buf_free(&canonical);
	arena_free(&arena);
	return code;
}

static int by_claim(const void *a, const void *b)
{
	const struct dossier_assertion *left = a, *right = b;

	if (left->claim != right->claim)
		return left->claim < right->claim ? -1 : 1;
	return left->id < right->id ? -1 : left->id > right->id;
}

int assertions_load(struct dossier *dossier, uint32_t claim, struct arena *arena,
		    struct asserted **ret_asserted, uint32_t *ret_count, struct err *err)
{
	struct dossier_assertion *rows;
	struct asserted *all;
	uint32_t count;
	int code = dossier_list(dossier, &dossier_assertion_type, claim ? "claim" : NULL, claim,
				arena, &rows, &count, err);

	if (code)
		return code;
	if (count)
		qsort(rows, count, sizeof(*rows), by_claim);
	all = arena_zalloc(arena, (count + 1) * sizeof(*all));
	if (!all)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		all[i].row = rows[i];
		code = dossier_get(dossier, &dossier_claim_type, rows[i].claim, arena,
				   &all[i].claim, err);
		if (code == 0 &&
		    assertion_parse(view_of(rows[i].text), arena, &all[i].assertion, NULL, err))
			code = err_prefix(err, "%s: assertion %u", dossier_path(dossier),
					  rows[i].id);
	}
	if (code)
		return code;
	*ret_asserted = all;
	*ret_count = count;
	return 0;
}

int finding_describe(const struct finding *finding, struct arena *arena,
		     struct dossier_finding *row, struct err *err)
{
	const struct finding_coverage *coverage = &finding->result.coverage;
	struct buf question = { 0 };

	buf_str(&question, finding->question.kind);
	if (*finding->question.subject)
		buf_printf(&question, " %s", finding->question.subject);
	row->question = question.failed ? NULL : arena_strndup(arena, question.data, question.len);
	row->data = DOSSIER_SPAN_NONE;
	if (coverage->from != UTC_NEVER && coverage->until != UTC_NEVER)
		row->data = (struct dossier_span){ coverage->from, coverage->until + 1 };
	buf_free(&question);
	return row->question ? 0 : err_memory(err);
}

int finding_keep(struct dossier *dossier, const struct finding *finding, struct view proof,
		 const char *label, uint32_t *ret_id, struct err *err)
{
	struct dossier_finding row = { .form = proof.len ? "proof" : "finding", .label = label };
	struct arena arena = { 0 };
	struct buf json = { 0 };
	char sha256[65];
	int code = finding_encode(finding, false, &json, err);

	if (code == 0)
		code = finding_describe(finding, &arena, &row, err);
	if (code == 0)
		code = proof.len ? dossier_keep(dossier, proof.ptr, proof.len, sha256, err)
				 : dossier_keep(dossier, json.data, json.len, sha256, err);
	if (code == 0) {
		row.sha256 = sha256;
		code = dossier_add(dossier, &dossier_finding_type, &row, NULL, err);
	}
	if (code == 0)
		*ret_id = row.id;
	buf_free(&json);
	arena_free(&arena);
	return code;
}

static int finding_of_proof(struct view bytes, struct finding *ret_finding, struct err *err)
{
	struct bundle bundle = { .count = 0 };
	struct proof proof = { 0 };
	int code = bundle_open((const uint8_t *)bytes.ptr, bytes.len, &bundle, err);

	if (code)
		return code;
	code = proof_load(&bundle, &proof, err);
	if (code == 0)
		code = proof_replay(&proof, err);
	if (code == 0) {
		*ret_finding = proof.finding;
		proof.finding = (struct finding){ 0 };
	}
	proof_free(&proof);
	bundle_free(&bundle);
	return code;
}

int finding_unpack(const char *form, struct view bytes, struct finding *ret_finding,
		   struct err *err)
{
	struct finding finding;
	struct buf again = { 0 };
	int code;

	if (strcmp(form, "proof") == 0)
		return finding_of_proof(bytes, ret_finding, err);
	code = finding_decode(bytes.ptr, bytes.len, &finding, err);
	if (code)
		return code;
	code = finding_encode(&finding, false, &again, err);
	if (code == 0 && !view_equal(bytes, (struct view){ again.data, again.len }))
		code = err_set(err, ERR_FORMAT, "no canonical JSON (RFC 8785)");
	buf_free(&again);
	if (code)
		finding_free(&finding);
	else
		*ret_finding = finding;
	return code;
}

int verdict_keep(struct dossier *dossier, uint32_t assertion, uint32_t finding,
		 const struct judgement *judgement, uint32_t *ret_id, bool *ret_new,
		 struct err *err)
{
	struct dossier_verdict row = {
		.assertion = assertion, .finding = finding,
		.verdict = verdict_name(judgement->verdict),
		.claimed = judgement->claimed, .measured = judgement->measured,
		.why = judgement->why,
		.nearest = judgement->nearest, .away = judgement->away, .when = judgement->when,
	};
	int code = dossier_add(dossier, &dossier_verdict_type, &row, ret_new, err);

	if (code == 0)
		*ret_id = row.id;
	return code;
}

static int view_fill(struct dossier *dossier, const struct dossier_verdict *verdict,
		     struct arena *arena, struct verdict_view *ret_view, struct err *err)
{
	struct dossier_finding finding = { .form = "", .question = "", .label = "", .sha256 = "" };
	struct dossier_assertion assertion;
	struct dossier_claim claim;
	int code = dossier_get(dossier, &dossier_assertion_type, verdict->assertion, arena,
			       &assertion, err);

	if (code == 0)
		code = dossier_get(dossier, &dossier_claim_type, assertion.claim, arena, &claim,
				   err);
	if (code == 0 && verdict->finding)
		code = dossier_get(dossier, &dossier_finding_type, verdict->finding, arena,
				   &finding, err);
	if (code)
		return code;
	*ret_view = (struct verdict_view){
		.verdict_id = verdict->id, .claim = claim.id, .assertion = assertion.id,
		.finding = verdict->finding,
		.quote = claim.exact, .asserted = assertion.text, .claimed = verdict->claimed,
		.measured = verdict->measured,
		.verdict = verdict->verdict, .why = verdict->why, .nearest = verdict->nearest,
		.away = verdict->away,
		.when = verdict->when, .form = finding.form, .question = finding.question,
		.label = finding.label,
		.finding_sha256 = finding.sha256,
	};
	return 0;
}

int verdict_view_load(struct dossier *dossier, uint32_t verdict, struct arena *arena,
		      struct verdict_view *ret_view, struct err *err)
{
	struct dossier_verdict row;
	int code = dossier_get(dossier, &dossier_verdict_type, verdict, arena, &row, err);

	return code ? code : view_fill(dossier, &row, arena, ret_view, err);
}

static int by_claim_and_verdict(const void *a, const void *b)
{
	const struct verdict_view *left = a, *right = b;

	if (left->claim != right->claim)
		return left->claim < right->claim ? -1 : 1;
	if (left->assertion != right->assertion)
		return left->assertion < right->assertion ? -1 : 1;
	return left->verdict_id < right->verdict_id ? -1 : left->verdict_id > right->verdict_id;
}

int verdicts_load(struct dossier *dossier, uint32_t claim, struct arena *arena,
		  struct verdict_view **ret_views, uint32_t *ret_count, struct err *err)
{
	struct dossier_verdict *rows;
	struct verdict_view *views;
	uint32_t count, kept = 0;
	int code = dossier_list(dossier, &dossier_verdict_type, NULL, 0, arena, &rows, &count, err);

	if (code)
		return code;
	views = arena_zalloc(arena, (count + 1) * sizeof(*views));
	if (!views)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = view_fill(dossier, &rows[i], arena, &views[kept], err);
		kept += code == 0 && (claim == 0 || views[kept].claim == claim);
	}
	if (code)
		return code;
	if (kept)
		qsort(views, kept, sizeof(*views), by_claim_and_verdict);
	*ret_views = views;
	*ret_count = kept;
	return 0;
}
