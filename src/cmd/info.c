/* SPDX-License-Identifier: BSD-2-Clause */
/* constat info: say what recordings hold: types, times, vantage points, faults. */
#include "cmd/ask.h"

static int info_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_INFO };

	return ask_run(settings, &question, operands, 0, NULL);
}

static const struct option_group info_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Time", ask_period_rows, 0 },
	ASK_ARCHIVE_GROUP,
	ASK_ANSWER_GROUPS,
};

const struct command command_info = {
	.name = "info", .operands = "[FILES]", .operands_min = 0,
	.summary = "say what recordings hold: types, times, vantage points, faults",
	.about = "Per file its types of records, times, compression, faults and SHA-256; per "
		"vantage point its table, whether it is a full feed, and sessions lost.",
	.groups = info_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = info_run,
};
