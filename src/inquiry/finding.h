/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The finding: what was asked and found, by whom it was seen, and out of what.
 *
 *   question    what was asked, with every parameter
 *   result      what was found, with bounds
 *   roster      every vantage point: when live, when full feed, what was heard from it
 *   provenance  inputs with their hashes and faults, sources of places, program
 *
 * The same recordings give the same question, result and roster, byte for byte, whatever the number,
 * order or packing of files; only provenance speaks of files. Integers throughout: shares are
 * parts per million, durations microseconds; times are microseconds here and RFC 3339 text in JSON.
 *
 * All is plain data in one arena. finding_json.c is its only encoder and decoder, driven by the
 * schema in finding_schema.c, which also names the columns of CSV. A pointer that is NULL is a part
 * that the question did not ask for.
 */
#ifndef CONSTAT_INQUIRY_FINDING_H
#define CONSTAT_INQUIRY_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utc.h"
#include "inquiry/schema.h"

/* Raised whenever the same recordings would give another result. */
#define FINDING_METHOD 2u

/* So many levels of all networks together, and as many of all views. */
#define FINDING_LEVELS_MAX 32768u

struct finding_parameter {
	const char *name;
	const char *unit;		/* "ppm", "count", "microseconds" */
	int64_t value;
};

struct finding_question {
	const char *kind;		/* "census", "upstreams", "frontier", "cut", "outages", "report", "info" */
	/* "KP", "AS4837", "175.45.176.0/22", "175.45.176.0/24,175.45.178.0/24", "AS701-AS4837"; "" for the world */
	const char *subject;
	const char *subject_kind;	/* "world", "country", "as", "link", "prefix", "networks" */
	const char *subject_name;	/* "North Korea", the AS's name; "" */
	const char *within;		/* cut: only this country's networks; "" */
	const char *weight;		/* upstreams: "space", "networks"; else "" */
	const char *clocks;		/* report: time zones that outages' beginnings are held against beside UTC, with blanks between; "" */
	int64_t from, until, at;	/* UTC_NEVER: not given */
	int64_t step;			/* upstreams over time; 0: not given */
	uint32_t *blackholes;		/* report: communities that mean BLACKHOLE beside RFC 7999's, as on the wire */
	uint32_t blackhole_count;
	struct finding_parameter *parameters;
	uint32_t parameter_count;
};

struct finding_bound {
	int64_t at, earliest, latest;	/* UTC_NEVER: not in the data */
};

/* Who was listening, of one family. */
struct finding_coverage_family {
	const char *family;		/* "IPv4", "IPv6" */
	bool measurable;		/* visibility could be measured at some time */
	uint64_t full_feed_asked;	/* networks that made a full feed, at the end of the data */
	uint32_t full_feed_peers;	/* peer ASes with a live full feed at the end */
	uint32_t full_feed_peers_most;
	uint32_t live;			/* vantage points live at the end */
	int64_t measured;		/* for how long visibility was measurable */
};

struct finding_coverage_step {
	int64_t time;
	const char *family;
	uint32_t peers;
	bool measurable;
};

struct finding_coverage {
	int64_t from, until;		/* first and last time heard */
	bool rib;			/* a RIB was among the recordings */
	uint32_t collectors, vantage_points, peer_ases;
	uint32_t sessions_lost;		/* of sessions that had held a route */
	uint32_t sessions_lost_inferred;	/* of those, from what was announced again or a session that came up */
	uint32_t silences;		/* how often a live vantage point fell silent, by itself or with its collector */
	uint64_t announcements, withdrawals, spurious;
	uint64_t passed_over_ipv4, passed_over_ipv6;	/* distinct prefixes that are no networks */
	struct finding_coverage_family *families;
	uint32_t family_count;
	struct finding_coverage_step *steps;
	uint32_t step_count;
};

/* What could not be measured, and why. `code` is stable. */
struct finding_limit {
	const char *code;
	const char *text;
};

struct finding_census_row {
	const char *country, *name;	/* "--", "unknown" for space nobody is known for */
	const char *family;
	uint32_t networks, networks_share;
	uint64_t blocks;
	uint32_t blocks_share;
	uint32_t origins;
	uint32_t foreign_origin;
};

struct finding_census {
	int64_t at;			/* the table's time */
	struct finding_census_row *world;
	uint32_t world_count;
	struct finding_census_row *rows;
	uint32_t row_count;
};

