/* SPDX-License-Identifier: BSD-2-Clause */
/* Visibility against a model that counts everything anew, and at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/visibility.h"

#define VANTAGES 7u
#define NETWORKS 3u
#define ORIGINS 3u

/* Vantage points 0 and 1 are of one AS, 2 and 3 of another. */
static const uint32_t asn_of[VANTAGES] = { 100, 100, 200, 200, 300, 400, 500 };
static const char *const networks[NETWORKS] = { "175.45.176.0/24", "2001:db8::/32", "10.0.0.0/8" };

struct scene {
	struct visibility *visibility;
	uint32_t origin[VANTAGES][NETWORKS];	/* 0: no route */
	bool full[VANTAGES][2];
	bool seen[NETWORKS];			/* as told */
	bool seen_of[NETWORKS][ORIGINS + 1];
	uint32_t toggles;
};

static int on_toggled(void *context, uint32_t network, uint32_t origin, bool seen, struct err *err)
{
	struct scene *scene = context;
	bool *told = &scene->seen[network];

	(void)err;
	if (origin != UINT32_MAX)
		told = &scene->seen_of[network][visibility_network(scene->visibility, network)->origins[origin].asn];
	/* never told twice */
	assert_int_equal(*told, !seen);
	*told = seen;
	scene->toggles++;
	return 0;
}

static struct scene *scene_make(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	assert_int_equal(visibility_new(&measure_parameters_default, &(struct visibility_sink){ .context = scene, .toggled = on_toggled },
					&scene->visibility, NULL), 0);
	for (uint32_t i = 0; i < NETWORKS; i++) {
		struct prefix prefix;
		uint32_t number;

		assert_true(prefix_parse(view_of(networks[i]), &prefix));
		assert_int_equal(visibility_add_network(scene->visibility, &prefix, &number, NULL), 0);
		assert_int_equal(number, i);
	}
	return scene;
}

static void scene_free(struct scene *scene)
{
	visibility_free(scene->visibility);
	free(scene);
}

static void add_vantages(struct scene *scene)
{
	for (uint32_t i = 0; i < VANTAGES; i++)
		assert_int_equal(visibility_add_vantage(scene->visibility, i, asn_of[i], NULL), 0);
}

static void hold(struct scene *scene, uint32_t vantage, uint32_t network, uint32_t origin)
{
	struct visibility_hold message = {
		.time = UTC_SECOND, .evidence = UTC_SECOND, .network = network, .vantage = vantage,
		.origin = origin, .held = origin != 0,
	};

	scene->origin[vantage][network] = origin;
	assert_int_equal(visibility_hold(scene->visibility, &message, NULL), 0);
}

static void full(struct scene *scene, uint32_t vantage, unsigned family, bool on)
{
	scene->full[vantage][family] = on;
	assert_int_equal(visibility_full(scene->visibility, vantage, family ? FAMILY_IPV6 : FAMILY_IPV4, on, NULL), 0);
}

/* Peer ASes with a full feed that hold the network (by the origin; 0: by any; UINT32_MAX: all peer ASes). */
static uint32_t model(const struct scene *scene, uint32_t network, unsigned family, uint32_t origin)
{
	uint32_t asns[VANTAGES], count = 0;

	for (uint32_t i = 0; i < VANTAGES; i++) {
		uint32_t k = 0, held = origin == UINT32_MAX ? 1 : scene->origin[i][network];

		if (!scene->full[i][family] || !held || (origin && origin != UINT32_MAX && held != origin))
			continue;
		while (k < count && asns[k] != asn_of[i])
			k++;
		if (k == count)
			asns[count++] = asn_of[i];
	}
	return count;
}

static void assert_as_model(const struct scene *scene)
{
	for (uint32_t n = 0; n < NETWORKS; n++) {
		const struct visibility_network *network = visibility_network(scene->visibility, n);
		unsigned family = network->prefix.family == FAMILY_IPV6;
		uint32_t peers = model(scene, n, family, UINT32_MAX), held = model(scene, n, family, 0);

		assert_int_equal(visibility_peers(scene->visibility, network->prefix.family), peers);
		assert_int_equal(network->tally.held, held);
		assert_int_equal(visibility_ppm(scene->visibility, n), ppm_of(held, peers));
		for (unsigned i = 0; i < network->origin_count; i++)
			assert_int_equal(network->origins[i].tally.held,
					 model(scene, n, family, network->origins[i].asn));
		assert_int_equal(network->tally.seen, scene->seen[n]);
	}
}

static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % below;
}

static void test_counts(void **state)
{
	struct scene *scene = scene_make();
	uint64_t random = 20141223;

	(void)state;
	add_vantages(scene);
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t vantage = draw(&random, VANTAGES);

		switch (draw(&random, 12)) {
		case 0:
			full(scene, vantage, draw(&random, 2), draw(&random, 3) != 0);
			break;
		case 1:
			if (draw(&random, 4))
				break;
			assert_int_equal(visibility_clear(scene->visibility, vantage, NULL), 0);
			memset(scene->full[vantage], 0, sizeof(scene->full[vantage]));
			memset(scene->origin[vantage], 0, sizeof(scene->origin[vantage]));
			break;
		default:
			hold(scene, vantage, draw(&random, NETWORKS), draw(&random, ORIGINS + 1));
		}
		if (draw(&random, 3) == 0)
			assert_int_equal(visibility_settle(scene->visibility, NULL), 0);
		assert_as_model(scene);
	}
	assert_true(scene->toggles > 100);
	scene_free(scene);
}

