/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How things are measured: every parameter with its name, default and unit (DESIGN:
 * docs/measure.md).
 *
 * One list (MEASURE_PARAMETERS) names them all; the command line, the finding's JSON and the manual
 * follow it, so that none can be used without being stated. Shares are parts per million, times
 * microseconds.
 */
#ifndef CONSTAT_MEASURE_PARAMETERS_H
#define CONSTAT_MEASURE_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

#define PPM 1000000u

/* Parts per million, rounded half to even; 0 of nothing. */
static inline uint32_t ppm_of(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return 0;
	unsigned __int128 scaled = (unsigned __int128)part * PPM;
	uint64_t share = (uint64_t)(scaled / whole);
	unsigned __int128 twice = 2 * (scaled - (unsigned __int128)share * whole);

	return (uint32_t)(share + (twice > whole || (twice == whole && (share & 1))));
}

struct measure_parameters {
	/* visibility */
	uint32_t threshold;		/* seen at or above */
	uint32_t full_feed_share;	/* of the third-largest table */
	/* a full feed stays one down to this share of what is asked */
	uint32_t full_feed_hysteresis;
	uint64_t full_feed_ipv4;	/* networks; 0: the floor of the year */
	uint64_t full_feed_ipv6;
	uint32_t min_peers;		/* peer ASes below which absence is not stated */
	uint32_t min_coverage;		/* share of the usual number of peer ASes, likewise */
	/* routes held so long after the network went dark are stuck */
	int64_t stuck_after;
	/* outages */
	uint32_t partial, major;	/* below these shares of the baseline */
	int64_t baseline_window;
	int64_t step_after;		/* a level that holds so long is the new baseline */
	int64_t episode_gap;
	int64_t burst_gap;		/* messages closer than this belong to one burst */
	/* cause */
	/* before a network went dark: its routes are taken from then */
	int64_t cause_lead;
	int64_t cause_tail;		/* behind it: what is still held then has survived */
	/* transit */
	uint32_t hegemony_trim;		/* peer ASes cut off at each end */
	uint32_t hegemony_peers;	/* full feeds below which hegemony is not measurable */
	/* instability and storms */
	int64_t instability_gap;
	uint32_t instability_updates;
	uint32_t storm_factor;		/* a minute with so many times the median's withdrawals … */
	uint32_t storm_withdrawals;	/* … and at least so many */
	struct table_parameters table;
};

extern const struct measure_parameters measure_parameters_default;

/* An initialiser of them, for constants. */
#define MEASURE_PARAMETER_VALUE(name, kind, field, value, help) .field = value,
#define MEASURE_PARAMETERS_DEFAULT { MEASURE_PARAMETERS(MEASURE_PARAMETER_VALUE) }

enum parameter_unit { PARAMETER_PPM, PARAMETER_COUNT, PARAMETER_TIME };

struct parameter {
	const char *name;	/* the option, without dashes before it */
	enum parameter_unit unit;
	size_t offset;		/* in struct measure_parameters */
	size_t size;		/* 4 or 8 bytes */
	const char *help;
};

/*
 * name, kind, field, default, what it is; kinds: SHARE (parts per million), TIME, COUNT (32 bits),
 * SIZE (64 bits)
 */
