/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A claim's JSON has texts and numbers of known names only: a misspelt one would be lost without a
 * word. Where start and end are given the quote must stand just there; without them it is looked
 * for, and must be there once, or as the occurrence that is asked for.
 */
#include "dossier/import_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "dossier/rows.h"

void pack_add(struct buf *pack, struct view text)
{
	uint32_t len = (uint32_t)text.len;

	buf_add(pack, &len, sizeof(len));
	buf_add(pack, text.ptr, text.len);
}

bool pack_next(struct view *pack, struct view *ret_text)
{
	uint32_t len;

	if (pack->len < sizeof(len))
		return false;
	memcpy(&len, pack->ptr, sizeof(len));
	if (pack->len - sizeof(len) < len)
		return false;
	*ret_text = (struct view){ pack->ptr + sizeof(len), len };
	pack->ptr += sizeof(len) + len;
	pack->len -= sizeof(len) + len;
	return true;
}

enum key_kind { KEY_TEXT, KEY_NUMBER, KEY_FLAG };

/* In the order of a pack. */
static const struct key {
	const char *name;
	enum key_kind kind;
	bool required;
	size_t field;		/* in struct import_claim; SIZE_MAX: read, and not kept */
} keys[] = {
	{ "source", KEY_TEXT, true, offsetof(struct import_claim, source) },
	{ "quote", KEY_TEXT, true, offsetof(struct import_claim, quote) },
	{ "kind", KEY_TEXT, true, offsetof(struct import_claim, kind) },
	{ "speaker", KEY_TEXT, false, offsetof(struct import_claim, speaker) },
	{ "about", KEY_TEXT, false, offsetof(struct import_claim, about) },
	{ "assertion", KEY_TEXT, false, offsetof(struct import_claim, reading) },
	{ "date", KEY_TEXT, false, offsetof(struct import_claim, said) },
	{ "date_basis", KEY_TEXT, false, offsetof(struct import_claim, said_basis) },
	{ "start", KEY_NUMBER, false, offsetof(struct import_claim, start) },
	{ "end", KEY_NUMBER, false, offsetof(struct import_claim, end) },
	{ "occurrence", KEY_NUMBER, false, offsetof(struct import_claim, occurrence) },
	{ "credibility", KEY_NUMBER, false, offsetof(struct import_claim, credibility) },
	/* What the others tell as well. */
	{ "occurrences", KEY_NUMBER, false, SIZE_MAX },
	{ "checkable", KEY_FLAG, false, SIZE_MAX },
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

static int value_pack(const struct key *key, const json_t *value, struct buf *pack, struct err *err)
{
	char digits[16];

	if (!value && key->required)
		return err_set(err, ERR_FORMAT, "\"%s\" is missing", key->name);
	if (!value) {
		pack_add(pack, VIEW(""));
	} else if (key->kind == KEY_TEXT && json_is_string(value)) {
		pack_add(pack,
			 (struct view){ json_string_value(value), json_string_length(value) });
	} else if (key->kind == KEY_NUMBER && json_is_integer(value) &&
		   json_integer_value(value) >= 0 && json_integer_value(value) < UINT32_MAX) {
		snprintf(digits, sizeof(digits), "%u", (uint32_t)json_integer_value(value));
		pack_add(pack, view_of(digits));
	} else if (key->kind == KEY_FLAG && json_is_boolean(value)) {
		pack_add(pack, VIEW(""));
	} else {
		return err_set(err, ERR_FORMAT, "\"%s\" is no %s", key->name,
			       key->kind == KEY_TEXT	 ? "text"
			       : key->kind == KEY_NUMBER ? "number"
							 : "true or false");
	}
	return 0;
}

int import_claim_pack(const json_t *claim, struct buf *pack, struct err *err)
{
	size_t known = 0;
	int code = 0;

	if (!json_is_object(claim))
		return err_set(err, ERR_FORMAT, "no object");
	pack->len = 0;
	for (size_t i = 0; i < KEYS && code == 0; i++) {
		const json_t *value = json_object_get(claim, keys[i].name);

		known += value != NULL;
		code = value_pack(&keys[i], value, pack, err);
	}
	if (code == 0 && known != json_object_size(claim)) {
		const char *name;
		json_t *value;

		json_object_foreach((json_t *)claim, name, value) {
			bool found = false;

			for (size_t i = 0; i < KEYS && !found; i++)
				found = strcmp(keys[i].name, name) == 0;
			if (!found)
				return err_set(err, ERR_FORMAT, "a claim has no \"%.60s\"", name);
		}
	}
	return code ? code : pack->failed ? err_memory(err) : 0;
}

int import_read(struct view json,
		int (*give)(void *context, const struct buf *pack, struct err *err), void *context,
		struct err *err)
{
	struct buf pack = { 0 };
	json_t *list;
	int code = json_read(json.ptr, json.len, &list, err);

	if (code)
		return code;
	if (!json_is_array(list))
		code = err_set(err, ERR_FORMAT, "no list of claims");
	for (size_t i = 0; i < json_array_size(list) && code == 0; i++) {
		code = import_claim_pack(json_array_get(list, i), &pack, err);
		if (code)
			err_prefix(err, "claim %zu", i + 1);
		else
			code = give(context, &pack, err);
	}
	buf_free(&pack);
	json_decref(list);
	return code;
}

int import_unpack(struct view pack, struct import_claim *ret_claim, struct err *err)
{
	struct import_claim claim = { 0 };

	for (size_t i = 0; i < KEYS; i++) {
		struct view text;
		uint32_t number = 0;

		if (!pack_next(&pack, &text) ||
		    (keys[i].kind == KEY_NUMBER && text.len && !view_u32(text, &number)))
			return err_set(err, ERR_FORMAT, "internal: a claim that does not unpack");
		if (keys[i].field == SIZE_MAX)
			continue;
		if (keys[i].kind == KEY_TEXT)
			memcpy((char *)&claim + keys[i].field, &text, sizeof(text));
		else
			memcpy((char *)&claim + keys[i].field, &number, sizeof(number));
	}
	*ret_claim = claim;
	return 0;
}

struct import {
	struct dossier *dossier;
	struct arena arena;		/* sources */
	struct quoting *open;
	uint32_t open_count;
};

int import_new(struct dossier *dossier, struct import **ret_import, struct err *err)
{
	struct import *import = calloc(1, sizeof(*import));

	if (!import)
		return err_memory(err);
	import->dossier = dossier;
	*ret_import = import;
	return 0;
}

void import_free(struct import *import)
{
	if (!import)
		return;
	arena_free(&import->arena);
	free(import->open);
	free(import);
}

static int source_open(struct import *import, struct view name, const struct quoting **ret_quoting,
		       struct err *err)
{
	struct dossier_source source;
	struct quoting *more;
	char *text;
	int code;

	for (uint32_t i = 0; i < import->open_count; i++) {
		if (view_equal(view_of(import->open[i].source.name), name)) {
			*ret_quoting = &import->open[i];
			return 0;
		}
	}
	text = arena_strndup(&import->arena, name.ptr, name.len);
	more = reallocarray(import->open, import->open_count + 1, sizeof(*more));
	if (!text || !more)
		return err_memory(err);
	import->open = more;
	code = source_resolve(import->dossier, text, &import->arena, &source, err);
	if (code == 0)
		code = quoting_open(import->dossier, &source, &import->arena,
				    &more[import->open_count], err);
	if (code == 0)
		*ret_quoting = &more[import->open_count++];
	return code;
}

static int place_find(const struct quoting *quoting, const struct import_claim *from,
		      struct arena *arena, struct dossier_claim *claim, struct err *err)
{
	uint32_t count, wanted = from->occurrence ? from->occurrence : 1;
	struct text_place *places;
	struct text quote;
	int code = text_decode(from->quote, arena, &quote, err);

	if (code == 0)
		code = text_find(&quoting->text, &quote, arena, &places, &count, err);
	if (code)
		return code;
	if (count == 0)
		return err_set(err, ERR_FORMAT, "the quote is not in %s", quoting->source.name);
	if (count > 1 && from->occurrence == 0)
		return err_set(err, ERR_FORMAT,
			       "the quote is in %s %u times: say which by start and end, or "
			       "occurrence",
			       quoting->source.name, count);
	if (wanted > count)
		return err_set(err, ERR_FORMAT,
			       "the quote is in %s %u times, there is no occurrence %u",
			       quoting->source.name, count, wanted);
	claim->start = places[wanted - 1].start;
	claim->end = places[wanted - 1].end;
	return 0;
}

static int fields_take(const struct import_claim *from, struct arena *arena,
		       struct dossier_claim *claim, struct err *err)
{
	const struct { struct view from; const char **to; } texts[] = {
		{ from->kind, &claim->kind }, { from->about, &claim->about },
		{ from->reading, &claim->reading },
		{ from->said_basis, &claim->said_basis },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i].to = arena_strndup(arena, texts[i].from.ptr, texts[i].from.len);
		if (!*texts[i].to)
			return err_memory(err);
	}
	claim->said = DOSSIER_SPAN_NONE;
	claim->credibility = from->credibility;
	if (from->said.len && !span_parse(from->said, &claim->said))
		return err_set(err, ERR_FORMAT,
			       "\"%.*s\" is no date such as 2014-12 or 2014-12-23T15:41Z",
			       from->said.len < 60 ? (int)from->said.len : 60, from->said.ptr);
	return claim_chain_parse(from->speaker, arena, claim, err);
}

