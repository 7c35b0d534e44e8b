/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assertions against findings. docs/assertions.md says what each form needs, and when it is which
 * verdict.
 *
 *	judge_question()   what has to be measured for an assertion
 *	judge()            against the findings that are there
 *
 * Pure functions: the same findings give the same verdict. Texts are in the arena given.
 */
#ifndef CONSTAT_DOSSIER_JUDGE_H
#define CONSTAT_DOSSIER_JUDGE_H

#include "dossier/assertion.h"
#include "inquiry/finding.h"
#include "inquiry/inquiry.h"

enum verdict {
	VERDICT_CONFIRMED,
	VERDICT_CONTRADICTED,
	VERDICT_INSUFFICIENT,
	VERDICT_NOT_MEASURABLE,
};

struct judgement {
	enum verdict verdict;
	const char *claimed, *measured;	/* side by side; "" where nothing was measured */
	const char *why;
	const char *nearest;		/* insufficient data: what the nearest data says */
	/* … and how far in time from what is claimed it is; 0: not away */
	int64_t away;
	struct dossier_span when;	/* of what was measured */
	uint32_t finding;		/* which of them it rests on; UINT32_MAX: none */
};

/* Raised whenever the same assertion would get another verdict out of the same finding. */
#define JUDGE_METHOD 1u

/* Peer ASes with a full feed below which absence, and a count that falls short, are not stated. */
#define JUDGE_PEERS_MIN 3

/*
 * Sets kind, subject and time; parameters are the caller's. False where no measurement can decide.
 * `said` stands in for a time that networks and upstreams do not name.
 */
bool judge_question(const struct assertion *assertion, struct dossier_span said,
		    struct question *ret_question);

int judge(const struct assertion *assertion, struct dossier_span said,
	  const struct finding *const *findings, uint32_t finding_count, struct arena *arena,
	  struct judgement *ret_judgement, struct err *err);

const char *verdict_name(enum verdict verdict);

#endif
