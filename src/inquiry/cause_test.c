/* SPDX-License-Identifier: BSD-2-Clause */
/* The causes of what happens in the night of test_world.h. */
#include "inquiry/cause_words.h"
#include "inquiry/test_world.h"
#include "place/testing.h"

struct scene {
	struct world *world;
	struct files *files;
	struct place *place;
	struct finding finding;
	const struct finding_report *report;
};

static struct scene *scene_new(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct question question = {
		.kind = QUESTION_REPORT, .country = COUNTRY('K', 'P'), .from = UTC_NEVER, .until = UTC_NEVER,
		.at = UTC_NEVER, .parameters = measure_parameters_default,
	};
	struct err err = { 0 };

	assert_non_null(scene);
	scene->world = world_night();
	scene->files = world_files(scene->world, 0);
	scene->place = testing_loaded(WORLD_REGISTRY);
	question.parameters.full_feed_ipv4 = 200;
	question.parameters.full_feed_ipv6 = 80;
	const struct inquiry inquiry = {
		.question = &question, .inputs = scene->files->inputs, .input_count = scene->files->count,
		.opener = { .context = scene->files, .open = files_open }, .feed = { .threads = 2 },
		.place = testing_place_get, .place_context = scene->place, .program = "constat test",
	};

	if (inquiry_run(&inquiry, &scene->finding, &err) != 0)
		fail_msg("%s", err.text);
	scene->report = scene->finding.result.report;
	return scene;
}

static void scene_free(struct scene *scene)
{
	finding_free(&scene->finding);
	place_free(scene->place);
	files_free(scene->files);
	world_free(scene->world);
	free(scene);
}

static const struct finding_fact *fact_of(const struct finding_cause *cause, const char *name)
{
	for (uint32_t i = 0; i < cause->fact_count; i++)
		if (strcmp(cause->facts[i].fact, name) == 0)
			return &cause->facts[i];
	fail_msg("no fact %s", name);
	return NULL;
}

static void assert_fact(const struct finding_cause *cause, const char *name, const char *reading, uint64_t count, uint64_t of)
{
	const struct finding_fact *fact = fact_of(cause, name);

	assert_string_equal(fact->reading, reading);
	if (fact->count != count || fact->of != of)
		fail_msg("%s: %llu of %llu", name, (unsigned long long)fact->count, (unsigned long long)fact->of);
}

/* 01:00:00: both IPv4 networks, at eight vantage points, one second apart. */
static void the_hour(void **state)
{
	struct scene *scene = scene_new();
	const struct finding_cause *cause = &scene->report->causes[0];
	const struct finding_fact *fact;

	(void)state;
	assert_int_equal(scene->report->cause_count, scene->report->outage_count);
	assert_int_equal(cause->outage, 1);
	assert_true(cause->start == scene->report->outages[0].start.at);
	assert_fact(cause, "network-order", "together", 2, 2);
	assert_fact(cause, "vantage-spread", "together", 8, 8);
	fact = fact_of(cause, "vantage-spread");
	assert_true(fact->first == AT(1, 0, 0) && fact->last == AT(1, 0, 7.25) && fact->median == AT(1, 0, 3));
	assert_fact(cause, "path-hunting", "none", 0, 16);
	assert_fact(cause, "common-path", "link", 16, 16);
	fact = fact_of(cause, "common-path");
	assert_int_equal(fact->as_count, 2);
	assert_int_equal(fact->ases[0], 4837);
	assert_int_equal(fact->ases[1], 131279);
	assert_string_equal(fact->text, "All 16 lost paths ran over one link: AS4837 to AS131279.");
	assert_fact(cause, "others-behind", "none", 0, 0);
	assert_fact(cause, "elsewhere", "little", 0, 8 * WORLD_NETWORKS);
	assert_fact(cause, "same-origin", "all-fell", 0, 2);
	assert_fact(cause, "survival", "none", 0, 16);
	assert_fact(cause, "unrest-before", "quiet", 0, 2);
	assert_fact(cause, "repeated", "once", 1, 1);
	assert_fact(cause, "daily", "not-known", 0, 0);
	assert_fact(cause, "origin-change", "same", 0, 16);
	assert_fact(cause, "more-specifics", "none", 0, 0);
	assert_fact(cause, "blackhole", "none", 0, 0);
	assert_fact(cause, "clock", "hour", 1, 1);
	assert_string_equal(fact_of(cause, "clock")->note, "UTC");
	assert_fact(cause, "sessions", "kept", 0, 8);
	assert_fact(cause, "return", "same-way", 2, 2);
	scene_free(scene);
}

