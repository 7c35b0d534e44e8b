/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Causes: for each outage of the place the fall, its facts and the hypotheses held against them.
 *
 * The events that facts rest on are numbered over all causes, in an order that their content gives;
 * facts name them by number, and provenance says where each stands in the inputs. So are the times
 * that were searched for what was not there.
 */
#define _GNU_SOURCE	/* qsort_r */
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
	struct cause_event *events;	/* of all facts, in order, each once */
	uint32_t event_count, event_room;
	struct search *searches;	/* likewise */
	uint32_t search_count, search_room;
	bool outages_left_out;		/* more than CAUSES_MAX */
};

struct search {
	int64_t from, until;
};

/* The outage's fall; facts come when all falls are known. */
static int draft_take(const struct causes *causes, struct cause_draft *draft, struct err *err)
{
	const struct run *run = causes->run;

	draft->scene = (struct cause_scene){
		.question = {
			.parameters = &run->question->parameters, .table = run->table,
			.signals = run->signals,
			.history = run->history, .networks = run->network_count,
			.table_numbers = causes->table_numbers, .asn = run->question->asn,
			.outage = &draft->subject->machine.outages[draft->outage],
			.family = draft->subject->family, .end = run->end,
		},
		.place = draft->subject, .outage = draft->outage, .stability = run->stability,
		.vrps = run->inquiry->vrps, .clocks = run->inquiry->clocks,
		.clock_count = run->inquiry->clock_count,
		.blackholes = run->blackholes, .blackhole_count = run->blackhole_count,
		.data_from = run->first_heard,
	};
	return fall_take(&draft->scene.question, &draft->scene.fall, err);
}

/*
 * The moments between which others are watched: from before the first message to when all had time
 * to settle, or it was over.
 */
static struct behind_want want_of(const struct cause_draft *draft)
{
	const struct outage *outage = draft->scene.question.outage;
	const struct fall *fall = &draft->scene.fall;
	struct behind_want want = {
		.fall = fall, .before = outage->start.earliest - WATCH_BEFORE,
		.after = (fall->until > outage->start.latest ? fall->until :
			outage->start.latest) + WATCH_AFTER,
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
	const struct cause_draft *left = *(struct cause_draft *const *)a,
				 *right = *(struct cause_draft *const *)b;
	uint64_t left_lost = left->scene.question.outage->lost,
		 right_lost = right->scene.question.outage->lost;

