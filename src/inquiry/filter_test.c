/* SPDX-License-Identifier: BSD-2-Clause */
/* Each sort of criterion by itself, their combination, and what has nothing to hold against one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utc.h"
#include "inquiry/filter.h"

/* AS_PATH 30844 3356 4837 131279, and one that ends in {64500,64501}. */
static const uint8_t plain_attributes[] = {
	0x40, 2, 18, 2, 4, 0, 0, 0x78, 0x7c, 0, 0, 0x0d, 0x1c, 0, 0, 0x12, 0xe5, 0, 2, 0, 0xcf,
};
static const uint8_t set_attributes[] = {
	0x40, 2, 16, 2, 1, 0, 0, 0x0d, 0x1c, 1, 2, 0, 0, 0xfb, 0xf4, 0, 0, 0xfb, 0xf5,
};

static const struct peer peer = { { FAMILY_IPV4, { 196, 223, 14, 1 } }, 30844, 0 };
static const struct peer other_peer = { { FAMILY_IPV6, { 0x20, 0x01, 0x0d, 0xb8 } }, 64496, 0 };

static struct event announce(const char *prefix)
{
	struct event event = {
		.kind = EVENT_ANNOUNCE,
		.time = 1401487200 * UTC_SECOND,
		.peer = &peer,
		.attributes = { .bytes = plain_attributes, .len = sizeof(plain_attributes), .asn_size = 4 },
	};

	assert_true(prefix_parse(view_of(prefix), &event.prefix));
	return event;
}

static struct filter *filter_empty(void)
{
	struct filter *filter = NULL;

	assert_int_equal(filter_new(&filter, NULL), 0);
	return filter;
}

/* Frees neither; each question has a thread of its own. */
static bool match(const struct filter *filter, const struct event *event)
{
	struct filter_thread *thread = NULL;
	bool met, again;

	assert_int_equal(filter_thread_new(filter, &thread, NULL), 0);
	met = filter_match(thread, event);
	again = filter_match(thread, event);
	filter_thread_free(thread);
	assert_int_equal(met, again);	/* what is remembered of a path is what was found */
	return met;
}

static void empty_takes_the_ordinary_kinds(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	assert_true(filter_is_plain(filter));
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		event.kind = (enum event_kind)kind;
		assert_int_equal(match(filter, &event),
				 kind == EVENT_ANNOUNCE || kind == EVENT_WITHDRAW ||
				 kind == EVENT_RIB_ENTRY || kind == EVENT_STATE);
	}
	filter_free(filter);
}

static void kinds(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");
	struct err err;

	(void)state;
	assert_int_equal(filter_add_kinds(filter, VIEW("withdraw, state"), NULL), 0);
	assert_false(filter_is_plain(filter));
	assert_false(match(filter, &event));
	event.kind = EVENT_STATE;
	assert_true(match(filter, &event));
	assert_int_equal(filter_add_kinds(filter, VIEW("rib"), NULL), 0);
	event.kind = EVENT_RIB_ENTRY;
	assert_true(match(filter, &event));
	assert_int_equal(filter_add_kinds(filter, VIEW("announce,withdrawal"), &err), ERR_USAGE);
	assert_string_equal(err.text, "withdrawal is no kind of event");
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_kinds(filter, VIEW("all"), NULL), 0);
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		assert_true(filter_wants_kind(filter, (enum event_kind)kind));
	filter_free(filter);
}

/* One prefix criterion against one announced prefix. */
static bool prefix_match(const char *criterion, enum filter_prefix relation, const char *prefix)
{
	struct filter *filter = filter_empty();
	struct event event = announce(prefix);
	bool met;

	assert_int_equal(filter_add_prefix(filter, view_of(criterion), relation, NULL), 0);
	assert_false(filter_is_plain(filter));
	met = match(filter, &event);
	filter_free(filter);
	return met;
}

static void prefixes(void **state)
{
	(void)state;
	assert_true(prefix_match("175.45.176.0/22", FILTER_EXACT, "175.45.176.0/22"));
	assert_false(prefix_match("175.45.176.0/22", FILTER_EXACT, "175.45.176.0/24"));
	assert_true(prefix_match("175.45.176.0/22", FILTER_MORE_SPECIFIC, "175.45.179.0/24"));
	assert_true(prefix_match("175.45.176.0/22", FILTER_MORE_SPECIFIC, "175.45.176.0/22"));
	assert_false(prefix_match("175.45.176.0/22", FILTER_MORE_SPECIFIC, "175.45.0.0/16"));
	assert_false(prefix_match("175.45.176.0/22", FILTER_MORE_SPECIFIC, "175.45.180.0/24"));
	assert_true(prefix_match("175.45.177.1", FILTER_LESS_SPECIFIC, "175.45.177.0/24"));
	assert_false(prefix_match("175.45.178.1", FILTER_LESS_SPECIFIC, "175.45.177.0/24"));
	assert_false(prefix_match("::/0", FILTER_MORE_SPECIFIC, "175.45.177.0/24"));
}

