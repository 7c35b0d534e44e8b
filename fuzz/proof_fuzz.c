/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a proof: archive, note, key, timestamp. And since no random change gets past a manifest, edits of a proof
 * that is made here, of a small night: behind a first byte 1 those of members, which are then put into their one form
 * and signed, as by a signer who lies; behind a 2 those of the signed archive, as by who has no key.
 *
 * What must hold: members lie within the archive, in order; what is opened is written the same again; what is signed is
 * opened; a replay ends, and says why where it does not give the result; without the key nothing but the
 * signatures' lines can be otherwise.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proof/check.h"
#include "proof/timestamp.h"
#include "wire/write.h"

#define NIGHT	(1419292800 * UTC_SECOND)
#define PEERS	3u
#define MEMBERS_MAX 8u

static const char registry[] = "apnic|KP|ipv4|175.45.176.0|1024|20090101|allocated\n"
			       "apnic|KP|ipv6|2400:5800::|32|20091221|allocated\n";

static struct {
	struct buf recording;
	struct place *place;
	struct arena arena;
	struct tar_member *members;
	uint32_t count;
	struct signing_key *key;
	struct buf archive;
} whole;

static const struct prefix networks[] = {
	{ FAMILY_IPV4, 24, { 175, 45, 176 } }, { FAMILY_IPV4, 24, { 175, 45, 177 } },
	{ FAMILY_IPV6, 32, { 0x24, 0x00, 0x58, 0x00 } },
};

static struct peer peer_of(unsigned k)
{
	return (struct peer){ .addr = { FAMILY_IPV4, { 10, 0, 0, (uint8_t)k } }, .asn = 64500 + k, .bgp_id = k };
}

static struct write_attrs attrs_of(unsigned k, enum family family, uint32_t path[3])
{
	path[0] = 64500 + k;
	path[1] = 4837;
	path[2] = 131279;
	return (struct write_attrs){ .path = path, .path_len = 3, .next_hop = { family, { 10, 0, 0, (uint8_t)k } } };
}

