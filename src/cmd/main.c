/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat: a table of commands. Everything a command does that all commands do, from its options
 * to the check that its output could be written, is here; what it is about is in its own file.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/terminal.h"
#include "guard/sandbox.h"

#define HELP_WIDTH_MAX 100

/* In the order of --help: from the bytes of a recording to what they mean. */
static const struct command *const commands[] = {
	&command_dump,
	&command_info,
	&command_census,
	&command_upstreams,
	&command_frontier,
	&command_cut,
	&command_outages,
	&command_report,
	&command_prove,
	&command_verify,
	&command_cosign,
	&command_key,
	&command_archives,
	&command_fetch,
	&command_simulate,
	&command_dossier,
	NULL
};

/* The word that calls it: the last of its name. */
static const char *command_word(const struct command *command)
{
	const char *blank = strrchr(command->name, ' ');

	return blank ? blank + 1 : command->name;
}

static const struct command *command_find(const struct command *const *list, const char *word)
{
	for (; *list; list++)
		if (strcmp(command_word(*list), word) == 0)
			return *list;
	return NULL;
}

static unsigned help_width(void)
{
	unsigned width = terminal_width();

	return width > HELP_WIDTH_MAX ? HELP_WIDTH_MAX : width;
}

static int out_of_memory(void)
{
	struct err err;

	err_memory(&err);
	return cmd_fail(&err);
}

/* Prints and frees; the exit status. */
static int print(struct buf *buf)
{
	struct err err;
	int status = CMD_DONE;

	if (buf->failed)
		status = out_of_memory();
	else if (file_write_all(STDOUT_FILENO, buf->data, buf->len, "standard output", &err))
		status = cmd_fail(&err);
	buf_free(buf);
	return status;
}

static int print_version(void)
{
	struct sandbox_support support = sandbox_support();
	struct buf buf = { .len = 0 };

	buf_str(&buf, "constat " CONSTAT_VERSION "\n");
	buf_printf(&buf, "sandbox: %s, ",
		   support.seccomp ? "seccomp" : "no seccomp in this kernel");
	if (support.landlock)
		buf_printf(&buf, "Landlock (ABI %d)", support.landlock);
	else
		buf_str(&buf, "no Landlock in this kernel");
	buf_str(&buf, sandbox_is_off() ? "; switched off in this build\n" : "\n");
	return print(&buf);
}

static void list_commands(const struct command *const *list, struct buf *buf)
{
	buf_str(buf, "\nCommands:\n");
	for (; *list; list++) {
		buf_printf(buf, "  %-10s", command_word(*list));
		options_wrap(buf, (*list)->summary, 12, 14, help_width());
	}
}

static int print_overview(void)
{
	struct buf buf = { .len = 0 };

	buf_str(&buf, "usage: constat COMMAND [OPTIONS] [FILES]\n"
		      "       constat help COMMAND\n\n");
	options_wrap(&buf, "What happened to a country's networks, from recordings of the "
		     "Internet's routing (MRT files of RouteViews, RIPE RIS and others, compressed "
		     "or not).",
		     0, 0, help_width());
	list_commands(commands, &buf);
	buf_str(&buf, "\n      --version   print the version and exit\n"
		      "  -h, --help      print this and exit\n");
	return print(&buf);
}

/*
 * The command's options and behind them those of all; the caller's to free. `general` is their
 * offset.
 */
static struct option_group *all_groups(const struct command *command, size_t general)
{
	struct option_group *groups;
	size_t count = 0;

	while (command->groups[count].rows)
		count++;
	groups = calloc(count + 2, sizeof(*groups));
	if (!groups)
		return NULL;
	memcpy(groups, command->groups, count * sizeof(*groups));
	groups[count] = (struct option_group){ "General", cmd_general_rows, general };
	return groups;
}

static int print_help(const struct command *command)
{
	struct option_group *groups = all_groups(command, 0);
	struct buf buf = { .len = 0 };

	if (!groups)
		return out_of_memory();
	buf_printf(&buf, "usage: constat %s [OPTIONS]%s%s\n\n", command->name,
		   command->operands ? " " : "", command->operands ? command->operands : "");
	options_wrap(&buf, command->about, 0, 0, help_width());
	options_help(groups, help_width(), &buf);
	free(groups);
	return print(&buf);
}

