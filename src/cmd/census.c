/* SPDX-License-Identifier: BSD-2-Clause */
/* constat census: count the networks, address space and origin ASes of each country. */
#include <string.h>

#include "cmd/ask.h"

static const struct option_row census_rows[] = {
	{
		.name = "country", .letter = 'c', .argument = "CC", .set = option_set_list,
		.help = "only this country; may be given several times",
		.field = offsetof(struct ask_settings, countries),
	},
	{ .name = NULL }
};

static bool wanted(const struct finding_census_row *row, const struct option_list *countries)
{
	for (uint32_t i = 0; i < countries->count; i++) {
		country_t country;
		char text[3];

		if (!country_parse(view_of(countries->values[i]), &country))
			continue;
		country_format(country, text);
		if (strcmp(text, row->country) == 0)
			return true;
	}
	return countries->count == 0;
}

static void census_trim(struct finding *finding, const struct ask_settings *settings)
{
	struct finding_census *census = finding->result.census;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < census->row_count; i++) {
		if (wanted(&census->rows[i], &settings->countries))
			census->rows[kept++] = census->rows[i];
	}
	census->row_count = kept;
}

static int countries_check(const struct option_list *countries)
{
	for (uint32_t i = 0; i < countries->count; i++) {
		country_t country;
		struct err err;

		if (country_parse(view_of(countries->values[i]), &country))
			continue;
		err_set(&err, ERR_USAGE, "--country: %s is no country", countries->values[i]);
		return cmd_fail(&err);
	}
	return 0;
}

static int census_run(void *context, const struct option_list *operands)
{
	const struct ask_settings *settings = context;
	struct question question = { .kind = QUESTION_CENSUS };
	int status = countries_check(&settings->countries);

	return status ? status : ask_run(settings, &question, operands, 0, census_trim);
}

static const struct option_group census_groups[] = {
	ASK_RECORDING_GROUP,
	{ "Countries", census_rows, 0 },
	{ "Time", ask_instant_rows, 0 },
	ASK_SOURCE_GROUPS,
	ASK_ANSWER_GROUPS,
};

const struct command command_census = {
	.name = "census", .operands = "[FILES]", .operands_min = 0,
	.summary = "count the networks, address space and origin ASes of each country",
	.about = "Counts, per country and family, networks, distinct /24 (IPv6: /48) blocks and "
		"origin ASes in the table that the recordings make, at their end or at the time "
		"given. Presence needs one vantage point: counts are lower bounds.\nA network "
		"belongs to the country where most of its addresses are; ties and space nobody "
		"registered are shown as unknown. \"Foreign origin\" counts networks all of whose"
		" known origin ASes are of elsewhere.",
	.groups = census_groups, .settings_size = sizeof(struct ask_settings),
	.defaults = &ask_defaults, .run = census_run,
};
