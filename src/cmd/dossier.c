/* SPDX-License-Identifier: BSD-2-Clause */
/* constat dossier: keep what was said, word for word, and hold it against what was measured. */
#include "cmd/dossier.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/terminal.h"
#include "dossier/text.h"

int64_t dossier_time(void)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	int64_t time;

	return text && utc_parse(view_of(text), &time) ? time : utc_now();
}

int dossier_open_verified(const char *path, struct dossier **ret_dossier, struct err *err)
{
	struct dossier *dossier;
	int code = dossier_open(path, dossier_time(), &dossier, err);

	if (code)
		return code;
	code = dossier_verify(dossier, err);
	if (code)
		dossier_close(dossier);
	else
		*ret_dossier = dossier;
	return code;
}

int dossier_read(const void *settings, const struct option_list *operands,
		 int (*put)(struct dossier_reading *reading, struct err *err))
{
	struct dossier_reading reading = { .operands = operands, .settings = settings };
	struct err err;
	int code = dossier_open_verified(operands->values[0], &reading.dossier, &err);

	if (code == 0)
		code = put(&reading, &err);
	if (code == 0)
		code = dossier_print(&reading.out, &err);
	buf_free(&reading.out);
	arena_free(&reading.arena);
	dossier_close(reading.dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

int dossier_spare(const char *option, const char *path, const char *dossier, struct err *err)
{
	struct stat path_stat, dossier_stat;

	if (stat(path, &path_stat) == 0 && stat(dossier, &dossier_stat) == 0 &&
	    path_stat.st_dev == dossier_stat.st_dev && path_stat.st_ino == dossier_stat.st_ino)
		return err_set(err, ERR_USAGE, "%s %s: that is the dossier itself", option, path);
	return 0;
}

struct show_style dossier_style(void)
{
	return (struct show_style){ .colour = terminal_colours(), .width = terminal_width() };
}

int dossier_print(struct buf *out, struct err *err)
{
	int code = out->failed ? err_memory(err)
			       : file_write_all(STDOUT_FILENO, out->data, out->len,
						"standard output", err);

	buf_free(out);
	return code;
}

int dossier_rows(const struct dossier_type *type, const void *items, uint32_t count,
		 enum cmd_format format, struct buf *out, struct err *err)
{
	if (format == CMD_JSON)
		return show_rows_json(type->schema, items, count, out, err);
	if (format == CMD_CSV)
		show_rows_csv(type->schema, items, count, out);
	return out->failed ? err_memory(err) : 0;
}

int dossier_set_span(void *field, const char *value, struct err *err)
{
	if (!span_parse(view_of(value), field))
		return err_set(err, ERR_USAGE,
			       "\"%s\" is no time such as 2014, 2014-12-23, 2014-12-23T15:41Z or "
			       "A..B",
			       value);
	return 0;
}

int dossier_number(const char *text, const char *what, uint32_t *ret_id, struct err *err)
{
	if (!view_u32(view_of(text), ret_id) || *ret_id == 0)
		return err_set(err, ERR_USAGE, "\"%s\" is no %s: a number is wanted", text, what);
	return 0;
}

int dossier_read_all(int fd, const char *name, struct buf *out, struct err *err)
{
	int code = file_read_all(fd, name, TEXT_MAX, out, err);

	return code == ERR_LIMIT
		       ? err_set(err, ERR_LIMIT, "%s: more than %zu MB", name, TEXT_MAX >> 20)
		       : code;
}

struct create_settings {
	const char *title;
};

static int create_run(void *context, const struct option_list *operands)
{
	const struct create_settings *settings = context;
	struct dossier *dossier;
	struct err err;

	if (dossier_create(operands->values[0], settings->title ? settings->title : "",
			   dossier_time(), &dossier, &err))
		return cmd_fail(&err);
	dossier_close(dossier);
	return CMD_DONE;
}

static const struct option_row create_rows[] = {
	{
		.name = "title", .argument = "TEXT", .set = option_set_text,
		.help = "what it is about",
		.field = offsetof(struct create_settings, title),
	},
	{ .name = NULL }
};

static const struct option_group create_groups[] = {
	{ "Options", create_rows, 0 }, { .rows = NULL },
};

const struct command command_dossier_create = {
	.name = "dossier create", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "make an empty one",
	.about = "Makes an empty dossier: one file, which every other command of constat dossier "
		"names first.",
	.groups = create_groups, .settings_size = sizeof(struct create_settings), .run = create_run,
};

struct show_settings {
	struct cmd_output output;
};

static int about_put(struct dossier_reading *reading, struct err *err)
{
	const struct show_settings *settings = reading->settings;
	struct show_style style = dossier_style();
	struct dossier_about about;
	int code;

	if (settings->output.format == CMD_TEXT)
		return show_dossier(reading->dossier, &style, &reading->out, err);
	code = dossier_get(reading->dossier, &dossier_about_type, 1, &reading->arena, &about, err);
	return code ? code
		    : dossier_rows(&dossier_about_type, &about, 1, settings->output.format,
				   &reading->out, err);
}

static int show_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, about_put);
}

static const struct option_group show_groups[] = {
	{ "Output", cmd_output_rows, offsetof(struct show_settings, output) },
	{ .rows = NULL }
};

const struct command command_dossier_show = {
	.name = "dossier show", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "what it holds",
	.about = "Prints the title and how many sources, claims and so on there are, once every "
		"source and quote has been verified.",
	.groups = show_groups, .settings_size = sizeof(struct show_settings), .run = show_run,
};

static const struct command *const commands[] = {
	&command_dossier_create, &command_dossier_source, &command_dossier_claim,
	&command_dossier_assert,
	&command_dossier_check, &command_dossier_verdicts, &command_dossier_hypothesis,
	&command_dossier_timeline,
	&command_dossier_export, &command_dossier_import, &command_dossier_show,
	&command_dossier_verify, NULL
};

const struct command command_dossier = {
	.name = "dossier", .commands = commands,
	.summary = "keep what was said, word for word, and hold it against what was measured",
	.about = "A dossier is one file with sources as they were archived, claims quoted from "
		"them word for word, and what becomes of those when they are held against "
		"recordings.",
};
