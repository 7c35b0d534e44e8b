/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario as a person wrote it: what is in the YAML file, checked for itself, nothing worked out
 * yet. The format is docs/simulate.md; script.c makes a plan of it.
 */
#ifndef CONSTAT_SIM_SCENARIO_H
#define CONSTAT_SIM_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"
#include "place/place.h"
#include "sim/plan.h"
#include "sim/topology.h"
#include "sim/yaml.h"

struct scenario_as {
	uint32_t asn;
	const char *name;
	country_t country;
	int role;			/* enum role */
	struct yaml_numbers providers, peers, customers;
	struct yaml_prefixes networks;
	uint32_t network_count;		/* to generate, where `networks` is empty; 0: drawn */
	int64_t mrai;			/* UTC_NEVER: drawn */
	uint32_t line;
};

struct scenario_prepend {
	uint32_t asn, times;
};

struct scenario_policy {
	uint32_t asn;			/* of the origin */
	struct yaml_prefixes networks;	/* none: all of its networks */
	struct yaml_numbers only;	/* none: all neighbours */
	struct scenario_prepend *prepend;
	uint32_t prepend_count, prepend_room;
	uint32_t line;
};

struct scenario_interval {
	int64_t mrai;
	uint32_t share;
};

struct scenario_vantage {
	uint32_t asn;			/* 0: `pick` ASes with customers are drawn */
	uint32_t pick;
	country_t outside;		/* not of this country */
	struct addr address;		/* FAMILY_NONE: made up */
	uint32_t sessions;
	enum feed_type feed;
	uint32_t share;
	bool ipv4, ipv6;
	int64_t mrai;
	uint32_t line;
};

struct scenario_collector {
	struct collector is;
	struct scenario_vantage *vantages;
	uint32_t vantage_count, vantage_room;
	uint32_t line;
};

enum event_what {
	WHAT_LINK_DOWN,
	WHAT_AS_DOWN,
	WHAT_WITHDRAW,
	WHAT_DROP_CUSTOMERS,
	WHAT_COUNTRY_DOWN,
	WHAT_LEAK,
	WHAT_HIJACK,
	WHAT_BLACKHOLE,
	WHAT_RPKI_INVALID,
	WHAT_SESSION_RESET,
	WHAT_COLLECTOR_DOWN,
	WHAT_FILES_MISSING,
	WHAT_FILES_TRUNCATED,
	WHAT_STUCK,
	WHAT_CLOCK_SKEW,
	WHAT_DUPLICATES,
	WHAT_COUNT,
};

extern const char *const what_names[WHAT_COUNT + 1];
bool what_is_trouble(enum event_what what);	/* of collectors: the routing is as it was */

struct scenario_event {
	enum event_what what;
	const char *label;
	int64_t at, until;		/* `until` may be UTC_NEVER: to the end */
	int64_t lasting;		/* of each occurrence; UTC_NEVER: from `at` to `until` */
	int64_t every;			/* UTC_NEVER: once */
	uint32_t jitter;		/* of `every` and `lasting`, parts per million */
	struct yaml_numbers ases, link, customers, peers, origins;
	struct yaml_prefixes networks;
	country_t country;
	uint32_t share;
	struct yaml_span apart;
	uint32_t leak_from, leak_to;	/* 0: any */
	const char *collector;
	bool silent, contained;
	enum files files;
	int64_t by;
	uint32_t line;
};

struct scenario {
	struct arena arena;
	const char *name;		/* the file's */
	const char *title;
	int64_t from, until;
	uint64_t seed;

	const char *relationships, *origins, *names;	/* files; NULL: none */
	struct yaml_texts countries;
	bool generate;
	struct topology_plan topology;	/* `named` is left to script.c */
	uint32_t prepended, selective;	/* shares of origins with such a policy */
	struct scenario_as *ases;
	uint32_t as_count, as_room;
	struct scenario_policy *policies;
	uint32_t policy_count, policy_room;

	struct scenario_interval *intervals;
	uint32_t interval_count, interval_room;
	struct yaml_span processing;
	uint32_t busy, withdrawals_wait, slow;	/* shares: of announcements, of ASes, of ASes */
	int64_t detection;

	struct scenario_collector *collectors;
	uint32_t collector_count, collector_room;

	uint32_t noise;			/* link events a day */
	struct yaml_span noise_lasting;
	uint32_t chatter;		/* routes announced again per vantage point and hour */

	struct scenario_event *events;
	uint32_t event_count, event_room;
};

int scenario_read(const char *name, struct view text, struct scenario **ret_scenario,
		  struct err *err);
void scenario_free(struct scenario *scenario);

#endif
