/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing: rows (snapshot.h), the matrix that follows from them, and the bytes that they name, each
 * under its own SHA-256, so that `sha256sum` checks it and a proof among them can be given to
 * `constat verify` as it is.
 */
#include "dossier/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/import.h"
#include "dossier/matrix.h"
#include "dossier/rows.h"
#include "dossier/seal_parts.h"
#include "dossier/snapshot.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int seal_contents(struct dossier *dossier, struct arena *arena, const char ***ret_names,
		  uint32_t *ret_count, struct err *err)
{
	struct dossier_source *sources;
	struct dossier_finding *findings;
	uint32_t source_count, finding_count, count = 0, kept = 0;
	const char **names;
	int code = dossier_list(dossier, &dossier_source_type, NULL, 0, arena, &sources,
				&source_count, err);

	if (code == 0)
		code = dossier_list(dossier, &dossier_finding_type, NULL, 0, arena, &findings,
				    &finding_count, err);
	if (code)
		return code;
	names = arena_zalloc(arena,
			     (2 * (size_t)source_count + finding_count + 1) * sizeof(*names));
	if (!names)
		return err_memory(err);
	for (uint32_t i = 0; i < source_count; i++) {
		names[count++] = sources[i].sha256;
		names[count++] = sources[i].text_sha256;
	}
	for (uint32_t i = 0; i < finding_count; i++)
		names[count++] = findings[i].sha256;
	qsort(names, count, sizeof(*names), by_name);
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	*ret_names = names;
	*ret_count = kept;
	return 0;
}

static int content_put(struct dossier *dossier, const char *sha256, struct arena *arena,
		       struct tar_member *into, struct err *err)
{
	const char *bytes;
	int code = dossier_bytes(dossier, sha256, arena, &bytes, &into->len, err);

	if (code)
		return code;
	into->bytes = (const uint8_t *)bytes;
	snprintf(into->name, sizeof(into->name), CONTENT_FOLDER "%s", sha256);
	return 0;
}

static int members_put(struct dossier *dossier, struct arena *arena,
		       struct tar_member **ret_members, uint32_t *ret_count, struct err *err)
{
	struct tar_member *members;
	struct matrix matrix;
	const char **names;
	uint32_t count = 0;
	int code = seal_contents(dossier, arena, &names, &count, err);

	if (code)
		return code;
	members = arena_zalloc(arena, (count + 2) * sizeof(*members));
	if (!members)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++)
		code = content_put(dossier, names[i], arena, &members[i], err);
	if (code == 0)
		code = snapshot_encode(dossier, arena, &members[count], err);
	if (code == 0)
		code = matrix_make(dossier, arena, &matrix, err);
	if (code == 0)
		code = member_encode(&matrix_schema, &matrix, MEMBER_MATRIX, arena,
				     &members[count + 1], err);
	if (code)
		return code;
	*ret_members = members;
	*ret_count = count + 2;
	return 0;
}

int seal_members(struct dossier *dossier, struct arena *arena, struct tar_member **ret_members,
		 uint32_t *ret_count, struct err *err)
{
	/* One state of the file, whoever else writes to it. */
	int code = dossier_sql(dossier, "BEGIN", err);

	if (code)
		return code;
	code = members_put(dossier, arena, ret_members, ret_count, err);
	(void)dossier_sql(dossier, "COMMIT", NULL);
	return code;
}

/*
 * A row without what is only its dossier's: its number, and those of rows that it refers to, whose
 * uids go along.
 */
static int row_parcel(struct dossier *dossier, const struct dossier_type *type, char *item,
		      struct buf *parcel, struct err *err)
{
	struct buf references = { 0 }, json = { 0 };
	int code = 0;

	for (size_t i = 0; i < type->columns && code == 0; i++) {
		const struct field *field = &type->schema->fields[i];
		const struct dossier_type *refers =
			field->type == FIELD_U32 ? dossier_refers_to(field->name) : NULL;
		struct buf uid = { 0 };
		uint32_t id = 0;

		if (refers)
			memcpy(&id, item + field->offset, sizeof(id));
		if (id == 0)
			continue;
		code = dossier_uid_of(dossier, refers, id, &uid, err);
		pack_add(&references, view_of(field->name));
		pack_add(&references, (struct view){ uid.data, uid.len });
		references.failed |= uid.failed;
		memset(item + field->offset, 0, sizeof(id));
		buf_free(&uid);
	}
	memset(dossier_field(type->schema, "id", item), 0, sizeof(uint32_t));
	if (code == 0)
		code = finding_encode_part(type->schema, item, &json, err);
	parcel->len = 0;
	pack_add(parcel, view_of(type->table));
	pack_add(parcel, (struct view){ json.data, json.len });
	buf_add(parcel, references.data, references.len);
	parcel->failed |= references.failed;
	buf_free(&references);
	buf_free(&json);
	return code ? code : parcel->failed ? err_memory(err) : 0;
}

struct giving {
	int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
		    struct err *err);
	void *context;
	struct arena arena;
	struct buf parcel;
};

static int contents_give(struct dossier *dossier, struct giving *giving, struct err *err)
{
	const char **names;
	uint32_t count = 0;
	int code = seal_contents(dossier, &giving->arena, &names, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct arena arena = { 0 };
		const char *bytes;
		size_t len;

		code = dossier_bytes(dossier, names[i], &arena, &bytes, &len, err);
		giving->parcel.len = 0;
		if (code == 0)
			buf_add(&giving->parcel, bytes, len);
		if (code == 0)
			code = giving->parcel.failed ? err_memory(err) : 0;
		if (code == 0)
			code = giving->give(giving->context, STIX_CONTENT, &giving->parcel, err);
		arena_free(&arena);
	}
	return code;
}

static int table_give(struct dossier *dossier, const struct dossier_type *type,
		      struct giving *giving, struct err *err)
{
	uint32_t count = 0;
	char *items;
	int code = dossier_list(dossier, type, NULL, 0, &giving->arena, &items, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = row_parcel(dossier, type, items + i * type->schema->size, &giving->parcel,
				  err);
		if (code == 0)
			code = giving->give(giving->context, STIX_ROW, &giving->parcel, err);
	}
	return code;
}

int seal_parcels(struct dossier *dossier,
		 int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
			     struct err *err),
		 void *context, struct err *err)
{
	struct giving giving = { .give = give, .context = context };
	int code = contents_give(dossier, &giving, err);

	for (const struct dossier_type *const *type = dossier_types; *type && code == 0; type++)
		if (*type != &dossier_speaker_type)
			code = table_give(dossier, *type, &giving, err);
	arena_free(&giving.arena);
	buf_free(&giving.parcel);
	return code;
}
