/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a period becomes files on this machine. First the index pages of all months and collectors
 * are fetched at once; plan.c makes files of them; these are put in the order of time, whatever
 * their collector, so that the reader can begin with the first. Then they are fetched in that
 * order, while the reader asks for one after the other and waits where it is faster than the net.
 */
#include "cmd/acquire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/plan.h"
#include "base/file.h"
#include "base/vec.h"
#include "cmd/terminal.h"

#define AGENT "constat/" CONSTAT_VERSION
#define REGISTRY_DAYS 7
#define TEXT_MAX (64u << 20)

static int set_bytes(void *field, const char *value, struct err *err)
{
	static const char units[] = "KMGT";
	struct view text = view_of(value);
	const char *unit = text.len ? strchr(units, text.ptr[text.len - 1]) : NULL;
	uint64_t number;

	text.len -= unit != NULL;
	if (!view_u64(text, &number) || number > UINT64_MAX >> 40)
		return err_set(err, ERR_USAGE, "%s is no size such as 20G", value);
	*(uint64_t *)field = number << (unit ? 10 * (unit - units + 1) : 0);
	return 0;
}

static int set_auto(void *field, const char *value, struct err *err)
{
	if (strcmp(value, "auto") != 0)
		return err_set(err, ERR_USAGE,
			       "\"%s\" is not \"auto\" (files are given by --place)", value);
	return option_set_text(field, value, err);
}

#define FIELD(name) offsetof(struct acquire_settings, name)

const struct option_row acquire_rows[] = {
	{
		.name = "collectors", .argument = "LIST", .set = option_set_text,
		.help = "whose recordings to get: names separated by commas, all, or auto, the "
			"longest at work of each region "
			"of the world (default: auto)", .field = FIELD(collectors),
	}, {
		.name = "catalogue", .argument = "FILE", .set = option_set_text,
		.help = "archives and collectors besides those that constat archives prints",
		.field = FIELD(catalogue),
	}, {
		.name = "mirror", .argument = "NAME=URL", .set = option_set_list,
		.help = "get archive NAME from there: http:, https:, file: or a folder",
		.field = FIELD(mirrors),
	}, {
		.name = "cache", .argument = "DIR", .set = option_set_text,
		.help = "where fetched files are kept (default: constat/archive in $XDG_CACHE_HOME "
			"or ~/.cache)",
		.field = FIELD(cache),
	}, {
		.name = "cache-size", .argument = "SIZE", .set = set_bytes,
		.help = "cap on the cache, such as 500M; what was used longest ago goes first "
			"(default 20G; 0: none)",
		.field = FIELD(cache_size),
	}, {
		.name = "offline", .set = option_set_flag,
		.help = "ask nobody: what is not in the cache is missing",
		.field = FIELD(offline),
	}, {
		.name = "dry-run", .letter = 'n', .set = option_set_flag,
		.help = "list what would be got, with sizes, and stop", .field = FIELD(dry_run),
	},
	{ .name = NULL }
};

const struct option_row acquire_registry_rows[] = {
	{
		.name = "registry", .argument = "auto", .set = set_auto,
		.help = "get the five registries' delegated files of the period's first day, and "
			"tell countries by them",
		.field = FIELD(registry),
	},
	{ .name = NULL }
};

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UTC_SECOND + now.tv_nsec / 1000;
}

/* ---- reading what is there ---- */

