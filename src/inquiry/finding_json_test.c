/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The finding as JSON. Findings are filled by walking the schema, so that a field added to it is
 * tested the day it is added; jansson, sorting its keys, says what canonical is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "inquiry/finding.h"

#define ITEMS 2u	/* in each list */

/* Numbers each value, so that no two are alike. */
struct filler {
	struct arena *arena;
	uint32_t next;
	bool parts;
};

static void fill(struct filler *filler, const struct schema *schema, char *item);

static void fill_list(struct filler *filler, const struct field *field, char *item)
{
	size_t size = field->type == FIELD_LIST ? field->of->size : sizeof(uint32_t);
	char *items = arena_zalloc(filler->arena, ITEMS * size);
	uint32_t count = ITEMS;

	assert_non_null(items);
	for (uint32_t i = 0; i < ITEMS; i++) {
		if (field->type == FIELD_LIST)
			fill(filler, field->of, items + i * size);
		else
			memcpy(items + i * size, &(uint32_t){ UINT32_MAX - filler->next++ }, size);
	}
	memcpy(item + field->offset, &items, sizeof(items));
	memcpy(item + field->count_offset, &count, sizeof(count));
}

static void fill_text(struct filler *filler, char *at)
{
	char *text = arena_zalloc(filler->arena, 64);

	assert_non_null(text);
	snprintf(text, 64, "text %u \"quoted\" \\ tab\t 조선", filler->next++);
	memcpy(at, &text, sizeof(text));
}

static void fill(struct filler *filler, const struct schema *schema, char *item)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct field *field = &schema->fields[i];
		char *at = item + field->offset, *part;

		switch (field->type) {
		case FIELD_TEXT:
			fill_text(filler, at);
			break;
		case FIELD_U32:
			memcpy(at, &(uint32_t){ UINT32_MAX - filler->next++ }, sizeof(uint32_t));
			break;
		case FIELD_U64:
			memcpy(at, &(uint64_t){ ((uint64_t)1 << 53) - filler->next++ }, sizeof(uint64_t));
			break;
		case FIELD_I64:
			memcpy(at, &(int64_t){ -(int64_t)filler->next++ }, sizeof(int64_t));
			break;
		case FIELD_TIME:
			filler->next++;
			memcpy(at, &(int64_t){ filler->next % 3 ? 1419349260 * UTC_SECOND + filler->next * 500003
								: UTC_NEVER }, sizeof(int64_t));
			break;
		case FIELD_BOOL:
			memcpy(at, &(bool){ filler->next++ & 1 }, sizeof(bool));
			break;
		case FIELD_OBJECT:
			fill(filler, field->of, at);
			break;
		case FIELD_PART:
			if (!filler->parts)
				break;
			part = arena_zalloc(filler->arena, field->of->size);
			assert_non_null(part);
			fill(filler, field->of, part);
			memcpy(at, &part, sizeof(part));
			break;
		case FIELD_LIST:
		case FIELD_U32_LIST:
			fill_list(filler, field, item);
			break;
		}
	}
}

static void finding_filled(struct finding *finding, bool parts)
{
	struct filler filler = { &finding->arena, 1, parts };

	*finding = (struct finding){ 0 };
	fill(&filler, &finding_schema, (char *)finding);
}

static struct buf encoded(const struct finding *finding, bool pretty)
{
	struct buf out = { 0 };

	assert_int_equal(finding_encode(finding, pretty, &out, NULL), 0);
	buf_char(&out, '\0');
	assert_false(out.failed);
	out.len--;
	return out;
}

