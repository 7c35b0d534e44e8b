/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows in and out, by the schema of their type: its fields become columns (a span becomes two), and
 * every statement is written out of them. Nothing here knows a table but the claim's, whose chain
 * of speakers is a table of its own.
 *
 * The uid of a row is made of its identity: the type's word, then each field's name and value. A
 * number that refers to a row stands for that row's uid, so that the uid is the same in every
 * dossier.
 */
#include <string.h>

#include "dossier/rows.h"

#define COLUMNS_MAX 40

struct column {
	const char *name;
	const char *part;	/* of a span: "from", "until" */
	enum field_type type;
	size_t offset;
};

struct columns {
	struct column at[COLUMNS_MAX];
	unsigned count;
};

/* Columns that hold another row's id. */
static const struct reference {
	const char *column;
	const struct dossier_type *type;
} references[] = {
	{ "source", &dossier_source_type },	{ "claim", &dossier_claim_type },
	{ "target", &dossier_claim_type },	{ "assertion", &dossier_assertion_type },
	{ "finding", &dossier_finding_type },	{ "verdict", &dossier_verdict_type },
	{ "hypothesis", &dossier_hypothesis_type }, { "evidence", &dossier_evidence_type },
};

const struct dossier_type *dossier_refers_to(const char *column)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
		if (strcmp(references[i].column, column) == 0)
			return references[i].type;
	return NULL;
}

static void columns_of(const struct dossier_type *type, struct columns *columns)
{
	columns->count = 0;
	for (size_t i = 0; i < type->columns; i++) {
		const struct field *field = &type->schema->fields[i];

		if (field->type != FIELD_OBJECT) {
			columns->at[columns->count++] = (struct column){
				field->name, NULL, field->type, field->offset,
			};
			continue;
		}
		for (size_t k = 0; k < field->of->field_count; k++)
			columns->at[columns->count++] =
				(struct column){ field->name, field->of->fields[k].name,
						 field->of->fields[k].type,
						 field->offset + field->of->fields[k].offset };
	}
}

static void column_name(struct buf *sql, const struct column *column)
{
	buf_printf(sql, "\"%s%s%s\"", column->name, column->part ? "_" : "",
		   column->part ? column->part : "");
}

static void column_list(struct buf *sql, const struct columns *columns, unsigned first,
			const char *behind)
{
	for (unsigned i = first; i < columns->count; i++) {
		if (i > first)
			buf_str(sql, ", ");
		column_name(sql, &columns->at[i]);
		buf_str(sql, behind);
	}
}

static const struct field *field_named(const struct schema *schema, struct view name)
{
	for (size_t i = 0; i < schema->field_count; i++)
		if (view_equal(view_of(schema->fields[i].name), name))
			return &schema->fields[i];
	return NULL;
}

void *dossier_field(const struct schema *schema, const char *name, void *item)
{
	const struct field *field = field_named(schema, view_of(name));

	return field ? (char *)item + field->offset : NULL;
}

static int prepare(struct dossier *dossier, struct buf *sql, sqlite3_stmt **ret_statement,
		   struct err *err)
{
	int code = sql->failed ? err_memory(err)
			       : dossier_prepare(dossier, sql->data, sql->len, ret_statement, err);

	buf_free(sql);
	return code;
}

static int bind(sqlite3_stmt *statement, int at, const struct column *column, const char *item)
{
	const char *text;
	uint32_t u32;
	int64_t i64;

	switch (column->type) {
	case FIELD_TEXT:
		memcpy(&text, item + column->offset, sizeof(text));
		return sqlite3_bind_text(statement, at, text ? text : "", -1, SQLITE_STATIC);
	case FIELD_U32:
		memcpy(&u32, item + column->offset, sizeof(u32));
		if (u32 == 0 &&
		    (dossier_refers_to(column->name) || strcmp(column->name, "credibility") == 0))
			return sqlite3_bind_null(statement, at);
		return sqlite3_bind_int64(statement, at, u32);
	default:
		memcpy(&i64, item + column->offset, sizeof(i64));
		if (column->type == FIELD_TIME && i64 == UTC_NEVER)
			return sqlite3_bind_null(statement, at);
		return sqlite3_bind_int64(statement, at, i64);
	}
}

