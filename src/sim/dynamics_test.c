/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The play of messages: that it comes to rest where the steady state is, that the actions left out of a group's play
 * could not have mattered, and that it shows what BGP shows in life.
 */
#include "sim/testing.h"

#define HEAD \
	"title: test\nfrom: 2014-12-22T00:00\nuntil: 2014-12-22T12:00\n"
#define WORLD \
	"topology:\n  generate: {ases: 300, networks: 400, tier1: 5, countries: 20}\n" \
	"  prepended: 20%\n  selective: 20%\n"
#define COLLECTOR(points) \
	"collectors:\n- {name: rrc99, layout: ris, vantage_points: [" points "]}\n"
/* A provider with two ways up, below two of the tier 1, and what can be cut off. */
#define LADDER \
	"topology:\n  ases:\n" \
	"  - {as: 1, peers: [2, 3]}\n  - {as: 2, peers: [3]}\n  - {as: 3}\n" \
	"  - {as: 4, providers: [1]}\n  - {as: 5, providers: [2]}\n  - {as: 6, providers: [3, 4, 5]}\n" \
	"  - {as: 7, providers: [4, 5], networks: 20.0.0.0/16}\n" \
	"  - {as: 8, providers: [6]}\n  - {as: 9, providers: [6]}\n"
#define EVERYBODY "{as: 1}, {as: 2}, {as: 3}, {as: 4}, {as: 5}, {as: 6}"

static struct staged staged;
static struct dynamics *dynamics;
static struct result result;

static void begin(const char *scenario, uint64_t seed)
{
	struct err err;

	staged = stage(scenario, seed);
	assert_int_equal(dynamics_new(staged.plan, &dynamics, &err), 0);
}

static void end(void)
{
	result_free(&result);
	dynamics_free(dynamics);
	unstage(&staged);
}

static void play(uint32_t group, struct result *into)
{
	struct err err;

	if (dynamics_play(dynamics, group, into, &err) != 0)
		fail_msg("%s", err.text);
}

/* What a vantage point holds when all is over, as text. */
static const char *final_path(const struct result *of, uint32_t vantage, char *text, size_t room)
{
	uint32_t path = of->steady[vantage];

	for (uint32_t i = 0; i < of->message_count; i++)
		if (of->messages[i].vantage == vantage)
			path = of->messages[i].path;
	return path_text(staged.plan, of, path, text, room);
}

/* After everything is mended the routes are those of the beginning, wherever the messages went in between. */
static void test_comes_back(void **state)
{
	static char before[1024], after[1024];
	uint64_t messages = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		begin(HEAD WORLD COLLECTOR("{pick: 40}") "noise: {link_events: 400, lasting: 1s..2h}\n", seed);
		staged.plan->until += 4 * UTC_HOUR;
		for (uint32_t group = 0; group < staged.plan->group_count; group++) {
			uint32_t open = 0;

			play(group, &result);
			messages += result.message_count;
			/* Links that are still down when the script ends are another matter. */
			for (uint32_t i = 0; i < result.action_count; i++)
				open += result.actions[i].kind == ACTION_LINK_DOWN ? 1 : (uint32_t)-1;
			for (uint32_t v = 0; v < staged.plan->vantage_count && !open; v++)
				assert_string_equal(final_path(&result, v, after, sizeof(after)),
						    path_text(staged.plan, &result, result.steady[v], before, sizeof(before)));
		}
		end();
	}
	assert_true(messages > 10000);
}

/* A link that stays down: the play ends in the steady state of a world that never had it. */
static void test_settles_as_without(void **state)
{
	char paths[6][64], text[64];

	(void)state;
	begin(HEAD LADDER COLLECTOR(EVERYBODY) "events:\n- {what: link-down, link: [4, 7], at: 2014-12-22T06:00}\n", 1);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	for (uint32_t v = 0; v < 6; v++)
		final_path(&result, v, paths[v], sizeof(paths[v]));
	assert_string_equal(paths[3], "4 1 2 5 7");
	end();
	begin(HEAD
	      "topology:\n  ases:\n"
	      "  - {as: 1, peers: [2, 3]}\n  - {as: 2, peers: [3]}\n  - {as: 3}\n"
	      "  - {as: 4, providers: [1]}\n  - {as: 5, providers: [2]}\n  - {as: 6, providers: [3, 4, 5]}\n"
	      "  - {as: 7, providers: [5], networks: 20.0.0.0/16}\n"
	      "  - {as: 8, providers: [6]}\n  - {as: 9, providers: [6]}\n" COLLECTOR(EVERYBODY), 1);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	for (uint32_t v = 0; v < 6; v++)
		assert_string_equal(path_text(staged.plan, &result, result.steady[v], text, sizeof(text)), paths[v]);
	end();
}

