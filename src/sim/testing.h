/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests only: plans from scenarios written in the test, and paths as text. */
#ifndef CONSTAT_SIM_TESTING_H
#define CONSTAT_SIM_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utc.h"
#include "sim/dynamics.h"
#include "sim/script.h"

struct staged {
	struct scenario *scenario;
	struct plan *plan;
};

static inline struct staged stage(const char *text, uint64_t seed)
{
	struct staged staged = { 0 };
	struct err err = { 0 };

	if (scenario_read("test.yaml", view_of(text), &staged.scenario, &err) != 0)
		fail_msg("%s", err.text);
	if (script_plan(staged.scenario, "", seed, &staged.plan, &err) != 0)
		fail_msg("%s", err.text);
	return staged;
}

static inline void unstage(struct staged *staged)
{
	script_free(staged->plan);
	scenario_free(staged->scenario);
}

/* "3356 4837 131279"; "-" is no route. */
static inline const char *path_text(const struct plan *plan, const struct result *result, uint32_t path,
				    char *text, size_t room)
{
	size_t len = 0;

	if (path == 0)
		snprintf(text, room, "-");
	for (; path; path = result->paths[path].parent)
		for (unsigned i = 0; i < result->paths[path].times; i++)
			len += (size_t)snprintf(text + len, room - len, "%s%u", len ? " " : "",
						plan->world->ases[result->paths[path].as].asn);
	return text;
}

/* The group of a network; fails where nobody announces it. */
static inline uint32_t group_with(const struct plan *plan, const char *network)
{
	struct prefix prefix;

	assert_true(prefix_parse(view_of(network), &prefix));
	for (uint32_t i = 0; i < plan->network_count; i++)
		if (prefix_equal(&plan->networks[i].prefix, &prefix))
			return plan->group_of[i];
	fail_msg("nobody announces %s", network);
	return 0;
}

static inline uint32_t vantage_at(const struct plan *plan, uint32_t asn)
{
	for (uint32_t i = 0; i < plan->vantage_count; i++)
		if (plan->vantages[i].peer.asn == asn)
			return i;
	fail_msg("no vantage point in AS%u", asn);
	return 0;
}

#endif
