/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file: opened, migrated, and transactions on it.
 *
 * application_id tells a dossier from another database, user_version is the schema's. Migrations
 * are texts of SQL, run in one transaction with the new user_version, so that a crash leaves the
 * one schema or the other. The journal is the rollback journal: after a crash it stands beside the
 * file and the next to open rolls back; when the file is closed there is nothing beside it.
 * synchronous=EXTRA makes a commit survive a loss of power, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/rows.h"

#define APPLICATION_ID	0x436e7374	/* "Cnst" */
#define BUSY_MS		10000

static const char schema_1[] =
	"CREATE TABLE content(sha256 TEXT PRIMARY KEY CHECK(length(sha256) = 64), bytes BLOB NOT "
	"NULL) STRICT, WITHOUT ROWID;CREATE TABLE about(id INTEGER PRIMARY KEY CHECK(id = 1), uid "
	"TEXT NOT NULL UNIQUE, title TEXT NOT NULL, program TEXT NOT NULL, added INTEGER NOT NULL, "
	"changed INTEGER NOT NULL) STRICT;CREATE TABLE source(id INTEGER PRIMARY KEY, uid TEXT NOT "
	"NULL UNIQUE, name TEXT NOT NULL UNIQUE CHECK(name <> ''), url TEXT NOT NULL, title TEXT "
	"NOT NULL, publisher TEXT NOT NULL, agency TEXT NOT NULL, language TEXT NOT NULL, "
	"published_from INTEGER, published_until INTEGER, retrieved_from INTEGER, retrieved_until "
	"INTEGER, reliability TEXT NOT NULL CHECK(reliability IN ('', 'A', 'B', 'C', 'D', 'E', "
	"'F')), media TEXT NOT NULL, charset TEXT NOT NULL, extractor TEXT NOT NULL, sha256 TEXT "
	"NOT NULL REFERENCES content, text_sha256 TEXT NOT NULL REFERENCES content, size INTEGER "
	"NOT NULL, characters INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL) "
	"STRICT;CREATE TABLE claim(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, source "
	"INTEGER NOT NULL REFERENCES source, start INTEGER NOT NULL, \"end\" INTEGER NOT NULL "
	"CHECK(\"end\" > start), exact TEXT NOT NULL CHECK(exact <> ''), prefix TEXT NOT NULL, "
	"suffix TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, reading TEXT NOT NULL, "
	"said_from INTEGER, said_until INTEGER CHECK(said_until > said_from), said_basis TEXT NOT "
	"NULL, credibility INTEGER CHECK(credibility BETWEEN 1 AND 6), added INTEGER NOT NULL, "
	"changed INTEGER NOT NULL) STRICT;CREATE INDEX claim_source ON claim(source);CREATE TABLE "
	"speaker(id INTEGER PRIMARY KEY, claim INTEGER NOT NULL REFERENCES claim ON DELETE "
	"CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL CHECK(name <> ''), UNIQUE(claim, "
	"position)) STRICT;CREATE TABLE link(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, "
	"claim INTEGER NOT NULL REFERENCES claim, kind TEXT NOT NULL CHECK(kind IN ('denies', "
	"'contradicts', 'repeats', 'responds')), target INTEGER NOT NULL REFERENCES claim "
	"CHECK(target <> claim), added INTEGER NOT NULL, changed INTEGER NOT NULL, UNIQUE(claim, "
	"kind, target)) STRICT;CREATE INDEX link_target ON link(target);CREATE TABLE assertion(id "
	"INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, claim INTEGER NOT NULL REFERENCES claim, "
	"text TEXT NOT NULL CHECK(text <> ''), added INTEGER NOT NULL, changed INTEGER NOT NULL, "
	"UNIQUE(claim, text)) STRICT;CREATE TABLE finding(id INTEGER PRIMARY KEY, uid TEXT NOT "
	"NULL UNIQUE, form TEXT NOT NULL CHECK(form IN ('finding', 'proof')), label TEXT NOT NULL, "
	"question TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES content, data_from INTEGER, "
	"data_until INTEGER, added INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;CREATE TABLE "
	"verdict(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, assertion INTEGER NOT NULL "
	"REFERENCES assertion, finding INTEGER REFERENCES finding, verdict TEXT NOT NULL "
	"CHECK(verdict IN ('confirmed', 'contradicted', 'insufficient data', 'not measurable')), "
	"claimed TEXT NOT NULL, measured TEXT NOT NULL, why TEXT NOT NULL, nearest TEXT NOT NULL, "
	"away INTEGER NOT NULL, when_from INTEGER, when_until INTEGER, added INTEGER NOT NULL, "
	"changed INTEGER NOT NULL) STRICT;CREATE INDEX verdict_assertion ON "
	"verdict(assertion);CREATE TABLE hypothesis(id INTEGER PRIMARY KEY, uid TEXT NOT NULL "
	"UNIQUE, name TEXT NOT NULL UNIQUE CHECK(name <> ''), text TEXT NOT NULL, added INTEGER "
	"NOT NULL, changed INTEGER NOT NULL) STRICT;CREATE TABLE evidence(id INTEGER PRIMARY KEY, "
	"uid TEXT NOT NULL UNIQUE, claim INTEGER REFERENCES claim, verdict INTEGER REFERENCES "
	"verdict, finding INTEGER REFERENCES finding, fact TEXT NOT NULL, credibility TEXT NOT "
	"NULL CHECK(credibility IN ('', 'high', 'medium', 'low')), relevance TEXT NOT NULL "
	"CHECK(relevance IN ('high', 'medium', 'low')), added INTEGER NOT NULL, changed INTEGER "
	"NOT NULL, CHECK((claim IS NOT NULL) + (verdict IS NOT NULL) + (finding IS NOT NULL) = 1)) "
	"STRICT;CREATE TABLE rating(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, hypothesis "
	"INTEGER NOT NULL REFERENCES hypothesis, evidence INTEGER NOT NULL REFERENCES evidence, "
	"rating TEXT NOT NULL CHECK(rating IN ('CC', 'C', 'N', 'I', 'II')), note TEXT NOT NULL, "
	"added INTEGER NOT NULL, changed INTEGER NOT NULL, UNIQUE(hypothesis, evidence)) "
	"STRICT;CREATE TABLE foreign_object(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, "
	"stix_id TEXT NOT NULL, modified TEXT NOT NULL, json TEXT NOT NULL, added INTEGER NOT "
	"NULL, changed INTEGER NOT NULL) STRICT;";

