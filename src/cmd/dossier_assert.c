/* SPDX-License-Identifier: BSD-2-Clause */
/* constat dossier assert: say in the language of assertions what a claim says. */
#include "cmd/dossier.h"

/* The text with the word in question marked, as compilers do. */
static void mistake_say(const char *text, const struct assertion_mistake *mistake)
{
	struct buf marks = { .cap = 8192 };
	struct view view = view_of(text);
	uint32_t end = mistake->at + mistake->len;

	for (uint32_t i = 0; i < view.len || i < end; i++) {
		/* One mark a character: bytes that go on a character get none. */
		if (i < view.len && ((uint8_t)view.ptr[i] & 0xc0) == 0x80)
			continue;
		buf_char(&marks, i < mistake->at ? ' ' : i < end ? '^' : ' ');
	}
	while (marks.len && marks.data[marks.len - 1] == ' ')
		marks.len--;
	if (!marks.failed) {
		cmd_say("%s", text);
		cmd_say("%.*s", (int)marks.len, marks.data);
	}
	buf_free(&marks);
}

static int assert_run(void *context, const struct option_list *operands)
{
	struct assertion_mistake mistake = { 0, 0 };
	struct dossier_assertion row;
	struct dossier *dossier = NULL;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	uint32_t claim, id;
	bool fresh = false;
	struct err err;
	int code = dossier_number(operands->values[1], "claim", &claim, &err);

	(void)context;
	if (code == 0)
		code = dossier_open(operands->values[0], dossier_time(), &dossier, &err);
	if (code == 0)
		code = assertion_add(dossier, claim, view_of(operands->values[2]), &id, &fresh,
				     &mistake, &err);
	if (code && mistake.len)
		mistake_say(operands->values[2], &mistake);
	if (code == 0)
		code = dossier_get(dossier, &dossier_assertion_type, id, &arena, &row, &err);
	if (code == 0) {
		buf_printf(&line, "assertion %u%s  ", id, fresh ? "" : ", there already");
		show_plain(&line, row.text);
		buf_char(&line, '\n');
		code = dossier_print(&line, &err);
	}
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_group no_groups[] = { { .rows = NULL } };

const struct command command_dossier_assert = {
	.name = "dossier assert", .operands = "DOSSIER CLAIM ASSERTION", .operands_min = 3,
	.operands_max = 3,
	.summary = "say what a claim says, so that it can be checked",
	.about = "Keeps an assertion with a claim, in a small language (docs/assertions.md): "
		"\"outage KP from 2014-12-23T15:41Z ±5m lasting 1h..1h30m total\", \"networks US = "
		"150000 ±10% at 2014-12-23\", \"upstreams KP only AS4837\", \"unstable KP "
		"2014-12-20..2014-12-22\", \"reachable KP 2014-12-24\". Turning \"un peu plus "
		"d'une heure\" into a range is the analyst's work: the range is shown beside the "
		"quote.",
	.groups = no_groups, .settings_size = 1, .run = assert_run,
};
