/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts that look at the table at one instant: census and upstreams. */
#include <string.h>

#include "inquiry/run.h"
#include "measure/census.h"
#include "measure/upstreams.h"

/* A share of unknown networks that is worth a word. */
#define UNKNOWN_SHARE (PPM / 100)

static int64_t table_time(const struct run *run)
{
	return run->question->at != UTC_NEVER ? run->question->at : run->last_heard;
}

static void fill_census_row(struct finding *finding, const struct census_row *row,
			    const struct census_row *world, struct finding_census_row *into)
{
	*into = (struct finding_census_row){
		.country = fill_country(finding, row->country), .name = country_name(row->country),
		.family = family_name(row->family), .networks = row->networks,
		.networks_share = ppm_of(row->networks, world->networks), .blocks = row->blocks,
		.blocks_share = ppm_of(row->blocks, world->blocks), .origins = row->origins,
		.foreign_origin = row->foreign_origin,
	};
}

static int fill_census_rows(const struct census *census, struct finding *finding, struct err *err)
{
	struct finding_census *into = finding->result.census;

	into->rows = arena_zalloc(&finding->arena,
				  (census->count ? census->count : 1) * sizeof(*into->rows));
	into->world = arena_zalloc(&finding->arena, 2 * sizeof(*into->world));
	if (!into->rows || !into->world)
		return err_memory(err);
	for (uint32_t i = 0; i < census->count; i++) {
		const struct census_row *row = &census->rows[i];

		fill_census_row(finding, row, &census->world[row->family == FAMILY_IPV6],
				&into->rows[i]);
		if (!into->rows[i].country)
			return err_memory(err);
	}
	into->row_count = census->count;
	for (unsigned i = 0; i < 2; i++) {
		fill_census_row(finding, &census->world[i], &census->world[i], &into->world[i]);
		into->world[i].country = "";
		into->world[i].name = "world";
	}
	into->world_count = 2;
	return 0;
}

/* What no source puts anywhere is missing in the rows of countries. */
static int fill_unknown(struct finding *finding, struct err *err)
{
	const struct finding_census *census = finding->result.census;
	int code = 0;

	for (uint32_t i = 0; i < census->row_count && code == 0; i++) {
		const struct finding_census_row *row = &census->rows[i];

		if (strcmp(row->country, "--") != 0 || row->networks_share < UNKNOWN_SHARE)
			continue;
		code = fill_limit(finding, "country-unknown",
				  fill_text(finding,
					    "%s: no source says in which country %u of %u networks "
					    "are: the counts of countries lack them",
					    row->family, row->networks,
					    census->world[strcmp(row->family, "IPv6") == 0]
						    .networks),
				  err);
	}
	return code;
}

int fill_census(const struct run *run, struct finding *finding, struct err *err)
{
	struct as_countries *countries = NULL;
	struct survey *survey = NULL;
	struct census census = { 0 };
	int code;

	finding->result.census = arena_zalloc(&finding->arena, sizeof(*finding->result.census));
	if (!finding->result.census)
		return err_memory(err);
	finding->result.census->at = table_time(run);
	code = run_survey(run, &survey, &countries, err);
	if (code == 0)
		code = census_take(survey, countries, &census, err);
	if (code == 0)
		code = fill_census_rows(&census, finding, err);
	if (code == 0)
		code = fill_unknown(finding, err);
	census_free(&census);
	survey_free(survey);
	as_countries_free(countries);
	return code;
}

static int fill_transits(const struct run *run, const struct upstreams *from,
			 const struct as_countries *countries, struct finding *finding,
			 struct err *err)
{
	static const char *const roles[] = { "upstream", "gateway", "edge" };
	struct finding_upstreams *into = finding->result.upstreams;

