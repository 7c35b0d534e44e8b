/* SPDX-License-Identifier: BSD-2-Clause */
/* constat frontier: count each country's ASes with a foreign neighbour. */
#include "cmd/ask.h"

static int frontier_run(void *context, const struct option_list *operands)
{
	struct question question = { .kind = QUESTION_FRONTIER };

	return ask_run(context, &question, operands, 0, NULL);
}

static const struct option_group frontier_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Time", ask_instant_rows, 0 },
	ASK_SOURCE_GROUPS,
	ASK_ANSWER_GROUPS,
};

const struct command command_frontier = {
	.name = "frontier", .operands = "[FILES]",
	.summary = "count each country's ASes with a foreign neighbour",
	.about = "Counts, per country, the ASes that stand beside a foreign AS in the paths to the "
		"country's networks, and those foreign ASes; the fewest first. 1-2, 3-9, 10-39, 40 "
		"and more are the classes of risk of Renesys (\"Could it happen in your "
		"country?\", 2012).\nOnly links on somebody's best path are seen: counts are lower "
		"bounds.",
	.groups = frontier_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = frontier_run,
};
