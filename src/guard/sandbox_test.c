/* SPDX-License-Identifier: BSD-2-Clause */
/* Each attempt has a process of its own, locked in first; what became of it shows in its status. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/sandbox.h"

#ifndef CONSTAT_SANDBOX
#define CONSTAT_SANDBOX 2
#endif

#define FORBIDDEN_FILE "/tmp/constat-sandbox-test"

/* Opened before the doors close: a file, the two ends of a pipe, a memfd, a pair of sockets. */
static struct handed {
	int file, pipe[2], memfd, sockets[2];
	pid_t outside;	/* the test's own process */
} handed;

/* What happens to who tries. */
enum fate {
	WORKS,
	FAILS,		/* with EPERM, EACCES or ENOSYS */
	ENDS,		/* killed by SIGSYS */
};

static int try_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int try_unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int try_socketpair(void) { int fds[2]; return socketpair(AF_UNIX, SOCK_STREAM, 0, fds); }
static int try_listen(void) { return listen(handed.sockets[0], 1); }
static int try_accept(void) { return accept(handed.sockets[0], NULL, NULL); }
static int try_execve(void) { return execl("/bin/true", "true", (char *)NULL); }
static int try_fexecve(void) { return (int)syscall(SYS_execveat, handed.file, "", NULL, NULL, AT_EMPTY_PATH); }
static int try_vfork(void) { return (int)syscall(SYS_vfork); }
static int try_ptrace(void) { return (int)ptrace(PTRACE_ATTACH, handed.outside, NULL, NULL); }
static int try_read_open(void) { return open("/etc/passwd", O_RDONLY); }
static int try_own_program(void) { return open("/proc/self/exe", O_RDONLY); }
static int try_write_open(void) { return open(FORBIDDEN_FILE, O_WRONLY | O_CREAT, 0600); }
static int try_device(void) { return open("/dev/null", O_RDWR); }
static int try_temporary(void) { return open("/tmp", O_TMPFILE | O_WRONLY, 0600); }
static int try_own_memory(void) { return open("/proc/self/mem", O_RDWR); }
static int try_creat(void) { return (int)syscall(SYS_creat, FORBIDDEN_FILE, 0600); }
static int try_folder(void) { return mkdir(FORBIDDEN_FILE, 0700); }
static int try_unlink(void) { return unlink(FORBIDDEN_FILE); }
static int try_rename(void) { return rename(FORBIDDEN_FILE, FORBIDDEN_FILE "2"); }
static int try_link(void) { return symlink("/etc/passwd", FORBIDDEN_FILE); }
static int try_chmod(void) { return chmod("/tmp", 0777); }
static int try_fchmod(void) { return fchmod(handed.file, 0777); }
static int try_truncate(void) { return ftruncate(handed.memfd, 0); }
static int try_stat(void) { struct stat st; return stat("/etc/passwd", &st); }
static int try_chdir(void) { return chdir("/"); }
static int try_mount(void) { return mount("none", "/tmp", "tmpfs", 0, NULL); }
static int try_unshare(void) { return unshare(CLONE_NEWUSER); }
static int try_setuid(void) { return (int)syscall(SYS_setuid, 65534); }
static int try_kill(void) { return kill(handed.outside, SIGCONT); }
static int try_limits(void) { struct rlimit none = { 1, 1 }; return setrlimit(RLIMIT_CORE, &none); }
static int try_terminal(void) { return ioctl(STDIN_FILENO, TIOCSTI, "x"); }
static int try_pidfd(void) { return (int)syscall(SYS_pidfd_open, handed.outside, 0); }
static int try_io_uring(void) { return (int)syscall(SYS_io_uring_setup, 1, NULL); }
static int try_bpf(void) { return (int)syscall(SYS_bpf, 0, NULL, 0); }
static int try_keys(void) { return (int)syscall(SYS_keyctl, 0, 0); }
static int try_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1); }
static int try_clone3(void) { return (int)syscall(SYS_clone3, NULL, 0); }
static int try_write(void) { return write(handed.pipe[1], "x", 1) == 1 ? 0 : -1; }
static int try_poll(void) { return poll(NULL, 0, 1); }

static int try_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}

static int try_signal_outside(void)
{
	return (int)syscall(SYS_tgkill, handed.outside, handed.outside, SIGCONT);
}

static int try_connect(void)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(9) };

	return connect(handed.sockets[0], (struct sockaddr *)&there, sizeof(there));
}

static int try_other_memory(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)&handed, 1 };

	return (int)process_vm_readv(handed.outside, &here, 1, &there, 1, 0);
}

