/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every part of a finding needs: texts in its arena, the question with its parameters,
 * coverage, and what could not be measured.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inquiry/run.h"
#include "measure/fullfeed.h"

const char *fill_text(struct finding *finding, const char *format, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return NULL;
	return arena_strndup(&finding->arena, text,
			     (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1);
}

static const char *take_buf(struct finding *finding, struct buf *buf)
{
	const char *text = buf->failed ? NULL : arena_strndup(&finding->arena, buf->data, buf->len);

	buf_free(buf);
	return text;
}

const char *fill_prefix(struct finding *finding, const struct prefix *prefix)
{
	struct buf buf = { 0 };

	prefix_format(&buf, prefix);
	return take_buf(finding, &buf);
}

const char *fill_addr(struct finding *finding, const struct addr *addr)
{
	struct buf buf = { 0 };

	addr_format(&buf, addr);
	return take_buf(finding, &buf);
}

const char *fill_country(struct finding *finding, country_t country)
{
	char text[3];

	country_format(country, text);
	return arena_strndup(&finding->arena, text, strlen(text));
}

const char *fill_as_name(struct finding *finding, const struct place *place, uint32_t asn)
{
	const char *name = place ? place_as_name(place, asn) : NULL;

	return name ? arena_strndup(&finding->arena, name, strlen(name)) : "";
}

const char *family_name(enum family family)
{
	return family == FAMILY_IPV6 ? "IPv6" : "IPv4";
}

const char *question_kind_name(enum question_kind kind)
{
	static const char *const names[] = {
		"census", "upstreams", "frontier", "cut", "outages", "report", "info",
	};

	return names[kind];
}

static int fill_subject(const struct run *run, struct finding *finding, struct err *err)
{
	const struct question *question = run->question;
	struct finding_question *into = &finding->question;

	if (question->cut.a && question->cut.b) {
		into->subject_kind = "link";
		into->subject = fill_text(finding, "AS%u-AS%u", question->cut.a, question->cut.b);
		into->subject_name = "";
	} else if (question->cut.a) {
		into->subject_kind = "as";
		into->subject = fill_text(finding, "AS%u", question->cut.a);
		into->subject_name = fill_as_name(finding, run->place, question->cut.a);
	} else if (question->country != COUNTRY_UNKNOWN) {
		into->subject_kind = "country";
		into->subject = fill_country(finding, question->country);
		into->subject_name = country_name(question->country);
	} else if (question->asn) {
		into->subject_kind = "as";
		into->subject = fill_text(finding, "AS%u", question->asn);
		into->subject_name = fill_as_name(finding, run->place, question->asn);
	} else if (question->prefix.family != FAMILY_NONE) {
		into->subject_kind = "prefix";
		into->subject = fill_prefix(finding, &question->prefix);
		into->subject_name = "";
	} else if (question->networks) {
		struct buf buf = { 0 };

		prefix_list_format(&buf, question->networks);
		into->subject_kind = "networks";
		into->subject = take_buf(finding, &buf);
		into->subject_name = fill_text(finding, "%u prefixes", question->networks->count);
	} else {
		into->subject_kind = "world";
		into->subject = into->subject_name = "";
	}
	return into->subject && into->subject_name ? 0 : err_memory(err);
}

static const char *clock_names(const struct run *run, struct finding *finding)
{
	struct buf buf = { 0 };
	const char *text;

	for (uint32_t i = 0; i < run->inquiry->clock_count; i++) {
		buf_str(&buf, i ? " " : "");
		buf_str(&buf, run->inquiry->clocks[i].name);
	}
	text = buf.failed ? NULL
			  : arena_strndup(&finding->arena, buf.data ? buf.data : "", buf.len);
	buf_free(&buf);
	return text;
}

int fill_question(const struct run *run, struct finding *finding, struct err *err)
{
	static const char *const units[] = { "ppm", "count", "microseconds" };
	const struct question *question = run->question;
	struct finding_question *into = &finding->question;

	into->kind = question_kind_name(question->kind);
	into->within = question->within == COUNTRY_UNKNOWN
			       ? ""
			       : fill_country(finding, question->within);
	if (!into->within)
		return err_memory(err);
	into->weight = question->kind != QUESTION_UPSTREAMS ? ""
		     : question->weight == WEIGHT_SPACE ? "space" : "networks";
	into->blackholes = arena_memdup(&finding->arena, question->blackholes,
					question->blackhole_count * sizeof(*into->blackholes));
	into->clocks = clock_names(run, finding);
	if (!into->blackholes || !into->clocks)
		return err_memory(err);
	into->blackhole_count = question->blackhole_count;
	into->from = question->from;
	into->until = question->until;
	into->at = question->at;
	into->step = question->step;
	into->parameter_count = (uint32_t)measure_parameter_count;
	into->parameters = arena_zalloc(&finding->arena,
					measure_parameter_count * sizeof(*into->parameters));
	if (!into->parameters)
		return err_memory(err);
	for (size_t i = 0; i < measure_parameter_count; i++) {
		const struct parameter *row = &measure_parameter_table[i];

		into->parameters[i] = (struct finding_parameter){
			row->name, units[row->unit], parameter_get(&question->parameters, row) };
	}
	return fill_subject(run, finding, err);
}

/*
 * For how long visibility of the family was measurable, between the first and the last step and the
 * end of the data.
 */
static int64_t measured_time(const struct run *run, enum family family)
{
	int64_t since = UTC_NEVER, sum = 0;

	for (uint32_t i = 0; i < signals_coverage_count(run->signals); i++) {
		const struct coverage_step *step = signals_coverage(run->signals, i);

		if (step->family != family)
			continue;
		if (since != UTC_NEVER)
			sum += step->time - since;
		since = step->measurable ? step->time : UTC_NEVER;
	}
	if (since != UTC_NEVER && run->end > since)
		sum += run->end - since;
	return sum;
}

static bool is_in(const uint32_t *asns, uint32_t count, uint32_t asn)
{
	for (uint32_t i = 0; i < count; i++) {
		if (asns[i] == asn)
			return true;
	}
	return false;
}

/*
 * Distinct peer ASes of the vantage points chosen: 0 all that held a route, else those with a full
 * feed of the family now.
 */
static int peer_ases(const struct roster *roster, enum family family, uint32_t *ret_count,
		     struct err *err)
{
	uint32_t *asns = malloc((roster->count ? roster->count : 1) * sizeof(*asns));
	uint32_t count = 0;

	if (!asns)
		return err_memory(err);
	for (uint32_t i = 0; i < roster->count; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];
		bool chosen = family == FAMILY_NONE ? vantage->held_ever
			: family == FAMILY_IPV6 ? vantage->full6 : vantage->full4;

		if (chosen && !is_in(asns, count, vantage->peer.asn))
			asns[count++] = vantage->peer.asn;
	}
	free(asns);
	*ret_count = count;
	return 0;
}

