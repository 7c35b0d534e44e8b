/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Episodes of instability: instabilities of single networks that overlap, or follow each other
 * within instability_gap, are one.
 *
 * Paths that took turns mostly differ on the observers' side and end alike. The ASes that stood in
 * every path are told as stable; the AS before the outermost of those at the end of each path is
 * what alternated.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/fill_stability.h"

/* An outage so near is told with the episode. */
#define NEAR UTC_HOUR

struct episode {
	const struct instability **parts;
	uint32_t count, room;
	int64_t first, last;
	bool first_exact, last_exact;
};

static bool in_question(const struct question *question, const struct instability *found)
{
	return (question->from == UTC_NEVER || found->last >= question->from) &&
	       (question->until == UTC_NEVER || found->first <= question->until);
}

static int episode_add(struct episode *episode, const struct instability *found, struct err *err)
{
	int code = vec_grow((void **)&episode->parts, episode->count, &episode->room,
			    sizeof(const struct instability *), err);

	if (code)
		return code;
	if (episode->count == 0 || found->first < episode->first) {
		episode->first = found->first;
		episode->first_exact = found->first_exact;
	}
	if (episode->count == 0 || found->last > episode->last) {
		episode->last = found->last;
		episode->last_exact = found->last_exact;
	}
	episode->parts[episode->count++] = found;
	return 0;
}

/* Distinct numbers, rising. */
struct numbers {
	uint32_t *at;
	uint32_t count, room;
};

static int compare_u32(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static int numbers_add(struct numbers *numbers, const uint32_t *values, uint32_t count,
		       struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = VEC_GROW(numbers->at, numbers->count, numbers->room, err);
		if (code == 0)
			numbers->at[numbers->count++] = values[i];
	}
	return code;
}

static uint32_t numbers_distinct(struct numbers *numbers)
{
	uint32_t kept = 0;

	if (numbers->count)
		qsort(numbers->at, numbers->count, sizeof(*numbers->at), compare_u32);
	for (uint32_t i = 0; i < numbers->count; i++)
		if (i == 0 || numbers->at[i] != numbers->at[i - 1])
			numbers->at[kept++] = numbers->at[i];
	numbers->count = kept;
	return kept;
}

static int count_observers(const struct episode *episode, struct finding_unrest *into,
			   struct err *err)
{
	struct numbers vantages = { 0 }, peers = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < episode->count && code == 0; i++) {
		code = numbers_add(&vantages, episode->parts[i]->vantages,
				   episode->parts[i]->vantage_count, err);
		if (code == 0)
			code = numbers_add(&peers, episode->parts[i]->peer_asns,
					   episode->parts[i]->peer_count, err);
	}
	into->vantage_points = numbers_distinct(&vantages);
	into->peer_ases = numbers_distinct(&peers);
	free(vantages.at);
	free(peers.at);
	return code;
}

/* In every announcement of every part? */
static bool is_stable(const struct episode *episode, uint32_t asn)
{
	for (uint32_t i = 0; i < episode->count; i++) {
		const struct instability *part = episode->parts[i];
		bool found = part->announcements == 0;

		for (uint32_t k = 0; k < part->transit_count && !found; k++)
			found = part->transits[k].asn == asn &&
				part->transits[k].announcements == part->announcements;
		if (!found)
			return false;
	}
	return true;
}

/* In the order of the first path that there is. */
static int fill_stable(const struct episode *episode, struct finding *finding,
		       struct finding_unrest *into, struct err *err)
{
	const struct unstable_path *path = NULL;

	for (uint32_t i = 0; i < episode->count && !path; i++)
		path = episode->parts[i]->path_count ? &episode->parts[i]->paths[0] : NULL;
	into->stable = arena_zalloc(&finding->arena,
				    (path ? path->count + 1 : 1) * sizeof(*into->stable));
	if (!into->stable)
		return err_memory(err);
	for (uint32_t i = 0; path && i < path->count; i++)
		if (is_stable(episode, path->asns[i]))
			into->stable[into->stable_count++] = path->asns[i];
	return 0;
}

struct alternates {
	struct finding_alternate *at;
	uint32_t count, room;
};

static bool listed(const struct finding_unrest *unrest, uint32_t asn)
{
	for (uint32_t i = 0; i < unrest->stable_count; i++)
		if (unrest->stable[i] == asn)
			return true;
	return false;
}

static int alternate_note(struct alternates *alternates, const struct finding_unrest *unrest,
			  const struct unstable_path *path, struct err *err)
{
	uint32_t at = path->count, i = 0;
	struct finding_alternate *entry;
	int code;

	while (at > 0 && listed(unrest, path->asns[at - 1]))
		at--;
	if (at == 0 || at == path->count)
		return 0;
	while (i < alternates->count && (alternates->at[i].asn != path->asns[at - 1] ||
					 alternates->at[i].behind != path->asns[at]))
		i++;
	if (i == alternates->count) {
		code = VEC_GROW(alternates->at, alternates->count, alternates->room, err);
		if (code)
			return code;
		alternates->at[alternates->count++] = (struct finding_alternate){
			.asn = path->asns[at - 1], .behind = path->asns[at], .first = path->first, .last = path->last };
	}
	entry = &alternates->at[i];
	entry->announcements += path->announcements;
	if (path->first < entry->first)
		entry->first = path->first;
	if (path->last > entry->last)
		entry->last = path->last;
	return 0;
}

