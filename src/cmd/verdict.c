/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text ends with what is proved and what is not, each sentence only where the check behind it
 * was passed. What a part of the result rests on is told by the table of parts; parts that are not
 * in this finding are left out.
 */
#include "cmd/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "proof/parts.h"

#define FIELD(type, name, kind) { #name, kind, offsetof(struct type, name), 0, NULL }
#define LIST(type, name, count, schema) \
	{ #name, FIELD_LIST, offsetof(struct type, name), offsetof(struct type, count), &schema }
#define FIELDS(fields) fields, sizeof(fields) / sizeof((fields)[0])
#define T verdict_signature
static const struct field signature_fields[] = {
	FIELD(T, key, FIELD_TEXT), FIELD(T, state, FIELD_TEXT),
};
static const struct schema signature_schema = {
	"signature", sizeof(struct T), FIELDS(signature_fields),
};
#undef T
#define T verdict_part
static const struct field part_fields[] = { FIELD(T, path, FIELD_TEXT), FIELD(T, why, FIELD_TEXT) };
static const struct schema part_schema = { "part", sizeof(struct T), FIELDS(part_fields) };
#undef T
#define T verdict
static const struct field verdict_fields[] = {
	FIELD(T, file, FIELD_TEXT), FIELD(T, accepted, FIELD_BOOL), FIELD(T, reason, FIELD_TEXT),
	FIELD(T, kind, FIELD_TEXT), FIELD(T, bytes, FIELD_U64), FIELD(T, members, FIELD_U32),
	FIELD(T, root, FIELD_TEXT),
	FIELD(T, need, FIELD_U32),
	FIELD(T, signatures_trusted, FIELD_U32),
	LIST(T, signatures, signature_count, signature_schema),
	FIELD(T, timestamp_state, FIELD_TEXT), FIELD(T, timestamp, FIELD_TIME),
	FIELD(T, replayed, FIELD_BOOL),
	FIELD(T, question, FIELD_TEXT), FIELD(T, method, FIELD_U32), FIELD(T, networks, FIELD_U32),
	FIELD(T, inputs, FIELD_U32), FIELD(T, records, FIELD_U64),
	LIST(T, attested, attested_count, part_schema),
	FIELD(T, inputs_found, FIELD_U32), FIELD(T, inputs_missing, FIELD_U32),
	FIELD(T, sources_found, FIELD_BOOL),
	FIELD(T, recomputed, FIELD_BOOL),
	{ "dossier", FIELD_PART, offsetof(struct T, dossier), 0, &seal_report_schema },
};
static const struct schema verdict_schema = { "verdict", sizeof(struct T), FIELDS(verdict_fields) };
#undef T

static const char *take(struct verdict *verdict, struct buf *buf)
{
	const char *text = buf->failed ? NULL
				       : arena_strndup(&verdict->arena, buf->data ? buf->data : "",
						       buf->len);

	buf_free(buf);
	return text;
}

int verdict_root(struct verdict *verdict, struct view checkpoint_text, struct err *err)
{
	struct view rest = checkpoint_text, line;

	for (unsigned i = 0; i < 3; i++) {
		if (!view_split(&rest, '\n', &line))
			line = VIEW("");
	}
	verdict->root = arena_strndup(&verdict->arena, line.ptr, line.len);
	return verdict->root ? 0 : err_memory(err);
}

int verdict_signature(struct verdict *verdict, const struct note_signature *signature, bool trusted,
		      struct err *err)
{
	struct verdict_signature *into;
	struct buf key = { 0 };

	if (!verdict->signatures)
		verdict->signatures =
			arena_zalloc(&verdict->arena,
				     NOTE_SIGNATURES_MAX * sizeof(*verdict->signatures));
	if (!verdict->signatures)
		return err_memory(err);
	into = &verdict->signatures[verdict->signature_count];
	note_key_name(&key, signature->name, signature->id);
	into->key = take(verdict, &key);
	into->state = trusted ? "holds" : "not trusted";
	verdict->signature_count++;
	return into->key ? 0 : err_memory(err);
}

static const char *question_text(struct verdict *verdict, const struct finding_question *question)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s %s", question->kind, question->subject);
	if (*question->subject_name)
		buf_printf(&text, " (%s)", question->subject_name);
	if (question->from != UTC_NEVER) {
		buf_str(&text, ", from ");
		utc_format(&text, question->from);
	}
	if (question->until != UTC_NEVER) {
		buf_str(&text, ", until ");
		utc_format(&text, question->until);
	}
	return take(verdict, &text);
}

