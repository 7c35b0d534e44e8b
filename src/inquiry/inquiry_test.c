/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about one night (test_world.h), answered field by field. */
#include "inquiry/test_world.h"
#include "place/testing.h"

static const char registry[] =
	WORLD_REGISTRY
	"ripencc|SE|ipv6|2a00:1000::|24|20100101|allocated\n"
	"apnic|CN|asn|4837|1|20000101|allocated\n"
	"arin|US|asn|3356|1|20000101|allocated\n"
	"arin|US|asn|701|1|20000101|allocated\n"
	"arin|US|asn|400|50|20000101|allocated\n";

/* The last chatter, of peer 8. */
#define END AT(3, 29, 44)

struct scene {
	struct world *world;
	struct files *files;
	struct place *place;
	struct question question;
	struct finding finding;
};

static struct scene *scene_of(enum question_kind kind)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->world = world_night();
	scene->files = world_files(scene->world, 0);
	scene->place = testing_loaded(registry);
	scene->question = (struct question){
		.kind = kind, .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = measure_parameters_default,
	};
	scene->question.parameters.full_feed_ipv4 = 200;
	scene->question.parameters.full_feed_ipv6 = 80;
	return scene;
}

static void scene_free(struct scene *scene)
{
	finding_free(&scene->finding);
	place_free(scene->place);
	files_free(scene->files);
	world_free(scene->world);
	free(scene);
}

static int run(struct scene *scene, const volatile int *cancelled, struct err *err)
{
	const struct inquiry inquiry = {
		.question = &scene->question, .inputs = scene->files->inputs, .input_count = scene->files->count,
		.opener = { .context = scene->files, .open = files_open }, .feed = { .threads = 2, .hash = true },
		.place = scene->question.kind == QUESTION_INFO ? NULL : testing_place_get, .place_context = scene->place,
		.program = "constat test", .cancelled = cancelled,
	};

	finding_free(&scene->finding);
	return inquiry_run(&inquiry, &scene->finding, err);
}

static const struct finding *answer(struct scene *scene)
{
	struct err err = { 0 };

	if (run(scene, NULL, &err) != 0)
		fail_msg("%s", err.text);
	return &scene->finding;
}

static const struct finding *report_on(struct scene *scene, country_t country)
{
	scene->question.country = country;
	return answer(scene);
}

static void assert_bound(const struct finding_bound *bound, int64_t at, int64_t earliest, int64_t latest)
{
	assert_true(bound->at == at);
	assert_true(bound->earliest == earliest);
	assert_true(bound->latest == latest);
}

static void coverage(void **state)
{
	static const struct { int64_t time; uint32_t peers; } steps[] = {
		{ AT(0, 0, 1), 8 }, { AT(2, 0, 1), 7 }, { AT(2, 0, 2), 6 }, { AT(2, 0, 3), 5 }, { AT(2, 2, 6), 6 },
		{ AT(2, 2, 7), 7 }, { AT(2, 2, 8), 8 }, { AT(2, 29, 44), 5 }, { AT(3, 0, 1), 8 },
	};
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding = report_on(scene, COUNTRY('K', 'P'));
	const struct finding_coverage *coverage = &finding->result.coverage;

	(void)state;
	assert_true(coverage->from == AT(0, 0, 0) && coverage->until == END);
	assert_true(coverage->rib);
	assert_int_equal(coverage->collectors, 2);
	assert_int_equal(coverage->vantage_points, 8);
	assert_int_equal(coverage->peer_ases, 8);
	assert_int_equal(coverage->sessions_lost, 3);
	assert_int_equal(coverage->sessions_lost_inferred, 0);
	assert_int_equal(coverage->silences, 3);
	assert_int_equal(coverage->spurious, 0);
	assert_int_equal(coverage->withdrawals, 8 * 3 + 5);
	assert_int_equal(coverage->family_count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(coverage->families[i].measurable);
		assert_int_equal(coverage->families[i].full_feed_asked, i ? 80 : 200);
		assert_int_equal(coverage->families[i].full_feed_peers, 8);
		assert_int_equal(coverage->families[i].full_feed_peers_most, 8);
		assert_int_equal(coverage->families[i].live, 8);
		assert_true(coverage->families[i].measured == END - AT(0, 0, 1));
	}
	assert_int_equal(coverage->step_count, 2 * 9);
	for (unsigned i = 0; i < 18; i++) {
		assert_true(coverage->steps[i].time == steps[i / 2].time);
		assert_int_equal(coverage->steps[i].peers, steps[i / 2].peers);
		assert_string_equal(coverage->steps[i].family, i % 2 ? "IPv6" : "IPv4");
		assert_true(coverage->steps[i].measurable);
	}
	assert_int_equal(finding->result.limit_count, 0);
	assert_int_equal(finding->gap_count, 1);
	assert_string_equal(finding->gaps[0].collector, "route-views.x");
	assert_true(finding->gaps[0].from == AT(2, 29, 44) && finding->gaps[0].until == AT(2, 50, 10));
	scene_free(scene);
}

