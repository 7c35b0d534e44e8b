/* SPDX-License-Identifier: BSD-2-Clause */
/* constat dossier claim: quote what was said, and link what answers what. */
#include "cmd/dossier.h"

#include <string.h>

#include "dossier/claim.h"
#include "dossier/import.h"

#define PLACES_SHOWN 20

struct add_settings {
	const char *quote, *kind, *about, *basis, *reading;
	struct option_list speakers;
	struct dossier_span said;
	uint32_t occurrence, credibility;
};

static const struct add_settings add_defaults = { .said = { UTC_NEVER, UTC_NEVER } };

/* Where the quote stands, one place a line, for somebody who has to choose. */
static void places_say(const struct text *text, const struct text_place *places, uint32_t count)
{
	for (uint32_t i = 0; i < count && i < PLACES_SHOWN; i++) {
		uint32_t start = places[i].start, end = places[i].end;
		struct view before =
			text_part(text, start < CLAIM_CONTEXT ? 0 : start - CLAIM_CONTEXT, start);
		struct view behind = text_part(text, end,
					       text->count - end < CLAIM_CONTEXT
						       ? text->count
						       : end + CLAIM_CONTEXT);

		cmd_say("%4u: character %u: …%.*s[…]%.*s…", i + 1, start, VIEW_ARGS(before),
			VIEW_ARGS(behind));
	}
}

static int place_choose(const struct add_settings *settings, const struct quoting *quoting,
			struct arena *arena, struct dossier_claim *claim, struct err *err)
{
	uint32_t count, wanted = settings->occurrence ? settings->occurrence : 1;
	struct text_place *places;
	struct text quote;
	int code = text_decode(view_of(settings->quote), arena, &quote, err);

	if (code)
		return err_prefix(err, "--quote");
	code = text_find(&quoting->text, &quote, arena, &places, &count, err);
	if (code)
		return code;
	if (count == 0)
		return err_set(err, ERR_USAGE, "the quote is not in source %u (%s)",
			       quoting->source.id, quoting->source.name);
	if (count > 1 && settings->occurrence == 0)
		places_say(&quoting->text, places, count);
	if (count > 1 && settings->occurrence == 0)
		return err_set(err, ERR_USAGE,
			       "the quote is in source %u (%s) %u times: say which by --occurrence",
			       quoting->source.id, quoting->source.name, count);
	if (wanted > count)
		return err_set(err, ERR_USAGE,
			       "--occurrence: the quote is in source %u (%s) %u times",
			       quoting->source.id, quoting->source.name, count);
	claim->start = places[wanted - 1].start;
	claim->end = places[wanted - 1].end;
	return 0;
}

static int speakers_take(const struct add_settings *settings, struct arena *arena,
			 struct dossier_claim *claim, struct err *err)
{
	claim->speaker_count = settings->speakers.count;
	claim->speakers = arena_zalloc(arena,
				       (settings->speakers.count + 1) * sizeof(*claim->speakers));
	if (!claim->speakers)
		return err_memory(err);
	for (uint32_t i = 0; i < settings->speakers.count; i++)
		claim->speakers[i] = (struct dossier_speaker){
			.position = i, .name = settings->speakers.values[i],
		};
	return 0;
}

static int claim_write(struct dossier *dossier, const struct quoting *quoting,
		       struct dossier_claim *claim, struct err *err)
{
	struct buf line = { 0 };
	bool fresh = false;
	int code = dossier_begin(dossier, err);

	if (code == 0)
		code = claim_add(dossier, quoting, claim, NULL, &fresh, err);
	code = code ? (dossier_rollback(dossier), code) : dossier_commit(dossier, err);
	if (code)
		return code;
	buf_printf(&line, "claim %u%s  ", claim->id, fresh ? "" : ", there already");
	show_plain(&line, quoting->source.name);
	buf_printf(&line, ", characters %u to %u\n", claim->start, claim->end);
	return dossier_print(&line, err);
}

