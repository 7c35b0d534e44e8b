/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims as CSV, in and out. A line becomes the JSON object that it stands for, so that what is
 * wrong with it is found and said by the same hands. Digits alone in a column of numbers are a
 * number, "true" and "false" are those.
 */
#include "dossier/import_json.h"

#include <string.h>

#define COLUMNS_MAX 32

/* A field into `out`; *ret_last: it ended its line. False where a quotation mark has no second. */
static bool field_read(struct view *csv, struct buf *out, bool *ret_last)
{
	bool quoted = csv->len && csv->ptr[0] == '"';
	size_t at = quoted;

	out->len = 0;
	for (; at < csv->len; at++) {
		char c = csv->ptr[at];

		if (quoted && c == '"' && at + 1 < csv->len && csv->ptr[at + 1] == '"')
			at++;
		else if (quoted && c == '"')
			break;
		else if (!quoted && (c == ',' || c == '\n' || c == '\r'))
			break;
		buf_char(out, c);
	}
	if (quoted && at == csv->len)
		return false;
	at += quoted;
	if (at < csv->len && csv->ptr[at] == '\r')
		at++;
	*ret_last = at >= csv->len || csv->ptr[at] == '\n';
	if (at < csv->len && csv->ptr[at] != '\n' && csv->ptr[at] != ',')
		return false;
	at += at < csv->len;
	csv->ptr += at;
	csv->len -= at;
	return true;
}

static bool is_number(const char *key)
{
	static const char *const keys[] = {
		"start", "end", "occurrence", "occurrences", "credibility",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static json_t *value_of(const char *key, struct view text)
{
	uint32_t number;

	if (is_number(key) && view_u32(text, &number))
		return json_integer(number);
	if (strcmp(key, "checkable") == 0 &&
	    (view_equal(text, VIEW("true")) || view_equal(text, VIEW("false"))))
		return json_boolean(text.len == 4);
	return json_stringn(text.ptr, text.len);
}

struct header {
	char *names[COLUMNS_MAX];
	unsigned count;
	struct arena arena;
};

static int header_read(struct view *csv, struct header *header, struct err *err)
{
	struct buf field = { 0 };
	bool last = false;
	int code = 0;

	if (view_starts(*csv, VIEW("\xef\xbb\xbf")))
		*csv = (struct view){ csv->ptr + 3, csv->len - 3 };
	while (code == 0 && !last) {
		if (!field_read(csv, &field, &last) || header->count == COLUMNS_MAX)
			code = err_set(err, ERR_FORMAT, "line 1: no header line of names");
		else if (!(header->names[header->count++] =
				   arena_strndup(&header->arena, field.data ? field.data : "",
						 field.len)))
			code = err_memory(err);
	}
	buf_free(&field);
	return code;
}

static int row_read(struct view *csv, const struct header *header, json_t *claim, struct err *err)
{
	struct buf field = { 0 };
	bool last = false;
	unsigned column = 0;
	int code = 0;

	for (; code == 0 && !last; column++) {
		if (!field_read(csv, &field, &last))
			code = err_set(err, ERR_FORMAT, "a quotation mark without its second");
		else if (column >= header->count)
			code = err_set(err, ERR_FORMAT, "more fields than the header line has");
		else if (field.len &&
			 json_object_set_new(claim, header->names[column],
					     value_of(header->names[column],
						      (struct view){ field.data, field.len })))
			code = err_set(err, ERR_FORMAT, "\"%s\" is no UTF-8",
				       header->names[column]);
	}
	if (code == 0 && column < header->count)
		code = err_set(err, ERR_FORMAT, "fewer fields than the header line has");
	if (code == 0 && field.failed)
		code = err_memory(err);
	buf_free(&field);
	return code;
}

int import_read_csv(struct view csv,
		    int (*give)(void *context, const struct buf *pack, struct err *err),
		    void *context, struct err *err)
{
	struct header header = { .count = 0 };
	struct buf pack = { 0 };
	int code = header_read(&csv, &header, err);

	for (uint32_t number = 1; code == 0 && csv.len; number++) {
		json_t *claim = json_object();

		code = claim ? row_read(&csv, &header, claim, err) : err_memory(err);
		if (code == 0)
			code = import_claim_pack(claim, &pack, err);
		if (code)
			err_prefix(err, "claim %u", number);
		else
			code = give(context, &pack, err);
		json_decref(claim);
	}
	buf_free(&pack);
	arena_free(&header.arena);
	return code;
}

static void put(struct buf *out, const char *text, char end)
{
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	if (quoted)
		buf_char(out, '"');
	buf_char(out, end);
}

static void put_claim(struct buf *out, const struct dossier_source *source,
		      const struct dossier_claim *claim)
{
	struct buf said = { 0 };

	span_format(&said, claim->said);
	buf_char(&said, '\0');
	put(out, source->name, ',');
	put(out, claim->exact, ',');
	buf_printf(out, "%u,%u,", claim->start, claim->end);
	put(out, claim->kind, ',');
	put(out, claim->chain, ',');
	put(out, claim->about, ',');
	put(out, said.failed ? "" : said.data, ',');
	put(out, claim->said_basis, ',');
	put(out, claim->reading, ',');
	if (claim->credibility)
		buf_u64(out, claim->credibility);
	buf_char(out, '\n');
	out->failed |= said.failed;
	buf_free(&said);
}

int import_write_csv(struct dossier *dossier, struct buf *out, struct err *err)
{
	struct dossier_claim *claims;
	struct dossier_source source;
	struct arena arena = { 0 };
	uint32_t count = 0;
	int code = dossier_list(dossier, &dossier_claim_type, NULL, 0, &arena, &claims, &count,
				err);

	buf_str(out, "source,quote,start,end,kind,speaker,about,date,date_basis,assertion,"
		     "credibility\n");
	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = dossier_get(dossier, &dossier_source_type, claims[i].source, &arena, &source,
				   err);
		if (code == 0)
			put_claim(out, &source, &claims[i]);
	}
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}
