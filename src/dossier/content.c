/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes by their SHA-256, and names for rows out of what they are (RFC 9562 section 5.5). */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "dossier/rows.h"

/*
 * What stands before the text that a UUID is made of: constat's own name space, drawn once at
 * random.
 */
static const uint8_t name_space[16] = {
	0x7c, 0x1d, 0x5e, 0x90, 0x3a, 0x84, 0x4f, 0x2b, 0x9e, 0x61, 0xc5, 0x0f, 0x12, 0xd8, 0x6b,
	0x47,
};

static void hex(const uint8_t *bytes, size_t len, char *ret_text)
{
	for (size_t i = 0; i < len; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", bytes[i]);
}

static int digest(const void *bytes, size_t len, char ret_sha256[65], struct err *err)
{
	uint8_t sum[EVP_MAX_MD_SIZE];

	if (!EVP_Digest(bytes, len, sum, NULL, EVP_sha256(), NULL))
		return err_set(err, ERR_SYSTEM, "SHA-256 is not to be had");
	hex(sum, 32, ret_sha256);
	return 0;
}

int uuid_make(const uint8_t space[16], const char *text, size_t len, char ret_uid[DOSSIER_UID],
	      struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t sum[EVP_MAX_MD_SIZE];
	char digits[33];
	bool done = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) &&
		    EVP_DigestUpdate(context, space, 16) &&
		    EVP_DigestUpdate(context, text, len) && EVP_DigestFinal_ex(context, sum, NULL);

	EVP_MD_CTX_free(context);
	if (!done)
		return err_set(err, ERR_SYSTEM, "SHA-1 is not to be had");
	sum[6] = (uint8_t)((sum[6] & 0x0f) | 0x50);
	sum[8] = (uint8_t)((sum[8] & 0x3f) | 0x80);
	hex(sum, 16, digits);
	snprintf(ret_uid, DOSSIER_UID, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12,
		 digits + 16, digits + 20);
	return 0;
}

int dossier_uid(const char *text, size_t len, char ret_uid[DOSSIER_UID], struct err *err)
{
	return uuid_make(name_space, text, len, ret_uid, err);
}

int dossier_keep(struct dossier *dossier, const void *bytes, size_t len, char ret_sha256[65],
		 struct err *err)
{
	static const char sql[] = "INSERT INTO content VALUES(?1, ?2) ON CONFLICT DO NOTHING";
	sqlite3_stmt *statement;
	char sha256[65];
	int code = digest(bytes, len, sha256, err);

	if (code == 0)
		code = dossier_prepare(dossier, sql, sizeof(sql), &statement, err);
	if (code)
		return code;
	sqlite3_bind_text(statement, 1, sha256, -1, SQLITE_STATIC);
	code = sqlite3_bind_blob64(statement, 2, bytes ? bytes : "", len, SQLITE_STATIC) ==
			       SQLITE_OK
		       ? dossier_write(dossier, statement, err)
		       : dossier_sql_error(dossier, err);
	sqlite3_finalize(statement);
	if (code == 0)
		memcpy(ret_sha256, sha256, sizeof(sha256));
	return code;
}

int content_read(struct dossier *dossier, const char *sha256, struct arena *arena,
		 const char **ret_bytes, size_t *ret_len, char ret_found[65], struct err *err)
{
	static const char sql[] = "SELECT bytes FROM content WHERE sha256 = ?1";
	sqlite3_stmt *statement;
	char *bytes = NULL;
	size_t len = 0;
	int step, code = dossier_prepare(dossier, sql, sizeof(sql), &statement, err);

	if (code)
		return code;
	sqlite3_bind_text(statement, 1, sha256, -1, SQLITE_STATIC);
	step = sqlite3_step(statement);
	if (step == SQLITE_ROW) {
		len = (size_t)sqlite3_column_bytes(statement, 0);
		bytes = arena_strndup(arena, len ? sqlite3_column_blob(statement, 0) : "", len);
		code = bytes ? digest(bytes, len, ret_found, err) : err_memory(err);
	} else if (step == SQLITE_DONE) {
		code = err_set(err, ERR_FORMAT, "%s: no bytes with SHA-256 %s", dossier->path,
			       sha256);
	} else {
		code = dossier_sql_error(dossier, err);
	}
	sqlite3_finalize(statement);
	if (code)
		return code;
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}

int dossier_bytes(struct dossier *dossier, const char *sha256, struct arena *arena,
		  const char **ret_bytes, size_t *ret_len, struct err *err)
{
	const char *bytes;
	char found[65];
	size_t len;
	int code = content_read(dossier, sha256, arena, &bytes, &len, found, err);

	if (code == 0 && strcmp(found, sha256) != 0)
		code = err_set(err, ERR_FORMAT,
			       "%s: bytes changed: their SHA-256 is %s, recorded is %s",
			       dossier->path, found, sha256);
	if (code)
		return code;
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}
