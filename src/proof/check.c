/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON members are decoded, encoded again and compared with what they were: one content has one
 * form. The replay is inquiry's, with names of inputs and collectors out of the provenance; its
 * result is compared with the one that was signed when the parts that are the signer's (parts.c)
 * have been taken over.
 */
#include "proof/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/member.h"
#include "proof/parts.h"

/* The excerpt's files into the buffers of their inputs. */
static int bytes_load(const struct bundle *bundle, struct excerpt *excerpt, struct err *err)
{
	for (uint32_t i = 0; i < bundle->count; i++) {
		const struct tar_member *member = &bundle->members[i];
		uint32_t input = 0;

		if (strncmp(member->name, "excerpt/", 8) != 0)
			continue;
		(void)view_u32((struct view){ member->name + 8, 6 }, &input);
		if (input == 0 || input > excerpt->input_count || member->len == 0)
			return err_set(err, ERR_FORMAT, "%s: of no input, or empty", member->name);
		buf_add(&excerpt->bytes[input - 1], member->bytes, member->len);
		if (excerpt->bytes[input - 1].failed)
			return err_memory(err);
	}
	return 0;
}

int proof_load(const struct bundle *bundle, struct proof *ret_proof, struct err *err)
{
	struct proof proof = { 0 };
	struct arena arena = { 0 };
	int code = bundle->kind == BUNDLE_PROOF
			   ? member_decode(&finding_schema, bundle_member(bundle, MEMBER_FINDING),
					   &arena, &proof.finding, err)
			   : err_set(err, ERR_FORMAT, "a %s, no proof",
				     bundle_kind_name(bundle->kind));

	/* The finding's own arena came empty. */
	proof.finding.arena = arena;
	if (code == 0)
		code = excerpt_init(&proof.excerpt, proof.finding.provenance.input_count, err);
	if (code == 0)
		code = member_decode(&excerpt_timeline_schema,
				     bundle_member(bundle, MEMBER_TIMELINE), &proof.excerpt.arena,
				     &proof.excerpt.timeline, err);
	if (code == 0)
		code = member_decode(&excerpt_records_schema, bundle_member(bundle, MEMBER_RECORDS),
				     &proof.excerpt.arena, &proof.excerpt.records, err);
	if (code == 0)
		code = bytes_load(bundle, &proof.excerpt, err);
	if (code)
		proof_free(&proof);
	else
		*ret_proof = proof;
	return code;
}

void proof_free(struct proof *proof)
{
	finding_free(&proof->finding);
	excerpt_free(&proof->excerpt);
}

/* Inputs by name and collector; the caller's to free. */
static int inputs_of(const struct proof *proof, struct feed_input **ret_inputs, struct err *err)
{
	const struct finding_provenance *from = &proof->finding.provenance;
	struct feed_input *inputs = calloc(from->input_count + 1u, sizeof(*inputs));

	if (!inputs)
		return err_memory(err);
	for (uint32_t i = 0; i < from->input_count; i++)
		inputs[i] = (struct feed_input){ .name = from->inputs[i].name,
						 .collector = from->inputs[i].collector };
	*ret_inputs = inputs;
	return 0;
}

/* Does each record lie within its input? */
static int records_check(const struct proof *proof, struct err *err)
{
	const struct excerpt_records *records = &proof->excerpt.records;
	const struct finding_provenance *provenance = &proof->finding.provenance;

	for (uint32_t i = 0; i < records->record_count; i++) {
		const struct excerpt_record *record = &records->records[i];
		const struct finding_input *input;

		if (record->input == 0 || record->input > provenance->input_count)
			return err_set(err, ERR_FORMAT,
				       "records.json: record %u is of an input that there is not",
				       i + 1);
		input = &provenance->inputs[record->input - 1];
		if (record->number > input->records || record->offset > input->bytes ||
		    record->length > input->bytes - record->offset)
			return err_set(err, ERR_FORMAT,
				       "records.json: record %u is beyond the end of %s", i + 1,
				       input->name);
	}
	return 0;
}

