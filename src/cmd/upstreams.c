/* SPDX-License-Identifier: BSD-2-Clause */
/* constat upstreams: tell through whom a country, an AS or networks is connected. */
#include <string.h>

#include "cmd/ask.h"

static int set_weight(void *field, const char *value, struct err *err)
{
	bool space = strcmp(value, "space") == 0;

	if (!space && strcmp(value, "networks") != 0)
		return err_set(err, ERR_USAGE, "%s is neither space nor networks", value);
	*(enum hegemony_weight *)field = space ? WEIGHT_SPACE : WEIGHT_NETWORKS;
	return 0;
}

static int set_step(void *field, const char *value, struct err *err)
{
	int64_t step;
	int code = option_set_duration(&step, value, err);

	if (code == 0 && step <= 0)
		return err_set(err, ERR_USAGE, "no time passes in %s", value);
	if (code == 0)
		*(int64_t *)field = step;
	return code;
}

static const struct option_row upstreams_rows[] = {
	{
		.name = "weight", .letter = 'w', .argument = "space|networks", .set = set_weight,
		.help = "what AS hegemony weighs by: address space (default) or networks",
		.field = offsetof(struct ask_settings, weight),
	},
	{ .name = NULL }
};

static const struct option_row upstreams_time_rows[] = {
	{
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "over time, from here on; earlier recordings still make the table",
		.field = offsetof(struct ask_settings, from),
	}, {
		.name = "until", .argument = "TIME", .set = option_set_time,
		.help = "over time, up to here", .field = offsetof(struct ask_settings, until),
	}, {
		.name = "step", .argument = "DURATION", .set = set_step,
		.help = "over time, with so much between samples (default: at most 96 of them)",
		.field = offsetof(struct ask_settings, step),
	},
	{ .name = NULL }
};

static int upstreams_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_UPSTREAMS };
	struct err err;
	int status;

	question.weight = settings->weight;
	question.step = settings->step;
	question.over_time = settings->from != UTC_NEVER || settings->until != UTC_NEVER ||
			     settings->step;
	if (question.over_time && settings->at != UTC_NEVER) {
		err_set(&err, ERR_USAGE,
			"--at asks for one instant; --from, --until and --step for a time");
		return cmd_fail(&err);
	}
	if (ask_subject(operands->values[0], &question, &err))
		return cmd_fail(&err);
	status = ask_run(settings, &question, operands, 1, NULL);
	ask_subject_free(&question);
	return status;
}

static const struct option_group upstreams_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Measure", upstreams_rows, 0 },
	{ "Time", ask_instant_rows, 0 },
	{ NULL, upstreams_time_rows, 0 },
	ASK_SOURCE_GROUPS,
	ASK_ANSWER_GROUPS,
};

const struct command command_upstreams = {
	.name = "upstreams", .operands = "CC|AS|PREFIXES [FILES]", .operands_min = 1,
	.summary = "tell through whom a country, an AS or networks are connected",
	.about = "Prints the gateways (the last foreign AS before paths enter the country) and "
		"upstreams (the AS before the origin) with their shares, every path seen, folded, "
		"and the networks whose registration and path disagree.\nShares are the mean over "
		"peer ASes of the networks that each reaches through the AS.\nAS hegemony is the "
		"mean after leaving out a tenth of the peer ASes at each end, over those with a "
		"full feed.",
	.groups = upstreams_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = upstreams_run,
};
