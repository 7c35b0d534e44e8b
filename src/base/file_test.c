/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE	/* F_SETPIPE_SZ */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static char folder[64];
static int home;

/*
 * Stands before the C library's: a file system without O_TMPFILE is hard to come by, but file.c
 * goes the same way where /proc is not there to link from.
 */
static bool no_proc;

int access(const char *path, int mode)
{
	if (no_proc && strncmp(path, "/proc/", 6) == 0) {
		errno = ENOENT;
		return -1;
	}
	return faccessat(AT_FDCWD, path, mode, 0);
}

static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/constat-file-test-XXXXXX");
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return home >= 0 && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int entry_count(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return count;
}

/* The folder must be empty again: every test cleans up what it asked for, file.c the rest. */
static int leave_folder(void **state)
{
	int left = entry_count();

	(void)state;
	if (fchdir(home) < 0 || close(home) < 0 || rmdir(folder) < 0)
		return -1;
	return left;
}

static void check_content(const char *path, const char *expected)
{
	char got[100] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, got, sizeof(got) - 1), strlen(expected));
	assert_string_equal(got, expected);
	close(fd);
}

static void write_file(const char *path, const char *text)
{
	struct file *file = NULL;
	struct err err = { 0 };

	assert_int_equal(file_create(path, &file, &err), 0);
	assert_int_equal(file_write(file, text, strlen(text), &err), 0);
	assert_int_equal(file_commit(file, &err), 0);
}

static void test_appears_at_commit_only(void **state)
{
	struct file *file = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(file_create("a", &file, &err), 0);
	assert_int_equal(file_write(file, "one", 3, &err), 0);
	assert_int_equal(access("a", F_OK), -1);
	assert_int_equal(file_write(file, " two", 4, &err), 0);
	assert_int_equal(file_commit(file, &err), 0);
	check_content("a", "one two");
	assert_int_equal(entry_count(), 1);
	unlink("a");
}

static void test_replaces(void **state)
{
	struct stat before, after;
	struct file *file = NULL;
	struct err err = { 0 };

	(void)state;
	write_file("a", "old");
	assert_int_equal(chmod("a", 0640), 0);
	assert_int_equal(stat("a", &before), 0);
	assert_int_equal(file_create("a", &file, &err), 0);
	assert_int_equal(file_write(file, "new", 3, &err), 0);
	check_content("a", "old");
	assert_int_equal(file_commit(file, &err), 0);
	check_content("a", "new");
	assert_int_equal(stat("a", &after), 0);
	assert_int_equal(after.st_mode & 07777, 0640);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(entry_count(), 1);
	unlink("a");
}

static void test_umask(void **state)
{
	mode_t before = umask(027);
	struct stat there;

	(void)state;
	write_file("a", "");
	umask(before);
	assert_int_equal(stat("a", &there), 0);
	assert_int_equal(there.st_mode & 07777, 0640);
	assert_int_equal(there.st_size, 0);
	unlink("a");
}

static void test_abandon(void **state)
{
	struct file *file = NULL;
	struct err err = { 0 };

	(void)state;
	write_file("a", "old");
	assert_int_equal(file_create("a", &file, &err), 0);
	assert_int_equal(file_write(file, "new", 3, &err), 0);
	file_abandon(file);
	file_abandon(NULL);
	check_content("a", "old");
	assert_int_equal(entry_count(), 1);
	unlink("a");
}

static void test_follows_links(void **state)
{
	struct stat there;

	(void)state;
	assert_int_equal(mkdir("sub", 0777), 0);
	write_file("sub/real", "old");
	assert_int_equal(symlink("sub/real", "link"), 0);
	write_file("link", "new");
	check_content("sub/real", "new");
	assert_int_equal(lstat("link", &there), 0);
	assert_true(S_ISLNK(there.st_mode));
	unlink("link");
	unlink("sub/real");
	rmdir("sub");
}