static int networks_check(const struct proof *proof, const struct question *question,
			  struct err *err)
{
	const struct excerpt_timeline *timeline = &proof->excerpt.timeline;
	struct prefix network, before = { .family = FAMILY_NONE };

	for (uint32_t i = 0; i < timeline->network_count; i++) {
		if (!prefix_parse(view_of(timeline->networks[i].network), &network) ||
		    !prefix_is_network(&network))
			return err_set(err, ERR_FORMAT, "timeline.json: \"%.60s\" is no network",
				       timeline->networks[i].network);
		if (question->prefix.family != FAMILY_NONE &&
		    !prefix_contains(&question->prefix, &network))
			return err_set(err, ERR_FORMAT, "timeline.json: %s is not of the place",
				       timeline->networks[i].network);
		if (i && prefix_compare(&before, &network) >= 0)
			return err_set(err, ERR_FORMAT, "timeline.json: networks out of order");
		before = network;
	}
	return 0;
}

static int nowhere_get(void *context, const struct place **ret_place, struct err *err)
{
	(void)err;
	*ret_place = context;
	return 0;
}

/* `what` was done, and gave one of the two. */
static int compare_schema(const char *what, const struct schema *schema, const char *path,
			  const void *recomputed, const void *said, struct err *err)
{
	struct buf left = { 0 }, right = { 0 }, where = { .cap = 300 };
	int code = finding_encode_part(schema, recomputed, &left, err);

	if (code == 0)
		code = finding_encode_part(schema, said, &right, err);
	if (code == 0 && (left.len != right.len || memcmp(left.data, right.data, left.len) != 0)) {
		(void)proof_difference(schema, path, recomputed, said, &where);
		code = err_set(err, ERR_FORMAT, "%s: %.*s", what, (int)where.len,
			       where.data ? where.data : "");
	}
	buf_free(&left);
	buf_free(&right);
	buf_free(&where);
	return code;
}

static int compare_part(const char *what, const char *path, const void *recomputed,
			const void *said, struct err *err)
{
	return compare_schema(what, *path ? finding_field(path)->of : &finding_schema, path,
			      recomputed, said, err);
}

static const struct finding_vantage *vantage_find(const struct finding *finding,
						  const struct finding_vantage *like)
{
	for (uint32_t i = 0; i < finding->roster_count; i++) {
		const struct finding_vantage *vantage = &finding->roster[i];

		if (vantage->peer_as == like->peer_as &&
		    strcmp(vantage->collector, like->collector) == 0 &&
		    strcmp(vantage->peer, like->peer) == 0)
			return vantage;
	}
	return NULL;
}

static bool same_intervals(const struct finding_interval *a, uint32_t count,
			   const struct finding_interval *b, uint32_t other_count)
{
	for (uint32_t i = 0; i < count && count == other_count; i++) {
		if (a[i].from != b[i].from || a[i].until != b[i].until ||
		    strcmp(a[i].began, b[i].began) != 0 || strcmp(a[i].ended, b[i].ended) != 0)
			return false;
	}
	return count == other_count;
}

/* Does the roster say of full feeds what the timeline does? */
static int roster_agrees(const struct finding *replayed, const struct finding *said,
			 struct err *err)
{
	static const struct finding_vantage nobody;

	for (unsigned way = 0; way < 2; way++) {
		const struct finding *from = way ? replayed : said, *to = way ? said : replayed;

		for (uint32_t i = 0; i < from->roster_count; i++) {
			const struct finding_vantage *own = &from->roster[i];
			const struct finding_vantage *other = vantage_find(to, own);

			if (!other)
				other = &nobody;
			if (!same_intervals(own->full_ipv4, own->full_ipv4_count, other->full_ipv4,
					    other->full_ipv4_count) ||
			    !same_intervals(own->full_ipv6, own->full_ipv6_count, other->full_ipv6,
					    other->full_ipv6_count))
				return err_set(err, ERR_FORMAT,
					       "roster: when %s, AS%u at %s, was a full feed is "
					       "not what the timeline says",
					       own->peer, own->peer_as, own->collector);
		}
	}
	return 0;
}