static int text_read(const char *path, struct buf *buf, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	if (fd < 0)
		return err_system(err, errno, "%s", path);
	buf->cap = TEXT_MAX;
	while (got > 0 && buf_reserve(buf, 65536)) {
		got = file_read_full(fd, buf->data + buf->len, 65536);
		buf->len += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (buf->failed)
		return err_set(err, ERR_LIMIT, "%s: too large", path);
	return got < 0 ? err_system(err, errno, "%s", path) : 0;
}

int acquire_catalogue(const struct acquire_settings *settings, struct catalogue **ret_catalogue,
		      struct err *err)
{
	struct catalogue *catalogue;
	struct buf text = { 0 };
	int code = catalogue_new(&catalogue, err);

	if (code)
		return code;
	if (settings->catalogue) {
		code = text_read(settings->catalogue, &text, err);
		if (code == 0)
			code = catalogue_read(catalogue, (struct view){ text.data, text.len },
					      settings->catalogue, err);
		buf_free(&text);
	}
	for (uint32_t i = 0; i < settings->mirrors.count && code == 0; i++)
		code = catalogue_mirror(catalogue, settings->mirrors.values[i], err);
	if (code)
		catalogue_free(catalogue);
	else
		*ret_catalogue = catalogue;
	return code;
}

/* ---- index pages ---- */

/* A folder of a month, of one collector. */
struct folder {
	uint32_t collector;	/* place among those selected */
	int64_t month;
	bool ribs, updates;
	const char *url;
	uint32_t number;	/* in fetch */
};

struct selected {
	const struct archive *archive;
	const struct era *eras;
	uint32_t era_count;
	struct plan_list list;
};

struct planning {
	struct acquire *acquire;
	struct selected *selected;
	uint32_t selected_count;
	struct folder *folders;
	uint32_t folder_count, folder_room;
	struct plan_period period;	/* with what is needed ahead */
};

static int folders_add(struct planning *planning, uint32_t number, int64_t month, struct err *err)
{
	const struct selected *selected = &planning->selected[number];
	struct buf text = { 0 };
	struct view rest, url;
	bool first = true;
	int code = 0;

	plan_folders(selected->archive, selected->eras, month, &text);
	rest = (struct view){ text.data, text.len };
	if (text.failed)
		code = err_memory(err);
	while (code == 0 && view_split(&rest, '\n', &url) && url.len) {
		struct folder folder = {
			.collector = number, .month = month, .ribs = first,
			.updates = !first || selected->archive->layout == LAYOUT_RIS,
			.url = arena_strndup(&planning->acquire->arena, url.ptr, url.len),
		};
		struct fetch_wish wish = { .url = folder.url, .settled = plan_month_next(month) };

		first = false;
		code = folder.url ? VEC_GROW(planning->folders, planning->folder_count,
					     planning->folder_room, err)
				  : err_memory(err);
		if (code == 0 && url.ptr[0] != '/')
			code = fetch_add(planning->acquire->fetch, &wish, &folder.number, err);
		if (code == 0)
			planning->folders[planning->folder_count++] = folder;
	}
	buf_free(&text);
	return code;
}

static int folder_compute(struct planning *planning, const struct folder *folder, bool rib,
			  struct err *err)
{
	struct selected *selected = &planning->selected[folder->collector];
	int64_t from = planning->period.from - PLAN_LOOK_BACK, until = planning->period.until;
	int code = 0;

	if (from < folder->month)
		from = folder->month;
	if (until > plan_month_next(folder->month))
		until = plan_month_next(folder->month);
	for (uint32_t i = 0; i < selected->era_count && code == 0; i++)
		code = plan_compute(selected->archive->layout, &selected->eras[i], rib, from, until,
				    &selected->list, err);
	return code;
}

static int folder_list(struct planning *planning, const struct folder *folder, struct err *err)
{
	struct plan_list *list = &planning->selected[folder->collector].list;
	DIR *dir = opendir(folder->url);
	struct dirent *found;
	struct plan_entry entry;
	int code = 0;

	while (code == 0 && dir && (found = readdir(dir))) {
		if (!plan_name(view_of(found->d_name), &entry))
			continue;
		code = VEC_GROW(list->entries, list->count, list->room, err);
		if (code == 0)
			list->entries[list->count++] = entry;
	}
	if (dir)
		closedir(dir);
	return code;
}

/* A page that names files of a kind is believed; where it names none they are worked out. */
static int folder_take(struct planning *planning, const struct folder *folder, struct err *err)
{
	struct selected *selected = &planning->selected[folder->collector];
	uint32_t before = selected->list.count;
	const struct fetch_file *page;
	bool ribs = false, updates = false;
	struct buf text = { 0 };
	int code = 0;

	if (folder->url[0] == '/')
		return folder_list(planning, folder, err);
	page = fetch_file(planning->acquire->fetch, folder->number);
	if (page->state == FETCH_FAILED)
		return err_set(err, ERR_SYSTEM, "%s: %s", page->url, page->why);
	if (page->state == FETCH_WHOLE)
		code = text_read(page->path, &text, err);
	if (code == 0)
		code = plan_index((struct view){ text.data, text.len }, &selected->list, err);
	buf_free(&text);
	for (uint32_t i = before; i < selected->list.count; i++) {
		ribs |= selected->list.entries[i].rib;
		updates |= !selected->list.entries[i].rib;
	}
	if (code == 0 && folder->ribs && !ribs)
		code = folder_compute(planning, folder, true, err);
	if (code == 0 && folder->updates && !updates)
		code = folder_compute(planning, folder, false, err);
	return code;
}

static int fetch_all(struct fetch *fetch, struct err *err)
{
	int code = 0;

	while (code == 0 && fetch_busy(fetch)) {
		if (cmd_interrupted()) {
			cmd_say("interrupted while asking what there is; the same command goes on");
			return err_set(err, ERR_CANCELLED, "interrupted");
		}
		code = fetch_step(fetch, NULL, 0, 200, err);
	}
	return code;
}

static int folders_fetch(struct planning *planning, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < planning->selected_count && code == 0; i++) {
		int64_t month = plan_month_first(planning->period.from - PLAN_LOOK_BACK);

		for (; month < planning->period.until && code == 0; month = plan_month_next(month))
			code = folders_add(planning, i, month, err);
	}
	if (code == 0)
		code = fetch_all(planning->acquire->fetch, err);
	for (uint32_t i = 0; i < planning->folder_count && code == 0; i++)
		code = folder_take(planning, &planning->folders[i], err);
	return code;
}

