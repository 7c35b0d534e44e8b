/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat verify: hold a proof against itself, against keys that are trusted here, and against the
 * original recordings where they are at hand. All of it happens in the reader. Files are numbered
 * for the guard: the proof, the authorities' certificates, then what is in the folder of inputs.
 *
 * The verdict is one structure, filled in as checks are passed; text and JSON are made of it at the
 * end, also when a check was not passed.
 */
#define _GNU_SOURCE	/* nftw */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "cmd/verdict.h"
#include "proof/check.h"
#include "proof/merkle.h"
#include "proof/timestamp.h"

#define FILES_MAX	1000000u
#define AUTHORITIES_MAX	(1u << 20)

struct verify_settings {
	bool json;
	struct cmd_inputs feed;
	struct option_list trust;
	uint32_t need;
	const char *inputs;
	const char *authorities;
};

struct verify {
	const struct verify_settings *settings;
	struct note_key *keys;
	uint32_t key_count;
	const char **files;
	uint32_t file_count, file_room;
	uint32_t authorities;		/* its number among the files; 0: none */
	uint32_t first_input;
	/* reader */
	struct guard *guard;
	struct proof proof;
	uint32_t *input_files;		/* which file each input is; 0: not at hand */
	uint32_t *source_files;
	bool *unread;			/* files of which it was said that they cannot be read */
	struct place *place;
	struct verdict verdict;
};

/* A key's line, or a file that holds one. */
static int key_take(const char *text, struct note_key *ret_key, struct err *err)
{
	char bytes[1024];
	ssize_t len;
	int code;

	if (note_key_parse(view_of(text), ret_key, NULL) == 0)
		return 0;
	len = file_read_path(text, bytes, sizeof(bytes));
	if (len < 0 && (errno == ENOENT || errno == ENAMETOOLONG))
		return err_set(err, ERR_USAGE,
			       "--trust %s: neither a public key (name+hash+base64) nor a file "
			       "with one",
			       text);
	if (len < 0)
		return err_system(err, errno, "--trust %s", text);
	code = note_key_parse((struct view){ bytes, (size_t)len }, ret_key, err);
	return code ? err_prefix(err, "--trust %s", text) : 0;
}

static int keys_take(struct verify *verify, struct err *err)
{
	const struct option_list *trust = &verify->settings->trust;
	int code = 0;

	verify->keys = calloc(trust->count + 1u, sizeof(*verify->keys));
	if (!verify->keys)
		return err_memory(err);
	for (uint32_t i = 0; i < trust->count && code == 0; i++) {
		struct note_key *key = &verify->keys[verify->key_count];
		bool again = false;

		code = key_take(trust->values[i], key, err);
		/* Given twice it counts once. */
		for (uint32_t k = 0; k < verify->key_count && code == 0; k++)
			again |= memcmp(verify->keys[k].bytes, key->bytes, ED25519_KEY_SIZE) == 0;
		verify->key_count += code == 0 && !again;
	}
	if (code == 0 && verify->settings->need > verify->key_count)
		return err_set(err, ERR_USAGE,
			       "%u signature%s by trusted keys needed, %u key%s trusted (--trust "
			       "KEY; --need 0 to look without)",
			       verify->settings->need, verify->settings->need == 1 ? "" : "s",
			       verify->key_count, verify->key_count == 1 ? " is" : "s are");
	return code;
}

static int file_add(struct verify *verify, const char *path, struct err *err)
{
	int code = VEC_GROW(verify->files, verify->file_count, verify->file_room, err);
	const char *copy = code ? NULL : strdup(path);

	if (code || !copy)
		return code ? code : err_memory(err);
	verify->files[verify->file_count++] = copy;
	return 0;
}

/* nftw() hands nothing through. */
static struct verify *walking;
static struct err *walk_err;

