/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vantage points in a run: which are known to the signals, which become blind, which carry a full
 * feed.
 *
 * Full feeds are decided after a record that completed a table, for all vantage points at once: the
 * third-largest table is only known when all of them are in.
 */
#include "base/vec.h"
#include "inquiry/recorder.h"
#include "measure/fullfeed.h"

int run_vantage_add(struct run *run, uint32_t vantage)
{
	const struct roster *roster = table_roster(run->table);
	int code = 0;

	for (; run->vantage_count <= vantage && code == 0; run->vantage_count++) {
		code = VEC_GROW(run->live_since, run->vantage_count, run->live_room, run->err);
		if (code)
			break;
		run->live_since[run->vantage_count] = UTC_NEVER;
		if (run->signals)
			code = signals_add_vantage(run->signals, run->vantage_count,
						   roster->vantages[run->vantage_count].peer.asn,
						   run->err);
	}
	return code;
}

/* What was learnt of a vantage point goes to all who keep its routes. */
int run_settle(struct run *run, const struct settled_vantage *settled, enum roster_why why)
{
	int code = run->recorder ? recorder_settled(run, settled, why) : 0;

	if (code == 0 && run->signals)
		code = signals_vantage(run->signals, settled, run->err);
	return code || !run->history ? code : history_vantage(run->history, settled, run->err);
}

void run_full_end(struct roster_vantage *vantage, int64_t since, enum roster_why why)
{
	if (vantage->full4)
		roster_end(&vantage->full4_intervals, since, why);
	if (vantage->full6)
		roster_end(&vantage->full6_intervals, since, why);
	vantage->full4 = vantage->full6 = false;
}

int run_on_vantage(void *context, const struct vantage_change *change)
{
	struct run *run = context;
	struct roster_vantage *vantage;
	struct settled_vantage settled = {
		.time = change->since, .noticed = change->noticed, .vantage = change->vantage,
	};
	const struct run_input *input = &run->inputs[run->current_input];
	int code = run_vantage_add(run, change->vantage);

	if (code)
		return code;
	if (change->live) {
		/* A RIB is a table when its last entry is in, however long dumping took. */
		if (!change->again)
			run->live_since[change->vantage] =
				change->why == ROSTER_RIB && input->rib_last > change->since
					? input->rib_last
					: change->since;
		run->full_stale = true;
		run->full_time = change->noticed;
		return 0;
	}
	run->live_since[change->vantage] = UTC_NEVER;
	vantage = &table_roster_edit(run->table)->vantages[change->vantage];
	run_full_end(vantage, change->since, change->why);
	if (change->cleared) {
		settled.kind = SETTLED_CLEARED;
		return run_settle(run, &settled, change->why);
	}
	settled.kind = SETTLED_NOT_FULL;
	settled.family = FAMILY_IPV4;
	code = run_settle(run, &settled, change->why);
	settled.family = FAMILY_IPV6;
	return code ? code : run_settle(run, &settled, change->why);
}

/* What completed its table last. */
static enum roster_why live_why(const struct roster_vantage *vantage)
{
	const struct roster_intervals *live = &vantage->live_intervals;

	return live->count ? live->at[live->count - 1].began : ROSTER_RIB;
}

static int full_decide_one(struct run *run, uint32_t number, enum family family, uint64_t asked)
{
	struct roster_vantage *vantage = &table_roster_edit(run->table)->vantages[number];
	bool six = family == FAMILY_IPV6;
	bool *now = six ? &vantage->full6 : &vantage->full4;
	struct roster_intervals *intervals = six ? &vantage->full6_intervals
						 : &vantage->full4_intervals;
	bool full = vantage->live && full_feed_is(&run->question->parameters, asked,
						  six ? vantage->table6 : vantage->table4, *now);
	struct settled_vantage settled = {
		.time = run->full_time, .noticed = run->full_time, .vantage = number,
		.family = family,
		.kind = full ? SETTLED_FULL : SETTLED_NOT_FULL,
	};

	if (full == *now)
		return 0;
	*now = full;
	if (full && run->live_since[number] != UTC_NEVER)
		settled.time = run->live_since[number];
	if (full && roster_begin(intervals, settled.time, live_why(vantage)) != 0)
		return err_memory(run->err);
	if (!full)
		roster_end(intervals, settled.time, live_why(vantage));
	return run_settle(run, &settled, live_why(vantage));
}

/* Who carries a full feed, now that tables were completed. */
int run_full_decide(struct run *run)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	int code = 0;

	if (!run->full_stale)
		return 0;
	run->full_stale = false;
	for (unsigned i = 0; i < 2; i++) {
		const struct roster *roster = table_roster(run->table);
		uint64_t asked = full_feed_asked(&run->question->parameters, roster, families[i],
						 run->full_time);

		for (uint32_t vantage = 0; vantage < roster->count && code == 0; vantage++) {
			code = run_vantage_add(run, vantage);
			if (code == 0)
				code = full_decide_one(run, vantage, families[i], asked);
		}
	}
	for (uint32_t vantage = 0; vantage < run->vantage_count; vantage++)
		run->live_since[vantage] = UTC_NEVER;
	return code;
}

/* Full feeds last to the end of the data, as the live intervals do that the table ends itself. */
void run_full_finish(struct run *run)
{
	struct roster *roster = table_roster_edit(run->table);

	for (uint32_t i = 0; i < roster->count; i++) {
		struct roster_vantage *vantage = &roster->vantages[i];

		if (vantage->full4)
			roster_end(&vantage->full4_intervals, table_now(run->table),
				   ROSTER_END_OF_DATA);
		if (vantage->full6)
			roster_end(&vantage->full6_intervals, table_now(run->table),
				   ROSTER_END_OF_DATA);
	}
}
