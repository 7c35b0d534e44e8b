/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier hypothesis: competing hypotheses, and how well each item of evidence agrees with
 * each.
 */
#include "cmd/dossier.h"

#include <string.h>

#include "dossier/matrix.h"

static const struct option_group no_groups[] = { { .rows = NULL } };

static int add_run(void *context, const struct option_list *operands)
{
	struct dossier_hypothesis row = {
		.name = operands->values[1], .text = operands->values[2],
	};
	struct dossier_hypothesis old;
	struct dossier *dossier = NULL;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	bool found = false, fresh = false;
	uint32_t number;
	struct err err;
	int code = *row.name && !view_u32(view_of(row.name), &number)
			   ? 0
			   : err_set(&err, ERR_USAGE,
				     "a hypothesis needs a name that is no number");

	(void)context;
	if (code == 0)
		code = dossier_open(operands->values[0], dossier_time(), &dossier, &err);
	if (code == 0)
		code = dossier_find(dossier, &dossier_hypothesis_type, "name", row.name, &arena,
				    &old, &found, &err);
	if (code == 0 && found && strcmp(old.text, row.text) != 0)
		code = err_set(&err, ERR_USAGE, "hypothesis %s is there already, and says: %s",
			       old.name, old.text);
	if (code == 0)
		code = dossier_add(dossier, &dossier_hypothesis_type, &row, &fresh, &err);
	if (code == 0) {
		buf_printf(&line, "hypothesis %u%s  ", row.id, fresh ? "" : ", there already");
		show_plain(&line, row.name);
		buf_char(&line, '\n');
		code = dossier_print(&line, &err);
	}
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct command add_command = {
	.name = "dossier hypothesis add", .operands = "DOSSIER NAME TEXT", .operands_min = 3,
	.operands_max = 3,
	.summary = "one of those that compete",
	.about = "NAME is short, such as cable; TEXT says in a sentence what the hypothesis is. "
		"Have all that are reasonable, not only the one that is believed.",
	.groups = no_groups, .settings_size = 1, .run = add_run,
};

struct rate_settings {
	const char *note, *relevance, *credibility;
};

/* The word among those, or an error that lists them. */
static int choose(const char *text, const char *const *words, const char **ret_word,
		  struct err *err)
{
	struct buf list = { .cap = 200 };
	int code;

	for (; *words; words++) {
		if (strcmp(*words, text) == 0) {
			*ret_word = *words;
			buf_free(&list);
			return 0;
		}
		buf_printf(&list, "%s%s", list.len ? ", " : "", *words);
	}
	code = err_set(err, ERR_USAGE, "\"%s\" is none of %.*s", text, (int)list.len,
		       list.data ? list.data : "");
	buf_free(&list);
	return code;
}

static int set_weight(void *field, const char *value, struct err *err)
{
	static const char *const words[] = { "high", "medium", "low", NULL };

	return choose(value, words, field, err);
}

static int rate_run(void *context, const struct option_list *operands)
{
	static const char *const words[] = { "CC", "C", "N", "I", "II", NULL };
	const struct rate_settings *settings = context;
	struct dossier_evidence evidence;
	struct dossier *dossier = NULL;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	const char *rating;
	struct err err;
	int code = choose(operands->values[3], words, &rating, &err);

	if (code == 0)
		code = dossier_open_verified(operands->values[0], &dossier, &err);
	if (code == 0)
		code = evidence_parse(dossier, operands->values[2], &arena, &evidence, &err);
	if (code == 0)
		code = dossier_begin(dossier, &err);
	if (code == 0) {
		code = rating_set(dossier, operands->values[1], &evidence, rating, settings->note,
				  settings->relevance, settings->credibility, &err);
		code = code ? (dossier_rollback(dossier), code) : dossier_commit(dossier, &err);
	}
	if (code == 0) {
		show_plain(&line, operands->values[1]);
		buf_printf(&line, "  %s  %s\n", operands->values[2], rating);
		code = dossier_print(&line, &err);
	}
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_row rate_rows[] = {
	{
		.name = "relevance", .argument = "WORD", .set = set_weight,
		.help = "of the item: high, medium (default) or low",
		.field = offsetof(struct rate_settings, relevance),
	}, {
		.name = "credibility", .argument = "WORD", .set = set_weight,
		.help = "of the item: high, medium or low (default: by the Admiralty scales; of "
			"verdicts and facts high)",
		.field = offsetof(struct rate_settings, credibility),
	}, {
		.name = "note", .argument = "TEXT", .set = option_set_text,
		.help = "why this rating",
		.field = offsetof(struct rate_settings, note),
	},
	{ .name = NULL }
};

static const struct option_group rate_groups[] = { { "Rating", rate_rows, 0 }, { .rows = NULL } };

static const struct command rate_command = {
	.name = "dossier hypothesis rate", .operands = "DOSSIER HYPOTHESIS ITEM CC|C|N|I|II",
	.operands_min = 4, .operands_max = 4,
	.summary = "how well an item agrees with a hypothesis",
	.about = "ITEM is claim:N, verdict:N, or fact:FINDING:OUTAGE:CODE for a fact that routing "
		"shows (constat dossier hypothesis facts lists them). If the hypothesis were true, "
		"would one expect it? CC very consistent, C consistent, N neither, I inconsistent, "
		"II very inconsistent. Rating again replaces what was said before.",
	.groups = rate_groups, .settings_size = sizeof(struct rate_settings), .run = rate_run,
};

struct list_settings {
	struct cmd_output output;
};

static const struct option_group list_groups[] = {
	{ "Output", cmd_output_rows, offsetof(struct list_settings, output) },
	{ .rows = NULL }
};

static int matrix_write(const struct matrix *matrix, enum cmd_format format, bool whole,
			struct buf *out, struct err *err)
{
	struct show_style style = dossier_style();

	if (format == CMD_JSON && whole) {
		int code = finding_encode_part(&matrix_schema, matrix, out, err);

		buf_char(out, '\n');
		return code;
	}
	if (format == CMD_JSON)
		return show_rows_json(&matrix_row_schema, matrix->rows, matrix->row_count, out,
				      err);
	if (format == CMD_CSV && whole)
		return show_matrix_csv(matrix, out, err);
	if (format == CMD_CSV) {
		show_rows_csv(&matrix_row_schema, matrix->rows, matrix->row_count, out);
		return 0;
	}
	return whole ? show_matrix(matrix, &style, out, err)
		     : show_scores(matrix, &style, out, err);
}

static int scored_put(struct dossier_reading *reading, bool whole, struct err *err)
{
	const struct list_settings *settings = reading->settings;
	struct matrix matrix;
	int code = matrix_make(reading->dossier, &reading->arena, &matrix, err);

	if (code == 0 && matrix.row_count == 0)
		code = err_set(err, ERR_USAGE, "%s: there is no hypothesis",
			       dossier_path(reading->dossier));
	return code ? code
		    : matrix_write(&matrix, settings->output.format, whole, &reading->out, err);
}

static int matrix_put(struct dossier_reading *reading, struct err *err)
{
	return scored_put(reading, true, err);
}

static int score_put(struct dossier_reading *reading, struct err *err)
{
	return scored_put(reading, false, err);
}

static int matrix_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, matrix_put);
}

