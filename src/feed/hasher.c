/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A short queue of pieces, done in order; a ticket is how many had been given with it.
 */
#include "feed/hasher.h"

#include <pthread.h>
#include <stdlib.h>

#include "feed/thread.h"

#define QUEUE_LEN	16u

struct piece {
	const void *bytes;
	size_t len;
};

struct hasher {
	EVP_MD_CTX *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t given_cond, done_cond;
	struct piece queue[QUEUE_LEN];
	uint64_t given, done;	/* pieces so far */
	bool finish;
	bool failed;
};

static void *run(void *argument)
{
	struct hasher *hasher = argument;
	struct piece piece;
	bool good;

	pthread_mutex_lock(&hasher->lock);
	for (;;) {
		while (hasher->done == hasher->given && !hasher->finish)
			pthread_cond_wait(&hasher->given_cond, &hasher->lock);
		if (hasher->done == hasher->given)
			break;
		piece = hasher->queue[hasher->done % QUEUE_LEN];
		pthread_mutex_unlock(&hasher->lock);
		good = EVP_DigestUpdate(hasher->context, piece.bytes, piece.len);
		pthread_mutex_lock(&hasher->lock);
		hasher->failed |= !good;
		hasher->done++;
		pthread_cond_signal(&hasher->done_cond);
	}
	pthread_mutex_unlock(&hasher->lock);
	return NULL;
}

int hasher_new(EVP_MD_CTX *context, struct hasher **ret_hasher, struct err *err)
{
	struct hasher *hasher = calloc(1, sizeof(*hasher));
	int result;

	if (!hasher)
		return err_memory(err);
	hasher->context = context;
	pthread_mutex_init(&hasher->lock, NULL);
	pthread_cond_init(&hasher->given_cond, NULL);
	pthread_cond_init(&hasher->done_cond, NULL);
	result = thread_start(&hasher->thread, run, hasher, err);
	if (result != 0) {
		free(hasher);
		return result;
	}
	*ret_hasher = hasher;
	return 0;
}

uint64_t hasher_give(struct hasher *hasher, const void *bytes, size_t len)
{
	uint64_t ticket;

	pthread_mutex_lock(&hasher->lock);
	while (hasher->given - hasher->done == QUEUE_LEN)
		pthread_cond_wait(&hasher->done_cond, &hasher->lock);
	hasher->queue[hasher->given++ % QUEUE_LEN] = (struct piece){ bytes, len };
	ticket = hasher->given;
	pthread_cond_signal(&hasher->given_cond);
	pthread_mutex_unlock(&hasher->lock);
	return ticket;
}

void hasher_wait(struct hasher *hasher, uint64_t ticket)
{
	pthread_mutex_lock(&hasher->lock);
	while (hasher->done < ticket)
		pthread_cond_wait(&hasher->done_cond, &hasher->lock);
	pthread_mutex_unlock(&hasher->lock);
}

bool hasher_free(struct hasher *hasher)
{
	bool good;

	if (!hasher)
		return true;
	pthread_mutex_lock(&hasher->lock);
	hasher->finish = true;
	pthread_cond_signal(&hasher->given_cond);
	pthread_mutex_unlock(&hasher->lock);
	pthread_join(hasher->thread, NULL);
	good = !hasher->failed;
	pthread_cond_destroy(&hasher->done_cond);
	pthread_cond_destroy(&hasher->given_cond);
	pthread_mutex_destroy(&hasher->lock);
	free(hasher);
	return good;
}
