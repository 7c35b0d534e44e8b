/* SPDX-License-Identifier: BSD-2-Clause */
/* Census and the countries of ASes, in a world small enough to be counted by hand. */
#include "measure/census.h"
#include "place/testing.h"
#include "table/test_world.h"

/* 10.… is no network (bogon); 20.… to 23.… and 2a00::/12 are. No registry knows AS 4, 5 and 6. */
static const char registry[] =
	"apnic|KP|ipv4|20.0.0.0|65536|20100101|allocated\n"
	"apnic|CN|ipv4|21.0.0.0|65536|20100101|allocated\n"
	"arin|US|ipv4|22.0.0.0|65536|20100101|allocated\n"
	"ripencc|SE|ipv6|2a00:1::|32|20100101|allocated\n"
	"apnic|KP|asn|1|1|20100101|allocated\n"
	"apnic|CN|asn|2|1|20100101|allocated\n"
	"arin|US|asn|3|1|20100101|allocated\n";

struct scene {
	struct place *place;
	struct world *world;
	struct survey *survey;
	struct as_countries *countries;
	struct census census;
};

static struct scene scene_make(const char *registered, unsigned peers)
{
	struct table_parameters parameters = table_parameters_default();
	struct scene scene = { .place = testing_loaded(registered),
			       .world = world_new_with(&parameters, TABLE_ORIGIN) };

	world_rib_begin(scene.world, 0, peers);
	return scene;
}

static void entry(struct scene *scene, unsigned peer, const char *network, const char *path)
{
	world_entry(scene->world, 0, peer, world_prefix(network), path);
}

static void take(struct scene *scene, unsigned threads)
{
	world_rib_end(scene->world, 1, true);
	assert_int_equal(survey_take(scene->world->table, scene->place, threads, &scene->survey, NULL), 0);
	assert_int_equal(as_countries_new(scene->place, &scene->countries, NULL), 0);
	assert_int_equal(as_countries_note_all(scene->countries, scene->survey, NULL), 0);
	as_countries_ready(scene->countries);
	assert_int_equal(census_take(scene->survey, scene->countries, &scene->census, NULL), 0);
}

static void scene_free(struct scene *scene)
{
	census_free(&scene->census);
	as_countries_free(scene->countries);
	survey_free(scene->survey);
	world_free(scene->world);
	place_free(scene->place);
}

static void assert_row(const struct census_row *row, country_t country, enum family family, uint32_t networks,
		       uint64_t blocks, uint32_t origins, uint32_t foreign)
{
	assert_int_equal(row->country, country);
	assert_int_equal(row->family, family);
	assert_int_equal(row->networks, networks);
	assert_int_equal(row->blocks, blocks);
	assert_int_equal(row->origins, origins);
	assert_int_equal(row->foreign_origin, foreign);
}

static void fill(struct scene *scene)
{
	/* Korea: four networks, of which one lies within another, and two origins of here */
	entry(scene, 1, "20.0.0.0/22", "64001 3 1");
	entry(scene, 1, "20.0.1.0/24", "64001 3 1");
	entry(scene, 2, "20.0.8.0/24", "64002 1");
	entry(scene, 2, "20.0.9.0/24", "64002 4");
	/* China: announced by two ASes, one of them of here: not foreign; and one by a Korean AS alone */
	entry(scene, 1, "21.0.0.0/24", "64001 2");
	entry(scene, 2, "21.0.0.0/24", "64002 3");
	entry(scene, 1, "21.0.4.0/24", "64001 3 1");
	/* nobody's; and an origin that nobody can be known for */
	entry(scene, 1, "23.0.0.0/16", "64001 5");
	/* no network: private, default, too long */
	entry(scene, 1, "10.0.0.0/8", "64001 1");
	entry(scene, 1, "0.0.0.0/0", "64001 1");
	entry(scene, 1, "20.0.0.128/25", "64001 1");
	entry(scene, 1, "2a00:1::/47", "64001 2");
	entry(scene, 1, "2a00:1:1::/48", "64001 2");
}

static void check_counts(unsigned threads)
{
	struct scene scene = scene_make(registry, 2);

	fill(&scene);
	take(&scene, threads);
	assert_int_equal(scene.census.count, 4);
	assert_row(&scene.census.rows[0], COUNTRY('K', 'P'), FAMILY_IPV4, 4, 4 + 2, 2, 0);
	assert_row(&scene.census.rows[1], COUNTRY('C', 'N'), FAMILY_IPV4, 2, 2, 3, 1);
	assert_row(&scene.census.rows[2], COUNTRY_UNKNOWN, FAMILY_IPV4, 1, 256, 1, 0);
	/* the /47 covers the /48 */
	assert_row(&scene.census.rows[3], COUNTRY('S', 'E'), FAMILY_IPV6, 2, 2, 1, 2);
	assert_row(&scene.census.world[0], COUNTRY_UNKNOWN, FAMILY_IPV4, 7, 6 + 2 + 256, 5, 1);
	assert_row(&scene.census.world[1], COUNTRY_UNKNOWN, FAMILY_IPV6, 2, 2, 1, 2);
	scene_free(&scene);
}

