/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * truth.json: written by hand in one order, one thing a line, so that two runs can be compared with
 * diff.
 *
 * Places are worked out only where something was dark: networks are sorted by country (by origin
 * AS) and family, and each stretch of one place with a dark network goes to truth_place().
 */
#define _GNU_SOURCE	/* qsort_r() */
#include "sim/truth.h"

#include <stdlib.h>

#include "base/utc.h"

struct writer {
	const struct scenario *scenario;
	const struct play *play;
	const struct plan *plan;
	struct buf *buf;
	struct touch *darks;		/* by group: of play->darks */
	bool *seen;			/* by group: at the start */
	uint32_t *order;		/* networks seen at the start, as the places want them */
	uint32_t order_count;
	struct err *err;
};

static void put_time(struct buf *buf, const char *key, int64_t time)
{
	buf_printf(buf, "\"%s\": ", key);
	if (time == UTC_NEVER) {
		buf_str(buf, "null");
		return;
	}
	buf_char(buf, '"');
	utc_format(buf, time);
	buf_char(buf, '"');
}

static void put_times(struct buf *buf, const struct dark *dark)
{
	put_time(buf, "cause_at", dark->cause_at);
	buf_str(buf, ", ");
	put_time(buf, "vp_dark_at", dark->vp_dark_at);
	buf_str(buf, ", ");
	put_time(buf, "vp_back_at", dark->vp_back_at);
	buf_str(buf, ", ");
	put_time(buf, "world_dark_at", dark->world_dark_at);
	buf_str(buf, ", ");
	put_time(buf, "world_back_at", dark->world_back_at);
}

static void put_event_number(struct buf *buf, uint32_t event)
{
	if (event == PLAN_NOISE)
		buf_str(buf, "\"event\": null");
	else
		buf_printf(buf, "\"event\": %u", event);
}

/*
 * What an event did to networks, over all that it made dark: the first to go, the last to come
 * back.
 */
static void put_effects(const struct writer *writer, uint32_t event)
{
	struct dark all = { .cause_at = INT64_MAX, .vp_dark_at = INT64_MAX, .vp_back_at = UTC_NEVER,
			    .world_dark_at = INT64_MAX, .world_back_at = UTC_NEVER };
	bool open = false;
	uint32_t networks = 0, times = 0, last = WORLD_NONE;

	for (uint32_t i = 0; i < writer->play->dark_count; i++) {
		const struct dark *dark = &writer->play->darks[i];

		if (dark->event != event)
			continue;
		if (dark->group != last)
			networks += writer->plan->groups[dark->group].count;
		last = dark->group;
		times++;
		all.cause_at = dark->cause_at < all.cause_at ? dark->cause_at : all.cause_at;
		all.vp_dark_at = dark->vp_dark_at < all.vp_dark_at ? dark->vp_dark_at
								   : all.vp_dark_at;
		open |= dark->vp_back_at == UTC_NEVER;
		all.vp_back_at = dark->vp_back_at > all.vp_back_at ? dark->vp_back_at
								   : all.vp_back_at;
		if (dark->world_dark_at != UTC_NEVER && dark->world_dark_at < all.world_dark_at)
			all.world_dark_at = dark->world_dark_at;
		all.world_back_at = dark->world_back_at > all.world_back_at ? dark->world_back_at
									    : all.world_back_at;
	}
	all.vp_back_at = open ? UTC_NEVER : all.vp_back_at;
	all.world_dark_at = all.world_dark_at == INT64_MAX ? UTC_NEVER : all.world_dark_at;
	buf_printf(writer->buf, ", \"networks_dark\": %u", networks);
	if (times) {
		buf_str(writer->buf, ", ");
		put_times(writer->buf, &all);
	}
}