/*
 * migrations[n] makes version n + 1 out of version n. Never changed once released: a new one is
 * added.
 */
static const char *const migrations[] = { schema_1 };

/*
 * Creations, transactions and statements under way; a signal handler asks. One thread writes to
 * dossiers.
 */
static volatile sig_atomic_t writing;

#define VERSION (sizeof(migrations) / sizeof(migrations[0]))

int dossier_sql_error(struct dossier *dossier, struct err *err)
{
	int code = sqlite3_errcode(dossier->db);

	if (code == SQLITE_NOMEM)
		return err_memory(err);
	if (sqlite3_extended_errcode(dossier->db) == SQLITE_CONSTRAINT_FOREIGNKEY)
		return err_set(err, ERR_FORMAT, "%s: what it refers to is not there",
			       dossier->path);
	/* The database is none, or what should go into it is no row. */
	return err_set(err,
		       code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_CONSTRAINT
			       ? ERR_FORMAT
			       : ERR_SYSTEM,
		       "%s: %s", dossier->path, sqlite3_errmsg(dossier->db));
}

int dossier_sql(struct dossier *dossier, const char *sql, struct err *err)
{
	return sqlite3_exec(dossier->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : dossier_sql_error(dossier, err);
}

int dossier_prepare(struct dossier *dossier, const char *sql, size_t len,
		    sqlite3_stmt **ret_statement, struct err *err)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(dossier->db, sql, (int)len, &statement, NULL) != SQLITE_OK)
		return dossier_sql_error(dossier, err);
	*ret_statement = statement;
	return 0;
}

int dossier_write(struct dossier *dossier, sqlite3_stmt *statement, struct err *err)
{
	int step;

	writing++;	/* outside a transaction, the statement is one */
	step = sqlite3_step(statement);
	writing--;
	return step == SQLITE_DONE ? 0 : dossier_sql_error(dossier, err);
}

static int pragma(struct dossier *dossier, const char *sql, int64_t *ret_value, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int code = dossier_prepare(dossier, sql, strlen(sql), &statement, err);

	if (code)
		return code;
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret_value = sqlite3_column_int64(statement, 0);
	else
		code = dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	return code;
}

static void enter(struct dossier *dossier)
{
	dossier->in_transaction = true;
	writing++;
}

static void leave(struct dossier *dossier)
{
	dossier->in_transaction = false;
	writing--;
}

bool dossier_is_writing(void)
{
	return writing > 0;
}

int dossier_begin(struct dossier *dossier, struct err *err)
{
	int code = dossier_sql(dossier, "BEGIN IMMEDIATE", err);

	if (code == 0)
		enter(dossier);
	return code;
}

int dossier_commit(struct dossier *dossier, struct err *err)
{
	int code = dossier_sql(dossier, "COMMIT", err);

	if (code)
		dossier_rollback(dossier);
	else
		leave(dossier);
	return code;
}

void dossier_rollback(struct dossier *dossier)
{
	if (!dossier->in_transaction)
		return;
	dossier_sql(dossier, "ROLLBACK", NULL);
	leave(dossier);
}

