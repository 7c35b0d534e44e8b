/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include <jansson.h>

#include "place/country.h"

static void assert_parses(const char *text, const char *code)
{
	country_t country = COUNTRY('X', 'X');
	char got[3];

	if (!country_parse(view_of(text), &country))
		fail_msg("\"%s\" is not understood", text);
	country_format(country, got);
	if (strcmp(got, code) != 0)
		fail_msg("\"%s\" is %s, not %s", text, got, code);
}

static void parses_codes_and_names(void **state)
{
	(void)state;
	assert_parses("KP", "KP");
	assert_parses("kp", "KP");
	assert_parses(" kp\n", "KP");
	assert_parses("UK", "GB");
	assert_parses("EU", "EU");
	assert_parses("North Korea", "KP");
	assert_parses("north  korea", "KP");
	assert_parses("Korea, Democratic People's Republic of", "KP");
	assert_parses("Korea (the Democratic People\xe2\x80\x99s Republic of)", "KP");
	assert_parses("South Korea", "KR");
	assert_parses("Republic of Korea", "KR");
	assert_parses("Syria", "SY");
	assert_parses("SYRIAN ARAB REPUBLIC", "SY");
	assert_parses("The Netherlands", "NL");
	assert_parses("Cote d'Ivoire", "CI");
	assert_parses("Côte d'Ivoire", "CI");
	assert_parses("CÔTE D'IVOIRE", "CI");
	assert_parses("Curacao", "CW");
	assert_parses("St. Kitts & Nevis", "KN");
	assert_parses("USA", "US");
	assert_parses("Congo", "CG");
	assert_parses("Democratic Republic of Congo", "CD");
	assert_parses("Niger", "NE");
	assert_parses("Guinea", "GN");
}

static void refuses_what_is_no_country(void **state)
{
	static const char *const texts[] = {
		"", " ", "?", "??", "--", "-", "ZZ", "QX", "1A", "K", "Korea", "North",
		"the of and",
		"Korea Korea", "Nowhere", "AS131279", "175.45.176.0/24",
	};
	char longest[4096];
	country_t country = COUNTRY('X', 'X');

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (country_parse(view_of(texts[i]), &country))
			fail_msg("\"%s\" is a country", texts[i]);
	memset(longest, 'a', sizeof(longest));
	assert_false(country_parse((struct view){ longest, sizeof(longest) }, &country));
	for (size_t i = 0; i < sizeof(longest); i += 2)
		longest[i] = ' ';
	assert_false(country_parse((struct view){ longest, sizeof(longest) }, &country));
	assert_false(country_parse((struct view){ longest, 100 }, &country));
	assert_int_equal(country, COUNTRY('X', 'X'));
}

static void tells_codes_from_other_fields(void **state)
{
	static const struct {
		const char *field;
		bool code;
		country_t country;
	} table[] = {
		{ "KP", true, COUNTRY('K', 'P') },
		{ "kp", true, COUNTRY('K', 'P') },
		{ "A1", true, COUNTRY('A', '1') },
		{ "UK", true, COUNTRY('G', 'B') },
		{ "QX", true, COUNTRY_UNKNOWN },
		{ "ZZ", true, COUNTRY_UNKNOWN },
		{ "??", true, COUNTRY_UNKNOWN },
		{ "--", true, COUNTRY_UNKNOWN },
		{ "-", true, COUNTRY_UNKNOWN },
		{ "", true, COUNTRY_UNKNOWN },
		{ "12", false, 0 },
		{ "?-", false, 0 },
		{ "K", false, 0 },
		{ "K.", false, 0 },
		{ "\xc3\xa9", false, 0 },
		{ "PRK", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		country_t country = COUNTRY('X', 'X');

		assert_int_equal(place_country_code(view_of(table[i].field), &country),
				 table[i].code);
		assert_int_equal(country, table[i].code ? table[i].country : COUNTRY('X', 'X'));
	}
}

static void formats_and_names(void **state)
{
	char text[3];

	(void)state;
	country_format(COUNTRY('K', 'P'), text);
	assert_string_equal(text, "KP");
	country_format(COUNTRY_UNKNOWN, text);
	assert_string_equal(text, "--");
	assert_string_equal(country_name(COUNTRY('K', 'P')), "North Korea");
	assert_string_equal(country_name(COUNTRY('E', 'U')), "European Union (region)");
	assert_string_equal(country_name(COUNTRY('O', '1')), "other country");
	assert_string_equal(country_name(COUNTRY_UNKNOWN), "unknown");
	assert_string_equal(country_name(COUNTRY('Q', 'X')), "unknown");
	assert_string_equal(country_name(0xffff), "unknown");
	assert_string_equal(country_name(COUNTRY('z', 'z')), "unknown");
}

/* Every name that is printed leads back to its code, and so no two are taken for one another. */
static void every_name_leads_back(void **state)
{
	unsigned count = 0;

	(void)state;
	for (char a = 'A'; a <= 'Z'; a++) {
		for (const char *b = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"; *b; b++) {
			const char *name = country_name(COUNTRY(a, *b));

			if (strcmp(name, "unknown") == 0)
				continue;
			assert_parses(name, (char[]){ a, *b, '\0' });
			count++;
		}
	}
	assert_int_equal(count, 249 + 6 + 9);
}

/*
 * Debian's iso-codes, where it is installed: the standard's codes, and its names as people copy
 * them.
 */
static void knows_iso_3166(void **state)
{
	json_t *root = json_load_file("/usr/share/iso-codes/json/iso_3166-1.json", 0, NULL), *item;
	size_t i;

	(void)state;
	if (!root)
		skip();
	json_array_foreach(json_object_get(root, "3166-1"), i, item) {
		const char *code = json_string_value(json_object_get(item, "alpha_2"));
		const char *common = json_string_value(json_object_get(item, "common_name"));

		assert_string_not_equal(country_name(COUNTRY(code[0], code[1])), "unknown");
		assert_parses(json_string_value(json_object_get(item, "name")), code);
		if (common)
			assert_parses(common, code);
	}
	assert_true(i >= 249);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_codes_and_names),
		cmocka_unit_test(refuses_what_is_no_country),
		cmocka_unit_test(tells_codes_from_other_fields),
		cmocka_unit_test(formats_and_names),
		cmocka_unit_test(every_name_leads_back),
		cmocka_unit_test(knows_iso_3166),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
