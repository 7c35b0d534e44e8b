/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vantage point is a machine of three states:
 *
 *	          whole RIB                       lost (down, silent, damaged, drifted, …)
 *	  blind ─────────────▶ live ──────────────────────────────────────────────────▶ blind
 *	    │  session up        ▲   session up, table announced again
 *	    └──────▶ refilling ──┘◀──────────────────────── live
 *	              End-of-RIB, or nothing new for refill_quiet
 *
 * Sessions, messages and refills act at once. What only time tells (silence, a refill gone
 * quiet, an audit due) is looked for at whole minutes of the stream, so that the answer depends
 * on what the recordings say and not on how they are cut into files. Sweeps where nothing can
 * be due are skipped.
 *
 * What is noticed late takes effect from the last sign of the session, but never more than the
 * horizon ago for those who listen; the roster gets the true time.
 */
#include "table/liveness.h"

#include "table/audit.h"

#define BURST_TABLE_MIN 100u	/* a smaller table is announced again by chance */

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The first whole minute after `time`. */
static int64_t minute_after(int64_t time)
{
	int64_t into = time % UTC_MINUTE;

	return time - (into < 0 ? into + UTC_MINUTE : into) + UTC_MINUTE;
}

/* The last proof that the session stood and the table was known. */
static int64_t last_sign(struct table *table, uint32_t vantage)
{
	const struct vantage *of = &table->vantages[vantage];

	return later(roster_of(table, vantage)->last_heard, later(of->rib_time, of->live_since));
}

static int tell(struct table *table, struct vantage_change *change)
{
	change->noticed = table->clock;
	if (change->since > table->clock)
		change->since = table->clock;
	if (change->since < table->clock - table->horizon)
		change->since = table->clock - table->horizon;
	return table->sink.vantage ? table->sink.vantage(table->sink.context, change) : 0;
}

int liveness_live(struct table *table, uint32_t vantage, enum roster_why why, int64_t since,
		  struct err *err)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];
	struct vantage_change change = {
		.vantage = vantage, .live = true, .why = why, .since = since, .again = entry->live,
	};

	entry->table4 = entry->held4;
	entry->table6 = entry->held6;
	if (!entry->live) {
		if (roster_begin(&entry->live_intervals, since, why) != 0)
			return err_memory(err);
		entry->live = true;
		table->collectors[of->collector].live++;
		of->live_since = since;
		of->agreed_at = since;
		of->burst.from = UTC_NEVER;
	}
	of->refilling = false;
	of->again = false;
	of->down = false;
	return tell(table, &change);
}

/* The record that betrays why, or the last one heard. */
static void interval_told(struct table *table, uint32_t vantage, int64_t since,
			  const struct record_ref *told, int64_t told_at)
{
	struct roster_intervals *live = &roster_of(table, vantage)->live_intervals;
	struct roster_interval *last = live->count ? &live->at[live->count - 1] : NULL;

	if (!last || last->until != since)
		return;
	last->told = told ? *told : table->vantages[vantage].heard;
	last->told_at = told ? told_at : roster_of(table, vantage)->last_heard;
}

int liveness_blind(struct table *table, uint32_t vantage, enum roster_why why, int64_t since,
		   bool clear, const struct record_ref *told)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];
	struct vantage_change change = {
		.vantage = vantage,
		.cleared = clear && held_by(table, vantage),
		.why = why,
		.since = since,
	};
	bool was_live = entry->live;

	of->losses++;
	table->losses++;
	of->refilling = false;
	of->again = false;
	of->known = 0;
	if (was_live) {
		roster_end(&entry->live_intervals, since, why);
		interval_told(table, vantage, since, told,
			      why == ROSTER_ANNOUNCED_AGAIN ? of->burst.from : table->clock);
		table->collectors[of->collector].live--;
		entry->live = false;
	}
	if (change.cleared)
		state_forget(table, vantage);
	return was_live || change.cleared ? tell(table, &change) : 0;
}

static void pulse_beat(struct pulse *pulse, int64_t clock, int64_t gap)
{
	pulse->messages++;
	if (gap > pulse->longest_gap)
		pulse->longest_gap = gap;
	pulse->last_heard = clock;
}

