/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include <arpa/inet.h>

#include "base/utc.h"

/* What a line is at the start of a file. */
static enum place_fit fit(const char *line)
{
	struct place_ranges file = place_ranges_start();
	struct place_intake intake = { 0 };
	int rc = place_ranges_line(&file, view_of(line), &intake, NULL);

	return testing_fit(&intake, rc);
}

static void tells_lines(void **state)
{
	static const struct {
		const char *line;
		enum place_fit fit;
	} table[] = {
		{ "", PLACE_FIT_COMMENT },
		{ "# 16777216,16777471,AU", PLACE_FIT_COMMENT },
		{ "16777216,16777471,AU", PLACE_FIT_ENTRY },
		{ "0,4294967295,ZZ", PLACE_FIT_ENTRY },
		{ "1.0.0.0,1.0.0.255,??", PLACE_FIT_ENTRY },
		{ "1.0.0.0\t1.0.0.255\tAU", PLACE_FIT_ENTRY },
		{ "\"1.0.0.0\";\"1.0.0.255\";\"AU\"", PLACE_FIT_ENTRY },
		{ " 1.0.0.0 , 1.0.0.255 , au ", PLACE_FIT_ENTRY },
		{ "\"1.0.0.0\",\"1.0.0.255\",\"16777216\",\"16777471\",\"AU\",\"Australia\"",
		  PLACE_FIT_ENTRY },
		{ "2001:200::,2001:200:134:ffff:ffff:ffff:ffff:ffff,JP", PLACE_FIT_ENTRY },
		{ "::ffff:1.0.0.0,::ffff:1.0.0.255,AU", PLACE_FIT_ENTRY },
		{ "42540528726795050063891204319802818560,"
		  "42540528806023212578155541913346768895,JP", PLACE_FIT_ENTRY },
		{ "0,340282366920938463463374607431768211455,JP", PLACE_FIT_ENTRY },
		{ "1.0.0.0/24,AU", PLACE_FIT_ENTRY },
		{ "2001:db8::/32,AU,AU-NSW,Sydney,", PLACE_FIT_ENTRY },
		{ "0.0.0.0/0,AU", PLACE_FIT_ENTRY },
		{ "::/0,AU", PLACE_FIT_ENTRY },
		{ "network,geoname_id,country_iso_code", PLACE_FIT_HEAD },
		{ "start_ip,end_ip,country", PLACE_FIT_HEAD },
		{ "\"Range Start\",\"Range End\",\"CC\"", PLACE_FIT_HEAD },
		{ "asn,country_code", PLACE_FIT_HEAD },

		{ "16777471,16777216,AU", PLACE_FIT_BAD },
		{ "0,340282366920938463463374607431768211456,JP", PLACE_FIT_BAD },
		{ "0,999999999999999999999999999999999999999,JP", PLACE_FIT_BAD },
		{ "0,1000000000000000000000000000000000000000,JP", PLACE_FIT_BAD },
		{ "0,42540528726795050063891204319802818x60,JP", PLACE_FIT_BAD },
		{ "1.0.0.0,2001:200::,AU", PLACE_FIT_BAD },
		{ "1.0.0.0,16777471,AU", PLACE_FIT_BAD },
		{ "1.0.0.0,1.0.0.255,Australia", PLACE_FIT_BAD },
		{ "1.0.0.0,1.0.0.255", PLACE_FIT_BAD },
		{ "1.0.0.0,1.0.0.256,AU", PLACE_FIT_BAD },
		{ ",,", PLACE_FIT_BAD },
		{ "1.0.0.1/24,AU", PLACE_FIT_BAD },
		{ "1.0.0.0/24\t15169", PLACE_FIT_BAD },
		{ "network,geoname_id", PLACE_FIT_BAD },
		{ "start_ip,country", PLACE_FIT_BAD },
		{ "country,country_code", PLACE_FIT_BAD },
		{ "AS1     LVLT-1 - Level 3 Communications, Inc.", PLACE_FIT_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (fit(table[i].line) != table[i].fit)
			fail_msg("\"%s\" is %d, not %d", table[i].line, fit(table[i].line),
				 table[i].fit);
}

/* Groups of hexadecimal digits with colons between, most of them no address. */
static void make_address(char text[64], uint32_t *seed)
{
	unsigned groups = 1 + (*seed >> 20) % 9;
	size_t len = 0;

	for (unsigned i = 0; i < groups; i++) {
		*seed = *seed * 1664525 + 1013904223;
		if (i)
			text[len++] = ':';
		if (*seed >> 29 == 0)
			text[len++] = ':';
		else
			len += (size_t)sprintf(text + len, "%x",
					       *seed >> 12 & (*seed & 64 ? 0xffff : 0xf));
	}
	text[len] = '\0';
}

/* Addresses are read by code of our own: what inet_pton() takes is taken, and nothing else. */
static void reads_addresses_as_inet_pton(void **state)
{
	static const char *const fixed[] = {
		"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
		"1::8", "2001:db8::a:B", ":", ":::", "1:::2", "::1::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
		"12345::", ":1::", "1::2:", "g::", "1", "fffff::", "0000::0000", "::00001",
	};
	uint32_t seed = 1;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char text[64], line[160];
		uint8_t bytes[16];
		enum place_fit want;

		if (i < sizeof(fixed) / sizeof(fixed[0]))
			snprintf(text, sizeof(text), "%s", fixed[i]);
		else
			make_address(text, &seed);
		want = inet_pton(AF_INET6, text, bytes) == 1 ? PLACE_FIT_ENTRY : PLACE_FIT_BAD;
		snprintf(line, sizeof(line), "%s,%s,KP", text, text);
		/* without a colon it is a number */
		if (strchr(text, ':') && fit(line) != want)
			fail_msg("%s is %d, not %d", text, fit(line), want);
	}
}

static void reads_tor_geoip(void **state)
{
	static const char text[] =
		"# This file has been converted from the IPFire Location database\n"
		"#\n"
		"# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n"
		"# Later: 1 Jan 2030\n"
		"2939006976,2939007999,KP\n"
		"2939008000,2939008255,??\n"
		"nonsense\n"
		"2939008256,2939008511,QX\n"
		"2001:200::,2001:200:134:ffff:ffff:ffff:ffff:ffff,JP\n"
		"2001:200:135::,2001:200:135:ffff:ffff:ffff:ffff:ffff,US\n";
	struct place *place = testing_loaded(text);
	const struct place_source *source = place_source(place, 0);

	(void)state;
	assert_string_equal(source->format, "ranges");
	assert_int_equal(source->kind, PLACE_GEOLOCATION);
	assert_true(source->date == utc_from_civil(2026, 6, 25));
	assert_int_equal(source->entries, 5);
	assert_int_equal(source->stated, 0);
	assert_int_equal(source->bad_lines, 1);
	assert_int_equal(source->first_bad_line, 7);
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "175.45.180.0/24"), "--");
	assert_string_equal(testing_network(place, "175.45.181.0/24"), "--");
	assert_string_equal(testing_network(place, "2001:200:134::/48"), "JP");
	assert_string_equal(testing_network(place, "2001:200:135::/48"), "US");
	assert_string_equal(testing_network(place, "2001:200:136::/48"), "--");
	assert_false(place_knows_as(place));
	assert_string_equal(testing_as(place, 131279), "--");
	place_free(place);
}

