/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report keeps, while events go by, of updates: stability, and for the facts about causes
 * BLACKHOLE announcements.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/run.h"

/* The announcement's path as hops, into run->hops. */
static int hops_of_event(struct run *run, const struct event *event, uint32_t *ret_count)
{
	struct as_segment segment;
	struct as_path path;
	uint32_t position = 0, count = 0;

	*ret_count = 0;
	if (!event || !attr_span_path(&event->attributes, run->path_scratch, &path))
		return 0;
	while (as_path_next(&path, &position, &segment)) {
		for (unsigned i = 0; i < segment.count; i++) {
			int code = VEC_GROW(run->hops, count, run->hop_room, run->err);

			if (code)
				return code;
			run->hops[count++] = (struct path_hop){
				as_segment_at(&segment, i), (uint8_t)segment.type,
				i > 0 && (segment.type == AS_SET || segment.type == AS_CONFED_SET) };
		}
	}
	*ret_count = count;
	return 0;
}

int run_update(struct run *run, const struct table_change *change, uint32_t number)
{
	uint32_t peer_asn = table_roster(run->table)->vantages[change->vantage].peer.asn;
	struct run_network *network = &run->networks[number];
	struct stability_update update = {
		.time = change->time, .network = number, .vantage = change->vantage,
		.peer_asn = peer_asn,
		.withdrawal = change->withdrawal,
		.spurious = change->withdrawal && change->before == PATH_NONE,
		.exact = change->event && change->event->record->extended,
	};
	int code = 0;

	network->withdrawals += change->withdrawal;
	network->announcements += !change->withdrawal;
	network->spurious += update.spurious;
	if (!run->stability)
		return 0;
	code = hours_note(run->hours, number, change->time, change->withdrawal, run->err);
	for (uint32_t i = 0; i <= network->heard_count && !change->withdrawal && code == 0; i++) {
		if (i < network->heard_count && network->heard_from[i] == peer_asn)
			break;
		if (i < network->heard_count)
			continue;
		code = VEC_GROW(network->heard_from, network->heard_count, network->heard_room,
				run->err);
		if (code)
			return code;
		network->heard_from[network->heard_count++] = peer_asn;
		break;
	}
	if (!change->withdrawal && code == 0)
		code = hops_of_event(run, change->event, &update.hop_count);
	update.hops = run->hops;
	return code ? code : stability_update(run->stability, &update, run->err);
}

static bool has_community(const struct attrs *attrs, uint32_t community)
{
	unsigned count = attrs_community_count(attrs), i = 0;

	while (i < count && attrs_community(attrs, i) != community)
		i++;
	return i < count;
}

bool run_is_blackhole(const struct run *run, const struct event *event)
{
	const struct question *question = run->question;
	const struct attrs *attrs;
	bool found;

	if (!run->stability)
		return false;
	attrs = event_attrs(event);
	found = has_community(attrs, COMMUNITY_BLACKHOLE);

	for (uint32_t i = 0; i < question->blackhole_count && !found; i++)
		found = has_community(attrs, question->blackholes[i]);
	return found;
}

/* Of the place? For an AS that is who originates it. */
static bool is_ours(struct run *run, const struct event *event)
{
	struct as_path path;
	uint32_t origin;

	if (!run->question->asn)
		return run_place_has(run, &event->prefix);
	return attr_span_path(&event->attributes, run->path_scratch, &path) &&
	       as_path_origin(&path, &origin) && origin == run->question->asn;
}

int run_blackhole(struct run *run, const struct event *event)
{
	const struct run_collector *collector =
		&run->collectors[run->inputs[run->current_input].collector];
	struct cause_blackhole *hole;
	uint32_t i = 0, vantage;
	int code;

	/* What the collector sent is no word of the peer's. */
	if (run->no_blackhole || event->local || !run_is_blackhole(run, event) || !is_ours(run, event))
		return 0;
	vantage = roster_vantage(table_roster_edit(run->table), collector->name, event->peer);
	while (i < run->blackhole_count &&
	       !prefix_equal(&run->blackholes[i].prefix, &event->prefix))
		i++;
	if (i == run->blackhole_count) {
		if (i == BLACKHOLES_MAX) {
			run->blackholes_left_out = true;
			return 0;
		}
		code = VEC_GROW(run->blackholes, run->blackhole_count, run->blackhole_room,
				run->err);
		if (code)
			return code;
		run->blackholes[run->blackhole_count++] = (struct cause_blackhole){
			.prefix = event->prefix, .first = event->time, .first_ref = event->ref, .first_vantage = vantage };
	}
	hole = &run->blackholes[i];
	hole->announcements++;
	hole->last = event->time;
	hole->last_ref = event->ref;
	hole->last_vantage = vantage;
	return 0;
}
