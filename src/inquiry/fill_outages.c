/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Outages of the world: every country and AS, ranked within their family by what was lost (blocks ×
 * seconds), with episodes and storms.
 */
#include "inquiry/fill_outages.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

bool outage_in_question(const struct question *question, const struct outage *outage)
{
	if (question->until != UTC_NEVER && outage->start.at > question->until)
		return false;
	return question->from == UTC_NEVER || outage->end.at == UTC_NEVER ||
	       outage->end.at >= question->from;
}

static struct finding_bound bound_of(const struct bound *bound)
{
	return (struct finding_bound){ bound->at, bound->earliest, bound->latest };
}

static int fill_phases(struct finding *finding, const struct outage *outage,
		       struct finding_outage *into, struct err *err)
{
	into->phases = arena_zalloc(&finding->arena, outage->phase_count * sizeof(*into->phases));
	if (!into->phases)
		return err_memory(err);
	for (uint32_t i = 0; i < outage->phase_count; i++) {
		into->phases[i] = (struct finding_phase){
			outage_level_name(outage->phases[i].level), bound_of(&outage->phases[i].start) };
	}
	into->phase_count = outage->phase_count;
	return 0;
}

static void fill_place(const struct run *run, const struct subject *subject,
		       struct finding *finding, struct finding_outage *into)
{
	const struct finding_question *question = &finding->question;

	into->name = "";
	switch (subject->kind) {
	case SUBJECT_PLACE:
		into->place_kind = question->subject_kind;
		into->place = question->subject;
		into->name = question->subject_name;
		break;
	case SUBJECT_COUNTRY:
		into->place_kind = "country";
		into->place = fill_country(finding, (country_t)subject->id);
		into->name = country_name((country_t)subject->id);
		break;
	case SUBJECT_AS:
		into->place_kind = "as";
		into->place = fill_text(finding, "AS%u", subject->id);
		into->name = fill_as_name(finding, run->place, subject->id);
		break;
	case SUBJECT_NETWORK:
		into->place_kind = "network";
		into->place = fill_prefix(finding,
					  &visibility_network(signals_visibility(run->signals),
							      subject->id)
						   ->prefix);
		break;
	}
}

static int fill_outage(const struct run *run, const struct subject *subject,
		       const struct outage *outage, struct finding *finding,
		       struct finding_outage *into, struct err *err)
{
	static const char *const ended[] = { "open", "over", "step" };
	int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : run->end;

	*into = (struct finding_outage){
		.family = family_name(subject->family), .level = outage_level_name(outage->level),
		.start = bound_of(&outage->start), .end = bound_of(&outage->end),
		.ended = ended[outage->how_ended],
		.duration = until > outage->start.at ? until - outage->start.at : 0,
		.baseline = outage->baseline, .lowest = outage->lowest,
		.networks_before = outage->networks_before,
		.networks_lowest = outage->networks_lowest,
		.peers = outage->peers, .peers_lowest = outage->peers_lowest,
		.unmeasured = outage->unmeasured, .lost = outage->lost,
	};
	fill_place(run, subject, finding, into);
	if (!into->place || !into->name)
		return err_memory(err);
	return fill_phases(finding, outage, into, err);
}

static int rank(const char *level)
{
	return strcmp(level, "total") == 0 ? 3 : strcmp(level, "major") == 0 ? 2 : 1;
}

/* Puts the outage into the episode before it, or into a new one. */
static int episode_join(const struct run *run, struct outage_list *list,
			struct finding_outage *outage, bool first, struct err *err)
{
	struct finding_episode *last = first ? NULL : &list->episodes[list->episode_count - 1];
	int64_t until = outage->end.at;
	int code;

	if (!last || last->until == UTC_NEVER ||
	    outage->start.at - last->until >= run->question->parameters.episode_gap) {
		code = VEC_GROW(list->episodes, list->episode_count, list->episode_room, err);
		if (code)
			return code;
		uint32_t number = last ? last->number + 1 : 1;

		/* the array may have moved: `last` is not used from here on */
		last = &list->episodes[list->episode_count++];
		*last = (struct finding_episode){
			.place_kind = outage->place_kind, .place = outage->place,
			.family = outage->family,
			.number = number, .level = outage->level, .from = outage->start.at,
		};
	}
	outage->episode = last->number;
	last->outages++;
	last->until = until;
	last->dark += outage->duration;
	last->span = (until == UTC_NEVER ? run->end : until) - last->from;
	if (rank(outage->level) > rank(last->level))
		last->level = outage->level;
	return 0;
}

int outage_list_add(const struct run *run, const struct subject *subject, struct finding *finding,
		    struct outage_list *list, struct err *err)
{
	bool first = true;
	int code = 0;

	for (uint32_t i = 0; i < subject->machine.count && code == 0; i++) {
		const struct outage *outage = &subject->machine.outages[i];

		if (!outage_in_question(run->question, outage))
			continue;
		code = VEC_GROW(list->outages, list->count, list->room, err);
		if (code == 0)
			code = fill_outage(run, subject, outage, finding,
					   &list->outages[list->count], err);
		if (code == 0)
			code = episode_join(run, list, &list->outages[list->count++], first, err);
		first = false;
	}
	return code;
}