static int try_message(int fd)
{
	struct iovec part = { (void *)"x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return (int)sendmsg(fd, &message, MSG_NOSIGNAL);
}

static int try_message_to_keeper(void) { return try_message(handed.sockets[0]); }
static int try_message_elsewhere(void) { return try_message(handed.sockets[1]); }

static int try_executable_memory(void)
{
	void *area = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	return area == MAP_FAILED ? -1 : 0;
}

static int try_made_executable(void)
{
	void *area = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return area == MAP_FAILED ? 0 : mprotect(area, 4096, PROT_READ | PROT_EXEC);
}

static int try_memfd(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", handed.memfd);
	return open(path, O_RDONLY);
}

static void *think(void *argument)
{
	*(int *)argument += 1;
	return NULL;
}

static int try_thread(void)
{
	pthread_t thread;
	int count = 0;

	errno = pthread_create(&thread, NULL, think, &count);
	if (errno)
		return -1;
	pthread_join(thread, NULL);
	return count == 1 ? 0 : -1;
}

static int try_memory(void)
{
	char *bytes = malloc(64u << 20);

	if (!bytes)
		return -1;
	memset(bytes, 1, 64u << 20);
	bytes = realloc(bytes, 128u << 20);
	free(bytes);
	return bytes ? 0 : -1;
}

#define ATTEMPT(name, fate) { #name, try_##name, fate, false }
#define STRICT(name, fate) { #name, try_##name, fate, true }

static const struct attempt {
	const char *name;
	int (*attempt)(void);
	enum fate fate;
	bool strict;	/* sanitizers need it: tried where there are none */
} attempts[] = {
	ATTEMPT(write, WORKS), ATTEMPT(poll, WORKS), ATTEMPT(thread, WORKS), ATTEMPT(memory, WORKS),
	ATTEMPT(message_to_keeper, WORKS),
	ATTEMPT(socket, ENDS), ATTEMPT(unix_socket, ENDS), ATTEMPT(socketpair, ENDS), ATTEMPT(connect, ENDS),
	ATTEMPT(listen, ENDS), ATTEMPT(accept, ENDS), ATTEMPT(execve, ENDS), ATTEMPT(fexecve, ENDS),
	ATTEMPT(vfork, ENDS), ATTEMPT(creat, ENDS), ATTEMPT(folder, ENDS), ATTEMPT(unlink, ENDS),
	ATTEMPT(rename, ENDS), ATTEMPT(link, ENDS), ATTEMPT(chmod, ENDS), ATTEMPT(chdir, ENDS),
	ATTEMPT(mount, ENDS), ATTEMPT(unshare, ENDS), ATTEMPT(setuid, ENDS), ATTEMPT(kill, ENDS),
	ATTEMPT(pidfd, ENDS), ATTEMPT(io_uring, ENDS), ATTEMPT(bpf, ENDS), ATTEMPT(keys, ENDS),
	ATTEMPT(other_memory, ENDS),
	ATTEMPT(message_elsewhere, FAILS), ATTEMPT(read_open, FAILS), ATTEMPT(write_open, FAILS),
	ATTEMPT(device, FAILS), ATTEMPT(temporary, FAILS), ATTEMPT(own_memory, FAILS), ATTEMPT(fchmod, FAILS),
	ATTEMPT(truncate, FAILS), ATTEMPT(limits, FAILS), ATTEMPT(terminal, FAILS), ATTEMPT(clone3, FAILS),
	ATTEMPT(executable_memory, FAILS), ATTEMPT(made_executable, FAILS),
	STRICT(ptrace, ENDS), STRICT(fork, FAILS), STRICT(own_program, FAILS), STRICT(stat, FAILS),
	STRICT(signal_outside, FAILS), STRICT(dumpable, FAILS),
};

/* A kernel that lacks something, as far as this process can tell. */
enum lack { LACKS_NOTHING, LACKS_LANDLOCK, LACKS_SECCOMP };

static int pretend(enum lack lack)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	const struct scmp_arg_cmp set_seccomp = { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 };
	int rc = 0;

	if (!filter)
		return -1;
	if (lack == LACKS_LANDLOCK)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0, NULL);
	if (lack == LACKS_SECCOMP)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, &set_seccomp);
	if (rc == 0 && lack != LACKS_NOTHING)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}

static enum fate fate_on(enum lack lack, int (*attempt)(void), int *ret_errno)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct err err;
		int rc;

		if (pretend(lack) != 0)
			_exit(254);
		if (sandbox_enter(handed.sockets[0], &err) != 0)
			_exit(255);
		rc = attempt();
		_exit(rc >= 0 ? 0 : errno);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	*ret_errno = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return ENDS;
	}
	return *ret_errno == 0 ? WORKS : FAILS;
}

