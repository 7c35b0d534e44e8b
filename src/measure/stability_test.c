/* SPDX-License-Identifier: BSD-2-Clause */
/* Instability: which updates belong together, and what is told of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/stability.h"
#include "table/table.h"

#define T0 (1400000000 * UTC_SECOND)
#define S(seconds) (T0 + (int64_t)(seconds) * UTC_SECOND)

struct scene {
	struct measure_parameters parameters;
	struct stability *stability;
};

static struct scene *scene_make(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->parameters = measure_parameters_default;
	assert_int_equal(stability_new(&scene->parameters, &scene->stability, NULL), 0);
	return scene;
}

static void scene_free(struct scene *scene)
{
	stability_free(scene->stability);
	free(scene);
}

/* Path: peer AS, then what follows, up to a 0. */
static void announce(struct scene *scene, int64_t time, uint32_t network, uint32_t vantage, const uint32_t *path)
{
	struct path_hop hops[8] = { { 100 + vantage, 2, false } };
	struct stability_update update = {
		.time = time, .network = network, .vantage = vantage, .peer_asn = 100 + vantage, .hops = hops,
		.hop_count = 1,
	};

	for (; path && *path; path++)
		hops[update.hop_count++] = (struct path_hop){ *path, 2, false };
	assert_int_equal(stability_update(scene->stability, &update, NULL), 0);
}

static void withdraw(struct scene *scene, int64_t time, uint32_t network, uint32_t vantage, bool spurious)
{
	struct stability_update update = {
		.time = time, .network = network, .vantage = vantage, .peer_asn = 100 + vantage, .withdrawal = true,
		.spurious = spurious,
	};

	assert_int_equal(stability_update(scene->stability, &update, NULL), 0);
}

static uint32_t finish(struct scene *scene)
{
	assert_int_equal(stability_finish(scene->stability, NULL), 0);
	return stability_count(scene->stability);
}

static const uint32_t *path(uint32_t a, uint32_t b)
{
	static uint32_t asns[4];

	asns[0] = a;
	asns[1] = b;
	asns[2] = asns[3] = 0;
	return asns;
}

/* Nine are a busy day, ten are an instability. */
static void test_least(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	for (unsigned i = 0; i < 9; i++)
		announce(scene, S(i), 1, 0, path(3356, 7));
	for (unsigned i = 0; i < 10; i++)
		announce(scene, S(i), 2, 0, path(3356, 7));
	assert_int_equal(finish(scene), 1);
	assert_int_equal(stability_at(scene->stability, 0)->network, 2);
	assert_int_equal(stability_at(scene->stability, 0)->announcements, 10);
	scene_free(scene);
}

/* A gap of five minutes belongs, a longer one divides; what is told of one does not leak into the next. */
static void test_gap(void **state)
{
	struct scene *scene = scene_make();
	const struct instability *first, *second;

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		announce(scene, S(300 * i), 1, i % 3, path(3356, 7));
	for (unsigned i = 0; i < 10; i++)
		announce(scene, S(300 * 11 + 301 + i), 1, 5, path(1299, 7));
	assert_int_equal(finish(scene), 2);
	first = stability_at(scene->stability, 0);
	second = stability_at(scene->stability, 1);
	assert_int_equal(first->first, T0);
	assert_int_equal(first->last, S(3300));
	assert_int_equal(first->announcements, 12);
	assert_int_equal(first->vantage_count, 3);
	assert_int_equal(first->peer_count, 3);
	assert_int_equal(second->first, S(3601));
	assert_int_equal(second->announcements, 10);
	assert_int_equal(second->vantage_count, 1);
	assert_int_equal(second->path_count, 1);
	assert_int_equal(second->paths[0].asns[1], 1299);
	scene_free(scene);
}

/* A short run leaves nothing behind for the long one after it. */
static void test_short_run_is_forgotten(void **state)
{
	struct scene *scene = scene_make();
	const struct instability *found;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		announce(scene, S(i), 1, i, path(174, 9));
	withdraw(scene, S(5), 1, 0, true);
	for (unsigned i = 0; i < 10; i++)
		announce(scene, S(1000 + i), 1, 0, path(3356, 7));
	assert_int_equal(finish(scene), 1);
	found = stability_at(scene->stability, 0);
	assert_int_equal(found->first, S(1000));
	assert_int_equal(found->announcements, 10);
	assert_int_equal(found->withdrawals, 0);
	assert_int_equal(found->spurious, 0);
	assert_int_equal(found->returned_at_once, 0);
	assert_int_equal(found->vantage_count, 1);
	assert_int_equal(found->transit_count, 3);
	assert_int_equal(found->path_count, 1);
	scene_free(scene);
}

