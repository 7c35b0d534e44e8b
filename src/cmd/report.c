/* SPDX-License-Identifier: BSD-2-Clause */
/* constat report: measure what happened to a country, an AS or networks. */
#include "cmd/ask.h"

#include <stdlib.h>

#include "net/community.h"

static const struct option_row report_rows[] = {
	{
		.name = "records", .set = option_set_flag,
		.help = "below each fact about a cause, the events that it rests on and where they "
			"stand",
		.field = offsetof(struct ask_settings, records),
	}, {
		.name = "vrps", .argument = "FILE", .set = option_set_text,
		.help = "validated ROA payloads of about then, JSON or CSV as rpki-client and "
			"routinator write",
		.field = offsetof(struct ask_settings, vrps),
	}, {
		.name = "blackhole", .argument = "A:B", .set = option_set_list,
		.help = "a community that asks for traffic to be thrown away, beside RFC 7999's "
			"65535:666",
		.field = offsetof(struct ask_settings, blackholes),
	},
	{ .name = NULL }
};

static int blackholes_read(const struct option_list *list, uint32_t *into, struct err *err)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!community_parse(view_of(list->values[i]), &into[i]))
			return err_set(err, ERR_USAGE,
				       "--blackhole: %s is no community such as 65535:666",
				       list->values[i]);
	return 0;
}

static int report_run(void *context, const struct option_list *operands)
{
	struct ask_settings settings = *(const struct ask_settings *)context;
	struct question question = { .kind = QUESTION_REPORT };
	uint32_t *blackholes = calloc(settings.blackholes.count + 1, sizeof(*blackholes));
	struct err err;
	int status;

	if (!blackholes)
		err_memory(&err);
	if (!blackholes || ask_subject(operands->values[0], &question, &err) ||
	    blackholes_read(&settings.blackholes, blackholes, &err) ||
	    (question.country != COUNTRY_UNKNOWN &&
	     clocks_of(question.country, &settings.clocks, &err))) {
		ask_subject_free(&question);
		free(blackholes);
		return cmd_fail(&err);
	}
	question.blackholes = blackholes;
	question.blackhole_count = settings.blackholes.count;
	status = ask_run(&settings, &question, operands, 1, NULL);
	ask_subject_free(&question);
	clocks_free(&settings.clocks);
	free(blackholes);
	return status;
}

static const struct option_group report_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Time", ask_period_rows, 0 },
	ASK_SOURCE_GROUPS,
	{ "Causes", report_rows, 0 },
	{ "Output", cmd_output_rows, offsetof(struct ask_settings, output) },
	{ NULL, page_rows, offsetof(struct ask_settings, page) },
	{ "Details", ask_output_rows, 0 },
	{ "Parameters", ask_parameter_rows, 0 },
	{ .rows = NULL }
};

const struct command command_report = {
	.name = "report", .operands = "CC|AS|PREFIXES [FILES]", .operands_min = 1,
	.summary = "measure what happened to a country, an AS or networks",
	.about = "The finding: what was measured and from where, networks and their state, the "
		"signal over time, outages and episodes with bounds, what routing tells of their "
		"cause, instability, and what was not measurable.\nBounds: \"at\" is when "
		"visibility crossed the threshold; earliest and latest are the first and last "
		"message of the burst in which it did.",
	.groups = report_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = report_run,
};
