/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat simulate: what collectors would have recorded of an Internet to which a scenario happens.
 *
 * All of it runs in this process: a scenario is written by the person who runs it, and no recording
 * is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/terminal.h"
#include "sim/simulate.h"

#define SCENARIO_MAX (16u << 20)

struct simulate_settings {
	const char *out;
	bool has_seed;
	uint64_t seed;
	uint32_t threads;
	bool list;
};

static int set_seed(void *field, const char *value, struct err *err)
{
	struct simulate_settings *settings = field;

	if (!view_u64(view_of(value), &settings->seed))
		return err_set(err, ERR_USAGE, "%s is not a number", value);
	settings->has_seed = true;
	return 0;
}

static const struct option_row simulate_rows[] = {
	{ "out", 'o', "DIR", "folder to write to, made where it is missing", option_set_text,
	  offsetof(struct simulate_settings, out) },
	{ "seed", 0, "N", "in place of the scenario's own", set_seed, 0 },
	{ "threads", 'j', "N", "threads to work with (default: as many as there are processors)",
	  option_set_u32, offsetof(struct simulate_settings, threads) },
	{ "list", 'l', NULL, "name the built-in scenarios and exit", option_set_flag,
	  offsetof(struct simulate_settings, list) },
	{ .name = NULL }
};

static int print(struct buf *buf)
{
	struct err err;
	int rc = buf->failed ? err_memory(&err)
			     : file_write_all(STDOUT_FILENO, buf->data, buf->len, "standard output",
					      &err);

	buf_free(buf);
	return rc == 0 ? CMD_DONE : cmd_fail(&err);
}

static int list_builtins(void)
{
	struct buf buf = { .len = 0 };

	for (uint32_t i = 0; simulate_builtin_name(i); i++)
		buf_printf(&buf, "%s\n", simulate_builtin_name(i));
	return print(&buf);
}

static int read_file(const char *name, struct buf *text, struct err *err)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0 && errno == ENOENT && !strchr(name, '/'))
		return err_set(err, ERR_USAGE,
			       "%s: no such file, and no built-in scenario (see --list)", name);
	if (fd < 0)
		return err_system(err, errno, "%s", name);
	rc = file_read_all(fd, name, SCENARIO_MAX, text, err);
	if (rc == ERR_LIMIT)
		err_set(err, ERR_LIMIT, "%s: longer than any scenario", name);
	if (!standard)
		close(fd);
	return rc;
}

/* The folder of a file, "" for the current one. */
static char *folder_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? strndup(name, slash == name ? 1 : (size_t)(slash - name)) : strdup("");
}

static bool progress(void *context, const char *what, uint32_t done, uint32_t all)
{
	struct buf line = { .len = 0 };

	(void)context;
	if (terminal_has_progress()) {
		buf_printf(&line, "simulating: %s %u%%", what,
			   (uint32_t)((uint64_t)done * 100 / (all ? all : 1)));
		buf_char(&line, '\0');
		if (!line.failed)
			terminal_progress(line.data);
		buf_free(&line);
	}
	return !cmd_interrupted();
}

static void put_totals(struct buf *buf, const struct simulate_totals *totals, const char *out)
{
	buf_printf(buf, "simulated  %s\n           ", totals->title);
	utc_format(buf, totals->from);
	buf_str(buf, " to ");
	utc_format(buf, totals->until);
	buf_printf(buf, ", seed %llu\n", (unsigned long long)totals->seed);
	buf_printf(buf,
		   "world      %u ASes, %u links, %u networks in %u groups; whole table %llu IPv4, "
		   "%llu IPv6\n",
		   totals->ases, totals->links, totals->networks, totals->groups,
		   (unsigned long long)totals->table4, (unsigned long long)totals->table6);
	buf_printf(buf, "routing    %llu messages between ASes, %u networks dark at some time\n",
		   (unsigned long long)totals->between_ases, totals->networks_dark);
	buf_printf(buf,
		   "recorded   %u vantage points at %u collectors: %llu RIB entries, %llu "
		   "announcements, %llu withdrawals, %llu state changes\n",
		   totals->vantages, totals->collectors, (unsigned long long)totals->rib_entries,
		   (unsigned long long)totals->announcements,
		   (unsigned long long)totals->withdrawals, (unsigned long long)totals->states);
	buf_printf(buf, "written    %llu files, %llu bytes, in %s; the truth is in %s/truth.json\n",
		   (unsigned long long)totals->files, (unsigned long long)totals->bytes, out, out);
}

static int run_scenario(const struct simulate_settings *settings, const char *name,
			struct buf *text, struct err *err)
{
	unsigned threads = cmd_threads(&(struct cmd_inputs){ .threads = settings->threads });
	struct simulate_plan plan = {
		.name = name, .out = settings->out, .has_seed = settings->has_seed,
		.seed = settings->seed,
		.threads = threads, .progress = progress,
	};
	struct simulate_totals totals;
	char *folder = folder_of(name);
	int rc = 0;

	if (!folder)
		return err_memory(err);
	plan.folder = folder;
	if (!simulate_builtin(view_of(name), &plan.text)) {
		rc = read_file(name, text, err);
		plan.text = (struct view){ text->data, text->len };
	}
	if (rc == 0)
		rc = simulate(&plan, &totals, err);
	free(folder);
	text->len = 0;
	terminal_progress_clear();
	if (rc != 0)
		return rc;
	put_totals(text, &totals, settings->out);
	simulate_totals_free(&totals);
	return 0;
}

static int simulate_run(void *context, const struct option_list *operands)
{
	const struct simulate_settings *settings = context;
	struct buf text = { .len = 0 };
	struct err err;

	if (settings->list)
		return list_builtins();
	if (operands->count != 1 || !settings->out) {
		cmd_say("%s (see constat help simulate)", operands->count != 1 ? "which scenario?"
			: "--out DIR says where to write");
		return CMD_USAGE;
	}
	if (run_scenario(settings, operands->values[0], &text, &err) != 0) {
		buf_free(&text);
		return cmd_fail(&err);
	}
	return print(&text);
}

static const struct option_group simulate_groups[] = {
	{ "Options", simulate_rows, 0 },
	{ .rows = NULL }
};

const struct command command_simulate = {
	.name = "simulate", .operands = "SCENARIO",
	.summary = "record an Internet that is made up, with the truth beside the recordings",
	.about = "Plays a scenario and writes the RIB and updates files that RouteViews and RIS "
		"collectors would have recorded, truth.json (what happened, when, and who could "
		"see it) and the registry of the world that was made up. SCENARIO is a YAML file, "
		"or the name of a built-in scenario such as kp-2014. The same scenario and seed "
		"give the same files.",
	.groups = simulate_groups, .settings_size = sizeof(struct simulate_settings),
	.run = simulate_run,
};