static int replay_compare(const struct proof *proof, struct finding *replayed, struct err *err)
{
	int code;

	proof_parts_take_over(replayed, &proof->finding, false);
	code = compare_part("replay", "question", &replayed->question, &proof->finding.question,
			    err);
	if (code == 0)
		code = compare_part("replay", "result", &replayed->result, &proof->finding.result,
				    err);
	return code ? code : roster_agrees(replayed, &proof->finding, err);
}

/* What holds before anything is run; the question to run. */
static int question_take(const struct proof *proof, struct question *ret_question, struct err *err)
{
	const struct finding *finding = &proof->finding;
	int code;

	if (finding->method != FINDING_METHOD)
		return err_set(err, ERR_FORMAT,
			       "made by method %u, while this constat measures by method %u: it "
			       "cannot be replayed here",
			       finding->method, FINDING_METHOD);
	code = question_from_finding(&finding->question, ret_question, err);
	if (code == 0)
		code = records_check(proof, err);
	return code ? code : networks_check(proof, ret_question, err);
}

int proof_replay(const struct proof *proof, struct err *err)
{
	struct question question;
	struct inquiry inquiry = {
		.question = &question,
		.input_count = proof->finding.provenance.input_count,
		.place = nowhere_get,
		.program = proof->finding.provenance.program,
		.feed = { .threads = 1 },
		.members = &proof->excerpt.timeline,
		.replay = &proof->excerpt,
	};
	struct feed_input *inputs = NULL;
	struct finding replayed = { 0 };
	struct place *nowhere = NULL;
	int code = question_take(proof, &question, err);

	if (code == 0)
		code = inputs_of(proof, &inputs, err);
	if (code == 0)
		code = place_new(&nowhere, err);
	if (code == 0)
		code = place_ready(nowhere, err);
	inquiry.inputs = inputs;
	inquiry.place_context = nowhere;
	if (code == 0) {
		code = inquiry_run(&inquiry, &replayed, err);
		if (code)
			err_prefix(err, "replay");
		else
			code = replay_compare(proof, &replayed, err);
		finding_free(&replayed);
	}
	place_free(nowhere);
	free(inputs);
	return code;
}

/*
 * What was not in the inputs, or is not of them alone: taken from the proof. The hash of an input
 * that was not read to its end is the caller's to look at.
 */
static void inputs_take_over(struct finding *into, const struct finding *from)
{
	for (uint32_t i = 0; i < into->provenance.input_count && i < from->provenance.input_count;
	     i++) {
		struct finding_input *own = &into->provenance.inputs[i];
		const struct finding_input *said = &from->provenance.inputs[i];

		own->validator = said->validator;
		if (*own->error && *said->error)
			own->error = said->error;
		if (!*own->sha256) {
			own->sha256 = said->sha256;
			own->bytes_stored = said->bytes_stored;
		}
	}
	into->provenance.program = from->provenance.program;
	into->provenance.sources = from->provenance.sources;
	into->provenance.source_count = from->provenance.source_count;
}

/* All members as they would be, against those that are. */
static int recompute_compare(const struct proof *proof, struct proof *again, bool placed,
			     struct err *err)
{
	static const char what[] = "inputs";
	const struct finding *said = &proof->finding;
	int code;

	if (!placed)
		proof_parts_take_over(&again->finding, said, true);
	inputs_take_over(&again->finding, said);
	code = compare_part(what, "", &again->finding, said, err);
	if (code == 0)
		code = compare_schema(what, &excerpt_timeline_schema, "timeline",
				      &again->excerpt.timeline, &proof->excerpt.timeline, err);
	if (code == 0)
		code = compare_schema(what, &excerpt_records_schema, "records",
				      &again->excerpt.records, &proof->excerpt.records, err);
	for (uint32_t i = 0; code == 0 && i < proof->excerpt.input_count; i++) {
		const struct buf *own = &again->excerpt.bytes[i], *other = &proof->excerpt.bytes[i];

		if (own->len != other->len ||
		    (own->len && memcmp(own->data, other->data, own->len) != 0))
			code = err_set(err, ERR_FORMAT,
				       "inputs: the records of %s are not those of the excerpt",
				       said->provenance.inputs[i].name);
	}
	return code;
}

