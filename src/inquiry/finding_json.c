/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Both directions walk the schema. Encoding writes straight into the buffer, each struct's fields
 * in the order of their names (RFC 8785 section 3.2.3; all names are ASCII, so bytes order as
 * UTF-16 does). Decoding is jansson's, then every field is looked for by name: what is missing, of
 * another type or unknown is refused, with its place.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "inquiry/finding.h"

/* RFC 8785 section 3.2.2.3 counts in doubles: larger integers would not survive other programs. */
#define JSON_INTEGER_MAX ((uint64_t)1 << 53)

/* No schema has more fields. */
#define FIELDS_MAX 32

struct encoder {
	struct buf *out;
	bool pretty;
	unsigned depth;
	/* within a struct that has no struct in it: it stands on one line */
	bool row;
};

static void encode_struct(struct encoder *encoder, const struct schema *schema, const char *item);

static void line_break(struct encoder *encoder)
{
	if (!encoder->pretty || encoder->row)
		return;
	buf_char(encoder->out, '\n');
	for (unsigned i = 0; i < encoder->depth; i++)
		buf_str(encoder->out, "  ");
}

static void encode_text(struct buf *out, const char *text)
{
	if (!text)
		text = "";
	buf_json(out, text, strlen(text));
}

static void encode_u64(struct buf *out, uint64_t value)
{
	buf_u64(out, value < JSON_INTEGER_MAX ? value : JSON_INTEGER_MAX);
}

static void encode_i64(struct buf *out, int64_t value)
{
	const int64_t most = (int64_t)JSON_INTEGER_MAX;

	buf_i64(out, value > most ? most : value < -most ? -most : value);
}

static void encode_time(struct buf *out, int64_t time)
{
	if (time == UTC_NEVER) {
		buf_str(out, "null");
		return;
	}
	buf_char(out, '"');
	utc_format(out, time);
	buf_char(out, '"');
}

static void encode_list(struct encoder *encoder, const struct field *field, const char *item)
{
	const char *at;
	uint32_t count;

	memcpy(&at, item + field->offset, sizeof(at));
	memcpy(&count, item + field->count_offset, sizeof(count));
	buf_char(encoder->out, '[');
	encoder->depth++;
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			buf_char(encoder->out, ',');
		if (field->type == FIELD_U32_LIST) {
			uint32_t value;

			memcpy(&value, at + i * sizeof(value), sizeof(value));
			buf_u64(encoder->out, value);
		} else {
			line_break(encoder);
			encode_struct(encoder, field->of, at + i * field->of->size);
		}
	}
	encoder->depth--;
	if (count && field->type == FIELD_LIST)
		line_break(encoder);
	buf_char(encoder->out, ']');
}

static void encode_value(struct encoder *encoder, const struct field *field, const char *item)
{
	const char *at = item + field->offset;
	union {
		const char *text;
		uint32_t u32;
		uint64_t u64;
		int64_t i64;
		bool flag;
	} value;

	switch (field->type) {
	case FIELD_TEXT:
		memcpy(&value.text, at, sizeof(value.text));
		encode_text(encoder->out, value.text);
		break;
	case FIELD_U32:
		memcpy(&value.u32, at, sizeof(value.u32));
		buf_u64(encoder->out, value.u32);
		break;
	case FIELD_U64:
		memcpy(&value.u64, at, sizeof(value.u64));
		encode_u64(encoder->out, value.u64);
		break;
	case FIELD_I64:
		memcpy(&value.i64, at, sizeof(value.i64));
		encode_i64(encoder->out, value.i64);
		break;
	case FIELD_TIME:
		memcpy(&value.i64, at, sizeof(value.i64));
		encode_time(encoder->out, value.i64);
		break;
	case FIELD_BOOL:
		memcpy(&value.flag, at, sizeof(value.flag));
		buf_str(encoder->out, value.flag ? "true" : "false");
		break;
	case FIELD_OBJECT:
		encode_struct(encoder, field->of, at);
		break;
	case FIELD_PART:
		memcpy(&value.text, at, sizeof(value.text));
		encode_struct(encoder, field->of, value.text);
		break;
	case FIELD_LIST:
	case FIELD_U32_LIST:
		encode_list(encoder, field, item);
		break;
	}
}

static bool is_absent(const struct field *field, const char *item)
{
	const void *part;

	if (field->type != FIELD_PART)
		return false;
	memcpy(&part, item + field->offset, sizeof(part));
	return part == NULL;
}

