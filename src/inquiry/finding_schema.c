/* SPDX-License-Identifier: BSD-2-Clause */
/* The schema of a finding: one row per field, in the order of the structs. docs/finding.md says what each means. */
#include <string.h>

#include "base/view.h"
#include "inquiry/finding.h"

#define FIELD(type, name, kind) { #name, kind, offsetof(struct type, name), 0, NULL }
#define TEXT(type, name) FIELD(type, name, FIELD_TEXT)
#define U32(type, name) FIELD(type, name, FIELD_U32)
#define U64(type, name) FIELD(type, name, FIELD_U64)
#define I64(type, name) FIELD(type, name, FIELD_I64)
#define TIME(type, name) FIELD(type, name, FIELD_TIME)
#define BOOL(type, name) FIELD(type, name, FIELD_BOOL)
#define OBJECT(type, name, schema) { #name, FIELD_OBJECT, offsetof(struct type, name), 0, &schema }
#define PART(type, name, schema) { #name, FIELD_PART, offsetof(struct type, name), 0, &schema }
#define LIST(type, name, count, schema) \
	{ #name, FIELD_LIST, offsetof(struct type, name), offsetof(struct type, count), &schema }
#define U32_LIST(type, name, count) \
	{ #name, FIELD_U32_LIST, offsetof(struct type, name), offsetof(struct type, count), NULL }

#define SCHEMA(name, type, ...) \
	static const struct field name##_fields[] = { __VA_ARGS__ }; \
	static const struct schema name = { \
		#type, sizeof(struct type), name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0]) }

#define T finding_parameter
SCHEMA(parameter, T, TEXT(T, name), TEXT(T, unit), I64(T, value));
#undef T
#define T finding_question
SCHEMA(question, T, TEXT(T, kind), TEXT(T, subject), TEXT(T, subject_kind), TEXT(T, subject_name),
       TEXT(T, within), TEXT(T, weight),
       TIME(T, from), TIME(T, until), TIME(T, at), I64(T, step), U32_LIST(T, blackholes, blackhole_count),
       LIST(T, parameters, parameter_count, parameter));
#undef T
#define T finding_bound
SCHEMA(bound, T, TIME(T, at), TIME(T, earliest), TIME(T, latest));
#undef T
#define T finding_coverage_family
SCHEMA(coverage_family, T, TEXT(T, family), BOOL(T, measurable), U64(T, full_feed_asked),
       U32(T, full_feed_peers), U32(T, full_feed_peers_most), U32(T, live), I64(T, measured));
#undef T
#define T finding_coverage_step
SCHEMA(coverage_step, T, TIME(T, time), TEXT(T, family), U32(T, peers), BOOL(T, measurable));
#undef T
#define T finding_coverage
SCHEMA(coverage, T, TIME(T, from), TIME(T, until), BOOL(T, rib), U32(T, collectors),
       U32(T, vantage_points), U32(T, peer_ases), U32(T, sessions_lost), U32(T, sessions_lost_inferred),
       U32(T, silences), U64(T, announcements), U64(T, withdrawals), U64(T, spurious), U64(T, passed_over_ipv4),
       U64(T, passed_over_ipv6), LIST(T, families, family_count, coverage_family),
       LIST(T, steps, step_count, coverage_step));
#undef T
#define T finding_limit
SCHEMA(limit, T, TEXT(T, code), TEXT(T, text));
#undef T
#define T finding_census_row
SCHEMA(census_row, T, TEXT(T, country), TEXT(T, name), TEXT(T, family), U32(T, networks),
       U32(T, networks_share), U64(T, blocks), U32(T, blocks_share), U32(T, origins), U32(T, foreign_origin));
#undef T
#define T finding_census
SCHEMA(census, T, TIME(T, at), LIST(T, world, world_count, census_row), LIST(T, rows, row_count, census_row));
#undef T
#define T finding_transit
SCHEMA(transit, T, TEXT(T, role), U32(T, asn), U32(T, to), TEXT(T, name), TEXT(T, country), BOOL(T, country_inferred),
       U32(T, networks), U32(T, peers), U32(T, share));
#undef T
#define T finding_path
SCHEMA(path, T, TEXT(T, path), U32(T, networks), U32(T, peers));
#undef T
#define T finding_flagged
SCHEMA(flagged, T, TEXT(T, flag), TEXT(T, network), TEXT(T, country), U32(T, origin),
       TEXT(T, origin_country), TEXT(T, path), U32(T, peers));
#undef T
#define T finding_hegemony_view
SCHEMA(hegemony_view, T, TEXT(T, family), U32(T, networks), U64(T, weight), U32(T, peers), U32(T, trimmed),
       BOOL(T, full_feeds), BOOL(T, measurable));
#undef T
#define T finding_hegemony
SCHEMA(hegemony, T, TEXT(T, family), U32(T, asn), TEXT(T, name), TEXT(T, country), BOOL(T, country_inferred),
       TEXT(T, side), U32(T, peers), U32(T, share), U32(T, hegemony));
#undef T
#define T finding_frontier_class
SCHEMA(frontier_class, T, TEXT(T, risk), U32(T, countries));
#undef T
#define T finding_frontier_row
SCHEMA(frontier_row, T, TEXT(T, country), TEXT(T, name), TEXT(T, risk), U32(T, domestic), U32(T, foreign),
       U32(T, sole_domestic), U32(T, sole_foreign), TEXT(T, sole_foreign_name), U32(T, networks),
       U32_LIST(T, domestic_ases, domestic_as_count), U32_LIST(T, foreign_ases, foreign_as_count));
#undef T
#define T finding_frontier
SCHEMA(frontier, T, TIME(T, at), U32(T, peers), LIST(T, classes, class_count, frontier_class),
       LIST(T, rows, row_count, frontier_row));
#undef T
#define T finding_cut_country
SCHEMA(cut_country, T, TEXT(T, country), TEXT(T, name), U32(T, networks), U32(T, lost), U32(T, lost_share),
       U32(T, partly), U32(T, one_provider));
#undef T
#define T finding_cut_network
SCHEMA(cut_network, T, TEXT(T, network), TEXT(T, country), U32(T, origin), TEXT(T, fate), U32(T, peers),
       U32(T, kept));
#undef T
#define T finding_cut_harm
SCHEMA(cut_harm, T, U32(T, asn), TEXT(T, name), TEXT(T, country), U32(T, lost), U32(T, lost_share),
       U32(T, partly), U32(T, one_provider));
#undef T
#define T finding_cut
SCHEMA(cut, T, TIME(T, at), U32(T, peers), U32(T, ases), U32(T, links), TEXT(T, relations), TEXT(T, link),
       U32(T, networks), U32(T, lost), U32(T, partly), U32(T, one_provider),
       LIST(T, countries, country_count, cut_country), LIST(T, affected, affected_count, cut_network),
       U32(T, affected_left_out), LIST(T, worst, worst_count, cut_harm));
#undef T
#define T finding_upstreams
SCHEMA(upstreams, T, TIME(T, at), U32(T, networks), U32(T, peers), U32(T, foreign_origin),
       U32(T, foreign_registered), LIST(T, transits, transit_count, transit), LIST(T, paths, path_count, path),
       U32(T, paths_left_out), LIST(T, flagged, flagged_count, flagged),
       LIST(T, views, view_count, hegemony_view), LIST(T, hegemony, hegemony_count, hegemony));
#undef T
#define T finding_moment
SCHEMA(moment, T, TIME(T, time), TEXT(T, why), U32(T, outage), U32(T, networks), U32(T, peers), U32(T, upstreams),
       U32(T, gateways));
#undef T
#define T finding_moment_share
SCHEMA(moment_share, T, TIME(T, time), TEXT(T, role), U32(T, asn), TEXT(T, name), TEXT(T, country),
       BOOL(T, country_inferred), U32(T, networks), U32(T, peers), U32(T, share));
#undef T
#define T finding_moment_view
SCHEMA(moment_view, T, TIME(T, time), TEXT(T, family), U32(T, networks), U64(T, weight), U32(T, peers),
       U32(T, trimmed), BOOL(T, full_feeds), BOOL(T, measurable));
#undef T
#define T finding_moment_hegemony
SCHEMA(moment_hegemony, T, TIME(T, time), TEXT(T, family), U32(T, asn), TEXT(T, name), TEXT(T, country),
       BOOL(T, country_inferred), TEXT(T, side), U32(T, peers), U32(T, share), U32(T, hegemony));
#undef T
#define T finding_shift
SCHEMA(shift, T, TIME(T, first), TIME(T, last), TEXT(T, kind), TEXT(T, role), U32(T, at_as), U32(T, from_as),
       U32(T, to_as), TEXT(T, at_name), TEXT(T, from_name), TEXT(T, to_name), U32(T, routes), U32(T, networks),
       U32(T, peers), U32_LIST(T, peer_ases, peer_as_count), TEXT(T, network), TEXT(T, behind), TEXT(T, before),
       TEXT(T, after));
#undef T
#define T finding_connection
SCHEMA(connection, T, TIME(T, from), TIME(T, until), I64(T, step), LIST(T, moments, moment_count, moment),
       LIST(T, shares, share_count, moment_share), LIST(T, views, view_count, moment_view),
       LIST(T, hegemony, hegemony_count, moment_hegemony), U32(T, paths), U32_LIST(T, constant, constant_count),
       LIST(T, shifts, shift_count, shift), U32(T, shifts_left_out));
#undef T
#define T finding_phase
SCHEMA(phase, T, TEXT(T, level), OBJECT(T, start, bound));
#undef T
#define T finding_outage
SCHEMA(outage, T, TEXT(T, place_kind), TEXT(T, place), TEXT(T, name), TEXT(T, family), TEXT(T, level),
       OBJECT(T, start, bound), OBJECT(T, end, bound), TEXT(T, ended), I64(T, duration), U64(T, baseline),
       U64(T, lowest), U32(T, networks_before), U32(T, networks_lowest), U32(T, peers), U32(T, peers_lowest),
       I64(T, unmeasured), U64(T, lost), U32(T, episode), LIST(T, phases, phase_count, phase));
#undef T
#define T finding_episode
SCHEMA(episode, T, TEXT(T, place_kind), TEXT(T, place), TEXT(T, family), U32(T, number), U32(T, outages),
       TEXT(T, level), TIME(T, from), TIME(T, until), I64(T, dark), I64(T, span));
#undef T
#define T finding_storm_peer
SCHEMA(storm_peer, T, U32(T, asn), TEXT(T, name), U32(T, announcements), U32(T, withdrawals), U32(T, spurious));
#undef T
#define T finding_storm
SCHEMA(storm, T, TIME(T, from), TIME(T, until), U32(T, announcements), U32(T, withdrawals), U32(T, spurious),
       LIST(T, peers, peer_count, storm_peer));
#undef T
#define T finding_outages
SCHEMA(outages, T, LIST(T, outages, outage_count, outage), LIST(T, episodes, episode_count, episode),
       LIST(T, storms, storm_count, storm), LIST(T, peers, peer_count, storm_peer));
#undef T
#define T finding_level
SCHEMA(level, T, TIME(T, time), U32(T, last), U32(T, lowest));
#undef T
#define T finding_network
SCHEMA(network, T, TEXT(T, network), TEXT(T, family), TEXT(T, country), U32(T, country_share),
       U32_LIST(T, origins, origin_count), BOOL(T, foreign_origin), TEXT(T, state), U32(T, visibility),
       U32(T, peers_holding), U32(T, outages), I64(T, dark), U32(T, announcements), U32(T, withdrawals),
       U32(T, spurious), U32(T, heard_from), I64(T, level_step), LIST(T, levels, level_count, level));
#undef T
#define T finding_view
SCHEMA(view, T, TEXT(T, collector), TEXT(T, peer), U32(T, peer_as), I64(T, level_step),
       LIST(T, levels, level_count, level));
#undef T
#define T finding_point
SCHEMA(point, T, TIME(T, time), BOOL(T, measurable), U64(T, blocks), U64(T, blocks_lowest), U32(T, networks),
       U32(T, networks_lowest), U32(T, origins), U32(T, peers));
#undef T
#define T finding_signal
SCHEMA(signal, T, TEXT(T, family), U64(T, first_blocks), U64(T, baseline), U32(T, first_networks),
       U32(T, first_origins), U32(T, networks_most), I64(T, step), LIST(T, points, point_count, point));
#undef T
#define T finding_transit_use
SCHEMA(transit_use, T, U32(T, asn), TEXT(T, name), U32(T, announcements));
#undef T
#define T finding_unstable_path
SCHEMA(unstable_path, T, TEXT(T, path), U32(T, announcements), TIME(T, first), TIME(T, last));
#undef T
#define T finding_instability
SCHEMA(instability, T, TEXT(T, network), TIME(T, first), TIME(T, last), U32(T, announcements),
       U32(T, withdrawals), U32(T, spurious), U32(T, returned_at_once), U32(T, vantage_points),
       U32(T, peer_ases), U32_LIST(T, peers, peer_count), LIST(T, transits, transit_count, transit_use),
       LIST(T, paths, path_count, unstable_path));
#undef T
#define T finding_stuck
SCHEMA(stuck, T, TEXT(T, network), TEXT(T, collector), TEXT(T, peer), U32(T, peer_as), TIME(T, dark_since));
#undef T
#define T finding_event
SCHEMA(event, T, U32(T, number), TIME(T, time), TEXT(T, collector), TEXT(T, peer), U32(T, peer_as), TEXT(T, kind),
       TEXT(T, network), TEXT(T, path));
#undef T
#define T finding_fact
SCHEMA(fact, T, U32(T, outage), TEXT(T, fact), TEXT(T, reading), TEXT(T, text), U64(T, count), U64(T, of),
       TIME(T, first), TIME(T, median), TIME(T, last), TEXT(T, note), U32_LIST(T, ases, as_count),
       TEXT(T, networks), U32(T, network_count), TEXT(T, basis), U32_LIST(T, records, record_count),
       U32(T, records_left_out), TEXT(T, absent), U32(T, searched));
#undef T
#define T finding_search
SCHEMA(search, T, U32(T, number), TIME(T, from), TIME(T, until), U32(T, changes));
#undef T
#define T finding_weighing
SCHEMA(weighing, T, U32(T, outage), TEXT(T, hypothesis), TEXT(T, fact), TEXT(T, reading), TEXT(T, side),
       I64(T, weight));
#undef T
#define T finding_hypothesis
SCHEMA(hypothesis, T, U32(T, outage), TEXT(T, hypothesis), TEXT(T, text), I64(T, support), TEXT(T, decided_by),
       TEXT(T, indifferent), TEXT(T, not_known), LIST(T, weighings, weighing_count, weighing));
#undef T
#define T finding_tie
SCHEMA(tie, T, U32(T, outage), TEXT(T, hypothesis), TEXT(T, other), TEXT(T, text));
#undef T
#define T finding_cause
SCHEMA(cause, T, U32(T, outage), TEXT(T, family), TIME(T, start), TEXT(T, supported), TEXT(T, text),
       TEXT(T, beyond), LIST(T, facts, fact_count, fact), LIST(T, hypotheses, hypothesis_count, hypothesis),
       LIST(T, ties, tie_count, tie));
#undef T
#define T finding_hour
SCHEMA(hour, T, TEXT(T, network), TIME(T, from), U32(T, networks), U32(T, transitions), U32(T, announcements),
       U32(T, withdrawals), U32(T, baseline));
#undef T
#define T finding_alternate
SCHEMA(alternate, T, U32(T, asn), TEXT(T, name), U32(T, behind), U32(T, announcements), TIME(T, first),
       TIME(T, last));
#undef T
#define T finding_unrest
SCHEMA(unrest, T, U32(T, number), OBJECT(T, start, bound), OBJECT(T, end, bound), TEXT(T, networks),
       U32(T, network_count), U32(T, announcements), U32(T, withdrawals), U32(T, vantage_points), U32(T, peer_ases),
       U32_LIST(T, stable, stable_count), LIST(T, alternates, alternate_count, alternate), U32(T, outage),
       TEXT(T, when));
#undef T
#define T finding_spell
SCHEMA(spell, T, U32(T, outage), TEXT(T, when), TIME(T, from), TIME(T, until), U32(T, transitions),
       U32(T, announcements), U32(T, withdrawals), U32(T, hourly), U32(T, baseline), U32(T, unrests));
#undef T
#define T finding_report
SCHEMA(report, T, U32(T, networks_known), U32(T, levels_left_out), U32(T, views_left_out),
       LIST(T, networks, network_count, network),
       LIST(T, signals, signal_count, signal), LIST(T, outages, outage_count, outage),
       LIST(T, episodes, episode_count, episode), LIST(T, network_outages, network_outage_count, outage),
       LIST(T, instabilities, instability_count, instability), LIST(T, stuck, stuck_count, stuck),
       LIST(T, views, view_count, view),
       LIST(T, hours, hour_count, hour), LIST(T, network_hours, network_hour_count, hour),
       U32(T, network_hours_left_out), LIST(T, unrest, unrest_count, unrest), LIST(T, spells, spell_count, spell),
       LIST(T, causes, cause_count, cause), LIST(T, events, event_count, event), LIST(T, searches, search_count, search));
#undef T
#define T finding_result
SCHEMA(result, T, OBJECT(T, coverage, coverage), LIST(T, limits, limit_count, limit), PART(T, census, census),
       PART(T, upstreams, upstreams), PART(T, connection, connection), PART(T, frontier, frontier), PART(T, cut, cut),
       PART(T, outages, outages), PART(T, report, report));
#undef T
#define T finding_interval
SCHEMA(interval, T, TIME(T, from), TIME(T, until), TEXT(T, began), TEXT(T, ended));
#undef T
#define T finding_vantage
SCHEMA(vantage, T, TEXT(T, collector), TEXT(T, peer), U32(T, peer_as), BOOL(T, in_rib), U32(T, table_ipv4),
       U32(T, table_ipv6), U32(T, held_ipv4), U32(T, held_ipv6), LIST(T, live, live_count, interval),
       LIST(T, full_ipv4, full_ipv4_count, interval), LIST(T, full_ipv6, full_ipv6_count, interval),
       TIME(T, first_heard), TIME(T, last_heard), I64(T, longest_gap), U64(T, messages), U64(T, announcements),
       U64(T, withdrawals), U64(T, spurious), U64(T, unchanged), U64(T, rib_entries), U64(T, states),
       U64(T, sessions_lost), U64(T, drift));
#undef T
#define T finding_fault
SCHEMA(fault, T, TEXT(T, kind), TEXT(T, clause), TEXT(T, verdict), U64(T, count), U64(T, bytes_lost),
       U64(T, record), U64(T, offset), TEXT(T, text));
#undef T
#define T finding_record_type
SCHEMA(record_type, T, TEXT(T, type), TEXT(T, subtype), U64(T, records));
#undef T
#define T finding_input
SCHEMA(input, T, TEXT(T, name), TEXT(T, collector), TEXT(T, compression), TEXT(T, sha256),
       U64(T, bytes_stored), U64(T, bytes), U64(T, bytes_lost), U64(T, records), U64(T, members), TIME(T, first), TIME(T, last),
       BOOL(T, whole), TEXT(T, error), TEXT(T, validator), LIST(T, types, type_count, record_type),
       LIST(T, faults, fault_count, fault));
#undef T
#define T finding_gap
SCHEMA(gap, T, TEXT(T, collector), TIME(T, from), TIME(T, until), TEXT(T, why));
#undef T
#define T finding_source
SCHEMA(source, T, TEXT(T, name), TEXT(T, format), TEXT(T, kind), TIME(T, date), U64(T, entries),
       U64(T, bad_lines), U64(T, bytes_stored), TEXT(T, sha256), TEXT(T, validator));
#undef T
#define T finding_reference
SCHEMA(reference, T, U32(T, number), U32(T, input), U64(T, record), U64(T, offset));
#undef T
#define T finding_searched
SCHEMA(searched, T, U32(T, number), TEXT(T, inputs), U64(T, records));
#undef T
#define T finding_provenance
SCHEMA(provenance, T, TEXT(T, program), LIST(T, inputs, input_count, input), LIST(T, sources, source_count, source),
       LIST(T, events, event_count, reference), LIST(T, searches, search_count, searched));
#undef T
#define T finding
static const struct field finding_fields[] = {
	U32(T, method), OBJECT(T, question, question), OBJECT(T, result, result),
	LIST(T, roster, roster_count, vantage), LIST(T, gaps, gap_count, gap),
	OBJECT(T, provenance, provenance),
};
#undef T

const struct schema finding_schema = {
	"finding", sizeof(struct finding), finding_fields, sizeof(finding_fields) / sizeof(finding_fields[0]),
};

const struct field *finding_field(const char *dotted)
{
	const struct schema *schema = &finding_schema;
	const struct field *found = NULL;
	struct view rest = view_of(dotted), name;

	while (view_split(&rest, '.', &name)) {
		found = NULL;
		for (size_t i = 0; schema && i < schema->field_count && !found; i++) {
			if (view_equal(view_of(schema->fields[i].name), name))
				found = &schema->fields[i];
		}
		if (!found)
			return NULL;
		schema = found->of;
	}
	return found;
}
