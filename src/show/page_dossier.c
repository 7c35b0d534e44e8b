/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dossier as a page: what was said and what was measured on one line of time, claim by claim with
 * its verdict, the matrix of hypotheses, and what all of it rests on. The frame, its policy and its
 * style are the report's (page.c).
 *
 * Quotes keep their own language. What assertions claim, what was measured and why is in the
 * dossier in English, whatever the page's language: it is shown as it stands there, for it is what
 * was decided and sealed.
 */
#include "show/page_dossier.h"

#include <string.h>

#define PROGRAM "constat " CONSTAT_VERSION

static const struct finding_report no_report;

static const char *const verdicts[] = {
	N_("confirmed"), N_("contradicted"), N_("insufficient data"), N_("not measurable"),
};

#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

const char *page_verdict(struct page *page, const char *verdict)
{
	for (size_t i = 0; i < VERDICTS; i++) {
		if (strcmp(verdicts[i], verdict) == 0)
			return words_text(&page->words, verdicts[i]);
	}
	return verdict;
}

const char *page_when(struct page *page, struct dossier_span when)
{
	struct buf text = { 0 };
	const char *kept;

	span_format(&text, when);
	buf_char(&text, '\0');
	page->words.failed |= text.failed;
	kept = words_join(&page->words, "%s", text.failed ? "" : text.data);
	buf_free(&text);
	return kept;
}

const char *page_item(struct page *page, const char *label)
{
	static const char *const forms[][2] = {
		{ "claim ", N_("claim %s") }, { "verdict ", N_("verdict %s") },
		{ "fact ", N_("fact %s") },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t len = strlen(forms[i][0]);

		if (strncmp(forms[i][0], label, len) == 0)
			return words_fill(&page->words, words_text(&page->words, forms[i][1]),
					  label + len);
	}
	return label;
}

/* "6 confirmed, 2 contradicted" */
static const char *totals(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	const char *text = "";

	for (size_t i = 0; i < VERDICTS; i++) {
		uint32_t count = 0;

		for (uint32_t k = 0; k < dossier->view_count; k++)
			count += strcmp(dossier->views[k].verdict, verdicts[i]) == 0;
		if (count)
			text = words_join(words, "%s%s%s\u00a0×\u00a0%s", text, *text ? ", " : "",
					  words_number(words, count),
					  page_verdict(page, verdicts[i]));
	}
	return text;
}

static const char *sentence(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	const char *claims = words_count(words, dossier->claim_count, "%s claim", "%s claims");
	const char *sources = words_count(words, dossier->source_count, "%s source", "%s sources");

	if (dossier->view_count == 0)
		return words_say(words,
				 "%s, word for word, out of %s; none was held against measurements "
				 "yet.",
				 claims, sources);
	return words_say(words, "%s, word for word, out of %s, and %s on what can be measured: %s.",
			 claims, sources,
			 words_count(words, dossier->view_count, "%s verdict", "%s verdicts"),
			 totals(page));
}

/* The labels of what was measured, each once. */
static const char *labels(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	const char *text = "";

	for (uint32_t i = 0; i < dossier->finding_count; i++) {
		const char *label = dossier->findings[i].label;
		bool again = !*label;

		for (uint32_t k = 0; k < i && !again; k++)
			again = strcmp(dossier->findings[k].label, label) == 0;
		if (!again)
			text = words_join(&page->words, "%s%s%s", text, *text ? ", " : "", label);
	}
	return text;
}

static const char *heading(struct page *page)
{
	return *page->dossier->about.title
		       ? page->dossier->about.title
		       : words_text(&page->words, N_("Dossier without a title"));
}

static void put_headline(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct buf *out = page->out;
	const char *labelled = labels(page);

	buf_str(out, "<header>\n");
	html_element(out, "p", "kicker", words_text(words, N_("constat: a dossier")));
	html_element(out, "h1", NULL, heading(page));
	html_element(out, "p", "sentence", sentence(page));
	if (*labelled)
		html_element(out, "p", "bounds",
			     words_say(words,
				       "Some of what was measured is labelled in the dossier: "
				       "“%s”. Every verdict that rests on it says so.",
				       labelled));
	if (dossier->matrix.row_count)
		html_element(out, "p", "bounds",
			     words_say(words, "%s against %s; least inconsistent: %s.",
				       words_count(words, dossier->matrix.row_count,
						   "%s hypothesis", "%s hypotheses"),
				       words_count(words, dossier->matrix.item_count,
						   "%s item of evidence", "%s items of evidence"),
				       dossier->matrix.leading));
	buf_str(out, "</header>\n");
}

static void put_timeline(struct page *page)
{
	page_figure(page, &figure_timeline);
}

static bool has_timeline(const struct page *page)
{
	return figure_timeline.applies(page, &figure_timeline);
}

static const struct dossier_source *source_of(const struct dossier_page *dossier, uint32_t id)
{
	static const struct dossier_source none = { .name = "", .language = "" };

	for (uint32_t i = 0; i < dossier->source_count; i++) {
		if (dossier->sources[i].id == id)
			return &dossier->sources[i];
	}
	return &none;
}

