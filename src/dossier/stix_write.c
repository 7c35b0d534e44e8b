/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bundle out of a dossier: a table says which type of object each table's rows become, and a
 * function fills in what that type has of its own. The row itself goes into the extension as its
 * schema writes it, without what STIX would not have (null, empty lists) and what is only this
 * file's (its number); references are uids in place of numbers.
 *
 * Identifiers come from the rows' uids; those of artifacts from their content, as STIX 2.1 section
 * 2.9 has it. Objects stand in the order of the tables, rows in theirs, so that the same dossier
 * gives the same bytes.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "dossier/rows.h"
#include "dossier/stix.h"
#include "dossier/stix_names.h"

#define CREATED "2026-11-21T00:00:00.000Z"	/* of the definition and of constat's identity */
#define TYPES 16

struct writer {
	struct dossier *dossier;
	struct arena arena;
	json_t *objects;	/* the bundle's */
	json_t *contents;	/* SHA-256 → id of the artifact */
	json_t *names;		/* name → id of the identity */
	struct rows {
		const struct dossier_type *type;
		char *items;
		uint32_t count;
	} rows[TYPES];
	bool failed;		/* out of memory, told once at the end */
};

/* jansson's setters take the value and refuse NULL: one place to notice. */
static void put(struct writer *writer, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		writer->failed = true;
}

static void append(struct writer *writer, json_t *list, json_t *value)
{
	if (json_array_append_new(list, value))
		writer->failed = true;
}

static void put_text(struct writer *writer, json_t *object, const char *key, const char *text)
{
	if (*text)
		put(writer, object, key, json_string(text));
}

static void put_one(struct writer *writer, json_t *object, const char *key, const char *text)
{
	json_t *list = json_array();

	append(writer, list, json_string(text));
	put(writer, object, key, list);
}

/* STIX's timestamps have milliseconds. */
static void put_time(struct writer *writer, json_t *object, const char *key, int64_t time)
{
	struct buf text = { 0 };
	int64_t second = time - (time % UTC_SECOND + UTC_SECOND) % UTC_SECOND;

	utc_format(&text, second);
	if (text.len)
		text.len--;	/* "Z" */
	buf_printf(&text, ".%03uZ", (unsigned)((time - second) / 1000));
	put(writer, object, key, text.failed ? NULL : json_stringn(text.data, text.len));
	buf_free(&text);
}

static const char *formatted(struct writer *writer, const char *prefix, const char *uid)
{
	size_t len = strlen(prefix) + 2 + strlen(uid);
	char *text = arena_alloc(&writer->arena, len + 1);

	if (!text) {
		writer->failed = true;
		return "";
	}
	snprintf(text, len + 1, "%s--%s", prefix, uid);
	return text;
}

static json_t *object_new(struct writer *writer, const char *type, const char *id)
{
	json_t *object = json_object();

	put(writer, object, "type", json_string(type));
	put(writer, object, "spec_version", json_string("2.1"));
	put(writer, object, "id", json_string(id));
	return object;
}

static void extend(struct writer *writer, json_t *object, const char *table, json_t *row)
{
	json_t *extension = json_object(), *extensions = json_object();

	put(writer, extension, "extension_type", json_string("property-extension"));
	put(writer, extension, "table", json_string(table));
	if (row)
		put(writer, extension, "row", row);
	put(writer, extensions, STIX_EXTENSION, extension);
	put(writer, object, "extensions", extensions);
}

/* The identity of somebody named in rows; made when first asked for. */
static const char *name_id(struct writer *writer, const char *name)
{
	json_t *known = json_object_get(writer->names, name), *object;
	struct buf text = { 0 };
	char uid[DOSSIER_UID] = "";
	const char *id;

	if (known)
		return json_string_value(known);
	buf_printf(&text, "name\n%s", name);
	if (text.failed || dossier_uid(text.data, text.len, uid, NULL))
		writer->failed = true;
	buf_free(&text);
	id = formatted(writer, "identity", uid);
	object = object_new(writer, "identity", id);
	put(writer, object, "created", json_string(CREATED));
	put(writer, object, "modified", json_string(CREATED));
	put(writer, object, "name", json_string(name));
	extend(writer, object, STIX_TABLE_NAME, NULL);
	append(writer, writer->objects, object);
	put(writer, writer->names, name, json_string(id));
	return id;
}

