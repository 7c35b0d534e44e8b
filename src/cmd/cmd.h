/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands: what a file of cmd/ provides, and what they share.
 *
 * A command file defines one `struct command`, declared below and listed in main.c, which does
 * what is alike for all: parses the options by their tables, prints --help, frees the lists. run()
 * then has the settings and operands, forks keeper and reader with cmd_run(), and returns the exit
 * status that this gave.
 *
 *	static int dump_reader(struct guard *guard, void *context, struct err *err);
 *
 *	static int dump_run(void *settings, const struct option_list *operands)
 *	{
 *		struct guard_plan plan = {
 *			.files = operands->values, .file_count = operands->count,
 *			.reader = dump_reader, .context = settings,
 *		};
 *
 *		return cmd_run(&plan);
 *	}
 *
 * The reader says what is wrong with an input by cmd_trouble(), and gives its output by
 * cmd_output(), or writes it to descriptor 1 itself where the plan says stdout_to_reader. Nothing
 * here is for more than one thread, cmd_trouble() and cmd_output() excepted.
 */
#ifndef CONSTAT_CMD_CMD_H
#define CONSTAT_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cmd/options.h"
#include "feed/feed.h"
#include "guard/guard.h"

/*
 * Exit statuses. A signal gives 128 + its number; when whoever read our output went away, the same
 * as SIGPIPE would.
 */
enum cmd_status {
	CMD_DONE = 0,		/* done and complete */
	CMD_FAILED = 1,
	CMD_USAGE = 2,
	CMD_INCOMPLETE = 3,	/* done, but an input was missing, unreadable or damaged */
};

struct command {
	const char *name;			/* of one within another: "dossier source add" */
	/* Commands of its own, ended by NULL, in place of operands, groups and run. */
	const struct command *const *commands;
	const char *operands;			/* "FILES", for the usage line; NULL: takes none */
	uint32_t operands_min;			/* fewer are a mistake, said before run() */
	uint32_t operands_max;			/* more are one, too; 0: any number */
	const char *summary;			/* one line, lower case, no full stop */
	const char *about;			/* paragraphs for --help, "\n" between them */
	const struct option_group *groups;	/* the last without rows */
	size_t settings_size;
	const void *defaults;			/* settings before the options; NULL: zeroes */
	int (*run)(void *settings, const struct option_list *operands);
};

/* Rows that commands share, each table with the structure it writes. */

struct cmd_inputs {
	const char *collector;	/* NULL: told by each file's name */
	uint32_t threads;	/* 0: as many as there are processors; cmd_threads() */
	uint32_t expansion_max;	/* 0: feed's own limits, of both */
	uint32_t record_max;
};

enum cmd_format { CMD_TEXT, CMD_JSON, CMD_CSV };

struct cmd_output {
	enum cmd_format format;
};

/* What every command has; main.c adds the rows to each. */
struct cmd_general {
	uint64_t memory;	/* 0: most of what is available */
	bool no_sandbox;
};

extern const struct option_row cmd_general_rows[];	/* cmd_general: --memory, --no-sandbox */
/* cmd_inputs: --collector; from [1] on --threads, limits */
extern const struct option_row cmd_input_rows[];
extern const struct option_row cmd_output_rows[];	/* cmd_output: --json, --csv */

/* The commands, in the order of --help; each in its file. */
extern const struct command command_dump, command_info, command_census, command_upstreams,
	command_frontier, command_cut, command_outages, command_report, command_simulate,
	command_archives, command_fetch, command_prove, command_verify, command_cosign, command_key,
	command_dossier;

unsigned cmd_threads(const struct cmd_inputs *inputs);
/* What the options say of how to read; the rest is the caller's. */
struct feed_options cmd_feed_options(const struct cmd_inputs *inputs);

/* Keeper. */

/*
 * guard_run() with a progress line on a terminal, and an exit status out of it: whatever went wrong
 * has been said. What the reader gives by cmd_output() and cmd_trouble() is handled here; anything
 * else goes to plan->taken.
 */
int cmd_run(const struct guard_plan *plan);
/* Prints "constat <command>: <text>" unless it is ERR_CANCELLED; returns the exit status for it. */
int cmd_fail(const struct err *err);
/* A line on standard error, "constat <command>: …"; what could steer a terminal becomes "?". */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What the progress line begins with in runs to come; given the plan's context. */
void cmd_progress_words(void (*words)(void *context, struct buf *line));
/* A signal asked to stop: for loops of the keeper outside cmd_run(). */
bool cmd_interrupted(void);

/* Reader. `what` from 0 to CMD_OWN − 1 is the command's own in guard_give(). */

#define CMD_OWN 0xffff0000u

/* Bytes for standard output, in order, of any size. */
int cmd_output(struct guard *guard, const void *bytes, size_t len, struct err *err);
/* "<file>: <what is wrong with it>", said on standard error at once; status CMD_INCOMPLETE. */
int cmd_trouble(struct guard *guard, struct err *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Inputs of a feed opened by the keeper: input i is plan->files[i]. */
struct feed_opener cmd_opener(struct guard *guard);

/* main.c's: takes effect for this process and those to come, before the command runs. */
int cmd_apply_general(const struct cmd_general *general, struct err *err);
/* main.c's: catches SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE; and who is speaking. */
void cmd_signals(void);
void cmd_set_name(const char *name);

#endif
