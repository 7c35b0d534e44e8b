/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever can be derived is derived and compared: the manifest from the members, the checkpoint's
 * text from the manifest. So both ways are held at once: nothing is listed that is not there,
 * nothing is there that is not listed.
 *
 * What a bundle is of is told first, by the checkpoint, for that decides what members there may be:
 * one table.
 */
#define _GNU_SOURCE	/* memmem */
#include "proof/bundle.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "proof/merkle.h"

/* A member, or those of a folder: names of `digits` letters out of an alphabet, and an ending. */
struct member_row {
	const char *name;
	unsigned digits;		/* 0: that name alone */
	const char *alphabet, *ending;
	bool may_miss;
};

#define EVERY_BUNDLE					\
	{ .name = MEMBER_CHECKPOINT },			\
	{ .name = MEMBER_MANIFEST },			\
	{ .name = MEMBER_TIMESTAMP, .may_miss = true }

static const struct member_row proof_rows[] = {
	EVERY_BUNDLE,
	{ .name = MEMBER_FINDING },
	{ .name = MEMBER_RECORDS },
	{ .name = MEMBER_TIMELINE },
	{ "excerpt/", 6, "0123456789", ".mrt", true },
};

static const struct member_row dossier_rows[] = {
	EVERY_BUNDLE,
	{ .name = MEMBER_DOSSIER },
	{ .name = MEMBER_MATRIX },
	{ CONTENT_FOLDER, 64, "0123456789abcdef", "", true },
};

static const struct kind {
	const char *name, *origin;
	const struct member_row *rows;
	size_t row_count;
} kinds[BUNDLE_KINDS] = {
	[BUNDLE_PROOF] = { "proof", "constat.proof/1", proof_rows,
			   sizeof(proof_rows) / sizeof(proof_rows[0]) },
	[BUNDLE_DOSSIER] = { "sealed dossier", "constat.dossier/1", dossier_rows,
			     sizeof(dossier_rows) / sizeof(dossier_rows[0]) },
};

const char *bundle_kind_name(enum bundle_kind kind)
{
	return kinds[kind].name;
}

/* Stands for the rest, and is not in the manifest itself. */
static bool is_listed(const char *name)
{
	return strcmp(name, MEMBER_CHECKPOINT) != 0 && strcmp(name, MEMBER_MANIFEST) != 0 &&
	       strcmp(name, MEMBER_TIMESTAMP) != 0;
}

/* As sha256sum writes it, so that `sha256sum -c` reads it. */
static int manifest_make(const struct tar_member *members, uint32_t count, struct buf *out,
			 struct err *err)
{
	uint8_t digest[DIGEST_SIZE];
	int code = 0;

	for (uint32_t i = 0; i < count && code == 0; i++) {
		if (!is_listed(members[i].name))
			continue;
		code = digest_sha256(members[i].bytes, members[i].len, digest, err);
		buf_hex(out, digest, sizeof(digest));
		buf_str(out, "  ");
		buf_str(out, members[i].name);
		buf_char(out, '\n');
	}
	return code ? code : out->failed ? err_memory(err) : 0;
}

/* Three lines: origin, number of leaves, root in base64 (c2sp.org/tlog-checkpoint). */
static int checkpoint_text(enum bundle_kind kind, struct view manifest, struct buf *out,
			   struct err *err)
{
	uint8_t root[DIGEST_SIZE];
	unsigned char base64[48];
	uint64_t size;
	int code = merkle_root(manifest, &size, root, err);

	if (code)
		return code;
	EVP_EncodeBlock(base64, root, sizeof(root));
	buf_printf(out, "%s\n%llu\n%s\n", kinds[kind].origin, (unsigned long long)size,
		   (const char *)base64);
	return out->failed ? err_memory(err) : 0;
}

static struct view view_of_buf(const struct buf *buf)
{
	return (struct view){ buf->data, buf->len };
}

/* All members with checkpoint and manifest in their places. */
static int bundle_write(const struct tar_member *members, uint32_t count, struct view checkpoint,
			struct view manifest, struct buf *out, struct err *err)
{
	bool told = false;

