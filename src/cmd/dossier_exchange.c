/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier export and import: what a dossier holds, for other programs and from other
 * dossiers. A strange bundle is taken apart in the reader; the keeper writes all of it in one
 * transaction, and commits only once every source and quote in the dossier has been verified.
 */
#include "cmd/dossier.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dossier/claimreview.h"
#include "dossier/import.h"
#include "dossier/seal.h"

struct export_settings {
	struct signing_settings signing;
	const char *table, *seal;
	bool stix, claimreview;
};

static int table_put(struct dossier *dossier, const char *table, struct buf *out, struct err *err)
{
	struct arena arena = { 0 };
	uint32_t count = 0;
	void *items;
	int code;

	if (strcmp(table, "claims") == 0)
		return import_write_csv(dossier, out, err);
	for (const struct dossier_type *const *type = dossier_types; *type; type++) {
		if (strcmp((*type)->table, table) != 0)
			continue;
		code = dossier_list(dossier, *type, NULL, 0, &arena, &items, &count, err);
		if (code == 0)
			show_rows_csv((*type)->schema, items, count, out);
		arena_free(&arena);
		return code ? code : out->failed ? err_memory(err) : 0;
	}
	return err_set(err, ERR_USAGE, "--csv: no table is called %s (docs/dossier.md lists them)",
		       table);
}

static int form_put(struct dossier_reading *reading, struct err *err)
{
	const struct export_settings *settings = reading->settings;

	if (settings->table)
		return table_put(reading->dossier, settings->table, &reading->out, err);
	return settings->stix ? stix_write(reading->dossier, &reading->out, err)
			      : claimreview_write(reading->dossier, &reading->out, err);
}

static int export_run(void *context, const struct option_list *operands)
{
	const struct export_settings *settings = context;
	struct err err;
	int code = 0;

	if ((settings->table != NULL) + (settings->seal != NULL) + settings->stix +
		    settings->claimreview !=
	    1)
		code = err_set(&err, ERR_USAGE,
			       "say which form: --stix, --claimreview, --csv TABLE or --seal FILE");
	else if (!settings->seal && (settings->signing.key || settings->signing.passphrase_file))
		code = err_set(&err, ERR_USAGE, "only --seal FILE signs");
	if (code)
		return cmd_fail(&err);
	return settings->seal
		       ? dossier_seal(operands->values[0], settings->seal, &settings->signing)
		       : dossier_read(context, operands, form_put);
}

static const struct option_row export_rows[] = {
	{
		.name = "stix", .set = option_set_flag,
		.help = "everything, as a STIX 2.1 bundle (docs/stix.md)",
		.field = offsetof(struct export_settings, stix),
	}, {
		.name = "claimreview", .set = option_set_flag,
		.help = "verdicts, as ClaimReview in JSON-LD (schema.org)",
		.field = offsetof(struct export_settings, claimreview),
	}, {
		.name = "csv", .argument = "TABLE", .set = option_set_text,
		.help = "one table as CSV: claims, as claim import reads them, or any table by its "
			"name (docs/dossier.md)",
		.field = offsetof(struct export_settings, table),
	}, {
		.name = "seal", .argument = "FILE", .set = option_set_text,
		.help = "everything, in one signed file that constat verify checks (docs/proof.md)",
		.field = offsetof(struct export_settings, seal),
	},
	{ .name = NULL }
};

static const struct option_group export_groups[] = {
	{ "What", export_rows, 0 },
	{ "Signature (with --seal)", signing_rows, offsetof(struct export_settings, signing) },
	{ .rows = NULL }
};

const struct command command_dossier_export = {
	.name = "dossier export", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "for other programs, and other dossiers",
	.about = "Prints what the dossier holds in a form that others read, once every source and "
		"quote has been verified.\nWith --seal it goes into one file with every byte that "
		"it rests on, signed: what follows from what is worked out again before it is "
		"signed, and by constat verify. The same dossier, signed with the same key, is the "
		"same file.",
	.groups = export_groups, .settings_size = sizeof(struct export_settings), .run = export_run,
};

struct taking {
	const char *const *files;
	struct dossier *dossier;
	bool bare;
	struct stix_counts counts;
};

static int parcel_give(void *context, enum stix_parcel what, const struct buf *parcel,
		       struct err *err)
{
	return guard_give(context, what, parcel->data, parcel->len, err);
}

