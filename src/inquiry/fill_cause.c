/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Causes: for each outage of the place the fall, its facts and the hypotheses held against them.
 *
 * The events that facts rest on are numbered over all causes, in an order that their content gives; facts name
 * them by number, and provenance says where each stands in the inputs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/behind.h"
#include "inquiry/cause_words.h"
#include "inquiry/fill_outages.h"

/* Others are watched from so long before an outage's first message to so long behind its last. */
#define WATCH_BEFORE	(30 * UTC_SECOND)
#define WATCH_AFTER	(2 * UTC_MINUTE)
/* For so many outages: each costs two walks over the whole table. */
#define OTHERS_MAX	20u

struct cause_draft {
	const struct subject *subject;
	uint32_t outage;		/* in the subject's machine */
	uint32_t number;		/* in the report, from 1 */
	struct cause_scene scene;
	struct cause_fact facts[FACT_COUNT];
};

struct causes {
	const struct run *run;
	struct finding *finding;
	uint32_t *table_numbers;
	struct cause_draft *drafts;
	uint32_t count, room;
	uint32_t *changes;		/* the chronicle's numbers that facts name */
	uint32_t change_count, change_room;
	struct map number_of;		/* the chronicle's number → its place among the events, from 1 */
};

/* The outage's fall; facts come when all falls are known. */
static int draft_take(const struct causes *causes, struct cause_draft *draft, struct err *err)
{
	const struct run *run = causes->run;

	draft->scene = (struct cause_scene){
		.question = {
			.parameters = &run->question->parameters, .table = run->table, .signals = run->signals,
			.chronicle = run->chronicle, .networks = run->network_count,
			.table_numbers = causes->table_numbers, .asn = run->question->asn,
			.outage = &draft->subject->machine.outages[draft->outage],
			.family = draft->subject->family, .end = run->end,
		},
		.place = draft->subject, .outage = draft->outage, .stability = run->stability,
		.vrps = run->inquiry->vrps, .clocks = run->inquiry->clocks, .clock_count = run->inquiry->clock_count,
		.blackholes = run->blackholes, .blackhole_count = run->blackhole_count,
		.data_from = run->first_heard,
	};
	return fall_take(&draft->scene.question, &draft->scene.fall, err);
}

/* The moments between which others are watched: from before the first message to when all had time to settle, or it was over. */
static struct behind_want want_of(const struct cause_draft *draft)
{
	const struct outage *outage = draft->scene.question.outage;
	const struct fall *fall = &draft->scene.fall;
	struct behind_want want = {
		.fall = fall, .before = outage->start.earliest - WATCH_BEFORE,
		.after = (fall->until > outage->start.latest ? fall->until : outage->start.latest) + WATCH_AFTER,
	};

	/* of a brief one the middle: others may be back before it */
	if (outage->end.at != UTC_NEVER && want.after >= outage->end.earliest - WATCH_BEFORE)
		want.after = outage->start.at + (outage->end.at - outage->start.at) / 2;
	if (want.after <= want.before)
		want.after = want.before + 1;
	return want;
}