/* ---- the files ---- */

static int file_add(struct acquire *acquire, const struct selected *selected,
		    const struct plan_entry *entry, struct err *err)
{
	struct acquired file = {
		.collector = selected->eras->collector, .starts = entry->time, .size = entry->size,
		.missing = entry->missing,
		.ends = entry->rib || entry->computed ? UTC_NEVER : entry->until,
	};
	struct buf url = { 0 };
	int code = VEC_GROW(acquire->files, acquire->count, acquire->room, err);

	plan_folder(selected->archive, selected->eras, entry, &url);
	buf_str(&url, entry->name);
	if (!url.failed)
		file.url = arena_strndup(&acquire->arena, url.data, url.len);
	buf_free(&url);
	if (code == 0 && !file.url)
		code = err_memory(err);
	if (code == 0)
		acquire->files[acquire->count++] = file;
	return code;
}

static int files_pick(struct planning *planning, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < planning->selected_count && code == 0; i++) {
		struct selected *selected = &planning->selected[i];
		struct plan_list files = { 0 };

		code = plan_pick(selected->archive->layout, selected->eras, selected->era_count,
				 planning->period, utc_now(), &selected->list, &files, err);
		for (uint32_t k = 0; k < files.count && code == 0; k++)
			code = file_add(planning->acquire, selected, &files.entries[k], err);
		free(files.entries);
	}
	return code;
}

static int compare_files(const void *a, const void *b)
{
	const struct acquired *x = a, *y = b;

	if (x->starts != y->starts)
		return x->starts < y->starts ? -1 : 1;
	return strcmp(x->url, y->url);
}

static int files_wish(struct acquire *acquire, struct err *err)
{
	int code = 0;

	if (acquire->count)
		qsort(acquire->files, acquire->count, sizeof(*acquire->files), compare_files);
	for (uint32_t i = 0; i < acquire->count && code == 0; i++) {
		struct acquired *file = &acquire->files[i];
		struct view url = view_of(file->url);
		struct fetch_wish wish = {
			.url = file->url, .settled = file->starts + UTC_DAY, .check = true,
			.packed = view_ends(url, VIEW(".gz")) || view_ends(url, VIEW(".bz2")) ||
				  view_ends(url, VIEW(".xz")) || view_ends(url, VIEW(".zst")),
		};

		file->number = UINT32_MAX;
		if (file->missing)
			continue;
		file->cached = fetch_cached(acquire->fetch, &wish);
		code = fetch_add(acquire->fetch, &wish, &file->number, err);
	}
	return code;
}

