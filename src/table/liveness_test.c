/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of docs/table.md, one by one. */
#include "table/test_world.h"

#define ESTABLISHED	BGP_STATE_ESTABLISHED
#define IDLE		BGP_STATE_IDLE

static void assert_interval(struct world *world, unsigned k, uint32_t i, int64_t from,
			    enum roster_why began, int64_t until, enum roster_why ended)
{
	const struct roster_intervals *intervals = &world_roster(world, k)->live_intervals;

	assert_true(i < intervals->count);
	assert_int_equal(world_second(intervals->at[i].from), from);
	assert_int_equal(intervals->at[i].began, began);
	if (until < 0) {
		assert_true(intervals->at[i].until == UTC_NEVER);
		return;
	}
	assert_int_equal(world_second(intervals->at[i].until), until);
	assert_int_equal(intervals->at[i].ended, ended);
}

static void assert_told(const struct vantage_change *change, bool live, enum roster_why why,
			int64_t since, int64_t noticed, bool cleared)
{
	assert_int_equal(change->live, live);
	assert_int_equal(change->why, why);
	assert_int_equal(world_second(change->since), since);
	assert_int_equal(world_second(change->noticed), noticed);
	assert_int_equal(change->cleared, cleared);
}

static void announce_many(struct world *world, int64_t second, unsigned k, uint32_t from,
			  uint32_t to)
{
	char path[64];

	for (uint32_t i = from; i < to; i++) {
		snprintf(path, sizeof(path), "%u 3356 %u", 64000 + k, 9000 + i);
		world_announce(world, second, k, world_network(i), path);
	}
}

static void keepalives(struct world *world, int64_t from, int64_t to, int64_t step, unsigned k)
{
	for (int64_t second = from; second <= to; second += step)
		world_message(world, second, k, BGP_KEEPALIVE);
}

static void test_updates_alone_never_make_live(void **state)
{
	struct world *world = world_new();

	(void)state;
	announce_many(world, 0, 1, 0, 500);
	world_clock(world, 7200);
	assert_false(world_roster(world, 1)->live);
	assert_int_equal(world->vantage_count, 0);
	assert_int_equal(world_roster(world, 1)->held4, 500);
	assert_int_equal(world->change_count, 500);
	world_free(world);
}

static void test_refill_until_quiet(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_state(world, 5, 1, IDLE, ESTABLISHED);
	announce_many(world, 10, 1, 0, 50);
	announce_many(world, 30, 1, 50, 100);
	/* Announced already: nothing new. */
	announce_many(world, 80, 1, 0, 10);
	assert_false(world_roster(world, 1)->live);
	world_clock(world, 119);
	assert_int_equal(world->vantage_count, 0);
	world_clock(world, 121);
	assert_int_equal(world->vantage_count, 1);
	assert_told(world_last(world), true, ROSTER_QUIET, 90, 120, false);
	assert_interval(world, 1, 0, 90, ROSTER_QUIET, -1, 0);
	assert_int_equal(world_roster(world, 1)->table4, 100);
	world_free(world);
}

static void test_refill_until_end_of_rib(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_state(world, 5, 1, IDLE, ESTABLISHED);
	world_end_of_rib(world, 6, 1, 1);
	assert_int_equal(world->vantage_count, 0);
	announce_many(world, 10, 1, 0, 50);
	world_end_of_rib(world, 20, 1, 1);
	assert_told(world_last(world), true, ROSTER_END_OF_RIB, 20, 20, false);
	/* The other family's end tells the size anew. */
	world_announce(world, 21, 1, world_prefix("2a00:1450::/32"), "64001 15169");
	world_end_of_rib(world, 22, 1, 2);
	assert_true(world_last(world)->again);
	assert_int_equal(world_roster(world, 1)->table6, 1);
	assert_int_equal(world_roster(world, 1)->live_intervals.count, 1);
	world_free(world);
}

static void test_end_of_rib_waits_for_the_other_family(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_state(world, 5, 1, IDLE, ESTABLISHED);
	world_announce(world, 6, 1, world_prefix("2a00:1450::/32"), "64001 15169");
	announce_many(world, 10, 1, 0, 50);
	world_end_of_rib(world, 20, 1, 1);
	assert_false(world_roster(world, 1)->live);
	world_end_of_rib(world, 21, 1, 2);
	assert_true(world_roster(world, 1)->live);
	world_state(world, 30, 2, IDLE, ESTABLISHED);
	world_announce(world, 31, 2, world_prefix("2a00:1450::/32"), "64002 15169");
	announce_many(world, 32, 2, 0, 50);
	world_end_of_rib(world, 33, 2, 2);
	assert_false(world_roster(world, 2)->live);
	world_end_of_rib(world, 34, 2, 1);
	assert_true(world_roster(world, 2)->live);
	world_free(world);
}

