/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One run in progress per network. When the next update comes too late for it, the run is kept if
 * it was long enough, else its memory serves the next.
 *
 * Paths beyond PATHS_MAX in one run are counted by their ASes but no longer told apart.
 */
#include "measure/stability.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utc.h"
#include "base/vec.h"
#include "measure/upstreams.h"
#include "table/table.h"

#define PATHS_MAX	64u
#define ASNS_MAX	256u

struct run {
	struct instability found;
	/* by place in found.vantages: its last word was a withdrawal, then; else UTC_NEVER */
	int64_t *withdrawn;
	uint32_t withdrawn_room;
};

struct stability {
	const struct measure_parameters *parameters;
	struct map by_network;
	struct run *runs;
	uint32_t run_count, run_room;
	struct instability *found;
	uint32_t count, room;
};

int stability_new(const struct measure_parameters *parameters, struct stability **ret_stability,
		  struct err *err)
{
	struct stability *stability = calloc(1, sizeof(*stability));

	if (!stability)
		return err_memory(err);
	stability->parameters = parameters;
	*ret_stability = stability;
	return 0;
}

static void instability_free(struct instability *found)
{
	for (uint32_t i = 0; i < found->path_count; i++)
		free(found->paths[i].asns);
	free(found->vantages);
	free(found->peer_asns);
	free(found->transits);
	free(found->paths);
}

void stability_free(struct stability *stability)
{
	if (!stability)
		return;
	for (uint32_t i = 0; i < stability->run_count; i++) {
		instability_free(&stability->runs[i].found);
		free(stability->runs[i].withdrawn);
	}
	for (uint32_t i = 0; i < stability->count; i++)
		instability_free(&stability->found[i]);
	free(stability->runs);
	free(stability->found);
	map_free(&stability->by_network);
	free(stability);
}

/* Its place in found.vantages. */
static int vantage_note(struct run *run, uint32_t vantage, uint32_t *ret_place, struct err *err)
{
	struct instability *found = &run->found;
	uint32_t place = 0;
	int code;

	while (place < found->vantage_count && found->vantages[place] != vantage)
		place++;
	if (place == found->vantage_count) {
		code = VEC_GROW(found->vantages, place, found->vantage_room, err);
		if (code == 0)
			code = VEC_GROW(run->withdrawn, place, run->withdrawn_room, err);
		if (code)
			return code;
		found->vantages[place] = vantage;
		run->withdrawn[place] = UTC_NEVER;
		found->vantage_count++;
	}
	*ret_place = place;
	return 0;
}

static int peer_note(struct instability *found, uint32_t asn, struct err *err)
{
	int code;

	for (uint32_t i = 0; i < found->peer_count; i++) {
		if (found->peer_asns[i] == asn)
			return 0;
	}
	code = VEC_GROW(found->peer_asns, found->peer_count, found->peer_room, err);
	if (code == 0)
		found->peer_asns[found->peer_count++] = asn;
	return code;
}

static int transit_note(struct instability *found, uint32_t asn, struct err *err)
{
	int code;

	for (uint32_t i = 0; i < found->transit_count; i++) {
		if (found->transits[i].asn == asn) {
			found->transits[i].announcements++;
			return 0;
		}
	}
	code = VEC_GROW(found->transits, found->transit_count, found->transit_room, err);
	if (code == 0)
		found->transits[found->transit_count] = (struct transit_use){
			asn, 1, found->transit_count,
		};
	found->transit_count += code == 0;
	return code;
}

static int path_note(struct instability *found, const struct stability_update *update,
		     struct err *err)
{
	uint32_t asns[ASNS_MAX];
	uint32_t count = upstreams_hops_ases(update->hops, update->hop_count, asns,
					     ASNS_MAX);
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++)
		code = transit_note(found, asns[i], err);
	for (uint32_t i = 0; i < found->path_count && code == 0; i++) {
		struct unstable_path *path = &found->paths[i];

		if (path->count == count && memcmp(path->asns, asns, count * sizeof(*asns)) == 0) {
			path->announcements++;
			path->last = update->time;
			return 0;
		}
	}
	if (code || found->path_count == PATHS_MAX)
		return code;
	code = VEC_GROW(found->paths, found->path_count, found->path_room, err);
	if (code)
		return code;
	uint32_t *copy = malloc((count ? count : 1) * sizeof(*copy));

	if (!copy)
		return err_memory(err);
	memcpy(copy, asns, count * sizeof(*copy));
	found->paths[found->path_count++] = (struct unstable_path){
		copy, count, 1, update->time, update->time,
	};
	return 0;
}

