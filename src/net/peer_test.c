/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/peer.h"

static struct peer make(const char *addr, uint32_t asn, uint32_t bgp_id)
{
	struct peer peer = { .asn = asn, .bgp_id = bgp_id };

	assert_true(addr_parse(view_of(addr), &peer.addr));
	return peer;
}

static void test_order(void **state)
{
	const struct peer sorted[] = {
		make("9.255.255.255", 9, 0),
		make("196.223.14.1", 3, 0), make("196.223.14.1", 30844, 0),
		make("196.223.14.1", 4294967295u, 0), make("196.223.14.10", 1, 0),
		make("::1", 1, 0), make("2001:43f8:1f1::1", 1, 0), make("2001:43f8:1f1::2", 1, 0),
	};
	const int count = sizeof(sorted) / sizeof(sorted[0]);

	(void)state;
	for (int i = 0; i < count; i++)
		for (int k = 0; k < count; k++) {
			int order = peer_compare(&sorted[i], &sorted[k]);

			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
}

static void test_bgp_id_is_no_identity(void **state)
{
	struct peer a = make("196.223.14.1", 30844, 0), b = make("196.223.14.1", 30844, 77);

	(void)state;
	assert_int_equal(peer_compare(&a, &b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bgp_id_is_no_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
