/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same recordings give the same question, result, roster and gaps, byte for byte, whatever the
 * number, order or packing of files and the number of threads.
 */
#include "inquiry/test_world.h"
#include "place/testing.h"

static const char registry[] =
	WORLD_REGISTRY
	"apnic|CN|asn|4837|1|20000101|allocated\n";

/* The answer as JSON, but for its inputs, where events stand in them and which of them were searched. */
static struct buf answer(const struct question *question, struct files *files, struct place *place, unsigned threads)
{
	const struct inquiry inquiry = {
		.question = question, .inputs = files->inputs, .input_count = files->count,
		.opener = { .context = files, .open = files_open }, .feed = { .threads = threads },
		.place = testing_place_get, .place_context = place, .program = "constat test",
	};
	struct finding finding;
	struct buf out = { 0 };
	struct err err = { 0 };

	if (inquiry_run(&inquiry, &finding, &err) != 0)
		fail_msg("%s", err.text);
	for (uint32_t i = 0; i < finding.provenance.input_count && question->at == UTC_NEVER; i++)
		assert_true(finding.provenance.inputs[i].whole);
	finding.provenance.input_count = finding.provenance.event_count = finding.provenance.search_count = 0;
	assert_int_equal(finding_encode(&finding, true, &out, NULL), 0);
	buf_char(&out, '\0');
	assert_false(out.failed);
	finding_free(&finding);
	return out;
}

/* Takes the files. */
static void assert_same(const char *want, const struct question *question, struct files *files, struct place *place,
			unsigned threads)
{
	struct buf got = answer(question, files, place, threads);
	size_t i = 0;

	while (want[i] && want[i] == got.data[i])
		i++;
	if (want[i] != got.data[i])
		fail_msg("%u files, %u threads: %.300s\ninstead of %.300s", files->count, threads,
			 got.data + (i < 200 ? 0 : i - 200), want + (i < 200 ? 0 : i - 200));
	buf_free(&got);
	files_free(files);
}

static void check(enum question_kind kind, country_t country, int64_t at)
{
	static const int64_t slices[] = { 15 * UTC_MINUTE, 5 * UTC_MINUTE, 37 * UTC_SECOND };
	static const unsigned threads[] = { 1, 2, 8 };
	struct world *world = world_night();
	struct place *place = testing_loaded(registry);
	struct question question = {
		.kind = kind, .country = country, .from = UTC_NEVER, .until = UTC_NEVER, .at = at,
		.parameters = measure_parameters_default,
	};
	struct files *files = world_files(world, 0);
	struct buf want;

	question.parameters.full_feed_ipv4 = 200;
	question.parameters.full_feed_ipv6 = 80;
	want = answer(&question, files, place, 1);
	assert_true(want.len > 5000);
	files_free(files);
	for (unsigned i = 0; i < 3; i++) {
		assert_same(want.data, &question, world_files(world, 0), place, threads[i]);
		assert_same(want.data, &question, world_files(world, slices[i]), place, 2);
		for (uint64_t seed = 1; seed <= 2; seed++) {
			files = world_files(world, slices[i]);
			files_shuffle(files, seed * TEST_SEED);
			assert_same(want.data, &question, files, place, threads[i]);
		}
	}
	for (unsigned i = 0; i < 3; i++) {
		files = world_files(world, i ? slices[0] : 0);
		files_compress(files);
		files_shuffle(files, TEST_SEED + i);
		assert_same(want.data, &question, files, place, threads[i]);
	}
	buf_free(&want);
	place_free(place);
	world_free(world);
}

static void reports(void **state)
{
	(void)state;
	check(QUESTION_REPORT, COUNTRY('K', 'P'), UTC_NEVER);
}

static void outages(void **state)
{
	(void)state;
	check(QUESTION_OUTAGES, COUNTRY_UNKNOWN, UTC_NEVER);
}

static void upstreams(void **state)
{
	(void)state;
	check(QUESTION_UPSTREAMS, COUNTRY('K', 'P'), AT(2, 45, 0));
}

static void census(void **state)
{
	(void)state;
	check(QUESTION_CENSUS, COUNTRY_UNKNOWN, UTC_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports),
		cmocka_unit_test(outages),
		cmocka_unit_test(upstreams),
		cmocka_unit_test(census),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
