/* SPDX-License-Identifier: BSD-2-Clause */
/* What a glance sees of messages, and that it never looks beyond them. */
#include "wire/glance.h"

#include "wire/testing.h"

/* Parses it as a whole record of `len` bytes, in memory that ends there. */
static bool glance_keys(const struct bytes *bytes, uint32_t len, struct glance *ret_glance,
			uint64_t keys[8], unsigned *ret_count)
{
	uint8_t *exact = malloc(len);
	const struct record_ref ref = { 0, 1, 0 };
	struct mrt_record record;
	bool is_update;

	assert_non_null(exact);
	memcpy(exact, bytes->at, len);
	mrt_record_parse(exact, len, &ref, &record);
	is_update = glance_at(&record, ret_glance);
	*ret_count = 0;
	for (unsigned i = 0; is_update && i < 2; i++)
		while (*ret_count < 8 && glance_next(&ret_glance->lists[i], &keys[*ret_count]))
			++*ret_count;
	free(exact);
	return is_update;
}

static void assert_keys(const struct bytes *bytes, const char *const *prefixes)
{
	struct glance glance;
	uint64_t keys[8];
	unsigned count, i = 0;

	assert_true(glance_keys(bytes, bytes->len, &glance, keys, &count));
	assert_int_equal(glance.peer.asn, 3356);
	assert_addr(&glance.peer.addr, "192.0.2.1");
	for (; prefixes[i]; i++) {
		struct prefix prefix;

		assert_true(i < count && prefix_parse(view_of(prefixes[i]), &prefix));
		assert_true(keys[i] == prefix_to_key(&prefix));
	}
	assert_int_equal(count, i);
}

/* Withdrawn ones first; what is no network is passed over. */
static void test_fields(void **state)
{
	static const char *const both[] = { "175.45.176.0/24", "175.45.177.0/24", "8.0.0.0/9", NULL };
	struct bytes record = update_record("18af2db0 00 20c0a80001", HEX_MANDATORY, HEX_NETWORK "090800");

	(void)state;
	assert_keys(&record, both);
	record = update_record_as2("18af2db0", "", "18af2db1 090800");
	assert_keys(&record, both);
}

static void test_mp(void **state)
{
	static const char *const reach[] = { "2a00:1450::/32", NULL };
	static const char *const unreach[] = { "2a00:1450::/32", "2a00::/16", NULL };
	struct bytes record = update_record(
		"", HEX_ORIGIN HEX_PATH
		"800e1a 0002 01 10 20010db8000000000000000000000001 00 202a001450", "");

	(void)state;
	assert_keys(&record, reach);
	record = update_record("", "800f0b 0002 01 202a001450 102a00", "");
	assert_keys(&record, unreach);
	/* VPN routes are others. */
	record = update_record("", "800f0b 0002 80 202a001450 102a00", "");
	assert_keys(&record, &unreach[2]);
}

static void test_others(void **state)
{
	struct bytes records[] = {
		message_record(4, HEX_SESSION_AS4, BGP_KEEPALIVE, ""),
		message_record(9, HEX_SESSION_AS4, BGP_UPDATE, "0000 0000 00000001" HEX_NETWORK),
		record_of(MRT_BGP4MP, 5, HEX_SESSION_AS4 "0006 0001"),
		record_of(MRT_TABLE_DUMP_V2, 2, "00000000 18af2db0 0000"),
	};
	struct glance glance;
	uint64_t keys[8];
	unsigned count;

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_false(glance_keys(&records[i], records[i].len, &glance, keys, &count));
}

/* Cut anywhere, or with any length wrong, it stays within the record. */
static void test_cut(void **state)
{
	struct bytes record = update_record("18af2db0", HEX_MANDATORY, HEX_NETWORK HEX_NETWORK);
	struct bytes mp = update_record("", "800f0b 0002 01 202a001450 102a00", "");
	struct glance glance;
	uint64_t keys[8];
	unsigned count;

	(void)state;
	for (uint32_t len = MRT_HEADER_SIZE; len <= record.len; len++)
		glance_keys(&record, len, &glance, keys, &count);
	for (uint32_t len = MRT_HEADER_SIZE; len <= mp.len; len++)
		glance_keys(&mp, len, &glance, keys, &count);
	for (uint32_t i = MRT_HEADER_SIZE; i < record.len; i++) {
		struct bytes broken = record;

		broken.at[i] ^= 0xff;
		glance_keys(&broken, broken.len, &glance, keys, &count);
	}
	for (uint32_t i = MRT_HEADER_SIZE; i < mp.len; i++) {
		struct bytes broken = mp;

		broken.at[i] ^= 0xff;
		glance_keys(&broken, broken.len, &glance, keys, &count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_mp),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
