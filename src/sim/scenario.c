/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of a scenario: one table per map of the file, in the order of docs/simulate.md. Which
 * keys an event takes depends on what it is; event_rules says so.
 */
#include "sim/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

#define KEY(structure, name, set, member) { name, set, offsetof(struct structure, member), false }
#define MUST(structure, name, set, member) { name, set, offsetof(struct structure, member), true }
#define END { NULL, NULL, 0, false }

const char *const what_names[WHAT_COUNT + 1] = {
	[WHAT_LINK_DOWN] = "link-down",
	[WHAT_AS_DOWN] = "as-down",
	[WHAT_WITHDRAW] = "withdraw",
	[WHAT_DROP_CUSTOMERS] = "drop-customers",
	[WHAT_COUNTRY_DOWN] = "country-down",
	[WHAT_LEAK] = "leak",
	[WHAT_HIJACK] = "hijack",
	[WHAT_BLACKHOLE] = "blackhole",
	[WHAT_RPKI_INVALID] = "rpki-invalid",
	[WHAT_SESSION_RESET] = "session-reset",
	[WHAT_COLLECTOR_DOWN] = "collector-down",
	[WHAT_FILES_MISSING] = "files-missing",
	[WHAT_FILES_TRUNCATED] = "files-truncated",
	[WHAT_STUCK] = "stuck",
	[WHAT_CLOCK_SKEW] = "clock-skew",
	[WHAT_DUPLICATES] = "duplicates",
	[WHAT_COUNT] = NULL,
};

bool what_is_trouble(enum event_what what)
{
	return what >= WHAT_SESSION_RESET;
}

/* topology */

static int set_role(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "stub", "national", "regional", "tier1", NULL };

	return yaml_choice(yaml, place, words, field);
}

static const struct yaml_key as_keys[] = {
	MUST(scenario_as, "as", yaml_asn, asn),
	KEY(scenario_as, "name", yaml_text, name),
	KEY(scenario_as, "country", yaml_country, country),
	KEY(scenario_as, "role", set_role, role),
	KEY(scenario_as, "providers", yaml_asns, providers),
	KEY(scenario_as, "peers", yaml_asns, peers),
	KEY(scenario_as, "customers", yaml_asns, customers),
	KEY(scenario_as, "networks", yaml_prefixes, networks),
	KEY(scenario_as, "network_count", yaml_u32, network_count),
	KEY(scenario_as, "mrai", yaml_duration, mrai),
	END,
};

static int add_as(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = VEC_GROW(scenario->ases, scenario->as_count, scenario->as_room, yaml_err(yaml));
	struct scenario_as *as;

	(void)field;
	if (rc != 0)
		return rc;
	as = &scenario->ases[scenario->as_count++];
	*as = (struct scenario_as){
		.role = ROLE_STUB, .mrai = UTC_NEVER, .line = yaml_line(place),
	};
	rc = yaml_map(yaml, place, as_keys, as);
	if (rc != 0)
		return rc;
	if (as->network_count > 4000 || (as->network_count && as->networks.count))
		return yaml_complain(yaml, place,
				     "network_count: expected at most 4000, and no networks beside "
				     "it");
	for (uint32_t i = 0; i < as->networks.count; i++)
		if (!prefix_is_network(&as->networks.values[i]))
			return yaml_complain(yaml, place,
					     "networks are IPv4 /8 to /24 or IPv6 /16 to /48, of "
					     "public space");
	for (uint32_t i = 0; i + 1 < scenario->as_count; i++)
		if (scenario->ases[i].asn == as->asn)
			return yaml_complain(yaml, place, "AS%u is there already, in line %u",
					     as->asn, scenario->ases[i].line);
	return 0;
}

static int set_ases(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_list(yaml, place, add_as, field);
}

static int add_prepend(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario_policy *policy = field;
	struct scenario_prepend prepend;
	int rc;

	if (!view_u32(view_of(place->key), &prepend.asn))
		return yaml_complain(yaml, place, "expected the AS number of a neighbour as key");
	rc = yaml_u32(yaml, place, &prepend.times);
	if (rc != 0)
		return rc;
	if (prepend.times > 16)
		return yaml_expected(yaml, place, "how often to prepend, at most 16");
	rc = VEC_GROW(policy->prepend, policy->prepend_count, policy->prepend_room, yaml_err(yaml));
	if (rc == 0)
		policy->prepend[policy->prepend_count++] = prepend;
	return rc;
}

static int set_prepend(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_entries(yaml, place, add_prepend, field);
}

