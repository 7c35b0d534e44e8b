/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat cosign: one more signature on a proof, or a timestamp. The reader checks the proof as
 * verify does, replay and all, and hands over the checkpoint and the rest of the archive as it
 * stands; the keeper, which alone has the key, signs and puts them together again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/signing.h"
#include "dossier/seal.h"
#include "proof/check.h"
#include "proof/timestamp.h"

enum given { GIVEN_CHECKPOINT, GIVEN_REST, GIVEN_TIMESTAMP, GIVEN_COUNT };

struct cosign_settings {
	struct signing_settings signing;
	const char *timestamp;
	const char *output;
};

struct cosign {
	const struct cosign_settings *settings;
	const char *files[2];		/* the proof, the timestamp */
	struct buf given[GIVEN_COUNT];	/* keeper */
};

static int file_take(struct guard *guard, uint32_t file, const char *name, size_t most,
		     struct buf *out, struct err *err)
{
	int fd, code = guard_open(guard, file, &fd, err);

	if (code)
		return code;
	code = file_read_all(fd, name, most, out, err);
	close(fd);
	return code;
}

/* The new one, else the one that is there. */
static int timestamp_give(struct guard *guard, const struct cosign *cosign,
			  const struct bundle *bundle, struct err *err)
{
	struct buf answer = { 0 };
	int64_t time;
	int code = 0;

	if (cosign->settings->timestamp)
		code = file_take(guard, 1, cosign->files[1], TIMESTAMP_SIZE_MAX, &answer, err);
	else if (bundle->timestamp)
		buf_add(&answer, bundle->timestamp->bytes, bundle->timestamp->len);
	if (code == 0 && answer.len)
		code = timestamp_check((struct view){ answer.data, answer.len }, bundle->note.text,
				       (struct view){ NULL, 0 }, &time, err);
	else if (code == 0 && cosign->settings->timestamp)
		code = err_set(err, ERR_FORMAT, "%s: empty", cosign->files[1]);
	if (code == 0 && answer.len)
		code = guard_give(guard, GIVEN_TIMESTAMP, answer.data, answer.len, err);
	buf_free(&answer);
	return code;
}

/* As verify does, for either kind. */
static int contents_check(const struct bundle *bundle, struct err *err)
{
	struct seal_report report;
	struct arena arena = { 0 };
	struct proof proof;
	int code;

	if (bundle->kind == BUNDLE_DOSSIER) {
		code = seal_replay(bundle, &arena, &report, NULL, err);
		arena_free(&arena);
		return code;
	}
	code = proof_load(bundle, &proof, err);
	if (code)
		return code;
	code = proof_replay(&proof, err);
	proof_free(&proof);
	return code;
}

static int bundle_give(struct guard *guard, const struct cosign *cosign,
		       const struct bundle *bundle, struct err *err)
{
	struct buf rest = { 0 };
	int code = contents_check(bundle, err);

	if (code)
		err_prefix(err, "%s: rejected", cosign->files[0]);
	if (code == 0)
		code = timestamp_give(guard, cosign, bundle, err);
	if (code == 0)
		code = guard_give(guard, GIVEN_CHECKPOINT, bundle->checkpoint->bytes,
				  bundle->checkpoint->len, err);
	bundle_rest(bundle, &rest);
	if (code == 0)
		code = rest.failed ? err_memory(err)
				   : guard_give(guard, GIVEN_REST, rest.data, rest.len, err);
	buf_free(&rest);
	return code;
}

static int cosign_reader(struct guard *guard, void *context, struct err *err)
{
	const struct cosign *cosign = context;
	struct bundle bundle = { .count = 0 };
	struct buf bytes = { 0 };
	int code = file_take(guard, 0, cosign->files[0], BUNDLE_SIZE_MAX, &bytes, err);

	if (code == 0) {
		code = bundle_open((const uint8_t *)bytes.data, bytes.len, &bundle, err);
		if (code)
			err_prefix(err, "%s: rejected", cosign->files[0]);
		else
			code = bundle_give(guard, cosign, &bundle, err);
		bundle_free(&bundle);
	}
	buf_free(&bytes);
	return code;
}

