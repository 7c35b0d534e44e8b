/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Outages: of those that a report has of the place, is there one of which all holds that is
 * claimed? Each part of the claim holds, holds not, or perhaps, where the bounds of what was
 * measured are too wide to tell. One of which all holds confirms. None, while visibility could be
 * measured in all of the time that is claimed, contradicts.
 */
#include <string.h>

#include "dossier/judge_parts.h"

static struct dossier_span widened(const struct assertion_time *time)
{
	return (struct dossier_span){ time->span.from - time->tolerance,
				      time->span.until + time->tolerance };
}

/* The time in which an outage of which the claim holds would have to begin, end or lie. */
static struct dossier_span window(const struct judging *judging)
{
	const struct assertion *assertion = judging->assertion;

	if (span_known(assertion->from.span))
		return widened(&assertion->from);
	if (span_known(assertion->until.span))
		return widened(&assertion->until);
	return judging->time;
}

static enum holds worse(enum holds a, enum holds b)
{
	return a < b ? a : b;
}

static unsigned level_of(const char *name)
{
	for (unsigned level = LEVEL_PARTIAL; level <= LEVEL_TOTAL; level++)
		if (strcmp(name, assertion_level_name(level)) == 0)
			return level;
	return LEVEL_ANY;
}

static enum holds lasting_holds(const struct assertion_range *range,
				const struct finding_outage *outage)
{
	int64_t most = range->most == INT64_MAX ? INT64_MAX : range->most + 1;

	/* Not over when the recordings ended: at least so long. */
	if (outage->end.at == UTC_NEVER)
		return outage->duration >= most ? HOLDS_NOT
		       : outage->duration >= range->least && range->most == INT64_MAX
			       ? HOLDS
			       : HOLDS_PERHAPS;
	return judge_within(outage->end.at - outage->start.at,
			    outage->end.earliest - outage->start.latest,
			    outage->end.latest - outage->start.earliest, range->least, most);
}

/* One that was not over at the end of the recordings is known that far. */
static enum holds lies_in(const struct judging *judging, struct dossier_span time,
			  const struct finding_outage *outage)
{
	int64_t end = outage->end.at == UTC_NEVER ? judge_data(judging->finding).until
						  : outage->end.at;

	return outage->start.at < time.until && end > time.from ? HOLDS : HOLDS_NOT;
}

/* *ret_parts: how many parts of the claim hold. */
static enum holds outage_holds(const struct judging *judging, const struct finding_outage *outage,
			       unsigned *ret_parts)
{
	const struct assertion *assertion = judging->assertion;
	enum holds part[5] = { HOLDS, HOLDS, HOLDS, HOLDS, HOLDS }, all = HOLDS;
	struct dossier_span time;

	if (span_known(assertion->from.span)) {
		time = widened(&assertion->from);
		part[0] = judge_within(outage->start.at, outage->start.earliest,
				       outage->start.latest, time.from, time.until);
	}
	if (span_known(assertion->until.span)) {
		time = widened(&assertion->until);
		part[1] = outage->end.at == UTC_NEVER
				  ? HOLDS_PERHAPS
				  : judge_within(outage->end.at, outage->end.earliest,
						 outage->end.latest, time.from, time.until);
	}
	if (span_known(assertion->at) ||
	    (!span_known(assertion->from.span) && !span_known(assertion->until.span) &&
	     span_known(judging->time)))
		part[2] = lies_in(judging, judging->time, outage);
	if (assertion->has_lasting)
		part[3] = lasting_holds(&assertion->lasting, outage);
	if (level_of(outage->level) < assertion->level)
		part[4] = HOLDS_NOT;
	/* Where and when it is weighs more than how long: an outage elsewhere is another one. */
	*ret_parts = 4 * (part[0] + part[1] + part[2]) + part[3] + part[4];
	for (size_t i = 0; i < 5; i++)
		all = worse(all, part[i]);
	return all;
}

static void put_bounds(struct buf *out, const struct finding_bound *bound)
{
	int64_t before = (bound->at - bound->earliest) / UTC_SECOND,
		behind = (bound->latest - bound->at) / UTC_SECOND;

	judge_put_time(out, bound->at);
	if (before || behind)
		buf_printf(out, " (−%lld +%lld s)", (long long)before, (long long)behind);
}

static void describe(struct judging *judging, const struct finding_outage *outage)
{
	struct buf *out = &judging->measured;

	buf_printf(out, "%s from ", outage->level);
	put_bounds(out, &outage->start);
	if (outage->end.at == UTC_NEVER) {
		buf_str(out, ", not over at the end of the recordings after ");
	} else {
		buf_str(out, " to ");
		put_bounds(out, &outage->end);
		buf_str(out, ", ");
	}
	utc_format_duration(out, outage->duration);
	judging->when = (struct dossier_span){ outage->start.at,
		outage->end.at == UTC_NEVER ? judge_data(judging->finding).until : outage->end.at };
}

static int64_t far_from(struct dossier_span time, const struct finding_outage *outage)
{
	struct dossier_span begins = { outage->start.at, outage->start.at + 1 };

	return judge_distance(time, begins);
}