/*
 * The fifth of eight withdrawals leaves three: dark. The burst goes from the second before the first (whole seconds) to
 * the last, which is exact; with the announcements it is the other way round. The sessions that were reset, the silent
 * collector and what came back within its second are no outages.
 */
static void outages_of_a_country(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding_report *report = report_on(scene, COUNTRY('K', 'P'))->result.report;
	const struct finding_outage *four, *six;

	(void)state;
	assert_int_equal(report->outage_count, 2);
	four = &report->outages[0];
	assert_string_equal(four->place_kind, "country");
	assert_string_equal(four->place, "KP");
	assert_string_equal(four->name, "North Korea");
	assert_string_equal(four->family, "IPv4");
	assert_string_equal(four->level, "total");
	assert_string_equal(four->ended, "over");
	assert_bound(&four->start, AT(1, 0, 4), AT(0, 59, 59), AT(1, 0, 7.25));
	assert_bound(&four->end, AT(1, 30, 3), AT(1, 30, 0.5), AT(1, 30, 8));
	assert_true(four->duration == 1799 * UTC_SECOND);
	assert_int_equal(four->baseline, 2);
	assert_int_equal(four->lowest, 0);
	assert_int_equal(four->networks_before, 2);
	assert_int_equal(four->networks_lowest, 0);
	assert_int_equal(four->peers, 8);
	assert_int_equal(four->peers_lowest, 8);
	assert_int_equal(four->unmeasured, 0);
	assert_int_equal(four->lost, 2 * 1799);
	assert_int_equal(four->phase_count, 1);
	assert_bound(&four->phases[0].start, AT(1, 0, 4), AT(0, 59, 59), AT(1, 0, 7.25));
	/* five were listening: the third withdrawal leaves two */
	six = &report->outages[1];
	assert_string_equal(six->family, "IPv6");
	assert_bound(&six->start, AT(2, 40, 2), AT(2, 39, 59), AT(2, 40, 5));
	assert_bound(&six->end, AT(2, 55, 2), AT(2, 54, 59), AT(2, 55, 5));
	assert_int_equal(six->peers, 5);
	assert_int_equal(six->baseline, 65536);
	assert_int_equal(report->episode_count, 2);
	assert_int_equal(report->episodes[0].outages, 1);
	assert_true(report->episodes[0].from == AT(1, 0, 4) && report->episodes[0].until == AT(1, 30, 3));
	assert_true(report->episodes[0].dark == 1799 * UTC_SECOND);
	assert_int_equal(report->network_outage_count, 3);
	assert_string_equal(report->network_outages[0].place, "175.45.176.0/24");
	assert_string_equal(report->network_outages[1].place, "175.45.177.0/24");
	assert_string_equal(report->network_outages[2].place, "2400:5800::/32");
	assert_bound(&report->network_outages[1].start, AT(1, 0, 4), AT(0, 59, 59), AT(1, 0, 7.25));
	assert_int_equal(report->stuck_count, 0);
	scene_free(scene);
}

