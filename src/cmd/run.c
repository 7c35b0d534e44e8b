/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a command runs: cmd_run() stands between guard_run() and the command. It takes what is alike
 * for all out of what the reader gives (output, lines about inputs), shows progress, and turns the
 * outcome into an exit status.
 *
 * Signals: the handler notes the first one, has guard_run() stop the reader and removes temporary
 * files; the command then ends the ordinary way and main.c's status tells which signal it was. A
 * second one ends the process at once, what is temporary being removed once more, unless a dossier
 * is being written to: the end of its transaction is awaited. Writing beyond a limit on files is an
 * error like a full disk, not a signal.
 */
#define _GNU_SOURCE
#include "cmd/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utc.h"
#include "cmd/terminal.h"
#include "dossier/dossier.h"
#include "guard/memory.h"
#include "guard/sandbox.h"

enum given {
	GIVEN_OUTPUT = CMD_OWN,
	GIVEN_TROUBLE,
};

#define THREADS_MAX		256
#define RECORD_MOST		(1u << 30)
/* A run that is over in less shows no progress line. */
#define PROGRESS_AFTER		(UTC_SECOND / 2)

static void (*progress_words)(void *context, struct buf *line);
static volatile sig_atomic_t caught;
static const char *command_name;
static uint64_t memory_most;	/* 0: no limit */

static int set_threads(void *field, const char *value, struct err *err)
{
	uint32_t threads;
	int rc = option_set_u32(&threads, value, err);

	if (rc)
		return rc;
	if (threads < 1 || threads > THREADS_MAX)
		return err_set(err, ERR_USAGE, "%s is not from 1 to %d", value, THREADS_MAX);
	*(uint32_t *)field = threads;
	return 0;
}

static int set_record_max(void *field, const char *value, struct err *err)
{
	uint64_t bytes;
	int rc = option_set_bytes(&bytes, value, err);

	if (rc)
		return rc;
	if (bytes < MRT_HEADER_SIZE || bytes > RECORD_MOST)
		return err_set(err, ERR_USAGE, "%s is not from %d bytes to 1G", value,
			       MRT_HEADER_SIZE);
	*(uint32_t *)field = (uint32_t)bytes;
	return 0;
}

static int set_json(void *field, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	*(enum cmd_format *)field = CMD_JSON;
	return 0;
}

static int set_csv(void *field, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	*(enum cmd_format *)field = CMD_CSV;
	return 0;
}

const struct option_row cmd_general_rows[] = {
	{
		.name = "memory", .argument = "SIZE", .set = option_set_bytes,
		.help = "most memory that each of the two processes may take, such as 512M or 4G "
			"(default: nine tenths of what is available)",
		.field = offsetof(struct cmd_general, memory),
	}, {
		.name = "no-sandbox", .set = option_set_flag,
		.help = "for debugging: let the process that reads do what it likes",
		.field = offsetof(struct cmd_general, no_sandbox),
	},
	{ .name = NULL }
};

const struct option_row cmd_input_rows[] = {
	{
		.name = "collector", .argument = "NAME", .set = option_set_text,
		.help = "the collector that made the recordings (default: told by each file's "
			"name)",
		.field = offsetof(struct cmd_inputs, collector),
	}, {
		.name = "threads", .letter = 'j', .argument = "N", .set = set_threads,
		.help = "threads to work with (default: one for each processor); the output is the "
			"same for any number",
		.field = offsetof(struct cmd_inputs, threads),
	}, {
		.name = "max-expansion", .argument = "N", .set = option_set_limit,
		.help = "give a compressed file up where it becomes more than N times as large "
			"(default 2000)",
		.field = offsetof(struct cmd_inputs, expansion_max),
	}, {
		.name = "max-record", .argument = "SIZE", .set = set_record_max,
		.help = "pass over records that claim to be larger (default 16M)",
		.field = offsetof(struct cmd_inputs, record_max),
	},
	{ .name = NULL }
};

