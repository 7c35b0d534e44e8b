/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom a place was connected, over time: the history of its routes is gone through again,
 * with a stop at each moment of interest: at every step, and before, during and after each
 * outage. What changes between the stops goes to the shifts.
 *
 * A stop costs as much as the place has routes, so that places of many networks get fewer.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "inquiry/run.h"
#include "measure/shift.h"

#define MOMENTS_CHOSEN	96u		/* when no step is asked for, at most so many */
#define MOMENTS_FEWEST	8u
#define MOMENTS_MAX	10000u		/* and when one is */
#define OUTAGES_LOOKED	50u		/* the first so many outages of a report */
#define ROUTES_LOOKED	(1u << 29)	/* route look-ups that may be spent on chosen steps */

enum moment_why { MOMENT_STEP, MOMENT_BEFORE, MOMENT_DURING, MOMENT_AFTER };

struct moment {
	int64_t time;
	enum moment_why why;
	uint32_t outage;
};

struct filling {
	const struct run *run;
	const struct as_countries *countries;
	struct upstreams_question question;
	struct finding *finding;
	struct finding_connection *into;
	struct moment *moments;
	uint32_t moment_count, moment_room;
	/* these grow, and go to the finding at the end */
	struct finding_moment_share *shares;
	uint32_t share_room;
	struct finding_moment_view *views;
	uint32_t view_room;
	struct finding_moment_hegemony *hegemony;
	uint32_t hegemony_room;
	/* as of the last stop */
	struct upstreams upstreams;
	struct hegemony measured;
};

static int moment_add(struct filling *filling, int64_t time, enum moment_why why, uint32_t outage,
		      struct err *err)
{
	int code;

	if (time < filling->into->from || time > filling->into->until)
		return 0;
	code = VEC_GROW(filling->moments, filling->moment_count, filling->moment_room, err);
	if (code == 0)
		filling->moments[filling->moment_count++] = (struct moment){ time, why, outage };
	return code;
}

/* The shortest round step that makes no more than `most` of the time. */
static int64_t step_choose(int64_t span, uint32_t most)
{
	static const int64_t rounds[] = {
		UTC_MINUTE, 5 * UTC_MINUTE, 10 * UTC_MINUTE, 15 * UTC_MINUTE, 30 * UTC_MINUTE,
		UTC_HOUR,
		2 * UTC_HOUR, 3 * UTC_HOUR, 6 * UTC_HOUR, 12 * UTC_HOUR, UTC_DAY,
	};
	int64_t step;

	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		if (span / rounds[i] <= most)
			return rounds[i];
	}
	for (step = 2 * UTC_DAY; span / step > most; step *= 2)
		;
	return step;
}

static int step_find(struct filling *filling, struct err *err)
{
	const struct run *run = filling->run;
	int64_t span = filling->into->until - filling->into->from, step = run->question->step;
	uint64_t routes = (uint64_t)history_network_count(run->history) *
			  table_roster(run->table)->count;
	uint64_t most = ROUTES_LOOKED / (routes ? routes : 1);

	if (step == 0) {
		most = most > MOMENTS_CHOSEN   ? MOMENTS_CHOSEN
		       : most < MOMENTS_FEWEST ? MOMENTS_FEWEST
					       : most;
		filling->into->step = step_choose(span, (uint32_t)most);
		return 0;
	}
	while (span / step > MOMENTS_MAX)
		step *= 2;
	filling->into->step = step;
	if (step == run->question->step)
		return 0;
	return fill_limit(filling->finding, "step-widened",
			  fill_text(filling->finding,
				    "the step asked for makes more than %u samples: it was doubled "
				    "until it does not",
				    MOMENTS_MAX),
			  err);
}

/* The beginning, the end, and the whole multiples of the step between. */
static int steps_add(struct filling *filling, struct err *err)
{
	int64_t from = filling->into->from, until = filling->into->until,
		step = filling->into->step;
	int64_t into = from % step;
	int64_t time = from - (into < 0 ? into + step : into) + step;
	int code = moment_add(filling, from, MOMENT_STEP, 0, err);

	for (; time < until && code == 0; time += step)
		code = moment_add(filling, time, MOMENT_STEP, 0, err);
	if (code == 0 && until > from)
		code = moment_add(filling, until, MOMENT_STEP, 0, err);
	return code;
}