static void put_events(const struct writer *writer)
{
	const struct scenario *scenario = writer->scenario;

	buf_str(writer->buf, "\"events\": [");
	for (uint32_t i = 0; i < scenario->event_count; i++) {
		const struct scenario_event *event = &scenario->events[i];

		buf_printf(writer->buf, "%s\n{\"event\": %u, \"what\": \"%s\", \"line\": %u, ",
			   i ? "," : "", i, what_names[event->what], event->line);
		if (event->label) {
			buf_str(writer->buf, "\"label\": ");
			buf_json(writer->buf, event->label, strlen(event->label));
			buf_str(writer->buf, ", ");
		}
		put_time(writer->buf, "at", event->at);
		buf_str(writer->buf, ", ");
		put_time(writer->buf, "until",
			 event->until != UTC_NEVER || event->lasting == UTC_NEVER
				 ? event->until
				 : event->at + event->lasting);
		if (!what_is_trouble(event->what) || event->what == WHAT_STUCK)
			put_effects(writer, i);
		buf_char(writer->buf, '}');
	}
	buf_str(writer->buf, "\n],\n");
}

static void put_country(struct buf *buf, country_t country)
{
	char code[3];

	country_format(country, code);
	buf_printf(buf, "\"%s\"", code);
}

static void put_networks(const struct writer *writer)
{
	const struct plan *plan = writer->plan;
	bool first = true;

	buf_str(writer->buf, "\"networks\": [");
	for (uint32_t i = 0; i < plan->network_count; i++) {
		uint32_t number = plan->by_prefix[i], group = plan->group_of[number];
		const struct world_network *network = &plan->networks[number];
		const struct touch *darks = &writer->darks[group];

		if (darks->count == 0)
			continue;
		buf_str(writer->buf, first ? "\n{\"network\": \"" : ",\n{\"network\": \"");
		prefix_format(writer->buf, &network->prefix);
		buf_printf(writer->buf, "\", \"origin\": %u, \"country\": ",
			   plan->world->ases[network->origin].asn);
		put_country(writer->buf, network->country);
		buf_str(writer->buf, ", \"dark\": [");
		for (uint32_t j = 0; j < darks->count; j++) {
			const struct dark *dark = &writer->play->darks[darks->first + j];

			buf_str(writer->buf, j ? ",\n\t{" : "\n\t{");
			put_event_number(writer->buf, dark->event);
			buf_str(writer->buf, ", ");
			put_times(writer->buf, dark);
			buf_printf(writer->buf, ", \"lowest_visibility\": %u}", dark->lowest);
		}
		buf_str(writer->buf, "]}");
		first = false;
	}
	buf_str(writer->buf, "\n],\n");
}

/* Places. */

static int compare_by_country(const void *a, const void *b, void *context)
{
	const struct plan *plan = context;
	const struct world_network *x = &plan->networks[*(const uint32_t *)a];
	const struct world_network *y = &plan->networks[*(const uint32_t *)b];

	if (x->country != y->country)
		return x->country < y->country ? -1 : 1;
	return prefix_compare(&x->prefix, &y->prefix);
}

static int compare_by_origin(const void *a, const void *b, void *context)
{
	const struct plan *plan = context;
	const struct world_network *x = &plan->networks[*(const uint32_t *)a];
	const struct world_network *y = &plan->networks[*(const uint32_t *)b];

	if (x->origin != y->origin)
		return x->origin < y->origin ? -1 : 1;
	return prefix_compare(&x->prefix, &y->prefix);
}

