/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library to be preloaded (LD_PRELOAD): makes the Nth call of a kind fail, in the keeper or in the
 * reader, and counts calls of every kind. tests/hostile/torture runs it.
 *
 *	FAIL_STATE	a file of struct state, mapped by both processes: the counts, what was made to fail
 *	FAIL_PROCESS	0: the process that was started; 1: any that it forks
 *	FAIL_KIND	a number of enum kind
 *	FAIL_AT		which call fails, from 1; 0: none
 *	FAIL_WAYS	of allocations only those count that are made in a new way: from other functions,
 *			to the last, than any before
 *
 * Allocations that the program itself makes are also booked, so that what it has not given back
 * when it ends can be counted: of those, struct state has the number and a caller. New memory holds
 * nothing useful, memory given back is overwritten, and a block that grows always moves: who uses
 * what is no longer there, or never was, is found out at once. A crash leaves its stack in struct state.
 *
 * What is called here is the kernel (syscall) or glibc's own name for an allocator, so that nothing
 * comes back in. Standard error is left alone: it is how a failure is told.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In the order in which torture names them. */
enum kind {
	ALLOC, MAP, READ, READ_SHORT, READ_EINTR, WRITE, WRITE_SHORT, WRITE_EINTR, OPEN, CLOSE, RENAME, LINK,
	FSYNC, MKDIR, FORK, THREAD, PAIR, SEND, RECEIVE, POLL, DUP, STAT, TRUNCATE, UNLINK, SEEK, MODE, KINDS
};

struct state {
	_Atomic uint64_t calls[2][KINDS];
	_Atomic uint64_t injected;
	_Atomic uint64_t where;			/* who called, as an offset in `module` */
	_Atomic uint64_t live[2], live_where[2];
	char module[128];
	char crash[2048];
};

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *block);

static struct state *state;
static unsigned process, fail_process, fail_kind;
static uint64_t fail_at;
static bool fail_ways;
static uintptr_t program_from, program_to;
/*
 * libseccomp 2.5.4 frees twice, or reads through NULL, when some of its allocations fail; libcrypto 3.0
 * takes a lock that it could not make, when it is first asked for an algorithm. Neither has read a
 * stranger's byte by then; their failures are not ours to test.
 */
static const char *const spared_names[] = { "libseccomp", "libcrypto" };
#define SPARED (sizeof(spared_names) / sizeof(spared_names[0]))
static struct range {
	uintptr_t from, to;
} spared[SPARED];

/* What lies in memory that is no longer anybody's, or not yet: never a pointer, never zero. */
#define STALE	0xdb
#define FRESH	0xa5
#define MOST	65536u	/* of a block's bytes: more costs time and shows nothing new */

static void fill(void *block, int byte)
{
	size_t size = block ? malloc_usable_size(block) : 0;

	if (size)
		memset(block, byte, size < MOST ? size : MOST);
}

/* ---- what the program has allocated ---- */

#define BOOK_SIZE (1u << 17)

static struct entry {
	uintptr_t block, where;
} *book;
static unsigned booked;
static atomic_flag book_lock = ATOMIC_FLAG_INIT;

static void lock_book(void)
{
	while (atomic_flag_test_and_set(&book_lock))
		syscall(SYS_sched_yield);
}

static void book_add(void *block, void *caller)
{
	uintptr_t where = (uintptr_t)caller;
	size_t at = (uintptr_t)block / 16 * 0x9E3779B97F4A7C15u % BOOK_SIZE;

	if (!block || !book || where < program_from || where >= program_to)
		return;
	lock_book();
	if (booked > BOOK_SIZE / 4 * 3) {
		atomic_flag_clear(&book_lock);
		return;
	}
	booked++;
	/* Removed entries keep their place (block 1), so that what lies behind them is found. */
	while (book[at].block > 1)
		at = (at + 1) % BOOK_SIZE;
	book[at].block = (uintptr_t)block;
	book[at].where = where - program_from;
	atomic_flag_clear(&book_lock);
}

