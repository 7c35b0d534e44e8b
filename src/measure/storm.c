/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts per minute and per (minute, peer AS). The median is over the minutes from the first to
 * the last heard, silent ones included.
 */
#include "measure/storm.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/utc.h"
#include "base/vec.h"

struct cell {
	int64_t minute;
	uint32_t asn;
	struct storm_count count;
};

struct storms {
	const struct measure_parameters *parameters;
	struct map by_minute, by_cell;
	struct cell *minutes;		/* asn unused; in order of time heard */
	uint32_t minute_count, minute_room;
	struct cell *cells;
	uint32_t cell_count, cell_room;
	struct storm *storms;
	uint32_t count, room;
};

int storms_new(const struct measure_parameters *parameters, struct storms **ret_storms,
	       struct err *err)
{
	struct storms *storms = calloc(1, sizeof(*storms));

	if (!storms)
		return err_memory(err);
	storms->parameters = parameters;
	*ret_storms = storms;
	return 0;
}

void storms_free(struct storms *storms)
{
	if (!storms)
		return;
	for (uint32_t i = 0; i < storms->count; i++)
		free(storms->storms[i].peers);
	free(storms->storms);
	free(storms->minutes);
	free(storms->cells);
	map_free(&storms->by_minute);
	map_free(&storms->by_cell);
	free(storms);
}

static void count_add(struct storm_count *into, const struct storm_count *more)
{
	into->announcements += more->announcements;
	into->withdrawals += more->withdrawals;
	into->spurious += more->spurious;
}

static int cell_note(struct map *map, uint64_t key, struct cell **cells, uint32_t *count,
		     uint32_t *room, const struct cell *more, struct err *err)
{
	uint32_t number = map_get(map, key);
	int code;

	if (number == MAP_NONE) {
		code = vec_grow((void **)cells, *count, room, sizeof(**cells), err);
		if (code)
			return code;
		number = *count;
		if (map_put(map, key, number) != 0)
			return err_memory(err);
		(*cells)[(*count)++] = (struct cell){ .minute = more->minute, .asn = more->asn };
	}
	count_add(&(*cells)[number].count, &more->count);
	return 0;
}

int storms_note(struct storms *storms, int64_t time, uint32_t peer_asn, bool withdrawal,
		bool spurious, struct err *err)
{
	struct cell more = {
		.minute = time / UTC_MINUTE, .asn = peer_asn,
		.count = {
			.announcements = !withdrawal, .withdrawals = withdrawal,
			.spurious = spurious,
		},
	};
	int code = cell_note(&storms->by_minute, (uint64_t)more.minute, &storms->minutes,
			     &storms->minute_count, &storms->minute_room, &more, err);

	/* 32 bits of minutes last 8,000 years. */
	return code ? code
		    : cell_note(&storms->by_cell, (uint64_t)more.minute << 32 | peer_asn,
				&storms->cells, &storms->cell_count, &storms->cell_room, &more,
				err);
}

static int compare_minutes(const void *a, const void *b)
{
	const struct cell *left = a, *right = b;

	return left->minute < right->minute ? -1 : left->minute > right->minute;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static int compare_peers(const void *a, const void *b)
{
	const struct storm_peer *left = a, *right = b;

	if (left->count.withdrawals != right->count.withdrawals)
		return left->count.withdrawals > right->count.withdrawals ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

/* The lower median of withdrawals a minute; minutes without a message count as 0. */
static int median_minute(const struct storms *storms, uint64_t *ret_median, struct err *err)
{
	uint64_t span = (uint64_t)(storms->minutes[storms->minute_count - 1].minute -
				   storms->minutes[0].minute) +
			1;
	uint64_t silent = span - storms->minute_count, middle = (span - 1) / 2;
	uint32_t *withdrawals = malloc(storms->minute_count * sizeof(*withdrawals));

	if (!withdrawals)
		return err_memory(err);
	for (uint32_t i = 0; i < storms->minute_count; i++)
		withdrawals[i] = storms->minutes[i].count.withdrawals;
	qsort(withdrawals, storms->minute_count, sizeof(*withdrawals), compare_u32);
	*ret_median = middle < silent ? 0 : withdrawals[middle - silent];
	free(withdrawals);
	return 0;
}

static int storm_peers(const struct storms *storms, struct storm *storm, struct err *err)
{
	struct map by_asn = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < storms->cell_count && code == 0; i++) {
		const struct cell *cell = &storms->cells[i];
		uint32_t at;

		if (cell->minute * UTC_MINUTE < storm->from ||
		    cell->minute * UTC_MINUTE >= storm->until)
			continue;
		at = map_get(&by_asn, cell->asn);
		if (at == MAP_NONE) {
			code = VEC_GROW(storm->peers, storm->peer_count, storm->peer_room, err);
			if (code)
				break;
			at = storm->peer_count;
			if (map_put(&by_asn, cell->asn, at) != 0) {
				code = err_memory(err);
				break;
			}
			storm->peers[storm->peer_count++] = (struct storm_peer){ .asn = cell->asn };
		}
		count_add(&storm->peers[at].count, &cell->count);
	}
	if (storm->peer_count)
		qsort(storm->peers, storm->peer_count, sizeof(*storm->peers), compare_peers);
	map_free(&by_asn);
	return code;
}

int storms_finish(struct storms *storms, struct err *err)
{
	uint64_t median = 0, asked;
	int code;

	if (storms->minute_count == 0)
		return 0;
	qsort(storms->minutes, storms->minute_count, sizeof(*storms->minutes), compare_minutes);
	code = median_minute(storms, &median, err);
	asked = median * storms->parameters->storm_factor;
	if (asked < storms->parameters->storm_withdrawals)
		asked = storms->parameters->storm_withdrawals;
	for (uint32_t i = 0; i < storms->minute_count && code == 0; i++) {
		const struct cell *minute = &storms->minutes[i];
		int64_t from = minute->minute * UTC_MINUTE;
		struct storm *last = storms->count ? &storms->storms[storms->count - 1] : NULL;

		if (minute->count.withdrawals < asked)
			continue;
		if (!last || last->until != from) {
			code = VEC_GROW(storms->storms, storms->count, storms->room, err);
			if (code)
				break;
			last = &storms->storms[storms->count++];
			*last = (struct storm){ .from = from };
		}
		last->until = from + UTC_MINUTE;
		count_add(&last->count, &minute->count);
	}
	for (uint32_t i = 0; i < storms->count && code == 0; i++)
		code = storm_peers(storms, &storms->storms[i], err);
	return code;
}

uint32_t storms_count(const struct storms *storms)
{
	return storms->count;
}

const struct storm *storms_at(const struct storms *storms, uint32_t i)
{
	return &storms->storms[i];
}