/* A column of the statement's row into its field. */
static int take(sqlite3_stmt *statement, int at, const struct column *column, char *item,
		struct arena *arena, struct err *err)
{
	const char *text;
	uint32_t u32;
	int64_t i64;

	switch (column->type) {
	case FIELD_TEXT:
		text = (const char *)sqlite3_column_text(statement, at);
		text = text ? arena_strndup(arena, text,
					    (size_t)sqlite3_column_bytes(statement, at))
			    : NULL;
		if (!text)
			return err_memory(err);
		memcpy(item + column->offset, &text, sizeof(text));
		break;
	case FIELD_U32:
		u32 = (uint32_t)sqlite3_column_int64(statement, at);
		memcpy(item + column->offset, &u32, sizeof(u32));
		break;
	default:
		i64 = sqlite3_column_type(statement, at) == SQLITE_NULL
			      ? UTC_NEVER
			      : sqlite3_column_int64(statement, at);
		memcpy(item + column->offset, &i64, sizeof(i64));
		break;
	}
	return 0;
}

static int take_row(sqlite3_stmt *statement, const struct columns *columns, char *item,
		    struct arena *arena, struct err *err)
{
	int code = 0;

	for (unsigned i = 0; i < columns->count && code == 0; i++)
		code = take(statement, (int)i, &columns->at[i], item, arena, err);
	return code;
}

static int chain_make(struct dossier_claim *claim, struct arena *arena, struct err *err)
{
	struct buf chain = { 0 };

	for (uint32_t i = 0; i < claim->speaker_count; i++) {
		buf_str(&chain, i ? " → " : "");
		buf_str(&chain, claim->speakers[i].name);
	}
	claim->chain = chain.failed ? NULL
				    : arena_strndup(arena, chain.data ? chain.data : "", chain.len);
	buf_free(&chain);
	return claim->chain ? 0 : err_memory(err);
}

static int claims_complete(struct dossier *dossier, struct dossier_claim *claims, uint32_t count,
			   struct arena *arena, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = dossier_list(dossier, &dossier_speaker_type, "claim", claims[i].id, arena,
				    &claims[i].speakers, &claims[i].speaker_count, err);
		if (code == 0)
			code = chain_make(&claims[i], arena, err);
	}
	return code;
}

static int complete(struct dossier *dossier, const struct dossier_type *type, void *items,
		    uint32_t count, struct arena *arena, struct err *err)
{
	return type == &dossier_claim_type ? claims_complete(dossier, items, count, arena, err) : 0;
}

/* SELECT all columns of the type, with what is given behind. */
static int select_begin(struct dossier *dossier, const struct dossier_type *type,
			const struct columns *columns, const char *where, const char *column,
			sqlite3_stmt **ret_statement, struct err *err)
{
	struct buf sql = { 0 };

	buf_str(&sql, "SELECT ");
	column_list(&sql, columns, 0, "");
	buf_printf(&sql, " FROM \"%s\"", type->table);
	if (column)
		buf_printf(&sql, " WHERE \"%s\" = ?1", column);
	buf_str(&sql, where);
	return prepare(dossier, &sql, ret_statement, err);
}

int dossier_list(struct dossier *dossier, const struct dossier_type *type, const char *column,
		 uint32_t value, struct arena *arena, void *ret_items, uint32_t *ret_count,
		 struct err *err)
{
	size_t size = type->schema->size;
	uint32_t count = 0, room = 0;
	struct columns columns;
	sqlite3_stmt *statement;
	char *items = NULL;
	int code, step = SQLITE_DONE;

