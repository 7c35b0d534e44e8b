/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schemas for the JSON of timeline and records, which go through the finding's encoder and decoder;
 * and sets of prefixes. Prefixes are found by a hash of their bytes and compared; where two differ
 * the next hash value is tried.
 */
#include "inquiry/excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define FIELD(type, name, kind) { #name, kind, offsetof(struct type, name), 0, NULL }
#define LIST(type, name, count, schema) \
	{ #name, FIELD_LIST, offsetof(struct type, name), offsetof(struct type, count), &schema }
#define FIELDS(fields) fields, sizeof(fields) / sizeof((fields)[0])

#define T excerpt_network
static const struct field network_fields[] = { FIELD(T, network, FIELD_TEXT) };
static const struct schema network_schema = { "network", sizeof(struct T), FIELDS(network_fields) };
#undef T
#define T excerpt_vantage
static const struct field vantage_fields[] = {
	FIELD(T, collector, FIELD_TEXT), FIELD(T, peer, FIELD_TEXT), FIELD(T, peer_as, FIELD_U32),
};
static const struct schema vantage_schema = { "vantage", sizeof(struct T), FIELDS(vantage_fields) };
#undef T
#define T excerpt_step
static const struct field step_fields[] = {
	FIELD(T, after, FIELD_U64), FIELD(T, what, FIELD_TEXT), FIELD(T, why, FIELD_TEXT),
	FIELD(T, family, FIELD_TEXT), FIELD(T, network, FIELD_TEXT), FIELD(T, vantage, FIELD_U32),
	FIELD(T, time, FIELD_TIME), FIELD(T, noticed, FIELD_TIME),
};
static const struct schema step_schema = { "step", sizeof(struct T), FIELDS(step_fields) };
#undef T
#define T excerpt_missing
static const struct field missing_fields[] = {
	FIELD(T, input, FIELD_U32), FIELD(T, from, FIELD_TIME), FIELD(T, until, FIELD_TIME),
};
static const struct schema missing_schema = { "missing", sizeof(struct T), FIELDS(missing_fields) };
#undef T
#define T excerpt_timeline
static const struct field timeline_fields[] = {
	FIELD(T, begin, FIELD_TIME), FIELD(T, end, FIELD_TIME),
	LIST(T, networks, network_count, network_schema),
	LIST(T, vantages, vantage_count, vantage_schema), LIST(T, steps, step_count, step_schema),
	LIST(T, missing, missing_count, missing_schema),
};
const struct schema excerpt_timeline_schema = {
	"timeline", sizeof(struct T), FIELDS(timeline_fields),
};
#undef T
#define T excerpt_record
static const struct field record_fields[] = {
	FIELD(T, input, FIELD_U32), FIELD(T, length, FIELD_U32), FIELD(T, number, FIELD_U64),
	FIELD(T, offset, FIELD_U64), FIELD(T, clock, FIELD_TIME), FIELD(T, takes, FIELD_TEXT),
};
static const struct schema record_schema = { "record", sizeof(struct T), FIELDS(record_fields) };
#undef T
#define T excerpt_records
static const struct field records_fields[] = { LIST(T, records, record_count, record_schema) };
const struct schema excerpt_records_schema = {
	"records", sizeof(struct T), FIELDS(records_fields),
};
#undef T

int excerpt_init(struct excerpt *excerpt, uint32_t input_count, struct err *err)
{
	*excerpt = (struct excerpt){ .input_count = input_count };
	excerpt->bytes = calloc(input_count ? input_count : 1, sizeof(*excerpt->bytes));
	return excerpt->bytes ? 0 : err_memory(err);
}

void excerpt_free(struct excerpt *excerpt)
{
	for (uint32_t i = 0; excerpt->bytes && i < excerpt->input_count; i++)
		buf_free(&excerpt->bytes[i]);
	free(excerpt->bytes);
	arena_free(&excerpt->arena);
	*excerpt = (struct excerpt){ 0 };
}

/* The number of the prefix; MAP_NONE: not there, and *ret_key is where it belongs. */
static uint32_t find(const struct prefix_set *set, const struct prefix *prefix, uint64_t *ret_key)
{
	uint64_t key = map_hash_bytes(prefix, sizeof(*prefix));

	for (;; key++) {
		uint32_t number = map_get(&set->index, key);

		if (number == MAP_NONE || prefix_equal(&set->prefixes[number], prefix)) {
			*ret_key = key;
			return number;
		}
	}
}

int prefix_set_add(struct prefix_set *set, const struct prefix *prefix, struct err *err)
{
	uint64_t key;
	int code;

	if (find(set, prefix, &key) != MAP_NONE)
		return 0;
	code = VEC_GROW(set->prefixes, set->count, set->room, err);
	if (code)
		return code;
	if (map_put(&set->index, key, set->count) != 0)
		return err_memory(err);
	set->prefixes[set->count++] = *prefix;
	return 0;
}

bool prefix_set_has(const struct prefix_set *set, const struct prefix *prefix)
{
	uint64_t key;

	return set->count && find(set, prefix, &key) != MAP_NONE;
}

void prefix_set_free(struct prefix_set *set)
{
	free(set->prefixes);
	map_free(&set->index);
	*set = (struct prefix_set){ 0 };
}

int prefix_set_take(struct prefix_set *set, const struct excerpt_timeline *timeline,
		    struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < timeline->network_count && code == 0; i++) {
		const char *text = timeline->networks[i].network;
		struct prefix prefix;

		if (!prefix_parse(view_of(text), &prefix) || !prefix_is_network(&prefix))
			return err_set(err, ERR_FORMAT, "\"%.60s\" is no network", text);
		code = prefix_set_add(set, &prefix, err);
	}
	return code;
}
