/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How keeper and reader talk: one stream socket pair, on which the reader sends frames (a header,
 * then `len` bytes) and the keeper sends answers to FRAME_OPEN only.
 *
 *	FRAME_OPEN	`what` is the file's number; the answer is a struct err, with the
 *			descriptor beside it (SCM_RIGHTS) when its code is 0
 *	FRAME_GIVE	`what` and bytes for taken()
 *	FRAME_RESULT	a struct err: what the reader function returned
 *
 * The keeper never waits for the reader otherwise than in poll(): frames collect in a buffer that
 * grows with what has arrived, not with what a header promises, and an answer that does not fit the
 * socket (nobody honest has two under way) ends the reader. So the two cannot lock each other,
 * however large a frame is. The end of the stream is the end of the reader: nothing else holds its
 * end of the pair. The keeper trusts nothing in a frame; both run the same program, so that layouts
 * agree.
 *
 * The reader dies with the keeper (PR_SET_PDEATHSIG), keeps of the keeper's descriptors its end of
 * the pair, standard error, and standard output where the plan says so, and leaves SIGINT and
 * SIGHUP, which a terminal sends to both, to the keeper.
 */
#define _GNU_SOURCE
#include "guard/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utc.h"
#include "guard/sandbox.h"

#if defined(__has_feature)
#define GUARD_HAS_FEATURE(x) __has_feature(x)
#else
#define GUARD_HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || GUARD_HAS_FEATURE(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define GUARD_CHECKS_LEAKS 1
#else
#define GUARD_CHECKS_LEAKS 0
#endif

#define READ_SIZE	(256 * 1024)	/* about what the kernel's socket buffer holds */
#define PROGRESS_MS	200

enum frame_kind {
	FRAME_OPEN = 1,
	FRAME_GIVE,
	FRAME_RESULT,
};

struct frame {
	uint32_t kind;
	uint32_t what;
	uint64_t len;
};

struct guard {
	int socket;
	pthread_mutex_t lock;	/* a frame, and the answer to it, at a time */
	struct guard_progress *progress;
};

/* The keeper's side of one run. */
struct keeper {
	const struct guard_plan *plan;
	struct guard_progress *progress;
	int socket;
	int wake;
	pid_t reader;
	struct buf in;
	bool asked;		/* the reader waits for this file, which is still to come */
	uint32_t asked_for;
	bool has_result;
	struct err result;
};

/* Set by guard_interrupt(), which may run in a signal handler at any instruction of guard_run(). */
static volatile sig_atomic_t interrupted;
static atomic_int wake_fd = -1;

void guard_interrupt(void)
{
	int saved = errno;
	int fd = atomic_load(&wake_fd);

	interrupted = 1;
	if (fd >= 0) {
		const uint64_t one = 1;
		ssize_t written = write(fd, &one, sizeof(one));

		(void)written;	/* full only when it has been written to already */
	}
	errno = saved;
}

/* ---- reader ---- */

/* All of `parts`, which are used up on the way. */
static int send_all(int fd, struct iovec *parts, size_t count, struct err *err)
{
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = count };

	while (message.msg_iovlen) {
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EPIPE)
			return err_set(err, ERR_CANCELLED, "the keeper has gone");
		if (sent < 0)
			return err_system(err, errno, "sending to the keeper");
		while (message.msg_iovlen && (size_t)sent >= message.msg_iov->iov_len) {
			sent -= (ssize_t)message.msg_iov->iov_len;
			message.msg_iov++;
			message.msg_iovlen--;
		}
		if (message.msg_iovlen) {
			message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + sent;
			message.msg_iov->iov_len -= (size_t)sent;
		}
	}
	return 0;
}

static int send_frame(int fd, enum frame_kind kind, uint32_t what, const void *bytes, size_t len,
		      struct err *err)
{
	struct frame frame = { .kind = kind, .what = what, .len = len };
	struct iovec parts[] = {
		{ &frame, sizeof(frame) },
		{ (void *)bytes, len },
	};

	return send_all(fd, parts, len ? 2 : 1, err);
}

union rights {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* The keeper's answer to FRAME_OPEN. */
static int receive_answer(int fd, int *ret_fd, struct err *err)
{
	struct err answer;
	struct iovec part = { &answer, sizeof(answer) };
	union rights rights;
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = rights.bytes, .msg_controllen = sizeof(rights.bytes),
	};
	struct cmsghdr *header;
	ssize_t got;
	int handed = -1;