/* Section 2.9: the UUID of an artifact is made of its hash and payload, as canonical JSON. */
static const char *artifact_id(struct writer *writer, const char *sha256, const char *payload)
{
	/* 00abedb4-aa42-466c-9c01-fed23315a9b7, given there */
	static const uint8_t space[16] = {
		0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15,
		0xa9, 0xb7,
	};
	struct buf text = { 0 };
	char uid[DOSSIER_UID] = "";

	buf_str(&text, "{\"hashes\":{\"SHA-256\":\"");
	buf_str(&text, sha256);
	buf_str(&text, "\"},\"payload_bin\":\"");
	buf_str(&text, payload);
	buf_str(&text, "\"}");
	if (text.failed || uuid_make(space, text.data, text.len, uid, NULL))
		writer->failed = true;
	buf_free(&text);
	return formatted(writer, "artifact", uid);
}

static int artifact_put(struct writer *writer, const char *sha256, const char *media,
			const char **ret_id, struct err *err)
{
	json_t *known = json_object_get(writer->contents, sha256), *object, *hashes;
	const char *bytes;
	char *payload;
	size_t len;
	int code;

	if (known) {
		*ret_id = json_string_value(known);
		return 0;
	}
	code = dossier_bytes(writer->dossier, sha256, &writer->arena, &bytes, &len, err);
	if (code)
		return code;
	payload = arena_alloc(&writer->arena, (len + 2) / 3 * 4 + 1);
	if (!payload)
		return err_memory(err);
	payload[0] = '\0';
	EVP_EncodeBlock((unsigned char *)payload, (const unsigned char *)bytes, (int)len);
	*ret_id = artifact_id(writer, sha256, payload);
	object = object_new(writer, "artifact", *ret_id);
	hashes = json_object();
	put(writer, hashes, "SHA-256", json_string(sha256));
	put(writer, object, "hashes", hashes);
	put_text(writer, object, "mime_type", media);
	put(writer, object, "payload_bin", json_string(payload));
	extend(writer, object, STIX_TABLE_CONTENT, NULL);
	append(writer, writer->objects, object);
	put(writer, writer->contents, sha256, json_string(*ret_id));
	return 0;
}

static const char *uid_of(const struct dossier_type *type, const void *item)
{
	const char *uid;

	memcpy(&uid, dossier_field(type->schema, "uid", (void *)item), sizeof(uid));
	return uid;
}

static const struct rows *rows_of(const struct writer *writer, const struct dossier_type *type)
{
	for (unsigned i = 0; i < TYPES; i++)
		if (writer->rows[i].type == type)
			return &writer->rows[i];
	return NULL;
}

/* Every schema begins with the row's number. */
static int by_id(const void *id, const void *item)
{
	uint32_t a = *(const uint32_t *)id, b = *(const uint32_t *)item;

	return (a > b) - (a < b);
}

static const void *row_of(const struct writer *writer, const struct dossier_type *type, uint32_t id)
{
	const struct rows *rows = rows_of(writer, type);

	return rows && rows->count
		       ? bsearch(&id, rows->items, rows->count, type->schema->size, by_id)
		       : NULL;
}

static const char *object_type(const struct dossier_type *type);

/* The identifier of a row's object; foreign keys make sure that there is one. */
static const char *row_id(struct writer *writer, const struct dossier_type *type, uint32_t id)
{
	const void *item = row_of(writer, type, id);

	return item ? formatted(writer, object_type(type), uid_of(type, item)) : STIX_CONSTAT;
}