static int on_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	if (walking->file_count >= FILES_MAX)
		return err_set(walk_err, ERR_LIMIT, "%s: more than %u files",
			       walking->settings->inputs, FILES_MAX);
	return file_add(walking, path, walk_err);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int files_collect(struct verify *verify, const char *bundle, struct err *err)
{
	const struct verify_settings *settings = verify->settings;
	int code = file_add(verify, bundle, err);

	if (code == 0 && settings->authorities) {
		verify->authorities = verify->file_count;
		code = file_add(verify, settings->authorities, err);
	}
	verify->first_input = verify->file_count;
	if (code || !settings->inputs)
		return code;
	walking = verify;
	walk_err = err;
	*err = (struct err){ ERR_OK, 0, "" };
	code = nftw(settings->inputs, on_file, 32, FTW_PHYS);
	if (code == -1 && err->code == ERR_OK)
		return err_system(err, errno, "%s", settings->inputs);
	if (code)
		return code;
	qsort(verify->files + verify->first_input, verify->file_count - verify->first_input,
	      sizeof(*verify->files), compare_paths);
	return 0;
}

static int whole_file(struct verify *verify, uint32_t file, size_t most, struct buf *out,
		      struct err *err)
{
	int fd, code = guard_open(verify->guard, file, &fd, err);

	if (code)
		return code;
	code = file_read_all(fd, verify->files[file], most, out, err);
	close(fd);
	return code;
}

/* Whose signatures there are; a trusted key's that does not hold is worse than none. */
static int signatures_check(struct verify *verify, const struct bundle *bundle, struct err *err)
{
	struct verdict *verdict = &verify->verdict;

	for (uint32_t i = 0; i < bundle->note.count; i++) {
		const struct note_signature *signature = &bundle->note.signatures[i];
		bool trusted = false, holds = false;

		for (uint32_t k = 0; k < i; k++) {
			if (memcmp(bundle->note.signatures[k].id, signature->id, 4) == 0 &&
			    strcmp(bundle->note.signatures[k].name, signature->name) == 0)
				return err_set(err, ERR_FORMAT, "checkpoint: signed twice by %s",
					       signature->name);
		}
		for (uint32_t k = 0; k < verify->key_count; k++) {
			if (!note_key_is(&verify->keys[k], signature))
				continue;
			if (note_verify(&bundle->note, signature, &verify->keys[k], &holds, err))
				return err->code;
			if (!holds)
				return err_set(err, ERR_FORMAT,
					       "checkpoint: the signature of %s does not hold",
					       signature->name);
			trusted = true;
		}
		if (verdict_signature(verdict, signature, trusted, err))
			return err->code;
		verdict->signatures_trusted += trusted;
	}
	if (verdict->signatures_trusted < verify->settings->need)
		return err_set(err, ERR_FORMAT,
			       "checkpoint: %u of %u needed signatures by trusted keys",
			       verdict->signatures_trusted, verify->settings->need);
	return 0;
}

static int timestamp_look(struct verify *verify, const struct bundle *bundle, struct err *err)
{
	struct view answer;
	struct buf authorities = { 0 };
	int code = 0;

	if (!bundle->timestamp)
		return verify->authorities ? err_set(err, ERR_FORMAT, "timestamp: there is none")
					   : 0;
	answer = (struct view){ (const char *)bundle->timestamp->bytes, bundle->timestamp->len };
	if (verify->authorities)
		code = whole_file(verify, verify->authorities, AUTHORITIES_MAX, &authorities, err);
	if (code == 0 && verify->authorities && authorities.len == 0)
		code = err_set(err, ERR_FORMAT, "%s: empty", verify->settings->authorities);
	if (code == 0)
		code = timestamp_check(answer, bundle->note.text,
				       (struct view){ authorities.data, authorities.len },
				       &verify->verdict.timestamp, err);
	if (code == 0)
		verify->verdict.timestamp_state = verify->authorities ? "holds" : "not checked";
	buf_free(&authorities);
	return code;
}

static struct view base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return view_of(slash ? slash + 1 : path);
}

