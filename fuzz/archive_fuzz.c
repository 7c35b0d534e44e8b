/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what an archive says of itself: an index page (even first byte) or a catalogue (odd). Of a page the files
 * of a period are in order, each once, of names that are nobody's way out of the folder, and within the time asked for.
 */
#define _GNU_SOURCE
#include <string.h>

#include "archive/plan.h"
#include "base/utc.h"
#include "fuzz.h"

#define MIDNIGHT INT64_C(1419206400000000)	/* 2014-12-22 */

static void check_files(const struct plan_list *files, struct plan_period period)
{
	for (uint32_t i = 0; i < files->count; i++) {
		const struct plan_entry *entry = &files->entries[i];
		struct plan_entry named;

		must(memchr(entry->name, '\0', sizeof(entry->name)) && !strchr(entry->name, '/'));
		must(plan_name(view_of(entry->name), &named));
		must(entry->missing || (named.time == entry->time && named.rib == entry->rib));
		must(entry->time < period.until && entry->time >= period.from - PLAN_LOOK_BACK - UTC_HOUR);
		must(i == 0 || entry->time > files->entries[i - 1].time ||
		     (entry->time == files->entries[i - 1].time && files->entries[i - 1].rib && !entry->rib));
	}
}

static void read_page(const uint8_t *data, size_t size)
{
	const struct era era = {
		.collector = "rrc99", .folder = "rrc99", .from = 0, .until = data[0] & 2 ? MIDNIGHT + UTC_HOUR : UTC_NEVER,
		.ribs = 8 * UTC_HOUR, .updates = data[0] & 4 ? 15 * UTC_MINUTE : 5 * UTC_MINUTE,
	};
	enum layout layout = data[0] & 8 ? LAYOUT_RIS : LAYOUT_ROUTEVIEWS;
	struct plan_period period = { MIDNIGHT, MIDNIGHT + data[0] * UTC_MINUTE + 1 };
	struct plan_list list = { 0 }, files = { 0 };
	struct view page = { (const char *)data + 1, size - 1 };

	must(plan_index(page, &list, NULL) == 0);
	if (data[0] & 16)
		must(plan_compute(layout, &era, true, period.from - UTC_DAY, period.until, &list, NULL) == 0);
	must(plan_pick(layout, &era, 1, period, MIDNIGHT + 10 * UTC_DAY, &list, &files, NULL) == 0);
	check_files(&files, period);
	free(list.entries);
	free(files.entries);
}

static void read_catalogue(const uint8_t *data, size_t size)
{
	struct catalogue *catalogue;
	struct err err = { 0 };
	uint32_t *eras, count;

	must(catalogue_new(&catalogue, NULL) == 0);
	if (catalogue_read(catalogue, (struct view){ (const char *)data + 1, size - 1 }, "file", &err) == 0) {
		for (uint32_t i = 0; i < catalogue->era_count; i++)
			must(catalogue->eras[i].archive < catalogue->archive_count && catalogue->eras[i].updates > 0);
		if (catalogue_select(catalogue, VIEW("auto"), MIDNIGHT, MIDNIGHT + UTC_DAY, &eras, &count, &err) == 0) {
			must(count > 0 && count <= AUTO_MAX);
			free(eras);
		}
	} else {
		must(strncmp(err.text, "file, line ", 11) == 0);
	}
	catalogue_free(catalogue);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & 1)
		read_catalogue(data, size);
	else
		read_page(data, size);
	return 0;
}
