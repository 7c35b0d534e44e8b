/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Real forks: each test runs a reader and looks at what came out of guard_run(). What a reader
 * finds out about itself it hands back, since cmocka's own failures would not leave its process.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "guard/guard.h"
#include "guard/sandbox.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const size_t sizes[] = { 0, 1, 15, 16, 4096, 262143, 262144, 1000003, 50000000 };

struct seen {
	unsigned count;
	uint64_t bytes;
	bool right;
	struct buf text;
	unsigned stop_after;
	unsigned progress_calls;
	struct guard_progress progress;
};

/* Byte i of the thing given as number `what`. */
static unsigned char byte_of(uint32_t what, size_t i)
{
	return (unsigned char)(what * 31 + i + (i >> 8) * 7);
}

static int give_sizes(struct guard *guard, void *context, struct err *err)
{
	unsigned char *bytes = malloc(sizes[ARRAY_SIZE(sizes) - 1]);
	int rc = bytes ? 0 : err_memory(err);

	(void)context;
	for (uint32_t what = 0; !rc && what < ARRAY_SIZE(sizes); what++) {
		for (size_t i = 0; i < sizes[what]; i++)
			bytes[i] = byte_of(what, i);
		rc = guard_give(guard, what, bytes, sizes[what], err);
	}
	free(bytes);
	return rc;
}

static int take_sizes(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct seen *seen = context;

	(void)err;
	seen->right = seen->right && what == seen->count && len == sizes[what];
	for (size_t i = 0; i < len; i++)
		if (((const unsigned char *)bytes)[i] != byte_of(what, i)) {
			seen->right = false;
			break;
		}
	seen->count++;
	return 0;
}

static void gives_any_size_in_order(void **state)
{
	struct seen seen = { .right = true };
	struct guard_plan plan = { .reader = give_sizes, .taken = take_sizes, .context = &seen };
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), 0);
	assert_int_equal(seen.count, ARRAY_SIZE(sizes));
	assert_true(seen.right);
}

static void gives_to_nobody(void **state)
{
	struct guard_plan plan = { .reader = give_sizes };
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), 0);
}

static int take_text(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct seen *seen = context;

	(void)what;
	(void)err;
	buf_add(&seen->text, bytes, len);
	seen->count++;
	return 0;
}

static void assert_text(struct seen *seen, const char *expected)
{
	buf_char(&seen->text, '\0');
	assert_false(seen->text.failed);
	assert_string_equal(seen->text.data, expected);
	buf_free(&seen->text);
}

/* Opens each file and gives its first bytes, or the error's text. */
static int read_files(struct guard *guard, void *context, struct err *err)
{
	int rc = 0;

	(void)context;
	for (uint32_t file = 0; !rc && file < 4; file++) {
		struct buf line = { .len = 0 };
		struct err open_err;
		char bytes[16];
		int fd;
		int failed = guard_open(guard, file, &fd, &open_err);

		if (failed) {
			buf_printf(&line, "%d %d %s\n", failed, open_err.code, open_err.text);
		} else {
			ssize_t got = read(fd, bytes, sizeof(bytes));

			buf_printf(&line, "%.*s\n", (int)got, bytes);
			close(fd);
		}
		rc = guard_give(guard, file, line.data, line.len, err);
		buf_free(&line);
	}
	return rc;
}

static void opens_what_was_named(void **state)
{
	char path[] = "/tmp/guard-test-XXXXXX";
	int fd = mkstemp(path);
	const char *files[] = { path, "/nowhere/file", "/tmp" };
	struct seen seen = { .count = 0 };
	struct guard_plan plan = {
		.files = files, .file_count = 3,
		.reader = read_files, .taken = take_text, .context = &seen,
	};
	struct err err;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "constat", 7), 7);
	close(fd);
	assert_int_equal(guard_run(&plan, &err), 0);
	unlink(path);
	assert_text(&seen, "constat\n"
			   "-1 -1 /nowhere/file: No such file or directory\n"
			   "-1 -1 /tmp: Is a directory\n"
			   "-3 -3 the reader asked for file 3 of 3\n");
}

