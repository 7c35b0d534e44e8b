/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include <zlib.h>

#include "base/utc.h"
#include "place/lines.h"

typedef int load_function(struct place *, int, const char *, struct err *);

static void assert_refused(load_function *load, const void *bytes, size_t len, int code)
{
	struct place *place = testing_place();
	struct err err = { 0 };

	assert_int_equal(load(place, testing_file(bytes, len), "the-file", &err), code);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, "the-file"));
	assert_int_equal(place_source_count(place), 0);
	place_free(place);
}

static void refuses_what_fits_nothing(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "# a comment\n", "once upon a time\nthere was\n", "1.0.0.0/24\t15169\n",
		"network,country_code\n", "2|apnic|20140701|0|19850701|20140630|+1000\n",
		"<html>|||||</html>", "AS1     LVLT-1 - Level 3 Communications, Inc.\n",
	};
	char zeros[100000] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(place_load, texts[i], strlen(texts[i]), ERR_FORMAT);
	assert_refused(place_load, zeros, sizeof(zeros), ERR_FORMAT);
	memset(zeros, 'x', sizeof(zeros));
	assert_refused(place_load, zeros, sizeof(zeros), ERR_FORMAT);
	assert_refused(place_load_names, zeros, sizeof(zeros), ERR_FORMAT);
}

/*
 * Whoever names the wrong file need not wait for its end: entries beyond the thousandth line come
 * too late.
 */
static void gives_up_soon(void **state)
{
	struct place *place = testing_place();
	char text[4096];
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < 999; i++)
		len += (size_t)sprintf(text + len, "?\n");
	len += (size_t)sprintf(text + len, "1.0.0.0/24,AU\n");
	assert_true(len + 2 < sizeof(text));
	testing_load(place, text, "at the last moment");
	place_free(place);
	memmove(text + 2, text, len);
	assert_refused(place_load, text, len + 2, ERR_FORMAT);
}

static void counts_bad_lines(void **state)
{
	size_t len = 200000;
	char *text = malloc(len);
	struct place *place = testing_place();

	(void)state;
	assert_non_null(text);
	memset(text, '1', len);
	memcpy(text, "1.0.0.0/24,AU\n", 14);
	memcpy(text + len - 30, "\n1.0.1.0/24,AU\n1.0.2.0/24,AU-\n", 30);
	assert_int_equal(place_load(place, testing_file(text, len), "long", NULL), 0);
	assert_int_equal(place_source(place, 0)->entries, 2);
	assert_int_equal(place_source(place, 0)->bad_lines, 2);
	assert_int_equal(place_source(place, 0)->first_bad_line, 2);
	place_free(place);
	free(text);
}

static void a_failed_file_leaves_nothing(void **state)
{
	static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03" "garbage, no deflate stream";
	struct place *place = testing_place();
	struct err err = { 0 };

	(void)state;
	testing_load(place, "1.0.0.0/24,AU\n", "good");
	assert_int_equal(place_load(place, testing_file(packed, sizeof(packed)), "bad.gz", &err),
			 ERR_FORMAT);
	assert_non_null(strstr(err.text, "bad.gz"));
	assert_int_equal(place_load(place, open("/", O_RDONLY), "/", &err), ERR_SYSTEM);
	testing_load(place, "1.0.1.0/24,NZ\n", "good too");
	assert_int_equal(place_source_count(place), 2);
	assert_null(place_source(place, 2));
	assert_int_equal(place_ready(place, NULL), 0);
	assert_string_equal(testing_network(place, "1.0.0.0/24"), "AU");
	assert_string_equal(testing_network(place, "1.0.1.0/24"), "NZ");
	assert_int_equal(place_load(place, testing_text("1.0.2.0/24,AU\n"), "late", &err),
			 ERR_USAGE);
	assert_string_equal(testing_network(place, "1.0.2.0/24"), "--");
	place_free(place);
	place_free(NULL);
}