struct finding_transit {
	const char *role;		/* "upstream", "gateway", "edge" */
	uint32_t asn;
	uint32_t to;			/* edges: the first AS inside; else 0 */
	const char *name;
	const char *country;
	bool country_inferred;
	uint32_t networks;
	uint32_t peers;
	uint32_t share;
};

struct finding_path {
	const char *path;
	uint32_t networks, peers;
};

struct finding_flagged {
	const char *flag;		/* "foreign-origin", "foreign-registered" */
	const char *network;
	const char *country;
	uint32_t origin;
	const char *origin_country;
	const char *path;
	uint32_t peers;
};

/* AS hegemony of one family: from how many peer ASes. */
struct finding_hegemony_view {
	const char *family;
	uint32_t networks;
	uint64_t weight;
	uint32_t peers, trimmed;
	bool full_feeds;		/* only those count; else, there being none, whoever holds a route */
	bool measurable;
};

struct finding_hegemony {
	const char *family;
	uint32_t asn;
	const char *name;
	const char *country;
	bool country_inferred;
	const char *side;		/* "domestic", "foreign", "unknown"; "" unless the subject is a country */
	uint32_t peers;
	uint32_t share;			/* plain mean */
	uint32_t hegemony;		/* trimmed mean; 0 where not measurable */
};

struct finding_frontier_row {
	const char *country, *name;
	const char *risk;		/* "1-2", "3-9", "10-39", "40+", "none seen" */
	uint32_t domestic;		/* ASes with a foreign neighbour */
	uint32_t foreign;		/* those neighbours */
	uint32_t sole_domestic;		/* the one where there is one; else 0 */
	uint32_t sole_foreign;
	const char *sole_foreign_name;
	uint32_t networks;
	uint32_t *domestic_ases;	/* where there are at most FRONTIER_LISTED */
	uint32_t domestic_as_count;
	uint32_t *foreign_ases;
	uint32_t foreign_as_count;
};

#define FRONTIER_LISTED 9u

/* How many countries are in each class. */
struct finding_frontier_class {
	const char *risk;
	uint32_t countries;
};

struct finding_frontier {
	int64_t at;
	uint32_t peers;			/* peer ASes that hold routes */
	struct finding_frontier_class *classes;
	uint32_t class_count;
	struct finding_frontier_row *rows;
	uint32_t row_count;
};

struct finding_cut_country {
	const char *country, *name;
	uint32_t networks;		/* held by a peer AS other than the one cut */
	uint32_t lost, lost_share;
	uint32_t partly;		/* some peer ASes lose them */
	uint32_t one_provider;		/* not lost, but their origin keeps a single provider */
};

struct finding_cut_network {
	const char *network;
	const char *country;
	uint32_t origin;
	const char *fate;		/* "lost", "partly", "one-provider" */
	uint32_t peers, kept;		/* peer ASes that hold it, that would keep it */
};

#define CUT_LISTED 20000u

/* One of the worst cuts for a country. */
struct finding_cut_harm {
	uint32_t asn;
	const char *name;
	const char *country;
	uint32_t lost, lost_share;
	uint32_t partly, one_provider;
};

struct finding_cut {
	int64_t at;
	uint32_t peers;			/* peer ASes that hold routes */
	uint32_t ases, links;		/* of the graph */
	const char *relations;		/* "inferred", "stated" (links that the file lacks are inferred) */
	const char *link;		/* a link cut: "provider", "customer", "peer": what the second is to the first; "no link"; else "" */
	uint32_t networks, lost, partly, one_provider;
	struct finding_cut_country *countries;	/* that lose anything, by lost falling */
	uint32_t country_count;
	struct finding_cut_network *affected;
	uint32_t affected_count, affected_left_out;
	struct finding_cut_harm *worst;
	uint32_t worst_count;
};

struct finding_upstreams {
	int64_t at;
	uint32_t networks, peers;
	uint32_t foreign_origin, foreign_registered;
	struct finding_transit *transits;
	uint32_t transit_count;
	struct finding_path *paths;
	uint32_t path_count, paths_left_out;
	struct finding_flagged *flagged;
	uint32_t flagged_count;
	struct finding_hegemony_view *views;
	uint32_t view_count;
	struct finding_hegemony *hegemony;
	uint32_t hegemony_count;
};