static void book_remove(void *block)
{
	size_t at = (uintptr_t)block / 16 * 0x9E3779B97F4A7C15u % BOOK_SIZE;

	if (!block || !book)
		return;
	lock_book();
	while (book[at].block && book[at].block != (uintptr_t)block)
		at = (at + 1) % BOOK_SIZE;
	if (book[at].block) {
		book[at].block = 1;
		booked--;
	}
	atomic_flag_clear(&book_lock);
}

static void book_close(void)
{
	uint64_t live = 0;

	if (!state || !book)
		return;
	for (size_t i = 0; i < BOOK_SIZE; i++)
		if (book[i].block > 1) {
			live++;
			state->live_where[process] = book[i].where;
		}
	state->live[process] = live;
}

/* ---- whose turn it is ---- */

static bool is_spared(uintptr_t caller)
{
	for (size_t i = 0; i < SPARED; i++)
		if (caller >= spared[i].from && caller < spared[i].to)
			return true;
	return false;
}

/* The program comes first, without a name. */
static int find_ranges(struct dl_phdr_info *info, size_t size, void *context)
{
	uintptr_t *from = &program_from, *to = &program_to;

	(void)size;
	(void)context;
	for (size_t i = 0; program_to && i < SPARED; i++)
		if (strstr(info->dlpi_name, spared_names[i])) {
			from = &spared[i].from;
			to = &spared[i].to;
		}
	if (program_to && to == &program_to)
		return 0;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type != PT_LOAD)
			continue;
		*from = info->dlpi_addr;
		*to = info->dlpi_addr + header->p_vaddr + header->p_memsz;
	}
	return 0;
}

/* The stack goes into struct state; then the call is made again, and the process dies of it as usual. */
static void crashed(int number)
{
	void *frames[24];
	int count = backtrace(frames, 24);
	size_t used = 0;

	(void)number;
	for (int i = 0; i < count && used < sizeof(state->crash) - 1; i++) {
		const char *name = "?", *slash;
		Dl_info info = { .dli_fbase = NULL };

		if (dladdr(frames[i], &info) && info.dli_fname)
			name = info.dli_fname;
		slash = strrchr(name, '/');
		used += (size_t)snprintf(state->crash + used, sizeof(state->crash) - used, "%s%s+%#zx", i ? " " : "",
					 slash ? slash + 1 : name, (size_t)((char *)frames[i] - (char *)info.dli_fbase));
	}
}

static void catch_crashes(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = crashed, .sa_flags = SA_RESETHAND };
	void *frame[1];

	backtrace(frame, 1);	/* loads what it needs */
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

static uint64_t number_of(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : 0;
}