static const struct yaml_key policy_keys[] = {
	MUST(scenario_policy, "as", yaml_asn, asn),
	KEY(scenario_policy, "networks", yaml_prefixes, networks),
	KEY(scenario_policy, "only", yaml_asns, only),
	{ "prepend", set_prepend, 0, false },
	END,
};

static int add_policy(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = VEC_GROW(scenario->policies, scenario->policy_count, scenario->policy_room,
			  yaml_err(yaml));
	struct scenario_policy *policy;

	(void)field;
	if (rc != 0)
		return rc;
	policy = &scenario->policies[scenario->policy_count++];
	*policy = (struct scenario_policy){ .line = yaml_line(place) };
	return yaml_map(yaml, place, policy_keys, policy);
}

static int set_policies(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_list(yaml, place, add_policy, field);
}

static const struct yaml_key generate_keys[] = {
	MUST(scenario, "ases", yaml_u32, topology.ases),
	MUST(scenario, "networks", yaml_u32, topology.networks),
	KEY(scenario, "networks6", yaml_u32, topology.networks6),
	KEY(scenario, "tier1", yaml_u32, topology.tier1),
	KEY(scenario, "transit", yaml_share, topology.transit),
	KEY(scenario, "countries", yaml_u32, topology.countries),
	END,
};

static int set_generate(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = yaml_map(yaml, place, generate_keys, scenario);

	(void)field;
	if (rc != 0)
		return rc;
	scenario->generate = true;
	if (scenario->topology.ases < 50 || scenario->topology.ases > 200000)
		return yaml_complain(yaml, place, "ases: expected 50 to 200000");
	if (scenario->topology.tier1 < 1 || scenario->topology.tier1 > 64)
		return yaml_complain(yaml, place, "tier1: expected 1 to 64");
	if (scenario->topology.countries < 1)
		return yaml_complain(yaml, place, "countries: expected at least 1");
	return 0;
}

static const struct yaml_key topology_keys[] = {
	KEY(scenario, "relationships", yaml_text, relationships),
	KEY(scenario, "origins", yaml_text, origins),
	KEY(scenario, "countries", yaml_texts, countries),
	KEY(scenario, "names", yaml_text, names),
	{ "generate", set_generate, 0, false },
	{ "ases", set_ases, 0, false },
	{ "policies", set_policies, 0, false },
	KEY(scenario, "prepended", yaml_share, prepended),
	KEY(scenario, "selective", yaml_share, selective),
	END,
};

static int set_topology(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = yaml_map(yaml, place, topology_keys, scenario);

	(void)field;
	if (rc == 0 && scenario->generate && scenario->relationships)
		return yaml_complain(yaml, place,
				     "expected either generate or relationships, not both");
	return rc;
}

/* dynamics */

static int add_interval(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	struct scenario_interval interval;
	int rc;

	(void)field;
	if (!utc_parse_duration(view_of(place->key), &interval.mrai))
		return yaml_complain(yaml, place, "expected a duration such as 30s as key");
	rc = yaml_share(yaml, place, &interval.share);
	if (rc == 0)
		rc = VEC_GROW(scenario->intervals, scenario->interval_count,
			      scenario->interval_room, yaml_err(yaml));
	if (rc == 0)
		scenario->intervals[scenario->interval_count++] = interval;
	return rc;
}

static int set_intervals(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	uint64_t sum = 0;
	int rc;

	scenario->interval_count = 0;
	rc = yaml_entries(yaml, place, add_interval, field);
	for (uint32_t i = 0; i < scenario->interval_count; i++)
		sum += scenario->intervals[i].share;
	if (rc == 0 && sum != 1000000)
		return yaml_complain(yaml, place, "the shares must make 100%%");
	return rc;
}

static const struct yaml_key dynamics_keys[] = {
	{ "mrai", set_intervals, 0, false },
	KEY(scenario, "processing", yaml_span, processing),
	KEY(scenario, "slow", yaml_share, slow),
	KEY(scenario, "busy", yaml_share, busy),
	KEY(scenario, "withdrawals_wait", yaml_share, withdrawals_wait),
	KEY(scenario, "detection", yaml_duration, detection),
	END,
};

static int set_dynamics(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	(void)field;
	return yaml_map(yaml, place, dynamics_keys, yaml_context(yaml));
}

static const struct yaml_key noise_keys[] = {
	KEY(scenario, "link_events", yaml_u32, noise),
	KEY(scenario, "lasting", yaml_span, noise_lasting),
	KEY(scenario, "chatter", yaml_u32, chatter),
	END,
};