#define MEASURE_PARAMETERS(ROW) \
	ROW("threshold", SHARE, threshold, PPM / 2, \
	    "visibility at or above which a network is seen") \
	ROW("full-feed-share", SHARE, full_feed_share, 3 * (PPM / 4), \
	    "share of the third-largest table, and of the year's floor, that makes a full feed") \
	ROW("full-feed-hysteresis", SHARE, full_feed_hysteresis, 9 * (PPM / 10), \
	    "share of what is asked of a full feed down to which it stays one") \
	ROW("full-feed", SIZE, full_feed_ipv4, 0, \
	    "networks that make an IPv4 full feed, in place of share and floor (0: those)") \
	ROW("full-feed-ipv6", SIZE, full_feed_ipv6, 0, \
	    "the same for IPv6") \
	ROW("min-peers", COUNT, min_peers, 3, \
	    "peer ASes with a full feed below which absence is not stated") \
	ROW("min-coverage", SHARE, min_coverage, PPM / 2, \
	    "share of the usual number of peer ASes below which absence is not stated") \
	ROW("stuck-after", TIME, stuck_after, 90 * UTC_MINUTE, \
	    "a route held so long after its network went dark is stuck") \
	ROW("partial", SHARE, partial, 99 * (PPM / 100), \
	    "share of the baseline below which an outage begins") \
	ROW("major", SHARE, major, PPM / 2, \
	    "share of the baseline below which it is major") \
	ROW("baseline-window", TIME, baseline_window, 24 * UTC_HOUR, \
	    "the baseline is the median of so much time outside outages") \
	ROW("step-after", TIME, step_after, 7 * UTC_DAY, \
	    "a level that holds so long becomes the baseline") \
	ROW("episode-gap", TIME, episode_gap, 15 * UTC_MINUTE, \
	    "outages closer than this are one episode") \
	ROW("burst-gap", TIME, burst_gap, UTC_MINUTE, \
	    "messages closer than this are one burst") \
	ROW("cause-lead", TIME, cause_lead, 3 * UTC_MINUTE, \
	    "what a network's routes were is looked up so long before it went dark") \
	ROW("cause-tail", TIME, cause_tail, 10 * UTC_MINUTE, \
	    "a route still held so long after its network went dark has survived") \
	ROW("hegemony-trim", SHARE, hegemony_trim, PPM / 10, \
	    "share of the peer ASes that AS hegemony leaves out at each end") \
	ROW("hegemony-peers", COUNT, hegemony_peers, 10, \
	    "peer ASes with a full feed below which AS hegemony is not measurable") \
	ROW("instability-gap", TIME, instability_gap, 5 * UTC_MINUTE, \
	    "updates of a network closer than this belong together") \
	ROW("instability-updates", COUNT, instability_updates, 10, \
	    "so many updates together are an instability") \
	ROW("storm-factor", COUNT, storm_factor, 3, \
	    "a minute with so many times the median's withdrawals is a storm") \
	ROW("storm-withdrawals", COUNT, storm_withdrawals, 1000, \
	    "and with at least so many") \
	ROW("refill-quiet", TIME, table.refill_quiet, UTC_MINUTE, \
	    "a refill is complete when nothing new came for so long") \
	ROW("again-share", SHARE, table.again_share, PPM / 2, \
	    "share of a table announced again that betrays a lost session") \
	ROW("again-window", TIME, table.again_window, 5 * UTC_MINUTE, \
	    "when it came within this time") \
	ROW("silence-min", TIME, table.silence_min, 5 * UTC_MINUTE, \
	    "shorter silence is never a lost session") \
	ROW("silence-factor", COUNT, table.silence_factor, 4, \
	    "silence is so many times the longest gap so far") \
	ROW("silence-max", TIME, table.silence_max, 30 * UTC_MINUTE, \
	    "a session whose gaps ask for more than this cannot be told silent") \
	ROW("silence-messages", COUNT, table.silence_messages, 100, \
	    "messages that must have been heard to know what is usual") \
	ROW("audit-window", TIME, table.audit_window, 10 * UTC_MINUTE, \
	    "an update so long after a RIB's time still wins over it") \
	ROW("drift-max", SHARE, table.drift_max, PPM / 100, \
	    "share of a table contradicted by a RIB that makes it unbelievable")

extern const struct parameter measure_parameter_table[];
extern const size_t measure_parameter_count;

int64_t parameter_get(const struct measure_parameters *parameters, const struct parameter *row);
void parameter_set(struct measure_parameters *parameters, const struct parameter *row,
		   int64_t value);

#endif
