/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report on one place: its networks, its signal over time, outages, instability, stuck routes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/fill_outages.h"

static int compare_u32(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static const char *state_of(const struct run *run, const struct visibility_network *network,
			    bool measured)
{
	const struct subject *place = signals_find(run->signals, SUBJECT_PLACE, 0,
						   network->prefix.family);

	if (!measured || !place || place->machine.blind_since != UTC_NEVER)
		return "not measurable";
	return network->tally.seen ? "seen" : "dark";
}

/* The distinct origins and peer ASes of the routes held at the end. */
static int fill_holders(const struct run *run, uint32_t network, struct finding *finding,
			struct finding_network *into, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	uint32_t *asns = calloc(roster->count ? roster->count : 1, sizeof(*asns));
	uint32_t origins[64], peers = 0, count = network_origins(run->table, network, origins, 64);

	if (!asns)
		return err_memory(err);
	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t asn = roster->vantages[vantage].peer.asn, i = 0;

		if (table_route(run->table, vantage, network) == PATH_NONE)
			continue;
		while (i < peers && asns[i] != asn)
			i++;
		if (i == peers)
			asns[peers++] = asn;
	}
	free(asns);
	into->peers_holding = peers;
	into->origin_count = count < 64 ? count : 64;
	qsort(origins, into->origin_count, sizeof(*origins), compare_u32);
	into->origins = arena_memdup(&finding->arena, origins,
				     into->origin_count * sizeof(*origins));
	return into->origins ? 0 : err_memory(err);
}

static void fill_network_dark(const struct run *run, const struct subject *subject,
			      struct finding_network *into)
{
	for (uint32_t i = 0; subject && i < subject->machine.count; i++) {
		const struct outage *outage = &subject->machine.outages[i];
		int64_t until = outage->end.at != UTC_NEVER ? outage->end.at : run->end;

		if (!outage_in_question(run->question, outage))
			continue;
		into->outages++;
		into->dark += until > outage->start.at ? until - outage->start.at : 0;
	}
}

static int fill_network(const struct run *run, uint32_t number,
			const struct as_countries *countries, struct finding *finding,
			struct finding_network *into, struct err *err)
{
	struct visibility *visibility = signals_visibility(run->signals);
	const struct visibility_network *seen = visibility_network(visibility, number);
	const struct run_network *heard = &run->networks[number];
	country_t country;
	bool domestic = false, known = false;
	int code;

	*into = (struct finding_network){
		.network = fill_prefix(finding, &seen->prefix),
		.family = family_name(seen->prefix.family),
		.state = state_of(run, seen, signals_measured(run->signals, seen->prefix.family)),
		.visibility = visibility_ppm(visibility, number),
		.announcements = heard->announcements, .withdrawals = heard->withdrawals,
		.spurious = heard->spurious, .heard_from = heard->heard_count,
	};
	country = place_of_network(run->place, &seen->prefix, &into->country_share);
	into->country = fill_country(finding, country);
	if (!into->network || !into->country)
		return err_memory(err);
	fill_network_dark(run,
			  signals_find(run->signals, SUBJECT_NETWORK, number, seen->prefix.family),
			  into);
	code = fill_holders(run, heard->network, finding, into, err);
	for (uint32_t i = 0; i < into->origin_count; i++) {
		country_t home = as_country(countries, into->origins[i], NULL);

		known |= home != COUNTRY_UNKNOWN;
		domestic |= home == country;
	}
	into->foreign_origin = country != COUNTRY_UNKNOWN && known && !domestic;
	return code;
}

/* Signals' numbers of the tracked networks, in order of prefix. */
struct ordered {
	struct prefix prefix;
	uint32_t number;
};

static int compare_ordered(const void *a, const void *b)
{
	const struct ordered *left = a, *right = b;

	return prefix_compare(&left->prefix, &right->prefix);
}

static int networks_order(const struct run *run, struct ordered **ret_order, struct err *err)
{
	struct ordered *order = calloc(run->network_count ? run->network_count : 1, sizeof(*order));

	if (!order)
		return err_memory(err);
	for (uint32_t i = 0; i < run->network_count; i++)
		order[i] = (struct ordered){
			visibility_network(signals_visibility(run->signals), i)->prefix, i,
		};
	qsort(order, run->network_count, sizeof(*order), compare_ordered);
	*ret_order = order;
	return 0;
}

/*
 * For an AS or prefixes the table holds origins of the place's networks only: nothing to infer
 * from.
 */
static int countries_take(const struct run *run, struct as_countries **ret_countries,
			  struct err *err)
{
	struct survey *survey = NULL;
	int code;

	if (run->question->country != COUNTRY_UNKNOWN) {
		code = run_survey(run, &survey, ret_countries, err);
		survey_free(survey);
		return code;
	}
	code = as_countries_new(run->place, ret_countries, err);
	if (code == 0)
		as_countries_ready(*ret_countries);
	return code;
}