static int digest_is(int fd, const char *name, const char *sha256, bool *ret_is, struct err *err)
{
	uint8_t digest[DIGEST_SIZE];
	struct buf hex = { 0 };
	uint64_t size;
	int code = digest_file(fd, name, digest, &size, err);

	if (code == 0) {
		buf_hex(&hex, digest, sizeof(digest));
		*ret_is = view_equal((struct view){ hex.data, hex.len }, view_of(sha256));
		code = hex.failed ? err_memory(err) : 0;
	}
	buf_free(&hex);
	return code;
}

/* What cannot be read is not the one, but it is said, once. */
static int file_unread(struct verify *verify, uint32_t file, struct err *err)
{
	const struct err why = *err;

	if (why.code == ERR_MEMORY || verify->unread[file])
		return why.code == ERR_MEMORY ? why.code : 0;
	verify->unread[file] = true;
	return cmd_trouble(verify->guard, err, "%s", why.text);
}

/* Whether the file has this size and hash. */
static int file_is(struct verify *verify, uint32_t file, uint64_t size, const char *sha256,
		   bool *ret_is, struct err *err)
{
	const char *name = verify->files[file];
	struct stat st;
	int fd, code = guard_open(verify->guard, file, &fd, err);

	*ret_is = false;
	if (code)
		return file_unread(verify, file, err);
	if (fstat(fd, &st) != 0)
		code = err_system(err, errno, "%s", name);
	else if ((uint64_t)st.st_size == size)
		code = digest_is(fd, name, sha256, ret_is, err);
	close(fd);
	return code ? file_unread(verify, file, err) : 0;
}

/* The file by its name, else by its size, in either case of its hash; 0: not there. */
static int file_find(struct verify *verify, const char *name, uint64_t size, const char *sha256,
		     uint32_t *ret_file, struct err *err)
{
	int code = 0;

	*ret_file = 0;
	for (unsigned pass = 0; pass < 2 && *sha256 && code == 0; pass++) {
		for (uint32_t i = verify->first_input; i < verify->file_count && code == 0; i++) {
			bool is = false;

			if (view_equal(base_name(verify->files[i]), base_name(name)) == (pass == 0))
				code = file_is(verify, i, size, sha256, &is, err);
			if (is) {
				*ret_file = i;
				return 0;
			}
		}
	}
	return code;
}

static int inputs_find(struct verify *verify, struct err *err)
{
	const struct finding_provenance *from = &verify->proof.finding.provenance;
	struct verdict *verdict = &verify->verdict;
	int code = 0;

	verify->input_files = calloc(from->input_count + 1u, sizeof(*verify->input_files));
	verify->source_files = calloc(from->source_count + 1u, sizeof(*verify->source_files));
	verify->unread = calloc(verify->file_count, sizeof(*verify->unread));
	if (!verify->input_files || !verify->source_files || !verify->unread)
		return err_memory(err);
	for (uint32_t i = 0; i < from->input_count && code == 0; i++) {
		const struct finding_input *input = &from->inputs[i];

		if (*input->error)
			continue;
		code = file_find(verify, input->name, input->bytes_stored, input->sha256,
				 &verify->input_files[i], err);
		verdict->inputs_found += verify->input_files[i] != 0;
		if (code == 0 && verify->input_files[i] == 0)
			code = cmd_trouble(verify->guard, err,
					   "%s: not in %s, with that size and SHA-256", input->name,
					   verify->settings->inputs);
		verdict->inputs_missing += verify->input_files[i] == 0;
	}
	verdict->sources_found = true;
	for (uint32_t i = 0; i < from->source_count && code == 0; i++) {
		code = file_find(verify, from->sources[i].name, from->sources[i].bytes_stored,
				 from->sources[i].sha256, &verify->source_files[i], err);
		verdict->sources_found &= verify->source_files[i] != 0;
	}
	return code;
}

static int input_open(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	struct verify *verify = context;

	if (verify->input_files[input] == 0)
		return err_set(err, ERR_SYSTEM, "%s: was not had",
			       verify->proof.finding.provenance.inputs[input].name);
	return guard_open(verify->guard, verify->input_files[input], ret_fd, err);
}