	if (left_lost != right_lost)
		return left_lost > right_lost ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* What others did, for the outages that took most. */
static int others_take(struct causes *causes, struct err *err)
{
	struct cause_draft **order = calloc(causes->count ? causes->count : 1,
					    sizeof(struct cause_draft *));
	uint32_t wanted = causes->count < OTHERS_MAX ? causes->count : OTHERS_MAX;
	struct behind_want *wants = calloc(wanted ? wanted : 1, sizeof(*wants));
	int code = order && wants ? 0 : err_memory(err);

	for (uint32_t i = 0; i < causes->count && order; i++) {
		order[i] = &causes->drafts[i];
		order[i]->scene.behind.unknown =
			"only the outages that took most are read a second time for";
	}
	if (code == 0 && causes->count)
		qsort(order, causes->count, sizeof(struct cause_draft *), compare_lost);
	for (uint32_t i = 0; i < wanted && code == 0; i++)
		wants[i] = want_of(order[i]);
	if (code == 0)
		code = behind_take(causes->run, wants, wanted, err);
	/* also what was found before an error, for who frees it */
	for (uint32_t i = 0; order && wants && i < wanted; i++) {
		order[i]->scene.behind = wants[i].behind;
		order[i]->scene.behind.unknown = "the recordings could not be read a second time";
	}
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
		const struct subject *subject = signals_find(causes->run->signals, SUBJECT_PLACE, 0,
							     families[f]);

		if (!subject || subject->first_measured == UTC_NEVER)
			continue;
		for (uint32_t i = 0; i < subject->machine.count && code == 0; i++) {
			if (!outage_in_question(causes->run->question,
						&subject->machine.outages[i]))
				continue;
			if (++number > CAUSES_MAX) {
				causes->outages_left_out = true;
				return code;
			}
			if (number == 1)
				code = history_ready(causes->run->history, err);
			if (code)
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

static int compare_i64(int64_t left, int64_t right)
{
	return left < right ? -1 : left > right;
}

/*
 * In the order of what they say; those of one session within an instant in that of the records,
 * however these are packed.
 */
static int compare_events(const void *a, const void *b, void *context)
{
	const struct run *run = context;
	const struct cause_event *left = a, *right = b;
	const struct roster_vantage *one = &table_roster(run->table)->vantages[left->vantage];
	const struct roster_vantage *other = &table_roster(run->table)->vantages[right->vantage];
	int order = compare_i64(left->time, right->time);

	if (order == 0)
		order = strcmp(one->collector, other->collector);
	if (order == 0)
		order = peer_compare(&one->peer, &other->peer);
	if (order == 0 && left->ref.input != right->ref.input)
		order = compare_i64(run->inputs[left->ref.input].first,
				    run->inputs[right->ref.input].first);
	if (order == 0 && left->ref.input != right->ref.input)
		order = left->ref.input < right->ref.input ? -1 : 1;
	if (order == 0)
		order = compare_i64((int64_t)left->ref.number, (int64_t)right->ref.number);
	if (order == 0)
		order = compare_i64(left->kind, right->kind);
	return order ? order : prefix_compare(&left->prefix, &right->prefix);
}

static int compare_searches(const void *a, const void *b)
{
	const struct search *left = a, *right = b;
	int order = compare_i64(left->from, right->from);

	return order ? order : compare_i64(left->until, right->until);
}

static struct search search_of(const struct cause_fact *fact)
{
	return (struct search){ fact->searched_from, fact->searched_until };
}

static int fact_gather(struct causes *causes, const struct cause_fact *fact, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < fact->event_count && code == 0; i++) {
		code = VEC_GROW(causes->events, causes->event_count, causes->event_room, err);
		if (code == 0)
			causes->events[causes->event_count++] = fact->events[i];
	}
	if (code || fact->searched_from == UTC_NEVER)
		return code;
	code = VEC_GROW(causes->searches, causes->search_count, causes->search_room, err);
	if (code == 0)
		causes->searches[causes->search_count++] = search_of(fact);
	return code;
}

/* What all facts rest on, in order, each once. */
static int evidence_number(struct causes *causes, struct err *err)
{
	void *run = (void *)(uintptr_t)causes->run;
	uint32_t kept = 0;
	int code = 0;

	for (uint32_t i = 0; i < causes->count && code == 0; i++)
		for (unsigned k = 0; k < FACT_COUNT && code == 0; k++)
			code = fact_gather(causes, &causes->drafts[i].facts[k], err);
	if (code)
		return code;
	if (causes->event_count)
		qsort_r(causes->events, causes->event_count, sizeof(*causes->events),
			compare_events, run);
	for (uint32_t i = 0; i < causes->event_count; i++)
		if (i == 0 ||
		    compare_events(&causes->events[i], &causes->events[kept - 1], run) != 0)
			causes->events[kept++] = causes->events[i];
	causes->event_count = kept;
	if (causes->search_count)
		qsort(causes->searches, causes->search_count, sizeof(*causes->searches),
		      compare_searches);
	kept = 0;
	for (uint32_t i = 0; i < causes->search_count; i++)
		if (i == 0 ||
		    compare_searches(&causes->searches[i], &causes->searches[kept - 1]) != 0)
			causes->searches[kept++] = causes->searches[i];
	causes->search_count = kept;
	return 0;
}

/* The event's number, from 1. */
static uint32_t number_of(const struct causes *causes, const struct cause_event *event)
{
	uint32_t low = 0, high = causes->event_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_events(&causes->events[middle], event, (void *)(uintptr_t)causes->run) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}

static uint32_t search_number(const struct causes *causes, const struct cause_fact *fact)
{
	struct search wanted = search_of(fact);
	const struct search *found = fact->searched_from == UTC_NEVER
					     ? NULL
					     : bsearch(&wanted, causes->searches,
						       causes->search_count, sizeof(wanted),
						       compare_searches);

	return found ? (uint32_t)(found - causes->searches) + 1 : 0;
}

static const char *event_path(const struct run *run, struct finding *finding,
			      const struct cause_event *event)
{
	struct buf path = { 0 };
	const char *text;

	if (event->text)
		return arena_strndup(&finding->arena, event->text, strlen(event->text));
	if (event->path != PATH_NONE)
		table_path_format(run->table, event->vantage, event->path, &path);
	text = path.failed ? NULL
			   : arena_strndup(&finding->arena, path.data ? path.data : "", path.len);
	buf_free(&path);
	return text;
}

static int fill_event(const struct run *run, struct finding *finding,
		      const struct cause_event *event, struct finding_event *into, struct err *err)
{
	const struct roster_vantage *vantage = &table_roster(run->table)->vantages[event->vantage];

	into->time = event->time;
	into->collector = arena_strndup(&finding->arena, vantage->collector,
					strlen(vantage->collector));
	into->peer = fill_addr(finding, &vantage->peer.addr);
	into->peer_as = vantage->peer.asn;
	into->kind = cause_event_name(event->kind);
	into->network = event->prefix.family == FAMILY_NONE ? ""
							    : fill_prefix(finding, &event->prefix);
	into->path = event_path(run, finding, event);
	return into->collector && into->peer && into->network && into->path ? 0 : err_memory(err);
}

static int fill_events(const struct causes *causes, struct err *err)
{
	const struct run *run = causes->run;
	struct finding *finding = causes->finding;
	struct finding_report *report = finding->result.report;
	struct finding_provenance *provenance = &finding->provenance;
	uint32_t count = causes->event_count;
	int code = 0;

	report->events = arena_zalloc(&finding->arena,
				      (count ? count : 1) * sizeof(*report->events));
	provenance->events = arena_zalloc(&finding->arena,
					  (count ? count : 1) * sizeof(*provenance->events));
	if (!report->events || !provenance->events)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct cause_event *event = &causes->events[i];

		report->events[i].number = i + 1;
		code = fill_event(run, finding, event, &report->events[i], err);
		provenance->events[i] = (struct finding_reference){
			i + 1, event->ref.input + 1, event->ref.number, event->ref.offset };
	}
	report->event_count = provenance->event_count = count;
	return code;
}

/* Records of an input in the search's whole minutes. */
static uint64_t records_in(const struct run_input *input, const struct search *search)
{
	int64_t from = search->from - search->from % UTC_MINUTE;
	uint64_t records = 0;

	for (uint32_t i = 0; i < input->minute_count; i++)
		if (input->minutes[i].from >= from && input->minutes[i].from <= search->until)
			records += input->minutes[i].records;
	return records;
}

/* The inputs with records then, as "1-4 9". */
static int fill_searched(const struct run *run, struct finding *finding,
			 const struct search *search, struct finding_searched *into,
			 struct err *err)
{
	struct buf inputs = { 0 };
	uint32_t begun = 0;	/* of a run of inputs, from 1; 0: none */

