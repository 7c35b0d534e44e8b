/* SPDX-License-Identifier: BSD-2-Clause */
/* constat upstreams: tell through whom a country, an AS or a prefix is connected. */
#include "cmd/ask.h"

static int upstreams_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_UPSTREAMS };
	struct err err;

	if (ask_subject(operands->values[0], &question, &err))
		return cmd_fail(&err);
	return ask_run(settings, &question, operands, 1, NULL);
}

static const struct option_group upstreams_groups[] = {
	{ "Recordings", cmd_input_rows, offsetof(struct ask_settings, inputs) },
	{ "Time", ask_instant_rows, 0 },
	{ "Archives (where no FILES are given)", acquire_rows, offsetof(struct ask_settings, acquire) },
	{ "Places", ask_place_rows, 0 },
	{ NULL, acquire_registry_rows, offsetof(struct ask_settings, acquire) },
	{ "Output", cmd_output_rows, offsetof(struct ask_settings, output) },
	{ "Details", ask_output_rows, 0 },
	{ "Parameters", ask_parameter_rows, 0 },
	{ .rows = NULL }
};

const struct command command_upstreams = {
	.name = "upstreams", .operands = "CC|AS|PREFIX [FILES]", .operands_min = 1,
	.summary = "tell through whom a country, an AS or a prefix is connected",
	.about = "Prints the gateways (the last foreign AS before paths enter the country) and "
		"upstreams (the AS before the origin) with their shares, every path seen, folded,"
		" and the networks whose registration and path disagree.\nShares are the mean "
		"over peer ASes of the networks that each reaches through the AS.",
	.groups = upstreams_groups, .settings_size = sizeof(struct ask_settings), .defaults = &ask_defaults,
	.run = upstreams_run,
};