static void refer(struct writer *writer, json_t *list, const struct dossier_type *type, uint32_t id)
{
	append(writer, list, json_string(row_id(writer, type, id)));
}

static int about_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_about *about = row;
	json_t *refs = json_array();

	(void)err;
	append(writer, refs, json_string(STIX_CONSTAT));
	for (unsigned i = 0; i < TYPES; i++) {
		const struct rows *rows = &writer->rows[i];

		for (uint32_t k = 0;
		     rows->type && rows->type != &dossier_about_type && k < rows->count; k++) {
			const char *item = rows->items + k * rows->type->schema->size;

			append(writer, refs,
			       json_string(formatted(writer, object_type(rows->type),
						     uid_of(rows->type, item))));
		}
	}
	put_text(writer, object, "name", about->title);
	put(writer, object, "context", json_string("unspecified"));
	put(writer, object, "object_refs", refs);
	return 0;
}

static void source_reference(struct writer *writer, const struct dossier_source *source,
			     json_t *object)
{
	json_t *references = json_array(), *reference = json_object(), *hashes = json_object();

	put(writer, reference, "source_name",
	    json_string(*source->publisher ? source->publisher : source->name));
	put(writer, hashes, "SHA-256", json_string(source->sha256));
	put(writer, reference, "description", json_string(source->name));
	put_text(writer, reference, "url", source->url);
	put(writer, reference, "hashes", hashes);
	append(writer, references, reference);
	put(writer, object, "external_references", references);
}

static int source_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_source *source = row;
	const struct rows *claims = rows_of(writer, &dossier_claim_type);
	const char *bytes, *text;
	json_t *refs;
	int code = artifact_put(writer, source->sha256, source->media, &bytes, err);

	if (code == 0)
		code = artifact_put(writer, source->text_sha256, "text/plain", &text, err);
	if (code)
		return code;
	refs = json_array();
	append(writer, refs, json_string(bytes));
	if (strcmp(bytes, text) != 0)
		append(writer, refs, json_string(text));
	if (*source->publisher)
		append(writer, refs, json_string(name_id(writer, source->publisher)));
	if (*source->agency && strcmp(source->agency, source->publisher) != 0)
		append(writer, refs, json_string(name_id(writer, source->agency)));
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct dossier_claim *claim = (const struct dossier_claim *)claims->items + i;

		if (claim->source == source->id)
			refer(writer, refs, &dossier_claim_type, claim->id);
	}
	put(writer, object, "name", json_string(*source->title ? source->title : source->name));
	put_text(writer, object, "lang", source->language);
	put_time(writer, object, "published",
		 source->published.from != UTC_NEVER ? source->published.from : source->added);
	put(writer, object, "object_refs", refs);
	source_reference(writer, source, object);
	return 0;
}

static int claim_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_claim *claim = row;
	json_t *refs = json_array(), *authors = json_array();

	(void)err;
	refer(writer, refs, &dossier_source_type, claim->source);
	for (uint32_t i = 0; i < claim->speaker_count; i++) {
		append(writer, refs, json_string(name_id(writer, claim->speakers[i].name)));
		append(writer, authors, json_string(claim->speakers[i].name));
	}
	put_text(writer, object, "abstract", claim->reading);
	put(writer, object, "content", json_string(claim->exact));
	if (json_array_size(authors))
		put(writer, object, "authors", authors);
	else
		json_decref(authors);
	put_one(writer, object, "labels", claim->kind);
	put(writer, object, "object_refs", refs);
	return 0;
}

static int link_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_link *link = row;

	(void)err;
	put(writer, object, "relationship_type",
	    json_string(strcmp(link->kind, "responds") == 0 ? "responds-to" : link->kind));
	put(writer, object, "source_ref",
	    json_string(row_id(writer, &dossier_claim_type, link->claim)));
	put(writer, object, "target_ref",
	    json_string(row_id(writer, &dossier_claim_type, link->target)));
	return 0;
}