static int read_stdin(struct guard *guard, void *context, struct err *err)
{
	char bytes[8];
	ssize_t got;
	int fd;
	int rc = guard_open(guard, 0, &fd, err);

	(void)context;
	if (rc)
		return rc;
	/* Its own standard input is not the keeper's. */
	if (read(STDIN_FILENO, bytes, 1) != 0)
		return err_set(err, ERR_FORMAT, "the reader has a standard input");
	got = read(fd, bytes, sizeof(bytes));
	close(fd);
	return guard_give(guard, 0, bytes, got < 0 ? 0 : (size_t)got, err);
}

static void hands_over_standard_input(void **state)
{
	const char *files[] = { "-" };
	struct seen seen = { .count = 0 };
	struct guard_plan plan = {
		.files = files, .file_count = 1,
		.reader = read_stdin, .taken = take_text, .context = &seen,
	};
	struct err err;
	int saved = dup(STDIN_FILENO);
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "piped", 5), 5);
	close(pipes[1]);
	dup2(pipes[0], STDIN_FILENO);
	close(pipes[0]);
	assert_int_equal(guard_run(&plan, &err), 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
	assert_text(&seen, "piped");
}

static int list_descriptors(struct guard *guard, void *context, struct err *err)
{
	struct buf list = { .len = 0 };
	int rc;

	(void)context;
	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			buf_printf(&list, "%d ", fd);
	rc = guard_give(guard, 0, list.data, list.len, err);
	buf_free(&list);
	return rc;
}

static unsigned count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void keeps_and_leaks_no_descriptors(void **state)
{
	struct seen seen = { .count = 0 };
	struct guard_plan plan = {
		.reader = list_descriptors, .taken = take_text, .context = &seen,
	};
	struct err err;
	int secret = open("/dev/null", O_RDONLY);	/* without O_CLOEXEC, as libraries do */
	unsigned before = count_descriptors();

	(void)state;
	assert_int_equal(guard_run(&plan, &err), 0);
	assert_int_equal(count_descriptors(), before);
	close(secret);
	assert_text(&seen, "0 1 2 3 ");
}

static int fail_with_words(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	/* Not by err_set(), which keeps it to one line: a reader taken over would not ask it. */
	*err = (struct err){ ERR_LIMIT, 0, "too many\nof \033[31mthem" };
	return err->code;
}

static int fail_without_words(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	(void)err;
	return ERR_FORMAT;
}

static void brings_back_the_readers_error(void **state)
{
	struct guard_plan plan = { .reader = fail_with_words };
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), ERR_LIMIT);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.text, "too many?of ?[31mthem");
	plan.reader = fail_without_words;
	assert_int_equal(guard_run(&plan, &err), ERR_FORMAT);
	assert_int_equal(err.code, ERR_FORMAT);
}

static int die(struct guard *guard, void *context, struct err *err)
{
	struct seen *seen = context;

	(void)guard;
	(void)err;
	signal((int)seen->stop_after, SIG_DFL);
	raise((int)seen->stop_after);
	return 0;
}

static int leave(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	(void)err;
	_exit(7);
}

