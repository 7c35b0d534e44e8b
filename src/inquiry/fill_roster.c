/* SPDX-License-Identifier: BSD-2-Clause */
/* The roster and the provenance: who was listening, and out of what files the finding came. */
#include <stdlib.h>
#include <string.h>

#include "inquiry/run.h"

static int fill_intervals(struct finding *finding, const struct roster_intervals *from,
			  struct finding_interval **ret_intervals, uint32_t *ret_count,
			  struct err *err)
{
	struct finding_interval *into =
		arena_zalloc(&finding->arena, (from->count ? from->count : 1) * sizeof(*into));

	if (!into)
		return err_memory(err);
	for (uint32_t i = 0; i < from->count; i++) {
		const struct roster_interval *interval = &from->at[i];

		into[i] = (struct finding_interval){
			interval->from, interval->until, roster_why_name(interval->began),
			interval->until == UTC_NEVER ? "" : roster_why_name(interval->ended) };
	}
	*ret_intervals = into;
	*ret_count = from->count;
	return 0;
}

static int fill_vantage(struct finding *finding, const struct roster_vantage *from,
			struct finding_vantage *into, struct err *err)
{
	int code;

	*into = (struct finding_vantage){
		.collector =
			arena_strndup(&finding->arena, from->collector, strlen(from->collector)),
		.peer = fill_addr(finding, &from->peer.addr), .peer_as = from->peer.asn,
		.in_rib = from->in_rib,
		.table_ipv4 = from->table4, .table_ipv6 = from->table6,
		.held_ipv4 = from->held4, .held_ipv6 = from->held6,
		.first_heard = from->first_heard, .last_heard = from->last_heard,
		.longest_gap = from->longest_gap,
		.messages = from->messages, .announcements = from->announcements,
		.withdrawals = from->withdrawals,
		.spurious = from->spurious, .unchanged = from->unchanged,
		.rib_entries = from->rib_entries,
		.states = from->states, .sessions_lost = from->session_losses, .drift = from->drift,
	};
	if (!into->collector || !into->peer)
		return err_memory(err);
	code = fill_intervals(finding, &from->live_intervals, &into->live, &into->live_count, err);
	if (code == 0)
		code = fill_intervals(finding, &from->full4_intervals, &into->full_ipv4,
				      &into->full_ipv4_count, err);
	if (code == 0)
		code = fill_intervals(finding, &from->full6_intervals, &into->full_ipv6,
				      &into->full_ipv6_count, err);
	return code;
}

static int compare_gaps(const void *a, const void *b)
{
	const struct finding_gap *left = a, *right = b;
	int order = strcmp(left->collector, right->collector);

	return order ? order : left->from < right->from ? -1 : left->from > right->from;
}

static int fill_gaps(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_gap *into =
		arena_zalloc(&finding->arena,
			     (run->gap_count ? run->gap_count : 1) * sizeof(*into));

	if (!into)
		return err_memory(err);
	for (uint32_t i = 0; i < run->gap_count; i++) {
		const struct run_gap *gap = &run->gaps[i];
		const char *name = run->collectors[gap->collector].name;

		into[i] = (struct finding_gap){
			arena_strndup(&finding->arena, name, strlen(name)), gap->from, gap->until, gap->why };
		if (!into[i].collector)
			return err_memory(err);
	}
	if (run->gap_count)
		qsort(into, run->gap_count, sizeof(*into), compare_gaps);
	finding->gaps = into;
	finding->gap_count = run->gap_count;
	return 0;
}

int fill_roster(const struct run *run, struct finding *finding, struct err *err)
{
	const struct roster *roster = table_roster(run->table);
	uint32_t *order = arena_alloc(&finding->arena,
				      (roster->count ? roster->count : 1) * sizeof(*order));
	int code = 0;

	finding->roster = arena_zalloc(&finding->arena, (roster->count ? roster->count : 1) *
								sizeof(*finding->roster));
	if (!order || !finding->roster)
		return err_memory(err);
	roster_sort(roster, order);
	for (uint32_t i = 0; i < roster->count && code == 0; i++) {
		const struct roster_vantage *vantage = &roster->vantages[order[i]];

		/* Sessions that never held a route tell nothing by their silence. */
		if (vantage->held_ever)
			code = fill_vantage(finding, vantage,
					    &finding->roster[finding->roster_count++], err);
	}
	return code ? code : fill_gaps(run, finding, err);
}

static int fill_faults(struct finding *finding, const struct run_input *from,
		       struct finding_input *into, struct err *err)
{
	uint32_t count = 0;

	for (unsigned i = 0; from && i < FAULT_KIND_COUNT; i++)
		count += from->faults[i].count != 0;
	into->faults = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->faults));
	if (!into->faults)
		return err_memory(err);
	for (unsigned i = 0; from && i < FAULT_KIND_COUNT; i++) {
		const struct fault_tally *tally = &from->faults[i];
		struct buf text = { 0 };

		if (!tally->count)
			continue;
		fault_format(&text, &tally->first);
		into->faults[into->fault_count] = (struct finding_fault){
			.kind = fault_name((enum fault_kind)i),
			.clause = fault_clause((enum fault_kind)i),
			.verdict = fault_verdict_name(tally->first.verdict), .count = tally->count,
			.bytes_lost = tally->lost, .record = tally->first.ref.number,
			.offset = tally->first.ref.offset,
			.text = text.failed ? NULL :
				arena_strndup(&finding->arena, text.data, text.len),
		};
		buf_free(&text);
		if (!into->faults[into->fault_count++].text)
			return err_memory(err);
	}
	return 0;
}

