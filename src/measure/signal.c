/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instant in hand: `now` is the time of the last thing let out by settle; when a later one
 * comes, what `now` changed is decided first (instant_end): full feeds settle, measurability is
 * looked at, and every dirty subject's value goes to its outage machine.
 *
 * A bound set in an instant stays open as long as the burst of messages that caused it goes on:
 * `pending` holds those, and each later instant extends or drops them.
 */
#include "measure/signal.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/utc.h"
#include "base/vec.h"

#define NOBODY UINT32_MAX

/* A bound whose burst may go on. */
struct pending {
	uint32_t subject, outage;
	uint32_t phase;			/* NOBODY: the end */
	uint32_t network;
	bool loss;
	int64_t burst_first;
};

struct dark_network {
	uint32_t network;
	int64_t since;
};

/* Traces by number, as far as there are any. */
struct traces {
	struct trace *at;
	uint32_t count, room;
};

/* What a family's coverage is. */
struct coverage {
	bool measurable, measured;
	uint32_t peers;
};

struct signals {
	const struct measure_parameters *parameters;
	struct signals_plan plan;
	struct visibility *visibility;
	struct settle *settle;
	int64_t now;			/* the instant in hand; UTC_NEVER before the first */
	struct subject *subjects;
	uint32_t count, room;
	struct map by_key;
	struct map origin_uses;		/* (subject, origin AS) → networks seen */
	uint32_t *network_subject;	/* plan.networks: subject + 1 by network */
	uint32_t network_subject_room;
	uint32_t *dirty;
	uint32_t dirty_count, dirty_room;
	struct pending *pending;
	uint32_t pending_count, pending_room;
	struct coverage coverage[2];
	struct coverage_step *steps;
	uint32_t step_count, step_room;
	struct stuck_route *stuck;
	uint32_t stuck_count, stuck_room;
	struct dark_network *dark;	/* dark and not yet looked at for stuck routes */
	uint32_t dark_count, dark_room;
	struct traces network_traces, vantage_traces;
};

static unsigned family_index(enum family family)
{
	return family == FAMILY_IPV6;
}

static uint64_t subject_key(enum subject_kind kind, uint32_t id, enum family family)
{
	return (uint64_t)kind << 40 | (uint64_t)family_index(family) << 32 | id;
}

static int subject_get(struct signals *signals, enum subject_kind kind, uint32_t id,
		       enum family family, uint32_t *ret_subject, struct err *err)
{
	uint64_t key = subject_key(kind, id, family);
	uint32_t number = map_get(&signals->by_key, key);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(signals->subjects, signals->count, signals->room, err);
		if (code)
			return code;
		number = signals->count;
		if (map_put(&signals->by_key, key, number) != 0)
			return err_memory(err);
		signals->subjects[signals->count++] = (struct subject){
			.kind = kind, .id = id, .family = family,
			.fell = NOBODY, .rose = NOBODY, .first_measured = UTC_NEVER,
		};
	}
	*ret_subject = number;
	return 0;
}

static int subject_touch(struct signals *signals, uint32_t number, struct err *err)
{
	struct subject *subject = &signals->subjects[number];
	int code;

	if (subject->dirty)
		return 0;
	code = VEC_GROW(signals->dirty, signals->dirty_count, signals->dirty_room, err);
	if (code == 0) {
		signals->dirty[signals->dirty_count++] = number;
		subject->dirty = true;
	}
	return code;
}

/* A network of the subject was seen or went dark. */
static int subject_move(struct signals *signals, uint32_t number, uint32_t network, bool seen,
			struct err *err)
{
	struct subject *subject = &signals->subjects[number];
	const struct prefix *prefix = &visibility_network(signals->visibility, network)->prefix;
	int code = 0;

	subject->networks += seen ? 1u : UINT32_MAX;
	if (subject->kind != SUBJECT_NETWORK) {
		if (seen)
			code = space_add(&subject->space, prefix, err);
		else
			space_remove(&subject->space, prefix);
	}
	if (seen && subject->rose == NOBODY)
		subject->rose = network;
	if (!seen && subject->fell == NOBODY)
		subject->fell = network;
	return code ? code : subject_touch(signals, number, err);
}

/* One network more or less of the subject is seen from `asn`. */
static int origin_move(struct signals *signals, uint32_t number, uint32_t asn, bool seen,
		       struct err *err)
{
	uint64_t key = (uint64_t)number << 32 | asn;
	uint32_t uses = map_get(&signals->origin_uses, key);

