/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stability: transitions (changes of seen and dark) and updates by hour, of the place and network
 * by network, and how it was before, during and after each outage. Episodes of instability stand in
 * fill_unrest.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/fill_stability.h"

/* More hours than a year and a half has are not listed. */
#define HOURS_MAX 13000u

static const struct outage_machine *machine_of(const struct run *run, uint32_t network)
{
	const struct prefix *prefix =
		&visibility_network(signals_visibility(run->signals), network)->prefix;
	const struct subject *subject = signals_find(run->signals, SUBJECT_NETWORK, network,
						     prefix->family);

	return subject ? &subject->machine : NULL;
}

/* Outages of a network that begin, and that are over, in [from, until). */
static uint32_t transitions(const struct outage_machine *machine, int64_t from, int64_t until)
{
	uint32_t count = 0;

	for (uint32_t i = 0; machine && i < machine->count; i++) {
		const struct outage *outage = &machine->outages[i];

		count += outage->start.at >= from && outage->start.at < until;
		count += outage->how_ended == OUTAGE_OVER && outage->end.at >= from &&
			 outage->end.at < until;
	}
	return count;
}

/* The times in which it was dark; the caller's to free. */
static int excepts_of(const struct outage_machine *machine, struct hours_except **ret_except,
		      uint32_t *ret_count, struct err *err)
{
	uint32_t count = machine ? machine->count : 0;
	struct hours_except *except = calloc(count ? count : 1, sizeof(*except));

	if (!except)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++)
		except[i] = (struct hours_except){
			machine->outages[i].start.at,
			machine->outages[i].end.at != UTC_NEVER ? machine->outages[i].end.at : INT64_MAX };
	*ret_except = except;
	*ret_count = count;
	return 0;
}

static int baseline_of(const struct run *run, uint32_t network,
		       const struct outage_machine *machine, uint32_t *ret_baseline,
		       struct err *err)
{
	struct hours_except *except = NULL;
	uint32_t count = 0;
	int code = excepts_of(machine, &except, &count, err);

	if (code == 0)
		code = hours_baseline(run->hours, network, run->first_heard, run->end, except,
				      count, ret_baseline, err);
	free(except);
	return code;
}

/* Outside the place's outages of either family. */
static int place_baseline(const struct run *run, uint32_t *ret_baseline, struct err *err)
{
	const struct subject *four = signals_find(run->signals, SUBJECT_PLACE, 0, FAMILY_IPV4);
	const struct subject *six = signals_find(run->signals, SUBJECT_PLACE, 0, FAMILY_IPV6);
	struct hours_except *a = NULL, *b = NULL, *both;
	uint32_t a_count = 0, b_count = 0;
	int code = excepts_of(four ? &four->machine : NULL, &a, &a_count, err);

	if (code == 0)
		code = excepts_of(six ? &six->machine : NULL, &b, &b_count, err);
	both = code == 0 ? calloc((size_t)a_count + b_count + 1, sizeof(*both)) : NULL;
	if (code == 0 && !both)
		code = err_memory(err);
	if (code == 0) {
		memcpy(both, a, a_count * sizeof(*both));
		memcpy(both + a_count, b, b_count * sizeof(*both));
		code = hours_baseline(run->hours, UINT32_MAX, run->first_heard, run->end, both,
				      a_count + b_count, ret_baseline, err);
	}
	free(a);
	free(b);
	free(both);
	return code;
}

/* An hour of a network while the busiest are looked for. */
struct hour_row {
	struct prefix prefix;
	uint32_t network;
	struct hour hour;
	uint32_t transitions;
};

struct hour_rows {
	struct hour_row *at;
	uint32_t count, room;
};

static int rows_add(struct hour_rows *rows, const struct run *run, uint32_t network,
		    struct err *err)
{
	const struct outage_machine *machine = machine_of(run, network);
	uint32_t count, next = 0;
	const struct hour *hours = hours_of(run->hours, network, &count);
	int64_t first = run->first_heard - run->first_heard % UTC_HOUR;
	int code = 0;