static int set_noise(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	(void)field;
	return yaml_map(yaml, place, noise_keys, yaml_context(yaml));
}

/* collectors */

static int set_address(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct view text;

	if (!yaml_scalar(place, &text) || !addr_parse(text, field))
		return yaml_expected(yaml, place, "an address");
	return 0;
}

static int set_feed(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario_vantage *vantage = field;
	struct view text;

	if (!yaml_scalar(place, &text))
		return yaml_expected(yaml, place, "full, customers, or a share such as 5%");
	if (view_equal(text, VIEW("full"))) {
		vantage->feed = FEED_FULL;
	} else if (view_equal(text, VIEW("customers"))) {
		vantage->feed = FEED_CUSTOMERS;
	} else {
		vantage->feed = FEED_SHARE;
		if (!view_ends(text, VIEW("%")))
			return yaml_expected(yaml, place, "full, customers, or a share such as 5%");
		return yaml_share(yaml, place, &vantage->share);
	}
	return 0;
}

static int add_family(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "ipv4", "ipv6", NULL };
	struct scenario_vantage *vantage = field;
	int which, rc = yaml_choice(yaml, place, words, &which);

	if (rc == 0 && which == 0)
		vantage->ipv4 = true;
	if (rc == 0 && which == 1)
		vantage->ipv6 = true;
	return rc;
}

static int set_families(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario_vantage *vantage = field;

	vantage->ipv4 = vantage->ipv6 = false;
	return yaml_is_list(place) ? yaml_list(yaml, place, add_family, field)
				   : add_family(yaml, place, field);
}

static const struct yaml_key vantage_keys[] = {
	KEY(scenario_vantage, "as", yaml_asn, asn),
	KEY(scenario_vantage, "pick", yaml_u32, pick),
	KEY(scenario_vantage, "outside", yaml_country, outside),
	KEY(scenario_vantage, "address", set_address, address),
	KEY(scenario_vantage, "sessions", yaml_u32, sessions),
	{ "feed", set_feed, 0, false },
	{ "families", set_families, 0, false },
	KEY(scenario_vantage, "mrai", yaml_duration, mrai),
	END,
};

static int add_vantage(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario_collector *collector = field;
	int rc = VEC_GROW(collector->vantages, collector->vantage_count, collector->vantage_room,
			  yaml_err(yaml));
	struct scenario_vantage *vantage;

	if (rc != 0)
		return rc;
	vantage = &collector->vantages[collector->vantage_count++];
	*vantage = (struct scenario_vantage){
		.sessions = 1, .ipv4 = true, .line = yaml_line(place),
	};
	rc = yaml_map(yaml, place, vantage_keys, vantage);
	if (rc != 0)
		return rc;
	if (!vantage->asn == !vantage->pick)
		return yaml_complain(yaml, place, "expected either as, or pick and how many");
	if (vantage->sessions < 1 || vantage->sessions > 16)
		return yaml_complain(yaml, place, "sessions: expected 1 to 16");
	if (vantage->address.family && (vantage->pick || vantage->sessions > 1))
		return yaml_complain(yaml, place,
				     "an address can be given to a single session only");
	return 0;
}

static int set_vantages(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_list(yaml, place, add_vantage, field);
}

static int set_layout(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "routeviews", "ris", NULL };
	struct collector *collector = field;
	int layout, rc = yaml_choice(yaml, place, words, &layout);
	bool ris;

	if (rc != 0)
		return rc;
	ris = layout == LAYOUT_RIS;
	/* Their habits, unless the keys behind say otherwise. */
	collector->layout = (enum layout)layout;
	collector->packing = ris ? PACKING_GZIP : PACKING_BZIP2;
	collector->updates_every = ris ? 5 * UTC_MINUTE : 15 * UTC_MINUTE;
	collector->ribs_every = ris ? 8 * UTC_HOUR : 2 * UTC_HOUR;
	collector->local_asn = ris ? 12654 : 6447;
	return 0;
}

static int set_packing(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "gz", "bz2", "none", NULL };
	int packing, rc = yaml_choice(yaml, place, words, &packing);

	if (rc == 0)
		*(enum packing *)field = (enum packing)packing;
	return rc;
}

static int set_clock(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "seconds", "microseconds", NULL };
	int clock, rc = yaml_choice(yaml, place, words, &clock);

	if (rc == 0)
		*(bool *)field = clock == 1;
	return rc;
}