	uses = (uses == MAP_NONE ? 0 : uses) + (seen ? 1u : UINT32_MAX);
	if (seen && uses == 1)
		signals->subjects[number].origins++;
	if (!seen && uses == 0)
		signals->subjects[number].origins--;
	return map_put(&signals->origin_uses, key, uses) ? err_memory(err)
							 : subject_touch(signals, number, err);
}

static int dark_watch(struct signals *signals, uint32_t network, struct err *err)
{
	int code = VEC_GROW(signals->dark, signals->dark_count, signals->dark_room, err);

	if (code == 0)
		signals->dark[signals->dark_count++] = (struct dark_network){
			network, signals->now,
		};
	return code;
}

static int network_toggled(struct signals *signals, uint32_t network, bool seen, struct err *err)
{
	uint32_t label = visibility_network(signals->visibility, network)->label;
	int code = 0;

	if (label)
		code = subject_move(signals, label - 1, network, seen, err);
	if (code == 0 && signals->plan.networks) {
		code = subject_move(signals, signals->network_subject[network] - 1, network, seen,
				    err);
		signals->subjects[signals->network_subject[network] - 1].dark_since =
			seen ? UTC_NEVER : signals->now;
		if (code == 0 && !seen)
			code = dark_watch(signals, network, err);
	}
	return code;
}

static int origin_toggled(struct signals *signals, uint32_t network, uint32_t slot, bool seen,
			  struct err *err)
{
	struct visibility_network *entry = visibility_network(signals->visibility, network);
	struct visibility_origin *origin = &entry->origins[slot];
	int code = 0;

	if (origin->asn == ORIGIN_UNKNOWN)
		return 0;
	if (entry->label)
		code = origin_move(signals, entry->label - 1, origin->asn, seen, err);
	if (code == 0 && signals->plan.ases) {
		if (!origin->label) {
			uint32_t number = 0;

			code = subject_get(signals, SUBJECT_AS, origin->asn, entry->prefix.family,
					   &number, err);
			if (code)
				return code;
			origin->label = number + 1;
		}
		code = subject_move(signals, origin->label - 1, network, seen, err);
	}
	return code;
}

static int on_toggled(void *context, uint32_t network, uint32_t origin, bool seen, struct err *err)
{
	return origin == UINT32_MAX ? network_toggled(context, network, seen, err)
				    : origin_toggled(context, network, origin, seen, err);
}

static int traces_note(struct signals *signals, struct traces *traces, uint32_t number,
		       uint32_t value, struct err *err)
{
	int code = 0;

	while (traces->count <= number && code == 0) {
		code = VEC_GROW(traces->at, traces->count, traces->room, err);
		if (code == 0)
			traces->at[traces->count++] = (struct trace){ 0 };
	}
	return code ? code : trace_set(&traces->at[number], signals->now, value, err);
}

static int on_held(void *context, uint32_t network, uint32_t peers, struct err *err)
{
	struct signals *signals = context;

	return traces_note(signals, &signals->network_traces, network, peers, err);
}

static int on_holds(void *context, uint32_t vantage, uint32_t networks, struct err *err)
{
	struct signals *signals = context;

	return traces_note(signals, &signals->vantage_traces, vantage, networks, err);
}

static int traces_end(struct traces *traces, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < traces->count && code == 0; i++)
		code = trace_end(&traces->at[i], err);
	return code;
}

static void traces_free(struct traces *traces)
{
	for (uint32_t i = 0; i < traces->count; i++)
		trace_free(&traces->at[i]);
	free(traces->at);
}

static const struct trace *traces_get(const struct traces *traces, uint32_t number)
{
	return number < traces->count ? &traces->at[number] : NULL;
}

/* The bound that a burst gives for a crossing now. */
static struct bound burst_bound(const struct signals *signals, const struct visibility_burst *burst)
{
	struct bound bound = { signals->now, signals->now, signals->now };

	if (burst->last == UTC_NEVER || signals->now - burst->last > signals->parameters->burst_gap)
		return bound;
	bound.earliest = burst->first - (burst->first_exact ? 0 : UTC_SECOND);
	bound.latest = burst->last + (burst->last_exact ? 0 : UTC_SECOND);
	if (bound.latest < bound.at)
		bound.latest = bound.at;
	return bound;
}

static uint64_t subject_blocks(const struct signals *signals, const struct subject *subject)
{
	if (subject->kind != SUBJECT_NETWORK)
		return space_blocks(&subject->space);
	return subject->networks
		? prefix_blocks(&visibility_network(signals->visibility, subject->id)->prefix) : 0;
}