	for (uint32_t i = 0; i <= run->inquiry->input_count; i++) {
		uint64_t records = i < run->inquiry->input_count
					   ? records_in(&run->inputs[i], search)
					   : 0;

		into->records += records;
		if (records && !begun) {
			begun = i + 1;
			buf_printf(&inputs, "%s%u", inputs.len ? " " : "", begun);
		} else if (!records && begun) {
			if (i > begun)
				buf_printf(&inputs, "-%u", i);
			begun = 0;
		}
	}
	into->inputs = inputs.failed ? NULL
				     : arena_strndup(&finding->arena,
						     inputs.data ? inputs.data : "", inputs.len);
	buf_free(&inputs);
	return into->inputs ? 0 : err_memory(err);
}

static int fill_searches(const struct causes *causes, struct err *err)
{
	struct finding *finding = causes->finding;
	struct finding_report *report = finding->result.report;
	struct finding_provenance *provenance = &finding->provenance;
	uint32_t count = causes->search_count, first;
	int code = 0;

	report->searches = arena_zalloc(&finding->arena,
					(count ? count : 1) * sizeof(*report->searches));
	provenance->searches = arena_zalloc(&finding->arena,
					    (count ? count : 1) * sizeof(*provenance->searches));
	if (!report->searches || !provenance->searches)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++) {
		const struct search *search = &causes->searches[i];

		report->searches[i] = (struct finding_search){
			i + 1, search->from, search->until,
			history_span(causes->run->history, search->from, search->until, &first) };
		provenance->searches[i].number = i + 1;
		code = fill_searched(causes->run, finding, search, &provenance->searches[i], err);
	}
	report->search_count = provenance->search_count = count;
	return code;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static const char *networks_text(const struct causes *causes, const struct cause_draft *draft,
				 const struct cause_fact *fact)
{
	struct visibility *visibility = signals_visibility(causes->run->signals);
	const struct cause_behind *behind = &draft->scene.behind;
	bool others = fact->fact == FACT_OTHERS;
	uint32_t count = others ? behind->named_count : fact->network_count;
	uint32_t shown = count < FACT_NETWORKS ? count : FACT_NETWORKS;
	struct finding *finding = causes->finding;
	struct buf buf = { 0 };
	const char *text;

	for (uint32_t i = 0; i < shown; i++) {
		if (i)
			buf_char(&buf, ' ');
		prefix_format(&buf,
			      others ? &behind->named[i]
				     : &visibility_network(visibility, fact->networks[i])->prefix);
	}
	text = buf.failed ? NULL
			  : arena_strndup(&finding->arena, buf.data ? buf.data : "", buf.len);
	buf_free(&buf);
	return text;
}

static int fill_fact(const struct causes *causes, const struct cause_draft *draft,
		     const struct cause_fact *fact, struct finding_fact *into, struct err *err)
{
	struct finding *finding = causes->finding;
	uint32_t search = search_number(causes, fact);

	*into = (struct finding_fact){
		.outage = draft->number, .fact = fact_name(fact->fact), .reading = fact->reading,
		.count = fact->count, .of = fact->of, .first = fact->first, .median = fact->median,
		.last = fact->last,
		.note = arena_strndup(&finding->arena, fact->note, strlen(fact->note)),
		.ases = arena_memdup(&finding->arena, fact->ases,
			fact->as_count * sizeof(*fact->ases)),
		.as_count = fact->as_count,
		.networks = networks_text(causes, draft, fact),
		.network_count = fact->fact == FACT_OTHERS ? draft->scene.behind.others :
			fact->network_count,
		.basis = fact->event_count ? fact->absent ? "both" : "events" : search ? "absence" : "nothing",
		.records = arena_zalloc(&finding->arena,
			(fact->event_count + 1) * sizeof(*into->records)),
		.record_count = fact->event_count, .records_left_out = fact->events_left_out,
		.absent = fact->absent ? fact->absent : "", .searched = search,
	};
	if (!into->note || !into->ases || !into->networks || !into->records)
		return err_memory(err);
	for (uint32_t i = 0; i < fact->event_count; i++)
		into->records[i] = number_of(causes, &fact->events[i]);
	qsort(into->records, into->record_count, sizeof(*into->records), compare_u32);
	into->text = cause_fact_text(finding, into);
	return into->text ? 0 : err_memory(err);
}

static const char *word_add(struct finding *finding, const char *words, const char *word)
{
	return words ? fill_text(finding, "%s%s%s", words, *words ? " " : "", word) : NULL;
}

static int fill_hypothesis(struct finding *finding, const struct cause_draft *draft,
			   const struct cause_support *support, struct finding_hypothesis *into,
			   struct err *err)
{
	const struct hypothesis_words *words = cause_hypothesis_words(support->hypothesis);

