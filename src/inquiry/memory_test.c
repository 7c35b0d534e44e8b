/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory runs out at any place: the whole chain is run again and again over a night of recordings in all packings, and each time
 * another of its allocations is refused. Either it says so, or the finding is the same; and nothing is left behind that
 * a later run would stumble over. (Leaks are the sanitizers' to find, in the runs of the program as a whole.)
 */
#include "base/testing_memory.h"
#include "inquiry/test_world.h"
#include "place/testing.h"

#ifndef CONSTAT_SANITIZED

#define RUNS 260

/* The finding as JSON; `refuse` 0: no allocation. */
static int ask(enum question_kind kind, struct files *files, struct place *place, unsigned threads, long refuse, struct buf *out)
{
	struct question question = {
		.kind = kind, .country = kind == QUESTION_REPORT ? COUNTRY('K', 'P') : COUNTRY_UNKNOWN,
		.from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER, .parameters = measure_parameters_default,
	};
	const struct inquiry inquiry = {
		.question = &question, .inputs = files->inputs, .input_count = files->count,
		.opener = { .context = files, .open = files_open }, .feed = { .threads = threads, .hash = true },
		.place = testing_place_get, .place_context = place, .program = "constat test",
	};
	struct finding finding = { 0 };
	struct err err = { 0 };
	int code;

	question.parameters.full_feed_ipv4 = 200;
	question.parameters.full_feed_ipv6 = 80;
	testing_memory_refuse(refuse);
	code = inquiry_run(&inquiry, &finding, &err);
	if (code == 0)
		code = finding_encode(&finding, false, out, &err);
	testing_memory_stop();
	finding_free(&finding);
	return code;
}

static void check(enum question_kind kind, unsigned threads)
{
	struct world *world = world_night();
	struct place *place = testing_loaded(WORLD_REGISTRY);
	struct files *files = world_files(world, 2 * UTC_HOUR);
	struct buf want = { 0 };
	long all, step;
	unsigned said = 0;

	files_compress(files);
	assert_int_equal(ask(kind, files, place, threads, 0, &want), 0);
	all = testing_memory_stop();
	step = all / RUNS + 1;
	for (long refuse = 1; refuse < all; refuse += refuse < RUNS / 2 ? 1 : step) {
		struct buf got = { 0 };
		int code = ask(kind, files, place, threads, refuse, &got);

		if (code == 0) {
			size_t i = 0;

			while (i < want.len && i < got.len && want.data[i] == got.data[i])
				i++;
			if (got.len != want.len || i < want.len)
				fail_msg("allocation %ld of %ld refused: %.*s\ninstead of %.*s", refuse, all,
					 (int)(got.len - i < 200 ? got.len - i : 200), got.data + i,
					 (int)(want.len - i < 200 ? want.len - i : 200), want.data + i);
		} else if (code != ERR_MEMORY && code != ERR_SYSTEM) {
			fail_msg("allocation %ld of %ld refused: error %d", refuse, all, code);
		}
		said += code != 0;
		buf_free(&got);
	}
	assert_true(said > RUNS / 2);
	buf_free(&want);
	files_free(files);
	place_free(place);
	world_free(world);
}

static void one_thread(void **state)
{
	(void)state;
	check(QUESTION_REPORT, 1);
}

static void threads(void **state)
{
	(void)state;
	check(QUESTION_OUTAGES, 2);
}

static void information(void **state)
{
	(void)state;
	check(QUESTION_INFO, 1);
}

#endif

int main(void)
{
#ifdef CONSTAT_SANITIZED
	return 0;
#else
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread), cmocka_unit_test(threads), cmocka_unit_test(information),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