static int print_group(const struct command *command)
{
	struct buf buf = { .len = 0 };

	buf_printf(&buf,
		   "usage: constat %s COMMAND [OPTIONS] [OPERANDS]\n       constat help %s "
		   "COMMAND\n\n",
		   command->name, command->name);
	options_wrap(&buf, command->about, 0, 0, help_width());
	list_commands(command->commands, &buf);
	return print(&buf);
}

static int unknown_command(const struct command *const *list, const char *name)
{
	const char *nearest = NULL;
	unsigned least = UINT32_MAX;

	for (; *list; list++) {
		unsigned distance = options_distance(name, command_word(*list));

		if (distance < least) {
			least = distance;
			nearest = command_word(*list);
		}
	}
	if (nearest && options_near(name, least))
		cmd_say("unknown command \"%s\" (did you mean \"%s\"?)", name, nearest);
	else
		cmd_say("unknown command \"%s\" (see constat --help)", name);
	return CMD_USAGE;
}

static int help(int argc, char **argv)
{
	const struct command *const *list = commands;
	const struct command *command = NULL;

	for (int i = 1; i < argc && list; i++) {
		command = command_find(list, argv[i]);
		if (!command)
			return unknown_command(list, argv[i]);
		list = command->commands;
	}
	if (!command)
		return print_overview();
	return command->commands ? print_group(command) : print_help(command);
}

/* Operands against what the command takes; the options have been parsed. */
static int check_operands(const struct command *command, const struct option_list *operands,
			  struct err *err)
{
	if (!command->operands && operands->count)
		return err_set(err, ERR_USAGE, "takes no operand (\"%s\")", operands->values[0]);
	if (operands->count < command->operands_min)
		return err_set(err, ERR_USAGE, "%s missing (see constat help %s)",
			       command->operands, command->name);
	if (command->operands_max && operands->count > command->operands_max)
		return err_set(err, ERR_USAGE,
			       "\"%s\" is one operand too many (see constat help %s)",
			       operands->values[command->operands_max], command->name);
	return 0;
}

/* Parses, checks, and runs the command. `general` is where its settings are in `settings`. */
static int run_with(const struct command *command, const struct option_group *groups,
		    char *settings, size_t general, int argc, char **argv)
{
	struct option_list operands = { NULL, 0 };
	struct err err;
	bool wants_help = false;
	int status;

	if (command->defaults)
		memcpy(settings, command->defaults, command->settings_size);
	if (options_parse(groups, settings, argc, argv, &operands, &wants_help, &err))
		status = cmd_fail(&err);
	else if (wants_help)
		status = print_help(command);
	else if (check_operands(command, &operands, &err) ||
		 cmd_apply_general((void *)(settings + general), &err))
		status = cmd_fail(&err);
	else
		status = command->run(settings, &operands);
	options_free(groups, settings);
	free(operands.values);
	return status;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	size_t align = _Alignof(struct cmd_general);
	size_t general = (command->settings_size + align - 1) / align * align;
	char *settings = calloc(1, general + sizeof(struct cmd_general));
	struct option_group *groups = all_groups(command, general);
	int status;

	cmd_set_name(command->name);
	if (settings && groups)
		status = run_with(command, groups, settings, general, argc, argv);
	else
		status = out_of_memory();
	free(groups);
	free(settings);
	return status;
}

/* One of a command's own. */
static int run_within(const struct command *group, int argc, char **argv)
{
	const struct command *command;

	cmd_set_name(group->name);
	if (argc < 2) {
		cmd_say("which command? (see constat help %s)", group->name);
		return CMD_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_group(group);
	command = command_find(group->commands, argv[1]);
	if (!command)
		return unknown_command(group->commands, argv[1]);
	return command->commands ? run_within(command, argc - 1, argv + 1)
				 : run_command(command, argc - 1, argv + 1);
}

/*
 * Descriptors 0 to 2 that are closed would be given to the first files opened. What stands in for
 * them cannot be used either: an answer that nobody gets is no success.
 */
static bool open_standard_descriptors(void)
{
	static const int no_use[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", no_use[fd]) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (!open_standard_descriptors())
		return CMD_FAILED;
	cmd_signals();
	if (argc < 2) {
		cmd_say("which command? (see constat --help)");
		return CMD_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0)
		return print_version();
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_overview();
	if (strcmp(argv[1], "help") == 0)
		return help(argc - 1, argv + 1);
	command = command_find(commands, argv[1]);
	if (!command)
		return unknown_command(commands, argv[1]);
	return command->commands ? run_within(command, argc - 1, argv + 1)
				 : run_command(command, argc - 1, argv + 1);
}
