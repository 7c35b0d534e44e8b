/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files written whole: the bytes go to an unnamed or temporary file in the same folder, and
 * appear under their name at file_commit() only, after fsync. A process that dies before leaves
 * nothing behind (O_TMPFILE where the file system has it; else a temporary name that
 * file_abandon() and the signal handler of cmd/ remove). A name that is a link is followed; a
 * device or pipe is written to directly. The permissions of a file that is replaced are kept.
 */
#ifndef CONSTAT_BASE_FILE_H
#define CONSTAT_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct file;

int file_create(const char *path, struct file **ret_file, struct err *err);
/*
 * One that only its owner may read, and that is not there yet: EEXIST, now or at file_commit(). For
 * keys.
 */
int file_create_private(const char *path, struct file **ret_file, struct err *err);
int file_write(struct file *file, const void *bytes, size_t len, struct err *err);
/*
 * Can be made again, like the thousands of files of a simulation: file_commit() does not wait for
 * the disk.
 */
void file_disposable(struct file *file);
/* Gives the file its name, replacing what was there; frees it either way. */
int file_commit(struct file *file, struct err *err);
void file_abandon(struct file *file);
/*
 * All of that at once: what a buffer holds, whole under that name or not at all. ERR_MEMORY where
 * the buffer has failed.
 */
int file_save(const char *path, const struct buf *bytes, struct err *err);
/* Removes temporary names still there; async-signal-safe. */
void file_abandon_all(void);

/* Writes all of it to a descriptor, over short writes and EINTR. EPIPE gives ERR_CANCELLED. */
int file_write_all(int fd, const void *bytes, size_t len, const char *name, struct err *err);

/*
 * As read(), over short reads and EINTR: fewer bytes than `room` only at the end. −1, with errno.
 */
ssize_t file_read_full(int fd, void *bytes, size_t room);
/* The same of the file of that name. */
ssize_t file_read_path(const char *path, void *bytes, size_t room);
/*
 * The same of a file's beginning, without moving on; −1 also for what has none, such as a pipe.
 */
ssize_t file_peek(int fd, void *bytes, size_t room);
/*
 * All that the descriptor gives, behind what is in `out`; ERR_LIMIT once `out` holds more than
 * `most` bytes.
 */
int file_read_all(int fd, const char *name, size_t most, struct buf *out, struct err *err);

#endif