static void assert_same(const struct result *a, const struct result *b)
{
	static char mine[1024], theirs[1024];

	assert_int_equal(a->message_count, b->message_count);
	for (uint32_t i = 0; i < a->message_count; i++) {
		assert_int_equal(a->messages[i].sent, b->messages[i].sent);
		assert_int_equal(a->messages[i].received, b->messages[i].received);
		assert_int_equal(a->messages[i].vantage, b->messages[i].vantage);
		assert_string_equal(path_text(staged.plan, a, a->messages[i].path, mine, sizeof(mine)),
				    path_text(staged.plan, b, b->messages[i].path, theirs, sizeof(theirs)));
	}
}

/* The rule of script_touch.c leaves most actions out of a group's play. With all of them not one message differs. */
static void test_touch_is_exact(void **state)
{
	struct result all = { 0 };
	uint64_t left_out = 0, messages = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		/* Few vantage points, so that most cones are without one. */
		begin(HEAD WORLD COLLECTOR("{pick: 6}, {pick: 2, feed: customers}")
		      "noise: {link_events: 600, lasting: 1s..1h}\n", seed);
		for (uint32_t group = 0; group < staged.plan->group_count; group++) {
			staged.plan->groups[group].everything = false;
			play(group, &result);
			left_out += staged.plan->action_count - result.action_count;
			messages += result.message_count;
			staged.plan->groups[group].everything = true;
			play(group, &all);
			assert_int_equal(all.action_count, staged.plan->action_count);
			assert_same(&result, &all);
		}
		result_free(&all);
		end();
	}
	assert_true(left_out > 100000);
	assert_true(messages > 1000);
}

/* A withdrawal is hunted: worse and worse paths are announced before all is lost, over seconds and more. */
static void test_path_hunting(void **state)
{
	int64_t first = INT64_MAX, last = INT64_MIN, cause;
	uint32_t announced = 0, withdrawn = 0;

	(void)state;
	begin(HEAD WORLD COLLECTOR("{pick: 30}")
	      "events:\n- {what: withdraw, country: US, at: 2014-12-22T06:00}\n", 5);
	cause = staged.scenario->events[0].at;
	for (uint32_t group = 0; group < staged.plan->group_count; group++) {
		play(group, &result);
		for (uint32_t i = 0; i < result.message_count; i++) {
			const struct result_message *message = &result.messages[i];

			assert_true(message->sent >= cause && message->received > message->sent);
			announced += message->path != 0;
			withdrawn += message->path == 0;
			first = message->sent < first ? message->sent : first;
			last = message->sent > last ? message->sent : last;
		}
		if (result.message_count)
			assert_string_equal(final_path(&result, 0, (char[64]){ 0 }, 64), "-");
	}
	assert_true(withdrawn > 500);
	assert_true(announced > withdrawn / 2);
	assert_true(first - cause < UTC_SECOND);
	assert_true(last - cause > 30 * UTC_SECOND && last - cause < 15 * UTC_MINUTE);
	end();
}

/* Never two announcements of a session within three quarters of its MRAI. */
static void test_mrai(void **state)
{
	int64_t said[64];
	uint32_t close = 0;

	(void)state;
	begin(HEAD WORLD COLLECTOR("{pick: 30, mrai: 40s}") "noise: {link_events: 400, lasting: 1s..1m}\n", 3);
	for (uint32_t group = 0; group < staged.plan->group_count; group++) {
		play(group, &result);
		for (uint32_t v = 0; v < 64; v++)
			said[v] = INT64_MIN;
		for (uint32_t i = 0; i < result.message_count; i++) {
			const struct result_message *message = &result.messages[i];

			if (!message->path)
				continue;
			if (said[message->vantage] != INT64_MIN) {
				assert_true(message->sent - said[message->vantage] >= 30 * UTC_SECOND);
				close += message->sent - said[message->vantage] < 41 * UTC_SECOND;
			}
			said[message->vantage] = message->sent;
		}
	}
	assert_true(close > 0);
	end();
}

/* Both of AS7's links down: everybody loses it, leaves 8 and 9 too. Only AS6's customers cut off: a minority. */
static void test_world(void **state)
{
	(void)state;
	begin(HEAD LADDER COLLECTOR(EVERYBODY)
	      "events:\n"
	      "- {what: link-down, link: [4, 7], at: 2014-12-22T01:00, until: 2014-12-22T03:00}\n"
	      "- {what: link-down, link: [5, 7], at: 2014-12-22T02:00, until: 2014-12-22T02:30}\n"
	      "- {what: as-down, as: 6, at: 2014-12-22T05:00, until: 2014-12-22T06:00}\n", 1);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	assert_int_equal(result.world_count, 2);
	assert_true(result.world[0].dark);
	assert_true(result.world[0].time >= staged.scenario->events[1].at);
	assert_true(result.world[0].time < staged.scenario->events[1].at + 2 * UTC_MINUTE);
	assert_false(result.world[1].dark);
	assert_true(result.world[1].time >= staged.scenario->events[1].until);
	end();
}