/*
 * Just before the first message of its beginning, half-way through, and with the last message of
 * its end.
 */
static int outages_add(struct filling *filling, struct err *err)
{
	const struct finding_report *report = filling->finding->result.report;
	uint32_t count = report ? report->outage_count : 0;
	int code = 0;

	for (uint32_t i = 0; i < count && i < OUTAGES_LOOKED && code == 0; i++) {
		const struct finding_outage *outage = &report->outages[i];
		int64_t start = outage->start.at, end = outage->end.at;
		int64_t middle = start +
				 ((end != UTC_NEVER ? end : filling->into->until) - start) / 2;

		code = moment_add(filling, outage->start.earliest - UTC_SECOND, MOMENT_BEFORE,
				  i + 1, err);
		if (code == 0)
			code = moment_add(filling,
					  middle - middle % UTC_SECOND < start
						  ? start
						  : middle - middle % UTC_SECOND,
					  MOMENT_DURING, i + 1, err);
		if (code == 0 && end != UTC_NEVER)
			code = moment_add(filling, outage->end.latest, MOMENT_AFTER, i + 1, err);
	}
	if (code == 0 && count > OUTAGES_LOOKED)
		code = fill_limit(filling->finding, "outages-looked-at",
				  fill_text(filling->finding,
					    "through whom the place was connected is told around "
					    "the first %u of %u outages",
					    OUTAGES_LOOKED, count),
				  err);
	return code;
}

static int compare_moments(const void *a, const void *b)
{
	const struct moment *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	if (left->why != right->why)
		return left->why < right->why ? -1 : 1;
	return left->outage < right->outage ? -1 : left->outage > right->outage;
}

static int shares_fill(struct filling *filling, int64_t time, enum transit_role role,
		       const char *name, uint32_t *ret_count, struct err *err)
{
	const struct upstreams *from = &filling->upstreams;
	struct finding_connection *into = filling->into;
	uint32_t count = 0;
	int code = 0;

	for (uint32_t i = 0; i < from->transit_count && code == 0; i++) {
		const struct transit *transit = &from->transits[i];
		bool inferred = false;
		country_t country;

		if (transit->role != role || count++ >= MOMENT_LISTED)
			continue;
		country = as_country(filling->countries, transit->asn, &inferred);
		code = VEC_GROW(filling->shares, into->share_count, filling->share_room, err);
		if (code)
			break;
		filling->shares[into->share_count++] = (struct finding_moment_share){
			.time = time, .role = name, .asn = transit->asn,
			.name = fill_as_name(filling->finding, filling->run->place, transit->asn),
			.country = fill_country(filling->finding, country),
			.country_inferred = inferred,
			.networks = transit->networks, .peers = transit->peers,
			.share = transit->share,
		};
	}
	*ret_count = count;
	return code;
}

static int views_fill(struct filling *filling, int64_t time, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct finding_connection *into = filling->into;
	int code = 0;

	for (unsigned i = 0; i < 2 && code == 0; i++) {
		const struct hegemony_view *view = &filling->measured.views[i];

		if (view->peers == 0)
			continue;
		code = VEC_GROW(filling->views, into->view_count, filling->view_room, err);
		if (code == 0)
			filling->views[into->view_count++] = (struct finding_moment_view){
				.time = time, .family = family_name(families[i]),
				.networks = view->networks,
				.weight = view->weight, .peers = view->peers,
				.trimmed = view->trimmed,
				.full_feeds = view->full_feeds, .measurable = view->measurable,
			};
	}
	return code;
}

static int hegemony_fill(struct filling *filling, int64_t time, struct err *err)
{
	struct finding_connection *into = filling->into;
	uint32_t listed[2] = { 0, 0 };
	int code = 0;

	for (uint32_t i = 0; i < filling->measured.count && code == 0; i++) {
		const struct hegemony_row *row = &filling->measured.rows[i];
		bool inferred = false;
		country_t country;

		if (listed[row->family == FAMILY_IPV6]++ >= MOMENT_LISTED)
			continue;
		country = as_country(filling->countries, row->asn, &inferred);
		code = VEC_GROW(filling->hegemony, into->hegemony_count, filling->hegemony_room,
				err);
		if (code)
			break;
		filling->hegemony[into->hegemony_count++] = (struct finding_moment_hegemony){
			.time = time, .family = family_name(row->family), .asn = row->asn,
			.name = fill_as_name(filling->finding, filling->run->place, row->asn),
			.country = fill_country(filling->finding, country),
			.country_inferred = inferred,
			.side = fill_side(&filling->question, country), .peers = row->peers,
			.share = row->share, .hegemony = row->hegemony,
		};
	}
	return code;
}

