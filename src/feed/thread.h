/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting a thread that leaves signals to others and needs little stack. Private to feed/. */
#ifndef CONSTAT_FEED_THREAD_H
#define CONSTAT_FEED_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "base/err.h"

#define THREAD_STACK_SIZE ((size_t)256 << 10)

static inline int thread_start(pthread_t *thread, void *(*run)(void *), void *context,
			       struct err *err)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int errnum = pthread_attr_init(&attributes);

	if (errnum == 0) {
		(void)pthread_attr_setstacksize(&attributes, THREAD_STACK_SIZE);
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		errnum = pthread_create(thread, &attributes, run, context);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		pthread_attr_destroy(&attributes);
	}
	return errnum == 0 ? 0 : err_system(err, errnum, "starting a thread");
}

#endif
