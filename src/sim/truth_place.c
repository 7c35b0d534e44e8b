/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Outages of a place from the darkness of its networks.
 *
 * Networks nest, and a block (/24, IPv6 /48) is seen while any network that covers it is. When one
 * turns dark or comes back and none around it is seen, what changes is what the networks within it
 * do not cover: a walk down its subtree, which in the order of prefixes stands right behind it.
 */
#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/truth.h"

struct cover {
	uint32_t end;		/* place behind its subtree */
	uint32_t parent;	/* WORLD_NONE: none */
	bool dark;
};

struct turn {			/* a network turns dark or comes back */
	int64_t time;
	uint32_t place;		/* in the list of networks */
	uint32_t dark;		/* number of it in play.darks */
	bool begins;
};

struct placer {
	const struct play *play;
	const uint32_t *networks;
	uint32_t count;
	struct cover *covers;
	struct turn *turns;
	uint32_t turn_count, turn_room;
	uint64_t seen;
	uint32_t dark;		/* networks dark now */
	struct err *err;
};

static const struct prefix *prefix_at(const struct placer *placer, uint32_t place)
{
	return &placer->play->plan->networks[placer->networks[place]].prefix;
}

static void nest(struct placer *placer)
{
	uint32_t parent = WORLD_NONE;

	for (uint32_t i = 0; i < placer->count; i++) {
		struct cover *cover = &placer->covers[i];

		while (parent != WORLD_NONE &&
		       !prefix_contains(prefix_at(placer, parent), prefix_at(placer, i))) {
			placer->covers[parent].end = i;
			parent = placer->covers[parent].parent;
		}
		cover->parent = parent;
		parent = i;
	}
	for (; parent != WORLD_NONE; parent = placer->covers[parent].parent)
		placer->covers[parent].end = placer->count;
}

/* Blocks that the networks of the subtree cover now. */
static uint64_t seen_below(const struct placer *placer, uint32_t place)
{
	uint64_t seen = 0;

	for (uint32_t i = place; i < placer->covers[place].end;) {
		const struct cover *cover = &placer->covers[i];

		if (!cover->dark) {
			/* All of it is seen, whatever nests in it. */
			seen += prefix_blocks(prefix_at(placer, i));
			i = cover->end;
			continue;
		}
		i++;
	}
	return seen;
}

static bool is_covered(const struct placer *placer, uint32_t place)
{
	for (uint32_t i = placer->covers[place].parent; i != WORLD_NONE;
	     i = placer->covers[i].parent)
		if (!placer->covers[i].dark)
			return true;
	return false;
}

static void turn(struct placer *placer, const struct turn *turn)
{
	struct cover *cover = &placer->covers[turn->place];
	bool covered = is_covered(placer, turn->place);

	if (!covered)
		placer->seen -= seen_below(placer, turn->place);
	cover->dark = turn->begins;
	placer->dark += turn->begins ? 1 : (uint32_t)-1;
	if (!covered)
		placer->seen += seen_below(placer, turn->place);
}

static int collect(struct placer *placer, const struct touch *darks)
{
	const struct plan *plan = placer->play->plan;

	for (uint32_t i = 0; i < placer->count; i++) {
		const struct touch *of = &darks[plan->group_of[placer->networks[i]]];

		for (uint32_t j = 0; j < of->count; j++) {
			const struct dark *dark = &placer->play->darks[of->first + j];

			for (int end = 0; end < 2; end++) {
				int64_t time = end ? dark->vp_back_at : dark->vp_dark_at;
				int rc;

				if (time == UTC_NEVER)
					continue;
				rc = VEC_GROW(placer->turns, placer->turn_count, placer->turn_room,
					      placer->err);
				if (rc != 0)
					return rc;
				placer->turns[placer->turn_count++] = (struct turn){
					time, i, of->first + j, !end,
				};
			}
		}
	}
	return 0;
}

static int compare_turns(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (int)x->begins - (int)y->begins;
}

/* From the first time that it holds to the last. */
static void stretch(bool holds, int64_t time, int64_t *from, int64_t *until)
{
	if (holds) {
		*from = *from == UTC_NEVER ? time : *from;
		*until = UTC_NEVER;
	} else if (*from != UTC_NEVER && *until == UTC_NEVER) {
		*until = time;
	}
}

/* All turns of an instant are done. */
static int judge(struct placer *placer, const struct turn *last, struct place_outages *outages)
{
	struct place_outage *open = outages->count ? &outages->items[outages->count - 1] : NULL;
	bool below = placer->seen * 100 < outages->blocks * 99;
	bool major = placer->seen * 2 < outages->blocks;
	bool total = placer->seen == 0;

	if (open && open->until != UTC_NEVER)
		open = NULL;
	if (below && !open) {
		const struct dark *dark = &placer->play->darks[last->dark];
		int rc = VEC_GROW(outages->items, outages->count, outages->room, placer->err);

		if (rc != 0)
			return rc;
		open = &outages->items[outages->count++];
		*open = (struct place_outage){
			.from = last->time, .until = UTC_NEVER, .major_from = UTC_NEVER,
			.major_until = UTC_NEVER,
			.total_from = UTC_NEVER, .total_until = UTC_NEVER, .lowest = placer->seen,
			.cause_at = dark->cause_at, .event = dark->event,
		};
	}
	if (!open)
		return 0;
	if (!below)
		open->until = last->time;
	stretch(major, last->time, &open->major_from, &open->major_until);
	stretch(total, last->time, &open->total_from, &open->total_until);
	open->lowest = placer->seen < open->lowest ? placer->seen : open->lowest;
	open->networks = placer->dark > open->networks ? placer->dark : open->networks;
	return 0;
}

int truth_place(const struct play *play, const struct touch *darks, const uint32_t *networks,
		uint32_t count, struct place_outages *ret_outages, struct err *err)
{
	struct placer placer = { .play = play, .networks = networks, .count = count, .err = err };
	struct place_outages outages = { 0 };
	int rc;

	placer.covers = calloc((size_t)count + 1, sizeof(*placer.covers));
	rc = placer.covers ? collect(&placer, darks) : err_memory(err);
	if (rc == 0) {
		nest(&placer);
		for (uint32_t i = 0; i < count; i++)
			if (placer.covers[i].parent == WORLD_NONE)
				outages.blocks += prefix_blocks(prefix_at(&placer, i));
		placer.seen = outages.blocks;
	}
	if (rc == 0 && placer.turn_count)
		qsort(placer.turns, placer.turn_count, sizeof(*placer.turns), compare_turns);
	for (uint32_t i = 0; i < placer.turn_count && rc == 0; i++) {
		turn(&placer, &placer.turns[i]);
		if (i + 1 == placer.turn_count || placer.turns[i + 1].time != placer.turns[i].time)
			rc = judge(&placer, &placer.turns[i], &outages);
	}
	free(placer.covers);
	free(placer.turns);
	if (rc != 0) {
		free(outages.items);
		return rc;
	}
	*ret_outages = outages;
	return 0;
}
