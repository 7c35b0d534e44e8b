/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs lie in a ring's worth of an array that is moved to its front when the room behind runs
 * out. The median is taken by sorting the runs by value, at most once between two changes of them.
 */
#include "measure/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"

static int run_append(struct baseline *baseline, uint64_t value, uint32_t minutes, struct err *err)
{
	struct baseline_run *last = baseline->count
		? &baseline->runs[baseline->first + baseline->count - 1] : NULL;

	baseline->fresh = baseline->fresh && last && value == baseline->median;
	baseline->minutes += minutes;
	if (last && last->value == value) {
		last->minutes += minutes;
		return 0;
	}
	if (baseline->first + baseline->count == baseline->room) {
		if (baseline->first > baseline->room / 2) {
			memmove(baseline->runs, baseline->runs + baseline->first,
				baseline->count * sizeof(*baseline->runs));
			baseline->first = 0;
		} else {
			uint32_t room = baseline->room ? 2 * baseline->room : 4;
			struct baseline_run *runs = realloc(baseline->runs, room * sizeof(*runs));

			if (!runs)
				return err_memory(err);
			baseline->runs = runs;
			baseline->room = room;
		}
	}
	baseline->runs[baseline->first + baseline->count++] = (struct baseline_run){
		value, minutes,
	};
	return 0;
}

static void drop_oldest(struct baseline *baseline, uint32_t keep_minutes)
{
	while (baseline->minutes > keep_minutes) {
		struct baseline_run *run = &baseline->runs[baseline->first];
		uint32_t excess = baseline->minutes - keep_minutes;
		uint32_t drop = run->minutes < excess ? run->minutes : excess;

		run->minutes -= drop;
		baseline->minutes -= drop;
		if (run->value != baseline->median)
			baseline->fresh = false;
		if (run->minutes == 0) {
			baseline->first++;
			baseline->count--;
		}
	}
}

int baseline_start(struct baseline *baseline, uint64_t value, int64_t at, struct err *err)
{
	baseline->first = baseline->count = baseline->minutes = 0;
	baseline->fresh = false;
	baseline->started = true;
	baseline->sampled = at / UTC_MINUTE;
	return run_append(baseline, value, 1, err);
}

int baseline_hold(struct baseline *baseline, uint64_t value, int64_t until, int64_t window,
		  struct err *err)
{
	int64_t minute = until / UTC_MINUTE;
	uint32_t keep = (uint32_t)(window / UTC_MINUTE);
	int64_t passed = minute - baseline->sampled;

	if (!baseline->started || passed <= 0)
		return 0;
	baseline->sampled = minute;
	if (passed > keep)
		passed = keep;
	int code = run_append(baseline, value, (uint32_t)passed, err);

	if (code == 0)
		drop_oldest(baseline, keep ? keep : 1);
	return code;
}

void baseline_skip(struct baseline *baseline, int64_t until)
{
	if (until / UTC_MINUTE > baseline->sampled)
		baseline->sampled = until / UTC_MINUTE;
}

static int compare_runs(const void *a, const void *b)
{
	const struct baseline_run *left = a, *right = b;

	return left->value < right->value ? -1 : left->value > right->value;
}

uint64_t baseline_median(struct baseline *baseline)
{
	uint32_t half = (baseline->minutes + 1) / 2, sum = 0;
	struct baseline_run *sorted;

	if (baseline->fresh || baseline->count == 0)
		return baseline->median;
	if (baseline->count == 1) {
		baseline->median = baseline->runs[baseline->first].value;
		baseline->fresh = true;
		return baseline->median;
	}
	sorted = malloc(baseline->count * sizeof(*sorted));
	if (!sorted)
		return baseline->median;	/* the last one known; memory shows elsewhere */
	memcpy(sorted, baseline->runs + baseline->first, baseline->count * sizeof(*sorted));
	qsort(sorted, baseline->count, sizeof(*sorted), compare_runs);
	for (uint32_t i = 0; i < baseline->count; i++) {
		sum += sorted[i].minutes;
		if (sum >= half) {
			baseline->median = sorted[i].value;
			break;
		}
	}
	free(sorted);
	baseline->fresh = true;
	return baseline->median;
}

void baseline_free(struct baseline *baseline)
{
	free(baseline->runs);
	*baseline = (struct baseline){ 0 };
}