void liveness_heard(struct table *table, uint32_t vantage, const struct event *event)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];
	struct collector *collector = &table->collectors[of->collector];
	struct pulse pulse = { entry->messages, entry->last_heard, entry->longest_gap };
	int64_t before = pulse.last_heard;

	if (of->heard.number == event->ref.number && of->heard.input == event->ref.input)
		return;
	of->heard = event->ref;
	of->heard_before = before;
	of->down = false;
	pulse_beat(&pulse, table->clock, entry->live && before != UTC_NEVER
		   ? table->clock - last_sign(table, vantage) : 0);
	entry->messages = pulse.messages;
	entry->last_heard = pulse.last_heard;
	entry->longest_gap = pulse.longest_gap;
	if (before == UTC_NEVER)
		entry->first_heard = table->clock;
	before = collector->pulse.last_heard;
	pulse_beat(&collector->pulse, table->clock, collector->live && before != UTC_NEVER
		   ? table->clock - later(before, collector->rib_time) : 0);
}

/*
 * When `pulse`, last seen at `sign`, will have been silent for too long; INT64_MAX when that
 * cannot be told: too little was heard to know what is usual, or what is usual is silence.
 */
static int64_t silent_at(const struct table *table, const struct pulse *pulse, int64_t sign)
{
	const struct table_parameters *parameters = &table->parameters;
	int64_t silence;

	if (pulse->messages < parameters->silence_messages || pulse->messages == 0)
		return INT64_MAX;
	if (pulse->longest_gap > parameters->silence_max)
		return INT64_MAX;
	silence = later(parameters->silence_min, pulse->longest_gap * parameters->silence_factor);
	return silence > parameters->silence_max ? INT64_MAX : sign + silence;
}

static int64_t vantage_silent_at(struct table *table, uint32_t vantage)
{
	const struct roster_vantage *entry = roster_of(table, vantage);
	struct pulse pulse = { entry->messages, entry->last_heard, entry->longest_gap };

	return entry->live ? silent_at(table, &pulse, last_sign(table, vantage)) : INT64_MAX;
}

static int64_t quiet_at(const struct table *table, const struct vantage *of)
{
	return of->refilling && of->refill_announcements
		       ? of->news_at + table->parameters.refill_quiet
		       : INT64_MAX;
}

/* Takes away what a lost session's table had and the new one does not. */
static int purge(struct table *table, uint32_t vantage, struct err *err)
{
	struct vantage *of = &table->vantages[vantage];
	uint32_t network = 0;

	for (; (network = routes_next(&table->pool, &of->routes, network)) != UINT32_MAX;
	     network++) {
		struct table_change change = {
			.time = table->clock, .evidence = table->clock, .network = network,
			.vantage = vantage, .after = PATH_NONE, .why = CHANGE_PURGE,
		};
		int code;

		if (marks_has(&of->burst.marks, network))
			continue;
		if (of->has_addpath)
			addpath_forget(&table->addpath, addpath_key(vantage, network));
		if (state_hold(table, vantage, network, PATH_NONE, &change.before) != 0)
			return err_memory(err);
		code = state_tell(table, &change);
		if (code)
			return code;
	}
	return 0;
}

static int refilled(struct table *table, uint32_t vantage, enum roster_why why, int64_t since,
		    struct err *err)
{
	int code = table->vantages[vantage].again ? purge(table, vantage, err) : 0;

	table->vantages[vantage].known = FAMILIES_ALL;
	return code ? code : liveness_live(table, vantage, why, since, err);
}

static void refill_begin(struct table *table, uint32_t vantage)
{
	struct vantage *of = &table->vantages[vantage];

	of->refilling = true;
	of->refill_announcements = 0;
	of->news_at = table->clock;
	of->end_of_rib4 = false;
	of->end_of_rib6 = false;
}