static int add_run(void *context, const struct option_list *operands)
{
	const struct add_settings *settings = context;
	struct dossier_claim claim = {
		.kind = settings->kind, .about = settings->about ? settings->about : "",
		.reading = settings->reading ? settings->reading : "", .said = settings->said,
		.said_basis = settings->basis ? settings->basis : "",
		.credibility = settings->credibility,
	};
	struct dossier *dossier = NULL;
	struct dossier_source source;
	struct quoting quoting;
	struct arena arena = { 0 };
	struct err err;
	int code = settings->quote && settings->kind
			   ? 0
			   : err_set(&err, ERR_USAGE, "--quote and --kind are needed");

	if (code == 0)
		code = dossier_open(operands->values[0], dossier_time(), &dossier, &err);
	if (code == 0)
		code = source_resolve(dossier, operands->values[1], &arena, &source, &err);
	if (code == 0)
		code = quoting_open(dossier, &source, &arena, &quoting, &err);
	if (code == 0)
		code = place_choose(settings, &quoting, &arena, &claim, &err);
	if (code == 0)
		code = speakers_take(settings, &arena, &claim, &err);
	if (code == 0)
		code = claim_write(dossier, &quoting, &claim, &err);
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

#define TEXT_ROW(row_name, row_argument, row_help) \
	{ .name = #row_name, .argument = row_argument, .set = option_set_text, .help = row_help, \
	  .field = offsetof(struct add_settings, row_name) }

static const struct option_row add_rows[] = {
	TEXT_ROW(quote, "TEXT", "the words, as they stand in the source; ' and \" and blanks find their typographic relatives"),
	{
		.name = "occurrence", .argument = "N", .set = option_set_u32,
		.help = "which, where they stand there several times",
		.field = offsetof(struct add_settings, occurrence),
	},
	TEXT_ROW(kind, "WORD", "accusation, denial, demand, offer, threat, attribution, measurement, fact, or another word"),
	{
		.name = "speaker", .argument = "NAME", .set = option_set_list,
		.help = "who said it; several times, from who said it first to who printed it",
		.field = offsetof(struct add_settings, speakers),
	},
	TEXT_ROW(about, "TEXT", "about whom or what"),
	{
		.name = "said", .argument = "TIME", .set = dossier_set_span,
		.help = "when it was said: a time as exact as is known, or EARLIEST..LATEST",
		.field = offsetof(struct add_settings, said),
	},
	TEXT_ROW(basis, "TEXT", "how --said is known: read, inferred, or in words"),
	{
		.name = "credibility", .argument = "1-6", .set = option_set_u32,
		.help = "of the claim on the Admiralty scale: 1 confirmed to 5 improbable, 6 "
			"cannot be judged",
		.field = offsetof(struct add_settings, credibility),
	},
	TEXT_ROW(reading, "TEXT", "what the analyst takes it to say, in prose"),
	{ .name = NULL }
};

static const struct option_group add_groups[] = { { "Claim", add_rows, 0 }, { .rows = NULL } };

static const struct command add_command = {
	.name = "dossier claim add", .operands = "DOSSIER SOURCE", .operands_min = 2,
	.operands_max = 2, .summary = "quote a source",
	.about = "Keeps a quote with its place in the source, what stands before and behind it, "
		"who said it through whom, about whom and when. What is kept is what stands in the "
		"source, letter by letter.",
	.groups = add_groups, .settings_size = sizeof(struct add_settings),
	.defaults = &add_defaults, .run = add_run,
};

struct list_settings {
	struct cmd_output output;
	const char *source, *kind;
};

static int claims_select(struct dossier *dossier, const struct list_settings *settings,
			 struct arena *arena, struct dossier_claim **ret_claims,
			 uint32_t *ret_count, struct err *err)
{
	struct dossier_source source = { 0 };
	struct dossier_claim *claims;
	uint32_t count, kept = 0;
	int code = settings->source ? source_resolve(dossier, settings->source, arena, &source, err)
				    : 0;

	if (code == 0)
		code = dossier_list(dossier, &dossier_claim_type,
				    settings->source ? "source" : NULL, source.id, arena, &claims,
				    &count, err);
	if (code)
		return code;
	for (uint32_t i = 0; i < count; i++)
		if (!settings->kind || strcmp(claims[i].kind, settings->kind) == 0)
			claims[kept++] = claims[i];
	*ret_claims = claims;
	*ret_count = kept;
	return 0;
}

static int claims_put(struct dossier_reading *reading, struct err *err)
{
	const struct list_settings *settings = reading->settings;
	struct show_style style = dossier_style();
	struct dossier_claim *claims;
	uint32_t count;
	int code = claims_select(reading->dossier, settings, &reading->arena, &claims, &count, err);

	if (code)
		return code;
	return settings->output.format == CMD_TEXT
		       ? show_claims(reading->dossier, claims, count, &style, &reading->out, err)
		       : dossier_rows(&dossier_claim_type, claims, count, settings->output.format,
				      &reading->out, err);
}

static int list_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, claims_put);
}