	tar_add(out, MEMBER_CHECKPOINT, checkpoint.ptr, checkpoint.len);
	for (uint32_t i = 0; i < count; i++) {
		if (!told && strcmp(members[i].name, MEMBER_MANIFEST) > 0) {
			tar_add(out, MEMBER_MANIFEST, manifest.ptr, manifest.len);
			told = true;
		}
		tar_add(out, members[i].name, members[i].bytes, members[i].len);
	}
	if (!told)
		tar_add(out, MEMBER_MANIFEST, manifest.ptr, manifest.len);
	tar_end(out);
	if (!out->failed && out->len > BUNDLE_SIZE_MAX)
		return err_set(err, ERR_LIMIT,
			       "the bundle would have %zu bytes, of which %zu are allowed",
			       out->len, BUNDLE_SIZE_MAX);
	return out->failed ? err_memory(err) : 0;
}

int bundle_make(enum bundle_kind kind, const struct tar_member *members, uint32_t count,
		const struct signing_key *key, struct buf *out, struct err *err)
{
	struct buf manifest = { 0 }, checkpoint = { 0 };
	int code = manifest_make(members, count, &manifest, err);

	if (code == 0)
		code = checkpoint_text(kind, view_of_buf(&manifest), &checkpoint, err);
	buf_char(&checkpoint, '\n');
	if (code == 0)
		code = bundle_sign(key, &checkpoint, err);
	if (code == 0)
		code = bundle_write(members, count, view_of_buf(&checkpoint),
				    view_of_buf(&manifest), out, err);
	buf_free(&manifest);
	buf_free(&checkpoint);
	return code;
}

const struct tar_member *bundle_member(const struct bundle *bundle, const char *name)
{
	for (uint32_t i = 0; i < bundle->count; i++) {
		if (strcmp(bundle->members[i].name, name) == 0)
			return &bundle->members[i];
	}
	return NULL;
}

static bool row_has(const struct member_row *row, const char *name)
{
	size_t len = strlen(row->name);

	if (row->digits == 0)
		return strcmp(row->name, name) == 0;
	return strncmp(row->name, name, len) == 0 &&
	       strspn(name + len, row->alphabet) == row->digits &&
	       strcmp(name + len + row->digits, row->ending) == 0;
}

/* The checkpoint, and by its first line what the bundle is of. */
static int kind_tell(struct bundle *bundle, struct err *err)
{
	struct view bytes, text, origin;
	int code;

	bundle->checkpoint = bundle_member(bundle, MEMBER_CHECKPOINT);
	if (!bundle->checkpoint)
		return err_set(err, ERR_FORMAT, MEMBER_CHECKPOINT ": missing");
	bytes = (struct view){ (const char *)bundle->checkpoint->bytes, bundle->checkpoint->len };
	code = note_parse(bytes, &bundle->note, err);
	if (code)
		return err_prefix(err, MEMBER_CHECKPOINT);
	text = bundle->note.text;
	(void)view_split(&text, '\n', &origin);
	for (unsigned kind = 0; kind < BUNDLE_KINDS; kind++) {
		bundle->kind = kind;
		if (view_equal(origin, view_of(kinds[kind].origin)))
			return 0;
	}
	return err_set(err, ERR_FORMAT,
		       MEMBER_CHECKPOINT ": \"%.*s\" is of nothing that this constat knows",
		       origin.len < 60 ? (int)origin.len : 60, origin.ptr);
}

/* Each member is one of those that its kind has; those that it must have are there. */
static int members_sort(struct bundle *bundle, struct err *err)
{
	const struct kind *kind = &kinds[bundle->kind];

	for (size_t k = 0; k < kind->row_count; k++) {
		if (!kind->rows[k].may_miss && !bundle_member(bundle, kind->rows[k].name))
			return err_set(err, ERR_FORMAT, "%s: missing", kind->rows[k].name);
	}
	for (uint32_t i = 0; i < bundle->count; i++) {
		size_t k = 0;

		while (k < kind->row_count && !row_has(&kind->rows[k], bundle->members[i].name))
			k++;
		if (k == kind->row_count)
			return err_set(err, ERR_FORMAT, "%s: no member that a %s has",
				       bundle->members[i].name, kind->name);
	}
	bundle->manifest = bundle_member(bundle, MEMBER_MANIFEST);
	bundle->timestamp = bundle_member(bundle, MEMBER_TIMESTAMP);
	return 0;
}