/* Half is seen, less is dark. */
static void test_threshold(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	add_vantages(scene);
	for (uint32_t i = 0; i < 6; i++)
		full(scene, i, 0, true);
	assert_int_equal(visibility_settle(scene->visibility, NULL), 0);
	/* AS 100, 200, 300, 400: two of four */
	hold(scene, 0, 0, 1);
	assert_false(scene->seen[0]);
	hold(scene, 1, 0, 1);
	assert_false(scene->seen[0]);
	hold(scene, 4, 0, 2);
	assert_true(scene->seen[0]);
	assert_false(scene->seen_of[0][1]);
	assert_false(scene->seen_of[0][2]);
	/* the sibling still holds it */
	hold(scene, 0, 0, 0);
	assert_true(scene->seen[0]);
	hold(scene, 1, 0, 0);
	assert_false(scene->seen[0]);
	scene_free(scene);
}

/* A network moves from one origin to another without going dark. */
static void test_origin_moves(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	add_vantages(scene);
	for (uint32_t i = 0; i < VANTAGES; i++)
		full(scene, i, 0, true);
	assert_int_equal(visibility_settle(scene->visibility, NULL), 0);
	for (uint32_t i = 0; i < VANTAGES; i++)
		hold(scene, i, 0, 1);
	assert_true(scene->seen[0] && scene->seen_of[0][1] && !scene->seen_of[0][2]);
	scene->toggles = 0;
	for (uint32_t i = 0; i < VANTAGES; i++)
		hold(scene, i, 0, 2);
	assert_true(scene->seen[0] && !scene->seen_of[0][1] && scene->seen_of[0][2]);
	assert_int_equal(scene->toggles, 2);
	scene_free(scene);
}

/* What is held without a full feed counts for nothing, and counts at once when the feed is full. */
static void test_partial_feeds(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	add_vantages(scene);
	for (uint32_t i = 0; i < VANTAGES; i++)
		hold(scene, i, 0, 1);
	assert_int_equal(visibility_settle(scene->visibility, NULL), 0);
	assert_false(scene->seen[0]);
	assert_int_equal(visibility_ppm(scene->visibility, 0), 0);
	full(scene, 6, 0, true);
	/* the other family's feed says nothing of it */
	full(scene, 5, 1, true);
	assert_int_equal(visibility_settle(scene->visibility, NULL), 0);
	assert_true(scene->seen[0]);
	assert_int_equal(visibility_ppm(scene->visibility, 0), PPM);
	assert_true(visibility_is_full(scene->visibility, 6, FAMILY_IPV4));
	assert_false(visibility_is_full(scene->visibility, 6, FAMILY_IPV6));
	assert_false(visibility_is_full(scene->visibility, 1000, FAMILY_IPV4));
	scene_free(scene);
}

static int count_toggles(void *context, uint32_t network, uint32_t origin, bool seen, struct err *err)
{
	(void)network;
	(void)err;
	*(int *)context += origin == UINT32_MAX ? seen ? 1 : -1 : 0;
	return 0;
}

/* More origins than can be told apart: the network itself is still counted right. */
static void test_many_origins(void **state)
{
	struct visibility *visibility;
	struct prefix prefix = { .family = FAMILY_IPV4, .len = 24, .bytes = { 192, 88, 99 } };
	uint32_t number;
	int seen = 0;

	(void)state;
	assert_int_equal(visibility_new(&measure_parameters_default, &(struct visibility_sink){ .context = &seen, .toggled = count_toggles },
					&visibility, NULL), 0);
	assert_int_equal(visibility_add_network(visibility, &prefix, &number, NULL), 0);
	for (uint32_t i = 0; i < 600; i++) {
		struct visibility_hold message = { .network = 0, .vantage = i, .origin = 1000 + i, .held = true };

		assert_int_equal(visibility_add_vantage(visibility, i, 100000 + i, NULL), 0);
		assert_int_equal(visibility_full(visibility, i, FAMILY_IPV4, true, NULL), 0);
		assert_int_equal(visibility_hold(visibility, &message, NULL), 0);
	}
	assert_int_equal(visibility_settle(visibility, NULL), 0);
	assert_int_equal(visibility_network(visibility, 0)->tally.held, 600);
	assert_int_equal(visibility_network(visibility, 0)->origin_count, 254);
	assert_int_equal(seen, 1);
	for (uint32_t i = 0; i < 600; i++) {
		struct visibility_hold message = { .network = 0, .vantage = i };

		assert_int_equal(visibility_hold(visibility, &message, NULL), 0);
		assert_int_equal(seen, i < 300);
	}
	assert_int_equal(visibility_network(visibility, 0)->tally.held, 0);
	visibility_free(visibility);
	visibility_free(NULL);
}

static void test_too_many_vantage_points(void **state)
{
	struct scene *scene = scene_make();
	struct visibility_hold message = { .vantage = UINT16_MAX, .held = true, .origin = 1 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(visibility_add_vantage(scene->visibility, UINT16_MAX, 1, NULL), 0);
	assert_int_equal(visibility_hold(scene->visibility, &message, &err), ERR_LIMIT);
	message.vantage--;
	assert_int_equal(visibility_add_vantage(scene->visibility, message.vantage, 1, NULL), 0);
	assert_int_equal(visibility_hold(scene->visibility, &message, &err), 0);
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_threshold),
		cmocka_unit_test(test_origin_moves),
		cmocka_unit_test(test_partial_feeds),
		cmocka_unit_test(test_many_origins),
		cmocka_unit_test(test_too_many_vantage_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
