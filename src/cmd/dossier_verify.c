/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier verify: everything that a dossier says of its own contents, looked at again. The
 * keeper holds bytes, texts and quotes against what is recorded; the reader derives each text again
 * from its bytes, which are in its memory since the fork.
 */
#include "cmd/dossier.h"

#include "dossier/claim.h"

struct verifying {
	struct arena arena;
	struct dossier_source *sources;
	struct view *bytes, *texts;
	uint32_t count;
};

static int derive_again(struct guard *guard, void *context, struct err *err)
{
	const struct verifying *verifying = context;
	int code = 0;

	(void)guard;
	for (uint32_t i = 0; i < verifying->count && code == 0; i++)
		code = source_derive(&verifying->sources[i], verifying->bytes[i],
				     verifying->texts[i], err);
	return code;
}

static int load(struct dossier *dossier, struct verifying *verifying, struct err *err)
{
	struct arena *arena = &verifying->arena;
	int code = dossier_list(dossier, &dossier_source_type, NULL, 0, arena, &verifying->sources,
				&verifying->count, err);

	if (code)
		return code;
	verifying->bytes = arena_zalloc(arena, (verifying->count + 1) * sizeof(*verifying->bytes));
	verifying->texts = arena_zalloc(arena, (verifying->count + 1) * sizeof(*verifying->texts));
	if (!verifying->bytes || !verifying->texts)
		return err_memory(err);
	for (uint32_t i = 0; i < verifying->count && code == 0; i++) {
		struct view *bytes = &verifying->bytes[i], *text = &verifying->texts[i];

		code = dossier_bytes(dossier, verifying->sources[i].sha256, arena, &bytes->ptr,
				     &bytes->len, err);
		if (code == 0)
			code = dossier_bytes(dossier, verifying->sources[i].text_sha256, arena,
					     &text->ptr, &text->len, err);
	}
	return code;
}

static int verify_run(void *context, const struct option_list *operands)
{
	struct verifying verifying = { 0 };
	struct guard_plan plan = { .reader = derive_again, .context = &verifying };
	struct dossier *dossier = NULL;
	struct buf out = { 0 };
	uint32_t claims = 0;
	struct err err;
	int status, code = dossier_open_verified(operands->values[0], &dossier, &err);

	(void)context;
	if (code == 0)
		code = load(dossier, &verifying, &err);
	if (code == 0)
		code = dossier_count(dossier, &dossier_claim_type, &claims, &err);
	status = code ? cmd_fail(&err) : cmd_run(&plan);
	if (status == CMD_DONE) {
		show_count(&out, verifying.count, "source", "sources");
		buf_str(&out, " and ");
		show_count(&out, claims, "quote", "quotes");
		buf_str(&out, " verified\n");
		if (dossier_print(&out, &err))
			status = cmd_fail(&err);
	}
	arena_free(&verifying.arena);
	dossier_close(dossier);
	return status;
}

static const struct option_group groups[] = { { .rows = NULL } };

const struct command command_dossier_verify = {
	.name = "dossier verify", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "every source and quote",
	.about = "Holds every source's bytes and text against their SHA-256, derives each text "
		"again from its bytes, and holds every quote, with what stands around it, against "
		"the text. The first place that does not hold is named.",
	.groups = groups, .settings_size = 1, .run = verify_run,
};