/* The member that the first line in which the two manifests differ speaks of. */
static int manifest_differs(struct view have, struct view want, struct err *err)
{
	struct view left, right;
	bool more_left = true, more_right = true;

	do {
		more_left = view_split(&have, '\n', &left);
		more_right = view_split(&want, '\n', &right);
	} while (more_left && more_right && view_equal(left, right));
	if (more_right && right.len > 66) {
		bool same = more_left && left.len == right.len &&
			    memcmp(left.ptr + 64, right.ptr + 64, left.len - 64) == 0;

		return err_set(err, ERR_FORMAT, "%.*s: %s", (int)right.len - 66, right.ptr + 66,
			       same ? "its SHA-256 is not the one in the manifest"
				    : "not in its place in the manifest");
	}
	return err_set(err, ERR_FORMAT,
		       more_left ? "manifest: lists what is not there"
				 : "manifest: its last line does not end");
}

static int manifest_check(const struct bundle *bundle, struct err *err)
{
	struct view have = { (const char *)bundle->manifest->bytes, bundle->manifest->len };
	struct buf want = { 0 };
	int code = manifest_make(bundle->members, bundle->count, &want, err);

	if (code == 0 && !view_equal(have, view_of_buf(&want)))
		code = manifest_differs(have, view_of_buf(&want), err);
	buf_free(&want);
	return code;
}

static int checkpoint_check(const struct bundle *bundle, struct err *err)
{
	struct view manifest = { (const char *)bundle->manifest->bytes, bundle->manifest->len };
	struct buf want = { 0 };
	int code = checkpoint_text(bundle->kind, manifest, &want, err);

	if (code == 0 && !view_equal(bundle->note.text, view_of_buf(&want)))
		code = err_set(err, ERR_FORMAT,
			       MEMBER_CHECKPOINT ": it is of other contents: the root that it "
			       "states is not that of this manifest");
	buf_free(&want);
	return code;
}

int bundle_open(const uint8_t *bytes, size_t len, struct bundle *ret_bundle, struct err *err)
{
	struct bundle bundle = { .count = 0 };
	int code;

	if (len > BUNDLE_SIZE_MAX)
		return err_set(err, ERR_LIMIT,
			       "archive: larger than %zu bytes, the most that a bundle may have",
			       BUNDLE_SIZE_MAX);
	code = tar_read(bytes, len, &bundle.members, &bundle.count, err);
	if (code)
		return code;
	code = kind_tell(&bundle, err);
	if (code == 0)
		code = members_sort(&bundle, err);
	if (code == 0)
		code = manifest_check(&bundle, err);
	if (code == 0)
		code = checkpoint_check(&bundle, err);
	if (code)
		bundle_free(&bundle);
	else
		*ret_bundle = bundle;
	return code;
}

void bundle_free(struct bundle *bundle)
{
	free(bundle->members);
	*bundle = (struct bundle){ .count = 0 };
}

void bundle_rest(const struct bundle *bundle, struct buf *out)
{
	for (uint32_t i = 0; i < bundle->count; i++) {
		const struct tar_member *member = &bundle->members[i];

		if (member != bundle->checkpoint && member != bundle->timestamp)
			tar_add(out, member->name, member->bytes, member->len);
	}
}

int bundle_join(struct view checkpoint, struct view rest, const struct view *timestamp,
		struct buf *out, struct err *err)
{
	tar_add(out, MEMBER_CHECKPOINT, checkpoint.ptr, checkpoint.len);
	buf_add(out, rest.ptr, rest.len);
	if (timestamp)
		tar_add(out, MEMBER_TIMESTAMP, timestamp->ptr, timestamp->len);
	tar_end(out);
	return out->failed ? err_memory(err) : 0;
}

int bundle_sign(const struct signing_key *key, struct buf *checkpoint, struct err *err)
{
	const char *end = checkpoint->data
				  ? memmem(checkpoint->data, checkpoint->len, "\n\n", 2)
				  : NULL;
	struct view text = { checkpoint->data, end ? (size_t)(end - checkpoint->data) + 1 : 0 };
	struct buf line = { 0 };
	int code;

	if (!end)
		return err_set(err, ERR_FORMAT, MEMBER_CHECKPOINT ": no signed note");
	code = signing_key_sign(key, text, &line, err);
	/* The same key over the same text gives the same line. */
	if (code == 0 && memmem(end, checkpoint->len - text.len + 1, line.data, line.len))
		code = err_set(err, ERR_USAGE, "%s has signed it already",
			       signing_key_public(key)->name);
	if (code == 0)
		buf_add(checkpoint, line.data, line.len);
	buf_free(&line);
	return code ? code : checkpoint->failed ? err_memory(err) : 0;
}