static int cosign_taken(void *context, uint32_t what, const void *bytes, size_t len,
			struct err *err)
{
	struct cosign *cosign = context;

	if (what >= GIVEN_COUNT)
		return err_set(err, ERR_FORMAT, "internal: the reader gave something unknown");
	buf_add(&cosign->given[what], bytes, len);
	return cosign->given[what].failed ? err_memory(err) : 0;
}

static int put_together(struct cosign *cosign, struct err *err)
{
	const struct cosign_settings *settings = cosign->settings;
	struct buf *checkpoint = &cosign->given[GIVEN_CHECKPOINT],
		   *rest = &cosign->given[GIVEN_REST];
	struct buf *answer = &cosign->given[GIVEN_TIMESTAMP], bundle = { 0 };
	struct view timestamp = { answer->data, answer->len };
	struct signing_key *key = NULL;
	int code = settings->signing.key ? signing_take(&settings->signing, &key, err) : 0;

	if (code == 0 && key)
		code = bundle_sign(key, checkpoint, err);
	if (code == 0)
		code = bundle_join((struct view){ checkpoint->data, checkpoint->len },
				   (struct view){ rest->data, rest->len },
				   answer->len ? &timestamp : NULL, &bundle, err);
	if (code == 0)
		code = file_save(settings->output ? settings->output : cosign->files[0], &bundle,
				 err);
	signing_key_free(key);
	buf_free(&bundle);
	return code;
}

static int cosign_run(void *context, const struct option_list *operands)
{
	const struct cosign_settings *settings = context;
	struct cosign cosign = { .settings = settings,
				 .files = { operands->values[0], settings->timestamp } };
	const struct guard_plan plan = {
		.files = cosign.files, .file_count = settings->timestamp ? 2 : 1,
		.reader = cosign_reader, .context = &cosign, .taken = cosign_taken,
	};
	struct err err;
	int status;

	if ((settings->signing.key || !settings->timestamp) &&
	    signing_check(&settings->signing, &err))
		return cmd_fail(&err);
	if (!settings->output && strcmp(operands->values[0], "-") == 0) {
		err_set(&err, ERR_USAGE, "no file to write the proof to: --output FILE");
		return cmd_fail(&err);
	}
	status = cmd_run(&plan);
	if (status == CMD_DONE && put_together(&cosign, &err))
		status = cmd_fail(&err);
	for (unsigned i = 0; i < GIVEN_COUNT; i++)
		buf_free(&cosign.given[i]);
	return status;
}

static const struct option_row cosign_rows[] = {
	{
		.name = "timestamp", .argument = "FILE", .set = option_set_text,
		.help = "put in a timestamping authority's answer (RFC 3161) for this checkpoint; "
			"with or without --key",
		.field = offsetof(struct cosign_settings, timestamp),
	}, {
		.name = "output", .letter = 'o', .argument = "FILE", .set = option_set_text,
		.help = "where the proof goes (default: in place of the one given)",
		.field = offsetof(struct cosign_settings, output),
	},
	{ .name = NULL }
};

static const struct option_group cosign_groups[] = {
	{ "What is added", signing_rows, offsetof(struct cosign_settings, signing) },
	{ NULL, cosign_rows, 0 },
	{ .rows = NULL }
};

const struct command command_cosign = {
	.name = "cosign", .operands = "PROOF", .operands_min = 1, .operands_max = 1,
	.summary = "put one more signature, or a timestamp, on a proof or a sealed dossier",
	.about = "For the other side of a dispute, or a third party: checks the file as constat "
		"verify does, without asking who signed it, and adds a signature. What is signed "
		"stays the same, byte for byte.",
	.groups = cosign_groups, .settings_size = sizeof(struct cosign_settings), .run = cosign_run,
};