/* Looks again where a route changed since the last look. */
static int look(struct filling *filling, struct replay *replay, struct err *err)
{
	const struct question *question = filling->run->question;
	int code;

	if (!replay_changed(replay))
		return 0;
	upstreams_free(&filling->upstreams);
	hegemony_free(&filling->measured);
	code = upstreams_shares(replay_view(replay), filling->countries, &filling->question,
				&filling->upstreams, err);
	return code ? code : hegemony_of(replay_view(replay), &filling->question, question->weight,
					 &question->parameters, &filling->measured, err);
}

static int moments_fill(struct filling *filling, struct replay *replay, struct shifts *shifts,
			struct err *err)
{
	static const char *const whys[] = { "step", "before", "during", "after" };
	const struct history_sink sink = shifts_sink(shifts);
	struct finding_connection *into = filling->into;
	int code = 0;

	into->moments = arena_zalloc(&filling->finding->arena,
				     (filling->moment_count ? filling->moment_count : 1) *
					     sizeof(*into->moments));
	if (!into->moments)
		return err_memory(err);
	for (uint32_t i = 0; i < filling->moment_count && code == 0; i++) {
		const struct moment *moment = &filling->moments[i];
		struct finding_moment *row = &into->moments[i];

		*row = (struct finding_moment){
			.time = moment->time, .why = whys[moment->why], .outage = moment->outage,
		};
		into->moment_count++;
		if (i > 0 && moment->time == row[-1].time) {
			row->networks = row[-1].networks;
			row->peers = row[-1].peers;
			row->upstreams = row[-1].upstreams;
			row->gateways = row[-1].gateways;
			continue;
		}
		code = replay_until(replay, moment->time, &sink, err);
		if (code == 0)
			code = look(filling, replay, err);
		row->networks = filling->upstreams.networks;
		row->peers = filling->upstreams.peers;
		if (code == 0)
			code = shares_fill(filling, moment->time, TRANSIT_UPSTREAM, "upstream",
					   &row->upstreams, err);
		if (code == 0)
			code = shares_fill(filling, moment->time, TRANSIT_GATEWAY, "gateway",
					   &row->gateways, err);
		if (code == 0)
			code = views_fill(filling, moment->time, err);
		if (code == 0)
			code = hegemony_fill(filling, moment->time, err);
	}
	if (code == 0)
		code = replay_until(replay, into->until, &sink, err);
	return code ? code : shifts_finish(shifts, into->until, err);
}

static int shift_fill(const struct filling *filling, const struct shift *from,
		      struct finding_shift *into, struct err *err)
{
	static const char *const kinds[] = { "replaced", "lost", "gained" };
	static const char *const roles[] = { "origin", "upstream", "gateway", "farther" };
	const struct place *place = filling->run->place;
	struct finding *finding = filling->finding;
	uint32_t peers = from->peers < SHIFT_PEERS ? from->peers : SHIFT_PEERS;

	*into = (struct finding_shift){
		.first = from->first, .last = from->last, .kind = kinds[from->kind],
		.role = roles[from->role],
		.at_as = from->at, .from_as = from->from, .to_as = from->to,
		.at_name = fill_as_name(finding, place, from->at),
		.from_name = fill_as_name(finding, place, from->from),
		.to_name = fill_as_name(finding, place, from->to),
		.routes = from->routes, .networks = from->networks, .peers = from->peers,
		.peer_ases = arena_memdup(&finding->arena, from->peer_asns,
			peers * sizeof(*into->peer_ases)),
		.peer_as_count = peers,
		.network = fill_prefix(finding, &from->network),
		.behind = arena_strndup(&finding->arena, from->behind, strlen(from->behind)),
		.before = arena_strndup(&finding->arena, from->before, strlen(from->before)),
		.after = arena_strndup(&finding->arena, from->after, strlen(from->after)),
	};
	return into->at_name && into->from_name && into->to_name && into->peer_ases &&
			       into->network && into->behind && into->before && into->after
		       ? 0
		       : err_memory(err);
}

