/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The matrix is loaded whole, as a table of numbers from −2 (II) to 2 (CC), and scored as often as
 * there are items and origins, each time without one of them: a conclusion that rests on a single
 * voice is no conclusion.
 *
 * Credibility and relevance weigh by steps of the square root of two, so that "high, high" counts
 * four times "low, low" and each step the same.
 */
#include "dossier/matrix.h"

#include <stdlib.h>
#include <string.h>

#define UNRATED INT8_MIN

#define FIELD(name, kind) { #name, kind, offsetof(struct T, name), 0, NULL }
#define TEXT(name) FIELD(name, FIELD_TEXT)
#define U32(name) FIELD(name, FIELD_U32)
#define BOOL(name) FIELD(name, FIELD_BOOL)
#define LIST(name, count, schema) \
	{ \
#name, FIELD_LIST, offsetof(struct T, name), offsetof(struct T, count), &schema \
	}
#define SCHEMA(name, ...) \
	static const struct field name##_fields[] = { __VA_ARGS__ }; \
	const struct schema name##_schema = { \
		#name, sizeof(struct T), name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0]) }

#define T matrix_item
SCHEMA(matrix_item, U32(evidence), TEXT(label), TEXT(text), TEXT(origin), TEXT(credibility),
       TEXT(relevance), U32(weight), U32(diagnosticity), BOOL(flips), TEXT(without));
#undef T
#define T matrix_cell
static const struct field cell_fields[] = { TEXT(item), TEXT(rating) };
static const struct schema cell_schema = { "matrix_cell", sizeof(struct T), cell_fields, 2 };
#undef T
#define T matrix_row
SCHEMA(matrix_row, U32(hypothesis), TEXT(name), TEXT(text), U32(score), U32(against),
       { "for", FIELD_U32, offsetof(struct T, for_), 0, NULL }, U32(unrated), BOOL(leads),
       LIST(cells, cell_count, cell_schema));
#undef T
#define T matrix_origin
SCHEMA(matrix_origin, TEXT(origin), U32(items), BOOL(flips), TEXT(without));
#undef T
#define T matrix
SCHEMA(matrix, LIST(rows, row_count, matrix_row_schema),
       LIST(items, item_count, matrix_item_schema),
       LIST(origins, origin_count, matrix_origin_schema), TEXT(leading));
#undef T

static const struct { const char *name; int8_t value; } ratings[] = {
	{ "II", -2 }, { "I", -1 }, { "N", 0 }, { "C", 1 }, { "CC", 2 },
};

/* By the sum of the two steps: low −1, medium 0, high 1. */
static const uint32_t weights[5] = { 500, 707, 1000, 1414, 2000 };

/* What is being made: the matrix and its numbers, rows × items. */
struct making {
	struct dossier *dossier;
	struct arena *arena;
	struct matrix *matrix;
	int8_t *values;
	uint32_t *scores;	/* of one scoring */
	struct err *err;
};

static int8_t *value_at(const struct making *making, uint32_t row, uint32_t item)
{
	return &making->values[(size_t)row * making->matrix->item_count + item];
}

static int step_of(const char *word)
{
	return strcmp(word, "high") == 0 ? 1 : strcmp(word, "low") == 0 ? -1 : 0;
}

/* The Admiralty scales, as far as they were used: the worse of the two. */
static const char *credibility_of(const struct dossier_source *source,
				  const struct dossier_claim *claim)
{
	int of_source = !*source->reliability || strchr("CF", *source->reliability) ? 0
			: strchr("AB", *source->reliability) ? 1 : -1;
	int of_claim = claim->credibility == 0 || claim->credibility == 3 || claim->credibility == 6
			       ? 0
		       : claim->credibility < 3 ? 1
						: -1;
	int worse;

	/* One that was not judged leaves the word to the other. */
	if (!*source->reliability)
		worse = of_claim;
	else if (claim->credibility == 0)
		worse = of_source;
	else
		worse = of_claim < of_source ? of_claim : of_source;
	return worse > 0 ? "high" : worse < 0 ? "low" : "medium";
}

static char *printed(struct making *making, struct buf *buf)
{
	char *text = buf->failed
			     ? NULL
			     : arena_strndup(making->arena, buf->data ? buf->data : "", buf->len);

	buf_free(buf);
	if (!text)
		err_memory(making->err);
	return text;
}

