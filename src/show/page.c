/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page, top to bottom. It needs nothing from outside, and its policy says so to the browser: no
 * script, no image, no font, no connection; the one style sheet is allowed by its hash. So whatever
 * a finding holds, it cannot make the page load or run anything.
 */
#include "show/page.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/utc.h"
#include "show/catalogues.h"
#include "show/page_parts.h"

static const struct figure *const figures[] = {
	&figure_signal4, &figure_signal6, &figure_bounds, &figure_networks, &figure_vantages,
	&figure_upstreams,
	&figure_instability,
};

static const struct finding_report no_report;

const char *page_level(struct page *page, const char *level)
{
	static const char *const levels[] = { N_("partial"), N_("major"), N_("total") };

	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(levels[i], level) == 0)
			return words_text(&page->words, levels[i]);
	}
	return level;
}

const char *page_place_name(struct page *page)
{
	const struct finding_question *question = &page->finding->question;
	bool country = strcmp(question->subject_kind, "country") == 0;

	if (!*question->subject_name)
		return question->subject;
	return country ? words_text(&page->words, question->subject_name) : question->subject_name;
}

const char *page_place_code(struct page *page)
{
	const struct finding_question *question = &page->finding->question;

	return *question->subject_name ? question->subject : "";
}

void page_cut(struct page *page, uint32_t shown, uint32_t count)
{
	struct words *words = &page->words;

	if (shown < count)
		html_element(page->out, "p", "cut",
			     words_say(words,
				       "%s of %s rows are shown; the finding (--json, --csv) holds "
				       "them all.",
				       words_number(words, shown), words_number(words, count)));
}

/*
 * <section> with its heading; `id` for links. `lead` (may be NULL) is a paragraph below the
 * heading.
 */
static void section(struct page *page, const char *id, const char *heading, const char *lead)
{
	buf_printf(page->out,
		   "<section id=\"%s\" aria-labelledby=\"%s-heading\">\n<h2 id=\"%s-heading\">", id,
		   id, id);
	html_escape(page->out, heading);
	buf_str(page->out, "</h2>\n");
	if (lead)
		html_element(page->out, "p", "lead", lead);
}

static void section_end(struct page *page)
{
	buf_str(page->out, "</section>\n");
}

void page_fold(struct page *page, const char *summary)
{
	buf_str(page->out, "<details><summary>");
	html_escape(page->out, summary);
	buf_str(page->out, "</summary>\n");
}

void page_fold_end(struct page *page)
{
	buf_str(page->out, "</details>\n");
}