static int pending_add(struct signals *signals, uint32_t number, enum outage_crossed crossed,
		       uint32_t network, bool loss, struct err *err)
{
	const struct outage_machine *machine = &signals->subjects[number].machine;
	const struct visibility_network *entry = visibility_network(signals->visibility, network);
	const struct visibility_burst *burst = loss ? &entry->loss : &entry->gain;
	int code;

	if (burst->last == UTC_NEVER || signals->now - burst->last > signals->parameters->burst_gap)
		return 0;
	code = VEC_GROW(signals->pending, signals->pending_count, signals->pending_room, err);
	if (code)
		return code;
	signals->pending[signals->pending_count++] = (struct pending){
		.subject = number,
		.outage = machine->count - 1,
		.phase = crossed == CROSSED_END
				 ? NOBODY
				 : machine->outages[machine->count - 1].phase_count - 1,
		.network = network,
		.loss = loss,
		.burst_first = burst->first,
	};
	return 0;
}

static void bound_extend(struct bound *bound, const struct visibility_burst *burst)
{
	int64_t latest = burst->last + (burst->last_exact ? 0 : UTC_SECOND);

	if (latest > bound->latest)
		bound->latest = latest;
}

/* Bursts that went on move their bounds; those over are dropped. */
static void pending_follow(struct signals *signals)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < signals->pending_count; i++) {
		const struct pending *pending = &signals->pending[i];
		struct outage *outage =
			&signals->subjects[pending->subject].machine.outages[pending->outage];
		const struct visibility_network *entry =
			visibility_network(signals->visibility, pending->network);
		const struct visibility_burst *burst = pending->loss ? &entry->loss : &entry->gain;

		if (burst->first != pending->burst_first)
			continue;
		if (pending->phase == NOBODY)
			bound_extend(&outage->end, burst);
		else
			bound_extend(&outage->phases[pending->phase].start, burst);
		if (pending->phase == 0)
			outage->start = outage->phases[0].start;
		if (signals->now - burst->last <= signals->parameters->burst_gap)
			signals->pending[kept++] = *pending;
	}
	signals->pending_count = kept;
}

static int series_note(struct signals *signals, struct subject *subject,
		       const struct outage_value *value, struct err *err)
{
	struct series_value point = {
		.measurable = value->measurable, .blocks = value->blocks,
		.networks = value->networks, .origins = subject->origins, .peers = value->peers,
	};

	return subject->kind == SUBJECT_PLACE
		       ? series_add(&subject->series, signals->now, &point, err)
		       : 0;
}

static int subject_decide(struct signals *signals, uint32_t number, struct err *err)
{
	struct subject *subject = &signals->subjects[number];
	const struct coverage *coverage = &signals->coverage[family_index(subject->family)];
	struct outage_value value = {
		.time = signals->now, .measurable = coverage->measurable,
		.blocks = subject_blocks(signals, subject),
		.networks = subject->networks, .peers = coverage->peers,
	};
	bool loss = value.blocks < subject->machine.last.blocks;
	uint32_t network = loss ? subject->fell : subject->rose;
	enum outage_crossed crossed = CROSSED_NOT;
	int code;

	if (network != NOBODY) {
		const struct visibility_network *entry = visibility_network(signals->visibility,
									    network);

		value.bound = burst_bound(signals, loss ? &entry->loss : &entry->gain);
	} else {
		value.bound = (struct bound){ signals->now, signals->now, signals->now };
	}
	subject->fell = subject->rose = NOBODY;
	subject->dirty = false;
	if (value.measurable && subject->first_measured == UTC_NEVER) {
		subject->first_measured = signals->now;
		subject->first_blocks = value.blocks;
		subject->first_networks = value.networks;
		subject->first_origins = subject->origins;
	}
	if (value.measurable && value.networks > subject->networks_most)
		subject->networks_most = value.networks;
	if (value.measurable && value.blocks > subject->blocks_most)
		subject->blocks_most = value.blocks;
	code = series_note(signals, subject, &value, err);
	if (code == 0)
		code = outage_feed(&subject->machine, signals->parameters, &value, &crossed, err);
	if (code == 0 && crossed != CROSSED_NOT && network != NOBODY)
		code = pending_add(signals, number, crossed, network, loss, err);
	return code;
}

/* The largest number of peer ASes in the last 24 hours. */
static uint32_t usual_peers(const struct signals *signals, enum family family)
{
	uint32_t usual = 0;

	for (uint32_t i = signals->step_count; i-- > 0;) {
		const struct coverage_step *step = &signals->steps[i];

		if (step->family != family)
			continue;
		if (step->peers > usual)
			usual = step->peers;
		if (step->time < signals->now - UTC_DAY)
			break;
	}
	return usual;
}

