/* SPDX-License-Identifier: BSD-2-Clause */
/* What verify (and cosign) found out about a proof, as text and as JSON. */
#ifndef CONSTAT_CMD_VERDICT_H
#define CONSTAT_CMD_VERDICT_H

#include "cmd/cmd.h"
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
	uint64_t bytes;
	uint32_t members;
	const char *root;
	uint32_t need, signatures_trusted;
	struct verdict_signature *signatures;
	uint32_t signature_count;
	const char *timestamp_state;	/* "none", "not checked", "holds" */
	int64_t timestamp;
	/* the replay */
	bool replayed;
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
int verdict_text(const struct verdict *verdict, struct buf *out, struct err *err);
int verdict_json(const struct verdict *verdict, struct buf *out, struct err *err);
void verdict_free(struct verdict *verdict);

#endif