	do
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_system(err, errno, "receiving from the keeper");
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&handed, CMSG_DATA(header), sizeof(handed));
	if (got != sizeof(answer)) {
		if (handed >= 0)
			close(handed);
		return err_set(err, ERR_CANCELLED, "the keeper has gone");
	}
	if (answer.code)
		return err_set(err, answer.code, "%s", answer.text);
	/* No room left in this process's table of descriptors: the kernel drops it on the way. */
	if (handed < 0)
		return err_system(err, EMFILE, "receiving a descriptor");
	*ret_fd = handed;
	return 0;
}

int guard_open(struct guard *guard, uint32_t file, int *ret_fd, struct err *err)
{
	int rc;

	pthread_mutex_lock(&guard->lock);
	rc = send_frame(guard->socket, FRAME_OPEN, file, NULL, 0, err);
	if (!rc)
		rc = receive_answer(guard->socket, ret_fd, err);
	pthread_mutex_unlock(&guard->lock);
	return rc;
}

bool guard_here(const struct guard *guard, uint32_t file)
{
	return file < __atomic_load_n(&guard->progress->files_here, __ATOMIC_RELAXED);
}

int guard_give(struct guard *guard, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	int rc;

	pthread_mutex_lock(&guard->lock);
	rc = send_frame(guard->socket, FRAME_GIVE, what, bytes, len, err);
	pthread_mutex_unlock(&guard->lock);
	return rc;
}

struct guard_progress *guard_progress(struct guard *guard)
{
	return guard->progress;
}

static void leave_signals_to_keeper(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGTERM, &usual, NULL);
}

/* 3 becomes the socket; 0, and 1 unless it is the reader's, lead nowhere; 4 and up are closed. */
static int keep_descriptors(int *socket, bool keep_stdout, struct err *err)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0)
		return err_system(err, errno, "/dev/null");
	if (dup2(nowhere, STDIN_FILENO) < 0 || (!keep_stdout && dup2(nowhere, STDOUT_FILENO) < 0))
		return err_system(err, errno, "replacing standard input and output");
	if (*socket != STDERR_FILENO + 1) {
		if (dup3(*socket, STDERR_FILENO + 1, O_CLOEXEC) < 0)
			return err_system(err, errno, "moving a descriptor");
		*socket = STDERR_FILENO + 1;
	}
	if (close_range((unsigned)*socket + 1, ~0U, 0))
		return err_system(err, errno, "closing descriptors");
	return 0;
}

/* The whole life of the reader process. Everything the keeper had is a copy that ends with it. */
__attribute__((noreturn))
static void be_reader(const struct guard_plan *plan, struct guard_progress *progress, int socket,
		      pid_t keeper, const sigset_t *mask)
{
	struct guard guard = { .socket = socket, .progress = progress };
	struct err err = { ERR_OK, 0, "" };
	struct err failed;
	int status = 0;
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)	/* it died before the line above */
		_exit(1);
	leave_signals_to_keeper();
	sigprocmask(SIG_SETMASK, mask, NULL);
	pthread_mutex_init(&guard.lock, NULL);
	rc = keep_descriptors(&guard.socket, plan->stdout_to_reader, &err);
	if (!rc)
		rc = sandbox_enter(guard.socket, &err);
	if (!rc)
		rc = plan->reader(&guard, plan->context, &err);
	if (!rc)
		err = (struct err){ ERR_OK, 0, "" };
	else if (!err.code && rc == ERR_MEMORY)
		err_memory(&err);	/* wire/ returns the code alone */
	else if (!err.code)
		err_set(&err, rc, "the reader failed without a word (%d)", rc);
	if (send_frame(guard.socket, FRAME_RESULT, 0, &err, sizeof(err), &failed))
		status = 1;
#if GUARD_CHECKS_LEAKS
	if (__lsan_do_recoverable_leak_check())
		status = 1;
#endif
	/* Not exit(): the keeper's buffers and handlers are the keeper's. */
	_exit(status);
}

/* ---- keeper ---- */