/* Is the field there in this struct? */
static bool is_there(const struct field *field, const void *item)
{
	const void *part;

	memcpy(&part, (const char *)item + field->offset, sizeof(part));
	return field->type != FIELD_PART || part;
}

/* What the struct at `path` has that the table of parts does not speak of. */
static int attested_rest(struct verdict *verdict, const char *path, const void *item,
			 struct err *err)
{
	const struct schema *schema = finding_field(path)->of;

	for (size_t i = 0; i < schema->field_count; i++) {
		struct buf name = { 0 };
		const char *text;

		buf_printf(&name, "%s.%s", path, schema->fields[i].name);
		text = take(verdict, &name);
		if (!text)
			return err_memory(err);
		if (!proof_part_of(text) && is_there(&schema->fields[i], item) &&
		    strcmp(text, "result.report") != 0)
			verdict->attested[verdict->attested_count++] = (struct verdict_part){
				text, "it is not recomputed from an excerpt"
			};
	}
	return 0;
}

/* What the table says is the signer's, and what it does not speak of. */
static int attested_take(struct verdict *verdict, const struct finding *finding, struct err *err)
{
	const struct schema *report = finding_field("result.report")->of,
			    *result = finding_field("result")->of;
	int code;

	verdict->attested = arena_zalloc(&verdict->arena, (proof_part_count + report->field_count +
							   result->field_count) *
								  sizeof(*verdict->attested));
	if (!verdict->attested)
		return err_memory(err);
	for (size_t i = 0; i < proof_part_count; i++) {
		if (!proof_parts[i].replayed)
			verdict->attested[verdict->attested_count++] =
				(struct verdict_part){ proof_parts[i].path, proof_parts[i].why };
	}
	code = attested_rest(verdict, "result", &finding->result, err);
	return code ? code : attested_rest(verdict, "result.report", finding->result.report, err);
}

int verdict_replayed(struct verdict *verdict, const struct proof *proof, struct err *err)
{
	const struct finding *finding = &proof->finding;

	verdict->question = question_text(verdict, &finding->question);
	verdict->method = finding->method;
	verdict->networks = proof->excerpt.timeline.network_count;
	verdict->records = proof->excerpt.records.record_count;
	for (uint32_t i = 0; i < proof->excerpt.input_count; i++)
		verdict->inputs += proof->excerpt.bytes[i].len != 0;
	verdict->replayed = verdict->question != NULL;
	return verdict->question ? attested_take(verdict, finding, err) : err_memory(err);
}

struct seal_report *verdict_dossier(struct verdict *verdict, struct err *err)
{
	verdict->dossier = arena_zalloc(&verdict->arena, sizeof(*verdict->dossier));
	if (!verdict->dossier)
		err_memory(err);
	return verdict->dossier;
}

