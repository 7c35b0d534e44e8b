/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vantage points are found by a hash of (collector, address, AS). What the hash leads to is
 * compared; where two differ the next hash value is tried, so that a collision costs a step and
 * never an identity.
 *
 * Intervals are an array in order of time of which only the last can be open. One that turns
 * out to have been nothing (it would end before it began, since the end is noticed late) is
 * taken back.
 */
#define _GNU_SOURCE	/* qsort_r */
#include "table/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static const struct {
	const char *name, *text;
} whys[ROSTER_WHY_COUNT] = {
	[ROSTER_RIB] = { "rib", "a RIB gave its table" },
	[ROSTER_END_OF_RIB] = { "end-of-rib", "refilled, End-of-RIB received" },
	[ROSTER_QUIET] = { "quiet", "refilled, nothing new came any more" },
	[ROSTER_SESSION_DOWN] = { "session-down", "the session went down" },
	[ROSTER_SESSION_UP] = { "session-up", "the session came up anew" },
	[ROSTER_SILENCE] = { "silence", "silent for longer than usual" },
	[ROSTER_COLLECTOR_SILENCE] = { "collector-silence", "the whole collector was silent" },
	[ROSTER_ANNOUNCED_AGAIN] = { "announced-again", "most of its table was announced again" },
	[ROSTER_DAMAGE] = { "damage", "bytes of the recording are lost" },
	[ROSTER_NOT_IN_RIB] = { "not-in-rib", "a RIB names it without any route" },
	[ROSTER_DRIFT] = { "drift", "a RIB contradicts too much of what updates made" },
	[ROSTER_END_OF_DATA] = { "end-of-data", "the recording ends" },
};

const char *roster_why_name(enum roster_why why)
{
	return (unsigned)why < ROSTER_WHY_COUNT ? whys[why].name : "unknown";
}

const char *roster_why_text(enum roster_why why)
{
	return (unsigned)why < ROSTER_WHY_COUNT ? whys[why].text : "unknown";
}

static uint64_t identity_hash(const char *collector, const struct peer *peer)
{
	uint64_t name = map_hash_bytes(collector, strlen(collector));
	uint64_t addr = map_hash_bytes(peer->addr.bytes, sizeof(peer->addr.bytes));

	return map_hash_u64(map_hash_u64(name ^ peer->asn) + addr + peer->addr.family);
}

static const char *collector_name(struct roster *roster, const char *collector)
{
	for (uint32_t i = roster->count; i-- > 0;)
		if (strcmp(roster->vantages[i].collector, collector) == 0)
			return roster->vantages[i].collector;
	return arena_strndup(&roster->arena, collector, strlen(collector));
}

bool roster_is_full(const struct roster *roster)
{
	return roster->most && roster->count >= roster->most;
}

static uint32_t vantage_add(struct roster *roster, uint64_t hash, const char *collector,
			    const struct peer *peer)
{
	const char *name = collector_name(roster, collector);

	if (roster_is_full(roster))
		return UINT32_MAX;
	if (!name || VEC_GROW(roster->vantages, roster->count, roster->room, NULL) != 0 ||
	    map_put(&roster->index, hash, roster->count) != 0)
		return UINT32_MAX;
	roster->vantages[roster->count] = (struct roster_vantage){
		.collector = name,
		.peer = *peer,
		.first_heard = UTC_NEVER,
		.last_heard = UTC_NEVER,
	};
	return roster->count++;
}

uint32_t roster_vantage(struct roster *roster, const char *collector, const struct peer *peer)
{
	uint64_t hash = identity_hash(collector, peer);

	for (;; hash++) {
		uint32_t at = map_get(&roster->index, hash);
		struct roster_vantage *vantage;

		if (at == MAP_NONE)
			return vantage_add(roster, hash, collector, peer);
		vantage = &roster->vantages[at];
		if (peer_compare(&vantage->peer, peer) == 0 &&
		    strcmp(vantage->collector, collector) == 0) {
			if (vantage->peer.bgp_id == 0)
				vantage->peer.bgp_id = peer->bgp_id;
			return at;
		}
	}
}

static struct roster_interval *open_interval(const struct roster_intervals *intervals)
{
	struct roster_interval *last;

	if (intervals->count == 0)
		return NULL;
	last = &intervals->at[intervals->count - 1];
	return last->until == UTC_NEVER ? last : NULL;
}

int roster_begin(struct roster_intervals *intervals, int64_t at, enum roster_why why)
{
	if (open_interval(intervals))
		return 0;
	if (VEC_GROW(intervals->at, intervals->count, intervals->room, NULL) != 0)
		return ERR_MEMORY;
	intervals->at[intervals->count++] = (struct roster_interval){
		.from = at, .until = UTC_NEVER, .began = why,
	};
	return 0;
}

void roster_end(struct roster_intervals *intervals, int64_t at, enum roster_why why)
{
	struct roster_interval *open = open_interval(intervals);

	if (!open)
		return;
	if (open->from >= at) {
		intervals->count--;
		return;
	}
	open->until = at;
	open->ended = why;
}

bool roster_covers(const struct roster_intervals *intervals, int64_t at)
{
	uint32_t low = 0, high = intervals->count;
	const struct roster_interval *before;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (intervals->at[middle].from <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	before = &intervals->at[low - 1];
	return before->until == UTC_NEVER || at < before->until;
}

static int order_compare(const void *a, const void *b, void *context)
{
	const struct roster *roster = context;
	const struct roster_vantage *left = &roster->vantages[*(const uint32_t *)a];
	const struct roster_vantage *right = &roster->vantages[*(const uint32_t *)b];
	int names = strcmp(left->collector, right->collector);

	return names ? names : peer_compare(&left->peer, &right->peer);
}

void roster_sort(const struct roster *roster, uint32_t *order)
{
	for (uint32_t i = 0; i < roster->count; i++)
		order[i] = i;
	qsort_r(order, roster->count, sizeof(*order), order_compare, (void *)(uintptr_t)roster);
}

void roster_free(struct roster *roster)
{
	for (uint32_t i = 0; i < roster->count; i++) {
		struct roster_vantage *vantage = &roster->vantages[i];

		free(vantage->live_intervals.at);
		free(vantage->full4_intervals.at);
		free(vantage->full6_intervals.at);
	}
	free(roster->vantages);
	map_free(&roster->index);
	arena_free(&roster->arena);
	*roster = (struct roster){ 0 };
}