static int fill_networks(const struct run *run, const struct ordered *order,
			 const struct as_countries *countries, struct finding *finding,
			 struct err *err)
{
	struct finding_report *into = finding->result.report;
	int code = 0;

	into->networks = arena_zalloc(&finding->arena,
				      (run->network_count ? run->network_count : 1) *
					      sizeof(*into->networks));
	if (!into->networks)
		return err_memory(err);
	for (uint32_t i = 0; i < run->network_count && code == 0; i++)
		code = fill_network(run, order[i].number, countries, finding,
				    &into->networks[into->network_count++], err);
	into->networks_known = into->network_count;
	return code;
}

static int fill_signal(const struct subject *subject, struct finding *finding,
		       struct finding_signal *into, struct err *err)
{
	struct baseline baseline = subject->machine.baseline;
	const struct series *series = &subject->series;

	*into = (struct finding_signal){
		.family = family_name(subject->family), .first_blocks = subject->first_blocks,
		.baseline = baseline_median(&baseline), .first_networks = subject->first_networks,
		.first_origins = subject->first_origins, .networks_most = subject->networks_most,
		.step = series->step, .point_count = series->count,
		.points = arena_zalloc(&finding->arena, (series->count ? series->count :
			1) * sizeof(*into->points)),
	};
	if (!into->points)
		return err_memory(err);
	for (uint32_t i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];

		into->points[i] = (struct finding_point){
			.time = point->time, .measurable = point->last.measurable,
			.blocks = point->last.blocks,
			.blocks_lowest = point->lowest_blocks, .networks = point->last.networks,
			.networks_lowest = point->lowest_networks, .origins = point->last.origins,
			.peers = point->last.peers,
		};
	}
	return 0;
}

static int fill_place(const struct run *run, struct finding *finding, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct finding_report *into = finding->result.report;
	struct outage_list list = { 0 };
	int code = 0;

	into->signals = arena_zalloc(&finding->arena, 2 * sizeof(*into->signals));
	if (!into->signals)
		return err_memory(err);
	for (unsigned i = 0; i < 2 && code == 0; i++) {
		const struct subject *subject = signals_find(run->signals, SUBJECT_PLACE, 0,
							     families[i]);

		if (!subject || subject->first_measured == UTC_NEVER)
			continue;
		code = fill_signal(subject, finding, &into->signals[into->signal_count++], err);
		if (code == 0)
			code = outage_list_add(run, subject, finding, &list, err);
	}
	if (code == 0)
		code = outage_list_store(&list, finding, &into->outages, &into->outage_count,
					 &into->episodes, &into->episode_count, err);
	outage_list_free(&list);
	return code;
}

static int fill_network_outages(const struct run *run, const struct ordered *order,
				struct finding *finding, struct err *err)
{
	struct finding_report *into = finding->result.report;
	struct finding_episode *episodes;
	struct outage_list list = { 0 };
	uint32_t episode_count;
	int code = 0;

	for (uint32_t i = 0; i < run->network_count && code == 0; i++) {
		const struct subject *subject = signals_find(run->signals, SUBJECT_NETWORK,
							     order[i].number,
							     order[i].prefix.family);

		if (subject)
			code = outage_list_add(run, subject, finding, &list, err);
	}
	if (code == 0)
		code = outage_list_store(&list, finding, &into->network_outages,
					 &into->network_outage_count, &episodes, &episode_count,
					 err);
	outage_list_free(&list);
	return code;
}

static const char *path_text(struct finding *finding, const struct unstable_path *path)
{
	struct buf buf = { 0 };
	const char *text;

	for (uint32_t i = 0; i < path->count; i++) {
		if (i)
			buf_char(&buf, ' ');
		buf_u64(&buf, path->asns[i]);
	}
	text = buf.failed ? NULL
			  : arena_strndup(&finding->arena, buf.data ? buf.data : "", buf.len);
	buf_free(&buf);
	return text;
}

static int fill_unstable_paths(const struct run *run, const struct instability *found,
			       struct finding *finding, struct finding_instability *into,
			       struct err *err)
{
	into->transits = arena_zalloc(&finding->arena,
				      (found->transit_count ? found->transit_count : 1) *
					      sizeof(*into->transits));
	into->paths = arena_zalloc(&finding->arena, (found->path_count ? found->path_count : 1) *
							    sizeof(*into->paths));
	if (!into->transits || !into->paths)
		return err_memory(err);
	for (uint32_t i = 0; i < found->transit_count; i++) {
		const struct transit_use *use = &found->transits[i];

		into->transits[into->transit_count++] = (struct finding_transit_use){
			use->asn, fill_as_name(finding, run->place, use->asn), use->announcements };
	}
	for (uint32_t i = 0; i < found->path_count; i++) {
		const struct unstable_path *path = &found->paths[i];

		into->paths[i] = (struct finding_unstable_path){
			path_text(finding, path), path->announcements, path->first, path->last };
		if (!into->paths[i].path)
			return err_memory(err);
	}
	into->path_count = found->path_count;
	return 0;
}