static int compare_lost(const void *a, const void *b)
{
	const struct cause_draft *left = *(struct cause_draft *const *)a, *right = *(struct cause_draft *const *)b;
	uint64_t left_lost = left->scene.question.outage->lost, right_lost = right->scene.question.outage->lost;

	if (left_lost != right_lost)
		return left_lost > right_lost ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* What others did, for the outages that took most. */
static int others_take(struct causes *causes, struct err *err)
{
	struct cause_draft **order = calloc(causes->count ? causes->count : 1, sizeof(struct cause_draft *));
	uint32_t wanted = causes->count < OTHERS_MAX ? causes->count : OTHERS_MAX;
	struct behind_want *wants = calloc(wanted ? wanted : 1, sizeof(*wants));
	int code = order && wants ? 0 : err_memory(err);

	for (uint32_t i = 0; i < causes->count && code == 0; i++)
		order[i] = &causes->drafts[i];
	if (code == 0 && causes->count)
		qsort(order, causes->count, sizeof(struct cause_draft *), compare_lost);
	for (uint32_t i = 0; i < wanted && code == 0; i++)
		wants[i] = want_of(order[i]);
	if (code == 0)
		code = behind_take(causes->run, wants, wanted, err);
	for (uint32_t i = 0; i < wanted && code == 0; i++)
		order[i]->scene.behind = wants[i].behind;
	free(order);
	free(wants);
	return code;
}

static int drafts_take(struct causes *causes, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	uint32_t number = 0;
	int code = 0;

	for (unsigned f = 0; f < 2; f++) {
		const struct subject *subject = signals_find(causes->run->signals, SUBJECT_PLACE, 0, families[f]);

		if (!subject || subject->first_measured == UTC_NEVER)
			continue;
		for (uint32_t i = 0; i < subject->machine.count && code == 0; i++) {
			if (!outage_in_question(causes->run->question, &subject->machine.outages[i]))
				continue;
			if (++number > CAUSES_MAX)
				return code;
			code = VEC_GROW(causes->drafts, causes->count, causes->room, err);
			if (code)
				return code;
			causes->drafts[causes->count] = (struct cause_draft){
				.subject = subject, .outage = i, .number = number };
			code = draft_take(causes, &causes->drafts[causes->count++], err);
		}
	}
	return code;
}

/* Two changes in the order of what they say. */
static const struct run *compare_run;

static int compare_changes(const void *a, const void *b)
{
	const struct roster *roster = table_roster(compare_run->table);
	const struct chronicle_change *left = chronicle_at(compare_run->chronicle, *(const uint32_t *)a);
	const struct chronicle_change *right = chronicle_at(compare_run->chronicle, *(const uint32_t *)b);
	uint32_t left_number = *(const uint32_t *)a, right_number = *(const uint32_t *)b;
	int order;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	order = strcmp(roster->vantages[left->vantage].collector, roster->vantages[right->vantage].collector);
	if (order == 0)
		order = memcmp(&roster->vantages[left->vantage].peer.addr, &roster->vantages[right->vantage].peer.addr,
			       sizeof(struct addr));
	/* one session's events keep their order */
	return order ? order : left_number < right_number ? -1 : left_number > right_number;
}

static int events_number(struct causes *causes, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < causes->count && code == 0; i++) {
		for (unsigned k = 0; k < FACT_COUNT && code == 0; k++) {
			const struct cause_fact *fact = &causes->drafts[i].facts[k];

			for (uint32_t n = 0; n < fact->change_count && code == 0; n++) {
				if (map_get(&causes->number_of, fact->changes[n]) != MAP_NONE)
					continue;
				code = VEC_GROW(causes->changes, causes->change_count, causes->change_room, err);
				if (code == 0)
					causes->changes[causes->change_count++] = fact->changes[n];
				if (code == 0 && map_put(&causes->number_of, fact->changes[n], 0) != 0)
					code = err_memory(err);
			}
		}
	}
	compare_run = causes->run;
	if (code == 0 && causes->change_count)
		qsort(causes->changes, causes->change_count, sizeof(*causes->changes), compare_changes);
	for (uint32_t i = 0; i < causes->change_count && code == 0; i++)
		if (map_put(&causes->number_of, causes->changes[i], i + 1) != 0)
			code = err_memory(err);
	return code;
}

static int fill_event(const struct run *run, struct finding *finding, const struct chronicle_change *change,
		      struct finding_event *into, struct err *err)
{
	const struct roster_vantage *vantage = &table_roster(run->table)->vantages[change->vantage];
	struct buf path = { 0 };

	if (!change->withdrawal)
		table_path_format(run->table, change->vantage, change->after, &path);
	into->time = change->time;
	into->collector = arena_strndup(&finding->arena, vantage->collector, strlen(vantage->collector));
	into->peer = fill_addr(finding, &vantage->peer.addr);
	into->peer_as = vantage->peer.asn;
	into->kind = change->withdrawal ? "withdraw" : "announce";
	into->network = fill_prefix(finding, &visibility_network(signals_visibility(run->signals), change->network)->prefix);
	into->path = path.failed ? NULL : arena_strndup(&finding->arena, path.data ? path.data : "", path.len);
	buf_free(&path);
	return into->collector && into->peer && into->network && into->path ? 0 : err_memory(err);
}