/* A struct err out of the reader's hands: one line, terminated, with a code there is. */
static void clean_err(struct err *err)
{
	err->text[sizeof(err->text) - 1] = '\0';
	for (char *c = err->text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	if (err->code > ERR_OK || err->code < ERR_CANCELLED)
		err->code = ERR_FORMAT;
}

static int open_file(const struct guard_plan *plan, uint32_t number, int *ret_fd, struct err *err)
{
	struct stat st;
	int fd;

	if (number >= plan->file_count)
		return err_set(err, ERR_USAGE, "the reader asked for file %u of %u", number,
			       plan->file_count);
	if (plan->open) {
		int rc = plan->open(plan->context, number, ret_fd, err);

		if (rc != GUARD_AS_IS)
			return rc;
	}
	if (strcmp(plan->files[number], "-") == 0) {
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (fd < 0)
			return err_system(err, errno, "standard input");
	} else {
		fd = open(plan->files[number], O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return err_system(err, errno, "%s", plan->files[number]);
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_system(err, EISDIR, "%s", plan->files[number]);
	}
	*ret_fd = fd;
	return 0;
}

static int answer_open(struct keeper *keeper, uint32_t number, struct err *err)
{
	struct err answer = { ERR_OK, 0, "" };
	struct iovec part = { &answer, sizeof(answer) };
	union rights rights = { .bytes = { 0 } };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;
	int fd = -1;
	int rc = open_file(keeper->plan, number, &fd, &answer);

	keeper->asked = rc == GUARD_LATER;
	keeper->asked_for = number;
	if (keeper->asked)
		return 0;
	if (rc == 0) {
		message.msg_control = rights.bytes;
		message.msg_controllen = sizeof(rights.bytes);
		rights.header.cmsg_level = SOL_SOCKET;
		rights.header.cmsg_type = SCM_RIGHTS;
		rights.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&rights.header), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(keeper->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	if (fd >= 0)
		close(fd);
	/* A reader that has died meanwhile shows as the end of the stream, with its reason. */
	if (sent == sizeof(answer) || (sent < 0 && (errno == EPIPE || errno == ECONNRESET)))
		return 0;
	return sent < 0 ? err_system(err, errno, "answering the reader") :
			  err_set(err, ERR_FORMAT, "the reader takes no answers");
}

static int handle_frame(struct keeper *keeper, const struct frame *frame, const char *bytes,
			struct err *err)
{
	const struct guard_plan *plan = keeper->plan;
	int rc;

	if (keeper->has_result)
		return err_set(err, ERR_FORMAT, "the reader went on after its end");
	switch (frame->kind) {
	case FRAME_OPEN:
		return answer_open(keeper, frame->what, err);
	case FRAME_GIVE:
		if (!plan->taken)
			return 0;
		rc = plan->taken(plan->context, frame->what, bytes, (size_t)frame->len, err);
		return rc && !err->code ? err_set(err, ERR_CANCELLED, "stopped") : rc;
	case FRAME_RESULT:
		if (frame->len != sizeof(keeper->result))
			break;
		memcpy(&keeper->result, bytes, sizeof(keeper->result));
		clean_err(&keeper->result);
		keeper->has_result = true;
		return 0;
	}
	return err_set(err, ERR_FORMAT, "the reader sent what is no frame");
}

/* Handles the frames that are there as a whole, and moves the rest to the front. */
static int handle_frames(struct keeper *keeper, struct err *err)
{
	struct buf *in = &keeper->in;
	size_t at = 0;

	while (in->len - at >= sizeof(struct frame)) {
		struct frame frame;
		int rc;

		memcpy(&frame, in->data + at, sizeof(frame));
		if (frame.len > in->len - at - sizeof(frame))
			break;
		rc = handle_frame(keeper, &frame, in->data + at + sizeof(frame), err);
		if (rc)
			return rc;
		at += sizeof(frame) + (size_t)frame.len;
	}
	if (at) {
		memmove(in->data, in->data + at, in->len - at);
		in->len -= at;
	}
	return 0;
}

/* What has arrived. *ret_end: the reader's end is closed. */
static int receive(struct keeper *keeper, bool *ret_end, struct err *err)
{
	struct buf *in = &keeper->in;
	ssize_t got;

	if (!buf_reserve(in, READ_SIZE))
		return err_memory(err);
	got = recv(keeper->socket, in->data + in->len, READ_SIZE, MSG_DONTWAIT);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	/* The reader died with an answer of ours unread. */
	if (got == 0 || (got < 0 && errno == ECONNRESET)) {
		*ret_end = true;
		return 0;
	}
	if (got < 0)
		return err_system(err, errno, "receiving from the reader");
	in->len += (size_t)got;
	return handle_frames(keeper, err);
}

static void show_progress(const struct keeper *keeper)
{
	const struct guard_progress *shared = keeper->progress;
	struct guard_progress now;

	if (!keeper->plan->progress)
		return;
	now.bytes_total = __atomic_load_n(&shared->bytes_total, __ATOMIC_RELAXED);
	now.bytes_read = __atomic_load_n(&shared->bytes_read, __ATOMIC_RELAXED);
	now.events = __atomic_load_n(&shared->events, __ATOMIC_RELAXED);
	now.clock = __atomic_load_n(&shared->clock, __ATOMIC_RELAXED);
	keeper->plan->progress(keeper->plan->context, &now);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wait_for_news(struct keeper *keeper, struct pollfd polls[2], struct err *err)
{
	const struct guard_plan *plan = keeper->plan;
	uint32_t here = plan->here ? plan->here(plan->context) : plan->file_count;

	__atomic_store_n(&keeper->progress->files_here, here, __ATOMIC_RELAXED);
	if (plan->wait)
		return plan->wait(plan->context, polls, 2, PROGRESS_MS, err);
	if (poll(polls, 2, plan->progress ? PROGRESS_MS : -1) < 0 && errno != EINTR)
		return err_system(err, errno, "poll");
	return 0;
}

/* Until the reader's end of the stream, an error, or an interrupt. */
static int serve(struct keeper *keeper, struct err *err)
{
	struct pollfd polls[] = {
		{ .fd = keeper->socket, .events = POLLIN },
		{ .fd = keeper->wake, .events = POLLIN },
	};
	int64_t shown = now_ms();
	bool end = false;
	int rc = 0;

	while (!end && !rc) {
		/* From here on an interrupt is seen by poll(); an earlier one, by looking. */
		if (interrupted)
			return err_set(err, ERR_CANCELLED, "interrupted");
		rc = wait_for_news(keeper, polls, err);
		if (rc)
			return rc;
		if (now_ms() - shown >= PROGRESS_MS) {
			show_progress(keeper);
			shown = now_ms();
		}
		rc = receive(keeper, &end, err);
		if (!rc && !end && keeper->asked)
			rc = answer_open(keeper, keeper->asked_for, err);
	}
	return rc;
}

/* After the end of the stream: what the reader said, or how it died saying nothing. */
static int outcome(const struct keeper *keeper, int status, struct err *err)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return err_set(err, ERR_SYSTEM,
			       "the reader process was stopped: it called what its sandbox "
			       "forbids");
	if (WIFSIGNALED(status))
		return err_set(err, ERR_SYSTEM, "the reader process was killed by signal %d (%s)%s",
			       WTERMSIG(status), strsignal(WTERMSIG(status)),
			       WTERMSIG(status) == SIGKILL ?
			       ", as happens when memory runs out" : "");
	if (!keeper->has_result || WEXITSTATUS(status))
		return err_set(err, ERR_SYSTEM, "the reader process ended with status %d%s",
			       WEXITSTATUS(status), keeper->has_result ? "" : ", without a result");
	if (!keeper->result.code)
		return 0;
	if (err)
		*err = keeper->result;
	return keeper->result.code;
}

static int wait_for(pid_t pid, int *ret_status, struct err *err)
{
	while (waitpid(pid, ret_status, 0) < 0)
		if (errno != EINTR)
			return err_system(err, errno, "waiting for the reader");
	return 0;
}

/*
 * Serves and ends the reader. It is killed even at the end of the stream: by then it is dead or
 * dying, and its status settled, unless it closed its end to go on unwatched.
 */
static int keep(struct keeper *keeper, struct err *err)
{
	struct err waiting;
	int status = 0;
	int rc = serve(keeper, err);

	kill(keeper->reader, SIGKILL);
	if (wait_for(keeper->reader, &status, &waiting) && !rc)
		return err_set(err, waiting.code, "%s", waiting.text);
	return rc ? rc : outcome(keeper, status, err);
}

/* Forks with signals blocked, so that no handler of the keeper's runs in the reader. */
static int start(struct keeper *keeper, struct err *err)
{
	int sockets[2];
	sigset_t all, mask;
	pid_t self = getpid();
	int failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		return err_system(err, errno, "socketpair");
	fflush(NULL);	/* else both would write what is buffered */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	keeper->reader = fork();
	if (keeper->reader == 0)
		be_reader(keeper->plan, keeper->progress, sockets[1], self, &mask);
	failed = errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	close(sockets[1]);
	if (keeper->reader < 0) {
		close(sockets[0]);
		return err_system(err, failed, "fork");
	}
	keeper->socket = sockets[0];
	return 0;
}

int guard_run(const struct guard_plan *plan, struct err *err)
{
	struct keeper keeper = { .plan = plan };
	struct err own = { ERR_OK, 0, "" };
	int rc;

	keeper.progress = mmap(NULL, sizeof(*keeper.progress), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (keeper.progress == MAP_FAILED)
		return err_system(err, errno, "mmap");
	keeper.progress->clock = UTC_NEVER;
	keeper.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (keeper.wake < 0) {
		rc = err_system(&own, errno, "eventfd");
	} else {
		atomic_store(&wake_fd, keeper.wake);
		rc = start(&keeper, &own);
		if (!rc) {
			rc = keep(&keeper, &own);
			close(keeper.socket);
		}
		atomic_store(&wake_fd, -1);
		close(keeper.wake);
	}
	interrupted = 0;	/* one interrupt stops one run: this one, or the next */
	buf_free(&keeper.in);
	munmap(keeper.progress, sizeof(*keeper.progress));
	if (rc && err)
		*err = own;
	return rc;
}
