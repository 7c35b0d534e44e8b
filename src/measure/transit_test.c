/* SPDX-License-Identifier: BSD-2-Clause */
/* AS hegemony and frontiers, on tables of a few routes whose answers can be worked out by hand. */
#include "measure/frontier.h"
#include "measure/hegemony.h"
#include "place/testing.h"
#include "table/test_world.h"

static const char places[] =
	"2|apnic|20141222|10|19830101|20141222|+1000\n"
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|assigned\n"
	"apnic|JP|ipv4|133.0.0.0|65536|20091221|assigned\n"
	"apnic|KP|asn|131279|1|20091221|assigned\n"
	"apnic|KP|asn|131300|1|20091221|assigned\n"
	"apnic|CN|asn|4837|1|20091221|assigned\n"
	"apnic|US|asn|701|1|20091221|assigned\n"
	"apnic|US|asn|2914|1|20091221|assigned\n"
	"apnic|JP|asn|2500|1|20091221|assigned\n"
	"apnic|DE|asn|64001|40|20091221|assigned\n";

struct setting {
	struct world *world;
	struct place *place;
	struct survey *survey;
	struct as_countries *countries;
	struct upstreams_question question;	/* North Korea */
	struct measure_parameters parameters;
};

static void setting_begin(struct setting *setting)
{
	*setting = (struct setting){ .world = world_new(), .place = testing_loaded(places) };
	setting->parameters = measure_parameters_default;
	assert_true(country_parse(view_of("KP"), &setting->question.country));
	world_rib_begin(setting->world, 0, 12);
}

/* The RIB is whole; peers 1 to `full` have a full feed. */
static void setting_end(struct setting *setting, unsigned full)
{
	struct roster *roster;

	world_rib_end(setting->world, 1, true);
	roster = table_roster_edit(setting->world->table);
	for (unsigned k = 1; k <= full; k++)
		roster->vantages[world_vantage(setting->world, k)].full4 = true;
	assert_int_equal(survey_take(setting->world->table, setting->place, 1, &setting->survey, NULL), 0);
	assert_int_equal(as_countries_new(setting->place, &setting->countries, NULL), 0);
	assert_int_equal(as_countries_note_all(setting->countries, setting->survey, NULL), 0);
	as_countries_ready(setting->countries);
}

static void setting_free(struct setting *setting)
{
	as_countries_free(setting->countries);
	survey_free(setting->survey);
	place_free(setting->place);
	world_free(setting->world);
}

static struct hegemony measure(struct setting *setting, enum hegemony_weight weight)
{
	struct hegemony hegemony;

	assert_int_equal(hegemony_take(setting->survey, &setting->question, weight, &setting->parameters,
				       &hegemony, NULL), 0);
	return hegemony;
}

static struct hegemony_row row_of(const struct hegemony *hegemony, uint32_t asn)
{
	for (uint32_t i = 0; i < hegemony->count; i++) {
		if (hegemony->rows[i].asn == asn)
			return hegemony->rows[i];
	}
	return (struct hegemony_row){ .asn = 0 };
}

static void entry(struct setting *setting, unsigned k, const char *network, const char *ways)
{
	char path[128];

	snprintf(path, sizeof(path), "%u %s", 64000 + k, ways);
	world_entry(setting->world, 0, k, world_prefix(network), path);
}

/* Ten peer ASes: one is trimmed at each end, so what only one sees goes, and what all but one see is whole. */
static void trims_each_end(void **state)
{
	struct setting setting;
	struct hegemony hegemony;

	(void)state;
	setting_begin(&setting);
	for (unsigned k = 1; k <= 10; k++)
		entry(&setting, k, "175.45.176.0/24",
		      k == 1 ? "2914 131279" : k == 2 ? "2500 4837 4837 131279" : "701 4837 131279");
	setting_end(&setting, 10);
	hegemony = measure(&setting, WEIGHT_SPACE);
	assert_true(hegemony.views[0].measurable);
	assert_int_equal(hegemony.views[0].peers, 10);
	assert_int_equal(hegemony.views[0].trimmed, 1);
	assert_int_equal(row_of(&hegemony, 4837).hegemony, PPM);
	assert_int_equal(row_of(&hegemony, 4837).share, 900000);
	assert_int_equal(row_of(&hegemony, 701).hegemony, 875000);	/* 7 of 8 */
	assert_int_equal(row_of(&hegemony, 2500).hegemony, 0);
	assert_int_equal(row_of(&hegemony, 2914).hegemony, 0);
	assert_int_equal(row_of(&hegemony, 2914).share, 100000);
	assert_int_equal(row_of(&hegemony, 131279).asn, 0);		/* the origin */
	assert_int_equal(row_of(&hegemony, 64003).asn, 0);		/* a vantage point's own AS */
	assert_false(hegemony.views[1].measurable);
	hegemony_free(&hegemony);
	setting_free(&setting);
}

/* All ten cross AS4837, one of them for half its networks only: that one is the lowest, and goes. */
static void trims_the_lowest(void **state)
{
	struct setting setting;
	struct hegemony hegemony;

	(void)state;
	setting_begin(&setting);
	for (unsigned k = 1; k <= 10; k++) {
		entry(&setting, k, "175.45.176.0/24", "4837 131279");
		entry(&setting, k, "175.45.177.0/24", k == 1 ? "2914 131279" : "4837 131279");
	}
	setting_end(&setting, 10);
	hegemony = measure(&setting, WEIGHT_SPACE);
	assert_int_equal(row_of(&hegemony, 4837).hegemony, PPM);
	assert_int_equal(row_of(&hegemony, 4837).share, 950000);
	hegemony_free(&hegemony);
	setting_free(&setting);
}