static int claim_import(struct import *import, const struct import_claim *from, uint32_t *ret_id,
			bool *ret_new, struct err *err)
{
	struct dossier_claim claim = { .start = from->start, .end = from->end };
	const struct quoting *quoting = NULL;
	struct arena arena = { 0 };
	bool placed = from->end != 0;
	int code = source_open(import, from->source, &quoting, err);

	if (code == 0)
		code = fields_take(from, &arena, &claim, err);
	if (code == 0 && !placed)
		code = place_find(quoting, from, &arena, &claim, err);
	if (code == 0)
		code = claim_add(import->dossier, quoting, &claim, placed ? &from->quote : NULL,
				 ret_new, err);
	if (code == 0)
		*ret_id = claim.id;
	arena_free(&arena);
	return code;
}

/* A claim stands in several tables: those before it may be kept, never a part of one. */
int import_add(struct import *import, const struct import_claim *from, uint32_t *ret_id,
	       bool *ret_new, struct err *err)
{
	struct dossier *dossier = import->dossier;
	int code = dossier_sql(dossier, "SAVEPOINT claim", err);

	if (code == 0)
		code = claim_import(import, from, ret_id, ret_new, err);
	if (code == 0)
		code = dossier_sql(dossier, "RELEASE claim", err);
	if (code && dossier_sql(dossier, "ROLLBACK TO claim; RELEASE claim", NULL))
		dossier_rollback(dossier);
	return code;
}
