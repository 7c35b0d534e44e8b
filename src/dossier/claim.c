/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A quote is right when the characters between its offsets are its own and those around it are the
 * context that was kept; a source is right when bytes and text have their recorded SHA-256. Both
 * are looked at whenever a dossier is read (dossier_verify). When a source has changed, the claims
 * in it tell where.
 */
#define _GNU_SOURCE
#include "dossier/claim.h"

#include <stdio.h>
#include <string.h>

#include "dossier/rows.h"

int source_resolve(struct dossier *dossier, const char *text, struct arena *arena,
		   struct dossier_source *ret_source, struct err *err)
{
	bool found;
	uint32_t id;
	int code = dossier_find(dossier, &dossier_source_type, "name", text, arena, ret_source,
				&found, err);

	if (code || found)
		return code;
	if (view_u32(view_of(text), &id))
		return dossier_get(dossier, &dossier_source_type, id, arena, ret_source, err);
	return err_set(err, ERR_USAGE, "%s: there is no source %s", dossier->path, text);
}

int source_add(struct dossier *dossier, struct dossier_source *source, struct view bytes,
	       struct view text, bool *ret_new, struct err *err)
{
	char sha256[65], text_sha256[65];
	struct arena arena = { 0 };
	struct dossier_source old;
	struct text decoded;
	bool found = false;
	int code = text_decode(text, &arena, &decoded, err);

	if (code == 0)
		code = dossier_keep(dossier, bytes.ptr, bytes.len, sha256, err);
	if (code == 0)
		code = dossier_keep(dossier, text.ptr, text.len, text_sha256, err);
	if (code == 0)
		code = dossier_find(dossier, &dossier_source_type, "name", source->name, &arena,
				    &old, &found, err);
	if (code == 0 && found && strcmp(old.sha256, sha256) != 0)
		code = err_set(err, ERR_USAGE,
			       "%s: source %u has that name and other bytes: give this one another "
			       "--name",
			       source->name, old.id);
	if (code == 0 && found) {
		source->id = old.id;
		*ret_new = false;
	} else if (code == 0) {
		source->sha256 = sha256;
		source->text_sha256 = text_sha256;
		source->size = bytes.len;
		source->characters = decoded.count;
		code = dossier_add(dossier, &dossier_source_type, source, ret_new, err);
		source->sha256 = source->text_sha256 = NULL;
	}
	arena_free(&arena);
	return code;
}

int quoting_open(struct dossier *dossier, const struct dossier_source *source, struct arena *arena,
		 struct quoting *ret_quoting, struct err *err)
{
	struct quoting quoting = { .source = *source };
	struct view bytes, text;
	int code = dossier_bytes(dossier, source->sha256, arena, &bytes.ptr, &bytes.len, err);

	if (code == 0)
		code = dossier_bytes(dossier, source->text_sha256, arena, &text.ptr, &text.len,
				     err);
	if (code == 0)
		code = text_decode(text, arena, &quoting.text, err);
	if (code)
		return err_prefix(err, "source %u (%s)", source->id, source->name);
	*ret_quoting = quoting;
	return 0;
}

static void say_point(uint32_t point, char ret_text[24])
{
	if (point >= 0x20 && point < 0x7f)
		snprintf(ret_text, 24, "\"%c\"", (int)point);
	else
		snprintf(ret_text, 24, "U+%04X", point);
}

/* Holds `part` against the text from `start` on. */
static int part_check(const struct quoting *quoting, uint32_t start, struct view part,
		      const char *what, struct err *err)
{
	struct arena arena = { 0 };
	char is[24], was[24];
	struct text own;
	int code = text_decode(part, &arena, &own, err);

	if (code)
		err_prefix(err, "%s of %s", what, quoting->source.name);
	for (uint32_t i = 0; i < own.count && code == 0; i++) {
		if (start + i >= quoting->text.count) {
			code = err_set(err, ERR_FORMAT,
				       "%s goes beyond the end of %s, at character %u", what,
				       quoting->source.name, start + i);
		} else if (quoting->text.points[start + i] != own.points[i]) {
			say_point(own.points[i], was);
			say_point(quoting->text.points[start + i], is);
			code = err_set(err, ERR_FORMAT,
				       "%s differs from %s at character %u: it has %s, the source "
				       "%s",
				       what, quoting->source.name, start + i, was, is);
		}
	}
	arena_free(&arena);
	return code;
}