	if (!count && (!machine || !machine->count))
		return 0;
	for (int64_t from = first; from <= run->end && code == 0; from += UTC_HOUR) {
		struct hour_row row = { .network = network, .hour.from = from };

		if (next < count && hours[next].from == from)
			row.hour = hours[next++];
		row.transitions = transitions(machine, from, from + UTC_HOUR);
		if (!row.hour.announcements && !row.hour.withdrawals && !row.transitions)
			continue;
		row.prefix = visibility_network(signals_visibility(run->signals), network)->prefix;
		code = VEC_GROW(rows->at, rows->count, rows->room, err);
		if (code == 0)
			rows->at[rows->count++] = row;
	}
	return code;
}

static int compare_rows(const void *a, const void *b)
{
	const struct hour_row *left = a, *right = b;
	int order = prefix_compare(&left->prefix, &right->prefix);

	return order				    ? order
	       : left->hour.from < right->hour.from ? -1
						    : left->hour.from > right->hour.from;
}

static int compare_busy(const void *a, const void *b)
{
	const struct hour_row *left = a, *right = b;
	uint64_t left_updates = (uint64_t)left->hour.announcements + left->hour.withdrawals;
	uint64_t right_updates = (uint64_t)right->hour.announcements + right->hour.withdrawals;

	if (left->transitions != right->transitions)
		return left->transitions > right->transitions ? -1 : 1;
	if (left_updates != right_updates)
		return left_updates > right_updates ? -1 : 1;
	return compare_rows(a, b);
}

static int fill_network_hours(const struct run *run, const struct hour_rows *rows,
			      struct finding *finding, struct err *err)
{
	struct finding_report *report = finding->result.report;
	uint32_t listed = rows->count < HOURS_LISTED ? rows->count : HOURS_LISTED, baseline = 0;
	int code = 0;

	report->network_hours =
		arena_zalloc(&finding->arena,
			     (listed ? listed : 1) * sizeof(*report->network_hours));
	if (!report->network_hours)
		return err_memory(err);
	for (uint32_t i = 0; i < listed && code == 0; i++) {
		const struct hour_row *row = &rows->at[i];

		if (i == 0 || row->network != row[-1].network)
			code = baseline_of(run, row->network, machine_of(run, row->network),
					   &baseline, err);
		report->network_hours[i] = (struct finding_hour){
			.network = i && row->network == row[-1].network ?
				report->network_hours[i - 1].network
									: fill_prefix(finding,
										&row->prefix),
			.from = row->hour.from, .networks = 1, .transitions = row->transitions,
			.announcements = row->hour.announcements, .withdrawals = row->hour.withdrawals, .baseline = baseline };
		if (!report->network_hours[i].network)
			return err_memory(err);
	}
	report->network_hour_count = listed;
	report->network_hours_left_out = rows->count - listed;
	return code;
}

static int fill_place_hours(const struct run *run, const struct hour_rows *rows,
			    struct finding *finding, struct err *err)
{
	struct finding_report *report = finding->result.report;
	int64_t first = run->first_heard - run->first_heard % UTC_HOUR;
	uint64_t count = (uint64_t)(run->end - first) / UTC_HOUR + 1;
	uint32_t baseline = 0;
	int code = place_baseline(run, &baseline, err);

	if (code)
		return code;
	count = count < HOURS_MAX ? count : HOURS_MAX;
	report->hours = arena_zalloc(&finding->arena, count * sizeof(*report->hours));
	if (!report->hours)
		return err_memory(err);
	report->hour_count = (uint32_t)count;
	for (uint32_t i = 0; i < count; i++)
		report->hours[i] = (struct finding_hour){
			.network = "", .from = first + (int64_t)i * UTC_HOUR, .baseline = baseline };
	for (uint32_t i = 0; i < rows->count; i++) {
		uint64_t at = (uint64_t)(rows->at[i].hour.from - first) / UTC_HOUR;
		struct finding_hour *hour = &report->hours[at < count ? at : count - 1];

		if (at >= count)
			continue;
		hour->networks++;
		hour->transitions += rows->at[i].transitions;
		hour->announcements += rows->at[i].hour.announcements;
		hour->withdrawals += rows->at[i].hour.withdrawals;
	}
	return 0;
}

