/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The matrix on a dossier's page: hypotheses in rows, items in columns, as many to a table as can
 * be read; then what it hangs on.
 */
#include <string.h>

#include "show/page_dossier.h"

#define COLUMNS_AT_ONCE 10u

bool page_has_matrix(const struct page *page)
{
	return page->dossier->matrix.row_count > 0;
}

/* "1.41" */
static const char *score(struct words *words, uint32_t thousandths)
{
	uint32_t hundredths = (thousandths + 5) / 10;

	return words_join(words, "%u%s%02u", hundredths / 100, words->language->decimal,
			  hundredths % 100);
}

static const char *weight_word(struct page *page, const char *word)
{
	static const char *const weights[] = { N_("high"), N_("medium"), N_("low") };

	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(weights[i], word) == 0)
			return words_text(&page->words, weights[i]);
	}
	return word;
}

static void put_ratings(struct page *page, uint32_t first)
{
	const struct matrix *matrix = &page->dossier->matrix;
	uint32_t end = first + COLUMNS_AT_ONCE < matrix->item_count ? first + COLUMNS_AT_ONCE
								    : matrix->item_count;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("Hypotheses against evidence")));
	html_column(&rows, words_text(words, N_("hypothesis")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("inconsistency")), HTML_NUMBER);
	for (uint32_t i = first; i < end; i++)
		html_column(&rows, page_item(page, matrix->items[i].label), HTML_TEXT);
	for (uint32_t i = 0; i < matrix->row_count; i++) {
		const struct matrix_row *row = &matrix->rows[i];

		html_cell(&rows, words_say(words, "%s: %s", row->name, row->text));
		html_cell(&rows, score(words, row->score));
		for (uint32_t k = first; k < end; k++)
			html_cell(&rows, *row->cells[k].rating ? row->cells[k].rating : "·");
	}
	html_table_close(&rows);
}

/* What leads without it; nothing where the same do. */
static const char *without(const char *names, bool flips)
{
	return flips ? names : "";
}

static void put_items(struct page *page)
{
	const struct matrix *matrix = &page->dossier->matrix;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("The evidence, item by item")));
	html_column(&rows, words_text(words, N_("item")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("what it is")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("origin")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("credibility")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("relevance")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("weight")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("diagnosticity")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("without it would lead")), HTML_NARROW);
	for (uint32_t i = 0; i < matrix->item_count; i++) {
		const struct matrix_item *item = &matrix->items[i];

		html_cell(&rows, page_item(page, item->label));
		html_cell(&rows, item->text);
		html_cell(&rows, item->origin);
		html_cell(&rows, weight_word(page, item->credibility));
		html_cell(&rows, weight_word(page, item->relevance));
		html_cell(&rows, score(words, item->weight));
		html_cell(&rows, words_number(words, item->diagnosticity));
		html_cell(&rows, without(item->without, item->flips));
	}
	html_table_close(&rows);
}

static void put_origins(struct page *page)
{
	const struct matrix *matrix = &page->dossier->matrix;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, words_text(words, N_("The evidence by origin")));
	html_column(&rows, words_text(words, N_("origin")), HTML_NARROW);
	html_column(&rows, words_text(words, N_("items")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("without it would lead")), HTML_NARROW);
	for (uint32_t i = 0; i < matrix->origin_count; i++) {
		const struct matrix_origin *origin = &matrix->origins[i];

		html_cell(&rows, origin->origin);
		html_cell(&rows, words_number(words, origin->items));
		html_cell(&rows, without(origin->without, origin->flips));
	}
	html_table_close(&rows);
}

/* What is not rated, and whether the outcome hangs on one item or one origin. */
static void put_caveats(struct page *page)
{
	const struct matrix *matrix = &page->dossier->matrix;
	struct words *words = &page->words;
	uint32_t unrated = 0, flips = 0;

	for (uint32_t i = 0; i < matrix->row_count; i++)
		unrated += matrix->rows[i].unrated;
	for (uint32_t i = 0; i < matrix->item_count; i++)
		flips += matrix->items[i].flips;
	for (uint32_t i = 0; i < matrix->origin_count; i++)
		flips += matrix->origins[i].flips;
	if (unrated)
		html_element(page->out, "p", NULL,
			     words_count(words, unrated,
					 "%s cell is not rated (·): what is not rated speaks "
					 "against nothing, and makes its hypothesis look better "
					 "than it may be.",
					 "%s cells are not rated (·): what is not rated speaks "
					 "against nothing, and makes its hypothesis look better "
					 "than it may be."));
	if (matrix->item_count)
		html_element(page->out, "p", NULL,
			     flips ? words_say(words,
					       "Least inconsistent: %s; without some of the "
					       "evidence others would lead, as the last columns "
					       "below say.",
					       matrix->leading)
				   : words_say(words,
					       "Least inconsistent: %s, whatever single item or "
					       "origin is left out.",
					       matrix->leading));
}

void page_matrix(struct page *page)
{
	const struct matrix *matrix = &page->dossier->matrix;

	html_element(page->out, "p", "lead",
		     words_text(&page->words,
				N_("CC very consistent, C consistent, N neither, I inconsistent, "
				   "II very inconsistent. Inconsistency counts what speaks against "
				   "a hypothesis, weighted by credibility and relevance; what "
				   "agrees with it does not count. The matrix is the result, not "
				   "the order of its rows.")));
	put_ratings(page, 0);
	for (uint32_t i = COLUMNS_AT_ONCE; i < matrix->item_count; i += COLUMNS_AT_ONCE)
		put_ratings(page, i);
	put_caveats(page);
	if (matrix->item_count == 0)
		return;
	put_items(page);
	put_origins(page);
}