	*into = (struct finding_hypothesis){
		.outage = draft->number, .hypothesis = hypothesis_name(support->hypothesis),
		.text = words->text,
		.support = support->support, .decided_by = words->decided_by, .indifferent = "",
		.not_known = "",
		.weighings = arena_zalloc(&finding->arena, FACT_COUNT * sizeof(*into->weighings)),
	};
	if (!into->weighings)
		return err_memory(err);
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		const struct cause_weight *row = cause_weight_of((enum fact)i,
								 draft->facts[i].reading);
		int weight = row ? row->weights[support->hypothesis] : 0;

		if (!row)
			into->not_known = word_add(finding, into->not_known,
						   fact_name((enum fact)i));
		else if (weight == 0)
			into->indifferent = word_add(finding, into->indifferent,
						     fact_name((enum fact)i));
		else
			into->weighings[into->weighing_count++] = (struct finding_weighing){
				.outage = draft->number, .hypothesis = into->hypothesis,
				.fact = fact_name((enum fact)i),
				.reading = draft->facts[i].reading, .weight = weight,
				.side = weight > 0 ? "for" : "against" };
	}
	return into->indifferent && into->not_known ? 0 : err_memory(err);
}

/* Those that are as well supported as the first, or nearly so. */
static int fill_ties(struct finding *finding, const struct cause_draft *draft,
		     struct finding_cause *into, struct err *err)
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
			.outage = draft->number,
			.hypothesis = all[0].hypothesis,
			.other = all[i].hypothesis,
			.text = fill_text(finding,
					  "Routing does not tell %s and %s apart here: their "
					  "support is %lld and %lld.",
					  all[0].hypothesis, all[i].hypothesis,
					  (long long)all[0].support, (long long)all[i].support),
		};
		if (!tie->text)
			return err_memory(err);
		into->tie_count++;
	}
	return 0;
}

