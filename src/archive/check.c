/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The child keeps the file and its end of the pipe, reads the file as feed would, and writes 32
 * bytes of digest when it came to the end without damage; nothing otherwise. It is locked in as the
 * reader is.
 */
#define _GNU_SOURCE
#include "archive/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "feed/source.h"
#include "guard/sandbox.h"

#define CHUNK (256u << 10)
#define EXPANSION_MAX 2000u

static bool decode(int fd, const char *path, bool packed, uint8_t digest[32])
{
	const struct source_options options = {
		.hash = true, .expansion_max = EXPANSION_MAX, .threads = 1,
	};
	enum fault_kind fault = FAULT_KIND_COUNT;
	struct source *source;
	void *chunk = malloc(CHUNK);
	bool whole = false;
	size_t len = 1;

	if (chunk && source_new(fd, path, &options, &source, NULL) == 0) {
		while (len && source_read(source, chunk, CHUNK, &len, &fault, NULL) == 0 &&
		       fault == FAULT_KIND_COUNT)
			;
		whole = len == 0 && fault == FAULT_KIND_COUNT &&
			(!packed || strcmp(source_compression(source), "none") != 0) &&
			source_sha256(source, digest);
		source_free(source);
	}
	free(chunk);
	return whole;
}

/*
 * The keeper's other files and connections are none of the child's: 0 and 1 lead nowhere, 3 and 4
 * are its own.
 */
static void keep_only(int *fd, int *pipe)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	int high_fd = fcntl(*fd, F_DUPFD_CLOEXEC, 5), high_pipe = fcntl(*pipe, F_DUPFD_CLOEXEC, 5);

	if (nowhere < 0 || high_fd < 0 || high_pipe < 0)
		_exit(1);
	for (int i = 0; i < STDERR_FILENO; i++)
		if (dup2(nowhere, i) < 0)
			_exit(1);
	if (dup2(high_fd, 3) < 0 || dup2(high_pipe, 4) < 0 || close_range(5, ~0U, 0) < 0)
		_exit(1);
	*fd = 3;
	*pipe = 4;
}

__attribute__((noreturn))
static void be_child(int fd, int pipe, const char *path, bool packed)
{
	uint8_t digest[32];
	bool told = false;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	keep_only(&fd, &pipe);
	if (sandbox_enter(-1, NULL) == 0 && decode(fd, path, packed, digest))
		told = write(pipe, digest, sizeof(digest)) == (ssize_t)sizeof(digest);
	_exit(told ? 0 : 1);
}

int check_start(const char *path, bool packed, struct check *ret_check, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ends[2], failed;
	pid_t child;

	if (fd < 0)
		return err_system(err, errno, "%s", path);
	if (pipe2(ends, O_CLOEXEC)) {
		failed = errno;
		close(fd);
		return err_system(err, failed, "pipe");
	}
	child = fork();
	if (child == 0) {
		close(ends[0]);
		be_child(fd, ends[1], path, packed);
	}
	failed = errno;
	close(fd);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return err_system(err, failed, "fork");
	}
	*ret_check = (struct check){ child, ends[0] };
	return 0;
}

int check_end(struct check *check, bool *ret_whole, char ret_sha256[65], struct err *err)
{
	uint8_t digest[32];
	ssize_t got;
	int status;

	got = file_read_full(check->pipe, digest, sizeof(digest));
	close(check->pipe);
	while (waitpid(check->child, &status, 0) < 0)
		if (errno != EINTR)
			return err_system(err, errno, "waiting for a check");
	*ret_whole = got == (ssize_t)sizeof(digest) && WIFEXITED(status) &&
		     WEXITSTATUS(status) == 0;
	for (unsigned i = 0; *ret_whole && i < 32; i++) {
		ret_sha256[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		ret_sha256[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	ret_sha256[64] = '\0';
	return 0;
}

void check_stop(struct check *check)
{
	char sha256[65];
	bool whole;

	kill(check->child, SIGKILL);
	(void)check_end(check, &whole, sha256, NULL);
}
