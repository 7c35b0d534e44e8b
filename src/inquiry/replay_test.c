/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The night of test_world.h, asked about, recorded as an excerpt and played again out of it: with resets, silence, RIBs that
 * audit, a family that goes unheard.
 */
#include "inquiry/excerpt.h"
#include "inquiry/test_world.h"
#include "place/testing.h"

struct scene {
	struct world *world;
	struct files *files;
	struct place *place, *nowhere;
	struct question question;
	struct finding finding;
	struct excerpt excerpt;
};

static void scene_record(struct scene *scene)
{
	const struct inquiry inquiry = {
		.question = &scene->question, .inputs = scene->files->inputs, .input_count = scene->files->count,
		.opener = { scene->files, files_open, NULL }, .feed = { .threads = 2 },
		.place = testing_place_get, .place_context = scene->place, .program = "constat test",
	};
	struct err err = { 0 };

	if (excerpt_record(&inquiry, &scene->excerpt, &scene->finding, &err) != 0)
		fail_msg("%s", err.text);
}

static struct scene *scene_of(struct question question, int64_t slice)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->world = world_night();
	scene->files = world_files(scene->world, slice);
	scene->place = testing_loaded(WORLD_REGISTRY);
	scene->nowhere = testing_place();
	assert_int_equal(place_ready(scene->nowhere, NULL), 0);
	scene->question = question;
	scene->question.kind = QUESTION_REPORT;
	scene->question.from = scene->question.at = UTC_NEVER;
	if (!scene->question.until)
		scene->question.until = UTC_NEVER;
	scene->question.parameters = measure_parameters_default;
	scene->question.parameters.full_feed_ipv4 = 200;
	scene->question.parameters.full_feed_ipv6 = 80;
	scene_record(scene);
	return scene;
}

static void scene_free(struct scene *scene)
{
	finding_free(&scene->finding);
	excerpt_free(&scene->excerpt);
	place_free(scene->place);
	place_free(scene->nowhere);
	files_free(scene->files);
	world_free(scene->world);
	free(scene);
}

static int scene_replay(const struct scene *scene, struct finding *ret_finding, struct err *err)
{
	struct feed_input inputs[700];
	const struct inquiry inquiry = {
		.question = &scene->question, .inputs = inputs, .input_count = scene->files->count,
		.place = testing_place_get, .place_context = scene->nowhere, .program = "constat test",
		.replay = &scene->excerpt, .members = &scene->excerpt.timeline,
	};

	for (uint32_t i = 0; i < scene->files->count; i++)
		inputs[i] = (struct feed_input){ .name = scene->files->inputs[i].name,
						 .collector = scene->files->inputs[i].collector };
	return inquiry_run(&inquiry, ret_finding, err);
}

static struct buf part(const char *name, const void *item)
{
	const struct field *field = finding_field(name);
	struct buf out = { 0 };

	assert_non_null(field);
	assert_int_equal(finding_encode_part(field->of, item, &out, NULL), 0);
	buf_char(&out, '\0');
	return out;
}

static void assert_same(const char *name, const void *got, const void *want)
{
	struct buf left = part(name, got), right = part(name, want);

	assert_string_equal(left.data, right.data);
	buf_free(&left);
	buf_free(&right);
}

/* What names, places and other networks say is not in an excerpt. */
static void take_over(struct finding *replayed, const struct finding *signed_one)
{
	struct finding_report *into = replayed->result.report;
	const struct finding_report *from = signed_one->result.report;

	into->causes = from->causes;
	into->cause_count = from->cause_count;
	into->events = from->events;
	into->event_count = from->event_count;
	into->searches = from->searches;
	into->search_count = from->search_count;
	assert_int_equal(into->network_count, from->network_count);
	for (uint32_t i = 0; i < into->network_count; i++) {
		into->networks[i].country = from->networks[i].country;
		into->networks[i].country_share = from->networks[i].country_share;
		into->networks[i].foreign_origin = from->networks[i].foreign_origin;
	}
}

