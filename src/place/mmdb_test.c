/* SPDX-License-Identifier: BSD-2-Clause */
/* MaxMind DB files are made here, by the format's specification 2.0, with records of 24 bits. */
#include "place/testing.h"

#include "base/buf.h"
#include "base/utc.h"
#include "place/zone.h"

#define NODES_MAX	512u
#define EMPTY		0u		/* no record leads back to the root */
#define DATA(offset)	(0x80000000u | (offset))

struct tree {
	uint32_t records[NODES_MAX][2];
	uint32_t count;
	unsigned depth;
};

static void put_string(struct buf *buf, const char *text)
{
	assert_true(strlen(text) < 29);
	buf_char(buf, (char)(0x40 | strlen(text)));
	buf_str(buf, text);
}

static void put_map(struct buf *buf, unsigned count)
{
	buf_char(buf, (char)(0xe0 | count));
}

/* An unsigned number of up to eight bytes; `type` as in the format: 5, 6, 9. */
static void put_number(struct buf *buf, unsigned type, uint64_t value, unsigned bytes)
{
	buf_char(buf, (char)((type < 8 ? type << 5 : 0) | bytes));
	if (type >= 8)
		buf_char(buf, (char)(type - 7));
	while (bytes-- > 0)
		buf_char(buf, (char)(value >> (8 * bytes)));
}

/*
 * { "country": { "iso_code": code }, "registered_country": { "iso_code": "SE" } }, as MaxMind has
 * it.
 */
static uint32_t put_country(struct buf *data, const char *code)
{
	uint32_t at = (uint32_t)data->len;

	put_map(data, code ? 2 : 1);
	if (code) {
		put_string(data, "country");
		put_map(data, 1);
		put_string(data, "iso_code");
		put_string(data, code);
	}
	put_string(data, "registered_country");
	put_map(data, 1);
	put_string(data, "iso_code");
	put_string(data, "SE");
	return DATA(at);
}

static uint32_t put_flat(struct buf *data, const char *key, const char *code)
{
	uint32_t at = (uint32_t)data->len;

	put_map(data, 1);
	put_string(data, key);
	put_string(data, code);
	return DATA(at);
}

/* Lets the first `len` bits of `low` lead to `record`. */
static void insert(struct tree *tree, u128 low, unsigned len, uint32_t record)
{
	uint32_t node = 0;

	for (unsigned i = 0; i < len; i++) {
		unsigned bit = (unsigned)(low >> (tree->depth - 1 - i)) & 1;
		uint32_t *next = &tree->records[node][bit];

		if (i == len - 1) {
			*next = record;
			return;
		}
		if (*next == EMPTY) {
			assert_true(tree->count < NODES_MAX);
			*next = tree->count++;
		}
		assert_true(*next < DATA(0));
		node = *next;
	}
}

static uint32_t node_at(const struct tree *tree, u128 low, unsigned len)
{
	uint32_t node = 0;

	for (unsigned i = 0; i < len; i++)
		node = tree->records[node][(low >> (tree->depth - 1 - i)) & 1];
	return node;
}

static void put_metadata(struct buf *out, const struct tree *tree)
{
	buf_add(out, "\xab\xcd\xefMaxMind.com", 14);
	put_map(out, 9);
	put_string(out, "node_count");
	put_number(out, 6, tree->count, 4);
	put_string(out, "record_size");
	put_number(out, 5, 24, 2);
	put_string(out, "ip_version");
	put_number(out, 5, tree->depth == 128 ? 6 : 4, 2);
	put_string(out, "database_type");
	put_string(out, "Test-Country");
	put_string(out, "languages");
	put_number(out, 11, 0, 0);
	put_string(out, "binary_format_major_version");
	put_number(out, 5, 2, 2);
	put_string(out, "binary_format_minor_version");
	put_number(out, 5, 0, 2);
	put_string(out, "build_epoch");
	put_number(out, 9, 1419262860, 8);
	put_string(out, "description");
	put_map(out, 0);
}

/* The whole file; the caller's to free. */
static struct buf finish(const struct tree *tree, const struct buf *data)
{
	struct buf out = { 0 };
	char zeros[16] = { 0 };

