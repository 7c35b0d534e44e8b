/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recordings by time: a period and collectors in place of FILES. What the commands that read
 * recordings share with `constat fetch`: the options, the plan, and the bringing of files while the
 * reader reads.
 *
 *	acquire_plan()		asks for index pages, says what will be got; before anything is
 *				forked
 *	acquire_open, _here, _wait
 *				for a guard_plan: the reader gets file i as soon as it is whole
 *	acquire_free()
 *
 * Keeper only, one thread.
 */
#ifndef CONSTAT_CMD_ACQUIRE_H
#define CONSTAT_CMD_ACQUIRE_H

#include "archive/fetch.h"
#include "cmd/cmd.h"
#include "inquiry/finding.h"

struct acquire_settings {
	const char *collectors;		/* --collectors; NULL: auto */
	const char *catalogue;
	struct option_list mirrors;
	const char *cache;
	uint64_t cache_size;		/* 0: no cap */
	bool offline;
	bool dry_run;
	const char *registry;		/* --registry auto */
};

#define ACQUIRE_DEFAULTS { .cache_size = (uint64_t)20 << 30 }

extern const struct option_row acquire_rows[];
extern const struct option_row acquire_registry_rows[];

struct acquire_period {
	int64_t from, until;	/* until is not included */
	int64_t ahead;		/* recordings from so long before `from` are needed */
};

/* A file of the plan. */
struct acquired {
	const char *url;
	const char *collector;
	int64_t starts;
	/* UTC_NEVER: a RIB, or one that nobody said exists: its absence is no gap */
	int64_t ends;
	uint64_t size;		/* 0: not known */
	bool missing;		/* the archive's own list has a hole here */
	bool cached;
	uint32_t number;	/* in fetch */
};

/* A registry's file that --registry auto found. */
struct acquired_registry {
	const char *path;
	uint32_t number;	/* in fetch */
};

struct acquire {
	struct acquired *files;
	uint32_t count, room;
	uint32_t here;		/* so many of the first files are as they will be */
	struct fetch *fetch;
	struct catalogue *catalogue;
	struct arena arena;
	char *cache;
	uint64_t cache_size;
	int64_t began;
	struct acquired_registry *registries;
	uint32_t registry_count, registry_room;
};

/* The catalogue as the options make it; the caller's to free. */
int acquire_catalogue(const struct acquire_settings *settings, struct catalogue **ret_catalogue,
		      struct err *err);
/*
 * Says on standard error what will be got; with --dry-run lists it on standard output. Gets what
 * --registry asks for.
 */
int acquire_plan(const struct acquire_settings *settings, const struct acquire_period *period,
		 struct acquire **ret_acquire, struct err *err);
void acquire_free(struct acquire *acquire);	/* takes NULL; keeps the cache to its size */

/* For a guard_plan whose first files are acquire's. */
int acquire_open(struct acquire *acquire, uint32_t file, int *ret_fd, struct err *err);
uint32_t acquire_here(struct acquire *acquire);
int acquire_wait(struct acquire *acquire, const struct pollfd *polls, unsigned count,
		 int timeout_ms, struct err *err);
/* "12 of 1,105 files, 3.4 MB, 1.2 MB/s, 4 min left"; nothing once all are there. */
void acquire_progress(const struct acquire *acquire, struct buf *line);
/* Interrupted: says what is there already, and that the same command goes on. */
void acquire_say_interrupted(const struct acquire *acquire);
/*
 * Puts validators into a finding whose first inputs are acquire's, and the addresses of registries'
 * files in place of their paths; ERR_FORMAT when what was read is not what was cached.
 */
int acquire_annotate(const struct acquire *acquire, struct finding *finding, struct err *err);

#endif
