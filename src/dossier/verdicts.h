/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assertions and verdicts in the dossier: written with what they rest on, and read together with
 * the claims they are about.
 */
#ifndef CONSTAT_DOSSIER_VERDICTS_H
#define CONSTAT_DOSSIER_VERDICTS_H

#include "dossier/dossier.h"
#include "dossier/judge.h"

/* An assertion as it is kept, with its claim. */
struct asserted {
	struct dossier_assertion row;
	struct dossier_claim claim;
	struct assertion assertion;
};

/* Keeps the canonical form of `text`; ret_mistake as assertion_parse() has it. */
int assertion_add(struct dossier *dossier, uint32_t claim, struct view text, uint32_t *ret_id,
		  bool *ret_new, struct assertion_mistake *ret_mistake, struct err *err);
/* All, or those of one claim (0: all), in the order of the claims. */
int assertions_load(struct dossier *dossier, uint32_t claim, struct arena *arena,
		    struct asserted **ret_asserted, uint32_t *ret_count, struct err *err);

/*
 * Keeps a finding's canonical JSON, or with `proof` not empty the proof it came in; *ret_id is the
 * old one's where it is there already.
 */
int finding_keep(struct dossier *dossier, const struct finding *finding, struct view proof,
		 const char *label, uint32_t *ret_id, struct err *err);
/*
 * What a finding's row says of the finding: its question, and of when it is. Texts are in the
 * arena.
 */
int finding_describe(const struct finding *finding, struct arena *arena,
		     struct dossier_finding *row, struct err *err);
/*
 * The finding again out of the bytes that are kept of it, by the row's form: of canonical JSON, or
 * of a proof, if timeline and records give its result again. The bytes are strangers': this runs in
 * the reader process.
 */
int finding_unpack(const char *form, struct view bytes, struct finding *ret_finding,
		   struct err *err);
/* `finding` 0: it rests on none. */
int verdict_keep(struct dossier *dossier, uint32_t assertion, uint32_t finding,
		 const struct judgement *judgement, uint32_t *ret_id, bool *ret_new,
		 struct err *err);

/* A verdict with all that it is read with. */
struct verdict_view {
	uint32_t verdict_id, claim, assertion, finding;
	const char *quote, *asserted;
	const char *claimed, *measured, *verdict, *why, *nearest;
	int64_t away;
	struct dossier_span when;
	const char *form, *question, *label, *finding_sha256;	/* "" where it rests on none */
};

extern const struct schema verdict_view_schema;

/* Of all assertions, or of one claim's; in the order of claims, then of verdicts. */
int verdicts_load(struct dossier *dossier, uint32_t claim, struct arena *arena,
		  struct verdict_view **ret_views, uint32_t *ret_count, struct err *err);
int verdict_view_load(struct dossier *dossier, uint32_t verdict, struct arena *arena,
		      struct verdict_view *ret_view, struct err *err);

#endif
