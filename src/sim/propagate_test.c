/* SPDX-License-Identifier: BSD-2-Clause */
/* The steady state: on a graph small enough to know every path, and on generated ones by what must hold of all paths. */
#include "sim/testing.h"

#include "sim/random.h"

#define HEAD \
	"title: test\nfrom: 2014-12-22T00:00\nuntil: 2014-12-22T01:00\n"
#define COLLECTOR(points) \
	"collectors:\n- {name: rrc99, layout: ris, vantage_points: [" points "]}\n"

/*
 *	   1 ======= 2		=  peers, lines: provider above customer
 *	  / \       / \
 *	 3   4 === 5   6
 *	  \ /       \ /
 *	   7         8
 */
#define SMALL_LINKS \
	"  - {as: 1, peers: [2]}\n" \
	"  - {as: 2}\n" \
	"  - {as: 3, providers: [1]}\n" \
	"  - {as: 4, providers: [1], peers: [5]}\n" \
	"  - {as: 5, providers: [2]}\n" \
	"  - {as: 6, providers: [2]}\n" \
	"  - {as: 7, providers: [3, 4], networks: [20.0.0.0/16, 20.0.1.0/24]}\n" \
	"  - {as: 8, providers: [5, 6], networks: 20.1.0.0/16}\n"
#define SMALL_POINTS "{as: 1}, {as: 2}, {as: 3}, {as: 4}, {as: 5}, {as: 6}, {as: 7}, {as: 8}"

static struct staged staged;
static struct dynamics *dynamics;
static struct result result;

static void begin(const char *scenario)
{
	struct err err;

	staged = stage(scenario, 1);
	assert_int_equal(dynamics_new(staged.plan, &dynamics, &err), 0);
}

static void end(void)
{
	result_free(&result);
	dynamics_free(dynamics);
	unstage(&staged);
}

static void play_network(const char *network)
{
	struct err err;

	assert_int_equal(dynamics_play(dynamics, group_with(staged.plan, network), &result, &err), 0);
}

static void assert_steady(uint32_t asn, const char *path)
{
	char text[512];

	assert_string_equal(path_text(staged.plan, &result, result.steady[vantage_at(staged.plan, asn)], text,
				      sizeof(text)), path);
}

static void test_small(void **state)
{
	char room[64];
	const char *text;

	(void)state;
	begin(HEAD "topology:\n  ases:\n" SMALL_LINKS COLLECTOR(SMALL_POINTS));
	play_network("20.0.0.0/16");
	assert_steady(7, "7");
	assert_steady(3, "3 7");
	assert_steady(4, "4 7");
	/* A peer's route, not the longer one from the provider, and never told to a provider or peer. */
	assert_steady(5, "5 4 7");
	assert_steady(8, "8 5 4 7");
	/* 2 hears from 1 only: 5 keeps what 4 told it to itself. Of 3 and 4 AS1 may prefer either. */
	text = path_text(staged.plan, &result, result.steady[vantage_at(staged.plan, 6)], room, sizeof(room));
	assert_true(strcmp(text, "6 2 1 3 7") == 0 || strcmp(text, "6 2 1 4 7") == 0);
	end();
}

/* Prepending counts; announcing to one neighbour only leaves the other to hear it the long way. */
static void test_policies(void **state)
{
	(void)state;
	begin(HEAD "topology:\n  ases:\n" SMALL_LINKS
	      "  policies:\n"
	      "  - {as: 7, networks: 20.0.0.0/16, prepend: {3: 2}}\n"
	      "  - {as: 7, networks: 20.0.1.0/24, only: 3}\n" COLLECTOR(SMALL_POINTS));
	play_network("20.0.0.0/16");
	assert_steady(3, "3 7 7 7");
	assert_steady(1, "1 4 7");
	assert_steady(2, "2 1 4 7");
	play_network("20.0.1.0/24");
	assert_steady(3, "3 7");
	assert_steady(1, "1 3 7");
	/* From its provider: nobody else tells it. */
	assert_steady(4, "4 1 3 7");
	/* 4 tells its peer only what customers told it. */
	assert_steady(5, "5 2 1 3 7");
	end();
}

