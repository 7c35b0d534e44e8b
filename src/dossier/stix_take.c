/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parcels of stix_read() into a dossier. A row is decoded by its table's schema, which refuses keys
 * that it does not know; uids of references become this file's numbers; the tables' constraints
 * judge the rest.
 */
#include <string.h>

#include "dossier/assertion.h"
#include "dossier/claim.h"
#include "dossier/import.h"
#include "dossier/rows.h"
#include "dossier/stix.h"

static bool uid_valid(const char *uid)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == '-' ? uid[i] != '-'
				    : !uid[i] || !strchr("0123456789abcdef", uid[i]))
			return false;
	return uid[sizeof(shape) - 1] == '\0';
}

static const struct dossier_type *type_named(struct view table)
{
	for (const struct dossier_type *const *type = dossier_types; *type; type++)
		if (view_equal(view_of((*type)->table), table))
			return *type;
	return NULL;
}

static int reference_set(struct dossier *dossier, const struct dossier_type *type, void *item,
			 struct view column, struct view uid, struct arena *arena, struct err *err)
{
	const char *name = arena_strndup(arena, column.ptr, column.len),
		   *text = arena_strndup(arena, uid.ptr, uid.len);
	const struct dossier_type *refers = name ? dossier_refers_to(name) : NULL;
	void *field = refers ? dossier_field(type->schema, name, item) : NULL, *target;
	bool found = false;
	int code;

	if (!name || !text)
		return err_memory(err);
	if (!field)
		return err_set(err, ERR_FORMAT, "internal: \"%s\" refers to nothing", name);
	target = arena_zalloc(arena, refers->schema->size);
	if (!target)
		return err_memory(err);
	code = dossier_find(dossier, refers, "uid", text, arena, target, &found, err);
	if (code == 0 && !found)
		code = err_set(err, ERR_FORMAT,
			       "its %s %.60s is neither in the bundle nor in the dossier", name,
			       text);
	if (code == 0)
		memcpy(field, dossier_field(refers->schema, "id", target), sizeof(uint32_t));
	return code;
}

/* What the tables' constraints cannot tell. */
static int row_check(const struct dossier_type *type, const void *item, struct arena *arena,
		     struct err *err)
{
	const struct dossier_claim *claim = item;
	const struct dossier_assertion *row = item;
	struct assertion assertion;

	if (type == &dossier_claim_type && !claim_kind_valid(claim->kind))
		return err_set(err, ERR_FORMAT, "its kind is no lower-case word");
	if (type == &dossier_assertion_type)
		return assertion_parse(view_of(row->text), arena, &assertion, NULL, err);
	return 0;
}

/* The dossier's own row: a bare dossier becomes what was exported, another stays what it is. */
static int about_take(struct dossier *dossier, bool bare, void *item, bool *ret_new,
		      struct err *err)
{
	int code = 0;

	*ret_new = false;
	if (!bare)
		return 0;
	code = dossier_remove(dossier, &dossier_about_type, 1, err);
	return code ? code : dossier_add(dossier, &dossier_about_type, item, ret_new, err);
}

static int row_take(struct dossier *dossier, bool bare, const struct dossier_type *type,
		    struct view json, struct view references, struct arena *arena, bool *ret_new,
		    struct err *err)
{
	void *item = arena_zalloc(arena, type->schema->size);
	struct view column, uid;
	int code = item ? finding_decode_part(type->schema, json.ptr, json.len, arena, item, err)
			: err_memory(err);

	if (code == 0 && !uid_valid(*(const char **)dossier_field(type->schema, "uid", item)))
		code = err_set(err, ERR_FORMAT, "its \"uid\" is no UUID");
	while (code == 0 && references.len) {
		if (!pack_next(&references, &column) || !pack_next(&references, &uid))
			return err_set(err, ERR_FORMAT, "internal: a row that does not unpack");
		code = reference_set(dossier, type, item, column, uid, arena, err);
	}
	if (code == 0)
		code = row_check(type, item, arena, err);
	if (code)
		return code;
	if (type == &dossier_about_type)
		return about_take(dossier, bare, item, ret_new, err);
	return dossier_add(dossier, type, item, ret_new, err);
}

static int parcel_row(struct dossier *dossier, bool bare, struct view parcel,
		      struct stix_counts *counts, struct err *err)
{
	const struct dossier_type *type;
	struct arena arena = { 0 };
	struct view table, json;
	bool fresh = false;
	int code;

	if (!pack_next(&parcel, &table) || !pack_next(&parcel, &json) ||
	    !(type = type_named(table)))
		return err_set(err, ERR_FORMAT, "internal: a row that does not unpack");
	code = row_take(dossier, bare, type, json, parcel, &arena, &fresh, err);
	if (code)
		err_prefix(err, "table %s", type->table);
	counts->fresh += fresh;
	counts->old += code == 0 && !fresh && type != &dossier_about_type;
	arena_free(&arena);
	return code;
}

static int parcel_foreign(struct dossier *dossier, struct view parcel, struct stix_counts *counts,
			  struct err *err)
{
	struct dossier_foreign foreign = { 0 };
	const char **fields[] = { &foreign.stix_id, &foreign.modified, &foreign.json };
	struct arena arena = { 0 };
	bool fresh = false;
	int code = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && code == 0; i++) {
		struct view text;

		if (!pack_next(&parcel, &text))
			code = err_set(err, ERR_FORMAT,
				       "internal: a foreign object that does not unpack");
		else if (!(*fields[i] = arena_strndup(&arena, text.ptr, text.len)))
			code = err_memory(err);
	}
	if (code == 0)
		code = dossier_add(dossier, &dossier_foreign_type, &foreign, &fresh, err);
	counts->foreign += fresh;
	arena_free(&arena);
	return code;
}

int stix_take(struct dossier *dossier, bool bare, enum stix_parcel what, struct view parcel,
	      struct stix_counts *counts, struct err *err)
{
	char sha256[65];

	switch (what) {
	case STIX_CONTENT:
		return dossier_keep(dossier, parcel.ptr, parcel.len, sha256, err);
	case STIX_ROW:
		return parcel_row(dossier, bare, parcel, counts, err);
	case STIX_FOREIGN:
		return parcel_foreign(dossier, parcel, counts, err);
	}
	return err_set(err, ERR_FORMAT, "internal: a parcel of no kind");
}