static void networks_and_signals(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding_report *report = report_on(scene, COUNTRY('K', 'P'))->result.report;
	const struct finding_network *network;
	const struct finding_signal *signal;

	(void)state;
	assert_int_equal(report->networks_known, 3);
	assert_int_equal(report->network_count, 3);
	network = &report->networks[1];
	assert_string_equal(network->network, "175.45.177.0/24");
	assert_string_equal(network->country, "KP");
	assert_int_equal(network->country_share, PPM);
	assert_int_equal(network->origin_count, 1);
	assert_int_equal(network->origins[0], 131279);
	assert_false(network->foreign_origin);
	assert_string_equal(network->state, "seen");
	assert_int_equal(network->visibility, PPM);
	assert_int_equal(network->peers_holding, 8);
	assert_int_equal(network->outages, 1);
	assert_true(network->dark == 1799 * UTC_SECOND);
	assert_int_equal(network->announcements, 8 + 8 + 3);
	assert_int_equal(network->withdrawals, 16);
	assert_int_equal(network->heard_from, 8);
	assert_int_equal(report->networks[2].heard_from, 5);
	assert_int_equal(report->signal_count, 2);
	signal = &report->signals[0];
	assert_int_equal(signal->first_blocks, 2);
	assert_int_equal(signal->first_networks, 2);
	assert_int_equal(signal->first_origins, 1);
	assert_int_equal(signal->networks_most, 2);
	assert_int_equal(signal->baseline, 2);
	assert_int_equal(signal->point_count, 3);
	assert_true(signal->points[1].time == AT(1, 0, 4));
	assert_int_equal(signal->points[1].blocks, 0);
	assert_int_equal(signal->points[1].networks, 0);
	assert_int_equal(signal->points[1].origins, 0);
	assert_int_equal(signal->points[1].peers, 8);
	assert_true(signal->points[2].time == AT(1, 30, 3));
	assert_int_equal(signal->points[2].blocks, 2);
	scene_free(scene);
}

/*
 * Who held what. Eight hold it; each goes at its second and comes back at its second; what came back within its
 * second leaves only a low. The reset and the silent do not count, though what the silent one holds is remembered.
 */
static void levels(void **state)
{
	static const int64_t begins[] = { AT(0, 0, 1), AT(1, 0, 0), AT(1, 0, 7), AT(1, 30, 0), AT(1, 45, 0), AT(2, 0, 3), AT(2, 29, 44) };
	static const uint32_t at[] = { 0, 1, 8, 9, 17, 20, 24 }, last[] = { 8, 7, 0, 1, 8, 5, 5 },
			      lowest[] = { 8, 7, 0, 1, 5, 5, 5 };
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding_report *report = report_on(scene, COUNTRY('K', 'P'))->result.report;
	const struct finding_network *network = &report->networks[1];

	(void)state;
	assert_true(network->level_step == UTC_SECOND);
	assert_int_equal(network->level_count, 26);
	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		assert_true(network->levels[at[i]].time == begins[i]);
		assert_int_equal(network->levels[at[i]].last, last[i]);
		assert_int_equal(network->levels[at[i]].lowest, lowest[i]);
	}
	assert_int_equal(report->levels_left_out, 0);
	assert_int_equal(report->views_left_out, 0);
	assert_int_equal(report->view_count, 8);
	assert_string_equal(report->views[0].collector, "route-views.x");
	assert_int_equal(report->views[0].peer_as, 64506);
	assert_int_equal(report->views[0].level_count, 4);	/* silent later: nothing changes */
	assert_string_equal(report->views[3].peer, "10.0.0.1");
	assert_int_equal(report->views[3].level_count, 7);
	assert_true(report->views[3].levels[3].time == AT(2, 0, 1));	/* reset */
	assert_int_equal(report->views[3].levels[3].last, 0);
	assert_int_equal(report->views[3].levels[4].last, 3);
	scene_free(scene);
}

