/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The document's schema is made of those of the tables, so that a table that comes to the dossier
 * is in it by itself. Speakers stand within their claims.
 *
 * Reading is strict by writing again: what is worked out and not kept, such as a claim's chain,
 * must be the same.
 */
#include "dossier/snapshot.h"

#include <string.h>

#include "dossier/judge.h"
#include "dossier/rows.h"
#include "proof/bundle.h"

#define TABLES_MAX 15u

struct snapshot {
	uint32_t method; /* JUDGE_METHOD: how verdicts come about */
	struct list {
		char *items;
		uint32_t count;
	} tables[TABLES_MAX]; /* as in dossier_types */
};

struct snapshot_schema {
	struct field fields[1 + TABLES_MAX];
	struct schema schema;
};

static void schema_make(struct snapshot_schema *into)
{
	struct field *next = into->fields;

	*next++ = (struct field){ "method", FIELD_U32, offsetof(struct snapshot, method), 0, NULL };
	for (size_t i = 0; i < TABLES_MAX && dossier_types[i]; i++) {
		size_t list = offsetof(struct snapshot, tables) + i * sizeof(struct list);

		if (dossier_types[i] != &dossier_speaker_type)
			*next++ = (struct field){
				dossier_types[i]->table,
				FIELD_LIST,
				list + offsetof(struct list, items),
				list + offsetof(struct list, count),
				dossier_types[i]->schema,
			};
	}
	into->schema = (struct schema){ "dossier", sizeof(struct snapshot), into->fields,
					(size_t)(next - into->fields) };
}

int snapshot_encode(struct dossier *dossier, struct arena *arena, struct tar_member *ret_member,
		    struct err *err)
{
	struct snapshot snapshot = { .method = JUDGE_METHOD };
	struct snapshot_schema schema;
	struct arena rows = { 0 };
	int code = 0;

	schema_make(&schema);
	for (size_t i = 0; dossier_types[i] && code == 0; i++)
		code = dossier_list(dossier, dossier_types[i], NULL, 0, &rows,
				    &snapshot.tables[i].items, &snapshot.tables[i].count, err);
	if (code == 0)
		code = member_encode(&schema.schema, &snapshot, MEMBER_DOSSIER, arena, ret_member,
				     err);
	arena_free(&rows);
	return code;
}

static int table_restore(const struct dossier_type *type, const struct list *list,
			 struct dossier *into, struct err *err)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const char *item = list->items + i * type->schema->size;
		uint32_t id;

		if (dossier_restore(into, type, item, err) == 0)
			continue;
		memcpy(&id, dossier_field(type->schema, "id", (void *)(uintptr_t)item), sizeof(id));
		return err_prefix(err, "%s %u", type->table, id);
	}
	return 0;
}

static int restore(const struct snapshot *snapshot, struct dossier *into, struct err *err)
{
	int code = dossier_begin(into, err);

	if (code)
		return code;
	for (size_t i = 0; dossier_types[i] && code == 0; i++)
		code = table_restore(dossier_types[i], &snapshot->tables[i], into, err);
	if (code == 0)
		return dossier_commit(into, err);
	dossier_rollback(into);
	return code;
}

int snapshot_decode(const struct tar_member *member, struct dossier *into, struct err *err)
{
	struct snapshot snapshot = { .method = 0 };
	struct snapshot_schema schema;
	struct arena arena = { 0 };
	struct tar_member again;
	int code;

	schema_make(&schema);
	code = member_decode(&schema.schema, member, &arena, &snapshot, err);
	if (code == 0 && snapshot.method != JUDGE_METHOD)
		code = err_set(err, ERR_FORMAT,
			       "%s: judged by method %u, while this constat judges by "
			       "method %u: it cannot be replayed here",
			       member->name, snapshot.method, JUDGE_METHOD);
	if (code == 0)
		code = restore(&snapshot, into, err);
	arena_reset(&arena);
	if (code == 0)
		code = snapshot_encode(into, &arena, &again, err);
	if (code == 0 &&
	    (again.len != member->len || memcmp(again.bytes, member->bytes, again.len) != 0))
		code = err_set(err, ERR_FORMAT, "%s: not as a dossier of these rows is written",
			       member->name);
	arena_free(&arena);
	return code;
}
