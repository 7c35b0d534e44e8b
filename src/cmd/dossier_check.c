/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier check: assertions against measurements. Each question that the assertions need is
 * asked once of the recordings, as the commands of that name ask it; findings that were printed as
 * JSON before are taken as they are, proofs if they hold when they are replayed. Which operand is
 * which is told by its first bytes.
 */
#include "cmd/ask.h"
#include "cmd/dossier.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "proof/bundle.h"

struct check_settings {
	struct ask_settings ask;
	uint32_t claim;
	const char *label;
};

/* What the reader gives. */
enum given { GIVEN_FINDING = 1, GIVEN_PROOF };

struct measured {
	struct finding finding;
	struct buf proof;		/* the bundle it came in; empty: none */
	uint32_t row;			/* in the dossier; 0: nothing rests on it yet */
};

struct checking {
	const struct check_settings *settings;
	struct dossier *dossier;
	struct arena arena;
	struct asserted *asserted;
	uint32_t asserted_count;
	struct option_list recordings, results;
	struct measured *measured;
	uint32_t measured_count, measured_room;
	struct buf proof;		/* that has come, while its finding has not */
	int status;
};

/* Takes the finding; `proof` is the bundle it came in, empty where it came as it is. */
static int finding_push(struct checking *checking, struct finding *finding, struct view proof,
			struct err *err)
{
	int code = VEC_GROW(checking->measured, checking->measured_count, checking->measured_room,
			    err);
	struct measured *measured;

	if (code) {
		finding_free(finding);
		return code;
	}
	measured = &checking->measured[checking->measured_count++];
	*measured = (struct measured){ .finding = *finding };
	buf_add(&measured->proof, proof.ptr, proof.len);
	return measured->proof.failed ? err_memory(err) : 0;
}

static int result_give(struct guard *guard, struct view bytes, struct err *err)
{
	bool proof = view_starts(bytes, VIEW(MEMBER_CHECKPOINT));
	struct finding finding = { 0 };
	struct buf own = { 0 };
	int code = proof ? finding_unpack("proof", bytes, &finding, err)
			 : finding_decode(bytes.ptr, bytes.len, &finding, err);

	if (code == 0)
		code = finding_encode(&finding, false, &own, err);
	if (code == 0 && proof)
		code = guard_give(guard, GIVEN_PROOF, bytes.ptr, bytes.len, err);
	if (code == 0)
		code = guard_give(guard, GIVEN_FINDING, own.data, own.len, err);
	finding_free(&finding);
	buf_free(&own);
	return code;
}

/* The reader decodes what a stranger may have written, and hands it over as it would its own. */
static int results_reader(struct guard *guard, void *context, struct err *err)
{
	const struct checking *checking = context;
	int code = 0;

	for (uint32_t i = 0; i < checking->results.count && code == 0; i++) {
		struct buf bytes = { 0 };
		int fd;

		code = guard_open(guard, i, &fd, err);
		if (code)
			break;
		code = dossier_read_all(fd, checking->results.values[i], &bytes, err);
		close(fd);
		if (code == 0 &&
		    result_give(guard, (struct view){ bytes.data ? bytes.data : "", bytes.len },
				err))
			code = err_prefix(err, "%s", checking->results.values[i]);
		buf_free(&bytes);
	}
	return code;
}

static int results_taken(void *context, uint32_t what, const void *bytes, size_t len,
			 struct err *err)
{
	struct checking *checking = context;
	struct finding finding = { 0 };
	int code;

	if (what == GIVEN_PROOF) {
		checking->proof.len = 0;
		buf_add(&checking->proof, bytes, len);
		return checking->proof.failed ? err_memory(err) : 0;
	}
	code = finding_decode(bytes, len, &finding, err);
	if (code == 0)
		code = finding_push(checking, &finding,
				    (struct view){ checking->proof.data, checking->proof.len },
				    err);
	checking->proof.len = 0;
	return code;
}

static int results_read(struct checking *checking)
{
	struct guard_plan plan = {
		.files = checking->results.values, .file_count = checking->results.count,
		.reader = results_reader,
		.taken = results_taken, .context = checking,
	};

	return checking->results.count ? cmd_run(&plan) : CMD_DONE;
}

static bool same_question(const struct question *a, const struct question *b)
{
	return a->kind == b->kind && a->country == b->country && a->asn == b->asn &&
	       a->at == b->at && memcmp(&a->prefix, &b->prefix, sizeof(a->prefix)) == 0;
}

static int question_ask(struct checking *checking, struct question *question, struct err *err)
{
	struct finding finding = { 0 };
	bool answered = false;
	int status = ask_find(&checking->settings->ask, question, &checking->recordings, 0, NULL,
			      &finding, &answered);

	if (status == CMD_INCOMPLETE)
		checking->status = CMD_INCOMPLETE;
	else if (status != CMD_DONE)
		checking->status = status;
	if (!answered)
		return 0;
	return finding_push(checking, &finding, VIEW(""), err);
}