static void instability(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding_report *report = report_on(scene, COUNTRY('K', 'P'))->result.report;
	const struct finding_instability *found;

	(void)state;
	assert_int_equal(report->instability_count, 1);
	found = &report->instabilities[0];
	assert_string_equal(found->network, "175.45.177.0/24");
	assert_true(found->first == AT(1, 45, 0) && found->last == AT(1, 45, 0.5));
	assert_int_equal(found->announcements, 8);
	assert_int_equal(found->withdrawals, 8);
	assert_int_equal(found->returned_at_once, 8);
	assert_int_equal(found->vantage_points, 8);
	assert_int_equal(found->peer_ases, 8);
	assert_int_equal(found->peers[0], 64501);
	assert_int_equal(found->peers[7], 64508);
	assert_int_equal(found->path_count, 8);
	assert_string_equal(found->paths[0].path, "64501 701 4837 131279");
	assert_int_equal(found->transits[0].asn, 701);
	assert_int_equal(found->transits[0].announcements, 8);
	assert_int_equal(found->transits[1].asn, 4837);
	scene_free(scene);
}

static void assert_interval(const struct finding_interval *interval, int64_t from, const char *began, int64_t until,
			    const char *ended)
{
	assert_true(interval->from == from && interval->until == until);
	assert_string_equal(interval->began, began);
	assert_string_equal(interval->ended, ended);
}

/* Full whenever live: behind a RIB from its last entry on. */
static void assert_both_full(const struct finding_vantage *vantage)
{
	assert_int_equal(vantage->full_ipv4_count, vantage->live_count);
	assert_int_equal(vantage->full_ipv6_count, vantage->live_count);
	for (uint32_t i = 0; i < vantage->live_count; i++) {
		const struct finding_interval *live = &vantage->live[i];
		int64_t from = live->from + (strcmp(live->began, "rib") == 0) * UTC_SECOND;

		assert_interval(&vantage->full_ipv4[i], from, live->began, live->until, live->ended);
		assert_interval(&vantage->full_ipv6[i], from, live->began, live->until, live->ended);
	}
}

/* By collector, then peer: route-views.x before rrc90. */
static void roster(void **state)
{
	struct scene *scene = scene_of(QUESTION_OUTAGES);
	const struct finding *finding = answer(scene);

	(void)state;
	assert_int_equal(finding->roster_count, 8);
	for (unsigned i = 0; i < 8; i++) {
		const struct finding_vantage *vantage = &finding->roster[i];
		unsigned peer = i < 3 ? i + 6 : i - 2;

		assert_string_equal(vantage->collector, i < 3 ? "route-views.x" : "rrc90");
		assert_int_equal(vantage->peer_as, 64500 + peer);
		assert_true(vantage->in_rib);
		assert_both_full(vantage);
		assert_int_equal(vantage->held_ipv4, peer == 5 ? 301 : 302);
		assert_int_equal(vantage->held_ipv6, 121);
		assert_int_equal(vantage->drift, peer == 5);
		assert_int_equal(vantage->states, peer <= 3 ? 2 : 0);
		assert_int_equal(vantage->sessions_lost, peer <= 3);
		assert_int_equal(vantage->spurious, 0);
		assert_int_equal(vantage->rib_entries, 2 * WORLD_NETWORKS - (peer == 5));
		assert_int_equal(vantage->live_count, peer == 4 || peer == 5 ? 1 : 2);
		if (peer <= 3) {
			assert_interval(&vantage->live[0], AT(0, 0, 0), "rib", AT(2, 0, peer), "session-down");
			assert_interval(&vantage->live[1], AT(2, 2, 5 + peer), "end-of-rib", END, "end-of-data");
		} else if (peer <= 5) {
			assert_interval(&vantage->live[0], AT(0, 0, 0), "rib", END, "end-of-data");
		} else {
			assert_interval(&vantage->live[0], AT(0, 0, 0), "rib", AT(2, 29, 44), "collector-silence");
			assert_interval(&vantage->live[1], AT(3, 0, 0), "rib", END, "end-of-data");
		}
	}
	scene_free(scene);
}