static int fill_events(const struct causes *causes, struct err *err)
{
	const struct run *run = causes->run;
	struct finding *finding = causes->finding;
	struct finding_report *report = finding->result.report;
	struct finding_provenance *provenance = &finding->provenance;
	uint32_t count = causes->change_count;
	int code = 0;

	report->events = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*report->events));
	provenance->events = arena_zalloc(&finding->arena, (count ? count : 1) * sizeof(*provenance->events));
	if (!report->events || !provenance->events)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct chronicle_change *change = chronicle_at(run->chronicle, causes->changes[i]);

		report->events[i].number = i + 1;
		code = fill_event(run, finding, change, &report->events[i], err);
		provenance->events[i] = (struct finding_reference){
			i + 1, provenance->inputs[change->ref.input].name, change->ref.number, change->ref.offset };
	}
	report->event_count = provenance->event_count = count;
	return code;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static const char *networks_text(const struct run *run, struct finding *finding, const struct cause_fact *fact)
{
	uint32_t shown = fact->network_count < FACT_NETWORKS ? fact->network_count : FACT_NETWORKS;
	struct buf buf = { 0 };
	const char *text;

	for (uint32_t i = 0; i < shown; i++) {
		if (i)
			buf_char(&buf, ' ');
		prefix_format(&buf, &visibility_network(signals_visibility(run->signals), fact->networks[i])->prefix);
	}
	text = buf.failed ? NULL : arena_strndup(&finding->arena, buf.data ? buf.data : "", buf.len);
	buf_free(&buf);
	return text;
}

static int fill_fact(const struct causes *causes, const struct cause_draft *draft, const struct cause_fact *fact,
		     struct finding_fact *into, struct err *err)
{
	struct finding *finding = causes->finding;

	*into = (struct finding_fact){
		.outage = draft->number, .fact = fact_name(fact->fact), .reading = fact->reading,
		.count = fact->count, .of = fact->of, .first = fact->first, .median = fact->median, .last = fact->last,
		.note = arena_strndup(&finding->arena, fact->note, strlen(fact->note)),
		.ases = arena_memdup(&finding->arena, fact->ases, fact->as_count * sizeof(*fact->ases)),
		.as_count = fact->as_count,
		.networks = networks_text(causes->run, finding, fact), .network_count = fact->network_count,
		.records = arena_zalloc(&finding->arena, (fact->change_count + 1) * sizeof(*into->records)),
		.record_count = fact->change_count, .records_left_out = fact->changes_left_out,
	};
	if (!into->note || !into->ases || !into->networks || !into->records)
		return err_memory(err);
	for (uint32_t i = 0; i < fact->change_count; i++)
		into->records[i] = map_get(&causes->number_of, fact->changes[i]);
	qsort(into->records, into->record_count, sizeof(*into->records), compare_u32);
	into->text = cause_fact_text(finding, into);
	return into->text ? 0 : err_memory(err);
}

static const char *word_add(struct finding *finding, const char *words, const char *word)
{
	return words ? fill_text(finding, "%s%s%s", words, *words ? " " : "", word) : NULL;
}

static int fill_hypothesis(struct finding *finding, const struct cause_draft *draft, const struct cause_support *support,
			   struct finding_hypothesis *into, struct err *err)
{
	const struct hypothesis_words *words = cause_hypothesis_words(support->hypothesis);

	*into = (struct finding_hypothesis){
		.outage = draft->number, .hypothesis = hypothesis_name(support->hypothesis), .text = words->text,
		.support = support->support, .decided_by = words->decided_by, .indifferent = "", .not_known = "",
		.weighings = arena_zalloc(&finding->arena, FACT_COUNT * sizeof(*into->weighings)),
	};
	if (!into->weighings)
		return err_memory(err);
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		const struct cause_weight *row = cause_weight_of((enum fact)i, draft->facts[i].reading);
		int weight = row ? row->weights[support->hypothesis] : 0;

		if (!row)
			into->not_known = word_add(finding, into->not_known, fact_name((enum fact)i));
		else if (weight == 0)
			into->indifferent = word_add(finding, into->indifferent, fact_name((enum fact)i));
		else
			into->weighings[into->weighing_count++] = (struct finding_weighing){
				.outage = draft->number, .hypothesis = into->hypothesis, .fact = fact_name((enum fact)i),
				.reading = draft->facts[i].reading, .weight = weight,
				.side = weight > 0 ? "for" : "against" };
	}
	return into->indifferent && into->not_known ? 0 : err_memory(err);
}

