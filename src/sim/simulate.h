/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario from its text to the files in a folder: what `constat simulate` and the accuracy
 * benchmark call.
 *
 * Beside the recordings stand truth.json, world.json (what the world is, and the size of a full
 * feed), delegated-simulated (whose network is where, in the registries' format) and
 * as-names-simulated.
 */
#ifndef CONSTAT_SIM_SIMULATE_H
#define CONSTAT_SIM_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

struct simulate_plan {
	const char *name;	/* of the scenario: a file's, or a built-in's */
	struct view text;
	const char *folder;	/* that file names in it are relative to; "" is here */
	const char *out;
	bool has_seed;		/* else the scenario's own */
	uint64_t seed;
	unsigned threads;
	/*
	 * What is going on, and how much of it is done; may be NULL. False stops with
	 * ERR_CANCELLED.
	 */
	bool (*progress)(void *context, const char *what, uint32_t done, uint32_t all);
	void *context;
};

struct simulate_totals {
	const char *title;		/* valid until simulate_totals_free() */
	uint64_t seed;
	int64_t from, until;
	uint32_t ases, links, networks, groups;
	uint32_t vantages, collectors;
	uint64_t table4, table6;
	uint64_t between_ases;		/* messages */
	uint64_t files, bytes, rib_entries, announcements, withdrawals, states;
	uint32_t networks_dark;
};

int simulate(const struct simulate_plan *plan, struct simulate_totals *ret_totals, struct err *err);
void simulate_totals_free(struct simulate_totals *totals);

/* The text of a built-in scenario: "kp-2014"; false where there is none of that name. */
bool simulate_builtin(struct view name, struct view *ret_text);
/* Their names, by place; NULL behind the last. */
const char *simulate_builtin_name(uint32_t i);

#endif
