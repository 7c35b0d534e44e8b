/* SPDX-License-Identifier: BSD-2-Clause */
/* The value in hand becomes a point when a later instant comes, or the end: trace_end(). */
#include "measure/trace.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

static int64_t step_of(int64_t time, int64_t step)
{
	int64_t rest = time % step;

	return time - (rest < 0 ? rest + step : rest);
}

static void merge(struct trace_point *into, const struct trace_point *later)
{
	if (later->lowest < into->lowest)
		into->lowest = later->lowest;
	into->last = later->last;
}

static void coarsen(struct trace *trace)
{
	uint32_t kept = 0;

	trace->step *= 2;
	for (uint32_t i = 0; i < trace->count; i++) {
		struct trace_point point = trace->points[i];

		point.time = step_of(point.time, trace->step);
		if (kept && trace->points[kept - 1].time == point.time)
			merge(&trace->points[kept - 1], &point);
		else
			trace->points[kept++] = point;
	}
	trace->count = kept;
}

int trace_end(struct trace *trace, struct err *err)
{
	struct trace_point point = { 0, trace->value, trace->value };
	int code;

	if (!trace->waiting)
		return 0;
	trace->waiting = false;
	if ((trace->count ? trace->points[trace->count - 1].last : 0) == trace->value)
		return 0;
	if (trace->step == 0)
		trace->step = UTC_SECOND;
	while (trace->count >= TRACE_POINTS_MAX)
		coarsen(trace);
	point.time = step_of(trace->time, trace->step);
	if (trace->count && trace->points[trace->count - 1].time == point.time) {
		merge(&trace->points[trace->count - 1], &point);
		return 0;
	}
	code = VEC_GROW(trace->points, trace->count, trace->room, err);
	if (code == 0)
		trace->points[trace->count++] = point;
	return code;
}

int trace_set(struct trace *trace, int64_t time, uint32_t value, struct err *err)
{
	int code = trace->waiting && trace->time != time ? trace_end(trace, err) : 0;

	trace->waiting = true;
	trace->time = time;
	trace->value = value;
	return code;
}

void trace_free(struct trace *trace)
{
	free(trace->points);
	*trace = (struct trace){ 0 };
}