static int score_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, score_put);
}

static const struct command matrix_command = {
	.name = "dossier hypothesis matrix", .operands = "DOSSIER", .operands_min = 1,
	.operands_max = 1,
	.summary = "hypotheses against evidence, and what the outcome hangs on",
	.about = "Hypotheses in rows, least inconsistent first, items in columns; each item's "
		"weight, diagnosticity (how far its ratings lie apart: one that agrees with all "
		"tells nothing) and origin; and which hypotheses would lead without each item, and "
		"without all items of each origin.",
	.groups = list_groups, .settings_size = sizeof(struct list_settings), .run = matrix_run,
};

static const struct command score_command = {
	.name = "dossier hypothesis score", .operands = "DOSSIER", .operands_min = 1,
	.operands_max = 1,
	.summary = "the hypotheses by what speaks against them",
	.about = "The inconsistency of each: 1 for I and 2 for II, weighted by credibility and "
		"relevance; the least comes first. What agrees with a hypothesis does not count "
		"for it.",
	.groups = list_groups, .settings_size = sizeof(struct list_settings), .run = score_run,
};

static int facts_put(struct dossier_reading *reading, struct err *err)
{
	struct dossier_finding row;
	struct finding finding = { 0 };
	struct buf *out = &reading->out;
	const char *json;
	uint32_t id;
	size_t len;
	int code = dossier_number(reading->operands->values[1], "finding", &id, err);

	if (code == 0)
		code = dossier_get(reading->dossier, &dossier_finding_type, id, &reading->arena,
				   &row, err);
	if (code == 0 && strcmp(row.form, "finding") != 0)
		code = err_set(err, ERR_USAGE,
			       "finding %u is a proof: facts are taken from findings", id);
	if (code == 0)
		code = dossier_bytes(reading->dossier, row.sha256, &reading->arena, &json, &len,
				     err);
	if (code == 0)
		code = finding_decode(json, len, &finding, err);
	for (uint32_t i = 0;
	     code == 0 && finding.result.report && i < finding.result.report->cause_count; i++) {
		const struct finding_cause *cause = &finding.result.report->causes[i];

		for (uint32_t k = 0; k < cause->fact_count; k++) {
			buf_printf(out, "fact:%u:%u:%s  ", id, cause->outage, cause->facts[k].fact);
			show_plain(out, cause->facts[k].text);
			buf_char(out, '\n');
		}
	}
	finding_free(&finding);
	return code;
}

static int facts_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, facts_put);
}

static const struct command facts_command = {
	.name = "dossier hypothesis facts", .operands = "DOSSIER FINDING", .operands_min = 2,
	.operands_max = 2,
	.summary = "what routing shows of the causes of outages",
	.about = "The facts in a finding that the dossier keeps (constat dossier verdicts says "
		"which), as items that can be rated.",
	.groups = no_groups, .settings_size = 1, .run = facts_run,
};

static const struct command *const commands[] = {
	&add_command, &rate_command, &facts_command, &score_command, &matrix_command, NULL
};

const struct command command_dossier_hypothesis = {
	.name = "dossier hypothesis", .commands = commands,
	.summary = "competing hypotheses: add, rate, facts, score, matrix",
	.about = "Hypotheses against evidence, after Heuer's Analysis of Competing Hypotheses: "
		"what speaks against each counts, and the matrix is the result, not one number.",
};
