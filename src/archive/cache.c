/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An address becomes a path by its own words; what would mean something to the file system ("..",
 * a leading full stop, which is the cache's own mark) is written with % in front of its code. Notes
 * are lines "word value". When a file was used is its time of last access in our own hands: the
 * modification time of its note, since mounts often keep no access times.
 */
#define _GNU_SOURCE
#include "archive/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utc.h"
#include "base/vec.h"
#include "base/view.h"

#define NOTE_MAX 1024
#define DEPTH_MAX 64	/* of folders in the cache */

int cache_default(char **ret_folder, struct err *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct buf path = { 0 };

	/* The XDG Base Directory Specification: relative paths are to be ignored. */
	if (cache && cache[0] == '/')
		buf_printf(&path, "%s/constat/archive", cache);
	else if (home && home[0] == '/')
		buf_printf(&path, "%s/.cache/constat/archive", home);
	else
		return err_set(err, ERR_USAGE,
			       "neither XDG_CACHE_HOME nor HOME say where the cache is: give "
			       "--cache DIR");
	buf_char(&path, '\0');
	if (path.failed) {
		buf_free(&path);
		return err_memory(err);
	}
	*ret_folder = path.data;
	return 0;
}

/* One part of an address as a file name. */
static void add_part(struct buf *buf, struct view part)
{
	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];

		if (c <= ' ' || c >= 0x7f || c == '%' || c == ':' || (c == '.' && i == 0))
			buf_printf(buf, "%%%02x", c);
		else
			buf_char(buf, (char)c);
	}
}

int cache_paths(const char *folder, const char *url, char *ret_paths[CACHE_NAMES], struct err *err)
{
	static const char *const marks[CACHE_NAMES][2] = {
		{ "", "" }, { ".", ".is" }, { ".", ".part" }, { ".", ".from" },
	};
	const char *at = strstr(url, "://");
	struct view rest = view_of(at ? at + 3 : url), part, last = { "", 0 };
	struct buf start = { 0 };
	char *paths[CACHE_NAMES];
	bool page = view_ends(rest, VIEW("/")), failed = false;

	buf_str(&start, folder);
	while (view_split(&rest, '/', &part)) {
		if (part.len == 0)
			continue;
		if (last.len) {
			buf_char(&start, '/');
			add_part(&start, last);
		}
		last = part;
	}
	if (page) {
		buf_char(&start, '/');
		add_part(&start, last);
		last = VIEW("index%");	/* no file's name: % is never written alone */
	}
	for (int i = 0; i < CACHE_NAMES; i++) {
		struct buf path = { 0 };

		buf_add(&path, start.data, start.len);
		buf_printf(&path, "/%s", marks[i][0]);
		if (page)
			buf_str(&path, last.ptr);
		else
			add_part(&path, last);
		buf_str(&path, marks[i][1]);
		buf_char(&path, '\0');
		failed |= path.failed;
		paths[i] = path.data;
	}
	failed |= start.failed;
	buf_free(&start);
	for (int i = 0; i < CACHE_NAMES && !failed; i++)
		ret_paths[i] = paths[i];
	for (int i = 0; i < CACHE_NAMES && failed; i++)
		free(paths[i]);
	return failed ? err_memory(err) : 0;
}

int cache_make_folders(const char *path, struct err *err)
{
	char *copy = strdup(path);
	int code = 0;

	if (!copy)
		return err_memory(err);
	for (char *at = copy + 1; *at && code == 0; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			code = err_system(err, errno, "%s", copy);
		*at = '/';
	}
	free(copy);
	return code;
}

static void take_text(struct view value, char *into, size_t room)
{
	if (value.len >= room)
		return;
	memcpy(into, value.ptr, value.len);
	into[value.len] = '\0';
}

bool cache_note_read(const char *path, struct cache_note *ret_note)
{
	struct cache_note note = { .size = UINT64_MAX, .fetched = UTC_NEVER };
	char bytes[NOTE_MAX];
	ssize_t got = file_read_path(path, bytes, sizeof(bytes));
	struct view rest = { bytes, got < 0 ? 0 : (size_t)got }, line, word;

	if (got < 0)
		return false;
	while (view_split(&rest, '\n', &line)) {
		if (!view_split(&line, ' ', &word))
			continue;
		if (view_equal(word, VIEW("size")))
			(void)view_u64(line, &note.size);
		else if (view_equal(word, VIEW("fetched")))
			(void)utc_parse(line, &note.fetched);
		else if (view_equal(word, VIEW("etag")))
			take_text(line, note.etag, sizeof(note.etag));
		else if (view_equal(word, VIEW("modified")))
			take_text(line, note.modified, sizeof(note.modified));
		else if (view_equal(word, VIEW("sha256")))
			take_text(line, note.sha256, sizeof(note.sha256));
	}
	*ret_note = note;
	return true;
}

