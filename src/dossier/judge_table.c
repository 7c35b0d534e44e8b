/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a table of routes decides: how many networks there are, and through whom. Presence needs one
 * vantage point, so counts are lower bounds: one that is as claimed confirms, one above
 * contradicts; one below contradicts only where JUDGE_PEERS_MIN peer ASes with a full feed saw no
 * more.
 *
 * A census is one instant. A report that covers all of the time that is claimed knows every
 * instant: then it is the most that was seen at once which counts, for a network that was dark for
 * an hour is still one that the place has.
 */
#include <string.h>

#include "dossier/judge_parts.h"

static uint32_t full_feeds(const struct finding *finding)
{
	const struct finding_coverage *coverage = &finding->result.coverage;

	for (uint32_t i = 0; i < coverage->family_count; i++)
		if (strcmp(coverage->families[i].family, "IPv4") == 0)
			return coverage->families[i].full_feed_peers;
	return 0;
}

/* When the table stood so: as asked, but nothing was heard after the data. */
static struct dossier_span instant(const struct finding *finding, int64_t at)
{
	int64_t last = finding->result.coverage.until;

	return (struct dossier_span){ at < last ? at : last, (at < last ? at : last) + 1 };
}

static void put_seen_from(struct buf *out, const struct finding *finding)
{
	uint32_t feeds = full_feeds(finding);

	if (feeds < JUDGE_PEERS_MIN)
		buf_printf(out, "a lower bound, seen from %u peer %s with a full feed", feeds,
			   feeds == 1 ? "AS" : "ASes");
	else
		buf_printf(out, "seen from %u peer ASes with a full feed", feeds);
}

static void put_number(struct buf *out, uint32_t value)
{
	if (value >= 1000000)
		buf_printf(out, "%u,%03u,%03u", value / 1000000, value / 1000 % 1000, value % 1000);
	else if (value >= 1000)
		buf_printf(out, "%u,%03u", value / 1000, value % 1000);
	else
		buf_u64(out, value);
}

static void weigh_count(struct judging *judging, uint32_t count, struct dossier_span when)
{
	const struct assertion_range *range = &judging->assertion->networks;
	bool enough = full_feeds(judging->finding) >= JUDGE_PEERS_MIN;

	put_number(&judging->measured, count);
	buf_printf(&judging->measured, " %s at ", count == 1 ? "network" : "networks");
	judge_put_time(&judging->measured, when.from);
	judging->when = when;
	judging->compared = true;
	judging->agrees = count >= range->least && count <= range->most;
	if (judging->agrees)
		judging->verdict = VERDICT_CONFIRMED;
	else if (count > range->most || enough)
		judging->verdict = VERDICT_CONTRADICTED;
	else
		judging->verdict = VERDICT_INSUFFICIENT;
	put_seen_from(&judging->why, judging->finding);
	if (judging->verdict == VERDICT_INSUFFICIENT)
		buf_printf(&judging->why, "; fewer than claimed would need %d", JUDGE_PEERS_MIN);
}

static const struct finding_census_row *census_row(const struct finding_census *census,
						   country_t country)
{
	char text[3];

	country_format(country, text);
	for (uint32_t i = 0; i < census->row_count; i++)
		if (strcmp(census->rows[i].country, text) == 0 &&
		    strcmp(census->rows[i].family, "IPv4") == 0)
			return &census->rows[i];
	return NULL;
}

static void by_census(struct judging *judging)
{
	const struct finding_census *census = judging->finding->result.census;
	const struct finding_census_row *row = census_row(census,
							  judging->assertion->place.country);
	struct dossier_span when = instant(judging->finding, census->at);

	weigh_count(judging, row ? row->networks : 0, when);
	if (span_known(judging->time) && !judge_overlap(when, judging->time)) {
		buf_str(&judging->measured, " (");
		put_seen_from(&judging->measured, judging->finding);
		buf_str(&judging->measured, ")");
		judge_elsewhere(judging);
	}
}

/* The most networks seen at once; false where the report cannot tell. */
static bool most_seen(const struct judging *judging, struct dossier_span time, uint32_t *ret_most,
		      int64_t *ret_when)
{
	const struct finding_report *report = judging->finding->result.report;
	bool found = false;

	for (uint32_t i = 0; i < report->signal_count; i++) {
		const struct finding_signal *signal = &report->signals[i];

		if (strcmp(signal->family, "IPv4") != 0)
			continue;
		for (uint32_t k = 0; k < signal->point_count; k++) {
			const struct finding_point *point = &signal->points[k];
			bool holds_into = k + 1 == signal->point_count ||
					  signal->points[k + 1].time > time.from;

			if (!point->measurable || point->time >= time.until || !holds_into ||
			    (found && point->networks <= *ret_most))
				continue;
			*ret_most = point->networks;
			*ret_when = point->time > time.from ? point->time : time.from;
			found = true;
		}
	}
	return found;
}

