/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strangers' STIX taken apart. An object with constat's extension is a row (or bytes that rows
 * name); anything else is foreign and goes on as one text. A row is completed to what its schema
 * asks for, its references taken out and sent along as pairs of column and uid, for only the keeper
 * knows the numbers that they will have.
 *
 * Order: bytes, then rows table by table (each refers only to tables before it), then what is
 * foreign.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "dossier/import.h"
#include "dossier/rows.h"
#include "dossier/stix.h"
#include "dossier/stix_names.h"

struct reading {
	int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
		    struct err *err);
	void *context;
	struct buf parcel;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const json_t *extension_of(const json_t *object)
{
	return json_object_get(json_object_get(object, "extensions"), STIX_EXTENSION);
}

static const struct dossier_type *type_of(const json_t *object)
{
	const char *table = text_of(extension_of(object), "table");

	for (const struct dossier_type *const *type = dossier_types; *type; type++)
		if (strcmp((*type)->table, table) == 0 && *type != &dossier_speaker_type &&
		    *type != &dossier_foreign_type)
			return *type;
	return NULL;
}

/* Written anew with every bundle. */
static bool is_derived(const json_t *object)
{
	return strcmp(text_of(object, "id"), STIX_EXTENSION) == 0 ||
	       strcmp(text_of(extension_of(object), "table"), STIX_TABLE_NAME) == 0;
}

static bool is_content(const json_t *object)
{
	return strcmp(text_of(extension_of(object), "table"), STIX_TABLE_CONTENT) == 0;
}

static int parcel_give(struct reading *reading, enum stix_parcel what, struct err *err)
{
	return reading->parcel.failed
		       ? err_memory(err)
		       : reading->give(reading->context, what, &reading->parcel, err);
}

static int content_give(struct reading *reading, const json_t *object, struct err *err)
{
	const json_t *payload = json_object_get(object, "payload_bin");
	size_t len = json_string_length(payload);
	const char *text = json_string_value(payload);
	int got;

	if (!json_is_string(payload) || len % 4 != 0 || len > INT32_MAX)
		return err_set(err, ERR_FORMAT, "\"payload_bin\" is no base64");
	reading->parcel.len = 0;
	if (!buf_reserve(&reading->parcel, len / 4 * 3 + 1))
		return err_memory(err);
	got = EVP_DecodeBlock((unsigned char *)reading->parcel.data, (const unsigned char *)text,
			      (int)len);
	if (got < 0)
		return err_set(err, ERR_FORMAT, "\"payload_bin\" is no base64");
	for (size_t i = len; i > 0 && len - i < 2 && text[i - 1] == '='; i--)
		got--;
	reading->parcel.len = (size_t)got;
	return parcel_give(reading, STIX_CONTENT, err);
}

static json_t *empty_value(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
		return json_string("");
	case FIELD_TIME:
		return json_null();
	case FIELD_OBJECT:
	case FIELD_PART:
		return json_object();
	case FIELD_LIST:
	case FIELD_U32_LIST:
		return json_array();
	case FIELD_BOOL:
		return json_false();
	default:
		return json_integer(0);
	}
}

/* What was left out because it was empty. */
static int complete(const struct schema *schema, json_t *object, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < schema->field_count && code == 0; i++) {
		const struct field *field = &schema->fields[i];
		json_t *value = json_object_get(object, field->name);

		if (!value && json_object_set_new(object, field->name, empty_value(field)))
			return err_memory(err);
		value = json_object_get(object, field->name);
		if (field->type == FIELD_OBJECT && json_is_object(value))
			code = complete(field->of, value, err);
	}
	return code;
}

/* Names in their order become what the claim's schema has. */
static int speakers_complete(json_t *row, struct err *err)
{
	json_t *names = json_object_get(row, "speakers"), *speakers = json_array();
	size_t at;
	json_t *name;

	if (names && !json_is_array(names)) {
		json_decref(speakers);
		return err_set(err, ERR_FORMAT, "\"speakers\" is no list");
	}
	json_array_foreach(names, at, name) {
		json_t *speaker = json_pack("{s:i, s:i, s:i, s:O}", "id", 0, "claim", 0, "position",
					    (int)at, "name", name);

		if (json_array_append_new(speakers, speaker)) {
			json_decref(speakers);
			return err_memory(err);
		}
	}
	return json_object_set_new(row, "speakers", speakers) ? err_memory(err) : 0;
}

