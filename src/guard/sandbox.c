/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seccomp is a list of what the reader needs, found by strace of every command and by reading what
 * glibc calls for memory, threads and files. Arguments are looked at where a call can do more than
 * is needed: memory never becomes executable, clone() makes threads only, messages go to the keeper
 * only. clone3() keeps its flags in memory, where no filter can see them: it does not exist here,
 * and glibc takes clone() instead.
 *
 * openat() is allowed for reading where Landlock stands behind it and forbids every path. That
 * leaves what has no path: the memfd that libmaxminddb opens by its name in /proc (place/mmdb.c).
 * On a kernel without Landlock it is refused altogether, and mmdb files with it.
 *
 * Landlock: Debian 12's header ends at ABI 2 while kernels are at 7; what it lacks is defined here.
 * All rights that the running kernel's ABI knows are handled, and none is given.
 *
 * CONSTAT_SANDBOX says how strict a build is: 2, as described; 1, under sanitizers, which at a
 * process's end look for leaks by tracing it from a child, reading /proc; 0, where coverage is
 * measured, which writes files at the end: then nothing is locked. Only 2 is ever installed.
 */
#define _GNU_SOURCE
#include "guard/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CONSTAT_SANDBOX
#define CONSTAT_SANDBOX 2
#endif

/* ---- Landlock, as Documentation/userspace-api/landlock.rst of Linux 6.15 has it ---- */

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif
#define RULESET_VERSION		(1u << 0)	/* LANDLOCK_CREATE_RULESET_VERSION */
#define FS_READ_FILE		(1ull << 2)
#define FS_READ_DIR		(1ull << 3)
#define RULE_PATH_BENEATH	1

struct ruleset {
	uint64_t fs;		/* ABI 1 */
	uint64_t net;		/* ABI 4 */
	uint64_t scoped;	/* ABI 6 */
};

/*
 * How many of the rights, counted from bit 0, each ABI knows; those above the last have the last's.
 */
static const struct abi {
	unsigned fs, net, scoped;
	size_t size;	/* of struct ruleset, as far as it knows it */
} abis[] = {
	{ 0, 0, 0, 0 },
	{ 13, 0, 0, offsetof(struct ruleset, net) },
	{ 14, 0, 0, offsetof(struct ruleset, net) },	/* refer */
	{ 15, 0, 0, offsetof(struct ruleset, net) },	/* truncate */
	{ 15, 2, 0, offsetof(struct ruleset, scoped) },	/* TCP: bind, connect */
	{ 16, 2, 0, offsetof(struct ruleset, scoped) },	/* ioctl on devices */
	{ 16, 2, 2, sizeof(struct ruleset) },		/* abstract sockets, signals */
};

#define ABI_LAST ((int)(sizeof(abis) / sizeof(abis[0])) - 1)

static bool switched_off;

void sandbox_switch_off(void)
{
	switched_off = true;
}

bool sandbox_is_off(void)
{
	return switched_off || CONSTAT_SANDBOX == 0;
}

static int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, RULESET_VERSION);

	return version < 0 ? 0 : (int)version;
}

struct sandbox_support sandbox_support(void)
{
	/* A NULL filter is looked at after it is known that filters are: EFAULT. */
	bool filters = prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, NULL, 0, 0) < 0 &&
		errno == EFAULT;

	return (struct sandbox_support){ filters, landlock_version() };
}

/* Leak checkers read their own process's maps and threads. */
static int allow_proc(int ruleset, struct err *err)
{
	struct {
		uint64_t allowed;
		int32_t folder;
	} __attribute__((packed)) rule = {
		FS_READ_FILE | FS_READ_DIR, open("/proc", O_PATH | O_CLOEXEC),
	};
	long rc;

	if (rule.folder < 0)
		return err_system(err, errno, "/proc");
	rc = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
	close(rule.folder);
	return rc < 0 ? err_system(err, errno, "the sandbox: a rule for /proc") : 0;
}

static int close_paths(int version, struct err *err)
{
	const struct abi *abi = &abis[version > ABI_LAST ? ABI_LAST : version];
	struct ruleset rights = {
		(1ull << abi->fs) - 1, (1ull << abi->net) - 1, (1ull << abi->scoped) - 1,
	};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rights, abi->size, 0);
	int rc = 0;

	if (fd < 0)
		return err_system(err, errno, "the sandbox: Landlock");
	if (CONSTAT_SANDBOX == 1)
		rc = allow_proc(fd, err);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		rc = err_system(err, errno, "the sandbox: Landlock");
	close(fd);
	return rc;
}