static const struct yaml_key collector_keys[] = {
	MUST(scenario_collector, "name", yaml_text, is.name),
	MUST(scenario_collector, "layout", set_layout, is),
	KEY(scenario_collector, "compression", set_packing, is.packing),
	KEY(scenario_collector, "clock", set_clock, is.extended),
	KEY(scenario_collector, "updates", yaml_duration, is.updates_every),
	KEY(scenario_collector, "ribs", yaml_duration, is.ribs_every),
	KEY(scenario_collector, "rib_takes", yaml_duration, is.rib_takes),
	KEY(scenario_collector, "refill", yaml_duration, is.refill),
	KEY(scenario_collector, "skew", yaml_shift, is.skew),
	{ "vantage_points", set_vantages, 0, true },
	END,
};

static bool whole_minutes(int64_t duration)
{
	return duration >= UTC_MINUTE && duration <= UTC_DAY && UTC_DAY % duration == 0 &&
	       duration % UTC_MINUTE == 0;
}

/* Names are folders, and feed tells the collector by them. */
static bool good_name(const struct collector *collector)
{
	struct view name = view_of(collector->name);
	struct view start = collector->layout == LAYOUT_RIS ? VIEW("rrc") : VIEW("route-views");

	if (!view_starts(name, start) || name.len > 40)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.ptr[i]))
			return false;
	return collector->layout != LAYOUT_RIS ||
	       (name.len == 5 && strspn(name.ptr + 3, "0123456789") == 2);
}

static int add_collector(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = VEC_GROW(scenario->collectors, scenario->collector_count, scenario->collector_room,
			  yaml_err(yaml));
	struct scenario_collector *collector;

	(void)field;
	if (rc != 0)
		return rc;
	collector = &scenario->collectors[scenario->collector_count++];
	*collector = (struct scenario_collector){
		.is = { .rib_takes = 20 * UTC_SECOND, .refill = 30 * UTC_SECOND },
		.line = yaml_line(place),
	};
	rc = yaml_map(yaml, place, collector_keys, collector);
	if (rc != 0)
		return rc;
	if (!good_name(&collector->is))
		return yaml_complain(yaml, place, "name: expected %s",
				     collector->is.layout == LAYOUT_RIS
					     ? "rrc and two digits"
					     : "route-views and, behind a dot or minus, letters "
					       "and digits");
	if (!whole_minutes(collector->is.updates_every) || !whole_minutes(collector->is.ribs_every))
		return yaml_complain(yaml, place,
				     "updates and ribs: expected whole minutes that divide a day");
	for (uint32_t i = 0; i + 1 < scenario->collector_count; i++)
		if (strcmp(scenario->collectors[i].is.name, collector->is.name) == 0)
			return yaml_complain(yaml, place, "the collector %s is there already",
					     collector->is.name);
	return 0;
}

static int set_collectors(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_list(yaml, place, add_collector, field);
}

/* events */

static int set_what(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	int what, rc = yaml_choice(yaml, place, what_names, &what);

	if (rc == 0)
		*(enum event_what *)field = (enum event_what)what;
	return rc;
}

static int set_files(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	static const char *const words[] = { "all", "updates", "ribs", NULL };
	int files, rc = yaml_choice(yaml, place, words, &files);

	if (rc == 0)
		*(enum files *)field = (enum files)files;
	return rc;
}

static const struct yaml_key event_keys[] = {
	MUST(scenario_event, "what", set_what, what),
	MUST(scenario_event, "at", yaml_time, at),
	KEY(scenario_event, "until", yaml_time, until),
	KEY(scenario_event, "for", yaml_duration, lasting),
	KEY(scenario_event, "every", yaml_duration, every),
	KEY(scenario_event, "jitter", yaml_share, jitter),
	KEY(scenario_event, "label", yaml_text, label),
	KEY(scenario_event, "as", yaml_asns, ases),
	KEY(scenario_event, "link", yaml_asns, link),
	KEY(scenario_event, "customers", yaml_asns, customers),
	KEY(scenario_event, "networks", yaml_prefixes, networks),
	KEY(scenario_event, "origins", yaml_asns, origins),
	KEY(scenario_event, "country", yaml_country, country),
	KEY(scenario_event, "share", yaml_share, share),
	KEY(scenario_event, "apart", yaml_span, apart),
	KEY(scenario_event, "from", yaml_asn, leak_from),
	KEY(scenario_event, "to", yaml_asn, leak_to),
	KEY(scenario_event, "collector", yaml_text, collector),
	KEY(scenario_event, "peers", yaml_asns, peers),
	KEY(scenario_event, "silent", yaml_flag, silent),
	KEY(scenario_event, "contained", yaml_flag, contained),
	KEY(scenario_event, "files", set_files, files),
	KEY(scenario_event, "by", yaml_shift, by),
	END,
};