/* An instant at which it was looked through whom a place was connected. */
struct finding_moment {
	int64_t time;
	const char *why;		/* "step"; "before", "during", "after" an outage */
	uint32_t outage;		/* which of result.report.outages, from 1; else 0 */
	uint32_t networks, peers;	/* held, by peer ASes */
	uint32_t upstreams, gateways;	/* how many ASes there were of each; MOMENT_LISTED stand in shares */
};

#define MOMENT_LISTED 20u

struct finding_moment_share {
	int64_t time;
	const char *role;		/* "upstream", "gateway" */
	uint32_t asn;
	const char *name;
	const char *country;
	bool country_inferred;
	uint32_t networks, peers, share;
};

struct finding_moment_view {
	int64_t time;
	const char *family;
	uint32_t networks;
	uint64_t weight;
	uint32_t peers, trimmed;
	bool full_feeds, measurable;
};

struct finding_moment_hegemony {
	int64_t time;
	const char *family;
	uint32_t asn;
	const char *name;
	const char *country;
	bool country_inferred;
	const char *side;		/* "domestic", "foreign", "unknown"; "" unless the subject is a country */
	uint32_t peers, share, hegemony;
};

/* One AS took the place of another in the paths to the place. */
struct finding_shift {
	int64_t first, last;
	const char *kind;		/* "replaced", "lost", "gained" */
	const char *role;		/* "origin", "upstream", "gateway", "farther" */
	uint32_t at_as;			/* the AS whose way in changed; 0: the origin itself */
	uint32_t from_as, to_as;	/* the AS before it; 0: none */
	const char *at_name, *from_name, *to_name;
	uint32_t routes;		/* changes of one network at one vantage point */
	uint32_t networks, peers;
	uint32_t *peer_ases;		/* at most twenty */
	uint32_t peer_as_count;
	const char *network;		/* of the first change */
	const char *behind;		/* from `at` on to the origin, as far as all changes had it */
	const char *before, *after;	/* paths of the first change, folded; "" */
};

/* Through whom a place was connected, over time. */
struct finding_connection {
	int64_t from, until;
	int64_t step;
	struct finding_moment *moments;
	uint32_t moment_count;
	struct finding_moment_share *shares;
	uint32_t share_count;
	struct finding_moment_view *views;
	uint32_t view_count;
	struct finding_moment_hegemony *hegemony;
	uint32_t hegemony_count;
	uint32_t paths;			/* distinct ones in this time */
	uint32_t *constant;		/* ASes that all of them cross, nearest first */
	uint32_t constant_count;
	struct finding_shift *shifts;	/* in order of time */
	uint32_t shift_count, shifts_left_out;
};

struct finding_phase {
	const char *level;
	struct finding_bound start;
};

struct finding_outage {
	const char *place_kind;		/* "country", "as", "prefix", "network" */
	const char *place, *name;
	const char *family;
	const char *level;		/* the worst: "partial", "major", "total" */
	struct finding_bound start, end;
	const char *ended;		/* "open", "over", "step" */
	int64_t duration;		/* to its end, or to the end of the data */
	uint64_t baseline, lowest;	/* blocks */
	uint32_t networks_before, networks_lowest;
	uint32_t peers, peers_lowest;	/* peer ASes with a live full feed */
	int64_t unmeasured;
	uint64_t lost;			/* blocks × seconds */
	uint32_t episode;		/* numbered within the place and family, from 1 */
	struct finding_phase *phases;
	uint32_t phase_count;
};

struct finding_episode {
	const char *place_kind, *place, *family;
	uint32_t number;
	uint32_t outages;
	const char *level;
	int64_t from, until;		/* until UTC_NEVER: open */
	int64_t dark;			/* time in outages */
	int64_t span;
};

struct finding_storm_peer {
	uint32_t asn;
	const char *name;
	uint32_t announcements, withdrawals, spurious;
};

struct finding_storm {
	int64_t from, until;
	uint32_t announcements, withdrawals, spurious;
	struct finding_storm_peer *peers;
	uint32_t peer_count;
};

struct finding_outages {
	struct finding_outage *outages;	/* by family, then lost falling */
	uint32_t outage_count;
	struct finding_episode *episodes;
	uint32_t episode_count;
	struct finding_storm *storms;
	uint32_t storm_count;
	struct finding_storm_peer *peers;	/* whole recording, by withdrawals falling */
	uint32_t peer_count;
};

/* How many, from `time` on; times are multiples of a step, `lowest` is within it. */
struct finding_level {
	int64_t time;
	uint32_t last, lowest;
};