/* "rrc00, route-views2 (…)": who, how much, how much of it is here already. */
static void say_plan(const struct planning *planning)
{
	const struct acquire *acquire = planning->acquire;
	uint64_t bytes = 0;
	uint32_t files = 0, cached = 0, unknown = 0, missing = 0;
	struct buf names = { 0 };
	char size[48] = "nobody says of what size";

	for (uint32_t i = 0; i < acquire->count; i++) {
		const struct acquired *file = &acquire->files[i];

		missing += file->missing;
		files += !file->missing;
		cached += file->cached;
		if (file->missing || file->cached)
			continue;
		bytes += file->size;
		unknown += file->size == 0;
	}
	for (uint32_t i = 0; i < planning->selected_count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", planning->selected[i].eras->collector);
	buf_char(&names, '\0');
	if (bytes || !unknown)
		snprintf(size, sizeof(size), "%s%.1f MB", unknown ? "more than " : "about ",
			 (double)bytes / 1e6);
	cmd_say("%u file%s of %s: %u here already, %u to get, %s", files, files == 1 ? "" : "s",
		names.failed ? "" : names.data, cached, files - cached, size);
	for (uint32_t i = 0; i < acquire->count && missing; i++)
		if (acquire->files[i].missing)
			cmd_say("a gap in the archive: %s", acquire->files[i].url);
	buf_free(&names);
}

static int list_plan(const struct acquire *acquire, struct err *err)
{
	struct buf text = { 0 };
	int code;

	for (uint32_t i = 0; i < acquire->count; i++) {
		const struct acquired *file = &acquire->files[i];

		buf_printf(&text, "%12llu  %-7s  %s\n", (unsigned long long)file->size,
			   file->missing ? "missing" : file->cached ? "cached" : "get", file->url);
	}
	code = text.failed
		       ? err_memory(err)
		       : file_write_all(STDOUT_FILENO, text.data, text.len, "standard output", err);
	buf_free(&text);
	return code;
}

static int select_collectors(struct planning *planning, const struct acquire_settings *settings,
			     struct err *err)
{
	const struct catalogue *catalogue = planning->acquire->catalogue;
	struct view list = view_of(settings->collectors ? settings->collectors : "auto");
	uint32_t *eras = NULL, count = 0;
	int code = catalogue_select(catalogue, list, planning->period.from, planning->period.until,
				    &eras, &count, err);

	if (code)
		return code;
	planning->selected = calloc(count, sizeof(*planning->selected));
	if (!planning->selected)
		code = err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct era *first = &catalogue->eras[eras[i]];
		uint32_t rows = 1;

		while (eras[i] + rows < catalogue->era_count &&
		       strcmp(first[rows].collector, first->collector) == 0)
			rows++;
		planning->selected[planning->selected_count++] = (struct selected){
			.archive = &catalogue->archives[first->archive],
			.eras = first, .era_count = rows,
		};
	}
	free(eras);
	return code;
}

static int acquire_new(const struct acquire_settings *settings, struct acquire **ret_acquire,
		       struct err *err)
{
	struct acquire *acquire = calloc(1, sizeof(*acquire));
	struct fetch_options options = { .agent = AGENT, .offline = settings->offline };
	int code;

	if (!acquire)
		return err_memory(err);
	acquire->cache_size = settings->cache_size;
	acquire->began = utc_now();
	if (settings->cache) {
		acquire->cache = strdup(settings->cache);
		code = acquire->cache ? 0 : err_memory(err);
	} else {
		code = cache_default(&acquire->cache, err);
	}
	options.cache = acquire->cache;
	if (code == 0)
		code = acquire_catalogue(settings, &acquire->catalogue, err);
	if (code == 0)
		code = fetch_new(&options, &acquire->fetch, err);
	if (code)
		acquire_free(acquire);
	else
		*ret_acquire = acquire;
	return code;
}

void acquire_free(struct acquire *acquire)
{
	if (!acquire)
		return;
	fetch_free(acquire->fetch);
	/* A cache that is too large is no reason to fail. */
	if (acquire->cache && acquire->cache_size && access(acquire->cache, F_OK) == 0)
		(void)cache_shrink(acquire->cache, acquire->cache_size, acquire->began, NULL);
	catalogue_free(acquire->catalogue);
	free(acquire->registries);
	free(acquire->files);
	free(acquire->cache);
	arena_free(&acquire->arena);
	free(acquire);
}

/* ---- registries ---- */

static char *address_of_day(const char *pattern, int64_t day)
{
	int year, month, number;
	struct buf url = { 0 };

	utc_to_civil(day, &year, &month, &number);
	for (const char *at = pattern; *at; at++) {
		if (at[0] != '%' || !strchr("Ymd", at[1]) || !at[1]) {
			buf_char(&url, *at);
			continue;
		}
		at++;
		buf_printf(&url, *at == 'Y' ? "%04d" : "%02d",
			   *at == 'Y'	? year
			   : *at == 'm' ? month
					: number);
	}
	buf_char(&url, '\0');
	if (url.failed)
		buf_free(&url);
	return url.data;
}

