/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work done by several threads, results in the order of submission: for formatting runs of
 * records in parallel, decompressing blocks, and the like.
 *
 * One thread, the owner, submits jobs and takes them back, oldest first; `work` is called once for
 * each job in between, on any of `threads` threads. The owner is one of them: it works when it
 * would otherwise wait in ordered_take(). With threads = 1 no thread is started and all work is
 * done there. At most `bound` jobs are in flight (submitted and not taken yet): that bounds memory.
 * What is taken is the same, in the same order, whatever the number of threads.
 *
 *	ordered_new(&(struct ordered_plan){ .threads = n, .bound = 4 * n, .work = format }, …);
 *	while (there is more) {
 *		job = ordered_full(pool) ? ordered_take(pool) : a job never used yet;
 *		if it was taken: write its output, make it empty;
 *		fill its input;
 *		ordered_submit(pool, job);
 *	}
 *	while ((job = ordered_take(pool)))
 *		write its output;
 *	ordered_free(pool);
 *
 * A job belongs to the owner before submit and after take, to one working thread in between. It
 * should be worth a few µs at least: each costs two passes through a mutex. Errors are kept in
 * the job and found by the owner, in order; to stop early, just ordered_free().
 */
#ifndef CONSTAT_BASE_ORDERED_H
#define CONSTAT_BASE_ORDERED_H

#include <stdbool.h>

#include "base/err.h"

struct ordered;

struct ordered_plan {
	unsigned threads;	/* 0 counts as 1 */
	unsigned bound;		/* jobs in flight; at least `threads` are allowed */
	/* `worker` is in [0, threads), 0 the owner: no two calls at the same time have the same. */
	void (*work)(void *context, void *job, unsigned worker);
	void *context;
};

/* Signals stay with the owner's threads: all are blocked in those started here. */
int ordered_new(const struct ordered_plan *plan, struct ordered **ret_ordered, struct err *err);
/* As many are in flight as may be: the next call must be ordered_take(). */
bool ordered_full(const struct ordered *ordered);
/* Hands over a job, never NULL. Not when full: false, and nothing happens. */
bool ordered_submit(struct ordered *ordered, void *job);
/* The oldest job in flight, when its work is done; NULL when none is in flight. */
void *ordered_take(struct ordered *ordered);
/* Waits for work going on, drops what was not begun. Jobs in flight stay the owner's to free. */
void ordered_free(struct ordered *ordered);

#endif