static int fill_coverage_family(const struct run *run, enum family family,
				struct finding_coverage_family *into, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	int code = peer_ases(roster, family, &into->full_feed_peers, err);

	into->family = family_name(family);
	if (run->last_heard != UTC_NEVER)
		into->full_feed_asked = full_feed_asked(&run->question->parameters, roster, family,
							run->last_heard);
	into->full_feed_peers_most = into->full_feed_peers;
	for (uint32_t i = 0; i < roster->count; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];

		into->live += vantage->live &&
			      (family == FAMILY_IPV6 ? vantage->table6 : vantage->table4);
	}
	if (code || !run->signals)
		return code;
	into->measurable = signals_measured(run->signals, family);
	into->measured = measured_time(run, family);
	for (uint32_t i = 0; i < signals_coverage_count(run->signals); i++) {
		const struct coverage_step *step = signals_coverage(run->signals, i);

		if (step->family == family && step->peers > into->full_feed_peers_most)
			into->full_feed_peers_most = step->peers;
	}
	return 0;
}

/* Losses that no state change told of, and silences. */
static void fill_losses(const struct roster_vantage *vantage, struct finding_coverage *into)
{
	into->sessions_lost += (uint32_t)vantage->session_losses;
	for (uint32_t i = 0; i < vantage->live_intervals.count; i++) {
		const struct roster_interval *interval = &vantage->live_intervals.at[i];

		if (interval->until == UTC_NEVER)
			continue;
		into->sessions_lost_inferred += interval->ended == ROSTER_ANNOUNCED_AGAIN ||
						interval->ended == ROSTER_SESSION_UP;
		into->silences += interval->ended == ROSTER_SILENCE ||
				  interval->ended == ROSTER_COLLECTOR_SILENCE;
	}
}

static int fill_coverage_steps(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_coverage *into = &finding->result.coverage;
	uint32_t count = run->signals ? signals_coverage_count(run->signals) : 0;

	into->steps = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->steps));
	if (!into->steps)
		return err_memory(err);
	into->step_count = count;
	for (uint32_t i = 0; i < count; i++) {
		const struct coverage_step *step = signals_coverage(run->signals, i);

		into->steps[i] = (struct finding_coverage_step){
			step->time, family_name(step->family), step->peers, step->measurable };
	}
	return 0;
}

int fill_coverage(const struct run *run, struct finding *finding, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	struct finding_coverage *into = &finding->result.coverage;
	int code = peer_ases(roster, FAMILY_NONE, &into->peer_ases, err);

	into->from = run->first_heard;
	into->until = run->last_heard;
	into->rib = run->rib;
	into->collectors = run->collector_count;
	into->passed_over_ipv4 = table_passed_over(run->table, FAMILY_IPV4);
	into->passed_over_ipv6 = table_passed_over(run->table, FAMILY_IPV6);
	for (uint32_t i = 0; i < roster->count; i++) {
		const struct roster_vantage *vantage = &roster->vantages[i];

		into->vantage_points += vantage->held_ever;
		into->announcements += vantage->announcements;
		into->withdrawals += vantage->withdrawals;
		into->spurious += vantage->spurious;
		fill_losses(vantage, into);
	}
	into->family_count = 2;
	into->families = arena_zalloc(&finding->arena, 2 * sizeof(*into->families));
	if (code == 0 && !into->families)
		code = err_memory(err);
	if (code == 0)
		code = fill_coverage_family(run, FAMILY_IPV4, &into->families[0], err);
	if (code == 0)
		code = fill_coverage_family(run, FAMILY_IPV6, &into->families[1], err);
	return code ? code : fill_coverage_steps(run, finding, err);
}

