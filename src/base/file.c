/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three ways to write, told at file_create():
 *
 *	unnamed		O_TMPFILE, and linkat() gives the name. linkat() never replaces: where the
 *			name is taken, a temporary one is linked and rename() does the rest
 *	temporary	where the file system has no O_TMPFILE, or /proc is not there to link from
 *	direct		the name is a device, a pipe or a socket: it is written to, never replaced
 *
 * A symbolic link is followed, and the permissions of a file that is replaced are kept.
 *
 * Temporary names stand in a fixed table of atomics before they exist on disk, so that a signal
 * handler can remove them at any instant, with unlink() alone. Full paths: the handler may run
 * after a chdir().
 */
#define _GNU_SOURCE	/* O_TMPFILE */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS		32
#define NAME_TRIES	100
#define READ_PIECE	65536u

enum slot_state { SLOT_FREE, SLOT_BEING_SET, SLOT_SET };

static struct slot {
	_Atomic int state;
	char path[PATH_MAX];
} slots[SLOTS];

struct file {
	int fd;
	int folder;		/* −1: direct */
	bool unnamed;
	bool disposable;
	bool fresh;		/* never replaces */
	struct slot *slot;	/* of the temporary name, or NULL */
	char *base;		/* within path */
	char path[PATH_MAX];	/* links followed */
	char name[];		/* as the caller said it, for errors */
};

static struct slot *take_slot(void)
{
	for (int i = 0; i < SLOTS; i++) {
		int expected = SLOT_FREE;

		if (atomic_compare_exchange_strong(&slots[i].state, &expected, SLOT_BEING_SET))
			return &slots[i];
	}
	return NULL;
}

static void release_slot(struct file *file)
{
	if (file->slot)
		atomic_store(&file->slot->state, SLOT_FREE);
	file->slot = NULL;
}

void file_abandon_all(void)
{
	int keep = errno;

	for (int i = 0; i < SLOTS; i++)
		if (atomic_load(&slots[i].state) == SLOT_SET)
			unlink(slots[i].path);
	errno = keep;
}

/*
 * Tries temporary names beside the file's own until `make` makes one that was not there. The name
 * only has to be new, not secret: `make` never opens or replaces what exists.
 */
static int make_temporary(struct file *file, int (*make)(struct file *file, const char *path),
			  struct err *err)
{
	static _Atomic unsigned counter;
	struct slot *slot = take_slot();
	int r = -1;

	if (!slot)
		return err_set(err, ERR_LIMIT, "%s: more than %d files being written", file->name,
			       SLOTS);
	file->slot = slot;
	for (int i = 0; i < NAME_TRIES; i++) {
		unsigned number = atomic_fetch_add(&counter, 1);
		int len = snprintf(slot->path, sizeof(slot->path), "%.*s.tmp-%ld-%u",
				   (int)(file->base - file->path), file->path, (long)getpid(),
				   number);

		if (len < 0 || (size_t)len >= sizeof(slot->path)) {
			errno = ENAMETOOLONG;
			break;
		}
		atomic_store(&slot->state, SLOT_SET);
		r = make(file, slot->path);
		if (r == 0)
			return 0;
		/* Somebody else's file has this name: it must not be in the table. */
		atomic_store(&slot->state, SLOT_BEING_SET);
		if (errno != EEXIST)
			break;
	}
	err_system(err, errno, "%s: cannot make a temporary file beside it", file->name);
	release_slot(file);
	return ERR_SYSTEM;
}

static int make_by_open(struct file *file, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return -1;
	file->fd = fd;
	return 0;
}

static int link_at(struct file *file, const char *path)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", file->fd);
	return linkat(AT_FDCWD, proc, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static bool can_link_unnamed(int fd)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	return access(proc, F_OK) == 0;
}