static void put_outage(const struct writer *writer, const struct world_network *of, bool country,
		       const struct place_outages *outages, const struct place_outage *outage,
		       bool first)
{
	struct buf *buf = writer->buf;

	buf_str(buf, first ? "\n{" : ",\n{");
	if (country) {
		buf_str(buf, "\"country\": ");
		put_country(buf, of->country);
	} else {
		buf_printf(buf, "\"as\": %u", writer->plan->world->ases[of->origin].asn);
	}
	buf_printf(buf, ", \"family\": \"%s\", \"level\": \"%s\", ",
		   of->prefix.family == FAMILY_IPV6 ? "ipv6" : "ipv4",
		   outage->total_from != UTC_NEVER   ? "total"
		   : outage->major_from != UTC_NEVER ? "major"
						     : "partial");
	put_event_number(buf, outage->event);
	buf_str(buf, ", ");
	put_time(buf, "cause_at", outage->cause_at);
	buf_str(buf, ", ");
	put_time(buf, "from", outage->from);
	buf_str(buf, ", ");
	put_time(buf, "until", outage->until);
	if (outage->major_from != UTC_NEVER) {
		buf_str(buf, ", ");
		put_time(buf, "major_from", outage->major_from);
		buf_str(buf, ", ");
		put_time(buf, "major_until", outage->major_until);
	}
	if (outage->total_from != UTC_NEVER) {
		buf_str(buf, ", ");
		put_time(buf, "total_from", outage->total_from);
		buf_str(buf, ", ");
		put_time(buf, "total_until", outage->total_until);
	}
	buf_printf(buf, ", \"blocks\": %llu, \"lowest_blocks\": %llu, \"networks_dark\": %u}",
		   (unsigned long long)outages->blocks, (unsigned long long)outage->lowest,
		   outage->networks);
}

/* One place: networks from `from` to before `to` in the order at hand. */
static int put_place(const struct writer *writer, uint32_t from, uint32_t to, bool country,
		     bool *first)
{
	const struct world_network *of = &writer->plan->networks[writer->order[from]];
	struct place_outages outages;
	bool any = false;
	int rc;

	for (uint32_t i = from; i < to; i++)
		any |= writer->darks[writer->plan->group_of[writer->order[i]]].count > 0;
	if (!any || (country && of->country == COUNTRY_UNKNOWN))
		return 0;
	rc = truth_place(writer->play, writer->darks, writer->order + from, to - from, &outages,
			 writer->err);
	if (rc != 0)
		return rc;
	for (uint32_t i = 0; i < outages.count; i++) {
		put_outage(writer, of, country, &outages, &outages.items[i], *first);
		*first = false;
	}
	free(outages.items);
	return 0;
}

static int put_places(const struct writer *writer, bool country, bool *first)
{
	const struct plan *plan = writer->plan;
	uint32_t from = 0;
	int rc = 0;

	qsort_r(writer->order, writer->order_count, sizeof(*writer->order),
		country ? compare_by_country : compare_by_origin, (void *)plan);
	for (uint32_t i = 0; i < writer->order_count && rc == 0; i++) {
		const struct world_network *this = &plan->networks[writer->order[i]];
		const struct world_network *next = i + 1 < writer->order_count
			? &plan->networks[writer->order[i + 1]] : NULL;

		if (next && next->prefix.family == this->prefix.family &&
		    (country ? next->country == this->country : next->origin == this->origin))
			continue;
		rc = put_place(writer, from, i + 1, country, first);
		from = i + 1;
	}
	return rc;
}

static int put_outages(const struct writer *writer)
{
	bool first = true;
	int rc;

	buf_str(writer->buf, "\"outages\": [");
	rc = put_places(writer, true, &first);
	if (rc == 0)
		rc = put_places(writer, false, &first);
	buf_str(writer->buf, "\n],\n");
	return rc;
}

static void put_trouble(const struct writer *writer)
{
	static const char *const names[] = { "session",		"collector",  "files-missing",
					     "files-truncated", "clock-skew", "duplicates" };
	const struct plan *plan = writer->plan;

	buf_str(writer->buf, "\"trouble\": [");
	for (uint32_t i = 0; i < plan->trouble_count; i++) {
		const struct trouble *trouble = &plan->troubles[i];

		buf_printf(writer->buf,
			   "%s\n{\"event\": %u, \"trouble\": \"%s\", \"collector\": \"%s\", ",
			   i ? "," : "", trouble->event, names[trouble->kind],
			   plan->collectors[trouble->collector].name);
		if (trouble->kind == TROUBLE_SESSION) {
			const struct peer *peer = &plan->vantages[trouble->vantage].peer;

			buf_printf(writer->buf, "\"peer_as\": %u, \"peer\": \"", peer->asn);
			addr_format(writer->buf, &peer->addr);
			buf_printf(writer->buf, "\", \"silent\": %s, ",
				   trouble->silent ? "true" : "false");
		}
		put_time(writer->buf, "from", trouble->at);
		buf_str(writer->buf, ", ");
		put_time(writer->buf, "until", trouble->until);
		buf_char(writer->buf, '}');
	}
	buf_str(writer->buf, "\n]\n");
}