static int registry_add(struct acquire *acquire, const char *path, uint32_t number, struct err *err)
{
	int code = VEC_GROW(acquire->registries, acquire->registry_count, acquire->registry_room,
			    err);

	if (code == 0)
		acquire->registries[acquire->registry_count++] = (struct acquired_registry){
			path, number,
		};
	return code;
}

/* One address after the other, today's and then older ones, until one is there. */
static int registry_get(struct acquire *acquire, const char *registry, int64_t time,
			struct err *err)
{
	const struct catalogue *catalogue = acquire->catalogue;
	int code = 0;

	for (int back = 0; back < REGISTRY_DAYS && code == 0; back++) {
		for (uint32_t i = 0; i < catalogue->registry_count && code == 0; i++) {
			struct fetch_wish wish = { .settled = time + UTC_DAY, .check = true };
			const struct fetch_file *file;
			uint32_t number;
			char *url;

			if (strcmp(catalogue->registries[i].registry, registry) != 0)
				continue;
			url = address_of_day(catalogue->registries[i].url, time - back * UTC_DAY);
			if (!url)
				return err_memory(err);
			wish.url = url;
			wish.packed = view_ends(view_of(url), VIEW(".gz")) ||
				      view_ends(view_of(url), VIEW(".bz2"));
			code = fetch_add(acquire->fetch, &wish, &number, err);
			free(url);
			if (code == 0)
				code = fetch_all(acquire->fetch, err);
			if (code)
				return code;
			file = fetch_file(acquire->fetch, number);
			if (file->state == FETCH_WHOLE)
				return registry_add(acquire, file->path, number, err);
		}
	}
	cmd_say("%s: no delegated statistics to be had of that week; its space is unknown",
		registry);
	return code;
}

static int acquire_registries(struct acquire *acquire, int64_t time, struct err *err)
{
	const struct catalogue *catalogue = acquire->catalogue;
	int code = 0;

	for (uint32_t i = 0; i < catalogue->registry_count && code == 0; i++) {
		bool first = true;

		for (uint32_t k = 0; k < i; k++)
			first &= strcmp(catalogue->registries[k].registry,
					catalogue->registries[i].registry) != 0;
		if (first)
			code = registry_get(acquire, catalogue->registries[i].registry, time, err);
	}
	if (code == 0 && acquire->registry_count == 0)
		code = err_set(err, ERR_SYSTEM, "no registry's statistics of that time can be had");
	return code;
}

int acquire_plan(const struct acquire_settings *settings, const struct acquire_period *period,
		 struct acquire **ret_acquire, struct err *err)
{
	struct planning planning = { .period = { period->from - period->ahead, period->until } };
	int code;

	if (option_check_period(period->from, period->until, err))
		return ERR_USAGE;
	code = acquire_new(settings, &planning.acquire, err);
	if (code)
		return code;
	code = select_collectors(&planning, settings, err);
	if (code == 0 && settings->registry && !settings->dry_run)
		code = acquire_registries(planning.acquire, period->from, err);
	if (code == 0)
		code = folders_fetch(&planning, err);
	if (code == 0)
		code = files_pick(&planning, err);
	if (code == 0)
		code = files_wish(planning.acquire, err);
	if (code == 0 && planning.acquire->count == 0)
		code = err_set(err, ERR_USAGE, "these collectors have no recording of that time");
	if (code == 0)
		say_plan(&planning);
	if (code == 0 && settings->dry_run)
		code = list_plan(planning.acquire, err);
	for (uint32_t i = 0; i < planning.selected_count; i++)
		free(planning.selected[i].list.entries);
	free(planning.selected);
	free(planning.folders);
	if (code)
		acquire_free(planning.acquire);
	else
		*ret_acquire = planning.acquire;
	return code;
}

/* ---- while the reader reads ---- */

int acquire_open(struct acquire *acquire, uint32_t number, int *ret_fd, struct err *err)
{
	const struct acquired *wanted;
	const struct fetch_file *file;

	if (number >= acquire->count)
		return GUARD_AS_IS;
	wanted = &acquire->files[number];
	if (wanted->missing)
		return err_set(err, ERR_USAGE, "%s: not in the archive", wanted->url);
	file = fetch_file(acquire->fetch, wanted->number);
	if (file->state < FETCH_WHOLE)
		return GUARD_LATER;
	if (file->state != FETCH_WHOLE)
		return err_set(err, ERR_SYSTEM, "%s: %s", wanted->url, file->why);
	*ret_fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return *ret_fd < 0 ? err_system(err, errno, "%s", file->path) : 0;
}