static int row_give(struct reading *reading, const struct dossier_type *type, const json_t *object,
		    struct err *err)
{
	const json_t *stated = json_object_get(extension_of(object), "row");
	json_t *row = json_is_object(stated) ? json_deep_copy(stated) : NULL;
	struct buf references = { 0 };
	char *text = NULL;
	int code = 0;

	if (!row)
		return json_is_object(stated)
			       ? err_memory(err)
			       : err_set(err, ERR_FORMAT, "the extension has no \"row\"");
	for (size_t i = 0; i < type->columns; i++) {
		const char *name = type->schema->fields[i].name;
		const json_t *uid = json_object_get(row, name);

		if (type->schema->fields[i].type != FIELD_U32 || !dossier_refers_to(name))
			continue;
		if (json_is_string(uid)) {
			pack_add(&references, view_of(name));
			pack_add(&references, view_of(json_string_value(uid)));
		}
		json_object_del(row, name);
	}
	json_object_del(row, "id");
	if (type == &dossier_claim_type)
		code = speakers_complete(row, err);
	if (code == 0)
		code = complete(type->schema, row, err);
	if (code == 0 && !(text = json_dumps(row, JSON_COMPACT)))
		code = err_memory(err);
	if (code == 0) {
		reading->parcel.len = 0;
		pack_add(&reading->parcel, view_of(type->table));
		pack_add(&reading->parcel, view_of(text));
		buf_add(&reading->parcel, references.data, references.len);
		reading->parcel.failed |= references.failed;
		code = parcel_give(reading, STIX_ROW, err);
	}
	json_text_free(text);
	buf_free(&references);
	json_decref(row);
	return code;
}

static int foreign_give(struct reading *reading, const json_t *object, struct err *err)
{
	char *text = json_dumps(object, STIX_FOREIGN_FORM);
	int code;

	if (!text)
		return err_memory(err);
	reading->parcel.len = 0;
	pack_add(&reading->parcel, view_of(text_of(object, "id")));
	pack_add(&reading->parcel, view_of(text_of(object, "modified")));
	pack_add(&reading->parcel, view_of(text));
	code = parcel_give(reading, STIX_FOREIGN, err);
	json_text_free(text);
	return code;
}

static int objects_check(const json_t *bundle, const json_t **ret_objects, struct err *err)
{
	const json_t *objects = json_object_get(bundle, "objects");
	json_t *object;
	size_t at;

	if (strcmp(text_of(bundle, "type"), "bundle") != 0)
		return err_set(err, ERR_FORMAT, "no STIX bundle: its \"type\" is not \"bundle\"");
	if (objects && !json_is_array(objects))
		return err_set(err, ERR_FORMAT, "\"objects\" is no list");
	json_array_foreach((json_t *)objects, at, object) {
		if (!*text_of(object, "type") || !*text_of(object, "id"))
			return err_set(err, ERR_FORMAT, "object %zu has no \"type\" or no \"id\"",
				       at + 1);
	}
	*ret_objects = objects;
	return 0;
}

/* Those for which `type` is theirs: NULL and `content` for bytes, NULL without for foreign ones. */
static int objects_give(struct reading *reading, const json_t *objects,
			const struct dossier_type *type, bool content, struct err *err)
{
	json_t *object;
	size_t at;
	int code = 0;

	json_array_foreach((json_t *)objects, at, object) {
		if (is_derived(object) || type_of(object) != type ||
		    (!type && is_content(object) != content))
			continue;
		if (type)
			code = row_give(reading, type, object, err);
		else
			code = content ? content_give(reading, object, err)
				       : foreign_give(reading, object, err);
		if (code)
			return err_prefix(err, "%.120s", text_of(object, "id"));
	}
	return 0;
}

int stix_read(struct view json,
	      int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
			  struct err *err),
	      void *context, struct err *err)
{
	struct reading reading = { give, context, { 0 } };
	const json_t *objects = NULL;
	json_t *bundle;
	int code = json_read(json.ptr, json.len, &bundle, err);

	if (code)
		return code;
	code = objects_check(bundle, &objects, err);
	if (code == 0)
		code = objects_give(&reading, objects, NULL, true, err);
	for (const struct dossier_type *const *type = dossier_types; *type && code == 0; type++)
		code = objects_give(&reading, objects, *type, false, err);
	if (code == 0)
		code = objects_give(&reading, objects, NULL, false, err);
	buf_free(&reading.parcel);
	json_decref(bundle);
	return code;
}