static void refer_one(struct writer *writer, json_t *object, const struct dossier_type *type,
		      uint32_t id)
{
	put_one(writer, object, "object_refs", row_id(writer, type, id));
}

static int assertion_describe(struct writer *writer, const void *row, json_t *object,
			      struct err *err)
{
	const struct dossier_assertion *assertion = row;

	(void)err;
	put(writer, object, "content", json_string(assertion->text));
	refer_one(writer, object, &dossier_claim_type, assertion->claim);
	return 0;
}

static int finding_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_finding *finding = row;
	bool known = finding->data.from != UTC_NEVER && finding->data.until != UTC_NEVER;
	bool json = strcmp(finding->form, "finding") == 0;
	const char *id;
	int code = artifact_put(writer, finding->sha256,
				json ? "application/json" : "application/x-tar", &id, err);

	if (code)
		return code;
	put_time(writer, object, "first_observed", known ? finding->data.from : finding->added);
	put_time(writer, object, "last_observed", known ? finding->data.until : finding->added);
	put(writer, object, "number_observed", json_integer(1));
	put_one(writer, object, "object_refs", id);
	return 0;
}

static const struct word {
	const char *own, *opinion;
} verdicts[] = {
	{ "confirmed", "strongly-agree" }, { "contradicted", "strongly-disagree" },
	{ "insufficient data", "neutral" }, { "not measurable", "neutral" }, { NULL, NULL },
}, ratings[] = {
	{ "CC", "strongly-agree" }, { "C", "agree" }, { "N", "neutral" }, { "I", "disagree" },
	{ "II", "strongly-disagree" }, { NULL, NULL },
};

static void opinion_put(struct writer *writer, json_t *object, const struct word *words,
			const char *own)
{
	while (words->own && strcmp(words->own, own) != 0)
		words++;
	put(writer, object, "opinion", json_string(words->own ? words->opinion : "neutral"));
}

static int verdict_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_verdict *verdict = row;
	struct buf text = { 0 };

	(void)err;
	buf_printf(&text, "%s: claimed %s", verdict->verdict, verdict->claimed);
	if (*verdict->measured)
		buf_printf(&text, "; measured %s", verdict->measured);
	if (*verdict->why)
		buf_printf(&text, ". %s", verdict->why);
	put(writer, object, "explanation", text.failed ? NULL : json_stringn(text.data, text.len));
	buf_free(&text);
	put_one(writer, object, "authors", "constat");
	opinion_put(writer, object, verdicts, verdict->verdict);
	refer_one(writer, object, &dossier_assertion_type, verdict->assertion);
	return 0;
}

static int hypothesis_describe(struct writer *writer, const void *row, json_t *object,
			       struct err *err)
{
	const struct dossier_hypothesis *hypothesis = row;

	(void)err;
	put(writer, object, "abstract", json_string(hypothesis->name));
	put(writer, object, "content",
	    json_string(*hypothesis->text ? hypothesis->text : hypothesis->name));
	refer_one(writer, object, &dossier_about_type, 1);
	return 0;
}

static int evidence_describe(struct writer *writer, const void *row, json_t *object,
			     struct err *err)
{
	const struct dossier_evidence *evidence = row;

	(void)err;
	put(writer, object, "content",
	    json_string(*evidence->fact ? evidence->fact : "an item of evidence"));
	if (evidence->claim)
		refer_one(writer, object, &dossier_claim_type, evidence->claim);
	else if (evidence->verdict)
		refer_one(writer, object, &dossier_verdict_type, evidence->verdict);
	else
		refer_one(writer, object, &dossier_finding_type, evidence->finding);
	return 0;
}

static int rating_describe(struct writer *writer, const void *row, json_t *object, struct err *err)
{
	const struct dossier_rating *rating = row;
	json_t *refs = json_array();

	(void)err;
	refer(writer, refs, &dossier_hypothesis_type, rating->hypothesis);
	refer(writer, refs, &dossier_evidence_type, rating->evidence);
	put_text(writer, object, "explanation", rating->note);
	opinion_put(writer, object, ratings, rating->rating);
	put(writer, object, "object_refs", refs);
	return 0;
}

