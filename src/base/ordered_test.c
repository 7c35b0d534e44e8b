/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ordered.h"

#define WORKERS_MAX 8

struct job {
	unsigned number;
	uint64_t result;
	unsigned worked;
};

struct watch {
	_Atomic int busy[WORKERS_MAX];	/* calls going on with this worker number: 0 or 1 */
	_Atomic int clashes;
	_Atomic unsigned worked;
	unsigned threads;
};

static uint64_t result_of(unsigned number)
{
	uint64_t value = number;

	/* Some jobs take much longer than others, so that they finish out of order. */
	for (unsigned i = 0; i < (number % 7 == 0 ? 20000u : 10u); i++)
		value = value * 6364136223846793005u + 1442695040888963407u;
	return value;
}

static void work(void *context, void *argument, unsigned worker)
{
	struct watch *watch = context;
	struct job *job = argument;

	if (worker >= watch->threads || atomic_fetch_add(&watch->busy[worker], 1) != 0)
		atomic_fetch_add(&watch->clashes, 1);
	job->result = result_of(job->number);
	job->worked++;
	atomic_fetch_add(&watch->worked, 1);
	if (worker < watch->threads)
		atomic_fetch_sub(&watch->busy[worker], 1);
}

static struct ordered *new_pool(struct watch *watch, unsigned threads, unsigned bound)
{
	const struct ordered_plan plan = {
		.threads = threads, .bound = bound, .work = work, .context = watch,
	};
	struct ordered *ordered = NULL;
	struct err err = { 0 };

	watch->threads = threads ? threads : 1;
	assert_int_equal(ordered_new(&plan, &ordered, &err), 0);
	return ordered;
}

static void check_taken(const struct job *job, unsigned number)
{
	assert_non_null(job);
	assert_int_equal(job->number, number);
	assert_int_equal(job->worked, 1);
	assert_true(job->result == result_of(number));
}

static void check_order(unsigned threads, unsigned bound, unsigned count)
{
	struct watch watch = { 0 };
	struct ordered *ordered = new_pool(&watch, threads, bound);
	struct job *jobs = calloc(bound, sizeof(*jobs));
	unsigned taken = 0, used = 0;

	assert_non_null(jobs);
	for (unsigned i = 0; i < count; i++) {
		struct job *job;

		if (ordered_full(ordered)) {
			job = ordered_take(ordered);
			check_taken(job, taken++);
		} else {
			assert_true(used < bound);
			job = &jobs[used++];
		}
		*job = (struct job){ .number = i };
		assert_true(ordered_submit(ordered, job));
	}
	for (struct job *job; (job = ordered_take(ordered)); )
		check_taken(job, taken++);
	assert_int_equal(taken, count);
	assert_int_equal(watch.clashes, 0);
	assert_int_equal(watch.worked, count);
	assert_null(ordered_take(ordered));
	ordered_free(ordered);
	free(jobs);
}

static void test_order(void **state)
{
	(void)state;
	check_order(1, 1, 300);
	check_order(1, 5, 300);
	check_order(2, 2, 2000);
	check_order(2, 8, 5000);
	check_order(4, 16, 5000);
	check_order(8, 64, 5000);
	check_order(3, 3, 0);
	check_order(3, 10, 2);
}

static void test_bound(void **state)
{
	struct job jobs[5] = { { .number = 0 } };
	struct watch watch = { 0 };
	struct ordered *ordered = new_pool(&watch, 1, 4);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		jobs[i].number = i;
		assert_false(ordered_full(ordered));
		assert_true(ordered_submit(ordered, &jobs[i]));
	}
	assert_true(ordered_full(ordered));
	assert_false(ordered_submit(ordered, &jobs[4]));
	/* One thread: nothing is worked before it is taken. */
	assert_int_equal(watch.worked, 0);
	check_taken(ordered_take(ordered), 0);
	assert_int_equal(watch.worked, 1);
	jobs[4].number = 4;
	assert_true(ordered_submit(ordered, &jobs[4]));
	ordered_free(ordered);
	/* Freed with four in flight: none of them was begun. */
	assert_int_equal(watch.worked, 1);
}

static void test_small_bound_is_raised(void **state)
{
	struct job jobs[3] = { { .number = 0 } };
	struct watch watch = { 0 };
	struct ordered *ordered = new_pool(&watch, 3, 0);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(ordered_submit(ordered, &jobs[i]));
	assert_true(ordered_full(ordered));
	ordered_free(ordered);
	ordered = new_pool(&watch, 0, 0);
	assert_true(ordered_submit(ordered, &jobs[0]));
	assert_true(ordered_full(ordered));
	assert_ptr_equal(ordered_take(ordered), &jobs[0]);
	ordered_free(ordered);
	ordered_free(NULL);
}

static void test_free_in_flight(void **state)
{
	struct job jobs[64];

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		struct watch watch = { 0 };
		struct ordered *ordered = new_pool(&watch, 4, 64);
		unsigned worked = 0;

		for (unsigned i = 0; i < 64; i++) {
			jobs[i] = (struct job){ .number = i };
			assert_true(ordered_submit(ordered, &jobs[i]));
		}
		ordered_free(ordered);
		for (unsigned i = 0; i < 64; i++) {
			assert_in_range(jobs[i].worked, 0, 1);
			worked += jobs[i].worked;
		}
		assert_int_equal(worked, watch.worked);
	}
}

static void look_at_signals(void *context, void *job, unsigned worker)
{
	sigset_t blocked;

	(void)context;
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	atomic_store((atomic_int *)job, worker == 0 ? -1 : sigismember(&blocked, SIGINT));
}

static void test_signals_stay_with_the_owner(void **state)
{
	const struct ordered_plan plan = { .threads = 2, .bound = 2, .work = look_at_signals };
	struct ordered *ordered = NULL;
	atomic_int blocked = -2;
	sigset_t own;

	(void)state;
	assert_int_equal(ordered_new(&plan, &ordered, NULL), 0);
	assert_true(ordered_submit(ordered, &blocked));
	/* The owner keeps away, so that the other thread does it. */
	while (atomic_load(&blocked) == -2)
		usleep(1000);
	assert_ptr_equal(ordered_take(ordered), &blocked);
	assert_int_equal(atomic_load(&blocked), 1);
	pthread_sigmask(SIG_SETMASK, NULL, &own);
	assert_int_equal(sigismember(&own, SIGINT), 0);
	ordered_free(ordered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_small_bound_is_raised),
		cmocka_unit_test(test_free_in_flight),
		cmocka_unit_test(test_signals_stay_with_the_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