uint32_t acquire_here(struct acquire *acquire)
{
	while (acquire->here < acquire->count) {
		const struct acquired *file = &acquire->files[acquire->here];

		if (!file->missing && fetch_file(acquire->fetch, file->number)->state < FETCH_WHOLE)
			break;
		acquire->here++;
	}
	return acquire->here;
}

int acquire_wait(struct acquire *acquire, const struct pollfd *polls, unsigned count,
		 int timeout_ms, struct err *err)
{
	struct pollfd own[4];

	if (fetch_busy(acquire->fetch))
		return fetch_step(acquire->fetch, polls, count, timeout_ms, err);
	for (unsigned i = 0; i < count && i < 4; i++)
		own[i] = polls[i];
	if (poll(own, count, timeout_ms) < 0 && errno != EINTR)
		return err_system(err, errno, "poll");
	return 0;
}

void acquire_progress(const struct acquire *acquire, struct buf *line)
{
	static int64_t start;
	struct fetch_totals totals = fetch_totals(acquire->fetch);
	double seconds, rate;
	int64_t now = monotonic();

	if (!start)
		start = now;
	if (totals.final == totals.files)
		return;
	seconds = (double)(now - start) / 1e6;
	rate = seconds > 0.5 ? (double)totals.bytes / seconds : 0;
	buf_printf(line, "%u of %u files  %.1f MB", totals.final, totals.files,
		   (double)totals.bytes / 1e6);
	if (rate > 0 && totals.final) {
		double left = seconds / totals.final * (totals.files - totals.final);

		buf_printf(line, "  %.1f MB/s  ", rate / 1e6);
		utc_format_duration(line, (int64_t)left * UTC_SECOND);
		buf_str(line, " left");
	}
	buf_str(line, "  ");
}

void acquire_say_interrupted(const struct acquire *acquire)
{
	uint32_t whole = 0, wanted = 0;

	for (uint32_t i = 0; i < acquire->count; i++) {
		const struct acquired *file = &acquire->files[i];

		wanted += !file->missing;
		whole += !file->missing &&
			 fetch_file(acquire->fetch, file->number)->state == FETCH_WHOLE;
	}
	terminal_progress_clear();
	cmd_say("interrupted: %u of %u files are whole, in the cache; the same command goes on",
		whole, wanted);
}

/* What was read must be what was fetched. */
static int annotate(struct finding *finding, const struct fetch_file *file, const char *sha256,
		    const char **ret_validator, struct err *err)
{
	const struct cache_note *note = &file->note;
	const char *text = *note->etag ? note->etag : note->modified;

	if (*note->sha256 && *sha256 && strcmp(note->sha256, sha256) != 0)
		return err_set(err, ERR_FORMAT,
			       "%s: the cached file is not what was fetched: remove %s", file->url,
			       file->path);
	text = arena_strndup(&finding->arena, text, strlen(text));
	if (!text)
		return err_memory(err);
	*ret_validator = text;
	return 0;
}

static int annotate_source(const struct acquire *acquire, struct finding *finding,
			   struct finding_source *source, struct err *err)
{
	const struct fetch_file *file = NULL;
	const char *url;

	for (uint32_t i = 0; i < acquire->registry_count && !file; i++)
		if (strcmp(acquire->registries[i].path, source->name) == 0)
			file = fetch_file(acquire->fetch, acquire->registries[i].number);
	if (!file)
		return 0;
	url = arena_strndup(&finding->arena, file->url, strlen(file->url));
	if (!url)
		return err_memory(err);
	source->name = url;
	return annotate(finding, file, source->sha256, &source->validator, err);
}

int acquire_annotate(const struct acquire *acquire, struct finding *finding, struct err *err)
{
	struct finding_provenance *provenance = &finding->provenance;
	int code = 0;

	for (uint32_t i = 0; i < acquire->count && i < provenance->input_count && code == 0; i++) {
		struct finding_input *input = &provenance->inputs[i];

		if (!acquire->files[i].missing)
			code = annotate(finding,
					fetch_file(acquire->fetch, acquire->files[i].number),
					input->sha256, &input->validator, err);
	}
	for (uint32_t i = 0; i < provenance->source_count && code == 0; i++)
		code = annotate_source(acquire, finding, &provenance->sources[i], err);
	return code;
}
