/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat prove: a report as a proof. The reader measures, copies the records, and tries at once
 * whether the finding can be had again out of them; the keeper puts the members together and signs.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "cmd/ask.h"
#include "cmd/signing.h"
#include "proof/check.h"
#include "proof/merkle.h"

#define GIVEN_MEMBER (ASK_OWN + 0)

struct prove_settings {
	struct ask_settings ask;
	struct signing_settings signing;
	const char *output;
};

/* The keeper's: members as they were given. */
struct prove {
	const struct prove_settings *settings;
	struct arena arena;
	struct tar_member *members;
	uint32_t count, room;
	uint64_t records;
};

/*
 * An input that the question's end left unread, or read in part, is stated with its hash all the
 * same.
 */
static int hash_complete(const struct inquiry *inquiry, struct finding *finding, struct err *err)
{
	for (uint32_t i = 0; i < finding->provenance.input_count; i++) {
		struct finding_input *input = &finding->provenance.inputs[i];
		uint8_t digest[DIGEST_SIZE];
		struct buf hex = { 0 };
		int fd, code;

		if (*input->sha256 || *input->error)
			continue;
		code = inquiry->opener.open(inquiry->opener.context, i, &fd, err);
		if (code)
			return code;
		code = digest_file(fd, input->name, digest, &input->bytes_stored, err);
		close(fd);
		if (code)
			return code;
		buf_hex(&hex, digest, sizeof(digest));
		input->sha256 = hex.failed ? NULL
					   : arena_strndup(&finding->arena, hex.data, hex.len);
		buf_free(&hex);
		if (!input->sha256)
			return err_memory(err);
	}
	return 0;
}

static int member_give(struct guard *guard, const struct tar_member *member, struct err *err)
{
	struct buf message = { 0 };
	int code;

	buf_add(&message, member->name, sizeof(member->name));
	buf_add(&message, member->bytes, member->len);
	code = message.failed ? err_memory(err)
			      : guard_give(guard, GIVEN_MEMBER, message.data, message.len, err);
	buf_free(&message);
	return code;
}

/* All but the finding, which goes its usual way. */
static int members_give(struct guard *guard, const struct proof *proof, struct err *err)
{
	struct arena arena = { 0 };
	struct tar_member *members = NULL;
	uint32_t count = 0;
	int code = proof_members(proof, &arena, &members, &count, err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		if (strcmp(members[i].name, MEMBER_FINDING) != 0)
			code = member_give(guard, &members[i], err);
	}
	arena_free(&arena);
	return code;
}

/* Reader. */
static int prove_measure(struct guard *guard, const struct inquiry *inquiry,
			 struct finding *ret_finding, struct err *err)
{
	struct proof proof = { 0 };
	int code = excerpt_record(inquiry, &proof.excerpt, &proof.finding, err);

	/* Without a record nothing is proved; whoever asked is told why by what all commands do. */
	if (code == 0 && proof.finding.result.coverage.until != UTC_NEVER) {
		code = hash_complete(inquiry, &proof.finding, err);
		if (code == 0 && proof_replay(&proof, err))
			code = err_prefix(err, "this finding cannot be had again out of its "
					       "records, so there is no proof of it");
		if (code == 0)
			code = members_give(guard, &proof, err);
	}
	excerpt_free(&proof.excerpt);
	if (code)
		finding_free(&proof.finding);
	else
		*ret_finding = proof.finding;
	return code;
}

static int member_add(struct prove *prove, const char *name, const void *bytes, size_t len,
		      struct err *err)
{
	struct tar_member *member;
	int code = VEC_GROW(prove->members, prove->count, prove->room, err);

	if (code)
		return code;
	member = &prove->members[prove->count];
	*member = (struct tar_member){
		.bytes = arena_memdup(&prove->arena, len ? bytes : "", len ? len : 1), .len = len,
	};
	memcpy(member->name, name, strlen(name) + 1);
	prove->count += member->bytes != NULL;
	return member->bytes ? 0 : err_memory(err);
}

static int prove_taken(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	const char *name = bytes;

	if (what != GIVEN_MEMBER || len < sizeof(((struct tar_member *)0)->name) ||
	    name[TAR_NAME_MAX])
		return err_set(err, ERR_FORMAT, "internal: the reader gave something unknown");
	return member_add(context, name, name + TAR_NAME_MAX + 1, len - TAR_NAME_MAX - 1, err);
}

static int compare_members(const void *a, const void *b)
{
	return strcmp(((const struct tar_member *)a)->name, ((const struct tar_member *)b)->name);
}

