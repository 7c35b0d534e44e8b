/* SPDX-License-Identifier: BSD-2-Clause */
/* constat report: measure what happened to a country, an AS or a prefix. */
#include "cmd/ask.h"

static int report_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_REPORT };
	struct err err;

	if (ask_subject(operands->values[0], &question, &err))
		return cmd_fail(&err);
	return ask_run(settings, &question, operands, 1, NULL);
}

static const struct option_group report_groups[] = {
	{ "Recordings", cmd_input_rows, offsetof(struct ask_settings, inputs) },
	{ "Time", ask_period_rows, 0 },
	{ "Archives (where no FILES are given)", acquire_rows, offsetof(struct ask_settings, acquire) },
	{ "Places", ask_place_rows, 0 },
	{ NULL, acquire_registry_rows, offsetof(struct ask_settings, acquire) },
	{ "Output", cmd_output_rows, offsetof(struct ask_settings, output) },
	{ "Details", ask_output_rows, 0 },
	{ "Parameters", ask_parameter_rows, 0 },
	{ .rows = NULL }
};

const struct command command_report = {
	.name = "report", .operands = "CC|AS|PREFIX [FILES]", .operands_min = 1,
	.summary = "measure what happened to a country, an AS or a prefix",
	.about = "The finding: what was measured and from where, networks and their state, the "
		"signal over time, outages and episodes with bounds, instability, and what was "
		"not measurable.\nBounds: \"at\" is when visibility crossed the threshold; "
		"earliest and latest are the first and last message of the burst in which it did.",
	.groups = report_groups, .settings_size = sizeof(struct ask_settings), .defaults = &ask_defaults,
	.run = report_run,
};