const struct option_row cmd_output_rows[] = {
	{
		.name = "json", .set = set_json, .help = "print JSON",
		.field = offsetof(struct cmd_output, format),
	}, {
		.name = "csv", .set = set_csv, .help = "print CSV (RFC 4180)",
		.field = offsetof(struct cmd_output, format),
	},
	{ .name = NULL }
};

unsigned cmd_threads(const struct cmd_inputs *inputs)
{
	cpu_set_t set;
	int count;

	if (inputs->threads)
		return inputs->threads;
	/* Fails where there are more processors than a cpu_set_t holds: then many is the answer. */
	if (sched_getaffinity(0, sizeof(set), &set))
		return THREADS_MAX;
	count = CPU_COUNT(&set);
	return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (unsigned)count;
}

struct feed_options cmd_feed_options(const struct cmd_inputs *inputs)
{
	return (struct feed_options){
		.threads = cmd_threads(inputs), .record_max = inputs->record_max,
		.expansion_max = inputs->expansion_max,
	};
}

int cmd_apply_general(const struct cmd_general *general, struct err *err)
{
	uint64_t available = memory_available();

	if (general->no_sandbox)
		sandbox_switch_off();
	else if (!sandbox_is_off() && !sandbox_support().seccomp)
		cmd_say("this kernel has no seccomp: damaged recordings are read with %s",
			sandbox_support().landlock ? "less of a sandbox" : "no sandbox");
	memory_most = general->memory ? general->memory : available / 10 * 9;
	if (!memory_can_limit())
		memory_most = 0;
	return memory_most ? memory_limit(memory_most, err) : 0;
}

void cmd_set_name(const char *name)
{
	command_name = name;
}