static uint32_t characters(const char *text)
{
	uint32_t count = 0;

	for (; *text; text++)
		count += ((uint8_t)*text & 0xc0) != 0x80;
	return count;
}

static int claim_check(const struct quoting *quoting, const struct dossier_claim *claim,
		       struct err *err)
{
	uint32_t before = characters(claim->prefix);
	int code = 0;

	if (claim->end > quoting->text.count || claim->start >= claim->end || before > claim->start)
		code = err_set(err, ERR_FORMAT, "its place, characters %u to %u, is not in %s",
			       claim->start, claim->end, quoting->source.name);
	if (code == 0)
		code = part_check(quoting, claim->start - before, view_of(claim->prefix),
				  "what stands before the quote", err);
	if (code == 0)
		code = part_check(quoting, claim->start, view_of(claim->exact), "the quote", err);
	if (code == 0 && characters(claim->exact) != claim->end - claim->start)
		code = err_set(err, ERR_FORMAT, "the quote has %u characters, its place %u",
			       characters(claim->exact), claim->end - claim->start);
	if (code == 0)
		code = part_check(quoting, claim->end, view_of(claim->suffix),
				  "what stands behind the quote", err);
	return code ? err_prefix(err, "claim %u", claim->id) : 0;
}

static int claims_check(struct dossier *dossier, const struct quoting *quoting, struct arena *arena,
			struct err *err)
{
	struct dossier_claim *claims;
	uint32_t count;
	int code = dossier_list(dossier, &dossier_claim_type, "source", quoting->source.id, arena,
				&claims, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++)
		code = claim_check(quoting, &claims[i], err);
	return code;
}

/* A source whose text is no longer what it was: where, as far as its claims can tell. */
static int changed(struct dossier *dossier, const struct dossier_source *source, const char *what,
		   struct view text, const char *found, const char *recorded, struct arena *arena,
		   struct err *err)
{
	struct quoting quoting = { .source = *source };
	struct err where = { 0 };
	bool told = text_decode(text, arena, &quoting.text, &where) != 0 ||
		    claims_check(dossier, &quoting, arena, &where) != 0;

	return err_set(err, ERR_FORMAT,
		       "source %u (%s): its %s changed: SHA-256 is %.16s…, recorded is "
		       "%.16s…%s%.250s",
		       source->id, source->name, what, found, recorded, told ? "; " : "",
		       told ? where.text : "");
}

static int source_check(struct dossier *dossier, const struct dossier_source *source,
			struct arena *arena, struct err *err)
{
	struct quoting quoting = { .source = *source };
	struct view bytes, text;
	char found[65];
	int code = content_read(dossier, source->text_sha256, arena, &text.ptr, &text.len, found,
				err);

	if (code == 0 && strcmp(found, source->text_sha256) != 0)
		return changed(dossier, source, "text", text, found, source->text_sha256, arena,
			       err);
	if (code == 0)
		code = content_read(dossier, source->sha256, arena, &bytes.ptr, &bytes.len, found,
				    err);
	if (code == 0 && strcmp(found, source->sha256) != 0)
		return changed(dossier, source, "archived bytes", text, found, source->sha256,
			       arena, err);
	if (code == 0)
		code = text_decode(text, arena, &quoting.text, err);
	if (code == 0 && (source->size != bytes.len || source->characters != quoting.text.count))
		code = err_set(err, ERR_FORMAT,
			       "it has %zu bytes and %u characters, recorded are %llu and %u",
			       bytes.len, quoting.text.count, (unsigned long long)source->size,
			       source->characters);
	if (code)
		return err_prefix(err, "source %u (%s)", source->id, source->name);
	return claims_check(dossier, &quoting, arena, err);
}

int dossier_verify(struct dossier *dossier, struct err *err)
{
	struct arena sources_arena = { 0 }, arena = { 0 };
	struct dossier_source *sources;
	uint32_t count = 0;
	int code = dossier_list(dossier, &dossier_source_type, NULL, 0, &sources_arena, &sources,
				&count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		code = source_check(dossier, &sources[i], &arena, err);
		arena_reset(&arena);
	}
	if (code)
		err_prefix(err, "%s", dossier->path);
	arena_free(&arena);
	arena_free(&sources_arena);
	return code;
}

bool claim_kind_valid(const char *kind)
{
	size_t len = strlen(kind);

	return len > 0 && strspn(kind, "abcdefghijklmnopqrstuvwxyz-") == len && kind[0] != '-';
}

