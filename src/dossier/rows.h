/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to dossier/: the open file, and the statements that other parts of it need. */
#ifndef CONSTAT_DOSSIER_ROWS_H
#define CONSTAT_DOSSIER_ROWS_H

#include <sqlite3.h>

#include "dossier/dossier.h"

struct dossier {
	sqlite3 *db;
	char *path;
	int64_t now;
	bool in_transaction;
};

/* What SQLite says, as an error that names the file. */
int dossier_sql_error(struct dossier *dossier, struct err *err);
int dossier_sql(struct dossier *dossier, const char *sql, struct err *err);
int dossier_prepare(struct dossier *dossier, const char *sql, size_t len,
		    sqlite3_stmt **ret_statement, struct err *err);
/* Runs a statement that changes rows and gives none. */
int dossier_write(struct dossier *dossier, sqlite3_stmt *statement, struct err *err);

/* dossier_bytes() without the comparison: ret_found is what their SHA-256 is now. */
int content_read(struct dossier *dossier, const char *sha256, struct arena *arena,
		 const char **ret_bytes, size_t *ret_len, char ret_found[65], struct err *err);

/*
 * A row as it is, with its number and, of a claim, its speakers. ERR_FORMAT where the tables forbid
 * it, or where its uid is not that of what it is.
 */
int dossier_restore(struct dossier *dossier, const struct dossier_type *type, const void *item,
		    struct err *err);

/* The uid that a row's identity makes. */
int dossier_uid_make(struct dossier *dossier, const struct dossier_type *type, const char *item,
		     char ret_uid[DOSSIER_UID], struct err *err);
/* The uid of the row with that number. */
int dossier_uid_of(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		   struct buf *out, struct err *err);
/* The type that a column of this name refers to by id; NULL for others. */
const struct dossier_type *dossier_refers_to(const char *column);
/* Where a field of that name is in the struct; NULL where the schema has none. */
void *dossier_field(const struct schema *schema, const char *name, void *item);

/* UUID version 5 in any name space. */
int uuid_make(const uint8_t space[16], const char *text, size_t len, char ret_uid[DOSSIER_UID],
	      struct err *err);

#endif
