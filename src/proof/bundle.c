/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever can be derived is derived and compared: the manifest from the members, the checkpoint's text from the
 * manifest. So both ways are held at once: nothing is listed that is not there, nothing is there that is not listed.
 */
#define _GNU_SOURCE	/* memmem */
#include "proof/bundle.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "proof/merkle.h"

/* Stands for the rest, and is not in the manifest itself. */
static bool is_listed(const char *name)
{
	return strcmp(name, MEMBER_CHECKPOINT) != 0 && strcmp(name, MEMBER_MANIFEST) != 0 &&
	       strcmp(name, MEMBER_TIMESTAMP) != 0;
}

/* As sha256sum writes it, so that `sha256sum -c` reads it. */
static int manifest_make(const struct tar_member *members, uint32_t count, struct buf *out, struct err *err)
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
static int checkpoint_text(struct view manifest, struct buf *out, struct err *err)
{
	uint8_t root[DIGEST_SIZE];
	unsigned char base64[48];
	uint64_t size;
	int code = merkle_root(manifest, &size, root, err);

	if (code)
		return code;
	EVP_EncodeBlock(base64, root, sizeof(root));
	buf_printf(out, BUNDLE_ORIGIN "\n%llu\n%s\n", (unsigned long long)size, (const char *)base64);
	return out->failed ? err_memory(err) : 0;
}

static struct view view_of_buf(const struct buf *buf)
{
	return (struct view){ buf->data, buf->len };
}

/* All members with checkpoint and manifest in their places. */
static int bundle_write(const struct tar_member *members, uint32_t count, struct view checkpoint, struct view manifest,
			struct buf *out, struct err *err)
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
		return err_set(err, ERR_LIMIT, "the proof would have %zu bytes, of which %zu are allowed", out->len,
			       BUNDLE_SIZE_MAX);
	return out->failed ? err_memory(err) : 0;
}

int bundle_make(const struct tar_member *members, uint32_t count, const struct signing_key *key, struct buf *out,
		struct err *err)
{
	struct buf manifest = { 0 }, checkpoint = { 0 };
	int code = manifest_make(members, count, &manifest, err);

	if (code == 0)
		code = checkpoint_text(view_of_buf(&manifest), &checkpoint, err);
	buf_char(&checkpoint, '\n');
	if (code == 0)
		code = bundle_sign(key, &checkpoint, err);
	if (code == 0)
		code = bundle_write(members, count, view_of_buf(&checkpoint), view_of_buf(&manifest), out, err);
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

/* Each member is one of those that a proof has; those that it must have are there. */
static int members_sort(struct bundle *bundle, struct err *err)
{
	const struct { const char *name; const struct tar_member **into; bool may_miss; } rows[] = {
		{ MEMBER_CHECKPOINT, &bundle->checkpoint, false }, { MEMBER_FINDING, &bundle->finding, false },
		{ MEMBER_MANIFEST, &bundle->manifest, false }, { MEMBER_RECORDS, &bundle->records, false },
		{ MEMBER_TIMELINE, &bundle->timeline, false }, { MEMBER_TIMESTAMP, &bundle->timestamp, true },
	};
	const size_t row_count = sizeof(rows) / sizeof(rows[0]);

	for (size_t k = 0; k < row_count; k++) {
		*rows[k].into = bundle_member(bundle, rows[k].name);
		if (!*rows[k].into && !rows[k].may_miss)
			return err_set(err, ERR_FORMAT, "%s: missing", rows[k].name);
	}
	for (uint32_t i = 0; i < bundle->count; i++) {
		const char *name = bundle->members[i].name;
		size_t k = 0;

		while (k < row_count && strcmp(rows[k].name, name) != 0)
			k++;
		if (k == row_count && (strncmp(name, "excerpt/", 8) != 0 || strlen(name) != 18 ||
				       strspn(name + 8, "0123456789") != 6 || strcmp(name + 14, ".mrt") != 0))
			return err_set(err, ERR_FORMAT, "%s: no member that a proof has", name);
	}
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
			       same ? "its SHA-256 is not the one in the manifest" : "not in its place in the manifest");
	}
	return err_set(err, ERR_FORMAT, "manifest: lists what is not there");
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

static int checkpoint_check(struct bundle *bundle, struct err *err)
{
	struct view manifest = { (const char *)bundle->manifest->bytes, bundle->manifest->len };
	struct view bytes = { (const char *)bundle->checkpoint->bytes, bundle->checkpoint->len };
	struct buf want = { 0 };
	int code = note_parse(bytes, &bundle->note, err);

	if (code)
		return err_prefix(err, MEMBER_CHECKPOINT);
	code = checkpoint_text(manifest, &want, err);
	if (code == 0 && !view_equal(bundle->note.text, view_of_buf(&want)))
		code = err_set(err, ERR_FORMAT, MEMBER_CHECKPOINT ": it is of other contents: the root that it states is not "
			       "that of this manifest");
	buf_free(&want);
	return code;
}

int bundle_open(const uint8_t *bytes, size_t len, struct bundle *ret_bundle, struct err *err)
{
	struct bundle bundle = { .count = 0 };
	int code;

	if (len > BUNDLE_SIZE_MAX)
		return err_set(err, ERR_LIMIT, "archive: larger than %zu bytes, the most that a proof may have",
			       BUNDLE_SIZE_MAX);
	code = tar_read(bytes, len, &bundle.members, &bundle.count, err);
	if (code)
		return code;
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

int bundle_join(struct view checkpoint, struct view rest, const struct view *timestamp, struct buf *out, struct err *err)
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
	const char *end = checkpoint->data ? memmem(checkpoint->data, checkpoint->len, "\n\n", 2) : NULL;
	struct view text = { checkpoint->data, end ? (size_t)(end - checkpoint->data) + 1 : 0 };
	struct buf line = { 0 };
	int code;

	if (!end)
		return err_set(err, ERR_FORMAT, MEMBER_CHECKPOINT ": no signed note");
	code = signing_key_sign(key, text, &line, err);
	/* The same key over the same text gives the same line. */
	if (code == 0 && memmem(end, checkpoint->len - text.len + 1, line.data, line.len))
		code = err_set(err, ERR_USAGE, "%s has signed it already", signing_key_public(key)->name);
	if (code == 0)
		buf_add(checkpoint, line.data, line.len);
	buf_free(&line);
	return code ? code : checkpoint->failed ? err_memory(err) : 0;
}