#define LIMITS_MAX 12

int fill_limit(struct finding *finding, const char *code, const char *text, struct err *err)
{
	struct finding_result *result = &finding->result;

	if (!text)
		return err_memory(err);
	if (result->limit_count < LIMITS_MAX)
		result->limits[result->limit_count++] = (struct finding_limit){ code, text };
	return 0;
}

/* Where all networks are of one family there is nothing to be said of the other. */
static bool place_in_family(const struct run *run, const char *family)
{
	bool any = false;

	for (uint32_t i = 0; i < run->network_count; i++) {
		const struct visibility_network *network =
			visibility_network(signals_visibility(run->signals), i);

		if (strcmp(family_name(network->prefix.family), family) == 0)
			return true;
		any = true;
	}
	return !any;
}

static int limit_visibility(const struct run *run, struct finding *finding,
			    const struct finding_coverage_family *family, struct err *err)
{
	const struct finding_coverage *coverage = &finding->result.coverage;
	uint32_t needed = run->question->parameters.min_peers;

	if (family->measurable || !place_in_family(run, family->family))
		return 0;
	if (!coverage->rib && family->live == 0)
		return fill_limit(finding, "no-table",
				  fill_text(finding,
					    "%s: no RIB among the recordings and no session that "
					    "sent its whole table: visibility is not measurable; "
					    "what is known is known per vantage point and network, "
					    "from the first announcement on",
					    family->family),
				  err);
	if (family->full_feed_peers_most == 0)
		return fill_limit(finding, "no-full-feed",
				  fill_text(finding,
					    "%s: no vantage point carries a full feed (%llu "
					    "networks asked): visibility is not measurable",
					    family->family,
					    (unsigned long long)family->full_feed_asked),
				  err);
	return fill_limit(finding, "too-few-peers",
			  fill_text(finding,
				    "%s: full feeds of %u peer AS%s, %u are needed to state an "
				    "absence: insufficient data",
				    family->family, family->full_feed_peers_most,
				    family->full_feed_peers_most == 1 ? "" : "es", needed),
			  err);
}

int fill_limits(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_coverage *coverage = &finding->result.coverage;
	bool presence = run->question->kind == QUESTION_CENSUS ||
			run->question->kind == QUESTION_UPSTREAMS ||
			run->question->kind == QUESTION_FRONTIER ||
			run->question->kind == QUESTION_CUT;
	int code = 0;

	finding->result.limits = arena_zalloc(&finding->arena,
					      LIMITS_MAX * sizeof(*finding->result.limits));
	if (!finding->result.limits)
		return err_memory(err);
	if (run->last_heard == UTC_NEVER)
		return fill_limit(finding, "no-data",
				  "no record could be read: nothing can be measured", err);
	if (run->rib_cut)
		code = fill_limit(finding, "rib-cut",
				  "a RIB is not whole: of its vantage points only a part of the "
				  "table is known",
				  err);
	for (uint32_t i = 0; i < coverage->family_count && code == 0 && run->signals; i++)
		code = limit_visibility(run, finding, &coverage->families[i], err);
	if (code == 0 && presence)
		code = fill_limit(finding, "lower-bound",
				  fill_text(finding,
					    "seen from %u peer AS%s, %u of them with a full IPv4 "
					    "feed: counts are lower bounds",
					    coverage->peer_ases,
					    coverage->peer_ases == 1 ? "" : "es",
					    coverage->families[0].full_feed_peers),
				  err);
	if (code == 0 && run->question->kind == QUESTION_FRONTIER &&
	    coverage->families[0].full_feed_peers < run->question->parameters.hegemony_peers)
		code = fill_limit(finding, "few-feeds",
				  fill_text(finding,
					    "full IPv4 feeds of %u peer AS%s see little of the "
					    "world's links: each shows one path to a network, so "
					    "most countries have more ASes at their frontier than "
					    "are counted here",
					    coverage->families[0].full_feed_peers,
					    coverage->families[0].full_feed_peers == 1 ? "" : "es"),
				  err);
	if (code == 0 && run->question->kind == QUESTION_CUT)
		code = fill_limit(finding, "unseen-links",
				  "links that no path here shows are not known: backup links that "
				  "nobody prefers now may save networks that are counted as lost",
				  err);
	if (code == 0 && run->place && !place_knows_as(run->place) &&
	    run->question->kind != QUESTION_INFO)
		code = fill_limit(finding, "as-country-inferred",
				  "countries of ASes are inferred from where most of the space "
				  "they originate is: no source given says them",
				  err);
	return code;
}
