/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One step at a time: the time since the last value belongs to that value (it feeds the baseline
 * or adds to the outage), then the new value is held against the baseline.
 *
 * A crossing found when measuring resumes may have happened at any time since it stopped: its
 * bound is stretched back to there.
 */
#include "measure/outage.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

const char *outage_level_name(enum outage_level level)
{
	static const char *const names[] = { "none", "partial", "major", "total" };

	return names[level];
}

static enum outage_level level_of(const struct measure_parameters *parameters, uint64_t value,
				  uint64_t baseline)
{
	unsigned __int128 scaled = (unsigned __int128)value * PPM;

	if (baseline == 0 || scaled >= (unsigned __int128)baseline * parameters->partial)
		return OUTAGE_NONE;
	if (value == 0)
		return OUTAGE_TOTAL;
	return scaled < (unsigned __int128)baseline * parameters->major ? OUTAGE_MAJOR
									: OUTAGE_PARTIAL;
}

static struct outage *latest(struct outage_machine *machine)
{
	return &machine->outages[machine->count - 1];
}

static uint64_t lost_in(uint64_t baseline, uint64_t value, int64_t duration)
{
	uint64_t seconds = (uint64_t)((duration + UTC_SECOND / 2) / UTC_SECOND);
	uint64_t missing = baseline > value ? baseline - value : 0;
	uint64_t lost;

	return __builtin_mul_overflow(missing, seconds, &lost) ? UINT64_MAX / 2 : lost;
}

/* The time from the last value to `until` belonged to that value. */
static int account(struct outage_machine *machine, const struct measure_parameters *parameters,
		   int64_t until, struct err *err)
{
	int64_t duration = until - machine->last.time;

	if (!machine->started || duration <= 0)
		return 0;
	if (machine->blind_since != UTC_NEVER) {
		baseline_skip(&machine->baseline, until);
		if (machine->level != OUTAGE_NONE)
			latest(machine)->unmeasured += duration;
		return 0;
	}
	if (machine->level == OUTAGE_NONE)
		return baseline_hold(&machine->baseline, machine->last.blocks, until,
				     parameters->baseline_window, err);
	baseline_skip(&machine->baseline, until);
	latest(machine)->lost += lost_in(latest(machine)->baseline, machine->last.blocks, duration);
	return 0;
}

static int phase_begin(struct outage *outage, enum outage_level level, const struct bound *bound,
		       struct err *err)
{
	int code = VEC_GROW(outage->phases, outage->phase_count, outage->phase_room, err);

	if (code == 0)
		outage->phases[outage->phase_count++] =
			(struct outage_phase){ level, *bound, outage->lost, outage->unmeasured };
	return code;
}

static int outage_begin(struct outage_machine *machine, const struct outage_value *value,
			enum outage_level level, const struct bound *bound, struct err *err)
{
	int code = VEC_GROW(machine->outages, machine->count, machine->room, err);

	if (code)
		return code;
	machine->outages[machine->count++] = (struct outage){
		.start = *bound,
		.end = { UTC_NEVER, UTC_NEVER, UTC_NEVER },
		.level = level,
		.baseline = baseline_median(&machine->baseline),
		.lowest = value->blocks,
		.networks_before = machine->last.networks,
		.networks_lowest = value->networks,
		.peers = value->peers,
		.peers_lowest = value->peers,
	};
	return phase_begin(latest(machine), level, bound, err);
}

static void outage_deepen(struct outage *outage, const struct outage_value *value,
			  enum outage_level level)
{
	if (level > outage->level)
		outage->level = level;
	if (value->blocks < outage->lowest)
		outage->lowest = value->blocks;
	if (value->networks < outage->networks_lowest)
		outage->networks_lowest = value->networks;
	if (value->peers < outage->peers_lowest)
		outage->peers_lowest = value->peers;
}

static int cross(struct outage_machine *machine, const struct outage_value *value,
		 enum outage_level level, const struct bound *bound, enum outage_crossed *crossed,
		 struct err *err)
{
	int code = 0;

	if (machine->level == OUTAGE_NONE) {
		*crossed = CROSSED_START;
		code = outage_begin(machine, value, level, bound, err);
	} else if (level == OUTAGE_NONE) {
		*crossed = CROSSED_END;
		latest(machine)->end = *bound;
		latest(machine)->how_ended = OUTAGE_OVER;
	} else {
		*crossed = CROSSED_PHASE;
		outage_deepen(latest(machine), value, level);
		code = phase_begin(latest(machine), level, bound, err);
	}
	if (code == 0)
		machine->level = level;
	return code;
}

/*
 * A level that held for step_after becomes the baseline, from when it was reached: the outage ended
 * there, and nothing was lost since.
 */
static int step(struct outage_machine *machine, const struct measure_parameters *parameters,
		int64_t time, struct err *err)
{
	const struct outage_phase *phase;

	if (machine->level == OUTAGE_NONE || machine->level == OUTAGE_TOTAL)
		return 0;
	phase = &latest(machine)->phases[latest(machine)->phase_count - 1];
	if (time - phase->start.at < parameters->step_after)
		return 0;
	latest(machine)->end = phase->start;
	latest(machine)->lost = phase->lost_before;
	latest(machine)->unmeasured = phase->unmeasured_before;
	latest(machine)->how_ended = OUTAGE_STEP;
	machine->level = OUTAGE_NONE;
	return baseline_start(&machine->baseline, machine->last.blocks, time, err);
}

int outage_feed(struct outage_machine *machine, const struct measure_parameters *parameters,
		const struct outage_value *value, enum outage_crossed *ret_crossed, struct err *err)
{
	struct bound bound = value->bound;
	enum outage_level level;
	int code = account(machine, parameters, value->time, err);

	*ret_crossed = CROSSED_NOT;
	if (code == 0)
		code = step(machine, parameters, value->time, err);
	if (code)
		return code;
	if (!value->measurable) {
		if (machine->started && machine->blind_since == UTC_NEVER)
			machine->blind_since = value->time;
		machine->last.time = value->time;
		return 0;
	}
	if (!machine->started) {
		machine->started = true;
		machine->blind_since = UTC_NEVER;
		machine->last = *value;
		return baseline_start(&machine->baseline, value->blocks, value->time, err);
	}
	level = level_of(parameters, value->blocks,
			 machine->level == OUTAGE_NONE ? baseline_median(&machine->baseline)
						       : latest(machine)->baseline);
	if (machine->blind_since != UTC_NEVER) {
		if (machine->blind_since < bound.earliest)
			bound.earliest = machine->blind_since;
		machine->blind_since = UTC_NEVER;
	}
	if (level != machine->level)
		code = cross(machine, value, level, &bound, ret_crossed, err);
	else if (level != OUTAGE_NONE)
		outage_deepen(latest(machine), value, level);
	machine->last = *value;
	return code;
}

int outage_finish(struct outage_machine *machine, const struct measure_parameters *parameters,
		  int64_t time, struct err *err)
{
	int code = account(machine, parameters, time, err);

	return code ? code : step(machine, parameters, time, err);
}

void outage_machine_free(struct outage_machine *machine)
{
	for (uint32_t i = 0; i < machine->count; i++)
		free(machine->outages[i].phases);
	free(machine->outages);
	baseline_free(&machine->baseline);
}
