/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

static struct place *named(const char *text)
{
	struct place *place = testing_place();
	struct err err = { 0 };

	if (place_load_names(place, testing_text(text), "names", &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(place_ready(place, NULL), 0);
	return place;
}

static void assert_name(const char *text, uint32_t asn, const char *name)
{
	struct place *place = named(text);

	assert_non_null(place_as_name(place, asn));
	assert_string_equal(place_as_name(place, asn), name);
	place_free(place);
}

static void reads_each_form(void **state)
{
	(void)state;
	assert_name("AS1     LVLT-1 - Level 3 Communications, Inc.\n", 1,
		    "LVLT-1 - Level 3 Communications, Inc.");
	assert_name("AS2.207 STAR-KP\r\n", 131279, "STAR-KP");
	assert_name("131279\tSTAR-KP\n", 131279, "STAR-KP");
	assert_name("1 LVLT-1, US\n", 1, "LVLT-1, US");
	assert_name("1,LVLT-1\n", 1, "LVLT-1");
	assert_name("1,Level 3, LLC\n", 1, "Level 3, LLC");
	assert_name("1,\"Level 3 \"\"Parent\"\", LLC\",US\n", 1, "Level 3 \"Parent\", LLC");
	assert_name("asn,name,class,cc\nAS1,\"Level 3 Parent, LLC\",Unknown,US\n", 1,
		    "Level 3 Parent, LLC");
	assert_name("cc,descr,ASN\nUS,Level 3,1\n", 1, "Level 3");
	assert_name("AS1 \"quoted\" as it is\n", 1, "\"quoted\" as it is");
}

static void counts_and_finds(void **state)
{
	struct place *place = named("# comment\n\nnonsense\nAS30 c\nAS10 a\nAS20\nAS20 \n"
				    "AS30 e\nAS30 d\nAS4294967295 last\n");
	const struct place_source *source = place_source(place, 0);

	(void)state;
	assert_string_equal(source->format, "as-names");
	assert_int_equal(source->entries, 5);
	assert_int_equal(source->bad_lines, 3);
	assert_int_equal(source->first_bad_line, 3);
	assert_string_equal(place_as_name(place, 10), "a");
	assert_null(place_as_name(place, 20));
	assert_string_equal(place_as_name(place, 30), "d");
	assert_string_equal(place_as_name(place, UINT32_MAX), "last");
	assert_null(place_as_name(place, 0));
	assert_null(place_as_name(place, 31));
	place_free(place);
}

/*
 * Names end up on terminals: nothing of them may steer one, and they are UTF-8 whatever they were.
 */
static void cleans_names(void **state)
{
	char text[1024], want[512];

	(void)state;
	assert_name("AS1 a\x1b[31mred\x7f!\n", 1, "a [31mred !");
	assert_name("AS1 \x01 x\n", 1, "x");
	assert_name("AS1 a\xc2\x9b" "b\n", 1, "a b");
	assert_name("AS1 T\xc3\xbcrkiye \xe5\x8c\x97 \xf0\x9f\x98\x80\n", 1,
		    "T\xc3\xbcrkiye \xe5\x8c\x97 \xf0\x9f\x98\x80");
	assert_name("AS1 T\xfcrkiye\n", 1, "T\xc3\xbcrkiye");
	assert_name("AS1 a\x9b" "b\n", 1, "a b");
	assert_name("AS1 \xc0\xaf\n", 1, "\xc3\x80\xc2\xaf");
	assert_name("AS1 \xed\xa0\x80x\n", 1, "\xc3\xad\xc2\xa0 x");
	assert_name("AS1 \xe5\x8c\n", 1, "\xc3\xa5");
	/* 254 bytes and a character of two: it does not fit in 255 */
	memset(want, 'x', 254);
	want[254] = '\0';
	snprintf(text, sizeof(text), "AS1 %s\xc3\xbc\n", want);
	assert_name(text, 1, want);
}

static void refuses_what_has_no_names(void **state)
{
	static const char *const texts[] = {
		"", "# only\n", "nonsense\n", "1.0.0.0/24\t15169\n", "asn,name\n",
	};
	struct place *place = testing_place();
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int fd = testing_text(texts[i]);

		assert_int_equal(place_load_names(place, fd, "the-file", &err), ERR_FORMAT);
		assert_non_null(strstr(err.text, "the-file"));
	}
	assert_int_equal(place_source_count(place), 0);
	place_free(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_form),
		cmocka_unit_test(counts_and_finds),
		cmocka_unit_test(cleans_names),
		cmocka_unit_test(refuses_what_has_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