/* A customer's route beats a shorter one of a peer or provider. */
static void test_customer_first(void **state)
{
	(void)state;
	begin(HEAD "topology:\n  ases:\n"
	      "  - {as: 1, peers: [9]}\n"
	      "  - {as: 2, providers: [1]}\n"
	      "  - {as: 3, providers: [2]}\n"
	      "  - {as: 9, providers: [3], networks: 20.0.0.0/16}\n" COLLECTOR("{as: 1}, {as: 2}"));
	play_network("20.0.0.0/16");
	assert_steady(1, "1 2 3 9");
	end();
}

/* Up, then at most once across, then down. */
static bool is_valley_free(const struct plan *plan, const struct result *of, uint32_t path)
{
	bool down = false;

	for (; of->paths[path].parent; path = of->paths[path].parent) {
		uint32_t as = of->paths[path].as, next = of->paths[of->paths[path].parent].as;
		uint32_t edge = world_edge_find(plan->world, as, next);
		enum relation relation;

		if (edge == WORLD_NONE)
			return false;
		relation = world_relation(plan->world, as, edge);
		if (down && relation != RELATION_CUSTOMER)
			return false;
		down = relation != RELATION_PROVIDER;
	}
	return true;
}

/* Every AS's choice against what its neighbours would tell it: nobody has a better offer than what it took. */
static void assert_stable(const struct plan *plan, uint32_t group)
{
	const struct world *world = plan->world;
	static char mine[512], theirs[512];

	for (uint32_t v = 0; v < plan->vantage_count; v++) {
		uint32_t as = plan->vantages[v].as, path = result.steady[v], length = 0;
		uint32_t at = path ? result.paths[path].parent : 0;
		enum relation chosen = RELATION_PROVIDER;

		if (!at)
			continue;
		chosen = world_relation(world, as, world_edge_find(world, as, result.paths[at].as));
		for (uint32_t i = at; i; i = result.paths[i].parent)
			length += result.paths[i].times;
		for (uint32_t e = world->ases[as].first; e < world->ases[as].end; e++) {
			const struct touch *there = &plan->vantages_of[world->edges[e].to];
			uint32_t offer, others = 0;

			if (!there->count || world->edges[e].to == plan->groups[group].origins[0])
				continue;
			offer = result.steady[plan->vantages_by_as[there->first]];
			/* It tells a provider or peer only what its customers told it. */
			if (!offer || (world_relation(world, as, e) != RELATION_PROVIDER &&
				       world_relation(world, world->edges[e].to, world_edge_find(world, world->edges[e].to,
					result.paths[result.paths[offer].parent].as)) != RELATION_CUSTOMER))
				continue;
			for (uint32_t i = offer; i; i = result.paths[i].parent) {
				others += result.paths[i].times;
				if (result.paths[i].as == as)
					others = UINT32_MAX / 2;
			}
			if (others >= UINT32_MAX / 2 || world->edges[e].to == result.paths[at].as)
				continue;
			if (world_relation(world, as, e) > chosen ||
			    (world_relation(world, as, e) == chosen && others < length))
				fail_msg("AS%u took %s over %s", world->ases[as].asn,
					 path_text(plan, &result, at, mine, sizeof(mine)),
					 path_text(plan, &result, offer, theirs, sizeof(theirs)));
		}
	}
}

static void test_generated(void **state)
{
	struct err err;

	(void)state;
	begin(HEAD "topology:\n  generate: {ases: 400, networks: 900, tier1: 6, countries: 20}\n"
	      "  prepended: 20%\n  selective: 20%\n" COLLECTOR("{pick: 55}"));
	for (uint32_t group = 0; group < staged.plan->group_count; group++) {
		uint32_t without = 0;

		assert_int_equal(dynamics_play(dynamics, group, &result, &err), 0);
		assert_int_equal(result.message_count, 0);
		for (uint32_t v = 0; v < staged.plan->vantage_count; v++) {
			without += result.steady[v] == 0;
			assert_true(is_valley_free(staged.plan, &result, result.steady[v]));
		}
		assert_int_equal(without, 0);
		assert_stable(staged.plan, group);
	}
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_customer_first),
		cmocka_unit_test(test_generated),
	};

	return cmocka_run_group_tests_name("sim/propagate", tests, NULL, NULL);
}