static const struct dossier_claim *claim_of(const struct dossier_page *dossier, uint32_t id)
{
	static const struct dossier_claim none = { .exact = "", .chain = "" };

	for (uint32_t i = 0; i < dossier->claim_count; i++) {
		if (dossier->claims[i].id == id)
			return &dossier->claims[i];
	}
	return &none;
}

static bool has_verdicts(const struct page *page)
{
	return page->dossier->view_count > 0;
}

/* "finding 1, report KP, simulated" */
static const char *basis(struct page *page, const struct verdict_view *view)
{
	struct words *words = &page->words;
	const char *text;

	if (view->finding == 0)
		return words_text(words, N_("nothing"));
	text = strcmp(view->form, "proof") == 0
		       ? words_say(words, "proof %u, %s", view->finding, view->question)
		       : words_say(words, "finding %u, %s", view->finding, view->question);
	return *view->label ? words_join(words, "%s, %s", text, view->label) : text;
}

static void put_view(struct page *page, struct html_table *rows, const struct verdict_view *view)
{
	const struct dossier_source *source =
		source_of(page->dossier, claim_of(page->dossier, view->claim)->source);
	const char *verdict = page_verdict(page, view->verdict);
	struct words *words = &page->words;

	html_cell(rows, words_join(words, "%u", view->claim));
	html_cell_in(rows, source->language, view->quote);
	html_cell(rows, source->name);
	html_cell_in(rows, "en", view->claimed);
	if (*view->measured || !*view->nearest)
		html_cell_in(rows, "en", view->measured);
	else
		html_cell(rows, words_say(words, "nearest data: %s", view->nearest));
	html_cell(rows,
		  *view->label ? words_join(words, "%s (%s)", verdict, view->label) : verdict);
	html_cell_in(rows, "en", view->why);
	html_cell(rows, basis(page, view));
}

static void put_verdicts(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct html_table rows;

	html_element(page->out, "p", "lead",
		     words_text(words,
				N_("What a quote claims is its reader’s range for its words; it "
				   "stands beside the quote so that anybody can judge it. "
				   "Insufficient data: the recordings could tell and do not reach "
				   "there. Not measurable: no routing data could tell.")));
	html_table_open(&rows, page->out, words_text(words, N_("Claims and verdicts")));
	html_column(&rows, words_text(words, N_("claim")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("quote")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("source")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("claimed")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("measured")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("verdict")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("why")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("rests on")), HTML_NARROW);
	for (uint32_t i = 0; i < dossier->view_count; i++)
		put_view(page, &rows, &dossier->views[i]);
	html_table_close(&rows);
}

static bool is_checked(const struct dossier_page *dossier, uint32_t claim)
{
	for (uint32_t i = 0; i < dossier->view_count; i++) {
		if (dossier->views[i].claim == claim)
			return true;
	}
	return false;
}

static bool has_unchecked(const struct page *page)
{
	for (uint32_t i = 0; i < page->dossier->claim_count; i++) {
		if (!is_checked(page->dossier, page->dossier->claims[i].id))
			return true;
	}
	return false;
}

static void put_unchecked(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Claims without a verdict")));
	html_column(&rows, words_text(words, N_("claim")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("quote")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("source")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("who")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("kind")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("about")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("said")), HTML_TEXT);
	for (uint32_t i = 0; i < dossier->claim_count; i++) {
		const struct dossier_claim *claim = &dossier->claims[i];
		const struct dossier_source *source = source_of(dossier, claim->source);

		if (is_checked(dossier, claim->id))
			continue;
		html_cell(&rows, words_join(words, "%u", claim->id));
		html_cell_in(&rows, source->language, claim->exact);
		html_cell(&rows, source->name);
		html_cell(&rows, claim->chain);
		html_cell(&rows, claim->kind);
		html_cell(&rows, claim->about);
		html_cell(&rows, page_when(page, claim->said));
	}
	html_table_close(&rows);
}

static bool has_sources(const struct page *page)
{
	return page->dossier->source_count > 0;
}

/* What the analyst may have said of a source; columns that would be empty are left out. */
static const struct {
	const char *title;
	enum html_cells cells;
	size_t field;
} details[] = {
	{ N_("title"), HTML_PROSE, offsetof(struct dossier_source, title) },
	{ N_("publisher"), HTML_NARROW, offsetof(struct dossier_source, publisher) },
	{ N_("origin"), HTML_NARROW, offsetof(struct dossier_source, agency) },
	{ N_("reliability"), HTML_TEXT, offsetof(struct dossier_source, reliability) },
	{ N_("address"), HTML_NARROW, offsetof(struct dossier_source, url) },
};

#define DETAILS (sizeof(details) / sizeof(details[0]))

static const char *detail_of(const struct dossier_source *source, size_t detail)
{
	return *(const char *const *)((const char *)source + details[detail].field);
}

static bool has_detail(const struct dossier_page *dossier, size_t detail)
{
	for (uint32_t i = 0; i < dossier->source_count; i++) {
		if (*detail_of(&dossier->sources[i], detail))
			return true;
	}
	return false;
}

