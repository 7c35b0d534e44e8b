/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which files of a collector make a period: pure functions, from the archives' published layouts
 * and from what an index page lists.
 *
 *	plan_folders()		the folders in which the period's files are
 *	plan_index()		an index page (or plan_name(): one file name) → entries
 *	plan_compute()		in place of an index page: the entries that there should be
 *	plan_pick()		entries → the files of the period, with what is missing among them
 *
 * A file is known by the time in its name. Of RIBs it takes the last one not after the beginning
 * (else the first one after it), and after each piece that is missing the next one; of updates each
 * file that touches the time from the first RIB to the end, the end itself not included.
 */
#ifndef CONSTAT_ARCHIVE_PLAN_H
#define CONSTAT_ARCHIVE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/catalogue.h"
#include "base/buf.h"
#include "base/err.h"

struct plan_entry {
	int64_t time;
	uint64_t size;		/* 0: not known; off an index page, to two digits */
	bool rib;
	bool computed;		/* by the layout: nobody said that it is there */
	bool missing;		/* plan_pick(): the archive does not have it */
	/* plan_pick(): when it ends, by its interval or the next one's beginning */
	int64_t until;
	char name[48];		/* "updates.20141222.0000.bz2" */
};

struct plan_list {
	struct plan_entry *entries;
	uint32_t count, room;
};

/*
 * The months whose folders have to be looked at, first one first: midnight of their first days.
 * `until` is not included.
 */
struct plan_period {
	int64_t from, until;
};

/* How far before the beginning a RIB is looked for. */
#define PLAN_LOOK_BACK (24 * UTC_HOUR)

/*
 * Appends the addresses of a month's folders, with a final slash, each with a line feed behind it:
 * one or two (RIBs, updates).
 */
void plan_folders(const struct archive *archive, const struct era *era, int64_t month,
		  struct buf *buf);
int64_t plan_month_first(int64_t time);		/* midnight of the first of its month */
int64_t plan_month_next(int64_t month);
/* The folder of an entry, with a final slash. */
void plan_folder(const struct archive *archive, const struct era *era,
		 const struct plan_entry *entry, struct buf *buf);

/* "rib.20141222.0000.bz2", "bview.…gz", "updates.…": else false. */
bool plan_name(struct view name, struct plan_entry *ret_entry);
/* Adds what a page links to; each name once. */
int plan_index(struct view page, struct plan_list *list, struct err *err);
/* Adds the names of one kind in [from, until) that the layout asks for. */
int plan_compute(enum layout layout, const struct era *era, bool rib, int64_t from, int64_t until,
		 struct plan_list *list, struct err *err);

/*
 * `eras`: the collector's, in the order of time. `now`: files younger than an hour are not missed.
 * Sorts `list`, which gives up its entries to *ret_files: in the order of time, RIBs before
 * updates.
 */
int plan_pick(enum layout layout, const struct era *eras, uint32_t era_count,
	      struct plan_period period, int64_t now, struct plan_list *list,
	      struct plan_list *ret_files, struct err *err);

#endif
