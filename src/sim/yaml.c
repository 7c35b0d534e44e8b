/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libyaml builds the document; here it is walked. A place is a chain on the stack from the value up
 * to the document, so the path of a key costs nothing until somebody complains.
 */
#include "sim/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/buf.h"
#include "base/utc.h"
#include "base/vec.h"
#include "net/path.h"
#include "place/place.h"

struct yaml {
	yaml_document_t document;
	const char *name;
	struct arena *arena;
	void *context;
	struct err *err;
};

void *yaml_context(const struct yaml *yaml)
{
	return yaml->context;
}

struct err *yaml_err(const struct yaml *yaml)
{
	return yaml->err;
}

static const yaml_node_t *node_of(const struct yaml_place *place)
{
	return (const yaml_node_t *)place->node;
}

uint32_t yaml_line(const struct yaml_place *place)
{
	return (uint32_t)node_of(place)->start_mark.line + 1;
}

static void format_place(struct buf *buf, const struct yaml_place *place)
{
	if (!place->up)
		return;
	format_place(buf, place->up);
	if (!place->key) {
		buf_printf(buf, "[%u]", place->index);
		return;
	}
	if (buf->len)
		buf_char(buf, '.');
	buf_str(buf, place->key);
}

int yaml_complain(struct yaml *yaml, const struct yaml_place *place, const char *format, ...)
{
	struct buf where = { .cap = 256 };
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	format_place(&where, place);
	err_set(yaml->err, ERR_FORMAT, "%s:%u: %.*s%s%s", yaml->name, yaml_line(place),
		(int)where.len, where.len ? where.data : "", where.len ? ": " : "", text);
	buf_free(&where);
	return ERR_FORMAT;
}

bool yaml_scalar(const struct yaml_place *place, struct view *ret_text)
{
	const yaml_node_t *node = node_of(place);

	if (node->type != YAML_SCALAR_NODE)
		return false;
	*ret_text = (struct view){
		(const char *)node->data.scalar.value, node->data.scalar.length,
	};
	return true;
}

bool yaml_is_list(const struct yaml_place *place)
{
	return node_of(place)->type == YAML_SEQUENCE_NODE;
}

int yaml_expected(struct yaml *yaml, const struct yaml_place *place, const char *what)
{
	struct view text;

	if (!yaml_scalar(place, &text))
		return yaml_complain(yaml, place, "expected %s, found a %s", what,
				     yaml_is_list(place) ? "list" : "map");
	if (text.len == 0)
		return yaml_complain(yaml, place, "expected %s, found nothing", what);
	return yaml_complain(yaml, place, "expected %s, found \"%.*s\"", what,
			     text.len > 60 ? 60 : (int)text.len, text.ptr);
}

static struct yaml_place child(struct yaml *yaml, const struct yaml_place *up, const char *key,
			       uint32_t index, int node)
{
	return (struct yaml_place){
		up, key, index,
		(const struct yaml_node *)yaml_document_get_node(&yaml->document, node),
	};
}

static int unknown_key(struct yaml *yaml, const struct yaml_place *place,
		       const struct yaml_key *keys)
{
	struct buf names = { .cap = 300 };
	int rc;

	for (const struct yaml_key *key = keys; key->name; key++) {
		buf_str(&names, key == keys ? "" : ", ");
		buf_str(&names, key->name);
	}
	rc = yaml_complain(yaml, place, "no such key; expected one of %.*s", (int)names.len,
			   names.len ? names.data : "");
	buf_free(&names);
	return rc;
}

