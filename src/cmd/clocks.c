/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone1970.tab names countries' zones, one a line: "KP\t+3901+12545\tAsia/Pyongyang" (where only
 * zone.tab is there, that). For each zone the offset is asked week by week from 1990 to 2038, and
 * where two weeks differ the second of the change is searched between them: so Pyongyang's half
 * hour of 2015 to 2018 is there, and every summer time.
 */
#include "cmd/clocks.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utc.h"
#include "base/vec.h"
#include "place/lines.h"

#define FIRST	((time_t)631152000)	/* 1990-01-01 */
#define LAST	((time_t)2145916800)	/* 2038-01-01 */
#define WEEK	((time_t)7 * 86400)

static const char *const tables[] = {
	"/usr/share/zoneinfo/zone1970.tab", "/usr/share/zoneinfo/zone.tab",
};

static int32_t offset_at(time_t time)
{
	struct tm local;

	return localtime_r(&time, &local) ? (int32_t)local.tm_gmtoff : 0;
}

/* The first second in (low, high] with the offset of `high`. */
static time_t change_between(time_t low, time_t high)
{
	int32_t after = offset_at(high);

	while (high - low > 1) {
		time_t middle = low + (high - low) / 2;

		if (offset_at(middle) == after)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static int clock_add(struct clocks *clocks, const char *zone, struct err *err)
{
	struct cause_clock_step *steps = NULL;
	uint32_t count = 0, room = 0;
	int code = VEC_GROW(clocks->at, clocks->count, clocks->room, err);
	char *name = strdup(zone);

	if (code == 0 && !name)
		code = err_memory(err);
	setenv("TZ", zone, 1);
	tzset();
	for (time_t time = FIRST; time < LAST && code == 0; time += WEEK) {
		if (count && offset_at(time) == steps[count - 1].offset)
			continue;
		code = VEC_GROW(steps, count, room, err);
		if (code == 0) {
			steps[count] = (struct cause_clock_step){
				.since = count ? change_between(time - WEEK, time) * UTC_SECOND
					       : INT64_MIN,
				.offset = offset_at(time) };
			count++;
		}
	}
	if (code) {
		free(steps);
		free(name);
		return code;
	}
	clocks->at[clocks->count++] = (struct cause_clock){ name, steps, count };
	return 0;
}

/*
 * "KP" or "AE,OM", tab, coordinates, tab, the zone's name; NULL where the line is of another
 * country.
 */
static const char *zone_of(char *line, const char country[3])
{
	char *coordinates = strchr(line, '\t'),
	     *zone = coordinates ? strchr(coordinates + 1, '\t') : NULL;
	bool ours = false;

	if (!zone || line[0] == '#')
		return NULL;
	for (const char *at = line; at < coordinates; at += at[2] == ',' ? 3 : 2)
		ours |= strncmp(at, country, 2) == 0;
	zone++;
	zone[strcspn(zone, "\t\r\n")] = '\0';
	/* a name, not a path out of the zones' folder */
	return ours && zone[0] != '/' && zone[0] != ':' && !strstr(zone, "..") ? zone : NULL;
}

static int table_read(int fd, const char *name, const char country[3], struct clocks *clocks,
		      struct err *err)
{
	struct place_lines lines;
	struct view line;
	int code = place_lines_open(&lines, fd, name, err), more = 0;

	if (code)
		return code;
	while (code == 0 && (more = place_lines_next(&lines, &line, err)) > 0) {
		char copy[1024];
		const char *zone;

		if (!line.ptr || line.len >= sizeof(copy))
			continue;
		memcpy(copy, line.ptr, line.len);
		copy[line.len] = '\0';
		zone = zone_of(copy, country);
		if (zone)
			code = clock_add(clocks, zone, err);
	}
	place_lines_close(&lines);
	return code ? code : more;
}

int clocks_of(country_t country, struct clocks *ret_clocks, struct err *err)
{
	const char *tz = getenv("TZ");
	char *before = tz ? strdup(tz) : NULL;
	struct clocks clocks = { 0 };
	char code_text[3];
	int fd = -1, code = 0;

	country_format(country, code_text);
	for (unsigned i = 0; i < 2 && fd < 0; i++) {
		fd = open(tables[i], O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			code = table_read(fd, tables[i], code_text, &clocks, err);
	}
	if (before)
		setenv("TZ", before, 1);
	else
		unsetenv("TZ");
	tzset();
	free(before);
	if (code)
		clocks_free(&clocks);
	else
		*ret_clocks = clocks;
	return code;
}

void clocks_free(struct clocks *clocks)
{
	for (uint32_t i = 0; i < clocks->count; i++) {
		free((char *)clocks->at[i].name);
		free((struct cause_clock_step *)clocks->at[i].steps);
	}
	free(clocks->at);
	*clocks = (struct clocks){ 0 };
}
