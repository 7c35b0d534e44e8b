/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources and claims as text. A claim is shown with its words first: they are what the rest is
 * about.
 */
#include "show/dossier.h"

#include <string.h>

#include "show/grid.h"

#define LABEL_WIDTH 13

int show_rows_json(const struct schema *schema, const void *items, uint32_t count, struct buf *out,
		   struct err *err)
{
	int code = 0;

	buf_char(out, '[');
	for (uint32_t i = 0; i < count && code == 0; i++) {
		buf_str(out, i ? ",\n" : "\n");
		code = finding_encode_part(schema, (const char *)items + i * schema->size, out,
					   err);
	}
	buf_str(out, count ? "\n]\n" : "]\n");
	return code ? code : out->failed ? err_memory(err) : 0;
}

void show_labelled(struct buf *out, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	buf_printf(out, "%-*s", LABEL_WIDTH, label);
	show_plain(out, text);
	buf_char(out, '\n');
}

/* In the arena; "" where memory is out, which the buffer that is printed to will notice as well. */
static const char *plain_cell(struct grid *grid, const char *text)
{
	struct buf buf = { 0 };
	char *copy;

	show_plain(&buf, text);
	copy = buf.failed ? NULL : arena_strndup(&grid->arena, buf.data ? buf.data : "", buf.len);
	grid->failed |= copy == NULL;
	buf_free(&buf);
	return copy ? copy : "";
}

static void span_cell(struct grid *grid, struct dossier_span span)
{
	struct buf buf = { 0 };

	span_format(&buf, span);
	buf_char(&buf, '\0');
	grid->failed |= buf.failed;
	grid_cell(grid, buf.failed ? "" : buf.data);
	buf_free(&buf);
}

static unsigned width_left(const struct show_style *style, unsigned used)
{
	unsigned width = style->width ? style->width : 80;

	return width > used + 24 ? width - used : 24;
}

int show_sources(struct dossier *dossier, const struct dossier_source *sources, uint32_t count,
		 const struct show_style *style, struct buf *out, struct err *err)
{
	static const char *const titles[] = { "source",	     "name",	   "publisher",
					      "agency",	     "published",  "language",
					      "reliability", "characters", "claims" };
	struct arena arena = { 0 };
	struct grid grid = { 0 };
	int code = 0;

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		grid_column(&grid, titles[i], i == 0 || i > 6);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct dossier_claim *claims;
		uint32_t claim_count = 0;

		code = dossier_list(dossier, &dossier_claim_type, "source", sources[i].id, &arena,
				    &claims, &claim_count, err);
		grid_number(&grid, sources[i].id);
		grid_clipped(&grid, plain_cell(&grid, sources[i].name), 32);
		grid_clipped(&grid, plain_cell(&grid, sources[i].publisher), 24);
		grid_clipped(&grid, plain_cell(&grid, sources[i].agency), 16);
		span_cell(&grid, sources[i].published);
		grid_cell(&grid, plain_cell(&grid, sources[i].language));
		grid_cell(&grid, sources[i].reliability);
		grid_number(&grid, sources[i].characters);
		grid_number(&grid, claim_count);
	}
	grid_print(&grid, 0, style->colour, out);
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}

int show_claims(struct dossier *dossier, const struct dossier_claim *claims, uint32_t count,
		const struct show_style *style, struct buf *out, struct err *err)
{
	struct grid grid = { 0 };

	(void)dossier;
	grid_column(&grid, "claim", true);
	grid_column(&grid, "source", true);
	grid_column(&grid, "said", false);
	grid_column(&grid, "kind", false);
	grid_column(&grid, "speaker", false);
	grid_column(&grid, "quote", false);
	for (uint32_t i = 0; i < count; i++) {
		grid_number(&grid, claims[i].id);
		grid_number(&grid, claims[i].source);
		span_cell(&grid, claims[i].said);
		grid_cell(&grid, claims[i].kind);
		grid_clipped(&grid, plain_cell(&grid, claims[i].chain), 28);
		grid_clipped(&grid, plain_cell(&grid, claims[i].exact), width_left(style, 76));
	}
	grid_print(&grid, 0, style->colour, out);
	return out->failed ? err_memory(err) : 0;
}

static void label_span(struct buf *out, const char *label, struct dossier_span span,
		       const char *basis)
{
	struct buf buf = { 0 };

	span_format(&buf, span);
	if (span_known(span) && *basis)
		buf_printf(&buf, " (%s)", basis);
	buf_char(&buf, '\0');
	if (!buf.failed)
		show_labelled(out, label, buf.data);
	buf_free(&buf);
}

int show_source(struct dossier *dossier, const struct dossier_source *source,
		const struct show_style *style, struct buf *out, struct err *err)
{
	struct arena arena = { 0 };
	struct dossier_claim *claims;
	uint32_t count;
	int code = dossier_list(dossier, &dossier_claim_type, "source", source->id, &arena, &claims,
				&count, err);

	buf_printf(out, "source %u     ", source->id);
	show_plain(out, source->name);
	buf_char(out, '\n');
	show_labelled(out, "title", source->title);
	show_labelled(out, "publisher", source->publisher);
	show_labelled(out, "agency", source->agency);
	show_labelled(out, "address", source->url);
	label_span(out, "published", source->published, "");
	label_span(out, "retrieved", source->retrieved, "");
	show_labelled(out, "language", source->language);
	show_labelled(out, "reliability", source->reliability);
	buf_printf(out, "%-*s%s, %s, ", LABEL_WIDTH, "archived", source->media, source->charset);
	show_count(out, source->size, "byte", "bytes");
	buf_printf(out, "\n%-*s%s\n", LABEL_WIDTH, "SHA-256", source->sha256);
	buf_printf(out, "%-*s%s: ", LABEL_WIDTH, "text", source->extractor);
	show_count(out, source->characters, "character", "characters");
	buf_char(out, '\n');
	if (code == 0 && count) {
		buf_char(out, '\n');
		code = show_claims(dossier, claims, count, style, out, err);
	}
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}