/* Names of files and words of damaged ones end up here: nothing in them may steer the terminal. */
static void print_line(const char *text)
{
	char line[2048];
	int len = snprintf(line, sizeof(line), "constat%s%s: %s", command_name ? " " : "",
			   command_name ? command_name : "", text);

	if (len < 0)
		return;
	if ((size_t)len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (int i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	terminal_progress_clear();
	/* Standard error gone: nobody left to tell. */
	(void)file_write_all(STDERR_FILENO, line, (size_t)len, "standard error", NULL);
}

void cmd_say(const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_line(text);
}

int cmd_fail(const struct err *err)
{
	if (caught)
		return 128 + caught;
	if (err->code == ERR_CANCELLED)
		return 128 + SIGPIPE;
	if (err->code == ERR_MEMORY && memory_most)
		cmd_say("%s: %" PRIu64 " MiB are the limit (--memory)", err->text,
			memory_most >> 20);
	else
		print_line(err->text);
	return err->code == ERR_USAGE ? CMD_USAGE : CMD_FAILED;
}

void cmd_progress_words(void (*words)(void *context, struct buf *line))
{
	progress_words = words;
}

bool cmd_interrupted(void)
{
	return caught != 0;
}

static void signal_usual(int number)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(number, &usual, NULL);
}

static void on_signal(int number)
{
	int saved = errno;

	file_abandon_all();
	if (caught && !dossier_is_writing()) {
		signal_usual(number);
		raise(number);	/* comes when this handler is left */
	}
	caught = number;
	guard_interrupt();
	errno = saved;
}

void cmd_signals(void)
{
	static const int stopping[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(stopping) / sizeof(stopping[0]); i++) {
		/* nohup, and background jobs of a plain shell, ask that a signal stay ignored. */
		if (sigaction(stopping[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(stopping[i], &action, NULL);
	}
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

/* What cmd_run() keeps while guard_run() works. */
struct run {
	const struct guard_plan *plan;
	bool troubled;
	uint64_t bytes_total;
	int64_t start;
};

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UTC_SECOND + now.tv_nsec / 1000;
}

/* 0 where one of them is no file whose size is known. */
static uint64_t total_size(const struct guard_plan *plan)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < plan->file_count; i++) {
		struct stat st;

		if (strcmp(plan->files[i], "-") == 0)
			return 0;
		if (stat(plan->files[i], &st))
			continue;	/* will be said when it is opened */
		if (!S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

static void show_progress(void *context, const struct guard_progress *progress)
{
	struct run *run = context;
	uint64_t total = progress->bytes_total ? progress->bytes_total : run->bytes_total;
	struct buf line = { .cap = 400 };

	if (monotonic() - run->start < PROGRESS_AFTER)
		return;
	if (progress_words)
		progress_words(run->plan->context, &line);
	if (total)
		buf_printf(&line, "%3u %%  ", progress->bytes_read >= total ? 100u :
			   (unsigned)(100.0 * (double)progress->bytes_read / (double)total));
	buf_printf(&line, "%.1f MB  %" PRIu64 " events", (double)progress->bytes_read / 1e6,
		   progress->events);
	if (progress->clock != UTC_NEVER) {
		buf_str(&line, "  ");
		utc_format(&line, progress->clock - progress->clock % UTC_SECOND);
	}
	buf_char(&line, '\0');
	if (!line.failed)
		terminal_progress(line.data);
	buf_free(&line);
}

static int take(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct run *run = context;

	if (what == GIVEN_OUTPUT) {
		if (terminal_is(STDOUT_FILENO))
			terminal_progress_clear();
		return file_write_all(STDOUT_FILENO, bytes, len, "standard output", err);
	}
	if (what == GIVEN_TROUBLE) {
		cmd_say("%.*s", len > 2000 ? 2000 : (int)len, (const char *)bytes);
		run->troubled = true;
		return 0;
	}
	if (what >= CMD_OWN || !run->plan->taken)
		return err_set(err, ERR_FORMAT, "the reader gave something that nobody asked for");
	return run->plan->taken(run->plan->context, what, bytes, len, err);
}

/* The reader is handed the command's own context, not cmd_run()'s. */
static int run_reader(struct guard *guard, void *context, struct err *err)
{
	struct run *run = context;

	return run->plan->reader(guard, run->plan->context, err);
}

static int run_open(void *context, uint32_t file, int *ret_fd, struct err *err)
{
	struct run *run = context;

	return run->plan->open(run->plan->context, file, ret_fd, err);
}

static uint32_t run_here(void *context)
{
	struct run *run = context;

	return run->plan->here(run->plan->context);
}

static int run_wait(void *context, const struct pollfd *polls, unsigned count, int timeout_ms,
		    struct err *err)
{
	struct run *run = context;

	return run->plan->wait(run->plan->context, polls, count, timeout_ms, err);
}

int cmd_run(const struct guard_plan *plan)
{
	struct run run = { .plan = plan, .start = monotonic() };
	struct guard_plan own = *plan;
	struct err err = { ERR_OK, 0, "" };
	int rc;

	own.reader = run_reader;
	own.context = &run;
	own.taken = take;
	own.progress = NULL;
	own.open = plan->open ? run_open : NULL;
	own.here = plan->here ? run_here : NULL;
	own.wait = plan->wait ? run_wait : NULL;
	/* Lines that the reader streams to the same terminal would run into a progress line. */
	if (terminal_has_progress() && !(plan->stdout_to_reader && terminal_is(STDOUT_FILENO))) {
		run.bytes_total = total_size(plan);
		own.progress = show_progress;
	}
	rc = guard_run(&own, &err);
	terminal_progress_clear();
	if (rc)
		return cmd_fail(&err);
	if (caught)
		return 128 + caught;
	return run.troubled ? CMD_INCOMPLETE : CMD_DONE;
}

int cmd_output(struct guard *guard, const void *bytes, size_t len, struct err *err)
{
	return guard_give(guard, GIVEN_OUTPUT, bytes, len, err);
}

int cmd_trouble(struct guard *guard, struct err *err, const char *format, ...)
{
	char text[2000];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return err_system(err, errno, "formatting a message");
	return guard_give(guard, GIVEN_TROUBLE, text, strlen(text), err);
}

static int open_input(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	return guard_open(context, input, ret_fd, err);
}

static bool input_here(void *context, uint32_t input)
{
	return guard_here(context, input);
}

struct feed_opener cmd_opener(struct guard *guard)
{
	return (struct feed_opener){ guard, open_input, input_here };
}
