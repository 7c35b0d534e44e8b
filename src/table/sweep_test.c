/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths come back when nobody holds them: memory is flat however many RIBs and updates there are. */
#include "table/state.h"
#include "table/test_world.h"

#define PEERS		4u
#define NETWORKS	10000u

static uint64_t draw(uint64_t a, uint64_t b, uint64_t c)
{
	return map_hash_u64(map_hash_u64(a * 1000003 + b) ^ (c + 1) * 0x9e3779b97f4a7c15u);
}

/* A path of the generation, now and then with what makes an odd hop. */
static void path_text(char *text, size_t room, unsigned k, uint32_t network, unsigned generation)
{
	uint64_t drawn = draw(k, network, generation);
	uint32_t middle = 1000 + (uint32_t)(drawn % 50000), origin = 100000 + network / 3;

	if (drawn >> 60 == 0)
		snprintf(text, room, "%u %u %u %u", 64000 + k, middle, middle, origin);
	else
		snprintf(text, room, "%u %u %u", 64000 + k, middle, origin);
}

static void compare(struct world *world, unsigned generation)
{
	char text[64];

	for (uint32_t i = 0; i < NETWORKS; i += 37) {
		for (unsigned k = 1; k <= PEERS; k++) {
			path_text(text, sizeof(text), k, i, generation);
			assert_string_equal(world_path(world, k, world_network(i)), text);
		}
	}
}

static void rib(struct world *world, int64_t second, unsigned generation)
{
	char text[64];

	world_rib_begin(world, second, PEERS);
	for (uint32_t i = 0; i < NETWORKS; i++) {
		for (unsigned k = 1; k <= PEERS; k++) {
			path_text(text, sizeof(text), k, i, generation);
			world_entry(world, second, k, world_network(i), text);
		}
	}
	world_rib_end(world, second, true);
}

/* Each RIB finds all sessions new, and every path different. */
static void test_ribs(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_PATH);
	size_t bytes_before = 0;

	(void)state;
	for (unsigned generation = 0; generation < 40; generation++) {
		int64_t second = 7200 * (int64_t)generation;
		struct table_size size;

		for (unsigned k = 1; k <= PEERS; k++)
			world_state(world, second, k, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
		rib(world, second, generation);
		compare(world, generation);
		size = table_size(world->table);
		assert_int_equal(size.routes, (uint64_t)PEERS * NETWORKS);
		if (generation == 10)
			bytes_before = size.bytes;
		if (generation >= 10)
			assert_true(size.bytes <= bytes_before + bytes_before / 20);
	}
	/* Forty RIBs had two million nodes. */
	assert_true(world->table->paths.nodes.count < 400000);
	world_free(world);
}

/* Updates alone, whose paths never repeat. */
static void test_updates(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new_with(&parameters, TABLE_PATH);
	uint32_t count_before = 0;
	char text[64];

	(void)state;
	rib(world, 0, 0);
	for (unsigned generation = 1; generation <= 20; generation++) {
		for (uint32_t i = 0; i < NETWORKS; i++) {
			unsigned k = 1 + (i + generation) % PEERS;

			path_text(text, sizeof(text), k, i, generation);
			world_announce(world, 10 * generation, k, world_network(i), text);
		}
		if (generation == 12)
			count_before = world->table->paths.nodes.count;
	}
	assert_true(world->table->paths.nodes.count <= count_before + count_before / 10);
	/* Who was told last is who held it last. */
	for (uint32_t i = 0; i < NETWORKS; i += 41) {
		for (unsigned k = 1; k <= PEERS; k++) {
			unsigned last = 20;

			while (last > 0 && 1 + (i + last) % PEERS != k)
				last--;
			path_text(text, sizeof(text), k, i, last);
			assert_string_equal(world_path(world, k, world_network(i)), text);
		}
	}
	world_free(world);
}

/* What the sink was told stays what it was, though nobody holds it. */
static void test_told(void **state)
{
	struct world *world = world_new();
	struct buf text = { 0 };
	uint32_t vantage, path;
	char other[64];

	(void)state;
	world_announce(world, 0, 1, world_network(1), "64001 3356 3356 3356 9999");
	vantage = world_vantage(world, 1);
	path = world->changes[0].after;
	world_withdraw(world, 1, 1, world_network(1));
	world->need = TABLE_PATH;
	rib(world, 2, 0);
	for (unsigned generation = 1; generation < 30; generation++) {
		for (uint32_t i = 2; i < NETWORKS; i++) {
			path_text(other, sizeof(other), 1, i, generation);
			world_announce(world, 2 + generation, 1, world_network(i), other);
		}
	}
	assert_true(world->table->paths.nodes.freed > 0);
	table_path_format(world->table, vantage, path, &text);
	buf_char(&text, 0);
	assert_string_equal(text.data, "64001 3356 3356 3356 9999");
	buf_free(&text);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ribs),
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
