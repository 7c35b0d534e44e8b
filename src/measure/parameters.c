/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of parameters. Defaults and their sources are explained in docs/measure.md. */
#include "measure/parameters.h"

#include <string.h>

struct measure_parameters measure_parameters_default(void)
{
	return (struct measure_parameters){
		.threshold = PPM / 2,
		.full_feed_share = 3 * (PPM / 4),
		.full_feed_hysteresis = 9 * (PPM / 10),
		.min_peers = 3,
		.min_coverage = PPM / 2,
		.stuck_after = 90 * UTC_MINUTE,
		.partial = 99 * (PPM / 100),
		.major = PPM / 2,
		.baseline_window = 24 * UTC_HOUR,
		.step_after = 7 * UTC_DAY,
		.episode_gap = 15 * UTC_MINUTE,
		.burst_gap = UTC_MINUTE,
		.instability_gap = 5 * UTC_MINUTE,
		.instability_updates = 10,
		.storm_factor = 3,
		.storm_withdrawals = 1000,
		.table = table_parameters_default(),
	};
}

#define ROW(name, unit, field, help) \
	{ name, unit, offsetof(struct measure_parameters, field), \
	  sizeof(((struct measure_parameters *)0)->field), help }

const struct parameter measure_parameter_table[] = {
	ROW("threshold", PARAMETER_PPM, threshold, "visibility at or above which a network is seen"),
	ROW("full-feed-share", PARAMETER_PPM, full_feed_share,
	    "share of the third-largest table, and of the year's floor, that makes a full feed"),
	ROW("full-feed-hysteresis", PARAMETER_PPM, full_feed_hysteresis,
	    "share of what is asked of a full feed down to which it stays one"),
	ROW("full-feed", PARAMETER_COUNT, full_feed_ipv4,
	    "networks that make an IPv4 full feed, in place of share and floor (0: those)"),
	ROW("full-feed-ipv6", PARAMETER_COUNT, full_feed_ipv6, "the same for IPv6"),
	ROW("min-peers", PARAMETER_COUNT, min_peers,
	    "peer ASes with a full feed below which absence is not stated"),
	ROW("min-coverage", PARAMETER_PPM, min_coverage,
	    "share of the usual number of peer ASes below which absence is not stated"),
	ROW("stuck-after", PARAMETER_TIME, stuck_after,
	    "a route held so long after its network went dark is stuck"),
	ROW("partial", PARAMETER_PPM, partial, "share of the baseline below which an outage begins"),
	ROW("major", PARAMETER_PPM, major, "share of the baseline below which it is major"),
	ROW("baseline-window", PARAMETER_TIME, baseline_window,
	    "the baseline is the median of so much time outside outages"),
	ROW("step-after", PARAMETER_TIME, step_after, "a level that holds so long becomes the baseline"),
	ROW("episode-gap", PARAMETER_TIME, episode_gap, "outages closer than this are one episode"),
	ROW("burst-gap", PARAMETER_TIME, burst_gap, "messages closer than this are one burst"),
	ROW("instability-gap", PARAMETER_TIME, instability_gap,
	    "updates of a network closer than this belong together"),
	ROW("instability-updates", PARAMETER_COUNT, instability_updates,
	    "so many updates together are an instability"),
	ROW("storm-factor", PARAMETER_COUNT, storm_factor,
	    "a minute with so many times the median's withdrawals is a storm"),
	ROW("storm-withdrawals", PARAMETER_COUNT, storm_withdrawals, "and with at least so many"),
	ROW("refill-quiet", PARAMETER_TIME, table.refill_quiet,
	    "a refill is complete when nothing new came for so long"),
	ROW("again-share", PARAMETER_PPM, table.again_share,
	    "share of a table announced again that betrays a lost session"),
	ROW("again-window", PARAMETER_TIME, table.again_window, "when it came within this time"),
	ROW("silence-min", PARAMETER_TIME, table.silence_min, "shorter silence is never a lost session"),
	ROW("silence-factor", PARAMETER_COUNT, table.silence_factor,
	    "silence is so many times the longest gap so far"),
	ROW("silence-max", PARAMETER_TIME, table.silence_max,
	    "a session whose gaps ask for more than this cannot be told silent"),
	ROW("silence-messages", PARAMETER_COUNT, table.silence_messages,
	    "messages that must have been heard to know what is usual"),
	ROW("audit-window", PARAMETER_TIME, table.audit_window,
	    "an update so long after a RIB's time still wins over it"),
	ROW("drift-max", PARAMETER_PPM, table.drift_max,
	    "share of a table contradicted by a RIB that makes it unbelievable"),
};

const size_t measure_parameter_count = sizeof(measure_parameter_table) / sizeof(measure_parameter_table[0]);

int64_t parameter_get(const struct measure_parameters *parameters, const struct parameter *row)
{
	const char *at = (const char *)parameters + row->offset;
	uint32_t small;
	int64_t large;

	if (row->size == sizeof(small)) {
		memcpy(&small, at, sizeof(small));
		return small;
	}
	memcpy(&large, at, sizeof(large));
	return large;
}

void parameter_set(struct measure_parameters *parameters, const struct parameter *row, int64_t value)
{
	char *at = (char *)parameters + row->offset;
	uint32_t small = (uint32_t)value;

	if (row->size == sizeof(small))
		memcpy(at, &small, sizeof(small));
	else
		memcpy(at, &value, sizeof(value));
}
