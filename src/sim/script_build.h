/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files script*.c share while a plan is being made: script_world() first, then
 * script_vantages(), script_events(), script_groups(), script_touch().
 */
#ifndef CONSTAT_SIM_SCRIPT_BUILD_H
#define CONSTAT_SIM_SCRIPT_BUILD_H

#include "base/map.h"
#include "sim/script.h"

/* When an event happens: it may be many times. */
struct occurrence {
	int64_t start, end;	/* `end` may lie behind the scenario's */
};

/*
 * The events that a network meets, as a list from the last back: 0 ends it. Equal lists have equal
 * numbers.
 */
struct fate {
	uint32_t before;
	uint32_t event;
};

struct draft_group {		/* a network before it is in a group */
	struct world_network network;
	uint32_t fate;
	uint32_t policy;
	bool brought;		/* by an event only: not announced at the start */
	bool contained, blackhole;
};

struct build {
	const struct scenario *scenario;
	const char *folder;
	struct plan *plan;
	struct world *world;	/* plan->world */
	struct err *err;

	struct touch *times;	/* by event: of occurrences */
	struct occurrence *occurrences;
	uint32_t occurrence_count, occurrence_room;

	struct fate *fates;
	uint32_t fate_count, fate_room;
	struct map fate_map;
	struct draft_group *networks;
	uint32_t network_count, network_room;
	uint32_t *event_thing;	/* by event: its leak or stuck */

	uint32_t action_room, own_room, own_count, policy_room, policy_count, row_room, row_count,
		touch_room, touch_count, vantage_room, trouble_room;
};

/* "scenario.yaml:12: …" */
int script_complain(const struct build *build, uint32_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The AS's index, or a complaint. */
int script_as(const struct build *build, uint32_t asn, uint32_t line, uint32_t *ret_as);

int script_world(struct build *build);
int script_vantages(struct build *build);
int script_events(struct build *build);
int script_groups(struct build *build);
int script_touch(struct build *build);

#endif
