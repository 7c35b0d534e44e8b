/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The transfers under way, by libcurl's multi interface; and what fetch.c knows of files. Private
 * to archive/.
 */
#ifndef CONSTAT_ARCHIVE_FETCH_TRANSFER_H
#define CONSTAT_ARCHIVE_FETCH_TRANSFER_H

#include "archive/check.h"
#include "archive/fetch.h"

#define FETCH_CHECKS_ROOM 2

struct host {
	char *name;		/* "https://host:port" */
	unsigned active;
	int64_t due;		/* Retry-After: not before then */
};

struct fetching {
	struct fetch_file shown;
	struct fetch_wish wish;
	char *url;
	char *paths[CACHE_NAMES];
	uint32_t host;
	char why[256];
	int64_t due;
	unsigned tries, cuts;
	/* an older version is whole in the cache: asked for with its validators */
	bool cached;
	int fd;			/* of the part, locked; −1 */
	uint64_t have;		/* bytes of the part when the transfer began */
	struct cache_note from;	/* what the part is a part of */
	struct check check;

	void *easy;		/* ACTIVE */
	void *headers;
	bool counted;		/* the multi handle has it */
	bool body;		/* bytes have been taken */
	bool grew;
	bool restart;		/* the answer fits not what is there */
	struct cache_note answer;
	uint64_t range_start;	/* UINT64_MAX: not said */
	struct err failed;	/* of writing */
};

struct fetch {
	struct fetch_options options;
	struct fetching **files;
	uint32_t count, room;
	uint32_t first;		/* all before are final */
	uint32_t final, came;
	struct host *hosts;
	uint32_t host_count, host_room;
	void *multi;
	unsigned active, checks;
	int check_pipes[FETCH_CHECKS_ROOM];
	uint64_t bytes;
};

struct transfer_end {
	long status;		/* 0: none came */
	bool clean;		/* as far as HTTP can tell, all came */
	bool unreachable;	/* there was no talking to the host */
	bool hopeless;		/* nor will there be */
	int64_t retry_after;
	char text[200];		/* of what is not clean */
};

int transfers_start(struct fetch *fetch, struct err *err);
void transfers_end(struct fetch *fetch);
int transfer_start(struct fetch *fetch, struct fetching *file, struct err *err);
void transfer_stop(struct fetch *fetch, struct fetching *file);
int transfers_wait(struct fetch *fetch, const struct pollfd *polls, unsigned count, int timeout_ms,
		   struct err *err);
/* The next one that ended since; false: none. */
bool transfers_ended(struct fetch *fetch, struct fetching **ret_file, struct transfer_end *ret_end);

#endif
