/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps from scenario to plan, in order, and the end of a plan. */
#include "sim/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/script_build.h"

int script_complain(const struct build *build, uint32_t line, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(build->err, ERR_FORMAT, "%s:%u: %s", build->scenario->name, line, text);
}

int script_as(const struct build *build, uint32_t asn, uint32_t line, uint32_t *ret_as)
{
	uint32_t as = world_find(build->world, asn);

	if (as == WORLD_NONE)
		return script_complain(build, line, "AS%u is not in the topology", asn);
	*ret_as = as;
	return 0;
}

int script_plan(const struct scenario *scenario, const char *folder, uint64_t seed,
		struct plan **ret_plan, struct err *err)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct build build = { .scenario = scenario, .folder = folder, .plan = plan, .err = err };
	int rc;

	if (!plan)
		return err_memory(err);
	plan->seed = seed;
	plan->from = scenario->from;
	plan->until = scenario->until;
	plan->processing_low = scenario->processing.low;
	plan->processing_high = scenario->processing.high;
	plan->detection = scenario->detection;
	plan->busy = scenario->busy;
	plan->chatter = scenario->chatter;
	rc = script_world(&build);
	if (rc == 0)
		rc = script_vantages(&build);
	if (rc == 0)
		rc = script_events(&build);
	if (rc == 0)
		rc = script_groups(&build);
	if (rc == 0)
		rc = script_touch(&build);
	free(build.times);
	free(build.occurrences);
	free(build.fates);
	map_free(&build.fate_map);
	free(build.networks);
	free(build.event_thing);
	if (rc != 0) {
		script_free(plan);
		return rc;
	}
	*ret_plan = plan;
	return 0;
}

void script_free(struct plan *plan)
{
	if (!plan)
		return;
	for (uint32_t i = 0; i < plan->stuck_count; i++)
		free(plan->stuck[i].vantages);
	world_free((struct world *)plan->world);
	free(plan->groups);
	free(plan->networks);
	free(plan->by_prefix);
	free(plan->group_of);
	free(plan->policies);
	free(plan->policy_rows);
	free(plan->actions);
	free(plan->own_actions);
	free(plan->touch);
	free(plan->touch_as);
	free(plan->leaks);
	free(plan->stuck);
	free(plan->invalid);
	free(plan->vantages);
	free(plan->vantages_of);
	free(plan->vantages_by_as);
	free(plan->collectors);
	free(plan->troubles);
	free(plan->traits);
	free(plan);
}