	columns_of(type, &columns);
	code = select_begin(dossier, type, &columns, " ORDER BY id", column, &statement, err);
	if (code)
		return code;
	sqlite3_bind_int64(statement, 1, value);
	while (code == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		if (count == room) {
			char *more = arena_zalloc(arena, (room ? 2 * room : 16) * size);

			if (!more) {
				code = err_memory(err);
				break;
			}
			if (count)
				memcpy(more, items, count * size);
			items = more;
			room = room ? 2 * room : 16;
		}
		code = take_row(statement, &columns, items + count * size, arena, err);
		count++;
	}
	if (code == 0 && step != SQLITE_DONE)
		code = dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	if (code == 0)
		code = complete(dossier, type, items, count, arena, err);
	if (code)
		return code;
	memcpy(ret_items, &items, sizeof(items));
	*ret_count = count;
	return 0;
}

int dossier_find(struct dossier *dossier, const struct dossier_type *type, const char *column,
		 const char *value, struct arena *arena, void *ret_item, bool *ret_found,
		 struct err *err)
{
	struct columns columns;
	sqlite3_stmt *statement;
	int code, step;

	columns_of(type, &columns);
	code = select_begin(dossier, type, &columns, " ORDER BY id LIMIT 1", column, &statement,
			    err);
	if (code)
		return code;
	sqlite3_bind_text(statement, 1, value, -1, SQLITE_STATIC);
	step = sqlite3_step(statement);
	if (step == SQLITE_ROW)
		code = take_row(statement, &columns, ret_item, arena, err);
	else if (step != SQLITE_DONE)
		code = dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	if (code == 0 && step == SQLITE_ROW)
		code = complete(dossier, type, ret_item, 1, arena, err);
	if (code == 0)
		*ret_found = step == SQLITE_ROW;
	return code;
}

int dossier_get(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		struct arena *arena, void *ret_item, struct err *err)
{
	char text[16];
	bool found;
	int code;

	/* SQLite compares an INTEGER column with a text of digits as numbers. */
	sqlite3_snprintf(sizeof(text), text, "%u", id);
	code = dossier_find(dossier, type, "id", text, arena, ret_item, &found, err);
	if (code == 0 && !found)
		code = err_set(err, ERR_USAGE, "%s: there is no %s %u", dossier->path, type->table,
			       id);
	return code;
}

int dossier_count(struct dossier *dossier, const struct dossier_type *type, uint32_t *ret_count,
		  struct err *err)
{
	struct buf sql = { 0 };
	sqlite3_stmt *statement;
	int code;

	buf_printf(&sql, "SELECT count(*) FROM \"%s\"", type->table);
	code = prepare(dossier, &sql, &statement, err);
	if (code)
		return code;
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret_count = (uint32_t)sqlite3_column_int64(statement, 0);
	else
		code = dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	return code;
}

/* *ret_id 0 where there is no row of that uid. */
static int uid_find(struct dossier *dossier, const struct dossier_type *type, const char *uid,
		    uint32_t *ret_id, struct err *err)
{
	struct buf sql = { 0 };
	sqlite3_stmt *statement;
	int code, step;

	buf_printf(&sql, "SELECT id FROM \"%s\" WHERE uid = ?1", type->table);
	code = prepare(dossier, &sql, &statement, err);
	if (code)
		return code;
	sqlite3_bind_text(statement, 1, uid, -1, SQLITE_STATIC);
	step = sqlite3_step(statement);
	if (step == SQLITE_ROW || step == SQLITE_DONE)
		*ret_id = step == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(statement, 0) : 0;
	else
		code = dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	return code;
}

static int uid_put(sqlite3_stmt *statement, struct buf *out, struct err *err)
{
	const char *uid = (const char *)sqlite3_column_text(statement, 0);

	if (!uid)
		return err_memory(err);
	buf_str(out, uid);
	return 0;
}

int dossier_uid_of(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		   struct buf *out, struct err *err)
{
	struct buf sql = { 0 };
	sqlite3_stmt *statement;
	int code, step;

	buf_printf(&sql, "SELECT uid FROM \"%s\" WHERE id = %u", type->table, id);
	code = prepare(dossier, &sql, &statement, err);
	if (code)
		return code;
	step = sqlite3_step(statement);
	if (step == SQLITE_ROW)
		code = uid_put(statement, out, err);
	else if (step != SQLITE_DONE)
		code = dossier_sql_error(dossier, err);
	else
		code = err_set(err, ERR_USAGE, "%s: there is no %s %u", dossier->path, type->table,
			       id);
	sqlite3_finalize(statement);
	return code;
}