/* A pair's key; complains where it is no scalar or stands twice. */
static int pair_key(struct yaml *yaml, const struct yaml_place *place, const yaml_node_pair_t *pair,
		    const char **ret_key)
{
	const yaml_node_t *node = node_of(place),
			  *key = yaml_document_get_node(&yaml->document, pair->key);
	const yaml_node_pair_t *before;

	if (key->type != YAML_SCALAR_NODE)
		return yaml_complain(yaml, place, "expected plain words as keys");
	for (before = node->data.mapping.pairs.start; before < pair; before++) {
		const yaml_node_t *other = yaml_document_get_node(&yaml->document, before->key);

		if (other->type == YAML_SCALAR_NODE &&
		    strcmp((char *)other->data.scalar.value, (char *)key->data.scalar.value) == 0)
			return yaml_complain(yaml, place, "the key %s stands twice",
					     key->data.scalar.value);
	}
	*ret_key = (const char *)key->data.scalar.value;
	return 0;
}

static int check_keys(struct yaml *yaml, const struct yaml_place *place,
		      const struct yaml_key *keys)
{
	const yaml_node_t *node = node_of(place);

	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		const struct yaml_key *row = keys;
		struct yaml_place at;
		const char *key;
		int rc = pair_key(yaml, place, pair, &key);

		if (rc != 0)
			return rc;
		at = child(yaml, place, key, 0, pair->value);
		while (row->name && strcmp(row->name, key) != 0)
			row++;
		if (!row->name)
			return unknown_key(yaml, &at, keys);
	}
	return 0;
}

/* The number of the node under a key of a map that check_keys() passed; 0: not there. */
static int find_key(struct yaml *yaml, const yaml_node_t *map, const char *name)
{
	for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(&yaml->document, pair->key);

		if (strcmp((char *)key->data.scalar.value, name) == 0)
			return pair->value;
	}
	return 0;
}

/*
 * In the order of the table, whatever the order in the file: a setter can rely on what stands in
 * rows above its own.
 */
int yaml_map(struct yaml *yaml, const struct yaml_place *place, const struct yaml_key *keys,
	     void *target)
{
	const yaml_node_t *node = node_of(place);
	int rc;

	if (node->type != YAML_MAPPING_NODE)
		return yaml_expected(yaml, place, "a map of keys and values");
	rc = check_keys(yaml, place, keys);
	for (const struct yaml_key *row = keys; row->name && rc == 0; row++) {
		int value = find_key(yaml, node, row->name);
		struct yaml_place at;

		if (value == 0 && row->required)
			return yaml_complain(yaml, place, "expected the key %s", row->name);
		if (value == 0)
			continue;
		at = child(yaml, place, row->name, 0, value);
		rc = row->set(yaml, &at, (char *)target + row->field);
	}
	return rc;
}

