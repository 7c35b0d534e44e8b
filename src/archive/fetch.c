/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file's way:
 *
 *	              cached, settled ───────────────────────────────────────▶ WHOLE
 *	WAITING ──▶   part is all there ───────────────▶ CHECKING ──renamed──▶ WHOLE
 *	  ▲           else ──▶ ACTIVE ──200, 206, at its end──▶ CHECKING
 *	  │                      ├──304──────────────────────────────────────▶ WHOLE
 *	  │                      ├──404, 410───────────────────────────────▶ MISSING
 *	  └──a pause─────────────┴──503, 429, cut, slow, wrong body; too often: FAILED
 *
 * Pauses double; Retry-After is obeyed, for the host as a whole. A part that grew is a try that was
 * not in vain. What failed its check is thrown away and asked for anew from its first byte.
 *
 * The transfers of a moment are in fetch_transfer.c.
 */
#define _GNU_SOURCE
#include "archive/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/fetch_transfer.h"
#include "base/utc.h"
#include "base/vec.h"
#include "base/view.h"

#define TRIES_MAX	6	/* without a byte of progress in between */
#define CUTS_MAX	60	/* with */
#define CHECKS_MAX	2
#define PAUSE_MAX	(30 * UTC_SECOND)
#define RETRY_AFTER_MAX	(15 * UTC_MINUTE)
#define LOCKED_PAUSE	(UTC_SECOND / 2)
/*
 * Archives put files in their place late, and mend them: for so long after its time a file is asked
 * for again.
 */
#define SETTLES_IN	(7 * UTC_DAY)

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UTC_SECOND + now.tv_nsec / 1000;
}

int fetch_new(const struct fetch_options *options, struct fetch **ret_fetch, struct err *err)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));
	int code;

	if (!fetch)
		return err_memory(err);
	fetch->options = *options;
	if (!fetch->options.parallel)
		fetch->options.parallel = 8;
	if (!fetch->options.per_host)
		fetch->options.per_host = 4;
	if (!fetch->options.retry)
		fetch->options.retry = UTC_SECOND / 2;
	code = transfers_start(fetch, err);
	if (code)
		fetch_free(fetch);
	else
		*ret_fetch = fetch;
	return code;
}

static void file_close(struct fetching *file)
{
	if (file->fd >= 0)
		close(file->fd);	/* and gives up the lock */
	file->fd = -1;
}

void fetch_free(struct fetch *fetch)
{
	if (!fetch)
		return;
	for (uint32_t i = 0; i < fetch->count; i++) {
		struct fetching *file = fetch->files[i];

		transfer_stop(fetch, file);
		if (file->check.child)
			check_stop(&file->check);
		file_close(file);
		for (int k = 0; k < CACHE_NAMES; k++)
			free(file->paths[k]);
		free(file->url);
		free(file);
	}
	transfers_end(fetch);
	for (uint32_t i = 0; i < fetch->host_count; i++)
		free(fetch->hosts[i].name);
	free(fetch->hosts);
	free(fetch->files);
	free(fetch);
}

static int host_of(struct fetch *fetch, const char *url, uint32_t *ret_host, struct err *err)
{
	const char *at = strstr(url, "://"), *end = at ? strchr(at + 3, '/') : NULL;
	size_t len = end ? (size_t)(end - url) : strlen(url);
	int code;

	for (uint32_t i = 0; i < fetch->host_count; i++) {
		if (strlen(fetch->hosts[i].name) == len &&
		    memcmp(fetch->hosts[i].name, url, len) == 0) {
			*ret_host = i;
			return 0;
		}
	}
	code = VEC_GROW(fetch->hosts, fetch->host_count, fetch->host_room, err);
	if (code)
		return code;
	fetch->hosts[fetch->host_count] = (struct host){ .name = strndup(url, len) };
	if (!fetch->hosts[fetch->host_count].name)
		return err_memory(err);
	*ret_host = fetch->host_count++;
	return 0;
}

int fetch_add(struct fetch *fetch, const struct fetch_wish *wish, uint32_t *ret_number,
	      struct err *err)
{
	struct fetching *file = calloc(1, sizeof(*file));
	int code;

	if (!file)
		return err_memory(err);
	file->fd = -1;
	file->wish = *wish;
	file->url = strdup(wish->url);
	file->wish.url = file->shown.url = file->url;
	file->shown.note = (struct cache_note){ .size = UINT64_MAX, .fetched = UTC_NEVER };
	code = file->url ? VEC_GROW(fetch->files, fetch->count, fetch->room, err) : err_memory(err);
	if (code == 0 && file->url[0] != '/') {
		code = cache_paths(fetch->options.cache, file->url, file->paths, err);
		if (code == 0)
			code = host_of(fetch, file->url, &file->host, err);
	}
	if (code) {
		for (int k = 0; k < CACHE_NAMES; k++)
			free(file->paths[k]);
		free(file->url);
		free(file);
		return code;
	}
	*ret_number = fetch->count;
	fetch->files[fetch->count++] = file;
	return 0;
}