static void test_session_without_announcement_stays_blind(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_state(world, 0, 1, IDLE, ESTABLISHED);
	world_withdraw(world, 1, 1, world_network(1));
	world_clock(world, 7200);
	assert_false(world_roster(world, 1)->live);
	world_announce(world, 7200, 1, world_network(1), "64001 3356");
	world_clock(world, 7400);
	assert_true(world_roster(world, 1)->live);
	world_free(world);
}

static void test_session_down(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	world_forget_log(world);
	world_state(world, 100, 1, ESTABLISHED, IDLE);
	assert_int_equal(world->vantage_count, 1);
	assert_told(world_last(world), false, ROSTER_SESSION_DOWN, 100, 100, true);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 100, ROSTER_SESSION_DOWN);
	assert_string_equal(world_path(world, 1, world_network(7)), "-");
	assert_string_equal(world_path(world, 2, world_network(7)), "64002 3356 9007");
	assert_int_equal(world_roster(world, 1)->held4, 0);
	assert_int_equal(world_roster(world, 1)->session_losses, 1);
	assert_int_equal(table_network_held(world->table, 7), 1);
	/* No change of a route is told: `cleared` says it. */
	assert_int_equal(world->change_count, 0);
	/* Coming up and going down without a route in between is one loss more, told to nobody. */
	world_state(world, 110, 1, IDLE, ESTABLISHED);
	world_state(world, 120, 1, ESTABLISHED, IDLE);
	assert_int_equal(world->vantage_count, 1);
	assert_int_equal(world_roster(world, 1)->session_losses, 2);
	assert_int_equal(world_roster(world, 1)->states, 3);
	world_free(world);
}

static void test_states_that_never_reach_established(void **state)
{
	struct world *world = world_new();

	(void)state;
	for (int64_t i = 0; i < 20; i++) {
		world_state(world, 10 * i, 1, BGP_STATE_CONNECT, BGP_STATE_ACTIVE);
		world_state(world, 10 * i + 5, 1, BGP_STATE_ACTIVE, BGP_STATE_CONNECT);
	}
	/* Established, but never a route: outside of loss counts. */
	world_state(world, 300, 2, IDLE, ESTABLISHED);
	world_state(world, 310, 2, ESTABLISHED, IDLE);
	assert_int_equal(world_roster(world, 1)->states, 40);
	assert_int_equal(world_roster(world, 1)->session_losses, 0);
	assert_int_equal(world_roster(world, 2)->session_losses, 0);
	assert_false(world_roster(world, 2)->held_ever);
	assert_int_equal(world->vantage_count, 0);
	world_free(world);
}

static void test_session_up_without_down(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 50);
	world_announce(world, 40, 1, world_network(1), "64001 1");
	world_forget_log(world);
	world_state(world, 100, 1, IDLE, ESTABLISHED);
	assert_told(world_last(world), false, ROSTER_SESSION_UP, 40, 100, true);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 40, ROSTER_SESSION_UP);
	assert_int_equal(world_roster(world, 1)->session_losses, 1);
	announce_many(world, 101, 1, 0, 40);
	world_clock(world, 300);
	assert_told(world_last(world), true, ROSTER_QUIET, 161, 180, false);
	assert_int_equal(world_roster(world, 1)->table4, 40);
	assert_int_equal(world->vantage_count, 2);
	world_free(world);
}

static void test_open_begins_a_session(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 50);
	world_forget_log(world);
	world_message(world, 100, 1, BGP_OPEN);
	assert_told(world_last(world), false, ROSTER_SESSION_UP, 100, 100, true);
	world_message(world, 100, 1, BGP_OPEN);
	world_state(world, 101, 1, BGP_STATE_OPEN_CONFIRM, ESTABLISHED);
	assert_int_equal(world->vantage_count, 1);
	assert_int_equal(world_roster(world, 1)->session_losses, 1);
	announce_many(world, 102, 1, 0, 50);
	/* States are recorded after all: an OPEN alone means nothing any more. */
	world_message(world, 103, 1, BGP_OPEN);
	assert_int_equal(world_roster(world, 1)->held4, 50);
	world_end_of_rib(world, 104, 1, 1);
	assert_true(world_roster(world, 1)->live);
	world_free(world);
}