static void provenance(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding = report_on(scene, COUNTRY('K', 'P'));
	const struct finding_provenance *provenance = &finding->provenance;

	(void)state;
	assert_string_equal(provenance->program, "constat test");
	assert_int_equal(provenance->input_count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		const struct finding_input *input = &provenance->inputs[i];
		bool rib = strstr(input->name, "/rib") != NULL;

		assert_string_equal(input->collector, i < 3 ? "rrc90" : "route-views.x");
		assert_string_equal(input->compression, "none");
		assert_int_equal(strlen(input->sha256), 64);
		assert_int_equal(input->bytes, scene->files->bytes[i].len);
		assert_int_equal(input->bytes_lost, 0);
		assert_true(input->whole);
		assert_string_equal(input->error, "");
		assert_int_equal(input->fault_count, 0);
		assert_int_equal(input->type_count, rib ? 3 : i < 3 ? 2 : 1);
		assert_string_equal(input->types[0].type, rib ? "TABLE_DUMP_V2" : i < 3 ? "BGP4MP" : "BGP4MP_ET");
		if (rib)
			assert_int_equal(input->records, 1 + WORLD_NETWORKS);
	}
	assert_int_equal(provenance->source_count, 1);
	assert_string_equal(provenance->sources[0].kind, "registry");
	assert_string_equal(provenance->sources[0].format, "delegated");
	scene_free(scene);
}

/* Every country and AS at once: the same two outages, seen as a country's and as an AS's. */
static void world_outages(void **state)
{
	static const char *const places[] = { "AS131279", "KP", "AS131279", "KP" };
	struct scene *scene = scene_of(QUESTION_OUTAGES);
	const struct finding_outages *outages = answer(scene)->result.outages;

	(void)state;
	assert_int_equal(outages->outage_count, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_string_equal(outages->outages[i].place, places[i]);
		assert_string_equal(outages->outages[i].family, i < 2 ? "IPv4" : "IPv6");
		assert_true(outages->outages[i].start.at == (i < 2 ? AT(1, 0, 4) : AT(2, 40, 2)));
		assert_true(outages->outages[i].end.at == (i < 2 ? AT(1, 30, 3) : AT(2, 55, 2)));
	}
	assert_int_equal(outages->episode_count, 4);
	assert_int_equal(outages->storm_count, 0);
	assert_int_equal(outages->peer_count, 8);
	assert_int_equal(outages->peers[0].withdrawals, 4);
	assert_int_equal(outages->peers[0].asn, 64501);
	assert_int_equal(outages->peers[7].asn, 64508);
	scene_free(scene);
}

/* NULL where the country has no row. */
static const struct finding_census_row *row(const struct finding *finding, const char *country, const char *family)
{
	const struct finding_census *census = finding->result.census;

	for (uint32_t i = 0; i < census->row_count; i++) {
		if (strcmp(census->rows[i].country, country) == 0 && strcmp(census->rows[i].family, family) == 0)
			return &census->rows[i];
	}
	return NULL;
}