static int fill_cause(const struct causes *causes, const struct cause_draft *draft,
		      struct finding_cause *into, struct err *err)
{
	struct finding *finding = causes->finding;
	struct cause_support supports[HYPOTHESIS_COUNT];
	int code = 0;

	*into = (struct finding_cause){
		.outage = draft->number, .family = family_name(draft->subject->family),
		.start = draft->subject->machine.outages[draft->outage].start.at,
		.beyond = cause_beyond,
		.facts = arena_zalloc(&finding->arena, FACT_COUNT * sizeof(*into->facts)),
		.fact_count = FACT_COUNT,
		.hypotheses = arena_zalloc(&finding->arena,
			HYPOTHESIS_COUNT * sizeof(*into->hypotheses)),
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
		     : into->tie_count
			     ? fill_text(finding,
					 "Most supported, but not told apart by routing from %u "
					 "more: %s.",
					 into->tie_count, into->hypotheses[0].text)
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
		code = evidence_number(causes, err);
	if (code == 0)
		code = fill_events(causes, err);
	if (code == 0)
		code = fill_searches(causes, err);
	if (code)
		return code;
	report->causes = arena_zalloc(&causes->finding->arena, (causes->count ? causes->count : 1) *
								       sizeof(*report->causes));
	if (!report->causes)
		return err_memory(err);
	for (uint32_t i = 0; i < causes->count && code == 0; i++)
		code = fill_cause(causes, &causes->drafts[i],
				  &report->causes[report->cause_count++], err);
	return code;
}

/* What was too much, said. */
static int limits_tell(const struct causes *causes, struct err *err)
{
	struct finding *finding = causes->finding;
	bool others = false;
	int code = 0;

	for (uint32_t i = 0; i < causes->count; i++)
		others |= causes->drafts[i].scene.behind.left_out;
	if (causes->outages_left_out)
		code = fill_limit(finding, "causes-cut",
				  fill_text(finding, "only the first %u outages are explained",
					    CAUSES_MAX),
				  err);
	if (code == 0 && causes->run->blackholes_left_out)
		code = fill_limit(finding, "blackholes-cut",
				  fill_text(finding,
					    "more than %u prefixes of the place were announced "
					    "with a BLACKHOLE community: the others are not "
					    "counted",
					    BLACKHOLES_MAX),
				  err);
	if (code == 0 && others)
		code = fill_limit(finding, "others-cut",
				  fill_text(finding,
					    "more than %u routes ran through what all lost paths "
					    "shared: what others lost is told of some vantage "
					    "points only",
					    BEHIND_ROUTES_MAX),
				  err);
	return code;
}

int fill_causes(const struct run *run, struct finding *finding, struct err *err)
{
	struct causes causes = { .run = run, .finding = finding };
	int code = 0;

	causes.table_numbers = calloc(run->network_count ? run->network_count : 1,
				      sizeof(*causes.table_numbers));
	if (!causes.table_numbers)
		return err_memory(err);
	for (uint32_t i = 0; i < run->network_count; i++)
		causes.table_numbers[i] = run->networks[i].network;
	code = fill_all(&causes, err);
	if (code == 0)
		code = limits_tell(&causes, err);
	for (uint32_t i = 0; i < causes.count; i++) {
		cause_facts_free(causes.drafts[i].facts);
		fall_free(&causes.drafts[i].scene.fall);
		cause_behind_free(&causes.drafts[i].scene.behind);
	}
	free(causes.drafts);
	free(causes.events);
	free(causes.searches);
	free(causes.table_numbers);
	return code;
}