static int bundle_save(const struct prove *prove, const struct signing_key *key,
		       const struct buf *bundle, struct err *err)
{
	const char *path = prove->settings->output;
	struct buf line = { 0 };
	uint32_t files = 0;
	int code = file_save(path, bundle, err);

	for (uint32_t i = 0; i < prove->count; i++)
		files += strncmp(prove->members[i].name, "excerpt/", 8) == 0;
	buf_printf(&line, "%s: %zu bytes, records of %u input%s; signed by ", path, bundle->len,
		   files, files == 1 ? "" : "s");
	note_key_name(&line, signing_key_public(key)->name, signing_key_public(key)->id);
	buf_char(&line, '\n');
	if (code == 0)
		code = line.failed ? err_memory(err)
				   : file_write_all(STDOUT_FILENO, line.data, line.len,
						    "standard output", err);
	buf_free(&line);
	return code;
}

/* Keeper. */
static int prove_sign(struct prove *prove, const struct finding *finding, struct err *err)
{
	struct signing_key *key = NULL;
	struct buf json = { 0 }, bundle = { 0 };
	int code = signing_take(&prove->settings->signing, &key, err);

	if (code == 0)
		code = finding_encode(finding, false, &json, err);
	if (code == 0)
		code = member_add(prove, MEMBER_FINDING, json.data, json.len, err);
	if (code == 0)
		qsort(prove->members, prove->count, sizeof(*prove->members), compare_members);
	if (code == 0)
		code = bundle_make(BUNDLE_PROOF, prove->members, prove->count, key, &bundle, err);
	if (code == 0)
		code = bundle_save(prove, key, &bundle, err);
	signing_key_free(key);
	buf_free(&json);
	buf_free(&bundle);
	return code;
}

static int prove_run(void *context, const struct option_list *operands)
{
	const struct prove_settings *settings = context;
	struct question question = { .kind = QUESTION_REPORT, .at = UTC_NEVER };
	struct prove prove = { .settings = settings };
	const struct ask_sink sink = { prove_measure, prove_taken, &prove };
	struct finding finding = { 0 };
	bool answered = false;
	struct err err;
	int status;

	if (ask_subject(operands->values[0], &question, &err))
		return cmd_fail(&err);
	if (question.networks) {
		ask_subject_free(&question);
		err_set(&err, ERR_USAGE,
			"a proof is of a country, an AS or one prefix, not of a list");
		return cmd_fail(&err);
	}
	if (option_check_period(settings->ask.from, settings->ask.until, &err) ||
	    signing_check(&settings->signing, &err))
		return cmd_fail(&err);
	if (!settings->output) {
		err_set(&err, ERR_USAGE, "no file to write the proof to: --output FILE");
		return cmd_fail(&err);
	}
	for (uint32_t i = 1; i < operands->count; i++) {
		if (strcmp(operands->values[i], "-") == 0) {
			err_set(&err, ERR_USAGE,
				"standard input has no name that could stand in a proof");
			return cmd_fail(&err);
		}
	}
	question.from = settings->ask.from;
	question.until = settings->ask.until;
	status = ask_find(&settings->ask, &question, operands, 1, &sink, &finding, &answered);
	if (answered && prove_sign(&prove, &finding, &err))
		status = cmd_fail(&err);
	finding_free(&finding);
	arena_free(&prove.arena);
	free(prove.members);
	return status;
}

static const struct prove_settings prove_defaults = {
	.ask = {
		.rows = 20, .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = MEASURE_PARAMETERS_DEFAULT, .acquire = ACQUIRE_DEFAULTS,
	},
};

static const struct option_row prove_rows[] = {
	{
		.name = "output", .letter = 'o', .argument = "FILE", .set = option_set_text,
		.help = "where the proof goes, such as kp.constat",
		.field = offsetof(struct prove_settings, output),
	},
	{ .name = NULL }
};

static const struct option_group prove_groups[] = {
	{ "The proof", prove_rows, 0 },
	{ NULL, signing_rows, offsetof(struct prove_settings, signing) },
	{ "Recordings", cmd_input_rows, offsetof(struct prove_settings, ask.inputs) },
	{ "Time", ask_period_rows, offsetof(struct prove_settings, ask) },
	{ "Archives (where no FILES are given)", acquire_rows,
	  offsetof(struct prove_settings, ask.acquire) },
	{ "Places", ask_place_rows, offsetof(struct prove_settings, ask) },
	{ NULL, acquire_registry_rows, offsetof(struct prove_settings, ask.acquire) },
	{ "Parameters", ask_parameter_rows, offsetof(struct prove_settings, ask) },
	{ .rows = NULL }
};

const struct command command_prove = {
	.name = "prove", .operands = "CC|AS|PREFIX [FILES]", .operands_min = 1,
	.summary = "the same as a signed proof that anybody can verify",
	.about = "What constat report finds, with the records it rests on, in one signed file: the "
		"finding, an excerpt of each recording that bgpdump reads, the hashes of the whole "
		"recordings, and where in them each record stood.\nThe finding is had again out of "
		"the excerpt before it is signed. Equal findings, signed with the same key, are "
		"equal files.",
	.groups = prove_groups, .settings_size = sizeof(struct prove_settings),
	.defaults = &prove_defaults, .run = prove_run,
};