static int questions_ask(struct checking *checking, struct err *err)
{
	struct question *asked = calloc(checking->asserted_count + 1, sizeof(*asked));
	uint32_t count = 0;
	int code = asked ? 0 : err_memory(err);

	for (uint32_t i = 0;
	     i < checking->asserted_count && code == 0 && checking->recordings.count; i++) {
		struct question question = { 0 };
		bool known = false;

		if (!judge_question(&checking->asserted[i].assertion,
				    checking->asserted[i].claim.said, &question))
			continue;
		for (uint32_t k = 0; k < count && !known; k++)
			known = same_question(&asked[k], &question);
		if (known)
			continue;
		asked[count++] = question;
		code = question_ask(checking, &question, err);
		if (checking->status != CMD_DONE && checking->status != CMD_INCOMPLETE)
			break;
	}
	free(asked);
	return code;
}

static int verdict_write(struct checking *checking, const struct asserted *asserted,
			 const struct finding *const *findings, uint32_t *ret_id, struct err *err)
{
	const char *label = checking->settings->label ? checking->settings->label : "";
	struct judgement judgement;
	uint32_t finding = 0;
	bool fresh;
	int code = judge(&asserted->assertion, asserted->claim.said, findings,
			 checking->measured_count, &checking->arena, &judgement, err);

	if (code == 0 && judgement.finding != UINT32_MAX) {
		struct measured *measured = &checking->measured[judgement.finding];

		/* Kept once, and only if something rests on it. */
		if (measured->row == 0)
			code = finding_keep(checking->dossier, &measured->finding,
					    (struct view){ measured->proof.data,
							   measured->proof.len },
					    label, &measured->row, err);
		finding = measured->row;
	}
	return code ? code
		    : verdict_keep(checking->dossier, asserted->row.id, finding, &judgement, ret_id,
				   &fresh, err);
}

static int verdicts_write(struct checking *checking, uint32_t *ids, struct err *err)
{
	const struct finding **findings = calloc(checking->measured_count + 1, sizeof(*findings));
	int code = findings ? 0 : err_memory(err);

	for (uint32_t i = 0; i < checking->measured_count && findings; i++)
		findings[i] = &checking->measured[i].finding;
	for (uint32_t i = 0; i < checking->asserted_count && code == 0; i++)
		code = verdict_write(checking, &checking->asserted[i], findings, &ids[i], err);
	free(findings);
	return code;
}

static int views_write(const struct verdict_view *views, uint32_t count, enum cmd_format format,
		       struct buf *out, struct err *err)
{
	struct show_style style = dossier_style();

	if (format == CMD_JSON)
		return show_rows_json(&verdict_view_schema, views, count, out, err);
	if (format == CMD_TEXT)
		return show_verdicts(views, count, &style, out, err);
	show_rows_csv(&verdict_view_schema, views, count, out);
	return 0;
}

static int check_finish(struct checking *checking, struct err *err)
{
	struct verdict_view *views = arena_zalloc(&checking->arena,
						  (checking->asserted_count + 1) * sizeof(*views));
	uint32_t *ids = arena_zalloc(&checking->arena,
				     (checking->asserted_count + 1) * sizeof(*ids));
	int code = views && ids ? dossier_begin(checking->dossier, err) : err_memory(err);
	struct buf out = { 0 };

	if (code)
		return code;
	code = verdicts_write(checking, ids, err);
	code = code ? (dossier_rollback(checking->dossier), code)
		    : dossier_commit(checking->dossier, err);
	for (uint32_t i = 0; i < checking->asserted_count && code == 0; i++)
		code = verdict_view_load(checking->dossier, ids[i], &checking->arena, &views[i],
					 err);
	if (code == 0)
		code = views_write(views, checking->asserted_count,
				   checking->settings->ask.output.format, &out, err);
	if (code == 0)
		code = dossier_print(&out, err);
	buf_free(&out);
	return code;
}

/*
 * Whether it is a finding or a proof, told by its first bytes. One that cannot be opened is a
 * recording: it will be said.
 */
static bool is_result(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char bytes[sizeof(MEMBER_CHECKPOINT)];
	ssize_t len = fd >= 0 ? file_read_full(fd, bytes, sizeof(bytes)) : -1;

	if (fd >= 0)
		close(fd);
	/* A bundle's first member has its name there, with its final zero. */
	return len > 0 &&
	       (bytes[0] == '{' ||
		(len == sizeof(bytes) && memcmp(bytes, MEMBER_CHECKPOINT, sizeof(bytes)) == 0));
}

static int operands_sort(struct checking *checking, const struct option_list *operands,
			 struct err *err)
{
	int code = 0;

	for (uint32_t i = 1; i < operands->count && code == 0; i++) {
		const char *path = operands->values[i];

		code = option_list_add(is_result(path) ? &checking->results : &checking->recordings,
				       path, err);
	}
	return code;
}