static void needs_ten_full_feeds(void **state)
{
	struct setting setting;
	struct hegemony hegemony;

	(void)state;
	setting_begin(&setting);
	for (unsigned k = 1; k <= 12; k++)
		entry(&setting, k, "175.45.176.0/24", k == 12 ? "2914 131279" : "4837 131279");
	setting_end(&setting, 9);
	hegemony = measure(&setting, WEIGHT_SPACE);
	assert_true(hegemony.views[0].full_feeds);
	assert_false(hegemony.views[0].measurable);
	assert_int_equal(hegemony.views[0].peers, 9);
	assert_int_equal(row_of(&hegemony, 4837).hegemony, 0);
	assert_int_equal(row_of(&hegemony, 4837).share, PPM);
	assert_int_equal(row_of(&hegemony, 2914).asn, 0);	/* of a peer AS without a full feed */
	hegemony_free(&hegemony);
	setting_free(&setting);
}

/* Without any full feed everybody's routes give shares. A /22 keeps three blocks, the /24 inside has the fourth. */
static void weighs_by_space_or_networks(void **state)
{
	struct setting setting;
	struct hegemony space, networks;

	(void)state;
	setting_begin(&setting);
	entry(&setting, 1, "175.45.176.0/22", "701 131279");
	entry(&setting, 1, "175.45.176.0/24", "2914 131279");
	setting_end(&setting, 0);
	space = measure(&setting, WEIGHT_SPACE);
	networks = measure(&setting, WEIGHT_NETWORKS);
	assert_false(space.views[0].full_feeds);
	assert_int_equal(space.views[0].weight, 4);
	assert_int_equal(networks.views[0].weight, 2);
	assert_int_equal(row_of(&space, 701).share, 750000);
	assert_int_equal(row_of(&space, 2914).share, 250000);
	assert_int_equal(row_of(&networks, 701).share, 500000);
	hegemony_free(&space);
	hegemony_free(&networks);
	setting_free(&setting);
}

/* AS64001, itself a peer AS, is crossed by all others: its own view is left out, so that it counts whole. */
static void leaves_out_its_own_view(void **state)
{
	struct setting setting;
	struct hegemony hegemony;

	(void)state;
	setting_begin(&setting);
	for (unsigned k = 1; k <= 12; k++)
		entry(&setting, k, "175.45.176.0/24", k == 1 ? "131279" : "64001 131279");
	setting_end(&setting, 12);
	hegemony = measure(&setting, WEIGHT_SPACE);
	assert_int_equal(row_of(&hegemony, 64001).share, PPM);
	assert_int_equal(row_of(&hegemony, 64001).peers, 11);
	hegemony_free(&hegemony);
	setting_free(&setting);
}

static void edges_lead_in(void **state)
{
	struct setting setting;
	struct upstreams upstreams;
	bool found = false;

	(void)state;
	setting_begin(&setting);
	entry(&setting, 1, "175.45.176.0/24", "701 4837 131300 131279");
	setting_end(&setting, 0);
	assert_int_equal(upstreams_take(setting.survey, setting.countries, &setting.question, &upstreams, NULL),
			 0);
	for (uint32_t i = 0; i < upstreams.transit_count; i++) {
		if (upstreams.transits[i].role != TRANSIT_EDGE)
			continue;
		assert_false(found);
		found = true;
		assert_int_equal(upstreams.transits[i].asn, 4837);
		assert_int_equal(upstreams.transits[i].to, 131300);
	}
	assert_true(found);
	upstreams_free(&upstreams);
	setting_free(&setting);
}

/* A Japanese network whose path goes through AS131279 says nothing of North Korea's frontier. */
static void frontier_counts_pairs(void **state)
{
	struct setting setting;
	struct frontier frontier;
	country_t kp;

	(void)state;
	setting_begin(&setting);
	kp = setting.question.country;
	entry(&setting, 1, "175.45.176.0/24", "701 4837 4837 131300 131279");
	entry(&setting, 2, "175.45.176.0/24", "2914 4837 131300 131279");
	entry(&setting, 1, "133.0.0.0/16", "701 2914 131279 2500");
	setting_end(&setting, 1);
	assert_int_equal(frontier_take(setting.survey, setting.countries, &frontier, NULL), 0);
	assert_int_equal(frontier.count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct frontier_row *row = &frontier.rows[i];

		assert_int_equal(row->domestic_count, 1);
		assert_int_equal(row->foreign_count, 1);
		assert_int_equal(row->domestic[0], row->country == kp ? 131300 : 2500);
		assert_int_equal(row->foreign[0], row->country == kp ? 4837 : 131279);
	}
	frontier_free(&frontier);
	setting_free(&setting);
	assert_string_equal(frontier_class(0), "none seen");
	assert_string_equal(frontier_class(2), "1-2");
	assert_string_equal(frontier_class(3), "3-9");
	assert_string_equal(frontier_class(39), "10-39");
	assert_string_equal(frontier_class(40), "40+");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trims_each_end),
		cmocka_unit_test(trims_the_lowest),
		cmocka_unit_test(needs_ten_full_feeds),
		cmocka_unit_test(weighs_by_space_or_networks),
		cmocka_unit_test(leaves_out_its_own_view),
		cmocka_unit_test(edges_lead_in),
		cmocka_unit_test(frontier_counts_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