struct finding_network {
	const char *network;
	const char *family;
	const char *country;
	uint32_t country_share;
	uint32_t *origins;
	uint32_t origin_count;
	bool foreign_origin;
	const char *state;		/* at the end: "seen", "dark", "not measurable" */
	uint32_t visibility;		/* at the end */
	uint32_t peers_holding;		/* peer ASes holding a route at the end, full feed or not */
	uint32_t outages;
	int64_t dark;
	uint32_t announcements, withdrawals, spurious;
	uint32_t heard_from;		/* peer ASes that ever announced it */
	int64_t level_step;
	struct finding_level *levels;	/* peer ASes with a live full feed that hold it, over time */
	uint32_t level_count;
};

/* What a vantage point held of the place over time, live or blind. */
struct finding_view {
	const char *collector, *peer;
	uint32_t peer_as;
	int64_t level_step;
	struct finding_level *levels;	/* networks */
	uint32_t level_count;
};

struct finding_point {
	int64_t time;
	bool measurable;
	uint64_t blocks, blocks_lowest;
	uint32_t networks, networks_lowest;
	uint32_t origins, peers;
};

struct finding_signal {
	const char *family;
	uint64_t first_blocks, baseline;
	uint32_t first_networks, first_origins, networks_most;
	int64_t step;
	struct finding_point *points;
	uint32_t point_count;
};

struct finding_transit_use {
	uint32_t asn;
	const char *name;
	uint32_t announcements;
};

struct finding_unstable_path {
	const char *path;
	uint32_t announcements;
	int64_t first, last;
};

struct finding_instability {
	const char *network;
	int64_t first, last;
	uint32_t announcements, withdrawals, spurious, returned_at_once;
	uint32_t vantage_points, peer_ases;
	uint32_t *peers;		/* peer ASes, rising */
	uint32_t peer_count;
	struct finding_transit_use *transits;
	uint32_t transit_count;
	struct finding_unstable_path *paths;
	uint32_t path_count;
};

struct finding_stuck {
	const char *network;
	const char *collector, *peer;
	uint32_t peer_as;
	int64_t dark_since;
};

/* An event that facts rest on. Where its record stands is said by provenance.events, under the same number. */
struct finding_event {
	uint32_t number;		/* from 1 */
	int64_t time;
	const char *collector, *peer;
	uint32_t peer_as;
	/* "announce", "withdraw", "rib-entry"; of a session "session-down", "session-up", "announced-again", "last-heard" */
	const char *kind;
	const char *network;		/* "" of a session */
	const char *path;		/* of an announcement or a RIB's entry; "" */
};

/* A time that was searched for what a fact says was not there. How much was read is said by provenance.searches. */
struct finding_search {
	uint32_t number;		/* from 1 */
	int64_t from, until;
	uint32_t changes;		/* of routes to the place, in this time */
};

/* Something that routing shows of an outage. */
struct finding_fact {
	uint32_t outage;		/* numbered as the cause's */
	const char *fact;		/* "network-order", …: docs/measure.md */
	const char *reading;		/* one of the fact's words, which hypotheses are held against; "not-known" */
	const char *text;
	uint64_t count, of;		/* so many of so many: what of is the fact's */
	int64_t first, median, last;	/* UTC_NEVER: none */
	const char *note;
	uint32_t *ases;			/* a link from outside to inside, or who did it */
	uint32_t as_count;
	const char *networks;		/* with blanks between; FACT_NETWORKS at most */
	uint32_t network_count;		/* all of them */
	/* what it rests on: "events", "absence" (of events), "both"; "nothing" where it was not measured, and `absent` says why */
	const char *basis;
	uint32_t *records;		/* numbers of report.events: the first 16 and the last 16 of those it rests on */
	uint32_t record_count, records_left_out;
	const char *absent;		/* of what there was none: "route of another origin"; "" */
	uint32_t searched;		/* in which of report.searches; 0: none */
};

#define FACT_NETWORKS 20u

/* A fact held against a hypothesis. */
struct finding_weighing {
	uint32_t outage;
	const char *hypothesis;
	const char *fact, *reading;
	const char *side;		/* "for", "against" */
	int64_t weight;			/* above 0, below 0 */
};

struct finding_hypothesis {
	uint32_t outage;
	const char *hypothesis;		/* "origin", "upstream", …: docs/measure.md */
	const char *text;
	int64_t support;		/* the sum of the weights */
	const char *decided_by;		/* other data that would tell */
	const char *indifferent;	/* the other facts, with blanks between; */
	const char *not_known;		/* and those that could not be measured */
	struct finding_weighing *weighings;
	uint32_t weighing_count;
};

