/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The matrix: hypotheses in rows, items in columns, as many at a time as fit; then what it rests
 * on.
 */
#include <string.h>

#include "dossier/matrix.h"
#include "show/dossier.h"
#include "show/grid.h"

#define COLUMNS_AT_ONCE 10

static void thousandths(struct grid *grid, uint32_t value)
{
	uint32_t hundredths = (value + 5) / 10;

	grid_printf(grid, "%u.%02u", hundredths / 100, hundredths % 100);
}

static void plain_cell(struct grid *grid, const char *text, unsigned width)
{
	struct buf plain = { 0 };

	show_plain(&plain, text);
	buf_char(&plain, '\0');
	grid->failed |= plain.failed;
	if (!plain.failed)
		grid_clipped(grid, plain.data, width);
	buf_free(&plain);
}

static void put_ratings(const struct matrix *matrix, uint32_t first, const struct show_style *style,
			struct buf *out)
{
	uint32_t end = first + COLUMNS_AT_ONCE < matrix->item_count ? first + COLUMNS_AT_ONCE
								    : matrix->item_count;
	struct grid grid = { 0 };

	grid_column(&grid, "", false);
	grid_column(&grid, "hypothesis", false);
	grid_column(&grid, "inconsistency", true);
	for (uint32_t i = first; i < end; i++)
		grid_column(&grid, matrix->items[i].label, false);
	for (uint32_t i = 0; i < matrix->row_count; i++) {
		const struct matrix_row *row = &matrix->rows[i];

		grid_cell(&grid, row->leads ? "→" : "");
		plain_cell(&grid, row->name, 24);
		thousandths(&grid, row->score);
		for (uint32_t k = first; k < end; k++)
			grid_cell(&grid, *row->cells[k].rating ? row->cells[k].rating : "·");
	}
	grid_print(&grid, 0, style->colour, out);
	buf_char(out, '\n');
}

static void put_items(const struct matrix *matrix, const struct show_style *style, struct buf *out)
{
	unsigned width = style->width > 100 ? style->width - 76 : 28;
	struct grid grid = { 0 };

	grid_column(&grid, "item", false);
	grid_column(&grid, "diagnosticity", true);
	grid_column(&grid, "weight", true);
	grid_column(&grid, "credibility", false);
	grid_column(&grid, "relevance", false);
	grid_column(&grid, "origin", false);
	grid_column(&grid, "what it is", false);
	for (uint32_t i = 0; i < matrix->item_count; i++) {
		const struct matrix_item *item = &matrix->items[i];

		grid_cell(&grid, item->label);
		grid_number(&grid, item->diagnosticity);
		thousandths(&grid, item->weight);
		grid_cell(&grid, item->credibility);
		grid_cell(&grid, item->relevance);
		plain_cell(&grid, item->origin, 24);
		plain_cell(&grid, item->text, width);
	}
	grid_print(&grid, 0, style->colour, out);
	buf_char(out, '\n');
}

static void put_flip(const char *what, const char *without, struct buf *out)
{
	buf_str(out, "  without ");
	show_plain(out, what);
	buf_str(out, ": ");
	show_plain(out, without);
	buf_char(out, '\n');
}

static void put_sensitivity(const struct matrix *matrix, struct buf *out)
{
	uint32_t flips = 0, unrated = 0;

	for (uint32_t i = 0; i < matrix->row_count; i++)
		unrated += matrix->rows[i].unrated;
	if (unrated) {
		show_count(out, unrated, "cell is", "cells are");
		buf_str(out, " not rated: what is not rated speaks against nothing, and makes its "
			     "hypothesis look better than it may be.\n");
	}
	buf_str(out, "Least inconsistent: ");
	show_plain(out, matrix->leading);
	buf_char(out, '\n');
	for (uint32_t i = 0; i < matrix->item_count; i++) {
		if (matrix->items[i].flips)
			put_flip(matrix->items[i].label, matrix->items[i].without, out);
		flips += matrix->items[i].flips;
	}
	for (uint32_t i = 0; i < matrix->origin_count; i++) {
		struct buf what = { 0 };

		show_count(&what, matrix->origins[i].items, "item", "items");
		buf_printf(&what, " of %s%c", matrix->origins[i].origin, '\0');
		if (matrix->origins[i].flips && !what.failed)
			put_flip(what.data, matrix->origins[i].without, out);
		flips += matrix->origins[i].flips;
		buf_free(&what);
	}
	if (flips == 0)
		buf_str(out, "  whatever single item or origin is left out\n");
}

int show_matrix(const struct matrix *matrix, const struct show_style *style, struct buf *out,
		struct err *err)
{
	if (matrix->item_count == 0)
		put_ratings(matrix, 0, style, out);
	for (uint32_t i = 0; i < matrix->item_count; i += COLUMNS_AT_ONCE)
		put_ratings(matrix, i, style, out);
	if (matrix->item_count)
		put_items(matrix, style, out);
	put_sensitivity(matrix, out);
	return out->failed ? err_memory(err) : 0;
}

int show_scores(const struct matrix *matrix, const struct show_style *style, struct buf *out,
		struct err *err)
{
	static const char *const titles[] = {
		"", "hypothesis", "inconsistency", "against", "for", "not rated", "what it says",
	};
	struct grid grid = { 0 };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		grid_column(&grid, titles[i], i >= 2 && i <= 5);
	for (uint32_t i = 0; i < matrix->row_count; i++) {
		const struct matrix_row *row = &matrix->rows[i];

		grid_cell(&grid, row->leads ? "→" : "");
		plain_cell(&grid, row->name, 24);
		thousandths(&grid, row->score);
		grid_number(&grid, row->against);
		grid_number(&grid, row->for_);
		grid_number(&grid, row->unrated);
		plain_cell(&grid, row->text, style->width > 90 ? style->width - 64 : 28);
	}
	grid_print(&grid, 0, style->colour, out);
	return out->failed ? err_memory(err) : 0;
}

static void csv_text(struct buf *out, const char *text)
{
	buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

int show_matrix_csv(const struct matrix *matrix, struct buf *out, struct err *err)
{
	buf_str(out, "hypothesis,inconsistency");
	for (uint32_t i = 0; i < matrix->item_count; i++)
		buf_printf(out, ",%s", matrix->items[i].label);
	buf_char(out, '\n');
	for (uint32_t i = 0; i < matrix->row_count; i++) {
		csv_text(out, matrix->rows[i].name);
		buf_printf(out, ",%u.%03u", matrix->rows[i].score / 1000,
			   matrix->rows[i].score % 1000);
		for (uint32_t k = 0; k < matrix->item_count; k++)
			buf_printf(out, ",%s", matrix->rows[i].cells[k].rating);
		buf_char(out, '\n');
	}
	return out->failed ? err_memory(err) : 0;
}