static void counts(void **state)
{
	(void)state;
	check_counts(1);
	check_counts(2);
	check_counts(8);
}

/* What was withdrawn is not there any more. */
static void withdrawn(void **state)
{
	struct scene scene = scene_make(registry, 1);
	const uint32_t *origins;

	(void)state;
	entry(&scene, 1, "20.0.0.0/24", "64001 1");
	entry(&scene, 1, "20.0.1.0/24", "64001 1");
	world_rib_end(scene.world, 1, true);
	world_withdraw(scene.world, 5, 1, world_prefix("20.0.1.0/24"));
	take(&scene, 1);
	assert_int_equal(scene.census.count, 1);
	assert_row(&scene.census.rows[0], COUNTRY('K', 'P'), FAMILY_IPV4, 1, 1, 1, 0);
	assert_int_equal(survey_country(scene.survey, 1), COUNTRY_UNKNOWN);
	assert_int_equal(survey_origins(scene.survey, 1, &origins), 0);
	scene_free(&scene);
}

static void empty(void **state)
{
	struct scene scene = scene_make(registry, 1);

	(void)state;
	take(&scene, 2);
	assert_int_equal(scene.census.count, 0);
	assert_int_equal(scene.census.world[0].networks, 0);
	scene_free(&scene);
}

/* Registered; else where most of what it originates is, and marked; a tie and nothing known are unknown. */
static void as_countries(void **state)
{
	struct scene scene = scene_make(registry, 2);
	bool inferred;

	(void)state;
	/* AS 1 is Korean whatever it announces */
	entry(&scene, 1, "22.0.0.0/20", "64001 1");
	/* AS 4: sixteen blocks in the US against four in China */
	entry(&scene, 1, "22.0.16.0/20", "64001 4");
	entry(&scene, 1, "21.0.0.0/22", "64001 4");
	/* seen by another peer as well, which must not count twice */
	entry(&scene, 2, "21.0.0.0/22", "64002 4");
	/* AS 5: as much here as there */
	entry(&scene, 1, "22.0.32.0/24", "64001 5");
	entry(&scene, 1, "20.0.0.0/24", "64001 5");
	/* AS 6: only where nobody is registered */
	entry(&scene, 1, "23.0.0.0/24", "64001 6");
	/* AS 7: two countries alike, and one with more; what nobody registered does not count */
	entry(&scene, 1, "20.0.4.0/24", "64001 7");
	entry(&scene, 1, "22.0.33.0/24", "64001 7");
	entry(&scene, 1, "21.0.8.0/23", "64001 7");
	entry(&scene, 1, "23.0.16.0/20", "64001 7");
	take(&scene, 2);
	assert_int_equal(as_country(scene.countries, 1, &inferred), COUNTRY('K', 'P'));
	assert_false(inferred);
	assert_int_equal(as_country(scene.countries, 4, &inferred), COUNTRY('U', 'S'));
	assert_true(inferred);
	assert_int_equal(as_country(scene.countries, 5, &inferred), COUNTRY_UNKNOWN);
	assert_false(inferred);
	assert_int_equal(as_country(scene.countries, 6, NULL), COUNTRY_UNKNOWN);
	assert_int_equal(as_country(scene.countries, 7, NULL), COUNTRY('C', 'N'));
	assert_int_equal(as_country(scene.countries, 77, NULL), COUNTRY_UNKNOWN);
	scene_free(&scene);
}

/* A network of several origins, and of more than are counted; sets and empty paths have none. */
static void origins_of(void **state)
{
	struct scene scene = scene_make(registry, 80);
	uint32_t origins[64];
	char path[32];

	(void)state;
	for (unsigned peer = 1; peer <= 80; peer++) {
		snprintf(path, sizeof(path), "%u %u", 64000 + peer, peer % 3 + 1);
		entry(&scene, peer, "20.0.0.0/24", path);
		snprintf(path, sizeof(path), "%u %u", 64000 + peer, 1000 + peer);
		entry(&scene, peer, "20.0.1.0/24", path);
		entry(&scene, peer, "20.0.2.0/24", "");
	}
	take(&scene, 2);
	assert_int_equal(network_origins(scene.world->table, 0, origins, 64), 3);
	assert_int_equal(origins[0], 2);
	assert_int_equal(origins[1], 3);
	assert_int_equal(origins[2], 1);
	assert_int_equal(network_origins(scene.world->table, 1, origins, 64), 64);
	assert_int_equal(network_origins(scene.world->table, 2, origins, 64), 0);
	assert_int_equal(scene.census.rows[0].networks, 3);
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(withdrawn),
		cmocka_unit_test(empty),
		cmocka_unit_test(as_countries),
		cmocka_unit_test(origins_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