/* Several at once: as one after the other, what is read later believed of equals. */
static void loads_several(void **state)
{
	static const char *const texts[] = {
		"1.0.0.0/24,AU\n1.0.1.0/24,AU\n2001:db9::/32,AU\n",
		"1.0.0.0/24,NZ\n1.0.2.0/24,NZ\n",
		"2001:dba::/32,KP\n2001:db9::/32,KP\n1.0.2.0/24,KP\n",
	};
	static const char *const names[] = { "first", "other", "third" };

	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct place *place = testing_place();
		struct place_file files[3];

		for (unsigned i = 0; i < 3; i++)
			files[i] = (struct place_file){ testing_text(texts[i]), names[i] };
		assert_int_equal(place_load_all(place, files, 3, threads, NULL), 0);
		assert_int_equal(place_load_all(place, files, 0, threads, NULL), 0);
		assert_int_equal(place_source_count(place), 3);
		assert_string_equal(place_source(place, 1)->name, "other");
		assert_int_equal(place_source(place, 2)->entries, 3);
		assert_int_equal(place_ready(place, NULL), 0);
		assert_string_equal(testing_network(place, "1.0.0.0/24"), "NZ");
		assert_string_equal(testing_network(place, "1.0.1.0/24"), "AU");
		assert_string_equal(testing_network(place, "1.0.2.0/24"), "KP");
		assert_string_equal(testing_network(place, "2001:db9::/32"), "KP");
		assert_string_equal(testing_network(place, "2001:dba::/32"), "KP");
		place_free(place);
	}
}

/* The first that fails is told, and no descriptor is left open. */
static void fails_of_several(void **state)
{
	int next = dup(0);

	(void)state;
	close(next);
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct place *place = testing_place();
		struct err err = { 0 };
		const struct place_file files[] = {
			{ testing_text("1.0.0.0/24,AU\n"), "good" }, { testing_text("?\n"), "bad" },
			{ testing_text("1.0.0.0/24,AU\n"), "late" }, { testing_text("?\n"), "worse" },
		};
		int free_fd;

		assert_int_equal(place_load_all(place, files, 4, threads, &err), ERR_FORMAT);
		assert_non_null(strstr(err.text, "bad"));
		free_fd = dup(0);
		assert_int_equal(free_fd, next);
		close(free_fd);
		place_free(place);
	}
}

/* The first half of a gzip file of this text. */
static int half_of(const char *text, size_t len)
{
	unsigned char *packed = malloc(len);
	z_stream stream = { .next_in = (unsigned char *)text, .avail_in = (unsigned)len,
			    .next_out = packed, .avail_out = (unsigned)len };
	int fd;

	assert_non_null(packed);
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	fd = testing_file(packed, stream.total_out / 2);
	deflateEnd(&stream);
	free(packed);
	return fd;
}

/* A compressed file that is cut off gives an error, and nothing of what stands before the cut. */
static void half_a_file_leaves_nothing(void **state)
{
	struct place *place = testing_place();
	struct buf table = { 0 }, names = { 0 };
	struct err err = { 0 };
	int fd;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		buf_printf(&table, "1.%u.%u.0/24,AU\n", i >> 8, i & 255);
		buf_printf(&names, "AS%u SOMEBODY\n", i);
	}
	assert_false(table.failed || names.failed);
	fd = half_of(table.data, table.len);
	assert_int_equal(place_load(place, fd, "table", &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "table: the compressed file is cut off"));
	fd = half_of(names.data, names.len);
	assert_int_equal(place_load_names(place, fd, "names", &err), ERR_FORMAT);
	assert_int_equal(place_ready(place, NULL), 0);
	assert_string_equal(testing_network(place, "1.0.1.0/24"), "--");
	assert_null(place_as_name(place, 1));
	place_free(place);
	buf_free(&table);
	buf_free(&names);
}

static void never_mixes_kinds(void **state)
{
	struct place *place = testing_place();
	struct err err = { 0 };

	(void)state;
	testing_load(place, "apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n", "registered");
	assert_int_equal(place_load_names(place, testing_text("AS1 LVLT-1\n"), "names", NULL), 0);
	testing_load(place, "1.0.0.0/24,AU\n", "located");
	assert_int_equal(place_ready(place, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "registered says"));
	assert_non_null(strstr(err.text, "located where"));
	place_free(place);
}

