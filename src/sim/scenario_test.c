/* SPDX-License-Identifier: BSD-2-Clause */
/* Mistakes in scenarios, and what people are told about them: the line, the key, what was expected. */
#include "sim/testing.h"

#include "sim/builtin.h"

#define HEAD "title: test\nfrom: 2014-12-22T00:00\nuntil: 2014-12-22T12:00\n"
#define TOPOLOGY \
	"topology:\n  ases:\n" \
	"  - {as: 1, peers: [2]}\n  - {as: 2}\n" \
	"  - {as: 7, country: KP, providers: [1, 2], networks: 20.0.0.0/16}\n"
#define COLLECTORS "collectors:\n- {name: rrc99, layout: ris, vantage_points: [{as: 1}]}\n"
#define EVENT(event) HEAD TOPOLOGY COLLECTORS "events:\n- {" event "}\n"	/* in line 11 */
#define AT "at: 2014-12-22T01:00"

struct mistake {
	const char *text;
	const char *said;	/* all of it, or its start where it ends in "…" */
};

static const struct mistake mistakes[] = {
	{ "", "test.yaml: there is nothing in it" },
	{ "title: [", "test.yaml:2: this is not YAML: …" },
	{ "- a\n", "test.yaml:1: expected a map of keys and values, found a list" },
	{ "titel: x\n", "test.yaml:1: titel: no such key; expected one of title, from, until, …" },
	{ "title: x\ntitle: y\n", "test.yaml:1: the key title stands twice" },
	{ "title: x\n", "test.yaml:1: expected the key from" },
	{ "title: x\nfrom: yesterday\nuntil: 2014-12-22\n" TOPOLOGY COLLECTORS,
	  "test.yaml:2: from: expected a time such as 2014-12-22T16:15 or 2014-12-22T16:15:30.5, found \"yesterday\"" },
	{ "title: x\nfrom: 2014-12-23\nuntil: 2014-12-22\n" TOPOLOGY COLLECTORS,
	  "test.yaml: until must lie after from" },
	{ HEAD "topology:\n  ases:\n  - {as: 1, peers: [2, x]}\n" COLLECTORS,
	  "test.yaml:6: topology.ases[0].peers[1]: expected an AS number, found \"x\"" },
	{ HEAD "topology:\n  ases:\n  - {as: 1, networks: 10.0.0.0/8}\n" COLLECTORS,
	  "test.yaml:6: topology.ases[0]: networks are IPv4 /8 to /24 or IPv6 /16 to /48, of public space" },
	{ HEAD "topology:\n  ases:\n  - {as: 1}\n  - {as: 1}\n" COLLECTORS,
	  "test.yaml:7: topology.ases[1]: AS1 is there already, in line 6" },
	{ HEAD "topology:\n  ases:\n  - {as: 1, country: Atlantis}\n" COLLECTORS,
	  "test.yaml:6: topology.ases[0].country: expected a country such as KP or North Korea, found \"Atlantis\"" },
	{ HEAD "topology:\n  prepended: 101%\n" COLLECTORS,
	  "test.yaml:5: topology.prepended: expected a share such as 30% or 0.5%, found \"101%\"" },
	{ HEAD "topology:\n  generate: {ases: 3, networks: 9}\n" COLLECTORS,
	  "test.yaml:5: topology.generate: ases: expected 50 to 200000" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: ris, vantage_points: [{}]}\n",
	  "test.yaml:10: collectors[0].vantage_points[0]: expected either as, or pick and how many" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: ris, vantage_points: [{as: 1, feed: half}]}\n",
	  "test.yaml:10: collectors[0].vantage_points[0].feed: expected full, customers, or a share such as 5%, "
	  "found \"half\"" },
	{ HEAD TOPOLOGY "collectors:\n- {name: mine, layout: ris, vantage_points: [{as: 1}]}\n",
	  "test.yaml:10: collectors[0]: name: expected rrc and two digits" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: ris, updates: 7m, vantage_points: [{as: 1}]}\n",
	  "test.yaml:10: collectors[0]: updates and ribs: expected whole minutes that divide a day" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: rip, vantage_points: [{as: 1}]}\n",
	  "test.yaml:10: collectors[0].layout: expected one of routeviews, ris, found \"rip\"" },
	{ HEAD TOPOLOGY COLLECTORS "dynamics:\n  mrai: {30s: 50%, 0s: 40%}\n",
	  "test.yaml:12: dynamics.mrai: the shares must make 100%" },
	{ HEAD TOPOLOGY COLLECTORS "noise:\n  lasting: 5m..1m\n",
	  "test.yaml:12: noise.lasting: expected a duration or two, such as 1m..5m, found \"5m..1m\"" },
	{ EVENT("what: earthquake, " AT), "test.yaml:12: events[0].what: expected one of link-down, as-down, …" },
	{ EVENT("what: link-down"), "test.yaml:12: events[0]: expected the key at" },
	{ EVENT("what: link-down, " AT), "test.yaml:12: events[0]: link-down needs the key link" },
	{ EVENT("what: link-down, link: [1], " AT),
	  "test.yaml:12: events[0]: link: expected the two AS numbers at its ends" },
	{ EVENT("what: link-down, link: [1, 2], by: 7s, " AT),
	  "test.yaml:12: events[0].by: link-down takes no such key, …" },
	{ EVENT("what: link-down, link: [1, 2], at: 2015-12-22T01:00"),
	  "test.yaml:12: events[0]: at: it lies outside from and until of the scenario" },
	{ EVENT("what: link-down, link: [1, 2], until: 2014-12-22T00:30, " AT),
	  "test.yaml:12: events[0]: until: it must lie after at" },
	{ EVENT("what: link-down, link: [1, 2], every: 5m, " AT),
	  "test.yaml:12: events[0]: every needs for: how long each time" },
	{ EVENT("what: withdraw, " AT), "test.yaml:12: events[0]: withdraw needs networks, origins or country" },
	/* What can be told only once the world is there. */
	{ HEAD "topology:\n  ases:\n  - {as: 1, peers: [2]}\n  - {as: 2, customers: [1]}\n" COLLECTORS,
	  "test.yaml:7: AS1 and AS2 are given two different relations" },
	{ HEAD "topology:\n  ases:\n  - {as: 1, providers: [2]}\n  - {as: 2, providers: [3]}\n  - {as: 3, providers: [1]}\n"
	  COLLECTORS, "AS1 or one of its customers is its own indirect provider" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: ris, vantage_points: [{as: 5}]}\n",
	  "test.yaml:10: AS5 is not in the topology" },
	{ HEAD TOPOLOGY "collectors:\n- {name: rrc99, layout: ris, vantage_points: [{pick: 3}]}\n",
	  "test.yaml:10: pick: only 2 ASes with customers are there" },
	{ EVENT("what: link-down, link: [1, 9], " AT), "test.yaml:12: AS9 is not in the topology" },
	{ EVENT("what: drop-customers, as: 1, customers: 2, " AT), "test.yaml:12: AS1 has no such customers" },
	{ EVENT("what: withdraw, networks: 21.0.0.0/16, " AT),
	  "test.yaml:12: not all of the networks are announced by anybody" },
	{ EVENT("what: collector-down, collector: rrc98, " AT), "test.yaml:12: there is no collector rrc98" },
	{ EVENT("what: country-down, country: FR, " AT), "test.yaml:12: no AS of that country is there" },
	{ EVENT("what: stuck, peers: 2, " AT), "test.yaml:12: it is about no vantage point" },
	{ EVENT("what: hijack, as: 7, networks: 20.0.0.0/16, " AT),
	  "test.yaml:12: one of the networks is announced in another way already" },
	{ HEAD "topology:\n  relationships: /nowhere/links\n" COLLECTORS, "/nowhere/links: No such file or directory" },
};