static int coverage_decide(struct signals *signals, enum family family, struct err *err)
{
	struct coverage *coverage = &signals->coverage[family_index(family)];
	uint32_t peers = visibility_peers(signals->visibility, family);
	uint32_t usual = usual_peers(signals, family);
	bool measurable = peers >= signals->parameters->min_peers && peers > 0 &&
			  (uint64_t)peers * PPM >=
				  (uint64_t)usual * signals->parameters->min_coverage;
	bool flipped = measurable != coverage->measurable;
	int code;

	if (!flipped && peers == coverage->peers)
		return 0;
	code = VEC_GROW(signals->steps, signals->step_count, signals->step_room, err);
	if (code)
		return code;
	signals->steps[signals->step_count++] =
		(struct coverage_step){ signals->now, family, peers, measurable };
	coverage->peers = peers;
	coverage->measurable = measurable;
	coverage->measured |= measurable;
	for (uint32_t i = 0; i < signals->count && flipped && code == 0; i++) {
		if (signals->subjects[i].family == family)
			code = subject_touch(signals, i, err);
	}
	return code;
}

static int64_t dark_since(const struct signals *signals, uint32_t network)
{
	return signals->subjects[signals->network_subject[network] - 1].dark_since;
}

/* Who still holds networks that have been dark for long enough? */
static int stuck_look(struct signals *signals, struct err *err)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < signals->dark_count; i++) {
		const struct dark_network dark = signals->dark[i];
		const struct visibility_network *entry = visibility_network(signals->visibility,
									    dark.network);

		/* It came back meanwhile, perhaps to go again: that has an entry of its own. */
		if (entry->tally.seen || dark_since(signals, dark.network) != dark.since)
			continue;
		if (signals->now - dark.since < signals->parameters->stuck_after) {
			signals->dark[kept++] = dark;
			continue;
		}
		for (uint32_t vantage = 0; vantage < entry->row_room; vantage++) {
			if (!entry->row[vantage] ||
			    !visibility_is_full(signals->visibility, vantage, entry->prefix.family))
				continue;
			int code = VEC_GROW(signals->stuck, signals->stuck_count,
					    signals->stuck_room, err);

			if (code)
				return code;
			signals->stuck[signals->stuck_count++] =
				(struct stuck_route){ dark.network, vantage, dark.since };
		}
	}
	signals->dark_count = kept;
	return 0;
}

static int instant_end(struct signals *signals, struct err *err)
{
	int code;

	if (signals->now == UTC_NEVER)
		return 0;
	code = visibility_settle(signals->visibility, err);
	if (code == 0)
		code = coverage_decide(signals, FAMILY_IPV4, err);
	if (code == 0)
		code = coverage_decide(signals, FAMILY_IPV6, err);
	if (code == 0)
		code = stuck_look(signals, err);
	for (uint32_t i = 0; i < signals->dirty_count && code == 0; i++)
		code = subject_decide(signals, signals->dirty[i], err);
	signals->dirty_count = 0;
	return code;
}

static int instant_begin(struct signals *signals, int64_t time, struct err *err)
{
	int code;

	if (time <= signals->now)
		return 0;
	code = instant_end(signals, err);
	signals->now = time;
	pending_follow(signals);
	return code;
}

static int on_hold(void *context, const struct visibility_hold *hold, struct err *err)
{
	struct signals *signals = context;
	int code = instant_begin(signals, hold->time, err);

	return code ? code : visibility_hold(signals->visibility, hold, err);
}

static int on_vantage(void *context, const struct settled_vantage *change, struct err *err)
{
	struct signals *signals = context;
	int code = instant_begin(signals, change->time, err);

	if (code)
		return code;
	if (change->kind == SETTLED_CLEARED)
		return visibility_clear(signals->visibility, change->vantage, err);
	return visibility_full(signals->visibility, change->vantage, change->family,
			       change->kind == SETTLED_FULL, err);
}

int signals_new(const struct measure_parameters *parameters, const struct signals_plan *plan,
		struct signals **ret_signals, struct err *err)
{
	struct signals *signals = calloc(1, sizeof(*signals));
	struct visibility_sink sink = { .context = signals, .toggled = on_toggled };
	int code;

	if (!signals)
		return err_memory(err);
	if (plan->networks) {
		sink.held = on_held;
		sink.holds = on_holds;
	}
	signals->parameters = parameters;
	signals->plan = *plan;
	signals->now = UTC_NEVER;
	code = visibility_new(parameters, &sink, &signals->visibility, err);
	if (code == 0)
		code = settle_new(&(struct settle_sink){ signals, on_hold, on_vantage },
				  &signals->settle, err);
	if (code) {
		signals_free(signals);
		return code;
	}
	*ret_signals = signals;
	return 0;
}