static int of_claim(struct making *making, uint32_t id, struct matrix_item *item)
{
	struct buf label = { 0 }, origin = { 0 };
	struct dossier_source source;
	struct dossier_claim claim;
	int code = dossier_get(making->dossier, &dossier_claim_type, id, making->arena, &claim,
			       making->err);

	if (code == 0)
		code = dossier_get(making->dossier, &dossier_source_type, claim.source,
				   making->arena, &source, making->err);
	if (code)
		return code;
	buf_printf(&label, "claim %u", id);
	buf_str(&origin, *source.agency	     ? source.agency
			 : *source.publisher ? source.publisher
					     : source.name);
	item->text = claim.exact;
	item->credibility = credibility_of(&source, &claim);
	item->label = printed(making, &label);
	item->origin = printed(making, &origin);
	return item->label && item->origin ? 0 : ERR_MEMORY;
}

/* All measurements with the same label are one origin: they come of the same recordings. */
static int of_finding(struct making *making, uint32_t id, struct matrix_item *item)
{
	struct dossier_finding finding = { .label = "" };
	struct buf origin = { 0 };
	int code = id ? dossier_get(making->dossier, &dossier_finding_type, id, making->arena,
				    &finding, making->err)
		      : 0;

	buf_str(&origin, "recordings");
	if (*finding.label)
		buf_printf(&origin, ", %s", finding.label);
	item->origin = printed(making, &origin);
	return code ? code : item->origin ? 0 : ERR_MEMORY;
}

static int of_verdict(struct making *making, uint32_t id, struct matrix_item *item)
{
	struct buf label = { 0 }, text = { 0 };
	struct dossier_assertion assertion;
	struct dossier_verdict verdict;
	int code = dossier_get(making->dossier, &dossier_verdict_type, id, making->arena, &verdict,
			       making->err);

	if (code == 0)
		code = dossier_get(making->dossier, &dossier_assertion_type, verdict.assertion,
				   making->arena, &assertion, making->err);
	if (code == 0)
		code = of_finding(making, verdict.finding, item);
	if (code)
		return code;
	buf_printf(&label, "verdict %u", id);
	buf_printf(&text, "%s: %s", assertion.text, verdict.verdict);
	item->credibility = strcmp(verdict.verdict, "confirmed") == 0 ||
					    strcmp(verdict.verdict, "contradicted") == 0
				    ? "high"
				    : "low";
	item->label = printed(making, &label);
	item->text = printed(making, &text);
	return item->label && item->text ? 0 : ERR_MEMORY;
}

static int item_load(struct making *making, const struct dossier_evidence *evidence,
		     struct matrix_item *item)
{
	struct buf label = { 0 };
	int code = 0;

	item->evidence = evidence->id;
	item->relevance = evidence->relevance;
	item->without = "";
	if (evidence->claim) {
		code = of_claim(making, evidence->claim, item);
	} else if (evidence->verdict) {
		code = of_verdict(making, evidence->verdict, item);
	} else {
		buf_printf(&label, "fact %u", evidence->id);
		item->label = printed(making, &label);
		item->text = evidence->fact;
		item->credibility = "high";
		code = item->label ? of_finding(making, evidence->finding, item) : ERR_MEMORY;
	}
	if (code)
		return code;
	if (*evidence->credibility)
		item->credibility = evidence->credibility;
	item->weight = weights[2 + step_of(item->credibility) + step_of(item->relevance)];
	return 0;
}