static void text_checks(const struct verdict *verdict, struct buf *out)
{
	buf_printf(out,
		   "contents     %u members, %llu bytes: each as the manifest says, none besides; "
		   "root %s\n",
		   verdict->members, (unsigned long long)verdict->bytes, verdict->root);
	for (uint32_t i = 0; i < verdict->signature_count; i++)
		buf_printf(out, "signature    %s: %s\n", verdict->signatures[i].key,
			   verdict->signatures[i].state);
	if (verdict->timestamp != UTC_NEVER) {
		buf_str(out, "timestamp    ");
		utc_format(out, verdict->timestamp);
		buf_printf(out, ", of this checkpoint: %s\n", verdict->timestamp_state);
	}
	if (!verdict->replayed)
		return;
	if (verdict->dossier) {
		verdict_dossier_checks(verdict->dossier, out);
		return;
	}
	buf_printf(out,
		   "replay       %s: the result is the same, out of %llu record%s of %u input%s "
		   "about %u network%s (method %u)\n",
		   verdict->question, (unsigned long long)verdict->records,
		   verdict->records == 1 ? "" : "s", verdict->inputs,
		   verdict->inputs == 1 ? "" : "s", verdict->networks,
		   verdict->networks == 1 ? "" : "s", verdict->method);
	if (verdict->recomputed)
		buf_printf(out,
			   "inputs       %u whole recording%s: finding, roster, timeline, records "
			   "and their places are the same\n",
			   verdict->inputs_found, verdict->inputs_found == 1 ? "" : "s");
	else if (verdict->inputs_missing)
		buf_printf(out,
			   "inputs       %u of %u not at hand: not measured again out of the whole "
			   "recordings\n",
			   verdict->inputs_missing,
			   verdict->inputs_missing + verdict->inputs_found);
}

static void text_proved(const struct verdict *verdict, struct buf *out)
{
	buf_str(out, "\nProved\n");
	if (verdict->signatures_trusted)
		buf_printf(out, "- %u trusted key%s signed exactly this.\n",
			   verdict->signatures_trusted,
			   verdict->signatures_trusted == 1 ? "" : "s");
	if (strcmp(verdict->timestamp_state, "holds") == 0) {
		buf_str(out, "- It existed on ");
		utc_format(out, verdict->timestamp);
		buf_str(out, ", says an authority that was named to be believed.\n");
	}
	if (verdict->dossier) {
		verdict_dossier_proved(verdict->dossier, out);
		return;
	}
	if (verdict->recomputed) {
		buf_str(out, "- The finding follows from the recordings with the stated hashes, "
			     "all of them; each record is at its place,\n  none is left out.\n");
		if (!verdict->sources_found)
			buf_str(out, "- Which networks belong to the place is the signer's word: "
				     "files of places or names are not at hand.\n");
		return;
	}
	buf_str(out, "- Taking from the signer who was live and who was a full feed (roster, "
		     "timeline), the outages, signals,\n"
		     "  networks and instabilities follow from the records in the proof.\n\n"
		     "Taken from the signer\n");
	for (uint32_t i = 0; i < verdict->attested_count; i++)
		buf_printf(out, "- %s: %s\n", verdict->attested[i].path, verdict->attested[i].why);
}

static void text_not_proved(const struct verdict *verdict, struct buf *out)
{
	buf_str(out, "\nNot proved\n");
	if (!verdict->signatures_trusted)
		buf_str(out, "- Who made it: no trusted key was asked for.\n");
	if (verdict->dossier) {
		verdict_dossier_not_proved(verdict->dossier, out);
		return;
	}
	if (!verdict->recomputed)
		buf_str(out, "- That the records stand in the recordings, and that none is left "
			     "out (--inputs DIR).\n");
	buf_str(out, "- That the archives recorded truly what their peers sent.\n"
		     "- Who caused it, and why: routing shows reachability, not motive.\n");
}

int verdict_text(const struct verdict *verdict, struct buf *out, struct err *err)
{
	if (verdict->root)
		text_checks(verdict, out);
	if (verdict->accepted) {
		text_proved(verdict, out);
		text_not_proved(verdict, out);
	}
	return out->failed ? err_memory(err) : 0;
}

int verdict_json(const struct verdict *verdict, struct buf *out, struct err *err)
{
	int code = finding_encode_part(&verdict_schema, verdict, out, err);

	buf_char(out, '\n');
	return code ? code : out->failed ? err_memory(err) : 0;
}

void verdict_free(struct verdict *verdict)
{
	arena_free(&verdict->arena);
	*verdict = (struct verdict){ 0 };
}