static void finish(struct fetch *fetch, struct fetching *file, enum fetch_state state,
		   const char *why)
{
	file_close(file);
	file->shown.state = state;
	if (why)
		snprintf(file->why, sizeof(file->why), "%s", why);
	file->shown.why = file->why;
	fetch->final++;
	fetch->came += file->shown.came && state == FETCH_WHOLE;
}

static void pause_until(struct fetching *file, int64_t time)
{
	file_close(file);
	file->shown.state = FETCH_WAITING;
	file->due = time;
}

static void finish_whole(struct fetch *fetch, struct fetching *file)
{
	file->shown.path = file->paths[CACHE_FILE];
	cache_touch(file->paths[CACHE_NOTE]);
	finish(fetch, file, FETCH_WHOLE, NULL);
}

/* In the cache, whole as its note says. */
static bool in_cache(char *const paths[CACHE_NAMES], struct cache_note *ret_note)
{
	struct stat st;

	return stat(paths[CACHE_FILE], &st) == 0 && S_ISREG(st.st_mode) &&
	       cache_note_read(paths[CACHE_NOTE], ret_note) &&
	       ret_note->size == (uint64_t)st.st_size;
}

static bool settled(const struct fetch_wish *wish, const struct cache_note *note)
{
	return wish->settled != UTC_NEVER && note->fetched != UTC_NEVER &&
	       note->fetched >= wish->settled + SETTLES_IN;
}

bool fetch_cached(const struct fetch *fetch, const struct fetch_wish *wish)
{
	char *paths[CACHE_NAMES];
	struct cache_note note;
	bool cached;

	if (wish->url[0] == '/')
		return access(wish->url, R_OK) == 0;
	if (cache_paths(fetch->options.cache, wish->url, paths, NULL))
		return false;
	cached = in_cache(paths, &note) && (fetch->options.offline || settled(wish, &note));
	for (int i = 0; i < CACHE_NAMES; i++)
		free(paths[i]);
	return cached;
}

static void begin_local(struct fetch *fetch, struct fetching *file)
{
	struct stat st;

	if (stat(file->url, &st)) {
		finish(fetch, file,
		       errno == ENOENT || errno == ENOTDIR ? FETCH_MISSING : FETCH_FAILED,
		       strerror(errno));
		return;
	}
	file->shown.path = file->url;
	file->shown.note.size = (uint64_t)st.st_size;
	finish(fetch, file, FETCH_WHOLE, NULL);
}

