/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include "base/utc.h"

static enum place_fit fit(const char *line)
{
	struct place_delegated file = place_delegated_start();
	struct place_intake intake = { 0 };
	int rc = place_delegated_line(&file, view_of(line), &intake, NULL);

	return testing_fit(&intake, rc);
}

static void tells_lines(void **state)
{
	static const struct {
		const char *line;
		enum place_fit fit;
	} table[] = {
		{ "", PLACE_FIT_COMMENT },
		{ "  \r", PLACE_FIT_COMMENT },
		{ "#", PLACE_FIT_COMMENT },
		{ "# a|b|c|d|e|f|g", PLACE_FIT_COMMENT },
		{ "2|ripencc|1404165599|85681|19830705|20140630|+0200", PLACE_FIT_HEAD },
		{ "2.3|arin|1404165599|85681|19830705|20140630|-0400", PLACE_FIT_HEAD },
		{ "1|apnic|20030101|11|19830705|20021231|+1000", PLACE_FIT_HEAD },
		{ "ripencc|*|ipv4|*|49932|summary", PLACE_FIT_HEAD },
		{ "ripencc|FR|ipv4|2.0.0.0|1048576|20100712|allocated", PLACE_FIT_ENTRY },
		{ "ripencc|FR|ipv4|2.0.0.0|1048576||allocated", PLACE_FIT_ENTRY },
		{ "ripencc|fr|IPv4|2.0.0.0|1048576|20100712|ASSIGNED\r", PLACE_FIT_ENTRY },
		{ "apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A91A|e-stats",
		  PLACE_FIT_ENTRY },
		{ "arin||ipv4|23.128.0.0|1048576||available|", PLACE_FIT_ENTRY },
		{ "arin|ZZ|ipv4|23.128.0.0|1048576||reserved||a|b|c|d|e", PLACE_FIT_ENTRY },
		{ "arin|US|ipv4|255.255.255.255|1|19830101|assigned", PLACE_FIT_ENTRY },
		{ "arin|US|ipv4|0.0.0.0|4294967296|19830101|assigned", PLACE_FIT_ENTRY },
		{ "ripencc|DE|ipv6|2001:600::|32|19990826|allocated", PLACE_FIT_ENTRY },
		{ "ripencc|DE|ipv6|2001:600::1|128|19990826|allocated", PLACE_FIT_ENTRY },
		{ "ripencc|GB|asn|7|1|19910301|allocated", PLACE_FIT_ENTRY },
		{ "apnic|AU|asn|2.207|1|20070101|allocated", PLACE_FIT_ENTRY },
		{ "arin|US|asn|4294967295|1|19910301|assigned", PLACE_FIT_ENTRY },

		{ "ripencc|FR|ipv4|2.0.0.0|1048576|20100712", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0.0|0|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0.0|-1|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0|1|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2001:600::|32|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|255.255.255.255|2|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0.0|18446744073709551615||allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0.0|18446744073709551617||allocated", PLACE_FIT_BAD },
		{ "ripencc|France|ipv4|2.0.0.0|1|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv4|2.0.0.0|1|20100712|stolen", PLACE_FIT_BAD },
		{ "ripencc|FR|ipv5|2.0.0.0|1|20100712|allocated", PLACE_FIT_BAD },
		{ "ripencc|DE|ipv6|2001:600::|0|19990826|allocated", PLACE_FIT_BAD },
		{ "ripencc|DE|ipv6|2001:600::|129|19990826|allocated", PLACE_FIT_BAD },
		{ "ripencc|DE|ipv6|2001:600::1|32|19990826|allocated", PLACE_FIT_BAD },
		{ "ripencc|DE|ipv6|2.0.0.0|32|19990826|allocated", PLACE_FIT_BAD },
		{ "arin|US|asn|4294967295|2|19910301|assigned", PLACE_FIT_BAD },
		{ "arin|US|asn|4294967296|1|19910301|assigned", PLACE_FIT_BAD },
		{ "2x|ripencc|1404165599|85681|19830705|20140630|+0200", PLACE_FIT_BAD },
		{ "16777216,16777471,AU", PLACE_FIT_BAD },
		{ "||||||", PLACE_FIT_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (fit(table[i].line) != table[i].fit)
			fail_msg("\"%s\" is %d, not %d", table[i].line, fit(table[i].line),
				 table[i].fit);
}

static int64_t date_of(const char *line, uint64_t *ret_stated)
{
	struct place_delegated file = place_delegated_start();
	struct place_intake intake = { 0 };

	assert_int_equal(place_delegated_line(&file, view_of(line), &intake, NULL), PLACE_FIT_HEAD);
	*ret_stated = file.stated;
	return file.date;
}

static void dates_files(void **state)
{
	uint64_t stated;

	(void)state;
	assert_true(date_of("2|lacnic|20140629|15783|19870101|20140627|-0300", &stated) ==
		    utc_from_civil(2014, 6, 27));
	assert_int_equal(stated, 15783);
	assert_true(date_of("2|afrinic|20140630|4024|00000000|00000000|00000", &stated) ==
		    utc_from_civil(2014, 6, 30));
	assert_true(date_of("2|ripencc|1404165599|many||20141330|+0200", &stated) == UTC_NEVER);
	assert_int_equal(stated, 0);
}

static void reads_a_file(void **state)
{
	static const char text[] =
		"##########\n"
		"# CONDITIONS\n"
		"2|apnic|20140701|9|19850701|20140630|+1000\n"
		"apnic|*|ipv4|*|3|summary\r\n"
		"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n"
		"apnic|AU|ipv4|1.0.0.0|768|20110811|assigned\n"
		"apnic|CN|ipv4|1.0.3.0|256|20110811|assigned\n"
		"nonsense\n"
		"apnic|AU|ipv4|1.1.0.0|256|20110811|reserved|x\n"
		"apnic|EU|ipv4|1.2.0.0|256|20110811|allocated\n"
		"apnic|XX|ipv4|1.3.0.0|256|20110811|allocated\n"
		"apnic|KP|asn|131279|1|20091221|allocated\n"
		"apnic|JP|asn|2.208|16|20091221|allocated\n"
		"apnic|JP|ipv6|2001:200::|35|19990813|allocated\n"
		"apnic|US|ipv6|2001:218::|32|20000503|allocated";
	struct place *place = testing_loaded(text);
	const struct place_source *source = place_source(place, 0);

	(void)state;
	assert_int_equal(place_source_count(place), 1);
	assert_string_equal(source->name, "test");
	assert_string_equal(source->format, "delegated-extended");
	assert_int_equal(source->kind, PLACE_REGISTRY);
	assert_true(source->date == utc_from_civil(2014, 6, 30));
	assert_int_equal(source->entries, 10);
	assert_int_equal(source->stated, 9);
	assert_int_equal(source->bad_lines, 1);
	assert_int_equal(source->first_bad_line, 8);
	assert_string_equal(testing_network(place, "175.45.176.0/24"), "KP");
	assert_string_equal(testing_network(place, "175.45.176.0/22"), "KP");
	assert_string_equal(testing_network(place, "175.45.176.0/21"), "--");
	assert_string_equal(testing_network(place, "175.45.180.0/24"), "--");
	assert_string_equal(testing_network(place, "1.0.2.0/24"), "AU");
	assert_string_equal(testing_network(place, "1.0.2.0/23"), "--");
	assert_string_equal(testing_network(place, "1.0.3.0/24"), "CN");
	assert_string_equal(testing_network(place, "1.0.0.0/22"), "AU");
	assert_string_equal(testing_network(place, "1.1.0.0/24"), "--");
	assert_string_equal(testing_network(place, "1.2.0.0/24"), "EU");
	assert_string_equal(testing_network(place, "1.3.0.0/24"), "--");
	assert_string_equal(testing_network(place, "2001:200::/36"), "JP");
	assert_string_equal(testing_network(place, "2001:200::/32"), "--");
	assert_string_equal(testing_network(place, "2001:200:1fff::/48"), "JP");
	assert_string_equal(testing_network(place, "2001:200:2000::/48"), "--");
	assert_string_equal(testing_network(place, "2001:218:ffff::/48"), "US");
	assert_string_equal(testing_as(place, 131279), "KP");
	assert_string_equal(testing_as(place, 131280), "JP");
	assert_string_equal(testing_as(place, 131295), "JP");
	assert_string_equal(testing_as(place, 131296), "--");
	assert_true(place_knows_as(place));
	place_free(place);
}

/* The newer file takes back what the older one gave out, in whichever order they come. */
static void newer_file_wins(void **state)
{
	static const char *const files[] = {
		"2|ripencc|1|3|19830705|20140630|+0200\n"
		"ripencc|FR|ipv4|2.0.0.0|65536|20100712|allocated\n"
		"ripencc|SE|ipv4|2.1.0.0|256|20100712|allocated\n"
		"ripencc|DE|asn|7|1|19910301|allocated\n",
		"2|ripencc|1|3|19830705|20150630|+0200\n"
		"ripencc|DE|ipv4|2.0.0.0|131072|20100712|allocated|x\n"
		"ripencc||ipv4|2.1.0.0|256||available|\n",
	};

	(void)state;
	for (int first = 0; first < 2; first++) {
		struct place *place = testing_place();

		testing_load(place, files[first], "first");
		testing_load(place, files[!first], "second");
		assert_int_equal(place_ready(place, NULL), 0);
		assert_string_equal(testing_network(place, "2.0.0.0/24"), "DE");
		assert_string_equal(testing_network(place, "2.1.0.0/24"), "--");
		assert_string_equal(testing_network(place, "2.1.1.0/24"), "DE");
		assert_string_equal(testing_as(place, 7), "DE");
		place_free(place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_lines),
		cmocka_unit_test(dates_files),
		cmocka_unit_test(reads_a_file),
		cmocka_unit_test(newer_file_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
