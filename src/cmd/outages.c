/* SPDX-License-Identifier: BSD-2-Clause */
/* constat outages: find the outages of every country and AS at once. */
#include "cmd/ask.h"

static int outages_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_OUTAGES };

	return ask_run(settings, &question, operands, 0, NULL);
}

static const struct option_group outages_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Time", ask_period_rows, 0 },
	ASK_SOURCE_GROUPS,
	ASK_ANSWER_GROUPS,
};

const struct command command_outages = {
	.name = "outages", .operands = "[FILES]", .operands_min = 0,
	.summary = "find the outages of every country and AS at once",
	.about = "What happened in the world in these recordings: outages of every country and AS,"
		" ranked by address space and duration, and storms of withdrawals by peer AS. An "
		"outage is claimed only where visibility could be measured: with RIBs (or "
		"sessions that sent their whole table) of enough peer ASes.",
	.groups = outages_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = outages_run,
};
