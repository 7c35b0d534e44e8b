/* SPDX-License-Identifier: BSD-2-Clause */
/* What verify found out about a proof or a sealed dossier, as text and as JSON. */
#ifndef CONSTAT_CMD_VERDICT_H
#define CONSTAT_CMD_VERDICT_H

#include "cmd/cmd.h"
#include "dossier/seal.h"
#include "proof/check.h"

struct verdict_signature {
	const char *key;		/* name+hash */
	const char *state;		/* "holds", "not trusted" */
};

struct verdict_part {
	const char *path, *why;
};

struct verdict {
	struct arena arena;
	const char *file;
	bool accepted;
	const char *reason;		/* why not; NULL: none */
	const char *kind;		/* "proof", "sealed dossier"; NULL: not known */
	uint64_t bytes;
	uint32_t members;
	const char *root;
	uint32_t need, signatures_trusted;
	struct verdict_signature *signatures;
	uint32_t signature_count;
	const char *timestamp_state;	/* "none", "not checked", "holds" */
	int64_t timestamp;
	bool replayed;
	struct seal_report *dossier;	/* NULL: none is sealed in it, or it was not replayed */
	/* the replay of a proof */
	const char *question;		/* "report KP, 2014-12-21 to …" */
	uint32_t method, networks, inputs;
	uint64_t records;
	struct verdict_part *attested;	/* parts of the result taken from the signer */
	uint32_t attested_count;
	/* --inputs */
	uint32_t inputs_found, inputs_missing;
	bool sources_found, recomputed;
};

int verdict_root(struct verdict *verdict, struct view checkpoint_text, struct err *err);
int verdict_signature(struct verdict *verdict, const struct note_signature *signature, bool trusted,
		      struct err *err);
int verdict_replayed(struct verdict *verdict, const struct proof *proof, struct err *err);
/* Room for what the replay of a sealed dossier finds. */
struct seal_report *verdict_dossier(struct verdict *verdict, struct err *err);
int verdict_text(const struct verdict *verdict, struct buf *out, struct err *err);
int verdict_json(const struct verdict *verdict, struct buf *out, struct err *err);
void verdict_free(struct verdict *verdict);

/* verdict_dossier.c: what was checked; what is proved or taken from the signer; what is neither. */
void verdict_dossier_checks(const struct seal_report *dossier, struct buf *out);
void verdict_dossier_proved(const struct seal_report *dossier, struct buf *out);
void verdict_dossier_not_proved(const struct seal_report *dossier, struct buf *out);

#endif