static void put_source(struct page *page, struct html_table *rows,
		       const struct dossier_source *source)
{
	struct words *words = &page->words;

	html_cell(rows, source->name);
	for (size_t i = 0; i < DETAILS; i++) {
		if (has_detail(page->dossier, i))
			html_cell_in(rows, i == 0 ? source->language : "", detail_of(source, i));
	}
	html_cell(rows, page_when(page, source->published));
	html_cell(rows, page_when(page, source->retrieved));
	html_cell(rows, words_bytes(words, source->size));
	html_cell(rows, source->sha256);
}

static void put_sources(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct html_table rows;

	html_element(page->out, "p", "lead",
		     words_text(words, N_("Kept byte for byte as they were archived. The origin is "
					  "the agency whose story it is: two papers that print one "
					  "wire story are one origin. Reliability is the Admiralty "
					  "scale’s, from A to F.")));
	html_table_open(&rows, page->out, words_text(words, N_("Sources")));
	html_column(&rows, words_text(words, N_("source")), HTML_NARROW);
	for (size_t i = 0; i < DETAILS; i++) {
		if (has_detail(dossier, i))
			html_column(&rows, words_text(words, details[i].title), details[i].cells);
	}
	html_column(&rows, words_text(words, N_("published")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("retrieved")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("size")), HTML_NUMBER);
	html_column(&rows, "SHA-256", HTML_CODE);
	for (uint32_t i = 0; i < dossier->source_count; i++)
		put_source(page, &rows, &dossier->sources[i]);
	html_table_close(&rows);
}

static bool has_findings(const struct page *page)
{
	return page->dossier->finding_count > 0;
}

static void put_findings(struct page *page)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Findings and proofs")));
	html_column(&rows, words_text(words, N_("number")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("question")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("label")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("recordings")), HTML_TEXT);
	html_column(&rows, "SHA-256", HTML_CODE);
	for (uint32_t i = 0; i < dossier->finding_count; i++) {
		const struct dossier_finding *finding = &dossier->findings[i];

		html_cell(&rows, words_join(words, "%u", finding->id));
		html_cell(&rows, finding->question);
		html_cell(&rows, finding->label);
		html_cell(&rows, page_when(page, finding->data));
		html_cell(&rows, finding->sha256);
	}
	html_table_close(&rows);
}

static const struct page_part parts[] = {
	{ "time", N_("What was said and measured, and when"), has_timeline, put_timeline },
	{ "verdicts", N_("What was said, held against what was measured"), has_verdicts, put_verdicts },
	{ "hypotheses", N_("Competing hypotheses"), page_has_matrix, page_matrix },
	{ "claims", N_("What else was said"), has_unchecked, put_unchecked },
	{ "sources", N_("Where it was said"), has_sources, put_sources },
	{ "findings", N_("What was measured"), has_findings, put_findings },
};

static int load(struct dossier *dossier, struct dossier_span period, struct arena *arena,
		struct dossier_page *ret_page, struct err *err)
{
	struct dossier_page page = { 0 };
	int code = dossier_get(dossier, &dossier_about_type, 1, arena, &page.about, err);

	if (code == 0)
		code = dossier_list(dossier, &dossier_source_type, NULL, 0, arena, &page.sources,
				    &page.source_count, err);
	if (code == 0)
		code = dossier_list(dossier, &dossier_claim_type, NULL, 0, arena, &page.claims,
				    &page.claim_count, err);
	if (code == 0)
		code = dossier_list(dossier, &dossier_finding_type, NULL, 0, arena, &page.findings,
				    &page.finding_count, err);
	if (code == 0)
		code = verdicts_load(dossier, 0, arena, &page.views, &page.view_count, err);
	if (code == 0)
		code = matrix_make(dossier, arena, &page.matrix, err);
	if (code == 0)
		code = timeline_make(dossier, period, arena, &page.entries, &page.entry_count,
				     &page.left_out, err);
	if (code == 0)
		*ret_page = page;
	return code;
}

int show_dossier_page(struct dossier *dossier, struct dossier_span period,
		      const struct language *language, struct buf *out, struct err *err)
{
	struct dossier_page held = { 0 };
	struct page page = { .dossier = &held,
			     .report = &no_report,
			     .words = { .language = language },
			     .out = out };
	struct arena arena = { 0 };
	int code = load(dossier, period, &arena, &held, err);

	if (code == 0) {
		if (!span_known(period))
			period = timeline_period(held.entries, held.entry_count);
		page.from = period.from;
		page.until = period.until;
		page_head(&page, heading(&page), PROGRAM);
		page_body(&page, words_text(&page.words, N_("To what it holds")), put_headline,
			  parts, sizeof(parts) / sizeof(parts[0]));
		html_element(out, "p", NULL,
			     words_say(&page.words, "%s. All times are UTC.", PROGRAM));
		page_foot(&page);
		code = page_end(&page, err);
	}
	arena_free(&arena);
	return code;
}