/* ---- seccomp ---- */

#define NEW_THREAD	(CLONE_VM | CLONE_THREAD)
#define NEW_SPACES \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
	 CLONE_NEWCGROUP)
#define WRITING		(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_DIRECTORY)
#define MASKED(arg, mask, value) { (arg), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define EQUAL(arg, value) { (arg), SCMP_CMP_EQ, (value), 0 }

/* Whose condition holds is allowed. */
enum rule_when { ALWAYS, WITH_LANDLOCK, WITH_SOCKET, WITH_PID };

struct rule {
	int call;
	enum rule_when when;
	unsigned count;			/* of conditions, which must all hold */
	struct scmp_arg_cmp args[2];
};

static const struct rule allowed[] = {
	/* bytes of the descriptors it holds */
	{ .call = SCMP_SYS(read) },
	{ .call = SCMP_SYS(readv) },
	{ .call = SCMP_SYS(pread64) },
	{ .call = SCMP_SYS(write) },
	{ .call = SCMP_SYS(writev) },
	{ .call = SCMP_SYS(lseek) },
	{ .call = SCMP_SYS(close) },
	{ .call = SCMP_SYS(fstat) },
	{ SCMP_SYS(newfstatat), ALWAYS, 1, { MASKED(3, AT_EMPTY_PATH, AT_EMPTY_PATH) } },
	{ SCMP_SYS(statx), ALWAYS, 1, { MASKED(2, AT_EMPTY_PATH, AT_EMPTY_PATH) } },
	{ .call = SCMP_SYS(fadvise64) },
	{ .call = SCMP_SYS(poll) },
	{ .call = SCMP_SYS(ppoll) },
	{ SCMP_SYS(fcntl), ALWAYS, 1, { EQUAL(1, F_GETFL) } },
	{ SCMP_SYS(fcntl), ALWAYS, 1, { EQUAL(1, F_GETFD) } },
	{ SCMP_SYS(fcntl), ALWAYS, 1, { EQUAL(1, F_SETFD) } },
	{ SCMP_SYS(ioctl), ALWAYS, 1, { EQUAL(1, TCGETS) } },
	{ SCMP_SYS(ioctl), ALWAYS, 1, { EQUAL(1, TIOCGWINSZ) } },
	{ .call = SCMP_SYS(memfd_create) },
	{ SCMP_SYS(openat), WITH_LANDLOCK, 1, { MASKED(2, WRITING, O_RDONLY) } },
	/* messages to the keeper: the socket is put in when it is known */
	{ SCMP_SYS(sendmsg), WITH_SOCKET, 1, { EQUAL(0, 0) } },
	{ SCMP_SYS(recvmsg), WITH_SOCKET, 1, { EQUAL(0, 0) } },
	/* memory */
	{ .call = SCMP_SYS(brk) },
	{ SCMP_SYS(mmap), ALWAYS, 1, { MASKED(2, PROT_EXEC, 0) } },
	{ SCMP_SYS(mprotect), ALWAYS, 1, { MASKED(2, PROT_EXEC, 0) } },
	{ .call = SCMP_SYS(munmap) },
	{ .call = SCMP_SYS(mremap) },
	{ .call = SCMP_SYS(madvise) },
	/* threads */
	{ SCMP_SYS(clone), ALWAYS, 1, { MASKED(0, NEW_THREAD | NEW_SPACES, NEW_THREAD) } },
	{ .call = SCMP_SYS(futex) },
	{ .call = SCMP_SYS(set_robust_list) },
	{ .call = SCMP_SYS(rseq) },
	{ .call = SCMP_SYS(sched_getaffinity) },
	{ .call = SCMP_SYS(sched_yield) },
	{ .call = SCMP_SYS(getcpu) },
	{ SCMP_SYS(prctl), ALWAYS, 1, { EQUAL(0, PR_SET_NAME) } },
	{ .call = SCMP_SYS(exit) },
	{ .call = SCMP_SYS(exit_group) },
	{ .call = SCMP_SYS(gettid) },
	{ .call = SCMP_SYS(getpid) },
	/* signals: how it takes them, and abort(): to itself */
	{ SCMP_SYS(tgkill), WITH_PID, 1, { EQUAL(0, 0) } },
	{ .call = SCMP_SYS(rt_sigprocmask) },
	{ .call = SCMP_SYS(rt_sigaction) },
	{ .call = SCMP_SYS(rt_sigreturn) },
	{ .call = SCMP_SYS(sigaltstack) },
	{ .call = SCMP_SYS(restart_syscall) },
	/* time, chance, and how large the machine is */
	{ .call = SCMP_SYS(clock_gettime) },
	{ .call = SCMP_SYS(clock_getres) },
	{ .call = SCMP_SYS(clock_nanosleep) },
	{ .call = SCMP_SYS(nanosleep) },
	{ .call = SCMP_SYS(gettimeofday) },
	{ .call = SCMP_SYS(time) },
	{ .call = SCMP_SYS(getrandom) },
	{ .call = SCMP_SYS(getrusage) },
	{ .call = SCMP_SYS(sysinfo) },
	{ SCMP_SYS(prlimit64), ALWAYS, 2, { EQUAL(0, 0), EQUAL(2, 0) } },
#if CONSTAT_SANDBOX == 1
	/* what address, leak and thread sanitizers do beside, most of it at the end */
	{ .call = SCMP_SYS(clone) },
	{ .call = SCMP_SYS(ptrace) },
	{ .call = SCMP_SYS(wait4) },
	{ .call = SCMP_SYS(prctl) },
	{ .call = SCMP_SYS(getdents) },
	{ .call = SCMP_SYS(getdents64) },
	{ .call = SCMP_SYS(stat) },
	{ .call = SCMP_SYS(readlink) },
	{ .call = SCMP_SYS(getppid) },
	{ .call = SCMP_SYS(getuid) },
	{ .call = SCMP_SYS(mincore) },
	{ .call = SCMP_SYS(personality) },
	{ .call = SCMP_SYS(open) },
	{ .call = SCMP_SYS(openat) },
	{ .call = SCMP_SYS(dup) },
	{ .call = SCMP_SYS(arch_prctl) },
	{ .call = SCMP_SYS(tgkill) },
#endif
};

