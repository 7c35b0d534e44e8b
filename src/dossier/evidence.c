/* SPDX-License-Identifier: BSD-2-Clause */
/* Items of evidence: found by what they are called, and rated. */
#include "dossier/matrix.h"

#include <string.h>

int hypothesis_resolve(struct dossier *dossier, const char *text, struct arena *arena,
		       struct dossier_hypothesis *ret_hypothesis, struct err *err)
{
	uint32_t id;
	bool found;
	int code = dossier_find(dossier, &dossier_hypothesis_type, "name", text, arena,
				ret_hypothesis, &found, err);

	if (code || found)
		return code;
	if (view_u32(view_of(text), &id))
		return dossier_get(dossier, &dossier_hypothesis_type, id, arena, ret_hypothesis,
				   err);
	return err_set(err, ERR_USAGE, "%s: there is no hypothesis %s", dossier_path(dossier),
		       text);
}

/* The sentence of a fact in a finding, copied. */
static int fact_find(struct dossier *dossier, const struct dossier_finding *row, uint32_t outage,
		     struct view code_word, struct arena *arena, const char **ret_text,
		     struct err *err)
{
	struct arena own = { 0 };
	struct finding finding = { 0 };
	const struct finding_report *report;
	const char *json, *text = NULL;
	size_t len;
	int code = dossier_bytes(dossier, row->sha256, &own, &json, &len, err);

	if (code == 0)
		code = finding_decode(json, len, &finding, err);
	report = code == 0 ? finding.result.report : NULL;
	for (uint32_t i = 0; report && i < report->cause_count && !text; i++) {
		const struct finding_cause *cause = &report->causes[i];

		for (uint32_t k = 0; cause->outage == outage && k < cause->fact_count && !text; k++)
			if (view_equal(view_of(cause->facts[k].fact), code_word))
				text = arena_strndup(arena, cause->facts[k].text,
						     strlen(cause->facts[k].text));
	}
	finding_free(&finding);
	arena_free(&own);
	if (code)
		return code;
	if (!text)
		return err_set(err, ERR_USAGE,
			       "finding %u has no fact %.*s of outage %u (constat dossier "
			       "hypothesis facts lists them)",
			       row->id, VIEW_ARGS(code_word), outage);
	*ret_text = text;
	return 0;
}

static int fact_parse(struct dossier *dossier, struct view rest, struct arena *arena,
		      struct dossier_evidence *evidence, struct err *err)
{
	struct dossier_finding row;
	struct view finding, outage;
	uint32_t number;
	int code;

	if (!view_split(&rest, ':', &finding) || !view_split(&rest, ':', &outage) ||
	    !view_u32(finding, &evidence->finding) || !view_u32(outage, &number) || rest.len == 0)
		return err_set(err, ERR_USAGE, "a fact is called fact:FINDING:OUTAGE:CODE");
	code = dossier_get(dossier, &dossier_finding_type, evidence->finding, arena, &row, err);
	if (code == 0 && strcmp(row.form, "finding") != 0)
		code = err_set(err, ERR_USAGE,
			       "finding %u is a proof: facts are taken from findings", row.id);
	return code ? code : fact_find(dossier, &row, number, rest, arena, &evidence->fact, err);
}

int evidence_parse(struct dossier *dossier, const char *text, struct arena *arena,
		   struct dossier_evidence *ret_evidence, struct err *err)
{
	struct dossier_evidence evidence = { .fact = "", .credibility = "", .relevance = "medium" };
	struct view rest = view_of(text), word;
	struct dossier_verdict verdict;
	struct dossier_claim claim;
	int code = ERR_USAGE;

	view_split(&rest, ':', &word);
	if (view_equal(word, VIEW("claim")) && view_u32(rest, &evidence.claim))
		code = dossier_get(dossier, &dossier_claim_type, evidence.claim, arena, &claim,
				   err);
	else if (view_equal(word, VIEW("verdict")) && view_u32(rest, &evidence.verdict))
		code = dossier_get(dossier, &dossier_verdict_type, evidence.verdict, arena,
				   &verdict, err);
	else if (view_equal(word, VIEW("fact")))
		code = fact_parse(dossier, rest, arena, &evidence, err);
	else
		err_set(err, ERR_USAGE,
			"\"%s\" is no item: claim:N, verdict:N or fact:FINDING:OUTAGE:CODE", text);
	if (code == 0)
		*ret_evidence = evidence;
	return code;
}

static int rating_write(struct dossier *dossier, uint32_t hypothesis, uint32_t evidence,
			const char *rating, const char *note, struct arena *arena, struct err *err)
{
	struct dossier_rating row = {
		.hypothesis = hypothesis, .evidence = evidence, .rating = rating,
		.note = note ? note : "",
	};
	struct dossier_rating old;
	bool fresh;
	int code = dossier_add(dossier, &dossier_rating_type, &row, &fresh, err);

	if (code || fresh)
		return code;
	code = dossier_get(dossier, &dossier_rating_type, row.id, arena, &old, err);
	if (code)
		return code;
	old.rating = rating;
	if (note)
		old.note = note;
	return dossier_change(dossier, &dossier_rating_type, &old, err);
}

int rating_set(struct dossier *dossier, const char *hypothesis, struct dossier_evidence *evidence,
	       const char *rating, const char *note, const char *relevance, const char *credibility,
	       struct err *err)
{
	struct dossier_hypothesis row;
	struct dossier_evidence kept;
	struct arena arena = { 0 };
	int code = hypothesis_resolve(dossier, hypothesis, &arena, &row, err);

	if (code == 0)
		code = dossier_add(dossier, &dossier_evidence_type, evidence, NULL, err);
	if (code == 0)
		code = dossier_get(dossier, &dossier_evidence_type, evidence->id, &arena, &kept,
				   err);
	if (code == 0 && (relevance || credibility)) {
		kept.relevance = relevance ? relevance : kept.relevance;
		kept.credibility = credibility ? credibility : kept.credibility;
		code = dossier_change(dossier, &dossier_evidence_type, &kept, err);
	}
	if (code == 0)
		code = rating_write(dossier, row.id, evidence->id, rating, note, &arena, err);
	arena_free(&arena);
	return code;
}