static void test_other_working_folder(void **state)
{
	struct file *file = NULL;
	struct err err = { 0 };

	(void)state;
	write_file("a", "old");
	assert_int_equal(file_create("a", &file, &err), 0);
	assert_int_equal(file_write(file, "new", 3, &err), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(file_commit(file, &err), 0);
	assert_int_equal(chdir(folder), 0);
	check_content("a", "new");
	unlink("a");
}

static void test_devices_are_written_to(void **state)
{
	struct stat before, after;

	(void)state;
	assert_int_equal(stat("/dev/null", &before), 0);
	write_file("/dev/null", "gone");
	assert_int_equal(stat("/dev/null", &after), 0);
	assert_true(S_ISCHR(after.st_mode));
	assert_true(before.st_ino == after.st_ino);
}

static void test_disk_full(void **state)
{
	struct file *file = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(file_create("/dev/full", &file, &err), 0);
	assert_int_equal(file_write(file, "x", 1, &err), ERR_SYSTEM);
	assert_int_equal(err.system, ENOSPC);
	assert_string_equal(err.text, "/dev/full: No space left on device");
	file_abandon(file);
}

static void check_refused(const char *path, enum err_code code, const char *text)
{
	struct file *file = (struct file *)&folder, *untouched = file;
	struct err err = { 0 };

	assert_int_equal(file_create(path, &file, &err), code);
	assert_ptr_equal(file, untouched);
	assert_string_equal(err.text, text);
}

static void test_refusals(void **state)
{
	char long_path[5000];

	(void)state;
	check_refused(".", ERR_SYSTEM, ".: Is a directory");
	check_refused("/proc/a", ERR_SYSTEM,
		      "/proc/a: cannot make a temporary file beside it: No such file or directory");
	check_refused("nowhere/a", ERR_SYSTEM, "nowhere/a: No such file or directory");
	check_refused("", ERR_USAGE, ": not a file name");
	check_refused("a/", ERR_USAGE, "a/: not a file name");
	memset(long_path, '/', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 2] = 'a';
	long_path[sizeof(long_path) - 1] = '\0';
	assert_int_equal(file_create(long_path, &(struct file *){ NULL }, NULL), ERR_SYSTEM);
}

static void test_many_at_once(void **state)
{
	enum { COUNT = 60 };
	struct file *files[COUNT];
	struct err err = { 0 };
	char name[16];

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "f%d", i % 30);
		assert_int_equal(file_create(name, &files[i], &err), 0);
		assert_int_equal(file_write(files[i], name, strlen(name), &err), 0);
	}
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(file_commit(files[i], &err), 0);
	assert_int_equal(entry_count(), 30);
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		check_content(name, name);
		unlink(name);
	}
}

/* A temporary name is there while the file is written, and gone whichever way it ends. */
static void test_temporary_name(void **state)
{
	struct file *file = NULL;
	struct err err = { 0 };
	struct stat there;

	(void)state;
	no_proc = true;
	write_file("a", "old");
	assert_int_equal(chmod("a", 0604), 0);
	assert_int_equal(entry_count(), 1);
	assert_int_equal(file_create("a", &file, &err), 0);
	assert_int_equal(file_write(file, "new", 3, &err), 0);
	assert_int_equal(entry_count(), 2);
	check_content("a", "old");
	assert_int_equal(file_commit(file, &err), 0);
	check_content("a", "new");
	assert_int_equal(stat("a", &there), 0);
	assert_int_equal(there.st_mode & 07777, 0604);
	assert_int_equal(entry_count(), 1);
	assert_int_equal(file_create("b", &file, &err), 0);
	assert_int_equal(entry_count(), 2);
	file_abandon(file);
	assert_int_equal(entry_count(), 1);
	no_proc = false;
	unlink("a");
}

/* Temporary names that others took are passed over, and never removed. */
static void test_temporary_name_taken(void **state)
{
	enum { COUNT = 1000 };
	struct file *file = NULL;
	struct err err = { 0 };
	char name[64];

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), ".tmp-%ld-%d", (long)getpid(), i);
		close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	}
	no_proc = true;
	assert_int_equal(file_create("a", &file, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "a: cannot make a temporary file beside it: File exists");
	file_abandon_all();
	assert_int_equal(entry_count(), COUNT);
	no_proc = false;
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), ".tmp-%ld-%d", (long)getpid(), i);
		unlink(name);
	}
}

static void test_abandon_all(void **state)
{
	struct file *files[32], *more = NULL;
	struct err err = { 0 };
	char name[16];

	(void)state;
	no_proc = true;
	for (int i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		assert_int_equal(file_create(name, &files[i], &err), 0);
	}
	assert_int_equal(file_create("more", &more, &err), ERR_LIMIT);
	assert_null(more);
	no_proc = false;
	assert_int_equal(entry_count(), 32);
	errno = 5;
	file_abandon_all();
	assert_int_equal(errno, 5);
	assert_int_equal(entry_count(), 0);
	assert_int_equal(file_commit(files[0], &err), ERR_SYSTEM);
	assert_string_equal(err.text, "f0: No such file or directory");
	for (int i = 1; i < 32; i++)
		file_abandon(files[i]);
	/* The table is free again. */
	no_proc = true;
	write_file("a", "x");
	no_proc = false;
	unlink("a");
}