/* A leak: AS6 tells AS3, whose customer it is, what AS4 told it; AS3 believes customers first. */
static void test_leak(void **state)
{
	char text[64];
	uint32_t three;

	(void)state;
	begin(HEAD
	      "topology:\n  ases:\n"
	      "  - {as: 1, peers: [3]}\n  - {as: 3}\n"
	      "  - {as: 6, providers: [1, 3]}\n"
	      "  - {as: 7, providers: [1], networks: 20.0.0.0/16}\n"
	      COLLECTOR("{as: 1}, {as: 3}")
	      "events:\n- {what: leak, as: 6, from: 1, to: 3, at: 2014-12-22T01:00, until: 2014-12-22T02:00}\n", 1);
	three = vantage_at(staged.plan, 3);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	assert_string_equal(path_text(staged.plan, &result, result.steady[three], text, sizeof(text)), "3 1 7");
	assert_int_equal(result.message_count, 2);
	assert_string_equal(path_text(staged.plan, &result, result.messages[0].path, text, sizeof(text)), "3 6 1 7");
	assert_string_equal(path_text(staged.plan, &result, result.messages[1].path, text, sizeof(text)), "3 1 7");
	assert_true(result.messages[1].sent >= staged.scenario->events[0].until);
	end();
}

/* Two announce the same: who is nearer to the hijacker believes it. A more specific one everybody does. */
static void test_hijack(void **state)
{
	char text[64];

	(void)state;
	begin(HEAD LADDER COLLECTOR(EVERYBODY)
	      "events:\n"
	      "- {what: hijack, as: 9, networks: 20.0.0.0/16, at: 2014-12-22T01:00, until: 2014-12-22T02:00}\n"
	      "- {what: hijack, as: 9, networks: 20.0.7.0/24, at: 2014-12-22T03:00}\n", 1);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	assert_string_equal(final_path(&result, vantage_at(staged.plan, 6), text, sizeof(text)),
			    path_text(staged.plan, &result, result.steady[vantage_at(staged.plan, 6)], (char[64]){ 0 }, 64));
	for (uint32_t i = 0; i < result.message_count; i++)
		assert_true(result.messages[i].vantage != vantage_at(staged.plan, 5) ||
			    result.messages[i].path != 0);
	play(group_with(staged.plan, "20.0.7.0/24"), &result);
	for (uint32_t v = 0; v < 6; v++) {
		assert_int_equal(result.steady[v], 0);
		assert_true(strstr(final_path(&result, v, text, sizeof(text)), " 9") != NULL);
	}
	end();
}

/* A blackhole stays with the neighbours unless they pass it on. */
static void test_blackhole(void **state)
{
	uint32_t heard[2] = { 0, 0 };

	(void)state;
	begin(HEAD LADDER COLLECTOR(EVERYBODY)
	      "events:\n"
	      "- {what: blackhole, as: 7, networks: 20.0.0.1/32, at: 2014-12-22T01:00}\n"
	      "- {what: blackhole, as: 7, networks: 20.0.0.2/32, contained: no, at: 2014-12-22T01:00}\n", 1);
	for (uint32_t i = 0; i < 2; i++) {
		play(group_with(staged.plan, i ? "20.0.0.2/32" : "20.0.0.1/32"), &result);
		for (uint32_t v = 0; v < 6; v++)
			heard[i] += strcmp(final_path(&result, v, (char[64]){ 0 }, 64), "-") != 0;
	}
	assert_int_equal(heard[0], 2);
	assert_int_equal(heard[1], 6);
	end();
}

/* A stuck vantage point holds on until its scenario ends, and says so then. */
static void test_stuck(void **state)
{
	uint32_t messages = 0;

	(void)state;
	begin(HEAD LADDER COLLECTOR(EVERYBODY)
	      "events:\n"
	      "- {what: stuck, peers: 3, networks: 20.0.0.0/16, at: 2014-12-22T00:30, until: 2014-12-22T04:00}\n"
	      "- {what: withdraw, networks: 20.0.0.0/16, at: 2014-12-22T01:00}\n", 1);
	play(group_with(staged.plan, "20.0.0.0/16"), &result);
	for (uint32_t i = 0; i < result.message_count; i++) {
		if (result.messages[i].vantage != vantage_at(staged.plan, 3) || result.messages[i].path)
			continue;
		messages++;
		assert_int_equal(result.messages[i].sent, staged.scenario->events[0].until);
	}
	assert_int_equal(messages, 1);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_settles_as_without),
		cmocka_unit_test(test_touch_is_exact),
		cmocka_unit_test(test_path_hunting),
		cmocka_unit_test(test_mrai),
		cmocka_unit_test(test_world),
		cmocka_unit_test(test_leak),
		cmocka_unit_test(test_hijack),
		cmocka_unit_test(test_blackhole),
		cmocka_unit_test(test_stuck),
	};

	return cmocka_run_group_tests_name("sim/dynamics", tests, NULL, NULL);
}
