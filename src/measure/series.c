/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Points are merged pairwise when the step doubles: a point's time is rounded down to the new step.
 */
#include "measure/series.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

static int64_t step_of(int64_t time, int64_t step)
{
	int64_t rest = time % step;

	return time - (rest < 0 ? rest + step : rest);
}

/*
 * The later of two points of one step takes the earlier one in. What was not measured has no
 * lowest.
 */
static void merge(struct series_point *into, const struct series_point *later)
{
	if (later->measured && (!into->measured || later->lowest_blocks < into->lowest_blocks))
		into->lowest_blocks = later->lowest_blocks;
	if (later->measured && (!into->measured || later->lowest_networks < into->lowest_networks))
		into->lowest_networks = later->lowest_networks;
	into->measured |= later->measured;
	into->last = later->last;
}

static void coarsen(struct series *series)
{
	uint32_t kept = 0;

	series->step *= 2;
	for (uint32_t i = 0; i < series->count; i++) {
		struct series_point point = series->points[i];

		point.time = step_of(point.time, series->step);
		if (kept && series->points[kept - 1].time == point.time)
			merge(&series->points[kept - 1], &point);
		else
			series->points[kept++] = point;
	}
	series->count = kept;
}

int series_add(struct series *series, int64_t time, const struct series_value *value,
	       struct err *err)
{
	struct series_point point = {
		0, value->measurable, value->blocks, value->networks, *value,
	};
	int code;

	if (series->step == 0)
		series->step = UTC_SECOND;
	while (series->count >= SERIES_POINTS_MAX)
		coarsen(series);
	point.time = step_of(time, series->step);
	if (series->count && series->points[series->count - 1].time == point.time) {
		merge(&series->points[series->count - 1], &point);
		return 0;
	}
	code = VEC_GROW(series->points, series->count, series->room, err);
	if (code == 0)
		series->points[series->count++] = point;
	return code;
}

void series_free(struct series *series)
{
	free(series->points);
	*series = (struct series){ 0 };
}