/* A RIB; an hour later all is withdrawn, two hours later announced again; then a session is lost and comes back. */
static void night_write(struct buf *out)
{
	struct peer peers[PEERS] = { peer_of(1), peer_of(2), peer_of(3) };
	struct write_session session = { .local_asn = 12654, .local = { FAMILY_IPV4, { 10, 0, 0, 250 } } };
	uint32_t path[3];

	mrt_write_peer_index(out, NIGHT, 0x0a000000, "", peers, PEERS);
	for (unsigned n = 0; n < 3; n++) {
		struct write_rib rib;

		mrt_write_rib_begin(out, &rib, NIGHT, n, &networks[n]);
		for (unsigned k = 1; k <= PEERS; k++) {
			struct write_attrs attrs = attrs_of(k, networks[n].family, path);

			mrt_write_rib_entry(out, &rib, (uint16_t)(k - 1), NIGHT - UTC_DAY, &attrs);
		}
		must(mrt_write_rib_end(out, &rib));
	}
	for (unsigned hour = 1; hour <= 2; hour++) {
		for (unsigned k = 1; k <= PEERS; k++) {
			struct write_attrs attrs = attrs_of(k, FAMILY_IPV4, path);
			int64_t time = NIGHT + hour * UTC_HOUR + k * UTC_SECOND;

			session.peer = peer_of(k);
			if (hour == 1)
				mrt_write_withdraw(out, &session, time, networks, 2);
			else
				must(mrt_write_announce(out, &session, time, &attrs, networks, 2));
		}
	}
	mrt_write_state(out, &session, NIGHT + 3 * UTC_HOUR, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	mrt_write_state(out, &session, NIGHT + 4 * UTC_HOUR, BGP_STATE_OPEN_CONFIRM, BGP_STATE_ESTABLISHED);
	must(!out->failed);
}

static int recording_open(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	(void)context;
	(void)input;
	(void)err;
	*ret_fd = fuzz_file((const uint8_t *)whole.recording.data, whole.recording.len);
	return 0;
}

static int place_get(void *context, const struct place **ret_place, struct err *err)
{
	(void)err;
	*ret_place = context;
	return 0;
}

static void whole_make(void)
{
	const struct feed_input input = { .name = "night", .collector = "rrc00" };
	struct question question = {
		.kind = QUESTION_REPORT, .country = COUNTRY('K', 'P'), .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = MEASURE_PARAMETERS_DEFAULT,
	};
	struct inquiry inquiry = {
		.question = &question, .inputs = &input, .input_count = 1, .opener = { .open = recording_open },
		.feed = { .threads = 1, .hash = true }, .place = place_get, .program = "fuzz",
	};
	struct proof proof = { 0 };

	question.parameters.full_feed_ipv4 = question.parameters.full_feed_ipv6 = 1;
	question.parameters.min_peers = 1;
	night_write(&whole.recording);
	must(place_new(&whole.place, NULL) == 0);
	must(place_load(whole.place, fuzz_file((const uint8_t *)registry, sizeof(registry) - 1), "registry", NULL) == 0);
	must(place_ready(whole.place, NULL) == 0);
	inquiry.place_context = whole.place;
	must(excerpt_record(&inquiry, &proof.excerpt, &proof.finding, NULL) == 0);
	must(proof.finding.result.report->outage_count > 0);
	must(proof_members(&proof, &whole.arena, &whole.members, &whole.count, NULL) == 0);
	must(whole.count <= MEMBERS_MAX);
	for (uint32_t i = 0; i < whole.count; i++) {
		struct tar_member *member = &whole.members[i];

		member->bytes = arena_memdup(&whole.arena, member->bytes, member->len);
		must(member->bytes != NULL);
	}
	must(signing_key_make("fuzz", &whole.key, NULL) == 0);
	must(bundle_make(BUNDLE_PROOF, whole.members, whole.count, whole.key, &whole.archive, NULL) == 0);
	must(proof_replay(&proof, NULL) == 0);
	proof_free(&proof);
}

/* Four bytes an edit: what to do, where (two bytes), with what. `bytes` has room for 64 more an edit. */
static size_t edit(uint8_t *bytes, size_t len, const uint8_t how[4])
{
	size_t at = len ? ((size_t)how[1] << 8 | how[2]) % len : 0;
	size_t run = how[3] % 64u + 1u < len - at ? how[3] % 64u + 1u : len - at;

	switch (len ? how[0] % 4 : 4) {
	case 0:
		bytes[at] = how[3];
		return len;
	case 1:
		bytes[at] ^= (uint8_t)(1 << how[3] % 8);
		return len;
	case 2:
		memmove(bytes + at, bytes + at + run, len - at - run);
		return len - run;
	case 3:
		memmove(bytes + at + run, bytes + at, len - at);
		return len + run;
	default:
		return len;
	}
}

/* All edits of one of the members (or of the one thing that there is), in memory of their own. */
static struct buf edited(const void *bytes, size_t len, const uint8_t *edits, size_t size, unsigned number, unsigned of)
{
	struct buf out = { 0 };

	must(buf_reserve(&out, len + 64 * (size / 4 + 1)));
	buf_add(&out, bytes, len);
	for (; size >= 4; edits += 4, size -= 4) {
		if (edits[0] / 4 % of == number)
			out.len = edit((uint8_t *)out.data, out.len, edits);
	}
	return out;
}

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

/* In its one form, where it says anything at all. */
static void member_settle(const char *name, struct buf *bytes)
{
	static const struct {
		const char *name;
		const struct schema *schema;
	} rows[] = {
		{ MEMBER_FINDING, &finding_schema }, { MEMBER_RECORDS, &excerpt_records_schema },
		{ MEMBER_TIMELINE, &excerpt_timeline_schema },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct buf again = { 0 };
		void *item;

		if (strcmp(rows[i].name, name) != 0)
			continue;
		item = calloc(1, rows[i].schema->size);
		must(item != NULL);
		if (finding_decode_part(rows[i].schema, bytes->data, bytes->len, &arena, item, NULL) == 0) {
			must(finding_encode_part(rows[i].schema, item, &again, NULL) == 0);
			buf_free(bytes);
			*bytes = again;
		}
		free(item);
		arena_free(&arena);
	}
}

static void check_liar(const uint8_t *edits, size_t size)
{
	struct tar_member members[MEMBERS_MAX];
	struct buf bytes[MEMBERS_MAX], archive = { 0 };
	struct bundle bundle;

	for (uint32_t i = 0; i < whole.count; i++) {
		members[i] = whole.members[i];
		bytes[i] = edited(members[i].bytes, members[i].len, edits, size, i, whole.count);
		member_settle(members[i].name, &bytes[i]);
		members[i].bytes = (const uint8_t *)bytes[i].data;
		members[i].len = bytes[i].len;
	}
	must(bundle_make(BUNDLE_PROOF, members, whole.count, whole.key, &archive, NULL) == 0);
	must(bundle_open((const uint8_t *)archive.data, archive.len, &bundle, NULL) == 0);
	check_contents(bundle.members, bundle.count);
	bundle_free(&bundle);
	buf_free(&archive);
	for (uint32_t i = 0; i < whole.count; i++)
		buf_free(&bytes[i]);
}

static void check_forger(const uint8_t *edits, size_t size)
{
	struct buf archive = edited(whole.archive.data, whole.archive.len, edits, size, 0, 1);
	struct bundle bundle;
	bool holds = false;

	if (bundle_open((const uint8_t *)archive.data, archive.len, &bundle, NULL) == 0) {
		for (uint32_t i = 0; i < bundle.note.count && !holds; i++)
			must(note_verify(&bundle.note, &bundle.note.signatures[i], signing_key_public(whole.key), &holds,
					 NULL) == 0);
		for (uint32_t i = 0; i < whole.count && holds; i++) {
			const struct tar_member *own = bundle_member(&bundle, whole.members[i].name);

			must(own && own->len == whole.members[i].len);
			must(memcmp(own->bytes, whole.members[i].bytes, own->len) == 0);
		}
		bundle_free(&bundle);
	}
	buf_free(&archive);
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

	if (!whole.count)
		whole_make();
	if (size && data[0] == 1)
		check_liar(data + 1, size - 1);
	else if (size && data[0] == 2)
		check_forger(data + 1, size - 1);
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