static void test_notification_ends_a_session(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 50);
	world_message(world, 100, 1, BGP_NOTIFICATION);
	assert_told(world_last(world), false, ROSTER_SESSION_DOWN, 100, 100, true);
	world_free(world);
}

/* 120 messages, the longest gap 20 s: silence is 300 s (silence_min). */
static void test_silence(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	keepalives(world, 10, 2390, 20, 1);
	world_forget_log(world);
	/* The collector is heard by another one. */
	/* 300 s are over at 2690, which the whole minute behind it tells. */
	keepalives(world, 2400, 2699, 20, 2);
	assert_int_equal(world->vantage_count, 0);
	world_message(world, 2720, 2, BGP_KEEPALIVE);
	assert_int_equal(world->vantage_count, 1);
	assert_told(world_last(world), false, ROSTER_SILENCE, 2390, 2700, false);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 2390, ROSTER_SILENCE);
	/* Routes are kept as far as known, and hearing it again does not make it live. */
	assert_int_equal(world_roster(world, 1)->held4, 50);
	world_message(world, 2800, 1, BGP_KEEPALIVE);
	assert_false(world_roster(world, 1)->live);
	assert_int_equal(world_roster(world, 1)->longest_gap, 20 * UTC_SECOND);
	world_free(world);
}

/* A gap of 100 s was usual: silence is four times that. */
static void test_silence_follows_the_longest_gap(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	keepalives(world, 10, 1190, 10, 1);
	keepalives(world, 1290, 1300, 10, 1);
	keepalives(world, 1310, 1700, 10, 2);
	assert_true(world_roster(world, 1)->live);
	world_clock(world, 1740);
	assert_false(world_roster(world, 1)->live);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 1300, ROSTER_SILENCE);
	world_free(world);
}

static void test_silence_that_cannot_be_told(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	/* 1: too few messages to know; 2: gaps of ten minutes are usual for it. */
	keepalives(world, 10, 500, 10, 1);
	world_clock(world, 600);
	for (int64_t i = 0; i < 120; i++) {
		world_message(world, 600 + 60 * i, 2, BGP_KEEPALIVE);
		if (i == 50)
			world_clock(world, 600 + 60 * i);
	}
	assert_true(world_roster(world, 1)->live);
	world_free(world);

	world = world_new();
	world_rib(world, 0, 2, 50);
	for (int64_t i = 0; i < 120; i++)
		world_message(world, 480 * i, 2, BGP_KEEPALIVE);
	world_clock(world, 480 * 120 + 100000);
	assert_true(world_roster(world, 2)->live);
	world_free(world);
}

/* A RIB is a sign of the session, too: from there silence counts. */
static void test_rib_breaks_silence(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 50);
	keepalives(world, 10, 2000, 10, 1);
	world_rib(world, 2200, 1, 50);
	world_clock(world, 2460);
	assert_true(world_roster(world, 1)->live);
	world_clock(world, 2580);
	assert_false(world_roster(world, 1)->live);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 2200, ROSTER_COLLECTOR_SILENCE);
	world_free(world);
}

static void test_collector_silence(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 3, 50);
	/* Each alone is too quiet to be told silent; the collector is not. */
	for (int64_t i = 0; i < 150; i++)
		world_message(world, 10 * i, 1 + i % 2, BGP_KEEPALIVE);
	world_forget_log(world);
	world_clock(world, 3600);
	assert_int_equal(world->vantage_count, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_told(&world->vantages[i], false, ROSTER_COLLECTOR_SILENCE, 1490, 1800,
			    false);
	/* The next RIB makes them live again, and the long gap did not become usual. */
	world_rib(world, 3600, 3, 50);
	for (int64_t i = 0; i < 150; i++)
		world_message(world, 3610 + 10 * i, 1 + i % 2, BGP_KEEPALIVE);
	assert_true(world_roster(world, 3)->live);
	world_clock(world, 9000);
	assert_false(world_roster(world, 3)->live);
	assert_interval(world, 3, 1, 3600, ROSTER_RIB, 5100, ROSTER_COLLECTOR_SILENCE);
	world_free(world);
}

/* Not memcmp(): there is padding. */
static void assert_same_change(const struct vantage_change *a, const struct vantage_change *b)
{
	assert_int_equal(a->vantage, b->vantage);
	assert_int_equal(a->live, b->live);
	assert_int_equal(a->cleared, b->cleared);
	assert_int_equal(a->why, b->why);
	assert_int_equal(a->since, b->since);
	assert_int_equal(a->noticed, b->noticed);
	assert_int_equal(a->again, b->again);
}