static int check_run(void *context, const struct option_list *operands)
{
	const struct check_settings *settings = context;
	struct checking checking = { .settings = settings, .status = CMD_DONE };
	struct err err;
	int code = operands_sort(&checking, operands, &err);

	if (code == 0)
		code = dossier_open_verified(operands->values[0], &checking.dossier, &err);
	if (code == 0)
		code = assertions_load(checking.dossier, settings->claim, &checking.arena,
				       &checking.asserted, &checking.asserted_count, &err);
	if (code == 0 && checking.asserted_count == 0)
		code = err_set(&err, ERR_USAGE,
			       "there is nothing to check: constat dossier assert says what a "
			       "claim says");
	if (code == 0)
		checking.status = results_read(&checking);
	if (code == 0 && checking.status == CMD_DONE)
		code = questions_ask(&checking, &err);
	if (code == 0 && (checking.status == CMD_DONE || checking.status == CMD_INCOMPLETE))
		code = check_finish(&checking, &err);
	for (uint32_t i = 0; i < checking.measured_count; i++) {
		finding_free(&checking.measured[i].finding);
		buf_free(&checking.measured[i].proof);
	}
	buf_free(&checking.proof);
	free(checking.measured);
	free(checking.recordings.values);
	free(checking.results.values);
	arena_free(&checking.arena);
	dossier_close(checking.dossier);
	return code ? cmd_fail(&err) : checking.status;
}

static int set_claim(void *field, const char *value, struct err *err)
{
	return dossier_number(value, "claim", field, err);
}

static const struct option_row check_rows[] = {
	{
		.name = "claim", .argument = "CLAIM", .set = set_claim,
		.help = "only what is asserted of this one",
		.field = offsetof(struct check_settings, claim),
	}, {
		.name = "label", .argument = "TEXT", .set = option_set_text,
		.help = "stands beside every verdict that comes of these recordings, such as "
			"simulated",
		.field = offsetof(struct check_settings, label),
	},
	{ .name = NULL }
};

static const struct option_row hash_rows[] = {
	{
		.name = "no-hash", .set = option_set_flag,
		.help = "do not work out the inputs' SHA-256",
		.field = offsetof(struct ask_settings, no_hash),
	},
	{ .name = NULL }
};

static const struct option_group check_groups[] = {
	{ "Claims", check_rows, 0 },
	{ "Recordings", cmd_input_rows, offsetof(struct check_settings, ask.inputs) },
	{ NULL, hash_rows, offsetof(struct check_settings, ask) },
	{ "Places", ask_place_rows, offsetof(struct check_settings, ask) },
	{ "Output", cmd_output_rows, offsetof(struct check_settings, ask.output) },
	{ "Parameters", ask_parameter_rows, offsetof(struct check_settings, ask) },
	{ .rows = NULL }
};

/* What ask_defaults is, without its name: C has no constants of structures. */
static const struct check_settings check_defaults = {
	.ask = {
		.rows = 20, .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = MEASURE_PARAMETERS_DEFAULT,
		.acquire = ACQUIRE_DEFAULTS,
	},
};

const struct command command_dossier_check = {
	.name = "dossier check", .operands = "DOSSIER FILE...", .operands_min = 2,
	.summary = "hold assertions against measurements",
	.about = "Holds every assertion against recordings, which are measured as constat report, "
		"census and upstreams do it, or against findings that those printed with --json, "
		"or against proofs (constat prove), which are replayed. Each is confirmed, "
		"contradicted, insufficient data (with what the nearest data says, and how far "
		"away it is), or not measurable (with what it would take). Verdicts are kept in "
		"the dossier with the findings they rest on.",
	.groups = check_groups, .settings_size = sizeof(struct check_settings),
	.defaults = &check_defaults,
	.run = check_run,
};

struct verdicts_settings {
	struct cmd_output output;
	uint32_t claim;
};

static int verdicts_put(struct dossier_reading *reading, struct err *err)
{
	const struct verdicts_settings *settings = reading->settings;
	struct verdict_view *views;
	uint32_t count;
	int code = verdicts_load(reading->dossier, settings->claim, &reading->arena, &views, &count,
				 err);

	return code ? code : views_write(views, count, settings->output.format, &reading->out, err);
}

static int verdicts_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, verdicts_put);
}

static const struct option_row verdicts_rows[] = {
	{
		.name = "claim", .argument = "CLAIM", .set = set_claim,
		.help = "only those on this one",
		.field = offsetof(struct verdicts_settings, claim),
	},
	{ .name = NULL }
};

static const struct option_group verdicts_groups[] = {
	{ "Claims", verdicts_rows, 0 },
	{ "Output", cmd_output_rows, offsetof(struct verdicts_settings, output) },
	{ .rows = NULL }
};

const struct command command_dossier_verdicts = {
	.name = "dossier verdicts", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "what came of checking",
	.about = "All verdicts, of one claim after the other, with what is claimed beside what was "
		"measured.",
	.groups = verdicts_groups, .settings_size = sizeof(struct verdicts_settings),
	.run = verdicts_run,
};
