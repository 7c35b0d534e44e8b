/* SPDX-License-Identifier: BSD-2-Clause */
/* constat archives: print the catalogue of archives and collectors. */
#include <stdlib.h>
#include <unistd.h>

#include "archive/catalogue.h"
#include "base/file.h"
#include "cmd/acquire.h"
#include "cmd/terminal.h"
#include "show/grid.h"

struct archives_settings {
	struct acquire_settings acquire;
	struct cmd_output output;
};

static void print_text(const struct catalogue *catalogue, struct buf *out)
{
	struct grid archives = { 0 }, eras = { 0 };

	grid_column(&archives, "archive", false);
	grid_column(&archives, "layout", false);
	grid_column(&archives, "address", false);
	for (uint32_t i = 0; i < catalogue->archive_count; i++) {
		grid_cell(&archives, catalogue->archives[i].name);
		grid_cell(&archives,
			  catalogue->archives[i].layout == LAYOUT_RIS ? "ris" : "routeviews");
		grid_cell(&archives, catalogue->archives[i].url);
	}
	grid_print(&archives, 0, terminal_colours(), out);
	buf_char(out, '\n');
	grid_column(&eras, "collector", false);
	grid_column(&eras, "archive", false);
	grid_column(&eras, "from", false);
	grid_column(&eras, "until", false);
	grid_column(&eras, "RIBs", true);
	grid_column(&eras, "updates", true);
	grid_column(&eras, "region", false);
	grid_column(&eras, "place", false);
	for (uint32_t i = 0; i < catalogue->era_count; i++) {
		const struct era *era = &catalogue->eras[i];
		int year, month, day;

		grid_cell(&eras, era->collector);
		grid_cell(&eras, catalogue->archives[era->archive].name);
		utc_to_civil(era->from, &year, &month, &day);
		grid_printf(&eras, "%04d-%02d-%02d", year, month, day);
		if (era->until == UTC_NEVER) {
			grid_cell(&eras, "");
		} else {
			utc_to_civil(era->until, &year, &month, &day);
			grid_printf(&eras, "%04d-%02d-%02d", year, month, day);
		}
		grid_duration(&eras, era->ribs);
		grid_duration(&eras, era->updates);
		grid_cell(&eras, era->region);
		grid_cell(&eras, era->place);
	}
	grid_print(&eras, 0, terminal_colours(), out);
}

static void add_csv(struct buf *out, const char *text, char end)
{
	buf_csv(out, text);
	buf_char(out, end);
}

static void print_csv(const struct catalogue *catalogue, struct buf *out)
{
	buf_str(out, "collector,archive,url,folder,from,until,ribs,updates,region,place\n");
	for (uint32_t i = 0; i < catalogue->era_count; i++) {
		const struct era *era = &catalogue->eras[i];

		add_csv(out, era->collector, ',');
		add_csv(out, catalogue->archives[era->archive].name, ',');
		add_csv(out, catalogue->archives[era->archive].url, ',');
		add_csv(out, era->folder, ',');
		utc_format(out, era->from);
		buf_char(out, ',');
		if (era->until != UTC_NEVER)
			utc_format(out, era->until);
		buf_printf(out, ",%lld,%lld,", (long long)(era->ribs / UTC_SECOND),
			   (long long)(era->updates / UTC_SECOND));
		add_csv(out, era->region, ',');
		add_csv(out, era->place, '\n');
	}
}

static void add_json(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "\"%s\":", name);
	buf_json(out, text, strlen(text));
	buf_char(out, ',');
}

static void print_json(const struct catalogue *catalogue, struct buf *out)
{
	buf_char(out, '[');
	for (uint32_t i = 0; i < catalogue->era_count; i++) {
		const struct era *era = &catalogue->eras[i];

		buf_str(out, i ? ",\n{" : "\n{");
		add_json(out, "collector", era->collector);
		add_json(out, "archive", catalogue->archives[era->archive].name);
		add_json(out, "url", catalogue->archives[era->archive].url);
		add_json(out, "folder", era->folder);
		add_json(out, "region", era->region);
		add_json(out, "place", era->place);
		buf_str(out, "\"from\":\"");
		utc_format(out, era->from);
		buf_str(out, "\",\"until\":");
		if (era->until == UTC_NEVER) {
			buf_str(out, "null");
		} else {
			buf_char(out, '"');
			utc_format(out, era->until);
			buf_char(out, '"');
		}
		buf_printf(out, ",\"ribs\":%lld,\"updates\":%lld}",
			   (long long)(era->ribs / UTC_SECOND),
			   (long long)(era->updates / UTC_SECOND));
	}
	buf_str(out, "\n]\n");
}

static int archives_run(void *context, const struct option_list *operands)
{
	struct archives_settings *settings = context;
	struct catalogue *catalogue;
	struct buf out = { 0 };
	struct err err;
	int code;

	(void)operands;
	if (acquire_catalogue(&settings->acquire, &catalogue, &err))
		return cmd_fail(&err);
	if (settings->output.format == CMD_JSON)
		print_json(catalogue, &out);
	else if (settings->output.format == CMD_CSV)
		print_csv(catalogue, &out);
	else
		print_text(catalogue, &out);
	code = out.failed
		       ? err_memory(&err)
		       : file_write_all(STDOUT_FILENO, out.data, out.len, "standard output", &err);
	buf_free(&out);
	catalogue_free(catalogue);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_row rows[] = {
	{
		.name = "catalogue", .argument = "FILE", .set = option_set_text,
		.help = "archives and collectors besides the built-in ones, or in their place",
		.field = offsetof(struct acquire_settings, catalogue),
	}, {
		.name = "mirror", .argument = "NAME=URL", .set = option_set_list,
		.help = "archive NAME is there",
		.field = offsetof(struct acquire_settings, mirrors),
	},
	{ .name = NULL }
};

static const struct option_group groups[] = {
	{ "Options", rows, offsetof(struct archives_settings, acquire) },
	{ "Output", cmd_output_rows, offsetof(struct archives_settings, output) },
	{ .rows = NULL }
};

const struct command command_archives = {
	.name = "archives", .operands = NULL,
	.summary = "print the archives and collectors that are known",
	.about = "Prints the catalogue: archives with their addresses, and collectors with their "
		"times of life, intervals of RIBs and updates, and place. A collector whose "
		"intervals changed has a line for each stretch.",
	.groups = groups, .settings_size = sizeof(struct archives_settings), .run = archives_run,
};