static enum fate fate_of(int (*attempt)(void), int *ret_errno)
{
	return fate_on(LACKS_NOTHING, attempt, ret_errno);
}

static bool can_be_tested(void)
{
	return !sandbox_is_off() && sandbox_support().seccomp && sandbox_support().landlock;
}

static void lets_pass_what_is_needed_and_no_more(void **state)
{
	unsigned wrong = 0;

	(void)state;
	if (!can_be_tested())
		skip();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int errnum;
		enum fate fate;

		if (attempts[i].strict && CONSTAT_SANDBOX != 2)
			continue;
		fate = fate_of(attempts[i].attempt, &errnum);

		if (fate != attempts[i].fate ||
		    (fate == FAILS && errnum != EPERM && errnum != EACCES && errnum != ENOSYS)) {
			print_error("%s: %d, expected %d (%s)\n", attempts[i].name, fate, attempts[i].fate,
				    strerror(errnum));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(access(FORBIDDEN_FILE, F_OK), -1);
}

/* libmaxminddb opens by a name what has none but in /proc. */
static void opens_a_memfd_by_its_name_in_proc(void **state)
{
	int errnum;

	(void)state;
	if (!can_be_tested())
		skip();
	assert_int_equal(fate_of(try_memfd, &errnum), WORKS);
}

static int enter_twice(void)
{
	struct err err;

	return sandbox_enter(-1, &err) == 0 ? 0 : -1;
}

/* prctl(PR_SET_NO_NEW_PRIVS) is behind the door by then. */
static void nobody_enters_twice(void **state)
{
	int errnum;

	(void)state;
	if (!can_be_tested() || CONSTAT_SANDBOX != 2)
		skip();
	assert_int_equal(fate_of(enter_twice, &errnum), FAILS);
}

/* What is left of it on older kernels, and in containers that forbid one of the two. */
static void one_wall_stands_without_the_other(void **state)
{
	int errnum;

	(void)state;
	if (!can_be_tested() || CONSTAT_SANDBOX != 2)
		skip();
	assert_int_equal(fate_on(LACKS_LANDLOCK, try_thread, &errnum), WORKS);
	assert_int_equal(fate_on(LACKS_LANDLOCK, try_read_open, &errnum), FAILS);
	assert_int_equal(errnum, EPERM);
	assert_int_equal(fate_on(LACKS_LANDLOCK, try_memfd, &errnum), FAILS);
	assert_int_equal(fate_on(LACKS_LANDLOCK, try_socket, &errnum), ENDS);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_thread, &errnum), WORKS);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_read_open, &errnum), FAILS);
	assert_int_equal(errnum, EACCES);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_write_open, &errnum), FAILS);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_memfd, &errnum), WORKS);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_signal_outside, &errnum), FAILS);
	assert_int_equal(fate_on(LACKS_SECCOMP, try_socket, &errnum), WORKS);
}

static int abort_now(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGABRT, &usual, NULL);
	abort();
}

/* A failed check of the hardened libc must show as what it is. */
static void aborts_are_aborts(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit none = { 0, 0 };
		struct err err;

		setrlimit(RLIMIT_CORE, &none);
		if (sandbox_enter(-1, &err) != 0)
			_exit(255);
		abort_now();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static int open_things(void **state)
{
	(void)state;
	handed.outside = getpid();
	handed.file = open("/bin/true", O_RDONLY | O_CLOEXEC);
	handed.memfd = memfd_create("constat-test", MFD_CLOEXEC);
	return handed.file < 0 || handed.memfd < 0 || pipe(handed.pipe) ||
		socketpair(AF_UNIX, SOCK_STREAM, 0, handed.sockets);
}

static int close_things(void **state)
{
	(void)state;
	close(handed.file);
	close(handed.memfd);
	for (int i = 0; i < 2; i++) {
		close(handed.pipe[i]);
		close(handed.sockets[i]);
	}
	return 0;
}

/* Last: it cannot be undone. */
static void can_be_switched_off(void **state)
{
	int errnum;

	(void)state;
	sandbox_switch_off();
	assert_true(sandbox_is_off());
	assert_int_equal(fate_of(try_read_open, &errnum), WORKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_pass_what_is_needed_and_no_more),
		cmocka_unit_test(opens_a_memfd_by_its_name_in_proc),
		cmocka_unit_test(nobody_enters_twice),
		cmocka_unit_test(one_wall_stands_without_the_other),
		cmocka_unit_test(aborts_are_aborts),
		cmocka_unit_test(can_be_switched_off),
	};

	return cmocka_run_group_tests(tests, open_things, close_things);
}