	for (uint32_t i = 0; i < tree->count; i++) {
		for (unsigned k = 0; k < 2; k++) {
			uint32_t record = tree->records[i][k];

			if (record == EMPTY)
				record = tree->count;
			else if (record >= DATA(0))
				record = tree->count + 16 + (record - DATA(0));
			buf_char(&out, (char)(record >> 16));
			buf_char(&out, (char)(record >> 8));
			buf_char(&out, (char)record);
		}
	}
	buf_add(&out, zeros, sizeof(zeros));
	buf_add(&out, data->data, data->len);
	put_metadata(&out, tree);
	assert_false(out.failed);
	return out;
}

static struct place *load(const struct tree *tree, const struct buf *data)
{
	struct buf file = finish(tree, data);
	struct place *place = testing_place();
	struct err err = { 0 };

	if (place_load(place, testing_file(file.data, file.len), "test.mmdb", &err) < 0)
		fail_msg("%s", err.text);
	buf_free(&file);
	assert_int_equal(place_ready(place, NULL), 0);
	return place;
}

static struct tree tree_start(unsigned depth)
{
	return (struct tree){ .count = 1, .depth = depth };
}

/*
 * 175.45.176.0/22 and two more, 2001:200::/32, in a tree of IPv6 with the aliases that MaxMind
 * sets.
 */
static void fill(struct tree *tree, struct buf *data)
{
	uint32_t ipv4;

	insert(tree, 0xaf2db000, 128 - 10, put_country(data, "KP"));
	insert(tree, 0x01000000, 128 - 8, put_country(data, "AU"));
	insert(tree, 0x01000100, 128 - 8, put_country(data, NULL));
	insert(tree, (u128)0x20010200 << 96, 32, put_country(data, "JP"));
	insert(tree, (u128)0x20010201 << 96 | (u128)1 << 79, 49, put_country(data, "US"));
	ipv4 = node_at(tree, 0, 96);
	insert(tree, (u128)0xffff << 32, 96, ipv4);
	insert(tree, (u128)0x2002 << 112, 16, ipv4);
}

static void reads_an_ipv6_tree(void **state)
{
	struct tree tree = tree_start(128);
	struct buf data = { 0 };
	const struct place_source *source;
	struct place *place;

	(void)state;
	fill(&tree, &data);
	place = load(&tree, &data);
	source = place_source(place, 0);
	assert_string_equal(source->format, "mmdb");
	assert_int_equal(source->kind, PLACE_GEOLOCATION);
	assert_true(source->date == 1419262860 * UTC_SECOND);
	assert_int_equal(source->entries, 5);
	assert_int_equal(source->bad_lines, 0);
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "175.45.179.0/24"), "KP");
	assert_string_equal(testing_network(place, "175.45.180.0/24"), "--");
	assert_string_equal(testing_network(place, "1.0.0.0/24"), "AU");
	/* registered in Sweden, located nowhere */
	assert_string_equal(testing_network(place, "1.0.1.0/24"), "--");
	assert_string_equal(testing_network(place, "2001:200:8000::/33"), "JP");
	/* half of a block: as much as nobody's */
	assert_string_equal(testing_network(place, "2001:201::/48"), "--");
	assert_string_equal(testing_network(place, "2002:af2d:b000::/48"), "--");
	place_free(place);
	buf_free(&data);
}

static void reads_an_ipv4_tree(void **state)
{
	struct tree tree = tree_start(32);
	struct buf data = { 0 };
	struct place *place;

	(void)state;
	insert(&tree, 0xaf2db000, 22, put_flat(&data, "country_code", "KP"));
	insert(&tree, 0x01000000, 24, put_flat(&data, "country", "AU"));
	insert(&tree, 0xffffffff, 32, put_flat(&data, "country_code", "US"));
	place = load(&tree, &data);
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "1.0.0.0/24"), "AU");
	assert_string_equal(testing_network(place, "255.255.255.255/32"), "US");
	assert_string_equal(testing_network(place, "255.255.255.0/24"), "--");
	place_free(place);
	buf_free(&data);
}