	into->transits = arena_zalloc(&finding->arena,
				      (from->transit_count ? from->transit_count : 1) *
					      sizeof(*into->transits));
	if (!into->transits)
		return err_memory(err);
	for (uint32_t i = 0; i < from->transit_count; i++) {
		const struct transit *transit = &from->transits[i];
		bool inferred = false;
		country_t country = as_country(countries, transit->asn, &inferred);

		into->transits[i] = (struct finding_transit){
			.role = roles[transit->role], .asn = transit->asn, .to = transit->to,
			.name = fill_as_name(finding, run->place, transit->asn),
			.country = fill_country(finding, country), .country_inferred = inferred,
			.networks = transit->networks, .peers = transit->peers,
			.share = transit->share,
		};
		if (!into->transits[i].name || !into->transits[i].country)
			return err_memory(err);
	}
	into->transit_count = from->transit_count;
	return 0;
}

static int fill_paths(const struct upstreams *from, struct finding *finding, struct err *err)
{
	struct finding_upstreams *into = finding->result.upstreams;

	into->paths = arena_zalloc(&finding->arena, (from->path_count ? from->path_count : 1) *
							    sizeof(*into->paths));
	if (!into->paths)
		return err_memory(err);
	for (uint32_t i = 0; i < from->path_count; i++) {
		const struct upstream_path *path = &from->paths[i];

		into->paths[i] = (struct finding_path){
			arena_strndup(&finding->arena, path->text, strlen(path->text)), path->networks, path->peers };
		if (!into->paths[i].path)
			return err_memory(err);
	}
	into->path_count = from->path_count;
	into->paths_left_out = from->paths_left_out;
	return 0;
}

static int fill_flagged(const struct upstreams *from, struct finding *finding, struct err *err)
{
	struct finding_upstreams *into = finding->result.upstreams;

	into->flagged = arena_zalloc(&finding->arena,
				     (from->flagged_count ? from->flagged_count : 1) *
					     sizeof(*into->flagged));
	if (!into->flagged)
		return err_memory(err);
	for (uint32_t i = 0; i < from->flagged_count; i++) {
		const struct flagged_network *network = &from->flagged[i];
		struct finding_flagged *entry = &into->flagged[i];

		*entry = (struct finding_flagged){
			.flag = network->flag == FLAG_FOREIGN_ORIGIN ? "foreign-origin" : "foreign-registered",
			.network = fill_prefix(finding, &network->prefix),
			.country = fill_country(finding, network->country),
			.origin = network->origin,
			.origin_country = fill_country(finding, network->origin_country),
			.path = arena_strndup(&finding->arena, network->path,
				strlen(network->path)),
			.peers = network->peers,
		};
		if (!entry->network || !entry->country || !entry->origin_country || !entry->path)
			return err_memory(err);
	}
	into->flagged_count = from->flagged_count;
	into->foreign_origin = from->foreign_origin;
	into->foreign_registered = from->foreign_registered;
	return 0;
}

int fill_upstreams(const struct run *run, struct finding *finding, struct err *err)
{
	const struct upstreams_question ask = run_subject(run);
	struct as_countries *countries = NULL;
	struct survey *survey = NULL;
	struct upstreams upstreams = { 0 };
	int code;

	finding->result.upstreams = arena_zalloc(&finding->arena,
						 sizeof(*finding->result.upstreams));
	if (!finding->result.upstreams)
		return err_memory(err);
	code = run_survey(run, &survey, &countries, err);
	if (code == 0)
		code = upstreams_take(survey, countries, &ask, &upstreams, err);
	if (code == 0) {
		finding->result.upstreams->at = table_time(run);
		finding->result.upstreams->networks = upstreams.networks;
		finding->result.upstreams->peers = upstreams.peers;
		code = fill_transits(run, &upstreams, countries, finding, err);
	}
	if (code == 0)
		code = fill_paths(&upstreams, finding, err);
	if (code == 0)
		code = fill_flagged(&upstreams, finding, err);
	if (code == 0)
		code = fill_hegemony(run, survey, countries, &ask, finding, err);
	if (code == 0 && run->history)
		code = fill_connection(run, countries, finding, err);
	upstreams_free(&upstreams);
	survey_free(survey);
	as_countries_free(countries);
	return code;
}