static int fill_instability(const struct run *run, const struct instability *found,
			    struct finding *finding, struct finding_instability *into,
			    struct err *err)
{
	const struct visibility_network *network =
		visibility_network(signals_visibility(run->signals), found->network);

	*into = (struct finding_instability){
		.network = fill_prefix(finding, &network->prefix), .first = found->first,
		.last = found->last,
		.announcements = found->announcements, .withdrawals = found->withdrawals,
		.spurious = found->spurious, .returned_at_once = found->returned_at_once,
		.vantage_points = found->vantage_count, .peer_ases = found->peer_count,
		.peers = arena_memdup(&finding->arena, found->peer_asns,
			found->peer_count * sizeof(*into->peers)),
		.peer_count = found->peer_count,
	};
	if (!into->network || !into->peers)
		return err_memory(err);
	qsort(into->peers, into->peer_count, sizeof(*into->peers), compare_u32);
	return fill_unstable_paths(run, found, finding, into, err);
}

static bool instability_in_question(const struct question *question,
				    const struct instability *found)
{
	return (question->from == UTC_NEVER || found->last >= question->from) &&
	       (question->until == UTC_NEVER || found->first <= question->until);
}

static int compare_instabilities(const void *a, const void *b)
{
	const struct finding_instability *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return strcmp(left->network, right->network);
}

static int fill_instabilities(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_report *into = finding->result.report;
	uint32_t count = stability_count(run->stability);
	int code = 0;

	into->instabilities = arena_zalloc(&finding->arena,
					   (count ? count : 1) * sizeof(*into->instabilities));
	if (!into->instabilities)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct instability *found = stability_at(run->stability, i);

		if (instability_in_question(run->question, found))
			code = fill_instability(run, found, finding,
						&into->instabilities[into->instability_count++],
						err);
	}
	if (code == 0)
		qsort(into->instabilities, into->instability_count, sizeof(*into->instabilities),
		      compare_instabilities);
	return code;
}

static int compare_stuck(const void *a, const void *b)
{
	const struct finding_stuck *left = a, *right = b;
	int order = strcmp(left->network, right->network);

	if (order == 0)
		order = left->dark_since < right->dark_since ? -1
							     : left->dark_since > right->dark_since;
	if (order == 0)
		order = strcmp(left->collector, right->collector);
	return order ? order : strcmp(left->peer, right->peer);
}

static int fill_stuck(const struct run *run, struct finding *finding, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	struct finding_report *into = finding->result.report;
	uint32_t count = signals_stuck_count(run->signals);

	into->stuck = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->stuck));
	if (!into->stuck)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		const struct stuck_route *route = signals_stuck(run->signals, i);
		const struct roster_vantage *vantage = &roster->vantages[route->vantage];
		const struct visibility_network *network =
			visibility_network(signals_visibility(run->signals), route->network);

		into->stuck[i] = (struct finding_stuck){
			fill_prefix(finding, &network->prefix),
			arena_strndup(&finding->arena, vantage->collector,
				strlen(vantage->collector)),
			fill_addr(finding, &vantage->peer.addr), vantage->peer.asn, route->dark_since };
		if (!into->stuck[i].network || !into->stuck[i].collector || !into->stuck[i].peer)
			return err_memory(err);
	}
	into->stuck_count = count;
	qsort(into->stuck, count, sizeof(*into->stuck), compare_stuck);
	return 0;
}

static int fill_report_levels(const struct run *run, const struct ordered *order,
			      struct finding *finding, struct err *err)
{
	uint32_t *numbers = calloc(run->network_count ? run->network_count : 1, sizeof(*numbers));
	int code;

	if (!numbers)
		return err_memory(err);
	for (uint32_t i = 0; i < run->network_count; i++)
		numbers[i] = order[i].number;
	code = fill_levels(run, numbers, finding, err);
	free(numbers);
	return code;
}

int fill_report(const struct run *run, struct finding *finding, struct err *err)
{
	struct as_countries *countries = NULL;
	struct ordered *order = NULL;
	int code;

	finding->result.report = arena_zalloc(&finding->arena, sizeof(*finding->result.report));
	if (!finding->result.report)
		return err_memory(err);
	code = networks_order(run, &order, err);
	if (code == 0)
		code = countries_take(run, &countries, err);
	if (code == 0)
		code = fill_networks(run, order, countries, finding, err);
	if (code == 0)
		code = fill_place(run, finding, err);
	if (code == 0)
		code = fill_network_outages(run, order, finding, err);
	if (code == 0)
		code = fill_instabilities(run, finding, err);
	if (code == 0)
		code = fill_stuck(run, finding, err);
	if (code == 0)
		code = fill_stability(run, finding, err);
	if (code == 0)
		code = fill_causes(run, finding, err);
	if (code == 0)
		code = fill_report_levels(run, order, finding, err);
	if (code == 0)
		code = fill_connection(run, countries, finding, err);
	as_countries_free(countries);
	free(order);
	return code;
}