/* The outage of which most holds; of several alike the nearest, then the longest. */
static const struct finding_outage *best_of(const struct judging *judging, enum holds *ret_holds)
{
	const struct finding_report *report = judging->finding->result.report;
	struct dossier_span time = window(judging);
	const struct finding_outage *best = NULL;
	unsigned parts, most = 0;

	*ret_holds = HOLDS_NOT;
	for (uint32_t i = 0; i < report->outage_count; i++) {
		const struct finding_outage *outage = &report->outages[i];
		enum holds holds = outage_holds(judging, outage, &parts);
		int64_t nearer = best ? far_from(time, best) - far_from(time, outage) : 1;

		if (!best || holds > *ret_holds ||
		    (holds == *ret_holds &&
		     (parts > most ||
		      (parts == most &&
		       (nearer > 0 || (nearer == 0 && outage->duration > best->duration)))))) {
			best = outage;
			most = parts;
			*ret_holds = holds;
		}
	}
	return best;
}

static void not_seen(struct judging *judging, struct dossier_span time)
{
	judging->verdict = VERDICT_INSUFFICIENT;
	if (!judge_overlap(time, judge_data(judging->finding))) {
		if (!span_known(judging->when) &&
		    !judge_covered(judging->finding, judge_data(judging->finding))) {
			judging->measured.len = 0;
			buf_str(&judging->measured, "visibility was not measurable there either");
		}
		judge_elsewhere(judging);
		return;
	}
	judging->measured.len = 0;
	judging->when = DOSSIER_SPAN_NONE;
	buf_str(&judging->why,
		"visibility was not measurable in all of the time that the claim is about");
}

bool judge_outage(struct judging *judging)
{
	struct dossier_span time = window(judging);
	const struct finding_outage *best;
	enum holds holds;

	if (!judging->finding->result.report || !span_known(judge_data(judging->finding)))
		return false;
	if (!span_known(time))
		time = judge_data(judging->finding);
	judging->time = time;
	best = best_of(judging, &holds);
	if (best)
		describe(judging, best);
	else
		buf_str(&judging->measured, "no outage");
	judging->verdict = holds == HOLDS ? VERDICT_CONFIRMED : VERDICT_INSUFFICIENT;
	if (holds == HOLDS)
		buf_str(&judging->why, "an outage of which all of this holds");
	else if (holds == HOLDS_PERHAPS)
		buf_str(&judging->why, "the bounds of what was measured are too wide to tell");
	else if (!judge_covered(judging->finding, time))
		not_seen(judging, time);
	else {
		judging->verdict = VERDICT_CONTRADICTED;
		buf_str(&judging->why, "no outage of which all of this holds, while visibility was "
				       "measured throughout");
	}
	return true;
}

bool judge_reachable(struct judging *judging)
{
	const struct finding_report *report = judging->finding->result.report;
	struct dossier_span data = judge_data(judging->finding);

	if (!report || !span_known(data))
		return false;
	for (uint32_t i = 0; i < report->outage_count; i++) {
		const struct finding_outage *outage = &report->outages[i];

		if (level_of(outage->level) != LEVEL_TOTAL ||
		    lies_in(judging, judging->time, outage) != HOLDS)
			continue;
		describe(judging, outage);
		judging->verdict = VERDICT_CONTRADICTED;
		buf_str(&judging->why, "nothing of it was seen for some of that time");
		return true;
	}
	buf_str(&judging->measured, "no total outage");
	judging->verdict = VERDICT_CONFIRMED;
	if (judge_covered(judging->finding, judging->time)) {
		judging->when = judging->time;
		buf_str(&judging->why, "visibility was measured throughout");
	} else {
		not_seen(judging, judging->time);
	}
	return true;
}

bool judge_unstable(struct judging *judging)
{
	const struct finding_report *report = judging->finding->result.report;
	uint32_t bursts = 0, outages = 0;
	int64_t first = INT64_MAX, last = INT64_MIN;

	if (!report || !span_known(judge_data(judging->finding)))
		return false;
	for (uint32_t i = 0; i < report->instability_count; i++) {
		const struct finding_instability *burst = &report->instabilities[i];

		if (burst->first >= judging->time.until || burst->last < judging->time.from)
			continue;
		bursts++;
		first = burst->first < first ? burst->first : first;
		last = burst->last > last ? burst->last : last;
	}
	for (uint32_t i = 0; i < report->outage_count; i++)
		outages += lies_in(judging, judging->time, &report->outages[i]) == HOLDS;
	judging->verdict = bursts ? VERDICT_CONFIRMED : VERDICT_CONTRADICTED;
	buf_printf(&judging->measured, "%u %s of instability", bursts,
		   bursts == 1 ? "burst" : "bursts");
	if (bursts) {
		buf_str(&judging->measured, " from ");
		judge_put_time(&judging->measured, first);
		buf_str(&judging->measured, " to ");
		judge_put_time(&judging->measured, last);
		buf_printf(&judging->measured, ", %u %s", outages,
			   outages == 1 ? "outage" : "outages");
		judging->when = (struct dossier_span){ first, last + 1 };
		buf_str(&judging->why, "more changes of its networks than usual");
	} else if (judge_covered(judging->finding, judging->time)) {
		buf_str(&judging->why,
			"no more changes than usual, while visibility was measured throughout");
	} else {
		not_seen(judging, judging->time);
	}
	return true;
}
