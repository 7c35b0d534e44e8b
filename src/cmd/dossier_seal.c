/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier export --seal: the keeper puts the members together; the reader, which has them
 * in its memory since the fork, works out again what follows from what; only then the keeper takes
 * the key, and signs.
 */
#include "cmd/dossier.h"

#include <unistd.h>

#include "base/file.h"
#include "dossier/seal.h"

struct sealing {
	const char *path;
	struct arena arena;
	struct bundle bundle; /* its members are the arena's */
	uint32_t sources, claims, verdicts;
};

/* The dossier is closed when the reader is forked. */
static int load(struct sealing *sealing, struct err *err)
{
	struct dossier *dossier = NULL;
	int code = dossier_open_verified(sealing->path, &dossier, err);

	if (code == 0)
		code = seal_members(dossier, &sealing->arena, &sealing->bundle.members,
				    &sealing->bundle.count, err);
	if (code == 0)
		code = dossier_count(dossier, &dossier_source_type, &sealing->sources, err);
	if (code == 0)
		code = dossier_count(dossier, &dossier_claim_type, &sealing->claims, err);
	if (code == 0)
		code = dossier_count(dossier, &dossier_verdict_type, &sealing->verdicts, err);
	dossier_close(dossier);
	return code;
}

static int replay(struct guard *guard, void *context, struct err *err)
{
	const struct sealing *sealing = context;
	struct seal_report report;
	struct arena arena = { 0 };
	int code = seal_replay(&sealing->bundle, &arena, &report, NULL, err);

	(void)guard;
	if (code)
		err_prefix(err, "%s: this does not follow from what it holds, so it is not sealed",
			   sealing->path);
	arena_free(&arena);
	return code;
}

static int say(const struct sealing *sealing, const char *file, size_t len,
	       const struct note_key *key, struct err *err)
{
	struct buf line = { 0 };

	buf_printf(&line, "%s: %zu bytes, ", file, len);
	show_count(&line, sealing->sources, "source", "sources");
	buf_str(&line, ", ");
	show_count(&line, sealing->claims, "claim", "claims");
	buf_str(&line, ", ");
	show_count(&line, sealing->verdicts, "verdict", "verdicts");
	buf_str(&line, "; signed by ");
	note_key_name(&line, key->name, key->id);
	buf_char(&line, '\n');
	return dossier_print(&line, err);
}

static int sign(const struct sealing *sealing, const char *file,
		const struct signing_settings *signing, struct err *err)
{
	struct signing_key *key = NULL;
	struct buf bundle = { 0 };
	int code = signing_take(signing, &key, err);

	if (code == 0)
		code = bundle_make(BUNDLE_DOSSIER, sealing->bundle.members, sealing->bundle.count,
				   key, &bundle, err);
	if (code == 0)
		code = file_save(file, &bundle, err);
	if (code == 0)
		code = say(sealing, file, bundle.len, signing_key_public(key), err);
	signing_key_free(key);
	buf_free(&bundle);
	return code;
}

int dossier_seal(const char *dossier, const char *file, const struct signing_settings *signing)
{
	struct sealing sealing = { .path = dossier, .bundle = { .kind = BUNDLE_DOSSIER } };
	const struct guard_plan plan = { .reader = replay, .context = &sealing };
	struct err err;
	int status = CMD_DONE, code = signing_check(signing, &err);

	if (code == 0)
		code = dossier_spare("--seal", file, dossier, &err);
	if (code == 0)
		code = load(&sealing, &err);
	if (code == 0)
		status = cmd_run(&plan);
	if (code == 0 && status == CMD_DONE)
		code = sign(&sealing, file, signing, &err);
	arena_free(&sealing.arena);
	return code ? cmd_fail(&err) : status;
}