static void tells_how_the_reader_died(void **state)
{
	struct seen seen = { .stop_after = SIGSEGV };
	struct guard_plan plan = { .reader = die, .context = &seen };
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), ERR_SYSTEM);
	assert_string_equal(err.text,
			    "the reader process was killed by signal 11 (Segmentation fault)");
	seen.stop_after = SIGKILL;
	assert_int_equal(guard_run(&plan, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "the reader process was killed by signal 9 (Killed), as "
				      "happens when memory runs out");
	plan.reader = leave;
	assert_int_equal(guard_run(&plan, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "the reader process ended with status 7, without a result");
}

static int call_home(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? err_system(err, errno, "socket") : 0;
}

static void locks_the_reader_in(void **state)
{
	struct guard_plan plan = { .reader = call_home };
	struct err err;

	(void)state;
	if (sandbox_is_off() || !sandbox_support().seccomp)
		skip();
	assert_int_equal(guard_run(&plan, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "the reader process was stopped: it called what its sandbox forbids");
}

static int give_for_ever(struct guard *guard, void *context, struct err *err)
{
	int rc = 0;

	(void)context;
	while (!rc)
		rc = guard_give(guard, 0, "again", 5, err);
	return rc;
}

static int take_some(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct seen *seen = context;

	(void)what;
	(void)bytes;
	seen->bytes += len;
	return ++seen->count == seen->stop_after ? err_set(err, ERR_LIMIT, "enough") : 0;
}

static void stops_when_taken_says_so(void **state)
{
	struct seen seen = { .stop_after = 1000 };
	struct guard_plan plan = { .reader = give_for_ever, .taken = take_some, .context = &seen };
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), ERR_LIMIT);
	assert_string_equal(err.text, "enough");
	assert_int_equal(seen.count, 1000);
	assert_int_equal(seen.bytes, 5000);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);	/* no child is left */
}

static int sleep_for_ever(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	(void)err;
	while (poll(NULL, 0, -1) < 0)
		continue;
	return 0;
}

static void on_alarm(int number)
{
	(void)number;
	guard_interrupt();
}

static void stops_when_interrupted(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm }, old;
	struct guard_plan plan = { .reader = sleep_for_ever };
	struct err err;

	(void)state;
	sigaction(SIGALRM, &action, &old);
	alarm(1);
	assert_int_equal(guard_run(&plan, &err), ERR_CANCELLED);
	sigaction(SIGALRM, &old, NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);

	/* Also when it comes before the run, and then that run only. */
	guard_interrupt();
	assert_int_equal(guard_run(&plan, &err), ERR_CANCELLED);
	plan.reader = give_sizes;
	assert_int_equal(guard_run(&plan, &err), 0);
}

static int advance(struct guard *guard, void *context, struct err *err)
{
	struct guard_progress *progress = guard_progress(guard);
	struct timespec pause = { 0, 900 * 1000 * 1000 };

	(void)context;
	(void)err;
	__atomic_store_n(&progress->bytes_read, 42, __ATOMIC_RELAXED);
	__atomic_store_n(&progress->events, 1ull << 40, __ATOMIC_RELAXED);
	nanosleep(&pause, NULL);
	return 0;
}

static void note_progress(void *context, const struct guard_progress *progress)
{
	struct seen *seen = context;

	seen->progress_calls++;
	seen->progress = *progress;
}

static void shows_progress_while_the_reader_works(void **state)
{
	struct seen seen = { .count = 0 };
	struct guard_plan plan = {
		.reader = advance, .progress = note_progress, .context = &seen,
	};
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), 0);
	assert_in_range(seen.progress_calls, 1, 6);
	assert_int_equal(seen.progress.bytes_read, 42);
	assert_true(seen.progress.events == 1ull << 40);
	assert_true(seen.progress.clock == INT64_MIN);
}

#define THREADS	4
#define ROUNDS	200

static void *open_and_give(void *argument)
{
	struct guard *guard = argument;
	struct err err;
	char bytes[5000] = "";

	for (int i = 0; i < ROUNDS; i++) {
		int fd;

		if (guard_open(guard, 0, &fd, &err) || read(fd, bytes, 1) != 0)
			return NULL;
		close(fd);
		if (guard_give(guard, 1, bytes, sizeof(bytes), &err))
			return NULL;
	}
	return guard;
}

static int work_in_threads(struct guard *guard, void *context, struct err *err)
{
	pthread_t threads[THREADS];
	int rc = 0;

	(void)context;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, open_and_give, guard))
			return err_set(err, ERR_SYSTEM, "no thread");
	for (int i = 0; i < THREADS; i++) {
		void *result;

		pthread_join(threads[i], &result);
		if (!result)
			rc = err_set(err, ERR_FORMAT, "a thread failed");
	}
	return rc;
}