static void several_prefixes_are_alternatives(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	assert_int_equal(filter_add_prefix(filter, VIEW("10.0.0.0/8"), FILTER_EXACT, NULL), 0);
	assert_false(match(filter, &event));
	assert_int_equal(filter_add_prefix(filter, VIEW("175.45.176.0/22"), FILTER_MORE_SPECIFIC, NULL), 0);
	assert_true(match(filter, &event));
	event.kind = EVENT_WITHDRAW;
	assert_true(match(filter, &event));
	event.kind = EVENT_STATE;	/* has no prefix */
	assert_false(match(filter, &event));
	filter_free(filter);
}

static void origin_and_as(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	assert_int_equal(filter_add_origin(filter, VIEW("AS131279"), NULL), 0);
	assert_true(match(filter, &event));
	event.kind = EVENT_WITHDRAW;	/* has no path */
	assert_false(match(filter, &event));
	event.kind = EVENT_ANNOUNCE;
	event.attributes.bytes = set_attributes;
	event.attributes.len = sizeof(set_attributes);
	assert_false(match(filter, &event));
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_as(filter, VIEW("4837"), NULL), 0);
	assert_false(match(filter, &event));
	assert_int_equal(filter_add_as(filter, VIEW("64501"), NULL), 0);	/* in a set */
	assert_true(match(filter, &event));
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_origin(filter, VIEW("64501"), NULL), 0);
	assert_false(match(filter, &event));	/* a path that ends in a set has no one origin */
	filter_free(filter);
}

static bool path_match(const char *expression, const uint8_t *attributes, uint32_t len)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");
	bool met;

	event.attributes.bytes = attributes;
	event.attributes.len = len;
	assert_int_equal(filter_add_path(filter, view_of(expression), NULL), 0);
	met = match(filter, &event);
	filter_free(filter);
	return met;
}

#define PLAIN(expression) path_match(expression, plain_attributes, sizeof(plain_attributes))
#define SET(expression) path_match(expression, set_attributes, sizeof(set_attributes))

static void path_expressions(void **state)
{
	static const uint8_t empty_path[] = { 0x40, 2, 0 };
	static const uint8_t prepended[] = { 0x40, 2, 14, 2, 3, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, 7 };
	static const uint8_t no_path[] = { 0x40, 1, 1, 0 };

	(void)state;
	assert_true(PLAIN("_4837_131279$"));
	assert_true(PLAIN("_4837_"));
	assert_true(PLAIN("_131279_"));		/* either end counts as between */
	assert_true(PLAIN("_30844_"));
	assert_true(PLAIN("^30844 "));
	assert_false(PLAIN("_837_"));
	assert_true(PLAIN("837"));		/* a plain expression finds parts of numbers */
	assert_true(PLAIN("_(3356|1239)_4837_"));
	assert_true(PLAIN("^30844(_[0-9]+)+_131279$"));
	assert_true(PLAIN("_48[[:digit:]]{2}_"));
	assert_false(PLAIN("^4837_"));
	assert_false(PLAIN("_([0-9]+)_\\1_"));	/* nobody is twice in a row */
	assert_true(path_match("^([0-9]+)(_\\1)*$", prepended, sizeof(prepended)));
	assert_true(path_match("_(7)_\\1_", prepended, sizeof(prepended)));
	assert_false(PLAIN("^([0-9]+)(_\\1)*$"));
	assert_true(SET("_64500_"));
	assert_true(SET("_64501_"));
	assert_true(SET("_3356_.64500,64501.$"));
	assert_false(SET("_6450_"));
	assert_false(PLAIN("\\_"));		/* the character itself is in no path */
	assert_false(PLAIN("3[_]"));
	assert_true(path_match("^$", empty_path, sizeof(empty_path)));
	assert_false(path_match("^$", no_path, sizeof(no_path)));
}

/* What is remembered of one path must not be said of another. */
static void path_expressions_of_many_events(void **state)
{
	struct filter *filter = filter_empty();
	struct filter_thread *thread = NULL;
	struct event plain = announce("175.45.177.0/24"), set = plain;

	(void)state;
	set.attributes.bytes = set_attributes;
	set.attributes.len = sizeof(set_attributes);
	assert_int_equal(filter_add_path(filter, VIEW("_4837_"), NULL), 0);
	assert_int_equal(filter_thread_new(filter, &thread, NULL), 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(filter_match(thread, &plain));
		assert_false(filter_match(thread, &set));
	}
	filter_thread_free(thread);
	filter_free(filter);
}

static void peers(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	assert_int_equal(filter_add_peer(filter, VIEW("196.223.14.1"), NULL), 0);
	assert_true(match(filter, &event));
	event.peer = &other_peer;
	assert_false(match(filter, &event));
	assert_int_equal(filter_add_peer(filter, VIEW("AS64496"), NULL), 0);
	assert_true(match(filter, &event));
	event.peer = NULL;
	assert_false(match(filter, &event));
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_peer(filter, VIEW("2001:db8::"), NULL), 0);
	event.peer = &other_peer;
	assert_true(match(filter, &event));
	filter_free(filter);
}

