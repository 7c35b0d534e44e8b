/* SPDX-License-Identifier: BSD-2-Clause */
/* Upstreams, gateways, paths and flags, as the world of May 2014 in small. */
#include "measure/upstreams.h"
#include "measure/parameters.h"
#include "place/testing.h"
#include "table/test_world.h"

#define KP COUNTRY('K', 'P')

/* Korea: AS 131279 and 131280; China: AS 4837; the US: 3356, 1239, 701; Sweden: 51040. AS 9 is nobody's. */
static const char registry[] =
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n"
	"ripencc|SE|ipv4|194.71.107.0|256|20100101|assigned\n"
	"arin|US|ipv4|22.0.0.0|65536|20100101|allocated\n"
	"apnic|KP|asn|131279|2|20091221|allocated\n"
	"apnic|CN|asn|4837|1|20000101|allocated\n"
	"arin|US|asn|3356|1|20000101|allocated\n"
	"arin|US|asn|1239|1|20000101|allocated\n"
	"arin|US|asn|701|1|20000101|allocated\n"
	"ripencc|SE|asn|51040|1|20100101|allocated\n";

struct scene {
	struct place *place;
	struct world *world;
	struct survey *survey;
	struct as_countries *countries;
	struct upstreams upstreams;
};

static struct scene scene_make(unsigned peers)
{
	struct table_parameters parameters = table_parameters_default();
	struct scene scene = { .place = testing_loaded(registry),
			       .world = world_new_with(&parameters, TABLE_PATH) };

	world_rib_begin(scene.world, 0, peers);
	return scene;
}

static void entry(struct scene *scene, unsigned peer, const char *network, const char *path)
{
	world_entry(scene->world, 0, peer, world_prefix(network), path);
}

static void take(struct scene *scene, const struct upstreams_question *question)
{
	world_rib_end(scene->world, 1, true);
	assert_int_equal(survey_take(scene->world->table, scene->place, 1, &scene->survey, NULL), 0);
	assert_int_equal(as_countries_new(scene->place, &scene->countries, NULL), 0);
	assert_int_equal(as_countries_note_all(scene->countries, scene->survey, NULL), 0);
	as_countries_ready(scene->countries);
	assert_int_equal(upstreams_take(scene->survey, scene->countries, question, &scene->upstreams, NULL), 0);
}

static void scene_free(struct scene *scene)
{
	upstreams_free(&scene->upstreams);
	as_countries_free(scene->countries);
	survey_free(scene->survey);
	world_free(scene->world);
	place_free(scene->place);
}

/* NULL where the AS has no such role. */
static const struct transit *transit(const struct scene *scene, enum transit_role role, uint32_t asn)
{
	for (uint32_t i = 0; i < scene->upstreams.transit_count; i++) {
		const struct transit *one = &scene->upstreams.transits[i];

		if (one->role == role && one->asn == asn)
			return one;
	}
	return NULL;
}

static void assert_transit(const struct scene *scene, enum transit_role role, uint32_t asn, uint32_t count,
			   uint32_t peers, uint32_t share)
{
	const struct transit *one = transit(scene, role, asn);

	assert_non_null(one);
	assert_int_equal(one->networks, count);
	assert_int_equal(one->peers, peers);
	assert_int_equal(one->share, share);
}

/* Everything goes through China Unicom. */
static void one_gateway(void **state)
{
	struct scene scene = scene_make(1);
	char network[32];

	(void)state;
	for (unsigned i = 176; i < 180; i++) {
		snprintf(network, sizeof(network), "175.45.%u.0/24", i);
		entry(&scene, 1, network, "64001 3356 1239 4837 131279");
	}
	entry(&scene, 1, "22.0.0.0/24", "64001 3356 701");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_int_equal(scene.upstreams.networks, 4);
	assert_int_equal(scene.upstreams.peers, 1);
	assert_int_equal(scene.upstreams.transit_count, 3);
	assert_transit(&scene, TRANSIT_GATEWAY, 4837, 4, 1, PPM);
	assert_transit(&scene, TRANSIT_UPSTREAM, 4837, 4, 1, PPM);
	assert_transit(&scene, TRANSIT_EDGE, 4837, 4, 1, PPM);
	assert_int_equal(transit(&scene, TRANSIT_EDGE, 4837)->to, 131279);
	assert_int_equal(scene.upstreams.path_count, 1);
	assert_string_equal(scene.upstreams.paths[0].text, "64001 3356 1239 4837 131279");
	assert_int_equal(scene.upstreams.paths[0].networks, 4);
	assert_int_equal(scene.upstreams.paths[0].peers, 1);
	assert_int_equal(scene.upstreams.flagged_count, 0);
	scene_free(&scene);
}