static int compare_types(const void *a, const void *b)
{
	const struct type_tally *left = a, *right = b;

	return left->type != right->type ? left->type - right->type
					 : left->subtype - right->subtype;
}

static int fill_types(struct finding *finding, const struct run_input *from,
		      struct finding_input *into, struct err *err)
{
	into->types = arena_zalloc(&finding->arena, (from->type_count ? from->type_count : 1) *
							    sizeof(*into->types));
	if (!into->types)
		return err_memory(err);
	if (from->type_count)
		qsort(from->types, from->type_count, sizeof(*from->types), compare_types);
	for (uint32_t i = 0; i < from->type_count; i++) {
		const struct type_tally *tally = &from->types[i];
		const char *type = mrt_type_name(tally->type);
		const char *subtype = mrt_subtype_name(tally->type, tally->subtype);

		into->types[i] = (struct finding_record_type){
			type ? type : fill_text(finding, "type %u", tally->type),
			subtype ? subtype : fill_text(finding, "subtype %u", tally->subtype), tally->records };
		if (!into->types[i].type || !into->types[i].subtype)
			return err_memory(err);
	}
	into->type_count = from->type_count;
	return 0;
}

static const char *hex_digest(struct finding *finding, bool hashed, const uint8_t digest[32])
{
	char text[65];

	if (!hashed)
		return "";
	for (unsigned i = 0; i < 32; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	return arena_strndup(&finding->arena, text, 64);
}

/* What was read of an input beyond the question's end is nobody's business. */
static int fill_input(const struct run *run, uint32_t number, struct finding *finding,
		      struct finding_input *into, struct err *err)
{
	const struct run_input *from = &run->inputs[number];
	const struct feed_report taken = {
		.compression = "", .bytes = from->bytes, .records = from->records,
		.first_time = from->records ? from->first : UTC_NEVER,
		.last_time = from->records ? from->last : UTC_NEVER,
	};
	const struct feed_report *report = from->ended ? feed_report(run->feed, number) : &taken;
	const char *name = run->inquiry->inputs[number].name,
		   *collector = feed_collector(run->feed, number);
	int code;

	*into = (struct finding_input){
		.name = arena_strndup(&finding->arena, name, strlen(name)),
		.collector = arena_strndup(&finding->arena, collector, strlen(collector)),
		.compression = report->compression ? report->compression : "",
		.validator = "", .sha256 = hex_digest(finding, report->hashed, report->sha256),
		.bytes_stored = report->bytes_stored, .bytes = report->bytes,
		.bytes_lost = report->bytes_lost, .records = report->records,
		.members = report->members,
		.first = report->first_time, .last = report->last_time, .whole = report->whole,
		.error = report->error.code ? fill_text(finding, "%s", report->error.text) : "",
	};
	if (!into->name || !into->collector || !into->sha256 || !into->error)
		return err_memory(err);
	code = fill_types(finding, from, into, err);
	return code ? code : fill_faults(finding, from, into, err);
}

static int fill_sources(const struct run *run, struct finding *finding, struct err *err)
{
	const struct place *place = run->place;
	struct finding_provenance *into = &finding->provenance;
	uint32_t count = place ? place_source_count(place) : 0;

	into->sources = arena_zalloc(&finding->arena, (count + 2) * sizeof(*into->sources));
	if (!into->sources)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		const struct place_source *source = place_source(place, i);
		bool names = strcmp(source->format, "as-names") == 0;

		into->sources[i] = (struct finding_source){
			.name = arena_strndup(&finding->arena, source->name, strlen(source->name)),
			.format = source->format,
			.kind = names ? "names" : source->kind == PLACE_REGISTRY ? "registry" : "geolocation",
			.validator = "",
			.sha256 = hex_digest(finding, source->hashed, source->sha256),
			.bytes_stored = source->bytes,
			.date = source->date, .entries = source->entries,
			.bad_lines = source->bad_lines,
		};
		if (!into->sources[i].name || !into->sources[i].sha256)
			return err_memory(err);
	}
	into->source_count = count;
	if (run->inquiry->relations) {
		const struct relations *relations = run->inquiry->relations;

		into->sources[into->source_count++] = (struct finding_source){
			.name = fill_text(finding, "%s", run->inquiry->relations_name),
			.format = "as-rel",
			.kind = "relationships", .date = UTC_NEVER, .entries = relations->count,
			.bad_lines = relations->bad_lines, .bytes_stored = relations->bytes,
			.validator = "",
			.sha256 = hex_digest(finding, relations->hashed, relations->sha256),
		};
		if (!into->sources[count].name || !into->sources[count].sha256)
			return err_memory(err);
	}
	if (run->inquiry->vrps) {
		const struct vrps *vrps = run->inquiry->vrps;
		struct finding_source *source = &into->sources[into->source_count++];

		*source = (struct finding_source){
			.name = fill_text(finding, "%s", run->inquiry->vrps_name),
			.format = vrps->format, .kind = "rpki",
			.date = vrps->date, .entries = vrps->count, .bad_lines = vrps->bad,
			.bytes_stored = vrps->bytes,
			.validator = "", .sha256 = hex_digest(finding, vrps->hashed, vrps->sha256),
		};
		if (!source->name || !source->sha256)
			return err_memory(err);
	}
	return 0;
}

int fill_provenance(const struct run *run, struct finding *finding, struct err *err)
{
	struct finding_provenance *into = &finding->provenance;
	uint32_t count = run->inquiry->input_count;
	int code = 0;

	into->program = fill_text(finding, "%s", run->inquiry->program);
	into->inputs = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*into->inputs));
	if (!into->program || !into->inputs)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++)
		code = fill_input(run, i, finding, &into->inputs[into->input_count++], err);
	return code ? code : fill_sources(run, finding, err);
}