/* "…before it [the quote] and behind it…" */
static void put_context(struct buf *out, const struct dossier_claim *claim)
{
	buf_str(out, "  ");
	if (*claim->prefix)
		buf_str(out, "…");
	show_plain(out, claim->prefix);
	buf_char(out, '[');
	show_plain(out, claim->exact);
	buf_char(out, ']');
	show_plain(out, claim->suffix);
	buf_str(out, "…\n\n");
}

static int put_links(struct dossier *dossier, const struct dossier_claim *claim, bool from_here,
		     struct arena *arena, struct buf *out, struct err *err)
{
	struct dossier_link *links;
	uint32_t count;
	int code = dossier_list(dossier, &dossier_link_type, from_here ? "claim" : "target",
				claim->id, arena, &links, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		uint32_t other_id = from_here ? links[i].target : links[i].claim;
		struct dossier_claim other;

		code = dossier_get(dossier, &dossier_claim_type, other_id, arena, &other, err);
		if (code)
			break;
		buf_printf(out, from_here ? "%-*sclaim %u: " : "%-*sby claim %u: ", LABEL_WIDTH,
			   from_here				       ? links[i].kind
			   : strcmp(links[i].kind, "denies") == 0      ? "denied"
			   : strcmp(links[i].kind, "contradicts") == 0 ? "contradicted"
			   : strcmp(links[i].kind, "repeats") == 0     ? "repeated"
								       : "answered",
			   other_id);
		show_plain(out, other.exact);
		buf_char(out, '\n');
	}
	return code;
}

static int put_assertions(struct dossier *dossier, const struct dossier_claim *claim,
			  struct arena *arena, struct buf *out, struct err *err)
{
	struct dossier_assertion *assertions;
	struct verdict_view *views;
	uint32_t count, verdicts = 0;
	int code = dossier_list(dossier, &dossier_assertion_type, "claim", claim->id, arena,
				&assertions, &count, err);

	if (code == 0)
		code = verdicts_load(dossier, claim->id, arena, &views, &verdicts, err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		show_labelled(out, "asserted", assertions[i].text);
		for (uint32_t k = 0; k < verdicts; k++) {
			if (views[k].assertion != assertions[i].id)
				continue;
			show_labelled(out, "verdict", views[k].verdict);
			show_labelled(out, "measured", views[k].measured);
			show_labelled(out, "nearest", views[k].nearest);
		}
	}
	return code;
}

int show_claim(struct dossier *dossier, const struct dossier_claim *claim,
	       const struct show_style *style, struct buf *out, struct err *err)
{
	struct dossier_source source;
	struct arena arena = { 0 };
	int code = dossier_get(dossier, &dossier_source_type, claim->source, &arena, &source, err);

	(void)style;
	if (code == 0) {
		buf_printf(out, "claim %u\n\n", claim->id);
		put_context(out, claim);
		show_labelled(out, "kind", claim->kind);
		show_labelled(out, "speaker", claim->chain);
		show_labelled(out, "about", claim->about);
		label_span(out, "said", claim->said, claim->said_basis);
		buf_printf(out, "%-*s%u ", LABEL_WIDTH, "source", source.id);
		show_plain(out, source.name);
		buf_printf(out, ", characters %u to %u\n", claim->start, claim->end);
		if (claim->credibility || *source.reliability)
			buf_printf(out, "%-*s%s%c\n", LABEL_WIDTH, "rated",
				   *source.reliability ? source.reliability : "-",
				   claim->credibility ? (char)('0' + claim->credibility) : '-');
		show_labelled(out, "reading", claim->reading);
		code = put_links(dossier, claim, true, &arena, out, err);
	}
	if (code == 0)
		code = put_links(dossier, claim, false, &arena, out, err);
	if (code == 0)
		code = put_assertions(dossier, claim, &arena, out, err);
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}

int show_dossier(struct dossier *dossier, const struct show_style *style, struct buf *out,
		 struct err *err)
{
	static const struct {
		const struct dossier_type *type;
		const char *one, *many;
	} counts[] = {
		{ &dossier_source_type, "source", "sources" },
		{ &dossier_claim_type, "claim", "claims" },
		{ &dossier_link_type, "link", "links" },
		{ &dossier_assertion_type, "assertion", "assertions" },
		{ &dossier_finding_type, "finding", "findings" },
		{ &dossier_verdict_type, "verdict", "verdicts" },
		{ &dossier_hypothesis_type, "hypothesis", "hypotheses" },
		{ &dossier_evidence_type, "item of evidence", "items of evidence" },
		{ &dossier_foreign_type, "foreign object", "foreign objects" },
	};
	struct dossier_about about;
	struct arena arena = { 0 };
	int code = dossier_get(dossier, &dossier_about_type, 1, &arena, &about, err);

	if (code == 0) {
		show_title(style, out, *about.title ? about.title : "A dossier without a title");
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && code == 0; i++) {
			uint32_t count = 0;

			code = dossier_count(dossier, counts[i].type, &count, err);
			if (count) {
				buf_str(out, "  ");
				show_count(out, count, counts[i].one, counts[i].many);
				buf_char(out, '\n');
			}
		}
	}
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}