static int session_up(struct table *table, uint32_t vantage, const struct event *event)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];
	int code = 0;

	/* Told twice: by an OPEN and by a state, or by both sides' OPEN. */
	if (!of->refilling || of->refill_announcements) {
		int64_t since = entry->live ? last_sign(table, vantage) : table->clock;

		if (entry->held_ever && !of->down)
			entry->session_losses++;
		code = liveness_blind(table, vantage, ROSTER_SESSION_UP, since, true, &event->ref);
	}
	of->down = false;
	refill_begin(table, vantage);
	return code;
}

static int session_down(struct table *table, uint32_t vantage, const struct event *event)
{
	struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];

	if (entry->held_ever && !of->down)
		entry->session_losses++;
	of->down = true;
	return liveness_blind(table, vantage, ROSTER_SESSION_DOWN, table->clock, true, &event->ref);
}

int liveness_state(struct table *table, uint32_t vantage, const struct event *event)
{
	roster_of(table, vantage)->states++;
	if (event->state_new == BGP_STATE_ESTABLISHED && event->state_old != BGP_STATE_ESTABLISHED)
		return session_up(table, vantage, event);
	if (event->state_old == BGP_STATE_ESTABLISHED && event->state_new != BGP_STATE_ESTABLISHED)
		return session_down(table, vantage, event);
	return 0;
}

/*
 * Where a recording has states they say it better. An OPEN begins a session, a NOTIFICATION
 * ends it (RFC 4271 sections 4.2 and 4.5).
 */
int liveness_message(struct table *table, uint32_t vantage, const struct event *event)
{
	if (roster_of(table, vantage)->states)
		return 0;
	if (event->message == BGP_OPEN)
		return session_up(table, vantage, event);
	if (event->message == BGP_NOTIFICATION)
		return session_down(table, vantage, event);
	return 0;
}

/* RFC 4724 section 2: the initial update of one family is complete. */
int liveness_end_of_rib(struct table *table, uint32_t vantage, const struct event *event,
			struct err *err)
{
	const struct roster_vantage *entry = roster_of(table, vantage);
	struct vantage *of = &table->vantages[vantage];

	if (event->safi != 1 || event->afi < 1 || event->afi > 2)
		return 0;
	if (event->afi == 1)
		of->end_of_rib4 = true;
	else
		of->end_of_rib6 = true;
	if (entry->live)
		return liveness_live(table, vantage, ROSTER_END_OF_RIB, table->clock, err);
	if (!of->refilling || of->refill_announcements == 0)
		return 0;
	/* The other family has begun and has its own end to come; or goes quiet. */
	if ((entry->held4 && !of->end_of_rib4) || (entry->held6 && !of->end_of_rib6))
		return 0;
	return refilled(table, vantage, ROSTER_END_OF_RIB, table->clock, err);
}

/* Most of the table came again: the session was lost some time after `burst.before`, unseen. */
static int announced_again(struct table *table, uint32_t vantage)
{
	struct vantage *of = &table->vantages[vantage];
	uint64_t announcements = of->burst.held_again;
	int code;

	roster_of(table, vantage)->session_losses++;
	code = liveness_blind(table, vantage, ROSTER_ANNOUNCED_AGAIN, of->burst.before, false,
			      &of->burst.ref);
	refill_begin(table, vantage);
	of->again = true;
	of->refill_announcements = announcements;
	return code;
}

int liveness_announced(struct table *table, uint32_t vantage, uint32_t network, uint32_t before,
		       struct err *err)
{
	struct vantage *of = &table->vantages[vantage];
	struct burst *burst = &of->burst;
	bool new = before == PATH_NONE;

	if (!of->refilling && !roster_of(table, vantage)->live)
		return 0;
	if (of->refilling && !of->again) {
		of->refill_announcements++;
		if (new)
			of->news_at = table->clock;
		return 0;
	}
	if (!of->refilling && (burst->from == UTC_NEVER ||
			       table->clock - burst->from > table->parameters.again_window)) {
		burst->from = table->clock;
		burst->before = later(of->heard_before, later(of->live_since, of->rib_time));
		burst->ref = of->heard;
		burst->held_again = 0;
		marks_clear(&burst->marks);
	}
	if (marks_set(&burst->marks, network, &new) != 0)
		return err_memory(err);
	if (of->refilling) {
		of->refill_announcements++;
		if (new)
			of->news_at = table->clock;
		return 0;
	}
	if (!new || before == PATH_NONE)
		return 0;
	burst->held_again++;
	if (held_by(table, vantage) >= BURST_TABLE_MIN &&
	    (uint64_t)burst->held_again * PPM >=
		    (uint64_t)held_by(table, vantage) * table->parameters.again_share)
		return announced_again(table, vantage);
	return 0;
}

