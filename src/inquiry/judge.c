/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring of jobs over base/ordered.h, one item each: as many in flight as keep one thread at work
 * while the chain takes the oldest. An item that asks for no work while none is in flight does not
 * wake anybody. Where there is no room for gists there are none.
 */
#include "inquiry/judge.h"

#include <stdlib.h>

#include "base/ordered.h"

#define THREADS_MAX	2u
#define JOBS		4u	/* the one taken last and those in flight */
#define KEYS_MIN	4096u		/* room is made until so many are left for a record */
#define KEYS_MAX	(1u << 18)	/* of an item: records beyond it have no gist */
#define GISTS_MAX	(1u << 16)	/* items of more records have none */

struct job {
	struct judged judged;
	struct gist *gists;
	uint32_t gist_room;
	uint64_t *keys;
	uint32_t key_room;
};

struct judge {
	struct judge_plan plan;
	struct ordered *ordered;
	struct wire_scratch *scratches[THREADS_MAX];
	struct job jobs[JOBS];
	uint32_t put, taken;	/* jobs so far: each has its place in the ring */
	struct job *direct;	/* not in flight: asks for no work, and is next; or NULL */
	struct job *last;	/* the one taken last */
};

/* Only updates have gists; an item's records are nearly always of one kind. */
static bool is_updates(const struct feed_item *item)
{
	unsigned type;

	if (item->kind != FEED_RECORDS)
		return false;
	type = (unsigned)item->bytes[4] << 8 | item->bytes[5];
	return type == MRT_BGP4MP || type == MRT_BGP4MP_ET;
}

static bool keys_reserve(struct job *job, uint32_t count)
{
	uint32_t room = job->key_room ? 2 * job->key_room : 4 * KEYS_MIN;
	uint64_t *keys;

	if (job->key_room - count >= KEYS_MIN || job->key_room == KEYS_MAX)
		return true;
	keys = reallocarray(job->keys, room, sizeof(*keys));
	if (!keys)
		return false;
	job->keys = keys;
	job->key_room = room;
	return true;
}

static bool gists_reserve(struct job *job, uint32_t count)
{
	if (count <= job->gist_room)
		return true;
	free(job->gists);
	job->gists = count <= GISTS_MAX ? calloc(count, sizeof(*job->gists)) : NULL;
	job->gist_room = job->gists ? count : 0;
	return job->gists != NULL;
}

/* False: there is no room for them. */
static bool take_gists(const struct judge *judge, struct job *job, struct wire_scratch *scratch)
{
	const struct feed_item *item = &job->judged.item;
	const uint8_t *at = item->bytes, *end = at + item->len;
	const struct record_ref ref = { item->input, item->number, item->offset };
	uint32_t keys = 0;

	if (!gists_reserve(job, item->records))
		return false;
	for (uint32_t i = 0, len = 0; i < item->records; i++, at += len) {
		struct mrt_record record;

		if (mrt_frame(at, (size_t)(end - at), UINT32_MAX, &len) != MRT_FRAME_WHOLE ||
		    !keys_reserve(job, keys))
			return false;
		mrt_record_parse(at, len, &ref, &record);
		keys += gist_take(&record, scratch, judge->plan.care, judge->plan.context,
				  job->keys + keys, job->key_room - keys, &job->gists[i]);
	}
	return true;
}

static void work(void *context, void *work_on, unsigned worker)
{
	const struct judge *judge = context;
	struct job *job = work_on;

	if (!is_updates(&job->judged.item) || !take_gists(judge, job, judge->scratches[worker]))
		return;
	job->judged.gists = job->gists;
	job->judged.keys = job->keys;
}

int judge_new(const struct judge_plan *plan, struct judge **ret_judge, struct err *err)
{
	const unsigned threads = plan->threads < THREADS_MAX ? plan->threads : THREADS_MAX;
	struct judge *judge = calloc(1, sizeof(*judge));
	const struct ordered_plan ordered = {
		.threads = threads, .bound = JOBS - 1, .work = work, .context = judge,
	};
	int code = 0;

	if (!judge)
		return err_memory(err);
	judge->plan = *plan;
	for (unsigned i = 0; i < THREADS_MAX && code == 0; i++)
		code = wire_scratch_new(&judge->scratches[i], err);
	if (code == 0)
		code = ordered_new(&ordered, &judge->ordered, err);
	if (code == 0)
		*ret_judge = judge;
	else
		judge_free(judge);
	return code;
}

bool judge_full(const struct judge *judge)
{
	return judge->direct || ordered_full(judge->ordered);
}

bool judge_empty(const struct judge *judge)
{
	return judge->put == judge->taken;
}

void judge_put(struct judge *judge, const struct feed_item *item)
{
	struct job *job = &judge->jobs[judge->put % JOBS];

	job->judged = (struct judged){ .item = *item };
	if (judge->put++ == judge->taken && !is_updates(item))
		judge->direct = job;
	else
		ordered_submit(judge->ordered, job);
}

const struct judged *judge_take(struct judge *judge)
{
	struct job *job = judge->direct;

	if (judge->last)
		feed_release(judge->plan.feed, &judge->last->judged.item);
	if (!job)
		job = ordered_take(judge->ordered);
	judge->direct = NULL;
	judge->last = job;
	judge->taken += job != NULL;
	return job ? &job->judged : NULL;
}

void judge_free(struct judge *judge)
{
	if (!judge)
		return;
	ordered_free(judge->ordered);
	for (unsigned i = 0; i < JOBS; i++) {
		feed_release(judge->plan.feed, &judge->jobs[i].judged.item);
		free(judge->jobs[i].gists);
		free(judge->jobs[i].keys);
	}
	for (unsigned i = 0; i < THREADS_MAX; i++)
		wire_scratch_free(judge->scratches[i]);
	free(judge);
}
