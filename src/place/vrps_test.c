/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"
#include "base/utc.h"
#include "place/vrps.h"

static const char rpki_client[] =
	"{\n\t\"metadata\": {\n\t\t\"buildmachine\": \"x{\\\"}\",\n\t\t\"buildtime\": \"2022-04-21T01:00:00Z\",\n\t\t\"vrps\": 3\n\t},\n\n"
	"\t\"roas\": [\n\t\t{ \"asn\": 131279, \"prefix\": \"175.45.176.0/22\", \"maxLength\": 23, \"ta\": \"apnic\", \"expires\": 1650000000 },\n"
	"\t\t{ \"asn\": 64500, \"prefix\": \"10.0.0.0/8\", \"maxLength\": 33, \"ta\": \"apnic\" },\n"
	"\t\t{ \"asn\": 0, \"prefix\": \"192.88.99.0/24\", \"maxLength\": 24, \"ta\": \"apnic\" },\n"
	"\t\t{ \"asn\": 64501, \"prefix\": \"2400:5800::/32\", \"maxLength\": 48, \"ta\": \"apnic\" }\n\t]\n}\n";
static const char routinator[] =
	"{\"metadata\":{\"generated\":1650502800,\"generatedTime\":\"2022-04-21T01:00:00Z\"},\"roas\":[{\"asn\":\"AS131279\","
	"\"prefix\":\"175.45.176.0/22\",\"maxLength\":23,\"ta\":\"apnic\"},{\"asn\":\"AS0\",\"prefix\":\"192.88.99.0/24\",\"maxLength\":24},"
	"{\"asn\":\"AS64501\",\"prefix\":\"2400:5800::/32\",\"maxLength\":48},{\"asn\":\"ASx\",\"prefix\":\"1.0.0.0/24\",\"maxLength\":24}]}";
static const char csv[] =
	"ASN,IP Prefix,Max Length,Trust Anchor,Expires\nAS131279,175.45.176.0/22,23,apnic,1650000000\nAS0,192.88.99.0/24,24,apnic,1\n"
	"AS64501,2400:5800::/32,48,apnic,1\nAS1,none,24,apnic,1\n";
static const char archive[] =
	"URI,ASN,IP Prefix,Max Length,Not Before,Not After\r\nrsync://x/a.roa,AS131279,175.45.176.0/22,23,2022-01-01 00:00:00,x\r\n"
	"rsync://x/b.roa,AS0,192.88.99.0/24,24,,\r\nrsync://x/b.roa,AS64501,2400:5800::/32,48,,\r\nrsync://x/b.roa,AS64501,2400:5800::/32,,,\r\n";

static enum rpki state_of(const struct vrps *vrps, const char *network, uint32_t origin)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(network), &prefix));
	return vrps_state(vrps, &prefix, origin);
}

/* The four files say the same, and each has an entry that is none. */
static void formats(void **state)
{
	static const char *const texts[] = { rpki_client, routinator, csv, archive };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct vrps vrps;
		struct err err = { 0 };

		if (vrps_load(testing_text(texts[i]), "vrps", &vrps, &err) != 0)
			fail_msg("%s", err.text);
		assert_int_equal(vrps.count, 3);
		assert_int_equal(vrps.bad, 1);
		assert_string_equal(vrps.format, i < 2 ? "vrps-json" : "vrps-csv");
		assert_true(i < 2 ? vrps.date == 1650502800 * UTC_SECOND : vrps.date == UTC_NEVER);
		assert_int_equal(state_of(&vrps, "175.45.176.0/22", 131279), RPKI_VALID);
		vrps_free(&vrps);
	}
}

/* RFC 6811 section 2. */
static void states(void **state)
{
	struct vrps vrps;

	(void)state;
	assert_int_equal(vrps_load(testing_text(csv), "vrps", &vrps, NULL), 0);
	assert_int_equal(state_of(&vrps, "175.45.176.0/23", 131279), RPKI_VALID);
	assert_int_equal(state_of(&vrps, "175.45.176.0/24", 131279), RPKI_INVALID);	/* longer than may be */
	assert_int_equal(state_of(&vrps, "175.45.176.0/22", 4837), RPKI_INVALID);
	assert_int_equal(state_of(&vrps, "175.45.176.0/22", 0), RPKI_INVALID);
	assert_int_equal(state_of(&vrps, "175.45.176.0/21", 131279), RPKI_NOT_FOUND);
	assert_int_equal(state_of(&vrps, "175.45.180.0/24", 131279), RPKI_NOT_FOUND);
	assert_int_equal(state_of(&vrps, "192.88.99.0/24", 0), RPKI_INVALID);
	assert_int_equal(state_of(&vrps, "2400:5800:1::/48", 64501), RPKI_VALID);
	assert_int_equal(state_of(&vrps, "2400:5801::/32", 64501), RPKI_NOT_FOUND);
	vrps_free(&vrps);
}

static void nothing(void **state)
{
	static const char *const texts[] = { "", "{}", "{\"roas\":[]}", "no,file\n", "{\"roas\":[{\"prefix\":\"1.0.0.0/8\"" };

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct vrps vrps;
		struct err err = { 0 };

		assert_int_equal(vrps_load(testing_text(texts[i]), "some file", &vrps, &err), ERR_FORMAT);
		assert_non_null(strstr(err.text, "some file"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(states),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