static void nothing_loaded_is_unknown(void **state)
{
	struct place *place = testing_place();
	struct prefix prefix;
	uint32_t share = 7;

	(void)state;
	assert_int_equal(place_ready(place, NULL), 0);
	assert_true(prefix_parse(VIEW("175.45.176.0/24"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 1000000);
	assert_int_equal(place_of_as(place, 1), COUNTRY_UNKNOWN);
	assert_false(place_knows_as(place));
	assert_null(place_as_name(place, 1));
	assert_null(place_source(place, 0));
	place_free(place);
}

static void shares_are_parts_per_million(void **state)
{
	struct place *place =
		testing_loaded("1.0.0.0,1.0.0.191,AU\n1.0.0.192,1.0.0.255,NZ\n"
			       "2001:200::,2001:200:7fff:ffff:ffff:ffff:ffff:ffff,JP\n::,::,US\n");
	struct prefix prefix;
	uint32_t share;

	(void)state;
	assert_true(prefix_parse(VIEW("1.0.0.0/24"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY('A', 'U'));
	assert_int_equal(share, 750000);
	assert_true(prefix_parse(VIEW("1.0.0.192/26"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY('N', 'Z'));
	assert_int_equal(share, 1000000);
	assert_true(prefix_parse(VIEW("2001:200::/32"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY_UNKNOWN);
	assert_int_equal(share, 500000);
	/* finer than a block: the block's */
	assert_true(prefix_parse(VIEW("2001:200::1/128"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY('J', 'P'));
	assert_true(prefix_parse(VIEW("::/0"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY_UNKNOWN);
	assert_true(prefix_parse(VIEW("0.0.0.0/0"), &prefix));
	assert_int_equal(place_of_network(place, &prefix, &share), COUNTRY_UNKNOWN);
	place_free(place);
}

/* Five thousand damaged files of each kind: any answer but a crash. */
static void survives_damage(void **state)
{
	static const char *const texts[] = {
		"2|apnic|20140701|33307|19850701|20140630|+1000\napnic|*|asn|*|5746|summary\n"
		"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n"
		"apnic|JP|ipv6|2001:200::|35|19990813|allocated|A1|e-stats\n"
		"apnic|KP|asn|131279|1|20091221|allocated\n",
		"# 25 Jun 2026\n2939006976,2939007999,KP\n2001:200::,2001:200:134::,JP\n1,2,??\n",
		"network;country_code;asn\n\"1.0.0.0/24\";AU;AS1\n2001:db8::/32;US;\n",
		"asn,name,cc\nAS1,\"LVLT, \"\"1\"\"\",US\n131279,STAR-KP\n",
	};
	static load_function *const loads[] = {
		place_load, place_load, place_load, place_load_names,
	};
	uint32_t seed = 20141222;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct place *place = testing_place();
		char text[512];
		size_t len = strlen(texts[round % 4]), lines = 1;
		int fd;

		memcpy(text, texts[round % 4], len);
		for (unsigned i = 0; i < 1 + round / 4 % 5; i++) {
			seed = seed * 1664525 + 1013904223;
			text[(seed >> 8) % len] = seed >> 30 ? "0|,:;./\"\n AK#*-f"[seed >> 4 & 15]
							     : (char)(seed >> 3);
		}
		for (size_t i = 0; i < len; i++)
			lines += text[i] == '\n';
		fd = testing_file(text, len);
		if (loads[round % 4](place, fd, "damaged", NULL) == 0) {
			const struct place_source *source = place_source(place, 0);

			assert_true(source->entries + source->bad_lines <= lines);
		}
		assert_int_equal(place_ready(place, NULL), 0);
		testing_network(place, "175.45.176.0/22");
		testing_network(place, "2000::/16");
		place_free(place);
	}
}

static void load_path(struct place *place, const char *path)
{
	struct err err = { 0 };

	if (place_load(place, open(path, O_RDONLY), path, &err) < 0)
		fail_msg("%s", err.text);
}

static const char *const june_2014[] = {
	"registry/delegated-afrinic-20140630.gz", "registry/delegated-apnic-20140630.gz",
	"registry/delegated-lacnic-20140630.gz", "registry/delegated-ripencc-20140630.gz",
};
#define JUNE_2014 4u

/* From the registry's files, in one order or the other; NULL without them. */
static struct place *registered(bool backwards)
{
	struct place *place;

	if (!testing_shared(june_2014[0]))
		return NULL;
	place = testing_place();
	for (unsigned i = 0; i < JUNE_2014; i++)
		load_path(place, testing_shared(june_2014[backwards ? JUNE_2014 - 1 - i : i]));
	assert_int_equal(place_ready(place, NULL), 0);
	return place;
}

/* Networks of each country in the table of 2014-05-13 (prefixes and their origin). */
static void census(const struct place *place, uint32_t counts[65536])
{
	const char *path = testing_shared("registry/ipasn_20140513.dat.gz");
	struct place_lines lines;
	struct view line, field;
	struct prefix prefix;

	assert_non_null(path);
	memset(counts, 0, 65536 * sizeof(counts[0]));
	assert_int_equal(place_lines_open(&lines, open(path, O_RDONLY), path, NULL), 0);
	while (place_lines_next(&lines, &line, NULL) > 0)
		if (view_split(&line, '\t', &field) && prefix_parse(field, &prefix) &&
		    prefix_is_network(&prefix))
			counts[place_of_network(place, &prefix, NULL)]++;
	place_lines_close(&lines);
}

static void knows_june_2014(void **state)
{
	static const struct {
		const char *format;
		int day;
		uint64_t entries;
	} wanted[JUNE_2014] = {
		{ "delegated", 30, 4024 },
		{ "delegated", 30, 33307 },
		{ "delegated", 27, 15783 },
		{ "delegated", 30, 85681 },
	};
	static uint32_t counts[65536], backwards[65536];
	struct place *place = registered(false);
	uint32_t all = 0;

	(void)state;
	if (!place)
		skip();
	for (unsigned i = 0; i < JUNE_2014; i++) {
		const struct place_source *source = place_source(place, i);

		assert_non_null(strstr(source->name, june_2014[i]));
		assert_string_equal(source->format, wanted[i].format);
		assert_true(source->date == utc_from_civil(2014, 6, wanted[i].day));
		assert_int_equal(source->entries, wanted[i].entries);
		assert_int_equal(source->stated, wanted[i].entries);
		assert_int_equal(source->bad_lines, 0);
	}
	assert_string_equal(testing_network(place, "175.45.176.0/24"), "KP");
	assert_string_equal(testing_network(place, "175.45.179.0/24"), "KP");
	assert_string_equal(testing_network(place, "194.71.107.0/24"), "SE");
	/* ARIN's */
	assert_string_equal(testing_network(place, "8.8.8.0/24"), "--");
	assert_string_equal(testing_as(place, 131279), "KP");
	assert_string_equal(testing_as(place, 4837), "CN");
	assert_string_equal(testing_as(place, 701), "--");
	census(place, counts);
	place_free(place);
	for (unsigned i = 0; i < 65536; i++)
		all += counts[i];
	assert_int_equal(counts[COUNTRY('K', 'P')], 4);
	assert_int_equal(counts[COUNTRY('S', 'E')], 3687);
	assert_int_equal(counts[COUNTRY('E', 'U')], 1736);
	assert_int_equal(counts[COUNTRY_UNKNOWN], 178114);
	assert_int_equal(all, 509142);

	place = registered(true);
	census(place, backwards);
	place_free(place);
	assert_memory_equal(counts, backwards, sizeof(counts));
}

/* Its content changes with Debian's updates; these figures will stand for long. */
static void knows_tor_geoipdb(void **state)
{
	static uint32_t counts[65536];
	struct place *place;

	(void)state;
	if (access("/usr/share/tor/geoip", R_OK) != 0 || access("/usr/share/tor/geoip6", R_OK) != 0)
		skip();
	place = testing_place();
	load_path(place, "/usr/share/tor/geoip");
	load_path(place, "/usr/share/tor/geoip6");
	assert_int_equal(place_ready(place, NULL), 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_string_equal(place_source(place, i)->format, "ranges");
		assert_true(place_source(place, i)->date > utc_from_civil(2020, 1, 1));
		assert_int_equal(place_source(place, i)->bad_lines, 0);
	}
	assert_string_equal(testing_network(place, "175.45.176.0/24"), "KP");
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "8.8.8.0/24"), "US");
	assert_string_equal(testing_network(place, "2001:200::/32"), "JP");
	if (testing_shared("registry/ipasn_20140513.dat.gz")) {
		census(place, counts);
		assert_int_equal(counts[COUNTRY('K', 'P')], 4);
		assert_in_range(counts[COUNTRY('U', 'S')], 150000, 165000);
	}
	place_free(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_fits_nothing),
		cmocka_unit_test(gives_up_soon),
		cmocka_unit_test(counts_bad_lines),
		cmocka_unit_test(a_failed_file_leaves_nothing),
		cmocka_unit_test(loads_several),
		cmocka_unit_test(fails_of_several),
		cmocka_unit_test(half_a_file_leaves_nothing),
		cmocka_unit_test(never_mixes_kinds),
		cmocka_unit_test(nothing_loaded_is_unknown),
		cmocka_unit_test(shares_are_parts_per_million),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(knows_june_2014),
		cmocka_unit_test(knows_tor_geoipdb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