/* Field by field: what two findings hold is the same. */
static void assert_same(const struct schema *schema, const char *a, const char *b)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct field *field = &schema->fields[i];
		const char *left = a + field->offset, *right = b + field->offset;
		const char *left_at, *right_at;
		uint32_t left_count, right_count;

		switch (field->type) {
		case FIELD_TEXT:
			memcpy(&left_at, left, sizeof(left_at));
			memcpy(&right_at, right, sizeof(right_at));
			assert_string_equal(left_at, right_at);
			break;
		case FIELD_U32:
			assert_memory_equal(left, right, sizeof(uint32_t));
			break;
		case FIELD_U64:
		case FIELD_I64:
		case FIELD_TIME:
			assert_memory_equal(left, right, sizeof(uint64_t));
			break;
		case FIELD_BOOL:
			assert_memory_equal(left, right, sizeof(bool));
			break;
		case FIELD_OBJECT:
			assert_same(field->of, left, right);
			break;
		case FIELD_PART:
			memcpy(&left_at, left, sizeof(left_at));
			memcpy(&right_at, right, sizeof(right_at));
			assert_true(!left_at == !right_at);
			if (left_at)
				assert_same(field->of, left_at, right_at);
			break;
		case FIELD_LIST:
		case FIELD_U32_LIST:
			memcpy(&left_at, left, sizeof(left_at));
			memcpy(&right_at, right, sizeof(right_at));
			memcpy(&left_count, a + field->count_offset, sizeof(left_count));
			memcpy(&right_count, b + field->count_offset, sizeof(right_count));
			assert_int_equal(left_count, right_count);
			if (field->type == FIELD_U32_LIST)
				assert_memory_equal(left_at, right_at, left_count * sizeof(uint32_t));
			for (uint32_t k = 0; field->type == FIELD_LIST && k < left_count; k++)
				assert_same(field->of, left_at + k * field->of->size, right_at + k * field->of->size);
			break;
		}
	}
}

static void check_there_and_back(bool parts, bool pretty)
{
	struct finding finding, again = { 0 };
	struct buf first, second;

	finding_filled(&finding, parts);
	first = encoded(&finding, pretty);
	assert_int_equal(finding_decode(first.data, first.len, &again, NULL), 0);
	assert_same(&finding_schema, (const char *)&finding, (const char *)&again);
	second = encoded(&again, pretty);
	assert_int_equal(first.len, second.len);
	assert_string_equal(first.data, second.data);
	buf_free(&first);
	buf_free(&second);
	finding_free(&finding);
	finding_free(&again);
	assert_null(again.roster);
}

static void there_and_back(void **state)
{
	(void)state;
	check_there_and_back(true, false);
	check_there_and_back(true, true);
	check_there_and_back(false, false);
	check_there_and_back(false, true);
}

