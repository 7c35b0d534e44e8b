/* SPDX-License-Identifier: BSD-2-Clause */
/* AS hegemony and the frontiers of countries, from measure into the finding. */
#include <string.h>

#include "inquiry/run.h"
#include "measure/frontier.h"

static void *list_room(struct finding *finding, uint32_t count, size_t size)
{
	return arena_zalloc(&finding->arena, (count ? count : 1) * size);
}

const char *fill_side(const struct upstreams_question *question, country_t country)
{
	if (question->country == COUNTRY_UNKNOWN)
		return "";
	if (country == COUNTRY_UNKNOWN)
		return "unknown";
	return country == question->country ? "domestic" : "foreign";
}

static int fill_views(const struct hegemony *hegemony, struct finding *finding, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct finding_upstreams *into = finding->result.upstreams;

	into->views = list_room(finding, 2, sizeof(*into->views));
	if (!into->views)
		return err_memory(err);
	for (unsigned i = 0; i < 2; i++) {
		const struct hegemony_view *view = &hegemony->views[i];

		if (view->peers == 0)
			continue;
		into->views[into->view_count++] = (struct finding_hegemony_view){
			.family = family_name(families[i]), .networks = view->networks,
			.weight = view->weight,
			.peers = view->peers, .trimmed = view->trimmed,
			.full_feeds = view->full_feeds,
			.measurable = view->measurable,
		};
	}
	return 0;
}

int fill_hegemony(const struct run *run, const struct survey *survey,
		  const struct as_countries *countries, const struct upstreams_question *question,
		  struct finding *finding, struct err *err)
{
	struct finding_upstreams *into = finding->result.upstreams;
	struct hegemony hegemony = { 0 };
	int code = hegemony_take(survey, question, run->question->weight,
				 &run->question->parameters, &hegemony, err);

	if (code == 0)
		code = fill_views(&hegemony, finding, err);
	if (code == 0) {
		into->hegemony = list_room(finding, hegemony.count, sizeof(*into->hegemony));
		code = into->hegemony ? 0 : err_memory(err);
	}
	for (uint32_t i = 0; i < hegemony.count && code == 0; i++) {
		const struct hegemony_row *row = &hegemony.rows[i];
		bool inferred = false;
		country_t country = as_country(countries, row->asn, &inferred);

		into->hegemony[i] = (struct finding_hegemony){
			.family = family_name(row->family), .asn = row->asn,
			.name = fill_as_name(finding, run->place, row->asn),
			.country = fill_country(finding, country), .country_inferred = inferred,
			.side = fill_side(question, country), .peers = row->peers,
			.share = row->share,
			.hegemony = row->hegemony,
		};
		if (!into->hegemony[i].name || !into->hegemony[i].country)
			code = err_memory(err);
		into->hegemony_count = i + 1;
	}
	hegemony_free(&hegemony);
	return code;
}

/* The list itself where it is short enough to read. */
static int fill_ases(struct finding *finding, const uint32_t *ases, uint32_t count,
		     uint32_t **ret_ases, uint32_t *ret_count, struct err *err)
{
	uint32_t *into = list_room(finding, count, sizeof(*into));

	if (!into)
		return err_memory(err);
	if (count <= FRONTIER_LISTED) {
		memcpy(into, ases, count * sizeof(*into));
		*ret_count = count;
	}
	*ret_ases = into;
	return 0;
}

static int fill_frontier_row(const struct run *run, const struct frontier_row *row,
			     struct finding *finding, struct finding_frontier_row *into,
			     struct err *err)
{
	int code;

	*into = (struct finding_frontier_row){
		.country = fill_country(finding, row->country), .name = country_name(row->country),
		.risk = frontier_class(row->domestic_count), .domestic = row->domestic_count,
		.foreign = row->foreign_count, .networks = row->networks, .sole_foreign_name = "",
		.sole_domestic = row->domestic_count == 1 ? row->domestic[0] : 0,
		.sole_foreign = row->foreign_count == 1 ? row->foreign[0] : 0,
	};
	if (into->sole_foreign)
		into->sole_foreign_name = fill_as_name(finding, run->place, into->sole_foreign);
	if (!into->country || !into->sole_foreign_name)
		return err_memory(err);
	code = fill_ases(finding, row->domestic, row->domestic_count, &into->domestic_ases,
			 &into->domestic_as_count, err);
	return code ? code
		    : fill_ases(finding, row->foreign, row->foreign_count, &into->foreign_ases,
				&into->foreign_as_count, err);
}

/* The classes in the order of the rows: the fewest first, "none seen" last. */
static int fill_classes(struct finding *finding, struct err *err)
{
	static const uint32_t firsts[] = { 1, 3, 10, 40, 0 };
	struct finding_frontier *into = finding->result.frontier;
	const uint32_t count = sizeof(firsts) / sizeof(firsts[0]);

	into->classes = list_room(finding, count, sizeof(*into->classes));
	if (!into->classes)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		into->classes[i].risk = frontier_class(firsts[i]);
		for (uint32_t k = 0; k < into->row_count; k++)
			into->classes[i].countries += strcmp(into->rows[k].risk,
							     into->classes[i].risk) == 0;
	}
	into->class_count = count;
	return 0;
}

int fill_frontier(const struct run *run, struct finding *finding, struct err *err)
{
	const struct question *question = run->question;
	struct finding_frontier *into = arena_zalloc(&finding->arena, sizeof(*into));
	struct as_countries *countries = NULL;
	struct survey *survey = NULL;
	struct frontier frontier = { 0 };
	int code;

	if (!into)
		return err_memory(err);
	finding->result.frontier = into;
	into->at = question->at != UTC_NEVER ? question->at : run->last_heard;
	into->peers = finding->result.coverage.peer_ases;
	code = run_survey(run, &survey, &countries, err);
	if (code == 0)
		code = frontier_take(survey, countries, &frontier, err);
	if (code == 0) {
		into->rows = list_room(finding, frontier.count, sizeof(*into->rows));
		code = into->rows ? 0 : err_memory(err);
	}
	for (uint32_t i = 0; i < frontier.count && code == 0; i++) {
		code = fill_frontier_row(run, &frontier.rows[i], finding, &into->rows[i], err);
		into->row_count = i + 1;
	}
	if (code == 0)
		code = fill_classes(finding, err);
	frontier_free(&frontier);
	survey_free(survey);
	as_countries_free(countries);
	return code;
}
