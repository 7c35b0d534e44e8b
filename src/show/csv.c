/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any list of a finding as CSV, by the same schema that its JSON follows: one line an item, columns
 * in the order of the struct.
 */
#include <string.h>

#include "base/view.h"
#include "show/finding.h"

struct csv {
	struct buf *out;
	bool first;		/* on its line */
};

static void separate(struct csv *csv)
{
	if (!csv->first)
		buf_char(csv->out, ',');
	csv->first = false;
}

static void csv_text(struct buf *out, const char *text)
{
	if (!text)
		return;
	if (strpbrk(text, ",\"\r\n"))
		buf_csv(out, text);
	else
		buf_str(out, text);
}

static void header(struct csv *csv, const struct schema *schema, const char *prefix)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct field *field = &schema->fields[i];

		if (field->type == FIELD_LIST || field->type == FIELD_PART)
			continue;
		if (field->type == FIELD_OBJECT) {
			header(csv, field->of, field->name);
			continue;
		}
		separate(csv);
		if (*prefix)
			buf_printf(csv->out, "%s.", prefix);
		buf_str(csv->out, field->name);
	}
}

static void numbers(struct buf *out, const struct field *field, const char *item)
{
	const uint32_t *at;
	uint32_t count;

	memcpy(&at, item + field->offset, sizeof(at));
	memcpy(&count, item + field->count_offset, sizeof(count));
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			buf_char(out, ' ');
		buf_u64(out, at[i]);
	}
}

static void value(struct buf *out, const struct field *field, const char *item)
{
	const char *at = item + field->offset;
	const char *text;
	uint32_t u32;
	uint64_t u64;
	int64_t i64;
	bool flag;

	switch (field->type) {
	case FIELD_TEXT:
		memcpy(&text, at, sizeof(text));
		csv_text(out, text);
		break;
	case FIELD_U32:
		memcpy(&u32, at, sizeof(u32));
		buf_u64(out, u32);
		break;
	case FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		buf_u64(out, u64);
		break;
	case FIELD_I64:
		memcpy(&i64, at, sizeof(i64));
		buf_i64(out, i64);
		break;
	case FIELD_TIME:
		memcpy(&i64, at, sizeof(i64));
		if (i64 != UTC_NEVER)
			utc_format(out, i64);
		break;
	case FIELD_BOOL:
		memcpy(&flag, at, sizeof(flag));
		buf_str(out, flag ? "true" : "false");
		break;
	case FIELD_U32_LIST:
		numbers(out, field, item);
		break;
	case FIELD_OBJECT:
	case FIELD_PART:
	case FIELD_LIST:
		break;
	}
}

static void line(struct csv *csv, const struct schema *schema, const char *item)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct field *field = &schema->fields[i];

		if (field->type == FIELD_LIST || field->type == FIELD_PART)
			continue;
		if (field->type == FIELD_OBJECT) {
			line(csv, field->of, item + field->offset);
			continue;
		}
		separate(csv);
		value(csv->out, field, item);
	}
}

/*
 * Follows the dotted name: through objects and parts, and through every item of lists on the way.
 * False where a part is absent.
 */
static bool walk(struct csv *csv, const struct schema *schema, const char *item, struct view rest)
{
	const struct field *found = NULL;
	struct view name;

	view_split(&rest, '.', &name);
	for (size_t i = 0; i < schema->field_count && !found; i++) {
		if (view_equal(view_of(schema->fields[i].name), name))
			found = &schema->fields[i];
	}
	item += found->offset;
	if (found->type == FIELD_OBJECT)
		return walk(csv, found->of, item, rest);
	if (found->type == FIELD_PART) {
		const char *part;

		memcpy(&part, item, sizeof(part));
		return part && walk(csv, found->of, part, rest);
	}
	const char *items;
	uint32_t count;

	memcpy(&items, item, sizeof(items));
	memcpy(&count, item - found->offset + found->count_offset, sizeof(count));
	for (uint32_t i = 0; i < count; i++, items += found->of->size) {
		if (rest.len) {
			walk(csv, found->of, items, rest);
			continue;
		}
		csv->first = true;
		line(csv, found->of, items);
		buf_char(csv->out, '\n');
	}
	return true;
}

static const char *main_list(const struct finding *finding)
{
	static const char *const lists[][2] = {
		{ "census", "result.census.rows" }, { "upstreams", "result.upstreams.transits" },
		{ "frontier", "result.frontier.rows" },
		{ "cut", "result.cut.countries" },
		{ "outages", "result.outages.outages" }, { "report", "result.report.networks" },
		{ "info", "provenance.inputs" },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(lists[i][0], finding->question.kind) == 0)
			return lists[i][1];
	}
	return "roster";
}

void show_rows_csv(const struct schema *schema, const void *items, uint32_t count, struct buf *out)
{
	struct csv csv = { out, true };

	header(&csv, schema, "");
	buf_char(out, '\n');
	for (uint32_t i = 0; i < count; i++) {
		csv.first = true;
		line(&csv, schema, (const char *)items + i * schema->size);
		buf_char(out, '\n');
	}
}

int show_csv(const struct finding *finding, const char *list, struct buf *out, struct err *err)
{
	const char *dotted = list ? list : main_list(finding);
	const struct field *field = finding_field(dotted);
	struct csv csv = { out, true };
	size_t before = out->len;

	if (!field || field->type != FIELD_LIST)
		return err_set(err, ERR_USAGE, "no list of a finding is called %s", dotted);
	header(&csv, field->of, "");
	buf_char(out, '\n');
	if (!walk(&csv, &finding_schema, (const char *)finding, view_of(dotted))) {
		out->len = before;
		return err_set(err, ERR_USAGE, "a finding of %s has no %s", finding->question.kind,
			       dotted);
	}
	return out->failed ? err_memory(err) : 0;
}