/* A process that is killed leaves nothing behind, where the file system has unnamed files. */
static void test_killed(void **state)
{
	int probe = open(".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), status;
	pid_t child;

	(void)state;
	if (probe < 0)
		skip();
	close(probe);
	child = fork();
	if (child == 0) {
		struct file *file = NULL;

		if (file_create("a", &file, NULL) == 0 && file_write(file, "x", 1, NULL) == 0)
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(entry_count(), 0);
}

static void *replace_often(void *argument)
{
	for (int i = 0; i < 50; i++)
		write_file("a", "whole");
	return argument;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, replace_often, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	check_content("a", "whole");
	assert_int_equal(entry_count(), 1);
	unlink("a");
}

static void test_write_all_over_a_slow_pipe(void **state)
{
	enum { SIZE = 300000 };
	char *bytes = malloc(SIZE);
	struct err err = { 0 };
	int ends[2], status;
	pid_t child;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', SIZE);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		char part[1000];
		ssize_t sum = 0, got;

		close(ends[1]);
		while ((got = read(ends[0], part, sizeof(part))) > 0)
			sum += got;
		_exit(sum == SIZE ? 0 : 1);
	}
	close(ends[0]);
	assert_int_equal(file_write_all(ends[1], bytes, SIZE, "pipe", &err), 0);
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	free(bytes);
}

static void test_write_all_to_nobody(void **state)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	struct err err = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	assert_int_equal(file_write_all(ends[1], "x", 1, "standard output", &err), ERR_CANCELLED);
	close(ends[1]);
	assert_int_equal(file_write_all(-1, "x", 1, "standard output", &err), ERR_SYSTEM);
	assert_string_equal(err.text, "standard output: Bad file descriptor");
	assert_int_equal(file_write_all(-1, NULL, 0, "standard output", &err), 0);
	signal(SIGPIPE, before);
}

static void test_private(void **state)
{
	mode_t before = umask(0);
	struct err err = { 0 };
	struct file *file, *late;
	struct stat st;

	(void)state;
	assert_int_equal(file_create_private("key", &file, &err), 0);
	assert_int_equal(file_create_private("key", &late, &err), 0);
	assert_int_equal(file_write(file, "secret", 6, &err), 0);
	assert_int_not_equal(access("key", F_OK), 0);
	assert_int_equal(file_commit(file, &err), 0);
	assert_int_equal(stat("key", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 6);
	/* The slower of two, and one that comes later, replace nothing; nor does one that a link leads elsewhere. */
	assert_int_equal(file_commit(late, &err), ERR_SYSTEM);
	assert_string_equal(err.text, "key: File exists");
	assert_int_equal(file_create_private("key", &late, &err), ERR_SYSTEM);
	assert_int_equal(symlink("elsewhere", "link"), 0);
	assert_int_equal(file_create_private("link", &late, &err), ERR_SYSTEM);
	assert_int_equal(stat("key", &st), 0);
	assert_int_equal(st.st_size, 6);
	assert_int_equal(unlink("key"), 0);
	assert_int_equal(unlink("link"), 0);
	umask(before);
}

static void test_read_all(void **state)
{
	struct buf out = { 0 };
	struct err err = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "recordings", 10), 10);
	close(ends[1]);
	buf_str(&out, "two ");
	assert_int_equal(file_read_all(ends[0], "pipe", 14, &out, &err), 0);
	assert_int_equal(out.len, 14);
	assert_memory_equal(out.data, "two recordings", 14);
	close(ends[0]);

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(file_read_all(ends[0], "pipe", 14, &out, &err), ERR_LIMIT);
	assert_string_equal(err.text, "pipe: larger than 14 bytes");
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(file_read_all(-1, "pipe", 14, &out, &err), ERR_SYSTEM);
	buf_free(&out);
}

static void test_save_and_peek(void **state)
{
	struct buf bytes = { 0 }, failed = { .failed = true };
	struct err err = { 0 };
	char head[8] = "";
	int fd, ends[2];

	(void)state;
	buf_str(&bytes, "recordings");
	assert_int_equal(file_save("a", &bytes, &err), 0);
	check_content("a", "recordings");
	assert_int_equal(file_save("a", &failed, &err), ERR_MEMORY);
	check_content("a", "recordings");
	assert_int_equal(file_save("nowhere/a", &bytes, &err), ERR_SYSTEM);
	assert_int_equal(entry_count(), 1);
	buf_free(&bytes);

	fd = open("a", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(file_peek(fd, head, 6), 6);
	assert_string_equal(head, "record");
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	close(fd);
	bytes = (struct buf){ .data = NULL };
	assert_int_equal(file_save("a", &bytes, &err), 0);
	fd = open("a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(file_peek(fd, head, 6), 0);
	close(fd);
	unlink("a");
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(file_peek(ends[0], head, 6), -1);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
		IN_FOLDER(test_appears_at_commit_only),
		IN_FOLDER(test_replaces),
		IN_FOLDER(test_umask),
		IN_FOLDER(test_private),
		IN_FOLDER(test_abandon),
		IN_FOLDER(test_follows_links),
		IN_FOLDER(test_other_working_folder),
		IN_FOLDER(test_devices_are_written_to),
		IN_FOLDER(test_disk_full),
		IN_FOLDER(test_refusals),
		IN_FOLDER(test_many_at_once),
		IN_FOLDER(test_temporary_name),
		IN_FOLDER(test_temporary_name_taken),
		IN_FOLDER(test_abandon_all),
		IN_FOLDER(test_killed),
		IN_FOLDER(test_threads),
		IN_FOLDER(test_write_all_over_a_slow_pipe),
		IN_FOLDER(test_write_all_to_nobody),
		IN_FOLDER(test_read_all),
		IN_FOLDER(test_save_and_peek),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
