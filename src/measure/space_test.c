/* SPDX-License-Identifier: BSD-2-Clause */
/* The trie against counting block by block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/map.h"
#include "measure/space.h"

#define NETWORKS 200
#define BLOCKS 1024		/* of 10.0.0.0/14 */

static struct prefix network_at(unsigned block, unsigned len)
{
	uint8_t bytes[4] = { 10, (uint8_t)(block >> 8), (uint8_t)block, 0 };

	return prefix_from_wire(FAMILY_IPV4, len, bytes);
}

static unsigned count_blocks(const struct prefix *networks, const bool *added)
{
	unsigned count = 0;

	for (unsigned block = 0; block < BLOCKS; block++) {
		struct prefix one = network_at(block, 24);
		bool covered = false;

		for (unsigned i = 0; i < NETWORKS; i++)
			covered |= added[i] && prefix_contains(&networks[i], &one);
		count += covered;
	}
	return count;
}

static void test_random(void **state)
{
	struct space space = { 0 };
	struct prefix networks[NETWORKS];
	bool added[NETWORKS] = { 0 };
	uint64_t random = 1;

	(void)state;
	for (unsigned i = 0; i < NETWORKS; i++) {
		bool twice;

		do {
			random = map_hash_u64(random + 1);
			networks[i] = network_at(random % BLOCKS, 15 + random / BLOCKS % 10);
			twice = false;
			for (unsigned k = 0; k < i; k++)
				twice |= prefix_equal(&networks[i], &networks[k]);
		} while (twice);
	}
	for (unsigned step = 0; step < 600; step++) {
		unsigned i;

		random = map_hash_u64(random + 1);
		i = random % NETWORKS;
		if (added[i])
			space_remove(&space, &networks[i]);
		else
			assert_int_equal(space_add(&space, &networks[i], NULL), 0);
		added[i] = !added[i];
		if (step % 20 == 0)
			assert_int_equal(space_blocks(&space), count_blocks(networks, added));
	}
	for (unsigned i = 0; i < NETWORKS; i++) {
		if (added[i])
			space_remove(&space, &networks[i]);
	}
	assert_int_equal(space_blocks(&space), 0);
	space_free(&space);
}

static void test_overlap_counts_once(void **state)
{
	struct space space = { 0 };
	struct prefix outer = network_at(0, 16), inner = network_at(4, 24);

	(void)state;
	assert_int_equal(space_add(&space, &inner, NULL), 0);
	assert_int_equal(space_blocks(&space), 1);
	assert_int_equal(space_add(&space, &outer, NULL), 0);
	assert_int_equal(space_blocks(&space), 256);
	space_remove(&space, &outer);
	assert_int_equal(space_blocks(&space), 1);
	space_free(&space);
}

static void test_ipv6_counts_48s(void **state)
{
	struct space space = { 0 };
	struct prefix network;

	(void)state;
	assert_true(prefix_parse(VIEW("2400:1234::/32"), &network));
	assert_int_equal(space_add(&space, &network, NULL), 0);
	assert_int_equal(space_blocks(&space), 65536);
	space_free(&space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_overlap_counts_once),
		cmocka_unit_test(test_ipv6_counts_48s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