/* Puts the full path with links followed into file->path and finds its last part. */
static int resolve(struct file *file, const struct stat *there, struct err *err)
{
	const char *slash = strrchr(file->name, '/');
	const char *base = slash ? slash + 1 : file->name;
	char folder[PATH_MAX], full[PATH_MAX];
	size_t folder_len = slash ? (size_t)(slash - file->name) + 1 : 0;
	int len;

	if (there) {
		if (!realpath(file->name, file->path))
			return err_system(err, errno, "%s", file->name);
		file->base = strrchr(file->path, '/') + 1;
		return 0;
	}
	if (!*base || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		return err_set(err, ERR_USAGE, "%s: not a file name", file->name);
	if (folder_len >= sizeof(folder))
		return err_system(err, ENAMETOOLONG, "%s", file->name);
	memcpy(folder, file->name, folder_len);
	folder[folder_len] = '\0';
	if (!realpath(folder_len ? folder : ".", full))
		return err_system(err, errno, "%s", file->name);
	len = snprintf(file->path, sizeof(file->path), "%s/%s",
		       strcmp(full, "/") ? full : "", base);
	if (len < 0 || (size_t)len >= sizeof(file->path))
		return err_system(err, ENAMETOOLONG, "%s", file->name);
	file->base = strrchr(file->path, '/') + 1;
	return 0;
}

static int open_folder(struct file *file, struct err *err)
{
	char folder[PATH_MAX];
	size_t len = (size_t)(file->base - file->path);

	memcpy(folder, file->path, len);
	folder[len] = '\0';
	file->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->folder < 0)
		return err_system(err, errno, "%s: cannot open its folder", file->name);
	return 0;
}

