/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a proof: archive, note, key, timestamp; and, since no random change gets past a manifest, what the
 * members say, with manifest and checkpoint left aside.
 *
 * What must hold: members lie within the archive, in order; what is opened is written the same again; a replay ends, and
 * says why where it does not give the result.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proof/check.h"
#include "proof/timestamp.h"

/* A strict reader takes only what the writer writes. */
static void check_archive(const uint8_t *data, size_t size, const struct tar_member *members, uint32_t count)
{
	struct buf again = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		must(members[i].bytes >= data && members[i].len <= size &&
		     members[i].bytes + members[i].len <= data + size);
		must(i == 0 || strcmp(members[i - 1].name, members[i].name) < 0);
		tar_add(&again, members[i].name, members[i].bytes, members[i].len);
	}
	tar_end(&again);
	must(again.failed || (again.len == size && memcmp(again.data, data, size) == 0));
	buf_free(&again);
}

static void check_contents(struct tar_member *members, uint32_t count)
{
	struct bundle bundle = { .members = members, .count = count };
	struct err err = { 0 };
	struct proof proof;

	if (!bundle_member(&bundle, MEMBER_FINDING) || !bundle_member(&bundle, MEMBER_RECORDS) ||
	    !bundle_member(&bundle, MEMBER_TIMELINE) || proof_load(&bundle, &proof, &err) != 0)
		return;
	must(proof_replay(&proof, &err) == 0 || err.text[0]);
	proof_free(&proof);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { (const char *)data, size };
	struct tar_member *members;
	struct bundle bundle;
	struct note_key key;
	struct note note;
	struct err err = { 0 };
	uint32_t count;
	int64_t time;

	(void)note_key_parse(text, &key, &err);
	(void)timestamp_check(text, VIEW("text\n"), (struct view){ NULL, 0 }, &time, &err);
	if (note_parse(text, &note, &err) == 0)
		must(note.count <= NOTE_SIGNATURES_MAX && note.text.len < size);
	if (bundle_open(data, size, &bundle, &err) == 0)
		bundle_free(&bundle);
	if (tar_read(data, size, &members, &count, &err) != 0)
		return 0;
	check_archive(data, size, members, count);
	check_contents(members, count);
	free(members);
	return 0;
}
