/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Both walks go down the finding's schema, naming the path as they go; lists are walked side by
 * side.
 */
#include "proof/parts.h"

#include <stdio.h>
#include <string.h>

#define PATH_MAX_LEN 200

#define NAMES	"files of places and names are not in a proof"
#define PLACES	"files of places are not in a proof"
#define ALL	"it counts all that was recorded, not only the place"

const struct proof_part proof_parts[] = {
	{ "question", true, true, NULL },
	{ "question.subject_name", false, false, NAMES },
	{ "result.coverage", false, true, ALL },
	{ "result.coverage.steps", true, true, NULL },
	{ "result.coverage.families.family", true, true, NULL },
	{ "result.coverage.families.full_feed_peers", true, true, NULL },
	{ "result.coverage.families.full_feed_peers_most", true, true, NULL },
	{ "result.coverage.families.measurable", true, true, NULL },
	{ "result.coverage.families.measured", true, true, NULL },
	{ "result.limits", false, false, "they speak of coverage" },
	{ "result.report.networks_known", true, true, NULL },
	{ "result.report.networks", true, true, NULL },
	{ "result.report.networks.country", false, false, PLACES },
	{ "result.report.networks.country_share", false, false, PLACES },
	{ "result.report.networks.foreign_origin", false, false, PLACES },
	{ "result.report.signals", true, true, NULL },
	{ "result.report.outages", true, true, NULL },
	{ "result.report.outages.name", false, false, NAMES },
	{ "result.report.episodes", true, true, NULL },
	{ "result.report.network_outages", true, true, NULL },
	{ "result.report.network_outages.name", false, false, NAMES },
	{ "result.report.instabilities", true, true, NULL },
	{ "result.report.instabilities.transits.name", false, false, NAMES },
	{ "result.report.stuck", true, true, NULL },
	{ "result.report.views", true, true, NULL },
	{ "result.report.views_left_out", true, true, NULL },
	{ "result.report.levels_left_out", true, true, NULL },
	{ "roster", false, true, "who was live, and who a full feed, is told by whole tables" },
	{ "roster.full_ipv4", true, true, NULL },
	{ "roster.full_ipv6", true, true, NULL },
};
const size_t proof_part_count = sizeof(proof_parts) / sizeof(proof_parts[0]);

const struct proof_part *proof_part_of(const char *path)
{
	const struct proof_part *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < proof_part_count; i++) {
		size_t len = strlen(proof_parts[i].path);

		if (len >= best_len && strncmp(proof_parts[i].path, path, len) == 0 &&
		    (path[len] == '.' || path[len] == '\0')) {
			best = &proof_parts[i];
			best_len = len;
		}
	}
	return best;
}

/* Does any row speak of something below the path? */
static bool is_mixed(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < proof_part_count; i++) {
		if (strncmp(proof_parts[i].path, path, len) == 0 && proof_parts[i].path[len] == '.')
			return true;
	}
	return false;
}

/* Schemas are not deep: a path has room, list indices included. */
static void path_join(char ret_path[PATH_MAX_LEN], const char *path, const char *name)
{
	(void)snprintf(ret_path, PATH_MAX_LEN, "%s%s%s", path, *path ? "." : "", name);
}

static size_t field_size(const struct field *field)
{
	switch (field->type) {
	case FIELD_U32:
		return sizeof(uint32_t);
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_OBJECT:
		return field->of->size;
	case FIELD_TEXT:
	case FIELD_PART:
	case FIELD_LIST:
	case FIELD_U32_LIST:
		return sizeof(void *);
	case FIELD_U64:
	case FIELD_I64:
	case FIELD_TIME:
		break;
	}
	return sizeof(int64_t);
}

static bool is_list(const struct field *field)
{
	return field->type == FIELD_LIST || field->type == FIELD_U32_LIST;
}

struct list {
	char *items;
	uint32_t count;
};

static struct list list_of(const struct field *field, const char *item)
{
	struct list list;

	memcpy(&list.items, item + field->offset, sizeof(list.items));
	memcpy(&list.count, item + field->count_offset, sizeof(list.count));
	return list;
}

static char *part_of(const struct field *field, const char *item)
{
	char *part;

	memcpy(&part, item + field->offset, sizeof(part));
	return part;
}

static void struct_take_over(const struct schema *schema, const char *path, char *into,
			     const char *from, bool inputs);

