/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a period becomes files. An index page is searched for names of the known form, whatever the
 * page looks like; a size is what stands behind the link on its line. Since the names of the early
 * years are irregular (2337, 2238), nothing is expected of a listed name but its form; only where
 * two updates files that follow each other are more than half an interval further apart than they
 * should is a piece missing, and it becomes an entry of its own, which nobody can open: the
 * collector's gap.
 */
#define _GNU_SOURCE	/* memmem */
#include "archive/plan.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

#define PUBLISHED_AFTER UTC_HOUR

static int list_add(struct plan_list *list, const struct plan_entry *entry, struct err *err)
{
	int code = VEC_GROW(list->entries, list->count, list->room, err);

	if (code == 0)
		list->entries[list->count++] = *entry;
	return code;
}

int64_t plan_month_first(int64_t time)
{
	int year, month, day;

	utc_to_civil(time, &year, &month, &day);
	return utc_from_civil(year, month, 1);
}

int64_t plan_month_next(int64_t month)
{
	return plan_month_first(month + 40 * UTC_DAY);
}

static void add_folder(const struct archive *archive, const struct era *era, int64_t time, bool rib,
		       struct buf *buf)
{
	int year, month, day;

	utc_to_civil(time, &year, &month, &day);
	buf_printf(buf, "%s/%s/%04d.%02d/", archive->url, era->folder, year, month);
	if (archive->layout == LAYOUT_ROUTEVIEWS)
		buf_str(buf, rib ? "RIBS/" : "UPDATES/");
}

void plan_folder(const struct archive *archive, const struct era *era,
		 const struct plan_entry *entry, struct buf *buf)
{
	add_folder(archive, era, entry->time, entry->rib, buf);
}

void plan_folders(const struct archive *archive, const struct era *era, int64_t month,
		  struct buf *buf)
{
	add_folder(archive, era, month, true, buf);
	buf_char(buf, '\n');
	if (archive->layout != LAYOUT_ROUTEVIEWS)
		return;
	add_folder(archive, era, month, false, buf);
	buf_char(buf, '\n');
}

static bool digits(struct view text, size_t len, uint32_t *ret_value)
{
	return text.len == len && view_u32(text, ret_value);
}

bool plan_name(struct view name, struct plan_entry *ret_entry)
{
	struct plan_entry entry = { .until = UTC_NEVER };
	struct view rest = name, kind, date, clock;
	uint32_t day, minute;

	if (name.len >= sizeof(entry.name) || !view_split(&rest, '.', &kind) ||
	    !view_split(&rest, '.', &date) || !view_split(&rest, '.', &clock) ||
	    !digits(date, 8, &day) || !digits(clock, 4, &minute))
		return false;
	entry.rib = view_equal(kind, VIEW("rib")) || view_equal(kind, VIEW("bview"));
	if (!entry.rib && !view_equal(kind, VIEW("updates")))
		return false;
	if (rest.len && !view_equal(rest, VIEW("gz")) && !view_equal(rest, VIEW("bz2")) &&
	    !view_equal(rest, VIEW("xz")) && !view_equal(rest, VIEW("zst")))
		return false;
	if (day % 100 < 1 || day % 100 > 31 || day / 100 % 100 < 1 || day / 100 % 100 > 12 ||
	    minute / 100 > 23 || minute % 100 > 59)
		return false;
	entry.time = utc_from_civil((int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100)) +
		     minute / 100 * UTC_HOUR + minute % 100 * UTC_MINUTE;
	memcpy(entry.name, name.ptr, name.len);
	*ret_entry = entry;
	return true;
}

/*
 * "4.5M", "812K", "123456" behind a link, in whatever tags and dates stand there: the last word of
 * the kind on the line.
 */