/* A gap while nobody was live says nothing of what is usual. */
static void test_gap_while_blind(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 2, 50);
	keepalives(world, 10, 1500, 10, 1);
	world_message(world, 4500, 1, BGP_KEEPALIVE);
	world_rib(world, 4600, 2, 50);
	keepalives(world, 4610, 5000, 10, 1);
	world_clock(world, 5400);
	assert_false(world_roster(world, 2)->live);
	assert_interval(world, 2, 1, 4600, ROSTER_RIB, 5000, ROSTER_COLLECTOR_SILENCE);
	world_free(world);
}

/* Silence is noticed in a gap of the stream as if time had passed minute by minute. */
static void test_silence_across_a_gap(void **state)
{
	struct world *world[2] = { world_new(), world_new() };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		world_rib(world[i], 0, 2, 50);
		keepalives(world[i], 10, 2390, 20, 1);
		for (int64_t second = 2391; i == 1 && second < 9000; second += 7)
			world_clock(world[i], second);
		world_message(world[i], 9000, 1, BGP_KEEPALIVE);
	}
	assert_int_equal(world[0]->vantage_count, world[1]->vantage_count);
	for (uint32_t i = 0; i < world[0]->vantage_count; i++)
		assert_same_change(&world[0]->vantages[i], &world[1]->vantages[i]);
	assert_false(world_roster(world[0], 1)->live);
	world_free(world[0]);
	world_free(world[1]);
}

static void test_announced_again(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 200);
	world_announce(world, 50, 1, world_network(3), "64001 7");
	world_forget_log(world);
	/* Lost after 50, back at 400: 99 of 200 are not half of the table, the hundredth is. */
	announce_many(world, 400, 1, 0, 99);
	assert_true(world_roster(world, 1)->live);
	world_announce(world, 401, 1, world_network(98), "64001 8");
	assert_true(world_roster(world, 1)->live);
	world_announce(world, 401, 1, world_network(99), "64001 9");
	assert_int_equal(world->vantage_count, 1);
	assert_told(world_last(world), false, ROSTER_ANNOUNCED_AGAIN, 50, 401, false);
	assert_int_equal(world_roster(world, 1)->session_losses, 1);
	assert_int_equal(world_roster(world, 1)->held4, 200);
	/* The rest of the table, all but the last 20; one more that is new. */
	announce_many(world, 402, 1, 100, 180);
	announce_many(world, 420, 1, 500, 501);
	world_forget_log(world);
	world_clock(world, 540);
	/* 20 purged, told before it is live. */
	assert_int_equal(world->change_count, 20);
	assert_int_equal(world->changes[0].why, CHANGE_PURGE);
	assert_int_equal(world->changes[0].network, 180);
	assert_int_equal(world->changes[0].after, PATH_NONE);
	assert_told(world_last(world), true, ROSTER_QUIET, 480, 540, false);
	assert_int_equal(world_roster(world, 1)->held4, 181);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 50, ROSTER_ANNOUNCED_AGAIN);
	assert_interval(world, 1, 1, 480, ROSTER_QUIET, -1, 0);
	world_free(world);
}

/*
 * The same number of announcements, but spread beyond the window, or of few networks, or of a
 * small table.
 */
static void test_not_announced_again(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_rib(world, 0, 1, 200);
	announce_many(world, 10, 1, 0, 80);
	announce_many(world, 320, 1, 80, 160);
	announce_many(world, 640, 1, 160, 200);
	for (unsigned i = 0; i < 10; i++)
		announce_many(world, 650 + i, 1, 0, 10);
	assert_true(world_roster(world, 1)->live);
	world_free(world);

	world = world_new();
	world_rib(world, 0, 1, 99);
	announce_many(world, 10, 1, 0, 99);
	assert_true(world_roster(world, 1)->live);
	world_free(world);
}