/* Only what holds; who signed it, constat verify tells. */
static int sealed_give(struct guard *guard, struct view bytes, struct err *err)
{
	struct bundle bundle = { .count = 0 };
	struct seal_report report;
	struct dossier *dossier = NULL;
	struct arena arena = { 0 };
	int code = bundle_open((const uint8_t *)bytes.ptr, bytes.len, &bundle, err);

	if (code)
		return code;
	code = seal_replay(&bundle, &arena, &report, &dossier, err);
	if (code == 0)
		code = seal_parcels(dossier, parcel_give, guard, err);
	dossier_close(dossier);
	arena_free(&arena);
	bundle_free(&bundle);
	return code;
}

static int import_reader(struct guard *guard, void *context, struct err *err)
{
	const struct taking *taking = context;
	char head[sizeof(MEMBER_CHECKPOINT)] = "";
	struct buf bytes = { 0 };
	ssize_t len;
	bool sealed;
	int fd, code = guard_open(guard, 0, &fd, err);

	if (code)
		return code;
	len = file_peek(fd, head, sizeof(head));
	/* A pipe has no beginning to go back to: it brings no sealed dossier. */
	if (len < 0 && errno != ESPIPE) {
		code = err_system(err, errno, "%s", taking->files[0]);
		close(fd);
		return code;
	}
	sealed = len == sizeof(head) && memcmp(head, MEMBER_CHECKPOINT, sizeof(head)) == 0;
	code = sealed ? file_read_all(fd, taking->files[0], BUNDLE_SIZE_MAX, &bytes, err)
		      : dossier_read_all(fd, taking->files[0], &bytes, err);
	close(fd);
	if (code == 0) {
		struct view view = { bytes.data ? bytes.data : "", bytes.len };

		code = sealed ? sealed_give(guard, view, err)
			      : stix_read(view, parcel_give, guard, err);
		if (code)
			err_prefix(err, "%s", taking->files[0]);
	}
	buf_free(&bytes);
	return code;
}

static int import_taken(void *context, uint32_t what, const void *bytes, size_t len,
			struct err *err)
{
	struct taking *taking = context;
	int code = stix_take(taking->dossier, taking->bare, what, (struct view){ bytes, len },
			     &taking->counts, err);

	return code ? err_prefix(err, "%s", taking->files[0]) : 0;
}

/* Nothing but what dossier create wrote. */
static int bare_tell(struct dossier *dossier, bool *ret_bare, struct err *err)
{
	uint32_t total = 0;
	int code = 0;

	for (const struct dossier_type *const *type = dossier_types; *type && code == 0; type++) {
		uint32_t count = 0;

		code = dossier_count(dossier, *type, &count, err);
		total += count;
	}
	if (code == 0)
		*ret_bare = total == 1;
	return code;
}

static int counts_say(const struct stix_counts *counts, struct err *err)
{
	struct buf line = { 0 };

	show_count(&line, counts->fresh, "row", "rows");
	buf_str(&line, " imported");
	if (counts->foreign) {
		buf_str(&line, ", ");
		show_count(&line, counts->foreign, "foreign object", "foreign objects");
		buf_str(&line, " kept");
	}
	if (counts->old)
		buf_printf(&line, ", %u there already", counts->old);
	buf_char(&line, '\n');
	return dossier_print(&line, err);
}

static int import_run(void *context, const struct option_list *operands)
{
	struct taking taking = { .files = operands->values + 1 };
	struct guard_plan plan = {
		.files = taking.files, .file_count = 1, .reader = import_reader,
		.taken = import_taken, .context = &taking,
	};
	struct err err;
	int status = CMD_DONE,
	    code = dossier_open_verified(operands->values[0], &taking.dossier, &err);

	(void)context;
	if (code == 0)
		code = bare_tell(taking.dossier, &taking.bare, &err);
	if (code == 0)
		code = dossier_begin(taking.dossier, &err);
	if (code == 0)
		status = cmd_run(&plan);
	if (code == 0 && status == CMD_DONE) {
		code = dossier_verify(taking.dossier, &err);
		if (code == 0)
			code = dossier_commit(taking.dossier, &err);
		if (code == 0)
			code = counts_say(&taking.counts, &err);
	}
	dossier_close(taking.dossier);
	return code ? cmd_fail(&err) : status;
}

static const struct option_group no_groups[] = { { .rows = NULL } };

const struct command command_dossier_import = {
	.name = "dossier import", .operands = "DOSSIER FILE", .operands_min = 2, .operands_max = 2,
	.summary = "a STIX 2.1 bundle, or a sealed dossier",
	.about = "Takes in what another dossier exported as STIX or sealed, row by row as it was "
		"there, and keeps whole what other programs made. All of it or nothing: every "
		"quote must stand in its source. Rows that are there already are left.",
	.groups = no_groups, .settings_size = 1, .run = import_run,
};