/* What only foreign code would try: no error to carry on with, but the end. */
static const int fatal[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto),
	SCMP_SYS(creat), SCMP_SYS(truncate), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
	SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(chmod),
	SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchownat), SCMP_SYS(chdir),
	SCMP_SYS(chroot), SCMP_SYS(mount), SCMP_SYS(pivot_root), SCMP_SYS(unshare),
	SCMP_SYS(setns), SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(capset),
	SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(init_module), SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load), SCMP_SYS(reboot), SCMP_SYS(ioperm), SCMP_SYS(iopl),
#if CONSTAT_SANDBOX == 2
	SCMP_SYS(ptrace),
#endif
};

static int add_rules(scmp_filter_ctx filter, int socket, bool landlock)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && rc == 0; i++) {
		const struct rule *rule = &allowed[i];
		struct scmp_arg_cmp args[2] = { rule->args[0], rule->args[1] };

		if ((rule->when == WITH_SOCKET && socket < 0) ||
		    (rule->when == WITH_LANDLOCK && !landlock))
			continue;
		if (rule->when == WITH_SOCKET)
			args[0].datum_a = (scmp_datum_t)socket;
		if (rule->when == WITH_PID)
			args[0].datum_a = (scmp_datum_t)getpid();
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule->call, rule->count, args);
	}
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]) && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0);
	return rc;
}

static int close_calls(int socket, bool landlock, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!filter)
		return err_memory(err);
	/*
	 * A tree instead of a chain of comparisons; and no slower memory for the sake of secrets
	 * that this process has none of. A libseccomp too old for either does without.
	 */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	rc = add_rules(filter, socket, landlock);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc ? err_system(err, -rc, "the sandbox: seccomp") : 0;
}

int sandbox_enter(int socket, struct err *err)
{
	struct sandbox_support support;
	int rc = 0;

	if (sandbox_is_off())
		return 0;
	support = sandbox_support();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_system(err, errno, "the sandbox: no_new_privs");
	if (support.landlock)
		rc = close_paths(support.landlock, err);
	if (rc == 0 && support.seccomp)
		rc = close_calls(socket, support.landlock != 0, err);
	return rc;
}