static void assert_replays(struct scene *scene)
{
	struct finding replayed = { 0 };
	struct err err = { 0 };

	if (scene_replay(scene, &replayed, &err) != 0)
		fail_msg("%s", err.text);
	take_over(&replayed, &scene->finding);
	assert_same("result.report", replayed.result.report, scene->finding.result.report);
	assert_int_equal(replayed.result.coverage.step_count, scene->finding.result.coverage.step_count);
	for (uint32_t i = 0; i < replayed.result.coverage.step_count; i++)
		assert_same("result.coverage.steps", &replayed.result.coverage.steps[i],
			    &scene->finding.result.coverage.steps[i]);
	finding_free(&replayed);
}

static struct prefix prefix_of(const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(text), &prefix));
	return prefix;
}

static void countries(void **state)
{
	static const int64_t slices[] = { 0, 7 * UTC_MINUTE };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct scene *scene = scene_of((struct question){ .country = COUNTRY('K', 'P') }, slices[i]);

		assert_true(scene->finding.result.report->outage_count >= 2);
		assert_true(scene->finding.result.report->instability_count >= 1);
		assert_int_equal(scene->excerpt.timeline.network_count, WORLD_KP);
		assert_replays(scene);
		scene_free(scene);
	}
}

static void ases(void **state)
{
	struct scene *scene = scene_of((struct question){ .asn = 131279 }, 0);

	(void)state;
	assert_int_equal(scene->excerpt.timeline.network_count, WORLD_KP);
	assert_replays(scene);
	scene_free(scene);
	/* Its networks are spread over the table. */
	scene = scene_of((struct question){ .asn = 407 }, 0);
	assert_int_equal(scene->excerpt.timeline.network_count, 6 + 3);
	assert_replays(scene);
	scene_free(scene);
}

static void prefixes(void **state)
{
	/* The second has a network that an audit drops at peer 5. */
	static const char *const texts[] = { "175.45.176.0/23", "20.0.0.0/16", "2400:5800::/32" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct scene *scene = scene_of((struct question){ .prefix = prefix_of(texts[i]) }, 0);

		assert_replays(scene);
		scene_free(scene);
	}
}

/* The question ends while a collector is silent, and within the second RIBs' audit. */
static void ends(void **state)
{
	const int64_t ends[] = { AT(2, 40, 2), AT(3, 0, 0), AT(3, 5, 0) };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct scene *scene = scene_of((struct question){ .country = COUNTRY('K', 'P'), .until = ends[i] }, 0);

		assert_replays(scene);
		scene_free(scene);
	}
}

/* What of the excerpt is wrong is refused, or gives another result. */
static void altered(void **state)
{
	struct scene *scene = scene_of((struct question){ .country = COUNTRY('K', 'P') }, 0);
	struct excerpt_timeline *timeline = &scene->excerpt.timeline;
	struct excerpt_record *records = scene->excerpt.records.records;
	uint32_t last = scene->excerpt.records.record_count - 1;
	struct finding replayed = { 0 };
	struct err err = { 0 };
	struct excerpt_record kept;

	(void)state;
	timeline->step_count--;
	assert_int_equal(scene_replay(scene, &replayed, &err), 0);
	assert_true(replayed.result.coverage.step_count <= scene->finding.result.coverage.step_count);
	finding_free(&replayed);
	timeline->step_count++;
	timeline->steps[timeline->step_count - 1].after += 100000;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "behind more events than there are"));
	timeline->steps[timeline->step_count - 1].after -= 100000;
	kept = records[last];
	records[last].number = 1;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "not behind the one before it"));
	records[last] = kept;
	records[last].length++;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	records[last] = kept;
	records[last].clock -= UTC_HOUR;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	records[last] = kept;
	records[last].input = 99;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "of an input that there is not"));
	records[last] = kept;
	scene->excerpt.records.record_count--;
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "no record accounts for"));
	scene->excerpt.records.record_count++;
	timeline->networks[0].network = "10.0.0.0/8";
	assert_int_equal(scene_replay(scene, &replayed, &err), ERR_FORMAT);
	assert_non_null(strstr(err.text, "is no network"));
	scene_free(scene);
}

static void refused(void **state)
{
	const struct question question = { .kind = QUESTION_OUTAGES, .parameters = measure_parameters_default };
	const struct inquiry inquiry = { .question = &question };
	struct excerpt excerpt;
	struct finding finding;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(excerpt_record(&inquiry, &excerpt, &finding, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "of which there is no excerpt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries), cmocka_unit_test(ases), cmocka_unit_test(prefixes),
		cmocka_unit_test(ends), cmocka_unit_test(altered), cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
