/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One ring of `bound` entries and three marks that only go forward:
 *
 *	taken ≤ begun ≤ submitted ≤ taken + bound
 *
 * Entries [taken, begun) are being worked or done, [begun, submitted) wait for a worker. The owner
 * alone moves `taken` and `submitted`, so it reads those without the mutex; all else is under it.
 */
#include "base/ordered.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

struct entry {
	void *job;
	bool done;
};

struct worker {
	struct ordered *ordered;
	unsigned number;
	pthread_t thread;
};

struct ordered {
	struct ordered_plan plan;
	pthread_mutex_t mutex;
	pthread_cond_t waiting;		/* there is work, or an end of it */
	pthread_cond_t finished;	/* the oldest job is done */
	uint64_t taken, begun, submitted;
	bool stop;
	unsigned started;		/* threads, the owner not counted */
	struct worker *workers;
	struct entry ring[];
};

static struct entry *entry_at(struct ordered *ordered, uint64_t place)
{
	return &ordered->ring[place % ordered->plan.bound];
}

/* Works the oldest job that waits. With the mutex held before and after; not during. */
static void work_one(struct ordered *ordered, unsigned number)
{
	uint64_t place = ordered->begun++;
	struct entry *entry = entry_at(ordered, place);

	pthread_mutex_unlock(&ordered->mutex);
	ordered->plan.work(ordered->plan.context, entry->job, number);
	pthread_mutex_lock(&ordered->mutex);
	entry->done = true;
	if (place == ordered->taken)
		pthread_cond_signal(&ordered->finished);
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	struct ordered *ordered = worker->ordered;

	pthread_mutex_lock(&ordered->mutex);
	while (!ordered->stop) {
		if (ordered->begun < ordered->submitted)
			work_one(ordered, worker->number);
		else
			pthread_cond_wait(&ordered->waiting, &ordered->mutex);
	}
	pthread_mutex_unlock(&ordered->mutex);
	return NULL;
}

/* Where the system gives no more threads, those that it gave do the work, the owner if need be. */
static void start_workers(struct ordered *ordered)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 0; i + 1 < ordered->plan.threads; i++) {
		struct worker *worker = &ordered->workers[i];

		worker->ordered = ordered;
		worker->number = i + 1;
		if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
			break;
		ordered->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int ordered_new(const struct ordered_plan *plan, struct ordered **ret_ordered, struct err *err)
{
	unsigned threads = plan->threads ? plan->threads : 1;
	unsigned bound = plan->bound > threads ? plan->bound : threads;
	struct ordered *ordered = calloc(1, sizeof(*ordered) + bound * sizeof(*ordered->ring));

	if (!ordered)
		return err_memory(err);
	ordered->workers = calloc(threads, sizeof(*ordered->workers));
	if (!ordered->workers) {
		free(ordered);
		return err_memory(err);
	}
	ordered->plan = *plan;
	ordered->plan.threads = threads;
	ordered->plan.bound = bound;
	pthread_mutex_init(&ordered->mutex, NULL);
	pthread_cond_init(&ordered->waiting, NULL);
	pthread_cond_init(&ordered->finished, NULL);
	start_workers(ordered);
	*ret_ordered = ordered;
	return 0;
}

bool ordered_full(const struct ordered *ordered)
{
	return ordered->submitted - ordered->taken == ordered->plan.bound;
}

bool ordered_submit(struct ordered *ordered, void *job)
{
	if (ordered_full(ordered))
		return false;
	pthread_mutex_lock(&ordered->mutex);
	*entry_at(ordered, ordered->submitted) = (struct entry){ .job = job };
	ordered->submitted++;
	pthread_cond_signal(&ordered->waiting);
	pthread_mutex_unlock(&ordered->mutex);
	return true;
}

void *ordered_take(struct ordered *ordered)
{
	struct entry *oldest = entry_at(ordered, ordered->taken);
	void *job;

	if (ordered->taken == ordered->submitted)
		return NULL;
	pthread_mutex_lock(&ordered->mutex);
	while (!oldest->done) {
		if (ordered->begun < ordered->submitted)
			work_one(ordered, 0);
		else
			pthread_cond_wait(&ordered->finished, &ordered->mutex);
	}
	job = oldest->job;
	ordered->taken++;
	pthread_mutex_unlock(&ordered->mutex);
	return job;
}

void ordered_free(struct ordered *ordered)
{
	if (!ordered)
		return;
	pthread_mutex_lock(&ordered->mutex);
	ordered->stop = true;
	pthread_cond_broadcast(&ordered->waiting);
	pthread_mutex_unlock(&ordered->mutex);
	for (unsigned i = 0; i < ordered->started; i++)
		pthread_join(ordered->workers[i].thread, NULL);
	pthread_cond_destroy(&ordered->finished);
	pthread_cond_destroy(&ordered->waiting);
	pthread_mutex_destroy(&ordered->mutex);
	free(ordered->workers);
	free(ordered);
}