int yaml_entries(struct yaml *yaml, const struct yaml_place *place, yaml_set *entry, void *target)
{
	const yaml_node_t *node = node_of(place);

	if (node->type != YAML_MAPPING_NODE)
		return yaml_expected(yaml, place, "a map of keys and values");
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		struct yaml_place at;
		const char *key;
		int rc = pair_key(yaml, place, pair, &key);

		if (rc != 0)
			return rc;
		at = child(yaml, place, key, 0, pair->value);
		rc = entry(yaml, &at, target);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int yaml_list(struct yaml *yaml, const struct yaml_place *place, yaml_set *item, void *target)
{
	const yaml_node_t *node = node_of(place);
	uint32_t index = 0;

	if (node->type != YAML_SEQUENCE_NODE)
		return yaml_expected(yaml, place, "a list");
	for (const yaml_node_item_t *at = node->data.sequence.items.start;
	     at < node->data.sequence.items.top; at++) {
		struct yaml_place each = child(yaml, place, NULL, index++, *at);
		int rc = item(yaml, &each, target);

		if (rc != 0)
			return rc;
	}
	return 0;
}

/* A list, or one item without brackets. */
static int one_or_list(struct yaml *yaml, const struct yaml_place *place, yaml_set *item,
		       void *target)
{
	return yaml_is_list(place) ? yaml_list(yaml, place, item, target)
				   : item(yaml, place, target);
}

int yaml_text(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	char *kept;

	if (!yaml_scalar(place, &text) || text.len == 0)
		return yaml_expected(yaml, place, "words");
	kept = arena_strndup(yaml->arena, text.ptr, text.len);
	if (!kept)
		return err_memory(yaml->err);
	*(const char **)field = kept;
	return 0;
}

static int add_text(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct yaml_texts *texts = field;
	int rc = VEC_GROW(texts->values, texts->count, texts->room, yaml->err);

	if (rc == 0)
		rc = yaml_text(yaml, place, &texts->values[texts->count]);
	if (rc == 0)
		texts->count++;
	return rc;
}

int yaml_texts(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return one_or_list(yaml, place, add_text, field);
}

int yaml_flag(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text = { 0 };

	if (yaml_scalar(place, &text) &&
	    (view_equal(text, VIEW("yes")) || view_equal(text, VIEW("true"))))
		*(bool *)field = true;
	else if (text.ptr && (view_equal(text, VIEW("no")) || view_equal(text, VIEW("false"))))
		*(bool *)field = false;
	else
		return yaml_expected(yaml, place, "yes or no");
	return 0;
}

int yaml_u32(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	uint32_t value;

	if (!yaml_scalar(place, &text) || !view_u32(text, &value))
		return yaml_expected(yaml, place, "a number");
	*(uint32_t *)field = value;
	return 0;
}

int yaml_u64(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	uint64_t value;

	if (!yaml_scalar(place, &text) || !view_u64(text, &value))
		return yaml_expected(yaml, place, "a number");
	*(uint64_t *)field = value;
	return 0;
}

/* "12.5%" in parts per million: four digits behind the point at most. */
static bool parse_share(struct view text, uint32_t *ret_share)
{
	struct view whole;
	uint32_t value, part = 0, share;

	if (!view_ends(text, VIEW("%")))
		return false;
	text.len--;
	view_split(&text, '.', &whole);
	if (!view_u32(whole, &value) || value > 100 || text.len > 4 ||
	    (text.len && !view_u32(text, &part)))
		return false;
	for (size_t i = text.len; i < 4; i++)
		part *= 10;
	share = value * 10000 + part;
	if (share > 1000000)
		return false;
	*ret_share = share;
	return true;
}

int yaml_share(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	uint32_t share;

	if (!yaml_scalar(place, &text) || !parse_share(text, &share))
		return yaml_expected(yaml, place, "a share such as 30% or 0.5%");
	*(uint32_t *)field = share;
	return 0;
}

int yaml_time(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	int64_t time;

	if (!yaml_scalar(place, &text) || !utc_parse(text, &time))
		return yaml_expected(yaml, place,
				     "a time such as 2014-12-22T16:15 or 2014-12-22T16:15:30.5");
	*(int64_t *)field = time;
	return 0;
}

static bool parse_duration(struct view text, int64_t *ret_duration)
{
	uint32_t value;

	if (view_ends(text, VIEW("ms"))) {
		text.len -= 2;
		if (!view_u32(text, &value))
			return false;
		*ret_duration = (int64_t)value * 1000;
		return true;
	}
	return utc_parse_duration(text, ret_duration);
}

int yaml_duration(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	int64_t duration;

	if (!yaml_scalar(place, &text) || !parse_duration(text, &duration) || duration < 0)
		return yaml_expected(yaml, place, "a duration such as 90s, 5m, 2h or 20ms");
	*(int64_t *)field = duration;
	return 0;
}

int yaml_shift(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text = { 0 };
	int64_t duration;
	bool negative;

	if (!yaml_scalar(place, &text))
		return yaml_expected(yaml, place, "a duration such as 7s or -90s");
	negative = text.len && text.ptr[0] == '-';
	if (negative || (text.len && text.ptr[0] == '+'))
		text = (struct view){ text.ptr + 1, text.len - 1 };
	if (!parse_duration(text, &duration))
		return yaml_expected(yaml, place, "a duration such as 7s or -90s");
	*(int64_t *)field = negative ? -duration : duration;
	return 0;
}

int yaml_span(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text, low, high;
	struct yaml_span span;
	const char *dots;

	if (!yaml_scalar(place, &text))
		return yaml_expected(yaml, place, "a duration or two, such as 1m..5m");
	low = high = text;
	dots = strstr(text.ptr, "..");
	if (dots) {
		low.len = (size_t)(dots - text.ptr);
		high = view_of(dots + 2);
	}
	if (!parse_duration(low, &span.low) || !parse_duration(high, &span.high) ||
	    span.low > span.high)
		return yaml_expected(yaml, place, "a duration or two, such as 1m..5m");
	*(struct yaml_span *)field = span;
	return 0;
}

int yaml_asn(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	uint32_t asn;

	if (!yaml_scalar(place, &text) || !asn_parse(text, &asn) || asn == 0)
		return yaml_expected(yaml, place, "an AS number");
	*(uint32_t *)field = asn;
	return 0;
}

static int add_asn(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct yaml_numbers *numbers = field;
	int rc = VEC_GROW(numbers->values, numbers->count, numbers->room, yaml->err);

	if (rc == 0)
		rc = yaml_asn(yaml, place, &numbers->values[numbers->count]);
	if (rc == 0)
		numbers->count++;
	return rc;
}

int yaml_asns(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return one_or_list(yaml, place, add_asn, field);
}

static int add_prefix(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct yaml_prefixes *prefixes = field;
	struct view text;
	int rc = VEC_GROW(prefixes->values, prefixes->count, prefixes->room, yaml->err);

	if (rc != 0)
		return rc;
	if (!yaml_scalar(place, &text) || !prefix_parse(text, &prefixes->values[prefixes->count]))
		return yaml_expected(yaml, place, "a network such as 175.45.176.0/24");
	prefixes->count++;
	return 0;
}

int yaml_prefixes(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return one_or_list(yaml, place, add_prefix, field);
}

int yaml_country(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;
	country_t country;

	if (!yaml_scalar(place, &text) || !country_parse(text, &country))
		return yaml_expected(yaml, place, "a country such as KP or North Korea");
	*(country_t *)field = country;
	return 0;
}

int yaml_choice(struct yaml *yaml, const struct yaml_place *place, const char *const *words,
		int *ret_place)
{
	struct buf list = { .cap = 300 };
	struct view text = { 0 };
	int rc;

	yaml_scalar(place, &text);
	for (int i = 0; words[i]; i++) {
		if (text.ptr && view_equal(text, view_of(words[i]))) {
			buf_free(&list);
			*ret_place = i;
			return 0;
		}
		buf_str(&list, i ? ", " : "one of ");
		buf_str(&list, words[i]);
	}
	buf_char(&list, '\0');
	rc = yaml_expected(yaml, place, list.failed ? "another word" : list.data);
	buf_free(&list);
	return rc;
}

static int syntax_error(const char *name, const yaml_parser_t *parser, struct err *err)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return err_memory(err);
	return err_set(err, ERR_FORMAT, "%s:%zu: this is not YAML: %s%s%s", name,
		       parser->problem_mark.line + 1, parser->context ? parser->context : "",
		       parser->context ? ", " : "",
		       parser->problem ? parser->problem : "unreadable");
}

int yaml_read(const char *name, struct view text, const struct yaml_key *keys, void *target,
	      struct arena *arena, void *context, struct err *err)
{
	struct yaml yaml = { .name = name, .arena = arena, .context = context, .err = err };
	struct yaml_place top = { 0 };
	yaml_parser_t parser;
	int rc;

	if (!yaml_parser_initialize(&parser))
		return err_memory(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
	if (!yaml_parser_load(&parser, &yaml.document)) {
		rc = syntax_error(name, &parser, err);
		yaml_parser_delete(&parser);
		return rc;
	}
	top.node = (const struct yaml_node *)yaml_document_get_root_node(&yaml.document);
	rc = top.node ? yaml_map(&yaml, &top, keys, target)
		      : err_set(err, ERR_FORMAT, "%s: there is nothing in it", name);
	yaml_document_delete(&yaml.document);
	yaml_parser_delete(&parser);
	return rc;
}