static void field_take_over(const struct field *field, const char *path, char *into,
			    const char *from, bool inputs)
{
	const struct proof_part *part = proof_part_of(path);
	struct list left, right;

	if (!is_mixed(path)) {
		if (part && (inputs ? part->of_inputs : part->replayed))
			return;
		memcpy(into + field->offset, from + field->offset, field_size(field));
		if (is_list(field))
			memcpy(into + field->count_offset, from + field->count_offset,
			       sizeof(uint32_t));
		return;
	}
	if (field->type == FIELD_OBJECT) {
		struct_take_over(field->of, path, into + field->offset, from + field->offset,
				 inputs);
	} else if (field->type == FIELD_PART) {
		if (part_of(field, into) && part_of(field, from))
			struct_take_over(field->of, path, part_of(field, into),
					 part_of(field, from), inputs);
	} else if (field->type == FIELD_LIST) {
		left = list_of(field, into);
		right = list_of(field, from);
		for (uint32_t i = 0; i < left.count && i < right.count; i++)
			struct_take_over(field->of, path, left.items + i * field->of->size,
					 right.items + i * field->of->size, inputs);
	}
}

static void struct_take_over(const struct schema *schema, const char *path, char *into,
			     const char *from, bool inputs)
{
	char inner[PATH_MAX_LEN];

	for (size_t i = 0; i < schema->field_count; i++) {
		path_join(inner, path, schema->fields[i].name);
		field_take_over(&schema->fields[i], inner, into, from, inputs);
	}
}

void proof_parts_take_over(struct finding *into, const struct finding *from, bool inputs)
{
	const struct field *question = finding_field("question"), *result = finding_field("result");

	struct_take_over(question->of, "question", (char *)&into->question,
			 (const char *)&from->question, inputs);
	struct_take_over(result->of, "result", (char *)&into->result, (const char *)&from->result,
			 inputs);
}

/* A value as JSON has it, to be shown. */
static void value_put(const struct field *field, const char *item, struct buf *out)
{
	const struct schema alone = { "value", 0, field, 1 };
	struct buf json = { 0 };
	size_t skip = strlen(field->name) + 4;	/* {"name": */

	(void)finding_encode_part(&alone, item, &json, NULL);
	if (json.len > skip + 1)
		buf_add(out, json.data + skip, json.len - skip - 1 > 60 ? 60 : json.len - skip - 1);
	buf_free(&json);
}

static bool differ_here(const struct field *field, const char *path, const char *left,
			const char *right, struct buf *out)
{
	buf_str(out, path);
	buf_str(out, ": recomputed ");
	value_put(field, left, out);
	buf_str(out, ", said ");
	value_put(field, right, out);
	return true;
}

static bool list_differs(const struct field *field, const char *path, const char *left_item,
			 const char *right_item, struct buf *out)
{
	struct list left = list_of(field, left_item), right = list_of(field, right_item);

	if (left.count != right.count) {
		buf_printf(out, "%s: recomputed %u of them, said %u", path, left.count,
			   right.count);
		return true;
	}
	if (field->type == FIELD_U32_LIST)
		return left.count &&
		       memcmp(left.items, right.items, left.count * sizeof(uint32_t)) != 0 &&
		       differ_here(field, path, left_item, right_item, out);
	for (uint32_t i = 0; i < left.count; i++) {
		char inner[PATH_MAX_LEN + 16];

		(void)snprintf(inner, sizeof(inner), "%s[%u]", path, i);
		if (proof_difference(field->of, inner, left.items + i * field->of->size,
				     right.items + i * field->of->size, out))
			return true;
	}
	return false;
}

static bool field_differs(const struct field *field, const char *path, const char *left,
			  const char *right, struct buf *out)
{
	const char *a = NULL, *b = NULL;

	switch (field->type) {
	case FIELD_OBJECT:
		return proof_difference(field->of, path, left + field->offset,
					right + field->offset, out);
	case FIELD_PART:
		a = part_of(field, left);
		b = part_of(field, right);
		if (!a || !b) {
			if (a != b)
				buf_printf(out, "%s: recomputed %s, said %s", path,
					   a ? "there" : "not there", b ? "there" : "not there");
			return a != b;
		}
		return proof_difference(field->of, path, a, b, out);
	case FIELD_LIST:
	case FIELD_U32_LIST:
		return list_differs(field, path, left, right, out);
	case FIELD_TEXT:
		a = part_of(field, left);
		b = part_of(field, right);
		return strcmp(a ? a : "", b ? b : "") != 0 &&
		       differ_here(field, path, left, right, out);
	default:
		a = left + field->offset;
		b = right + field->offset;
		return memcmp(a, b, field_size(field)) != 0 &&
		       differ_here(field, path, left, right, out);
	}
}

bool proof_difference(const struct schema *schema, const char *path, const void *recomputed,
		      const void *said, struct buf *out)
{
	char inner[PATH_MAX_LEN];

	for (size_t i = 0; i < schema->field_count; i++) {
		path_join(inner, path, schema->fields[i].name);
		if (field_differs(&schema->fields[i], inner, recomputed, said, out))
			return true;
	}
	return false;
}
