/* SPDX-License-Identifier: BSD-2-Clause */
/* constat fetch: get the recordings of a period into the cache, and say where they are. */
#include "cmd/acquire.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/terminal.h"

struct fetch_settings {
	struct acquire_settings acquire;
	int64_t from, until, ahead;
};

static void show(const struct acquire *acquire)
{
	struct buf line = { .cap = 400 };

	acquire_progress(acquire, &line);
	buf_char(&line, '\0');
	if (!line.failed)
		terminal_progress(line.data);
	buf_free(&line);
}

/* Paths of what is whole on standard output, registries' files last; what is not is said. */
static int report(const struct acquire *acquire, struct err *err)
{
	struct fetch_totals totals = fetch_totals(acquire->fetch);
	struct buf paths = { 0 };
	bool incomplete = false;
	uint32_t came = 0;
	int code;

	for (uint32_t i = 0; i < acquire->count; i++) {
		const struct acquired *wanted = &acquire->files[i];
		const struct fetch_file *file =
			wanted->missing ? NULL : fetch_file(acquire->fetch, wanted->number);

		if (file && file->state == FETCH_WHOLE) {
			buf_printf(&paths, "%s\n", file->path);
			came += file->came;
			continue;
		}
		incomplete = true;
		/* The plan said what the archive's own lists lack. */
		if (file)
			cmd_say("%s: %s", wanted->url, file->why);
	}
	for (uint32_t i = 0; i < acquire->registry_count; i++)
		buf_printf(&paths, "%s\n", acquire->registries[i].path);
	cmd_say("%u of them came, %.1f MB", came, (double)totals.bytes / 1e6);
	code = paths.failed ? err_memory(err)
			    : file_write_all(STDOUT_FILENO, paths.data, paths.len,
					     "standard output", err);
	buf_free(&paths);
	if (code)
		return cmd_fail(err);
	return incomplete ? CMD_INCOMPLETE : CMD_DONE;
}

static int get_all(const struct acquire *acquire, struct err *err)
{
	int code = 0;

	while (code == 0 && fetch_busy(acquire->fetch)) {
		if (cmd_interrupted()) {
			acquire_say_interrupted(acquire);
			return err_set(err, ERR_CANCELLED, "interrupted");
		}
		code = fetch_step(acquire->fetch, NULL, 0, 200, err);
		show(acquire);
	}
	terminal_progress_clear();
	return code;
}

static int fetch_run(void *context, const struct option_list *operands)
{
	struct fetch_settings *settings = context;
	struct acquire_period period = { settings->from, settings->until, settings->ahead };
	struct acquire *acquire;
	struct err err;
	int status;

	(void)operands;
	if (settings->from == UTC_NEVER || settings->until == UTC_NEVER) {
		err_set(&err, ERR_USAGE, "which period? (--from and --until)");
		return cmd_fail(&err);
	}
	if (acquire_plan(&settings->acquire, &period, &acquire, &err))
		return cmd_fail(&err);
	if (settings->acquire.dry_run)
		status = CMD_DONE;
	else if (get_all(acquire, &err))
		status = cmd_fail(&err);
	else
		status = report(acquire, &err);
	acquire_free(acquire);
	return status;
}

static const struct option_row period_rows[] = {
	{
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "the beginning of the period",
		.field = offsetof(struct fetch_settings, from),
	}, {
		.name = "until", .argument = "TIME", .set = option_set_time,
		.help = "its end, not included", .field = offsetof(struct fetch_settings, until),
	}, {
		.name = "ahead", .argument = "DURATION", .set = option_set_duration,
		.help = "how much before the period is got too, as reports need it (default 24h)",
		.field = offsetof(struct fetch_settings, ahead),
	},
	{ .name = NULL }
};

static const struct option_group groups[] = {
	{ "Time", period_rows, 0 },
	{ "Archives", acquire_rows, offsetof(struct fetch_settings, acquire) },
	{ NULL, acquire_registry_rows, offsetof(struct fetch_settings, acquire) },
	{ .rows = NULL }
};

static const struct fetch_settings defaults = {
	.acquire = ACQUIRE_DEFAULTS, .from = UTC_NEVER, .until = UTC_NEVER, .ahead = UTC_DAY,
};

const struct command command_fetch = {
	.name = "fetch", .operands = NULL,
	.summary = "get the recordings of a period from the archives",
	.about = "Gets, for each collector, the last RIB before the period and every updates file "
		"that touches it, into the cache, and prints where they are. What is there already "
		"is not asked for again; a fetch that was stopped, however it was, is gone on with "
		"by the same command.",
	.groups = groups, .settings_size = sizeof(struct fetch_settings), .defaults = &defaults,
	.run = fetch_run,
};
