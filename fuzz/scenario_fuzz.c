/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a scenario: taken, with what it says within its bounds, or refused with the file named and, where there is one, the line. */
#define _GNU_SOURCE
#include <string.h>

#include "base/utc.h"
#include "fuzz.h"
#include "sim/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario *scenario;
	struct err err = { 0 };

	if (scenario_read("file", (struct view){ (const char *)data, size }, &scenario, &err)) {
		must(strncmp(err.text, "file", 4) == 0 || err.code == ERR_MEMORY);
		return 0;
	}
	must(scenario->from < scenario->until);
	for (uint32_t i = 0; i < scenario->event_count; i++) {
		const struct scenario_event *event = &scenario->events[i];

		must((unsigned)event->what < WHAT_COUNT && event->line > 0);
		must(event->until == UTC_NEVER || event->at <= event->until);
	}
	scenario_free(scenario);
	return 0;
}