static const struct option_row list_rows[] = {
	{
		.name = "source", .argument = "SOURCE", .set = option_set_text,
		.help = "only those in this source",
		.field = offsetof(struct list_settings, source),
	}, {
		.name = "kind", .argument = "WORD", .set = option_set_text,
		.help = "only those of this kind",
		.field = offsetof(struct list_settings, kind),
	},
	{ .name = NULL }
};

static const struct option_group list_groups[] = {
	{ "Claims", list_rows, 0 },
	{ "Output", cmd_output_rows, offsetof(struct list_settings, output) },
	{ .rows = NULL }
};

static const struct command list_command = {
	.name = "dossier claim list", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "all claims, or some",
	.about = "One line a claim, once every quote has been verified.",
	.groups = list_groups, .settings_size = sizeof(struct list_settings), .run = list_run,
};

static int claim_put(struct dossier_reading *reading, struct err *err)
{
	const struct list_settings *settings = reading->settings;
	struct show_style style = dossier_style();
	struct dossier_claim claim;
	uint32_t id;
	int code = dossier_number(reading->operands->values[1], "claim", &id, err);

	if (code == 0)
		code = dossier_get(reading->dossier, &dossier_claim_type, id, &reading->arena,
				   &claim, err);
	if (code)
		return code;
	return settings->output.format == CMD_TEXT
		       ? show_claim(reading->dossier, &claim, &style, &reading->out, err)
		       : dossier_rows(&dossier_claim_type, &claim, 1, settings->output.format,
				      &reading->out, err);
}

static int show_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, claim_put);
}

static const struct option_group show_groups[] = {
	{ "Output", cmd_output_rows, offsetof(struct list_settings, output) },
	{ .rows = NULL }
};

static const struct command show_command = {
	.name = "dossier claim show", .operands = "DOSSIER CLAIM", .operands_min = 2,
	.operands_max = 2,
	.summary = "one of them, with what hangs on it",
	.about = "The quote between its neighbours, who said it, and what answers it. CLAIM is a "
		"number.",
	.groups = show_groups, .settings_size = sizeof(struct list_settings), .run = show_run,
};

static int link_run(void *context, const struct option_list *operands)
{
	static const char *const kinds[] = { "denies", "contradicts", "repeats", "responds" };
	struct dossier_link link = { 0 };
	struct dossier_claim claim;
	struct dossier *dossier = NULL;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	bool fresh = false;
	struct err err;
	int code = dossier_number(operands->values[1], "claim", &link.claim, &err);

	(void)context;
	if (code == 0)
		code = dossier_number(operands->values[3], "claim", &link.target, &err);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], operands->values[2]) == 0)
			link.kind = kinds[i];
	if (code == 0 && !link.kind)
		code = err_set(&err, ERR_USAGE,
			       "\"%s\" is none of denies, contradicts, repeats, responds",
			       operands->values[2]);
	if (code == 0 && link.claim == link.target)
		code = err_set(&err, ERR_USAGE, "a claim has no link with itself");
	if (code == 0)
		code = dossier_open(operands->values[0], dossier_time(), &dossier, &err);
	if (code == 0)
		code = dossier_get(dossier, &dossier_claim_type, link.claim, &arena, &claim, &err);
	if (code == 0)
		code = dossier_get(dossier, &dossier_claim_type, link.target, &arena, &claim, &err);
	if (code == 0)
		code = dossier_add(dossier, &dossier_link_type, &link, &fresh, &err);
	if (code == 0) {
		buf_printf(&line, "link %u%s  claim %u %s claim %u\n", link.id,
			   fresh ? "" : ", there already", link.claim, link.kind, link.target);
		code = dossier_print(&line, &err);
	}
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_group no_groups[] = { { .rows = NULL } };

static const struct command link_command = {
	.name = "dossier claim link",
	.operands = "DOSSIER CLAIM denies|contradicts|repeats|responds CLAIM", .operands_min = 4,
	.operands_max = 4,
	.summary = "say what answers what",
	.about = "Links the first claim to the second: it denies it, contradicts it, repeats it, "
		"or responds to it.",
	.groups = no_groups, .settings_size = 1, .run = link_run,
};

static const struct command *const commands[] = {
	&add_command, &list_command, &show_command, &link_command, &command_dossier_claim_import,
	NULL
};

const struct command command_dossier_claim = {
	.name = "dossier claim", .commands = commands,
	.summary = "what was said: add, list, show, link, import",
	.about = "Claims: quotes with their place, their speakers and their time.",
};