/* The run is over: kept when long enough. */
static int run_end(struct stability *stability, struct run *run, struct err *err)
{
	struct instability *found = &run->found;
	int code = 0;

	if (found->announcements + found->withdrawals >=
	    stability->parameters->instability_updates) {
		code = VEC_GROW(stability->found, stability->count, stability->room, err);
		if (code == 0) {
			stability->found[stability->count++] = *found;
			*found = (struct instability){ .network = found->network };
		}
		return code;
	}
	for (uint32_t i = 0; i < found->path_count; i++)
		free(found->paths[i].asns);
	found->path_count = found->transit_count = found->vantage_count = found->peer_count = 0;
	found->announcements = found->withdrawals = found->spurious = found->returned_at_once = 0;
	return 0;
}

static int run_find(struct stability *stability, const struct stability_update *update,
		    struct run **ret_run, struct err *err)
{
	uint32_t number = map_get(&stability->by_network, update->network);
	struct run *run;
	int code = 0;

	if (number == MAP_NONE) {
		code = VEC_GROW(stability->runs, stability->run_count, stability->run_room, err);
		if (code)
			return code;
		number = stability->run_count;
		if (map_put(&stability->by_network, update->network, number) != 0)
			return err_memory(err);
		stability->runs[stability->run_count++] =
			(struct run){ .found.network = update->network };
	}
	run = &stability->runs[number];
	if (run->found.announcements + run->found.withdrawals &&
	    update->time - run->found.last > stability->parameters->instability_gap)
		code = run_end(stability, run, err);
	*ret_run = run;
	return code;
}

int stability_update(struct stability *stability, const struct stability_update *update,
		     struct err *err)
{
	struct run *run = NULL;
	struct instability *found;
	uint32_t place = 0;
	int code = run_find(stability, update, &run, err);

	if (code == 0)
		code = vantage_note(run, update->vantage, &place, err);
	if (code)
		return code;
	found = &run->found;
	if (found->announcements + found->withdrawals == 0) {
		found->first = update->time;
		found->first_exact = update->exact;
	}
	found->last = update->time;
	found->last_exact = update->exact;
	if (update->withdrawal) {
		found->withdrawals++;
		found->spurious += update->spurious;
		run->withdrawn[place] = update->time;
	} else {
		found->announcements++;
		if (run->withdrawn[place] != UTC_NEVER &&
		    update->time - run->withdrawn[place] < UTC_SECOND)
			found->returned_at_once++;
		run->withdrawn[place] = UTC_NEVER;
		code = path_note(found, update, err);
	}
	return code ? code : peer_note(found, update->peer_asn, err);
}

static int compare_found(const void *a, const void *b)
{
	const struct instability *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return left->network < right->network ? -1 : left->network > right->network;
}

static int compare_transits(const void *a, const void *b)
{
	const struct transit_use *left = a, *right = b;

	if (left->announcements != right->announcements)
		return left->announcements > right->announcements ? -1 : 1;
	return left->met < right->met ? -1 : left->met > right->met;
}

int stability_finish(struct stability *stability, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < stability->run_count && code == 0; i++)
		code = run_end(stability, &stability->runs[i], err);
	if (stability->count)
		qsort(stability->found, stability->count, sizeof(*stability->found), compare_found);
	for (uint32_t i = 0; i < stability->count; i++) {
		struct instability *found = &stability->found[i];

		if (found->transit_count)
			qsort(found->transits, found->transit_count, sizeof(*found->transits),
			      compare_transits);
	}
	return code;
}

uint32_t stability_count(const struct stability *stability)
{
	return stability->count;
}

const struct instability *stability_at(const struct stability *stability, uint32_t i)
{
	return &stability->found[i];
}