/*
 * Keys beside what, at, until, for, every, jitter and label that an event takes: those it must have
 * before the bar.
 */
static const char *const event_rules[WHAT_COUNT] = {
	[WHAT_LINK_DOWN] = " link | ",
	[WHAT_AS_DOWN] = " as | ",
	[WHAT_WITHDRAW] = " | networks origins country share ",
	[WHAT_DROP_CUSTOMERS] = " as | customers ",
	[WHAT_COUNTRY_DOWN] = " country | as apart ",
	[WHAT_LEAK] = " as | from to networks origins country share ",
	[WHAT_HIJACK] = " as networks | ",
	[WHAT_BLACKHOLE] = " as networks | contained ",
	[WHAT_RPKI_INVALID] = " networks share | ",
	[WHAT_SESSION_RESET] = " | collector peers share silent ",
	[WHAT_COLLECTOR_DOWN] = " collector | ",
	[WHAT_FILES_MISSING] = " collector | files ",
	[WHAT_FILES_TRUNCATED] = " collector | files share ",
	[WHAT_STUCK] = " | networks origins country collector peers share ",
	[WHAT_CLOCK_SKEW] = " collector by | ",
	[WHAT_DUPLICATES] = " collector | share ",
};

#define EVENT_COMMON " what at until for every jitter label "