static int fill_hours(const struct run *run, struct finding *finding, struct err *err)
{
	struct hour_rows rows = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < run->network_count && code == 0; i++)
		code = rows_add(&rows, run, i, err);
	if (code == 0)
		code = fill_place_hours(run, &rows, finding, err);
	if (code == 0 && rows.count > HOURS_LISTED) {
		qsort(rows.at, rows.count, sizeof(*rows.at), compare_busy);
		qsort(rows.at, HOURS_LISTED, sizeof(*rows.at), compare_rows);
	} else if (code == 0 && rows.count) {
		qsort(rows.at, rows.count, sizeof(*rows.at), compare_rows);
	}
	if (code == 0)
		code = fill_network_hours(run, &rows, finding, err);
	free(rows.at);
	return code;
}

static uint32_t place_transitions(const struct run *run, const char *family, int64_t from,
				  int64_t until)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < run->network_count; i++) {
		const struct prefix *prefix =
			&visibility_network(signals_visibility(run->signals), i)->prefix;

		if (strcmp(family_name(prefix->family), family) == 0)
			count += transitions(machine_of(run, i), from, until);
	}
	return count;
}

static void fill_spell(const struct run *run, const struct finding_report *report,
		       const struct finding_outage *outage, struct finding_spell *into)
{
	int64_t minutes = (into->until - into->from) / UTC_MINUTE;
	struct hour span;

	hours_span(run->hours, into->from, into->until, &span);
	into->announcements = span.announcements;
	into->withdrawals = span.withdrawals;
	into->hourly = minutes ? (uint32_t)(((uint64_t)span.announcements + span.withdrawals) * 60 /
					    (uint64_t)minutes)
			       : 0;
	into->baseline = report->hour_count ? report->hours[0].baseline : 0;
	into->transitions = place_transitions(run, outage->family, into->from, into->until);
	for (uint32_t i = 0; i < report->unrest_count; i++)
		into->unrests += report->unrest[i].start.at < into->until &&
				 report->unrest[i].end.at >= into->from;
}

/* Whole minutes: the outage's own messages belong to it. */
static int fill_spells(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_report *report = finding->result.report;

	report->spells = arena_zalloc(&finding->arena, (3 * (size_t)report->outage_count + 1) *
							       sizeof(*report->spells));
	if (!report->spells)
		return err_memory(err);
	for (uint32_t i = 0; i < report->outage_count; i++) {
		const struct finding_outage *outage = &report->outages[i];
		int64_t start = outage->start.earliest -
				((outage->start.earliest % UTC_MINUTE) + UTC_MINUTE) % UTC_MINUTE;
		int64_t end = outage->end.at != UTC_NEVER ? outage->end.latest : run->end;
		struct finding_spell spells[3] = {
			{ .when = "before", .from = start - UTC_HOUR, .until = start },
			{ .when = "during", .from = start },
			{ .when = "after" },
		};

		end = end - end % UTC_MINUTE + UTC_MINUTE;
		spells[1].until = spells[2].from = end;
		spells[2].until = end + UTC_HOUR;
		for (unsigned k = 0; k < 3; k++) {
			struct finding_spell *spell = &spells[k];

			if (spell->from < run->first_heard)
				spell->from = run->first_heard - run->first_heard % UTC_MINUTE;
			if (spell->until > run->end + UTC_MINUTE)
				spell->until = run->end - run->end % UTC_MINUTE + UTC_MINUTE;
			if (spell->from >= spell->until)
				continue;
			spell->outage = i + 1;
			fill_spell(run, report, outage, spell);
			report->spells[report->spell_count++] = *spell;
		}
	}
	return 0;
}

int fill_stability(const struct run *run, struct finding *finding, struct err *err)
{
	int code;

	/* Without a record there are no hours. */
	if (run->first_heard == UTC_NEVER || run->end == UTC_NEVER)
		return 0;
	code = fill_hours(run, finding, err);
	if (code == 0)
		code = fill_unrest(run, finding, err);
	return code ? code : fill_spells(run, finding, err);
}
