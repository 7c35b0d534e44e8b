/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier timeline: claims, measurements and verdicts on one line of time; and the whole
 * dossier as a page.
 */
#include "cmd/dossier.h"

#include "cmd/page.h"

struct timeline_settings {
	struct cmd_output output;
	struct page_settings page;
	int64_t from, until;
};

static const struct timeline_settings defaults = { .from = UTC_NEVER, .until = UTC_NEVER };

static int entries_print(const struct timeline_settings *settings,
			 const struct timeline_entry *entries, uint32_t count, uint32_t left_out,
			 struct dossier_span period, struct err *err)
{
	struct show_style style = dossier_style();
	struct buf out = { 0 };
	int code = 0;

	if (settings->output.format == CMD_JSON)
		code = show_rows_json(&timeline_schema, entries, count, &out, err);
	else if (settings->output.format == CMD_CSV)
		show_rows_csv(&timeline_schema, entries, count, &out);
	else
		code = show_timeline(entries, count, left_out, period, &style, &out, err);
	if (code == 0)
		code = dossier_print(&out, err);
	buf_free(&out);
	return code;
}

static int timeline_print(struct dossier *dossier, const struct timeline_settings *settings,
			  struct dossier_span period, struct err *err)
{
	struct timeline_entry *entries;
	struct arena arena = { 0 };
	uint32_t count, left_out;
	int code = timeline_make(dossier, period, &arena, &entries, &count, &left_out, err);

	if (code == 0)
		code = entries_print(settings, entries, count, left_out, period, err);
	arena_free(&arena);
	return code;
}

static int page_make(struct dossier *dossier, const struct page_settings *settings,
		     struct dossier_span period, struct err *err)
{
	struct buf out = { 0 };
	int code = show_dossier_page(dossier, period, page_language(settings), &out, err);

	if (code == 0)
		code = page_put(settings, &out, err);
	buf_free(&out);
	return code;
}

static int timeline_run(void *context, const struct option_list *operands)
{
	const struct timeline_settings *settings = context;
	struct dossier_span period = { settings->from, settings->until };
	struct dossier *dossier = NULL;
	struct err err;
	int code = (period.from == UTC_NEVER) == (period.until == UTC_NEVER)
			   ? 0 : err_set(&err, ERR_USAGE, "--from and --until go together");

	if (code == 0 && period.from != UTC_NEVER && period.from >= period.until)
		code = err_set(&err, ERR_USAGE, "--until is not later than --from");
	if (code == 0 && settings->page.html && !page_is_output(&settings->page))
		code = dossier_spare("--html", settings->page.html, operands->values[0], &err);
	if (code == 0)
		code = page_check(&settings->page, &settings->output, &err);
	if (code == 0)
		code = dossier_open_verified(operands->values[0], &dossier, &err);
	if (code == 0 && !page_is_output(&settings->page))
		code = timeline_print(dossier, settings, period, &err);
	if (code == 0 && settings->page.html)
		code = page_make(dossier, &settings->page, period, &err);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_row rows[] = {
	{
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "where the line begins",
		.field = offsetof(struct timeline_settings, from),
	}, {
		.name = "until", .argument = "TIME", .set = option_set_time,
		.help = "where it ends",
		.field = offsetof(struct timeline_settings, until),
	},
	{ .name = NULL }
};

static const struct option_row page_options[] = {
	{
		.name = "html", .argument = "FILE", .set = option_set_text,
		.help = "write the whole dossier as a page too; - in place of text",
		.field = offsetof(struct page_settings, html),
	}, {
		.name = "lang", .argument = "en|fr", .set = page_set_language,
		.help = "language of the page (default: the locale's)",
		.field = offsetof(struct page_settings, language),
	},
	{ .name = NULL }
};

static const struct option_group groups[] = {
	{ "Time", rows, 0 },
	{ "Output", cmd_output_rows, offsetof(struct timeline_settings, output) },
	{ NULL, page_options, offsetof(struct timeline_settings, page) },
	{ .rows = NULL }
};

const struct command command_dossier_timeline = {
	.name = "dossier timeline", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "claims, measurements and verdicts on one line of time",
	.about = "What was said, where in time it was said, as wide as that is known (├─┤); what "
		"was measured, where it was measured (█); and the verdicts that rest on it. With "
		"--html the same as a figure on a page, with claims, verdicts, hypotheses and "
		"sources.",
	.groups = groups, .settings_size = sizeof(struct timeline_settings), .defaults = &defaults,
	.run = timeline_run,
};