/* The part's descriptor with the lock on it; −1: somebody else has it. */
static int part_lock(struct fetching *file, int *ret_fd, struct err *err)
{
	struct stat mine, there;
	bool locked;
	int fd = -1, code = cache_make_folders(file->paths[CACHE_PART], err);

	if (code)
		return code;
	*ret_fd = -1;
	fd = open(file->paths[CACHE_PART], O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
	if ((!locked && errno != EWOULDBLOCK) || fstat(fd, &mine)) {
		code = err_system(err, errno, "%s", file->paths[CACHE_PART]);
		close(fd);
		return code;
	}
	/* Whoever had the lock until now may have given the part its name. */
	if (!locked || stat(file->paths[CACHE_PART], &there) || mine.st_ino != there.st_ino) {
		close(fd);
		return 0;
	}
	*ret_fd = fd;
	return 0;
}

/* How much of the part can be gone on with. */
static int part_look(struct fetching *file, struct err *err)
{
	struct stat st;

	file->from = (struct cache_note){ .size = UINT64_MAX, .fetched = UTC_NEVER };
	if (fstat(file->fd, &st))
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	file->have = (uint64_t)st.st_size;
	if (file->have && (!cache_note_read(file->paths[CACHE_FROM], &file->from) ||
			   file->from.size == UINT64_MAX || file->have > file->from.size ||
			   (!*file->from.etag && !*file->from.modified)))
		file->have = 0;
	if (file->have == 0 && ftruncate(file->fd, 0))
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	return 0;
}

static int begin(struct fetch *fetch, struct fetching *file, struct err *err)
{
	struct cache_note note;
	int code;

	if (file->url[0] == '/') {
		begin_local(fetch, file);
		return 0;
	}
	file->cached = in_cache(file->paths, &note);
	if (file->cached) {
		file->shown.note = note;
		if (fetch->options.offline || settled(&file->wish, &note)) {
			finish_whole(fetch, file);
			return 0;
		}
	}
	if (fetch->options.offline) {
		finish(fetch, file, FETCH_MISSING, "not in the cache (--offline)");
		return 0;
	}
	code = part_lock(file, &file->fd, err);
	if (code)
		return code;
	if (file->fd < 0) {
		pause_until(file, monotonic() + LOCKED_PAUSE);
		return 0;
	}
	code = part_look(file, err);
	if (code)
		return code;
	if (file->have && file->have == file->from.size) {
		file->shown.state = FETCH_CHECKING;
		return 0;
	}
	file->shown.state = FETCH_ACTIVE;
	file->grew = false;
	return transfer_start(fetch, file, err);
}

/* Another try, after a pause; or none. */
static void again(struct fetch *fetch, struct fetching *file, const char *why)
{
	int64_t wait = fetch->options.retry;

	file->tries = file->grew ? 0 : file->tries + 1;
	file->cuts++;
	if (file->tries >= TRIES_MAX || file->cuts >= CUTS_MAX) {
		finish(fetch, file, FETCH_FAILED, why);
		return;
	}
	for (unsigned i = 1; i < file->tries && wait < PAUSE_MAX; i++)
		wait *= 2;
	pause_until(file, monotonic() + (file->grew ? fetch->options.retry : wait));
}

/* Gives the part its name: first the note, so that no file is ever without. */
static int commit(struct fetch *fetch, struct fetching *file, struct err *err)
{
	struct stat st;
	int code;

	if (fstat(file->fd, &st))
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	file->from.size = (uint64_t)st.st_size;
	file->from.fetched = utc_now();
	code = cache_note_write(file->paths[CACHE_NOTE], &file->from, err);
	if (code)
		return code;
	if (rename(file->paths[CACHE_PART], file->paths[CACHE_FILE]))
		return err_system(err, errno, "%s", file->paths[CACHE_FILE]);
	(void)unlink(file->paths[CACHE_FROM]);
	file->shown.note = file->from;
	finish_whole(fetch, file);
	return 0;
}

static int check_go_on(struct fetch *fetch, struct fetching *file, struct err *err)
{
	struct pollfd ready = { .fd = file->check.pipe, .events = POLLIN };
	bool whole;
	int code;

	if (!file->wish.check)
		return commit(fetch, file, err);
	if (!file->check.child) {
		if (fetch->checks >= CHECKS_MAX)
			return 0;
		fetch->checks++;
		return check_start(file->paths[CACHE_PART], file->wish.packed, &file->check, err);
	}
	if (poll(&ready, 1, 0) <= 0)
		return 0;
	code = check_end(&file->check, &whole, file->from.sha256, err);
	file->check = (struct check){ 0 };
	fetch->checks--;
	if (code)
		return code;
	if (whole)
		return commit(fetch, file, err);
	if (ftruncate(file->fd, 0))
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	file->grew = false;
	again(fetch, file, "what the server sends does not decode to its end");
	return 0;
}

/* A part that nothing came for is not kept. */
static void part_drop(struct fetching *file)
{
	struct stat st;

	if (fstat(file->fd, &st) == 0 && st.st_size == 0) {
		(void)unlink(file->paths[CACHE_PART]);
		(void)unlink(file->paths[CACHE_FROM]);
	}
}

static void refused(struct fetch *fetch, struct fetching *file, const struct transfer_end *end)
{
	bool page = view_ends(view_of(file->url), VIEW("/"));
	char why[80];

	snprintf(why, sizeof(why), "HTTP status %ld", end->status);
	part_drop(file);
	if (end->status == 404 || end->status == 410 || (page && end->status == 403)) {
		/* What was fetched before it went is as good as ever. */
		if (file->cached)
			finish_whole(fetch, file);
		else
			finish(fetch, file, FETCH_MISSING, "not in the archive");
	} else if (end->status >= 500 || end->status == 429 || end->status == 408) {
		if (end->retry_after > RETRY_AFTER_MAX) {
			finish(fetch, file, FETCH_FAILED,
			       "the server asks to come back much later");
			return;
		}
		if (end->retry_after)
			fetch->hosts[file->host].due = monotonic() + end->retry_after;
		again(fetch, file, why);
	} else {
		finish(fetch, file, FETCH_FAILED, why);
	}
}

/* A transfer ended, one way or another. */
static int ended(struct fetch *fetch, struct fetching *file, const struct transfer_end *end,
		 struct err *err)
{
	struct stat st;

	if (file->failed.code) {
		if (err)
			*err = file->failed;
		return file->failed.code;
	}
	if (fstat(file->fd, &st))
		return err_system(err, errno, "%s", file->paths[CACHE_PART]);
	if (end->unreachable) {
		part_drop(file);
		if (end->hopeless)
			finish(fetch, file, FETCH_FAILED, end->text);
		else
			again(fetch, file, end->text);
		if (file->shown.state == FETCH_FAILED)
			return err_set(err, ERR_SYSTEM,
				       "%s cannot be reached: %s. What has come is in the cache; "
				       "the same command goes on",
				       fetch->hosts[file->host].name, end->text);
	} else if (file->restart || end->status == 416) {
		if (ftruncate(file->fd, 0))
			return err_system(err, errno, "%s", file->paths[CACHE_PART]);
		again(fetch, file, "the server does not agree with itself on what is there");
	} else if (!end->clean && (end->status == 0 || end->status == 200 || end->status == 206)) {
		again(fetch, file, end->text);
	} else if (end->status == 304 && file->cached) {
		part_drop(file);
		file->shown.note.fetched = utc_now();
		if (cache_note_write(file->paths[CACHE_NOTE], &file->shown.note, err))
			return err ? err->code : ERR_SYSTEM;
		finish_whole(fetch, file);
	} else if (end->status == 200 || end->status == 206) {
		file->shown.state = FETCH_CHECKING;
		if (file->from.size != UINT64_MAX && file->from.size != (uint64_t)st.st_size)
			again(fetch, file, "fewer bytes came than the server announced");
	} else {
		refused(fetch, file, end);
	}
	return 0;
}

/*
 * Begins what is due, and moves the checks on. *ret_due: when the next one is, UTC_NEVER: none
 * waits.
 */
static int go_on(struct fetch *fetch, int64_t now, int64_t *ret_due, struct err *err)
{
	uint32_t begun = 0;
	int code = 0;

	*ret_due = UTC_NEVER;
	while (fetch->first < fetch->count &&
	       fetch->files[fetch->first]->shown.state >= FETCH_WHOLE)
		fetch->first++;
	for (uint32_t i = fetch->first; i < fetch->count && code == 0; i++) {
		struct fetching *file = fetch->files[i];
		bool local = file->url[0] == '/';
		const struct host *host = local ? NULL : &fetch->hosts[file->host];
		int64_t due = local || file->due > host->due ? file->due : host->due;

		if (file->shown.state == FETCH_CHECKING)
			code = check_go_on(fetch, file, err);
		if (file->shown.state != FETCH_WAITING)
			continue;
		if (due > now) {
			if (*ret_due == UTC_NEVER || due < *ret_due)
				*ret_due = due;
			continue;
		}
		if (!local && (fetch->active >= fetch->options.parallel ||
			       host->active >= fetch->options.per_host)) {
			if (fetch->active >= fetch->options.parallel)
				break;
			continue;
		}
		/* Others wait while we look at the disk: a few hundred at a time. */
		if (begun++ >= 256) {
			*ret_due = now;
			break;
		}
		code = begin(fetch, file, err);
	}
	return code;
}

int fetch_step(struct fetch *fetch, const struct pollfd *polls, unsigned count, int timeout_ms,
	       struct err *err)
{
	struct transfer_end end;
	struct fetching *file;
	int64_t now = monotonic(), due;
	int code = go_on(fetch, now, &due, err);

	if (code)
		return code;
	if (!fetch_busy(fetch))
		timeout_ms = 0;
	if (due != UTC_NEVER) {
		int64_t wait = due <= now ? 0 : (due - now) / 1000 + 1;

		if (timeout_ms < 0 || wait < timeout_ms)
			timeout_ms = (int)wait;
	}
	for (uint32_t i = fetch->first, looked = 0; i < fetch->count && looked < fetch->checks; i++)
		if (fetch->files[i]->check.child)
			fetch->check_pipes[looked++] = fetch->files[i]->check.pipe;
	code = transfers_wait(fetch, polls, count, timeout_ms, err);
	while (code == 0 && transfers_ended(fetch, &file, &end))
		code = ended(fetch, file, &end, err);
	return code;
}

bool fetch_busy(const struct fetch *fetch)
{
	return fetch->final < fetch->count;
}

const struct fetch_file *fetch_file(const struct fetch *fetch, uint32_t number)
{
	return &fetch->files[number]->shown;
}

struct fetch_totals fetch_totals(const struct fetch *fetch)
{
	return (struct fetch_totals){ fetch->count, fetch->final, fetch->came, fetch->bytes };
}