/* Paths are folded; the ASes that all of them crossed come first, nearest to the observers first. */
static void test_paths(void **state)
{
	static const uint32_t prepended[] = { 100, 3356, 3356, 4837, 131279, 131279, 0 };
	struct scene *scene = scene_make();
	const struct instability *found;

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		announce(scene, S(i), 1, 0, path(3356, 4837));
	for (unsigned i = 0; i < 3; i++)
		announce(scene, S(10 + i), 1, 1, path(1299, 4837));
	announce(scene, S(20), 1, 0, prepended);
	assert_int_equal(finish(scene), 1);
	found = stability_at(scene->stability, 0);
	assert_int_equal(found->path_count, 3);
	assert_int_equal(found->paths[0].announcements, 6);
	assert_int_equal(found->paths[0].first, T0);
	assert_int_equal(found->paths[1].announcements, 3);
	assert_int_equal(found->paths[1].first, S(10));
	assert_int_equal(found->paths[2].count, 4);
	assert_int_equal(found->paths[2].asns[0], 100);
	assert_int_equal(found->paths[2].asns[3], 131279);
	assert_int_equal(found->transits[0].asn, 4837);
	assert_int_equal(found->transits[0].announcements, 10);
	assert_int_equal(found->transits[1].asn, 100);
	assert_int_equal(found->transits[1].announcements, 7);
	assert_int_equal(found->transits[2].asn, 3356);
	assert_int_equal(found->transits[2].announcements, 7);
	scene_free(scene);
}

/* Withdrawn and announced by the same vantage point within a second, whoever else speaks between. */
static void test_returned_at_once(void **state)
{
	struct scene *scene = scene_make();
	const struct instability *found;

	(void)state;
	withdraw(scene, S(0), 1, 0, false);
	withdraw(scene, S(0), 1, 1, false);
	announce(scene, S(0), 1, 0, path(3356, 7));
	announce(scene, S(0), 1, 1, path(3356, 7));	/* both came back */
	withdraw(scene, S(10), 1, 0, false);
	announce(scene, S(10), 1, 2, path(3356, 7));	/* another's: not a return */
	announce(scene, S(11), 1, 0, path(3356, 7));	/* a second later */
	withdraw(scene, S(20), 1, 0, true);
	announce(scene, S(20) + 999999, 1, 0, path(3356, 7));
	announce(scene, S(20) + 999999, 1, 0, path(174, 7));	/* only once a withdrawal */
	assert_int_equal(finish(scene), 1);
	found = stability_at(scene->stability, 0);
	assert_int_equal(found->withdrawals, 4);
	assert_int_equal(found->announcements, 6);
	assert_int_equal(found->spurious, 1);
	assert_int_equal(found->returned_at_once, 3);
	scene_free(scene);
}

/* A whole table sent anew: one announcement a network. */
static void test_refill_is_none(void **state)
{
	struct scene *scene = scene_make();

	(void)state;
	for (uint32_t network = 0; network < 1000; network++)
		announce(scene, S(network / 100), network, 0, path(3356, network + 1));
	assert_int_equal(finish(scene), 0);
	scene_free(scene);
}

/* In order of time, then network. */
static void test_order(void **state)
{
	static const uint32_t networks[] = { 9, 3, 5 };
	static const int64_t starts[] = { 50, 100, 50 };
	struct scene *scene = scene_make();

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		for (unsigned k = 0; k < 3; k++)
			announce(scene, S(starts[k] + i), networks[k], 0, path(3356, 7));
	}
	assert_int_equal(finish(scene), 3);
	assert_int_equal(stability_at(scene->stability, 0)->network, 5);
	assert_int_equal(stability_at(scene->stability, 1)->network, 9);
	assert_int_equal(stability_at(scene->stability, 2)->network, 3);
	scene_free(scene);
}

/* Of endless paths the first 64 are told apart; their ASes are all counted. */
static void test_many_paths(void **state)
{
	struct scene *scene = scene_make();
	const struct instability *found;

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		announce(scene, S(i), 1, 0, path(1000 + i, 7));
	assert_int_equal(finish(scene), 1);
	found = stability_at(scene->stability, 0);
	assert_int_equal(found->path_count, 64);
	assert_int_equal(found->transit_count, 202);
	assert_int_equal(found->transits[0].asn, 100);
	assert_int_equal(found->transits[1].asn, 7);
	assert_int_equal(found->transits[1].announcements, 200);
	scene_free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_short_run_is_forgotten),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_returned_at_once),
		cmocka_unit_test(test_refill_is_none),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_many_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