/* Half of the peer ASes or more hold it in the steady state: what is never seen cannot be lost. */
static int find_seen(struct writer *writer)
{
	const struct plan *plan = writer->plan;
	bool *holds = calloc((size_t)plan->peer_ases + 1, sizeof(*holds));

	if (!holds)
		return err_memory(writer->err);
	for (uint32_t group = 0; group < plan->group_count; group++) {
		uint32_t count = 0, all = plan->groups[group].family == FAMILY_IPV6
						  ? plan->peer_ases6
						  : plan->peer_ases4;

		memset(holds, 0, plan->peer_ases * sizeof(*holds));
		for (uint32_t i = 0; i < plan->vantage_count; i++) {
			uint32_t peer = plan->vantages[i].peer_as;

			if (peer == WORLD_NONE ||
			    !writer->play->steady[(size_t)group * plan->vantage_count + i])
				continue;
			count += !holds[peer];
			holds[peer] = true;
		}
		writer->seen[group] = all && 2 * count >= all;
	}
	free(holds);
	return 0;
}

static int prepare(struct writer *writer)
{
	const struct plan *plan = writer->plan;
	const struct play *play = writer->play;
	int rc;

	writer->darks = calloc((size_t)plan->group_count + 1, sizeof(*writer->darks));
	writer->seen = calloc((size_t)plan->group_count + 1, sizeof(*writer->seen));
	writer->order = calloc((size_t)plan->network_count + 1, sizeof(*writer->order));
	if (!writer->darks || !writer->seen || !writer->order)
		return err_memory(writer->err);
	for (uint32_t i = 0; i < play->dark_count; i++)
		if (writer->darks[play->darks[i].group].count++ == 0)
			writer->darks[play->darks[i].group].first = i;
	rc = find_seen(writer);
	for (uint32_t i = 0; i < plan->network_count; i++)
		if (writer->seen[plan->group_of[i]])
			writer->order[writer->order_count++] = i;
	return rc;
}

static void put_head(const struct writer *writer)
{
	const struct plan *plan = writer->plan;

	buf_str(writer->buf, "{\n\"simulated\": true,\n\"scenario\": ");
	buf_json(writer->buf, writer->scenario->name, strlen(writer->scenario->name));
	buf_str(writer->buf, ",\n\"title\": ");
	buf_json(writer->buf, writer->scenario->title, strlen(writer->scenario->title));
	buf_printf(writer->buf, ",\n\"seed\": %llu,\n", (unsigned long long)plan->seed);
	put_time(writer->buf, "from", plan->from);
	buf_str(writer->buf, ",\n");
	put_time(writer->buf, "until", plan->until);
	buf_printf(writer->buf,
		   ",\n\"threshold\": 500000,\n\"peer_ases\": {\"ipv4\": %u, \"ipv6\": %u},\n",
		   plan->peer_ases4, plan->peer_ases6);
}

int truth_write(const struct scenario *scenario, const struct play *play, struct buf *buf,
		struct err *err)
{
	struct writer writer = {
		.scenario = scenario, .play = play, .plan = play->plan, .buf = buf, .err = err,
	};
	int rc = prepare(&writer);

	if (rc == 0) {
		put_head(&writer);
		put_events(&writer);
		put_networks(&writer);
		rc = put_outages(&writer);
		put_trouble(&writer);
		buf_str(buf, "}\n");
	}
	free(writer.darks);
	free(writer.seen);
	free(writer.order);
	if (rc == 0 && buf->failed)
		rc = err_memory(err);
	return rc;
}