static void census(void **state)
{
	struct scene *scene = scene_of(QUESTION_CENSUS);
	const struct finding *finding = answer(scene);

	(void)state;
	assert_true(finding->result.census->at == END);
	assert_int_equal(finding->result.census->row_count, 4);
	assert_int_equal(row(finding, "US", "IPv4")->networks, WORLD_US);
	assert_int_equal(row(finding, "US", "IPv4")->origins, 50);
	assert_int_equal(row(finding, "US", "IPv4")->networks_share, ppm_of(300, 302));
	assert_int_equal(row(finding, "SE", "IPv6")->networks, WORLD_SE);
	assert_int_equal(row(finding, "SE", "IPv6")->foreign_origin, WORLD_SE);
	assert_int_equal(row(finding, "KP", "IPv4")->networks, 2);
	assert_int_equal(row(finding, "KP", "IPv6")->blocks, 65536);
	assert_int_equal(finding->result.census->world[0].networks, 302);
	assert_int_equal(finding->result.limit_count, 1);
	assert_string_equal(finding->result.limits[0].code, "lower-bound");
	/* the table as it stood in the outage; presence needs one vantage point, also a blind one */
	scene->question.at = AT(1, 0, 6);
	finding = answer(scene);
	assert_true(finding->result.census->at == AT(1, 0, 6));
	assert_int_equal(row(finding, "KP", "IPv4")->networks, 2);
	scene->question.at = AT(1, 10, 0);
	finding = answer(scene);
	assert_null(row(finding, "KP", "IPv4"));
	assert_int_equal(row(finding, "KP", "IPv6")->networks, 1);
	scene->question.at = AT(2, 45, 0);
	assert_int_equal(row(answer(scene), "KP", "IPv6")->networks, 1);
	scene_free(scene);
}

/* A question that ends in the midst of a RIB: what has not come yet is not gone, and nobody is live by it. */
static void end_within_a_rib(void **state)
{
	struct scene *scene = scene_of(QUESTION_CENSUS);
	const struct finding *finding;

	(void)state;
	scene->question.at = AT(3, 0, 0);
	finding = answer(scene);
	assert_int_equal(row(finding, "US", "IPv4")->networks, WORLD_US);
	assert_int_equal(finding->result.coverage.families[0].live, 5);
	assert_string_equal(finding->result.limits[0].code, "rib-cut");
	scene->question.at = AT(3, 0, 1);
	assert_int_equal(answer(scene)->result.coverage.families[0].live, 8);
	scene->question.at = AT(0, 0, 0);
	finding = answer(scene);
	assert_int_equal(row(finding, "US", "IPv4")->networks, WORLD_US / 2);
	assert_int_equal(finding->result.coverage.families[0].live, 0);
	scene_free(scene);
}

static void upstreams(void **state)
{
	struct scene *scene = scene_of(QUESTION_UPSTREAMS);
	const struct finding_upstreams *found = report_on(scene, COUNTRY('K', 'P'))->result.upstreams;

	(void)state;
	assert_int_equal(found->networks, 3);
	assert_int_equal(found->peers, 8);
	assert_int_equal(found->transit_count, 3);
	for (unsigned i = 0; i < 2; i++) {
		assert_string_equal(found->transits[i].role, i ? "gateway" : "upstream");
		assert_int_equal(found->transits[i].asn, 4837);
		assert_string_equal(found->transits[i].country, "CN");
		assert_false(found->transits[i].country_inferred);
		assert_int_equal(found->transits[i].networks, 3);
		assert_int_equal(found->transits[i].peers, 8);
		assert_int_equal(found->transits[i].share, PPM);
	}
	/* 3356 for two networks, 701 for 175.45.177.0/24 since 01:45; session resets have put peers 1 to 3 back */
	assert_int_equal(found->path_count, 8 + 5);
	assert_int_equal(found->flagged_count, 0);
	scene_free(scene);
}

static void info(void **state)
{
	struct scene *scene = scene_of(QUESTION_INFO);
	const struct finding *finding = answer(scene);

	(void)state;
	assert_int_equal(finding->roster_count, 8);
	assert_int_equal(finding->roster[0].table_ipv4, 302);
	assert_int_equal(finding->provenance.source_count, 0);
	assert_null(finding->result.report);
	assert_null(finding->result.census);
	assert_int_equal(finding->result.limit_count, 0);
	assert_int_equal(finding->gap_count, 1);
	scene_free(scene);
}