void page_figure(struct page *page, const struct figure *figure)
{
	const char *title;

	if (!figure->applies(page, figure))
		return;
	title = figure->title(page, figure);
	buf_printf(page->out, "<figure id=\"%s\">\n<h3>", figure->name);
	html_escape(page->out, title);
	buf_str(page->out,
		"</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	html_escape(page->out, title);
	buf_str(page->out, "\">\n");
	figure_draw(page, figure);
	buf_str(page->out, "</div>\n");
	html_element(page->out, "figcaption", NULL, figure->about(page, figure));
	page_fold(page, words_text(&page->words, N_("As a table")));
	figure->table(page, figure);
	page_fold_end(page);
	buf_str(page->out, "</figure>\n");
}

/* The style sheet's SHA-256 in base64, as Content Security Policy wants it. */
static void put_hash(struct buf *out, const struct buf *style)
{
	unsigned char digest[32], text[48];
	size_t len = sizeof(digest);

	if (style->failed ||
	    !EVP_Q_digest(NULL, "SHA256", NULL, style->data, style->len, digest, &len)) {
		out->failed = true;
		return;
	}
	buf_add(out, text, (size_t)EVP_EncodeBlock(text, digest, (int)len));
}

void page_head(struct page *page, const char *title, const char *program)
{
	struct buf *out = page->out, style = { 0 };

	buf_printf(&style, "\n%s%s", style_figure, style_page);
	buf_printf(out,
		   "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		   "style-src 'sha256-",
		   page->words.language->code);
	put_hash(out, &style);
	buf_str(out, "'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		     "<meta name=\"color-scheme\" content=\"light dark\"/>\n<meta "
		     "name=\"referrer\" content=\"no-referrer\"/>\n"
		     "<meta name=\"generator\" content=\"");
	html_escape(out, program);
	buf_str(out, "\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n<title>");
	html_escape(out, words_say(&page->words, "%s: constat", title));
	buf_str(out, "</title>\n<style>");
	buf_add(out, style.data, style.len);
	buf_str(out, "</style>\n</head>\n");
	buf_free(&style);
}

static bool always(const struct page *page)
{
	(void)page;
	return true;
}

static bool has_signal(const struct page *page)
{
	return page->report->signal_count > 0;
}

static bool has_networks(const struct page *page)
{
	return page->report->network_count > 0;
}

static bool has_vantages(const struct page *page)
{
	return figure_vantages.applies(page, &figure_vantages);
}

static bool has_causes(const struct page *page)
{
	return page->report->cause_count > 0;
}

static bool has_connection(const struct page *page)
{
	const struct finding_connection *connection = page->finding->result.connection;

	return connection &&
	       (connection->share_count || connection->paths || connection->shift_count);
}

static bool has_instability(const struct page *page)
{
	return page->report->instability_count > 0;
}

static bool has_stuck(const struct page *page)
{
	return page->report->stuck_count > 0;
}

static void put_signals(struct page *page)
{
	page_figure(page, &figure_signal4);
	page_figure(page, &figure_signal6);
	page_outages(page);
	page_figure(page, &figure_bounds);
}

static void put_networks(struct page *page)
{
	page_figure(page, &figure_networks);
	page_networks(page);
}

static void put_vantages(struct page *page)
{
	page_figure(page, &figure_vantages);
}

static void put_connection(struct page *page)
{
	page_figure(page, &figure_upstreams);
	page_connection(page);
}

static void put_instabilities(struct page *page)
{
	page_figure(page, &figure_instability);
	page_instabilities(page);
}

static const struct page_part parts[] = {
	{ "signal", N_("What was seen, and when"), has_signal, put_signals },
	{ "each-network", N_("Network by network"), has_networks, put_networks },
	{ "who", N_("Who saw what"), has_vantages, put_vantages },
	{ "why", N_("Facts and hypotheses"), has_causes, page_causes },
	{ "connected", N_("Through whom it was connected"), has_connection, put_connection },
	{ "unstable", N_("Instability"), has_instability, put_instabilities },
	{ "stuck", N_("Stuck routes"), has_stuck, page_stuck },
	{ "coverage", N_("From where it was seen, and what was not measurable"), always,
	  page_coverage },
	{ "method", N_("How it was measured"), always, page_method },
	{ "inputs", N_("Out of what"), always, page_inputs },
};

static void put_contents(struct page *page, const struct page_part *parts_of, size_t count)
{
	buf_str(page->out, "<nav aria-label=\"");
	html_escape(page->out, words_text(&page->words, N_("Contents")));
	buf_str(page->out, "\">\n<ol>\n");
	for (size_t i = 0; i < count; i++) {
		if (!parts_of[i].applies(page))
			continue;
		buf_printf(page->out, "<li><a href=\"#%s\">", parts_of[i].id);
		html_escape(page->out, words_text(&page->words, parts_of[i].heading));
		buf_str(page->out, "</a></li>\n");
	}
	buf_str(page->out, "</ol>\n</nav>\n");
}

void page_body(struct page *page, const char *skip, void (*headline)(struct page *page),
	       const struct page_part *parts_of, size_t count)
{
	buf_str(page->out, "<body>\n<a class=\"skip\" href=\"#content\">");
	html_escape(page->out, skip);
	buf_str(page->out, "</a>\n");
	headline(page);
	put_contents(page, parts_of, count);
	buf_str(page->out, "<main id=\"content\">\n");
	for (size_t i = 0; i < count; i++) {
		if (!parts_of[i].applies(page))
			continue;
		section(page, parts_of[i].id, words_text(&page->words, parts_of[i].heading),
			     NULL);
		parts_of[i].put(page);
		section_end(page);
	}
	buf_str(page->out, "</main>\n<footer>\n");
}

void page_foot(struct page *page)
{
	html_element(page->out, "p", NULL,
		     words_text(&page->words, N_("Routing shows reachability, not motive: this "
						 "page names no culprit.")));
	buf_str(page->out, "</footer>\n</body>\n</html>\n");
}

static struct page page_begin(const struct finding *finding, const struct language *language,
			      struct buf *out)
{
	const struct finding_coverage *coverage = &finding->result.coverage;
	struct page page = {
		.finding = finding,
		.report = finding->result.report ? finding->result.report : &no_report,
		.words = { .language = language }, .out = out, .from = coverage->from,
		.until = coverage->until,
	};

	if (finding->question.from > page.from && finding->question.from < page.until)
		page.from = finding->question.from;
	return page;
}

int page_end(struct page *page, struct err *err)
{
	page->out->failed |= page->words.failed;
	arena_free(&page->words.arena);
	return page->out->failed ? err_memory(err) : 0;
}

int show_page(const struct finding *finding, const struct language *language, struct buf *out,
	      struct err *err)
{
	struct page page = page_begin(finding, language, out);

	page_head(&page, page_place_name(&page), finding->provenance.program);
	page_body(&page, words_text(&page.words, N_("To the finding")), page_headline, parts,
		  sizeof(parts) / sizeof(parts[0]));
	html_element(out, "p", NULL,
		     words_say(&page.words, "%s, method %u. All times are UTC.",
			       finding->provenance.program, finding->method));
	page_foot(&page);
	return page_end(&page, err);
}

unsigned show_figure_count(void)
{
	return sizeof(figures) / sizeof(figures[0]);
}

const char *show_figure_name(unsigned figure)
{
	return figures[figure]->name;
}

int show_figure(const struct finding *finding, const struct language *language, unsigned figure,
		struct buf *out, struct err *err)
{
	struct page page = page_begin(finding, language, out);

	page.alone = true;
	if (figures[figure]->applies(&page, figures[figure])) {
		buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
		figure_draw(&page, figures[figure]);
	}
	return page_end(&page, err);
}
