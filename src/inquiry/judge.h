/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Updates judged beside the chain: what the feed gives passes through here in its order, and the
 * gists of its updates (wire/gist.h) are taken meanwhile, by a thread of its own where there may be
 * one. What the chain makes of an item is the same with gists and without. Private to inquiry/.
 *
 *	judge_new
 *	judge_put for each item; when judge_full(), judge_take first
 *	judge_take until NULL
 *	judge_free
 *
 * One thread calls.
 */
#ifndef CONSTAT_INQUIRY_JUDGE_H
#define CONSTAT_INQUIRY_JUDGE_H

#include "feed/feed.h"
#include "wire/gist.h"

struct judge;

struct judged {
	struct feed_item item;
	struct gist *gists;	/* one for each record of the item; NULL: none were taken */
	uint64_t *keys;		/* of the gists, one after the other */
};

struct judge_plan {
	struct feed *feed;	/* what it gave is released to */
	unsigned threads;	/* 1: all is done in judge_take() */
	gist_care_fn *care;	/* called by several threads */
	const void *context;
};

int judge_new(const struct judge_plan *plan, struct judge **ret_judge, struct err *err);
/* The next call must be judge_take(). */
bool judge_full(const struct judge *judge);
/* Nothing is left to take. */
bool judge_empty(const struct judge *judge);
/* Not when full. The judge releases the item: when the next one is taken, or in judge_free(). */
void judge_put(struct judge *judge, const struct feed_item *item);
/* The oldest item, until the next one is taken; NULL: there is none. */
const struct judged *judge_take(struct judge *judge);
void judge_free(struct judge *judge);	/* takes NULL */

#endif