/* Facts name events, events their records. */
static void records(void **state)
{
	struct scene *scene = scene_new();
	const struct finding_report *report = scene->report;
	const struct finding_fact *fact = fact_of(&report->causes[0], "common-path");
	uint32_t ribs = 0;

	(void)state;
	/* sixteen routes: of eight and eight of them the path, which the RIB had, and the loss */
	assert_int_equal(fact->record_count, 32);
	assert_int_equal(fact->records_left_out, 0);
	assert_string_equal(fact->basis, "events");
	assert_int_equal(scene->finding.provenance.event_count, report->event_count);
	for (uint32_t i = 0; i < fact->record_count; i++) {
		const struct finding_event *event = &report->events[fact->records[i] - 1];
		const struct finding_reference *reference = &scene->finding.provenance.events[fact->records[i] - 1];

		assert_int_equal(event->number, fact->records[i]);
		assert_int_equal(reference->number, event->number);
		const char *input = scene->finding.provenance.inputs[reference->input - 1].name;
		bool rib = strcmp(event->kind, "rib-entry") == 0;

		assert_string_equal(event->kind, rib ? "rib-entry" : "withdraw");
		assert_int_equal(*event->path != '\0', rib);
		assert_true(rib || (event->time >= AT(1, 0, 0) && event->time <= AT(1, 0, 7.25)));
		assert_non_null(strstr(input, event->collector));
		assert_non_null(strstr(input, rib ? "rib" : "updates"));
		ribs += rib;
	}
	assert_int_equal(ribs, 16);
	for (uint32_t i = 1; i < report->event_count; i++)
		assert_true(report->events[i].time >= report->events[i - 1].time);
	scene_free(scene);
}

/* Every fact of every outage rests on something: events, or a time that was searched, or it says why on nothing. */
static void bases(void **state)
{
	struct scene *scene = scene_new();
	const struct finding_report *report = scene->report;

	(void)state;
	assert_true(report->cause_count > 0);
	assert_int_equal(scene->finding.provenance.search_count, report->search_count);
	for (uint32_t i = 0; i < report->cause_count; i++) {
		for (uint32_t k = 0; k < report->causes[i].fact_count; k++) {
			const struct finding_fact *fact = &report->causes[i].facts[k];
			bool nothing = strcmp(fact->basis, "nothing") == 0;

			if (!nothing && fact->record_count == 0 && !fact->searched)
				fail_msg("outage %u: %s rests on nothing", i + 1, fact->fact);
			assert_int_equal(*fact->absent != '\0', nothing || fact->searched != 0);
			assert_true(fact->searched <= report->search_count);
			assert_true(!nothing || strncmp(fact->reading, "not-", 4) == 0);
		}
	}
	for (uint32_t i = 0; i < report->search_count; i++) {
		const struct finding_searched *searched = &scene->finding.provenance.searches[i];

		assert_int_equal(report->searches[i].number, i + 1);
		assert_int_equal(searched->number, i + 1);
		assert_true(report->searches[i].from <= report->searches[i].until);
		assert_int_equal(*searched->inputs != '\0', searched->records != 0);
	}
	scene_free(scene);
}

/* One provider: the origin's own failure and that of its link are not told apart. */
static void ties(void **state)
{
	struct scene *scene = scene_new();
	const struct finding_cause *cause = &scene->report->causes[0];

	(void)state;
	assert_string_equal(cause->supported, "origin");
	assert_true(cause->tie_count >= 1);
	assert_string_equal(cause->ties[cause->tie_count - 1].other, "customer");
	for (uint32_t i = 0; i < cause->hypothesis_count; i++) {
		const struct finding_hypothesis *hypothesis = &cause->hypotheses[i];
		int64_t sum = 0;

		for (uint32_t k = 0; k < hypothesis->weighing_count; k++) {
			sum += hypothesis->weighings[k].weight;
			assert_string_equal(hypothesis->weighings[k].side,
					    hypothesis->weighings[k].weight > 0 ? "for" : "against");
		}
		assert_true(sum == hypothesis->support);
		assert_true(i == 0 || hypothesis->support <= cause->hypotheses[i - 1].support);
	}
	scene_free(scene);
}

/* One and many, of two numbers and of a list, in one sentence. */
static void plurals(void **state)
{
	static uint32_t ases[] = { 64500, 64501 };
	static const struct {
		const char *fact, *reading;
		uint64_t count, of;
		uint32_t as_count;
		const char *text;
	} cases[] = {
		{ "clock", "no", 0, 1, 0, "It began at no full or half hour by the clock of UTC." },
		{ "clock", "no", 0, 3, 0, "It began at no full or half hour by any of 3 clocks." },
		{ "return", "not-yet", 1, 4, 0, "1 of 4 networks is back when the recordings end." },
		{ "return", "not-yet", 0, 1, 0, "0 of 1 network are back when the recordings end." },
		{ "same-origin", "all-fell", 0, 1, 1, "The one network known of the same origin (AS64500) fell." },
		{ "same-origin", "all-fell", 0, 4, 2, "All 4 networks known of the same origins (AS64500, AS64501) fell." },
		{ "common-path", "link", 1, 1, 2, "The one lost path ran over one link: AS64500 to AS64501." },
		{ "sessions", "kept", 1, 9, 0, "1 of 9 vantage points lost its session to the collector about then." },
	};
	struct finding finding = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finding_fact fact = {
			.fact = cases[i].fact, .reading = cases[i].reading, .count = cases[i].count, .of = cases[i].of,
			.ases = ases, .as_count = cases[i].as_count, .networks = "", .note = "",
		};

		assert_string_equal(cause_fact_text(&finding, &fact), cases[i].text);
	}
	finding_free(&finding);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hour),
		cmocka_unit_test(records),
		cmocka_unit_test(bases),
		cmocka_unit_test(ties),
		cmocka_unit_test(plurals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
