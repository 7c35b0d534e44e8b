/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier claim import: claims in bulk. The reader takes the JSON or CSV apart and gives
 * claims one by one; the keeper writes them in their order, some at a time, so that a crash leaves
 * a whole prefix of them, and the same file can be imported again.
 */
#include "cmd/dossier.h"

#include <string.h>
#include <unistd.h>

#include "dossier/import.h"

/* Written to the disk together. */
#define BATCH 64

struct importing {
	const char *const *files;
	struct dossier *dossier;
	struct import *import;
	uint32_t pending;	/* in the transaction that is open */
	uint32_t number;	/* of the claim in its file */
	uint32_t fresh, old;
};

static int claim_give(void *context, const struct buf *pack, struct err *err)
{
	return guard_give(context, 1, pack->data, pack->len, err);
}

static int import_reader(struct guard *guard, void *context, struct err *err)
{
	const struct importing *importing = context;
	struct buf json = { 0 };
	int fd, code = guard_open(guard, 0, &fd, err);

	if (code == 0) {
		code = dossier_read_all(fd, importing->files[0], &json, err);
		close(fd);
	}
	if (code == 0) {
		struct view text = { json.data ? json.data : "", json.len };
		struct view trimmed = view_trim(text);

		/* A list of objects begins with a bracket, a header line of names does not. */
		code = trimmed.len == 0 || *trimmed.ptr == '[' || *trimmed.ptr == '{'
			       ? import_read(text, claim_give, guard, err)
			       : import_read_csv(text, claim_give, guard, err);
		if (code)
			err_prefix(err, "%s", importing->files[0]);
	}
	buf_free(&json);
	return code;
}

static int batch_end(struct importing *importing, struct err *err)
{
	if (importing->pending == 0)
		return 0;
	importing->pending = 0;
	return dossier_commit(importing->dossier, err);
}

static int import_taken(void *context, uint32_t what, const void *bytes, size_t len,
			struct err *err)
{
	struct importing *importing = context;
	struct import_claim claim;
	bool fresh = false;
	uint32_t id;
	int code = import_unpack((struct view){ bytes, len }, &claim, err);

	(void)what;
	if (code == 0 && importing->pending == 0)
		code = dossier_begin(importing->dossier, err);
	if (code)
		return code;
	importing->number++;
	importing->pending++;
	code = import_add(importing->import, &claim, &id, &fresh, err);
	if (code) {
		/* What stands before it is good. */
		batch_end(importing, NULL);
		return err_prefix(err, "%s: claim %u", importing->files[0], importing->number);
	}
	importing->fresh += fresh;
	importing->old += !fresh;
	return importing->pending == BATCH ? batch_end(importing, err) : 0;
}

static int import_run(void *context, const struct option_list *operands)
{
	struct importing importing = { .files = operands->values + 1 };
	struct guard_plan plan = {
		.files = importing.files, .file_count = 1, .reader = import_reader,
		.taken = import_taken, .context = &importing,
	};
	struct buf line = { 0 };
	struct err err;
	int status,
		code = dossier_open(operands->values[0], dossier_time(), &importing.dossier, &err);

	(void)context;
	if (code == 0)
		code = import_new(importing.dossier, &importing.import, &err);
	status = code ? cmd_fail(&err) : cmd_run(&plan);
	if (code == 0 && batch_end(&importing, &err))
		status = cmd_fail(&err);
	if (status == CMD_DONE) {
		show_count(&line, importing.fresh, "claim", "claims");
		buf_str(&line, " imported");
		if (importing.old)
			buf_printf(&line, ", %u there already", importing.old);
		buf_char(&line, '\n');
		if (dossier_print(&line, &err))
			status = cmd_fail(&err);
	}
	import_free(importing.import);
	dossier_close(importing.dossier);
	return status;
}

static const struct option_group no_groups[] = { { .rows = NULL } };

const struct command command_dossier_claim_import = {
	.name = "dossier claim import", .operands = "DOSSIER FILE", .operands_min = 2,
	.operands_max = 2, .summary = "many at once, from JSON or CSV",
	.about = "A list of objects, or lines of CSV below the names of the keys, with source, "
		"quote, start and end, speaker, kind, about, date, date_basis and assertion "
		"(docs/dossier.md). Each quote must stand in its source at its place. Claims that "
		"are there already are left.",
	.groups = no_groups, .settings_size = 1, .run = import_run,
};