void signals_free(struct signals *signals)
{
	if (!signals)
		return;
	for (uint32_t i = 0; i < signals->count; i++) {
		space_free(&signals->subjects[i].space);
		outage_machine_free(&signals->subjects[i].machine);
		series_free(&signals->subjects[i].series);
	}
	visibility_free(signals->visibility);
	settle_free(signals->settle);
	map_free(&signals->by_key);
	map_free(&signals->origin_uses);
	free(signals->subjects);
	free(signals->network_subject);
	free(signals->dirty);
	free(signals->pending);
	free(signals->steps);
	free(signals->stuck);
	free(signals->dark);
	traces_free(&signals->network_traces);
	traces_free(&signals->vantage_traces);
	free(signals);
}

int signals_add_vantage(struct signals *signals, uint32_t vantage, uint32_t peer_asn,
			struct err *err)
{
	return visibility_add_vantage(signals->visibility, vantage, peer_asn, err);
}

int signals_add_network(struct signals *signals, const struct prefix *prefix, uint32_t country,
			uint32_t *ret_network, struct err *err)
{
	uint32_t network = 0, subject = 0;
	int code = visibility_add_network(signals->visibility, prefix, &network, err);

	if (code == 0 && (signals->plan.place || (signals->plan.countries && country))) {
		code = subject_get(signals, signals->plan.place ? SUBJECT_PLACE : SUBJECT_COUNTRY,
				   signals->plan.place ? 0 : country, prefix->family, &subject,
				   err);
		if (code == 0)
			visibility_network(signals->visibility, network)->label = subject + 1;
	}
	if (code == 0 && signals->plan.networks) {
		code = subject_get(signals, SUBJECT_NETWORK, network, prefix->family, &subject,
				   err);
		if (code == 0)
			code = VEC_GROW(signals->network_subject, network,
					signals->network_subject_room, err);
		if (code == 0)
			signals->network_subject[network] = subject + 1;
	}
	if (code == 0)
		*ret_network = network;
	return code;
}

int signals_hold(struct signals *signals, const struct visibility_hold *hold, struct err *err)
{
	return settle_hold(signals->settle, hold, err);
}

int signals_vantage(struct signals *signals, const struct settled_vantage *change, struct err *err)
{
	return settle_vantage(signals->settle, change, err);
}

int signals_clock(struct signals *signals, int64_t settled, struct err *err)
{
	return settle_release(signals->settle, settled, err);
}

int signals_finish(struct signals *signals, int64_t time, struct err *err)
{
	int code = settle_release(signals->settle, UTC_END, err);

	if (code == 0)
		code = instant_begin(signals, time, err);
	if (code == 0)
		code = instant_end(signals, err);
	pending_follow(signals);
	for (uint32_t i = 0; i < signals->count && code == 0; i++)
		code = outage_finish(&signals->subjects[i].machine, signals->parameters, time, err);
	if (code == 0)
		code = traces_end(&signals->network_traces, err);
	return code ? code : traces_end(&signals->vantage_traces, err);
}

uint32_t signals_subject_count(const struct signals *signals)
{
	return signals->count;
}

const struct subject *signals_subject(const struct signals *signals, uint32_t i)
{
	return &signals->subjects[i];
}

const struct subject *signals_find(const struct signals *signals, enum subject_kind kind,
				   uint32_t id, enum family family)
{
	uint32_t number = map_get(&signals->by_key, subject_key(kind, id, family));

	return number == MAP_NONE ? NULL : &signals->subjects[number];
}

struct visibility *signals_visibility(struct signals *signals)
{
	return signals->visibility;
}

uint32_t signals_coverage_count(const struct signals *signals)
{
	return signals->step_count;
}

const struct coverage_step *signals_coverage(const struct signals *signals, uint32_t i)
{
	return &signals->steps[i];
}

bool signals_measured(const struct signals *signals, enum family family)
{
	return signals->coverage[family_index(family)].measured;
}

uint32_t signals_stuck_count(const struct signals *signals)
{
	return signals->stuck_count;
}

const struct stuck_route *signals_stuck(const struct signals *signals, uint32_t i)
{
	return &signals->stuck[i];
}

const struct trace *signals_network_trace(const struct signals *signals, uint32_t network)
{
	return traces_get(&signals->network_traces, network);
}

const struct trace *signals_vantage_trace(const struct signals *signals, uint32_t vantage)
{
	return traces_get(&signals->vantage_traces, vantage);
}