static void time_is_half_open(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	filter_set_time(filter, event.time, event.time + 1);
	assert_true(match(filter, &event));
	filter_set_time(filter, event.time + 1, UTC_NEVER);
	assert_false(match(filter, &event));
	filter_set_time(filter, UTC_NEVER, event.time);
	assert_false(match(filter, &event));
	filter_free(filter);
}

static void sorts_must_all_hold(void **state)
{
	struct filter *filter = filter_empty();
	struct event event = announce("175.45.177.0/24");

	(void)state;
	assert_int_equal(filter_add_origin(filter, VIEW("131279"), NULL), 0);
	assert_int_equal(filter_add_peer(filter, VIEW("30844"), NULL), 0);
	assert_true(match(filter, &event));
	assert_int_equal(filter_add_path(filter, VIEW("_174_"), NULL), 0);
	assert_false(match(filter, &event));
	filter_free(filter);
}

static void collectors(void **state)
{
	struct filter *filter = filter_empty();

	(void)state;
	assert_true(filter_wants_input(filter, "rrc06"));
	assert_int_equal(filter_add_collector(filter, VIEW("rrc23"), NULL), 0);
	assert_false(filter_wants_input(filter, "rrc06"));
	assert_true(filter_wants_input(filter, "rrc23"));
	assert_true(filter_is_plain(filter));	/* within an input nothing is left to ask */
	filter_free(filter);
}

static void records(void **state)
{
	/* RIB_IPV4_UNICAST of 175.45.177.0/24, sequence 7, no entries. */
	static const uint8_t rib[] = {
		0, 0, 0, 60, 0, 13, 0, 2, 0, 0, 0, 10, 0, 0, 0, 7, 24, 175, 45, 177, 0, 0,
	};
	const struct record_ref ref = { 0, 1, 0 };
	struct filter *filter = filter_empty();
	struct mrt_record record;

	(void)state;
	assert_true(mrt_record_parse(rib, sizeof(rib), &ref, &record));
	assert_true(filter_wants_record(filter, &record));
	assert_int_equal(filter_add_prefix(filter, VIEW("175.45.176.0/22"), FILTER_MORE_SPECIFIC, NULL), 0);
	assert_true(filter_wants_record(filter, &record));
	filter_set_time(filter, 61 * UTC_SECOND, UTC_NEVER);
	assert_false(filter_wants_record(filter, &record));
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_prefix(filter, VIEW("175.45.178.0/24"), FILTER_EXACT, NULL), 0);
	assert_false(filter_wants_record(filter, &record));
	record.len -= 4;	/* the prefix is cut: decoding will tell */
	assert_true(filter_wants_record(filter, &record));
	filter_free(filter);

	filter = filter_empty();
	assert_int_equal(filter_add_kinds(filter, VIEW("announce"), NULL), 0);
	assert_false(filter_wants_record(filter, &record));
	filter_free(filter);
}

static void mistakes_are_explained(void **state)
{
	struct filter *filter = filter_empty();
	struct err err;

	(void)state;
	assert_int_equal(filter_add_prefix(filter, VIEW("175.45.177.0/22"), FILTER_EXACT, &err), ERR_USAGE);
	assert_int_equal(filter_add_origin(filter, VIEW("4294967296"), &err), ERR_USAGE);
	assert_string_equal(err.text, "4294967296 is no AS number");
	assert_int_equal(filter_add_peer(filter, VIEW("somewhere"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("_(4837"), &err), ERR_USAGE);
	assert_memory_equal(err.text, "_(4837: ", 8);
	assert_int_equal(filter_add_path(filter, VIEW("_________(1)\\1"), &err), ERR_USAGE);
	/* What would take the memory of the machine. */
	assert_int_equal(filter_add_path(filter, VIEW("((1{255}){255}){255}"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("1{0,10001}"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("1++++++++++++++++++++++++++"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("\\+?++++++++++w+"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("((((((((((((((1+)+)+)+)+)+)+)+)+)+)+)+)+)+)"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("______________________"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("(_|1){20}"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("(_.*)(_1?)(_2?)(_3?)(_4?)(_5?)(_6?)(_7?)(_8?)"), &err), ERR_USAGE);
	assert_int_equal(filter_add_path(filter, VIEW("1{99999999999}"), &err), ERR_USAGE);
	assert_true(filter_is_plain(filter));
	assert_int_equal(filter_add_path(filter, VIEW("^1_2_3_4_5_6_7_8_9_10_11_12_13_14_15$"), &err), 0);
	assert_int_equal(filter_add_path(filter, VIEW("(1{2,30}2{1,3}){11} [{999999}]*"), &err), 0);
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_takes_the_ordinary_kinds),
		cmocka_unit_test(kinds),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(several_prefixes_are_alternatives),
		cmocka_unit_test(origin_and_as),
		cmocka_unit_test(path_expressions),
		cmocka_unit_test(path_expressions_of_many_events),
		cmocka_unit_test(peers),
		cmocka_unit_test(time_is_half_open),
		cmocka_unit_test(sorts_must_all_hold),
		cmocka_unit_test(collectors),
		cmocka_unit_test(records),
		cmocka_unit_test(mistakes_are_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