static int table_load(struct making *making)
{
	struct dossier_evidence *evidence;
	struct dossier_hypothesis *hypotheses;
	struct matrix *matrix = making->matrix;
	int code = dossier_list(making->dossier, &dossier_evidence_type, NULL, 0, making->arena,
				&evidence, &matrix->item_count, making->err);

	if (code == 0)
		code = dossier_list(making->dossier, &dossier_hypothesis_type, NULL, 0,
				    making->arena, &hypotheses, &matrix->row_count, making->err);
	if (code)
		return code;
	if (matrix->item_count > MATRIX_ITEMS_MAX ||
	    (uint64_t)matrix->row_count * matrix->item_count > MATRIX_CELLS_MAX)
		return err_set(making->err, ERR_LIMIT,
			       "%s: %u hypotheses against %u items are more than a matrix may have "
			       "(%u items, %u cells)",
			       dossier_path(making->dossier), matrix->row_count, matrix->item_count,
			       MATRIX_ITEMS_MAX, MATRIX_CELLS_MAX);
	matrix->items = arena_zalloc(making->arena,
				     (matrix->item_count + 1) * sizeof(*matrix->items));
	matrix->rows = arena_zalloc(making->arena, (matrix->row_count + 1) * sizeof(*matrix->rows));
	making->scores = arena_zalloc(making->arena,
				      (matrix->row_count + 1) * sizeof(*making->scores));
	making->values = arena_alloc(making->arena,
				     (size_t)matrix->row_count * matrix->item_count + 1);
	if (!matrix->items || !matrix->rows || !making->scores || !making->values)
		return err_memory(making->err);
	memset(making->values, UNRATED, (size_t)matrix->row_count * matrix->item_count);
	for (uint32_t i = 0; i < matrix->item_count && code == 0; i++)
		code = item_load(making, &evidence[i], &matrix->items[i]);
	for (uint32_t i = 0; i < matrix->row_count; i++)
		matrix->rows[i] = (struct matrix_row){
			.hypothesis = hypotheses[i].id, .name = hypotheses[i].name,
			.text = hypotheses[i].text,
		};
	return code;
}

static int by_hypothesis(const void *id, const void *row)
{
	uint32_t a = *(const uint32_t *)id, b = ((const struct matrix_row *)row)->hypothesis;

	return (a > b) - (a < b);
}

static int by_evidence(const void *id, const void *item)
{
	uint32_t a = *(const uint32_t *)id, b = ((const struct matrix_item *)item)->evidence;

	return (a > b) - (a < b);
}

static int ratings_load(struct making *making)
{
	struct matrix *matrix = making->matrix;
	struct dossier_rating *rows;
	uint32_t count;
	int code = dossier_list(making->dossier, &dossier_rating_type, NULL, 0, making->arena,
				&rows, &count, making->err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct matrix_row *row = bsearch(&rows[i].hypothesis, matrix->rows,
						       matrix->row_count, sizeof(*row),
						       by_hypothesis);
		const struct matrix_item *item = bsearch(&rows[i].evidence, matrix->items,
							 matrix->item_count, sizeof(*item),
							 by_evidence);

		/* Foreign keys make sure of both. */
		for (size_t k = 0; k < sizeof(ratings) / sizeof(ratings[0]) && row && item; k++)
			if (strcmp(rows[i].rating, ratings[k].name) == 0)
				*value_at(making, (uint32_t)(row - matrix->rows),
					  (uint32_t)(item - matrix->items)) = ratings[k].value;
	}
	return code;
}

/* Inconsistency of every row, without the items of which `left_out` says so. Returns the least. */
static uint32_t score(const struct making *making,
		      bool (*left_out)(const struct making *making, uint32_t item, uint32_t which),
		      uint32_t which)
{
	const struct matrix *matrix = making->matrix;
	uint32_t least = UINT32_MAX;

	for (uint32_t row = 0; row < matrix->row_count; row++) {
		making->scores[row] = 0;
		for (uint32_t item = 0; item < matrix->item_count; item++) {
			int8_t value = *value_at(making, row, item);

			if (value != UNRATED && value < 0 &&
			    !(left_out && left_out(making, item, which)))
				making->scores[row] += (uint32_t)-value *
						       matrix->items[item].weight;
		}
		if (making->scores[row] < least)
			least = making->scores[row];
	}
	return least;
}

static bool is_item(const struct making *making, uint32_t item, uint32_t which)
{
	(void)making;
	return item == which;
}

static bool is_origin(const struct making *making, uint32_t item, uint32_t which)
{
	return view_equal_nocase(view_of(making->matrix->items[item].origin),
				 view_of(making->matrix->origins[which].origin));
}

/* Names of those that lead by making->scores; in the arena. */
static const char *leaders(struct making *making, uint32_t least)
{
	const struct matrix *matrix = making->matrix;
	struct buf names = { 0 };

	for (uint32_t row = 0; row < matrix->row_count; row++)
		if (making->scores[row] == least)
			buf_printf(&names, "%s%s", names.len ? ", " : "", matrix->rows[row].name);
	return printed(making, &names);
}

