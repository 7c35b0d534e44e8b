/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a cut would cost, from measure into the finding; or the cuts that would cost a country most.
 */
#include <stdlib.h>
#include <string.h>

#include "inquiry/run.h"
#include "measure/cut.h"

#define WORST_SHOWN	10u
#define COUNTRIES	65536u

static void *list_room(struct finding *finding, uint32_t count, size_t size)
{
	return arena_zalloc(&finding->arena, (count ? count : 1) * size);
}

static struct cut_harm harm_of(const struct finding_cut_country *country)
{
	return (struct cut_harm){ 0, country->lost, country->partly, country->one_provider };
}

static int compare_countries(const void *a, const void *b)
{
	const struct finding_cut_country *left = a, *right = b;
	const struct cut_harm of_left = harm_of(left), of_right = harm_of(right);
	int order = cut_harm_order(&of_left, &of_right);

	return order ? order : strcmp(left->country, right->country);
}

/* Countries that lose anything; one that was asked for is there in any case. */
static int fill_countries(const struct run *run, const struct finding_cut_country *tallies,
			  struct finding *finding, struct err *err)
{
	struct finding_cut *into = finding->result.cut;
	uint32_t count = 0;

	for (uint32_t i = 0; i < COUNTRIES; i++)
		count += tallies[i].lost + tallies[i].partly + tallies[i].one_provider != 0;
	into->countries = list_room(finding, count + 1, sizeof(*into->countries));
	if (!into->countries)
		return err_memory(err);
	for (uint32_t i = 0; i < COUNTRIES; i++) {
		struct finding_cut_country *country = &into->countries[into->country_count];
		bool asked = run->question->within != COUNTRY_UNKNOWN && run->question->within == i;

		if (tallies[i].lost + tallies[i].partly + tallies[i].one_provider == 0 && !asked)
			continue;
		*country = tallies[i];
		country->country = fill_country(finding, (country_t)i);
		country->name = country_name((country_t)i);
		country->lost_share = ppm_of(country->lost, country->networks);
		if (!country->country)
			return err_memory(err);
		into->country_count++;
	}
	qsort(into->countries, into->country_count, sizeof(*into->countries), compare_countries);
	return 0;
}

static const char *fate_name(const struct cut_network *network)
{
	if (network->fate == CUT_LOST)
		return "lost";
	return network->fate == CUT_PARTLY ? "partly" : network->one_provider ? "one-provider" : "";
}

struct listed {
	struct prefix prefix;
	const struct cut_network *network;
};

/* Lost ones first, then by prefix. */
static int compare_listed(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;
	unsigned l = left->network->fate == CUT_LOST	 ? 0
		     : left->network->fate == CUT_PARTLY ? 1
							 : 2;
	unsigned r = right->network->fate == CUT_LOST	  ? 0
		     : right->network->fate == CUT_PARTLY ? 1
							  : 2;

	return l != r ? (l < r ? -1 : 1) : prefix_compare(&left->prefix, &right->prefix);
}

static int fill_affected(const struct survey *survey, const struct cut_result *result,
			 struct finding *finding, struct err *err)
{
	struct finding_cut *into = finding->result.cut;
	struct listed *listed = calloc(result->count ? result->count : 1, sizeof(*listed));
	uint32_t count = 0, shown;
	int code = 0;

	if (!listed)
		return err_memory(err);
	for (uint32_t i = 0; i < result->count; i++) {
		const struct cut_network *network = &result->networks[i];

		if (*fate_name(network))
			listed[count++] = (struct listed){
				table_network(survey_table(survey), network->network), network
			};
	}
	qsort(listed, count, sizeof(*listed), compare_listed);
	shown = count < CUT_LISTED ? count : CUT_LISTED;
	into->affected = list_room(finding, shown, sizeof(*into->affected));
	if (!into->affected)
		code = err_memory(err);
	for (uint32_t i = 0; i < shown && code == 0; i++) {
		const struct cut_network *network = listed[i].network;

		into->affected[i] = (struct finding_cut_network){
			.network = fill_prefix(finding, &listed[i].prefix),
			.country = fill_country(finding, survey_country(survey, network->network)),
			.origin = network->origin, .fate = fate_name(network),
			.peers = network->peers,
			.kept = network->kept,
		};
		if (!into->affected[i].network || !into->affected[i].country)
			code = err_memory(err);
	}
	if (code == 0) {
		into->affected_count = shown;
		into->affected_left_out = count - shown;
	}
	free(listed);
	return code;
}