/* Hypotheses too close in support for routing to tell them apart; both among those with most. */
struct finding_tie {
	uint32_t outage;
	const char *hypothesis, *other;
	const char *text;
};

/* What is known of an outage's cause. */
struct finding_cause {
	uint32_t outage;		/* its place in report.outages, from 1 */
	const char *family;
	int64_t start;
	const char *supported;		/* the hypothesis with most support; "" where routing tells for none */
	const char *text;		/* that in a sentence */
	const char *beyond;		/* what routing cannot tell */
	struct finding_fact *facts;
	uint32_t fact_count;
	struct finding_hypothesis *hypotheses;	/* by support falling */
	uint32_t hypothesis_count;
	struct finding_tie *ties;
	uint32_t tie_count;
};

#define CAUSES_MAX 100u

/* An hour of one network, or of all (network ""): changes of seen and dark, and updates, against the median hour outside its outages. */
struct finding_hour {
	const char *network;
	int64_t from;
	uint32_t networks;		/* that were heard of or changed */
	uint32_t transitions;
	uint32_t announcements, withdrawals;
	uint32_t baseline;		/* updates */
};

#define HOURS_LISTED 20000u

/* ASes that took turns before an AS that stayed in every path. */
struct finding_alternate {
	uint32_t asn;
	const char *name;
	uint32_t behind;		/* the AS that stayed */
	uint32_t announcements;
	int64_t first, last;
};

/* Instabilities of networks at one time. */
struct finding_unrest {
	uint32_t number;		/* from 1 */
	struct finding_bound start, end;
	const char *networks;		/* with blanks between; FACT_NETWORKS at most */
	uint32_t network_count;
	uint32_t announcements, withdrawals, vantage_points, peer_ases;
	uint32_t *stable;		/* ASes in every path, nearest to the observers first */
	uint32_t stable_count;
	struct finding_alternate *alternates;	/* as they came */
	uint32_t alternate_count;
	uint32_t outage;		/* in report.outages, from 1: the nearest within an hour; 0: none */
	const char *when;		/* "before", "during", "after" it; "" */
};

/* How it was before, during and after an outage. */
struct finding_spell {
	uint32_t outage;
	const char *when;		/* "before" (an hour), "during", "after" (an hour) */
	int64_t from, until;		/* whole minutes */
	uint32_t transitions, announcements, withdrawals;
	uint32_t hourly;		/* updates an hour */
	uint32_t baseline;		/* the median hour outside outages */
	uint32_t unrests;		/* episodes of instability in it */
};

struct finding_report {
	uint32_t networks_known;	/* of the place, ever held by any vantage point */
	uint32_t levels_left_out;	/* networks without levels, and vantage points without a view, for want of room: */
	uint32_t views_left_out;	/* FINDING_LEVELS_MAX of each */
	struct finding_network *networks;
	uint32_t network_count;
	struct finding_signal *signals;
	uint32_t signal_count;
	struct finding_outage *outages;	/* of the place, in order of time */
	uint32_t outage_count;
	struct finding_episode *episodes;
	uint32_t episode_count;
	struct finding_outage *network_outages;	/* of its networks one by one */
	uint32_t network_outage_count;
	struct finding_instability *instabilities;
	uint32_t instability_count;
	struct finding_stuck *stuck;
	uint32_t stuck_count;
	struct finding_view *views;	/* of vantage points that ever held one of the networks, as in the roster */
	uint32_t view_count;
	struct finding_hour *hours;	/* of the place, every hour */
	uint32_t hour_count;
	struct finding_hour *network_hours;	/* of its networks, in which anything was heard; the busiest where there are more than HOURS_LISTED */
	uint32_t network_hour_count, network_hours_left_out;
	struct finding_unrest *unrest;
	uint32_t unrest_count;
	struct finding_spell *spells;	/* of all outages */
	uint32_t spell_count;
	struct finding_cause *causes;	/* of the first CAUSES_MAX outages */
	uint32_t cause_count;
	struct finding_event *events;	/* that facts rest on, in order of time */
	uint32_t event_count;
	struct finding_search *searches;	/* in order of time */
	uint32_t search_count;
};