int cache_note_write(const char *path, const struct cache_note *note, struct err *err)
{
	struct buf text = { 0 };
	struct file *file;
	int code;

	if (note->size != UINT64_MAX)
		buf_printf(&text, "size %llu\n", (unsigned long long)note->size);
	if (note->fetched != UTC_NEVER) {
		buf_str(&text, "fetched ");
		utc_format(&text, note->fetched);
		buf_char(&text, '\n');
	}
	if (*note->etag)
		buf_printf(&text, "etag %s\n", note->etag);
	if (*note->modified)
		buf_printf(&text, "modified %s\n", note->modified);
	if (*note->sha256)
		buf_printf(&text, "sha256 %s\n", note->sha256);
	code = text.failed ? err_memory(err) : file_create(path, &file, err);
	if (code == 0) {
		file_disposable(file);
		code = file_write(file, text.data, text.len, err);
		if (code == 0)
			code = file_commit(file, err);
		else
			file_abandon(file);
	}
	buf_free(&text);
	return code;
}

void cache_touch(const char *path)
{
	/* Not the file system's own idea of now, which is some milliseconds old. */
	int64_t now = utc_now();
	struct timespec time = { now / UTC_SECOND, now % UTC_SECOND * 1000 };

	(void)utimensat(AT_FDCWD, path, (struct timespec[2]){ time, time }, 0);
}

struct kept {
	char *path;	/* of the file */
	uint64_t size;
	int64_t used;
};

struct kepts {
	struct kept *items;
	uint32_t count, room;
	uint64_t total;
};

/* The file's note, beside it, says when it was used. */
static bool note_of(const char *path, char *ret_path, size_t room)
{
	const char *slash = strrchr(path, '/');

	return slash && snprintf(ret_path, room, "%.*s/.%s.is", (int)(slash - path), path,
				 slash + 1) < (int)room;
}

static int kepts_add(struct kepts *kepts, const char *path, uint64_t size, struct err *err)
{
	char note[4096];
	struct stat st;
	struct kept kept = { .size = size };
	int code;

	if (!note_of(path, note, sizeof(note)) || stat(note, &st))
		return 0;
	kept.used = st.st_mtim.tv_sec * UTC_SECOND + st.st_mtim.tv_nsec / 1000;
	kept.path = strdup(path);
	if (!kept.path)
		return err_memory(err);
	code = VEC_GROW(kepts->items, kepts->count, kepts->room, err);
	if (code) {
		free(kept.path);
		return code;
	}
	kepts->items[kepts->count++] = kept;
	kepts->total += kept.size;
	return 0;
}

/*
 * Files in and below a folder. What is hidden is the cache's own; links are not followed. Not by
 * fts(3): the C library's reads through NULL where memory runs out.
 */
static int kepts_collect(struct kepts *kepts, const char *folder, unsigned depth, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *found;
	int code = 0;

	/* Folders in it that may not be read are somebody else's. */
	if (!dir)
		return depth && errno == EACCES ? 0 : err_system(err, errno, "%s", folder);
	while (code == 0 && (found = readdir(dir))) {
		struct buf path = { 0 };
		struct stat st;

		if (found->d_name[0] == '.')
			continue;
		buf_printf(&path, "%s/%s", folder, found->d_name);
		buf_char(&path, '\0');
		if (path.failed)
			code = err_memory(err);
		else if (lstat(path.data, &st))
			code = 0;	/* gone meanwhile */
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			code = kepts_collect(kepts, path.data, depth + 1, err);
		else if (S_ISREG(st.st_mode))
			code = kepts_add(kepts, path.data, (uint64_t)st.st_size, err);
		buf_free(&path);
	}
	closedir(dir);
	return code;
}

static int compare_used(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? -1 : 1;
	return strcmp(x->path, y->path);
}

int cache_shrink(const char *folder, uint64_t cap, int64_t since, struct err *err)
{
	struct kepts kepts = { 0 };
	char note[4096];
	int code = kepts_collect(&kepts, folder, 0, err);

	if (kepts.count)
		qsort(kepts.items, kepts.count, sizeof(*kepts.items), compare_used);
	for (uint32_t i = 0; i < kepts.count; i++) {
		struct kept *kept = &kepts.items[i];

		if (code == 0 && kepts.total > cap && kept->used < since &&
		    unlink(kept->path) == 0) {
			kepts.total -= kept->size;
			if (note_of(kept->path, note, sizeof(note)))
				(void)unlink(note);
		}
		free(kept->path);
	}
	free(kepts.items);
	return code;
}