/* Those that are as well supported as the first, or nearly so. */
static int fill_ties(struct finding *finding, const struct cause_draft *draft, struct finding_cause *into, struct err *err)
{
	const struct finding_hypothesis *all = into->hypotheses;

	into->ties = arena_zalloc(&finding->arena, HYPOTHESIS_COUNT * sizeof(*into->ties));
	if (!into->ties)
		return err_memory(err);
	for (uint32_t i = 1; i < into->hypothesis_count && all[0].support > 0; i++) {
		struct finding_tie *tie = &into->ties[into->tie_count];

		if (all[0].support - all[i].support > CAUSE_MARGIN || all[i].support <= 0)
			break;
		*tie = (struct finding_tie){
			.outage = draft->number, .hypothesis = all[0].hypothesis, .other = all[i].hypothesis,
			.text = fill_text(finding, "Routing does not tell %s and %s apart here: their support is %lld and %lld.",
					  all[0].hypothesis, all[i].hypothesis, (long long)all[0].support,
					  (long long)all[i].support),
		};
		if (!tie->text)
			return err_memory(err);
		into->tie_count++;
	}
	return 0;
}

static int fill_cause(const struct causes *causes, const struct cause_draft *draft, struct finding_cause *into,
		      struct err *err)
{
	struct finding *finding = causes->finding;
	struct cause_support supports[HYPOTHESIS_COUNT];
	int code = 0;

	*into = (struct finding_cause){
		.outage = draft->number, .family = family_name(draft->subject->family),
		.start = draft->subject->machine.outages[draft->outage].start.at, .beyond = cause_beyond,
		.facts = arena_zalloc(&finding->arena, FACT_COUNT * sizeof(*into->facts)), .fact_count = FACT_COUNT,
		.hypotheses = arena_zalloc(&finding->arena, HYPOTHESIS_COUNT * sizeof(*into->hypotheses)),
		.hypothesis_count = HYPOTHESIS_COUNT,
	};
	if (!into->facts || !into->hypotheses)
		return err_memory(err);
	for (unsigned i = 0; i < FACT_COUNT && code == 0; i++)
		code = fill_fact(causes, draft, &draft->facts[i], &into->facts[i], err);
	cause_weigh(draft->facts, supports);
	for (unsigned i = 0; i < HYPOTHESIS_COUNT && code == 0; i++)
		code = fill_hypothesis(finding, draft, &supports[i], &into->hypotheses[i], err);
	if (code == 0)
		code = fill_ties(finding, draft, into, err);
	if (code)
		return code;
	into->supported = supports[0].support > 0 ? into->hypotheses[0].hypothesis : "";
	into->text = supports[0].support <= 0 ? "Routing supports none of the hypotheses."
		: into->tie_count ? fill_text(finding, "Most supported, but not told apart by routing from %u more: %s.", into->tie_count,
					      into->hypotheses[0].text)
		: fill_text(finding, "Most supported: %s.", into->hypotheses[0].text);
	return into->text ? 0 : err_memory(err);
}

static int fill_all(struct causes *causes, struct err *err)
{
	struct finding_report *report = causes->finding->result.report;
	int code = drafts_take(causes, err);

	if (code == 0)
		code = others_take(causes, err);
	for (uint32_t i = 0; i < causes->count && code == 0; i++)
		code = cause_facts(&causes->drafts[i].scene, causes->drafts[i].facts, err);

	if (code == 0)
		code = events_number(causes, err);
	if (code == 0)
		code = fill_events(causes, err);
	if (code)
		return code;
	report->causes = arena_zalloc(&causes->finding->arena, (causes->count ? causes->count : 1) * sizeof(*report->causes));
	if (!report->causes)
		return err_memory(err);
	for (uint32_t i = 0; i < causes->count && code == 0; i++)
		code = fill_cause(causes, &causes->drafts[i], &report->causes[report->cause_count++], err);
	return code;
}

int fill_causes(const struct run *run, struct finding *finding, struct err *err)
{
	struct causes causes = { .run = run, .finding = finding };
	int code = 0;

	causes.table_numbers = calloc(run->network_count ? run->network_count : 1, sizeof(*causes.table_numbers));
	if (!causes.table_numbers)
		return err_memory(err);
	for (uint32_t i = 0; i < run->network_count; i++)
		causes.table_numbers[i] = run->networks[i].network;
	code = fill_all(&causes, err);
	for (uint32_t i = 0; i < causes.count; i++) {
		cause_facts_free(causes.drafts[i].facts);
		fall_free(&causes.drafts[i].scene.fall);
	}
	map_free(&causes.number_of);
	free(causes.drafts);
	free(causes.changes);
	free(causes.table_numbers);
	return code;
}
