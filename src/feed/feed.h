/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where bytes come from: any number of inputs, compressed or not, become one stream of MRT records
 * in time order.
 *
 * Order, total and independent of the order on the command line: (largest time so far within the
 * input, collector, the input's first time, RIBs before updates, the input's name, record number).
 * Nothing is reordered inside an input, and one recording cut into several files gives the same
 * order as in one piece.
 *
 * How: each input's first header is peeked at and the input closed again (what cannot be opened
 * twice, a pipe, stays open); it is opened when the clock reaches it. Every open input has a thread
 * of its own that reads, decompresses (told by content: gzip, bzip2, zstd, xz, plain; several
 * members or streams one after the other) and hashes, into blocks; all read-ahead shares one cap,
 * so memory does not grow with the number of inputs, only with how many overlap in time (a block
 * each at least). A block holds whole records; a record larger than a block gets a block of its
 * own, up to `record_max`.
 *
 * The stream comes in items. FEED_RECORDS is a run: as many whole records of one input as follow
 * each other in the order. Damage is an item in its place: everything before it has been given,
 * what follows goes on at the next plausible record.
 *
 * Order of calls: feed_new, then feed_next until FEED_DONE, each FEED_RECORDS given back by
 * feed_release (in any order, from any thread; all else from one thread), feed_free.
 */
#ifndef CONSTAT_FEED_FEED_H
#define CONSTAT_FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/utc.h"
#include "wire/fault.h"
#include "wire/mrt.h"

struct feed;

#define FEED_EARLY (5 * UTC_MINUTE)

struct feed_input {
	const char *name;	/* as the user gave it; "-" is standard input */
	const char *collector;	/* NULL: taken from the name (feed_collector_of()) */
	/*
	 * 0: not known. Else when its first record is expected, FEED_EARLY before that at most:
	 * then the input is not peeked at but opened only when its time comes, or a little before.
	 * The order of the stream is the same.
	 */
	int64_t starts;
};

/*
 * How inputs are opened: in the reader process by asking the keeper. Called within feed_next(),
 * twice for most inputs.
 */
struct feed_opener {
	void *context;
	int (*open)(void *context, uint32_t input, int *ret_fd, struct err *err);
	/*
	 * Whether open() would not wait: what is still to come is not opened ahead of its time.
	 * NULL: it never does.
	 */
	bool (*here)(void *context, uint32_t input);
};

struct feed_options {
	/*
	 * Inputs opened before they are needed, so that they are ready when they are; blocks of
	 * bzip2 decoded at once; from 2 on, hashing beside decompression. At least 1.
	 */
	unsigned threads;
	size_t read_ahead;	/* cap over all inputs, bytes; 0: the default, 32 MiB */
	uint32_t record_max;	/* 0: MRT_RECORD_MAX */
	uint64_t expansion_max;	/* decompressed ÷ compressed where it is given up; 0: 2,000 */
	bool hash;		/* SHA-256 of each input's bytes as stored */
	uint64_t *bytes_read;	/* progress: stored bytes, added to atomically; may be NULL */
};

enum feed_kind {
	FEED_RECORDS,
	FEED_FAULT,	/* fault, within `input` */
	FEED_END,	/* `input` is used up; its feed_report() is final */
	FEED_DONE,	/* all are */
};

struct feed_item {
	enum feed_kind kind;
	uint32_t input;
	uint64_t number;	/* FEED_RECORDS: number of the first record, from 1 */
	uint64_t offset;	/* of the first byte in the decompressed input */
	const uint8_t *bytes;	/* whole records, one after the other */
	size_t len;
	uint32_t records;
	int64_t time;		/* the largest so far within the input, at the first record */
	struct fault fault;
	void *block;		/* feed's own: what feed_release() gives back */
};

/* What is known of an input once it ended. */
struct feed_report {
	struct err error;		/* ERR_OK, or why it could not be opened or read */
	const char *compression;	/* "gzip", "bzip2", "zstd", "xz", "none" */
	uint64_t bytes_stored;		/* as in the file */
	uint64_t bytes;			/* decompressed: of the records, and lost */
	uint64_t bytes_lost;		/* decompressed, but part of no whole record */
	uint64_t records;
	uint64_t faults;
	uint32_t members;		/* gzip members, bzip2 or xz streams, zstd frames */
	int64_t first_time, last_time;	/* the first record's, the largest; or UTC_NEVER */
	bool whole;			/* read to the end without error or fault */
	bool hashed;
	uint8_t sha256[32];
};

int feed_new(const struct feed_input *inputs, uint32_t count, const struct feed_opener *opener,
	     const struct feed_options *options, struct feed **ret_feed, struct err *err);
void feed_free(struct feed *feed);	/* takes NULL; stops the threads */

/*
 * 0, or an operational error that ends everything (memory). An input that fails is no such error:
 * FEED_END, with its report.
 */
int feed_next(struct feed *feed, struct feed_item *ret_item, struct err *err);
/*
 * The same, for who has other things to do than to wait: *ret_late where an input would have to be
 * opened or waited for, and nothing is given.
 */
int feed_poll(struct feed *feed, struct feed_item *ret_item, bool *ret_late, struct err *err);
void feed_release(struct feed *feed, struct feed_item *item);

/* Valid until feed_free; complete after the input's FEED_END. */
const struct feed_report *feed_report(const struct feed *feed, uint32_t input);
/*
 * The collector by name or folder: "route-views.jinx", "rrc06", else "unknown". Valid until
 * feed_free.
 */
const char *feed_collector(const struct feed *feed, uint32_t input);

/*
 * RouteViews and RIS conventions: ".../route-views.jinx/bgpdata/2014.05/RIBS/rib.….bz2",
 * "rrc06/2014.05/updates.….gz", "rrc06.updates.….gz", "route-views.jinx.rib.….bz2"; RouteViews'
 * oldest, "bgpdata/…", is route-views2. Empty when none fits.
 */
struct view feed_collector_of(struct view name);

#endif