static uint64_t size_behind(struct view line)
{
	uint64_t size = 0;
	size_t at = 0;

	while (at < line.len) {
		size_t start = at;
		double value = 0, scale = 1;
		bool number = false;

		while (at < line.len && (isdigit((unsigned char)line.ptr[at]) ||
					 (line.ptr[at] == '.' && scale == 1))) {
			if (line.ptr[at] == '.')
				scale = 0.1;
			else if (scale == 1)
				value = value * 10 + (line.ptr[at] - '0');
			else
				value += scale * (line.ptr[at] - '0'), scale /= 10;
			number |= line.ptr[at++] != '.';
		}
		if (!number) {
			at += at == start;
			continue;
		}
		if (at < line.len && strchr("KMG", line.ptr[at]))
			value *= line.ptr[at] == 'K'   ? 1024.0
				 : line.ptr[at] == 'M' ? 1048576.0
						       : 1073741824.0,
				at++;
		/* A word by itself: dates and clock times have "-" and ":" in them. */
		if ((start == 0 || strchr(" \t>", line.ptr[start - 1])) &&
		    (at == line.len || strchr(" \t<\r\n", line.ptr[at])) && value < 1e12)
			size = (uint64_t)value;
	}
	return size;
}

static struct view last_part(struct view path)
{
	size_t at = path.len;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return (struct view){ path.ptr + at, path.len - at };
}

static int compare_entries(const void *a, const void *b)
{
	const struct plan_entry *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->rib != y->rib)
		return x->rib ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* One file for each time and kind: where several packings are offered, the first by name. */
static void list_sort(struct plan_list *list)
{
	uint32_t kept = 0;

	if (list->count)
		qsort(list->entries, list->count, sizeof(*list->entries), compare_entries);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct plan_entry *last = kept ? &list->entries[kept - 1] : NULL;

		if (last && last->time == list->entries[i].time &&
		    last->rib == list->entries[i].rib)
			continue;
		list->entries[kept++] = list->entries[i];
	}
	list->count = kept;
}

int plan_index(struct view page, struct plan_list *list, struct err *err)
{
	struct view line;
	int code = 0;

	while (code == 0 && view_split(&page, '\n', &line)) {
		struct view rest = line;
		const char *found;

		while (code == 0 && (found = memmem(rest.ptr, rest.len, "href=", 5))) {
			struct view name;
			struct plan_entry entry;
			size_t at = (size_t)(found - rest.ptr) + 5;
			char quote = at < rest.len ? rest.ptr[at] : '\0';
			size_t end = at + 1;

			while (end < rest.len && rest.ptr[end] != quote && rest.ptr[end] != '>')
				end++;
			if (end >= rest.len)
				break;
			name = last_part((struct view){ rest.ptr + at + 1, end - at - 1 });
			rest = (struct view){ rest.ptr + end, rest.len - end };
			if ((quote != '"' && quote != '\'') || !plan_name(name, &entry))
				continue;
			found = memmem(rest.ptr, rest.len, "</a>", 4);
			if (found) {
				struct view behind = {
					found, rest.len - (size_t)(found - rest.ptr),
				};
				const char *next = memmem(behind.ptr, behind.len, "href=", 5);

				if (next)
					behind.len = (size_t)(next - behind.ptr);
				entry.size = size_behind(behind);
			}
			code = list_add(list, &entry, err);
		}
	}
	return code;
}

static void name_make(enum layout layout, struct plan_entry *entry)
{
	int year, month, day;
	int minute = (int)(entry->time % UTC_DAY / UTC_MINUTE);

	utc_to_civil(entry->time, &year, &month, &day);
	snprintf(entry->name, sizeof(entry->name), "%s.%04d%02d%02d.%02d%02d%s",
		 !entry->rib		? "updates"
		 : layout == LAYOUT_RIS ? "bview"
					: "rib",
		 year % 10000, month, day, minute / 60, minute % 60,
		 layout == LAYOUT_RIS ? ".gz" : ".bz2");
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int plan_compute(enum layout layout, const struct era *era, bool rib, int64_t from, int64_t until,
		 struct plan_list *list, struct err *err)
{
	int64_t step = rib ? era->ribs : era->updates, time;
	int code = 0;

	from = larger(from, era->from);
	if (era->until != UTC_NEVER && era->until < until)
		until = era->until;
	time = from - from % step;
	for (time += time < from ? step : 0; time < until && code == 0; time += step) {
		struct plan_entry entry = {
			.time = time, .rib = rib, .computed = true, .until = UTC_NEVER,
		};

		name_make(layout, &entry);
		code = list_add(list, &entry, err);
	}
	return code;
}

/* ---- the files of a period ---- */

struct picking {
	enum layout layout;
	const struct era *eras;
	uint32_t era_count;
	struct plan_list *files;
};

static const struct era *era_at(const struct picking *picking, int64_t time)
{
	const struct era *found = &picking->eras[0];

	for (uint32_t i = 0; i < picking->era_count; i++)
		if (picking->eras[i].from <= time)
			found = &picking->eras[i];
	return found;
}

/* The last RIB not after `time`; else the first after it; NULL: none before `until`. */
static const struct plan_entry *rib_for(const struct plan_list *list, int64_t time, int64_t until)
{
	const struct plan_entry *found = NULL;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct plan_entry *entry = &list->entries[i];

		if (!entry->rib || entry->time >= until || entry->time < time - PLAN_LOOK_BACK ||
		    (entry->time > time && found))
			continue;
		found = entry;
	}
	return found;
}

