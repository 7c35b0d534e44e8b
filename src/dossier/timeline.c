/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All entries are made, then sorted; those of one measurement stay together, for they have one
 * span.
 */
#include "dossier/timeline.h"

#include <stdlib.h>
#include <string.h>

#define T timeline_entry
#define FIELD(name, kind) { #name, kind, offsetof(struct T, name), 0, NULL }

static const struct field when_fields[] = {
	{ "from", FIELD_TIME, offsetof(struct dossier_span, from), 0, NULL },
	{ "until", FIELD_TIME, offsetof(struct dossier_span, until), 0, NULL },
};

static const struct schema when_schema = { "when", sizeof(struct dossier_span), when_fields, 2 };

static const struct field entry_fields[] = {
	{ "when", FIELD_OBJECT, offsetof(struct T, when), 0, &when_schema },
	FIELD(what, FIELD_TEXT), FIELD(claim, FIELD_U32), FIELD(verdict, FIELD_U32),
	FIELD(text, FIELD_TEXT),
	FIELD(detail, FIELD_TEXT), FIELD(speaker, FIELD_TEXT),
};

const struct schema timeline_schema = {
	"timeline_entry", sizeof(struct T), entry_fields,
	sizeof(entry_fields) / sizeof(entry_fields[0]),
};

struct entries {
	struct timeline_entry *at;
	uint32_t count, left_out;
	struct dossier_span period;
};

static void push(struct entries *entries, struct timeline_entry entry)
{
	bool inside = span_known(entry.when) &&
		      (!span_known(entries->period) || (entry.when.from < entries->period.until &&
							entries->period.from < entry.when.until));

	if (inside)
		entries->at[entries->count++] = entry;
	else
		entries->left_out++;
}

/* The group of the measurement that is there already; 0: none is. */
static uint32_t measured_before(const struct entries *entries,
				const struct timeline_entry *measurement)
{
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct timeline_entry *entry = &entries->at[i];

		if (strcmp(entry->what, measurement->what) == 0 &&
		    entry->when.from == measurement->when.from &&
		    entry->when.until == measurement->when.until &&
		    strcmp(entry->detail, measurement->detail) == 0 &&
		    strcmp(entry->text, measurement->text) == 0)
			return entry->group;
	}
	return 0;
}

static void verdict_push(struct entries *entries, const struct verdict_view *view)
{
	struct timeline_entry measurement = {
		.when = view->when, .what = "measurement", .verdict = view->verdict_id,
		.detail = view->label, .speaker = "",
		.text = *view->measured ? view->measured : view->nearest, .group = view->verdict_id,
	};
	uint32_t group = measured_before(entries, &measurement);

	/* Not measured: it has no place in time. */
	if (!span_known(view->when))
		return;
	if (group == 0)
		push(entries, measurement);
	push(entries, (struct timeline_entry){
		.when = view->when, .what = "verdict", .claim = view->claim,
		.verdict = view->verdict_id, .text = view->verdict,
		.detail = view->claimed, .speaker = "", .group = group ? group : view->verdict_id,
	});
}

static unsigned order_of(const struct timeline_entry *entry)
{
	return entry->what[0] == 'c' ? 0 : entry->what[0] == 'm' ? 1 : 2;
}

static int by_time(const void *a, const void *b)
{
	const struct timeline_entry *left = a, *right = b;

	if (left->when.from != right->when.from)
		return left->when.from < right->when.from ? -1 : 1;
	if (left->when.until != right->when.until)
		return left->when.until < right->when.until ? -1 : 1;
	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	if (order_of(left) != order_of(right))
		return order_of(left) < order_of(right) ? -1 : 1;
	if (left->claim != right->claim)
		return left->claim < right->claim ? -1 : 1;
	return left->verdict < right->verdict ? -1 : left->verdict > right->verdict;
}

int timeline_make(struct dossier *dossier, struct dossier_span period, struct arena *arena,
		  struct timeline_entry **ret_entries, uint32_t *ret_count, uint32_t *ret_left_out,
		  struct err *err)
{
	struct entries entries = { .period = period };
	struct verdict_view *views = NULL;
	struct dossier_claim *claims;
	uint32_t claim_count, view_count = 0;
	int code = dossier_list(dossier, &dossier_claim_type, NULL, 0, arena, &claims, &claim_count,
				err);

	if (code == 0)
		code = verdicts_load(dossier, 0, arena, &views, &view_count, err);
	if (code)
		return code;
	entries.at = arena_zalloc(arena, ((size_t)claim_count + 2 * (size_t)view_count + 1) *
						 sizeof(*entries.at));
	if (!entries.at)
		return err_memory(err);
	for (uint32_t i = 0; i < claim_count; i++)
		push(&entries, (struct timeline_entry){
			.when = claims[i].said, .what = "claim", .claim = claims[i].id,
			.text = claims[i].exact,
			.detail = claims[i].kind, .speaker = claims[i].chain,
		});
	for (uint32_t i = 0; i < view_count; i++)
		verdict_push(&entries, &views[i]);
	if (entries.count)
		qsort(entries.at, entries.count, sizeof(*entries.at), by_time);
	*ret_entries = entries.at;
	*ret_count = entries.count;
	*ret_left_out = entries.left_out;
	return 0;
}

struct dossier_span timeline_period(const struct timeline_entry *entries, uint32_t count)
{
	struct dossier_span period = { INT64_MAX, INT64_MIN };

	for (uint32_t i = 0; i < count; i++) {
		period.from = entries[i].when.from < period.from ? entries[i].when.from
								 : period.from;
		period.until = entries[i].when.until > period.until ? entries[i].when.until
								    : period.until;
	}
	return count ? period : DOSSIER_SPAN_NONE;
}