/* The mean over peer ASes, each with its own networks; sessions of one peer AS speak once. */
static void shares(void **state)
{
	struct scene scene = scene_make(3);

	(void)state;
	/* peer 1: both by 4837; peer 2: one of three by 701; peer 3: one, by 701 */
	entry(&scene, 1, "175.45.176.0/24", "64001 4837 131279");
	entry(&scene, 1, "175.45.177.0/24", "64001 4837 131279");
	entry(&scene, 2, "175.45.176.0/24", "64002 4837 131279");
	entry(&scene, 2, "175.45.177.0/24", "64002 4837 131279");
	entry(&scene, 2, "175.45.178.0/24", "64002 701 131279");
	entry(&scene, 3, "175.45.178.0/24", "64003 701 131279");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_int_equal(scene.upstreams.networks, 3);
	assert_int_equal(scene.upstreams.peers, 3);
	assert_transit(&scene, TRANSIT_GATEWAY, 4837, 2, 2, 555556);
	assert_transit(&scene, TRANSIT_GATEWAY, 701, 1, 2, 444444);
	/* by role, then networks falling */
	assert_int_equal(scene.upstreams.transits[0].asn, 4837);
	assert_int_equal(scene.upstreams.paths[0].networks, 2);
	scene_free(&scene);
}

/* Prepending is folded; the gateway is the last foreign AS, even behind ASes nobody knows. */
static void folded_and_unknown(void **state)
{
	struct scene scene = scene_make(1);

	(void)state;
	entry(&scene, 1, "175.45.176.0/24", "64001 3356 3356 4837 4837 4837 131279 131279");
	entry(&scene, 1, "175.45.177.0/24", "64001 3356 9 131279");
	/* within the country the path goes on: 131280 is an upstream, but no gateway */
	entry(&scene, 1, "175.45.178.0/24", "64001 4837 131280 131279");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_transit(&scene, TRANSIT_GATEWAY, 4837, 2, 1, 666667);
	assert_transit(&scene, TRANSIT_GATEWAY, 3356, 1, 1, 333333);
	assert_null(transit(&scene, TRANSIT_GATEWAY, 9));
	assert_transit(&scene, TRANSIT_UPSTREAM, 9, 1, 1, 333333);
	assert_transit(&scene, TRANSIT_UPSTREAM, 131280, 1, 1, 333333);
	assert_int_equal(scene.upstreams.path_count, 3);
	scene_free(&scene);
}

/* The observer's own AS carries nothing for the place; a route server is not in the path at all. */
static void own_as(void **state)
{
	struct scene scene = scene_make(2);

	(void)state;
	entry(&scene, 1, "175.45.176.0/24", "64001 131279");
	entry(&scene, 2, "175.45.177.0/24", "4837 131279");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_null(transit(&scene, TRANSIT_UPSTREAM, 64001));
	assert_null(transit(&scene, TRANSIT_GATEWAY, 64001));
	assert_transit(&scene, TRANSIT_UPSTREAM, 4837, 1, 1, 500000);
	assert_transit(&scene, TRANSIT_GATEWAY, 4837, 1, 1, 500000);
	scene_free(&scene);
}