static void period(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding;

	(void)state;
	/* what was over before is left out */
	scene->question.from = AT(2, 0, 0);
	finding = report_on(scene, COUNTRY('K', 'P'));
	assert_int_equal(finding->result.report->outage_count, 1);
	assert_string_equal(finding->result.report->outages[0].family, "IPv6");
	assert_int_equal(finding->result.report->instability_count, 0);
	assert_int_equal(finding->result.report->networks[0].outages, 0);
	assert_true(finding->result.report->networks[0].dark == 0);
	/* what goes on is open, to the last instant asked about */
	scene->question.from = UTC_NEVER;
	scene->question.until = AT(1, 10, 20);
	finding = answer(scene);
	assert_int_equal(finding->result.report->outage_count, 1);
	assert_string_equal(finding->result.report->outages[0].ended, "open");
	assert_true(finding->result.report->outages[0].end.at == UTC_NEVER);
	assert_true(finding->result.report->outages[0].duration == 616 * UTC_SECOND);
	assert_int_equal(finding->result.report->outages[0].lost, 2 * 616);
	assert_true(finding->result.report->episodes[0].until == UTC_NEVER);
	assert_true(finding->result.report->episodes[0].span == 616 * UTC_SECOND);
	assert_string_equal(finding->result.report->networks[0].state, "dark");
	assert_int_equal(finding->result.report->networks[0].peers_holding, 0);
	/* of a file in which the end falls is told what was read */
	for (unsigned i = 0; i < 6; i++) {
		const struct finding_input *input = &finding->provenance.inputs[i];
		bool updates = strstr(input->name, "updates") != NULL;

		assert_true(updates || input->whole || input->records == 0);
		assert_false(updates && (input->whole || input->records == 0 || input->bytes == 0));
		assert_true(!updates || (input->last > AT(1, 10, 0) && input->last <= AT(1, 10, 20)));
	}
	scene_free(scene);
}

static void other_subjects(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding;

	(void)state;
	scene->question.asn = 131279;
	finding = answer(scene);
	assert_string_equal(finding->question.subject, "AS131279");
	assert_string_equal(finding->question.subject_kind, "as");
	assert_int_equal(finding->result.report->network_count, 3);
	assert_int_equal(finding->result.report->outage_count, 2);
	assert_true(finding->result.report->outages[0].start.at == AT(1, 0, 4));
	scene->question.asn = 0;
	assert_true(prefix_parse(VIEW("175.45.177.0/24"), &scene->question.prefix));
	finding = answer(scene);
	assert_string_equal(finding->question.subject, "175.45.177.0/24");
	assert_int_equal(finding->result.report->network_count, 1);
	assert_int_equal(finding->result.report->outage_count, 1);
	assert_string_equal(finding->result.report->outages[0].place, "175.45.177.0/24");
	assert_int_equal(finding->result.report->outages[0].baseline, 1);
	scene->question.prefix = (struct prefix){ 0 };
	finding = report_on(scene, COUNTRY('F', 'R'));
	assert_int_equal(finding->result.report->networks_known, 0);
	assert_int_equal(finding->result.report->signal_count, 0);
	scene_free(scene);
}

/* Keeps the inputs whose name has `part` in it. */
static void keep_inputs(struct scene *scene, const char *part)
{
	struct files *files = scene->files;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < files->count; i++) {
		if (!strstr(files->inputs[i].name, part)) {
			bytes_free(&files->bytes[i]);
			continue;
		}
		files->bytes[kept] = files->bytes[i];
		files->inputs[kept++] = files->inputs[i];
	}
	files->count = kept;
}