static int open_new(struct file *file, const struct stat *there, struct err *err)
{
	int r = resolve(file, there, err);

	if (r == 0)
		r = open_folder(file, err);
	if (r < 0)
		return r;
	file->fd = openat(file->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (file->fd >= 0 && can_link_unnamed(file->fd)) {
		file->unnamed = true;
	} else {
		if (file->fd >= 0)
			close(file->fd);
		file->fd = -1;
		r = make_temporary(file, make_by_open, err);
		if (r < 0)
			return r;
	}
	if (there && fchmod(file->fd, there->st_mode & 0777) < 0)
		return err_system(err, errno, "%s: cannot keep its permissions", file->name);
	return 0;
}

static int open_direct(struct file *file, struct err *err)
{
	file->fd = open(file->name, O_WRONLY | O_CLOEXEC);
	if (file->fd < 0)
		return err_system(err, errno, "%s", file->name);
	return 0;
}

int file_create(const char *path, struct file **ret_file, struct err *err)
{
	size_t size = strlen(path) + 1;
	struct file *file = calloc(1, sizeof(*file) + size);
	struct stat there;
	bool exists;
	int r;

	if (!file)
		return err_memory(err);
	memcpy(file->name, path, size);
	file->fd = file->folder = -1;
	exists = stat(path, &there) == 0;
	if (exists && S_ISDIR(there.st_mode))
		r = err_system(err, EISDIR, "%s", path);
	else if (exists && !S_ISREG(there.st_mode))
		r = open_direct(file, err);
	else
		r = open_new(file, exists ? &there : NULL, err);
	if (r < 0) {
		file_abandon(file);
		return r;
	}
	*ret_file = file;
	return 0;
}

int file_create_private(const char *path, struct file **ret_file, struct err *err)
{
	struct file *file;
	struct stat there;
	int r;

	/* Said before anything is written; that nobody was faster, file_commit() makes sure. */
	if (lstat(path, &there) == 0)
		return err_system(err, EEXIST, "%s", path);
	r = file_create(path, &file, err);
	if (r < 0)
		return r;
	file->fresh = true;
	if (fchmod(file->fd, 0600) < 0) {
		r = err_system(err, errno, "%s: cannot set its permissions", path);
		file_abandon(file);
		return r;
	}
	*ret_file = file;
	return 0;
}

int file_write(struct file *file, const void *bytes, size_t len, struct err *err)
{
	return file_write_all(file->fd, bytes, len, file->name, err);
}

static int give_name(struct file *file, struct err *err)
{
	if (file->unnamed) {
		int r;

		if (link_at(file, file->path) == 0)
			return 0;
		if (errno != EEXIST || file->fresh)
			return err_system(err, errno, "%s", file->name);
		r = make_temporary(file, link_at, err);
		if (r < 0)
			return r;
	}
	if (renameat2(AT_FDCWD, file->slot->path, AT_FDCWD, file->path,
		      file->fresh ? RENAME_NOREPLACE : 0) < 0)
		return err_system(err, errno, "%s", file->name);
	release_slot(file);
	return 0;
}

/* Some file systems cannot sync a folder, and say EINVAL: there is nothing more to do then. */
static int sync_folder(struct file *file, struct err *err)
{
	if (fsync(file->folder) < 0 && errno != EINVAL && errno != ENOTSUP)
		return err_system(err, errno, "%s: cannot sync its folder", file->name);
	return 0;
}

void file_disposable(struct file *file)
{
	file->disposable = true;
}

int file_commit(struct file *file, struct err *err)
{
	int r = 0;

	if (file->folder >= 0) {
		if (!file->disposable && fsync(file->fd) < 0)
			r = err_system(err, errno, "%s", file->name);
		if (r == 0)
			r = give_name(file, err);
		if (r == 0 && !file->disposable)
			r = sync_folder(file, err);
	} else {
		int fd = file->fd;

		file->fd = -1;
		if (close(fd) < 0 && errno != EINTR)
			r = err_system(err, errno, "%s", file->name);
	}
	file_abandon(file);
	return r;
}

void file_abandon(struct file *file)
{
	if (!file)
		return;
	if (file->slot && atomic_load(&file->slot->state) == SLOT_SET)
		unlink(file->slot->path);
	release_slot(file);
	if (file->fd >= 0)
		close(file->fd);
	if (file->folder >= 0)
		close(file->folder);
	free(file);
}

int file_save(const char *path, const struct buf *bytes, struct err *err)
{
	struct file *file;
	int code = bytes->failed ? err_memory(err) : file_create(path, &file, err);

	if (code)
		return code;
	code = file_write(file, bytes->data, bytes->len, err);
	if (code == 0)
		return file_commit(file, err);
	file_abandon(file);
	return code;
}

int file_write_all(int fd, const void *bytes, size_t len, const char *name, struct err *err)
{
	const char *at = bytes;

	while (len) {
		ssize_t written = write(fd, at, len);

		if (written >= 0) {
			at += written;
			len -= (size_t)written;
		} else if (errno == EAGAIN) {
			/* Standard output shared with a program that made it non-blocking. */
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			poll(&wait, 1, -1);
		} else if (errno == EPIPE) {
			err_set(err, ERR_CANCELLED, "%s: nobody reads it any more", name);
			return ERR_CANCELLED;
		} else if (errno != EINTR) {
			return err_system(err, errno, "%s", name);
		}
	}
	return 0;
}

/* `from` 0: from the beginning, without moving there; -1: from where the file stands. */
static ssize_t read_full(int fd, void *bytes, size_t room, off_t from)
{
	size_t len = 0;

	while (len < room) {
		char *to = (char *)bytes + len;
		ssize_t got = from < 0 ? read(fd, to, room - len)
				       : pread(fd, to, room - len, from + (off_t)len);

		if (got == 0)
			break;
		if (got > 0)
			len += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)len;
}

ssize_t file_read_full(int fd, void *bytes, size_t room)
{
	return read_full(fd, bytes, room, -1);
}

ssize_t file_read_path(const char *path, void *bytes, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	ssize_t len;

	if (fd < 0)
		return -1;
	len = file_read_full(fd, bytes, room);
	saved = errno;
	close(fd);
	errno = saved;
	return len;
}

ssize_t file_peek(int fd, void *bytes, size_t room)
{
	return read_full(fd, bytes, room, 0);
}

int file_read_all(int fd, const char *name, size_t most, struct buf *out, struct err *err)
{
	for (;;) {
		ssize_t got;

		if (!buf_reserve(out, READ_PIECE))
			return err_memory(err);
		got = read(fd, out->data + out->len, READ_PIECE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_system(err, errno, "%s", name);
		if (got == 0)
			return 0;
		out->len += (size_t)got;
		if (out->len > most)
			return err_set(err, ERR_LIMIT, "%s: larger than %zu bytes", name, most);
	}
}