int outage_list_store(const struct outage_list *list, struct finding *finding,
		      struct finding_outage **ret_outages, uint32_t *ret_count,
		      struct finding_episode **ret_episodes, uint32_t *ret_episode_count,
		      struct err *err)
{
	struct finding_outage *outages =
		arena_memdup(&finding->arena, list->outages, list->count * sizeof(*outages));
	struct finding_episode *episodes = arena_memdup(&finding->arena, list->episodes,
							list->episode_count * sizeof(*episodes));

	if (!outages || !episodes)
		return err_memory(err);
	*ret_outages = outages;
	*ret_count = list->count;
	*ret_episodes = episodes;
	*ret_episode_count = list->episode_count;
	return 0;
}

void outage_list_free(struct outage_list *list)
{
	free(list->outages);
	free(list->episodes);
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a, b);
}

static int compare_outages(const void *a, const void *b)
{
	const struct finding_outage *left = a, *right = b;
	int order = compare_text(left->family, right->family);

	if (order)
		return order;
	if (left->lost != right->lost)
		return left->lost > right->lost ? -1 : 1;
	if (left->start.at != right->start.at)
		return left->start.at < right->start.at ? -1 : 1;
	order = compare_text(left->place_kind, right->place_kind);
	return order ? order : compare_text(left->place, right->place);
}

static int compare_episodes(const void *a, const void *b)
{
	const struct finding_episode *left = a, *right = b;
	int order = compare_text(left->place_kind, right->place_kind);

	if (order == 0)
		order = compare_text(left->place, right->place);
	if (order == 0)
		order = compare_text(left->family, right->family);
	return order ? order : left->number < right->number ? -1 : left->number > right->number;
}

static int fill_storms(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_outages *into = finding->result.outages;
	uint32_t count = storms_count(run->storms);

	into->storms = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->storms));
	if (!into->storms)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		const struct storm *storm = storms_at(run->storms, i);
		struct finding_storm *entry = &into->storms[into->storm_count++];

		*entry = (struct finding_storm){
			.from = storm->from, .until = storm->until,
			.announcements = storm->count.announcements,
			.withdrawals = storm->count.withdrawals, .spurious = storm->count.spurious,
			.peers = arena_zalloc(&finding->arena,
				storm->peer_count * sizeof(*entry->peers)),
		};
		if (!entry->peers)
			return err_memory(err);
		for (uint32_t k = 0; k < storm->peer_count; k++) {
			const struct storm_peer *peer = &storm->peers[k];

			entry->peers[entry->peer_count++] = (struct finding_storm_peer){
				peer->asn, fill_as_name(finding, run->place, peer->asn),
				peer->count.announcements, peer->count.withdrawals, peer->count.spurious };
		}
	}
	return 0;
}

static int compare_peers(const void *a, const void *b)
{
	const struct finding_storm_peer *left = a, *right = b;

	if (left->withdrawals != right->withdrawals)
		return left->withdrawals > right->withdrawals ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

/* What each peer AS sent over the whole recording. */
static int fill_peers(const struct run *run, struct finding *finding, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	struct finding_outages *into = finding->result.outages;

	into->peers = arena_zalloc(&finding->arena,
				   (roster->count ? roster->count : 1) * sizeof(*into->peers));
	if (!into->peers)
		return err_memory(err);
	for (uint32_t i = 0; i < roster->count; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];
		uint32_t at = 0;

		if (vantage->announcements + vantage->withdrawals == 0)
			continue;
		while (at < into->peer_count && into->peers[at].asn != vantage->peer.asn)
			at++;
		if (at == into->peer_count)
			into->peers[into->peer_count++] = (struct finding_storm_peer){
				.asn = vantage->peer.asn,
				.name = fill_as_name(finding, run->place, vantage->peer.asn) };
		into->peers[at].announcements += (uint32_t)vantage->announcements;
		into->peers[at].withdrawals += (uint32_t)vantage->withdrawals;
		into->peers[at].spurious += (uint32_t)vantage->spurious;
	}
	qsort(into->peers, into->peer_count, sizeof(*into->peers), compare_peers);
	return 0;
}

int fill_outages(const struct run *run, struct finding *finding, struct err *err)
{
	struct outage_list list = { 0 };
	struct finding_outages *into;
	int code = 0;

	into = finding->result.outages = arena_zalloc(&finding->arena, sizeof(*into));
	if (!into)
		return err_memory(err);
	for (uint32_t i = 0; i < signals_subject_count(run->signals) && code == 0; i++)
		code = outage_list_add(run, signals_subject(run->signals, i), finding, &list, err);
	if (code == 0 && list.count)
		qsort(list.outages, list.count, sizeof(*list.outages), compare_outages);
	if (code == 0 && list.episode_count)
		qsort(list.episodes, list.episode_count, sizeof(*list.episodes), compare_episodes);
	if (code == 0)
		code = outage_list_store(&list, finding, &into->outages, &into->outage_count,
					 &into->episodes, &into->episode_count, err);
	outage_list_free(&list);
	if (code == 0)
		code = fill_storms(run, finding, err);
	return code ? code : fill_peers(run, finding, err);
}