/* Foreign objects are no rows of this list: they go out as they came. */
static const struct kind {
	const struct dossier_type *type;
	const char *object;
	int (*describe)(struct writer *writer, const void *row, json_t *object, struct err *err);
} kinds[] = {
	{ &dossier_about_type, "grouping", about_describe },
	{ &dossier_source_type, "report", source_describe },
	{ &dossier_claim_type, "note", claim_describe },
	{ &dossier_link_type, "relationship", link_describe },
	{ &dossier_assertion_type, "note", assertion_describe },
	{ &dossier_finding_type, "observed-data", finding_describe },
	{ &dossier_verdict_type, "opinion", verdict_describe },
	{ &dossier_hypothesis_type, "note", hypothesis_describe },
	{ &dossier_evidence_type, "note", evidence_describe },
	{ &dossier_rating_type, "opinion", rating_describe },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *object_type(const struct dossier_type *type)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].type == type)
			return kinds[i].object;
	return "note";
}

/* STIX has no null and no empty list; what is not there is read as empty again. */
static void thin_out(json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value) {
		if (json_is_object(value))
			thin_out(value);
		if (json_is_null(value) ||
		    (json_is_string(value) && json_string_length(value) == 0) ||
		    (json_is_array(value) && json_array_size(value) == 0) ||
		    (json_is_object(value) && json_object_size(value) == 0))
			json_object_del(object, key);
	}
}

static void speakers_put(struct writer *writer, const struct dossier_claim *claim, json_t *row)
{
	json_t *names = json_array();

	for (uint32_t i = 0; i < claim->speaker_count; i++)
		append(writer, names, json_string(claim->speakers[i].name));
	put(writer, row, "speakers", names);
}

static int row_json(struct writer *writer, const struct dossier_type *type, const void *item,
		    json_t **ret_row, struct err *err)
{
	struct buf text = { 0 };
	json_t *row = NULL;
	int code = finding_encode_part(type->schema, item, &text, err);

	if (code == 0)
		code = text.failed ? err_memory(err) : json_read(text.data, text.len, &row, err);
	buf_free(&text);
	if (code)
		return code;
	json_object_del(row, "id");
	for (size_t i = 0; i < type->columns; i++) {
		const struct field *field = &type->schema->fields[i];
		const struct dossier_type *refers = field->type == FIELD_U32
							    ? dossier_refers_to(field->name)
							    : NULL;
		const void *target;
		uint32_t id;

		if (!refers)
			continue;
		memcpy(&id, (const char *)item + field->offset, sizeof(id));
		target = row_of(writer, refers, id);
		put(writer, row, field->name, json_string(target ? uid_of(refers, target) : ""));
	}
	if (type == &dossier_claim_type) {
		json_object_del(row, "chain");
		speakers_put(writer, item, row);
	}
	thin_out(row);
	*ret_row = row;
	return 0;
}

static int row_put(struct writer *writer, const struct kind *kind, const void *item,
		   struct err *err)
{
	const struct schema *schema = kind->type->schema;
	json_t *object, *row;
	int64_t added, changed;
	int code = row_json(writer, kind->type, item, &row, err);

	if (code)
		return code;
	memcpy(&added, dossier_field(schema, "added", (void *)item), sizeof(added));
	memcpy(&changed, dossier_field(schema, "changed", (void *)item), sizeof(changed));
	object = object_new(writer, kind->object,
			    formatted(writer, kind->object, uid_of(kind->type, item)));
	put_time(writer, object, "created", added);
	put_time(writer, object, "modified", changed < added ? added : changed);
	extend(writer, object, kind->type->table, row);
	code = kind->describe(writer, item, object, err);
	append(writer, writer->objects, object);
	return code;
}