static int compare_alternates(const void *a, const void *b)
{
	const struct finding_alternate *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return left->behind < right->behind ? -1 : left->behind > right->behind;
}

static int fill_alternates(const struct run *run, const struct episode *episode,
			   struct finding *finding, struct finding_unrest *into, struct err *err)
{
	struct alternates alternates = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < episode->count && code == 0; i++)
		for (uint32_t k = 0; k < episode->parts[i]->path_count && code == 0; k++)
			code = alternate_note(&alternates, into, &episode->parts[i]->paths[k], err);
	if (code == 0 && alternates.count)
		qsort(alternates.at, alternates.count, sizeof(*alternates.at), compare_alternates);
	for (uint32_t i = 0; i < alternates.count && code == 0; i++) {
		alternates.at[i].name = fill_as_name(finding, run->place, alternates.at[i].asn);
		if (!alternates.at[i].name)
			code = err_memory(err);
	}
	if (code == 0) {
		into->alternates = arena_memdup(&finding->arena, alternates.at,
						alternates.count * sizeof(*alternates.at));
		into->alternate_count = alternates.count;
		if (!into->alternates)
			code = err_memory(err);
	}
	free(alternates.at);
	return code;
}

static int compare_prefixes(const void *a, const void *b)
{
	return prefix_compare(a, b);
}

static int fill_networks(const struct run *run, const struct episode *episode,
			 struct finding *finding, struct finding_unrest *into, struct err *err)
{
	struct prefix *prefixes = calloc(episode->count, sizeof(*prefixes));
	struct buf text = { 0 };

	if (!prefixes)
		return err_memory(err);
	for (uint32_t i = 0; i < episode->count; i++)
		prefixes[i] = visibility_network(signals_visibility(run->signals),
						 episode->parts[i]->network)
				      ->prefix;
	qsort(prefixes, episode->count, sizeof(*prefixes), compare_prefixes);
	for (uint32_t i = 0; i < episode->count; i++) {
		/* a network may have been unstable twice in it */
		if (i && prefix_equal(&prefixes[i], &prefixes[i - 1]))
			continue;
		if (into->network_count++ < FACT_NETWORKS) {
			buf_str(&text, text.len ? " " : "");
			prefix_format(&text, &prefixes[i]);
		}
	}
	into->networks = text.failed ? NULL : arena_strndup(&finding->arena, text.data, text.len);
	buf_free(&text);
	free(prefixes);
	return into->networks ? 0 : err_memory(err);
}

/* The outage that it is nearest to. */
static void place_in_time(const struct finding_report *report, struct finding_unrest *into)
{
	int64_t nearest = NEAR + 1;

	for (uint32_t i = 0; i < report->outage_count; i++) {
		const struct finding_outage *outage = &report->outages[i];
		int64_t end = outage->end.at != UTC_NEVER ? outage->end.latest : INT64_MAX;
		bool before = into->end.at < outage->start.earliest, after = into->start.at > end;
		int64_t apart = before	? outage->start.earliest - into->end.at
				: after ? into->start.at - end
					: 0;

		if (apart >= nearest)
			continue;
		nearest = apart;
		into->outage = i + 1;
		into->when = before ? "before" : after ? "after" : "during";
	}
}

static int fill_one(const struct run *run, const struct episode *episode, struct finding *finding,
		    struct finding_unrest *into, struct err *err)
{
	int64_t early = episode->first_exact ? 0 : UTC_SECOND,
		late = episode->last_exact ? 0 : UTC_SECOND;
	int code;

	into->start = (struct finding_bound){
		episode->first, episode->first - early, episode->first + early,
	};
	into->end = (struct finding_bound){
		episode->last, episode->last - late, episode->last + late,
	};
	into->when = "";
	for (uint32_t i = 0; i < episode->count; i++) {
		into->announcements += episode->parts[i]->announcements;
		into->withdrawals += episode->parts[i]->withdrawals;
	}
	place_in_time(finding->result.report, into);
	code = count_observers(episode, into, err);
	if (code == 0)
		code = fill_networks(run, episode, finding, into, err);
	if (code == 0)
		code = fill_stable(episode, finding, into, err);
	return code ? code : fill_alternates(run, episode, finding, into, err);
}

int fill_unrest(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_report *report = finding->result.report;
	uint32_t count = stability_count(run->stability);
	struct episode episode = { 0 };
	int code = 0;

	report->unrest = arena_zalloc(&finding->arena,
				      (count ? count : 1) * sizeof(*report->unrest));
	if (!report->unrest)
		return err_memory(err);
	for (uint32_t i = 0; i <= count && code == 0; i++) {
		const struct instability *found = i < count ? stability_at(run->stability, i)
							    : NULL;

		if (found && !in_question(run->question, found))
			continue;
		if (episode.count &&
		    (!found ||
		     found->first - episode.last > run->question->parameters.instability_gap)) {
			struct finding_unrest *into = &report->unrest[report->unrest_count++];

			into->number = report->unrest_count;
			code = fill_one(run, &episode, finding, into, err);
			episode.count = 0;
		}
		if (code == 0 && found)
			code = episode_add(&episode, found, err);
	}
	free(episode.parts);
	return code;
}
