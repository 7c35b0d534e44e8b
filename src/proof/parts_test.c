/* SPDX-License-Identifier: BSD-2-Clause */
/* Where two structs differ, for a field of each type, with the words for it; long values and deep paths are shown in part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proof/parts.h"

struct inner {
	const char *text;
};

struct all {
	uint32_t u32;
	uint64_t u64;
	int64_t i64, time;
	bool yes;
	const char *text;
	struct inner object;
	struct inner *part;
	struct inner *list;
	uint32_t list_count;
	uint32_t *numbers;
	uint32_t number_count;
};

static const struct field inner_fields[] = {
	{ "text", FIELD_TEXT, offsetof(struct inner, text), 0, NULL },
};
static const struct schema inner_schema = { "inner", sizeof(struct inner), inner_fields, 1 };

#define F(name, type) { #name, type, offsetof(struct all, name), 0, NULL }
static const struct field fields[] = {
	F(u32, FIELD_U32), F(u64, FIELD_U64), F(i64, FIELD_I64), F(time, FIELD_TIME), F(yes, FIELD_BOOL), F(text, FIELD_TEXT),
	{ "object", FIELD_OBJECT, offsetof(struct all, object), 0, &inner_schema },
	{ "part", FIELD_PART, offsetof(struct all, part), 0, &inner_schema },
	{ "list", FIELD_LIST, offsetof(struct all, list), offsetof(struct all, list_count), &inner_schema },
	{ "numbers", FIELD_U32_LIST, offsetof(struct all, numbers), offsetof(struct all, number_count), NULL },
};
static const struct schema schema = { "all", sizeof(struct all), fields, sizeof(fields) / sizeof(fields[0]) };

static void assert_differs(const struct all *left, const struct all *right, const char *path, const char *want)
{
	struct buf out = { 0 };

	assert_true(proof_difference(&schema, path, left, right, &out));
	buf_char(&out, '\0');
	assert_string_equal(out.data, want);
	buf_free(&out);
}

static void types(void **state)
{
	struct inner one = { "one" }, other = { "other" }, list[] = { { "a" }, { "b" } }, list2[] = { { "a" }, { "c" } };
	uint32_t numbers[] = { 1, 2 }, numbers2[] = { 1, 3 };
	const struct all base = {
		.text = "text", .object = one, .part = &one, .list = list, .list_count = 2, .numbers = numbers, .number_count = 2,
	};
	struct all differs = base;
	struct buf out = { 0 };

	(void)state;
	assert_false(proof_difference(&schema, "it", &base, &differs, &out));
	assert_int_equal(out.len, 0);
#define DIFFERS(place, value, path, want)			\
	do {							\
		differs = base;					\
		differs.place = (value);			\
		assert_differs(&base, &differs, path, want);	\
	} while (0)
	DIFFERS(u32, 4294967295u, "it", "it.u32: recomputed 0, said 4294967295");
	DIFFERS(u64, 5, "it", "it.u64: recomputed 0, said 5");
	DIFFERS(i64, -5, "it", "it.i64: recomputed 0, said -5");
	DIFFERS(time, 1000000, "it", "it.time: recomputed \"1970-01-01T00:00:00Z\", said \"1970-01-01T00:00:01Z\"");
	DIFFERS(yes, true, "", "yes: recomputed false, said true");
	DIFFERS(text, "word", "", "text: recomputed \"text\", said \"word\"");
	DIFFERS(text, NULL, "", "text: recomputed \"text\", said \"\"");
	DIFFERS(object, other, "it", "it.object.text: recomputed \"one\", said \"other\"");
	DIFFERS(part, &other, "it", "it.part.text: recomputed \"one\", said \"other\"");
	DIFFERS(part, NULL, "it", "it.part: recomputed there, said not there");
	DIFFERS(list, list2, "it", "it.list[1].text: recomputed \"b\", said \"c\"");
	DIFFERS(list_count, 1, "it", "it.list: recomputed 2 of them, said 1");
	DIFFERS(numbers, numbers2, "it", "it.numbers: recomputed [1,2], said [1,3]");
	DIFFERS(number_count, 0, "it", "it.numbers: recomputed 2 of them, said 0");
	/* The first one is named, and the other way round it is the other way round. */
	differs = base;
	differs.text = "x";
	differs.part = NULL;
	assert_differs(&differs, &base, "it", "it.text: recomputed \"x\", said \"text\"");
	differs.text = base.text;
	assert_differs(&differs, &base, "it", "it.part: recomputed not there, said there");
}

/* Nothing on both sides is no difference. */
static void nothing(void **state)
{
	struct all left = { .text = "" }, right = { .text = NULL };
	struct buf out = { 0 };

	(void)state;
	assert_false(proof_difference(&schema, "it", &left, &right, &out));
	right.text = "something";
	assert_differs(&left, &right, "it", "it.text: recomputed \"\", said \"something\"");
	left.text = NULL;
	assert_differs(&left, &right, "it", "it.text: recomputed \"\", said \"something\"");
}

static void long_ones(void **state)
{
	char text[200], path[400], want[400];
	struct all left = { .text = "" }, right = { .text = text };

	(void)state;
	memset(text, 't', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	snprintf(want, sizeof(want), "it.text: recomputed \"\", said \"%.59s", text);
	assert_differs(&left, &right, "it", want);
	/* A path longer than any: what differs is told all the same. */
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	memset(want, 'p', 199);
	strcpy(want + 199, ": recomputed 0, said 1");
	right = left;
	right.u32 = 1;
	assert_differs(&left, &right, path, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types), cmocka_unit_test(nothing), cmocka_unit_test(long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