static int fill_result(const struct run *run, const struct survey *survey,
		       const struct cut_result *result, struct finding *finding, struct err *err)
{
	struct finding_cut_country *tallies = calloc(COUNTRIES, sizeof(*tallies));
	struct finding_cut *into = finding->result.cut;
	int code;

	if (!tallies)
		return err_memory(err);
	for (uint32_t i = 0; i < result->count; i++) {
		const struct cut_network *network = &result->networks[i];
		struct finding_cut_country *tally =
			&tallies[survey_country(survey, network->network)];

		tally->networks++;
		tally->lost += network->fate == CUT_LOST;
		tally->partly += network->fate == CUT_PARTLY;
		tally->one_provider += network->one_provider;
		into->lost += network->fate == CUT_LOST;
		into->partly += network->fate == CUT_PARTLY;
		into->one_provider += network->one_provider;
	}
	into->networks = result->count;
	code = fill_countries(run, tallies, finding, err);
	free(tallies);
	return code ? code : fill_affected(survey, result, finding, err);
}

static int fill_worst(const struct run *run, const struct cut *cut,
		      const struct as_countries *countries, struct finding *finding,
		      struct err *err)
{
	struct finding_cut *into = finding->result.cut;
	struct cut_harm harms[WORST_SHOWN];
	uint32_t count = 0;
	int code = cut_worst(cut, run->question->country, harms, WORST_SHOWN, &count,
			     &into->networks, err);

	if (code)
		return code;
	into->worst = list_room(finding, count, sizeof(*into->worst));
	if (!into->worst)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		const struct cut_harm *harm = &harms[i];

		into->worst[i] = (struct finding_cut_harm){
			.asn = harm->asn, .name = fill_as_name(finding, run->place, harm->asn),
			.country = fill_country(finding, as_country(countries, harm->asn, NULL)),
			.lost = harm->lost, .lost_share = ppm_of(harm->lost, into->networks),
			.partly = harm->partly, .one_provider = harm->one_provider,
		};
		if (!into->worst[i].name || !into->worst[i].country)
			return err_memory(err);
	}
	into->worst_count = count;
	return 0;
}

static const char *link_name(const struct graph *graph, const struct graph_cut *what)
{
	static const char *const names[] = {
		[GRAPH_NO_LINK] = "no link", [GRAPH_PROVIDER] = "provider",
		[GRAPH_CUSTOMER] = "customer",
		[GRAPH_PEER] = "peer",
	};

	return what->a && what->b ? names[graph_relation(graph, what->a, what->b)] : "";
}

/* An AS that no path shows costs nothing only because nothing is known of it. */
static int limit_unseen(const struct cut *cut, const struct graph_cut *what,
			struct finding *finding, struct err *err)
{
	const uint32_t ases[] = { what->a, what->b };
	int code = 0;

	for (unsigned i = 0; i < 2 && code == 0; i++) {
		if (ases[i] && graph_find(cut_graph(cut), ases[i]) == GRAPH_NONE)
			code = fill_limit(finding, "not-in-paths",
					  fill_text(finding,
						    "AS%u is in no path of this table: what it "
						    "carries, if anything, cannot be told from "
						    "here",
						    ases[i]),
					  err);
	}
	return code;
}

static int fill_with(const struct run *run, const struct survey *survey,
		     const struct as_countries *countries, const struct cut *cut,
		     struct finding *finding, struct err *err)
{
	struct finding_cut *into = finding->result.cut;
	struct cut_result result = { 0 };
	int code;

	into->peers = cut_peers(cut);
	into->ases = graph_as_count(cut_graph(cut));
	into->links = graph_link_count(cut_graph(cut));
	into->relations = run->inquiry->relations ? "stated" : "inferred";
	into->link = link_name(cut_graph(cut), &run->question->cut);
	if (run->question->cut.a == 0)
		return fill_worst(run, cut, countries, finding, err);
	code = limit_unseen(cut, &run->question->cut, finding, err);
	if (code == 0)
		code = cut_make(cut, &run->question->cut, run->question->within, &result, err);
	if (code == 0)
		code = fill_result(run, survey, &result, finding, err);
	cut_result_free(&result);
	return code;
}

int fill_cut(const struct run *run, struct finding *finding, struct err *err)
{
	struct as_countries *countries = NULL;
	struct survey *survey = NULL;
	struct cut *cut = NULL;
	int code;

	finding->result.cut = arena_zalloc(&finding->arena, sizeof(*finding->result.cut));
	if (!finding->result.cut)
		return err_memory(err);
	finding->result.cut->at = run->question->at != UTC_NEVER ? run->question->at
								 : run->last_heard;
	code = run_survey(run, &survey, &countries, err);
	if (code == 0)
		code = cut_new(survey, run->inquiry->relations, &run->question->parameters, &cut,
			       err);
	if (code == 0)
		code = fill_with(run, survey, countries, cut, finding, err);
	cut_free(cut);
	survey_free(survey);
	as_countries_free(countries);
	return code;
}