/* RFC 8785: as jansson writes it with sorted keys and no blanks. */
static void canonical(void **state)
{
	struct finding finding;
	struct buf ours, pretty;
	json_t *tree;
	char *theirs;

	(void)state;
	finding_filled(&finding, true);
	ours = encoded(&finding, false);
	pretty = encoded(&finding, true);
	tree = json_loadb(ours.data, ours.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(tree);
	theirs = json_dumps(tree, JSON_SORT_KEYS | JSON_COMPACT);
	assert_string_equal(ours.data, theirs);
	json_text_free(theirs);
	json_decref(tree);
	/* Pretty says the same. */
	tree = json_loadb(pretty.data, pretty.len, JSON_REJECT_DUPLICATES, NULL);
	theirs = json_dumps(tree, JSON_SORT_KEYS | JSON_COMPACT);
	assert_string_equal(ours.data, theirs);
	assert_string_equal(pretty.data + pretty.len - 3, "\n}\n");
	json_text_free(theirs);
	json_decref(tree);
	buf_free(&ours);
	buf_free(&pretty);
	finding_free(&finding);
}

static void check_limit_text(const char *text, const char *json)
{
	struct finding_limit limit = { "code", text };
	struct buf out = { 0 };
	char want[200];

	snprintf(want, sizeof(want), "{\"code\":\"code\",\"text\":%s}", json);
	assert_int_equal(finding_encode_part(finding_field("result.limits")->of, &limit, &out, NULL), 0);
	buf_char(&out, '\0');
	assert_string_equal(out.data, want);
	buf_free(&out);
}

/* RFC 8785 section 3.2.2.2; what is no UTF-8 must not make the whole finding unreadable. */
static void escapes(void **state)
{
	(void)state;
	check_limit_text("a/b", "\"a/b\"");
	check_limit_text("\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
	check_limit_text("\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"");
	check_limit_text("€ 조선 \xf0\x9f\x8c\x8d", "\"€ 조선 \xf0\x9f\x8c\x8d\"");
	check_limit_text("a\xff" "b", "\"a\xef\xbf\xbd" "b\"");
	check_limit_text(NULL, "\"\"");
}

/* RFC 8785 section 3.2.2.3: beyond 2^53 a double holds no integer for sure. */
static void large_integers(void **state)
{
	struct finding finding;
	struct finding again = { 0 };
	struct buf out;

	(void)state;
	finding_filled(&finding, true);
	finding.result.coverage.announcements = UINT64_MAX;
	finding.result.coverage.withdrawals = ((uint64_t)1 << 53) - 1;
	finding.question.parameters[0].value = INT64_MAX;
	finding.question.parameters[1].value = INT64_MIN + 1;
	out = encoded(&finding, false);
	assert_non_null(strstr(out.data, "\"announcements\":9007199254740992,"));
	assert_non_null(strstr(out.data, "\"withdrawals\":9007199254740991}"));
	assert_int_equal(finding_decode(out.data, out.len, &again, NULL), 0);
	assert_true(again.result.coverage.announcements == (uint64_t)1 << 53);
	assert_true(again.question.parameters[0].value == (int64_t)1 << 53);
	assert_true(again.question.parameters[1].value == -((int64_t)1 << 53));
	buf_free(&out);
	finding_free(&finding);
	finding_free(&again);
}

/* A filled finding as a tree, to be spoiled. */
static json_t *filled_tree(void)
{
	struct finding finding;
	struct buf out;
	json_t *tree;

	finding_filled(&finding, true);
	out = encoded(&finding, false);
	tree = json_loadb(out.data, out.len, 0, NULL);
	assert_non_null(tree);
	buf_free(&out);
	finding_free(&finding);
	return tree;
}

/* Takes the tree. */
static void assert_refused(json_t *tree, const char *why)
{
	char *text = json_dumps(tree, JSON_COMPACT);
	struct finding finding = { .method = 77 };
	struct err err = { 0 };

	assert_int_equal(finding_decode(text, strlen(text), &finding, &err), ERR_FORMAT);
	assert_string_equal(err.text, why);
	assert_int_equal(finding.method, 77);
	json_text_free(text);
	json_decref(tree);
}

static void refusals(void **state)
{
	json_t *tree, *at;

	(void)state;
	tree = filled_tree();
	json_object_del(json_object_get(json_object_get(tree, "result"), "coverage"), "collectors");
	assert_refused(tree, "finding: result.coverage.collectors: missing");

	tree = filled_tree();
	at = json_array_get(json_object_get(tree, "roster"), 1);
	json_object_set_new(at, "peer_as", json_string("4837"));
	assert_refused(tree, "finding: roster[1].peer_as: an integer was expected");

	tree = filled_tree();
	at = json_array_get(json_object_get(tree, "roster"), 0);
	json_object_set_new(at, "peer_as", json_integer((json_int_t)UINT32_MAX + 1));
	assert_refused(tree, "finding: roster[0].peer_as: a number over 4,294,967,295");

	tree = filled_tree();
	at = json_array_get(json_object_get(tree, "roster"), 0);
	json_object_set_new(at, "messages", json_integer(-1));
	assert_refused(tree, "finding: roster[0].messages: a number below zero");

	tree = filled_tree();
	at = json_array_get(json_object_get(tree, "gaps"), 1);
	json_object_set_new(at, "until", json_string("yesterday"));
	assert_refused(tree, "finding: gaps[1].until: no time of RFC 3339");

	tree = filled_tree();
	json_object_set_new(json_object_get(tree, "question"), "from", json_integer(0));
	assert_refused(tree, "finding: question.from: a time or null was expected");

	tree = filled_tree();
	json_object_set_new(json_object_get(tree, "question"), "kind", json_null());
	assert_refused(tree, "finding: question.kind: a text was expected");

	tree = filled_tree();
	json_object_set_new(json_object_get(json_object_get(tree, "result"), "coverage"), "rib", json_integer(1));
	assert_refused(tree, "finding: result.coverage.rib: true or false was expected");

	tree = filled_tree();
	json_object_set_new(json_object_get(json_object_get(tree, "result"), "coverage"), "colour", json_true());
	assert_refused(tree, "finding: result.coverage: a key that findings do not have");

	tree = filled_tree();
	json_object_set_new(tree, "gaps", json_object());
	assert_refused(tree, "finding: gaps: a list was expected");

	tree = filled_tree();
	json_object_set_new(json_object_get(tree, "result"), "census", json_array());
	assert_refused(tree, "finding: result.census: an object was expected");

	tree = filled_tree();
	at = json_array_get(json_object_get(json_object_get(json_object_get(tree, "result"), "report"),
					    "instabilities"), 0);
	json_array_append_new(json_object_get(at, "peers"), json_false());
	assert_refused(tree, "finding: result.report.instabilities[0].peers[2]: an integer was expected");

	assert_refused(json_array(), "finding: an object was expected");
}

static void assert_unreadable(const char *text, size_t len, const char *begin)
{
	struct finding finding;
	struct err err = { 0 };

	assert_int_equal(finding_decode(text, len, &finding, &err), ERR_FORMAT);
	assert_int_equal(strncmp(err.text, begin, strlen(begin)), 0);
}

/* Cut anywhere it is refused: never half a finding. */
static void unreadable(void **state)
{
	struct finding finding;
	struct buf out;

	(void)state;
	assert_unreadable("", 0, "finding: line 1, column 0: ");
	assert_unreadable("{\"a\":1,\"a\":1}", 13, "finding: line 1, column ");
	assert_unreadable("{\"method\":1}", 12, "finding: question: missing");
	finding_filled(&finding, true);
	out = encoded(&finding, false);
	for (size_t len = 1; len < out.len; len += 97)
		assert_unreadable(out.data, len, "finding: line ");
	assert_unreadable(out.data, out.len - 1, "finding: line ");
	buf_free(&out);
	finding_free(&finding);
}

static void dotted_names(void **state)
{
	(void)state;
	assert_string_equal(finding_field("result.census.rows")->name, "rows");
	assert_int_equal(finding_field("result.census.rows")->type, FIELD_LIST);
	assert_int_equal(finding_field("roster")->type, FIELD_LIST);
	assert_int_equal(finding_field("result.coverage")->type, FIELD_OBJECT);
	assert_null(finding_field(""));
	assert_null(finding_field("result."));
	assert_null(finding_field("result.rows"));
	assert_null(finding_field("roster.peer.length"));
}

/* The encoder sorts at most so many fields on its stack. */
static void check_schema(const struct schema *schema)
{
	assert_in_range(schema->field_count, 1, 32);
	for (size_t i = 0; i < schema->field_count; i++) {
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(schema->fields[i].name, schema->fields[k].name);
		if (schema->fields[i].of)
			check_schema(schema->fields[i].of);
	}
}

static void schema_in_bounds(void **state)
{
	(void)state;
	check_schema(&finding_schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(canonical),
		cmocka_unit_test(escapes),
		cmocka_unit_test(large_integers),
		cmocka_unit_test(refusals),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(dotted_names),
		cmocka_unit_test(schema_in_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