static int identity_field(struct dossier *dossier, const struct field *field, const char *item,
			  struct buf *out, struct err *err)
{
	const struct dossier_type *refers = field->type == FIELD_U32
						    ? dossier_refers_to(field->name)
						    : NULL;
	struct schema one = { "", 0, field, 1 };
	uint32_t id;

	if (!refers)
		return finding_encode_part(&one, item, out, err);
	memcpy(&id, item + field->offset, sizeof(id));
	buf_printf(out, "{\"%s\":", field->name);
	return id ? dossier_uid_of(dossier, refers, id, out, err) : 0;
}

int dossier_uid_make(struct dossier *dossier, const struct dossier_type *type, const char *item,
		     char ret_uid[DOSSIER_UID], struct err *err)
{
	struct view rest = view_of(type->identity), name;
	struct buf text = { 0 };
	int code = 0;

	buf_str(&text, type->table);
	while (code == 0 && view_split(&rest, ',', &name)) {
		buf_char(&text, '\n');
		code = identity_field(dossier, field_named(type->schema, name), item, &text, err);
	}
	if (code == 0 && text.failed)
		code = err_memory(err);
	if (code == 0)
		code = dossier_uid(text.data, text.len, ret_uid, err);
	buf_free(&text);
	return code;
}

/* Without its number, which is the next then, or with it. */
static int insert(struct dossier *dossier, const struct dossier_type *type, const char *item,
		  bool numbered, struct err *err)
{
	unsigned first = numbered ? 0 : 1;
	struct columns columns;
	struct buf sql = { 0 };
	sqlite3_stmt *statement;
	int code;

	columns_of(type, &columns);
	buf_printf(&sql, "INSERT INTO \"%s\"(", type->table);
	column_list(&sql, &columns, first, "");
	buf_str(&sql, ") VALUES(");
	for (unsigned i = first; i < columns.count; i++)
		buf_printf(&sql, "%s?%u", i > first ? ", " : "", i + 1);
	buf_char(&sql, ')');
	code = prepare(dossier, &sql, &statement, err);
	if (code)
		return code;
	for (unsigned i = first; i < columns.count; i++)
		if (bind(statement, (int)i + 1, &columns.at[i], item) != SQLITE_OK)
			code = dossier_sql_error(dossier, err);
	if (code == 0)
		code = dossier_write(dossier, statement, err);
	sqlite3_finalize(statement);
	return code;
}

static int speakers_add(struct dossier *dossier, const struct dossier_claim *claim, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < claim->speaker_count && code == 0; i++) {
		struct dossier_speaker speaker = {
			.claim = claim->id, .position = i, .name = claim->speakers[i].name,
		};

		code = dossier_add(dossier, &dossier_speaker_type, &speaker, NULL, err);
	}
	return code;
}

static void stamp(const struct dossier *dossier, int64_t *time)
{
	if (time && (*time == 0 || *time == UTC_NEVER))
		*time = dossier->now;
}

static int add(struct dossier *dossier, const struct dossier_type *type, void *item, bool *ret_new,
	       struct err *err)
{
	const char **uid = dossier_field(type->schema, "uid", item);
	char own[DOSSIER_UID];
	uint32_t id = 0;
	bool unnamed = uid && (!*uid || !**uid);
	int code = 0;

	stamp(dossier, dossier_field(type->schema, "added", item));
	stamp(dossier, dossier_field(type->schema, "changed", item));
	if (unnamed)
		code = dossier_uid_make(dossier, type, item, own, err);
	if (code)
		return code;
	if (unnamed)
		*uid = own;
	if (uid)
		code = uid_find(dossier, type, *uid, &id, err);
	if (code == 0 && id == 0) {
		code = insert(dossier, type, item, false, err);
		id = (uint32_t)sqlite3_last_insert_rowid(dossier->db);
		if (ret_new)
			*ret_new = true;
	} else if (ret_new) {
		*ret_new = false;
	}
	if (unnamed)
		*uid = NULL;
	if (code == 0)
		*(uint32_t *)dossier_field(type->schema, "id", item) = id;
	return code;
}