__attribute__((constructor))
static void begin(void)
{
	const char *path = getenv("FAIL_STATE");
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
	void *mapped;

	if (fd < 0)
		return;
	fail_process = (unsigned)number_of("FAIL_PROCESS");
	fail_kind = (unsigned)number_of("FAIL_KIND");
	fail_at = number_of("FAIL_AT");
	fail_ways = number_of("FAIL_WAYS");
	dl_iterate_phdr(find_ranges, NULL);
	mapped = (void *)syscall(SYS_mmap, NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (mapped == MAP_FAILED)
		return;
	book = (void *)syscall(SYS_mmap, NULL, BOOK_SIZE * sizeof(*book), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (book == MAP_FAILED)
		book = NULL;
	catch_crashes();
	state = mapped;
}

__attribute__((destructor))
static void end(void)
{
	book_close();
}

#define WAYS	65536u		/* more than any run has; in a table of twice the room */
#define DEPTH	32

/* Whether nobody has come this way before. */
static bool new_way(void)
{
	static uint64_t ways[2 * WAYS];
	static unsigned count;
	static _Thread_local bool within;
	void *frames[DEPTH];
	uint64_t way = 1469598103934665603u;
	bool fresh = false;
	size_t at;
	int depth;

	if (within || count == WAYS)
		return false;
	within = true;
	depth = backtrace(frames, DEPTH);
	within = false;
	for (int i = 0; i < depth; i++)
		way = (way ^ (uintptr_t)frames[i]) * 1099511628211u;
	lock_book();
	for (at = way % (2 * WAYS); ways[at] && ways[at] != way; at = (at + 1) % (2 * WAYS))
		;
	if (!ways[at]) {
		ways[at] = way;
		count++;
		fresh = true;
	}
	atomic_flag_clear(&book_lock);
	return fresh;
}

static int fails(enum kind kind, void *caller)
{
	uint64_t number;
	Dl_info info;

	if (!state || is_spared((uintptr_t)caller) || (kind == ALLOC && fail_ways && !new_way()))
		return 0;
	number = atomic_fetch_add(&state->calls[process][kind], 1) + 1;
	if (number != fail_at || kind != fail_kind || process != fail_process)
		return 0;
	state->injected++;
	state->where = (uintptr_t)caller - program_from;
	if (dladdr(caller, &info)) {
		state->where = (uintptr_t)caller - (uintptr_t)info.dli_fbase;
		strncpy(state->module, info.dli_fname, sizeof(state->module) - 1);
	}
	return 1;
}

#define CALLER __builtin_return_address(0)
#define FAIL_WITH(kind, code, failure) \
	do { \
		if (fails((kind), CALLER)) { \
			errno = (code); \
			return (failure); \
		} \
	} while (0)

/* ---- memory ---- */

void *malloc(size_t size)
{
	void *block;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	block = __libc_malloc(size);
	fill(block, FRESH);
	book_add(block, CALLER);
	return block;
}

void *calloc(size_t count, size_t size)
{
	void *block;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	block = __libc_calloc(count, size);
	book_add(block, CALLER);
	return block;
}

static void *resize(void *old, size_t size, void *caller)
{
	size_t had = old ? malloc_usable_size(old) : 0;
	void *block;

	if (old && (size == 0 || size > MOST)) {
		/* Out of the book first: another thread may be given the old block before this line's end. */
		book_remove(old);
		block = __libc_realloc(old, size);
		book_add(block || size == 0 ? block : old, caller);
		return block;
	}
	block = __libc_malloc(size);
	if (!block)
		return NULL;
	fill(block, FRESH);
	memcpy(block, old ? old : "", had < size ? had : size);
	book_add(block, caller);
	free(old);
	return block;
}

void *realloc(void *old, size_t size)
{
	FAIL_WITH(ALLOC, ENOMEM, NULL);
	return resize(old, size, CALLER);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return resize(old, bytes, CALLER);
}

void *aligned_alloc(size_t align, size_t size)
{
	void *block;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	block = __libc_memalign(align, size);
	fill(block, FRESH);
	book_add(block, CALLER);
	return block;
}

int posix_memalign(void **ret_block, size_t align, size_t size)
{
	if (fails(ALLOC, CALLER))
		return ENOMEM;
	*ret_block = __libc_memalign(align, size);
	fill(*ret_block, FRESH);
	book_add(*ret_block, CALLER);
	return *ret_block ? 0 : ENOMEM;
}

char *strndup(const char *text, size_t most)
{
	size_t len = strnlen(text, most);
	char *copy;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	copy = __libc_malloc(len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	book_add(copy, CALLER);
	return copy;
}

char *strdup(const char *text)
{
	char *copy;

	FAIL_WITH(ALLOC, ENOMEM, NULL);
	copy = __libc_malloc(strlen(text) + 1);
	if (copy)
		strcpy(copy, text);
	book_add(copy, CALLER);
	return copy;
}

void free(void *block)
{
	int keep = errno;

	book_remove(block);
	fill(block, STALE);
	__libc_free(block);
	errno = keep;
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	FAIL_WITH(MAP, ENOMEM, MAP_FAILED);
	return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

/* ---- files ---- */

ssize_t read(int fd, void *bytes, size_t len)
{
	FAIL_WITH(READ, EIO, -1);
	FAIL_WITH(READ_EINTR, EINTR, -1);
	if (len > 1 && fails(READ_SHORT, CALLER))
		len = 1;
	return syscall(SYS_read, fd, bytes, len);
}

ssize_t __read_chk(int fd, void *bytes, size_t len, size_t room);
ssize_t __read_chk(int fd, void *bytes, size_t len, size_t room)
{
	if (len > room)
		abort();
	FAIL_WITH(READ, EIO, -1);
	FAIL_WITH(READ_EINTR, EINTR, -1);
	if (len > 1 && fails(READ_SHORT, CALLER))
		len = 1;
	return syscall(SYS_read, fd, bytes, len);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (fd != STDERR_FILENO) {
		FAIL_WITH(WRITE, ENOSPC, -1);
		FAIL_WITH(WRITE_EINTR, EINTR, -1);
		if (len > 1 && fails(WRITE_SHORT, CALLER))
			len = 1;
	}
	return syscall(SYS_write, fd, bytes, len);
}

ssize_t pread(int fd, void *bytes, size_t len, off_t at)
{
	FAIL_WITH(READ, EIO, -1);
	FAIL_WITH(READ_EINTR, EINTR, -1);
	if (len > 1 && fails(READ_SHORT, CALLER))
		len = 1;
	return syscall(SYS_pread64, fd, bytes, len, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	FAIL_WITH(WRITE, ENOSPC, -1);
	FAIL_WITH(WRITE_EINTR, EINTR, -1);
	if (len > 1 && fails(WRITE_SHORT, CALLER))
		len = 1;
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & (O_CREAT | __O_TMPFILE)) {
		va_list args;

		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	FAIL_WITH(OPEN, EMFILE, -1);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & (O_CREAT | __O_TMPFILE)) {
		va_list args;

		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	FAIL_WITH(OPEN, EMFILE, -1);
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* Linux has closed it all the same. */
int close(int fd)
{
	int rc = (int)syscall(SYS_close, fd);

	FAIL_WITH(CLOSE, EIO, -1);
	return rc;
}

int rename(const char *from, const char *to)
{
	FAIL_WITH(RENAME, EIO, -1);
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	FAIL_WITH(RENAME, EIO, -1);
	return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int unlink(const char *path)
{
	FAIL_WITH(UNLINK, EIO, -1);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int ftruncate(int fd, off_t len)
{
	FAIL_WITH(TRUNCATE, EIO, -1);
	return (int)syscall(SYS_ftruncate, fd, len);
}

off_t lseek(int fd, off_t at, int from)
{
	FAIL_WITH(SEEK, EIO, -1);
	return syscall(SYS_lseek, fd, at, from);
}

int fchmod(int fd, mode_t mode)
{
	FAIL_WITH(MODE, EPERM, -1);
	return (int)syscall(SYS_fchmod, fd, mode);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	FAIL_WITH(LINK, EIO, -1);
	return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

int fsync(int fd)
{
	FAIL_WITH(FSYNC, EIO, -1);
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	FAIL_WITH(FSYNC, EIO, -1);
	return (int)syscall(SYS_fdatasync, fd);
}

int memfd_create(const char *name, unsigned flags)
{
	FAIL_WITH(OPEN, EMFILE, -1);
	return (int)syscall(SYS_memfd_create, name, flags);
}

int mkdir(const char *path, mode_t mode)
{
	FAIL_WITH(MKDIR, EACCES, -1);
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int fstat(int fd, struct stat *ret_stat)
{
	FAIL_WITH(STAT, EIO, -1);
	return (int)syscall(SYS_newfstatat, fd, "", ret_stat, AT_EMPTY_PATH);
}

int stat(const char *path, struct stat *ret_stat)
{
	FAIL_WITH(STAT, EIO, -1);
	return (int)syscall(SYS_newfstatat, AT_FDCWD, path, ret_stat, 0);
}

int lstat(const char *path, struct stat *ret_stat)
{
	FAIL_WITH(STAT, EIO, -1);
	return (int)syscall(SYS_newfstatat, AT_FDCWD, path, ret_stat, AT_SYMLINK_NOFOLLOW);
}

int access(const char *path, int mode)
{
	FAIL_WITH(STAT, EIO, -1);
	return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

/* What programs with _FILE_OFFSET_BITS=64 call. */
void *mmap64(void *at, size_t len, int protection, int flags, int fd, off64_t offset) __attribute__((alias("mmap")));
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));
int fstat64(int fd, struct stat64 *ret_stat) __attribute__((alias("fstat")));
int stat64(const char *path, struct stat64 *ret_stat) __attribute__((alias("stat")));
int lstat64(const char *path, struct stat64 *ret_stat) __attribute__((alias("lstat")));
ssize_t pread64(int fd, void *bytes, size_t len, off64_t at) __attribute__((alias("pread")));
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at) __attribute__((alias("pwrite")));
int ftruncate64(int fd, off64_t len) __attribute__((alias("ftruncate")));
off64_t lseek64(int fd, off64_t at, int from) __attribute__((alias("lseek")));

/* ---- processes, threads, sockets ---- */

pid_t fork(void)
{
	pid_t (*real)(void) = (pid_t (*)(void))dlsym(RTLD_NEXT, "fork");
	pid_t child;

	FAIL_WITH(FORK, EAGAIN, -1);
	child = real();
	if (child == 0) {
		process = 1;
		/* What it has from its parent is not its own to give back. */
		if (book)
			memset(book, 0, BOOK_SIZE * sizeof(*book));
		booked = 0;
	}
	return child;
}

int pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
		(int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT,
											      "pthread_create");

	if (fails(THREAD, CALLER))
		return EAGAIN;
	return real(ret_thread, attributes, run, context);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	FAIL_WITH(PAIR, EMFILE, -1);
	return (int)syscall(SYS_socketpair, domain, type, protocol, fds);
}

int pipe2(int fds[2], int flags)
{
	FAIL_WITH(PAIR, EMFILE, -1);
	return (int)syscall(SYS_pipe2, fds, flags);
}

int eventfd(unsigned value, int flags)
{
	FAIL_WITH(PAIR, EMFILE, -1);
	return (int)syscall(SYS_eventfd2, value, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	FAIL_WITH(SEND, ENOBUFS, -1);
	return syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	FAIL_WITH(RECEIVE, ENOBUFS, -1);
	return syscall(SYS_recvmsg, fd, message, flags);
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	FAIL_WITH(RECEIVE, ENOBUFS, -1);
	return syscall(SYS_recvfrom, fd, bytes, len, flags, NULL, NULL);
}

int poll(struct pollfd *polls, nfds_t count, int timeout)
{
	FAIL_WITH(POLL, EINTR, -1);
	return (int)syscall(SYS_poll, polls, count, timeout);
}

int __poll_chk(struct pollfd *polls, nfds_t count, int timeout, size_t room);
int __poll_chk(struct pollfd *polls, nfds_t count, int timeout, size_t room)
{
	if (count * sizeof(*polls) > room)
		abort();
	FAIL_WITH(POLL, EINTR, -1);
	return (int)syscall(SYS_poll, polls, count, timeout);
}

int dup2(int from, int to)
{
	FAIL_WITH(DUP, EIO, -1);
	return (int)syscall(SYS_dup2, from, to);
}

int dup3(int from, int to, int flags)
{
	FAIL_WITH(DUP, EIO, -1);
	return (int)syscall(SYS_dup3, from, to, flags);
}

void _exit(int status)
{
	book_close();
	for (;;)
		syscall(SYS_exit_group, status);
}