static char *part_text(const struct text *text, uint32_t start, uint32_t end, struct arena *arena)
{
	struct view part = text_part(text, start, end);

	return arena_strndup(arena, part.ptr, part.len);
}

int claim_add(struct dossier *dossier, const struct quoting *quoting, struct dossier_claim *claim,
	      const struct view *quote, bool *ret_new, struct err *err)
{
	const struct text *text = &quoting->text;
	struct arena arena = { 0 };
	uint32_t left, right;
	int code = 0;

	if (!claim_kind_valid(claim->kind))
		return err_set(err, ERR_USAGE,
			       "\"%s\" is no kind of claim: one word in lower case, such as denial",
			       claim->kind);
	if (claim->credibility > 6)
		return err_set(err, ERR_USAGE, "credibility goes from 1 to 6");
	if (claim->start >= claim->end || claim->end > text->count)
		return err_set(err, ERR_FORMAT, "characters %u to %u are not in %s, which has %u",
			       claim->start, claim->end, quoting->source.name, text->count);
	if (quote)
		code = part_check(quoting, claim->start, *quote, "the quote", err);
	if (code == 0 && quote && quote->len != text_part(text, claim->start, claim->end).len)
		code = err_set(err, ERR_FORMAT,
			       "the quote is not as long as its place, characters %u to %u",
			       claim->start, claim->end);
	if (code)
		return code;
	left = claim->start < CLAIM_CONTEXT ? 0 : claim->start - CLAIM_CONTEXT;
	right = text->count - claim->end < CLAIM_CONTEXT ? text->count : claim->end + CLAIM_CONTEXT;
	claim->source = quoting->source.id;
	claim->exact = part_text(text, claim->start, claim->end, &arena);
	claim->prefix = part_text(text, left, claim->start, &arena);
	claim->suffix = part_text(text, claim->end, right, &arena);
	if (!claim->exact || !claim->prefix || !claim->suffix)
		code = err_memory(err);
	if (code == 0)
		code = dossier_add(dossier, &dossier_claim_type, claim, ret_new, err);
	claim->exact = claim->prefix = claim->suffix = NULL;
	arena_free(&arena);
	return code;
}

static int speaker_push(struct dossier_claim *claim, struct view name, struct arena *arena,
			struct err *err)
{
	struct dossier_speaker *more = arena_zalloc(arena,
						    (claim->speaker_count + 1) * sizeof(*more));

	name = view_trim(name);
	if (name.len == 0)
		return 0;
	if (!more)
		return err_memory(err);
	if (claim->speaker_count)
		memcpy(more, claim->speakers, claim->speaker_count * sizeof(*more));
	more[claim->speaker_count].name = arena_strndup(arena, name.ptr, name.len);
	more[claim->speaker_count].position = claim->speaker_count;
	if (!more[claim->speaker_count].name)
		return err_memory(err);
	claim->speakers = more;
	claim->speaker_count++;
	return 0;
}

/* Cuts `text` before `mark`; what is behind goes to *ret_rest. */
static bool cut(struct view *text, struct view mark, struct view *ret_rest)
{
	char *found = memmem(text->ptr, text->len, mark.ptr, mark.len);

	if (!found)
		return false;
	*ret_rest = (struct view){
		found + mark.len, text->len - (size_t)(found - text->ptr) - mark.len,
	};
	text->len = (size_t)(found - text->ptr);
	return true;
}

int claim_chain_parse(struct view text, struct arena *arena, struct dossier_claim *claim,
		      struct err *err)
{
	static const struct { struct view mark, between; bool closes; } forms[] = {
		{ { "→", 3 }, { "→", 3 }, false },
		{ { " > ", 3 }, { " > ", 3 }, false },
		{ { " (via ", 6 }, { ", ", 2 }, true },
		{ { ", via ", 6 }, { ", ", 2 }, false },
	};
	struct view rest = text, next = { NULL, 0 };
	int code = 0;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct view first = rest;

		if (!cut(&first, forms[i].mark, &next) ||
		    (forms[i].closes && !view_ends(next, VIEW(")"))))
			continue;
		next.len -= forms[i].closes;
		code = speaker_push(claim, first, arena, err);
		while (code == 0) {
			rest = next;
			if (!cut(&rest, forms[i].between, &next))
				break;
			code = speaker_push(claim, rest, arena, err);
		}
		break;
	}
	return code ? code : speaker_push(claim, rest, arena, err);
}