static const struct plan_entry *rib_after(const struct plan_list *list, int64_t time, int64_t until)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->entries[i].rib && list->entries[i].time >= time &&
		    list->entries[i].time < until)
			return &list->entries[i];
	return NULL;
}

/* What is missing from `from` to `until`, and the RIB that makes good for it. */
static int add_missing(const struct picking *picking, const struct plan_list *list, int64_t from,
		       int64_t until, int64_t end, struct err *err)
{
	struct plan_entry gap = { .time = from, .until = until, .missing = true };
	const struct plan_entry *rib = rib_after(list, until, end);
	int code;

	name_make(picking->layout, &gap);
	code = list_add(picking->files, &gap, err);
	if (code == 0 && rib)
		code = list_add(picking->files, rib, err);
	return code;
}

/* From `from` on; nothing is missed that would end before `missed_from`. */
static int pick_updates(const struct picking *picking, const struct plan_list *list, int64_t from,
			int64_t missed_from, int64_t until, int64_t now, struct err *err)
{
	int64_t covered = larger(missed_from, picking->eras[0].from), end = until;
	int64_t last_era_end = picking->eras[picking->era_count - 1].until;
	int code = 0;

	for (uint32_t i = 0; i < list->count && code == 0; i++) {
		struct plan_entry entry = list->entries[i];
		int64_t interval = era_at(picking, entry.time)->updates;

		if (entry.rib || entry.time + interval <= from || entry.time >= until)
			continue;
		/*
		 * A name that is a minute or two late is the irregular one of its time, not a gap.
		 */
		if (!entry.computed && entry.time - covered > interval / 2)
			code = add_missing(picking, list, covered, entry.time, until, err);
		entry.until = entry.time + interval;
		covered = larger(covered, entry.until);
		if (code == 0)
			code = list_add(picking->files, &entry, err);
	}
	if (last_era_end != UTC_NEVER && last_era_end < end)
		end = last_era_end;
	if (now - PUBLISHED_AFTER < end)
		end = now - PUBLISHED_AFTER;
	if (code == 0 && end - covered >= era_at(picking, covered)->updates)
		code = add_missing(picking, list, covered, end, until, err);
	return code;
}

int plan_pick(enum layout layout, const struct era *eras, uint32_t era_count,
	      struct plan_period period, int64_t now, struct plan_list *list,
	      struct plan_list *ret_files, struct err *err)
{
	struct plan_list files = { 0 };
	const struct picking picking = { layout, eras, era_count, &files };
	const struct plan_entry *rib;
	int64_t from = period.from, missed_from = period.from;
	int code = 0;

	list_sort(list);
	rib = rib_for(list, period.from, period.until);
	if (rib) {
		code = list_add(&files, rib, err);
		if (rib->time < from)
			from = rib->time;
		/* A RIB that is only supposed makes no gap of what lacks behind it. */
		if (!rib->computed)
			missed_from = from;
	}
	if (code == 0)
		code = pick_updates(&picking, list, from, missed_from, period.until, now, err);
	if (code) {
		free(files.entries);
		return code;
	}
	list_sort(&files);
	free(list->entries);
	*list = (struct plan_list){ 0 };
	*ret_files = files;
	return 0;
}