static int place_get(void *context, const struct place **ret_place, struct err *err)
{
	struct verify *verify = context;
	const struct finding_provenance *from = &verify->proof.finding.provenance;
	int code;

	/* Asked for again where inputs are read twice. */
	if (verify->place) {
		*ret_place = verify->place;
		return 0;
	}
	code = place_new(&verify->place, err);
	for (uint32_t i = 0; i < from->source_count && code == 0; i++) {
		bool names = strcmp(from->sources[i].format, "as-names") == 0;
		int fd;

		code = guard_open(verify->guard, verify->source_files[i], &fd, err);
		if (code == 0)
			code = names ? place_load_names(verify->place, fd, from->sources[i].name,
							err)
				     : place_load(verify->place, fd, from->sources[i].name, err);
	}
	if (code == 0)
		code = place_ready(verify->place, err);
	if (code == 0)
		*ret_place = verify->place;
	return code;
}

static int inputs_check(struct verify *verify, struct err *err)
{
	struct guard_progress *progress = guard_progress(verify->guard);
	struct proof_inputs inputs = {
		.opener = { .context = verify, .open = input_open },
		.feed = cmd_feed_options(&verify->settings->feed),
		.place_context = verify,
	};
	int code;

	inputs.feed.bytes_read = &progress->bytes_read;

	if (!verify->settings->inputs)
		return 0;
	code = inputs_find(verify, err);
	if (code || verify->verdict.inputs_missing)
		return code;
	if (verify->verdict.sources_found && verify->proof.finding.provenance.source_count)
		inputs.place = place_get;
	code = proof_recompute(&verify->proof, &inputs, err);
	verify->verdict.recomputed = code == 0;
	return code;
}

static int proof_check(struct verify *verify, const struct bundle *bundle, struct err *err)
{
	int code = proof_load(bundle, &verify->proof, err);

	if (code == 0)
		code = proof_replay(&verify->proof, err);
	if (code == 0)
		code = verdict_replayed(&verify->verdict, &verify->proof, err);
	return code ? code : inputs_check(verify, err);
}

static int dossier_check(struct verify *verify, const struct bundle *bundle, struct err *err)
{
	struct verdict *verdict = &verify->verdict;
	struct seal_report report;
	int code;

	if (verify->settings->inputs)
		return err_set(err, ERR_USAGE, "--inputs is for proofs; those in a sealed dossier "
			       "are its members content/SHA256, each a file for constat verify");
	code = seal_replay(bundle, &verdict->arena, &report, NULL, err);
	if (code)
		return code;
	if (!verdict_dossier(verdict, err))
		return err->code;
	*verdict->dossier = report;
	verdict->replayed = true;
	return 0;
}

static int bundle_check(struct verify *verify, const struct buf *bytes, struct err *err)
{
	struct verdict *verdict = &verify->verdict;
	struct bundle bundle;
	int code = bundle_open((const uint8_t *)bytes->data, bytes->len, &bundle, err);

	if (code)
		return code;
	verdict->kind = bundle_kind_name(bundle.kind);
	verdict->bytes = bytes->len;
	verdict->members = bundle.count;
	code = verdict_root(verdict, bundle.note.text, err);
	if (code == 0)
		code = signatures_check(verify, &bundle, err);
	if (code == 0)
		code = timestamp_look(verify, &bundle, err);
	if (code == 0)
		code = bundle.kind == BUNDLE_DOSSIER ? dossier_check(verify, &bundle, err)
						     : proof_check(verify, &bundle, err);
	bundle_free(&bundle);
	return code;
}