static int origins_find(struct making *making)
{
	struct matrix *matrix = making->matrix;

	matrix->origins = arena_zalloc(making->arena,
				       (matrix->item_count + 1) * sizeof(*matrix->origins));
	if (!matrix->origins)
		return err_memory(making->err);
	for (uint32_t i = 0; i < matrix->item_count; i++) {
		uint32_t k = 0;

		while (k < matrix->origin_count && !is_origin(making, i, k))
			k++;
		if (k == matrix->origin_count)
			matrix->origins[matrix->origin_count++] = (struct matrix_origin){
				.origin = matrix->items[i].origin, .without = "",
			};
		matrix->origins[k].items++;
	}
	return 0;
}

static int sensitivity(struct making *making)
{
	struct matrix *matrix = making->matrix;

	for (uint32_t i = 0; i < matrix->item_count; i++) {
		const char *names = leaders(making, score(making, is_item, i));

		if (!names)
			return ERR_MEMORY;
		matrix->items[i].flips = strcmp(names, matrix->leading) != 0;
		matrix->items[i].without = matrix->items[i].flips ? names : "";
	}
	for (uint32_t i = 0; i < matrix->origin_count; i++) {
		const char *names = leaders(making, score(making, is_origin, i));

		if (!names)
			return ERR_MEMORY;
		matrix->origins[i].flips = strcmp(names, matrix->leading) != 0;
		matrix->origins[i].without = matrix->origins[i].flips ? names : "";
	}
	return 0;
}

/* How far the ratings of an item lie apart. */
static void diagnose(const struct making *making)
{
	const struct matrix *matrix = making->matrix;

	for (uint32_t item = 0; item < matrix->item_count; item++) {
		int least = INT8_MAX, most = INT8_MIN;

		for (uint32_t row = 0; row < matrix->row_count; row++) {
			int8_t value = *value_at(making, row, item);

			if (value == UNRATED)
				continue;
			least = value < least ? value : least;
			most = value > most ? value : most;
		}
		matrix->items[item].diagnosticity = most > least ? (uint32_t)(most - least) : 0;
	}
}

static const char *rating_name(int8_t value)
{
	for (size_t i = 0; i < sizeof(ratings) / sizeof(ratings[0]); i++)
		if (ratings[i].value == value)
			return ratings[i].name;
	return "";
}

static int rows_fill(struct making *making, uint32_t least)
{
	struct matrix *matrix = making->matrix;

	for (uint32_t i = 0; i < matrix->row_count; i++) {
		struct matrix_row *row = &matrix->rows[i];

		row->score = making->scores[i];
		row->leads = row->score == least;
		row->cell_count = matrix->item_count;
		row->cells = arena_zalloc(making->arena,
					  (matrix->item_count + 1) * sizeof(*row->cells));
		if (!row->cells)
			return err_memory(making->err);
		for (uint32_t item = 0; item < matrix->item_count; item++) {
			int8_t value = *value_at(making, i, item);

			row->cells[item] = (struct matrix_cell){
				matrix->items[item].label, rating_name(value),
			};
			row->unrated += value == UNRATED;
			row->against += value != UNRATED && value < 0;
			row->for_ += value > 0;
		}
	}
	return 0;
}

static int by_score(const void *a, const void *b)
{
	const struct matrix_row *left = a, *right = b;

	if (left->score != right->score)
		return left->score < right->score ? -1 : 1;
	return left->hypothesis < right->hypothesis ? -1 : 1;
}

int matrix_make(struct dossier *dossier, struct arena *arena, struct matrix *ret_matrix,
		struct err *err)
{
	struct matrix matrix = { .leading = "" };
	struct making making = {
		.dossier = dossier, .arena = arena, .matrix = &matrix, .err = err,
	};
	uint32_t least;
	int code = table_load(&making);

	if (code == 0)
		code = ratings_load(&making);
	if (code == 0)
		code = origins_find(&making);
	if (code)
		return code;
	diagnose(&making);
	least = score(&making, NULL, 0);
	code = rows_fill(&making, least);
	if (code == 0)
		matrix.leading = leaders(&making, least);
	if (code == 0 && !matrix.leading)
		code = ERR_MEMORY;
	if (code == 0)
		code = sensitivity(&making);
	if (code)
		return code;
	if (matrix.row_count)
		qsort(matrix.rows, matrix.row_count, sizeof(*matrix.rows), by_score);
	*ret_matrix = matrix;
	return 0;
}
