/* SPDX-License-Identifier: BSD-2-Clause */
/* Items come out as they went in, those of updates with the gists of all their records. */
#include "inquiry/judge.h"

#include "wire/testing.h"
#include "wire/write.h"

#define ITEMS		40u
#define RECORDS		50u
#define TIME		(1419264000 * UTC_SECOND)

/* An item of one kind of records, and what it was made of. */
struct made {
	struct buf bytes;
	struct feed_item item;
	uint32_t prefixes;
};

static void put_record(struct made *made, uint32_t number, bool updates)
{
	const struct write_session session = {
		.peer = { { FAMILY_IPV4, { 192, 0, 2, 1 } }, 3356, 0 }, .local_asn = 12654,
		.local = { FAMILY_IPV4, { 192, 0, 2, 2 } },
	};
	struct prefix prefixes[3] = { { 0 } };

	if (!updates) {
		mrt_write_peer_index(&made->bytes, TIME, 1, "", &session.peer, 1);
		return;
	}
	if (number % 10 == 9) {
		mrt_write_state(&made->bytes, &session, TIME, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
		return;
	}
	for (uint32_t i = 0; i < 1 + number % 3; i++)
		prefixes[i] = prefix_from_wire(FAMILY_IPV4, 24, (uint8_t[]){ 8, (uint8_t)number, (uint8_t)i });
	made->prefixes += 1 + number % 3;
	mrt_write_withdraw(&made->bytes, &session, TIME, prefixes, 1 + number % 3);
}

static void make_item(struct made *made, uint32_t number)
{
	/* RIBs alone, next to each other, and between updates; a fault and an end among them. */
	bool updates = number > 2 && number % 5 != 3;

	*made = (struct made){ .item = { .kind = FEED_RECORDS, .input = number, .number = 1, .records = RECORDS } };
	if (number % 7 == 6) {
		made->item.kind = number % 2 ? FEED_FAULT : FEED_END;
		return;
	}
	for (uint32_t i = 0; i < RECORDS; i++)
		put_record(made, i, updates);
	assert_false(made->bytes.failed);
	made->item.bytes = (const uint8_t *)made->bytes.data;
	made->item.len = made->bytes.len;
}

static void assert_judged(const struct judged *judged, const struct made *made)
{
	uint32_t plain = 0, keys = 0;
	size_t at = 0;

	assert_int_equal(judged->item.kind, made->item.kind);
	assert_int_equal(judged->item.input, made->item.input);
	assert_ptr_equal(judged->item.bytes, made->item.bytes);
	assert_int_equal(judged->gists != NULL, made->prefixes > 0);
	for (uint32_t i = 0; judged->gists && i < RECORDS; i++) {
		const struct gist *gist = &judged->gists[i];

		for (uint32_t k = 0; k < gist->withdrawn.count; k++) {
			struct prefix prefix = prefix_from_key(judged->keys[keys++]);

			assert_int_equal(prefix.bytes[1], i);
			assert_int_equal(prefix.bytes[2], k);
		}
		plain += gist->plain;
		at += gist->len;
	}
	assert_int_equal(keys, made->prefixes);
	if (judged->gists) {
		assert_int_equal(plain, RECORDS - RECORDS / 10);
		assert_int_equal(at, made->item.len);
	}
}

static void order_with(unsigned threads)
{
	const struct judge_plan plan = { .threads = threads };
	static struct made items[ITEMS];
	const struct judged *judged;
	struct judge *judge;
	uint32_t put = 0, taken = 0;

	assert_int_equal(judge_new(&plan, &judge, NULL), 0);
	assert_null(judge_take(judge));
	while (taken < ITEMS) {
		for (; put < ITEMS && !judge_full(judge); put++) {
			make_item(&items[put], put);
			judge_put(judge, &items[put].item);
		}
		judged = judge_take(judge);
		assert_non_null(judged);
		assert_judged(judged, &items[taken++]);
	}
	assert_null(judge_take(judge));
	judge_free(judge);
	for (uint32_t i = 0; i < ITEMS; i++)
		buf_free(&items[i].bytes);
}

static void test_order(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads < 4; threads++)
		order_with(threads);
}

/* Left in the middle. */
static void test_left(void **state)
{
	const struct judge_plan plan = { .threads = 2 };

	(void)state;
	judge_free(NULL);
	for (uint32_t take = 0; take < 3; take++) {
		struct made items[8];
		struct judge *judge;
		uint32_t put = 0;

		assert_int_equal(judge_new(&plan, &judge, NULL), 0);
		for (; put < 8 && !judge_full(judge); put++) {
			make_item(&items[put], put + 4);
			judge_put(judge, &items[put].item);
		}
		for (uint32_t i = 0; i < take; i++)
			assert_non_null(judge_take(judge));
		judge_free(judge);
		for (uint32_t i = 0; i < put; i++)
			buf_free(&items[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