struct finding_result {
	struct finding_coverage coverage;
	struct finding_limit *limits;
	uint32_t limit_count;
	struct finding_census *census;
	struct finding_upstreams *upstreams;
	struct finding_connection *connection;	/* upstreams over time, and report */
	struct finding_frontier *frontier;
	struct finding_cut *cut;
	struct finding_outages *outages;
	struct finding_report *report;
};

struct finding_interval {
	int64_t from, until;		/* until UTC_NEVER: to the end of the data */
	const char *began, *ended;
};

struct finding_vantage {
	const char *collector, *peer;
	uint32_t peer_as;
	bool in_rib;
	uint32_t table_ipv4, table_ipv6;	/* networks at the last RIB or refill */
	uint32_t held_ipv4, held_ipv6;		/* at the end */
	struct finding_interval *live;
	uint32_t live_count;
	struct finding_interval *full_ipv4;
	uint32_t full_ipv4_count;
	struct finding_interval *full_ipv6;
	uint32_t full_ipv6_count;
	int64_t first_heard, last_heard, longest_gap;
	uint64_t messages, announcements, withdrawals, spurious, unchanged, rib_entries, states, sessions_lost, drift;
};

struct finding_fault {
	const char *kind, *clause, *verdict;
	uint64_t count;
	uint64_t bytes_lost;
	uint64_t record, offset;	/* of the first */
	const char *text;		/* of the first, for people */
};

struct finding_record_type {
	const char *type, *subtype;
	uint64_t records;
};

struct finding_input {
	const char *name, *collector;
	const char *compression;	/* "" where the question's end left the rest unread */
	const char *validator;		/* of an archive's file: its ETag, else its Last-Modified; "" */
	const char *sha256;		/* of the bytes as stored; "" when not hashed */
	uint64_t bytes_stored, bytes, bytes_lost, records, members;
	int64_t first, last;
	bool whole;
	const char *error;		/* why it could not be read; "" */
	struct finding_record_type *types;
	uint32_t type_count;
	struct finding_fault *faults;
	uint32_t fault_count;
};

/* A stretch in which a collector said nothing, longer than any before by far; or that its archive has no file of. */
struct finding_gap {
	const char *collector;
	int64_t from, until;
	const char *why;		/* "silent", "missing" */
};

struct finding_source {
	const char *name, *format, *kind;	/* kind: "registry", "geolocation", "names", "relationships", "rpki" */
	const char *validator, *sha256;		/* as an input's */
	uint64_t bytes_stored;
	int64_t date;
	uint64_t entries, bad_lines;
};

/* Where an event of report.events stands. */
struct finding_reference {
	uint32_t number;
	uint32_t input;			/* its place in provenance.inputs, from 1 */
	uint64_t record, offset;
};

/* What was read of the time of one of report.searches. */
struct finding_searched {
	uint32_t number;
	const char *inputs;		/* "1-4 9": places in provenance.inputs, of those with a record in that time */
	uint64_t records;		/* in its whole minutes, the first and the last included */
};

struct finding_provenance {
	const char *program;		/* "constat 0.1.0" */
	struct finding_input *inputs;
	uint32_t input_count;
	struct finding_source *sources;
	uint32_t source_count;
	struct finding_reference *events;
	uint32_t event_count;
	struct finding_searched *searches;
	uint32_t search_count;
};

struct finding {
	struct arena arena;
	uint32_t method;
	struct finding_question question;
	struct finding_result result;
	struct finding_vantage *roster;
	uint32_t roster_count;
	struct finding_gap *gaps;	/* beside the roster: silence of whole collectors */
	uint32_t gap_count;
	struct finding_provenance provenance;
};

void finding_free(struct finding *finding);

extern const struct schema finding_schema;
/* The schema of a list or part anywhere in the finding, by its dotted name ("result.census.rows"); NULL when there is none. */
const struct field *finding_field(const char *dotted);

/*
 * Canonical JSON (RFC 8785): keys sorted, no blanks. `pretty`: the same with line breaks and indentation. The
 * decoder takes both, refuses unknown keys and wrong types with the key's place named.
 */
int finding_encode(const struct finding *finding, bool pretty, struct buf *out, struct err *err);
int finding_decode(const char *json, size_t len, struct finding *ret_finding, struct err *err);
/* One struct of a schema alone, as canonical JSON; and back, its texts and lists the arena's. */
int finding_encode_part(const struct schema *schema, const void *item, struct buf *out, struct err *err);
int finding_decode_part(const struct schema *schema, const char *json, size_t len, struct arena *arena, void *ret_item,
			struct err *err);

#endif