static void definition_put(struct writer *writer)
{
	json_t *identity = object_new(writer, "identity", STIX_CONSTAT);
	json_t *definition = object_new(writer, "extension-definition", STIX_EXTENSION);

	put(writer, identity, "created", json_string(CREATED));
	put(writer, identity, "modified", json_string(CREATED));
	put(writer, identity, "name", json_string("constat"));
	put(writer, identity, "identity_class", json_string("system"));
	extend(writer, identity, STIX_TABLE_NAME, NULL);
	append(writer, writer->objects, identity);

	put(writer, definition, "created", json_string(CREATED));
	put(writer, definition, "modified", json_string(CREATED));
	put(writer, definition, "created_by_ref", json_string(STIX_CONSTAT));
	put(writer, definition, "name", json_string("row of a constat dossier"));
	put(writer, definition, "description",
	    json_string("The row of the dossier that an object was made of, so that a dossier can "
			"be made of it again."));
	put(writer, definition, "schema",
	    json_string("table: the dossier's table. row: its columns by name; a column that "
			"refers to another row holds that row's uid; times are RFC 3339; what is "
			"empty is left out. docs/stix.md of constat's source has the whole of "
			"it."));
	put(writer, definition, "version", json_string("1.0.0"));
	put_one(writer, definition, "extension_types", "property-extension");
	append(writer, writer->objects, definition);
}

static int rows_load(struct writer *writer, struct err *err)
{
	int code = 0;

	for (size_t i = 0; i < KINDS && code == 0; i++) {
		struct rows *rows = &writer->rows[i];

		rows->type = kinds[i].type;
		code = dossier_list(writer->dossier, rows->type, NULL, 0, &writer->arena,
				    &rows->items, &rows->count, err);
	}
	return code;
}

static int foreign_put(struct writer *writer, struct err *err)
{
	struct dossier_foreign *foreign;
	uint32_t count;
	int code = dossier_list(writer->dossier, &dossier_foreign_type, NULL, 0, &writer->arena,
				&foreign, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		json_t *object;

		code = json_read(foreign[i].json, strlen(foreign[i].json), &object, err);
		if (code == ERR_FORMAT)
			return err_set(err, ERR_FORMAT, "%s: foreign object %u is no JSON",
				       dossier_path(writer->dossier), foreign[i].id);
		if (code == 0)
			append(writer, writer->objects, object);
	}
	return code;
}

static void bundle_put(struct writer *writer, struct buf *out)
{
	char *objects = json_dumps(writer->objects,
				   JSON_SORT_KEYS | JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	char uid[DOSSIER_UID];

	if (!objects || dossier_uid(objects, strlen(objects), uid, NULL)) {
		writer->failed = true;
	} else {
		buf_printf(out,
			   "{\n\"type\": \"bundle\",\n\"id\": \"bundle--%s\",\n\"objects\": ", uid);
		buf_str(out, objects);
		buf_str(out, "\n}\n");
	}
	json_text_free(objects);
}

int stix_write(struct dossier *dossier, struct buf *out, struct err *err)
{
	struct writer writer = {
		.dossier = dossier, .objects = json_array(), .contents = json_object(),
		.names = json_object(),
	};
	int code = writer.objects && writer.contents && writer.names ? rows_load(&writer, err)
								     : err_memory(err);

	if (code == 0)
		definition_put(&writer);
	for (size_t i = 0; i < KINDS && code == 0; i++) {
		const struct rows *rows = &writer.rows[i];

		for (uint32_t k = 0; k < rows->count && code == 0; k++)
			code = row_put(&writer, &kinds[i],
				       rows->items + k * rows->type->schema->size, err);
	}
	if (code == 0)
		code = foreign_put(&writer, err);
	if (code == 0)
		bundle_put(&writer, out);
	if (code == 0 && (writer.failed || out->failed))
		code = err_memory(err);
	json_decref(writer.objects);
	json_decref(writer.contents);
	json_decref(writer.names);
	arena_free(&writer.arena);
	return code;
}