static int migrate(struct dossier *dossier, struct err *err)
{
	int64_t version = 0;
	char sql[64];
	int code = pragma(dossier, "PRAGMA user_version", &version, err);

	if (code == 0 && version > (int64_t)VERSION)
		return err_set(err, ERR_FORMAT,
			       "%s: a dossier of a later constat (schema %lld, this one knows %zu)",
			       dossier->path, (long long)version, VERSION);
	if (code || version == (int64_t)VERSION)
		return code;
	/* Asked again within the transaction: somebody else may have been quicker. */
	code = dossier_begin(dossier, err);
	if (code == 0)
		code = pragma(dossier, "PRAGMA user_version", &version, err);
	for (; code == 0 && version < (int64_t)VERSION; version++)
		code = dossier_sql(dossier, migrations[version], err);
	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id=%d; PRAGMA user_version=%d",
			 APPLICATION_ID, (int)VERSION);
	if (code == 0)
		code = dossier_sql(dossier, sql, err);
	if (code == 0)
		return dossier_commit(dossier, err);
	dossier_rollback(dossier);
	return code;
}

static int check_kind(struct dossier *dossier, bool creating, struct err *err)
{
	int64_t application = 0, tables = 0;
	int code = pragma(dossier, "PRAGMA application_id", &application, err);

	if (code == 0)
		code = pragma(dossier, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (code || application == APPLICATION_ID || (creating && application == 0 && tables == 0))
		return code;
	return err_set(err, ERR_FORMAT, "%s: a database, but no dossier", dossier->path);
}

/* `name` is what messages call it. */
static int file_open(const char *path, const char *name, int64_t now, bool creating,
		     struct dossier **ret_dossier, struct err *err)
{
	struct dossier *dossier = calloc(1, sizeof(*dossier));
	int code;

	if (!dossier)
		return err_memory(err);
	dossier->now = now;
	dossier->path = strdup(name);
	if (!dossier->path) {
		dossier_close(dossier);
		return err_memory(err);
	}
	if (sqlite3_open_v2(path, &dossier->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE,
			    NULL) != SQLITE_OK) {
		code = dossier->db ? dossier_sql_error(dossier, err) : err_memory(err);
		dossier_close(dossier);
		return code;
	}
	sqlite3_extended_result_codes(dossier->db, 0);
	sqlite3_busy_timeout(dossier->db, BUSY_MS);
	/* A file that somebody sends must not bring functions or triggers of its own to life. */
	sqlite3_db_config(dossier->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(dossier->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(dossier->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	code = check_kind(dossier, creating, err);
	if (code == 0)
		code = dossier_sql(dossier,
				   "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA "
				   "foreign_keys=ON;PRAGMA cell_size_check=ON",
				   err);
	if (code == 0)
		code = migrate(dossier, err);
	if (code)
		dossier_close(dossier);
	else
		*ret_dossier = dossier;
	return code;
}

int dossier_open(const char *path, int64_t now, struct dossier **ret_dossier, struct err *err)
{
	if (access(path, F_OK))
		return errno == ENOENT || errno == ENOTDIR
			       ? err_set(err, ERR_USAGE,
					 "%s: no such dossier (constat dossier create makes one)",
					 path)
			       : err_system(err, errno, "%s", path);
	return file_open(path, path, now, false, ret_dossier, err);
}

/* Writes what makes an empty database a dossier. */
static int file_fill(const char *path, const char *title, int64_t now, struct dossier **ret_dossier,
		     struct err *err)
{
	struct dossier_about about = { .title = title, .program = "constat " CONSTAT_VERSION };
	struct dossier *dossier;
	uint32_t count = 0;
	int code = file_open(path, path, now, true, &dossier, err);

	if (code)
		return code;
	code = dossier_begin(dossier, err);
	if (code == 0)
		code = dossier_count(dossier, &dossier_about_type, &count, err);
	if (code == 0 && count)
		code = err_set(err, ERR_USAGE, "%s is a dossier already", path);
	if (code == 0)
		code = dossier_add(dossier, &dossier_about_type, &about, NULL, err);
	if (code == 0)
		code = dossier_commit(dossier, err);
	if (code)
		dossier_close(dossier);
	else
		*ret_dossier = dossier;
	return code;
}

static int create(const char *path, const char *title, int64_t now, struct dossier **ret_dossier,
		  struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	bool ours = fd >= 0;
	int code;

	/* An empty file that is there already will do. */
	if (fd < 0 && errno == EEXIST)
		fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return err_system(err, errno, "%s", path);
	close(fd);
	code = file_fill(path, title, now, ret_dossier, err);
	if (code && ours)
		unlink(path);
	return code;
}

/* All of it is one writing: a file that has begun to be a dossier becomes one, or goes. */
int dossier_create(const char *path, const char *title, int64_t now, struct dossier **ret_dossier,
		   struct err *err)
{
	int code;

	writing++;
	code = create(path, title, now, ret_dossier, err);
	writing--;
	return code;
}

int dossier_in_memory(const char *name, int64_t now, struct dossier **ret_dossier, struct err *err)
{
	return file_open(":memory:", name, now, true, ret_dossier, err);
}

void dossier_close(struct dossier *dossier)
{
	if (!dossier)
		return;
	if (dossier->db)
		dossier_rollback(dossier);
	sqlite3_close(dossier->db);
	free(dossier->path);
	free(dossier);
}

const char *dossier_path(const struct dossier *dossier)
{
	return dossier->path;
}

int64_t dossier_now(const struct dossier *dossier)
{
	return dossier->now;
}