static int shifts_fill(const struct filling *filling, const struct shifts *shifts, struct err *err)
{
	struct finding_connection *into = filling->into;
	uint32_t count = shifts_count(shifts);
	const uint32_t *constant;
	int code = 0;

	into->shifts = arena_zalloc(&filling->finding->arena,
				    (count ? count : 1) * sizeof(*into->shifts));
	if (!into->shifts)
		return err_memory(err);
	for (uint32_t i = 0; i < count && code == 0; i++)
		code = shift_fill(filling, shifts_at(shifts, i), &into->shifts[into->shift_count++],
				  err);
	into->shifts_left_out = shifts_left_out(shifts);
	into->constant_count = shifts_constant(shifts, &constant, &into->paths);
	into->constant = arena_memdup(&filling->finding->arena, constant,
				      into->constant_count * sizeof(*into->constant));
	return code || into->constant ? code : err_memory(err);
}

/* What grew goes where the finding lives. */
static int lists_store(const struct filling *filling, struct err *err)
{
	struct finding_connection *into = filling->into;
	struct arena *arena = &filling->finding->arena;

	into->shares = arena_memdup(arena, filling->shares,
				    into->share_count * sizeof(*into->shares));
	into->views = arena_memdup(arena, filling->views, into->view_count * sizeof(*into->views));
	into->hegemony = arena_memdup(arena, filling->hegemony,
				      into->hegemony_count * sizeof(*into->hegemony));
	return into->shares && into->views && into->hegemony ? 0 : err_memory(err);
}

/*
 * The time looked at: what was asked about, as far as there is data and it was noted; false: there
 * is none.
 */
static bool period_find(struct filling *filling)
{
	const struct run *run = filling->run;
	struct finding_connection *into = filling->into;
	int64_t noted = history_end(run->history);

	into->from = run->question->from != UTC_NEVER ? run->question->from : run->first_heard;
	into->until = run->end;
	if (into->until != UTC_NEVER && noted <= into->until)
		into->until = noted - 1;
	return into->from != UTC_NEVER && into->until != UTC_NEVER && into->from <= into->until;
}

static int limit_noted(const struct filling *filling, struct err *err)
{
	const struct finding_connection *into = filling->into;
	struct buf when = { 0 };
	const char *text;

	if (history_end(filling->run->history) == INT64_MAX)
		return 0;
	utc_format(&when, into->until);
	buf_char(&when, '\0');
	text = when.failed
		       ? NULL
		       : fill_text(filling->finding,
				   "the place's routes changed more than %u times: through whom it "
				   "was connected%s is told up to %s only",
				   HISTORY_CHANGES_MAX,
				   filling->run->signals ? ", and what its outages' causes show,"
							 : "",
				   when.data);
	buf_free(&when);
	return fill_limit(filling->finding, "history-cut", text, err);
}

int fill_connection(const struct run *run, const struct as_countries *countries,
		    struct finding *finding, struct err *err)
{
	struct filling filling = {
		.run = run, .countries = countries, .question = run_subject(run),
		.finding = finding,
		.into = arena_zalloc(&finding->arena, sizeof(*filling.into)),
	};
	struct replay *replay = NULL;
	struct shifts *shifts = NULL;
	bool some;
	int code;

	finding->result.connection = filling.into;
	if (!filling.into)
		return err_memory(err);
	some = period_find(&filling);
	code = limit_noted(&filling, err);
	if (code || !some)
		return code;
	code = step_find(&filling, err);
	if (code == 0)
		code = steps_add(&filling, err);
	if (code == 0)
		code = outages_add(&filling, err);
	if (code == 0)
		code = replay_new(run->history, &replay, err);
	if (code == 0)
		code = shifts_new(replay_view(replay), countries, &filling.question,
				  &run->question->parameters, filling.into->from, &shifts, err);
	if (code == 0) {
		qsort(filling.moments, filling.moment_count, sizeof(*filling.moments),
		      compare_moments);
		code = moments_fill(&filling, replay, shifts, err);
	}
	if (code == 0)
		code = shifts_fill(&filling, shifts, err);
	if (code == 0)
		code = lists_store(&filling, err);
	shifts_free(shifts);
	replay_free(replay);
	upstreams_free(&filling.upstreams);
	hegemony_free(&filling.measured);
	free(filling.moments);
	free(filling.shares);
	free(filling.views);
	free(filling.hegemony);
	return code;
}
