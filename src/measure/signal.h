/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals: for each subject (a country, an AS, a list of networks, a single network) and family
 * the address space, networks and origin ASes seen, over time, and the outages in it.
 *
 * This is where the parts of measure meet: holds and full feeds go in as they are heard, wait
 * (settle), move visibilities (visibility), which move signals, which feed the outage machines.
 * Everything that happens at one instant is decided together, at its end.
 *
 * Order of calls: signals_new; signals_add_vantage and signals_add_network before they are named;
 * signals_hold and signals_vantage as things are heard, signals_clock to let settled time pass,
 * signals_finish; then read.
 */
#ifndef CONSTAT_MEASURE_SIGNAL_H
#define CONSTAT_MEASURE_SIGNAL_H

#include "measure/outage.h"
#include "measure/series.h"
#include "measure/settle.h"
#include "measure/space.h"
#include "measure/trace.h"
#include "measure/visibility.h"

enum subject_kind {
	SUBJECT_PLACE,		/* what the question is about: all tracked networks; id 0 */
	SUBJECT_COUNTRY,	/* id: country_t; COUNTRY_UNKNOWN is none */
	SUBJECT_AS,		/* id: the number */
	SUBJECT_NETWORK,	/* id: its number in visibility */
};

struct subject {
	enum subject_kind kind;
	uint32_t id;
	enum family family;
	uint32_t networks;	/* seen now */
	uint32_t origins;	/* origin ASes seen now (PLACE and COUNTRY) */
	uint32_t networks_most;
	uint64_t blocks_most;
	struct space space;	/* unused by NETWORK */
	struct outage_machine machine;
	struct series series;	/* PLACE */
	int64_t first_measured;
	uint64_t first_blocks;
	uint32_t first_networks, first_origins;
	/* the networks that made it fall or rise within the instant in hand; UINT32_MAX: none */
	uint32_t fell, rose;
	bool dirty;
	int64_t dark_since;	/* NETWORK: UTC_NEVER while seen */
};

/* Which subjects a network counts for. */
struct signals_plan {
	bool place;
	bool countries;		/* the label of signals_add_network() */
	bool ases;
	/* each for itself, with traces of who holds it, and of what vantage points hold */
	bool networks;
};

/* A stretch of time with the same number of peer ASes. */
struct coverage_step {
	int64_t time;
	enum family family;
	uint32_t peers;
	bool measurable;
};

/* A vantage point that held on to a route long after the network went dark. */
struct stuck_route {
	uint32_t network, vantage;
	int64_t dark_since;
};

struct signals;

int signals_new(const struct measure_parameters *parameters, const struct signals_plan *plan,
		struct signals **ret_signals, struct err *err);
void signals_free(struct signals *signals);

int signals_add_vantage(struct signals *signals, uint32_t vantage, uint32_t peer_asn,
			struct err *err);
/* Numbers from 0. `country` is for plan.countries. */
int signals_add_network(struct signals *signals, const struct prefix *prefix, uint32_t country,
			uint32_t *ret_network, struct err *err);
int signals_hold(struct signals *signals, const struct visibility_hold *hold, struct err *err);
int signals_vantage(struct signals *signals, const struct settled_vantage *change, struct err *err);
/* Decides all that happened before `settled`. */
int signals_clock(struct signals *signals, int64_t settled, struct err *err);
/* The data ends at `time`; decides all. */
int signals_finish(struct signals *signals, int64_t time, struct err *err);

uint32_t signals_subject_count(const struct signals *signals);
const struct subject *signals_subject(const struct signals *signals, uint32_t i);
/* NULL where the family has none. */
const struct subject *signals_find(const struct signals *signals, enum subject_kind kind,
				   uint32_t id, enum family family);
struct visibility *signals_visibility(struct signals *signals);
uint32_t signals_coverage_count(const struct signals *signals);
const struct coverage_step *signals_coverage(const struct signals *signals, uint32_t i);
/* measurable at some time */
bool signals_measured(const struct signals *signals, enum family family);
uint32_t signals_stuck_count(const struct signals *signals);
const struct stuck_route *signals_stuck(const struct signals *signals, uint32_t i);
/*
 * plan.networks: peer ASes with a live full feed that hold the network, over time. NULL: none ever
 * did.
 */
const struct trace *signals_network_trace(const struct signals *signals, uint32_t network);
/*
 * plan.networks: how many of the networks a vantage point holds, over time, live or blind. NULL:
 * none ever.
 */
const struct trace *signals_vantage_trace(const struct signals *signals, uint32_t vantage);

#endif