static int verify_reader(struct guard *guard, void *context, struct err *err)
{
	struct verify *verify = context;
	struct verdict *verdict = &verify->verdict;
	struct buf bytes = { 0 }, out = { 0 };
	int code, shown;

	verify->guard = guard;
	verdict->file = verify->files[0];
	verdict->need = verify->settings->need;
	verdict->timestamp = UTC_NEVER;
	verdict->timestamp_state = "none";
	code = whole_file(verify, 0, BUNDLE_SIZE_MAX, &bytes, err);
	if (code == 0)
		code = bundle_check(verify, &bytes, err);
	verdict->accepted = code == 0;
	if (code == ERR_FORMAT || code == ERR_LIMIT)
		verdict->reason = err->text;
	shown = code && !verdict->reason ? 0
		: verify->settings->json ? verdict_json(verdict, &out, NULL)
							      : verdict_text(verdict, &out, NULL);
	if (shown == 0 && out.len)
		shown = cmd_output(guard, out.data, out.len, NULL);
	if (verdict->reason)
		err_prefix(err, "%s: rejected", verdict->file);
	buf_free(&bytes);
	buf_free(&out);
	proof_free(&verify->proof);
	place_free(verify->place);
	free(verify->input_files);
	free(verify->unread);
	free(verify->source_files);
	verdict_free(verdict);
	return code ? code : shown ? err_memory(err) : 0;
}

static int verify_run(void *context, const struct option_list *operands)
{
	struct verify verify = { .settings = context };
	struct guard_plan plan = { .reader = verify_reader, .context = &verify };
	struct err err;
	int status;

	if (keys_take(&verify, &err) || files_collect(&verify, operands->values[0], &err)) {
		status = cmd_fail(&err);
	} else {
		plan.files = verify.files;
		plan.file_count = verify.file_count;
		status = cmd_run(&plan);
	}
	for (uint32_t i = 0; i < verify.file_count; i++)
		free((char *)(uintptr_t)verify.files[i]);
	free(verify.files);
	free(verify.keys);
	return status;
}

static const struct verify_settings verify_defaults = { .need = 1 };

static const struct option_row verify_rows[] = {
	{
		.name = "trust", .letter = 't', .argument = "KEY", .set = option_set_list,
		.help = "a public key that is trusted: its line, or a file with it; may be given "
			"again",
		.field = offsetof(struct verify_settings, trust),
	}, {
		.name = "need", .argument = "K", .set = option_set_u32,
		.help = "signatures by trusted keys that there must be (default 1; 0: who signed "
			"does not matter)",
		.field = offsetof(struct verify_settings, need),
	}, {
		.name = "inputs", .argument = "DIR", .set = option_set_text,
		.help = "the original recordings are below this folder: measure all of it again "
			"out of them",
		.field = offsetof(struct verify_settings, inputs),
	}, {
		.name = "tsa-ca", .argument = "FILE", .set = option_set_text,
		.help = "there must be a timestamp, by an authority that these certificates (PEM) "
			"vouch for",
		.field = offsetof(struct verify_settings, authorities),
	}, {
		.name = "json", .set = option_set_flag, .help = "print the verdict as JSON",
		.field = offsetof(struct verify_settings, json),
	},
	{ .name = NULL }
};

static const struct option_group verify_groups[] = {
	{ "What must hold", verify_rows, 0 },
	/* Collectors are the proof's to say. */
	{ "Recordings (with --inputs)", &cmd_input_rows[1],
	  offsetof(struct verify_settings, feed) },
	{ .rows = NULL }
};

const struct command command_verify = {
	.name = "verify", .operands = "PROOF", .operands_min = 1, .operands_max = 1,
	.summary = "check a proof or a sealed dossier: contents, signatures, and what follows from "
		"them",
	.about = "Unpacks nothing: the file is read strictly, held against its manifest, root and "
		"signatures. Of a proof the finding is measured again out of the excerpt, with "
		"--inputs out of the whole recordings. Of a sealed dossier every quote is held "
		"against its source, and every verdict and score worked out again.\nSays at the "
		"end what is proved, and what is not.",
	.groups = verify_groups, .settings_size = sizeof(struct verify_settings),
	.defaults = &verify_defaults, .run = verify_run,
};