int dossier_add(struct dossier *dossier, const struct dossier_type *type, void *item, bool *ret_new,
		struct err *err)
{
	struct arena arena = { 0 };
	struct dossier_claim *claim = item;
	bool fresh = false;
	int code = 0;

	if (type == &dossier_claim_type)
		code = chain_make(claim, &arena, err);
	if (code == 0)
		code = add(dossier, type, item, &fresh, err);
	if (type == &dossier_claim_type)
		claim->chain = NULL;
	if (code == 0 && fresh && type == &dossier_claim_type)
		code = speakers_add(dossier, claim, err);
	arena_free(&arena);
	if (code == 0 && ret_new)
		*ret_new = fresh;
	return code;
}

/* Is the uid the one that the row's identity makes? */
static int uid_check(struct dossier *dossier, const struct dossier_type *type, const char *item,
		     const char *uid, struct err *err)
{
	char own[DOSSIER_UID] = "";
	int code = dossier_uid_make(dossier, type, item, own, err);

	if (code == ERR_USAGE)
		return err_set(err, ERR_FORMAT, "it refers to a row that is not there");
	if (code == 0 && strcmp(own, uid) != 0)
		code = err_set(err, ERR_FORMAT,
			       "it was changed: its uid is %.60s, that of what it says is %s", uid,
			       own);
	return code;
}

int dossier_restore(struct dossier *dossier, const struct dossier_type *type, const void *item,
		    struct err *err)
{
	const char *const *uid = dossier_field(type->schema, "uid", (void *)(uintptr_t)item);
	struct dossier_claim claim = { .speaker_count = 0 };
	struct arena arena = { 0 };
	int code = 0;

	if (type == &dossier_claim_type) {
		claim = *(const struct dossier_claim *)item;
		code = chain_make(&claim, &arena, err);
		item = &claim;
	}
	if (code == 0)
		code = uid_check(dossier, type, item, *uid, err);
	if (code == 0)
		code = insert(dossier, type, item, true, err);
	for (uint32_t i = 0; i < claim.speaker_count && code == 0; i++)
		code = insert(dossier, &dossier_speaker_type, (const char *)&claim.speakers[i],
			      true, err);
	arena_free(&arena);
	return code;
}

int dossier_change(struct dossier *dossier, const struct dossier_type *type, void *item,
		   struct err *err)
{
	struct columns columns;
	struct buf sql = { 0 };
	sqlite3_stmt *statement;
	int code;

	columns_of(type, &columns);
	*(int64_t *)dossier_field(type->schema, "changed", item) = dossier->now;
	buf_printf(&sql, "UPDATE \"%s\" SET ", type->table);
	for (unsigned i = 2; i < columns.count; i++) {
		buf_str(&sql, i > 2 ? ", " : "");
		column_name(&sql, &columns.at[i]);
		buf_printf(&sql, " = ?%u", i + 1);
	}
	buf_str(&sql, " WHERE id = ?1");
	code = prepare(dossier, &sql, &statement, err);
	if (code)
		return code;
	for (unsigned i = 0; i < columns.count; i++)
		if (i != 1 && bind(statement, (int)i + 1, &columns.at[i], item) != SQLITE_OK)
			code = dossier_sql_error(dossier, err);
	if (code == 0)
		code = dossier_write(dossier, statement, err);
	sqlite3_finalize(statement);
	return code;
}

int dossier_remove(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		   struct err *err)
{
	char sql[96];
	int code;

	sqlite3_snprintf(sizeof(sql), sql, "DELETE FROM \"%s\" WHERE id = %u", type->table, id);
	code = dossier_sql(dossier, sql, err);
	if (code == 0 && sqlite3_changes(dossier->db) == 0)
		code = err_set(err, ERR_USAGE, "%s: there is no %s %u", dossier->path, type->table,
			       id);
	return code;
}