static const char *told(const char *text)
{
	static struct err err;
	struct scenario *scenario = NULL;
	struct plan *plan = NULL;

	err = (struct err){ 0 };
	if (scenario_read("test.yaml", view_of(text), &scenario, &err) == 0)
		script_plan(scenario, "", 1, &plan, &err);
	script_free(plan);
	scenario_free(scenario);
	return err.text;
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *said = told(mistakes[i].text), *dots = strstr(mistakes[i].said, "…");

		if (dots ? strncmp(said, mistakes[i].said, (size_t)(dots - mistakes[i].said)) != 0
			 : strcmp(said, mistakes[i].said) != 0)
			fail_msg("said\n%s\nexpected\n%s", said, mistakes[i].said);
	}
}

/* Keys in any order; one value where a list may stand; all that an event can say. */
static void test_read(void **state)
{
	struct staged staged = stage(
		COLLECTORS "until: 2014-12-22T12:00\n" TOPOLOGY
		"events:\n"
		"- {every: 10m, for: 90s, jitter: 20%, until: 2014-12-22T02:00, at: 2014-12-22T01:00,\n"
		"   link: [7, 1], label: flaps, what: link-down}\n"
		"- {what: blackhole, as: 7, networks: [20.0.9.9/32], at: 2014-12-22T03:00, for: 10m}\n"
		"seed: 77\ndynamics: {mrai: {1s: 0%, 15s: 100%}, processing: 5ms..1s}\n"
		"from: 2014-12-22T00:00\ntitle: any order\n", 5);
	const struct scenario_event *event = &staged.scenario->events[0];

	(void)state;
	assert_int_equal(staged.scenario->seed, 77);
	assert_int_equal(staged.plan->seed, 5);
	assert_int_equal(staged.scenario->processing.low, 5000);
	assert_int_equal(event->every, 10 * UTC_MINUTE);
	assert_int_equal(event->lasting, 90 * UTC_SECOND);
	assert_int_equal(event->jitter, 200000);
	assert_string_equal(event->label, "flaps");
	assert_int_equal(event->line, 10);
	assert_int_equal(staged.plan->action_count, 12);
	for (uint32_t i = 0; i < staged.plan->action_count; i += 2) {
		int64_t lasted = staged.plan->actions[i + 1].time - staged.plan->actions[i].time;

		assert_int_equal(staged.plan->actions[i].kind, ACTION_LINK_DOWN);
		assert_int_equal(staged.plan->actions[i + 1].kind, ACTION_LINK_UP);
		assert_true(lasted >= 72 * UTC_SECOND && lasted <= 108 * UTC_SECOND);
	}
	assert_int_equal(staged.plan->traits[0].mrai, 15 * UTC_SECOND);
	unstage(&staged);
}

static void test_builtins(void **state)
{
	uint32_t count = 0;

	(void)state;
	for (const struct builtin *builtin = builtins; builtin->name; builtin++, count++) {
		struct staged staged = stage(builtin->text, 1);

		unstage(&staged);
	}
	assert_int_equal(count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_builtins),
	};

	return cmocka_run_group_tests_name("sim/scenario", tests, NULL, NULL);
}