/* Without a RIB only those are known who sent their whole table, and they are too few. */
static void updates_only(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding;

	(void)state;
	keep_inputs(scene, "updates");
	scene->question.until = AT(1, 59, 0);
	finding = report_on(scene, COUNTRY('K', 'P'));
	assert_false(finding->result.coverage.rib);
	assert_int_equal(finding->result.limit_count, 1);
	assert_string_equal(finding->result.limits[0].code, "no-table");
	assert_int_equal(finding->result.report->outage_count, 0);
	assert_int_equal(finding->result.report->signal_count, 0);
	assert_int_equal(finding->result.report->networks_known, 2);
	assert_string_equal(finding->result.report->networks[0].state, "not measurable");
	/* what is heard is heard all the same */
	assert_int_equal(finding->result.report->instability_count, 1);
	assert_int_equal(finding->result.report->networks[0].spurious, 8);
	assert_int_equal(finding->result.coverage.spurious, 8 + 8);
	scene_free(scene);
}

static void too_few_peers(void **state)
{
	struct scene *scene = scene_of(QUESTION_REPORT);
	const struct finding *finding;

	(void)state;
	scene->question.parameters.min_peers = 9;
	finding = report_on(scene, COUNTRY('K', 'P'));
	assert_int_equal(finding->result.limit_count, 2);
	assert_string_equal(finding->result.limits[0].code, "too-few-peers");
	assert_int_equal(finding->result.report->outage_count, 0);
	scene->question.parameters.min_peers = 3;
	scene->question.parameters.full_feed_ipv4 = 1000;
	finding = answer(scene);
	assert_int_equal(finding->result.limit_count, 1);
	assert_string_equal(finding->result.limits[0].code, "no-full-feed");
	/* the other family is measured all the same */
	assert_int_equal(finding->result.report->outage_count, 1);
	assert_int_equal(finding->result.report->signal_count, 1);
	scene_free(scene);
}

/* What cannot be read is said, and the rest is read. */
static void damaged_inputs(void **state)
{
	struct scene *scene = scene_of(QUESTION_INFO);
	struct bytes *cut = &scene->files->bytes[1];
	const struct finding_input *input;
	struct err err = { 0 };

	(void)state;
	assert_non_null(strstr(scene->files->inputs[1].name, "updates"));
	cut->len -= 1000;
	bytes_add(files_add(scene->files, "rrc90", "text"), "once upon a time", 16);
	files_add(scene->files, "rrc90", "empty");
	input = answer(scene)->provenance.inputs;
	assert_false(input[1].whole);
	assert_int_equal(input[1].fault_count, 1);
	assert_true(input[1].bytes_lost > 0);
	assert_int_equal(input[1].bytes, cut->len);
	assert_int_equal(input[6].records, 0);
	assert_int_equal(input[6].bytes_lost, 16);
	assert_int_equal(input[7].bytes, 0);
	assert_true(input[0].whole && input[5].whole);
	assert_int_equal(scene->finding.roster_count, 8);
	/* nothing at all: an answer that says so */
	keep_inputs(scene, "text");
	if (run(scene, NULL, &err) == 0) {
		assert_int_equal(scene->finding.result.limit_count, 1);
		assert_string_equal(scene->finding.result.limits[0].code, "no-data");
	}
	scene_free(scene);
}

static void cancelled(void **state)
{
	struct scene *scene = scene_of(QUESTION_CENSUS);
	volatile int stop = 1;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(run(scene, &stop, &err), ERR_CANCELLED);
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coverage),
		cmocka_unit_test(outages_of_a_country),
		cmocka_unit_test(networks_and_signals),
		cmocka_unit_test(levels),
		cmocka_unit_test(instability),
		cmocka_unit_test(roster),
		cmocka_unit_test(provenance),
		cmocka_unit_test(world_outages),
		cmocka_unit_test(census),
		cmocka_unit_test(end_within_a_rib),
		cmocka_unit_test(upstreams),
		cmocka_unit_test(info),
		cmocka_unit_test(period),
		cmocka_unit_test(other_subjects),
		cmocka_unit_test(updates_only),
		cmocka_unit_test(too_few_peers),
		cmocka_unit_test(damaged_inputs),
		cmocka_unit_test(cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