/* May 2014: a Swedish network whose path was forged to lead through Korea. */
static void flags(void **state)
{
	struct scene scene = scene_make(2);
	const struct flagged_network *flagged;

	(void)state;
	entry(&scene, 1, "175.45.176.0/24", "64001 4837 131279");
	entry(&scene, 1, "194.71.107.0/24", "64001 701 131279 51040");
	entry(&scene, 2, "194.71.107.0/24", "64002 701 131279 51040");
	/* registered here, announced from Sweden by one; by an AS nobody knows: no reason for suspicion */
	entry(&scene, 1, "175.45.178.0/24", "64001 51040");
	entry(&scene, 1, "175.45.179.0/24", "64001 9");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_int_equal(scene.upstreams.networks, 3);
	assert_int_equal(scene.upstreams.flagged_count, 2);
	assert_int_equal(scene.upstreams.foreign_origin, 1);
	assert_int_equal(scene.upstreams.foreign_registered, 1);
	flagged = &scene.upstreams.flagged[0];
	assert_int_equal(flagged->flag, FLAG_FOREIGN_ORIGIN);
	assert_int_equal(prefix_compare(&flagged->prefix, &(struct prefix[]){ world_prefix("175.45.178.0/24") }[0]), 0);
	assert_int_equal(flagged->origin, 51040);
	flagged = &scene.upstreams.flagged[1];
	assert_int_equal(flagged->flag, FLAG_FOREIGN_REGISTERED);
	assert_int_equal(flagged->country, COUNTRY('S', 'E'));
	assert_int_equal(flagged->origin, 51040);
	assert_int_equal(flagged->origin_country, COUNTRY('S', 'E'));
	assert_int_equal(flagged->peers, 2);
	assert_string_equal(flagged->path + 5, " 701 131279 51040");
	scene_free(&scene);
}

/* Of an AS: what it originates, whoever it is registered to; no gateways. */
static void of_an_as(void **state)
{
	struct scene scene = scene_make(2);

	(void)state;
	entry(&scene, 1, "175.45.176.0/24", "64001 4837 131279");
	entry(&scene, 1, "22.0.0.0/24", "64001 3356 131279");
	/* another peer sees another origin: it does not speak of this AS */
	entry(&scene, 2, "22.0.0.0/24", "64002 3356 701");
	entry(&scene, 2, "22.0.1.0/24", "64002 3356 701");
	take(&scene, &(struct upstreams_question){ .asn = 131279 });
	assert_int_equal(scene.upstreams.networks, 2);
	assert_int_equal(scene.upstreams.peers, 1);
	assert_transit(&scene, TRANSIT_UPSTREAM, 4837, 1, 1, 500000);
	assert_transit(&scene, TRANSIT_UPSTREAM, 3356, 1, 1, 500000);
	assert_null(transit(&scene, TRANSIT_GATEWAY, 4837));
	assert_int_equal(scene.upstreams.flagged_count, 0);
	scene_free(&scene);
}

static void within_a_prefix(void **state)
{
	struct scene scene = scene_make(1);
	struct prefix prefix = world_prefix("175.45.176.0/23");

	(void)state;
	entry(&scene, 1, "175.45.176.0/23", "64001 4837 131279");
	entry(&scene, 1, "175.45.177.0/24", "64001 4837 131279");
	entry(&scene, 1, "175.45.178.0/24", "64001 4837 131279");
	entry(&scene, 1, "175.45.176.0/22", "64001 4837 131279");
	take(&scene, &(struct upstreams_question){ .within = &prefix });
	assert_int_equal(scene.upstreams.networks, 2);
	scene_free(&scene);
}

/* Routes without a path are counted, and lead through nobody. */
static void empty_paths(void **state)
{
	struct scene scene = scene_make(2);

	(void)state;
	entry(&scene, 1, "175.45.176.0/24", "");
	entry(&scene, 2, "175.45.176.0/24", "64002");
	take(&scene, &(struct upstreams_question){ .country = KP });
	assert_int_equal(scene.upstreams.networks, 1);
	assert_int_equal(scene.upstreams.peers, 2);
	assert_int_equal(scene.upstreams.transit_count, 0);
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_gateway),
		cmocka_unit_test(shares),
		cmocka_unit_test(folded_and_unknown),
		cmocka_unit_test(own_as),
		cmocka_unit_test(flags),
		cmocka_unit_test(of_an_as),
		cmocka_unit_test(within_a_prefix),
		cmocka_unit_test(empty_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