static void test_damage(void **state)
{
	struct world *world = world_new();
	struct table_source *other;
	struct err err;

	(void)state;
	assert_int_equal(table_source_new(world->table, "rrc99", &other, &err), 0);
	world_rib(world, 0, 2, 50);
	world_state(world, 10, 3, IDLE, ESTABLISHED);
	announce_many(world, 15, 3, 0, 10);
	world_announce(world, 20, 1, world_network(1), "64001 1");
	world_clock(world, 30);
	world_forget_log(world);
	assert_int_equal(table_damage(world->table, other, &err), 0);
	assert_int_equal(world->vantage_count, 0);
	assert_int_equal(table_damage(world->table, world->source, &err), 0);
	assert_int_equal(world->vantage_count, 2);
	assert_told(&world->vantages[0], false, ROSTER_DAMAGE, 20, 30, false);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 20, ROSTER_DAMAGE);
	assert_int_equal(world_roster(world, 1)->held4, 50);
	/* The refill of the third has a hole. */
	world_clock(world, 600);
	assert_false(world_roster(world, 3)->live);
	/* Inside a RIB it is only the RIB that is not whole. */
	world_rib(world, 700, 2, 50);
	world_rib_begin(world, 4000, 2);
	world_forget_log(world);
	assert_int_equal(table_damage(world->table, world->source, &err), 0);
	assert_int_equal(world->vantage_count, 0);
	world_free(world);
}

static void test_horizon_bounds_since(void **state)
{
	struct table_parameters parameters = table_parameters_default();
	struct world *world = world_new();
	int64_t horizon = table_horizon(&parameters) / UTC_SECOND;

	(void)state;
	world_rib(world, 0, 1, 50);
	world_state(world, 10000, 1, IDLE, ESTABLISHED);
	assert_told(world_last(world), false, ROSTER_SESSION_UP, 10000 - horizon, 10000, true);
	/* The roster has the truth: nothing was heard of it after the RIB. */
	assert_int_equal(world_roster(world, 1)->live_intervals.count, 0);
	world_free(world);
}

static void test_end(void **state)
{
	struct world *world = world_new();
	struct err err;

	(void)state;
	world_rib(world, 0, 1, 50);
	world_state(world, 100, 2, IDLE, ESTABLISHED);
	world_announce(world, 110, 2, world_network(1), "64002 1");
	world_clock(world, 165);
	assert_int_equal(table_end(world->table, &err), 0);
	assert_interval(world, 1, 0, 0, ROSTER_RIB, 165, ROSTER_END_OF_DATA);
	/* Not quiet for long enough: whether it was complete is not known. */
	assert_int_equal(world_roster(world, 2)->live_intervals.count, 0);
	world_free(world);
}

static void test_counts(void **state)
{
	struct world *world = world_new();
	struct event event = { .kind = EVENT_WITHDRAW, .prefix = world_network(1) };
	struct peer peer = world_peer(1);
	struct err err;

	(void)state;
	/* Two networks of one record are one message. */
	world_withdraw(world, 5, 1, world_network(1));
	event.time = world_time(5);
	event.ref.number = world->record;
	event.peer = &peer;
	event.peer_index = UINT32_MAX;
	event.prefix = world_network(2);
	assert_int_equal(table_event(world->table, world->source, &event, &err), 0);
	world_withdraw(world, 7, 1, world_network(1));
	/* What a RIB holds of other families is no message. */
	event.kind = EVENT_OTHER_FAMILY;
	event.ref.number = 1000;
	event.peer_index = 0;
	assert_int_equal(table_event(world->table, world->source, &event, &err), 0);
	assert_int_equal(world_roster(world, 1)->messages, 2);
	assert_int_equal(world_roster(world, 1)->withdrawals, 3);
	assert_int_equal(world_second(world_roster(world, 1)->first_heard), 5);
	assert_int_equal(world_second(world_roster(world, 1)->last_heard), 7);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_updates_alone_never_make_live),
		cmocka_unit_test(test_refill_until_quiet),
		cmocka_unit_test(test_refill_until_end_of_rib),
		cmocka_unit_test(test_end_of_rib_waits_for_the_other_family),
		cmocka_unit_test(test_session_without_announcement_stays_blind),
		cmocka_unit_test(test_session_down),
		cmocka_unit_test(test_states_that_never_reach_established),
		cmocka_unit_test(test_session_up_without_down),
		cmocka_unit_test(test_open_begins_a_session),
		cmocka_unit_test(test_notification_ends_a_session),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_silence_follows_the_longest_gap),
		cmocka_unit_test(test_silence_that_cannot_be_told),
		cmocka_unit_test(test_rib_breaks_silence),
		cmocka_unit_test(test_collector_silence),
		cmocka_unit_test(test_gap_while_blind),
		cmocka_unit_test(test_silence_across_a_gap),
		cmocka_unit_test(test_announced_again),
		cmocka_unit_test(test_not_announced_again),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_horizon_bounds_since),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