/* A leaf above ::/96 is IPv4's country as well. */
static void reads_a_leaf_above_ipv4(void **state)
{
	struct tree tree = tree_start(128);
	struct buf data = { 0 };
	struct place *place;

	(void)state;
	insert(&tree, 0, 3, put_country(&data, "KP"));
	insert(&tree, (u128)1 << 127, 1, put_country(&data, "US"));
	place = load(&tree, &data);
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "1000::/16"), "KP");
	assert_string_equal(testing_network(place, "2001::/16"), "--");
	assert_string_equal(testing_network(place, "8000::/16"), "US");
	place_free(place);
	buf_free(&data);
}

static void assert_refused(const void *bytes, size_t len, const char *word)
{
	struct place *place = testing_place();
	struct err err = { 0 };

	assert_int_equal(place_load(place, testing_file(bytes, len), "the.mmdb", &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "the.mmdb"));
	if (!strstr(err.text, word))
		fail_msg("%s", err.text);
	assert_int_equal(place_source_count(place), 0);
	/* nothing of it stays */
	assert_int_equal(place_ready(place, NULL), 0);
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "--");
	place_free(place);
}

static void refuses_what_is_none(void **state)
{
	struct tree tree = tree_start(128);
	struct buf data = { 0 }, file;

	(void)state;
	assert_refused("\0\0\0\0", 4, "neither text nor a MaxMind DB");
	insert(&tree, 0xaf2db000, 128 - 10, put_country(&data, NULL));
	file = finish(&tree, &data);
	assert_refused(file.data, file.len, "without countries");
	assert_refused(file.data, file.len - 60, "neither text nor a MaxMind DB");
	buf_free(&file);
	buf_free(&data);
}

static void refuses_a_tree_that_is_none(void **state)
{
	struct tree tree = tree_start(128);
	struct buf data = { 0 }, file;

	(void)state;
	fill(&tree, &data);
	/* both sides of many nodes lead to the next: 2^100 ways */
	for (uint32_t i = 1; i < 100; i++)
		tree.records[i][0] = tree.records[i][1] = i + 1;
	tree.records[0][0] = tree.records[0][1] = 1;
	file = finish(&tree, &data);
	assert_refused(file.data, file.len, "search tree is damaged");
	buf_free(&file);
	/* neither a node nor behind the sixteen zeros */
	tree.records[0][0] = tree.records[0][1] = tree.count + 15;
	file = finish(&tree, &data);
	assert_refused(file.data, file.len, "data records are damaged");
	buf_free(&file);
	buf_free(&data);
}

/*
 * Two thousand damaged files: any answer but a crash, and the next file is read as if nothing had
 * been.
 */
static void survives_damage(void **state)
{
	struct tree tree = tree_start(128);
	struct buf data = { 0 }, file;
	uint32_t seed = 20141222;

	(void)state;
	fill(&tree, &data);
	file = finish(&tree, &data);
	for (unsigned round = 0; round < 2000; round++) {
		struct place *place = testing_place();
		char *damaged = malloc(file.len);
		int fd;

		assert_non_null(damaged);
		memcpy(damaged, file.data, file.len);
		for (unsigned i = 0; i <= round % 8; i++) {
			seed = seed * 1664525 + 1013904223;
			/* half of the blows on the data and metadata, which are a small part */
			damaged[round % 2 ? (seed >> 8) % file.len
					  : file.len - 1 - (seed >> 8) % 500] = (char)(seed >> 3);
		}
		if (place_load(place, testing_file(damaged, file.len), "damaged", NULL) == 0) {
			assert_int_equal(place_ready(place, NULL), 0);
			place_free(place);
			place = testing_place();
		}
		fd = testing_file(file.data, file.len);
		assert_int_equal(place_load(place, fd, "whole", NULL), 0);
		assert_int_equal(place_ready(place, NULL), 0);
		assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
		place_free(place);
		free(damaged);
	}
	buf_free(&file);
	buf_free(&data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_ipv6_tree),
		cmocka_unit_test(reads_an_ipv4_tree),
		cmocka_unit_test(reads_a_leaf_above_ipv4),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(refuses_a_tree_that_is_none),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