static int compare_fields(const void *a, const void *b)
{
	const struct field *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* Has it only numbers, texts and lists of numbers? */
static bool is_row(const struct schema *schema)
{
	for (size_t i = 0; i < schema->field_count; i++)
		if (schema->fields[i].of)
			return false;
	return true;
}

static void encode_struct(struct encoder *encoder, const struct schema *schema, const char *item)
{
	const struct field *sorted[FIELDS_MAX];
	bool first = true;

	encoder->row = is_row(schema);
	for (size_t i = 0; i < schema->field_count; i++)
		sorted[i] = &schema->fields[i];
	qsort(sorted, schema->field_count, sizeof(*sorted), compare_fields);
	buf_char(encoder->out, '{');
	encoder->depth++;
	for (size_t i = 0; i < schema->field_count; i++) {
		if (is_absent(sorted[i], item))
			continue;
		if (!first)
			buf_char(encoder->out, ',');
		first = false;
		line_break(encoder);
		encode_text(encoder->out, sorted[i]->name);
		buf_str(encoder->out, encoder->pretty && !encoder->row ? ": " : ":");
		encode_value(encoder, sorted[i], item);
	}
	encoder->depth--;
	if (!first)
		line_break(encoder);
	encoder->row = false;
	buf_char(encoder->out, '}');
}

int finding_encode_part(const struct schema *schema, const void *item, struct buf *out,
			struct err *err)
{
	struct encoder encoder = { .out = out };

	encode_struct(&encoder, schema, item);
	return out->failed ? err_memory(err) : 0;
}

int finding_encode(const struct finding *finding, bool pretty, struct buf *out, struct err *err)
{
	struct encoder encoder = { .out = out, .pretty = pretty };

	encode_struct(&encoder, &finding_schema, (const char *)finding);
	if (pretty)
		buf_char(out, '\n');
	return out->failed ? err_memory(err) : 0;
}

/* Where the decoder stands, for messages: a chain of keys up to the root. */
struct place_in_json {
	const struct place_in_json *outer;
	const char *key;
	size_t index;			/* SIZE_MAX: no list */
};

struct decoder {
	const struct schema *schema;	/* of the whole, for messages */
	struct arena *arena;
	struct err *err;
};

static int decode_struct(struct decoder *decoder, const struct schema *schema, json_t *json,
			 const struct place_in_json *place, char *item);

static void place_text(const struct place_in_json *place, struct buf *out)
{
	if (place->outer) {
		place_text(place->outer, out);
		if (out->len)
			buf_char(out, '.');
	}
	buf_str(out, place->key);
	if (place->index != SIZE_MAX)
		buf_printf(out, "[%zu]", place->index);
}

static int refuse(struct decoder *decoder, const struct place_in_json *place, const char *why)
{
	struct buf text = { .cap = 300 };
	int code;

	place_text(place, &text);
	code = err_set(decoder->err, ERR_FORMAT, "%s: %.*s%s%s", decoder->schema->name,
		       (int)text.len, text.data ? text.data : "", text.len ? ": " : "", why);
	buf_free(&text);
	return code;
}

static int decode_number(struct decoder *decoder, const struct field *field, json_t *json,
			 const struct place_in_json *place, char *at)
{
	int64_t value = json_integer_value(json);
	uint32_t small = (uint32_t)value;

	if (!json_is_integer(json))
		return refuse(decoder, place, "an integer was expected");
	if (field->type != FIELD_I64 && value < 0)
		return refuse(decoder, place, "a number below zero");
	if (field->type == FIELD_U32 && value > UINT32_MAX)
		return refuse(decoder, place, "a number over 4,294,967,295");
	if (field->type == FIELD_U32)
		memcpy(at, &small, sizeof(small));
	else
		memcpy(at, &value, sizeof(value));
	return 0;
}

static int decode_time(struct decoder *decoder, json_t *json, const struct place_in_json *place,
		       char *at)
{
	int64_t time = UTC_NEVER;

	if (!json_is_null(json)) {
		if (!json_is_string(json))
			return refuse(decoder, place, "a time or null was expected");
		if (!utc_parse((struct view){ json_string_value(json), json_string_length(json) },
			       &time))
			return refuse(decoder, place, "no time of RFC 3339");
	}
	memcpy(at, &time, sizeof(time));
	return 0;
}

static int decode_text(struct decoder *decoder, json_t *json, const struct place_in_json *place,
		       char *at)
{
	const char *copy;

	if (!json_is_string(json))
		return refuse(decoder, place, "a text was expected");
	copy = arena_strndup(decoder->arena, json_string_value(json), json_string_length(json));
	if (!copy)
		return err_memory(decoder->err);
	memcpy(at, &copy, sizeof(copy));
	return 0;
}

static int decode_list(struct decoder *decoder, const struct field *field, json_t *json,
		       const struct place_in_json *place, char *item)
{
	size_t size = field->type == FIELD_LIST ? field->of->size : sizeof(uint32_t);
	size_t count = json_array_size(json);
	uint32_t count32 = (uint32_t)count;
	char *items;
	int code = 0;

	if (!json_is_array(json))
		return refuse(decoder, place, "a list was expected");
	if (count > UINT32_MAX / size)
		return refuse(decoder, place, "a list too long");
	items = arena_zalloc(decoder->arena, count ? count * size : 1);
	if (!items)
		return err_memory(decoder->err);
	for (size_t i = 0; i < count && code == 0; i++) {
		struct place_in_json inner = { place->outer, place->key, i };
		json_t *entry = json_array_get(json, i);

		if (field->type == FIELD_LIST)
			code = decode_struct(decoder, field->of, entry, &inner, items + i * size);
		else
			code = decode_number(decoder, &(struct field){ .type = FIELD_U32 }, entry,
					     &inner, items + i * size);
	}
	memcpy(item + field->offset, &items, sizeof(items));
	memcpy(item + field->count_offset, &count32, sizeof(count32));
	return code;
}

static int decode_part(struct decoder *decoder, const struct field *field, json_t *json,
		       const struct place_in_json *place, char *at)
{
	char *part = arena_zalloc(decoder->arena, field->of->size);

	if (!part)
		return err_memory(decoder->err);
	memcpy(at, &part, sizeof(part));
	return decode_struct(decoder, field->of, json, place, part);
}

static int decode_value(struct decoder *decoder, const struct field *field, json_t *json,
			const struct place_in_json *place, char *item)
{
	char *at = item + field->offset;
	bool flag;

	switch (field->type) {
	case FIELD_TEXT:
		return decode_text(decoder, json, place, at);
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_I64:
		return decode_number(decoder, field, json, place, at);
	case FIELD_TIME:
		return decode_time(decoder, json, place, at);
	case FIELD_BOOL:
		if (!json_is_boolean(json))
			return refuse(decoder, place, "true or false was expected");
		flag = json_is_true(json);
		memcpy(at, &flag, sizeof(flag));
		return 0;
	case FIELD_OBJECT:
		return decode_struct(decoder, field->of, json, place, at);
	case FIELD_PART:
		return decode_part(decoder, field, json, place, at);
	case FIELD_LIST:
	case FIELD_U32_LIST:
		return decode_list(decoder, field, json, place, item);
	}
	return 0;
}

static int decode_struct(struct decoder *decoder, const struct schema *schema, json_t *json,
			 const struct place_in_json *place, char *item)
{
	size_t known = 0;
	int code = 0;

	if (!json_is_object(json))
		return refuse(decoder, place, "an object was expected");
	for (size_t i = 0; i < schema->field_count && code == 0; i++) {
		const struct field *field = &schema->fields[i];
		struct place_in_json inner = { place, field->name, SIZE_MAX };
		json_t *value = json_object_get(json, field->name);

		if (!value && field->type == FIELD_PART)
			continue;
		if (!value)
			return refuse(decoder, &inner, "missing");
		known++;
		code = decode_value(decoder, field, value, &inner, item);
	}
	if (code == 0 && known != json_object_size(json))
		return refuse(decoder, place, "a key that findings do not have");
	return code;
}

int finding_decode_part(const struct schema *schema, const char *json, size_t len,
			struct arena *arena, void *ret_item, struct err *err)
{
	struct decoder decoder = { schema, arena, err };
	struct place_in_json root = { NULL, "", SIZE_MAX };
	json_t *tree;
	char *item;
	int code = json_read(json, len, &tree, err);

	if (code) {
		err_prefix(err, "%s", schema->name);
		return code;
	}
	item = arena_zalloc(arena, schema->size);
	code = item ? decode_struct(&decoder, schema, tree, &root, item) : err_memory(err);
	json_decref(tree);
	if (code == 0)
		memcpy(ret_item, item, schema->size);
	return code;
}

int finding_decode(const char *json, size_t len, struct finding *ret_finding, struct err *err)
{
	struct arena arena = { 0 };
	struct finding finding;
	int code = finding_decode_part(&finding_schema, json, len, &arena, &finding, err);

	if (code) {
		arena_free(&arena);
		return code;
	}
	finding.arena = arena;
	*ret_finding = finding;
	return 0;
}

void finding_free(struct finding *finding)
{
	struct arena arena = finding->arena;

	arena_free(&arena);
	*finding = (struct finding){ 0 };
}