static bool by_report(struct judging *judging)
{
	struct dossier_span data = judge_data(judging->finding);
	struct dossier_span time = span_known(judging->time) ? judging->time : data;
	int64_t when = 0;
	uint32_t most = 0;

	if (!span_known(data) || !judge_overlap(time, data) ||
	    !most_seen(judging, time, &most, &when))
		return false;
	judging->throughout = true;
	weigh_count(judging, most, (struct dossier_span){ when, when + 1 });
	/* Somebody may have seen more in what was not measured. */
	if (judging->verdict == VERDICT_CONTRADICTED && most < judging->assertion->networks.least &&
	    !judge_covered(judging->finding, time)) {
		judging->verdict = VERDICT_INSUFFICIENT;
		buf_str(&judging->why, "; visibility was not measurable in all of the time that "
				       "the claim is about");
	}
	return true;
}

bool judge_networks(struct judging *judging)
{
	if (judging->finding->result.report)
		return by_report(judging);
	if (!judging->finding->result.census || !span_known(judge_data(judging->finding)))
		return false;
	by_census(judging);
	return true;
}

static bool listed(const struct assertion *assertion, uint32_t asn)
{
	for (uint32_t i = 0; i < assertion->asn_count; i++)
		if (assertion->asns[i] == asn)
			return true;
	return false;
}

static bool has_upstream(const struct finding_upstreams *upstreams, uint32_t asn)
{
	for (uint32_t i = 0; i < upstreams->transit_count; i++)
		if (strcmp(upstreams->transits[i].role, "upstream") == 0 &&
		    upstreams->transits[i].asn == asn)
			return true;
	return false;
}

/*
 * All upstreams into `measured`; whether they are as claimed. *ret_other: one is there that must
 * not be.
 */
static bool weigh_upstreams(struct judging *judging, bool *ret_other)
{
	const struct finding_upstreams *upstreams = judging->finding->result.upstreams;
	const struct assertion *assertion = judging->assertion;
	bool agrees = true;
	unsigned shown = 0;

	*ret_other = false;
	for (uint32_t i = 0; i < upstreams->transit_count; i++) {
		const struct finding_transit *transit = &upstreams->transits[i];

		if (strcmp(transit->role, "upstream") != 0)
			continue;
		if (shown++ < 4)
			buf_printf(&judging->measured, "%sAS%u", shown > 1 ? ", " : "",
				   transit->asn);
		*ret_other |= !listed(assertion, transit->asn);
	}
	if (shown > 4)
		buf_printf(&judging->measured, " and %u more", shown - 4);
	for (uint32_t i = 0; i < assertion->asn_count && !assertion->only; i++)
		agrees &= has_upstream(upstreams, assertion->asns[i]);
	return agrees && shown && !(assertion->only && *ret_other);
}

bool judge_upstreams(struct judging *judging)
{
	const struct finding_upstreams *upstreams = judging->finding->result.upstreams;
	struct dossier_span when;
	bool other;

	if (!upstreams || !span_known(judge_data(judging->finding)))
		return false;
	when = instant(judging->finding, upstreams->at);
	judging->when = when;
	judging->compared = true;
	judging->agrees = weigh_upstreams(judging, &other);
	if (upstreams->networks == 0) {
		judging->verdict = VERDICT_INSUFFICIENT;
		buf_str(&judging->why, "no network of it was in the table at ");
		judge_put_time(&judging->why, when.from);
		return true;
	}
	buf_printf(&judging->measured, " for %u %s at ", upstreams->networks,
		   upstreams->networks == 1 ? "network" : "networks");
	judge_put_time(&judging->measured, when.from);
	buf_printf(&judging->why, "seen from %u peer %s", upstreams->peers,
		   upstreams->peers == 1 ? "AS" : "ASes");
	judging->verdict = judging->agrees			 ? VERDICT_CONFIRMED
			   : judging->assertion->only && other	 ? VERDICT_CONTRADICTED
			   : upstreams->peers >= JUDGE_PEERS_MIN ? VERDICT_CONTRADICTED
								 : VERDICT_INSUFFICIENT;
	if (span_known(judging->time) && !judge_overlap(when, judging->time)) {
		buf_printf(&judging->measured, " (seen from %u peer %s)", upstreams->peers,
			   upstreams->peers == 1 ? "AS" : "ASes");
		judge_elsewhere(judging);
	}
	return true;
}