static void serves_threads_of_the_reader(void **state)
{
	const char *files[] = { "/dev/null" };
	struct seen seen = { .count = 0 };
	struct guard_plan plan = {
		.files = files, .file_count = 1,
		.reader = work_in_threads, .taken = take_some, .context = &seen,
	};
	struct err err;

	(void)state;
	assert_int_equal(guard_run(&plan, &err), 0);
	assert_int_equal(seen.count, THREADS * ROUNDS);
	assert_int_equal(seen.bytes, THREADS * ROUNDS * 5000);
}

static int write_own_stdout(struct guard *guard, void *context, struct err *err)
{
	(void)guard;
	(void)context;
	return write(STDOUT_FILENO, "short way", 9) == 9 ? 0 : err_set(err, ERR_SYSTEM, "write");
}

/* What guard_run() let through to standard output. */
static void run_with_stdout(const struct guard_plan *plan, char *ret_bytes, size_t room)
{
	struct err err;
	int saved, pipes[2];
	ssize_t got;
	int rc;

	assert_int_equal(pipe(pipes), 0);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	dup2(pipes[1], STDOUT_FILENO);
	close(pipes[1]);
	rc = guard_run(plan, &err);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	got = read(pipes[0], ret_bytes, room - 1);
	close(pipes[0]);
	assert_int_equal(rc, 0);
	assert_true(got >= 0);
	ret_bytes[got] = '\0';
}

static void lets_the_reader_write_where_asked(void **state)
{
	struct guard_plan plan = { .reader = write_own_stdout };
	char bytes[32];

	(void)state;
	run_with_stdout(&plan, bytes, sizeof(bytes));
	assert_string_equal(bytes, "");
	plan.stdout_to_reader = true;
	run_with_stdout(&plan, bytes, sizeof(bytes));
	assert_string_equal(bytes, "short way");
}

static int tell_pid_and_sleep(struct guard *guard, void *context, struct err *err)
{
	pid_t pid = getpid();

	(void)guard;
	if (write(*(int *)context, &pid, sizeof(pid)) != sizeof(pid))
		return err_set(err, ERR_SYSTEM, "write");
	while (poll(NULL, 0, -1) < 0)
		continue;
	return 0;
}

static bool is_gone(pid_t pid)
{
	char path[64], state = '?';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	stat = fopen(path, "r");
	if (!stat)
		return true;
	if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(stat);
	return state == 'Z' || state == 'X';
}

static void reader_dies_with_the_keeper(void **state)
{
	struct timespec pause = { 0, 10 * 1000 * 1000 };
	int out = STDOUT_FILENO;
	int pipes[2];
	pid_t keeper, reader = 0;
	bool gone = false;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	keeper = fork();
	assert_true(keeper >= 0);
	if (keeper == 0) {
		struct guard_plan plan = {
			.reader = tell_pid_and_sleep, .context = &out, .stdout_to_reader = true,
		};

		dup2(pipes[1], STDOUT_FILENO);
		guard_run(&plan, NULL);
		_exit(0);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &reader, sizeof(reader)), sizeof(reader));
	close(pipes[0]);
	assert_false(is_gone(reader));
	kill(keeper, SIGKILL);
	waitpid(keeper, NULL, 0);
	for (int i = 0; i < 500 && !gone; i++) {
		gone = is_gone(reader);
		nanosleep(&pause, NULL);
	}
	assert_true(gone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_any_size_in_order),
		cmocka_unit_test(gives_to_nobody),
		cmocka_unit_test(opens_what_was_named),
		cmocka_unit_test(hands_over_standard_input),
		cmocka_unit_test(keeps_and_leaks_no_descriptors),
		cmocka_unit_test(brings_back_the_readers_error),
		cmocka_unit_test(tells_how_the_reader_died),
		cmocka_unit_test(locks_the_reader_in),
		cmocka_unit_test(stops_when_taken_says_so),
		cmocka_unit_test(stops_when_interrupted),
		cmocka_unit_test(shows_progress_while_the_reader_works),
		cmocka_unit_test(serves_threads_of_the_reader),
		cmocka_unit_test(lets_the_reader_write_where_asked),
		cmocka_unit_test(reader_dies_with_the_keeper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
