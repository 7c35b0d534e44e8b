/* SPDX-License-Identifier: BSD-2-Clause */
/* Relations inferred from a small Internet's paths, and who still reaches whom when something is cut. */
#include "graph/relations.h"

#include "place/testing.h"

static struct graph *graph_of(const uint32_t paths[][6], uint32_t count, const char *stated)
{
	struct graph *graph;

	assert_int_equal(graph_new(&graph, NULL), 0);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t len = 0;

		while (len < 6 && paths[i][len])
			len++;
		assert_int_equal(graph_path(graph, paths[i], len, NULL), 0);
	}
	if (stated) {
		struct relations relations;

		assert_int_equal(relations_load(testing_text(stated), "stated", &relations, NULL), 0);
		assert_int_equal(relations_state(&relations, graph, NULL), 0);
		relations_free(&relations);
	}
	assert_int_equal(graph_ready(graph, NULL), 0);
	return graph;
}

static bool reaches(const struct graph *graph, uint32_t from, uint32_t to, uint32_t a, uint32_t b)
{
	const struct graph_cut cut = { a, b };
	uint32_t start = graph_find(graph, from);
	struct graph_reach reach;
	bool reached;

	assert_int_equal(graph_reach_new(graph, &reach, NULL), 0);
	graph_reach(graph, &cut, &start, 1, &reach);
	reached = reach.reached[graph_find(graph, to)] & 1;
	graph_reach_free(&reach);
	return reached;
}

/* 1 and 2 are at the top; 10 buys from both, 20 from 2; 100 from 10, 200 from 20. */
static const uint32_t small[][6] = {
	{ 100, 10, 1, 11 }, { 100, 10, 1, 12 }, { 100, 10, 2, 20, 200 }, { 100, 10, 2, 21 },
	{ 11, 1, 2, 20, 200 }, { 11, 1, 10, 100 }, { 11, 1, 12 }, { 12, 1, 2, 21 }, { 12, 1, 2, 20 },
	{ 21, 2, 10, 100 }, { 21, 2, 1, 11 }, { 21, 2, 20, 200 }, { 21, 2, 1, 13 }, { 21, 2, 22 }, { 11, 1, 2, 22 },
};
#define SMALL small, sizeof(small) / sizeof(small[0])

static void infers(void **state)
{
	struct graph *graph = graph_of(SMALL, NULL);

	(void)state;
	assert_int_equal(graph_relation(graph, 100, 10), GRAPH_PROVIDER);
	assert_int_equal(graph_relation(graph, 10, 100), GRAPH_CUSTOMER);
	assert_int_equal(graph_relation(graph, 200, 20), GRAPH_PROVIDER);
	assert_int_equal(graph_relation(graph, 1, 2), GRAPH_PEER);
	assert_int_equal(graph_relation(graph, 100, 200), GRAPH_NO_LINK);
	graph_free(graph);
}

static void reaches_around(void **state)
{
	struct graph *graph = graph_of(SMALL, NULL);

	(void)state;
	assert_true(reaches(graph, 11, 200, 0, 0));
	assert_false(reaches(graph, 11, 200, 2, 0));
	assert_false(reaches(graph, 11, 200, 20, 200));
	assert_true(reaches(graph, 21, 100, 1, 0));
	assert_false(reaches(graph, 21, 100, 10, 0));
	/* A valley: 1 and 2 do not meet in their customer 10. */
	assert_false(reaches(graph, 11, 200, 1, 2));
	assert_true(reaches(graph, 11, 100, 1, 2));
	graph_free(graph);
}

static void states_win(void **state)
{
	struct graph *graph = graph_of(SMALL, "# stated\n1|20|-1\n10|100|0\nrubbish\n5|6|-1|bgp\n");
	const struct graph_cut nothing = { 0, 0 }, cut = { 2, 0 };

	(void)state;
	assert_int_equal(graph_relation(graph, 10, 100), GRAPH_PEER);
	assert_int_equal(graph_relation(graph, 6, 5), GRAPH_PROVIDER);
	assert_true(reaches(graph, 11, 200, 2, 0));
	assert_int_equal(graph_providers(graph, graph_find(graph, 20), &nothing), 2);
	assert_int_equal(graph_providers(graph, graph_find(graph, 20), &cut), 1);
	graph_free(graph);
}

/* One path claims that 200 has a provider 13, behind which a forged origin stands. */
static void disbelieves(void **state)
{
	static const uint32_t paths[][6] = { { 11, 1, 13, 200, 999 }, { 11, 1, 2, 20, 200 }, { 12, 1, 13 } };
	struct graph *graph = graph_of(paths, 3, NULL);

	(void)state;
	assert_int_equal(graph_relation(graph, 13, 200), GRAPH_NO_LINK);
	assert_int_equal(graph_relation(graph, 20, 200), GRAPH_CUSTOMER);
	graph_free(graph);
}

static void file_must_be_one(void **state)
{
	struct relations relations;
	struct err err = { 0 };

	(void)state;
	assert_true(relations_load(testing_text("hello\n# 1|2|0\n"), "x", &relations, &err) < 0);
	assert_non_null(strstr(err.text, "no AS relationships"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(infers),
		cmocka_unit_test(reaches_around),
		cmocka_unit_test(states_win),
		cmocka_unit_test(disbelieves),
		cmocka_unit_test(file_must_be_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
