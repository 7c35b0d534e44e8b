/* SPDX-License-Identifier: BSD-2-Clause */
/* constat cut: what would be lost if an AS or a link stopped carrying. */
#include "cmd/ask.h"

static const struct option_row cut_rows[] = {
	{
		.name = "country", .letter = 'c', .argument = "CC", .set = option_set_text,
		.help = "only the networks of this country",
		.field = offsetof(struct ask_settings, within),
	}, {
		.name = "worst", .argument = "CC", .set = option_set_text,
		.help = "in place of an AS or a link: the ten ASes whose cut costs this country "
			"most",
		.field = offsetof(struct ask_settings, worst),
	}, {
		.name = "relations", .argument = "FILE", .set = option_set_text,
		.help = "AS relationships as CAIDA publishes them (as-rel); links it lacks are "
			"inferred",
		.field = offsetof(struct ask_settings, relations),
	},
	{ .name = NULL }
};

/* "AS4837", "AS701-AS4837" */
static int cut_parse(const char *text, struct graph_cut *ret_cut, struct err *err)
{
	struct view rest = view_of(text), a, b;
	struct graph_cut cut = { 0, 0 };
	bool good = view_split(&rest, '-', &a) && asn_parse(a, &cut.a) && cut.a != 0;

	if (good && view_split(&rest, '-', &b))
		good = asn_parse(b, &cut.b) && cut.b != 0 && cut.b != cut.a && rest.len == 0;
	if (!good)
		return err_set(err, ERR_USAGE,
			       "%s is no AS (AS4837) and no link of two (AS701-AS4837)", text);
	*ret_cut = cut;
	return 0;
}

static int country_of(const char *option, const char *text, country_t *ret_country, struct err *err)
{
	if (text && (!country_parse(view_of(text), ret_country) || *ret_country == COUNTRY_UNKNOWN))
		return err_set(err, ERR_USAGE, "--%s: %s is no country", option, text);
	return 0;
}

static int cut_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_CUT };
	struct err err;
	int code = country_of("country", settings->within, &question.within, &err);

	if (code == 0)
		code = country_of("worst", settings->worst, &question.country, &err);
	if (code == 0 && settings->worst && settings->within)
		code = err_set(&err, ERR_USAGE,
			       "--worst names the country already: leave out --country");
	if (code == 0 && !settings->worst && operands->count == 0)
		code = err_set(&err, ERR_USAGE,
			       "say what to cut: an AS, a link of two, or --worst CC");
	if (code == 0 && !settings->worst)
		code = cut_parse(operands->values[0], &question.cut, &err);
	if (code)
		return cmd_fail(&err);
	return ask_run(settings, &question, operands, settings->worst ? 0 : 1, NULL);
}

static const struct option_group cut_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Cut", cut_rows, 0 },
	{ "Time", ask_instant_rows, 0 },
	ASK_SOURCE_GROUPS,
	ASK_ANSWER_GROUPS,
};

const struct command command_cut = {
	.name = "cut", .operands = "AS|AS-AS [FILES]",
	.summary = "tell what would be lost if an AS or a link stopped carrying",
	.about = "Tells, per country, which networks would be lost if an AS, or the link between "
		"two, stopped carrying; which only some peer ASes would lose; and which would keep "
		"a single provider.\nA peer AS keeps a network when its path does not cross the "
		"cut, or when the links seen in all paths hold another without a valley. Links "
		"that no path shows are not known.",
	.groups = cut_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = cut_run,
};