static bool is_word(const char *words, const char *word, size_t len)
{
	for (const char *at = words; (at = strstr(at, word)); at++)
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

static int check_event_key(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario_event *event = field;
	const char *rules = event_rules[event->what], *key = place->key;
	size_t len = strlen(key);

	if (is_word(EVENT_COMMON, key, len) || is_word(rules, key, len))
		return 0;
	return yaml_complain(yaml, place,
			     "%s takes no such key, only%swhat, at, until, for, every, jitter, "
			     "label",
			     what_names[event->what], rules);
}

/* Marks a key as given by counting; used to find those missing. */
struct key_search {
	const char *key;
	size_t len;
	bool found;
};

static int search_key(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct key_search *search = field;

	(void)yaml;
	search->found |= strlen(place->key) == search->len &&
			 memcmp(place->key, search->key, search->len) == 0;
	return 0;
}

static int check_event_musts(struct yaml *yaml, const struct yaml_place *place,
			     struct scenario_event *event)
{
	const char *at = event_rules[event->what];

	for (;;) {
		struct key_search search = { 0 };
		int rc;

		at += strspn(at, " ");
		search = (struct key_search){ at, strcspn(at, " "), false };
		if (*at == '|')
			return 0;
		rc = yaml_entries(yaml, place, search_key, &search);
		if (rc != 0)
			return rc;
		if (!search.found)
			return yaml_complain(yaml, place, "%s needs the key %.*s",
					     what_names[event->what], (int)search.len, search.key);
		at += search.len;
	}
}

static int check_event(struct yaml *yaml, const struct yaml_place *place,
		       struct scenario_event *event)
{
	const struct scenario *scenario = yaml_context(yaml);

	if (event->at < scenario->from || event->at >= scenario->until)
		return yaml_complain(yaml, place,
				     "at: it lies outside from and until of the scenario");
	if (event->until != UTC_NEVER && event->until <= event->at)
		return yaml_complain(yaml, place, "until: it must lie after at");
	if (event->every != UTC_NEVER && event->lasting == UTC_NEVER)
		return yaml_complain(yaml, place, "every needs for: how long each time");
	if (event->every != UTC_NEVER && event->every < UTC_SECOND)
		return yaml_complain(yaml, place, "every: expected a second at least");
	if (event->every == UTC_NEVER && event->lasting != UTC_NEVER && event->until != UTC_NEVER)
		return yaml_complain(yaml, place,
				     "expected either for or until, unless it happens every so "
				     "often");
	if (event->what == WHAT_LINK_DOWN && event->link.count != 2)
		return yaml_complain(yaml, place, "link: expected the two AS numbers at its ends");
	if (event->what == WHAT_WITHDRAW && !event->networks.count && !event->origins.count &&
	    !event->country)
		return yaml_complain(yaml, place, "withdraw needs networks, origins or country");
	if (event->what == WHAT_LEAK && event->ases.count != 1)
		return yaml_complain(yaml, place, "as: expected the one AS that leaks");
	if ((event->what == WHAT_HIJACK || event->what == WHAT_BLACKHOLE) && event->ases.count != 1)
		return yaml_complain(yaml, place, "as: expected the one AS that announces");
	return 0;
}

static int add_event(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	struct scenario *scenario = yaml_context(yaml);
	int rc = VEC_GROW(scenario->events, scenario->event_count, scenario->event_room,
			  yaml_err(yaml));
	struct scenario_event *event;

	(void)field;
	if (rc != 0)
		return rc;
	event = &scenario->events[scenario->event_count++];
	*event = (struct scenario_event){
		.until = UTC_NEVER, .lasting = UTC_NEVER, .every = UTC_NEVER, .contained = true,
		.apart = { UTC_MINUTE, 5 * UTC_MINUTE }, .share = UINT32_MAX,
		.line = yaml_line(place),
	};
	rc = yaml_map(yaml, place, event_keys, event);
	if (rc == 0)
		rc = yaml_entries(yaml, place, check_event_key, event);
	if (rc == 0)
		rc = check_event_musts(yaml, place, event);
	return rc == 0 ? check_event(yaml, place, event) : rc;
}

static int set_events(struct yaml *yaml, const struct yaml_place *place, void *field)
{
	return yaml_list(yaml, place, add_event, field);
}

static const struct yaml_key scenario_keys[] = {
	MUST(scenario, "title", yaml_text, title),
	MUST(scenario, "from", yaml_time, from),
	MUST(scenario, "until", yaml_time, until),
	KEY(scenario, "seed", yaml_u64, seed),
	{ "topology", set_topology, 0, true },
	{ "dynamics", set_dynamics, 0, false },
	{ "collectors", set_collectors, 0, true },
	{ "noise", set_noise, 0, false },
	{ "events", set_events, 0, false },
	END,
};

static void set_defaults(struct scenario *scenario)
{
	scenario->seed = 1;
	scenario->topology.tier1 = 12;
	scenario->topology.transit = 150000;
	scenario->topology.countries = 60;
	scenario->processing = (struct yaml_span){ 5000, 400000 };
	scenario->slow = 100000;
	scenario->busy = 600000;
	scenario->withdrawals_wait = 100000;
	scenario->detection = UTC_SECOND;
	scenario->noise_lasting = (struct yaml_span){ 30 * UTC_SECOND, UTC_HOUR };
}

int scenario_read(const char *name, struct view text, struct scenario **ret_scenario,
		  struct err *err)
{
	struct scenario *scenario = calloc(1, sizeof(*scenario));
	int rc;

	if (!scenario)
		return err_memory(err);
	set_defaults(scenario);
	scenario->name = arena_strndup(&scenario->arena, name, strlen(name));
	if (!scenario->name)
		rc = err_memory(err);
	else
		rc = yaml_read(scenario->name, text, scenario_keys, scenario, &scenario->arena,
			       scenario, err);
	if (rc == 0 && scenario->until <= scenario->from)
		rc = err_set(err, ERR_FORMAT, "%s: until must lie after from", name);
	if (rc != 0) {
		scenario_free(scenario);
		return rc;
	}
	*ret_scenario = scenario;
	return 0;
}

void scenario_free(struct scenario *scenario)
{
	if (!scenario)
		return;
	for (uint32_t i = 0; i < scenario->as_count; i++) {
		free(scenario->ases[i].providers.values);
		free(scenario->ases[i].peers.values);
		free(scenario->ases[i].customers.values);
		free(scenario->ases[i].networks.values);
	}
	for (uint32_t i = 0; i < scenario->policy_count; i++) {
		free(scenario->policies[i].networks.values);
		free(scenario->policies[i].only.values);
		free(scenario->policies[i].prepend);
	}
	for (uint32_t i = 0; i < scenario->collector_count; i++)
		free(scenario->collectors[i].vantages);
	for (uint32_t i = 0; i < scenario->event_count; i++) {
		struct scenario_event *event = &scenario->events[i];

		free(event->ases.values);
		free(event->link.values);
		free(event->customers.values);
		free(event->peers.values);
		free(event->origins.values);
		free(event->networks.values);
	}
	free(scenario->countries.values);
	free(scenario->ases);
	free(scenario->policies);
	free(scenario->intervals);
	free(scenario->collectors);
	free(scenario->events);
	arena_free(&scenario->arena);
	free(scenario);
}