int liveness_damage(struct table *table, uint32_t collector)
{
	for (uint32_t i = 0; i < table->vantage_count; i++) {
		int code;

		if (table->vantages[i].collector != collector)
			continue;
		/* A refill of which a part is lost never completes. */
		table->vantages[i].refilling = false;
		table->vantages[i].again = false;
		if (!roster_of(table, i)->live)
			continue;
		code = liveness_blind(table, i, ROSTER_DAMAGE, last_sign(table, i), false, NULL);
		if (code)
			return code;
	}
	return 0;
}

/* Those who are noticed make the next whole minute due: what they are now is judged then. */
static int sweep_collector(struct table *table, uint32_t number, int64_t *ret_due)
{
	struct collector *collector = &table->collectors[number];
	int64_t sign = later(collector->pulse.last_heard, collector->rib_time);
	int64_t due = collector->live ? silent_at(table, &collector->pulse, sign) : INT64_MAX;

	if (due < *ret_due)
		*ret_due = due;
	if (due >= table->clock)
		return 0;
	for (uint32_t i = 0; i < table->vantage_count; i++) {
		int code;

		if (table->vantages[i].collector != number || !roster_of(table, i)->live)
			continue;
		code = liveness_blind(table, i, ROSTER_COLLECTOR_SILENCE,
				      later(sign, table->vantages[i].live_since), false, NULL);
		if (code)
			return code;
	}
	return 0;
}

static int sweep_vantage(struct table *table, uint32_t vantage, int64_t *ret_due, struct err *err)
{
	int64_t silent = vantage_silent_at(table, vantage);
	int64_t quiet = quiet_at(table, &table->vantages[vantage]);
	int64_t due = silent < quiet ? silent : quiet;

	if (due < *ret_due)
		*ret_due = due;
	if (silent < table->clock)
		return liveness_blind(table, vantage, ROSTER_SILENCE, last_sign(table, vantage),
				      false, NULL);
	if (quiet < table->clock)
		return refilled(table, vantage, ROSTER_QUIET, quiet, err);
	return 0;
}

static int sweep(struct table *table, bool end, struct err *err)
{
	int64_t due = INT64_MAX;
	int code = 0;

	for (uint32_t i = 0; code == 0 && i < table->collector_count; i++)
		code = sweep_collector(table, i, &due);
	for (uint32_t i = 0; code == 0 && i < table->vantage_count; i++)
		code = sweep_vantage(table, i, &due, err);
	if (code == 0)
		code = audit_decide(table, end, &due, err);
	if (code)
		return code;
	table->next_sweep =
		due == INT64_MAX ? INT64_MAX : later(minute_after(due), minute_after(table->clock));
	return 0;
}

int liveness_advance(struct table *table, int64_t time, struct err *err)
{
	if (time <= table->clock)
		return 0;
	while (table->clock != UTC_NEVER && table->next_sweep <= time) {
		int code;

		table->clock = table->next_sweep;
		code = sweep(table, false, err);
		if (code)
			return code;
	}
	table->clock = time;
	/* What comes now may be due sooner than anything was. */
	if (table->next_sweep > minute_after(time))
		table->next_sweep = minute_after(time);
	return 0;
}

int liveness_end(struct table *table, struct err *err)
{
	int code = table->clock == UTC_NEVER ? 0 : sweep(table, true, err);

	for (uint32_t i = 0; code == 0 && i < table->vantage_count; i++)
		roster_end(&roster_of(table, i)->live_intervals, table->clock, ROSTER_END_OF_DATA);
	return code;
}