static void reads_headers(void **state)
{
	static const char *const texts[] = {
		"start_ip,end_ip,country,country_name\n1.0.0.0,1.0.0.255,AU,Australia\n",
		"country_name;Country Code;IP-From;IP_TO\nAustralia;AU;16777216;16777471\n",
		"network,country,country_code,asn\n1.0.0.0/24,Australia,AU,AS13335\n",
		"asn,start_ip,end_ip,country_code\nAS13335,1.0.0.0,1.0.0.255,AU\n",
		"# a comment first\n\nnetwork\tcountry_iso_code\n1.0.0.0/24\tAU\n",
		"\xef\xbb\xbf\"network\",\"country_iso_code\"\n\"1.0.0.0/24\",\"AU\"\n",
		"1.0.0.0/24,AU,AU-NSW,Sydney,\n",
		"\"1.0.0.0\",\"1.0.0.255\",\"16777216\",\"16777471\",\"AU\",\"Australia\"\n",
		"1.0.0.0\t1.0.0.255\tAU\n",
	};
	struct place *place;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		place = testing_loaded(texts[i]);
		assert_string_equal(testing_network(place, "1.0.0.0/24"), "AU");
		assert_string_equal(testing_network(place, "1.0.1.0/24"), "--");
		assert_int_equal(place_source(place, 0)->bad_lines, 0);
		assert_int_equal(place_source(place, 0)->entries, 1);
		assert_false(place_knows_as(place));
		place_free(place);
	}
	place = testing_loaded("asn,name,cc\nAS131279,\"STAR, KP\",KP\n64496,-,??\n");
	assert_true(place_knows_as(place));
	assert_string_equal(testing_as(place, 131279), "KP");
	assert_string_equal(testing_as(place, 64496), "--");
	place_free(place);
}

static void reads_whole_spaces(void **state)
{
	struct place *place = testing_loaded("0.0.0.0/0,AU\n::/0,JP\n");

	(void)state;
	assert_string_equal(testing_network(place, "0.0.0.0/0"), "AU");
	assert_string_equal(testing_network(place, "::/0"), "JP");
	place_free(place);
}

static void reads_dates(void **state)
{
	static const struct {
		const char *comment;
		int year, month, day;
	} table[] = {
		{ "# Last updated based on May 7 2014 Maxmind GeoLite Country", 2014, 5, 7 },
		{ "# Generated: Thu, 25 Jun 2026 04:33:59 GMT", 2026, 6, 25 },
		{ "# 2014-12-23T15:41:00Z", 2014, 12, 23 },
		{ "#December 22, 2014", 2014, 12, 22 },
		{ "# 32 Jun 2026", 0, 0, 0 },
		{ "# 2014-13-23", 0, 0, 0 },
		{ "# version 4 of 2014", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct place_ranges file = place_ranges_start();
		struct place_intake intake = { 0 };
		int64_t want = UTC_NEVER;

		if (table[i].year)
			want = utc_from_civil(table[i].year, table[i].month, table[i].day);
		assert_int_equal(place_ranges_line(&file, view_of(table[i].comment), &intake, NULL),
				 PLACE_FIT_COMMENT);
		if (file.date != want)
			fail_msg("%s", table[i].comment);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_lines),
		cmocka_unit_test(reads_addresses_as_inet_pton),
		cmocka_unit_test(reads_tor_geoip),
		cmocka_unit_test(reads_headers),
		cmocka_unit_test(reads_whole_spaces),
		cmocka_unit_test(reads_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
