/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who held what over time: of each network the peer ASes that held it, of each vantage point the
 * networks it held.
 *
 * A finding must stay small whatever the place: there is room for FINDING_LEVELS_MAX levels of
 * either kind. Networks take it by the time they were dark, then by their changes; vantage points
 * the quietest first, so that the most of them are there. How many were left out is said.
 */
#include <stdlib.h>
#include <string.h>

#include "inquiry/run.h"

/* What stands in line for room: the higher weights first. */
struct candidate {
	uint64_t weight, second;
	uint32_t index;			/* in the finding's list */
	const struct trace *trace;	/* NULL: never anything, which takes no room */
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	if (left->second != right->second)
		return left->second > right->second ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static int trace_copy(const struct trace *trace, struct finding *finding,
		      struct finding_level **ret_levels, uint32_t *ret_count, int64_t *ret_step,
		      struct err *err)
{
	uint32_t count = trace ? trace->count : 0;
	struct finding_level *levels = arena_zalloc(&finding->arena,
						    (count ? count : 1) * sizeof(*levels));

	if (!levels)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++)
		levels[i] = (struct finding_level){
			trace->points[i].time, trace->points[i].last, trace->points[i].lowest };
	*ret_levels = levels;
	*ret_count = count;
	*ret_step = count ? trace->step : 0;
	return 0;
}

/* Orders them; those for which there is no room get the trace NULL. Returns how many. */
static uint32_t candidates_cut(struct candidate *candidates, uint32_t count)
{
	uint64_t room = FINDING_LEVELS_MAX;
	uint32_t left_out = 0;

	if (count)
		qsort(candidates, count, sizeof(*candidates), compare_candidates);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t points = candidates[i].trace ? candidates[i].trace->count : 0;

		if (points > room) {
			candidates[i].trace = NULL;
			left_out++;
		} else {
			room -= points;
		}
	}
	return left_out;
}

static int fill_network_levels(const struct run *run, const uint32_t *numbers,
			       struct finding *finding, struct err *err)
{
	struct finding_report *into = finding->result.report;
	struct candidate *candidates = calloc(into->network_count ? into->network_count : 1,
					      sizeof(*candidates));
	int code = 0;

	if (!candidates)
		return err_memory(err);
	for (uint32_t i = 0; i < into->network_count; i++) {
		const struct trace *trace = signals_network_trace(run->signals, numbers[i]);

		candidates[i] = (struct candidate){
			(uint64_t)into->networks[i].dark, trace ? trace->count : 0, i, trace };
	}
	into->levels_left_out = candidates_cut(candidates, into->network_count);
	for (uint32_t i = 0; i < into->network_count && code == 0; i++) {
		struct finding_network *network = &into->networks[candidates[i].index];

		code = trace_copy(candidates[i].trace, finding, &network->levels,
				  &network->level_count, &network->level_step, err);
	}
	free(candidates);
	return code;
}

static int fill_view(const struct roster_vantage *vantage, const struct trace *trace,
		     struct finding *finding, struct finding_view *into, struct err *err)
{
	*into = (struct finding_view){
		.collector = arena_strndup(&finding->arena, vantage->collector,
			strlen(vantage->collector)),
		.peer = fill_addr(finding, &vantage->peer.addr), .peer_as = vantage->peer.asn,
	};
	if (!into->collector || !into->peer)
		return err_memory(err);
	return trace_copy(trace, finding, &into->levels, &into->level_count, &into->level_step,
			  err);
}

/* In the roster's order, as candidates with the place in that order as index. */
static uint32_t view_candidates(const struct run *run, const uint32_t *order,
				struct candidate *candidates)
{
	const struct roster *roster = table_roster(run->table);
	uint32_t count = 0;

	for (uint32_t i = 0; i < roster->count; i++) {
		const struct trace *trace = signals_vantage_trace(run->signals, order[i]);

		if (trace && trace->count)
			candidates[count++] = (struct candidate){
				UINT32_MAX - trace->count, 0, i, trace,
			};
	}
	return count;
}

static int compare_index(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return left->index < right->index ? -1 : left->index > right->index;
}

static int fill_views(const struct run *run, const uint32_t *order, struct candidate *candidates,
		      struct finding *finding, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	struct finding_report *into = finding->result.report;
	uint32_t count = view_candidates(run, order, candidates);
	int code = 0;

	into->views_left_out = candidates_cut(candidates, count);
	into->views = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->views));
	if (!into->views)
		return err_memory(err);
	if (count)
		qsort(candidates, count, sizeof(*candidates), compare_index);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		if (candidates[i].trace)
			code = fill_view(&roster->vantages[order[candidates[i].index]],
					 candidates[i].trace, finding,
					 &into->views[into->view_count++], err);
	}
	return code;
}

int fill_levels(const struct run *run, const uint32_t *numbers, struct finding *finding,
		struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	uint32_t room = roster->count ? roster->count : 1;
	uint32_t *order = calloc(room, sizeof(*order));
	struct candidate *candidates = calloc(room, sizeof(*candidates));
	int code = order && candidates ? 0 : err_memory(err);

	if (code == 0)
		code = fill_network_levels(run, numbers, finding, err);
	if (code == 0) {
		roster_sort(roster, order);
		code = fill_views(run, order, candidates, finding, err);
	}
	free(order);
	free(candidates);
	return code;
}