/* Inputs that an archive did not have are not there now either, for the same time. */
static int missing_take(const struct proof *proof, struct feed_input *inputs, int64_t *ends,
			struct err *err)
{
	const struct excerpt_timeline *timeline = &proof->excerpt.timeline;
	uint32_t count = proof->finding.provenance.input_count;

	for (uint32_t i = 0; i < count; i++)
		ends[i] = UTC_NEVER;
	for (uint32_t i = 0; i < timeline->missing_count; i++) {
		const struct excerpt_missing *missing = &timeline->missing[i];

		if (missing->input == 0 || missing->input > count)
			return err_set(err, ERR_FORMAT,
				       "timeline.json: an input is missing that there is not");
		inputs[missing->input - 1].starts = missing->from;
		ends[missing->input - 1] = missing->until;
	}
	return 0;
}

int proof_recompute(const struct proof *proof, const struct proof_inputs *from, struct err *err)
{
	struct question question;
	struct inquiry inquiry = {
		.question = &question, .input_count = proof->finding.provenance.input_count,
		.opener = from->opener, .place = from->place ? from->place : nowhere_get,
		.place_context = from->place_context, .program = proof->finding.provenance.program,
		.feed = from->feed,
		.members = from->place ? NULL : &proof->excerpt.timeline,
	};
	struct feed_input *inputs = NULL;
	int64_t *ends = calloc(inquiry.input_count + 1u, sizeof(*ends));
	struct place *nowhere = NULL;
	struct proof again = { 0 };
	int code = ends ? question_take(proof, &question, err) : err_memory(err);

	if (code == 0)
		code = inputs_of(proof, &inputs, err);
	if (code == 0)
		code = missing_take(proof, inputs, ends, err);
	if (code == 0 && !from->place) {
		code = place_new(&nowhere, err);
		if (code == 0)
			code = place_ready(nowhere, err);
		inquiry.place_context = nowhere;
	}
	inquiry.inputs = inputs;
	inquiry.input_ends = ends;
	inquiry.feed.hash = true;
	if (code == 0)
		code = excerpt_record(&inquiry, &again.excerpt, &again.finding, err);
	if (code == 0)
		code = recompute_compare(proof, &again, from->place != NULL, err);
	proof_free(&again);
	place_free(nowhere);
	free(inputs);
	free(ends);
	return code;
}

int proof_members(const struct proof *proof, struct arena *arena, struct tar_member **ret_members,
		  uint32_t *ret_count, struct err *err)
{
	struct tar_member *members =
		arena_zalloc(arena, (proof->excerpt.input_count + 3u) * sizeof(*members));
	uint32_t count = 0;
	int code = members ? 0 : err_memory(err);

	for (uint32_t i = 0; code == 0 && i < proof->excerpt.input_count; i++) {
		const struct buf *bytes = &proof->excerpt.bytes[i];

		if (bytes->len == 0)
			continue;
		snprintf(members[count].name, sizeof(members[count].name), EXCERPT_FORMAT, i + 1);
		members[count].bytes = (const uint8_t *)bytes->data;
		members[count++].len = bytes->len;
	}
	if (code == 0)
		code = member_encode(&finding_schema, &proof->finding, MEMBER_FINDING, arena,
				     &members[count++], err);
	if (code == 0)
		code = member_encode(&excerpt_records_schema, &proof->excerpt.records,
				     MEMBER_RECORDS, arena, &members[count++], err);
	if (code == 0)
		code = member_encode(&excerpt_timeline_schema, &proof->excerpt.timeline,
				     MEMBER_TIMELINE, arena, &members[count++], err);
	if (code)
		return code;
	*ret_members = members;
	*ret_count = count;
	return 0;
}
